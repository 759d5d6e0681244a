"""Segmentation: sentences with exact places, whatever the layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsr.formalizers.segment import segment, split_sentences

PUZZLE = """There are 3 houses, numbered 1 to 3.
 - Each person has a unique name: `Ann`, `Bo`, `Cy`
 - Pets: cat, dog, fish

## Clues:
1. Dr. Ann isn't next to the dog. The cat is in house 3.
2. Bo paid $3.50 at 7 a.m. on Monday.
   He lives left of Cy.
"""


def test_clues_are_split_and_lists_of_values_are_left_out() -> None:
    found = segment(PUZZLE)
    assert [s.text for s in found] == [
        "There are 3 houses, numbered 1 to 3.",
        "Dr. Ann isn't next to the dog.",
        "The cat is in house 3.",
        "Bo paid $3.50 at 7 a.m. on Monday.",
        "He lives left of Cy.",
    ]
    assert [s.is_clue for s in found] == [False, True, True, True, True]


def test_spans_point_at_the_sentences() -> None:
    for sentence in segment(PUZZLE):
        start, end = sentence.span
        assert " ".join(PUZZLE[start:end].split()) == sentence.text


def test_headings_and_rules_are_no_sentences() -> None:
    assert [s.text for s in segment("# Puzzle\n\n---\n\n**Clues**\n- Ann is first.\n")] == ["Ann is first."]


@given(st.text(alphabet="ab .,:;!?\n-*|`#1(", max_size=80))
def test_any_text_gives_ordered_spans_within_it(text: str) -> None:
    last = 0
    for sentence in segment(text):
        assert last <= sentence.span.start < sentence.span.end <= len(text)
        last = sentence.span.end


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The boat is Ada's. Bo owns the car.", 2),
        ("It is sold at Hop Co. Ada sells it.", 2),
        ("It left at 8 a.m. Ada left later.", 2),
        ("Ada chose fig. Bo chose plum.", 2),
        ("Ada lives at no. 5 of the street.", 1),
        ("It was Dr. Ada who left.", 1),
        ("Ada owns the boat; the red car is Bo's.", 2),
        ("Ada owns the boat; it is red.", 1),
        ("Of the two, one is Ada; the other owns the boat.", 1),
        ("Exactly one of these is true: Ada is old; the boat is red.", 1),
    ],
)
def test_where_a_sentence_ends(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count
