"""What a formalizer is to the rest of `nsr`: problems and feedback in, drafts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nsr.llm.protocol import Message

__all__ = ["Attempt", "Draft", "Feedback", "Formalizer", "Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A text to be formalized, with the caller's own name for it."""

    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a language model: what it was asked, what it said, what it cost."""

    prompt: str | tuple[Message, ...]
    response: str
    prompt_tokens: int
    completion_tokens: int
    forced_tokens: int
    seconds: float
    grammar_in_force: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A program as it came from the language model, unchecked; notes say what was remarkable about it."""

    source: str
    attempts: tuple[Attempt, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is wrong with an earlier draft: its source, and the diagnostics rendered for a prompt."""

    previous: str
    messages: str


class Formalizer(Protocol):
    """Turns problems into drafts, all of them in one batch."""

    @property
    def name(self) -> str: ...

    def formalize(self, problems: Sequence[Problem], feedback: Sequence[Feedback | None]) -> list[Draft]:
        """One draft for each problem; with feedback, a better one than the draft it speaks of."""
        ...
