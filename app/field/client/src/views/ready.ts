/** The green sheet: what must be in order on this tablet before it goes into the field. */
import { html, nothing } from "lit/html.js";

import { app } from "../state";
import type { Board } from "../board";
import { checkTablet, persistAndCheck, takeAndCheck } from "../departure";
import { showMoment } from "../format";
import { t, type Text } from "../i18n";
import { overall, total, type Line, type LineId, type LineState } from "../ready";
import { link, type View } from "./parts";

const MARKS: Readonly<Record<LineState, string>> = { good: "✓", bad: "✗", advice: "!", unknown: "–" };
const STATES: Readonly<Record<LineState, Text>> = {
  good: "ready.state.good",
  bad: "ready.state.bad",
  advice: "ready.state.advice",
  unknown: "ready.state.unknown",
};
const TONES: Readonly<Record<LineState, string>> = { good: "good", bad: "warn", advice: "warn", unknown: "" };
const TITLES: Readonly<Record<LineId, Text>> = {
  installed: "ready.installed",
  persist: "ready.persist",
  space: "ready.space",
  browser: "ready.browser",
  bundle: "ready.bundle",
  clock: "ready.clock",
  storage: "ready.storage",
  account: "ready.account",
  sent: "ready.sent",
};

export function readyView(board: Board): View {
  const { of, lines, running } = app.sheet;
  const shown = of === board.id ? lines : [];
  return html`<section class="page" data-testid="ready-page" aria-busy=${running}>
    <h1 tabindex="-1">${t("ready.title")}</h1>
    <p class="muted">${t("ready.lead")}</p>
    ${verdict(board, running)}
    <ul class="checks">${shown.map((line) => checkLine(board, line))}</ul>
    <div class="foot"><button type="button" class="primary" data-testid="check-again" ?disabled=${running}
      @click=${() => void checkTablet()}>${t(running ? "ready.running" : "ready.again")}</button></div>
  </section>`;
}

function verdict({ checked }: Board, running: boolean): View {
  const tone = running || !checked ? "" : TONES[overall(checked)];
  const text = running ? t("ready.running") : checked ? total(checked) : t("ready.never");
  return html`<p class="card big ${tone}" role="status" data-testid="ready-total">${text}
    ${running || !checked ? nothing : html`<small>${t("ready.at", { at: showMoment(checked.at) })}</small>`}</p>`;
}

function checkLine(board: Board, { id, state, text }: Line): View {
  return html`<li class="check ${state}" data-testid=${`check-${id}`} data-state=${state}>
    <span class="sign"><span class="glyph" aria-hidden="true">${MARKS[state]}</span>${t(STATES[state])}</span>
    <div><h2>${t(TITLES[id])}</h2><p>${text}</p>${state === "good" ? nothing : remedy(board, id)}</div>
  </li>`;
}

/** What can be mended from here, by one tap. */
function remedy(board: Board, id: LineId): View {
  if (id === "persist" && "storage" in navigator) {
    return html`<button type="button" data-testid="ask-persist" @click=${() => void persistAndCheck()}>${t("ready.persist.ask")}</button>`;
  }
  if (id === "bundle") {
    return html`<button type="button" data-testid="take-again" ?disabled=${app.taking === board.id}
      @click=${() => void takeAndCheck()}>${t("list.again")}</button>`;
  }
  if (id === "sent") return link({ name: "sync", id: board.id }, t("sync.title"), "to-sync", "button");
  return id === "account" ? link({ name: "signin" }, t("signin.title"), "to-signin", "button") : nothing;
}

/** The way to the sheet, with what it said last. */
export function readyLink(board: Board): View {
  const { checked } = board;
  const state = checked ? `${total(checked)} · ${showMoment(checked.at)}` : t("ready.never");
  const mark = MARKS[checked ? overall(checked) : "unknown"];
  const content = html`<span class="title">${t("ready.title")}</span>
    <span data-testid="ready-state"><span aria-hidden="true">${mark}</span> ${state}</span>`;
  return link({ name: "ready", id: board.id }, content, "to-ready", "packline");
}
