"""An amount with its unit (`six miles`, `5 more guests`) belongs to the category that is measured in that unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from nsr.formalizers.declarations import Category, Scale, label_words
from nsr.formalizers.mentions import Mention, stem
from nsr.formalizers.quantities import normal_word, read_quantity, unit_of
from nsr.language import ir
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Relation, Vocabulary

_UNIT_OF_STEPS = {"clock": "minute", "date": "day"}
_NEXT_WORDS = re.compile(r"[\s-]+([^\W\d_]+)(?:\s+([^\W\d_]+))?")
_COMPARED = re.compile(
    r"\b(?:more|fewer|less|higher|lower|greater|larger|smaller|later|earlier)\s+([^\W\d_]+)(?:\s+[^\W\d_]+)?\s+than\b",
    re.IGNORECASE,
)
_MEASURES = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), names)
    for words, names in (
        (
            r"scored? (?:(?!\d|[\w'-]+s\b)[\w'-]+ ){0,2}?(?:higher|lower|better|worse|more|less|fewer)",
            ("point", "score"),
        ),
        (
            r"cheaper|pricier|costlier|(?:more|less) expensive|(?:paid|costs?) (?:[\w'-]+ ){0,3}?(?:more|less)",
            ("$", "£", "€", "price", "cost"),
        ),
        (r"older|younger", ("year", "age")),
        (r"shallower|deeper|taller|wider|narrower", ("inch", "meter", "mile", "depth", "height", "width")),
        (r"heavier", ("pound", "gram", "weight")),
        (r"colder|cooler|warmer|hotter", ("degree", "temperature")),
    )
)
"""Comparing words, and what they measure: units, and words that a category may be called by."""
_VAGUE = frozenset(("more", "less", "fewer", "than"))


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Reports an amount of one category that the formula reckons with in another, or takes as a count of places."""
    categories = vocabulary.declarations.categories
    reckoned = [(r, c) for r in reading.relations if (c := _dimension(r, categories)) is not None]
    for named in _compared(reading.sentence, categories):
        if named and reckoned and not any(c in named for _, c in reckoned):
            told = f"the sentence compares {categories[min(named)].label}, the formula something else"
            yield Finding("other-unit", reading.requirement.name, reading.sentence, told)
    for mention in reading.mentions:
        if mention.number is None or mention.weak or reading.things.intersection(mention.things):
            continue
        measured = _measured(reading, mention, categories)
        if not measured or not reckoned:
            continue
        if not any(c in measured for _, c in reckoned):
            told = f"the sentence counts {categories[min(measured)].label}, the formula something else"
            yield Finding("other-unit", reading.requirement.name, reading.sentence, told)
        elif any(
            r.kind == "distance" and r.step == mention.number + 1 and c in measured and not categories[c].is_positions
            for r, c in reckoned
        ):
            told = f"the sentence gives the difference itself, the formula has {mention.number} and one more"
            yield Finding("difference-changed", reading.requirement.name, reading.sentence, told)


def _compared(sentence: str, categories: tuple[Category, ...]) -> Iterator[frozenset[int]]:
    """For each comparison that tells of what, the ordered categories that it can be of."""
    for found in _COMPARED.finditer(sentence):
        yield _called({normal_word(found[1])}, categories)
    if not re.search(r"\bthan\b", sentence):
        return
    for pattern, names in _MEASURES:
        if pattern.search(sentence):
            yield _called(names, categories) | _counted_in(names, categories)


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
    return _called(words, categories) | _counted_in(units, categories)


def _counted_in(units: Collection[str], categories: tuple[Category, ...]) -> frozenset[int]:
    """The ordered categories that are counted in one of the units."""
    return frozenset(i for i, c in enumerate(categories) if c.scale is not Scale.NONE and _unit(c) in units)


def _called(words: Iterable[str], categories: tuple[Category, ...]) -> frozenset[int]:
    """The ordered categories that have one of the words in their label."""
    stems = {stem(w) for w in words}
    return frozenset(
        i
        for i, c in enumerate(categories)
        if c.scale is not Scale.NONE and stems & {stem(w) for w in label_words(c.label).split()}
    )


def _unit(category: Category) -> str:
    """The base unit of the differences within a category."""
    unit = _UNIT_OF_STEPS.get(category.unit, category.unit)
    known = unit_of(unit) if unit else None
    return known[0] if known else unit or "none"
