import { describe, expect, test } from "vitest";

import { changedText, compact, recordProblem, sentence, stateOf, strokePath } from "./record";
import type { AnswerValue, Item, MinutesValue } from "./types";

const item = {
  question: "Số thủ tục niêm yết?",
  fields: [
    { key: "phai", label: "Phải niêm yết", type: "number" },
    { key: "da", label: "Đã niêm yết", type: "number" },
    { key: "ty_le", label: "Tỷ lệ", type: "percent" },
  ],
  derived: { thieu: "phai - da" },
  pass: "Niêm yết đủ {da}/{phai} thủ tục tại {mot_cua}[[, đạt {ty_le}%]].",
  shortcoming: "[[Còn thiếu {thieu} thủ tục|Còn thiếu thủ tục]] chưa niêm yết.",
  plain: { pass: "Niêm yết đầy đủ.", shortcoming: null, requirement: null, note: null },
} as unknown as Item;

function answered(figures: AnswerValue["figures"]): AnswerValue {
  return { item_version: 1, figures: figures ?? {} };
}

describe("a sentence that is proposed", () => {
  test("says whose figures it stands on", () => {
    const value = answered({ phai: [{ value: "30", source: "phan_mem" }], da: [{ value: "27", source: "phan_mem" }] });
    expect(sentence(item, true, value, { name: "" })).toBe("Theo số liệu trên phần mềm, còn thiếu 03 thủ tục chưa niêm yết");
  });

  test("names no source where several speak", () => {
    const value = answered({ phai: [{ value: "30", source: "bao_cao" }], da: [{ value: "28", source: "doan_kiem_dem" }] });
    expect(sentence(item, true, value, { name: "" })).toBe("Còn thiếu 02 thủ tục chưa niêm yết");
  });

  test("drops what is not known, and takes the unit's own terms", () => {
    const value = answered({ phai: [{ value: "30", source: "doan_kiem_dem" }], da: [{ value: "30", source: "doan_kiem_dem" }] });
    const unit = { name: "", terms: { mot_cua: "Trung tâm" } };
    expect(sentence(item, false, value, unit)).toBe("Qua kiểm tra thực tế, niêm yết đủ 30/30 thủ tục tại Trung tâm");
    expect(sentence(item, false, answered({}), unit)).toBe("Niêm yết đầy đủ");
    expect(sentence(item, true, answered({}), unit)).toBe("Còn thiếu thủ tục chưa niêm yết");
    const rate = { phai: [{ value: "30", source: "bao_cao" as const }], da: [{ value: "30", source: "bao_cao" as const }], ty_le: [{ value: "99.56", source: "bao_cao" as const }] };
    expect(sentence(item, false, answered(rate), unit)).toContain("đạt 99,56%");
  });
});

describe("strokes", () => {
  const drawn = [{ points: [{ x: 10.4, y: 20, time: 1000.5 }, { x: 20, y: 30, time: 1016 }, { x: 15, y: 31, time: 1033 }] }, { points: [{ x: 1, y: 1, time: 2000 }] }];

  test("are integers on a field 1000 wide: a start, then steps", () => {
    expect(compact(drawn, 500)).toEqual([[21, 40, 0, 19, 20, 15, -10, 2, 17], [2, 2, 0]]);
  });

  test("come back as a path; a dot stays visible", () => {
    expect(strokePath(compact(drawn, 500))).toBe("M21 40l0 0 19 20 -10 2M2 2l0 0");
  });
});

describe("a record", () => {
  const read: MinutesValue = { held_at: "x", read: { by: "An", at: "" }, shown_sha256: "a", covers: ["1"], printed_at: "x", scans: [] };

  test("is a draft again after any change of its text; signatures and scans stay", () => {
    const scans = [{ file: { sha256: "b", type: "image/png", size: 1 }, at: "", shown: "a" }];
    const changed = changedText({ ...read, scans }, { unit_opinion: "Khác" });
    expect([stateOf(read), stateOf({ ...read, scans }), stateOf(changed)]).toEqual(["printed", "scanned", "draft"]);
    expect(changed).toEqual({ held_at: "x", scans, unit_opinion: "Khác" });
  });

  test("cannot end before it begins, and its hours must be readable", () => {
    expect(recordProblem({ held_at: "x", started_at: "2026-11-20T08:00", ended_at: "2026-11-20T07:59" })).toBeDefined();
    expect(recordProblem({ held_at: "x", started_at: "2026-11-20T08:00", ended_at: "2026-11-20T" })).toBeUndefined();
    expect(recordProblem({ held_at: "x", started_at: "2026-11-20T25h" })).toBeDefined();
  });
});
