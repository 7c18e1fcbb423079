/** Where people said different things: every value with who said it and when. The lead ends it here, offline too. */
import { html, nothing } from "lit/html.js";

import { commit, edit, forgetDraft } from "../writing";
import type { Board } from "../board";
import { canonical, isSettled } from "../current";
import type { StoredEntry } from "../db";
import { showDate, showField, showMoment, words } from "../format";
import { known, t } from "../i18n";
import { parseSubject, type Place } from "../subjects";
import type { AnswerValue, EvidenceValue, Item, NoteValue, RowValue } from "../types";
import { field, type View } from "./parts";
import { verdictLabel } from "./verdict";

type Said = Partial<AnswerValue & RowValue & Omit<NoteValue, "kind"> & EvidenceValue>;

export function disputes(board: Board, place: Place, item: Item): View {
  return html`${board.subjectsAt(place).map((subject) => dispute(board, place, item, subject))}`;
}

function dispute(board: Board, place: Place, item: Item, subject: string): View {
  const values = board.disputed(subject);
  if (values.length === 0) return settled(board, subject);
  const lines = values.map(({ value }) => told(item, value));
  const draft = board.drafts.get(subject)?.value;
  return html`<section class="card warn" data-testid="dispute">
    <h2>${t(board.leads ? "dispute.titleLead" : "dispute.title")}</h2>
    <div class="sides">${values.map((entry, at) => html`<div class="side">
      <strong>${authors(board, entry).map((line) => html`<span>${line}</span>`)}</strong>
      <ul>${lines[at]?.map((line) => html`<li class=${lines.every((other) => other.includes(line)) ? "" : "differs"}>${line}</li>`)}</ul>
      ${board.leads ? chooser(board, item, entry, draft) : nothing}</div>`)}</div>
    ${isSettled(draft) ? reason(place, subject, draft as Said) : nothing}</section>`;
}

/** All who said the same as this entry. */
function authors(board: Board, { subject, value }: StoredEntry): string[] {
  const same = board.currentOf(subject).filter((entry) => canonical(entry.value) === canonical(value));
  return same.map(({ author, made_at }) => t("dispute.by", { name: board.nameOf(author), at: showMoment(made_at) }));
}

/** A value as lines that can be compared one by one. */
function told(item: Item, value: unknown): string[] {
  if (value === null) return [t("dispute.withdrawn")];
  const { verdict, reason, figures = {}, row, text, kind, caption, paper, address, call } = value as Said;
  if (row) return item.rows.flatMap(({ key, label, type }) => (row[key] ? [`${label}: ${showField(type, row[key])}`] : []));
  if (kind) return [words([text, caption, paper, address, call])];
  const counted = Object.entries(figures).flatMap(([key, readings]) => {
    const { label = key, type = "text" as const } = item.fields.find((one) => one.key === key) ?? {};
    return readings.map(({ value: figure, source, as_of }) =>
      [`${label}: ${showField(type, figure)}`, known(`source.${source}`), as_of && t("figures.asOf", { date: showDate(as_of) })]
        .filter(Boolean)
        .join(", "),
    );
  });
  return [verdict ? verdictLabel(verdict) : t("dispute.noVerdict"), ...(reason ? [reason] : []), ...counted];
}

/** Takes one side as the draft of what shall stand; its fields may still be corrected below. */
function chooser(board: Board, item: Item, { subject, value }: StoredEntry, draft: unknown): View {
  const { kind, tail } = parseSubject(subject);
  // A withdrawal cannot carry a reason: an answer is settled as an empty one, the rest by its other side.
  if (value === null && (kind !== "answer" || tail !== "")) return nothing;
  const chosen = isSettled(draft);
  const said = { ...(value ?? { item_version: item.version }), settled: chosen ? (draft as Said).settled : { reason: "" } };
  const seen = board.currentOf(subject).map(({ id }) => id);
  return html`<button type="button" data-testid="settle" aria-pressed=${chosen && canonical(draft) === canonical(said)}
    @click=${() => void edit(subject, said, seen)}>${t("dispute.choose")}</button>`;
}

function reason(place: Place, subject: string, draft: Said): View {
  const set = (text: string): void => void edit(subject, { ...draft, settled: { reason: text } });
  return html`${field({ key: `${subject} settle`, label: t("dispute.reason"), type: "text", value: draft.settled?.reason ?? "", testId: "settle-reason", lines: 2, set })}
    <div class="row">
      <button type="button" class="primary" data-testid="settle-done" @click=${() => void commit(place, subject)}>${t("dispute.settle")}</button>
      <button type="button" class="quiet" @click=${() => void forgetDraft(subject)}>${t("app.cancel")}</button>
    </div>`;
}

function settled(board: Board, subject: string): View {
  const [entry] = board.currentOf(subject);
  if (!isSettled(entry?.value) || !entry) return nothing;
  const [by = ""] = authors(board, entry);
  return html`<p class="card good" data-testid="settled">${t("dispute.settled", { by, reason: (entry.value as Said).settled?.reason ?? "" })}</p>`;
}
