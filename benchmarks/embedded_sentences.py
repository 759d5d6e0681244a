"""Sentence accuracy of a trained folder: on ZebraLogic clues (a path is given) and on the generator's held-out split.

    python benchmarks/embedded_sentences.py --zebralogic PATH/zebralogic.dev.jsonl [--folder FOLDER] [--errors 20]

A reply counts as right when it is true in the same arrangements as the reference (truth table over positions).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from nsr.formalizers.declarations import Declarations
from nsr.formalizers.mentions import TaggedSentence, Tagger, Thing
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.sentence import prompt
from nsr.synth.clues import Style
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


def zebralogic(replier: Replier, path: Path, errors: int) -> None:
    """Measures on a file of ZebraLogic records."""
    rows: list[tuple[int, str, str, TaggedSentence, Declarations, str]] = []
    puzzles = declared_right = needed = 0
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
            needed += None not in tags
            rows.append((puzzles, kind, clue, tagged, declared, _FORMS[kind].format(a=tags[0], b=tags[1])))
    started = time.perf_counter()
    replies = replier.greedy([prompt(tagged, declared) for _, _, _, tagged, declared, _ in rows])
    seconds = time.perf_counter() - started
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong_puzzles: set[int] = set()
    for (puzzle, kind, clue, tagged, declared, reference), reply in zip(rows, replies, strict=True):
        groups = {tag: thing.category for tag, thing in tagged.things.items()}
        fixed = {tag: thing.value for tag, thing in tagged.things.items() if thing.category == declared.base}
        numbers = {tag: number.number for tag, number in tagged.numbers.items()}
        size = len(declared.base_category.values)
        total[kind] += 1
        if equivalent(reply, reference, size, fixed, groups, numbers):
            right[kind] += 1
        else:
            wrong_puzzles.add(puzzle)
            if len(wrong_puzzles) <= errors:
                print(f"  wrong: {clue}\n         {prompt(tagged, declared)!r}\n         {reply}   for   {reference}")
    print(f"declarations right: {declared_right} of {puzzles} puzzles")
    print(f"needed mentions found: {needed} of {len(rows)} clues")
    for kind in sorted(total):
        print(f"  {kind:15} {right[kind]:5} of {total[kind]:5}")
    count = sum(total.values())
    right_count = sum(right.values())
    whole = declared_right - len(wrong_puzzles)
    print(f"clues right: {right_count} of {count} = {right_count / count:.4f}; {count / seconds:.0f} clues/s")
    print(f"all clues right: {whole} of {declared_right} puzzles")


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
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    replier = Replier(options.folder, options.threads)
    if options.zebralogic:
        zebralogic(replier, options.zebralogic, options.errors)
    if options.generated:
        generated(replier, options.generated, errors=options.errors)


if __name__ == "__main__":
    main()
