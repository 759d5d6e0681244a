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
_SECOND = re.compile(
    rf"{_SUBJECT} (?P<said>(?:is|was|has|had|did|does|came|[a-z]+(?:ed|s|n['’]t))\b[^,;:]*), (?:but|and) "
    r"(?:he|she|it|they) (?P<rest>[^,;:]+)$",
    re.IGNORECASE,
)


def parts(sentence: str) -> tuple[str, str] | None:
    """The two sentences that a sentence is made of, or None."""
    plain = sentence.strip()
    found = _RELATIVE.match(plain)
    if found is None:
        found = _SECOND.match(plain)
        if found is None:
            return None
        first = f"{found['subject']} {found['said']}."
    elif found["word"].lower() == "whose":
        first = f"{found['subject']}'s {found['said']}."
    else:
        first = f"{found['subject']} {found['said']}."
    return first, f"{found['subject']} {found['rest']}"
