"""`nsr batch`: every problem of a file, resumable."""

from __future__ import annotations

import json
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from nsr.cli.common import ModelArguments, json_option, make_options, model_options, solver_options
from nsr.errors import UsageError

if TYPE_CHECKING:
    from nsr.batch import Progress, Selection

_EVERY = 10.0
"""Seconds between lines of progress where there is no terminal."""


@click.command("batch")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The run folder; an unfinished run there goes on.",
)
@click.option(
    "--text-field",
    metavar="NAME",
    help="Field with the problem's text (default: text, puzzle, problem, question, context).",
)
@click.option("--id-field", metavar="NAME", help="Field with the identifier (default: id, idx, name; else the line).")
@click.option(
    "--gold-field", metavar="NAME", help="Field with the gold answer (default: solution, gold, answer, label)."
)
@click.option(
    "--dataset",
    default="auto",
    show_default=True,
    metavar="NAME",
    help="The data set that the file is of (auto: what its first record looks like; `nsr datasets` lists them).",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N problems.")
@click.option("--ids", metavar="FILE|A,B,...", help="Only these problems: a file with one a line, or a list.")
@click.option("--shard", metavar="I/N", help="Only every N-th problem from the I-th: one part of N.")
@click.option("--retry", metavar="STATUS,...", help="Do problems of these statuses again (fault: what failed).")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Engine processes (default: one a processor).")
@click.option(
    "--chunk", type=click.IntRange(min=1), default=16, show_default=True, help="Problems formalized together."
)
@click.option(
    "--solves",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Problems solved beside each other in an engine process.",
)
@click.option(
    "--calls", type=click.IntRange(min=1), default=8, show_default=True, help="Requests to a server beside each other."
)
@click.option(
    "--max-tokens-total", type=click.IntRange(min=1), metavar="N", help="Begin no problem after so many tokens."
)
@click.option("--max-cost", type=click.FloatRange(min=0), metavar="X", help="Begin no problem after such a cost.")
@click.option("--price-in", type=click.FloatRange(min=0), default=0.0, metavar="X", help="Price of 10^6 tokens given.")
@click.option(
    "--price-out", type=click.FloatRange(min=0), default=0.0, metavar="X", help="Price of 10^6 tokens written."
)
@model_options
@solver_options
@json_option
def command(
    file: Path,
    out: Path,
    text_field: str | None,
    id_field: str | None,
    gold_field: str | None,
    dataset: str,
    limit: int | None,
    ids: str | None,
    shard: str | None,
    retry: str | None,
    jobs: int | None,
    chunk: int,
    solves: int,
    calls: int,
    max_tokens_total: int | None,
    max_cost: float | None,
    price_in: float,
    price_out: float,
    as_json: bool,
    **options: Unpack[ModelArguments],
) -> None:
    """Answer every problem of a file: JSONL, or a data set in its published form. Results are in DIR/results.jsonl.

    Run it again to go on after a stop.
    """
    from nsr.batch import BatchOptions, run_batch
    from nsr.engine.engine import Engine

    settings = BatchOptions(
        text_field=text_field,
        id_field=id_field,
        gold_field=gold_field,
        dataset=dataset,
        selection=_selection(limit, ids, shard, retry),
        jobs=jobs,
        chunk=chunk,
        solves=solves,
        calls=calls,
        max_tokens=max_tokens_total,
        max_cost=max_cost,
        price_in=price_in,
        price_out=price_out,
        command=shlex.join(["nsr", *sys.argv[1:]]),
    )
    with Engine(make_options(**options)) as engine, _shown() as report:
        progress = run_batch(engine, file, out, settings, report)
    if as_json:
        click.echo(json.dumps(progress.to_json()))
    else:
        counts = ", ".join(f"{n} {s}" for s, n in sorted(progress.statuses.items()))
        click.echo(f"{out / 'results.jsonl'}: {progress.finished} results" + (f", {counts}" if counts else ""))
    if not progress.total:
        click.echo(f"there was nothing to do: no problem of {file} was chosen", err=True)
    if progress.broken:
        click.echo(f"{progress.broken} records cannot be read, the last: {progress.last_broken}", err=True)
    if progress.faults:
        last = f", the last with: {progress.last_fault}" if progress.last_fault else ""
        click.echo(f"{progress.faults} problems failed{last}; do them again with --retry fault", err=True)
    if progress.stopped:
        click.echo(f"{progress.stopped}; raise it to go on", err=True)
    sys.exit(5 if progress.stopped else 0)


def _selection(limit: int | None, ids: str | None, shard: str | None, retry: str | None) -> Selection:
    from nsr.batch import Selection
    from nsr.results import Status

    part = (1, 1)
    if shard is not None:
        left, _, right = shard.partition("/")
        if not (left.isdecimal() and right.isdecimal()):
            raise UsageError(f"--shard {shard}: write I/N, such as 1/4")
        part = (int(left), int(right))
    again = tuple(filter(None, (retry or "").split(",")))
    known = [*(s.value for s in Status), "fault"]
    for status in again:
        if status not in known:
            raise UsageError(f"--retry {status}: there is no such status; there are {', '.join(known)}")
    return Selection(limit=limit, ids=_ids(ids), shard=part, retry=again)


def _ids(given: str | None) -> frozenset[str]:
    """The identifiers in a file, one a line, or in a list with commas."""
    if given is None:
        return frozenset()
    path = Path(given)
    try:
        words = path.read_text(encoding="utf-8").splitlines() if path.is_file() else given.split(",")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{given} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    found = frozenset(w.strip() for w in words if w.strip())
    if not found:
        raise UsageError(f"--ids {given}: there is no identifier in it")
    return found


@contextmanager
def _shown() -> Iterator[Callable[[Progress], None]]:
    """Shows progress while it lasts: at a terminal one line that changes, in a log a line now and then."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    last = float("-inf")
    if console.is_terminal:
        with Live(Text(""), console=console, refresh_per_second=5) as live:
            yield lambda progress: live.update(Text(progress.line()))
        return

    def told(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if progress.finished >= progress.total or now - last >= _EVERY:
            last = now
            console.print(progress.line(), markup=False, soft_wrap=True)

    yield told
