/**
 * What an item makes of its figures, as checklists/rules.py does on the server: proposed verdict, derived
 * figures, warnings, faults. Nothing here repairs. checklists/rule_cases.json is run against both.
 */
import {
  decimal,
  type Env,
  type Expr,
  type FieldType,
  NUMBER,
  parse,
  readDay,
  readValue,
  type Value,
  writeValue,
} from "./expressions";
import { t, type Text } from "./i18n";

/** The parts of an item's JSON that rules read; an item of a bundle is one. */
export interface RuleField {
  readonly key: string;
  readonly label?: string;
  readonly type?: FieldType;
  readonly unit?: string;
  readonly counts_rows?: boolean;
}

export interface RuleItem {
  readonly fields?: readonly RuleField[];
  readonly derived?: Readonly<Record<string, string>>;
  readonly rule?: { readonly dat: string; readonly mot_phan?: string | null } | null;
  readonly checks?: readonly { readonly expr: string; readonly text: string }[];
  readonly encouraged?: readonly string[];
  readonly rows?: readonly RuleColumn[];
}

export interface RuleColumn {
  readonly key: string;
  readonly label: string;
  readonly type?: FieldType;
  readonly dossier?: boolean;
}

export interface Reading {
  readonly value: string;
  readonly source: Source;
  readonly as_of?: string | null;
  readonly period?: { readonly start: string; readonly end: string } | null;
}

/** The parts of an answer that rules read. */
export interface Answer<R extends Reading = Reading> {
  readonly verdict?: string | null;
  readonly reason?: string;
  readonly figures?: Readonly<Record<string, readonly R[]>>;
}

export type Source = "bao_cao" | "phan_mem" | "doan_kiem_dem";
export type Figures = Readonly<Record<string, string>>;
export type Proposal = "dat" | "dat_mot_phan" | "chua_dat";

/** A fault of an answer: an error refuses it, a warning is shown and kept. */
export interface Problem {
  readonly level: "error" | "warning";
  readonly where: string;
  readonly text: string;
}

export interface Difference<R extends Reading = Reading> {
  readonly key: string;
  readonly label: string;
  readonly readings: readonly R[];
}

/** Whose figure is used where several sources give one: what the team counted comes first. */
export const PRECEDENCE: readonly Source[] = ["doan_kiem_dem", "phan_mem", "bao_cao"];

const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;
const DOSSIER = /^[A-Z0-9.]+-([0-9]{2})([0-9]{2})([0-9]{2})-[0-9]{4,}$/;
const MEASURES: ReadonlySet<string> = new Set(["m²", "m2", "điểm số", "đồng", "%"]);

function environment(item: RuleItem, figures: Figures): Map<string, Value> {
  return new Map((item.fields ?? []).map((field) => [field.key, readValue(field.type ?? "number", figures[field.key])]));
}

/** One expression over an item's figures: true, false, a number or a date as text, or null for unknown. */
export function calculate(text: string, item: RuleItem, figures: Figures): boolean | string | null {
  const value = parse(text).of(environment(item, figures));
  return typeof value === "boolean" ? value : writeValue(value);
}

/** The derived figures that can be known, as text. */
export function derive(item: RuleItem, figures: Figures): Record<string, string> {
  const env = environment(item, figures);
  const found: Record<string, string> = {};
  for (const [key, text] of Object.entries(item.derived ?? {})) {
    const shown = writeValue(parse(text).of(env));
    if (shown !== null) {
      found[key] = shown;
    }
  }
  return found;
}

/** What the rule proposes; null where there is no rule or a figure that it needs is missing. */
export function proposeVerdict(item: RuleItem, figures: Figures, level?: string): Proposal | null {
  const rule = item.rule;
  if (rule === null || rule === undefined) {
    return null;
  }
  const env = environment(item, figures);
  const trees = [rule.dat, rule.mot_phan].map((text) => (text ? parse(text) : null));
  const asked = trees.flatMap((tree) => (tree === null ? [] : [...tree.names]));
  if (asked.every((key) => (env.get(key) ?? null) === null)) {
    return null;
  }
  const verdict = ruled(trees, env);
  const onlyEncouraged = level !== undefined && (item.encouraged ?? []).includes(level);
  return verdict !== "dat" && onlyEncouraged ? null : verdict;
}

function ruled(trees: readonly (Expr | null)[], env: Env): Proposal | null {
  const verdicts: readonly Proposal[] = ["dat", "dat_mot_phan"];
  for (const [index, verdict] of verdicts.entries()) {
    const tree = trees[index] ?? null;
    if (tree === null) {
      continue;
    }
    const holds = tree.of(env);
    if (holds === null) {
      return null;
    }
    if (holds === true) {
      return verdict;
    }
  }
  return "chua_dat";
}

/** Sentences of the checks that the figures of one source do not meet: shown, never repaired. */
export function failedChecks(item: RuleItem, figures: Figures): string[] {
  const env = environment(item, figures);
  return (item.checks ?? []).filter((check) => parse(check.expr).of(env) === false).map((check) => check.text);
}

/** The figures, with those that count the table's rows taken from it where it has any. */
export function withRows(item: RuleItem, figures: Figures, rows: number): Figures {
  const counted = (item.fields ?? []).filter((field) => field.counts_rows === true && rows > 0);
  return { ...figures, ...Object.fromEntries(counted.map((field) => [field.key, String(rows)])) };
}

/** One text of each figure, by PRECEDENCE. */
export function chosenFigures(value: Answer): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, readings] of Object.entries(value.figures ?? {})) {
    const best = PRECEDENCE.flatMap((source) => readings.filter((reading) => reading.source === source))[0];
    if (best !== undefined) {
      found[key] = best.value;
    }
  }
  return found;
}

/** What one source alone says. */
export function figuresOf(value: Answer, source: Source): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, readings] of Object.entries(value.figures ?? {})) {
    for (const reading of readings) {
      if (reading.source === source) {
        found[key] = reading.value;
      }
    }
  }
  return found;
}

/** The figures whose sources differ; 12 and 12.0 are the same number. */
export function differences<R extends Reading>(item: RuleItem, value: Answer<R>): Difference<R>[] {
  return (item.fields ?? []).flatMap(({ key, label = key, type = "number" }) => {
    const readings = value.figures?.[key] ?? [];
    const values = new Set(readings.map((reading) => comparable(type, reading.value)));
    return values.size > 1 ? [{ key, label, readings }] : [];
  });
}

function comparable(type: FieldType, text: string): string {
  if ((type === "number" || type === "percent") && NUMBER.test(text)) {
    const { n, d } = decimal(text);
    return (n * (1_000_000n / d)).toString();
  }
  return text;
}

/** Every fault of an answer, in the words of the server. */
export function checkAnswer(item: RuleItem, value: Answer): Problem[] {
  const fields = item.fields ?? [];
  const known = new Set(fields.map((field) => field.key));
  const strangers = Object.keys(value.figures ?? {}).filter((key) => !known.has(key));
  return [
    ...strangers.map((key) => error(key, t("rule.strangeFigure", { key }))),
    ...fields.flatMap((field) => {
      const readings = value.figures?.[field.key] ?? [];
      return [
        ...readings.flatMap((reading) => checkValue(field, reading.value)),
        ...readingProblems(field.key, field.label ?? field.key, readings),
      ];
    }),
    ...PRECEDENCE.flatMap((source) =>
      failedChecks(item, figuresOf(value, source)).map((text) => warning(source, text)),
    ),
    ...verdictProblems(item, value),
  ];
}

function error(where: string, text: string): Problem {
  return { level: "error", where, text };
}

function warning(where: string, text: string): Problem {
  return { level: "warning", where, text };
}

function readingProblems(key: string, label: string, readings: readonly Reading[]): Problem[] {
  const found: Problem[] = [];
  if (new Set(readings.map((reading) => reading.source)).size < readings.length) {
    found.push(error(key, t("rule.twice", { label })));
  }
  for (const { as_of, period } of readings) {
    const days = [as_of, period?.start, period?.end];
    if (days.some((day) => typeof day === "string" && readDay(day) === null)) {
      found.push(error(key, t("rule.badDay", { label })));
    }
    if (period && period.start > period.end) {
      found.push(error(key, t("rule.badPeriod", { label })));
    }
  }
  return found;
}

function verdictProblems(item: RuleItem, value: Answer): Problem[] {
  if ((value.reason ?? "").trim() !== "") {
    return [];
  }
  if (value.verdict === "khong_ap_dung") {
    return [warning("reason", t("rule.whyNot"))];
  }
  const proposed = proposeVerdict(item, chosenFigures(value));
  const judged = ["dat", "dat_mot_phan", "chua_dat"].includes(value.verdict ?? "");
  return proposed !== null && judged && value.verdict !== proposed
    ? [warning("reason", t("rule.whyOther"))]
    : [];
}

/** Every fault of one row of an item's table. */
export function checkRow(item: RuleItem, value: { readonly row: Readonly<Record<string, string>> }): Problem[] {
  const columns = item.rows ?? [];
  const known = new Set(columns.map((column) => column.key));
  const strangers = Object.keys(value.row).filter((key) => !known.has(key));
  return [
    ...strangers.map((key) => error(key, t("rule.strangeColumn", { key }))),
    ...columns.flatMap((column) => cellProblems(column, value.row[column.key] ?? "")),
  ];
}

function cellProblems(column: RuleColumn, text: string): Problem[] {
  if (column.dossier === true && text !== "" && !isDossier(text)) {
    return [error(column.key, t("rule.badDossier", { label: column.label, text }))];
  }
  return checkValue({ key: column.key, label: column.label, type: column.type ?? "text" }, text);
}

/** The faults of one value of a figure or a cell; an empty one has none. */
export function checkValue(field: RuleField, text: string): Problem[] {
  if (text === "") {
    return [];
  }
  const type = field.type ?? "number";
  const parts = { label: field.label ?? field.key, text };
  const fault = valueFault(type, text);
  if (fault !== null) return [error(field.key, t(fault, parts))];
  const unit = field.unit ?? "";
  const whole = type !== "number" || unit === "" || MEASURES.has(unit) || !text.includes(".");
  return whole ? [] : [warning(field.key, t("rule.notWhole", parts))];
}

function valueFault(type: FieldType, text: string): Text | null {
  switch (type) {
    case "number":
    case "percent":
      return numberFault(type, text);
    case "date":
      return readDay(text) === null ? "rule.notDay" : null;
    case "time":
      return TIME.test(text) ? null : "rule.notTime";
    case "bool":
      return text === "true" || text === "false" ? null : "rule.notBool";
    case "text":
      return null;
  }
}

function numberFault(type: "number" | "percent", text: string): Text | null {
  if (!NUMBER.test(text)) return "rule.notNumber";
  const { n, d } = decimal(text);
  if (n < 0n) return "rule.negative";
  return type === "percent" && n > 100n * d ? "rule.over" : null;
}

/** Whether a text is a mã hồ sơ whose day of reception (YYMMDD) exists. */
export function isDossier(text: string): boolean {
  const match = DOSSIER.exec(text);
  return match !== null && readDay(`20${match[1]}-${match[2]}-${match[3]}`) !== null;
}

/** Whether an item is asked of a unit of this level for a fact of this day (ISO). */
export function applicable(
  item: {
    readonly levels: readonly string[];
    readonly valid?: { readonly from?: string | null; readonly to?: string | null } | null;
  },
  level: string,
  day: string,
): boolean {
  if (["so", "huyen", "xa"].includes(level) && !item.levels.includes(level)) {
    return false;
  }
  const from = item.valid?.from ?? null;
  const to = item.valid?.to ?? null;
  return (from === null || from <= day) && (to === null || day <= to);
}
