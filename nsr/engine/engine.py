"""The engine: runs the stages, and the refinement loop around them. All doors lead here."""

from __future__ import annotations

import asyncio
import platform
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

from nsr.diagnostics import Diagnostic, Source, Span, render
from nsr.engine.background import blocking
from nsr.engine.checking import check_source, parse_program, place_of_goal
from nsr.engine.options import Options
from nsr.engine.reports import kept_program
from nsr.errors import FormalizationError, ProgramError, UnsoundBackend, UsageError
from nsr.explain.spelling import Spelling, rational
from nsr.language.sorts import number
from nsr.results import Explanation, Result, Round, Status, Usage, worst_status

if TYPE_CHECKING:
    from nsr.engine.formulating import Formulation
    from nsr.engine.whole import WholeDraft
    from nsr.formalizers.declarations import Declarations
    from nsr.formalizers.staged import StagedDraft
    from nsr.language import ir
    from nsr.language.evaluate import NoEntry
    from nsr.llm.protocol import LanguageModel
    from nsr.solvers.protocol import Gap

    AnyDraft: TypeAlias = StagedDraft | WholeDraft | FormalizationError

__all__ = ["Engine", "arun", "asolve", "parse", "run", "solve", "solve_many"]

MAX_TEXT = 100_000
"""Characters of a problem's text; longer ones are refused before anything else looks at them."""


class Engine:
    """Answers problems and programs. Safe to share between threads; closing it is optional but frees memory early.

    `llm` is the language model to use; without it the one at the address `options.model` is loaded when needed.

    Raises:
        UsageError: if there is no back end or manual of the name in the options.
        BackendUnavailable: if one of several back ends that are named is not installed.
    """

    def __init__(self, options: Options | None = None, llm: LanguageModel | None = None) -> None:
        self.options = options or Options()
        _check_backend(self.options)
        _check_manual(self.options)
        self.llm = llm
        self._formalizer: Any = None
        self._lock = threading.Lock()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the language model."""
        self._formalizer = None

    def configuration(self) -> dict[str, Any]:
        """What a run's results depend on: options and versions, as JSON values."""
        o = self.options
        return {
            "model": o.model,
            "backend": o.backend,
            "seed": o.seed,
            "rounds": o.rounds,
            "confirm": o.confirm,
            "assume": o.assume,
            "timeout": o.limits.wall_seconds,
            "memory_mib": o.limits.memory_mib,
            "version": _versions()["nsr"],
            **({"manual": o.manual} if o.manual else {}),
        }

    def versions(self) -> dict[str, str]:
        """Versions of nsr, Python and the solvers."""
        return _versions()

    # Programs

    def run(self, program: ir.Program | str, *, text: str = "", root: Path | None = None) -> Result:
        """The answer to a program; `text` is the problem it formalizes, for the spelling of names.

        Data files are read below the folder `root`; without it a program has none.

        Raises:
            ProgramError: if a source has errors.
            UnsoundBackend: if a back end's answer does not stand up to the evaluator.
        """
        return blocking(self.arun(program, text=text, root=root))

    async def arun(
        self, program: ir.Program | str, *, text: str = "", spelling: Spelling | None = None, root: Path | None = None
    ) -> Result:
        """Like `run`; `spelling` is for callers that know more of it than the text tells."""
        from nsr.engine.answering import answer_questions
        from nsr.language.evaluate import NoEntry
        from nsr.solvers.protocol import Gap

        started = time.perf_counter()
        typed = parse_program(program, root=root) if isinstance(program, str) else program
        checked = time.perf_counter()
        source = program if isinstance(program, str) else program.source
        try:
            questions = await answer_questions(typed, self.options, spelling or Spelling(text))
        except UnsoundBackend as fault:
            if self.options.reports and source:
                fault.kept = await asyncio.to_thread(kept_program, source, fault, self.options, root)
            raise
        except (Gap, NoEntry) as error:
            raise ProgramError(refused := [_refusal(error, typed)], render(refused, Source(source))) from error
        first = questions[0]
        return Result(
            status=worst_status(q.status for q in questions),
            answer=first.answer,
            questions=questions,
            reason=next((q.reason for q in questions if q.reason), None),
            assumptions=tuple(dict.fromkeys(a for q in questions for a in q.assumptions)),
            warnings=_warnings(typed, source),
            evidence=first.evidence,
            explanation=first.explanation,
            program=source,
            seconds={"check": checked - started, "answer": time.perf_counter() - checked},
            versions=_versions(),
        )

    # Texts

    def solve(self, text: str) -> Result:
        """The answer to a problem in plain English; an unanswerable text ends in `abstained` with a reason.

        Raises:
            OperationalError: if the language model cannot be loaded or reached.
        """
        return blocking(self.asolve(text))

    async def asolve(self, text: str) -> Result:
        """Like `solve`."""
        drafts = await asyncio.to_thread(self.formalize, [text])
        return await self.answer_draft(text, drafts[0])

    def formulate(self, text: str) -> Formulation:
        """A checked program for a problem in plain English, without its answer.

        Raises:
            OperationalError: if the language model cannot be loaded or reached.
        """
        from nsr.engine.formulating import formulate_draft

        async def work() -> Formulation:
            drafts = await asyncio.to_thread(self.formalize, [text])
            return await formulate_draft(self, text, drafts[0])

        return blocking(work())

    def solve_many(self, texts: Sequence[str]) -> list[Result]:
        """The answers to several problems, formalized together."""

        async def work() -> list[Result]:
            drafts = await asyncio.to_thread(self.formalize, texts)
            return [await self.answer_draft(t, d) for t, d in zip(texts, drafts, strict=True)]

        return blocking(work())

    def formalize(self, texts: Sequence[str]) -> list[AnyDraft]:
        """First drafts of several texts in one batch of the language model; for `answer_draft`."""
        refused = {i: why for i, text in enumerate(texts) if (why := _unreadable(text))}
        good = [t for i, t in enumerate(texts) if i not in refused]
        drafts = iter(self._get_formalizer().draft(good) if good else [])
        return [FormalizationError(refused[i]) if i in refused else next(drafts) for i in range(len(texts))]

    async def answer_draft(self, text: str, draft: AnyDraft, on_round: Callable[[Round], None] | None = None) -> Result:
        """The refinement loop from a first draft to a result; `on_round` is told of every round as it ends."""
        from nsr.formalizers.staged import StagedDraft

        if isinstance(draft, FormalizationError):
            return Result(
                status=Status.ABSTAINED,
                reason=draft.reason,
                explanation=Explanation(summary=draft.reason),
                versions=_versions(),
            )
        if isinstance(draft, StagedDraft):
            return await self._answer_staged(text, draft, on_round)
        from nsr.engine.whole import answer_whole

        return await answer_whole(self, text, draft, on_round)

    async def _answer_staged(
        self, text: str, draft: StagedDraft, on_round: Callable[[Round], None] | None = None
    ) -> Result:
        from nsr.engine.answering import SolverJudge
        from nsr.engine.refine import RefineOptions, refine

        started = time.perf_counter()
        refined = await refine(
            draft, SolverJudge(self.options), RefineOptions(wall_seconds=self.options.limits.wall_seconds), on_round
        )
        looked = time.perf_counter()
        usage = Usage(
            calls=draft.calls,
            prompt_tokens=draft.prompt_tokens,
            completion_tokens=draft.completion_tokens,
            forced_tokens=draft.forced_tokens,
        )
        seconds = {**draft.seconds, "refine": looked - started}
        if refined.reason is not None:
            return abstained(refined.reason, refined.source, refined.rounds, usage, seconds)
        result = await self.arun(
            refined.source, text=text, spelling=Spelling(text, _spelled_numbers(draft.declarations))
        )
        return result.model_copy(
            update={"rounds": refined.rounds, "usage": usage, "seconds": {**seconds, **result.seconds}}
        )

    def with_cell_reasons(self, result: Result, text: str = "", root: Path | None = None) -> Result:
        """The result with, for each cell that is forced, the sentences that force it.

        The result itself unless its first question is for one solution or the only one, without an objective: the best
        solution, or one of many, is not what it is by the statements alone.
        """
        from nsr.engine.answering import cell_reasons, is_about_cells

        if result.program is None or not result.questions or not result.is_answered:
            return result
        program, _ = check_source(result.program, root=root)
        assert program is not None
        if not is_about_cells(program):
            return result
        reasons = blocking(cell_reasons(program, self.options, Spelling(text)))
        first = result.questions[0]
        explanation = first.explanation.model_copy(update={"reasons": reasons})
        questions = (first.model_copy(update={"explanation": explanation}), *result.questions[1:])
        return result.model_copy(update={"questions": questions, "explanation": explanation})

    def _get_formalizer(self) -> Any:
        from nsr.solvers import together_of, warm

        with self._lock:
            if self._formalizer is None:
                # The worker starts while the language model loads.
                wanted = self.options.backend
                warm("cpsat" if wanted == "auto" or together_of(wanted) is not None else wanted)
                self._formalizer = _make_formalizer(self.options, self.llm)
            return self._formalizer


def abstained(
    reason: str, source: str | None, rounds: Sequence[Round], usage: Usage, seconds: dict[str, float]
) -> Result:
    """A result without an answer, with its reason and all that led to it."""
    return Result(
        status=Status.ABSTAINED,
        reason=reason,
        explanation=Explanation(summary=reason),
        program=source,
        rounds=tuple(rounds),
        usage=usage,
        seconds=seconds,
        versions=_versions(),
    )


def _check_backend(options: Options) -> None:
    """Refuse the name of a back end that there is not, before anything is done for it."""
    from nsr.solvers import get_backend, together_of

    if options.backend != "auto" and together_of(options.backend) is None:
        get_backend(options.backend)


def _check_manual(options: Options) -> None:
    """Refuse a manual that there is not, or that nobody would read."""
    if not options.manual:
        return
    from nsr.formalizers.whole import CUTS

    if options.manual not in CUTS:
        raise UsageError(f"there is no manual {options.manual!r}; there are {', '.join(CUTS)}")
    if options.model.partition(":")[0] == "embedded":
        raise UsageError("the embedded language model reads no manual; name another language model, or no manual")


def _make_formalizer(options: Options, llm: LanguageModel | None = None) -> Any:
    from nsr.llm import load

    llm = llm or load(options.model)
    if options.model.partition(":")[0] == "embedded":
        from nsr.formalizers.staged import StagedFormalizer

        return StagedFormalizer(llm)
    from nsr.engine.whole import WholeDrafter

    return WholeDrafter(llm, options)


def _spelled_numbers(declarations: Declarations) -> dict[str, dict[int | Fraction, str]]:
    """How the text spells the elements of the types of numbers, where that is more than their digits."""
    return {
        c.type_name: {
            number(v.number): v.text
            for v in c.values
            if v.number is not None and v.text != rational(Fraction(v.number))
        }
        for c in declarations.categories
    }


def _refusal(error: Gap | NoEntry, program: ir.Program) -> Diagnostic:
    """What no back end takes, and a table's missing entry, as errors of the program."""
    from nsr.solvers.protocol import Gap

    place = place_of_goal(program) if len(program.questions) == 1 else Span(0, len(program.source))
    if isinstance(error, Gap):
        return Diagnostic("unsupported", str(error), place, notes=error.tried)
    return Diagnostic(
        "no-entry",
        str(error),
        place,
        help="add the entry, give the table an `else`, or go over the entries there are",
    )


def _unreadable(text: str) -> str | None:
    if not text.strip():
        return "the text is empty"
    if len(text) > MAX_TEXT:
        return f"the text has {len(text):,} characters, at most {MAX_TEXT:,} are read"
    return None


def _warnings(program: ir.Program, source: str) -> tuple[dict[str, Any], ...]:
    from nsr.diagnostics import Source, to_json

    place = Source(source)
    return tuple(to_json(w, place) for w in program.warnings)


def _versions() -> dict[str, str]:
    return dict(_found_versions())


@cache
def _found_versions() -> dict[str, str]:
    from nsr import __version__

    found = {"nsr": __version__, "python": platform.python_version()}
    for package in ("ortools", "z3-solver"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


_shared: dict[Options, Engine] = {}
_shared_lock = threading.Lock()


def _engine(**options: Any) -> Engine:
    """The engine for some options; kept, so that a language model loads once a process."""
    wanted = replace(Options(), **options)
    with _shared_lock:
        return _shared.setdefault(wanted, Engine(wanted))


def solve(text: str, **options: Any) -> Result:
    """The answer to a problem in plain English; keyword arguments are those of `Options`."""
    return _engine(**options).solve(text)


def solve_many(texts: Sequence[str], **options: Any) -> list[Result]:
    """The answers to several problems, formalized together."""
    return _engine(**options).solve_many(texts)


async def asolve(text: str, **options: Any) -> Result:
    """Like `solve`, for async code."""
    return await _engine(**options).asolve(text)


def run(program: ir.Program | str, *, root: Path | None = None, **options: Any) -> Result:
    """The answer to a program, source or typed; further keyword arguments are those of `Options`.

    Data files are read below the folder `root`; without it a program has none.

    Raises:
        ProgramError: if the source has errors.
    """
    return _engine(**options).run(program, root=root)


async def arun(program: ir.Program | str, *, root: Path | None = None, **options: Any) -> Result:
    """Like `run`, for async code."""
    return await _engine(**options).arun(program, root=root)


def parse(source: str, *, root: Path | None = None) -> ir.Program:
    """The typed program of a source text; data files are read below the folder `root`.

    Raises:
        ProgramError: with all diagnostics, if there is an error.
    """
    return parse_program(source, root=root)
