"""What a row of the table of hints is, and small questions that rows ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nsr.diagnostics import Span
from nsr.grammars.lexer import WORD, Token
from nsr.grammars.situation import Situation

__all__ = ["COMPARES", "DECLARATIONS", "HEADED", "Hint", "Match", "is_name", "replaced", "span_of"]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a hint points and what it would change.

    `fix` is the certain repair of `fix_span` (else of `span`); `instead` is what the parser reads in place of the
    token found, to go on behind it.
    """

    span: Span | None = None
    fix: str | None = None
    fix_span: Span | None = None
    instead: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    expected: tuple[str, ...] = ()
    labels: tuple[tuple[Span, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """One row: `message`, `found` and `help` are templates over `{found}`, `{keyword}` and the words of a match."""

    code: str
    message: str
    help: str
    when: Callable[[Situation], Match | None]
    examples: tuple[str, ...]
    found: str = ""


HEADED = frozenset(["constraint", "premise", "assume", "soft", "fact", "rule", "default", "prove", "ask"]) | frozenset(
    ["compute", "minimize", "maximize", "option"]
)
"""Statements that take a label."""

DECLARATIONS = frozenset(["type", "const", "param", "var", "pred", "rel", "define"])
"""Statements that take a quotation and no label."""

COMPARES = frozenset(["==", "=", "!=", "<", ">", "<=", ">=", "≠", "≤", "≥"])


def is_name(token: Token | None) -> bool:
    """Whether the token is a name (or a word that may be one)."""
    return token is not None and token.kind in (WORD, "QUOTED_NAME")


def span_of(token: Token) -> Span:
    """The place of a token."""
    return Span(token.start, token.end)


def replaced(token: Token, text: str, **words: str) -> Match:
    """A match that reads `text` in place of the token found and goes on."""
    return Match(span=span_of(token), fix=text, instead=text, words=words)
