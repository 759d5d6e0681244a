"""Bounds of integers that are declared without any: what follows, what does not, and that no solution is lost."""

import random
import time

import pytest

from nsr.engine.checking import check_source
from nsr.language.ir import Sum
from nsr.language.sorts import IntSort
from nsr.limits import Budget
from nsr.reformulations.bounds import Bounds, quotient, times
from nsr.reformulations.bounds_from_requirements import BOUNDS_FROM_REQUIREMENTS
from nsr.reformulations.graph import in_order, reformulate
from nsr.solvers import Claim, CoreJob, Gap, SatisfiableJob, SolutionsJob, get_backend, run_sync
from nsr.solvers.jobs import OptimizeJob, encode_job
from nsr.solvers.work import work

NATIVE = get_backend("cpsat").spec.native


def typed(source):
    program, diagnostics = check_source(source)
    assert program is not None, diagnostics
    return program


def bounds(source, name="x"):
    """The declared bounds of an unknown after all rewritings."""
    ground, _ = reformulate(typed(source), NATIVE, Budget())
    sort = ground.symbols[name].value
    assert isinstance(sort, IntSort)
    return sort.low, sort.high


@pytest.mark.parametrize(
    ("requirements", "expected"),
    [
        ("x >= 0 and x <= 10", (0, 10)),
        ("x > 0 and 10 > x", (1, 9)),
        ("not (x < 0 or x > 5)", (0, 5)),
        ("x + y <= 10 and x >= 0 and y >= 2", (0, 8)),
        ("y in 0..4 and x == 3 * y - 1", (-1, 11)),
        ("x == -2 * y and y >= 0 and y <= 3", (-6, 0)),
        ("2 * x <= 7 and x >= y and y == -4", (-4, 3)),
        ("abs(x) <= 7", (-7, 7)),
        ("abs(x - 3) < 7", (-3, 9)),
        ("max(x, y) <= 4 and min(x, y) >= -1", (-1, 4)),
        ("x * y == 12 and x >= 1 and y >= 2", (1, 6)),
        ("x // 3 == 2", (6, 8)),
        ("x == 3 or x == 8", (3, 8)),
        ("x in {3, 8, 11}", (3, 11)),
        ("x == 3 or (x >= 5 and x <= 7) or (x == 100 and 1 == 2)", (3, 7)),
        ("(flag and x == 3) or (not flag and x in 9..20)", (3, 20)),
        ("(flag implies x <= 3) and (not flag implies x <= 5) and x >= 0", (0, None)),
        ("x >= 0 and (x <= 3 or y <= 3)", (0, None)),
        ("x >= 0 and x != 7", (0, None)),
        ("flag implies x in 0..3", (None, None)),
        ("x <= y and y <= x", (None, None)),
        ("x % 5 == 2", (None, None)),
        ("x >= 0 and y >= x and y <= x + 1 and y == 1", (0, 1)),
    ],
)
def test_bounds_that_follow(requirements, expected):
    assert bounds(f"var x, y: int\nvar flag: bool\nconstraint: {requirements}\nfind one\n") == expected


def test_bounds_go_from_requirement_to_requirement():
    source = """
type Crop = {corn, rice}
type Bed = {b1, b2, b3}
param room(Bed): int = {b1: 5, b2: 7, b3: 9}
var crates(Crop, Bed): int >= 0
var load(Bed): int
constraint: forall b in Bed: sum(crates(c, b) for c in Crop) <= room(b)
constraint: forall b in Bed: load(b) == 2 * crates(corn, b) + crates(rice, b)
find one
"""
    assert bounds(source, "crates") == (0, 9)
    assert bounds(source, "load") == (0, 27)


def test_what_cannot_hold_gets_any_bounds():
    assert None not in bounds("var x: int\nconstraint: x > 3 and x < 2\nfind one\n")


def test_bounds_that_would_move_for_ever_end_and_long_chains_are_followed():
    start = time.process_time()
    endless = "var x, y: int in 0..1000000000000\nvar z: int\n"
    endless += "constraint: x < y and y < x and z <= x and z >= 0\nfind one\n"
    low, high = bounds(endless, "z")
    assert low == 0
    assert high <= 10**12
    count = 300
    chain = f"type N = 1..{count}\nvar x(N): int\nconstraint: x({count}) == 5\n"
    chain += f"constraint: forall n in 1..{count - 1}: x(n) == x(n + 1) + 1\nfind one\n"
    assert bounds(chain) == (5, 5 + count - 1)
    assert time.process_time() - start < 5


def test_comes_after_instances_and_before_codes():
    order = [step.name for step in in_order()]
    place = order.index(BOUNDS_FROM_REQUIREMENTS.name)
    assert all(order.index(name) < place for name in ("BindersToInstances", "PartialToGuarded"))
    assert all(order.index(name) > place for name in ("DivisorsToCases", "EnumerationsToIntegers"))


# Whole jobs


def test_a_core_is_not_taken_from_bounds_of_all_requirements():
    program = typed("var x: int\nconstraint low: x >= 20\nconstraint high: x <= 10\nfind one\n")
    assert run_sync(SolutionsJob(program)).claim is Claim.UNSATISFIABLE
    found = run_sync(CoreJob(program))
    assert (found.backend, set(found.core)) == ("z3", {"low", "high"})


def test_a_formula_that_is_asked_about_gives_no_bounds():
    program = typed("var x: int\nconstraint: x >= 0\nconstraint: x <= 50\nfind one\n")
    job = typed("var x: int\nconstraint: x <= 3\nconstraint: x >= 20\nfind one\n")
    formulas = tuple(r.formula for r in job.requirements)
    found = run_sync(SatisfiableJob(program, 0, formulas))
    assert (found.backend, found.verdicts) == ("cpsat", (True, True))


def test_objectives_and_values_asked_for_are_bounded_by_their_terms():
    source = "var x, y: int >= 0\nconstraint: x + 2 * y <= 11\n"
    found = run_sync(OptimizeJob(typed(source + "maximize 2 * x + 5 * y\n")))
    assert (found.backend, found.objectives[0].value) == ("cpsat", 27)
    program = typed(source + "constraint: x + y >= 0\nfind all\n")
    total = program.requirements[1].formula.right
    assert isinstance(total, Sum)
    found = run_sync(SolutionsJob(program, 0, 100, (), (total,)))
    assert (found.backend, len(found.structures), found.is_complete) == ("cpsat", 12, True)


def test_a_missing_bound_leads_to_the_next_back_end_and_is_named():
    program = typed("var x, y: int >= 0\nconstraint: x <= 4 and y != x\nfind one\n")
    found = run_sync(SolutionsJob(program))
    assert found.backend == "z3"
    assert found.notes[0] == "`cpsat` does not take integers without bounds (`y`)"
    with pytest.raises(Gap, match=r"without bounds .`y`"):
        run_sync(SolutionsJob(program), backend="cpsat")


# No solution is lost


def _expression(rng, names, depth=2):
    kind = rng.randrange(9 if depth else 2)
    match kind:
        case 0:
            return str(rng.randint(-6, 6))
        case 1:
            return rng.choice(names)
        case 2 | 3:
            return f"({_expression(rng, names, depth - 1)} + {_expression(rng, names, depth - 1)})"
        case 4:
            return f"({_expression(rng, names, depth - 1)} - {_expression(rng, names, depth - 1)})"
        case 5:
            return f"({rng.randint(-3, 3)} * {_expression(rng, names, depth - 1)})"
        case 6:
            return f"abs({_expression(rng, names, depth - 1)})"
        case 7:
            return f"{rng.choice(('min', 'max'))}({_expression(rng, names, depth - 1)}, {rng.choice(names)})"
        case _:
            return f"({_expression(rng, names, depth - 1)} {rng.choice(('//', '%'))} {rng.choice((-3, 2, 5))})"


def _formula(rng, names, depth=2):
    kind = rng.randrange(7 if depth else 3)
    match kind:
        case 0 | 1 | 2:
            order = rng.choice(("<", "<=", "==", ">=", ">", "!="))
            return f"{_expression(rng, names)} {order} {_expression(rng, names)}"
        case 3:
            return f"({_formula(rng, names, depth - 1)} or {_formula(rng, names, depth - 1)})"
        case 4:
            return f"({_formula(rng, names, depth - 1)} and {_formula(rng, names, depth - 1)})"
        case 5:
            return f"not ({_formula(rng, names, depth - 1)})"
        case _:
            return f"({_formula(rng, names, depth - 1)} implies {_formula(rng, names, depth - 1)})"


@pytest.mark.parametrize("seed", range(60))
def test_all_values_that_z3_finds_lie_within_the_bounds(seed):
    rng = random.Random(seed)
    names = ["x", "y", "z"]
    lines = ["var x, y: int", "var z: int in -4..6", "var flag: bool"]
    lines += [f"constraint: {_formula(rng, names)}" for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.5:
        lines.append("constraint: x >= -9 and x <= 2 * z + 20")
    program = typed("\n".join([*lines, "find all x, y\n"]))
    ground, _ = reformulate(program, NATIVE, Budget())
    for name in ("x", "y"):
        sort = ground.symbols[name].value
        for side, end in (("low", sort.low), ("high", sort.high)):
            if end is None:
                continue
            beyond = f"{name} < {end}" if side == "low" else f"{name} > {end}"
            other = typed("\n".join([*lines, f"constraint: {beyond}", "find one\n"]))
            reply = work(encode_job(SolutionsJob(other), "z3", 5.0, 0))
            assert reply["claim"] != "satisfiable", (lines, name, side, end, reply["rows"])


def test_intervals_of_products_and_factors_hold_all_values():
    rng = random.Random(7)
    ends = [None, *range(-3, 4)]

    def some():
        while True:
            low, high = rng.choice(ends), rng.choice(ends)
            if low is None or high is None or low <= high:
                return Bounds(low, high)

    def inside(bounds_, value):
        return (bounds_.low is None or bounds_.low <= value) and (bounds_.high is None or value <= bounds_.high)

    span = range(-9, 10)
    for _ in range(300):
        a, b, target = some(), some(), some()
        product, factor = times(a, b), quotient(target, b)
        for y in (v for v in span if inside(b, v)):
            for x in span:
                if inside(a, x):
                    assert inside(product, x * y), (a, b, product, x, y)
                if inside(target, x * y):
                    assert inside(factor, x), (target, b, factor, x, y)


def test_literals_of_other_sorts_bound_nothing():
    assert Bounds(*bounds("type T = {a, b}\nvar t: T\nvar x: int\nconstraint: t == a\nfind one\n")) == (None, None)


# Numbers that one unknown decides, and instances that a table decides


def test_a_table_at_an_unknown_argument_is_a_sum_over_its_literals():
    source = "type T = {a, b, c}\nparam cost(T): int = {a: 5, b: 2, c: 9}\nvar t, u: T\n"
    source += "constraint: cost(t) + cost(u) == 11\nfind all\n"
    job = SolutionsJob(typed(source), 0, 20)
    rows = {tuple(work(encode_job(job, name, 30.0, 0))["rows"][i]) for i in range(2) for name in ("cpsat", "z3")}
    assert rows == {(1, 2), (2, 1)}


def test_instances_that_a_table_rules_out_are_not_looked_at():
    count = 400
    source = f"type N = 1..{count}\nrel edge(N, N) = {{(7, 3), (3, 5), (400, 1)}}\nvar x(N): int in 0..5\n"
    source += "constraint: forall (p, q) in edge: x(p) < x(q)\nfind one\n"
    budget = Budget()
    ground, _ = reformulate(typed(source), NATIVE, budget)
    assert [str(part.left.args[0].value) for part in ground.requirements[0].formula.args] == ["3", "7", "400"]
    assert budget.steps_limit - budget.steps_left < 5_000
