"""Sets, open types, real numbers and relations: what the checker makes of them means what Python's sets mean."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from language_programs import codes, formula, program

from nsr.language import ir
from nsr.language.check.context import describe_sort
from nsr.language.evaluate import holds
from nsr.language.sorts import BOOL, INT, Element, IntSort, OpenSort, RealSort, SetSort, Sort, Value
from nsr.language.traverse import subterms

NAMES = ("a", "b", "c")
DECLARED = """
type T = {a, b, c}
type D = [mon, tue, wed]
type O
const o1, o2: O
var s, t: set of T
var f(T): set of T
var n(T): 0..3
var day: D
var x(T): real in 0..10
pred p(T)
pred q(O), near(O, O)
var next(T): T
"""


def _element(name: str) -> Element:
    return Element("T", name, NAMES.index(name))


class _World:
    """Random values, and random set expressions with their values."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.sets = {name: self.subset() for name in ("s", "t")}
        self.of = {name: self.subset() for name in NAMES}
        self.tall = self.subset()
        self.number = {name: self.rng.randrange(4) for name in NAMES}

    def subset(self) -> frozenset[str]:
        return frozenset(n for n in NAMES if self.rng.random() < 0.5)

    def structure(self) -> dict[str, dict[tuple[Value, ...], Value]]:
        def values(names: frozenset[str]) -> Value:
            return frozenset(_element(n) for n in names)

        return {
            **{name: {(): values(found)} for name, found in self.sets.items()},
            "f": {(_element(n),): values(found) for n, found in self.of.items()},
            "n": {(_element(n),): k for n, k in self.number.items()},
            "p": {(_element(n),): n in self.tall for n in NAMES},
        }

    def set_(self, depth: int) -> tuple[str, frozenset[str]]:
        kind = self.rng.randrange(8 if depth else 4)
        match kind:
            case 0 | 1:
                name = self.rng.choice(("s", "t"))
                return name, self.sets[name]
            case 2:
                name = self.rng.choice(NAMES)
                return f"f({name})", self.of[name]
            case 3:
                found = self.subset()
                return "{" + ", ".join(sorted(found)) + "}", found
            case 4:
                inside, found = self.set_(depth - 1)
                return f"{{y for y in {inside} if p(y)}}", found & self.tall
            case _:
                (left, a), (right, b) = self.set_(depth - 1), self.set_(depth - 1)
                operator = self.rng.choice("|&-")
                return f"({left} {operator} {right})", {"|": a | b, "&": a & b, "-": a - b}[operator]

    def formula(self) -> tuple[str, bool]:
        (left, a), (right, b) = self.set_(3), self.set_(3)
        name = self.rng.choice(NAMES)
        total = sum(self.number[n] for n in a)
        return self.rng.choice(
            [
                (f"{left} == {right}", a == b),
                (f"{left} != {right}", a != b),
                (f"{left} <= {right}", a <= b),
                (f"{left} < {right}", a < b),
                (f"{left} >= {right}", a >= b),
                (f"{left} > {right}", a > b),
                (f"{name} in {left}", name in a),
                (f"{name} not in {left}", name not in a),
                (f"len({left}) == {len(a)}", True),
                (f"forall y in {left}: p(y)", a <= self.tall),
                (f"exists y in {left}: y in {right}", bool(a & b)),
                (f"exactly 1 y in {left}: p(y)", len(a & self.tall) == 1),
                (f"sum(n(y) for y in {left}) == {total}", True),
                (f"len({{n(y) for y in {left}}}) == {len({self.number[n] for n in a})}", True),
                (f"all(y in {right} for y in {left})", a <= b),
                (f"{{y for y in T if y in {left}}} == {left}", True),
            ]
        )


@pytest.mark.parametrize("seed", range(60))
def test_sets_mean_what_they_mean_in_python(seed: int) -> None:
    world = _World(seed)
    structure = world.structure()
    for _ in range(4):
        text, expected = world.formula()
        term, found = formula(text, DECLARED)
        assert holds(term, structure, found) is expected, text


def test_sorts() -> None:
    found = program(DECLARED + "define late = {y for y in T if n(y) > 1}\nconstraint: a in late\n")
    assert isinstance(found.symbols["s"].value, SetSort)
    assert found.symbols["late"].value == found.symbols["s"].value
    assert found.symbols["x"].value == RealSort(0, 10)
    assert found.sorts["O"] == OpenSort("O", ("o1", "o2"))
    bounds = program("type T = {a, b}\nparam k(T): int = [3, 5]\nvar x(i: T): real > 0 <= k(i) / 2\nvar y: int >= 1.5")
    assert bounds.symbols["x"].value == RealSort(0, Fraction(5, 2), is_low_open=True)
    assert bounds.symbols["y"].value == IntSort(2)
    assert [r.name for r in bounds.requirements] == ["x.bound"]


def test_bounds_leave_none_alone() -> None:
    source = "type T = {a, b}\nparam k(T): int = [3, 5]\nvar x(i: T): int in 0..k(i) optional\nconstraint: x(a) == none"
    found = program(source)
    structure: dict[str, dict[tuple[Value, ...], Value]] = {
        "x": {(Element("T", "a", 0),): None, (Element("T", "b", 1),): 5}
    }
    assert all(holds(r.formula, structure, found) for r in found.requirements)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("s == 1", "sort-mismatch"),
        ("s + t == {}", "sort-mismatch"),
        ("s | t == {a}", "sort-mismatch"),
        ("mon in s", "sort-mismatch"),
        ("{a, mon} == s", "sort-mismatch"),
        ("{s} == t", "sort-mismatch"),
        ("max(s) == 1", "sort-mismatch"),
        ("len(a) == 1", "sort-mismatch"),
        ("o1 < o2", "no-order"),
        ("o1 == a", "sort-mismatch"),
        ("count(o for o in O if q(o)) == 1", "infinite-domain"),
        ("{o for o in O if q(o)} == {o1}", "infinite-domain"),
        ("sum(1 for o in O) == 2", "infinite-domain"),
        ("exactly 9 o in O: q(o)", "infinite-domain"),
        ("len(O) == 2", "infinite-domain"),
        ("possible(p(a))", "misplaced-modal"),
        ("p(X)", "unknown-name"),
        ("circuit(n)", "sort-mismatch"),
        ("piecewise(n(a), [(1, 1), (1, 2)]) == 1", "points-not-ascending"),
        ("cumulative(3, (n(y), 1) for y in T)", "wrong-arity"),
        ("forall y in near: q(y)", "wrong-arity"),
    ],
)
def test_refused(text: str, code: str) -> None:
    declared = DECLARED + "constraint: " + text + "\nfind s, t, f, n, day, x, p, q, near, next"
    assert [c for c in codes(declared) if c not in ("unused-symbol", "mixed-or-xor")] == [code]


def test_declarations_refused() -> None:
    assert codes("pred p(real)\nfind p") == ["infinite-domain"]
    assert codes("type O\nvar s: set of O\nfind s") == ["infinite-domain"]
    assert codes("var s: set of int\nfind s") == ["infinite-domain"]
    assert codes("var x: real > 1 < 1\nfind x") == ["empty-range"]
    assert codes("type T = {a}\nrel a_(T), b_(T) = {a}\nfind all a_") == ["table-of-several"]


@pytest.mark.parametrize(("kind", "number"), [(k, n) for k in ("exactly", "at_least", "at_most") for n in range(4)])
def test_numbers_of_an_open_type(kind: str, number: int) -> None:
    term, found = formula(f"{kind} {number} u, v in O if u != v: near(u, v)", DECLARED)
    assert not any(isinstance(part, ir.Aggregate) for part in subterms(term))
    listed, closed = formula(
        f"{kind} {number} u, v in O if u != v: near(u, v)",
        DECLARED.replace("type O\nconst o1, o2: O", "type O = {o1, o2}"),
    )
    things = (Element("O", "o1", 0), Element("O", "o2", 1))
    for bits in range(4):
        near: dict[tuple[Value, ...], Value] = {(u, v): bool(bits >> u.index & 1) for u in things for v in things}
        expected = holds(listed, {"near": near}, closed)
        assert holds(_over(things, term), {"near": near}, found) is expected


def _over(things: tuple[Element, ...], term: ir.Term) -> ir.Term:
    """The formula with its quantifiers over an open type going over some things."""
    match term:
        case ir.Quantified(kind, binders, body):
            bounds = (
                ir.Bound(b.variable, ir.Listed(tuple(ir.Literal(x, b.variable.sort) for x in things))) for b in binders
            )
            return ir.Quantified(kind, tuple(bounds), _over(things, body))
        case ir.And(args):
            return ir.And(tuple(_over(things, arg) for arg in args))
        case ir.Not(arg):
            return ir.Not(_over(things, arg))
        case _:
            return term


def test_constants_that_may_coincide() -> None:
    found = program("type O may_coincide\nconst o1, o2: O\npred q(O)\nconstraint: q(o1) and o1 == o2")
    assert found.sorts["O"] == OpenSort("O")
    assert [found.symbols[c].kind for c in ("o1", "o2")] == ["var", "var"]


def test_two_sided() -> None:
    found = program("type T = {a, b}\nrel p(T) = {a} two_sided\nprove p(a)")
    assert [(s.name, s.kind, s.is_auxiliary) for s in found.symbols.values()] == [
        ("p", "pred", False), ("p known", "rel", True), ("p known not", "rel", True),
    ]  # fmt: skip
    assert [f.symbol for f in found.facts] == ["p known"]
    assert [r.name for r in found.requirements] == ["p known", "p known not"]


def test_sparse_tables_and_relations() -> None:
    source = (
        "type T = {a, b, c}\nparam cost(T, T): int = {a: {b: 1}, b: {c: 2}}\nrel arc(T, T) = {(a, b), (b, c)}\n"
        "rel loop(T, T)\nfact loop(a, a)\nvar n: 0..9\n"
    )
    assert codes(source + "constraint: sum(cost(i, j) for (i, j) in cost) == n and loop(a, a) and arc(a, b)") == []
    assert codes(source + "constraint: forall (i, j) in arc: cost(i, j) <= n or loop(i, j)") == []
    asked = codes(source + "constraint: forall i, j in T: cost(i, j) <= n or loop(i, j) or arc(i, j)")
    assert asked == ["table-missing-entry"]


def test_tables_of_an_open_type() -> None:
    source = "type O\nconst a, b: O\nparam age(O): int = {a: 3, b: 4}\npred p(O)\nconstraint: "
    assert codes(source + "forall x in O: p(x) implies age(x) > 3") == ["table-missing-entry"]
    assert codes(source + "forall x in age: p(x) implies age(x) > 3") == []
    assert codes(source + "forall x in O: x in age implies (p(x) implies age(x) > 3)") == []
    assert codes(source + "p(a) and age(b) > 3") == []


def test_rules_over_data_decide_what_is_asked_for() -> None:
    source = (
        "type T = {a, b, c}\nparam cost(T, T): int = {a: {b: 1}, b: {a: 2}}\nrel road(T, T), open_(T)\n"
        "fact road(a, b)\nrule road(Y, X) if road(X, Y)\nvar n: 0..9\npred shut(T)\nrule open_(X) unless wet(X)\n"
        "rel wet(T)\nrule wet(X) if {guess}\n"
    )
    constraint = "constraint: forall x, y in T: road(x, y) and open_(c) implies cost(x, y) <= n\n"
    decided = source.replace("{guess}", "road(X, X)") + constraint
    assert "table-missing-entry" not in codes(decided + "find n")
    assert "table-missing-entry" in codes(decided + "question a\nfact road(c, a)\nfind n")
    other = decided.replace("road(x, y) and", "not open_(x) and")
    assert "table-missing-entry" not in codes(other + "find n")
    assert "table-missing-entry" in codes(other.replace("if road(X, X)", "if shut(X)") + "find n")


@pytest.mark.parametrize(
    ("sort", "words"),
    [
        (INT, "a number"),
        (RealSort(low=0), "a number"),
        (IntSort(1, 3), "`1..3`"),
        (IntSort(1, 3, "Hour"), "`Hour`"),
        (BOOL, "a truth value"),
        (SetSort(INT), "a set of numbers"),
        (SetSort(IntSort(1, 3, "Hour")), "a set of `Hour` elements"),
        (OpenSort("O"), "`O`"),
    ],
)
def test_sorts_in_words(sort: Sort, words: str) -> None:
    assert describe_sort(sort) == words
