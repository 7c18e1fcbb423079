import { describe, expect, it } from "vitest";

import table from "../../../../checklists/rule_cases.json";
import { ExpressionError } from "./expressions";
import {
  type Answer,
  applicable,
  calculate,
  checkAnswer,
  checkRow,
  checkValue,
  chosenFigures,
  derive,
  differences,
  failedChecks,
  isDossier,
  proposeVerdict,
  type RuleField,
  type RuleItem,
  withRows,
} from "./rules";

const items = table.items as unknown as Readonly<Record<string, RuleItem>>;
const everyType: RuleItem = { fields: Object.entries(table.types).map(([key, type]) => ({ key, type }) as RuleField) };

function item(name: string): RuleItem {
  const found = items[name];
  if (found === undefined) {
    throw new Error(`no item ${name} in rule_cases.json`);
  }
  return found;
}

function figures(given: object): Record<string, string> {
  return given as Record<string, string>;
}

describe("the table of cases that the server runs too", () => {
  it("is as long as promised", () => {
    expect(table.expressions.length).toBeGreaterThanOrEqual(60);
  });
  it.each(table.expressions)("$expr of $figures is $expect", (one) => {
    expect(calculate(one.expr, everyType, figures(one.figures))).toStrictEqual(one.expect);
  });
  it.each(table.refused)("refuses %j", (text) => {
    expect(() => calculate(text, everyType, {})).toThrow(ExpressionError);
  });
  it.each(table.verdicts)("proposes $expect: $name", (one) => {
    const level = one.level ?? undefined;
    const given = figures(one.figures);
    const proposed = level === undefined ? proposeVerdict(item(one.item), given) : proposeVerdict(item(one.item), given, level);
    expect(proposed).toBe(one.expect);
  });
  it.each(table.derived)("derives $expect", (one) => {
    expect(derive(item(one.item), figures(one.figures))).toStrictEqual(one.expect);
  });
  it.each(table.checks)("warns $expect of $figures", (one) => {
    expect(failedChecks(item(one.item), figures(one.figures))).toStrictEqual(one.expect);
  });
  it.each(table.rows_counted)("counts $rows rows", (one) => {
    expect(withRows(item(one.item), figures(one.figures), one.rows)).toStrictEqual(one.expect);
  });
  it.each(table.values)("finds $expect in $field.type «$text»", (one) => {
    expect(checkValue(one.field as RuleField, one.text).map(({ level }) => level)).toStrictEqual(
      one.expect === null ? [] : [one.expect],
    );
  });
  it.each(table.dossiers)("takes «$text» for a mã hồ sơ: $expect", (one) => {
    expect(isDossier(one.text)).toBe(one.expect);
  });
  it.each(table.answers)("judges an answer: $name", (one) => {
    const found = checkAnswer(item(one.item), one.value as unknown as Answer);
    expect(found.map(({ level, where }) => [level, where])).toStrictEqual(one.expect);
  });
  it.each(table.chosen)("chooses a source: $name", (one) => {
    expect(chosenFigures(one as unknown as Answer)).toStrictEqual(one.expect);
  });
  it.each(table.differences)("sees sources differ in $expect", (one) => {
    const found = differences(item(one.item), one as unknown as Answer);
    expect(found.map(({ key }) => key)).toStrictEqual(one.expect);
  });
  it.each(table.rows)("judges a row $row", (one) => {
    const found = checkRow(item(one.item), { row: figures(one.row) });
    expect(found.map(({ level, where }) => [level, where])).toStrictEqual(one.expect);
  });
  it.each(table.applicable)("asks level $level on $day: $expect", (one) => {
    expect(applicable(one, one.level, one.day)).toBe(one.expect);
  });
});
