"""`nsr score`: a run against gold answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nsr.cli.common import json_option, only_with

if TYPE_CHECKING:
    from rich.console import Console

    from nsr.batch.scoring import Score, Tally
    from nsr.datasets.lint import Examiner

HEADINGS = (
    "",
    "n",
    "right",
    "wrong",
    "abstained",
    "missing",
    "accuracy",
    "95 % interval",
    "coverage",
    "right of given",
)


@click.command("score")
@click.argument("folders", type=click.Path(path_type=Path), metavar="DIR...", nargs=-1, required=True)
@click.option(
    "--gold", type=click.Path(path_type=Path), metavar="FILE.jsonl", help="Gold answers (default: those of the input)."
)
@click.option("--gold-field", default="solution", show_default=True, metavar="NAME", help="Field with the gold answer.")
@click.option("--id-field", default="id", show_default=True, metavar="NAME", help="Field with the identifier.")
@click.option("--by", metavar="NAME", help="Also score by the values of this field of the problems, or by dataset.")
@click.option(
    "--scorer",
    metavar="KIND",
    help="Score all answers as answers of this kind: "
    "any, grid, assignment, option, verdict, number, optimum, model, words (default: as the data set says).",
)
@click.option(
    "--show",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many problems that are not right to list.",
)
@json_option
def command(
    folders: tuple[Path, ...],
    gold: Path | None,
    gold_field: str,
    id_field: str,
    by: str | None,
    scorer: str | None,
    show: int,
    as_json: bool,
) -> None:
    """Compare a batch's answers with gold answers: right, wrong and abstained, with 95 % intervals.

    Several folders are shards of one run.
    """
    from rich.table import Table

    from nsr.batch import score_run
    from nsr.cli.terminal import terminal

    only_with("gold", "gold_field", "id_field")
    score = score_run(folders, gold, gold_field=gold_field, id_field=id_field, by=by, scorer=scorer)
    if as_json:
        click.echo(json.dumps(score.to_json(), ensure_ascii=False))
        return
    table = Table()
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if not heading else "right")
    for name, tally in [
        ("all", score.all),
        ("first try", score.first_try),
        ("after repair", score.after_repair),
        *_doubted(score),
        *((f"evidence: {k}", v) for k, v in sorted(score.by_evidence.items())),
        *sorted(score.groups.items()),
    ]:
        table.add_row(name, *cells(tally))
    console = terminal(at_least=130)
    console.print(table)
    if score.claimed:
        console.print(f"{score.claimed} answers rest in part on one solver's word only")
    if score.faults:
        console.print(
            f"{score.faults} problems failed (counted as abstained); `nsr batch --retry fault` does them again"
        )
    if score.retried:
        console.print(f"{score.retried} problems were done more than once; the last result counts")
    if score.parts:
        shown = f"{score.right_parts} of {score.parts} cells ({share(score.right_parts / score.parts)})"
        console.print(f"parts of answers that are right: {shown}")
    _show_doubts(console, score.gold, show)
    for identifier, verdict, reason in score.not_right[:show]:
        console.print(f"{verdict}: {identifier}: {reason}", markup=False, soft_wrap=True)
    if len(score.not_right) > show:
        console.print(f"... and {len(score.not_right) - show} more (--show)")


def _doubted(score: Score) -> list[tuple[str, Tally]]:
    """The rows that part problems by whether there is a doubt about the gold answer; none where there is none."""
    if not sum(score.in_doubt.counts.values()):
        return []
    return [("gold beyond doubt", score.beyond_doubt), ("gold in doubt", score.in_doubt)]


def _show_doubts(console: Console, gold: Examiner, show: int) -> None:
    if kinds := gold.by_kind():
        told = ", ".join(f"{n} {kind}" for kind, n in kinds.items())
        console.print(f"doubts about gold answers: {told}; what cannot be read is in no row above", markup=False)
    for identifier, doubt in gold.findings[:show]:
        console.print(f"gold {doubt.kind}: {identifier}: {doubt.detail}", markup=False, soft_wrap=True)
    if (more := len(gold.findings) - show) > 0:
        console.print(f"... and {more} more doubts (--show)")


def cells(tally: Tally) -> list[str]:
    """A tally as the cells of a row under `HEADINGS`, without its name."""
    values = tally.to_json()
    low, high = values["interval"]
    return [
        *(str(values[k]) for k in ("n", "right", "wrong", "abstained", "missing")),
        share(values["accuracy"]),
        f"{100 * low:.1f} to {100 * high:.1f}" if tally.n else "",
        share(values["coverage"]),
        share(values["precision"]),
    ]


def share(value: float | None) -> str:
    """A share in percent; nothing where there is none."""
    return "" if value is None else f"{100 * value:.1f} %"
