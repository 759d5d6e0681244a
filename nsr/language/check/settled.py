"""Relations that the data alone decide, so that conditions on them tell which entries of a table are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nsr.language import ir
from nsr.language.check.context import Context
from nsr.language.evaluate import NoEntry
from nsr.language.relations import components_of, extend
from nsr.limits import Budget, BudgetExceeded

_STEPS = 500_000
"""Steps spent on deriving relations; what takes more counts as not known."""


def settle(ctx: Context, facts: Sequence[ir.Facts], rules: Sequence[ir.Rule], questions: Sequence[ir.Question]) -> None:
    """Derive the relations that rest on no unknown and that no question changes, and note them in `ctx.settled`."""
    said = {f.name for f in facts} | {r.name for r in rules}
    if any(q.facts or q.rules or said.intersection(q.drops) for q in questions):
        return
    program = replace(ctx.program(), tables=ctx.tables, facts=tuple(facts), rules=tuple(rules))
    budget = Budget(steps=_STEPS, wall_seconds=1.0)
    structure: ir.Structure = {}
    try:
        for component in components_of(program, ir.Question(ir.Find())):
            if component.is_known and component.is_stratified:
                structure = next(iter(extend(program, (component,), structure, budget)))
    except (NoEntry, BudgetExceeded):
        # A rule that asks for a missing entry, or too much work: what is derived so far counts.
        pass
    for name, rows in structure.items():
        ctx.settled[name] = ir.Table(rows, False, True)
