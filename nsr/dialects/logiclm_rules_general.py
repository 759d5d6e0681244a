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
    told = [c for c in clauses if _is_open(c) and not c.comment]
    is_small = sum(len(c.heads) * len(individuals) ** len(_variables(c)) for c in told) <= _MAX_SAID
    said = [_said(c, individuals) for c in told] if is_small else []
    is_so = is_small and is_consistent([*(c for c in clauses if not _is_open(c)), *said], goal)
    general = iter(said)
    result = []
    for clause in clauses:
        if not _is_open(clause):
            result.append(clause)
        elif is_so and not clause.comment:
            result.append(next(general))
            message = "a fact about a variable is so of everything: it is said of each individual"
            findings.repair("logiclm-general-fact", message, clause.span, "\n".join(map(spelled, result[-1].heads)))
        else:
            why = "this has another sentence" if clause.comment else "said of all these are contradictory, or too many"
            message = f"facts are about individuals, and {why}: it is left out"
            findings.repair("logiclm-variable-fact", message, clause.span, "")
    return result


def _is_open(clause: Clause) -> bool:
    return not clause.body and bool(_variables(clause))


def _variables(clause: Clause) -> list[str]:
    return sorted({a.text for x in clause.heads for a in x.args if a.is_variable})


def _said(clause: Clause, individuals: list[Term]) -> Clause:
    """The fact for each individual."""
    variables = _variables(clause)
    heads: dict[tuple[str, bool, tuple[str, ...]], Literal] = {}
    for values in product(individuals, repeat=len(variables)):
        binding = dict(zip(variables, values, strict=True))
        for head in clause.heads:
            args = tuple(binding[a.text] if a.is_variable else a for a in head.args)
            heads[head.name, head.is_negative, tuple(a.text for a in args)] = replace(head, args=args)
    return replace(clause, heads=tuple(heads.values()))
