"""A hand-written parser of the nine kinds of clues, a baseline for the language model: regular expressions, mentions.

It gives drafts of the same form as the staged formalizer, with one translation a sentence, so that the same loop can
run on them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nsr.errors import FormalizationError
from nsr.formalizers.declarations import Declarations
from nsr.formalizers.mentions import Mention, TaggedSentence, Tagger
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.segment import segment
from nsr.formalizers.sentence import SKIP, put_back
from nsr.formalizers.staged import Candidate, SentenceDraft, StagedDraft

__all__ = ["PatternFormalizer", "translate"]

_BETWEEN = re.compile(r"^there (?:is|are) (one|two) houses? between (?P<a>.+) and (?P<b>.+)$", re.IGNORECASE)
_BESIDE = re.compile(r"^(?P<a>.+?) and (?P<b>.+) are next to each other$", re.IGNORECASE)
_ROWS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), formula)
    for pattern, formula in (
        (r"^(?P<a>.+) is directly left of (?P<b>.+)$", "{a} + 1 == {b}"),
        (r"^(?P<a>.+) is directly right of (?P<b>.+)$", "{a} == {b} + 1"),
        (r"^(?P<a>.+) is somewhere to the left of (?P<b>.+)$", "{a} < {b}"),
        (r"^(?P<a>.+) is somewhere to the right of (?P<b>.+)$", "{a} > {b}"),
        (r"^(?P<a>.+) is not in the (?P<b>\w+ house)$", "{a} != {b}"),
        (r"^(?P<a>.+) is in the (?P<b>\w+ house)$", "{a} == {b}"),
        (r"^(?P<a>.+?) is not (?P<b>.+)$", "{a} != {b}"),
    )
)


def translate(sentence: str, tagged: TaggedSentence) -> str:
    """The formula over tags, or `skip` where no pattern fits or a thing is not found."""
    words = sentence.strip().rstrip(".")
    if found := _BETWEEN.match(words):
        return _filled(found, f"abs({{a}} - {{b}}) == {'1 + 1' if found[1].lower() == 'one' else '2 + 1'}", tagged)
    if found := _BESIDE.match(words):
        return _filled(found, "abs({a} - {b}) == 1", tagged)
    for pattern, formula in _ROWS:
        if found := pattern.match(words):
            return _filled(found, formula, tagged)
    # "is" may stand in either description: the first place where both sides mention something is taken.
    for cut in re.finditer(r" is ", words):
        left, right = (cut.string[: cut.start()], 0), (cut.string[cut.end() :], cut.end())
        a, b = _tag(left[1], left[1] + len(left[0]), tagged), _tag(right[1], right[1] + len(right[0]), tagged)
        if a and b and a != b:
            return f"{a} == {b}"
    return SKIP


def _filled(found: re.Match[str], formula: str, tagged: TaggedSentence) -> str:
    a, b = (_tag(*found.span(side), tagged) for side in ("a", "b"))
    return formula.format(a=a, b=b) if a and b else SKIP


def _tag(start: int, end: int, tagged: TaggedSentence) -> str | None:
    """The tag of what a stretch of the sentence describes: its longest sure mention, else its longest weak one."""
    inside = [m for m in tagged.mentions if m.things and start <= m.span.start and m.span.end <= end]
    if not inside:
        return None

    def weight(mention: Mention) -> tuple[bool, int]:
        return not mention.weak, mention.span.end - mention.span.start

    return tagged.tag_of(max(inside, key=weight).things[0])


class PatternFormalizer:
    """Drafts by patterns; declarations and sentences are found as the staged formalizer finds them."""

    def draft(self, texts: Sequence[str]) -> list[StagedDraft | FormalizationError]:
        """A draft for each text."""
        return [self._draft(text) for text in texts]

    def _draft(self, text: str) -> StagedDraft | FormalizationError:
        declared = read_declarations(text)
        if declared is None:
            return FormalizationError("no categories with values were found in the text")
        tagger = Tagger(declared)
        sentences = []
        for number, sentence in enumerate(segment(text), 1):
            tagged = tagger.tag(sentence.text)
            candidate = _candidate(sentence.text, tagged, declared)
            sentences.append(
                SentenceDraft(f"c{number}", sentence.text, sentence.span, sentence.is_clue, tagged, (candidate,))
            )
        return StagedDraft(text, declared, tuple(sentences), seconds={})


def _candidate(sentence: str, tagged: TaggedSentence, declared: Declarations) -> Candidate:
    formula = translate(sentence, tagged)
    return Candidate(formula, put_back(formula, tagged, declared), 0.0)
