/** One item at one place: question, figures, verdict, rows, evidence, notes. */
import { html, nothing } from "lit/html.js";

import { navigate } from "../moving";
import { app } from "../state";
import { commit, edit } from "../writing";
import type { Board } from "../board";
import { showDate } from "../format";
import { ordered } from "../filters";
import { t } from "../i18n";
import { judge } from "../judge";
import { part } from "../later";
import { answerSubject, samePlace, type Place } from "../subjects";
import type { AnswerValue, Item, LegalBasis, Pack } from "../types";
import { evidenceCard } from "./evidence";
import { figuresCard } from "./figures";
import { notesCard } from "./notes";
import { jump, listPane } from "./pack";
import { lateTag, link, type View } from "./parts";
import { rowsCard } from "./rows";
import { verdictCard } from "./verdict";

export function itemView(board: Board, place: Place): View {
  const placed = board.items.get(place.item);
  if (!placed) return html`<section class="page"><h1 tabindex="-1">${t("app.notFound")}</h1></section>`;
  const { item, pack } = placed;
  return html`<div class="panes">${listPane(board, pack, item.id)}
    <article class="pane detail" data-testid="item" data-item=${item.id} data-site=${place.site}>
      ${heading(board, pack, item, board.isLate(place))}${siteTabs(board, item, place)}${answer(board, place, item)}
      ${footer(board, pack, place)}
    </article></div>`;
}

function heading(board: Board, pack: Pack, item: Item, late: boolean): View {
  const n = ordered(pack).indexOf(item) + 1;
  const back = link({ name: "pack", id: board.id, pack: pack.id }, html`‹ ${t("item.list")}`, "to-pack", "narrow-only");
  return html`<p class="crumbs">${back}<span>${pack.title} · ${t("item.position", { n, total: pack.items.length })}</span></p>
    <h1 class="ask" tabindex="-1">${item.question}</h1>
    ${late ? html`<p>${lateTag()}</p>` : nothing}
    ${item.core || item.integrity
      ? html`<p>${item.core ? html`<span class="tag">${t("item.core")}</span>` : nothing}
          ${item.integrity ? html`<span class="tag">${t("item.integrity")}</span>` : nothing}</p>`
      : nothing}
    ${help(item, board.bundle.fact_day)}`;
}

/** Bases in force on the day of the fact: an answer is never measured by another day's law. */
function inForce({ from, to }: LegalBasis, day: string): boolean {
  return (from ?? day) <= day && day <= (to ?? day);
}

function help(item: Item, day: string): View {
  const bases = item.legal.filter((one) => inForce(one, day));
  const lines = (texts: readonly View[]): View => html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
  const varies = [item.varies?.level, item.varies?.date].filter((text) => !!text).map((text) => html`${text}`);
  return html`${item.guidance ? html`<p class="guidance"><strong>${t("item.guidance")}:</strong> ${item.guidance}</p>` : nothing}
    <details data-testid="help"><summary>${t("item.help")}</summary>
      ${bases.length > 0 ? html`<h2>${t("item.legal")}</h2>${lines(bases.map(basis))}` : nothing}
      ${varies.length > 0 ? html`<h2>${t("item.varies")}</h2>${lines(varies)}` : nothing}
      ${item.evidence.length > 0
        ? html`<h2>${t("item.evidenceWanted")}</h2>${lines(item.evidence.map((text) => html`${text}`))}`
        : nothing}
    </details>`;
}

function basis({ doc, clause = "", from, to, sure, note = "" }: LegalBasis): View {
  const span = [
    from ? t("item.since", { from: showDate(from) }) : "",
    to ? t("item.until", { to: showDate(to) }) : "",
  ].filter((text) => text !== "");
  return html`${sure && clause ? `${clause}, ` : ""}${doc}
    ${span.length > 0 ? html`<small>(${t("item.validity", { span: span.join(" ") })})</small>` : nothing}
    ${sure ? nothing : html`<span class="tag unsure">${t("item.unsure")}</span>`}
    ${note ? html`<small>${note}</small>` : nothing}`;
}

function siteTabs(board: Board, item: Item, place: Place): View {
  const places = board.placesOf(item);
  const known = places.some(({ site }) => site === place.site) ? places : [...places, place];
  if (known.length < 2 && place.site === "") return nothing;
  const name = (site: string): string =>
    site === "" ? t("item.whole") : (board.sites.find(({ id }) => id === site)?.name ?? site);
  return html`<nav class="sites" aria-label=${t("item.sites")}>${known.map((one) => {
    const mark = board.mark(one);
    const content = html`<span class="mark ${mark}" aria-hidden="true"></span>${name(one.site)}
      <span class="sr">${t(`mark.${mark}`)}</span>`;
    const style = `site ${one.site === place.site ? "chosen" : ""}`;
    return link({ name: "item", id: board.id, place: one }, content, `site-${one.site || "whole"}`, style);
  })}</nav>`;
}

function answer(board: Board, place: Place, item: Item): View {
  const subject = answerSubject(board.id, place);
  const value = board.shown<AnswerValue>(subject) ?? { item_version: item.version };
  const judged = judge(board, place, item, value);
  // The item's version goes with each answer: an edit speaks of the version that was on the screen.
  const set = (next: AnswerValue): void => {
    const { settled, ...said } = next;
    // A settled value that is edited later is an ordinary statement again; a settling draft stays one.
    void edit(subject, { ...said, item_version: item.version, ...(board.drafts.has(subject) && { settled }) });
  };
  return html`${findings(board, place)}${refusals(board, place)}${part(({ disputes }) => disputes(board, place, item))}
    ${item.fields.length > 0 ? figuresCard({ board, place, item, subject, value, judged, set }) : nothing}
    ${verdictCard(subject, value, judged, set)}
    ${judged.warnings.length > 0
      ? html`<ul class="warnings" data-testid="warnings">${judged.warnings.map((text) => html`<li>${text}</li>`)}</ul>`
      : nothing}
    ${item.rows.length > 0 ? rowsCard(board, place, item) : nothing}
    ${evidenceCard(board, place)}${notesCard(board, place)}`;
}

function findings(board: Board, place: Place): View {
  const found = board.findings(place);
  if (found.length === 0) return nothing;
  return html`<section class="card warn" data-testid="findings"><h2>${t("item.findings")}</h2>
    <ul>${found.map(({ sentence, title, date, due }) => html`<li>${sentence}
      <small>${t("item.findingFrom", { title, date: date ? showDate(date) : "" })}${due
        ? html`; ${t("item.findingDue", { due: showDate(due) })}`
        : nothing}</small></li>`)}</ul></section>`;
}

/** What the server did not take of this place, and why. */
function refusals(board: Board, place: Place): View {
  const refused = board.subjectsAt(place)
    .flatMap((subject) => board.currentOf(subject))
    .flatMap(({ state, refusal }) => (state === "refused" && refusal ? [refusal] : []));
  if (refused.length === 0) return nothing;
  return html`<section class="card warn" data-testid="refusals"><h2>${t("mark.refused")}</h2>
    ${refused.map(({ code, message }) => html`<p>${message || code}</p>`)}<p>${t("item.refusedHelp")}</p></section>`;
}

function footer(board: Board, pack: Pack, place: Place): View {
  const steps = ordered(pack).flatMap((item) => {
    const places = board.placesOf(item);
    return item.id === place.item && !places.some((one) => samePlace(one, place)) ? [...places, place] : places;
  });
  const here = steps.findIndex((step) => samePlace(step, place));
  const step = (by: number, label: "item.previous" | "item.next", testId: string, style: string): View => {
    const target = steps[here + by];
    const go = (): void => {
      if (target) void navigate({ name: "item", id: board.id, place: target });
    };
    return html`<button type="button" class=${style} data-testid=${testId} ?disabled=${!target} @click=${go}>${t(label)}</button>`;
  };
  return html`<footer class="foot">
    ${saveState(board, place)}${jump(board, place)}
    ${step(-1, "item.previous", "previous", "quiet")}
    <button type="button" class="primary" data-testid="save" @click=${() => void commit(place)}>${t("item.save")}</button>
    ${step(1, "item.next", "next", "primary")}
  </footer>`;
}

function saveState(board: Board, place: Place): View {
  const { state, text } = placeState(board, place);
  return html`<span class="state ${state}" role="status" data-testid="state" data-state=${state}>${text}</span>`;
}

/** The least that can be said of all of a place's subjects together. */
export function placeState(board: Board, place: Place): { state: string; text: string } {
  const subjects = board.subjectsAt(place);
  if (app.writes > 0) return { state: "writing", text: t("state.writing") };
  if (subjects.some((subject) => app.unkept.has(subject))) return { state: "unkept", text: t("state.unkept") };
  if (subjects.some((subject) => board.drafts.has(subject))) return { state: "draft", text: t("state.draft") };
  const states = subjects.flatMap((subject) => board.stateOf(subject) ?? []);
  for (const state of ["refused", "saved", "sent", "received"] as const) {
    if (states.includes(state)) return { state, text: t(`state.${state}`) };
  }
  if (states.length === 0) return { state: "none", text: t("state.none") };
  const authors = subjects.flatMap((subject) => board.currentOf(subject).map(({ author }) => board.nameOf(author)));
  return { state: "pulled", text: t("state.pulled", { name: [...new Set(authors)].join(", ") }) };
}
