"""Terms of clauses: one form for literals, terms in the place of variables, and which terms have a value for sure.

Part of what has to be right for the checker to be right. A variable may only stand for a term that has a value of its
sort in every world; an argument outside its type, `none` or a missing entry would make "for all" say too much.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from nsr.language.ir import (
    Absolute,
    Apply,
    Divide,
    ElementAt,
    Extremum,
    FloorDivide,
    Literal,
    Modulo,
    Negate,
    PositionOf,
    Power,
    Product,
    Program,
    Restrict,
    Rounded,
    Sum,
    Term,
    Variable,
    sort_of,
)
from nsr.language.meaning import Evaluator
from nsr.language.sorts import (
    BOOL,
    INT,
    REAL,
    Element,
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    Sort,
    Value,
    has_value,
)
from nsr.language.traverse import binders_of, children, free_variables, rebuild, with_children
from nsr.language.values import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "SKOLEM", "Captured", "call", "canonical", "fits", "is_inhabited", "is_total", "literal",
    "substituted",
]  # fmt: skip

SKOLEM = "`"
"""How the names of Skolem functions begin; no name of a program has a backquote in it."""


_RECKONED = (
    Absolute, Divide, ElementAt, Extremum, FloorDivide, Modulo, Negate, PositionOf, Power, Product, Restrict, Rounded,
    Sum,
)  # fmt: skip
_NOTHING = Program({}, {}, {}, {}, (), ())


class Captured(ValueError):
    """A variable of a term would come under a binder of the same name."""


def literal(value: Value, sort: Sort) -> Literal:
    """A value as a term: numbers and truth values have one sort each, whatever they were written for."""
    if isinstance(value, bool) or value is None:
        return Literal(value, BOOL)
    if isinstance(value, int):
        return Literal(value, INT)
    return Literal(value, REAL if isinstance(value, Fraction) else sort)


def call(program: Program, symbol: str, row: tuple[Value, ...]) -> Apply:
    """A relation or predicate at values, as it stands in clauses."""
    declared = program.symbols[symbol]
    args = tuple(literal(value, sort) for value, sort in zip(row, declared.arguments, strict=True))
    return Apply(symbol, args, declared.value)


def canonical(term: Term) -> Term:
    """The term with all its literals in the form of `literal`, and what can be reckoned with them alone reckoned."""
    return rebuild(term, lambda node: literal(node.value, node.sort) if isinstance(node, Literal) else _reckoned(node))


def _reckoned(node: Term) -> Term:
    """A value in the place of a term of literals, if it has one."""
    inner = children(node)
    if not isinstance(node, _RECKONED) or not inner or not all(isinstance(part, Literal) for part in inner):
        return node
    value = Evaluator({}, _NOTHING, None).value(node, {})
    return node if value is UNDEFINED else literal(value, sort_of(node))


def substituted(term: Term, values: Mapping[str, Term]) -> Term:
    """The term with others in the place of its free variables, all at once.

    Raises:
        Captured: if a variable of a value would be bound where it comes to stand, or a binder binds a replaced name.
    """
    if isinstance(term, Variable):
        return values.get(term.name, term)
    inner = children(term)
    if not inner or not values:
        return term
    bound = {binder.variable.name for binder in binders_of(term)}
    if bound:
        free = free_variables(term)
        values = {name: value for name, value in values.items() if name in free}
        if any(name in bound or free_variables(value) & bound for name, value in values.items()):
            raise Captured(", ".join(sorted(bound)))
    new = [substituted(child, values) for child in inner]
    return term if all(a is b for a, b in zip(new, inner, strict=True)) else _reckoned(with_children(term, new))


def is_inhabited(sort: Sort) -> bool:
    """Whether a sort has a value for sure, so that "for all" says something about one."""
    match sort:
        case OpenSort():
            return True
        case EnumSort(elements=elements):
            return bool(elements)
        case NumberSort(values=values):
            return bool(values)
        case IntSort(low, high) | RealSort(low, high):
            return low is None or high is None or low < high or (low == high and isinstance(sort, IntSort))
        case SetSort():
            return True
        case _:
            return sort == BOOL


def is_total(term: Term, program: Program) -> bool:
    """Whether a term has a value of its own sort in every world."""
    match term:
        case Variable():
            return True
        case Literal(value, sort):
            return value is not None and fits(term, sort, program)
        case Apply(symbol, args, _) if symbol.startswith(SKOLEM):
            return all(is_total(arg, program) for arg in args)
        case Apply(symbol, args, sort):
            declared = program.symbols.get(symbol)
            if declared is None or declared.kind not in ("var", "pred") or declared.is_optional:
                return False
            if sort != declared.value or len(args) != len(declared.arguments):
                return False
            return all(fits(arg, wanted, program) for arg, wanted in zip(args, declared.arguments, strict=True))
        case _:
            return False


def fits(term: Term, sort: Sort, program: Program) -> bool:
    """Whether a term has a value of this sort in every world."""
    match term:
        case Literal(value):
            return _is_value_of(value, sort)
        case Variable(sort=own) | Apply(sort=own):
            return own == sort and is_total(term, program)
        case _:
            return False


def _is_value_of(value: Value, sort: Sort) -> bool:
    """`has_value`, for elements that are in their type."""
    if isinstance(value, Element):
        names = sort.elements if isinstance(sort, EnumSort) else sort.constants if isinstance(sort, OpenSort) else ()
        return has_value(sort, value) and 0 <= value.index < len(names) and names[value.index] == value.name
    if isinstance(value, frozenset) and isinstance(sort, SetSort):
        return all(_is_value_of(part, sort.element) for part in value)
    return has_value(sort, value)
