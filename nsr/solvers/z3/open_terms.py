"""Terms over open types in SMT-LIB 2: quantifiers over open types stay, all others are written out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias

from nsr.language import ir
from nsr.language.ir import Interval, Listed, Literal, Term, sort_of
from nsr.language.sorts import (
    BoolSort,
    Element,
    EnumSort,
    IntSort,
    OpenSort,
    RealSort,
    sort_size,
    sort_values,
)
from nsr.solvers.protocol import Gap
from nsr.solvers.z3.write import numeral, real

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nsr.language.ir import Bound, Program
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget

__all__ = ["TermWriter", "guarded", "named", "sort_text"]

MOST_ENTRIES: Final = 2000
"""Larger tables are not written out."""

_Env: TypeAlias = "Mapping[str, str]"
"""What bound variables are written as."""


_OWN_WORDS = frozenset(
    [
        "_",
        "!",
        "as",
        "let",
        "forall",
        "exists",
        "lambda",
        "choice",
        "match",
        "par",
        "true",
        "false",
        "and",
        "or",
        "xor",
        "distinct",
    ]
)


def named(name: str) -> str:
    """A symbol of SMT-LIB; what it does not allow in one becomes a number."""
    plain = "".join([c if c.isprintable() and c not in "|\\" else f"#{ord(c)}#" for c in name])
    # Z3 takes these for its own words even between bars; no other name ends with a blank.
    return f"|{plain} |" if plain in _OWN_WORDS else f"|{plain}|"


def sort_text(sort: Sort) -> str:
    """A sort of SMT-LIB."""
    match sort:
        case BoolSort():
            return "Bool"
        case OpenSort(name):
            return named(name)
        case EnumSort() | IntSort():
            return "Int"
        case RealSort():
            return "Real"
        case _:
            raise Gap((f"values of {sort} beside open types",))


def guarded(sort: Sort, text: str) -> list[str]:
    """What makes a number a value of the sort."""
    match sort:
        case EnumSort(_, elements):
            return [f"(<= 0 {text} {len(elements) - 1})"]
        case IntSort(low, high):
            return _between(low, high, text)
        case RealSort(low, high, is_low_open, is_high_open):
            parts = [] if low is None else [f"({'<' if is_low_open else '<='} {real(low)} {text})"]
            return parts + ([] if high is None else [f"({'<' if is_high_open else '<='} {text} {real(high)})"])
        case _:
            return []


def _between(low: int | None, high: int | None, text: str) -> list[str]:
    parts = [] if low is None else [f"(<= {numeral(low)} {text})"]
    return parts + ([] if high is None else [f"(<= {text} {numeral(high)})"])


class TermWriter:
    """Writes formulas and values; whatever can be undefined is refused."""

    def __init__(self, program: Program, budget: Budget) -> None:
        self._program = program
        self._budget = budget
        self.found: set[OpenSort] = set()
        self.has_numbers = False

    def formula(self, term: Term, env: _Env) -> str:
        """A truth value."""
        self._budget.spend()
        match term:
            case ir.And(args):
                return f"(and true {' '.join([self.formula(arg, env) for arg in args])})"
            case ir.Or(args):
                return f"(or false {' '.join([self.formula(arg, env) for arg in args])})"
            case ir.Not(arg):
                return f"(not {self.formula(arg, env)})"
            case ir.Implies(left, right):
                return f"(=> {self.formula(left, env)} {self.formula(right, env)})"
            case ir.Iff(left, right):
                return f"(= {self.formula(left, env)} {self.formula(right, env)})"
            case ir.Xor(left, right):
                return f"(xor {self.formula(left, env)} {self.formula(right, env)})"
            case ir.Quantified("exists", binders, body):
                return self.exists(binders, env, lambda inner: self.formula(body, inner))
            case ir.Quantified(_, binders, body):
                return f"(not {self.exists(binders, env, lambda inner: f'(not {self.formula(body, inner)})')})"
            case ir.Equal(left, right):
                return f"(= {self._pair(left, right, env)})"
            case ir.Less(left, right):
                return f"(< {self._pair(left, right, env)})"
            case ir.LessEqual(left, right):
                return f"(<= {self._pair(left, right, env)})"
            case ir.AllDifferent(args):
                pairs = [ir.Not(ir.Equal(a, b)) for i, a in enumerate(args) for b in args[i + 1 :]]
                return self.formula(ir.And(tuple(pairs)), env)
            case ir.Conditional(condition, then, otherwise):
                parts = [self.formula(part, env) for part in (condition, then, otherwise)]
                return f"(ite {' '.join(parts)})"
            case _:
                return self.value(term, env)

    def value(self, term: Term, env: _Env) -> str:
        """A value of any sort."""
        return self._typed(term, env)[0]

    def exists(self, binders: Sequence[Bound], env: _Env, body: Callable[[_Env], str]) -> str:
        """Some values of the variables make the body true; finite ones are written out."""
        if not binders:
            return body(env)
        first, rest = binders[0], binders[1:]
        variable = first.variable
        if isinstance(variable.sort, OpenSort) and first.domain is None:
            self.found.add(variable.sort)
            inner = {**env, variable.name: named(variable.name)}
            inside = self.exists(rest, inner, body)
            return f"(exists (({named(variable.name)} {sort_text(variable.sort)})) {inside})"
        cases = [self.exists(rest, {**env, variable.name: text}, body) for text in self._domain(first, env)]
        return f"(or false {' '.join(cases)})"

    def _domain(self, bound: Bound, env: _Env) -> Iterator[str]:
        sort = bound.variable.sort
        match bound.domain:
            case None:
                if sort_size(sort) is None:
                    raise Gap((f"variables of {sort} beside open types",))
                values: Sequence[Term] = [Literal(value, sort) for value in sort_values(sort)]
            case Interval(Literal(low), Literal(high)) if isinstance(low, int) and isinstance(high, int):
                values = [ir.integer(value) for value in range(low, high + 1)]
            case Listed(listed):
                values = listed
            case _:
                raise Gap(("ranges that depend on unknowns beside open types",))
        for value in values:
            self._budget.spend()
            yield self.value(value, env)

    def _pair(self, left: Term, right: Term, env: _Env) -> str:
        return " ".join(self._aligned([self._typed(left, env), self._typed(right, env)]))

    def _aligned(self, parts: Sequence[tuple[str, bool]]) -> list[str]:
        if any(is_real for _, is_real in parts):
            return [text if is_real else f"(to_real {text})" for text, is_real in parts]
        return [text for text, _ in parts]

    def _typed(self, term: Term, env: _Env) -> tuple[str, bool]:
        """A value, and whether it is a real."""
        self._budget.spend()
        self.has_numbers |= not isinstance(sort_of(term), BoolSort | OpenSort)
        match term:
            case Literal(value, sort):
                return self._literal(value, sort)
            case ir.Variable(name, sort):
                return env[name], isinstance(sort, RealSort)
            case ir.Apply(symbol, args, sort):
                return self._apply(symbol, args, env), isinstance(sort, RealSort)
            case ir.PositionOf(arg):
                return f"(+ 1 {self.value(arg, env)})", False
            case ir.FromTruth(arg):
                return f"(ite {self.formula(arg, env)} 1 0)", False
            case ir.Sum(args):
                return self._operation("+", args, "0", env)
            case ir.Product(args):
                return self._operation("*", args, "1", env)
            case ir.Negate(arg):
                text, is_real = self._typed(arg, env)
                return f"(- {text})", is_real
            case ir.Absolute(arg):
                text, is_real = self._typed(arg, env)
                return f"(ite (< {text} 0) (- {text}) {text})", is_real
            case ir.Conditional(condition, then, otherwise) if not isinstance(sort_of(term), BoolSort):
                parts = [self._typed(then, env), self._typed(otherwise, env)]
                texts = self._aligned(parts)
                return f"(ite {self.formula(condition, env)} {texts[0]} {texts[1]})", any(r for _, r in parts)
            case _ if isinstance(sort_of(term), BoolSort) and _is_formula(term):
                return self.formula(term, env), False
            case _:
                raise Gap((f"terms of the kind {type(term).__name__} beside open types",))

    def _literal(self, value: Value, sort: Sort) -> tuple[str, bool]:
        match value:
            case bool():
                return ("true" if value else "false"), False
            case Element() if isinstance(sort, OpenSort):
                self.found.add(sort)
                return named(f"{sort.name} {value.name}"), False
            case Element():
                return str(value.index), False
            case int():
                return numeral(value), False
            case Fraction():
                return numeral(value), True
            case _:
                raise Gap(("sets and `none` beside open types",))

    def _operation(self, operator: str, args: Sequence[Term], neutral: str, env: _Env) -> tuple[str, bool]:
        parts = [(neutral, False), *[self._typed(arg, env) for arg in args]]
        return f"({operator} {' '.join(self._aligned(parts))})", any(is_real for _, is_real in parts)

    def _apply(self, symbol: str, args: Sequence[Term], env: _Env) -> str:
        texts = [self.value(arg, env) for arg in args]
        function = self._program.symbols[symbol]
        if function.kind != "param":
            return f"({named(symbol)} {' '.join(texts)})" if texts else named(symbol)
        table = self._program.tables[symbol]
        if not table.has_default or len(table.entries) > MOST_ENTRIES:
            raise Gap(("tables with missing or very many entries beside open types",))
        result = self._literal(table.default, function.value)[0]
        for key, value in table.entries.items():
            same = [
                f"(= {text} {self._literal(part, sort)[0]})"
                for text, part, sort in zip(texts, key, function.arguments, strict=True)
            ]
            self._budget.spend(len(same) + 1)
            result = f"(ite (and true {' '.join(same)}) {self._literal(value, function.value)[0]} {result})"
        return result


def _is_formula(term: Term) -> bool:
    return isinstance(
        term,
        ir.And | ir.Or | ir.Not | ir.Implies | ir.Iff | ir.Xor | ir.Quantified | ir.Equal | ir.Less | ir.LessEqual
        | ir.AllDifferent | ir.Conditional,
    )  # fmt: skip
