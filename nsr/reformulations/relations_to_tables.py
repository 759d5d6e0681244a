"""Relations that the data decide become tables.

Rules that depend on no unknown, and on no negation that turns back on itself, have one least model; it is worked out
bottom-up, a group of relations that depend on each other after those it depends on (semi-naive evaluation: Ullman,
"Principles of Database and Knowledge-Base Systems", 1988, chapter 3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nsr.language.ir import Table
from nsr.reformulations.bottom_up import context_of, derive, forms_of
from nsr.reformulations.dependence import decided_relations, relation_order
from nsr.reformulations.plain_rules import looked_up
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features
from nsr.reformulations.substitution import Fresh

if TYPE_CHECKING:
    from nsr.language.ir import Program
    from nsr.language.sorts import Value
    from nsr.limits import Budget

__all__ = ["RELATIONS_TO_TABLES"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with tables for the relations that depend on no unknown.

    Raises:
        BudgetExceeded: when there are too many rows, or without end.
    """
    return _with_tables(program, decided_relations(program), budget)


def partly(program: Program, native: frozenset[Feature], budget: Budget) -> Program:
    """The program with tables for those relations only that must be known before it is written out; see `looked_up`.

    Raises as `rewrite` does.
    """
    return _with_tables(program, looked_up(program, native), budget)


def _with_tables(program: Program, decided: frozenset[str], budget: Budget) -> Program:
    if not decided:
        return program
    context = context_of(program, decided, budget)
    fresh = Fresh("#rule ")
    for group in relation_order(program):
        inside = decided.intersection(group)
        if inside:
            forms = [
                form
                for rule in program.rules
                if rule.symbol in inside
                for form in forms_of(rule, program, context.relations.keys(), (), fresh)
            ]
            derive(forms, inside, context)
    tables = dict(program.tables)
    numbering = context.numbering
    for name in decided:
        rows = context.relations[name].rows
        entries: dict[tuple[Value, ...], Value] = {numbering.row_values(row): True for row in rows}
        tables[name] = Table(entries, False, True)
    return replace(
        program,
        tables=tables,
        symbols={
            name: replace(function, kind="param") if name in decided else function
            for name, function in program.symbols.items()
        },
        facts=tuple([facts for facts in program.facts if facts.symbol not in decided]),
        rules=tuple([rule for rule in program.rules if rule.symbol not in decided]),
    )


RELATIONS_TO_TABLES = Reformulation(
    name="RelationsToTables",
    rewrites={Feature(Construct.DECIDED_RELATION, Position.DECLARATION): features(Construct.TABLE)},
    cost=1,
    rewrite=rewrite,
    # Tables are looked up where binders are written out, and joined where other relations depend on them.
    exposes=features(Construct.BINDER, Construct.RELATION),
    partly=partly,
)
