"""A few mutants of each back end's compile functions: the conformance cases notice every one that changes a meaning.

`python -m benchmarks.mutation.run BACKEND` does it for all of them.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutation.known import COMPILING
from nsr.solvers.registry import availability, backend_names

ROOT = Path(__file__).parents[2]

BROKEN_CASES = """
import benchmarks.mutation.run as run
run.failures = lambda case, backend: ["always"]
raise SystemExit(run.main(["cpsat", "--sample", "1", "--programs", "0"]))
"""


def run(*arguments):
    # A process without threads: mutants are forked from it.
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_back_end_has_its_modules():
    assert set(COMPILING) == set(backend_names())


@pytest.mark.parametrize("backend", sorted(COMPILING))
def test_mutants_are_killed(backend):
    if availability(backend) is not None:
        pytest.skip(availability(backend))
    done = run("-m", "benchmarks.mutation.run", backend, "--sample", "3", "--seed", "20", "--programs", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 survived" in done.stdout


def test_cases_that_kill_everything_say_nothing():
    done = run("-c", BROKEN_CASES)
    assert done.returncode == 2
    assert "without any mutant" in done.stderr
