"""The checker: from the syntax tree to the typed program.

It resolves names, finds sorts, tables and ranges, and writes what is left implicit into the terms. All independent
errors are reported at once, in order of position; a term that failed is silent afterwards. What the language has and
this version does not is refused under the code `unsupported`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nsr.diagnostics import Diagnostic, Severity, has_errors
from nsr.language import ast, ir
from nsr.language.check import declarations, questions, statements
from nsr.language.check.context import Context
from nsr.language.check.includes import Included, LibraryReader, included, with_own_variables
from nsr.language.check.look_back import look_back
from nsr.language.check.stated import keep_apart
from nsr.language.recursion import RecursionRoom

__all__ = ["CheckResult", "check"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The typed program, None if there is any error; and what there is to say, in order of position."""

    program: ir.Program | None
    diagnostics: tuple[Diagnostic, ...]


def check(
    parsed: ast.ParsedProgram,
    source: str | None = None,
    *,
    root: Path | None = None,
    read_library: LibraryReader | None = None,
) -> CheckResult:
    """The typed program of a syntax tree, and all diagnostics; never raises for any tree the parser gives.

    `root`: the folder below which data files are read, None for none. `read_library`: gives the trees that `include`
    names; without it `include` is refused.
    """
    text = parsed.source if source is None else source
    ctx = Context(text, root=root)
    with RecursionRoom():
        library = included(ctx, parsed.statements, read_library)
        everything = (*parsed.statements, *(i.statement for i in library))
        declarations.register(ctx, everything)
        declarations.declare_all(ctx, everything)
        _place(ctx, len(parsed.statements), library)
        declared = frozenset(
            name for name, f in ctx.symbols.items() if any(f.origin.statement == i.index for i in library)
        )
        found = statements.sections(ctx, parsed.statements, with_own_variables(ctx, library))
        keep_apart(found, library)
        read = questions.read(ctx, found)
        look_back(ctx, read, declared)
    diagnostics = tuple(sorted(ctx.diagnostics, key=lambda d: (d.span.start, d.span.end)))
    if has_errors(diagnostics):
        return CheckResult(None, diagnostics)
    return CheckResult(_program(ctx, read, diagnostics), diagnostics)


def _program(ctx: Context, read: questions.Sections, diagnostics: tuple[Diagnostic, ...]) -> ir.Program:
    places = ctx.places
    return ir.Program(
        ctx.sorts,
        # In order of declaration, whatever order they were looked at in.
        dict(sorted(ctx.symbols.items(), key=lambda item: places[item[0]].start)),
        ctx.definitions,
        ctx.tables,
        read.requirements,
        read.questions,
        tuple(d for d in diagnostics if d.severity is Severity.WARNING),
        source=ctx.source,
        facts=read.facts,
        rules=read.rules,
        softs=read.softs,
        missing=read.missing,
    )


def _place(ctx: Context, first: int, library: tuple[Included, ...]) -> None:
    """What a library declares comes from the statement that includes it."""
    for name, function in ctx.symbols.items():
        number = function.origin.statement - first
        if 0 <= number < len(library):
            origin = ir.Origin(library[number].index, function.origin.span)
            ctx.symbols[name] = replace(function, origin=origin)
