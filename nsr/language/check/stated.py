"""What programs state of a library's relation, kept apart from what follows of it.

A library that declares `stated p` beside `p` gets there every fact about `p` and every head of a rule about it that the
program writes: one step to the left is stated, anywhere to the left follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nsr.language import ast

_PREFIX = "stated "


def restated(statements: Sequence[ast.Statement], library: Iterable[ast.Statement]) -> tuple[ast.Statement, ...]:
    """The program's statements, with `stated p` for `p` in facts and heads where the library wants that."""
    declared = {s.name.text for r in library if isinstance(r, ast.RelDecl) for s in r.signatures}
    kept_apart = {name for name in declared if _PREFIX + name in declared}
    return tuple(_statement(s, kept_apart) for s in statements) if kept_apart else tuple(statements)


def _statement(statement: ast.Statement, kept_apart: set[str]) -> ast.Statement:
    match statement:
        case ast.Fact(literals):
            return replace(statement, literals=tuple(_literal(one, kept_apart) for one in literals))
        case ast.Rule():
            return replace(statement, conclusion=_literal(statement.conclusion, kept_apart))
        case _:
            return statement


def _literal(literal: ast.Literal_, kept_apart: set[str]) -> ast.Literal_:
    match literal.atom:
        case ast.Name(text) if text in kept_apart:
            return replace(literal, atom=_named(literal.atom))
        case ast.Call(function) if function.text in kept_apart:
            return replace(literal, atom=replace(literal.atom, function=_named(function)))
        case _:
            return literal


def _named(name: ast.Name) -> ast.Name:
    return replace(name, text=_PREFIX + name.text)
