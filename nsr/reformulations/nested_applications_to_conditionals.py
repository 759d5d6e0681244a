"""A function at an unknown argument becomes a choice among its values at every known argument.

`price_at(pet(cat))` becomes `price_at(1) if pet(cat) == 1 else price_at(2) if ...`. A table at an unknown argument
becomes a choice among its entries. Arguments are in their type already: where they are not, a guard around the atom is
false, and the last case then stands for "anything".
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, prod
from operator import is_
from typing import TYPE_CHECKING

from nsr.language.evaluate import NoEntry
from nsr.language.ir import Apply, ElementAt, Literal, integer
from nsr.language.sorts import BoolSort, EnumSort, IntSort, OpenSort, has_value, sort_size, sort_values
from nsr.language.traverse import children
from nsr.limits import BudgetExceeded, LimitKind
from nsr.reformulations.bounds import bounds_of
from nsr.reformulations.folding import both, choose, disjunction, equal, is_undefined, remake
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget

__all__ = ["NESTED_APPLICATIONS_TO_CONDITIONALS"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program in which every call has literal arguments, and no call is of a table.

    Raises:
        NoEntry: when an unknown argument can ask a table for an entry that it does not have.
    """
    nesting = _Nesting(program, budget)
    return replace(
        program, requirements=tuple([replace(r, formula=nesting.flat(r.formula)) for r in program.requirements])
    )


class _Nesting:
    def __init__(self, program: Program, budget: Budget) -> None:
        self._program = program
        self._budget = budget

    def flat(self, term: Term) -> Term:
        self._budget.spend()
        inner = children(term)
        if isinstance(term, Apply):
            return self._apply(term, [self.flat(arg) for arg in inner])
        if not inner:
            return term
        new = remake(term, [self.flat(child) for child in inner])
        if is_undefined(new):
            # Only where a guard is false already: any value will do.
            if isinstance(term, ElementAt) and isinstance(term.sort, EnumSort):
                return Literal(term.sort.element(0), term.sort)
            return integer(0)
        return new

    def _apply(self, term: Apply, args: list[Term]) -> Term:
        domains = [self._candidates(term, i, arg) for i, arg in enumerate(args)]
        if prod(len(domain) for domain in domains) > self._budget.steps_left:
            raise BudgetExceeded(LimitKind.SIZE)
        return self._cases(term, args, domains, ())

    def _candidates(self, term: Apply, position: int, arg: Term) -> Sequence[Term]:
        """The values that an argument can take; a thing of an open type stays, or is one that the table names."""
        sort = self._program.symbols[term.symbol].arguments[position]
        if not isinstance(sort, OpenSort):
            return _values_of(arg, sort)
        table = self._program.tables.get(term.symbol)
        if table is None or isinstance(arg, Literal):
            return (arg,)
        if not isinstance(term.sort, BoolSort) or table.default is not False:
            raise BudgetExceeded(LimitKind.SIZE)
        return [Literal(value, sort) for value in dict.fromkeys(key[position] for key in table.entries)]

    def _cases(
        self, term: Apply, args: list[Term], domains: Sequence[Sequence[Term]], chosen: tuple[Term, ...]
    ) -> Term:
        self._budget.spend()
        position = len(chosen)
        if position == len(args):
            return self._call(term, chosen)
        arg = args[position]
        if isinstance(arg, Literal) or (domains[position] and domains[position][0] is arg):
            return self._cases(term, args, domains, (*chosen, domains[position][0]))
        cases = [(value, self._cases(term, args, domains, (*chosen, value))) for value in domains[position]]
        if isinstance(term.sort, BoolSort):
            return disjunction([both(equal(arg, value), case) for value, case in cases])
        result = cases[-1][1]
        for value, case in reversed(cases[:-1]):
            result = choose(equal(arg, value), case, result)
        return result

    def _call(self, term: Apply, args: tuple[Term, ...]) -> Term:
        table = self._program.tables.get(term.symbol)
        if table is None:
            return term if all(map(is_, args, term.args)) else replace(term, args=args)
        key: tuple[Value, ...] = tuple([arg.value for arg in args if isinstance(arg, Literal)])
        value = table.entries.get(key)
        if value is None and key not in table.entries:
            if not table.has_default:
                raise NoEntry(term.symbol, key)
            value = table.default
        return Literal(value, term.sort)


def _values_of(arg: Term, sort: Sort) -> Sequence[Literal]:
    """The values of the sort that the argument can take."""
    if isinstance(arg, Literal):
        # A literal outside the sort stands under a guard that is false: any value will do.
        return (arg,) if has_value(sort, arg.value) else (Literal(sort_values(sort)[0], sort),)
    if sort_size(sort) is None:
        raise BudgetExceeded(LimitKind.SIZE)
    match sort:
        case IntSort(int(low), int(high)):
            known = bounds_of(arg)
            first = low if known.low is None else max(low, ceil(known.low))
            last = high if known.high is None else min(high, floor(known.high))
            return [Literal(value, sort) for value in range(first, last + 1)] or [Literal(low, sort)]
        case _:
            return [Literal(value, sort) for value in sort_values(sort)]


_CASES = features(
    Construct.BOOLEAN,
    Construct.COMPARISON,
    Construct.CONDITIONAL,
    Construct.ELEMENT,
    Construct.QUOTIENT,
    Construct.RATIONAL,
)

NESTED_APPLICATIONS_TO_CONDITIONALS = Reformulation(
    name="NestedApplicationsToConditionals",
    rewrites={
        Feature(Construct.NESTED, Position.VALUE): _CASES,
        Feature(Construct.TABLE, Position.VALUE): _CASES,
    },
    cost=3,
    rewrite=rewrite,
    exposes=features(Construct.UNBOUNDED),
)
