"""What gold answers and answers say: numbers, words, verdicts, and marks for "there is no optimum"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from nsr.explain.spelling import folded

__all__ = ["FALSE", "NO_OPTIMUM", "TRUE", "UNKNOWN", "no_optimum", "number_of", "verdict_of", "words_of"]

TRUE, FALSE, UNKNOWN = "true", "false", "unknown"

_VERDICTS = {
    TRUE: ("true", "yes", "proved", "entailment", "entailed", "correct"),
    FALSE: ("false", "no", "disproved", "contradiction", "refuted", "incorrect"),
    UNKNOWN: ("unknown", "uncertain", "neutral", "undetermined", "dk", "do not know", "dont know"),
}
_VERDICT_OF = {word: verdict for verdict, words in _VERDICTS.items() for word in words}

NO_OPTIMUM = {
    "infeasible": "infeasible",
    "no solution": "infeasible",
    "no feasible solution": "infeasible",
    "unbounded": "unbounded",
    "no best solution": "no optimum",
    "no optimal solution": "no optimum",
    "no optimum": "no optimum",
}
"""Marks that stand in place of an optimum, and what they say; `no optimum` leaves open why."""

MAX_DIGITS = 400
"""Characters of a number; what is longer is none."""

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?(\s*/\s*\d+)?", re.IGNORECASE | re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)


def number_of(value: Any) -> Fraction | None:
    """The number that a JSON value says exactly (`1/3`, `$1,200`, `12.50`, `5%` as 1/20), None if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        # The decimal that was written, not the nearest binary fraction.
        return number_of(repr(value))
    if not isinstance(value, str) or len(value) > MAX_DIGITS:
        return None
    text = value.strip().replace("−", "-")
    sign = "-" if text.startswith("-") else ""
    text = sign + text.removeprefix("-").strip().lstrip("$€£").strip()
    share = Fraction(1, 100) if text.endswith("%") else Fraction(1)
    text = text.removesuffix("%").strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    above, _, below = text.partition("/")
    if below and int(below) == 0:
        return None
    return Fraction(above.strip()) / (int(below) if below else 1) * share


def no_optimum(value: Any) -> str | None:
    """What a mark in place of an optimum says (`infeasible`, `unbounded`, `no optimum`); None if it is no such mark."""
    return NO_OPTIMUM.get(folded(value)) if isinstance(value, str) else None


def verdict_of(value: Any) -> str | None:
    """`true`, `false` or `unknown`, by whatever word a set uses for it; None for any other word."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    return _VERDICT_OF.get(folded(value)) if isinstance(value, str) else None


def words_of(value: Any) -> frozenset[str] | None:
    """The words that an answer names, in the form in which they are compared; None if it names none.

    A list of bindings with one variable names its values; an assignment of one symbol without arguments names that.
    """
    match value:
        case bool():
            return frozenset({TRUE if value else FALSE})
        case str() | int():
            return frozenset({folded(str(value))})
        case list() | tuple():
            parts = [words_of(v) for v in value]
            return None if any(p is None for p in parts) else frozenset().union(*(p for p in parts if p is not None))
        case Mapping() if isinstance(inner := value.get("assignment"), Mapping) and len(inner) == 1:
            return words_of(next(iter(inner.values())))
        case Mapping() if len(value) == 1:
            return words_of(next(iter(value.values())))
        case _:
            return None
