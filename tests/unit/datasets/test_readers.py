"""Readers: each published format on a tiny invented file, broken records with their places, development copies."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from sets import FORMULATION, SAMPLES, Sample, lines, write

from nsr.datasets.lint import Examiner
from nsr.datasets.protocol import Problem, ReadOptions
from nsr.datasets.registry import DATASETS, dataset, dataset_names, loadable, recognized
from nsr.errors import UsageError

DATA = Path(os.environ.get("NSR_DATA", ""))


def read(name: str, path: Path) -> list[Problem]:
    return list(dataset(name).read(path, ReadOptions()))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.dataset}-{s.file}")
def test_published_format(tmp_path: Path, sample: Sample) -> None:
    path = write(tmp_path, sample)
    problems = read(sample.dataset, path)
    assert [p.error for p in problems] == [None] * len(problems)
    assert [(p.id, p.gold, len(p.options)) for p in problems] == sample.problems
    assert [p.position for p in problems] == list(range(1, len(problems) + 1))
    assert all(p.text and p.dataset == sample.dataset for p in problems)
    assert recognized(path) == (sample.dataset if sample.is_recognized else "jsonl")
    examiner = Examiner()
    for problem in problems:
        examiner.look(problem, dataset(sample.dataset))
        assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem
    assert examiner.findings == []


def test_every_set_has_a_sample_and_says_what_it_is() -> None:
    apart = {"jsonl", "common", "complexor", "nl4opt_models"}
    assert {s.dataset for s in SAMPLES} == set(DATASETS) - apart
    for name, found in loadable():
        assert found.name == name
        assert found.title
        assert found.scorer.name
    assert set(DATASETS) <= set(dataset_names())


def test_texts_have_context_question_and_options(tmp_path: Path) -> None:
    by_name = {s.dataset: s for s in SAMPLES}
    [arlsat] = read("arlsat", write(tmp_path, next(s for s in SAMPLES if s.dataset == "arlsat")))
    assert arlsat.text == "Five books stand in a row.\n\nWhich one?\n\nA) v\nB) w\nC) x\nD) y\nE) z"
    [clutrr] = read("clutrr", write(tmp_path, by_name["clutrr"]))
    assert clutrr.text.endswith('"hi".\n\nWhat is the relation of Bo to Ann? (Bo is the ___ of Ann.)')
    assert clutrr.meta["depth"] == 3
    [boardgame] = read("boardgameqa", write(tmp_path, by_name["boardgameqa"]))
    assert boardgame.question.startswith("Based on the game state")
    assert boardgame.text.endswith("- proved\n- disproved\n- unknown")
    [nlp4lp] = read("nlp4lp", write(tmp_path, by_name["nlp4lp"]))
    assert nlp4lp.text == "Sell jam.\n\nData:\nPrice = 4"


def test_a_competition_record_becomes_two_programs_with_an_optimum(tmp_path: Path) -> None:
    import nsr

    path = tmp_path / "test.jsonl"
    path.write_text(lines({"123": FORMULATION}))
    assert recognized(path) == "nl4opt_models"
    [problem] = read("nl4opt_models", path)
    assert problem.id == "123"
    # At most 10 jars, 4 of 10 jam at least, so 6 honey: 2 * 4 + 3 * 6.
    assert [nsr.run(problem.gold["model"][k]).answer["objective"] for k in ("real", "int")] == [26, 26]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"vars": []}, "'vars'"),
        ({"vars": ["jam", "jam"]}, "different names"),
        ({"obj_declaration": {"direction": "sideways", "terms": {"jam": "1"}}}, "neither up nor down"),
        ({"const_declarations": [{"type": "cubic", "operator": "LESS_OR_EQUAL"}]}, "'cubic' is not known"),
        (
            {"const_declarations": [{"type": "sum", "limit": "many", "operator": "LESS_OR_EQUAL"}]},
            "'many' is no number",
        ),
        ({"const_declarations": [{"type": "sum", "limit": "1", "operator": "ABOUT"}]}, "'ABOUT' is not known"),
        ({"const_declarations": [{"type": "lowerbound", "var": "salt", "limit": "1", "operator": "EQUAL"}]}, "'salt'"),
    ],
)
def test_a_formulation_that_is_not_understood_says_why(tmp_path: Path, change: dict[str, object], said: str) -> None:
    path = tmp_path / "test.jsonl"
    path.write_text(lines({"1": FORMULATION}, {"2": {**FORMULATION, **change}}))
    good, broken = read("nl4opt_models", path)
    assert good.error is None
    assert broken.error is not None
    assert said in broken.error
    assert "'2' of line 2" in broken.error


def test_complexor_is_a_folder_of_folders(tmp_path: Path) -> None:
    for name, output in (("blend", [7]), ("cut", [3.5])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "description.txt").write_text("Mix two kinds.")
        (tmp_path / name / "sample.json").write_text(json.dumps([{"input": {"price": [1, 2]}, "output": output}]))
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "sample.json").write_text("[{")
    assert recognized(tmp_path) == "complexor"
    blend, cut, torn = read("complexor", tmp_path)
    assert (blend.id, blend.gold, cut.id, cut.gold) == ("blend", 7, "cut", 3.5)
    assert blend.text == "Mix two kinds.\n\nData:\nprice = [1, 2]"
    assert torn.error is not None
    assert "torn/sample.json cannot be read" in torn.error


def test_broken_records_say_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(
        b'{"question": "A?", "answer": "#### 1"}\n\n{"question"\n[1]\n{"question": 4, "answer": "#### 2"}\n\xff\n'
    )
    problems = read("gsm8k", path)
    assert [p.position for p in problems] == [1, 2, 3, 4, 5]
    assert problems[0].error is None
    errors = [p.error or "" for p in problems[1:]]
    assert [e.partition(" is not")[0].partition(":")[0] for e in errors] == ["line 3", "line 4", "line 5", "line 6"]
    assert "there is no text in 'question'" in errors[2]


def test_broken_csv_and_json(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,story,query,target\n1,A.,\"('A', 'B')\",son\n2,short\n")
    _, broken = read("clutrr", table)
    assert broken.error == "line 3 has 2 fields, the heading has 4"
    value = tmp_path / "v.json"
    value.write_text('[\n{"a": 1},\n')
    with pytest.raises(UsageError, match="neither JSON lines nor one JSON value"):
        read("arlsat", value)
    with pytest.raises(UsageError, match="cannot be read"):
        read("arlsat", tmp_path / "none.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="without folders"):
        read("complexor", tmp_path / "empty")


def test_deep_and_strange_values_are_told_of(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("[" * 100_000 + "\n" + json.dumps({"story": ["x"], "questions": [5]}) + "\n")
    with pytest.raises(UsageError, match="neither"):
        read("spartqa", path)
    path.write_text(json.dumps({"story": ["x"], "questions": [5]}) + "\n" + "[" * 100_000 + "\n")
    first, second = read("spartqa", path)
    assert first.error == "line 1: question 1 is not an object"
    assert second.error is not None


def test_an_identifier_that_occurs_twice_is_made_different(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(lines(*({"id": 3, "Question": f"Q{n}?", "Answer": n} for n in range(3))))
    assert [p.id for p in read("mamo", path)] == ["3", "3#2", "3#3"]


def test_named_fields_are_for_json_lines_only(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="read it as jsonl"):
        dataset("gsm8k").read(tmp_path / "any", ReadOptions(gold_field="answer"))


def test_common_form(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    row = {
        "id": "a",
        "dataset": "prontoqa",
        "context": "C.",
        "question": "Q?",
        "options": ["A) True", "B) False"],
        "answer": "B",
    }
    path.write_text(lines(row))
    assert recognized(path) == "prontoqa"
    [problem] = read("prontoqa", path)
    assert problem.text == "C.\n\nQ?\n\nA) True\nB) False"
    path.write_text(
        lines(
            {
                "id": "b",
                "dataset": "mamo_easy",
                "question": "old",
                "answer": 1,
                "question_cleaned": "new",
                "answer_cleaned": 2,
            },
            {
                "id": "c",
                "dataset": "mamo_easy",
                "question": "Q?",
                "answer": 1,
                "answer_cleaned": None,
                "excluded_by": ["x"],
            },
        )
    )
    cleaned, excluded = read(recognized(path), path)
    assert (cleaned.text, cleaned.gold, cleaned.doubts) == ("new", 2, ())
    assert [d.kind for d in excluded.doubts] == ["excluded"]
    path.write_text(lines({**row, "dataset": "of nobody"}))
    assert recognized(path) == "common"


def test_files_of_nobody_are_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(lines({"id": "x", "puzzle": "P", "solution": {"header": ["A"], "rows": [["1"]]}}))
    assert recognized(path) == "jsonl"


FILES = {
    "logic/prontoqa.jsonl": "prontoqa",
    "logic/proofwriter.jsonl": "proofwriter",
    "logic/folio.jsonl": "folio",
    "logic/logicaldeduction.jsonl": "logicaldeduction",
    "logic/arlsat.jsonl": "arlsat",
    "puzzles/zebralogic.dev.jsonl": "zebralogic",
    "puzzles/knights_knaves.dev.jsonl": "knights_knaves",
    "rules/clutrr.dev.jsonl": "clutrr",
    "rules/stepgame.dev.jsonl": "stepgame",
    "rules/spartqa_human.dev.jsonl": "spartqa",
    "rules/boardgameqa.dev.jsonl": "boardgameqa",
    "rules/gsm8k_prolog.dev.jsonl": "gsm8k",
    "rules/nlr.dev.jsonl": "nlr",
    "rules/babi.dev.jsonl": "common",
    "optimization/nl4opt.dev.jsonl": "nl4opt",
    "optimization/mamo_easy.dev.jsonl": "mamo",
    "optimization/mamo_complex.dev.jsonl": "mamo",
    "optimization/industryor.dev.jsonl": "industryor",
    "optimization/nlp4lp.dev.jsonl": "nlp4lp",
    "optimization/complexor.dev.jsonl": "complexor",
    "optimization/optibench.dev.jsonl": "optibench",
    "optimization/optmath.dev.jsonl": "optmath",
}


@pytest.mark.parametrize("file", FILES)
def test_development_copies(file: str) -> None:
    path = DATA / file
    if not os.environ.get("NSR_DATA") or not path.is_file():
        pytest.skip(f"there is no development copy {file} (NSR_DATA names the folder that has them)")
    assert recognized(path) == FILES[file]
    problems = read(FILES[file], path)
    assert problems
    assert all(p.error is None and p.gold is not None and p.text for p in problems)
    examiner = Examiner()
    for problem in problems:
        examiner.look(problem, dataset(FILES[file]))
    assert set(examiner.by_kind()) <= {"excluded", "disputed", "contradictory"}, examiner.findings[:5]


def test_many_records_with_one_identifier_and_one_text_are_no_burden(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(
        lines(*({"id": "x", "Question": "Q?", "Answer": n % 2} for n in range(5000)), {"id": "x#2", "Question": "R?"})
    )
    problems = read("mamo", path)
    assert len({p.id for p in problems}) == len(problems) == 5001
    examiner = Examiner()
    for problem in problems:
        examiner.look(problem, dataset("mamo"))
    assert examiner.by_kind() == {"contradictory": 5000, "missing": 1}
    assert sum(len(f.doubt.detail) for f in examiner.findings) < 1_000_000
