"""What verification refuses."""

from dataclasses import replace

import pytest

from nsr.background import blocking
from nsr.errors import UnsoundBackend
from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check
from nsr.solvers import (
    BindingOutcome,
    Claim,
    ObjectiveOutcome,
    Outcome,
    SatisfiableJob,
    SolutionsJob,
    run_sync,
)
from nsr.verify import confirm_no_other, verify, verify_bindings
from nsr.workers import shut_down

SOURCE = "var x: 1..3\nvar y: 1..3\nconstraint a: x < y\nconstraint b: x == 2\nfind unique\n"


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers():
    yield
    shut_down()


def typed(source=SOURCE):
    checked = check(parse(source).program, source)
    assert checked.program is not None
    return checked.program


def claimed(*structures, claim=Claim.SATISFIABLE, **more):
    return Outcome(claim, "other", tuple(structures), **more)


def world(x, y):
    return {"x": {(): x}, "y": {(): y}}


def test_a_right_assignment_is_accepted():
    verified = verify(typed(), 0, claimed(world(2, 3), is_complete=True))
    assert verified.checked == 1
    assert verified.structures == (world(2, 3),)


@pytest.mark.parametrize("wrong", [world(3, 2), world(1, 2), world(2, 4), {"x": {(): 2}}, world(2, None)])
def test_a_wrong_assignment_is_refused(wrong):
    with pytest.raises(UnsoundBackend):
        verify(typed(), 0, claimed(wrong))


def test_the_same_answer_twice_is_refused():
    with pytest.raises(UnsoundBackend, match="twice"):
        verify(typed(), 0, claimed(world(2, 3), world(2, 3)))


def test_a_contradiction_in_itself_is_refused():
    with pytest.raises(UnsoundBackend, match="no solution"):
        verify(typed(), 0, claimed(world(2, 3), claim=Claim.UNSATISFIABLE))


def confirm(program, outcome):
    return blocking(confirm_no_other(program, 0, outcome))


def test_uniqueness_is_confirmed_by_a_second_back_end():
    program = typed()
    outcome = run_sync(SolutionsJob(program, 0, 2), backend="cpsat")
    assert confirm(program, outcome) not in {None, "cpsat"}
    nothing = typed(SOURCE.replace("x == 2", "x == 3"))
    outcome = run_sync(SolutionsJob(nothing, 0, 2), backend="z3")
    assert confirm(nothing, outcome) == "cpsat"


def test_an_overlooked_solution_is_found():
    program = typed(SOURCE.replace("x == 2", "x != 2"))
    with pytest.raises(UnsoundBackend, match="overlooked"):
        confirm(program, replace(claimed(world(1, 2), is_complete=True), backend="cpsat"))


def test_without_a_second_back_end_it_stays_a_claim():
    program = typed("var x: real\nconstraint: x * x == 9 and x > 0\nfind unique\n")
    outcome = run_sync(SolutionsJob(program, 0, 2))
    assert outcome.backend == "z3"
    assert outcome.is_complete
    assert confirm(program, outcome) is None


def test_a_possible_formula_is_evaluated():
    program = typed()
    formula = ir.Equal(ir.Apply("y", (), program.symbols["y"].value), ir.integer(3))
    outcome = run_sync(SatisfiableJob(program, 0, (formula, ir.Not(formula))))
    assert outcome.verdicts == (True, False)
    assert verify(program, 0, outcome, formulas=(formula, ir.Not(formula))).checked >= 1
    with pytest.raises(UnsoundBackend, match="formula 1"):
        verify(program, 0, outcome, formulas=(ir.Not(formula), formula))


BEST = SOURCE.replace("find unique", "maximize y - x")


@pytest.mark.parametrize(
    ("value", "bound", "is_right"), [(1, None, True), (1, 1, True), (1, 2, True), (2, None, False), (1, 0, False)]
)
def test_values_of_objectives_are_computed_anew(value, bound, is_right):
    outcome = claimed(world(2, 3), objectives=(ObjectiveOutcome("feasible", value, bound),))
    if is_right:
        assert verify(typed(BEST), 0, outcome).checked == 1
    else:
        with pytest.raises(UnsoundBackend):
            verify(typed(BEST), 0, outcome)


RULES = """type T = {a, b, c}
pred open(T)
rel way(T, T), far(T, T)
fact way(a, b), way(b, c)
rule far(X, Y) if way(X, Y), open(Y)
rule far(X, Z) if far(X, Y), far(Y, Z)
constraint open(b)
ask far(a, X)
"""


def far_world(program, *, is_open, rows):
    elements = {name: program.sorts["T"].element(i) for i, name in enumerate("abc")}
    pairs = [(x, y) for x in elements.values() for y in elements.values()]
    ways = {(elements["a"], elements["b"]), (elements["b"], elements["c"])}
    reached = {(elements[x], elements[y]) for x, y in rows}
    return {
        "open": {(e,): name in is_open for name, e in elements.items()},
        "way": {pair: pair in ways for pair in pairs},
        "far": {pair: pair in reached for pair in pairs},
    }


def test_relations_of_a_world_are_what_the_rules_make_of_them():
    program = typed(RULES)
    right = far_world(program, is_open="bc", rows=("ab", "bc", "ac"))
    assert verify(program, 0, claimed(right)).checked == 1
    for rows in (("ab", "bc"), ("ab", "bc", "ac", "cc")):
        with pytest.raises(UnsoundBackend):
            verify(program, 0, claimed(far_world(program, is_open="bc", rows=rows)))


def test_bindings_are_tried_in_their_worlds():
    program = typed(RULES)
    goal = program.questions[0].goal
    some = far_world(program, is_open="bc", rows=("ab", "bc", "ac"))
    less = far_world(program, is_open="b", rows=("ab",))
    c = (program.sorts["T"].element(2),)
    right = claimed(bindings=(BindingOutcome(c, True, False, some, less),))
    verify_bindings(program, 0, goal.binders, goal.body, right)
    wrong = claimed(bindings=(BindingOutcome(c, True, False, less, some),))
    with pytest.raises(UnsoundBackend):
        verify_bindings(program, 0, goal.binders, goal.body, wrong)
