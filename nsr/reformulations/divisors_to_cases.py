"""Division by an unknown becomes a choice among divisions by its values.

The divisor is never 0 here: `PartialToGuarded` has put 1 in its place where it is.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from typing import TYPE_CHECKING

from nsr.language.ir import Apply, Divide, FloorDivide, Literal, Modulo, integer
from nsr.language.traverse import children
from nsr.limits import BudgetExceeded, LimitKind
from nsr.reformulations.bounds import bounds_of, is_whole, values_of
from nsr.reformulations.folding import choose, equal, number_literal, remake
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["DIVISORS_TO_CASES"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program in which every divisor is a literal.

    Raises:
        BudgetExceeded: when a divisor has too many values, or they are not known.
    """

    def cased(term: Term) -> Term:
        budget.spend()
        inner = children(term)
        if not inner or isinstance(term, Apply):
            return term
        new = remake(term, [cased(child) for child in inner])
        if isinstance(new, Divide | FloorDivide | Modulo) and not isinstance(new.right, Literal):
            return _cases(new, budget)
        return new

    return replace(program, requirements=tuple([replace(r, formula=cased(r.formula)) for r in program.requirements]))


def _cases(term: Divide | FloorDivide | Modulo, budget: Budget) -> Term:
    values = [value for value in _divisors(term.right, budget) if value.value != 0]
    result: Term = integer(0)
    for value in values:
        budget.spend()
        result = choose(equal(term.right, value), remake(term, (term.left, value)), result)
    return result


def _divisors(term: Term, budget: Budget) -> list[Literal]:
    listed = values_of(term)
    if listed is not None:
        return [number_literal(value) for value in sorted(listed)]
    low, high = bounds_of(term)
    if low is None or high is None or not is_whole(term) or high - low > budget.steps_left:
        raise BudgetExceeded(LimitKind.SIZE)
    return [integer(value) for value in range(ceil(low), floor(high) + 1)]


_CASES = features(
    Construct.CONDITIONAL,
    Construct.COMPARISON,
    Construct.FLOOR_DIVIDE,
    Construct.RATIONAL,
    Construct.LINEAR,
)

DIVISORS_TO_CASES = Reformulation(
    name="DivisorsToCases",
    rewrites={Feature(Construct.QUOTIENT, Position.VALUE): _CASES},
    cost=4,
    rewrite=rewrite,
)
