"""Many rationals over one denominator: sums of them are sums of integers, which take a tenth of the time."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from nsr.solvers.milp.text import exact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.solvers.milp.text import Number

__all__ = ["Vector"]


class Vector:
    """The rationals `numbers[i] / scale`."""

    __slots__ = ("numbers", "scale")

    def __init__(self, values: Sequence[Number]) -> None:
        self.scale = lcm(*{value.denominator for value in values})
        if self.scale == 1:
            self.numbers = [value.numerator for value in values]
        else:
            self.numbers = [value.numerator * (self.scale // value.denominator) for value in values]

    @classmethod
    def over(cls, numbers: list[int], scale: int) -> Vector:
        """The rationals with these numerators and one denominator, which need not be the least."""
        made = cls(())
        made.numbers, made.scale = numbers, scale
        return made

    def values(self) -> list[Number]:
        """The rationals themselves."""
        return [self.value(one) for one in self.numbers]

    def value(self, total: Number) -> Number:
        """What a sum of products with `numbers` stands for."""
        if self.scale == 1:
            return exact(total)
        return exact(Fraction(total.numerator, total.denominator * self.scale))

    def dot(self, terms: Mapping[int, Number]) -> Number:
        """The sum of some of them, each times its coefficient."""
        numbers = self.numbers
        return self.value(sum([value * numbers[place] for place, value in terms.items()]))
