"""Words for messages: values, names and suggestions as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from nsr.language.printer import print_name
from nsr.language.sorts import (
    Value,
)


def show(value: Value) -> str:
    """A value as the language writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "none"
    if isinstance(value, Fraction):
        return str(float(value)) if value.denominator in (2, 4, 5, 10, 20, 25, 50, 100) else str(value)
    if isinstance(value, int):
        return str(value) if value.bit_length() < 300 else "a number of many digits"
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(show(v) for v in value)) + "}"
    return print_name(value.name)


def in_ticks(name: str) -> str:
    """A name as it is written, in backquotes once: for messages."""
    return f"`{print_name(name).strip('`')}`"


def suggestion(near: Sequence[str], otherwise: str) -> str:
    """The help that goes with near names, or something else to do when there are none."""
    return f"did you mean {' or '.join(in_ticks(n) for n in near)}?" if near else otherwise
