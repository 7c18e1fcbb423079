/** The outbox against a server that loses answers, refuses, splits and forgets: nothing is lost or doubled. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { closeDatabase, reading, writing, type StoredEntry } from "./db";
import { sha256 } from "./ids";
import { isChanged, keepDraft, makeEntry, saveEntries, saveEvidence, supersededBy } from "./journal";
import { batches, bringable, wire } from "./outbox";
import { DEFAULT_LIMITS, sync, waitingCount } from "./sync";
import type { Entry } from "./types";

interface Call {
  method: string;
  path: string;
  body: unknown;
}

const JSON_HEADERS = { "Content-Type": "application/json" };
const reply = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status, headers: JSON_HEADERS });
const problem = (status: number, code: string): Response => reply({ error: { code, message: `câu của máy chủ: ${code}` } }, status);

/** The server's side of the contract, with hooks where the network or the server misbehaves. */
class Server {
  journal = new Map<string, Entry>();
  files = new Set<string>();
  order: string[] = [];
  generation = 1;
  calls: Call[] = [];
  /** Returns an answer to give instead, or throws to lose the request. */
  before: (call: Call) => Response | undefined = () => undefined;
  /** Throws to lose the answer after the work was done. */
  after: (call: Call) => void = () => undefined;

  async fetch(path: string, options: RequestInit = {}): Promise<Response> {
    const body = typeof options.body === "string" ? JSON.parse(options.body) : options.body;
    const call = { method: options.method ?? "GET", path: path.split("?")[0] ?? "", body };
    this.calls.push(call);
    const answer = this.before(call) ?? this.work(call, new URLSearchParams(path.split("?")[1]));
    this.after(call);
    return answer;
  }

  private work({ method, path, body }: Call, query: URLSearchParams): Response {
    if (path === "/api/session") return reply({ account: { id: "an", name: "An" }, csrf_token: "t", server_time: "", version: "1" });
    if (path === "/api/sync/push") return this.push((body as { entries: Entry[] }).entries);
    if (path === "/api/sync/pull") return this.pull(query);
    if (path.startsWith("/api/tablets/")) return reply({ kept: [] });
    if (method === "PUT") return this.put(path.split("/").at(-1) ?? "");
    return this.receipt(body as { entries: string[]; evidence: string[] });
  }

  private push(entries: Entry[]): Response {
    const results = entries.map((entry) => {
      if (JSON.stringify(entry.value).includes("hỏng")) return { id: entry.id, status: "refused", code: "bad", message: "sai dạng" };
      const status = this.journal.has(entry.id) ? "known" : "stored";
      if (status === "stored") this.order.push(entry.id);
      this.journal.set(entry.id, entry);
      return { id: entry.id, status, code: "", message: "" };
    });
    return reply({ results });
  }

  private pull(query: URLSearchParams): Response {
    const [generation, from] = (query.get("after") ?? `${this.generation}:0`).split(":").map(Number);
    if (generation !== this.generation) return problem(409, "journal_changed");
    const ids = this.order.slice(from, (from ?? 0) + 2);
    const end = (from ?? 0) + ids.length;
    const entries = ids.filter((id) => this.journal.has(id)).map((id) => ({ ...this.journal.get(id), seq: 1, received_at: "2026-11-22T00:00:00Z", uploader: "an" }));
    return reply({ entries, next: `${this.generation}:${end}`, more: end < this.order.length });
  }

  private put(sha: string): Response {
    const known = this.files.has(sha);
    this.files.add(sha);
    return reply({ sha256: sha, status: "" }, known ? 200 : 201);
  }

  private receipt({ entries, evidence }: { entries: string[]; evidence: string[] }): Response {
    const missing = {
      entries: entries.filter((id) => !this.journal.has(id)),
      evidence: evidence.filter((sha) => !this.files.has(sha)),
    };
    return reply({ missing, quarantined: [], held: { entries: 0, evidence: 0 }, head: { seq: 0, hash: "" } });
  }

  wipe(): void {
    this.journal.clear();
    this.files.clear();
    this.order = [];
    this.generation += 1;
  }
}

let server: Server;

beforeEach(() => {
  server = new Server();
  vi.stubGlobal("fetch", (path: string, options?: RequestInit) => server.fetch(path, options));
});

afterEach(async () => {
  await closeDatabase();
  await new Promise((done) => {
    indexedDB.deleteDatabase("kiemtra-field").onsuccess = done;
  });
  vi.unstubAllGlobals();
});

async function say(item: string, value: unknown, supersedes: string[] = []): Promise<StoredEntry> {
  const entry = await makeEntry("an", `inspection/i/answer/${item}`, value, supersedes);
  await saveEntries([entry]);
  return entry;
}

async function photo(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text).buffer;
  const file = { sha256: await sha256(bytes), bytes, type: "image/jpeg" };
  await saveEvidence(await makeEntry("an", `inspection/i/evidence/${text}`, { kind: "anh", file: { sha256: file.sha256 } }, []), file);
  return file.sha256;
}

const run = () => sync(["i"], DEFAULT_LIMITS);
const entries = () => reading(["entries"], (tx) => tx.objectStore("entries").getAll());
const states = async (): Promise<string[]> => (await entries()).map(({ state }) => state);

describe("a sync", () => {
  it("brings entries and files, each once, and confirms them by a receipt", async () => {
    const sha = await photo("anh-1");
    for (const n of [1, 2, 3]) await say(`a.b${n}`, { n });
    expect((await run()).trouble).toBeUndefined();
    expect(server.journal.size).toBe(4);
    expect([...server.files]).toEqual([sha]);
    expect(await states()).toEqual(["received", "received", "received", "received"]);
    const file = server.calls.findIndex(({ method }) => method === "PUT");
    expect(file).toBeLessThan(server.calls.findIndex(({ path }) => path === "/api/sync/push"));
  });

  it("loses nothing and doubles nothing when answers are lost", async () => {
    await photo("anh-2");
    const made = await say("a.b", { n: 1 });
    let lost = 0;
    server.after = ({ path }) => {
      if (path !== "/api/session" && lost < 4) {
        lost += 1;
        throw new TypeError("connection reset");
      }
    };
    for (let attempt = 0; attempt < 8; attempt += 1) await run();
    expect(server.order).toHaveLength(2);
    expect(server.journal.get(made.id)).toEqual(wire(made));
    expect(await waitingCount()).toEqual({ entries: 0, evidence: 0 });
  });

  it("keeps a refused entry with its reason and sends the others", async () => {
    await say("a.bad", { text: "hỏng" });
    await say("a.good", { text: "tốt" });
    await run();
    const kept = await entries();
    expect(kept.find(({ state }) => state === "refused")?.refusal).toEqual({ code: "bad", message: "sai dạng" });
    expect(kept.filter(({ state }) => state === "received")).toHaveLength(1);
  });

  it("halves a batch that is too large down to the one that is", async () => {
    for (const n of [1, 2, 3, 4, 5]) await say(`a.b${n}`, { n });
    server.before = ({ path, body }) => {
      const sent = path === "/api/sync/push" ? (body as { entries: Entry[] }).entries : [];
      return sent.length > 2 || JSON.stringify(sent).includes('{"n":3}') ? problem(413, "too_large") : undefined;
    };
    await run();
    expect(server.journal.size).toBe(4);
    expect((await states()).filter((state) => state === "refused")).toHaveLength(1);
  });

  it("does not let a batch that the server cannot read hold up the others", async () => {
    for (const n of [1, 2, 3]) await say(`a.b${n}`, { n });
    server.before = ({ path, body }) =>
      path === "/api/sync/push" && JSON.stringify(body).includes('{"n":2}') ? problem(400, "invalid_input") : undefined;
    await run();
    expect(server.journal.size).toBe(2);
  });

  it("starts over after a restored backup and offers everything again, others' work too", async () => {
    await photo("anh-3");
    await say("a.b", { n: 1 });
    server.journal.set("of-binh", { ...wire(await makeEntry("binh", "inspection/i/answer/a.c", { n: 2 }, [])), id: "of-binh" });
    server.order.push("of-binh");
    await run();
    server.wipe();
    expect((await run()).trouble).toBeUndefined();
    expect(server.journal.size).toBe(3);
    expect(server.files.size).toBe(1);
    expect(await waitingCount()).toEqual({ entries: 0, evidence: 0 });
  });

  it("sends again what the receipt misses", async () => {
    const made = await say("a.b", { n: 1 });
    server.after = ({ path }) => {
      if (path === "/api/sync/push") {
        server.journal.delete(made.id);
        server.after = () => undefined;
      }
    };
    await run();
    expect(server.journal.has(made.id)).toBe(true);
    expect(await states()).toEqual(["received"]);
  });
});

describe("what is no answer of the server", () => {
  const cases: [string, () => Response, string][] = [
    ["401", () => problem(401, "not_signed_in"), "sign_in"],
    ["a proxy's 502", () => new Response("<html>", { status: 502 }), "server"],
    ["a portal's page with 200", () => new Response("<html>", { headers: { "Content-Type": "text/html" } }), "offline"],
    ["JSON of somebody else", () => reply({ hello: 1 }), "offline"],
    ["503 in our form", () => problem(503, "busy"), "server"],
  ];
  it.each(cases)("%s keeps everything", async (_, answer, kind) => {
    await photo("anh-4");
    await say("a.b", { n: 1 });
    for (const path of ["/api/session", "/api/evidence", "/api/sync/push"]) {
      server.before = (call) => (call.path.startsWith(path) ? answer() : undefined);
      expect((await run()).trouble?.kind).toBe(kind);
    }
    server.before = () => undefined;
    await run();
    expect(server.journal.size).toBe(2);
  });

  it("an acknowledgement of something else acknowledges nothing", async () => {
    await say("a.b", { n: 1 });
    server.before = ({ path }) =>
      path === "/api/sync/push" ? reply({ results: [{ id: "another", status: "stored", code: "", message: "" }] }) : undefined;
    await run();
    expect(await states()).toEqual(["saved"]);
  });
});

describe("whose session it is", () => {
  it("another's session brings ordinary field work, and asks the one at the tablet to sign in", async () => {
    const answer = { ...(await say("a.b", { n: 1 })), author: "binh" };
    const settled = { ...(await say("a.c", { n: 2, settled: { reason: "x" } })), author: "binh" };
    await writing(["entries"], async (tx) => void (await Promise.all([answer, settled].map((one) => tx.objectStore("entries").put(one)))));
    const { trouble } = await sync(["i"], DEFAULT_LIMITS, "binh");
    expect([trouble?.kind, trouble?.code]).toEqual(["sign_in", "other_account"]);
    expect([...server.journal.keys()]).toEqual([answer.id]);
    expect((await states()).sort()).toEqual(["saved", "sent"]);
  });

  it("nothing of an inspection goes before its maker has brought its setup", async () => {
    const answer = await say("a.b", { n: 1 });
    const setup = { ...answer, id: "s", subject: "inspection/i/setup", author: "binh" };
    expect(bringable([answer, setup], "an")).toEqual([]);
    expect(bringable([answer, setup], "binh")).toEqual([answer, setup]);
  });

  it("a tablet that was reported lost offers its entries once, and keeps them all", async () => {
    await say("a.b", { n: 1 });
    server.before = () => problem(403, "tablet_revoked");
    expect((await run()).trouble?.kind).toBe("revoked");
    await run();
    expect(server.calls.filter(({ path }) => path === "/api/sync/push")).toHaveLength(1);
    expect(await states()).toEqual(["saved"]);
    server.before = () => undefined;
    await run();
    expect(server.journal.size).toBe(1);
  });
});

describe("making entries", () => {
  it("writes text in NFC without empty parts, and ends the draft", async () => {
    const subject = "inspection/i/answer/a.b";
    await keepDraft({ account: "an", inspection: "i", subject, value: { n: 1 }, base: [], updated_at: "" });
    const made = await say("a.b", { reason: "đủ".normalize("NFD"), verdict: null, note: "" });
    expect(made.value).toEqual({ reason: "đủ" });
    expect(await reading(["drafts"], (tx) => tx.objectStore("drafts").getAll())).toEqual([]);
  });

  it("makes one entry of a draft that two tabs have before them", async () => {
    const draft = { account: "an", inspection: "i", subject: "inspection/i/answer/a.b", value: { verdict: "dat" }, base: [], updated_at: "" };
    await keepDraft(draft);
    const one = await say("a.b", { verdict: "dat" });
    const again = await saveEntries([await makeEntry("an", draft.subject, { verdict: "dat" }, [])]);
    expect(again.map(({ id }) => id)).toEqual([one.id]);
    const other = await saveEntries([await makeEntry("an", draft.subject, { verdict: "chua_dat" }, [])]);
    expect(await reading(["entries"], (tx) => tx.objectStore("entries").getAllKeys())).toEqual([one.id, other[0]?.id].sort());
  });

  it("takes the place of what was agreed, but of another's differing value never", async () => {
    const one = await say("a.b", { verdict: "dat" });
    const other = { ...(await say("a.b", { verdict: "chua_dat" })), author: "binh" };
    expect(supersededBy("an", [one])).toEqual([one.id]);
    expect(supersededBy("binh", [one])).toEqual([one.id]);
    expect(supersededBy("an", [one, other])).toEqual([one.id]);
    expect(supersededBy("chi", [one, other])).toEqual([]);
  });

  it("knows when nothing was changed", async () => {
    const one = await say("a.b", { verdict: "dat" });
    expect(isChanged({ verdict: "dat", reason: "" }, [one])).toBe(false);
    expect(isChanged({ verdict: "chua_dat" }, [one])).toBe(true);
    expect(isChanged(null, [])).toBe(false);
  });

  it("fills batches up to both limits", () => {
    const made = Array.from({ length: 5 }, (_, n) => ({ id: String(n), value: "x".repeat(50) }) as unknown as Entry);
    expect(batches(made, 2, 10_000).map((batch) => batch.length)).toEqual([2, 2, 1]);
    expect(batches(made, 500, 160).map((batch) => batch.length)).toEqual([2, 2, 1]);
    expect(batches(made, 500, 10).map((batch) => batch.length)).toEqual([1, 1, 1, 1, 1]);
  });
});
