"""Words where the rule notation has signs: a rule that is said in a sentence, and a quantifier beside a formula.

`Zumpuses are not blue` and `All big, cold things are red` stand for rules, and the *for all x* beside a formula says of
`$x` what it means anyway.
"""

from __future__ import annotations

import re

from nsr.dialects.logiclm_lines import MAX_LINE, Line
from nsr.dialects.logiclm_rules_tree import Clause, Literal, Term, spelled
from nsr.dialects.repairs import Findings

__all__ = ["rule_in_words", "without_quantifier"]

_LONGEST = 200
"""Longer lines are no such sentences."""

_WORD = r"[^\W\d][\w'’-]*"
_SENTENCE = re.compile(
    rf"(?P<all>(?:all|every|each)\s+)?(?P<what>{_WORD}(?:(?:\s*,\s*|\s+){_WORD})*?)\s+(?P<copula>is|are)\s+"
    rf"(?P<denial>not\s+)?(?:an?\s+)?(?P<then>{_WORD})\.?",
    re.IGNORECASE,
)
_THINGS = re.compile(r"things?|people|persons?", re.IGNORECASE)
_FUNCTION_WORD = re.compile(
    r"a|all|an|and|any|both|each|every|few|if|is|most|no|none|not|others|some|that|the|then|who", re.IGNORECASE
)
_QUANTIFIER = r"(?:for\s+(?:all|any|every|each)\s+|∀\s*)(?P<variable>\$?[a-z]\w?)\b"
_BEFORE = re.compile(rf"{_QUANTIFIER}[ ,:.]*", re.IGNORECASE)
_BEHIND = re.compile(rf"(?<!\w){_QUANTIFIER}[ .]*$", re.IGNORECASE)


def rule_in_words(line: Line, findings: Findings) -> Clause | None:
    """The rule that a line says in words: *[Every] P is (not) a Q*, *Ps are (not) Qs*, *[All] P, Q things are R*.

    None if it is no such sentence. What has no quantifier and no plural may be about an individual.
    """
    match = _SENTENCE.fullmatch(line.text) if len(line.text) <= _LONGEST else None
    if match is None:
        return None
    *others, last = re.findall(_WORD, match["what"])
    properties = [w for w in others if w.casefold() != "and"]
    if not _THINGS.fullmatch(last) or not properties:
        is_general = bool(match["all"]) or (match["copula"].casefold() == "are" and last.endswith("s"))
        if properties or not is_general:
            return None
        properties = [last]
    if any(map(_FUNCTION_WORD.fullmatch, [*properties, match["then"]])):
        return None

    def literal(name: str, is_negative: bool = False) -> Literal:
        return Literal(name, (Term("x", True, line.span),), is_negative, line.span, line.span)

    body = tuple(map(literal, properties))
    head = literal(match["then"], bool(match["denial"]))
    written = f"{' && '.join(map(spelled, body))} >>> {spelled(head)}"
    findings.repair("logiclm-sentence-as-rule", "this sentence is read as a rule", line.span, written)
    return Clause(body, (head,), line.comment, line.span)


def without_quantifier(line: Line, findings: Findings) -> Line:
    """The line without the *for all x* before or behind its formula, if the formula is about `$x`."""
    text = line.text
    if len(text) > MAX_LINE:
        return line
    if match := _BEFORE.match(text):
        rest = Line(text[match.end() :], line.comment, line.start + match.end())
    elif match := _BEHIND.search(text):
        rest = Line(text[: match.start()].rstrip(" ,;"), line.comment, line.start)
    else:
        return line
    if not re.search(rf"(?<!\w)\$?{re.escape(match['variable'].lstrip('$'))}(?!\w)", rest.text):
        return line
    start, end = (0, match.end()) if rest.start > line.start else (len(rest.text), len(text))
    message = "a variable means everything without these words"
    findings.repair("logiclm-quantifier-in-words", message, line.place(start, end), "")
    return rest
