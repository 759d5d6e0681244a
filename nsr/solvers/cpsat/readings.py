"""How the code of a cell is read from a solution: from a variable, from the literals of its values, or as a sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nsr.solvers._domains import shifted
from nsr.solvers.cpsat.text import flat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nsr.solvers._domains import Intervals
    from nsr.solvers.cpsat.text import Linear

__all__ = ["Reading", "of_choice", "of_sum", "of_variable", "reading_of"]


class Reading(NamedTuple):
    """A sum over variables, as pairs of variable and coefficient; in a choice exactly one of them is 1, the others 0.

    Its text is the number of the variable, `choice` with literal and value, or `sum` with variable and coefficient;
    the last pair of a sum, without a variable, is the constant.
    """

    terms: tuple[tuple[int, int], ...]
    constant: int = 0
    is_choice: bool = False

    def code(self, value: Callable[[int], int]) -> int:
        """The code, from the values of the variables."""
        return self.constant + sum([coefficient * value(variable) for variable, coefficient in self.terms])

    def within(self, domain: Intervals, enforced: Sequence[int] = ()) -> str:
        """The constraint that the code lies in a domain where all of `enforced` hold."""
        condition = f"enforcement_literal: {list(enforced)} " if enforced else ""
        return (
            f"constraints {{ {condition}linear {{ vars: {[variable for variable, _ in self.terms]} "
            f"coeffs: {[coefficient for _, coefficient in self.terms]} "
            f"domain: [{flat(shifted(domain, -self.constant))}] }} }}"
        )

    def hints(self, code: int) -> Iterator[tuple[int, int]]:
        """Variables with the values that they have where the cell has this code, as far as it says them."""
        if self.is_choice:
            for literal, value in self.terms:
                yield literal, int(value == code)
        elif len(self.terms) == 1:
            ((variable, coefficient),) = self.terms
            yield variable, (code - self.constant) // coefficient


def of_variable(variable: int) -> str:
    """The text of a cell that has its own variable."""
    return str(variable)


def of_choice(named: Mapping[int, int]) -> str:
    """The text of a cell that is said by the literals of its values."""
    return " ".join(["choice", *[f"{literal}:{value}" for value, literal in named.items()]])


def of_sum(linear: Linear) -> str:
    """The text of a cell that is a sum of others."""
    return " ".join(["sum", *[f"{v}:{c}" for v, c in linear.terms.items()], f":{linear.constant}"])


def reading_of(text: str) -> Reading:
    """What a text says."""
    kind, *pairs = text.split()
    if not pairs:
        return Reading(((int(kind), 1),))
    numbers = [tuple(pair.split(":")) for pair in pairs]
    constant = sum([int(number) for variable, number in numbers if not variable])
    terms = tuple([(int(variable), int(number)) for variable, number in numbers if variable])
    return Reading(terms, constant, kind == "choice")
