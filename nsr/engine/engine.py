"""The engine: runs the stages, and the refinement loop around them. All doors lead here."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from nsr.background import blocking
from nsr.engine.checking import Folder, check_source, parse_program
from nsr.engine.options import Options, options_from
from nsr.errors import FormalizationError, UsageError
from nsr.explain.spelling import Spelling, rational
from nsr.language.sorts import number
from nsr.results import Result, Round, Usage

if TYPE_CHECKING:
    from nsr.engine.formulating import Formulation
    from nsr.formalizers.declarations import Declarations
    from nsr.formalizers.protocol import AnyDraft, Formalizer
    from nsr.formalizers.staged import StagedDraft
    from nsr.language import ir
    from nsr.llm.protocol import LanguageModel

__all__ = ["Engine", "arun", "asolve", "parse", "run", "solve", "solve_many"]

MAX_TEXT = 100_000
"""Characters of a problem's text; longer ones are refused before anything else looks at them."""


class Engine:
    """Answers problems and programs. Safe to share between threads; closing it is optional but frees memory early.

    `llm` is the language model to use; without it the one at the address `options.model` is loaded when needed.

    Raises:
        UsageError: if these are no options, or there is no back end or manual of the name in them.
        BackendUnavailable: if one of several back ends that are named is not installed.
    """

    def __init__(self, options: Options | None = None, llm: LanguageModel | None = None) -> None:
        self.options = Options() if options is None else options
        if not isinstance(self.options, Options):
            raise UsageError(f"options are an `nsr.Options`, not {type(options).__name__}")
        _check_backend(self.options)
        _check_manual(self.options)
        self.llm = llm
        self._formalizer: Formalizer | None = None
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
        options = asdict(self.options)
        del options["reports"]
        limits = options.pop("limits")
        return {**options, **limits, "versions": self.versions()}

    def versions(self) -> dict[str, str]:
        """Versions of nsr, Python and all solvers, packages and other programs."""
        from nsr.engine.answering import versions
        from nsr.solvers.registry import program_versions

        return {**versions(), **program_versions()}

    # Programs

    def run(self, program: ir.Program | str, *, text: str = "", root: Folder | None = None) -> Result:
        """The answer to a program; `text` is the problem it formalizes, for the spelling of names.

        Data files are read below the folder `root`; without it a program has none.

        Raises:
            ProgramError: if a source has errors.
            UnsoundBackend: if a back end's answer does not stand up to the evaluator.
            UsageError: if an argument is of another type.
        """
        return blocking(self.arun(program, text=text, root=root))

    async def arun(
        self, program: ir.Program | str, *, text: str = "", spelling: Spelling | None = None, root: Folder | None = None
    ) -> Result:
        """Like `run`; `spelling` is for callers that know more of it than the text tells."""
        from nsr.engine.reports import answer_or_report

        return await answer_or_report(program, self.options, text=text, spelling=spelling, root=root)

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
            return await formulate_draft(text, drafts[0], self.options)

        return blocking(work())

    def solve_many(self, texts: Sequence[str]) -> list[Result]:
        """The answers to several problems, formalized together."""

        async def work() -> list[Result]:
            drafts = await asyncio.to_thread(self.formalize, texts)
            return [await self.answer_draft(t, d) for t, d in zip(texts, drafts, strict=True)]

        return blocking(work())

    def formalize(self, texts: Sequence[str]) -> list[AnyDraft]:
        """First drafts of several texts in one batch of the language model; for `answer_draft`.

        Raises:
            UsageError: if these are no texts.
        """
        _check_texts(texts)
        refused = {i: why for i, text in enumerate(texts) if (why := _unreadable(text))}
        good = [t for i, t in enumerate(texts) if i not in refused]
        drafts = iter(self._get_formalizer().draft(good) if good else [])
        return [FormalizationError(refused[i]) if i in refused else next(drafts) for i in range(len(texts))]

    async def answer_draft(self, text: str, draft: AnyDraft, on_round: Callable[[Round], None] | None = None) -> Result:
        """The refinement loop from a first draft to a result; `on_round` is told of every round as it ends."""
        from nsr.engine.answering import abstained
        from nsr.formalizers.staged import StagedDraft

        if isinstance(draft, FormalizationError):
            return abstained(draft.reason, None, (), Usage(), {})
        if isinstance(draft, StagedDraft):
            return await self._answer_staged(text, draft, on_round)
        from nsr.engine.whole import answer_whole

        return await answer_whole(text, draft, self.options, on_round)

    async def _answer_staged(
        self, text: str, draft: StagedDraft, on_round: Callable[[Round], None] | None = None
    ) -> Result:
        from nsr.engine.answering import abstained, refined, with_unstated

        started = time.perf_counter()
        found = await refined(draft, self.options, on_round)
        seconds = {**draft.seconds, "refine": time.perf_counter() - started}
        if found.reason is not None:
            return abstained(found.reason, found.source, found.rounds, draft.usage, seconds)
        spelling = Spelling(text, _spelled_numbers(draft.declarations))
        result = with_unstated(await self.arun(found.source, text=text, spelling=spelling), found.unstated)
        return result.model_copy(
            update={"rounds": found.rounds, "usage": draft.usage, "seconds": {**seconds, **result.seconds}}
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

    def _get_formalizer(self) -> Formalizer:
        from nsr.formalizers.registry import load_formalizer
        from nsr.solvers import together_of, warm

        with self._lock:
            if self._formalizer is None:
                # The worker starts while the language model loads.
                wanted = self.options.backend
                warm("cpsat" if wanted == "auto" or together_of(wanted) is not None else wanted)
                o = self.options
                self._formalizer = load_formalizer(o.model, self.llm or self._load(), seed=o.seed, manual=o.manual)
            return self._formalizer

    def _load(self) -> LanguageModel:
        from nsr.llm import load

        return load(self.options.model)


def _check_backend(options: Options) -> None:
    """Refuse the name of a back end that there is not, before anything is done for it."""
    from nsr.solvers import get_backend, together_of

    if options.backend != "auto" and together_of(options.backend) is None:
        get_backend(options.backend)


def _check_manual(options: Options) -> None:
    """Refuse a manual that there is not, or that nobody would read."""
    if not options.manual:
        return
    from nsr.formalizers.registry import is_staged
    from nsr.formalizers.whole import CUTS

    if options.manual not in CUTS:
        raise UsageError(f"there is no manual {options.manual!r}; there are {', '.join(CUTS)}")
    if is_staged(options.model):
        raise UsageError("the embedded language model reads no manual; name another language model, or no manual")


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


def _check_texts(texts: Sequence[str]) -> None:
    """Refuse what is no sequence of strings, before anything is done for it."""
    if isinstance(texts, str) or not isinstance(texts, Sequence):
        raise UsageError(f"texts are a list of strings, not {type(texts).__name__}")
    for text in texts:
        if not isinstance(text, str):
            raise UsageError(f"a text is a string, not {type(text).__name__}")


def _unreadable(text: str) -> str | None:
    if not text.strip():
        return "the text is empty"
    if len(text) > MAX_TEXT:
        return f"the text has {len(text):,} characters, at most {MAX_TEXT:,} are read"
    return None


_shared_lock = threading.Lock()


@lru_cache(maxsize=2)
def _shared(address: str) -> LanguageModel:
    from nsr.llm import load

    return load(address)


class _Passing(Engine):
    """An engine for one call. The language models that such engines used last are kept for the next one."""

    def _load(self) -> LanguageModel:
        with _shared_lock:
            return _shared(self.options.model)


def _engine(**options: Any) -> Engine:
    return _Passing(options_from(options))


def solve(text: str, **options: Any) -> Result:
    """The answer to a problem in plain English; keyword arguments are those of `Options`."""
    return _engine(**options).solve(text)


def solve_many(texts: Sequence[str], **options: Any) -> list[Result]:
    """The answers to several problems, formalized together."""
    return _engine(**options).solve_many(texts)


async def asolve(text: str, **options: Any) -> Result:
    """Like `solve`, for async code."""
    return await _engine(**options).asolve(text)


def run(program: ir.Program | str, *, root: Folder | None = None, **options: Any) -> Result:
    """The answer to a program, source or typed; further keyword arguments are those of `Options`.

    Data files are read below the folder `root`; without it a program has none.

    Raises:
        ProgramError: if the source has errors.
        UsageError: if an argument is wrong.
    """
    return _engine(**options).run(program, root=root)


async def arun(program: ir.Program | str, *, root: Folder | None = None, **options: Any) -> Result:
    """Like `run`, for async code."""
    return await _engine(**options).arun(program, root=root)


def parse(source: str, *, root: Folder | None = None) -> ir.Program:
    """The typed program of a source text; data files are read below the folder `root`.

    Raises:
        ProgramError: with all diagnostics, if there is an error.
    """
    return parse_program(source, root=root)
