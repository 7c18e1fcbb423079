/** Finds out about this tablet what the green sheet judges. Every API is tried for before it is used. */
import * as api from "./api";
import { Failure } from "./api";
import { checkKey, database, reading, writing } from "./db";
import { sha256, uuid7 } from "./ids";
import { missingPacks, type Check, type Clock, type Facts, type Maybe } from "./ready";
import type { Account, SessionAnswer } from "./types";

const SCRATCH_BYTES = 1_048_576;
/** The most that `getRandomValues` gives at once. */
const RANDOM_BYTES = 65_536;
/** The worker fetches what it lacks before it answers. */
const WORKER_MS = 15_000;

export interface Asked {
  account: Account;
  inspection: string;
  /** Checklists that the setup names, the newest that the tablet knows of. */
  checklists: readonly string[];
  outdated: boolean;
}

export async function probe(asked: Asked): Promise<Facts> {
  const kept = await reading(["bundles"], async (tx) =>
    tx.objectStore("bundles").get([asked.account.id, asked.inspection]),
  );
  const [tried, server, missingFiles] = await Promise.all([tryStorage(), askServer(), filesMissing()]);
  return {
    installed: isInstalled(),
    persisted: (await navigator.storage?.persisted?.().catch(() => undefined)) ?? "unsupported",
    freeBytes: await freeBytes(),
    features: {
      worker: "serviceWorker" in navigator,
      controlled: Boolean(navigator.serviceWorker?.controller),
      strict: await isStrict(),
      subtle: hasSubtle(),
      buffers: tried.buffers,
    },
    missingPacks: missingPacks(kept?.bundle, asked.checklists),
    outdated: asked.outdated,
    missingFiles,
    clock: server.clock,
    storage: tried.storage,
    account: {
      name: asked.account.name,
      member: (kept?.bundle.functions ?? []).length > 0,
      session: sessionOf(server, asked.account),
    },
    unsent: await unsent(),
  };
}

function isInstalled(): Maybe<boolean> {
  // Safari on a tablet has a word of its own for it.
  if ((navigator as Navigator & { standalone?: boolean }).standalone === true) return true;
  return typeof matchMedia === "function" ? matchMedia("(display-mode: standalone)").matches : "unsupported";
}

/** Asks the browser to keep what is stored; false where it does not, or cannot be asked. */
export async function askPersistence(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}

async function freeBytes(): Promise<Maybe<number>> {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === undefined || usage === undefined ? "unsupported" : quota - usage;
}

function hasSubtle(): boolean {
  // Absent outside of a secure context, whatever its type says.
  return typeof (crypto.subtle as SubtleCrypto | undefined)?.digest === "function";
}

async function isStrict(): Promise<boolean> {
  const tx = (await database()).transaction("meta", "readonly", { durability: "strict" });
  await tx.done;
  return tx.durability === "strict";
}

interface Tried {
  storage: Facts["storage"];
  buffers: boolean;
}

/** Writes random bytes with a record that refers to them, reads both back, compares the hash, deletes. */
export async function tryStorage(): Promise<Tried> {
  if (!hasSubtle()) return { storage: "unsupported", buffers: false };
  const key = `scratch:${uuid7()}`;
  try {
    const bytes = randomBytes();
    const hash = await sha256(bytes);
    const record = { id: key, value: { caption: "Thử ghi: Bộ phận Một cửa", file: hash }, supersedes: [] };
    const text = JSON.stringify(record);
    await writing(["meta"], async (tx) => void (await tx.objectStore("meta").put({ bytes, record }, key)));
    const back = (await fromMeta(key)) as { bytes?: unknown; record?: unknown } | undefined;
    const buffers = back?.bytes instanceof ArrayBuffer;
    const same = buffers && (await sha256(back.bytes as ArrayBuffer)) === hash && JSON.stringify(back.record) === text;
    await removeMeta(key);
    const gone = (await fromMeta(key)) === undefined;
    return { storage: same && gone ? "ok" : { error: same ? "NotDeleted" : "NotTheSame" }, buffers };
  } catch (error) {
    await removeMeta(key).catch(() => undefined);
    return { storage: { error: error instanceof Error ? error.name : "Error" }, buffers: false };
  }
}

function randomBytes(): ArrayBuffer {
  const bytes = new Uint8Array(SCRATCH_BYTES);
  for (let at = 0; at < bytes.length; at += RANDOM_BYTES) crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES));
  return bytes.buffer;
}

async function fromMeta(key: string): Promise<unknown> {
  return reading(["meta"], async (tx) => tx.objectStore("meta").get(key));
}

async function removeMeta(key: string): Promise<void> {
  await writing(["meta"], (tx) => tx.objectStore("meta").delete(key));
}

interface Answered {
  clock: Clock;
  session: SessionAnswer | undefined;
}

/** The server's time against the tablet's in the middle of the question's way there and back. */
async function askServer(): Promise<Answered> {
  const asked = performance.now();
  try {
    const session = await api.session();
    const middle = Date.now() - (performance.now() - asked) / 2;
    const aheadMs = middle - Date.parse(session.server_time);
    return { clock: Number.isNaN(aheadMs) ? "offline" : { aheadMs }, session };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { clock: error.kind === "sign_in" ? "sign_in" : "offline", session: undefined };
  }
}

function sessionOf({ clock, session }: Answered, { id }: Account): Facts["account"]["session"] {
  if (clock === "sign_in") return "ended";
  if (!session) return "unasked";
  return session.account.id === id ? "same" : "other";
}

/** Asks the worker, which alone knows its build's list, what its cache lacks and cannot get. */
async function filesMissing(): Promise<number | "silent"> {
  const worker = (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.controller;
  if (!worker) return "silent";
  const { port1, port2 } = new MessageChannel();
  const answer = await new Promise<unknown>((done) => {
    port1.onmessage = ({ data }) => done(data);
    setTimeout(done, WORKER_MS);
    worker.postMessage("missing", [port2]);
  });
  port1.close();
  return typeof answer === "number" ? answer : "silent";
}

/** What of this tablet no server holds: not sent yet, or refused. */
async function unsent(): Promise<{ entries: number; evidence: number }> {
  return reading(["entries", "evidence"], async (tx) => {
    const entries = tx.objectStore("entries").index("state");
    const evidence = tx.objectStore("evidence").index("state");
    return {
      entries: (await entries.count("saved")) + (await entries.count("refused")),
      evidence: (await evidence.count("saved")) + (await evidence.count("refused")),
    };
  });
}

export async function keepCheck(account: string, inspection: string, check: Check): Promise<void> {
  const key = checkKey(account, inspection);
  await writing(["meta"], async (tx) => void (await tx.objectStore("meta").put(check, key)));
}
