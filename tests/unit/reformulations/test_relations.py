"""Relations: worked out bottom-up where the data decide them, completed where they depend on unknowns."""

import itertools
import random
import time

import pytest

from nsr.language import ir
from nsr.language.enumerate import solutions
from nsr.language.evaluate import holds
from nsr.language.ir import And, Apply, Bound, Facts, Find, Function, Not, Or, Program, Question, Rule, Variable
from nsr.language.sorts import BOOL, INT, EnumSort, IntSort, sort_values
from nsr.language.traverse import rebuild
from nsr.limits import Budget, BudgetExceeded
from nsr.reformulations.dependence import components, decided_relations
from nsr.reformulations.relations_to_completion import RELATIONS_TO_COMPLETION
from nsr.reformulations.relations_to_tables import RELATIONS_TO_TABLES

T = EnumSort("T", ("a", "b", "c"))
A, B, C = T_VALUES = [T.element(i) for i in range(3)]
PAIR = EnumSort("Pair", ("a", "b"))
P, Q, R = (Variable(name, PAIR) for name in "PQR")
PAIR_VALUES = [PAIR.element(0), PAIR.element(1)]
X, Y, Z = (Variable(name, T) for name in "XYZ")
QUESTION = Question(Find("all"))


def call(symbol, *args):
    return Apply(symbol, args, BOOL)


def bounds(*variables):
    return tuple(Bound(v) for v in variables)


def rule(head, body, *variables):
    return Rule("r", "rule", head.symbol, head.args, bounds(*variables), body)


def program(rels, rules, facts=(), unknowns=(), requirements=(), tables=None):
    symbols = {f.name: f for f in unknowns}
    symbols |= {name: Function(name, "rel", tuple(sorts), BOOL) for name, sorts in rels.items()}
    return Program(
        {}, symbols, {}, tables or {}, tuple(requirements), (QUESTION,), rules=tuple(rules),
        facts=tuple(Facts(f"f{i}", name, tuple(rows)) for i, (name, rows) in enumerate(facts)),
    )  # fmt: skip


def holding(rewritten, name):
    return set(rewritten.tables[name].entries)


# The oracle: stable models by trying every extension of the relations


def read_in_the_structure(term):
    """The term with the relations under `Not` (and in every other place that is not monotone) under another name."""

    def under(term):
        return rebuild(term, lambda t: Apply(f"{t.symbol}@", t.args, t.sort) if isinstance(t, Apply) else t)

    def walk(term):
        match term:
            case And(args):
                return And(tuple(walk(a) for a in args))
            case Or(args):
                return Or(tuple(walk(a) for a in args))
            case ir.Quantified(kind, binders, body):
                return ir.Quantified(kind, binders, walk(body))
            case ir.Implies(left, right):
                return ir.Implies(under(left), walk(right))
            case Apply():
                return term
            case _:
                return under(term)

    return walk(term)


def cells(function):
    return list(itertools.product(*(sort_values(s) for s in function.arguments)))


def least_model(source, world):
    """What facts and rules derive when everything not monotone is read in `world`."""
    found = {f.name: dict.fromkeys(cells(f), False) for f in source.relations()}
    structure = {**world, **found, **{f"{name}@": values for name, values in world.items()}}
    for facts in source.facts:
        for row in facts.rows:
            found[facts.symbol][row] = True
    bodies = [(r, read_in_the_structure(r.body)) for r in source.rules]
    changed = True
    while changed:
        changed = False
        for one, body in bodies:
            for values in itertools.product(*(sort_values(b.variable.sort) for b in one.binders)):
                env = {b.variable.name: v for b, v in zip(one.binders, values, strict=True)}
                row = tuple(env[a.name] if isinstance(a, Variable) else a.value for a in one.args)
                if not found[one.symbol][row] and holds(body, structure, source, env):
                    found[one.symbol][row] = changed = True
    return found


def stable_worlds(source):
    unknown = [(f.name, row) for f in source.unknowns() for row in cells(f)]
    atoms = [(f.name, row) for f in source.relations() for row in cells(f)]
    out = []
    for bits in itertools.product((False, True), repeat=len(unknown) + len(atoms)):
        world = {f.name: {} for f in (*source.unknowns(), *source.relations())}
        for (name, row), value in zip(unknown + atoms, bits, strict=True):
            world[name][row] = value
        least = least_model(source, world)
        if all(least[f.name] == world[f.name] for f in source.relations()):
            out.append(world)
    return frozen(out, source)


def frozen(worlds, source):
    names = [f.name for f in (*source.unknowns(), *source.relations())]
    found = [tuple(sorted((n, *map(str, row)) for n in names for row, v in w[n].items() if v)) for w in worlds]
    assert len(set(found)) == len(found)
    return set(found)


def completed_worlds(source):
    rewritten = RELATIONS_TO_COMPLETION.rewrite(source, Budget())
    assert not rewritten.rules
    assert not rewritten.facts
    return frozen(list(solutions(rewritten, QUESTION)), source)


# Completion


def random_program(seed):
    r = random.Random(seed)
    unknowns = [Function("u", "pred", (PAIR,), BOOL)]
    rels = {"p": (PAIR,), "q": (PAIR,)} if r.random() < 0.7 else {"p": (PAIR,), "q": (), "s": ()}

    def atom(names):
        name = r.choice(names)
        sorts = {"u": (PAIR,), **rels}[name]
        args = [r.choice([P, P, Q, ir.Literal(r.choice(PAIR_VALUES), PAIR)]) for _ in sorts]
        return call(name, *args)

    def literal():
        one = atom(["u", *rels, *rels])
        kind = r.random()
        if kind < 0.2:
            return Not(one)
        if kind < 0.3:
            return Or((one, atom(list(rels))))
        if kind < 0.37:
            return ir.Quantified("forall", (Bound(R),), Or((Not(call("u", R)), call("p", R))))
        if kind < 0.43:
            return ir.Quantified("exists", (Bound(R),), And((call("p", R), call("u", R))))
        return one

    rules = []
    for _ in range(r.randrange(2, 6)):
        head = atom(list(rels))
        body = And(tuple(literal() for _ in range(r.randrange(1, 3))))
        rules.append(rule(head, body, P, Q))
    facts = [("p", [(r.choice(PAIR_VALUES),)])] if r.random() < 0.3 else []
    return program(rels, rules, facts, unknowns)


@pytest.mark.parametrize("seed", range(25))
def test_the_completion_has_the_stable_models(seed):
    source = random_program(seed)
    assert completed_worlds(source) == stable_worlds(source)


def test_nothing_supports_itself():
    source = program(
        {"p": (), "q": ()},
        [rule(call("p"), call("q")), rule(call("q"), call("p")), rule(call("p"), call("u"))],
        unknowns=[Function("u", "pred", (), BOOL)],
    )
    assert completed_worlds(source) == {(), (("p",), ("q",), ("u",))}


def test_an_even_loop_through_negation_has_two_models_and_an_odd_one_none():
    even = program({"p": (), "q": ()}, [rule(call("p"), Not(call("q"))), rule(call("q"), Not(call("p")))])
    assert not decided_relations(even)
    assert completed_worlds(even) == {(("p",),), (("q",),)}
    odd = program({"p": ()}, [rule(call("p"), Not(call("p")))])
    assert completed_worlds(odd) == set()


def test_reaching_along_chosen_edges():
    """Reachability over an unknown graph: every graph once, with exactly what can be reached."""
    edge, reach = Function("edge", "pred", (T, T), BOOL), {"reach": (T,)}
    source = program(
        reach,
        [rule(call("reach", Y), And((call("reach", X), call("edge", X, Y))), X, Y)],
        [("reach", [(A,)])],
        [edge],
    )
    rewritten = RELATIONS_TO_COMPLETION.rewrite(source, Budget())
    count = 0
    for world in solutions(rewritten, QUESTION):
        count += 1
        seen = {A}
        for _ in T_VALUES:
            seen |= {y for (x, y), is_in in world["edge"].items() if is_in and x in seen}
        assert {x for (x,), value in world["reach"].items() if value} == seen
    assert count == 2**9


def test_heads_and_atoms_at_unknown_arguments():
    f = Function("f", "var", (PAIR,), PAIR)
    fx = Apply("f", (P,), PAIR)
    source = program(
        {"p": (PAIR,), "q": (PAIR,)},
        [rule(Apply("p", (fx,), BOOL), call("q", P), P), rule(call("q", P), call("p", fx), P)],
        [("q", [(PAIR_VALUES[0],)])],
        [f],
    )
    for world in solutions(RELATIONS_TO_COMPLETION.rewrite(source, Budget()), QUESTION):
        value = {x: world["f"][(x,)] for x in PAIR_VALUES}
        p, q = set(), {PAIR_VALUES[0]}
        for _ in range(4):
            p |= {value[x] for x in q}
            q |= {x for x in PAIR_VALUES if value[x] in p}
        assert {x for (x,), v in world["p"].items() if v} == p
        assert {x for (x,), v in world["q"].items() if v} == q


# Tables


def test_decided_relations_are_found():
    source = program(
        {"p": (T,), "q": (T,), "s": (T,), "t": (T,)},
        [
            rule(call("q", X), And((call("p", X), Not(call("t", X)))), X),
            rule(call("s", X), call("u", X), X),
            rule(call("t", X), Not(call("s", X)), X),
        ],
        unknowns=[Function("u", "pred", (T,), BOOL)],
    )
    assert decided_relations(source) == {"p"}


def test_negation_between_strata_and_conditions():
    source = program(
        {"edge": (T, T), "reach": (T, T), "far": (T, T), "lonely": (T,)},
        [
            rule(call("reach", X, Y), Or((call("edge", X, Y), call("edge", Y, X))), X, Y),
            rule(call("reach", X, Z), And((call("reach", X, Y), call("reach", Y, Z))), X, Y, Z),
            rule(call("far", X, Y), And((call("reach", X, Y), Not(call("edge", X, Y)), Not(ir.Equal(X, Y)))), X, Y),
            rule(call("lonely", X), Not(ir.Quantified("exists", (Bound(Y),), call("reach", X, Y))), X),
        ],
        [("edge", [(A, B)])],
    )
    rewritten = RELATIONS_TO_TABLES.rewrite(source, Budget())
    assert not rewritten.rules
    assert not rewritten.facts
    assert holding(rewritten, "reach") == {(A, B), (B, A), (A, A), (B, B)}
    assert holding(rewritten, "far") == {(B, A)}
    assert holding(rewritten, "lonely") == {(C,)}
    assert rewritten.symbols["far"].kind == "param"


def test_numbers_are_derived_as_far_as_their_type_reaches():
    n = Variable("N", INT)
    small = IntSort(0, 4)
    step = ir.Restrict(ir.Sum((n, ir.integer(1))), small)
    source = program({"level": (small,)}, [rule(call("level", step), call("level", n), n)], [("level", [(1,)])])
    assert holding(RELATIONS_TO_TABLES.rewrite(source, Budget()), "level") == {(1,), (2,), (3,), (4,)}


def test_rules_without_end_are_stopped():
    n = Variable("N", INT)
    source = program(
        {"level": (INT,)}, [rule(call("level", ir.Sum((n, ir.integer(1)))), call("level", n), n)], [("level", [(1,)])]
    )
    with pytest.raises(BudgetExceeded):
        RELATIONS_TO_TABLES.rewrite(source, Budget(steps=20_000))


def test_an_entry_that_a_table_lacks_derives_nothing():
    cost = Function("cost", "param", (T,), INT)
    source = program(
        {"cheap": (T,)},
        [rule(call("cheap", X), ir.Less(Apply("cost", (X,), INT), ir.integer(5)), X)],
        unknowns=[cost],
        tables={"cost": ir.Table({(A,): 3, (B,): 9})},
    )
    assert holding(RELATIONS_TO_TABLES.rewrite(source, Budget()), "cheap") == {(A,)}


def test_the_closure_of_many_facts_is_fast():
    big = EnumSort("Big", tuple(f"t{i}" for i in range(10_000)))
    r = random.Random(1)
    rows = [(big.element(r.randrange(10_000)), big.element(r.randrange(10_000))) for _ in range(9_000)]
    x, y, z = (Variable(name, big) for name in "XYZ")
    source = program(
        {"edge": (big, big), "reach": (big, big)},
        [
            rule(call("reach", x, y), call("edge", x, y), x, y),
            rule(call("reach", x, z), And((call("reach", x, y), call("edge", y, z))), x, y, z),
        ],
        [("edge", rows)],
    )
    start = time.process_time()
    rewritten = RELATIONS_TO_TABLES.rewrite(source, Budget())
    assert len(rewritten.tables["reach"].entries) > 50_000
    assert time.process_time() - start < 3


def test_components_come_after_what_they_point_to():
    graph = {1: [2], 2: [3, 1], 3: [4], 4: [], 5: [1, 5]}
    found = [set(group) for group in components(graph)]
    assert found == [{4}, {3}, {1, 2}, {5}]
