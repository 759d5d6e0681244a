"""Programs in other notations, brought into our language before they are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nsr.dialects import Dialect, Reading

__all__ = ["foreign_dialect", "in_our_language"]


def foreign_dialect(text: str) -> Dialect | None:
    """The dialect that a text is in; None if it is a program of ours, or in no notation that is known."""
    from nsr.dialects import recognize
    from nsr.grammars.parser import parse

    return None if parse(text).program is not None else recognize(text)


def in_our_language(text: str, *, strict: bool = False) -> Reading | None:
    """What a text in another notation says; None where it is to be read as a program of ours."""
    from nsr.dialects import read

    dialect = foreign_dialect(text)
    return None if dialect is None else read(text, dialect.name, strict=strict)
