"""A statement beside its sentence: what the formula speaks of, and what the sentence mentions.

`Vocabulary` holds the declared values of a program as the mention finder takes them; `Reading` is one pair of
sentence and formula with everything the checks of this package ask about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from nsr.formalizers.declarations import Category, Declarations, Scale
from nsr.formalizers.declarations import Value as CategoryValue
from nsr.formalizers.mentions import Mention, Tagger, Thing
from nsr.language import ir
from nsr.language.sorts import Element, EnumSort, IntSort, NumberSort, Sort
from nsr.language.traverse import children


@dataclass(frozen=True, slots=True)
class Relation:
    """An atom read as a relation of two values: `low + step <op> high`, or their distance compared with `step`.

    `kind`: "equal", "less" (`low + step <= high` counts as less by `step - 1`), "shift" (`low + step == high`),
    "distance" (`|low - high| == step`), "apart" (`|low - high|` compared otherwise), "other".
    """

    kind: str
    low: ir.Term | None = None
    high: ir.Term | None = None
    step: int | Fraction = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A requirement, its sentence, the mentions found in it and the things that the formula names."""

    requirement: ir.Requirement
    sentence: str
    mentions: tuple[Mention, ...]
    things: frozenset[Thing]
    relations: tuple[Relation, ...]
    numbers: frozenset[int | Fraction]
    has_negation: bool


class Vocabulary:
    """The declared values of a program, as things that sentences may mention."""

    def __init__(self, program: ir.Program, declarations: Declarations | None = None) -> None:
        self._sorts = [s for s in program.sorts.values() if _is_finite(s)]
        self.declarations = declarations or _declarations(self._sorts, program)
        self.tagger = Tagger(self.declarations)
        self._index: dict[tuple[str, int | Fraction | str], Thing] = {}
        names = {c.type_name: i for i, c in enumerate(self.declarations.categories)}
        for sort in self._sorts:
            category = names.get(str(sort))
            if category is None:
                continue
            for number, value in enumerate(self.declarations.categories[category].values):
                key = value.number if value.number is not None and not isinstance(sort, EnumSort) else _plain(value.name)
                self._index[(str(sort), key)] = Thing(category, number)

    def thing(self, value: ir.Literal) -> Thing | None:
        """The declared thing that a literal names, if it names one."""
        if isinstance(value.value, Element):
            return self._index.get((value.value.sort, value.value.name))
        if isinstance(value.value, bool) or value.value is None:
            return None
        return self._index.get((str(value.sort), Fraction(value.value)))

    def read(self, requirement: ir.Requirement, sentence: str) -> Reading:
        """The pair of a requirement and its sentence."""
        things: set[Thing] = set()
        numbers: set[int | Fraction] = set()
        for literal in _literals(requirement.formula):
            thing = self.thing(literal)
            if thing is not None:
                things.add(thing)
            elif isinstance(literal.value, int | Fraction) and not isinstance(literal.value, bool):
                numbers.add(literal.value)
        return Reading(
            requirement,
            sentence,
            self.tagger.mentions(sentence),
            frozenset(things),
            tuple(_relations(requirement.formula)),
            frozenset(numbers),
            any(isinstance(t, ir.Not) or (isinstance(t, ir.AllDifferent)) for t in _walk(requirement.formula)),
        )


def _plain(name: str) -> str:
    return name[1:-1] if name.startswith("`") else name


def _is_finite(sort: Sort) -> bool:
    return isinstance(sort, EnumSort | NumberSort) or (
        isinstance(sort, IntSort) and sort.name is not None and sort.low is not None and sort.high is not None and sort.high - sort.low < 100
    )


def _declarations(sorts: list[Sort], program: ir.Program) -> Declarations:
    categories = []
    for sort in sorts:
        label = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", str(sort)).replace("_", " ").lower()
        values: tuple[CategoryValue, ...]
        match sort:
            case EnumSort(_, elements, is_ordered):
                values = tuple(CategoryValue(e, e.replace("_", " ")) for e in elements)
                scale = Scale.ORDERED if is_ordered else Scale.NONE
            case NumberSort(_, numbers):
                values = tuple(CategoryValue(str(n), str(n), Fraction(n)) for n in numbers)
                scale = Scale.NUMERIC
            case IntSort(low, high) if low is not None and high is not None:
                values = tuple(CategoryValue(str(n), str(n), Fraction(n)) for n in range(low, high + 1))
                scale = Scale.NUMERIC
            case _:
                continue
        categories.append(Category(label, str(sort), "", values, scale))
    base = next((i for i, c in enumerate(categories) if c.is_positions), 0)
    return Declarations(tuple(categories), base, categories[base].label if categories else "")


def _walk(term: ir.Term) -> Iterator[ir.Term]:
    stack = [term]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(children(current))


def _literals(term: ir.Term) -> Iterator[ir.Literal]:
    for found in _walk(term):
        if isinstance(found, ir.Literal):
            yield found


def _relations(term: ir.Term) -> Iterator[Relation]:
    for atom in _walk(term):
        match atom:
            case ir.Equal(left, right):
                yield _equality(left, right)
            case ir.Less(left, right):
                low, low_step = _offset(left)
                high, high_step = _offset(right)
                if isinstance(low, ir.Absolute) or isinstance(high, ir.Absolute):
                    yield Relation("apart")
                else:
                    yield Relation("less", low, high, low_step - high_step + 1)
            case ir.LessEqual(left, right):
                low, low_step = _offset(left)
                high, high_step = _offset(right)
                if isinstance(low, ir.Absolute) or isinstance(high, ir.Absolute):
                    yield Relation("apart")
                else:
                    yield Relation("less", low, high, low_step - high_step)


def _equality(left: ir.Term, right: ir.Term) -> Relation:
    first, first_step = _offset(left)
    second, second_step = _offset(right)
    for term, other, step in ((first, second, second_step - first_step), (second, first, first_step - second_step)):
        if isinstance(term, ir.Absolute):
            if other is not None and not isinstance(other, ir.Literal):
                return Relation("other")
            inner = _difference(term.arg)
            return Relation("distance", *inner, step) if inner else Relation("other")
    step = first_step - second_step
    if first is None or second is None or step == 0:
        return Relation("equal", first, second)
    return Relation("shift", first, second, step) if step > 0 else Relation("shift", second, first, -step)


def _offset(term: ir.Term) -> tuple[ir.Term | None, int | Fraction]:
    """A term as the part that is not constant, plus a number."""
    match term:
        case ir.PositionOf(arg):
            return arg, 0
        case ir.ElementAt(arg, _) | ir.Restrict(arg, _):
            return _offset(arg)
        case ir.Literal(value, sort) if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return (term, 0) if sort != ir.INT else (None, value)
        case ir.Negate(ir.Literal(value)) if isinstance(value, int | Fraction):
            return None, -value
        case ir.Sum(args):
            rest: ir.Term | None = None
            step: int | Fraction = 0
            for arg in args:
                part, number = _offset(arg)
                step += number
                if part is not None:
                    if rest is not None:
                        return term, 0
                    rest = part
            return rest, step
        case _:
            return term, 0


def _difference(term: ir.Term) -> tuple[ir.Term, ir.Term] | None:
    match term:
        case ir.Sum((left, ir.Negate(right))) | ir.Sum((ir.Negate(right), left)):
            return left, right
    return None
