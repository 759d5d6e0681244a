"""Answer-set programs for clingo (Gebser et al., "Potassco User Guide", 2.2), as the back end `asp` sees a program.

Rules stay rules. Elements of enumerations are numbers; comments say which. A function has its value as its last
argument; one with very many values has the places of its binary digits there, counted from its least value.
"""

from __future__ import annotations

from collections.abc import Iterator

from nsr.language import ir
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import open_sorts
from nsr.language.sorts import BoolSort, EnumSort, Sort
from nsr.reformulations.protocol import BACKGROUND
from nsr.solvers import Gap, get_backend
from nsr.solvers.asp.compile import Compiler
from nsr.solvers.asp.numbers import of_number
from nsr.writers.ground import Ground, budget_for_text, ground, statement_text
from nsr.writers.names import Alphabet, Names, comment

__all__ = ["to_asp"]

ALPHABET = Alphabet(
    first="a-z",
    others="A-Za-z0-9_",
    prefix="x_",
    # What the back end's own auxiliary atoms are called, and what clingo reads as its own.
    reserved=frozenset({"a", "n", "k", "e", "not", "asked"}),
)


def to_asp(program: ir.Program, question: int = 0) -> str:
    """One question of a program for clingo; formulas that are asked about become atoms `asked(1)`, `asked(2)`, ...

    Raises:
        Gap: for what the back end does not take, and open types with unknown things.
        BudgetExceeded: where the text would grow too large.
    """
    program = with_named_things_only(program)
    if open_sorts(program):
        raise Gap(("open types",))
    return "\n".join([comment("written by nsr", "%"), *_lines(program, question), ""])


def _lines(program: ir.Program, number: int) -> Iterator[str]:
    budget = budget_for_text()
    found = ground(program, number, get_backend("asp").spec.native, budget)
    names = Names(ALPHABET)

    def naming(function: ir.Function) -> str:
        return names.of(function.name, function.name.lower())

    compiler = Compiler(found.program, budget, naming)
    written = [(r, compiler.group(r.formula)) for r in found.program.requirements]
    asked = [(one.title, compiler.literal(one.formula)) for one in found.asked]
    yield from _codes(program)
    yield from _symbols(found, names)
    yield from compiler.base
    stated = {r.name: r for r in program.requirements_of(program.questions[number])}
    for requirement, text in written:
        yield from _stated(program, stated.get(requirement.name), requirement, text)
    yield from _aims(found, compiler)
    for place, (title, literal) in enumerate(asked, 1):
        yield comment(f"{title}: possible if it is in some answer set (`--enum-mode=brave`)", "%")
        if literal is not False:
            yield f"asked({place})." if literal is True else f"asked({place}):-{literal}."
    yield from _shows(program, found, names)


def _codes(program: ir.Program) -> Iterator[str]:
    """What the numbers in the text stand for."""
    sorts: dict[str, Sort] = {}
    for function in program.symbols.values():
        for sort in (*function.arguments, function.value):
            if isinstance(sort, EnumSort):
                sorts[sort.name] = sort
    for name, sort in sorts.items():
        assert isinstance(sort, EnumSort)
        elements = [f"{place} {element}" for place, element in enumerate(sort.elements)]
        for start in range(0, len(elements), 12):
            yield comment(f"{name}: {', '.join(elements[start : start + 12])}", "%")


def _symbols(found: Ground, names: Names) -> Iterator[str]:
    """The original names of symbols that are called something else."""
    for function in found.program.symbols.values():
        if function.kind in ("var", "pred", "rel") and names.of(function.name) != function.name:
            told = "auxiliary" if function.is_auxiliary else function.name
            yield comment(f"{names.of(function.name)}: {told}", "%")


def _stated(
    program: ir.Program, source: ir.Requirement | None, requirement: ir.Requirement, text: str
) -> Iterator[str]:
    """A requirement behind its label, its sentences and its formula as comments."""
    if source is not None:
        label = f"{requirement.name}: " if source.has_label else ""
        told = " ".join(source.citations) or statement_text(program, source)
        yield comment(f"{label}{told}", "%")
    elif requirement.name.startswith(BACKGROUND):
        yield comment("from declarations and rules", "%")
    if text:
        yield text


def _aims(found: Ground, compiler: Compiler) -> Iterator[str]:
    """The objectives, those written first with the highest priority."""
    for place, aim in enumerate(found.aims):
        yield comment(f"{aim.kind} {aim.name}", "%")
        linear = of_number(compiler.cells.number(aim.symbol, ()))
        elements, _ = linear.elements()
        level = len(found.aims) - place
        ranked = [f"{weight}@{level},{rest}" for weight, _, rest in (one.partition(",") for one in elements)]
        yield f"#{aim.kind}{{{';'.join(ranked)}}}."


def _shows(program: ir.Program, found: Ground, names: Names) -> Iterator[str]:
    yield "#show."
    for function in (*program.unknowns(), *program.relations()):
        own = found.program.symbols.get(function.name)
        if own is not None and own.kind in ("var", "pred", "rel"):
            arity = len(own.arguments) + (not isinstance(own.value, BoolSort))
            yield f"#show {names.of(function.name)}/{arity}."
    if found.asked:
        yield "#show asked/1."
