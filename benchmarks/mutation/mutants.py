"""Mutants: the source of a module with one operator, constant, branch or call changed.

After DeMillo, Lipton and Sayward, "Hints on test data selection" (1978).
"""

from __future__ import annotations

import ast
import copy
import importlib.util
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.mutation.reach import statement_of

__all__ = ["Mutant", "mutants_of", "source_of_module"]

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_WORDS = {
    "and": "or", "or": "and", "=>": "=", "<=": "<", "<": "<=", ">=": ">", ">": ">=", "+": "-", "-": "+", "*": "+",
    "forall": "exists", "exists": "forall", "true": "false", "false": "true", "not": "", "distinct": "and",
    "#=<": "#<", "#<": "#=<", "#=": "#\\=", "#\\=": "#=", "=<": "<", "min": "max", "max": "min",
}  # fmt: skip


_EVEN = ("isinstance", "cast", "replace", "zip", "max", "min", "same", "require_same", "_require_same")
"""Functions whose arguments may come in any order, or whose order a type checker sees to."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module: in which function, which place of it, and what the change does."""

    module: str
    function: str
    number: int
    line: int
    statement: int
    """The first line of the statement that is changed."""
    change: str

    @property
    def name(self) -> str:
        """The module, the function and the change; the line is left out, since it moves."""
        return f"{self.module.rsplit('.', 1)[-1]}: {self.function}: {self.change}"

    @property
    def source(self) -> str:
        """The module's source with the change."""
        tree = ast.parse(source_of_module(self.module))
        unit = dict(_units(tree))[self.function]
        _apply(unit, self.number)
        return ast.unparse(ast.fix_missing_locations(tree))


def source_of_module(module: str) -> str:
    """The source of a module, which is not imported by that.

    Raises:
        ModuleNotFoundError: if there is none of that name.
    """
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    return Path(spec.origin).read_text(encoding="utf-8")


def mutants_of(module: str) -> list[Mutant]:
    """All mutants of a module, function by function; no two have one name."""
    found = []
    for function, unit in _units(ast.parse(source_of_module(module))):
        whole = ast.unparse(unit)
        seen: Counter[str] = Counter()
        for number, place in enumerate(_places(unit)):
            changed = copy.deepcopy(unit)
            _apply(changed, number)
            after = ast.unparse(ast.fix_missing_locations(changed))
            if after != whole:
                change = _difference(whole, after)
                seen[change] += 1
                again = f" ({seen[change]})" if seen[change] > 1 else ""
                found.append(
                    Mutant(module, function, number, place.lineno, statement_of(unit, place.lineno), change + again)
                )
    return found


def _units(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions and methods by name, those inside of others being part of them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}", method


def _apply(unit: ast.FunctionDef, number: int) -> None:
    """Change the place of that number."""
    node = next(itertools.islice(_places(unit), number, None))
    new = _change(node)
    assert new is not None
    if (made := new()) is not node:
        _put(unit, node, made)


def _difference(before: str, after: str) -> str:
    """The first line that differs, as it was and as it is: what is around the place of a long one."""
    old, new = next(pair for pair in zip(before.splitlines(), after.splitlines(), strict=False) if pair[0] != pair[1])
    old, new = old.strip(), new.strip()
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - 50)
    return f"`{_short(old, start)}` becomes `{_short(new, start)}`"


def _short(line: str, start: int) -> str:
    kept = line[start : start + 90]
    return f"{'...' if start else ''}{kept}{'...' if start + 90 < len(line) else ''}"


def _places(unit: ast.FunctionDef) -> Iterator[Any]:
    """The nodes of a function that can be changed; error messages, budgets and annotations are left alone."""
    stack: list[ast.AST] = [*unit.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Raise | ast.Assert) or _is_upkeep(node) or _is_strict(node):
            continue
        if isinstance(node, ast.expr | ast.stmt) and _change(node) is not None:
            yield node
        if isinstance(node, ast.FunctionDef):
            stack.extend(node.body)
        elif isinstance(node, ast.AnnAssign):
            stack.extend([node.value] if node.value else [])
        else:
            stack.extend(ast.iter_child_nodes(node))


def _is_upkeep(node: ast.AST) -> bool:
    """Docstrings, and what counts steps."""
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    return isinstance(node.value, ast.Call) and ast.unparse(node.value.func).rsplit(".", 1)[-1] in ("spend", "check")


def _is_strict(node: ast.AST) -> bool:
    """That lists of one length are gone through together, which a program relies on and never sees."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _change(node: Any) -> Callable[[], ast.AST] | None:
    """What can be done to a node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
            return lambda: _set(node, "ops", [_COMPARISONS[type(op)]()])
        case ast.BinOp(op=op) if type(op) in _ARITHMETIC:
            return lambda: _set(node, "op", _ARITHMETIC[type(op)]())
        case ast.BoolOp(op=ast.And()):
            return lambda: _set(node, "op", ast.Or())
        case ast.BoolOp(op=ast.Or()):
            return lambda: _set(node, "op", ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            return lambda: operand
        case ast.Constant(value=bool() as value):
            return lambda: _set(node, "value", not value)
        case ast.Constant(value=int() as value):
            return lambda: _set(node, "value", value + 1)
        case ast.Constant(value=str() as value) if any(word in _WORDS for word in value.replace("(", " ").split()):
            return lambda: _set(node, "value", _other_words(value))
        case ast.If() | ast.IfExp():
            return lambda: _set(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Expr(value=ast.Call()):
            return lambda: ast.Pass()
        case ast.Call(func=func, args=[first, second, *rest]) if not _is_even(func, first):
            return lambda: _set(node, "args", [second, first, *rest])
        case _:
            return None


def _is_even(function: ast.expr, first: ast.expr) -> bool:
    """Whether the order of the arguments is nothing that one gets wrong unnoticed."""
    return isinstance(first, ast.Starred) or ast.unparse(function).rpartition(".")[2] in _EVEN


def _set(node: Any, name: str, value: Any) -> ast.AST:
    setattr(node, name, value)
    return node


def _other_words(text: str) -> str:
    for word, other in _WORDS.items():
        for before, after in (("(", " "), (" ", " "), ("", "")):
            whole = f"{before}{word}{after}"
            if (before or after) and whole in text:
                return text.replace(whole, f"{before}{other}{after}", 1)
    return " ".join([_WORDS.get(word, word) for word in text.split()])


def _put(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
                return
            if isinstance(value, list) and any(item is old for item in value):
                value[next(i for i, item in enumerate(value) if item is old)] = new
                return
