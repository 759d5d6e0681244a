"""The little language of replies: parsing, truth, equivalence."""

from fractions import Fraction

import pytest

from nsr.synth.formula import World, equivalent, holds, parse_reply

SCALE = [Fraction(n) for n in (1, 2, 3, 4)]


def true_at(reply: str, **places: int) -> bool:
    return holds(parse_reply(reply), World({k: v - 1 for k, v in places.items()}, {"N1": Fraction(2)}, SCALE, {}, {}))


@pytest.mark.parametrize(
    ("reply", "places", "expected"),
    [
        ("P1 == P2", {"P1": 2, "P2": 2}, True),
        ("P1 + 1 == P2", {"P1": 2, "P2": 3}, True),
        ("abs(P1 - P2) == N1 + 1", {"P1": 4, "P2": 1}, True),
        ("P1 == P2 xor P1 == P3", {"P1": 1, "P2": 1, "P3": 1}, False),
        ("P2 < P1 < P3 or P3 < P1 < P2", {"P1": 2, "P2": 4, "P3": 1}, True),
        ("(P1 == P2 and P1 == P3) or (P1 == P3 and P2 == P3)", {"P1": 1, "P2": 2, "P3": 3}, False),
        ("P1 == P2 implies P1 == P3", {"P1": 1, "P2": 2, "P3": 3}, True),
        ("P1 == P2 iff P1 == P3", {"P1": 1, "P2": 2, "P3": 1}, False),
        ("distinct(P1, P2, P3)", {"P1": 1, "P2": 2, "P3": 1}, False),
        ("pos(P1) % 2 == 1", {"P1": 3}, True),
        ("P1 == first or P1 == last", {"P1": 4}, True),
        ("pos(P1) + N1 > pos(last)", {"P1": 3}, True),
    ],
)
def test_truth(reply: str, places: dict[str, int], expected: bool) -> None:
    assert true_at(reply, **places) is expected


def test_steps_of_one_count_places_on_a_scale_of_numbers() -> None:
    world = World({"P1": 0, "P2": 1}, {"N1": Fraction(50)}, [Fraction(225), Fraction(275)], {}, {})
    assert holds(parse_reply("P1 + 1 == P2"), world)
    assert holds(parse_reply("P1 + N1 == P2"), world)


@pytest.mark.parametrize("reply", ["", "P1", "P1 == ", "P1 == P2 P3", "foo(P1) == P2", "P1 == cat", "(P1 == P2"])
def test_nonsense_is_refused(reply: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_reply(reply)


def test_equivalence() -> None:
    groups = {"P1": 1, "P2": 2, "P3": 2}
    assert equivalent("P1 < P2", "P2 > P1", 4, {}, groups, {})
    assert equivalent("P1 == P2 or P1 == P3", "P1 == P2 xor P1 == P3", 4, {}, groups, {})
    assert not equivalent("P1 < P2", "P1 <= P2", 4, {}, groups, {})
    assert not equivalent("P1 == P2", "skip", 4, {}, groups, {})
