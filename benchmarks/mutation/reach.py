"""Which statements of the compile functions a case comes to: only such a case can notice a change there."""

from __future__ import annotations

import ast
from collections.abc import Iterable

__all__ = ["HIT", "statement_of", "with_hits"]

HIT = "__reached__"
"""The set of lines that an instrumented module adds to."""


def with_hits(source: str) -> str:
    """The source with a line before each statement of a function that notes that it is come to."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            _instrument(node)
    return ast.unparse(ast.fix_missing_locations(tree))


def _instrument(node: ast.AST) -> None:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and not isinstance(node, ast.ClassDef):
            setattr(node, field, [new for statement in block for new in _noted(statement)])
    for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        _instrument(inner)


def _noted(statement: ast.stmt) -> Iterable[ast.stmt]:
    if not isinstance(statement, ast.FunctionDef):
        _instrument(statement)
    yield ast.parse(f"{HIT}.add({statement.lineno})").body[0]
    yield statement


def statement_of(unit: ast.FunctionDef, line: int) -> int:
    """The first line of the innermost statement that a line belongs to."""
    inside = [
        node.lineno
        for node in ast.walk(unit)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(inside)
