"""Statements that hold, and the sections of a program: which requirement belongs to which question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as Choice

from nsr.diagnostics import Label, Span
from nsr.language import ast, ir
from nsr.language.check import binders, expressions, goals, partiality
from nsr.language.check.context import Context
from nsr.language.check.messages import suggestion

_Keyword = Choice["constraint", "premise", "assume"]


@dataclass(slots=True)
class Section:
    """What one `question`, or the part before the first one, holds."""

    statement: ast.Question | None
    index: int
    requirements: list[ir.Requirement] = field(default_factory=list)
    drops: list[ast.Name] = field(default_factory=list)
    goals: list[tuple[int, ast.Find | ast.Choose]] = field(default_factory=list)
    options: list[tuple[int, ast.Option]] = field(default_factory=list)
    has_refused_goal: bool = False


def sections(ctx: Context, statements: tuple[ast.Statement, ...]) -> list[Section]:
    """Check all statements but declarations, and sort them into sections; the first is the common part."""
    current = Section(None, -1)
    found = [current]
    labels: dict[str, Span] = {}
    for index, statement in enumerate(statements):
        ctx.statement = index
        match statement:
            case ast.Question():
                current = Section(statement, index)
                found.append(current)
            case ast.Require():
                _note_label(ctx, statement, labels)
                requirement = _requirement(ctx, index, statement)
                if requirement is not None:
                    current.requirements.append(requirement)
            case ast.Drop():
                current.drops.extend(statement.labels)
            case ast.Find() | ast.Choose():
                current.goals.append((index, statement))
            case ast.Option():
                current.options.append((index, statement))
            case ast.Define() | ast.TypeDecl() | ast.ConstDecl() | ast.ParamDecl() | ast.VarDecl() | ast.PredDecl():
                if current.statement is not None and not isinstance(statement, ast.Define):
                    _refuse_inner_declaration(ctx, statement)
            case ast.RelDecl():
                pass
            case ast.Prove() | ast.Ask() | ast.Compute() | ast.Optimize():
                current.has_refused_goal = True
                _refuse(ctx, statement)
            case _:
                _refuse(ctx, statement)
    return found


def _note_label(ctx: Context, statement: ast.Require, labels: dict[str, Span]) -> None:
    label = statement.head.label
    if label is None:
        return
    if label.text in labels:
        ctx.error(
            "duplicate-label",
            label.span,
            f"two statements have the label `{label.text}`",
            found="the second",
            labels=(Label(labels[label.text], "the first"),),
            help="give one of them another label, or none",
        )
    labels.setdefault(label.text, label.span)


def _requirement(ctx: Context, index: int, statement: ast.Require) -> ir.Requirement | None:
    ctx.has_partial = False
    label = statement.head.label
    citations = tuple(c.text for c in statement.head.citations)
    if statement.generator is not None:
        generator = statement.generator
        bound = binders.bind(ctx, generator.binders, generator.filter, {}, statement.formulas)
        formulas = expressions.truths(ctx, statement.formulas, bound.scope)
        if formulas is None or bound.bounds is None:
            return None
        formula = binders.conjunction(formulas, ctx.origin(statement))
        formula = binders.quantify("forall", bound, formula, ctx.origin(statement))
    else:
        checked = expressions.truths(ctx, statement.formulas, {})
        if checked is None:
            return None
        formula = binders.conjunction(checked, ctx.origin(statement))
    if ctx.has_partial:
        partiality.warn_of_outside(ctx, formula)
    name = ctx.requirement_name(label.text if label is not None else f"s{index + 1}")
    return ir.Requirement(
        name, statement.keyword, formula, citations, has_label=label is not None, origin=ctx.origin(statement)
    )


def _refuse_inner_declaration(ctx: Context, statement: ast.Statement) -> None:
    ctx.unsupported(statement.span, "a declaration inside a question", "move it before the first `question`")


def _refuse(ctx: Context, statement: ast.Statement) -> None:
    construct, help = _REFUSED[type(statement)]
    if isinstance(statement, ast.Rule | ast.Optimize):
        construct = f"`{statement.keyword}`"
    ctx.unsupported(statement.span, construct, help)


_RULES_HELP = "write a `premise` or `constraint` over `pred` and `var` that says the same"

_REFUSED: dict[type[ast.Statement], tuple[str, str]] = {
    ast.Include: ("`include`", "declare what is needed in the program"),
    ast.Missing: ("`missing`", "state what is assumed as a `constraint`"),
    ast.Soft: ("`soft`", "write a `constraint`, or leave the wish out"),
    ast.Fact: ("`fact`", "write a `premise`"),
    ast.Rule: ("`rule`", _RULES_HELP),
    ast.Prefer: ("`prefer`", _RULES_HELP),
    ast.Prove: ("`prove`", "write `choose must` with the statement as an `option`"),
    ast.Ask: ("`ask`", "write `find` with the terms asked for"),
    ast.Compute: ("`compute`", "declare a `var` for the value, equate it in a `constraint`, and `find` it"),
    ast.Optimize: ("an objective", "state a bound as a `constraint` and `find`"),
}


def program(ctx: Context, found: list[Section]) -> tuple[tuple[ir.Requirement, ...], tuple[ir.Question, ...]]:
    """Requirements of the whole program, and its questions with their goals."""
    common = found[0]
    requirements = (*ctx.extra, *common.requirements)
    dropped = _dropped(ctx, common, requirements)
    requirements = tuple(r for r in requirements if r.name not in dropped)
    if len(found) == 1:
        goal = goals.goal(ctx, common.goals, common.options, common.has_refused_goal)
        return requirements, () if goal is None else (ir.Question(goal),)
    questions = []
    shared = goals.goal(ctx, common.goals, common.options, True) if common.goals or common.options else None
    for section in found[1:]:
        question = _question(ctx, section, requirements, shared)
        if question is not None:
            questions.append(question)
    return requirements, tuple(questions)


def _question(
    ctx: Context, section: Section, requirements: tuple[ir.Requirement, ...], shared: ir.Goal | None
) -> ir.Question | None:
    statement = section.statement
    assert statement is not None
    ctx.statement = section.index
    dropped = _dropped(ctx, section, (*requirements, *section.requirements))
    goal = shared
    if section.goals or section.options or section.has_refused_goal or shared is None:
        goal = goals.goal(ctx, section.goals, section.options, section.has_refused_goal)
    if goal is None:
        return None
    label = statement.head.label
    return ir.Question(
        goal,
        None if label is None else label.text,
        tuple(c.text for c in statement.head.citations),
        tuple(section.requirements),
        tuple(dropped),
        origin=ir.Origin(section.index, statement.span),
    )


def _dropped(ctx: Context, section: Section, requirements: tuple[ir.Requirement, ...]) -> list[str]:
    labels = {r.name for r in requirements if r.has_label}
    dropped = []
    for name in section.drops:
        if name.text in labels:
            dropped.append(name.text)
            continue
        near = ctx.nearest(name.text, list(labels))
        ctx.error(
            "unknown-label",
            name.span,
            f"no statement before has the label `{name.text}`",
            found="no such label",
            help=suggestion(near, "give the statement that label"),
            expected=near or tuple(sorted(labels)[:8]),
        )
    return dropped
