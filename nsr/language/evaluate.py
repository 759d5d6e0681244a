"""The reference semantics: what a term means under given values of the unknowns.

Written for clarity; every back end is held to it and every assignment that a solver returns is evaluated by it.

Being undefined is a value of its own here, `UNDEFINED`: an argument outside its type, a divisor 0, `none` reckoned
with, the least of nothing. It goes up through the term until it meets the smallest atom around it (a comparison, a
call of a predicate in the place of a formula), which is then false; `a != b` is the negation of `a == b` and so true.
"""

from __future__ import annotations

import itertools
from enum import Enum
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never
from typing import Literal as Choice

from nsr.language.ir import (
    Absolute,
    Aggregate,
    AllDifferent,
    And,
    Apply,
    Bound,
    Conditional,
    Divide,
    ElementAt,
    Equal,
    Extremum,
    FloorDivide,
    FromTruth,
    Function,
    Iff,
    Implies,
    Interval,
    Less,
    LessEqual,
    Listed,
    Literal,
    Modulo,
    Negate,
    Not,
    Or,
    PositionOf,
    Power,
    Product,
    Quantified,
    Restrict,
    Rounded,
    Sum,
    Variable,
    Xor,
)
from nsr.language.recursion import RecursionRoom
from nsr.language.sorts import Element, EnumSort, Value, has_value, number, sort_values
from nsr.limits import Budget, BudgetExceeded, LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nsr.language.ir import Program, Question, Structure, Term

__all__ = ["UNDEFINED", "NoEntry", "Result", "Undefined", "bindings_of", "check_structure", "evaluate", "holds"]

MAX_BITS = 200_000
"""A number that needs more bits than this is not computed: the budget for size is used up."""


class Undefined(Enum):
    """The one value of a term that has no value."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED

Result: TypeAlias = Value | Choice[Undefined.UNDEFINED]
Number: TypeAlias = int | Fraction
Bindings: TypeAlias = "Mapping[str, Value]"


class NoEntry(LookupError):
    """A symbol has no value at these arguments: an incomplete structure, or a table without the entry asked for."""

    def __init__(self, symbol: str, args: tuple[Value, ...]) -> None:
        self.symbol = symbol
        self.args_asked = args
        super().__init__(f"{symbol}({', '.join(map(str, args))})")


def evaluate(
    term: Term,
    structure: Structure,
    program: Program,
    bindings: Bindings | None = None,
    budget: Budget | None = None,
) -> Result:
    """The value of `term`, or `UNDEFINED`.

    A formula is never undefined, with one exception: a call of a predicate outside its types, looked at as a value
    (`on(3) == false`), is. Definitions are called by value.

    Raises:
        NoEntry: when the structure or a table has no value that is asked for.
        BudgetExceeded: when the budget runs out, or a number becomes too large.
    """
    with RecursionRoom():
        return _Evaluation(structure, program, budget).value(term, bindings or {})


def holds(
    term: Term,
    structure: Structure,
    program: Program,
    bindings: Bindings | None = None,
    budget: Budget | None = None,
) -> bool:
    """Whether a formula is true; raises as `evaluate` does."""
    with RecursionRoom():
        return _Evaluation(structure, program, budget).holds(term, bindings or {})


def bindings_of(
    binders: Sequence[Bound],
    structure: Structure,
    program: Program,
    bindings: Bindings | None = None,
    budget: Budget | None = None,
) -> Iterator[Bindings]:
    """Every binding of the variables, the last one fastest; one mapping is yielded again and again.

    Raises as `evaluate` does.
    """
    return _Evaluation(structure, program, budget).bindings(binders, bindings or {})


class _Evaluation:
    """The two mutually recursive readings of a term: as a formula and as a value."""

    __slots__ = ("_budget", "_program", "_structure")

    def __init__(self, structure: Structure, program: Program, budget: Budget | None) -> None:
        self._structure = structure
        self._program = program
        self._budget = budget

    def holds(self, term: Term, env: Bindings) -> bool:
        """The reading as a formula: undefined is false."""
        match term:
            case And(args):
                return all(self.holds(arg, env) for arg in args)
            case Or(args):
                return any(self.holds(arg, env) for arg in args)
            case Not(arg):
                return not self.holds(arg, env)
            case Implies(left, right):
                return not self.holds(left, env) or self.holds(right, env)
            case Iff(left, right):
                return self.holds(left, env) == self.holds(right, env)
            case Xor(left, right):
                return self.holds(left, env) != self.holds(right, env)
            case Equal(left, right):
                a, b = self.value(left, env), self.value(right, env)
                return a is not UNDEFINED and b is not UNDEFINED and a == b
            case Less(left, right):
                return self._ordered(left, right, env, strict=True)
            case LessEqual(left, right):
                return self._ordered(left, right, env, strict=False)
            case AllDifferent(args):
                return _all_different(self.value(arg, env) for arg in args)
            case Quantified("forall", binders, body):
                return all(self.holds(body, inner) for inner in self.bindings(binders, env))
            case Quantified("exists", binders, body):
                return any(self.holds(body, inner) for inner in self.bindings(binders, env))
            case Aggregate("all_different", binders, condition, element):
                matching = (inner for inner in self.bindings(binders, env) if self.holds(condition, inner))
                return _all_different(self.value(element, inner) for inner in matching)
            case Conditional(condition, then, otherwise):
                return self.holds(then if self.holds(condition, env) else otherwise, env)
            case _:
                # A call of a predicate, a variable or literal that is a truth value: true, or else false.
                return self.value(term, env) is True

    def value(self, term: Term, env: Bindings) -> Result:
        """The reading as a value: undefined stays undefined."""
        if self._budget is not None:
            self._budget.spend()
        match term:
            case Literal(value):
                return value
            case Variable(name):
                return env[name]
            case Apply(symbol, args):
                return self._apply(symbol, args, env)
            case PositionOf(arg):
                element = self.value(arg, env)
                return element.index + 1 if isinstance(element, Element) else UNDEFINED
            case ElementAt(arg, sort):
                position = self._number(arg, env)
                assert isinstance(sort, EnumSort)
                if isinstance(position, int) and 1 <= position <= len(sort.elements):
                    return sort.element(position - 1)
                return UNDEFINED
            case Restrict(arg, sort):
                kept = self.value(arg, env)
                return kept if kept is not UNDEFINED and has_value(sort, kept) else UNDEFINED
            case FromTruth(arg):
                return int(self.holds(arg, env))
            case Sum(args):
                return self._total(self._number(arg, env) for arg in args)
            case Product(args):
                return self._product(self._number(arg, env) for arg in args)
            case Extremum(kind, args):
                return _extremum(kind, (self._number(arg, env) for arg in args))
            case Negate(arg):
                operand = self._number(arg, env)
                return UNDEFINED if operand is UNDEFINED else -operand
            case Absolute(arg):
                operand = self._number(arg, env)
                return UNDEFINED if operand is UNDEFINED else abs(operand)
            case Rounded(kind, arg):
                operand = self._number(arg, env)
                return UNDEFINED if operand is UNDEFINED else _rounded(kind, operand)
            case Divide(left, right) | FloorDivide(left, right) | Modulo(left, right) | Power(left, right):
                a, b = self._number(left, env), self._number(right, env)
                return UNDEFINED if a is UNDEFINED or b is UNDEFINED else _arithmetic(term, a, b)
            case Conditional(condition, then, otherwise):
                return self.value(then if self.holds(condition, env) else otherwise, env)
            case Aggregate("all_different"):
                return self.holds(term, env)
            case Aggregate():
                return self._aggregate(term, env)
            case (
                Equal()
                | Less()
                | LessEqual()
                | AllDifferent()
                | Not()
                | And()
                | Or()
                | Implies()
                | Iff()
                | Xor()
                | Quantified()
            ):
                return self.holds(term, env)
            case _:
                assert_never(term)

    def _apply(self, symbol: str, args: Sequence[Term], env: Bindings) -> Result:
        values: list[Value] = []
        for arg in args:
            value = self.value(arg, env)
            # `none` is no value of any argument's type.
            if value is UNDEFINED or value is None:
                return UNDEFINED
            values.append(value)
        key = tuple(values)
        if symbol in self._program.definitions:
            definition = self._program.definitions[symbol]
            names = (parameter.name for parameter in definition.parameters)
            return self.value(definition.body, dict(zip(names, key, strict=True)))
        if symbol in self._program.tables:
            table = self._program.tables[symbol]
            if key in table.entries:
                return table.entries[key]
            if table.has_default:
                return table.default
            raise NoEntry(symbol, key)
        try:
            return self._structure[symbol][key]
        except KeyError:
            raise NoEntry(symbol, key) from None

    def _number(self, term: Term, env: Bindings) -> Number | Choice[Undefined.UNDEFINED]:
        value = self.value(term, env)
        if isinstance(value, Fraction) or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        return UNDEFINED

    def _ordered(self, left: Term, right: Term, env: Bindings, *, strict: bool) -> bool:
        a, b = self.value(left, env), self.value(right, env)
        if isinstance(a, Element) and isinstance(b, Element):
            return a.index < b.index if strict else a.index <= b.index
        if isinstance(a, int | Fraction) and isinstance(b, int | Fraction):
            return a < b if strict else a <= b
        return False

    def _aggregate(self, term: Aggregate, env: Bindings) -> Result:
        matching = (inner for inner in self.bindings(term.binders, env) if self.holds(term.condition, inner))
        match term.kind:
            case "count":
                return sum(1 for _ in matching)
            case "sum":
                return self._total(self._number(term.element, inner) for inner in matching)
            case "prod":
                return self._product(self._number(term.element, inner) for inner in matching)
            case "min" | "max":
                return _extremum(term.kind, (self._number(term.element, inner) for inner in matching))
            case "all_different":
                return self.holds(term, env)
            case _:
                assert_never(term.kind)

    def _total(self, numbers: Iterable[Number | Choice[Undefined.UNDEFINED]]) -> Result:
        total: Number = 0
        for value in numbers:
            if value is UNDEFINED:
                return UNDEFINED
            total += value
        return number(total)

    def _product(self, numbers: Iterable[Number | Choice[Undefined.UNDEFINED]]) -> Result:
        total: Number = 1
        for value in numbers:
            if value is UNDEFINED:
                return UNDEFINED
            _guard_size(_bits(total) + _bits(value))
            total *= value
        return number(total)

    def bindings(self, binders: Sequence[Bound], env: Bindings) -> Iterator[Bindings]:
        """Every binding of the variables, as `bindings_of` says."""
        inner = dict(env)
        if not binders:
            yield inner
            return
        open_domains = [iter(self._domain(binders[0], inner))]
        while open_domains:
            depth = len(open_domains) - 1
            value = next(open_domains[-1], UNDEFINED)
            if value is UNDEFINED:
                open_domains.pop()
                continue
            if self._budget is not None:
                self._budget.spend()
            inner[binders[depth].variable.name] = value
            if depth + 1 == len(binders):
                yield inner
            else:
                open_domains.append(iter(self._domain(binders[depth + 1], inner)))

    def _domain(self, bound: Bound, env: Bindings) -> Iterable[Value]:
        match bound.domain:
            case None:
                return sort_values(bound.variable.sort)
            case Interval(low, high):
                first, last = self._number(low, env), self._number(high, env)
                if first is UNDEFINED or last is UNDEFINED:
                    return ()
                return range(ceil(first), floor(last) + 1)
            case Listed(values):
                found = dict.fromkeys(self.value(value, env) for value in values)
                return [value for value in found if value is not UNDEFINED and value is not None]
            case _:
                assert_never(bound.domain)


def _all_different(values: Iterable[Result]) -> bool:
    """All pairs of "not equal": two undefined values differ, two `none` do not."""
    seen: set[Value] = set()
    for value in values:
        if value is UNDEFINED:
            continue
        if value in seen:
            return False
        seen.add(value)
    return True


def _extremum(kind: str, numbers: Iterable[Number | Choice[Undefined.UNDEFINED]]) -> Result:
    best: Number | None = None
    for value in numbers:
        if value is UNDEFINED:
            return UNDEFINED
        if best is None or (value < best if kind == "min" else value > best):
            best = value
    return UNDEFINED if best is None else best


def _rounded(kind: Choice["floor", "ceil", "round"], value: Number) -> int:
    match kind:
        case "floor":
            return floor(value)
        case "ceil":
            return ceil(value)
        case "round":
            # Halves go away from zero; Python's own `round` takes them to even.
            half = Fraction(1, 2)
            return floor(value + half) if value >= 0 else ceil(value - half)
        case _:
            assert_never(kind)


def _arithmetic(term: Divide | FloorDivide | Modulo | Power, left: Number, right: Number) -> Result:
    match term:
        case Divide():
            return UNDEFINED if right == 0 else number(Fraction(left) / Fraction(right))
        case FloorDivide():
            return UNDEFINED if right == 0 else left // right
        case Modulo():
            return UNDEFINED if right == 0 else number(Fraction(left) % Fraction(right))
        case Power():
            return power(left, right)
        case _:
            assert_never(term)


def power(base: Number, exponent: Number) -> Result:
    """`base ** exponent`, exact; undefined for an exponent that is not whole and for 0 to a negative one.

    Raises:
        BudgetExceeded: (size) before a number is computed that would be too large.
    """
    if not isinstance(exponent, int) or (base == 0 and exponent < 0):
        return UNDEFINED
    if exponent == 0 or base == 1:
        return 1
    if base in (0, -1):
        return 0 if base == 0 else 1 - 2 * (exponent % 2)
    _guard_size(_bits(base) * abs(exponent))
    return number(Fraction(base) ** exponent)


def _bits(value: Number) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _guard_size(bits: int) -> None:
    if bits > MAX_BITS:
        raise BudgetExceeded(LimitKind.SIZE)


# Whole structures


def check_structure(
    program: Program, question: Question, structure: Structure, budget: Budget | None = None
) -> tuple[str, ...]:
    """The names of the declarations and requirements that `structure` violates, in order; empty if it is a solution.

    A declaration is violated where a value is missing, too many or outside its sort, or where `distinct` fails.
    Requirements are looked at only when every declaration is respected: without values there is nothing to evaluate.
    """
    budget = budget or Budget()
    wrong = [f.name for f in program.unknowns() if not _respects(f, structure.get(f.name, {}), budget)]
    wrong += [name for name in _broken_groups(program, structure) if name not in wrong]
    if wrong:
        return tuple(wrong)
    required = program.requirements_of(question)
    return tuple(r.name for r in required if not holds(r.formula, structure, program, budget=budget))


def _respects(function: Function, values: Mapping[tuple[Value, ...], Value], budget: Budget) -> bool:
    """Whether the values are one for each argument, of the right sort, and different where they have to be."""
    count = 0
    for key in itertools.product(*(sort_values(sort) for sort in function.arguments)):
        budget.spend()
        count += 1
        if key not in values:
            return False
        value = values[key]
        if not has_value(function.value, value) and not (value is None and function.is_optional):
            return False
    if count != len(values):
        return False
    if not function.is_distinct or function.distinct_group is not None:
        return True
    present = [value for value in values.values() if value is not None]
    return len(set(present)) == len(present)


def _broken_groups(program: Program, structure: Structure) -> list[str]:
    """Symbols without arguments that share a value with an earlier one of their `distinct` declaration."""
    seen: set[tuple[int, Value]] = set()
    broken = []
    for function in program.unknowns():
        value = structure.get(function.name, {}).get(())
        if function.distinct_group is None or value is None:
            continue
        if (function.distinct_group, value) in seen:
            broken.append(function.name)
        seen.add((function.distinct_group, value))
    return broken
