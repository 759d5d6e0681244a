"""`nsr convert`: other notations into our language and back, and into files for other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from nsr.cli.common import folder_of, read_text
from nsr.cli.export import write_out
from nsr.cli.notations import OURS, Notation, title_of

if TYPE_CHECKING:
    from nsr.diagnostics import Diagnostic
    from nsr.results import Result


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
        chosen = None if dialect == OURS else get_dialect(dialect)
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


def _list(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from nsr.dialects import DIALECTS, get_dialect
    from nsr.writers import WRITERS

    click.echo(f"{OURS:16}read, written  {title_of(OURS)}")
    for name in DIALECTS:
        dialect = get_dialect(name)
        click.echo(f"{name:16}{'read, written' if dialect.write else 'read':15}{dialect.title}")
    for name, form in WRITERS.items():
        click.echo(f"{name:16}{'written':15}{form.title}")
    ctx.exit()


@click.command("convert")
@click.argument("file", metavar="FILE|-")
@click.option("--from", "dialect", metavar="DIALECT", help="The notation of FILE; recognized without this.")
@click.option("--to", type=Notation(), default=OURS, show_default=True, help="What is written.")
@click.option("--question", metavar="LABEL", help="Which question of the program, by label or number (the first one).")
@click.option("-o", "--out", metavar="FILE", help="A file in place of standard output.")
@click.option("--strict", is_flag=True, help="Mend nothing: what would be a repair is an error.")
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="Show the notations.")
def command(file: str, dialect: str | None, to: str, question: str | None, out: str | None, strict: bool) -> None:
    """Write a program in another notation; repairs are shown on standard error."""
    text, name = read_text(file)
    write_out(in_our_language(text, name, dialect, strict=strict).source, name, folder_of(file), to, question, out)
