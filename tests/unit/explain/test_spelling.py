"""Names of a program back in the words of the text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nsr.explain.grid import words_of
from nsr.explain.spelling import Spelling, folded, rational
from nsr.language.sorts import Element

TEXT = "Zoë O’Neill lives in the 3rd-floor flat. The Ford F-150 is hers; the iced tea is Bob's. Bobby has none."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zoe", "Zoë"),
        ("oneill", "O’Neill"),
        ("`3rd floor`", "3rd-floor"),
        ("ford_f_150", "Ford F-150"),
        ("iced_tea", "iced tea"),
        ("bob", "Bob"),
        ("green_tea", "green tea"),
        ("obb", "obb"),
    ],
)
def test_names_are_spelled_as_in_the_text(name: str, words: str) -> None:
    assert Spelling(TEXT).of(name) == words


def test_without_a_text_underscores_become_blanks() -> None:
    assert Spelling().of("iced_tea") == "iced tea"


def test_values() -> None:
    spelling = Spelling(TEXT)
    assert spelling.value(Element("Drink", "iced_tea", 0)) == "iced tea"
    assert spelling.value(7) == 7
    assert spelling.value(True) is True
    assert spelling.value(None) is None


@pytest.mark.parametrize(
    ("value", "words"), [("7/3", "7/3"), ("1/2", "0.5"), ("-1/8", "-0.125"), ("11/10", "1.1"), ("3/1", "3")]
)
def test_rationals_are_decimals_where_those_are_finite(value: str, words: str) -> None:
    assert rational(Fraction(value)) == words


def test_folding_drops_what_spellings_differ_in() -> None:
    assert folded("O’Neill") == folded("oneill") == "oneill"
    assert folded("Café_au-lait") == "cafe au lait"


@pytest.mark.parametrize(
    ("name", "words"), [("BookGenre", "Book genre"), ("book_genre", "Book genre"), ("Pet", "Pet"), ("", "")]
)
def test_headings(name: str, words: str) -> None:
    assert words_of(name) == words
