/** Where somebody was when the page went away while the camera was open: Android drops pages for it. */
import { reading, writing } from "./db";

/** The next day it would only be in the way. */
const KEPT_MS = 12 * 3_600_000;
const keyOf = (account: string): string => `resume:${account}`;

/** Durable before the camera opens; without a path there is nothing to come back to. */
export async function markPlace(account: string, path?: string): Promise<void> {
  await writing(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    await (path === undefined ? meta.delete(keyOf(account)) : meta.put({ path, at: Date.now() }, keyOf(account)));
  });
}

export async function markedPlace(account: string): Promise<string | undefined> {
  const kept = await reading(["meta"], async (tx) => tx.objectStore("meta").get(keyOf(account)));
  const { path, at } = (kept ?? {}) as { path?: string; at?: number };
  return path !== undefined && at !== undefined && Date.now() - at < KEPT_MS ? path : undefined;
}
