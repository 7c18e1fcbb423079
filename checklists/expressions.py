"""The small declarative language of rules, derived figures and checks.

Grammar (docs/checklists.md says it for people)::

    or    := and ("or" and)*            and  := not ("and" not)*          not := "not" not | test
    test  := sum (("<"|"<="|">"|">="|"=="|"!=") sum | "is" ["not"] "None")?
    sum   := term (("+"|"-") term)*     term := sign (("*"|"/") sign)*    sign := "-" sign | atom
    atom  := number | name | "(" or ")"

Numbers are exact fractions, so ``0.1 * 3 == 0.3``. A missing figure is unknown (``None``), and
``and``/``or`` follow Kleene: ``False and unknown`` is False, ``True and unknown`` is unknown. A date
minus a date is a number of days. Division by zero and mixed types are unknown too: the evaluator never
raises on figures, only the parser raises on text. The tablet evaluates the same texts alike
(app/field/client/src/rules.ts); checklists/rule_cases.json is run by both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from checklists.model import FieldType

Value = Fraction | date | bool | str | None

MAX_LENGTH = 500
MAX_DEPTH = 40
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|(<=|>=|==|!=|[-+*/<>()]))", re.ASCII)
KEYWORDS = frozenset({"and", "or", "not", "is", "None"})
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


class ExpressionError(ValueError):
    """The text is no expression of the language; the message is Vietnamese."""


@dataclass(frozen=True)
class Number:
    value: Fraction


@dataclass(frozen=True)
class Name:
    key: str


@dataclass(frozen=True)
class Unary:
    """``-`` or ``not``."""

    op: str
    operand: Expr


@dataclass(frozen=True)
class Binary:
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class IsNone:
    operand: Expr
    negated: bool


Expr = Number | Name | Unary | Binary | IsNone


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    while text[position:].strip():
        match = TOKEN.match(text, position)
        if match is None:
            rest = text[position:].strip()[:20]
            raise ExpressionError(f"không hiểu «{rest}» trong biểu thức «{text}»")
        found.append(match.group(0).strip())
        position = match.end()
    return found


class _Parser:
    """One method per line of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.position = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def fail(self) -> ExpressionError:
        token = self.peek()
        place = f"không chờ đợi «{token}»" if token else "bị cụt ở cuối"
        return ExpressionError(f"biểu thức «{self.text}» {place}")

    def whole(self) -> Expr:
        expr = self.disjunction()
        if self.peek():
            raise self.fail()
        return expr

    def disjunction(self) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"biểu thức «{self.text[:40]}…» lồng quá sâu")
        expr = self.conjunction()
        while self.peek() == "or":
            expr = Binary(self.take(), expr, self.conjunction())
        self.depth -= 1
        return expr

    def conjunction(self) -> Expr:
        expr = self.negation()
        while self.peek() == "and":
            expr = Binary(self.take(), expr, self.negation())
        return expr

    def negation(self) -> Expr:
        nots = 0
        while self.peek() == "not":
            self.take()
            nots += 1
        expr = self.test()
        for _ in range(nots):
            expr = Unary("not", expr)
        return expr

    def test(self) -> Expr:
        expr = self.sum()
        if self.peek() in COMPARISONS:
            return Binary(self.take(), expr, self.sum())
        if self.peek() == "is":
            self.take()
            negated = self.peek() == "not"
            if negated:
                self.take()
            if self.take() != "None":
                self.position -= 1
                raise self.fail()
            return IsNone(expr, negated)
        return expr

    def sum(self) -> Expr:
        expr = self.term()
        while self.peek() in {"+", "-"}:
            expr = Binary(self.take(), expr, self.term())
        return expr

    def term(self) -> Expr:
        expr = self.sign()
        while self.peek() in {"*", "/"}:
            expr = Binary(self.take(), expr, self.sign())
        return expr

    def sign(self) -> Expr:
        minuses = 0
        while self.peek() == "-":
            self.take()
            minuses += 1
        expr = self.atom()
        for _ in range(minuses):
            expr = Unary("-", expr)
        return expr

    def atom(self) -> Expr:
        word = self.peek()
        if word == "(":
            self.take()
            expr = self.disjunction()
            if self.peek() != ")":
                raise self.fail()
            self.take()
            return expr
        if word[:1].isdigit():
            return Number(Fraction(self.take()))
        if word and word not in KEYWORDS and (word[0].isalpha() or word[0] == "_"):
            return Name(self.take())
        raise self.fail()


@lru_cache(maxsize=4096)
def parse(text: str) -> Expr:
    """The tree of an expression.

    Raises:
        ExpressionError: the text does not follow the grammar, is too long or too deep.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"biểu thức dài quá {MAX_LENGTH} ký tự")
    return _Parser(text).whole()


def names(expr: Expr) -> Iterator[str]:
    """The figures an expression speaks of."""
    match expr:
        case Name(key):
            yield key
        case Unary(_, operand) | IsNone(operand, _):
            yield from names(operand)
        case Binary(_, left, right):
            yield from names(left)
            yield from names(right)
        case Number():
            return


def read_value(kind: FieldType, text: str | None) -> Value:
    """A figure's text as a value of its type; what cannot be read is unknown."""
    if not text:
        return None
    if kind in {FieldType.NUMBER, FieldType.PERCENT}:
        return Fraction(text) if NUMBER.fullmatch(text) else None
    if kind is FieldType.DATE:
        return read_date(text)
    if kind is FieldType.BOOL:
        return {"true": True, "false": False}.get(text)
    return text


@lru_cache(maxsize=4096)  # the same few days come in thousands of answers
def read_date(text: str) -> date | None:
    """An ISO date that exists, else None."""
    if not DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def write_value(value: Value) -> str | None:
    """The text of a value; numbers are rounded half away from zero to two decimals."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    hundredths = (abs(value.numerator) * 200 + value.denominator) // (value.denominator * 2)
    whole, rest = divmod(hundredths, 100)
    text = f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{text}" if value < 0 and hundredths else text


def evaluate(expr: Expr, env: Mapping[str, Value]) -> Value:
    """The value of an expression; a name that is not in ``env`` is unknown."""
    match expr:
        case Number(value):
            return value
        case Name(key):
            return env.get(key)
        case IsNone(operand, negated):
            return (evaluate(operand, env) is None) != negated
        case Unary(op, operand):
            return _unary(op, evaluate(operand, env))
        case Binary(op, left, right):
            return _binary(op, evaluate(left, env), evaluate(right, env))


def _unary(op: str, value: Value) -> Value:
    if op == "not":
        return not value if isinstance(value, bool) else None
    return -value if isinstance(value, Fraction) else None


def _binary(op: str, left: Value, right: Value) -> Value:
    if op in {"and", "or"}:
        return _logic(op, left, right)
    if op in COMPARISONS:
        return _compare(op, left, right)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _arithmetic(op, left, right)
    if op == "-" and isinstance(left, date) and isinstance(right, date):
        return Fraction((left - right).days)
    return None


def _logic(op: str, left: Value, right: Value) -> Value:
    """Kleene: one deciding side is enough; a side that is no yes or no counts as unknown."""
    deciding = op == "or"
    if left is deciding or right is deciding:
        return deciding
    return (not deciding) if left is (not deciding) and right is (not deciding) else None


def _compare(op: str, left: Value, right: Value) -> Value:
    if isinstance(left, bool) and isinstance(right, bool):
        return {"==": left == right, "!=": left != right}.get(op)
    order = _order(left, right)
    if order is None:
        return None
    return {
        "<": order < 0,
        "<=": order <= 0,
        ">": order > 0,
        ">=": order >= 0,
        "==": order == 0,
        "!=": order != 0,
    }[op]


def _order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 for two numbers or two dates; None for anything else."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return (left > right) - (left < right)
    if isinstance(left, date) and isinstance(right, date):
        return (left > right) - (left < right)
    return None


def _arithmetic(op: str, left: Fraction, right: Fraction) -> Value:
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    return left / right if right else None


def type_of(expr: Expr, types: Mapping[str, FieldType]) -> FieldType:
    """The type of an expression, so that a rule that can never hold is refused when it is written.

    Raises:
        ExpressionError: an undeclared figure, or an operation that its operands do not have.
    """
    match expr:
        case Number():
            return FieldType.NUMBER
        case Name(key):
            if key not in types:
                raise ExpressionError(f"«{key}» không phải là số liệu đã khai báo của mục")
            return FieldType.NUMBER if types[key] is FieldType.PERCENT else types[key]
        case IsNone(operand, _):
            type_of(operand, types)
            return FieldType.BOOL
        case Unary(op, operand):
            return _demand(op, type_of(operand, types), FieldType.BOOL if op == "not" else FieldType.NUMBER)
        case Binary(op, left, right):
            return _binary_type(op, type_of(left, types), type_of(right, types))


def _demand(op: str, found: FieldType, wanted: FieldType) -> FieldType:
    if found is not wanted:
        raise ExpressionError(f"phép «{op}» không dùng được với giá trị kiểu {found.value}")
    return found


def _binary_type(op: str, left: FieldType, right: FieldType) -> FieldType:
    if op in {"and", "or"}:
        _demand(op, left, FieldType.BOOL)
        return _demand(op, right, FieldType.BOOL)
    both_dates = left is FieldType.DATE and right is FieldType.DATE
    if op in COMPARISONS:
        both_flags = left is right is FieldType.BOOL and op in {"==", "!="}
        if not (both_dates or both_flags):
            _demand(op, left, FieldType.NUMBER)
            _demand(op, right, FieldType.NUMBER)
        return FieldType.BOOL
    if not (op == "-" and both_dates):
        _demand(op, left, FieldType.NUMBER)
        _demand(op, right, FieldType.NUMBER)
    return FieldType.NUMBER
