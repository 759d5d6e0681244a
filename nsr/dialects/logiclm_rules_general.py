"""Facts about a variable: what they say is so of everything, unless the program then contradicts itself.

Language models write `Jompus($x, True)` below `Facts:` both to say it and to repeat a declaration. Logic-LM's own code
leaves such lines out.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from nsr.dialects.logiclm_rules_apart import is_consistent
from nsr.dialects.logiclm_rules_tree import Clause, Literal, Term, spelled
from nsr.dialects.repairs import Findings

__all__ = ["general_facts"]

_MAX_SAID = 2000


def general_facts(clauses: list[Clause], goal: Literal, findings: Findings) -> list[Clause]:
    """The clauses with each fact about a variable said of every individual of the program.

    Such a fact is left out where it has a sentence, since that is another one; and all of them are where the program
    would contradict itself, or is too large to find out.
    """
    if not any(map(_is_open, clauses)):
        return clauses
    terms = {a.text: a for c in clauses for x in (*c.literals, goal) for a in x.args if not a.is_variable}
    individuals = [terms[name] for name in sorted(terms)]
    said = [_said(c, individuals) if _is_open(c) else c for c in clauses]
    kept = [c for c in said if c is not None]
    is_so = sum(len(c.heads) for c in kept) <= _MAX_SAID and is_consistent(kept, goal)
    result = []
    for clause, general in zip(clauses, said, strict=True):
        if not _is_open(clause):
            result.append(clause)
        elif general is not None and is_so:
            message = "a fact about a variable is so of everything: it is said of each individual"
            findings.repair("logiclm-general-fact", message, clause.span, "\n".join(map(spelled, general.heads)))
            result.append(general)
        else:
            why = "this has a sentence or is too much" if general is None else "said of all this is contradictory"
            message = f"a fact is about individuals, and {why}: it is left out"
            findings.repair("logiclm-variable-fact", message, clause.span, "")
    return result


def _is_open(clause: Clause) -> bool:
    return not clause.body and any(a.is_variable for x in clause.heads for a in x.args)


def _said(clause: Clause, individuals: list[Term]) -> Clause | None:
    """The fact for each individual; None if it has a sentence, or says too much."""
    variables = sorted({a.text for x in clause.heads for a in x.args if a.is_variable})
    if clause.comment or len(individuals) ** len(variables) > _MAX_SAID:
        return None
    heads: dict[tuple[str, bool, tuple[str, ...]], Literal] = {}
    for values in product(individuals, repeat=len(variables)):
        binding = dict(zip(variables, values, strict=True))
        for head in clause.heads:
            args = tuple(binding[a.text] if a.is_variable else a for a in head.args)
            heads[head.name, head.is_negative, tuple(a.text for a in args)] = replace(head, args=args)
    return replace(clause, heads=tuple(heads.values()))
