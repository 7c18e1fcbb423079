/**
 * The way of what is saved to the server: files, entries, what others wrote, receipt. One run at a time,
 * over all tabs; each step keeps what the server acknowledged, so a run may end anywhere.
 */
import * as api from "./api";
import { Failure } from "./api";
import { report } from "./custody";
import { reading } from "./db";
import * as outbox from "./outbox";
import type { Entry, Limits, SessionAnswer } from "./types";

/** Before a bundle told the server's own. */
export const DEFAULT_LIMITS: Limits = { batch_entries: 500, batch_bytes: 2_000_000, evidence_bytes: 26_214_400, photo_longest_edge: 0 };

export interface Outcome {
  session?: SessionAnswer;
  trouble?: Failure;
}

let running: Promise<Outcome> | undefined;

/** One run; a call during a run waits for it and shares its outcome. */
export function sync(inspections: readonly string[], limits: Limits, account?: string): Promise<Outcome> {
  running ??= alone(() => run(inspections, limits, account)).finally(() => {
    running = undefined;
  });
  return running;
}

/** Syncs of all tabs take turns with each other, and with what must not meet one. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (!locks) return work();
  return locks.request("kiemtra-sync", work);
}

async function run(inspections: readonly string[], limits: Limits, account?: string): Promise<Outcome> {
  const outcome: Outcome = {};
  try {
    const { id } = (outcome.session = await api.session()).account;
    await tell(id);
    await sendAll(limits, id);
    // Another person's session brings what it may; the list and the answers are for the one at the tablet.
    if (account !== undefined && account !== id) throw new Failure("sign_in", "other_account");
    for (const inspection of inspections) await exchange(inspection, limits, id);
    await tell(id);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    outcome.trouble = error;
    if (error.kind === "revoked") await offer(limits);
    // What was written during the run; the server is there, only something of it was not taken.
    else if (outcome.session && !["offline", "sign_in"].includes(error.kind)) await tell(outcome.session.account.id);
  }
  return outcome;
}

/** The office hears what is on this tablet; a server that will not hear it holds up nothing. */
async function tell(account: string): Promise<void> {
  await report(account).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.kind === "revoked") throw error;
  });
}

let offered = false;

/** A locked-out tablet offers its entries once: the server sets them aside until the tablet is let in again. */
async function offer(limits: Limits): Promise<void> {
  if (offered) return;
  offered = true;
  const waiting = (await outbox.waitingEntries()).map(outbox.wire);
  for (const batch of outbox.batches(waiting, limits.batch_entries, limits.batch_bytes - 100)) {
    await api.push(batch).catch(() => undefined);
  }
}

async function sendAll(limits: Limits, uploader: string): Promise<void> {
  for (const sha256 of await outbox.waitingEvidence()) await sendFile(sha256);
  const waiting = outbox.bringable(await outbox.waitingEntries(), uploader).map(outbox.wire);
  const room = limits.batch_bytes - 100;
  for (const batch of outbox.batches(waiting, limits.batch_entries, room)) await sendBatch(batch);
}

/** One bad file or entry must not hold up the others; anything else ends the run and is tried again later. */
function isOwnFault(error: unknown): error is Failure {
  return error instanceof Failure && (error.kind === "too_large" || error.kind === "refused");
}

async function sendFile(sha256: string): Promise<void> {
  const file = await outbox.evidenceBytes(sha256);
  if (!file) return;
  try {
    await api.putEvidence(sha256, file.bytes, file.type);
    await outbox.markEvidence(sha256, "sent");
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    await outbox.markEvidence(sha256, { code: error.code || error.kind, message: error.message });
  }
}

async function sendBatch(batch: Entry[]): Promise<void> {
  try {
    await record(batch, await api.push(batch));
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    if (batch.length === 1) return void (await refuse(batch, error));
    const middle = Math.ceil(batch.length / 2);
    await sendBatch(batch.slice(0, middle));
    await sendBatch(batch.slice(middle));
  }
}

async function refuse(batch: Entry[], { code, kind, message }: Failure): Promise<void> {
  await outbox.markEntries(new Map(batch.map(({ id }) => [id, { code: code || kind, message }])));
}

/** An entry leaves only on its own acknowledgement: what the answer does not name goes on waiting. */
async function record(batch: Entry[], results: Awaited<ReturnType<typeof api.push>>): Promise<void> {
  const asked = new Set(batch.map(({ id }) => id));
  const marks = new Map<string, { code: string; message: string } | "sent">();
  for (const { id, status, code, message } of results) {
    if (id === null || !asked.has(id)) continue;
    if (status === "stored" || status === "known") marks.set(id, "sent");
    // What came before its inspection's setup goes on waiting and is offered again.
    else if (status === "refused" && code !== "unknown_inspection") marks.set(id, { code, message });
  }
  await outbox.markEntries(marks);
}

async function exchange(inspection: string, limits: Limits, uploader: string): Promise<void> {
  try {
    await pullAll(inspection);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.kind === "forbidden" || error.kind === "refused") return; // not ours to read any more; others go on
    if (error.kind !== "changed") throw error;
    await outbox.offerAgain(inspection);
    await sendAll(limits, uploader);
    await pullAll(inspection);
  }
  if (await confirm(inspection)) {
    await sendAll(limits, uploader);
    await confirm(inspection);
  }
}

async function pullAll(inspection: string): Promise<void> {
  for (let more = true; more; ) {
    const answer = await api.pull(inspection, await outbox.cursorOf(inspection));
    await outbox.takeIn(inspection, answer.entries, answer.next);
    more = answer.more;
  }
}

/** Compares this tablet's own set with the server's; true where something must be sent again. */
async function confirm(inspection: string): Promise<boolean> {
  const asked = await outbox.sentOf(inspection);
  if (asked.entries.length + asked.evidence.length === 0) return false;
  const receipt = await api.receipt(inspection, asked.entries, asked.evidence);
  await outbox.settleReceipt(inspection, asked, receipt);
  return receipt.missing.entries.length + receipt.missing.evidence.length > 0;
}

/** How much waits on this tablet, whoever wrote it. */
export async function waitingCount(): Promise<{ entries: number; evidence: number }> {
  return reading(["entries", "evidence"], async (tx) => ({
    entries: await tx.objectStore("entries").index("state").count("saved"),
    evidence: await tx.objectStore("evidence").index("state").count("saved"),
  }));
}
