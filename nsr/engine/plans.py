"""What the engine will ask of the back ends for a program, what that needs, and who can do it; nothing is solved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, assert_never

from nsr.diagnostics import Source
from nsr.engine.goals.modals import modal_terms
from nsr.engine.goals.undefined import can_be_undefined
from nsr.engine.options import Options
from nsr.language import ir
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import at_sizes, open_sorts, smallest_size
from nsr.language.sorts import BOOL
from nsr.language.traverse import free_variables, rebuild
from nsr.reformulations import Construct, Feature, Position
from nsr.reformulations.dependence import decided_relations
from nsr.reformulations.features import features_of
from nsr.solvers import AskJob, Job, OptimizeJob, SatisfiableJob, SolutionsJob, features_of_job, objectives_of
from nsr.solvers.jobs import RefuteJob, program_of_question, tasks_of_job, terms_of_job
from nsr.solvers.protocol import Task
from nsr.solvers.routing import Reach, survey

__all__ = ["Need", "Place", "PlannedJob", "QuestionPlan", "jobs_of", "plan_of"]


class Place(NamedTuple):
    """A statement: its label, or its keyword, and its line; none where the checker has written it."""

    name: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Need:
    """A construct at a position, and the statements that it comes from."""

    feature: Feature
    where: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One thing asked of the back ends: in words, what it needs, and how each back end is reached, in order."""

    what: str
    tasks: tuple[Task, ...]
    needs: tuple[Need, ...]
    reaches: tuple[Reach, ...]

    @property
    def first(self) -> str | None:
        """The back end that is asked."""
        return next((reach.step.backend for reach in self.reaches if reach.is_reached), None)

    @property
    def second(self) -> str | None:
        """The back end that would confirm that there is no other answer."""
        reached = [reach.step.backend for reach in self.reaches if reach.is_reached]
        return reached[1] if len(reached) > 1 else None


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """What one question asks for, job by job."""

    label: str | None
    goal: str
    jobs: tuple[PlannedJob, ...]


def plan_of(program: ir.Program, options: Options | None = None) -> tuple[QuestionPlan, ...]:
    """The plan of every question, in order. Jobs that only explain an answer are left out."""
    options = options or Options()
    program = with_named_things_only(program)
    place = Source(program.source)
    out = []
    for number, question in enumerate(program.questions):
        jobs = tuple([_planned(what, job, place) for what, job in jobs_of(program, number, options)])
        out.append(QuestionPlan(question.label, _goal_words(program, number), jobs))
    return tuple(out)


def _planned(what: str, job: Job, place: Source) -> PlannedJob:
    tasks = tasks_of_job(job)
    # What an open type of any size needs shows only when its formulas are written out.
    features = frozenset[Feature]() if isinstance(job, RefuteJob) else features_of_job(job)
    return PlannedJob(what, tuple(tasks), tuple(_needs(job, place)), survey(features, tasks=tasks))


def _goal_words(program: ir.Program, number: int) -> str:
    question = program.questions[number]
    match question.goal:
        case ir.Find(mode=mode, count=count):
            goal = f"find {count if mode == 'some' else mode}"
        case ir.Choose(mode=mode, is_except=is_except):
            goal = f"choose {mode}{' except' if is_except else ''}"
        case ir.Prove():
            goal = "prove"
        case ir.Ask():
            goal = "ask"
        case ir.Compute():
            goal = "compute"
        case _:
            assert_never(question.goal)
    return " and ".join([*(o.kind for o in objectives_of(program, number)), goal])


# Jobs


class _Asked(NamedTuple):
    what: str
    job: Job


def jobs_of(program: ir.Program, number: int, options: Options) -> Iterator[tuple[str, Job]]:
    """What a question asks of the back ends, in words and as jobs, as far as no answer decides it."""
    for what, job in _jobs(program, number, options):
        sorts = open_sorts(program)
        if not sorts or isinstance(job, OptimizeJob):
            yield what, job
            continue
        yield f"{what}: none in worlds of any size", RefuteJob(program, number, _formulas(job))
        sized = at_sizes(_with_goal_of(job), {sort.name: smallest_size(sort) for sort in sorts})
        yield f"{what}: in the smallest worlds", _at_size(sized)


def _formulas(job: Job) -> tuple[ir.Term, ...]:
    match job:
        case SatisfiableJob(formulas=formulas):
            return formulas
        case AskJob(binders=binders, body=body):
            return (ir.Quantified("exists", binders, body),)
        case _:
            return ()


def _with_goal_of(job: Job) -> ir.Program:
    """The program whose goal is what a job asks about, so that it is rewritten with it."""
    question = job.program.questions[job.question]
    options = tuple([ir.ChoiceOption(str(n), t) for n, t in enumerate(_formulas(job))])
    changed = replace(question, goal=ir.Choose("could", False, options), options=())
    return replace(job.program, questions=(changed,))


def _at_size(sized: ir.Program) -> Job:
    goal = sized.questions[0].goal
    assert isinstance(goal, ir.Choose)
    return SatisfiableJob(sized, 0, tuple([option.formula for option in goal.options]))


def _jobs(program: ir.Program, number: int, options: Options) -> Iterator[_Asked]:
    question = program.questions[number]
    objectives = objectives_of(program, number)
    if objectives:
        doubtful = [ir.Not(ir.Equal(o.term, o.term)) for o in objectives if can_be_undefined(program, o.term)]
        if doubtful:
            yield _Asked("whether an objective can be undefined", SatisfiableJob(program, number, tuple(doubtful)))
        yield _Asked("the best value", OptimizeJob(program, number))
        if isinstance(question.goal, ir.Find) and question.goal.mode == "one":
            return
        held = [ir.Requirement(o.name, "assume", ir.Equal(o.term, o.term)) for o in objectives]
        question = replace(question, objectives=(), softs=(), requirements=(*question.requirements, *held))
        program = program.with_question(number, question)
    modal = tuple([_closed(term) for term in modal_terms(question)])
    if modal:
        yield _Asked("what holds in some world, or in all", SatisfiableJob(program, number, modal))
    yield from _goal_jobs(program, number, options)


def _closed(term: ir.Term) -> ir.Term:
    """A formula without free variables that needs what instances of the term need."""
    formula = term if ir.sort_of(term) == BOOL else ir.Equal(term, term)
    free = free_variables(formula)
    found: dict[str, ir.Variable] = {}
    rebuild(formula, lambda t: found.setdefault(t.name, t) if isinstance(t, ir.Variable) and t.name in free else t)
    return ir.Quantified("exists", tuple(map(ir.Bound, found.values())), formula) if found else formula


def _without_modals(term: ir.Term) -> ir.Term:
    return rebuild(term, lambda t: ir.TRUE if isinstance(t, ir.Modal) else t)


def _goal_jobs(program: ir.Program, number: int, options: Options) -> Iterator[_Asked]:
    plain = _without_modals
    goal = program.questions[number].goal
    match goal:
        case ir.Find(mode=mode, count=count, terms=terms, symbols=symbols):
            most = options.solutions + 1
            limit = {"one": 1, "unique": 2, "some": count, "all": most, "count": most}[mode]
            job: Job = SolutionsJob(program, number, limit, symbols, tuple(map(plain, terms)))
            yield _Asked("a solution" if limit == 1 else f"up to {limit} solutions", job)
        case ir.Prove(formula):
            yield _Asked("whether it can hold, and whether it can fail", _both(program, number, plain(formula)))
        case ir.Ask(binders, body) if not binders:
            yield _Asked("whether it can hold, and whether it can fail", _both(program, number, plain(body)))
        case ir.Ask(binders, body):
            yield _Asked("the answers", AskJob(program, number, binders, plain(body), options.bindings))
        case ir.Compute(terms):
            asked = tuple([ir.Not(ir.Equal(plain(term), plain(term))) for term in terms])
            yield _Asked("a world, and another one where the value differs", SatisfiableJob(program, number, asked))
        case ir.Choose():
            yield from _choice_jobs(program, number, goal)
        case _:
            assert_never(goal)


def _both(program: ir.Program, number: int, formula: ir.Term) -> SatisfiableJob:
    return SatisfiableJob(program, number, (formula, ir.Not(formula)))


def _choice_jobs(program: ir.Program, number: int, goal: ir.Choose) -> Iterator[_Asked]:
    formulas = [_without_modals(option.formula) for option in goal.options]
    match goal.mode:
        case "could" | "cannot" | "must":
            asked: list[ir.Term] = [ir.Not(f) if goal.mode == "must" else f for f in formulas]
        case "forces":
            assert goal.formula is not None
            forced = _without_modals(goal.formula)
            asked = [ir.And((f, part)) for part in (forced, ir.Not(forced)) for f in formulas]
        case "equivalent":
            question = program.questions[number]
            replaced = [r.formula for r in program.requirements_of(question) if r.name in goal.labels]
            before = ir.And(tuple(replaced))
            asked = [before, *(ir.Xor(before, f) for f in formulas)]
        case "determines":
            for option, formula in zip(goal.options, formulas, strict=True):
                held = ir.Requirement(option.label, "assume", formula)
                question = program.questions[number]
                more = replace(question, requirements=(*question.requirements, held))
                job = SolutionsJob(program.with_question(number, more), number, 2, goal.symbols, goal.terms)
                yield _Asked(f"up to 2 solutions with option {option.label}", job)
            return
        case _:
            assert_never(goal.mode)
    yield _Asked("which options have a world", SatisfiableJob(program, number, tuple(asked)))


# Needs


def _needs(job: Job, place: Source) -> Iterator[Need]:
    """The features of a job with the statements that they come from, in the order of the constructs."""
    asked = program_of_question(job.program, job.question)
    bare = replace(asked, requirements=(), rules=(), facts=())
    known = features_of(bare)
    found: dict[Feature, dict[Place, None]] = {feature: {} for feature in features_of_job(job)}

    def note(node: ir.Node, name: str, features: Iterable[Feature]) -> None:
        line = place.position(node.origin.span.start)[0] if node.origin.statement >= 0 else None
        for feature in features:
            found.setdefault(feature, {})[Place(name, line)] = None

    for function in asked.unknowns():
        note(function, function.name, features_of(replace(bare, symbols={function.name: function})))
    decided = decided_relations(asked) if asked.relations() else frozenset()
    for relation in asked.relations():
        construct = Construct.DECIDED_RELATION if relation.name in decided else Construct.RELATION
        note(relation, relation.name, [Feature(construct, Position.DECLARATION)])
    for name, node, formula in _stated(asked, decided):
        stated = replace(bare, requirements=(ir.Requirement(name, "constraint", formula),))
        note(node, name, features_of(stated) - known)
    goal = _asking(job)
    for term in terms_of_job(job):
        formula = ir.Equal(term, term) if isinstance(job, OptimizeJob) else term
        asked = replace(bare, requirements=(ir.Requirement("the goal", "constraint", formula),))
        note(goal, "the goal", features_of(asked) - known)
    for feature in sorted(found, key=str):
        yield Need(feature, tuple(found[feature]))


def _asking(job: Job) -> ir.Node:
    """The statement that asks for a job."""
    question = job.program.questions[job.question]
    return question.objectives[0] if isinstance(job, OptimizeJob) and question.objectives else question.goal


def _stated(asked: ir.Program, decided: frozenset[str]) -> Iterator[tuple[str, ir.Node, ir.Term]]:
    for requirement in asked.requirements:
        name = requirement.name if requirement.has_label else requirement.keyword
        yield name, requirement, requirement.formula
    for rule in asked.rules:
        if rule.symbol not in decided:
            name = rule.name if rule.has_label else rule.keyword
            yield name, rule, ir.Quantified("exists", rule.binders, rule.body)
