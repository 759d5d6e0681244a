"""The bindings for which a table holds, or is not 0, without trying all the others."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from nsr.language.ir import And, Apply, Literal, Variable
from nsr.language.sorts import sort_size, sort_values
from nsr.reformulations.folding import UNDEFINED, number_literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nsr.language.ir import Bound, Program, Table, Term
    from nsr.language.sorts import Sort, Value

__all__ = ["Matches", "TrueRows"]


class Matches(NamedTuple):
    """Values of the bound variables, in order, and for each row of them the number that the table has there."""

    rows: Sequence[tuple[Literal, ...]] = ()
    numbers: Sequence[Term] = ()


_Index: TypeAlias = "dict[tuple[Value, ...], Matches]"


class TrueRows:
    """Indexes of the tables of a program by some of their arguments, and the literals of its sorts."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._indexes: dict[tuple[str, tuple[int, ...]], _Index] = {}
        self._literals: dict[int, tuple[Sort, dict[Value, Literal]]] = {}
        self._values: dict[int, list[Literal]] = {}

    def literals(self, sort: Sort) -> dict[Value, Literal]:
        """One literal for each value of a sort, as far as they have come up."""
        # By identity: the hash of an enumeration goes through its elements.
        if id(sort) not in self._literals:
            self._literals[id(sort)] = (sort, {})
        return self._literals[id(sort)][1]

    def values(self, sort: Sort) -> list[Literal]:
        """The literals of all values of a sort, in order."""
        if id(sort) not in self._values:
            known = self.literals(sort)
            self._values[id(sort)] = [known.setdefault(v, Literal(v, sort)) for v in sort_values(sort)]
        return self._values[id(sort)]

    def matching(
        self, binders: Sequence[Bound], filtered: Term, env: Mapping[str, Literal]
    ) -> Sequence[tuple[Literal, ...]] | None:
        """The values of the bound variables for which the first condition of `filtered` is true.

        None where it is no call of a table that is false where it says nothing, with all of these variables.
        """
        while isinstance(filtered, And) and filtered.args:
            filtered = filtered.args[0]
        table = self._program.tables.get(filtered.symbol) if isinstance(filtered, Apply) else None
        if table is None or not table.has_default or table.default is not False:
            return None
        assert isinstance(filtered, Apply)
        found = self._matches(binders, filtered, env)
        return None if found is None else found.rows

    def weights(self, binders: Sequence[Bound], factor: Apply, env: Mapping[str, Literal]) -> Matches | None:
        """The values of the bound variables for which a number is not 0, with the number, which can be undefined.

        None where it is no call of a table of numbers, 0 where it says nothing, with all of these variables.
        """
        table = self._program.tables.get(factor.symbol)
        if table is None or not self._is_zero_elsewhere(table, factor.symbol):
            return None
        return self._matches(binders, factor, env)

    def _is_zero_elsewhere(self, table: Table, symbol: str) -> bool:
        if table.has_default:
            return type(table.default) is int and table.default == 0
        sizes = [sort_size(sort) for sort in self._program.symbols[symbol].arguments]
        return len(table.entries) == prod([size or 0 for size in sizes])

    def _matches(self, binders: Sequence[Bound], call: Apply, env: Mapping[str, Literal]) -> Matches | None:
        sorts = self._program.symbols[call.symbol].arguments
        listed = {b.variable.name for b in binders if b.domain is None and sort_size(b.variable.sort) is not None}
        bound = {b.variable.name for b in binders}
        places: dict[str, int] = {}
        known: list[Value] = []
        for place, arg in enumerate(call.args):
            value = env.get(arg.name) if isinstance(arg, Variable) and arg.name not in bound else arg
            if isinstance(value, Literal):
                known.append(value.value)
            elif isinstance(value, Variable) and value.name in listed - places.keys() and value.sort == sorts[place]:
                places[value.name] = place
            else:
                return None
        if len(places) < len(binders):
            return None
        index = self._index(call.symbol, tuple([places[b.variable.name] for b in binders]))
        # A table may lack an entry only where it says something by default.
        return index.get(tuple(known), Matches() if self._program.tables[call.symbol].has_default else None)

    def _index(self, symbol: str, places: tuple[int, ...]) -> _Index:
        """What the table says, but for what it says by default and for 0, by the values of all other arguments."""
        found = self._indexes.get((symbol, places))
        if found is not None:
            return found
        sorts = self._program.symbols[symbol].arguments
        kept = {k: value for k, value in self._program.tables[symbol].entries.items() if value or value is None}
        # One literal for all entries that are equal.
        numbers = {value: _number(value) for value in set(kept.values())}
        # Column by column, since the rows can be many.
        columns = list(zip(*kept, strict=True)) or [()] * len(sorts)
        domains = [self.values(sorts[place]) for place in places]
        known = [{one.value: one for one in domain} for domain in domains]
        bound = [list(map(values.get, columns[place])) for place, values in zip(places, known, strict=True)]
        # By identity: the hash of an element takes its time.
        ranks = [{id(one): rank for rank, one in enumerate(domain)} for domain in domains]
        ranked = [map(rank.get, map(id, column)) for rank, column in zip(ranks, bound, strict=True)]
        free = [columns[place] for place in range(len(sorts)) if place not in places]
        parts = [_rows(part, len(kept)) for part in (free, ranked, bound)]
        others: dict[tuple[Value, ...], list[tuple[Any, Any, Term]]] = {}
        for rest, at, row, value in zip(*parts, kept.values(), strict=True):
            # Elsewhere is nothing that the variables go over.
            if None not in at:
                others.setdefault(rest, []).append((at, row, numbers[value]))
        index: _Index = {}
        for rest, entries in others.items():
            entries.sort(key=itemgetter(0))
            index[rest] = Matches([row for _, row, _ in entries], [number for _, _, number in entries])
        self._indexes[symbol, places] = index
        return index


def _rows(columns: Sequence[Iterable[Any]], count: int) -> Iterable[tuple[Any, ...]]:
    """So many rows from their columns, of which there can be none."""
    return zip(*columns, strict=True) if columns else [()] * count


def _number(value: Value) -> Term:
    """An entry as a number; of a table of anything else nobody asks for it."""
    if type(value) is int or isinstance(value, Fraction):
        return number_literal(value)
    return UNDEFINED
