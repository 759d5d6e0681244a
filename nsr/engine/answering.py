"""From a typed program to answers: solve, verify, explain, one question after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from nsr.engine.options import Options
from nsr.engine.refine import Solutions
from nsr.errors import UnsoundBackend
from nsr.explain.grid import assignment, grid_functions, grid_table
from nsr.explain.spelling import Spelling
from nsr.explain.statements import cell_name, formula_text, statement_reasons
from nsr.language import ir
from nsr.limits import Budget, BudgetExceeded, LimitKind
from nsr.results import Evidence, EvidenceKind, Explanation, QuestionResult, Reason, Status
from nsr.solvers import Claim, CoreJob, Job, Outcome, SatisfiableJob, SolutionsJob, run
from nsr.solvers.jobs import features_of_job
from nsr.solvers.routing import route
from nsr.verify import check_core, confirm_no_other, verify

__all__ = ["SolverJudge", "answer_questions", "cell_reasons"]


@dataclass(frozen=True, slots=True)
class SolverJudge:
    """What the refinement loop asks of the solvers, through workers."""

    options: Options

    async def solutions(self, program: ir.Program) -> Solutions:
        """At most two solutions, each accepted by the reference evaluator."""
        outcome = await _run(_search(program, 0, 2), self.options)
        try:
            verify(program, 0, outcome, _budget(self.options))
        except BudgetExceeded as error:
            return Solutions((), error.kind)
        return Solutions(outcome.structures, outcome.limit)

    async def core(self, program: ir.Program) -> tuple[str, ...]:
        """A minimal set of requirements that contradict each other."""
        return (await _run(CoreJob(program, 0), self.options)).core


async def answer_questions(program: ir.Program, options: Options, spelling: Spelling) -> tuple[QuestionResult, ...]:
    """The outcome of every question, in order.

    Raises:
        UnsoundBackend: if a back end's answer does not stand up to the evaluator.
    """
    return tuple([await _answer(program, number, options, spelling) for number in range(len(program.questions))])


async def _answer(program: ir.Program, number: int, options: Options, spelling: Spelling) -> QuestionResult:
    question = program.questions[number]
    try:
        match question.goal:
            case ir.Find():
                result = await _find(program, number, question.goal, options, spelling)
            case ir.Choose():
                result = await _choose(program, number, question.goal, options)
            case _:
                assert_never(question.goal)
    except BudgetExceeded as error:
        result = _stopped(error.kind)
    return result.model_copy(update={"label": question.label})


# Search


async def _find(
    program: ir.Program, number: int, goal: ir.Find, options: Options, spelling: Spelling
) -> QuestionResult:
    wanted = {"one": 1, "unique": 2, "some": goal.count, "all": options.solutions + 1, "count": options.solutions + 1}[
        goal.mode
    ]
    outcome = await _run(_search(program, number, wanted), options)
    verify(program, number, outcome, _budget(options))
    found = outcome.structures
    if not found:
        if outcome.limit is not None:
            return _stopped(outcome.limit, outcome.backend)
        return await _no_solution(program, number, outcome, options)
    answers = [_solution(program, s, goal, spelling) for s in found]
    reasons = statement_reasons(program, program.questions[number], found[0], _budget(options))
    match goal.mode:
        case "one" | "some":
            answer: Any = answers[0] if goal.mode == "one" else answers[: goal.count]
            note = () if len(found) >= wanted or goal.mode == "one" else (f"there are only {len(found)} solutions",)
            evidence = Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend, notes=note)
            summary = "An assignment that satisfies every statement."
            return _result(Status.SOLVED, answer, evidence, summary, reasons)
        case "unique":
            return await _unique(program, number, outcome, answers, reasons, options, spelling)
        case "all" | "count":
            return await _all(program, number, outcome, answers, reasons, options)
        case _:
            assert_never(goal.mode)


async def _unique(
    program: ir.Program,
    number: int,
    outcome: Outcome,
    answers: list[dict[str, Any]],
    reasons: Sequence[Reason],
    options: Options,
    spelling: Spelling,
) -> QuestionResult:
    if len(answers) > 1:
        differing = _differences(program, outcome.structures[0], outcome.structures[1], spelling)
        summary = f"More than one solution; two of them differ in {differing}."
        both = [{**a, "unique": False} for a in answers[:2]]
        evidence = Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend)
        return _result(Status.UNDETERMINED, both, evidence, summary, (), reason="more than one solution")
    if outcome.limit is not None:
        evidence = Evidence(
            kind=EvidenceKind.CHECKED,
            backend=outcome.backend,
            notes=("whether there is another solution is not known",),
        )
        answer = {**answers[0], "unique": None}
        return _result(
            Status.LIMIT, answer, evidence, "", reasons, reason=f"stopped by the {outcome.limit.value} limit"
        )
    evidence = await _confirmed(program, number, outcome, options, "there is no other solution")
    return _result(Status.SOLVED, {**answers[0], "unique": True}, evidence, "The only solution.", reasons)


async def _all(
    program: ir.Program,
    number: int,
    outcome: Outcome,
    answers: list[dict[str, Any]],
    reasons: Sequence[Reason],
    options: Options,
) -> QuestionResult:
    is_count = isinstance(goal := program.questions[number].goal, ir.Find) and goal.mode == "count"
    is_cut = len(answers) > options.solutions
    if is_cut or outcome.limit is not None:
        stopped = (
            "there are more" if is_cut else f"stopped by the {LimitKind(outcome.limit).value} limit, there may be more"
        )
        kept = answers[: options.solutions]
        told = f"at least {len(kept):,} solutions; {stopped}"
        evidence = Evidence(kind=EvidenceKind.CHECKED, backend=outcome.backend, notes=(told,))
        if is_count or not is_cut:
            return _result(Status.LIMIT, None if is_count else kept, evidence, told, (), reason=told)
        return _result(Status.SOLVED, kept, evidence, told, reasons)
    evidence = await _confirmed(program, number, outcome, options, f"there are only {len(answers)} solutions")
    told = f"{len(answers)} solution{'s' if len(answers) != 1 else ''}."
    return _result(Status.SOLVED, len(answers) if is_count else answers, evidence, told, () if is_count else reasons)


def _solution(program: ir.Program, structure: ir.Structure, goal: ir.Find, spelling: Spelling) -> dict[str, Any]:
    answer: dict[str, Any] = {"assignment": assignment(program, structure, spelling, goal.symbols), "unique": None}
    if (table := grid_table(program, structure, spelling)) is not None:
        answer["table"] = table
    return answer


def _differences(program: ir.Program, left: ir.Structure, right: ir.Structure, spelling: Spelling) -> str:
    cells = [
        f"{cell_name(function, args, spelling)} "
        f"({spelling.value(value, function.value)} or {spelling.value(right[function.name][args], function.value)})"
        for function in program.unknowns()
        if not function.is_auxiliary
        for args, value in left[function.name].items()
        if right[function.name][args] != value
    ]
    return ", ".join(cells[:6]) + (f" and {len(cells) - 6} more" if len(cells) > 6 else "")


# Choice


async def _choose(program: ir.Program, number: int, goal: ir.Choose, options: Options) -> QuestionResult:
    """`could`: true in some world; `must`: true in every world, and there is one; `cannot`: true in no world."""
    is_must = goal.mode == "must"
    asked = [ir.Not(o.formula) if is_must else o.formula for o in goal.options]
    job = SatisfiableJob(program, number, (ir.TRUE, *asked))
    outcome = await _run(job, options)
    verify(program, number, outcome, _budget(options), job.formulas)
    if outcome.limit is not None or any(f.claim is Claim.UNKNOWN for f in outcome.formulas):
        return _stopped(outcome.limit or LimitKind.WALL, outcome.backend)
    has_world, *possible = (f.claim is Claim.SATISFIABLE for f in outcome.formulas)
    if not has_world:
        return await _no_solution(program, number, outcome, options)
    # An option is right when it (for "must": its denial) has a world, or when it has none.
    wanted = goal.is_except if is_must else (goal.mode == "could") != goal.is_except
    right = [o.label for o, is_possible in zip(goal.options, possible, strict=True) if is_possible == wanted]
    mode = goal.mode + (" except" if goal.is_except else "")
    evidence = await _agreed(job, outcome, options)
    reasons = tuple(Reason(label=o.label, sentences=o.citations, holds=o.label in right) for o in goal.options)
    if len(right) == 1:
        return _result(Status.SOLVED, right[0], evidence, f"{right[0]} is the one option that fits “{mode}”.", reasons)
    told = f"several options fit “{mode}”: {', '.join(right)}" if right else f"no option fits “{mode}”"
    return _result(Status.ABSTAINED, None, evidence, told, reasons, reason=told)


async def _agreed(job: SatisfiableJob, outcome: Outcome, options: Options) -> Evidence:
    """What a second back end says to the same formulas; worlds are checked, "there is no world" needs a second word."""
    claimed = Evidence(kind=EvidenceKind.CLAIMED, backend=outcome.backend)
    second = route(features_of_job(job)).other_than(outcome.backend) if options.confirm else None
    if second is None:
        return claimed
    again = await run(job, limits=options.limits, backend=second, seed=options.seed)
    if again.limit is not None or any(f.claim is Claim.UNKNOWN for f in again.formulas):
        return claimed
    if [f.claim for f in again.formulas] != [f.claim for f in outcome.formulas]:
        raise UnsoundBackend(f"{outcome.backend} and {second} disagree about which options are possible")
    return Evidence(kind=EvidenceKind.CONFIRMED, backend=outcome.backend, confirmed_by=second)


# Shared


def _result(
    status: Status,
    answer: Any,
    evidence: Evidence,
    summary: str,
    reasons: Sequence[Reason],
    *,
    reason: str | None = None,
) -> QuestionResult:
    return QuestionResult(
        status=status,
        answer=answer,
        evidence=evidence,
        explanation=Explanation(summary=summary, reasons=tuple(reasons)),
        reason=reason,
    )


def _stopped(kind: LimitKind, backend: str | None = None) -> QuestionResult:
    reason = f"stopped by the {kind.value} limit before there was an answer"
    return _result(Status.LIMIT, None, Evidence(backend=backend), reason, (), reason=reason)


async def _confirmed(program: ir.Program, number: int, outcome: Outcome, options: Options, claim: str) -> Evidence:
    if not options.confirm:
        return Evidence(kind=EvidenceKind.CLAIMED, backend=outcome.backend)
    second = await confirm_no_other(program, number, outcome, limits=options.limits, seed=options.seed)
    if second is None:
        notes = (f"that {claim} rests on {outcome.backend} alone",)
        return Evidence(kind=EvidenceKind.CLAIMED, backend=outcome.backend, notes=notes)
    return Evidence(kind=EvidenceKind.CONFIRMED, backend=outcome.backend, confirmed_by=second)


async def _no_solution(program: ir.Program, number: int, outcome: Outcome, options: Options) -> QuestionResult:
    found = await _run(CoreJob(program, number), options)
    core = found.core
    evidence = await _confirmed(program, number, outcome, options, "there is no solution")
    if options.confirm and core:
        await check_core(program, number, core, found.backend, limits=options.limits, seed=options.seed)
    by_name = {r.name: r for r in program.requirements_of(program.questions[number])}
    reasons = [
        Reason(label=n, sentences=by_name[n].citations, formula=formula_text(program, by_name[n]), holds=None)
        for n in core
        if n in by_name
    ]
    summary = "No assignment satisfies all statements." + (" These contradict each other:" if reasons else "")
    return _result(
        Status.NO_SOLUTION,
        None,
        evidence.model_copy(update={"core": core}),
        summary,
        reasons,
        reason="the statements contradict each other",
    )


async def cell_reasons(program: ir.Program, options: Options, spelling: Spelling) -> tuple[Reason, ...]:
    """For each cell of the one solution, the sentences that force it: a minimal core with the cell denied.

    Cells that need fewest sentences come first.
    """
    outcome = await _run(_search(program, 0, 1), options)
    if not outcome.structures:
        return ()
    structure = outcome.structures[0]
    found = grid_functions(program)
    functions = found[1] if found else tuple(f for f in program.unknowns() if not f.is_auxiliary)
    by_name = {r.name: r for r in program.requirements}
    reasons = []
    for function in functions:
        for args, value in structure[function.name].items():
            cell = ir.Apply(function.name, tuple(map(ir.Literal, args, function.arguments)), function.value)
            denied = ir.Requirement("the cell", "assume", ir.Not(ir.Equal(cell, ir.Literal(value, function.value))))
            refuted = CoreJob(replace(program, requirements=(*program.requirements, denied)), 0)
            core = (await _run(refuted, options)).core
            sentences = tuple(c for n in core if n in by_name for c in by_name[n].citations or (by_name[n].name,))
            name = f"{cell_name(function, args, spelling)} = {spelling.value(value, function.value)}"
            reasons.append(Reason(label=name, sentences=sentences, holds=True if sentences else None))
    return tuple(sorted(reasons, key=lambda r: len(r.sentences)))


def _search(program: ir.Program, number: int, count: int) -> SolutionsJob:
    """A search for solutions that differ in what the question's `find` names."""
    goal = program.questions[number].goal
    if isinstance(goal, ir.Find):
        return SolutionsJob(program, number, count, goal.symbols, goal.terms)
    return SolutionsJob(program, number, count)


async def _run(job: Job, options: Options) -> Outcome:
    return await run(job, limits=options.limits, backend=options.backend, seed=options.seed)


def _budget(options: Options) -> Budget:
    return Budget(wall_seconds=options.limits.wall_seconds)
