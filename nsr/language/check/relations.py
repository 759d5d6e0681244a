"""Predicates and closed relations, with their tables, and the two sides of a `two_sided` relation."""

from __future__ import annotations

from functools import partial

from nsr.language import ast, ir
from nsr.language.check import data_files, tables
from nsr.language.check.context import Context
from nsr.language.check.registration import register
from nsr.language.check.written_sorts import argument_sorts, finite_arguments
from nsr.language.sorts import BOOL


def register_predicates(ctx: Context, statement: ast.PredDecl) -> None:
    """Make the names of a `pred` known."""
    for signature in statement.signatures:
        register(ctx, signature.name, partial(_declare_predicate, ctx, ctx.statement, signature))


def _declare_predicate(ctx: Context, index: int, signature: ast.Signature) -> None:
    ctx.statement = index
    name = signature.name.text
    arguments = finite_arguments(ctx, signature)
    if arguments is None:
        ctx.failed.add(name)
        return
    ctx.symbols[name] = ir.Function(name, "pred", arguments, BOOL, origin=ir.Origin(index, signature.span))


def register_relations(ctx: Context, statement: ast.RelDecl) -> None:
    """Make the names of a `rel` known; a table belongs to one name alone."""
    if len(statement.signatures) > 1 and statement.data is not None:
        report_table_of_several(ctx, statement, statement.signatures, "rel")
        return
    for signature in statement.signatures:
        register(ctx, signature.name, partial(_declare_relation, ctx, ctx.statement, signature, statement))


def report_table_of_several(
    ctx: Context, statement: ast.Statement, signatures: tuple[ast.Signature, ...], keyword: str
) -> None:
    """One table for several names: reported, and the names counted as failed."""
    ctx.error(
        "table-of-several",
        statement.span,
        "a table belongs to a declaration of one name",
        found=f"{len(signatures)} names",
        help=f"write one `{keyword}` for each",
    )
    for signature in signatures:
        ctx.failed.add(signature.name.text)
        ctx.places.setdefault(signature.name.text, signature.name.span)


def _declare_relation(ctx: Context, index: int, signature: ast.Signature, statement: ast.RelDecl) -> None:
    ctx.statement = index
    name = signature.name.text
    arguments = finite_arguments(ctx, signature) if statement.is_two_sided else argument_sorts(ctx, signature)
    if arguments is None:
        ctx.failed.add(name)
        return
    origin = ir.Origin(index, signature.span)
    ctx.symbols[name] = ir.Function(name, "pred" if statement.is_two_sided else "rel", arguments, BOOL, origin=origin)
    known = _two_sides(ctx, ctx.symbols[name]) if statement.is_two_sided else name
    if statement.data is not None:
        rows = _rows(ctx, ctx.symbols[known], statement.data)
        if rows is None:
            ctx.failed.add(name)
            del ctx.symbols[name]
            return
        citations = tuple(c.text for c in statement.head.citations)
        facts = ir.Facts(ctx.requirement_name(f"s{index + 1}"), known, rows, citations, origin=origin)
        ctx.facts.append(facts)
        if name not in ctx.derived:
            ctx.settled[known] = ir.Table(dict.fromkeys(rows, True), False, True)


def _two_sides(ctx: Context, symbol: ir.Function) -> str:
    """Declare what is known true and what is known false of a relation; the name of the former."""
    sides = []
    for is_known_true in (True, False):
        name = ctx.auxiliary_name(f"{symbol.name} known" if is_known_true else f"{symbol.name} known not", symbol)
        ctx.symbols[name] = ir.Function(name, "rel", symbol.arguments, BOOL, is_auxiliary=True, origin=symbol.origin)
        ctx.extra.append(_side(ctx, symbol, name, is_known_true=is_known_true))
        sides.append(name)
    ctx.two_sided[symbol.name] = (sides[0], sides[1])
    return sides[0]


def _side(ctx: Context, symbol: ir.Function, side: str, *, is_known_true: bool) -> ir.Requirement:
    """What is known holds."""
    origin = symbol.origin
    bounds = tuple(ir.Bound(ctx.fresh_variable("x", sort, origin), origin=origin) for sort in symbol.arguments)
    variables = tuple(b.variable for b in bounds)
    atom: ir.Term = ir.Apply(symbol.name, variables, BOOL, origin=origin)
    known = ir.Apply(side, variables, BOOL, origin=origin)
    formula: ir.Term = ir.Implies(known, atom if is_known_true else ir.Not(atom, origin=origin), origin=origin)
    if bounds:
        formula = ir.Quantified("forall", bounds, formula, origin=origin)
    return ir.Requirement(ctx.requirement_name(side), "rule", formula, origin=origin)


def _rows(ctx: Context, function: ir.Function, data: ast.Data) -> tuple[tables.Key, ...] | None:
    """The argument tuples at which a relation's table says it holds."""
    table = (
        data_files.table(ctx, function, data, as_set=True)
        if data.file is not None
        else tables.param_table(ctx, function, data, as_set=True)
    )
    return None if table is None else tuple(key for key, value in table.entries.items() if value is True)
