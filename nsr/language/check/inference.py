"""The type of a bound variable that is written without `in T`, from what it is used for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from nsr.language import ast
from nsr.language.check.context import Context, Scope, describe_sort
from nsr.language.sorts import OpenSort, SetSort, Sort, sort_size


def infer(ctx: Context, binder: ast.Binder, scope: Scope, uses: tuple[ast.Expr, ...]) -> Sort | None:
    """The one type that all names of `binder` are used with; reports and gives None if there is not just one."""
    names = {n.text for n in binder.names}
    found: dict[str, Sort] = {}
    for use in uses:
        for sort in _sorts_of_use(ctx, names, scope, use):
            found.setdefault(str(sort), sort)
    finite = {n: s for n, s in found.items() if sort_size(s) is not None or isinstance(s, OpenSort)}
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


def sorts_of(ctx: Context, name: str, scope: Scope, uses: Sequence[ast.Expr]) -> list[Sort]:
    """The sorts of the places that the name fills; those of sums around it only where there are no others."""
    found = [sort for use in uses for sort in _sorts_of_use(ctx, {name}, scope, use)]
    return found or [sort for use in uses for sort in _sorts_of_use(ctx, {name}, scope, use, is_inside=True)]


def _sorts_of_use(
    ctx: Context, names: set[str], scope: Scope, use: ast.Expr, *, is_inside: bool = False
) -> Iterator[Sort]:
    def is_meant(expr: ast.Expr) -> bool:
        if is_inside and isinstance(expr, ast.Additive):
            return any(is_meant(term) for term in expr.terms)
        return isinstance(expr, ast.Name) and expr.text in names

    for node in nodes(use):
        match node:
            case ast.Call(ast.Name(text), args):
                symbol = ctx.symbol(text) if text not in scope else None
                if symbol is not None and len(symbol.arguments) == len(args):
                    for arg, sort in zip(args, symbol.arguments, strict=True):
                        if is_meant(arg):
                            yield sort
            case ast.Comparison(terms):
                if any(is_meant(t) for t in terms):
                    for term in terms:
                        yield from _sort_of_side(ctx, names, scope, term)
            case ast.Member(element, domain):
                parts_of = element.args if isinstance(element, ast.TupleTerm) else (element,)
                for part, sort in zip(parts_of, _sorts_in(ctx, scope, domain), strict=False):
                    if is_meant(part):
                        yield sort


def _sorts_in(ctx: Context, scope: Scope, domain: ast.Expr) -> tuple[Sort, ...]:
    """The sorts of what is in a type, a set, a relation or a table."""
    match domain:
        case ast.Name(text) | ast.Call(ast.Name(text)):
            sort = ctx.sort(text)
            if sort is not None:
                return (sort,)
            variable = scope.get(text)
            symbol = ctx.symbol(text) if text not in scope else None
            value = variable.sort if variable is not None else None if symbol is None else symbol.value
            if isinstance(value, SetSort):
                return (value.element,)
            return symbol.arguments if symbol is not None and isinstance(domain, ast.Name) else ()
        case ast.SetTerm(args, None) | ast.ListTerm(args, None):
            return tuple(s for arg in args[:1] for s in _sort_of_side(ctx, set(), scope, arg))
        case _:
            return ()


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
                yield ctx.elements[text][0]
        case _:
            return


_FIELDS: dict[type, tuple[str, ...]] = {}
"""Field names of the kinds of nodes met so far."""


def _fields(node: ast.Node) -> tuple[str, ...]:
    kind = type(node)
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(f.name for f in fields(node) if f.name != "span")
    return _FIELDS[kind]


def parts(node: ast.Node) -> tuple[object, ...]:
    """What stands directly inside a node: nodes, tuples of them, words and None."""
    return tuple(getattr(node, name) for name in _fields(node))


def nodes(expr: ast.Node) -> Iterator[ast.Node]:
    """`expr` and all nodes inside it."""
    stack: list[object] = [expr]
    while stack:
        item = stack.pop()
        if isinstance(item, ast.Node):
            yield item
            stack.extend(parts(item))
        elif isinstance(item, tuple):
            stack.extend(item)


def rests_on_failed(ctx: Context, expr: ast.Node) -> bool:
    """Whether `expr` names something whose declaration failed, so that it has nothing to say of its own."""
    return bool(ctx.failed) and any(isinstance(n, ast.Name) and n.text in ctx.failed for n in nodes(expr))


def refuse(ctx: Context, expr: ast.Node, construct: str, help: str) -> None:
    """Refuse an expression that is not supported, unless its cause has been reported already."""
    if not rests_on_failed(ctx, expr):
        ctx.unsupported(expr.span, construct, help)
