"""Whether two programs are the same model: a solver looks for a point in which they differ.

The unknowns are matched by name, and if that fails in every other way. Two programs are equivalent if under some
matching exactly the same values are allowed and the objective has the same value in all of them. A program that has
other unknowns than the gold one (helping ones, or fewer) cannot be matched; then its optimum decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import islice, permutations
from typing import TYPE_CHECKING, NamedTuple

from nsr.datasets.protocol import Judgement, Problem, Verdict
from nsr.datasets.scorers import OPTIMUM_TOLERANCE, NumberScorer, UnreadableGold
from nsr.engine.checking import parse_program
from nsr.errors import ProgramError, UsageError
from nsr.explain.spelling import folded
from nsr.language import ir
from nsr.language.calls import calls_of
from nsr.language.sorts import INT, REAL, IntSort, RealSort, Sort
from nsr.language.traverse import rebuild
from nsr.limits import Budget, BudgetExceeded, Limits
from nsr.results import Result

if TYPE_CHECKING:
    from nsr.language.ir import Apply, Program, Term

__all__ = ["Comparison", "ModelScorer", "compare"]

MAX_UNKNOWNS = 5
MAX_MATCHINGS = 24
_LIMITS = Limits(wall_seconds=10.0, cpu_seconds=10.0)


class Comparison(NamedTuple):
    """Whether two programs are equivalent; None if that cannot be told, and why not."""

    verdict: bool | None
    detail: str = ""


class _Model(NamedTuple):
    """A program taken apart: its unknowns at all arguments, what they must satisfy, and what is best."""

    program: Program
    cells: tuple[Apply, ...]
    allowed: Term
    objective: Term
    kind: str


def compare(ours: Program, gold: Program) -> Comparison:
    """Compares the first questions of two programs, each with one objective over numbers.

    Raises:
        BackendUnavailable: if no solver is there that could look for a difference.
    """
    try:
        left, right = _model(ours), _model(gold)
    except _NotComparable as error:
        return Comparison(None, str(error))
    if len(left.cells) != len(right.cells):
        return Comparison(None, f"there are {len(left.cells)} unknowns, {len(right.cells)} in the gold model")
    told = Comparison(False, "no matching of the unknowns makes the models the same")
    for number, matching in enumerate(_matchings(left.cells, right.cells)):
        found = _differ(left, right, matching)
        if found.verdict is not False:
            return found
        if number == 0:
            told = found
    return told


class _NotComparable(ValueError):
    """A program is not of the kind that can be compared."""


def _model(program: Program) -> _Model:
    question = program.questions[0]
    objectives = question.objectives
    if len(objectives) != 1 or program.softs_of(question):
        raise _NotComparable("there is not exactly one objective")
    if program.facts_of(question) or program.rules_of(question):
        raise _NotComparable("there are facts or rules")
    unknowns = program.unknowns()
    if any(not isinstance(f.value, IntSort | RealSort) or f.is_optional or f.is_distinct for f in unknowns):
        raise _NotComparable("there are unknowns that are no numbers, or must differ")
    if any(f.distinct_group is not None for f in unknowns):
        raise _NotComparable("there are unknowns that must differ")
    try:
        cells = [cell for f in unknowns for cell in calls_of(f, Budget())]
    except BudgetExceeded as error:
        raise _NotComparable("there are too many unknowns") from error
    if not 0 < len(cells) <= MAX_UNKNOWNS:
        raise _NotComparable(f"there are {len(cells)} unknowns, up to {MAX_UNKNOWNS} can be matched")
    wide = _widened(program)
    required = [r.formula for r in wide.requirements_of(wide.questions[0])]
    ranges = [part for cell in cells for part in _range(cell)]
    objective = wide.questions[0].objectives[0]
    return _Model(
        wide, tuple(_wide_cell(c) for c in cells), ir.And((*required, *ranges)), objective.term, objective.kind
    )


def _wide(sort: Sort) -> Sort:
    return INT if isinstance(sort, IntSort) else REAL


def _wide_cell(cell: Apply) -> Apply:
    return replace(cell, sort=_wide(cell.sort))


def _widened(program: Program) -> Program:
    """The program whose unknowns have no bounds: these become formulas, so that they can be compared."""
    unknown = {f.name for f in program.unknowns()}

    def widen(term: Term) -> Term:
        return _wide_cell(term) if isinstance(term, ir.Apply) and term.symbol in unknown else term

    question = program.questions[0]
    return replace(
        program,
        symbols={n: replace(f, value=_wide(f.value)) if n in unknown else f for n, f in program.symbols.items()},
        definitions={n: replace(d, body=rebuild(d.body, widen)) for n, d in program.definitions.items()},
        requirements=tuple(replace(r, formula=rebuild(r.formula, widen)) for r in program.requirements),
        questions=(
            replace(
                question,
                requirements=tuple(replace(r, formula=rebuild(r.formula, widen)) for r in question.requirements),
                objectives=tuple(replace(o, term=rebuild(o.term, widen)) for o in question.objectives),
            ),
        ),
    )


def _range(cell: Apply) -> Iterator[Term]:
    """The bounds of an unknown as formulas."""
    sort, wide = cell.sort, _wide_cell(cell)
    assert isinstance(sort, IntSort | RealSort)
    if sort.low is not None:
        low = ir.Literal(sort.low, _wide(sort))
        yield ir.Less(low, wide) if isinstance(sort, RealSort) and sort.is_low_open else ir.LessEqual(low, wide)
    if sort.high is not None:
        high = ir.Literal(sort.high, _wide(sort))
        yield ir.Less(wide, high) if isinstance(sort, RealSort) and sort.is_high_open else ir.LessEqual(wide, high)


def _matchings(ours: Sequence[Apply], gold: Sequence[Apply]) -> Iterator[Mapping[str, Apply]]:
    """Ways to match unknowns of the same kind of number, those with the most similar names first."""
    ways = [way for way in permutations(ours) if all(_same_kind(a, b) for a, b in zip(way, gold, strict=True))]
    ways.sort(key=lambda way: -sum(_likeness(a, b) for a, b in zip(way, gold, strict=True)))
    return ({b.symbol: a for a, b in zip(way, gold, strict=True)} for way in islice(ways, MAX_MATCHINGS))


def _same_kind(ours: Apply, gold: Apply) -> bool:
    return isinstance(ours.sort, IntSort) is isinstance(gold.sort, IntSort)


def _likeness(ours: Apply, gold: Apply) -> float:
    words = " ".join([ours.symbol, *(str(a.value) for a in ours.args if isinstance(a, ir.Literal))])
    return SequenceMatcher(None, folded(words), folded(gold.symbol)).ratio()


def _differ(left: _Model, right: _Model, matching: Mapping[str, Apply]) -> Comparison:
    """Asks a solver for values that one model allows and the other does not, or that they value differently."""
    from nsr.solvers import Gap, SatisfiableJob, run_sync

    def renamed(term: Term) -> Term:
        return matching.get(term.symbol, term) if isinstance(term, ir.Apply) else term

    allowed, objective = rebuild(right.allowed, renamed), rebuild(right.objective, renamed)
    if left.kind != right.kind:
        objective = ir.Negate(objective)
    bare = replace(left.program, requirements=(), questions=(ir.Question(ir.Find()),))
    asked = (
        ir.And((left.allowed, ir.Not(allowed))),
        ir.And((allowed, ir.Not(left.allowed))),
        ir.And((left.allowed, ir.Not(ir.Equal(left.objective, objective)))),
    )
    try:
        outcome = run_sync(SatisfiableJob(bare, 0, asked), limits=_LIMITS)
    except Gap as gap:
        return Comparison(None, f"no solver takes the comparison: {gap}")
    for found, told in zip(outcome.verdicts, _TOLD, strict=False):
        if found:
            return Comparison(False, told)
    if len(outcome.verdicts) == len(asked) and None not in outcome.verdicts:
        return Comparison(True)
    return Comparison(None, "a limit came before the comparison was done")


_TOLD = (
    "it allows values that the gold model does not",
    "it does not allow values that the gold model does",
    "its objective has other values than that of the gold model",
)


class ModelScorer:
    """The program of an answer is the gold model, under some matching of the unknowns.

    Where the two cannot be matched, the optimum decides. Gold answers are `{"model": {"real": text, "int": text}}`,
    the program over real numbers and over integers.
    """

    name = "model"

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Compares programs. UnreadableGold where the gold answer has none that can be read."""
        gold = problem.gold.get("model") if isinstance(problem.gold, Mapping) else None
        if not isinstance(gold, Mapping) or not all(isinstance(gold.get(k), str) for k in ("real", "int")):
            raise UnreadableGold("the gold answer is no model")
        if not result.is_answered or result.answer is None or result.program is None:
            return Judgement(Verdict.ABSTAINED, result.reason or result.status.value)
        try:
            ours = parse_program(result.program)
        except (ProgramError, UsageError):
            return Judgement(Verdict.WRONG, "the program of the answer cannot be read")
        is_int = all(isinstance(f.value, IntSort) for f in ours.unknowns())
        source = gold["int" if is_int else "real"]
        try:
            found = compare(ours, parse_program(source))
        except ProgramError as error:
            raise UnreadableGold(f"the gold model has errors: {error}") from error
        if found.verdict is True:
            return Judgement(Verdict.RIGHT)
        if found.verdict is False:
            return Judgement(Verdict.WRONG, found.detail)
        return _by_optimum(problem, result, source, found.detail)


def _by_optimum(problem: Problem, result: Result, source: str, why: str) -> Judgement:
    from nsr.engine.engine import run

    solved = run(source)
    objective = solved.answer.get("objective") if isinstance(solved.answer, Mapping) else None
    gold = replace(problem, gold=objective if objective is not None else "infeasible")
    by_number = NumberScorer("optimum", OPTIMUM_TOLERANCE, Fraction(1, 1_000_000)).score(gold, result)
    detail = f"{by_number.detail} (compared by the optimum: {why})" if by_number.detail else ""
    return by_number._replace(detail=detail)
