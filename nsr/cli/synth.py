"""`nsr synth`: generated problems with their programs and answers."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from nsr.errors import UsageError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from nsr.synth import Record


@click.command("synth")
@click.argument("family", metavar="FAMILY")
@click.option("--n", type=click.IntRange(min=0), default=10, show_default=True, help="How many problems.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed gives the same problems."
)
@click.option(
    "--split",
    type=click.Choice(["train", "test"]),
    default="train",
    show_default=True,
    help="Names and values of the two have nothing in common.",
)
@click.option("--unseen-wordings", is_flag=True, help="With --split test: wordings that no training has seen.")
@click.option("--size", type=click.IntRange(2, 8), metavar="N", help="Rows of each grid (default: drawn).")
@click.option(
    "--categories", type=click.IntRange(2, 8), metavar="N", help="About so many attributes a grid (default: drawn)."
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="A JSONL file (default: standard output)."
)
def command(
    family: str,
    n: int,
    seed: int,
    split: str,
    unseen_wordings: bool,
    size: int | None,
    categories: int | None,
    out: Path | None,
) -> None:
    """Generate problems of a family (logic_grid), one JSON object a line: text, program, solution, clues.

    The file is input for `nsr batch` and gold for `nsr score`.
    """
    from nsr.synth import FAMILIES, generate

    if family not in FAMILIES:
        raise UsageError(f"there is no family {family!r}; there are: {', '.join(FAMILIES)}")
    if unseen_wordings and split != "test":
        raise UsageError("--unseen-wordings goes with --split test: training must not see them")
    problems = generate(family, n, seed, split, unseen_wordings=unseen_wordings, size=size, categories=categories)
    with _output(out) as stream:
        for number, problem in enumerate(problems, 1):
            identifier = f"{family}-{split}-{seed}-{number}"
            stream.write(json.dumps({"id": identifier, **row(problem)}, ensure_ascii=False) + "\n")
    if out is not None:
        click.echo(f"{out}: {n} problems")


def row(problem: Record) -> dict[str, Any]:
    """A problem as one line of the file; `solution` is a grid, its rows in the order of the first column."""
    headings = [problem.base, *(h for h in problem.solution if h != problem.base)]
    columns = [problem.solution[h] for h in headings]
    return {
        "family": problem.family,
        "split": problem.split,
        "size": f"{len(columns[0])}x{len(columns)}",
        "text": problem.text,
        "program": problem.program,
        "solution": {"header": headings, "rows": [list(values) for values in zip(*columns, strict=True)]},
        "clues": [{"text": c.text, "formula": c.formula, "relation": c.relation} for c in problem.clues],
    }


def _output(path: Path | None) -> AbstractContextManager[IO[str]]:
    if path is None:
        return nullcontext(sys.stdout)
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
