"""The back end `milp`: exact answers and proofs of linear programs, whole numbers, what it leaves to others."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from nsr.engine.checking import parse_program
from nsr.limits import Budget
from nsr.reformulations import Construct, Feature, Position
from nsr.reformulations.features import features_of
from nsr.solvers import Claim, CoreJob, OptimizeJob, Outcome, SatisfiableJob, SolutionsJob, get_backend, route
from nsr.solvers.jobs import Job, decode_reply, encode_job
from nsr.solvers.milp.exact import Matrix, Singular
from nsr.solvers.milp.linear import Line, Lp, activity, bound_by, is_solution, solve_lp
from nsr.solvers.milp.mathopt import Model, Refused, Solver, run
from nsr.solvers.milp.text import Column, Row, columns_in, rows_in, written_column, written_row
from nsr.solvers.milp.vectors import Vector
from nsr.solvers.work import work

MIX = """
type Good = {chair, table}
var made(Good): real >= 0
constraint steel "Steel is short.": 2*made(chair) + made(table) <= 10
constraint labour: made(chair) + 3*made(table) <= 15
constraint room: made(chair) + made(table) <= 100
maximize profit: 3*made(chair) + 4*made(table)
"""


def reply_to(job: Job) -> dict[str, Any]:
    return work(encode_job(job, "milp", 60.0, 0))


def done(job: Job) -> Outcome:
    reply = reply_to(job)
    assert not reply.get("gap"), reply
    return decode_reply(job, "milp", reply)


def optimum(source: str) -> Outcome:
    return done(OptimizeJob(parse_program(source)))


def solutions(source: str, limit: int = 50) -> Outcome:
    return done(SolutionsJob(parse_program(source), limit=limit))


def gap_of(source: str) -> str:
    program = parse_program(source)
    job = OptimizeJob(program) if program.questions[0].objectives else SolutionsJob(program)
    return ", ".join(reply_to(job).get("gap", ()))


# Linear programs


def test_an_optimum_is_exact_and_proved() -> None:
    outcome = optimum("var x, y: real >= 0\nconstraint: 3*x + y <= 1\nconstraint: x + 7*y <= 2\nmaximize x + y\n")
    (objective,) = outcome.objectives
    assert objective.value == Fraction(1, 2)
    assert outcome.structures[0]["x"][()] == Fraction(1, 4)
    assert outcome.certificate == "dual certificate"


def test_prices_ranges_and_slack() -> None:
    found = optimum(MIX).sensitivity
    assert found is not None
    steel, labour, room = found.prices
    assert (steel.requirement, steel.dual, steel.value, steel.span) == ("steel", 1, 10, (5, 30))
    assert (labour.dual, room.dual, room.high, room.value) == (1, 0, 100, 7)
    assert not found.is_degenerate
    assert not found.has_alternatives


@pytest.mark.parametrize("more", [Fraction(1), Fraction(-1), Fraction(7, 3)])
def test_a_price_is_what_more_of_it_brings(more: Fraction) -> None:
    changed = MIX.replace("<= 10\n", f"<= {10 + more}\n")
    assert optimum(changed).objectives[0].value == 25 + more


def test_a_reduced_cost_is_what_being_forced_costs() -> None:
    source = "var x, y: real >= 0\nconstraint c: x + 2*y <= 8\nmaximize 3*x + 4*y\n"
    found = optimum(source).sensitivity
    assert found is not None
    ((name, value, cost),) = found.reduced_costs
    assert (name, value, cost) == ("y", 0, -2)
    forced = optimum(source.replace("maximize", "constraint: y >= 1\nmaximize"))
    assert forced.objectives[0].value == 24 + cost


def test_degenerate_and_ambiguous_optima_are_told() -> None:
    corner = "var x, y: real >= 0\nconstraint: x <= 2\nconstraint: y <= 2\nconstraint: x + y <= 4\nmaximize x + y\n"
    edge = "var x, y: real >= 0\nconstraint: x + y <= 4\nmaximize x + y\n"
    first, second = optimum(corner).sensitivity, optimum(edge).sensitivity
    assert first is not None
    assert first.is_degenerate
    assert second is not None
    assert second.has_alternatives
    assert not second.is_degenerate


def test_no_solution_and_no_bound_are_proved() -> None:
    none = optimum("var x: real\nconstraint: x <= 1/3\nconstraint: 3*x >= 2\nminimize x\n")
    assert (none.claim, none.certificate) == (Claim.UNSATISFIABLE, "Farkas certificate")
    free = optimum("var x, y: real >= 0\nconstraint: x - y <= 1\nmaximize x\n")
    assert (free.objectives[0].status, free.certificate) == ("unbounded", "ray certificate")
    whole = optimum("var x, y: int >= 0\nconstraint: 2*x - 3*y == 1\nmaximize x\n")
    assert whole.objectives[0].status == "unbounded"


def test_objectives_in_their_order() -> None:
    outcome = optimum("var x, y: real >= 0\nconstraint: x + y <= 7/3\nmaximize x + y\nminimize x\n")
    assert [o.value for o in outcome.objectives] == [Fraction(7, 3), 0]
    assert outcome.certificate == "dual certificate"
    assert outcome.structures[0]["y"][()] == Fraction(7, 3)


def test_one_point_or_more() -> None:
    one = solutions("var x, y: real\nconstraint: x + y == 10\nconstraint: x - y == 3\nfind unique\n", 2)
    assert (len(one.structures), one.is_complete) == (1, True)
    assert one.structures[0]["x"][()] == Fraction(13, 2)
    line = solutions("var x, y: real\nconstraint: x + y == 10\nfind 5\n", 5)
    assert len({s["x"][()] for s in line.structures}) == 5
    assert not line.is_complete
    bounded = solutions("var x: real >= 1 <= 2\nvar b: bool\nfind 4\n", 4)
    assert len({(s["x"][()], s["b"][()]) for s in bounded.structures}) == 4


def test_two_whole_numbers_and_a_real_that_follows() -> None:
    source = "var n: int in 0..2\nvar x: real\nconstraint: 3*x == n\nfind all\n"
    outcome = solutions(source)
    assert {s["x"][()] for s in outcome.structures} == {0, Fraction(1, 3), Fraction(2, 3)}
    assert outcome.is_complete


# Whole numbers and truth values


def test_integers_without_bounds() -> None:
    outcome = optimum("var x, y: int\nconstraint: 7*x + 5*y == 1\nconstraint: x >= 100\nminimize x\n")
    assert outcome.objectives[0].value == 103
    assert outcome.structures[0]["y"][()] == -144


def test_conditions_over_reals() -> None:
    source = """
var made: real >= 0 <= 50
var open: bool
constraint: made > 0 implies open
constraint: made <= 30.5
maximize 2*made - 100*open
"""
    assert optimum(source).objectives[0].value == 0
    assert optimum(source.replace("100*open", "20*open")).objectives[0].value == 41


def test_a_cap_of_each_kind_of_number() -> None:
    source = """
var x: int in -5..5
var y: int in 0..4
var b: bool
define top = max(x, y, 3) + abs(x - y) + min(x, y) + x // 2 + x % 3 + round(x / 2) + (if b then x else y) + x * y
constraint: top == 20
find all
"""
    program = parse_program(source)
    job = SolutionsJob(program, limit=200)
    found = {frozenset((n, frozenset(v.items())) for n, v in s.items()) for s in done(job).structures}
    wanted = decode_reply(job, "cpsat", work(encode_job(job, "cpsat", 60.0, 0)))
    assert found == {frozenset((n, frozenset(v.items())) for n, v in s.items()) for s in wanted.structures}


def test_minimal_cores_by_leaving_out() -> None:
    program = parse_program(
        "var x, y: real >= 0\nconstraint a: x + y <= 3\nconstraint b: x >= 2\nconstraint c: y >= 2\n"
        "constraint d: x <= 100\nfind one\n"
    )
    outcome = done(CoreJob(program))
    assert set(outcome.core) == {"a", "b", "c"}
    assert outcome.is_complete


def test_formulas_about_worlds() -> None:
    program = parse_program("var x: real >= 0 <= 4\nconstraint: 2*x >= 3\nfind one\n")
    asked = [
        parse_program(f"var x: real\nconstraint: {f}\nfind one\n").requirements[0].formula for f in ("x <= 1", "x <= 2")
    ]
    outcome = done(SatisfiableJob(program, 0, tuple(asked)))
    assert outcome.verdicts == (False, True)


# What it leaves to others


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("var x, y: real >= 0 <= 9\nconstraint: x * y == 3\nmaximize x\n", "products"),
        ("var x: real >= 0\nvar b: bool\nconstraint: b or x <= 10000000000000000\nmaximize x\n", "floating point"),
    ],
)
def test_what_does_not_fit_is_a_gap(source: str, told: str) -> None:
    assert told in gap_of(source)


@pytest.mark.parametrize(
    ("said", "is_strict"),
    [
        ("x <= 2", False),
        ("x < 2", True),
        ("not x < 2", False),
        ("not x <= 2", True),
        ("b implies x <= 2", False),
        ("x <= 2 implies b", True),
        ("x > 2 implies b", False),
        ("b iff x <= 2", True),
        ("x != 2", True),
        ("x == 2 or b", False),
        ("(if x <= 2 then 1 else 0) == 1", True),
        ("below(2)", False),
        ("not below(2)", True),
        ("floor(x) == 2", True),
        ("n < 2", False),
    ],
)
def test_strict_comparisons_of_reals_are_seen(said: str, is_strict: bool) -> None:
    declared = "var x: real >= 0\nvar n: int in 0..9\nvar b: bool\ndefine below(k: int): bool = x <= k\n"
    source = f"{declared}constraint: {said}\nfind one\n"
    program = parse_program(source)
    assert (Feature(Construct.STRICT, Position.VALUE) in features_of(program)) is is_strict
    if not is_strict:
        assert done(SolutionsJob(program)).claim is Claim.SATISFIABLE


def test_which_back_end_comes_first() -> None:
    assert route(parse_program(MIX)).backend == "milp"
    tables = "type P = {a, b}\nparam c(P): real = [1.5, 2]\nvar x(P): real >= 0\n"
    tables += "constraint: forall p in P: x(p) >= c(p)\nminimize sum(c(p) * x(p) for p in P)\n"
    assert route(parse_program(tables)).backend == "milp"
    assert route(parse_program("var x: int in 0..9\nconstraint: x > 3\nfind one\n")).backend == "cpsat"
    assert route(parse_program("var x: real\nconstraint: x < 3\nfind one\n")).backend == "z3"
    names = route(parse_program("var x: int in 0..9\nconstraint: x > 3\nfind one\n")).names()
    assert names[1] != "milp"


def test_words_of_a_solver_that_refuses() -> None:
    with pytest.raises(Refused, match="integer"):
        run(Model([Column(0, 1, True)], []), Solver.GLOP, 5.0, 0)


# The parts


def test_text_keeps_numbers_exact() -> None:
    column, row = Column(None, Fraction(7, 3), False), Row((2, -4), 1, None, {0: Fraction(-1, 3), 5: 2})
    text = f"{written_column(column)}\n{written_row(row)}"
    assert columns_in(text) == (column,)
    assert rows_in(text) == (row,)


def test_encodings_are_data() -> None:
    program = parse_program(MIX)
    backend = get_backend("milp")
    stated = replace(program, questions=())
    first, second = (backend.compile(stated, Budget()) for _ in range(2))
    assert first.digest() == second.digest()
    assert [name for name, _ in first.groups] == ["steel", "labour", "room"]


def some_matrix(rng: random.Random, size: int) -> list[dict[int, Fraction | int]]:
    rows: list[dict[int, Fraction | int]] = []
    for i in range(size):
        row: dict[int, Fraction | int] = {
            j: Fraction(rng.randint(-9, 9), rng.randint(1, 5)) for j in range(size) if rng.random() < 0.4
        }
        rows.append({j: v for j, v in {**row, i: rng.randint(1, 9)}.items() if v})
    return rows


@pytest.mark.parametrize("seed", range(8))
def test_systems_are_solved_exactly(seed: int) -> None:
    rng = random.Random(seed)
    size = rng.randint(1, 12)
    rows = some_matrix(rng, size)
    wanted = [Fraction(rng.randint(-50, 50), rng.randint(1, 7)) for _ in range(size)]
    try:
        matrix = Matrix(rows, Budget())
    except Singular:
        return
    assert matrix.solve([sum(v * wanted[j] for j, v in row.items()) for row in rows]).values() == wanted
    turned = [sum(row.get(j, 0) * wanted[i] for i, row in enumerate(rows)) for j in range(size)]
    assert matrix.solve_turned(turned).values() == wanted


def test_a_singular_matrix_is_told() -> None:
    with pytest.raises(Singular):
        Matrix([{0: 1, 1: 2}, {0: 2, 1: 4}], Budget())


@pytest.mark.parametrize("seed", range(25))
def test_what_is_said_of_an_lp_is_proved(seed: int) -> None:
    rng = random.Random(seed)
    size = rng.randint(1, 5)
    columns = [Column(rng.choice([None, 0, -3]), rng.choice([None, 5, Fraction(7, 2)]), False) for _ in range(size)]
    rows = [
        Line(
            rng.choice([None, rng.randint(-9, 5)]),
            rng.choice([None, rng.randint(5, 20)]),
            {j: Fraction(rng.randint(-5, 5), rng.choice([1, 1, 3])) for j in range(size)},
        )
        for _ in range(rng.randint(0, 6))
    ]
    lp = Lp(columns, rows, {j: rng.randint(-3, 3) for j in range(size)})
    found = solve_lp(lp, Budget(), 0)
    assert found.is_proved, found
    if found.status == "optimal":
        assert found.vertex is not None
        assert is_solution(lp, found.values)
        assert bound_by(lp, found.vertex.duals, lp.objective) == activity(lp.objective, found.values)
    elif found.status == "unbounded":
        assert is_solution(lp, found.values)
    else:
        assert found.status == "infeasible"


def test_no_bound_is_proved_by_wrong_prices() -> None:
    lp = Lp([Column(0, None, False)], [Line(3, None, {0: 1})], {0: 2})
    assert bound_by(lp, [2], lp.objective) == 6
    assert bound_by(lp, [1], lp.objective) == 3
    assert bound_by(lp, [3], lp.objective) is None
    assert bound_by(lp, [-1], lp.objective) is None


def test_the_second_column_is_no_truth_value() -> None:
    """A literal for column 1 equals `True` in Python."""
    outcome = solutions("var a, b: bool\nvar n: int in 0..3\nconstraint: b or n <= 1\nfind all\n")
    assert len(outcome.structures) == 12


def test_sums_over_one_denominator_are_the_sums_of_the_fractions():
    rng = random.Random(7)
    for _ in range(50):
        values = [Fraction(rng.randint(-9, 9), rng.randint(1, 6)) for _ in range(8)]
        terms = {place: Fraction(rng.randint(-9, 9), rng.choice((1, 1, 4))) for place in rng.sample(range(8), 5)}
        assert Vector(values).dot(terms) == sum(values[place] * factor for place, factor in terms.items())
        assert activity(terms, values) == Vector(values).dot(terms)
        assert isinstance(Vector([1, 2]).dot({0: 3, 1: -1}), int)
