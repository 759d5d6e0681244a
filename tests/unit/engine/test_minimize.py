"""Programs made smaller: what is left still fails, nothing in it is to spare, and no more is tried than may be."""

from __future__ import annotations

import random

import pytest

from nsr.diagnostics import has_errors
from nsr.engine.checking import check_source
from nsr.engine.minimize import minimize
from nsr.grammars.parser import parse
from nsr.language.printer import print_program
from nsr.limits import Budget
from nsr.testing.cases import CASES, Case
from nsr.testing.generate import random_program

GRID = """type House = 1..3
type Name = {ann, bo, cy}
type Pet = {cat, dog, fish}
var house(Name): House distinct
var pet(Pet): House distinct
constraint c1 "Ann is in the first house.": house(ann) == 1 and pet(cat) == house(bo)
constraint c2: forall n in Name, p in Pet if n != ann: house(n) == pet(p) implies house(n) >= 2 or pet(p) < 3
constraint c3: sum(house(n) for n in Name) == 2 + 1 + 3
find unique house, pet
"""


def is_valid(source: str) -> bool:
    program, diagnostics = check_source(source)
    return program is not None and not has_errors(diagnostics)


def test_what_stays_is_what_is_needed() -> None:
    small = minimize(GRID, lambda text: is_valid(text) and "implies" in text, Budget(steps=3000))
    assert is_valid(small)
    statements = small.splitlines()
    # One unknown, what it is about, the implication, and the goal that every program has in the end may go.
    assert len([line for line in statements if line.startswith("constraint")]) == 1
    assert "c1" not in small
    assert "sum" not in small
    assert len(small) < len(GRID) / 4


def test_citations_labels_and_filters_go() -> None:
    small = minimize(GRID, lambda text: is_valid(text) and "house(" in text.partition("constraint")[2])
    assert '"' not in small
    assert "if" not in small
    assert "and" not in small


@pytest.mark.parametrize("case", CASES[::20], ids=lambda case: case.name)
def test_every_part_is_tried_only_where_it_can_stand(case: Case) -> None:
    assert minimize(case.program, lambda _: False, Budget(steps=500)) == case.program


@pytest.mark.parametrize("seed", range(6))
def test_a_random_need_of_a_random_program(seed: int) -> None:
    parsed = parse(random_program(seed, max_structures=30)).program
    assert parsed is not None
    source = print_program(parsed)
    rng = random.Random(seed)
    lines = [line for line in source.splitlines() if line.startswith("constraint")]
    needed = set(rng.sample(lines, min(2, len(lines))))

    def fails(text: str) -> bool:
        return needed <= set(text.splitlines()) and is_valid(text)

    small = minimize(source, fails)
    assert fails(small)
    assert {line for line in small.splitlines() if line.startswith("constraint")} == needed


def test_nothing_that_is_left_is_to_spare() -> None:
    def fails(text: str) -> bool:
        return is_valid(text) and "pet(" in text and "house(" in text and "==" in text

    small = minimize(GRID, fails, Budget(steps=3000)).splitlines()
    for place in range(len(small)):
        assert not fails("".join(f"{line}\n" for line in small[:place] + small[place + 1 :]))


def test_what_never_fails_again_is_given_back() -> None:
    assert minimize(GRID, lambda _: False) == GRID


def test_no_more_tries_than_the_budget_has() -> None:
    tried: list[str] = []

    def fails(text: str) -> bool:
        tried.append(text)
        return is_valid(text)

    small = minimize(GRID, fails, Budget(steps=5))
    assert len(tried) == 5
    assert is_valid(small)
    assert len(set(tried)) == len(tried)


def test_no_program_is_taken_for_lines() -> None:
    source = "".join(f"line {n}\n" for n in range(30))
    assert parse(source).program is None or parse(source).diagnostics
    assert minimize(source, lambda text: "line 3\n" in text and "line 8\n" in text) == "line 3\nline 8\n"
