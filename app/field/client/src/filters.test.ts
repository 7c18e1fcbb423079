import { beforeEach, describe, expect, it } from "vitest";

import { Board } from "./board";
import type { StoredEntry } from "./db";
import { FILTERS, found, nextFound, type Filter } from "./filters";
import { parsePlace } from "./subjects";
import type { Bundle, Item } from "./types";

const item = (id: string, more: object = {}): object => ({
  id, version: 1, question: id, guidance: "", core: false, per: null, evidence: [], rows: [], applies: {}, ...more,
  fields: [{ key: "n", label: "N", type: "number" }],
});

const bundle = {
  inspection: { setup: { reported: [{ item: "a.counted", figure: "n", value: "30" }] } },
  unit: { level: "cap_xa" },
  members: [{ account: "me", name: "Tôi", functions: [], checklists: ["second"], areas: ["Tài chính"] }],
  functions: ["thanh_vien"],
  open_findings: [],
  fact_day: "2026-11-22",
  checklists: [
    { id: "first", area: "Niêm yết", items: [item("a.counted"), item("a.photo", { evidence: ["Ảnh chụp"] })] },
    { id: "second", area: "Tổ chức", items: [item("b.late"), item("b.core", { core: true })] },
    { id: "third", area: "Tổ chức", items: [item("c.money", { area: "Tài chính" }), item("c.other")] },
  ],
} as unknown as Bundle;

let board: Board;
let n = 0;

function say(subject: string, value: object, author = "me", more: Partial<StoredEntry> = {}): void {
  n += 1;
  const entry = { id: `e${n}`, subject: `inspection/i/${subject}`, v: 1, value, author, device: "d", made_at: "", supersedes: [] };
  board.add({ ...entry, inspection: "i", state: "received", ...more });
}

const counted = (value: string): object => ({ verdict: "dat", figures: { n: [{ value, source: "doan_kiem_dem" }] } });

const finds = (filter: Filter): string[] =>
  [...board.items.values()].filter((one) => found(board, one.item as Item, filter)).map((one) => one.item.id);

beforeEach(() => {
  board = new Board("i", "me", bundle);
});

describe("a filter finds", () => {
  it("what is open", () => {
    say("answer/b.late", { verdict: "khong_phat_sinh" });
    expect(finds("open")).not.toContain("b.late");
    expect(finds("open")).toHaveLength(5);
  });

  it("what failed, wholly or in part", () => {
    say("answer/a.photo", { verdict: "chua_dat" });
    say("answer/b.late", { verdict: "dat_mot_phan" });
    say("answer/b.core", { verdict: "dat" });
    expect(finds("failed")).toEqual(["b.late", "a.photo"]);
  });

  it("what needs proof and has none: where it is asked for, and every bad verdict", () => {
    say("answer/a.photo", { verdict: "dat" });
    say("answer/b.late", { verdict: "chua_dat" });
    say("answer/b.core", { verdict: "dat" });
    expect(finds("proof")).toEqual(["b.late", "a.photo"]);
    say("evidence/x", { kind: "anh", item: "a.photo" });
    expect(finds("proof")).toEqual(["b.late"]);
  });

  it("figures that differ from the unit's report or among themselves", () => {
    say("answer/a.counted", counted("30"));
    expect(finds("differs")).toEqual([]);
    say("answer/b.late", { figures: { n: [{ value: "1", source: "bao_cao" }, { value: "2", source: "phan_mem" }] } });
    expect(finds("differs")).toEqual(["b.late"]);
    say("answer/a.counted", counted("28"), "me", { supersedes: [`e${n - 1}`] });
    expect(finds("differs")).toEqual(["b.late", "a.counted"]);
  });

  it("what people disagree about, rows included, and what was refused", () => {
    say("answer/a.counted", counted("30"));
    say("answer/a.counted", counted("28"), "other");
    say("answer/c.other/r", { row: { x: "1" } });
    say("answer/c.other/r", { row: { x: "2" } }, "other");
    say("note/b.core/k", { text: "x" }, "me", { state: "refused" });
    expect(finds("disputed")).toEqual(["c.other", "a.counted"]);
    expect(finds("refused")).toEqual(["b.core"]);
    expect(board.mark(parsePlace("c.other"))).toBe("disputed");
  });

  it("one's own by checklist and by field, and their checklists come first", () => {
    expect(finds("mine").sort()).toEqual(["b.core", "b.late", "c.money"]);
    expect(board.packs.map(({ id }) => id)).toEqual(["second", "third", "first"]);
  });
});

it("the next one is found onward through all checklists and round to the first", () => {
  const next = (here: string): string | undefined => nextFound(board, "open", parsePlace(here))?.item;
  expect(nextFound(board, "open")?.item).toBe("b.core");
  expect(next("b.core")).toBe("b.late");
  expect(next("b.late")).toBe("c.money");
  expect(next("a.photo")).toBe("b.core");
  for (const id of ["b.core", "b.late", "c.money", "c.other", "a.counted"]) say(`answer/${id}`, { verdict: "dat" });
  expect(next("b.late")).toBe("a.photo");
  expect(next("a.photo")).toBeUndefined();
  expect(FILTERS.filter((filter) => filter !== "mine" && filter !== "open" && nextFound(board, filter))).toEqual([]);
});
