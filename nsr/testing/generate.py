"""Random well-sorted programs over small domains, as source text, for differential tests.

`random_program(seed)` is the same text for the same seed. Every construct of the checked language that puzzles need
can occur in every position, partial ones (`/`, shifted elements as arguments, `none`) included; the number of
structures is bounded, so that brute force is always possible.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nsr.testing.generate_whole import whole_lines

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["programs", "random_program"]

_RANGES = ((0, 1), (0, 2), (1, 3), (-1, 1))
_DAYS = ("mon", "tue", "wed")
_PETS = ("cat", "dog", "fish")


@dataclass(slots=True)
class _Writer:
    """What is declared, and a source of chance."""

    rng: random.Random
    low: int
    high: int
    days: tuple[str, ...]
    pets: tuple[str, ...]
    declared: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    day_terms: list[str] = field(default_factory=list)
    pet_terms: list[str] = field(default_factory=list)
    truths: list[str] = field(default_factory=list)
    of_pet: list[tuple[str, str]] = field(default_factory=list)
    of_day: list[tuple[str, str]] = field(default_factory=list)
    of_number: list[tuple[str, str]] = field(default_factory=list)
    has_none: bool = False
    bound: int = 0

    def pick(self, *choices: Callable[[int], str]) -> Callable[[int], str]:
        return self.rng.choice(choices)

    # Truth

    def truth(self, depth: int) -> str:
        """A formula; deeper ones are joined from smaller ones."""
        if depth <= 0 or self.rng.random() < 0.15:
            return self.atom(0)
        choice = self.pick(
            self.connective, self.connective, self.quantified, self.counted, self.some_of, self.atom, self.atom
        )
        return choice(depth)

    def connective(self, depth: int) -> str:
        """Two formulas joined, or one denied."""
        word = self.rng.choice(("and", "or", "implies", "iff", "xor", "not"))
        if word == "not":
            return f"not ({self.truth(depth - 1)})"
        return f"({self.truth(depth - 1)}) {word} ({self.truth(depth - 1)})"

    def quantified(self, depth: int) -> str:
        """`forall` or `exists`, maybe with a filter."""
        word = self.rng.choice(("forall", "exists"))
        return self._bind(lambda binder, condition: f"({word} {binder}{condition}: {self.truth(depth - 1)})")

    def counted(self, depth: int) -> str:
        """`exactly n` and its kin."""
        word = self.rng.choice(("exactly", "at_least", "at_most"))
        number = self.rng.randint(0, 3)
        return self._bind(lambda binder, condition: f"({word} {number} {binder}{condition}: {self.truth(depth - 1)})")

    def some_of(self, depth: int) -> str:
        """`exactly n of (...)`."""
        word = self.rng.choice(("exactly", "at_least", "at_most"))
        parts = ", ".join(self.truth(depth - 1) for _ in range(self.rng.randint(2, 3)))
        return f"({word} {self.rng.randint(0, 3)} of ({parts}))"

    def _bind(self, write: Callable[[str, str], str], *, filtered: bool = True) -> str:
        """Text with one more bound variable in reach while it is written."""
        self.bound += 1
        name = f"v{self.bound}"
        kind = self.rng.choice(("D", "Day", "Pet", "range", "set"))
        terms, domain = {
            "D": (self.numbers, "D"),
            "Day": (self.day_terms, "Day"),
            "Pet": (self.pet_terms, "Pet"),
            "range": (self.numbers, f"{self.low}..{self.high}"),
            "set": (self.numbers, "{" + f"{self.number(0)}, {self.number(0)}" + "}"),
        }[kind]
        terms.append(name)
        try:
            condition = f" if {self.atom(0)}" if filtered and self.rng.random() < 0.4 else ""
            return write(f"{name} in {domain}", condition)
        finally:
            terms.remove(name)

    def atom(self, depth: int) -> str:
        """A comparison, a membership, a call of a predicate."""
        choices = (
            [self.compare_numbers] * 4 + [self.compare_days] * 2 + [self.compare_pets, self.member, self.different]
        )
        choices += [self.call] * min(4, len(self.truths))
        return self.rng.choice(choices)(depth)

    def call(self, depth: int) -> str:
        return self.rng.choice(self.truths) if self.rng.random() < 0.5 else f"{self.rng.choice(self.truths)} == false"

    def compare_numbers(self, depth: int) -> str:
        operator = self.rng.choice(("==", "!=", "<", "<=", ">", ">="))
        return f"{self.number(depth)} {operator} {self.number(depth)}"

    def compare_days(self, depth: int) -> str:
        operator = self.rng.choice(("==", "!=", "<", "<=", ">", ">="))
        return f"{self.day(depth)} {operator} {self.day(depth)}"

    def compare_pets(self, depth: int) -> str:
        other = "none" if self.has_none and self.rng.random() < 0.3 else self.pet(depth)
        return f"{self.pet(depth)} {self.rng.choice(('==', '!='))} {other}"

    def member(self, depth: int) -> str:
        word = self.rng.choice(("in", "not in"))
        if self.rng.random() < 0.3:
            return f"{self.number(depth)} {word} {self.rng.randint(-1, 1)}..{self.rng.randint(1, 3)}"
        if self.rng.random() < 0.5:
            return f"{self.pet(depth)} {word} {{{self.pet(0)}, {self.pet(0)}}}"
        return f"{self.number(depth)} {word} {{{self.number(0)}, {self.number(0)}}}"

    def different(self, depth: int) -> str:
        side = self.pick(self.number, self.day, self.pet)
        return "distinct(" + ", ".join(side(depth - 1) for _ in range(self.rng.randint(2, 3))) + ")"

    # Values

    def number(self, depth: int) -> str:
        """A number, in parentheses where it is joined."""
        if depth <= 0 or self.rng.random() < 0.4:
            return self.rng.choice([*self.numbers, *self.numbers, str(self.rng.randint(0, 3))])
        kind = self.rng.randrange(9)
        a = self.number(depth - 1)
        match kind:
            case 0 | 1:
                return f"({a} {self.rng.choice('+-')} {self.number(depth - 1)})"
            case 2:
                return f"({a} {self.rng.choice(('*', '//', '%', '/'))} {self.number(depth - 1)})"
            case 3:
                return f"abs({a} - {self.number(depth - 1)})"
            case 4:
                return f"{self.rng.choice(('min', 'max'))}({a}, {self.number(depth - 1)})"
            case 5:
                return f"(if {self.truth(depth - 1)} then {a} else {self.number(depth - 1)})"
            case 6:
                return self._bind(lambda binder, condition: f"count({self.truth(depth - 1)} for {binder}{condition})")
            case 7:
                word = self.rng.choice(("sum", "min", "max"))
                return self._bind(lambda binder, condition: f"{word}({self.number(depth - 1)} for {binder}{condition})")
            case _:
                return self._called(self.of_number, depth) or f"pos({self.day(depth - 1)})"

    def _called(self, functions: list[tuple[str, str]], depth: int) -> str | None:
        """A call of one of the functions, with an argument that may fall outside."""
        if not functions:
            return None
        name, sort = self.rng.choice(functions)
        argument = {"D": self.number, "Day": self.shifted, "Pet": self.pet}[sort]
        return f"{name}({argument(depth - 1)})"

    def day(self, depth: int) -> str:
        """An element of the ordered type, or a shifted one."""
        if depth > 0 and self.rng.random() < 0.5:
            return self._called(self.of_day, depth) or self.shifted(depth)
        return self.rng.choice([*self.day_terms, *self.days])

    def shifted(self, depth: int) -> str:
        """An element of the ordered type, maybe moved by one."""
        shift = self.rng.choice(("", "", " + 1", " - 1"))
        return self.rng.choice([*self.day_terms, *self.days]) + shift

    def pet(self, depth: int) -> str:
        """An element of the unordered type."""
        if depth > 0 and self.rng.random() < 0.5:
            found = self._called(self.of_pet, depth)
            if found is not None:
                return found
        return self.rng.choice([*self.pet_terms, *self.pets])


def random_program(seed: int, *, max_structures: int = 3000, depth: int = 3, kinds: Collection[str] = ()) -> str:
    """The source of a program with at most `max_structures` structures; the same for the same arguments.

    `kinds`: names of `nsr.testing.generate_whole.KINDS`, constructs beyond puzzles that the program has; the unknowns
    that these need come on top.
    """
    rng = random.Random(seed)
    low, high = rng.choice(_RANGES)
    writer = _Writer(rng, low, high, _DAYS[: rng.randint(2, 3)], _PETS[: rng.randint(2, 3)])
    lines = [
        f"type D = {low}..{high}",
        f"type Day = [{', '.join(writer.days)}]",
        f"type Pet = {{{', '.join(writer.pets)}}}",
    ]
    table = ", ".join(f"{key}: {rng.randint(-2, 4)}" for key in range(low, high + 1))
    lines.append(f"param cost(D): int = {{{table}}}")
    writer.of_number.append(("cost", "D"))
    lines += _unknowns(writer, max_structures)
    if rng.random() < 0.4:
        lines.append(_definition(writer))
    for index in range(rng.choice((1, 1, 2, 2, 3))):
        label = f" c{index}" if rng.random() < 0.5 else ""
        lines.append(f"constraint{label}: {writer.truth(depth)}")
    lines += whole_lines(writer, kinds) if kinds else ["find all"]
    return "\n".join(lines) + "\n"


def _unknowns(writer: _Writer, max_structures: int) -> list[str]:
    """Declarations of unknowns, as many as the bound on structures lets in; at least one."""
    rng = writer.rng
    size, days, pets = writer.high - writer.low + 1, len(writer.days), len(writer.pets)

    def value(sort: str) -> int:
        return {"D": size, "Day": days, "Pet": pets}[sort]

    lines: list[str] = []
    total = 1
    for index in range(rng.randint(2, 5)):
        name = f"u{index}"
        result = rng.choice(("D", "D", "Day", "Pet", "bool"))
        argument = rng.choice((None, None, "Pet", "Day", "D"))
        optional = result != "bool" and rng.random() < 0.25
        distinct = result != "bool" and argument is not None and rng.random() < 0.5
        values = 2 if result == "bool" else value(result) + optional
        cells = 1 if argument is None else value(argument)
        if total * values**cells > max_structures and lines:
            continue
        total *= values**cells
        marks = (" distinct" if distinct else "") + (" optional" if optional else "")
        signature = name if argument is None else f"{name}({argument})"
        lines.append(f"pred {signature}" if result == "bool" else f"var {signature}: {result}{marks}")
        writer.has_none = writer.has_none or (optional and result == "Pet")
        _know(writer, name, argument, result)
    return lines


def _know(writer: _Writer, name: str, argument: str | None, result: str) -> None:
    """Make a symbol known to the writer, by itself or with some arguments."""
    terms = {"D": writer.numbers, "Day": writer.day_terms, "Pet": writer.pet_terms, "bool": writer.truths}[result]
    if argument is None:
        terms.append(name)
        return
    arguments = {"D": [str(writer.low), str(writer.high)], "Day": list(writer.days), "Pet": list(writer.pets)}[argument]
    terms.extend(f"{name}({a})" for a in arguments[:2])
    functions = {"D": writer.of_number, "Day": writer.of_day, "Pet": writer.of_pet}
    if result in functions:
        functions[result].append((name, argument))
    elif argument == "Day":
        writer.truths.append(f"{name}({writer.days[-1]} + 1)")


def _definition(writer: _Writer) -> str:
    """An abbreviation, known to the writer afterwards."""
    if writer.rng.random() < 0.5:
        text = f"define same(k: D) = {writer.compare_numbers(1)} or k == {writer.number(1)}"
        writer.truths.append(f"same({writer.low})")
        return text
    text = f"define total(k: D) = k + {writer.number(2)}"
    writer.of_number.append(("total", "D"))
    return text


def programs(max_structures: int = 3000, depth: int = 3) -> SearchStrategy[str]:
    """`random_program` as a Hypothesis strategy."""
    from hypothesis import strategies

    def build(seed: int) -> str:
        return random_program(seed, max_structures=max_structures, depth=depth)

    return strategies.integers(0, 2**32).map(build)
