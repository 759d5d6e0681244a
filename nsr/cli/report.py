"""`nsr report`: a run as one HTML page."""

from __future__ import annotations

from pathlib import Path

import click

from nsr.cli.common import only_with


@click.command("report")
@click.argument("folders", type=click.Path(path_type=Path), metavar="DIR...", nargs=-1, required=True)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="FILE.html", help="The page (default: DIR/report.html)."
)
@click.option(
    "--gold", type=click.Path(path_type=Path), metavar="FILE.jsonl", help="Gold answers (default: those of the input)."
)
@click.option("--gold-field", default="solution", show_default=True, metavar="NAME", help="Field with the gold answer.")
@click.option("--id-field", default="id", show_default=True, metavar="NAME", help="Field with the identifier.")
@click.option("--by", metavar="NAME", help="Group by the values of this field of the problems, or by dataset.")
@click.option("--title", default="", metavar="TEXT", help="Heading of the page (default: the folder's name).")
def command(
    folders: tuple[Path, ...],
    out: Path | None,
    gold: Path | None,
    gold_field: str,
    id_field: str,
    by: str | None,
    title: str,
) -> None:
    """Write a run as one HTML page that needs nothing else: scores, charts, every problem to search and open.

    Several folders are shards of one run.
    """
    from nsr.batch.report import write_report
    from nsr.batch.scoring import Gold

    only_with("gold", "gold_field", "id_field")
    target = out or folders[0] / "report.html"
    answers = Gold(gold, gold_field, id_field) if gold is not None else None
    n = write_report(folders, target, gold=answers, by=by, title=title)
    click.echo(f"{target}: {n} problems, {_size(target.stat().st_size)}")


def _size(number: int) -> str:
    """A number of bytes for people."""
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{number / 1e3:.0f} kB"
