"""Readings beside those that a language model wrote."""

from __future__ import annotations

from nsr.formalizers.mentions import Tagger
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.variants import variants

TEXT = """There are 6 stalls, numbered 1 to 6.
Name: Ada, Bo, Cy, Di, Ed, Flo
Club: otters, bears, owls, foxes, crows, hares
"""


def found(sentence: str, readings: dict[str, float]) -> dict[str, float]:
    declared = read_declarations(TEXT)
    assert declared is not None
    return dict(variants(readings, Tagger(declared).tag(sentence)))


def test_a_list_is_made_whole() -> None:
    sentence = "Ada, the owls fan, Cy and the hares fan are all different."
    assert found(sentence, {"distinct(P1, P2, P4)": -0.5}) == {"distinct(P1, P2, P3, P4)": -1.5}
    assert found(sentence, {"distinct(P1, P2, P3, P4)": -0.5}) == {}
    assert found(sentence, {"distinct(P1, P2, P3, P4, P4)": -0.5}) == {"distinct(P1, P2, P3, P4)": -1.5}
    assert found(sentence, {"P1 == P2": -0.5}) == {}


def test_the_number_of_a_list_is_none_of_its_items() -> None:
    sentence = "The four people are Ada, the owls fan, Cy and the hares fan."
    (whole,) = found(sentence, {"distinct(P1, P2)": -0.5})
    assert whole.count("P") == 4


def test_another_number_takes_the_place_of_one_that_is_used() -> None:
    sentence = "The person in stall five is separated from the otters fan by 2 stalls."
    assert found(sentence, {"abs(P1 - P2) == N1 + 1": -0.2, "P1 == P2": -3.0}) == {"abs(P1 - P2) == N2 + 1": -3.2}
    assert found(sentence, {"P1 == P2": -0.2}) == {}
    assert found(sentence, {}) == {}
