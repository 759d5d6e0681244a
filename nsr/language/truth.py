"""Formulas read when not everything is known: three truth values, after Kleene (1952, his strong connectives).

What is true or false is so however the rest turns out; None is what the rest decides.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from nsr.language.ir import And, Conditional, Iff, Implies, Not, Or, Quantified, Xor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nsr.language.ir import Term
    from nsr.language.meaning import Bindings

__all__ = ["ThreeValued"]


class ThreeValued(ABC):
    """The connectives; atoms, and what quantifiers go over, are for the readings that derive from it."""

    @abstractmethod
    def atom(self, term: Term, env: Bindings) -> bool | None:
        """The truth of what is neither a connective nor a quantifier."""

    @abstractmethod
    def quantified(self, term: Quantified, env: Bindings) -> bool | None:
        """The truth of a quantifier: `over` its bindings, where these are known."""

    def truth(self, term: Term, env: Bindings) -> bool | None:
        """True, false, or None for open; parts behind one that decides are not looked at."""
        match term:
            case Not(arg):
                return _denied(self.truth(arg, env))
            case And(args):
                return _least(self.truth(arg, env) for arg in args)
            case Or(args):
                return _denied(_least(_denied(self.truth(arg, env)) for arg in args))
            case Implies(left, right):
                return _denied(_least(self._sides(left, right, env)))
            case Iff(left, right) | Xor(left, right):
                first, second = self.truth(left, env), self.truth(right, env)
                if first is None or second is None:
                    return None
                return (first == second) is isinstance(term, Iff)
            case Conditional(condition, then, otherwise):
                holds = self.truth(condition, env)
                return None if holds is None else self.truth(then if holds else otherwise, env)
            case Quantified():
                return self.quantified(term, env)
            case _:
                return self.atom(term, env)

    def _sides(self, left: Term, right: Term, env: Bindings) -> Iterable[bool | None]:
        yield self.truth(left, env)
        yield _denied(self.truth(right, env))

    def over(self, term: Quantified, bindings: Iterable[Bindings]) -> bool | None:
        """The truth of a quantifier that goes over these bindings."""
        found = (self.truth(term.body, inner) for inner in bindings)
        return _least(found) if term.kind == "forall" else _denied(_least(map(_denied, found)))


def _denied(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _least(truths: Iterable[bool | None]) -> bool | None:
    """False if one is, else open if one is, else true; the rest is not looked at once one is false."""
    is_open = False
    for truth in truths:
        if truth is False:
            return False
        is_open = is_open or truth is None
    return None if is_open else True
