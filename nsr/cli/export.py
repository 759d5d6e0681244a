"""`nsr export`: a program in the notation of another tool."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nsr.cli.common import folder_of, read_text, write_text

if TYPE_CHECKING:
    from nsr.language.ir import Program

DSL = "dsl"
"""The language itself, in canonical form."""


class Formats(click.ParamType[str]):
    """The names of the formats; the writers load only when one is asked for."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from nsr.writers import WRITERS

        if value != DSL and value not in WRITERS:
            self.fail(f"there is no format {value!r}; there are {DSL}, {', '.join(sorted(WRITERS))}", param, ctx)
        return value


def written(program: Program, question: int, to: str) -> str:
    """A program in a format.

    Raises:
        UsageError: if there is no such question.
        ProgramError: if the format cannot express the program, or only with too long a text.
    """
    from nsr.diagnostics import Diagnostic, Span
    from nsr.engine.checking import place_of_goal
    from nsr.errors import ProgramError, UsageError
    from nsr.grammars.formatter import format_source
    from nsr.limits import BudgetExceeded
    from nsr.solvers import Gap
    from nsr.writers import WRITERS, write

    if not 0 <= question < len(program.questions):
        raise UsageError(f"there is no question {question + 1}; the program has {len(program.questions)}")
    if to == DSL:
        return format_source(program.source)
    try:
        return write(program, question, to=to)
    except Gap as gap:
        told = f"{WRITERS[to].title} has no way to say this: {', '.join(gap.missing)}"
        raise ProgramError([Diagnostic("unsupported", told, place_of_goal(program, question))], told) from gap
    except BudgetExceeded as stop:
        told = f"the program is too large to be written as {to}"
        raise ProgramError([Diagnostic("too-large", told, Span(0, 0))], told) from stop


def put(text: str, out: str | None) -> None:
    """Writes a text to a file, or to standard output.

    Raises:
        UsageError: if the file cannot be written.
    """
    if out is None or out == "-":
        click.echo(text, nl=not text.endswith("\n"))
        return
    write_text(Path(out), text)


def numbered(program: Program, label: str | None) -> int:
    """The place of a question by its label or its number from 1; the first one if none is named.

    Raises:
        UsageError: if there is none.
    """
    from nsr.errors import UsageError

    if label is None:
        return 0
    labels = [question.label for question in program.questions]
    if label in labels:
        return labels.index(label)
    if label.isascii() and label.isdigit() and 1 <= int(label[:9]) <= len(labels):
        return int(label) - 1
    known = ", ".join(name or str(number) for number, name in enumerate(labels, 1))
    raise UsageError(f"there is no question {label!r}; the program's are: {known}")


@click.command("export")
@click.argument("program", metavar="FILE|-")
@click.option(
    "--format", "to", type=Formats(), required=True, metavar="NAME", help="dsl, smt2, lp, mps, asp, prolog or python."
)
@click.option("--question", metavar="LABEL", help="Which question of the program, by label or number (the first one).")
@click.option("-o", "--out", metavar="FILE", help="A file in place of standard output.")
def command(program: str, to: str, question: str | None, out: str | None) -> None:
    """Write a program for another tool: SMT-LIB, LP, MPS, ASP, Prolog, or a stand-alone Python script."""
    from nsr.cli.check import show_diagnostics
    from nsr.engine.checking import parse_program
    from nsr.errors import ProgramError

    source, name = read_text(program)
    try:
        typed = parse_program(source, name, folder_of(program))
        text = written(typed, numbered(typed, question), to)
    except ProgramError as error:
        show_diagnostics(error.diagnostics, source, name, as_json=False)
        sys.exit(2)
    put(text, out)
