"""Builds the parse tables from the grammar file; `python -m nsr.grammars.build` stores them as package data.

Lark reads the grammar and constructs the LALR tables; what is stored is plain JSON (`tables.py` says what is in it),
so that parsing needs neither Lark nor a pickle. The grammar's hash stands in the file: tables of another grammar
are never used.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

GRAMMAR_PATH = Path(__file__).with_name("nsr.lark")
TABLES_PATH = Path(__file__).with_name("tables.json")
FORMAT = 1

# How a rule's value comes from those of its parts, see `tables.Rule`.
DROP, KEEP, SPLICE = 0, 1, 2


def grammar_hash(grammar: str) -> str:
    """What tells one grammar from another in the stored tables."""
    return hashlib.sha256(grammar.encode()).hexdigest()


def build_tables(grammar: str, *, strict: bool = False) -> dict[str, Any]:
    """The tables of `grammar` as JSON-ready data; `strict` also refuses terminals that overlap.

    Strict mode needs the package interegular, which only development has.
    """
    import lark
    from lark.parsers.lalr_analysis import Shift

    parser = lark.Lark(grammar, parser="lalr", maybe_placeholders=True, strict=strict)
    table: Any = parser.parser.parser._parse_table  # type: ignore[attr-defined]
    rules = list(parser.rules)
    rule_index = {rule: i for i, rule in enumerate(rules)}
    terminals = [t.name for t in parser.terminals] + ["$END"]
    nonterminals = sorted({rule.origin.name for rule in rules})
    # "$root_start" appears in no rule of the list; its only action is to accept.
    terminal_index = {name: i for i, name in enumerate(terminals)}
    nonterminal_index = {name: i for i, name in enumerate(nonterminals)}
    actions: list[list[int]] = []
    gotos: list[list[int]] = []
    for state in range(len(table.states)):
        action_row: list[int] = []
        goto_row: list[int] = []
        for symbol, (action, target) in sorted(table.states[state].items()):
            if symbol in nonterminal_index:
                goto_row += [nonterminal_index[symbol], target]
            elif symbol in terminal_index:
                # Shifts are stored as the state, reductions as -1 - rule.
                action_row += [terminal_index[symbol], target if action is Shift else -1 - rule_index[target]]
        actions.append(action_row)
        gotos.append(goto_row)
    return {
        "format": FORMAT,
        "grammar": grammar_hash(grammar),
        "lark": lark.__version__,
        "terminals": terminals,
        "nonterminals": nonterminals,
        "literals": {t.name: t.pattern.value for t in parser.terminals if t.pattern.type == "str"},
        "patterns": {t.name: t.pattern.value for t in parser.terminals if t.pattern.type == "re"},
        "ignored": sorted(parser.ignore_tokens),
        "rules": [_rule(rule) for rule in rules],
        "actions": actions,
        "gotos": gotos,
        "start": table.start_states["start"],
        "end": table.end_states["start"],
    }


def _rule(rule: Any) -> dict[str, Any]:
    """A rule as data, with the meaning that Lark's tree builder gives to its options."""
    name = rule.origin.name
    modes = []
    for symbol in rule.expansion:
        if symbol.is_term:
            modes.append(DROP if symbol.filter_out else KEEP)
        else:
            modes.append(SPLICE if symbol.name.startswith("_") else KEEP)
    # An optional part that is absent leaves None in its place: how many stand before each part and at the end.
    flags = rule.options.empty_indices or (False,) * len(modes)
    gaps = [len(run) for run in "".join("1" if flag else "0" for flag in flags).split("0")]
    return {
        "origin": name,
        "size": len(rule.expansion),
        "symbols": [symbol.name for symbol in rule.expansion],
        "action": None if name.startswith("_") and not rule.alias else (rule.alias or name),
        "modes": modes,
        "gaps": gaps if any(gaps) else [],
        "unwrap": bool(rule.options.expand1) and not rule.alias,
    }


def main() -> int:
    """Writes the tables beside the grammar."""
    grammar = GRAMMAR_PATH.read_text(encoding="utf-8")
    tables = build_tables(grammar, strict=True)
    TABLES_PATH.write_text(json.dumps(tables, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TABLES_PATH.name}: {len(tables['actions'])} states, {len(tables['rules'])} rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
