/**
 * What this tablet has in its keeping: how much of its own the server has confirmed, what the office is told of the
 * rest, and what may leave the tablet. Nothing leaves but against a receipt, and against a fresh one.
 */
import * as api from "./api";
import type { Board } from "./board";
import { deviceId, reading, type StoredEntry } from "./db";
import { inspectionOf, parseSubject, placeKey, type Place } from "./subjects";
import type { EvidenceValue, MinutesValue, TabletReport } from "./types";

const EVERY_MS = 3_600_000;
export const UNSENT = ["saved", "refused"] as const;

/** What of one item at one place no receipt covers; `names` are those of its photos. */
export interface Lack extends Place {
  entries: number;
  files: number;
  names: string[];
}

export interface Tally {
  entries: number;
  entriesOf: number;
  files: number;
  filesOf: number;
  lacks: Lack[];
}

/** This tablet's own set, what it made or carries for others, against what the server has confirmed. */
export function tally(entries: readonly StoredEntry[], files: ReadonlyMap<string, string>, gone: ReadonlySet<string>): Tally {
  const isLate = (id: string, state: string): boolean => (state !== "received" && state !== "removed") || gone.has(id);
  const own = entries.filter(({ state }) => state !== "pulled");
  const missing = own.filter(({ id, state }) => isLate(id, state));
  const late = [...files].filter((file) => isLate(...file)).map(([sha]) => sha);
  const lacks = new Map<string, Lack>();
  const lack = (place: Place): Lack => gather(lacks, placeKey(place), () => ({ ...place, entries: 0, files: 0, names: [] }));
  for (const entry of missing) lack(placeOf(entry)).entries += 1;
  for (const { place, name } of named(entries, late).values()) {
    const of = lack(place);
    of.files += 1;
    of.names.push(name);
  }
  const [entriesOf, filesOf] = [own.length, files.size];
  return { entries: entriesOf - missing.length, entriesOf, files: filesOf - late.length, filesOf, lacks: [...lacks.values()] };
}

function gather<T>(into: Map<string, T>, key: string, make: () => T): T {
  const kept = into.get(key) ?? make();
  into.set(key, kept);
  return kept;
}

/** The item that an entry speaks of; evidence names it in its value. */
export function placeOf({ subject, value }: { subject: string; value: unknown }): Place {
  const { kind, item, site } = parseSubject(subject);
  if (kind === "answer" || kind === "note") return { item, site };
  const said = kind === "evidence" ? (value as EvidenceValue | null) : undefined;
  return { item: said?.item ?? "", site: said?.site ?? "" };
}

interface Named {
  place: Place;
  name: string;
}

/** Which item each of these files proves, and what it is called; a scan of a record belongs to no item. */
function named(entries: readonly StoredEntry[], files: readonly string[]): Map<string, Named> {
  const found = new Map<string, Named>(files.map((sha) => [sha, { place: { item: "", site: "" }, name: sha.slice(0, 12) }]));
  for (const entry of files.length > 0 ? entries : []) {
    const { caption, file, scans = [] } = (entry.value ?? {}) as EvidenceValue & Pick<MinutesValue, "scans">;
    for (const one of [file, ...scans.map((scan) => scan.file)]) {
      if (one && found.has(one.sha256)) found.set(one.sha256, { place: placeOf(entry), name: caption || one.name || one.sha256.slice(0, 12) });
    }
  }
  return found;
}

/** Those of the board; a receipt of another journal may lack what an older one had. */
export function tallyOf(board: Board): Tally {
  const { entries = [], evidence = [] } = board.held?.receipt.missing ?? {};
  return tally(board.all(), board.files, new Set([...entries, ...evidence]));
}

export const isWhole = ({ lacks }: Tally): boolean => lacks.length === 0;

// ---- what the office is told

let told = { text: "", at: 0 };

/** Tells the server what is on this tablet only; nothing is sent where that has not changed within the hour. */
export async function report(account: string, now = Date.now()): Promise<void> {
  const inspections = await holdings();
  const text = account + JSON.stringify(inspections);
  if (inspections.length === 0 || (text === told.text && now - told.at < EVERY_MS)) return;
  const { storage } = navigator;
  const { quota, usage } = (await storage?.estimate?.().catch(() => undefined)) ?? {};
  await api.report(await deviceId(), {
    label: /\(([^)]*)\)/.exec(navigator.userAgent)?.[1]?.replace(/^(Linux|X11); /, "").slice(0, 60) ?? "",
    version: /app-([^/]+)\.js/.exec(import.meta.url)?.[1] ?? "",
    persisted: (await storage?.persisted?.()) ?? null,
    free_bytes: quota === undefined || usage === undefined ? null : Math.max(0, quota - usage),
    inspections,
  });
  told = { text, at: now };
}

/** Per inspection on the tablet: what only the tablet has, by item. Whose it is makes no difference. */
export async function holdings(): Promise<NonNullable<TabletReport["inspections"]>> {
  return reading(["entries", "evidence", "drafts", "bundles"], async (tx) => {
    const states = tx.objectStore("entries").index("state");
    const unsent = (await Promise.all(UNSENT.map((state) => states.getAll(state)))).flat();
    const files = tx.objectStore("evidence");
    const late = new Set((await Promise.all(UNSENT.map((state) => files.index("state").getAllKeys(state)))).flat());
    const drafts = (await tx.objectStore("drafts").getAllKeys()).map(([, subject]) => inspectionOf(subject));
    const lateOf = new Map<string, string[]>();
    let cursor = late.size === 0 ? null : await files.index("inspection").openKeyCursor();
    for (; cursor; cursor = await cursor.continue()) {
      if (late.has(cursor.primaryKey)) lateOf.set(cursor.key, [...(lateOf.get(cursor.key) ?? []), cursor.primaryKey]);
    }
    const ids = new Set([...lateOf.keys(), ...(await tx.objectStore("bundles").getAllKeys()).map(([, id]) => id), ...unsent.map(({ inspection }) => inspection), ...drafts]);
    const told = [];
    for (const id of [...ids].sort()) {
      const mine = unsent.filter(({ inspection }) => inspection === id);
      const shas = lateOf.get(id) ?? [];
      const all = shas.length > 0 ? await tx.objectStore("entries").index("inspection").getAll(id) : [];
      const places = new Map<string, { place: string; entries: string[]; evidence: string[] }>();
      const at = (where: Place): { entries: string[]; evidence: string[] } => {
        const place = placeKey(where);
        return gather(places, place, () => ({ place, entries: [], evidence: [] }));
      };
      for (const entry of mine) at(placeOf(entry)).entries.push(entry.id);
      for (const [sha, { place }] of named(all, shas)) at(place).evidence.push(sha);
      const last_written = mine.map(({ made_at }) => made_at).sort().at(-1) ?? "";
      told.push({ id, last_written, drafts: drafts.filter((of) => of === id).length, places: [...places.values()] });
    }
    return told;
  });
}

