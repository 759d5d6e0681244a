"""Logic-LM's first-order programs: blocks of predicates, premises and a conclusion, each line `formula ::: sentence`.

    Predicates:
    Dog(x) ::: x is a dog.
    Premises:
    ∀x (Dog(x) → Animal(x)) ::: Every dog is an animal.
    Conclusion:
    Animal(rex) ::: Rex is an animal.

A quantifier reaches as far as its variable occurs, and a variable that nothing binds is read as `fol_closure` says. An
answer in place of the conclusion (`True`, `Uncertain`) is refused. (Pan, Albalak, Wang, Wang, "Logic-LM", Findings of
EMNLP 2023.)
"""

from __future__ import annotations

import re

from nsr.dialects.fol_layout import listed
from nsr.dialects.fol_program import Convention, build
from nsr.dialects.protocol import Dialect, Reading
from nsr.dialects.repairs import Findings

__all__ = ["LOGICLM_FOL"]

_HEADS = re.compile(r"^\s*Premises:\s*$.*^[^\n]*:::", re.MULTILINE | re.DOTALL)


def _recognize(text: str) -> float:
    return 0.95 if _HEADS.search(text) else 0.0


def _read(text: str, strict: bool) -> Reading:
    findings = Findings(strict=strict)
    return build(text, listed(text), Convention("wide", "smallest"), findings)


LOGICLM_FOL = Dialect("logiclm-fol", "Logic-LM's first-order programs (FOLIO)", _recognize, _read)
