"""Short ways to a typed program, for the tests of this folder."""

from __future__ import annotations

from nsr.diagnostics import Diagnostic
from nsr.grammars.libraries import read_library
from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check


def program(source: str) -> ir.Program:
    """The typed program of a source without errors."""
    parsed = parse(source)
    assert parsed.program is not None, parsed.diagnostics
    result = check(parsed.program, read_library=read_library)
    assert result.program is not None, result.diagnostics
    return result.program


def diagnostics(source: str) -> tuple[Diagnostic, ...]:
    """What the checker says about a source that parses."""
    parsed = parse(source)
    assert parsed.program is not None, parsed.diagnostics
    return check(parsed.program).diagnostics


def codes(source: str) -> list[str]:
    """The codes of what the checker says."""
    return [d.code for d in diagnostics(source)]


def formula(text: str, declarations: str = "") -> tuple[ir.Term, ir.Program]:
    """The term of one constraint under some declarations, with its program."""
    checked = program(f"{declarations}\nconstraint: {text}\n")
    return checked.requirements[-1].formula, checked
