"""`nsr datasets`: what sets there are, and what is in a file of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from nsr.cli.common import json_option


@click.command("datasets")
@click.argument("path", type=click.Path(path_type=Path), metavar="[PATH]", required=False)
@click.option("--dataset", default="auto", show_default=True, metavar="NAME", help="The set that the file is of.")
@click.option(
    "--show",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many doubts about gold answers to list.",
)
@json_option
def command(path: Path | None, dataset: str, show: int, as_json: bool) -> None:
    """List the data sets; with a PATH, read it, and list what speaks against its gold answers."""
    if path is None:
        _list(as_json)
    else:
        _look(path, dataset, show, as_json)


def _list(as_json: bool) -> None:
    from rich.table import Table

    from nsr.cli.terminal import terminal
    from nsr.datasets.registry import loadable

    sets = list(loadable())
    if as_json:
        rows = [
            {"name": n, "title": d.title, "answers": d.kind.value, "licence": d.licence, "source": d.source}
            for n, d in sets
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table()
    for heading in ("name", "title", "answers", "licence", "source"):
        table.add_column(heading, overflow="fold")
    for name, found in sets:
        table.add_row(name, found.title, found.kind.value, found.licence, found.source)
    terminal(at_least=160).print(table, markup=False)


def _look(path: Path, name: str, show: int, as_json: bool) -> None:
    from nsr.datasets.lint import Examiner
    from nsr.datasets.protocol import ReadOptions
    from nsr.datasets.registry import AUTO, dataset, recognized

    found = dataset(recognized(path) if name == AUTO else name)
    examiner = Examiner()
    for problem in found.read(path, ReadOptions()):
        examiner.look(problem, found)
    told: dict[str, Any] = {"path": str(path), "dataset": found.name, "answers": found.kind.value, **examiner.to_json()}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{path}: {found.title} ({found.name}), {examiner.total} problems, answers: {found.kind.value}")
    for mark, count in told["no_optimum"].items():
        click.echo(f"{count} gold answers say: {mark}")
    if told["repeated"]:
        click.echo(f"{told['repeated']} problems have the text of an earlier one")
    click.echo("doubts about gold answers: " + (", ".join(f"{n} {k}" for k, n in told["doubts"].items()) or "none"))
    for identifier, doubt in examiner.findings[:show]:
        click.echo(f"{doubt.kind}: {identifier}: {doubt.detail}")
    if (more := len(examiner.findings) - show) > 0:
        click.echo(f"... and {more} more (--show)")
