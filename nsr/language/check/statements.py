"""Statements that hold, and the sections of a program: what belongs to which question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nsr.diagnostics import Label, Span
from nsr.language import ast, ir
from nsr.language.check import binders, expressions, partiality, rules, wishes
from nsr.language.check.context import Context
from nsr.language.check.defaults import RuleSection
from nsr.language.check.includes import Included

Goal = ast.Find | ast.Choose | ast.Prove | ast.Ask | ast.Compute


@dataclass(slots=True)
class Section:
    """What one `question`, or the part before the first one, holds."""

    statement: ast.Question | None
    index: int
    requirements: list[ir.Requirement] = field(default_factory=list)
    rules: RuleSection = field(default_factory=RuleSection)
    softs: list[ir.Soft] = field(default_factory=list)
    objectives: list[ir.Objective] = field(default_factory=list)
    missing: list[ir.Missing] = field(default_factory=list)
    drops: list[ast.Name] = field(default_factory=list)
    goals: list[tuple[int, Goal]] = field(default_factory=list)
    options: list[tuple[int, ast.Option]] = field(default_factory=list)
    has_objective: bool = False
    labels: dict[str, Span] = field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    """Goes through the statements; `labels` are those of the whole program, `library` is set inside an included one."""

    ctx: Context
    current: Section
    labels: dict[str, Span] = field(default_factory=dict)
    library: str | None = None

    def read(self, index: int, statement: ast.Statement) -> None:
        """Check one statement that is no declaration, and put it into its section."""
        ctx, section = self.ctx, self.current
        ctx.statement = index
        match statement:
            case ast.Require():
                requirement = _requirement(ctx, statement, self._name(index, statement))
                section.requirements += [] if requirement is None else [requirement]
            case ast.Missing():
                self._missing(index, statement)
            case ast.Fact():
                self._hold(rules.facts(ctx, statement, self._name(index, statement)))
            case ast.Rule():
                self._hold(rules.rule(ctx, statement, self._name(index, statement)))
            case ast.Prefer():
                section.rules.prefers.append((index, statement))
            case ast.Soft():
                section.softs += wishes.soft(ctx, statement, self._name(index, statement))
            case ast.Optimize():
                section.has_objective = True
                objective = wishes.objective(ctx, statement, self._name(index, statement))
                section.objectives += [] if objective is None else [objective]
            case ast.Drop():
                section.drops.extend(statement.labels)
            case ast.Find() | ast.Choose() | ast.Prove() | ast.Ask() | ast.Compute():
                self._note_label(statement)
                section.goals.append((index, statement))
            case ast.Option():
                section.options.append((index, statement))
            case _:
                pass

    def _name(self, index: int, statement: ast.Statement) -> str:
        """The label, or `s` and the statement's number from 1."""
        self._note_label(statement)
        label = statement.head.label
        return self.ctx.requirement_name(label.text if label is not None else self._number(index))

    def _number(self, index: int) -> str:
        return f"s{index + 1}" if self.library is None else f"{self.library} {len(self.ctx.requirement_names) + 1}"

    def _note_label(self, statement: ast.Statement) -> None:
        label = statement.head.label
        if label is None:
            return
        if label.text in self.labels:
            self.ctx.error(
                "duplicate-label",
                label.span,
                f"two statements have the label `{label.text}`",
                found="the second",
                labels=(Label(self.labels[label.text], "the first"),),
                help="give one of them another label, or none",
            )
        self.labels.setdefault(label.text, label.span)
        if not isinstance(statement, Goal):
            self.current.labels.setdefault(label.text, label.span)

    def _hold(self, said: rules.Said) -> None:
        self.current.requirements += said.requirements
        self.current.rules.facts += said.facts
        self.current.rules.rules += said.rules

    def _missing(self, index: int, statement: ast.Missing) -> None:
        notes = tuple(c.text for c in statement.head.citations)
        if not any(note.strip() for note in notes):
            self.ctx.warn(
                "empty-note",
                statement.span,
                "nothing says what is missing",
                found="an empty note",
                help='write `missing "what the text leaves out"`',
            )
        name = None
        if statement.condition is not None:
            formula = expressions.truth(self.ctx, statement.condition, {})
            if formula is None:
                return
            name = self.ctx.requirement_name(self._number(index))
            origin = self.ctx.origin(statement)
            self.current.requirements.append(ir.Requirement(name, "missing", formula, notes, origin=origin))
        self.current.missing.append(ir.Missing(notes, name, origin=self.ctx.origin(statement)))


def sections(ctx: Context, statements: Sequence[ast.Statement], library: Sequence[Included] = ()) -> list[Section]:
    """Check all statements but declarations, and sort them into sections; the first is the common part."""
    reader = _Reader(ctx, Section(None, -1))
    found = [reader.current]
    reader.current.rules.facts += ctx.facts
    for item in library:
        reader.library = item.library
        reader.read(item.index, item.statement)
    reader.library = None
    for index, statement in enumerate(statements):
        if isinstance(statement, ast.Question):
            reader.current = Section(statement, index)
            found.append(reader.current)
        else:
            reader.read(index, statement)
            if reader.current.statement is not None:
                _refuse_inner_declaration(ctx, statement)
    return found


def _requirement(ctx: Context, statement: ast.Require, name: str) -> ir.Requirement | None:
    ctx.has_partial = False
    formula = _formula(ctx, statement)
    if formula is None:
        return None
    if ctx.has_partial:
        partiality.warn_of_outside(ctx, formula)
    if statement.keyword == "premise":
        _warn_of_test(ctx, formula)
    citations = tuple(c.text for c in statement.head.citations)
    label = statement.head.label is not None
    return ir.Requirement(name, statement.keyword, formula, citations, has_label=label, origin=ctx.origin(statement))


def _formula(ctx: Context, statement: ast.Require) -> ir.Term | None:
    origin = ctx.origin(statement)
    if statement.generator is None:
        checked = expressions.truths(ctx, statement.formulas, {})
        return None if checked is None else binders.conjunction(checked, origin)
    generator = statement.generator
    bound = binders.bind(ctx, generator.binders, generator.filter, {}, statement.formulas)
    formulas = expressions.truths(ctx, statement.formulas, bound.scope)
    if formulas is None or bound.bounds is None:
        return None
    return binders.quantify("forall", bound, binders.conjunction(formulas, origin), origin)


def _warn_of_test(ctx: Context, formula: ir.Term) -> None:
    """Warn of a premise that seems to say when a closed relation holds: it only tests what rules derive."""
    conclusion = formula
    while isinstance(conclusion, ir.Quantified | ir.Implies):
        conclusion = conclusion.right if isinstance(conclusion, ir.Implies) else conclusion.body
    if not isinstance(conclusion, ir.Apply):
        return
    symbol = ctx.symbols[conclusion.symbol]
    if symbol.kind == "rel" and conclusion.symbol not in ctx.settled:
        ctx.warn(
            "relation-only-tested",
            conclusion.origin.span,
            f"`{symbol.name}` holds where facts and rules say so; this only tests it",
            found="tested, not derived",
            labels=ctx.declared_here(symbol.name),
            help="write a `fact` or `rule`, or declare it with `pred` if it is to be found",
        )


_Declaration = ast.TypeDecl | ast.ConstDecl | ast.ParamDecl | ast.VarDecl | ast.PredDecl | ast.RelDecl | ast.Include


def _refuse_inner_declaration(ctx: Context, statement: ast.Statement) -> None:
    if isinstance(statement, _Declaration):
        ctx.unsupported(statement.span, "a declaration inside a question", "move it before the first `question`")
