"""Terms in the place of variables, fresh names, and one function for all the terms of a program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nsr.language.ir import TRUE, Aggregate, Bound, Quantified, SetComprehension, Task, Variable
from nsr.language.traverse import children, with_children

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nsr.language.ir import Program, Term

__all__ = ["Fresh", "renamed", "substitute", "with_formulas"]


class Fresh:
    """Names that nothing else has: a prefix that no source name begins with, and a number."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def name(self) -> str:
        """The next name."""
        self._count += 1
        return f"{self._prefix}{self._count}"


def substitute(term: Term, env: Mapping[str, Term]) -> Term:
    """The term with others in the place of its free variables."""
    if not env:
        return term
    if isinstance(term, Variable):
        return env.get(term.name, term)
    inner = children(term)
    if not inner:
        return term
    below = env
    parts = 0
    if isinstance(term, Quantified | Aggregate | SetComprehension | Task):
        names = {bound.variable.name for bound in term.binders}
        parts = _domain_width(term)
        if names & env.keys():
            below = {name: value for name, value in env.items() if name not in names}
    new = [substitute(child, env if place < parts else below) for place, child in enumerate(inner)]
    return term if all(a is b for a, b in zip(new, inner, strict=True)) else with_children(term, new)


def _domain_width(term: Quantified | Aggregate | SetComprehension | Task) -> int:
    return len(children(Quantified("exists", term.binders, TRUE))) - 1


def renamed(
    binders: Sequence[Bound], terms: Sequence[Term], fresh: Fresh
) -> tuple[tuple[Bound, ...], tuple[Term, ...]]:
    """The binders under fresh names, and the terms under them."""
    env: dict[str, Term] = {}
    out: list[Bound] = []
    for bound in binders:
        # The domain is that of a quantifier with nothing below it.
        known = substitute(Quantified("exists", (replace(bound, variable=_UNUSED),), TRUE), env)
        assert isinstance(known, Quantified)
        variable = replace(bound.variable, name=fresh.name())
        out.append(replace(known.binders[0], variable=variable))
        env[bound.variable.name] = variable
    return tuple(out), tuple([substitute(term, env) for term in terms])


_UNUSED = Variable("", TRUE.sort)


def with_formulas(
    program: Program, formula: Callable[[Term], Term], value: Callable[[Term], Term] | None = None
) -> Program:
    """The program with its requirements and rules rewritten: `formula` for formulas, `value` for arguments of heads."""
    of_value = value or formula
    return replace(
        program,
        requirements=tuple([replace(r, formula=formula(r.formula)) for r in program.requirements]),
        rules=tuple(
            [replace(r, args=tuple([of_value(arg) for arg in r.args]), body=formula(r.body)) for r in program.rules]
        ),
    )
