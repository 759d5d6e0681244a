"""Random programs with real numbers: CLP(Q) in Prolog against Z3, every solution evaluated."""

import os

import pytest

from nsr.engine.checking import parse_program
from nsr.solvers.registry import availability
from nsr.testing.generate_reals import random_real_program
from nsr.testing.reals import disagree, said

ROUNDS = int(os.environ.get("NSR_DIFFERENTIAL_ROUNDS", "1"))

needs_prolog = pytest.mark.skipif(availability("prolog") is not None, reason=str(availability("prolog")))


@needs_prolog
@pytest.mark.parametrize("block", range(3))
def test_prolog_and_z3_say_the_same(block):
    answered = 0
    for seed in range(20 * block * ROUNDS, 20 * (block + 1) * ROUNDS):
        source = random_real_program(seed)
        found, is_wrong = disagree(parse_program(source), ("prolog", "z3"), 2.0)
        assert not is_wrong, f"seed {seed}\n{source}{found}"
        answered += all(one.kind != "open" for one in found.values())
    assert answered > 12 * ROUNDS


@needs_prolog
def test_the_order_of_statements_does_not_matter():
    kinds = set()
    for seed in range(300, 340):
        lines = random_real_program(seed).splitlines()
        stated = [line for line in lines if line.startswith("constraint")]
        rest = [line for line in lines if line not in stated]
        turned = "\n".join([*rest[:-1], *reversed(stated), rest[-1]])
        one, other = (said(parse_program(source), "prolog", 20.0) for source in ("\n".join(lines), turned))
        assert one == other, f"seed {seed}"
        kinds.add(one.kind)
    assert kinds >= {"solutions", "optimum", "none"}
