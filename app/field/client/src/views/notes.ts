/** Signed remarks: they add up and never disagree with a verdict. One can change one's own only. */
import { html, nothing } from "lit/html.js";

import { app, setUi } from "../state";
import { commit, edit, forgetDraft, withdraw } from "../writing";
import type { Board } from "../board";
import { showField, showMoment } from "../format";
import { known, t } from "../i18n";
import { uuid7 } from "../ids";
import { chosenFigures } from "../rules";
import { answerSubject, noteSubject, type Place } from "../subjects";
import type { AnswerValue, NoteKind, NoteValue } from "../types";
import { field, segments, sureButton, type View } from "./parts";

const KINDS: readonly NoteKind[] = ["nhan_xet", "nguyen_nhan", "dien_dat", "cach_lam_hay"];

export function notesCard(board: Board, place: Place): View {
  const subjects = board.notes(place);
  const add = (): void => {
    const subject = noteSubject(board.id, place, uuid7());
    setUi("form", subject);
    void edit(subject, { kind: "nhan_xet", text: "" } satisfies NoteValue);
  };
  return html`<section class="card" data-testid="notes" aria-label=${t("notes.title", { n: subjects.length })}>
    <h2>${t("notes.title", { n: subjects.length })}</h2>
    <ul class="rows">${subjects.map((subject) => note(board, place, subject))}</ul>
    <button type="button" data-testid="add-note" @click=${add}>${t("notes.add")}</button>
  </section>`;
}

function note(board: Board, place: Place, subject: string): View {
  const value = board.shown<NoteValue>(subject);
  if (!value) return nothing;
  const [entry] = board.currentOf(subject);
  const own = entry === undefined || entry.author === board.account;
  if (own && (board.drafts.has(subject) || app.ui.get("form") === subject)) {
    return html`<li data-testid="note">${editor(place, subject, value)}</li>`;
  }
  const by = entry ? t("notes.by", { name: board.nameOf(entry.author), at: showMoment(entry.made_at) }) : "";
  return html`<li data-testid="note"><p><span class="tag">${known(`notes.${value.kind ?? "nhan_xet"}`)}</span> ${filled(board, place, value.text)}
      <small>${by}</small></p>
    ${own
      ? html`<div class="row">
          <button type="button" class="quiet" data-testid="edit-note" @click=${() => setUi("form", subject)}>${t("rows.edit")}</button>
          ${sureButton(subject, "rows.withdraw", "rows.sure", "withdraw-note", () => void withdraw(subject))}</div>`
      : nothing}</li>`;
}

/** A proposed wording may name figures in braces: they are read with what the answer says now. */
function filled(board: Board, place: Place, text: string): string {
  const answer = board.shown<AnswerValue>(answerSubject(board.id, place));
  const figures = chosenFigures(answer ?? {});
  const types = new Map(board.items.get(place.item)?.item.fields.map(({ key, type }) => [key, type]));
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => {
    const value = figures[key];
    return value === undefined ? whole : showField(types.get(key) ?? "text", value);
  });
}

function editor(place: Place, subject: string, value: NoteValue): View {
  const kinds = KINDS.map((kind) => ({ value: kind, label: known(`notes.${kind}`) ?? kind }));
  const { settled: _, ...said } = value;
  const set = (part: Partial<NoteValue>): void => void edit(subject, { ...said, ...part });
  const save = async (): Promise<void> => {
    if (await commit(place, subject)) setUi("form", undefined);
  };
  const cancel = async (): Promise<void> => {
    await forgetDraft(subject);
    setUi("form", undefined);
  };
  return html`<div class="editor">
    ${segments(t("notes.text"), kinds, value.kind ?? "nhan_xet", "note-kind", (kind) => set({ kind: kind as NoteKind }))}
    ${field({ key: subject, label: t("notes.text"), type: "text", value: value.text, testId: "note-text", lines: 3, set: (text) => set({ text }) })}
    <div class="row">
      <button type="button" class="primary" data-testid="save-note" @click=${() => void save()}>${t("notes.save")}</button>
      <button type="button" class="quiet" data-testid="cancel-note" @click=${() => void cancel()}>${t("app.cancel")}</button>
    </div>
  </div>`;
}
