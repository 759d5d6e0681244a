"""Literals by number: a variable, or `-variable - 1` for its opposite; and truth values that are known.

What several back ends make of them before they write anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Agreement", "Truth", "agreement", "alternatives", "opposite"]

Truth: TypeAlias = int | bool
"""A literal, or a truth value that is known."""


def opposite(literal: Truth) -> Truth:
    """The negation."""
    return not literal if isinstance(literal, bool) else -literal - 1


def alternatives(literals: Iterable[Truth]) -> dict[int, None] | None:
    """The literals of which one is to be true, each once, in order; None where one of them is true anyway."""
    kept: dict[int, None] = {}
    for literal in literals:
        if isinstance(literal, bool):
            if literal:
                return None
        elif -literal - 1 in kept:
            return None
        else:
            kept[literal] = None
    return kept


class Agreement(NamedTuple):
    """That two different variables have the same truth value, or, if `is_flipped`, opposite ones; `first < second`."""

    first: int
    second: int
    is_flipped: bool


def agreement(left: Truth, right: Truth) -> Truth | Agreement:
    """What it takes for two literals to agree: one form for all four combinations of signs."""
    if isinstance(left, bool):
        return right if left else opposite(right)
    if isinstance(right, bool):
        return left if right else opposite(left)
    is_flipped = (left < 0) != (right < 0)
    first, second = sorted((left if left >= 0 else -left - 1, right if right >= 0 else -right - 1))
    return not is_flipped if first == second else Agreement(first, second, is_flipped)
