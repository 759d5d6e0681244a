"""Hostile programs end in time, with a diagnostic or a program, and the process stays usable."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType

import pytest
from language_programs import codes, program

from nsr.grammars.parser import parse
from nsr.language.check import check
from nsr.language.enumerate import solutions
from nsr.language.evaluate import holds
from nsr.limits import Budget, BudgetExceeded


def test_a_huge_power_is_refused() -> None:
    assert codes("var x: 1..3\nconstraint: x < 10 ** 10 ** 10") == ["too-large"]
    assert codes("type H = 1..2 ** 10 ** 9\nvar x: H\nfind x") == ["too-large"]


def test_a_huge_range_is_a_sort_and_nothing_is_made_of_it() -> None:
    checked = program("type H = 1..1_000_000_000_000\nvar x(1..2): H distinct\nconstraint: exists h in H: x(1) == h")
    with pytest.raises(BudgetExceeded):
        list(solutions(checked, checked.questions[0], budget=Budget(steps=20_000)))


def test_wide_and_many() -> None:
    assert program("var x: 1..3\nconstraint: " + " and ".join(["x == 1"] * 5_000)).requirements
    assert program("var x: 1..3\nconstraint: 3 == " + " + ".join(["x"] * 5_000)).requirements
    elements = ", ".join(f"e{i}" for i in range(5_000))
    lines = "".join(f"constraint: f(e{i}) != e{i + 1}\n" for i in range(1_000))
    assert len(program(f"type T = {{{elements}}}\nvar f(T): T\n{lines}").requirements) == 1_000


def test_many_unknown_names_end_in_time() -> None:
    elements = ", ".join(f"e{i}" for i in range(10_000))
    lines = "".join(f"constraint: f(e{i}) != g{i}\n" for i in range(300))
    parsed = parse(f"type T = {{{elements}}}\nvar f(T): T\n{lines}").program
    assert parsed is not None
    started = time.process_time()
    assert [d.code for d in check(parsed).diagnostics] == ["unknown-name"] * 300
    # Near names for each of them would take minutes.
    assert time.process_time() - started < 10


def calls_of(action: Callable[[], object]) -> int:
    """How many function calls an action makes: its cost, whatever else the machine does."""
    count = 0

    def seen(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def test_work_grows_with_the_number_of_statements() -> None:
    head = "type H = 1..6\ntype P = {a, b, c, d, e, f}\nvar h(P): H distinct\nvar g(P): H distinct\n"
    calls = []
    for count in (100, 800):
        parsed = parse(head + 'constraint "Some sentence.": abs(h(a) - g(b)) == 1 and h(c) != 3\n' * count).program
        assert parsed is not None
        calls.append(calls_of(lambda parsed=parsed: check(parsed)))  # type: ignore[misc]
    # Eight times the statements; a quadratic step would make 64 times as many.
    assert calls[1] < 12 * calls[0]


def test_chains_of_definitions() -> None:
    chain = "".join(f"define d{i} = d{i + 1}\n" for i in range(5_000)) + "define d5000 = x\n"
    assert set(codes("var x: 1..2\n" + chain + "constraint: d0 == 1")) == {"too-deep"}
    doubling = "".join(f"define d{i} = d{i - 1} + d{i - 1}\n" for i in range(1, 60))
    checked = program(f"var d0: 1..2\n{doubling}constraint: d59 > 4")
    with pytest.raises(BudgetExceeded):
        list(solutions(checked, checked.questions[0], budget=Budget(steps=50_000)))
    squaring = "".join(f"define d{i} = d{i - 1} * d{i - 1}\n" for i in range(1, 60))
    assert program(f"var d0: 1..2\n{squaring}constraint: d59 > 4").symbols["d59"].kind == "define"


def test_deep_definitions_are_evaluated_or_refused() -> None:
    def deep(count: int) -> str:
        levels = "".join(f"define d{i} = {'abs(' * 90}d{i - 1}{')' * 90}\n" for i in range(1, count))
        return f"var d0: 1..2\n{levels}constraint: d{count - 1} == 1"

    checked = program(deep(11))
    (structure,) = solutions(checked, checked.questions[0])
    assert holds(checked.requirements[0].formula, structure, checked)
    assert codes(deep(40)) == ["too-deep"]


def test_many_binders() -> None:
    names = ", ".join(f"x{i}" for i in range(5_000))
    checked = program(f"type T = {{a}}\npred p(T)\nconstraint: forall {names} in T: p(x3)")
    assert len(list(solutions(checked, checked.questions[0]))) == 1
