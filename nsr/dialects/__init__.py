"""Other notations, read into our language: first-order logic as people and other systems write it, and more.

A dialect is one `Dialect` and one entry in `DIALECTS`. It reads into the syntax tree of our language, which the checker
then takes as if it had been written by hand: one checker, one set of diagnostics. Repairs are diagnostics of severity
`repair` with a `fix`; strict reading makes them errors.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import cast

from nsr.diagnostics import Diagnostic, Span
from nsr.dialects.protocol import Dialect, Reading, WriteError
from nsr.errors import UsageError

__all__ = [
    "DIALECTS",
    "MAX_CHARACTERS",
    "Dialect",
    "Reading",
    "WriteError",
    "get_dialect",
    "read",
    "recognize",
]

DIALECTS: dict[str, str] = {
    "fol": "nsr.dialects.fol:FOL",
    "nltk": "nsr.dialects.fol:NLTK",
    "folio": "nsr.dialects.folio:FOLIO",
    "logiclm-fol": "nsr.dialects.logiclm_fol:LOGICLM_FOL",
    "logiclm-rules": "nsr.dialects.logiclm_rules:LOGICLM_RULES",
    "logiclm-csp": "nsr.dialects.logiclm_csp:LOGICLM_CSP",
    "logiclm-arlsat": "nsr.dialects.logiclm_arlsat:LOGICLM_ARLSAT",
    "asp": "nsr.dialects.asp:ASP",
}
"""The dialects there are, by name: where their `Dialect` is (`module:attribute`)."""

MAX_CHARACTERS = 1_000_000
"""Longest text that is read."""

RECOGNIZED = 4000
"""So many characters from the start decide which dialect a text is in."""

_SURE = 0.5

_OURS = re.compile(
    r"(?:\s|#.*\n)*(?:type|const|pred|rel|var|param|include|premise|constraint|assume|fact|rule|default|define|prove|ask)"
    r"\b(?:\s*[:\"]|\s+[\w`])"
)


@cache
def get_dialect(name: str) -> Dialect:
    """A dialect by name.

    Raises:
        UsageError: if there is none of that name.
    """
    if name not in DIALECTS:
        raise UsageError(f"there is no dialect `{name}`; there are {', '.join(sorted(DIALECTS))}, and `nsr` itself")
    module, _, attribute = DIALECTS[name].partition(":")
    return cast("Dialect", getattr(import_module(module), attribute))


def recognize(text: str) -> Dialect | None:
    """The dialect that a text is most surely in, by its first characters.

    None if it is in none of them, or begins with a statement of our language.
    """
    start = text[:RECOGNIZED]
    if _OURS.match(start) is not None:
        return None
    scores = [(dialect.recognize(start), dialect) for dialect in map(get_dialect, DIALECTS)]
    score, best = max(scores, key=lambda pair: pair[0], default=(0.0, None))
    return best if score >= _SURE else None


def read(text: str, name: str, *, strict: bool = False) -> Reading:
    """Reads a text in the dialect of that name; never raises for any text.

    Raises:
        UsageError: if there is no dialect of that name.
    """
    dialect = get_dialect(name)
    if len(text) > MAX_CHARACTERS:
        message = f"the text has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read"
        return Reading(None, (Diagnostic("input-too-large", message, Span(MAX_CHARACTERS, MAX_CHARACTERS)),))
    return dialect.read(text, strict)
