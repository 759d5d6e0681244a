"""Queries: bindings decided by joining, bindings that depend on the world, and how long many facts take."""

import random
import time

import pytest

from nsr.errors import UnsoundBackend
from nsr.language.enumerate import solutions
from nsr.language.evaluate import bindings_of, check_structure, holds
from nsr.solvers import AskJob, Claim, SatisfiableJob, SolutionsJob, backend_names
from nsr.solvers.jobs import decode_reply

BOTH = pytest.mark.parametrize("backend", backend_names())


def asked(program, **options):
    goal = program.questions[0].goal
    return AskJob(program, 0, goal.binders, goal.body, **options)


def random_source(rng):
    """Facts about two relations, unknowns that restrict each other, and a query over both."""
    size = rng.randint(2, 4)
    lines = [f"type P = 1..{size}", "rel road(P, P), far(P)", "var home: P", "pred open_now(P)"]
    pairs = [(a, b) for a in range(1, size + 1) for b in range(1, size + 1) if rng.random() < 0.5]
    lines += [f"fact road({a}, {b})" for a, b in pairs]
    lines.append("rule far(X) if road(X, Y), road(Y, Z) unless road(X, Z)")
    lines.append(f"constraint: {rng.choice(['open_now(home)', 'home != 1', 'open_now(1) implies not open_now(2)'])}")
    lines.append(f"constraint: {rng.choice(['true', 'open_now(1) or open_now(2)', 'home == 2', 'home > 9'])}")
    body = rng.choice(
        [
            "road(X, Y), open_now(Y)",
            "road(X, Y), X != Y",
            "far(X), road(X, Y), home != Y",
            "road(home, X), open_now(Y) or X == Y",
            "not open_now(X), X < Y",
        ]
    )
    lines.append(f"ask {body}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("places", [[4], [-1], ["a"], 3])
def test_an_answer_that_is_no_binding_is_refused(places, typed):
    program = typed("type P = 1..2\nrel road(P, P)\nfact road(1, 2)\nask road(X, Y)\n")
    with pytest.raises(UnsoundBackend):
        decode_reply(asked(program), "asp", {"claim": "satisfiable", "answers": places})


@BOTH
@pytest.mark.parametrize("block", range(3))
def test_bindings_are_those_of_brute_force(backend, block, typed, done):
    for seed in range(8 * block, 8 * block + 8):
        source = random_source(random.Random(seed))
        program = typed(source)
        goal = program.questions[0].goal
        worlds = list(solutions(program, program.questions[0]))
        outcome = done(asked(program), backend)
        if not worlds:
            assert outcome.claim is Claim.UNSATISFIABLE, source
            continue
        names = [b.variable.name for b in goal.binders]
        truth = {}
        for world in worlds:
            for env in bindings_of(goal.binders, world, program):
                key = tuple(env[n] for n in names)
                truth.setdefault(key, []).append(holds(goal.body, world, program, env))
        wanted = {key: all(values) for key, values in truth.items() if any(values)}
        assert {b.values: b.is_certain for b in outcome.bindings} == wanted, source
        assert all(b.is_possible for b in outcome.bindings)
        assert outcome.is_complete
        for found in outcome.bindings:
            env = dict(zip(names, found.values, strict=True))
            if found.witness is not None:
                assert holds(goal.body, found.witness, program, env), source
            if found.counterexample is not None:
                assert not holds(goal.body, found.counterexample, program, env), source


def test_many_facts_are_joined(typed, done):
    size = 300
    rng = random.Random(1)
    edges = sorted({(rng.randrange(size), rng.randrange(size)) for _ in range(10_000)})
    facts = ", ".join(f"road({a}, {b})" for a, b in edges)
    program = typed(
        f"type P = 0..{size - 1}\nrel road(P, P), reach(P, P)\nfact {facts}\n"
        "rule reach(X, Y) if road(X, Y)\nrule reach(X, Z) if reach(X, Y), road(Y, Z)\n"
        "ask road(3, X), road(X, Y), reach(Y, 5)\n"
    )
    start = time.process_time()
    outcome = done(asked(program), "cpsat")
    assert time.process_time() - start < 10
    by_hand = {(x, y) for a, x in edges if a == 3 for b, y in edges if b == x}
    assert {b.values for b in outcome.bindings} == by_hand


def test_two_variables_are_not_all_pairs(typed, done):
    things = ", ".join(f"t{i}" for i in range(400))
    program = typed(
        f"type T = {{{things}}}\nrel near(T, T)\npred red(T)\n"
        "fact near(t1, t2), near(t2, t3), near(t3, t399)\n"
        "premise: red(t2) and not red(t3)\nask near(X, Y), red(Y)\n"
    )
    start = time.process_time()
    outcome = done(asked(program), "cpsat")
    assert time.process_time() - start < 10
    told = [(str(b.values[0]), str(b.values[1]), b.is_certain) for b in outcome.bindings]
    assert told == [("t1", "t2", True), ("t3", "t399", False)]


def test_a_limit_on_bindings_is_told(typed, done):
    program = typed("type P = 1..20\nrel r(P) = {1, 2, 3, 4, 5}\nask r(X)\n")
    outcome = done(asked(program, limit=3), "cpsat")
    assert len(outcome.bindings) == 3
    assert not outcome.is_complete


@BOTH
def test_relations_come_back_in_structures(backend, typed, done):
    program = typed(
        "type P = 1..3\nrel a(P), b(P, P)\nvar x: P\nfact a(1), a(3)\n"
        "rule b(X, Y) if a(X), a(Y), X < Y\nconstraint: b(x, 3)\n"
    )
    (found,) = done(SolutionsJob(program, 0, 5), backend).structures
    assert found["x"] == {(): 1}
    assert [k for k, v in found["a"].items() if v] == [(1,), (3,)]
    # A relation may be told by where it holds alone; the evaluator reads the rest as false.
    assert [k for k, v in found["b"].items() if v] == [(1, 3)]
    assert check_structure(program, program.questions[0], found) == ()


@BOTH
def test_rules_over_unknowns(backend, typed, done):
    program = typed("type P = 1..3\nrel on(P)\nvar x: P\nrule on(X) if X <= x\nconstraint: not on(3)\nfind all x\n")
    outcome = done(SolutionsJob(program, 0, 9), backend)
    assert outcome.is_complete
    assert {(s["x"][()], sum(s["on"].values())) for s in outcome.structures} == {(1, 1), (2, 2)}
    job = SatisfiableJob(program, 0, (program.requirements[0].formula,))
    assert done(job, backend).verdicts == (True,)
