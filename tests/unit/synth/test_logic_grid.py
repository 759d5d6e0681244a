"""Generated problems: unique, without a spare clue, readable by the formalizer, reproducible."""

import random
from collections.abc import Sequence
from itertools import permutations, product

import pytest

from nsr.engine.checking import check_source
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.segment import segment
from nsr.synth import FAMILIES, Record, generate
from nsr.synth.contexts import Style, draw_context
from nsr.synth.drafts import Draft, draft
from nsr.synth.logic_grid import Grid
from nsr.synth.solving import Rows, Table, TooHard, count_solutions
from nsr.synth.wordings import RELATIONS


def checked_grid(seed: int, size: int) -> tuple[Grid, list[Draft]]:
    """A hidden solution and clues for it, as they are chosen for a problem."""
    rng = random.Random(seed)
    while True:
        context = draw_context(rng, Style(), size)
        categories = context.declarations.categories
        if len(categories) > 1 and all(len(c.values) == size for c in categories):
            grid = Grid(context, rng)
            drafts = grid.choose(rng)
            if drafts is not None:
                return grid, drafts


def brute_force(size: int, groups: Sequence[Sequence[int]], tables: Sequence[Table]) -> int:
    """Number of solutions by trying every placement."""
    count = 0
    for chosen in product(*(permutations(range(size), len(g)) for g in groups)):
        places = {v: p for g, row in zip(groups, chosen, strict=True) for v, p in zip(g, row, strict=True)}
        count += all(tuple(places[v] for v in t.variables) in t.allowed for t in tables)
    return count


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


def test_programs_check(records: list[Record]) -> None:
    for record in records:
        program, diagnostics = check_source(record.program)
        assert program is not None, diagnostics


def test_steps_from_a_number_check() -> None:
    """`right before the one at 2 pm`, where the places are times."""
    drawn = [
        r for r in generate("logic_grid", 60, seed=67, split="test", size=3) for c in r.clues if "next" in c.relation
    ]
    assert drawn
    for record in drawn:
        program, diagnostics = check_source(record.program)
        assert program is not None, diagnostics


def test_values_of_pets_and_animals_differ_in_whole_problems() -> None:
    style = Style(alike=1.0, tells=True)
    for seed in range(60):
        context = draw_context(random.Random(seed), style, 4, 4)
        categories = context.declarations.categories
        alike = [
            {v.text.lower() for v in c.values}
            for c, w in zip(categories, context.words, strict=True)
            if any("looks after a {v}" in t or "breeds {v}s" in t for t in w.verbs)
        ]
        assert len(alike) < 2 or not alike[0] & alike[1]


def test_places_are_apart_in_words_of_their_own() -> None:
    relation = next(r for r in RELATIONS if r.name == "apart")
    drawn = 0
    for seed in range(200):
        rng = random.Random(seed)
        context = draw_context(rng, Style(), 5)
        drafted = draft(rng, context, relation)
        if drafted is not None:
            assert drafted.dimension is not None
            dimension = context.words[drafted.dimension].dimension
            assert dimension is not None
            assert dimension.key not in ("row", "floor", "queue")
            drawn += 1
    assert drawn > 20


def test_each_category_has_a_label_of_its_own() -> None:
    for record in generate("logic_grid", 150, seed=3, split="test"):
        declared = read_declarations(record.text)
        assert declared is None or len(declared.categories) == len(record.solution), record.seed


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


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nsr.synth.solving.MOST_NODES", 3)
    with pytest.raises(TooHard):
        count_solutions(4, 4, [range(4)], [], [], limit=24)
    assert len(list(generate("logic_grid", 1, size=2, categories=1))) == 1
