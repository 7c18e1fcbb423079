/**
 * The tablet's durable store. Rules it keeps:
 * - what is acknowledged on screen was written with strict durability and its transaction has completed;
 * - nothing that takes time (hashing, fetch) happens inside a transaction: it would close it;
 * - a lost or blocked connection is opened again, and nothing lives only in memory meanwhile;
 * - bytes are ArrayBuffers: WebKit fails to store Blobs.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";

import type { Account, Bundle, CampaignBundle, CampaignLine, Entry, InspectionLine, Receipt } from "./types";

/** saved → sent (the server acknowledged) → received (a receipt covers it); or refused; pulled: another's. */
export type EntryState = "saved" | "sent" | "received" | "refused" | "pulled";

export interface Refusal {
  code: string;
  message: string;
}

export interface StoredEntry extends Entry {
  inspection: string;
  state: EntryState;
  refusal?: Refusal;
  received_at?: string;
}

export interface StoredEvidence {
  sha256: string;
  bytes: ArrayBuffer;
  type: string;
  inspections: string[];
  /** removed: confirmed by a receipt, and its bytes were taken off the tablet when asked. */
  state: "saved" | "sent" | "received" | "refused" | "removed";
  refusal?: Refusal;
}

/** A small JPEG of a picture, so that a list never decodes what a camera made. */
export interface Thumb {
  sha256: string;
  bytes: ArrayBuffer;
}

/** What is being typed; `base` are the entries that were current when it was begun. */
export interface Draft {
  account: string;
  inspection: string;
  subject: string;
  value: unknown;
  base: string[];
  updated_at: string;
}

export interface TakenBundle {
  account: string;
  inspection: string;
  bundle: Bundle;
  taken_at: string;
}

export interface TakenCampaign {
  account: string;
  id: string;
  bundle: CampaignBundle;
  taken_at: string;
}

export interface Held {
  inspection: string;
  receipt: Receipt;
  asked: { entries: number; evidence: number };
  at: string;
}

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  entries: { key: string; value: StoredEntry; indexes: { inspection: string; state: string } };
  evidence: { key: string; value: StoredEvidence; indexes: { inspection: string; state: string } };
  drafts: { key: [string, string]; value: Draft; indexes: { inspection: [string, string] } };
  bundles: { key: [string, string]; value: TakenBundle; indexes: { account: string } };
  campaigns: { key: [string, string]; value: TakenCampaign; indexes: { account: string } };
  lists: { key: string; value: { account: string; lines: InspectionLine[]; campaigns?: CampaignLine[] } };
  cursors: { key: string; value: { inspection: string; cursor: string } };
  receipts: { key: string; value: Held };
  thumbs: { key: string; value: Thumb };
}

export type Store = StoreNames<Schema>;
type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<Schema, Store[], Mode>;

const NAME = "kiemtra-field";
const VERSION = 2;

let opening: Promise<IDBPDatabase<Schema>> | undefined;
let onBlocked = (): void => undefined;
let onWiped = (_device: string): void => undefined;

/** Called when another tab of an older version keeps the store from being opened. */
export function whenBlocked(tell: () => void): void {
  onBlocked = tell;
}

/** Called when the browser has thrown away what this tablet, named by its device, had in its store. */
export function whenWiped(tell: (device: string) => void): void {
  onWiped = tell;
}

export function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= open();
  return opening;
}

async function open(): Promise<IDBPDatabase<Schema>> {
  let isNew = false;
  try {
    const db = await openDB<Schema>(NAME, VERSION, {
      upgrade(fresh, from, _, tx) {
        upgrade(fresh, from);
        isNew = from === 0 && markedDevice() !== "";
        // With the store itself, so that it is known whichever page made it and however that ended.
        if (isNew) void tx.objectStore("meta").put(markedDevice(), "wiped");
      },
      blocked: () => onBlocked(),
      blocking: () => void closeDatabase(),
      terminated: forget,
    });
    db.addEventListener("close", forget);
    if (isNew) onWiped(known || markedDevice());
    // Another tab came first and has made the store anew.
    else if (known !== "" && (await db.get("meta", "device")) !== known) onWiped(known);
    return db;
  } catch (error) {
    forget();
    throw error;
  }
}

function upgrade(db: IDBPDatabase<Schema>, from: number): void {
  if (from < 1) {
    db.createObjectStore("meta");
    const entries = db.createObjectStore("entries", { keyPath: "id" });
    entries.createIndex("inspection", "inspection");
    entries.createIndex("state", "state");
    const evidence = db.createObjectStore("evidence", { keyPath: "sha256" });
    evidence.createIndex("inspection", "inspections", { multiEntry: true });
    evidence.createIndex("state", "state");
    const drafts = db.createObjectStore("drafts", { keyPath: ["account", "subject"] });
    drafts.createIndex("inspection", ["account", "inspection"]);
    const bundles = db.createObjectStore("bundles", { keyPath: ["account", "inspection"] });
    bundles.createIndex("account", "account");
    db.createObjectStore("lists", { keyPath: "account" });
    db.createObjectStore("cursors", { keyPath: "inspection" });
    db.createObjectStore("receipts", { keyPath: "inspection" });
  }
  if (from < 2) {
    db.createObjectStore("thumbs", { keyPath: "sha256" });
    db.createObjectStore("campaigns", { keyPath: ["account", "id"] }).createIndex("account", "account");
  }
}

/** This tablet's name as long as the page lives. */
let known = "";
const MARK = "kiemtra_tablet=";

/** Of which tablet this browser was: cookies outlive a browser's clearing up, so an empty store is not taken for a new one. */
function markedDevice(): string {
  if (typeof document === "undefined") return "";
  return document.cookie.split("; ").find((part) => part.startsWith(MARK))?.slice(MARK.length) ?? "";
}

function markDevice(device: string): void {
  if (typeof document === "undefined" || markedDevice() === device) return;
  document.cookie = `${MARK}${device}; path=/field/; max-age=34560000; samesite=strict`;
}

function forget(): void {
  opening = undefined;
}

export async function closeDatabase(): Promise<void> {
  const db = await opening?.catch(() => undefined);
  forget();
  db?.close();
}

async function begin<Mode extends IDBTransactionMode>(stores: Store[], mode: Mode): Promise<Transaction<Mode>> {
  const options: IDBTransactionOptions = { durability: "strict" };
  try {
    return (await database()).transaction(stores, mode, options);
  } catch (error) {
    // The connection was closed under us (another tab upgrades, the browser cleans up): once more, freshly.
    if (!(error instanceof DOMException) || error.name !== "InvalidStateError") throw error;
    forget();
    return (await database()).transaction(stores, mode, options);
  }
}

/** A transaction that ended because its connection was taken away; nothing of it was written. */
const TAKEN_AWAY = ["AbortError", "UnknownError", "InvalidStateError"];

/** Runs one strict transaction; resolves only when it is on disk. `work` may only await its own requests. */
export async function writing<T>(
  stores: Store[],
  work: (tx: Transaction<"readwrite">) => Promise<T> | T,
): Promise<T> {
  return twice(async () => {
    const tx = await begin(stores, "readwrite");
    try {
      const result = await work(tx);
      await tx.done;
      return result;
    } catch (error) {
      abandon(tx);
      throw tx.error ?? error;
    }
  });
}

export async function reading<T>(stores: Store[], work: (tx: Transaction<"readonly">) => Promise<T>): Promise<T> {
  return twice(async () => {
    const tx = await begin(stores, "readonly");
    try {
      const result = await work(tx);
      await tx.done;
      return result;
    } catch (error) {
      tx.done.catch(() => undefined);
      throw tx.error ?? error;
    }
  });
}

async function twice<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DOMException) || !TAKEN_AWAY.includes(error.name)) throw error;
    await closeDatabase();
    return run();
  }
}

function abandon(tx: Transaction<"readwrite">): void {
  tx.done.catch(() => undefined);
  try {
    tx.abort();
  } catch {
    // It had failed by itself: there is nothing left to undo.
  }
}

type Meta = "device" | "wiped" | "account" | "revoked" | "ended";

/** Where the last check before departure is kept. */
export const checkKey = (account: string, inspection: string): string => `ready:${account}:${inspection}`;

export async function getMeta(key: Meta): Promise<unknown> {
  return reading(["meta"], async (tx) => tx.objectStore("meta").get(key));
}

/** `undefined` forgets. */
export async function setMeta(key: Meta, value: string | Account | undefined): Promise<void> {
  await writing(["meta"], async (tx) => {
    const store = tx.objectStore("meta");
    await (value === undefined ? store.delete(key) : store.put(value, key));
  });
}

/** The tablet's own name in entries; made once. */
export async function deviceId(): Promise<string> {
  const kept = await getMeta("device");
  const device = typeof kept === "string" ? kept : await nameDevice();
  known = device;
  markDevice(device);
  return device;
}

async function nameDevice(): Promise<string> {
  return writing(["meta"], async (tx) => {
    const kept = await tx.objectStore("meta").get("device");
    if (typeof kept === "string") return kept; // another tab was quicker
    const device = crypto.randomUUID();
    await tx.objectStore("meta").put(device, "device");
    return device;
  });
}
