"""`nsr train`: the embedded language model, from generated problems."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nsr.errors import OperationalError, UsageError

if TYPE_CHECKING:
    from nsr.training import Progress


@click.command("train")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Where the language model is written.",
)
@click.option(
    "--checkpoints",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the state of the training is kept (default: DIR/checkpoints of --out).",
)
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), metavar="M", help="Train for so long, all runs together."
)
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Train for so many steps (default: 20000).")
@click.option(
    "--resume", is_flag=True, help="Go on from the newest checkpoint; without it an earlier training is left alone."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of weights and examples.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="CPU threads.")
@click.option(
    "--number-format",
    type=click.Choice(["auto", "fp32", "bf16"]),
    default="auto",
    show_default=True,
    help="auto tries which one is faster here.",
)
@click.option("--hidden", type=click.IntRange(min=32), default=192, show_default=True, help="Width; a multiple of 32.")
@click.option("--layers", type=click.IntRange(min=1), default=6, show_default=True, help="Depth.")
def command(
    out: Path,
    checkpoints: Path | None,
    minutes: float | None,
    steps: int | None,
    resume: bool,
    seed: int,
    threads: int,
    number_format: str,
    hidden: int,
    layers: int,
) -> None:
    """Train a language model for the sentences of logic-grid puzzles; use it with `--model embedded:DIR`.

    Stop it at any time; `--resume` goes on from the newest checkpoint.
    """
    from dataclasses import replace
    from importlib.util import find_spec

    if hidden % 32:
        raise UsageError("--hidden is a multiple of 32")
    if minutes is not None and steps is not None:
        raise UsageError("give --minutes or --steps, not both")
    kept = checkpoints or out / "checkpoints"
    if not resume and kept.is_dir() and any(kept.iterdir()):
        raise UsageError(f"{kept} holds an earlier training: go on with --resume, or choose another folder")
    for folder in (out, kept):
        _make_writable(folder)
    if find_spec("torch") is None:
        raise OperationalError("training needs torch: pip install 'nsr[local]'")
    from transformers.utils.logging import disable_progress_bar

    from nsr.training import TrainingConfig, train
    from nsr.training.model import Shape

    disable_progress_bar()
    config = TrainingConfig(
        out=out,
        checkpoints=kept,
        seconds=None if minutes is None else 60 * minutes,
        seed=seed,
        shape=replace(Shape(), hidden=hidden, layers=layers, heads=hidden // 32, inner=hidden // 3 * 8),
        threads=threads,
        number_format=number_format,
    )
    if steps is not None:
        config = replace(config, steps=steps, save_every=min(config.save_every, steps))
    folder = _with_progress(lambda report: train(config, report))
    click.echo(f"{folder}: done; use it with --model embedded:{folder}")


def _make_writable(folder: Path) -> None:
    """Makes a folder, before hours of training need it.

    Raises:
        UsageError: if nothing can be written there.
    """
    from tempfile import TemporaryFile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"{folder} cannot be written to: {error.strerror}") from error


def _with_progress(work: Callable[[Callable[[Progress], None]], Path]) -> Path:
    """Runs `work` with a bar on standard error that shows what it reports."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("step {task.fields[step]}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    with Bars(*columns, TextColumn("{task.fields[told]}"), TimeElapsedColumn(), console=console) as bars:
        task = bars.add_task("train", total=1.0, step=0, told="starting")

        def report(progress: Progress) -> None:
            told = f"loss {progress.loss:.3f}, {progress.tokens_per_second:,.0f} tokens/s"
            if progress.accuracy is not None and progress.unseen_accuracy is not None:
                right = f"{100 * progress.accuracy:.1f} %, unseen wordings {100 * progress.unseen_accuracy:.1f} %"
                console.print(f"step {progress.step}: {told}, held-out sentences right {right}", soft_wrap=True)
            bars.update(task, completed=progress.fraction, step=progress.step, told=told)

        return work(report)
