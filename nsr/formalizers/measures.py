"""What the values of an ordered category measure, and which comparing words speak of what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nsr.formalizers.declarations import Category, Scale, label_words
from nsr.formalizers.quantities import normal_word, scale_position, unit_of
from nsr.formalizers.words import stem

__all__ = ["called", "compared", "extreme", "measure_of"]

_MOST_YEARS = 200
"""Of more years no one is old; such numbers are years of a calendar."""

_BY_UNIT = {
    "clock": "time", "date": "time", "month": "time", "day": "time", "minute": "duration", "$": "money", "£": "money",
    "€": "money", "inch": "length", "meter": "length", "mile": "distance", "pound": "weight", "gram": "weight",
    "liter": "volume", "degree": "temperature", "percent": "percent", "point": "points", "mph": "speed", "kph": "speed",
    "kmh": "speed", "km/h": "speed", "knot": "speed", "knots": "speed",
}  # fmt: skip
_BY_SCALE = {"month": "time", "day": "time", "season": "time", "part of day": "time", "ordinal": "place"}
_BY_WORD = {
    stem(word): measure
    for measure, words in {
        "points": "score point rating total",
        "money": "price cost salary wage income pay paid earnings bill fee",
        "age": "age old",
        "time": "date birthday month year weekday",
        "length": "height depth width wingspan diameter",
        "distance": "distance mile kilometer km range",
        "weight": "weight weigh",
        "temperature": "temperature heat",
        "percent": "percent percentage",
        "speed": "speed",
        "duration": "duration",
    }.items()
    for word in words.split()
}
"""Words that a category or what is compared may be called by, where no unit tells."""

_GAP = r"(?:[\w'-]+ ){0,2}?"
_FAR = r"(?:r[au]n|walk\w*|fl[ey]w?|cycl\w+|dr[io]ve|travel\w*|swam|hik\w+|rode)"
_TIMED = r"(?:before|after|prior to|subsequent to|earlier|later)"
_MEASURES: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), frozenset(measures.split()))
    for words, measures in (
        (
            r"scored? (?:(?!\d|[\w'-]+s\b)[\w'-]+ ){0,2}?(?:higher|lower|better|worse|more|less|fewer) than|outscored?",
            "points percent",
        ),
        (
            r"cheaper|pricier|costlier|(?:more|less) expensive|"
            r"(?:paid|costs?|sold for|spent|earns?|earned) (?:(?!\d)[\w'-]+ ){0,3}?(?:more|less) than",
            "money",
        ),
        (r"(?:older|younger) than", "age time"),
        (r"shallower|deeper|taller|wider|narrower|broader", "length distance"),
        (r"heavier|outweighs?|(?:weighs?|weighed) (?:(?!\d)[\w'-]+ ){0,2}?(?:more|less) than", "weight"),
        (r"colder|cooler|warmer|hotter", "temperature"),
        (
            r"closer than|(?:farther|further) (?:away )?than|less far|more distant|"
            rf"{_FAR} (?:(?!\d)[\w'-]+ ){{0,2}}?(?:more|less|farther|further) than",
            "distance",
        ),
        (
            rf"(?:took place|held|happen\w*|occur\w*|scheduled|released) {_GAP}{_TIMED}|"
            r"the (?:minute|hour|day|week|month|year) (?:before|after)",
            "time",
        ),
        (r"(?:higher|lower) number", "place row"),
        (
            r"(?:has|had|sold|collected|holds) (?:(?!\d)[\w'-]+ ){0,2}?(?:more|less|fewer) than",
            "count points percent money weight length distance volume duration",
        ),
        (r"got (?:(?!\d)[\w'-]+ ){0,2}?(?:more|less) than", "points percent money count"),
        (r"(?:shorter|longer) than|as long as", "length distance duration volume"),
        (r"(?:took|takes|lasts?|lasted|waited) (?:(?!\d)[\w'-]+ ){0,2}?(?:longer|shorter|less|more) than", "duration"),
        (r"(?:faster|slower|quicker) than", "duration speed time place"),
    )
)
"""Comparing words, and what they compare."""
_LED = re.compile(
    r"\b(?:ahead of|behind|in front of|trail(?:s|ed)|outrank(?:s|ed)|d(?:id|oes) (?:better|worse)|"
    r"plac(?:ed|es) (?:[\w'-]+ )?(?:higher|lower))\b",
    re.IGNORECASE,
)
_TURNED = re.compile(r"\bnext (?:\w+er|more \w+|less \w+)\b|\bstep (?:above|below)\b", re.IGNORECASE)
"""`The next cheaper one after Ann`: here `after` orders nothing."""
_ROW = re.compile(
    r"\b(?:house|home|apartment|room|seat|locker|desk|office|table|stall|shop|cabin|tent|chair|booth|berth|plot|floor|"
    r"level|store?y|shelf)"
)
"""Things that stand side by side: nobody trails another there."""
_IN_TIME = re.compile(
    rf"(?<!look )(?<!looks )(?<!looked )(?<!looking )(?<!named )\b{_TIMED}\b|\bpreced(?:es|ed)\b|\bfollow(?:s|ed)\b",
    re.IGNORECASE,
)
_RACE = re.compile(r"\b(?:arriv|finish|complet)", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:(?:more|fewer|less|higher|lower|greater|larger|smaller|later|earlier)\s+([^\W\d_]+)(?:\s+[^\W\d_]+)?"
    r"|(?:has|had|with) an? ([^\W\d_]+) (?:[^\W\d_]+ )?(?:earlier|later|higher|lower))\s+than\b",
    re.IGNORECASE,
)
"""`A lower price than`, `has a birthday earlier than`."""


def measure_of(category: Category) -> str:
    """What a category measures (`time`, `row`, `money`, …): `count` where nothing tells, nothing without an order."""
    if category.scale is Scale.NONE:
        return ""
    if category.is_positions:
        return "row" if _ROW.search(category.label.lower()) else "place"
    if category.scale is Scale.ORDERED:
        scales = {place[0] if (place := scale_position(v.text)) else "" for v in category.values}
        return _BY_SCALE.get(scales.pop(), "count") if len(scales) == 1 else "count"
    unit = category.unit.lower()
    known = unit if unit in _BY_UNIT else (unit_of(unit) or (unit,))[0]
    if known == "year":
        numbers = [v.number for v in category.values if v.number is not None]
        return "time" if min(numbers, default=0) > _MOST_YEARS else "age"
    if unit == "days":
        return "duration"
    named = {_BY_WORD[s] for w in label_words(category.label).split() if (s := stem(w)) in _BY_WORD}
    if _BY_UNIT.get(known) == "length" and ("distance" in named or stem(unit) in _BY_WORD):
        return "distance"
    return _BY_UNIT.get(known) or (named.pop() if len(named) == 1 else "count")


def compared(words: str, categories: tuple[Category, ...], *, has_amount: bool) -> Iterator[frozenset[int]]:
    """For each comparison that tells of what, the ordered categories that it can be of.

    `words`: the sentence without the values in it. `has_amount`: an amount with its unit stands in it, which tells what
    is compared where `before` and `ahead of` do not.
    """
    measures = [measure_of(c) for c in categories]
    is_told = has_amount or bool(_TURNED.search(words))
    for found in _NAMED.finditer(words):
        word = normal_word(found[1] or found[2])
        yield called({word}, categories) or _of({_BY_WORD.get(stem(word))}, measures)
        is_told = True
    for pattern, wanted in _MEASURES:
        if pattern.search(words):
            yield _of(wanted, measures)
            is_told = True
    if is_told:
        return
    race = {"duration"} if _RACE.search(words) else set()
    if _LED.search(words):
        yield _of({"time", "place", "points", "percent"} | race, measures) or _of({"row"}, measures)
    elif _IN_TIME.search(words):
        yield _of({"time", "place", "row"} | race | ({"age"} if re.search(r"\bborn\b", words) else set()), measures)


_EXTREMES = {
    "slowest": {"duration": -1, "speed": 0}, "fastest": {"duration": 0, "speed": -1},
    "quickest": {"duration": 0, "speed": -1}, "cheapest": {"money": 0}, "priciest": {"money": -1},
    "costliest": {"money": -1}, "most expensive": {"money": -1}, "least expensive": {"money": 0},
    "oldest": {"age": -1, "time": 0}, "eldest": {"age": -1, "time": 0}, "youngest": {"age": 0, "time": -1},
    "newest": {"time": -1}, "tallest": {"length": -1}, "deepest": {"length": -1}, "widest": {"length": -1},
    "longest": {"length": -1, "distance": -1, "duration": -1}, "shortest": {"length": 0, "distance": 0, "duration": 0},
    "heaviest": {"weight": -1}, "lightest": {"weight": 0}, "hottest": {"temperature": -1},
    "warmest": {"temperature": -1}, "coldest": {"temperature": 0}, "coolest": {"temperature": 0},
    "earliest": {"time": 0}, "latest": {"time": -1},
}  # fmt: skip
"""Words for the first (0) or the last (-1) value of what they measure."""


def extreme(words: str, categories: tuple[Category, ...]) -> tuple[int, int] | None:
    """The category and the value that a superlative names (`slowest`, `most expensive`); None if not just one does."""
    ends = _EXTREMES.get(words)
    if ends is None:
        return None
    found = [(i, measure) for i, c in enumerate(categories) if (measure := measure_of(c)) in ends]
    if len(found) != 1:
        return None
    index, measure = found[0]
    return index, ends[measure] % len(categories[index].values)


def called(words: Collection[str], categories: tuple[Category, ...]) -> frozenset[int]:
    """The ordered categories that have one of the words in their label."""
    stems = {stem(w) for w in words}
    return frozenset(
        i
        for i, c in enumerate(categories)
        if c.scale is not Scale.NONE and stems & {stem(w) for w in label_words(c.label).split()}
    )


def _of(wanted: Collection[str | None], measures: list[str]) -> frozenset[int]:
    return frozenset(i for i, measure in enumerate(measures) if measure in wanted)
