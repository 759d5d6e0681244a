"""`nsr run`: a program in, a verified answer out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nsr.cli.common import folder_of, json_option, make_options, read_text, solver_options


@click.command("run")
@click.argument("program", metavar="FILE|-")
@solver_options
@click.option("--explain", is_flag=True, help="Show each statement with its sentence.")
@click.option("--why", "cells", is_flag=True, help="Show for each cell of a grid the sentences that force it.")
@json_option
def command(program: str, explain: bool, cells: bool, as_json: bool, **options: object) -> None:
    """Answer a program in the nsr language: a file (`.nsr`), or `-` for standard input."""
    from nsr.cli.show import show_result
    from nsr.engine.engine import Engine
    from nsr.errors import ProgramError
    from nsr.results import exit_code

    source, name = read_text(program)
    root = folder_of(program)
    options["reports"] = options["reports"] or str(root or Path.cwd())
    with Engine(make_options(**options)) as engine:  # type: ignore[arg-type]
        try:
            result = engine.run(source, root=root)
        except ProgramError as error:
            from nsr.cli.check import show_diagnostics

            show_diagnostics(error.diagnostics, source, name, as_json=as_json)
            sys.exit(2)
        if cells:
            result = engine.with_cell_reasons(result, root=root)
    if as_json:
        click.echo(result.to_json())
    else:
        show_result(result, explain=explain or cells)
    sys.exit(exit_code(result.status))
