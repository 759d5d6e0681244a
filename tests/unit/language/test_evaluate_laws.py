"""Laws that the reference evaluator keeps, on terms that Hypothesis makes up."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nsr.language import ir
from nsr.language.evaluate import UNDEFINED, NoEntry, evaluate, holds, power
from nsr.language.ir import integer
from nsr.language.sorts import BOOL, INT, Element, EnumSort, IntSort, NumberSort, Value
from nsr.limits import Budget, BudgetExceeded, LimitKind

LAW = settings(max_examples=50, deadline=None)
EMPTY = ir.Program({}, {}, {}, {}, (), ())
X = ir.Variable("x", INT)
DAY = EnumSort("Day", ("mon", "tue", "wed"), is_ordered=True)


def value(term: ir.Term, **bindings: Value) -> Any:
    return evaluate(term, {}, EMPTY, bindings)


def truth(term: ir.Term, **bindings: Value) -> bool:
    return holds(term, {}, EMPTY, bindings)


numbers = st.recursive(
    st.one_of(st.integers(-3, 3).map(integer), st.just(X)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda a: ir.Sum(tuple(a))),
        st.lists(inner, max_size=3).map(lambda a: ir.Product(tuple(a))),
        st.builds(ir.Divide, inner, inner),
        st.builds(ir.FloorDivide, inner, inner),
        st.builds(ir.Modulo, inner, inner),
        inner.map(ir.Negate),
        inner.map(ir.Absolute),
    ),
    max_leaves=6,
)
atoms = st.one_of(
    st.builds(ir.Equal, numbers, numbers),
    st.builds(ir.Less, numbers, numbers),
    st.builds(ir.LessEqual, numbers, numbers),
)
formulas = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map(ir.Not),
        st.lists(inner, max_size=3).map(lambda a: ir.And(tuple(a))),
        st.lists(inner, max_size=3).map(lambda a: ir.Or(tuple(a))),
        st.builds(ir.Implies, inner, inner),
    ),
    max_leaves=6,
)
places = st.integers(-3, 3)


@LAW
@given(formulas, formulas, places)
def test_de_morgan(a: ir.Term, b: ir.Term, x: int) -> None:
    """Formulas are never undefined, so the laws of two-valued logic hold for them all."""
    assert truth(ir.Not(ir.And((a, b))), x=x) == truth(ir.Or((ir.Not(a), ir.Not(b))), x=x)
    assert truth(ir.Not(ir.Or((a, b))), x=x) == truth(ir.And((ir.Not(a), ir.Not(b))), x=x)
    assert truth(ir.Implies(a, b), x=x) == truth(ir.Or((ir.Not(a), b)), x=x)
    assert truth(ir.Iff(a, b), x=x) != truth(ir.Xor(a, b), x=x)
    assert value(ir.FromTruth(a), x=x) == int(truth(a, x=x))


@LAW
@given(numbers, numbers, places)
def test_order_and_equality_exclude_each_other_unless_undefined(a: ir.Term, b: ir.Term, x: int) -> None:
    found = [truth(c, x=x) for c in (ir.Less(a, b), ir.Equal(a, b), ir.Less(b, a))]
    is_undefined = value(a, x=x) is UNDEFINED or value(b, x=x) is UNDEFINED
    assert sum(found) == (0 if is_undefined else 1)
    # The negation of an order is the other order only where both sides have a value.
    assert truth(ir.Not(ir.Less(a, b)), x=x) == (is_undefined or truth(ir.LessEqual(b, a), x=x))


@LAW
@given(formulas, st.integers(-3, 3), st.integers(-3, 3))
def test_quantifiers_are_long_conjunctions_and_disjunctions(body: ir.Term, low: int, high: int) -> None:
    bound = ir.Bound(X, ir.Interval(integer(low), integer(high)))
    expected = [truth(body, x=i) for i in range(low, high + 1)]
    assert truth(ir.Quantified("forall", (bound,), body)) == all(expected)
    assert truth(ir.Quantified("exists", (bound,), body)) == any(expected)
    count = value(ir.Aggregate("count", (bound,), body, ir.TRUE))
    assert count == sum(expected)
    listed = ir.Bound(X, ir.Listed(tuple(integer(i) for i in [*range(low, high + 1), low])))
    if low <= high:
        assert value(ir.Aggregate("count", (listed,), body, ir.TRUE)) == count


@LAW
@given(numbers, formulas, st.integers(-2, 2), st.integers(-3, 3))
def test_aggregates_are_those_of_python(element: ir.Term, condition: ir.Term, low: int, high: int) -> None:
    bound = ir.Bound(X, ir.Interval(integer(low), integer(high)))
    values = [value(element, x=i) for i in range(low, high + 1) if truth(condition, x=i)]

    def over(kind: Any) -> Any:
        return value(ir.Aggregate(kind, (bound,), condition, element))

    known = [v for v in values if v is not UNDEFINED]
    assert over("all_different") == (len(set(known)) == len(known))
    if len(known) < len(values):
        assert all(over(kind) is UNDEFINED for kind in ("sum", "prod", "min", "max"))
        return
    assert over("sum") == sum(values)
    assert over("prod") == prod(values)
    assert over("min") == (min(values) if values else UNDEFINED)
    assert over("max") == (max(values) if values else UNDEFINED)


@LAW
@given(st.lists(numbers, max_size=4), places)
def test_all_different_is_all_pairs_of_not_equal(args: list[ir.Term], x: int) -> None:
    pairs = [ir.Not(ir.Equal(a, b)) for i, a in enumerate(args) for b in args[i + 1 :]]
    assert truth(ir.AllDifferent(tuple(args)), x=x) == truth(ir.And(tuple(pairs)), x=x)


rationals = st.fractions(min_value=-20, max_value=20, max_denominator=12)


@LAW
@given(rationals, rationals)
def test_arithmetic_is_exact(a: Fraction, b: Fraction) -> None:
    left, right = ir.Literal(a, INT), ir.Literal(b, INT)
    assert value(ir.Sum((left, right))) == a + b
    assert value(ir.Product((left, right))) == a * b
    if b == 0:
        assert value(ir.Divide(left, right)) is UNDEFINED
        assert value(ir.FloorDivide(left, right)) is UNDEFINED
        assert value(ir.Modulo(left, right)) is UNDEFINED
        return
    assert value(ir.Divide(left, right)) == a / b
    quotient, rest = value(ir.FloorDivide(left, right)), value(ir.Modulo(left, right))
    assert quotient * b + rest == a
    assert abs(rest) < abs(b)
    assert rest == 0 or (rest > 0) == (b > 0)


@LAW
@given(rationals)
def test_rounding(a: Fraction) -> None:
    term = ir.Literal(a, INT)
    down, up, near = (value(ir.Rounded(kind, term)) for kind in ("floor", "ceil", "round"))
    assert down <= a <= up < down + 2
    assert abs(near - a) <= Fraction(1, 2)
    if abs(near - a) == Fraction(1, 2):
        assert abs(near) > abs(a)


@LAW
@given(st.integers(-5, 5), st.integers(-6, 6))
def test_powers(base: int, exponent: int) -> None:
    expected = UNDEFINED if base == 0 and exponent < 0 else Fraction(base) ** exponent
    assert power(base, exponent) == expected
    assert power(base, Fraction(1, 2)) is UNDEFINED


def test_huge_powers_end() -> None:
    for base, exponent in ((10, 10**10), (-7, 10**9), (2, -(10**9)), (Fraction(1, 3), 10**9)):
        with pytest.raises(BudgetExceeded) as caught:
            power(base, exponent)
        assert caught.value.kind is LimitKind.SIZE
    assert power(1, 10**30) == power(-1, 10**30) == 1
    assert power(-1, 10**30 + 1) == -1
    assert power(0, 10**30) == 0


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (ir.ElementAt(integer(1), DAY), DAY.element(0)),
        (ir.ElementAt(integer(4), DAY), UNDEFINED),
        (ir.ElementAt(integer(0), DAY), UNDEFINED),
        (ir.ElementAt(ir.Literal(Fraction(3, 2), INT), DAY), UNDEFINED),
        (ir.PositionOf(ir.Literal(DAY.element(2), DAY)), 3),
        (ir.PositionOf(ir.Literal(None, DAY)), UNDEFINED),
        (ir.Restrict(integer(3), IntSort(1, 3)), 3),
        (ir.Restrict(integer(4), IntSort(1, 3)), UNDEFINED),
        (ir.Restrict(ir.Literal(Fraction(1, 2), INT), IntSort(0, 3)), UNDEFINED),
        (ir.Restrict(ir.Literal(Fraction(1, 2), INT), NumberSort("P", (Fraction(1, 2), 2))), Fraction(1, 2)),
        (ir.Restrict(ir.Literal(None, DAY), DAY), UNDEFINED),
        (ir.Equal(ir.Literal(None, DAY), ir.Literal(None, DAY)), True),
        (ir.Less(ir.Literal(None, DAY), ir.Literal(None, DAY)), False),
        (ir.LessEqual(ir.Literal(None, DAY), ir.Literal(None, DAY)), False),
        (ir.Less(ir.Literal(DAY.element(0), DAY), ir.Literal(DAY.element(2), DAY)), True),
        (ir.AllDifferent((ir.Literal(None, DAY), ir.Literal(None, DAY))), False),
        (ir.AllDifferent(()), True),
        (ir.And(()), True),
        (ir.Or(()), False),
        (ir.Sum(()), 0),
        (ir.Product(()), 1),
        (ir.Extremum("min", ()), UNDEFINED),
        (ir.Conditional(ir.TRUE, integer(1), ir.Divide(integer(1), integer(0))), 1),
        (ir.Equal(ir.Extremum("max", ()), integer(1)), False),
    ],
)
def test_values_of_small_terms(term: ir.Term, expected: object) -> None:
    assert value(term) == expected


def test_an_interval_with_an_undefined_end_is_empty() -> None:
    bound = ir.Bound(X, ir.Interval(integer(1), ir.Divide(integer(1), integer(0))))
    assert truth(ir.Quantified("forall", (bound,), ir.FALSE))
    assert not truth(ir.Quantified("exists", (bound,), ir.TRUE))


def test_a_missing_value_is_an_error_and_not_false() -> None:
    with pytest.raises(NoEntry):
        truth(ir.Equal(ir.Apply("f", (integer(1),), INT), integer(1)))
    # Looked at from left to right, and only as far as needed.
    missing = ir.Apply("p", (), BOOL)
    assert not truth(ir.And((ir.FALSE, missing)))
    assert truth(ir.Or((ir.TRUE, missing)))
    assert truth(ir.Implies(ir.FALSE, missing))


def test_definitions_are_called_by_value() -> None:
    x = ir.Variable("x", IntSort(1, 3))
    definitions = {"d": ir.Definition((x,), ir.TRUE)}
    program = ir.Program({}, {}, definitions, {}, (), ())
    outside = ir.Restrict(integer(4), IntSort(1, 3))
    call = ir.Apply("d", (outside,), BOOL)
    assert evaluate(call, {}, program) is UNDEFINED
    assert not holds(call, {}, program)
    assert not holds(ir.Equal(call, ir.FALSE), {}, program)


def test_the_budget_ends_long_loops() -> None:
    bound = ir.Bound(X, ir.Interval(integer(1), integer(10**12)))
    with pytest.raises(BudgetExceeded):
        holds(ir.Quantified("forall", (bound,), ir.TRUE), {}, EMPTY, budget=Budget(steps=10_000))


@settings(max_examples=10, deadline=None)
@given(st.integers(500, 3000))
def test_wide_terms_are_no_problem(width: int) -> None:
    assert value(ir.Sum(tuple(integer(1) for _ in range(width)))) == width


def test_elements_are_values() -> None:
    assert DAY.element(1) == Element("Day", "tue", 1)
