"""`nsr convert`: other notations into our language and back, and into files for other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from nsr.cli.common import folder_of, read_text

if TYPE_CHECKING:
    from nsr.diagnostics import Diagnostic
    from nsr.results import Result

OURS = ("nsr", "dsl")


class Converted(NamedTuple):
    """A program in our language, and what was mended to read it; `text` is what it was read from."""

    source: str
    repairs: tuple[Diagnostic, ...] = ()
    text: str = ""


def in_our_language(text: str, name: str, dialect: str | None, *, strict: bool, as_json: bool = False) -> Converted:
    """The program of a text in a dialect; without one it is recognized, and a program of ours stays as it is.

    Shows repairs on standard error; what cannot be read ends the command with its diagnostics and exit code 2.
    """
    from nsr.cli.check import show_diagnostics
    from nsr.dialects import get_dialect, read
    from nsr.engine.translating import foreign_dialect

    if dialect is None:
        chosen = None if Path(name).suffix == ".nsr" else foreign_dialect(text)
    else:
        chosen = None if dialect in OURS else get_dialect(dialect)
    if chosen is None:
        return Converted(text)
    reading = read(text, chosen.name, strict=strict)
    if reading.program is None:
        show_diagnostics(reading.diagnostics, text, name, as_json=as_json)
        sys.exit(2)
    if not as_json:
        show_diagnostics(reading.diagnostics, text, name, as_json=False)
    return Converted(reading.source, reading.repairs, text)


def with_repairs(result: Result, converted: Converted) -> Result:
    """The result with what was mended among its warnings, at places of the text that was read."""
    from nsr.diagnostics import Source, to_json

    if not converted.repairs:
        return result
    place = Source(converted.text)
    told = tuple(to_json(d, place) for d in converted.repairs)
    return result.model_copy(update={"warnings": (*told, *result.warnings)})


def _write(source: str, name: str, root: Path | None, target: str) -> str:
    """The program of `source` in a notation: ours, a dialect that can be written, or a file format."""
    from nsr.dialects import DIALECTS, WriteError, get_dialect
    from nsr.engine.checking import parse_program
    from nsr.errors import UsageError
    from nsr.grammars.formatter import format_source
    from nsr.grammars.parser import parse
    from nsr.solvers.protocol import Gap
    from nsr.writers import WRITERS, write

    if target in OURS:
        parse_program(source, name, root)
        return format_source(source)
    program = parse_program(source, name, root)
    if target in WRITERS:
        try:
            return write(program, to=target)
        except Gap as gap:
            raise UsageError(f"{target} cannot say this: {gap}") from gap
    writer = get_dialect(target).write if target in DIALECTS else None
    if writer is None:
        raise UsageError(f"nothing is written in {target!r}; there are {', '.join(targets())}")
    tree = parse(source).program
    assert tree is not None, "the program was checked above"
    try:
        return writer(tree)
    except WriteError as error:
        raise UsageError(f"{target} cannot say this: {error}") from error


def targets() -> tuple[str, ...]:
    """The notations that are written."""
    from nsr.dialects import DIALECTS, get_dialect
    from nsr.writers import WRITERS

    return ("nsr", *(name for name in DIALECTS if get_dialect(name).write is not None), *WRITERS)


def _list(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from nsr.dialects import DIALECTS, get_dialect
    from nsr.writers import WRITERS

    click.echo(f"{'nsr':16}read, written  the language of this package")
    for name in DIALECTS:
        dialect = get_dialect(name)
        click.echo(f"{name:16}{'read, written' if dialect.write else 'read':15}{dialect.title}")
    for name, form in WRITERS.items():
        click.echo(f"{name:16}{'written':15}{form.title}")
    ctx.exit()


@click.command("convert")
@click.argument("file", metavar="FILE|-")
@click.option("--from", "dialect", metavar="DIALECT", help="The notation of FILE; recognized without this.")
@click.option("--to", "target", default="nsr", show_default=True, metavar="NOTATION", help="What is printed.")
@click.option("--strict", is_flag=True, help="Mend nothing: what would be a repair is an error.")
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="Show the notations.")
def command(file: str, dialect: str | None, target: str, strict: bool) -> None:
    """Print a program in another notation; repairs are shown on standard error."""
    from nsr.cli.check import show_diagnostics
    from nsr.errors import ProgramError

    text, name = read_text(file)
    converted = in_our_language(text, name, dialect, strict=strict)
    try:
        click.echo(_write(converted.source, name, folder_of(file), target), nl=False)
    except ProgramError as error:
        show_diagnostics(error.diagnostics, converted.source, name, as_json=False)
        sys.exit(2)
