"""Goals and what their options say."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import assert_never

from nsr.diagnostics import Label
from nsr.language import ast, ir
from nsr.language.check import binders, expressions, options, partiality, variables, wishes
from nsr.language.check.context import Context
from nsr.language.check.messages import suggestion
from nsr.language.check.statements import Goal, Section
from nsr.language.sorts import Value, sort_size, sort_values

_MAX_TERMS = 10_000
"""Most values of a `define` or `param` that one `find` asks for."""


def goal(ctx: Context, section: Section, common: Section | None) -> tuple[ir.Goal, tuple[ir.ChoiceOption, ...]] | None:
    """The one goal of a section, or of the common part, and the options of a value; None after an error."""
    found, given = _inherited(section, common)
    has_objective = section.has_objective or (common is not None and common.has_objective)
    if len(found) > 1:
        _several(ctx, found[0][1], found[1][1])
        return None
    ctx.allows_modal = True
    try:
        if found:
            return _one_goal(ctx, found[0], given, section, common, has_objective)
        if given and not has_objective:
            options.report_without_goal(ctx, given[0][1])
            return None
        compared = options.numbers(ctx, given)
        return None if compared is None else (ir.Find(), compared)
    finally:
        ctx.allows_modal = False


def _inherited(section: Section, common: Section | None) -> tuple[list[tuple[int, Goal]], list[tuple[int, ast.Option]]]:
    """A section takes the goal, and the options, of the common part where it has none of its own."""
    if common is None:
        return section.goals, section.options
    if section.goals and not section.options:
        is_choice = isinstance(section.goals[0][1], ast.Choose)
        return section.goals, common.options if is_choice else []
    is_own = bool(section.goals or section.objectives)
    return section.goals or ([] if is_own else common.goals), section.options or ([] if is_own else common.options)


def _several(ctx: Context, first: Goal, second: Goal) -> None:
    ctx.error(
        "several-goals",
        second.span,
        "a section has one goal, and this is the second",
        found="the second",
        labels=(Label(first.span, "the first"),),
        help='write a `question "..."` before each',
    )


def _one_goal(
    ctx: Context,
    found: tuple[int, Goal],
    given: list[tuple[int, ast.Option]],
    section: Section,
    common: Section | None,
    has_objective: bool,
) -> tuple[ir.Goal, tuple[ir.ChoiceOption, ...]] | None:
    index, statement = found
    ctx.statement = index
    if has_objective and isinstance(statement, ast.Prove | ast.Ask | ast.Choose):
        _beside_objective(ctx, statement)
        return None
    is_count = isinstance(statement, ast.Find) and statement.mode == "count"
    takes_options = isinstance(statement, ast.Choose | ast.Compute) or has_objective or is_count
    if given and not takes_options:
        options.report_not_wanted(ctx, statement, given[0][1])
        return None
    made: ir.Goal | None
    compared: tuple[ir.ChoiceOption, ...] | None = ()
    match statement:
        case ast.Find():
            made = _find(ctx, statement)
            compared = options.numbers(ctx, given)
        case ast.Prove():
            made = _prove(ctx, statement)
        case ast.Ask():
            made = _ask(ctx, statement)
        case ast.Compute():
            made, compared = _compute(ctx, statement, given)
        case ast.Choose():
            made = _choose(ctx, statement, given, section, common)
        case _:
            assert_never(statement)
    return None if made is None or compared is None else (made, compared)


def _beside_objective(ctx: Context, statement: ast.Prove | ast.Ask | ast.Choose) -> None:
    word = type(statement).__name__.lower()
    ctx.error(
        "goal-beside-objective",
        statement.span,
        f"beside `minimize` or `maximize` stands `compute` or `find`, not `{word}`",
        found=f"`{word}`",
        help="leave one of them out; options may be compared with the value of an objective",
    )


# find


def _find(ctx: Context, statement: ast.Find) -> ir.Find | None:
    if statement.mode == "some" and not statement.count:
        ctx.error("sort-mismatch", statement.span, "`find 0` asks for nothing", found="0", help="write `find one`")
        return None
    asked = _terms(ctx, statement.terms)
    if asked is None:
        return None
    terms, symbols = asked
    count = statement.count if statement.mode == "some" and statement.count else 1
    return ir.Find(statement.mode or "one", count, terms, symbols, origin=ctx.origin(statement))


def _terms(ctx: Context, asked: Sequence[ast.Name | ast.Call]) -> tuple[tuple[ir.Term, ...], tuple[str, ...]] | None:
    """Terms and names of unknowns and relations that are asked for; None after an error."""
    terms: list[ir.Term] = []
    symbols: list[str] = []
    kept = [_find_term(ctx, term, terms, symbols) for term in asked]
    return (tuple(terms), tuple(symbols)) if all(kept) else None


def _find_term(ctx: Context, term: ast.Name | ast.Call, terms: list[ir.Term], symbols: list[str]) -> bool:
    symbol = ctx.symbol(term.text) if isinstance(term, ast.Name) else None
    if symbol is None or not isinstance(term, ast.Name):
        typed = expressions.value(ctx, term, {})
        if typed is None:
            return False
        terms.append(typed.term)
        return True
    ctx.used.add(symbol.name)
    if symbol.kind in ("var", "pred", "rel"):
        symbols.append(symbol.name)
        return True
    table = ctx.tables.get(symbol.name)
    if table is not None and not table.has_default:
        terms.extend(_at(ctx, term, symbol, key) for key in table.entries)
        return True
    size = 1
    for sort in symbol.arguments:
        size *= sort_size(sort) or _MAX_TERMS + 1
    if size > _MAX_TERMS:
        ctx.unsupported(term.span, f"`find` of more than {_MAX_TERMS:,} values", "name the calls that are asked for")
        return False
    terms.extend(_at(ctx, term, symbol, key) for key in itertools.product(*(sort_values(s) for s in symbol.arguments)))
    return True


def _at(ctx: Context, name: ast.Name, symbol: ir.Function, key: tuple[Value, ...]) -> ir.Term:
    args = tuple(ir.Literal(v, s) for v, s in zip(key, symbol.arguments, strict=True))
    return ir.Apply(symbol.name, args, symbol.value, origin=ctx.origin(name))


# prove, ask, compute


def _named(statement: ast.Statement) -> tuple[str, tuple[str, ...]]:
    label = statement.head.label
    return "" if label is None else label.text, tuple(c.text for c in statement.head.citations)


def _prove(ctx: Context, statement: ast.Prove) -> ir.Prove | None:
    ctx.has_partial = False
    formulas = expressions.truths(ctx, statement.formulas, {})
    if formulas is None:
        return None
    formula = binders.conjunction(formulas, ctx.origin(statement))
    if ctx.has_partial:
        partiality.warn_of_outside(ctx, formula)
    return ir.Prove(formula, *_named(statement), origin=ctx.origin(statement))


def _ask(ctx: Context, statement: ast.Ask) -> ir.Ask | None:
    label = statement.head.label
    if label is not None and variables.is_variable_name(label.text):
        ctx.warn(
            "variable-as-label",
            label.span,
            f"`{label.text}` is the label of this `ask`, not what is asked for",
            found="a label",
            help="the free variables are asked for: write `ask p(X)`",
        )
    scope = variables.rule_variables(ctx, statement.body)
    body = expressions.truths(ctx, statement.body, scope)
    if body is None or None in scope.values():
        return None
    bounds = variables.rule_bounds(ctx, scope)
    formula = binders.conjunction(body, ctx.origin(statement))
    return ir.Ask(bounds, formula, *_named(statement), origin=ctx.origin(statement))


def _compute(
    ctx: Context, statement: ast.Compute, given: list[tuple[int, ast.Option]]
) -> tuple[ir.Compute | None, tuple[ir.ChoiceOption, ...] | None]:
    if given and len(statement.values) > 1:
        options.report_several_values(ctx, statement, given[0][1])
        return None, None
    if any(wishes.equation(ctx, expr, "compute") for expr in statement.values):
        return None, None
    terms = []
    compared: tuple[ir.ChoiceOption, ...] | None = ()
    for expr in statement.values:
        typed = expressions.value(ctx, expr, {})
        if typed is None:
            return None, None
        if typed.sort is None:
            ctx.error("sort-mismatch", expr.span, "`none` alone is no value to compute", found="`none`")
            return None, None
        if given:
            compared = options.values(ctx, typed, given)
        shifted = ir.ElementAt(typed.term, typed.shift, origin=ctx.origin(expr)) if typed.shift else typed.term
        terms.append(shifted)
    return ir.Compute(tuple(terms), *_named(statement), origin=ctx.origin(statement)), compared


# choose


def _choose(
    ctx: Context,
    statement: ast.Choose,
    given: list[tuple[int, ast.Option]],
    section: Section,
    common: Section | None,
) -> ir.Choose | None:
    if not given:
        ctx.error(
            "choose-without-options",
            statement.span,
            "there is nothing to choose from",
            found="no option",
            help="write `option A: φ` for each after it",
        )
        return None
    if options.report_answers(ctx, given):
        return None
    labels: tuple[str, ...] | None = ()
    asked: tuple[tuple[ir.Term, ...], tuple[str, ...]] | None = ((), ())
    formula: ir.Term | None = None
    match statement.mode:
        case "equivalent":
            labels = _replaced(ctx, statement, section, common)
        case "determines":
            asked = _terms(ctx, statement.terms)
        case "forces":
            assert statement.formula is not None
            formula = expressions.truth(ctx, statement.formula, {})
        case _:
            pass
    checked = options.formulas(ctx, given)
    if checked is None or labels is None or asked is None or (statement.mode == "forces" and formula is None):
        return None
    return ir.Choose(
        statement.mode, statement.is_except, checked, labels, *asked, formula, origin=ctx.origin(statement)
    )


def _replaced(ctx: Context, statement: ast.Choose, section: Section, common: Section | None) -> tuple[str, ...] | None:
    """The names of the requirements that the options of `equivalent to` stand in for."""
    requirements = [*section.requirements, *(common.requirements if common is not None else ())]
    names = {r.name for r in requirements if r.has_label}
    is_known = True
    for label in statement.labels:
        if label.text in names:
            continue
        is_known = False
        near = ctx.nearest(label.text, list(names))
        ctx.error(
            "unknown-label",
            label.span,
            f"no `constraint`, `premise` or `assume` has the label `{label.text}`",
            found="no such requirement",
            help=suggestion(near, "give the statement that label"),
            expected=near or tuple(sorted(names)[:8]),
        )
    return tuple(label.text for label in statement.labels) if is_known else None
