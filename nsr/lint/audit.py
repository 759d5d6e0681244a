"""The audit: every statement that quotes a sentence is held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from nsr.diagnostics import Diagnostic, Severity
from nsr.formalizers.declarations import Declarations
from nsr.language import ir
from nsr.lint import alternatives, connectives, direction, entities, numbers, pieces, polarity, units, unscaled, vacuous
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Vocabulary

Check = Callable[[Reading, Vocabulary], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    "entities": entities.check,
    "numbers": numbers.check,
    "polarity": polarity.check,
    "direction": direction.check,
    "units": units.check,
    "unscaled": unscaled.check,
    "vacuous": vacuous.check,
    "alternatives": alternatives.check,
    "connectives": connectives.check,
    "pieces": pieces.check,
}
"""The checks by name, in order of running."""


def audit(
    program: ir.Program,
    requirements: Iterable[ir.Requirement] | None = None,
    *,
    declarations: Declarations | None = None,
    checks: Iterable[str] = tuple(CHECKS),
) -> dict[str, tuple[Finding, ...]]:
    """Findings by statement name, for the statements that quote a sentence (all of the program by default).

    `declarations` gives the values' spelling in the text where it is known; else it is guessed from the names.
    """
    if declarations is None and not Vocabulary.has_values(program):
        return {}
    vocabulary = Vocabulary(program, declarations)
    chosen = [CHECKS[name] for name in checks]
    found: dict[str, tuple[Finding, ...]] = {}
    for requirement in program.requirements if requirements is None else requirements:
        if not requirement.citations:
            continue
        reading = vocabulary.read(requirement, " ".join(requirement.citations))
        found[requirement.name] = tuple(f for check in chosen for f in check(reading, vocabulary))
    return found


def lint_against_text(program: ir.Program, text: str) -> list[Diagnostic]:
    """Warnings of a program held against its text: quotations that are not in it, and the audit's findings."""
    known = _plain(text)
    spans = {r.name: r.origin.span for r in program.requirements}
    warnings = [
        Diagnostic(
            "citation-not-in-text",
            f"the text has no “{citation}”",
            requirement.origin.span,
            Severity.WARNING,
            help="copy the sentence from the text, or use a label in place of a citation",
        )
        for requirement in program.requirements
        for citation in requirement.citations
        if _plain(citation) not in known
    ]
    for name, findings in audit(program).items():
        warnings += [f.to_diagnostic(spans[name]) for f in findings]
    return warnings


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").replace("`", "").casefold().split())
