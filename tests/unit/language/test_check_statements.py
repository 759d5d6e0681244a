"""Facts, rules, wishes, objectives, goals and sections: what comes out of the checker, mostly by what it means."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from language_programs import codes, diagnostics, program

from nsr.grammars.libraries import read_library
from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check
from nsr.language.enumerate import Asked, Chosen, Computed, Found, Proved, answer
from nsr.language.printer import print_program

P = "type P = {ann, bo, cy}\n"
RELS = P + "rel likes(P, P), happy(P), rich(P)\nfact likes(ann, bo), likes(bo, cy), rich(ann)\n"


def answers(source: str) -> list[object]:
    checked = program(source)
    return [answer(checked, question) for question in checked.questions]


def asked(source: str) -> set[str]:
    (found,) = answers(source)
    assert isinstance(found, Asked)
    assert not found.unknown
    return {" ".join(map(str, row)) for row in found.true}


EXAMPLES = {
    "rules": (
        """type Lock = {alder, birch, cedar, dale}
        rel canal(Lock, Lock), shut(Lock), reach(Lock, Lock)
        fact canal(alder, birch), canal(birch, cedar) and canal(birch, dale)
        fact shut(cedar)
        rule reach(X, Y) if canal(X, Y) unless shut(Y)
        rule reach(X, Z) if reach(X, Y), canal(Y, Z) unless shut(Z)
        ask reach(alder, X)""",
        {"birch", "dale"},
    ),
    "quantifier": (RELS + "rule happy(X) if forall y in P: likes(X, y) implies rich(y)\nask happy(X)", {"cy"}),
    "aggregate": (RELS + "rule happy(X) if count(y for y in P if likes(X, y)) == 1\nask happy(X)", {"ann", "bo"}),
    "iff": (RELS + "rule happy(X) if rich(X) iff likes(X, bo)\nask happy(X)", {"ann", "bo", "cy"}),
    "xor": (RELS + "rule happy(X) if rich(X) xor likes(bo, X)\nask happy(X)", {"ann", "cy"}),
    "conditional": (RELS + "rule happy(X) if if rich(X) then X == bo else likes(X, cy)\nask happy(X)", {"bo"}),
    "define": (
        RELS + "define poor(x: P) = not rich(x)\nrule happy(X) if poor(X) and not poor(ann)\nask happy(X)",
        {"bo", "cy"},
    ),
    "define twice": (RELS + "define poor(x: P) = not rich(x)\nrule happy(X) if not poor(X)\nask happy(X)", {"ann"}),
    "double negation": (RELS + "rule happy(X) unless not rich(X)\nask happy(X)", {"ann"}),
    "if then": (RELS + "rule if likes(X, Y) then happy(Y)\nask happy(X)", {"bo", "cy"}),
    "join": (RELS + "ask likes(X, Y), likes(Y, Z)", {"ann bo cy"}),
    "head outside": ("rel n(1..3)\nfact n(1)\nrule n(X + 1) if n(X)\nask n(X)", {"1", "2", "3"}),
    "data": ("param k: int = 2\nrel n(1..3)\nfact n(k), n(k + 1)\nask n(X)", {"2", "3"}),
    "no entry": (
        "type P = {ann, bo}\nparam age(P): int = {ann: 3}\nrel old(P)\nrule old(X) if age(X) > 2\nask old(X)",
        {"ann"},
    ),
    "table": (P + "rel rich(P) = {ann}\nrule rich(X) if X == bo\nask rich(X)", {"ann", "bo"}),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_follows_from_rules(name: str) -> None:
    source, expected = EXAMPLES[name]
    assert asked(source) == expected


def test_facts_and_rules_about_predicates_are_premises() -> None:
    source = P + "pred tall(P), big(P)\nfact tall(ann), not big(bo)\nrule big(X) if tall(X)\n"
    assert [r.keyword for r in program(source + "find").requirements] == ["fact", "rule"]
    verdicts = [answers(source + f"prove {goal}")[0] for goal in ("big(ann)", "tall(bo)", "tall(cy)")]
    assert [v.verdict for v in verdicts if isinstance(v, Proved)] == ["entailed", "refuted", "undetermined"]


def test_a_fact_may_depend_on_an_unknown() -> None:
    found = answers(P + "var who: P\nrel rich(P)\nfact rich(who)\nconstraint: who != ann\nprove rich(ann)")[0]
    assert isinstance(found, Proved)
    assert found.verdict == "refuted"


def test_many_facts_are_quick() -> None:
    names = [f"n{i}" for i in range(1000)]
    facts = "".join(f"fact edge({names[i % 1000]}, {names[i * 7 % 1000]}), weight(n0, {i})\n" for i in range(10_000))
    source = f"type N = {{{', '.join(names)}}}\nrel edge(N, N), weight(N, int)\n{facts}ask edge(n1, X)"
    parsed = parse(source).program
    assert parsed is not None
    start = time.process_time()
    result = check(parsed)
    assert time.process_time() - start < 10
    assert result.program is not None
    assert sum(len(f.rows) for f in result.program.facts) == 20_000


# Wishes and objectives


def test_a_wish_for_each_instance_with_its_weight() -> None:
    checked = program(
        P + "param w(P): real = {ann: 2, bo: 0.5, cy: 1}\nvar x(P): 1..3\n"
        "soft [w(p)] wish: x(p) == 2 for p in P if p != cy\nsoft: x(cy) == 1\nfind"
    )
    instances = [(s.name, s.weight) for s in checked.softs]
    assert instances == [("wish", 2), ("wish", Fraction(1, 2)), ("s5", 1)]
    found = answer(checked, checked.questions[0])
    assert isinstance(found, Found)
    assert len(found.solutions) == 1


def test_objectives_rank_and_belong_to_every_question_without_its_own() -> None:
    source = (
        "var x, y: 0..3\nconstraint: x + y <= 4\nmaximize first: x + y\nminimize second: x\n"
        'question a "?"\ncompute x, y\nquestion b "?"\nmaximize x\ncompute x\nquestion c "?"\ndrop second\nfind count x'
    )
    checked = program(source)
    assert [[o.name for o in q.objectives] for q in checked.questions] == [["first", "second"], ["s8"], ["first"]]
    found = [answer(checked, q) for q in checked.questions[:2]]
    assert [f.values for f in found if isinstance(f, Computed)] == [(1, 3), (3,)]


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("compute x", "B"),
        ("compute x > 2", ""),
        ("maximize y", "C"),
    ],
)
def test_options_are_compared_with_values(goal: str, expected: str) -> None:
    source = f"var x: 1..3\nvar y: 0..5\nconstraint: x == 2\n{goal}\noption A: 1\noption B: 2\noption C: 5\n"
    if not expected:
        assert codes(source) == ["sort-mismatch"] * 3
        return
    found = answers(source)[0]
    assert isinstance(found, Computed | Found)
    assert found.right == (expected,)


def test_lists_are_compared_with_sets() -> None:
    source = RELS + "compute {x for x in P if likes(ann, x) or rich(x)}\noption A: {ann}\noption B: [bo, ann]"
    found = answers(source)[0]
    assert isinstance(found, Computed)
    assert found.right == ("B",)


# Goals


CHOICES = "type P = {ann, bo, cy}\nvar place(P): 1..3 distinct\nconstraint early: place(ann) < place(bo)\n"


@pytest.mark.parametrize(
    ("goal", "right"),
    [
        ("choose could\noption A: place(ann) == 3\noption B: place(bo) == 2", "B"),
        ("choose must except\noption A: place(ann) != 3\noption B: place(bo) == 2", "B"),
        ("choose equivalent to early\noption A: place(bo) > place(ann)\noption B: place(ann) == 1", "A"),
        ("choose determines\noption A: place(ann) == 1\noption B: place(ann) == 2", "B"),
        ("choose determines place(bo)\noption A: place(cy) == 2\noption B: place(ann) == 1", "A"),
        ("choose forces place(cy) == 1\noption A: place(ann) == 2\noption B: place(bo) == 3", "A"),
        ("choose cannot\noption A: certain(place(ann) == 1)\noption B: possible(place(ann) == 1)", "A"),
    ],
)
def test_choices(goal: str, right: str) -> None:
    found = answers(CHOICES + goal)[0]
    assert isinstance(found, Chosen)
    assert found.label == right


def test_questions_share_the_goal_and_have_their_own() -> None:
    source = (
        CHOICES
        + "choose must\n"
        'question a "?"\nassume: place(ann) == 2\noption A: place(cy) == 1\noption B: place(cy) == 2\n'
        'question b "?"\ndrop early\nassume late: place(ann) > place(bo)\nprove place(ann) != 1\n'
        'question c "?"\nfind count place'.replace("\nrequire_nothing", "\nfind count place")
    )
    one, two, three = answers(source)
    assert isinstance(one, Chosen)
    assert one.label == "A"
    assert isinstance(two, Proved)
    assert two.verdict == "entailed"
    assert isinstance(three, Found)
    assert len(three.solutions) == 3


def test_missing_alone_and_with_an_assumption() -> None:
    checked = program('var x: 1..3\nmissing "The unit."\nmissing "Whether it is small.": x < 3\nfind')
    assert checked.missing == (ir.Missing(("The unit.",)), ir.Missing(("Whether it is small.",), "s3"))
    assert [(r.name, r.keyword) for r in checked.requirements] == [("s3", "missing")]


def test_everything_with_a_label_can_be_withdrawn() -> None:
    source = (
        RELS
        + "pred tall(P)\nfact f: rich(bo)\nrule r: happy(X) if rich(X)\nsoft w: tall(ann)\nconstraint c: tall(bo)\n"
        "drop f, w\nfind tall\n"
    )
    checked = program(source)
    assert not checked.softs
    assert sum(len(f.rows) for f in checked.facts) == 3
    later = program(source.replace("drop f, w\nfind tall\n", 'question q "?"\ndrop f, r, w, c\nfind tall'))
    question = later.questions[0]
    assert not later.rules_of(question)
    assert not later.softs_of(question)
    assert not later.requirements_of(question)
    assert sum(len(f.rows) for f in later.facts_of(question)) == 3


def test_libraries_give_way_to_names_of_the_program() -> None:
    source = "include family\ntype Person = {A, B, X}\nfact kin(sister, A, B), kin(daughter, X, B)\nask kin(aunt, A, X)"
    parsed = parse(source).program
    assert parsed is not None
    checked = check(parsed, read_library=read_library).program
    assert checked is not None
    assert {f.origin.statement for f in checked.symbols.values()} == {0}
    found = answer(checked, checked.questions[0])
    assert isinstance(found, Asked)
    assert found.verdict == "yes"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (RELS + "fact happy(dee)\nask happy(X)", ["unknown-name"]),
        (RELS + "fact happy(X)\nask happy(X)", ["unknown-name"]),
        (RELS + "fact happy(ann, bo)\nask happy(X)", ["wrong-arity"]),
        (RELS + "rule happy(X) if rich(X, X)\nask happy(X)", ["wrong-arity"]),
        (RELS + "find likes\noption A: rich(ann)", ["options-without-choose"]),
        (RELS + "prove rich(ann)\noption A: rich(ann)\noption B: rich(bo)", ["options-without-choose"]),
        (RELS + "prove rich(ann)\nask rich(X)", ["several-goals"]),
        (RELS + "prove rich(ann)\nquestion a\nask rich(X)", ["several-goals"]),
        (RELS + "prove rich(ann)\nquestion a\nask rich(X)\nquestion b\nfact rich(ann)", ["unused-symbol"]),
        (RELS + "rule a: happy(X)\nrule a: happy(ann)\nask happy(X)", ["duplicate-label"]),
        (RELS + "constraint: happy(ann)\nask happy(X)", ["empty-relation"]),
        ("rel n(int), go\nfact go\nrule n(N) if go\nask n(1)", ["infinite-domain"]),
        ("var x: int\nminimize x + none", ["sort-mismatch"]),
        ("var x: 1..3\nsoft [x]: x == 1\nfind", ["not-constant"]),
        ("type T = {a, b}\nvar s: set of T\nfind 0 s", ["sort-mismatch"]),
        (CHOICES + "choose equivalent to late\noption A: place(ann) == 1", ["unknown-label"]),
        (CHOICES + "compute place(ann), place(bo)\noption A: 1", ["options-without-choose"]),
        ("include nothing\n", ["unknown-library"]),
    ],
)
def test_what_is_said_of_mistakes(source: str, expected: list[str]) -> None:
    found = diagnostics(source)
    assert [d.code for d in found] == expected
    assert all(d.help or d.expected or d.labels for d in found)


@pytest.mark.parametrize("name", EXAMPLES)
def test_printing_keeps_what_rules_say(name: str) -> None:
    parsed = parse(EXAMPLES[name][0]).program
    assert parsed is not None
    assert asked(print_program(parsed)) == EXAMPLES[name][1]


@pytest.mark.parametrize(
    ("declared", "fix"),
    [
        ("var a: P distinct, b: P distinct", "a, b: P distinct"),
        ("var a: P distinct optional, b: P distinct optional, c: P distinct optional", "a, b, c: P distinct optional"),
        ("var a: P distinct, b: Q distinct", None),
        ("var a: P distinct, b: P", None),
        ("var a: P distinct", None),
        ("var a, b: P distinct", ""),
        ("var f(P): Q distinct", ""),
        ("var f(P): Q distinct, g(P): Q distinct", ""),
        ("var a: P, b: P", ""),
    ],
)
def test_distinct_beside_one_name_is_warned_of(declared: str, fix: str | None) -> None:
    source = f"type P = {{x, y, z}}\ntype Q = {{u, v, w}}\n{declared}\nfind"
    found = [d for d in diagnostics(source) if d.code != "unused-symbol"]
    assert [d.code for d in found] == ([] if fix == "" else ["distinct-alone"])
    if fix:
        change = found[0].fix
        assert change is not None
        mended = source[: change.span.start] + change.replacement + source[change.span.end :]
        assert mended == source.replace(declared, f"var {fix}")
        assert "distinct-alone" not in codes(mended)
