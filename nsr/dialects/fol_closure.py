"""Binds the variables of a formula that nothing binds.

`implied`: the notation itself binds them by `∀` before the formula, as Prover9 does; that is no repair. `universal`:
they are read so, as the open formulas of textbooks are. `smallest`: they are read as the indefinites of a text (Kamp,
"A theory of truth and semantic representation", 1981), for programs of language models that forget quantifiers: what
only an atom or a conjunction speaks of is something there, `∃` before that part (`Owns(ann, y) ∧ Dog(y)`, and
`∀x (Farmer(x) → Owns(x, y))`); what both sides of another connective speak of is anything (`Dog(x) → Animal(x)`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from nsr.dialects.fol_names import free_variables
from nsr.dialects.fol_parser import THING, children
from nsr.dialects.repairs import Findings
from nsr.language import ast

__all__ = ["Closure", "closed"]

Closure: TypeAlias = Literal["implied", "universal", "smallest"]


def closed(expr: ast.Expr, text: str, closure: Closure, findings: Findings) -> ast.Expr:
    """The formula with each variable that nothing binds bound, and told as a repair; `text` is where it stands."""
    for name, place in free_variables(expr).items():
        part = _part_with(expr, name) if closure == "smallest" else None
        sign, where = ("∀", "the formula") if part is None else ("∃", "the part that speaks of it")
        span = expr.span if part is None else part.span
        message = f"nothing binds `{name}`: it is read as `{sign}{name}` before {where}"
        fix = f"{sign}{name} ({text[span.start : span.end]})"
        if closure == "implied":
            findings.warning("fol-free-variable", message, place, found="not bound", help=f"write `{fix}`")
        else:
            findings.repair("fol-free-variable", message, place, fix, at=span, found="not bound")
        if part is None:
            expr = _quantified("forall", name, expr)
        else:
            expr = _replaced(expr, part, _quantified("exists", name, part))
    return expr


def _quantified(kind: ast.QuantifierKind, name: str, body: ast.Expr) -> ast.Expr:
    binder = ast.Binder((ast.Name(name),), ast.Name(THING))
    return ast.Quantified(kind, None, (binder,), None, body, span=body.span)


def _part_with(expr: ast.Expr, name: str) -> ast.Expr | None:
    """The smallest part with all free places of a variable, if that is an atom or a conjunction."""
    part = expr
    while not isinstance(part, ast.Call | ast.Comparison):
        below = [child for child in children(part) if name in free_variables(child)]
        if len(below) != 1:
            return part if isinstance(part, ast.And) else None
        part = below[0]
    return part


def _replaced(expr: ast.Expr, old: ast.Expr, new: ast.Expr) -> ast.Expr:
    """`expr` with the node `old` (that very one) replaced."""

    def inside(part: ast.Expr) -> ast.Expr:
        return _replaced(part, old, new)

    if expr is old:
        return new
    match expr:
        case ast.Not(operand):
            return replace(expr, operand=inside(operand))
        case ast.And(args) | ast.Or(args):
            return replace(expr, args=tuple(map(inside, args)))
        case ast.Xor(left, right) | ast.Implies(left, right) | ast.Iff(left, right):
            return replace(expr, left=inside(left), right=inside(right))
        case ast.Quantified(body=body):
            return replace(expr, body=inside(body))
        case _:
            return expr
