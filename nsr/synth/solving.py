"""A small exact solver for generated grids: bitmask domains, tables and all-different, search where that is not enough.

Its own thing on purpose: generated problems are proved unique without the back ends they are used to test.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Channel", "Table", "TooHard", "count_solutions"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Allowed tuples, with a bit set of rows for each column and place, so that narrowing is a few wide operations."""

    allowed: frozenset[tuple[int, ...]]
    masks: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, allowed: Iterable[tuple[int, ...]], width: int, size: int) -> Rows:
        """Index the tuples."""
        rows = sorted(set(allowed))
        masks = [[0] * size for _ in range(width)]
        for index, row in enumerate(rows):
            for column, place in enumerate(row):
                masks[column][place] |= 1 << index
        return cls(frozenset(rows), tuple(tuple(m) for m in masks))


@dataclass(frozen=True, slots=True)
class Table:
    """The allowed tuples of places for some variables."""

    variables: tuple[int, ...]
    rows: Rows

    @property
    def allowed(self) -> frozenset[tuple[int, ...]]:
        """The tuples themselves."""
        return self.rows.allowed


@dataclass(frozen=True, slots=True)
class Channel:
    """Variable `rank` is the place on a scale of the row of `thing`: the row of `members[rank]` is that of `thing`."""

    thing: int
    rank: int
    members: tuple[int, ...]


MOST_NODES = 20_000
"""Of the search tree. Problems that people could do take far fewer."""


class TooHard(Exception):
    """A search took more nodes than it may."""


def count_solutions(
    size: int,
    variables: int,
    groups: Sequence[Sequence[int]],
    tables: Iterable[Table],
    channels: Sequence[Channel],
    limit: int = 2,
) -> list[tuple[int, ...]]:
    """Up to `limit` assignments of a place below `size` to each variable that meet all constraints.

    Raises:
        TooHard: if there are none, or too few, after `MOST_NODES` of the search tree.
    """
    found: list[tuple[int, ...]] = []
    problem = _Problem(variables, groups, sorted(tables, key=lambda t: len(t.allowed)), channels)
    problem.search([(1 << size) - 1] * variables, set(range(len(problem.tables))), limit, found)
    return found


class _Problem:
    """The constraints with an index of which tables a variable is in."""

    def __init__(
        self, variables: int, groups: Sequence[Sequence[int]], tables: Sequence[Table], channels: Sequence[Channel]
    ) -> None:
        self.groups, self.tables, self.channels = groups, tables, channels
        self.nodes = 0
        self.touching: list[list[int]] = [[] for _ in range(variables)]
        for index, table in enumerate(tables):
            for variable in table.variables:
                self.touching[variable].append(index)

    def search(self, domains: list[int], pending: set[int], limit: int, found: list[tuple[int, ...]]) -> None:
        """Narrow, then branch on the smallest domain."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise TooHard
        if not self.narrow(domains, pending):
            return
        open_ones = [(d.bit_count(), i) for i, d in enumerate(domains) if d & (d - 1)]
        if not open_ones:
            found.append(tuple(d.bit_length() - 1 for d in domains))
            return
        _, chosen = min(open_ones)
        rest = domains[chosen]
        while rest and len(found) < limit:
            bit = rest & -rest
            rest ^= bit
            copy = list(domains)
            copy[chosen] = bit
            self.search(copy, set(self.touching[chosen]), limit, found)

    def narrow(self, domains: list[int], pending: set[int]) -> bool:
        """Narrow the domains to a fixed point; false if one is empty."""
        while True:
            while pending:
                if not self._revise(domains, self.tables[pending.pop()], pending):
                    return False
            before = list(domains)
            for group in self.groups:
                if _all_different(domains, group) is None:
                    return False
            for channel in self.channels:
                if _channel(domains, channel) is None:
                    return False
            for variable, (old, new) in enumerate(zip(before, domains, strict=True)):
                if old != new:
                    pending.update(self.touching[variable])
            if before == domains:
                return True

    def _revise(self, domains: list[int], table: Table, pending: set[int]) -> bool:
        valid = -1
        for variable, column in zip(table.variables, table.rows.masks, strict=True):
            domain = domains[variable]
            reach = 0
            for place, rows in enumerate(column):
                if domain >> place & 1:
                    reach |= rows
            valid &= reach
        if not valid:
            return False
        for variable, column in zip(table.variables, table.rows.masks, strict=True):
            domain = domains[variable]
            kept = 0
            for place, rows in enumerate(column):
                if domain >> place & 1 and rows & valid:
                    kept |= 1 << place
            if kept != domain:
                domains[variable] = kept
                pending.update(self.touching[variable])
        return True


def _all_different(domains: list[int], group: Sequence[int]) -> bool | None:
    changed = again = True
    any_change = False
    while again:
        again = False
        once = twice = union = 0
        for variable in group:
            domain = domains[variable]
            twice |= once & domain
            once |= domain
            union |= domain
        if union.bit_count() < len(group):
            return None
        hidden = once & ~twice
        for variable in group:
            domain = domains[variable]
            if not domain & (domain - 1):
                for other in group:
                    if other != variable and domains[other] & domain:
                        domains[other] &= ~domain
                        again = any_change = True
                        if not domains[other]:
                            return None
            elif domain & hidden and union.bit_count() == len(group):
                # A place only this value can take, in a group with as many values as there are places.
                alone = domain & hidden
                if alone & (alone - 1):
                    return None
                domains[variable] = alone
                again = any_change = True
        changed |= again
    return any_change


def _channel(domains: list[int], channel: Channel) -> bool | None:
    changed = False
    thing, rank = domains[channel.thing], domains[channel.rank]
    kept = reach = 0
    for place, member in enumerate(channel.members):
        if rank >> place & 1 and thing & domains[member]:
            kept |= 1 << place
            reach |= domains[member]
    thing &= reach
    if not kept or not thing:
        return None
    if kept != rank or thing != domains[channel.thing]:
        domains[channel.rank], domains[channel.thing] = kept, thing
        changed = True
    if not kept & (kept - 1):
        member = channel.members[kept.bit_length() - 1]
        both = thing & domains[member]
        if not both:
            return None
        if both != thing or both != domains[member]:
            domains[channel.thing] = domains[member] = both
            changed = True
    if not thing & (thing - 1):
        for place, member in enumerate(channel.members):
            if not kept >> place & 1 and domains[member] & thing:
                domains[member] &= ~thing
                changed = True
                if not domains[member]:
                    return None
    return changed
