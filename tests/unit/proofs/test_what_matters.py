"""Premises that cannot matter are left out before they are taken apart, and rows worked out before are used again."""

from __future__ import annotations

import random

import pytest

from nsr.engine.checking import parse_program
from nsr.language import ir
from nsr.limits import Budget
from nsr.proofs import search
from nsr.proofs.reading import Decided
from nsr.proofs.search import derive
from nsr.proofs.steps import ByPremise

NAMES = "abcdefgh"


def chained(seed: int) -> str:
    """Premises and rules about eight predicates, of which some lead to the claim, with a rare equation."""
    choices = random.Random(seed)
    lines = ["type Thing", "const kim, lou: Thing", f"pred {', '.join(f'{n}(Thing)' for n in NAMES)}"]
    lines += ["rel known(Thing), near(Thing)", "fact known(kim)", "rule near(X) if known(X)"]
    for number in range(choices.randrange(4, 12)):
        first, second, third = choices.sample(NAMES, 3)
        shape = choices.choice(
            (
                f"forall x in Thing: {first}(x) implies {second}(x)",
                f"forall x in Thing: {first}(x) and not {second}(x) implies {third}(x)",
                f"forall x in Thing: near(x) implies {first}(x)",
                f"{first}(kim) or {second}(lou)",
                f"{first}(kim)",
                f"not {first}(lou)",
                f"forall x in Thing: {first}(x) implies x == kim",
            )
        )
        lines.append(f"premise p{number}: {shape}")
    goal = choices.choice(NAMES)
    return "\n".join([*lines, f"prove {choices.choice(('', 'not '))}{goal}({choices.choice(('kim', 'lou'))})"])


def test_the_same_derivations_without_what_cannot_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    found = left_out = 0
    for seed in range(150):
        program = parse_program(chained(seed))
        question = program.questions[0]
        assert isinstance(question.goal, ir.Prove)
        for goal in (question.goal.formula, ir.Not(question.goal.formula)):
            known = Decided(program, question, Budget())
            assert known.rows
            short = derive(program, question, goal, steps=30_000, known=known)
            with monkeypatch.context() as patched:
                patched.setattr(search, "_reachable", lambda program, required, denial: list(required))
                whole = derive(program, question, goal, steps=30_000)
            assert short == whole, chained(seed)
            if short is None:
                continue
            found += 1
            used = {s.by.name for s in short.steps if isinstance(s.by, ByPremise)}
            left_out += len(used) < len(program.requirements)
    assert found > 30
    assert left_out > 10


def test_premises_apart_from_the_claim_are_left_out() -> None:
    program = parse_program(
        """
        type Thing
        const kim: Thing
        pred a(Thing), b(Thing), c(Thing), d(Thing)
        premise one: forall x in Thing: a(x) implies b(x)
        premise two: forall x in Thing: c(x) implies d(x)
        premise three: forall x in Thing: d(x) implies x == kim
        premise four: a(kim)
        prove b(kim)
        """
    )
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Prove)
    required = program.requirements_of(program.questions[0])
    denial = search.denial_clauses(program, goal.formula, Budget())
    # Equations may turn anything into anything, so `three` stays, and with it what leads to it.
    assert [r.name for r in search._reachable(program, required, denial)] == ["one", "two", "three", "four"]
    plain = [r for r in required if r.name != "three"]
    assert [r.name for r in search._reachable(program, plain, denial)] == ["one", "four"]


def test_rows_under_another_budget_are_the_same_and_its_own() -> None:
    program = parse_program(chained(1))
    known = Decided(program, program.questions[0], Budget())
    early = known.under(Budget())
    assert known.rows == early.rows == known.under(Budget()).rows
    assert known.order == early.order == [*known.under(Budget()).order]
    assert len(known.order) == len(set(known.order))
