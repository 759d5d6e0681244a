"""`nsr batch`: every problem of a file, resumable."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from nsr.cli.common import json_option, make_options, model_options, solver_options


@click.command("batch")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.jsonl")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The run folder; an unfinished run there goes on.",
)
@click.option(
    "--text-field", metavar="NAME", help="Field with the problem's text (default: text, puzzle, problem, question)."
)
@click.option("--id-field", metavar="NAME", help="Field with the identifier (default: id; else the line).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N problems.")
@click.option(
    "--chunk", type=click.IntRange(min=1), default=16, show_default=True, help="Problems formalized together."
)
@model_options
@solver_options
@json_option
def command(
    file: Path,
    out: Path,
    text_field: str | None,
    id_field: str | None,
    limit: int | None,
    chunk: int,
    as_json: bool,
    **options: object,
) -> None:
    """Answer every problem of a JSONL file; results are in DIR/results.jsonl. Run it again to go on after a stop."""
    from rich.console import Console

    from nsr.batch import BatchOptions, Progress, run_batch
    from nsr.engine.engine import Engine

    console = Console(stderr=True, highlight=False)
    last = 0.0

    def report(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        # At a terminal one line is written over; in a log a line every ten seconds is enough.
        if progress.finished < progress.total and now - last < (0.2 if console.is_terminal else 10):
            return
        last = now
        console.print(_line(progress), end="\r" if console.is_terminal else "\n", soft_wrap=True)

    settings = BatchOptions(text_field=text_field, id_field=id_field, limit=limit, chunk=chunk)
    with Engine(make_options(**options)) as engine:  # type: ignore[arg-type]
        progress = run_batch(engine, file, out, settings, report)
    if console.is_terminal:
        console.print()
    if as_json:
        click.echo(
            json.dumps({"total": progress.total, "resumed": progress.resumed, "statuses": dict(progress.statuses)})
        )
    else:
        click.echo(
            f"{out / 'results.jsonl'}: {progress.total} results, "
            + ", ".join(f"{n} {s}" for s, n in sorted(progress.statuses.items()))
        )
    sys.exit(0)


def _line(progress: object) -> str:
    from nsr.batch import Progress

    assert isinstance(progress, Progress)
    counts = ", ".join(f"{n} {s}" for s, n in sorted(progress.statuses.items()))
    left = progress.seconds_left
    told = f", {left:.0f} s left" if left is not None else ""
    return f"{progress.finished}/{progress.total} ({counts or 'none yet'}), {progress.per_minute:.0f} a minute{told}   "
