"""Selections of translations in order of cost, without those that earlier ones have shown to be no answer.

What the solver says of one selection rules out many: readings that contradict each other do so in every selection
that has them all, and what holds in two grids at once can never leave only one. Each such lesson is a `Nogood`; the
search goes on from the selection that broke it by changing one sentence at a time, as hitting sets are grown from
conflicts (Reiter 1987), so that no cheaper selection is passed over.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Nogood", "Selections"]

MAX_STEPS = 4_000
"""Selections looked at, whether or not a solver is asked about them."""


@dataclass(frozen=True, slots=True)
class Nogood:
    """No selection whose choice for each of these sentences is among the numbers given can be the answer."""

    choices: Mapping[str, frozenset[int]]

    def bars(self, selection: Mapping[str, int]) -> bool:
        """Whether the selection is one of those ruled out."""
        return all(selection[name] in numbers for name, numbers in self.choices.items())


Change = tuple[str, int]


@dataclass(slots=True)
class Selections:
    """The selections of a draft, cheapest first. `choices`: for each sentence its candidates with costs, best first."""

    choices: Mapping[str, Sequence[tuple[float, int]]]
    limit: float
    _nogoods: list[Nogood] = field(default_factory=list)
    _heap: list[tuple[float, tuple[Change, ...]]] = field(default_factory=lambda: [(0.0, ())])
    _seen: set[tuple[Change, ...]] = field(default_factory=lambda: {()})
    _steps: int = 0

    @property
    def best(self) -> dict[str, int]:
        """The cheapest candidate of every sentence."""
        return {name: ranked[0][1] for name, ranked in self.choices.items()}

    def bar(self, nogood: Nogood) -> None:
        """Rules selections out."""
        self._nogoods.append(nogood)

    def cheapest(self) -> tuple[float, dict[str, int]] | None:
        """What the cheapest selection not ruled out costs more than the best, and that selection; None without one."""
        best = self.best
        while self._heap and self._steps < MAX_STEPS:
            self._steps += 1
            loss, changes = self._heap[0]
            selection = {**best, **dict(changes)}
            broken = [n for n in self._nogoods if n.bars(selection)]
            if not broken:
                return loss, selection
            heapq.heappop(self._heap)
            self._grow(loss, changes, min(broken, key=lambda n: len(n.choices)))
        return None

    def _grow(self, loss: float, changes: tuple[Change, ...], broken: Nogood) -> None:
        """Every way to escape a nogood by one more change; what has been changed stays."""
        changed = {name for name, _ in changes}
        for name, numbers in broken.choices.items():
            if name in changed:
                continue
            ranked = self.choices[name]
            for cost, number in ranked[1:]:
                more = loss + cost - ranked[0][0]
                if more > self.limit:
                    break
                after = tuple(sorted((*changes, (name, number))))
                if number not in numbers and after not in self._seen:
                    self._seen.add(after)
                    heapq.heappush(self._heap, (more, after))
