"""A statement beside its sentence: what the formula speaks of, and what the sentence mentions.

`Vocabulary` holds the declared values of a program as the mention finder takes them; `Reading` is one pair of
sentence and formula with everything the checks of this package ask about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction

from nsr.formalizers.declarations import Category, Declarations, Scale
from nsr.formalizers.declarations import Value as CategoryValue
from nsr.formalizers.mentions import Mention, Tagger, Thing
from nsr.formalizers.quantities import normal_word
from nsr.language import ir
from nsr.language.sorts import INT, Element, EnumSort, IntSort, NumberSort, Sort
from nsr.language.traverse import children, rebuild


@dataclass(frozen=True, slots=True)
class Relation:
    """An atom read as a relation of two values: `low + step <op> high`, or their distance compared with `step`.

    `kind`: "equal", "less" (`low + step <= high` counts as less by `step - 1`), "shift" (`low + step == high`),
    "distance" (`|low - high| == step`), "apart" (`|low - high|` compared otherwise), "bound" (a term compared by order
    with a number), "parity", "other". `is_denied`: under an odd number of `not`. `low_things`, `high_things`: what the
    two sides name.
    """

    kind: str
    low: ir.Term | None = None
    high: ir.Term | None = None
    step: int | Fraction = 0
    is_denied: bool = False
    low_things: frozenset[Thing] = frozenset()
    high_things: frozenset[Thing] = frozenset()

    @property
    def names_both(self) -> bool:
        """Whether each side names something."""
        return bool(self.low_things and self.high_things)

    def is_of(self, first: Mention, second: Mention) -> bool:
        """Whether its sides name nothing but what two mentions may mean, in either order."""
        low, high = self.low_things, self.high_things
        left, right = frozenset(first.things), frozenset(second.things)
        return (low <= left and high <= right) or (low <= right and high <= left)


@dataclass(frozen=True, slots=True)
class Reading:
    """A requirement, its sentence, the mentions found in it and the things that the formula names.

    `loose` are numbers that may stand for a value or for an amount (`before 1994`, `among the first two`, and values
    that the checker has reckoned into their place). `numbers` are the other numbers of the formula that are no values.
    """

    requirement: ir.Requirement
    sentence: str
    mentions: tuple[Mention, ...]
    things: frozenset[Thing]
    relations: tuple[Relation, ...]
    numbers: frozenset[int | Fraction]
    loose: Mapping[int | Fraction, Thing | None]
    has_negation: bool
    has_choice: bool


class Vocabulary:
    """The declared values of a program, as things that sentences may mention."""

    def __init__(self, program: ir.Program, declarations: Declarations | None = None) -> None:
        self._sorts = [s for s in program.sorts.values() if _is_finite(s)]
        self.declarations = declarations or _declarations(self._sorts)
        self.tagger = Tagger(self.declarations)
        self._index: dict[tuple[str, int | Fraction | str], Thing] = {}
        names = {c.type_name: i for i, c in enumerate(self.declarations.categories)}
        for sort in self._sorts:
            category = names.get(str(sort))
            if category is None:
                continue
            for number, value in enumerate(self.declarations.categories[category].values):
                key = (
                    value.number if value.number is not None and not isinstance(sort, EnumSort) else _plain(value.name)
                )
                self._index[(str(sort), key)] = Thing(category, number)

    @staticmethod
    def has_values(program: ir.Program) -> bool:
        """Whether a program declares any values that a sentence could mention."""
        return any(_is_finite(s) for s in program.sorts.values())

    def thing(self, value: ir.Literal, sort: Sort | None = None) -> Thing | None:
        """The declared thing that a literal names, if it names one; `sort` is that of what it is compared with."""
        if isinstance(value.value, Element):
            return self._index.get((value.value.sort, value.value.name))
        if isinstance(value.value, bool | frozenset | None):
            return None
        return self._index.get((str(sort or value.sort), Fraction(value.value)))

    def read(self, requirement: ir.Requirement, sentence: str) -> Reading:
        """The pair of a requirement and its sentence."""
        things: set[Thing] = set()
        numbers: list[int | Fraction] = []
        loose: dict[int | Fraction, Thing | None] = {}
        relations: list[Relation] = []
        has_negation = has_choice = False
        for term, is_denied in _walk(rebuild(requirement.formula, _place)):
            match term:
                case ir.Not():
                    has_negation = True
                case ir.AllDifferent(args):
                    has_negation = True
                    sort = next((ir.sort_of(a) for a in args if isinstance(a, ir.Apply)), None)
                    things.update(t for a in args if isinstance(a, ir.Literal) and (t := self.thing(a, sort)))
                case ir.Or() | ir.Xor():
                    has_choice = True
                case ir.Equal() | ir.Less() | ir.LessEqual():
                    self._compared(term, things, loose)
                    relation = _relation(term, is_denied)
                    low, high = self._named(relation.low), self._named(relation.high)
                    if relation.kind == "bound":
                        value = frozenset(t for t in loose.values() if t is not None)
                        low, high = low or value, high or value
                    relations.append(replace(relation, low_things=low, high_things=high))
                    numbers += _amounts(term)
                case ir.Literal():
                    thing = self.thing(term)
                    if thing is not None:
                        things.add(thing)
        return Reading(
            requirement,
            sentence,
            self.tagger.mentions(sentence),
            frozenset(things),
            tuple(relations),
            frozenset(numbers),
            loose,
            has_negation,
            has_choice,
        )

    def _compared(
        self, atom: ir.Equal | ir.Less | ir.LessEqual, things: set[Thing], loose: dict[int | Fraction, Thing | None]
    ) -> None:
        """A number compared with a value of a declared sort is a value of it, or with an order perhaps an amount."""
        for literal, other in ((atom.left, atom.right), (atom.right, atom.left)):
            if not isinstance(literal, ir.Literal) or isinstance(literal.value, bool | Element | frozenset | None):
                continue
            is_value = isinstance(other, ir.Apply | ir.Restrict)
            if is_value and isinstance(atom, ir.Equal) and (thing := self.thing(literal, ir.sort_of(other))):
                things.add(thing)
            elif (sort := _sort_inside(other)) is not None:
                value = literal.value
                if isinstance(sort, EnumSort) and 1 <= value <= len(sort.elements):
                    loose[value] = self.thing(ir.Literal(sort.element(int(value) - 1), sort))
                elif isinstance(sort, NumberSort) and isinstance(other, ir.PositionOf):
                    known = 1 <= value <= len(sort.values)
                    loose[value] = self.thing(ir.Literal(sort.values[int(value) - 1], sort)) if known else None
                else:
                    loose[value] = self.thing(literal, sort)

    def _named(self, term: ir.Term | None) -> frozenset[Thing]:
        """What a side of a comparison names."""
        if term is None:
            return frozenset()
        found = (self.thing(t) or self._place(t) for t, _ in _walk(term) if isinstance(t, ir.Literal))
        return frozenset(t for t in found if t is not None)

    def _place(self, value: ir.Literal) -> Thing | None:
        """The place that a bare number means where the rows of the grid are numbered."""
        base = self.declarations.base_category
        if not base.is_positions or value.sort != INT or not isinstance(value.value, int):
            return None
        return self._index.get((base.type_name, Fraction(value.value)))


def folded(text: str) -> str:
    """A spelling without case, accents, apostrophes, hyphens and blanks."""
    return re.sub(r"[\W_]+", "", normal_word(text))


def resembles(sentence: str, words: Sequence[str]) -> bool:
    """Whether a word of the sentence is one of `words`, misspelt: asked where a word that ought to be there is not."""
    found = re.findall(r"[a-z']{4,}", sentence.lower().replace("’", "'"))
    return any(close and close[0] != word for word in words if (close := get_close_matches(word, found, 1, 0.8)))


def _plain(name: str) -> str:
    return name[1:-1] if name.startswith("`") else name


def _is_finite(sort: Sort) -> bool:
    return isinstance(sort, EnumSort | NumberSort) or (
        isinstance(sort, IntSort)
        and sort.name is not None
        and sort.low is not None
        and sort.high is not None
        and sort.high - sort.low < 100
    )


def _declarations(sorts: list[Sort]) -> Declarations:
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


def _walk(term: ir.Term) -> Iterator[tuple[ir.Term, bool]]:
    """All parts of a term, each with whether it stands under an odd number of `not`."""
    stack = [(term, False)]
    while stack:
        current, is_denied = stack.pop()
        yield current, is_denied
        below = is_denied != isinstance(current, ir.Not)
        stack.extend((part, below) for part in children(current))


def _place(term: ir.Term) -> ir.Term:
    """`pos(x)` of a type of numbers, which the checker writes out place by place, as the one term it stands for."""
    match term:
        case ir.Conditional(
            ir.Equal(value, ir.Literal(_, NumberSort())),
            ir.Literal(int()),
            ir.PositionOf() | ir.Restrict(ir.Literal(0)) as rest,
        ) if isinstance(rest, ir.Restrict) or rest.arg == value:
            return ir.PositionOf(value, origin=term.origin)
    return term


def _sort_inside(term: ir.Term) -> Sort | None:
    """The declared sort of the values that a side of a comparison reckons with; None where it is a distance."""
    match term:
        case ir.Apply(_, _, sort) | ir.Restrict(_, sort) | ir.ElementAt(_, sort):
            return sort
        case ir.PositionOf(arg):
            return _sort_inside(arg)
        case ir.Sum(args):
            return next((found for a in args if (found := _sort_inside(a)) is not None), None)
        case _:
            return None


def _relation(atom: ir.Equal | ir.Less | ir.LessEqual, is_denied: bool) -> Relation:
    match atom:
        case ir.Equal(left, right):
            found = _equality(left, right)
        case ir.Less(left, right) | ir.LessEqual(left, right):
            low, low_step = _offset(left)
            high, high_step = _offset(right)
            if isinstance(low, ir.Absolute) or isinstance(high, ir.Absolute):
                found = Relation("apart", step=max(low_step - high_step, high_step - low_step))
            elif low is None or high is None:
                found = Relation("bound", low, high, low_step - high_step)
            else:
                found = Relation("less", low, high, low_step - high_step + (1 if isinstance(atom, ir.Less) else 0))
    return replace(found, is_denied=is_denied)


def _amounts(atom: ir.Equal | ir.Less | ir.LessEqual) -> list[int | Fraction]:
    """Numbers that are added, multiplied, or compared with a distance or a place; not the divisor of a parity."""
    found: list[int | Fraction] = []
    stack: list[tuple[ir.Term, bool]] = [(atom.left, _is_plain(atom.right)), (atom.right, _is_plain(atom.left))]
    while stack:
        term, is_value = stack.pop()
        match term:
            case ir.Literal(value) if isinstance(value, int | Fraction) and not isinstance(value, bool):
                if not is_value:
                    found.append(value)
            case ir.Apply() | ir.Modulo():
                continue
            case _:
                stack.extend((part, False) for part in children(term))
    return found


def _is_plain(term: ir.Term) -> bool:
    """A value by itself, or the rest of a division: what a number beside it is no amount of."""
    return isinstance(term, ir.Apply | ir.Restrict | ir.Modulo)


def _equality(left: ir.Term, right: ir.Term) -> Relation:
    first, first_step = _offset(left)
    second, second_step = _offset(right)
    for term, other, step in ((first, second, second_step - first_step), (second, first, first_step - second_step)):
        if isinstance(term, ir.Absolute):
            if other is not None and not isinstance(other, ir.Literal):
                return Relation("other")
            inner = _difference(term.arg)
            return Relation("distance", *inner, step) if inner else Relation("other")
    if isinstance(first, ir.Modulo) or isinstance(second, ir.Modulo):
        return Relation("parity")
    step = first_step - second_step
    if first is None and second is None:
        return Relation("equal", left, right)
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
            return (term, 0) if sort != INT else (None, value)
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
