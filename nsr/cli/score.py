"""`nsr score`: a run against gold answers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from nsr.cli.common import json_option


@click.command("score")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--gold", type=click.Path(path_type=Path), required=True, metavar="FILE.jsonl", help="File with the gold answers."
)
@click.option("--gold-field", default="solution", show_default=True, metavar="NAME", help="Field with the gold answer.")
@click.option("--id-field", default="id", show_default=True, metavar="NAME", help="Field with the identifier.")
@click.option("--by", metavar="NAME", help="Also score by the values of this field of the gold file.")
@click.option(
    "--show",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many problems that are not right to list.",
)
@json_option
def command(folder: Path, gold: Path, gold_field: str, id_field: str, by: str | None, show: int, as_json: bool) -> None:
    """Compare a batch's answers with gold answers: right, wrong and abstained, with 95 % intervals."""
    from rich.console import Console
    from rich.table import Table

    from nsr.batch import score_run

    score = score_run(folder, gold, gold_field=gold_field, id_field=id_field, by=by)
    if as_json:
        click.echo(json.dumps(score.to_json(), ensure_ascii=False))
        return
    table = Table()
    for heading in ("", "n", "right", "wrong", "abstained", "missing", "accuracy", "95 % interval", "coverage"):
        table.add_column(heading, justify="left" if not heading else "right")
    rows = [
        ("all", score.all),
        ("first try", score.first_try),
        ("after repair", score.after_repair),
        *sorted(score.groups.items()),
    ]
    for name, tally in rows:
        values = tally.to_json()
        low, high = values["interval"]
        table.add_row(
            name,
            *(str(values[k]) for k in ("n", "right", "wrong", "abstained", "missing")),
            _share(values["accuracy"]),
            f"{100 * low:.1f} to {100 * high:.1f}" if tally.n else "",
            _share(values["coverage"]),
        )
    console = Console(width=max(110, Console().width), highlight=False)
    console.print(table)
    if score.claimed:
        console.print(f"{score.claimed} answers rest in part on one solver's word only")
    for identifier, verdict, reason in score.not_right[:show]:
        console.print(f"{verdict}: {identifier}: {reason}", markup=False, soft_wrap=True)
    if len(score.not_right) > show:
        console.print(f"... and {len(score.not_right) - show} more (--show)")


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"
