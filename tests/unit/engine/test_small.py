"""Small questions answered without a worker: the same answers as by solvers, and as well backed."""

from __future__ import annotations

import random

import pytest

from nsr.engine.checking import parse_program
from nsr.engine.engine import Engine
from nsr.engine.goals import no_world as no_world_module
from nsr.engine.goals import prove as prove_module
from nsr.engine.goals import section as section_module
from nsr.engine.goals import small as small_module
from nsr.engine.goals.section import Section
from nsr.engine.goals.small import EVALUATOR, small_outcome
from nsr.engine.options import Options
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.evaluate import check_structure, holds
from nsr.language.open_types import at_sizes
from nsr.results import BY_CASES, EvidenceKind, QuestionResult, Status
from nsr.solvers import Claim

BOOKS = ("red", "gray", "white", "green")


def shelf(seed: int) -> str:
    """Books on a shelf, some statements about them by chance, a choice of places."""
    draw = random.Random(seed)
    books = BOOKS[: draw.choice((3, 4))]
    lines = [f"var {book}: 1..{len(books)}" for book in books]
    lines.append(f"constraint: distinct({', '.join(books)})")
    for _ in range(draw.randint(1, 4)):
        one, other = draw.sample(books, 2)
        place = draw.randint(1, len(books))
        lines.append("constraint: " + draw.choice((f"{one} < {other}", f"{one} != {place}", f"{one} == {other} + 1")))
    mode = draw.choice(("must", "could", "cannot", "could except", "must except"))
    place = draw.randint(1, len(books))
    options = [f"option {label}: {book} == {place}" for label, book in zip("ABCD", books, strict=False)]
    return "\n".join([*lines, f"choose {mode}", *options, ""])


def answered(source: str, **options: object) -> QuestionResult:
    with Engine(Options(**options)) as engine:  # type: ignore[arg-type]
        return engine.run(source).questions[0]


def test_the_same_choices_as_solvers_make() -> None:
    seen: dict[tuple[Status, str | None], int] = {}
    for seed in range(30):
        source = shelf(seed)
        ours, solver = answered(source), answered(source, backend="cpsat")
        assert (ours.status, ours.answer) == (solver.status, solver.answer), source
        assert ours.evidence.kind is solver.evidence.kind, source
        if ours.evidence.backend == EVALUATOR and ours.status is not Status.NO_SOLUTION:
            key = (ours.status, ours.evidence.confirmed_by)
            seen[key] = seen.get(key, 0) + 1
    assert {status for status, _ in seen} == {Status.SOLVED, Status.ABSTAINED}
    assert any(by == BY_CASES for _, by in seen)


def test_no_worker_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a worker was asked")

    monkeypatch.setattr(section_module, "run", never)
    source = "var a: 1..3\nvar b: 1..3\nconstraint: a + 1 == b\nconstraint: a != 1\n"
    found = answered(source + "choose must\noption A: b == 3\noption B: a == 1\n")
    assert (found.answer, found.evidence.kind) == ("A", EvidenceKind.CONFIRMED)
    assert (found.evidence.backend, found.evidence.confirmed_by) == (EVALUATOR, BY_CASES)


def test_a_distinction_that_is_not_accepted_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_module, "check_cases", lambda *_: "no")
    found = answered(shelf(1))
    assert found.evidence.confirmed_by != BY_CASES
    assert found.evidence.backend != EVALUATOR or found.evidence.kind is EvidenceKind.CHECKED


OPEN = """
type Thing may_coincide
const harry: Thing
pred kind(Thing), evil(Thing), ugly(Thing), dear(Thing, Thing)
premise: forall x in Thing: kind(x) xor evil(x)
premise: forall x in Thing: evil(x) implies ugly(x)
premise: exists x in Thing: dear(harry, x) and not ugly(x)
prove ugly(harry)
"""


def test_worlds_of_open_types_are_worlds_of_their_sizes() -> None:
    program = parse_program(OPEN)
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Prove)
    asked = (goal.formula, ir.Not(goal.formula))
    found = small_outcome(Section(program, 0, Options(), Spelling()), asked)
    assert found is not None
    for place, told in enumerate(found.formulas):
        assert told.claim is Claim.SATISFIABLE
        assert told.structure is not None
        assert told.sizes is not None
        sized = at_sizes(program, told.sizes)
        assert check_structure(sized, sized.questions[0], told.structure) == ()
        claim = sized.questions[0].goal
        assert isinstance(claim, ir.Prove)
        assert holds(claim.formula, told.structure, sized) is (place == 0)
    assert found.sizes == found.formulas[0].sizes
    result = answered(OPEN)
    assert (result.status, result.evidence.kind) == (Status.UNDETERMINED, EvidenceKind.CHECKED)
    assert result.evidence.backend == EVALUATOR


def test_nothing_is_refuted_by_a_few_sizes() -> None:
    program = parse_program(OPEN.replace("prove ugly(harry)", "prove exists x in Thing: kind(x) and evil(x)"))
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Prove)
    assert small_outcome(Section(program, 0, Options(), Spelling()), (goal.formula,)) is None


@pytest.mark.parametrize("options", [Options(confirm=False), Options(backend="cpsat"), Options(backend="all")])
def test_only_where_the_choice_is_ours_and_a_second_opinion_is_wanted(options: Options) -> None:
    program = parse_program(shelf(1))
    assert small_outcome(Section(program, 0, options, Spelling()), (ir.TRUE,)) is None
    assert small_outcome(Section(program, 0, Options(), Spelling()), (ir.TRUE,)) is not None


def test_wishes_and_objectives_are_left_to_solvers() -> None:
    for more in ("soft [2]: a == 1\nfind one\n", "minimize a\nfind one\n"):
        program = parse_program("var a: 1..3\n" + more)
        assert small_outcome(Section(program, 0, Options(), Spelling()), (ir.TRUE,)) is None


def test_what_has_worlds_of_both_kinds_is_not_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a derivation was looked for")

    monkeypatch.setattr(prove_module, "found_derivation", never)
    assert answered(OPEN).status is Status.UNDETERMINED


def test_only_what_no_world_speaks_against_is_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[ir.Term] = []
    found_derivation = prove_module.found_derivation

    def noted(section: Section, goal: ir.Term, *rest: object, **more: object) -> object:
        asked.append(goal)
        return found_derivation(section, goal, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(prove_module, "found_derivation", noted)
    entailed = answered(OPEN.replace("prove ugly(harry)", "prove forall x in Thing: kind(x) or ugly(x)"))
    assert (entailed.status, entailed.evidence.kind) == (Status.ENTAILED, EvidenceKind.CONFIRMED)
    assert [type(goal) for goal in asked] == [ir.Quantified]
    asked.clear()
    refuted = answered(OPEN.replace("prove ugly(harry)", "prove exists x in Thing: not kind(x) and not ugly(x)"))
    assert (refuted.status, refuted.evidence.kind) == (Status.REFUTED, EvidenceKind.CONFIRMED)
    assert [type(goal) for goal in asked] == [ir.Not]


def test_cases_stand_in_where_a_contradiction_has_no_short_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(no_world_module, "found_derivation", lambda *_, **__: None)
    monkeypatch.setattr(no_world_module, "derived", lambda *_, **__: None)
    source = "var a, b, c: 1..3 distinct\nconstraint: a < b\nconstraint: b < c\nconstraint: a != 1\nfind one\n"
    found = answered(source)
    assert (found.status, found.evidence.kind) == (Status.NO_SOLUTION, EvidenceKind.CONFIRMED)
    assert found.evidence.confirmed_by == BY_CASES
