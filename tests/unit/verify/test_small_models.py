"""How many things are enough: random formulas against worlds with more of them, and what is outside."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Mapping

import pytest

import nsr
from nsr.engine.checking import parse_program
from nsr.errors import UnsoundBackend, UsageError
from nsr.language import ir
from nsr.language.open_types import at_sizes
from nsr.limits import Limits
from nsr.results import EvidenceKind, Status
from nsr.solvers import Claim, SatisfiableJob, backend_names, run_sync
from nsr.verify.small_models import confirm_at_all_sizes, enough_things
from nsr.workers import shut_down


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers() -> Iterator[None]:
    yield
    shut_down()


HEAD = "type T\nconst c: T\npred p(T), q(T), r(T, T)\n"


def enough(source: str) -> Mapping[str, int] | None:
    program = parse_program(source)
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Prove)
    return enough_things(program, 0, ir.Not(goal.formula))


def is_satisfiable(program: ir.Program, size: int) -> bool:
    found = run_sync(SatisfiableJob(at_sizes(program, {"T": size})), limits=Limits(wall_seconds=10))
    assert found.claim is not Claim.UNKNOWN
    return found.claim is Claim.SATISFIABLE


class Writer:
    """Random formulas; `monadic` ones neither compare things nor speak of two."""

    def __init__(self, seed: int, *, is_monadic: bool) -> None:
        self.choices = random.Random(seed)
        self.is_monadic = is_monadic
        self.count = 0

    def atom(self, names: list[str]) -> str:
        a, b = self.choices.choice(names), self.choices.choice(names)
        kinds = [f"p({a})", f"q({a})"] + ([] if self.is_monadic else [f"r({a}, {b})", f"{a} == {b}", f"{a} != {b}"])
        return self.choices.choice(kinds)

    def formula(self, names: list[str], depth: int) -> str:
        kind = self.choices.choice(
            ("atom", "not", "and", "or", "implies", "iff", "some", "all") if depth else ("atom",)
        )
        if kind in ("some", "all"):
            self.count += 1
            name = f"x{self.count}"
            inner = self.formula([*names, name, name], depth - 1)
            return f"({'exists' if kind == 'some' else 'forall'} {name} in T: {inner})"
        if kind == "not":
            return f"not {self.formula(names, depth - 1)}"
        if kind == "atom":
            return self.atom(names)
        return f"({self.formula(names, depth - 1)} {kind} {self.formula(names, depth - 1)})"


@pytest.mark.parametrize("is_monadic", [False, True])
def test_what_more_things_allow_fewer_do(*, is_monadic: bool) -> None:
    tried = unsatisfiable = 0
    for seed in range(60):
        writer = Writer(seed, is_monadic=is_monadic)
        premises = "".join(f"premise: {writer.formula(['c'], 4)}\n" for _ in range(3))
        source = f"{HEAD if not is_monadic else HEAD.replace(', r(T, T)', '')}{premises}prove false"
        found = enough(source)
        if found is None or found["T"] > 5:
            continue
        program = parse_program(source)
        small = any(is_satisfiable(program, size) for size in range(1, found["T"] + 1))
        tried += 1
        unsatisfiable += not small
        if not small:
            assert not any(is_satisfiable(program, found["T"] + more) for more in (1, 2)), source
    assert tried > 15
    assert unsatisfiable > 1


@pytest.mark.parametrize(
    ("statements", "goal", "size"),
    [
        ("premise: forall x in T: p(x) implies q(x)", "q(c)", 1),
        ("premise: forall x in T: p(x) implies q(x)", "forall x in T: q(x)", 2),
        ("premise: exists x, y in T: r(x, y) and x != y", "p(c)", 3),
        ("premise: not forall x in T: p(x)", "not exists x in T: q(x)", 3),
        ("premise: forall i in 1..3: exists x in T: n(x, i)", "p(c)", 4),
        ("premise: forall x in T: p(x) implies exists y in T: r(x, y)", "p(c)", None),
        ("premise: (forall x in T: p(x)) iff exists x in T: r(x, c)", "p(c)", 3),
        ("premise: exactly 2 x in T: p(x)", "r(c, c)", 3),
        ("premise: forall x in T: mother(x) != x", "p(c)", None),
        ("premise: boss != c", "p(boss)", 2),
        ("define d(x: T) = exists y in T: r(x, y)\npremise: forall x in T: not d(x)", "p(c)", 1),
        ("define d(x: T) = exists y in T: r(x, y)\npremise: forall x in T: d(x)", "p(c)", None),
        ("premise: age(c) == 2", "forall x in T: age(x) == 2", 2),
        ("fact k(c)\nrule k(X) if r(X, X)", "k(c)", 1),
    ],
)
def test_how_many_are_enough(statements: str, goal: str, size: int | None) -> None:
    more = "pred n(T, 1..3)\nvar age(T): 1..3\nrel k(T)\n"
    more += "var mother(T): T\n" if "mother" in statements else ""
    more += "var boss: T\n" if "boss" in statements else ""
    found = enough(f"{HEAD}{more}{statements}\nprove {goal}")
    assert found == (None if size is None else {"T": size})


def test_predicates_of_one_thing_know_as_many_kinds_as_there_are() -> None:
    head = "type T\npred p(T), q(T)\n"
    assert enough(head + "premise: forall x in T: exists y in T: p(x) iff q(y)\nprove exists x in T: p(x)") == {"T": 4}
    assert enough(head + "premise: forall x in T: exists y in T: x != y and p(y)\nprove exists x in T: p(x)") is None


@pytest.mark.parametrize(
    ("statements", "goal", "by"),
    [
        ("premise: forall x in T: p(x) implies q(x)\npremise: p(c)", "exists x in T: q(x)", {"derivation"}),
        ("premise: forall x in T: exists y in T: r(x, y)", "exists x in T: r(c, x)", {"derivation"}),
        # Numbers: no derivation, but finitely many values.
        (
            "var k: 0..3\nvar n(T): int\npremise: forall x in T: n(x) == k * k",
            "n(c) >= 0",
            set(backend_names()) - {"z3"},
        ),
        # No end of values.
        ("var n(T): int\npremise: n(c) != 0", "exists x in T: n(x) * n(x) > 0", {None}),
    ],
)
def test_proofs_over_open_types_are_confirmed_where_that_can_be(
    statements: str, goal: str, by: set[str | None]
) -> None:
    result = nsr.run(f"{HEAD}{statements}\nprove {goal}")
    assert result.status is Status.ENTAILED
    assert result.evidence.confirmed_by in by
    assert result.evidence.kind is (EvidenceKind.CLAIMED if by == {None} else EvidenceKind.CONFIRMED)


def test_contradictions_over_open_types_are_confirmed() -> None:
    result = nsr.run(HEAD + "premise: forall x in T: p(x)\npremise: not p(c)\nprove q(c)")
    assert result.status is Status.INCONSISTENT
    assert result.evidence.kind is EvidenceKind.CONFIRMED


async def _confirmed(formula: ir.Term, program: ir.Program) -> str | None:
    return await confirm_at_all_sizes(program, 0, formula, "z3")


def test_a_false_claim_is_found_out() -> None:
    program = parse_program(HEAD + "premise: exists x in T: p(x)\nprove p(c)")
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Prove)
    with pytest.raises(UnsoundBackend):
        asyncio.run(_confirmed(ir.Not(goal.formula), program))


def test_a_back_end_for_finite_worlds_is_not_said_to_have_proved_more() -> None:
    source = HEAD + "premise: forall x in T: p(x)\nprove p(c)"
    asked = nsr.run(source, backend="cpsat")
    assert asked.status is Status.ENTAILED
    assert any("finite worlds only" in note for note in asked.evidence.notes)
    assert not nsr.run(source, backend="z3").evidence.notes
    with pytest.raises(UsageError):
        nsr.run(source, backend="nobody")


def test_without_proof_and_counterexample_the_reason_says_how_far_it_was_looked() -> None:
    serial = "premise: forall x in T: exists y in T: r(x, y)\n"
    chain = "premise: forall x, y, z in T: r(x, y) and r(y, z) implies r(x, z)\n"
    result = nsr.run(HEAD + serial + chain + "prove exists x in T: r(x, x)", limits=Limits(wall_seconds=20))
    assert result.status is Status.LIMIT
    assert result.reason is not None
    assert result.reason.startswith("there is no proof and no counterexample with up to")
