"""Arguments of rules that are reckoned with or are of another type: outside its type nothing holds of a value."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["ARGUMENT_CASES"]

ARGUMENT_CASES: tuple[Case, ...] = (
    case(
        "heads_with_numbers_outside_their_type",
        """
        type D = 0..3
        rel q(D), p(D), r(D)
        fact q(0), q(3)
        rule p(X + 1) if q(X)
        rule r(2 * X) if q(X)
        rule r(X) if p(X)
        question q1
        ask p(X)
        question q2
        ask r(X)
        """,
        Told("solved", [{"X": 1}]),
        Told("solved", [{"X": 0}, {"X": 1}]),
    ),
    case(
        "heads_with_numbers_of_another_type",
        """
        type D = 0..3
        type E = 2..6
        rel q(E), p(D), r(D)
        fact q(2), q(3), q(5)
        rule p(X) if q(X)
        rule r(X) if X in D, not p(X)
        question q1
        ask p(X)
        question q2
        ask r(X)
        """,
        Told("solved", [{"X": 2}, {"X": 3}]),
        Told("solved", [{"X": 0}, {"X": 1}]),
    ),
    case(
        "heads_with_elements_outside_their_type",
        """
        type D = [a, b, c]
        rel q(D), p(D), r(D)
        fact q(a), q(c)
        rule p(X + 1) if q(X)
        rule r(X) if not p(X)
        question q1
        ask p(X)
        question q2
        ask r(X)
        """,
        Told("solved", [{"X": "b"}]),
        Told("solved", [{"X": "a"}, {"X": "c"}]),
    ),
    case(
        "bodies_with_numbers_outside_their_type",
        """
        type D = 0..3
        type E = 2..6
        rel q(E), p(D), r(D), s(D)
        fact q(2), q(3), q(5), p(3), p(0)
        rule r(X) if p(X), not p(X + 1)
        rule s(X) if p(X), q(X + 3)
        rule s(X) if p(X), X + 1 in D
        question q1
        ask r(X)
        question q2
        ask s(X)
        """,
        Told("solved", [{"X": 0}, {"X": 3}]),
        Told("solved", [{"X": 0}]),
    ),
    case(
        "definitions_outside_their_type_in_rules",
        """
        type D = 0..3
        rel q(D), p(D), r(D)
        define next_(d: D): D = d + 1
        fact q(0), q(2), q(3)
        rule p(X) if q(X), next_(X) > 2
        rule r(next_(X)) if q(X)
        question q1
        ask p(X)
        question q2
        ask r(X)
        """,
        Told("solved", [{"X": 2}]),
        Told("solved", [{"X": 1}, {"X": 3}]),
    ),
    case(
        "negative_and_absolute_values_in_rules",
        """
        type D = -2..2
        pred p(D)
        rel q(D), r(D)
        rule q(-X) if p(X)
        rule r(X) if p(Y), abs(X) == Y
        constraint: exactly 2 x in D: p(x)
        constraint: q(1) and not q(0)
        constraint: r(2) and not r(1)
        """,
        # -1 and 2.
        solutions=1,
    ),
    case(
        "variables_of_rules_over_ranges",
        """
        type D = 0..3
        pred p(D)
        rel q(D)
        rule q(X) if p(Z), exists y in Z..X: p(y) and y != Z
        constraint: q(2) and not q(1)
        """,
        # 2 and one before it, but not both; 3 is free.
        solutions=4,
    ),
    case(
        "arguments_beyond_31_bits",
        "type Big = [1, 3000000000]\nrel q(Big)\npred p(Big)\nfact q(3000000000)\nrule q(X) if p(X)\nconstraint: q(1)",
        solutions=2,
    ),
    case(
        "arguments_that_are_fractions",
        "type W = [0.5, 1.5]\nrel q(W)\npred p(W)\nrule q(X) if p(X), X > 1\nconstraint: q(1.5)",
        solutions=2,
    ),
    case(
        "arguments_on_both_sides_of_zero",
        "type D = [-3, 4]\nvar f(D): 0..1\npred p(D)\nconstraint: p(4) and not p(-3) and f(4) == 1 and f(-3) == 0",
        solutions=1,
        each={"f(4)": "1", "f(-3)": "0"},
    ),
)
