"""`nsr fmt`: the canonical form of a program."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nsr.cli.common import read_text, write_text
from nsr.errors import UsageError


@click.command("fmt")
@click.argument("programs", nargs=-1, required=True, metavar="FILE|- ...")
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit code 2 if a file is not in canonical form."
)
@click.option("--write", is_flag=True, help="Write the result back to the files.")
def command(programs: tuple[str, ...], only_check: bool, write: bool) -> None:
    """Print programs in their canonical form; comments stay."""
    from nsr.cli.check import show_diagnostics
    from nsr.errors import ProgramError
    from nsr.grammars.formatter import format_source

    code = 0
    for program in programs:
        try:
            source, name = read_text(program)
        except UsageError as error:
            click.echo(f"error: {error}", err=True)
            code = 2
            continue
        try:
            formatted = format_source(source)
        except ProgramError as error:
            show_diagnostics(error.diagnostics, source, name, as_json=False)
            code = 2
            continue
        if only_check:
            if formatted != source:
                click.echo(f"{name}: not in canonical form")
                code = 2
        elif write and program != "-":
            if formatted != source:
                write_text(Path(program), formatted)
        else:
            click.echo(formatted, nl=False)
    sys.exit(code)
