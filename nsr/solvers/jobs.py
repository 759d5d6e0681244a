"""Jobs: what can be asked about a program in one round trip to a worker, and how they travel.

`encode_job` and `decode_reply` are the two ends on the caller's side; what happens between them is in `work`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never
from typing import Literal as Choice

from nsr.errors import UnsoundBackend
from nsr.language.calls import calls_of
from nsr.language.ir import Bound, Equal, Function, Literal, Program, Quantified, Requirement, Term
from nsr.language.sorts import Element, RealSort, SetSort, number, sort_size, sort_values
from nsr.limits import Budget, LimitKind
from nsr.reformulations.coding import decode
from nsr.reformulations.features import features_of
from nsr.reformulations.protocol import ASKED
from nsr.solvers.certificates import sensitivity_from
from nsr.solvers.optima import objectives_of
from nsr.solvers.protocol import BindingOutcome, Claim, FormulaOutcome, ObjectiveOutcome, Obstacle, Outcome, Task
from nsr.workers.codec import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.language.ir import Structure
    from nsr.language.sorts import Sort, Value
    from nsr.reformulations import Feature

__all__ = [
    "ASKED",
    "AskJob",
    "CoreJob",
    "Job",
    "OptimizeJob",
    "RefuteJob",
    "SatisfiableJob",
    "SolutionsJob",
    "decode_reply",
    "encode_job",
    "features_of_job",
    "program_of_question",
    "tasks_of_job",
    "terms_of_job",
    "width_of",
]

MOST_CELLS = 20_000_000
"""More values than this are not read back."""


@dataclass(frozen=True, slots=True)
class SolutionsJob:
    """Up to `limit` solutions of a question that differ on the projection.

    One: 1. Whether it is the only one: 2. The projection is the values of the symbols and terms, or of all unknowns
    where neither is given.
    """

    program: Program
    question: int = 0
    limit: int = 1
    symbols: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class CoreJob:
    """A minimal set of requirements of a question that cannot hold together, by their names."""

    program: Program
    question: int = 0
    names: tuple[str, ...] = ()
    """If given, only these requirements hold."""


@dataclass(frozen=True, slots=True)
class SatisfiableJob:
    """For each formula, whether some solution of a question makes it true.

    The objectives of the question take no part: `at_optimum` gives the program whose worlds are the best ones.
    `prove` asks for the formula and its denial. With open types a formula is refuted over all worlds, and made true
    in a finite one, whose sizes are part of its outcome.
    """

    program: Program
    question: int = 0
    formulas: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class OptimizeJob:
    """A best solution of a question: its objectives, those written first before the others, wishes folded in.

    A solution in which an objective is undefined does not count; whether there is one is asked beforehand, as a
    formula. `objectives_of` says which objectives there are, `at_optimum` gives the program whose worlds are the best
    ones, `better_than` the formula that a second back end must refute.
    """

    program: Program
    question: int = 0


@dataclass(frozen=True, slots=True)
class AskJob:
    """The bindings of the binders for which the body holds in some world of a question, and whether in all of them.

    Those that facts and rules decide are found by joining, the others by solving. At most `limit` are given.
    """

    program: Program
    question: int
    binders: tuple[Bound, ...]
    body: Term
    limit: int = 10_000


@dataclass(frozen=True, slots=True)
class RefuteJob:
    """Which formulas hold in no world of a question, open types being of any size; for the strategies only.

    With `is_core_wanted` the outcome has a minimal core where there is no world at all; `names` are as in `CoreJob`.
    Where it is known that there is a world, `has_world`, only the formulas are asked about.
    """

    program: Program
    question: int = 0
    formulas: tuple[Term, ...] = ()
    is_core_wanted: bool = False
    names: tuple[str, ...] = ()
    has_world: bool = False


Job: TypeAlias = SolutionsJob | CoreJob | SatisfiableJob | OptimizeJob | AskJob | RefuteJob


def encode_job(job: Job, backend: str, wall_seconds: float, seed: int) -> tuple[Any, ...]:
    """The job as plain data."""
    program = program_of_question(job.program, job.question)
    required = [(r.name, r.formula) for r in program.requirements]
    details: tuple[Any, ...]
    match job:
        case SolutionsJob(limit=limit, symbols=symbols):
            details = ("solutions", limit, symbols)
        case CoreJob(names=names) | RefuteJob(names=names):
            if names:
                required = [(name, formula) for name, formula in required if name in set(names)]
            details = ("core",)
            if isinstance(job, RefuteJob):
                details = ("refute", job.is_core_wanted, job.has_world)
        case SatisfiableJob():
            details = ("satisfiable",)
        case OptimizeJob(whole, question):
            details = ("optimize", tuple([objective.kind for objective in objectives_of(whole, question)]))
        case AskJob(limit=limit):
            details = ("ask", limit)
        case _:
            assert_never(job)
    named = [*required, *((f"{ASKED}{index}", formula) for index, formula in enumerate(terms_of_job(job)))]
    return (backend, seed, wall_seconds, details, to_plain(program, named, program.facts, program.rules))


def program_of_question(program: Program, question: int) -> Program:
    """The program of one question: what it drops left out, what it adds added; without objectives and wishes."""
    asked = program.questions[question]
    return replace(
        program,
        requirements=program.requirements_of(asked),
        facts=program.facts_of(asked),
        rules=program.rules_of(asked),
        softs=(),
        questions=(),
    )


def terms_of_job(job: Job) -> tuple[Term, ...]:
    """What a job asks about, besides the requirements of its question."""
    match job:
        case SolutionsJob(terms=terms):
            return terms
        case CoreJob():
            return ()
        case SatisfiableJob(formulas=formulas) | RefuteJob(formulas=formulas):
            return formulas
        case OptimizeJob(program, question):
            return tuple([objective.term for objective in objectives_of(program, question)])
        case AskJob(binders=binders, body=body):
            return (Quantified("exists", binders, body),)
        case _:
            assert_never(job)


def features_of_job(job: Job) -> frozenset[Feature]:
    """The features of everything that a job makes a back end look at."""
    program = program_of_question(job.program, job.question)
    extra = [
        Requirement(ASKED, "constraint", Equal(term, term) if isinstance(job, OptimizeJob) else term)
        for term in terms_of_job(job)
    ]
    return features_of(replace(program, requirements=(*program.requirements, *extra)))


def tasks_of_job(job: Job) -> frozenset[Task]:
    """What a back end must be able to do by itself for a job; the strategies do the rest."""
    match job:
        case SolutionsJob(limit=limit):
            return frozenset({Task.ENUMERATE if limit > 1 else Task.CHECK})
        case OptimizeJob():
            return frozenset({Task.OPTIMIZE})
        case RefuteJob():
            return frozenset({Task.REFUTE})
        case CoreJob() | SatisfiableJob() | AskJob():
            return frozenset({Task.CHECK})
        case _:
            assert_never(job)


def decode_reply(job: Job, backend: str, reply: Mapping[str, Any]) -> Outcome:
    """The outcome from a worker's reply.

    Raises:
        UnsoundBackend: when the reply has values that no unknown can have.
    """
    reader = _Reader(job.program, backend, reply.get("tables", {}))
    limit = reply.get("limit")
    rows = [reader.structure(row) for row in reply.get("rows", ())]
    return Outcome(
        claim=Claim(reply["claim"]),
        backend=backend,
        structures=tuple(rows),
        is_complete=bool(reply.get("is_complete")),
        limit=LimitKind(limit) if limit else None,
        core=tuple(reply.get("core", ())),
        formulas=tuple([reader.formula(*found) for found in reply.get("formulas", ())]),
        detail=str(reply.get("detail", "")),
        obstacle=Obstacle[reply["obstacle"]] if reply.get("obstacle") else None,
        seconds={"wait": reply.get("waited", 0.0), **reply.get("seconds", {})},
        encoding=str(reply.get("encoding", "")),
        objectives=tuple([_objective(*found) for found in reply.get("objectives", ())]),
        bindings=(
            *reader.answers(job, reply.get("answers", ())),
            *[reader.binding(job, *found) for found in reply.get("bindings", ())],
        ),
        certificate=str(reply.get("certificate", "")),
        sensitivity=sensitivity_from(reply["sensitivity"]) if reply.get("sensitivity") else None,
    )


def _objective(
    status: Choice["optimal", "feasible", "unbounded", "unattained", "unknown"],
    value: Sequence[int] | None,
    bound: Sequence[int] | None,
) -> ObjectiveOutcome:
    return ObjectiveOutcome(status, *[None if pair is None else number(Fraction(*pair)) for pair in (value, bound)])


class _Reader:
    """Reads structures; `tables` are the places in the argument tuples of decided relations where they hold."""

    def __init__(self, program: Program, backend: str, tables: Mapping[str, Sequence[int]]) -> None:
        self._functions = (*program.unknowns(), *program.relations())
        self._backend = backend
        self._tables = tables
        self._keys: dict[str, list[tuple[Value, ...]]] = {}
        self._known: dict[str, dict[tuple[Value, ...], Value]] = {}

    def structure(self, row: Sequence[Any]) -> Structure:
        """The structure that a row of codes stands for."""
        out: dict[str, Mapping[tuple[Value, ...], Value]] = {}
        position = 0
        try:
            for function in self._functions:
                if function.name in self._tables:
                    out[function.name] = self._table(function)
                    continue
                keys = self._keys_of(function)
                width = width_of(function)
                end = position + width * len(keys)
                codes = row[position:end]
                is_set = isinstance(function.value, SetSort)
                parts = [codes[n * width : (n + 1) * width] for n in range(len(keys))] if is_set else codes
                out[function.name] = {a: decode_cell(c, function) for a, c in zip(keys, parts, strict=True)}
                position = end
        except (IndexError, ValueError, TypeError) as exc:
            raise UnsoundBackend(f"`{self._backend}` gave a value that is none of its sort") from exc
        return out

    def formula(self, claim: str, row: Sequence[Any] | None, stopped: str | None) -> FormulaOutcome:
        """What was found out about one formula."""
        structure = self.structure(row) if row is not None else None
        return FormulaOutcome(Claim(claim), structure, LimitKind(stopped) if stopped else None)

    def answers(self, job: Job, places: Sequence[int]) -> list[BindingOutcome]:
        """The bindings that the data decide, by their places among all bindings in order."""
        if not places:
            return []
        assert isinstance(job, AskJob)
        sorts = [bound.variable.sort for bound in job.binders]
        try:
            return [BindingOutcome(row, True, True) for row in _rows_at(places, sorts)]
        except (IndexError, TypeError) as exc:
            raise UnsoundBackend(f"`{self._backend}` gave an answer that is no binding") from exc

    def binding(
        self,
        job: Job,
        values: Sequence[Any],
        is_possible: bool | None,
        is_certain: bool | None,
        witness: Sequence[Any] | None,
        counterexample: Sequence[Any] | None,
    ) -> BindingOutcome:
        """What was found out about one binding."""
        assert isinstance(job, AskJob)
        rows = [None if row is None else self.structure(row) for row in (witness, counterexample)]
        return BindingOutcome(tuple([value_of(value) for value in values]), is_possible, is_certain, *rows)

    def _keys_of(self, function: Function) -> list[tuple[Value, ...]]:
        if function.name not in self._keys:
            self._keys[function.name] = [
                tuple([arg.value for arg in call.args if isinstance(arg, Literal)])
                for call in calls_of(function, Budget(steps=MOST_CELLS))
            ]
        return self._keys[function.name]

    def _table(self, function: Function) -> dict[tuple[Value, ...], Value]:
        """Where a decided relation holds; of nearly all arguments it does not, so these are left out."""
        if function.name not in self._known:
            rows = _rows_at(self._tables[function.name], function.arguments)
            table: dict[tuple[Value, ...], Value] = dict.fromkeys(rows, True)
            self._known[function.name] = table
        return self._known[function.name]


def _rows_at(places: Sequence[int], sorts: Sequence[Sort]) -> list[tuple[Value, ...]]:
    """The tuples of values of some sorts at places among all of them in order.

    Raises:
        IndexError: when there is no such place.
    """
    columns: list[list[Value]] = []
    left = places
    for sort in reversed(sorts):
        domain = sort_values(sort)
        columns.append([domain[place % len(domain)] for place in left])
        left = [place // len(domain) for place in left]
    if any(left):
        raise IndexError("no such place")
    return list(zip(*reversed(columns), strict=True)) if columns else [()] * len(places)


def width_of(function: Function) -> int:
    """How many codes one value takes in a reply: of a set one for each element, else one."""
    if not isinstance(function.value, SetSort):
        return 1
    size = sort_size(function.value.element)
    assert size is not None
    return size


def decode_cell(code: Any, function: Function) -> Value:
    """The value that the codes of one cell stand for: truth values of a set, a pair for a real, else one number."""
    match function.value:
        case SetSort(element):
            return frozenset([value for value, is_in in zip(sort_values(element), code, strict=True) if is_in])
        case RealSort():
            return number(Fraction(*code)) if isinstance(code, list | tuple) else int(code)
        case _:
            return decode(code, function)


def value_of(plain: Any) -> Value:
    """A value of a binding: an element as type, name and index, a fraction as a pair."""
    if isinstance(plain, list | tuple):
        return Element(*plain) if len(plain) == 3 else number(Fraction(*plain))
    assert isinstance(plain, int)
    return plain
