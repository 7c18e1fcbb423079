/**
 * Current values of a subject, by the journal's own rule: an entry is superseded if another entry of the
 * same subject names it, and a settled one only if a settled one does. A cycle that leaves nothing leaves all.
 */
import type { Entry } from "./types";

type Judged = Pick<Entry, "id" | "value" | "supersedes">;

export function isSettled(value: unknown): boolean {
  return typeof value === "object" && value !== null && "settled" in value && value.settled != null;
}

/** The entries of one subject that are current, ordered by id; all given entries must be of that subject. */
export function current<E extends Judged>(entries: readonly E[]): E[] {
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const gone = new Set<string>();
  for (const entry of known.values()) {
    for (const id of entry.supersedes) {
      const older = known.get(id);
      if (older && (!isSettled(older.value) || isSettled(entry.value))) gone.add(id);
    }
  }
  const all = [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const left = all.filter((entry) => !gone.has(entry.id));
  return left.length === 0 ? all : left;
}

/** What two values are compared by: sorted keys, NFC text, without `settled` and without empty parts. */
export function canonical(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? "null";
}

function sorted(value: unknown): unknown {
  if (typeof value === "string") return value.normalize("NFC");
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value)
    .map(([key, part]) => [key, sorted(part)] as const)
    .filter(([key, part]) => key !== "settled" && !isEmpty(part));
  return Object.fromEntries(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isEmpty(part: unknown): boolean {
  if (part == null || part === "") return true;
  return typeof part === "object" && Object.keys(part).length === 0;
}

/** Entries whose values differ, one per value; a single one where people agree. */
export function distinct<E extends Judged>(entries: readonly E[]): E[] {
  if (entries.length < 2) return [...entries]; // almost always, and a list of 150 items asks many times
  const seen = new Map<string, E>();
  for (const entry of entries) {
    const key = canonical(entry.value);
    if (!seen.has(key)) seen.set(key, entry);
  }
  return [...seen.values()];
}
