"""The sections of a program as questions: what holds in each, what it withdraws, and its goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nsr.language import ir
from nsr.language.check import goals
from nsr.language.check.context import Context
from nsr.language.check.counted_recursion import refuse_counted_recursion
from nsr.language.check.defaults import WrittenOut, write_out
from nsr.language.check.messages import suggestion
from nsr.language.check.statements import Section


@dataclass(frozen=True, slots=True)
class Sections:
    """What the statements of a program come to."""

    requirements: tuple[ir.Requirement, ...]
    facts: tuple[ir.Facts, ...]
    rules: tuple[ir.Rule, ...]
    softs: tuple[ir.Soft, ...]
    missing: tuple[ir.Missing, ...]
    questions: tuple[ir.Question, ...]


def read(ctx: Context, found: Sequence[Section]) -> Sections:
    """Requirements, facts, rules and wishes of the whole program, and its questions."""
    common = found[0]
    common.requirements[:0] = ctx.extra
    withdrawn = frozenset(_dropped(ctx, common, None))
    _withdraw(common, withdrawn)
    written = write_out(ctx, [section.rules for section in found], withdrawn)
    for own in written[1:] or written:
        refuse_counted_recursion(ctx, (*written[0].rules, *own.rules) if own is not written[0] else own.rules)
    questions: tuple[ir.Question, ...]
    if len(found) == 1:
        made = _question(ctx, common, None, WrittenOut((), ()))
        questions = () if made is None else (made,)
    else:
        _refuse_lost_goal(ctx, found)
        pairs = zip(found[1:], written[1:], strict=True)
        several = [_question(ctx, section, common, own) for section, own in pairs]
        questions = tuple(question for question in several if question is not None)
    return Sections(
        tuple(common.requirements),
        written[0].facts,
        written[0].rules,
        tuple(common.softs),
        tuple(common.missing),
        questions,
    )


def _refuse_lost_goal(ctx: Context, found: Sequence[Section]) -> None:
    """A goal before the first question is that of the questions without one; there must be such a question."""
    common, *sections = found
    if not common.goals or not all(section.goals or section.objectives for section in sections):
        return
    ctx.statement, lost = common.goals[0]
    ctx.error(
        "several-goals",
        lost.span,
        "this is asked in no question: each one after it has a goal of its own",
        found="asked nowhere",
        help='write a `question "..."` before it, or leave it out',
    )


def _question(ctx: Context, section: Section, common: Section | None, own: WrittenOut) -> ir.Question | None:
    """The question of a section; without `common` the program is one question, and all it says is the program's."""
    ctx.statement = section.index
    dropped = [] if common is None else _dropped(ctx, section, common)
    objectives = section.objectives
    if common is not None and not section.has_objective:
        objectives = [o for o in common.objectives if o.name not in dropped]
    found = goals.goal(ctx, section, common)
    if found is None:
        return None
    goal, compared = found
    if common is None or section.statement is None:
        return ir.Question(goal, objectives=tuple(objectives), options=compared)
    head = section.statement.head
    return ir.Question(
        goal,
        None if head.label is None else head.label.text,
        tuple(c.text for c in head.citations),
        tuple(section.requirements),
        tuple(dropped),
        tuple(objectives),
        tuple(section.softs),
        own.facts,
        own.rules,
        tuple(section.missing),
        compared,
        origin=ir.Origin(section.index, section.statement.span),
    )


def _withdraw(section: Section, names: frozenset[str]) -> None:
    """Take what the common part itself withdraws out of it."""
    section.requirements = [r for r in section.requirements if r.name not in names]
    section.rules.facts = [f for f in section.rules.facts if f.name not in names]
    section.rules.rules = [r for r in section.rules.rules if r.name not in names]
    section.softs = [s for s in section.softs if s.name not in names]
    section.objectives = [o for o in section.objectives if o.name not in names]


def _dropped(ctx: Context, section: Section, common: Section | None) -> list[str]:
    labels = {**(common.labels if common is not None else {}), **section.labels}
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
