"""First-order logic as people, NLTK and FOLIO write it: Unicode or ASCII, premises and a conclusion.

    Premises:
    ∀x (Dog(x) → Animal(x)) ::: Every dog is an animal.
    Dog(rex)
    Conclusion:
    Animal(rex)

Both read the same signs and layouts (LINC's outputs alternate `TEXT:` and `FOL:` lines). They differ in how far a
quantifier without brackets reaches: in NLTK to the next atom, else as far as its dot or its variable says. Different
constants may be the same thing. (Bird, Klein, Loper, "Natural Language Processing with Python", 2009; Olausson et al.,
"LINC", EMNLP 2023.)
"""

from __future__ import annotations

import re

from nsr.dialects.fol_layout import is_paired, listed, paired
from nsr.dialects.fol_program import Convention, build
from nsr.dialects.fol_writer import to_fol, to_nltk
from nsr.dialects.protocol import Dialect, Reading
from nsr.dialects.repairs import Findings

__all__ = ["FOL", "NLTK", "looks_first_order", "read_first_order"]


def read_first_order(text: str, strict: bool, convention: Convention) -> Reading:
    """The program of a text with headings, marks or `FOL:` lines; `convention` is what it leaves unsaid."""
    findings = Findings(strict=strict)
    items = paired(text, findings) if is_paired(text) else listed(text)
    return build(text, items, convention, findings)


def _read_fol(text: str, strict: bool) -> Reading:
    return read_first_order(text, strict, Convention("dotted"))


def _read_nltk(text: str, strict: bool) -> Reading:
    return read_first_order(text, strict, Convention("tight", "implied"))


_SIGNS = re.compile(r"[∀∃→↔∧∨¬⊕⊢∴]|\\(?:forall|exists|land|lor|lnot|neg|rightarrow)\b")
_ASCII = re.compile(r"\b(?:all|exists|forall) [a-z]\w*\s*[.(]|\)\s*(?:->|<->|=>|&)\s*[-(\w]")
_NLTK = re.compile(r"\b(?:all|exists) [a-z]\w*\s*\.")


def looks_first_order(text: str) -> bool:
    """Whether signs or spellings of first-order logic stand in the text."""
    return (_SIGNS.search(text) or _ASCII.search(text)) is not None


def _recognize_fol(text: str) -> float:
    return 0.6 if looks_first_order(text) else 0.0


def _recognize_nltk(text: str) -> float:
    if is_paired(text):
        return 0.9
    return 0.7 if looks_first_order(text) and _NLTK.search(text) and not _SIGNS.search(text) else 0.0


FOL = Dialect("fol", "first-order logic, in Unicode or ASCII", _recognize_fol, _read_fol, to_fol)
NLTK = Dialect(
    "nltk", "first-order logic as NLTK and Prover9 write it (LINC's outputs)", _recognize_nltk, _read_nltk, to_nltk
)
