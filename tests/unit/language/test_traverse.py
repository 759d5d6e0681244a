"""The fold and the rebuild, on terms of checked programs and on very deep ones."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from language_programs import program

from nsr.language import ir
from nsr.language.ir import integer
from nsr.language.sorts import INT
from nsr.language.traverse import (
    CHILDREN,
    children,
    fold,
    free_variables,
    rebuild,
    subterms,
    symbols_of,
    with_children,
)
from nsr.testing.cases import CASES
from nsr.testing.generate import programs

X, Y = ir.Variable("x", INT), ir.Variable("y", INT)


@pytest.mark.parametrize("case", CASES[::7], ids=lambda case: case.name)
def test_a_term_is_made_of_its_children(case: object) -> None:
    for requirement in program(case.program).requirements:  # type: ignore[attr-defined]
        for term in subterms(requirement.formula):
            same = with_children(term, children(term))
            assert same == term
            assert same.origin == term.origin
        size = fold(requirement.formula, lambda _, below: 1 + sum(below))
        assert size == len(list(subterms(requirement.formula)))


@settings(max_examples=60, deadline=None)
@given(programs(depth=4))
def test_rebuilding_with_nothing_changed_gives_the_same_object(source: str) -> None:
    for requirement in program(source).requirements:
        formula = requirement.formula
        assert rebuild(formula, lambda t: t) is formula
        renamed = rebuild(formula, lambda t: ir.Variable(t.name + "'", t.sort) if isinstance(t, ir.Variable) else t)
        assert not free_variables(formula)
        back = rebuild(renamed, lambda t: ir.Variable(t.name[:-1], t.sort) if isinstance(t, ir.Variable) else t)
        assert back == formula


def test_very_deep_terms() -> None:
    term: ir.Term = ir.TRUE
    for _ in range(5_000):
        term = ir.Not(term)
    assert fold(term, lambda _, below: 1 + max(below, default=0)) == 5_001
    swapped = rebuild(term, lambda t: ir.FALSE if isinstance(t, ir.Literal) else t)
    assert list(subterms(swapped))[-1] is ir.FALSE
    # Taken apart from outside: dropping it whole would recurse in the interpreter.
    assert symbols_of(term) == frozenset()


def test_free_variables_know_binders() -> None:
    bound = ir.Bound(X, ir.Interval(integer(0), Y))
    assert free_variables(ir.Quantified("forall", (bound,), ir.Equal(X, Y))) == {"y"}
    again = ir.Bound(Y, ir.Interval(X, X))
    assert free_variables(ir.Quantified("exists", (again, bound), ir.Equal(X, Y))) == {"x"}
    counted = ir.Aggregate("count", (ir.Bound(X, ir.Listed((X, Y))),), ir.Equal(X, X), ir.TRUE)
    assert free_variables(counted) == {"x", "y"}


def test_symbols() -> None:
    term = ir.Equal(ir.Apply("f", (ir.Apply("c", (), INT),), INT), integer(1))
    assert symbols_of(term) == {"f", "c"}


def test_every_kind_of_node_is_walked() -> None:
    assert CHILDREN.keys() == set(get_args(ir.Term))
