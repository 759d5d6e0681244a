"""Schedules and tours as CP-SAT takes them, against enumeration, and how long a large shop takes to write."""

import itertools
import random
import time

import pytest

from nsr.language import ir
from nsr.language.evaluate import holds
from nsr.language.ir import Apply, Find, Function, Program, Question, Requirement
from nsr.language.sorts import EnumSort, IntSort
from nsr.limits import Budget
from nsr.solvers import SolutionsJob
from nsr.solvers.cpsat import CpSatBackend


def program_of(functions, *formulas):
    requirements = tuple(Requirement(f"s{n}", "constraint", f) for n, f in enumerate(formulas, 1))
    return Program({}, {f.name: f for f in functions}, {}, {}, requirements, (Question(Find("all")),))


def var(name, low, high):
    return Function(name, "var", (), IntSort(low, high))


def call(function):
    return Apply(function.name, (), function.value)


def task(start, length, demand, condition=ir.TRUE):
    return ir.Task((), condition, start, length, demand)


def random_schedule(rng):
    """Three tasks with small starts, lengths and demands that may be unknown, empty or absent."""
    functions = []

    def number(low, high):
        if rng.random() < 0.2:
            functions.append(var(f"n{len(functions)}", low, high))
            return call(functions[-1])
        return ir.integer(rng.randint(low, high))

    functions += [var(f"start{i}", 0, 3) for i in range(3)]
    starts = functions[:3]
    tasks = []
    for start in starts:
        condition = ir.Less(call(starts[0]), ir.integer(2)) if rng.random() < 0.3 else ir.TRUE
        tasks.append(task(call(start), number(-1, 2), number(0, 2), condition))
    if rng.random() < 0.5:
        return functions, ir.NoOverlap(tuple(tasks))
    return functions, ir.Cumulative(number(-1, 2), tuple(tasks))


def frozen(structure):
    return frozenset((name, values[()]) for name, values in structure.items())


@pytest.mark.parametrize("block", range(3))
def test_schedules_against_enumeration(block, done):
    for seed in range(8 * block, 8 * block + 8):
        functions, formula = random_schedule(random.Random(seed))
        program = program_of(functions, formula)
        sets = [range(f.value.low, f.value.high + 1) for f in functions]
        wanted = set()
        for values in itertools.product(*sets):
            world = {f.name: {(): v} for f, v in zip(functions, values, strict=True)}
            if holds(formula, world, program):
                wanted.add(frozen(world))
        outcome = done(SolutionsJob(program, 0, 10_000), "cpsat")
        assert {frozen(s) for s in outcome.structures} == wanted, (seed, formula)
        assert len(outcome.structures) == len(wanted), seed


@pytest.mark.parametrize("size", [1, 2, 4, 5])
@pytest.mark.parametrize("is_range", [False, True])
def test_tours_against_enumeration(size, is_range, done):
    names = tuple("abcde"[:size])
    sort = IntSort(3, 2 + size, "City") if is_range else EnumSort("City", names)
    values = range(3, 3 + size) if is_range else [sort.element(i) for i in range(size)]
    function = Function("next", "var", (sort,), sort)
    args = tuple(Apply("next", (ir.Literal(v, sort),), sort) for v in values)
    program = program_of([function], ir.Circuit(args, sort))
    tours = 1
    for factor in range(1, size):
        tours *= factor
    outcome = done(SolutionsJob(program, 0, 1000), "cpsat")
    assert len(outcome.structures) == tours
    for structure in outcome.structures:
        assert holds(ir.Circuit(args, sort), structure, program)


def test_a_large_shop_is_written_quickly():
    jobs = machines = 20
    rng = random.Random(3)
    starts = [[var(f"s{j} {k}", 0, 3000) for k in range(machines)] for j in range(jobs)]
    lengths = [[rng.randint(1, 99) for _ in range(machines)] for _ in range(jobs)]
    orders = [rng.sample(range(machines), machines) for _ in range(jobs)]
    on = [[] for _ in range(machines)]
    formulas = []
    for j in range(jobs):
        for k in range(machines):
            length = ir.integer(lengths[j][k])
            on[orders[j][k]].append(task(call(starts[j][k]), length, ir.integer(1)))
            if k + 1 < machines:
                formulas.append(ir.LessEqual(ir.Sum((call(starts[j][k]), length)), call(starts[j][k + 1])))
    formulas += [ir.NoOverlap(tuple(tasks)) for tasks in on]
    program = program_of([s for row in starts for s in row], *formulas)
    start = time.process_time()
    encoding = CpSatBackend().compile(program, Budget())
    assert time.process_time() - start < 1.0
    assert encoding.text().count("no_overlap") == machines
    assert encoding.text().count("interval {") == jobs * machines
