"""Settles what the names of first-order formulas are, by where they stand: variables, constants, functions, predicates.

Names that differ in case or in `_` alone are one name; a name with two arities, or one that is both a thing and a
predicate, is two. Each such decision is a repair. Names are never merged for being alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from nsr.diagnostics import Span
from nsr.dialects.fol_tokens import VARIABLE
from nsr.dialects.repairs import Findings
from nsr.language import ast

__all__ = ["Kind", "Symbol", "Use", "free_variables", "settle", "uses_of"]

Kind: TypeAlias = Literal["predicate", "function", "constant"]


class Use(NamedTuple):
    """One place where a name stands for a symbol."""

    kind: Kind
    name: str
    arity: int
    span: Span

    @property
    def is_thing(self) -> bool:
        """Whether the name stands for things, not for a truth value."""
        return self.kind != "predicate"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol to be declared, by its final name."""

    kind: Kind
    name: str
    arity: int


class Names(NamedTuple):
    """The symbols in order of first use, and the final name of every (kind, written name, arity)."""

    symbols: tuple[Symbol, ...]
    final: dict[tuple[Kind, str, int], str]


# Where names stand


def free_variables(expr: ast.Expr) -> dict[str, Span]:
    """The variables that nothing binds, each with its first place."""
    found: dict[str, Span] = {}
    _walk(expr, frozenset(), True, found, [], None)
    return found


def uses_of(expr: ast.Expr, findings: Findings) -> list[Use]:
    """Every use of a symbol; what cannot be (a variable applied, a number as a formula) is an error."""
    uses: list[Use] = []
    _walk(expr, frozenset(), True, {}, uses, findings)
    return uses


def _walk(
    expr: ast.Expr,
    bound: frozenset[str],
    is_formula: bool,
    free: dict[str, Span],
    uses: list[Use],
    findings: Findings | None,
) -> None:
    def below(parts: Iterable[ast.Expr], formulas: bool, names: frozenset[str] = bound) -> None:
        for part in parts:
            _walk(part, names, formulas, free, uses, findings)

    match expr:
        case ast.Name(text):
            is_variable = text in bound or (not is_formula and VARIABLE.fullmatch(text) is not None)
            if is_variable and is_formula:
                _misplaced(expr, f"the variable `{text}` stands where a formula is wanted", findings)
            elif not is_variable:
                uses.append(Use("predicate" if is_formula else "constant", text, 0, expr.span))
            elif text not in bound:
                free.setdefault(text, expr.span)
        case ast.Call(function, args):
            if function.text in bound:
                _misplaced(expr, f"the variable `{function.text}` is applied like a predicate", findings)
            kind: Kind = "predicate" if is_formula else "function"
            uses.append(Use(kind, function.text, len(args), function.span))
            below(args, False)
        case ast.Number():
            if is_formula:
                _misplaced(expr, "a number stands where a formula is wanted", findings)
        case ast.Not(operand):
            below((operand,), True)
        case ast.And(args) | ast.Or(args):
            below(args, True)
        case ast.Xor(left, right) | ast.Implies(left, right) | ast.Iff(left, right):
            below((left, right), True)
        case ast.Comparison(terms):
            below(terms, False)
        case ast.Quantified(binders=binders, body=body):
            below((body,), True, bound | {name.text for binder in binders for name in binder.names})
        case _:
            pass


def _misplaced(expr: ast.Expr, message: str, findings: Findings | None) -> None:
    if findings is not None:
        findings.error("fol-higher-order", message, expr.span, help="first-order logic speaks of things only")


# One name for one symbol


def settle(uses: list[Use], reserved: Iterable[str], findings: Findings) -> Names:
    """The final names, no two alike and none of `reserved`; records what was merged and what was split."""
    spelling = _spellings(uses, findings)
    arities = _arities(uses, spelling)
    final: dict[tuple[Kind, str, int], str] = {}
    symbols: dict[tuple[Kind, str, int], Symbol] = {}
    taken = set(reserved)
    predicates = {spelling[u.kind, u.name] for u in uses if not u.is_thing}
    for use in uses:
        name = spelling[use.kind, use.name]
        key = (use.kind, name, use.arity)
        if key not in symbols:
            main = arities[use.kind, name]
            wanted = name if use.arity == main else f"{name}/{use.arity}"
            if use.is_thing and name in predicates:
                wanted = f"{wanted} (thing)"
            while wanted in taken:
                wanted += "'"
            taken.add(wanted)
            symbols[key] = Symbol(use.kind, wanted, use.arity)
        final[use.kind, use.name, use.arity] = symbols[key].name
        _tell_split(use, arities[use.kind, name], name in predicates, findings)
    return Names(tuple(symbols.values()), final)


def _tell_split(use: Use, main: int, is_predicate: bool, findings: Findings) -> None:
    if use.arity != main:
        findings.repair(
            "fol-two-arities",
            f"`{use.name}` has {_counted(use.arity)} here and {_counted(main)} elsewhere: these are two symbols",
            use.span,
            f"{use.name}{use.arity}",
        )
    if use.is_thing and is_predicate:
        findings.repair(
            "fol-two-kinds",
            f"`{use.name}` is a thing here and a predicate elsewhere: these are two symbols",
            use.span,
            f"{use.name}Thing",
        )


def _counted(arity: int) -> str:
    return "no arguments" if arity == 0 else "1 argument" if arity == 1 else f"{arity} arguments"


_SINGLE = re.compile(r"\w\d*")


def _folded(name: str) -> str:
    """What names that are spelled differently have in common; single letters (`P` and `p`) are what they are."""
    if _SINGLE.fullmatch(name):
        return name
    return re.sub(r"[\s_'’-]+", "", name).casefold() or name


def _spellings(uses: list[Use], findings: Findings) -> dict[tuple[Kind, str], str]:
    """For each written name the one spelling of its symbol: the most frequent, of several the first."""
    counts = Counter((use.kind, use.name) for use in uses)
    best: dict[tuple[bool, str], str] = {}
    for (kind, name), count in counts.items():
        key = (kind == "predicate", _folded(name))
        if key not in best or count > counts[kind, best[key]]:
            best[key] = name
    chosen = {(kind, name): best[kind == "predicate", _folded(name)] for kind, name in counts}
    for use in uses:
        name = chosen[use.kind, use.name]
        if name != use.name:
            message = f"`{use.name}` is `{name}`, spelled differently"
            findings.repair("fol-spelling", message, use.span, name)
    return chosen


def _arities(uses: list[Use], spelling: dict[tuple[Kind, str], str]) -> dict[tuple[Kind, str], int]:
    """The most frequent arity of each name, of several the first."""
    counts = Counter((use.kind, spelling[use.kind, use.name], use.arity) for use in uses)
    best: dict[tuple[Kind, str], int] = {}
    for (kind, name, arity), count in counts.items():
        if (kind, name) not in best or count > counts[kind, name, best[kind, name]]:
            best[kind, name] = arity
    return best
