"""Elements become their index from 0, and `none` the integer below the least value.

Arguments of calls stay as they are: after `NestedApplicationsToConditionals` they only name which value is meant.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from nsr.language.ir import Apply, ElementAt, Literal, PositionOf, integer
from nsr.language.sorts import BoolSort, Element, IntSort, OpenSort, RealSort, SetSort
from nsr.language.traverse import children
from nsr.reformulations.coding import codes_of, none_code, scale_of
from nsr.reformulations.folding import number_literal, remake, total
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Sort
    from nsr.limits import Budget

__all__ = ["ENUMERATIONS_TO_INTEGERS"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with integers for elements and `none`; the declarations of its symbols stay."""
    coding = _Coding(program, budget)
    return replace(
        program, requirements=tuple([replace(r, formula=coding.coded(r.formula)) for r in program.requirements])
    )


class _Coding:
    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        self._sorts: dict[str, Sort] = {}
        self._calls: dict[int, tuple[Apply, Apply]] = {}
        for function in program.unknowns():
            if isinstance(function.value, BoolSort | RealSort | SetSort | OpenSort) or (
                isinstance(function.value, IntSort) and not function.is_optional
            ):
                continue
            if scale_of(function.value) != 1:
                # Left to `RationalsToIntegers`, or to a back end that knows fractions.
                continue
            codes = codes_of(function)
            self._sorts[function.name] = IntSort(codes[0][0], codes[-1][1])

    def coded(self, term: Term) -> Term:
        self._budget.spend()
        match term:
            case Literal(value, sort):
                if value is None:
                    code = none_code(sort)
                    assert code is not None
                    return number_literal(Fraction(code, scale_of(sort)))
                return integer(value.index) if isinstance(value, Element) else term
            case Apply(symbol):
                return self._call(term) if symbol in self._sorts else term
            case PositionOf(arg):
                return total((self.coded(arg), integer(1)))
            case ElementAt(arg):
                return total((self.coded(arg), integer(-1)))
            case _:
                return remake(term, [self.coded(child) for child in children(term)])

    def _call(self, term: Apply) -> Apply:
        """The call with a number as its value, one object for all places where the same call stands."""
        known = self._calls.get(id(term))
        if known is None:
            known = self._calls[id(term)] = (term, replace(term, sort=self._sorts[term.symbol]))
        return known[1]


_INTEGERS = features(Construct.LINEAR, Construct.COMPARISON)

ENUMERATIONS_TO_INTEGERS = Reformulation(
    name="EnumerationsToIntegers",
    rewrites={
        Feature(Construct.ELEMENT, Position.VALUE): _INTEGERS,
        Feature(Construct.OPTIONAL, Position.DECLARATION): _INTEGERS,
    },
    cost=1,
    rewrite=rewrite,
)
