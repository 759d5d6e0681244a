"""Whole sets whose sentences follow a few patterns: every problem as a program, every answer against the gold one.

    python -m benchmarks.programs.patterned DATA [--set NAME] [--limit N] [--backend auto] [--json FILE]

DATA is the folder with `logic`. The programs are in the idiom of those written by hand: open predicates and premises
for PrOntoQA, two-sided relations and rules for ProofWriter, places in an order for LogicalDeduction.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nsr
from benchmarks.programs.gold import SETS, gold_of, is_right
from benchmarks.puzzles.report import progress, save, share, spread, table

ORDINALS = {word: n for n, word in enumerate(("first", "second", "third", "fourth", "fifth", "sixth", "seventh"), 1)}
ORDINAL = "|".join(ORDINALS)


def sentences(text: str) -> list[str]:
    """The sentences of a text, without their full stops."""
    return [part.strip().rstrip(".") for part in re.split(r"\.(?:\s+|$)", text) if part.strip()]


def matched(pattern: str, text: str) -> re.Match[str]:
    """The match of a whole sentence.

    Raises:
        ValueError: if the sentence is not of that pattern.
    """
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(f"no pattern fits: {text}")
    return found


# PrOntoQA


def _class_name(word: str) -> str:
    return word.lower().removesuffix("es") if word.endswith("puses") else word.lower()


def prontoqa(row: dict[str, Any]) -> str:
    """Every sentence of a class as a premise."""
    *rules, last = sentences(row["context"])
    name, kind = matched(r"(\w+) is an? (\w+)", last).groups()
    premises = []
    for sentence in rules:
        found = re.fullmatch(r"(?:Each|Every) (\w+) is (not )?(?:an? )?(\w+)", sentence)
        found = found or matched(r"(\w+) are (not )?(\w+)", sentence)
        premises.append((_class_name(found[1]), found[2] or "", _class_name(found[3])))
    asked = matched(r".*\? (\w+) is (not )?(?:an? )?(\w+)\.?", row["question"])
    words = dict.fromkeys([kind, *(w for a, _, b in premises for w in (a, b)), _class_name(asked[3])])
    return "\n".join(
        [
            "type Thing",
            f"const {name.lower()}: Thing",
            "pred " + ", ".join(f"{word}(Thing)" for word in words),
            *(f"premise: forall x in Thing: {a}(x) implies {no}{b}(x)" for a, no, b in premises),
            f"premise: {kind}({name.lower()})",
            f"prove {asked[2] or ''}{_class_name(asked[3])}({asked[1].lower()})",
        ]
    )


# ProofWriter

_SUBJECT = r"((?:the|The) [a-z ]+?|[A-Z][a-z]+|it|they|something|someone|Something|Someone)"
_VERB = "chase|eat|like|visit|see|need"


@dataclass(slots=True)
class _Theory:
    """The things and relations met so far, in order."""

    things: dict[str, None] = field(default_factory=dict)
    unary: dict[str, None] = field(default_factory=dict)
    binary: dict[str, None] = field(default_factory=dict)

    def _thing(self, words: str) -> str:
        name = words.lower().removeprefix("the ").replace(" ", "_")
        if name in ("it", "they", "something", "someone"):
            return "X"
        self.things[name] = None
        return name

    def atom(self, text: str) -> str:
        """One simple sentence."""
        if found := re.fullmatch(rf"{_SUBJECT} (?:is|are) (not )?(\w+)", text):
            self.unary[found[3]] = None
            return f"{found[2] or ''}{found[3]}({self._thing(found[1])})"
        found = re.fullmatch(rf"{_SUBJECT} do(?:es)? (not )({_VERB}) (.+)", text)
        found = found or matched(rf"{_SUBJECT} ()({_VERB})s? (.+)", text)
        self.binary[found[3] + "s"] = None
        return f"{found[2]}{found[3]}s({self._thing(found[1])}, {self._thing(found[4])})"

    def body(self, text: str) -> str:
        """Sentences joined by "and"; a bare adjective takes the subject of the one before."""
        atoms, subject = [], ""
        for part in text.split(" and "):
            whole = f"{subject} is {part}" if re.fullmatch(r"(not )?\w+", part) else part
            if found := re.match(rf"{_SUBJECT} (?:is|are|do|does|{_VERB})", whole):
                subject = found[1]
            atoms.append(self.atom(whole))
        return ", ".join(atoms)

    def statement(self, text: str) -> str:
        """A fact or a rule."""
        if found := re.fullmatch(r"If (.+) then (.+)", text):
            return f"rule {self.atom(found[2])} if {self.body(found[1])}"
        if found := re.fullmatch(r"(?:All )?([\w, ]+?) (?:things|people) are (not )?(\w+)", text):
            body = ", ".join(self.atom(f"something is {word.strip().lower()}") for word in found[1].split(","))
            head = self.atom(f"something is {found[2] or ''}{found[3]}")
            return f"rule {head} if {body}"
        return f"fact {self.atom(text)}"


def proofwriter(row: dict[str, Any]) -> str:
    """Facts and rules over two-sided relations."""
    theory = _Theory()
    statements = [theory.statement(sentence) for sentence in sentences(row["context"])]
    goal = theory.atom(row["question"].rpartition("? ")[2].rstrip("."))
    declared = [f"type Thing = {{{', '.join(theory.things)}}}"]
    for names, arguments in ((theory.unary, "Thing"), (theory.binary, "Thing, Thing")):
        if names:
            declared.append("rel " + ", ".join(f"{name}({arguments})" for name in names) + " two_sided")
    return "\n".join((*declared, *statements, f"prove {goal}"))


# LogicalDeduction

_BEFORE = "to the left of|newer than|more expensive than|above"
_AFTER = "to the right of|older than|less expensive than|below"


def _item(words: str) -> str:
    return re.sub(r"^(and )?((an?|the) )?", "", words.strip().lower()).replace(" ", "_")


def _place(sentence: str, size: int) -> str:
    """A sentence on one place or two, in a formula; places go from left, new, dear and first."""
    if found := re.fullmatch(rf"(.+?) (?:is|are|finished) (?:({_BEFORE})|{_AFTER}) (.+)", sentence):
        return f"place({_item(found[1])}) {'<' if found[2] else '>'} place({_item(found[3])})"
    who, where = matched(r"(.+?) (?:is|are|finished) (?:the )?(.+)", sentence).groups()
    item = f"place({_item(who)})"
    if where in ("leftmost", "newest", "most expensive", "first"):
        return f"{item} == 1"
    if where in ("rightmost", "oldest", "cheapest", "last"):
        return f"{item} == {size}"
    found = re.fullmatch(rf"({ORDINAL})(?:()| from the left|-newest|-most expensive)", where)
    if found:
        return f"{item} == {ORDINALS[found[1]]}"
    found = matched(rf"({ORDINAL})(?: from the right|-oldest|-cheapest|-to-last)", where)
    return f"{item} == {size + 1 - ORDINALS[found[1]]}"


def logicaldeduction(row: dict[str, Any]) -> str:
    """Places of things in an order."""
    first, *clues = sentences(row["context"].partition("\n\n")[2])
    items = [_item(words) for words in re.split(r", ", first.partition(": ")[2])]
    options = [matched(r"([A-Z])\) (.*?)\.?", option) for option in row["options"]]
    return "\n".join(
        [
            f"type Place = 1..{len(items)}",
            f"type Item = {{{', '.join(items)}}}",
            "var place(Item): Place distinct",
            *(f"constraint: {_place(clue, len(items))}" for clue in clues),
            "choose must",
            *(f"option {option[1]}: {_place(option[2], len(items))}" for option in options),
        ]
    )


TRANSLATIONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "prontoqa": prontoqa,
    "proofwriter": proofwriter,
    "logicaldeduction": logicaldeduction,
}


def verdict(data: Path, name: str, row: dict[str, Any], backend: str) -> str:
    """`right`, `wrong`, `no pattern`, or the status that stood in the way."""
    try:
        source = TRANSLATIONS[name](row)
    except ValueError:
        return "no pattern"
    question = nsr.run(source, backend=backend).questions[0]
    if question.answer is None:
        return str(question.status)
    labels = [o[0] for o in row["options"]] if name == "logicaldeduction" else []
    return "right" if is_right(gold_of(data, name, Path(f"{row['id']}.nsr")), question.answer, labels) else "wrong"


def main() -> None:
    """Prints how many answers are the gold ones, by set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", action="append", choices=sorted(TRANSLATIONS), help="only this set; may be repeated")
    parser.add_argument("--limit", type=int, help="only the first so many problems of a set")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    options = parser.parse_args()
    numbers: dict[str, Any] = {}
    for name in options.set or TRANSLATIONS:
        lines = (options.data / SETS[name]).read_text(encoding="utf-8").splitlines()[: options.limit]
        counts: Counter[str] = Counter()
        seconds: list[float] = []
        for row in progress([json.loads(line) for line in lines], name):
            start = time.perf_counter()
            told = verdict(options.data, name, row, options.backend)
            seconds.append(time.perf_counter() - start)
            counts[told] += 1
            if told != "right":
                print(f"{row['id']}: {told}", file=sys.stderr)
        numbers[name] = {"verdicts": dict(counts), "n": len(lines), "seconds": spread(seconds)}
    kinds = sorted({kind for entry in numbers.values() for kind in entry["verdicts"]})
    rows = [(n, e["n"], *(e["verdicts"].get(k, 0) for k in kinds), e["seconds"]["median"]) for n, e in numbers.items()]
    print(table(("set", "n", *kinds, "seconds (median)"), rows))
    print("; ".join(f"{n}: {share(e['verdicts'].get('right', 0), e['n'])} right" for n, e in numbers.items()))
    save(options.json, numbers)


if __name__ == "__main__":
    main()
