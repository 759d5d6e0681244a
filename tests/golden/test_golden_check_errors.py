"""Renders the diagnostics of the programs in `check_errors.md` and compares.

To write the file anew after a change that was meant: `NSR_UPDATE_GOLDEN=1 pytest tests/golden`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from nsr.diagnostics import Source, render
from nsr.grammars.parser import parse
from nsr.language.check import check

PATH = Path(__file__).with_name("check_errors.md")
CASE = re.compile(
    r"^## (?P<title>[^\n]+)\n\n````nsr\n(?P<program>.*?)````\n\n````text\n(?P<shown>.*?)````\n", re.M | re.S
)
CASES = [match.groupdict() for match in CASE.finditer(PATH.read_text(encoding="utf-8"))]


def rendered(program: str) -> str:
    """What a person sees of the program's errors and warnings."""
    parsed = parse(program)
    assert parsed.program is not None, parsed.diagnostics
    return render(check(parsed.program).diagnostics, Source(program)) + "\n"


def test_there_are_cases() -> None:
    assert len(CASES) == PATH.read_text(encoding="utf-8").count("\n## ")


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_diagnostics_look_as_recorded(case: dict[str, str]) -> None:
    if os.environ.get("NSR_UPDATE_GOLDEN"):
        text = PATH.read_text(encoding="utf-8")
        old = f"````nsr\n{case['program']}````\n\n````text\n{case['shown']}````"
        new = f"````nsr\n{case['program']}````\n\n````text\n{rendered(case['program'])}````"
        PATH.write_text(text.replace(old, new), encoding="utf-8")
        return
    assert rendered(case["program"]) == case["shown"]
