"""Declarations: types, constants, parameters, unknowns, predicates and abbreviations."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from nsr.diagnostics import Label, Span
from nsr.language import ast, ir
from nsr.language.check import expressions, tables
from nsr.language.check.builtin_calls import BUILTINS
from nsr.language.check.coerce import as_argument, as_number, as_truth
from nsr.language.check.context import MAX_TERM_DEPTH, Context, Typed
from nsr.language.check.messages import in_ticks
from nsr.language.check.ranges import number_range
from nsr.language.check.written_sorts import argument_sort, declare_range, value_sort
from nsr.language.printer import KEYWORDS
from nsr.language.sorts import (
    BOOL,
    INT,
    BoolSort,
    EnumSort,
    IntSort,
    NumberSort,
    Sort,
    number,
    sort_size,
)
from nsr.language.traverse import fold


def register(ctx: Context, statements: tuple[ast.Statement, ...]) -> None:
    """Make every declaration known, and declare the types with elements, which rest on nothing."""
    for index, statement in enumerate(statements):
        ctx.statement = index
        match statement:
            case ast.TypeDecl():
                _register_type(ctx, statement)
            case ast.ConstDecl():
                for group in statement.groups:
                    for name in group.names:
                        _register(ctx, name, partial(_declare_const, ctx, index, name, group.sort))
            case ast.ParamDecl():
                _register_param(ctx, index, statement)
            case ast.VarDecl():
                _register_var(ctx, index, statement)
            case ast.PredDecl():
                for signature in statement.signatures:
                    _register(ctx, signature.name, partial(_declare_pred, ctx, index, signature))
            case ast.Define():
                _register(ctx, statement.signature.name, partial(_declare_define, ctx, index, statement))
            case ast.RelDecl():
                _register_rel(ctx, index, statement)
            case _:
                pass


def declare_all(ctx: Context, statements: tuple[ast.Statement, ...]) -> None:
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


# Names


def _register(ctx: Context, name: ast.Name, declare: Callable[[], None]) -> None:
    text = name.text
    _warn_of_word(ctx, name, is_symbol=True)
    if text in ctx.places:
        _duplicate(ctx, name, ctx.places[text])
        return
    ctx.places[text] = name.span
    ctx.add_pending(text, declare)


def _warn_of_word(ctx: Context, name: ast.Name, *, is_symbol: bool) -> None:
    """Warn of a name that is a word of the language, or takes that of a built-in function.

    Words that begin a statement never come here: the parser refuses them as names.
    """
    text = name.text
    if ctx.source[name.span.start : name.span.start + 1] == "`":
        return
    if is_symbol and text in BUILTINS:
        ctx.warn(
            "built-in-replaced",
            name.span,
            f"`{text}` is a built-in function, which is gone in this program",
            found="built in",
            help="choose another name if the built-in one is wanted",
        )
    elif text in KEYWORDS and text != "count":
        ctx.warn(
            "word-as-name",
            name.span,
            f"`{text}` is a word of the language",
            found="a word of the language",
            help=f"choose another name, or write it in backquotes everywhere: `` `{text}` ``",
        )


def _duplicate(ctx: Context, name: ast.Name, first: Span) -> None:
    ctx.error(
        "duplicate-name",
        name.span,
        f"`{name.text}` is declared twice",
        found="the second",
        labels=(Label(first, "the first"),),
        help="give one of them another name",
    )


def _arguments(ctx: Context, signature: ast.Signature) -> tuple[Sort, ...] | None:
    found = [argument_sort(ctx, a.sort) for a in signature.arguments]
    kept = tuple(s for s in found if s is not None)
    return kept if len(kept) == len(found) else None


# Types


def _register_type(ctx: Context, statement: ast.TypeDecl) -> None:
    name = statement.name
    text = name.text
    if text in ctx.sort_places:
        _duplicate(ctx, name, ctx.sort_places[text])
        return
    ctx.sort_places[text] = name.span
    _warn_of_word(ctx, name, is_symbol=False)
    match statement.body:
        case None:
            ctx.unsupported(
                statement.span, f"the open type `{text}`", f"name its elements: `type {text} = {{a, b, ...}}`"
            )
            ctx.failed_sorts.add(text)
        case str():
            ctx.unsupported(statement.span, "a type read from a file", "write its elements into the program")
            ctx.failed_sorts.add(text)
        case ast.Enumeration(elements, is_ordered):
            _declare_enumeration(ctx, name, elements, is_ordered)
        case ast.RangeTerm():
            ctx.add_pending_sort(text, partial(declare_range, ctx, ctx.statement, name, statement.body))


def _declare_enumeration(
    ctx: Context, name: ast.Name, elements: tuple[ast.Name | ast.Number, ...], is_ordered: bool
) -> None:
    numbers = [e for e in elements if isinstance(e, ast.Number)]
    if numbers and len(numbers) < len(elements):
        ctx.error(
            "mixed-elements",
            numbers[0].span,
            f"the elements of `{name.text}` are names and numbers",
            found="a number",
            help="write all as numbers, or this one as a name in backquotes",
        )
        ctx.failed_sorts.add(name.text)
        return
    seen: dict[str, Span] = {}
    for element in elements:
        if isinstance(element, ast.Name):
            _warn_of_word(ctx, element, is_symbol=False)
        key = str(element.value) if isinstance(element, ast.Number) else element.text
        if key in seen:
            ctx.error(
                "duplicate-element",
                element.span,
                f"{in_ticks(key)} is twice an element of `{name.text}`",
                found="the second",
                labels=(Label(seen[key], "the first"),),
                help="leave one out",
            )
        else:
            seen[key] = element.span
    if numbers:
        values = tuple(dict.fromkeys(number(e.value) for e in numbers))
        ctx.sorts[name.text] = NumberSort(name.text, values)
        return
    sort = EnumSort(name.text, tuple(seen), is_ordered)
    ctx.sorts[name.text] = sort
    for text in seen:
        ctx.elements.setdefault(text, []).append(sort)


# Constants, predicates


def _declare_const(ctx: Context, index: int, name: ast.Name, sort_name: ast.Name) -> None:
    ctx.statement = index
    sort = argument_sort(ctx, ast.SortName(sort_name.text, span=sort_name.span))
    if sort is None:
        ctx.failed.add(name.text)
        return
    ctx.symbols[name.text] = ir.Function(name.text, "var", (), sort, origin=ir.Origin(index, name.span))


def _declare_pred(ctx: Context, index: int, signature: ast.Signature) -> None:
    ctx.statement = index
    name = signature.name.text
    arguments = _finite_arguments(ctx, signature)
    if arguments is None:
        ctx.failed.add(name)
        return
    ctx.symbols[name] = ir.Function(name, "pred", arguments, BOOL, origin=ir.Origin(index, signature.span))


def _finite_arguments(ctx: Context, signature: ast.Signature) -> tuple[Sort, ...] | None:
    """The argument sorts of an unknown, each of them finite."""
    arguments = _arguments(ctx, signature)
    if arguments is None:
        return None
    for sort, argument in zip(arguments, signature.arguments, strict=True):
        if sort_size(sort) is None:
            ctx.error(
                "infinite-domain",
                argument.span,
                f"`{signature.name.text}` would have infinitely many values to find",
                found="infinite",
                help="give the argument bounds: `low..high`, or a declared type",
            )
            return None
    return arguments


def _register_rel(ctx: Context, index: int, statement: ast.RelDecl) -> None:
    """A closed relation that its table settles is known data; what rests on facts and rules is refused."""
    data = statement.data
    if len(statement.signatures) == 1 and data is not None and data.value is not None and not statement.is_two_sided:
        signature = statement.signatures[0]
        _register(ctx, signature.name, partial(_declare_rel, ctx, index, signature, data.value))
        return
    names = ", ".join(f"`{s.name.text}`" for s in statement.signatures)
    ctx.unsupported(
        statement.span,
        f"the closed relation {names} without a table",
        "list what it holds for, `rel p(T) = {a, b}`, or write `pred` and say with constraints what holds",
    )
    for signature in statement.signatures:
        ctx.failed.add(signature.name.text)
        ctx.places.setdefault(signature.name.text, signature.span)


def _declare_rel(ctx: Context, index: int, signature: ast.Signature, value: ast.Expr) -> None:
    ctx.statement = index
    name = signature.name.text
    arguments = _finite_arguments(ctx, signature)
    if arguments is None:
        ctx.failed.add(name)
        return
    function = ir.Function(name, "param", arguments, BOOL, origin=ir.Origin(index, signature.span))
    read = tables.param_table(ctx, function, ast.Data(value, span=value.span), as_set=True)
    if read is None:
        ctx.failed.add(name)
        return
    true = {key: found for key, found in read.entries.items() if found is True}
    ctx.tables[name] = ir.Table(true, False, True)
    ctx.symbols[name] = function


# Unknowns


def _register_var(ctx: Context, index: int, statement: ast.VarDecl) -> None:
    for number_of_group, group in enumerate(statement.groups):
        plain = [s for s in group.signatures if not s.arguments]
        together = index * 1000 + number_of_group if group.is_distinct and len(plain) > 1 else None
        for signature in group.signatures:
            declare = partial(_declare_var, ctx, index, signature, group, None if signature.arguments else together)
            _register(ctx, signature.name, declare)


def _declare_var(ctx: Context, index: int, signature: ast.Signature, group: ast.VarGroup, together: int | None) -> None:
    ctx.statement = index
    name = signature.name.text
    arguments = _finite_arguments(ctx, signature)
    sort = None if arguments is None else value_sort(ctx, signature, arguments, group.value, "unknown")
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
        ctx.error(
            "table-of-several",
            statement.span,
            "a table belongs to a declaration of one name",
            found=f"{len(statement.signatures)} names",
            help="write one `param` for each",
        )
        for signature in statement.signatures:
            ctx.failed.add(signature.name.text)
        return
    for signature in statement.signatures:
        _register(ctx, signature.name, partial(_declare_param, ctx, index, signature, statement))


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
    read = tables.param_table(ctx, function, data)
    if read is None:
        ctx.failed.add(name)
        del ctx.symbols[name]
        return
    ctx.tables[name] = read
    ctx.symbols[name] = _narrowed(ctx, function, read)


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
    if data.file is not None:
        ctx.unsupported(data.span, "a table read from a file", "write the table into the program")
        return None
    arguments = _arguments(ctx, signature)
    sort = None if arguments is None else value_sort(ctx, signature, arguments, statement.value, "param")
    if arguments is None or sort is None:
        return None
    if data.is_symmetric and (len(arguments) != 2 or str(arguments[0]) != str(arguments[1])):
        ctx.error(
            "table-shape",
            data.span,
            f"`symmetric` needs two arguments of one type, which `{name}` has not",
            found="symmetric",
            labels=ctx.declared_here(name),
        )
        return None
    return ir.Function(name, "param", arguments, sort, origin=ir.Origin(index, signature.span))


def _narrowed(ctx: Context, function: ir.Function, table: ir.Table) -> ir.Function:
    """The symbol with the values that occur in its table, so that ranges are known and decimals are exact."""
    values = [*table.entries.values(), *((table.default,) if table.has_default else ())]
    numbers = sorted({v for v in values if isinstance(v, int | Fraction) and not isinstance(v, bool)})
    if not isinstance(function.value, IntSort) or not numbers:
        return function
    sort: Sort
    if all(isinstance(v, int) for v in numbers):
        ctx.fractional.discard(function.name)
        sort = IntSort(int(numbers[0]), int(numbers[-1]))
    else:
        sort = NumberSort("real", tuple(numbers))
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
    arguments = _arguments(ctx, signature)
    if arguments is None:
        return False
    scope: dict[str, ir.Variable | None] = {}
    parameters = []
    for argument, sort in zip(signature.arguments, arguments, strict=True):
        if argument.name is None:
            ctx.error(
                "unnamed-argument",
                argument.span,
                f"the argument of `{name}` has no name to speak of it",
                found="only a type",
                help=f"write `define {name}(x: {sort}) = ...`",
            )
            return False
        variable = ctx.fresh_variable(argument.name.text, sort, ctx.origin(argument))
        scope[argument.name.text] = variable
        parameters.append(variable)
    declared = None
    if statement.value is not None:
        declared = value_sort(ctx, signature, arguments, statement.value, "define")
        if declared is None:
            return False
    typed = expressions.value(ctx, statement.body, scope, declared)
    body = _body(ctx, statement, typed, declared)
    if typed is None or body is None:
        return False
    value = _defined_sort(ctx, name, typed, body, declared)
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
    ctx.definitions[name] = ir.Definition(tuple(parameters), body, origin=ctx.origin(statement.body))
    ctx.symbols[name] = ir.Function(
        name,
        "define",
        arguments,
        value,
        is_optional=typed.may_be_none,
        origin=ir.Origin(index, signature.span),
    )
    return True


def _body(ctx: Context, statement: ast.Define, typed: Typed | None, declared: Sort | None) -> ir.Term | None:
    """The body brought to the sort that is declared."""
    expr = statement.body
    if typed is None:
        return None
    name = statement.signature.name.text
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
        case EnumSort() if typed.may_be_none and typed.sort is not None and typed.shift is None:
            return (
                typed.term if str(typed.sort) == str(declared) else as_argument(ctx, typed, expr, declared, f"`{name}`")
            )
        case IntSort() if name in ctx.fractional:
            return as_number(ctx, typed, expr)
        case _:
            return as_argument(ctx, typed, expr, declared, f"the value of `{name}`")


def _depth(ctx: Context, body: ir.Term) -> int:
    """Levels of a term, those of the definitions that it calls included."""

    def step(node: ir.Term, below: tuple[int, ...]) -> int:
        called = ctx.depths.get(node.symbol, 0) if isinstance(node, ir.Apply) else 0
        return 1 + called + max(below, default=0)

    return fold(body, step)


def _defined_sort(ctx: Context, name: str, typed: Typed, body: ir.Term, declared: Sort | None) -> Sort:
    if declared is not None:
        return declared
    if typed.shift is not None:
        return typed.shift
    assert typed.sort is not None
    if isinstance(typed.sort, BoolSort | EnumSort):
        return typed.sort
    found = number_range(ctx, body)
    if not found.is_whole:
        ctx.fractional.add(name)
        return INT
    return IntSort(None if found.low is None else int(found.low), None if found.high is None else int(found.high))
