"""Source text to typed program: parse, check, and lint against the problem's text."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TypeAlias

from nsr.diagnostics import Diagnostic, Source, Span, has_errors, render
from nsr.errors import ProgramError, UsageError
from nsr.language import ir

__all__ = ["Folder", "check_source", "parse_program", "place_of_goal"]

Folder: TypeAlias = str | PathLike[str]
"""A folder as callers give it."""


def check_source(
    source: str, *, text: str | None = None, root: Folder | None = None
) -> tuple[ir.Program | None, tuple[Diagnostic, ...]]:
    """The typed program, if there are no errors, and all diagnostics in order of position.

    With `text`, every statement that quotes a sentence is held against it, and quotations that are not in the text
    are warned of. Data files are read below `root`; without it a program has none.

    Raises:
        UsageError: if `source` is no text, or `root` no path.
    """
    if not isinstance(source, str):
        raise UsageError(f"a program is its text or what `nsr.parse` gives, not {type(source).__name__}")
    if root is not None and not isinstance(root, str | PathLike):
        raise UsageError(f"`root` is a folder's path, not {type(root).__name__}")
    from nsr.grammars.libraries import read_library
    from nsr.grammars.parser import parse
    from nsr.language.check import check

    parsed = parse(source)
    if parsed.program is None or has_errors(parsed.diagnostics):
        return None, tuple(parsed.diagnostics)
    if not parsed.program.statements:
        told = Diagnostic("empty-program", "the program has no statements", Span(0, len(source)))
        return None, (*parsed.diagnostics, told)
    folder = None if root is None else Path(root)
    checked = check(parsed.program, source, root=folder, read_library=read_library)
    diagnostics = [*parsed.diagnostics, *checked.diagnostics]
    if checked.program is not None and text is not None:
        from nsr.lint.audit import lint_against_text

        diagnostics += lint_against_text(checked.program, text)
    return checked.program, tuple(sorted(diagnostics, key=lambda d: d.span))


def parse_program(source: str, name: str = "program", root: Folder | None = None) -> ir.Program:
    """The typed program of a source text; data files are read below `root`.

    Raises:
        ProgramError: with all diagnostics, if there is an error.
        UsageError: if `source` is no text, or `root` no path.
    """
    program, diagnostics = check_source(source, root=root)
    if program is None:
        raise ProgramError(diagnostics, render(diagnostics, Source(source, name)))
    return program


def place_of_goal(program: ir.Program, question: int = 0) -> Span:
    """Where the goal of a question is written, or an objective, for what speaks against all of it; else the program."""
    asked = program.questions[question]
    written = [node.origin for node in (asked.goal, *asked.objectives) if node.origin.statement >= 0]
    return written[0].span if written else Span(0, len(program.source))
