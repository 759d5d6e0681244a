"""Runs one program after another in one process, the same program once."""

from __future__ import annotations

import time
from dataclasses import dataclass

from nsr.dialects import Reading
from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.errors import NsrError, ProgramError
from nsr.limits import Limits
from nsr.results import QuestionResult

__all__ = ["Ran", "Runner"]


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a program: `cause` is `answered`, a status without an answer, or why it was not run."""

    cause: str
    question: QuestionResult | None = None
    seconds: float = 0.0
    told: str = ""

    @property
    def is_executed(self) -> bool:
        """Whether the solvers ran it, to whatever end."""
        return self.question is not None


class Runner:
    """Answers readings within a limit of seconds for each solve."""

    def __init__(self, seconds: float) -> None:
        limits = Limits(wall_seconds=seconds, cpu_seconds=2 * seconds, memory_mib=2048)
        self._engine = Engine(Options(limits=limits, confirm=False))
        self._known: dict[str, Ran] = {}

    def run(self, reading: Reading) -> Ran:
        """The outcome of a reading."""
        if reading.program is None:
            error = reading.errors[0]
            return Ran(f"refused: {error.code}", told=error.message)
        source = reading.source
        if source not in self._known:
            self._known[source] = self._answered(source)
        return self._known[source]

    def _answered(self, source: str) -> Ran:
        started = time.perf_counter()
        try:
            question = self._engine.run(source).questions[0]
        except ProgramError as error:
            return Ran(f"not checked: {error.diagnostics[0].code}", told=str(error))
        except NsrError as error:
            return Ran(f"error: {type(error).__name__}", told=str(error))
        cause = "answered" if question.answer is not None else question.status.value
        return Ran(cause, question, time.perf_counter() - started, question.reason or "")
