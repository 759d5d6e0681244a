"""All calls of a function: its cells, as solvers see an unknown."""

from __future__ import annotations

import itertools
from math import prod
from typing import TYPE_CHECKING

from nsr.language.ir import Apply, Literal
from nsr.language.sorts import sort_size, sort_values
from nsr.limits import BudgetExceeded, LimitKind

if TYPE_CHECKING:
    from nsr.language.ir import Function
    from nsr.language.sorts import Value
    from nsr.limits import Budget

__all__ = ["calls_of", "keys_of"]


def calls_of(function: Function, budget: Budget) -> list[Apply]:
    """The calls of a function at all its arguments, in order, the last argument fastest.

    Raises:
        BudgetExceeded: when there are too many.
    """
    _spend(function, budget)
    domains = [[Literal(value, sort) for value in sort_values(sort)] for sort in function.arguments]
    return [Apply(function.name, args, function.value) for args in itertools.product(*domains)]


def keys_of(function: Function, budget: Budget) -> list[tuple[Value, ...]]:
    """The values of the arguments of these calls.

    Raises:
        BudgetExceeded: when there are too many.
    """
    _spend(function, budget)
    return list(itertools.product(*map(sort_values, function.arguments)))


def _spend(function: Function, budget: Budget) -> None:
    sizes = [sort_size(sort) for sort in function.arguments]
    count = prod([size for size in sizes if size is not None])
    if None in sizes or count > budget.steps_left:
        raise BudgetExceeded(LimitKind.SIZE)
    budget.spend(count)
