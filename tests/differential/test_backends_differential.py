"""Random programs: brute force by the reference evaluator and all back ends agree; twins keep their solutions."""

import os
import random
from dataclasses import replace

import pytest

from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check
from nsr.language.enumerate import solutions
from nsr.language.evaluate import holds
from nsr.language.printer import print_program
from nsr.language.sorts import INT
from nsr.limits import Budget
from nsr.reformulations import in_order
from nsr.reformulations.features import features_of
from nsr.solvers import Claim, CoreJob, SatisfiableJob, SolutionsJob
from nsr.solvers.jobs import decode_reply, encode_job
from nsr.solvers.registry import get_backend
from nsr.solvers.work import work
from nsr.testing.generate import random_program

ROUNDS = int(os.environ.get("NSR_DIFFERENTIAL_ROUNDS", "1"))
PER_BLOCK = 25
BLOCKS = 10


def typed(source):
    parsed = parse(source)
    assert parsed.program is not None, source
    checked = check(parsed.program, source)
    assert checked.program is not None, source
    return checked.program


def frozen(structure):
    return frozenset((name, frozenset(values.items())) for name, values in structure.items())


def found(program, backend, limit):
    job = SolutionsJob(program, 0, limit)
    return decode_reply(job, backend, work(encode_job(job, backend, 120.0, 0)))


def seeds(block):
    first = block * PER_BLOCK * ROUNDS
    return range(first, first + PER_BLOCK * ROUNDS)


@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize(("backend", "limit"), [("cpsat", 4000), ("z3", 10)])
def test_solutions_are_those_of_brute_force(backend, limit, block):
    for seed in seeds(block):
        source = random_program(seed)
        program = typed(source)
        wanted = {frozen(s) for s in solutions(program, program.questions[0])}
        outcome = found(program, backend, limit)
        got = {frozen(s) for s in outcome.structures}
        assert len(got) == len(outcome.structures) == min(limit, len(wanted)), f"seed {seed}\n{source}"
        assert got <= wanted, f"seed {seed}\n{source}"
        assert outcome.is_complete == (len(wanted) < limit), f"seed {seed}\n{source}"
        assert outcome.claim is (Claim.SATISFIABLE if wanted else Claim.UNSATISFIABLE), f"seed {seed}\n{source}"


def twins(program, seed):
    """Programs with the same solutions."""
    rng = random.Random(seed)
    requirements = list(program.requirements)
    rng.shuffle(requirements)
    yield "shuffled", replace(program, requirements=tuple(requirements))
    doubled = [replace(r, formula=ir.Not(ir.Not(r.formula))) for r in program.requirements]
    yield "denied twice", replace(program, requirements=tuple(doubled))
    x = ir.Variable("fresh", INT)
    always = ir.Quantified(
        "forall", (ir.Bound(x, ir.Interval(ir.integer(1), ir.integer(3))),), ir.Less(ir.integer(0), x)
    )
    extra = ir.Requirement("always", "constraint", always)
    yield "with a tautology", replace(program, requirements=(*program.requirements, extra))
    whole = ir.Requirement("whole", "constraint", ir.And(tuple(r.formula for r in program.requirements)))
    yield "joined", replace(program, requirements=(whole,))
    printed = parse(program.source).program
    assert printed is not None
    yield "printed and parsed", typed(print_program(printed))


@pytest.mark.parametrize("block", range(4))
def test_twins_have_the_same_solutions(block):
    for seed in range(10_000 + 6 * block * ROUNDS, 10_000 + 6 * (block + 1) * ROUNDS):
        program = typed(random_program(seed, max_structures=500))
        wanted = {frozen(s) for s in found(program, "cpsat", 1000).structures}
        for name, twin in twins(program, seed):
            assert {frozen(s) for s in found(twin, "cpsat", 1000).structures} == wanted, f"{name}, seed {seed}"


CODED = {"EnumerationsToIntegers", "RationalsToIntegers"}
"""After these the values are codes, which the evaluator does not know."""


@pytest.mark.parametrize("backend", ["cpsat", "z3"])
def test_each_step_keeps_the_truth_of_every_requirement(backend):
    native = get_backend(backend).spec.native
    steps_seen = set()
    for seed in range(20_000, 20_000 + 60 * ROUNDS):
        source = random_program(seed, max_structures=200)
        program = typed(source)
        open_ = replace(program, requirements=())
        worlds = list(solutions(open_, open_.questions[0], limit=30))
        current = program
        for step in in_order():
            if step.name in CODED or not features_of(current) & step.rewrites.keys() - native:
                continue
            before = current
            current = step.rewrite(current, Budget())
            steps_seen.add(step.name)
            own = {r.name: r.formula for r in current.requirements}
            for requirement in before.requirements:
                for world in worlds:
                    left = holds(requirement.formula, world, before)
                    right = holds(own[requirement.name], world, current)
                    assert left == right, f"{step.name}, seed {seed}\n{source}"
    assert {"BindersToInstances", "PartialToGuarded", "NestedApplicationsToConditionals"} <= steps_seen


@pytest.mark.parametrize("backend", ["cpsat", "z3"])
def test_cores_are_unsatisfiable_and_minimal(backend):
    cores = 0
    for seed in range(30_000, 30_000 + 120 * ROUNDS):
        program = typed(random_program(seed, max_structures=300))
        if next(solutions(program, program.questions[0]), None) is not None:
            continue
        job = CoreJob(program, 0)
        outcome = decode_reply(job, backend, work(encode_job(job, backend, 120.0, 0)))
        assert outcome.claim is Claim.UNSATISFIABLE
        assert outcome.is_complete

        def has_solution(names, program=program):
            fewer = replace(program, requirements=tuple(r for r in program.requirements if r.name in names))
            return next(solutions(fewer, fewer.questions[0]), None) is not None

        assert not has_solution(outcome.core), seed
        for name in outcome.core:
            assert has_solution(set(outcome.core) - {name}), seed
        cores += len(outcome.core) > 0
    assert cores > 5


@pytest.mark.parametrize("backend", ["cpsat", "z3"])
def test_formulas_are_possible_where_brute_force_finds_a_world(backend):
    for seed in range(40_000, 40_000 + 30 * ROUNDS):
        program = typed(random_program(seed, max_structures=300))
        asked = [r.formula for r in typed(random_program(seed, max_structures=300)).requirements]
        open_ = replace(program, requirements=program.requirements[:1])
        formulas = (*asked, *[ir.Not(f) for f in asked])
        worlds = list(solutions(open_, open_.questions[0]))
        job = SatisfiableJob(open_, 0, formulas)
        outcome = decode_reply(job, backend, work(encode_job(job, backend, 120.0, 0)))
        wanted = tuple(any(holds(f, world, open_) for world in worlds) for f in formulas)
        assert outcome.verdicts == wanted, seed
        for formula, found_ in zip(formulas, outcome.formulas, strict=True):
            assert found_.structure is None or holds(formula, found_.structure, open_)


@pytest.mark.slow
def test_many_more_programs():
    for seed in range(100_000, 103_000):
        source = random_program(seed)
        program = typed(source)
        wanted = {frozen(s) for s in solutions(program, program.questions[0])}
        outcome = found(program, "cpsat", 4000)
        assert {frozen(s) for s in outcome.structures} == wanted, f"seed {seed}\n{source}"
