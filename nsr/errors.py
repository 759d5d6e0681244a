"""Exceptions, grouped by who must act.

    NsrError
    ├── ProgramError             the author of the program: it has errors, all of them in `.diagnostics`
    ├── FormalizationError       nobody at once: the loop could not formalize the text, `.reason` says why
    ├── OperationalError         the operator: a missing solver, an unreachable language model, a crash
    │   ├── BackendUnavailable
    │   ├── LanguageModelUnavailable
    │   └── WorkerCrashed
    ├── UnsoundBackend           us: a back end's answer does not stand up to the reference evaluator
    │   └── Disagreement         us: back ends contradict each other
    └── UsageError               the caller: an argument, a path, an option

Time-outs, "unknown", no solution and abstention are results, not exceptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nsr.diagnostics import Diagnostic

__all__ = [
    "BackendUnavailable",
    "Disagreement",
    "FormalizationError",
    "LanguageModelUnavailable",
    "NsrError",
    "OperationalError",
    "ProgramError",
    "UnsoundBackend",
    "UsageError",
    "WorkerCrashed",
]


class NsrError(Exception):
    """Base of everything that this package raises on purpose."""


class ProgramError(NsrError):
    """The program has errors; `diagnostics` holds all of them, in order of position."""

    def __init__(self, diagnostics: Sequence[Diagnostic], rendered: str = "") -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(rendered or "; ".join(f"{d.code}: {d.message}" for d in self.diagnostics))


class FormalizationError(NsrError):
    """The text could not be turned into a program; `reason` is a sentence for the user."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class OperationalError(NsrError):
    """Something outside the program is missing or broken; `detail` keeps the other side's own words."""

    def __init__(self, message: str, detail: str = "") -> None:
        self.detail = detail
        super().__init__(message)


class BackendUnavailable(OperationalError):
    """A solver is not installed; the message says how to install it."""


class LanguageModelUnavailable(OperationalError):
    """A language model cannot be loaded or reached."""


class WorkerCrashed(OperationalError):
    """A worker process ended without an answer and without a limit being the cause."""


class UnsoundBackend(NsrError):
    """A back end returned something that the reference evaluator or another back end refutes: our fault.

    `kept` is the file with the smallest program found that shows it, where one has been written.
    """

    kept: Path | None = None

    def __str__(self) -> str:
        told = super().__str__()
        return told if self.kept is None else f"{told}; the smallest program found that shows it is in {self.kept}"


class Disagreement(UnsoundBackend):
    """Back ends contradict each other: our fault; `sides` has what each of them said, by its name."""

    def __init__(self, about: str, sides: Mapping[str, str]) -> None:
        self.about = about
        self.sides = dict(sides)
        said = "; ".join(f"`{name}`: {words}" for name, words in sides.items())
        super().__init__(f"back ends disagree about {about}: {said}")


class UsageError(NsrError):
    """An argument, path or option is wrong; the message says what is accepted."""
