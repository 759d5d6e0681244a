"""How often the audit is wrong about right statements of generated clues, by relation and by wording.

python -m benchmarks.puzzles.alarms --problems 500 --test --reserved
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.puzzles.programs import checked, statement
from benchmarks.puzzles.report import progress, save, share, share_json, table
from nsr.formalizers.mentions import Tagger
from nsr.formalizers.sentence import put_back
from nsr.lint.audit import audit
from nsr.synth.clues import Clue, gold, render
from nsr.synth.contexts import Context, Style, draw_context
from nsr.synth.drafts import Draft, draft
from nsr.synth.logic_grid import ALIKE, SLIPS


def right_statements(rng: random.Random, context: Context, clues: int) -> list[tuple[Clue, str]]:
    """Random clues of a problem with their right formulas."""
    tagger = Tagger(context.declarations)
    found = []
    while len(found) < clues:
        drafted = draft(rng, context)
        if drafted is None or _is_idle(drafted):
            continue
        clue = render(rng, context, drafted)
        tagged = tagger.tag(clue.text)
        reply = gold(clue, tagged, context)
        if reply is not None:
            found.append((clue, put_back(reply, tagged, context.declarations)))
    return found


def _is_idle(drafted: Draft) -> bool:
    """Whether a plain (un)equality is of two values of one category: no puzzle has such a clue."""
    return drafted.relation.name in ("same", "different") and len({t.category for t in drafted.slots.values()}) == 1


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", type=int, default=300, help="problems drawn (default 300)")
    parser.add_argument("--clues", type=int, default=10, help="clues of each (default 10)")
    parser.add_argument("--test", action="store_true", help="names and values that training does not have")
    parser.add_argument("--reserved", action="store_true", help="wordings that training does not have")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N alarms of each kind")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers")
    options = parser.parse_args(arguments)
    style = Style(test=options.test, reserved=options.reserved, alike=ALIKE, slips=SLIPS, tells=True)
    totals: Counter[str] = Counter()
    alarms: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    by_code: Counter[str] = Counter()
    with_alarm = skipped = 0
    for number in progress(range(options.problems), "problems"):
        rng = random.Random(f"alarms/{options.seed}/{number}")
        context = draw_context(rng, style)
        clues = right_statements(rng, context, options.clues)
        lines = [statement(f"c{i}", clue.text, formula) for i, (clue, formula) in enumerate(clues)]
        try:
            program = checked(context.declarations, lines)
        except ValueError as error:
            skipped += 1
            print(f"a right statement does not check: {error}", file=sys.stderr)
            continue
        findings = audit(program, declarations=context.declarations)
        with_alarm += any(findings.values())
        for i, (clue, formula) in enumerate(clues):
            assert clue.draft is not None
            totals[clue.draft.relation.name] += 1
            for finding in findings[f"c{i}"]:
                by_code[finding.code] += 1
                alarms[clue.draft.relation.name].append((finding.code, finding.message, clue.text, formula))
    wrong = {name: len({(a[2], a[3]) for a in found}) for name, found in alarms.items()}
    rows = [[name, n, share(wrong.get(name, 0), n)] for name, n in totals.most_common()]
    print(table(["relation", "clues", "with a finding"], sorted(rows, key=lambda r: -wrong.get(str(r[0]), 0))))
    problems = options.problems - skipped
    print(f"\nproblems with a finding: {share(with_alarm, problems)} ({skipped} left out: a statement does not check)")
    print(f"clues with a finding:    {share(sum(wrong.values()), sum(totals.values()))}")
    print(f"by code: {dict(by_code.most_common())}")
    if options.show:
        by_kind: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for name, found in alarms.items():
            for code, message, text, formula in found:
                by_kind[code].append((f"{name}, {message}", text, formula))
        for code, found_ones in by_kind.items():
            print(f"\n{code}:")
            for name, text, formula in found_ones[: options.show]:
                print(f"  {name}: {text} | {formula}")
    save(
        options.json,
        {
            "problems": share_json(with_alarm, problems),
            "clues": share_json(sum(wrong.values()), sum(totals.values())),
            "relations": {name: share_json(wrong.get(name, 0), n) for name, n in totals.items()},
            "codes": dict(by_code),
        },
    )


if __name__ == "__main__":
    main()
