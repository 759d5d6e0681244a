"""`nsr solve`: a text in, a verified answer out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Unpack

import click

from nsr.cli.common import (
    ModelArguments,
    json_option,
    make_options,
    model_options,
    read_text,
    solver_options,
    with_cells,
)
from nsr.errors import UsageError


@click.command("solve")
@click.argument("problem", metavar="FILE|TEXT|-")
@model_options
@solver_options
@click.option("--explain", is_flag=True, help="Show each statement with its sentence.")
@click.option("--why", "cells", is_flag=True, help="Show for each cell of a grid the sentences that force it.")
@click.option("--program", "show_program", is_flag=True, help="Show the program that was solved.")
@click.option("--trace", is_flag=True, help="Show every round of the refinement loop.")
@json_option
def command(
    problem: str,
    explain: bool,
    cells: bool,
    show_program: bool,
    trace: bool,
    as_json: bool,
    **options: Unpack[ModelArguments],
) -> None:
    """Answer a problem stated in plain English: a file, the text itself, or `-` for standard input."""
    from nsr.cli.show import show_result
    from nsr.engine.engine import Engine
    from nsr.results import exit_code

    text, name = read_text(problem, literal=True)
    if name.endswith(".nsr"):
        raise UsageError(f"{name} is a program, no text: `nsr run {problem}` answers it")
    options["reports"] = options["reports"] or str(Path.cwd())
    with Engine(make_options(**options)) as engine:
        result = engine.solve(text)
        if cells:
            result = with_cells(engine, result, text)
    if as_json:
        click.echo(result.to_json())
    else:
        show_result(result, explain=explain or cells, program=show_program, trace=trace)
    sys.exit(exit_code(result.status))
