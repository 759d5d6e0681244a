"""Runs of clingo on an encoding."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nsr.limits import LimitKind
from nsr.solvers.asp.cells import TABLES, Reading
from nsr.solvers.protocol import Claim, NativeOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nsr.limits import Budget
    from nsr.solvers.protocol import Code, Encoding, Query

__all__ = ["run"]

LONGEST_WAIT: Final = 1e6
"""Seconds from which on a wait counts as one without end."""


class _Found(NamedTuple):
    """The answer sets of a run, and how it ended: true, false or not known, whether all have been seen."""

    rows: list[tuple[Code, ...]]
    tables: dict[str, tuple[int, ...]]
    is_satisfiable: bool | None
    is_exhausted: bool


def run(encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    """One query, answered by grounding and solving once."""
    try:
        return _Run(encoding, query, budget).outcome()
    except MemoryError:
        return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.MEMORY)
    except RuntimeError as failure:
        if "bad_alloc" in str(failure) or "memory" in str(failure).lower():
            return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.MEMORY, detail=str(failure))
        raise


class _Run:
    def __init__(self, encoding: Encoding, query: Query, budget: Budget) -> None:
        self._encoding = encoding
        self._query = query
        self._budget = budget
        self._reading = Reading(encoding.cells)
        base, mark, tables = encoding.base.partition(TABLES)
        ends, *self._shows = tables.split("\n") if mark else [""]
        self._ends = [int(end) for end in ends.split()]
        self._base = base
        self._messages: list[str] = []

    def outcome(self) -> NativeOutcome:
        """The answer to the query."""
        query = self._query
        if query.is_core_wanted:
            return self._core()
        if query.objective is not None:
            return self._best()
        if query.wanted:
            return self._consequences()
        projection = query.projection
        is_whole = projection is None or len(projection) == len(self._encoding.cells)
        count = 1 if projection == () else query.count
        lines = [] if is_whole or projection is None else self._reading.projected(projection)
        options = ["--project=project"] if lines else []
        found = self._solved(lines, [f"--models={count}", *options])
        is_complete = found.is_exhausted or (projection == () and bool(found.rows))
        return self._said(found, is_complete=is_complete, is_enough=len(found.rows) >= count)

    def _said(self, found: _Found, *, is_complete: bool, is_enough: bool) -> NativeOutcome:
        if found.rows:
            limit = None if is_complete or is_enough else LimitKind.WALL
            return NativeOutcome(
                Claim.SATISFIABLE, tuple(found.rows), is_complete=is_complete, limit=limit, tables=found.tables
            )
        if found.is_satisfiable is False:
            return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True)
        return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.WALL)

    # Text

    def _enabled(self) -> Iterator[tuple[int, str]]:
        wanted = self._query.groups
        for place, (name, text) in enumerate(self._encoding.groups):
            if wanted is None or name in wanted:
                yield place, text

    def _text(self, extra: Sequence[str], *, is_assumed: bool = False) -> str:
        parts = [self._base]
        for place, text in self._enabled():
            parts.append(text)
            parts.append(f"{{e({place})}}." if is_assumed else f"e({place}).")
        query = self._query
        for cell, value in query.fixed:
            assert isinstance(value, int)
            parts.extend(f":-not {literal}." for literal in self._reading.holding(cell, value))
        if query.one_of:
            contrary = [f"not {self._reading.has(cell, value)}" for cell, value in query.one_of]
            parts.append(f":-{','.join(contrary)}.")
        parts.extend(
            [show for name, show in zip(self._encoding.relations, self._shows, strict=True) if self._is_wanted(name)]
        )
        return "\n".join([*parts, *extra])

    def _control(self, text: str, options: Sequence[str]) -> Any:
        import clingo

        def log(_: object, message: str) -> None:
            self._messages.append(message)

        control = clingo.Control(
            [f"--seed={self._query.seed % (1 << 31)}", "--warn=no-atom-undefined", *options], logger=log
        )
        try:
            control.add("base", [], text)
            control.ground([("base", [])])
        except RuntimeError as failure:
            raise RuntimeError(f"{failure}: {' '.join(self._messages)}") from failure
        return control

    # Solving

    def _solved(self, extra: Sequence[str], options: Sequence[str], keep_last: bool = False) -> _Found:
        control = self._control(self._text(extra), options)
        rows: list[tuple[Code, ...]] = []
        tables: dict[str, tuple[int, ...]] = {}

        def see(model: Any) -> bool:
            if keep_last:
                rows.clear()
            rows.append(self._row(model, tables))
            return True

        is_satisfiable, is_exhausted = self._models(control, see)
        return _Found(rows, tables, is_satisfiable, is_exhausted)

    def _models(
        self, control: Any, see: Callable[[Any], bool], assumptions: Sequence[Any] = ()
    ) -> tuple[bool | None, bool]:
        """Go through the answer sets until `see` is false or time is over; as the last two of `_Found`."""
        seconds = self._budget.seconds_left
        is_endless = math.isinf(seconds) or seconds > LONGEST_WAIT
        with control.solve(yield_=True, async_=not is_endless, assumptions=list(assumptions)) as handle:
            while True:
                handle.resume()
                if not is_endless and not handle.wait(max(0.0, self._budget.seconds_left)):
                    handle.cancel()
                    break
                model = handle.model()
                if model is None or not see(model):
                    break
            result = handle.get()
            return result.satisfiable, bool(result.exhausted)

    def _row(self, model: Any, tables: dict[str, tuple[int, ...]]) -> tuple[Code, ...]:
        shown = [symbol.number for symbol in model.symbols(terms=True)]
        if self._ends:
            start = self._ends[0]
            if not tables:
                self._read_tables([number for number in shown if number >= start], tables)
            shown = [number for number in shown if number < start]
        return self._reading.row(shown)

    def _read_tables(self, shown: list[int], tables: dict[str, tuple[int, ...]]) -> None:
        for name, first, end in zip(self._encoding.relations, self._ends[:-1], self._ends[1:], strict=True):
            if self._is_wanted(name):
                tables[name] = tuple(sorted([number - first for number in shown if first <= number < end]))

    def _is_wanted(self, relation: str) -> bool:
        return self._query.tables is None or relation in self._query.tables

    def _best(self) -> NativeOutcome:
        query = self._query
        assert query.objective is not None
        cell, kind = query.objective
        elements = self._reading.summands(cell, 1 if kind == "minimize" else -1)
        lines = [f"#minimize{{{';'.join(elements)}}}."] if elements else []
        options = ["--models=0", "--opt-mode=opt"]
        if query.hint is not None:
            lines.extend(self._hints(query.hint))
            options.append("--heuristic=Domain")
        found = self._solved(lines, options, keep_last=True)
        if not found.rows:
            return self._said(found, is_complete=True, is_enough=False)
        is_best = found.is_exhausted
        best = found.rows[-1][cell]
        return NativeOutcome(
            Claim.SATISFIABLE,
            tuple(found.rows),
            is_complete=is_best,
            limit=None if is_best else LimitKind.WALL,
            optimum="optimal" if is_best else "feasible",
            bound=best if is_best else None,
            tables=found.tables,
        )

    def _hints(self, hint: Sequence[Code]) -> list[str]:
        """Prefer what holds in a solution found before."""
        literals = [one for cell, value in enumerate(hint) for one in self._reading.holding(cell, int(value))]  # type: ignore[arg-type]  # no cell is real
        return [
            f"#heuristic {one.removeprefix('not ')}. [{-1 if one.startswith('not ') else 1},sign]" for one in literals
        ]

    def _core(self) -> NativeOutcome:
        """Requirements that cannot hold together: those among the assumptions on which the refutation rests."""
        import clingo

        control = self._control(self._text((), is_assumed=True), ["--models=1"])
        places = [place for place, _ in self._enabled()]
        assumed = {place: clingo.Function("e", [clingo.Number(place)]) for place in places}
        by_literal = {}
        for place, symbol in assumed.items():
            atom = control.symbolic_atoms[symbol]
            if atom is not None:
                by_literal[atom.literal] = place
        rows: list[tuple[Code, ...]] = []
        tables: dict[str, tuple[int, ...]] = {}
        with control.solve(
            yield_=True, async_=True, assumptions=[(symbol, True) for symbol in assumed.values()]
        ) as handle:
            handle.resume()
            if not handle.wait(min(self._budget.seconds_left, LONGEST_WAIT)):
                handle.cancel()
                return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.WALL)
            model = handle.model()
            if model is not None:
                rows.append(self._row(model, tables))
            result = handle.get()
            core = [] if result.satisfiable else handle.core()
        found = _Found(rows, tables, result.satisfiable, bool(result.exhausted))
        outcome = self._said(found, is_complete=False, is_enough=True)
        if outcome.claim is not Claim.UNSATISFIABLE:
            return outcome
        names = [name for name, _ in self._encoding.groups]
        known = [names[by_literal[literal]] for literal in core if literal in by_literal]
        return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True, core=frozenset(known))

    def _consequences(self) -> NativeOutcome:
        """Answer sets, each with a wanted value that none before had; complete where there are no more of them."""
        import clingo

        control = self._control(self._text(()), ["--models=0"])
        rows: list[tuple[Code, ...]] = []
        tables: dict[str, tuple[int, ...]] = {}
        waiting = dict.fromkeys(self._query.wanted)
        literals: dict[int, int] = {}
        for cell, _ in waiting:
            if cell not in literals:
                atom = control.symbolic_atoms[clingo.parse_term(self._reading.has(cell, 1))]
                literals[cell] = 0 if atom is None else atom.literal

        def see(model: Any) -> bool:
            row = self._row(model, tables)
            rows.append(row)
            for cell, value in list(waiting):
                if row[cell] == value:
                    del waiting[cell, value]
            if not waiting:
                return False
            clause = [literals[cell] if value else -literals[cell] for cell, value in waiting if literals[cell]]
            model.context.add_clause(clause)
            return True

        is_satisfiable, is_exhausted = self._models(control, see)
        found = _Found(rows, tables, is_satisfiable, is_exhausted)
        return self._said(found, is_complete=is_exhausted or (bool(rows) and not waiting), is_enough=False)
