"""The refinement loop over a staged draft: which translation of each sentence makes the program.

Under the sentence grammar syntax cannot fail, so meaning drives the loop: the audit of each statement against its
sentence, and the number of solutions. Suspects are translated anew (by the next-best translation), one at a time and
then in pairs, in the order of how little they lose in log-probability; never the whole puzzle. A program is accepted
when it has exactly one solution, its statements pass the audit, and no other selection that is nearly as probable has
one solution that differs. Otherwise the loop abstains with a reason.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from nsr.explain.spelling import Spelling
from nsr.explain.statements import differences
from nsr.formalizers.staged import NO_READING, SentenceDraft, StagedDraft, pool_name
from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import CheckResult, check
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
    """

    max_rounds: int = 80
    wall_seconds: float = 30.0
    ambiguity: float = 2.0
    max_loss: float = 14.0
    finding_cost: float = 4.0
    audit_checks: tuple[str, ...] = tuple(CHECKS)
    needs_unique: bool = True


@dataclass(frozen=True, slots=True)
class Refined:
    """How the loop ended: a source with its program, or a reason for abstaining (then the last source tried)."""

    source: str
    reason: str | None
    rounds: tuple[Round, ...]
    findings: tuple[Finding, ...] = ()
    solutions: tuple[ir.Structure, ...] = ()
    program: ir.Program | None = None
    core: tuple[str, ...] = ()


@dataclass(slots=True)
class _Pool:
    """The program of all candidates, their findings and costs."""

    draft: StagedDraft
    program: ir.Program
    findings: Mapping[str, tuple[Finding, ...]]
    choices: dict[str, list[tuple[float, int]]]
    best: dict[str, int] = field(default_factory=dict)

    def requirements(self, selection: Mapping[str, int]) -> ir.Program:
        wanted = {
            pool_name(s.name, selection[s.name])
            for s in self.draft.sentences
            if s.name in selection and not s.candidates[selection[s.name]].is_skip
        }
        pool = {pool_name(s.name, n) for s in self.draft.sentences for n in range(len(s.candidates))}
        kept = tuple(r for r in self.program.requirements if r.name in wanted or r.name not in pool)
        return replace(self.program, requirements=kept)

    def cost(self, name: str, candidate: int) -> float:
        return next(c for c, n in self.choices[name] if n == candidate)

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
    source, draft = _checked(draft)
    result = _check(source)
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
    return _Pool(draft, result.program, findings, choices, best), ""


def _check(source: str) -> CheckResult:
    parsed = parse(source)
    assert parsed.program is not None, "drafts are written in the canonical form"
    return check(parsed.program, source)


def _checked(draft: StagedDraft) -> tuple[str, StagedDraft]:
    """The pool without the candidates that do not check (a step on values without an order, say)."""
    source = draft.pool_source()
    result = _check(source)
    if result.program is not None:
        return source, draft
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
    return kept.pool_source(), kept


def _line_of(starts: Sequence[int], offset: int) -> int:
    from bisect import bisect_right

    return bisect_right(starts, offset) - 1


def _price(
    sentence: SentenceDraft,
    number: int,
    findings: Mapping[str, tuple[Finding, ...]],
    has_clues: bool,
    options: RefineOptions,
) -> float:
    candidate = sentence.candidates[number]
    price = -candidate.log_probability
    # A clue that names two things states something, and what stands around a list of clues seldom does.
    if _must_state(sentence) if candidate.is_skip else has_clues and not sentence.is_clue:
        price += 2 * options.finding_cost
    return price + options.finding_cost * len(findings.get(pool_name(sentence.name, number), ()))


def _must_state(sentence: SentenceDraft) -> bool:
    """Whether a sentence is an item of a list of clues and names two things for sure: then it states something."""
    return sentence.is_clue and sum(bool(m.things) and not m.weak for m in sentence.tagged.mentions) > 1


def _selections(pool: _Pool, suspects: Collection[str], limit: float) -> Iterator[tuple[float, dict[str, int]]]:
    """Selections in order of the loss against the best one: one suspect is changed, and at most one other sentence."""
    singles = sorted(
        (cost - ranked[0][0], name, number)
        for name, ranked in pool.choices.items()
        for cost, number in ranked[1:]
        if cost - ranked[0][0] <= limit
    )
    heap: list[tuple[float, int, int]] = [
        (loss, i, -1) for i, (loss, name, _) in enumerate(singles) if name in suspects
    ]
    for i, (first, name, _) in enumerate(singles):
        for j in range(i + 1, len(singles)):
            loss = first + singles[j][0]
            if loss > limit:
                break
            if singles[j][1] != name and (name in suspects or singles[j][1] in suspects):
                heap.append((loss, i, j))
    heapq.heapify(heap)
    while heap:
        loss, i, j = heapq.heappop(heap)
        changed = {singles[i][1]: singles[i][2]}
        if j >= 0:
            changed[singles[j][1]] = singles[j][2]
        yield loss, {**pool.best, **changed}


async def _search(pool: _Pool, judge: Judge, options: RefineOptions, on_round: Callable[[Round], None]) -> Refined:
    deadline = time.monotonic() + options.wall_seconds
    rounds: list[Round] = list(_overruled(pool))
    for overruled in rounds:
        on_round(overruled)
    accepted: tuple[float, dict[str, int], Solutions] | None = None
    doubtful: tuple[float, dict[str, int], Solutions] | None = None
    first: tuple[Solutions, tuple[str, ...]] | None = None
    suspects: Sequence[str] = tuple(pool.best)
    queue: Iterator[tuple[float, dict[str, int]]] = iter(((0.0, pool.best),))
    rival: dict[str, int] | None = None
    tried: set[tuple[int, ...]] = set()
    while True:
        step = next(queue, None)
        if step is None or len(rounds) >= options.max_rounds or time.monotonic() > deadline:
            break
        loss, selection = step
        if accepted is not None and loss > accepted[0] + options.ambiguity:
            break
        key = tuple(selection.values())
        if key in tried:
            continue
        tried.add(key)
        started = time.perf_counter()
        program = pool.requirements(selection)
        found = await judge.solutions(program)
        findings = pool.findings_of(selection)
        rounds.append(_round(len(rounds) + 1, pool, selection, found, findings, time.perf_counter() - started))
        on_round(rounds[-1])
        is_unique = len(found.structures) == 1 and found.limit is None
        if first is None:
            core: tuple[str, ...] = ()
            if not found.structures and found.limit is None:
                core = await judge.core(program)
                blamed = {name.rsplit("_", 1)[0] for name in core}
                suspects = [name for name in pool.best if name in blamed] or suspects
            first = (found, core)
            queue = _selections(pool, suspects, options.max_loss)
        if not (is_unique or (not options.needs_unique and found.structures)):
            continue
        if findings:
            # It is no answer, and so no rival either; kept for the reason that is given if nothing better comes.
            doubtful = doubtful or (loss, selection, found)
            continue
        if accepted is None:
            accepted = (loss, selection, found)
            if not options.needs_unique:
                break
            # What is nearly as probable must not say something else.
            queue = _selections(pool, tuple(pool.best), loss + options.ambiguity)
        elif found.structures != accepted[2].structures:
            rival = selection
            break
    assert first is not None
    is_contradictory = not first[0].structures and first[0].limit is None
    if accepted is None and not is_contradictory:
        accepted = doubtful
    return _conclude(pool, accepted, rival, first, rounds)


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


def _conclude(
    pool: _Pool,
    accepted: tuple[float, dict[str, int], Solutions] | None,
    rival: dict[str, int] | None,
    first: tuple[Solutions, tuple[str, ...]],
    rounds: Sequence[Round],
) -> Refined:
    best_source = pool.draft.source(pool.best)
    if accepted is None:
        found, core = first
        reason = _why_none(pool, found, core)
        return Refined(
            best_source, reason, tuple(rounds), pool.findings_of(pool.best), found.structures, pool.program, core
        )
    _, selection, found = accepted
    source = pool.draft.source(selection)
    findings = pool.findings_of(selection)
    if rival is not None:
        by_name = {s.name: s for s in pool.draft.sentences}
        names = [n for n in rival if rival[n] != selection[n]]
        told = "; ".join(f"“{by_name[n].text}”" for n in names)
        reason = f"two readings are nearly as likely and give different answers; they differ in {told}"
        return Refined(source, reason, tuple(rounds), findings, (), pool.program)
    if findings:
        told = "; ".join(f"“{f.sentence}”: {f.message}" for f in findings[:3])
        reason = f"a statement does not agree with its sentence: {told}"
        return Refined(source, reason, tuple(rounds), findings, found.structures, pool.program)
    return Refined(source, None, tuple(rounds), findings, found.structures, pool.program)


def _why_none(pool: _Pool, found: Solutions, core: Sequence[str]) -> str:
    by_name = {s.name: s for s in pool.draft.sentences}
    if found.limit is not None:
        return f"the solver was stopped by its {found.limit.value} limit before it knew whether there is one solution"
    if not found.structures:
        told = "; ".join(f"“{by_name[n.rsplit('_', 1)[0]].text}”" for n in core if n.rsplit("_", 1)[0] in by_name)
        return "the statements contradict each other" + (f": {told}" if told else "")
    values = [value.text for category in pool.draft.declarations.categories for value in category.values]
    spelling = Spelling("; ".join([*values, *(sentence.text for sentence in pool.draft.sentences)]))
    differing = differences(pool.program, found.structures[0], found.structures[1], spelling)
    return (
        "more than one solution fits the statements, although the text asks for the one; "
        f"two of them differ in {differing}"
    )
