"""Statements of a program held against the sentences behind their `:::`: what is denied, and what is the conclusion.

Language models write `Nice($x, True) >>> Furry($x, True) ::: If someone is furry then they are nice.`: the sentence is
of the problem, and right.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nsr.dialects.logiclm_goal import DENIAL, is_named
from nsr.dialects.logiclm_names import fold
from nsr.dialects.logiclm_rules_tree import Clause, Literal, spelled
from nsr.dialects.repairs import Findings

__all__ = ["fact_held_against", "turned"]

_CONDITIONAL = re.compile(r"\W*if\b(?P<condition>[^.?!]*)\bthen\b(?P<conclusion>[^.?!]*)\.?\W*", re.IGNORECASE)
_GENERAL = re.compile(
    r"\W*(?:all |every |each )?(?P<condition>[^.?!]*?) ?\b(?:things?|people|persons?)? (?:are|is)\b"
    r"(?P<conclusion>[^.?!]*)\.?\W*",
    re.IGNORECASE,
)
_NOT_SIMPLE = re.compile(r"\b(?:if|then|all|every|each|someone|something|things|people|and|or)\b", re.IGNORECASE)

_LONGEST = 300
"""Longer comments are none of these sentences."""


def fact_held_against(clause: Clause, findings: Findings) -> Clause:
    """A fact with the sign of its sentence, a simple one with its predicate, and its individuals in their order."""
    if clause.body or len(clause.heads) != 1 or len(clause.comment) > _LONGEST or _NOT_SIMPLE.search(clause.comment):
        return clause
    [head] = clause.heads
    words = [fold(w) for w in re.findall(r"[\w'’]+", clause.comment)]
    if any(a.is_variable for a in head.args) or not is_named(head.name, words):
        return clause
    if not _in_this_order([a.text for a in head.args], words):
        return clause
    right = replace(head, is_negative=len(DENIAL.findall(clause.comment)) % 2 == 1)
    if right.is_negative == head.is_negative:
        return clause
    message = "the sentence that this fact is of has the opposite sign"
    findings.repair("logiclm-fact-polarity", message, clause.span, spelled(right))
    return replace(clause, heads=(right,))


def turned(clause: Clause, findings: Findings) -> Clause:
    """A rule with the conclusion of its sentence, which has the same literals and denies nothing.

    Several literals without an arrow are a rule as well, if their sentence is one.
    """
    literals = clause.literals
    names = [x.name for x in literals]
    is_rule = bool(clause.body)
    if (len(clause.heads) == 1) != is_rule or len(set(names)) != len(names) or len(clause.comment) > _LONGEST:
        return clause
    match = _CONDITIONAL.fullmatch(clause.comment) or _GENERAL.fullmatch(clause.comment)
    if match is None or DENIAL.search(clause.comment) or any(x.is_negative for x in literals):
        return clause
    condition, conclusion = _told(match["condition"], literals), _told(match["conclusion"], literals)
    if len(conclusion) != 1 or conclusion == list(clause.heads) or len(condition) != len(literals) - 1:
        return clause
    if conclusion[0] in condition or not _variables(conclusion) <= _variables(condition):
        return clause
    written = f"{' && '.join(map(spelled, condition))} >>> {spelled(conclusion[0])}"
    if is_rule:
        message = "the sentence that this rule is of concludes another of these"
        findings.repair("logiclm-rule-direction", message, clause.span, written)
    else:
        findings.repair("logiclm-arrow-missing", "the sentence that this is of is a rule", clause.span, written)
    return replace(clause, body=tuple(condition), heads=tuple(conclusion))


def _told(text: str, literals: tuple[Literal, ...]) -> list[Literal]:
    """The literals whose predicate and individuals a part of a sentence names."""
    words = [fold(w) for w in re.findall(r"[\w'’]+", text)]
    return [x for x in literals if all(is_named(n, words) for n in (x.name, *_individuals(x)))]


def _individuals(literal: Literal) -> list[str]:
    return [a.text for a in literal.args if not a.is_variable]


def _variables(literals: list[Literal]) -> set[str]:
    return {a.text for x in literals for a in x.args if a.is_variable}


def _in_this_order(names: list[str], words: list[str]) -> bool:
    """Whether the names stand in the words one after the other."""
    for name in names:
        end = next((n for n in range(1, len(words) + 1) if is_named(name, words[:n])), None)
        if end is None:
            return False
        words = words[end:]
    return True
