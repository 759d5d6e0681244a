"""Rounded data: a program with decimals that has no solution, with every equation and inequality held to 1e-6 relative.

Only comparisons that speak of numbers that are not whole are relaxed, so that a requirement becomes weaker: under a
negation they are made stronger. Conditions of comprehensions and what stands on either side of `iff` stay exact.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from nsr.language import ir
from nsr.language.sorts import REAL, is_numeric
from nsr.language.traverse import subterms

__all__ = ["NOTE", "relaxed"]

TOLERANCE = Fraction(1, 1_000_000)
NOTE = "the data are rounded: exactly there is no solution, with equations and inequalities held to 1e-6 there is"


def relaxed(program: ir.Program, number: int) -> ir.Program | None:
    """The program with the tolerance in the requirements of a question; None if no number in them is rounded."""
    question = program.questions[number]
    relaxing = _Relaxing(program)
    inner = tuple(replace(r, formula=relaxing.weaker(r.formula)) for r in question.requirements)
    outer = tuple(replace(r, formula=relaxing.weaker(r.formula)) for r in program.requirements)
    if (inner, outer) == (question.requirements, program.requirements):
        return None
    return replace(program, requirements=outer).with_question(number, replace(question, requirements=inner))


class _Relaxing:
    def __init__(self, program: ir.Program) -> None:
        self._program = program
        self._rounded: dict[str, bool] = {}

    def weaker(self, term: ir.Term) -> ir.Term:
        """A formula that is true wherever `term` is, and where it is nearly."""
        match term:
            case ir.And(args) | ir.Or(args):
                return replace(term, args=tuple(self.weaker(a) for a in args))
            case ir.Not(arg):
                return replace(term, arg=self.stronger(arg))
            case ir.Implies(left, right):
                return replace(term, left=self.stronger(left), right=self.weaker(right))
            case ir.Quantified(body=body):
                return replace(term, body=self.weaker(body))
            case ir.Conditional(_, then, otherwise):
                return replace(term, then=self.weaker(then), otherwise=self.weaker(otherwise))
            case ir.Equal(left, right) if self._is_rounded(left, right):
                return ir.And((self._below(left, right, 1), self._below(right, left, 1)), origin=term.origin)
            case ir.LessEqual(left, right) | ir.Less(left, right) if self._is_rounded(left, right):
                return self._below(left, right, 1)
            case _:
                return term

    def stronger(self, term: ir.Term) -> ir.Term:
        """A formula whose denial is true wherever that of `term` is, and where it is nearly."""
        match term:
            case ir.And(args) | ir.Or(args):
                return replace(term, args=tuple(self.stronger(a) for a in args))
            case ir.Not(arg):
                return replace(term, arg=self.weaker(arg))
            case ir.Implies(left, right):
                return replace(term, left=self.weaker(left), right=self.stronger(right))
            case ir.Quantified(body=body):
                return replace(term, body=self.stronger(body))
            case ir.LessEqual(left, right) | ir.Less(left, right) if self._is_rounded(left, right):
                return self._below(left, right, -1)
            case _:
                return term

    def _below(self, left: ir.Term, right: ir.Term, sign: int) -> ir.Term:
        """`left` exceeds `right` by no more than the tolerance; with sign -1 it stays below by more than that."""
        excess = ir.Sum((left, ir.Negate(right)))
        known = next((v for v in (_constant(left), _constant(right)) if v is not None), None)
        unit = sign * TOLERANCE
        if known is not None:
            return _within(excess, ir.Literal(unit * max(Fraction(1), abs(known)), REAL), sign)
        parts = [_within(excess, ir.Literal(unit, REAL), sign)]
        for side in (left, right):
            for scale in (unit, -unit):
                parts.append(_within(excess, ir.Product((ir.Literal(scale, REAL), side)), sign))
        return ir.Or(tuple(parts)) if sign > 0 else ir.And(tuple(parts))

    def _is_rounded(self, left: ir.Term, right: ir.Term) -> bool:
        """Whether two sides are numbers and something in them is not whole."""
        if not (is_numeric(ir.sort_of(left)) and is_numeric(ir.sort_of(right))):
            return False
        return self._has_decimals(left) or self._has_decimals(right)

    def _has_decimals(self, term: ir.Term) -> bool:
        for node in subterms(term):
            if isinstance(node, ir.Literal) and isinstance(node.value, Fraction):
                return True
            if isinstance(node, ir.Apply) and self._is_rounded_symbol(node.symbol):
                return True
        return False

    def _is_rounded_symbol(self, name: str) -> bool:
        if name not in self._rounded:
            self._rounded[name] = False
            program = self._program
            if name in program.tables:
                table = program.tables[name]
                found = any(isinstance(v, Fraction) for v in (*table.entries.values(), table.default))
            elif name in program.definitions:
                found = self._has_decimals(program.definitions[name].body)
            else:
                found = False
            self._rounded[name] = found
        return self._rounded[name]


def _within(excess: ir.Term, most: ir.Term, sign: int) -> ir.Term:
    return ir.LessEqual(excess, most) if sign > 0 else ir.Less(excess, most)


def _constant(term: ir.Term) -> Fraction | None:
    match term:
        case ir.Literal(value) if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return Fraction(value)
        case ir.Negate(arg):
            inner = _constant(arg)
            return None if inner is None else -inner
        case _:
            return None
