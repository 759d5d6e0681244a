"""Rewritten formulas against the meaning of the source, structure by structure."""

import itertools
import random
from fractions import Fraction

import pytest

from nsr.language import ir
from nsr.language.evaluate import evaluate, holds
from nsr.language.ir import And, Apply, Bound, Find, Function, Literal, Program, Question, Requirement, Variable
from nsr.language.sorts import INT, Element, EnumSort, IntSort, SetSort, sort_values
from nsr.limits import Budget
from nsr.reformulations import features
from nsr.reformulations.binders_to_instances import BINDERS_TO_INSTANCES
from nsr.reformulations.circuit_to_order import CIRCUIT_TO_ORDER
from nsr.reformulations.features import features_of
from nsr.reformulations.partial_to_guarded import PARTIAL_TO_GUARDED
from nsr.reformulations.piecewise_to_conditionals import PIECEWISE_TO_CONDITIONALS
from nsr.reformulations.protocol import Construct
from nsr.reformulations.schedules_to_comparisons import SCHEDULES_TO_COMPARISONS
from nsr.reformulations.sets_to_memberships import SETS_TO_MEMBERSHIPS

T = EnumSort("T", ("a", "b", "c"))
SETS = SetSort(T)
NUMBERS = SetSort(INT)
ELEMENTS = list(sort_values(T))
SMALL = IntSort(-1, 3)
X = Variable("x", T)
QUESTION = Question(Find())


def literal(value):
    return Literal(value, T if isinstance(value, Element) else INT)


def program(formula, *functions, tables=None):
    symbols = {f.name: f for f in functions}
    return Program({}, symbols, {}, tables or {}, (Requirement("r", "constraint", formula),), (QUESTION,))


# Sets

S, U, F, N = (
    Function("s", "var", (), SETS),
    Function("u", "var", (T,), SETS),
    Function("f", "var", (T,), T),
    Function("n", "var", (T,), SMALL),
)
W = Function("w", "param", (T,), SETS)
TABLE = ir.Table({(ELEMENTS[0],): frozenset(ELEMENTS[:2])}, frozenset({ELEMENTS[2]}), True)


class Sets:
    def __init__(self, r):
        self.r = r
        self.names = 0

    def variable(self):
        self.names += 1
        return Variable(f"v{self.names}", T)

    def element(self, scope):
        kinds = [lambda: literal(self.r.choice(ELEMENTS))]
        kinds += [lambda: self.r.choice(scope)] * (2 if scope else 0)
        kinds += [lambda: Apply("f", (literal(self.r.choice(ELEMENTS)),), T), lambda: self.shifted(scope)]
        return self.r.choice(kinds)()

    def shifted(self, scope):
        inner = self.r.choice([*scope, literal(ELEMENTS[0])])
        return ir.ElementAt(ir.Sum((ir.PositionOf(inner), ir.integer(1))), T)

    def set(self, depth, scope=()):
        if depth == 0:
            return self.r.choice(
                [Apply("s", (), SETS), Literal(frozenset(self.r.sample(ELEMENTS, 2)), SETS),
                 Apply("u", (self.element(scope),), SETS), Apply("w", (self.element(scope),), SETS)]
            )  # fmt: skip
        kind = self.r.randrange(5)
        if kind == 0:
            return ir.SetOf(tuple(self.element(scope) for _ in range(self.r.randrange(3))), SETS)
        if kind == 1:
            v = self.variable()
            inner = [*scope, v]
            return ir.SetComprehension((Bound(v),), self.formula(depth - 1, inner), self.element(inner), SETS)
        if kind == 2:
            return ir.Conditional(self.formula(0, scope), self.set(0, scope), self.set(0, scope))
        name = self.r.choice(["union", "intersection", "difference"])
        return ir.SetOperation(name, self.set(depth - 1, scope), self.set(depth - 1, scope))

    def formula(self, depth, scope=()):
        kind = self.r.randrange(5)
        if kind == 0:
            return ir.Member(self.element(scope), self.set(depth, scope))
        if kind == 1:
            return ir.Subset(self.set(depth, scope), self.set(depth, scope))
        if kind == 2:
            return ir.Equal(self.set(depth, scope), self.set(depth, scope))
        if kind == 3:
            return ir.Less(ir.Cardinality(self.set(depth, scope)), ir.integer(self.r.randrange(1, 3)))
        return ir.AllDifferent(tuple(self.set(0, scope) for _ in range(2)))


def structures(r, count):
    subsets = [frozenset(c) for n in range(4) for c in itertools.combinations(ELEMENTS, n)]
    for _ in range(count):
        yield {
            "s": {(): r.choice(subsets)},
            "u": {(e,): r.choice(subsets) for e in ELEMENTS},
            "f": {(e,): r.choice(ELEMENTS) for e in ELEMENTS},
            "n": {(e,): r.randrange(-1, 4) for e in ELEMENTS},
        }


def as_truths(structure):
    out = dict(structure)
    for name in ("s", "u"):
        out[name] = {(*key, e): e in value for key, value in structure[name].items() for e in ELEMENTS}
    return out


def agree(formula, r, count=6):
    source = program(formula, S, U, F, N, W, tables={"w": TABLE})
    without = SETS_TO_MEMBERSHIPS.rewrite(source, Budget())
    assert not features_of(without) & features(Construct.SET)
    ground = BINDERS_TO_INSTANCES.rewrite(without, Budget())
    for structure in structures(r, count):
        expected = holds(formula, structure, source)
        assert holds(without.requirements[0].formula, as_truths(structure), without) == expected
        assert holds(ground.requirements[0].formula, as_truths(structure), ground) == expected


@pytest.mark.parametrize("seed", range(60))
def test_what_is_said_of_sets_is_said_of_members(seed):
    r = random.Random(seed)
    agree(Sets(r).formula(2), r)


def test_different_values_of_unlimited_numbers_are_counted_once():
    r = random.Random(0)
    n = Apply("n", (X,), SMALL)
    values = ir.SetComprehension((Bound(X),), ir.Not(ir.Equal(n, ir.integer(0))), n, NUMBERS)
    more = ir.SetOperation("union", values, ir.SetOf((ir.integer(1), ir.integer(1), ir.integer(7)), NUMBERS))
    for some in (values, more, ir.SetOperation("difference", more, values), Literal(frozenset({1, 2}), NUMBERS)):
        for size in range(4):
            agree(ir.Equal(ir.Cardinality(some), ir.integer(size)), r)
        agree(ir.Subset(some, more), r)
        agree(ir.Equal(some, values), r)


def test_sets_of_different_bindings_differ():
    formula = ir.Aggregate("all_different", (Bound(X),), ir.TRUE, Apply("u", (X,), SETS))
    agree(formula, random.Random(1), 40)


def test_names_bound_twice_are_not_mixed_up():
    inner = ir.SetComprehension((Bound(X),), ir.Member(X, Apply("s", (), SETS)), X, SETS)
    agree(ir.Quantified("exists", (Bound(X),), ir.Not(ir.Member(X, inner))), random.Random(2), 20)


def test_comprehensions_are_written_out_as_unions():
    formula = ir.Equal(
        ir.SetComprehension((Bound(X),), ir.Member(X, Apply("s", (), SETS)), Apply("f", (X,), T), SETS),
        Apply("u", (literal(ELEMENTS[0]),), SETS),
    )
    source = program(formula, S, U, F, N)
    ground = BINDERS_TO_INSTANCES.rewrite(source, Budget())
    for structure in structures(random.Random(3), 30):
        assert holds(ground.requirements[0].formula, structure, source) == holds(formula, structure, source)


# Schedules, circuits, broken lines

START = Function("start", "var", (T,), IntSort(0, 4))
LONG = Function("long", "var", (T,), SMALL)


ONE = ir.integer(1)


def task(condition=ir.TRUE, demand=ONE):
    start = Apply("start", (X,), START.value)
    return ir.Task((Bound(X),), condition, start, Apply("long", (X,), LONG.value), demand)


def schedules():
    later = ir.Equal(X, literal(ELEMENTS[0]))
    partial = ir.FloorDivide(ir.integer(4), Apply("long", (X,), LONG.value))
    demand = Apply("long", (X,), LONG.value)
    yield ir.NoOverlap((task(),))
    yield ir.NoOverlap((task(ir.Not(later)), ir.Task((), ir.TRUE, ir.integer(1), ir.integer(1), ir.integer(1))))
    yield ir.NoOverlap((ir.Task((Bound(X),), ir.Not(later), partial, ir.integer(1), ir.integer(1)),))
    yield ir.Cumulative(ir.integer(2), (task(),))
    yield ir.Cumulative(ir.integer(2), (task(demand=demand),))
    yield ir.Cumulative(ir.integer(1), (task(demand=ir.Negate(demand)), task(ir.Not(later), ir.integer(2))))
    yield ir.Cumulative(Apply("long", (literal(ELEMENTS[2]),), SMALL), (task(),))


@pytest.mark.parametrize("formula", list(schedules()))
def test_schedules_are_comparisons(formula):
    source = program(formula, START, LONG)
    ground = BINDERS_TO_INSTANCES.rewrite(source, Budget())
    compared = SCHEDULES_TO_COMPARISONS.rewrite(ground, Budget())
    assert not features_of(compared) & features(Construct.SCHEDULE)
    guarded = [PARTIAL_TO_GUARDED.rewrite(one, Budget()) for one in (ground, compared)]
    r = random.Random(0)
    seen = set()
    for _ in range(150):
        structure = {
            "start": {(e,): r.randrange(5) for e in ELEMENTS},
            "long": {(e,): r.choice([0, 1, 1, 2, -1, 3]) for e in ELEMENTS},
        }
        expected = holds(formula, structure, source)
        seen.add(expected)
        assert holds(compared.requirements[0].formula, structure, source) == expected
        for one in guarded:
            assert holds(one.requirements[0].formula, structure, source) == expected
    assert seen == {True, False}


@pytest.mark.parametrize("is_denied", [False, True])
def test_a_circuit_is_an_order(is_denied):
    after = Function("next", "var", (T,), T)
    circuit = ir.Circuit(tuple(Apply("next", (literal(e),), T) for e in ELEMENTS), T)
    formula = ir.Not(circuit) if is_denied else circuit
    source = program(formula, after)
    ordered = CIRCUIT_TO_ORDER.rewrite(source, Budget())
    steps, rewritten = (r.formula for r in ordered.requirements)
    for values in itertools.product(ELEMENTS, repeat=3):
        structure = {"next": {(e,): v for e, v in zip(ELEMENTS, values, strict=True)}}
        # Whatever the successors are, there is exactly one order.
        orders = []
        for places in itertools.product(ELEMENTS, repeat=3):
            extra = {f"#place {i}": {(): v} for i, v in enumerate(places, 1)}
            if holds(steps, {**structure, **extra}, ordered):
                orders.append(extra)
        assert len(orders) == 1
        assert holds(rewritten, {**structure, **orders[0]}, ordered) == holds(formula, structure, source)


def test_a_broken_line_is_a_choice_of_pieces():
    x = Function("x", "var", (), IntSort(-2, 30))
    line = ir.Piecewise(ir.Divide(Apply("x", (), x.value), ir.integer(2)), ((0, 0), (1, Fraction(7, 2)), (10, 25)))
    formula = ir.Less(line, ir.integer(9))
    source = program(And((formula,)), x)
    rewritten = PIECEWISE_TO_CONDITIONALS.rewrite(source, Budget()).requirements[0].formula
    for value in range(-2, 31):
        structure = {"x": {(): value}}
        assert holds(rewritten, structure, source) == holds(formula, structure, source)
    assert evaluate(line, {"x": {(): 2}}, source) == Fraction(7, 2)
