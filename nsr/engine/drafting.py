"""Drafts of whole programs, sent back to the language model with what is wrong with them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from nsr.formalizers.protocol import Draft, Feedback
from nsr.results import Round, Usage

if TYPE_CHECKING:
    from nsr.formalizers.whole import WholeFormalizer

__all__ = ["NO_PROGRAM", "Judged", "Revised", "revised"]

NO_PROGRAM = "the reply holds no program"


class Judged(Protocol):
    """What is said of a draft: to the language model, and as a round; whether it is gone by."""

    @property
    def message(self) -> str: ...
    @property
    def findings(self) -> tuple[str, ...]: ...
    @property
    def outcome(self) -> str: ...
    @property
    def is_final(self) -> bool: ...


J = TypeVar("J", bound=Judged)


@dataclass(frozen=True, slots=True)
class Revised(Generic[J]):
    """The last draft and what was said of it, with all rounds on the way to it."""

    source: str
    judged: J
    rounds: tuple[Round, ...]
    usage: Usage
    model_seconds: float

    @property
    def judge_seconds(self) -> float:
        """How long the judge took over all drafts."""
        return sum(r.seconds for r in self.rounds)


async def revised(
    formalizer: WholeFormalizer,
    text: str,
    draft: Draft,
    judge: Callable[[str, bool], Awaitable[J]],
    more_rounds: int,
    on_round: Callable[[Round], None] | None = None,
) -> Revised[J]:
    """Sends a draft back until the judge has nothing against it, or the rounds are used up.

    The judge is told the source, and whether another round is left.
    """
    rounds: list[Round] = []
    usage, model_seconds = Usage(), 0.0
    while True:
        usage, model_seconds = usage.plus(draft.usage), model_seconds + draft.seconds
        is_more = len(rounds) < more_rounds
        started = time.perf_counter()
        judged = await judge(draft.source, is_more)
        rounds.append(_round(len(rounds) + 1, draft, judged, time.perf_counter() - started))
        if on_round is not None:
            on_round(rounds[-1])
        if judged.is_final or not is_more:
            return Revised(draft.source, judged, tuple(rounds), usage, model_seconds)
        feedback = Feedback(previous=draft.source, messages="\n".join((*draft.notes, judged.message)))
        [draft] = await asyncio.to_thread(formalizer.formalize, [text], [feedback])


def _round(number: int, draft: Draft, judged: Judged, seconds: float) -> Round:
    return Round(
        number=number,
        kind="formalize" if number == 1 else "repair",
        source=draft.source,
        findings=(*draft.notes, *judged.findings),
        outcome=judged.outcome,
        seconds=seconds,
    )
