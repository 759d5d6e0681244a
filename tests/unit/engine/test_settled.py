"""Claims settled without a solver: the same verdicts as with one, and only where nothing but rules is stated."""

from __future__ import annotations

import random

import pytest

from nsr.engine.checking import parse_program
from nsr.engine.engine import Engine
from nsr.engine.goals.section import Section
from nsr.engine.goals.settled import EVALUATOR, settled
from nsr.engine.options import Options
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.evaluate import check_structure, holds
from nsr.results import EvidenceKind, QuestionResult, Status

NAMES = ("tame", "shy", "big", "old")
PETS = ("rex", "tom", "ada")


def written(seed: int) -> str:
    """Facts and rules of two-sided relations, and a claim about them, by chance; some contradict themselves."""
    draw = random.Random(seed)

    def literal(arg: str) -> str:
        return f"{'not ' if draw.random() < 0.35 else ''}{draw.choice(NAMES)}({arg})"

    lines = [f"type Pet = {{{', '.join(PETS)}}}", f"rel {', '.join(f'{n}(Pet)' for n in NAMES)} two_sided"]
    lines += [f"fact {literal(draw.choice(PETS))}" for _ in range(draw.randint(1, 4))]
    for _ in range(draw.randint(1, 5)):
        lines.append(f"rule {literal('X')} if {', '.join(literal('X') for _ in range(draw.randint(1, 2)))}")
    claims = (
        literal(draw.choice(PETS)),
        f"{literal(draw.choice(PETS))} {draw.choice(('or', 'and', 'implies'))} {literal(draw.choice(PETS))}",
        f"{draw.choice(('forall', 'exists'))} x in Pet: {literal('x')}",
    )
    return "\n".join([*lines, f"prove {draw.choice(claims)}", ""])


def answered(source: str, **options: object) -> QuestionResult:
    with Engine(Options(**options)) as engine:  # type: ignore[arg-type]
        return engine.run(source).questions[0]


def settled_worlds(source: str) -> tuple[ir.Structure | None, ...] | None:
    program = parse_program(source)
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Prove)
    found = settled(Section(program, 0, Options(), Spelling()), goal.formula)
    return None if found is None else found.worlds


def test_the_same_verdicts_as_a_solver_gives() -> None:
    by_evaluator: dict[Status, int] = {}
    for seed in range(60):
        source = written(seed)
        ours, solver = answered(source), answered(source, backend="cpsat")
        assert ours.status is solver.status, source
        if ours.evidence.backend == EVALUATOR:
            by_evaluator[ours.status] = by_evaluator.get(ours.status, 0) + 1
    assert set(by_evaluator) == {Status.ENTAILED, Status.REFUTED, Status.UNDETERMINED}
    assert sum(by_evaluator.values()) > 30


def test_its_worlds_are_worlds_and_show_what_they_should() -> None:
    shown = {True: 0, False: 0}
    for seed in range(40):
        program = parse_program(written(seed))
        goal = program.questions[0].goal
        assert isinstance(goal, ir.Prove)
        for world, truth in zip(settled_worlds(written(seed)) or (None, None), shown, strict=True):
            if world is not None:
                assert check_structure(program, program.questions[0], world) == ()
                assert holds(goal.formula, world, program) is truth
                shown[truth] += 1
    assert min(shown.values()) > 10


CHAIN = """type Pet = {rex, tom}
rel tame(Pet), shy(Pet), big(Pet) two_sided
fact f: tame(rex)
fact g: big(tom)
rule r: shy(X) if tame(X)
rule other: not tame(X) if big(X)
"""


def test_what_follows_is_told_with_the_statements_it_takes_and_no_other() -> None:
    ours, solver = (answered(f"{CHAIN}prove shy(rex)\n", backend=backend) for backend in ("auto", "cpsat"))
    assert (ours.evidence.kind, ours.evidence.backend) == (EvidenceKind.CONFIRMED, EVALUATOR)
    assert ours.evidence.core == solver.evidence.core == ("f", "r")
    assert ours.explanation == solver.explanation
    assert ours.evidence.proof


def test_the_world_against_a_claim_has_one_atom_more_than_must_be() -> None:
    found = settled_worlds(f"{CHAIN}prove shy(tom)\n")
    assert found is not None
    true, false = found
    assert true is not None
    assert false is not None
    more = [
        (name, key)
        for name in ("tame", "shy", "big")
        for key, value in true[name].items()
        if value is not false[name][key]
    ]
    assert [name for name, _ in more] == ["shy"]


@pytest.mark.parametrize(
    "source",
    [
        f"{CHAIN}fact not shy(rex)\nprove shy(tom)\n",
        f"{CHAIN}constraint: shy(tom) or tame(tom)\nprove shy(tom)\n",
        f"{CHAIN}pred odd(Pet)\nassume: odd(rex)\nprove shy(tom)\n",
        f"{CHAIN}var n: int in 0..3\nprove n > 1\n",
        "type T may_coincide\nconst a: T\nrel p(T) two_sided\nfact p(a)\nprove p(a)\n",
    ],
)
def test_what_is_more_than_rules_is_left_to_a_solver(source: str) -> None:
    assert settled_worlds(source) is None
