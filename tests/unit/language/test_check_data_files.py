"""Tables and types from files: what is read, what is refused, and that nothing outside the folder is."""

from __future__ import annotations

import csv
import json
import os
import random
import time
from fractions import Fraction
from pathlib import Path

import pytest

from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import CheckResult, check

CITIES = "type City = {ann, bo, cy}\n"


def checked(source: str, root: Path | None) -> CheckResult:
    parsed = parse(source)
    assert parsed.program is not None, parsed.diagnostics
    return check(parsed.program, root=root)


def program(source: str, root: Path) -> ir.Program:
    found = checked(source, root)
    assert found.program is not None, found.diagnostics
    return found.program


def problem(source: str, root: Path | None) -> tuple[str, str]:
    (found,) = [d for d in checked(source, root).diagnostics if d.severity.value == "error"]
    return found.code, found.message


def entries(found: ir.Program, name: str) -> dict[tuple[str, ...], object]:
    return {tuple(map(str, key)): value for key, value in found.tables[name].entries.items()}


def test_file_and_written_table_agree(tmp_path: Path) -> None:
    rng = random.Random(7)
    names = ["ann", "bo", "cy"]
    rows = [(a, b, Fraction(rng.randrange(400), 4)) for a in names for b in names]
    with (tmp_path / "cost.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["from", "to", "weight", "cost"])
        writer.writerows((a, b, 1, float(v)) for a, b, v in rows)
    (tmp_path / "rows.json").write_text(json.dumps([{"from": a, "to": b, "cost": float(v)} for a, b, v in rows]))
    nested: dict[str, dict[str, float]] = {}
    for a, b, v in rows:
        nested.setdefault(a, {})[b] = float(v)
    (tmp_path / "nested.json").write_text(json.dumps(nested))
    written = ", ".join(f"({a}, {b}): {float(v)}" for a, b, v in rows)
    expected = program(CITIES + f"param cost(City, City): real = {{{written}}}\nfind all cost", tmp_path)
    for data in ('"cost.csv" "cost"', '"rows.json"', '"nested.json"'):
        found = program(CITIES + f"param cost(City, City): real from {data}\nfind all cost", tmp_path)
        assert found.tables == expected.tables
        assert found.symbols["cost"].value == expected.symbols["cost"].value


def test_symmetric_else_and_sets(tmp_path: Path) -> None:
    (tmp_path / "far.csv").write_text("a,b,km\nann,bo,3\nbo,ann,3\nbo,cy,4\n")
    found = program(CITIES + 'param far(City, City): int from "far.csv" symmetric else 9\nfind all far', tmp_path)
    assert entries(found, "far") == {("ann", "bo"): 3, ("bo", "ann"): 3, ("bo", "cy"): 4, ("cy", "bo"): 4}
    assert found.tables["far"].default == 9
    (tmp_path / "likes.json").write_text('{"ann": ["bo", "cy"], "bo": [], "cy": ["ann"]}')
    found = program(CITIES + 'param likes(City): set of City from "likes.json"\nfind all likes', tmp_path)
    assert {k: len(v) for k, v in entries(found, "likes").items() if isinstance(v, frozenset)} == {
        ("ann",): 2, ("bo",): 0, ("cy",): 1,
    }  # fmt: skip


def test_relations_and_types(tmp_path: Path) -> None:
    (tmp_path / "arc.csv").write_text("a,b\nann,bo\nbo,cy\n")
    (tmp_path / "city.csv").write_text("name,size\nann,3\nbo,4\nVan Dyk,5\n")
    (tmp_path / "year.json").write_text("[1990, 1994.5]")
    found = program(CITIES + 'rel arc(City, City) from "arc.csv"\nprove arc(ann, cy)', tmp_path)
    assert [[str(v) for v in row] for row in found.facts[0].rows] == [["ann", "bo"], ["bo", "cy"]]
    found = program('type C from "city.csv"\ntype Y from "year.json"\nvar f(C): Y\nfind f', tmp_path)
    assert getattr(found.sorts["C"], "elements", None) == ("ann", "bo", "Van Dyk")
    assert getattr(found.sorts["Y"], "values", None) == (1990, Fraction(3989, 2))


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        ("a,v\nann,1\nbo,2\nann,3\n", "table-duplicate-key", "row 4"),
        ("a,v\nann,1\nbob,2\n", "data-row", "row 3"),
        ("a,v\nann,1\nbo,2 km\n", "data-row", "row 3"),
        ("a,v\nann,1.5\n", "data-row", "row 2"),
        ("a,v\nann,1_0\n", "data-row", "row 2"),
        ("a,v\nann,inf\n", "data-row", "row 2"),
        ("a,v\nann\n", "data-file", "row 2"),
        ("", "data-file", "empty"),
        ('a,v\n"ann,1\n', "data-file", "CSV"),
        ("a,v\nann,1,5\n", "data-file", "row 2 of `v.csv` has 3 columns, its first line 2"),
        ("a;v\nann;1\n", "data-file", "has 1 column, not 2"),
        ("a,v\nann,30.5\n", "data-row", "30.5 is no whole number"),
        ("a,v\nann,\n", "data-row", "an empty cell is no number"),
        ("a,v\nann,1e400000\n", "data-row", "`1e400000` is too large"),
    ],
)
def test_bad_rows(tmp_path: Path, content: str, code: str, says: str) -> None:
    (tmp_path / "v.csv").write_text(content)
    found = problem(CITIES + 'param v(City): int from "v.csv"\nfind all v', tmp_path)
    assert found[0] == code
    assert says in found[1]


def test_help_with_separators_and_encodings(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("a;v\nann;1\n")
    (found,) = checked(CITIES + 'param v(City): int from "v.csv"\nfind all v', tmp_path).diagnostics
    assert found.help == "separate them by commas, not by `;`"
    (tmp_path / "v.csv").write_bytes(b"a,v\nann,1\nb\xe9,2\n")
    code, message = problem(CITIES + 'param v(City): int from "v.csv"\nfind all v', tmp_path)
    assert (code, message) == ("data-file", "line 3 of `v.csv` is not UTF-8: it has the byte 0xe9")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("n\nann\nbo\nann\n", "row 4 of `n.csv`: `ann` stands in row 2 already"),
        ("n\n1\n1.0\n", "row 3 of `n.csv`: `1` stands in row 2 already"),
        ("n\nann\n3\n", "row 3 of `n.csv`: `3`: the elements are names and numbers"),
        ('n,m\nann,1\n"",2\n', "row 3 of `n.csv`: an empty cell is no name and no number"),
        ("n\n1e400000\n", "row 2 of `n.csv`: `1e400000` is too large"),
    ],
)
def test_bad_elements(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "n.csv").write_text(content)
    assert problem('type T from "n.csv"\nvar x: T\nfind x', tmp_path) == ("data-row", says)


def test_a_column_named_twice_is_not_picked(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("a,v,v\nann,1,2\n")
    code, message = problem(CITIES + 'param v(City): int from "v.csv" "v"\nfind all v', tmp_path)
    assert (code, message) == ("data-file", "`v.csv` has more than one column `v`")


@pytest.mark.parametrize(
    ("declaration", "content", "warns"),
    [
        ("param v(City, City): int from", "ann,bo,30\nann,cy,45\n", True),
        ("param v(City, City): int from", "ann,bo,v\nann,cy,45\n", False),
        ("rel v(City, City) from", "ann,bo\nann,cy\n", True),
        ("type T from", "1990\n1994\n", True),
        ("type T from", "year\n1994\n", False),
        ("type Town from", "Lille\nMetz\n", True),
        ("type Town from", "towns\nLille\n", False),
        ("type Town from", "name of place\nLille\n", False),
        ("type Town from", "place,people\nLille,230\n", False),
        ("rel v(City, City) from", "a,b,open\nann,bo,true\nann,cy,false\n", True),
        ("rel v(City, City) from", "a,b,minutes\nann,bo,1\nann,cy,20\n", False),
        ("param v(City, City): int from", "a,b,v,open\nann,bo,3,true\n", False),
    ],
)
def test_columns_that_seem_to_be_meant_otherwise(tmp_path: Path, declaration: str, content: str, warns: bool) -> None:
    (tmp_path / "v.csv").write_text(content)
    found = checked(CITIES + f'{declaration} "v.csv"\nvar x: City\nfind x', tmp_path)
    assert found.program is not None
    assert ("data-columns" in [d.code for d in found.diagnostics]) is warns


def test_a_column_of_truth_values_is_read_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("a,b,open\nann,bo,true\nann,cy,false\n")
    found = program(CITIES + 'rel v(City, City) from "v.csv" "open"\nprove v(ann, cy)', tmp_path)
    assert [[str(v) for v in row] for row in found.facts[0].rows] == [["ann", "bo"]]
    assert not found.warnings


def test_missing_keys_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("a,v\nann,1\nbo,2\n")
    source = CITIES + 'param v(City): int from "v.csv"\nvar n: 0..9\nconstraint: forall c in City: v(c) <= n'
    assert problem(source, tmp_path)[0] == "table-missing-entry"
    program(source.replace("c in City", "c in v"), tmp_path)


@pytest.mark.parametrize(
    "file", ["../secret.csv", "/etc/passwd", "sub/../../secret.csv", "link.csv", "dir", "none.csv", "out/secret.csv"]
)
def test_nothing_outside_the_folder(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "program"
    (folder / "dir").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("a,v\nann,1\nbo,2\ncy,3\n")
    os.symlink(tmp_path / "secret.csv", folder / "link.csv")
    os.symlink(tmp_path, folder / "out")
    code, message = problem(CITIES + f'param v(City): int from "{file}"\nfind all v', folder)
    assert code == "data-file"
    assert "secret" not in message or file in message
    assert problem(CITIES + f'type T from "{file}"\nvar n: 1..2\nfind n', folder)[0] == "data-file"


def test_no_folder() -> None:
    (found,) = checked(CITIES + 'param v(City): int from "v.csv"\nfind all v', None).diagnostics
    assert found.code == "data-file"
    assert found.help.startswith("save the program in the folder of its data")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{",
        '{"ann": {"ann": 1}}',
        "3",
        '[{"a": "ann", "b": 1}, {"a": "bo"}]',
        '[["ann", 1, 2]]',
        '[["ann", null]]',
        '[["ann", 1e400000]]',
    ],
)
def test_bad_json(tmp_path: Path, text: str) -> None:
    (tmp_path / "v.json").write_text(text)
    assert problem(CITIES + 'param v(City): int from "v.json"\nfind all v', tmp_path)[0] in ("data-file", "data-row")


def test_many_rows_in_time(tmp_path: Path) -> None:
    size = 150
    with (tmp_path / "cost.csv").open("w", newline="") as handle:
        csv.writer(handle).writerows([["a", "b", "v"], *([i, j, f"{i}.{j}"] for i in range(size) for j in range(size))])
    started = time.monotonic()
    source = f'type N = 0..{size}\nparam cost(N, N): real from "cost.csv"\nvar x: N\n'
    found = program(source + "constraint: sum(cost(i, j) for (i, j) in cost) >= x", tmp_path)
    assert len(found.tables["cost"].entries) == size * size
    assert time.monotonic() - started < 10
