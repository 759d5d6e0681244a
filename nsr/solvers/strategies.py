"""What is done with a back end, each in one round trip to a worker: solutions, cores, formulas.

A job is made here, sent to a worker, and worked off there by `work`, the only function of this module that calls a
solver. `run` is the way in for everybody else.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from nsr.errors import UnsoundBackend
from nsr.language.evaluate import NoEntry
from nsr.language.ir import Apply, Equal, Function, Literal, Program, Term, sort_of
from nsr.language.sorts import IntSort
from nsr.limits import Budget, BudgetExceeded, LimitKind, Limits
from nsr.reformulations.bounds import bounds_of
from nsr.reformulations.coding import decode
from nsr.reformulations.distinct_to_all_different import BACKGROUND, cells_of
from nsr.reformulations.features import features_of
from nsr.reformulations.graph import reformulate
from nsr.solvers.protocol import Claim, FormulaOutcome, Gap, NativeOutcome, Outcome, Query
from nsr.solvers.registry import get_backend
from nsr.solvers.routing import route
from nsr.workers.codec import from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nsr.language.ir import Structure
    from nsr.language.sorts import Value
    from nsr.solvers.protocol import Backend, Encoding

__all__ = ["CoreJob", "Job", "SatisfiableJob", "SolutionsJob", "decode_reply", "encode_job", "run", "run_sync", "work"]

ASKED = "?"
"""What the names of formulas that are asked about begin with; no label of a program does."""

GROUNDING_STEPS = 20_000_000
"""Steps of reformulation and compilation before a program counts as too large."""


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
    """For each formula, whether some solution of a question makes it true."""

    program: Program
    question: int = 0
    formulas: tuple[Term, ...] = ()


Job: TypeAlias = SolutionsJob | CoreJob | SatisfiableJob


# On the caller's side


def encode_job(job: Job, backend: str, limits: Limits, seed: int) -> tuple[Any, ...]:
    """The job as plain data."""
    program = job.program
    required = [(r.name, r.formula) for r in program.requirements_of(program.questions[job.question])]
    details: tuple[Any, ...]
    match job:
        case SolutionsJob(limit=limit, symbols=symbols, terms=terms):
            asked = terms
            details = ("solutions", limit, symbols)
        case CoreJob(names=names):
            asked = ()
            if names:
                required = [(name, formula) for name, formula in required if name in set(names)]
            details = ("core",)
        case SatisfiableJob(formulas=formulas):
            asked = formulas
            details = ("satisfiable",)
        case _:
            assert_never(job)
    named = [*required, *((f"{ASKED}{index}", formula) for index, formula in enumerate(asked))]
    budget = (limits.wall_seconds, limits.cpu_seconds, limits.memory_mib)
    return (backend, seed, budget, details, to_plain(program, named))


def features_of_job(job: Job) -> frozenset[Any]:
    """The features of everything that a job makes a back end look at."""
    program = job.program
    requirements = program.requirements_of(program.questions[job.question])
    formulas = job.formulas if isinstance(job, SatisfiableJob) else ()
    terms = job.terms if isinstance(job, SolutionsJob) else ()
    from nsr.language.ir import Requirement

    extra = [Requirement(ASKED, "constraint", formula) for formula in (*formulas, *terms)]
    return features_of(replace(program, requirements=(*requirements, *extra)))


def decode_reply(job: Job, backend: str, reply: Mapping[str, Any]) -> Outcome:
    """The outcome from a worker's reply.

    Raises:
        UnsoundBackend: when the reply has values that no unknown can have.
    """
    functions = job.program.unknowns()
    keys = [_keys(function) for function in functions]

    def structure(row: Sequence[int]) -> Structure:
        out: dict[str, dict[tuple[Value, ...], Value]] = {}
        position = 0
        try:
            for function, arguments in zip(functions, keys, strict=True):
                codes = row[position : position + len(arguments)]
                out[function.name] = {a: decode(c, function) for a, c in zip(arguments, codes, strict=True)}
                position += len(arguments)
        except (IndexError, ValueError) as exc:
            raise UnsoundBackend(f"`{backend}` gave a value that is none of its sort") from exc
        return out

    limit = reply.get("limit")
    return Outcome(
        claim=Claim(reply["claim"]),
        backend=backend,
        structures=tuple([structure(row) for row in reply.get("rows", ())]),
        is_complete=bool(reply.get("is_complete")),
        limit=LimitKind(limit) if limit else None,
        core=tuple(reply["core"]) if reply.get("core") is not None else None,
        formulas=tuple(
            [
                FormulaOutcome(
                    Claim(claim), structure(row) if row is not None else None, LimitKind(stopped) if stopped else None
                )
                for claim, row, stopped in reply.get("formulas", ())
            ]
        ),
        detail=str(reply.get("detail", "")),
        missing=tuple(reply.get("missing", ())),
        seconds=dict(reply.get("seconds", {})),
        encoding=str(reply.get("encoding", "")),
    )


def _keys(function: Function) -> list[tuple[Value, ...]]:
    return [
        tuple([arg.value for arg in call.args if isinstance(arg, Literal)])
        for call in cells_of(function, Budget(steps=GROUNDING_STEPS))
    ]


async def run(job: Job, *, limits: Limits | None = None, backend: str = "auto", seed: int = 0) -> Outcome:
    """The outcome of a job, worked off in a worker process under hard limits; cancelling it kills the process.

    The same job, seed and versions give the same outcome, as long as no limit strikes.

    Raises:
        Gap: when no back end can take the program.
        BackendUnavailable, WorkerCrashed: see there.
    """
    from nsr.workers.client import request

    limits = limits or Limits()
    name = route(features_of_job(job), backend).backend
    try:
        data = encode_job(job, name, limits, seed)
        return _outcome(job, name, await request(name, data, limits))
    except RecursionError:
        return Outcome(Claim.UNKNOWN, name, limit=LimitKind.SIZE, detail="the program is nested too deeply")


def run_sync(job: Job, *, limits: Limits | None = None, backend: str = "auto", seed: int = 0) -> Outcome:
    """`run` for callers without an event loop; the calling thread waits."""
    from nsr.workers.client import request_sync

    limits = limits or Limits()
    name = route(features_of_job(job), backend).backend
    try:
        data = encode_job(job, name, limits, seed)
        return _outcome(job, name, request_sync(name, data, limits))
    except RecursionError:
        return Outcome(Claim.UNKNOWN, name, limit=LimitKind.SIZE, detail="the program is nested too deeply")


def _outcome(job: Job, name: str, reply: Mapping[str, Any]) -> Outcome:
    if reply.get("gap"):
        raise Gap(reply["gap"])
    if reply.get("no_entry"):
        symbol, args = reply["no_entry"]
        raise NoEntry(symbol, tuple(args))
    return decode_reply(job, name, reply)


# On the worker's side


@dataclass(slots=True)
class _Work:
    """A job on its way through the stages in the worker."""

    backend: Backend
    encoding: Encoding
    budget: Budget
    seed: int
    seconds: dict[str, float] = field(default_factory=dict)

    def ask(self, query: Query) -> NativeOutcome:
        """One query, with its time added up."""
        start = time.perf_counter()
        try:
            return self.backend.solve(self.encoding, replace(query, seed=self.seed), self.budget)
        finally:
            self.seconds["solve"] = self.seconds.get("solve", 0.0) + time.perf_counter() - start


def work(data: Sequence[Any]) -> dict[str, Any]:
    """Reformulate, compile and solve; the reply is plain data. Limits that strike here are part of the reply."""
    name, seed, (wall_seconds, _, _), details, plain = data
    seconds: dict[str, float] = {}
    try:
        budget = Budget(steps=GROUNDING_STEPS, wall_seconds=wall_seconds)
        start = time.perf_counter()
        backend = get_backend(name)
        program = from_plain(plain)
        seconds["read"] = time.perf_counter() - start
        start = time.perf_counter()
        source = program
        program = _with_projection(program, details)
        ground = reformulate(program, backend.spec.native, budget)
        missing = features_of(ground) - backend.spec.native
        if missing:
            raise Gap(sorted({feature.construct.value for feature in missing}))
        seconds["reformulate"] = time.perf_counter() - start
        start = time.perf_counter()
        encoding = backend.compile(ground, budget)
        seconds["compile"] = time.perf_counter() - start
        task = _Work(backend, encoding, budget, seed, seconds)
        return {**_answer(task, source, details), "seconds": seconds}
    except Gap as gap:
        return {"claim": "unknown", "gap": list(gap.missing), "seconds": seconds}
    except BudgetExceeded as exceeded:
        return {"claim": "unknown", "limit": exceeded.kind.value, "seconds": seconds, "detail": "while preparing"}
    except NoEntry as lacking:
        return {"claim": "unknown", "no_entry": [lacking.symbol, [str(arg) for arg in lacking.args_asked]]}


def _with_projection(program: Program, details: Sequence[Any]) -> Program:
    """For `find` of terms: a new unknown for each one that is no call of an unknown, and equal to it."""
    if details[0] != "solutions":
        return program
    symbols = dict(program.symbols)
    requirements = []
    for requirement in program.requirements:
        term = requirement.formula
        if not requirement.name.startswith(ASKED):
            requirements.append(requirement)
        elif not _is_call(program, term):
            function = _auxiliary(program, requirement.name, term)
            symbols[function.name] = function
            formula = Equal(Apply(function.name, (), function.value), term)
            requirements.append(replace(requirement, formula=formula))
    return replace(program, symbols=symbols, requirements=tuple(requirements))


def _is_call(program: Program, term: Term) -> bool:
    if not isinstance(term, Apply) or program.symbols[term.symbol].kind not in ("var", "pred"):
        return False
    return all(isinstance(arg, Literal) for arg in term.args)


def _auxiliary(program: Program, name: str, term: Term) -> Function:
    sort = sort_of(term)
    if isinstance(sort, IntSort) and (sort.low is None or sort.high is None):
        low, high = bounds_of(term)
        sort = IntSort(None if low is None else int(low), None if high is None else int(high))
    is_optional = isinstance(term, Apply) and program.symbols[term.symbol].is_optional
    return Function(name, "var", (), sort, is_optional=is_optional, is_auxiliary=True)


def _answer(task: _Work, program: Program, details: Sequence[Any]) -> dict[str, Any]:
    match details[0]:
        case "solutions":
            return _solutions(task, program, details[1], details[2])
        case "core":
            return _core(task)
        case "satisfiable":
            return _satisfiable(task)
        case other:
            raise ValueError(f"no job: {other!r}")


def _solutions(task: _Work, program: Program, limit: int, symbols: Sequence[str]) -> dict[str, Any]:
    asked = [r.formula for r in program.requirements if r.name.startswith(ASKED)]
    projection = None
    if symbols or asked:
        calls = {
            (term.symbol, *[arg.value for arg in term.args if isinstance(arg, Literal)])
            for term in asked
            if isinstance(term, Apply) and _is_call(program, term)
        }
        projection = tuple(
            [
                index
                for index, cell in enumerate(task.encoding.cells)
                if cell.symbol in symbols or cell.symbol.startswith(ASKED) or (cell.symbol, *cell.args) in calls
            ]
        )
    found = task.ask(Query(projection=projection, count=max(1, limit)))
    width = sum(1 for cell in task.encoding.cells if not cell.symbol.startswith(ASKED))
    return {
        "claim": found.claim.value,
        "rows": [row[:width] for row in found.rows],
        "is_complete": found.is_complete,
        "limit": found.limit.value if found.limit else None,
        "detail": found.detail,
        "encoding": task.encoding.digest(),
    }


class _Stopped(Exception):  # noqa: N818 - a signal inside this module
    def __init__(self, limit: LimitKind | None) -> None:
        self.limit = limit


def _core(task: _Work) -> dict[str, Any]:
    names = [name for name, _ in task.encoding.groups]
    background = frozenset(name for name in names if name.startswith(BACKGROUND))
    own = [name for name in names if name not in background]
    first = task.ask(Query(is_core_wanted=True))
    if first.claim is not Claim.UNSATISFIABLE:
        limit = first.limit.value if first.limit else None
        return {"claim": first.claim.value, "rows": first.rows, "limit": limit, "detail": first.detail}

    def fails(subset: Sequence[str]) -> bool:
        outcome = task.ask(Query(groups=background.union(subset)))
        if outcome.claim is Claim.UNKNOWN:
            raise _Stopped(outcome.limit)
        return outcome.claim is Claim.UNSATISFIABLE

    best = own
    try:
        if first.core is not None:
            hint = [name for name in own if name in first.core]
            # A solver's own core is only a hint: some are none.
            if fails(hint):
                best = hint
        best = _minimal(best, fails)
        if not fails(best):
            raise UnsoundBackend("a core holds together when it is asked about alone")
    except _Stopped as stopped:
        return {
            "claim": "unsatisfiable",
            "core": best,
            "is_complete": False,
            "limit": stopped.limit.value if stopped.limit else None,
        }
    return {"claim": "unsatisfiable", "core": best, "is_complete": True}


def _minimal(names: Sequence[str], fails: Callable[[Sequence[str]], bool]) -> list[str]:
    """A minimal subset that fails, by QuickXplain (Junker 2004), in the order of `names`."""
    if fails(()):
        return []
    chosen = set(_explain((), False, list(names), fails))
    return [name for name in names if name in chosen]


def _explain(
    base: tuple[str, ...], is_grown: bool, names: list[str], fails: Callable[[Sequence[str]], bool]
) -> list[str]:
    if is_grown and fails(base):
        return []
    if len(names) == 1:
        return names
    half = len(names) // 2
    first, second = names[:half], names[half:]
    from_second = _explain((*base, *first), True, second, fails)
    from_first = _explain((*base, *from_second), bool(from_second), first, fails)
    return [*from_first, *from_second]


def _satisfiable(task: _Work) -> dict[str, Any]:
    names = [name for name, _ in task.encoding.groups]
    asked = [name for name in names if name.startswith(ASKED)]
    always = frozenset(names) - frozenset(asked)
    out: list[tuple[str, Sequence[int] | None, str | None]] = []
    first = task.ask(Query(groups=always))
    if first.claim is Claim.SATISFIABLE:
        for name in asked:
            found = task.ask(Query(groups=always | {name}))
            row = found.rows[0] if found.rows else None
            out.append((found.claim.value, row, found.limit.value if found.limit else None))
    else:
        limit = first.limit.value if first.limit else None
        out = [(first.claim.value, None, limit) for _ in asked]
    return {
        "claim": first.claim.value,
        "rows": first.rows,
        "limit": first.limit.value if first.limit else None,
        "detail": first.detail,
        "formulas": out,
        "encoding": task.encoding.digest(),
    }


