"""A denial in the sentence must come back in the formula, and none may be added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from nsr.formalizers.variants import denied_pairs
from nsr.language import ir
from nsr.lint.findings import Finding
from nsr.lint.orders import ORDER
from nsr.lint.reading import Reading, Vocabulary, resembles

# Words that deny, whatever the rest says.
_SURE = re.compile(
    r"\b(?:not|can+ot|cannot|never|neither|nor|different (?:from|than)|(?:two )?different (?:people|persons|ones)|"
    r"spared|steered clear of|kept away from|avoided|refused|"
    r"other than|none of|by no means|in no way|no way that|nothing to do with|rule[sd]? out|false|"
    r"(?:someone|somebody) else|any\w*(?: \w+)? but)\b"
    r"|n['’]t\b|\b(?:isnt|doesnt|wasnt|didnt|arent|cant|hasnt|havent|werent)\b",
    re.IGNORECASE,
)
# Words with which a denial in the formula may be right.
_PERHAPS = re.compile(
    r"\b(?:none|nobody|nothing|nowhere|no|without|except\w*|dif+\w*|distinct\w*|unlike|separate|rather than|instead|"
    r"refuses?|"
    r"avoids?|hates?|dislikes?|fails?|lacks?|isolated|unless|only|either|one of|rule[sd]? out|neighbou?rs?|all|(?:two|"
    r"both) sides|other|another|at most|at least)\b",
    re.IGNORECASE,
)
# Denials that say nothing against an atom: `but not both`, `not necessarily in that order`, `not only ... but also`.
_IDLE = re.compile(
    r"\b(?:not|never) (?:necessarily|both|always)\b|\bnot (?:only|just|merely|simply)\b(?=.*\bbut\b)|\bwhether or not\b"
    r"|\bnone other than\b",
    re.IGNORECASE,
)
_DENYING = ("cannot", "never", "neither", "different", "distinct", "doesn't", "isn't", "other")
_COUNTED = re.compile(r"\b(?:three|four|five|six|(?<!\.)\d(?!\.\d))\b", re.IGNORECASE)
"""How many there are of a list of things, which are all different."""
# What denies two things at once.
_BOTH = re.compile(
    r"\bneither\b|\brule[sd]? out both\b|\bit (?:is|was)(?: not|n['’]t) [^,;]+? or [^,;]+? (?:who|that|which)\b",
    re.IGNORECASE,
)
# What is said of things that all differ.
_ALL_APART = re.compile(
    r"\bnever coincide\b|\b(?:two|three|four|five|six|all) different\b|\bno two of\b", re.IGNORECASE
)
# Denials that stand between two things, or before the first of a sentence.
_NOT_BETWEEN = re.compile(
    r"\b(?:not(?! only| just| merely| simply)|never|cannot|no(?! (?:later|earlier|more|less|fewer|other|sooner))|"
    r"refus\w+)\b|n['’]t\b",
    re.IGNORECASE,
)
_NONE_OF = re.compile(r"^\W*(?:no|none of) (?:[\w'’-]+ ){0,2}$", re.IGNORECASE)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Compares numbers of denials: where one belongs is for the direction and the solver to show."""
    words = _IDLE.sub(" ", without_values(reading))
    said = len(_SURE.findall(words))
    if said and _denials(reading) < (2 if _BOTH.search(words) else 1):
        yield reading.finding("negation-lost", "the sentence denies something, the formula does not")
    elif _ALL_APART.search(words) and not _all_apart(reading):
        yield reading.finding("negation-lost", "the sentence says that all differ, the formula does not")
    elif told := _misplaced(reading):
        yield reading.finding("negation-lost", told)
    if (
        reading.has_negation
        and not said
        and not (_COUNTED.search(reading.sentence) and _denials(reading) > 2)
        and not _is_pairing(reading.requirement.formula)
        and not _PERHAPS.search(_IDLE.sub(" ", reading.sentence))
        and not resembles(reading.sentence, _DENYING)
    ):
        yield reading.finding("negation-added", "the formula denies something, the sentence does not")


def _misplaced(reading: Reading) -> str:
    """What is wrong with a part: a denial between two things that the formula does not part, or a list denied in part.

    Asked of plain conjunctions only, about things that stand next to each other in the sentence.
    """
    if reading.has_choice or not all(r.kind in ("equal", "less", "shift") for r in reading.relations):
        return ""
    named = [m for m in reading.mentions if m.things and not m.weak]
    for first, second in pairwise(named):
        between = reading.sentence[first.span.end : second.span.start]
        for relation in reading.relations:
            if relation.is_denied or not (relation.names_both and relation.is_of(first, second)):
                continue
            is_order = relation.kind != "equal"
            if first is named[0] and not is_order and _NONE_OF.search(reading.sentence[: first.span.start]):
                return "the sentence denies that two are the same, the formula does not"
            if _NOT_BETWEEN.search(_IDLE.sub(" ", between)) and not (is_order and ORDER.search(between)):
                return "the sentence denies that two are the same, the formula does not"
    for first, second in denied_pairs(reading.sentence, named):
        if not any(r.is_denied and r.is_of(first, second) for r in reading.relations):
            return "the sentence denies more than the formula does"
    return ""


def _all_apart(reading: Reading) -> bool:
    """Whether the formula makes no two of the things named the same and, by itself or pair by pair, all different."""
    if isinstance(reading.requirement.formula, ir.AllDifferent):
        return True
    named = sum(bool(m.things) and not m.weak for m in reading.mentions)
    denied = sum(relation.is_denied for relation in reading.relations)
    return denied == len(reading.relations) and denied >= named * (named - 1) // 2


def _is_pairing(formula: ir.Term) -> bool:
    """`Of A and B one is C and the other D`, whose formula says that A and B are not the same, as nobody need say."""
    match formula:
        case ir.And((ir.Or((ir.And(), ir.And())), ir.Not(ir.Equal()))):
            return True
    return False


def without_values(reading: Reading) -> str:
    """The sentence with the declared values in it blanked: a denial in a title is none of the clue."""
    words = reading.sentence
    for mention in reading.mentions:
        if not mention.weak and mention.things:
            start, end = mention.span.start, mention.span.end
            words = words[:start] + "_" * (end - start) + words[end:]
    return words


def _denials(reading: Reading) -> int:
    """How many atoms of the formula can stand for a denial: denied ones, and orders (`not before`, `no later than`)."""
    found = 0
    for relation in reading.relations:
        found += relation.is_denied or relation.kind in ("less", "apart", "bound", "parity")
    if isinstance(reading.requirement.formula, ir.AllDifferent):
        found += len(reading.requirement.formula.args)
    elif reading.has_negation and not found:
        found = 2
    return found
