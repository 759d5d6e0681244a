"""SMT-LIB 2 (Barrett, Fontaine, Tinelli, "The SMT-LIB Standard 2.6"), as the back end `z3` sees a program.

Elements of enumerations are numbers; comments say which. What is optimized uses the extension of Z3.
"""

from __future__ import annotations

from collections.abc import Iterator

from nsr.language import ir
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import open_sorts
from nsr.language.sorts import EnumSort, NumberSort, SetSort, Sort
from nsr.reformulations.coding import none_code, scale_of
from nsr.reformulations.protocol import ASKED
from nsr.solvers import Gap, get_backend
from nsr.solvers.protocol import Cell, Refuter
from nsr.solvers.z3.write import Writer
from nsr.writers.ground import Ground, asked_of, budget_for_text, ground, statement_text, with_asked
from nsr.writers.names import comment

__all__ = ["to_smt2"]

LOGIC = "(set-logic ALL)"


def to_smt2(program: ir.Program, question: int = 0) -> str:
    """One question of a program for an SMT solver: what holds, then a `check-sat` for everything that is asked.

    Open types become sorts without a definition, with quantifiers.

    Raises:
        Gap: for what Z3 does not take, and goals that are no question of satisfiability.
        BudgetExceeded: where the text would grow too large.
    """
    program = with_named_things_only(program)
    lines = _open(program, question) if open_sorts(program) else _ground(program, question)
    return "\n".join([comment("written by nsr", ";"), LOGIC, *lines, ""])


def _open(program: ir.Program, number: int) -> Iterator[str]:
    asked = asked_of(program, number)
    backend = get_backend("z3")
    assert isinstance(backend, Refuter)
    if not asked and program.questions[number].objectives:
        raise Gap(("objectives over open types",))
    encoding = backend.compile_open(with_asked(program, number, [a.formula for a in asked]), budget_for_text())
    yield from _without_comments(encoding.base)
    groups = dict(encoding.groups)
    required = {r.name: r for r in program.requirements_of(program.questions[number])}
    for name, text in groups.items():
        if not name.startswith(ASKED):
            yield from _stated(program, required.get(name), text)
    yield from _checks([(a.title, groups[f"{ASKED}{n}"]) for n, a in enumerate(asked)], "")


def _ground(program: ir.Program, number: int) -> Iterator[str]:
    backend = get_backend("z3")
    budget = budget_for_text()
    found = ground(program, number, backend.spec.native, budget)
    yield from _codes(program)
    writer = Writer(found.program, budget)
    requirements = [(r, f"(assert {writer.formula(r.formula)})") for r in found.program.requirements]
    asked = [(a.title, f"(assert {writer.formula(a.formula)})") for a in found.asked]
    yield from _without_comments(writer.base_text())
    required = {r.name: r for r in program.requirements_of(found.question)}
    for requirement, text in requirements:
        yield from _stated(program, required.get(requirement.name), text)
    names: dict[tuple[object, ...], str] = {
        (cell.symbol, *cell.args): f"|{cell.variable.partition(' ')[2]}|" for cell in writer.cells
    }
    yield from _aims(found, names)
    yield from _checks(asked, _values(found, writer.cells, names))


def _without_comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(";")]


def _stated(program: ir.Program, requirement: ir.Requirement | None, text: str) -> Iterator[str]:
    """A requirement behind its label, its sentences and its formula as comments."""
    if requirement is not None:
        name = f"{requirement.name}: " if requirement.has_label else ""
        told = [*requirement.citations, statement_text(program, requirement.formula)]
        if any(told):
            yield comment(name + " | ".join(part for part in told if part), ";")
    yield text


def _codes(program: ir.Program) -> Iterator[str]:
    """Which number stands for which element, and for `none`."""
    seen: dict[Sort, None] = {}
    for function in program.unknowns():
        sort = function.value.element if isinstance(function.value, SetSort) else function.value
        seen[sort] = None
        if function.is_optional and (code := none_code(function.value)) is not None:
            yield comment(f"{function.name}: {code} is none", ";")
    for sort in seen:
        if isinstance(sort, EnumSort):
            yield comment(f"{sort.name}: " + ", ".join(f"{n} is {e}" for n, e in enumerate(sort.elements)), ";")
        if isinstance(sort, NumberSort) and scale_of(sort) != 1:
            yield comment(f"{sort.name}: {scale_of(sort)} times the number", ";")


def _aims(found: Ground, names: dict[tuple[object, ...], str]) -> Iterator[str]:
    if len(found.aims) > 1:
        yield "(set-option :opt.priority lex)"
    for aim in found.aims:
        times = "" if aim.scale == 1 else f", {aim.scale} times its value"
        yield comment(f"the objective {aim.name}{times}; an extension of Z3", ";")
        yield f"({aim.kind} {names[(aim.symbol,)]})"


def _values(found: Ground, cells: list[Cell], names: dict[tuple[object, ...], str]) -> str:
    own = {f.name for f in found.program.unknowns() if not f.is_auxiliary}
    wanted = [names[(cell.symbol, *cell.args)] for cell in cells if cell.symbol in own]
    held = {shown.symbol for shown in found.values if shown.symbol.startswith(ASKED)}
    wanted += [names[(cell.symbol, *cell.args)] for cell in cells if cell.symbol in held]
    wanted += [names[(aim.symbol,)] for aim in found.aims]
    return f"(get-value ({' '.join(wanted)}))" if wanted else ""


def _checks(asked: list[tuple[str, str]], values: str) -> Iterator[str]:
    """One `check-sat` for each formula that is asked about, in a world of its own; else one for all that holds."""
    if not asked:
        yield "(check-sat)"
        yield from ([values] if values else [])
    for title, text in asked:
        yield comment(f"has {title} a world?", ";")
        yield from ("(push 1)", text, "(check-sat)", "(pop 1)")
