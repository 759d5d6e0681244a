"""From a text to a checked program, without an answer: what `nsr formulate` shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nsr.diagnostics import Diagnostic, Severity, Source, has_errors, render_for_prompt
from nsr.engine.checking import check_source
from nsr.engine.drafting import NO_PROGRAM, revised
from nsr.errors import FormalizationError
from nsr.language import ir
from nsr.results import Round, Usage

if TYPE_CHECKING:
    from nsr.engine.options import Options
    from nsr.formalizers.protocol import AnyDraft
    from nsr.formalizers.staged import StagedDraft
    from nsr.formalizers.whole import WholeDraft

__all__ = ["Formulation", "formulate_draft"]

OnRound = Callable[[Round], None]


@dataclass(frozen=True, slots=True)
class Formulation:
    """A program for a text, typed if it has no errors, and how it came about.

    `reason` says why it is not to be gone by; `source` is empty where there is none at all.
    """

    source: str = ""
    program: ir.Program | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    reason: str | None = None
    rounds: tuple[Round, ...] = ()
    usage: Usage = field(default_factory=Usage)
    seconds: Mapping[str, float] = field(default_factory=dict)


async def formulate_draft(text: str, draft: AnyDraft, options: Options, on_round: OnRound | None = None) -> Formulation:
    """The refinement loop from a first draft to a program; of a general language model only the check speaks.

    What the embedded language model translates is refined as for an answer: by how many solutions selections have.
    """
    from nsr.formalizers.staged import StagedDraft

    if isinstance(draft, FormalizationError):
        return Formulation(reason=draft.reason)
    if isinstance(draft, StagedDraft):
        return await _staged(text, draft, options, on_round)
    return await _whole(text, draft, options, on_round)


async def _staged(text: str, draft: StagedDraft, options: Options, on_round: OnRound | None) -> Formulation:
    from nsr.engine.answering import refined

    started = time.perf_counter()
    found = await refined(draft, options, on_round)
    seconds = {**draft.seconds, "refine": time.perf_counter() - started}
    program, diagnostics = check_source(found.source, text=text)
    return Formulation(found.source, program, diagnostics, found.reason, found.rounds, draft.usage, seconds)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A draft as the checker sees it."""

    program: ir.Program | None
    diagnostics: tuple[Diagnostic, ...]
    message: str
    is_final: bool

    @property
    def findings(self) -> tuple[str, ...]:
        return tuple(f"{d.code}: {d.message}" for d in self.diagnostics)

    @property
    def outcome(self) -> str:
        errors = sum(d.severity is Severity.ERROR for d in self.diagnostics)
        return f"{errors} errors" if errors else "checked, with doubts" if self.diagnostics else "checked"


async def _whole(text: str, first: WholeDraft, options: Options, on_round: OnRound | None) -> Formulation:
    async def judge(source: str, is_more: bool) -> _Checked:
        program, diagnostics = check_source(source, text=text)
        is_written = bool(source.strip())
        told = render_for_prompt(diagnostics, Source(source)) if is_written else NO_PROGRAM
        if not has_errors(diagnostics) and is_written:
            told += "\nIf a statement is right as it is, keep it."
        return _Checked(program, diagnostics, told, is_written and not diagnostics)

    found = await revised(first.formalizer, text, first.draft, judge, options.rounds, on_round)
    program, is_written = found.judged.program, bool(found.source.strip())
    is_right = program is not None and is_written
    reason = None if is_right else f"no program without errors in {len(found.rounds)} rounds"
    seconds = {"language_model": found.model_seconds, "check": found.judge_seconds}
    source = found.source if is_written else ""
    return Formulation(source, program, found.judged.diagnostics, reason, found.rounds, found.usage, seconds)
