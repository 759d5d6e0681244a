"""The parse tables at run time: loaded from package data, built anew when the grammar has changed.

The file is plain JSON made by `nsr.grammars.build`. It holds the literals and patterns of the terminals, the rules,
and for each state what to do on a terminal (`actions`: a state to go to, or -1 - rule) and after a nonterminal
(`gotos`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nsr.grammars.build import FORMAT, GRAMMAR_PATH, KEEP, TABLES_PATH, build_tables, grammar_hash

__all__ = ["Rule", "Tables", "load_tables"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One production and how its value is made.

    `action` names the builder's method, None for a list that is spliced into its parent. `modes` says for each part
    whether its value is dropped, kept or spliced; `gaps` how many None stand before each part (and at the end) for
    optional parts that are absent. With `unwrap` a single value is passed on as it is. `is_unit` marks the frequent
    case of one kept part passed on.
    """

    origin: str
    size: int
    symbols: tuple[str, ...]
    action: str | None
    modes: tuple[int, ...]
    gaps: tuple[int, ...]
    unwrap: bool
    is_unit: bool
    keeps_all: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that lexer and parser need of the grammar.

    `unit_runs` remembers where runs of rules with one part lead, from the states below and at the top and the terminal.
    """

    literals: dict[str, str]
    patterns: dict[str, str]
    rules: tuple[Rule, ...]
    actions: tuple[dict[str, int], ...]
    gotos: tuple[dict[str, int], ...]
    start: int
    keywords: dict[str, str]
    symbols: dict[str, str]
    statement_keywords: frozenset[str]
    unit_runs: dict[tuple[int, int, str], int] = field(default_factory=dict)


def _prepare(data: dict[str, Any]) -> Tables:
    terminals: list[str] = data["terminals"]
    nonterminals: list[str] = data["nonterminals"]
    rules = []
    for rule in data["rules"]:
        modes = tuple(rule["modes"])
        gaps = tuple(rule["gaps"])
        is_plain = all(mode == KEEP for mode in modes) and not gaps
        rules.append(
            Rule(
                origin=rule["origin"],
                size=rule["size"],
                symbols=tuple(rule["symbols"]),
                action=rule["action"],
                modes=modes,
                gaps=gaps,
                unwrap=rule["unwrap"],
                is_unit=is_plain and rule["unwrap"] and rule["size"] == 1,
                keeps_all=is_plain,
            )
        )
    literals: dict[str, str] = data["literals"]
    actions = tuple({terminals[row[i]]: row[i + 1] for i in range(0, len(row), 2)} for row in data["actions"])
    return Tables(
        literals=literals,
        patterns=data["patterns"],
        rules=tuple(rules),
        actions=actions,
        gotos=tuple({nonterminals[row[i]]: row[i + 1] for i in range(0, len(row), 2)} for row in data["gotos"]),
        start=data["start"],
        keywords={text: name for name, text in literals.items() if text[0].isalpha()},
        symbols={text: name for name, text in literals.items() if not text[0].isalpha()},
        statement_keywords=frozenset(literals[name] for name in actions[data["start"]] if name != "$END"),
    )


@cache
def load_tables() -> Tables:
    """The tables of the grammar file; builds them if the stored ones belong to another grammar."""
    grammar = GRAMMAR_PATH.read_text(encoding="utf-8")
    try:
        data = json.loads(TABLES_PATH.read_text(encoding="utf-8"))
    except FileNotFoundError:
        data = None
    if data is None or data.get("format") != FORMAT or data.get("grammar") != grammar_hash(grammar):
        data = build_tables(grammar)
    return _prepare(data)
