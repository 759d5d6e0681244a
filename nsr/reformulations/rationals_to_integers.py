"""Fractions disappear: every number term becomes an integer term and a denominator, and atoms compare integers.

A symbol whose type has fractions keeps its name; its values are then counted in units of the least common denominator.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from nsr.language.ir import (
    Absolute,
    AllDifferent,
    And,
    Apply,
    Conditional,
    Cumulative,
    Divide,
    Equal,
    Extremum,
    FloorDivide,
    FromTruth,
    Iff,
    Implies,
    Less,
    LessEqual,
    Literal,
    Modulo,
    Negate,
    NoOverlap,
    Not,
    Or,
    Product,
    Rounded,
    Sum,
    Task,
    Xor,
    integer,
    sort_of,
)
from nsr.language.sorts import BoolSort, IntSort, RealSort
from nsr.language.traverse import children, subterms
from nsr.reformulations.coding import codes_of, none_code, scale_of
from nsr.reformulations.folding import choose, less_equal, minus, product, remake, total
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["RATIONALS_TO_INTEGERS"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with whole numbers only."""
    scaling = _Scaling(program, budget)
    return replace(
        program, requirements=tuple([replace(r, formula=scaling.formula(r.formula)) for r in program.requirements])
    )


class _Scaled(NamedTuple):
    """The number `term / scale`."""

    term: Term
    scale: int = 1


class _Scaling:
    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        self._codes = {
            f.name: IntSort(codes[0][0], codes[-1][1])
            for f in program.unknowns()
            if scale_of(f.value) != 1 and (codes := codes_of(f))
        }

    def formula(self, term: Term) -> Term:
        self._budget.spend()
        match term:
            case And() | Or() | Not() | Implies() | Iff() | Xor():
                return remake(term, [self.formula(child) for child in children(term)])
            case Equal() | Less() | LessEqual() | AllDifferent():
                inner = children(term)
                if any(isinstance(sort_of(child), BoolSort) for child in inner):
                    return remake(term, [self.formula(child) for child in inner])
                return remake(term, self._common([self.number(child) for child in inner])[0])
            case Conditional(condition, then, otherwise):
                return choose(self.formula(condition), self.formula(then), self.formula(otherwise))
            case NoOverlap(tasks):
                return replace(term, tasks=self._timed(tasks))
            case Cumulative(capacity, tasks):
                demands, _ = self._common([self.number(part) for part in (capacity, *[t.demand for t in tasks])])
                timed = zip(self._timed(tasks), demands[1:], strict=True)
                return replace(term, capacity=demands[0], tasks=tuple([replace(t, demand=d) for t, d in timed]))
            case _:
                return term

    def _timed(self, tasks: Sequence[Task]) -> tuple[Task, ...]:
        """The tasks with their times in one unit."""
        times, _ = self._common([self.number(part) for task in tasks for part in (task.start, task.length)])
        return tuple(
            [
                replace(task, condition=self.formula(task.condition), start=times[2 * i], length=times[2 * i + 1])
                for i, task in enumerate(tasks)
            ]
        )

    def _common(self, parts: Sequence[_Scaled]) -> tuple[list[Term], int]:
        scale = lcm(*(part.scale for part in parts))
        out: list[Term] = []
        for part in parts:
            if isinstance(part.term, Literal) and part.term.value is None:
                # The code of `none` is in the units of its sort already.
                code = none_code(part.term.sort)
                assert code is not None
                out.append(integer(code))
                continue
            factor = scale // part.scale
            out.append(part.term if factor == 1 else product((integer(factor), part.term)))
        return out, scale

    def number(self, term: Term) -> _Scaled:
        """A number term as an integer term over a denominator."""
        self._budget.spend()
        match term:
            case Literal(value):
                if isinstance(value, Fraction):
                    return _Scaled(integer(value.numerator), value.denominator)
                return _Scaled(term)
            case Apply(symbol, _, sort):
                if symbol not in self._codes:
                    return _Scaled(term)
                return _Scaled(replace(term, sort=self._codes[symbol]), scale_of(sort))
            case Sum(args):
                terms, scale = self._common([self.number(arg) for arg in args])
                return _Scaled(total(terms), scale)
            case Product(args):
                parts = [self.number(arg) for arg in args]
                scale = 1
                for part in parts:
                    scale *= part.scale
                return _Scaled(product([part.term for part in parts]), scale)
            case Negate(arg) | Absolute(arg):
                inner = self.number(arg)
                return _Scaled(remake(term, (inner.term,)), inner.scale)
            case Extremum(_, args):
                terms, scale = self._common([self.number(arg) for arg in args])
                return _Scaled(remake(term, terms), scale)
            case Conditional(condition, then, otherwise):
                terms, scale = self._common([self.number(then), self.number(otherwise)])
                return _Scaled(choose(self.formula(condition), terms[0], terms[1]), scale)
            case FromTruth(arg):
                return _Scaled(remake(term, (self.formula(arg),)))
            case Rounded(kind, arg):
                return _Scaled(_rounded(kind, self.number(arg)))
            case Divide(left, right):
                return self._quotient(self.number(left), right)
            case FloorDivide(left, right):
                terms, _ = self._common([self.number(left), self.number(right)])
                return _Scaled(remake(term, terms))
            case Modulo(left, right):
                terms, scale = self._common([self.number(left), self.number(right)])
                return _Scaled(remake(term, terms), scale)
            case _:
                return _Scaled(remake(term, [self.number(child).term for child in children(term)]))

    def _quotient(self, left: _Scaled, right: Term) -> _Scaled:
        # `DivisorsToCases` has left literals only.
        assert isinstance(right, Literal)
        assert isinstance(right.value, int | Fraction)
        divisor = Fraction(right.value)
        factor = divisor.denominator if divisor > 0 else -divisor.denominator
        return _Scaled(product((integer(factor), left.term)), left.scale * abs(divisor.numerator))


def _rounded(kind: str, inner: _Scaled) -> Term:
    term, scale = inner
    if scale == 1 and not any(isinstance(part, Apply) and isinstance(part.sort, RealSort) for part in subterms(term)):
        return term
    if kind == "floor":
        return _floor(term, scale)
    if kind == "ceil":
        return minus(_floor(minus(term), scale))
    # Halves go away from zero.
    doubled = product((integer(2), term))
    up = _floor(total((doubled, integer(scale))), 2 * scale)
    down = minus(_floor(total((minus(doubled), integer(scale))), 2 * scale))
    return choose(less_equal(integer(0), term), up, down)


def _floor(term: Term, divisor: int) -> Term:
    return remake(FloorDivide(integer(0), integer(1)), (term, integer(divisor)))


_WHOLE = features(Construct.LINEAR, Construct.FLOOR_DIVIDE, Construct.CONDITIONAL)

RATIONALS_TO_INTEGERS = Reformulation(
    name="RationalsToIntegers",
    rewrites={
        Feature(Construct.RATIONAL, Position.VALUE): _WHOLE,
        Feature(Construct.ROUNDED, Position.VALUE): _WHOLE,
    },
    cost=2,
    rewrite=rewrite,
)
