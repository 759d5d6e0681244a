"""What a formalizer is to the rest of `nsr`: texts in, drafts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from nsr.results import Usage

if TYPE_CHECKING:
    from nsr.errors import FormalizationError
    from nsr.formalizers.staged import StagedDraft
    from nsr.formalizers.whole import WholeDraft

__all__ = ["AnyDraft", "Draft", "Feedback", "Formalizer"]

AnyDraft: TypeAlias = "StagedDraft | WholeDraft | FormalizationError"
"""What a formalizer makes of a text, or why it makes nothing of it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A program as it came from the language model, unchecked, with what it cost.

    `seconds` is its share of the batch. `notes` say what was remarkable about the reply.
    """

    source: str
    usage: Usage
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is wrong with an earlier draft: its source, and the diagnostics rendered for a prompt."""

    previous: str
    messages: str


class Formalizer(Protocol):
    """Turns texts into first drafts, all of them in one batch."""

    def draft(self, texts: Sequence[str]) -> Sequence[AnyDraft]:
        """One draft for each text; a text that cannot be formalized has its error in its place."""
        ...
