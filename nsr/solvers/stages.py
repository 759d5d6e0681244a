"""The stages of a job in a worker: reading, terms that are asked for, reformulation, compilation, and the way back."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING, Any

from nsr.errors import UnsoundBackend
from nsr.language.calls import keys_of
from nsr.language.sorts import SetSort, sort_size, sort_values
from nsr.limits import Budget, BudgetExceeded, LimitKind
from nsr.reformulations import Construct
from nsr.reformulations.binders_to_instances import BINDERS_TO_INSTANCES
from nsr.reformulations.bounds_from_requirements import is_unbounded
from nsr.reformulations.features import features_of
from nsr.reformulations.graph import Reformulated, in_order, reformulate
from nsr.solvers.protocol import Gap, NativeOutcome, Query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from nsr.language.ir import Function, Program
    from nsr.language.sorts import Value
    from nsr.reformulations import Feature
    from nsr.solvers.protocol import Backend, Code, Encoding

__all__ = ["Prepared", "expanded", "places_of", "prepare"]


@dataclass(slots=True)
class Prepared:
    """A job that is ready for its back end.

    `source` are the unknowns and relations that an answer speaks of; `columns` says where in a row of the back end
    their codes stand, in the order of `nsr.solvers.jobs`, and `tables` holds the relations among them that have been
    decided, as far as they are known; `derived` are those that the back end works out.
    """

    backend: Backend
    encoding: Encoding
    budget: Budget
    seed: int
    columns: tuple[int, ...] = ()
    tables: dict[str, list[int]] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()
    seconds: dict[str, float] = field(default_factory=dict)

    def ask(self, query: Query, seconds: float = inf) -> NativeOutcome:
        """One query, with its time added up; it may take so many of the seconds that are left."""
        start = time.perf_counter()
        budget = self.budget
        if seconds < budget.seconds_left:
            budget = Budget(steps=budget.steps_left, wall_seconds=seconds)
        lacking = self.derived - self.tables.keys()
        try:
            query = replace(query, seed=self.seed, tables=lacking)
            found = self.backend.solve(self.encoding, query, budget)
        finally:
            self.seconds["solve"] = self.seconds.get("solve", 0.0) + time.perf_counter() - start
        if found.rows and lacking:
            if any(name not in found.tables for name in lacking):
                raise UnsoundBackend("a relation that the data decide has been left out of an answer")
            self.tables.update({name: list(found.tables[name]) for name in lacking})
        return found

    def row(self, row: Sequence[Code]) -> list[Code]:
        """The codes of the source symbols in a row of the back end."""
        return [row[column] for column in self.columns]

    def rows(self, outcome: NativeOutcome) -> list[list[Code]]:
        """The same for all rows of an outcome."""
        return [self.row(row) for row in outcome.rows]

    def index(self, symbol: str, *args: Value) -> int:
        """Where the code of a value stands in a row of the back end."""
        return next(
            i for i, cell in enumerate(self.encoding.cells) if cell.symbol == symbol and cell.args == tuple(args)
        )


def prepare(
    program: Program,
    source: Sequence[Function],
    backend: Backend,
    budget: Budget,
    seed: int,
    seconds: dict[str, float],
    present: frozenset[Feature] | None = None,
) -> Prepared:
    """Reformulate and compile; `present` are the features of the program, if they are known.

    Raises:
        Gap: when a feature is left that the back end does not take.
        BudgetExceeded, NoEntry: as reformulations and back ends do.
    """
    start = time.perf_counter()
    ground, features = reformulate(program, backend.spec.native, budget, present)
    missing = features - backend.spec.native
    if missing:
        raise Gap(_in_words(missing, ground))
    seconds["reformulate"] = seconds.get("reformulate", 0.0) + time.perf_counter() - start
    start = time.perf_counter()
    encoding = backend.compile(ground, budget)
    seconds["compile"] = time.perf_counter() - start
    derived = frozenset(encoding.relations) & {function.name for function in source}
    prepared = Prepared(backend, encoding, budget, seed, derived=derived, seconds=seconds)
    _lay_out(prepared, source, ground)
    return prepared


def _in_words(missing: frozenset[Feature], ground: Program) -> list[str]:
    """The features that are missing; of integers without bounds, which ones they are."""
    lacking = ", ".join(f"`{f.name}`" for f in ground.unknowns() if is_unbounded(f) and not f.is_auxiliary)
    more = {Construct.UNBOUNDED: f" ({lacking})"} if lacking else {}
    return sorted({feature.construct.value + more.get(feature.construct, "") for feature in missing})


def expanded(program: Program, native: frozenset[Feature], budget: Budget) -> Reformulated:
    """The program without binders, all reformulations that come before having been applied, and its features.

    Only then is it plain what values a term can have.
    """
    present = features_of(program)
    for step in in_order():
        if any(feature in present and feature not in native for feature in step.rewrites):
            program = step.rewrite(program, budget)
            present = features_of(program)
        elif step.partly is not None and not present.isdisjoint(step.rewrites):
            program = step.partly(program, native, budget)
            present = features_of(program)
        if step is BINDERS_TO_INSTANCES:
            break
    return Reformulated(program, present)


def _lay_out(prepared: Prepared, source: Sequence[Function], ground: Program) -> None:
    places: dict[tuple[Any, ...], int] = {
        (cell.symbol, *cell.args): index for index, cell in enumerate(prepared.encoding.cells)
    }
    columns: list[int] = []
    stated = _stated(ground, {function.name for function in source})
    for function in source:
        if function.name in ground.tables and ground.symbols[function.name].kind == "param":
            prepared.tables[function.name] = places_of(function, ground.tables[function.name].entries)
            continue
        if function.name in prepared.encoding.relations:
            continue
        if function.name in stated:
            prepared.tables[function.name] = places_of(function, stated[function.name])
            continue
        keys = keys_of(function, prepared.budget)
        if isinstance(function.value, SetSort):
            elements = sort_values(function.value.element)
            columns.extend([places[(function.name, *key, element)] for key in keys for element in elements])
        else:
            columns.extend([places[(function.name, *key)] for key in keys])
    prepared.columns = tuple(columns)


def _stated(ground: Program, wanted: AbstractSet[str]) -> dict[str, dict[tuple[Value, ...], Value]]:
    """The rows of the relations that a back end has kept and that have no rules, as far as they are wanted."""
    derived = {rule.symbol for rule in ground.rules}
    rows: dict[str, dict[tuple[Value, ...], Value]] = {
        function.name: {} for function in ground.relations() if function.name in wanted - derived
    }
    for facts in ground.facts:
        if facts.symbol in rows:
            rows[facts.symbol].update(dict.fromkeys(facts.rows, True))
    return rows


def places_of(function: Function, entries: Mapping[tuple[Value, ...], Value]) -> list[int]:
    """Where, among all argument tuples in order, a decided relation holds.

    Raises:
        BudgetExceeded: where there are argument tuples without end.
    """
    sizes = [size for sort in function.arguments if (size := sort_size(sort)) is not None]
    if len(sizes) < len(function.arguments):
        raise BudgetExceeded(LimitKind.SIZE)
    ranks = [{value: rank for rank, value in enumerate(sort_values(sort))} for sort in function.arguments]
    # By identity first: most values come again as the same objects, and the hash of an element takes its time.
    seen: list[dict[int, int | None]] = [{} for _ in ranks]
    kept = [key for key, value in entries.items() if value is True]
    out = []
    for key in kept:
        place: int | None = 0
        for part, rank, known, size in zip(key, ranks, seen, sizes, strict=True):
            at = known.get(id(part), -1)
            if at == -1:
                at = known[id(part)] = rank.get(part)
            place = None if place is None or at is None else place * size + at
        if place is not None:
            out.append(place)
    return sorted(out)
