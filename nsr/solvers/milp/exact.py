"""Square systems of linear equations over the rationals, solved exactly.

The matrix is factored once modulo a prime, sparse rows first; solutions are lifted modulo powers of the prime and read
back as fractions (Dixon, "Exact solution of linear equations using p-adic expansions", 1982), then put into the
equations.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt, lcm
from typing import TYPE_CHECKING, Final, NamedTuple

from nsr.solvers.milp.vectors import Vector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.limits import Budget
    from nsr.solvers.milp.text import Number

__all__ = ["Matrix", "Singular"]

PRIME: Final = (1 << 191) - 19
"""Longer primes need fewer steps of lifting, but slow each one, and the factoring of what fills in."""

MOST_STEPS: Final = 128
"""Steps of lifting: fractions of up to about 3,600 figures in each part."""


class Singular(Exception):
    """The matrix has no inverse (modulo the prime), or a solution grows too long."""


class _Pivot(NamedTuple):
    row: int
    column: int
    inverse: int
    rest: list[tuple[int, int]]
    below: list[tuple[int, int]]


class Matrix:
    """A square matrix of rationals, given by its rows."""

    def __init__(self, rows: Sequence[Mapping[int, Number]], budget: Budget) -> None:
        self._budget = budget
        self._scales = [lcm(*[value.denominator for value in row.values()]) for row in rows]
        self._rows = [
            {column: int(value * scale) for column, value in row.items()}
            for row, scale in zip(rows, self._scales, strict=True)
        ]
        self._columns: list[dict[int, int]] = [{} for _ in rows]
        for index, row in enumerate(self._rows):
            for column, value in row.items():
                self._columns[column][index] = value
        self._pivots = self._factored()
        self._common = 1

    def solve(self, right: Sequence[Number]) -> Vector:
        """The vector that the matrix maps to `right`.

        Raises:
            Singular: if it cannot be had.
        """
        return self._lifted([value * scale for value, scale in zip(right, self._scales, strict=True)], is_turned=False)

    def solve_turned(self, right: Sequence[Number]) -> Vector:
        """The same for the transpose."""
        found = self._lifted(right, is_turned=True)
        return Vector.over([n * scale for n, scale in zip(found.numbers, self._scales, strict=True)], found.scale)

    # Modulo the prime

    def _factored(self) -> list[_Pivot]:
        rows = [{column: value % PRIME for column, value in row.items() if value % PRIME} for row in self._rows]
        where: list[set[int]] = [set() for _ in rows]
        for index, row in enumerate(rows):
            for column in row:
                where[column].add(index)
        waiting = _Shortest(rows)
        pivots = []
        for _ in rows:
            index = waiting.next(rows)
            row = rows[index]
            if not row:
                raise Singular
            column = min(row, key=lambda c: len(where[c]))
            inverse = pow(row[column], -1, PRIME)
            rest = [(c, value) for c, value in row.items() if c != column]
            for c in row:
                where[c].discard(index)
            below = []
            for other in sorted(where[column]):
                factor = rows[other].pop(column) * inverse % PRIME
                below.append((other, factor))
                self._subtract(rows[other], rest, factor, other, where)
                waiting.changed(other, rows)
            where[column].clear()
            pivots.append(_Pivot(index, column, inverse, rest, below))
        return pivots

    def _subtract(
        self, row: dict[int, int], rest: list[tuple[int, int]], factor: int, index: int, where: list[set[int]]
    ) -> None:
        self._budget.spend(len(rest) + 1)
        for column, value in rest:
            new = (row.get(column, 0) - factor * value) % PRIME
            if new:
                row[column] = new
                where[column].add(index)
            elif column in row:
                del row[column]
                where[column].discard(index)

    def _solved(self, right: list[int]) -> list[int]:
        right = [value % PRIME for value in right]
        for pivot in self._pivots:
            value = right[pivot.row]
            if value:
                for row, factor in pivot.below:
                    right[row] = (right[row] - factor * value) % PRIME
        out = [0] * len(right)
        for pivot in reversed(self._pivots):
            total = right[pivot.row]
            for column, value in pivot.rest:
                total -= value * out[column]
            out[pivot.column] = total * pivot.inverse % PRIME
        return out

    def _solved_turned(self, right: list[int]) -> list[int]:
        right = [value % PRIME for value in right]
        out = [0] * len(right)
        for pivot in self._pivots:
            value = right[pivot.column] * pivot.inverse % PRIME
            out[pivot.row] = value
            if value:
                for column, factor in pivot.rest:
                    right[column] = (right[column] - factor * value) % PRIME
        for pivot in reversed(self._pivots):
            total = out[pivot.row]
            for row, factor in pivot.below:
                total -= factor * out[row]
            out[pivot.row] = total % PRIME
        return out

    # Lifting

    def _lifted(self, right: Sequence[Number], *, is_turned: bool) -> Vector:
        wanted = Vector(right)
        whole = wanted.numbers
        matrix = self._columns if is_turned else self._rows
        solved = self._solved_turned if is_turned else self._solved
        total = [0] * len(whole)
        rest, digits = whole, total
        power, tried = 1, 1
        for step in range(MOST_STEPS):
            if step:
                rest = [
                    (value - sum([v * digits[c] for c, v in line.items()])) // PRIME
                    for value, line in zip(rest, matrix, strict=True)
                ]
            digits = solved(rest)
            total = [value + power * digit for value, digit in zip(total, digits, strict=True)]
            power *= PRIME
            self._budget.spend(sum(map(len, matrix)) + len(whole))
            # Solutions share their denominators, which divide the determinant: those found before mostly do.
            found = _whole(total, power, self._common)
            if not _fits(matrix, found, whole):
                if step + 1 < tried:
                    continue
                tried *= 2
                fractions = _fractions(total, power)
                if fractions is None or not _fits(matrix, fractions, whole):
                    continue
                found = fractions
            self._common = lcm(self._common, found.scale)
            return Vector.over(found.numbers, found.scale * wanted.scale)
        raise Singular


class _Shortest:
    """Rows by their length, for pivots that fill in little."""

    def __init__(self, rows: Sequence[Mapping[int, int]]) -> None:
        self._buckets: list[list[int]] = [[] for _ in range(len(rows) + 1)]
        self._done: set[int] = set()
        self._least = 0
        for index, row in enumerate(rows):
            self._buckets[len(row)].append(index)

    def changed(self, index: int, rows: Sequence[Mapping[int, int]]) -> None:
        """A row has another length."""
        size = len(rows[index])
        self._buckets[size].append(index)
        self._least = min(self._least, size)

    def next(self, rows: Sequence[Mapping[int, int]]) -> int:
        """A row of the least length, which is not given again."""
        while True:
            while not self._buckets[self._least]:
                self._least += 1
            index = self._buckets[self._least].pop()
            if index not in self._done and len(rows[index]) == self._least:
                self._done.add(index)
                return index


def _whole(values: Sequence[int], modulus: int, common: int) -> Vector:
    """The fractions with one known denominator that these can be modulo a number."""
    most = modulus // 2
    return Vector.over([(value * common + most) % modulus - most for value in values], common)


def _fractions(values: Sequence[int], modulus: int) -> Vector | None:
    """The fractions with small parts that these are modulo a number; None if one has none."""
    most = isqrt(modulus // 2)
    common = 1
    out: list[tuple[int, int]] = []
    for value in values:
        # Solutions of one system share their denominators: most are whole after those found so far.
        scaled = value * common % modulus
        if scaled > modulus - most:
            scaled -= modulus
        if abs(scaled) > most:
            found = _fraction(scaled, modulus, most)
            if found is None:
                return None
            scaled = found.numerator
            common *= found.denominator
        if common > most:
            return None
        out.append((scaled, common))
    return Vector.over([scaled * (common // own) for scaled, own in out], common)


def _fraction(value: int, modulus: int, most: int) -> Fraction | None:
    """Rational reconstruction by the extended Euclidean algorithm (Wang 1981)."""
    a, b = modulus, value % modulus
    s, t = 0, 1
    while b > most:
        q = a // b
        a, b = b, a - q * b
        s, t = t, s - q * t
    if t == 0 or abs(t) > most:
        return None
    return Fraction(b, t)


def _fits(matrix: Sequence[Mapping[int, int]], found: Vector, right: Sequence[int]) -> bool:
    """Whether a vector solves the equations."""
    numbers, scale = found.numbers, found.scale
    return all(
        sum([v * numbers[c] for c, v in line.items()]) == value * scale
        for line, value in zip(matrix, right, strict=True)
    )
