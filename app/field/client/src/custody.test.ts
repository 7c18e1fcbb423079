/** The receipt's comparison, what the office is told, and what may leave the tablet. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Board } from "./board";
import { holdings, isWhole, report, tally } from "./custody";
import { closeDatabase, reading, writing, type StoredEntry, type StoredEvidence } from "./db";
import { sha256 } from "./ids";
import { keepDraft, makeEntry, saveEvidence } from "./journal";
import { removePhotos } from "./removal";
import { rescueFile } from "./rescue";
import type { Bundle } from "./types";

const ITEM = "niem-yet.a";
const NOBODY = new Set<string>();

function entry(id: string, state: StoredEntry["state"], sha = ""): StoredEntry {
  const subject = sha ? `inspection/c/evidence/${id}` : `inspection/c/answer/${ITEM}@mot-cua`;
  const value = sha ? { kind: "anh", item: ITEM, site: "mot-cua", caption: "Bảng", file: { sha256: sha, type: "image/jpeg", size: 5 } } : { verdict: "dat" };
  return { id, subject, v: 1, value, author: "an", device: "d", made_at: "2026-11-22T01:00:00.000Z", supersedes: [], inspection: "c", state };
}

describe("tally", () => {
  it("counts this tablet's own, pulled ones apart", () => {
    const sum = tally([entry("1", "received"), entry("2", "pulled")], new Map([["a", "received"]]), NOBODY);
    expect(sum).toEqual({ entries: 1, entriesOf: 1, files: 1, filesOf: 1, lacks: [] });
    expect(isWhole(sum)).toBe(true);
  });

  it("names what is missing by item, photos by their caption", () => {
    const entries = [entry("1", "saved"), entry("2", "sent"), entry("3", "refused"), entry("4", "received", "a"), entry("5", "received")];
    const sum = tally(entries, new Map([["a", "saved"], ["b", "removed"]]), NOBODY);
    expect([sum.entries, sum.entriesOf, sum.files, sum.filesOf]).toEqual([2, 5, 1, 2]);
    expect(sum.lacks).toEqual([{ item: ITEM, site: "mot-cua", entries: 3, files: 1, names: ["Bảng"] }]);
  });

  it("names the scan of a record by its file", () => {
    const scan = { ...entry("1", "received"), subject: "inspection/c/minutes/1", value: { scans: [{ file: { sha256: "a", type: "image/jpeg", size: 5, name: "bien-ban.jpg" } }] } };
    expect(tally([scan], new Map([["a", "saved"]]), NOBODY).lacks).toEqual([{ item: "", site: "", entries: 0, files: 1, names: ["bien-ban.jpg"] }]);
  });

  it("counts what was sent as missing until a receipt covers it", () => {
    expect(isWhole(tally([entry("1", "sent")], new Map(), NOBODY))).toBe(false);
    expect(isWhole(tally([], new Map([["a", "sent"]]), NOBODY))).toBe(false);
  });

  it("believes the newest receipt, also of a photo whose bytes are gone from here", () => {
    const sum = tally([entry("1", "received", "a")], new Map([["a", "removed"]]), new Set(["a"]));
    expect(sum.lacks).toEqual([{ item: ITEM, site: "mot-cua", entries: 0, files: 1, names: ["Bảng"] }]);
  });
});

describe("on the tablet", () => {
  const calls: { method: string; path: string; body: unknown }[] = [];
  let missing: string[] = [];
  const json = (body: unknown): Response => new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });

  beforeEach(() => {
    calls.length = 0;
    missing = [];
    vi.stubGlobal("fetch", async (path: string, options: RequestInit = {}) => {
      calls.push({ method: options.method ?? "GET", path, body: options.body ? JSON.parse(options.body as string) : undefined });
      if (path === "/api/session") return json({ account: { id: "an" }, csrf_token: "t" });
      if (path.startsWith("/api/tablets/")) return json({ kept: [] });
      return json({ missing: { entries: [], evidence: missing }, quarantined: [], held: {}, head: {} });
    });
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    await closeDatabase();
    await new Promise((done) => (indexedDB.deleteDatabase("kiemtra-field").onsuccess = done));
  });

  async function photo(state: "saved" | "received", text = "ảnh"): Promise<{ board: Board; sha: string; id: string }> {
    const bytes = new TextEncoder().encode(text).buffer;
    const sha = await sha256(bytes);
    const value = { kind: "anh", item: ITEM, file: { sha256: sha, type: "image/jpeg", size: bytes.byteLength } };
    const made = await makeEntry("an", "inspection/c/evidence/1", value, []);
    await saveEvidence(made, { sha256: sha, bytes, type: "image/jpeg" });
    await writing(["entries", "evidence"], async (tx) => {
      await tx.objectStore("entries").put({ ...made, state });
      const file = (await tx.objectStore("evidence").get(sha)) as StoredEvidence;
      await tx.objectStore("evidence").put({ ...file, state });
    });
    const board = new Board("c", "an", { unit: { level: "xa" }, members: [], checklists: [], fact_day: "2026-11-20" } as unknown as Bundle);
    board.add({ ...made, state });
    board.files.set(sha, state);
    return { board, sha, id: made.id };
  }

  const bytesOf = async (sha: string): Promise<number | undefined> =>
    (await reading(["evidence"], async (tx) => tx.objectStore("evidence").get(sha)))?.bytes.byteLength;

  it("tells the office by item what it holds, once until something changes or an hour has passed", async () => {
    const { sha, id } = await photo("saved");
    expect(await holdings()).toEqual([
      expect.objectContaining({ id: "c", drafts: 0, places: [{ place: ITEM, entries: [id], evidence: [sha] }] }),
    ]);
    const reports = (): number => calls.filter(({ path }) => path.startsWith("/api/tablets/")).length;
    const now = Date.now();
    await report("an", now);
    await report("an", now + 1000);
    expect(reports()).toBe(1);
    await report("binh", now + 1000);
    expect(reports()).toBe(2);
    await report("binh", now + 3_700_000);
    expect(reports()).toBe(3);
    await writing(["entries"], async (tx) => {
      const kept = (await tx.objectStore("entries").get(id)) as StoredEntry;
      await tx.objectStore("entries").put({ ...kept, state: "received" });
    });
    await report("binh", now + 3_701_000);
    expect(reports()).toBe(4);
  });

  it("takes photos off only against a fresh receipt; the rescue file passes them over", async () => {
    const { board, sha } = await photo("received");
    missing = [sha];
    expect(await removePhotos(board)).toBe(0);
    expect(await bytesOf(sha)).toBeGreaterThan(0);
    missing = [];
    expect(await removePhotos(board)).toBe(1);
    expect(await bytesOf(sha)).toBe(0);
    const rescue = await rescueFile("c", "an", "Xã A");
    expect([rescue.entries, rescue.evidence]).toEqual([1, 0]);
  });

  it("leaves a photo that is not confirmed, or that anybody's draft or unsent entry names", async () => {
    const { board, sha } = await photo("received");
    const draft = { account: "binh", inspection: "c", subject: "inspection/c/evidence/2", value: { file: { sha256: sha } }, base: [], updated_at: "" };
    await keepDraft(draft);
    expect(await removePhotos(board)).toBe(0);
    expect(await bytesOf(sha)).toBeGreaterThan(0);
  });

  it("takes the bytes of a removed photo in again when it is added anew", async () => {
    const { board, sha } = await photo("received");
    await removePhotos(board);
    const bytes = new TextEncoder().encode("ảnh").buffer;
    await saveEvidence(await makeEntry("an", "inspection/c/evidence/3", { kind: "anh" }, []), { sha256: sha, bytes, type: "image/jpeg" });
    expect(await bytesOf(sha)).toBe(bytes.byteLength);
  });
});
