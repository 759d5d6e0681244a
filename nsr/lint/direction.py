"""Which of two things comes first: words such as `left of`, `before`, `more than` against the formula's order.

A comparing word is followed by what is compared with (`left of the red house`); in the formula that thing must stand
on the other side of an order. Sentences that turn the order round in ways not followed here are left to the other
checks and the solver.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.formalizers.declarations import Category
from nsr.formalizers.measures import measure_of
from nsr.formalizers.mentions import Thing
from nsr.language import ir
from nsr.lint.findings import Finding
from nsr.lint.orders import ORDER
from nsr.lint.polarity import without_values
from nsr.lint.reading import Reading, Relation, Vocabulary, resembles

IDIOMS = {
    "after": ("look", "looks", "looked", "looking", "named"),
    "behind": ("wheel", "scenes", "bar", "counter", "camera"),
}
"""Words of order that mean none: behind a verb of whom one cares for or is called by, before where one works."""

AFTER = "".join(f"(?<!{verb} )" for verb in IDIOMS["after"]) + "after"
_BEHIND = f"behind(?! the (?:{'|'.join(IDIOMS['behind'])}))"

_GAP = r"(?:[\w'-]+ ){0,3}?"
_MORE = r"more (?!(?:\w+ )?(?:light|afford|econom|compact|brief|inexpens|modest|recent))"
_NOT_AS = r"(?<=not |n't |n’t )as"
"""`Not as tall as`, of which the `not` is found by itself; `as tall as` alone orders nothing."""
_BORN = r"born (?:(?!in\b|on\b|and\b|who\b|that\b|is\b|was\b)[\w'-]+ ){0,4}?"
_PLACED = r"(?:plac(?:es?|ed|ing)|finish(?:es|ed|ing)?|rank(?:s|ed|ing)?)"
_BESIDE = r"(?:next(?: door)? to|adjacent to|beside)"
_LOSES = r"trail(?:s|ed)|falls? short of|fell short of|lost to|loses to|beaten by|defeated by|outscored by|outranked by"
_WINS = r"(?:outscored|surpass(?:es|ed)|beats?|defeat(?:s|ed)|outrank(?:s|ed))(?! by)"
_LOWER = "|".join(
    (
        r"left of|left from|left-hand side of|before|prior to|precedes?|preceded(?! by)|preceding|followed by|"
        r"leads up to",
        rf"{_BESIDE}(?=[^,;.]*\bon the left\b)",
        r"(?:earlier|sooner|less|fewer|cheaper|shorter|smaller|cooler|colder|shallower|narrower|thinner) "
        rf"{_GAP}than",
        rf"(?:closer|nearer|lower[- ]number(?:ed)?) {_GAP}than",
        rf"more (?:light|afford|econom|compact|brief|inexpens|modest)\w* {_GAP}than",
        rf"{_NOT_AS} (?:early|few|little|cheap|short|small|light|low|near|close) as",
    )
)
_HIGHER = "|".join(
    (
        r"right of|right from|right-hand side of|follows|followed(?! by)|following|preceded by|subsequent to",
        AFTER,
        rf"{_BESIDE}(?=[^,;.]*\bon the right\b)",
        rf"{_MORE}{_GAP}than",
        r"(?:later|taller|higher[- ]number(?:ed)?|longer|larger|bigger|costlier|greater|pricier|warmer|hotter|deeper|"
        rf"wider|broader|thicker|heavier|(?:farther|further)(?! (?:to the )?(?:left|right|up|down))) {_GAP}than",
        rf"{_NOT_AS} (?:late|many|much|expensive|costly|tall|long|large|big|heavy|high|great|far) as",
    )
)
# Words whose order depends on what is compared: people by age or by year of birth, runners by their speed or by their
# time, places in a queue or points, of which the better one has the lower or the higher number.
_CUE = re.compile(
    rf"\b(?:(?P<lower>{_LOWER})|(?P<higher>{_HIGHER})"
    rf"|(?P<lower_age>(?:younger|newer|more recent) {_GAP}than|{_NOT_AS} young as|{_BORN}after)"
    rf"|(?P<higher_age>older {_GAP}than|{_NOT_AS} old as|{_BORN}before)"
    rf"|(?P<lower_speed>slower {_GAP}than|{_NOT_AS} slow as)"
    rf"|(?P<higher_speed>(?:faster|quicker) {_GAP}than|{_NOT_AS} (?:fast|quick) as)"
    rf"|(?P<lower_row>ahead of|in front of)|(?P<higher_row>{_BEHIND})"
    rf"|(?P<lower_lead>{_LOSES}|worse {_GAP}than|{_PLACED} {_GAP}lower {_GAP}than)"
    rf"|(?P<higher_lead>{_WINS}|better (?!half\b){_GAP}than|{_PLACED} {_GAP}higher {_GAP}than)"
    rf"|(?P<lower_stand>{_PLACED} {_GAP}below)|(?P<higher_stand>{_PLACED} {_GAP}above)"
    rf"|(?P<lower_rank>lower {_GAP}than)|(?P<higher_rank>higher {_GAP}than))\b",
    re.IGNORECASE,
)
# What stands between an amount and its comparing word: `3 houses to the` left of.
_AMOUNT_ENDS = re.compile(r"(?: (?!and |but |is |was |who |that |which )[\w'-]+){0,4} ?", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|cannot)\b|n['’]t\b", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:neither|nor|none|nobody|no|without|except|unless|either|whichever|depending|or|in some order)\b|\?|"
    r"\bnext (?:\w+er|less) ",
    re.IGNORECASE,
)
_HERS = re.compile(r"\W*(?:his|hers|theirs)\b", re.IGNORECASE)
_IDLE_NO = re.compile(
    r"\bno (?:later|earlier|more|less|fewer|higher|lower|sooner|longer|older|younger|taller|shorter)\b", re.IGNORECASE
)
_SYMMETRIC = re.compile(
    r"\b(?:next to each other|side by side|adjacent to each other|neighbou?rs|next to|beside|next door|apart|"
    r"between)\b",
    re.IGNORECASE,
)
# Neighbours and distances say nothing about who comes first, unless a word of order stands beside them.
_SIDED = re.compile(
    r"left|right|before|after|earl|\blate|less|more|than\b|preced|follow|behind|ahead|front|above|below|under|over\b|"
    r"previous|lower|higher|\bon\b|\bas \w+ as\b|subsequent|\btop|north|south|east\b|west\b",
    re.IGNORECASE,
)
_MISSPELT = (
    "right",
    "before",
    "after",
    "between",
    "ahead",
    "behind",
    "above",
    "below",
    "directly",
    "immediately",
    "earlier",
)
_ROW = re.compile(
    r"\b(?:left|right) (?:of|from)\b|\b(?:left|right)-hand\b|\bnext to each other\b|\bside by side\b", re.IGNORECASE
)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Reports an order that is the reverse of the sentence's, one it does not speak of, and one that was lost."""
    ordered = [r for r in reading.relations if (r.kind in ("less", "shift") and r.step >= 0) or r.kind == "bound"]
    words = without_values(reading)
    is_silent = not ORDER.search(reading.sentence) and not resembles(words, _MISSPELT)
    is_mutual = len(reading.relations) == len(ordered) == 1 and _SYMMETRIC.search(words) and not _SIDED.search(words)
    if ordered and (is_silent or is_mutual):
        yield reading.finding("order-not-in-sentence", "the formula orders the two, the sentence does not")
    yield from _other_dimension(reading, words, vocabulary)
    if _UNCLEAR.search(_IDLE_NO.sub(" ", words)):
        return
    cues = list(_CUE.finditer(words))
    if reading.relations and not ordered and len(cues) == 1 and all(_is_unordered(r) for r in reading.relations):
        yield reading.finding("order-lost", "the sentence orders the two, the formula does not")
    compared: frozenset[Thing] | None = None
    for number, cue in enumerate(cues):
        end = cues[number + 1].start() if number + 1 < len(cues) else len(words)
        start = cues[number - 1].end() if number else 0
        # `later than Ann's and from a platform with a lower number than hers`
        compared = _first_mention(reading, cue.end(), end) or (compared if _HERS.match(words, cue.end()) else None)
        if compared is None:
            continue
        is_denied = _is_denied(reading, words, start, cue.start())
        for relation in ordered:
            if not compared & (relation.low_things | relation.high_things):
                continue
            is_lower = _puts_lower(cue.lastgroup or "", relation, vocabulary)
            side = _side(relation, compared, is_denied=is_denied)
            if is_lower is None or side is None:
                break
            if side == ("high" if is_lower else "low"):
                break
        else:
            if any(_side(r, compared, is_denied=is_denied) for r in ordered):
                yield reading.finding(
                    "direction-reversed", "the formula orders the two the other way round than the sentence"
                )
                return


def _is_unordered(relation: Relation) -> bool:
    """A distance, or two things said to be one; not a thing whose place the checker has reckoned out."""
    is_same = isinstance(relation.low, ir.Apply) and isinstance(relation.high, ir.Apply)
    return relation.kind == "distance" or (relation.kind == "equal" and is_same)


def _other_dimension(reading: Reading, words: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """`Left of` and `next to each other` are of the places in a row, whatever else has an order."""
    base = vocabulary.declarations.base_category
    if not base.is_positions or not _ROW.search(words):
        return
    ranked = [r for r in reading.relations if r.kind in ("less", "shift", "distance", "apart")]
    if ranked and all(_sort_name(r) not in ("", base.type_name) for r in ranked):
        yield reading.finding("other-dimension", f"the sentence speaks of {base.label}, the formula of something else")


def _puts_lower(kind: str, relation: Relation, vocabulary: Vocabulary) -> bool | None:
    """Whether the word says that what it is said of is the lower one; None if that cannot be told."""
    if kind in ("lower", "higher"):
        return kind == "lower"
    declared = vocabulary.declarations
    base = declared.base_category
    of_places = base.is_positions and _sort_name(relation) == base.type_name
    if kind.endswith("_row"):
        return kind == "lower_row" if of_places else None
    category = next((c for c in declared.categories if c.type_name == _sort_name(relation)), None)
    is_turned = _is_turned(category, kind.rpartition("_")[2])
    return None if is_turned is None else kind.startswith("lower") != is_turned


_LEVEL = re.compile(r"\b(?:floor|level|stor)")
# Of years of birth or construction the older one has the lower number.
_TURNED = {
    ("stand", "place"): True, ("stand", "points"): False,
    ("lead", "place"): True, ("lead", "row"): True, ("lead", "points"): False, ("speed", "duration"): True,
    ("speed", "speed"): False, ("age", "time"): True, ("age", "age"): False,
}  # fmt: skip


def _is_turned(category: Category | None, compared: str) -> bool | None:
    """Whether the older, faster, better or higher has the lower number in a category; None if that cannot be told."""
    if category is None:
        return None
    measure = measure_of(category)
    is_place = measure in ("place", "row")
    if is_place and _LEVEL.search(category.label.lower()):
        # Nobody is said to be better for living higher up.
        return False if compared == "rank" else None
    if compared == "rank":
        # Who is higher in a row of places may have the lower number.
        return None if is_place else False
    if compared == "speed" and category.unit == "clock":
        return True
    return _TURNED.get((compared, measure))


def _sort_name(relation: Relation) -> str:
    term = relation.low if isinstance(relation.low, ir.Apply) else relation.high
    return "" if term is None else str(ir.sort_of(term))


def _first_mention(reading: Reading, start: int, end: int) -> frozenset[Thing] | None:
    """What the first mention in a stretch of the sentence may mean; None where a bare number stands first."""
    named = {t for r in reading.relations for t in r.low_things | r.high_things}
    # `Left of the shopper at the shoe store`: what is named for sure goes before a word that is like a value's.
    for mention in sorted(reading.mentions, key=lambda m: (m.weak, m.span)):
        if mention.span.start < start or mention.span.end > end:
            continue
        if not mention.things:
            return None
        if named.intersection(mention.things):
            return frozenset(mention.things)
    return None


def _is_denied(reading: Reading, words: str, start: int, end: int) -> bool:
    """Whether a `not` stands before the comparing word, behind the last thing mentioned before it."""
    before = [
        m.span.end
        for m in reading.mentions
        if m.things
        and not m.weak
        and start <= m.span.start
        and m.span.end <= end
        and not (m.number is not None and _AMOUNT_ENDS.fullmatch(words[m.span.end : end]))
    ]
    return bool(_NOT.search(words[max([start, *before]) : end]))


def _side(relation: Relation, compared: frozenset[Thing], *, is_denied: bool) -> str | None:
    """Where an order has the thing compared with, as the sentence would put it; None if on both sides or none."""
    is_low, is_high = bool(relation.low_things & compared), bool(relation.high_things & compared)
    if is_low == is_high:
        return None
    # "not before" is written as an order the other way round, or as an order denied.
    if is_denied and relation.kind == "shift" and not relation.is_denied:
        return None
    turned = is_denied != relation.is_denied
    return "high" if is_high != turned else "low"
