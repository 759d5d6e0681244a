"""Properties over generated programs: what is printed reads back, what Lark takes we take, nothing crashes."""

from __future__ import annotations

import random
from functools import cache
from itertools import pairwise

import lark
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_programs import PROGRAMS

from nsr.diagnostics import Severity, Source, render, render_for_prompt, to_json
from nsr.grammars.build import GRAMMAR_PATH
from nsr.grammars.lexer import tokenize
from nsr.grammars.parser import MAX_NESTING, parse
from nsr.grammars.tables import load_tables
from nsr.language import ast
from nsr.language.printer import print_program, print_statement
from nsr.testing.programs import programs, statements

QUIET = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
)


def parsed(source: str) -> ast.ParsedProgram:
    """The tree of a text without errors; keywords as names may be warned of."""
    result = parse(source)
    assert result.program is not None, (source, result.diagnostics)
    return result.program


@settings(QUIET, max_examples=250)
@given(statements())
def test_printing_and_parsing_gives_the_statement_back(statement: ast.Statement) -> None:
    text = print_statement(statement)
    assert "\n" not in text
    again = parsed(text)
    assert again.statements == (statement,), text
    assert print_statement(again.statements[0]) == text


@settings(QUIET, max_examples=30)
@given(programs(5))
def test_printing_and_parsing_gives_the_program_back(program: ast.ParsedProgram) -> None:
    text = print_program(program)
    assert parsed(text) == program, text
    # Line ends mean nothing.
    assert parsed(text.replace("\n", " ")) == program
    assert parsed(text.replace("\n", "\r\n\r\n\t")) == program


@cache
def reference_parser() -> lark.Lark:
    """Lark itself on the same grammar."""
    return lark.Lark(GRAMMAR_PATH.read_text(encoding="utf-8"), parser="lalr", maybe_placeholders=True)


def lark_takes(source: str) -> bool:
    """Whether Lark's own parser accepts the text."""
    try:
        reference_parser().parse(source)
    except lark.exceptions.UnexpectedInput:
        return False
    return True


@settings(QUIET, max_examples=40)
@given(programs(3))
def test_lark_takes_what_is_printed(program: ast.ParsedProgram) -> None:
    assert lark_takes(print_program(program))


SIGNS = ["(", ")", "[", "]", "{", "}", ",", ":", "=", "==", "<", "+", "-", "*", "**", "..", "&", "|", "->"]
WORDS = [
    "x",
    "f(x)",
    "1",
    "2.5",
    "forall",
    "exists",
    "if",
    "then",
    "else",
    "for",
    "in",
    "not",
    "and",
    "or",
    "of",
    "one",
]
OPENINGS = ["\nfind", "\nconstraint", "type", "option", "A", "true", "none", "count", '"a b"', "`c d`"]
JUNK = ["#", '"', "`", "'", "“", "&&", ";", ".", "é", "\x00"]
PIECES = [*SIGNS, *WORDS, *OPENINGS, *JUNK]


@st.composite
def mutated_programs(draw: st.DrawFn) -> str:
    """Sample programs with a few tokens taken out, put in, doubled or swapped."""
    source = PROGRAMS[draw(st.sampled_from(sorted(PROGRAMS)))]
    pieces = [(token.text, source[token.end : following.start]) for token, following in pairwise(tokenize(source))]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(pieces) - 1))
        match draw(st.sampled_from(["delete", "insert", "double", "replace", "swap", "cut"])):
            case "delete":
                del pieces[at]
            case "insert":
                pieces.insert(at, (draw(st.sampled_from(PIECES)), draw(st.sampled_from(["", " "]))))
            case "double":
                pieces.insert(at, pieces[at])
            case "replace":
                pieces[at] = (draw(st.sampled_from(PIECES)), pieces[at][1])
            case "swap":
                other = draw(st.integers(0, len(pieces) - 1))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case _:
                del pieces[at + 5 :]
    return "".join(text + blank for text, blank in pieces)


@settings(QUIET, max_examples=400)
@given(mutated_programs())
def test_mutated_programs_give_a_tree_or_diagnostics(source: str) -> None:
    result = parse(source)
    errors = [d for d in result.diagnostics if d.severity is Severity.ERROR]
    assert (result.program is None) == bool(errors)
    for d in result.diagnostics:
        assert 0 <= d.span.start <= d.span.end <= len(source)
        assert d.message
        assert d.help or d.code in ("incomplete-statement", "unexpected-token")
        if d.fix is not None:
            assert 0 <= d.fix.span.start <= d.fix.span.end <= len(source)
    places = [d.span.start for d in result.diagnostics]
    assert places == sorted(places)
    render(result.diagnostics, Source(source))
    render_for_prompt(result.diagnostics, Source(source))
    assert all(to_json(d, Source(source)) for d in result.diagnostics)
    if result.program is not None:
        assert parsed(print_program(result.program)) == result.program


@settings(QUIET, max_examples=200)
@given(mutated_programs())
def test_what_is_taken_is_what_lark_takes(source: str) -> None:
    ours = parse(source).program is not None
    if ours:
        assert lark_takes(source)
    elif lark_takes(source):
        # Lark also takes words of formulas for names, and a statement's keyword for a name that the line before lacks.
        first = parse(source).diagnostics[0]
        fault = next(t for t in tokenize(source) if t.start >= first.span.start)
        assert fault.text in load_tables().keywords, (source, first)


@settings(QUIET, max_examples=150)
@given(st.text(max_size=60) | st.text(st.sampled_from("\"`#\\'“”.-=<>()[]{}:;,0123456789eE_ \n\taifx&|"), max_size=60))
def test_any_text_gives_a_tree_or_diagnostics(source: str) -> None:
    result = parse(source)
    assert (result.program is None) == any(d.severity is Severity.ERROR for d in result.diagnostics)
    assert all(0 <= d.span.start <= d.span.end <= len(source) for d in result.diagnostics)


OPENERS = ["f(", "(", "{", "[", "not ", "-", "x ** ", "x implies ", "if p then 1 else ", "forall x in T: ", "x * "]


@pytest.mark.parametrize("seed", range(20))
def test_any_mixture_of_nesting_is_taken_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    opened = [rng.choice(OPENERS) for _ in range(rng.choice([20, MAX_NESTING, 5000]))]
    closed = "".join({"(": ")", "{": "}", "[": "]"}.get(o[-1], "") for o in reversed(opened))
    result = parse("compute " + "".join(opened) + "x" + closed)
    if result.program is not None:
        assert parsed(print_program(result.program)) == result.program
    else:
        assert result.diagnostics[0].code in (
            "nesting-too-deep",
            "needs-parentheses",
            "unexpected-token",
            "missing-then",
        )
