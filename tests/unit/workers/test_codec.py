"""Programs come out of plain data as they went in."""

from dataclasses import replace
from fractions import Fraction

from nsr.language import ir
from nsr.language.ir import Facts, Find, Function, Program, Question, Rule, Table
from nsr.language.sorts import BOOL, INT, REAL, Element, EnumSort, IntSort, OpenSort, RealSort, SetSort
from nsr.workers.codec import from_bytes, from_plain, to_bytes, to_plain

T = EnumSort("T", ("a", "b", "c"))
SETS = SetSort(T)
A, B, C = (T.element(i) for i in range(3))
X = ir.Variable("X", T)


def program(**parts):
    symbols = {
        f.name: f
        for f in (
            Function("s", "var", (), SETS),
            Function("r", "rel", (T, INT), BOOL),
            Function("x", "var", (OpenSort("Thing", ("one",)),), RealSort(Fraction(1, 2), None, is_low_open=True)),
            Function("w", "param", (IntSort(1, 2, "W"),), SETS),
        )
    }
    tables = {"w": Table({(1,): frozenset({A, C}), (2,): frozenset()}, frozenset({B}), True)}
    return Program({}, symbols, {}, tables, parts.pop("requirements", ()), (Question(Find()),), **parts)


def carried(source, requirements=(), **parts):
    return from_plain(from_bytes(to_bytes(to_plain(source, requirements, **parts))))


def test_declarations_and_sets_come_back():
    source = program()
    again = carried(source)
    assert again.symbols == source.symbols
    assert again.tables == source.tables


def test_every_new_term_comes_back():
    s = ir.Apply("s", (), SETS)
    bound = ir.Bound(X)
    task = ir.Task((bound,), ir.TRUE, ir.PositionOf(X), ir.integer(2), ir.integer(1))
    terms = [
        ir.Subset(s, ir.Literal(frozenset({A, B}), SETS)),
        ir.Equal(s, ir.SetOperation("union", ir.SetOf((X,), SETS), ir.SetComprehension((bound,), ir.TRUE, X, SETS))),
        ir.Member(X, s),
        ir.LessEqual(ir.Cardinality(s), ir.integer(2)),
        ir.NoOverlap((task,)),
        ir.Cumulative(ir.integer(3), (task, task)),
        ir.Circuit((X, X, X), T),
        ir.Less(ir.Piecewise(ir.integer(1), ((0, Fraction(1, 3)), (2, 5))), ir.Literal(Fraction(7, 2), REAL)),
        ir.Modal("certain", ir.Equal(X, X)),
    ]
    again = carried(program(), [(f"r{i}", term) for i, term in enumerate(terms)])
    assert [r.formula for r in again.requirements] == terms
    assert [r.name for r in again.requirements] == [f"r{i}" for i in range(len(terms))]


def test_facts_and_rules_come_back():
    facts = [Facts("s1", "r", ((A, 1), (B, -7)))]
    call = ir.Apply("r", (X, ir.integer(1)), BOOL)
    rules = [Rule("s2", "default", "r", (X, ir.integer(2)), (ir.Bound(X),), ir.Not(call))]
    again = carried(program(), facts=facts, rules=rules)
    assert list(again.facts) == facts
    assert list(again.rules) == rules
    assert again.questions == (Question(Find()),)


def test_the_same_set_is_always_the_same_bytes():
    members = [Element("T", name, index) for index, name in enumerate("abcdefgh")]
    forward = ir.Literal(frozenset(members), SETS)
    backward = ir.Literal(frozenset(reversed(members)), SETS)
    plain = [to_bytes(to_plain(program(), [("r", ir.Subset(one, one))])) for one in (forward, backward)]
    assert plain[0] == plain[1]


def test_many_facts_are_carried():
    sort = EnumSort("T", tuple(f"t{i}" for i in range(500)))
    rows = tuple((sort.element(i % 500), i) for i in range(10_000))
    source = replace(program(), symbols={"r": Function("r", "rel", (sort, INT), BOOL)}, tables={})
    again = carried(source, facts=[Facts("s1", "r", rows)])
    assert again.facts[0].rows == rows
