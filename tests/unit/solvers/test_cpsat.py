"""How CP-SAT's encodings are written where one value for each row and column is wanted."""

from __future__ import annotations

from itertools import permutations

import pytest

from nsr.engine.checking import parse_program
from nsr.limits import Budget
from nsr.reformulations.graph import reformulate
from nsr.solvers import OptimizeJob, SolutionsJob, get_backend
from nsr.solvers.jobs import decode_reply, encode_job
from nsr.solvers.protocol import Query
from nsr.solvers.work import work

COST = [[4, 9, 2, 7], [8, 1, 5, 5], [3, 3, 9, 6], [6, 2, 8, 1]]

ASSIGNMENT = f"""
type Worker = [a, b, c, d]
type Task = [t, u, v, w]
param cost(Worker, Task): int = {COST}
var does(Worker): Task distinct
"""


def encoded(source: str) -> str:
    backend = get_backend("cpsat")
    ground, _ = reformulate(parse_program(source), backend.spec.native, Budget())
    return backend.compile(ground, Budget()).text()


def test_a_permutation_whose_values_have_literals_is_rows_and_columns():
    text = encoded(ASSIGNMENT + "constraint: sum(cost(x, does(x)) for x in Worker) <= 12\nfind all")
    assert text.count("exactly_one") == 8
    assert "all_diff" not in text


@pytest.mark.parametrize("rest", ["find all", "constraint: does(a) == u or does(b) == u\nfind all"])
def test_without_literals_for_all_values_it_stays_a_list_of_different_values(rest):
    assert "all_diff" in encoded(ASSIGNMENT + rest)


def test_more_values_than_places_are_no_permutation():
    wide = ASSIGNMENT.replace("[a, b, c, d]", "[a, b, c]").replace(str(COST), str(COST[:3]))
    assert "all_diff" in encoded(wide + "constraint: sum(cost(x, does(x)) for x in Worker) <= 12\nfind all")


@pytest.mark.parametrize("most", [5, 6, 9, 12, 40])
def test_all_permutations_within_a_cost_are_found_once(most):
    source = f"constraint: sum(cost(x, does(x)) for x in Worker) <= {most}\nfind all"
    job = SolutionsJob(parse_program(ASSIGNMENT + source), limit=100)
    outcome = decode_reply(job, "cpsat", work(encode_job(job, "cpsat", 60.0, 0)))
    wanted = {p for p in permutations(range(4)) if sum(COST[i][p[i]] for i in range(4)) <= most}
    found = [tuple(value.index for value in world["does"].values()) for world in outcome.structures]
    assert outcome.is_complete
    assert len(found) == len(wanted)
    assert set(found) == wanted


def test_the_best_permutation_is_found():
    job = OptimizeJob(parse_program(ASSIGNMENT + "minimize sum(cost(x, does(x)) for x in Worker)"))
    outcome = decode_reply(job, "cpsat", work(encode_job(job, "cpsat", 60.0, 0)))
    assert outcome.objectives[0].value == min(sum(COST[i][p[i]] for i in range(4)) for p in permutations(range(4)))


TOTAL = "sum(cost(x, does(x)) for x in Worker)"


def test_integers_that_are_only_compared_with_single_values_are_left_out():
    text = encoded(ASSIGNMENT + f"constraint: {TOTAL} <= 12\nfind all")
    assert "does" not in text
    assert "enforcement_literal" not in text


def test_integers_that_are_compared_with_each_other_stay():
    text = encoded(ASSIGNMENT + f"constraint: {TOTAL} <= 12 and does(a) < does(b)\nfind all")
    assert text.count("name: ") == 2
    assert text.count("exactly_one") == 8


def test_objectives_one_after_the_other_on_integers_that_are_left_out():
    source = ASSIGNMENT + f"minimize {TOTAL}\nmaximize sum(cost(x, does(x)) * cost(x, does(x)) for x in Worker)"
    program = parse_program(source)
    outcome = decode_reply(OptimizeJob(program), "cpsat", work(encode_job(OptimizeJob(program), "cpsat", 60.0, 0)))
    costs = [[COST[i][p[i]] for i in range(4)] for p in permutations(range(4))]
    least = min(map(sum, costs))
    most = max(sum(c * c for c in own) for own in costs if sum(own) == least)
    assert [int(one.value) for one in outcome.objectives] == [least, most]


def test_solutions_told_apart_by_integers_that_are_left_out():
    source = f"{ASSIGNMENT}var bonus: int in 0..5\nconstraint: {TOTAL} <= 9 + bonus\nfind all does"
    job = SolutionsJob(parse_program(source), symbols=("does",), limit=100)
    outcome = decode_reply(job, "cpsat", work(encode_job(job, "cpsat", 60.0, 0)))
    wanted = {p for p in permutations(range(4)) if sum(COST[i][p[i]] for i in range(4)) <= 14}
    found = [tuple(value.index for value in world["does"].values()) for world in outcome.structures]
    assert len(found) == len(wanted)
    assert set(found) == wanted


TOUR = """
type City = [a, b, c, d]
var next(City): City
constraint differ: distinct(next(x) for x in City)
constraint tour: circuit(next)
find all
"""


@pytest.mark.parametrize(
    ("groups", "count"), [(None, 6), ({"differ", "tour"}, 6), ({"tour"}, 6), ({"differ"}, 24), (set(), 256)]
)
def test_what_follows_from_a_tour_is_said_only_where_there_is_none(groups, count):
    backend = get_backend("cpsat")
    ground, _ = reformulate(parse_program(TOUR), backend.spec.native, Budget())
    encoding = backend.compile(ground, Budget())
    names = [name for name, _ in encoding.groups]
    assert {names[place] for place in encoding.spare} == {"differ", "#rows"}
    chosen = None if groups is None else frozenset({*groups, "#rows"})
    found = backend.solve(encoding, Query(groups=chosen, count=1000), Budget())
    assert found.is_complete
    assert len(found.rows) == len(set(found.rows)) == count


def test_a_successor_that_is_named_twice_does_not_differ_from_itself():
    source = TOUR.replace("distinct(next(x) for x in City)", "distinct(next(a), next(b), next(a))")
    job = SolutionsJob(parse_program(source), limit=100)
    assert not decode_reply(job, "cpsat", work(encode_job(job, "cpsat", 60.0, 0))).structures
