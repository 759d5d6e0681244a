"""The command line: thin doors over `nsr.Engine`.

Commands load when they are called, so that `nsr --help` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from nsr.errors import NsrError, UsageError

__all__ = ["main"]

COMMANDS = {
    "solve": "Answer a problem stated in plain English.",
    "formulate": "Turn a problem in plain English into a checked program.",
    "run": "Answer a program in the nsr language.",
    "explain-plan": "Show which back ends a program reaches, and why not the others.",
    "check": "Show every error and warning of a program.",
    "fmt": "Print a program in its canonical form.",
    "convert": "Print a program in another notation.",
    "export": "Write a program for another tool.",
    "batch": "Answer every problem of a file, resumable.",
    "datasets": "List the data sets, or look a file of one over.",
    "score": "Compare a batch's answers with gold answers.",
    "compare": "Compare two batches pair by pair.",
    "report": "Write a batch as one HTML page, with search.",
    "synth": "Generate problems with their programs and answers.",
    "train": "Train the embedded language model.",
    "grammar": "Print the grammar, for parsers or for decoding.",
    "doctor": "Show what is installed and what works here.",
}


class _Commands(click.Group):
    """Looks commands up in their modules, one a command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"nsr.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from nsr.diagnostics import nearest

        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            close = nearest(args[0], COMMANDS)
            hint = f" Did you mean {' or '.join(close)}?" if close else f" There are: {', '.join(COMMANDS)}."
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from nsr import __version__

        click.echo(f"nsr {__version__}")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def _nsr() -> None:
    """A language model translates the problem, exact solvers answer it, every answer is checked.

    \b
    Exit codes: 0 answered, 1 a fault of ours or of the machine, 2 usage or a program with errors, 3 abstained,
    4 there is no answer (no solution, inconsistent, unbounded), 5 a limit came first, 130 interrupted.
    """


def main() -> None:
    """Entry point of the `nsr` command."""
    try:
        _nsr(prog_name="nsr", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except UsageError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)
    except NsrError as error:
        click.echo(f"error: {error}", err=True)
        detail = getattr(error, "detail", "")
        if detail and detail not in str(error):
            click.echo(f"detail: {detail}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output went away (`nsr ... | head`): there is nobody left to tell.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        # What a command knows how to name it has named; what is left is output that cannot be written.
        click.echo(f"error: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""), err=True)
        sys.exit(2)
