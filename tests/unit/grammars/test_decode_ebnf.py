"""Reading Lark's notation into data, writing it for llguidance, and placing blanks in it."""

from __future__ import annotations

import pytest

from nsr.grammars.decode_blanks import place_blanks
from nsr.grammars.decode_ebnf import Grammar, read_expression, read_grammar, write_grammar

NOTATION = r"""
// a comment
start: (item ",")+ [last]   // another
?item: A | "\"" B* -> quoted
    | (A B)? "(" item ")"
last: item
A: /[a-z\/]+/
B: "b" | A
WS: " "
%ignore WS
"""


def test_what_is_read_is_written() -> None:
    written = write_grammar(read_grammar(NOTATION))
    assert written.splitlines() == [
        'start: (item ",")+ last?',
        r'item: A | "\"" B* | (A B)? "(" item ")"',
        "last: item",
        r"A: /[a-z\/]+/",
        'B: "b" | A',
        'WS: " "',
    ]
    assert write_grammar(read_grammar(written)) == written


def test_aliases_are_kept() -> None:
    assert [a.alias for a in read_grammar(NOTATION).rules["item"]] == [None, "quoted", None]


@pytest.mark.parametrize(
    "text", ["start: A.2", "start{x}: x", "%import common.WS", "start: (A", "start A", "start: A ->", "start: A ~ 3"]
)
def test_other_notation_is_refused(text: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        read_grammar(text)


def placed(text: str) -> list[str]:
    rules = place_blanks(read_grammar(text).rules)
    return write_grammar(Grammar(rules, {})).splitlines()


def test_blanks_stand_between_words_and_not_inside_brackets() -> None:
    assert placed('start: "f" "(" [e ("," e)*] ")" "end"\ne: "x" | "-" e | e "-" e') == [
        'start: "f" BLANK "(" (e ("," BLANK e)*)? ")" BLANK "end"',
        'e: "x" | "-" e | e BLANK "-" BLANK e',
    ]


def test_a_call_is_tight_and_a_tuple_is_not() -> None:
    assert placed('start: name "(" t ")" "in" t\nname: N\nt: "(" name ")"') == [
        'start: name "(" t ")" BLANK "in" BLANK t',
        "name: N",
        't: "(" name ")"',
    ]


def test_a_rule_that_may_begin_with_a_colon_brings_its_own_blanks() -> None:
    assert placed('start: "c" head "x"\nhead: N ":" | ":"') == [
        'start: "c" head_spaced BLANK "x"',
        'head_spaced: BLANK N ":" | ":"',
    ]


def test_an_ambiguous_blank_is_refused() -> None:
    with pytest.raises(ValueError, match="may be missing"):
        placed('start: "(" ["a"] "b"')


def test_expressions_are_read_alone() -> None:
    assert read_expression('a ("," a)*') == read_expression('a("," a)*')
    with pytest.raises(ValueError, match="not expected"):
        read_expression("a ) b")
