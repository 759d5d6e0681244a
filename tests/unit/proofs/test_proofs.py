"""Derivations: what is proved holds in every small world, and a broken step is refused at its place."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

from nsr.engine.checking import parse_program
from nsr.explain.proofs import proof_steps
from nsr.language import ir
from nsr.language.evaluate import check_structure, holds
from nsr.language.open_types import at_sizes, open_sorts
from nsr.language.sorts import sort_values
from nsr.limits import Budget
from nsr.proofs.check import check
from nsr.proofs.search import derive
from nsr.proofs.steps import Derivation
from nsr.testing.broken_proofs import KINDS, mutants


def claim_of(program: ir.Program) -> ir.Term:
    goal = program.questions[0].goal
    assert isinstance(goal, ir.Prove)
    return goal.formula


def proved(source: str, *, denied: bool = False) -> tuple[ir.Program, ir.Term, Derivation | None]:
    """The program, its goal or the opposite, and a derivation that the checker accepts."""
    program = parse_program(source)
    goal = ir.Not(claim_of(program)) if denied else claim_of(program)
    found = derive(program, program.questions[0], goal)
    if found is not None:
        assert check(program, program.questions[0], goal, found, Budget()) is None
    return program, goal, found


# Random programs against all small worlds

UNARY = ("red", "old")


def random_formula(choices: random.Random, bound: tuple[str, ...], depth: int) -> str:
    def thing() -> str:
        return choices.choice([*bound, *bound, "ann", "bo"])

    if depth == 0 or choices.random() < 0.25:
        kind = choices.random()
        if kind < 0.15:
            return f"({thing()} == {thing()})"
        if kind < 0.4:
            return f"likes({thing()}, {thing()})"
        return f"{choices.choice(UNARY)}({thing()})"
    kind = choices.random()
    if kind < 0.3 and len(bound) < 2:
        name = "xy"[len(bound)]
        quantifier = choices.choice(("forall", "exists"))
        return f"({quantifier} {name} in Thing: {random_formula(choices, (*bound, name), depth - 1)})"
    if kind < 0.45:
        return f"(not {random_formula(choices, bound, depth - 1)})"
    sign = choices.choice(("and", "or", "implies", "implies", "iff", "xor"))
    return f"({random_formula(choices, bound, depth - 1)} {sign} {random_formula(choices, bound, depth - 1)})"


def random_source(seed: int) -> str:
    choices = random.Random(seed)
    coincide = " may_coincide" if seed % 3 == 0 else ""
    lines = [
        f"type Thing{coincide}",
        "const ann, bo: Thing",
        "pred red(Thing), old(Thing), likes(Thing, Thing)",
    ]
    for _ in range(4):
        lines.append(f"premise: forall x in Thing: {random_formula(choices, ('x',), 2)}")
    lines += [f"premise: {random_formula(choices, (), 2)}" for _ in range(2)]
    return "\n".join([*lines, f"prove {random_formula(choices, (), 2)}"])


def worlds(program: ir.Program, size: int) -> Iterator[tuple[ir.Program, dict[str, dict[tuple[object, ...], object]]]]:
    finite = at_sizes(program, {sort.name: size for sort in open_sorts(program)})
    cells = [
        (f.name, key)
        for f in finite.unknowns()
        for key in itertools.product(*(sort_values(sort) for sort in f.arguments))
    ]
    domains = [sort_values(finite.symbols[name].value) for name, _ in cells]
    for values in itertools.product(*domains):
        world: dict[str, dict[tuple[object, ...], object]] = {}
        for (name, key), value in zip(cells, values, strict=True):
            world.setdefault(name, {})[key] = value
        yield finite, world


def refutes(program: ir.Program, is_denied: bool, size: int) -> bool:
    """Whether a world of this size has the premises and not what was proved."""
    for finite, world in worlds(program, size):
        premises = all(holds(r.formula, world, finite) for r in finite.requirements)
        if premises and holds(claim_of(finite), world, finite) is is_denied:
            return True
    return False


@pytest.mark.parametrize("block", range(4))
def test_no_small_world_refutes_what_is_proved(block: int) -> None:
    count = 0
    for seed in range(8 * block, 8 * block + 8):
        source = random_source(seed)
        for is_denied in (False, True):
            program = parse_program(source)
            goal = ir.Not(claim_of(program)) if is_denied else claim_of(program)
            found = derive(program, program.questions[0], goal, steps=60_000)
            if found is None:
                continue
            assert check(program, program.questions[0], goal, found, Budget()) is None, source
            count += 1
            assert not refutes(program, is_denied, 2), source
    assert count > 0


@pytest.mark.parametrize("seed", range(0, 30, 3))
def test_a_contradiction_has_no_small_world(seed: int) -> None:
    program = parse_program(random_source(seed) + "\n")
    found = derive(program, program.questions[0], None, steps=60_000)
    if found is not None:
        assert check(program, program.questions[0], None, found, Budget()) is None
        for finite, world in worlds(program, 2):
            assert check_structure(finite, finite.questions[0], world)


# Rules against the reference evaluator

RULES = """
type P = {a, b, c, d}
rel edge(P, P) = {(a, b), (b, c), (d, d)}
rel shut(P) = {c}
rel path(P, P), far(P), many(P)
rule path(X, Y) if edge(X, Y)
rule path(X, Z) if path(X, Y), edge(Y, Z)
rule far(X) if path(a, X) unless shut(X), edge(a, X)
rule many(X) if count(y for y in P if path(X, y)) >= 2
"""


@pytest.mark.parametrize(
    "claim",
    [f"path({x}, {y})" for x in "abcd" for y in "abcd"]
    + [f"many({x})" for x in "abcd"]
    + [f"far({x})" for x in "abcd"]
    + ["exists x in P: path(x, c) and not path(c, x)", "forall x, y in P: path(x, y) implies not path(y, x)"],
)
def test_rules_decide_with_a_derivation_of_one_side(claim: str) -> None:
    _, _, yes = proved(f"{RULES}\nprove {claim}")
    _, _, no = proved(f"{RULES}\nprove {claim}", denied=True)
    assert (yes is None) is not (no is None)


# Broken derivations

PROVED = (
    """
    type Animal
    const rex: Animal
    pred dog(Animal), pet(Animal), loud(Animal), calm(Animal)
    premise "Dogs are pets.": forall x in Animal: dog(x) implies pet(x)
    premise "Pets are loud or calm, not both.": forall x in Animal: pet(x) implies loud(x) xor calm(x)
    premise "Nothing calm is a dog.": not exists x in Animal: calm(x) and dog(x)
    premise "Rex is a dog.": dog(rex)
    prove loud(rex)
    """,
    """
    type Person = {ann, bo, cy}
    rel kind(Person), rich(Person), gives(Person, Person) two_sided
    fact kind(ann), rich(bo), not rich(cy)
    rule gives(X, Y) if rich(X), not rich(Y)
    rule kind(X) if gives(X, Y), not rich(Y)
    rule not gives(X, Y) if not rich(X)
    prove kind(bo) and not gives(cy, ann)
    """,
    """
    type Thing may_coincide
    const a, b, c: Thing
    pred p(Thing), q(Thing, Thing)
    var f(Thing): Thing
    premise: a == b or a == c
    premise: p(b) and p(c)
    premise: forall x in Thing: p(x) implies q(x, f(x))
    premise: f(a) == b
    prove q(a, b)
    """,
    RULES + "prove path(a, c) and not path(c, a) and many(a) and not far(d)",
    """
    type City = {x, y, z}
    var home: City
    pred big(City)
    premise: forall c in City: big(c) iff c != z
    premise: not big(home)
    prove home == z
    """,
)


@pytest.mark.parametrize("number", range(len(PROVED)))
def test_broken_steps_are_refused_where_they_are(number: int) -> None:
    program, goal, derivation = proved(PROVED[number])
    assert derivation is not None
    seen = set()
    for seed in range(6):
        for mutant in mutants(program, program.questions[0], goal, derivation, random.Random(seed)):
            wrong = check(program, program.questions[0], goal, mutant.derivation, Budget())
            assert wrong is not None, mutant
            assert wrong.step == mutant.place, mutant
            seen.add(mutant.kind)
    assert {"flipped", "premise"} <= seen <= set(KINDS)


@pytest.mark.parametrize("number", range(len(PROVED)))
def test_no_step_can_be_left_out(number: int) -> None:
    program, goal, derivation = proved(PROVED[number])
    assert derivation is not None
    for place in range(len(derivation.steps)):
        rest = Derivation(derivation.steps[:place] + derivation.steps[place + 1 :])
        assert check(program, program.questions[0], goal, rest, Budget()) is not None


@pytest.mark.parametrize("number", range(len(PROVED)))
def test_a_derivation_proves_its_own_goal_only(number: int) -> None:
    program, goal, derivation = proved(PROVED[number])
    assert derivation is not None
    for other in (None, ir.Not(goal), ir.FALSE):
        assert check(program, program.questions[0], other, derivation, Budget()) is not None


def test_goals_that_do_not_follow_have_no_derivation() -> None:
    for source in PROVED:
        assert proved(source, denied=True)[2] is None


# Telling


def test_a_proof_is_told_in_sentences() -> None:
    program, goal, derivation = proved(PROVED[0])
    assert derivation is not None
    steps = proof_steps(program, program.questions[0], goal, derivation)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert all(used < step.number for step in steps for used in step.uses)
    assert steps[0].conclusion == "dog(rex)"
    assert steps[0].sentences == ("Rex is a dog.",)
    assert steps[-1].conclusion in ("loud(rex)", "false")
    assert {s for step in steps for s in step.sentences} == {
        "Dogs are pets.", "Pets are loud or calm, not both.", "Nothing calm is a dog.", "Rex is a dog.",
    }  # fmt: skip


def test_what_the_checker_of_programs_added_is_not_named() -> None:
    program, goal, derivation = proved(PROVED[1])
    assert derivation is not None
    steps = proof_steps(program, program.questions[0], goal, derivation)
    assert not any("known(" in step.conclusion or "`" in step.conclusion for step in steps)
    assert any(step.conclusion == "gives(bo, cy)" and step.by == "rule" for step in steps)
