"""What options say: formulas of `choose`, values to compare with a `compute` or an objective."""

from __future__ import annotations

from nsr.diagnostics import Label
from nsr.language import ast, ir
from nsr.language.check import expressions, partiality
from nsr.language.check.coerce import as_argument, as_number, as_truth
from nsr.language.check.context import Context, Typed
from nsr.language.sorts import INT, BoolSort, is_numeric

Given = list[tuple[int, ast.Option]]

_ANSWERS = frozenset({"true", "false", "uncertain", "unknown", "yes", "no", "proved", "disproved", "undetermined"})
"""What an option says that only names an answer of `prove` or `ask`."""


def formulas(ctx: Context, given: Given) -> tuple[ir.ChoiceOption, ...] | None:
    """Options that are formulas; None after an error."""
    _note_labels(ctx, given)
    checked = []
    for index, option in given:
        ctx.statement = index
        ctx.has_partial = False
        formula = expressions.truth(ctx, option.value, {})
        if formula is None:
            continue
        if ctx.has_partial:
            partiality.warn_of_outside(ctx, formula)
        checked.append(_option(ctx, option, formula))
    return tuple(checked) if len(checked) == len(given) else None


def numbers(ctx: Context, given: Given) -> tuple[ir.ChoiceOption, ...] | None:
    """Options that the value of an objective is compared with; None after an error."""
    return values(ctx, Typed(ir.integer(0), INT), given)


def values(ctx: Context, wanted: Typed, given: Given) -> tuple[ir.ChoiceOption, ...] | None:
    """Options that a value like `wanted` is compared with; None after an error."""
    _note_labels(ctx, given)
    checked = []
    for index, option in given:
        ctx.statement = index
        term = _value(ctx, wanted, option)
        if term is not None:
            checked.append(_option(ctx, option, term))
    return tuple(checked) if len(checked) == len(given) else None


def _value(ctx: Context, wanted: Typed, option: ast.Option) -> ir.Term | None:
    expr = option.value
    sort = wanted.shift or wanted.sort
    assert sort is not None
    if isinstance(expr, ast.ListTerm):
        # A list of values is looked at as the set of them.
        expr = ast.SetTerm(expr.args, expr.generator, span=expr.span)
    typed = expressions.value(ctx, expr, {}, sort)
    if typed is not None and typed.sort is None and wanted.may_be_none:
        return ir.Literal(None, sort, origin=ctx.origin(expr))
    if isinstance(sort, BoolSort):
        return as_truth(ctx, typed, expr)
    if is_numeric(sort):
        if typed is not None and isinstance(typed.sort, BoolSort):
            _report_formula(ctx, option)
            return None
        return as_number(ctx, typed, expr)
    return as_argument(ctx, typed, expr, sort, "an option")


def _report_formula(ctx: Context, option: ast.Option) -> None:
    ctx.error(
        "sort-mismatch",
        option.value.span,
        "this option is compared with a number",
        found="a truth value",
        help="write the number alone: `option A: 5`",
    )


def _option(ctx: Context, option: ast.Option, term: ir.Term) -> ir.ChoiceOption:
    citations = tuple(c.text for c in option.head.citations)
    return ir.ChoiceOption(option.label.text, term, citations, origin=ctx.origin(option))


def _note_labels(ctx: Context, given: Given) -> None:
    labels: dict[str, ast.Option] = {}
    for _, option in given:
        label = option.label.text
        if label in labels:
            ctx.error(
                "duplicate-label",
                option.label.span,
                f"two options have the label `{label}`",
                found="the second",
                labels=(Label(labels[label].label.span, "the first"),),
                help="give one of them another label",
            )
        labels.setdefault(label, option)


# Options where there should be none


def report_without_goal(ctx: Context, option: ast.Option) -> None:
    """Options without anything that they answer."""
    ctx.error(
        "options-without-choose",
        option.span,
        "options need a `choose` that says what is asked of them",
        found="no `choose`",
        help="write `choose could`, `choose must` or `choose cannot` before them",
    )


def report_not_wanted(ctx: Context, goal: ast.Statement, option: ast.Option) -> None:
    """Options after a goal that takes none."""
    word = type(goal).__name__.lower()
    help = "write `choose could`, `choose must` or `choose cannot` instead"
    if isinstance(goal, ast.Prove | ast.Ask):
        help = f"leave the options out: true, false and unknown are the answers of `{word}`; or write `choose must`"
    ctx.error(
        "options-without-choose",
        option.span,
        f"`{word}` takes no options",
        found="an option",
        labels=(Label(goal.span, "the goal"),),
        help=help,
    )


def report_several_values(ctx: Context, goal: ast.Compute, option: ast.Option) -> None:
    """Options after a `compute` of several values."""
    ctx.error(
        "options-without-choose",
        option.span,
        "options are compared with one value, and this `compute` has several",
        found="an option",
        labels=(Label(goal.span, "the goal"),),
        help="compute one value, or say each option as a formula under `choose could`",
    )


def report_answers(ctx: Context, given: Given) -> bool:
    """Report options that only name true, false or unknown."""
    if len(given) < 2 or not all(_names_answer(ctx, option.value) for _, option in given):
        return False
    ctx.error(
        "options-name-answers",
        given[0][1].value.span,
        "these options only name the answers of a proof",
        found="no statement",
        help="write `prove φ` with the statement in question, and no options: its answers are true, false, unknown",
    )
    return True


def _names_answer(ctx: Context, expr: ast.Expr) -> bool:
    match expr:
        case ast.Truth():
            return True
        case ast.Name(text):
            return text.lower() in _ANSWERS and ctx.symbol(text) is None
        case _:
            return False
