"""Programs written out, run elsewhere, and held to the answers that they have here."""

from __future__ import annotations

from typing import Any

from nsr.engine.checking import parse_program
from nsr.language import ir
from nsr.language.enumerate import NotDefined, worlds_of
from nsr.language.sorts import InfiniteSort
from nsr.limits import Budget, BudgetExceeded
from nsr.solvers import Gap, objectives_of
from nsr.testing.cases import WRITTEN_CASES, Case, Told
from nsr.writers import write

MOST = 60


def text_of(case: Case, to: str) -> str | None:
    """A case in a notation; None where that cannot be."""
    try:
        return write(parse_program(case.program), 0, to=to)
    except Gap:
        return None


def expected(case: Case, program: ir.Program) -> tuple[str, Any] | None:
    """What a run of the text has to come to, by what was found on paper: a kind, and what of it is to be compared."""
    told = case.told[0] if case.told else Told("")
    goal = program.questions[0].goal
    if program.missing or told.status in ("abstained", "feasible", "limit", "unattained", "unbounded"):
        return None
    if told.status in ("no_solution", "inconsistent") or (case.solutions == 0 and isinstance(goal, ir.Find)):
        return "none", None
    if objectives_of(program, 0):
        first = told.answer[0] if isinstance(told.answer, list) and told.answer else told.answer
        return ("optimum", first["objective"]) if isinstance(first, dict) and "objective" in first else None
    match goal:
        case ir.Find(mode="all" | "count"):
            every = None if goal.terms or goal.symbols else case.solutions
            count = case.answers if case.answers is not None else every
            return None if count is None or count > MOST else ("count", count)
        case ir.Find(mode="one"):
            return ("some", None) if case.solutions or told.status == "solved" else None
        case ir.Prove() | ir.Ask(binders=()):
            known = {"entailed": (True, False), "refuted": (False, True), "undetermined": (True, True)}
            return ("verdicts", known[told.status]) if told.status in known else None
        case _:
            return None


def worlds(program: ir.Program) -> list[dict[str, str]] | None:
    """All worlds of the first question as printed cells of the unknowns; None if there are too many."""
    try:
        found = worlds_of(program, program.questions[0], Budget(steps=60_000)).structures
    except (BudgetExceeded, InfiniteSort, NotDefined):
        return None
    return [cells_of(program, world) for world in found]


def cells_of(program: ir.Program, world: ir.Structure) -> dict[str, str]:
    """The cells of functions into finite sorts, as scripts print them."""
    out = {}
    for function in program.unknowns():
        if function.is_auxiliary:
            continue
        for args, value in world[function.name].items():
            place = f"({', '.join(map(str, args))})" if args else ""
            if isinstance(value, frozenset):
                continue
            told = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
            out[f"{function.name}{place}"] = "none" if value is None else told
    return out


CASES = [case for case in WRITTEN_CASES if "include" not in case.program and "rounded_data" not in case.name]
"""Texts take decimals as exact: what is answered with a tolerance has no solution there."""
