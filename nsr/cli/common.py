"""Options that several commands share, and reading of input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click
from click.core import ParameterSource

from nsr.errors import UsageError

if TYPE_CHECKING:
    from nsr.engine.engine import Engine
    from nsr.engine.options import Options
    from nsr.results import Result

F = TypeVar("F", bound=Callable[..., Any])

MAX_INPUT_BYTES = 10_000_000


class SolverArguments(TypedDict):
    """What `solver_options` hand to a command."""

    timeout: float
    memory: int
    backend: str
    seed: int
    no_confirm: bool
    no_assumptions: bool
    reports: str


class ModelArguments(SolverArguments):
    """What `model_options` hand to it beside them."""

    model: str
    rounds: int
    manual: str


def solver_options(function: F) -> F:
    """`--timeout`, `--memory`, `--backend`, `--seed`, `--no-confirm`, `--no-assumptions`, `--reports`."""
    for option in (
        click.option(
            "--reports",
            default="",
            metavar="DIR",
            envvar="NSR_REPORTS",
            help="Folder for programs that show a fault of ours, made small (also NSR_REPORTS).",
        ),
        click.option(
            "--no-assumptions",
            is_flag=True,
            help="Give no answer that rests on an assumption about what the text leaves out.",
        ),
        click.option(
            "--no-confirm", is_flag=True, help='Do not ask a second back end for what says "there is no other".'
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of solvers and sampling."
        ),
        click.option(
            "--backend",
            default="auto",
            show_default=True,
            metavar="NAME",
            help="auto, a back end's name, all (compare them) or race; also all:NAME,NAME.",
        ),
        click.option(
            "--memory",
            type=click.IntRange(min=16),
            default=2048,
            show_default=True,
            metavar="MIB",
            help="Memory for one solve.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=30.0,
            show_default=True,
            metavar="SECONDS",
            help="Time for one question, all its solves together.",
        ),
    ):
        function = option(function)
    return function


def model_options(function: F) -> F:
    """`--model`, `--rounds`, `--manual`."""
    for option in (
        click.option(
            "--manual",
            default="",
            metavar="NAME",
            help="deduction, puzzles or optimization: a shorter manual in the prompt of a general language model.",
        ),
        click.option(
            "--rounds",
            type=click.IntRange(min=0),
            default=3,
            show_default=True,
            help="How often a draft may go back to a language model.",
        ),
        click.option(
            "--model",
            default="embedded",
            show_default=True,
            metavar="ADDRESS",
            help="embedded[:FOLDER], local:FOLDER, http://host:port/v1#name (key in NSR_API_KEY), recorded:FILE.",
        ),
    ):
        function = option(function)
    return function


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")


def make_options(
    *,
    timeout: float,
    memory: int,
    backend: str,
    seed: int,
    no_confirm: bool,
    no_assumptions: bool,
    model: str = "embedded",
    rounds: int = 3,
    manual: str = "",
    reports: str = "",
) -> Options:
    """The `Options` that the shared command-line options amount to."""
    from nsr.engine.options import Options
    from nsr.limits import Limits

    limits = Limits(wall_seconds=timeout, cpu_seconds=2 * timeout, memory_mib=memory)
    return Options(
        model=model,
        backend=backend,
        limits=limits,
        seed=seed,
        rounds=rounds,
        manual=manual,
        confirm=not no_confirm,
        assume=not no_assumptions,
        reports=reports,
    )


def with_cells(engine: Engine, result: Result, text: str = "", root: Path | None = None) -> Result:
    """The result with the reasons of its cells (`--why`); a line on standard error where it is not about cells."""
    told = engine.with_cell_reasons(result, text, root)
    if told is result:
        click.echo("`--why` is about the one solution of a grid", err=True)
    return told


def folder_of(source: str) -> Path | None:
    """The folder below which a program finds its data files: that of its own file; standard input has none."""
    return None if source == "-" else Path(source).resolve().parent


def read_text(source: str, *, literal: bool = False) -> tuple[str, str]:
    """The text behind an argument, and a name for it: `-` is standard input, an existing file is read.

    With `literal`, anything that has a blank or a line end and is no file is the text itself.

    Raises:
        UsageError: for a missing or unreadable file, one that is too long, and text that is not UTF-8.
    """
    if literal and not source.strip():
        return source, "<argument>"
    if source == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed; name a file")
        return _decoded(sys.stdin.buffer.read(MAX_INPUT_BYTES + 1), "standard input"), "<stdin>"
    try:
        path = Path(source)
        if path.is_dir():
            raise UsageError(f"{source} is a folder, a file is needed")
        if path.is_file():
            with path.open("rb") as stream:
                return _decoded(stream.read(MAX_INPUT_BYTES + 1), source), source
    except PermissionError as error:
        raise UsageError(f"{source} may not be read: {error.strerror}") from error
    except (OSError, ValueError):
        pass  # Longer than a path can be, or with a zero byte: it can only be text.
    if literal and any(c.isspace() for c in source.strip()):
        return source, "<argument>"
    raise UsageError(
        f"there is no file {source!r}; `-` reads standard input" + (", and a text has blanks" if literal else "")
    )


def only_with(needed: str, *options: str) -> None:
    """Refuses options that were given without the one that they are about, by the names of their parameters.

    Raises:
        UsageError: for the first of them.
    """
    context = click.get_current_context()
    if context.params[needed]:
        return
    for option in options:
        if context.get_parameter_source(option) is ParameterSource.COMMANDLINE:
            raise UsageError(f"--{option.replace('_', '-')} is about --{needed}, which is not there")


def write_text(path: Path, text: str) -> None:
    """Writes a file anew.

    Raises:
        UsageError: if it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_INPUT_BYTES:
        raise UsageError(f"{name} is longer than {MAX_INPUT_BYTES // 1_000_000} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UsageError(f"{name} is UTF-16; convert it (iconv -f UTF-16 -t UTF-8)") from error
        line = data[: error.start].count(b"\n") + 1
        place = f"byte {data[error.start]:#04x} in line {line}"
        told = f"{name} is not UTF-8: {place}; convert it (iconv -f LATIN1 -t UTF-8, if it is Latin-1)"
        raise UsageError(told) from error
