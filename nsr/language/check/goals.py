"""Goals: `find` and `choose` with its options."""

from __future__ import annotations

import itertools
from typing import Literal as Choice

from nsr.diagnostics import Label
from nsr.language import ast, ir
from nsr.language.check import expressions, partiality
from nsr.language.check.context import Context
from nsr.language.sorts import Value, sort_size, sort_values

_MAX_TERMS = 10_000
"""Most values of a `define` or `param` that one `find` asks for."""


def goal(
    ctx: Context,
    found: list[tuple[int, ast.Find | ast.Choose]],
    options: list[tuple[int, ast.Option]],
    has_refused_goal: bool,
) -> ir.Goal | None:
    """The one goal of a section; without any it is `find one`. None after an error."""
    if len(found) > 1:
        first, second = found[0][1], found[1][1]
        ctx.error(
            "several-goals",
            second.span,
            "a section has one goal, and this is the second",
            found="the second",
            labels=(Label(first.span, "the first"),),
            help='write a `question "..."` before each',
        )
        return None
    if not found:
        if options and not has_refused_goal:
            ctx.error(
                "options-without-choose",
                options[0][1].span,
                "options need a `choose` that says what is asked of them",
                found="no `choose`",
                help="write `choose could`, `choose must` or `choose cannot` before them",
            )
            return None
        return ir.Find()
    index, statement = found[0]
    ctx.statement = index
    match statement:
        case ast.Find():
            return _find(ctx, statement, options)
        case ast.Choose():
            return _choose(ctx, statement, options)


def _find(ctx: Context, statement: ast.Find, options: list[tuple[int, ast.Option]]) -> ir.Find | None:
    if options:
        ctx.error(
            "options-without-choose",
            options[0][1].span,
            "`find` takes no options",
            found="an option",
            labels=(Label(statement.span, "the goal"),),
            help="write `choose could`, `choose must` or `choose cannot` instead",
        )
    if statement.mode == "some" and not statement.count:
        ctx.error("sort-mismatch", statement.span, "`find 0` asks for nothing", found="0", help="write `find one`")
        return None
    terms: list[ir.Term] = []
    symbols: list[str] = []
    is_failed = bool(options)
    for term in statement.terms:
        is_failed |= not _find_term(ctx, term, terms, symbols)
    if is_failed:
        return None
    return ir.Find(
        statement.mode or "one",
        statement.count if statement.mode == "some" and statement.count else 1,
        tuple(terms),
        tuple(symbols),
        origin=ctx.origin(statement),
    )


def _find_term(ctx: Context, term: ast.Name | ast.Call, terms: list[ir.Term], symbols: list[str]) -> bool:
    symbol = ctx.symbol(term.text) if isinstance(term, ast.Name) else None
    if symbol is None or not isinstance(term, ast.Name):
        typed = expressions.value(ctx, term, {})
        if typed is None:
            return False
        terms.append(typed.term)
        return True
    ctx.used.add(symbol.name)
    if symbol.kind in ("var", "pred"):
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


_MODES: dict[str, Choice["could", "must", "cannot"]] = {"could": "could", "must": "must", "cannot": "cannot"}


def _choose(ctx: Context, statement: ast.Choose, options: list[tuple[int, ast.Option]]) -> ir.Choose | None:
    if statement.mode not in _MODES:
        ctx.unsupported(
            statement.span,
            f"`choose {statement.mode}`",
            "ask with `choose could`, `choose must` or `choose cannot`",
        )
        return None
    if not options:
        ctx.error(
            "choose-without-options",
            statement.span,
            "there is nothing to choose from",
            found="no option",
            help="write `option A: φ` for each after it",
        )
        return None
    labels: dict[str, ast.Option] = {}
    checked = []
    for index, option in options:
        ctx.statement = index
        label = option.label.text
        if label in labels:
            ctx.error(
                "duplicate-label",
                option.label.span,
                f"two options have the label `{label}`",
                found="the second",
                labels=(Label(labels[label].label.span, "the first"),),
            )
        labels.setdefault(label, option)
        ctx.has_partial = False
        formula = expressions.truth(ctx, option.value, {})
        if formula is None:
            continue
        if ctx.has_partial:
            partiality.warn_of_outside(ctx, formula)
        citations = tuple(c.text for c in option.head.citations)
        checked.append(ir.ChoiceOption(label, formula, citations, origin=ctx.origin(option)))
    if len(checked) < len(options):
        return None
    return ir.Choose(_MODES[statement.mode], statement.is_except, tuple(checked), origin=ctx.origin(statement))
