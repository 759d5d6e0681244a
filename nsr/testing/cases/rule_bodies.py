"""Bodies of rules that the data decide: connectives, numbers, aggregates, tables, definitions, ranges of variables."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["BODY_CASES"]


def _whole(*values: int) -> Told:
    return Told("solved", [{"X": value} for value in values])


def _named(*values: str) -> Told:
    return Told("solved", [{"X": value} for value in values])


BODY_CASES: tuple[Case, ...] = (
    case(
        "connectives_in_bodies",
        """
        type N = 1..4
        param p(N): bool = {1: true, 2: true} else false
        param q(N): bool = [true, false, true, false]
        rel a(N), b(N), c(N), d(N), e(N), f(N), g(N)
        define follows(x: N) = p(x) implies q(x)
        define alike(x: N) = p(x) iff q(x)
        define either(x: N) = p(x) xor q(x)
        define chosen(x: N) = if x > 2 then q(x) else p(x)
        fact f(2), f(4)
        rule a(X) if follows(X)
        rule b(X) if alike(X)
        rule c(X) if either(X)
        rule d(X) if chosen(X)
        rule e(X) if X == count(y for y in N if follows(y) and not exists z in N: either(z) and z > y)
        rule e(X) if X == 3 * count(y for y in N if alike(y) implies exists z in N: z > y and not follows(z))
        rule g(X) if (f(X) implies p(X)) and not (f(X) iff q(X)) and (f(X) xor X > 2)
        question implies_
        ask a(X)
        question iff_
        ask b(X)
        question xor_
        ask c(X)
        question if_
        ask d(X)
        question counted
        ask e(X)
        question of_relations
        ask g(X)
        """,
        _whole(1, 3, 4),
        _whole(1, 4),
        _whole(2, 3),
        _whole(1, 2, 3),
        # 3 and 4 follow and have nothing above that is one of the two; of 1, 2 and 3 the second condition holds.
        _whole(2),
        _whole(2, 3),
        solutions=1,
    ),
    case(
        "truth_values_compared_in_bodies",
        """
        type N = 1..4
        param even(N): bool = [false, true, false, true]
        define big(x: N) = x >= 3
        rel p(N), same(N), one(N), other(N), both(N), opposite(bool, bool), told(bool)
        fact p(1), p(4), told(true)
        rule same(X) if p(X) == big(X)
        rule one(X) if p(X) + big(X) + even(X) == 1
        rule other(X) if big(X) != even(X)
        rule both(X) if big(X), even(X)
        rule opposite(X, Y) if X == (not Y)
        rule told(X) if not X, exists y: told(y) and y
        question first
        ask same(X)
        question second
        ask one(X)
        question third
        ask other(X)
        question fourth
        ask both(X)
        question fifth
        ask opposite(X, Y), told(X)
        """,
        _whole(2, 4),
        _whole(1, 2, 3),
        _whole(2, 3),
        _whole(4),
        Told("solved", [{"X": False, "Y": True}, {"X": True, "Y": False}]),
        solutions=1,
    ),
    case(
        "order_of_elements_in_bodies",
        """
        type D = [mon, tue, wed, thu]
        rel free(D), before(D, D), late(D), near(D)
        fact free(mon), free(wed)
        rule before(X, Y) if free(X), X < Y
        rule late(X) if not X <= tue
        rule near(X) if pos(X) == 2 or X - 1 == wed
        question first
        ask before(X, Y)
        question second
        ask late(X)
        question third
        ask near(X)
        """,
        Told("solved", [{"X": "mon", "Y": y} for y in ("tue", "wed", "thu")] + [{"X": "wed", "Y": "thu"}]),
        Told("solved", [{"X": "wed"}, {"X": "thu"}]),
        Told("solved", [{"X": "tue"}, {"X": "thu"}]),
        solutions=1,
    ),
    case(
        "functions_of_numbers_in_bodies",
        """
        type N = -4..4
        rel n(N), a(N), b(N), c(N), d(N), e(N)
        rule n(X) if X > -4
        rule a(X) if n(X), abs(X) == -X
        rule b(X) if n(X), max(X, 2 - X, 3) == 4 or min(X, 1) == -3
        rule c(X) if n(X), round(X / 2) == 2 or floor(X / 2) == -2 or ceil(X / 3) == 0
        rule d(X) if n(X), X ** 2 == 4 or 2 ** X == 1 / 4 or 12 / X == 3
        rule e(X) if n(X), not 4 / X > 1
        question first
        ask a(X)
        question second
        ask b(X)
        question third
        ask c(X)
        question fourth
        ask d(X)
        question fifth
        ask e(X)
        """,
        _whole(-3, -2, -1, 0),
        _whole(-3, -2, 4),
        # Halves are rounded away from zero.
        _whole(-4 + 1, -2, -1, 0, 3, 4),
        _whole(-2, 2, 4),
        # At 0 the quotient is undefined, so the comparison does not hold.
        _whole(-3, -2, -1, 0, 4),
        solutions=1,
    ),
    case(
        "aggregates_in_bodies",
        """
        type N = 1..5
        param weight(N): real = [0.5, 2, 0.25, 1, 4]
        rel e(N, N), total(N), times(N), least(N), most(N), apart(N), nothing(N)
        fact e(1, 2), e(1, 3), e(2, 4), e(3, 1), e(3, 3), e(3, 5), e(4, 1)
        rule total(X) if sum(weight(y) for y in N if e(X, y)) > 2
        rule times(X) if prod(weight(y) for y in N if e(X, y)) == 1
        rule least(X) if min(weight(y) for y in N if e(X, y)) < 1
        rule most(X) if not max(weight(y) for y in N if e(X, y)) < 3
        rule apart(X) if distinct(abs(X - y) for y in N if e(X, y) or y == X)
        rule nothing(X) if X == sum(y for y in N if e(5, y)) + prod(y for y in N if e(5, y))
        question first
        ask total(X)
        question second
        ask times(X)
        question third
        ask least(X)
        question fourth
        ask most(X)
        question fifth
        ask apart(X)
        question sixth
        ask nothing(X)
        """,
        _whole(1, 3),
        # Of nothing the product is 1.
        _whole(2, 5),
        _whole(1, 3, 4),
        # Of nothing there is no greatest, so that it is below 3 is false.
        _whole(3, 5),
        _whole(1, 2, 4, 5),
        _whole(1),
        solutions=1,
    ),
    case(
        "different_terms_in_bodies",
        """
        type N = 0..4
        param w(N): int = [3, 1, 1, 2, 4]
        rel n(N), some(N), all_(N), apart(N), pairs(N, N)
        rule n(X) if X < 4
        rule some(X) if n(X), distinct(X, w(X), 2)
        rule all_(X) if n(X), distinct(w(y) for y in N if y >= X)
        rule apart(X) if n(X), not distinct(w(y) // (y - 1) for y in N if y <= X)
        rule pairs(X, Y) if distinct(X, Y, 6 // X, 2)
        question first
        ask some(X)
        question second
        ask all_(X)
        question third
        ask apart(X)
        question fourth
        ask pairs(X, 1)
        """,
        _whole(0),
        _whole(2, 3),
        # At 1 the quotient is undefined, which differs from everything; at 2 and 3 it is 1.
        _whole(3),
        Told("solved", [{"X": 0}]),
        solutions=1,
    ),
    case(
        "variables_of_comparisons_alone",
        """
        type N = 1..20
        rel third(N, N), near(N, N), far(N), square(N), few(N), product(N, N)
        rule third(X, Y) if 3 * Y == X + 25, X != 5, not X < 3
        rule near(X, Y) if abs(X - Y) == 18, -X < -1
        rule far(X) if exists y in N: max(X, 3 * y) == 12 and min(X, y, 20) >= 4
        rule square(X) if exists y in N: y * y == X and X > y
        rule few(X) if count(y for y in N if X + y <= 4) == 1
        rule product(X, Y) if X * Y == 12, X < Y
        question first
        ask third(X, Y), Y <= 12
        question second
        ask near(X, Y)
        question third
        ask far(X)
        question fourth
        ask square(X)
        question fifth
        ask few(X)
        question sixth
        ask product(X, Y)
        """,
        Told("solved", [{"X": 8, "Y": 11}, {"X": 11, "Y": 12}]),
        Told("solved", [{"X": 2, "Y": 20}, {"X": 19, "Y": 1}, {"X": 20, "Y": 2}]),
        _whole(*range(4, 13)),
        _whole(4, 9, 16),
        _whole(3),
        Told("solved", [{"X": 1, "Y": 12}, {"X": 2, "Y": 6}, {"X": 3, "Y": 4}]),
        solutions=1,
    ),
    case(
        "ranges_of_variables_in_bodies",
        """
        type N = 1..6
        type M = 2..4
        rel p(N), up(N), down(N), listed(N), inside(N), twice(N), half(N), span(N)
        fact p(2), p(3), p(6)
        rule up(X) if p(X), forall y in X..X + 1: y != 4
        rule down(X) if count(y for y in 1..X if p(y)) == 2
        rule listed(X) if X < 6, sum(y for y in {X, 3, X + 1} if p(y)) == 5
        rule inside(X) if X == count(y for y in M if p(y)) + 2
        rule twice(X) if exists y in N, z in y..6: z == 2 * y and p(z) and X == z
        rule span(X) if exists y in N, z in y..y + 1: X == y * z
        rule half(X) if sum(y for y in X - 2..X - 1) == 5
        question first
        ask up(X)
        question second
        ask down(X)
        question third
        ask listed(X)
        question fourth
        ask inside(X)
        question fifth
        ask twice(X)
        question sixth
        ask half(X)
        question seventh
        ask span(X)
        """,
        _whole(2, 6),
        _whole(3, 4, 5),
        _whole(1, 2),
        _whole(4),
        _whole(2, 6),
        _whole(4),
        _whole(1, 2, 4, 6),
        solutions=1,
    ),
    case(
        "tables_without_entries_in_bodies",
        """
        type T = {a, b, c}
        type N = 1..3
        param cost(T): int = {a: 3, b: 1}
        param next_(T): N = {a: 1, c: 2}
        param place(N): N = {1: 2, 2: 3}
        param zero(T): int = {b: 2} else 0
        rel dear(T), same(T), ratio(T), every(T), sum_(N), heads(N), all_(T), apart(T)
        rule dear(X) if cost(X) * 1 > next_(X) + 0
        rule same(X) if not cost(X) - 2 == next_(X) - 1
        rule ratio(X) if cost(X) / next_(X) == 3
        rule every(X) if forall y in T: y != X implies cost(y) > 0
        rule sum_(X) if X == sum(cost(y) for y in T if y != c) - 1
        rule heads(place(X)) if X > 0
        rule all_(X) if X == b, count(y for y in 1..2 if y in {place(y), 1}) == 1
        rule apart(X) if not 6 // zero(X) == cost(X)
        question first
        ask dear(X)
        question second
        ask same(X)
        question third
        ask ratio(X)
        question fourth
        ask every(X)
        question fifth
        ask sum_(X)
        question sixth
        ask heads(X)
        question seventh
        ask all_(X)
        question eighth
        ask apart(X)
        """,
        Told("solved", [{"X": "a"}]),
        # What the table does not say holds as little when it is denied.
        Told("solved", [{"X": "a"}]),
        Told("solved", [{"X": "a"}]),
        Told("solved", [{"X": "c"}]),
        _whole(3),
        _whole(2, 3),
        Told("solved", [{"X": "b"}]),
        # Of `c` the left side has no value either; that the table says nothing is what counts.
        Told("solved", [{"X": "a"}, {"X": "b"}]),
        solutions=1,
    ),
    case(
        "numbers_with_fractions_in_bodies",
        """
        type W = {0.5, 1, 1.5, 2}
        type V = {1, 2, 3}
        define half(x: W): real > 0.25 <= 0.75 = x / 2
        define third(x: W): real >= 0.5 < 1 = x * 2 / 3 - 1 / 3
        rel w(W), v(V), twice(W), both(W), halves(W), thirds(W), other(W)
        fact w(1), w(2), v(1), v(3)
        rule twice(X) if w(X * 2) or w(X + 1)
        rule both(X) if w(X), v(X + 1)
        rule halves(X) if X == 2 * half(X)
        rule thirds(X) if not third(X) > 0.6
        rule other(X + 0.5) if w(X)
        question first
        ask twice(X)
        question second
        ask both(X)
        question third
        ask halves(X)
        question fourth
        ask thirds(X)
        question fifth
        ask other(X)
        """,
        Told("solved", [{"X": "0.5"}, {"X": 1}]),
        Told("solved", [{"X": 2}]),
        # The values that a definition may have are those of its type.
        Told("solved", [{"X": 1}, {"X": "1.5"}]),
        Told("solved", [{"X": "0.5"}, {"X": 1}, {"X": 2}]),
        Told("solved", [{"X": "1.5"}]),
        solutions=1,
    ),
    case(
        "sets_in_bodies",
        """
        type T = {a, b, c}
        rel in_(T), big, told(T)
        fact told(c)
        rule in_(X) if X in ({a, b} | {b})
        rule told(X) if in_(X), len({y for y in T if in_(y)}) == 2
        rule big if {x for x in T if told(x)} == {a, b, c}
        question first
        ask told(X)
        question second
        ask big
        """,
        Told("solved", [{"X": "a"}, {"X": "b"}, {"X": "c"}]),
        Told("entailed", "true"),
        solutions=1,
    ),
    case(
        "none_in_rules",
        """
        type P = [ann, bo, cy, di]
        param above(P): P = {ann: bo, cy: ann, di: bo} else bo
        define chief(x: P): P = if x == bo then none else above(x)
        rel has(P), under(P, P), below(P), after(P), told(P), top(P)
        rule has(X) if chief(X) != none
        rule under(X, chief(X)) if X != di
        rule under(X, Y) if under(X, Z), under(Z, Y)
        rule below(X) if has(X), chief(X) < X
        rule after(X) if not chief(X) + 2 == X
        rule told(X) if has(chief(X))
        rule top(X) if chief(X) == none
        question first
        ask has(X)
        question second
        ask under(X, Y)
        question third
        ask below(X)
        question fourth
        ask after(X)
        question fifth
        ask told(X)
        question sixth
        ask top(X)
        """,
        _named("ann", "cy", "di"),
        Told("solved", [{"X": "ann", "Y": "bo"}, {"X": "cy", "Y": "ann"}, {"X": "cy", "Y": "bo"}]),
        _named("cy", "di"),
        _named("ann", "bo"),
        _named("cy"),
        _named("bo"),
        solutions=1,
    ),
    case(
        "relations_over_all_integers",
        """
        rel p(int), q(int), r(int)
        fact p(3), p(-5)
        rule q(X + 1) if p(X)
        rule r(X) if q(X), abs(X) > 3
        question first
        ask q(X)
        question second
        ask r(X)
        """,
        _whole(-4, 4),
        _whole(-4, 4),
    ),
    case(
        "sets_in_tables_of_bodies",
        """
        type T = {a, b}
        param likes(T): set of T = {a: {a, b}, b: {b}}
        rel liked(T), fond(T)
        rule liked(X) if forall y in T: X in likes(y)
        rule fond(X) if likes(X) != {}, len(likes(X)) > 1
        question first
        ask liked(X)
        question second
        ask fond(X)
        """,
        _named("b"),
        _named("a"),
        solutions=1,
    ),
    case(
        "truth_values_that_may_be_none_in_rules",
        """
        type P = {ann, bo, cy}
        rel p(bool), q(P), r(P), s(P)
        define maybe(x: P): bool = if x == bo then none else x == cy
        rule p(maybe(X)) if X == bo
        rule q(X) if not p(maybe(X))
        rule r(X) if maybe(X) == false
        rule s(X) if not maybe(X)
        question first
        ask q(X)
        question second
        ask r(X)
        question third
        ask s(X)
        """,
        # `none` is no argument, and equal to no truth value.
        _named("ann", "bo", "cy"),
        _named("ann"),
        _named("ann", "bo"),
        solutions=1,
    ),
    case(
        "definitions_of_rules_and_requirements",
        """
        type N = 0..4
        type P = {ann, bo}
        param w(N): N = [1, 2, 4, 0, 3]
        define after(n: N): N = n + 1
        define gap(a: N, b: N) = abs(a - b)
        define small(n: N) = n < 3
        define holder(n: N): P = if n < 2 then ann else bo
        rel p(N), q(N), r(N), s(N), held(P, N)
        var x: N
        rule p(X) if after(w(X)) > 2
        rule q(after(w(X))) if X > 0
        rule r(X) if gap(w(X), X + 1) == 1
        rule s(X) if not small(X + 2)
        rule held(holder(w(X) + 1), X) if X > 0
        constraint: after(x) == 3 and small(x + 0) and gap(x, x + 2) == 2 and holder(x + 1) == bo
        question first
        ask p(X)
        question second
        ask q(X)
        question third
        ask r(X)
        question fourth
        ask s(X)
        question fifth
        ask held(Y, X)
        question sixth
        find unique x
        """,
        _whole(1, 4),
        _whole(1, 3, 4),
        _whole(2),
        _whole(1, 2, 3, 4),
        Told("solved", [{"Y": "ann", "X": 3}, {"Y": "bo", "X": 1}, {"Y": "bo", "X": 4}]),
        Told("solved", {"assignment": {"x": 2}}),
        solutions=1,
    ),
)
