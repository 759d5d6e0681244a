"""What programs state of a library's relation, kept apart from what follows of it.

A library that declares `stated p` beside `p` gets there every fact about `p` and every rule with `p` in its head that
the program writes: one step to the left is stated, anywhere to the left follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nsr.language import ast

if TYPE_CHECKING:
    from nsr.language.check.includes import Included
    from nsr.language.check.statements import Section

_PREFIX = "stated "


def keep_apart(sections: Iterable[Section], library: Sequence[Included]) -> None:
    """Put `stated p` for `p` into the program's facts and heads where the library wants that."""
    declared = {s.name.text for i in library if isinstance(i.statement, ast.RelDecl) for s in i.statement.signatures}
    stated = {name: _PREFIX + name for name in declared if _PREFIX + name in declared}
    own = {i.index for i in library}
    if not stated:
        return
    for section in sections:
        said = section.rules
        said.facts = [
            replace(fact, symbol=stated[fact.symbol])
            if fact.symbol in stated and fact.origin.statement not in own
            else fact
            for fact in said.facts
        ]
        said.rules = [
            replace(rule, relation=stated[rule.relation])
            if rule.relation in stated and rule.origin.statement not in own
            else rule
            for rule in said.rules
        ]
