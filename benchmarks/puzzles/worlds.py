"""Programs of logic grids compared by meaning, whatever their names: on random arrangements of the same values."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nsr.explain.spelling import folded
from nsr.formalizers.quantities import read_quantity
from nsr.language import ir
from nsr.language.evaluate import holds
from nsr.language.sorts import Element, Sort, Value, sort_size, sort_values

__all__ = ["View", "agree", "arrangements", "key", "match", "same_rows", "structure", "view"]

Arrangement = tuple[tuple[int, ...], ...]
"""For each category of the first program, the row of each of its values."""


@cache
def key(text: str) -> str:
    """What two spellings of a value share: the number of a quantity, else the folded words."""
    plain = text.strip().strip("`")
    quantity = read_quantity(plain)
    return str(quantity.number) if quantity is not None else folded(plain)


def spellings(text: str) -> frozenset[str]:
    """All that a value may be known by: its folded words, its number in base units, its bare figure."""
    figure = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    found = {folded(text.strip().strip("`")), key(text)}
    if figure and read_quantity(text.strip()) is not None:
        found.add(key(figure[0]))
    return frozenset(found)


def same_rows(left: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> bool:
    """Whether two grids have the same rows, whatever the order of rows and columns and the spelling of numbers."""
    if len(left) != len(right):
        return False
    rest = [[spellings(cell) for cell in row] for row in right]
    for row in left:
        found = next((r for r in rest if _same_cells([spellings(c) for c in row], r)), None)
        if found is None:
            return False
        rest.remove(found)
    return True


def _same_cells(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> bool:
    if len(left) != len(right):
        return False
    if not left:
        return True
    first, *others = left
    return any(first & cell and _same_cells(others, [*right[:i], *right[i + 1 :]]) for i, cell in enumerate(right))


@dataclass(frozen=True, slots=True)
class View:
    """A logic grid's program by its parts: categories (the base first), keys of their values, and the functions."""

    program: ir.Program
    categories: tuple[Sort, ...]
    keys: tuple[tuple[str, ...], ...]
    functions: Mapping[str, tuple[int, int]]


def view(program: ir.Program) -> View | None:
    """The parts of a program; None if it is no logic grid."""
    unknowns = [f for f in program.unknowns() if len(f.arguments) == 1 and not f.is_auxiliary]
    targets = [f.value for f in unknowns]
    if not targets:
        return None
    base = max(targets, key=targets.count)
    others = [f.arguments[0] for f in unknowns if f.value == base and f.arguments[0] != base]
    categories = (base, *dict.fromkeys(others))
    if any(sort_size(c) != sort_size(base) for c in categories):
        return None
    index = {sort: i for i, sort in enumerate(categories)}
    functions = {
        f.name: (index[f.arguments[0]], index[f.value])
        for f in unknowns
        if f.arguments[0] in index and f.value in index
    }
    keys = tuple(tuple(_key(v) for v in sort_values(sort)) for sort in categories)
    return View(program, categories, keys, functions)


def _key(value: Value) -> str:
    return key(value.name) if isinstance(value, Element) else str(value)


def match(left: View, right: View) -> tuple[tuple[int, tuple[int, ...]], ...] | None:
    """For each category of `right` the one of `left` with the same values, and the places of its values there."""
    rest = list(range(len(left.categories)))
    found = []
    for keys in right.keys:
        fitting = [i for i in rest if sorted(left.keys[i]) == sorted(keys)]
        if not fitting:
            return None
        rest.remove(fitting[0])
        found.append((fitting[0], tuple(left.keys[fitting[0]].index(k) for k in keys)))
    return tuple(found)


def arrangements(shown: View, count: int, rng: random.Random) -> list[Arrangement]:
    """Random arrangements; the base stays in order."""
    size = len(shown.keys[0])

    def shuffled(index: int) -> tuple[int, ...]:
        rows = list(range(size))
        if index:
            rng.shuffle(rows)
        return tuple(rows)

    return [tuple(shuffled(i) for i in range(len(shown.categories))) for _ in range(count)]


def structure(shown: View, rows: Sequence[Sequence[int]]) -> dict[str, dict[tuple[Value, ...], Value]]:
    """The values of a program's unknowns in an arrangement given for its own categories."""
    values = [tuple(sort_values(sort)) for sort in shown.categories]
    found: dict[str, dict[tuple[Value, ...], Value]] = {}
    for name, (source, target) in shown.functions.items():
        at = {row: i for i, row in enumerate(rows[target])}
        found[name] = {(v,): values[target][at[rows[source][i]]] for i, v in enumerate(values[source])}
    return found


def agree(
    left: View,
    first: Sequence[ir.Term],
    right: View,
    second: Sequence[ir.Term],
    samples: Sequence[Arrangement],
    matching: Sequence[tuple[int, tuple[int, ...]]],
) -> bool:
    """Whether conjunctions of formulas of the two programs hold in the same arrangements of a sample."""
    for rows in samples:
        turned = [[rows[category][place] for place in places] for category, places in matching]
        ours = structure(left, rows)
        theirs = structure(right, turned)
        if all(holds(f, ours, left.program) for f in first) != all(holds(f, theirs, right.program) for f in second):
            return False
    return True
