"""Facts and rules: what is said of closed relations, and what is an implication about predicates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal as Choice

from nsr.language import ast, ir
from nsr.language.check import binders, expressions, names, variables
from nsr.language.check.context import Context, Scope
from nsr.language.check.known import KnownReader, TooLarge
from nsr.language.evaluate import UNDEFINED, evaluate
from nsr.language.meaning import NoEntry
from nsr.language.sorts import (
    BoolSort,
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    Sort,
    Value,
    has_value,
    number,
    sort_size,
)
from nsr.language.traverse import symbols_of
from nsr.limits import Budget, BudgetExceeded

_STEPS = 100_000
"""Steps that the arguments of one fact may take."""


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A fact with unknown arguments, a rule or a default about a relation, before preferences are looked at.

    `relation` is the name as declared; `is_negative`: it concludes `not`.
    """

    name: str
    keyword: Choice["fact", "rule", "default"]
    relation: str
    is_negative: bool
    args: tuple[ir.Term, ...]
    binders: tuple[ir.Bound, ...]
    body: ir.Term
    citations: tuple[str, ...]
    has_label: bool
    origin: ir.Origin

    def derives(self, symbol: str) -> ir.Rule:
        """The rule with `symbol` for the relation of its head."""
        return ir.Rule(
            self.name,
            self.keyword,
            symbol,
            self.args,
            self.binders,
            self.body,
            self.citations,
            has_label=self.has_label,
            origin=self.origin,
        )


@dataclass(slots=True)
class Said:
    """What facts and rules come to: about relations, and about predicates."""

    requirements: list[ir.Requirement] = field(default_factory=list)
    facts: list[ir.Facts] = field(default_factory=list)
    rules: list[CheckedRule] = field(default_factory=list)


def known_side(ctx: Context, relation: str, is_negative: bool) -> str:
    """The relation that a fact or rule about `relation` adds to."""
    sides = ctx.two_sided.get(relation)
    return relation if sides is None else sides[1 if is_negative else 0]


def _head_symbol(ctx: Context, literal: ast.Literal_, keyword: str) -> ir.Function | None:
    """The relation or predicate that a fact or a rule is about; others are reported."""
    name = literal.atom if isinstance(literal.atom, ast.Name) else literal.atom.function
    symbol = ctx.symbol(name.text)
    if symbol is None:
        if name.text not in ctx.failed:
            names.unknown_name(ctx, name, {})
        return None
    if symbol.kind not in ("rel", "pred"):
        ctx.used.add(symbol.name)
        what = {"var": "an unknown", "param": "known data"}.get(symbol.kind, "an abbreviation")
        ctx.error(
            "not-a-relation",
            literal.atom.span,
            f"a `{keyword}` is about a `rel` or `pred`; `{name.text}` is {what}",
            found=what,
            labels=ctx.declared_here(symbol.name),
            help="write `premise: ...`, with `forall` for what holds of all",
        )
        return None
    if literal.is_negative and symbol.kind == "rel":
        ctx.error(
            "negative-head",
            literal.span,
            f"`{name.text}` is closed: what nothing says is false already",
            found="denied",
            labels=ctx.declared_here(symbol.name),
            help=f"leave it out, or declare {_declaration(symbol)} if some of it is not known",
        )
        return None
    return symbol


def _declaration(symbol: ir.Function) -> str:
    arguments = f"({', '.join(map(str, symbol.arguments))})" if symbol.arguments else ""
    return f"`rel {symbol.name}{arguments} two_sided`"


# Facts


def facts(ctx: Context, statement: ast.Fact, name: str) -> Said:
    """What the atoms of a `fact` say."""
    said = Said()
    rows: dict[str, dict[tuple[Value, ...], None]] = {}
    formulas: list[ir.Term] = []
    symbols: dict[tuple[str, bool], ir.Function | None] = {}
    for literal in statement.literals:
        text = literal.atom.text if isinstance(literal.atom, ast.Name) else literal.atom.function.text
        key = (text, literal.is_negative)
        if key not in symbols:
            symbols[key] = _head_symbol(ctx, literal, "fact")
        symbol = symbols[key]
        if symbol is None:
            continue
        row = _plain_row(ctx, symbol, literal.atom)
        if row is not None and _is_closed(ctx, symbol):
            ctx.used.add(symbol.name)
            rows.setdefault(known_side(ctx, symbol.name, literal.is_negative), {})[row] = None
        else:
            _other_fact(ctx, statement, name, literal, symbol, rows, formulas, said)
    citations = tuple(c.text for c in statement.head.citations)
    has_label, origin = statement.head.label is not None, ctx.origin(statement)
    for target, found in rows.items():
        said.facts.append(ir.Facts(name, target, tuple(found), citations, has_label, origin=origin))
    if formulas:
        formula = binders.conjunction(tuple(formulas), origin)
        said.requirements.append(ir.Requirement(name, "fact", formula, citations, has_label, origin=origin))
    return said


def _is_closed(ctx: Context, symbol: ir.Function) -> bool:
    return symbol.kind == "rel" or symbol.name in ctx.two_sided


def _plain_row(ctx: Context, symbol: ir.Function, atom: ast.Name | ast.Call) -> tuple[Value, ...] | None:
    """The arguments of an atom if they are plain names and numbers; the quick way through long lists of facts."""
    if isinstance(atom, ast.Call) and (atom.generator is not None or len(atom.args) != len(symbol.arguments)):
        return None
    args = () if isinstance(atom, ast.Name) else atom.args
    if len(args) != len(symbol.arguments):
        return None
    row: list[Value] = []
    for arg, sort in zip(args, symbol.arguments, strict=True):
        value = _plain_value(ctx, arg, sort)
        if value is None:
            return None
        row.append(value)
    return tuple(row)


def _plain_value(ctx: Context, arg: ast.Expr, sort: Sort) -> Value:
    match arg, sort:
        case ast.Name(text), EnumSort() | OpenSort() if ctx.symbol(text) is None:
            return ctx.element(sort, text)
        case ast.Number(value), IntSort() | NumberSort() | RealSort():
            found = number(value)
            return found if has_value(sort, found) else None
        case ast.Truth(value), BoolSort():
            return value
        case _:
            return None


def _other_fact(
    ctx: Context,
    statement: ast.Fact,
    name: str,
    literal: ast.Literal_,
    symbol: ir.Function,
    rows: dict[str, dict[tuple[Value, ...], None]],
    formulas: list[ir.Term],
    said: Said,
) -> None:
    """A fact about a predicate, or one whose arguments are terms."""
    formula = expressions.truth(ctx, literal.atom, {})
    if not isinstance(formula, ir.Apply):
        return
    if not _is_closed(ctx, symbol):
        formulas.append(ir.Not(formula, origin=formula.origin) if literal.is_negative else formula)
        return
    row = _known_row(ctx, formula.args)
    if row is None:
        citations = tuple(c.text for c in statement.head.citations)
        label, origin = statement.head.label is not None, ctx.origin(statement)
        said.rules.append(
            CheckedRule(
                name, "fact", symbol.name, literal.is_negative, formula.args, (), ir.TRUE, citations, label, origin
            )
        )
    elif len(row) == len(formula.args):
        rows.setdefault(known_side(ctx, symbol.name, literal.is_negative), {})[row] = None


def _known_row(ctx: Context, args: tuple[ir.Term, ...]) -> tuple[Value, ...] | None:
    """The values of the arguments, those left out that are undefined; None if data alone do not decide them."""
    if any(ctx.symbols[called].kind != "param" for arg in args for called in symbols_of(arg)):
        return None
    program, budget = ctx.program(), Budget(steps=_STEPS, wall_seconds=0.5)
    try:
        values = [evaluate(arg, {}, program, None, budget) for arg in args]
    except (NoEntry, BudgetExceeded):
        return None
    return tuple(value for value in values if value is not UNDEFINED)


# Rules


def rule(ctx: Context, statement: ast.Rule, name: str) -> Said:
    """What a `rule` or `default` says."""
    said = Said()
    atom = statement.conclusion.atom
    symbol = _head_symbol(ctx, statement.conclusion, statement.keyword)
    if symbol is None:
        return said
    if statement.keyword == "default" and not _is_closed(ctx, symbol):
        ctx.error(
            "not-a-relation",
            atom.span,
            f"a `default` yields where something else is known, and `{symbol.name}` is a `pred`",
            found="a predicate",
            labels=ctx.declared_here(symbol.name),
            help=f"declare {_declaration(symbol)}",
        )
        return said
    scope = variables.rule_variables(ctx, (atom, *statement.body, *statement.unless))
    body = _body(ctx, statement, scope)
    head = expressions.truth(ctx, atom, scope)
    if body is None or not isinstance(head, ir.Apply) or None in scope.values():
        return said
    citations = tuple(c.text for c in statement.head.citations)
    has_label, origin = statement.head.label is not None, ctx.origin(statement)
    if not _is_closed(ctx, symbol):
        formula = _implication(scope, head, statement.conclusion.is_negative, body, origin)
        said.requirements.append(ir.Requirement(name, "rule", formula, citations, has_label, origin=origin))
        return said
    bounds = variables.rule_bounds(ctx, scope)
    if not _is_bounded(ctx, statement, scope, body):
        return said
    _warn_of_unbounded_head(ctx, symbol, head)
    said.rules.append(
        CheckedRule(
            name,
            statement.keyword,
            symbol.name,
            statement.conclusion.is_negative,
            head.args,
            bounds,
            body,
            citations,
            has_label,
            origin,
        )
    )
    return said


def _body(ctx: Context, statement: ast.Rule, scope: Scope) -> ir.Term | None:
    body = expressions.truths(ctx, statement.body, scope)
    exceptions = expressions.truths(ctx, statement.unless, scope)
    if body is None or exceptions is None:
        return None
    if any(_is_open_exception(ctx, term) for term in exceptions):
        return None
    reader, origin = KnownReader(ctx), ctx.origin(statement)
    try:
        parts = [reader.known(term) for term in body]
        if exceptions:
            parts.append(reader.unless(binders.conjunction(exceptions, exceptions[0].origin)))
    except TooLarge:
        ctx.error(
            "too-large",
            statement.span,
            "the body of this rule becomes too large when it is spelled out",
            found="too large",
            help="give a part of it a relation and a rule of its own",
        )
        return None
    return binders.conjunction(tuple(parts), origin)


def _is_open_exception(ctx: Context, term: ir.Term) -> bool:
    """Whether `unless` asks about a predicate; reported."""
    for called in sorted(symbols_of(term)):
        symbol = ctx.symbols[called]
        if symbol.kind == "pred" and called not in ctx.two_sided:
            ctx.error(
                "open-exception",
                term.origin.span,
                f"`unless` means that something is not derived, and `{called}` is a `pred`, which nothing derives",
                found="a predicate",
                labels=ctx.declared_here(called),
                help="write `if not ...`, or declare it with `rel`",
            )
            return True
    return False


def _implication(scope: Scope, head: ir.Apply, is_negative: bool, body: ir.Term, origin: ir.Origin) -> ir.Term:
    conclusion: ir.Term = ir.Not(head, origin=head.origin) if is_negative else head
    formula = conclusion if body == ir.TRUE else ir.Implies(body, conclusion, origin=origin)
    bounds = tuple(ir.Bound(v, origin=v.origin) for v in scope.values() if v is not None)
    return ir.Quantified("forall", bounds, formula, origin=origin) if bounds else formula


def _is_endless(sort: Sort) -> bool:
    return not isinstance(sort, OpenSort) and sort_size(sort) is None


def _is_bounded(ctx: Context, statement: ast.Rule, scope: Scope, body: ir.Term) -> bool:
    """Whether every variable over an infinite type is said by an atom or an equation of the body; else reported."""
    said = set(_said_in(ctx, body))
    for text, variable in scope.items():
        if variable is not None and _is_endless(variable.sort) and variable.name not in said:
            ctx.error(
                "infinite-domain",
                statement.span,
                f"`{text}` has infinitely many values, and nothing in the body says which are meant",
                found="infinite",
                help=f"use `{text}` in an atom of a relation in the body, or give the argument bounds: `int in 0..10`",
            )
            return False
    return True


def _said_in(ctx: Context, body: ir.Term) -> Iterable[str]:
    for part in body.args if isinstance(body, ir.And) else (body,):
        match part:
            case ir.Apply(symbol, args) if ctx.symbols[symbol].kind in ("rel", "param"):
                yield from (arg.name for arg in args if isinstance(arg, ir.Variable))
            case ir.Equal(left, right):
                yield from (side.name for side in (left, right) if isinstance(side, ir.Variable))
            case ir.And():
                yield from _said_in(ctx, part)
            case _:
                pass


def _warn_of_unbounded_head(ctx: Context, symbol: ir.Function, head: ir.Apply) -> None:
    for arg, sort in zip(head.args, symbol.arguments, strict=True):
        if _is_endless(sort) and not isinstance(arg, ir.Variable | ir.Literal):
            ctx.warn(
                "unbounded-head",
                arg.origin.span,
                f"`{symbol.name}` takes numbers without end, so that this rule may never be done",
                found="no bounds",
                labels=ctx.declared_here(symbol.name),
                help=f"give the argument of `{symbol.name}` bounds, as in `low..high`",
            )
            return
