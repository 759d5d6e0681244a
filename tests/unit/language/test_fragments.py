"""The features of a program, at top and inside."""

from __future__ import annotations

from language_programs import program

from nsr.language.fragments import Construct, Feature, Position, analyse

DECLARED = "type P = {a, b}\nvar n(P): 1..3 distinct\nvar k: P optional\n"


def test_position_tells_what_holds_by_itself() -> None:
    top = analyse(program(DECLARED + "constraint: forall x in P: n(x) > 1 and distinct(n(a), 2)")).features
    assert Feature(Construct.ALL_DIFFERENT, Position.TOP) in top
    assert Feature(Construct.ORDER, Position.TOP) in top
    inside = analyse(program(DECLARED + "constraint: not distinct(n(a), 2)")).features
    assert Feature(Construct.ALL_DIFFERENT, Position.REIFIED) in inside
    assert Feature(Construct.ALL_DIFFERENT, Position.TOP) not in inside


def test_arithmetic_by_kind() -> None:
    def constructs(text: str) -> set[Construct]:
        return {f.construct for f in analyse(program(DECLARED + f"constraint: {text}")).features}

    assert Construct.PRODUCT not in constructs("2 * n(a) == 4")
    assert Construct.PRODUCT in constructs("n(a) * n(b) == 2")
    assert Construct.NESTED_APPLICATION in constructs("n(k) == 2")
    assert Construct.NESTED_APPLICATION not in constructs("forall x in P: n(x) > 0")
    assert Construct.RATIONAL in constructs("n(a) == 0.5")
    assert Construct.COUNTING in constructs("exactly 1 x in P: n(x) == 2")


def test_size_and_goals() -> None:
    fragment = analyse(program(DECLARED + "var z: int\nfind unique n, k, z"))
    assert (fragment.cells, fragment.is_finite, fragment.goals) == (4, False, {"find unique"})
    assert Feature(Construct.INJECTIVE, Position.TOP) in fragment.features
    assert Feature(Construct.UNBOUNDED, Position.TOP) in fragment.features
