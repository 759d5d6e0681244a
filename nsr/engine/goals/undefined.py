"""Values that can be undefined are refused before anything is solved: a solver is asked for a world where they are."""

from __future__ import annotations

from collections.abc import Sequence

from nsr.engine.goals.no_world import no_world
from nsr.engine.goals.possible import possible
from nsr.engine.goals.section import Section, result
from nsr.explain.statements import world_text
from nsr.language import ir
from nsr.language.traverse import subterms
from nsr.results import Evidence, EvidenceKind, QuestionResult, Status

__all__ = ["can_be_undefined", "first_undefined"]


def can_be_undefined(program: ir.Program, term: ir.Term) -> bool:
    """Whether anything in a term, or in a definition it uses, may have no value; decided by its constructs alone."""
    seen: set[str] = set()
    open_terms = [term]
    while open_terms:
        for node in subterms(open_terms.pop()):
            match node:
                case (
                    ir.Divide()
                    | ir.FloorDivide()
                    | ir.Modulo()
                    | ir.Power()
                    | ir.ElementAt()
                    | ir.Restrict()
                    | ir.Piecewise()
                    | ir.Extremum()
                ):
                    return True
                case ir.Aggregate(kind="min" | "max"):
                    return True
                case ir.Apply(symbol):
                    if program.symbols[symbol].is_optional:
                        return True
                    if symbol in program.definitions and symbol not in seen:
                        seen.add(symbol)
                        open_terms.append(program.definitions[symbol].body)
                case _:
                    pass
    return False


async def first_undefined(section: Section, terms: Sequence[tuple[ir.Term, str]]) -> QuestionResult | None:
    """The refusal of the first term that is undefined in some world; each comes with what it is called."""
    doubtful = [(term, name) for term, name in terms if can_be_undefined(section.program, term)]
    if not doubtful:
        return None
    bare = section.with_question(objectives=(), softs=())
    found = await possible(bare, [ir.Not(ir.Equal(term, term)) for term, _ in doubtful])
    if not found.has_world:
        return await no_world(section, found.outcome)
    for (_, name), is_undefined, world in zip(doubtful, found.verdicts, found.worlds, strict=True):
        if is_undefined and world is not None:
            told = f"{name} has no value where {world_text(section.program, world, section.spelling)}"
            evidence = Evidence(
                kind=EvidenceKind.CHECKED,
                backend=found.outcome.backend,
                worlds=(section.world(world, f"{name} has no value here"),),
            )
            return result(Status.ABSTAINED, None, evidence, told, reason=told)
    return None
