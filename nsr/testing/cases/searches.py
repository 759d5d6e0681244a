"""What is asked: `find`, sections, and `choose` over the truth of options."""

from __future__ import annotations

from textwrap import dedent

from nsr.testing.cases.case import Case, case

__all__ = ["SEARCH_CASES"]

_PUZZLE = """
    type Stall = 1..5
    type Goods = {apples, books, cheese, dolls, eggs}
    var stall(Goods): Stall distinct
    constraint apart "Cheese is never next to the books.": abs(stall(cheese) - stall(books)) != 1
    constraint "The dolls come somewhere after the eggs.": stall(eggs) < stall(dolls)
    constraint "The apples are first or last.": stall(apples) in {1, 5}
"""


def _choice(mode: str) -> str:
    options = """
        option A: stall(eggs) == 3
        option B: stall(cheese) == 4
        option C: stall(eggs) < stall(cheese)
        option D: stall(apples) == 3
        option E: stall(books) == 2
    """
    head = dedent(_PUZZLE) + "assume: stall(books) == 2\n"
    return head + f"choose {mode}\n" + dedent(options)


SEARCH_CASES: tuple[Case, ...] = (
    case("find_goes_by_the_terms_named", "var x, y: 1..3\nconstraint: x < y\nfind all x", solutions=3, answers=2),
    case("find_of_a_definition", "var x, y: 1..3\ndefine s = x + y\nfind all s", solutions=9, answers=5),
    case("find_of_calls", "type P = {a, b}\nvar n(P): 1..3\nfind all n(a)", solutions=9, answers=3),
    case("find_some", "var x: 1..5\nfind 3", solutions=5, answers=3),
    case(
        "assume_belongs_to_its_question",
        "var x: 1..4\nquestion q1\nassume: x > 2\nfind all\nquestion q2\nfind all",
        solutions=2,
        answers=2,
    ),
    case(
        "drop_in_a_question",
        "var x: 1..4\nconstraint low: x < 3\nquestion q1\ndrop low\nfind all\nquestion q2\nfind all",
        solutions=4,
        answers=4,
    ),
    case("drop_everywhere", "var x: 1..4\nconstraint low: x < 3\ndrop low\nfind all", solutions=4),
    case("choose_could", _choice("could"), chosen=(None,)),
    case("choose_must", _choice("must").replace("option E: stall(books) == 2", ""), chosen=("C",)),
    case("choose_cannot", _choice("cannot").replace("option D: stall(apples) == 3", ""), chosen=(None,)),
    case("choose_must_except_none_or_several", _choice("must except"), chosen=(None,)),
    case(
        "choose_in_every_mode",
        """
        type P = {a, b, c}
        var place(P): 1..3 distinct
        constraint: place(a) < place(b)
        question could
        choose could
        option A: place(a) == 3
        option B: place(b) == 2
        option C: place(b) == 1
        question must "Which must be true?"
        choose must
        option A: place(a) == 1
        option B: place(b) != 1
        question cannot
        choose cannot
        option 1: place(a) == 2
        option 2: place(b) == 1
        question could_except
        choose could except
        option A: place(c) == 1
        option B: place(b) == 1
        option C: place(c) == 3
        question must_except
        choose must except
        option A: place(a) != 3
        option B: place(c) != 3
        option C: place(b) != 1
        question cannot_except
        choose cannot except
        option A: place(a) == 3
        option B: place(c) == 2
        option C: place(b) == 1
        """.replace("question could\n", "question `could it be`\n")
        .replace("question must ", "question `must it be` ")
        .replace("question cannot\n", "question `cannot be`\n"),
        chosen=("B", "B", "2", "B", "B", "B"),
    ),
    case(
        "must_without_worlds_is_nothing",
        "var x: 1..2\nconstraint: x > 2\nchoose must\noption A: x == 1\noption B: x == 2",
        chosen=(None,),
        solutions=0,
    ),
    case(
        "list_of_an_order_as_option",
        """
        type P = {a, b, c}
        var order(1..3): P distinct
        constraint: order(1) != a
        choose could
        option A: order == [a, b, c]
        option B: order == [b, a, c]
        option C: order == [b, b, c]
        """,
        chosen=("B",),
    ),
)
