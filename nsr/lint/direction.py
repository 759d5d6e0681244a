"""Which of two things comes first: words such as `left of`, `before`, `more than` against the formula's order.

Speaks only where the sentence has one plain comparison of two mentions, `<first> ... word ... <second>` or
`word of <first> ... <second>`; everything else is left to the other checks and the solver.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.formalizers.mentions import Mention, Thing
from nsr.language import ir
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Relation, Vocabulary

_LOWER = (
    r"left of|left from|before|earlier than|sooner than|prior to|less (?:\w+ )*than|fewer (?:\w+ )*than|younger than|cheaper than|"
    r"shorter than|lighter than|smaller than|slower than|precedes?|preceded(?! by)|preceding|followed by|lower than|less expensive than|"
    r"ahead of|in front of"
)
_HIGHER = (
    r"right of|right from|after|later than|more (?:\w+ )*than|older than|taller than|longer than|heavier than|larger than|bigger than|"
    r"follows|following|preceded by|more expensive than|behind|costlier than|greater than|higher than"
)
_CUE = re.compile(rf"\b(?:(?P<lower>{_LOWER})|(?P<higher>{_HIGHER}))\b", re.IGNORECASE)
# Words by which the order may turn round, or which say that there is no plain comparison.
_TURNED = re.compile(r"\b(?:not|n['’]t|neither|nor|either|or|if|unless|between|has|have|finds?|sees?|whose (?:left|right))\b", re.IGNORECASE)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Reports a formula whose order is the reverse of the sentence's."""
    ordered = [r for r in reading.relations if r.kind in ("less", "shift")]
    if len(ordered) != 1 or reading.has_negation:
        return
    spoken = _spoken_order(reading)
    if spoken is None:
        return
    low, high = (_things(t, vocabulary) for t in (ordered[0].low, ordered[0].high))
    if not low or not high or ordered[0].step < 0:
        return
    said_low, said_high = (frozenset(m.things) for m in spoken)
    if low & said_high and high & said_low and not (low & said_low and high & said_high):
        yield Finding(
            "direction-reversed",
            reading.requirement.name,
            reading.sentence,
            "the formula orders the two the other way round than the sentence",
        )


def _things(term: ir.Term | None, vocabulary: Vocabulary) -> frozenset[Thing]:
    if term is None:
        return frozenset()
    stack, found = [term], set()
    while stack:
        current = stack.pop()
        if isinstance(current, ir.Literal) and (thing := vocabulary.thing(current)) is not None:
            found.add(thing)
        stack.extend(ir_children(current))
    return frozenset(found)


def ir_children(term: ir.Term) -> tuple[ir.Term, ...]:
    """The direct parts of a term."""
    from nsr.language.traverse import children

    return tuple(children(term))


def _spoken_order(reading: Reading) -> tuple[Mention, Mention] | None:
    """The mentions that the sentence puts lower and higher, if it says so plainly."""
    cues = list(_CUE.finditer(reading.sentence))
    named = [m for m in reading.mentions if reading.things.intersection(m.things)]
    if len(cues) != 1 or len(named) != 2:
        return None
    cue = cues[0]
    first, second = named
    if not first.span.end <= cue.start() < cue.end() <= second.span.start:
        return None
    rest = reading.sentence[: first.span.start] + reading.sentence[first.span.end : cue.start()] + reading.sentence[cue.end() : second.span.start]
    if re.search(r"\b(?:not|n['’]t|neither|nor|either|or|if|unless|between|sees?)\b", rest, re.IGNORECASE) or re.search(
        r"\b(?:has|have|finds?)\b[^.]*\b(?:to (?:his|her|its|their|the)|directly|immediately)\b", reading.sentence[: cue.start()], re.IGNORECASE
    ):
        return None
    return (first, second) if cue["lower"] else (second, first)


__all__ = ["Relation", "check"]
