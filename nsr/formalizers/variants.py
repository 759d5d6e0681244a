"""Readings of a sentence that a language model came near: slips that small ones make, put right.

They stand behind what the language model wrote, so that they count only where the audit finds its own readings wanting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise, product
from typing import TypeAlias

from nsr.formalizers.mentions import Mention, TaggedSentence
from nsr.formalizers.quantities import CARDINALS

__all__ = ["EITHER_WAY", "denied_pairs", "variants"]

_Ranked: TypeAlias = Sequence[tuple[str, float]]
"""Readings with their log-probabilities, the likeliest first."""

_FULL_LIST_LOSS = 1.0
_OTHER_NUMBER_LOSS = 3.0
_TURNED_LOSS = 5.0
"""How much less probable (natural logarithm) a variant counts than the reading it is made of."""
_MOST_LISTS = 4
_LIST = re.compile(r"distinct\(([^()]*)\)")
_OPERATOR = re.compile(r" (==|!=|<|>) ")
_TURN = {"==": "!=", "!=": "==", "<": ">", ">": "<"}
_TERM = r"(?:D\d+\()?P\d+\)?"
_ORDERED = re.compile(rf"({_TERM}) ([<>]) ({_TERM})(?! [<>+])")
_SHIFTED = re.compile(rf"({_TERM}) \+ (N\d+|1) == ({_TERM})|({_TERM}) == ({_TERM}) \+ (N\d+|1)")
_ORDER = re.compile(r" ([<>]) ")
EITHER_WAY = re.compile(
    r"\b(?:before|earlier|left|above|more|older|taller|heavier) or [^,;]{0,24}?"
    r"(?:after|later|right|below|less|fewer|younger|shorter|lighter)\b",
    re.IGNORECASE,
)
"""A step in one direction or the other."""
_DENIAL = re.compile(r"\b(?:not|never|cannot|neither|nor)\b|n['’]t\b", re.IGNORECASE)
_OR = re.compile(
    r"\s*,?\s*(?:or|nor)\s(?!(?:is|was|does|did|has|had|can|will)\b)[^,;]*$|\s*,\s*(?:the |an? )?$", re.IGNORECASE
)
_NUMBER = re.compile(r"\bN\d+\b")


def variants(readings: Mapping[str, float], tagged: TaggedSentence) -> Iterator[tuple[str, float]]:
    """Formulas over tags with log-probabilities, beside `readings`: whole lists, other numbers, one atom turned."""
    ranked = sorted(readings.items(), key=lambda pair: -pair[1])
    if not ranked:
        return
    yield from _whole_lists(ranked, tagged)
    yield from _other_numbers(ranked, tagged)
    yield from _turned(ranked)
    yield from _stepped(ranked)
    yield from _denied_lists(ranked, tagged)
    yield from _either_way(ranked, tagged)


def _whole_lists(ranked: _Ranked, tagged: TaggedSentence) -> Iterator[tuple[str, float]]:
    """`distinct` of all that the sentence lists, where the language model left something out or said it twice."""
    lists = {tuple(found[1].split(", ")): p for r, p in ranked if (found := _LIST.fullmatch(r))}
    named = [_tags(mention, tagged) for mention in tagged.mentions if _is_listed(mention, tagged)]
    items = {tag for tags in named for tag in tags}
    is_said = any(
        len(set(used)) == len(used) and items.issuperset(used) and all(set(used).intersection(tags) for tags in named)
        for used in lists
    )
    if not lists or len(named) < 3 or is_said:
        return
    likeliest = max(lists, key=lambda used: lists[used])
    for chosen in islice(product(*(sorted(tags, key=lambda t: t not in likeliest) for tags in named)), _MOST_LISTS):
        if len(set(chosen)) == len(chosen):
            yield f"distinct({', '.join(chosen)})", lists[likeliest] - _FULL_LIST_LOSS


def _is_listed(mention: Mention, tagged: TaggedSentence) -> bool:
    """Whether a mention is an item: `four` in `the four people are` is none."""
    words = tagged.text[mention.span.start : mention.span.end].lower()
    return bool(mention.things) and not mention.weak and words not in CARDINALS


def _tags(mention: Mention, tagged: TaggedSentence) -> list[str]:
    return [tag for thing in mention.things if (tag := tagged.tag_of(thing)) is not None]


def _other_numbers(ranked: _Ranked, tagged: TaggedSentence) -> Iterator[tuple[str, float]]:
    """An amount of the sentence in place of another: in `stall five … 2 positions` the step is not five."""
    likeliest, probability = ranked[0]
    used = set(_NUMBER.findall(likeliest))
    if len(used) == 1:
        for other in tagged.numbers:
            if other not in used:
                yield _NUMBER.sub(other, likeliest), probability - _OTHER_NUMBER_LOSS


def _stepped(ranked: _Ranked) -> Iterator[tuple[str, float]]:
    """The likeliest reading with an order as a step of one: `the day after` is more than `after`."""
    for reading, probability in ranked:
        found = _ORDERED.search(reading)
        if found is not None:
            low, sign, high = found.groups()
            step = f"{low} + 1 == {high}" if sign == "<" else f"{low} == {high} + 1"
            yield reading[: found.start()] + step + reading[found.end() :], probability - _TURNED_LOSS
            return


def _turned(ranked: _Ranked) -> Iterator[tuple[str, float]]:
    """The likeliest reading with one comparison turned: what is denied, or which of two comes first."""
    likeliest, probability = ranked[0]
    loss = probability - _TURNED_LOSS
    for found in _OPERATOR.finditer(likeliest):
        turned = f" {_TURN[found[1]]} "
        yield likeliest[: found.start()] + turned + likeliest[found.end() :], loss
    if len(_ORDER.findall(likeliest)) > 1:
        yield _ORDER.sub(lambda found: f" {_TURN[found[1]]} ", likeliest), loss
    for found in _SHIFTED.finditer(likeliest):
        low, amount, high, first, second, step = found.groups()
        turned = f"{low} == {high} + {amount}" if low else f"{first} + {step} == {second}"
        yield likeliest[: found.start()] + turned + likeliest[found.end() :], loss


def denied_pairs(text: str, mentions: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """What a sentence parts that denies a list: `A is not B, C or D` three pairs, `neither A nor B is C or D` four."""
    if not 3 <= len(mentions) <= 5 or _DENIAL.search(text) is None:
        return []
    joins = [bool(_OR.match(text[a.span.end : b.span.start])) for a, b in pairwise(mentions)]
    subjects = 2 if joins[0] else 1
    items = mentions[subjects:]
    if len(items) < 2 or not all(joins[subjects:]) or joins[subjects - 1]:
        return []
    if not re.search(r"\b(?:or|nor)\b", text[items[-2].span.end : items[-1].span.start], re.IGNORECASE):
        return []
    return [(a, b) for a in mentions[:subjects] for b in items]


def _denied_lists(ranked: _Ranked, tagged: TaggedSentence) -> Iterator[tuple[str, float]]:
    """The denial of all that a list denies."""
    named = [m for m in tagged.mentions if _is_listed(m, tagged)]
    pairs = denied_pairs(tagged.text, named)
    tags = [(_tags(a, tagged), _tags(b, tagged)) for a, b in pairs]
    if tags and all(len(a) == len(b) == 1 for a, b in tags):
        yield " and ".join(f"{a[0]} != {b[0]}" for a, b in tags), ranked[0][1] - _TURNED_LOSS


def _either_way(ranked: _Ranked, tagged: TaggedSentence) -> Iterator[tuple[str, float]]:
    """`An hour before or an hour after`: the likeliest step as a distance."""
    if not EITHER_WAY.search(tagged.text):
        return
    for reading, probability in ranked:
        if found := _SHIFTED.fullmatch(reading):
            low, amount, high, first, second, step = found.groups()
            yield f"abs({low or first} - {high or second}) == {amount or step}", probability - _TURNED_LOSS
            return
