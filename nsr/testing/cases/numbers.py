# ruff: noqa: E501 - short programs are read best on one line
"""Reals, integers without bounds, fractions."""

from __future__ import annotations

from nsr.testing.cases.case import Case, Told, case

__all__ = ["NUMBER_CASES"]

YES = Told("entailed", "true")
UNSURE = Told("undetermined", "unknown")


def _values(**values: object) -> Told:
    return Told("solved", {"assignment": values})


_EVENS = ", ".join([str(number) for number in range(0, 340, 2)])

NUMBER_CASES: tuple[Case, ...] = (
    case("real_equation", "var x: real\nconstraint: 3 * x == 1\nfind unique", _values(x="1/3")),
    case(
        "reals_in_two_equations",
        "var x: real, y: real\nconstraint: x + y == 10\nconstraint: x - y == 0.5\nfind unique",
        _values(x="5.25", y="4.75"),
    ),
    case("real_between_integers", "var x: real in 0..1\nprove: x == 0 or x == 1", UNSURE),
    case("real_bounds_are_included", "var x: real in 0..1\nconstraint: x >= 1\nfind unique", _values(x=1)),
    case("real_open_bound", "var x: real > 0\nconstraint: x <= 0\nfind one", Told("no_solution")),
    case(
        "linear_program",
        "var x: real >= 0, y: real >= 0\nconstraint: x + 2 * y <= 10\nconstraint: 3 * x + y <= 15\nmaximize 3 * x + 4 * y",
        Told("optimal", {"objective": 24, "assignment": {"x": 4, "y": 3}}),
    ),
    case(
        "mixed_integers_and_reals",
        "var n: int in 0..9, x: real >= 0\nconstraint: 2 * x + n == 7.5\nconstraint: x <= 1.5\nmaximize n",
        Told("optimal", {"objective": 7, "assignment": {"n": 7, "x": "0.25"}}),
    ),
    case("objective_without_a_bound", "var x: real >= 0\nmaximize 2 * x", Told("unbounded")),
    case("integer_objective_without_a_bound", "var n: int\nminimize n", Told("unbounded")),
    case("bound_that_is_not_reached", "var x: real > 0.25\nminimize x", Told("unattained", {"bound": "0.25"})),
    case("irrational_value", "var x: real >= 0\nconstraint: x ** 2 == 2\nfind one x", Told("abstained")),
    case(
        "irrational_value_that_only_bounds",
        "var x: real >= 0\nconstraint: x ** 2 == 2\nprove: x > 1.4 and x < 1.5",
        Told("abstained"),
    ),
    case("square_of_a_fraction", "var x: real >= 0\nconstraint: x ** 2 == 2.25\nfind unique", _values(x="1.5")),
    case(
        "product_of_reals",
        "var x: real >= 0, y: real >= 0\nconstraint: x * y == 6 and x == y + 1\nfind unique",
        _values(x=3, y=2),
    ),
    case(
        "integers_without_bounds",
        "var a, b: int\nconstraint: a + b == 100 and a - b == 4\nfind unique",
        _values(a=52, b=48),
    ),
    case(
        "integers_beyond_62_bits",
        "var a: int\nconstraint: a == 10 ** 25 + 1\nfind unique",
        Told("solved", {"assignment": {"a": 10**25 + 1}}),
    ),
    case("no_integer_between", "var n: int\nprove: not (2 * n == 7)", YES),
    case(
        "remainder_of_negative_integers",
        "var n: int\nconstraint: n % 5 == 3 and n < 0 and n > -5\nfind unique",
        _values(n=-2),
    ),
    case(
        "rounding_halves_away_from_zero",
        "compute round(2.5), round(-2.5), round(0.5), floor(-2.5), ceil(-2.5)",
        Told("solved", [3, -3, 1, -3, -2]),
    ),
    case(
        "values_are_exact",
        "compute 0.1 + 0.2 == 0.3, 1 / 3, 7 // 2, -7 // 2, -7 % 3, 2 ** 10",
        Told("solved", [True, "1/3", 3, -4, 2, 1024]),
    ),
    case("division_is_exact", "var x: 1..9\nconstraint: x / 4 == 1.75\nfind unique", _values(x=7), solutions=1),
    case(
        "rounded_data_are_held_to_a_tolerance",
        "var x: real in 0..9, y: real in 0..9\nconstraint: x + y == 1\nconstraint: 3 * x == 0.999999\nconstraint: 3 * y == 2\nfind one x, y",
        Told("solved"),
    ),
    case(
        "rounding_is_of_numbers_only",
        "type Pet = {fish}\nvar group: set of Pet\nconstraint: group == {x for x in Pet if 1 / 3 >= 0}\nconstraint: false\nfind one",
        Told("no_solution"),
    ),
    case(
        "data_that_no_rounding_mends",
        "var x: real in 0..9\nconstraint: x == 1.5\nconstraint: 2 * x == 2\nfind one",
        Told("no_solution"),
    ),
    case(
        "truth_values_in_arithmetic",
        "type R = {a, b}\nparam fee(R): int = {a: 3, b: 4}\nvar buy(R): bool\n"
        "constraint: sum(fee(r) * buy(r) for r in R) == 4\nfind unique",
        _values(buy={"a": False, "b": True}),
        solutions=1,
    ),
    case(
        "switch_of_a_rate",
        "var x: 0..200\ndefine pay = if x <= 100 then 5 * x else 4 * x + 100\nconstraint: pay == 580\nfind unique",
        _values(x=120),
        solutions=1,
    ),
    case(
        "elements_with_decimals",
        "type Price = [4.50, 5.25, 6]\nvar p: Price\nconstraint: p * 2 == 10.5\nfind unique",
        _values(p="5.25"),
        solutions=1,
    ),
    case("extrema_of_unknowns", "var x, y: 0..4\nconstraint: max(x, y) == 3 and min(x, y) == 1", solutions=2),
    case(
        "minimum_of_nothing_is_undefined",
        "var n: 0..3\nconstraint: not (min(k for k in 1..n) == 1)\nfind unique",
        _values(n=0),
        solutions=1,
    ),
    case(
        "floor_division_of_a_number_with_many_values",
        "var x: 0..1000\nconstraint: x // 7 == 100 or (x // -7 == -50 and x % 7 == 0)",
        solutions=8,
    ),
    # Ten binary digits reach one value more.
    case("number_with_one_value_less_than_its_digits", "var x: 1000..2022\nconstraint: x >= 2020", solutions=3),
    case("number_with_gaps_written_by_digits", f"type T = [{_EVENS}]\nvar x: T\nconstraint: x >= 330", solutions=5),
    case("remainder_of_a_real", "var x: real in 0..2\nconstraint: x % 2 == 0.5\nfind unique", _values(x="0.5")),
    case(
        "alternatives_of_a_real",
        "var x: real in 0..1\nconstraint: x <= 0.25 or x >= 0.75\nconstraint: x >= 0.5\nminimize x",
        Told("optimal", {"objective": "0.75", "assignment": {"x": "0.75"}}),
    ),
    case("another_real_without_a_bound", "var x: real >= 0\nfind unique", Told("undetermined")),
    case(
        "greatest_of_a_number_without_a_bound",
        "var n: int >= 0\nconstraint: max(n, 3) + n == 12\nfind unique",
        _values(n=6),
    ),
    case(
        "different_numbers_one_of_many_values",
        "var x: 0..1000\nvar y: 0..1\nconstraint: distinct(x, y) and x + y == 2\nfind unique",
        _values(x=2, y=0),
        solutions=1,
    ),
    case(
        "real_times_the_square_of_an_integer",
        "var x: real in 0..3\nvar n: 0..3\nconstraint: n * x == 4.5 and n * n * x == 13.5\nfind unique",
        _values(n=3, x="1.5"),
    ),
    case(
        "few_values_beyond_31_bits",
        "var x: 3000000000..3000000005\nconstraint: x == 3000000003 or x == 3000000009\nfind unique",
        _values(x=3000000003),
        solutions=1,
    ),
    case(
        "factors_beyond_31_bits_together",
        "var x, y: 0..4\nconstraint: 1073741824 * x == 1073741823 * y\nfind unique",
        _values(x=0, y=0),
        solutions=1,
    ),
    case(
        "sum_just_within_31_bits",
        "var x: 0..6\nconstraint: 357913940 * x >= 6\nfind count",
        Told("solved", 6),
        solutions=6,
    ),
    case(
        "sum_beyond_60_bits",
        "var x, y: 0..1\nconstraint: 1000000000000000000 * x + 1000000000000000001 * y >= 3\nfind count",
        Told("solved", 3),
        solutions=3,
    ),
    case(
        "conditions_on_twice_a_number",
        "var x: 0..2\nconstraint: (if 2 * x == 0 then 5 else if 2 * x == 2 then 6 else 7) >= 6",
        solutions=2,
    ),
    case(
        "least_of_an_integer_that_is_bounded_below",
        "var n: int >= 3\nminimize n",
        Told("optimal", {"objective": 3, "assignment": {"n": 3}}),
    ),
    case(
        "values_beyond_60_bits",
        "var x: int\nconstraint: 2 ** 61 <= x <= 2 ** 61\nfind unique",
        Told("solved", {"assignment": {"x": 2**61}}),
    ),
    case(
        "product_beyond_60_bits",
        "var x, y: int\nconstraint: 0 <= x <= 2 ** 31 and 0 <= y <= 2 ** 31\nconstraint: x * y == 2 ** 61 and x == 2 ** 30\nfind unique",
        _values(x=2**30, y=2**31),
    ),
    case(
        "product_beyond_31_bits",
        "var x: 0..40\nvar y: int\nconstraint: 0 <= y <= 100000000 and x * y == 3900000000 and x < 40\nfind unique",
        _values(x=39, y=100000000),
    ),
    case(
        "product_of_large_numbers",
        "var x, y: 0..1000\nconstraint: x * y == 994009 and x > 990\nfind unique",
        # 997 is a prime.
        _values(x=997, y=997),
    ),
    case(
        "product_of_middling_numbers",
        "var x, y: 0..40\nconstraint: x * y == 391 and x < y\nfind unique",
        _values(x=17, y=23),
    ),
    case("product_of_sums_with_constants", "var x, y: 0..3\nconstraint: (x + 1) * (y + 2) == 6", solutions=2),
    case(
        "large_numbers_of_a_function",
        "var f(1..2): -300..300\nconstraint: f(1) + f(2) == -7 and f(1) - f(2) == 1\nfind unique",
        _values(f={"1": -3, "2": -4}),
    ),
    case(
        "large_numbers_told_apart_by_one_of_them",
        "var x, y: 0..400\nconstraint: x + y == 3 and x > y\nfind count x",
        Told("solved", 2),
    ),
    case(
        "both_of_two_values_inside_formulas",
        "var x: 1..2\nvar p, q: bool\nconstraint: (x == 1 or p) and (x == 2 or q) and (p xor q)",
        solutions=2,
    ),
    case(
        "none_of_the_listed_numbers_is_near",
        "type Year = [1990, 1994, 1998]\nvar y: Year\nvar p: bool\n"
        "constraint: p iff abs(y - 1992) <= 1\nconstraint: p or y > 1990",
        solutions=2,
    ),
    case(
        "none_of_the_listed_numbers_is_half_of_it",
        "type Year = [1990, 1994]\nvar y: Year\nvar p: bool\nconstraint: p iff 2 * y == 3985",
        solutions=2,
        each={"p": "false"},
    ),
    case(
        "absolute_value_equal_to_a_negative_fraction",
        "var x: -3..3\nvar p: bool\nconstraint: p iff abs(x / 2) == -1.5",
        solutions=7,
        each={"p": "false"},
    ),
    case(
        "greatest_of_numbers_that_cancel_out",
        "var x, y: 0..3\nconstraint: (max(y - y - 1, x - x + y) == 3) iff x == 1",
        solutions=10,
    ),
    case(
        "quotient_of_numbers_that_cancel_out",
        "var x, y, z: 0..3\nconstraint: (x - x + y + z) // 100 == z",
        solutions=16,
        each={"z": "0"},
    ),
    case(
        "branches_by_one_value_and_by_it_shifted",
        "var x: 0..3\nvar y: 0..20\nconstraint: y == (if x == 1 then 5 else if x + 1 == 2 then 7 else 2)",
        # Both conditions hold at 1.
        solutions=4,
    ),
    case(
        "branches_by_a_sum",
        "var x, y: 0..2\nvar z: 0..20\nconstraint: z == (if x + y == 0 then 5 else if x + y == 1 then 7 else 9)",
        solutions=9,
    ),
    case(
        "rounding_on_both_sides_of_zero",
        "var x: -3..3\nvar y: -9..9\nconstraint: round(x / 2) == y and x % 2 != 0",
        # To -2, -1, 1 and 2.
        solutions=4,
    ),
    case(
        "rounding_of_whole_numbers",
        "var x: int\nconstraint: round(2 * x) == 4 and floor(x) + ceil(x) == 4\nfind unique",
        _values(x=2),
    ),
    case(
        "quotient_of_reals_rounded_down",
        "var x: real in -3..3\nconstraint: x // 0.5 == 3 and 4 * x == 7\nfind unique",
        _values(x="1.75"),
    ),
    case(
        "distinct_over_sums_of_large_numbers",
        "var x, y: 0..400\nconstraint: distinct(x + y, 2 * x, 7) and x + y <= 1\nfind count",
        # 0 and 0 are the same twice.
        Told("solved", 2),
    ),
    case(
        "strict_comparison_of_reals_as_a_condition",
        "var x: real in 0..2\nvar p: bool\nconstraint: x < 1 implies p\nconstraint: p implies x >= 2\nminimize x",
        Told("optimal", {"objective": 1}),
    ),
    case(
        "strict_distance_of_reals_as_a_condition",
        "var x, y: real in 0..2\nvar p: bool\nconstraint: abs(x - y) < 1 implies p\n"
        "constraint: p implies x + y >= 3\nminimize 2 * x + y",
        Told("optimal", {"objective": 1, "assignment": {"x": 0, "y": 1}}),
    ),
    case(
        "distance_of_reals_at_least",
        "var x, y: real in 0..2\nvar p: bool\nconstraint: p implies 1 <= abs(x - y)\nconstraint: x + y == 3\n"
        "maximize 2 * p + x",
        Told("optimal", {"objective": 4, "assignment": {"x": 2, "y": 1, "p": True}}),
    ),
    case(
        "greatest_below_a_bound",
        "var x, y: int\nconstraint: max(x, y + 1) < 4 and 1 <= min(x, y)\nmaximize x + 2 * y",
        Told("optimal", {"objective": 7, "assignment": {"x": 3, "y": 2}}),
    ),
    case("product_of_a_number_with_itself_shifted", "var x: 0..3\nconstraint: (x + 1) * (x + 2) == 6", solutions=1),
    # 4 with z = 2, 3 with z = 3, 1 with z = 1.
    case("product_of_a_sum_and_a_number", "var x, y, z: 0..3\nconstraint: (x + y) * z == 6", solutions=8),
    case("below_the_greatest", "var x, y, z: 0..3\nconstraint: x < max(y, z) and x == 2", solutions=7),
    case(
        "least_greatest_of_reals",
        "var x, y: real in 1..3\nvar m: real\nconstraint: x + y >= 3\nconstraint: m == max(x, y)\nminimize m",
        Told("optimal", {"objective": "1.5"}),
    ),
    case(
        "twice_a_number_as_a_condition",
        "var x: 0..3\nvar p: bool\nconstraint: p iff 2 * x == 2\nconstraint: p or x == 2",
        solutions=2,
    ),
    case("distinct_over_three_sums", "var x, y, z: 0..2\nconstraint: distinct(x + y, y + z, x + z)", solutions=6),
)
