"""Sets, schedules, tours, broken lines, reals; objectives, wishes and every goal; open types at a size."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check
from nsr.language.enumerate import (
    Asked,
    Chosen,
    Computed,
    Found,
    NotDefined,
    Proved,
    answer,
    solutions,
    worlds_of,
)
from nsr.language.evaluate import UNDEFINED, check_structure, evaluate, holds
from nsr.language.ir import integer
from nsr.language.meaning import AcrossWorlds, Unbound
from nsr.language.open_types import at_sizes, open_sorts, smallest_size
from nsr.language.sorts import INT, EnumSort, InfiniteSort, IntSort, OpenSort, RealSort, SetSort, Value, sort_values
from nsr.limits import BudgetExceeded, LimitKind
from nsr.testing.generate import random_program
from nsr.testing.generate_whole import GOALS, KINDS

EMPTY = ir.Program({}, {}, {}, {}, (), ())
T = EnumSort("T", ("a", "b", "c"))
A, B, C = (ir.Literal(T.element(i), T) for i in range(3))
NOTHING = ir.Divide(integer(1), integer(0))
NONE = ir.Literal(None, T)
HALF = ir.Literal(Fraction(1, 2), INT)
X = ir.Variable("x", IntSort(0, 5))


def typed(source: str) -> ir.Program:
    parsed = parse(source)
    assert parsed.program is not None, parsed.diagnostics
    checked = check(parsed.program, source)
    assert checked.program is not None, checked.diagnostics
    return checked.program


def answers(source: str) -> list[object]:
    program = typed(source)
    return [answer(program, question) for question in program.questions]


def numbers(*values: int) -> ir.SetOf:
    return ir.SetOf(tuple(integer(v) for v in values), SetSort(IntSort(0, 5)))


def test_sets() -> None:
    kinds = ("union", "intersection", "difference")
    joined = {kind: ir.SetOperation(kind, numbers(1, 2, 2), numbers(2, 3)) for kind in kinds}  # type: ignore[arg-type]
    assert {k: evaluate(t, {}, EMPTY) for k, t in joined.items()} == {
        "union": {1, 2, 3}, "intersection": {2}, "difference": {1},
    }  # fmt: skip
    assert evaluate(ir.Cardinality(numbers(1, 1, 4)), {}, EMPTY) == 2
    over = ir.Bound(X, ir.Interval(integer(0), integer(5)))
    half = ir.SetComprehension((over,), ir.Less(X, integer(4)), ir.FloorDivide(X, integer(2)), SetSort(X.sort))
    assert evaluate(half, {}, EMPTY) == {0, 1}
    assert holds(ir.Equal(half, numbers(1, 0)), {}, EMPTY)
    assert holds(ir.Subset(numbers(1), half), {}, EMPTY)
    assert not holds(ir.Subset(numbers(1, 2), half), {}, EMPTY)
    assert holds(ir.Member(integer(1), half), {}, EMPTY)


@pytest.mark.parametrize("hole", [NOTHING, NONE])
def test_a_set_with_an_undefined_element_is_undefined(hole: ir.Term) -> None:
    broken = ir.SetOf((integer(1), hole), SetSort(INT))
    over = ir.Bound(X, ir.Listed((integer(1),)))
    assert evaluate(broken, {}, EMPTY) is UNDEFINED
    assert evaluate(ir.SetComprehension((over,), ir.TRUE, hole, SetSort(INT)), {}, EMPTY) is UNDEFINED
    assert evaluate(ir.SetComprehension((over,), ir.FALSE, hole, SetSort(INT)), {}, EMPTY) == frozenset()
    assert evaluate(ir.Cardinality(broken), {}, EMPTY) is UNDEFINED
    for atom in (
        ir.Member(integer(1), broken),
        ir.Member(hole, numbers(1)),
        ir.Subset(broken, broken),
        ir.Equal(broken, broken),
        ir.Subset(ir.SetOperation("intersection", broken, numbers()), numbers(1)),
    ):
        assert not holds(atom, {}, EMPTY)


def task(start: ir.Term, length: ir.Term, demand: ir.Term | None = None) -> ir.Task:
    return ir.Task((), ir.TRUE, start, length, demand or integer(1))


def test_schedules_against_every_moment() -> None:
    rng = random.Random(5)
    for _ in range(300):
        rows = [(rng.randint(0, 4), rng.randint(-1, 3), rng.randint(-1, 2)) for _ in range(rng.randint(0, 4))]
        capacity = rng.randint(-1, 3)
        running = [[r for r in rows if r[0] <= t < r[0] + r[1]] for t in range(-1, 9)]
        tasks = tuple(task(integer(s), integer(n), integer(d)) for s, n, d in rows)
        assert holds(ir.NoOverlap(tasks), {}, EMPTY) == all(len(now) <= 1 for now in running)
        within = all(sum(d for _, _, d in now) <= capacity for now in running)
        assert holds(ir.Cumulative(integer(capacity), tasks), {}, EMPTY) == within


def test_schedules_with_halves_and_holes() -> None:
    assert holds(ir.NoOverlap((task(HALF, HALF), task(integer(1), integer(1)))), {}, EMPTY)
    assert not holds(ir.NoOverlap((task(HALF, integer(1)), task(integer(1), integer(1)))), {}, EMPTY)
    for hole in (task(NOTHING, integer(0)), task(integer(0), NOTHING)):
        assert not holds(ir.NoOverlap((hole,)), {}, EMPTY)
        assert not holds(ir.Cumulative(integer(5), (hole,)), {}, EMPTY)
    assert not holds(ir.Cumulative(NOTHING, ()), {}, EMPTY)
    skipped = replace(task(NOTHING, NOTHING), condition=ir.FALSE)
    assert holds(ir.NoOverlap((skipped,)), {}, EMPTY)
    with pytest.raises(ValueError, match="task"):
        evaluate(skipped, {}, EMPTY)


def test_circuits() -> None:
    right = [s for s in itertools.product((A, B, C), repeat=3) if holds(ir.Circuit(s, T), {}, EMPTY)]
    assert right == [(B, C, A), (C, A, B)]
    assert not holds(ir.Circuit((B, ir.ElementAt(integer(7), T), A), T), {}, EMPTY)
    assert not holds(ir.Circuit((B, NONE, A), T), {}, EMPTY)
    one = EnumSort("One", ("a",))
    assert holds(ir.Circuit((ir.Literal(one.element(0), one),), one), {}, EMPTY)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (0, 0),
        (10, 25),
        (5, Fraction(25, 2)),
        (20, 15),
        (15, 20),
        (-1, UNDEFINED),
        (21, UNDEFINED),
        (Fraction(1, 3), Fraction(5, 6)),
    ],
)
def test_broken_lines(at: int, expected: object) -> None:
    points: tuple[tuple[Value, Value], ...] = ((0, 0), (10, 25), (20, 15))
    assert evaluate(ir.Piecewise(ir.Literal(at, INT), points), {}, EMPTY) == expected


def test_terms_about_all_worlds_have_no_value_in_one() -> None:
    with pytest.raises(AcrossWorlds, match="possible"):
        evaluate(ir.Not(ir.Modal("possible", ir.TRUE)), {}, EMPTY)


def test_what_cannot_be_worked_out_says_why() -> None:
    n = ir.Variable("n", INT)
    with pytest.raises(Unbound, match="n"):
        evaluate(n, {}, EMPTY)
    with pytest.raises(InfiniteSort, match="int has infinitely many"):
        holds(ir.Quantified("exists", (ir.Bound(n),), ir.TRUE), {}, EMPTY)
    with pytest.raises(BudgetExceeded) as stopped:
        sort_values(SetSort(IntSort(1, 30)))
    assert stopped.value.kind is LimitKind.SIZE


def test_real_and_set_unknowns_are_checked() -> None:
    real = ir.Function("r", "var", (), RealSort(low=0, is_low_open=True))
    group = ir.Function("g", "var", (), SetSort(T))
    program = replace(EMPTY, symbols={"r": real, "g": group})
    question = ir.Question(ir.Find())

    def wrong(r: Value, g: Value) -> tuple[str, ...]:
        return check_structure(program, question, {"r": {(): r}, "g": {(): g}})

    assert wrong(Fraction(1, 2), frozenset({T.element(0)})) == ()
    assert wrong(0, frozenset()) == ("r",)
    assert wrong(1, frozenset({3})) == ("g",)
    with pytest.raises(InfiniteSort, match="infinitely many"):
        next(solutions(program, question))
    sets = replace(EMPTY, symbols={"g": group})
    assert len(list(solutions(sets, question))) == 8


CHOIR = """
type Singer = {rudi, sara, tove}
param skill(Singer): int = {rudi: 7, sara: 9, tove: 6}
var choir: set of Singer
constraint: len(choir) <= 2
"""


def test_objectives_rank_in_order_and_wishes_count_with_the_first() -> None:
    program = typed(CHOIR + "soft [3]: not sara in choir\nmaximize: sum(skill(s) for s in choir)\nminimize: len(choir)")
    found = answer(program, program.questions[0])
    assert isinstance(found, Found)
    # {rudi, sara} is worth 16 - 3, as much as {rudi, tove} without a loss.
    assert len(found.projections) == 1
    assert found.optimum == (13, 2)
    assert len(worlds_of(program, program.questions[0]).structures) == 2
    alone = typed(CHOIR + "soft: len(choir) == 3\nsoft [0.5]: rudi in choir\nfind all")
    assert worlds_of(alone, alone.questions[0]).optimum == (1,)
    assert all(any(e.name == "rudi" for e in w["choir"][()]) for w in worlds_of(alone, alone.questions[0]).structures)  # type: ignore[union-attr]


def test_objectives_and_values_have_to_be_defined() -> None:
    x = ir.Apply("x", (), IntSort(0, 2))
    program = replace(EMPTY, symbols={"x": ir.Function("x", "var", (), IntSort(0, 2))})
    inverse = ir.Divide(integer(1), x)
    with pytest.raises(NotDefined, match="gain"):
        answer(program, ir.Question(ir.Find(), objectives=(ir.Objective("gain", "maximize", inverse),)))
    with pytest.raises(NotDefined):
        answer(program, ir.Question(ir.Compute((inverse,))))
    differing = answer(program, ir.Question(ir.Compute((x,))))
    assert isinstance(differing, Computed)
    assert differing.values is None
    assert differing.differing is not None
    never = ir.Requirement("never", "constraint", ir.FALSE)
    assert answer(program, ir.Question(ir.Compute((x,)), requirements=(never,))) == Computed(None)
    options = (ir.ChoiceOption("A", integer(1)), ir.ChoiceOption("B", integer(2)))
    best = ir.Question(ir.Find(), objectives=(ir.Objective("o", "maximize", x),), options=options)
    found = answer(program, best)
    assert isinstance(found, Found)
    assert (found.right, found.optimum) == (("B",), (2,))


STALLS = """
type Stall = 1..5
type Goods = {apples, books, cheese, dolls, eggs}
var stall(Goods): Stall distinct
constraint apart: abs(stall(cheese) - stall(books)) != 1
constraint: stall(eggs) < stall(dolls)
constraint: stall(apples) in {1, 5}
"""


def test_choices_of_all_kinds() -> None:
    found = answers(
        STALLS
        + """
question q1
assume: stall(books) == 2
choose must
option A: stall(eggs) == 3
option B: stall(cheese) == 4
option C: stall(eggs) < stall(cheese)
question q2
compute count(s for s in Stall if possible(stall(eggs) == s))
question q3
choose equivalent to apart
option A: exists g in Goods: stall(books) < stall(g) < stall(cheese) or stall(cheese) < stall(g) < stall(books)
option B: stall(cheese) < stall(books)
question q4
choose determines
option A: stall(dolls) == 5 and stall(books) == 2
option B: stall(books) == 3
question q5
choose forces stall(eggs) == 3
option A: stall(dolls) == 5
option B: stall(cheese) == 5
option C: stall(eggs) == 4
question q6
compute {g for g in Goods if fixed(stall(g) == 5)}
question q7
choose determines stall(eggs)
option A: stall(books) == 2
option B: stall(books) == 3
question q8
choose must except
option A: stall(eggs) < stall(dolls)
option B: stall(eggs) < 3
option C: possible(stall(eggs) == 1)
"""
    )
    assert [a.label for a in found if isinstance(a, Chosen)] == ["C", "A", "A", "A", "B", "B"]
    assert isinstance(found[1], Computed)
    assert found[1].values == (3,)
    assert isinstance(found[5], Computed)
    assert [str(v) for v in found[5].values[0]] == ["eggs"]  # type: ignore[index, union-attr]


def test_proofs_and_queries() -> None:
    base = """
type Person = {ann, bo}
pred late(Person), tired(Person)
premise: late(ann)
premise: forall x in Person: late(x) implies tired(x)
"""
    found = answers(
        base
        + """
question a
prove: tired(ann)
question b
prove: not late(ann)
question c
prove: late(bo)
question d
assume: not tired(ann)
prove: late(bo)
question e
ask tired(X)
question f
ask late(bo)
question g
prove: possible(late(bo)) and not certain(late(bo)) and fixed(late(ann))
"""
    )
    proofs = [a.verdict for a in found if isinstance(a, Proved)]
    assert proofs == ["entailed", "refuted", "undetermined", "inconsistent", "entailed"]
    query, ground = (a for a in found if isinstance(a, Asked))
    assert [[str(v) for v in row] for row in query.true] == [["ann"]]
    assert [[str(v) for v in row] for row in query.unknown] == [["bo"]]
    assert ground.verdict == "unknown"


def test_open_types_at_sizes() -> None:
    source = """
type Person
pred keeper(Person), rows(Person)
const ada: Person
premise: forall x in Person: keeper(x) implies rows(x)
premise: exists x in Person: keeper(x) and x != ada
prove: rows(ada)
"""
    program = typed(source)
    (sort,) = open_sorts(program)
    assert smallest_size(sort) == 1
    with pytest.raises(ValueError, match="at least 1"):
        at_sizes(program, {"Person": 0})
    small = at_sizes(program, {"Person": 1})
    assert isinstance(small.sorts["Person"], EnumSort)
    found = [answer(p, p.questions[0]) for p in (small, at_sizes(program, {"Person": 2}))]
    assert [a.verdict for a in found if isinstance(a, Proved)] == ["inconsistent", "undetermined"]
    assert at_sizes(program, {"Person": 3}).sorts["Person"].elements == ("ada", "Person#1", "Person#2")  # type: ignore[union-attr]
    assert open_sorts(small) == ()
    assert "OpenSort(" not in repr(replace(small, warnings=()))


def test_rules_of_open_types_speak_of_constants_only() -> None:
    program = typed(
        "type P\nconst a, b: P\nrel seen(P), other(P)\nfact seen(a)\nrule other(X) if not seen(X)\nask other(X)"
    )
    large = at_sizes(program, {"P": 4})
    found = answer(large, large.questions[0])
    assert isinstance(found, Asked)
    assert [[str(v) for v in row] for row in found.true] == [["b"]]
    assert isinstance(program.sorts["P"], OpenSort)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_random_programs_are_answered_and_their_worlds_hold(kind: str) -> None:
    for seed in range(3):
        kinds = (kind, "relation") if kind in GOALS else (kind, GOALS[seed])
        program = typed(random_program(seed, max_structures=30, depth=2, kinds=kinds))
        program = at_sizes(program, {s.name: smallest_size(s) + seed % 2 for s in open_sorts(program)})
        (question,) = program.questions
        answer(program, question)
        for world in worlds_of(program, question).structures[:3]:
            assert check_structure(program, question, world) == ()
