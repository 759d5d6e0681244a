"""What connectives, comparisons and numbers come to for the search of cases, where values may be open.

Like `nsr.proofs.partial`, which writes them into functions, none of it has to be right for an answer to be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nsr.language.meaning import NoEntry
from nsr.language.sorts import Element, EnumSort, has_value
from nsr.language.values import UNDEFINED, all_different

if TYPE_CHECKING:
    from nsr.language.sorts import Value

__all__ = ["OPEN"]


class _Open:
    """The value of a cell that has none yet."""


OPEN: Any = _Open()


def is_true(value: Any) -> bool | None:
    return None if value is OPEN else value is True


def as_value(truth: bool | None) -> Any:
    return OPEN if truth is None else truth


def denial(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def same(first: bool | None, second: bool | None) -> bool | None:
    return None if first is None or second is None else first == second


def other(first: bool | None, second: bool | None) -> bool | None:
    return None if first is None or second is None else first != second


def equal(first: Any, second: Any) -> bool | None:
    if first is OPEN or second is OPEN:
        return None
    return first is not UNDEFINED and second is not UNDEFINED and bool(first == second)


def less(first: Any, second: Any) -> bool | None:
    if first is OPEN or second is OPEN:
        return None
    if isinstance(first, Element) and isinstance(second, Element):
        return first.index < second.index
    return isinstance(first, int | Fraction) and isinstance(second, int | Fraction) and first < second


def less_equal(first: Any, second: Any) -> bool | None:
    if first is OPEN or second is OPEN:
        return None
    if isinstance(first, Element) and isinstance(second, Element):
        return first.index <= second.index
    return isinstance(first, int | Fraction) and isinstance(second, int | Fraction) and first <= second


def differ(*values: Any) -> bool | None:
    if not all_different(value for value in values if value is not OPEN):
        return False
    return None if any(value is OPEN for value in values) else True


def is_number(value: Any) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def position(value: Any) -> Any:
    return OPEN if value is OPEN else value.index + 1 if isinstance(value, Element) else UNDEFINED


def element(sort: EnumSort, value: Any) -> Any:
    if value is OPEN:
        return OPEN
    return sort.element(value - 1) if isinstance(value, int) and 1 <= value <= len(sort.elements) else UNDEFINED


def within(sort: Any, value: Any) -> Any:
    return value if value is OPEN or value is UNDEFINED or has_value(sort, value) else UNDEFINED


def counted(truth: bool | None) -> Any:
    return OPEN if truth is None else int(truth)


def total(*values: Any) -> Any:
    if any(value is OPEN for value in values):
        return OPEN
    return sum(values) if all(map(is_number, values)) else UNDEFINED


def product(first: Any, second: Any) -> Any:
    if first is OPEN or second is OPEN:
        return OPEN
    return first * second if is_number(first) and is_number(second) else UNDEFINED


def negative(value: Any) -> Any:
    return OPEN if value is OPEN else -value if is_number(value) else UNDEFINED


def absolute(value: Any) -> Any:
    return OPEN if value is OPEN else abs(value) if is_number(value) else UNDEFINED


def looked_up(symbol: str, entries: Mapping[tuple[Value, ...], Value], default: Any, *key: Any) -> Any:
    if any(part is OPEN for part in key):
        return OPEN
    if any(part is UNDEFINED or part is None for part in key):
        return UNDEFINED
    if key in entries:
        return entries[key]
    if default is OPEN:
        raise NoEntry(symbol, key)
    return default


def row(rows: Mapping[tuple[Value, ...], Value], *key: Any) -> Any:
    return OPEN if any(part is OPEN for part in key) else key in rows
