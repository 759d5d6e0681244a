"""Which category a name is of that stands in several: a child's, a parent's or a partner's, or of nobody's kin."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nsr.diagnostics import Span

__all__ = ["role_of_label", "role_of_name"]

_CHILD = r"(?:child|kid|son|daughter|son or daughter)"
_OTHER = (
    r"(?:partner|teammate|friend|uncle|aunt|cousin|spouse|wife|husband|sibling|brother|sister|roommate|relative|ally)"
)
_TOGETHER = (
    r"(?:(?:teams?|teamed|pairs?|paired|works?|worked) (?:up )?with|li(?:ves|ved) with|grew up with|married to|"
    r"tied the knot with)"
)
_PARENT = r"(?:mother|father|parent|mom|dad)"


@dataclass(frozen=True, slots=True)
class _Role:
    """Words of a category's label, and what stands before or behind a name of it."""

    label: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]


def _role(label: str, before: str, after: str) -> _Role:
    return _Role(*(re.compile(p, re.IGNORECASE) for p in (label, rf"\b(?:{before}) $", after)))


_ROLES = {
    "child": _role(
        r"\b(?:child|children|kids?|sons?|daughters?)\b",
        rf"{_PARENT} of|raises?|raised|{_CHILD}(?:['’]s)?(?: name)? (?:is|was)(?: (?:named|called))?|"
        rf"{_CHILD} (?:named|called)",
        rf"['’]s? {_PARENT}\b",
    ),
    "parent": _role(
        rf"\b{_PARENT}s?\b",
        rf"{_CHILD} of|born to|{_PARENT}(?:['’]s)?(?: name)? (?:is|was)(?: (?:named|called))?|"
        rf"{_PARENT} (?:named|called)",
        rf"['’]s? {_CHILD}\b| as (?:a |his |her |their )?{_PARENT}\b",
    ),
    "partner": _role(
        rf"\b(?!friend){_OTHER}s?\b",
        rf"{_OTHER}(?: of|(?:['’]s)?(?: name)? (?:is|was)(?: (?:named|called))?| (?:named|called))|{_TOGETHER}",
        rf"['’]s? {_OTHER}\b",
    ),
}
_NEAR = re.compile(rf"\b(?:{_CHILD}|children|{_PARENT}|raises?|raised|{_OTHER}|{_TOGETHER})\b", re.IGNORECASE)
_WORDS_NEAR = 4


def role_of_label(label: str) -> str:
    """The role of the names of a category (`child`, `parent`, `partner`), or an empty text."""
    return next((name for name, role in _ROLES.items() if role.label.search(label)), "")


def role_of_name(sentence: str, span: Span) -> str | None:
    """The role that a name has by the words around it; empty where none is near it, None where that cannot be told."""
    before, after = sentence[: span.start], sentence[span.end :]
    owned = sentence[span.start : span.end]
    if owned.endswith(("'s", "’s")):
        after = owned[-2:] + after
    found = [n for n, role in _ROLES.items() if role.before.search(before) or role.after.match(after)]
    if found:
        return found[0] if len(found) == 1 else None
    near = " ".join((*before.split()[-_WORDS_NEAR:], "_", *after.split()[:_WORDS_NEAR]))
    return None if _NEAR.search(near) else ""
