/** Site records: their list, and the form of one. What was typed is kept at once, as everywhere. */
import { html, nothing } from "lit/html.js";

import { navigate } from "../moving";
import { edit, withdraw } from "../writing";
import type { Board } from "../board";
import { nowTime, showMoment, today } from "../format";
import { t, type Text } from "../i18n";
import { uuid7 } from "../ids";
import { changedText, newRecord, now, proposed, stateOf, type RecordKind } from "../record";
import { answerSubject, minutesSubject } from "../subjects";
import type { Attendee, MinutesValue } from "../types";
import { itemLine } from "./pack";
import { field, link, segments, sureButton, type View } from "./parts";

/** The item of the checklists that asks who is at work. */
const HEAD_COUNT = { item: "ky-luat-cong-vu.gio-lam-viec", site: "" };

export const word = (key: string): string => t(`record.${key}` as Text);

export function tap(testId: string, act: () => void, style = "", label = word(testId)): View {
  return html`<button type="button" class=${style} data-testid=${testId} @click=${act}>${label}</button>`;
}

/** The way to the records, with how far each has come. */
export function recordsLink(board: Board): View {
  const states = board.records().map((subject) => word(stateOf(board.shown(subject)!)));
  const content = html`<span class="title">${word("title")}</span><span>${states.join("; ") || word("none")}</span>`;
  return link({ name: "records", id: board.id }, content, "to-records", "packline");
}

export function recordsView(board: Board): View {
  const late = [...board.items.values()].filter(({ item }) => board.placesOf(item).some((place) => board.isLate(place)));
  return html`<section class="page"><h1 tabindex="-1">${word("title")}</h1>
    <p class="muted">${word("lead")}</p>
    <ul class="cards">${board.records().map((subject) => card(board, subject))}</ul>
    <div class="row">${(["lam_viec", "toan_cuoc"] as const).map((kind) => tap(`new-${kind}`, () => void begin(board, kind), "primary"))}
      ${tap("count-heads", () => void countHeads(board))}</div>
    ${late[0]
      ? html`<section class="card warn" data-testid="late-items"><h2>${t("record.lateItems", { n: late.length })}</h2>
          <ul class="items">${late.map(({ item }) => itemLine(board, item, undefined))}</ul></section>`
      : nothing}</section>`;
}

function card(board: Board, subject: string): View {
  const value = board.shown<MinutesValue>(subject)!;
  const [entry] = board.currentOf(subject);
  const state = stateOf(value);
  const record = subject.split("/")[3] ?? "";
  return html`<li class="card" data-testid="record" data-state=${state}><h2>${word(value.kind ?? "lam_viec")}</h2>
    <p>${value.subject}</p><p><span class="tag">${word(state)}</span>
      <small>${entry ? t("notes.by", { name: board.nameOf(entry.author), at: showMoment(entry.made_at) }) : t("state.draft")}</small></p>
    ${board.disputed(subject)[0] ? html`<p class="complaint">${t("dispute.title")}</p>` : nothing}
    <div class="row">${link({ name: "paper", id: board.id, record }, word(value.read ? "open" : "preview"), "open-paper", "button primary")}
      ${link({ name: "record", id: board.id, record }, word(value.read ? "change" : "edit"), "edit-record", "button")}
      ${value.read ? nothing : sureButton(subject, "rows.withdraw", "rows.sure", "withdraw-record", () => void withdraw(subject))}</div></li>`;
}

async function begin(board: Board, kind: RecordKind): Promise<void> {
  const record = uuid7();
  await edit(minutesSubject(board.id, record), newRecord(board, kind));
  await navigate({ name: "record", id: board.id, record });
}

/** The hour is stamped by the tap. The checklist's own item takes the first count of the day, a record each further one. */
async function countHeads(board: Board): Promise<void> {
  const item = board.items.get(HEAD_COUNT.item)?.item;
  const subject = answerSubject(board.id, HEAD_COUNT);
  if (!item || board.shown(subject)) return begin(board, "diem_danh");
  const at = { value: nowTime(), source: "doan_kiem_dem", as_of: today() };
  await edit(subject, { item_version: item.version, figures: { thoi_diem: [at] } });
  await navigate({ name: "item", id: board.id, place: HEAD_COUNT });
}

// ---- the form

interface Form {
  subject: string;
  value: MinutesValue;
  set: (part: Partial<MinutesValue>) => void;
}

export function recordView(board: Board, record: string): View {
  const subject = minutesSubject(board.id, record);
  const value = board.shown<MinutesValue>(subject)!;
  const set = (part: Partial<MinutesValue>): void => void edit(subject, changedText(value, part));
  const form = { subject, value, set };
  const choose = (site: string): void => {
    const chosen = board.sites.find(({ id }) => id === site);
    const place = [chosen?.name, chosen?.address || board.bundle.unit.name].filter(Boolean).join(", ");
    set(proposed(board, { ...value, sites: chosen ? [site] : [], place }));
  };
  const sites = [{ value: "", label: t("item.whole") }, ...board.sites.map(({ id, name }) => ({ value: id, label: name }))];
  const plain = (key: "subject" | "place" | "unit_opinion" | "handed_over", rows = 1): View =>
    line(form, key, value[key], (text) => set({ [key]: text }), rows);
  const signer = (key: "chair" | "secretary" | "unit_signer", part: "name" | "title" = "name"): View =>
    line(form, part === "name" ? key : `${key}-title`, value[key]?.[part], (text) => set({ [key]: { ...value[key], [part]: text } }));
  const state = board.drafts.has(subject) ? "draft" : (board.stateOf(subject) ?? "none");
  return html`<section class="page"><h1 tabindex="-1">${word(value.kind ?? "lam_viec")}</h1>
    ${value.read ? html`<p class="card warn">${word("changeWarn")}</p>` : nothing}
    <section class="card"><h2>${word("meeting")}</h2>${plain("subject", 2)}
      ${sites[1] ? segments(t("item.sites"), sites, value.sites?.[0] ?? "", "record-site", choose) : nothing}
      ${plain("place")}${when("started_at", value.started_at, (started_at) => set({ started_at }))}${when("ended_at", value.ended_at, (ended_at) => set({ ended_at }))}</section>
    <section class="card"><h2>${word("people")}</h2><p class="muted">${word("tick")}</p>
      ${rows(form, "people", ["name", "position", "substitute", "mandate"], { side: "don_vi", present: true }, tick)}
      <div class="grid">${signer("chair")}${signer("chair", "title")}${signer("unit_signer")}${signer("unit_signer", "title")}${signer("secretary")}</div></section>
    ${value.kind === "diem_danh"
      ? nothing
      : html`<section class="card"><h2>${word("content")}</h2><p class="muted">${word("proposeHelp")}</p>
          ${tap("propose", () => set(proposed(board, value)))}${rows(form, "sections", ["heading", "text"], { typed: true })}</section>`}
    <section class="card"><h2>${word("counts")}</h2>
      ${rows(form, "counts", ["where", "expected", "present", "excused", "unexplained"], { at: now() }, counted)}</section>
    <section class="card"><h2>${word("said")}</h2>
      ${line(form, "preliminary", value.preliminary?.text, (text) => set({ preliminary: { text, typed: true } }), 7)}
      ${plain("unit_opinion", 4)}${rows(form, "requests", ["request", "addressee"], {})}${plain("handed_over", 2)}
      ${field({ key: "copies", label: word("copies"), type: "number", value: String(value.copies ?? 2), testId: "copies", set: (n) => set({ copies: Math.min(Number(n) || 2, 20) }) })}</section>
    <footer class="foot"><span class="state" role="status" data-testid="state">${t(`state.${state}` as Text)}</span>
      ${link({ name: "paper", id: board.id, record }, word("preview"), "open-paper", "button primary")}</footer></section>`;
}

function line(form: Form, key: string, value: unknown, set: (typed: string) => void, lines = 1, type: "text" | "number" = "text"): View {
  // A key may end in the number of its row.
  const label = word(key.replace(/-\d+$/, ""));
  return field({ key: `${form.subject} ${key}`, label, type, value: String(value ?? ""), testId: key, set, ...(lines > 1 && { lines }) });
}

/** Hour and day as people write them here. */
function when(key: string, at: string | null | undefined, set: (at: string) => void): View {
  const [day = "", hour = ""] = (at ?? "").split("T");
  const part = (type: "time" | "date", value: string, put: (typed: string) => void): View =>
    field({ key: `${key} ${type}`, label: word(type === "time" ? key.replace(/-\d+$/, "") : type), type, value, testId: `${key}-${type}`, set: put });
  return html`<div class="grid">${part("time", hour, (typed) => set(`${day || today()}T${typed}`))}${part("date", day, (typed) => set(`${typed}T${hour}`))}</div>`;
}

type Lists = "people" | "sections" | "counts" | "requests";
type Row = Record<string, unknown>;
const LINES: Readonly<Record<string, number>> = { text: 6, request: 2 };
/** Columns whose part of the value has another name. */
const KEYS: Readonly<Record<string, string>> = { request: "text", heading: "title" };
const NUMBERS = ["expected", "present", "excused", "unexplained"];

/** A list of the record: each row with its fields, one that can be taken away, a button for one more. */
function rows(form: Form, list: Lists, columns: readonly string[], blank: Row, head?: (row: Row, at: number, put: (part: Row) => void) => View): View {
  const all = (form.value[list] ?? []) as Row[];
  const save = (next: Row[]): void => form.set({ [list]: next });
  const row = (one: Row, at: number): View => {
    const put = (part: Row): void => save(all.with(at, { ...one, ...(list === "sections" && { typed: true }), ...part }));
    const cell = (column: string): View => {
      const key = KEYS[column] ?? column;
      const number = NUMBERS.includes(column) && list === "counts";
      const set = (typed: string): void => put({ [key]: !number ? typed : /^\d{1,5}$/.test(typed) ? Number(typed) : null });
      return line(form, `${column}-${at}`, one[key], set, LINES[column], number ? "number" : "text");
    };
    const fields = html`<div class=${list === "sections" ? "editor" : "grid"}>${columns.map(cell)}</div>
      ${tap(`remove-${list}-${at}`, () => save(all.toSpliced(at, 1)), "quiet", word("remove"))}`;
    return html`<li class="editor">${head?.(one, at, put) ?? nothing}${list === "people"
      ? html`<details ?open=${!one["name"]}><summary>${[one["name"], one["position"]].filter(Boolean).join(", ") || word("name")}</summary>${fields}</details>`
      : fields}</li>`;
  };
  return html`<ul class="rows">${all.map(row)}</ul>${tap(`add-${list}`, () => save([...all, blank]))}`;
}

const SIDES: readonly Attendee["side"][] = ["doan", "don_vi", "khac"];

/** Present or not, and for whom, by one tap each. */
function tick({ present, side }: Row, at: number, put: (part: Row) => void): View {
  const here = present !== false;
  const sides = SIDES.map((value) => ({ value: value ?? "", label: word(`side.${value}`) }));
  return html`<div class="row">${tap(`tick-${at}`, () => put({ present: !here }), here ? "primary" : "", word(here ? "here" : "absent"))}
    ${segments(word("people"), sides, String(side), `side-${at}`, (chosen) => put({ side: chosen }))}</div>`;
}

function counted(one: Row, at: number, put: (part: Row) => void): View {
  const [expected = NaN, ...others] = NUMBERS.map((key) => Number(one[key] ?? NaN));
  const difference = others.reduce((sum, count) => sum - count, expected);
  return html`${when(`counted-${at}`, String(one["at"]), (moment) => put({ at: moment }))}
    ${difference ? html`<p class="complaint" role="alert">${word("sumWrong")}</p>` : nothing}`;
}
