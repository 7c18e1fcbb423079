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

export type Env = ReadonlyMap<string, Value>;
type Term = (env: Env) => Value;
export interface Expr {
  /** The figures it speaks of. */
  readonly names: ReadonlySet<string>;
  /** Its value; a name that is not in `env` is unknown. */
  readonly of: Term;
}

const MAX_LENGTH = 500;
const MAX_DEPTH = 40;
export const NUMBER = /^-?[0-9]{1,15}(\.[0-9]{1,6})?$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TOKEN = /\s*(?:[0-9]+(?:\.[0-9]+)?|[A-Za-z_][A-Za-z0-9_]*|<=|>=|==|!=|[-+*/<>()])/y;
const KEYWORDS: readonly string[] = ["and", "or", "not", "is", "None"];

/** The text is no expression. The server has checked every pack, so that nobody at a tablet ever reads this. */
export class ExpressionError extends Error {}

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  for (const whole = text.trimEnd().length; TOKEN.lastIndex < whole; ) {
    const match = TOKEN.exec(text);
    if (match === null) throw new ExpressionError(text);
    found.push(match[0].trim());
  }
  return found;
}

/** The grammar in checklists/expressions.py, from its loosest operator inwards. */
class Parser {
  readonly names = new Set<string>();
  private position = 0;
  private depth = 0;
  private readonly words: readonly string[];

  constructor(private readonly text: string) {
    this.words = tokens(text);
  }

  whole(): Term {
    const term = this.disjunction();
    if (this.word !== "") throw this.fault();
    return term;
  }

  private get word(): string {
    return this.words[this.position] ?? "";
  }

  private take(): string {
    const { word } = this;
    this.position += 1;
    return word;
  }

  private skip(word: string): boolean {
    const found = this.word === word;
    if (found) this.position += 1;
    return found;
  }

  private fault(): ExpressionError {
    return new ExpressionError(this.text);
  }

  private disjunction(): Term {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw this.fault();
    const conjunction = (): Term => this.chain(["and"], () => this.prefixed("not", () => this.test()));
    const term = this.chain(["or"], conjunction);
    this.depth -= 1;
    return term;
  }

  private chain(operators: readonly string[], next: () => Term): Term {
    let left = next();
    while (operators.includes(this.word)) left = joined(this.take(), left, next());
    return left;
  }

  private prefixed(sign: "not" | "-", next: () => Term): Term {
    if (!this.skip(sign)) return next();
    const term = this.prefixed(sign, next);
    return sign === "not" ? (env) => opposite(term(env)) : (env) => negative(term(env));
  }

  private test(): Term {
    const left = this.sum();
    if (this.word in ORDERS) return joined(this.take(), left, this.sum());
    if (!this.skip("is")) return left;
    const negated = this.skip("not");
    if (!this.skip("None")) throw this.fault();
    return (env) => (left(env) === null) !== negated;
  }

  private sum(): Term {
    return this.chain(["+", "-"], () => this.chain(["*", "/"], () => this.prefixed("-", () => this.atom())));
  }

  private atom(): Term {
    if (this.skip("(")) {
      const term = this.disjunction();
      if (!this.skip(")")) throw this.fault();
      return term;
    }
    const { word } = this;
    if (/^[0-9]/.test(word)) {
      const value = decimal(this.take());
      return () => value;
    }
    if (!/^[A-Za-z_]/.test(word) || KEYWORDS.includes(word)) throw this.fault();
    this.names.add(this.take());
    return (env) => env.get(word) ?? null;
  }
}

const parsed = new Map<string, Expr>();

/** The meaning of an expression; throws ExpressionError on text that is none. */
export function parse(text: string): Expr {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  if (text.length > MAX_LENGTH) throw new ExpressionError(text);
  const parser = new Parser(text);
  const expr = { of: parser.whole(), names: parser.names };
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

function opposite(value: Value): Value {
  return typeof value === "boolean" ? !value : null;
}

function negative(value: Value): Value {
  return isNum(value) ? ratio(-value.n, value.d) : null;
}

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
};

const SUMS: Readonly<Record<string, (left: Num, right: Num) => Value>> = {
  "+": (left, right) => ratio(left.n * right.d + right.n * left.d, left.d * right.d),
  "-": (left, right) => ratio(left.n * right.d - right.n * left.d, left.d * right.d),
  "*": (left, right) => ratio(left.n * right.n, left.d * right.d),
  "/": (left, right) => (right.n === 0n ? null : ratio(left.n * right.d, left.d * right.n)),
};

function joined(op: string, left: Term, right: Term): Term {
  const ordered = ORDERS[op];
  const reckoned = SUMS[op];
  if (ordered) return (env) => compare(op, ordered, left(env), right(env));
  if (reckoned) return (env) => arithmetic(op, reckoned, left(env), right(env));
  return (env) => logic(op === "or", left(env), right(env));
}

/** Kleene: one deciding side is enough; a side that is no yes or no counts as unknown. */
function logic(deciding: boolean, left: Value, right: Value): Value {
  if (left === deciding || right === deciding) return deciding;
  return left === !deciding && right === !deciding ? !deciding : null;
}

function compare(op: string, ordered: (order: number) => boolean, left: Value, right: Value): Value {
  if (typeof left === "boolean" && typeof right === "boolean") {
    return op === "==" || op === "!=" ? ordered(left === right ? 0 : 1) : null;
  }
  if (isDay(left) && isDay(right)) return ordered(left.days - right.days);
  return isNum(left) && isNum(right) ? ordered(Number(left.n * right.d - right.n * left.d)) : null;
}

function arithmetic(op: string, reckoned: (left: Num, right: Num) => Value, left: Value, right: Value): Value {
  if (op === "-" && isDay(left) && isDay(right)) return ratio(BigInt(left.days - right.days), 1n);
  return isNum(left) && isNum(right) ? reckoned(left, right) : null;
}
