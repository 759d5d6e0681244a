"""How numbers stand in an ASP text: one atom for each value, or one for each binary digit; sums of them.

No sum that the solver can form reaches 31 bits: gringo's and clasp's numbers have 32.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "LARGEST", "MOST_VALUES", "Digits", "Linear", "Number", "Truth", "Values", "narrow", "of_number", "of_truth",
    "opposite", "total",
]  # fmt: skip

LARGEST: Final = (1 << 31) - 1
"""No number and no sum of absolute values in a text may reach this."""

MOST_VALUES: Final = 160
"""Numbers with more values than this are written by their binary digits."""

Truth: TypeAlias = "str | bool"
"""A literal, or a truth value that is known."""


def opposite(literal: Truth) -> Truth:
    """The negation."""
    if isinstance(literal, bool):
        return not literal
    return literal[4:] if literal.startswith("not ") else f"not {literal}"


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A number with one atom for each value: `prefix`, the value, and a closing bracket."""

    prefix: str
    values: tuple[int, ...]

    @property
    def low(self) -> int:
        """The least value."""
        return self.values[0]

    @property
    def high(self) -> int:
        """The greatest value."""
        return self.values[-1]

    def atom(self, value: object) -> str:
        """The atom for a value, or for a variable of the text."""
        return f"{self.prefix}{value})"


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """A number from `low` to `high` with one atom for each binary digit of its distance from `low`."""

    prefix: str
    low: int
    high: int

    @property
    def count(self) -> int:
        """How many digits there are."""
        return (self.high - self.low).bit_length()

    def atom(self, place: object) -> str:
        """The atom for a digit, the lowest being 0."""
        return f"{self.prefix}{place})"


Number: TypeAlias = Values | Digits


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of numbers and of literals (1 where they hold) with coefficients, and a constant."""

    numbers: Mapping[Number, int]
    truths: Mapping[str, int]
    constant: int = 0

    def scaled(self, by: int) -> Linear:
        """Every part multiplied."""
        if by == 0:
            return Linear({}, {}, 0)
        numbers = {n: c * by for n, c in self.numbers.items()}
        return Linear(numbers, {t: c * by for t, c in self.truths.items()}, self.constant * by)

    def minus(self, other: Linear) -> Linear:
        """The difference; what cancels out is dropped."""
        return total((self, other.scaled(-1)))

    def bounds(self) -> tuple[int, int]:
        """The least and the greatest value that the parts allow."""
        low = high = self.constant
        for number, c in self.numbers.items():
            ends = (c * number.low, c * number.high)
            low, high = low + min(ends), high + max(ends)
        for c in self.truths.values():
            low, high = low + min(c, 0), high + max(c, 0)
        return low, high

    @property
    def is_constant(self) -> bool:
        """Whether nothing but the constant is left."""
        return not self.numbers and not self.truths

    def single(self) -> tuple[Values, int] | None:
        """The number and its coefficient, if there is one with an atom for each value, and nothing else."""
        if len(self.numbers) != 1 or self.truths:
            return None
        ((number, c),) = self.numbers.items()
        return (number, c) if isinstance(number, Values) else None

    def pair(self) -> tuple[tuple[Values, int], tuple[Values, int]] | None:
        """The same for two numbers."""
        if len(self.numbers) != 2 or self.truths:
            return None
        (a, c), (b, d) = self.numbers.items()
        return ((a, c), (b, d)) if isinstance(a, Values) and isinstance(b, Values) else None

    def elements(self, start: int = 0) -> tuple[list[str], int]:
        """The elements of a `#sum`, each tuple once, and the constant that is left besides."""
        narrow(self)
        out: list[str] = []
        constant = self.constant
        for place, (number, c) in enumerate(self.numbers.items(), start):
            if isinstance(number, Values):
                weight = "V" if c == 1 else f"{c}*V"
                out.append(f"{weight},{place}:{number.atom('V')}")
                continue
            constant += c * number.low
            out.extend(f"{c << j},{place},{j}:{number.atom(j)}" for j in range(number.count))
        for place, (literal, c) in enumerate(self.truths.items(), start + len(self.numbers)):
            out.append(f"{c},{place}:{literal}")
        return out, constant


def of_truth(literal: Truth) -> Linear:
    """A literal as a number, 1 or 0."""
    if isinstance(literal, bool):
        return Linear({}, {}, int(literal))
    return Linear({}, {literal[4:]: -1}, 1) if literal.startswith("not ") else Linear({}, {literal: 1}, 0)


def of_number(number: Number) -> Linear:
    """A number as an expression."""
    return Linear({number: 1}, {}, 0)


def narrow(linear: Linear) -> None:
    """Refuse sums that could leave 31 bits.

    Raises:
        Gap: when the absolute values of the parts add up to too much.
    """
    size = abs(linear.constant) + sum(abs(c) for c in linear.truths.values())
    for number, c in linear.numbers.items():
        # Of digits every power of two may stand in the sum at once.
        most = max(abs(number.low), abs(number.high)) + (1 << (number.count + 1) if isinstance(number, Digits) else 0)
        size += abs(c) * most
    if size >= LARGEST:
        raise Gap(("numbers beyond 31 bits",))


def total(parts: Iterable[Linear]) -> Linear:
    """The sum."""
    numbers: dict[Number, int] = {}
    truths: dict[str, int] = {}
    constant = 0
    for part in parts:
        constant += part.constant
        for number, c in part.numbers.items():
            numbers[number] = numbers.get(number, 0) + c
        for literal, c in part.truths.items():
            truths[literal] = truths.get(literal, 0) + c
    return Linear({n: c for n, c in numbers.items() if c}, {t: c for t, c in truths.items() if c}, constant)
