"""Case distinctions: found for what brute force finds to have no world, and refused when anything in them is wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nsr.engine.checking import parse_program
from nsr.errors import ProgramError
from nsr.language import ir
from nsr.language.enumerate import solutions
from nsr.language.evaluate import NoEntry, check_structure, holds
from nsr.limits import Budget, BudgetExceeded
from nsr.proofs.case_search import SmallSearch
from nsr.proofs.cases import Broken, Cases, Clash, Split, check_cases, count_of
from nsr.proofs.partial import NotTaken
from nsr.testing.generate import random_program

SEATS = """
type Guest = {ann, bo, cy, di}
type Seat = 1..4
rel rival(Guest, Guest) = {(ann, bo), (cy, di)}
param weight(Guest): int = {ann: 3, bo: 1, cy: 2, di: 5}
define far(x: Guest, y: Guest) = abs(seat(x) - seat(y)) > 1
var seat(Guest): Seat distinct
var host: Guest
pred glad(Guest)
constraint rivals: forall x, y in Guest: rival(x, y) implies far(x, y)
constraint order: seat(cy) < seat(ann) and seat(bo) < seat(di)
constraint hosts: seat(host) == 1 and forall x in Guest: glad(x) iff seat(x) == seat(host) or weight(x) > 2
constraint gladness: exists x in Guest: not glad(x)
find one
"""


def search_of(source: str) -> tuple[ir.Program, SmallSearch]:
    program = parse_program(source)
    return program, SmallSearch(program, program.questions[0], Budget(steps=3_000_000))


def formula_of(program: ir.Program, text: str, source: str) -> ir.Term:
    goal = parse_program(source.rsplit("find", 1)[0] + f"prove {text}\n").questions[0].goal
    assert isinstance(goal, ir.Prove)
    return goal.formula


CLAIMS = (
    "seat(ann) == 1",
    "seat(cy) == 1",
    "far(ann, di)",
    "glad(bo)",
    "host == ann",
    "distinct(seat(ann), seat(bo), 2)",
    "sum(seat(x) for x in Guest) == 11",
    "forall x in Guest: glad(x) implies seat(x) > 1",
    "(if glad(cy) then seat(cy) == 2 else seat(bo) == 1)",
    "host in {bo, cy}",
    "(glad(ann) xor glad(di)) or seat(host) > 1",
)
LEFT_TO_SOLVERS = CLAIMS[6:7]


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("is_denied", [False, True])
def test_the_same_as_going_through_all_worlds(claim: str, is_denied: bool) -> None:
    program, search = search_of(SEATS)
    formula = formula_of(program, claim, SEATS)
    formula = ir.Not(formula) if is_denied else formula
    question = program.questions[0]
    budget = Budget()
    is_possible = any(holds(formula, w, program) for w in solutions(program, question))
    if claim in LEFT_TO_SOLVERS:
        with pytest.raises(NotTaken):
            search.world(formula)
        return
    found = search.world(formula)
    assert isinstance(found, dict) is is_possible, claim
    if isinstance(found, dict):
        assert check_structure(program, question, found) == ()
        assert holds(formula, found, program)
    else:
        assert isinstance(found, Split | Broken | Clash)
        assert check_cases(program, question, formula, found, budget) is None


@pytest.mark.parametrize("block", range(6))
def test_random_programs_against_all_worlds(block: int) -> None:
    """What is left to solvers is left; all else is as brute force has it."""
    taken = refuted = 0
    for seed in range(60 * block, 60 * block + 60):
        source = random_program(seed, max_structures=400)
        try:
            program = parse_program(source)
        except ProgramError:
            continue
        question = program.questions[0]
        try:
            search = SmallSearch(program, question, Budget(steps=200_000))
            world_of_all = search.world(None)
            worlds = list(solutions(program, question, budget=Budget(steps=2_000_000)))
        except (BudgetExceeded, NoEntry, NotTaken):
            continue
        taken += 1
        assert isinstance(world_of_all, dict) is bool(worlds), source
        if isinstance(world_of_all, dict):
            assert check_structure(program, question, world_of_all) == (), source
        else:
            refuted += 1
            assert isinstance(world_of_all, Split | Broken | Clash)
            assert check_cases(program, question, None, world_of_all, Budget()) is None, source
    assert taken > 5
    assert refuted > 0


def ends(cases: Cases) -> Iterator[Broken | Clash]:
    if isinstance(cases, Split):
        for _, below in cases.branches:
            yield from ends(below)
    else:
        yield cases


def changed(cases: Cases, at: int, choices: random.Random) -> Cases:
    """The distinction with one split spoiled: a branch fewer, twice the same, another value, another end."""
    if not isinstance(cases, Split):
        return Broken("order") if cases != Broken("order") else Broken("rivals")
    if at > 0 and any(isinstance(below, Split) for _, below in cases.branches):
        inner = [n for n, (_, below) in enumerate(cases.branches) if isinstance(below, Split)]
        place = choices.choice(inner)
        value, below = cases.branches[place]
        branches = [*cases.branches]
        branches[place] = (value, changed(below, at - 1, choices))
        return replace(cases, branches=tuple(branches))
    kind = choices.randrange(5)
    first, *rest = cases.branches
    if kind == 0:
        return replace(cases, branches=tuple(rest))
    if kind == 1:
        return replace(cases, branches=(first, first, *rest[1:]))
    if kind == 2:
        return replace(cases, branches=((first[0], Broken("nothing of this name")), *rest))
    if kind == 3:
        return replace(cases, key=(*cases.key, 1))
    return replace(cases, symbol="weight")


@pytest.mark.parametrize("claim", ["seat(ann) == 1", "not glad(di)", "host == ann", "seat(di) < seat(bo)"])
def test_a_spoiled_distinction_is_refused(claim: str) -> None:
    program, search = search_of(SEATS)
    question, formula = program.questions[0], formula_of(program, claim, SEATS)
    found = search.world(formula)
    assert isinstance(found, Split), claim
    assert count_of(found) == len(list(ends(found)))
    choices = random.Random(3)
    for turn in range(40):
        broken = changed(found, turn % 4, choices)
        if broken != found:
            assert check_cases(program, question, formula, broken, Budget()) is not None, broken
    # The same ends do not refute the whole question, which has worlds.
    assert check_cases(program, question, ir.TRUE, found, Budget()) is not None


def test_ends_that_are_not_so_are_refused() -> None:
    program, _ = search_of(SEATS)
    question = program.questions[0]
    guests = [*program.sorts["Guest"].elements]  # type: ignore[union-attr]
    ann, bo = (program.sorts["Guest"].element(n) for n in range(2))  # type: ignore[union-attr]
    assert guests[:2] == ["ann", "bo"]
    for end in (
        Broken("order"),
        Broken(None),
        Broken("rivals", (ann,)),
        Broken("rivals", (ann, bo, ann)),
        Broken("rivals", (1, 2)),
        Broken("order", (ann,)),
        Clash(("seat", (ann,)), ("seat", (bo,))),
        Clash(("seat", (ann,)), ("seat", (ann,))),
        Clash(("glad", (ann,)), ("glad", (bo,))),
    ):
        assert check_cases(program, question, None, end, Budget()) is not None, end


def test_a_clash_is_one_of_what_is_declared() -> None:
    source = """
    type Day = {mon, tue}
    var one, two: Day distinct
    var three: Day
    find one
    """
    program = parse_program(source)
    days = program.sorts["Day"]

    def told(first: str, second: str) -> Split:
        values = [days.element(n) for n in range(2)]  # type: ignore[union-attr]
        end = Clash((first, ()), (second, ()))
        below = [(v, Split(second, (), tuple((w, end) for w in values))) for v in values]
        return Split(first, (), tuple(below))

    question = program.questions[0]
    # `one` and `two` clash where they are equal only, `one` and `three` never do.
    for first, second in (("one", "two"), ("one", "three")):
        assert check_cases(program, question, None, told(first, second), Budget()) is not None


def test_none_of_a_distinct_symbol_may_stand_twice() -> None:
    source = """
    type Post = {north, south}
    type Guard = {ida, jon, kim}
    var post(Guard): Post distinct optional
    find one
    """
    program, search = search_of(source)
    found = search.world(None)
    assert isinstance(found, dict)
    assert check_structure(program, program.questions[0], found) == ()
    formula = formula_of(program, "forall g in Guard: not (post(g) == none)", source)
    refuted = search.world(formula)
    assert isinstance(refuted, Split)
    assert check_cases(program, program.questions[0], formula, refuted, Budget()) is None


def test_large_programs_and_long_searches_are_left() -> None:
    program = parse_program("type N = 1..40\nvar f(N): 1..40 distinct\nfind one\n")
    with pytest.raises(NotTaken):
        SmallSearch(program, program.questions[0], Budget())
    pigeons = "type P = 1..9\nvar hole(P): 1..8 distinct\nfind one\n"
    program = parse_program(pigeons)
    short = SmallSearch(program, program.questions[0], Budget(steps=20_000))
    with pytest.raises(BudgetExceeded):
        short.world(None)
