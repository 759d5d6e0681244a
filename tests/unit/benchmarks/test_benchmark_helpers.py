"""Helpers of the puzzle benchmarks, on a small puzzle of our own."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks.puzzles import mutations, patterns, report
from benchmarks.puzzles.data import Puzzle, puzzle_of, read_puzzles
from benchmarks.puzzles.grids import Atom, solutions, solve_clues
from benchmarks.puzzles.pipeline import Outcome, clues_right, equivalent, verdict_of
from benchmarks.puzzles.programs import Names, checked, gold_declarations, statement
from benchmarks.puzzles.worlds import agree, arrangements, match, same_rows, view
from nsr.engine.checking import parse_program
from nsr.results import Result, Status

ROW = {
    "id": "own-1",
    "size": "3*2",
    "houses": 3,
    "puzzle": "There are 3 houses, numbered 1 to 3 from left to right.\n"
    " - Each person has a unique name: `Ines`, `Karl`, `Jo`\n"
    " - Each person bakes a different bread: `rye`, `spelt`, `corn`\n\n## Clues:\n"
    "1. Ines is directly left of the person who bakes the rye bread.\n"
    "2. The person who bakes the spelt bread is in the third house.\n"
    "3. Jo is not in the second house.\n",
    "clues": [
        "Ines is directly left of the person who bakes the rye bread.",
        "The person who bakes the spelt bread is in the third house.",
        "Jo is not in the second house.",
    ],
    "clue_ir": [
        ["directly_left", ["Name", "Ines"], ["Bread", "rye"]],
        ["found_at", ["Bread", "spelt"], 3],
        ["not_at", ["Name", "Jo"], 2],
    ],
    "solution": {
        "header": ["House", "Name", "Bread"],
        "rows": [["1", "Ines", "corn"], ["2", "Karl", "rye"], ["3", "Jo", "spelt"]],
    },
}


@pytest.fixture
def puzzle() -> Puzzle:
    return puzzle_of(ROW)


def test_reads_a_file_and_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(ROW) + "\n\n", encoding="utf-8")
    (found,) = read_puzzles(path)
    assert found.placed[("Bread", "rye")] == 2
    with pytest.raises(SystemExit, match="cannot be read"):
        read_puzzles(tmp_path / "none.jsonl")


def test_the_small_solver_finds_the_grid_and_both_of_two(puzzle: Puzzle) -> None:
    assert solve_clues(puzzle, puzzle.clues) == [puzzle.placed]
    assert len(solve_clues(puzzle, puzzle.clues[:2])) == 2
    assert solutions(2, [["a", "b"]], [Atom("a", None, (1, 0)), Atom("b", None, (1, 0))]) == []


def test_every_harmful_mutation_is_detected_and_the_right_program_is_not(puzzle: Puzzle) -> None:
    found = mutations.examine(puzzle, random.Random(0), from_text=False)
    assert not any(found.right.values())
    assert {v.kind for v in found.verdicts} >= {"drop", "wrong value", "swapped direction", "off by one", 'lost "not"'}
    assert all(v.is_detected for v in found.verdicts)
    assert mutations.summary({"own-1": found})["detected"]["share"] == 1.0


def test_declarations_can_come_from_the_text(puzzle: Puzzle) -> None:
    assert mutations.examine(puzzle, random.Random(0), from_text=True).right.keys() == {0, 1, 2}


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        ("name(ines) + 1 == bread(rye)", "bread(rye) == name(ines) + 1", True),
        ("abs(name(ines) - bread(rye)) == 1", "name(ines) + 1 == bread(rye)", False),
        ("name(ines) < name(jo)", "not (name(ines) > name(jo))", True),
        ("name(ines) != 2", "name(ines) in {1, 3}", True),
        ("name(ines) == 2", "name(jo) == 2", False),
    ],
)
def test_formulas_are_compared_by_truth_table(puzzle: Puzzle, left: str, right: str, is_same: bool) -> None:
    program = checked(gold_declarations(puzzle), [f"constraint a: {left}\n", f"constraint b: {right}\n"])
    a, b = program.requirements
    assert equivalent(a.formula, b.formula, program) is is_same


def test_clues_and_grids_are_held_against_gold(puzzle: Puzzle) -> None:
    declared = gold_declarations(puzzle)
    names = Names(declared, puzzle)
    lines = [statement(f"c{i}", c.text, names.formula(c.kind, c.left, c.right)) for i, c in enumerate(puzzle.clues)]
    lines[1] = statement("c1", puzzle.clues[1].text, "bread(spelt) != 1")
    result = Result(
        status=Status.SOLVED,
        answer={"table": puzzle.solution, "assignment": {}},
        program=checked(declared, lines).source,
    )
    assert clues_right(puzzle, Outcome(result, declared, 0.0)) == [True, False, True]
    assert verdict_of(result, puzzle.solution) == "right"
    assert verdict_of(Result(status=Status.ABSTAINED), puzzle.solution) == "abstained"


def test_the_pattern_parser_translates_its_kinds(puzzle: Puzzle) -> None:
    (draft,) = patterns.PatternFormalizer().draft([puzzle.text])
    assert not isinstance(draft, Exception)
    source = draft.source({s.name: 0 for s in draft.sentences})
    result = Result(status=Status.SOLVED, program=source)
    assert clues_right(puzzle, Outcome(result, draft.declarations, 0.0)) == [True] * 3


def test_programs_with_other_names_are_compared_on_arrangements() -> None:
    head = "type Spot = 1..3\ntype {0} = {{ann, bo, cy}}\ntype Age = [20, 30, 40]\nvar {1}({0}): Spot distinct\n"
    head += "var age(Age): Spot distinct\n"
    first = parse_program(head.format("Name", "name") + "constraint: name(ann) < age(30)\nfind unique name\n")
    second = parse_program(head.format("Friend", "who") + "constraint: age(30) > who(ann)\nfind unique who\n")
    third = parse_program(head.format("Friend", "who") + "constraint: age(30) < who(ann)\nfind unique who\n")
    left, right, other = view(first), view(second), view(third)
    assert left is not None
    assert right is not None
    assert other is not None
    samples = arrangements(left, 50, random.Random(1))
    formulas = [[r.formula for r in p.requirements] for p in (first, second, third)]
    matching = match(left, right)
    assert matching is not None
    assert agree(left, formulas[0], right, formulas[1], samples, matching)
    assert not agree(left, formulas[0], other, formulas[2], samples, matching)


def test_rows_are_compared_whatever_their_order_and_spelling() -> None:
    assert same_rows([["Ann", "$25"], ["Bo", "9:30am"]], [["570", "bo"], ["25", "ann"]])
    assert not same_rows([["Ann", "$25"], ["Bo", "$30"]], [["30", "ann"], ["25", "bo"]])


def test_tables_and_percentiles() -> None:
    assert report.percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert report.table(["a", "n"], [["x", 1], ["long", 20]]).splitlines()[-1] == "long  20"
    assert report.share(1, 2).startswith("50.0 % of 2")
