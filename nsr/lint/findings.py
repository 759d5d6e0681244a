"""What a check of a statement against its sentence reports."""

from __future__ import annotations

from dataclasses import dataclass

from nsr.diagnostics import Diagnostic, Severity, Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A disagreement between a sentence and the statement that formalizes it (`statement` is its name)."""

    code: str
    statement: str
    sentence: str
    message: str

    def to_diagnostic(self, span: Span) -> Diagnostic:
        """The finding as a warning at the statement's place in the program."""
        return Diagnostic(self.code, self.message, span, Severity.WARNING, notes=(f"sentence: “{self.sentence}”",))
