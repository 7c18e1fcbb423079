/** The green sheet: each fact turns its own line, and nothing that is unknown passes as good. */
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";

import { reading } from "./db";
import { tryStorage } from "./probe";
import { judge, missingPacks, overall, summed, total, type Facts, type LineId, type LineState } from "./ready";
import { parsePath, pathOf } from "./route";
import type { Bundle } from "./types";

const FINE: Facts = {
  installed: true,
  persisted: true,
  freeBytes: 1e9,
  features: { worker: true, controlled: true, strict: true, subtle: true, buffers: true },
  missingPacks: [],
  outdated: false,
  missingFiles: 0,
  clock: { aheadMs: 0 },
  storage: "ok",
  account: { name: "Bình", member: true, session: "same" },
  unsent: { entries: 0, evidence: 0 },
};
const feature = (change: Partial<Facts["features"]>): Partial<Facts> => ({ features: { ...FINE.features, ...change } });
const account = (change: Partial<Facts["account"]>): Partial<Facts> => ({ account: { ...FINE.account, ...change } });

describe("the green sheet", () => {
  it("is ready where everything is in order", () => {
    const lines = judge(FINE);
    expect(lines.map(({ state }) => state)).toEqual(Array(9).fill("good"));
    expect(total(summed(lines, "2026-11-22T03:00:00Z"))).toBe("Máy sẵn sàng.");
  });

  it.each<[LineId, LineState, Partial<Facts>, string]>([
    ["installed", "advice", { installed: false }, "Thêm vào màn hình chính"],
    ["installed", "unknown", { installed: "unsupported" }, "trên trình duyệt này"],
    ["persist", "bad", { persisted: false }, "chạm nút dưới đây"],
    ["persist", "unknown", { persisted: "unsupported" }, "trên trình duyệt này"],
    ["space", "bad", { freeBytes: 199_999_999 }, "49 ảnh"],
    ["space", "bad", { freeBytes: -1 }, "0 ảnh"],
    ["space", "unknown", { freeBytes: "unsupported" }, "trên trình duyệt này"],
    ["browser", "bad", feature({ controlled: false }), "tải lại trang"],
    ["browser", "bad", feature({ worker: false, controlled: false }), "service worker"],
    ["browser", "bad", feature({ strict: false }), "strict"],
    ["browser", "bad", feature({ subtle: false }), "crypto.subtle"],
    ["browser", "bad", feature({ buffers: false }), "ArrayBuffer"],
    ["bundle", "bad", { missingPacks: ["niem-yet@1", "tthc@2"] }, "niem-yet@1, tthc@2"],
    ["bundle", "bad", { outdated: true }, "Tải lại bộ phiếu"],
    ["bundle", "bad", { missingFiles: 3 }, "3 tệp"],
    ["bundle", "bad", { missingFiles: "silent" }, "tải lại trang"],
    ["clock", "bad", { clock: { aheadMs: 121_000 } }, "nhanh 2 phút"],
    ["clock", "bad", { clock: { aheadMs: -3 * 3_600_000 } }, "chậm 3 giờ"],
    ["clock", "bad", { clock: { aheadMs: 10 * 86_400_000 } }, "nhanh 10 ngày"],
    ["clock", "unknown", { clock: "offline" }, "Không có mạng để so giờ"],
    ["clock", "unknown", { clock: "sign_in" }, "đăng nhập lại"],
    ["storage", "bad", { storage: { error: "QuotaExceededError" } }, "QuotaExceededError"],
    ["storage", "unknown", { storage: "unsupported" }, "trên trình duyệt này"],
    ["account", "bad", account({ member: false }), "Bình không phải là thành viên"],
    ["account", "bad", account({ session: "other" }), "của người khác"],
    ["account", "bad", account({ session: "ended" }), "đã hết"],
    ["sent", "bad", { unsent: { entries: 2, evidence: 1 } }, "2 ghi nhận, 1 tệp"],
  ])("%s is %s for %j", (id, state, change, words) => {
    const others = judge({ ...FINE, ...change }).filter((line) => line.state !== "good");
    expect(others.map((line) => [line.id, line.state])).toEqual([[id, state]]);
    expect(others[0]?.text).toContain(words);
  });

  it.each<[LineId, Partial<Facts>]>([
    ["space", { freeBytes: 200_000_000 }],
    ["clock", { clock: { aheadMs: 120_000 } }],
    ["clock", { clock: { aheadMs: -120_000 } }],
    ["account", account({ session: "unasked" })],
  ])("%s is still good for %j", (id, change) => {
    expect(judge({ ...FINE, ...change }).find((line) => line.id === id)?.state).toBe("good");
  });

  it("counts what is to be done, and says what could not be found out", () => {
    const lines = judge({ ...FINE, installed: false, persisted: false, storage: { error: "E" }, clock: "offline" });
    const check = summed(lines, "2026-11-22T03:00:00Z");
    expect(check).toEqual({ at: "2026-11-22T03:00:00Z", todo: 2, unknown: 1 });
    expect(total(check)).toBe("Còn 2 việc phải làm. 1 dòng không kiểm tra được.");
    expect([check, { ...check, todo: 0 }, { ...check, todo: 0, unknown: 0 }].map(overall)).toEqual(["bad", "unknown", "good"]);
    expect(total({ ...check, todo: 0 })).toBe("Máy sẵn sàng. 1 dòng không kiểm tra được.");
  });
});

it("a checklist is held only whole and at the pinned version", () => {
  const pack = (id: string, version: number, items: unknown[]): unknown => ({ id, version, items });
  const bundle = { checklists: [pack("a", 1, [1]), pack("b", 2, [1]), pack("c", 1, [])] } as unknown as Bundle;
  expect(missingPacks(bundle, ["a@1", "b@1", "c@1", "d@1"])).toEqual(["b@1", "c@1", "d@1"]);
  expect(missingPacks(undefined, ["a@1"])).toEqual(["a@1"]);
});

it("the storage test reads back what it wrote and leaves nothing", async () => {
  expect(await tryStorage()).toEqual({ storage: "ok", buffers: true });
  expect(await reading(["meta"], async (tx) => tx.objectStore("meta").getAllKeys())).toEqual([]);
});

it("the sheet has an address of its own", () => {
  const route = { name: "ready", id: "cuoc-1" } as const;
  expect(pathOf(route)).toBe("/field/inspection/cuoc-1/ready");
  expect(parsePath(pathOf(route))).toEqual(route);
});
