"""Open types: what is refuted over worlds of every size, and what is true in a finite one."""

import asyncio
from dataclasses import replace

import pytest

from nsr.language import ir
from nsr.language.evaluate import check_structure, holds
from nsr.language.open_types import at_sizes
from nsr.language.sorts import Element
from nsr.limits import LimitKind, Limits
from nsr.solvers import AskJob, Claim, CoreJob, Gap, OptimizeJob, SatisfiableJob, SolutionsJob, run_sync
from nsr.solvers.jobs import RefuteJob
from nsr.solvers.open_worlds import run_open
from nsr.solvers.protocol import FormulaOutcome, Outcome
from nsr.workers import shut_down


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers():
    yield
    shut_down()


def verdicts(program, seconds=10):
    """Whether the goal and its denial are possible."""
    formula = program.questions[0].goal.formula
    return run_sync(SatisfiableJob(program, 0, (formula, ir.Not(formula))), limits=Limits(wall_seconds=seconds))


HEAD = "type Thing\npred a(Thing), b(Thing), r(Thing, Thing)\nconst c, d: Thing\n"


@pytest.mark.parametrize(
    ("premises", "goal", "told"),
    [
        ("forall x in Thing: a(x) implies b(x)\npremise: a(c)", "b(c)", (True, False)),
        ("forall x in Thing: a(x) implies b(x)\npremise: b(c)", "a(c)", (True, True)),
        ("forall x in Thing: a(x) implies b(x)\npremise: not b(c)", "a(c)", (False, True)),
        ("a(c) or a(d)", "exists x in Thing: a(x)", (True, False)),
        ("a(c)", "forall x in Thing: a(x)", (True, True)),
        ("a(c) and a(d)", "forall x in Thing: a(x)", (True, True)),
        ("a(c)", "c == d", (False, True)),
        (
            "forall x, y in Thing: r(x, y) implies r(y, x)\npremise: r(c, d)",
            "exists x in Thing: r(d, x)",
            (True, False),
        ),
    ],
)
def test_proofs_and_counterexamples(premises, goal, told, typed):
    program = typed(f"{HEAD}premise: {premises}\nprove: {goal}\n")
    outcome = verdicts(program)
    assert outcome.claim is Claim.SATISFIABLE
    assert outcome.verdicts == told
    for formula, found in zip(
        (program.questions[0].goal.formula, ir.Not(program.questions[0].goal.formula)), outcome.formulas, strict=True
    ):
        if found.structure is None:
            continue
        with_goal = ir.Requirement("goal", "assume", formula)
        finite = at_sizes(replace(program, requirements=(*program.requirements, with_goal)), found.sizes)
        assert check_structure(finite, finite.questions[0], found.structure) == ()
        assert holds(finite.requirements[-1].formula, found.structure, finite)


def test_a_counterexample_may_need_more_things_than_have_names(typed):
    program = typed(
        "type Thing\npred a(Thing)\nconst c: Thing\n"
        "premise: a(c) and exists x, y in Thing: not a(x) and not a(y) and x != y\n"
        "prove: exactly 2 x in Thing: not a(x)\n"
    )
    outcome = verdicts(program)
    assert outcome.verdicts == (True, True)
    assert outcome.formulas[1].sizes == {"Thing": 4}


def test_without_a_finite_counterexample_nothing_is_guessed(typed):
    program = typed(
        "type Thing\npred r(Thing, Thing)\n"
        "premise: forall x in Thing: exists y in Thing: r(x, y)\n"
        "premise: forall x, y, z in Thing: r(x, y) and r(y, z) implies r(x, z)\n"
        "prove: exists x in Thing: r(x, x)\n"
    )
    outcome = verdicts(program, seconds=4)
    assert outcome.verdicts == (True, None)
    assert outcome.formulas[1].limit is not None


def test_contradicting_premises_have_a_core(typed):
    program = typed(
        f"{HEAD}premise one: a(c)\npremise two: b(d)\npremise three: forall x in Thing: not a(x)\nprove: b(c)\n"
    )
    assert verdicts(program).claim is Claim.UNSATISFIABLE
    core = run_sync(CoreJob(program, 0), limits=Limits(wall_seconds=10))
    assert set(core.core) == {"one", "three"}


def test_a_core_does_not_wait_for_what_is_never_decided(typed):
    program = typed(
        "type Thing may_coincide\nconst a, b: Thing\nvar f(Thing): Thing\n"
        "premise one: forall x in Thing, y in Thing: f(x) == f(y) implies x == y\n"
        "premise two: f(a) == f(b)\npremise three: a != b\nprove: a == b\n"
    )
    core = run_sync(CoreJob(program, 0), limits=Limits(wall_seconds=10))
    assert set(core.core) == {"one", "two", "three"}
    assert core.limit is None


def test_names_that_are_words_of_smt_lib(typed):
    words = ("let", "as", "match", "lambda", "xor", "distinct", "choice", "par", "_", "ite", "select")
    for word in (f"`{w}`" for w in words):
        program = typed(
            f"type Thing\npred {word}(Thing)\nconst c: Thing\npremise: forall x in Thing: {word}(x)\nprove: {word}(c)\n"
        )
        assert verdicts(program).verdicts == (True, False), word


def test_relations_over_named_things(typed):
    program = typed(
        "type Thing\nrel parent(Thing, Thing), above(Thing, Thing)\nconst a, b, c: Thing\n"
        "fact parent(a, b), parent(b, c)\n"
        "rule above(X, Y) if parent(X, Y)\nrule above(X, Z) if above(X, Y), parent(Y, Z)\nask above(a, X)\n"
    )
    goal = program.questions[0].goal
    outcome = run_sync(AskJob(program, 0, goal.binders, goal.body), limits=Limits(wall_seconds=10))
    assert [(str(b.values[0]), b.is_certain) for b in outcome.bindings] == [("b", True), ("c", True)]


def test_finite_types_beside_open_ones(typed):
    program = typed(
        "type Thing\ntype Day = [mon, tue, wed]\nvar day(Thing): Day\nconst c, d: Thing\n"
        "premise: forall x in Thing: day(x) < wed\npremise: day(c) < day(d)\nprove: day(d) == tue\n"
    )
    assert verdicts(program).verdicts == (True, False)


def test_solutions_are_finite_and_objectives_refused(typed):
    program = typed(f"{HEAD}premise: a(c) and not a(d)\nfind\n")
    outcome = run_sync(SolutionsJob(program, 0), limits=Limits(wall_seconds=10))
    assert outcome.sizes == {"Thing": 2}
    assert len(outcome.structures[0]["r"]) == 4
    with pytest.raises(Gap):
        run_sync(OptimizeJob(typed(f"{HEAD}minimize count(x for x in 1..3 if a(c))\n"), 0))


SERIAL = (
    "type Thing\npred r(Thing, Thing)\n"
    "premise: forall x in Thing: exists y in Thing: r(x, y)\n"
    "premise: forall x, y, z in Thing: r(x, y) and r(y, z) implies r(x, z)\n"
    "prove: exists x in Thing: r(x, x)\n"
)


def decided(program, refuter_says, sizes_say):
    """The outcome with a made-up prover and made-up finite searches, and the order in which they were asked."""
    formula = ir.Not(program.questions[0].goal.formula)
    asked = []

    async def runner(job, seconds):
        asked.append("refute" if isinstance(job, RefuteJob) else len(job.program.sorts["Thing"].elements))
        claim, limit = refuter_says if isinstance(job, RefuteJob) else sizes_say
        return Outcome(claim=claim, backend="made up", limit=limit, formulas=(FormulaOutcome(claim, limit=limit),))

    job = SatisfiableJob(program, 0, (formula,))
    return asyncio.run(run_open(job, runner, Limits(wall_seconds=5))), asked


def test_it_ends_when_the_prover_has_given_up_and_no_size_has_a_world(typed):
    outcome, asked = decided(typed(SERIAL), (Claim.UNKNOWN, None), (Claim.UNSATISFIABLE, None))
    assert asked == [1, "refute", 2, 3, 4, 5, 6, 7]
    assert outcome.claim is Claim.UNKNOWN
    assert outcome.detail == "there is no proof and no world with up to 7 things"


def test_a_prover_that_needs_time_is_asked_again_but_not_for_ever(typed):
    _, asked = decided(typed(SERIAL), (Claim.UNKNOWN, LimitKind.WALL), (Claim.UNSATISFIABLE, None))
    assert asked[:8] == [1, "refute", 2, 3, 4, 5, 6, 7]
    assert set(asked[8:]) == {"refute"}
    _, asked = decided(typed(SERIAL), (Claim.UNKNOWN, None), (Claim.UNKNOWN, LimitKind.SIZE))
    assert asked == [1, "refute"]


def test_worlds_that_are_found_at_once_need_no_refutation(typed):
    program = typed("type Thing\npred p(Thing)\nconst a: Thing\nprove: p(a)\n")
    world = {"p": {(Element("Thing", "a", 0),): False}}
    found = FormulaOutcome(Claim.SATISFIABLE, world)
    asked = []

    async def runner(job, seconds):
        asked.append(type(job))
        return Outcome(claim=Claim.SATISFIABLE, backend="made up", structures=(world,), formulas=(found,))

    job = SatisfiableJob(program, 0, (ir.Not(program.questions[0].goal.formula),))
    outcome = asyncio.run(run_open(job, runner, Limits(wall_seconds=5)))
    assert outcome.verdicts == (True,)
    assert asked == [SatisfiableJob]
