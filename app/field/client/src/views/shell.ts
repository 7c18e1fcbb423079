/** The frame of every screen: where one is, how far the sending has come, what must be known at once. */
import { html, nothing } from "lit/html.js";

import { lock, synchronise } from "../exchange";
import { navigate } from "../moving";
import { app, changed, setUi } from "../state";
import { setMeta } from "../db";
import { t } from "../i18n";
import type { Board } from "../board";
import { loadScreens, part, screen, screens } from "../later";
import { wholeUrl } from "../pictures";
import type { Route } from "../route";
import { minutesSubject } from "../subjects";
import { itemView } from "./item";
import { homeView } from "./home";
import { listView } from "./list";
import { allItemsView, packView } from "./pack";
import { link, type View } from "./parts";
import { syncStatus } from "./status";

export function shell(): View {
  release();
  if (!app.ready) return html`<p class="opening">${t("app.loading")}</p>`;
  if (app.revoked) return screen(({ revokedView }) => revokedView());
  if (app.locked && !app.ui.has("lock.password")) return screen(({ lockView }) => lockView());
  if (app.locked || !app.account || app.route.name === "signin") return html`${messages()}${screen(({ signInView }) => signInView())}`;
  return html`${header()}${messages()}<main>${content()}</main>`;
}

/** Nobody is filmed, and no large picture held, on a screen that does not show it. */
function release(): void {
  const { account, route, locked, revoked } = app;
  const sub = account && !locked && !revoked && route.name === "item" ? route.sub : undefined;
  if (sub !== "camera") screens()?.leaveCamera();
  if (!sub || sub === "camera") wholeUrl();
}

function content(): View {
  const { route, board } = app;
  const sub = route.name === "item" ? route.sub : undefined;
  if (route.name === "list") return listView();
  if (route.name === "setup") return screen(({ openView }) => openView(route.id));
  if (!("id" in route) || !board) return lost();
  if (route.name === "home") return homeView(board);
  if (route.name === "sync") return screen(({ syncView }) => syncView(board));
  if (route.name === "ready") return screen(({ readyView }) => readyView(board));
  if (route.name === "records") return screen(({ recordsView }) => recordsView(board));
  if ("record" in route && !board.shown(minutesSubject(board.id, route.record))) return lost();
  if (route.name === "record") return screen(({ recordView }) => recordView(board, route.record));
  if (route.name === "paper") return screen(({ paperView }) => paperView(board, route.record));
  if (route.name === "items") return allItemsView(board);
  if (route.name === "pack") return packView(board, route.pack);
  if (route.name !== "item") return lost();
  if (sub === "camera") return screen(({ cameraView }) => cameraView(board, route.place));
  return sub ? screen(({ annotateView }) => annotateView(board, route.place, sub)) : itemView(board, route.place);
}

function lost(): View {
  return html`<section class="page"><h1 tabindex="-1">${t("app.notFound")}</h1>
    ${link({ name: "list" }, t("app.toList"), "to-list", "button")}</section>`;
}

function header(): View {
  const { board, route, account } = app;
  const inside = board && "id" in route;
  const up: Route =
    route.name === "home" || !inside
      ? { name: "list" }
      : route.name === "item" && route.sub
        ? { name: "item", id: route.id, place: route.place }
        : { name: "record" in route ? "records" : "home", id: board.id };
  return html`<header class="top">
    ${route.name === "list" ? nothing : link(up, html`<span aria-hidden="true">‹</span><span class="sr">${t("app.back")}</span>`, "up", "icon")}
    ${inside ? switchButton(board) : html`<span class="where">${t("app.name")}<small>${account?.name}</small></span>`}
    ${app.keepers.some((keeper) => keeper.account.id === account?.id)
      ? html`<button type="button" class="find" data-testid="lock" @click=${lock}>${t("lock.short")}</button>`
      : nothing}
    ${inside ? searchLink(board.id) : nothing}${syncChip()}
  </header>${inside ? part(({ switchPanel }) => switchPanel(board)) : nothing}`;
}

/** Opens the list of what is on the tablet. */
function switchButton({ bundle }: Board): View {
  const shown = app.ui.has("switch");
  const tap = (): void => {
    setUi("switch", shown ? undefined : "yes");
    if (!shown) void loadScreens().then(({ readProgress }) => readProgress()).catch(() => undefined);
  };
  return html`<button type="button" class="where" data-testid="switch" aria-expanded=${shown ? "true" : "false"} @click=${tap}>
    ${bundle.inspection.setup.title} <span aria-hidden="true">▾</span><small>${bundle.unit.name}</small></button>`;
}

/** To the search in one tap from wherever one is. */
function searchLink(id: string): View {
  const focus = (): void => document.querySelector<HTMLElement>("[type=search]")?.focus();
  return link({ name: "home", id }, t("home.find"), "find", "find", focus);
}

function syncChip(): View {
  const { text, tone } = syncStatus();
  const { board, sync } = app;
  const open = (): void => {
    if (sync.trouble?.kind === "sign_in") void navigate({ name: "signin" });
    else if (board && app.route.name !== "list") void navigate({ name: "sync", id: board.id });
    else void synchronise();
  };
  return html`<button type="button" class="chip ${tone}" data-testid="sync-status" @click=${open}>${text}</button>`;
}

function messages(): View {
  const { alarm, notice, busy, update, ui, wiped } = app;
  const close = (which: "notice" | "wiped") => (): void => {
    app[which] = "";
    if (which === "wiped") void setMeta("wiped", undefined);
    changed();
  };
  // It goes on in the first quiet moment after that.
  const renew = (): void => setUi("updating", "yes");
  return html`<div aria-live="assertive">
      ${alarm ? html`<p class="banner alarm" role="alert" data-testid="alarm">${alarm}</p>` : nothing}
      ${wiped
        ? html`<p class="banner alarm" role="alert" data-testid="wiped"><span>${t("error.wiped", { device: wiped.slice(0, 8) })}</span>
            <button type="button" @click=${close("wiped")}>${t("app.close")}</button></p>`
        : nothing}
    </div>
    <div aria-live="polite">
      ${notice
        ? html`<p class="banner notice" data-testid="notice"><span>${notice}</span>
            <button type="button" class="quiet" @click=${close("notice")}>${t("app.close")}</button></p>`
        : nothing}
      ${busy ? html`<p class="banner" data-testid="busy">${busy}</p>` : nothing}
      ${update && ui.has("updating") ? html`<p class="banner" data-testid="updating">${t("app.updating")}</p>` : nothing}
      ${update && !ui.has("updating")
        ? html`<button type="button" class="banner update" data-testid="update" @click=${renew}>${t("app.update")}</button>`
        : nothing}
    </div>`;
}
