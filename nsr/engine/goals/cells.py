"""Why a cell of the one solution has its value: the sentences that force it, step by step.

A cell that nothing forces has no reason; those that are forced are the same in every solution. Cells that need fewest
sentences come first, and later ones may rest on them, so that no step is longer than it must be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nsr.engine.goals.section import Section, search
from nsr.engine.options import Options
from nsr.explain.grid import grid_functions
from nsr.explain.rules import rules_for, side_of
from nsr.explain.spelling import Spelling
from nsr.explain.statements import cell_name, formula_text
from nsr.language import ir
from nsr.language.sorts import Value
from nsr.results import Reason
from nsr.solvers import CoreJob

__all__ = ["cell_reasons", "is_about_cells"]

DENIED = "the cell"
"""The name of the requirement that denies a cell; no label has blanks."""

LONG = 2
"""A core of more statements than this is looked for again with the cells explained before it."""


@dataclass(frozen=True, slots=True)
class _Cell:
    name: str
    term: ir.Term


def is_about_cells(program: ir.Program) -> bool:
    """Whether the first question asks for one solution, or the only one, and nothing makes it the best one."""
    question = program.questions[0]
    is_one = isinstance(question.goal, ir.Find) and question.goal.mode in ("one", "unique")
    return is_one and not question.objectives and not program.softs_of(question)


async def cell_reasons(program: ir.Program, options: Options, spelling: Spelling) -> tuple[Reason, ...]:
    """For each cell of the one solution that is forced, the sentences that do: a minimal core with the cell denied.

    Cells that need fewest sentences come first; a step may rest on cells before it, which it then names.
    """
    section = Section(program, 0, options, spelling)
    outcome = await section.run(search(section, 1))
    if not outcome.structures:
        return ()
    cells = _cells(section, outcome.structures[0])
    alone = [(cell, await _core(section, cell, ())) for cell in cells]
    ordered = sorted(alone, key=lambda pair: len(pair[1]))
    reasons = []
    known: list[_Cell] = []
    for cell, core in ordered:
        if len(core) > LONG:
            core = min((await _core(section, cell, known), core), key=len)
        if core:
            reasons.append(_reason(section, cell, core))
            known.append(cell)
    return tuple(reasons)


def _cells(section: Section, structure: ir.Structure) -> list[_Cell]:
    found = grid_functions(section.program)
    functions = found[1] if found else tuple(f for f in section.program.unknowns() if not f.is_auxiliary)
    return [_cell(section, f, args, value) for f in functions for args, value in structure[f.name].items()]


def _cell(section: Section, function: ir.Function, args: tuple[Value, ...], value: Value) -> _Cell:
    call = ir.Apply(function.name, tuple(map(ir.Literal, args, function.arguments)), function.value)
    told = section.spelling.value(value, function.value)
    name = f"{cell_name(function, args, section.spelling)} = {told}"
    return _Cell(name, ir.Equal(call, ir.Literal(value, function.value)))


async def _core(section: Section, cell: _Cell, known: Sequence[_Cell]) -> tuple[str, ...]:
    """A minimal set of statements, and of cells known before, that forces a cell; cells before statements."""
    steps = [ir.Requirement(c.name, "assume", c.term) for c in known]
    against = section.holding((*steps, ir.Requirement(DENIED, "assume", ir.Not(cell.term))))
    core = (await against.run(CoreJob(against.program, against.number))).core
    return tuple(name for name in core if name != DENIED)


def _reason(section: Section, cell: _Cell, core: Sequence[str]) -> Reason:
    by_name = {r.name: r for r in section.program.requirements_of(section.question)}
    sentences: list[str] = []
    for name in core:
        if name not in by_name:
            sentences.append(name)
        elif (side := side_of(section.program, found := by_name[name])) is not None:
            behind = rules_for(section.program, section.question, [side[0]])
            sentences += [told for reason in behind for told in reason.sentences or (reason.formula,)]
        else:
            sentences += found.citations or (formula_text(section.program, found.formula) or name,)
    return Reason(label=cell.name, sentences=tuple(sentences), holds=True)
