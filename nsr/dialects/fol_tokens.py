"""Cuts a first-order formula into tokens: every usual spelling of an operator becomes one kind.

Quantifiers come as one token with their variables, so that `∀x ∀y`, `∀x,y` and `all x. all y.` look alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nsr.diagnostics import Span
from nsr.dialects.repairs import Findings
from nsr.language.ast import QuantifierKind

__all__ = ["VARIABLE", "Kind", "Token", "tokenize"]

Kind: TypeAlias = Literal[
    "QUANTIFIER", "NOT", "AND", "OR", "XOR", "IMPLIES", "IFF", "COMPARE", "LPAR", "RPAR", "COMMA", "DOT", "NAME",
    "NUMBER", "TRUTH",
]  # fmt: skip

VARIABLE = re.compile(r"[u-z]\d*")
"""Names that are variables though nothing binds them, as Prover9 has it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token with its place in the whole text; `text` is the operator's one spelling, or a name without quotes."""

    kind: Kind
    text: str
    span: Span
    variables: tuple[tuple[str, Span], ...] = ()
    is_dotted: bool = False
    is_quoted: bool = False


_SYMBOLS: tuple[tuple[str, Kind, str], ...] = (
    (r"<-+>|<=+>|↔|⇔|⟷|⟺|≡|\\(?:leftrightarrow|Leftrightarrow|iff|equiv)\b", "IFF", "iff"),
    (r"-+>|=+>|→|⇒|⟶|⟹|⊃|\\(?:rightarrow|Rightarrow|to|implies|supset)\b", "IMPLIES", "implies"),
    (r"<=|=<|≤|⩽|\\leq?\b", "COMPARE", "<="),
    (r">=|≥|⩾|\\geq?\b", "COMPARE", ">="),
    (r"!=|≠|/=|=/=|\\neq?\b", "COMPARE", "!="),
    (r"==?", "COMPARE", "=="),
    (r"<", "COMPARE", "<"),
    (r">", "COMPARE", ">"),
    (r"/\\|∧|⋀|&&?|\\(?:land|wedge)\b", "AND", "and"),
    (r"\\/|∨|⋁|\|\|?|\\(?:lor|vee)\b", "OR", "or"),
    (r"⊕|⊻|\\(?:oplus|veebar)\b", "XOR", "xor"),
    (r"[¬~∼!−\-]|\\(?:lnot|neg)\b", "NOT", "not"),
    (r"[(\[]", "LPAR", "("),
    (r"[)\]]", "RPAR", ")"),
    (r",", "COMMA", ","),
    (r"[.:]", "DOT", "."),
    (r"⊤|\\top\b", "TRUTH", "true"),
    (r"⊥|\\bot\b", "TRUTH", "false"),
)
_WORDS: dict[str, tuple[Kind, str]] = {
    "not": ("NOT", "not"),
    "and": ("AND", "and"),
    "or": ("OR", "or"),
    "xor": ("XOR", "xor"),
    "implies": ("IMPLIES", "implies"),
    "iff": ("IFF", "iff"),
    "true": ("TRUTH", "true"),
    "false": ("TRUTH", "false"),
}
_QUANTIFIER = (
    r"∃!|∀|∃|∄|\\(?:forall|exists|nexists)\b|\b(?:forall|for all|exists|exist|all|some)\b"
    # Words are quantifiers only before a variable and its formula: `Exists(x)` alone is an atom.
    r"(?=\s+[a-z]\d*\s*[.:,(]|\s+[a-z]\w*\s*[.:,¬~]|\s+[a-z]\d*\s+\w|\s*\(\s*[a-z]\w*\s*\)\s*[\w(¬~])"
)
_VARIABLE_LIST = re.compile(
    r"\s*(?P<open>\(?)\s*(?P<names>[^\W\d_]\w*(?:\s*,\s*[^\W\d_]\w*|\s+[u-z]\d*(?![\w(]))*)\s*(?P<close>\)?)\s*(?P<dot>[.:]?)"
)
_NAME = r"\w[\w$€£%#@]*(?:['’-]\w+)*(?:['’](?!\w))?"
_NUMBER = r"\d+(?:\.\d+)?(?![\w$€£%'’]|\.\d|-\w)"
_DECIMAL_NAME = r"\d+\.\d\w*[$€£%]?"
_STRING = r'"[^"\n]*"|“[^”\n]*”|‘[^’\n]*’|`[^`\n]*`' + r"|'[^'\n]*'"

_TOKEN = re.compile(
    rf"(?P<blank>\s+)|(?P<string>{_STRING})|(?P<quantifier>{_QUANTIFIER})|(?P<number>{_NUMBER})"
    rf"|(?P<name>{_DECIMAL_NAME}|[$€£]?{_NAME})|" + "|".join(f"(?P<s{i}>{p})" for i, (p, _, _) in enumerate(_SYMBOLS)),
    re.IGNORECASE,
)
_KINDS: dict[str, QuantifierKind] = {"∃!": "exactly", "∄": "exists", "nexists": "exists"}


def tokenize(text: str, start: int, end: int, findings: Findings) -> list[Token] | None:
    """The tokens of `text[start:end]`, with places in `text`; None, with an error, at a character of no token."""
    tokens: list[Token] = []
    position = start
    while position < end:
        found = _TOKEN.match(text, position, end)
        if found is None or found.end() == position:
            _refuse(text, position, findings)
            return None
        group = found.lastgroup or ""
        span = Span(found.start(), found.end())
        position = found.end()
        if group == "quantifier":
            made = _quantifier(text, span, end, tokens)
            if made is None:
                _no_variable(text, span, findings)
                return None
            position = made
        elif group != "blank":
            tokens.append(_token(group, found.group(), span))
    return tokens


def _token(group: str, text: str, span: Span) -> Token:
    match group:
        case "string":
            return Token("NAME", " ".join(text[1:-1].split()), span, is_quoted=True)
        case "number":
            return Token("NUMBER", text, span)
        case "name":
            word = _WORDS.get(text.casefold())
            return Token(*word, span) if word else Token("NAME", text, span)
        case _:
            _, kind, spelling = _SYMBOLS[int(group[1:])]
            return Token(kind, spelling, span)


def _quantifier(text: str, span: Span, end: int, tokens: list[Token]) -> int | None:
    """Adds the token of a quantifier with its variables; the position behind it, None without a variable."""
    word = text[span.start : span.end].casefold().lstrip("\\")
    found = _VARIABLE_LIST.match(text, span.end, end)
    if found is None:
        return None
    is_wrapped = bool(found["open"] and found["close"]) or bool(not found["open"] and found["close"] and _opens(tokens))
    if found["open"] and not found["close"]:
        return None
    stop = found.end() if is_wrapped or not found["close"] else found.end("names")
    if not found["open"] and found["close"] and is_wrapped:
        tokens.pop()
    names = [
        (m[0], Span(m.start() + found.start("names"), m.end() + found.start("names")))
        for m in re.finditer(r"\w+", found["names"])
    ]
    kind: QuantifierKind = "forall" if word in ("∀", "forall", "for all", "all") else "exists"
    kind = _KINDS.get(word, kind)
    place = Span(span.start, stop)
    if word in ("∄", "nexists"):
        tokens.append(Token("NOT", "not", span))
    tokens.append(Token("QUANTIFIER", kind, place, tuple(names), is_dotted=bool(found["dot"]) and stop == found.end()))
    return stop


def _opens(tokens: list[Token]) -> bool:
    return bool(tokens) and tokens[-1].kind == "LPAR"


def _refuse(text: str, position: int, findings: Findings) -> None:
    sign = text[position]
    findings.error(
        "fol-unknown-character",
        f"`{sign}` is no sign of first-order logic",
        Span(position, position + 1),
        found="not read",
        help="write names with letters, digits and `_`, or in quotation marks; lists and sets are no terms",
    )


def _no_variable(text: str, span: Span, findings: Findings) -> None:
    findings.error(
        "fol-no-variable",
        f"`{text[span.start : span.end]}` needs a variable behind it",
        span,
        found="binds nothing",
        help="write a variable and then the formula, for example `∀x (Dog(x) → Animal(x))`",
    )
