"""Word lists written as one text."""

from __future__ import annotations

__all__ = ["words_of"]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that are separated by blanks."""
    return tuple(text.split())
