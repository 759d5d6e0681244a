"""Which programs are grids, and what their tables say."""

from __future__ import annotations

from dataclasses import replace

import nsr
from nsr.explain.grid import assignment, grid_functions, grid_table
from nsr.explain.spelling import Spelling
from nsr.explain.statements import cell_name, statement_reasons
from nsr.language.ir import Program, Structure
from nsr.language.sorts import Element, EnumSort, Value
from nsr.limits import Budget

HOUSES = """
type House = 1..2
type Name = {ann, bo}
type FavoritePet = {`guinea pig`, cat}
var house(Name): House distinct
var pet(FavoritePet): House distinct
constraint c1 "Ann is first.": house(ann) == 1
constraint c2: pet(cat) == house(ann)
find unique house, pet
"""


def elements(program: Program, symbol: str) -> tuple[Element, ...]:
    sort = program.symbols[symbol].arguments[0]
    assert isinstance(sort, EnumSort)
    return tuple(sort.element(i) for i in range(len(sort.elements)))


def structure_of(program: Program, **values: list[Value]) -> Structure:
    return {
        symbol: {(e,): v for e, v in zip(elements(program, symbol), found, strict=True)}
        for symbol, found in values.items()
    }


def test_a_grid_has_a_row_for_each_base_value_and_a_column_for_each_type() -> None:
    program = nsr.parse(HOUSES)
    found = grid_functions(program)
    assert found is not None
    assert str(found[0]) == "House"
    assert [f.name for f in found[1]] == ["house", "pet"]
    structure = structure_of(program, house=[2, 1], pet=[1, 2])
    assert grid_table(program, structure, Spelling("Bo, Ann and the Guinea Pig.")) == {
        "header": ["House", "Name", "Favorite pet"],
        "rows": [[1, "Bo", "Guinea Pig"], [2, "Ann", "cat"]],
    }


def test_functions_that_are_no_bijection_do_not_spoil_a_grid() -> None:
    program = nsr.parse(HOUSES.replace("find", "var age(Name): int in 1..9\nfind"))
    found = grid_functions(program)
    assert found is not None
    assert [f.name for f in found[1]] == ["house", "pet"]


def test_without_bijections_there_is_no_grid() -> None:
    program = nsr.parse("type Name = {ann, bo}\nvar age(Name): int in 1..9 distinct\nfind one age\n")
    assert grid_functions(program) is None
    assert grid_table(program, structure_of(program, age=[1, 2]), Spelling()) is None


def test_a_base_value_that_nothing_maps_to_leaves_no_grid() -> None:
    program = nsr.parse(HOUSES)
    assert grid_table(program, structure_of(program, house=[1, 1], pet=[1, 2]), Spelling()) is None


def test_assignments_by_function_and_argument() -> None:
    program = nsr.parse("type T = {a, b}\nvar f(T, T): 0..9\nvar n: int in 0..9\nvar ok: bool\nfind one f, n, ok\n")
    a, b = elements(program, "f")
    structure: Structure = {"f": {(a, a): 1, (a, b): 2, (b, a): 3, (b, b): 4}, "n": {(): 7}, "ok": {(): True}}
    assert assignment(program, structure, Spelling()) == {
        "f": {"a, a": 1, "a, b": 2, "b, a": 3, "b, b": 4},
        "n": 7,
        "ok": True,
    }
    assert assignment(program, structure, Spelling(), ["n"]) == {"n": 7}


def test_every_statement_is_shown_with_its_sentence_and_whether_it_holds() -> None:
    program = nsr.parse(HOUSES)
    structure = structure_of(program, house=[1, 2], pet=[1, 2])
    first, second = statement_reasons(program, program.questions[0], structure, Budget())
    assert (first.label, first.sentences, first.formula, first.holds) == (
        "c1",
        ("Ann is first.",),
        "house(ann) == 1",
        True,
    )
    assert (second.sentences, second.holds) == ((), False)


def test_cell_names() -> None:
    program = nsr.parse(HOUSES)
    pet = program.symbols["pet"]
    assert cell_name(pet, elements(program, "pet")[:1], Spelling()) == "pet of guinea pig"
    assert cell_name(replace(pet, name="best_pet", arguments=()), (), Spelling()) == "best pet"
