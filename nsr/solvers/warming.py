"""Small programs that a worker solves before the first request, so that everything lazy is loaded."""

from __future__ import annotations

from dataclasses import replace

from nsr.language import ir
from nsr.language.ir import Apply, Find, Function, Literal, Objective, Program, Question, Requirement
from nsr.language.sorts import EnumSort, IntSort
from nsr.solvers.jobs import CoreJob, Job, OptimizeJob, SatisfiableJob, SolutionsJob

__all__ = ["small_jobs", "touching_job"]


def small_jobs() -> tuple[Job, ...]:
    """One job of each frequent kind."""
    program = _small_program()
    formulas = tuple(r.formula for r in program.requirements)
    return (
        SolutionsJob(program, limit=2),
        SatisfiableJob(program, formulas=formulas),
        CoreJob(_contrary(program)),
        OptimizeJob(program, 1),
    )


def touching_job() -> Job:
    """One job that is over soon: what counts is that it goes through the code of every stage."""
    program = _small_program()
    return SolutionsJob(replace(program, requirements=program.requirements[:1]))


def _small_program() -> Program:
    place = IntSort(1, 4, "Place")
    things = EnumSort("Thing", ("a", "b", "c", "d"))
    symbols = {name: Function(name, "var", (things,), place, is_distinct=True) for name in ("f", "g")}

    def call(name: str, index: int) -> Apply:
        return Apply(name, (Literal(things.element(index), things),), place)

    f0, f1, f2, g0, g1, g2 = (call(name, index) for name in ("f", "g") for index in range(3))
    one = ir.integer(1)
    formulas: list[ir.Term] = [
        ir.Equal(ir.Sum((f0, one)), g1),
        ir.Equal(ir.Absolute(ir.Sum((f1, ir.Negate(g2)))), one),
        ir.Less(f0, f1),
        ir.Not(ir.Equal(g0, f0)),
        ir.Or((ir.Equal(f0, one), ir.And((ir.Less(g0, g1), ir.LessEqual(f2, g2))))),
        ir.Implies(ir.Equal(f0, one), ir.Xor(ir.Equal(g1, ir.integer(2)), ir.Equal(g2, ir.integer(2)))),
    ]
    requirements = tuple(Requirement(f"s{i}", "constraint", formula) for i, formula in enumerate(formulas, 1))
    best = Question(Find(), objectives=(Objective("sum", "minimize", ir.Sum((f0, g0))),))
    return Program({}, symbols, {}, {}, requirements, (Question(Find("unique")), best))


def _contrary(program: Program) -> Program:
    against = [Requirement(f"not_{r.name}", "constraint", ir.Not(r.formula)) for r in program.requirements]
    return replace(program, requirements=(*program.requirements, *against))
