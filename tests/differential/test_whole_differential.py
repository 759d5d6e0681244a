"""Random programs of the whole language: each goal against enumeration, and against programs of the same meaning.

`python -m benchmarks.differential` does the first for as many programs as one likes.
"""

import os
from collections import Counter

import pytest

from benchmarks.differential import AGREED, FEW, compared, source_of
from nsr.engine.checking import parse_program
from nsr.errors import ProgramError
from nsr.results import Status
from nsr.solvers import backend_names
from nsr.testing.agreement import answers_of, options_for
from nsr.testing.generate_whole import KINDS
from nsr.testing.twins import twins, verdict

ROUNDS = int(os.environ.get("NSR_DIFFERENTIAL_ROUNDS", "1"))
PER_BLOCK = 50
BLOCKS = 10
FIRST = 1_000_000
"""Seeds from here on are no part of the long runs that are usually made."""

POOL = sorted(KINDS)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_goal_has_the_answer_by_enumeration(block):
    """On every back end that there is."""
    names = backend_names()
    counts = Counter()
    size = PER_BLOCK * ROUNDS
    for seed in range(FIRST + block * size, FIRST + (block + 1) * size):
        source = source_of(seed, POOL)
        for name, outcome in compared(source, names).items():
            assert not outcome.startswith("wrong"), f"{name}, seed {seed}: {outcome}\n{source}"
            counts[name, outcome] += 1
    for name in names:
        assert counts[name, AGREED] > 0.7 * size, counts


@pytest.mark.parametrize("block", range(6))
def test_twins_have_the_same_answers(block):
    compared_twins = 0
    options = options_for("auto", solutions=FEW)
    for seed in range(FIRST + 100_000 + block * 8 * ROUNDS, FIRST + 100_000 + (block + 1) * 8 * ROUNDS):
        source = source_of(seed, POOL)
        try:
            wanted = [verdict(r) for r in limited(answers_of(parse_program(source), options))]
        except (ProgramError, Limited):
            continue
        for twin in twins(source, seed):
            found = [verdict(r, twin) for r in answers_of(parse_program(twin.source), options)]
            assert found == wanted, f"seed {seed}, {twin.name}\n{source}\n{twin.source}"
            compared_twins += 1
    assert compared_twins > 20


class Limited(Exception):
    """A limit ended a search; whether it does depends on how things are written."""


def limited(results):
    if any(r.status is Status.LIMIT for r in results):
        raise Limited
    return results
