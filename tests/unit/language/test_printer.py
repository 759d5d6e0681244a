"""The printer writes what the grammar reads, also for trees that no parser made."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nsr.errors import ProgramError
from nsr.grammars.formatter import format_source
from nsr.grammars.parser import parse
from nsr.grammars.tables import load_tables
from nsr.language import ast
from nsr.language.printer import KEYWORDS, print_expr, print_name, print_program, print_statement

A, B, C = (ast.Name(n) for n in "abc")
IN_T = (ast.Binder((ast.Name("x"),), ast.Name("T")),)
FORALL = ast.Quantified("forall", None, IN_T, None, A)
CHOICE = ast.Conditional(A, B, C)


def test_keywords_are_those_of_the_grammar() -> None:
    assert frozenset(load_tables().keywords) == KEYWORDS


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (ast.And((FORALL, B)), "(forall x in T: a) and b"),
        (ast.And((B, FORALL)), "b and forall x in T: a"),
        (ast.Or((ast.And((A, FORALL)), B)), "a and (forall x in T: a) or b"),
        (ast.Implies(ast.Not(FORALL), FORALL), "not (forall x in T: a) implies forall x in T: a"),
        (ast.Iff(ast.Implies(A, FORALL), B), "a implies (forall x in T: a) iff b"),
        (ast.Iff(A, ast.Iff(B, C)), "a iff (b iff c)"),
        (ast.Iff(ast.Iff(A, B), C), "a iff b iff c"),
        (ast.Implies(ast.Implies(A, B), C), "(a implies b) implies c"),
        (ast.Implies(A, ast.Implies(B, C)), "a implies b implies c"),
        (ast.Xor(ast.Xor(A, B), C), "a xor b xor c"),
        (ast.Xor(A, ast.Xor(B, C)), "a xor (b xor c)"),
        (ast.Or((ast.Xor(A, B), C)), "(a xor b) or c"),
        (ast.Comparison((CHOICE, A), ("==",)), "(if a then b else c) == a"),
        (ast.Comparison((ast.Comparison((A, B), ("<",)), C), ("==",)), "(a < b) == c"),
        (ast.Comparison((ast.Not(A), B), ("==",)), "(not a) == b"),
        (ast.Not(ast.Comparison((A, B), ("==",))), "not a == b"),
        (ast.Additive((A, CHOICE), ("+",)), "a + (if a then b else c)"),
        (ast.Additive((A, ast.Additive((B, C), ("+",))), ("-",)), "a - (b + c)"),
        (ast.Arithmetic("*", ast.Additive((A, B), ("+",)), C), "(a + b) * c"),
        (ast.Arithmetic("/", A, ast.Arithmetic("/", B, C)), "a / (b / c)"),
        (ast.Arithmetic("**", ast.Arithmetic("**", A, B), C), "(a ** b) ** c"),
        (ast.Arithmetic("**", A, ast.Arithmetic("**", B, C)), "a ** b ** c"),
        (ast.Arithmetic("**", ast.Number(Fraction(-2)), A), "(-2) ** a"),
        (ast.Arithmetic("**", A, ast.Number(Fraction(-2))), "a ** -2"),
        (ast.Negate(ast.Arithmetic("**", A, B)), "-a ** b"),
        (ast.Negate(ast.Arithmetic("*", A, B)), "-(a * b)"),
        (ast.Negate(ast.Number(Fraction(-2))), "--2"),
        (ast.Arithmetic("*", ast.Negate(A), B), "-a * b"),
        (ast.Member(A, ast.SetOperation("|", B, C)), "a in (b | c)"),
        (ast.Member(A, ast.RangeTerm(ast.Number(Fraction(1)), B)), "a in 1..b"),
        (ast.SetOperation("&", ast.SetOperation("|", A, B), C), "(a | b) & c"),
        (ast.SetOperation("|", ast.SetOperation("&", A, B), C), "a & b | c"),
        (ast.Conditional(A, CHOICE, CHOICE), "if a then if a then b else c else if a then b else c"),
        (ast.SomeOf("at_most", B, (A, FORALL)), "at_most b of (a, forall x in T: a)"),
        (ast.Call(ast.Name("count"), (A,)), "count(a)"),
        (ast.Number(Fraction(1, 8), is_decimal=True), "0.125"),
        (ast.Number(Fraction(-5), is_decimal=True), "-5.0"),
        (ast.Number(Fraction(1, 10**7), is_decimal=True), "0.0000001"),
    ],
)
def test_as_few_parentheses_as_needed(expr: ast.Expr, text: str) -> None:
    assert print_expr(expr) == text
    result = parse(f"compute {text}")
    assert result.program is not None
    assert result.program.statements == (ast.Compute((expr,)),)


def test_a_number_that_no_literal_says_is_a_quotient() -> None:
    assert print_expr(ast.Number(Fraction(1, 3))) == "(1 / 3)"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ann", "ann"),
        ("X2", "X2"),
        ("_", "_"),
        ("Zoë", "`Zoë`"),
        ("Ford F-150", "`Ford F-150`"),
        ("3rd", "`3rd`"),
        ("find", "`find`"),
        ("count", "`count`"),
        ('a"b', '`a"b`'),
    ],
)
def test_names_are_quoted_when_they_are_no_plain_words(name: str, text: str) -> None:
    assert print_name(name) == text
    assert parse(f"drop {text}") == parse(f"drop `{name}`")


@pytest.mark.parametrize("name", ["", "a`b", "a\nb", "a\rb"])
def test_names_that_cannot_be_written_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        print_name(name)


def test_citations_stand_on_one_line() -> None:
    with pytest.raises(ValueError, match="one line"):
        print_statement(ast.Question(head=ast.Head(None, (ast.Citation("a\nb"),))))


def test_terms_of_find_are_told_from_modes() -> None:
    found = ast.Find(None, None, (ast.Call(ast.Name("count"), (A,)), ast.Name("all")))
    assert print_statement(found) == "find `count`(a), `all`"


def test_every_statement_ends_its_line() -> None:
    assert print_program(ast.ParsedProgram((ast.Include(A), ast.Drop((B,))))) == "include a\ndrop b\n"


# Formatting keeps what is no syntax

FORMATTED = [
    ("", ""),
    ("# one\n\n\n\n# two", "# one\n\n# two\n"),
    ("type T={a,b}# why\nfind x", "type T = {a, b}  # why\nfind x\n"),
    ("type T = { # first\n a, # second\n b }", "# first\n# second\ntype T = {a, b}\n"),
    ("\n\nfind x\n\n\n\n# end\n", "find x\n\n# end\n"),
    ("type T type U # both", "type T\ntype U  # both\n"),
    ("# a\n# b\n\ntype T\n  # inside is before\ntype U", "# a\n# b\n\ntype T\n# inside is before\ntype U\n"),
    ('question "a # no comment"   ', 'question "a # no comment"\n'),
]


@pytest.mark.parametrize(("source", "expected"), FORMATTED)
def test_comments_and_paragraphs_are_kept(source: str, expected: str) -> None:
    assert format_source(source) == expected
    assert format_source(expected) == expected


def test_formatting_refuses_what_does_not_parse() -> None:
    with pytest.raises(ProgramError) as caught:
        format_source("type = {a}")
    assert caught.value.diagnostics
    assert "program:1" in str(caught.value)
