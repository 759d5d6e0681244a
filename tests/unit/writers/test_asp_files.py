"""Answer-set programs written out: clingo reads them back and finds as many answer sets as there are solutions."""

import pytest

from nsr.engine.checking import parse_program
from nsr.solvers import Gap
from nsr.testing.cases import CASES
from nsr.writers import write
from nsr.writers.asp import to_asp

FEW = 40


def models_of(text, limit=FEW + 1):
    import clingo

    messages = []
    control = clingo.Control([str(limit), "--warn=none"], logger=lambda _, message: messages.append(message))
    control.add("base", [], text)
    control.ground([("base", [])])
    found = []
    with control.solve(yield_=True) as handle:
        for model in handle:
            found.append((frozenset(map(str, model.symbols(shown=True))), list(model.cost)))
    return found


def test_as_many_answer_sets_as_solutions():
    read_back = 0
    for case in [case for case in CASES if case.solutions is not None and case.solutions <= FEW][::3]:
        program = parse_program(case.program)
        if program.softs or program.missing or program.questions[0].objectives:
            continue
        try:
            text = to_asp(program)
        except Gap:
            continue
        read_back += 1
        sets = [shown for shown, _ in models_of(text)]
        assert len(set(sets)) == len(sets) == case.solutions, case.name
    assert read_back > 20


HOSTILE = """
type `T")` = {`a. b :- c`, `#script(python)`, not_}
rel R(`T")`), r(`T")`), `not`(`T")`)
fact R(`a. b :- c`)
rule r(X) if R(X)
rule `not`(X) if r(X)
var x: 1..3
constraint `l. p(` "Something. :- x\\"": x != 2
"""


def test_names_are_safe_and_told_apart():
    text = write(parse_program(HOSTILE), 0, to="asp")
    (first, _), (second, _) = models_of(text)
    assert first ^ second == {"x(1)", "x(3)"}
    assert first & second == {"r(0)", "r_2(0)", "not_2(0)"}
    assert "% r_2: r" in text or "% r: R" in text
    assert "a. b :- c" not in "\n".join(line for line in text.splitlines() if not line.startswith("%"))


def test_objectives_keep_their_rank():
    source = "var x: 0..9\nvar y: 0..9\nconstraint: x + y <= 12\nmaximize x\nminimize y\nfind one\n"
    *_, (best, _) = models_of(write(parse_program(source), 0, to="asp"), 0)
    assert best == {"x(9)", "y(0)"}


def test_what_is_asked_becomes_atoms():
    source = "type P = {a, b}\nvar place(P): 1..2 distinct\nprove: place(a) == 1\n"
    text = write(parse_program(source), 0, to="asp")
    assert {frozenset(s for s in shown if s.startswith("asked")) for shown, _ in models_of(text)} == {
        frozenset({"asked(1)"}),
        frozenset({"asked(2)"}),
    }


def test_open_types_are_refused():
    with pytest.raises(Gap):
        to_asp(parse_program("type T\npred p(T)\nprove: forall x in T: p(x)\n"))
