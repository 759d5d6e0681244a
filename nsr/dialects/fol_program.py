"""Builds a program of our language from first-order formulas: one open type, whose constants may coincide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from nsr.diagnostics import Span
from nsr.dialects.fol_closure import Closure, closed
from nsr.dialects.fol_mending import Reach
from nsr.dialects.fol_names import Kind, Names, Symbol, settle, uses_of
from nsr.dialects.fol_parser import THING, children, parse_formula
from nsr.dialects.protocol import Reading
from nsr.dialects.repairs import Findings
from nsr.language import ast
from nsr.language.printer import print_expr

__all__ = ["Convention", "Item", "build"]

_LESS = "less"
_ANSWERS = frozenset({"uncertain", "unknown", "undetermined"})


@dataclass(frozen=True, slots=True)
class Convention:
    """What a dialect leaves unsaid: how far quantifiers reach, and what binds the variables that nothing binds."""

    reach: Reach
    closure: Closure = "universal"


@dataclass(frozen=True, slots=True)
class Item:
    """A formula of the text by its place, what it is there for, and the sentence that it formalizes (or nothing)."""

    role: Literal["premise", "conclusion"]
    span: Span
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class _Stated:
    item: Item
    expr: ast.Expr


def build(text: str, items: Sequence[Item], convention: Convention, findings: Findings) -> Reading:
    """The program of the formulas; without a conclusion the text is refused, several are several questions."""
    stated = []
    for item in _without_prose(text, items, findings):
        expr = parse_formula(text, item.span, convention.reach, findings)
        if expr is None:
            continue
        if isinstance(expr, ast.Truth) or (isinstance(expr, ast.Name) and expr.text.casefold() in _ANSWERS):
            _answer(expr, findings)
        stated.append(_Stated(item, closed(expr, text, convention.closure, findings)))
    if not any(item.role == "conclusion" for item in items):
        _no_conclusion(text, findings)
    uses = [use for s in stated for use in uses_of(s.expr, findings)]
    numbers = sorted({n for s in stated for n in _numbers(s.expr)})
    ordered = any(_orders(s.expr) for s in stated)
    names = settle(uses, [*map(_numeral, numbers), *([_LESS] if ordered else [])], findings)
    thing = _fresh(THING, {symbol.name for symbol in names.symbols})
    program = _Writer(names, thing)
    statements = program.declarations(numbers, ordered)
    statements += [program.statement(s) for s in stated if s.item.role == "premise"]
    goals = [program.statement(s) for s in stated if s.item.role == "conclusion"]
    for number, goal in enumerate(goals, 1):
        if len(goals) > 1:
            statements.append(ast.Question(head=ast.Head(ast.Name(f"q{number}"))))
        statements.append(goal)
    return findings.reading(tuple(statements), text)


_PROSE = re.compile(r"[A-Z]\w*(?:,? [\w'’-]+){2,}[.!]?")


def _without_prose(text: str, items: Sequence[Item], findings: Findings) -> list[Item]:
    """The formulas without sentences that follow a conclusion: a comment on the answer."""
    kept: list[Item] = []
    for item in items:
        follows = bool(kept) and kept[-1].role == "conclusion"
        if follows and _PROSE.fullmatch(text, item.span.start, item.span.end):
            findings.repair("fol-prose", "a sentence follows the conclusion", item.span, "", found="no formula")
        else:
            kept.append(item)
    return kept


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    return name


def _answer(expr: ast.Expr, findings: Findings) -> None:
    findings.error(
        "fol-answer-as-formula",
        "an answer stands where the formula should be",
        expr.span,
        found="an answer, no formula",
        help="write the formula of the sentence; what is true is for the solver to find out",
    )


def _no_conclusion(text: str, findings: Findings) -> None:
    end = Span(len(text), len(text))
    findings.error(
        "fol-no-conclusion", "there is no conclusion", end, help="write it on a line of its own below `Conclusion:`"
    )


# Numbers are constants that are known to differ; `<` is a relation that orders them.


def _numbers(expr: ast.Expr) -> set[Fraction]:
    found: set[Fraction] = set()
    level = [expr]
    while level:
        found |= {node.value for node in level if isinstance(node, ast.Number)}
        level = [child for node in level for child in children(node)]
    return found


def _orders(expr: ast.Expr) -> bool:
    level = [expr]
    while level:
        if any(isinstance(node, ast.Comparison) and node.operators[0] not in ("==", "!=") for node in level):
            return True
        level = [child for node in level for child in children(node)]
    return False


def _numeral(value: Fraction) -> str:
    return print_expr(ast.Number(value, value.denominator != 1))


class _Writer:
    """Writes formulas under the final names."""

    def __init__(self, names: Names, thing: str) -> None:
        self.names = names
        self.thing = ast.SortName(thing)

    def declarations(self, numbers: Sequence[Fraction], ordered: bool) -> list[ast.Statement]:
        """The type, the symbols by kind in order of first use, and what is known of numbers."""
        symbols = self.names.symbols
        done: list[ast.Statement] = [ast.TypeDecl(ast.Name(self.thing.name), may_coincide=True)]
        constants = [s.name for s in symbols if s.kind == "constant"] + [_numeral(n) for n in numbers]
        if constants:
            group = ast.ConstGroup(tuple(map(ast.Name, constants)), ast.Name(self.thing.name))
            done.append(ast.ConstDecl((group,)))
        functions = tuple(self._signature(s) for s in symbols if s.kind == "function")
        if functions:
            done.append(ast.VarDecl((ast.VarGroup(functions, ast.ValueType(self.thing)),)))
        predicates = [self._signature(s) for s in symbols if s.kind == "predicate"]
        if ordered:
            predicates.append(self._signature(Symbol("predicate", _LESS, 2)))
        if predicates:
            done.append(ast.PredDecl(tuple(predicates)))
        return done + self._of_numbers([ast.Name(_numeral(n)) for n in numbers], ordered)

    def _of_numbers(self, names: list[ast.Name], ordered: bool) -> list[ast.Statement]:
        if not ordered:
            return [_premise(ast.Distinct(tuple(names)), "numbers")] if len(names) > 1 else []
        x, y, z = map(ast.Name, "xyz")

        def less(a: ast.Expr, b: ast.Expr) -> ast.Expr:
            return ast.Call(ast.Name(_LESS), (a, b))

        def every(body: ast.Expr, *over: ast.Name) -> ast.Expr:
            return ast.Quantified("forall", None, (ast.Binder(over, ast.Name(self.thing.name)),), None, body)

        laws = [
            every(ast.Not(less(x, x)), x),
            every(ast.Implies(ast.And((less(x, y), less(y, z))), less(x, z)), x, y, z),
            every(ast.Implies(less(x, z), ast.Or((less(x, y), less(y, z)))), x, y, z),
        ]
        chain = [less(a, b) for a, b in pairwise(names)]
        return [_premise(law, f"order{i}") for i, law in enumerate(laws, 1)] + [_premise(c) for c in chain]

    def _signature(self, symbol: Symbol) -> ast.Signature:
        return ast.Signature(ast.Name(symbol.name), (ast.Argument(self.thing),) * symbol.arity)

    def statement(self, stated: _Stated) -> ast.Statement:
        """A premise, or a goal, with the sentence it formalizes."""
        sentence = " ".join(stated.item.sentence.split())
        head = ast.Head(None, (ast.Citation(sentence),) if sentence else ())
        expr = self._write(stated.expr, frozenset(), True)
        if stated.item.role == "conclusion":
            return ast.Prove((expr,), head=head, span=stated.item.span)
        return ast.Require("premise", (expr,), head=head, span=stated.item.span)

    def _write(self, expr: ast.Expr, bound: frozenset[str], is_formula: bool) -> ast.Expr:
        def write(part: ast.Expr, names: frozenset[str] = bound) -> ast.Expr:
            return self._write(part, names, True)

        match expr:
            case ast.Name(text):
                if text in bound:
                    return expr
                kind: Kind = "predicate" if is_formula else "constant"
                return replace(expr, text=self.names.final[kind, text, 0])
            case ast.Call(function, args):
                applied: Kind = "predicate" if is_formula else "function"
                name = self.names.final[applied, function.text, len(args)]
                terms = tuple(self._write(arg, bound, False) for arg in args)
                return replace(expr, function=replace(function, text=name), args=terms)
            case ast.Number(value):
                return ast.Name(_numeral(value), span=expr.span)
            case ast.Not(operand):
                return replace(expr, operand=write(operand))
            case ast.And(args) | ast.Or(args):
                return replace(expr, args=tuple(map(write, args)))
            case ast.Xor(left, right) | ast.Implies(left, right) | ast.Iff(left, right):
                return replace(expr, left=write(left), right=write(right))
            case ast.Comparison((left, right), (operator,)):
                return self._compared(expr, self._write(left, bound, False), operator, self._write(right, bound, False))
            case ast.Quantified(binders=(binder,), body=body):
                inner = bound | {name.text for name in binder.names}
                domain = replace(binder, domain=ast.Name(self.thing.name))
                return replace(expr, binders=(domain,), body=write(body, inner))
            case _:
                return expr

    def _compared(self, expr: ast.Comparison, left: ast.Expr, operator: str, right: ast.Expr) -> ast.Expr:
        """Comparisons by order become atoms of `less`; `≤` is that the other is not less."""
        if operator in ("==", "!="):
            return replace(expr, terms=(left, right))
        first, second = (left, right) if operator in ("<", ">=") else (right, left)
        atom = ast.Call(ast.Name(_LESS), (first, second), span=expr.span)
        return atom if operator in ("<", ">") else ast.Not(atom, span=expr.span)


def _premise(formula: ast.Expr, label: str = "") -> ast.Statement:
    return ast.Require("premise", (formula,), head=ast.Head(ast.Name(label) if label else None))
