"""From a text to a checked program, without an answer: what `nsr formulate` shows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nsr.diagnostics import Diagnostic, Severity, Source, has_errors, render_for_prompt
from nsr.engine.checking import check_source
from nsr.errors import FormalizationError
from nsr.formalizers.protocol import Feedback, Problem
from nsr.language import ir
from nsr.results import Round, Usage

if TYPE_CHECKING:
    from nsr.engine.engine import AnyDraft, Engine
    from nsr.engine.whole import WholeDraft
    from nsr.formalizers.staged import StagedDraft

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


async def formulate_draft(engine: Engine, text: str, draft: AnyDraft, on_round: OnRound | None = None) -> Formulation:
    """The refinement loop from a first draft to a program; of a general language model only the check speaks.

    What the embedded language model translates is refined as for an answer: by how many solutions selections have.
    """
    from nsr.formalizers.staged import StagedDraft

    if isinstance(draft, FormalizationError):
        return Formulation(reason=draft.reason)
    if isinstance(draft, StagedDraft):
        return await _staged(engine, text, draft, on_round)
    return await _whole(engine, text, draft, on_round)


async def _staged(engine: Engine, text: str, draft: StagedDraft, on_round: OnRound | None) -> Formulation:
    from nsr.engine.answering import SolverJudge
    from nsr.engine.refine import RefineOptions, refine

    started = time.perf_counter()
    judge = SolverJudge(engine.options)
    refined = await refine(draft, judge, RefineOptions(wall_seconds=engine.options.limits.wall_seconds), on_round)
    program, diagnostics = check_source(refined.source, text=text)
    usage = Usage(
        calls=draft.calls,
        prompt_tokens=draft.prompt_tokens,
        completion_tokens=draft.completion_tokens,
        forced_tokens=draft.forced_tokens,
    )
    seconds = {**draft.seconds, "refine": time.perf_counter() - started}
    return Formulation(refined.source, program, diagnostics, refined.reason, tuple(refined.rounds), usage, seconds)


async def _whole(engine: Engine, text: str, first: WholeDraft, on_round: OnRound | None) -> Formulation:
    from nsr.engine.whole import usage_of

    rounds: list[Round] = []
    usage, model_seconds = Usage(), 0.0
    draft = first.draft
    while True:
        usage = usage.plus(usage_of(draft))
        started = time.perf_counter()
        program, diagnostics = check_source(draft.source, text=text)
        rounds.append(_round(len(rounds) + 1, draft.source, diagnostics, time.perf_counter() - started))
        if on_round is not None:
            on_round(rounds[-1])
        is_written = bool(draft.source.strip())
        if (is_written and not diagnostics) or len(rounds) > engine.options.rounds:
            break
        told = render_for_prompt(diagnostics, Source(draft.source)) if is_written else "the reply holds no program"
        if not has_errors(diagnostics) and is_written:
            told += "\nIf a statement is right as it is, keep it."
        started = time.perf_counter()
        feedback = Feedback(previous=draft.source, messages=told)
        [draft] = await asyncio.to_thread(first.formalizer.formalize, [Problem(text)], [feedback])
        model_seconds += time.perf_counter() - started
    reason = None if program is not None and is_written else f"no program without errors in {len(rounds)} rounds"
    seconds = {"language_model": model_seconds, "check": sum(r.seconds for r in rounds)}
    source = draft.source if is_written else ""
    return Formulation(source, program, diagnostics, reason, tuple(rounds), usage, seconds)


def _round(number: int, source: str, diagnostics: Sequence[Diagnostic], seconds: float) -> Round:
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    return Round(
        number=number,
        kind="formalize" if number == 1 else "repair",
        source=source,
        findings=tuple(f"{d.code}: {d.message}" for d in diagnostics),
        outcome=f"{errors} errors" if errors else "checked, with doubts" if diagnostics else "checked",
        seconds=seconds,
    )
