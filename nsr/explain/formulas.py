"""Typed formulas back in the program's language, for what stands in no source: conclusions of proofs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from nsr.language import ir
from nsr.language.printer import print_name
from nsr.language.sorts import Element, Value
from nsr.language.traverse import children

__all__ = ["formula_words"]

_BINARY: dict[type[ir.Node], str] = {
    ir.Equal: "==", ir.Less: "<", ir.LessEqual: "<=", ir.Implies: "implies", ir.Iff: "iff", ir.Xor: "xor",
    ir.Divide: "/", ir.FloorDivide: "//", ir.Modulo: "%", ir.Power: "**", ir.Member: "in", ir.Subset: "<=",
}  # fmt: skip
_JOINED: dict[type[ir.Node], tuple[str, str]] = {
    ir.And: (" and ", "true"), ir.Or: (" or ", "false"), ir.Sum: (" + ", "0"), ir.Product: (" * ", "1"),
}  # fmt: skip
_SIGNS = {"union": "|", "intersection": "&", "difference": "-"}


def formula_words(term: ir.Term, name: Callable[[str], str] = print_name) -> str:
    """A formula or value as it would be written; `name` spells the symbols and variables."""
    return _Words(name).of(term, is_inside=False)


class _Words:
    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name

    def of(self, term: ir.Term, *, is_inside: bool) -> str:
        """The text of a term, in parentheses where it stands inside another and is no single word or call."""
        text, is_closed = self._plain(term)
        return f"({text})" if is_inside and not is_closed else text

    def _plain(self, term: ir.Term) -> tuple[str, bool]:
        """The text, and whether it holds together without parentheses."""
        match term:
            case ir.Literal(value):
                return _value(value), not (isinstance(value, int | Fraction) and value < 0)
            case ir.Variable(name):
                return self._name(name), True
            case ir.Apply(symbol, args):
                return self._call(self._name(symbol), args), True
            case ir.Not(ir.Equal(left, right)):
                return f"{self.of(left, is_inside=True)} != {self.of(right, is_inside=True)}", False
            case ir.Not(arg):
                return f"not {self.of(arg, is_inside=True)}", False
            case ir.Negate(arg):
                return f"-{self.of(arg, is_inside=True)}", False
            case ir.Quantified(kind, binders, body):
                return f"{kind} {self._bound(binders)}: {self.of(body, is_inside=False)}", False
            case ir.Conditional(condition, then, otherwise):
                parts = [self.of(part, is_inside=True) for part in (condition, then, otherwise)]
                return "if {} then {} else {}".format(*parts), False
            case ir.Aggregate(kind, binders, condition, element):
                return self._comprehension(kind, binders, condition, element), True
            case ir.SetComprehension(binders, condition, element):
                return "{" + self._comprehension("", binders, condition, element)[1:-1] + "}", True
            case ir.SetOf(args):
                return "{" + ", ".join(self.of(arg, is_inside=False) for arg in args) + "}", True
            case ir.SetOperation(kind, left, right):
                return f"{self.of(left, is_inside=True)} {_SIGNS[kind]} {self.of(right, is_inside=True)}", False
            case ir.Restrict(arg) | ir.ElementAt(ir.Sum((ir.PositionOf(arg),))) | ir.FromTruth(arg):
                return self._plain(arg)
            case _:
                return self._other(term)

    def _other(self, term: ir.Term) -> tuple[str, bool]:
        """Operators, and everything else as a call of what it is."""
        parts = children(term)
        if type(term) in _BINARY:
            return f" {_BINARY[type(term)]} ".join(self.of(part, is_inside=True) for part in parts), False
        if type(term) in _JOINED:
            sign, empty = _JOINED[type(term)]
            return (sign.join(self.of(part, is_inside=True) for part in parts), False) if parts else (empty, True)
        words = {
            ir.PositionOf: "pos", ir.Absolute: "abs", ir.Cardinality: "len", ir.AllDifferent: "distinct",
        }  # fmt: skip
        named = getattr(term, "kind", None) or words.get(type(term), type(term).__name__.lower())
        return self._call(str(named), parts), True

    def _call(self, name: str, args: Sequence[ir.Term]) -> str:
        return f"{name}({', '.join(self.of(arg, is_inside=False) for arg in args)})" if args else name

    def _bound(self, binders: Sequence[ir.Bound]) -> str:
        return ", ".join(f"{self._name(b.variable.name)} in {self._domain(b)}" for b in binders)

    def _domain(self, bound: ir.Bound) -> str:
        match bound.domain:
            case ir.Interval(low, high):
                return f"{self.of(low, is_inside=True)} .. {self.of(high, is_inside=True)}"
            case ir.Listed(values):
                return "{" + ", ".join(self.of(value, is_inside=False) for value in values) + "}"
            case None:
                return str(bound.variable.sort)

    def _comprehension(self, kind: str, binders: Sequence[ir.Bound], condition: ir.Term, element: ir.Term) -> str:
        told = self.of(element, is_inside=True) if kind != "count" else self._name(binders[-1].variable.name)
        filtered = "" if condition == ir.TRUE else f" if {self.of(condition, is_inside=False)}"
        return f"{kind}({told} for {self._bound(binders)}{filtered})"


def _value(value: Value) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case Element(_, name, _):
            return print_name(name)
        case frozenset():
            return "{" + ", ".join(sorted(map(_value, value))) + "}"
        case _:
            return str(value)
