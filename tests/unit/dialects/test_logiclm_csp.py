"""Logic-LM's constraint problems: what they mean, repairs with their fixes, refusals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nsr.dialects import read, recognize
from nsr.engine.checking import check_source
from nsr.engine.engine import Engine
from nsr.engine.options import Options

PROGRAM = """Domain:
1: first
3: last
Variables:
red_book [IN] [1, 2, 3]
blue_book [IN] [1, 2, 3]
gray_book [IN] [1, 2, 3]
Constraints:
red_book > gray_book ::: The red book is to the right of the gray book.
blue_book == 1 ::: The blue book is first.
AllDifferentConstraint([red_book, blue_book, gray_book]) ::: All books have different values.
Query:
A) red_book == 3 ::: The red book is last.
B) gray_book == 3 ::: The gray book is last.
"""


def problem(constraint: str, option: str = "A) x == 1", variables: str = "x [IN] [1, 2, 3]\ny [IN] [1, 2, 3]") -> str:
    return f"Domain:\n1: left\n3: right\nVariables:\n{variables}\nConstraints:\n{constraint}\nQuery:\n{option}\n"


def test_what_a_problem_means() -> None:
    reading = read(PROGRAM, "logiclm-csp", strict=True)
    assert reading.source == (
        "var red_book: 1..3\n"
        "var blue_book: 1..3\n"
        "var gray_book: 1..3\n"
        'constraint "The red book is to the right of the gray book.": red_book > gray_book\n'
        'constraint "The blue book is first.": blue_book == 1\n'
        'constraint "All books have different values.": distinct(red_book, blue_book, gray_book)\n'
        "choose must\n"
        'option A "The red book is last.": red_book == 3\n'
        'option B "The gray book is last.": gray_book == 3\n'
    )
    assert Engine(Options(confirm=False)).run(reading.source).answer == "A"
    recognized = recognize(PROGRAM)
    assert recognized is not None
    assert recognized.name == "logiclm-csp"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("x == 1 or x == 3", "x == 1 or x == 3"),
        ("abs(x - y) == 1", "abs(x - y) == 1"),
        ("x == 7 - 2 * y", "x == 7 - 2 * y"),
        ("not (x in [1, 2])", "not (x in {1, 2})"),
        ("x not in [1]", "x not in {1}"),
        ("1 <= x < y", "1 <= x < y"),
        ("Or(x == 1, And(y == 2, Not(x == 3)))", "x == 1 or y == 2 and not x == 3"),
        ("x == -1", "x == -1"),
    ],
)
def test_formulas(written: str, meant: str) -> None:
    reading = read(problem(written), "logiclm-csp", strict=True)
    constraint = [s for s in reading.source.splitlines() if s.startswith("constraint")]
    assert [s.partition(": ")[2] for s in constraint] == [meant.replace("not (x in {1, 2})", "not x in {1, 2}")]
    assert check_source(reading.source)[0] is not None


@pytest.mark.parametrize(
    ("code", "written", "meant"),
    [
        ("logiclm-foreign-operator", "x == 1 || y == 2", "x == 1 or y == 2"),
        ("logiclm-foreign-operator", "x = 1", "x == 1"),
        ("logiclm-foreign-operator", "x ≠ y", "x != y"),
        ("logiclm-foreign-operator", "!(x == 1)", "not (x == 1)"),
        ("logiclm-value-by-name", "x == left", "x == 1"),
        ("logiclm-name-variant", "kiwi == 1", "kiwis == 1"),
        ("logiclm-bracket-missing", "AllDifferentConstraint([x, y]", "AllDifferentConstraint([x, y])"),
        ("logiclm-bracket-too-many", "(x == 1))", "(x == 1)"),
        ("logiclm-stray-punctuation", "x == 1;", "x == 1"),
    ],
)
def test_repairs(code: str, written: str, meant: str) -> None:
    option, variables = "A) kiwis == 1", "x [IN] [1, 2, 3]\ny [IN] [1, 2, 3]\nkiwis [IN] [1, 2]"
    text = problem(written, option, variables)
    reading = read(text, "logiclm-csp")
    (repair,) = reading.diagnostics
    assert repair.code == code
    assert repair.fix is not None
    fixed = text[: repair.fix.span.start] + repair.fix.replacement + text[repair.fix.span.end :]
    assert fixed == problem(meant, option, variables)
    assert reading.program == read(fixed, "logiclm-csp", strict=True).program
    assert read(text, "logiclm-csp", strict=True).program is None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("logiclm-unknown-name", problem("z == 1")),
        ("logiclm-unknown-function", problem("Before(x, y)")),
        ("logiclm-unreadable-line", problem("x == == 1")),
        ("logiclm-unreadable-line", problem("x == 1", "x == 1")),
        ("logiclm-unreadable-line", problem("x == 1", variables="x is a number")),
        ("logiclm-unknown-name", problem("x == 1", variables="x [IN] [low, high]")),
        ("logiclm-bad-values", problem("x == 1", variables="x [IN] []")),
        ("logiclm-bad-values", problem("x == 1", variables="x [IN] [1, 999999999]")),
        ("logiclm-query-missing", problem("x == 1", "")),
        ("logiclm-nesting-too-deep", problem("not " * 900 + "x == 1")),
    ],
)
def test_refusals(code: str, text: str) -> None:
    reading = read(text, "logiclm-csp")
    assert reading.program is None
    assert code in [d.code for d in reading.errors]


def test_values_with_a_gap() -> None:
    reading = read(problem("x != 1", variables="x [IN] [1, 3, 7]"), "logiclm-csp", strict=True)
    assert "var x: 1..7\nconstraint: x in {1, 3, 7}\n" in reading.source


@given(st.text(alphabet="xy1(),=<>[]|& +-ANDor.:\n", max_size=150))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    for whole in (text, problem(text), problem("x == 1", text), problem("x == 1", variables=text)):
        read(whole, "logiclm-csp")
