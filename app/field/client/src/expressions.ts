/**
 * The small declarative language of rules, as checklists/expressions.py reads it on the server.
 *
 * Rules that this file must keep: numbers are exact fractions of bigints; a missing or unreadable figure is
 * unknown (null) and nothing here throws on figures; and/or follow Kleene; a mixed or impossible operation is
 * unknown. checklists/rule_cases.json is run against both evaluators.
 */

export type FieldType = "number" | "percent" | "date" | "time" | "text" | "bool";

export interface Num {
  readonly kind: "num";
  readonly n: bigint;
  readonly d: bigint;
}
export interface Day {
  readonly kind: "day";
  readonly days: number;
  readonly iso: string;
}
export type Value = Num | Day | boolean | string | null;

type Op = "and" | "or" | Comparison | "+" | "-" | "*" | "/";
type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";
export type Expr =
  | { readonly t: "const"; readonly value: Num }
  | { readonly t: "name"; readonly key: string }
  | { readonly t: "not" | "neg"; readonly operand: Expr }
  | { readonly t: "none"; readonly operand: Expr; readonly negated: boolean }
  | { readonly t: "binary"; readonly op: Op; readonly left: Expr; readonly right: Expr };

const MAX_LENGTH = 500;
const MAX_DEPTH = 40;
export const NUMBER = /^-?[0-9]{1,15}(\.[0-9]{1,6})?$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TOKEN = /\s*(?:([0-9]+(?:\.[0-9]+)?)|([A-Za-z_][A-Za-z0-9_]*)|(<=|>=|==|!=|[-+*/<>()]))/y;
const KEYWORDS: ReadonlySet<string> = new Set(["and", "or", "not", "is", "None"]);
const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "==", "!="]);

export class ExpressionError extends Error {
  override name = "ExpressionError";
}

function tokens(text: string): string[] {
  const found: string[] = [];
  let position = 0;
  while (text.slice(position).trim() !== "") {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) {
      throw new ExpressionError(`không hiểu «${text.slice(position).trim().slice(0, 20)}» trong biểu thức «${text}»`);
    }
    found.push(match[0].trim());
    position = TOKEN.lastIndex;
  }
  return found;
}

/** One method per line of the grammar in checklists/expressions.py. */
class Parser {
  private position = 0;
  private depth = 0;
  private readonly words: readonly string[];

  constructor(private readonly text: string) {
    this.words = tokens(text);
  }

  whole(): Expr {
    const expr = this.disjunction();
    if (this.peek() !== "") {
      throw this.fail();
    }
    return expr;
  }

  private peek(): string {
    return this.words[this.position] ?? "";
  }

  private take(): string {
    const word = this.peek();
    this.position += 1;
    return word;
  }

  private fail(): ExpressionError {
    const word = this.peek();
    const place = word === "" ? "bị cụt ở cuối" : `không chờ đợi «${word}»`;
    return new ExpressionError(`biểu thức «${this.text}» ${place}`);
  }

  private disjunction(): Expr {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) {
      throw new ExpressionError(`biểu thức «${this.text.slice(0, 40)}…» lồng quá sâu`);
    }
    let left = this.conjunction();
    while (this.peek() === "or") {
      this.take();
      left = { t: "binary", op: "or", left, right: this.conjunction() };
    }
    this.depth -= 1;
    return left;
  }

  private conjunction(): Expr {
    let left = this.negation();
    while (this.peek() === "and") {
      this.take();
      left = { t: "binary", op: "and", left, right: this.negation() };
    }
    return left;
  }

  private negation(): Expr {
    let nots = 0;
    while (this.peek() === "not") {
      this.take();
      nots += 1;
    }
    let expr = this.test();
    for (; nots > 0; nots -= 1) {
      expr = { t: "not", operand: expr };
    }
    return expr;
  }

  private test(): Expr {
    const left = this.sum();
    if (COMPARISONS.has(this.peek())) {
      return { t: "binary", op: this.take() as Comparison, left, right: this.sum() };
    }
    if (this.peek() !== "is") {
      return left;
    }
    this.take();
    const negated = this.peek() === "not";
    if (negated) {
      this.take();
    }
    if (this.peek() !== "None") {
      throw this.fail();
    }
    this.take();
    return { t: "none", operand: left, negated };
  }

  private sum(): Expr {
    let left = this.term();
    while (this.peek() === "+" || this.peek() === "-") {
      left = { t: "binary", op: this.take() as "+" | "-", left, right: this.term() };
    }
    return left;
  }

  private term(): Expr {
    let left = this.sign();
    while (this.peek() === "*" || this.peek() === "/") {
      left = { t: "binary", op: this.take() as "*" | "/", left, right: this.sign() };
    }
    return left;
  }

  private sign(): Expr {
    let minuses = 0;
    while (this.peek() === "-") {
      this.take();
      minuses += 1;
    }
    let expr = this.atom();
    for (; minuses > 0; minuses -= 1) {
      expr = { t: "neg", operand: expr };
    }
    return expr;
  }

  private atom(): Expr {
    const word = this.peek();
    if (word === "(") {
      this.take();
      const expr = this.disjunction();
      if (this.peek() !== ")") {
        throw this.fail();
      }
      this.take();
      return expr;
    }
    if (/^[0-9]/.test(word)) {
      return { t: "const", value: decimal(this.take()) };
    }
    if (/^[A-Za-z_]/.test(word) && !KEYWORDS.has(word)) {
      return { t: "name", key: this.take() };
    }
    throw this.fail();
  }
}

const parsed = new Map<string, Expr>();

/** The tree of an expression; throws ExpressionError on text that is none. */
export function parse(text: string): Expr {
  const known = parsed.get(text);
  if (known !== undefined) {
    return known;
  }
  if (text.length > MAX_LENGTH) {
    throw new ExpressionError(`biểu thức dài quá ${MAX_LENGTH} ký tự`);
  }
  const expr = new Parser(text).whole();
  parsed.set(text, expr);
  return expr;
}

/** A decimal text (NUMBER) as an exact fraction. */
export function decimal(text: string): Num {
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const n = BigInt(whole + fraction);
  return { kind: "num", n: text.startsWith("-") ? -n : n, d: 10n ** BigInt(fraction.length) };
}

function ratio(n: bigint, d: bigint): Num {
  return d < 0n ? { kind: "num", n: -n, d: -d } : { kind: "num", n, d };
}

/** Days since 1970-01-01, or null for a day that is not in the calendar. */
export function readDay(text: string): Day | null {
  const match = DATE.exec(text);
  if (match === null) {
    return null;
  }
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? { kind: "day", days: Math.round(date.getTime() / 86_400_000), iso: text } : null;
}

/** A figure's text as a value of its type; what cannot be read is unknown. */
export function readValue(type: FieldType, text: string | undefined): Value {
  if (text === undefined || text === "") {
    return null;
  }
  switch (type) {
    case "number":
    case "percent":
      return NUMBER.test(text) ? decimal(text) : null;
    case "date":
      return readDay(text);
    case "bool":
      return text === "true" ? true : text === "false" ? false : null;
    default:
      return text;
  }
}

function isNum(value: Value): value is Num {
  return typeof value === "object" && value !== null && value.kind === "num";
}

function isDay(value: Value): value is Day {
  return typeof value === "object" && value !== null && value.kind === "day";
}

/** The text of a value; numbers are rounded half away from zero to two decimals. */
export function writeValue(value: Value): string | null {
  if (value === null || typeof value === "string") {
    return value;
  }
  if (typeof value === "boolean") {
    return value ? "true" : "false";
  }
  if (isDay(value)) {
    return value.iso;
  }
  const size = value.n < 0n ? -value.n : value.n;
  const hundredths = (size * 200n + value.d) / (value.d * 2n);
  const rest = hundredths % 100n;
  const tail = rest === 0n ? "" : `.${rest.toString().padStart(2, "0")}`.replace(/0$/, "");
  return `${value.n < 0n && hundredths > 0n ? "-" : ""}${hundredths / 100n}${tail}`;
}

/** The value of an expression; a name that is not in `env` is unknown. */
export function evaluate(expr: Expr, env: ReadonlyMap<string, Value>): Value {
  switch (expr.t) {
    case "const":
      return expr.value;
    case "name":
      return env.get(expr.key) ?? null;
    case "none":
      return (evaluate(expr.operand, env) === null) !== expr.negated;
    case "not": {
      const value = evaluate(expr.operand, env);
      return typeof value === "boolean" ? !value : null;
    }
    case "neg": {
      const value = evaluate(expr.operand, env);
      return isNum(value) ? ratio(-value.n, value.d) : null;
    }
    case "binary":
      return binary(expr.op, evaluate(expr.left, env), evaluate(expr.right, env));
  }
}

function binary(op: Op, left: Value, right: Value): Value {
  switch (op) {
    case "and":
    case "or":
      return logic(op, left, right);
    case "+":
    case "-":
    case "*":
    case "/":
      return arithmetic(op, left, right);
    default:
      return compare(op, left, right);
  }
}

/** Kleene: one deciding side is enough; a side that is no yes or no counts as unknown. */
function logic(op: "and" | "or", left: Value, right: Value): Value {
  const deciding = op === "or";
  if (left === deciding || right === deciding) {
    return deciding;
  }
  return left === !deciding && right === !deciding ? !deciding : null;
}

function compare(op: Comparison, left: Value, right: Value): Value {
  if (typeof left === "boolean" && typeof right === "boolean") {
    return op === "==" ? left === right : op === "!=" ? left !== right : null;
  }
  let order: number;
  if (isNum(left) && isNum(right)) {
    const difference = left.n * right.d - right.n * left.d;
    order = difference < 0n ? -1 : difference > 0n ? 1 : 0;
  } else if (isDay(left) && isDay(right)) {
    order = Math.sign(left.days - right.days);
  } else {
    return null;
  }
  switch (op) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
  }
}

function arithmetic(op: "+" | "-" | "*" | "/", left: Value, right: Value): Value {
  if (op === "-" && isDay(left) && isDay(right)) {
    return ratio(BigInt(left.days - right.days), 1n);
  }
  if (!isNum(left) || !isNum(right)) {
    return null;
  }
  switch (op) {
    case "+":
      return ratio(left.n * right.d + right.n * left.d, left.d * right.d);
    case "-":
      return ratio(left.n * right.d - right.n * left.d, left.d * right.d);
    case "*":
      return ratio(left.n * right.n, left.d * right.d);
    case "/":
      return right.n === 0n ? null : ratio(left.n * right.d, left.d * right.n);
  }
}

/** The figures an expression speaks of. */
export function* names(expr: Expr): Generator<string> {
  switch (expr.t) {
    case "name":
      yield expr.key;
      break;
    case "not":
    case "neg":
    case "none":
      yield* names(expr.operand);
      break;
    case "binary":
      yield* names(expr.left);
      yield* names(expr.right);
      break;
    case "const":
  }
}
