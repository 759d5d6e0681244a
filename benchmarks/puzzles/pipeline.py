"""Runs texts through the pipeline, whole or with a part taken out, and compares grids and clues with gold."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import inf
from typing import Any

from benchmarks.puzzles.data import GoldClue, Puzzle
from benchmarks.puzzles.programs import Names, checked, statement
from nsr.batch.scoring import grids_agree
from nsr.engine.checking import check_source
from nsr.engine.engine import Engine
from nsr.errors import FormalizationError
from nsr.explain.spelling import folded
from nsr.formalizers.declarations import Declarations
from nsr.formalizers.staged import Candidate, StagedDraft
from nsr.language import ir
from nsr.language.evaluate import holds
from nsr.language.sorts import Value, sort_values
from nsr.language.traverse import subterms
from nsr.results import Result, Status

__all__ = ["ABLATIONS", "Outcome", "answer_all", "clues_right", "equivalent", "make_engine", "verdict_of"]

ABLATIONS: Mapping[str, str] = {
    "none": "as it ships",
    "no-audit": "statements are not held against their sentences",
    "no-uniqueness": "the first program that has a solution is taken, its first solution is the answer",
    "no-surprise-bound": "a program with one solution is taken however improbable its readings are altogether",
    "no-audit-no-uniqueness": "both taken out: the most probable program that has a solution",
    "free-decoding": "the language model writes without the sentence's grammar",
    "pattern-parser": "a hand-written parser of the nine kinds of clues in place of the language model",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A text's result with the declarations it rests on and its seconds from draft to answer."""

    result: Result
    declared: Declarations | None
    seconds: float
    candidates: int = 0


def make_engine(ablation: str = "none", **options: Any) -> Engine:
    """An engine whose formalizer is that of the ablation."""
    from nsr.engine.options import Options
    from nsr.formalizers.staged import StagedFormalizer
    from nsr.llm import load

    engine = Engine(Options(**options))
    if ablation == "pattern-parser":
        from benchmarks.puzzles.patterns import PatternFormalizer

        engine._formalizer = PatternFormalizer()
    elif ablation == "free-decoding":
        engine._formalizer = StagedFormalizer(load(options.get("model", "embedded")), is_constrained=False)
    return engine


def answer_all(
    engine: Engine, texts: Sequence[str], *, ablation: str = "none", chunk: int = 16, concurrency: int = 2
) -> Iterator[Outcome]:
    """The outcomes of texts in their order; `chunk` texts are formalized together."""
    from nsr.background import blocking

    async def work(part: Sequence[str], drafts: Sequence[Any]) -> list[Outcome]:
        gate = asyncio.Semaphore(concurrency)

        async def one(text: str, draft: Any) -> Outcome:
            async with gate:
                started = time.perf_counter()
                result = await answer(engine, text, draft, ablation)
                declared = draft.declarations if isinstance(draft, StagedDraft) else None
                count = sum(len(s.candidates) for s in draft.sentences) if isinstance(draft, StagedDraft) else 0
                return Outcome(result, declared, time.perf_counter() - started, count)

        return list(await asyncio.gather(*(one(t, d) for t, d in zip(part, drafts, strict=True))))

    for start in range(0, len(texts), chunk):
        part = texts[start : start + chunk]
        drafts = engine.formalize(part)
        if ablation == "free-decoding":
            drafts = [_parsable(d) if isinstance(d, StagedDraft) else d for d in drafts]
        yield from blocking(work(part, drafts))


async def answer(engine: Engine, text: str, draft: Any, ablation: str) -> Result:
    """The result for a draft, with the loop of the ablation."""
    if isinstance(draft, FormalizationError) or ablation in ("none", "free-decoding", "pattern-parser"):
        return await engine.answer_draft(text, draft)
    from nsr.engine.answering import SolverJudge
    from nsr.engine.refine import RefineOptions, refine

    options = RefineOptions(wall_seconds=engine.options.limits.wall_seconds)
    if "no-audit" in ablation:
        options = replace(options, audit_checks=())
    if "no-uniqueness" in ablation:
        options = replace(options, needs_unique=False)
    if ablation == "no-surprise-bound":
        options = replace(options, max_surprise=inf)
    started = time.perf_counter()
    refined = await refine(draft, SolverJudge(engine.options), options)
    seconds = {**(draft.seconds or {}), "refine": time.perf_counter() - started}
    if refined.reason is not None:
        return Result(
            status=Status.ABSTAINED,
            reason=refined.reason,
            program=refined.source,
            rounds=refined.rounds,
            seconds=seconds,
        )
    source = refined.source
    if not options.needs_unique:
        source = source.replace("find unique ", "find one ")
    result = await engine.arun(source, text=text)
    return result.model_copy(update={"rounds": refined.rounds, "seconds": {**seconds, **result.seconds}})


def _parsable(draft: StagedDraft) -> StagedDraft:
    """The draft without candidates that are no formulas: what a person would throw away at once."""
    from nsr.formalizers.sentence import SKIP

    sentences = []
    for sentence in draft.sentences:
        good = tuple(c for c in sentence.candidates if _is_formula(c, draft.declarations))
        sentences.append(replace(sentence, candidates=good or (Candidate(SKIP, SKIP, 0.0),)))
    return replace(draft, sentences=tuple(sentences))


def _is_formula(candidate: Candidate, declared: Declarations) -> bool:
    if candidate.is_skip:
        return True
    try:
        checked(declared, [f"constraint {candidate.formula}\n"])
    except ValueError:
        return False
    return True


def verdict_of(result: Result, gold: Mapping[str, Any]) -> str:
    """`right`, `wrong`, or `abstained` for any kind of no answer."""
    if not result.is_answered or not isinstance(result.answer, Mapping):
        return "abstained"
    grid = result.answer.get("table")
    return "right" if grid is not None and grids_agree(grid, gold) else "wrong"


# Clues


def clues_right(puzzle: Puzzle, outcome: Outcome) -> list[bool]:
    """For each gold clue, whether the program has a statement that quotes it and says the same."""
    no = [False] * len(puzzle.clues)
    if outcome.declared is None or outcome.result.program is None:
        return no
    names = Names(outcome.declared, puzzle)
    program, _ = check_source(outcome.result.program)
    if program is None or not names.is_complete:
        return no
    gold = checked(
        outcome.declared,
        [statement(f"g{i}", c.text, names.formula(c.kind, c.left, c.right)) for i, c in enumerate(puzzle.clues)],
    )
    wanted = {r.name: r.formula for r in gold.requirements}
    ours: dict[str, list[ir.Term]] = {}
    for requirement in program.requirements:
        for citation in requirement.citations:
            ours.setdefault(folded(citation), []).append(requirement.formula)
    return [_says(clue, wanted[f"g{i}"], ours, program) for i, clue in enumerate(puzzle.clues)]


def _says(clue: GoldClue, wanted: ir.Term, ours: Mapping[str, Sequence[ir.Term]], program: ir.Program) -> bool:
    found = ours.get(folded(" ".join(clue.text.split())), ())
    return bool(found) and equivalent(wanted, ir.And(tuple(found)), program)


def equivalent(left: ir.Term, right: ir.Term, program: ir.Program) -> bool:
    """Whether two formulas over positions are true in the same placements of what they name.

    Formulas that look at a position's further properties are equivalent only if they are the same.
    """
    if left == right:
        return True
    terms = list(dict.fromkeys(t for f in (left, right) for t in subterms(f) if isinstance(t, ir.Apply)))
    if len(terms) > 6 or any(not isinstance(a, ir.Literal) for t in terms for a in t.args):
        return False
    places: list[Sequence[Value]] = [tuple(sort_values(t.sort)) for t in terms]
    for values in product(*places):
        structure: dict[str, dict[tuple[Value, ...], Value]] = {}
        for term, value in zip(terms, values, strict=True):
            entries = structure.setdefault(term.symbol, {})
            entries[tuple(a.value for a in term.args if isinstance(a, ir.Literal))] = value
        if any(len(set(e.values())) < len(e) for e in structure.values()):
            continue
        if holds(left, structure, program) != holds(right, structure, program):
            return False
    return True
