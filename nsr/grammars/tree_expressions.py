"""Makes expression nodes from the parts of grammar rules.

Each function is named after its rule or alias in `nsr.lark` and takes the values of the rule's parts. Two spellings
become one node here. Runs of `and`, of `or` and of `+` and `-` are collected in a `Chain`, so that a run of any
length takes linear time and no depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Literal, Protocol, cast

from nsr.diagnostics import Diagnostic, Severity, Span
from nsr.grammars.lexer import WORD, Token
from nsr.grammars.tables import load_tables
from nsr.language import ast
from nsr.language.ast import Expr

__all__ = ["MAX_DIGITS", "Action", "Chain", "Report", "actions", "as_truth", "citation_text"]

MAX_DIGITS = 1000
"""Most digits of a number before and after its point, written out without an exponent."""


class Report(Protocol):
    """Takes the diagnostics that are found while the tree is built."""

    def __call__(self, diagnostic: Diagnostic, /) -> None: ...


Action = Callable[[list[Any], Span, Report], Any]
_ACTIONS: dict[str, Action] = {}


def actions() -> dict[str, Action]:
    """All functions of this module by the name of their rule or alias."""
    return _ACTIONS


def _action(*names: str) -> Callable[[Action], Action]:
    def register(function: Action) -> Action:
        for name in names:
            _ACTIONS[name] = function
        return function

    return register


# Truth values

_VISIBLY_TRUE_OR_FALSE = (
    ast.Comparison,
    ast.Member,
    ast.Not,
    ast.And,
    ast.Or,
    ast.Xor,
    ast.Implies,
    ast.Iff,
    ast.Quantified,
    ast.SomeOf,
    ast.Distinct,
    ast.Truth,
)


def as_truth(expr: Expr) -> Expr:
    """`expr` where only a truth value can stand: there `&` and `|` are `and` and `or`."""
    if not isinstance(expr, ast.SetOperation):
        return expr
    operator, operands = expr.operator, []
    current: Expr = expr
    while isinstance(current, ast.SetOperation) and current.operator == operator:
        operands.append(current.right)
        current = current.left
    operands.append(current)
    return _joined(operator, reversed(operands), expr.span)


def _joined(operator: str, operands: Iterable[Expr], span: Span) -> Expr:
    flat: list[Expr] = []
    node = ast.And if operator == "&" else ast.Or
    for operand in map(as_truth, operands):
        if isinstance(operand, node):
            flat.extend(operand.args)
        else:
            flat.append(operand)
    return node(tuple(flat), span=span)


class Chain:
    """A run of `and` (with `&`), of `or` (with `|`), or of `+` and `-`, that is still growing."""

    __slots__ = ("is_word", "operands", "operator", "signs", "span")

    def __init__(self, operator: str) -> None:
        self.operator = operator
        self.operands: list[Expr] = []
        self.signs: list[Literal["+", "-"]] = []
        self.is_word = False
        self.span = ast.NO_SPAN

    def finish(self) -> Expr:
        """The node for the run; for `&` and `|` truth values when a word or an operand says so, else undecided."""
        if self.signs:
            return ast.Additive(tuple(self.operands), tuple(self.signs), span=self.span)
        if self.is_word or any(isinstance(e, _VISIBLY_TRUE_OR_FALSE) for e in self.operands):
            return _joined(self.operator, self.operands, self.span)
        result = self.operands[0]
        for operand in self.operands[1:]:
            span = Span(self.span.start, operand.span.end)
            result = ast.SetOperation(cast("Any", self.operator), result, operand, span=span)
        return result


def _chain(operator: str, is_word: bool, sign: Literal["+", "-"] | None = None) -> Action:
    def build(parts: list[Any], span: Span, report: Report) -> Chain:
        left, right = parts
        if not (isinstance(left, Chain) and left.operator == operator):
            chain = Chain(operator)
            chain.operands.append(left.finish() if isinstance(left, Chain) else left)
        else:
            chain = left
        chain.operands.append(right.finish() if isinstance(right, Chain) else right)
        chain.is_word = chain.is_word or is_word
        if sign is not None:
            chain.signs.append(sign)
        chain.span = span
        return chain

    return build


CHAIN_ACTIONS = {
    "and_": _chain("&", True),
    "ampersand": _chain("&", False),
    "or_": _chain("|", True),
    "bar": _chain("|", False),
    "add": _chain("+", False, "+"),
    "subtract": _chain("+", False, "-"),
}
_ACTIONS.update(CHAIN_ACTIONS)


@_action("xor")
def _xor(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Xor(as_truth(parts[0]), as_truth(parts[1]), span=span)


@_action("implies")
def _implies(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Implies(as_truth(parts[0]), as_truth(parts[1]), span=span)


@_action("iff")
def _iff(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Iff(as_truth(parts[0]), as_truth(parts[1]), span=span)


@_action("not_")
def _not(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Not(as_truth(parts[0]), span=span)


@_action("conditional")
def _conditional(parts: list[Any], span: Span, report: Report) -> Expr:
    condition, then, otherwise = parts
    return ast.Conditional(as_truth(condition), then, otherwise, span=span)


@_action("conditional_after")
def _conditional_after(parts: list[Any], span: Span, report: Report) -> Expr:
    then, condition, otherwise = parts
    return ast.Conditional(as_truth(condition), then, otherwise, span=span)


# Quantifiers and comprehensions


def _quantifier(kind: str) -> Action:
    def build(parts: list[Any], span: Span, report: Report) -> tuple[str, Expr | None]:
        return kind, parts[0] if parts else None

    return build


_ACTIONS.update({kind: _quantifier(kind) for kind in ("forall", "exists", "exactly", "at_least", "at_most")})


@_action("quantified")
def _quantified(parts: list[Any], span: Span, report: Report) -> Expr:
    (kind, count), binders, condition, body = parts
    return ast.Quantified(kind, count, binders, condition, as_truth(body), span=span)


@_action("some_of")
def _some_of(parts: list[Any], span: Span, report: Report) -> Expr:
    (kind, count), *args = parts
    return ast.SomeOf(kind, count, tuple(map(as_truth, args)), span=span)


@_action("binder")
def _binder(parts: list[Any], span: Span, report: Report) -> ast.Binder:
    if len(parts) == 2:
        name, domain = parts
        return ast.Binder((name,), domain, span=span)
    *names, domain = parts
    return ast.Binder(tuple(names), domain, is_tuple=True, span=span)


@_action("binders")
def _binders(parts: list[Any], span: Span, report: Report) -> tuple[ast.Binder, ...]:
    """Joins `x`, `y in T` of `x, y in T` into one binder of two names."""
    joined: list[ast.Binder] = []
    waiting: list[ast.Binder] = []

    def join(last: ast.Binder | None) -> None:
        group = [*waiting, *([last] if last else [])]
        if group:
            names = tuple(name for binder in group for name in binder.names)
            place = Span(group[0].span.start, group[-1].span.end)
            joined.append(ast.Binder(names, last.domain if last else None, span=place))
        waiting.clear()

    for binder in parts:
        if binder.is_tuple:
            join(None)
            joined.append(binder)
        elif binder.domain is None:
            waiting.append(binder)
        else:
            join(binder)
    join(None)
    return tuple(joined)


@_action("filter")
def _filter(parts: list[Any], span: Span, report: Report) -> Expr:
    return as_truth(parts[0])


@_action("generator")
def _generator(parts: list[Any], span: Span, report: Report) -> ast.Generator:
    """Joins several `for` into one: their binders in order, their filters by `and`."""
    binders = tuple(binder for group in parts[::2] for binder in group)
    filters = [condition for condition in parts[1::2] if condition is not None]
    if not filters:
        return ast.Generator(binders, span=span)
    place = Span(filters[0].span.start, filters[-1].span.end)
    joined = filters[0] if len(filters) == 1 else _joined("&", filters, place)
    return ast.Generator(binders, joined, span=span)


# Comparison and membership


def _constant(value: object) -> Action:
    return lambda parts, span, report: value


_COMPARES = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_ACTIONS.update({name: _constant(operator) for name, operator in _COMPARES.items()})


@_action("chain")
def _comparison(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Comparison(tuple(parts[::2]), tuple(parts[1::2]), span=span)


@_action("member")
def _member(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Member(parts[0], parts[1], span=span)


@_action("not_member")
def _not_member(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Member(parts[0], parts[1], is_negated=True, span=span)


# Arithmetic


def _arithmetic(operator: ast.ArithmeticOperator) -> Action:
    def build(parts: list[Any], span: Span, report: Report) -> Expr:
        return ast.Arithmetic(operator, parts[0], parts[1], span=span)

    return build


_ARITHMETIC: dict[str, ast.ArithmeticOperator] = {
    "multiply": "*",
    "divide": "/",
    "floor_divide": "//",
    "modulo": "%",
    "power": "**",
}
_ACTIONS.update({name: _arithmetic(operator) for name, operator in _ARITHMETIC.items()})


@_action("negate")
def _negate(parts: list[Any], span: Span, report: Report) -> Expr:
    """A minus sign before a number belongs to the number."""
    operand = parts[0]
    if isinstance(operand, ast.Number) and operand.value >= 0:
        return ast.Number(-operand.value, operand.is_decimal, span=span)
    return ast.Negate(operand, span=span)


# Names, numbers, values


@_action("name")
def _name(parts: list[Any], span: Span, report: Report) -> ast.Name:
    token: Token = parts[0]
    if token.kind != WORD:
        return ast.Name(token.text[1:-1], span=span)
    tables = load_tables()
    # `count` and `all` are also functions.
    if token.text in tables.keywords and token.text not in ("count", "all"):
        begins = token.text in tables.statement_keywords
        report(
            Diagnostic(
                "keyword-as-name",
                f"`{token.text}` is a word of the language"
                + (" that begins a statement; it cannot be a name" if begins else ", used here as a name"),
                span,
                Severity.ERROR if begins else Severity.WARNING,
                found="used as a name",
                help=f"take another name, or write it in backquotes: `` `{token.text}` ``",
            )
        )
    return ast.Name(token.text, span=span)


@_action("number", "integer")
def _number(parts: list[Any], span: Span, report: Report) -> ast.Number:
    text: str = parts[0].text.replace("_", "")
    if len(text) < 20 and text.isdigit():
        return ast.Number(Fraction(int(text)), span=span)
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    is_decimal = bool(exponent or decimals)
    shift = int(exponent) if len(exponent) <= 6 and exponent else 0
    digits = (whole + decimals).lstrip("0")
    # Places before and after the point when written out.
    before, after = len(digits) - len(decimals) + shift, len(decimals) - shift
    if digits and (len(exponent) > 6 or max(before, after) > MAX_DIGITS):
        report(
            Diagnostic(
                "number-too-long",
                f"a number may have at most {MAX_DIGITS} digits before and after its point",
                span,
                found="too long",
                help="measure in a larger or smaller unit",
            )
        )
        return ast.Number(Fraction(0), is_decimal, span=span)
    value = Fraction(int(digits or "0")) * Fraction(10) ** -after
    return ast.Number(value, is_decimal, span=span)


@_action("integer_one")
def _one(parts: list[Any], span: Span, report: Report) -> ast.Number:
    return ast.Number(Fraction(1), span=span)


@_action("negative_integer")
def _negative(parts: list[Any], span: Span, report: Report) -> ast.Number:
    return ast.Number(-_number(parts, span, report).value, span=span)


@_action("true")
def _true(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Truth(True, span=span)


@_action("false")
def _false(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.Truth(False, span=span)


@_action("none")
def _none(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.NoneValue(span=span)


def _split(parts: list[Any]) -> tuple[tuple[Expr, ...], ast.Generator | None]:
    if parts and isinstance(parts[-1], ast.Generator):
        return tuple(parts[:-1]), parts[-1]
    return tuple(parts), None


@_action("call")
def _call(parts: list[Any], span: Span, report: Report) -> Expr:
    function, *rest = parts
    args, generator = _split(rest)
    if not args:
        return ast.Name(function.text, span=span)
    return ast.Call(function, args, generator, span=span)


@_action("distinct")
def _distinct(parts: list[Any], span: Span, report: Report) -> Expr:
    args, generator = _split(parts)
    return ast.Distinct(args, generator, span=span)


@_action("set")
def _set(parts: list[Any], span: Span, report: Report) -> Expr:
    args, generator = _split(parts)
    return ast.SetTerm(args, generator, span=span)


@_action("list")
def _list(parts: list[Any], span: Span, report: Report) -> Expr:
    args, generator = _split(parts)
    return ast.ListTerm(args, generator, span=span)


@_action("tuple")
def _tuple(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.TupleTerm(tuple(parts), span=span)


@_action("entry")
def _entry(parts: list[Any], span: Span, report: Report) -> tuple[Expr, Expr]:
    return parts[0], parts[1]


@_action("table")
def _table(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.TableTerm(tuple(parts), span=span)


@_action("range")
def _range(parts: list[Any], span: Span, report: Report) -> Expr:
    return ast.RangeTerm(parts[0], parts[1], span=span)


def citation_text(text: str) -> str:
    """What a quoted string says: `\\"` and `\\\\` are resolved, any other backslash stands for itself."""
    inner = text[1:-1]
    if "\\" not in inner:
        return inner
    out: list[str] = []
    i = 0
    while i < len(inner):
        if inner[i] == "\\" and i + 1 < len(inner) and inner[i + 1] in '"\\':
            i += 1
        out.append(inner[i])
        i += 1
    return "".join(out)


@_action("cite")
def _cite(parts: list[Any], span: Span, report: Report) -> tuple[ast.Citation, ...]:
    return tuple(ast.Citation(citation_text(t.text), span=Span(t.start, t.end)) for t in parts)
