"""Derivations of atoms: they are enough, they turn in no circle, and they name statements of the source only."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

import nsr
from nsr.engine.checking import parse_program
from nsr.explain.rules import step_reasons
from nsr.language import ir
from nsr.limits import Budget
from nsr.proofs.chaining import Atom, Chains, Need
from nsr.proofs.steps import ByFact, ByRule, Step
from nsr.workers import shut_down

POINTS = "abcd"


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers() -> Iterator[None]:
    yield
    shut_down()


def random_rules(seed: int) -> list[str]:
    """Facts and rules over four points, with recursion and negation of the first relation only."""
    choices = random.Random(seed)
    lines = [f"fact edge({choices.choice(POINTS)}, {choices.choice(POINTS)})" for _ in range(5)]
    lines += [f"fact shut({choices.choice(POINTS)})"]
    bodies = (
        "path(X, Y) if edge(X, Y)",
        "path(X, Z) if path(X, Y), edge(Y, Z)",
        "path(X, Y) if path(Y, X)",
        "path(X, Z) if edge(X, Y), path(Y, Z) unless shut(Y)",
        "open_at(X) if path(X, Y), not shut(Y)",
        "open_at(X) if exists y in P: edge(y, X) or path(X, y)",
        "both(X, Y) if path(X, Y), path(Y, X)",
    )
    return lines + [f"rule {body}" for body in choices.sample(bodies, 5)]


def source_of(lines: list[str]) -> str:
    declared = "type P = {a, b, c, d}\nrel edge(P, P), path(P, P), both(P, P), shut(P), open_at(P)\n"
    return declared + "\n".join(lines) + "\nfind"


def derivations_of(source: str) -> tuple[ir.Program, Chains]:
    program = parse_program(source)
    return program, Chains(program, program.questions[0], Budget())


def name_of(program: ir.Program, step: Step) -> str:
    match step.by:
        case ByFact(name):
            return name
        case ByRule(index):
            return program.rules_of(program.questions[0])[index].name
        case _:
            return ""


def atom_of(step: Step) -> Atom | None:
    [signed] = step.conclusion
    assert isinstance(signed.atom, ir.Apply)
    row = tuple(arg.value for arg in signed.atom.args if isinstance(arg, ir.Literal))
    return Atom(signed.atom.symbol, row) if signed.is_positive else None


@pytest.mark.parametrize("seed", range(25))
def test_statements_of_a_derivation_derive_the_atom_alone(seed: int) -> None:
    lines = random_rules(seed)
    program, derivations = derivations_of(source_of(lines))
    # What is denied stays: fewer rows of `shut` could make more true.
    kept_always = {place for place, line in enumerate(lines) if line.startswith("fact shut")}
    for atom in derivations.atoms_of(["path", "both", "open_at"]):
        names = {name_of(program, step) for step in derivations.steps([Need(atom, True)])} - {""}
        numbers = {int(name[1:]) - 3 for name in names} | kept_always
        _, fewer = derivations_of(source_of([line for place, line in enumerate(lines) if place in numbers]))
        assert atom in fewer.atoms_of([atom.symbol]), (atom, names)


@pytest.mark.parametrize("seed", range(10))
def test_each_step_comes_after_those_it_rests_on(seed: int) -> None:
    _, derivations = derivations_of(source_of(random_rules(seed)))
    atoms = derivations.atoms_of(["path", "both", "open_at"])
    steps = derivations.steps([Need(atom, True) for atom in atoms[:8]])
    order = {step.conclusion: place for place, step in enumerate(steps)}
    for atom in atoms[:8]:
        steps = derivations.steps([Need(atom, True)])
        assert atom_of(steps[-1]) == atom
        positive = [order[step.conclusion] for step in steps if atom_of(step) is not None]
        assert positive == sorted(positive)
        assert all(used < place for place, step in enumerate(steps) for used in step.uses)


def test_a_long_derivation_is_cut_at_its_end() -> None:
    chain = "".join(f"fact next({i}, {i + 1})\n" for i in range(1, 200))
    source = f"type N = 1..200\nrel next(N, N), at(N)\nfact at(1)\n{chain}rule at(Y) if at(X), next(X, Y)\nfind"
    program, derivations = derivations_of(source)
    steps = derivations.steps([Need(Atom("at", (200,)), True)])
    assert atom_of(steps[-1]) == Atom("at", (200,))
    reasons = step_reasons(program, program.questions[0], steps)
    assert len(reasons) <= 60
    assert reasons[-1].concludes.endswith("at(200)")


DEFAULTS = """type A = {a, b, c}
rel bird(A), penguin(A)
rel flies(A) two_sided
fact "A is a penguin.": penguin(a)
fact "B is a bird.": bird(b)
rule r1 "Penguins are birds.": bird(X) if penguin(X)
default d1 "Birds fly.": flies(X) if bird(X)
rule r2 "Penguins do not fly.": not flies(X) if penguin(X)
"""
CLASH = """type A = {a, b}
rel p(A), q(A) two_sided
pred w(A)
fact f1 "A is p.": p(a)
premise w1 "All are w.": forall x in A: w(x)
rule r1 "All p are q.": q(X) if p(X)
rule r2 "No p is q.": not q(X) if p(X)
rule r3 "No w is q.": not q(X) if w(X)
"""


@pytest.mark.parametrize(
    ("source", "core", "concluded"),
    [
        (DEFAULTS + "prove flies(a)", ("s4", "r2"), ("penguin(a)", "not flies(a)")),
        (DEFAULTS + "ask flies(b)", ("s5", "d1"), ("bird(b)", "flies(b)")),
        (CLASH + "drop r3\nprove q(a)", ("f1", "r1", "r2"), ("p(a)", "q(a)", "not q(a)")),
        (CLASH + "drop r2, f1\nprove not q(b)", ("r3", "w1"), ("", "")),
        (CLASH + "drop r2\nfind", ("f1", "r1", "r3", "w1"), ("p(a)", "q(a)", "", "")),
        (DEFAULTS + "constraint c: not bird(a)\nfind", ("s4", "r1", "c"), ("penguin(a)", "bird(a)", "")),
    ],
)
def test_results_name_rules_and_facts(source: str, core: tuple[str, ...], concluded: tuple[str, ...]) -> None:
    result = nsr.run(source)
    assert result.evidence.core == core
    assert tuple(reason.label for reason in result.explanation.reasons) == core
    assert tuple(reason.concludes for reason in result.explanation.reasons) == concluded


@pytest.mark.parametrize("goal", ["find", "find unique", "find all", "prove flies(c)", "ask flies(X)", "find count"])
def test_no_result_shows_what_the_checker_has_added(goal: str) -> None:
    shown = nsr.run(DEFAULTS + goal).to_json() + nsr.run(DEFAULTS + goal).explain()
    assert not [name for name in parse_program(DEFAULTS + goal).symbols if " " in name and name in shown]


def test_steps_of_defaults_are_told_by_their_own_sentences() -> None:
    program, derivations = derivations_of(DEFAULTS + "find")
    (known,) = derivations.atoms_of(["flies known"])
    reasons = step_reasons(program, program.questions[0], derivations.steps([Need(known, True)]))
    assert [reason.sentences for reason in reasons] == [("B is a bird.",), ("Birds fly.",)]
