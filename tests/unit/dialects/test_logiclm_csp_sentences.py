"""Constraints held against their sentences: places counted from the wrong end, comparisons the wrong way round."""

from __future__ import annotations

import pytest

from nsr.dialects import read
from nsr.dialects.logiclm_csp_sentences import Ends

AGES = Ends.of({1: "oldest", 5: "newest"})
SHELF = Ends.of({1: "leftmost", 2: "in between", 5: "rightmost"})
PRICES = Ends.of({1: "cheapest", 5: "most expensive"})
RACE = Ends.of({1: "first place", 5: "Last"})


@pytest.mark.parametrize(
    ("ends", "sentence", "place"),
    [
        (AGES, "The old car is the newest.", 5),
        (AGES, "The old car is the second-newest.", 4),
        (AGES, "The old car is the third-oldest", 3),
        (SHELF, "The old car is the leftmost.", 1),
        (SHELF, "The old car is the second from the right.", 4),
        (PRICES, "The old cars are the second-most expensive.", 4),
        (PRICES, "The old cars are the third-cheapest.", 3),
        (RACE, "Old car finished second.", 2),
        (RACE, "Old car finished second-to-last.", 4),
        (RACE, "Old car finished last.", 5),
        (AGES, "The little old car is the newest.", 5),
        (AGES, "The van is the newest.", None),
        (AGES, "The car is the newest.", None),
        (AGES, "The old car is not the newest.", None),
        (AGES, "The old car is the second from the left.", None),
        (AGES, "The old car is the seventh-newest.", None),
        (AGES, "", None),
    ],
)
def test_places(ends: Ends, sentence: str, place: int | None) -> None:
    assert ends.place(sentence, "old_car") == place


@pytest.mark.parametrize(
    ("ends", "sentence", "is_less"),
    [
        (AGES, "The car is older than the van.", True),
        (AGES, "The car is newer than the van.", False),
        (AGES, "The van is newer than the car.", True),
        (SHELF, "The car is to the left of the van.", True),
        (PRICES, "The cars are less expensive than the vans.", True),
        (PRICES, "The cars are more expensive than the vans.", False),
        (PRICES, "The cars are cheaper than the vans.", True),
        (RACE, "Car finished above Van.", True),
        (RACE, "Car finished below Van.", False),
        (AGES, "The car is older than the bus.", None),
        (AGES, "The car is to the left of the van.", None),
    ],
)
def test_comparisons(ends: Ends, sentence: str, is_less: bool | None) -> None:
    assert ends.is_less(sentence, "car", "van") == is_less


PROGRAM = """Domain:
1: oldest
3: newest
Variables:
car [IN] [1, 2, 3]
van [IN] [1, 2, 3]
bus [IN] [1, 2, 3]
Constraints:
car == 1 ::: The car is the newest.
van < bus ::: The van is newer than the bus.
AllDifferentConstraint([car, van, bus])
Query:
A) van == 1 ::: The van is the oldest.
B) bus == 1 ::: The bus is the oldest.
"""


def test_a_program_is_held_against_its_sentences() -> None:
    reading = read(PROGRAM, "logiclm-csp")
    assert [d.code for d in reading.repairs] == ["logiclm-place-by-sentence", "logiclm-order-by-sentence"]
    assert [d.fix.replacement for d in reading.repairs if d.fix] == ["car == 3", "van > bus"]
    assert "car == 3" in reading.source
    assert "van > bus" in reading.source
    assert read(PROGRAM, "logiclm-csp", strict=True).program is None


@pytest.mark.parametrize(
    ("written", "other"),
    [
        (" ::: The van is newer than the bus.", ""),  # its order is in doubt where the others change
        ("3: newest\n", ""),
        ("3: newest", "4: newest"),
        ("bus [IN] [1, 2, 3]", "bus [IN] [1, 2, 3, 4]"),
    ],
)
def test_doubts_leave_all_as_it_is(written: str, other: str) -> None:
    reading = read(PROGRAM.replace(written, other), "logiclm-csp")
    assert not reading.repairs
    assert "car == 1" in reading.source
