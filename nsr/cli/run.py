"""`nsr run`: a program in, a verified answer out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Unpack

import click

from nsr.cli.common import SolverArguments, folder_of, json_option, make_options, read_text, solver_options, with_cells


@click.command("run")
@click.argument("program", metavar="FILE|-")
@solver_options
@click.option("--explain", is_flag=True, help="Show each statement with its sentence.")
@click.option("--why", "cells", is_flag=True, help="Show for each cell of a grid the sentences that force it.")
@click.option("--dialect", metavar="NAME", help="The notation of the program; recognized without this.")
@click.option("--strict", is_flag=True, help="Mend nothing in a program of another notation.")
@json_option
def command(
    program: str,
    explain: bool,
    cells: bool,
    dialect: str | None,
    strict: bool,
    as_json: bool,
    **options: Unpack[SolverArguments],
) -> None:
    """Answer a program: a file in the nsr language (`.nsr`) or in a dialect, or `-` for standard input."""
    from nsr.cli.convert import in_our_language, with_repairs
    from nsr.cli.show import show_result
    from nsr.engine.engine import Engine
    from nsr.errors import ProgramError
    from nsr.results import exit_code

    text, name = read_text(program)
    converted = in_our_language(text, name, dialect, strict=strict, as_json=as_json)
    source = converted.source
    root = folder_of(program)
    options["reports"] = options["reports"] or str(root or Path.cwd())
    with Engine(make_options(**options)) as engine:
        try:
            result = engine.run(source, root=root)
        except ProgramError as error:
            from nsr.cli.check import show_diagnostics

            show_diagnostics(error.diagnostics, source, name, as_json=as_json)
            sys.exit(2)
        if cells:
            result = with_cells(engine, result, root=root)
    if as_json:
        click.echo(with_repairs(result, converted).to_json())
    else:
        show_result(result, explain=explain or cells)
    sys.exit(exit_code(result.status))
