"""The graph of reformulations, and what the steps promise."""

from fractions import Fraction

import pytest

from nsr.grammars.libraries import read_library
from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check
from nsr.language.ir import Apply, Function, Literal
from nsr.language.sorts import BOOL, INT, Element, EnumSort, IntSort, NumberSort
from nsr.limits import Budget, BudgetExceeded
from nsr.reformulations import REFORMULATIONS, Construct, Position, in_order, path_to, reformulate
from nsr.reformulations.bounds import bounds_of, is_whole, values_of
from nsr.reformulations.coding import codes_of, decode, encode, none_code
from nsr.reformulations.features import features_of
from nsr.solvers import backend_names, get_backend
from nsr.testing.cases import CASES


def typed(source):
    checked = check(parse(source).program, source, read_library=read_library)
    assert checked.program is not None, checked.diagnostics
    return checked.program


def test_the_graph_has_no_cycle_and_every_step_comes_after_what_feeds_it():
    order = [step.name for step in in_order()]
    assert sorted(order) == sorted(step.name for step in REFORMULATIONS)
    for earlier in REFORMULATIONS:
        results = frozenset().union(*earlier.rewrites.values())
        for later in REFORMULATIONS:
            if later is not earlier and results & later.rewrites.keys():
                assert order.index(earlier.name) < order.index(later.name)


def test_no_step_brings_in_what_it_takes_out():
    for step in REFORMULATIONS:
        assert not frozenset().union(*step.rewrites.values()) & step.rewrites.keys(), step.name


def test_names_follow_the_files():
    for step in REFORMULATIONS:
        words = "".join(word.capitalize() for word in step.rewrite.__module__.rsplit(".", 1)[1].split("_"))
        assert step.name == words


@pytest.mark.parametrize("backend", backend_names())
def test_what_is_promised_is_reached(backend):
    """Where a plan exists, nothing is left over that the back end does not take."""
    native = get_backend(backend).spec.native
    reached = 0
    for case in CASES[::7]:
        program = typed(case.program)
        path = path_to(features_of(program), native)
        if path.missing or not all(step.is_certain for step in path.steps):
            continue
        assert not reformulate(program, native, Budget()).features - native, case.name
        reached += 1
    assert reached > 10


def test_only_what_is_there_is_rewritten():
    program = typed("var x: 1..5\nconstraint: x + 1 < 4\nfind unique\n")
    path = path_to(features_of(program), get_backend("cpsat").spec.native)
    assert path.steps == ()
    assert path.missing == frozenset()
    assert reformulate(program, get_backend("cpsat").spec.native, Budget()).program == program


def test_features_have_positions():
    program = typed("type T = {a, b}\nvar f(T): 1..3\nconstraint: distinct(f(a), f(b)) or f(a) == 2\nfind unique\n")
    found = {(f.construct, f.position) for f in features_of(program)}
    assert (Construct.ALL_DIFFERENT, Position.REIFIED) in found
    assert (Construct.ALL_DIFFERENT, Position.TOP) not in found


def test_growth_is_limited():
    program = typed(
        "type T = 1..1000\nvar f(T): T\nconstraint: forall x, y, z in T: f(x) + f(y) != f(z)\nfind unique\n"
    )
    with pytest.raises(BudgetExceeded):
        reformulate(program, get_backend("cpsat").spec.native, Budget(steps=1_000_000))


def test_a_decided_filter_keeps_the_rest_from_being_looked_at():
    source = (
        "type T = 1..4\nparam known(T): int = {1: 5, 2: 6} else 0\nvar f(T): 0..9\n"
        "constraint: forall x in T if known(x) > 0: f(x) == known(x)\nfind unique\n"
    )
    ground = reformulate(typed(source), get_backend("cpsat").spec.native, Budget()).program
    formula = ground.requirements[0].formula
    assert isinstance(formula, ir.And)
    assert len(formula.args) == 2


# Values as integers

COLOURS = EnumSort("Colour", ("red", "green"))
HALVES = NumberSort("Half", (Fraction(1, 2), 1, Fraction(3, 2)))


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (Function("f", "var", (), COLOURS), [Element("Colour", "red", 0), Element("Colour", "green", 1)]),
        (Function("f", "var", (), COLOURS, is_optional=True), [None, Element("Colour", "green", 1)]),
        (Function("f", "var", (), IntSort(-3, 4), is_optional=True), [None, -3, 0, 4]),
        (Function("f", "var", (), HALVES, is_optional=True), [None, Fraction(1, 2), 1, Fraction(3, 2)]),
        (Function("f", "pred", (), BOOL), [False, True]),
    ],
)
def test_codes_can_be_undone(function, values):
    codes = [encode(value, function.value) for value in values]
    assert len(set(codes)) == len(codes)
    assert [decode(code, function) for code in codes] == values
    intervals = codes_of(function)
    assert all(any(low <= code <= high for low, high in intervals) for code in codes)


def test_none_is_no_value():
    for sort in (COLOURS, HALVES, IntSort(2, 9)):
        assert not any(low <= none_code(sort) <= high for low, high in codes_of(Function("f", "var", (), sort)))


# Bounds

X = Apply("x", (), IntSort(-2, 3))
H = Apply("h", (), HALVES)


@pytest.mark.parametrize(
    ("term", "bounds"),
    [
        (X, (-2, 3)),
        (ir.Sum((X, X, ir.integer(1))), (-3, 7)),
        (ir.Negate(X), (-3, 2)),
        (ir.Product((X, X)), (-6, 9)),
        (ir.Absolute(X), (0, 3)),
        (ir.Extremum("min", (X, ir.integer(0))), (-2, 0)),
        (ir.FloorDivide(ir.integer(7), X), (-7, 7)),
        (ir.Divide(ir.integer(1), H), (None, None)),
        (Apply("u", (), INT), (None, None)),
        (ir.Rounded("floor", H), (0, 2)),
    ],
)
def test_bounds_hold(term, bounds):
    assert tuple(bounds_of(term)) == bounds


def test_listed_values():
    assert values_of(ir.Sum((H, Literal(1, INT)))) == {Fraction(3, 2), 2, Fraction(5, 2)}
    assert values_of(ir.Divide(ir.integer(1), H)) == {2, 1, Fraction(2, 3)}
    assert values_of(Apply("u", (), INT)) is None
    assert not is_whole(H)
    assert is_whole(ir.Rounded("round", H))
