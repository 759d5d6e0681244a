"""Logic-LM's rules and facts: what they mean, each repair with its fix, each refusal, the query and its sentence."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nsr.diagnostics import Severity
from nsr.dialects import get_dialect, read, recognize
from nsr.dialects.logiclm_goal import statement_of
from nsr.dialects.logiclm_names import fold, merged, plural_of, snake
from nsr.dialects.logiclm_rules import read_rules
from nsr.engine.checking import check_source
from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.language import ast

PROGRAM = """Predicates:
Green($x, bool) ::: Is x green?
Cold($x, bool) ::: Is x cold?
Sees($x, $y, bool) ::: Does x see y?
Facts:
Green(Ann, True) ::: Ann is green.
Sees(Ann, Bo, True) ::: Ann sees Bo.
Rules:
Green($x, True) && Sees($x, $y, True) >>> Cold($y, False) ::: Whom a green thing sees is not cold.
Query:
Cold(Bo, True) ::: Bo is cold.
"""


def program_with(facts: str, query: str = "Cold(Bo, True)", rules: str = "") -> str:
    return f"Predicates:\nCold($x, bool)\nGreen($x, bool)\nFacts:\n{facts}\nRules:\n{rules}\nQuery:\n{query}\n"


def statements(source: str) -> list[str]:
    """The statements after the declarations."""
    return source.splitlines()[2:]


def codes(text: str, *, strict: bool = False) -> list[str]:
    return [d.code for d in read(text, "logiclm-rules", strict=strict).diagnostics]


def test_what_a_program_means() -> None:
    reading = read(PROGRAM, "logiclm-rules", strict=True)
    assert reading.source == (
        "type Thing = {ann, bo}\n"
        "rel green(Thing), sees(Thing, Thing), cold(Thing) two_sided\n"
        'fact "Ann is green.": green(ann)\n'
        'fact "Ann sees Bo.": sees(ann, bo)\n'
        'rule "Whom a green thing sees is not cold.": not cold(Y) if green(X), sees(X, Y)\n'
        'prove "Bo is cold.": cold(bo)\n'
    )
    assert not reading.diagnostics


def test_the_dialect_is_recognized() -> None:
    recognized = recognize(PROGRAM)
    assert recognized is not None
    assert recognized.name == "logiclm-rules"
    assert get_dialect("logiclm-rules").recognize("type T = {a}\nfind T") == 0


REPAIRS = [
    ("logiclm-foreign-operator", "Green(Ann, True) & Green(Bo, True)", "Green(Ann, True) && Green(Bo, True)"),
    ("logiclm-value-outside", "¬Green(Ann, True)", "Green(Ann, False)"),
    ("logiclm-value-outside", "Not(Green(Ann), True)", "Green(Ann, False)"),
    ("logiclm-value-outside", "Green(Ann) = False", "Green(Ann, False)"),
    ("logiclm-sentence-as-atom", "Ann is not Green", "Green(Ann, False)"),
    ("logiclm-quoted-name", "Green('Ann', True)", "Green(Ann, True)"),
    ("logiclm-bracket-missing", "Green(Ann, True", "Green(Ann, True)"),
    ("logiclm-bracket-too-many", "Green(Ann, True))", "Green(Ann, True)"),
    ("logiclm-stray-punctuation", "Green(Ann, True).", "Green(Ann, True)"),
    ("logiclm-backward-rule", "Green(Ann, True) <<< Cold(Ann, True)", "Cold(Ann, True) >>> Green(Ann, True)"),
    ("logiclm-bare-variable", "Cold(x, True) >>> Green($x, True)", "Cold($x, True) >>> Green($x, True)"),
    ("logiclm-foreign-operator", "Cold(Ann, True) -> Green(Ann, True)", "Cold(Ann, True) >>> Green(Ann, True)"),
    ("logiclm-value-missing", "Cold($x, bool) >>> Green($x, True)", "Cold($x, True) >>> Green($x, True)"),
    ("logiclm-individual-as-predicate", "Bo($x, True) >>> Green($x, True)", "Green(Bo, True)"),
    ("logiclm-individual-as-predicate", "Bo(True) >>> Green(Bo, True)", "Green(Bo, True)"),
    ("logiclm-denial-in-name", "NotGreen(Ann, True)", "Green(Ann, False)"),
    ("logiclm-general-fact", "Green($x, True)", "Green(Bo, True)"),
    ("logiclm-foreign-operator", "Cold(Ann, True) => Green(Ann, True)", "Cold(Ann, True) >>> Green(Ann, True)"),
    ("logiclm-sentence-as-rule", "Jompuses are not Bright", "Jompuses($x, True) >>> Bright($x, False)"),
    ("logiclm-sentence-as-rule", "Every Green is a Cold.", "Green($x, True) >>> Cold($x, True)"),
    (
        "logiclm-sentence-as-rule",
        "All big, old and red things are Cold.",
        "big($x, True) && old($x, True) && red($x, True) >>> Cold($x, True)",
    ),
    ("logiclm-quantifier-in-words", "Green($x) >>> Cold($x) for all x", "Green($x) >>> Cold($x)"),
    ("logiclm-quantifier-in-words", "For every $x: Green($x) >>> Cold($x)", "Green($x) >>> Cold($x)"),
    (
        "logiclm-arrow-missing",
        "Cold($x) && Big($x) && Green($x) ::: Big, cold things are green.",
        "Cold($x) && Big($x) >>> Green($x) ::: Big, cold things are green.",
    ),
    (
        "logiclm-arrow-missing",
        "Cold(Bo) && Green(Bo) ::: If Bo is green then Bo is cold.",
        "Green(Bo) >>> Cold(Bo) ::: If Bo is green then Bo is cold.",
    ),
]


@pytest.mark.parametrize(("code", "written", "meant"), REPAIRS, ids=lambda x: x.replace("/", "|"))
def test_a_repair_reads_what_is_meant_and_its_fix_says_so(code: str, written: str, meant: str) -> None:
    text, clean = program_with(written), program_with(meant)
    reading = read(text, "logiclm-rules")
    assert [d.code for d in reading.diagnostics] == [code]
    (repair,) = reading.repairs
    assert repair.severity is Severity.REPAIR
    assert repair.fix is not None
    fixed = text[: repair.fix.span.start] + repair.fix.replacement + text[repair.fix.span.end :]
    assert read(fixed, "logiclm-rules", strict=True).program == read(clean, "logiclm-rules", strict=True).program
    assert reading.program == read(clean, "logiclm-rules").program
    strict = read(text, "logiclm-rules", strict=True)
    assert strict.program is None
    assert [d.code for d in strict.errors] == [code]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("logiclm-unreadable-line", program_with("Green(Cold(Ann, True), True)")),
        ("logiclm-unreadable-line", program_with("Whoever is green also is cold.")),
        ("logiclm-unreadable-line", program_with("The greens are cold.")),
        ("logiclm-unreadable-line", program_with("They are cold.")),
        ("logiclm-unreadable-line", program_with("Some are cold.")),
        ("logiclm-unreadable-line", program_with("Others are cold.")),
        ("logiclm-unreadable-line", program_with("If green, the things are cold.")),
        ("logiclm-unreadable-line", program_with("Green($x, True) for all y")),
        ("logiclm-unreadable-line", program_with("Green(Ann, True) >>> True")),
        ("logiclm-unreadable-line", program_with("Green(Ann, True)", "Cold(Bo) >>> False")),
        ("logiclm-unmatched-bracket", program_with("Green(Ann), True) && Cold(Ann, True)")),
        ("logiclm-query-missing", "Facts:\nGreen(Ann, True)\nRules:\n"),
        ("logiclm-query-not-atom", program_with("Green(Ann, True)", "Green(Ann, True) >>> Cold(Ann, True)")),
        ("logiclm-query-open", program_with("Green(Ann, True)", "Green($x, True)")),
        ("logiclm-nesting-too-deep", program_with("!" * 3000 + "Green(Ann, True)")),
        ("logiclm-nesting-too-deep", program_with("(" * 70 + "Green(Ann, True)" + ")" * 70)),
        ("logiclm-line-too-long", program_with("Green(Ann, True) && " * 400 + "Green(Ann, True)")),
        ("logiclm-input-too-large", program_with("Green(Ann, True)\n" * 2001)),
    ],
)
def test_what_is_in_doubt_is_refused_at_its_place(code: str, text: str) -> None:
    reading = read(text, "logiclm-rules")
    assert reading.program is None
    assert code in [d.code for d in reading.errors]
    assert all(0 <= d.span.start <= d.span.end <= len(text) for d in reading.errors)


def test_an_asked_value_is_the_positive_statement() -> None:
    for value in ("?", "X", "bool", "Unknown"):
        reading = read(program_with("Green(Ann, True)", f"Cold(Bo, {value})"), "logiclm-rules")
        assert [d.code for d in reading.repairs] == ["logiclm-value-asked"]
        assert statements(reading.source)[-1] == "prove cold(bo)"


@pytest.mark.parametrize("sign", [True, False])
@pytest.mark.parametrize("answer", [">>> False", "=> True", "-> false"])
def test_an_answer_behind_the_query_is_no_part_of_it(sign: bool, answer: str) -> None:
    asked = f"Cold(Bo, {sign})"
    text = program_with("Green(Ann, True)", f"{asked} {answer}")
    reading = read(text, "logiclm-rules")
    (repair,) = reading.repairs
    assert repair.code == "logiclm-answer-in-query"
    assert repair.fix is not None
    fixed = text[: repair.fix.span.start] + repair.fix.replacement + text[repair.fix.span.end :]
    assert fixed == program_with("Green(Ann, True)", asked)
    assert reading.program == read(fixed, "logiclm-rules", strict=True).program
    assert read(text, "logiclm-rules", strict=True).program is None


# Facts about a variable


def test_a_fact_about_a_variable_is_so_of_every_individual() -> None:
    reading = read(program_with("Green($x, True)\nBig(Ann, True)\nSees($x, Bo)"), "logiclm-rules")
    assert statements(reading.source)[:3] == [
        "fact green(ann), green(bo)",
        "fact big(ann)",
        "fact sees(ann, bo), sees(bo, bo)",
    ]
    assert [d.code for d in reading.repairs] == ["logiclm-general-fact"] * 2


def test_facts_about_variables_are_left_out_where_they_make_a_contradiction() -> None:
    facts = "Green($x, True)\nBig($x, True)\nRed(Bo, True)\nRed($x, True) >>> Green($x, False)"
    reading = read(program_with(facts, "Green(Bo, True)"), "logiclm-rules")
    assert [d.code for d in reading.repairs] == ["logiclm-variable-fact"] * 2
    assert statements(reading.source) == ["fact red(bo)", "rule not green(X) if red(X)", "prove green(bo)"]
    assert Engine(Options(confirm=False)).run(reading.source).answer == "false"


def test_a_fact_about_a_variable_with_another_sentence_is_left_out() -> None:
    reading = read(program_with("Green($x, True) ::: Big things are green."), "logiclm-rules")
    assert [d.code for d in reading.repairs] == ["logiclm-variable-fact"]
    assert statements(reading.source) == ["prove cold(bo)"]


def test_too_many_general_facts_are_left_out() -> None:
    people = "\n".join(f"Green(Ann{i}, True)" for i in range(59))
    assert codes(program_with(f"{people}\nNear($x, $y, $z)")) == ["logiclm-variable-fact"]
    facts = [f"Big{i}($x, True)" for i in range(34)]
    assert codes(program_with("\n".join([people, *facts]))) == ["logiclm-variable-fact"] * 34
    assert codes(program_with("\n".join([people, *facts[1:]]))) == ["logiclm-general-fact"] * 33


# Names


def test_a_fact_the_wrong_way_round_may_have_the_singular_of_a_class() -> None:
    text = program_with("Bo(Jompus, True)", rules="Jompuses($x, True) >>> Cold($x, True)")
    reading = read(text, "logiclm-rules")
    assert "logiclm-individual-as-predicate" in [d.code for d in reading.repairs]
    assert Engine(Options(confirm=False)).run(reading.source).answer == "true"


def test_names_merge_by_case_signs_and_plural_only() -> None:
    facts = (
        "Wumpus(Max, True)\nwumpuses(Max, True)\nZumpus(Max, True)\nJompus(bald eagle, True)\nRompus(Bald_Eagle, True)"
    )
    source = read(program_with(facts), "logiclm-rules").source
    assert "wumpus(Thing), zumpus(Thing), jompus(Thing), rompus(Thing)" in source
    assert "type Thing = {max, bald_eagle, bo}" in source


def test_letters_that_changed_places_are_read_by_the_sentences() -> None:
    with_sentence = program_with("Quiet(Ann, True) ::: Ann is quiet.\nQuite(Bo, True) ::: Bo is quiet.")
    assert codes(with_sentence) == ["logiclm-name-variant"]
    assert 'fact "Bo is quiet.": quiet(bo)' in read(with_sentence, "logiclm-rules").source
    assert not codes(program_with("Quiet(Ann, True)\nQuite(Bo, True)"))


def test_one_name_with_two_arities_is_two_predicates() -> None:
    reading = read(program_with("Sees(Ann, True)\nSees(Ann, Bo, True)"), "logiclm-rules")
    assert [d.code for d in reading.repairs] == ["logiclm-arity-split"]
    assert "sees(ann)" in reading.source
    assert "sees_2(ann, bo)" in reading.source


def test_a_predicate_and_an_individual_of_one_name_stay_apart() -> None:
    source = read(program_with("Cold(White, True)\nWhite(Ann, True)"), "logiclm-rules").source
    assert check_source(source)[0] is not None
    assert "white(ann)" in source
    assert "cold(white_)" in source


@given(st.lists(st.sampled_from(["Jompus", "Rompus", "Wumpus", "Zumpus", "Tumpus", "Numpus"]), min_size=2, unique=True))
@settings(max_examples=30, deadline=None)
def test_different_classes_are_never_merged(names: list[str]) -> None:
    from collections import Counter

    assert not merged(Counter(fold(n) for n in names), frozenset(fold(n) for n in names[:1]))


def test_folding_and_plurals() -> None:
    assert fold("The Bald_Eagle") == fold("BaldEagle") == "baldeagle"
    assert snake("BaldEagle") == snake("the bald eagle") == "bald_eagle"
    assert plural_of("rompus", "rompuses")
    assert plural_of("see", "sees")
    assert plural_of("bunny", "bunnies")
    assert not plural_of("jompus", "rompuses")
    assert not plural_of("as", "ass")


# The query against its sentence


@pytest.mark.parametrize(
    ("query", "question", "goal", "code"),
    [
        ("Cold(Bo, False)", "True or false? Bo is cold.", "prove cold(bo)", "logiclm-goal-polarity"),
        ("Cold(Bo, True)", "True or false? Bo is not cold.", "prove not cold(bo)", "logiclm-goal-polarity"),
        ("Cold(Bo, False)", "True or false? Bo is not cold.", "prove not cold(bo)", None),
        ("Cold(Bo, True)", "True or false? Bo is not green.", "prove not green(bo)", "logiclm-goal-predicate"),
        ("Cold(Bo, True)", "True or false? Cy is not cold.", "prove cold(bo)", None),
        ("Cold(Bo, False)", "True or false? Bo is not happy.", "prove not happy(bo)", "logiclm-goal-predicate"),
        ("Cold(Bo, True)", "True or false? Bo is not bold.", "prove cold(bo)", None),
        ("Cold(Bo, True)", "True or false? Bo is very happy.", "prove cold(bo)", None),
        ("Cold(Bo, True)", "True or false? Is Bo happy.", "prove cold(bo)", None),
        ("Cold(Bo, True)", "True or false? Bo is Ann.", "prove cold(bo)", None),
    ],
)
def test_the_query_is_held_against_the_question(query: str, question: str, goal: str, code: str | None) -> None:
    reading = read_rules(program_with("Green(Ann, True)", query), question=question)
    assert statements(reading.source)[-1] == goal
    assert [d.code for d in reading.repairs] == ([code] if code else [])


def test_the_query_is_held_against_its_own_comment() -> None:
    text = program_with("Green(Ann, True)", "Cold(Bo, True) ::: Bo is not cold.")
    assert codes(text) == ["logiclm-goal-polarity"]
    assert read(text, "logiclm-rules", strict=True).program is None


@pytest.mark.parametrize(
    ("rule", "sentence", "meant"),
    [
        ("Green($x, False) >>> Cold($x, False)", "Every green is not a cold.", "rule not cold(X) if green(X)"),
        ("Green($x, True) >>> Cold($x, True)", "Greens are not cold.", "rule not cold(X) if green(X)"),
        ("Green($x, True) >>> Cold($x, False)", "Colds are green.", "rule green(X) if cold(X)"),
        ("Green($x, False) >>> Cold($x, True)", "Every cold is not a green.", "rule not green(X) if cold(X)"),
        (
            "Green($x, True) >>> Cold($x, False)",
            "Colds are green. Greens are not cold.",
            "rule not cold(X) if green(X)",
        ),
        (
            "Green($x, False) >>> Cold($x, False)",
            "If it is not green, it is not cold.",
            "rule not cold(X) if not green(X)",
        ),
    ],
)
def test_a_rule_is_held_against_the_sentences_of_the_problem(rule: str, sentence: str, meant: str) -> None:
    text = program_with("Green(Ann, True)", rules=rule)
    assert meant in read_rules(text, context=f"Ann is green. {sentence} Bo is here.").source
    assert read_rules(text, context="Green is green. Cold is cold.").program == read_rules(text).program


@pytest.mark.parametrize(
    ("fact", "meant", "is_mended"),
    [
        ("Sees(Ann, Bo) ::: Ann does not see Bo.", "not sees(ann, bo)", True),
        ("Green(Ann, False) ::: Ann is green.", "green(ann)", True),
        ("Green(Ann, True) ::: Ann is green.", "green(ann)", False),
        ("Sees(Ann, Bo) ::: Bo does not see Ann.", "sees(ann, bo)", False),
        ("Green(Ann, True) ::: If Bo is not cold then Ann is green.", "green(ann)", False),
        ("Green(Ann, True) ::: Ann is not big.", "green(ann)", False),
    ],
)
def test_a_fact_has_the_sign_of_its_sentence(fact: str, meant: str, is_mended: bool) -> None:
    reading = read(program_with(fact), "logiclm-rules")
    assert statements(reading.source)[0].partition('": ')[2] == meant
    assert [d.code for d in reading.repairs] == (["logiclm-fact-polarity"] if is_mended else [])


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ("Cold($x) >>> Green($x) ::: If someone is green then they are cold.", "cold(X) if green(X)"),
        ("Cold($x) >>> Green($x) ::: All green people are cold.", "cold(X) if green(X)"),
        ("Cold($x) >>> Green($x) ::: Cold things are green.", "green(X) if cold(X)"),
        ("Cold($x) && Sees($x, Bo) >>> Green($x) ::: Whoever is green is seen.", "green(X) if cold(X), sees(X, bo)"),
        (
            "Cold($x) && Sees($x, Bo) >>> Green($x) ::: If someone is green and cold then they see Bo.",
            "sees(X, bo) if cold(X), green(X)",
        ),
        ("Cold($x) >>> Green($x) ::: If someone is not green then they are cold.", "green(X) if cold(X)"),
        ("Cold($x) >>> Green($x) ::: If someone is big and green then they are cold.", "cold(X) if green(X)"),
        ("Cold(Bo) >>> Green($x) ::: Green things are cold.", "green(X) if cold(bo)"),
        ("Cold($x) >>> Big($x) && Green($x) ::: If someone is cold and big then they are green.", "big(X) if cold(X)"),
    ],
)
def test_a_rule_concludes_what_its_sentence_does(rule: str, meant: str) -> None:
    assert f'": {meant}\n' in read(program_with("Cold(Bo, True)", rules=rule), "logiclm-rules").source


def test_the_statement_in_a_question() -> None:
    assert statement_of("Is the following true or false? Alex is not shy.") == "Alex is not shy."
    assert statement_of('Is the statement "The cat eats" true, false, or unknown?') == "The cat eats"
    assert statement_of("Bo is cold. (Unknown)") == "Bo is cold."
    assert statement_of("Is Bo cold?") == "Is Bo cold?"


# Contradictions


CONTRADICTION = "Green(Ann, True)\nGreen(Ann, False)\nCold(Cy, True)\nCold($x, True) >>> Kind($x, True)"


def test_a_contradiction_elsewhere_is_left_out() -> None:
    reading = read(program_with(CONTRADICTION, "Kind(Cy, True)"), "logiclm-rules")
    assert [d.code for d in reading.repairs] == ["logiclm-contradiction-apart"] * 2
    assert statements(reading.source) == ["fact cold(cy)", "rule kind(X) if cold(X)", "prove kind(cy)"]


def test_a_contradiction_that_the_query_depends_on_stays() -> None:
    facts = CONTRADICTION + "\nGreen($x, True) >>> Kind($x, True)\nGreen($x, False) >>> Kind($x, False)"
    reading = read(program_with(facts, "Kind(Cy, True)"), "logiclm-rules")
    assert not reading.repairs
    assert "not green(ann)" in reading.source


# Against forward chaining

_NAMES = ("P", "Q", "R", "S")
_SIGNED = st.tuples(st.sampled_from(_NAMES), st.booleans())


@st.composite
def rule_programs(
    draw: st.DrawFn,
) -> tuple[list[tuple[str, str, bool]], list[tuple[list[tuple[str, bool]], tuple[str, bool]]]]:
    facts = draw(
        st.lists(st.tuples(st.sampled_from(_NAMES), st.sampled_from(["Ann", "Bo"]), st.booleans()), max_size=3)
    )
    rules = draw(st.lists(st.tuples(st.lists(_SIGNED, min_size=1, max_size=2), _SIGNED), max_size=4))
    return facts, rules


def _chained(
    facts: list[tuple[str, str, bool]], rules: list[tuple[list[tuple[str, bool]], tuple[str, bool]]]
) -> set[tuple[str, str, bool]]:
    known = set(facts)
    while True:
        more = {
            (head[0], who, head[1])
            for (body, head), who in product(rules, ("Ann", "Bo"))
            if all((name, who, sign) in known for name, sign in body)
        } - known
        if not more:
            return known
        known |= more


@given(rule_programs())
@settings(max_examples=12, deadline=None)
def test_the_answer_is_that_of_forward_chaining(
    case: tuple[list[tuple[str, str, bool]], list[tuple[list[tuple[str, bool]], tuple[str, bool]]]],
) -> None:
    facts, rules = case
    lines = [f"{n}({who}, {sign})" for n, who, sign in facts]
    lines += [" && ".join(f"{n}($x, {s})" for n, s in body) + f" >>> {h[0]}($x, {h[1]})" for body, h in rules]
    text = "Facts:\n" + "\n".join(lines) + "\nRules:\nQuery:\nP(Ann, True)\n"
    reading = read(text, "logiclm-rules")
    known = _chained(facts, rules)
    is_true, is_false = ("P", "Ann", True) in known, ("P", "Ann", False) in known
    answer = Engine(Options(confirm=False)).run(reading.source).answer
    if any((n, who, not sign) in known for n, who, sign in known):
        assert answer in (None, "true" if is_true else "false" if is_false else "unknown")
    else:
        assert answer == ("true" if is_true else "false" if is_false else "unknown")


@given(st.text(alphabet="AaBx$,()&>:!¬= \n'.\u200b-?", max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    for whole in (text, program_with(text), program_with("Green(Ann, True)", text)):
        reading = read(whole, "logiclm-rules")
        if reading.program is not None:
            assert isinstance(reading.program.statements[-1], ast.Prove)
            assert check_source(reading.source)[0] is not None
