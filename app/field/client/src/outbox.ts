/** What waits to be sent and what the server said of it. Nothing is ever deleted here. */
import { unwrap } from "idb";

import { reading, writing, type Refusal, type StoredEntry, type StoredEvidence } from "./db";
import { isSettled } from "./current";
import { parseSubject } from "./subjects";
import type { Entry, PulledEntry, Receipt } from "./types";

const encoder = new TextEncoder();

/** The canonical fields of an entry: what is sent, whatever the tablet knows besides. */
export function wire({ id, subject, v, value, author, device, made_at, supersedes }: Entry): Entry {
  return { id, subject, v, value, author, device, made_at, supersedes };
}

/** Splits entries into batches that keep both limits; a single entry over the limit travels alone. */
export function batches(entries: readonly Entry[], most: number, bytes: number): Entry[][] {
  const made: Entry[][] = [];
  let batch: Entry[] = [];
  let used = 0;
  for (const entry of entries) {
    const size = encoder.encode(JSON.stringify(entry)).length + 1;
    if (batch.length > 0 && (batch.length >= most || used + size > bytes)) {
      made.push(batch);
      batch = [];
      used = 0;
    }
    batch.push(entry);
    used += size;
  }
  if (batch.length > 0) made.push(batch);
  return made;
}

export async function waitingEntries(): Promise<StoredEntry[]> {
  const waiting = await reading(["entries"], async (tx) => tx.objectStore("entries").index("state").getAll("saved"));
  // An inspection that was opened here first: what is said of it is refused until the server knows it.
  const late = ({ subject }: StoredEntry): number => Number(!subject.endsWith("/setup"));
  return waiting.sort((a, b) => late(a) - late(b));
}

export async function waitingEvidence(): Promise<string[]> {
  return reading(["evidence"], async (tx) => tx.objectStore("evidence").index("state").getAllKeys("saved"));
}

export async function evidenceBytes(sha256: string): Promise<StoredEvidence | undefined> {
  const file = await reading(["evidence"], async (tx) => tx.objectStore("evidence").get(sha256));
  return file?.state === "removed" ? undefined : file;
}

/** Records what the server said of entries; only those that are still waiting change. */
export async function markEntries(marks: ReadonlyMap<string, Refusal | "sent">): Promise<void> {
  await writing(["entries"], async (tx) => {
    for (const [id, mark] of marks) {
      const entry = await tx.objectStore("entries").get(id);
      if (entry?.state === "saved") await tx.objectStore("entries").put(marked(entry, mark));
    }
  });
}

export async function markEvidence(sha256: string, mark: Refusal | "sent"): Promise<void> {
  await writing(["evidence"], async (tx) => {
    const file = await tx.objectStore("evidence").get(sha256);
    if (file?.state === "saved") await tx.objectStore("evidence").put(marked(file, mark));
  });
}

function marked<T extends { state: string; refusal?: Refusal }>(kept: T, mark: Refusal | "sent"): T {
  return mark === "sent" ? { ...kept, state: "sent" } : { ...kept, state: "refused", refusal: mark };
}

/**
 * Takes in what others wrote, and moves the cursor in the same transaction. Thousands come at once: what is here
 * already is found by one look at the keys, and puts are not waited for one by one.
 */
export async function takeIn(inspection: string, entries: readonly PulledEntry[], cursor: string): Promise<void> {
  await writing(["entries", "cursors"], async (tx) => {
    const store = tx.objectStore("entries");
    const here = await keysAmong(store, entries);
    const add = unwrap(store);
    for (const pulled of entries) {
      const { received_at } = pulled;
      const own = here.has(pulled.id) ? await store.get(pulled.id) : undefined;
      if (own === undefined) {
        add.put({ ...wire(pulled), inspection, state: "pulled", received_at } satisfies StoredEntry);
      } else if (own.state === "saved" || own.state === "refused") {
        // It did arrive, only the answer to its push was lost.
        const { refusal: _, ...kept } = own;
        add.put({ ...kept, state: "sent", received_at } satisfies StoredEntry);
      }
    }
    await tx.objectStore("cursors").put({ inspection, cursor });
  });
}

interface Keys {
  getAllKeys(range: IDBKeyRange): Promise<string[]>;
}

/** Keys of the store between the least and the greatest id of a batch: ids begin with their time, so these are few. */
async function keysAmong(store: Keys, entries: readonly PulledEntry[]): Promise<Set<string>> {
  const ids = entries.map(({ id }) => id).sort();
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return new Set();
  return new Set(await store.getAllKeys(IDBKeyRange.bound(first, last)));
}

export async function cursorOf(inspection: string): Promise<string> {
  const kept = await reading(["cursors"], async (tx) => tx.objectStore("cursors").get(inspection));
  return kept?.cursor ?? "";
}

/** The journal there is another one now (a restored backup): starts over and offers everything kept again. */
export async function offerAgain(inspection: string): Promise<void> {
  await writing(["entries", "evidence", "cursors"], async (tx) => {
    await tx.objectStore("cursors").delete(inspection);
    for (const entry of await tx.objectStore("entries").index("inspection").getAll(inspection)) {
      if (mayOffer(entry)) await tx.objectStore("entries").put({ ...entry, state: "saved" });
    }
    for (const file of await tx.objectStore("evidence").index("inspection").getAll(inspection)) {
      if (file.state !== "refused" && file.state !== "removed") await tx.objectStore("evidence").put({ ...file, state: "saved" });
    }
  });
}

/** Own entries always; of others' only ordinary field work, which any member may bring. */
function mayOffer(entry: StoredEntry): boolean {
  return entry.state === "pulled" ? isOrdinary(entry) : entry.state !== "refused";
}

function isOrdinary({ subject, value }: Entry): boolean {
  return ["answer", "note", "evidence"].includes(parseSubject(subject).kind) && !isSettled(value);
}

/**
 * What a session of this account may bring: its own, and other members' ordinary field work; of an inspection that
 * another person opened in the field nothing before that person has brought its setup.
 */
export function bringable(waiting: readonly StoredEntry[], uploader: string): StoredEntry[] {
  const isOwn = ({ author }: Entry): boolean => author === uploader;
  const closed = new Set(waiting.filter((entry) => !isOwn(entry) && parseSubject(entry.subject).kind === "setup").map(({ inspection }) => inspection));
  return waiting.filter((entry) => (isOwn(entry) || isOrdinary(entry)) && !closed.has(entry.inspection));
}

/** Everything of an inspection that this tablet has sent and wants to hear of. */
export async function sentOf(inspection: string): Promise<{ entries: string[]; evidence: string[] }> {
  return reading(["entries", "evidence"], async (tx) => {
    const entries = await tx.objectStore("entries").index("inspection").getAll(inspection);
    const files = await tx.objectStore("evidence").index("inspection").getAll(inspection);
    const isSent = (kept: { state: string }): boolean => kept.state === "sent" || kept.state === "received";
    return {
      entries: entries.filter(isSent).map((entry) => entry.id),
      evidence: files.filter((file) => isSent(file) || file.state === "removed").map((file) => file.sha256),
    };
  });
}

/** Applies a receipt: covered ones are received, missing ones wait again, quarantined ones are refused. */
export async function settleReceipt(
  inspection: string,
  asked: { entries: string[]; evidence: string[] },
  receipt: Receipt,
): Promise<void> {
  const refused = new Map(receipt.quarantined.map(({ id, code, message }) => [id, { code, message }]));
  const missing = new Set([...receipt.missing.entries, ...receipt.missing.evidence]);
  await writing(["entries", "evidence", "receipts"], async (tx) => {
    for (const id of asked.entries) {
      const entry = await tx.objectStore("entries").get(id);
      if (entry) await tx.objectStore("entries").put(covered(entry, missing.has(id), refused.get(id)));
    }
    for (const sha of asked.evidence) {
      const file = await tx.objectStore("evidence").get(sha);
      // Removed bytes cannot be sent again: the receipt itself keeps saying that they are missing.
      if (file && file.state !== "removed") await tx.objectStore("evidence").put(covered(file, missing.has(sha), undefined));
    }
    const counts = { entries: asked.entries.length, evidence: asked.evidence.length };
    await tx.objectStore("receipts").put({ inspection, receipt, asked: counts, at: new Date().toISOString() });
  });
}

function covered<T extends { state: string; refusal?: Refusal }>(
  kept: T,
  isMissing: boolean,
  refusal: Refusal | undefined,
): T {
  if (!isMissing) return { ...kept, state: "received" };
  return refusal ? { ...kept, state: "refused", refusal } : { ...kept, state: "saved" };
}

/** The person asks to send a refused entry or file once more. */
export async function tryAgain(inspection: string): Promise<void> {
  await writing(["entries", "evidence"], async (tx) => {
    for (const name of ["entries", "evidence"] as const) {
      const store = tx.objectStore(name);
      for (const kept of await store.index("inspection").getAll(inspection)) {
        const { refusal: _, ...rest } = kept;
        if (kept.state === "refused") await store.put({ ...rest, state: "saved" } as typeof kept & StoredEntry & StoredEvidence);
      }
    }
  });
}
