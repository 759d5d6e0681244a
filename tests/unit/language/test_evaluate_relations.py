"""Stable models: the joins and bounds of `relations` against the definition, tried out on all sets of atoms."""

from __future__ import annotations

import itertools
import os
import random
import time
from dataclasses import replace
from typing import Literal

import pytest

from nsr.language import ir
from nsr.language.closure import matches
from nsr.language.enumerate import Asked, Found, answer, solutions
from nsr.language.evaluate import NoEntry, check_structure, evaluate, holds
from nsr.language.meaning import Evaluator
from nsr.language.relations import components_of, extend
from nsr.language.sorts import BOOL, INT, EnumSort, InfiniteSort, IntSort, Sort, Value, has_value
from nsr.language.traverse import free_variables
from nsr.limits import Budget, BudgetExceeded

T = EnumSort("T", ("a", "b"))
N = IntSort(0, 2)
X, Y, Z = (ir.Variable(name, T) for name in "XYZ")
K = ir.Variable("K", N)
ROUNDS = int(os.environ.get("NSR_DIFFERENTIAL_ROUNDS", "1"))
QUESTION = ir.Question(ir.Find("all"))
Rows = dict[str, frozenset[tuple[Value, ...]]]
Model = frozenset[tuple[str, frozenset[tuple[Value, ...]]]]


def call(symbol: str, *args: ir.Term) -> ir.Apply:
    return ir.Apply(symbol, args, BOOL)


def rule(symbol: str, args: tuple[ir.Term, ...], variables: tuple[ir.Variable, ...], body: ir.Term) -> ir.Rule:
    return ir.Rule(f"r{symbol}", "rule", symbol, args, tuple(ir.Bound(v) for v in variables), body)


def relation(name: str, *arguments: Sort) -> ir.Function:
    return ir.Function(name, "rel", arguments, BOOL)


def program_of(
    symbols: tuple[ir.Function, ...], rules: tuple[ir.Rule, ...], facts: tuple[ir.Facts, ...] = (), **more: object
) -> ir.Program:
    program = ir.Program({"T": T}, {s.name: s for s in symbols}, {}, {}, (), (QUESTION,), facts=facts, rules=rules)
    return replace(program, **more)  # type: ignore[arg-type] # fields by name, as each test needs them


def models(program: ir.Program, structure: ir.Structure | None = None) -> set[Model]:
    found = list(extend(program, components_of(program, QUESTION), structure or {}, Budget()))
    frozen = [frozenset((r.name, frozenset(s[r.name])) for r in program.relations()) for s in found]
    assert len(set(frozen)) == len(frozen), "a model was found twice"
    return set(frozen)


# The definition, read literally


def positive_reading(term: ir.Term, rows: Rows, outer: Evaluator, env: dict[str, Value]) -> bool:
    match term:
        case ir.And(args):
            return all(positive_reading(a, rows, outer, env) for a in args)
        case ir.Or(args):
            return any(positive_reading(a, rows, outer, env) for a in args)
        case ir.Quantified(kind, binders, body):
            found = (positive_reading(body, rows, outer, dict(e)) for e in outer.bindings(binders, env))
            return all(found) if kind == "forall" else any(found)
        case ir.Apply(symbol, args) if symbol in rows:
            return tuple(outer.value(a, env) for a in args) in rows[symbol]
        case _:
            return outer.holds(term, env)


def derived(program: ir.Program, candidate: Rows) -> Rows:
    structure = {name: dict.fromkeys(rows, True) for name, rows in candidate.items()}
    outer = Evaluator(structure, program, None)
    rows: Rows = {name: frozenset() for name in candidate}
    for fact in program.facts:
        rows[fact.symbol] |= frozenset(fact.rows)
    while True:
        before = dict(rows)
        for r in program.rules:
            for env in outer.bindings(r.binders, {}):
                try:
                    if not positive_reading(r.body, rows, outer, dict(env)):
                        continue
                except NoEntry:
                    continue
                row = tuple(outer.value(a, env) for a in r.args)
                sorts = program.symbols[r.symbol].arguments
                if all(has_value(s, v) for s, v in zip(sorts, row, strict=True)):  # type: ignore[arg-type]
                    rows[r.symbol] |= {row}  # type: ignore[arg-type]
        if rows == before:
            return rows


def models_by_definition(program: ir.Program) -> set[Model]:
    atoms = [
        (r.name, row)
        for r in program.relations()
        for row in itertools.product(*(list(_values(sort)) for sort in r.arguments))
    ]
    found = set()
    for chosen in itertools.product((False, True), repeat=len(atoms)):
        kept = [atom for atom, is_in in zip(atoms, chosen, strict=True) if is_in]
        candidate = {r.name: frozenset(row for name, row in kept if name == r.name) for r in program.relations()}
        if derived(program, candidate) == candidate:
            found.add(frozenset(candidate.items()))
    return found


def _values(sort: Sort) -> list[Value]:
    return [T.element(0), T.element(1)] if sort == T else [0, 1, 2]


def random_rules(seed: int) -> ir.Program:
    """Rules over three relations of T, one of T and T, and one of a range, with negation, `or`, `exists`, counting."""
    rng = random.Random(seed)
    symbols: tuple[ir.Function, ...] = (relation("p", T), relation("q", T), relation("e", T, T), relation("n", N))
    chosen = rng.sample(symbols, 2) if rng.random() < 0.6 else [symbols[0], symbols[1], rng.choice(symbols[2:])]
    symbols = tuple(chosen)
    names = {s.name for s in symbols}

    def atom() -> ir.Term:
        symbol = rng.choice(symbols)
        if symbol.name == "n":
            shift = rng.choice((ir.integer(0), ir.integer(0), ir.integer(1)))
            inner: ir.Term = K if shift == ir.integer(0) else ir.Restrict(ir.Sum((K, shift)), N)
            return call("n", inner)
        return call(symbol.name, *(rng.choice((X, Y, ir.Literal(T.element(0), T))) for _ in symbol.arguments))

    def part(depth: int) -> ir.Term:
        match rng.randrange(11) if depth else 0:
            case 0 | 1 | 2 | 3:
                return atom()
            case 4 | 5 | 6:
                return ir.Not(atom())
            case 7:
                return ir.Or((part(depth - 1), part(depth - 1)))
            case 8:
                inner = ir.Variable(f"W{rng.randrange(10**6)}", T)
                body = call(rng.choice(sorted(names & {"p", "q"})), inner) if names & {"p", "q"} else atom()
                kind: Literal["exists", "forall"] = rng.choice(("exists", "forall"))
                return ir.Quantified(kind, (ir.Bound(inner),), rng.choice((body, ir.Or((body, atom())))))
            case 9:
                return ir.Equal(X, Y)
            case _:
                return ir.Less(K, ir.Apply("cost", (X,), INT))

    rules = []
    if {"p", "q"} <= names and rng.random() < 0.5:
        rules = [rule(a, (X,), (X,), ir.Not(call(b, X))) for a, b in (("p", "q"), ("q", "p"))]
    for _ in range(rng.randint(1, 3)):
        symbol = rng.choice(symbols)
        args = tuple(
            rng.choice((X, Y)) if sort == T else rng.choice((K, ir.Sum((K, ir.integer(1)))))
            for sort in symbol.arguments
        )
        body = ir.And(tuple(part(2) for _ in range(rng.randint(1, 3))))
        used = set().union(*(free_variables(term) for term in (body, *args)))
        rules.append(rule(symbol.name, args, tuple(v for v in (X, Y, K) if v.name in used), body))
    facts = []
    for symbol in symbols:
        if rng.random() < 0.4:
            facts.append(ir.Facts("f", symbol.name, (tuple(rng.choice(_values(s)) for s in symbol.arguments),)))
    cost = ir.Function("cost", "param", (T,), INT)
    table = ir.Table({(T.element(0),): 2})
    program = program_of((*symbols, cost), tuple(rules), tuple(facts))
    return replace(program, tables={"cost": table})


def test_the_models_are_those_of_the_definition() -> None:
    several = none = 0
    for seed in range(30 * ROUNDS):
        program = random_rules(seed)
        wanted = models_by_definition(program)
        assert models(program) == wanted, f"seed {seed}"
        several += len(wanted) > 1
        none += not wanted
    assert several > 0
    assert none > 0


def test_what_the_check_accepts_are_the_models() -> None:
    for seed in range(1000, 1000 + 10 * ROUNDS):
        program = random_rules(seed)
        wanted = models_by_definition(program)
        atoms = [(r.name, row) for r in program.relations() for row in itertools.product(*map(_values, r.arguments))]
        rng = random.Random(seed)
        tried = [dict(w) for w in wanted]
        for _ in range(20):
            kept = [atom for atom in atoms if rng.random() < 0.5]
            tried.append({r.name: frozenset(row for n, row in kept if n == r.name) for r in program.relations()})
        for candidate in tried:
            dense = {
                r.name: {row: row in candidate[r.name] for row in itertools.product(*map(_values, r.arguments))}
                for r in program.relations()
            }
            assert (check_structure(program, QUESTION, dense) == ()) == (frozenset(candidate.items()) in wanted)


# Single cases


def test_even_and_odd_loops() -> None:
    symbols = (relation("p"), relation("q"))
    even = (rule("p", (), (), ir.Not(call("q"))), rule("q", (), (), ir.Not(call("p"))))
    assert len(models(program_of(symbols, even))) == 2
    odd = (rule("p", (), (), ir.Not(call("p"))),)
    assert models(program_of(symbols, odd)) == set()
    assert models(program_of(symbols, (*odd, rule("p", (), (), ir.TRUE)))) == {
        frozenset({("p", frozenset({()})), ("q", frozenset())})
    }
    # Support by itself is no support.
    assert models(program_of(symbols, (rule("p", (), (), call("p")),))) == {
        frozenset({("p", frozenset()), ("q", frozenset())})
    }


def test_many_even_loops_are_cut_down_by_requirements_and_not_by_luck() -> None:
    """Where a fixed point decides everything, nothing is guessed: 200 atoms under negation are no problem."""
    things = EnumSort("T", tuple(f"t{i}" for i in range(200)))
    x = ir.Variable("X", things)
    symbols = (relation("win", things), relation("move", things, things))
    y = ir.Variable("Y", things)
    win = rule("win", (x,), (x, y), ir.And((call("move", x, y), ir.Not(call("win", y)))))
    moves = tuple((things.element(i), things.element(i + 1)) for i in range(199))
    program = program_of(symbols, (win,), (ir.Facts("moves", "move", moves),))
    (found,) = extend(program, components_of(program, QUESTION), {}, Budget())
    assert {row[0].index for row in found["win"]} == set(range(198, -1, -2))  # type: ignore[union-attr]


def chain(length: int) -> tuple[ir.Program, EnumSort]:
    places = EnumSort("T", tuple(f"t{i}" for i in range(length)))
    x, y, z = (ir.Variable(name, places) for name in "XYZ")
    rules = (
        rule("reach", (x, y), (x, y), call("road", x, y)),
        rule("reach", (x, z), (x, y, z), ir.And((call("reach", x, y), call("road", y, z)))),
    )
    roads = tuple((places.element(i), places.element(i + 1)) for i in range(length - 1))
    symbols = (relation("road", places, places), relation("reach", places, places))
    return program_of(symbols, rules, (ir.Facts("roads", "road", roads),)), places


def test_a_large_closure_is_checked_in_seconds() -> None:
    program, places = chain(141)
    (world,) = solutions(program, QUESTION)
    assert len(world["reach"]) == 9870
    started = time.process_time()
    assert check_structure(program, QUESTION, world) == ()
    assert time.process_time() - started < 5
    back = (places.element(5), places.element(1))
    assert check_structure(program, QUESTION, {**world, "reach": {**world["reach"], back: True}}) == ("reach",)
    less = {row: value for row, value in world["reach"].items() if row != (places.element(0), places.element(140))}
    assert check_structure(program, QUESTION, {**world, "reach": less}) == ("reach",)
    assert check_structure(program, QUESTION, {"road": world["road"]}) == ("reach",)


def test_infinite_arguments_are_never_gone_through() -> None:
    n = ir.Variable("N", INT)
    m = ir.Variable("M", INT)
    symbols = (relation("level", T, INT),)
    start = ir.Facts("start", "level", ((T.element(0), 0),))
    up = ir.And((call("level", X, n), ir.Less(n, ir.integer(3)), ir.Equal(m, ir.Sum((n, ir.integer(1))))))
    program = program_of(symbols, (rule("level", (X, m), (X, n, m), up),), (start,))
    (world,) = solutions(program, QUESTION)
    assert set(world["level"]) == {(T.element(0), i) for i in range(4)}
    assert check_structure(program, QUESTION, world) == ()
    ask = ir.Ask((ir.Bound(n),), call("level", ir.Literal(T.element(0), T), n))
    found = answer(program, replace(QUESTION, goal=ask))
    assert found == Asked(((0,), (1,), (2,), (3,)), ())
    unbounded = rule("level", (X, ir.Sum((n, ir.integer(1)))), (X, n), call("level", X, n))
    with pytest.raises(BudgetExceeded):
        list(solutions(program_of(symbols, (unbounded,), (start,)), QUESTION, budget=Budget(steps=100_000)))
    unsafe = rule("level", (X, n), (X, n), ir.TRUE)
    with pytest.raises(InfiniteSort, match="infinitely many"):
        list(solutions(program_of(symbols, (unsafe,), (start,)), QUESTION))


def test_relations_follow_the_unknowns() -> None:
    symbols = (relation("reach", T), ir.Function("open", "pred", (T,), BOOL))
    rules = (rule("reach", (X,), (X,), ir.And((call("open", X), ir.Not(call("open", Y))))),)
    rules = (rule("reach", (X,), (X, Y), rules[0].body),)
    program = program_of(symbols, rules)
    found = list(solutions(program, QUESTION))
    assert len(found) == 4
    for world in found:
        opened = {row for row, value in world["open"].items() if value}
        assert set(world["reach"]) == (opened if len(opened) == 1 else set())
    required = ir.Requirement("c", "constraint", ir.Quantified("exists", (ir.Bound(X),), call("reach", X)))
    assert len(list(solutions(replace(program, requirements=(required,)), QUESTION))) == 2
    missing = {"open": dict.fromkeys(found[0]["open"], True)}
    with pytest.raises(NoEntry):
        holds(required.formula, missing, program)


def test_facts_and_rules_of_a_question_and_what_it_drops() -> None:
    program, places = chain(3)
    more = ir.Facts("more", "road", ((places.element(2), places.element(0)),))
    there = call("reach", ir.Literal(places.element(2), places), ir.Literal(places.element(1), places))
    ask = ir.Ask((), there)
    for question, expected in (
        (ir.Question(ask), "no"),
        (ir.Question(ask, facts=(more,)), "yes"),
        (ir.Question(ask, facts=(more,), drops=("roads",)), "no"),
        (ir.Question(ask, facts=(more,), drops=("rreach",)), "no"),
    ):
        found = answer(program, question)
        assert isinstance(found, Asked)
        assert found.verdict == expected


def test_a_missing_entry_makes_a_body_false_and_a_requirement_an_error() -> None:
    cost = ir.Function("cost", "param", (T,), INT)
    cheap = ir.Less(ir.Apply("cost", (X,), INT), ir.integer(5))
    symbols = (relation("p", T), relation("q", T), cost)
    rules = (rule("p", (X,), (X,), cheap), rule("q", (X,), (X,), ir.Not(cheap)))
    program = program_of(symbols, rules, tables={"cost": ir.Table({(T.element(0),): 2})})
    (world,) = solutions(program, QUESTION)
    assert (set(world["p"]), set(world["q"])) == ({(T.element(0),)}, set())
    everywhere = ir.Quantified("forall", (ir.Bound(X),), cheap)
    with pytest.raises(NoEntry):
        evaluate(everywhere, world, program)
    assert answer(program, ir.Question(ir.Ask((ir.Bound(X),), ir.Not(cheap)))) == Asked((), ())


def test_rules_through_definitions() -> None:
    """A definition that speaks of a relation is part of the recursion."""
    program, places = chain(4)
    z = ir.Variable("D", places)
    linked = ir.Definition(
        (z,), ir.Quantified("exists", (ir.Bound(X2 := ir.Variable("E", places)),), call("reach", X2, z))
    )
    seen = ir.Function("linked", "define", (places,), BOOL)
    x = ir.Variable("X", places)
    rules = (
        rule("road", (x, x), (x,), call("linked", x)),
        rule("reach", (x, x), (x,), ir.Equal(x, ir.Literal(places.element(0), places))),
    )
    program = replace(
        program,
        symbols={**program.symbols, "linked": seen},
        definitions={"linked": linked},
        rules=(*program.rules, *rules),
    )
    (world,) = solutions(program, QUESTION)
    assert all((e, e) in world["road"] for e in map(places.element, range(4)))
    assert check_structure(program, QUESTION, world) == ()


def test_counting_a_relation_comes_after_it() -> None:
    program, places = chain(4)
    c, x = ir.Variable("C", places), ir.Variable("X", places)
    n = ir.Aggregate("count", (ir.Bound(c),), call("reach", x, c), ir.TRUE)
    far = rule("far", (x,), (x,), ir.Less(ir.integer(1), n))
    program = replace(program, symbols={**program.symbols, "far": relation("far", places)}, rules=(far, *program.rules))
    (world,) = solutions(program, QUESTION)
    assert {row[0].index for row in world["far"]} == {0, 1}  # type: ignore[union-attr]


def test_finding_relations() -> None:
    symbols = (relation("p"), relation("q"))
    even = (rule("p", (), (), ir.Not(call("q"))), rule("q", (), (), ir.Not(call("p"))))
    found = answer(program_of(symbols, even), QUESTION)
    assert isinstance(found, Found)
    assert len(found.solutions) == 2
    named = answer(program_of(symbols, even), ir.Question(ir.Find("all", symbols=("p",))))
    assert isinstance(named, Found)
    assert set(named.projections) == {(frozenset(),), (frozenset({()}),)}


def test_matches_go_by_domains() -> None:
    n = ir.Variable("N", INT)
    program = program_of((relation("p", INT),), ())
    structure: ir.Structure = {"p": {(i,): True for i in range(10)}}
    body = call("p", n)
    evaluator = Evaluator(structure, program, None)
    between = ir.Bound(n, ir.Interval(ir.integer(3), ir.integer(5)))
    assert set(matches(evaluator, (between,), body)) == {(3,), (4,), (5,)}
    listed = ir.Bound(n, ir.Listed((ir.integer(3), ir.integer(11))))
    assert set(matches(evaluator, (listed,), body)) == {(3,)}
    m = ir.Variable("M", INT)
    computed = ir.Bound(m, ir.Listed((ir.Sum((n, ir.integer(1))),)))
    assert set(matches(evaluator, (between, computed), ir.And((body, call("p", m))))) == {(3, 4), (4, 5), (5, 6)}
