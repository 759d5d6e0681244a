"""The query of a program held against the sentence that it should be: its sign, and its predicate.

Language models often write a query with the wrong truth value (in PrOntoQA's programs a positive statement with
`False`). Where the sentence names the predicate and the individuals of the query and only the sign differs, the
sentence is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher

from nsr.dialects.logiclm_names import fold, is_form
from nsr.dialects.logiclm_rules_tree import Clause, Literal, spelled
from nsr.dialects.repairs import Findings

__all__ = ["DENIAL", "held_against", "is_named", "rule_held_against", "statement_of"]

DENIAL = re.compile(r"\b(?:not|cannot|never|no)\b|n['’]t\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)|\banswer:.*$", re.IGNORECASE | re.DOTALL)
_LONGEST_WORD = 40
_ALIKE = 0.5
_QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]")


def statement_of(question: str) -> str:
    """The statement that a question puts up: what is quoted in it, else what follows its question mark, else all."""
    text = _ASIDE.sub(" ", question).strip()
    if quoted := _QUOTED.search(text):
        return quoted[1].strip()
    return text.rpartition("?")[2].strip() or text


def held_against(query: Literal, question: str, predicates: Iterable[Literal], findings: Findings) -> Literal:
    """The query as the question's statement has it; `predicates` are those it may be about.

    The sign is taken from the statement only where it names all individuals and the predicate, which may be another one
    than the query's if that is not in the statement and exactly one other is. Of a statement `x is [not] [a] word` the
    word is the predicate even if nothing else in the program is about it.
    """
    statement = statement_of(question)
    words = [fold(w) for w in re.findall(r"[\w'’]+", statement)]
    if not statement or not all(is_named(a.text, words) for a in query.args):
        return query
    right = query
    if not is_named(query.name, words):
        name = _other_name(query, words, known := list(predicates))
        if name is None:
            return query
        shown = next((p.shown for p in known if p.name == name), "")
        right = replace(query, name=name, shown=shown)
    right = replace(right, is_negative=len(DENIAL.findall(statement)) % 2 == 1, is_asked=False)
    if right.name != query.name:
        message = f"the statement in question is about `{right.shown or right.name}`, not `{query.shown or query.name}`"
        findings.repair("logiclm-goal-predicate", message, query.span, spelled(right))
    elif right.is_negative != query.is_negative:
        message = "the statement in question has the opposite sign"
        findings.repair("logiclm-goal-polarity", message, query.span, spelled(right))
    return right


def _other_name(query: Literal, words: list[str], known: list[Literal]) -> str | None:
    """The predicate that a statement is about in place of the query's; None if it may be several or none."""
    others = {p.name for p in known if len(p.args) == len(query.args) and is_named(p.name, words)}
    if others or len(query.args) != 1:
        return others.pop() if len(others) == 1 else None
    subject = [fold(w) for w in query.args[0].text.split("_") if w]
    words = words[1:] if words[:1] == ["the"] else words
    rest = [w for w in words[len(subject) + 1 :] if w not in ("not", "a", "an")]
    is_simple = words[: len(subject) + 1] == [*subject, "is"] and len(rest) == 1
    taken = {name for p in known for name in (p.name, *(a.text for a in p.args))}
    if not is_simple or rest[0] in taken or not rest[0].isidentifier() or _may_be_misspelt(query.name, rest[0]):
        return None
    return rest[0]


def _may_be_misspelt(name: str, word: str) -> bool:
    """Whether a name may be meant for a word: then the statement is not about something else."""
    if max(len(name), len(word)) > _LONGEST_WORD:
        return True
    return SequenceMatcher(None, fold(name), word, autojunk=False).ratio() > _ALIKE


def rule_held_against(clause: Clause, sentences: Iterable[str], findings: Findings) -> Clause:
    """A rule `P >>> Q` with the signs of the one sentence that is about P, then Q: *Every P is (not) a Q*.

    Where the language model denies both sides of *Ps are not Qs*, the sentence is right. A rule that no sentence has in
    this direction, but one in the other, is turned round.
    """
    if len(clause.body) != 1 or len(clause.heads) != 1:
        return clause
    body, head = clause.body[0], clause.heads[0]
    if body.name == head.name or len(body.args) != 1 or len(head.args) != 1:
        return clause
    told = list(sentences)
    found = {signs for s in told if (signs := _signs(s, body.name, head.name)) is not None}
    if not found:
        body, head = head, body
        found = {signs for s in told if (signs := _signs(s, body.name, head.name)) is not None}
    if len(found) != 1:
        return clause
    (is_negative,) = found
    right = replace(clause, body=(replace(body, is_negative=False),), heads=(replace(head, is_negative=is_negative),))
    written = f"{spelled(right.body[0])} >>> {spelled(right.heads[0])}"
    if body is clause.heads[0]:
        message = "the sentence that this rule is of has the conclusion for its condition"
        findings.repair("logiclm-rule-direction", message, clause.span, written)
    elif right != clause:
        message = "the sentence that this rule is of has other signs"
        findings.repair("logiclm-rule-polarity", message, clause.span, written)
    return right


def _signs(sentence: str, subject: str, predicate: str) -> bool | None:
    """Whether a sentence `[every] subject is [not] [a] predicate` denies; None if it is no such sentence."""
    words = [fold(w) for w in re.findall(r"[\w'’]+", sentence)]
    words = words[1:] if words[:1] and words[0] in ("every", "each", "all") else words
    if len(words) < 3 or words[1] not in ("is", "are"):
        return None
    rest = words[2:]
    is_negative = rest[0] == "not"
    rest = rest[1:] if is_negative else rest
    rest = rest[1:] if rest[:1] and rest[0] in ("a", "an") else rest
    if len(rest) != 1 or not is_form(fold(subject), words[0]) or not is_form(fold(predicate), rest[0]):
        return None
    return is_negative


def is_named(name: str, words: list[str]) -> bool:
    """Whether the words of a name stand in a row, each in any regular form."""
    parts = [fold(p) for p in name.split("_") if p]
    places = range(len(words) - len(parts) + 1)
    return bool(parts) and any(all(is_form(p, words[at + i]) for i, p in enumerate(parts)) for at in places)
