"""Statements that contradict each other where the query does not look are left out.

Rules of this notation apply forwards only, so a literal depends on what its rules lead to it from, and on nothing else.
Where the statements derive an atom both true and false, and the query depends on at most one of the two, the statements
that it does not depend on are taken away. A contradiction that the query depends on stays, and is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from nsr.dialects.logiclm_rules_tree import Clause, Literal

__all__ = ["is_consistent", "needed"]

_Ground: TypeAlias = tuple[str, bool, tuple[str, ...]]
_Sign: TypeAlias = tuple[str, int, bool]

_MAX_DERIVED = 5000
_MAX_MATCHES = 200_000
_MAX_BODY = 50


def needed(clauses: list[Clause], query: Literal) -> list[Clause] | None:
    """The clauses that `query` depends on; None if there is no contradiction, or it depends on one.

    Nothing is said (None) where very much is derived: then the solvers find out.
    """
    individuals = _individuals([*clauses, Clause((), (query,), "", query.span)])
    if _contradicts(_derived(clauses, individuals)) is not True:
        return None
    cone = _cone(clauses, query)
    kept = [c for c in clauses if any(_sign(h) in cone for h in c.heads)]
    return kept if _contradicts(_derived(kept, individuals)) is False else None


def is_consistent(clauses: list[Clause], query: Literal) -> bool:
    """Whether nothing is derived both true and false; False too where it is too much to look through."""
    individuals = _individuals([*clauses, Clause((), (query,), "", query.span)])
    return _contradicts(_derived(clauses, individuals)) is False


def _contradicts(derived: set[_Ground] | None) -> bool | None:
    return None if derived is None else any((name, not sign, args) in derived for name, sign, args in derived)


def _sign(literal: Literal) -> _Sign:
    return literal.name, len(literal.args), literal.is_negative


def _cone(clauses: list[Clause], query: Literal) -> set[_Sign]:
    """The literals, by name and sign, that the query and its denial can be derived from."""
    cone: set[_Sign] = {(query.name, len(query.args), sign) for sign in (False, True)}
    while True:
        more = {_sign(b) for c in clauses for h in c.heads if _sign(h) in cone for b in c.body} - cone
        if not more:
            return cone
        cone |= more


def _individuals(clauses: Iterable[Clause]) -> list[str]:
    return sorted({a.text for c in clauses for x in c.literals for a in x.args if not a.is_variable})


def _derived(clauses: list[Clause], individuals: list[str]) -> set[_Ground] | None:
    """All that follows forwards; None if it is too much to look through."""
    if any(len(c.body) > _MAX_BODY for c in clauses):
        return None
    derived: set[_Ground] = set()
    by_sign: dict[_Sign, list[_Ground]] = {}
    budget = _MAX_MATCHES
    while True:
        fresh: set[_Ground] = set()
        for clause in clauses:
            for binding in _matches(clause.body, by_sign):
                budget -= 1
                if budget < 0:
                    return None
                if binding is None:
                    continue
                for full in _completed(clause, binding, individuals):
                    budget -= 1
                    if budget < 0:
                        return None
                    fresh |= {_ground(h, full) for h in clause.heads}
        fresh -= derived
        if not fresh:
            return derived
        derived |= fresh
        if len(derived) > _MAX_DERIVED:
            return None
        for name, sign, args in sorted(fresh):
            by_sign.setdefault((name, len(args), sign), []).append((name, sign, args))


def _matches(
    body: tuple[Literal, ...], by_sign: dict[_Sign, list[_Ground]], at: int = 0, binding: dict[str, str] | None = None
) -> Iterator[dict[str, str] | None]:
    """The bindings under which the body is derived; None for each step on the way, so that the caller can stop."""
    known = binding or {}
    if at == len(body):
        yield known
        return
    literal = body[at]
    for _, _, values in by_sign.get(_sign(literal), ()):
        yield None
        extended = dict(known)
        for arg, value in zip(literal.args, values, strict=True):
            expected = extended.setdefault(arg.text, value) if arg.is_variable else arg.text
            if expected != value:
                break
        else:
            yield from _matches(body, by_sign, at + 1, extended)


def _completed(clause: Clause, binding: dict[str, str], individuals: list[str]) -> Iterator[dict[str, str]]:
    """The binding with each value for variables that stand in the head alone."""
    free = sorted({a.text for h in clause.heads for a in h.args if a.is_variable and a.text not in binding})
    if not free:
        yield binding
        return
    for value in individuals:
        yield from _completed(clause, {**binding, free[0]: value}, individuals)


def _ground(literal: Literal, binding: dict[str, str]) -> _Ground:
    args = tuple(binding[a.text] if a.is_variable else a.text for a in literal.args)
    return literal.name, literal.is_negative, args
