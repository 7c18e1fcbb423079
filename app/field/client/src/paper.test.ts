import "./i18n/testing";

import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { moment, paperLines, shownHash } from "./paper";
import type { MinutesValue } from "./types";

interface Case {
  name: string;
  value: MinutesValue;
  shown: string;
  lines: [string, string][];
}

const cases = JSON.parse(readFileSync(new URL("../../../inspections/minutes_cases.json", import.meta.url), "utf8")) as Case[];

describe("the paper is the one that the server makes", () => {
  test.each(cases)("$name", async ({ value, lines, shown }) => {
    expect(paperLines(value)).toEqual(lines);
    expect(await shownHash(value)).toBe(shown);
  });
});

test("the hash speaks of the text, not of what was done with it", async () => {
  const value = cases[0]?.value as MinutesValue;
  const shown = await shownHash(value);
  expect(await shownHash({ ...value, printed_at: "x", covers: ["y"], read: null, signatures: [], scans: [] })).toBe(shown);
  expect(await shownHash({ ...value, unit_opinion: "Không thống nhất." })).not.toBe(shown);
});

test("a moment that is being typed leaves dots", () => {
  expect(moment("2026-11-2T8")).toBe("...... giờ ...... phút, ngày ...... tháng ...... năm ......");
  expect(moment("2026-03-09T")).toBe("...... giờ ...... phút, ngày 09 tháng 3 năm 2026");
});
