"""Constraints and options held against their sentences, where the domain says which end of the values is which.

Language models count from the wrong end: with `1: oldest` and `5: newest`, `car == 2 ::: The car is the second-newest`.
The domain and the sentence together leave no doubt that 4 is meant. So too where a comparison is the wrong way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from nsr.dialects.logiclm_formula import Node
from nsr.dialects.logiclm_names import fold, is_form
from nsr.dialects.repairs import Findings

__all__ = ["Ends", "held_against_sentence"]

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL = "|".join(_ORDINALS)
_SUBJECT = r"(?:the )?(?P<subject>[\w' -]+?) (?:is|are|finished)"
_MAX_SENTENCE = 200


@dataclass(frozen=True, slots=True)
class Ends:
    """The least and the greatest value, and what the domain calls them: `oldest` and `newest`."""

    least: int
    most: int
    low: str
    high: str

    @classmethod
    def of(cls, labels: Mapping[int, str]) -> Ends | None:
        """The ends of labelled values; None unless there are two."""
        if len(labels) < 2:
            return None
        least, most = min(labels), max(labels)
        low, high = (_plain(labels[v]).removesuffix(" place") for v in (least, most))
        return cls(least, most, low, high)

    def place(self, sentence: str, name: str) -> int | None:
        """The value that a sentence `NAME is the second-newest` says; None of other sentences."""
        found = set(self._places(_plain(sentence), name))
        return found.pop() if len(found) == 1 else None

    def _places(self, sentence: str, name: str) -> Iterator[int]:
        for label, first, step in ((self.low, self.least, 1), (self.high, self.most, -1)):
            ways = [rf"(?: the)? (?:(?P<nth>{_ORDINAL})[- ])?{re.escape(label)}"]
            if label.endswith("most"):
                ways.append(rf"(?: the)? (?P<nth>{_ORDINAL}) from the {re.escape(label.removesuffix('most'))}")
            if label == "last":
                ways.append(rf"(?: the)? (?P<nth>{_ORDINAL})-to-last")
            if label == "first":
                ways.append(rf"(?: the)? (?P<nth>{_ORDINAL})")
            for way in ways:
                match = re.fullmatch(_SUBJECT + way, sentence)
                if match is not None and _names(match["subject"], name):
                    value = first + step * _ORDINALS.index(match["nth"] or "first")
                    if self.least <= value <= self.most:
                        yield value

    def is_less(self, sentence: str, one: str, other: str) -> bool | None:
        """Whether a sentence `ONE is older than OTHER` puts the one nearer to the low end; None of other sentences."""
        found = set()
        for label, is_low in ((self.low, True), (self.high, False)):
            for words, is_towards in _comparatives(label):
                match = re.fullmatch(rf"{_SUBJECT} {re.escape(words)} (?:the )?(?P<object>[\w' -]+)", _plain(sentence))
                if match is None:
                    continue
                for first, second, is_same in ((one, other, True), (other, one, False)):
                    if _names(match["subject"], first) and _names(match["object"], second):
                        found.add((is_low == is_towards) == is_same)
        return found.pop() if len(found) == 1 else None


def held_against_sentence(node: Node, sentence: str, ends: Ends, findings: Findings) -> Node:
    """The formula `name == number` or `name < name` as its sentence has it; others as they are."""
    if node.kind != "compare" or len(node.parts) != 2 or len(sentence) > _MAX_SENTENCE:
        return node
    left, right = node.parts
    if node.text == "==" and (left.kind, right.kind) == ("name", "number"):
        place = ends.place(sentence, left.text)
        if place is not None and right.text != str(place):
            message = "the sentence counts from the other end"
            findings.repair("logiclm-place-by-sentence", message, node.span, f"{left.text} == {place}")
            return replace(node, parts=(left, replace(right, text=str(place))))
    if node.text in ("<", ">") and left.kind == right.kind == "name":
        is_less = ends.is_less(sentence, left.text, right.text)
        if is_less is not None and is_less != (node.text == "<"):
            operator = "<" if is_less else ">"
            message = "the sentence compares the other way round"
            written = f"{left.text} {operator} {right.text}"
            findings.repair("logiclm-order-by-sentence", message, node.span, written)
            return replace(node, text=operator)
    return node


def _comparatives(label: str) -> Iterator[tuple[str, bool]]:
    """The words that compare towards an end (true) or away from it."""
    first, _, rest = label.partition(" ")
    if first in ("most", "least"):
        yield f"more {rest} than", first == "most"
        yield f"less {rest} than", first == "least"
    elif label.endswith("most"):
        yield f"to the {label.removesuffix('most')} of", True
    elif label.endswith("est"):
        yield f"{label.removesuffix('st')}r than", True
    elif label in ("first", "last"):
        yield "above", label == "first"
        yield "below", label == "last"


def _plain(sentence: str) -> str:
    return " ".join(sentence.casefold().split()).rstrip(".")


def _names(words: str, name: str) -> bool:
    """Whether a name stands for what the words are: all of them, or `orange` for *orange book*."""
    parts = name.casefold().split("_")
    return is_form(fold(words), fold(name)) or all(any(is_form(p, w) for w in words.split()) for p in parts)
