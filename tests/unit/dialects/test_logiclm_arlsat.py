"""Logic-LM's Z3-like form: what it means, how the goal is read, repairs and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nsr.dialects import read, recognize
from nsr.dialects.logiclm_arlsat_goal import Mode, form_of, mode_of, option_mode
from nsr.dialects.logiclm_arlsat_supposition import Said, asked_of, is_said, supposition_of
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
        ("ForAll([x, y:things], x == y)", "forall x in things, y in things: x == y"),
        ("Exists(x:things, at(x) == 1)", "exists x in things: at(x) == 1"),
        (
            "Sum([at(a) == 1, at(b) == 1]) == 1",
            "(if at(a) == 1 then 1 else 0) + (if at(b) == 1 then 1 else 0) == 1",
        ),
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
    assert asked_of("If Ann is first then which one could be true?").strip() == "then which one could be true?"


@pytest.mark.parametrize(
    ("supposition", "said", "is_there"),
    [
        ("Ann leaves on Monday", [("Ann leaves on Monday", "Ann Monday")], True),
        ("Ann leaves on Monday", [("Ann leaves on Tuesday", "Ann Tuesday")], False),
        ("in this week Ann leaves on the day on which Bo comes", [("Ann leaves on the day Bo comes", "Ann Bo")], True),
        ("Ann and Bo leave on Monday", [("Ann leaves on Monday", "Ann Monday"), ("Bo leaves", "Bo Monday")], True),
        ("Ann leaves before Bo", [("Cy leaves before Bo", "Cy Bo"), ("Dee leaves after Ann", "Dee Ann")], False),
        ("Ann is third", [("", "Ann 3")], True),
        ("Ann is third", [("Condition of the question", "Ann 3")], True),
        ("Ann is third", [("", "Ann 2")], False),
        ("Ann is third", [("", "Ann 3"), ("Bo is not third", "Bo 3")], False),
        ("two of them leave together", [("exactly two of them leave together", "")], True),
        ("two of them leave together", [("each of them leaves", "")], False),
    ],
)
def test_a_supposition_is_said(supposition: str, said: list[tuple[str, str]], is_there: bool) -> None:
    elements = ["Ann", "Bo", "Cy", "Dee", "Monday", "Tuesday", "2", "3"]
    statements = [Said(comment, frozenset(names.split())) for comment, names in said]
    assert is_said(supposition, statements, elements) == is_there


def test_a_supposition_among_the_options_is_a_constraint() -> None:
    options = "at(b) == 2 ::: b is second\nis_valid(at(a) == 1) ::: (A)"
    text = program_with("at(c) == 3", "If b is second, which one must be true?", options)
    reading = read(text, "logiclm-arlsat")
    assert [d.code for d in reading.diagnostics] == ["logiclm-supposition-among-options"]
    assert constraints(reading.source) == ["at(c) == 3", "at(b) == 2"]


# Other goals


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Which one must be true?", None),
        ("Which one could be the order, from earliest to latest?", None),
        ("At least how many days are there?", None),
        ("What is the earliest day on which Ann could come?", "minimize"),
        ("What is the maximum number of visits?", "maximize"),
        ("What is the maximum number of days on each of which Ann could come?", None),
        ("Ann must come last if which one of the following is true?", "forces"),
        ("The order is fully determined if which one of the following is true?", "determines"),
        ("Which one, if substituted for the rule that Ann is first, would have the same effect?", "equivalent"),
        ("Which one is a complete and accurate list of the days any one of which could be Ann's?", "list"),
    ],
)
def test_the_form_is_told_by_the_words(question: str, form: str | None) -> None:
    assert form_of(question) == form


FIXED = "Distinct([x:things], at(x)) ::: each has a spot of its own\nat(a) != 3 ::: a is not in the third spot"


@pytest.mark.parametrize(
    ("question", "options", "goal", "answer"),
    [
        (
            "b must be first if which one of the following is true?",
            ["is_valid(Implies(at(c) == 2, at(b) == 1))", "is_valid(Implies(at(a) == 2 and at(c) == 3, at(b) == 1))"],
            "choose {question}: forces at(b) == 1",
            "B",
        ),
        (
            "The order is fully determined if which one of the following is true?",
            ["is_valid(at(b) == 3)", "is_valid(at(a) < at(c) and at(c) < at(b))"],
            "choose {question}: determines at",
            "B",
        ),
        (
            "Which one, if substituted for the rule that a is not in the third spot, would have the same effect?",
            ["is_valid(at(a) < at(b))", "is_valid(Or(at(a) < at(b), at(a) < at(c)))"],
            "choose {question}: equivalent to replaced_1",
            "B",
        ),
        (
            "What is the last spot, the latest, that a could have?",
            ["is_sat(at(a) == 1)", "is_sat(at(a) == 2)"],
            "maximize {question}: at(a)",
            "B",
        ),
        (
            "Which one is a complete and accurate list of spots any one of which could be that of a?",
            ["is_accurate_list([at(a) == 1, at(a) == 3])", "is_accurate_list([at(a) == 1, at(a) == 2])"],
            "choose {question}: must",
            "B",
        ),
    ],
)
def test_other_goals(question: str, options: list[str], goal: str, answer: str) -> None:
    labelled = "\n".join(f"{option} ::: ({label})" for option, label in zip(options, "AB", strict=True))
    reading = read(program_with(FIXED, question, labelled), "logiclm-arlsat", strict=True)
    assert goal.format(question=f'"{question}"') in reading.source
    assert Engine(Options(confirm=False)).run(reading.source).answer == answer


@pytest.mark.parametrize(
    ("question", "option"),
    [
        ("b must be first if which one of the following is true?", "is_valid(at(b) == 1)"),
        ("All is determined if which one is true?", "is_valid(Implies(at(b) == 1, at(a) == 2))"),
        ("Which one, if substituted for the rule that c is late, would have the same effect?", "is_valid(at(c) > 1)"),
        ("What is the latest spot of a?", "is_sat(at(a) >= 2)"),
        ("Which is a complete list of the spots any of which could be that of a?", "is_sat(at(a) == 2)"),
        ("What is the latest spot of a?", "is_exception(is_sat(at(a) == 2))"),
    ],
)
def test_options_of_another_shape_do_not_say_what_is_asked(question: str, option: str) -> None:
    reading = read(program_with(FIXED, question, f"{option} ::: (A)"), "logiclm-arlsat")
    assert [d.code for d in reading.errors] == ["logiclm-goal-form"]


# Parts of sorts


@pytest.mark.parametrize("declared", ["pair = EnumSort([a, b])\n{}", "{}pair = EnumSort([a, b])\n"])
def test_a_sort_within_another_is_a_part_of_it(declared: str) -> None:
    text = program_with("ForAll([x:pair], at(x) != 2)\nCount([x:pair], at(x) == 1) == 1\nchosen(3) == a\nc in pair")
    things = "things = EnumSort([a, b, c])\n"
    chosen = "chosen = Function([spots] -> [pair])\n"
    whole = text.replace(things, declared.format(things)).replace("# Constraints", f"{chosen}# Constraints")
    reading = read(whole, "logiclm-arlsat")
    assert {d.code for d in reading.diagnostics} == {"logiclm-part-of-sort"}
    assert constraints(reading.source) == [
        "chosen(any_1) in {a, b} for any_1 in spots",
        "forall x in things if x in {a, b}: at(x) != 2",
        "count(x for x in things if x in {a, b} and at(x) == 1) == 1",
        "chosen(3) == a",
        "c in {a, b}",
    ]
    assert check_source(reading.source)[0] is not None
    listed = text.replace(things, f"{things}pair = [a, b]\n").replace("# Constraints", f"{chosen}# Constraints")
    assert read(listed, "logiclm-arlsat", strict=True).program == reading.program


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("EnumSort([1, 2, 3])", "IntSort([1, 2, 3])"),
        ("[things] -> [spots]", "things -> spots"),
        ("[things] -> [spots]", "[things] -> spots"),
    ],
)
def test_other_declarations(written: str, other: str) -> None:
    text = program_with("at(b) != 2")
    changed = text.replace(written, other)
    assert changed != text
    assert read(changed, "logiclm-arlsat", strict=True).program == read(text, "logiclm-arlsat").program


# Layout


@pytest.mark.parametrize(
    "option",
    [
        "(B) is_valid(at(a) == 1)",
        "B) is_valid(at(a) == 1)",
        "is_valid(at(a) == 1) ::: B) a is first",
        "is_valid(at(a) == 1) ::: a good one (B)",
        "is_valid(at(a) == 1) ::: Option B",
    ],
)
def test_labels(option: str) -> None:
    assert "option B: at(a) == 1" in read(program_with("at(b) == 2", options=option), "logiclm-arlsat").source


def test_a_comment_without_a_label_has_none() -> None:
    options = "is_valid(at(a) == 1) ::: B is no label, nor is C\nis_valid(at(a) == 2) ::: A thing"
    source = read(program_with("at(b) == 2", options=options), "logiclm-arlsat").source
    assert "option A: at(a) == 1" in source
    assert "option B: at(a) == 2" in source


def test_remarks_are_left_out() -> None:
    text = program_with("# the rules of the game\nat(b) == 2\n// nothing else")
    assert (
        read(text, "logiclm-arlsat", strict=True).program == read(program_with("at(b) == 2"), "logiclm-arlsat").program
    )


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
