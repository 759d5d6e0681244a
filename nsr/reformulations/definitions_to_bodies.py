"""Calls of definitions become their bodies.

A definition is called by value: where an argument is undefined or `none`, so is the call (a truth value is then
false), even if the body does not look at that argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language.ir import Apply, Conditional, Equal, Literal, Not, Variable, sort_of
from nsr.language.traverse import children, with_children
from nsr.reformulations.folding import UNDEFINED, conjunction
from nsr.reformulations.protocol import (
    ATOMS,
    GROUND,
    Construct,
    Feature,
    Position,
    Reformulation,
    features,
)
from nsr.reformulations.substitution import with_formulas

if TYPE_CHECKING:
    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["DEFINITIONS_TO_BODIES"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program without calls of definitions; the definitions themselves stay known."""
    expansion = _Expansion(program, budget)
    return with_formulas(program, lambda term: expansion.expand(term, {}))


class _Expansion:
    def __init__(self, program: Program, budget: Budget) -> None:
        self._program = program
        self._budget = budget

    def expand(self, term: Term, env: dict[str, Term]) -> Term:
        self._budget.spend()
        if isinstance(term, Variable):
            return env.get(term.name, term)
        inner = children(term)
        if not inner:
            if isinstance(term, Apply) and term.symbol in self._program.definitions:
                return self.expand(self._program.definitions[term.symbol].body, {})
            return term
        new = [self.expand(child, env) for child in inner]
        if isinstance(term, Apply) and term.symbol in self._program.definitions:
            return self._call(term, new)
        for old, fresh in zip(inner, new, strict=True):
            if old is not fresh:
                return with_children(term, new)
        return term

    def _call(self, term: Apply, args: list[Term]) -> Term:
        definition = self._program.definitions[term.symbol]
        names = [parameter.name for parameter in definition.parameters]
        body = self.expand(definition.body, dict(zip(names, args, strict=True)))
        # `x == x` holds exactly where x has a value; `none` has one, but is no value of an argument's sort.
        guards: list[Term] = []
        for arg in args:
            if not isinstance(arg, Literal | Variable):
                guards.append(Equal(arg, arg))
                if isinstance(arg, Apply | Conditional):
                    guards.append(_is_some(arg))
        if not guards:
            return body
        return Conditional(conjunction(guards), body, UNDEFINED)


def _is_some(arg: Term) -> Term:
    return Not(Equal(arg, Literal(None, sort_of(arg))))


# A body can be anything; the features of the bodies called are counted as the program's already.
_BODIES = GROUND | features(Construct.BINDER)

DEFINITIONS_TO_BODIES = Reformulation(
    name="DefinitionsToBodies",
    rewrites={Feature(Construct.DEFINITION, Position.VALUE): _BODIES},
    cost=1,
    rewrite=rewrite,
    exposes=ATOMS | features(Construct.SET, Construct.DECIDED_RELATION, Construct.RELATION),
)
