"""The group of all commands, and how a command ends: its exit code, and errors in one line."""

from __future__ import annotations

import io
import json
import os
import sys
from importlib import import_module

import click

from nsr.cli import COMMANDS
from nsr.errors import NsrError, UsageError

__all__ = ["run"]


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
    4 there is no answer (no solution, inconsistent, unbounded), 5 a limit came first, 130 interrupted,
    141 nobody reads the output any more.
    """


def run() -> int:
    """Runs the command that `sys.argv` names, and says what went wrong; its exit code.

    Raises:
        BrokenPipeError: if nobody reads the output any more.
        KeyboardInterrupt: if it was interrupted.
    """
    as_json = "--json" in sys.argv[1:]
    _take_any_character(as_json)
    try:
        return _called()
    except click.ClickException as error:
        if as_json:
            _print_error(error.format_message())
        error.show()
        return 2
    except BrokenPipeError:
        raise
    except (NsrError, OSError) as error:
        # What a command knows how to name it has named; what is left of OSError is output that cannot be written.
        told, detail = _told(error)
        if as_json:
            _print_error(told, detail)
        click.echo(f"error: {told}" + (f"\ndetail: {detail}" if detail else ""), err=True)
        return 1 if isinstance(error, NsrError) and not isinstance(error, UsageError) else 2


def _called() -> int:
    """The exit code of the command, when all of its output is written."""
    code = 0
    if "_NSR_COMPLETE" in os.environ:
        _nsr(prog_name="nsr")  # A shell asks for completions.
    try:
        # Not `_nsr()`, which takes a reader that has gone away for a failure.
        with _nsr.make_context("nsr", sys.argv[1:]) as context:
            _nsr.invoke(context)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except SystemExit as stop:
        code = int(stop.code or 0)
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _take_any_character(as_json: bool) -> None:
    """Lets the output have characters that its encoding lacks, by their numbers; JSON is always UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if as_json and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def _told(error: NsrError | OSError) -> tuple[str, str]:
    """What an error says, and the details that this leaves out."""
    if isinstance(error, OSError):
        return f"{error.strerror or error}" + (f": {error.filename}" if error.filename else ""), ""
    detail = getattr(error, "detail", "")
    return str(error), "" if detail in str(error) else detail


def _print_error(told: str, detail: str = "") -> None:
    """An error as the JSON object that the command would have printed."""
    click.echo(json.dumps({"error": told, **({"detail": detail} if detail else {})}, ensure_ascii=False))
