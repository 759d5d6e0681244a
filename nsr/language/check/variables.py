"""Variables of rules and of `ask`: undeclared names of one capital with digits, their sorts taken from their uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nsr.language import ast, ir
from nsr.language.check import inference
from nsr.language.check.context import Context, Scope, describe_sort
from nsr.language.sorts import Element, IntSort, NumberSort, OpenSort, Sort, is_numeric, sort_size

_SHAPE = re.compile(r"[A-Z]\d*")


def is_variable_name(text: str) -> bool:
    """Whether a name has the shape of a rule's variable: one capital, then digits."""
    return _SHAPE.fullmatch(text) is not None


def rule_variables(ctx: Context, exprs: Sequence[ast.Expr]) -> Scope:
    """The variables of a rule or of `ask`, in order of appearance, by name; None for one whose sort is not clear.

    `exprs` are the head's atom and all parts of the body. Their bounds are made by `rule_bounds`.
    """
    places = _variables(ctx, exprs)
    sorts: dict[str, Sort] = {}
    found: dict[str, list[Sort]] = {}
    while True:
        known = {name: ir.Variable(name, sort) for name, sort in sorts.items()}
        found = {name: inference.sorts_of(ctx, name, known, exprs) for name in places if name not in sorts}
        new = {name: sort for name, options in found.items() if (sort := _common(options)) is not None}
        if not new:
            break
        sorts.update(new)
    scope: dict[str, ir.Variable | None] = {}
    for name, place in places.items():
        sort = sorts.get(name)
        if sort is None:
            _report(ctx, place, found.get(name, []), exprs)
        scope[name] = None if sort is None else ctx.fresh_variable(name, sort, ctx.origin(place))
    return scope


def rule_bounds(ctx: Context, scope: Scope) -> tuple[ir.Bound, ...]:
    """What the variables of `rule_variables` run over: their type; of an open type its constants."""
    bounds = []
    for variable in scope.values():
        if variable is None:
            continue
        domain: ir.Listed | None = None
        if isinstance(variable.sort, OpenSort):
            domain = ir.Listed(constants_of(ctx, variable.sort), origin=variable.origin)
        bounds.append(ir.Bound(variable, domain, origin=variable.origin))
    return tuple(bounds)


def constants_of(ctx: Context, sort: OpenSort) -> tuple[ir.Term, ...]:
    """The constants of an open type as terms: literals, or unknowns where the type says `may_coincide`."""
    literals = tuple(ir.Literal(Element(sort.name, name, i), sort) for i, name in enumerate(sort.constants))
    unknown = tuple(
        ir.Apply(symbol.name, (), sort)
        for symbol in ctx.symbols.values()
        if symbol.kind == "var" and not symbol.arguments and symbol.value == sort and symbol.name in ctx.constants
    )
    return (*literals, *unknown)


def _variables(ctx: Context, exprs: Sequence[ast.Expr]) -> dict[str, ast.Name]:
    found: dict[str, ast.Name] = {}
    for expr in exprs:
        for name in free_names(expr):
            if is_variable_name(name.text) and not _is_declared(ctx, name.text):
                found.setdefault(name.text, name)
    return found


def _is_declared(ctx: Context, text: str) -> bool:
    return text in ctx.places or text in ctx.elements or text in ctx.sort_places


def free_names(expr: ast.Node) -> Iterator[ast.Name]:
    """The names in an expression that it does not bind itself, those of called functions left out, in order."""
    stack: list[tuple[object, frozenset[str]]] = [(expr, frozenset())]
    while stack:
        item, bound = stack.pop()
        match item:
            case ast.Name(text):
                if text not in bound:
                    yield item
                continue
            case ast.Call(_, args, generator):
                parts: tuple[object, ...] = (*_opened(generator), *args)
                inner = bound | _names_of(generator)
            case ast.Quantified(_, count, binders, condition, body):
                inner = bound | {n.text for b in binders for n in b.names}
                parts = (*(b.domain for b in binders), condition, count, body)
            case ast.SetTerm(args, generator) | ast.ListTerm(args, generator) | ast.Distinct(args, generator):
                parts = (*_opened(generator), *args)
                inner = bound | _names_of(generator)
            case ast.Node():
                parts, inner = inference.parts(item), bound
            case tuple():
                parts, inner = item, bound
            case _:
                continue
        stack.extend((part, inner) for part in reversed(parts))


def _opened(generator: ast.Generator | None) -> tuple[object, ...]:
    return () if generator is None else (*(b.domain for b in generator.binders), generator.filter)


def _names_of(generator: ast.Generator | None) -> frozenset[str]:
    return frozenset(() if generator is None else (n.text for b in generator.binders for n in b.names))


def _common(options: Sequence[Sort]) -> Sort | None:
    """The one sort of all uses; of several ranges the one around them all."""
    by_name: Mapping[str, Sort] = {str(s): s for s in options}
    bounded = {name: s for name, s in by_name.items() if sort_size(s) is not None or isinstance(s, OpenSort)}
    if len(bounded) == 1:
        return next(iter(bounded.values()))
    numeric = [s for s in bounded.values() if isinstance(s, IntSort)]
    if bounded and len(numeric) == len(bounded):
        return IntSort(min(s.low or 0 for s in numeric), max(s.high or 0 for s in numeric))
    if bounded:
        return None
    whole = [s for s in by_name.values() if isinstance(s, IntSort)]
    return whole[0] if whole and len(whole) == len(by_name) else None


def _report(ctx: Context, place: ast.Name, options: Sequence[Sort], exprs: Sequence[ast.Expr]) -> None:
    if any(inference.rests_on_failed(ctx, expr) for expr in exprs):
        return
    named = {str(s): s for s in options}
    if len(named) > 1 or any(is_numeric(s) and not isinstance(s, IntSort | NumberSort) for s in options):
        uses = " and as ".join(describe_sort(s) for s in named.values())
        message = f"the type of `{place.text}` is not clear: used as {uses}"
    else:
        message = f"nothing says what `{place.text}` runs over"
    ctx.error(
        "cannot-infer-type",
        place.span,
        message,
        found="no type",
        help=f"use `{place.text}` as the argument of a relation",
        expected=tuple(named) or tuple(list(ctx.sorts)[:8]),
    )
