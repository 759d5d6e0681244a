"""`nsr compare`: two runs over the same problems."""

from __future__ import annotations

import json
from pathlib import Path

import click

from nsr.cli.common import json_option, only_with


@click.command("compare")
@click.argument("first", type=click.Path(path_type=Path), metavar="A")
@click.argument("second", type=click.Path(path_type=Path), metavar="B")
@click.option(
    "--gold", type=click.Path(path_type=Path), metavar="FILE.jsonl", help="Gold answers (default: those of the input)."
)
@click.option("--gold-field", default="solution", show_default=True, metavar="NAME", help="Field with the gold answer.")
@click.option("--id-field", default="id", show_default=True, metavar="NAME", help="Field with the identifier.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the bootstrap.")
@click.option(
    "--show", type=click.IntRange(min=0), default=20, show_default=True, help="How many changed problems to list."
)
@json_option
def command(
    first: Path,
    second: Path,
    gold: Path | None,
    gold_field: str,
    id_field: str,
    seed: int,
    show: int,
    as_json: bool,
) -> None:
    """Compare two runs pair by pair: who is right where, and whether the difference is more than chance."""
    from rich.table import Table

    from nsr.batch.compare import compare_runs
    from nsr.batch.scoring import Gold
    from nsr.cli.score import HEADINGS, cells
    from nsr.cli.terminal import terminal

    only_with("gold", "gold_field", "id_field")
    found = compare_runs(first, second, Gold(gold, gold_field, id_field) if gold is not None else None, seed=seed)
    values = found.to_json()
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    console = terminal(at_least=130)
    console.print(
        f"{values['common']} problems in both, {values['agreeing']} with the same answer; "
        f"only in A {values['only_in_a']}, only in B {values['only_in_b']}"
    )
    for name, setting in values["settings"].items():
        console.print(f"  {name}: A {setting['a']!r}, B {setting['b']!r}", markup=False, soft_wrap=True)
    if found.n:
        table = Table()
        for heading in HEADINGS:
            table.add_column(heading, justify="left" if not heading else "right")
        table.add_row(f"A {first}", *cells(found.a))
        table.add_row(f"B {second}", *cells(found.b))
        console.print(table)
        low, high = values["interval"]
        console.print(
            f"of {found.n}: both right {values['both']}, only A {values['only_a']}, only B {values['only_b']}, "
            f"neither {values['neither']}"
        )
        console.print(
            f"B less A: {100 * values['difference']:+.1f} points, 95 % interval {100 * low:+.1f} to {100 * high:+.1f} "
            f"(bootstrap over pairs, seed {seed}); McNemar, exact: p = {values['p']:.3g}"
        )
    else:
        console.print("no gold answers: only the answers themselves are compared")
    for change in found.changes[:show]:
        console.print(f"{change.id}: {change.a} → {change.b} {change.detail}", markup=False, soft_wrap=True)
    if len(found.changes) > show:
        console.print(f"... and {len(found.changes) - show} more (--show)")
