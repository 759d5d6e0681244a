"""`nsr check`: all errors and warnings of a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from nsr.cli.common import folder_of, json_option, read_text
from nsr.diagnostics import Diagnostic


def show_diagnostics(diagnostics: Sequence[Diagnostic], source: str, name: str, *, as_json: bool) -> None:
    """Diagnostics on standard error for people, or as a JSON object on standard output."""
    from nsr.diagnostics import Source, render, to_json

    place = Source(source, name)
    if as_json:
        click.echo(json.dumps({"diagnostics": [to_json(d, place) for d in diagnostics]}, ensure_ascii=False))
    elif diagnostics:
        click.echo(render(diagnostics, place), err=True)
        if diagnostics[0].code == "no-statement" and not source[: diagnostics[0].span.start].strip():
            click.echo("\nA problem in plain English is answered by `nsr solve`.", err=True)


@click.command("check")
@click.argument("program", metavar="FILE|-")
@click.option(
    "--text", metavar="FILE", help="The problem's text: statements are held against the sentences they quote."
)
@json_option
def command(program: str, text: str | None, as_json: bool) -> None:
    """Show every error and warning of a program; exit code 2 if there is an error."""
    from nsr.diagnostics import has_errors
    from nsr.engine.checking import check_source

    source, name = read_text(program)
    _, diagnostics = check_source(source, text=read_text(text)[0] if text else None, root=folder_of(program))
    show_diagnostics(diagnostics, source, name, as_json=as_json)
    if not as_json and not diagnostics:
        click.echo("no errors, no warnings")
    sys.exit(2 if has_errors(diagnostics) else 0)
