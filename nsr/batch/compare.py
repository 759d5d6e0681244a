"""Two runs over the same problems, pair by pair: who is right where, and whether the difference is more than chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from nsr.batch.scoring import MISSING, Gold, Judged, Tally, judged
from nsr.batch.statistics import bootstrap_difference, mcnemar
from nsr.errors import UsageError
from nsr.results import Result

__all__ = ["Change", "Comparison", "compare_runs"]


class Change(NamedTuple):
    """A problem that the runs answer differently: verdicts (statuses where there is no gold answer), and why."""

    id: str
    a: str
    b: str
    detail: str


@dataclass(slots=True)
class Comparison:
    """What two runs make of the problems that both have.

    `pairs` counts verdicts of A and B together; `agreeing` the problems with the same status and answer; `only_in`
    the problems that just one of them has, which have no part in the rest.
    """

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    a: Tally = field(default_factory=Tally)
    b: Tally = field(default_factory=Tally)
    common: int = 0
    agreeing: int = 0
    only_in: tuple[int, int] = (0, 0)
    settings: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    seed: int = 0

    @property
    def n(self) -> int:
        """How many pairs have a gold answer."""
        return sum(self.pairs.values())

    @property
    def table(self) -> dict[str, int]:
        """Both right, only A, only B, neither."""
        found = Counter[str]()
        for (a, b), n in self.pairs.items():
            key = {(True, True): "both", (True, False): "only_a", (False, True): "only_b"}
            found[key.get((a == "right", b == "right"), "neither")] += n
        return {k: found[k] for k in ("both", "only_a", "only_b", "neither")}

    def to_json(self) -> dict[str, Any]:
        """The comparison as one JSON object; `difference` is the accuracy of B less that of A."""
        table = self.table
        only_a, only_b = table["only_a"], table["only_b"]
        return {
            "n": self.n,
            "common": self.common,
            "only_in_a": self.only_in[0],
            "only_in_b": self.only_in[1],
            "a": self.a.to_json(),
            "b": self.b.to_json(),
            **table,
            "verdicts": [{"a": a, "b": b, "n": n} for (a, b), n in sorted(self.pairs.items())],
            "difference": (only_b - only_a) / self.n if self.n else None,
            "interval": list(bootstrap_difference(only_a, only_b, self.n, seed=self.seed)),
            "p": mcnemar(only_a, only_b),
            "agreeing": self.agreeing,
            "settings": {k: {"a": a, "b": b} for k, (a, b) in sorted(self.settings.items())},
            "changes": [change._asdict() for change in self.changes],
        }


def compare_runs(first: Path, second: Path, gold: Gold | None = None, *, seed: int = 0) -> Comparison:
    """Compares two runs on the problems that both have a result for, by identifier.

    `seed` is that of the bootstrap.

    Raises:
        UsageError: for a folder without a run, or runs that have no problem in common.
    """
    left = {one.kept.problem.id: _short(one) for one in _finished(first, gold)}
    found = Comparison(seed=seed, settings=_differing_settings(first, second))
    in_b = 0
    for one in _finished(second, gold):
        in_b += 1
        before = left.get(one.kept.problem.id)
        if before is not None:
            _add(found, one.kept.problem.id, before, _short(one))
    if not found.common:
        raise UsageError(f"{first} and {second} have no problem in common: they are paired by identifier")
    found.only_in = (len(left) - found.common, in_b - found.common)
    return found


class _Short(NamedTuple):
    """What is compared of a result."""

    verdict: str
    status: str
    answer: Any
    detail: str


def _finished(folder: Path, gold: Gold | None) -> Iterator[Judged]:
    return (one for one in judged(folder, gold) if one.kept.result is not None and one.verdict != MISSING)


def _short(one: Judged) -> _Short:
    assert one.kept.result is not None
    result: Result = one.kept.result
    return _Short(one.verdict, result.status.value, result.answer, one.detail or result.reason or "")


def _add(found: Comparison, identifier: str, a: _Short, b: _Short) -> None:
    found.common += 1
    is_same = (a.status, a.answer) == (b.status, b.answer)
    found.agreeing += is_same
    if a.verdict and b.verdict:
        found.pairs[a.verdict, b.verdict] += 1
        found.a.counts[a.verdict] += 1
        found.b.counts[b.verdict] += 1
        if a.verdict != b.verdict:
            found.changes.append(Change(identifier, a.verdict, b.verdict, b.detail or a.detail))
    elif not is_same:
        found.changes.append(Change(identifier, a.status, b.status, b.detail or a.detail))


def _differing_settings(first: Path, second: Path) -> dict[str, tuple[Any, Any]]:
    """What the runs are not made of alike, by their latest sessions."""
    a, b = _settings(first), _settings(second)
    return {k: (a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)}


def _settings(folder: Path) -> dict[str, Any]:
    from nsr.batch.store import open_run

    store = open_run(folder, must_exist=True)
    try:
        sessions: Sequence[Any] = store.sessions()
    finally:
        store.close()
    return dict(sessions[-1].configuration) if sessions else {}
