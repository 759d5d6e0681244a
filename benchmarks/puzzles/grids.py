"""A small exact solver for grids of binary relations, by propagation over bit masks: fast enough for many mutations.

It serves the benchmarks alone and is held against the package's own solvers on a sample.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from benchmarks.puzzles.data import RELATIONS, GoldClue, Puzzle, Ref

__all__ = ["Atom", "solutions", "solve_clues"]

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Atom(Generic[T]):
    """`right[p]` is the mask of positions (bit 0 is position 1) that `second` may have when `first` is at `p + 1`.

    Without `second`, `right[p]` is 1 where `first` may be at `p + 1`.
    """

    first: T
    second: T | None
    right: tuple[int, ...]


def solutions(size: int, groups: Sequence[Sequence[T]], atoms: Sequence[Atom[T]], limit: int = 2) -> list[dict[T, int]]:
    """At most `limit` placements at positions 1 to `size` in which each group is a permutation and all atoms hold."""
    names = [name for group in groups for name in group]
    index = {name: i for i, name in enumerate(names)}
    members = [[index[name] for name in group] for group in groups]
    domains = [(1 << size) - 1] * len(names)
    binary: list[tuple[int, int, tuple[int, ...]]] = []
    for atom in atoms:
        first = index[atom.first]
        if atom.second is None:
            domains[first] &= sum(1 << p for p in range(size) if atom.right[p])
            continue
        second = index[atom.second]
        binary.append((first, second, _images(size, atom.right)))
        binary.append((second, first, _images(size, _turned(size, atom.right))))
    found: list[dict[T, int]] = []

    def search(current: list[int]) -> None:
        if not _propagate(current, members, binary):
            return
        open_ones = [i for i, mask in enumerate(current) if mask & (mask - 1)]
        if not open_ones:
            found.append({name: current[i].bit_length() for i, name in enumerate(names)})
            return
        chosen = min(open_ones, key=lambda i: current[i].bit_count())
        mask = current[chosen]
        while mask and len(found) < limit:
            bit = mask & -mask
            mask ^= bit
            trial = current.copy()
            trial[chosen] = bit
            search(trial)

    search(domains)
    return found


def _images(size: int, right: Sequence[int]) -> tuple[int, ...]:
    """For every mask of positions the union of what they allow."""
    table = [0] * (1 << size)
    for mask in range(1, 1 << size):
        low = mask & -mask
        table[mask] = table[mask ^ low] | right[low.bit_length() - 1]
    return tuple(table)


def _turned(size: int, right: Sequence[int]) -> tuple[int, ...]:
    return tuple(sum(1 << p for p in range(size) if right[p] >> q & 1) for q in range(size))


def _propagate(
    domains: list[int], groups: Sequence[Sequence[int]], binary: Sequence[tuple[int, int, tuple[int, ...]]]
) -> bool:
    """Narrows the domains until nothing changes; False when one is empty."""
    changed = True
    while changed:
        changed = False
        for first, second, images in binary:
            narrowed = domains[second] & images[domains[first]]
            if narrowed != domains[second]:
                if not narrowed:
                    return False
                domains[second] = narrowed
                changed = True
        for group in groups:
            once = twice = 0
            for i in group:
                mask = domains[i]
                twice |= once & mask
                once |= mask
            for i in group:
                mask = domains[i]
                if mask & (mask - 1):
                    alone = mask & ~twice
                    if alone:
                        domains[i] = alone & -alone
                        changed = True
                else:
                    for other in group:
                        if other != i and domains[other] & mask:
                            domains[other] &= ~mask
                            if not domains[other]:
                                return False
                            changed = True
            if once.bit_count() < len(group):
                return False
    return True


def clue_atom(clue: GoldClue, size: int) -> Atom[Ref]:
    """A gold clue as an atom."""
    return relation_atom(clue.kind, clue.left, clue.right, size)


def relation_atom(kind: str, left: Ref, right: Ref | int, size: int) -> Atom[Ref]:
    """The atom of a named relation."""
    holds = RELATIONS[kind]
    if isinstance(right, int):
        return Atom(left, None, tuple(int(holds(a, right)) for a in range(1, size + 1)))
    masks = tuple(sum(1 << b - 1 for b in range(1, size + 1) if holds(a, b)) for a in range(1, size + 1))
    return Atom(left, right, masks)


def groups_of(values: Mapping[str, Sequence[str]]) -> list[list[Ref]]:
    """The attributes' values as groups of references."""
    return [[(name, value) for value in members] for name, members in values.items()]


def solve_clues(puzzle: Puzzle, clues: Sequence[GoldClue], limit: int = 2) -> list[dict[Ref, int]]:
    """At most `limit` grids that fit some gold clues."""
    atoms = [clue_atom(c, puzzle.houses) for c in clues]
    return solutions(puzzle.houses, groups_of(puzzle.values), atoms, limit)
