"""The reference of the language: every statement has its section, every program is written as the printer would.

That the programs answer what is stated beside them is tested in `tests/test_docs.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nsr.grammars.parser import MAX_CHARACTERS, MAX_ERRORS, MAX_NESTING, parse
from nsr.grammars.tables import load_tables
from nsr.grammars.tree_expressions import MAX_DIGITS
from nsr.language.printer import KEYWORDS, print_program

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "language.md").read_text(encoding="utf-8")
PAGES = [TEXT, *(path.read_text(encoding="utf-8") for path in sorted((DOCS / "language").glob("*.md")))]
BLOCKS = [block for page in PAGES for block in re.findall(r"^```nsr ?([^\n]*)\n(.*?)^```", page, re.M | re.S)]


def test_every_statement_has_a_section_and_no_section_is_made_up() -> None:
    sections = [word for page in PAGES for word in re.findall(r"^### `(\w+)`$", page, re.M)]
    assert sorted(sections) == sorted(load_tables().statement_keywords)


def test_every_keyword_is_listed() -> None:
    listed = TEXT[TEXT.index("The **keywords** are") : TEXT.index("## Spellings that are read")]
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", listed))))
    assert words == KEYWORDS


def test_limits_are_those_of_the_code() -> None:
    limits = TEXT[TEXT.index("## Limits") :]
    for number in (f"{MAX_CHARACTERS:,} characters", f"{MAX_NESTING} levels", f"{MAX_ERRORS} syntax errors"):
        assert number in limits
    assert any(re.search(rf"at\s+most {MAX_DIGITS} digits", page) for page in PAGES)


@pytest.mark.parametrize("source", [source for info, source in BLOCKS if not info.startswith("wrong")])
def test_examples_parse_and_are_canonical(source: str) -> None:
    result = parse(source)
    assert result.diagnostics == ()
    assert result.program is not None
    without_comments = "".join(line for line in source.splitlines(True) if not line.startswith("#"))
    assert print_program(result.program) == without_comments


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
