"""The type of a bound variable that is written without `in T`, from what it is used for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from nsr.language import ast
from nsr.language.check.context import Context, Scope, describe_sort
from nsr.language.sorts import EnumSort, Sort, sort_size


def infer(ctx: Context, binder: ast.Binder, scope: Scope, uses: tuple[ast.Expr, ...]) -> Sort | None:
    """The one type that all names of `binder` are used with; reports and gives None if there is not just one."""
    names = {n.text for n in binder.names}
    found: dict[str, Sort] = {}
    for use in uses:
        for sort in _sorts_of_use(ctx, names, scope, use):
            found.setdefault(str(sort), sort)
    finite = {name: sort for name, sort in found.items() if sort_size(sort) is not None}
    if len(finite) == 1:
        return next(iter(finite.values()))
    named = ", ".join(f"`{n.text}`" for n in binder.names)
    if finite:
        message = (
            f"the type of {named} is not clear: used as {' and as '.join(describe_sort(s) for s in finite.values())}"
        )
    else:
        message = f"nothing says what {named} runs over"
    ctx.error(
        "cannot-infer-type",
        binder.span,
        message,
        found="no type",
        help=f"write `{', '.join(n.text for n in binder.names)} in T` with its type",
        expected=tuple(finite) or tuple(list(ctx.sorts)[:8]),
    )
    return None


def _sorts_of_use(ctx: Context, names: set[str], scope: Scope, use: ast.Expr) -> Iterator[Sort]:
    for node in nodes(use):
        match node:
            case ast.Call(ast.Name(text), args):
                symbol = ctx.symbol(text) if text not in scope else None
                if symbol is not None and len(symbol.arguments) == len(args):
                    for arg, sort in zip(args, symbol.arguments, strict=True):
                        if isinstance(arg, ast.Name) and arg.text in names:
                            yield sort
            case ast.Comparison(terms):
                if any(isinstance(t, ast.Name) and t.text in names for t in terms):
                    for term in terms:
                        yield from _sort_of_side(ctx, names, scope, term)
            case ast.Member(ast.Name(text), ast.Name(domain)) if text in names:
                domain_sort = ctx.sort(domain)
                if domain_sort is not None:
                    yield domain_sort


def _sort_of_side(ctx: Context, names: set[str], scope: Scope, term: ast.Expr) -> Iterator[Sort]:
    match term:
        case ast.Call(ast.Name(text)) | ast.Name(text) if text not in names:
            variable = scope.get(text)
            if variable is not None:
                yield variable.sort
                return
            symbol = ctx.symbol(text)
            if symbol is not None:
                yield symbol.value
            elif len(ctx.elements.get(text, ())) == 1:
                element_sort: EnumSort = ctx.elements[text][0]
                yield element_sort
        case _:
            return


_FIELDS: dict[type, tuple[str, ...]] = {}
"""Field names of the kinds of nodes met so far."""


def _fields(node: ast.Node) -> tuple[str, ...]:
    kind = type(node)
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(f.name for f in fields(node) if f.name != "span")
    return _FIELDS[kind]


def nodes(expr: ast.Node) -> Iterator[ast.Node]:
    """`expr` and all nodes inside it."""
    stack: list[object] = [expr]
    while stack:
        item = stack.pop()
        if isinstance(item, ast.Node):
            yield item
            stack.extend(getattr(item, name) for name in _fields(item))
        elif isinstance(item, tuple):
            stack.extend(item)


def rests_on_failed(ctx: Context, expr: ast.Node) -> bool:
    """Whether `expr` names something whose declaration failed, so that it has nothing to say of its own."""
    return bool(ctx.failed) and any(isinstance(n, ast.Name) and n.text in ctx.failed for n in nodes(expr))


def refuse(ctx: Context, expr: ast.Node, construct: str, help: str) -> None:
    """Refuse an expression that is not supported, unless its cause has been reported already."""
    if not rests_on_failed(ctx, expr):
        ctx.unsupported(expr.span, construct, help)
