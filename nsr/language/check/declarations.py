"""Declarations: parameters, unknowns and abbreviations, and the registration of all kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from nsr.diagnostics import Fix, Span
from nsr.language import ast, ir
from nsr.language.check import binders, data_files, expressions, tables
from nsr.language.check.coerce import as_argument, as_truth
from nsr.language.check.context import MAX_TERM_DEPTH, Context, Typed
from nsr.language.check.ranges import number_range, same_sort
from nsr.language.check.registration import register as register_name
from nsr.language.check.registration import report_duplicate
from nsr.language.check.relations import register_predicates, register_relations, report_table_of_several
from nsr.language.check.types import register_constant, register_type
from nsr.language.check.written_sorts import argument_sorts, finite_arguments, value_sort
from nsr.language.sorts import (
    BoolSort,
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    Sort,
)
from nsr.language.traverse import fold

_MAX_LISTED_VALUES = 1_000
"""Decimals of a table that are told apart in its sort; of more only the ends are kept."""


def register(ctx: Context, statements: Sequence[ast.Statement]) -> None:
    """Make every declaration known, and declare the types with elements, which rest on nothing.

    To be called once, with all statements of the program and its libraries.
    """
    constants: dict[str, list[str]] = {}
    for statement in statements:
        match statement:
            case ast.ConstDecl(groups):
                for group in groups:
                    constants.setdefault(group.sort.text, []).extend(name.text for name in group.names)
            case ast.Fact(literals):
                ctx.derived.update(_head(literal.atom) for literal in literals)
            case ast.Rule(conclusion=conclusion):
                ctx.derived.add(_head(conclusion.atom))
            case _:
                pass
    types = [(i, s) for i, s in enumerate(statements) if isinstance(s, ast.TypeDecl)]
    for index, declared in types:
        ctx.statement = index
        register_type(ctx, declared, constants.get(declared.name.text, ()))
    for index, statement in enumerate(statements):
        ctx.statement = index
        _register_symbols(ctx, index, statement)


def _head(atom: ast.Name | ast.Call) -> str:
    return atom.text if isinstance(atom, ast.Name) else atom.function.text


def _register_symbols(ctx: Context, index: int, statement: ast.Statement) -> None:
    match statement:
        case ast.ConstDecl():
            for group in statement.groups:
                for name in group.names:
                    register_constant(ctx, name, group)
        case ast.ParamDecl():
            _register_param(ctx, index, statement)
        case ast.VarDecl():
            _register_var(ctx, index, statement)
        case ast.PredDecl():
            register_predicates(ctx, statement)
        case ast.Define():
            register_name(ctx, statement.signature.name, partial(_declare_define, ctx, index, statement))
        case ast.RelDecl():
            register_relations(ctx, statement)
        case _:
            pass


def declare_all(ctx: Context, statements: Sequence[ast.Statement]) -> None:
    """Declare what nothing has asked for yet, in the order of the text."""
    for statement in statements:
        match statement:
            case ast.TypeDecl(name=name):
                ctx.sort(name.text)
            case ast.ConstDecl(groups=groups):
                for group in groups:
                    for name in group.names:
                        ctx.symbol(name.text)
            case (
                ast.ParamDecl(signatures=signatures)
                | ast.PredDecl(signatures=signatures)
                | ast.RelDecl(signatures=signatures)
            ):
                for signature in signatures:
                    ctx.symbol(signature.name.text)
            case ast.VarDecl(groups=var_groups):
                for var_group in var_groups:
                    for signature in var_group.signatures:
                        ctx.symbol(signature.name.text)
            case ast.Define(signature=signature):
                ctx.symbol(signature.name.text)
            case _:
                pass


# Unknowns


def _register_var(ctx: Context, index: int, statement: ast.VarDecl) -> None:
    _warn_of_lonely_distinct(ctx, index, statement)
    for number_of_group, group in enumerate(statement.groups):
        plain = [s for s in group.signatures if not s.arguments]
        together = index * 1000 + number_of_group if group.is_distinct and len(plain) > 1 else None
        for signature in group.signatures:
            declare = partial(_declare_var, ctx, index, signature, group, None if signature.arguments else together)
            register_name(ctx, signature.name, declare)


def _warn_of_lonely_distinct(ctx: Context, index: int, statement: ast.VarDecl) -> None:
    """`distinct` beside a single name without arguments: it makes nothing different from anything."""
    lonely = [g for g in statement.groups if g.is_distinct and len(g.signatures) == 1 and not g.signatures[0].arguments]
    if not lonely:
        return
    ctx.statement = index
    first = lonely[0]
    alike = [group for group in lonely if replace(group, signatures=()) == replace(first, signatures=())]
    names = ", ".join(group.signatures[0].name.text for group in (alike if len(alike) > 1 else [first]))
    text = ctx.source[first.signatures[0].span.end : first.span.end].strip()
    is_whole = len(alike) == len(statement.groups) > 1 and text
    ctx.warn(
        "distinct-alone",
        first.span,
        f"`distinct` makes the names before one colon differ, and here is one name, `{first.signatures[0].name.text}`",
        found="one name",
        help=f"declare all names that differ together: `var {names}{'' if len(alike) > 1 else ', ...'}{text}`",
        fix=Fix(Span(first.span.start, statement.groups[-1].span.end), names + text) if is_whole else None,
    )


def _declare_var(ctx: Context, index: int, signature: ast.Signature, group: ast.VarGroup, together: int | None) -> None:
    ctx.statement = index
    name = signature.name.text
    arguments = finite_arguments(ctx, signature)
    sort = (
        None if arguments is None else value_sort(ctx, signature, arguments, group.value, may_be_none=group.is_optional)
    )
    if arguments is None or sort is None:
        ctx.failed.add(name)
        return
    ctx.symbols[name] = ir.Function(
        name,
        "var",
        arguments,
        sort,
        is_distinct=group.is_distinct,
        is_optional=group.is_optional,
        distinct_group=together,
        origin=ir.Origin(index, signature.span),
    )


# Parameters


def _register_param(ctx: Context, index: int, statement: ast.ParamDecl) -> None:
    if len(statement.signatures) > 1 and statement.data is not None:
        report_table_of_several(ctx, statement, statement.signatures, "param")
        return
    for signature in statement.signatures:
        register_name(ctx, signature.name, partial(_declare_param, ctx, index, signature, statement))


def _declare_param(ctx: Context, index: int, signature: ast.Signature, statement: ast.ParamDecl) -> None:
    ctx.statement = index
    name = signature.name.text
    function = _param_function(ctx, index, signature, statement)
    if function is None:
        ctx.failed.add(name)
        return
    ctx.symbols[name] = function
    data = statement.data
    assert data is not None
    read = tables.param_table(ctx, function, data) if data.file is None else data_files.table(ctx, function, data)
    if read is None:
        ctx.failed.add(name)
        del ctx.symbols[name]
        return
    ctx.tables[name] = read
    ctx.symbols[name] = _narrowed(function, read)


def _param_function(ctx: Context, index: int, signature: ast.Signature, statement: ast.ParamDecl) -> ir.Function | None:
    name, data = signature.name.text, statement.data
    if data is None:
        ctx.error(
            "param-without-value",
            signature.span,
            f"`{name}` is given no value",
            found="no value",
            help=f"write `param {name}...: T = value`, or `var` if it is to be found",
        )
        return None
    arguments = argument_sorts(ctx, signature)
    sort = None if arguments is None else value_sort(ctx, signature, arguments, statement.value)
    if arguments is None or sort is None:
        return None
    if data.is_symmetric and (len(arguments) != 2 or not same_sort(arguments[0], arguments[1])):
        ctx.error(
            "table-shape",
            data.span,
            f"`symmetric` needs two arguments of one type, which `{name}` has not",
            found="symmetric",
            labels=ctx.declared_here(name),
        )
        return None
    return ir.Function(name, "param", arguments, sort, origin=ir.Origin(index, signature.span))


def _narrowed(function: ir.Function, table: ir.Table) -> ir.Function:
    """The symbol with the values that occur in its table, so that ranges are known and decimals are exact."""
    values = [*table.entries.values(), *((table.default,) if table.has_default else ())]
    numbers = sorted({v for v in values if isinstance(v, int | Fraction) and not isinstance(v, bool)})
    if not isinstance(function.value, IntSort | RealSort) or not numbers:
        return function
    sort: Sort
    if all(isinstance(v, int) for v in numbers):
        sort = IntSort(int(numbers[0]), int(numbers[-1]))
    elif len(numbers) <= _MAX_LISTED_VALUES:
        sort = NumberSort("real", tuple(numbers))
    else:
        sort = RealSort(numbers[0], numbers[-1])
    return ir.Function(function.name, "param", function.arguments, sort, origin=function.origin)


# Abbreviations


def _declare_define(ctx: Context, index: int, statement: ast.Define) -> None:
    ctx.statement = index
    name = statement.signature.name.text
    if not _declare_define_body(ctx, index, statement):
        ctx.failed.add(name)


def _declare_define_body(ctx: Context, index: int, statement: ast.Define) -> bool:
    signature = statement.signature
    name = signature.name.text
    arguments = argument_sorts(ctx, signature, allows_real=True)
    parameters = None if arguments is None else _parameters(ctx, signature, arguments)
    if arguments is None or parameters is None:
        return False
    declared = None
    if statement.value is not None:
        declared = value_sort(ctx, signature, arguments, statement.value)
        if declared is None:
            return False
    typed = expressions.value(ctx, statement.body, parameters, declared)
    body = _body(ctx, statement, typed, declared)
    if typed is None or body is None:
        return False
    ctx.depths[name] = _depth(ctx, body)
    if ctx.depths[name] > MAX_TERM_DEPTH:
        ctx.error(
            "too-deep",
            signature.name.span,
            f"`{name}` is more than {MAX_TERM_DEPTH:,} levels deep with the definitions in it unfolded",
            found="too deep",
            help="say it with a `var` and a constraint in between",
        )
        return False
    ctx.definitions[name] = ir.Definition(tuple(parameters.values()), body, origin=ctx.origin(statement.body))
    ctx.symbols[name] = ir.Function(
        name,
        "define",
        arguments,
        declared or _defined_sort(ctx, typed, body),
        is_optional=typed.may_be_none,
        origin=ir.Origin(index, signature.span),
    )
    return True


def _parameters(ctx: Context, signature: ast.Signature, arguments: tuple[Sort, ...]) -> dict[str, ir.Variable] | None:
    found: dict[str, ir.Variable] = {}
    for argument, sort in zip(signature.arguments, arguments, strict=True):
        if argument.name is None:
            ctx.error(
                "unnamed-argument",
                argument.span,
                f"the argument of `{signature.name.text}` has no name to speak of it",
                found="only a type",
                help=f"write `define {signature.name.text}(x: {sort}) = ...`",
            )
            return None
        if argument.name.text in found:
            first = next(a.name.span for a in signature.arguments if a.name and a.name.text == argument.name.text)
            report_duplicate(ctx, argument.name, first)
            return None
        binders.warn_of_hiding(ctx, argument.name)
        found[argument.name.text] = ctx.fresh_variable(argument.name.text, sort, ctx.origin(argument))
    return found


def _body(ctx: Context, statement: ast.Define, typed: Typed | None, declared: Sort | None) -> ir.Term | None:
    """The body brought to the sort that is declared."""
    expr = statement.body
    if typed is None:
        return None
    match declared:
        case None:
            if typed.sort is None:
                ctx.error("sort-mismatch", expr.span, "`none` alone defines nothing", found="`none`")
                return None
            if typed.shift is not None:
                return ir.ElementAt(typed.term, typed.shift, origin=ctx.origin(expr))
            return typed.term
        case BoolSort():
            return as_truth(ctx, typed, expr)
        case EnumSort() | OpenSort() if typed.may_be_none and typed.sort is not None and typed.shift is None:
            if same_sort(typed.sort, declared):
                return typed.term
    return as_argument(ctx, typed, expr, declared, f"the value of `{statement.signature.name.text}`")


def _depth(ctx: Context, body: ir.Term) -> int:
    """Levels of a term, those of the definitions that it calls included."""

    def step(node: ir.Term, below: tuple[int, ...]) -> int:
        called = ctx.depths.get(node.symbol, 0) if isinstance(node, ir.Apply) else 0
        return 1 + called + max(below, default=0)

    return fold(body, step)


def _defined_sort(ctx: Context, typed: Typed, body: ir.Term) -> Sort:
    if typed.shift is not None:
        return typed.shift
    assert typed.sort is not None
    if isinstance(typed.sort, BoolSort | EnumSort | OpenSort | SetSort):
        return typed.sort
    found = number_range(ctx, body)
    if not found.is_whole:
        return RealSort(found.low, found.high)
    return IntSort(None if found.low is None else int(found.low), None if found.high is None else int(found.high))
