/** The PIN: counted before it is checked, slower after wrong ones, and at an end after ten. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it } from "vitest";

import { closeDatabase } from "./db";
import { forgive, keepers, MOST_TRIES, setPin, tryPin, waitMs } from "./lock";

const AN = { id: "an", name: "An", role: "lead", username: "an" };
const PIN = "246810";
const HOUR = 3_600_000;

beforeEach(async () => setPin(AN, PIN, 1000));
afterEach(async () => {
  await closeDatabase();
  await new Promise((done) => (indexedDB.deleteDatabase("kiemtra-field").onsuccess = done));
});

it("opens with the right PIN and keeps no PIN as it was typed", async () => {
  expect(await tryPin("an", PIN)).toBe("open");
  expect(JSON.stringify(await keepers())).not.toContain(PIN);
  expect(await tryPin("binh", PIN)).toBe("spent");
});

it("waits longer after each wrong try, and the right one clears them", async () => {
  let now = 1_000_000;
  for (let n = 0; n < 3; n += 1) expect(await tryPin("an", "000000", now)).toBe("wrong");
  expect(await tryPin("an", PIN, now + 4_999)).toEqual({ wait: 1 });
  now += 5_000;
  expect(await tryPin("an", "000000", now)).toBe("wrong");
  expect(await tryPin("an", PIN, now + 14_999)).toEqual({ wait: 1 });
  expect(await tryPin("an", PIN, now + 15_000)).toBe("open");
  expect((await keepers())[0]?.tries).toBe(0);
});

it("ends after ten wrong tries, until somebody signs in", async () => {
  for (let n = 0; n < MOST_TRIES; n += 1) {
    expect(await tryPin("an", "000000", n * HOUR)).toBe(n === MOST_TRIES - 1 ? "spent" : "wrong");
  }
  expect(await tryPin("an", PIN, 100 * HOUR)).toBe("spent");
  await forgive("an");
  expect(await tryPin("an", PIN, 101 * HOUR)).toBe("open");
});

it("waits never longer than a quarter of an hour, whatever the clock does", () => {
  expect(waitMs({ tries: 9, at: 10 * HOUR }, 0)).toBe(900_000);
  expect(waitMs({ tries: 9, at: 0 }, HOUR)).toBe(0);
  expect(waitMs({ tries: 2, at: 0 }, 0)).toBe(0);
});
