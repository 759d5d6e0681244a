"""Which back end takes what: the answers to all written cases as a file for tests, and a page for people from it.

    python -m nsr.testing.matrix [--page-only] [--root FOLDER]

works every case off on every back end and writes `tests/conformance/matrix.txt`, then `docs/matrix.md` from it and from
the declarations of the back ends. With `--page-only` no case is solved.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from nsr.engine.checking import parse_program
from nsr.reformulations import Construct, Feature, features
from nsr.reformulations.graph import path_to
from nsr.results import QuestionResult
from nsr.solvers import backend_names, get_backend
from nsr.solvers.protocol import Task
from nsr.testing.cases import WRITTEN_CASES
from nsr.testing.conformance import NoPlan, results_of

__all__ = ["PAGE", "SNAPSHOT", "cell", "measured", "page", "read"]

SNAPSHOT = Path("tests/conformance/matrix.txt")
PAGE = Path("docs/matrix.md")
NO_PLAN = "no plan: "

_HEAD = """# Matrix of back ends

Written by `python -m nsr.testing.matrix`; a test sees to it that it is current.

## Constructs

How each construct, at each position where it matters, comes to a back end: as it is (●), through the reformulation
named (and those for what that brings in), or not at all (–). A back end that takes no open types is asked about finite
worlds, in which they are enumerations; *refutes* means that it is asked about worlds of any size. Statements about all
worlds (`possible`, `certain`, `fixed`) are taken apart before a back end is asked. What a program needs, and the
whole way to each back end, is said by `nsr explain-plan`.
"""

_CASES = """
## Cases

What each back end, alone, answers to the conformance cases of `nsr.testing.cases`, question by question. Where no plan
leads to it, what it lacks; another back end answers then.
"""


def cell(results: tuple[QuestionResult, ...] | NoPlan) -> str:
    """What a back end makes of a case, as the file has it."""
    if isinstance(results, NoPlan):
        return f"{NO_PLAN}{results}"
    return ", ".join(result.status.value for result in results)


def measured() -> str:
    """The file: a line a case, a column a back end. All cases are worked off in this process."""
    names = backend_names()
    lines = [" | ".join(["case", *names])]
    for case in WRITTEN_CASES:
        program = parse_program(case.program)
        lines.append(" | ".join([case.name, *(cell(results_of(program, name)) for name in names)]))
    return "\n".join(lines) + "\n"


def read(text: str) -> dict[str, dict[str, str]]:
    """The cells of the file, by case and back end."""
    head, *lines = (line.split(" | ") for line in text.splitlines())
    return {name: dict(zip(head[1:], cells, strict=True)) for name, *cells in lines}


def page(text: str) -> str:
    """The page for people, from the file and the declarations of the back ends."""
    cells = read(text)
    names = list(next(iter(cells.values()), {}))
    answered = {name: sum(not row[name].startswith(NO_PLAN) for row in cells.values()) for name in names}
    counts = [f"`{name}` answers {count} of {len(cells)} cases" for name, count in answered.items()]
    cases = _table(["case", *names], [[case, *map(_told, row.values())] for case, row in cells.items()])
    return f"{_HEAD}\n{_constructs()}{_CASES}\n{'; '.join(counts)}.\n\n{cases}"


def _told(cell: str) -> str:
    return f"– {cell.removeprefix(NO_PLAN)}" if cell.startswith(NO_PLAN) else cell


def _constructs() -> str:
    names = backend_names()
    rows = []
    for construct in (c for c in Construct if c is not Construct.MODAL):
        for feature in sorted(features(construct), key=lambda f: f.position.value):
            position = "" if len(features(construct)) == 1 else f" ({feature.position.value})"
            rows.append([construct.value + position, *(_reached(feature, name) for name in names)])
    return _table(["construct", *names], rows)


def _reached(feature: Feature, name: str) -> str:
    spec = get_backend(name).spec
    if feature in spec.native:
        return "●"
    if feature.construct is Construct.OPEN_TYPE and Task.REFUTE in spec.tasks:
        return "refutes"
    path = path_to([feature], spec.native)
    if not path.missing:
        return f"`{path.steps[0].name}`"
    lacking = {missing.construct.value for missing in path.missing} - {feature.construct.value}
    return " ".join(["–", *([f"({', '.join(sorted(lacking))})"] if lacking else [])])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the file and the page."""
    parser = argparse.ArgumentParser(prog="python -m nsr.testing.matrix", description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(), help="the project's folder")
    parser.add_argument("--page-only", action="store_true", help="take the file as it is")
    options = parser.parse_args(arguments)
    if not options.page_only:
        (options.root / SNAPSHOT).write_text(measured(), encoding="utf-8")
    text = (options.root / SNAPSHOT).read_text(encoding="utf-8")
    (options.root / PAGE).write_text(page(text), encoding="utf-8")


if __name__ == "__main__":
    main()
