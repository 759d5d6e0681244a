"""Constructors that decide at once what is already known.

They keep both readings of a term: as a formula (where undefined is false) and as a value. So a call of a predicate,
which may be undefined as a value, is never taken out of the connective around it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final, TypeGuard

from nsr.language.evaluate import Undefined, evaluate
from nsr.language.ir import (
    FALSE,
    TRUE,
    Absolute,
    AllDifferent,
    And,
    Apply,
    Conditional,
    Divide,
    ElementAt,
    Equal,
    Extremum,
    FloorDivide,
    FromTruth,
    Iff,
    Implies,
    Less,
    LessEqual,
    Literal,
    Modulo,
    Negate,
    Not,
    Or,
    PositionOf,
    Power,
    Product,
    Program,
    Restrict,
    Rounded,
    Sum,
    Variable,
    Xor,
    integer,
)
from nsr.language.sorts import INT, Element, EnumSort, Value, has_value, number
from nsr.language.traverse import with_children
from nsr.limits import BudgetExceeded, LimitKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nsr.language.ir import Term
    from nsr.language.sorts import Sort

__all__ = [
    "OF_TWO",
    "UNDEFINED",
    "both",
    "choose",
    "conjunction",
    "disjunction",
    "equal",
    "equivalent",
    "exclusive",
    "implication",
    "is_false",
    "is_true",
    "is_undefined",
    "less",
    "less_equal",
    "minus",
    "negation",
    "number_literal",
    "product",
    "remake",
    "remaking",
    "total",
    "truth_number",
]

_NUMBERS: Final = frozenset((int, Fraction))

UNDEFINED: Final = Extremum("min", ())
"""The term without a value: the least of nothing."""


def is_undefined(term: Term) -> bool:
    """Whether the term certainly has no value."""
    return type(term) is Extremum and not term.args


def is_true(term: Term) -> bool:
    """Whether the formula is known to hold."""
    return type(term) is Literal and term.value is True


def is_false(term: Term) -> bool:
    """Whether the formula is known not to hold."""
    return type(term) is Literal and term.value is False


WIDEST_NUMBER = 10_000
"""Numbers of more bits than this are not worked with."""

_FAR: Final = 1 << 62
"""Integers nearer to 0 than this need no further look at their size."""


def number_literal(value: int | Fraction) -> Literal:
    """A literal for an exact number.

    Raises:
        BudgetExceeded: when it is too long to be written down.
    """
    if type(value) is not int or not -_FAR < value < _FAR:
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > WIDEST_NUMBER:
            raise BudgetExceeded(LimitKind.SIZE)
        value = number(value)
    return Literal(value, INT)


def _is_number(term: Term) -> TypeGuard[Literal]:
    return type(term) is Literal and type(term.value) in _NUMBERS


def _as_number(term: Literal) -> int | Fraction:
    assert type(term.value) is int or isinstance(term.value, Fraction)
    return term.value


_TWO_READINGS: Final = frozenset((Apply, Conditional, Variable))


def _has_two_readings(term: Term) -> bool:
    return type(term) in _TWO_READINGS


def conjunction(args: Iterable[Term]) -> Term:
    """All hold."""
    kept: list[Term] = []
    for arg in args:
        if isinstance(arg, Literal):
            if arg.value is not True:
                return FALSE
        elif isinstance(arg, And):
            kept.extend(arg.args)
        else:
            kept.append(arg)
    if not kept:
        return TRUE
    if len(kept) == 1 and not _has_two_readings(kept[0]):
        return kept[0]
    return And(tuple(kept))


def both(first: Term, second: Term) -> Term:
    """Both hold."""
    return conjunction((first, second))


def disjunction(args: Iterable[Term]) -> Term:
    """One holds."""
    kept: list[Term] = []
    for arg in args:
        if isinstance(arg, Literal):
            if arg.value is True:
                return TRUE
        elif isinstance(arg, Or):
            kept.extend(arg.args)
        else:
            kept.append(arg)
    if not kept:
        return FALSE
    if len(kept) == 1 and not _has_two_readings(kept[0]):
        return kept[0]
    return Or(tuple(kept))


def negation(arg: Term) -> Term:
    """It does not hold."""
    if isinstance(arg, Literal):
        return FALSE if arg.value is True else TRUE
    if isinstance(arg, Not) and not _has_two_readings(arg.arg):
        return arg.arg
    return Not(arg)


def implication(left: Term, right: Term) -> Term:
    """The right one holds if the left one does."""
    if isinstance(left, Literal):
        return conjunction((right,)) if left.value is True else TRUE
    if isinstance(right, Literal):
        return TRUE if right.value is True else negation(left)
    return Implies(left, right)


def equivalent(left: Term, right: Term) -> Term:
    """Both hold or neither."""
    if isinstance(left, Literal):
        return conjunction((right,)) if left.value is True else negation(right)
    if isinstance(right, Literal):
        return conjunction((left,)) if right.value is True else negation(left)
    return Iff(left, right)


def exclusive(left: Term, right: Term) -> Term:
    """Exactly one of the two holds."""
    if isinstance(left, Literal) or isinstance(right, Literal):
        return negation(equivalent(left, right))
    return Xor(left, right)


def _same(left: Value, right: Value) -> bool:
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def equal(left: Term, right: Term) -> Term:
    """The same value; false where one side has none."""
    if isinstance(left, Literal) and isinstance(right, Literal):
        return TRUE if _same(left.value, right.value) else FALSE
    if is_undefined(left) or is_undefined(right):
        return FALSE
    return Equal(left, right)


def _rank(value: Value) -> int | Fraction | None:
    if type(value) is int:
        return value
    if isinstance(value, Element):
        return value.index
    return value if isinstance(value, int | Fraction) else None


def less(left: Term, right: Term) -> Term:
    """Strictly before; false where one side is undefined or `none`."""
    if is_undefined(left) or is_undefined(right):
        return FALSE
    if isinstance(left, Literal) and isinstance(right, Literal):
        a, b = _rank(left.value), _rank(right.value)
        return TRUE if a is not None and b is not None and a < b else FALSE
    return Less(left, right)


def less_equal(left: Term, right: Term) -> Term:
    """Before or the same; false where one side is undefined or `none`."""
    if is_undefined(left) or is_undefined(right):
        return FALSE
    if isinstance(left, Literal) and isinstance(right, Literal):
        a, b = _rank(left.value), _rank(right.value)
        return TRUE if a is not None and b is not None and a <= b else FALSE
    return LessEqual(left, right)


def total(args: Sequence[Term]) -> Term:
    """The sum; nested sums are opened and literals added up."""
    constant: int | Fraction = 0
    kept: list[Term] = []
    is_nested = Sum in map(type, args)
    for part in _opened(args) if is_nested else args:
        if type(part) is Apply:
            kept.append(part)
        elif _is_number(part):
            constant += _as_number(part)
        elif is_undefined(part):
            return UNDEFINED
        else:
            kept.append(part)
    if not kept:
        return number_literal(constant)
    if constant != 0:
        kept.append(number_literal(constant))
    return Sum(tuple(kept)) if len(kept) > 1 or isinstance(kept[0], Apply | Literal) else kept[0]


def _opened(args: Sequence[Term]) -> Iterator[Term]:
    for arg in args:
        if type(arg) is Sum:
            yield from arg.args
        else:
            yield arg


def minus(arg: Term) -> Term:
    """The negative."""
    if _is_number(arg):
        return number_literal(-_as_number(arg))
    return UNDEFINED if is_undefined(arg) else Negate(arg)


def product(args: Sequence[Term], constant: int | Fraction = 1) -> Term:
    """The product; literals are multiplied. A factor 0 decides only when the others are always defined."""
    kept: list[Term] = []
    for arg in args:
        if _is_number(arg):
            constant *= _as_number(arg)
        elif is_undefined(arg):
            return UNDEFINED
        else:
            kept.append(arg)
    if not kept:
        return number_literal(constant)
    if constant != 1:
        kept.insert(0, number_literal(constant))
    return Product(tuple(kept))


def truth_number(arg: Term) -> Term:
    """1 for true and 0 for false."""
    if isinstance(arg, Literal):
        return integer(1 if arg.value is True else 0)
    return FromTruth(arg)


def choose(condition: Term, then: Term, otherwise: Term) -> Term:
    """`then` where the condition holds, else `otherwise`."""
    if isinstance(condition, Literal):
        return then if condition.value is True else otherwise
    if then is otherwise:
        return then
    return Conditional(condition, then, otherwise)


def remake(term: Term, new: Sequence[Term]) -> Term:
    """A node of the same kind over other children, as many as `traverse.children` gives, decided where it can be.

    Binders are not touched: they have children that only mean something under them.
    """
    decide = _DECIDE.get(type(term))
    if decide is not None:
        return decide(new)
    match term:
        case PositionOf():
            return _position(term, new[0])
        case ElementAt(_, sort):
            return _element_at(term, new[0], sort)
        case Restrict(_, sort):
            return _restrict(term, new[0], sort)
        case Absolute() | Rounded() | Extremum() | Divide() | FloorDivide() | Modulo() | Power():
            return _arithmetic(term, new)
        case _:
            return with_children(term, new)


def remaking(term: Term) -> Callable[[Sequence[Term]], Term]:
    """`remake` of this term, for many lists of children."""
    return _DECIDE.get(type(term)) or partial(remake, term)


def _position(term: Term, arg: Term) -> Term:
    if isinstance(arg, Literal):
        return integer(arg.value.index + 1) if isinstance(arg.value, Element) else UNDEFINED
    return UNDEFINED if is_undefined(arg) else with_children(term, (arg,))


def _element_at(term: Term, arg: Term, sort: Sort) -> Term:
    if isinstance(arg, Literal):
        assert isinstance(sort, EnumSort)
        position = arg.value
        if isinstance(position, int) and 1 <= position <= len(sort.elements):
            return Literal(sort.element(position - 1), sort)
        return UNDEFINED
    return UNDEFINED if is_undefined(arg) else with_children(term, (arg,))


def _restrict(term: Term, arg: Term, sort: Sort) -> Term:
    if isinstance(arg, Literal):
        return Literal(arg.value, sort) if has_value(sort, arg.value) else UNDEFINED
    return UNDEFINED if is_undefined(arg) else with_children(term, (arg,))


def _arithmetic(term: Term, new: Sequence[Term]) -> Term:
    for arg in new:
        if is_undefined(arg):
            return UNDEFINED
        if not isinstance(arg, Literal):
            return with_children(term, new)
    known = with_children(term, new)
    value = evaluate(known, {}, _NOTHING)
    return UNDEFINED if value is Undefined.UNDEFINED else Literal(value, INT)


def _all_different(new: Sequence[Term]) -> Term:
    kept = [arg for arg in new if not is_undefined(arg)]
    if len(kept) < 2:
        return TRUE
    known = [arg.value for arg in kept if isinstance(arg, Literal)]
    if len(set(known)) < len(known):
        return FALSE
    return TRUE if len(known) == len(kept) else AllDifferent(tuple(kept))


_NOTHING: Final = Program(sorts={}, symbols={}, definitions={}, tables={}, requirements=(), questions=())

OF_TWO: Final[dict[type, Callable[[Term, Term], Term]]] = {
    Equal: equal,
    Less: less,
    LessEqual: less_equal,
    Implies: implication,
    Iff: equivalent,
    Xor: exclusive,
}
"""Nodes of two parts, of which nothing but these counts."""


def _spread(decide: Callable[[Term, Term], Term]) -> Callable[[Sequence[Term]], Term]:
    return lambda new: decide(*new)


_DECIDE: Final[dict[type, Callable[[Sequence[Term]], Term]]] = {
    And: conjunction,
    Or: disjunction,
    **{kind: _spread(decide) for kind, decide in OF_TWO.items()},
    Not: lambda new: negation(*new),
    Sum: total,
    Negate: lambda new: minus(*new),
    Product: product,
    Conditional: lambda new: choose(*new),
    FromTruth: lambda new: truth_number(*new),
    AllDifferent: _all_different,
}
"""Nodes of which nothing but the children counts."""
