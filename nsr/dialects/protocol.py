"""What a dialect is: another notation, read into a program of our language, and written where it can say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from nsr.diagnostics import Diagnostic, Severity, has_errors
from nsr.language import ast

__all__ = ["Dialect", "Read", "Reading", "Recognize", "Write", "WriteError"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text in a dialect was read as.

    `program` is the syntax tree in our language, None if the text is refused. `diagnostics` speak of places in the text
    that was read: errors say why it is refused; those of severity `repair` say what was mended on the way.
    """

    program: ast.ParsedProgram | None
    diagnostics: tuple[Diagnostic, ...] = ()

    def __post_init__(self) -> None:
        assert (self.program is None) == has_errors(self.diagnostics), "a refusal has a reason, and only a refusal"

    @property
    def source(self) -> str:
        """The program in our language, in canonical form; empty if the text is refused."""
        from nsr.language.printer import print_program

        return "" if self.program is None else print_program(self.program)

    @property
    def repairs(self) -> tuple[Diagnostic, ...]:
        """What was mended; a reading without any took the text as it stands."""
        return tuple(d for d in self.diagnostics if d.severity is Severity.REPAIR)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Why the text is refused."""
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)


class WriteError(ValueError):
    """A program has something that the dialect cannot say; the message names it."""


Recognize: TypeAlias = Callable[[str], float]
"""How surely a text (its first `RECOGNIZED` characters are given) is in the dialect: from 0 to 1."""

Read: TypeAlias = Callable[[str, bool], Reading]
"""Reads a text; with True (strict), what would be a repair is an error. Never raises for any text."""

Write: TypeAlias = Callable[[ast.ParsedProgram], str]
"""Writes a program of our language in the dialect; raises `WriteError` for what it cannot say."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A notation: `name` for `--dialect`, `title` for people, and its functions.

    Dialects that share a notation and differ in a convention are entries of their own.
    """

    name: str
    title: str
    recognize: Recognize
    read: Read
    write: Write | None = None
