"""`nsr export`: a program in another notation, of ours or of another tool."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nsr.cli.common import folder_of, read_text, write_text
from nsr.cli.notations import Notation, written

if TYPE_CHECKING:
    from nsr.language.ir import Program


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


def write_out(source: str, name: str, root: Path | None, to: str, question: str | None, out: str | None) -> None:
    """Writes a question of the program `source` in a notation; what cannot be said ends the command with code 2."""
    from nsr.cli.check import show_diagnostics
    from nsr.engine.checking import parse_program
    from nsr.errors import ProgramError

    try:
        typed = parse_program(source, name, root)
        text = written(typed, numbered(typed, question), to)
    except ProgramError as error:
        show_diagnostics(error.diagnostics, source, name, as_json=False)
        sys.exit(2)
    put(text, out)


@click.command("export")
@click.argument("program", metavar="FILE|-")
@click.option(
    "--format", "to", type=Notation(), required=True, metavar="NAME", help="nsr, smt2, lp, mps, asp, prolog or python."
)
@click.option("--question", metavar="LABEL", help="Which question of the program, by label or number (the first one).")
@click.option("-o", "--out", metavar="FILE", help="A file in place of standard output.")
def command(program: str, to: str, question: str | None, out: str | None) -> None:
    """Write a program for another tool: SMT-LIB, LP, MPS, ASP, Prolog, or a stand-alone Python script."""
    source, name = read_text(program)
    write_out(source, name, folder_of(program), to, question, out)
