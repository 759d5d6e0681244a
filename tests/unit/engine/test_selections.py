"""Selections come cheapest first, and none that a lesson rules out; held against trying them all."""

from __future__ import annotations

import random
from itertools import product

import pytest

from nsr.engine.selections import MAX_STEPS, Nogood, Selections

Choices = dict[str, list[tuple[float, int]]]


def _random_choices(rng: random.Random) -> Choices:
    found: Choices = {}
    for name in "abcd":
        numbers = rng.sample(range(4), rng.randrange(1, 5))
        found[name] = sorted((rng.choice((0.0, 0.5, 1.0, 2.5, 4.0)), n) for n in numbers)
    return found


def _random_nogood(rng: random.Random, choices: Choices) -> Nogood:
    names = rng.sample(sorted(choices), rng.randrange(1, 5))
    return Nogood({n: frozenset(c for _, c in choices[n] if rng.random() < 0.6) for n in names})


def _all(choices: Choices, nogoods: list[Nogood], limit: float) -> list[tuple[float, dict[str, int]]]:
    least = sum(ranked[0][0] for ranked in choices.values())
    found = []
    for picked in product(*choices.values()):
        selection = dict(zip(choices, (n for _, n in picked), strict=True))
        loss = sum(cost for cost, _ in picked) - least
        if loss <= limit and not any(n.bars(selection) for n in nogoods):
            found.append((loss, selection))
    return sorted(found, key=lambda row: row[0])


@pytest.mark.parametrize("seed", range(60))
def test_the_cheapest_that_is_left_is_found_after_every_lesson(seed: int) -> None:
    rng = random.Random(seed)
    choices, limit = _random_choices(rng), rng.choice((1.5, 4.0, 30.0))
    selections = Selections(choices, limit)
    nogoods: list[Nogood] = []
    for _ in range(12):
        wanted = _all(choices, nogoods, limit)
        found = selections.cheapest()
        assert (found is None) == (not wanted)
        if found is None:
            return
        assert found[0] == pytest.approx(wanted[0][0])
        assert not any(n.bars(found[1]) for n in nogoods)
        # A lesson always covers the selection that taught it.
        lesson = _random_nogood(rng, choices)
        covering = Nogood({n: c | {found[1][n]} for n, c in lesson.choices.items()})
        selections.bar(covering)
        nogoods.append(covering)


def test_barring_a_choice_for_good_leaves_nothing() -> None:
    selections = Selections({"a": [(0.0, 0), (1.0, 1)]}, 5.0)
    selections.bar(Nogood({"a": frozenset({0, 1})}))
    assert selections.cheapest() is None


def test_a_hostile_draft_does_not_grow_the_search_without_bound() -> None:
    choices = {f"s{i}": [(float(n) / 7, n) for n in range(5)] for i in range(400)}
    selections = Selections(choices, 1000.0)
    for i in range(0, 400, 2):
        selections.bar(Nogood({f"s{i}": frozenset({0}), f"s{i + 1}": frozenset({0})}))
    selections.cheapest()
    assert selections._steps <= MAX_STEPS
    assert len(selections._heap) <= 10 * MAX_STEPS
