"""Wishes and objectives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from nsr.language import ast, ir
from nsr.language.check import binders, expressions, partiality
from nsr.language.check.coerce import as_number
from nsr.language.check.context import Context
from nsr.language.check.messages import show
from nsr.language.evaluate import bindings_of, evaluate, holds
from nsr.language.meaning import NoEntry
from nsr.language.sorts import BoolSort, Value, sort_size
from nsr.language.traverse import rebuild
from nsr.limits import Budget, BudgetExceeded

_MAX_WISHES = 10_000
"""Most instances of one `soft ... for x in T`."""

_STEPS = 1_000_000


def soft(ctx: Context, statement: ast.Soft, name: str) -> list[ir.Soft]:
    """The wishes of a `soft`: one for each instance of its generator, all of one name."""
    generator = statement.generator or ast.Generator(())
    parts = (statement.formula,) if statement.weight is None else (statement.formula, statement.weight)
    bound = binders.bind(ctx, generator.binders, generator.filter, {}, parts)
    ctx.has_partial = False
    formula = expressions.truth(ctx, statement.formula, bound.scope)
    weight: ir.Term | None = ir.integer(1)
    if statement.weight is not None:
        weight = as_number(ctx, expressions.value(ctx, statement.weight, bound.scope), statement.weight)
    if formula is None or weight is None or bound.bounds is None:
        return []
    origin = ctx.origin(statement)
    if bound.conditions:
        formula = ir.Implies(binders.conjunction(bound.conditions, origin), formula, origin=origin)
    if ctx.has_partial:
        whole = ir.Quantified("forall", bound.bounds, formula, origin=origin) if bound.bounds else formula
        partiality.warn_of_outside(ctx, whole)
    citations = tuple(c.text for c in statement.head.citations)
    wishes = []
    for env in _instances(ctx, statement, bound.bounds):
        if _is_out(ctx, bound.conditions, env):
            continue
        cost = _weight(ctx, statement, weight, env)
        if cost is None:
            return []
        wishes.append(ir.Soft(name, cost, _at(formula, bound.bounds, env), citations, origin=origin))
    return wishes


def _instances(ctx: Context, statement: ast.Soft, bounds: tuple[ir.Bound, ...]) -> Iterator[Mapping[str, Value]]:
    if any(b.domain is None and sort_size(b.variable.sort) is None for b in bounds):
        ctx.error(
            "infinite-domain",
            statement.span,
            "this would be a wish for each of infinitely many things",
            found="infinite",
            help="write one wish with `forall`",
        )
        return
    budget = Budget(steps=_STEPS, wall_seconds=2.0)
    try:
        for count, env in enumerate(bindings_of(bounds, {}, ctx.program(), None, budget)):
            if count >= _MAX_WISHES:
                ctx.error(
                    "too-large",
                    statement.span,
                    f"this is more than {_MAX_WISHES:,} wishes",
                    found="too many",
                    help="write one wish with a `sum` in a `minimize`",
                )
                return
            yield env
    except NoEntry:
        ctx.error(
            "not-constant",
            statement.span,
            "what these wishes run over is not known before solving",
            found="depends on an unknown",
            help="go over a type, and say the rest with `if`",
        )
    except BudgetExceeded:
        ctx.error("too-large", statement.span, "these are too many wishes", found="too many", help="write fewer")


def _is_out(ctx: Context, conditions: tuple[ir.Term, ...], env: Mapping[str, Value]) -> bool:
    """Whether data alone say that a filter keeps this instance out."""
    try:
        budget = Budget(steps=_STEPS, wall_seconds=0.5)
        return not all(holds(condition, {}, ctx.program(), env, budget) for condition in conditions)
    except (NoEntry, BudgetExceeded):
        return False


def _weight(ctx: Context, statement: ast.Soft, weight: ir.Term, env: Mapping[str, Value]) -> Value:
    """What the wish costs: a number that data alone decide, not negative. None after an error."""
    assert statement.weight is not None or isinstance(weight, ir.Literal)
    span = statement.span if statement.weight is None else statement.weight.span
    try:
        found = evaluate(weight, {}, ctx.program(), env, Budget(steps=_STEPS, wall_seconds=0.5))
    except (NoEntry, BudgetExceeded):
        ctx.error(
            "not-constant",
            span,
            "the weight of a wish is a known number",
            found="not known",
            help="write a number or a `param`; what depends on unknowns goes into `minimize`",
        )
        return None
    if isinstance(found, int | Fraction) and not isinstance(found, bool) and found >= 0:
        return found
    shown = show(found) if isinstance(found, int | Fraction) else "no number"
    ctx.error(
        "negative-weight",
        span,
        f"a wish costs its weight where it is not fulfilled, and {shown} is no cost",
        found=shown,
        help="write a positive weight, and the opposite wish if that is meant",
    )
    return None


def _at(formula: ir.Term, bounds: tuple[ir.Bound, ...], env: Mapping[str, Value]) -> ir.Term:
    """The formula with values for the bound variables."""
    sorts = {b.variable.name: b.variable.sort for b in bounds}
    if not sorts:
        return formula

    def step(node: ir.Term) -> ir.Term:
        if isinstance(node, ir.Variable) and node.name in sorts:
            return ir.Literal(env[node.name], sorts[node.name], origin=node.origin)
        return node

    return rebuild(formula, step)


def objective(ctx: Context, statement: ast.Optimize, name: str) -> ir.Objective | None:
    """A `minimize` or `maximize`."""
    expr, keyword = statement.objective, statement.keyword
    if equation(ctx, expr, keyword):
        return None
    typed = expressions.value(ctx, expr, {})
    if typed is not None and isinstance(typed.sort, BoolSort) and isinstance(expr, ast.Comparison):
        _report_truth(ctx, statement, expr)
        return None
    term = as_number(ctx, typed, expr)
    if term is None:
        return None
    citations = tuple(c.text for c in statement.head.citations)
    label = statement.head.label is not None
    return ir.Objective(name, keyword, term, citations, label, origin=ctx.origin(statement))


def _report_truth(ctx: Context, statement: ast.Optimize, expr: ast.Comparison) -> None:
    text = ctx.source[expr.terms[-1].span.start : expr.terms[-1].span.end]
    is_equation = expr.operators == ("==",)
    help = f"write `{statement.keyword} {text}`, and the equation as a `constraint`" if is_equation else ""
    ctx.error(
        "objective-not-number",
        expr.span,
        f"`{statement.keyword}` wants a number, and a comparison is true or false",
        found="a truth value",
        help=help or "write the number alone; a comparison that should hold is a `constraint` or `soft`",
    )


def equation(ctx: Context, expr: ast.Expr, keyword: str) -> bool:
    """Report `minimize total = x + y` where nothing declares `total`: a name is given with a colon."""
    match expr:
        case ast.Comparison((ast.Name(text), _), ("==",)) if _is_new(ctx, text):
            value = ctx.source[expr.terms[1].span.start : expr.terms[1].span.end]
            short = value if len(value) <= 60 else "..."
            ctx.error(
                "equation-for-label",
                expr.span,
                f"`{text}` is not declared; a label stands before a colon",
                found="an equation",
                help=f"write `{keyword} {text}: {short}`",
            )
            return True
        case _:
            return False


def _is_new(ctx: Context, text: str) -> bool:
    known = ctx.symbol(text) is not None or text in ctx.failed or text in ctx.elements or text in ctx.sort_places
    return not known
