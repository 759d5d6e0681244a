"""`include`: the statements of a library, placed where the `include` stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

from nsr.diagnostics import Span
from nsr.language import ast
from nsr.language.check import inference, variables
from nsr.language.check.context import Context
from nsr.language.check.messages import in_ticks, suggestion

LIBRARIES = ("directions", "family")
"""The libraries there are."""

LibraryReader: TypeAlias = Callable[[str], ast.ParsedProgram]
"""The syntax tree of a library of `LIBRARIES`; the parser lives above this package."""


@dataclass(frozen=True, slots=True)
class Included:
    """A statement of a library, and the index of the `include`."""

    library: str
    index: int
    statement: ast.Statement


def included(
    ctx: Context, statements: Sequence[ast.Statement], read_library: LibraryReader | None
) -> tuple[Included, ...]:
    """The statements of all libraries that the program includes, each library once."""
    found: list[Included] = []
    seen: set[str] = set()
    for index, statement in enumerate(statements):
        if not isinstance(statement, ast.Include):
            continue
        name = statement.name.text
        if name not in LIBRARIES:
            _unknown(ctx, statement)
        elif read_library is None:
            ctx.unsupported(statement.span, "`include` without the libraries", "declare what is needed in the program")
        elif name not in seen:
            seen.add(name)
            tree = read_library(name)
            found += [Included(name, index, _placed(s, statement.span)) for s in tree.statements]
    return tuple(found)


def _unknown(ctx: Context, statement: ast.Include) -> None:
    near = ctx.nearest(statement.name.text, list(LIBRARIES))
    names = ", ".join(f"`{name}`" for name in LIBRARIES)
    ctx.error(
        "unknown-library",
        statement.name.span,
        f"there is no library {in_ticks(statement.name.text)}",
        found="not there",
        help=suggestion(near, f"the libraries are {names}; declare other things in the program"),
        expected=LIBRARIES,
    )


def with_own_variables(ctx: Context, library: tuple[Included, ...]) -> tuple[Included, ...]:
    """The libraries with other variables in their rules if the program declares one of those names."""
    used = {
        node.text
        for item in library
        for node in inference.nodes(item.statement)
        if isinstance(node, ast.Name) and variables.is_variable_name(node.text)
    }
    if not used & {*ctx.places, *ctx.elements, *ctx.sort_places}:
        return library
    digits = "0"
    while any(f"{name}{digits}" in ctx.source for name in used):
        digits += "0"
    new = {name: f"{name}{digits}" for name in used}
    return tuple(replace(item, statement=_renamed(item.statement, new)) for item in library)


def _renamed(node: Any, new: dict[str, str]) -> Any:
    """The tree with other names."""
    if isinstance(node, tuple):
        return tuple(_renamed(part, new) for part in node)
    if isinstance(node, ast.Name):
        return replace(node, text=new.get(node.text, node.text))
    if not isinstance(node, ast.Node):
        return node
    return replace(node, **{f.name: _renamed(getattr(node, f.name), new) for f in fields(node)})


def _placed(node: Any, span: Span) -> Any:
    """The tree with every place in it at `span`."""
    if isinstance(node, tuple):
        return tuple(_placed(part, span) for part in node)
    if not isinstance(node, ast.Node):
        return node
    parts = {f.name: _placed(getattr(node, f.name), span) for f in fields(node) if f.name != "span"}
    return replace(node, span=span, **parts)
