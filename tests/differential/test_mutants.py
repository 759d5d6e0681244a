"""Mutation testing counts honestly; and a few mutants of each back end, which the conformance cases notice.

`python -m benchmarks.mutation.run BACKEND` does it for all of them.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutation.known import COMPILING, EQUIVALENT, OPEN
from benchmarks.mutation.mutants import mutants_of, source_of_module
from nsr.solvers.registry import availability, backend_names
from nsr.testing.cases import CASES

ROOT = Path(__file__).parents[2]

MODULE = "nsr.solvers.cpsat.compile"
SOURCE = source_of_module(MODULE)
GROUP = "self._require(formula, ())"

CERTAIN = {
    "asp": "model: Model.same: `if left == right or left == opposite(right):` becomes `if not",
    "cpsat": "model: Model.same: `self.write_clause(self.base, signs)` becomes `pass`",
    "milp": "model: Model.same: `self.clause(self.base, (new, a, b))` becomes `pass`",
    "prolog": "constraints: Constraints.truth: `return f'({self.number(left)}",
    "z3": "write: Writer.formula: `return f'(<= {self._numbers((left, right))})'` becomes ",
}
"""Back end to mutants that change a meaning, whatever else becomes of the code."""

TELLING = ["connective_iff_left_0_required", "connective_iff_left_1_one_of_two", "atom_01_under_or", "atom_08_under_or"]

ONE_TRIAL = """
import json, sys
from benchmarks.mutation.trial import Limits, cases_in_order, try_source
module, source, limits = json.loads(sys.stdin.read())
cases = cases_in_order(["one_truth_value", "no_solution"])[:2]
print(json.dumps(try_source({module: source}, "cpsat", cases, 0, Limits(*limits))))
"""

BROKEN_CASES = """
import benchmarks.mutation.run as run
import benchmarks.mutation.trial as trial
trial._noticed = lambda case, backend, known: "always"
raise SystemExit(run.main(["cpsat", "--sample", "1"]))
"""

BROKEN_HARNESS = """
import benchmarks.mutation.run as run
import benchmarks.mutation.trial as trial
def read(text):
    raise OSError("no snapshot")
trial.read = read
raise SystemExit(run.main(["cpsat", "--sample", "1"]))
"""


def run(*arguments, given=None):
    # A process without threads: mutants are forked from it.
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, input=given)


def fate(source, *limits):
    done = run("-c", ONE_TRIAL, given=json.dumps([MODULE, source, limits]))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_back_end_has_its_modules():
    assert set(COMPILING) == set(CERTAIN) == set(backend_names())


@pytest.mark.parametrize("backend", sorted(COMPILING))
def test_what_is_known_of_mutants_is_of_mutants_that_there_are(backend):
    names = [mutant.name for module in COMPILING[backend] for mutant in mutants_of(module)]
    assert len(names) == len(set(names))
    assert set(EQUIVALENT[backend]) | set(OPEN[backend]) <= set(names)
    assert not set(EQUIVALENT[backend]) & set(OPEN[backend])


def test_cases_that_come_first_are_cases():
    lines = (ROOT / "benchmarks/mutation/telling.txt").read_text(encoding="utf-8").splitlines()
    assert {line.split(" ", 1)[1] for line in lines} <= {case.name for case in CASES}


def test_code_as_it_is_survives():
    assert fate(SOURCE) == ["survived", "", ""]


def test_an_answer_that_changes_kills():
    assert SOURCE.count(GROUP) == 1
    found, case, seen = fate(SOURCE.replace(GROUP, "pass"))
    assert (found, case) == ("killed", "no_solution")
    assert seen.startswith("unsound")


def test_code_that_breaks_on_a_case_is_killed_by_it():
    found, case, seen = fate(SOURCE.replace(GROUP, "self._require(formula, 1 / 0)"))
    assert (found, case) == ("killed", "no_solution")
    assert seen == "crash: ZeroDivisionError: division by zero"


def test_a_process_that_is_brought_down_on_a_case_is_killed_by_it():
    found, case, seen = fate(SOURCE.replace(GROUP, "__import__('os').abort()"))
    assert (found, case, seen) == ("killed", "no_solution", "crash: SIGABRT")


@pytest.mark.parametrize("broken", ["import nsr.no_such_module\n", "1 / 0\n", "def f(:\n"])
def test_a_module_that_cannot_be_loaded_is_no_kill(broken):
    found, case, _ = fate(SOURCE + "\n" + broken)
    assert (found, case) == ("invalid", "")


def test_a_trial_without_end_is_no_kill():
    found, case, seen = fate(SOURCE.replace(GROUP, "[None for _ in iter(int, 1)]"), 1)
    assert (found, case, seen) == ("past the limits", "no_solution", "SIGPROF")


def test_a_trial_that_waits_for_ever_is_no_kill():
    found, _, seen = fate(SOURCE.replace(GROUP, "__import__('time').sleep(100)"), 100, 3)
    assert (found, seen) == ("past the limits", "SIGALRM")


def test_cases_that_fail_on_the_code_as_it_is_say_nothing():
    done = run("-c", BROKEN_CASES)
    assert done.returncode == 2
    assert "without any mutant" in done.stderr


def test_a_trial_that_breaks_says_nothing():
    done = run("-c", BROKEN_HARNESS)
    assert done.returncode == 2
    assert "broke" in done.stderr


@pytest.mark.parametrize(("backend", "name"), CERTAIN.items())
def test_a_break_is_noticed(backend, name):
    if availability(backend) is not None:
        pytest.skip(availability(backend))
    arguments = ["--only", name, "--sample", "1", "--programs", "0", "--first", *TELLING]
    done = run("-m", "benchmarks.mutation.run", backend, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 mutants: 1 killed" in done.stdout
