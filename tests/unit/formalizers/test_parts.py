"""Sentences that say two things of one subject."""

from __future__ import annotations

import pytest

from nsr.formalizers.parts import parts


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Ann, who isn't the baker, paid more than Bo.",
            ("Ann isn't the baker.", "Ann paid more than Bo."),
        ),
        (
            "Delia, whose subject wasn't romance, spoke the day after Bruno.",
            ("Delia's subject wasn't romance.", "Delia spoke the day after Bruno."),
        ),
        (
            "Ann didn't see the owl, and she wasn't out on Friday.",
            ("Ann didn't see the owl.", "Ann wasn't out on Friday."),
        ),
        (
            "Flo's apron is neither pink nor blue, and her treat was neither burnt nor dropped.",
            ("Flo's apron is neither pink nor blue.", "Flo's treat was neither burnt nor dropped."),
        ),
        (
            "Percy finished immediately ahead of Maud, who was the one with the leek.",
            ("Percy finished immediately ahead of Maud.", "Maud was the one with the leek."),
        ),
        ("Of Ann and Bo, who are friends, one is the baker.", None),
        ("Ann, Bo and Cy are three different people.", None),
        ("Ann paid more than Bo.", None),
    ],
)
def test_parts(sentence: str, expected: tuple[str, str] | None) -> None:
    assert parts(sentence) == expected
