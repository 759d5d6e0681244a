"""Clues before their wording: a relation with things in its slots."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

from nsr.formalizers.declarations import Category
from nsr.formalizers.mentions import Thing
from nsr.formalizers.quantities import scale_position
from nsr.synth.contexts import Context
from nsr.synth.wordings import RELATIONS, Relation

__all__ = ["Draft", "draft"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A clue before its wording: relation, things by slot, dimension and amount."""

    relation: Relation
    slots: dict[str, Thing]
    dimension: int | None = None
    number: Fraction | None = None


_WEIGHTS = tuple(r.weight for r in RELATIONS)


def draft(rng: random.Random, context: Context, relation: Relation | None = None) -> Draft | None:
    """A random clue of the problem, or None if the relation drawn does not fit it."""
    relation = relation or rng.choices(RELATIONS, _WEIGHTS)[0]
    declarations = context.declarations
    base = declarations.base
    base_words = context.words[base]
    has_row = (
        declarations.base_category.is_positions
        and base_words.dimension is not None
        and not base_words.dimension.unit
        and base_words.dimension.key in ("row", "queue", "floor")
    )
    needs = relation.needs.split()
    dimension: int | None = None
    number: Fraction | None = None
    if needs and needs[0] in ("row", "gap", "gap2", "few"):
        if (
            not has_row
            or base_words.dimension is None
            or (base_words.dimension.key != "row" and needs[0] in ("row",) and rng.random() < 0.7)
        ):
            return None
        dimension = base
        if needs[0] in ("gap", "gap2", "few"):
            low, high = {"gap": (1, context.size - 2), "gap2": (2, context.size - 2), "few": (2, context.size - 1)}[
                needs[0]
            ]
            if high < low:
                return None
            number = Fraction(rng.choice([*range(low, high + 1), low]))
    elif needs:
        choices = [d for d in declarations.dimensions if context.words[d].dimension is not None]
        if not choices:
            return None
        if "base" in needs:
            choices = [d for d in choices if d == base]
            if not choices:
                return None
        dimension = base if base in choices and (len(choices) == 1 or rng.random() < 0.5) else rng.choice(choices)
        words = context.words[dimension].dimension
        assert words is not None
        numbers = [v.number for v in declarations.categories[dimension].values if v.number is not None]
        if needs[0] == "step" and not words.next_less:
            return None
        if needs[0] == "number":
            if not words.by_less:
                return None
            if relation.name == "apart" and words.key in ("row", "floor", "queue"):
                return None  # of places "separated by two" says how many lie between, and `apart_row` has its own words
            if numbers:
                first, second = sorted(rng.sample(numbers, 2))
                number = second - first
                if number == 1 and words.key in ("row", "floor", "queue"):
                    return None
            elif _is_consecutive(declarations.categories[dimension]):
                number = Fraction(rng.randrange(1, max(2, context.size - 1)))
            else:
                return None  # "two months before" would not be two places before
        if needs[0] == "times":
            if not words.times:
                return None
            number = rng.choice((Fraction(2), Fraction(2), Fraction(3), Fraction(1, 2), Fraction(4)))
    slots = _slots(rng, context, relation, dimension if needs else None, places="places" in needs)
    return Draft(relation, slots, dimension, number) if slots else None


def _is_consecutive(category: Category) -> bool:
    places = [p[1] for v in category.values if (p := scale_position(v.text)) is not None]
    return places == list(range(places[0], places[0] + len(category.values))) if places else False


def _slots(
    rng: random.Random, context: Context, relation: Relation, dimension: int | None, *, places: bool
) -> dict[str, Thing] | None:
    declarations = context.declarations
    count = len(declarations.categories)
    base = declarations.base
    names = sorted(relation.args)
    base_named = context.words[base].dimension is None
    used: dict[str, Thing] = {}
    previous: list[int] = []
    base_slot = ""
    last = {"AB": "B", "ABC": rng.choice("BC"), "ABCD": rng.choice("BD"), "CAB": "", "ABCDE": "E"}.get(
        "".join(relation.args), ""
    )
    if relation.args == "ABC" and relation.name in ("or_subject", "either_subject", "neither_subject"):
        last = "C"
    if relation.name == "neither_subject_twice":
        last = "C"
    if relation.base_last and rng.random() < relation.base_last:
        base_slot = last
    for name in names:
        for _ in range(12):
            if (places and name in "BC") or name == base_slot:
                category = base
            else:
                # Positions themselves are seldom compared; where the base is a plain category it is one of all.
                pool = [
                    i
                    for i in range(count)
                    if i != base
                    or base_named
                    or rng.random() < (0.3 if not declarations.base_category.is_positions else 0.06)
                ]
                category = rng.choice(pool or [base])
            thing = Thing(category, rng.randrange(len(declarations.categories[category].values)))
            if thing in used.values():
                continue
            if (
                relation.different
                and not places
                and category in previous
                and rng.random() < (0.97 if len(names) < 3 or name in "B" else 0.5)
            ):
                continue
            break
        else:
            return None
        used[name] = thing
        previous.append(thing.category)
    return used
