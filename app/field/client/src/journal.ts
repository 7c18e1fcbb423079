/** Entries made on this tablet: drafts become entries here, each in one strict transaction. */
import { canonical, distinct } from "./current";
import { deviceId, reading, writing, type Draft, type StoredEntry, type TakenBundle } from "./db";
import type { Board } from "./board";
import { sha256, uuid7 } from "./ids";
import { inspectionOf } from "./subjects";
import type { Account } from "./types";

/** Bytes as they will be sent, hashed before any transaction. */
export interface CapturedFile {
  sha256: string;
  bytes: ArrayBuffer;
  type: string;
}

/** Text in NFC, as the journal wants it; nulls and empty texts left out so that equal answers are equal. */
export function tidy(value: unknown): unknown {
  if (typeof value === "string") return value.normalize("NFC");
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).map(([key, part]) => [key, tidy(part)] as const);
  return Object.fromEntries(parts.filter(([, part]) => !isBlank(part)));
}

function isBlank(part: unknown): boolean {
  if (part == null || part === "") return true;
  return typeof part === "object" && Object.keys(part).length === 0;
}

/**
 * Which of the current entries a new one supersedes. Where people disagree, an ordinary entry takes the
 * place of its author's own value only: the lead alone ends a disagreement, and no value may vanish.
 */
export function supersededBy(author: string, front: readonly StoredEntry[]): string[] {
  const agreed = distinct(front).length < 2;
  return front.filter((entry) => agreed || entry.author === author).map((entry) => entry.id).sort();
}

export async function makeEntry(
  author: string,
  subject: string,
  value: unknown,
  supersedes: readonly string[],
): Promise<StoredEntry> {
  return {
    id: uuid7(),
    subject,
    v: 1,
    value: value === null ? null : tidy(value),
    author,
    device: await deviceId(),
    made_at: new Date().toISOString(),
    supersedes: [...new Set(supersedes)].sort(),
    inspection: inspectionOf(subject),
    state: "saved",
  };
}

/**
 * Puts entries and ends the drafts they came from, all or none, after earlier writes of those drafts; returns them as
 * they stand in the store. A setup brings its bundle, and takes the place of what its author had offered and the
 * server refused.
 */
export async function saveEntries(entries: readonly StoredEntry[], bundle?: TakenBundle, refused: readonly StoredEntry[] = []): Promise<StoredEntry[]> {
  for (const { author, subject } of entries) await writes.get(`${author} ${subject}`)?.catch(() => undefined);
  return writing(["entries", "drafts", "bundles"], async (tx) => {
    const store = tx.objectStore("entries");
    const drafts = tx.objectStore("drafts");
    const stored: StoredEntry[] = [];
    for (const entry of entries) {
      const draft = [entry.author, entry.subject] as [string, string];
      // The draft is gone: another tab of this tablet may have made the same entry of it, and it stands once.
      const inspection = (await drafts.get(draft)) ? [] : await store.index("inspection").getAll(entry.inspection);
      const twin = inspection.find((other) => other.state !== "refused" && alike(other) === alike(entry));
      if (!twin) await store.add(entry);
      stored.push(twin ?? entry);
      await drafts.delete(draft);
    }
    for (const { id } of refused) await store.delete(id);
    if (bundle) await tx.objectStore("bundles").put(bundle);
    return stored;
  });
}

/** What an entry says, without its id and time. */
const alike = ({ author, subject, supersedes, value }: StoredEntry): string =>
  JSON.stringify([author, subject, supersedes, value]);

/** Photo or file, its small copy and the entry that speaks of it in one transaction; then reads the bytes back. */
export async function saveEvidence(entry: StoredEntry, file: CapturedFile, thumb?: ArrayBuffer): Promise<void> {
  await writing(["entries", "evidence", "drafts", "thumbs"], async (tx) => {
    const kept = await tx.objectStore("evidence").get(file.sha256);
    const inspections = [...new Set([...(kept?.inspections ?? []), entry.inspection])];
    const whole = kept && kept.state !== "removed";
    await tx.objectStore("evidence").put(whole ? { ...kept, inspections } : { ...file, inspections, state: "saved" });
    if (thumb) await tx.objectStore("thumbs").put({ sha256: file.sha256, bytes: thumb });
    await tx.objectStore("entries").add(entry);
    await tx.objectStore("drafts").delete([entry.author, entry.subject]);
  });
  const back = await reading(["evidence"], async (tx) => tx.objectStore("evidence").get(file.sha256));
  if (back === undefined || (await sha256(back.bytes)) !== file.sha256) {
    throw new Error("what was read back is not what was written");
  }
}

const writes = new Map<string, Promise<void>>();

/** Keeps a draft at once. Writes of one subject follow each other; a failed one rejects its own caller only. */
export function keepDraft(draft: Draft): Promise<void> {
  const key = `${draft.account} ${draft.subject}`;
  const previous = writes.get(key) ?? Promise.resolve();
  const next = previous
    .catch(() => undefined)
    .then(() => writing(["drafts"], async (tx) => void (await tx.objectStore("drafts").put(draft))));
  writes.set(key, next);
  return next;
}

export async function dropDraft(account: string, subject: string): Promise<void> {
  await writes.get(`${account} ${subject}`)?.catch(() => undefined);
  await writing(["drafts"], (tx) => tx.objectStore("drafts").delete([account, subject]));
}

/** Whether a draft says anything else than what its author had in front of them. */
export function isChanged(value: unknown, front: readonly StoredEntry[]): boolean {
  const known = distinct(front);
  if (known.length === 0) return value !== null;
  return known.length > 1 || canonical(known[0]?.value) !== canonical(value);
}

/** Writes an inspection that is open in memory into a store that was emptied under it; photos' bytes cannot come back. */
export async function putBack(device: string, account: Account, board: Board): Promise<void> {
  await writing(["meta", "bundles", "entries", "drafts"], async (tx) => {
    await tx.objectStore("meta").put(device, "device");
    await tx.objectStore("meta").put(account, "account");
    const taken_at = new Date().toISOString();
    await tx.objectStore("bundles").put({ account: account.id, inspection: board.id, bundle: board.bundle, taken_at });
    for (const entry of board.all()) await tx.objectStore("entries").put(entry);
    for (const draft of board.drafts.values()) await tx.objectStore("drafts").put(draft);
  });
}
