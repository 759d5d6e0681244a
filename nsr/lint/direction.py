"""Which of two things comes first: words such as `left of`, `before`, `more than` against the formula's order.

A comparing word is followed by what is compared with (`left of the red house`); in the formula that thing must stand
on the other side of an order. Sentences that turn the order round in ways not followed here are left to the other
checks and the solver.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.formalizers.mentions import Thing
from nsr.lint.findings import Finding
from nsr.lint.polarity import without_values
from nsr.lint.reading import Reading, Relation, Vocabulary

_GAP = r"(?:[\w'-]+ ){0,3}?"
_LOWER = (
    rf"left of|left from|left-hand side of|before|earlier {_GAP}than|sooner {_GAP}than|prior to|less {_GAP}than|fewer {_GAP}than|"
    rf"cheaper {_GAP}than|shorter {_GAP}than|smaller {_GAP}than|precedes?|preceded(?! by)|preceding|"
    rf"followed by|leads up to"
)
_HIGHER = (
    rf"right of|right from|right-hand side of|(?<!look )(?<!looks )(?<!looked )(?<!looking )(?<!named )after|later {_GAP}than|more {_GAP}than|taller {_GAP}than|longer {_GAP}than|"
    rf"larger {_GAP}than|bigger {_GAP}than|follows|followed(?! by)|following|preceded by|costlier {_GAP}than|greater {_GAP}than|"
    rf"pricier {_GAP}than"
)
# Words whose order depends on what is compared: people by age or by year of birth, places in a queue or points.
_LOWER_AGE, _HIGHER_AGE = rf"younger {_GAP}than", rf"older {_GAP}than"
_LOWER_ROW, _HIGHER_ROW = r"ahead of|in front of", r"behind"
_LOWER_RANK, _HIGHER_RANK = rf"lower {_GAP}than", rf"higher {_GAP}than"
_CUE = re.compile(
    rf"\b(?:(?P<lower>{_LOWER})|(?P<higher>{_HIGHER})|(?P<lower_age>{_LOWER_AGE})|(?P<higher_age>{_HIGHER_AGE})"
    rf"|(?P<lower_row>{_LOWER_ROW})|(?P<higher_row>{_HIGHER_ROW})"
    rf"|(?P<lower_rank>{_LOWER_RANK})|(?P<higher_rank>{_HIGHER_RANK}))\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|cannot)\b|n['’]t\b", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:neither|nor|none|nobody|no|without|except|unless|either|whichever|depending|or)\b|\?", re.IGNORECASE
)
_IDLE_NO = re.compile(
    r"\bno (?:later|earlier|more|less|fewer|higher|lower|sooner|longer|older|younger|taller|shorter)\b", re.I
)
# Words of order in the widest sense: a formula that orders needs one of them.
_ANY_ORDER = re.compile(
    r"left|right|before|after|earl|late|soon|prior|less|few|more|most|least|than|preced|follow|succe|behind|ahead|front|above|below|"
    r"under|over|next|previous|between|until|since|\w{3,}er\b|beat|lead|ahead|up\b|down|rank|top|bottom|first|last|minus|plus|"
    r"increas|decreas|exceed|surpass|outr|out\w+ed|low|high|double|twice|half|times|then|north|south|east|west|prev|"
    r"as \w+ as|back|neighbou?r|trail|began|start|within|by\b|ago|of age|old|young",
    re.IGNORECASE,
)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Reports an order that is the reverse of the sentence's, one it does not speak of, and one that was lost."""
    ordered = [
        r for r in reading.relations if r.kind in ("less", "shift", "bound") and r.step >= 0 or r.kind == "bound"
    ]
    words = without_values(reading)
    if ordered and not _ANY_ORDER.search(reading.sentence):
        yield _finding(reading, "order-not-in-sentence", "the formula orders the two, the sentence does not")
    if _UNCLEAR.search(_IDLE_NO.sub(" ", words)):
        return
    cues = list(_CUE.finditer(words))
    for number, cue in enumerate(cues):
        is_lower = _puts_lower(cue, reading, vocabulary)
        if is_lower is None:
            continue
        end = cues[number + 1].start() if number + 1 < len(cues) else len(words)
        start = cues[number - 1].end() if number else 0
        compared = _first_mention(reading, cue.end(), end)
        if compared is None:
            continue
        is_denied = _is_denied(reading, words, start, cue.start())
        sides = {_side(r, compared, is_denied=is_denied) for r in ordered} - {None}
        if not ordered and len(cues) == 1 and any(r.kind == "distance" for r in reading.relations):
            yield _finding(reading, "order-lost", "the sentence orders the two, the formula does not")
        wanted = "high" if is_lower else "low"
        if sides and wanted not in sides:
            yield _finding(
                reading, "direction-reversed", "the formula orders the two the other way round than the sentence"
            )
            return


def _puts_lower(cue: re.Match[str], reading: Reading, vocabulary: Vocabulary) -> bool | None:
    """Whether the word says that what it is said of is the lower one; None if that cannot be told."""
    kind = cue.lastgroup or ""
    if kind in ("lower", "higher"):
        return kind == "lower"
    scale = vocabulary.declarations
    if kind.endswith("_row"):
        return kind == "lower_row" if scale.base_category.is_positions else None
    if kind.endswith("_rank"):
        # The higher place of a ranking is the lower number.
        is_level = re.search(r"\b(?:floor|level|stor)", scale.base_category.label)
        return kind == "lower_rank" if is_level or not scale.base_category.is_positions else None
    # Of years of birth or construction the older one has the lower number.
    numbers = [v.number for c in scale.categories for v in c.values if v.number is not None]
    if any(n >= 1000 for n in numbers):
        return None
    return kind == "lower_age"


def _first_mention(reading: Reading, start: int, end: int) -> frozenset[Thing] | None:
    """What the first mention in a stretch of the sentence may mean; None where a bare number stands first."""
    named = {t for r in reading.relations for t in r.low_things | r.high_things}
    for mention in sorted(reading.mentions, key=lambda m: m.span):
        if mention.span.start < start or mention.span.end > end:
            continue
        if not mention.things:
            return None
        if named.intersection(mention.things):
            return frozenset(mention.things)
    return None


def _is_denied(reading: Reading, words: str, start: int, end: int) -> bool:
    """Whether a `not` stands before the comparing word, behind the last thing mentioned before it."""
    before = [m.span.end for m in reading.mentions if start <= m.span.start and m.span.end <= end and m.things]
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


def _finding(reading: Reading, code: str, message: str) -> Finding:
    return Finding(code, reading.requirement.name, reading.sentence, message)
