/** The frame of every screen: where one is, how far the sending has come, what must be known at once. */
import { html, nothing } from "lit/html.js";

import { app, changed, lock, navigate, setUi, synchronise } from "../app";
import { setMeta } from "../db";
import { t } from "../i18n";
import { wholeUrl } from "../pictures";
import type { Route } from "../route";
import { annotateView } from "./annotate";
import { cameraView, leaveCamera } from "./camera";
import { minutesSubject } from "../subjects";
import { itemView } from "./item";
import { homeView } from "./home";
import { listView } from "./list";
import { allItemsView, packView } from "./pack";
import { lockView, revokedView } from "./lock";
import { openView } from "./open";
import { link, type View } from "./parts";
import { paperView } from "./paper";
import { readyView } from "./ready";
import { recordView, recordsView } from "./record";
import { signInView } from "./signin";
import { syncStatus } from "./status";
import { switchButton, switchPanel } from "./switch";
import { syncView } from "./sync";

export function shell(): View {
  release();
  if (!app.ready) return html`<p class="opening">${t("app.loading")}</p>`;
  if (app.revoked) return revokedView();
  if (app.locked && !app.ui.has("lock.password")) return lockView();
  if (app.locked || !app.account || app.route.name === "signin") return html`${messages()}${signInView()}`;
  return html`${header()}${messages()}<main>${screen()}</main>`;
}

/** Nobody is filmed, and no large picture held, on a screen that does not show it. */
function release(): void {
  const { account, route, locked, revoked } = app;
  const sub = account && !locked && !revoked && route.name === "item" ? route.sub : undefined;
  if (sub !== "camera") leaveCamera();
  if (!sub || sub === "camera") wholeUrl();
}

function screen(): View {
  const { route, board } = app;
  const sub = route.name === "item" ? route.sub : undefined;
  if (route.name === "list") return listView();
  if (route.name === "setup") return openView(route.id);
  if (!("id" in route) || !board) return lost();
  if (route.name === "home") return homeView(board);
  if (route.name === "sync") return syncView(board);
  if (route.name === "ready") return readyView(board);
  if (route.name === "records") return recordsView(board);
  if ("record" in route && !board.shown(minutesSubject(board.id, route.record))) return lost();
  if (route.name === "record") return recordView(board, route.record);
  if (route.name === "paper") return paperView(board, route.record);
  if (route.name === "items") return allItemsView(board);
  if (route.name === "pack") return packView(board, route.pack);
  if (route.name !== "item") return lost();
  if (sub === "camera") return cameraView(board, route.place);
  return sub ? annotateView(board, route.place, sub) : itemView(board, route.place);
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
  </header>${inside ? switchPanel(board) : nothing}`;
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
