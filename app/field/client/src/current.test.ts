import { describe, expect, it } from "vitest";

import { canonical, current, distinct } from "./current";

interface Made {
  id: string;
  value: unknown;
  supersedes: string[];
}
const entry = (id: string, supersedes: string[] = [], value: unknown = { n: id }): Made => ({ id, value, supersedes });
const ids = (entries: readonly Made[]): string[] => current(entries).map(({ id }) => id);
const settled = { settled: { reason: "đã đối chiếu" } };

describe("current", () => {
  const cases: [string, Made[], string[]][] = [
    ["one entry", [entry("a")], ["a"]],
    ["a chain", [entry("a"), entry("b", ["a"]), entry("c", ["b"])], ["c"]],
    ["the edge arrives before what it names", [entry("b", ["a"]), entry("a")], ["b"]],
    ["two tablets", [entry("a"), entry("b", ["a"]), entry("c", ["a"])], ["b", "c"]],
    ["an edge to what never came", [entry("b", ["lost"])], ["b"]],
    ["a cycle leaves all", [entry("a", ["b"]), entry("b", ["a"])], ["a", "b"]],
    ["a settled one outlives an ordinary one", [entry("a", [], settled), entry("b", ["a"])], ["a", "b"]],
    ["a settled one ends a settled one", [entry("a", [], settled), entry("b", ["a"], settled)], ["b"]],
    ["settled: null is ordinary", [entry("a", [], { settled: null }), entry("b", ["a"])], ["b"]],
  ];
  it.each(cases)("%s", (_, entries, expected) => {
    expect(ids(entries)).toEqual(expected);
    expect(ids([...entries].reverse())).toEqual(expected);
    expect(ids([...entries, ...entries])).toEqual(expected);
  });

  it("is the same in any order of arrival", () => {
    const made = [entry("a"), entry("b", ["a"]), entry("c", ["a"], settled), entry("d", ["b", "c"]), entry("e", ["zz"])];
    for (let turn = 0; turn < made.length; turn += 1) {
      made.push(made.shift() as Made);
      expect(ids(made)).toEqual(["c", "d", "e"]);
    }
  });
});

describe("equal values", () => {
  it("are equal whatever the order of keys, the form of accents, empty parts and settled", () => {
    const one = { verdict: "dat", reason: "", figures: {}, settled: { reason: "x" }, note: "Niêm yết" };
    const two = { note: "Niêm yết".normalize("NFD"), verdict: "dat" };
    expect(canonical(one)).toBe(canonical(two));
  });

  it("make no disagreement; differing ones do, and a withdrawal differs", () => {
    expect(distinct([entry("a", [], { v: 1 }), entry("b", [], { v: 1 })])).toHaveLength(1);
    expect(distinct([entry("a", [], { v: 1 }), entry("b", [], { v: 2 })])).toHaveLength(2);
    expect(distinct([entry("a", [], { v: 1 }), entry("b", [], null)])).toHaveLength(2);
  });
});
