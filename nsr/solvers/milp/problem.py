"""One question about an encoding, as a mixed-integer program: which rows hold, and what is fixed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from nsr.solvers.milp.linear import Line, Lp, activity, is_inside
from nsr.solvers.milp.mathopt import Indicator, Model, Refused
from nsr.solvers.milp.text import Column, Number, Row, columns_in, rows_in, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.limits import Budget
    from nsr.solvers.protocol import Code, Encoding, Query

__all__ = ["LARGEST_STEP", "Problem", "number_of", "problem_of"]

LARGEST_STEP = 10**6
"""How far a row under a literal may be moved away by it: beyond, what floating point takes for 0 moves it too."""

WIDEST = 10**15
"""Numbers from here on are not exact in floating point."""

MOST_APART = 10**9
"""How many times the least coefficient of a row the greatest may be."""

MOST_ROUNDS = 20
"""How often bounds are carried through all rows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Columns, and the rows that hold, each with the requirement that it comes from and its number there."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sources: tuple[tuple[str, int], ...]

    def with_rows(self, rows: Sequence[Row], columns: Sequence[Column] = ()) -> Problem:
        """The problem with more rows, and more columns that they speak of."""
        sources = (*self.sources, *[("", 0)] * len(rows))
        return Problem((*self.columns, *columns), (*self.rows, *rows), sources)

    def with_fixed(self, values: Mapping[int, Number]) -> Problem:
        """The problem in which some columns have known values."""
        columns = list(self.columns)
        for column, value in values.items():
            columns[column] = replace_bounds(columns[column], value)
        return replace(self, columns=tuple(columns))

    def open_columns(self) -> tuple[int, ...]:
        """The whole columns whose values are still to be found."""
        return tuple([i for i, c in enumerate(self.columns) if c.is_whole and (c.low is None or c.low != c.high)])

    def lp(self, values: Mapping[int, Number], objective: Mapping[int, Number]) -> tuple[Lp, tuple[int, ...]]:
        """The linear program of the other columns, these having known values, and which rows it has."""
        columns = [replace_bounds(c, values[i]) if i in values else c for i, c in enumerate(self.columns)]
        kept = [n for n, row in enumerate(self.rows) if all(_is_true(literal, columns) for literal in row.when)]
        rows = [Line(self.rows[n].low, self.rows[n].high, self.rows[n].terms) for n in kept]
        return Lp([Column(c.low, c.high, False) for c in columns], rows, objective), tuple(kept)

    def accepts(self, values: Sequence[Number]) -> bool:
        """Whether values keep everything."""
        for value, (low, high, is_whole) in zip(values, self.columns, strict=True):
            if not is_inside(value, low, high) or (is_whole and value.denominator != 1):
                return False
        for row in self.rows:
            if all((values[c] == 1) if c >= 0 else (values[-c - 1] == 0) for c in row.when) and not is_inside(
                activity(row.terms, values), row.low, row.high
            ):
                return False
        return True


def replace_bounds(column: Column, value: Number) -> Column:
    """The column with one value only."""
    return Column(value, value, column.is_whole)


def _is_true(literal: int, columns: Sequence[Column]) -> bool:
    return columns[literal].low == 1 if literal >= 0 else columns[-literal - 1].high == 0


def number_of(code: Code) -> Number:
    """The value of a column that holds a code."""
    return code if isinstance(code, int) else Fraction(*code)


def problem_of(encoding: Encoding, query: Query) -> Problem:
    """What a query asks for; columns that nothing speaks of, and that tell no solutions apart, have one value."""
    parts = [("", encoding.base)]
    parts += [(name, text) for name, text in encoding.groups if query.groups is None or name in query.groups]
    rows: list[Row] = []
    sources: list[tuple[str, int]] = []
    for name, text in parts:
        own = rows_in(text)
        rows.extend(own)
        sources.extend([(name, number) for number in range(len(own))])
    if query.one_of:
        terms: dict[int, Number] = {column: 1 if value else -1 for column, value in query.one_of}
        rows.append(Row((), 1 - sum(1 for value in terms.values() if value < 0), None, terms))
        sources.append(("", 0))
    problem = Problem(columns_in(encoding.base), tuple(rows), tuple(sources))
    problem = problem.with_fixed({cell: number_of(code) for cell, code in query.fixed})
    used = {column for row in rows for column in row.terms}
    used.update([c if c >= 0 else -c - 1 for row in rows for c in row.when])
    if query.objective is not None:
        used.add(query.objective[0])
    elif query.count > 1:
        used.update(range(len(encoding.cells)) if query.projection is None else query.projection)
    unused = [(i, c) for i, c in enumerate(problem.columns) if i not in used]
    return problem.with_fixed({i: _nearest_to_zero(c) for i, c in unused})


def _nearest_to_zero(column: Column) -> Number:
    low, high, is_whole = column
    value = max(low, 0) if low is not None else 0
    value = min(value, high) if high is not None else value
    return ceil(value) if is_whole else value


# As a model in floating point


def model_of(problem: Problem, objective: Mapping[int, Number], budget: Budget) -> Model:
    """The model of a problem: rows under literals are moved out of the way by them, or left to SCIP.

    Raises:
        Refused: if floating point cannot tell its numbers apart.
    """
    _require_moderate(problem)
    columns = list(problem.columns)
    under = [row for row in problem.rows if row.when]
    if any(_most(row, columns) is None for row in under):
        columns = tightened(columns, [row for row in problem.rows if not row.when], budget)
    rows: list[tuple[Number | None, Number | None, Mapping[int, Number]]] = []
    indicators: list[Indicator] = []
    origins: list[int] = []
    for number, row in enumerate(problem.rows):
        if not row.when:
            rows.append((row.low, row.high, row.terms))
            origins.append(number)
            continue
        most = _most(row, columns)
        if most is not None and max(most) <= LARGEST_STEP:
            rows.extend(_moved(row, most))
            origins.extend([number] * (len(rows) - len(origins)))
            continue
        literal = row.when[0]
        if len(row.when) > 1:
            literal = len(columns)
            columns.append(Column(0, 1, True))
            rows.append((1 - len(row.when) + sum(1 for c in row.when if c < 0), None, _counted(row.when, literal)))
            origins.append(-1)
        # SCIP takes one side at a time.
        sides = ((row.low, None), (None, row.high))
        indicators += [Indicator(literal, low, high, row.terms) for low, high in sides if (low, high) != (None, None)]
    return Model(columns, rows, objective, indicators, origins=origins)


def _counted(when: Sequence[int], literal: int) -> dict[int, Number]:
    """The row that makes a literal true where all of `when` are: `literal - sum(when) >= 1 - n`."""
    return {literal: 1, **{(c if c >= 0 else -c - 1): (-1 if c >= 0 else 1) for c in when}}


def _require_moderate(problem: Problem) -> None:
    for row in problem.rows:
        sizes: list[Number] = [size_of(value) for value in row.terms.values()]
        if not sizes:
            continue
        most, least = max(sizes), min(sizes)
        ends: list[Number] = [size_of(end) for end in (row.low, row.high) if end is not None]
        if most > MOST_APART * least or max([most, *ends]) >= WIDEST:
            raise Refused("numbers too far apart for floating point")


def _most(row: Row, columns: Sequence[Column]) -> tuple[Number, Number] | None:
    """How far a sum can lie below its least and above its greatest value; None if there is no end to that."""
    least: Number | None = 0
    most: Number | None = 0
    for column, value in row.terms.items():
        low, high = columns[column].low, columns[column].high
        if value < 0:
            low, high = high, low
        least = None if least is None or low is None else least + value * low
        most = None if most is None or high is None else most + value * high
    if (row.low is not None and least is None) or (row.high is not None and most is None):
        return None
    below = 0 if row.low is None or least is None else max(0, row.low - least)
    above = 0 if row.high is None or most is None else max(0, most - row.high)
    return below, above


def _moved(row: Row, most: tuple[Number, Number]) -> list[tuple[Number | None, Number | None, Mapping[int, Number]]]:
    """The row, each side of it out of the way where a literal of `when` is false."""
    out: list[tuple[Number | None, Number | None, Mapping[int, Number]]] = []
    for end, by, is_low in ((row.low, most[0], True), (row.high, most[1], False)):
        if end is None or by == 0:
            continue
        by = ceil(by)
        step = -by if is_low else by
        terms = dict(row.terms)
        side = end
        for literal in row.when:
            column = literal if literal >= 0 else -literal - 1
            # `1 - literal` is what is added, times the step.
            terms[column] = terms.get(column, 0) + (step if literal >= 0 else -step)
            side += step if literal >= 0 else 0
        out.append((side, None, terms) if is_low else (None, side, terms))
    return out


def tightened(columns: Sequence[Column], rows: Sequence[Row], budget: Budget) -> list[Column]:
    """Columns with the bounds that rows without literals imply where there were none."""
    out = list(columns)
    for _ in range(MOST_ROUNDS):
        is_news = False
        for row in rows:
            budget.spend(len(row.terms))
            if len(row.terms) <= 1 or any(out[c].low is None or out[c].high is None for c in row.terms):
                is_news |= _tighten(out, row)
        if not is_news:
            break
    return out


def _tighten(columns: list[Column], row: Row) -> bool:
    is_news = False
    for sign, end in ((1, row.high), (-1, row.low)):
        if end is None:
            continue
        # sum(sign * a_j x_j) <= sign * end
        least = {c: _least(columns[c], sign * a) for c, a in row.terms.items()}
        open_ones = [c for c, value in least.items() if value is None]
        if len(open_ones) > 1:
            continue
        total = sum([value for value in least.values() if value is not None])
        for column in open_ones or row.terms:
            rest = sign * end - (total - (least[column] or 0))
            is_news |= _bound(columns, column, sign * row.terms[column], rest)
    return is_news


def _least(column: Column, coefficient: Number) -> Number | None:
    side = column.low if coefficient > 0 else column.high
    return None if side is None else coefficient * side


def _bound(columns: list[Column], column: int, coefficient: Number, rest: Number) -> bool:
    """Carry `coefficient * x <= rest` to a column that lacks this bound."""
    low, high, is_whole = columns[column]
    side = Fraction(rest) / coefficient
    if coefficient > 0 and high is None:
        columns[column] = Column(low, floor(side) if is_whole else side, is_whole)
        return True
    if coefficient < 0 and low is None:
        columns[column] = Column(ceil(side) if is_whole else side, high, is_whole)
        return True
    return False
