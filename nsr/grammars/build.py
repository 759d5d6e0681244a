"""Builds the parse tables from the grammar file; `python -m nsr.grammars.build` stores them as package data.

Lark reads the grammar and constructs the LALR tables; what is stored is plain JSON (`tables.py` says what is in it),
so that parsing needs neither Lark nor a pickle. The grammar's hash stands in the file: tables of another grammar
are never used.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import deque
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
    table: Any = parser.parser.parser._parse_table
    named = sorted(parser.terminals, key=lambda t: t.name)
    rules = sorted(parser.rules, key=lambda r: (r.origin.name, [s.name for s in r.expansion], r.alias or ""))
    rule_index = {rule: i for i, rule in enumerate(rules)}
    terminals = [*sorted(t.name for t in parser.terminals), "$END"]
    nonterminals = sorted({rule.origin.name for rule in rules})
    terminal_index = {name: i for i, name in enumerate(terminals)}
    nonterminal_index = {name: i for i, name in enumerate(nonterminals)}
    # Lark numbers states as it meets them in sets; numbering them along the edges makes the file reproducible.
    number = _numbering(table, Shift)
    actions: list[list[int]] = [[] for _ in number]
    gotos: list[list[int]] = [[] for _ in number]
    for state, row in table.states.items():
        for symbol, (action, target) in sorted(row.items()):
            if symbol in nonterminal_index:
                gotos[number[state]] += [nonterminal_index[symbol], number[target]]
            elif symbol in terminal_index:
                # Shifts are stored as the state, reductions as -1 - rule.
                code = number[target] if action is Shift else -1 - rule_index[target]
                actions[number[state]] += [terminal_index[symbol], code]
    return {
        "format": FORMAT,
        "grammar": grammar_hash(grammar),
        "lark": lark.__version__,
        "terminals": terminals,
        "nonterminals": nonterminals,
        "literals": {t.name: t.pattern.value for t in named if t.pattern.type == "str"},
        "patterns": {t.name: t.pattern.value for t in named if t.pattern.type == "re"},
        "ignored": sorted(parser.ignore_tokens),
        "rules": [_rule(rule) for rule in rules],
        "actions": actions,
        "gotos": gotos,
        "start": number[table.start_states["start"]],
    }


def _numbering(table: Any, shift: object) -> dict[int, int]:
    """New numbers for the states, in the order in which a walk from the start meets them."""
    start = table.start_states["start"]
    number = {start: 0}
    waiting = deque([start])
    while waiting:
        for _, (action, target) in sorted(table.states[waiting.popleft()].items(), key=lambda item: item[0]):
            if action is shift and target not in number:
                number[target] = len(number)
                waiting.append(target)
    return number


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
