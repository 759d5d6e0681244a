"""The bindings for which a table holds, or is not 0, without trying all the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from nsr.language.ir import And, Apply, Literal, Variable
from nsr.language.sorts import sort_size, sort_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.language.ir import Bound, Program, Term
    from nsr.language.sorts import Value

__all__ = ["TrueRows"]

Index: TypeAlias = "dict[tuple[Value, ...], list[tuple[Literal, ...]]]"


class TrueRows:
    """Indexes of the tables of a program that are false, or 0, where they say nothing."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._indexes: dict[tuple[str, tuple[int, ...]], Index] = {}

    def matching(
        self, binders: Sequence[Bound], filtered: Term, env: Mapping[str, Literal], default: bool | int = False
    ) -> Sequence[tuple[Literal, ...]] | None:
        """The values of the bound variables, in order, for which the first condition of `filtered` is true.

        With the default 0 those for which the number `filtered` is another one. None where it is no call of such a
        table with all of these variables.
        """
        while isinstance(filtered, And) and filtered.args:
            filtered = filtered.args[0]
        if not isinstance(filtered, Apply):
            return None
        table = self._program.tables.get(filtered.symbol)
        if (
            table is None
            or not table.has_default
            or table.default != default
            or type(table.default) is not type(default)
        ):
            return None
        sorts = self._program.symbols[filtered.symbol].arguments
        listed = {b.variable.name for b in binders if b.domain is None and sort_size(b.variable.sort) is not None}
        bound = {b.variable.name for b in binders}
        places: dict[str, int] = {}
        known: list[Value] = []
        for place, arg in enumerate(filtered.args):
            value = env.get(arg.name) if isinstance(arg, Variable) and arg.name not in bound else arg
            if isinstance(value, Literal):
                known.append(value.value)
            elif isinstance(value, Variable) and value.name in listed - places.keys() and value.sort == sorts[place]:
                places[value.name] = place
            else:
                return None
        if len(places) < len(binders):
            return None
        return self._index(filtered.symbol, tuple([places[b.variable.name] for b in binders])).get(tuple(known), ())

    def _index(self, symbol: str, places: tuple[int, ...]) -> Index:
        """The rows by the values of all other arguments, in the order of the values at `places`."""
        found = self._indexes.get((symbol, places))
        if found is not None:
            return found
        sorts = [self._program.symbols[symbol].arguments[place] for place in places]
        ranks = [
            {value: (rank, Literal(value, sort)) for rank, value in enumerate(sort_values(sort))} for sort in sorts
        ]
        others: dict[tuple[Value, ...], list[tuple[tuple[int, ...], tuple[Literal, ...]]]] = {}
        table = self._program.tables[symbol]
        for key, value in table.entries.items():
            if value != table.default and all(key[place] in rank for place, rank in zip(places, ranks, strict=True)):
                row = [rank[key[place]] for place, rank in zip(places, ranks, strict=True)]
                rest = tuple([value for place, value in enumerate(key) if place not in places])
                order = tuple([number for number, _ in row])
                others.setdefault(rest, []).append((order, tuple([literal for _, literal in row])))
        index = {rest: [row for _, row in sorted(rows, key=lambda one: one[0])] for rest, rows in others.items()}
        self._indexes[symbol, places] = index
        return index
