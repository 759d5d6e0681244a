"""The gold answers of the sets, and whether a result gives them. Read from the data, never kept here."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.programs.clutrr import BROAD

__all__ = ["SETS", "Gold", "gold_of", "is_right"]

SETS = {
    "arlsat": "logic/arlsat.jsonl",
    "arlsat_forms": "logic/arlsat.jsonl",
    "folio": "logic/folio.jsonl",
    "logicaldeduction": "logic/logicaldeduction.jsonl",
    "proofwriter": "logic/proofwriter.jsonl",
    "prontoqa": "logic/prontoqa.jsonl",
    "boardgameqa": "rules/boardgameqa.dev.jsonl",
    "boardgameqa_conflicts": "rules/boardgameqa.dev.jsonl",
    "knights_knaves": "puzzles/knights_knaves.dev.jsonl",
    "clutrr": "rules/clutrr.dev.jsonl",
    "stepgame": "rules/stepgame.dev.jsonl",
    "babi": "rules/babi.dev.jsonl",
    "spartqa_human": "rules/spartqa_human.dev.jsonl",
    "gsm8k_prolog": "rules/gsm8k_prolog.dev.jsonl",
}
"""Each set's file below the data folder; the folder of its programs has the set's name."""

_SYNONYMS = {
    "yes": "true", "proved": "true", "no": "false", "disproved": "false", "uncertain": "unknown", "dk": "unknown",
    "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "knight": "true", "knave": "false",
}  # fmt: skip


class Gold(NamedTuple):
    """A gold answer: its words in normal form, and which of the options it is, where there are options."""

    words: frozenset[str]
    option: int | None = None


def gold_of(data: Path, name: str, program: Path) -> Gold:
    """The gold answer to the problem that a program file is named after.

    Raises:
        KeyError: if the data have no such problem.
    """
    row = _rows(data / SETS[name])[_identifier(name, program)]
    if "solution" in row:
        return Gold(frozenset(f"{_normal(k)}={_normal(v)}" for k, v in row["solution"].items()))
    answers = row["answer"] if isinstance(row["answer"], list) else [row["answer"]]
    options: Sequence[str] = row.get("options") or ()
    lettered = [re.fullmatch(r"([A-Z])\) (.*)", o, re.DOTALL) for o in options]
    if options and all(lettered):
        place = [m[1] for m in lettered if m].index(answers[0])
        words = [m[2] for m in lettered if m][place]
        return Gold(frozenset({_normal(words)}), place)
    place_of = {o: i for i, o in enumerate(options)}
    return Gold(frozenset(_normal(a) for a in answers), place_of.get(answers[0]) if len(answers) == 1 else None)


@cache
def _rows(path: Path) -> dict[str, dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {str(row["id"]): row for row in map(json.loads, lines)}


def _identifier(name: str, program: Path) -> str:
    stem = program.stem
    return stem[stem.index("ar_lsat") :] if name == "arlsat_forms" else stem


def _normal(word: object) -> str:
    """Lower case, `_` for blanks and hyphens, numbers as numbers, one word for each truth value."""
    text = re.sub(r"[\s-]+", "_", str(word).strip().casefold())
    text = _SYNONYMS.get(text, text)
    try:
        return str(Fraction(text.replace(",", "")))
    except ValueError:
        return text


def is_right(gold: Gold, answer: Any, labels: Sequence[str]) -> bool:
    """Whether an answer is the gold one; `labels` are those of the program's options, in order.

    An option counts by its place. Other answers count by their words: bindings by the values bound, assignments of
    one symbol by its entries. Of kin, a word for either gender may stand beside the one that is asked for.
    """
    if labels and gold.option is not None:
        return answer in labels and labels.index(answer) == gold.option
    found = _words(answer)
    return gold.words in (found, found - BROAD)


def _words(answer: Any) -> frozenset[str]:
    match answer:
        case {"assignment": dict(found)}:
            return _words(found)
        case dict() if all(isinstance(v, dict) for v in answer.values()):
            return frozenset(f"{_normal(k)}={_normal(v)}" for table in answer.values() for k, v in table.items())
        case dict():
            return frozenset(_normal(v) for v in answer.values())
        case list() | tuple():
            return frozenset(word for part in answer for word in _words(part))
        case _:
            return frozenset({_normal(answer)})
