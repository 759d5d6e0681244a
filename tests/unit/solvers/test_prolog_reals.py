"""Real numbers in Prolog: exact points and optima, what is refused by name, and what is left undecided."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from shutil import which

import pytest

from nsr.limits import Budget, LimitKind, Limits
from nsr.solvers import Claim, OptimizeJob, SatisfiableJob, SolutionsJob, prolog, route, run_sync
from nsr.solvers.jobs import encode_job
from nsr.solvers.prolog import PrologBackend
from nsr.solvers.prolog.host import RUNTIME
from nsr.solvers.protocol import Gap, Query
from nsr.solvers.work import work

pytestmark = pytest.mark.skipif(which("swipl") is None, reason="SWI-Prolog (swipl) is not installed")

THIRD = Fraction(1, 3)


def values(structure, *names):
    return tuple(structure[name][()] for name in names)


@pytest.fixture(scope="session")
def optimum(typed, done):
    def run(source):
        outcome = done(OptimizeJob(typed(source), 0), "prolog")
        return [(found.status, found.value, found.bound) for found in outcome.objectives], outcome

    return run


def test_a_point_fulfils_strict_comparisons_and_disequalities(typed, done):
    source = (
        "var x, y: real\nconstraint: 0 < x and x < y and y < 1/3\nconstraint: x != 1/6\nconstraint: 2*x != y\nfind 3"
    )
    found = done(SolutionsJob(typed(source), 0, 3), "prolog")
    points = [values(one, "x", "y") for one in found.structures]
    assert len(set(points)) == 3
    assert not found.is_complete
    assert all(0 < x < y < THIRD and x != Fraction(1, 6) and 2 * x != y for x, y in points)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("var x, y: real >= 0\nconstraint: 3*x + y <= 1\nconstraint: x + 7*y <= 2\nmaximize: x + y",
         [("optimal", Fraction(1, 2), Fraction(1, 2))]),
        ("var x: real > 1/3\nminimize: x", [("unattained", THIRD, THIRD)]),
        ("var x: real\nvar b: bool\nconstraint: b implies x <= 5\nmaximize: x", [("unbounded", None, None)]),
        # One case only comes near the bound, another one reaches it.
        ("var x: real\nvar b: bool\nconstraint: if b then x >= 2 else x > 2\nminimize: x", [("optimal", 2, 2)]),
        ("var x: real\nvar b: bool\nconstraint: if b then x >= 2 else x > 1\nminimize: x", [("unattained", 1, 1)]),
        ("var x: real in 0..1\nvar n: int in 0..20\nconstraint: x >= n / 7\nconstraint: x != 1\n"
         "maximize: n\nminimize: x", [("optimal", 6, 6), ("optimal", Fraction(6, 7), Fraction(6, 7))]),
        ("var x: real in 0..10\nvar n: int in -3..3\nconstraint: n * x >= 7.5\nminimize: abs(n) + x", [
            ("optimal", Fraction(11, 2), Fraction(11, 2))]),
    ],
)  # fmt: skip
def test_optima_are_exact(source, wanted, optimum):
    told, outcome = optimum(source)
    assert [(s, v if s == "optimal" else b, b) for s, v, b in told] == wanted
    assert outcome.claim is Claim.SATISFIABLE


@pytest.mark.parametrize("many", [1000, 100_000])
def test_whole_numbers_beside_real_ones_are_not_gone_through(many, optimum):
    source = (
        f"var x: real >= 0\nvar n, m: int in 0..{many}\nconstraint: n + m + x == {many}.25\nconstraint: 3*n <= 2*m\n"
    )
    told, _ = optimum(source + "maximize: 2*n + m - x")
    assert told[0][0] == "optimal"
    assert told[0][1] == 2 * (2 * many // 5) + (many - 2 * many // 5) - Fraction(1, 4)


def test_solutions_differ_in_what_is_asked_for(typed, done):
    program = typed("var x, y: real in 0..1\nvar b: bool\nconstraint: x == (if b then 1 else 1/2)\nfind all x")
    found = done(SolutionsJob(program, 0, 5, ("x",)), "prolog")
    assert {values(one, "x") for one in found.structures} == {(1,), (Fraction(1, 2),)}
    assert found.is_complete
    program = typed("var x: real\nvar n: int in 0..4\nconstraint: 2*x == 1 or 2*x == 3\nconstraint: n <= 3\nfind all x")
    found = done(SolutionsJob(program, 0, 5, ("x",)), "prolog")
    assert len(found.structures) == 2
    assert found.is_complete


def test_numbers_that_are_merged_keep_their_differences(typed, done):
    """What a copy of the constraints loses: CLP(Q) goes by the order of its variables."""
    source = "var x, y: real in -5..5\nconstraint: abs(x) + abs(y) >= 7.25\nconstraint: max(x, y) != max(y, x)\nfind"
    assert done(SolutionsJob(typed(source), 0, 1), "prolog").claim is Claim.UNSATISFIABLE


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("var x, y: real in 0..1\nconstraint: x * y == 1/2\nfind", "products of unknowns (value)"),
        ("var x: real in 0..1\nconstraint: x ** 2 == 1/2\nfind", "products of unknowns (value)"),
        ("var x: real\nconstraint: floor(x) >= 2\nfind", "whole numbers without bounds"),
    ],
)
def test_what_is_not_linear_is_refused_by_name(source, words, typed):
    reply = work(encode_job(SolutionsJob(typed(source), 0, 1), "prolog", 10.0, 0))
    assert words in " ".join(reply["gap"])


def test_division_by_a_real_number_is_no_answer(typed):
    program = typed("var x, y, z: real in 1..3\nconstraint: x / y == z + 1\nfind")
    reply = work(encode_job(SolutionsJob(program, 0, 1), "prolog", 10.0, 0))
    assert (reply["claim"], reply["limit"]) == ("unknown", "size")


def test_other_back_ends_come_first_for_real_numbers(typed):
    names = route(typed("var x: real\nconstraint: x <= 3\nfind")).names()
    assert names[-1] == "prolog"
    assert len(names) > 1


def test_constraints_that_are_left_over_are_no_answer(typed):
    backend = PrologBackend()
    encoding = backend.compile(typed("var x, y: real >= 1\nconstraint: x <= 3\nfind"), Budget())
    (name, _), *others = encoding.groups
    # It never writes such a constraint.
    odd = replace(encoding, groups=((name, "{N*M=2}"), *others))
    found = backend.solve(odd, Query(), Budget())
    assert found.claim is Claim.UNKNOWN
    assert not found.rows


def test_without_clpq_it_is_said_what_is_missing(tmp_path):
    home = subprocess.run(["swipl", "--dump-runtime-variables"], capture_output=True, text=True, timeout=20).stdout
    base = next(line.split('"')[1] for line in home.splitlines() if line.startswith("PLBASE"))
    library = Path(base) / "library" / "clp" / "clpfd.pl"
    (tmp_path / "clpfd.pl").symlink_to(library)
    script = tmp_path / "script.pl"
    script.write_text(
        ":- retractall(user:file_search_path(library, library(clp))).\n"
        ":- retractall(user:file_search_path(library, swi(library/clp))).\n"
        f":- asserta(user:file_search_path(library, '{tmp_path}')).\n"
        f":- consult('{RUNTIME}').\n"
        ':- nsr_runtime:nsr_load("", "1000000", _),\n'
        '   nsr_runtime:nsr_ask("mixed([Q0],[{Q0>=1}],find([],[Q0],1)).", "1000000", A), write(A),\n'
        '   nsr_runtime:nsr_ask("model([C0],[C0 in 1..2],find([C0],[C0],1)).", "1000000", B), write(B).\n'
    )
    done = subprocess.run(
        ["swipl", "-q", "-t", "halt", str(script)], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert done.stdout.splitlines() == ["gap real numbers: this SWI-Prolog has no library(clpq)", "row 1", "more"]


def test_a_gap_of_the_machine_is_a_gap_of_the_back_end(typed, monkeypatch):
    class Lacking:
        def run(self, base, instructions, seconds):
            raise Gap(("real numbers: this SWI-Prolog has no library(clpq)",))

    monkeypatch.setattr(prolog, "host", Lacking)
    reply = work(encode_job(SolutionsJob(typed("var x: real\nfind"), 0, 1), "prolog", 10.0, 0))
    assert reply["gap"] == ["real numbers: this SWI-Prolog has no library(clpq)"]


def test_names_do_not_reach_prolog(typed):
    source = (
        "type T = {`a, {Q0=1}`, `halt.`}\nvar `x} :- halt. {`(T): real in 0..1\n"
        "constraint: `x} :- halt. {`(`halt.`) > 1/2\nfind"
    )
    encoding = PrologBackend().compile(_ground(typed(source)), Budget())
    assert "halt" not in encoding.text()
    assert work(encode_job(SolutionsJob(typed(source), 0, 1), "prolog", 10.0, 0))["claim"] == "satisfiable"


def _ground(program):
    from nsr.reformulations import reformulate

    return reformulate(program, PrologBackend.spec.native, Budget())[0]


HARD = (
    "type I = 1..26\nvar x(I): real in 0..1\nconstraint: forall i in I: x(i) == 0 or x(i) == 1\n"
    "constraint: sum((2 * i + 30) * x(i) for i in I) == 513\nfind"
)


def test_the_limits_of_the_worker_hold(typed):
    limits = Limits(wall_seconds=1.0)
    outcome = run_sync(SolutionsJob(typed(HARD), 0, 1), backend="prolog", limits=limits)
    assert outcome.limit is LimitKind.WALL
    assert outcome.claim is Claim.UNKNOWN


def test_after_a_limit_the_next_answer_is_right(typed, done):
    backend = PrologBackend()
    encoding = backend.compile(_ground(typed(HARD)), Budget())
    assert backend.solve(encoding, Query(), Budget(wall_seconds=0.01)).limit is not None
    program = typed("var x: real in 0..1\nconstraint: x > 1/2\nfind")
    assert done(SatisfiableJob(program, 0, (program.requirements[0].formula,)), "prolog").verdicts == (True,)
