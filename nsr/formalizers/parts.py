"""Sentences that say two things of one subject, as two sentences: small language models read each of them better.

`Ann, who isn't the baker, paid more than Bo` is `Ann isn't the baker` and `Ann paid more than Bo`; `Ann beat Bo, but
she lost to Cy` is `Ann beat Bo` and `Ann lost to Cy`.
"""

from __future__ import annotations

import re

__all__ = ["parts"]

_SUBJECT = r"(?P<subject>(?!of\b|if\b|either\b|neither\b|both\b|when\b|unless\b|between\b)[^,;:.]{1,80})"
_RELATIVE = re.compile(
    rf"{_SUBJECT}, (?P<word>who|which|whose) (?P<said>[^,;:]+), (?P<rest>(?!and\b|or\b|nor\b)[^;:]+)$", re.IGNORECASE
)
_AT_END = re.compile(
    r"(?P<rest>[^,;:]*? (?P<object>(?:the|that) (?:(?!the )[^,;:])+|[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)), "
    r"(?P<word>who|which|whose) (?P<said>[^,;:]+)$"
)
_OWNER = re.compile(
    r"(?P<owner>[^,;:]{1,60}['’]s?) (?P<said>[^,;:]+), (?:but|and) (?:his|her|its|their) (?P<rest>[^,;:]+)$",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"(?P<first>[^,;:]+), (?:and|but) (?P<second>the [^,;:]+)$", re.IGNORECASE)
_LISTS = re.compile(r"\b(?:of|either|neither|both|between|if|unless|when|one|different|same)\b", re.IGNORECASE)
_SECOND = re.compile(
    rf"{_SUBJECT} (?P<said>(?:is|was|has|had|did|does|came|[a-z]+(?:ed|s|n['’]t))\b[^,;:]*)(?:, (?:but|and)|;) "
    r"(?:he|she|it|they) (?P<rest>[^,;:]+)$",
    re.IGNORECASE,
)


def parts(sentence: str) -> tuple[str, str] | None:
    """The two sentences that a sentence is made of, or None."""
    plain = sentence.strip()
    if found := _RELATIVE.match(plain):
        owns = "'s" if found["word"].lower() == "whose" else ""
        return f"{found['subject']}{owns} {found['said']}.", f"{found['subject']} {found['rest']}"
    if found := _SECOND.match(plain):
        return f"{found['subject']} {found['said']}.", f"{found['subject']} {found['rest']}"
    if found := _OWNER.match(plain):
        return f"{found['owner']} {found['said']}.", f"{found['owner']} {found['rest']}"
    if found := _AT_END.match(plain):
        owns = "'s" if found["word"].lower() == "whose" else ""
        return f"{found['rest']}.", f"{_capital(found['object'])}{owns} {found['said']}"
    if (found := _BESIDE.match(plain)) and not _LISTS.search(plain):
        return f"{found['first']}.", _capital(found["second"])
    return None


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
