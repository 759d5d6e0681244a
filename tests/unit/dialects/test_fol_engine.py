"""First-order programs through the engine: from a language model's reply, and with verdicts worked out by hand."""

from __future__ import annotations

import pytest

from nsr.dialects import read
from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.limits import Limits
from nsr.results import Status
from nsr.testing.llm import ScriptedLLM

TEXT = "Every dog is an animal. Rex is a dog. Is Rex an animal?"
REPLY = (
    "Predicates:\nDog(x) ::: x is a dog.\nPremises:\n∀x (Dog(x) → Animal(x) ::: Every dog is an animal.\n"
    "Dog(rex) ::: Rex is a dog.\nConclusion:\nAnimal(rex) ::: Is Rex an animal?\n"
)


def test_a_reply_in_another_notation_is_read() -> None:
    llm = ScriptedLLM([REPLY])
    options = Options(model="scripted", rounds=0, confirm=False)
    with Engine(options, llm) as engine:
        result = engine.solve(TEXT)
    assert result.status is Status.ENTAILED
    assert result.program is not None
    assert result.program.startswith("type Thing may_coincide\n")
    assert [w["code"] for w in result.warnings] == ["fol-missing-bracket"]


def test_a_reply_that_cannot_be_read_goes_back_with_its_errors() -> None:
    llm = ScriptedLLM([REPLY.replace("Animal(rex)", "Uncertain"), REPLY])
    options = Options(model="scripted", rounds=1, confirm=False)
    with Engine(options, llm) as engine:
        result = engine.solve(TEXT)
    assert result.status is Status.ENTAILED
    assert "fol-answer-as-formula" in " ".join(result.rounds[0].findings)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        # Different constants may be the same thing.
        ("P(a)\n¬P(b)\n∴ a ≠ b", Status.ENTAILED),
        ("P(a)\nP(b)\n∴ a ≠ b", Status.UNDETERMINED),
        ("P(a) ∧ ¬P(a)\n∴ Q(a)", Status.INCONSISTENT),
        # Contraposition, functions, equality.
        ("∀x (P(x) → Q(f(x)))\n¬Q(f(a))\n∴ ¬P(a)", Status.ENTAILED),
        ("f(a) = b\nf(c) ≠ b\n∴ a ≠ c", Status.ENTAILED),
        # Exclusive or of three is odd.
        ("A ⊕ B ⊕ C\nA\nB\n∴ C", Status.ENTAILED),
        ("A ⊕ B\n∴ ¬(A ∧ B)", Status.ENTAILED),
        # Numbers are in order.
        ("Age(ann, x) → x > 5\nAge(ann, 7)\n∴ ¬Age(ann, 3)", Status.ENTAILED),
        ("y > 9 → Big(y)\n∴ Big(10)", Status.ENTAILED),
        ("Cost(1500)\n∴ 1500 = 2000", Status.REFUTED),
        # There is always something.
        ("∀x P(x)\n∴ ∃x P(x)", Status.ENTAILED),
        ("∃x P(x) → Q\n¬Q\n∴ ∃x P(x)", Status.REFUTED),
    ],
)
def test_verdicts(text: str, status: Status) -> None:
    reading = read(text, "fol")
    assert reading.program is not None, reading.errors
    limits = Limits(wall_seconds=60, cpu_seconds=60, memory_mib=2048)
    with Engine(Options(confirm=False, limits=limits)) as engine:
        assert engine.run(reading.source).status is status
