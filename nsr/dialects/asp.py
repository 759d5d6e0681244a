"""Answer-set programs in the notation of clingo: every predicate is a relation, and answer sets are worlds."""

from __future__ import annotations

import re

from nsr.dialects.asp_clauses import clauses_of, with_constants
from nsr.dialects.asp_program import Written, build
from nsr.dialects.asp_tree import read_tree
from nsr.dialects.asp_types import Types
from nsr.dialects.protocol import Dialect, Reading
from nsr.dialects.repairs import Findings

__all__ = ["ASP", "read_asp"]


def read_asp(text: str, *, strict: bool = False) -> tuple[Reading, Written]:
    """The reading of a program, and what the names in it stand for."""
    findings = Findings(strict=strict)
    tree = read_tree(text, findings)
    if tree is None:
        return findings.reading((), text), Written()
    tree = with_constants(tree)
    clauses = clauses_of(tree, findings)
    extra = [(summand, one.span) for one in tree.objectives for _, _, summand in one.elements]
    written = Written()
    if not findings.has_errors:
        types = Types(clauses, extra, findings)
        if not findings.has_errors:
            written = build(tree, clauses, types, findings)
    return findings.reading(tuple(written.statements), text), written


def _read(text: str, strict: bool) -> Reading:
    return read_asp(text, strict=strict)[0]


_RULE = re.compile(r"(?m)^\s*-?[a-z_][A-Za-z0-9_']*(\([^()\n]*\))?\s*:-|^\s*:-|^\s*\d*\s*\{[^}]*\}\s*\d*\s*(:-|\.)")
_ASP_ONLY = re.compile(
    r"(?m)\bnot\s+-?[a-z_]|^\s*#(show|const|minimize|maximize)|#(count|sum)\b|^\s*-[a-z]|\d\.\.[\dn]|\}\s*\d*\s*[.:]"
)


def _recognize(text: str) -> float:
    if _RULE.search(text) is None or "\\+" in text:
        return 0.0
    return 0.8 if _ASP_ONLY.search(text) else 0.4


ASP = Dialect("asp", "answer-set programs in the notation of clingo", _recognize, _read)
