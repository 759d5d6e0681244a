"""Prolog files, read and run by SWI-Prolog itself."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which

import pytest

from nsr.engine.checking import parse_program
from nsr.solvers import Gap
from nsr.writers.prolog import to_prolog

needs_swipl = pytest.mark.skipif(which("swipl") is None, reason="SWI-Prolog (swipl) is not installed")

REACH = """
type Lock = {`Alder's lock`, birch, cedar, dale}
rel canal(Lock, Lock), shut(Lock), reach(Lock, Lock)
fact canal(`Alder's lock`, birch), canal(birch, cedar), canal(birch, dale)
fact shut(cedar)
rule reach(X, Y) if canal(X, Y) unless shut(Y)
rule "You can go on.\\n:- halt." : reach(X, Z) if reach(X, Y), canal(Y, Z) unless shut(Z)
"""

RUN = {
    "closure": (REACH + "ask reach(X, dale)", {"X = Alder's lock", "X = birch"}),
    "negation": (REACH + "ask not reach(birch, X)", {"X = Alder's lock", "X = birch", "X = cedar"}),
    "built-in names": (
        "type T = {halt, write, is}\nrel append(T, T), write(T), length(T, T), nsr_show(T)\n"
        "fact append(halt, write), append(write, is)\nrule write(X) if append(X, Y)\n"
        "rule length(X, Y) if append(X, Y) unless write(Y)\nrule nsr_show(X) if length(X, Y)\nask nsr_show(X)",
        {"X = write"},
    ),
    "aggregates and order": (
        "type D = [mon, tue, wed]\nparam load(D): int = {mon: 3, tue: 4, wed: 2}\nrel busy(D), next(D, D)\n"
        "rule next(X, Y) if Y == X + 1\nrule busy(X) if sum(load(y) for y in D if y >= X) >= 6\n"
        "ask next(X, Y), busy(Y)",
        {"X = mon, Y = tue"},
    ),
    "exact numbers": (
        "type T = {a, b}\nparam w(T): real = {a: 0.1, b: 0.2}\nrel same(T, T)\n"
        "rule same(X, Y) if w(X) + w(X) == w(Y)\nask same(X, Y)",
        {"X = a, Y = b"},
    ),
}


def run(text: str, folder: Path) -> str:
    """What SWI-Prolog prints when it runs a file; nothing may go to its error output."""
    file = folder / "program.pl"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(["swipl", str(file)], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@needs_swipl
@pytest.mark.parametrize("name", RUN)
def test_queries_have_the_answers_of_the_program(name: str, tmp_path: Path) -> None:
    source, answers = RUN[name]
    blocks = run(to_prolog(parse_program(source)), tmp_path).strip().split("\n\n")
    assert {", ".join(block.splitlines()) for block in blocks} == answers


@needs_swipl
def test_a_search_prints_its_solution_in_the_words_of_the_program(tmp_path: Path) -> None:
    source = (
        "type House = 1..3\ntype Person = {ann, bo, cy}\nvar house(Person): House distinct\nvar pet: Person optional\n"
        'constraint early "Ann lives left of Bo.": house(ann) < house(bo)\nconstraint: house(cy) == house(bo) + 1\n'
        "constraint: pet == none\nfind all"
    )
    out = run(to_prolog(parse_program(source)), tmp_path)
    assert out.split("\n")[:4] == ["house(ann) = 1", "house(bo) = 2", "house(cy) = 3", "pet = none"]
    assert out.count("house(ann)") == 1


@needs_swipl
def test_an_objective_is_at_its_best(tmp_path: Path) -> None:
    source = "var x, y: int in 0..9\nconstraint: x + 2 * y <= 13\nmaximize: 3 * x + 5 * y"
    out = run(to_prolog(parse_program(source)), tmp_path)
    assert {"x = 9", "y = 2"} <= set(out.splitlines())


@needs_swipl
def test_what_is_asked_is_answered_yes_or_no(tmp_path: Path) -> None:
    source = REACH + "var here: Lock\nconstraint: reach(here, dale)\nprove: here == birch"
    assert run(to_prolog(parse_program(source)), tmp_path) == "the claim: yes\nnot the claim: yes\n"
    source = REACH + "prove: reach(birch, cedar)"
    assert run(to_prolog(parse_program(source)), tmp_path) == "the claim: no\nnot the claim: yes\n"


@needs_swipl
def test_a_search_without_a_solution_says_so(tmp_path: Path) -> None:
    assert (
        run(to_prolog(parse_program("var x: int in 1..3\nconstraint: x * x == 5\nfind")), tmp_path) == "no solution\n"
    )


def test_sentences_and_names_cannot_leave_their_places() -> None:
    text = to_prolog(parse_program(REACH + "ask reach(X, dale)"))
    assert "\n:- halt" not in text
    assert r"'Alder\'s lock'" in text


def test_open_types_have_no_prolog_form() -> None:
    with pytest.raises(Gap, match="open types"):
        to_prolog(parse_program("type T\npred p(T)\npremise: exists x in T: p(x)\nprove: forall x in T: p(x)"))


@needs_swipl
@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("var x: real in 0..10\nvar n: int in 0..5\nconstraint: x == n / 3\nconstraint: x > 1\nfind all",
         ["x = 4/3", "n = 4", "", "x = 5/3", "n = 5", "", ""]),
        ("var x, y: real >= 0\nconstraint: 2*x + y <= 10.5\nconstraint: x + 3*y <= 12\nmaximize: 3*x + 4*y",
         ["x = 39/10", "y = 27/10", "", ""]),
        ("var x: real > 1\nminimize low: x", ["low: not attained", "x = 2", "", ""]),
        ("var x: real >= 0\nconstraint: x <= 5.5\nmaximize top: floor(x)\nminimize: x", ["x = 5", "", ""]),
        ("var x: real in 0..1\nvar b: bool\nconstraint: b iff x > 0.5\nprove: b or x <= 0.5",
         ["the claim: yes", "not the claim: no", ""]),
    ],
)  # fmt: skip
def test_real_numbers_are_exact(source: str, lines: list[str], tmp_path: Path) -> None:
    assert run(to_prolog(parse_program(source)), tmp_path).split("\n") == lines


def test_products_of_real_numbers_have_no_prolog_form() -> None:
    with pytest.raises(Gap, match="products of unknowns"):
        to_prolog(parse_program("var x, y: real in 0..1\nconstraint: x * y == 0.5\nfind"))


def test_files_without_real_numbers_do_not_load_clpq() -> None:
    assert "clpq" not in to_prolog(parse_program("var x: int in 0..1\nfind"))
