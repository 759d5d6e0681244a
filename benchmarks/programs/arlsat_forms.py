"""What the questions of AR-LSAT ask for: every question under one form, with the numbers of each.

    python -m benchmarks.programs.arlsat_forms DATA/logic/arlsat.jsonl [--list FORM]

A form is how an option is right, the way the language's goals tell it apart; whether the question supposes something
("If ...") is counted beside it. The programs in the folder `arlsat_forms` are named by their form.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

__all__ = ["FORMS", "form_of", "is_supposing"]

FORMS: dict[str, str] = {
    "replaced": r"original condition .* is replaced",
    "equivalent": r"if substituted for",
    "determined_part": r"for which .* fully determined",
    "determines": r"(fully|completely) determined if",
    "forces": r"must be .* if which one of the following is true",
    "cannot_except": r"(must be false|cannot) except",
    "must_except": r"must be true except",
    "could_except": r"\bexcept\b",
    "count_solutions": r"how many (orders|ways)",
    "count_values": r"how many",
    "extremum": r"(maximum|minimum|earliest|latest)( possible)? (number|time)",
    "list_over_worlds": (
        r"(complete and accurate list of|lists all of) .*\b(who must|each of which|any of which|any one of)\b"
    ),
    "acceptable": (
        r"acceptable|allowable|permissible|matching|respectively|sequences|in each room|on each of|in each of the"
        r"|(list|order) .* from (first|earliest|monday)|from first to|could be the (schedule|display)|to cases"
    ),
    "complete_list": r"complete (and accurate list|assignment)|lists? of|assignment of volunteers to z",
    "cannot": r"\bcannot\b|must be false|not allowed",
    "must": r"\bmust\b|is required",
    "could": r"\bcould\b|is allowed|possible",
}
"""Patterns of the question in lower case, tried in this order."""


def form_of(question: str) -> str:
    """The first form whose pattern occurs in the question; `other` if none does."""
    text = " ".join(question.lower().split())
    return next((form for form, pattern in FORMS.items() if re.search(pattern, text)), "other")


def is_supposing(question: str) -> bool:
    """Whether the question adds a supposition of its own."""
    return bool(re.match(r"(if|assume|once)\b", question.strip(), re.IGNORECASE))


def _table(questions: Iterable[str]) -> str:
    plain: Counter[str] = Counter()
    supposing: Counter[str] = Counter()
    for question in questions:
        (supposing if is_supposing(question) else plain)[form_of(question)] += 1
    total = plain + supposing
    rows = [f"{'form':18} {'all':>4} {'plain':>6} {'if':>4}"]
    rows += [f"{form:18} {n:4} {plain[form]:6} {supposing[form]:4}" for form, n in total.most_common()]
    rows.append(f"{'total':18} {total.total():4} {plain.total():6} {supposing.total():4}")
    return "\n".join(rows)


def main() -> None:
    """Prints the table, or the ids of one form."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--list", metavar="FORM", help="the ids under a form instead of the table")
    options = parser.parse_args()
    rows = [json.loads(line) for line in Path(options.file).read_text(encoding="utf-8").splitlines()]
    if options.list:
        print("\n".join(f"{r['id']}  {r['question']}" for r in rows if form_of(r["question"]) == options.list))
    else:
        print(_table(r["question"] for r in rows))


if __name__ == "__main__":
    main()
