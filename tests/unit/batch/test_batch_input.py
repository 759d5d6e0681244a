"""Reading of batch files: every line becomes a problem, broken ones with what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nsr.datasets.jsonl import JSONL
from nsr.datasets.protocol import Problem, ReadOptions
from nsr.errors import UsageError


def read(tmp_path: Path, content: bytes, **options: object) -> list[Problem]:
    path = tmp_path / "in.jsonl"
    path.write_bytes(content)
    return list(JSONL.read(path, ReadOptions(**options)))  # type: ignore[arg-type]


def test_fields_are_found_by_their_usual_names(tmp_path: Path) -> None:
    rows = b'{"id": 7, "puzzle": "A"}\n{"idx": "b", "question": "B"}\n{"text": "C", "puzzle": "not this"}\n'
    assert [(p.position, p.id, p.text, p.error) for p in read(tmp_path, rows)] == [
        (1, "7", "A", None),
        (2, "b", "B", None),
        (3, "line-3", "C", None),
    ]


def test_fields_can_be_named(tmp_path: Path) -> None:
    [problem] = read(tmp_path, b'{"id": 1, "key": "k", "text": "A", "body": "B"}', text_field="body", id_field="key")
    assert (problem.id, problem.text) == ("k", "B")


def test_blank_lines_are_passed_over_and_positions_stay_those_of_the_file(tmp_path: Path) -> None:
    assert [p.position for p in read(tmp_path, b'\n{"text": "A"}\n  \n{"text": "B"}\n')] == [2, 4]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "not JSON"),
        (b'{"text": "caf\xe9"}', "not JSON in UTF-8"),
        (b"[1]", "not a JSON object"),
        (b'{"id": 1, "body": "A"}', "no field 'text' or 'puzzle'"),
        (b'{"id": 1, "text": 5}', "no field"),
    ],
)
def test_a_broken_line_says_what_is_wrong_with_it(tmp_path: Path, line: bytes, said: str) -> None:
    good, broken = read(tmp_path, b'{"text": "A"}\n' + line + b"\n")
    assert good.error is None
    assert broken.error is not None
    assert said in broken.error
    assert "line 2" in broken.error


def test_a_named_field_that_is_missing_or_no_text(tmp_path: Path) -> None:
    missing, number = read(tmp_path, b'{"text": "A"}\n{"body": 5}\n', text_field="body")
    assert missing.error is not None
    assert "no field 'body'" in missing.error
    assert number.error is not None
    assert "no text" in number.error


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, b'\xef\xbb\xbf{"text": "A"}\n')[0].text == "A"


def test_a_missing_file_and_a_folder_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        list(JSONL.read(tmp_path / "none.jsonl", ReadOptions()))
    with pytest.raises(UsageError, match="cannot be read"):
        list(JSONL.read(tmp_path, ReadOptions()))
