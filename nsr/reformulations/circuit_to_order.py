"""A circuit becomes the order in which its elements are visited.

The element visited at each step is an unknown of its own, which the successors fix. There is a circuit exactly where
the first element comes again after as many steps as there are elements, and not before.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from nsr.language.ir import FALSE, TRUE, AllDifferent, Apply, Circuit, Equal, Function, Literal, Requirement
from nsr.language.sorts import sort_values
from nsr.language.traverse import children, symbols_of
from nsr.reformulations.folding import choose, conjunction, equal, negation, remake
from nsr.reformulations.protocol import BACKGROUND, Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Sort
    from nsr.limits import Budget

__all__ = ["CIRCUIT_TO_ORDER"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program without circuits; binders have been written out."""
    orders = _Orders(program, budget)
    requirements = tuple([replace(r, formula=orders.ordered(r.formula)) for r in program.requirements])
    added = [
        Requirement(f"{BACKGROUND}circuit {number}", "constraint", formula)
        for number, formula in enumerate(orders.steps, 1)
    ]
    return replace(program, symbols={**program.symbols, **orders.symbols}, requirements=(*added, *requirements))


class _Orders:
    def __init__(self, program: Program, budget: Budget) -> None:
        self._optional = {f.name for f in program.symbols.values() if f.is_optional}
        self._budget = budget
        self._known: dict[tuple[Sort, tuple[Term, ...]], Term] = {}
        self.symbols: dict[str, Function] = {}
        self.steps: list[Term] = []

    def ordered(self, term: Term) -> Term:
        self._budget.spend()
        inner = children(term)
        if isinstance(term, Circuit):
            args = tuple([self.ordered(arg) for arg in inner])
            key = (term.sort, args)
            if key not in self._known:
                self._known[key] = self._circuit(*key)
            return self._known[key]
        return remake(term, [self.ordered(child) for child in inner]) if inner else term

    def _circuit(self, sort: Sort, args: Sequence[Term]) -> Term:
        if not args:
            return TRUE
        elements = [Literal(value, sort) for value in sort_values(sort)]
        if len(elements) != len(args):
            return FALSE
        self._budget.spend(len(args) ** 2)
        first = elements[0]
        # Where a successor is undefined there is no circuit, and the steps may be anything that is fixed.
        defined = [conjunction((equal(arg, arg), self._is_something(arg, sort))) for arg in args]
        successors = [choose(known, arg, first) for known, arg in zip(defined, args, strict=True)]
        places = [self._place(sort) for _ in args]
        steps: list[Term] = [equal(places[0], successors[0])]
        for before, place in pairwise(places):
            after: Term = successors[-1]
            for element, successor in reversed(list(zip(elements[:-1], successors[:-1], strict=True))):
                after = choose(Equal(before, element), successor, after)
            steps.append(equal(place, after))
        self.steps.append(conjunction(steps))
        away = [negation(equal(place, first)) for place in places[:-1]]
        return conjunction((*defined, AllDifferent(tuple(args)), *away, equal(places[-1], first)))

    def _is_something(self, arg: Term, sort: Sort) -> Term:
        return TRUE if symbols_of(arg).isdisjoint(self._optional) else negation(equal(arg, Literal(None, sort)))

    def _place(self, sort: Sort) -> Apply:
        name = f"{BACKGROUND}place {len(self.symbols) + 1}"
        self.symbols[name] = Function(name, "var", (), sort, is_auxiliary=True)
        return Apply(name, (), sort)


_ORDER = features(
    Construct.ALL_DIFFERENT,
    Construct.BOOLEAN,
    Construct.COMPARISON,
    Construct.CONDITIONAL,
    Construct.ELEMENT,
    Construct.PARTIAL,
)

CIRCUIT_TO_ORDER = Reformulation(
    name="CircuitToOrder",
    rewrites={
        Feature(Construct.CIRCUIT, Position.TOP): _ORDER,
        Feature(Construct.CIRCUIT, Position.REIFIED): _ORDER,
    },
    cost=3,
    rewrite=rewrite,
)
