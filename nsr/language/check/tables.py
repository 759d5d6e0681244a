"""Tables: the values of a `param`, and lists compared with a function, in all the forms in which they are written."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Sequence
from fractions import Fraction

from nsr.diagnostics import Label
from nsr.language import ast, ir
from nsr.language.check import expressions, names, partiality
from nsr.language.check.coerce import as_argument, as_number
from nsr.language.check.context import Context, Scope, Typed, describe_sort
from nsr.language.check.messages import show
from nsr.language.evaluate import NoEntry, evaluate
from nsr.language.sorts import (
    BoolSort,
    Element,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    Sort,
    Value,
    has_value,
    is_numeric,
    number,
    sort_size,
    sort_values,
)
from nsr.language.traverse import free_variables
from nsr.limits import Budget, BudgetExceeded

Key = tuple[Value, ...]
Entry = tuple[Key, Typed, ast.Expr]


def constant(ctx: Context, typed: Typed, expr: ast.Expr) -> Value:
    """The value of a checked term that speaks of data alone.

    Raises:
        NotConstant: after reporting, when it speaks of something unknown, is undefined, or costs too much.
    """
    term = typed.term
    if isinstance(term, ir.Literal):
        return term.value
    try:
        value = evaluate(term, {}, ctx.program(), budget=Budget(steps=200_000, wall_seconds=2.0))
    except NoEntry as missing:
        if missing.symbol in ctx.tables:
            partiality.report_missing(ctx, missing.symbol, missing.args_asked, ctx.origin(expr))
            raise NotConstant from None
        ctx.error(
            "not-constant",
            expr.span,
            f"only data can stand here, and `{missing.symbol}` is not known before the answer",
            found="unknown",
            labels=ctx.declared_here(missing.symbol),
            help="write a number or an element, or a `param`",
        )
        raise NotConstant from None
    except BudgetExceeded:
        ctx.error("too-large", expr.span, "this takes too long to compute", found="too large")
        raise NotConstant from None
    if isinstance(value, bool | int | Fraction | Element | frozenset) or value is None:
        return value
    ctx.error("not-constant", expr.span, "this has no value", found="undefined")
    raise NotConstant


class NotConstant(Exception):
    """An expression has no value that is known now."""


def entries(
    ctx: Context,
    function: ir.Function,
    expr: ast.Expr,
    scope: Scope,
    *,
    symmetric: bool = False,
    as_set: bool = False,
) -> list[Entry] | None:
    """The entries of a table for `function`, each with its key, value and place; None after reporting an error.

    `as_set`: a set lists what a relation holds for.
    """
    reader = _Reader(ctx, function, scope)
    if as_set and isinstance(expr, ast.SetTerm) and expr.generator is None:
        reader.read_true_set(expr)
    else:
        reader.read(expr, (), function.arguments)
    if symmetric and not reader.is_failed:
        reader.mirror()
    return None if reader.is_failed else reader.found


class _Reader:
    """Collects the entries of one table."""

    def __init__(self, ctx: Context, function: ir.Function, scope: Scope) -> None:
        self._ctx = ctx
        self._function = function
        self._scope = scope
        self._places: dict[Key, ast.Expr] = {}
        self.found: list[Entry] = []
        self.is_failed = False

    def read(self, expr: ast.Expr, key: Key, sorts: tuple[Sort, ...]) -> None:
        """Read what belongs to the arguments that begin with `key`; `sorts` are the arguments that are left."""
        if not sorts:
            self._read_value(expr, key)
            return
        match expr:
            case ast.TableTerm(pairs):
                for k, v in pairs:
                    self._read_entry(k, v, key, sorts)
            case ast.SetTerm((), None):
                pass
            case ast.ListTerm(args, None):
                self._read_list(expr, args, key, sorts)
            case _:
                self._wrong_shape(expr)

    def read_true_set(self, expr: ast.SetTerm) -> None:
        """`{a, b}` of a relation: what is listed is true."""
        true = ast.Truth(True, span=expr.span)
        for arg in expr.args:
            self._read_entry(arg, true, (), self._function.arguments)

    def mirror(self) -> None:
        """Add the entry of (b, a) for that of (a, b); two that disagree are an error."""
        terms = {key: typed.term for key, typed, _ in self.found}
        for key, typed, expr in list(self.found):
            swapped = (key[1], key[0])
            if swapped not in self._places:
                self._places[swapped] = expr
                self.found.append((swapped, typed, expr))
                continue
            if terms[swapped] != typed.term:
                self._fail(
                    "table-duplicate-key",
                    expr,
                    f"the table is `symmetric`, and {show_key(key)} and {show_key(swapped)} have different values",
                    labels=(Label(self._places[swapped].span, "the other"),),
                    help="leave out one of them, or leave out `symmetric`",
                )

    def _read_entry(self, key_expr: ast.Expr, value: ast.Expr, key: Key, sorts: tuple[Sort, ...]) -> None:
        parts = key_expr.args if isinstance(key_expr, ast.TupleTerm) else (key_expr,)
        if len(parts) > len(sorts):
            wanted = names.count_of(len(sorts), "part")
            self._fail("table-shape", key_expr, f"this key has {len(parts)} parts; {wanted} wanted here")
            return
        found = [self._key_part(p, s) for p, s in zip(parts, sorts, strict=False)]
        if any(f is _BAD for f in found):
            self.is_failed = True
            return
        self.read(value, (*key, *found), sorts[len(parts) :])  # type: ignore[arg-type]  # no part is _BAD here

    def _key_part(self, expr: ast.Expr, sort: Sort) -> Value | _Bad:
        if isinstance(expr, ast.Number) and isinstance(sort, IntSort | NumberSort):
            # Large tables have little else in them.
            plain = number(expr.value)
            if has_value(sort, plain):
                return plain
        ctx = self._ctx
        typed = expressions.value(ctx, expr, {}, sort)
        if typed is None:
            return _BAD
        if isinstance(sort, IntSort | NumberSort) and isinstance(typed.term, ir.Literal) and typed.shift is None:
            value = typed.term.value
            if isinstance(value, int | Fraction) and not isinstance(value, bool) and not has_value(sort, value):
                self._fail(
                    "table-extra-key",
                    expr,
                    f"{show(value)} is outside {describe_sort(sort)}, the argument of `{self._function.name}`",
                    labels=ctx.declared_here(self._function.name),
                    help="leave the entry out, or widen the type",
                )
                return _BAD
        where = f"a key of the table of `{self._function.name}`"
        term = as_argument(ctx, typed, expr, sort, where, ctx.declared_here(self._function.name))
        if term is None:
            return _BAD
        try:
            return constant(ctx, Typed(term, sort), expr)
        except NotConstant:
            return _BAD

    def _read_list(self, expr: ast.Expr, args: Sequence[ast.Expr], key: Key, sorts: tuple[Sort, ...]) -> None:
        size = sort_size(sorts[0])
        if size is None:
            self._fail("table-shape", expr, f"a list cannot follow {describe_sort(sorts[0])}, which has no end")
            return
        if size != len(args):
            self._fail(
                "table-shape",
                expr,
                f"{names.count_of(len(args), 'value')} for {size} elements of {describe_sort(sorts[0])}",
                found=names.count_of(len(args), "value"),
                labels=self._ctx.declared_here(self._function.name),
                help="write one value for each, in the order of the type, or write `{element: value, ...}`",
            )
            return
        for value, arg in zip(sort_values(sorts[0]), args, strict=True):
            self.read(arg, (*key, value), sorts[1:])

    def _read_value(self, expr: ast.Expr, key: Key) -> None:
        ctx = self._ctx
        is_set = isinstance(self._function.value, SetSort) and isinstance(expr, ast.SetTerm | ast.ListTerm)
        if isinstance(expr, ast.TableTerm | ast.ListTerm | ast.SetTerm | ast.TupleTerm) and not is_set:
            arity = names.count_of(len(self._function.arguments), "argument")
            self._fail("table-shape", expr, f"a single value is wanted here: `{self._function.name}` has {arity}")
            return
        typed = expressions.value(ctx, expr, self._scope, self._function.value)
        if typed is None:
            self.is_failed = True
            return
        if key in self._places:
            self._fail(
                "table-duplicate-key",
                expr,
                f"{show_key(key)} has two values in this table",
                found="the second",
                labels=(Label(self._places[key].span, "the first"),),
                help="leave one of them out",
            )
            return
        self._places[key] = expr
        self.found.append((key, typed, expr))

    def _wrong_shape(self, expr: ast.Expr) -> None:
        first = describe_sort(self._function.arguments[0])
        help = f"write `{{key: value, ...}}`, or a list with a value for each element of {first}"
        if isinstance(expr, ast.SetTerm) and expr.args and isinstance(expr.args[0], ast.Comparison | ast.Implies):
            help = "between a key and its value stands `:`, as in `{a: 3}`"
        elif isinstance(expr, ast.SetTerm):
            help = "give every key a value, as in `{a: 3}`"
        self._fail("table-shape", expr, f"`{self._function.name}` has arguments and needs a table", help=help)

    def _fail(
        self,
        code: str,
        expr: ast.Expr,
        message: str,
        *,
        found: str = "",
        help: str = "",
        labels: tuple[Label, ...] = (),
    ) -> None:
        self.is_failed = True
        self._ctx.error(code, expr.span, message, found=found, help=help, labels=labels)


class _Bad:
    """Marks a key that was reported: no value of the language, so that `none` stays free."""


_BAD = _Bad()


def missing_keys(sorts: Sequence[Sort], keys: Container[Key], limit: int = 4) -> list[Key]:
    """The first argument tuples without an entry; found after looking at no more than all entries and those."""
    return list(itertools.islice((k for k in _all_keys(sorts) if k not in keys), limit))


def _all_keys(sorts: Sequence[Sort]) -> Iterator[Key]:
    """Every argument tuple, one at a time: sorts may be far too large for `itertools.product`."""
    if not sorts:
        yield ()
        return
    for value in values_of(sorts[0]):
        for rest in _all_keys(sorts[1:]):
            yield (value, *rest)


def values_of(sort: Sort) -> Iterable[Value]:
    """The values of a sort; of an open type its constants and something else."""
    if isinstance(sort, OpenSort):
        constants = (Element(sort.name, name, i) for i, name in enumerate(sort.constants))
        return (*constants, Element(sort.name, "any other", len(sort.constants)))
    return itertools.count() if sort_size(sort) is None else sort_values(sort)


def show_key(key: Key) -> str:
    """An argument tuple as it is written."""
    inner = ", ".join(show(v) for v in key)
    return f"`{inner}`".replace("``", "`") if len(key) == 1 else f"({inner})"


def show_keys(keys: Iterable[Key]) -> str:
    """Some argument tuples, three at most."""
    shown = [show_key(k) for k in keys]
    return ", ".join(shown[:3]) + (", ..." if len(shown) > 3 else "")


# Parameters


def param_table(ctx: Context, function: ir.Function, data: ast.Data, *, as_set: bool = False) -> ir.Table | None:
    """The table of a `param`, or None after reporting what is wrong with it."""
    assert data.value is not None
    found = entries(ctx, function, data.value, {}, symmetric=data.is_symmetric, as_set=as_set)
    default = default_value(ctx, function, data)
    if found is None or (data.default is not None and default is None):
        return None
    values: dict[Key, Value] = {}
    is_failed = False
    for key, typed, expr in found:
        known = _checked_value(ctx, function, typed, expr)
        is_failed |= known is _BAD
        if not isinstance(known, _Bad):
            values[key] = known
    if is_failed:
        return None
    return ir.Table(values, None if default is None else default[0], default is not None)


def default_value(ctx: Context, function: ir.Function, data: ast.Data) -> tuple[Value] | None:
    """What stands after `else`, None without it or after reporting."""
    if data.default is None:
        return None
    typed = expressions.value(ctx, data.default, {}, function.value)
    known = _BAD if typed is None else _checked_value(ctx, function, typed, data.default)
    return None if isinstance(known, _Bad) else (known,)


def _checked_value(ctx: Context, function: ir.Function, typed: Typed, expr: ast.Expr) -> Value | _Bad:
    """The value of an entry, if it belongs to the declared sort."""
    sort = function.value
    if isinstance(sort, BoolSort) and isinstance(typed.term, ir.Literal) and typed.term.value in (0, 1):
        return bool(typed.term.value)
    of_number = typed.sort is not None and (is_numeric(typed.sort) or isinstance(typed.sort, BoolSort))
    if is_numeric(sort) and typed.shift is None and of_number:
        # Whether it fits is looked at below, when its value is known.
        term = as_number(ctx, typed, expr)
    else:
        where = f"a value of `{function.name}`"
        term = as_argument(ctx, typed, expr, sort, where, ctx.declared_here(function.name))
    if term is None:
        return _BAD
    if not isinstance(term, ir.Literal) and free_variables(term):
        ctx.error("not-constant", expr.span, "a bound variable cannot stand in a table", found="a variable")
        return _BAD
    try:
        value = constant(ctx, Typed(term, sort), expr)
    except NotConstant:
        return _BAD
    if has_value(sort, value):
        return value
    is_fraction = isinstance(value, Fraction) and not isinstance(sort, RealSort)
    outside = "no whole number" if is_fraction else f"not in {describe_sort(sort)}"
    ctx.error(
        "value-outside-sort",
        expr.span,
        f"{show(value)} is {outside}; the values of `{function.name}` are",
        found=outside,
        labels=ctx.declared_here(function.name),
        help="write `real` for its type if it may have decimals" if is_fraction else "",
    )
    return _BAD
