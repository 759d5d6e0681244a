"""The words of the language, and which of them may not be names at all."""

from __future__ import annotations

from nsr.language.printer import KEYWORDS

# fmt: off
STATEMENT_WORDS = frozenset({
    "ask", "assume", "choose", "compute", "const", "constraint", "default", "define", "drop", "fact", "find", "include",
    "maximize", "minimize", "missing", "option", "param", "pred", "prefer", "premise", "prove", "question", "rel",
    "rule", "soft", "type", "var",
})
"""A name of these would swallow the statement that begins with it."""
# fmt: on

OTHER_WORDS = KEYWORDS - STATEMENT_WORDS - {"count"}
"""Accepted as names where the grammar lets them pass, with a warning. `count` is also a function and stays free."""
