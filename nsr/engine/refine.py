"""The refinement loop over a staged draft: which translation of each sentence makes the program.

Under the sentence grammar syntax cannot fail, so meaning drives the loop: the audit of each statement against its
sentence, and the number of solutions. Selections are tried in the order of how little they lose in log-probability,
however many sentences they change; what one of them shows (a contradiction, two solutions) spares the solver all others
that share it (`selections.py`). A program is accepted when it has exactly one solution, its statements pass the audit,
no other selection that is nearly as probable has one solution that differs, and it is not an improbable one altogether.
Otherwise the loop abstains with a reason.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from nsr.engine.selections import Nogood, Selections
from nsr.explain.spelling import Spelling
from nsr.explain.statements import differences
from nsr.formalizers.staged import NO_READING, SentenceDraft, StagedDraft, pool_name
from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import CheckResult, check
from nsr.language.evaluate import holds
from nsr.limits import LimitKind
from nsr.lint.audit import CHECKS, audit
from nsr.lint.findings import Finding
from nsr.results import Round

__all__ = ["Judge", "RefineOptions", "Refined", "Solutions", "refine"]


@dataclass(frozen=True, slots=True)
class Solutions:
    """Up to two solutions of a program, verified; `limit` is set when the solver was stopped before it knew."""

    structures: tuple[ir.Structure, ...]
    limit: LimitKind | None = None


class Judge(Protocol):
    """What the loop asks of the solvers."""

    async def solutions(self, program: ir.Program) -> Solutions:
        """At most two different solutions, each accepted by the reference evaluator."""
        ...

    async def core(self, program: ir.Program) -> tuple[str, ...]:
        """Names of a minimal set of requirements that contradict each other; empty if none was found in time."""
        ...


@dataclass(frozen=True, slots=True)
class RefineOptions:
    """Budgets and thresholds of the loop; log-probabilities are natural logarithms.

    `ambiguity`: another program with one, different solution speaks against the accepted one when it is at most this
    much less probable. `max_loss`: how much a program may lose against the language model's own choice.
    `max_surprise`: how improbable all that a program states may be together; beyond it one solution is as likely to be
    the wrong one (design/refinement.md).
    """

    max_rounds: int = 80
    wall_seconds: float = 30.0
    ambiguity: float = 2.0
    max_loss: float = 14.0
    max_surprise: float = 12.0
    finding_cost: float = 4.0
    audit_checks: tuple[str, ...] = tuple(CHECKS)
    needs_unique: bool = True


@dataclass(frozen=True, slots=True)
class Refined:
    """How the loop ended: a source with its program, or a reason for abstaining (then the source it speaks of).

    `unstated` are the clues of the text that the source says nothing of.
    """

    source: str
    reason: str | None
    rounds: tuple[Round, ...]
    findings: tuple[Finding, ...] = ()
    solutions: tuple[ir.Structure, ...] = ()
    program: ir.Program | None = None
    core: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()


@dataclass(slots=True)
class _Pool:
    """The program of all candidates, their findings and costs."""

    draft: StagedDraft
    program: ir.Program
    findings: Mapping[str, tuple[Finding, ...]]
    choices: dict[str, list[tuple[float, int]]]
    best: dict[str, int] = field(default_factory=dict)
    formulas: Mapping[str, ir.Term] = field(default_factory=dict)

    def requirements(self, selection: Mapping[str, int]) -> ir.Program:
        wanted = {
            pool_name(s.name, selection[s.name])
            for s in self.draft.sentences
            if s.name in selection and not s.candidates[selection[s.name]].is_skip
        }
        pool = {pool_name(s.name, n) for s in self.draft.sentences for n in range(len(s.candidates))}
        kept = tuple(r for r in self.program.requirements if r.name in wanted or r.name not in pool)
        return replace(self.program, requirements=kept)

    def holding(self, sentence: SentenceDraft, structures: Sequence[ir.Structure]) -> frozenset[int]:
        """The candidates of a sentence that are true in all of the structures."""
        stated = {number: pool_name(sentence.name, number) for number in range(len(sentence.candidates))}
        return frozenset(
            number
            for number, name in stated.items()
            if name not in self.formulas
            or all(holds(self.formulas[name], structure, self.program) for structure in structures)
        )

    def unstated(self, selection: Mapping[str, int]) -> tuple[str, ...]:
        """The clues for which nothing is stated."""
        return tuple(s.text for s in self.draft.sentences if s.is_clue and s.candidates[selection[s.name]].is_skip)

    def surprises(self, selection: Mapping[str, int]) -> dict[str, float]:
        """How improbable the language model finds what is stated, by sentence (negative log-probabilities)."""
        chosen = {s.name: s.candidates[selection[s.name]] for s in self.draft.sentences}
        return {name: -candidate.log_probability for name, candidate in chosen.items() if not candidate.is_skip}

    def findings_of(self, selection: Mapping[str, int]) -> tuple[Finding, ...]:
        found = [f for s, n in selection.items() for f in self.findings.get(pool_name(s, n), ())]
        for s in self.draft.sentences:
            if _must_state(s) and s.name in selection and s.candidates[selection[s.name]].is_skip:
                found.append(Finding("clue-without-statement", s.name, s.text, "the clue has no statement"))
        return tuple(found)


async def refine(
    draft: StagedDraft,
    judge: Judge,
    options: RefineOptions | None = None,
    on_round: Callable[[Round], None] | None = None,
) -> Refined:
    """Search the selections of a draft for the program to answer with; `on_round` is told of each one tried."""
    options = options or RefineOptions()
    pool, problem = _pool(draft, options)
    if pool is None:
        return Refined(draft.source({}), problem, ())
    if not any(not s.candidates[pool.best[s.name]].is_skip for s in draft.sentences):
        return Refined(
            draft.source(pool.best), "no sentence of the text was understood as a statement about its categories", ()
        )
    return await _search(pool, judge, options, on_round or (lambda _: None))


def _pool(draft: StagedDraft, options: RefineOptions) -> tuple[_Pool | None, str]:
    result, draft = _checked(draft)
    if result.program is None:
        first = result.diagnostics[0]
        return None, f"the declarations found in the text do not make a program: {first.message}"
    findings = audit(
        result.program,
        [r for r in result.program.requirements if r.citations],
        declarations=draft.declarations,
        checks=options.audit_checks,
    )
    choices: dict[str, list[tuple[float, int]]] = {}
    has_clues = any(s.is_clue for s in draft.sentences)
    for s in draft.sentences:
        priced = [(_price(s, number, findings, has_clues, options), number) for number in range(len(s.candidates))]
        choices[s.name] = sorted(priced)
    best = {name: ranked[0][1] for name, ranked in choices.items()}
    formulas = {r.name: r.formula for r in result.program.requirements}
    return _Pool(draft, result.program, findings, choices, best, formulas), ""


def _check(source: str) -> CheckResult:
    parsed = parse(source)
    assert parsed.program is not None, "drafts are written in the canonical form"
    return check(parsed.program, source)


def _checked(draft: StagedDraft) -> tuple[CheckResult, StagedDraft]:
    """The pool without the candidates that do not check (a step on values without an order, say)."""
    source = draft.pool_source()
    result = _check(source)
    if result.program is not None:
        return result, draft
    lines = source.splitlines(keepends=True)
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line)
    bad = {
        lines[_line_of(starts, d.span.start)].split(" ", 2)[1]
        for d in result.diagnostics
        if d.severity.value == "error"
    }
    sentences = tuple(
        replace(
            s,
            candidates=tuple(c for n, c in enumerate(s.candidates) if pool_name(s.name, n) not in bad) or (NO_READING,),
        )
        for s in draft.sentences
    )
    kept = replace(draft, sentences=sentences)
    return _check(kept.pool_source()), kept


def _line_of(starts: Sequence[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _price(
    sentence: SentenceDraft,
    number: int,
    findings: Mapping[str, tuple[Finding, ...]],
    has_clues: bool,
    options: RefineOptions,
) -> float:
    candidate = sentence.candidates[number]
    if candidate.is_skip and has_clues and not sentence.is_clue:
        return 0.0
    price = -candidate.log_probability
    # A clue that names two things states something, and what stands around a list of clues seldom does.
    if _must_state(sentence) if candidate.is_skip else has_clues and not sentence.is_clue:
        price += _OTHER_KIND * options.finding_cost
    return price + options.finding_cost * len(findings.get(pool_name(sentence.name, number), ()))


_OTHER_KIND = 4
"""How many findings it counts for that a clue states nothing, or that what stands around the clues states something."""


def _must_state(sentence: SentenceDraft) -> bool:
    """Whether a sentence is an item of a list of clues and names two things for sure: then it states something."""
    return sentence.is_clue and sum(bool(m.things) and not m.weak for m in sentence.tagged.mentions) > 1


def _strangers(sentence: SentenceDraft, text: str) -> set[str]:
    """Names in a sentence that are no declared values: capitalized words that are so within sentences, and always."""
    known = {word for m in sentence.tagged.mentions for word in sentence.text[m.span.start : m.span.end].split()}
    words = set(re.findall(r"\b[A-Z][a-z]+\b", sentence.text)) - known
    small = set(re.findall(r"\b[a-z]+\b", text))
    return {word for word in words if word.lower() not in small and re.search(rf"[a-z,;:] {word}\b", text)}


@dataclass(slots=True)
class _Found:
    """What the search has come upon: the selection to answer with, one that speaks against it, and the first of all.

    Of the first one also what came of it, and which of its statements contradict each other.
    """

    accepted: tuple[dict[str, int], Solutions] | None = None
    rival: dict[str, int] | None = None
    first: tuple[dict[str, int], Solutions, tuple[str, ...]] | None = None


async def _search(pool: _Pool, judge: Judge, options: RefineOptions, on_round: Callable[[Round], None]) -> Refined:
    deadline = time.monotonic() + options.wall_seconds
    rounds: list[Round] = list(_overruled(pool))
    for overruled in rounds:
        on_round(overruled)
    found = _Found()
    selections = Selections(_clean(pool), options.max_loss)
    limit = options.max_loss
    while (step := selections.cheapest()) is not None:
        loss, selection = step
        if loss > limit or len(rounds) >= options.max_rounds or time.monotonic() > deadline:
            break
        started = time.perf_counter()
        program = pool.requirements(selection)
        solutions = await judge.solutions(program)
        core: tuple[str, ...] = ()
        if not solutions.structures and solutions.limit is None:
            core = await judge.core(program)
        findings = pool.findings_of(selection)
        rounds.append(_round(len(rounds) + 1, pool, selection, solutions, findings, time.perf_counter() - started))
        on_round(rounds[-1])
        found.first = found.first or (selection, solutions, core)
        is_unique = len(solutions.structures) == 1 and solutions.limit is None
        if is_unique or (not options.needs_unique and solutions.structures):
            if found.accepted is not None:
                found.rival = selection
                break
            found.accepted = selection, solutions
            if findings or not options.needs_unique:
                break
            # What is nearly as probable must not say something else.
            limit = loss + options.ambiguity
        selections.bar(_lesson(pool, selection, solutions, core))
    assert found.first is not None
    return _conclude(pool, found, rounds, options)


def _clean(pool: _Pool) -> dict[str, Sequence[tuple[float, int]]]:
    """The candidates that may be answered with: without findings, variants if all else has one, else the best."""
    kept: dict[str, Sequence[tuple[float, int]]] = {}
    written = {s.name: [n for n, c in enumerate(s.candidates) if not c.is_variant] for s in pool.draft.sentences}
    for name, ranked in pool.choices.items():
        clean = [(cost, n) for cost, n in ranked if not pool.findings_of({name: n})]
        kept[name] = [(cost, n) for cost, n in clean if n in written[name]] or clean or ranked[:1]
    return kept


def _lesson(pool: _Pool, selection: Mapping[str, int], found: Solutions, core: Sequence[str]) -> Nogood:
    """What a selection that was tried rules out: its contradiction, or all that holds in every solution seen of it."""
    blamed = {name.rsplit("_", 1)[0] for name in core}
    if found.structures and found.limit is None:
        return Nogood({s.name: pool.holding(s, found.structures) for s in pool.draft.sentences})
    return Nogood({n: frozenset({c}) for n, c in selection.items() if not blamed or n in blamed})


def _round(
    number: int,
    pool: _Pool,
    selection: Mapping[str, int],
    found: Solutions,
    findings: Sequence[Finding],
    seconds: float,
) -> Round:
    changed = [n for n, c in selection.items() if c != pool.best[n]]
    outcome = (
        f"limit {found.limit.value}"
        if found.limit
        else ("no solution", "one solution", "more than one solution")[len(found.structures)]
    )
    return Round(
        number=number,
        kind="translate-anew" if changed or number > 1 else "formalize",
        source="\n".join(_changes(pool, selection, changed)) if changed else pool.draft.source(selection),
        findings=tuple(f"{f.code} in {f.statement}: {f.message}" for f in findings),
        outcome=outcome,
        seconds=seconds,
    )


def _overruled(pool: _Pool) -> Iterator[Round]:
    """The language model's own choice as a round of its own, where the audit prefers another one."""
    own = {
        s.name: max(range(len(s.candidates)), key=lambda n: s.candidates[n].log_probability)
        for s in pool.draft.sentences
    }
    if own != pool.best:
        findings = tuple(f"{f.code} in {f.statement}: {f.message}" for f in pool.findings_of(own))
        yield Round(
            number=1,
            kind="formalize",
            source=pool.draft.source(own),
            findings=findings,
            outcome="statements and sentences disagree",
        )


def _changes(pool: _Pool, selection: Mapping[str, int], changed: Sequence[str]) -> Iterator[str]:
    by_name = {s.name: s for s in pool.draft.sentences}
    for name in changed:
        yield f'{name} "{by_name[name].text}": {by_name[name].candidates[selection[name]].formula}'


def _conclude(pool: _Pool, reached: _Found, rounds: Sequence[Round], options: RefineOptions) -> Refined:
    assert reached.first is not None
    selection, found, core = reached.first
    if reached.accepted is None:
        reason: str | None = _why_none(pool, found, core)
    else:
        selection, found = reached.accepted
        core = ()
        reason = _why_not(pool, selection, reached.rival, options)
    unstated = pool.unstated(selection)
    if reason is not None and unstated:
        reason += f"; nothing is stated for {_quoted(unstated)}"
    structures = found.structures if reached.rival is None else ()
    source, findings = pool.draft.source(selection), pool.findings_of(selection)
    return Refined(source, reason, tuple(rounds), findings, structures, pool.program, core, unstated)


def _why_not(
    pool: _Pool, selection: Mapping[str, int], rival: Mapping[str, int] | None, options: RefineOptions
) -> str | None:
    """Why a selection with one solution is no answer; None if it is one."""
    texts = {s.name: s.text for s in pool.draft.sentences}
    if rival is not None:
        told = _quoted([texts[n] for n in rival if rival[n] != selection[n]])
        return f"two readings are nearly as likely and give different answers; they differ in {told}"
    if findings := pool.findings_of(selection):
        told = "; ".join(f"“{f.sentence}”: {f.message}" for f in findings[:3])
        return f"a statement does not agree with its sentence: {told}"
    skipped = [s for s in pool.draft.sentences if s.is_clue and s.candidates[selection[s.name]].is_skip]
    if strangers := sorted({name for s in skipped for name in _strangers(s, pool.draft.text)}):
        return f"the clues speak of {' and '.join(strangers)}, and no category was found for such names"
    surprises = pool.surprises(selection)
    if sum(surprises.values()) > options.max_surprise:
        told = _quoted([texts[n] for n in sorted(surprises, key=lambda n: -surprises[n])[:3]])
        return f"the only reading with one solution is an improbable one; the least sure of it: {told}"
    return None


def _quoted(sentences: Sequence[str]) -> str:
    return "; ".join(f"“{sentence}”" for sentence in sentences)


def _why_none(pool: _Pool, found: Solutions, core: Sequence[str]) -> str:
    texts = {s.name: s.text for s in pool.draft.sentences}
    if found.limit is not None:
        return f"the solver was stopped by its {found.limit.value} limit before it knew whether there is one solution"
    if not found.structures:
        told = _quoted([texts[name] for n in core if (name := n.rsplit("_", 1)[0]) in texts])
        return "the statements contradict each other" + (f": {told}" if told else "")
    values = [value.text for category in pool.draft.declarations.categories for value in category.values]
    spelling = Spelling("; ".join([*values, *(sentence.text for sentence in pool.draft.sentences)]))
    differing = differences(pool.program, found.structures[0], found.structures[1], spelling)
    return (
        "more than one solution fits the statements, although the text asks for the one; "
        f"two of them differ in {differing}"
    )
