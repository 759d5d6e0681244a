"""How the unknowns and relations of a program stand in an ASP text, and how their values are read from an answer set.

All values travel as numbers: an element is its index. A relation or predicate is `r1`, `r2`, ...; a function `u1`,
`u2`, ..., with its value as the last argument. Of an answer set only numbers are shown: those from a cell's offset on
say what its value is, and those from a relation's offset on at which places it holds.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise, product
from typing import TYPE_CHECKING

from nsr.language.calls import calls_of
from nsr.language.ir import Literal
from nsr.language.sorts import BoolSort, EnumSort, SetSort, sort_size, sort_values
from nsr.reformulations.coding import codes_of, encode
from nsr.solvers.asp.model import listed
from nsr.solvers.asp.numbers import LARGEST, MOST_VALUES, Digits, Values
from nsr.solvers.protocol import Cell, Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.language.ir import Function
    from nsr.language.sorts import Sort, Value
    from nsr.solvers.asp.model import Model
    from nsr.solvers.asp.numbers import Number
    from nsr.solvers.protocol import Code

__all__ = ["TABLES", "Cells", "Reading", "call", "code", "codes"]

TABLES = "%tables"
"""What begins the last part of a base: what shows the relations that the data decide."""


def code(value: Value, sort: Sort) -> int:
    """The number that stands for a value of a finite sort.

    Raises:
        Gap: when there is none of 31 bits.
    """
    number = None if isinstance(value, frozenset) or value is None else encode(value, sort)
    if not isinstance(number, int) or abs(number) >= LARGEST:
        raise Gap((f"values of {sort} as 31-bit numbers",))
    return int(number)


def codes(sort: Sort) -> Sequence[int]:
    """The numbers that stand for the values of a finite sort, in order."""
    if isinstance(sort, EnumSort):
        return range(len(sort.elements))
    if isinstance(sort, SetSort) or sort_size(sort) is None:
        raise Gap((f"values of {sort} as 31-bit numbers",))
    return [code(value, sort) for value in sort_values(sort)]


def call(name: str, args: Sequence[object]) -> str:
    """An atom."""
    return f"{name}({','.join(map(str, args))})" if args else name


class Cells:
    """Declares the unknowns; knows the atom or number of each call.

    For a text that people read, `naming` gives the names; nothing is shown as numbers then.
    """

    def __init__(self, model: Model, naming: Callable[[Function], str] | None = None) -> None:
        self._model = model
        self._naming = naming
        self._names: dict[str, str] = {}
        self._numbers: dict[tuple[object, ...], Number] = {}
        self._next = 0
        self.cells: list[Cell] = []
        self.relations: list[str] = []

    def name(self, symbol: str) -> str:
        """The name in the text of a relation, predicate or function."""
        return self._names[symbol]

    def number(self, symbol: str, args: tuple[Value, ...]) -> Number:
        """The number that a call of a function is."""
        return self._numbers[symbol, *args]

    def introduce(self, function: Function) -> None:
        """Give a symbol a name in the text."""
        if self._naming is not None:
            self._names[function.name] = self._naming(function)
            return
        kind = "r" if isinstance(function.value, BoolSort) else "u"
        self._names[function.name] = f"{kind}{len(self._names) + 1}"

    def declare(self, function: Function, *, is_chosen: bool) -> None:
        """The cells of a function; `is_chosen` says that its values are free as far as the declaration goes."""
        budget = self._model.budget
        rows = [
            tuple([arg.value for arg in cell.args if isinstance(arg, Literal)]) for cell in calls_of(function, budget)
        ]
        if isinstance(function.value, BoolSort):
            self._declare_truths(function, rows, is_chosen=is_chosen)
        else:
            self._declare_numbers(function, rows)

    def _declare_truths(self, function: Function, rows: Sequence[tuple[Value, ...]], *, is_chosen: bool) -> None:
        name = self._names[function.name]
        domains = [codes(sort) for sort in function.arguments]
        if is_chosen:
            self._model.write(f"{{{call(name, [listed(domain) for domain in domains])}}}.")
        self._show(name, domains, [], self._next)
        for row, known in zip(rows, product(*domains), strict=True):
            self.cells.append(Cell(function.name, row, f"b {self._next} {call(name, known)}"))
            self._advance(1)

    def _declare_numbers(self, function: Function, rows: Sequence[tuple[Value, ...]]) -> None:
        intervals = codes_of(function)
        if any(low is None or high is None or max(abs(low), abs(high)) >= LARGEST for low, high in intervals):
            raise Gap((f"values of `{function.name}` without bounds, or beyond 31 bits",))
        known = [(low, high) for low, high in intervals if low is not None and high is not None]
        size = sum(high - low + 1 for low, high in known)
        if size <= MOST_VALUES:
            self._declare_values(function, rows, tuple([v for low, high in known for v in range(low, high + 1)]))
            return
        for row in rows:
            self._declare_digits(function, row, known)

    def _declare_values(self, function: Function, rows: Sequence[tuple[Value, ...]], values: tuple[int, ...]) -> None:
        name = self._names[function.name]
        domains = [codes(sort) for sort in function.arguments]
        places = [f"X{place}" for place in range(len(domains))]
        body = ",".join(f"{place}={listed(domain)}" for place, domain in zip(places, domains, strict=True))
        head = f"1{{{call(name, [*places, listed(values)])}}}1"
        self._model.write(f"{head}:-{body}." if body else f"{head}.")
        start = self._next
        width = values[-1] - values[0] + 1
        self._show(name, domains, [range(values[0], values[-1] + 1)], start)
        for row, known in zip(rows, product(*domains), strict=True):
            prefix = f"{name}({''.join([f'{one},' for one in known])}"
            self._numbers[function.name, *row] = Values(prefix, values)
            self.cells.append(Cell(function.name, row, f"d {self._next} {prefix} {values[0]}"))
            self._advance(width)

    def _declare_digits(self, function: Function, row: tuple[Value, ...], known: Sequence[tuple[int, int]]) -> None:
        name = self._names[function.name]
        # With a name for people, the arguments stand before the digit.
        args = [] if self._naming is None else [code(v, s) for v, s in zip(row, function.arguments, strict=True)]
        prefix = f"k{len(self.cells)}_{name}(" if self._naming is None else f"{name}({''.join([f'{a},' for a in args])}"
        number = Digits(prefix, known[0][0], known[-1][1])
        self._numbers[function.name, *row] = number
        self._model.chosen(number)
        for (_, before), (after, _) in pairwise(known):
            self._model.exclude(number, before + 1, after - 1)
        if self._naming is None:
            self._model.write(f"#show {self._next}+V:{number.atom('V')}.")
        self.cells.append(Cell(function.name, row, f"k {self._next} {number.prefix} {number.low} {number.count}"))
        self._advance(number.count)

    def _advance(self, by: int) -> None:
        self._next += by
        if self._next >= LARGEST:
            raise Gap(("so many values",))

    def _show(self, name: str, domains: Sequence[Sequence[int]], last: Sequence[Sequence[int]], start: int) -> None:
        """Show, for each atom, the place of its arguments among all of them in order, counted from `start`."""
        if self._naming is None:
            self._model.write(_shown(name, [*domains, *last], start))

    def decided(self, functions: Sequence[Function]) -> str:
        """The part of the base that shows relations that the data decide."""
        lines = []
        ends = []
        for function in functions:
            domains = [codes(sort) for sort in function.arguments]
            lines.append(_shown(self._names[function.name], domains, self._next))
            ends.append(str(self._next))
            self.relations.append(function.name)
            size = 1
            for domain in domains:
                size *= len(domain)
            self._advance(size)
        return "\n".join([f"{TABLES} {' '.join([*ends, str(self._next)])}", *lines]) if functions else ""


def _shown(name: str, domains: Sequence[Sequence[int]], start: int) -> str:
    variables = [f"X{place}" for place in range(len(domains))]
    ranked = []
    body = [call(name, variables)]
    for variable, domain in zip(variables, domains, strict=True):
        if domain[-1] - domain[0] == len(domain) - 1:
            ranked.append(f"({variable}-({domain[0]}))")
            continue
        pairs = ";".join(f"({one},{rank})" for rank, one in enumerate(domain))
        body.append(f"({variable},R{variable})=({pairs})")
        ranked.append(f"R{variable}")
    place = "0"
    for rank, domain in zip(ranked, domains, strict=True):
        place = f"({place}*{len(domain)}+{rank})"
    return f"#show {start}+{place}:{','.join(body)}."


class Reading:
    """Reads answer sets of an encoding."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._parts = [cell.variable.split(" ") for cell in cells]
        self._offsets = [int(parts[1]) for parts in self._parts]
        self._lows = [0 if parts[0] == "b" else int(parts[3]) for parts in self._parts]

    def row(self, shown: Sequence[int]) -> tuple[Code, ...]:
        """The codes of all cells."""
        row = list(self._lows)
        for number in shown:
            place = bisect_right(self._offsets, number) - 1
            ahead = number - self._offsets[place]
            kind = self._parts[place][0]
            row[place] += 1 if kind == "b" else ahead if kind == "d" else 1 << ahead
        return tuple(row)

    def has(self, cell: int, value: int) -> str:
        """A literal that holds where a truth value or a number with one atom for each value has this value."""
        kind, _, atom, *_ = self._parts[cell]
        if kind == "b":
            return atom if value else f"not {atom}"
        return f"{atom}{value})"

    def holding(self, cell: int, value: int) -> list[str]:
        """Literals, all of which hold where a cell has a value."""
        kind, _, atom, *rest = self._parts[cell]
        if kind != "k":
            return [self.has(cell, value)]
        ahead = value - int(rest[0])
        return [f"{'' if ahead >> place & 1 else 'not '}{atom}{place})" for place in range(int(rest[1]))]

    def summands(self, cell: int, sign: int) -> list[str]:
        """The elements of a sum that is the value of a cell that is a number, but for a constant, times a sign."""
        kind, _, atom, *rest = self._parts[cell]
        if kind == "d":
            return [f"{sign}*V,0:{atom}V)"]
        return [f"{sign * (1 << place)},{place}:{atom}{place})" for place in range(int(rest[1]))]

    def projected(self, cells: Sequence[int]) -> list[str]:
        """What makes answer sets that agree on these cells count as one."""
        out = []
        for cell in cells:
            kind, _, atom, *rest = self._parts[cell]
            match kind:
                case "b":
                    out.append(f"#project {atom}.")
                case "d":
                    out.append(f"#project {atom}V):{atom}V).")
                case _:
                    out.extend(f"#project {atom}{place})." for place in range(int(rest[1])))
        return out
