/** What proves an answer: photos, files, official papers, addresses, test calls. */
import { html, nothing } from "lit/html.js";

import { app, setUi } from "../state";
import { addFiles, commit, edit, forgetDraft, withdraw } from "../writing";
import type { Board } from "../board";
import { showDate, showMoment } from "../format";
import { known, t, type Text } from "../i18n";
import { uuid7 } from "../ids";
import { thumbUrl } from "../pictures";
import type { Route } from "../route";
import { evidenceSubject, parseSubject, placeKey, type Place } from "../subjects";
import type { EvidenceKind, EvidenceValue, Mark, Paper } from "../types";
import { shapes, viewBox } from "./layer";
import { field, link, segments, sureButton, type View } from "./parts";

const CLOCKS_AGREE_MS = 120_000;

export function evidenceCard(board: Board, place: Place): View {
  const subjects = board.evidence(place);
  const title = t("evidence.title", { n: subjects.length });
  const unasked = subjects.filter((subject) => isPhoto(board, subject) && !board.shown<EvidenceValue>(subject)?.personal);
  return html`<section class="card" data-testid="evidence" aria-label=${title}><h2>${title}</h2>
    ${unasked.length > 0 ? html`<p class="muted" data-testid="unasked">${t("photo.unasked", { n: unasked.length })}</p>` : nothing}
    <ul class="proofs">${subjects.map((subject) => proof(board, place, subject))}</ul>
    <div class="row">
      ${link({ name: "item", id: board.id, place, sub: "camera" }, t("evidence.camera"), "open-camera", "button")}
      ${chooser(place, "evidence.file", "file", "image/*,application/pdf", false)}
      ${adder(board, place, "van_ban", "evidence.paper")}${adder(board, place, "dia_chi", "evidence.address")}
      ${adder(board, place, "goi_thu", "evidence.call")}
    </div></section>`;
}

export function chooser(place: Place, label: Text, testId: string, accept: string, camera: boolean): View {
  const take = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) void addFiles(place, files);
  };
  return html`<label class="button">${t(label)}
    <input type="file" class="sr" accept=${accept} capture=${camera ? "environment" : nothing} multiple
      data-testid=${testId} @change=${take} /></label>`;
}

function adder(board: Board, place: Place, kind: EvidenceKind, label: Text): View {
  const add = (): void => {
    const now = new Date().toISOString();
    const value: EvidenceValue = { kind, item: place.item, site: place.site || null, taken_at: now };
    if (kind === "van_ban") value.paper = {};
    if (kind === "dia_chi") value.address = "";
    if (kind === "goi_thu") value.call = { number: "", at: now, answered: true };
    void edit(evidenceSubject(board.id, uuid7()), value);
  };
  return html`<button type="button" data-testid=${`add-${kind}`} @click=${add}>${t(label)}</button>`;
}

function proof(board: Board, place: Place, subject: string): View {
  const value = board.shown<EvidenceValue>(subject);
  if (!value) return nothing;
  const [entry] = board.currentOf(subject);
  const own = isOwn(board, subject);
  const isPicture = isPhoto(board, subject);
  const by = entry && !own ? html`<small>${t("notes.by", { name: board.nameOf(entry.author), at: showMoment(entry.made_at) })}</small>` : nothing;
  const isDraft = board.drafts.has(subject);
  // Of what is being changed nothing is called saved.
  const state = isDraft ? undefined : board.stateOf(subject);
  const open = own && (isDraft || value.file != null || app.ui.get("form") === subject);
  const tools = own
    ? html`<div class="row">
        ${isDraft ? saver(place, subject) : nothing}
        ${open ? nothing : html`<button type="button" class="quiet" data-testid="edit-evidence" @click=${() => setUi("form", subject)}>
          ${t("rows.edit")}</button>`}
        ${sureButton(subject, "rows.withdraw", "rows.sure", "withdraw-evidence", () => void withdraw(subject))}</div>`
    : nothing;
  return html`<li class="proof ${value.file ? "picture" : ""}" data-testid="proof" data-kind=${value.kind} data-state=${state ?? "draft"}>
    ${isPicture
      ? thumb(board, place, subject)
      : value.file
        ? html`<p class="file">${t("sync.file", { name: value.file.name ?? value.file.type })}</p>`
        : nothing}
    <div class="facts">${open ? form(subject, value) : facts(value)}${isPicture ? when(value) : nothing}${by}
      ${isPicture && own ? askPersonal(board, subject, place) : nothing}
      ${state ? html`<small>${known(`state.${state}`)?.replace(/ \(.*/, "")}</small>` : nothing}${tools}</div></li>`;
}

function saver(place: Place, subject: string): View {
  return html`<button type="button" class="primary" data-testid="save-evidence" @click=${() => void commit(place, subject)}>
      ${t("item.save")}</button>
    <button type="button" class="quiet" data-testid="cancel-evidence" @click=${() => void forgetDraft(subject)}>${t("app.cancel")}</button>`;
}

export function isPhoto(board: Board, subject: string): boolean {
  return board.shown<EvidenceValue>(subject)?.file?.type.startsWith("image/") ?? false;
}

export function isOwn(board: Board, subject: string): boolean {
  const [entry] = board.currentOf(subject);
  return entry === undefined || entry.author === board.account;
}

function photoRoute({ id }: Board, place: Place, subject: string): Route {
  return { name: "item", id, place, sub: parseSubject(subject).tail };
}

/** The small picture under its layer. */
export function thumb(board: Board, place: Place, subject: string): View {
  const value = board.shown<EvidenceValue>(subject);
  if (!value?.file) return nothing;
  const { file, caption, width, height, layer = [] } = value;
  const url = thumbUrl(placeKey(place), file.sha256);
  const image = html`<img src=${url ?? nothing} alt=${caption || t("evidence.noPicture")} loading="lazy"
    width=${width ?? nothing} height=${height ?? nothing} data-sha256=${file.sha256} />
    ${layer.length > 0 ? html`<svg class="layer" aria-hidden="true" viewBox=${viewBox(value)} preserveAspectRatio="none">${shapes(value)}</svg>` : nothing}`;
  return link(photoRoute(board, place, subject), image, "thumb", "canvas");
}

/** A layer without a cover covers nobody. */
export function withLayer(value: EvidenceValue, layer: readonly Mark[]): EvidenceValue {
  const { settled: _, personal = null, ...said } = value;
  const isBare = personal === "covered" && !layer.some(({ kind }) => kind === "cover");
  return { ...said, layer: [...layer], personal: isBare ? null : personal };
}

/**
 * Faces and papers of citizens (Luật 91/2025/QH15): the person who took the photo says what is on it. With its
 * place, the way to cover them too.
 */
export function askPersonal(board: Board, subject: string, place?: Place): View {
  const value = board.shown<EvidenceValue>(subject);
  if (!value) return nothing;
  const isCovered = value.layer?.some(({ kind }) => kind === "cover") ?? false;
  const choices = [
    { value: "none", label: t("photo.none") },
    { value: "covered", label: t("photo.covered"), disabled: !isCovered },
  ];
  const { settled: _, ...said } = value;
  const choose = (personal: string): void => void edit(subject, { ...said, personal });
  return html`<p class="muted">${t("photo.ask")}</p>
    <div class="row">${segments(t("photo.ask"), choices, value.personal ?? undefined, "personal", choose)}
      ${place ? link(photoRoute(board, place, subject), t("photo.open"), "cover-it", "button") : nothing}</div>`;
}

/** Two clocks that differ are both shown; neither corrects the other. */
function when({ taken_at, camera_at, position }: EvidenceValue): View {
  const apart = camera_at && taken_at ? Math.abs(Date.parse(camera_at) - Date.parse(taken_at)) : 0;
  return html`${camera_at && apart > CLOCKS_AGREE_MS
      ? html`<small>${t("photo.times", { camera: showMoment(camera_at), tablet: showMoment(taken_at ?? "") })}</small>`
      : nothing}
    ${position ? html`<small>${t(`photo.${position.source}`, { lat: position.lat, lon: position.lon })}</small>` : nothing}`;
}

function form(subject: string, value: EvidenceValue): View {
  const { settled: _, ...said } = value;
  const set = (part: Partial<EvidenceValue>): void => void edit(subject, { ...said, ...part });
  return html`${detail(subject, value, set)}
    ${field({ key: `${subject} caption`, label: t("evidence.caption"), type: "text", value: value.caption ?? "", testId: "caption", set: (caption) => set({ caption }) })}`;
}

function detail(subject: string, value: EvidenceValue, set: (part: Partial<EvidenceValue>) => void): View {
  if (value.kind === "van_ban") return paperForm(subject, value.paper ?? {}, (paper) => set({ paper }));
  if (value.kind === "dia_chi") {
    return html`${field({ key: `${subject} address`, label: t("evidence.link"), type: "text", value: value.address ?? "", testId: "address", set: (address) => set({ address }) })}
      <small>${t("evidence.seenAt", { at: showMoment(value.taken_at ?? "") })}</small>`;
  }
  return value.kind === "goi_thu" ? callForm(subject, value, set) : nothing;
}

const PAPER: readonly [keyof Paper & string, Text, "text" | "date"][] = [
  ["number", "evidence.number", "text"],
  ["date", "evidence.date", "date"],
  ["issuer", "evidence.issuer", "text"],
  ["subject", "evidence.subject", "text"],
];

function paperForm(subject: string, paper: Paper, set: (paper: Paper) => void): View {
  return html`<div class="grid">${PAPER.map(([key, label, type]) =>
    field({ key: `${subject} ${key}`, label: t(label), type, value: paper[key] ?? "", testId: `paper-${key}`, set: (text) => set({ ...paper, [key]: text }) }),
  )}</div>`;
}

function callForm(subject: string, { call }: EvidenceValue, set: (part: Partial<EvidenceValue>) => void): View {
  const made = call ?? { number: "", at: "", answered: true };
  const choices = [
    { value: "yes", label: t("evidence.answered") },
    { value: "no", label: t("evidence.notAnswered") },
  ];
  return html`${field({ key: `${subject} phone`, label: t("evidence.phone"), type: "text", value: made.number, testId: "phone", set: (number) => set({ call: { ...made, number } }) })}
    ${segments(t("evidence.call"), choices, made.answered ? "yes" : "no", "answered", (chosen) => set({ call: { ...made, answered: chosen === "yes" } }))}
    ${field({ key: `${subject} result`, label: t("evidence.result"), type: "text", value: made.result ?? "", testId: "call-result", lines: 2, set: (result) => set({ call: { ...made, result } }) })}
    <small>${t("evidence.callAt", { at: showMoment(made.at) })}</small>`;
}

/** One line that says what a proof is, without its form. */
function facts({ kind, caption, paper, address, call }: EvidenceValue): View {
  const about = paper
    ? [paper.number, paper.date ? t("evidence.on", { date: showDate(paper.date) }) : "", paper.issuer ? t("evidence.of", { issuer: paper.issuer }) : "", paper.subject]
    : [address, call?.number, call ? t(call.answered ? "evidence.answered" : "evidence.notAnswered") : "", call?.result];
  const text = [...about, caption].filter((part) => !!part).join(", ");
  return html`<p><span class="tag">${known(`kind.${kind}`)}</span> ${text}</p>`;
}
