"""Several back ends on one job: what counts as a disagreement, and what does not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from nsr.engine.checking import parse_program
from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.errors import Disagreement, UnsoundBackend, UsageError
from nsr.limits import LimitKind
from nsr.results import EvidenceKind, Status
from nsr.solvers import (
    AskJob,
    CoreJob,
    Job,
    OptimizeJob,
    Outcome,
    SatisfiableJob,
    SolutionsJob,
    registry,
    run,
    together_of,
)
from nsr.solvers.agreement import check_agreement, is_settled, said
from nsr.solvers.cpsat import CpSatBackend
from nsr.solvers.protocol import Claim, Encoding, FormulaOutcome, NativeOutcome, ObjectiveOutcome, Query
from nsr.testing.agreement import in_process

RACE = "type P = {a, b, c}\nvar place(P): 1..3 distinct\nconstraint first: place(a) < place(b)\n"
SMALLEST = "var x, y: int in 0..9\nconstraint: x + y >= 4\nminimize best: 2 * x + y\n"


def outcomes_of(job: Job) -> tuple[Outcome, Outcome]:
    with in_process():
        return asyncio.run(run(job, backend="cpsat")), asyncio.run(run(job, backend="z3"))


def jobs() -> Iterator[Job]:
    race = parse_program(RACE + "prove: place(c) == 2\n")
    clash = parse_program(RACE + "constraint: place(b) == 1\nfind\n")
    goal = parse_program(RACE + "ask place(X) != 1\n").questions[0].goal
    asked = parse_program(RACE + "ask place(X) != 1\n")
    yield SolutionsJob(race, 0, 10)
    yield SolutionsJob(race, 0, 2)
    yield SatisfiableJob(race, 0, (race.questions[0].goal.formula,))  # type: ignore[union-attr]
    yield CoreJob(clash, 0)
    yield SolutionsJob(clash, 0, 1)
    yield OptimizeJob(parse_program(SMALLEST), 0)
    yield AskJob(asked, 0, goal.binders, goal.body)  # type: ignore[union-attr]


@pytest.mark.parametrize("job", list(jobs()), ids=lambda job: type(job).__name__)
def test_sound_back_ends_agree(job: Job) -> None:
    one, other = outcomes_of(job)
    check_agreement(job, [one, other])
    assert is_settled(job, one)
    assert is_settled(job, other)
    assert said(job, one) == said(job, other) or isinstance(job, SolutionsJob)


@pytest.mark.parametrize("job", list(jobs()), ids=lambda job: type(job).__name__)
def test_the_opposite_claim_is_told(job: Job) -> None:
    one, other = outcomes_of(job)
    flipped = {Claim.SATISFIABLE: Claim.UNSATISFIABLE, Claim.UNSATISFIABLE: Claim.SATISFIABLE}[other.claim]
    with pytest.raises(Disagreement) as raised:
        check_agreement(job, [one, replace(other, claim=flipped)])
    assert set(raised.value.sides) == {"cpsat", "z3"}


@pytest.mark.parametrize("job", list(jobs()), ids=lambda job: type(job).__name__)
def test_a_limit_is_no_disagreement(job: Job) -> None:
    one, other = outcomes_of(job)
    stopped = Outcome(Claim.UNKNOWN, other.backend, limit=LimitKind.WALL)
    check_agreement(job, [one, stopped])
    assert not is_settled(job, stopped)
    assert said(job, stopped) == "nothing (the wall limit)"


def test_a_solution_overlooked() -> None:
    job = SolutionsJob(parse_program(RACE + "find all\n"), 0, 10)
    one, other = outcomes_of(job)
    fewer = replace(other, structures=other.structures[1:])
    with pytest.raises(Disagreement, match="2 solutions and no other"):
        check_agreement(job, [one, fewer])
    # Where it does not say that these are all, it is only slower.
    check_agreement(job, [one, replace(fewer, is_complete=False)])
    # Solutions count by what is asked for.
    check_agreement(replace(job, symbols=(), terms=()), [one, other])


def test_a_verdict_of_a_formula() -> None:
    program = parse_program(RACE + "prove: place(c) == 2\n")
    job = SatisfiableJob(program, 0, (program.questions[0].goal.formula,))  # type: ignore[union-attr]
    one, other = outcomes_of(job)
    wrong = replace(other, formulas=(FormulaOutcome(Claim.UNSATISFIABLE),))
    with pytest.raises(Disagreement, match="1 impossible"):
        check_agreement(job, [one, wrong])
    check_agreement(job, [one, replace(other, formulas=(FormulaOutcome(Claim.UNKNOWN),))])


@pytest.mark.parametrize(
    ("found", "is_wrong"),
    [
        (ObjectiveOutcome("optimal", 4, 4), False),
        (ObjectiveOutcome("optimal", 5, 5), True),
        (ObjectiveOutcome("optimal", Fraction(7, 2), Fraction(7, 2)), True),
        (ObjectiveOutcome("feasible", 6, 3), False),
        (ObjectiveOutcome("feasible", 6, 5), True),
        (ObjectiveOutcome("feasible", 3, None), True),
        (ObjectiveOutcome("unbounded"), True),
        (ObjectiveOutcome("unattained", None, 4), True),
        (ObjectiveOutcome("unattained", None, 3), True),
        (ObjectiveOutcome("unattained", None, 5), True),
        (ObjectiveOutcome("unknown"), False),
    ],
)
def test_best_values(found: ObjectiveOutcome, is_wrong: bool) -> None:
    job = OptimizeJob(parse_program(SMALLEST), 0)
    one, other = outcomes_of(job)
    assert one.objectives[0].value == 4
    told = replace(other, objectives=(found,))
    for both in ([one, told], [told, one]):
        if is_wrong:
            with pytest.raises(Disagreement):
                check_agreement(job, both)
        else:
            check_agreement(job, both)


def test_later_objectives_count_where_the_first_are_equal() -> None:
    job = OptimizeJob(parse_program(SMALLEST + "maximize second: y\n"), 0)
    one, other = outcomes_of(job)
    first, second = other.objectives
    later = replace(other, objectives=(first, second._replace(value=3, bound=3)))
    with pytest.raises(Disagreement):
        check_agreement(job, [one, later])
    stopped = replace(other, objectives=(ObjectiveOutcome("feasible", 6, 2), ObjectiveOutcome("unknown")))
    check_agreement(job, [one, stopped])


def test_answers() -> None:
    asked = parse_program(RACE + "ask place(X) != 1\n")
    goal = asked.questions[0].goal
    job = AskJob(asked, 0, goal.binders, goal.body)  # type: ignore[union-attr]
    one, other = outcomes_of(job)
    with pytest.raises(Disagreement):
        check_agreement(job, [one, replace(other, bindings=other.bindings[1:])])
    check_agreement(job, [one, replace(other, bindings=other.bindings[1:], is_complete=False)])
    certain = [b._replace(is_certain=not b.is_certain) for b in other.bindings]
    with pytest.raises(Disagreement):
        check_agreement(job, [one, replace(other, bindings=tuple(certain))])


def test_cores_may_differ() -> None:
    clash = parse_program(RACE + "constraint: place(b) == 1\nfind\n")
    one, other = outcomes_of(CoreJob(clash, 0))
    check_agreement(CoreJob(clash, 0), [one, replace(other, core=("s3",))])
    with pytest.raises(Disagreement):
        check_agreement(CoreJob(clash, 0), [one, replace(other, core=())])


# A back end that lies


class Liar(CpSatBackend):
    """CP-SAT, but not to be trusted: `lie` turns its outcomes."""

    spec = replace(CpSatBackend.spec, name="liar", start_cost=0)
    lie = staticmethod(lambda outcome, query: outcome)

    def compile(self, program, budget):  # type: ignore[no-untyped-def]
        return replace(super().compile(program, budget), backend="liar")

    def solve(self, encoding: Encoding, query: Query, budget: object) -> NativeOutcome:
        return type(self).lie(super().solve(encoding, query, budget), query)  # type: ignore[arg-type]


def none(outcome: NativeOutcome, query: Query) -> NativeOutcome:
    return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True)


def last_left_out(outcome: NativeOutcome, query: Query) -> NativeOutcome:
    return replace(outcome, rows=outcome.rows[:1], is_complete=True)


def no_solution_at_all(outcome: NativeOutcome, query: Query) -> NativeOutcome:
    rows = tuple(tuple(1 for _ in row) for row in outcome.rows[:1])
    return replace(outcome, rows=rows)


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Liar]]:
    def forget() -> None:
        for known in (registry._all, registry.get_backend, registry.availability):
            known.cache_clear()

    monkeypatch.setitem(registry.BACKENDS, "liar", f"{__name__}:Liar")
    forget()
    with in_process():
        yield Liar
    monkeypatch.undo()
    forget()


def answered(source: str, backend: str) -> object:
    return Engine(Options(backend=backend)).run(source)


def test_all_of_them_agree_or_are_an_error(liar: type[Liar], monkeypatch: pytest.MonkeyPatch) -> None:
    result = Engine(Options(backend="all:cpsat,z3,liar")).run(RACE + "find all\n")
    assert sorted(result.evidence.agreed) == ["cpsat", "liar", "z3"]
    assert result.evidence.kind is EvidenceKind.CONFIRMED
    for lie in (none, last_left_out):
        monkeypatch.setattr(liar, "lie", staticmethod(lie))
        with pytest.raises(Disagreement) as raised:
            Engine(Options(backend="all:cpsat,z3,liar")).run(RACE + "find all\n")
        assert "`liar`" in str(raised.value)
        assert set(raised.value.sides) == {"cpsat", "liar", "z3"}


def test_a_core_that_is_none(liar: type[Liar], monkeypatch: pytest.MonkeyPatch) -> None:
    clash = RACE + "constraint second: place(b) == 1\nconstraint third: place(c) == 3\nfind\n"
    assert Engine(Options(backend="all:cpsat,liar")).run(clash).evidence.core == ("first", "second")

    def too_much(outcome: NativeOutcome, query: Query) -> NativeOutcome:
        # It takes any two requirements for a contradiction.
        names = query.groups or frozenset()
        return none(outcome, query) if query.groups is None or len(names) >= 2 else outcome

    monkeypatch.setattr(liar, "lie", staticmethod(too_much))
    with pytest.raises(UnsoundBackend):
        Engine(Options(backend="all:cpsat,liar")).run(clash)


def test_what_the_evaluator_refuses_wins_no_race(liar: type[Liar], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liar, "lie", staticmethod(no_solution_at_all))
    for backend in ("race:liar,z3", "all:liar,z3"):
        with pytest.raises(UnsoundBackend, match="liar"):
            Engine(Options(backend=backend)).run(RACE + "find one\n")


def test_the_smallest_program_is_kept(
    liar: type[Liar], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    monkeypatch.setattr(liar, "lie", staticmethod(none))
    source = RACE + 'constraint "It is late.": place(c) != 3 or place(a) in {1, 2}\nfind all\n'
    options = Options(backend="all:cpsat,liar", reports=str(folder))
    paths = set()
    for _ in range(2):
        with pytest.raises(Disagreement) as raised:
            Engine(options).run(source)
        assert raised.value.kept is not None
        assert str(raised.value.kept) in str(raised.value)
        paths.add(raised.value.kept)
    (path,) = paths
    kept = path.read_text(encoding="utf-8")
    assert kept.startswith("# back ends disagree about")
    assert len(kept.splitlines()) < len(source.splitlines())
    assert "late" not in kept
    with pytest.raises(Disagreement):
        Engine(Options(backend="all:cpsat,liar")).run(kept)
    # A file of that name with something else in it is not written over.
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(Disagreement) as raised:
        Engine(options).run(source)
    assert raised.value.kept != path
    assert path.read_text(encoding="utf-8") == "mine"


def test_open_types_are_asked_of_all() -> None:
    source = (
        "type T\nconst a: T\npred p(T), q(T)\npremise: p(a)\npremise: forall x in T: p(x) implies q(x)\nprove: q(a)\n"
    )
    with in_process():
        result = Engine(Options(backend="all")).run(source)
    assert result.status is Status.ENTAILED


@pytest.mark.parametrize("backend", ["all:cpsat", "race:", "all:cpsat,none_such"])
def test_names_that_make_no_group(backend: str) -> None:
    with pytest.raises(UsageError):
        together_of(backend)


def test_other_names_are_no_group() -> None:
    assert together_of("auto") is together_of("z3") is None
    assert together_of("race") is not None
