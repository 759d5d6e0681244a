"""Names and calls: what a word means where it stands, and the arguments of declared functions."""

from __future__ import annotations

from nsr.language import ast, ir
from nsr.language.check import builtin_calls, expressions, variables
from nsr.language.check.coerce import as_argument, type_label
from nsr.language.check.context import Context, Scope, Typed
from nsr.language.check.messages import suggestion
from nsr.language.sorts import EnumSort, OpenSort, Sort


def name(ctx: Context, expr: ast.Name, scope: Scope, expected: Sort | None) -> Typed | None:
    text = expr.text
    if text in scope:
        variable = scope[text]
        if variable is None:
            return None
        return Typed(ir.Variable(variable.name, variable.sort, origin=ctx.origin(expr)), variable.sort)
    symbol = ctx.symbol(text)
    if symbol is not None and not symbol.arguments:
        return apply(ctx, expr, symbol, ())
    if text in ctx.elements:
        return _element(ctx, expr, expected)
    if symbol is not None:
        arity = len(symbol.arguments)
        ctx.used.add(text)
        ctx.error(
            "wrong-arity",
            expr.span,
            f"`{text}` needs {count_of(arity, 'argument')}",
            found="no argument",
            labels=ctx.declared_here(text),
            help=f"write {signature_text(symbol)}",
        )
    elif text not in ctx.failed:
        unknown_name(ctx, expr, scope)
    return None


def _element(ctx: Context, expr: ast.Name, expected: Sort | None) -> Typed | None:
    sorts = ctx.elements[expr.text]
    chosen = sorts[0]
    if len(sorts) > 1:
        fitting = [s for s in sorts if isinstance(expected, EnumSort | OpenSort) and s.name == expected.name]
        if not fitting:
            names = [f"`{s.name}`" for s in sorts]
            ctx.error(
                "ambiguous-element",
                expr.span,
                f"`{expr.text}` is an element of {' and of '.join(names)}, and nothing here says which is meant",
                found="which one?",
                labels=tuple(x for s in sorts[:3] for x in type_label(ctx, s.name)),
                help="compare it with a term of the type meant, or give the elements different names",
            )
            return None
        chosen = fitting[0]
    element = ctx.element(chosen, expr.text)
    assert element is not None
    return Typed(ir.Literal(element, chosen, origin=ctx.origin(expr)), chosen)


def unknown_name(ctx: Context, expr: ast.Name, scope: Scope) -> None:
    """Report a name that nothing declares."""
    text = expr.text
    if ctx.is_open(text):
        circle = " → ".join((*ctx.open_since(text), text))
        ctx.error(
            "recursive-definition",
            expr.span,
            f"`{text}` rests on itself: {circle}",
            found="itself",
            labels=ctx.declared_here(text),
            help="say it without going in a circle, for instance with a `var` and a constraint on each step",
        )
        return
    if ctx.sort(text) is not None or text in ctx.failed_sorts:
        ctx.error(
            "type-as-value",
            expr.span,
            f"`{text}` is a type, not a value",
            found="a type",
            labels=type_label(ctx, text),
            help=f"go over its elements: `... for x in {text}`",
        )
        return
    near = ctx.nearest(text, [*(scope or ()), *ctx.all_names()])
    help = suggestion(near, "declare it, or use a name that is declared")
    if variables.is_variable_name(text):
        help = f"such a name is a variable in `rule`, `default` and `ask` only; here write `forall {text} in T: ...`"
    ctx.error(
        "unknown-name",
        expr.span,
        f"`{text}` is not declared",
        found="not declared",
        help=help,
        expected=near,
    )


# Calls


def call(ctx: Context, expr: ast.Call, scope: Scope, expected: Sort | None) -> Typed | None:
    text = expr.function.text
    if text in scope:
        ctx.error("not-a-function", expr.span, f"`{text}` is a bound variable and takes no arguments", found="called")
        return None
    symbol = ctx.symbol(text)
    if symbol is None:
        if text in ctx.failed:
            return None
        handler = builtin_calls.builtins().get(text)
        if handler is not None:
            return handler(ctx, expr, scope, expected)
        _not_callable(ctx, expr, scope)
        return None
    if expr.generator is not None:
        ctx.error(
            "misplaced-generator",
            expr.generator.span,
            f"`{text}` takes single arguments, not `... for ...`",
            found="a generator",
            help="a generator belongs to `sum`, `count`, `min`, `max`, `any`, `all`, `distinct` or a set",
        )
        return None
    return _apply_checked(ctx, expr, symbol, scope)


def _apply_checked(ctx: Context, expr: ast.Call, symbol: ir.Function, scope: Scope) -> Typed | None:
    arity, given = len(symbol.arguments), len(expr.args)
    ctx.used.add(symbol.name)
    if given != arity:
        ctx.error(
            "wrong-arity",
            expr.span,
            f"`{symbol.name}` needs {count_of(arity, 'argument')}, found {given}",
            found=count_of(given, "argument"),
            labels=ctx.declared_here(symbol.name),
            help=f"write {signature_text(symbol)}",
        )
        return None
    args = []
    for i, (arg, sort) in enumerate(zip(expr.args, symbol.arguments, strict=True), 1):
        typed = expressions.value(ctx, arg, scope, sort)
        where = f"argument {i} of `{symbol.name}`"
        args.append(as_argument(ctx, typed, arg, sort, where, ctx.declared_here(symbol.name)))
    kept = tuple(a for a in args if a is not None)
    return apply(ctx, expr, symbol, kept) if len(kept) == arity else None


def apply(ctx: Context, expr: ast.Expr, symbol: ir.Function, args: tuple[ir.Term, ...]) -> Typed:
    """The symbol at arguments that are already checked."""
    ctx.used.add(symbol.name)
    term = ir.Apply(symbol.name, args, symbol.value, origin=ctx.origin(expr))
    return Typed(term, symbol.value, may_be_none=symbol.is_optional)


def _not_callable(ctx: Context, expr: ast.Call, scope: Scope) -> None:
    text = expr.function.text
    if text in ctx.elements:
        ctx.error(
            "not-a-function",
            expr.span,
            f"`{text}` is an element and takes no arguments",
            found="called",
            labels=type_label(ctx, ctx.elements[text][0].name),
        )
        return
    if ctx.is_open(text) or ctx.sort(text) is not None:
        unknown_name(ctx, expr.function, scope)
        return
    callable_names = [n for n in ctx.all_names() if n not in ctx.elements] + list(builtin_calls.builtins())
    near = ctx.nearest(text, callable_names)
    ctx.error(
        "unknown-name",
        expr.function.span,
        f"`{text}` is not declared",
        found="not declared",
        help=suggestion(near, "declare it, or use a name that is declared"),
        expected=near,
    )


def signature_text(symbol: ir.Function) -> str:
    """How a symbol is written with arguments, for messages."""
    return f"`{symbol.name}({', '.join(str(s) for s in symbol.arguments)})`" if symbol.arguments else f"`{symbol.name}`"


def count_of(count: int, noun: str) -> str:
    """`1 argument`, `2 arguments`, `no argument`."""
    return f"{count or 'no'} {noun}{'' if count in (0, 1) else 's'}"
