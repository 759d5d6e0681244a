"""Sentence accuracy of a trained folder: on ZebraLogic clues (a path is given) and on the generator's held-out split.

    python benchmarks/embedded_sentences.py --zebralogic PATH/zebralogic.dev.jsonl [--candidates 4] [--folder FOLDER]

A reply counts as right when it is true in the same arrangements as the reference (truth table over positions).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nsr.formalizers.declarations import Declarations
from nsr.formalizers.mentions import TaggedSentence, Tagger, Thing
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.sentence import grammar, prompt
from nsr.llm.local import LocalModel
from nsr.llm.protocol import Request, Sampling
from nsr.synth.contexts import Style
from nsr.synth.formula import equivalent
from nsr.training.data import examples
from nsr.training.replies import Replier

_FORMS = {
    "same_house": "{a} == {b}",
    "found_at": "{a} == {b}",
    "not_at": "{a} != {b}",
    "directly_left": "{a} + 1 == {b}",
    "left_of": "{a} < {b}",
    "right_of": "{a} > {b}",
    "side_by_side": "abs({a} - {b}) == 1",
    "between_one": "abs({a} - {b}) == 1 + 1",
    "between_two": "abs({a} - {b}) == 2 + 1",
}


def category_of(record: dict[str, Any], declared: Declarations) -> dict[str, int]:
    """Which declared category is which column of the reference (in the order of the text where values agree)."""
    found: dict[str, int] = {}
    header = record["solution"]["header"]
    for index, name in enumerate(header):
        values = {row[index].lower() for row in record["solution"]["rows"]}
        for number, category in enumerate(declared.categories):
            if {v.text.lower() for v in category.values} == values and number not in found.values():
                found[name] = number
                break
    return found


def thing_of(entry: Any, columns: dict[str, int], declared: Declarations) -> Thing:
    """The declared value a reference entry names."""
    if not isinstance(entry, list):
        return Thing(declared.base, int(entry) - 1)
    category = columns[entry[0]]
    texts = [v.text.lower() for v in declared.categories[category].values]
    return Thing(category, texts.index(entry[1].lower()))


@dataclass(frozen=True, slots=True)
class Row:
    """A clue with its tags and the reply that is right."""

    puzzle: int
    kind: str
    clue: str
    tagged: TaggedSentence
    declared: Declarations
    reference: str

    def is_right(self, reply: str) -> bool:
        """Whether a reply is true in the same arrangements as the reference."""
        groups = {tag: thing.category for tag, thing in self.tagged.things.items()}
        base = self.declared.base
        fixed = {tag: thing.value for tag, thing in self.tagged.things.items() if thing.category == base}
        numbers = {tag: number.number for tag, number in self.tagged.numbers.items()}
        size = len(self.declared.base_category.values)
        return equivalent(reply, self.reference, size, fixed, groups, numbers)


def read_rows(path: Path) -> list[Row]:
    """The clues of all puzzles whose declarations are found; prints how many those are."""
    rows: list[Row] = []
    puzzles = declared_right = 0
    for record in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        declared = read_declarations(record["puzzle"])
        puzzles += 1
        if declared is None or len(category_of(record, declared)) < len(record["solution"]["header"]):
            continue
        declared_right += 1
        columns = category_of(record, declared)
        tagger = Tagger(declared)
        for clue, (kind, *entries) in zip(record["clues"], record["clue_ir"], strict=True):
            tagged = tagger.tag(clue)
            tags = [tagged.tag_of(thing_of(e, columns, declared)) for e in entries]
            rows.append(Row(puzzles, kind, clue, tagged, declared, _FORMS[kind].format(a=tags[0], b=tags[1])))
    print(f"declarations right: {declared_right} of {puzzles} puzzles")
    print(f"needed mentions found: {sum('None' not in r.reference for r in rows)} of {len(rows)} clues")
    return rows


def zebralogic(replier: Replier, rows: Sequence[Row], errors: int) -> None:
    """The bare language model, greedy."""
    started = time.perf_counter()
    replies = replier.greedy([prompt(r.tagged, r.declared) for r in rows])
    seconds = time.perf_counter() - started
    total = Counter(r.kind for r in rows)
    wrong = [(r, reply) for r, reply in zip(rows, replies, strict=True) if not r.is_right(reply)]
    for row, reply in wrong[:errors]:
        print(f"  wrong: {row.clue}\n         {prompt(row.tagged, row.declared)!r}")
        print(f"         {reply}   for   {row.reference}")
    for kind in sorted(total):
        print(f"  {kind:15} {total[kind] - sum(r.kind == kind for r, _ in wrong):5} of {total[kind]:5}")
    right, count = len(rows) - len(wrong), len(rows)
    whole = len({r.puzzle for r in rows}) - len({r.puzzle for r, _ in wrong})
    print(f"clues right, greedy: {right} of {count} = {right / count:.4f}; {count / seconds:.0f} clues/s")
    print(f"all clues right: {whole} of {len({r.puzzle for r in rows})} puzzles")


def next_best(folder: Path, rows: Sequence[Row], candidates: int) -> None:
    """The `candidates` best replies under each sentence's grammar: is the right one among them?"""
    requests = [
        Request(prompt(r.tagged, r.declared), grammar(r.tagged, r.declared), Sampling(max_tokens=96, n_best=candidates))
        for r in rows
    ]
    started = time.perf_counter()
    generations = LocalModel(folder).generate(requests)
    seconds = time.perf_counter() - started
    places: Counter[int] = Counter()
    low: list[tuple[float, bool]] = []
    for row, generation in zip(rows, generations, strict=True):
        found = [row.is_right(c.text) for c in generation.completions]
        places[found.index(True) + 1 if True in found else 0] += 1
        best, *others = [c.log_probability or 0.0 for c in generation.completions]
        low.append((best - others[0] if others else 99.0, bool(found and found[0])))
    low.sort()
    count = len(rows)
    few = max(1, count // 50)
    print(
        f"under the grammar, {candidates} best: "
        + ", ".join(f"place {p}: {places[p]}" for p in range(1, candidates + 1))
    )
    print(f"  not among them: {places[0]} of {count}; {count / seconds:.0f} clues/s")
    print(f"  wrong first ones within the {few} smallest margins: {sum(not ok for _, ok in low[:few])} of "
          f"{sum(not ok for _, ok in low)}")  # fmt: skip


def generated(replier: Replier, count: int, *, errors: int) -> None:
    """Measures on held-out generated clues: unseen names and values, with seen and with unseen wordings."""
    for reserved in (False, True):
        stream = examples(random.Random(f"benchmark {reserved}"), Style(test=True, reserved=reserved))
        drawn = [next(stream) for _ in range(count)]
        replies = replier.greedy([e.prompt for e in drawn])
        total = Counter(e.relation for e in drawn)
        right = Counter(e.relation for e, reply in zip(drawn, replies, strict=True) if reply == e.reply)
        label = "unseen wordings" if reserved else "seen wordings"
        share = sum(right.values()) / count
        print(f"generated clues, unseen values, {label}: {sum(right.values())} of {count} = {share:.4f}")
        worst = sorted(total, key=lambda r: right[r] / total[r])[:14]
        print("  worst: " + ", ".join(f"{r} {right[r]}/{total[r]}" for r in worst))
        shown = 0
        for e, reply in zip(drawn, replies, strict=True):
            if reply != e.reply and shown < errors:
                shown += 1
                print(f"  wrong {e.relation}: {e.prompt!r}\n         {reply}   for   {e.reply}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parents[1] / "nsr/formalizers/embedded")
    parser.add_argument("--zebralogic", type=Path)
    parser.add_argument("--generated", type=int, default=2000)
    parser.add_argument("--candidates", type=int, default=0)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    replier = Replier(options.folder, options.threads)
    if options.zebralogic:
        rows = read_rows(options.zebralogic)
        zebralogic(replier, rows, options.errors)
        if options.candidates:
            next_best(options.folder, rows, options.candidates)
    if options.generated:
        generated(replier, options.generated, errors=options.errors)


if __name__ == "__main__":
    main()
