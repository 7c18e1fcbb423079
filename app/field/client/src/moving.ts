/** Starting, going from screen to screen, signing out. What is left is kept first. */
import * as api from "./api";
import { Failure } from "./api";
import { loadBoard } from "./board";
import { getMeta, setMeta } from "./db";
import { endSession, heardRevoked, loadKeepers, loadLists, lock } from "./exchange";
import { t } from "./i18n";
import { loadScreens } from "./later";
import { markedPlace, markPlace } from "./resume";
import { parsePath, pathOf, type Route } from "./route";
import { app, changed, storeFailed } from "./state";
import { minutesSubject } from "./subjects";
import type { Account } from "./types";
import { commit, commitDrafts } from "./writing";

export async function start(path: string): Promise<void> {
  api.tablet.heard = heardRevoked;
  const [revoked, account] = await Promise.all([getMeta("revoked"), getMeta("account"), loadKeepers()]);
  app.revoked = revoked !== undefined;
  app.account = (account as Account | undefined) ?? (await alreadySignedIn());
  lock();
  const marked = app.account && (await markedPlace(app.account.id).catch(() => undefined));
  const isBack = marked !== undefined && (path === marked || parsePath(path).name === "list");
  if (isBack) history.replaceState(null, "", marked);
  else if (marked !== undefined) await markCamera();
  await Promise.all([loadLists(), goTo(parsePath(isBack ? marked : path))]);
  if (isBack) app.notice = t("camera.resumed");
  app.ready = true;
  changed();
}

const hasCamera = (route: Route): boolean => route.name === "item" && route.sub === "camera";

/** Before the camera opens, so that a page that the tablet drops then finds its way back. */
async function markCamera(route?: Route): Promise<void> {
  if (app.account) await markPlace(app.account.id, route && pathOf(route)).catch(storeFailed);
}

/** Who has come over from the office pages with a session: nobody is asked twice. */
async function alreadySignedIn(): Promise<Account | undefined> {
  try {
    const { account } = await api.session();
    if ((await getMeta("ended")) !== undefined) return void (await endSession());
    await setMeta("account", account);
    return account;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

async function goTo(route: Route): Promise<void> {
  if (hasCamera(route)) await markCamera(route);
  else if (hasCamera(app.route)) await markCamera();
  app.route = route;
  app.notice = "";
  app.ui.delete("switch");
  if ("id" in route && app.account && app.board?.id !== route.id) {
    app.board = await loadBoard(app.account.id, route.id);
  }
  if (route.name === "ready") void loadScreens().then(({ checkTablet }) => checkTablet()).catch(() => undefined);
  changed();
}

/** Leaves the present item, which makes its drafts entries, and goes on; stays where that failed. */
export async function navigate(route: Route): Promise<void> {
  const kept = await leave(route);
  if (app.alarm !== "" && !kept) return;
  const { notice } = app;
  const path = pathOf(route);
  // From its camera or a photo back to the item: "back" must not lead there again.
  if (isWithin(route) && !("sub" in route)) history.replaceState(null, "", path);
  else if (location.pathname !== path) history.pushState(null, "", path);
  await goTo(route);
  if (!kept) app.notice = notice;
  scrollTo(0, 0);
  document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

/** The browser's own back and forward; it too stays where something could not be kept. */
export async function returned(path: string): Promise<void> {
  const route = parsePath(path);
  if (!(await leave(route)) && app.alarm !== "") return history.pushState(null, "", pathOf(app.route));
  await goTo(route).catch(storeFailed);
}

/** An item, its camera and its photos are one place: going about there ends nothing. */
function isWithin(to: Route | undefined): boolean {
  const { route } = app;
  return route.name === "item" && to?.name === "item" && pathOf({ ...route, sub: "" }) === pathOf({ ...to, sub: "" });
}

async function leave(to?: Route): Promise<boolean> {
  const { route, board } = app;
  if ("record" in route && board) return commitDrafts(board, [minutesSubject(board.id, route.record)], { item: "", site: "" });
  return route.name !== "item" || isWithin(to) || commit(route.place);
}

/** Ends the session; what is on the tablet stays, and shows again to the same account. */
export async function signOut(): Promise<void> {
  await leave();
  await setMeta("account", undefined);
  await endSession();
  app.account = undefined;
  app.ui.clear();
  app.sheet = { of: "", lines: [], running: false };
  app.board = undefined;
  app.lines = [];
  app.taken = new Map();
  await navigate({ name: "signin" });
}
