"""`nsr grammar`: the grammar, as parsers or decoders take it."""

from __future__ import annotations

import click

from nsr.cli.common import read_text
from nsr.errors import UsageError


@click.command("grammar")
@click.option(
    "--decode", is_flag=True, help="The form for constrained decoding (llguidance): canonical spellings only."
)
@click.option("--text", metavar="FILE", help="With --decode: citations can only quote this text.")
def command(decode: bool, text: str | None) -> None:
    """Print the grammar of the language: as Lark reads it, or for constrained decoding."""
    if text and not decode:
        raise UsageError("--text goes with --decode: only a grammar for decoding depends on a text")
    if decode:
        from nsr.grammars.decode import decoding_grammar

        click.echo(decoding_grammar(text=read_text(text)[0] if text else None), nl=False)
    else:
        from importlib.resources import files

        click.echo(files("nsr.grammars").joinpath("nsr.lark").read_text(encoding="utf-8"), nl=False)
