"""What is done with a back end in a worker process: solutions, cores, formulas, optima, bindings.

`work` is the only function that calls a solver. A job runs through all its stages here, under the worker's limits.
"""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nsr.errors import UnsoundBackend
from nsr.language.evaluate import NoEntry
from nsr.language.ir import Apply, Function, Iff, Literal
from nsr.language.sorts import BOOL, IntSort
from nsr.limits import Budget, BudgetExceeded
from nsr.reformulations import Construct, Feature, Position
from nsr.reformulations.features import features_of
from nsr.reformulations.protocol import BACKGROUND
from nsr.solvers.asking import ask
from nsr.solvers.certificates import to_plain
from nsr.solvers.cores import core
from nsr.solvers.held import Calls, Held, with_objectives, with_projection
from nsr.solvers.jobs import ASKED, OptimizeJob, encode_job
from nsr.solvers.protocol import Claim, Gap, NativeOutcome, Obstacle, Prover, Query, Readying, Refuter, Task
from nsr.solvers.registry import get_backend
from nsr.solvers.stages import Prepared, prepare
from nsr.solvers.warming import small_jobs, touching_job
from nsr.workers.codec import from_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program
    from nsr.solvers.protocol import Backend, Code

__all__ = ["touch", "warm_up", "work"]

GROUNDING_STEPS = 20_000_000
"""Steps of reformulation and compilation before a program counts as too large."""


_UNBOUNDED = Feature(Construct.UNBOUNDED, Position.DECLARATION)


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
        reply = _answer(program, backend, budget, seed, details, seconds)
        seconds["finish"] = max(0.0, time.perf_counter() - start - sum(seconds.values()))
        return {**reply, "seconds": seconds}
    except Gap as gap:
        return {"claim": "unknown", "gap": list(gap.missing), "seconds": seconds}
    except BudgetExceeded as exceeded:
        ended = NativeOutcome(Claim.UNKNOWN, limit=exceeded.kind, obstacle=Obstacle.PREPARING).ended()
        return {"claim": "unknown", "seconds": seconds, **ended}
    except NoEntry as lacking:
        return {"claim": "unknown", "no_entry": [lacking.symbol, [str(arg) for arg in lacking.args_asked]]}


def _answer(
    program: Program, backend: Backend, budget: Budget, seed: int, details: Sequence[Any], seconds: dict[str, float]
) -> dict[str, Any]:
    source = (*program.unknowns(), *program.relations())
    native = backend.spec.native
    start = time.perf_counter()
    calls: Calls | None = None
    held: tuple[Held, ...] = ()
    present: frozenset[Feature] | None = None
    asked = sum(1 for r in program.requirements if r.name.startswith(ASKED))
    is_at_once = Task.CONSEQUENCES in backend.spec.tasks and asked > 1
    match details[0]:
        case "ask":
            return ask(program, source, backend, budget, seed, details[1], seconds)
        case "derive":
            if not isinstance(backend, Prover):
                raise Gap(("derivations",))
            return backend.derive(program, budget)
        case "refute":
            is_core_wanted, has_world = details[1:]
            return _refute(program, backend, budget, seed, seconds, is_core_wanted=is_core_wanted, has_world=has_world)
        case "solutions":
            program, calls = with_projection(program, details[2], native, budget)
        case "optimize":
            program, held, present = with_objectives(program, native, budget)
        case "satisfiable" if is_at_once:
            program = _with_truths(program)
        case "core" if _UNBOUNDED in features_of(program) - native:
            # Bounds that follow from all requirements mean nothing for some of them.
            raise Gap((Construct.UNBOUNDED.value,))
    seconds["reformulate"] = time.perf_counter() - start
    task = prepare(program, source, backend, budget, seed, seconds, present)
    match details[0]:
        case "solutions":
            reply = _solutions(task, calls, details[1])
        case "core":
            reply = core(task)
        case "satisfiable":
            reply = _at_once(task) if is_at_once else _satisfiable(task)
        case "optimize":
            reply = _optimize(task, held, details[1])
        case other:
            raise ValueError(f"no job: {other!r}")
    return {**reply, "tables": task.tables, "encoding": task.encoding.digest()}


def _solutions(task: Prepared, calls: Calls | None, limit: int) -> dict[str, Any]:
    projection = None
    if calls is not None:
        cells = enumerate(task.encoding.cells)
        projection = tuple([index for index, cell in cells if calls.has(cell.symbol, cell.args)])
    found = task.ask(Query(projection=projection, count=max(1, limit)))
    return {
        "claim": found.claim.value,
        "rows": task.rows(found),
        "is_complete": found.is_complete,
        "certificate": found.certificate,
        **found.ended(),
    }


_TRUTH = f"{ASKED}truth"


def _with_truths(program: Program) -> Program:
    """The program with a truth value for each formula that is asked about, and what ties it to the formula."""
    asked = [r for r in program.requirements if r.name.startswith(ASKED)]
    places = IntSort(0, len(asked) - 1)
    truth = Function(_TRUTH, "pred", (places,), BOOL, is_auxiliary=True)
    tied = [
        replace(r, name=f"{BACKGROUND}{r.name}", formula=Iff(Apply(_TRUTH, (Literal(place, places),), BOOL), r.formula))
        for place, r in enumerate(asked)
    ]
    others = [r for r in program.requirements if not r.name.startswith(ASKED)]
    return replace(program, symbols={**program.symbols, _TRUTH: truth}, requirements=(*others, *tied))


def _at_once(task: Prepared) -> dict[str, Any]:
    """The same as `_satisfiable`, of a back end that finds all consequences in one run."""
    cells = [place for place, cell in enumerate(task.encoding.cells) if cell.symbol == _TRUTH]
    found = task.ask(Query(wanted=tuple([(cell, 1) for cell in cells])))
    limit = found.limit.value if found.limit else None
    out: list[tuple[str, Sequence[Code] | None, str | None]] = []
    for cell in cells:
        row = next((row for row in found.rows if row[cell]), None)
        if row is not None:
            out.append((Claim.SATISFIABLE.value, task.row(row), None))
        elif found.is_complete:
            out.append((Claim.UNSATISFIABLE.value, None, None))
        else:
            out.append((Claim.UNKNOWN.value, None, limit))
    return {
        "claim": found.claim.value,
        "rows": [task.row(row) for row in found.rows[:1]],
        "formulas": out,
        **(found if not found.rows else replace(found, limit=None)).ended(),
    }


def _satisfiable(task: Prepared) -> dict[str, Any]:
    """Each formula beside what always holds; that alone only where a formula fails before a world is known."""
    names = [name for name, _ in task.encoding.groups]
    asked = [name for name in names if name.startswith(ASKED)]
    always = frozenset(names) - frozenset(asked)
    out: list[tuple[str, Sequence[Code] | None, str | None]] = []
    world: NativeOutcome | None = None
    for name in asked:
        found = task.ask(Query(groups=always | {name}))
        row = task.row(found.rows[0]) if found.rows else None
        out.append((found.claim.value, row, found.limit.value if found.limit else None))
        if world is None:
            world = found if found.rows else task.ask(Query(groups=always))
        if world.claim is Claim.UNSATISFIABLE:
            break
    if world is None:
        world = task.ask(Query(groups=always))
    if world.claim is Claim.UNSATISFIABLE:
        out = [(world.claim.value, None, None) for _ in asked]
    return {
        "claim": world.claim.value,
        "rows": task.rows(world),
        "certificate": world.certificate,
        "formulas": out,
        **world.ended(),
    }


def _refute(
    program: Program,
    backend: Backend,
    budget: Budget,
    seed: int,
    seconds: dict[str, float],
    *,
    is_core_wanted: bool,
    has_world: bool,
) -> dict[str, Any]:
    """Only "there is none" is said; a world of a solver's own would be none of this program's finite ones."""
    if not isinstance(backend, Refuter):
        raise Gap(("open types of any size",))
    start = time.perf_counter()
    encoding = backend.compile_open(program, budget)
    seconds["compile"] = time.perf_counter() - start
    task = Prepared(backend, encoding, budget, seed, seconds=seconds)
    reply = core(task) if is_core_wanted else _refuted(task, has_world=has_world)
    return {**reply, "claim": _denied(reply["claim"]), "rows": []}


def _denied(claim: str) -> str:
    """The claim, if it is that there is none."""
    return claim if claim == Claim.UNSATISFIABLE.value else Claim.UNKNOWN.value


def _refuted(task: Prepared, *, has_world: bool) -> dict[str, Any]:
    """Which formulas hold in no world; whether there is any world at all, where it may be that there is none."""
    names = [name for name, _ in task.encoding.groups]
    asked = [name for name in names if name.startswith(ASKED)]
    always = frozenset(names) - frozenset(asked)
    found = [task.ask(Query(groups=always | {name})) for name in asked]
    formulas = [(_denied(f.claim.value), None, f.limit.value if f.limit else None) for f in found]
    if has_world or any(f.claim is Claim.SATISFIABLE for f in found):
        return {"claim": Claim.UNKNOWN.value, "formulas": formulas}
    every = task.ask(Query(groups=always))
    return {"claim": every.claim.value, "formulas": formulas, **every.ended()}


def _optimize(task: Prepared, held: Sequence[Held], kinds: Sequence[Any]) -> dict[str, Any]:
    """The objectives one after the other, those before at their best values."""
    fixed: list[tuple[int, Code]] = []
    row: tuple[Code, ...] | None = None
    out: list[tuple[str, list[int] | None, list[int] | None]] = []
    found = NativeOutcome(Claim.UNKNOWN)
    certificates: list[str] = []
    for (symbol, scale), kind in zip(held, kinds, strict=True):
        cell = task.index(symbol)
        found = task.ask(Query(objective=(cell, kind), fixed=tuple(fixed), hint=row))
        certificates.append(found.certificate)
        if found.claim is Claim.UNSATISFIABLE and row is not None:
            raise UnsoundBackend("the best value of an objective has no solution any more")
        if not found.rows:
            break
        row = found.rows[0]
        out.append((found.optimum, _pair(row[cell], scale), _pair(found.bound, scale)))
        if found.optimum != "optimal":
            break
        fixed.append((cell, row[cell]))
    claim = Claim.SATISFIABLE if row is not None else found.claim
    if claim is not Claim.UNSATISFIABLE:
        out += [("unknown", None, None)] * (len(held) - len(out))
    return {
        "claim": claim.value,
        "rows": [task.row(row)] if row is not None else [],
        "is_complete": claim is Claim.UNSATISFIABLE or all(status == "optimal" for status, _, _ in out),
        "objectives": out,
        # The last one names the proof of all, if each has one.
        "certificate": certificates[-1] if certificates and all(certificates) else "",
        "sensitivity": to_plain(found.sensitivity) if found.sensitivity is not None else None,
        **found.ended(),
    }


def _pair(value: Code | None, scale: int) -> list[int] | None:
    if value is None:
        return None
    exact = (Fraction(value) if isinstance(value, int) else Fraction(*value)) / scale
    return [exact.numerator, exact.denominator]


# Warming up


def warm_up(backend: str) -> None:
    """Run each kind of job on a small program, in this process, so that everything lazy is loaded.

    No timer of a solver is set: it could leave a thread behind, and the caller is about to fork.
    """
    for job in small_jobs():
        # Several times: Python's interpreter speeds up code that it has seen a few times.
        for _ in range(1 if isinstance(job, OptimizeJob) else 8):
            work(encode_job(job, backend, float("inf"), 0))
    solver = get_backend(backend)
    if isinstance(solver, Readying):
        solver.get_ready()


def touch(backend: str) -> None:
    """Work off one small job in a forked child while it has nothing to do.

    After a fork the first write to each page costs a copy; this way the copies are made before a request comes.
    """
    work(encode_job(touching_job(), backend, float("inf"), 0))
