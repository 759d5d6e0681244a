"""What is done with a back end in a worker process: solutions, cores, formulas.

`work` is the only function that calls a solver. A job runs through all its stages here, under the worker's limits.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from math import ceil, floor
from typing import TYPE_CHECKING, Any, TypeAlias

from nsr.errors import UnsoundBackend
from nsr.language import ir
from nsr.language.evaluate import NoEntry
from nsr.language.ir import Apply, Equal, Find, Function, Literal, Program, Question, Requirement, Term, sort_of
from nsr.language.sorts import BOOL, EnumSort, IntSort, NumberSort, sort_values
from nsr.limits import Budget, BudgetExceeded, LimitKind
from nsr.reformulations import Construct
from nsr.reformulations.binders_to_instances import BINDERS_TO_INSTANCES
from nsr.reformulations.bounds import bounds_of, is_whole, values_of
from nsr.reformulations.definitions_to_bodies import DEFINITIONS_TO_BODIES
from nsr.reformulations.distinct_to_all_different import BACKGROUND
from nsr.reformulations.graph import reformulate
from nsr.solvers.jobs import ASKED, CoreJob, SatisfiableJob, SolutionsJob, encode_job
from nsr.solvers.protocol import Claim, Gap, NativeOutcome, Query
from nsr.solvers.registry import get_backend
from nsr.workers.codec import from_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.language.sorts import Sort, Value
    from nsr.solvers.protocol import Backend, Encoding

__all__ = ["warm_up", "work"]

GROUNDING_STEPS = 20_000_000
"""Steps of reformulation and compilation before a program counts as too large."""

_Key: TypeAlias = "tuple[str, *tuple[Value, ...]]"
"""A call of an unknown: its name and the values of its arguments."""


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
    name, seed, wall_seconds, details, plain = data
    seconds: dict[str, float] = {}
    try:
        budget = Budget(steps=GROUNDING_STEPS, wall_seconds=wall_seconds)
        start = time.perf_counter()
        backend = get_backend(name)
        program = from_plain(plain)
        seconds["read"] = time.perf_counter() - start
        start = time.perf_counter()
        program, calls = _with_projection(program, details, budget)
        ground, features = reformulate(program, backend.spec.native, budget)
        missing = features - backend.spec.native
        if missing:
            raise Gap(sorted({feature.construct.value for feature in missing}))
        seconds["reformulate"] = time.perf_counter() - start
        start = time.perf_counter()
        encoding = backend.compile(ground, budget)
        seconds["compile"] = time.perf_counter() - start
        task = _Work(backend, encoding, budget, seed, seconds)
        return {**_answer(task, calls, details), "seconds": seconds}
    except Gap as gap:
        return {"claim": "unknown", "gap": list(gap.missing), "seconds": seconds}
    except BudgetExceeded as exceeded:
        return {"claim": "unknown", "limit": exceeded.kind.value, "seconds": seconds, "detail": "while preparing"}
    except NoEntry as lacking:
        return {"claim": "unknown", "no_entry": [lacking.symbol, [str(arg) for arg in lacking.args_asked]]}


def _with_projection(
    program: Program, details: Sequence[Any], budget: Budget
) -> tuple[Program, frozenset[_Key] | None]:
    """For `find` of terms: calls of unknowns as they are, and new unknowns that hold the value of every other term."""
    asked = [r for r in program.requirements if r.name.startswith(ASKED)]
    if details[0] != "solutions" or not asked:
        return program, None
    # Definitions and binders have to go first: only then is it plain what values a term can have.
    program = BINDERS_TO_INSTANCES.rewrite(DEFINITIONS_TO_BODIES.rewrite(program, budget), budget)
    symbols = dict(program.symbols)
    calls = set()
    requirements = []
    for requirement in program.requirements:
        term = requirement.formula
        if not requirement.name.startswith(ASKED):
            requirements.append(requirement)
        elif isinstance(term, Apply) and _is_call(program, term):
            calls.add(_key(term))
        elif not isinstance(term, Literal):
            value, is_defined, formula = _held(program, requirement)
            symbols[value.name] = value
            symbols[is_defined.name] = is_defined
            requirements.append(replace(requirement, formula=formula))
            calls.update([(value.name,), (is_defined.name,)])
    return replace(program, symbols=symbols, requirements=tuple(requirements)), frozenset(calls)


def _key(call: Apply) -> _Key:
    return (call.symbol, *[arg.value for arg in call.args if isinstance(arg, Literal)])


def _is_call(program: Program, term: Apply) -> bool:
    if program.symbols[term.symbol].kind not in ("var", "pred"):
        return False
    return all(isinstance(arg, Literal) for arg in term.args)


def _held(program: Program, requirement: Requirement) -> tuple[Function, Function, Term]:
    """An unknown for the value of a term, one for whether it has a value, and what ties them to it."""
    term = requirement.formula
    sort = _sort_of_values(term)
    is_optional = isinstance(term, Apply) and program.symbols[term.symbol].is_optional
    value = Function(requirement.name, "var", (), sort, is_optional=is_optional, is_auxiliary=True)
    is_defined = Function(f"{requirement.name} defined", "pred", (), BOOL, is_auxiliary=True)
    held, defined = Apply(value.name, (), sort), Apply(is_defined.name, (), BOOL)
    low = sort.low if isinstance(sort, IntSort) else None
    anything = Literal(low or 0, sort) if isinstance(sort, IntSort) else Literal(sort_values(sort)[0], sort)
    formula = ir.And(
        (
            ir.Iff(defined, Equal(term, term)),
            ir.Implies(defined, Equal(held, term)),
            ir.Or((defined, Equal(held, anything))),
        )
    )
    return value, is_defined, formula


def _sort_of_values(term: Term) -> Sort:
    sort = sort_of(term)
    if not isinstance(sort, IntSort) or (isinstance(term, Apply) and sort.low is not None and sort.high is not None):
        return sort
    if not is_whole(term):
        values = values_of(term)
        if not values:
            raise Gap((Construct.RATIONAL.value,))
        return NumberSort("value", tuple(sorted(values)))
    low, high = bounds_of(term)
    return IntSort(None if low is None else ceil(low), None if high is None else floor(high))


def _answer(task: _Work, calls: frozenset[_Key] | None, details: Sequence[Any]) -> dict[str, Any]:
    match details[0]:
        case "solutions":
            return _solutions(task, calls, details[1], details[2])
        case "core":
            return _core(task)
        case "satisfiable":
            return _satisfiable(task)
        case other:
            raise ValueError(f"no job: {other!r}")


def _solutions(task: _Work, calls: frozenset[_Key] | None, limit: int, symbols: Sequence[str]) -> dict[str, Any]:
    projection = None
    if symbols or calls is not None:
        projection = tuple(
            [
                index
                for index, cell in enumerate(task.encoding.cells)
                if cell.symbol in symbols or (cell.symbol, *cell.args) in (calls or ())
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


class _Stopped(Exception):
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


# Warming up


def warm_up(backend: str) -> None:
    """Run each kind of job on a small program, in this process, so that everything lazy is loaded.

    No timer of a solver is set: it could leave a thread behind, and the caller is about to fork.
    """
    program = _small_program()
    formulas = tuple(r.formula for r in program.requirements)
    for job in (
        SolutionsJob(program, limit=2),
        SatisfiableJob(program, formulas=formulas),
        CoreJob(_contrary(program)),
    ):
        # Several times: Python's interpreter speeds up code that it has seen a few times.
        for _ in range(8):
            work(encode_job(job, backend, float("inf"), 0))


def touch(backend: str) -> None:
    """Work off one small job in a forked child while it has nothing to do.

    After a fork the first write to each page costs a copy; this way the copies are made before a request comes.
    """
    work(encode_job(SolutionsJob(_small_program(), limit=2), backend, float("inf"), 0))


def _small_program() -> Program:
    place = IntSort(1, 4, "Place")
    things = EnumSort("Thing", ("a", "b", "c", "d"))
    symbols = {name: Function(name, "var", (things,), place, is_distinct=True) for name in ("f", "g")}

    def call(name: str, index: int) -> Apply:
        return Apply(name, (Literal(things.element(index), things),), place)

    f0, f1, f2, g0, g1, g2 = (call(name, index) for name in ("f", "g") for index in range(3))
    one = ir.integer(1)
    formulas: list[ir.Term] = [
        ir.Equal(ir.Sum((f0, one)), g1),
        ir.Equal(ir.Absolute(ir.Sum((f1, ir.Negate(g2)))), one),
        ir.Less(f0, f1),
        ir.Not(ir.Equal(g0, f0)),
        ir.Or((ir.Equal(f0, one), ir.And((ir.Less(g0, g1), ir.LessEqual(f2, g2))))),
        ir.Implies(ir.Equal(f0, one), ir.Xor(ir.Equal(g1, ir.integer(2)), ir.Equal(g2, ir.integer(2)))),
    ]
    requirements = tuple(Requirement(f"s{i}", "constraint", formula) for i, formula in enumerate(formulas, 1))
    return Program({}, symbols, {}, {}, requirements, (Question(Find("unique")),))


def _contrary(program: Program) -> Program:
    against = [Requirement(f"not_{r.name}", "constraint", ir.Not(r.formula)) for r in program.requirements]
    return replace(program, requirements=(*program.requirements, *against))
