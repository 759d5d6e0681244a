# ruff: noqa: E501 - short programs are read best on one line
"""Objectives and wishes: the best worlds, and what is asked of them."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["OBJECTIVE_CASES"]

YES = Told("entailed", "true")


def _chosen(label: str) -> Told:
    return Told("solved", label)


_CROPS = """
    type Crop = {kale, leek}
    var boxes(Crop): 0..4
    constraint: boxes(kale) + boxes(leek) <= 5
"""

OBJECTIVE_CASES: tuple[Case, ...] = (
    case(
        "best_value",
        _CROPS + "maximize 2 * boxes(kale) + 3 * boxes(leek)",
        Told("optimal", {"objective": 14, "assignment": {"boxes": {"kale": 1, "leek": 4}}}),
    ),
    case(
        "best_values_in_order_of_rank",
        _CROPS + "maximize boxes(kale) + boxes(leek)\nminimize boxes(leek)",
        Told("optimal", {"objective": [5, 1], "assignment": {"boxes": {"kale": 4, "leek": 1}}}),
    ),
    case(
        "rank_is_the_order_written",
        _CROPS + "minimize boxes(leek)\nmaximize boxes(kale) + boxes(leek)",
        Told("optimal", {"objective": [0, 4]}),
    ),
    case("all_best_worlds", _CROPS + "maximize boxes(kale) + boxes(leek)\nfind count", Told("optimal", 4)),
    case(
        "compute_over_the_best_worlds",
        _CROPS + "maximize boxes(kale) + boxes(leek)\ncompute boxes(kale) + boxes(leek)",
        Told("solved", 5),
    ),
    case(
        "compute_where_the_best_worlds_differ",
        _CROPS + "maximize boxes(kale) + boxes(leek)\ncompute boxes(kale)",
        Told("undetermined"),
    ),
    case(
        "options_of_an_objective",
        _CROPS + "maximize 2 * boxes(kale) + 3 * boxes(leek)\noption A: 12\noption B: 14",
        _chosen("B"),
    ),
    case("objective_without_a_solution", "var x: 1..2\nconstraint: x > 2\nmaximize x", Told("no_solution")),
    case("objective_that_can_be_undefined", "var x: 0..3\nmaximize 10 / x", Told("abstained")),
    case("objective_that_cannot_be_undefined", "var x: 1..3\nminimize 6 / x", Told("optimal", {"objective": 2})),
    case(
        "objectives_of_all_questions",
        _CROPS + "maximize boxes(kale)\nquestion a\nquestion b\nminimize boxes(kale)",
        Told("optimal", {"objective": 4}),
        Told("optimal", {"objective": 0}),
    ),
    case(
        "what_if_runs",
        _CROPS
        + "constraint market: boxes(leek) <= 2\nquestion a\nmaximize boxes(leek)\nquestion b\ndrop market\nmaximize boxes(leek)",
        Told("optimal", {"objective": 2}),
        Told("optimal", {"objective": 4}),
    ),
    case(
        "wishes_alone",
        "var x: 1..3\nsoft [2]: x == 1\nsoft: x == 2\nsoft: x > 1\nfind count",
        # 1 costs 2, 2 costs 2, 3 costs 3.
        Told("optimal", 2),
    ),
    case(
        "wishes_unmet_are_named",
        'var x: 1..3\nsoft [3] "They want one.": x == 1\nsoft "They want two.": x == 2',
        Told("optimal", {"objective": 1, "unmet": ["They want two."]}),
    ),
    case(
        "wishes_beside_a_maximum",
        "var x: 1..5\nmaximize x\nsoft [2]: x <= 2",
        Told("optimal", {"objective": 3, "assignment": {"x": 5}}),
    ),
    case(
        "wishes_beside_a_minimum", "var x: 1..5\nminimize x\nsoft [0.5]: x >= 2", Told("optimal", {"objective": "1.5"})
    ),
    case(
        "wishes_for_each",
        "type P = {a, b, c}\npred p(P)\nconstraint: exactly 1 x in P: p(x)\nsoft [2]: p(x) for x in P",
        Told("optimal", {"objective": 4}),
    ),
    case(
        "wishes_dropped",
        "var x: 1..3\nsoft low: x == 1\nquestion a\ndrop low\nfind count\nquestion b\nfind count",
        Told("solved", 3),
        Told("optimal", 1),
    ),
    case("a_proof_beside_wishes", "var x: 1..3\nsoft: x == 1\nprove: x == 1", YES),
    case(
        "objective_over_a_set",
        "type T = {k, l, m}\nparam w(T): int = {k: 3, l: -2, m: 4}\nvar s: set of T\nconstraint: len(s) <= 2\nmaximize sum(w(t) for t in s)\nfind unique s",
        Told("optimal", {"objective": 7, "assignment": {"s": ["k", "m"]}}),
    ),
    case(
        "objective_over_a_relation_by_rules",
        """
        type P = {a, b, c}
        rel arc(P, P) = {(a, b), (b, c)}
        pred closed(P)
        rel reach(P)
        fact reach(a)
        rule reach(Y) if reach(X), arc(X, Y), not closed(Y)
        constraint: exactly 1 p in P: closed(p)
        minimize count(p for p in P if reach(p))
        find all closed
        """,
        Told("optimal", [{"objective": 1, "assignment": {"closed": {"a": False, "b": True, "c": False}}}]),
    ),
    case(
        "wishes_of_one_question",
        "var x: 1..3\nquestion a\nsoft: x == 2\nfind unique\nquestion b\nfind count",
        Told("optimal", {"assignment": {"x": 2}}),
        Told("solved", 3),
    ),
    case(
        "wishes_beside_two_objectives_count_in_the_first",
        "var x, y: 0..3\nmaximize x + y\nminimize y\nsoft [4]: y >= 3\nsoft: x < 3",
        # 3 and 3 costs one wish: 5; 2 and 3 none: 5. y is 3 both times.
        Told("optimal", {"objective": [5, 3]}),
    ),
    case(
        "greatest_product_of_reals",
        "var x, y: real >= 0\nconstraint: x + y <= 4\nmaximize x * y",
        Told("optimal", {"objective": 4, "assignment": {"x": 2, "y": 2}}),
    ),
    case(
        "least_sum_of_squares_of_reals",
        "var x, y: real\nminimize x * x + y * y - 2 * x",
        Told("optimal", {"objective": -1, "assignment": {"x": 1, "y": 0}}),
    ),
    case(
        "best_of_reals_whose_product_has_no_value",
        "var x, y: real\nconstraint: x * y == 1 and x * x * y * y > 1\nminimize x",
        Told("no_solution"),
    ),
    case(
        "least_of_reals_with_a_product_is_not_reached",
        "var x, y: real > 0\nconstraint: x * y == 1\nminimize x",
        Told("unattained", {"bound": 0}),
    ),
    case(
        "greatest_of_reals_with_a_product_has_no_end",
        "var x, y: real > 0\nconstraint: x * y == 1\nmaximize x",
        Told("unbounded"),
    ),
    case(
        "objective_of_two_reals_without_a_bound",
        "var x, y: real >= 0\nconstraint: x + y >= 1\nmaximize x",
        Told("unbounded"),
    ),
    case(
        "ranked_objectives_over_large_numbers",
        "var x, y: 100..500\nconstraint: x + y >= 700\nminimize x\nminimize y\nfind unique x",
        Told("optimal", {"objective": [200, 500], "assignment": {"x": 200}}),
    ),
)
