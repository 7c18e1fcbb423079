/** Starts the workspace: screen, worker, and what drives the outbox (open, focus, network, timer). */
import "./style.css";
import "../../../static/record.css";
import "./paper.css";
import { render } from "lit/html.js";

import { tablet } from "./api";
import { count, lock, refreshList, synchronise } from "./exchange";
import { returned, start } from "./moving";
import { app, changed, whenChanged } from "./state";
import { wiped } from "./writing";
import { deviceId, getMeta, whenBlocked, whenWiped } from "./db";
import { loadTexts, t } from "./i18n";
import { loadScreens, screensFrom } from "./later";
import { idleMs } from "./lock";
import { paint } from "./preferences";
import { takenOver, updateWhenQuiet } from "./quiet";
import { shell } from "./views/shell";

/** The one sentence that cannot stand in the catalogue. */
const NO_TEXTS =
  "Không đọc được câu chữ của ứng dụng; hãy tải lại trang khi có mạng. Dữ liệu trên máy vẫn còn nguyên. " +
  "The texts of this app cannot be read; reload the page while there is a network. Your data is still here.";
const EVERY_MS = 60_000;
const root = document.getElementById("app");
if (!root) throw new Error("the page has no #app");

paint();
screensFrom(() => import("./screens"));
whenChanged(() => {
  render(shell(), root);
  updateWhenQuiet();
});
whenBlocked(() => {
  app.alarm = t("error.blocked");
  changed();
});
whenWiped((device) => void wiped(device));

/** Locking is for every tab of this tablet, and after idle time however it passed, asleep too. */
const tabs = new BroadcastChannel("kiemtra-lock");
tabs.onmessage = lock;
let touched = Date.now();
for (const name of ["pointerdown", "keydown", "input"]) {
  addEventListener(name, () => void (touched = Date.now()), { capture: true, passive: true });
}
function lockWhenIdle(): void {
  if (app.locked || Math.abs(Date.now() - touched) < idleMs()) return;
  lock();
  tabs.postMessage("lock");
}
setInterval(lockWhenIdle, 5_000);
addEventListener("focusout", changed);

addEventListener("popstate", () => void returned(location.pathname));
addEventListener("online", () => void synchronise());
addEventListener("focus", () => void synchronise());
document.addEventListener("visibilitychange", () => {
  lockWhenIdle();
  if (document.visibilityState === "visible") void synchronise();
});
setInterval(() => {
  if (document.visibilityState === "visible") void synchronise();
}, EVERY_MS);

async function watchWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
  const offer = (): void => {
    // Without a controller it is the first installation, and there is nothing to update.
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    app.update = registration.waiting;
    changed();
  };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  navigator.serviceWorker.addEventListener("controllerchange", takenOver);
}

async function open(): Promise<void> {
  // The store is opened while the texts are on their way.
  const device = deviceId();
  device.catch(() => undefined); // it is said where it is awaited
  if (!(await loadTexts()) && !(await loadTexts("vi"))) app.alarm = NO_TEXTS;
  tablet.device = await device;
  app.wiped = ((await getMeta("wiped")) as string | undefined) ?? "";
  await start(location.pathname);
  await count();
  changed();
  void loadScreens().catch(() => undefined);
  if (!app.account) return;
  app.persisted = (await navigator.storage?.persisted?.()) ?? false;
  await synchronise();
  if (!app.sync.trouble) await refreshList();
}

void open().catch((error: unknown) => {
  app.ready = true;
  app.alarm = t("error.store", { name: error instanceof Error ? error.name : "Error" });
  changed();
});
void watchWorker().catch(() => undefined);
