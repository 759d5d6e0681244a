"""What is shown of cores: that they have no world, and that nothing in them can be left out."""

import asyncio
from itertools import pairwise

import pytest

import nsr
from nsr.engine.checking import parse_program
from nsr.errors import UnsoundBackend
from nsr.results import EvidenceKind, Status
from nsr.solvers import CoreJob, backend_names, run_sync
from nsr.verify import CoreCheck, check_core
from nsr.verify.denials import MOST_NEEDED
from nsr.workers import shut_down

SOURCE = "var x: 1..3\nvar y: 1..3\nconstraint a: x < y\nconstraint b: x == 3\nconstraint c: y != 2\nfind\n"
OPEN = """
type T
const c: T
pred p(T), q(T)
premise all: forall x in T: p(x)
premise one: not p(c)
premise more: exists x in T: q(x)
prove q(c)
"""


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers():
    yield
    shut_down()


def checked(source, core, backend="cpsat", **options):
    return asyncio.run(check_core(parse_program(source), 0, core, backend, **options))


@pytest.mark.parametrize("backend", backend_names())
def test_a_core_is_seen_to_by_another_back_end_and_by_the_evaluator(backend):
    core = run_sync(CoreJob(parse_program(SOURCE)), backend=backend).core
    assert set(core) == {"a", "b"}
    found = checked(SOURCE, core, backend)
    assert found.refuted_by in set(backend_names()) - {backend}
    assert found.is_minimal


@pytest.mark.parametrize("core", [("a",), ("a", "c")])
def test_a_core_with_a_world_is_refused(core):
    with pytest.raises(UnsoundBackend, match="a core has no world"):
        checked(SOURCE, core)


def test_less_is_enough():
    with pytest.raises(UnsoundBackend, match="not minimal"):
        checked(SOURCE, ("a", "b", "c"))
    found = checked(SOURCE, ("a", "b", "c"), is_minimal=False)
    assert found.refuted_by is not None
    assert not found.is_minimal


def test_a_single_statement_is_needed_only_if_the_declarations_have_a_world():
    assert checked("var x: 1..3\nconstraint a: x > 3\nfind\n", ("a",)).is_minimal
    without = "type T = 1..3\nvar f(T): 1..2 distinct\nconstraint a: f(1) == 1\nfind\n"
    assert not checked(without, ("a",), is_minimal=False).is_minimal


def test_cores_over_open_types():
    assert checked(OPEN, ("all", "one"), "z3") == CoreCheck("cpsat", is_minimal=True)
    with pytest.raises(UnsoundBackend):
        checked(OPEN, ("all", "more"), "z3")


def test_what_is_not_shown_is_said():
    names = [f"x{n}" for n in range(MOST_NEEDED + 1)]
    ring = "".join(f"constraint: {a} < {b}\n" for a, b in pairwise([*names, names[0]]))
    result = nsr.run(f"var {', '.join(names)}: 0..20\n{ring}find")
    assert result.status is Status.NO_SOLUTION
    assert len(result.evidence.core) == MOST_NEEDED + 1
    assert result.evidence.kind is EvidenceKind.CONFIRMED
    assert "the statements that contradict each other are not shown to be minimal" in result.evidence.notes
    short = nsr.run(f"var {', '.join(names)}: 0..20\nconstraint: x0 < x1\nconstraint: x1 < x0\nfind")
    assert short.evidence.notes == ()


def test_premises_without_a_world_are_confirmed_as_other_cores_are():
    result = nsr.run(OPEN)
    assert result.status is Status.INCONSISTENT
    assert set(result.evidence.core) == {"all", "one"}
    assert result.evidence.kind is EvidenceKind.CONFIRMED
    assert result.evidence.notes == ()


def test_statements_that_only_one_back_end_can_take_are_said_to_rest_on_it():
    # `x > 0` gives others the bounds that they need; the core does without it.
    result = nsr.run("var x: int\nconstraint a: x * x * x == 5\nconstraint b: x > 0\nfind")
    assert result.status is Status.NO_SOLUTION
    assert result.evidence.core == ("a",)
    assert any(
        note.startswith("that these statements contradict each other rests on") for note in result.evidence.notes
    )


UNBOUNDED = "var x: int, y: int\nconstraint parity: 2*x == 2*y + 1\nfind one x, y\n"


@pytest.mark.skipif("milp" not in backend_names(), reason="needs a second back end for integers without bounds")
def test_a_back_end_that_turns_out_not_to_take_a_program_leaves_it_to_the_next():
    result = nsr.run(UNBOUNDED)
    assert result.status is Status.NO_SOLUTION
    assert result.evidence.kind is EvidenceKind.CONFIRMED
