"""Which cells of relations the reading of a formula looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nsr.language.meaning import Evaluator

if TYPE_CHECKING:
    from nsr.language.closure import Row
    from nsr.language.sorts import Value

__all__ = ["Atom", "Need", "Recorder"]


class Atom(NamedTuple):
    """A relation at arguments."""

    symbol: str
    row: Row


class Need(NamedTuple):
    """An atom that has to hold, or not to hold."""

    atom: Atom
    holds: bool


class Recorder(Evaluator):
    """An evaluator that takes up, in `seen`, which cells it looks at and whether they hold; values as of `within`."""

    __slots__ = ("seen",)

    def __init__(self, within: Evaluator) -> None:
        super().__init__(within.structure, within.program, within.budget)
        self.seen: dict[Need, None] = {}

    def entry(self, symbol: str, key: Row) -> Value:
        value = super().entry(symbol, key)
        self.seen[Need(Atom(symbol, key), value is True)] = None
        return value
