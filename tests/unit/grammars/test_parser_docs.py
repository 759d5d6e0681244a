"""The reference of the language is true: its examples run, and every statement has its section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nsr.diagnostics import Severity
from nsr.engine.checking import check_source
from nsr.grammars.parser import MAX_CHARACTERS, MAX_ERRORS, MAX_NESTING, parse
from nsr.grammars.tables import load_tables
from nsr.grammars.tree_expressions import MAX_DIGITS
from nsr.language.printer import KEYWORDS, print_program

TEXT = (Path(__file__).parents[3] / "docs" / "language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```nsr ?([^\n]*)\n(.*?)^```", TEXT, re.M | re.S)


def examples(kind: str) -> list[str]:
    """The examples whose fence is marked so."""
    return [source for info, source in BLOCKS if info.split(" ")[0] == kind]


def test_every_statement_has_a_section_and_no_section_is_made_up() -> None:
    sections = re.findall(r"^### `(\w+)`$", TEXT, re.M)
    assert sorted(sections) == sorted(load_tables().statement_keywords)


def test_every_keyword_is_listed() -> None:
    listed = TEXT[TEXT.index("The **keywords** are") : TEXT.index("## Types and values")]
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", listed))))
    assert words == KEYWORDS


def test_limits_are_those_of_the_code() -> None:
    limits = TEXT[TEXT.index("## Limits") :]
    for number in (f"{MAX_CHARACTERS:,} characters", f"{MAX_NESTING} levels", f"{MAX_ERRORS} syntax errors"):
        assert number in limits
    assert f"at most {MAX_DIGITS} digits" in TEXT


def test_fences_are_of_known_kinds() -> None:
    assert {info.split(" ")[0] for info, _ in BLOCKS} == {"", "fragment", "later", "wrong"}


@pytest.mark.parametrize("source", [source for info, source in BLOCKS if not info.startswith("wrong")])
def test_examples_parse_and_are_canonical(source: str) -> None:
    result = parse(source)
    assert result.diagnostics == ()
    assert result.program is not None
    without_comments = "".join(line for line in source.splitlines(True) if not line.startswith("#"))
    assert print_program(result.program) == without_comments


@pytest.mark.parametrize("source", examples(""))
def test_whole_programs_pass_the_checker(source: str) -> None:
    program, diagnostics = check_source(source)
    assert [d for d in diagnostics if d.severity is Severity.ERROR] == []
    assert program is not None


@pytest.mark.parametrize("source", examples("later"))
def test_what_is_not_solved_yet_is_refused_as_such(source: str) -> None:
    program, diagnostics = check_source(source)
    assert program is None
    assert "unsupported" in {d.code for d in diagnostics}


HEAD = "type T = {a, b}\npred p(T)\nvar x: T, n: int in 0..9\nconstraint early: p(a)\n"
REFUSED = [
    "type Open",
    'type City from "cities.csv"',
    "var r: real",
    "var s: set of T",
    "rel q(T)",
    "fact p(a)",
    "rule p(X) if p(X)",
    "default p(X) if p(X)",
    "prefer early over early",
    "soft [2]: p(b)",
    'missing "It is not said."',
    "include family",
    "prove p(a)",
    "ask p(X)",
    "compute n + 1",
    "minimize n",
    "maximize n",
    "choose equivalent to early\noption A: p(a)",
    "choose determines x\noption A: p(a)",
    "choose forces p(a)\noption A: p(a)",
]


@pytest.mark.parametrize("source", REFUSED)
def test_the_list_of_what_is_refused_is_true(source: str) -> None:
    program, diagnostics = check_source(HEAD + source)
    assert program is None
    assert "unsupported" in {d.code for d in diagnostics}
    word = source.split(" ")[0]
    assert f"`{word}`" in TEXT[TEXT.index("Read and printed, but refused") :] or word in ("type", "var")


@pytest.mark.parametrize(("info", "source"), [(i, s) for i, s in BLOCKS if i.startswith("wrong")])
def test_wrong_examples_get_their_code(info: str, source: str) -> None:
    assert parse(source).diagnostics[0].code == info.removeprefix("wrong ")


READ = [
    ("constraint: a = b", "constraint: a == b"),
    ("constraint: ¬(p ∧ q ∨ r)", "constraint: not (p and q or r)"),
    ("constraint: p → q ↔ r", "constraint: p implies q iff r"),
    ("compute f[i][j] + g()", "compute f(i, j) + g"),
]


@pytest.mark.parametrize(("read", "printed"), READ)
def test_other_spellings_are_printed_as_said(read: str, printed: str) -> None:
    result = parse(read)
    assert result.program is not None
    assert print_program(result.program) == printed + "\n"
