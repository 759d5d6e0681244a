"""The programs of the benchmarks parse, and what compares their answers with gold ones tells right from wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.programs.arlsat_forms import FORMS, form_of, is_supposing
from benchmarks.programs.draw import draw
from benchmarks.programs.enumerated import enumerated
from benchmarks.programs.gold import SETS, Gold, gold_of, is_right
from benchmarks.programs.patterned import logicaldeduction, prontoqa, proofwriter
from nsr.engine.checking import check_source
from nsr.grammars.parser import parse

FOLDER = Path(__file__).parents[3] / "benchmarks" / "programs"
PROGRAMS = sorted(FOLDER.glob("*/*.nsr"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_program_has_no_errors_and_cites_nothing(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    program, diagnostics = check_source(source)
    assert program is not None, diagnostics
    parsed = parse(source).program
    assert parsed is not None
    assert path.parent.name in SETS


def test_programs_are_of_all_sets() -> None:
    assert {p.parent.name for p in PROGRAMS} == set(SETS)


def test_every_form_has_a_program() -> None:
    written = {p.stem.partition("_ar_lsat")[0] for p in (FOLDER / "arlsat_forms").glob("*.nsr")}
    assert written == set(FORMS)


@pytest.mark.parametrize(
    ("question", "form", "supposes"),
    [
        ("Which one of the following could be the order of the races, from first to last?", "acceptable", False),
        ("If Ann is third, then each of the following could be true EXCEPT:", "could_except", True),
        ("If Ann is third, each of the following must be false EXCEPT:", "cannot_except", True),
        ("Each of the following must be true EXCEPT:", "must_except", False),
        ("Which one of the following must be false?", "cannot", False),
        ("If Bo is last, which one of the following must be true?", "must", True),
        ("What is the maximum number of cups that could be red?", "extremum", False),
        ("Which one of the following is a complete and accurate list of the cups that could be red?",
         "complete_list", False),
        ("Which one of the following is a complete and accurate list of the cups any of which could be red?",
         "list_over_worlds", False),
        ("The order is fully determined if which one of the following is true?", "determines", False),
        ("What color is it?", "other", False),
    ],
)  # fmt: skip
def test_forms(question: str, form: str, supposes: bool) -> None:
    assert (form_of(question), is_supposing(question)) == (form, supposes)


def test_a_sample_depends_on_ids_only(tmp_path: Path) -> None:
    rows = [{"id": f"r{i}", "text": str(i)} for i in range(40)]
    for name, order in (("a", rows), ("b", rows[::-1])):
        (tmp_path / name).write_text("\n".join(json.dumps(r) for r in order), encoding="utf-8")
    first, second = draw(tmp_path / "a", 7), draw(tmp_path / "b", 7)
    assert first == second
    assert len(first) == 7
    assert draw(tmp_path / "a", 7, seed=1) != first


@pytest.mark.parametrize(
    ("row", "gold"),
    [
        ({"answer": "B", "options": ["A) True", "B) False", "C) Uncertain"]}, Gold(frozenset({"false"}), 1)),
        ({"answer": "C", "options": ["A) one", "B) two", "C) three"]}, Gold(frozenset({"3"}), 2)),
        ({"answer": ["left"], "options": ["left", "right"]}, Gold(frozenset({"left"}), 0)),
        ({"answer": []}, Gold(frozenset())),
        ({"answer": "son-in-law"}, Gold(frozenset({"son_in_law"}))),
        ({"solution": {"Ann Lee": "knave"}}, Gold(frozenset({"ann_lee=false"}))),
    ],
)
def test_gold_is_read_from_the_data(row: dict[str, object], gold: Gold, tmp_path: Path) -> None:
    (tmp_path / "logic").mkdir()
    (tmp_path / SETS["folio"]).write_text(json.dumps({"id": "p", **row}), encoding="utf-8")
    assert gold_of(tmp_path, "folio", Path("p.nsr")) == gold


@pytest.mark.parametrize(
    ("gold", "answer", "labels", "right"),
    [
        (Gold(frozenset({"false"}), 1), "false", (), True),
        (Gold(frozenset({"false"}), 1), "unknown", (), False),
        (Gold(frozenset({"x"}), 1), "B", ("A", "B"), True),
        (Gold(frozenset({"x"}), 1), "A", ("A", "B"), False),
        (Gold(frozenset({"x"}), 1), None, ("A", "B"), False),
        (Gold(frozenset({"b", "c"})), [{"X": "c"}, {"X": "b"}], (), True),
        (Gold(frozenset({"b", "c"})), [{"X": "c"}], (), False),
        (Gold(frozenset({"niece"})), [{"R": "niece"}, {"R": "niece or nephew"}], (), True),
        (Gold(frozenset({"niece"})), [{"R": "niece or nephew"}], (), False),
        (Gold(frozenset({"1/2"})), "0.5", (), True),
        (Gold(frozenset({"1520"})), 1520, (), True),
        (Gold(frozenset({"ann=true"})), {"assignment": {"knight": {"ann": True}}, "unique": True}, (), True),
        (Gold(frozenset({"ann=true"})), {"assignment": {"knight": {"ann": False}}, "unique": True}, (), False),
    ],
)
def test_right_is_told_from_wrong(gold: Gold, answer: object, labels: tuple[str, ...], right: bool) -> None:
    assert is_right(gold, answer, labels) is right


def _answer(source: str) -> object:
    program, diagnostics = check_source(source)
    assert program is not None, diagnostics
    return enumerated(program)


@pytest.mark.parametrize(("asked", "answer"), [("small", "true"), ("not cold", "unknown"), ("not small", "false")])
def test_classes_become_premises(asked: str, answer: str) -> None:
    context = "Lempuses are dimpuses. Each dimpus is small. Every dimpus is not loud. Ann is a lempus."
    assert _answer(prontoqa({"context": context, "question": f"True or false? Ann is {asked}."})) == answer


@pytest.mark.parametrize(
    ("asked", "answer"),
    [("The dog is kind", "true"), ("The cat is not kind", "unknown"), ("The cat does not see the dog", "false"),
     ("The dog is blue", "true")],
)  # fmt: skip
def test_theories_become_rules(asked: str, answer: str) -> None:
    context = (
        "The dog is red. The dog is not cold. The cat sees the dog. If something is red and not cold then it is kind. "
        "Kind, red things are blue. If the cat sees the dog and the dog is blue then the dog likes the cat."
    )
    assert _answer(proofwriter({"context": context, "question": f"True, false, or unknown? {asked}."})) == answer


@pytest.mark.parametrize(
    ("listed", "clues", "options", "answer"),
    [
        (
            "a red pen, a blue pen, and a tall cup",
            "The red pen is to the left of the tall cup. The blue pen is the leftmost",
            ["The tall cup is the rightmost", "The red pen is the second from the left"],
            None,
        ),
        (
            "a red pen, a blue pen, and a tall cup",
            "The red pen is newer than the tall cup. The blue pen is the oldest",
            ["The tall cup is the newest", "The tall cup is the second-newest"],
            "B",
        ),
        (
            "plums, kiwis, and pears",
            "The plums are less expensive than the kiwis. The pears are the second-cheapest",
            ["The kiwis are the cheapest", "The plums are the cheapest"],
            "B",
        ),
        (
            "Ann, Bo, and Cy",
            "Ann finished below Bo. Cy finished second-to-last",
            ["Ann finished last", "Bo finished last"],
            "A",
        ),
    ],
)
def test_orders_become_places(listed: str, clues: str, options: list[str], answer: str | None) -> None:
    context = f"About three objects.\n\nThere are three things: {listed}. {clues}."
    lettered = [f"{letter}) {option}." for letter, option in zip("AB", options, strict=True)]
    assert _answer(logicaldeduction({"context": context, "options": lettered})) == answer
