"""Readers of logic puzzles: ZebraLogic, and knights and knaves."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from nsr.datasets.fields import Unreadable, named, short_fields, text_of, texts_of, unlabelled
from nsr.datasets.grids import is_grid
from nsr.datasets.protocol import AnswerKind, Doubt, Problem
from nsr.datasets.published import PublishedSet
from nsr.datasets.records import Record

__all__ = ["KNIGHTS_KNAVES", "ZEBRALOGIC", "ZEBRALOGIC_CHOICE"]

_HIDDEN = "_ "
"""Of what cells consist in solutions that the publishers keep to themselves."""

MAX_PEOPLE = 10
"""Inhabitants up to whom all roles are tried to check a gold answer."""


MAX_STATEMENTS = 20_000
"""Characters of the formal statements of a record; longer ones are not tried."""


def _zebra(record: Record) -> Iterator[Problem]:
    """Grid mode: `id`, `size`, `puzzle`, `solution`."""
    fields = record.fields
    yield Problem(
        id=named(fields, record.place),
        position=0,
        context=text_of(fields, "puzzle"),
        gold=fields.get("solution"),
        meta=short_fields(fields, "id", "puzzle", "created_at", "created"),
    )


def _zebra_choice(record: Record) -> Iterator[Problem]:
    """Multiple choice: `id`, `puzzle`, `question`, `choices`, `answer`."""
    fields = record.fields
    yield Problem(
        id=named(fields, record.place),
        position=0,
        context=text_of(fields, "puzzle"),
        question=text_of(fields, "question"),
        options=unlabelled(texts_of(fields, "choices")),
        gold=fields.get("answer"),
        meta=short_fields(fields, "id", "puzzle", "question", "answer", "created_at"),
    )


def _grid_checked(problem: Problem, fields: Mapping[str, Any]) -> Problem:
    """Doubts about a grid: hidden by its publishers, of another size than it is said to have, a value twice."""
    gold = problem.gold
    if not is_grid(gold):
        return problem
    cells = [str(c) for row in gold["rows"] for c in row[1:]]
    if cells and all(c.strip(_HIDDEN) == "" for c in cells):
        hidden = Doubt("hidden", "its publishers keep the solution to themselves")
        return replace(problem, gold=None, doubts=(*problem.doubts, hidden))
    return replace(problem, doubts=(*problem.doubts, *_of_size(gold, str(fields.get("size", "")))))


def _of_size(gold: Mapping[str, Any], size: str) -> Iterator[Doubt]:
    rows, columns = len(gold["rows"]), len(gold["header"]) - 1
    wanted = size.replace("x", "*").split("*")
    if len(wanted) == 2 and wanted != [str(rows), str(columns)]:
        yield Doubt("malformed", f"the size is {size}, the solution has {rows} rows and {columns} attributes")
    for number, heading in enumerate(gold["header"]):
        values = [str(row[number]) for row in gold["rows"]]
        if len(set(values)) < len(values):
            yield Doubt("malformed", f"a value of {heading!r} is in the solution twice")


def _is_zebra(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("puzzle"), str) and str(record.get("id", "")).startswith("lgp-")


ZEBRALOGIC = PublishedSet(
    name="zebralogic",
    title="ZebraLogic",
    licence="Apache-2.0 (code); solutions are given out on request only",
    source="https://huggingface.co/datasets/allenai/ZebraLogicBench (grid_mode, mc_mode)",
    kind=AnswerKind.GRID,
    problems=_zebra,
    marks=lambda r: _is_zebra(r) and "choices" not in r,
    checked=_grid_checked,
)

ZEBRALOGIC_CHOICE = replace(
    ZEBRALOGIC,
    name="zebralogic_mc",
    title="ZebraLogic, multiple choice",
    kind=AnswerKind.OPTION,
    problems=_zebra_choice,
    marks=lambda r: _is_zebra(r) and "choices" in r,
)


def _knights(record: Record) -> Iterator[Problem]:
    """`quiz` (or `puzzle`), `names`, and `solution`: of each name whether it is a knight, or which of both it is."""
    fields = record.fields
    names = texts_of(fields, "names")
    yield Problem(
        id=named(fields, record.place, "id", "index"),
        position=0,
        context=text_of(fields, "quiz", "puzzle"),
        gold=_roles(names, fields.get("solution")),
        meta={"size": len(names), **short_fields(fields, *_ROLE_FIELDS)},
    )


_ROLE_FIELDS = ("id", "index", "size", "quiz", "puzzle", "statements", "solution_text")


def _roles(names: list[str], given: Any) -> dict[str, str]:
    if isinstance(given, Mapping) and set(given) == set(names):
        return {name: str(given[name]) for name in names}
    if isinstance(given, list) and len(given) == len(names) and all(isinstance(v, bool) for v in given):
        return {name: "knight" if truth else "knave" for name, truth in zip(names, given, strict=True)}
    raise Unreadable("'solution' does not say of each name what it is")


def _roles_checked(problem: Problem, fields: Mapping[str, Any]) -> Problem:
    """Tries all roles on the formal statements of a record: the gold answer must be the only one that fits."""
    statements, names = _literal(fields.get("statements")), fields.get("names")
    if not isinstance(statements, (list, tuple)) or not isinstance(names, list) or not 0 < len(names) <= MAX_PEOPLE:
        return problem
    try:
        fitting = [
            roles
            for roles in product((True, False), repeat=len(names))
            if all(_holds(said, roles) is roles[i] for i, said in enumerate(statements))
        ]
    except Unreadable as error:
        return replace(problem, doubts=(*problem.doubts, Doubt("malformed", f"the formal statements: {error}")))
    gold = problem.gold if isinstance(problem.gold, Mapping) else {}
    told = tuple(gold.get(name) == "knight" for name in names)
    if fitting == [told]:
        return problem
    why = "is not the only one that fits" if told in fitting else "does not fit"
    return replace(problem, doubts=(*problem.doubts, Doubt("wrong", f"the gold answer {why} the formal statements")))


def _literal(value: Any) -> Any:
    """Statements as data; the published files have them as the text of a Python tuple."""
    if len(str(value)) > MAX_STATEMENTS:
        return None
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _holds(said: Any, roles: tuple[bool, ...], depth: int = 0) -> bool:
    """Whether a statement is true where these inhabitants are knights."""
    if depth > 50 or not isinstance(said, (list, tuple)) or not said:
        raise Unreadable("one of them is no statement")
    kind, *parts = said
    if kind in ("telling-truth", "lying"):
        if len(parts) != 1 or not isinstance(parts[0], int) or not 0 <= parts[0] < len(roles):
            raise Unreadable(f"{kind!r} without an inhabitant")
        return roles[parts[0]] is (kind == "telling-truth")
    values = [_holds(p, roles, depth + 1) for p in parts]
    match kind, values:
        case "not", [one]:
            return not one
        case "and", _:
            return all(values)
        case "or", _:
            return any(values)
        case "->", [left, right]:
            return not left or right
        case (("<=>" | "<->"), [left, right]):
            return left is right
        case _:
            raise Unreadable(f"{kind!r} is not known")


KNIGHTS_KNAVES = PublishedSet(
    name="knights_knaves",
    title="Knights and knaves",
    licence="MIT (generator); the data card may be stricter",
    source="https://huggingface.co/datasets/K-and-K/knights-and-knaves",
    kind=AnswerKind.ASSIGNMENT,
    problems=_knights,
    marks=lambda r: ("quiz" in r or "puzzle" in r) and "names" in r and "statements" in r,
    called=("kk",),
    checked=_roles_checked,
)
