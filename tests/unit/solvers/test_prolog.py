"""SWI-Prolog: rules as tabled clauses, CLP(FD), limits, and derivations that the checker accepts."""

from __future__ import annotations

import random
from dataclasses import replace
from shutil import which

import pytest

from nsr.language import ir
from nsr.limits import Budget, BudgetExceeded, LimitKind, Limits
from nsr.proofs.check import check
from nsr.reformulations.relations_to_tables import RELATIONS_TO_TABLES
from nsr.solvers import AskJob, Claim, OptimizeJob, SolutionsJob, run_sync
from nsr.solvers.deriving import derivation
from nsr.solvers.jobs import program_of_question
from nsr.solvers.prolog import PrologBackend
from nsr.solvers.protocol import Query
from nsr.solvers.registry import INSTALL, availability
from nsr.solvers.stages import places_of

pytestmark = pytest.mark.skipif(which("swipl") is None, reason="SWI-Prolog (swipl) is not installed")

LOCKS = """
type Lock = {alder, birch, cedar, dale}
rel canal(Lock, Lock), shut(Lock), reach(Lock, Lock), lonely(Lock), far(Lock, Lock), many
fact canal(alder, birch), canal(birch, cedar), canal(birch, dale), canal(dale, birch)
fact shut(cedar)
rule reach(X, Y) if canal(X, Y) unless shut(Y)
rule reach(X, Z) if canal(X, Y), reach(Y, Z) unless shut(Z)
rule lonely(X) if forall y in Lock: not reach(X, y)
rule far(X, Y) if not reach(X, Y), X != Y
rule many if count(x for x in Lock if lonely(x)) >= 2
"""

RULES = {
    "closure, negation, counting": LOCKS,
    "two calls of itself": "type N = 1..6\nrel e(N, N), r(N, N)\nfact e(1, 2), e(2, 3), e(3, 1), e(5, 6)\n"
    "rule r(X, Y) if e(X, Y)\nrule r(X, Z) if r(X, Y), r(Y, Z)",
    "mutual recursion": "type N = 0..9\nrel even(N), odd(N)\nfact even(0)\nrule even(X + 1) if odd(X)\n"
    "rule odd(X + 1) if even(X)",
    "recursion under a quantifier": "type N = 1..5\nrel below(N, N), safe(N)\n"
    "fact below(1, 2), below(1, 3), below(3, 4), below(5, 5)\nrule safe(X) if forall y in N: below(X, y) implies safe(y)",  # noqa: E501
    "numbers: rounding down, exact quotients, what is undefined": "type N = -3..3\nrel q(N, N), u(N), w(N)\n"
    "rule q(X, Y) if X // 2 == Y, X % -2 <= 0\nrule u(X) if 6 / X == 2 or 6 / X < -3\nrule w(X) if not 1 / X > 0",
    "fractions": "type W = {0.5, 1, 1.5, 2}\nrel twice(W, W), least(W)\nrule twice(X, Y) if X + X == Y\n"
    "rule least(X) if X == min(y for y in W if y > 0.5)",
    "tables that lack entries": "type T = {a, b, c}\nparam cost(T): int = {a: 3, b: 0}\n"
    "rel dear(T), cheap(T), free(T)\n"
    "rule dear(X) if cost(X) > 2\nrule cheap(X) if not cost(X) > 2\nrule free(X) if cost(X) == 0 or X == c",
    "solved by CLP(FD)": "type N = 1..40\nrel triple(N, N, N)\nrule triple(X, Y, Z) if X * X + Y * Y == Z * Z, X < Y",
    "order and definitions": "type D = [mon, tue, wed, thu]\ndefine gap(a: D, b: D): int = abs(pos(a) - pos(b))\n"
    "rel near(D, D), early(D)\nrule near(X, Y) if gap(X, Y) == 1\nrule early(X) if X + 1 < wed",
    "sets are worked out before": "type T = {a, b, c}\nrel in_it(T), big\nrule in_it(X) if X in ({a, b} | {b})\n"
    "rule big if len({x for x in T if in_it(x)}) == 2",
    "a variable of a smaller type than the relation's": "type N = 1..5\ntype M = 1..3\nrel p(N), two, one\n"
    "fact p(2), p(4), p(5)\nrule two if count(y for y in M if p(y)) >= 2\nrule one if count(y for y in M if p(y)) == 1",
    "truth values as arguments": "rel p(bool, bool)\nrule p(X, Y) if X == (not Y)",
}


@pytest.mark.parametrize("name", RULES)
def test_relations_hold_where_the_bottom_up_evaluation_says(name, typed):
    program = program_of_question(typed(RULES[name] + "\nfind"), 0)
    tables = RELATIONS_TO_TABLES.rewrite(program, Budget()).tables
    backend = PrologBackend()
    found = backend.solve(backend.compile(program, Budget()), Query(), Budget())
    for function in program.relations():
        assert list(found.tables[function.name]) == places_of(function, tables[function.name].entries), function.name


def graph(seed: int) -> str:
    """A program with a closure over a random graph, and what is not reached."""
    rng = random.Random(seed)
    nodes = rng.randint(2, 12)
    edges = {(rng.randint(1, nodes), rng.randint(1, nodes)) for _ in range(rng.randint(1, 20))}
    facts = ", ".join(f"e({a}, {b})" for a, b in sorted(edges))
    step = rng.choice(("r(X, Y), e(Y, Z)", "e(X, Y), r(Y, Z)", "r(X, Y), r(Y, Z)", "e(X, Y), r(Y, Z), X != Z"))
    end = rng.choice(("not r(X, X)", "count(y for y in N if r(X, y)) > 2", "forall y in N: r(X, y) implies r(y, X)"))
    rules = f"rule r(X, Y) if e(X, Y)\nrule r(X, Z) if {step}\nrule s(X) if {end}"
    return f"type N = 1..{nodes}\nrel e(N, N), r(N, N), s(N)\nfact {facts}\n{rules}\nfind"


@pytest.mark.parametrize("seed", range(25))
def test_random_graphs(seed, typed):
    program = program_of_question(typed(graph(seed)), 0)
    tables = RELATIONS_TO_TABLES.rewrite(program, Budget()).tables
    backend = PrologBackend()
    found = backend.solve(backend.compile(program, Budget()), Query(), Budget())
    for function in program.relations():
        assert list(found.tables[function.name]) == places_of(function, tables[function.name].entries)


def test_no_name_of_a_program_is_in_an_encoding(typed):
    program = program_of_question(typed(LOCKS + "var here: Lock\nconstraint: here == birch\nfind"), 0)
    backend = PrologBackend()
    encoding = backend.compile(_without_unknowns(program), Budget())
    assert not any(word in encoding.text() for word in ("alder", "reach", "canal", "lonely"))


def _without_unknowns(program: ir.Program) -> ir.Program:
    symbols = {name: function for name, function in program.symbols.items() if function.kind == "rel"}
    return replace(program, symbols=symbols, requirements=())


def test_solutions_one_best_and_all(typed, done):
    program = typed(
        "var x, y: int in -3..3\nconstraint: x // 2 == y\nconstraint: abs(x) + max(x, y) >= 2\nminimize: x * y"
    )
    pairs = [(x, y) for x in range(-3, 4) for y in range(-3, 4) if x // 2 == y and abs(x) + max(x, y) >= 2]
    every = done(SolutionsJob(program, limit=50), "prolog")
    assert every.is_complete
    assert sorted((s["x"][()], s["y"][()]) for s in every.structures) == pairs
    best = done(OptimizeJob(program), "prolog")
    assert best.objectives[0].status == "optimal"
    assert best.objectives[0].value == min(x * y for x, y in pairs)


def test_solutions_that_agree_on_the_projection_count_once(typed, done):
    program = typed("var x: int in 1..3\nvar y: int in 1..100\nconstraint: x < y\nfind all x")
    found = done(SolutionsJob(program, limit=50, symbols=("x",)), "prolog")
    assert found.is_complete
    assert sorted(s["x"][()] for s in found.structures) == [1, 2, 3]


def test_numbers_beyond_64_bits_come_back_as_they_are(typed, done):
    program = typed(f"var x: int in {2**70}..{2**70 + 5}\nconstraint: x % 7 == 3\nfind")
    found = done(SolutionsJob(program), "prolog")
    assert found.structures[0]["x"][()] % 7 == 3


# In workers: limits


def limited(program: ir.Program, **limits: float) -> tuple[Claim, LimitKind | None]:
    goal = program.questions[0].goal
    job = AskJob(program, 0, goal.binders, goal.body) if isinstance(goal, ir.Ask) else SolutionsJob(program)
    wide = {"wall_seconds": 60.0, "cpu_seconds": 60.0, "memory_mib": 1000}
    outcome = run_sync(job, backend="prolog", limits=Limits(**{**wide, **limits}))
    return outcome.claim, outcome.limit


PIGEONS = "type P = 1..13\ntype H = 1..12\nvar h(P): H\nconstraint: forall a, b in P: a < b implies h(a) != h(b)\nfind"


@pytest.mark.parametrize(
    ("limits", "kind"), [({"wall_seconds": 0.3}, LimitKind.WALL), ({"cpu_seconds": 0.3}, LimitKind.CPU)]
)
def test_time_limits_end_a_search(typed, limits, kind):
    assert limited(typed(PIGEONS), **limits) == (Claim.UNKNOWN, kind)


def test_memory_that_is_used_up_is_a_limit(typed):
    source = "type N = 1..1500\nrel e(N, N)\nrule e(X, Y) if X != Y\nask e(1, X)"
    assert limited(typed(source), memory_mib=40) == (Claim.UNKNOWN, LimitKind.MEMORY)


def test_relations_without_end_are_a_limit(typed):
    source = "type T = {a}\nrel level(T, int), q(T)\nfact level(a, 0)\nrule level(a, N + 1) if level(a, N)\n"
    assert limited(typed(source + "rule q(X) if level(X, 3)\nask q(X)")) == (Claim.UNKNOWN, LimitKind.SIZE)


def test_a_rule_that_only_calls_itself_ends(typed):
    program = typed(
        "type T = {a, b}\nrel p(T), q(T)\nrule p(X) if p(X)\nrule p(X) if q(X)\nrule q(X) if p(X)\nask p(X)"
    )
    goal = program.questions[0].goal
    found = run_sync(AskJob(program, 0, goal.binders, goal.body), backend="prolog")
    assert found.claim is Claim.SATISFIABLE
    assert found.bindings == ()


def test_a_worker_has_loaded_everything_that_it_calls(typed):
    """A worker can open no file: a library that is loaded when first called would fail there, and only there."""
    source = (
        "type N = 1..5\nvar f(N): N distinct\nvar b: bool\nrel odd(N)\nrule odd(X) if X % 2 == 1\n"
        "constraint: circuit(f) and sum(f(x) * x for x in N) > 40\n"
        "constraint: b implies (odd(f(2)) xor f(1) == max(f(3), f(4)))\nfind all"
    )
    program = typed(source)
    here = run_sync(SolutionsJob(program, limit=200), backend="cpsat")
    there = run_sync(SolutionsJob(program, limit=200), backend="prolog")
    assert there.is_complete
    assert len(there.structures) == len(here.structures) > 0


# Derivations


@pytest.mark.parametrize(
    "goal",
    [
        "reach(alder, dale)",
        "not reach(dale, alder)",
        "lonely(cedar)",
        "far(dale, alder) and not far(alder, dale)",
        "exists x in Lock: reach(x, x)",
        "not many",
    ],
)
def test_derivations_are_accepted_by_the_checker(goal, typed):
    program = typed(f"{LOCKS}\nprove: {goal}")
    question = program.questions[0]
    found = derivation("prolog", program, question, question.goal.formula)
    assert found is not None
    assert check(program, question, question.goal.formula, found, Budget()) is None


def test_a_derivation_in_a_circle_is_never_given(typed):
    program = typed(
        "type N = 1..4\nrel e(N, N), r(N, N)\nfact e(1, 2), e(2, 1), e(2, 3), e(3, 2)\n"
        "rule r(X, Z) if r(X, Y), r(Y, Z)\nrule r(X, Y) if e(X, Y)\nprove: r(1, 3)"
    )
    question = program.questions[0]
    found = derivation("prolog", program, question, question.goal.formula)
    assert found is not None
    assert check(program, question, question.goal.formula, found, Budget()) is None
    # Two facts, two edges as paths, one path of two: and the denial that these contradict.
    assert len(found.steps) == 7


def test_a_way_counts_only_when_all_that_it_calls_has_been_derived(typed):
    program = typed(
        "type T = {a}\nrel p(T), q(T), r(T), s(T), t(T)\nfact q(a), t(a)\nrule p(X) if q(X), r(X)\n"
        "rule r(X) if p(X)\nrule r(X) if s(X)\nrule s(X) if t(X)\nprove: p(a)"
    )
    question = program.questions[0]
    found = derivation("prolog", program, question, question.goal.formula)
    assert found is not None
    assert check(program, question, question.goal.formula, found, Budget()) is None


def test_what_does_not_hold_has_no_derivation(typed):
    program = typed(f"{LOCKS}\nprove: reach(cedar, alder)")
    question = program.questions[0]
    assert derivation("prolog", program, question, question.goal.formula) is None


# Where there is no SWI-Prolog


def test_the_lack_of_the_program_is_told_with_a_way_out(monkeypatch):
    monkeypatch.setattr("nsr.solvers.registry.which", lambda program: None)
    availability.cache_clear()
    try:
        told = availability("prolog")
        assert told is not None
        assert "`swipl`" in told
        assert INSTALL["swipl"] in told
        assert availability("cpsat") is None
    finally:
        availability.cache_clear()


def test_a_limit_of_prolog_is_no_answer(monkeypatch, typed):
    class Full:
        def run(self, base, instructions, seconds):
            raise BudgetExceeded(LimitKind.MEMORY)

    monkeypatch.setattr("nsr.solvers.prolog.host", Full)
    program = program_of_question(typed("var x: int in 1..3\nfind"), 0)
    backend = PrologBackend()
    found = backend.solve(backend.compile(program, Budget()), Query(), Budget())
    assert (found.claim, found.limit) == (Claim.UNKNOWN, LimitKind.MEMORY)
