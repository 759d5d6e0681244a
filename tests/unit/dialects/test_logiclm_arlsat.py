"""Logic-LM's Z3-like form: what it means, how the goal is read, repairs and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nsr.dialects import read, recognize
from nsr.dialects.logiclm_arlsat_goal import Mode, is_supposed_in, mode_of, option_mode, supposition_of
from nsr.engine.checking import check_source
from nsr.engine.engine import Engine
from nsr.engine.options import Options

PROGRAM = """# Declarations
people = EnumSort([Ann, Bo, Cy])
days = EnumSort([Monday, Tuesday, Wednesday])
visits = Function([people] -> [days])
guided = Function([people, days] -> [bool])

# Constraints
Distinct([p:people], visits(p)) ::: each comes on a day of his own
visits(Ann) < visits(Bo) ::: Ann comes before Bo
ForAll([p:people, d:days], Implies(guided(p, d), visits(p) == d)) ::: who is guided is there
Count([p:people], visits(p) == Monday) == 1 ::: one comes on Monday

# Options
Question ::: Which one of the following could be true?
is_sat(visits(Bo) == Monday) ::: (A)
is_sat(visits(Cy) == Tuesday) ::: (B)
"""


def program_with(
    constraint: str, question: str = "Which one must be true?", options: str = "is_valid(at(a) == 1)"
) -> str:
    declared = "things = EnumSort([a, b, c])\nspots = EnumSort([1, 2, 3])\nat = Function([things] -> [spots])\n"
    return f"# Declarations\n{declared}# Constraints\n{constraint}\n# Options\nQuestion ::: {question}\n{options}\n"


def constraints(source: str) -> list[str]:
    return [s.partition(": ")[2] for s in source.splitlines() if s.startswith("constraint")]


def test_what_a_program_means() -> None:
    reading = read(PROGRAM, "logiclm-arlsat", strict=True)
    assert reading.source == (
        "type people = {Ann, Bo, Cy}\n"
        "type days = [Monday, Tuesday, Wednesday]\n"
        "var visits(people): days\n"
        "pred guided(people, days)\n"
        'constraint "each comes on a day of his own": distinct(visits(p) for p in people)\n'
        'constraint "Ann comes before Bo": visits(Ann) < visits(Bo)\n'
        'constraint "who is guided is there": forall p in people, d in days: guided(p, d) implies visits(p) == d\n'
        'constraint "one comes on Monday": count(p for p in people if visits(p) == Monday) == 1\n'
        'choose "Which one of the following could be true?": could\n'
        "option A: visits(Bo) == Monday\n"
        "option B: visits(Cy) == Tuesday\n"
    )
    assert Engine(Options(confirm=False)).run(reading.source).answer == "B"
    recognized = recognize(PROGRAM)
    assert recognized is not None
    assert recognized.name == "logiclm-arlsat"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ForAll([x:things], at(x) != 2)", "forall x in things: at(x) != 2"),
        ("Exists([x:things], And(at(x) == 1, x != b))", "exists x in things: at(x) == 1 and x != b"),
        ("Not(Or(at(a) == 1, at(b) == 1))", "not (at(a) == 1 or at(b) == 1)"),
        ("Implies(at(a) == 1, at(b) == 2)", "at(a) == 1 implies at(b) == 2"),
        ("at(a) in [1, 2]", "at(a) in {1, 2}"),
        ("ForAll([x:things], Implies(x in [a, b], at(x) <= 2))", "forall x in things: x in {a, b} implies at(x) <= 2"),
        ("at(a) + 1 == at(b)", "at(a) + 1 == at(b)"),
        ("Abs(at(a) - at(b)) == 1", "abs(at(a) - at(b)) == 1"),
        ("at(If(at(a) == 1, b, c)) == 2", "at(if at(a) == 1 then b else c) == 2"),
        ("(at(a) == 1) == True", "at(a) == 1"),
        ("Count([x:things], at(x) == 1) <= 2", "count(x for x in things if at(x) == 1) <= 2"),
        ("AtMost(2, [x:things], at(x) == 1)", "count(x for x in things if at(x) == 1) <= 2"),
        ("AtLeastOne([x:things], at(x) == 1)", "count(x for x in things if at(x) == 1) >= 1"),
    ],
)
def test_formulas(written: str, meant: str) -> None:
    reading = read(program_with(written), "logiclm-arlsat", strict=True)
    assert constraints(reading.source) == [meant]
    assert check_source(reading.source)[0] is not None


@pytest.mark.parametrize(
    ("code", "written", "meant"),
    [
        ("logiclm-foreign-operator", "at(a) == 1 && at(b) == 2", "at(a) == 1 and at(b) == 2"),
        ("logiclm-foreign-operator", "!(at(a) == 1)", "not (at(a) == 1)"),
        ("logiclm-bracket-missing", "Not(at(a) == 1", "Not(at(a) == 1)"),
        ("logiclm-bracket-too-many", "Not(at(a) == 1))", "Not(at(a) == 1)"),
        ("logiclm-foreign-operator", "at(a) == 1 ==> at(b) == 2", "Implies(at(a) == 1, at(b) == 2)"),
        ("logiclm-free-variable", "Implies(at(x) == 1, x == a)", "ForAll([x:things], Implies(at(x) == 1, x == a))"),
        ("logiclm-value-applied", "at(a) < at(3)", "at(a) < 3"),
        ("logiclm-name-variant", "at(A) == 1", "at(a) == 1"),
        ("logiclm-name-variant", "ForAll([x:thing], at(x) == 1)", "ForAll([x:things], at(x) == 1)"),
    ],
)
def test_repairs(code: str, written: str, meant: str) -> None:
    text = program_with(written)
    reading = read(text, "logiclm-arlsat")
    (repair,) = reading.diagnostics
    assert repair.code == code
    assert repair.fix is not None
    assert reading.program == read(program_with(meant), "logiclm-arlsat", strict=True).program
    assert read(text, "logiclm-arlsat", strict=True).program is None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("logiclm-unknown-name", program_with("at(dee) == 1")),
        ("logiclm-unknown-function", program_with("Before(a, b)")),
        ("logiclm-unknown-sort", program_with("ForAll([x:people], at(a) == 1)")),
        ("logiclm-unbound-variable", program_with("at(x) == 1")),
        ("logiclm-wrong-arity", program_with("at(a, b) == 1")),
        ("logiclm-sort-mismatch", program_with("at(a) == b")),
        ("logiclm-sort-mismatch", program_with("Distinct([x:things], at(x) == 1)")),
        ("logiclm-truth-wanted", program_with("at(a)")),
        ("logiclm-truth-wanted", program_with("Count([x:things], at(x) == 1)")),
        ("logiclm-number-as-variable", program_with("ForAll([i:int], at(a) == i)")),
        ("logiclm-unreadable-line", program_with("at(a) == ")),
        ("logiclm-goal-form", program_with("at(a) == 1", "How many places could a be at?")),
        ("logiclm-goal-form", program_with("at(a) == 1", options="at(a) == 1")),
        ("logiclm-supposition-missing", program_with("at(a) == 1", "If b is second, which one must be true?")),
        ("logiclm-query-missing", program_with("at(a) == 1", options="")),
        (
            "logiclm-declared-twice",
            program_with("at(a) == 1", options="is_valid(at(a) == 1) ::: (A)\nis_valid(at(b) == 1) ::: (A)"),
        ),
        ("logiclm-nesting-too-deep", program_with("Not(" * 59 + "at(a) == 1" + ")" * 59)),
    ],
)
def test_refusals(code: str, text: str) -> None:
    reading = read(text, "logiclm-arlsat")
    assert reading.program is None
    assert code in [d.code for d in reading.errors]


# The goal


@pytest.mark.parametrize(
    ("question", "mode"),
    [
        ("Which one of the following could be true?", Mode("could")),
        ("Which one of the following must be true?", Mode("must")),
        ("Which one of the following CANNOT be true?", Mode("cannot")),
        ("Each of the following could be true EXCEPT:", Mode("could", True)),
        ("If Ann must leave, then which one of the following could be true?", Mode("could")),
        ("If Ann leaves, then each of the following must be true EXCEPT:", Mode("must", True)),
        ("Which one of the following is an acceptable schedule?", Mode("could")),
        ("Which one could be the order of the shows, from earliest to latest?", Mode("could")),
        ("What is the earliest day on which Ann could come?", None),
        ("How many orders are there?", None),
        ("Which one, if substituted for the rule, would have the same effect?", None),
        ("The order is fully determined if which one of the following is true?", None),
    ],
)
def test_the_mode_is_told_by_the_words(question: str, mode: Mode | None) -> None:
    assert mode_of(question) == mode


def test_the_mode_around_the_options() -> None:
    assert option_mode(["issat"]) == Mode("could")
    assert option_mode(["isexception", "issat"]) == Mode("could", True)
    assert option_mode(["isexception", "isvalid"]) == Mode("must", True)
    assert option_mode(["isunsat"]) == Mode("cannot")
    assert option_mode(["ismax"]) is None


def test_words_win_over_functions() -> None:
    text = program_with("at(a) == 1", "Which one could be true?", "is_valid(at(a) == 1) ::: (A)")
    reading = read(text, "logiclm-arlsat")
    assert [d.code for d in reading.repairs] == ["logiclm-goal-mode"]
    assert "could\n" in reading.source
    assert read(text, "logiclm-arlsat", strict=True).program is None


def test_except_of_sat_is_cannot() -> None:
    options = "is_exception(is_sat(at(a) == 1)) ::: (A)"
    assert not read(program_with("at(b) == 1", "Which one CANNOT be true?", options), "logiclm-arlsat").diagnostics


def test_a_supposition_that_all_options_repeat_is_assumed() -> None:
    options = "is_sat(Implies(at(a) == 1, at(b) == 2)) ::: (A)\nis_sat(Implies(at(a) == 1, at(b) == 3)) ::: (B)"
    source = read(
        program_with("at(b) != 3", "If a is first, which one could be true?", options), "logiclm-arlsat"
    ).source
    assert "assume: at(a) == 1\n" in source
    assert "option A: at(b) == 2\n" in source


def test_a_supposition_may_be_a_part_of_all_options() -> None:
    options = "is_sat(And(at(a) == 1, at(b) == 2)) ::: (A)\nis_sat(And(at(a) == 1, at(b) == 3, at(c) == 1)) ::: (B)"
    asked = "If a is first, which one could be true?"
    source = read(program_with("at(b) != 3", asked, options), "logiclm-arlsat", strict=True).source
    assert "assume: at(a) == 1\n" in source
    assert "option A: at(b) == 2\n" in source
    assert "option B: at(b) == 3 and at(c) == 1\n" in source
    # That one of two statements must hold is another question than that both must.
    must = read(program_with("at(b) != 3", asked.replace("could", "must"), options), "logiclm-arlsat")
    assert [d.code for d in must.errors] == ["logiclm-supposition-missing"]


def test_a_signature_is_turned_where_all_uses_are() -> None:
    text = program_with("at(b) != 2", options="is_valid(at(a) == 1) ::: (A)")
    turned = text.replace("[things] -> [spots]", "[spots] -> [things]")
    reading = read(turned, "logiclm-arlsat")
    assert [d.code for d in reading.diagnostics] == ["logiclm-signature-turned"]
    assert reading.program == read(text, "logiclm-arlsat").program
    assert read(turned, "logiclm-arlsat", strict=True).program is None
    mixed = read(turned.replace("at(b) != 2", "at(2) != b"), "logiclm-arlsat")
    assert [d.code for d in mixed.errors] == ["logiclm-sort-mismatch"]


@pytest.mark.parametrize(
    "constraint", ["at(a) == 1 and at(x) == 2", "Implies(x == a, at(b) == 2)", "Implies(at(a) == 1, at(x) == 2)"]
)
def test_variables_that_the_condition_does_not_tell_are_in_doubt(constraint: str) -> None:
    reading = read(program_with(constraint), "logiclm-arlsat")
    assert [d.code for d in reading.errors] == ["logiclm-unbound-variable"]


def test_a_supposition_may_stand_among_the_constraints() -> None:
    text = program_with("at(b) == 2 ::: b is second", "If b is second, which one must be true?")
    assert read(text, "logiclm-arlsat").program is not None
    assert supposition_of("If Ann is first, then which one could be true?") == "Ann is first"
    assert supposition_of("Which one could be true?") == ""
    assert is_supposed_in("Ann leaves on Monday", ["Ann leaves on Monday"])
    assert not is_supposed_in("Ann leaves on Monday", ["Ann leaves on Tuesday"])


def test_options_over_several_lines() -> None:
    options = "is_valid(And(at(a) == 1,\n    at(b) == 2)) ::: (A)"
    assert (
        "option A: at(a) == 1 and at(b) == 2"
        in read(program_with("at(c) == 3", options=options), "logiclm-arlsat").source
    )


def test_variables_never_hide_elements() -> None:
    text = program_with("ForAll([a:things], at(a) != 2)")
    source = read(text, "logiclm-arlsat").source
    assert "forall a_ in things: at(a_) != 2" in source
    assert check_source(source)[0] is not None


@given(st.text(alphabet="abcx123(),=<>[]|&: +-NotAd.\n", max_size=150))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    for whole in (text, program_with(text), program_with("at(a) == 1", options=text)):
        reading = read(whole, "logiclm-arlsat")
        if reading.program is not None:
            assert check_source(reading.source)[0] is not None, reading.source
