/** The item's table: one row, one subject, so that two people adding rows never disagree. */
import { html, nothing } from "lit/html.js";

import { app, setUi } from "../state";
import { commit, edit, forgetDraft, withdraw } from "../writing";
import type { Board } from "../board";
import { showField } from "../format";
import { t } from "../i18n";
import { uuid7 } from "../ids";
import { rowSubject, type Place } from "../subjects";
import type { Item, RowValue } from "../types";
import { field, sureButton, type View } from "./parts";

export function rowsCard(board: Board, place: Place, item: Item): View {
  const subjects = board.rows(place);
  const add = (): void => {
    const subject = rowSubject(board.id, place, uuid7());
    setUi("form", subject);
    void edit(subject, { item_version: item.version, row: {} } satisfies RowValue);
  };
  return html`<section class="card" data-testid="rows" aria-label=${t("rows.title", { n: subjects.length })}>
    <h2>${t("rows.title", { n: subjects.length })}</h2>
    <ul class="rows">${subjects.map((subject) => row(board, place, item, subject))}</ul>
    <button type="button" data-testid="add-row" @click=${add}>${t("rows.add")}</button>
  </section>`;
}

function row(board: Board, place: Place, item: Item, subject: string): View {
  const value = board.shown<RowValue>(subject);
  if (!value) return nothing;
  const open = app.ui.get("form") === subject || board.drafts.has(subject);
  return html`<li data-testid="row">${open ? editor(place, item, subject, value) : line(item, subject, value)}</li>`;
}

function line(item: Item, subject: string, value: RowValue): View {
  const cells = item.rows.filter(({ key }) => (value.row[key] ?? "") !== "");
  return html`<dl>${cells.map(
      ({ key, label, type }) => html`<div><dt>${label}</dt><dd>${showField(type, value.row[key] ?? "")}</dd></div>`,
    )}</dl>
    <div class="row">
      <button type="button" class="quiet" data-testid="edit-row" @click=${() => setUi("form", subject)}>${t("rows.edit")}</button>
      ${sureButton(subject, "rows.withdraw", "rows.sure", "withdraw-row", () => void withdraw(subject))}
    </div>`;
}

function editor(place: Place, item: Item, subject: string, value: RowValue): View {
  const set = (key: string, text: string): void => {
    void edit(subject, { item_version: item.version, row: { ...value.row, [key]: text } } satisfies RowValue);
  };
  const save = async (): Promise<void> => {
    if (await commit(place, subject)) setUi("form", undefined);
  };
  const cancel = async (): Promise<void> => {
    await forgetDraft(subject);
    setUi("form", undefined);
  };
  return html`<div class="editor">
    ${item.rows.map(({ key, label, type }) =>
      field({ key: `${subject} ${key}`, label, type, value: value.row[key] ?? "", testId: `cell-${key}`, set: (text) => set(key, text) }),
    )}
    <div class="row">
      <button type="button" class="primary" data-testid="save-row" @click=${() => void save()}>${t("rows.save")}</button>
      <button type="button" class="quiet" data-testid="cancel-row" @click=${() => void cancel()}>${t("app.cancel")}</button>
    </div>
  </div>`;
}
