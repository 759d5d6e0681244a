# ruff: noqa: E501 - short programs are read best on one line
"""Facts, rules, recursion, negation, two-sided relations, defaults, preferences, libraries."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["RELATION_CASES"]

YES = Told("entailed", "true")
NO = Told("refuted", "false")
UNSURE = Told("undetermined", "unknown")
CLASH = Told("inconsistent")


def _asked(*values: str, name: str = "X") -> Told:
    return Told("solved", [{name: value} for value in values])


_CANALS = """
    type Lock = {alder, birch, cedar, dale}
    rel canal(Lock, Lock), shut(Lock), reach(Lock, Lock)
    fact canal(alder, birch), canal(birch, cedar), canal(birch, dale)
    fact shut(cedar)
    rule reach(X, Y) if canal(X, Y) unless shut(Y)
    rule reach(X, Z) if reach(X, Y), canal(Y, Z) unless shut(Z)
"""

_BIRDS = """
    type Animal = {tux, tweety, rex}
    rel bird(Animal), penguin(Animal), sick(Animal)
    rel flies(Animal) two_sided
    fact bird(tux), bird(tweety), penguin(tux)
    default flying: flies(X) if bird(X)
    default sitting: not flies(X) if penguin(X)
"""

RELATION_CASES: tuple[Case, ...] = (
    case("closure_with_unless", _CANALS + "ask reach(alder, X)", _asked("birch", "dale"), solutions=1),
    case("ground_queries", _CANALS + "question a\nask reach(alder, dale)\nquestion b\nask reach(dale, alder)", YES, NO),
    case(
        "query_with_two_variables",
        "type P = {a, b, c}\nrel r(P, P)\nfact r(a, b), r(b, c), r(c, c)\nask r(X, Y), X != Y",
        Told("solved", [{"X": "a", "Y": "b"}, {"X": "b", "Y": "c"}]),
    ),
    case(
        "comparisons_denied_in_rules",
        """
        type N = 1..4
        rel above(N), least(N), other(N)
        rule above(X) if not X <= 2
        rule least(X) if not X < 2
        rule other(X) if not X == 2
        ask above(X), least(X), other(X)
        """,
        Told("solved", [{"X": 3}, {"X": 4}]),
        solutions=1,
        each={"above(2)": "false", "least(2)": "true", "least(1)": "false", "other(2)": "false", "other(1)": "true"},
    ),
    case(
        "left_right_and_double_recursion_agree",
        """
        type P = {a, b, c, d}
        rel e(P, P) = {(a, b), (b, c), (c, a)}
        rel l(P, P), r(P, P), t(P, P)
        rule l(X, Y) if e(X, Y)
        rule l(X, Z) if l(X, Y), e(Y, Z)
        rule r(X, Y) if e(X, Y)
        rule r(X, Z) if e(X, Y), r(Y, Z)
        rule t(X, Y) if e(X, Y)
        rule t(X, Z) if t(X, Y), t(Y, Z)
        prove: forall x, y in P: (l(x, y) iff r(x, y)) and (r(x, y) iff t(x, y)) and (t(x, y) iff x != d and y != d)
        """,
        YES,
        solutions=1,
    ),
    case(
        "products_in_heads",
        """
        type N = 1..12
        rel small(N), product(N)
        fact small(2), small(3), small(4)
        rule product(X * Y) if small(X), small(Y)
        ask product(X)
        """,
        Told("solved", [{"X": 4}, {"X": 6}, {"X": 8}, {"X": 9}, {"X": 12}]),
        solutions=1,
    ),
    case(
        "conditionals_in_bodies",
        """
        type N = 1..5
        rel n(N), kept(N)
        rule n(X) if X >= 2
        rule kept(X) if n(X), (if X > 3 then X - 1 else X) == 3
        ask kept(X)
        """,
        Told("solved", [{"X": 3}, {"X": 4}]),
        solutions=1,
    ),
    case(
        "quantifiers_in_bodies",
        """
        type N = 1..4
        rel odd(N), all_above_odd(N), one_above_odd(N)
        fact odd(1), odd(4)
        rule all_above_odd(X) if X < 4, forall y in N: y > X implies odd(y)
        rule one_above_odd(X) if X > 1, exists y in N: y > X and odd(y)
        question all_of_them
        ask all_above_odd(X)
        question one_of_them
        ask one_above_odd(X)
        """,
        Told("solved", [{"X": 3}]),
        Told("solved", [{"X": 2}, {"X": 3}]),
        solutions=1,
    ),
    case(
        "remainders_by_nothing_in_bodies",
        """
        type N = 0..4
        rel n(N), divides(N), whole(N)
        rule n(X) if X <= 3
        rule divides(X) if n(X), 6 % X == 0
        rule whole(X) if n(X), not 6 // X == 2
        question a
        ask divides(X)
        question b
        ask whole(X)
        """,
        Told("solved", [{"X": 1}, {"X": 2}, {"X": 3}]),
        Told("solved", [{"X": 0}, {"X": 1}, {"X": 2}]),
        solutions=1,
    ),
    case(
        "what_supports_only_itself_is_false",
        "type P = {a, b}\nrel p(P), q(P)\nrule p(X) if q(X)\nrule q(X) if p(X)\nask p(X)",
        Told("solved", []),
        solutions=1,
    ),
    case(
        "support_in_a_circle_with_an_unknown_beside_it",
        "pred s\nrel p, q\nrule p if q\nrule q if p\nrule p if s\nfind all",
        # p and q hold exactly where s does, although each supports the other.
        Told("solved", [{"assignment": {"s": False}}, {"assignment": {"s": True}}]),
        solutions=2,
        answers=2,
    ),
    case(
        "even_loop_has_two_stable_models",
        "rel p, q\nrule p unless q\nrule q unless p\nquestion one\nask p\nquestion either\nprove: p xor q",
        UNSURE,
        YES,
        solutions=2,
    ),
    case("odd_loop_has_none", "rel p\nrule p unless p\nask p", CLASH, solutions=0),
    case(
        "odd_loop_that_another_rule_breaks",
        "pred s\nrel p\nrule p unless p\nrule p if s\nprove: s",
        YES,
        solutions=1,
    ),
    case(
        "loop_of_three_negations",
        "rel p, q, r\nrule p unless q\nrule q unless r\nrule r unless p\nprove: p",
        CLASH,
        solutions=0,
    ),
    case(
        "loop_of_four_negations",
        "type N = 0..3\nrel p(N)\nrule p(X) if not p((X + 1) % 4)\nask p(X)",
        Told("solved", []),
        solutions=2,
    ),
    case(
        "even_loop_and_a_constraint",
        """
        type P = {a, b, c}
        rel into(P), out(P)
        rule into(X) unless out(X)
        rule out(X) unless into(X)
        constraint: exactly 1 x in P: into(x)
        constraint: out(a)
        find count
        """,
        Told("solved", 2),
        solutions=2,
    ),
    case(
        "negation_is_no_derivation_of_a_constraint",
        "pred s\nrel p\nrule p if s\nconstraint: p\nprove: s",
        YES,
        solutions=1,
    ),
    case(
        "strata_of_negation",
        """
        type P = {a, b, c}
        rel e(P, P) = {(a, b)}
        rel touched(P), lonely(P), company(P)
        rule touched(X) if e(X, Y)
        rule touched(Y) if e(X, Y)
        rule lonely(X) unless touched(X)
        rule company(X) unless lonely(X)
        ask company(X)
        """,
        _asked("a", "b"),
    ),
    case(
        "aggregate_over_a_lower_relation",
        """
        type P = {a, b, c}
        rel e(P, P) = {(a, b), (a, c), (b, c)}
        rel hub(P)
        rule hub(X) if count(y for y in P if e(X, y)) >= 2
        ask hub(X)
        """,
        _asked("a"),
    ),
    case(
        "aggregate_over_a_relation_that_unknowns_decide",
        """
        type P = {a, b}
        pred chosen(P)
        rel both
        rule both if count(x for x in P if chosen(x)) == 2
        constraint: not both
        find count
        """,
        Told("solved", 3),
        solutions=3,
    ),
    case(
        "heads_with_arithmetic_end_with_the_type",
        "type D = 0..5\nrel even(D)\nfact even(0)\nrule even(N + 2) if even(N)\nask even(N)",
        Told("solved", [{"N": 0}, {"N": 2}, {"N": 4}]),
    ),
    case(
        "a_table_without_the_entry_makes_a_body_false",
        "type P = {a, b}\nparam w(P): int = {a: 3}\nrel heavy(P), light(P)\nrule heavy(X) if w(X) > 2\n"
        "rule light(X) if w(X) <= 2\nquestion h\nask heavy(X)\nquestion l\nask light(X)",
        _asked("a"),
        Told("solved", []),
    ),
    case(
        "facts_and_rules_about_a_pred_are_premises",
        "type P = {a, b}\npred p(P), q(P)\nfact p(a)\nrule q(X) if p(X)\nquestion a\nask q(a)\nquestion b\nask q(b)",
        YES,
        UNSURE,
        solutions=3,
    ),
    case(
        "rules_about_a_pred_apply_backwards",
        "pred p, q\nrule q if p\npremise: not q\nprove: p",
        NO,
        solutions=1,
    ),
    case(
        "rules_about_a_two_sided_relation_do_not",
        "rel p, q two_sided\nrule q if p\nfact not q\nask p",
        UNSURE,
    ),
    case(
        "query_over_an_unknown",
        "type P = {a, b, c}\nvar boss: P\nconstraint: boss != c\nask boss != X",
        # Certain is only that the boss is not c.
        _asked("c"),
    ),
    case(
        "relation_over_an_unknown_in_some_worlds_only",
        "type P = {a, b}\nvar boss: P\nrel rules(P)\nrule rules(X) if boss == X\nask rules(X)",
        Told("solved", []),
        solutions=2,
    ),
    case(
        "reachability_over_chosen_edges",
        """
        type P = {a, b, c}
        pred road(P, P)
        rel reach(P)
        constraint: count(x for x in P, y in P if road(x, y)) == 2
        constraint: forall x in P: not road(x, x)
        fact reach(a)
        rule reach(Y) if reach(X), road(X, Y)
        constraint: forall x in P: reach(x)
        find count
        """,
        # Spanning trees rooted at a: a to b to c, a to c to b, a to both.
        Told("solved", 3),
        solutions=3,
    ),
    case("two_sided_unknown", "type P = {a, b}\nrel p(P) two_sided\nfact p(a)\nask p(b)", UNSURE),
    case(
        "two_sided_not_and_unless",
        """
        type P = {a, b, c}
        rel p(P) two_sided
        rel denied(P), unproved(P)
        fact p(a), not p(b)
        rule denied(X) if not p(X)
        rule unproved(X) unless p(X)
        question first
        ask denied(X)
        question second
        ask unproved(X)
        """,
        _asked("b"),
        _asked("b", "c"),
    ),
    case("two_sided_both_ways_is_inconsistent", "rel p two_sided\nfact p\nfact not p\nprove: p", CLASH, solutions=0),
    case(
        "two_sided_filled_in_as_constraints_allow",
        "rel p, q two_sided\nconstraint: p or q\nfact not p\nprove: q",
        YES,
    ),
    case("default_without_exception", _BIRDS + "ask flies(tweety)", YES),
    case("defaults_in_conflict_cancel", _BIRDS + "ask flies(tux)", UNSURE),
    case("default_says_nothing_of_others", _BIRDS + "ask flies(rex)", UNSURE),
    case("preferred_default", _BIRDS + "prefer sitting over flying\nask flies(tux)", NO),
    case("default_yields_to_a_fact", _BIRDS + "fact not flies(tweety)\nask flies(tweety)", NO),
    case("default_yields_to_a_rule", _BIRDS + "fact sick(tweety)\nrule not flies(X) if sick(X)\nask flies(tweety)", NO),
    case(
        "default_with_an_exception",
        _BIRDS + "drop flying\ndefault flies(X) if bird(X) unless penguin(X)\nask flies(tux)",
        NO,
    ),
    case(
        "preference_in_a_question_belongs_to_it",
        _BIRDS + "question a\nprefer sitting over flying\nask flies(tux)\nquestion b\nask flies(tux)",
        NO,
        UNSURE,
    ),
    case(
        "preference_is_transitive",
        """
        rel p two_sided
        default one: p
        default two: not p
        default three: not p
        prefer one over two
        prefer two over three
        ask p
        """,
        YES,
    ),
    case(
        "default_preferred_over_guests",
        """
        type Visitor = {mona, nils, olga}
        rel member(Visitor), guest(Visitor), banned(Visitor), brings(Visitor, Visitor)
        rel may_enter(Visitor) two_sided
        fact member(mona), member(nils), guest(olga)
        fact banned(nils)
        fact brings(mona, olga)
        default members: may_enter(X) if member(X)
        default guests: not may_enter(X) if guest(X)
        default brought: may_enter(X) if guest(X), brings(Y, X), member(Y)
        prefer brought over guests
        rule not may_enter(X) if banned(X)
        ask may_enter(X)
        """,
        _asked("mona", "olga"),
    ),
    case(
        "a_rule_that_yields_to_another",
        """
        type P = {a, b}
        rel hit(P)
        rel free(P) two_sided
        fact hit(a)
        rule r1: not free(X) if hit(X)
        rule r2: free(X)
        prefer r1 over r2
        question all_
        ask free(X)
        question other
        ask free(a)
        """,
        _asked("b"),
        NO,
    ),
    case(
        "strict_rules_in_conflict",
        "rel p, q two_sided\nfact q\nrule p if q\nrule not p if q\nprove: q",
        CLASH,
        solutions=0,
    ),
    case(
        "default_over_a_pred",
        "type P = {a, b}\npred odd(P)\nrel fine(P) two_sided\ndefault fine(X) if not odd(X)\nconstraint: not odd(a)\nask fine(X)",
        _asked("a"),
    ),
    case(
        "drop_of_facts_and_rules",
        """
        type P = {a, b}
        rel p(P), q(P)
        fact first: p(a)
        fact p(b)
        rule step: q(X) if p(X)
        question base
        ask q(X)
        question without_fact
        drop first
        ask q(X)
        question without_rule
        drop step
        ask q(X)
        """,
        _asked("a", "b"),
        _asked("b"),
        Told("solved", []),
    ),
    case(
        "facts_and_rules_of_a_question",
        """
        type P = {a, b}
        rel p(P), q(P)
        fact p(a)
        question with_more
        fact p(b)
        rule q(X) if p(X)
        ask q(X)
        question plain
        ask q(X)
        """,
        _asked("a", "b"),
        Told("solved", []),
    ),
    case(
        "library_of_kinship",
        """
        include family
        type Person = {ada, bo, cy}
        fact kin(mother, ada, bo), kin(mother, bo, cy), female(ada), female(bo)
        ask kin(R, ada, cy)
        """,
        _asked("grandmother", "grandparent", name="R"),
    ),
    case(
        "library_of_directions",
        """
        include directions
        type Place = {a, b, c}
        fact lies(left, a, b), lies(above, b, c)
        ask lies(R, a, c)
        """,
        _asked("upper left", name="R"),
    ),
)
