"""The refinement loop over whole programs that a general language model writes.

Diagnostics of any stage go back as one message: syntax and sorts, the audit against the text, no solution (the
minimal core as cited sentences), more than one solution although the program asks for the one, no option that fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nsr.diagnostics import Severity, Source, has_errors, render_for_prompt, to_json
from nsr.engine.answering import abstained
from nsr.engine.checking import check_source
from nsr.engine.drafting import NO_PROGRAM, revised
from nsr.engine.reports import answer_or_report
from nsr.engine.translating import in_our_language
from nsr.results import Result, Round, Status, Usage

if TYPE_CHECKING:
    from nsr.diagnostics import Diagnostic
    from nsr.engine.options import Options
    from nsr.formalizers.whole import WholeDraft

__all__ = ["answer_whole"]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is wrong with a draft (for the language model; errors as JSON, too), or the result it leads to."""

    message: str
    findings: tuple[str, ...]
    outcome: str
    result: Result | None = None
    is_final: bool = False
    errors: tuple[dict[str, Any], ...] = ()


async def answer_whole(
    text: str, first: WholeDraft, options: Options, on_round: Callable[[Round], None] | None = None
) -> Result:
    """Sends a draft back with what is wrong with it until nothing is, or the rounds are used up."""

    async def judge(source: str, is_more: bool) -> _Verdict:
        return await _judge(text, source, options, may_question=is_more)

    found = await revised(first.formalizer, text, first.draft, judge, options.rounds, on_round)
    verdict = found.judged
    seconds = {"language_model": found.model_seconds, "answer": found.judge_seconds}
    if verdict.is_final and verdict.result is not None:
        return _with(verdict.result, found.rounds, found.usage, seconds)
    last = next(iter(found.rounds[-1].findings), verdict.outcome)
    reason = f"no program stood up to the checks in {len(found.rounds)} rounds; the last: {last}"
    return abstained(reason, found.source, found.rounds, found.usage, seconds, verdict.errors)


def _with(result: Result, rounds: Sequence[Round], usage: Usage, seconds: dict[str, float]) -> Result:
    return result.model_copy(update={"rounds": tuple(rounds), "usage": usage, "seconds": {**seconds, **result.seconds}})


async def _judge(text: str, source: str, options: Options, *, may_question: bool) -> _Verdict:
    place = Source(source)
    if not source.strip():
        return _Verdict(NO_PROGRAM, (NO_PROGRAM,), NO_PROGRAM)
    reading = in_our_language(source)
    if reading is not None:
        if reading.program is None:
            return _refused(reading.errors, place)
        source = reading.source
    repairs = () if reading is None else tuple(to_json(d, place) for d in reading.repairs)
    place = Source(source)
    program, diagnostics = check_source(source, text=text)
    if program is None or has_errors(diagnostics):
        return _refused(diagnostics, place)
    warnings = [d for d in diagnostics if d.severity is Severity.WARNING]
    result = await answer_or_report(program, options, text=text)
    result = result.model_copy(
        update={"program": source, "warnings": (*repairs, *(to_json(w, place) for w in warnings))}
    )
    findings = _told(warnings)
    message = render_for_prompt(warnings, place)
    if result.status in (Status.NO_SOLUTION, Status.INCONSISTENT):
        core = "; ".join(f"{r.label}: “{' '.join(r.sentences)}”" for r in result.explanation.reasons)
        told = f"no solution: these statements contradict each other: {core or 'all'}"
        # The text may really have no solution: the last draft's word stands when its statements pass the audit.
        return _Verdict(
            f"{message}\n{told}", (told, *findings), "no solution", result, is_final=not may_question and not findings
        )
    if result.status in (Status.UNDETERMINED, Status.ABSTAINED):
        told = f"{result.reason}: {result.explanation.summary}"
        return _Verdict(f"{message}\n{told}", (told, *findings), result.reason or result.status.value, result)
    if findings and may_question:
        return _Verdict(
            message + "\nIf a statement is right as it is, keep it.", findings, "answered, with doubts", result
        )
    return _Verdict(message, findings, result.status.value, result, is_final=True)


def _refused(diagnostics: Sequence[Diagnostic], place: Source) -> _Verdict:
    errors = [d for d in diagnostics if d.severity is Severity.ERROR]
    return _Verdict(
        render_for_prompt(diagnostics, place),
        _told(errors),
        f"{len(errors)} errors",
        errors=tuple(to_json(d, place) for d in errors),
    )


def _told(diagnostics: Sequence[Diagnostic]) -> tuple[str, ...]:
    return tuple(f"{d.code}: {d.message}" for d in diagnostics)
