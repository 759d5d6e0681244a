"""Relations that rest on a number or a set made from themselves: such recursion is refused."""

from __future__ import annotations

from collections.abc import Iterable

from nsr.language import ir
from nsr.language.check.context import Context
from nsr.language.traverse import children


def refuse_counted_recursion(ctx: Context, rules: Iterable[ir.Rule]) -> None:
    """Report the first relation of each circle that goes through a number, a set or a comparison of itself."""
    edges: dict[str, set[str]] = {}
    counted: list[tuple[str, str, ir.Origin]] = []
    for item in rules:
        edges.setdefault(item.symbol, set())
        for term in (item.body, *item.args):
            for called, is_counted in _calls(ctx, term):
                edges[item.symbol].add(called)
                if is_counted:
                    counted.append((item.symbol, called, item.origin))
    reached: dict[str, set[str]] = {}
    for head, called, origin in counted:
        if called not in reached:
            reached[called] = _reachable(edges, called)
        if head in reached[called]:
            ctx.error(
                "recursive-aggregate",
                origin.span,
                f"`{_written_name(ctx, head)}` rests on a number or a set made from itself",
                found="itself",
                labels=ctx.declared_here(head),
                help="count another relation, which does not rest on this one, or use `var` and a `constraint`",
            )


def _written_name(ctx: Context, relation: str) -> str:
    """The relation as the source names it: one that is written out stands where that was declared."""
    symbol = ctx.symbols[relation]
    if not symbol.is_auxiliary:
        return relation
    return next((s.name for s in ctx.symbols.values() if not s.is_auxiliary and s.origin == symbol.origin), relation)


def _reachable(edges: dict[str, set[str]], start: str) -> set[str]:
    seen, stack = {start}, [start]
    while stack:
        for name in edges.get(stack.pop(), ()):
            if name not in seen:
                seen.add(name)
                stack.append(name)
    return seen


def _calls(ctx: Context, root: ir.Term) -> Iterable[tuple[str, bool]]:
    """The relations that a body calls, and whether inside a term that is no plain formula of them."""
    stack = [(root, False)]
    while stack:
        term, is_counted = stack.pop()
        if isinstance(term, ir.Apply) and ctx.symbols[term.symbol].kind == "rel":
            yield term.symbol, is_counted
            is_counted = True
        elif not isinstance(term, ir.And | ir.Or | ir.Not | ir.Quantified):
            is_counted = True
        stack.extend((child, is_counted) for child in children(term))
