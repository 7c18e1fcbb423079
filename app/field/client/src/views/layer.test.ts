import { describe, expect, it } from "vitest";

import type { EvidenceValue, Mark } from "../types";
import { withLayer } from "./evidence";
import { isMeant, pointIn, shapes } from "./layer";

const cover: Mark = { kind: "cover", x: 5000, y: 2500, x2: 2500, y2: 5000 };
const arrow: Mark = { kind: "arrow", x: 0, y: 0, x2: 10_000, y2: 0 };

/** The values that a template was filled with. */
const filled = (made: unknown): unknown[] => (made as { values: unknown[] }[]).flatMap(({ values }) => values);

describe("shapes", () => {
  it("are pixels of the picture, whichever corner the finger began at", () => {
    expect(filled(shapes({ width: 2000, height: 1000, layer: [cover] }))).toEqual([500, 250, 500, 250]);
  });

  it("put covers first, as the server does", () => {
    const [first] = filled(shapes({ width: 100, height: 100, layer: [arrow, cover] }));
    expect(first).toBe(25);
  });

  it("wait until the picture's size is known", () => {
    expect(Array.isArray(shapes({ layer: [cover] }))).toBe(false);
  });
});

describe("a layer in a value", () => {
  const value: EvidenceValue = { kind: "anh", layer: [cover], personal: "covered" };

  it("takes the word “covered” back when nothing is covered any more", () => {
    expect(withLayer(value, [cover, arrow]).personal).toBe("covered");
    expect(withLayer(value, [arrow]).personal).toBeNull();
    expect(withLayer({ ...value, personal: "none" }, []).personal).toBe("none");
  });

  it("never carries a lead's decision on", () => {
    expect("settled" in withLayer({ ...value, settled: { reason: "x" } }, [])).toBe(false);
  });
});

it("a point is counted in ten-thousandths and stays within the picture", () => {
  const box = { left: 10, top: 20, width: 200, height: 100 } as DOMRect;
  expect(pointIn(box, 110, 45)).toEqual({ x: 5000, y: 2500 });
  expect(pointIn(box, -5, 999)).toEqual({ x: 0, y: 10_000 });
});

it("a trembling finger draws nothing", () => {
  expect(isMeant({ ...arrow, x2: 30 })).toBe(false);
  expect(isMeant(arrow)).toBe(true);
  expect(isMeant({ kind: "text", x: 1, y: 1, text: "a" })).toBe(true);
});
