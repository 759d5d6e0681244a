"""One question of a program as named columns and rows, as the back end `milp` sees it: what LP and MPS files tell."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, NamedTuple
from typing import Literal as Choice

from nsr.language.sorts import Element
from nsr.reformulations.protocol import BACKGROUND
from nsr.solvers import Gap, get_backend
from nsr.solvers.milp.mathopt import Refused
from nsr.solvers.milp.problem import model_of, problem_of
from nsr.solvers.protocol import Query
from nsr.writers.ground import budget_for_text, ground, statement_text
from nsr.writers.names import Alphabet, Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nsr.language import ir
    from nsr.limits import Budget
    from nsr.solvers.milp.problem import Problem
    from nsr.solvers.milp.text import Number
    from nsr.solvers.protocol import Cell, Encoding
    from nsr.writers.ground import Aim, Ground

__all__ = ["Named", "NamedColumn", "NamedRow", "decimal", "in_rows"]

DIGITS = 17
"""Figures of a decimal number that readers keep."""

# fmt: off
RESERVED = frozenset((
    "st", "subject", "to", "such", "that", "max", "maximize", "maximum", "maximise", "min", "minimize",
    "minimum", "minimise", "bound", "bounds", "free", "inf", "infinity", "end", "gen", "general", "generals",
    "integer", "integers", "int", "bin", "binary", "binaries", "semi", "semis", "sos", "sos1", "sos2", "sin",
    "range", "ranges", "rhs", "rows", "columns", "name", "endata", "obj", "objsense", "marker", "intorg",
    "intend",
))
# fmt: on

ALPHABET = Alphabet(first="A-DF-Za-df-z_", others="A-Za-z0-9_", prefix="v_", reserved=RESERVED, is_case_blind=True)
"""No name begins with an `e`, which could be read as part of a number, or differs from another one in case only."""


class NamedColumn(NamedTuple):
    """An unknown: its name, what the program calls it ("" for one that has been added), bounds, whether it is whole."""

    name: str
    title: str
    low: Number | None
    high: Number | None
    is_whole: bool


class NamedRow(NamedTuple):
    """A row: its name, what the program says (told once for each statement), and the comparison."""

    name: str
    title: str
    terms: tuple[tuple[str, Number], ...]
    sense: Choice["<=", ">=", "="]
    side: Number


@dataclass(frozen=True, slots=True)
class Named:
    """A mixed-integer program with names; `notes` say what a reader must know."""

    kind: Choice["minimize", "maximize"]
    objective: tuple[tuple[str, Number], ...]
    columns: tuple[NamedColumn, ...]
    rows: tuple[NamedRow, ...]
    notes: tuple[str, ...]


def decimal(value: Number) -> str | None:
    """A number as an exact decimal one; None if it is none, or has too many figures."""
    if value.denominator == 1:
        text = str(value.numerator)
        return text if len(text.lstrip("-")) <= DIGITS else None
    scale, power = value.denominator, 0
    while scale % 10 == 0:
        scale, power = scale // 10, power + 1
    while scale != 1 and power <= DIGITS:
        if scale % 2 == 0:
            scale //= 2
        elif scale % 5 == 0:
            scale //= 5
        else:
            return None
        power += 1
    figures = str(abs(int(value * 10**power))).rjust(power + 1, "0")
    if len(figures) > DIGITS or power > DIGITS:
        return None
    sign = "-" if value < 0 else ""
    return f"{sign}{figures[:-power]}.{figures[-power:].rstrip('0') or '0'}"


def in_rows(program: ir.Program, number: int) -> Named:
    """One question of a program as named columns and rows.

    Raises:
        Gap: for what no linear program says, goals beside a search and one objective, and several objectives.
        BudgetExceeded: where it would grow too large.
    """
    budget = budget_for_text()
    backend = get_backend("milp")
    found = ground(program, number, backend.spec.native, budget)
    if found.asked:
        raise Gap(("goals that ask about more than one world",))
    if len(found.aims) > 1:
        raise Gap(("several objectives",))
    encoding = backend.compile(found.program, budget)
    problem = problem_of(encoding, Query(count=2))
    writer = _Writer(program, found, encoding, problem)
    return writer.named(budget)


class _Writer:
    def __init__(self, program: ir.Program, found: Ground, encoding: Encoding, problem: Problem) -> None:
        self._program = program
        self._found = found
        self._cells = encoding.cells
        self._problem = problem
        self._names = Names(ALPHABET)
        self._notes: list[str] = []

    def named(self, budget: Budget) -> Named:
        """The program with names."""
        try:
            model = model_of(self._problem, {}, budget)
        except Refused as refused:
            raise Gap((str(refused),)) from None
        if model.indicators:
            raise Gap(("rows under conditions over numbers without bounds",))
        titles = [self._title(self._cells[i]) if i < len(self._cells) else "" for i in range(len(model.columns))]
        names = [self._column(i) for i in range(len(model.columns))]
        rows, objective, kind, gone = self._aimed([(low, high, dict(terms)) for low, high, terms in model.rows])
        columns = [
            NamedColumn(name, title, c.low, c.high, c.is_whole)
            for i, (name, title, c) in enumerate(zip(names, titles, model.columns, strict=True))
            if i not in gone
        ]
        if not columns:
            columns = [NamedColumn(self._names.of("nothing"), "", 0, 0, False)]
            names = [columns[0].name]
        columns, ends = self._ends(columns)
        out = [*self._rows(rows, names, columns[0].name, model.origins), *ends]
        told = tuple([(names[i], value) for i, value in objective.items()])
        return Named(kind, told, tuple(columns), tuple(out), tuple(self._notes))

    def _title(self, cell: Cell) -> str:
        args = ", ".join([arg.name if isinstance(arg, Element) else str(arg) for arg in cell.args])
        return f"{cell.symbol}({args})" if args else cell.symbol

    def _column(self, index: int) -> str:
        if index >= len(self._cells):
            return self._names.of(index, "aux", index)
        cell = self._cells[index]
        parts = [arg.name if isinstance(arg, Element) else arg for arg in cell.args]
        aims = {aim.symbol: aim.name for aim in self._found.aims}
        return self._names.of(index, aims.get(cell.symbol, cell.symbol), *parts)

    def _aimed(
        self, rows: list[tuple[Number | None, Number | None, dict[int, Number]]]
    ) -> tuple[
        list[tuple[Number | None, Number | None, dict[int, Number]]],
        dict[int, Number],
        Choice["minimize", "maximize"],
        set[int],
    ]:
        """The objective as a sum: what the row says that defines it, which then goes, if it is its only one."""
        if not self._found.aims:
            return rows, {}, "minimize", set()
        aim: Aim = self._found.aims[0]
        kind: Choice["minimize", "maximize"] = "minimize" if aim.kind == "minimize" else "maximize"
        place = next(i for i, cell in enumerate(self._cells) if cell.symbol == aim.symbol)
        if aim.scale != 1:
            self._notes.append(f"the objective is {aim.scale} times that of the program")
        uses = [n for n, (_, _, terms) in enumerate(rows) if place in terms]
        own = rows[uses[0]] if len(uses) == 1 else None
        if own is None or own[0] != 0 or own[1] != 0 or len(own[2]) < 2:
            return rows, {place: 1}, kind, set()
        factor = own[2].pop(place)
        objective = {c: Fraction(-value) / factor for c, value in own[2].items()}
        if any(decimal(value) is None for value in objective.values()):
            own[2][place] = factor
            return rows, {place: 1}, kind, set()
        # Row numbers stay what they are.
        rows[uses[0]] = (None, None, {})
        return rows, dict(objective), kind, {place}

    def _ends(self, columns: Sequence[NamedColumn]) -> tuple[list[NamedColumn], list[NamedRow]]:
        """Bounds that are no decimal numbers become rows."""
        kept, rows = [], []
        for column in columns:
            low, high = column.low, column.high
            for end, sense in ((low, ">="), (high, "<=")):
                if end is not None and decimal(end) is None:
                    name = self._names.of(("end", column.name, sense), "bound of", column.name)
                    side: Choice["<=", ">="] = "<=" if sense == "<=" else ">="
                    rows.append(_scaled(NamedRow(name, "", ((column.name, 1),), side, end)))
            low = None if low is None or decimal(low) is None else low
            high = None if high is None or decimal(high) is None else high
            kept.append(column._replace(low=low, high=high))
        return kept, rows

    def _rows(
        self,
        rows: Sequence[tuple[Number | None, Number | None, Mapping[int, Number]]],
        names: Sequence[str],
        anything: str,
        origins: Sequence[int],
    ) -> Iterator[NamedRow]:
        told: set[str] = set()
        for number, (low, high, terms) in enumerate(rows):
            source = self._problem.sources[origins[number]][0] if origins[number] >= 0 else ""
            written = tuple([(names[c], value) for c, value in terms.items()]) or ((anything, 0),)
            sides: list[tuple[Choice["<=", ">=", "="], Number]] = []
            if low is not None and low == high:
                sides.append(("=", low))
            else:
                sides += [(">=", low)] if low is not None else []
                sides += [("<=", high)] if high is not None else []
            for sense, side in sides:
                title = "" if source in told else self._statement(source)
                told.add(source)
                name = self._names.of(("row", number, sense), self._label(source))
                yield _scaled(NamedRow(name, title, written, sense, side))

    def _label(self, source: str) -> str:
        return "row" if not source or source.startswith(BACKGROUND) else source

    def _statement(self, source: str) -> str:
        for requirement in self._program.requirements_of(self._found.question):
            if requirement.name == source:
                parts = [*requirement.citations, statement_text(self._program, requirement.formula)]
                return " | ".join([part for part in parts if part])
        return ""


def _scaled(row: NamedRow) -> NamedRow:
    """The row with decimal numbers only: times the denominators, if need be.

    Raises:
        Gap: when numbers have too many figures.
    """
    values = [value for _, value in row.terms] + [row.side]
    if all(decimal(value) is not None for value in values):
        return row
    scale = lcm(*[value.denominator for value in values])
    if any(decimal(value * scale) is None for value in values):
        raise Gap(("numbers with more than 17 figures",))
    return row._replace(terms=tuple([(name, value * scale) for name, value in row.terms]), side=row.side * scale)
