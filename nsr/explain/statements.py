"""Statements beside the sentences that they quote, whether a solution satisfies them, and where two worlds differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nsr.explain.grid import arguments_text
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.evaluate import holds
from nsr.language.sorts import Value
from nsr.language.traverse import subterms
from nsr.limits import Budget
from nsr.results import Reason

MOST_CELLS = 6
"""Cells of two worlds that are named where they differ."""


def statement_reasons(
    program: ir.Program, question: ir.Question, structure: ir.Structure, budget: Budget
) -> tuple[Reason, ...]:
    """Every statement of a question with its sentence, its text in the program, and its value under `structure`."""
    return tuple(
        Reason(
            label=requirement.name,
            sentences=requirement.citations,
            formula=formula_text(program, requirement.formula),
            holds=holds(requirement.formula, structure, program, budget=budget),
        )
        for requirement in program.requirements_of(question)
        if not is_written_out(program, requirement)
    )


def is_written_out(program: ir.Program, requirement: ir.Requirement) -> bool:
    """Whether a requirement stands in no source: what is known of a `two_sided` relation holds."""
    parts = subterms(requirement.formula)
    return any(isinstance(part, ir.Apply) and program.symbols[part.symbol].is_auxiliary for part in parts)


def wish_reasons(
    program: ir.Program, question: ir.Question, structure: ir.Structure, budget: Budget
) -> tuple[Reason, ...]:
    """Every wish of a question, and whether it comes true under `structure`."""
    return tuple(
        Reason(
            label=wish.name,
            sentences=wish.citations,
            formula=formula_text(program, wish.formula),
            holds=holds(wish.formula, structure, program, budget=budget),
        )
        for wish in program.softs_of(question)
    )


def core_reasons(program: ir.Program, question: ir.Question, core: Sequence[str]) -> tuple[Reason, ...]:
    """The statements of a core, in its order, each with its sentence and its text in the program."""
    known = {name: (citations, node) for name, citations, node in _statements(program, question)}
    return tuple(
        Reason(label=n, sentences=known[n][0], formula=formula_text(program, known[n][1]), holds=None)
        for n in core
        if n in known
    )


def _statements(program: ir.Program, question: ir.Question) -> Iterator[tuple[str, tuple[str, ...], ir.Node]]:
    for requirement in program.requirements_of(question):
        yield requirement.name, requirement.citations, requirement.formula
    for fact in program.facts_of(question):
        yield fact.name, fact.citations, fact
    for rule in program.rules_of(question):
        yield rule.name, rule.citations, rule


def formula_text(program: ir.Program, node: ir.Node) -> str:
    """A formula, term or statement as the source writes it, on one line; empty where it was not written."""
    span = node.origin.span
    if span.end > span.start:
        return " ".join(program.source[span.start : span.end].split())
    return ""


def cell_name(function: ir.Function, args: tuple[Value, ...], spelling: Spelling) -> str:
    """`pet of Ann` for `pet(ann)`; a symbol without arguments is itself."""
    told = arguments_text(function, args, spelling)
    name = function.name.replace("_", " ")
    return f"{name} of {told}" if told else name


def differences(program: ir.Program, left: ir.Structure, right: ir.Structure, spelling: Spelling) -> str:
    """The first cells in which two worlds have different values, with both."""
    cells = [
        f"{cell_name(function, args, spelling)} "
        f"({_word(spelling, value, function)} or {_word(spelling, right[function.name].get(args), function)})"
        for function in _shown(program)
        for args, value in left.get(function.name, {}).items()
        if right.get(function.name, {}).get(args) != value
    ]
    more = f" and {len(cells) - MOST_CELLS} more" if len(cells) > MOST_CELLS else ""
    return ", ".join(cells[:MOST_CELLS]) + more


def world_text(program: ir.Program, structure: ir.Structure, spelling: Spelling) -> str:
    """The first cells of a world, with their values."""
    cells = [
        f"{cell_name(function, args, spelling)} is {_word(spelling, value, function)}"
        for function in _shown(program)
        for args, value in structure.get(function.name, {}).items()
    ]
    more = " ..." if len(cells) > MOST_CELLS else ""
    return (", ".join(cells[:MOST_CELLS]) + more) or "there are no unknowns"


def _shown(program: ir.Program) -> Iterator[ir.Function]:
    return (f for f in (*program.unknowns(), *program.relations()) if not f.is_auxiliary)


def _word(spelling: Spelling, value: Value, function: ir.Function) -> str:
    told = spelling.value(value, function.value)
    if isinstance(told, list):
        return "{" + ", ".join(map(str, told)) + "}"
    return "none" if told is None else str(told).lower() if isinstance(told, bool) else str(told)
