"""A smaller program of which something still holds: statements are left out, then parts of them.

Statements go by delta debugging (Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing input");
what is left is made smaller from within: a list loses an element, a formula gives way to one of its parts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from nsr.grammars.parser import parse
from nsr.language import ast
from nsr.language.printer import print_statement
from nsr.limits import Budget, BudgetExceeded, LimitKind

__all__ = ["minimize"]

MOST_TRIES = 400

Part = TypeVar("Part")
StillFails = Callable[[str], bool]


def minimize(source: str, still_fails: StillFails, budget: Budget | None = None) -> str:
    """The smallest program found of which `still_fails` holds, as it holds of `source`; at worst `source` itself.

    Each program tried is one step of the budget; when that is used up, the smallest one so far is given. A text that
    is no program is taken for lines.
    """
    search = _Search(still_fails, budget or Budget(steps=MOST_TRIES))
    parsed = parse(source)
    try:
        if parsed.program is None or parsed.diagnostics:
            search.fewer(source.splitlines(keepends=True), "".join)
        else:
            kept = search.fewer(parsed.program.statements, _printed)
            search.smaller(kept)
    except BudgetExceeded:
        pass
    return source if search.best is None else search.best


def _printed(statements: Sequence[ast.Statement]) -> str:
    return "".join([print_statement(statement) + "\n" for statement in statements])


class _Search:
    def __init__(self, still_fails: StillFails, budget: Budget) -> None:
        self._still_fails = still_fails
        self._budget = budget
        self._seen: set[str] = set()
        self.best: str | None = None

    def fails(self, parts: Sequence[Part], write: Callable[[Sequence[Part]], str]) -> bool:
        """Whether a program still fails; then it is the best so far.

        Raises:
            BudgetExceeded: when no more may be tried.
        """
        text = write(parts)
        if text in self._seen:
            return False
        self._seen.add(text)
        self._budget.spend()
        if self._budget.seconds_left <= 0:
            raise BudgetExceeded(LimitKind.WALL)
        if not self._still_fails(text):
            return False
        self.best = text
        return True

    def fewer(self, parts: Sequence[Part], write: Callable[[Sequence[Part]], str]) -> list[Part]:
        """The parts without which it does not fail: chunks are left out, half as large when none can go."""
        kept = list(parts)
        self.fails(kept, write)
        size = max(1, len(kept) // 2)
        while kept:
            place, before = len(kept), len(kept)
            while place > 0:
                start = max(0, place - size)
                without = kept[:start] + kept[place:]
                if self.fails(without, write):
                    kept = without
                place = start
            if size == 1 and len(kept) == before:
                break
            size = max(1, size // 2) if len(kept) == before else min(size, max(1, len(kept) // 2))
        return kept

    def smaller(self, statements: list[ast.Statement]) -> None:
        """Each statement by a smaller one, as often as one is found; then statements may be spared that had to stay."""
        changed = True
        while changed:
            changed = False
            for place in range(len(statements)):
                while (less := self._less(statements, place)) is not None:
                    statements, changed = less, True
            if changed:
                statements = self.fewer(statements, _printed)

    def _less(self, statements: list[ast.Statement], place: int) -> list[ast.Statement] | None:
        for other in _variants(statements[place]):
            changed = [*statements[:place], other, *statements[place + 1 :]]
            if self.fails(changed, _printed):
                return changed
        return None


def _variants(node: Any) -> Iterator[Any]:
    """Nodes like this one that are smaller by one step, at the top of the tree first."""
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if field.name == "span" or value is None:
            continue
        if isinstance(value, tuple):
            for place in range(len(value)):
                if len(value) > 1 or field.name in _MAY_BE_EMPTY:
                    yield from _put(node, field.name, value[:place] + value[place + 1 :])
        elif field.name in _MAY_BE_NONE and type(None) in _kinds(type(node).__name__, field.name):
            yield from _put(node, field.name, None)
    yield from _shorter_chains(node)
    for name, at, child in _children(node):
        kinds = _kinds(type(node).__name__, name)
        for other in (*(h for h in _hoisted(child) if isinstance(h, kinds)), *_variants(child)):
            value = getattr(node, name)
            changed = other if at is None else (*value[:at], other, *value[at + 1 :])
            yield from _put(node, name, changed)


_MAY_BE_EMPTY = frozenset({"citations", "unless", "body", "drops"})
_MAY_BE_NONE = frozenset({"filter", "generator", "low", "high", "default", "weight", "label"})


@cache
def _kinds(node: str, name: str) -> tuple[type, ...]:
    """The classes that the syntax tree has for a field of a kind of node, or for the elements of a tuple."""
    return tuple(_classes(get_type_hints(getattr(ast, node))[name]))


def _classes(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and not get_args(hint):
        yield hint
    for part in get_args(hint):
        yield from _classes(part)


def _put(node: Any, name: str, value: Any) -> Iterator[Any]:
    """The node with another value of a field; the terms and operators of a chain only go together."""
    is_chain = isinstance(node, ast.Comparison | ast.Additive)
    if not is_chain or (name == "terms" and len(value) == len(node.terms)):
        yield dataclasses.replace(node, **{name: value})


def _shorter_chains(node: Any) -> Iterator[Any]:
    if isinstance(node, ast.Comparison) and len(node.operators) > 1:
        yield dataclasses.replace(node, terms=node.terms[1:], operators=node.operators[1:])
        yield dataclasses.replace(node, terms=node.terms[:-1], operators=node.operators[:-1])
    if isinstance(node, ast.Additive) and len(node.operators) > 1:
        yield dataclasses.replace(node, terms=node.terms[1:], operators=node.operators[1:])
        yield dataclasses.replace(node, terms=node.terms[:-1], operators=node.operators[:-1])


def _children(node: Any) -> Iterator[tuple[str, int | None, Any]]:
    """The nodes directly inside a node, each with its field and its place in it."""
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if field.name == "span":
            continue
        if isinstance(value, tuple):
            yield from ((field.name, place, part) for place, part in enumerate(value) if isinstance(part, ast.Node))
        elif isinstance(value, ast.Node):
            yield field.name, None, value


_FORMULAS = (
    ast.Comparison, ast.Member, ast.And, ast.Or, ast.Xor, ast.Not, ast.Implies, ast.Iff, ast.Quantified, ast.SomeOf,
    ast.Distinct,
)  # fmt: skip


def _hoisted(node: Any) -> Iterator[ast.Expr]:
    """The parts of an expression that may stand in its place."""
    if isinstance(node, ast.Expr):
        yield from (child for _, _, child in _children(node) if isinstance(child, ast.Expr))
        yield from _simplest(node)


def _simplest(node: ast.Expr) -> Iterator[ast.Expr]:
    """The simplest values that an expression could be."""
    if isinstance(node, ast.Number):
        yield from (ast.Number(type(node.value)(n)) for n in (0, 1) if abs(node.value) > n)
    elif isinstance(node, _FORMULAS):
        yield ast.Truth(True)
        yield ast.Truth(False)
