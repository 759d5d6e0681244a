"""Layouts that language models give their programs: fences, headings, numbers, bullets and prose change no meaning."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from nsr.dialects import read

PROGRAMS = {
    "logiclm-rules": """Predicates:
Big($x, bool) ::: Is x big?
Facts:
Big(Ann, True) ::: Ann is big.
Sees(Ann, Bo, True) ::: Ann sees Bo.
Rules:
Big($x, True) && Sees($x, $y, True) >>> Cold($y, False) ::: Whom a big thing sees is not cold.
Query:
Cold(Bo, True) ::: Bo is cold.
""",
    "logiclm-csp": """Domain:
1: leftmost
3: rightmost
Variables:
red_book [IN] [1, 2, 3]
gray_book [IN] [1, 2, 3]
Constraints:
red_book > gray_book ::: The red book is to the right of the gray book.
AllDifferentConstraint([red_book, gray_book])
Query:
A) red_book == 1 ::: The red book is the leftmost.
B) gray_book == 3 ::: The gray book is the rightmost.
""",
    "logiclm-arlsat": """# Declarations
people = EnumSort([Ann, Bo])
days = EnumSort([Monday, Tuesday])
visits = Function([people] -> [days])
# Constraints
Distinct([p:people], visits(p)) ::: each comes on a day of his own
visits(Ann) != Tuesday ::: Ann does not come on Tuesday
# Options
Question ::: Which one of the following must be true?
is_valid(visits(Bo) == Monday) ::: (A)
is_valid(visits(Bo) == Tuesday) ::: (B)
""",
    "logiclm-fol": """Predicates:
Dog(x) ::: x is a dog.
Premises:
∀x (Dog(x) → Animal(x)) ::: Every dog is an animal.
Dog(rex) ::: Rex is a dog.
Conclusion:
Animal(rex) ::: Rex is an animal.
""",
}


def _headings(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: re.sub(r"^(?:# )?([A-Z][a-z]+):?$", lambda m: change(m[1]), text, flags=re.M)


def _items(mark: str) -> Callable[[str], str]:
    return lambda text: re.sub(r"^(?!(?:# )?[A-Z][a-z]+:?$)(?=\S)", mark, text, flags=re.M)


LAYOUTS: dict[str, Callable[[str], str]] = {
    "fences": lambda text: f"```\n{text}```\n",
    "fence with a language": lambda text: f"```python\n{text}```",
    "a fence for each section": lambda text: _headings(lambda word: f"```\n### {word}\n```")(text)[4:] + "```\n",
    "marked headings": _headings(lambda word: f"### {word}"),
    "bold headings": _headings(lambda word: f"**{word}:**"),
    "capital headings": _headings(lambda word: f"{word.upper()}:"),
    "empty lines": lambda text: text.replace("\n", "\n\n"),
    "indented": _items("    "),
    "bullets": _items("- "),
    "numbers": _items("1. "),
    "other line ends": lambda text: text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_layout_changes_nothing(name: str, layout: str) -> None:
    plain = PROGRAMS[name]
    changed = LAYOUTS[layout](plain)
    assert changed != plain
    assert read(changed, name, strict=True).source == read(plain, name, strict=True).source != ""


@pytest.mark.parametrize("name", PROGRAMS)
def test_prose_around_fences_is_left_out(name: str) -> None:
    plain = PROGRAMS[name]
    text = f"Here is the program for this problem:\n\n```\n{plain}```\n\nThis program says what the problem says.\n"
    assert read(text, name).source == read(plain, name).source


@pytest.mark.parametrize("name", ["logiclm-csp", "logiclm-arlsat", "logiclm-rules"])
def test_prose_behind_is_told(name: str) -> None:
    plain = PROGRAMS[name]
    reading = read(f"{plain}\nThe answer follows from the constraints above.\n", name)
    assert [d.code for d in reading.diagnostics] == ["logiclm-text-outside"]
    assert reading.source == read(plain, name).source


@pytest.mark.parametrize("name", ["logiclm-rules", "logiclm-fol"])
def test_the_goal_may_stand_behind_its_heading(name: str) -> None:
    plain = PROGRAMS[name]
    changed = re.sub(r"(Query|Conclusion):\n", r"\1: ", plain)
    assert read(changed, name, strict=True).source == read(plain, name, strict=True).source


@pytest.mark.parametrize(
    ("name", "written", "other"),
    [
        ("logiclm-csp", "[IN] [1, 2, 3]", "[IN] {1, 2, 3}"),
        ("logiclm-csp", "[IN] [1, 2, 3]", "in range(1, 4)"),
        ("logiclm-csp", "B) gray", "(B) gray"),
        ("logiclm-csp", "B) gray", "Option B: gray"),
        ("logiclm-arlsat", "EnumSort([Ann, Bo])", "EnumSort(people, [Ann, Bo])"),
        ("logiclm-arlsat", "EnumSort([Ann, Bo])", 'EnumSort("people", ["Ann", "Bo"])'),
        ("logiclm-arlsat", "Question ::: Which", "Question: Which"),
        ("logiclm-arlsat", "visits(Ann) !=", "# a remark\nvisits(Ann) !="),
        ("logiclm-rules", "Facts:\n", "Facts:\n# a remark\n"),
    ],
)
def test_other_spellings(name: str, written: str, other: str) -> None:
    plain = PROGRAMS[name]
    assert written in plain
    assert read(plain.replace(written, other), name, strict=True).source == read(plain, name, strict=True).source


def test_a_minus_before_some_lines_is_a_negation() -> None:
    plain = PROGRAMS["logiclm-fol"]
    assert "not Dog(rex)" in read(plain.replace("Dog(rex) :::", "- Dog(rex) :::"), "logiclm-fol").source


def test_foreign_variables_of_rules() -> None:
    plain = PROGRAMS["logiclm-rules"]
    reading = read(plain.replace("$", "?"), "logiclm-rules")
    assert {d.code for d in reading.diagnostics} == {"logiclm-bare-variable"}
    assert reading.source == read(plain, "logiclm-rules").source
