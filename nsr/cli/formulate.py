"""`nsr formulate`: a text in, a checked program out, in the notation that is wanted."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from nsr.cli.common import (
    ModelArguments,
    json_option,
    make_options,
    model_options,
    only_with,
    read_text,
    solver_options,
)
from nsr.cli.export import put
from nsr.cli.notations import OURS, Notation, written

if TYPE_CHECKING:
    from nsr.engine.formulating import Formulation
    from nsr.results import Result


@click.command("formulate")
@click.argument("problem", metavar="FILE|TEXT|-")
@model_options
@solver_options
@click.option(
    "--format",
    "to",
    type=Notation(),
    default=OURS,
    show_default=True,
    metavar="NAME",
    help="nsr, smt2, lp, mps, asp, prolog or python.",
)
@click.option("-o", "--out", metavar="FILE", help="A file for the program in place of standard output.")
@click.option("--solve", is_flag=True, help="Answer the program, too.")
@click.option("--explain", is_flag=True, help="With --solve: show each statement with its sentence.")
@json_option
def command(
    problem: str, to: str, out: str | None, solve: bool, explain: bool, as_json: bool, **options: Unpack[ModelArguments]
) -> None:
    """Turn a problem in plain English into a checked program: a file, the text itself, or `-` for standard input.

    Exit code 2 if the program has errors, 3 if there is none to go by; with --solve that of the answer.
    """
    from nsr.engine.engine import Engine
    from nsr.results import exit_code

    only_with("solve", "explain")
    text, _ = read_text(problem, literal=True)
    options["reports"] = options["reports"] or str(Path.cwd())
    with Engine(make_options(**options)) as engine:
        found = engine.formulate(text)
        program_text = _written(found, to, as_json=as_json)
        result = None
        if solve and found.program is not None and found.reason is None:
            result = engine.run(found.program, text=text)
    if as_json:
        click.echo(json.dumps(_json(found, to, program_text, result), ensure_ascii=False))
        if out is not None and program_text is not None:
            put(program_text, out)
    else:
        _show(found, to, program_text, out, result, explain=explain)
    if program_text is None:
        sys.exit(3 if not found.source else 2)
    sys.exit(3 if found.reason is not None else exit_code(result.status) if result is not None else 0)


def _written(found: Formulation, to: str, *, as_json: bool) -> str | None:
    """The program in a format; None if it has errors or the format cannot express it, which is then shown."""
    from nsr.cli.check import show_diagnostics
    from nsr.errors import ProgramError

    if found.program is None:
        return None
    try:
        return written(found.program, 0, to)
    except ProgramError as error:
        if not as_json:
            show_diagnostics(error.diagnostics, found.source, "program", as_json=False)
        return None


def _json(found: Formulation, to: str, text: str | None, result: Result | None) -> dict[str, Any]:
    from nsr.diagnostics import Source, to_json

    place = Source(found.source)
    return {
        "program": found.source or None,
        "format": to,
        "text": text,
        "reason": found.reason,
        "diagnostics": [to_json(d, place) for d in found.diagnostics],
        "rounds": [r.model_dump(mode="json") for r in found.rounds],
        "usage": found.usage.model_dump(mode="json"),
        "seconds": dict(found.seconds),
        "result": None if result is None else json.loads(result.to_json()),
    }


# Terminal


def _show(
    found: Formulation, to: str, text: str | None, out: str | None, result: Result | None, *, explain: bool
) -> None:
    from nsr.cli.check import show_diagnostics
    from nsr.cli.show import show_result

    if out is not None and text is not None:
        put(text, out)
        click.echo(f"written to {out}", err=True)
    elif text is not None and to != OURS:
        put(text, None)
    elif text is not None or found.source:
        show_program(text or found.source)
    show_diagnostics(found.diagnostics, found.source, "program", as_json=False)
    if found.reason is not None:
        click.echo(f"abstained: {found.reason}", err=True)
    if result is not None:
        click.echo()
        show_result(result, explain=explain)


_STYLES = (
    (r"#[^\n]*", "dim"),
    (r'"(?:[^"\\\n]|\\.)*"', "green"),
    (r"`[^`\n]*`", "cyan"),
    (r"(?<![\w.])\d+(?:\.\d+)?(?![\w])", "magenta"),
)


def show_program(source: str) -> None:
    """A program with its keywords, quotations and numbers in colours, where the terminal has any."""
    from rich.text import Text

    from nsr.cli.terminal import terminal
    from nsr.language.printer import KEYWORDS

    shown = Text(source.rstrip("\n"))
    shown.highlight_regex(rf"\b(?:{'|'.join(map(re.escape, sorted(KEYWORDS, key=len, reverse=True)))})\b", "bold blue")
    for pattern, style in reversed(_STYLES):
        shown.highlight_regex(pattern, style)
    terminal().print(shown, soft_wrap=True)
