"""How values, calls and types are written in Prolog: here as numbers and generated names."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from nsr.language.sorts import BoolSort, Element, EnumSort, IntSort, NumberSort, RealSort
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.language.ir import Program
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget

__all__ = ["NOTHING", "Names", "Notation", "joined", "negated", "plain"]

NOTHING: Final = "none"

_CALL: Final = re.compile(r"[a-z]\w*(\([\w, ]*\))?")


class Names(NamedTuple):
    """The Prolog names of the relations, tables and definitions of a program.

    `inside` are relations under way, whose name while they are worked out is another one; `has_none` says whether
    `none` stands in a rule or a definition, so that a term may have no value.
    """

    relations: Mapping[str, str]
    tables: Mapping[str, str]
    definitions: Mapping[str, str]
    inside: Mapping[str, str]
    has_none: bool = False

    def of(self, symbol: str) -> str | None:
        """What a call of a relation, or of a table that is one, is written as."""
        return self.inside.get(symbol) or self.relations.get(symbol)


def plain(value: Value) -> str:
    """A value as Prolog text.

    Raises:
        Gap: for a set.
    """
    match value:
        case None:
            return NOTHING
        case bool():
            return str(int(value))
        case Element():
            return str(value.index)
        case Fraction():
            return f"{value.numerator}r{value.denominator}"
        case frozenset():
            raise Gap(("sets in rules",))
        case _:
            return str(value)


def joined(goals: Sequence[str]) -> str:
    """Goals that must all succeed."""
    kept = [goal for goal in goals if goal != "true"]
    return ",".join(kept) if kept else "true"


def negated(goal: str) -> str:
    """That a goal fails."""
    return f"\\+ {goal}" if _CALL.fullmatch(goal) else f"\\+(({goal}))"


class Notation:
    """What is written alike wherever it stands in a program; variables are numbered through."""

    def __init__(self, program: Program, names: Names, budget: Budget) -> None:
        self.program = program
        self.names = names
        self.budget = budget
        self._count = 0

    def plain(self, value: Value) -> str:
        """A value as text."""
        return plain(value)

    def head(self, name: str, values: Sequence[str]) -> str:
        """A call; here there is always an argument, if only one that does not matter."""
        return f"{name}({','.join(values) or '0'})"

    def position(self, sort: EnumSort, value: str, goals: list[str]) -> str:
        """The place of an element in its type, from 0; `none` has none."""
        if self.names.has_none:
            goals.append(f"{value}\\== {NOTHING}")
        return value

    def element(self, sort: EnumSort, place: str, goals: list[str]) -> str:
        """The element at a place from 0 that is worked out; there may be none."""
        goals.extend([f"integer({place})", f"{place}>=0", f"{place}<{len(sort.elements)}"])
        return place

    def in_sort(self, sort: Sort, value: str) -> list[str]:
        """Goals that test whether a value belongs to a sort."""
        match sort:
            case IntSort(low, high):
                ends = [f"{value}>= {low}"] * (low is not None) + [f"{value}=< {high}"] * (high is not None)
                return [f"integer({value})", *ends]
            case RealSort(low, high, is_low_open, is_high_open):
                out = [f"rational({value})"]
                if low is not None:
                    out.append(f"{value}{'>' if is_low_open else '>='}({plain(low)})")
                if high is not None:
                    out.append(f"{value}{'<' if is_high_open else '=<'}({plain(high)})")
                return out
            case NumberSort(_, values):
                return [f"memberchk({value},[{','.join(map(self.plain, values))}])"]
            case EnumSort() | BoolSort():
                return [f"{value}\\== {NOTHING}"] if self.names.has_none else []
            case _:
                raise Gap((f"values of {sort} in rules",))

    def of_sort(self, sort: Sort, value: str) -> str:
        """A goal that goes through all values of a sort."""
        match sort:
            case IntSort(low, high):
                return "throw(nsr_size)" if low is None or high is None else f"between({low},{high},{value})"
            case EnumSort(_, elements):
                return f"between(0,{len(elements) - 1},{value})"
            case BoolSort():
                return f"between(0,1,{value})"
            case NumberSort(_, values):
                return f"nsr_once_each([{','.join(map(self.plain, values))}],{value})"
            case _:
                raise Gap((f"variables of {sort} in rules",))

    def variable(self, hint: str = "") -> str:
        """A new Prolog variable; `hint` is what the program calls it."""
        self._count += 1
        return f"V{self._count}"
