"""The checker: from the syntax tree to the typed program.

It resolves names, finds sorts, tables and ranges, and writes what is left implicit into the terms. All independent
errors are reported at once, in order of position; a term that failed is silent afterwards. What the language has and
this version does not is refused under the code `unsupported`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nsr.diagnostics import Diagnostic, Severity, has_errors
from nsr.language import ast, ir
from nsr.language.check import declarations, partiality, statements
from nsr.language.check.context import Context
from nsr.language.recursion import RecursionRoom

__all__ = ["CheckResult", "check"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The typed program, None if there is any error; and what there is to say, in order of position."""

    program: ir.Program | None
    diagnostics: tuple[Diagnostic, ...]


def check(parsed: ast.ParsedProgram, source: str | None = None, *, root: Path | None = None) -> CheckResult:
    """The typed program of a syntax tree, and all diagnostics; never raises for any tree the parser gives.

    `root`: the folder below which data files are read, None for none.
    """
    text = parsed.source if source is None else source
    ctx = Context(text, root=root)
    with RecursionRoom():
        declarations.register(ctx, parsed.statements)
        declarations.declare_all(ctx, parsed.statements)
        sections = statements.sections(ctx, parsed.statements)
        requirements, questions = statements.program(ctx, sections)
        _look_back(ctx, requirements, questions)
    diagnostics = tuple(sorted(ctx.diagnostics, key=lambda d: (d.span.start, d.span.end)))
    if has_errors(diagnostics):
        return CheckResult(None, diagnostics)
    warnings = tuple(d for d in diagnostics if d.severity is Severity.WARNING)
    program = ir.Program(
        ctx.sorts,
        _in_order(ctx, parsed),
        ctx.definitions,
        ctx.tables,
        requirements,
        questions,
        warnings,
        source=text,
    )
    return CheckResult(program, diagnostics)


def _look_back(ctx: Context, requirements: tuple[ir.Requirement, ...], questions: tuple[ir.Question, ...]) -> None:
    """What is only seen when all is read: entries that are missing, symbols that nothing speaks of."""
    terms = [r.formula for r in requirements]
    terms += [d.body for d in ctx.definitions.values()]
    for question in questions:
        terms += [r.formula for r in question.requirements]
        match question.goal:
            case ir.Find(terms=found):
                terms += found
            case ir.Choose(options=options):
                terms += [o.formula for o in options]
    partiality.require_entries(ctx, terms)
    if has_errors(ctx.diagnostics):
        # What failed may have been what speaks of a symbol.
        return
    for name, function in ctx.symbols.items():
        if name not in ctx.used:
            ctx.warn(
                "unused-symbol",
                ctx.places[name],
                f"nothing speaks of `{name}`",
                found="never used",
                help="leave it out"
                if function.kind != "var"
                else "leave it out, or say with a constraint what is known of it",
            )


def _in_order(ctx: Context, parsed: ast.ParsedProgram) -> dict[str, ir.Function]:
    """The symbols in order of declaration, whatever order they were looked at in."""
    places = ctx.places
    return dict(sorted(ctx.symbols.items(), key=lambda item: places[item[0]].start))
