"""Cuts a program into tokens, all at once, and never fails.

What the grammar has no word for becomes a token whose kind starts with `!`; the parser reports it if it stands
where something was expected. A word is a name or a keyword: the parser decides, since some keywords may be names
where they cannot be anything else.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from nsr.diagnostics import Span
from nsr.grammars.tables import load_tables

__all__ = ["END", "NEVER_NAMES", "WORD", "Token", "comments", "tokenize"]

WORD = "WORD"
END = "$END"

NEVER_NAMES = frozenset(["and", "or", "xor", "not", "implies", "iff", "forall", "exists", "exactly"]) | frozenset(
    ["at_least", "at_most", "in", "if", "then", "else", "unless", "for", "where", "true", "false", "none"]
)
"""Words of formulas are taken for names nowhere, though the tables would allow it; other keywords may be names where
they cannot be anything else."""

# Operators of other languages are taken whole, so that a hint can name them. None of them can occur in a program
# as two tokens side by side.
_FOREIGN = ("<==>", "==>", "===", "!==", "&&", "||", ":=", "+=", "-=", "/\\", "\\/", "<>", "...")


class Token(NamedTuple):
    """A piece of the source; `kind` is a terminal of the grammar, `WORD`, `$END`, or `!...` for what is none."""

    kind: str
    text: str
    start: int
    end: int


@cache
def _scanner() -> tuple[re.Pattern[str], dict[str, str]]:
    tables = load_tables()
    patterns = tables.patterns
    symbols = sorted(tables.symbols, key=len, reverse=True)
    foreign = "|".join(re.escape(text) for text in _FOREIGN)
    parts = [
        f"(?P<SKIP>(?:{patterns['WS']}|{patterns['COMMENT']})+)",
        r"(?P<WORD>[^\W\d]\w*)",
        f"(?P<DECIMAL>{patterns['DECIMAL']})",
        f"(?P<INT>{patterns['INT']})",
        f"(?P<STRING>{patterns['STRING']})",
        f"(?P<QUOTED_NAME>{patterns['QUOTED_NAME']})",
        r"(?P<FENCE>```[^\r\n]*)",
        f"(?P<FOREIGN>{foreign})",
        f"(?P<SYMBOL>{'|'.join(re.escape(s) for s in symbols)})",
        r'(?P<OPEN_STRING>"[^\r\n]*)',
        r"(?P<OPEN_NAME>`[^\r\n]*)",
        r"(?P<CURLY>[“”„‟«»][^\r\n“”„‟«»]*[“”‟«»]?)",
        r"(?P<SINGLE>'[^'\r\n]*')",
        r"(?P<OTHER>(?s:.))",
    ]
    return re.compile("|".join(parts)), tables.symbols


def tokenize(source: str) -> list[Token]:
    """All tokens of `source` without blanks and comments, closed by one `$END` token at the end of the text."""
    pattern, symbols = _scanner()
    tokens: list[Token] = []
    append = tokens.append
    # A byte order mark is no part of the text.
    position = 1 if source.startswith("\ufeff") else 0
    for match in pattern.finditer(source, position):
        kind = match.lastgroup
        assert kind is not None
        if kind == "SKIP":
            continue
        text = match.group()
        if kind == "SYMBOL":
            kind = symbols[text]
        elif kind == WORD:
            if not text.isascii():
                kind = "!WORD"
        elif kind in _JUNK:
            kind = "!" + kind
        append(Token(kind, text, match.start(), match.end()))
    append(Token(END, "", len(source), len(source)))
    return tokens


def comments(source: str) -> list[Span]:
    """Where the comments stand, in order."""
    pattern, _ = _scanner()
    comment = re.compile(load_tables().patterns["COMMENT"])
    return [
        Span(*found.span())
        for match in pattern.finditer(source)
        if match.lastgroup == "SKIP"
        for found in comment.finditer(source, *match.span())
    ]


_JUNK = frozenset({"FENCE", "FOREIGN", "OPEN_STRING", "OPEN_NAME", "CURLY", "SINGLE", "OTHER"})
