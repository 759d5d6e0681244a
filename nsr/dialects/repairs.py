"""Collects what a reader of a dialect has to say: repairs, which strictness turns into errors, and errors.

A repair is made only where the meaning is beyond doubt, and each is recorded with the place and the certain fix, so
that whoever compares readings (a vote over samples, say) can prefer those that needed none.
"""

from __future__ import annotations

from nsr.diagnostics import Diagnostic, Fix, Label, Severity, Span, has_errors
from nsr.dialects.protocol import Reading
from nsr.language import ast

__all__ = ["MAX_FINDINGS", "Findings"]

MAX_FINDINGS = 200
"""After so many findings about one text the rest are only counted."""


class Findings:
    """The findings of one reading, in the order they were made; `reading` sorts them by place."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.has_errors = False
        self._found: list[Diagnostic] = []
        self._left_out = 0

    def repair(
        self, code: str, message: str, span: Span, replacement: str, *, at: Span | None = None, found: str = ""
    ) -> None:
        """Something was mended: `replacement` belongs at the place `at` (else `span`); strict, that is an error."""
        severity = Severity.ERROR if self.strict else Severity.REPAIR
        help = f"write `{replacement.strip()}`" if replacement.strip() else "take it out"
        self._add(Diagnostic(code, message, span, severity, found=found, help=help, fix=Fix(at or span, replacement)))

    def warning(self, code: str, message: str, span: Span, *, found: str = "", help: str = "") -> None:
        """The text says this by the conventions of its notation, and may not mean it; strictness leaves it alone."""
        self._add(Diagnostic(code, message, span, Severity.WARNING, found=found, help=help))

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str = "",
        found: str = "",
        expected: tuple[str, ...] = (),
        labels: tuple[Label, ...] = (),
    ) -> None:
        """The text cannot be read, or what it means is in doubt; `help` says what to do."""
        self._add(Diagnostic(code, message, span, found=found, help=help, expected=expected, labels=labels))

    def reading(self, statements: tuple[ast.Statement, ...], text: str = "") -> Reading:
        """The reading: the program of `statements`, or none if there is an error."""
        found = sorted(self._found, key=lambda d: (d.span.start, d.span.end))
        if self._left_out:
            end = Span(len(text), len(text))
            severity = Severity.ERROR if self.has_errors else Severity.WARNING
            found.append(Diagnostic("too-many-errors", f"{self._left_out} more findings are not shown", end, severity))
        program = None if has_errors(found) else ast.ParsedProgram(statements)
        return Reading(program, tuple(found))

    def _add(self, diagnostic: Diagnostic) -> None:
        self.has_errors |= diagnostic.severity is Severity.ERROR
        is_first_error = diagnostic.severity is Severity.ERROR and not has_errors(self._found)
        if len(self._found) < MAX_FINDINGS or is_first_error:
            self._found.append(diagnostic)
        else:
            self._left_out += 1
