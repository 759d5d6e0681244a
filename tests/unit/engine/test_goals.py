"""Every goal, through parser, checker and solvers, against the answer by enumeration."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import nsr
from nsr.engine.goals.prove import CLAIM
from nsr.engine.goals.section import Section
from nsr.errors import UnsoundBackend
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.enumerate import Asked, Chosen, Computed, Found, Proved, worlds_of
from nsr.language.enumerate import answer as enumerated
from nsr.results import QuestionResult, Status
from nsr.solvers import CoreJob, Job, Outcome
from nsr.workers import shut_down

SPELLING = Spelling()

BASE = """type Place = 1..3
type Person = [ann, bo, cy]
var place(Person): Place distinct
var chief: Person
pred calm(Person)
rel near(Person, Person), linked(Person, Person)
fact near(ann, bo)
rule near(X, Y) if calm(X), place(Y) == place(X) + 1
rule linked(X, Y) if near(X, Y)
rule linked(X, Z) if linked(X, Y), near(Y, Z)
"""
CONSTRAINTS = (
    "place(ann) < place(bo)",
    "place(chief) == 2",
    "calm(chief)",
    "calm(ann) implies calm(bo)",
    "exactly 1 x in Person: calm(x)",
    "chief != cy",
    "linked(bo, cy)",
    "place(cy) != 2",
)
FORMULAS = ("calm(bo)", "place(ann) == 1", "linked(ann, cy)", "chief == bo or calm(cy)", "chief < cy")
OPTIONS = "".join(f"option {label}: {formula}\n" for label, formula in zip("ABCDE", FORMULAS, strict=True))
GOALS = (
    *(f"prove {formula}" for formula in FORMULAS),
    "ask linked(ann, cy)",
    "ask linked(ann, X)",
    "ask calm(X), place(X) == N",
    "compute chief",
    "compute place(chief), count(x for x in Person if calm(x))",
    "compute {x for x in Person if possible(calm(x))}",
    "compute count(p for p in Place if possible(place(cy) == p and chief == ann))",
    "compute {x for x in Person if fixed(place(x))}",
    "compute sum(place(x) for x in Person if calm(x))\noption A: 1\noption B: 2\noption C: 3",
    *(f"choose {mode}\n{OPTIONS}" for mode in ("could", "must", "cannot", "could except", "must except")),
    f"choose determines\n{OPTIONS}",
    f"choose determines chief\n{OPTIONS}",
    f"choose forces calm(ann)\n{OPTIONS}",
    f"choose equivalent to c0\n{OPTIONS}",
    "find count place, chief",
    "find unique chief",
    "find all chief, linked",
    "maximize sum(place(x) for x in Person if calm(x))",
    "minimize place(chief)\nmaximize count(x for x in Person, y in Person if linked(x, y))",
    "maximize place(chief)\ncompute count(x for x in Person if calm(x))",
    "soft [2]: calm(ann)\nsoft: not calm(bo)\nsoft: linked(cy, ann)",
    "maximize place(bo)\nsoft [3]: place(bo) == 1\nfind count chief",
)


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers() -> Iterator[None]:
    yield
    shut_down()


def programs() -> list[str]:
    """Each goal with a few random sets of constraints; always the same ones."""
    choices = random.Random(7)
    out = []
    for goal, _ in itertools.product(GOALS, range(2)):
        chosen = choices.sample(CONSTRAINTS, choices.randint(1, 4))
        lines = "".join(f"constraint c{i}: {c}\n" for i, c in enumerate(chosen))
        out.append(f"{BASE}{lines}{goal}\n")
    return out


def spelled(value: Any, sort: Any = None) -> Any:
    return SPELLING.value(value, sort)


def compare(program: ir.Program, number: int, found: QuestionResult) -> None:
    question = program.questions[number]
    right = enumerated(program, question)
    if not worlds_of(program, question).structures:
        wanted = Status.INCONSISTENT if isinstance(right, Proved | Asked) else Status.NO_SOLUTION
        assert found.status is wanted
        return
    match right:
        case Proved(verdict):
            assert found.status == verdict
        case Asked() if not getattr(question.goal, "binders", ()):
            assert found.status == {"yes": "entailed", "no": "refuted", "unknown": "undetermined"}[right.verdict]
        case Asked(true, unknown):
            assert [tuple(b.values()) for b in found.answer] == [tuple(map(spelled, row)) for row in true]
            assert any("some worlds only" in note for note in found.evidence.notes) is bool(unknown)
        case Computed(None):
            assert found.status is Status.UNDETERMINED
            assert len(found.evidence.worlds) == 2
        case Computed(values) if question.options:
            one_right(right.right, found)
        case Computed(values):
            assert values is not None
            told = [spelled(v) for v in values]
            assert found.answer == (told[0] if len(told) == 1 else told)
        case Chosen(labels):
            one_right(labels, found)
        case Found():
            compare_found(question, right, found)


def one_right(labels: tuple[str, ...], found: QuestionResult) -> None:
    assert found.answer == (labels[0] if len(labels) == 1 else None)
    assert found.status is (Status.SOLVED if len(labels) == 1 else Status.ABSTAINED)
    assert {r.label for r in found.explanation.reasons if r.holds} == set(labels)


def compare_found(question: ir.Question, right: Found, found: QuestionResult) -> None:
    goal = question.goal
    assert isinstance(goal, ir.Find)
    told = found.answer[0] if isinstance(found.answer, list) and found.answer else found.answer
    if right.optimum and isinstance(told, dict):
        values = [spelled(v) for v in right.optimum]
        assert told["objective"] == (values[0] if len(values) == 1 else values)
    match goal.mode:
        case "count":
            assert found.answer == len(right.solutions)
        case "all":
            assert len(found.answer) == len(right.solutions)
        case "unique":
            assert found.status is (Status.SOLVED if right.is_unique else Status.UNDETERMINED)
        case _:
            assert told["assignment"]


@pytest.mark.parametrize("source", programs(), ids=lambda s: s.splitlines()[-1][:40])
def test_every_goal_has_the_answer_by_enumeration(source: str) -> None:
    program = nsr.parse(source)
    result = nsr.run(program)
    for number, question in enumerate(result.questions):
        compare(program, number, question)


def answer_labels(source: str) -> set[str]:
    program = nsr.parse(source)
    right = enumerated(program, program.questions[0])
    assert isinstance(right, Found)
    return set(right.right)


COUNTED = """type Place = 1..3
type Person = [ann, bo, cy]
var place(Person): Place distinct
param most: int = 3
constraint: place(ann) != 3
"""


@pytest.mark.parametrize(
    ("goal", "answer"),
    [
        ("find count\noption A: 3\noption B: 4\noption C: 6", "B"),
        ("find count\noption A: 2 + 2\noption B: place(ann) + 2", "A"),
        ("find count place(ann)\noption A: 2\noption B: most", "A"),
        ("find count\noption A: 4\noption B: most + 1", None),
        ("find count\noption A: 5", None),
        ("maximize place(cy)\nfind count\noption A: 3\noption B: 1\noption C: 2", "C"),
    ],
)
def test_options_of_a_count_are_compared_with_it(goal: str, answer: str | None) -> None:
    source = COUNTED + goal
    found = nsr.run(source)
    assert found.answer == answer
    assert answer_labels(source) == {r.label for r in found.explanation.reasons if r.holds}


@pytest.mark.parametrize(("named", "told"), [(("s1", "s2", "s3"), "not minimal"), (("s1", "s3"), "finds one")])
def test_the_statements_that_a_claim_follows_from_are_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...], told: str
) -> None:
    source = """
type P = {a, b, c}
var x(P): int in 0..9
constraint s1: x(a) > x(b)
constraint s2: x(b) > x(c)
constraint s3: x(a) < 9
prove x(a) > x(c)"""
    assert nsr.run(source).evidence.core == ("s1", "s2")
    asked = Section.run

    async def wrongly(self: Section, job: Job) -> Outcome:
        outcome = await asked(self, job)
        return replace(outcome, core=(*named, CLAIM)) if isinstance(job, CoreJob) else outcome

    monkeypatch.setattr(Section, "run", wrongly)
    with pytest.raises(UnsoundBackend, match=told):
        nsr.run(source)


@pytest.mark.parametrize(
    ("source", "assignments"),
    [
        ("rel p, q\nrule p if not q\nrule q if not p\n", [{"p": False, "q": True}, {"p": True, "q": False}]),
        (
            "type T = {a, b}\nvar x: T\nrel p, q, r\nrule p if not q\nrule q if not p\nrule r if x == b\n"
            "constraint: x == a\nconstraint: p\n",
            [{"x": "a", "p": True, "q": False}],
        ),
        ("type T = {a, b}\nrel p(T)\nfact p(a)\n", [{"p": {"a": True}}]),
    ],
)
def test_solutions_show_the_relations_that_no_unknown_decides(source: str, assignments: list[dict[str, Any]]) -> None:
    found = nsr.run(f"{source}find all")
    assert sorted((s["assignment"] for s in found.answer), key=str) == assignments
