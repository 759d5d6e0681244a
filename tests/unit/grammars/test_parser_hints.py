"""Each malformed example gets the hint it stands for, and certain repairs do repair."""

from __future__ import annotations

import re

import pytest

from nsr.diagnostics import Diagnostic, Severity
from nsr.grammars.hints import HINTS
from nsr.grammars.parser import parse

EXAMPLES = [(hint.code, example) for hint in HINTS for example in hint.examples]
IDS = [f"{code}-{i}" for i, (code, _) in enumerate(EXAMPLES)]


def errors(source: str) -> list[Diagnostic]:
    """The errors of a text."""
    return [d for d in parse(source).diagnostics if d.severity is Severity.ERROR]


@pytest.mark.parametrize(("code", "source"), EXAMPLES, ids=IDS)
def test_example_gets_its_hint(code: str, source: str) -> None:
    result = parse(source)
    assert result.program is None
    first = result.diagnostics[0]
    assert first.code == code
    assert 0 <= first.span.start <= first.span.end <= len(source)
    assert first.help
    # Templates are filled, and words of the language stand for terminals.
    text = first.message + first.help + first.found
    assert not re.search(r"\{\w+\}", text)
    assert not re.search(r"__ANON|\b(LPAR|RPAR|COLON|COMMA|QUOTED_NAME|EQUAL)\b", text)


@pytest.mark.parametrize(("code", "source"), EXAMPLES, ids=IDS)
def test_certain_repairs_repair(code: str, source: str) -> None:
    before = errors(source)
    if before[0].fix is None:
        return
    span, replacement = before[0].fix.span, before[0].fix.replacement
    after = errors(source[: span.start] + replacement + source[span.end :])
    moved = bool(after) and after[0].span.start > before[0].span.start
    assert len(after) < len(before) or moved or after[0].code != code, after[0]


def test_every_hint_has_examples_and_a_stable_code() -> None:
    for hint in HINTS:
        assert hint.examples
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", hint.code)


# What readers of the language's documentation got wrong, and what hints are for.
SLIPS = [
    ("constraint: forall i, j in L, i != j: x(i) != x(j)", "filter-after-comma"),
    ("compute count(p in T if p(x))", "missing-for"),
    ("compute count(p in T: p(x))", "missing-for"),
    ("constraint c1 forall x in T: p(x)", "missing-colon"),
    ('constraint "Ann." early: p', "label-after-quotation"),
    ('type Pet "Pets." = {cat}', "quotation-misplaced"),
    ('option A: "Ann.": p', "quotation-after-colon"),
    ("choose must be true", "choose-words"),
    ("fact location(bill) == office", "fact-equation"),
    ("const year: int = 1974", "const-value"),
    ("pred woman(P) = {ann}", "pred-table"),
    ("prefer r3 over r9, r5 over r10", "two-preferences"),
    ("minimize 2x", "missing-times"),
    ("minimize x ^ 2", "power-operator"),
    ("var x: real in 0.5 .. 2", "decimal-bound"),
]


def test_a_mistyped_mode_of_find_gets_the_mode_that_is_meant() -> None:
    (found,) = errors("type House = 1..3\nvar house: House\nfind unque house")
    assert (found.code, found.message) == ("find-mode", "`find` has no mode `unque`")
    assert found.help == "did you mean `unique`?"
    assert errors("find house where house == 1")[0].code == "find-terms"


@pytest.mark.parametrize(("source", "code"), SLIPS)
def test_slips_of_readers_are_seen(source: str, code: str) -> None:
    assert errors(source)[0].code == code


REPAIRS = [
    ("constraint: forall i, j in L, i != j: p(i, j)", "constraint: forall i, j in L if i != j: p(i, j)"),
    ("compute count(p in T: q(p))", "compute count(p for p in T if q(p))"),
    ("constraint c1 forall x in T: p(x)", "constraint c1: forall x in T: p(x)"),
    ('constraint "Ann." early: p', 'constraint early "Ann.": p'),
    ('type Pet "Pets." = {cat}', 'type "Pets.": Pet = {cat}'),
    ('option A: "Ann.": p', 'option A "Ann.": p'),
    ("choose could be true except", "choose could except"),
    ("fact location(bill) == office", "premise: location(bill) == office"),
    ("const year: int = 1974", "param year: int = 1974"),
    ("pred woman(P) = {ann}", "rel woman(P) = {ann}"),
    ("prefer r3 over r9, r5 over r10", "prefer r3 over r9\nprefer r5 over r10"),
    ("minimize 2x", "minimize 2 * x"),
    ("minimize x ^ 2", "minimize x ** 2"),
    ("var x: real in 0.5 .. 2", "var x: real >= 0.5 <= 2"),
    ("constraint “Ann.”: p", 'constraint "Ann.": p'),
    ("rule p(X) :- q(X)", "rule p(X) if q(X)"),
    ("constraint: p&&q", "constraint: p and q"),
    ("type T: {a, b}", "type T = {a, b}"),
]


@pytest.mark.parametrize(("source", "repaired"), REPAIRS)
def test_repairs_say_what_was_meant(source: str, repaired: str) -> None:
    fix = errors(source)[0].fix
    assert fix is not None
    assert source[: fix.span.start] + fix.replacement + source[fix.span.end :] == repaired
    assert errors(repaired) == []
