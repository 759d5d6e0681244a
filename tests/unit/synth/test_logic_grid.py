"""Generated problems: unique, without a spare clue, readable by the formalizer, reproducible."""

import pytest

from nsr.formalizers.reading import read_declarations
from nsr.formalizers.segment import segment
from nsr.grammars.parser import parse
from nsr.synth import FAMILIES, Record, generate
from nsr.synth.logic_grid import checked_grid
from nsr.synth.solving import Rows, Table, brute_force, count_solutions


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [
        *generate("logic_grid", 6, seed=1, split="test", size=3),
        *generate("logic_grid", 2, seed=2, split="train", size=4, categories=2),
    ]


def test_reproducible() -> None:
    first, second = (list(generate("logic_grid", 2, seed=7, size=3)) for _ in range(2))
    assert first == second
    assert first != list(generate("logic_grid", 2, seed=8, size=3))


def test_unique_and_irredundant() -> None:
    for seed in range(4):
        grid, drafts = checked_grid(seed, size=3)
        tables = [grid.table(d) for d in drafts]
        every = [*grid.fixed, *tables]
        found = count_solutions(grid.size, len(grid.truth), grid.groups, every, grid.channels)
        assert [list(f) for f in found] == [grid.truth]
        for index in range(len(tables)):
            rest = [*grid.fixed, *tables[:index], *tables[index + 1 :]]
            assert len(count_solutions(grid.size, len(grid.truth), grid.groups, rest, grid.channels)) == 2


def test_texts_hold_their_clues_and_declare_their_values(records: list[Record]) -> None:
    for record in records:
        sentences = [s.text for s in segment(record.text)]
        assert all(clue.text in sentences for clue in record.clues), record.text
        declared = read_declarations(record.text)
        assert declared is not None, record.text
        found = sorted(sorted(v.text.lower() for v in c.values) for c in declared.categories)
        assert found == sorted(sorted(v.lower() for v in values) for values in record.solution.values())


def test_programs_parse(records: list[Record]) -> None:
    for record in records:
        assert not parse(record.program).diagnostics


def test_unknown_family_and_split() -> None:
    assert set(FAMILIES) == {"logic_grid"}
    with pytest.raises(ValueError, match="no family"):
        next(generate("sudoku", 1))
    with pytest.raises(ValueError, match="split"):
        next(generate("logic_grid", 1, split="dev"))


def test_the_solver_counts_as_enumeration_does() -> None:
    groups = [[0, 1, 2], [3, 4, 5]]
    left = Table((0, 3), Rows.of([(a, b) for a in range(3) for b in range(3) if a < b], 2, 3))
    apart = Table(
        (1, 4, 5),
        Rows.of([(a, b, c) for a in range(3) for b in range(3) for c in range(3) if len({a, b, c}) == 3], 3, 3),
    )
    for tables in ([], [left], [apart], [left, apart]):
        expected = brute_force(3, groups, tables)
        found = count_solutions(3, 6, groups, tables, [], limit=100)
        assert len(found) == len(set(found)) == expected
