"""What the checker makes of expressions, and where it says what."""

from __future__ import annotations

from typing import get_args

import pytest
from language_programs import codes, diagnostics, formula, program

from nsr.language import ast, ir
from nsr.language.check import expressions
from nsr.language.ir import integer
from nsr.language.sorts import INT, EnumSort, IntSort, NumberSort
from nsr.language.traverse import subterms

DECLARED = """
type Day = [mon, tue, wed]
type House = 1..3
type P = {ann, bo}
var day(P): Day
var house(P): House
var next_to(P): P optional
pred tall(P)
pred open_(Day)
var n: int
"""


def test_every_kind_of_expression_has_a_handler() -> None:
    assert set(expressions._HANDLERS) == set(get_args(ast.Expr))


def test_only_what_may_fall_outside_is_restricted() -> None:
    declared = DECLARED + "pred lit(House)\n"

    def kinds(text: str) -> set[type]:
        return {type(t) for t in subterms(formula(text, declared)[0])}

    assert ir.Restrict not in kinds("lit(house(ann))")
    assert ir.Restrict not in kinds("lit(3)")
    assert ir.Restrict not in kinds("forall i in 1..2: lit(i + 1)")
    assert ir.Restrict in kinds("lit(house(ann) + 1)")
    assert ir.Restrict in kinds("lit(n)")
    assert ir.Restrict in kinds("tall(next_to(ann))")
    assert ir.ElementAt in kinds("open_(day(ann) + 1)")
    assert ir.ElementAt not in kinds("open_(mon + 1)")
    assert ir.ElementAt not in kinds("day(ann) == day(bo) + 1")


def test_positions_and_elements() -> None:
    term, _ = formula("day(ann) == mon + 1", DECLARED)
    assert isinstance(term, ir.Equal)
    assert isinstance(term.left, ir.PositionOf)
    assert term.right == integer(2)
    term, _ = formula("day(ann) == mon", DECLARED)
    assert isinstance(term, ir.Equal)
    assert isinstance(term.right, ir.Literal)
    assert isinstance(term.right.sort, EnumSort)


def test_truth_values_as_numbers() -> None:
    term, _ = formula("tall(ann) + tall(bo) == 1", DECLARED)
    assert sum(isinstance(t, ir.FromTruth) for t in subterms(term)) == 2


def test_names_of_variables_are_unique_in_a_program() -> None:
    checked = program(DECLARED + "constraint: forall x in P: tall(x)\nconstraint: exists x in P: not tall(x)\n")
    bound = [
        b.variable.name
        for r in checked.requirements
        for t in subterms(r.formula)
        if isinstance(t, ir.Quantified)
        for b in t.binders
    ]
    assert len(bound) == len(set(bound)) == 2


def test_origins_point_at_the_text() -> None:
    source = DECLARED + "constraint: house(ann) == 3 or house(bo) + 1 == 3\n"
    checked = program(source)
    for term in subterms(checked.requirements[0].formula):
        start, end = term.origin.span
        assert term.origin.statement == 9
        assert 0 <= start < end <= len(source)
        if isinstance(term, ir.Apply):
            assert source[start:end] == f"house({source[start:end][6:-1]})"


def test_names_of_requirements() -> None:
    checked = program('var x: 1..9\nconstraint s3: x > 1\nconstraint "Quoted.": x > 2\nassume late "A." "B.": x > 3\n')
    assert [(r.name, r.has_label, r.keyword, r.citations) for r in checked.requirements] == [
        ("s3", True, "constraint", ()),
        ("s3_", False, "constraint", ("Quoted.",)),
        ("late", True, "assume", ("A.", "B.")),
    ]


def test_declarations_in_any_order() -> None:
    checked = program(
        """
        constraint: double(f(ann)) == n
        define double(k: R) = twice * k
        var f(P): R
        type R = low..n
        type P = {ann}
        param n: int = low + 3
        param twice: int = 2
        param low: int = 1
        """
    )
    assert checked.sorts["R"] == IntSort(1, 4, "R")
    assert list(checked.symbols) == ["double", "f", "n", "twice", "low"]
    assert codes("type A = 1..b\nparam b: int = last(A)\nvar x: A\nfind x") == ["recursive-definition"]


def test_sorts_of_data_are_narrow() -> None:
    checked = program("type P = {a, b}\nparam w(P): real = {a: 0.5, b: 2}\nparam k(P): int = [3, 7]\nfind all w, k")
    assert isinstance(checked.symbols["w"].value, NumberSort)
    assert checked.symbols["k"].value == IntSort(3, 7)
    assert checked.symbols["w"].kind == "param"


def test_goals() -> None:
    goal = program("type P = {a}\nvar f(P): 1..2\nvar g: 1..2\nfind 3 f, g, f(a)").questions[0].goal
    assert isinstance(goal, ir.Find)
    assert (goal.mode, goal.count, goal.symbols, len(goal.terms)) == ("some", 3, ("f", "g"), 1)
    assert program("var x: 1..2").questions[0].goal == ir.Find()
    two = program(
        "var x: 1..2\nquestion a\nfind all\nquestion b\nassume k: x > 1\ndrop k\nchoose must\noption 1: x == 1"
    )
    assert [q.label for q in two.questions] == ["a", "b"]
    assert two.questions[1].drops == ("k",)
    assert two.requirements_of(two.questions[1]) == ()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("day(anne) == mon", "anne"),
        ("day(ann) == 3", "3"),
        ("day(ann) < house(bo)", "house(bo)"),
        ("tal(ann)", "tal"),
        ("tall(mon)", "mon"),
        ("house(ann, bo) == 1", "house(ann, bo)"),
        ("house == 1", "house"),
        ("house(ann)", "house(ann)"),
        ("tall(ann) and 3", "3"),
        ("forall x in Q: tall(x)", "Q"),
        ("exists x: house(ann) == 1", "x"),
        ("n ** 0.5 == 2", "0.5"),
        ("ann < bo", "ann"),
        ("first(P) == ann", "P"),
        ("count(house(x) for x in P) == 1", "house(x)"),
        ("(ann, bo) == (bo, ann, bo)", "(bo, ann, bo)"),
        ("house == [1, 2, 3]", "[1, 2, 3]"),
        ("house == {ann: 1}", "{ann: 1}"),
        ("no_overlap((1, 2), 3)", "no_overlap((1, 2), 3)"),
        ("possible(tall(ann))", "possible(tall(ann))"),
        ("{ann} == {mon}", "{mon}"),
        ("none < 3", "none"),
    ],
)
def test_one_error_at_its_place(text: str, at: str) -> None:
    source = DECLARED + f"constraint: {text}\n"
    (found,) = [d for d in diagnostics(source) if d.severity.value == "error"]
    assert source[found.span.start : found.span.end] == at
    assert found.help or found.labels


def test_silent_after_a_failed_declaration() -> None:
    source = "type P = {a}\nvar f(P): Q\nconstraint: f(a) == 1\nconstraint: not f(a, a)\nconstraint: f in {1}\nfind f"
    assert codes(source) == ["unknown-type"]


def test_fixes_repair() -> None:
    for text in ("day(ann) == 3", "house(ann) == 1 if tall(ann) else 2"):
        source = DECLARED + f"constraint: {text}\n"
        (found,) = [d for d in diagnostics(source) if d.severity.value == "error"]
        assert found.fix is not None
        start, end = found.fix.span
        assert not [c for c in codes(source[:start] + found.fix.replacement + source[end:]) if c != "unused-symbol"]


def test_near_names() -> None:
    (found,) = diagnostics("type P = {ann, bob}\nvar day(P): 1..2\nconstraint: dya(ann) == 1\nfind day")
    assert found.expected == ("day",)


def test_instances_outside_a_type() -> None:
    declared = "type D = [a, b, c]\npred p(D)\n"
    assert codes(declared + "constraint: forall d in D: p(d + 1)") == ["outside-type"]
    assert codes(declared + "constraint: forall d in D if d < c: p(d + 1)") == []
    assert codes(declared + "constraint: forall d in D: d == c or p(d + 1)") == []
    assert codes(declared + "constraint: forall d in D: d < c implies p(d + 1)") == []
    assert codes(declared + "constraint: forall d in D: p(d) implies p(d + 1)") == ["outside-type"]
    assert codes(declared + "constraint: forall d in D: (if d == c then p(a) else p(d + 1))") == []
    assert codes(declared + "constraint: count(d for d in D if d < c and p(d + 1)) == 1") == []


def test_entries_that_are_asked_for() -> None:
    declared = "type D = {a, b, c}\npred p(D)\nparam n(D): int = {a: 1, b: 2}\n"
    assert codes(declared + "constraint: n(a) == 1 and p(a)") == []
    assert codes(declared + "constraint: p(a) and n(c) == 1") == ["table-missing-entry"]
    assert codes(declared + "constraint: forall d in n: p(d) or n(d) > 1") == []
    assert codes(declared + "constraint: forall d in D: p(d) or n(d) > 1") == ["table-missing-entry"]
    assert codes(declared + "constraint: forall d in D: d != c and p(d) implies n(d) > 1") == []
    assert codes(declared + "constraint: forall d in D: p(d) implies n(d) > 1") == ["table-missing-entry"]
    assert codes("param n(1..1000000000000): int = {1: 5, 2: 6}\nvar x: 1..2\nconstraint: n(x) == 6") == []


def test_real_numbers_are_exact() -> None:
    term, _ = formula("n / 3 == 0.1", DECLARED)
    assert isinstance(term, ir.Equal)
    assert isinstance(term.left, ir.Divide)
    assert term.left.right == ir.Literal(3, INT)
