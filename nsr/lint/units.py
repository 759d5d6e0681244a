"""An amount with its unit (`six miles`, `5 more guests`) belongs to the category that is measured in that unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nsr.formalizers.declarations import Category, Scale
from nsr.formalizers.measures import called, compared
from nsr.formalizers.mentions import Mention
from nsr.formalizers.quantities import normal_word, read_quantity, unit_of
from nsr.language import ir
from nsr.lint.findings import Finding
from nsr.lint.polarity import without_values
from nsr.lint.reading import Reading, Relation, Vocabulary

_UNIT_OF_STEPS = {"clock": "minute", "date": "day"}
_NEXT_WORDS = re.compile(r"[\s-]+([^\W\d_]+)(?:\s+([^\W\d_]+))?")
_VAGUE = frozenset(("more", "less", "fewer", "than"))


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Reports an amount of one category that the formula reckons with in another, or takes as a count of places."""
    categories = vocabulary.declarations.categories
    reckoned = [(r, c) for r in reading.relations if (c := _dimension(r, categories)) is not None]
    amounts = [(m.number, _measured(reading, m, categories)) for m in _amounts(reading)]
    has_amount = any(measured for _, measured in amounts)
    ordered = {c for r, c in reckoned if r.kind != "equal"}
    for named in compared(without_values(reading), categories, has_amount=has_amount):
        if named and ordered and not named & ordered:
            told = f"the sentence compares {categories[min(named)].label}, the formula something else"
            yield reading.finding("other-unit", told)
    for number, measured in amounts:
        if number is None or not measured or not reckoned:
            continue
        if not any(c in measured for _, c in reckoned):
            told = f"the sentence counts {categories[min(measured)].label}, the formula something else"
            yield reading.finding("other-unit", told)
        elif any(
            r.kind == "distance" and r.step == number + 1 and c in measured and not categories[c].is_positions
            for r, c in reckoned
        ):
            told = f"the sentence gives the difference itself, the formula has {number} and one more"
            yield reading.finding("difference-changed", told)


def _amounts(reading: Reading) -> list[Mention]:
    """The numbers of a sentence that are no values of the formula."""
    return [
        m for m in reading.mentions if m.number is not None and not m.weak and not reading.things.intersection(m.things)
    ]


def _dimension(relation: Relation, categories: tuple[Category, ...]) -> int | None:
    """The category in which a relation reckons; None where it only says what is the same."""
    sides = [_measure(t) for t in (relation.low, relation.high) if t is not None]
    if relation.kind == "equal" and not any(isinstance(t, ir.Literal) for t in sides) and len(sides) == 2:
        return None
    names = {str(ir.sort_of(t)) for t in sides if isinstance(t, ir.Apply)}
    return next((i for i, c in enumerate(categories) if c.type_name in names), None)


def _measure(term: ir.Term) -> ir.Term:
    """A value without what asks for its place."""
    while isinstance(term, ir.PositionOf | ir.ElementAt | ir.Restrict):
        term = term.arg
    return term


def _measured(reading: Reading, mention: Mention, categories: tuple[Category, ...]) -> frozenset[int]:
    """The ordered categories whose unit or label stands with an amount."""
    text = reading.sentence[mention.span.start : mention.span.end]
    after = _NEXT_WORDS.match(reading.sentence, mention.span.end)
    words = [normal_word(w) for w in (after.groups() if after else ()) if w]
    # The second word counts only behind a comparing one: `5 more guests`, not `5 points behind`.
    following = words[:1] if not words or words[0] not in _VAGUE else words[1:]
    quantity = read_quantity(text)
    units = {quantity.unit} if quantity and quantity.unit else set()
    units |= {found[0] for w in following if len(w) > 2 and (found := unit_of(w))}
    words = [w for w in (*following, *re.findall(r"[a-z]+", normal_word(text))) if w not in _VAGUE]
    return called(words, categories) | _counted_in(units, categories)


def _counted_in(units: Collection[str], categories: tuple[Category, ...]) -> frozenset[int]:
    """The ordered categories that are counted in one of the units."""
    return frozenset(i for i, c in enumerate(categories) if c.scale is not Scale.NONE and _unit(c) in units)


def _unit(category: Category) -> str:
    """The base unit of the differences within a category."""
    unit = _UNIT_OF_STEPS.get(category.unit, category.unit)
    known = unit_of(unit) if unit else None
    return known[0] if known else unit or "none"
