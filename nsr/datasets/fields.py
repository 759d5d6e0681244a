"""Fields of records, read with care: what is missing or of another type is said by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nsr.datasets.protocol import Option

__all__ = ["LETTERS", "Unreadable", "first", "lettered", "named", "short_fields", "text_of", "texts_of", "unlabelled"]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_META = 200
"""Characters of a value that one may group by; longer ones stay behind."""


class Unreadable(ValueError):
    """A record is not of the form that its set has; the message names the field."""


def first(fields: Mapping[str, Any], names: Iterable[str]) -> Any:
    """The value of the first of these fields that is there and not null, else None."""
    return next((fields[n] for n in names if fields.get(n) is not None), None)


def text_of(fields: Mapping[str, Any], *names: str) -> str:
    """The text of the first of these fields that is there; a list of sentences is joined.

    Raises:
        Unreadable: if there is none, or it is no text.
    """
    value = first(fields, names)
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        value = " ".join(v.strip() for v in value)
    if not isinstance(value, str) or not value.strip():
        there = ", ".join(map(str, fields)) or "nothing"
        raise Unreadable(f"there is no text in {' or '.join(map(repr, names))}; the record has: {there}")
    return value.strip()


def texts_of(fields: Mapping[str, Any], *names: str) -> list[str]:
    """The texts of a list.

    Raises:
        Unreadable: if there is no such list.
    """
    value = first(fields, names)
    if not isinstance(value, list) or not all(isinstance(v, (str, int)) for v in value):
        raise Unreadable(f"there is no list of texts in {' or '.join(map(repr, names))}")
    return [str(v).strip() for v in value]


def lettered(texts: Iterable[str]) -> tuple[Option, ...]:
    """Options A, B, C, ...; letters that the texts begin with (`A) ...`, `(A) ...`) are taken from them.

    Raises:
        Unreadable: if there are more than letters.
    """
    out = []
    for number, text in enumerate(texts):
        if number >= len(LETTERS):
            raise Unreadable(f"there are more than {len(LETTERS)} options")
        bare = text.strip()
        label = LETTERS[number]
        if bare.startswith((f"{label})", f"{label}.", f"({label})")):
            bare = bare.partition(")")[2] if not bare.startswith(f"{label}.") else bare[2:]
        out.append(Option(label, bare.strip()))
    return tuple(out)


def unlabelled(texts: Iterable[str]) -> tuple[Option, ...]:
    """Options that are called by their wording."""
    return tuple(Option(text, text) for text in texts)


def named(fields: Mapping[str, Any], place: str, *names: str) -> str:
    """The identifier in the first of these fields that is there, else the place in the file."""
    value = first(fields, names or ("id",))
    return str(value) if isinstance(value, (str, int)) and str(value).strip() else place.replace(" ", "-")


def short_fields(fields: Mapping[str, Any], *taken: str) -> dict[str, Any]:
    """The short values: what one may group by."""
    short = (str, int, float, bool)
    return {k: v for k, v in fields.items() if k not in taken and isinstance(v, short) and len(str(v)) <= MAX_META}
