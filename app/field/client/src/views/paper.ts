/** The record as it stands on paper: read out, printed without a server, signed, the signed paper photographed. */
import { html, nothing } from "lit/html.js";
import SignaturePad from "signature_pad";

import { app, changed, setUi } from "../state";
import { edit, put } from "../writing";
import type { Board } from "../board";
import { showMoment } from "../format";
import { t } from "../i18n";
import { tidy } from "../journal";
import { paperLines } from "../paper";
import { capture, UnusableFile } from "../photo";
import { thumbUrl } from "../pictures";
import { changedText, compact, now, readOut, recordProblem, stateOf, strokePath } from "../record";
import { minutesSubject } from "../subjects";
import type { MinutesValue, SignerRole } from "../types";
import { field, link, type View } from "./parts";
import { tap, word } from "./record";

export function paperView(board: Board, record: string): View {
  const subject = minutesSubject(board.id, record);
  const value = board.shown<MinutesValue>(subject)!;
  return html`<section class="read-paper" data-testid="paper" data-state=${stateOf(value)}>
    <h1 tabindex="-1" class="sr">${word("title")}</h1>${sheet(value)}
    <div class="page no-print">${value.read ? done(board, subject, value) : toRead(board, subject, value)}
      <div class="row">${link({ name: "record", id: board.id, record }, word(value.read ? "change" : "edit"), "edit-record", "button")}</div></div></section>`;
}

/** Exactly what is read and printed. */
function sheet(value: MinutesValue): View {
  const lines = paperLines(value);
  const of = (...styles: string[]): View[] =>
    lines.filter(([style]) => styles.includes(style)).map(([style, text]) => html`<p class=${`sheet-${style}${text.endsWith(":") ? " sheet-lead" : ""}`}><span>${text}</span></p>`);
  const signers = of("sign", "title", "name");
  const { read } = value;
  return html`<article class="sheet" lang="vi" data-testid="sheet">
    ${read ? nothing : html`<p class="sheet-draft">${t("paper.draft")}</p>`}
    <div class="sheet-head"><div>${of("superior", "body")}<hr /></div><div>${of("republic", "motto")}</div>${of("number")}</div>
    ${of("type", "subject", "text", "item", "heading")}
    <div class="sheet-signers">${[0, 3, 6].map((at) => html`<div>${signers.slice(at, at + 3)}</div>`)}</div>
    <div class="sheet-to"><p>${t("paper.recipients")}</p>${of("recipient")}</div>
    ${read
      ? html`<p class="sheet-mark">${t("paper.mark", { by: read.by, at: showMoment(read.at) })}<span data-testid="shown">${value.shown_sha256}</span></p>`
      : nothing}</article>`;
}

function toRead(board: Board, subject: string, value: MinutesValue): View {
  const by = (app.ui.get("reader") ?? value.secretary?.name ?? "").trim();
  const read = async (): Promise<void> => {
    const said = tidy(value) as MinutesValue;
    const problem = recordProblem(said) ?? (by ? "" : word("needReader"));
    if (!problem) await put(subject, await readOut(board, said, by.normalize("NFC")));
    app.notice = problem;
    changed();
  };
  return html`<section class="card"><h2>${word("readTitle")}</h2><p>${word("readHelp")}</p>
    ${value.ended_at ? nothing : html`<p class="complaint">${word("noEnd")}</p>${tap("end-now", () => void edit(subject, changedText(value, { ended_at: now() })))}`}
    ${field({ key: "reader", label: word("reader"), type: "text", value: by, testId: "reader", set: (name) => setUi("reader", name) })}
    ${tap("read-out", () => void read(), "primary")}</section>`;
}

/** Of the text as it was before a change. */
const earlier = (shown: string, value: MinutesValue): View =>
  shown === value.shown_sha256 ? nothing : html`<span class="tag unsure" data-testid="earlier">${word("earlier")}</span>`;

function done(board: Board, subject: string, value: MinutesValue): View {
  const print = async (): Promise<void> => {
    if (!value.printed_at) await put(subject, { ...value, printed_at: new Date().toISOString() });
    if ("print" in window) window.print();
    else app.notice = word("noPrint");
    changed();
  };
  const { scans = [], signatures = [] } = value;
  const choose = (event: Event): void => void attach(board, subject, event.target as HTMLInputElement);
  return html`<section class="card good"><h2>${word(stateOf(value))}</h2><p>${word("printHelp")}</p>${tap("print", () => void print(), "primary")}</section>
    <section class="card"><h2>${word("scans")} (${scans.length})</h2><p>${word("scanHelp")}</p>
      <ul class="proofs">${scans.map(({ file, at, shown }) => {
        const url = file.type.startsWith("image/") && thumbUrl(subject, file.sha256);
        return html`<li class="proof picture" data-testid="scan">${url ? html`<img src=${url} alt=${word("scans")} />` : file.name}
          <div class="facts"><small>${showMoment(at)}</small>${earlier(shown, value)}</div></li>`;
      })}</ul>
      <label class="button">${word("attach")}<input type="file" class="sr" accept="image/*,application/pdf" multiple data-testid="attach" @change=${choose} /></label></section>
    <section class="card"><h2>${word("signatures")} (${signatures.length})</h2><p>${word("signHelp")}</p>
      <ul class="proofs">${signatures.map((one) => html`<li class="proof" data-testid="signature"><svg class="drawn" viewBox=${`0 0 1000 ${one.height}`} role="img" aria-label=${one.name}>
          <path d=${strokePath(one.strokes)}></path></svg>
        <div class="facts"><p>${one.name}</p><small>${showMoment(one.at)}</small>${earlier(one.shown, value)}</div></li>`)}</ul>
      ${signing(subject, value)}</section>`;
}

async function attach(board: Board, subject: string, input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])];
  input.value = "";
  for (const file of files) {
    try {
      const captured = await capture(file, board.bundle.limits);
      const { sha256, type, bytes } = captured;
      const value = app.board?.shown<MinutesValue>(subject);
      const kept = { sha256, type, size: bytes.byteLength, name: file.name.slice(0, 200) };
      const scan = { file: kept, at: new Date().toISOString(), shown: value?.shown_sha256 };
      await put(subject, { ...value, scans: [...(value?.scans ?? []), scan] }, captured);
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      app.notice = error.message;
      changed();
    }
  }
}

let pad: SignaturePad | undefined;
const SIGNERS = { thu_ky: "secretary", don_vi: "unit_signer", chu_tri: "chair" } as const;

function signing(subject: string, value: MinutesValue): View {
  const role = app.ui.get("pad") as SignerRole | undefined;
  const name = (one: SignerRole): string => value[SIGNERS[one]]?.name ?? "";
  if (!role) {
    const roles = (Object.keys(SIGNERS) as SignerRole[]).filter(name);
    return html`<div class="row">${roles.map((one) => tap(`sign-${one}`, () => openPad(one), "", name(one)))}</div>`;
  }
  const keep = async (): Promise<void> => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.pad");
    if (!canvas || !pad || pad.isEmpty()) return;
    const { width, height } = canvas;
    const strokes = compact(pad.toData(), width);
    const shown = value.shown_sha256;
    const one = { name: name(role), role, at: new Date().toISOString(), shown, height: Math.round((height * 1000) / width), strokes };
    if (await put(subject, { ...value, signatures: [...(value.signatures ?? []), one] })) setUi("pad", undefined);
  };
  return html`<p>${t("record.signHere", { name: name(role) })}</p><canvas class="pad" data-testid="pad"></canvas>
    <div class="row">${tap("keep-signature", () => void keep(), "primary")}${tap("clear-signature", () => pad?.clear())}
      ${tap("cancel-signature", () => setUi("pad", undefined), "quiet", t("app.cancel"))}</div>`;
}

function openPad(role: SignerRole): void {
  setUi("pad", role);
  // After the screen was painted: only then is there a canvas with a size.
  requestAnimationFrame(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.pad");
    if (!canvas) return;
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
    pad = new SignaturePad(canvas, { penColor: "#0b2d8f", minWidth: 1.5, maxWidth: 3.5 });
  });
}
