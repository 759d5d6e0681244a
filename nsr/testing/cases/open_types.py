# ruff: noqa: E501 - short programs are read best on one line
"""Open types: things that have a name and others; proofs over worlds of every size."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["OPEN_CASES"]

YES = Told("entailed", "true")
NO = Told("refuted", "false")
UNSURE = Told("undetermined", "unknown")
CLASH = Told("inconsistent")

_KEEPERS = """
    type Person
    pred keeper(Person), rows(Person)
    const ada, bo: Person
    premise: forall x in Person: keeper(x) implies rows(x)
    premise: keeper(ada)
"""

OPEN_CASES: tuple[Case, ...] = (
    case(
        "truth_values_as_values_over_open_types",
        """
        type Thing
        const a, b: Thing
        pred p(Thing), q(Thing)
        premise: forall x in Thing: p(x) == true implies q(x) == false
        premise: p(a)
        prove: not q(a)
        """,
        YES,
    ),
    case("syllogism", _KEEPERS + "prove: rows(ada)", YES),
    case("contraposition", _KEEPERS + "premise: not rows(bo)\nprove: keeper(bo)", NO),
    case("what_is_not_said_is_unknown", _KEEPERS + "prove: rows(bo)", UNSURE),
    case("constants_differ", _KEEPERS + "prove: ada != bo", YES),
    case(
        "constants_that_may_coincide",
        "type Thing may_coincide\nconst a, b: Thing\npred p(Thing)\npremise: p(a)\nquestion q1\nprove: a != b\nquestion q2\nprove: a == b implies p(b)",
        UNSURE,
        YES,
    ),
    case("there_may_be_others", _KEEPERS + "prove: forall x in Person: x == ada or x == bo", UNSURE),
    case(
        "there_is_at_least_one_thing",
        "type Thing\npred p(Thing)\npremise: forall x in Thing: p(x)\nprove: exists x in Thing: p(x)",
        YES,
    ),
    case(
        "exactly_one_or_the_other",
        """
         type Person
         pred keeper(Person), owns_boat(Person), sleeps_early(Person), rows(Person)
         const ada: Person
         premise: forall x in Person: keeper(x) implies owns_boat(x) xor sleeps_early(x)
         premise: forall x in Person: owns_boat(x) implies rows(x)
         premise: keeper(ada) and not rows(ada)
         prove: sleeps_early(ada)
         """,
        YES,
    ),
    case(
        "somebody_else_exists",
        _KEEPERS
        + "premise: exists x in Person: keeper(x) and x != ada and x != bo\nprove: exists x in Person: rows(x) and x != ada",
        YES,
    ),
    case("premises_that_clash", _KEEPERS + "premise: not rows(ada)\nprove: rows(bo)", CLASH),
    case("query_over_named_things", _KEEPERS + "ask rows(X)", Told("solved", [{"X": "ada"}])),
    case(
        "choice_over_an_open_type",
        _KEEPERS + "choose must\noption A: rows(bo)\noption B: rows(ada)\noption C: not keeper(bo)",
        Told("solved", "B"),
    ),
    case(
        "relation_of_two",
        "type T\nconst a, b: T\npred likes(T, T)\npremise: forall x in T: exists y in T: likes(x, y)\nprove: exists x in T: likes(a, x)",
        YES,
    ),
    case(
        "swapped_quantifiers",
        "type T\nconst a, b: T\npred likes(T, T)\npremise: forall x in T: exists y in T: likes(x, y)\nprove: exists y in T: forall x in T: likes(x, y)",
        UNSURE,
    ),
    case(
        "facts_about_an_open_type",
        "type T\nconst a, b: T\nrel p(T), q(T)\nfact p(a)\nrule q(X) if p(X)\nquestion q1\nask q(a)\nquestion q2\nask q(b)",
        YES,
        NO,
    ),
    case(
        "open_type_beside_a_choice",
        _KEEPERS
        + "type Day = {mon, tue}\nvar day: Day\npremise: rows(bo) iff day == mon\npremise: not rows(bo)\nprove: day == tue",
        YES,
    ),
    case(
        "at_most_one_thing",
        "type T\nconst a: T\npred p(T)\npremise: forall x in T: x == a\npremise: p(a)\nprove: forall x in T: p(x)",
        YES,
    ),
    case(
        "integers_beside_open_types",
        "type T\nconst a: T\npred p(T)\nvar n: int in 2..5\npremise: p(a) implies n <= 3\npremise: p(a)\n"
        "question q1\nprove: n >= 2\nquestion q2\nprove: n <= 3\nquestion q3\nprove: n == 2",
        YES,
        YES,
        UNSURE,
    ),
    case(
        "conditional_formula_over_an_open_type",
        """
        type T
        const a, b: T
        pred p(T), q(T), r(T)
        premise: forall x in T: if p(x) then q(x) else r(x)
        premise: p(a) and not p(b)
        question q1
        prove: q(a) and r(b)
        question q2
        prove: q(b)
        """,
        YES,
        UNSURE,
    ),
    case(
        "conditional_numbers_over_an_open_type",
        """
        type T
        const a, b: T
        pred p(T)
        var n, m: 0..9
        premise: n == (if p(a) then 4 else 7)
        premise: m == (if p(b) then 4 else 7)
        premise: p(a) and not p(b)
        prove: n == 4 and m == 7
        """,
        YES,
    ),
    case(
        "rules_about_an_unknown_thing",
        """
        type T
        type D = 1..3
        const a, b: T
        var c: T
        rel p(T), q(T, D), r(T)
        fact p(a), r(b)
        rule q(X, N) if p(X), N <= 2
        premise: q(c, 2)
        question q1
        prove: c == a
        question q2
        prove: q(c, 3)
        question q3
        prove: p(c)
        question q4
        prove: r(c)
        """,
        YES,
        NO,
        YES,
        NO,
    ),
    case(
        "numbers_that_are_not_distinct_beside_open_types",
        "type T\nconst a: T\npred p(T)\nvar x, y: 1..3\npremise: p(a) implies not distinct(x, y)\npremise: p(a)\nprove: x == y",
        YES,
    ),
    case(
        "functions_with_different_values_over_an_open_type",
        """
        type T
        const a, b: T
        var f(T): T distinct
        var n(T): 1..9 distinct
        premise: f(a) == b
        question q1
        prove: f(b) != b
        question q2
        prove: n(a) != n(b)
        question q3
        prove: f(b) == a
        """,
        YES,
        YES,
        UNSURE,
    ),
    case(
        "different_unknown_things",
        "type T\nconst a: T\npred p(T)\nvar x, y: T distinct\npremise: x == a\nquestion q1\nprove: y != a\nquestion q2\nprove: p(y)",
        YES,
        UNSURE,
    ),
    case(
        "reals_with_bounds_beside_open_types",
        """
        type T
        const a: T
        var w(T): real > 0 <= 2.5
        var v(T): real >= 1 < 3
        premise: w(a) + v(a) >= 5.4
        question q1
        prove: v(a) >= 2.9
        question q2
        prove: w(a) < 2.4
        question q3
        prove: w(a) > 2.4 and v(a) < 3
        question q4
        prove: w(a) == 2.5
        """,
        YES,
        NO,
        YES,
        UNSURE,
    ),
    case(
        "order_of_numbers_of_things",
        """
        type T
        const a, b: T
        var age(T): int in 0..4
        premise: forall x in T: x != a implies age(x) < age(a)
        question q1
        prove: age(b) < 4
        question q2
        prove: age(b) + 1 <= age(a)
        question q3
        prove: age(b) < 3
        """,
        YES,
        YES,
        UNSURE,
    ),
    case(
        "arithmetic_beside_open_types",
        """
        type T
        type Day = [mon, tue, wed]
        const a, b: T
        var day(T): Day
        var n(T): int
        pred p(T)
        premise: pos(day(a)) == 3 and day(b) < day(a)
        premise: n(a) == -2 * n(b) + 1 and abs(n(b)) == 3 and n(a) > 0
        premise: p(b) + n(b) == -2
        question q1
        prove: n(a) == 7
        question q2
        prove: p(b)
        question q3
        prove: day(b) != wed
        question q4
        prove: day(b) == mon
        """,
        YES,
        YES,
        YES,
        UNSURE,
    ),
    case(
        "reals_beside_integers_and_open_types",
        """
        type T
        const a: T
        var w(T): real
        var n(T): int
        pred p(T)
        premise: n(a) == 3 and w(a) == 0.5 * n(a) - 1
        premise: abs(w(a) - 2) == (if p(a) then 1.5 else n(a))
        question q1
        prove: w(a) == 0.5
        question q2
        prove: p(a)
        question q3
        prove: -w(a) * 2 > 0
        """,
        YES,
        YES,
        NO,
    ),
    case(
        "tables_beside_open_types",
        """
        type T
        type C = {red, blue, grey}
        param cost(C): int = {red: 3, blue: 5} else 1
        param rate(C): real = {red: 0.5} else 2
        param near(C, C): bool = {(red, blue): true} else false
        const a, b: T
        var col(T): C
        premise: cost(col(a)) > 4 and cost(col(b)) >= 3 and col(b) != col(a)
        question q1
        prove: col(a) == blue
        question q2
        prove: rate(col(a)) == 2 * cost(col(a)) - 8 and rate(col(b)) < 1
        question q3
        prove: near(col(b), col(a))
        question q4
        prove: near(col(a), col(b))
        """,
        YES,
        YES,
        YES,
        NO,
    ),
    case(
        "formula_equal_to_a_comparison_beside_open_types",
        "type T\nconst a: T\npred p(T), q(T)\nvar n: 0..2\npremise: (p(a) and q(a)) == (n > 0)\npremise: n == 1\nprove: q(a)",
        YES,
    ),
)
