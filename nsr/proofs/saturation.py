"""Looks for the empty clause: given-clause saturation with positive resolution and replacement of equals.

Of a clause with denied members one is selected, and resolved with clauses that have none (Robinson 1965; selection as
in Bachmair and Ganzinger 2001), so that what is found goes forward from what is known. Members that single known
atoms rule out go at once. Equations are used from their heavier side. Light clauses come first, every few the oldest.
What is found is handed to the checker like anybody else's: nothing here has to be right.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from nsr.proofs.flat import FlatClause, apply, is_ground, match, shifted, size, unify, variables_of

if TYPE_CHECKING:
    from nsr.language.ir import Term
    from nsr.language.sorts import Sort
    from nsr.limits import Budget
    from nsr.proofs.flat import Flat, Member, Vocabulary

__all__ = ["Instance", "Line", "Origin", "Replacement", "Resolution", "Saturation", "Simplification"]

MOST_MEMBERS = 12
MOST_SIZE = 80
"""Clauses with more members, or larger ones, are not kept."""

MOST_LINES = 20_000
OLDEST_EVERY = 5


class Resolution(NamedTuple):
    """Lines, places of members, and what stands for the variables of each, in the variables of the resolvent."""

    first: int
    second: int
    left: int
    right: int
    left_values: tuple[Flat, ...]
    right_values: tuple[Flat, ...]


class Replacement(NamedTuple):
    """As `steps.ByReplacement`, with the lines."""

    first: int
    second: int
    equation: int
    place: int
    path: tuple[int, ...]
    is_reversed: bool
    equation_values: tuple[Flat, ...]
    values: tuple[Flat, ...]


class Instance(NamedTuple):
    """A line with values for its variables."""

    line: int
    values: tuple[Flat, ...]


class Simplification(NamedTuple):
    """A line without members that are false."""

    line: int


Origin = Resolution | Replacement | Instance | Simplification


class Line(NamedTuple):
    """A clause and what it comes from; None where it is given."""

    clause: FlatClause
    origin: Origin | None


class _Found(Exception):
    """The empty clause; its line is the last."""


@dataclass(slots=True)
class Saturation:
    """The lines so far; `known` tells the truth of atoms without unknowns."""

    vocabulary: Vocabulary
    known: Callable[[Term], bool | None]
    budget: Budget
    until: float
    lines: list[Line] = field(default_factory=list)
    _waiting: list[tuple[int, int]] = field(default_factory=list)
    _open: dict[int, None] = field(default_factory=dict)
    _seen: set[tuple[frozenset[Member], tuple[Sort, ...]]] = field(default_factory=set)
    _positive: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _selected: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _units: dict[tuple[bool, int], list[int]] = field(default_factory=dict)
    _equations: dict[int, list[tuple[int, int, bool]]] = field(default_factory=dict)
    _places: dict[int, list[tuple[int, int, tuple[int, ...]]]] = field(default_factory=dict)
    _truths: dict[Flat, bool | None] = field(default_factory=dict)

    def run(self, given: Sequence[FlatClause]) -> int | None:
        """The line of the empty clause, those given being the first lines; None if it was not found.

        Raises:
            BudgetExceeded: if it takes more than the budget.
        """
        self.lines = [Line(clause, None) for clause in given]
        try:
            for place in range(len(given)):
                self._keep(place)
            for turn in itertools.count():
                chosen = self._next(turn)
                if chosen is None or len(self.lines) > MOST_LINES:
                    return None
                if not self._is_subsumed(self.lines[chosen].clause):
                    self._activate(chosen)
                    for clause, origin in self._inferences(chosen):
                        self._look()
                        self._keep(self._line(clause, origin))
        except _Found:
            return len(self.lines) - 1
        except TimeoutError:
            return None
        return None

    def _look(self) -> None:
        self.budget.spend(50)
        if time.monotonic() > self.until:
            raise TimeoutError

    def _next(self, turn: int) -> int | None:
        """The lightest clause that waits, every few the oldest."""
        if turn % OLDEST_EVERY == OLDEST_EVERY - 1 and self._open:
            place = next(iter(self._open))
            del self._open[place]
            return place
        while self._waiting:
            _, place = heappop(self._waiting)
            if place in self._open:
                del self._open[place]
                return place
        return None

    # Keeping a clause: without what is false, and only if it says something new

    def _line(self, clause: FlatClause, origin: Origin) -> int:
        self.lines.append(Line(clause, origin))
        return len(self.lines) - 1

    def _keep(self, place: int) -> None:
        """Simplify the clause of a line, and let it wait for its turn if it is worth it."""
        while True:
            clause = self.lines[place].clause
            if not clause.members:
                if place != len(self.lines) - 1:
                    self._line(clause, Instance(place, ()))
                raise _Found
            truths = [self._truth(member, clause.sorts) for member in clause.members]
            if True in truths or any((not sign, atom) in clause.members for sign, atom in clause.members):
                return
            if False in truths:
                kept = tuple(m for m, truth in zip(clause.members, truths, strict=True) if truth is not False)
                place = self._line(*self._made(kept, clause.sorts, place))
            elif (cut := self._cut(place)) is not None:
                place = self._line(*cut)
            else:
                break
        weight = sum(size(atom) for _, atom in clause.members) + 3 * len(clause.members)
        key = (frozenset(clause.members), clause.sorts)
        if len(clause.members) > MOST_MEMBERS or weight > MOST_SIZE or key in self._seen or self._is_subsumed(clause):
            return
        self._seen.add(key)
        self._open[place] = None
        heappush(self._waiting, (weight, place))

    def _made(self, kept: tuple[Member, ...], sorts: tuple[Sort, ...], place: int) -> tuple[FlatClause, Origin]:
        """A clause of fewer members; its variables keep their numbers."""
        return FlatClause(kept, sorts), Simplification(place)

    def _truth(self, member: Member, sorts: Sequence[Sort]) -> bool | None:
        """Whether a member holds for sure, or fails for sure."""
        sign, atom = member
        is_same = atom[0] == self.vocabulary.equality and atom[1] == atom[2]
        if not is_same and (self.vocabulary.is_open(atom) or not is_ground(atom)):
            return None
        if is_same and not is_ground(atom):
            return sign if self.vocabulary.has_value(atom[1], sorts) else None
        if atom not in self._truths:
            self._truths[atom] = self.known(self.vocabulary.term(atom, ()))
        truth = self._truths[atom]
        # That a row is there is derived from the facts and rules behind it.
        is_row = truth is True and self.vocabulary.is_call(atom)
        return None if truth is None or is_row else truth is sign

    def _cut(self, place: int) -> tuple[FlatClause, Origin] | None:
        """The clause without a member that a known atom, or the denial of one, rules out."""
        clause = self.lines[place].clause
        for right, (sign, atom) in enumerate(clause.members):
            for unit in self._units.get((not sign, atom[0]), ()):
                single = self.lines[unit].clause
                values = match(single.members[0][1], atom, single.sorts, clause.sorts, self.vocabulary)
                if values is not None:
                    rest = tuple(m for m in clause.members if m != (sign, atom))
                    same = tuple(range(len(clause.sorts)))
                    stand = tuple(values.get(n, n) for n in range(len(single.sorts)))
                    return FlatClause(rest, clause.sorts), Resolution(unit, place, 0, right, stand, same)
        return None

    def _is_subsumed(self, clause: FlatClause) -> bool:
        """Whether an atom that is known for all values, or its denial, says as much."""
        for sign, atom in clause.members:
            for unit in self._units.get((sign, atom[0]), ()):
                single = self.lines[unit].clause
                if match(single.members[0][1], atom, single.sorts, clause.sorts, self.vocabulary) is not None:
                    return True
        return False

    # Inferences

    def _eligible(self, clause: FlatClause) -> list[int]:
        """The selected denied member; of a clause without denied ones all members."""
        denied = [
            (atom[0] != self.vocabulary.equality, size(atom), -n) for n, (s, atom) in enumerate(clause.members) if not s
        ]
        return [-max(denied)[2]] if denied else list(range(len(clause.members)))

    def _activate(self, place: int) -> None:
        clause = self.lines[place].clause
        is_positive = all(sign for sign, _ in clause.members)
        for member in self._eligible(clause):
            atom = clause.members[member][1]
            (self._positive if is_positive else self._selected).setdefault(atom[0], []).append((place, member))
            for key, path in _positions(atom, ()):
                self._places.setdefault(key, []).append((place, member, path))
            if is_positive:
                for side, is_reversed in self._sides(atom):
                    self._equations.setdefault(side[0], []).append((place, member, is_reversed))
        if len(clause.members) == 1:
            self._units.setdefault((is_positive, clause.members[0][1][0]), []).append(place)

    def _sides(self, atom: Flat) -> list[tuple[Flat, bool]]:
        """The sides of an equation from which it may be used, no variable and no value unless both are."""
        if atom[0] != self.vocabulary.equality:
            return []
        weights = [(size(side), not self.vocabulary.is_literal(side)) for side in atom[1:]]
        return [
            (side, is_reversed)
            for side, own, other, is_reversed in ((atom[1], 0, 1, False), (atom[2], 1, 0, True))
            if not isinstance(side, int) and weights[own] >= weights[other]
        ]

    def _inferences(self, place: int) -> Iterator[tuple[FlatClause, Origin]]:
        clause = self.lines[place].clause
        is_positive = all(sign for sign, _ in clause.members)
        for member in self._eligible(clause):
            sign, atom = clause.members[member]
            for other, theirs in list((self._selected if is_positive else self._positive).get(atom[0], ())):
                pairing = (place, member, other, theirs) if is_positive else (other, theirs, place, member)
                yield from self._resolvents(*pairing)
            if atom[0] == self.vocabulary.equality and not sign:
                yield from self._instances(place, atom[1], atom[2])
            for key, path in list(_positions(atom, ())):
                for line, equation, is_reversed in list(self._equations.get(key, ())):
                    yield from self._replacements(line, equation, is_reversed, place, member, path)
            if is_positive:
                for side, is_reversed in self._sides(atom):
                    for line, theirs, path in list(self._places.get(side[0], ())):
                        if line != place:
                            yield from self._replacements(place, member, is_reversed, line, theirs, path)
                for n, (_, twin) in enumerate(clause.members):
                    if n < member and twin[0] == atom[0]:
                        yield from self._instances(place, twin, atom)

    def _resolvents(self, first: int, left: int, second: int, right: int) -> Iterator[tuple[FlatClause, Origin]]:
        one, other = self.lines[first].clause, self.lines[second].clause
        width = len(one.sorts)
        sorts = (*one.sorts, *other.sorts)
        mine, theirs = one.members[left][1], shifted(other.members[right][1], width)
        values = unify([(mine, theirs)], sorts, self.vocabulary)
        if values is None:
            return
        members = [(s, apply(a, values)) for s, a in one.members]
        others = [(s, apply(shifted(a, width), values)) for s, a in other.members]
        gone, opposite = members[left], others[right]
        kept = [*(m for m in members if m != gone), *(m for m in others if m != opposite)]
        clause, stand = _numbered(kept, sorts, values)
        yield clause, Resolution(first, second, left, right, stand[:width], stand[width:])

    def _instances(self, place: int, one: Flat, other: Flat) -> Iterator[tuple[FlatClause, Origin]]:
        clause = self.lines[place].clause
        values = unify([(one, other)], clause.sorts, self.vocabulary)
        if values is not None:
            made, stand = _numbered([(s, apply(a, values)) for s, a in clause.members], clause.sorts, values)
            yield made, Instance(place, stand)

    def _replacements(
        self, first: int, equation: int, is_reversed: bool, second: int, place: int, path: tuple[int, ...]
    ) -> Iterator[tuple[FlatClause, Origin]]:
        one, other = self.lines[first].clause, self.lines[second].clause
        width = len(one.sorts)
        sorts = (*one.sorts, *other.sorts)
        old, new = one.members[equation][1][1:]
        if is_reversed:
            old, new = new, old
        values = unify([(old, shifted(_at(other.members[place][1], path), width))], sorts, self.vocabulary)
        if values is None:
            return
        equations = [(s, apply(a, values)) for s, a in one.members]
        members = [(s, apply(shifted(a, width), values)) for s, a in other.members]
        used, changed = equations[equation], members[place]
        put = (changed[0], _put(changed[1], path, apply(new, values)))
        kept = [*(m for m in equations if m != used), *(m for m in members if m != changed), put]
        clause, stand = _numbered(kept, sorts, values)
        yield clause, Replacement(first, second, equation, place, path, is_reversed, stand[:width], stand[width:])


def _numbered(
    members: Sequence[Member], sorts: Sequence[Sort], values: dict[int, Flat]
) -> tuple[FlatClause, tuple[Flat, ...]]:
    """The clause with its variables numbered from 0, and what stands for each variable before."""
    found: dict[int, None] = {}
    for _, atom in members:
        variables_of(atom, found)
    stand = [apply(n, values) for n in range(len(sorts))]
    for flat in stand:
        variables_of(flat, found)
    numbers: dict[int, Flat] = {old: new for new, old in enumerate(found)}
    renamed = tuple(dict.fromkeys((sign, _renamed(atom, numbers)) for sign, atom in members))
    return FlatClause(renamed, tuple(sorts[old] for old in found)), tuple(_renamed(flat, numbers) for flat in stand)


def _renamed(flat: Flat, numbers: dict[int, Flat]) -> Flat:
    if isinstance(flat, int):
        return numbers[flat]
    return (flat[0], *[_renamed(part, numbers) for part in flat[1:]])


def _positions(flat: Flat, path: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The heads inside an atom and where they are."""
    for n, part in enumerate(flat[1:]):
        if not isinstance(part, int):
            yield part[0], (*path, n)
            yield from _positions(part, (*path, n))


def _at(flat: Flat, path: tuple[int, ...]) -> Flat:
    for n in path:
        flat = flat[n + 1]
    return flat


def _put(flat: Flat, path: tuple[int, ...], new: Flat) -> Flat:
    if not path:
        return new
    parts = list(flat)
    parts[path[0] + 1] = _put(parts[path[0] + 1], path[1:], new)
    return tuple(parts)
