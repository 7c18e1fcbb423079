/**
 * The PIN of each account that has one on this tablet: kept as a PBKDF2 hash, checked without a network. A try is
 * counted durably before it is checked, so that closing the page gives nobody a free one.
 */
import { reading, writing } from "./db";
import { hex } from "./ids";
import { preference } from "./preferences";
import type { Account } from "./types";

export const MOST_TRIES = 10;
export const MIN_DIGITS = 6;
const ROUNDS = 600_000;
const LONGEST_MS = 900_000;

/** After how long without a touch the screen locks. */
export const idleMs = (): number => Number(preference("idle") ?? "10") * 60_000;

export interface Keeper {
  account: Account;
  salt: ArrayBuffer;
  rounds: number;
  hash: string;
  tries: number;
  /** When the last try was made. */
  at: number;
}

export type Tried = "open" | "wrong" | "spent" | { wait: number };

/** Milliseconds until the next try: from the third wrong one on five seconds, then three times as long each. */
export function waitMs({ tries, at }: Pick<Keeper, "tries" | "at">, now: number): number {
  const pause = tries < 3 ? 0 : Math.min(5_000 * 3 ** (tries - 3), LONGEST_MS);
  return Math.min(pause, Math.max(0, at + pause - now)); // a clock set back must not lock for days
}

const keyOf = (account: string): string => `pin:${account}`;

/** Who may open this tablet with a PIN. */
export async function keepers(): Promise<Keeper[]> {
  const found = await reading(["meta"], async (tx) => tx.objectStore("meta").getAll(IDBKeyRange.bound("pin:", "pin;")));
  return found as Keeper[];
}

async function change(account: string, work: (kept: Keeper | undefined) => Keeper | undefined): Promise<Keeper | undefined> {
  return writing(["meta"], async (tx) => {
    const store = tx.objectStore("meta");
    const made = work((await store.get(keyOf(account))) as Keeper | undefined);
    if (made) await store.put(made, keyOf(account));
    else await store.delete(keyOf(account));
    return made;
  });
}

export async function setPin(account: Account, pin: string, rounds = ROUNDS): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16)).buffer;
  const hash = await derive(pin, salt, rounds);
  await change(account.id, () => ({ account, salt, rounds, hash, tries: 0, at: 0 }));
}

export async function dropPin(account: string): Promise<void> {
  await change(account, () => undefined);
}

/** Signing in with the password makes up for wrong tries. */
export async function forgive(account: string): Promise<void> {
  await change(account, (kept) => kept && { ...kept, tries: 0 });
}

export async function tryPin(account: string, pin: string, now = Date.now()): Promise<Tried> {
  let before: Tried | undefined;
  const kept = await change(account, (keeper) => {
    if (!keeper) return undefined;
    if (keeper.tries >= MOST_TRIES) before = "spent";
    else if (waitMs(keeper, now) > 0) before = { wait: waitMs(keeper, now) };
    return before ? keeper : { ...keeper, tries: keeper.tries + 1, at: now };
  });
  if (!kept) return "spent";
  if (before) return before;
  if ((await derive(pin, kept.salt, kept.rounds)) !== kept.hash) return kept.tries >= MOST_TRIES ? "spent" : "wrong";
  await forgive(account);
  return "open";
}

async function derive(pin: string, salt: ArrayBuffer, iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return hex(new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, 256)));
}
