"""Every spelling becomes its one tree, whatever the text: a tree or diagnostics with places inside the text."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from sample_programs import PROGRAMS

from nsr.grammars.build import GRAMMAR_PATH, TABLES_PATH, build_tables, grammar_hash
from nsr.grammars.parser import MAX_ERRORS, MAX_NESTING, ParseResult, parse
from nsr.language import ast
from nsr.language.printer import print_program


def canonical(source: str) -> str:
    """The canonical form of a program that must parse."""
    result = parse(source)
    assert result.program is not None, [(d.code, d.message) for d in result.diagnostics]
    return print_program(result.program).rstrip("\n")


def expression(source: str) -> ast.Expr:
    """The expression of `compute ...`."""
    result = parse("compute: " + source)
    assert result.program is not None, [(d.code, d.message) for d in result.diagnostics]
    (statement,) = result.program.statements
    assert isinstance(statement, ast.Compute)
    return statement.values[0]


def codes(result: ParseResult) -> list[str]:
    """The codes of all diagnostics, in order."""
    return [d.code for d in result.diagnostics]


# Tables


def test_stored_tables_belong_to_the_grammar() -> None:
    stored = json.loads(TABLES_PATH.read_text(encoding="utf-8"))
    assert stored["grammar"] == grammar_hash(GRAMMAR_PATH.read_text(encoding="utf-8"))


def test_building_again_gives_the_stored_tables_without_conflicts() -> None:
    pytest.importorskip("interegular")
    built = build_tables(GRAMMAR_PATH.read_text(encoding="utf-8"), strict=True)
    stored = json.loads(TABLES_PATH.read_text(encoding="utf-8"))
    built.pop("lark"), stored.pop("lark")
    assert built == stored


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from nsr.grammars import tables

    stale = json.loads(TABLES_PATH.read_text(encoding="utf-8"))
    stale["grammar"], stale["rules"] = "0" * 64, []
    path = tmp_path / "tables.json"
    path.write_text(json.dumps(stale), encoding="utf-8")
    monkeypatch.setattr(tables, "TABLES_PATH", path)
    assert tables.load_tables.__wrapped__().rules
    path.unlink()
    assert tables.load_tables.__wrapped__().rules


# Whole programs


@pytest.mark.parametrize("name", PROGRAMS)
def test_sample_program_has_a_canonical_form(name: str) -> None:
    first = canonical(PROGRAMS[name])
    assert canonical(first) == first
    assert parse(first) == parse(PROGRAMS[name])


LENIENT = [
    ("constraint: x = 3", "constraint: x == 3"),
    ("constraint x ≠ 3", "constraint: x != 3"),
    ("constraint: a ≤ b ≥ c", "constraint: a <= b >= c"),
    ("constraint: p(a) & q(b) ∧ r", "constraint: p(a) and q(b) and r"),
    ("constraint: p(a) | q(b) ∨ r", "constraint: p(a) or q(b) or r"),
    ("constraint: ¬p(a)", "constraint: not p(a)"),
    ("constraint: p -> q", "constraint: p implies q"),
    ("constraint: p => q → r", "constraint: p implies q implies r"),
    ("constraint: p <-> q", "constraint: p iff q"),
    ("constraint: p <=> q ↔ r", "constraint: p iff q iff r"),
    ("constraint: f[i, j] == f[i][j]", "constraint: f(i, j) == f(i, j)"),
    ("compute a if p else b", "compute if p then a else b"),
    ("compute sum(f(x, y) for x in T for y in U)", "compute sum(f(x, y) for x in T, y in U)"),
    ("compute sum(x for x in T if p(x) for y in U if q(y))", "compute sum(x for x in T, y in U if p(x) and q(y))"),
    ("define f(x in T) = x", "define f(x: T) = x"),
    ("compute sum([x for x in T])", "compute sum([x for x in T])"),
    ("constraint: p, q", "constraint: p, q"),
    ("rule p(X) if q(X), r(X),", "rule p(X) if q(X), r(X)"),
    ("rule p(X) if q(X), unless r(X)", "rule p(X) if q(X) unless r(X)"),
    ("rule if q(X) then p(X)", "rule p(X) if q(X)"),
    ("rule if q(X), r(X) then not p(X) unless s(X)", "rule not p(X) if q(X), r(X) unless s(X)"),
    ("fact p(a) and q(b) & r", "fact p(a), q(b), r"),
    ("premise: forall x in T where q(x): p(x)", "premise: forall x in T if q(x): p(x)"),
    ("constraint: g() == 1", "constraint: g == 1"),
    ("type T = {a, b,}", "type T = {a, b}"),
    ("compute {a, b,}", "compute {a, b}"),
    ("compute (a, b,)", "compute (a, b)"),
    ("param f(T): int = {a: 1, b: 2,}", "param f(T): int = {a: 1, b: 2}"),
    ("constraint: if p then q", "constraint: p implies q"),
    ("constraint: forall x in T: if p(x) then q(x)", "constraint: forall x in T: p(x) implies q(x)"),
    ("constraint: if p then if q then r", "constraint: p implies q implies r"),
    ("constraint: exactly one x in T: p(x)", "constraint: exactly 1 x in T: p(x)"),
    ('constraint "Ann." p', 'constraint "Ann.": p'),
    ('constraint c "Ann." "Bo." p', 'constraint c "Ann." "Bo.": p'),
    ('type "Pets." Pet = {cat}', 'type "Pets.": Pet = {cat}'),
    ("constraint: x(i) <= 3 for i in L", "constraint: x(i) <= 3 for i in L"),
    ("find 3 x, f(a)", "find 3 x, f(a)"),
    ("option 2: x == 1", "option 2: x == 1"),
    ("option `upper-left`: x == 1", "option `upper-left`: x == 1"),
    ("compute s & t", "compute s & t"),
    ("constraint: (s & t) == {}", "constraint: (s & t) == {}"),
    ("constraint: x == 1 & y == 2", "constraint: x == 1 and y == 2"),
    ("compute (a + b) - c + (d - e)", "compute a + b - c + (d - e)"),
    ("compute -(x ** 2) * (-3) ** 2", "compute -x ** 2 * (-3) ** 2"),
    ("constraint: (a and b) and (c and d)", "constraint: a and b and c and d"),
    ("constraint: (forall x in T: p(x)) and q", "constraint: (forall x in T: p(x)) and q"),
    ("constraint: q and (forall x in T: p(x))", "constraint: q and forall x in T: p(x)"),
    ("constraint: not (exists x in T: p(x))", "constraint: not exists x in T: p(x)"),
    ("constraint: a or b xor c", "constraint: (a or b) xor c"),
    ("constraint: forall x, y in T, (i, j) in arc: p", "constraint: forall x, y in T, (i, j) in arc: p"),
    ("compute 1_000 + 007 + 4.50 + .5 + 1e3 + 2.5e-3", "compute 1000 + 7 + 4.5 + 0.5 + 1000.0 + 0.0025"),
    ("constraint: x in 1..4", "constraint: x in 1..4"),
    ("constraint: x in i + 1..last(D)", "constraint: x in i + 1..last(D)"),
    ("constraint: x in -3 .. -1", "constraint: x in -3..-1"),
    ("var f(i: C, j: C): real in 0..cap(i, j)", "var f(i: C, j: C): real in 0..cap(i, j)"),
    ("var x: real in 0.., y: int > 0 <= 9 optional", "var x: real in 0.., y: int > 0 <= 9 optional"),
    ("type `T` = [`a b`, `if`]", "type T = [`a b`, `if`]"),
    ("\ufefftype T\r\n\ttype U # comment \r\n", "type T\ntype U"),
    ("# only a comment", ""),
    ("", ""),
    (" \n\t\r\n", ""),
]


@pytest.mark.parametrize(("source", "expected"), LENIENT)
def test_every_spelling_has_one_canonical_form(source: str, expected: str) -> None:
    assert canonical(source) == expected
    assert canonical(expected) == expected


SNIPPETS = """
type Thing may_coincide
type Pet from "pets.csv"
const james, mary: Person, paris: City
param cost(City, City): real = {a: {b: 3}} symmetric else 0
param cost(City, City): real from "costs.csv" "price" symmetric else 0
param "A crate brings 4.": price: real = 4
var house(Person): House distinct
var s: set of 1..4
pred manager(Thing)
rel road(Place, Place), reach(Place, Place)
rel arc(City, City) = {(a, b), (b, c)} two_sided
define end(j: Job) = start(j) + length(j)
define total: real = 3
constraint early "Ann is before Bo.": day(ann) < day(bo)
premise: forall x in Thing: cat(x) implies animal(x)
assume "If Zoe is third": place(zoe) == 3
drop early, late
soft [3] "Ann would like Monday.": day(ann) == mon
soft [2.5] early "Ann.": day(ann) == mon for x in T
fact road(home, shop), not open(shop)
rule reach(X, Z) if reach(X, Y), road(Y, Z)
default flying: flies(X) if bird(X)
prefer "Rule 5 goes first.": r5 over r2, r7
find unique house, pet
find
prove "James is a manager.": manager(james)
ask reach(home, X)
compute sum(age(b) for b in Brother)
minimize makespan: max(end(j) for j in Job)
choose could except
choose "Which": equivalent to apart, early
choose determines
choose determines x, f(a)
choose forces x == 1
option A "Ann is second.": place(ann) == 2
question q2 "How many could it be?"
include family
missing "Whether two jobs may share a machine is not said.": not shared(1, 2)
missing "Whether it rains."
constraint: at_least 2 x in T if q(x): p(x)
constraint: at_most n of (p, q, r)
constraint: distinct(f(x) for x in T) and distinct(a, b)
constraint: x not in (s | t)
compute {x for x in T if certain(late(x))}
constraint: order == [a, b, c]
constraint: no_overlap((start(j), length(j)) for j in Job)
constraint: piecewise(x, [(0, 0), (10, 25)]) == 3
compute if m == first(Month) then 200 else stock(m - 1)
constraint: 0 <= x + 1 < y <= 2 ** n % 3 // 4 / 5
constraint: mentor(x) == none and on(3) == false
compute count(p(x) for x in T), all(q(x) for x in T)
compute {(a, x): 1}, {}, [], [[1, 2], [3, 4]]
"""


@pytest.mark.parametrize("line", SNIPPETS.strip().splitlines())
def test_canonical_statement_prints_as_it_stands(line: str) -> None:
    assert canonical(line) == line


def test_spans_cover_what_was_written() -> None:
    source = 'constraint c "Ann.": (f(a) + 1) == g[b]  # end'
    result = parse(source)
    assert result.program is not None
    (statement,) = result.program.statements
    assert isinstance(statement, ast.Require)
    (formula,) = statement.formulas
    assert isinstance(formula, ast.Comparison)

    def piece(node: ast.Node) -> str:
        return source[node.span.start : node.span.end]

    assert piece(statement) == source.removesuffix("  # end")
    assert [piece(term) for term in formula.terms] == ["f(a) + 1", "g[b]"]
    assert piece(statement.head.citations[0]) == '"Ann."'
    assert statement.head.label is not None
    assert piece(statement.head.label) == "c"


# Trees


def test_and_runs_are_flat_and_sums_too() -> None:
    tree = expression("a and b & c and (d and e)")
    assert isinstance(tree, ast.And)
    assert len(tree.args) == 5
    total = expression("a + b - (c + d)")
    assert isinstance(total, ast.Additive)
    assert total.operators == ("+", "-")


def test_bars_between_visible_truth_values_are_words() -> None:
    assert isinstance(expression("p | x == 1"), ast.Or)
    assert isinstance(expression("s | t"), ast.SetOperation)
    assert isinstance(expression("(s | t) & u"), ast.SetOperation)
    assert isinstance(expression("not (p & q)"), ast.Not)
    assert expression("not (p & q)") == expression("not (p and q)")


@pytest.mark.parametrize(
    ("text", "value", "is_decimal"),
    [
        ("0.1", Fraction(1, 10), True),
        ("1e-2", Fraction(1, 100), True),
        ("4.50", Fraction(9, 2), True),
        ("1_000", Fraction(1000), False),
        ("-3", Fraction(-3), False),
        ("9" * 1000, Fraction(10**1000 - 1), False),
    ],
)
def test_numbers_are_exact(text: str, value: Fraction, is_decimal: bool) -> None:
    assert expression(text) == ast.Number(value, is_decimal)


@pytest.mark.parametrize("text", ["9" * 5000, "1e1000", "1e-1001", "1e999999999", "0.5e-99999999", "-1e5000"])
def test_numbers_too_long_are_refused(text: str) -> None:
    assert codes(parse(f"compute x == {text}")) == ["number-too-long"]


def test_citation_escapes() -> None:
    result = parse(r'question "He said \"no\" to C:\\x and \d."')
    assert result.program is not None
    assert result.program.statements[0].head.citations[0].text == 'He said "no" to C:\\x and \\d.'


@pytest.mark.parametrize("word", ["one", "of", "from", "set", "to", "over", "unique", "could", "int", "optional"])
def test_quiet_keywords_may_be_names_with_a_warning(word: str) -> None:
    result = parse(f"type T = {{{word}, other}}")
    assert codes(result) == ["keyword-as-name"]
    assert result.program is not None
    assert parse(f"type T = {{`{word}`, other}}") == ParseResult(result.program, ())


def test_statement_keywords_are_no_names() -> None:
    result = parse("type T = {option, rule}\nfind one")
    assert codes(result) == ["keyword-as-name", "keyword-as-name"]
    assert result.program is None


def test_count_and_all_are_functions() -> None:
    assert parse("compute count(x for x in T), all(p(x) for x in T)").diagnostics == ()


# Errors


def test_independent_errors_are_reported_together() -> None:
    source = "type T = {a b}\nvar x T\nconstraint: x == 1\nfind one\nconstraint c1 forall y in T: p(y)\n"
    result = parse(source)
    assert codes(result) == ["name-of-words", "value-colon", "missing-colon"]
    assert [source.count("\n", 0, d.span.start) for d in result.diagnostics] == [0, 1, 4]


def test_several_errors_in_one_statement() -> None:
    assert codes(parse("constraint: p && q || r;")) == ["foreign-operator", "foreign-operator", "semicolon"]


def test_an_empty_statement_does_not_swallow_the_next() -> None:
    source = "var x: int\nmaximize\nfind unique x"
    (found,) = parse(source).diagnostics
    assert found.code == "incomplete-statement"
    assert found.span == (source.index("\nfind"),) * 2


@pytest.mark.parametrize("source", ["constraint x ==", "constraint x ==  \n# more\n", "find unique x,\n"])
def test_errors_at_the_end_point_there(source: str) -> None:
    (found,) = parse(source).diagnostics
    if found.code != "dangling-comma":
        assert found.span == (len(source), len(source))
    assert found.span.end <= len(source)


def test_continued_lines_are_no_new_statements() -> None:
    assert canonical("constraint:\n  p\n  and q\nand r") == "constraint: p and q and r"


def test_warnings_of_broken_statements_are_silent() -> None:
    assert codes(parse("const one: int = 3")) == ["const-value"]


def test_at_most_so_many_errors() -> None:
    result = parse("x\nfind )\n" * 500)
    assert len(result.diagnostics) == MAX_ERRORS + 1
    assert "too-many-errors" in codes(result)


# Sizes and depths


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("constraint: " + "(" * 10_000 + "p" + ")" * 10_000, "nesting-too-deep"),
        ("constraint: " + "(" * 10_000, "nesting-too-deep"),
        ("constraint: " + "not " * 10_000 + "p", "nesting-too-deep"),
        ("compute " + "-" * 10_000 + "x", "nesting-too-deep"),
        ("compute " + "x ** " * 10_000 + "x", "nesting-too-deep"),
        ("compute " + "x * " * 10_000 + "x", "nesting-too-deep"),
        ("constraint: " + "p implies " * 10_000 + "p", "nesting-too-deep"),
        ("constraint: " + "if p then " * 10_000 + "p", "nesting-too-deep"),
        ("compute " + "f(" * 10_000 + "x" + ")" * 10_000, "nesting-too-deep"),
        ("compute " + "s & " * 10_000 + "s", "nesting-too-deep"),
        ("find x\n" * 150_000, "input-too-large"),
    ],
)
def test_hostile_sizes_are_refused(source: str, code: str) -> None:
    result = parse(source)
    assert code in codes(result)
    assert result.program is None
    assert all(0 <= d.span.start <= d.span.end <= len(source) for d in result.diagnostics)


@pytest.mark.parametrize(
    "source",
    [
        "constraint: " + " and ".join(["p"] * 100_000),
        "constraint: " + " | ".join(["p"] * 20_000),
        "compute " + " - ".join(["x"] * 20_000),
        "type T = {" + ", ".join(f"n{i}" for i in range(20_000)) + "}",
        "constraint: " + "(" * (MAX_NESTING - 1) + "p" + ")" * (MAX_NESTING - 1),
        "compute " + "f(" * (MAX_NESTING - 2) + "x" + ")" * (MAX_NESTING - 2),
    ],
    ids=["and", "bar", "minus", "names", "parentheses", "calls"],
)
def test_long_flat_programs_are_read_and_printed(source: str) -> None:
    result = parse(source)
    assert result.diagnostics == ()
    assert result.program is not None
    assert parse(print_program(result.program)) == result


@pytest.mark.parametrize(
    "source",
    [
        "\x00",
        "\ud800",
        "\ufeff",
        "\ufeff\ufeff",
        "`",
        '"',
        "'",
        "“",
        "find \x85",
        "\u2028",
        "type T = {\U0001f600}",
        "1..",
        ".",
    ],
)
def test_odd_characters_never_crash(source: str) -> None:
    result = parse(source)
    assert (result.program is None) == bool(result.diagnostics)
    assert all(0 <= d.span.start <= d.span.end <= len(source) for d in result.diagnostics)


def test_limit_on_characters_can_be_set() -> None:
    assert codes(parse("find one", max_characters=3)) == ["input-too-large"]
