import { describe, expect, it } from "vitest";

import { bare, parseDate, parseField, parseNumber, parseTime, showField, showNumber, today } from "./format";
import { uuid7 } from "./ids";
import { sniff } from "./photo";
import { parsePath, pathOf } from "./route";
import { parseSubject } from "./subjects";

describe("numbers", () => {
  it.each([
    ["34.336", "34336"],
    ["99,56", "99.56"],
    ["99.56", "99.56"],
    ["1.234.567,8", "1234567.8"],
    [" 12 ", "12"],
    ["99,56%", "99.56"],
    ["007", "7"],
    ["0", "0"],
    ["0,50", "0.50"],
    ["-3", "-3"],
    ["", null],
    ["12,", null],
    ["1.2.3", null],
    ["ba mươi", null],
    ["1e3", null],
    ["Infinity", null],
  ])("%s is %s", (typed, stored) => expect(parseNumber(typed)).toBe(stored));

  it.each([
    ["34336", "34.336"],
    ["99.56", "99,56"],
    ["1234567.8", "1.234.567,8"],
    ["12", "12"],
  ])("%s shows as %s and reads back", (stored, shown) => {
    expect(showNumber(stored)).toBe(shown);
    expect(parseNumber(shown)).toBe(stored);
  });
});

describe("dates and times", () => {
  it.each([
    ["5/7/2022", "2022-07-05"],
    ["05072022", "2022-07-05"],
    ["2022-07-05", "2022-07-05"],
    ["29/02/2024", "2024-02-29"],
    ["29/02/2023", null],
    ["31/04/2022", null],
    ["7/2022", null],
  ])("%s is %s", (typed, iso) => expect(parseDate(typed)).toBe(iso));

  it.each([
    ["7:15", "07:15"],
    ["7h15", "07:15"],
    ["0715", "07:15"],
    ["24:00", null],
  ])("%s is %s", (typed, time) => expect(parseTime(typed)).toBe(time));

  it("the day is that of Việt Nam", () => expect(today(new Date("2026-11-21T17:30:00Z"))).toBe("2026-11-22"));
});

it("a text keeps its words in NFC", () => {
  expect(parseField("text", " Niêm yết ".normalize("NFD"))).toBe("Niêm yết");
  expect(showField("number", "12,")).toBe("12,");
});

it("a search needs no diacritics", () => expect(bare("Đường dây NÓNG")).toBe("duong day nong"));

it("ids sort by the time they were made and never repeat", () => {
  const made = Array.from({ length: 500 }, () => uuid7(1_700_000_000_000));
  expect(new Set(made).size).toBe(500);
  expect(made[0]).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuid7(1_700_000_000_001) > (made[0] ?? "")).toBe(true);
});

it.each([
  [[0xff, 0xd8, 0xff, 0xe0], "image/jpeg"],
  [[0x89, 0x50, 0x4e, 0x47], "image/png"],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], "application/pdf"],
  [[0x3c, 0x68, 0x74, 0x6d, 0x6c], undefined],
])("bytes %j are %s", (bytes, type) => expect(sniff(new Uint8Array(bytes).buffer)).toBe(type));

it.each(["/field/", "/field/inspection/a-1", "/field/inspection/a-1/pack/niem-yet", "/field/inspection/a/item/x.y@z"])(
  "%s is an address of its own",
  (path) => expect(pathOf(parsePath(path))).toBe(path),
);

it("a subject says its item, place and row", () => {
  expect(parseSubject("inspection/i/answer/a.b@c/r")).toEqual({ inspection: "i", kind: "answer", item: "a.b", site: "c", tail: "r" });
  expect(parseSubject("inspection/i/evidence/e")).toEqual({ inspection: "i", kind: "evidence", item: "", site: "", tail: "e" });
});
