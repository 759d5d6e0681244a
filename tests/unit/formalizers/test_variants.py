"""Readings beside those that a language model wrote."""

from __future__ import annotations

from nsr.formalizers.mentions import Tagger
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.variants import variants

TEXT = """There are 6 stalls, numbered 1 to 6.
Name: Ada, Bo, Cy, Di, Ed, Flo
Club: otters, bears, owls, foxes, crows, hares
"""


def found(sentence: str, readings: dict[str, float], loss: float) -> dict[str, float]:
    """The variants that lose so much against the likeliest reading."""
    declared = read_declarations(TEXT)
    assert declared is not None
    best = max(readings.values(), default=0.0)
    all_of_them = dict(variants(readings, Tagger(declared).tag(sentence)))
    return {formula: p for formula, p in all_of_them.items() if p == best - loss}


def test_a_list_is_made_whole() -> None:
    sentence = "Ada, the owls fan, Cy and the hares fan are all different."
    assert found(sentence, {"distinct(P1, P2, P4)": -0.5}, 1.0) == {"distinct(P1, P2, P3, P4)": -1.5}
    assert found(sentence, {"distinct(P1, P2, P3, P4)": -0.5}, 1.0) == {}
    assert found(sentence, {"distinct(P1, P2, P3, P4, P4)": -0.5}, 1.0) == {"distinct(P1, P2, P3, P4)": -1.5}
    assert found(sentence, {"P1 == P2": -0.5}, 1.0) == {}


def test_the_number_of_a_list_is_none_of_its_items() -> None:
    sentence = "The four people are Ada, the owls fan, Cy and the hares fan."
    (whole,) = found(sentence, {"distinct(P1, P2)": -0.5}, 1.0)
    assert whole.count("P") == 4


def test_another_number_takes_the_place_of_one_that_is_used() -> None:
    sentence = "The person in stall five is separated from the otters fan by 2 stalls."
    readings = {"abs(P1 - P2) == N1 + 1": -0.2, "P1 == P2": -3.0}
    assert found(sentence, readings, 3.0) == {"abs(P1 - P2) == N2 + 1": -3.2}
    assert found(sentence, {"P1 == P2": -0.2}, 3.0) == {}
    assert found(sentence, {}, 3.0) == {}


def test_one_comparison_is_turned() -> None:
    readings = {"P1 != P2 and P1 < P3": -0.5, "P1 == P2": -3.0}
    assert set(found("Ada is not of the owls and left of Cy.", readings, 5.0)) == {
        "P1 == P2 and P1 < P3",
        "P1 != P2 and P1 > P3",
        "P1 != P2 and P1 + 1 == P3",
    }
