"""What a program needs of a back end: the constructs that occur in it, each with the position in which it occurs.

A position is "top" for what has to hold by itself (a requirement, a part of its conjunction, the body of its `forall`)
and "reified" for everything whose truth or value another term uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, assert_never

from nsr.language import ir
from nsr.language.sorts import NumberSort, sort_size
from nsr.language.traverse import children, symbols_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nsr.language.sorts import Sort

__all__ = ["Construct", "Feature", "Fragment", "Position", "analyse"]


class Construct(Enum):
    """Kinds of things that a back end can or cannot do."""

    BOOLEAN = "boolean"
    EQUALITY = "equality"
    ORDER = "order"
    ALL_DIFFERENT = "all different"
    QUANTIFIER = "quantifier"
    COUNTING = "counting"
    AGGREGATE = "aggregate"
    LINEAR = "linear arithmetic"
    PRODUCT = "product of unknowns"
    DIVISION = "division"
    POWER = "power"
    ABSOLUTE = "absolute value"
    EXTREMUM = "least or greatest of terms"
    ROUNDING = "rounding"
    CONDITIONAL = "conditional value"
    NESTED_APPLICATION = "function of an unknown"
    POSITION = "position of an element"
    PARTIAL = "value that may be undefined"
    DEFINITION = "definition"
    RATIONAL = "number that is not whole"
    OPTIONAL = "optional value"
    INJECTIVE = "injective function"
    UNBOUNDED = "unbounded integer"


class Position(Enum):
    """Where a construct occurs."""

    TOP = "top"
    REIFIED = "reified"


class Feature(NamedTuple):
    """A construct in a position."""

    construct: Construct
    position: Position


@dataclass(frozen=True, slots=True)
class Fragment:
    """All of a program: its features, the kinds of its goals (`find unique`, `choose must`), and its size.

    `cells` counts the values to be found; `is_finite` says whether each of them has finitely many choices.
    """

    features: frozenset[Feature]
    goals: frozenset[str]
    cells: int
    is_finite: bool


def analyse(program: ir.Program) -> Fragment:
    """The fragment that `program` lies in; definitions count where they are declared, as reified."""
    features: set[Feature] = set()
    for requirement in program.requirements:
        features.update(_features(program, requirement.formula, Position.TOP))
    for definition in program.definitions.values():
        features.update(_features(program, definition.body, Position.REIFIED))
    goals = set()
    for question in program.questions:
        for requirement in question.requirements:
            features.update(_features(program, requirement.formula, Position.TOP))
        goals.add(_goal(question.goal))
        for term in _goal_terms(question.goal):
            features.update(_features(program, term, Position.REIFIED))
    cells, is_finite = 0, True
    for function in program.unknowns():
        features.update(_of_symbol(function))
        size = 1
        for sort in function.arguments:
            size *= sort_size(sort) or 0
        cells += size
        is_finite = is_finite and sort_size(function.value) is not None
    return Fragment(frozenset(features), frozenset(goals), cells, is_finite)


def _goal(goal: ir.Goal) -> str:
    match goal:
        case ir.Find(mode=mode):
            return f"find {mode}"
        case ir.Choose(mode=mode, is_except=is_except):
            return f"choose {mode} except" if is_except else f"choose {mode}"
        case _:
            assert_never(goal)


def _goal_terms(goal: ir.Goal) -> tuple[ir.Term, ...]:
    match goal:
        case ir.Find(terms=terms):
            return terms
        case ir.Choose(options=options):
            return tuple(option.formula for option in options)
        case _:
            assert_never(goal)


def _of_symbol(function: ir.Function) -> Iterator[Feature]:
    if function.is_distinct:
        yield Feature(Construct.INJECTIVE, Position.TOP)
    if function.is_optional:
        yield Feature(Construct.OPTIONAL, Position.TOP)
    if sort_size(function.value) is None:
        yield Feature(Construct.UNBOUNDED, Position.TOP)
    if _is_rational(function.value):
        yield Feature(Construct.RATIONAL, Position.TOP)


def _is_rational(sort: Sort) -> bool:
    return isinstance(sort, NumberSort) and any(isinstance(v, Fraction) for v in sort.values)


def _features(program: ir.Program, root: ir.Term, position: Position) -> Iterator[Feature]:
    stack = [(root, position)]
    while stack:
        term, where = stack.pop()
        for construct in _constructs(program, term):
            yield Feature(construct, where)
        inner = where if where is Position.TOP and _keeps_top(term) else Position.REIFIED
        for child in children(term):
            stack.append((child, inner))


def _keeps_top(term: ir.Term) -> bool:
    """Whether the parts of a formula that holds have to hold by themselves."""
    match term:
        case ir.And():
            return True
        case ir.Quantified(kind="forall", binders=binders):
            return all(bound.domain is None for bound in binders)
        case _:
            return False


def _constructs(program: ir.Program, term: ir.Term) -> Iterator[Construct]:
    match term:
        case ir.Literal(value):
            if isinstance(value, Fraction):
                yield Construct.RATIONAL
        case ir.Variable():
            pass
        case ir.Apply(symbol, args):
            if symbol in program.definitions:
                yield Construct.DEFINITION
            if any(_is_unknown(program, arg) for arg in args):
                yield Construct.NESTED_APPLICATION
            if _is_rational(term.sort):
                yield Construct.RATIONAL
        case ir.PositionOf():
            yield Construct.POSITION
        case ir.ElementAt() | ir.Restrict():
            yield Construct.PARTIAL
        case ir.FromTruth():
            yield Construct.BOOLEAN
        case ir.Sum() | ir.Negate():
            yield Construct.LINEAR
        case ir.Product(args):
            unknown = sum(_is_unknown(program, arg) for arg in args)
            yield Construct.PRODUCT if unknown > 1 else Construct.LINEAR
        case ir.Divide(_, right) | ir.FloorDivide(_, right) | ir.Modulo(_, right):
            yield Construct.DIVISION
            if not isinstance(right, ir.Literal) or right.value == 0:
                yield Construct.PARTIAL
        case ir.Power():
            yield Construct.POWER
        case ir.Absolute():
            yield Construct.ABSOLUTE
        case ir.Extremum():
            yield Construct.EXTREMUM
        case ir.Rounded():
            yield Construct.ROUNDING
        case ir.Conditional():
            yield Construct.CONDITIONAL
        case ir.Equal():
            yield Construct.EQUALITY
        case ir.Less() | ir.LessEqual():
            yield Construct.ORDER
        case ir.AllDifferent():
            yield Construct.ALL_DIFFERENT
        case ir.Not() | ir.And() | ir.Or() | ir.Implies() | ir.Iff() | ir.Xor():
            yield Construct.BOOLEAN
        case ir.Quantified():
            yield Construct.QUANTIFIER
        case ir.Aggregate(kind):
            yield Construct.COUNTING if kind == "count" else Construct.AGGREGATE
            if kind in ("min", "max"):
                yield Construct.PARTIAL
        case _:
            assert_never(term)


def _is_unknown(program: ir.Program, term: ir.Term) -> bool:
    """Whether the value of a term waits for the answer; bound variables do not, they are gone through."""
    return bool(symbols_of(term) - set(program.tables))
