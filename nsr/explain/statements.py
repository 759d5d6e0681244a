"""Statements beside the sentences that they quote, and whether a solution satisfies them."""

from __future__ import annotations

from nsr.explain.grid import arguments_text
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.language.evaluate import holds
from nsr.language.sorts import Value
from nsr.limits import Budget
from nsr.results import Reason


def statement_reasons(
    program: ir.Program, question: ir.Question, structure: ir.Structure, budget: Budget
) -> tuple[Reason, ...]:
    """Every statement of a question with its sentence, its text in the program, and its value under `structure`."""
    return tuple(
        Reason(
            label=requirement.name,
            sentences=requirement.citations,
            formula=formula_text(program, requirement),
            holds=holds(requirement.formula, structure, program, budget=budget),
        )
        for requirement in program.requirements_of(question)
    )


def formula_text(program: ir.Program, requirement: ir.Requirement) -> str:
    """A requirement's formula as the source writes it, on one line."""
    span = requirement.formula.origin.span
    if span.end > span.start:
        return " ".join(program.source[span.start : span.end].split())
    return ""


def cell_name(function: ir.Function, args: tuple[Value, ...], spelling: Spelling) -> str:
    """`pet of Ann` for `pet(ann)`; a symbol without arguments is itself."""
    told = arguments_text(function, args, spelling)
    name = function.name.replace("_", " ")
    return f"{name} of {told}" if told else name
