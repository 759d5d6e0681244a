"""Optimization jobs: against brute force, without bounds, without an optimum, and when the time is over."""

import random
from fractions import Fraction

import pytest

from nsr.language.enumerate import solutions
from nsr.language.evaluate import check_structure, evaluate
from nsr.limits import LimitKind
from nsr.solvers import Claim, OptimizeJob, SatisfiableJob, at_optimum, backend_names, better_than, objectives_of
from nsr.solvers.protocol import Obstacle

BOTH = pytest.mark.parametrize("backend", backend_names())


def random_source(rng):
    """Three small unknowns, a few constraints, ranked objectives and wishes."""
    names = ["a", "b", "c"]
    lines = [f"var {name}: int in {rng.randint(-3, 0)}..{rng.randint(1, 4)}" for name in names]
    lines.append("var p: bool")

    def term():
        part = rng.choice(
            [
                "{0} + {1}",
                "2 * {0} - 3 * {1}",
                "abs({0} - {1})",
                "{0} * {1}",
                "max({0}, {1} + 1)",
                "(if p then {0} else {1})",
                "{0} / 2 + {1} * 0.3",
                "count(x for x in 1..4 if x > {0})",
                "p * {0} - {1}",
            ]
        )
        return part.format(*rng.sample(names, 2))

    for _ in range(rng.randint(0, 3)):
        lines.append(f"constraint: {term()} {rng.choice(['<=', '>=', '!='])} {rng.randint(-3, 4)}")
    for index in range(rng.randint(0, 2)):
        lines.append(f"soft [{rng.choice(['1', '2', '0.5'])}] w{index}: {term()} == {rng.randint(-2, 3)}")
    for index in range(rng.randint(1, 3)):
        lines.append(f"{rng.choice(['minimize', 'maximize'])} o{index}: {term()}")
    return "\n".join(lines) + "\n"


@BOTH
@pytest.mark.parametrize("block", range(4))
def test_best_values_are_those_of_brute_force(backend, block, typed, done):
    for seed in range(10 * block, 10 * block + 10):
        source = random_source(random.Random(seed))
        program = typed(source)
        objectives = objectives_of(program, 0)
        worlds = list(solutions(program, program.questions[0]))
        outcome = done(OptimizeJob(program, 0), backend)
        if not worlds:
            assert outcome.claim is Claim.UNSATISFIABLE, source
            continue

        def rank(world, program=program, objectives=objectives):
            signs = [1 if o.kind == "minimize" else -1 for o in objectives]
            return [s * evaluate(o.term, world, program) for s, o in zip(signs, objectives, strict=True)]

        best = min(map(rank, worlds))
        assert [o.status for o in outcome.objectives] == ["optimal"] * len(objectives), source
        (found,) = outcome.structures
        assert rank(found) == best, source
        assert check_structure(program, program.questions[0], found) == (), source
        values = tuple(o.value for o in outcome.objectives)
        assert values == tuple(evaluate(o.term, found, program) for o in objectives), source
        better = SatisfiableJob(program, 0, (better_than(program, 0, values),))
        assert done(better, backend).verdicts == (False,), source
        fixed = at_optimum(program, 0, values)
        assert len(list(solutions(fixed, fixed.questions[0]))) == sum(rank(w) == best for w in worlds), source


def test_real_optimum_is_exact(typed, done):
    program = typed(
        "var x: real in 0..10\nvar y: real >= 0\n"
        "constraint: 3 * x + 7 * y <= 20\nconstraint: x - y <= 1\nmaximize x + 2 * y\n"
    )
    outcome = done(OptimizeJob(program, 0), "z3")
    assert outcome.objectives[0] == ("optimal", Fraction(61, 10), Fraction(61, 10))
    assert outcome.structures[0]["x"][()] == Fraction(27, 10)


def test_unbounded_and_unattained(typed, done):
    unbounded = done(OptimizeJob(typed("var x: int\nconstraint: x >= 3\nmaximize x\n"), 0), "z3")
    assert unbounded.objectives[0].status == "unbounded"
    unattained = done(OptimizeJob(typed("var x: real\nconstraint: x > 3\nminimize 2 * x\n"), 0), "z3")
    assert (unattained.objectives[0].status, unattained.objectives[0].bound) == ("unattained", 6)
    assert not unattained.is_complete
    reached = done(OptimizeJob(typed("var x: real\nconstraint: x >= 3\nminimize 2 * x\n"), 0), "z3")
    assert (reached.objectives[0].status, reached.objectives[0].value) == ("optimal", 6)


def test_products_of_reals(typed, done):
    program = typed("var x: real >= 0\nvar y: real >= 0\nconstraint: 2 * x + 2 * y == 20\nmaximize x * y\n")
    outcome = done(OptimizeJob(program, 0), "z3")
    assert (outcome.objectives[0].status, outcome.objectives[0].value) == ("optimal", 25)


def test_products_of_reals_without_an_optimum(typed, done):
    source = "var x: real > 0\nvar y: real > 0\nconstraint: x * y == 4\n"
    near = done(OptimizeJob(typed(source + "minimize x\n"), 0), "z3").objectives[0]
    assert (near.status, near.bound) == ("unattained", 0)
    assert done(OptimizeJob(typed(source + "maximize x + y\n"), 0), "z3").objectives[0].status == "unbounded"
    best = done(OptimizeJob(typed(source + "minimize x + y\n"), 0), "z3").objectives[0]
    assert (best.status, best.value) == ("optimal", 4)


@BOTH
def test_a_distance_is_never_negative(backend, typed, done):
    from nsr.solvers import SolutionsJob

    program = typed("var a: int in 0..3\nvar b: int in 0..3\nconstraint: abs(a - b) == -2\n")
    assert done(SolutionsJob(program, 0), backend).claim is Claim.UNSATISFIABLE


def test_an_irrational_value_is_no_answer(typed, done):
    from nsr.solvers import SolutionsJob

    program = typed("var x: real >= 0\nconstraint: x * x == 2\n")
    outcome = done(SolutionsJob(program, 0), "z3")
    assert outcome.claim is Claim.UNKNOWN
    assert outcome.obstacle is Obstacle.IRRATIONAL


def test_a_limit_leaves_the_best_solution_so_far(typed, done):
    rng = random.Random(5)
    weights = [[rng.randint(1, 99) for _ in range(18)] for _ in range(18)]
    rows = "; ".join(map(str, weights)).replace("; ", ", ")
    source = (
        "type P = 1..18\ntype Q = 1..18\n"
        f"param d(P, Q): int = [{rows}]\nvar at(P): Q distinct\n"
        "minimize sum(d(at(x), at(y)) * d(y, x) for x in P, y in P if x < y)\n"
    )
    program = typed(source)
    outcome = done(OptimizeJob(program, 0), "cpsat", 2.0)
    assert outcome.limit is LimitKind.WALL or outcome.objectives[0].status == "optimal"
    if outcome.structures and outcome.objectives[0].status == "feasible":
        assert outcome.objectives[0].bound <= outcome.objectives[0].value
