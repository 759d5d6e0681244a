"""Unknowns that hold the values of terms: what solutions are told apart by, and what is to be least or greatest."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, lcm
from typing import TYPE_CHECKING, NamedTuple

from nsr.language.ir import (
    Absolute,
    And,
    Apply,
    Conditional,
    Divide,
    Equal,
    Extremum,
    Function,
    Iff,
    Literal,
    Modulo,
    Negate,
    Not,
    Or,
    Product,
    Requirement,
    Sum,
    integer,
    sort_of,
)
from nsr.language.sorts import BOOL, BoolSort, IntSort, NumberSort, RealSort, is_numeric, sort_values
from nsr.language.traverse import fold, subterms
from nsr.reformulations import Construct
from nsr.reformulations.bounds import bounds_of, is_whole, values_of
from nsr.reformulations.coding import scale_of
from nsr.reformulations.features import features_of
from nsr.reformulations.protocol import BACKGROUND
from nsr.solvers.jobs import ASKED
from nsr.solvers.protocol import Gap
from nsr.solvers.stages import expanded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget
    from nsr.reformulations import Feature

__all__ = ["Calls", "Held", "WithObjectives", "with_objectives", "with_projection"]


class Calls(NamedTuple):
    """What solutions are told apart by: symbols with the arguments that begin a cell's."""

    starts: frozenset[tuple[str, tuple[Value, ...]]]

    def has(self, symbol: str, args: tuple[Value, ...]) -> bool:
        """Whether a cell is among it."""
        return any((symbol, args[:length]) in self.starts for length in range(len(args), -1, -1))


def with_projection(
    program: Program, symbols: Sequence[str], native: frozenset[Feature], budget: Budget
) -> tuple[Program, Calls | None]:
    """For `find`: calls of unknowns as they are, and new unknowns that hold the value of every other term."""
    starts: set[tuple[str, tuple[Value, ...]]] = {(symbol, ()) for symbol in symbols}
    if not any(r.name.startswith(ASKED) for r in program.requirements):
        return program, Calls(frozenset(starts)) if starts else None
    own = program
    program = expanded(program, native, budget).program
    added = dict(program.symbols)
    requirements = []
    for requirement in program.requirements:
        term = requirement.formula
        if not requirement.name.startswith(ASKED):
            requirements.append(requirement)
        elif isinstance(term, Apply) and _is_call(own, term):
            starts.add((term.symbol, tuple([arg.value for arg in term.args if isinstance(arg, Literal)])))
        elif not isinstance(term, Literal):
            value, is_defined, formula = _held(program, requirement)
            added[value.name] = value
            added[is_defined.name] = is_defined
            requirements.append(_always(requirement, formula))
            starts.update([(value.name, ()), (is_defined.name, ())])
    return replace(program, symbols=added, requirements=tuple(requirements)), Calls(frozenset(starts))


def _always(requirement: Requirement, formula: Term) -> Requirement:
    """What ties an unknown to its term holds whatever is asked."""
    return replace(requirement, name=f"{BACKGROUND}{requirement.name}", formula=formula)


def _is_call(program: Program, term: Apply) -> bool:
    if program.symbols[term.symbol].kind not in ("var", "pred"):
        return False
    return all(isinstance(arg, Literal) for arg in term.args)


def _held(program: Program, requirement: Requirement) -> tuple[Function, Function, Term]:
    """An unknown for the value of a term, one for whether it has a value, and what ties them to it."""
    term = requirement.formula
    sort = _sort_of_values(term)
    is_optional = isinstance(term, Apply) and program.symbols[term.symbol].is_optional
    value = Function(requirement.name, "var", (), sort, is_optional=is_optional, is_auxiliary=True)
    is_defined = Function(f"{requirement.name} defined", "pred", (), BOOL, is_auxiliary=True)
    held, defined = Apply(value.name, (), sort), Apply(is_defined.name, (), BOOL)
    formula = And(
        (
            Iff(defined, Equal(term, term)),
            Or((And((defined, Equal(held, term))), And((Not(defined), Equal(held, _anything(sort)))))),
        )
    )
    return value, is_defined, formula


def _anything(sort: Sort) -> Literal:
    match sort:
        case IntSort(low, high):
            return Literal(low if low is not None else high or 0, sort)
        case RealSort():
            return Literal(0, sort)
        case _:
            return Literal(sort_values(sort)[0], sort)


def _has_reals(term: Term) -> bool:
    return any(isinstance(part, Apply) and isinstance(part.sort, RealSort) for part in subterms(term))


def _sort_of_values(term: Term) -> Sort:
    sort = sort_of(term)
    if not is_numeric(sort):
        return sort
    if isinstance(term, Apply) and isinstance(sort, IntSort) and sort.low is not None and sort.high is not None:
        return sort
    if isinstance(sort, RealSort) or _has_reals(term):
        return RealSort()
    if isinstance(sort, NumberSort) and isinstance(term, Apply):
        return sort
    if not is_whole(term):
        values = values_of(term)
        if not values:
            raise Gap((Construct.RATIONAL.value,))
        return NumberSort("value", tuple(sorted(values)))
    return _whole_sort(term, 1)


def _whole_sort(term: Term, scale: int) -> IntSort:
    low, high = bounds_of(term)
    return IntSort(None if low is None else ceil(low * scale), None if high is None else floor(high * scale))


# Objectives


class Held(NamedTuple):
    """The unknown that holds an objective, and what its value is multiplied by."""

    symbol: str
    scale: int


class WithObjectives(NamedTuple):
    """A program with unknowns for the values of its objectives, and its features."""

    program: Program
    held: tuple[Held, ...]
    features: frozenset[Feature]


def with_objectives(program: Program, native: frozenset[Feature], budget: Budget) -> WithObjectives:
    """The program with an unknown for the value of each objective, in order."""
    program, present = expanded(program, native, budget)
    symbols = dict(program.symbols)
    held = []
    requirements = []
    tied = []
    for requirement in program.requirements:
        if requirement.name.startswith(ASKED):
            function, scale = _objective(requirement.formula, requirement.name)
            symbols[function.name] = function
            held.append(Held(function.name, scale))
            value = Apply(function.name, (), function.value)
            tied.append(_always(requirement, _tied(value, scale, value)))
            requirement = _always(requirement, _tied(value, scale, requirement.formula))
        requirements.append(requirement)
    program = replace(program, symbols=symbols, requirements=tuple(requirements))
    # All other requirements have been looked at, and the objectives themselves.
    present |= features_of(replace(program, requirements=tuple(tied)))
    return WithObjectives(program, tuple(held), present)


def _objective(term: Term, name: str) -> tuple[Function, int]:
    """The unknown that holds an objective, and what its value is multiplied by."""
    if isinstance(sort_of(term), BoolSort):
        raise Gap(("objectives that are truth values",))
    grid = None if _has_reals(term) else _grid(term)
    scale = grid or 1
    sort = RealSort() if grid is None else _whole_sort(term, scale)
    return Function(name, "var", (), sort, is_auxiliary=True), scale


def _tied(value: Term, scale: int, term: Term) -> Equal:
    """That an unknown is so many times a term."""
    return Equal(value, term if scale == 1 else Product((integer(scale), term)))


def _grid(term: Term) -> int | None:
    """A number whose product with every value of the term is whole; None if there may be none."""
    return fold(term, _grid_step)


def _grid_step(term: Term, below: Sequence[int | None]) -> int | None:
    known = [grid for grid in below if grid is not None]
    match term:
        case Literal(value):
            return value.denominator if isinstance(value, Fraction) else 1
        case Apply(_, _, NumberSort() as sort):
            return scale_of(sort)
        case Apply(_, _, RealSort()):
            return None
        case Sum() | Negate() | Extremum() | Absolute() | Modulo():
            return lcm(*known) if len(known) == len(below) else None
        case Conditional():
            return None if None in below[1:] else lcm(*[grid for grid in below[1:] if grid is not None])
        case Product():
            total = 1
            for grid in known:
                total *= grid
            return total if len(known) == len(below) else None
        case Divide(_, Literal(value)) if isinstance(value, int | Fraction) and value != 0:
            return None if below[0] is None else below[0] * abs(value.numerator)
        case Divide():
            return None
        case _:
            return 1 if is_whole(term) else None
