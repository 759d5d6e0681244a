# ruff: noqa: E501 - short programs are read best on one line
"""Every goal: proofs, queries, values, choices in every mode, what holds across worlds, objectives, wishes, gaps."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["GOAL_CASES"]

YES = Told("entailed", "true")
NO = Told("refuted", "false")
UNSURE = Told("undetermined", "unknown")
CLASH = Told("inconsistent")


def _chosen(label: str) -> Told:
    return Told("solved", label)


SEVERAL = Told("abstained")

_RACE = """
    type P = {a, b, c}
    type Place = 1..3
    var place(P): Place distinct
    constraint first: place(a) < place(b)
"""
_STALLS = """
    type Stall = 1..5
    type Goods = {apples, books, cheese, dolls, eggs}
    var stall(Goods): Stall distinct
    constraint apart: abs(stall(cheese) - stall(books)) != 1
    constraint: stall(eggs) < stall(dolls)
    constraint: stall(apples) in {1, 5}
"""

GOAL_CASES: tuple[Case, ...] = (
    case(
        "prove_in_every_way",
        _RACE
        + """
    question q1
    prove: place(a) != 3
    question q2
    prove: place(b) == 1
    question q3
    prove: place(c) == 3
    question q4
    assume: place(b) == 1
    prove: place(c) == 3
        """,
        YES,
        NO,
        UNSURE,
        CLASH,
    ),
    case(
        "ask_in_every_way",
        _RACE
        + """
    question q1
    ask place(X) != 1, X != c
    question q2
    ask place(X) == N
    question q3
    assume: place(c) == 1
    ask place(X) == N
        """,
        Told("solved", [{"X": "b"}]),
        Told("solved", []),
        Told("solved", [{"X": "a", "N": 2}, {"X": "b", "N": 3}, {"X": "c", "N": 1}]),
    ),
    case(
        "compute_what_all_worlds_agree_on",
        _RACE
        + "question q1\ncompute sum(place(p) for p in P)\nquestion q2\ncompute place(a)\nquestion q3\nassume: place(c) == 2\ncompute place(a), place(b)",
        Told("solved", 6),
        Told("undetermined"),
        Told("solved", [1, 3]),
    ),
    case("compute_without_a_world", "var x: 1..2\nconstraint: x > 2\ncompute x", Told("no_solution")),
    case("compute_what_can_be_undefined", "var x: 0..3\ncompute 10 // x", Told("abstained")),
    case(
        "compute_what_cannot_be_undefined",
        "var x: 0..3\nconstraint: x > 0 and 6 // x == 2\ncompute 9 // x",
        Told("solved", 3),
    ),
    case(
        "compute_with_options_by_value",
        "var x: 0..9\nconstraint: 4 * x == 12\ncompute x / 4\noption A: 0.25\noption B: 0.75\noption C: 3",
        _chosen("B"),
    ),
    case("compute_with_two_equal_options", "compute 3\noption A: 3\noption B: 1 + 2", SEVERAL),
    case(
        "choose_could_must_cannot",
        _RACE
        + """
    question could_be
    choose could
    option A: place(a) == 3
    option B: place(b) == 2
    question must_be
    choose must
    option A: place(b) > 1
    option B: place(c) == 2
    question cannot_be
    choose cannot
    option A: place(a) == 3
    option B: place(b) == 2
    question could_except
    choose could except
    option A: place(a) == 3
    option B: place(b) == 2
    option C: place(b) == 3
    question must_except
    choose must except
    option A: place(b) > 1
    option B: place(c) == 2
    question cannot_except
    choose cannot except
    option A: place(a) == 3
    option B: place(b) == 1
    option C: place(c) == 3
        """,
        *map(_chosen, "BAAABC"),
    ),
    case(
        "choose_without_a_right_option",
        _RACE + "choose must\noption A: place(a) == 1\noption B: place(b) == 3",
        SEVERAL,
    ),
    case(
        "choose_with_several_right_options",
        _RACE + "choose could\noption A: place(a) == 1\noption B: place(b) == 3",
        SEVERAL,
    ),
    case(
        "choose_without_a_world",
        "var x: 1..2\nconstraint: x > 2\nchoose could\noption A: x == 1\noption B: x == 2",
        Told("no_solution"),
    ),
    case(
        "choose_must_under_a_supposition",
        _STALLS
        + """
    question q1
    assume: stall(books) == 2
    choose must
    option A: stall(eggs) == 3
    option B: stall(cheese) == 4
    option C: stall(eggs) < stall(cheese)
    question q2
    compute count(s for s in Stall if possible(stall(eggs) == s))
    question q3
    choose equivalent to apart
    option A: exists g in Goods: stall(books) < stall(g) < stall(cheese) or stall(cheese) < stall(g) < stall(books)
    option B: stall(cheese) < stall(books)
        """,
        _chosen("C"),
        Told("solved", 3),
        _chosen("A"),
    ),
    case(
        "choose_equivalent_in_company_of_the_others",
        # Alone `x < y` and `x != y` differ; beside x <= y they do not.
        "var x, y: 1..3\nconstraint: x <= y\nconstraint other: x != y\nchoose equivalent to other\noption A: x < y\noption B: x == 1",
        _chosen("A"),
    ),
    case(
        "choose_equivalent_to_two_statements",
        "var x: 1..6\nconstraint low: x > 1\nconstraint high: x < 5\nchoose equivalent to low, high\noption A: x in 2..4\noption B: x in 2..5",
        _chosen("A"),
    ),
    case(
        "choose_determines",
        _RACE
        + "choose determines\noption A: place(c) == 2\noption B: place(b) == 4 - place(a)\noption C: place(a) != 3",
        SEVERAL,
    ),
    case(
        "choose_determines_everything",
        _RACE + "choose determines\noption A: place(c) == 2\noption B: place(b) != 1\noption C: place(c) > 3",
        _chosen("A"),
    ),
    case(
        "choose_determines_some_terms",
        _RACE + "choose determines place(a)\noption A: place(b) == 2\noption B: place(b) == 3",
        _chosen("A"),
    ),
    case(
        "choose_forces",
        _RACE
        + "choose forces place(c) == 3\noption A: place(b) == 2\noption B: place(a) == 1\noption C: place(b) == 1",
        _chosen("A"),
    ),
    case(
        "possible_certain_fixed",
        _RACE
        + """
    question q1
    compute {p for p in P if possible(place(p) == 1)}
    question q2
    compute {p for p in P if certain(place(p) != 1)}
    question q3
    compute count(p for p in P if fixed(place(p)))
    question q4
    assume: place(c) == 3
    compute {p for p in P if fixed(place(p))}
    question q5
    prove: possible(place(c) == 3) and not certain(place(c) == 3)
    question q6
    compute {p for p in P if possible(place(p) == 1)}
    option A: {a, c}
    option B: {a}
        """,
        Told("solved", ["a", "c"]),
        Told("solved", ["b"]),
        Told("solved", 0),
        Told("solved", ["a", "b", "c"]),
        YES,
        _chosen("A"),
    ),
    case("certain_without_a_world", "var x: 1..2\nconstraint: x > 2\nprove: certain(x == 1)", CLASH),
    case(
        "find_in_every_mode",
        "var x: 1..4\nconstraint: x != 2\nquestion a\nfind count\nquestion b\nfind unique\nquestion c\nfind 2\nquestion d\nassume: x > 3\nfind unique\nquestion e\nassume: x == 2\nfind all",
        Told("solved", 3),
        Told("undetermined"),
        Told("solved"),
        Told("solved", {"assignment": {"x": 4}, "unique": True}),
        Told("no_solution"),
    ),
    case(
        "find_all_of_a_relation",
        "type P = {a, b}\npred p(P)\nrel q(P)\nrule q(X) if p(a), p(X)\nquestion all_\nfind count q\nquestion p\nfind count p",
        # q is empty, {a} or {a, b}.
        Told("solved", 3),
        Told("solved", 4),
    ),
    case(
        "drop_and_assume_belong_to_their_questions",
        _RACE
        + "question a\ndrop first\nfind count\nquestion b\nassume: place(c) == 1\nfind count\nquestion c\nfind count",
        Told("solved", 6),
        Told("solved", 1),
        Told("solved", 3),
    ),
    case("missing_without_an_assumption", 'var x: 1..3\nmissing "How large it is."\nfind one', Told("abstained")),
    case(
        "missing_with_an_assumption",
        'var x: 1..3\nmissing "Whether it is small.": x < 2\nfind unique',
        Told("solved", {"assignment": {"x": 1}}),
    ),
    case(
        "missing_in_one_question",
        'var x: 1..3\nquestion a\nmissing "How large it is."\nprove: x == 1\nquestion b\nprove: x >= 1',
        Told("abstained"),
        YES,
    ),
    case(
        "modal_terms_in_options",
        _RACE
        + "choose could\noption A: fixed(place(a))\noption B: certain(place(a) != 3)\noption C: possible(place(b) == 1)",
        _chosen("B"),
    ),
    case(
        "modal_terms_of_a_question_with_a_supposition",
        _RACE
        + "assume: place(b) == 2\ncompute count(p for p in P if fixed(place(p))), {q for q in Place if possible(place(c) == q)}",
        Told("solved", [3, [3]]),
    ),
    case(
        "query_with_a_filter_by_a_modal_term",
        _RACE + "ask possible(place(X) == 1), certain(place(X) != 2)",
        # a can be first or second, b second or third, c anywhere.
        Told("solved", []),
    ),
    case(
        "values_that_are_sets",
        "type T = [k, l, m]\nvar x: T\nconstraint: x != k\nquestion a\ncompute {t for t in T if t < x}\nquestion b\nassume: x > l\ncompute {t for t in T if t < x}, len({t for t in T if possible(x == t)})",
        Told("undetermined"),
        Told("solved", [["k", "l"], 1]),
    ),
    case(
        "a_choice_among_worlds_of_rules",
        """
        type P = {a, b, c}
        rel on(P), off(P)
        rule on(X) unless off(X)
        rule off(X) unless on(X)
        constraint: exactly 2 p in P: on(p)
        constraint: on(a) implies on(b)
        choose must
        option A: on(a)
        option B: on(b)
        option C: off(b) or off(c)
        """,
        _chosen("B"),
    ),
    case(
        "equivalence_of_rules_with_several_models",
        """
        rel p, q
        rule p unless q
        rule q unless p
        constraint first: p
        choose equivalent to first
        option A: not q
        option B: p or q
        """,
        _chosen("A"),
    ),
    case(
        "determined_models_of_rules",
        "rel p, q\nrule p unless q\nrule q unless p\nchoose determines\noption A: p or q\noption B: not p",
        _chosen("B"),
    ),
)
