/** Where everything stands: what is only here, what was sent, what the server has confirmed, what it refused. */
import { html, nothing } from "lit/html.js";

import { sendRefusedAgain, synchronise } from "../exchange";
import { navigate } from "../moving";
import { app, changed } from "../state";
import type { Board } from "../board";
import { isWhole, tallyOf, type Lack } from "../custody";
import type { EntryState, StoredEntry } from "../db";
import { showMoment } from "../format";
import { t, type Text } from "../i18n";
import { dropInspection, dropPhotos, removable } from "../removal";
import { download, rescueFile } from "../rescue";
import { parseSubject } from "../subjects";
import type { EvidenceValue } from "../types";
import { link, sureButton, type View } from "./parts";
import { receiptText, syncStatus } from "./status";

const STATES: readonly [EntryState, Text][] = [
  ["saved", "sync.countSaved"],
  ["sent", "sync.countSent"],
  ["received", "sync.countReceived"],
  ["refused", "sync.countRefused"],
  ["pulled", "sync.countOthers"],
];

export function syncView(board: Board): View {
  const all = board.all();
  const { running, last } = app.sync;
  return html`<section class="page" data-testid="sync-page">
    <h1 tabindex="-1">${t("sync.title")}</h1>
    <p class="big" data-testid="sync-text">${syncStatus().text}</p>
    ${why()}
    <p class="muted">${last ? t("sync.last", { at: showMoment(last) }) : t("sync.never")}</p>
    ${receipt(board)}
    <dl class="counts">${STATES.map(([state, label]) => countLine(all, board, state, label))}</dl>
    ${refused(board, all)}
    ${rescue(board)}
    ${keeping(board)}
    ${app.persisted ? nothing : html`<p class="card warn">${t("sync.persist")}</p>`}
    <div class="foot"><button type="button" class="primary" data-testid="sync-now" ?disabled=${running}
      @click=${() => void synchronise()}>${t(running ? "sync.running" : "sync.now")}</button></div>
  </section>`;
}

function why(): View {
  const { trouble } = app.sync;
  if (!trouble) return nothing;
  const message = trouble.message;
  const reasons = {
    offline: trouble.code === "redirected" || trouble.code === "not_ours" ? t("sync.whyRedirected") : t("sync.whyOffline"),
    sign_in: t("sync.whySignIn"),
    forbidden: t("sync.whyForbidden", { message }),
    server: t("sync.whyServer"),
    changed: t("sync.whyServer"),
    refused: t("sync.whyRefused", { message }),
    too_large: t("sync.whyRefused", { message }),
    revoked: message,
  };
  const again = (): void => void navigate({ name: "signin" });
  return html`<p class="card warn" data-testid="sync-why">${reasons[trouble.kind]}</p>
    ${trouble.kind === "sign_in"
      ? html`<button type="button" class="primary" data-testid="sign-in-again" @click=${again}>${t("signin.title")}</button>`
      : nothing}`;
}

function receipt(board: Board): View {
  const { held } = board;
  const sum = tallyOf(board);
  if (!held && sum.entriesOf + sum.filesOf === 0) return html`<p class="muted" data-testid="receipt">${t("sync.noReceipt")}</p>`;
  const whole = isWhole(sum);
  return html`<section class="card ${whole ? "good" : "warn"}" data-testid="receipt"><p>${receiptText(sum)}
      ${held ? html`<small>${showMoment(held.at)}</small>` : nothing}</p>
    ${whole ? nothing : html`<ul class="rows">${sum.lacks.map((lack) => lackLine(board, lack))}</ul>`}</section>`;
}

function lackLine(board: Board, { item, site, entries, files, names }: Lack): View {
  const placed = board.items.get(item)?.item;
  const at = board.sites.find(({ id }) => id === site)?.name;
  const title = `${placed?.question ?? t("sync.general")}${at ? ` (${at})` : ""}`;
  return html`<li data-testid="lack"><p>${placed ? link({ name: "item", id: board.id, place: { item, site } }, title, "open-lack") : title}</p>
    <p><small>${t("sync.lack", { entries, files })}${names.length > 0 ? `: ${names.join(", ")}` : ""}</small></p></li>`;
}

/** What may leave the tablet: photos that a receipt covers, or the whole inspection. Only when asked. */
function keeping(board: Board): View {
  const { hashes, bytes } = removable(board);
  const size = Math.max(1, Math.round(bytes / 1_000_000));
  return html`<section class="card" data-testid="keeping"><h2>${t("custody.title")}</h2>
    <p>${t(hashes.length > 0 ? "custody.photos" : "custody.noPhotos", { n: hashes.length, size })}</p>
    <div class="row">
      ${hashes.length > 0 ? sureButton("drop-photos", "custody.drop", "custody.sure", "drop-photos", () => void dropPhotos()) : nothing}
      ${sureButton("drop-inspection", "custody.remove", "custody.removeSure", "drop-inspection", () => void dropInspection())}
    </div></section>`;
}

function countLine(all: readonly StoredEntry[], board: Board, state: EntryState, label: Text): View {
  const entries = all.filter((entry) => entry.state === state).length;
  const files = state === "saved" ? [...board.localFiles.values()].filter((one) => one === "saved").length : 0;
  if (entries + files === 0) return nothing;
  const text = files > 0 ? t("sync.entriesFiles", { entries, files }) : String(entries);
  return html`<div><dt>${t(label)}</dt><dd data-testid=${`count-${state}`}>${text}</dd></div>`;
}

function refused(board: Board, all: readonly StoredEntry[]): View {
  const entries = all.filter(({ state }) => state === "refused");
  const files = [...board.refusedFiles];
  if (entries.length + files.length === 0) return nothing;
  return html`<section class="card warn" data-testid="refused"><h2>${t("sync.refusedTitle")}</h2>
    <p>${t("sync.refusedLead")}</p>
    <ul class="rows">
      ${entries.map((entry) => refusedLine(board, entry))}
      ${files.map(([sha, refusal]) => html`<li><p>${t("sync.file", { name: sha.slice(0, 12) })}</p><p>${refusal.message || refusal.code}</p></li>`)}
    </ul>
    <button type="button" data-testid="send-refused" @click=${() => void sendRefusedAgain(board.id)}>${t("sync.again")}</button>
  </section>`;
}

function refusedLine(board: Board, entry: StoredEntry): View {
  const parsed = parseSubject(entry.subject);
  const of = parsed.kind === "evidence" ? (entry.value as EvidenceValue | null) : undefined;
  const place = of ? { item: of.item ?? "", site: of.site ?? "" } : parsed;
  const item = board.items.get(place.item)?.item;
  return html`<li data-testid="refused-entry"><p>${item?.question ?? entry.subject}</p>
    <p class="complaint">${entry.refusal?.message || entry.refusal?.code}</p>
    ${item ? link({ name: "item", id: board.id, place: { item: place.item, site: place.site } }, t("sync.openItem"), "open-refused", "button") : nothing}</li>`;
}

function rescue(board: Board): View {
  return html`<section class="card"><h2>${t("rescue.title")}</h2>
    <p>${t("rescue.lead")}</p>
    <button type="button" data-testid="rescue" ?disabled=${app.busy !== ""} @click=${() => void saveToFile(board)}>${t("rescue.save")}</button>
  </section>`;
}

async function saveToFile({ id, account, bundle }: Board): Promise<void> {
  app.busy = t("rescue.making");
  changed();
  try {
    const file = await rescueFile(id, account, bundle.unit.name);
    download(file);
    app.notice = t("rescue.made", { name: file.name, entries: file.entries, files: file.evidence });
  } catch (error) {
    app.alarm = t("rescue.failed", { name: error instanceof Error ? error.name : String(error) });
  }
  app.busy = "";
  changed();
}
