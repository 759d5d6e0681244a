"""Open types whose unnamed things cannot matter: which programs these are, and that no answer changes."""

from __future__ import annotations

import pytest

from nsr.engine.checking import parse_program
from nsr.language.enumerate import Asked, answer
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import at_sizes, open_sorts

DECLARED = "type T\nconst a, b, c: T\nrel p(T), q(T, T)\nfact p(a), q(a, b), q(b, c)\n"
RULE = "rule q(X, Z) if q(X, Y), q(Y, Z)\n"


@pytest.mark.parametrize(
    "rest",
    [
        "ask q(a, X)",
        RULE + "ask q(X, Y)",
        RULE + "ask not q(X, a), not p(X)",
        "var n: int in 0..2\nrel r(T)\nrule r(X) if p(X), n > 0\nask r(X)",
        "type S = {u, v}\nrel r(S)\nrule r(X) if p(a)\nask exists s in S: r(s)",
    ],
)
def test_more_things_change_no_answer(rest: str) -> None:
    program = parse_program(DECLARED + rest)
    named = with_named_things_only(program)
    assert open_sorts(named) == ()
    expected = answer(named, named.questions[0])
    for size in (3, 4, 5):
        larger = at_sizes(program, {"T": size})
        found = answer(larger, larger.questions[0])
        assert isinstance(found, Asked)
        assert isinstance(expected, Asked)
        rows = [
            [tuple(map(str, row)) for row in a.true if not any("#" in str(v) for v in row)] for a in (found, expected)
        ]
        assert rows[0] == rows[1]


@pytest.mark.parametrize(
    "rest",
    [
        "ask forall x in T: p(x)",
        "prove exists x in T: not p(x)",
        "define others = exists x in T: not p(x)\nask others",
        "rel all_p\nrule all_p if forall x in T: p(x)\nask all_p",
        "constraint: exists x in T: not p(x)\nask p(a)",
        "constraint: exactly 2 x in T: not p(x)\nask p(a)",
        "pred r(T)\nask p(a) or r(a)",
        "var v: T\nask p(v)",
    ],
)
def test_things_without_a_name_may_matter(rest: str) -> None:
    program = parse_program(DECLARED + rest)
    assert with_named_things_only(program) is program


def test_a_type_without_constants_has_a_thing_without_a_name() -> None:
    program = parse_program("type T\nrel p(T)\nask p(X)")
    assert with_named_things_only(program) is program
