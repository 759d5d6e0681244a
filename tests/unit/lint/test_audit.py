"""The audit finds what a statement lost or added against its sentence, and is silent on right ones."""

from __future__ import annotations

import pytest

from nsr.engine.checking import check_source
from nsr.formalizers.declarations import goal
from nsr.formalizers.declarations import source as declare
from nsr.formalizers.reading import read_declarations
from nsr.lint.audit import audit, lint_against_text
from nsr.lint.direction import IDIOMS

HEAD = """
type Berth = 1..5
type Skipper = {ada, bruno, clara, dmitri, edda}
type Boat = {cutter, ketch, sloop, yawl, dinghy}
var skipper(Skipper): Berth distinct
var boat(Boat): Berth distinct
"""

RIGHT = [
    ("The ketch is directly left of Clara.", "boat(ketch) + 1 == skipper(clara)"),
    ("Clara lies somewhere to the right of the ketch.", "boat(ketch) < skipper(clara)"),
    ("Clara lies somewhere to the right of the ketch.", "skipper(clara) > boat(ketch)"),
    ("Clara is further left than the ketch.", "skipper(clara) < boat(ketch)"),
    ("There is one berth between Ada and the sloop.", "abs(skipper(ada) - boat(sloop)) == 2"),
    ("There are two berths between Ada and the sloop.", "abs(skipper(ada) - boat(sloop)) == 2 + 1"),
    ("Ada and the sloop are next to each other.", "abs(skipper(ada) - boat(sloop)) == 1"),
    ("Dmitri is not at the third berth.", "skipper(dmitri) != 3"),
    ("Dmitri isn't the owner of the yawl.", "skipper(dmitri) != boat(yawl)"),
    ("Bruno is at berth 2.", "skipper(bruno) == 2"),
    ("Neither Ada nor Bruno sails the yawl.", "skipper(ada) != boat(yawl) and skipper(bruno) != boat(yawl)"),
    ("Ada sails either the yawl or the ketch.", "skipper(ada) == boat(yawl) xor skipper(ada) == boat(ketch)"),
    ("Ada, Bruno and the yawl are at three different berths.", "distinct(skipper(ada), skipper(bruno), boat(yawl))"),
    ("Ada lies 2 berths to the left of Bruno.", "skipper(ada) + 2 == skipper(bruno)"),
    ("Ada does not sail the yawl, nor does Bruno.", "skipper(ada) != boat(yawl) and skipper(bruno) != boat(yawl)"),
    ("There is no berth between Ada and the third berth.", "abs(skipper(ada) - 3) == 1"),
    (
        "Ada, who never sails the sloop, is left of Bruno.",
        "skipper(ada) != boat(sloop) and skipper(ada) < skipper(bruno)",
    ),
    ("Ada is one berth before or one berth after the sloop.", "abs(skipper(ada) - boat(sloop)) == 1"),
    (
        "Neither Ada nor Bruno has the sloop or the ketch.",
        "skipper(ada) != boat(sloop) and skipper(ada) != boat(ketch)"
        " and skipper(bruno) != boat(sloop) and skipper(bruno) != boat(ketch)",
    ),
    ("If Ada isn't in the sloop, Bruno is.", "skipper(ada) != boat(sloop) implies skipper(bruno) == boat(sloop)"),
    ("The sloop isn't Ada's, nor is it Bruno's.", "skipper(ada) != boat(sloop) and boat(sloop) != skipper(bruno)"),
    ("Ada is left of the ketch but right of Bruno.", "skipper(ada) < boat(ketch) and skipper(ada) > skipper(bruno)"),
    ("Ada is in one of the last two berths.", "skipper(ada) == 4 xor skipper(ada) == 5"),
    ("Ada is in one of the last two berths.", "skipper(ada) + 2 > 5"),
    ("There is at least one berth between Ada and the sloop.", "abs(skipper(ada) - boat(sloop)) != 1"),
    (
        "It is not the sloop or the ketch that belongs to Ada.",
        "boat(sloop) != skipper(ada) and boat(ketch) != skipper(ada)",
    ),
    ("If the sloop is at berth 2, Ada is at berth 3.", "boat(sloop) == 2 implies skipper(ada) == 3"),
    ("Ada sails the sloop and/or lies at berth 2.", "skipper(ada) == boat(sloop) or skipper(ada) == 2"),
    ("The sloop is among Ada's and Bruno's boats.", "boat(sloop) == skipper(ada) xor boat(sloop) == skipper(bruno)"),
    ("Ada is not either of the sloop and the ketch.", "skipper(ada) != boat(sloop) and skipper(ada) != boat(ketch)"),
    ("Ada lies next to the sloop on the right side.", "skipper(ada) == boat(sloop) + 1"),
    ("Ada, the yawl and the sloop never coincide.", "distinct(skipper(ada), boat(yawl), boat(sloop))"),
    ("Rule out both the yawl and the sloop for Ada.", "skipper(ada) != boat(yawl) and skipper(ada) != boat(sloop)"),
]

WRONG = [
    ("It is in berth 3 or 2 that you find Ada.", "abs(3 - skipper(ada)) == 2", "choice-lost"),
    (
        "Ada, the yawl and the sloop never coincide.",
        "skipper(ada) != boat(yawl) and skipper(ada) != boat(sloop)",
        "negation-lost",
    ),
    ("Ada is more lightly loaded than the sloop.", "skipper(ada) > boat(sloop)", "direction-reversed"),
    ("If the sloop is at berth 2, Ada is at berth 3.", "boat(sloop) == 2 and skipper(ada) == 3", "condition-lost"),
    ("Ada sails the sloop and/or lies at berth 2.", "skipper(ada) == boat(sloop) and skipper(ada) == 2", "choice-lost"),
    (
        "Ada sails the sloop and/or lies at berth 2.",
        "skipper(ada) == boat(sloop) xor skipper(ada) == 2",
        "choice-narrowed",
    ),
    (
        "Exactly one of Ada and Bruno has the sloop.",
        "skipper(ada) == boat(sloop) or skipper(bruno) == boat(sloop)",
        "choice-widened",
    ),
    ("Ada lies next to the sloop on the right side.", "skipper(ada) + 1 == boat(sloop)", "direction-reversed"),
    ("Ada lies next to the sloop on the left.", "skipper(ada) == boat(sloop) + 1", "direction-reversed"),
    (
        "Ada, the yawl and the sloop never coincide.",
        "skipper(ada) == boat(yawl) and skipper(ada) != boat(sloop)",
        "negation-lost",
    ),
    ("Rule out both the yawl and the sloop for Ada.", "skipper(ada) == boat(yawl)", "negation-lost"),
    ("Ada lies at the last berth.", "skipper(ada) % 2 == 1", "parity-added"),
    (
        "Ada lies to the right of Bruno, and at a berth with a lower number than his.",
        "skipper(ada) > skipper(bruno)",
        "direction-reversed",
    ),
    (
        "Ada, who sails the sloop, lies to the left of the ketch.",
        "skipper(ada) < boat(sloop) and skipper(ada) < boat(ketch)",
        "part-lost",
    ),
    (
        "Ada sails the sloop; she lies to the left of the ketch.",
        "skipper(ada) < boat(ketch) and boat(sloop) < boat(ketch)",
        "part-lost",
    ),
    (
        "Ada lies to the left of the ketch, which isn't Bruno's.",
        "skipper(ada) < boat(ketch) and skipper(ada) != skipper(bruno)",
        "part-lost",
    ),
    ("The ketch is directly left of Clara.", "boat(ketch) == skipper(clara) + 1", "direction-reversed"),
    ("Clara lies somewhere to the right of the ketch.", "skipper(clara) < boat(ketch)", "direction-reversed"),
    ("The ketch is directly left of Clara.", "boat(ketch) + 2 == skipper(clara)", "number-not-in-sentence"),
    ("There is one berth between Ada and the sloop.", "abs(skipper(ada) - boat(sloop)) == 3", "number-not-in-sentence"),
    (
        "There are two berths between Ada and the sloop.",
        "abs(skipper(ada) - boat(sloop)) == 2",
        "number-not-in-sentence",
    ),
    ("Dmitri is not at the third berth.", "skipper(dmitri) == 3", "negation-lost"),
    ("Dmitri isn't the owner of the yawl.", "skipper(dmitri) == boat(yawl)", "negation-lost"),
    ("Dmitri is at the third berth.", "skipper(dmitri) != 3", "negation-added"),
    ("Dmitri is at the third berth.", "skipper(dmitri) == 4", "thing-not-in-sentence"),
    ("Ada sails the yawl.", "skipper(bruno) == boat(yawl)", "thing-not-in-sentence"),
    ("Ada sails the yawl.", "skipper(bruno) == boat(yawl)", "mention-not-in-formula"),
    ("Clara lies somewhere to the right of the ketch.", "boat(ketch) + 1 == skipper(clara)", "step-not-in-sentence"),
    (
        "Clara is not the ketch owner nor Dmitri.",
        "skipper(clara) != boat(ketch) and skipper(dmitri) != boat(ketch)",
        "alternatives-compared",
    ),
    (
        "Ada is not in the sloop, nor is Bruno.",
        "skipper(ada) != boat(sloop) and skipper(ada) != skipper(bruno)",
        "part-of-another",
    ),
    (
        "The sloop isn't Ada's, nor is it Bruno's.",
        "boat(sloop) != skipper(ada) and skipper(ada) != skipper(bruno)",
        "part-of-another",
    ),
    (
        "Either Ada has the sloop or Bruno does.",
        "skipper(ada) == boat(sloop) xor skipper(ada) == skipper(bruno)",
        "part-of-another",
    ),
    (
        "Ada is left of the ketch but right of Bruno.",
        "skipper(ada) < boat(ketch) and boat(ketch) > skipper(bruno)",
        "part-of-another",
    ),
    (
        "Ada is right of the ketch but left of Bruno.",
        "skipper(ada) > boat(ketch) and skipper(ada) > skipper(bruno)",
        "direction-reversed",
    ),
    ("Ada is in one of the last two berths.", "skipper(ada) == 5 xor skipper(ada) == 2", "places-misread"),
    ("Ada is in either the 3rd or the first berth.", "skipper(ada) == 3 xor 3 == 1", "alternatives-compared"),
    (
        "It is not the sloop or the ketch that belongs to Ada.",
        "boat(sloop) == skipper(ada) and boat(ketch) != skipper(ada)",
        "negation-lost",
    ),
    (
        "Ada, who never sails the sloop, is left of Bruno.",
        "skipper(ada) == boat(sloop) and skipper(ada) < skipper(bruno)",
        "negation-lost",
    ),
    ("Ada is one berth before or one berth after the sloop.", "skipper(ada) + 1 == boat(sloop)", "direction-added"),
    (
        "Neither Ada nor Bruno has the sloop or the ketch.",
        "skipper(ada) != boat(sloop) and skipper(bruno) != boat(ketch)",
        "negation-lost",
    ),
    (
        "Ada isn't in the sloop, and Bruno isn't in the ketch.",
        "skipper(ada) != boat(sloop) implies skipper(bruno) == boat(ketch)",
        "condition-added",
    ),
    ("Ada is one place before the sloop.", "skipper(ada) < boat(sloop)", "step-lost"),
    ("Ada was spared the sloop.", "skipper(ada) == boat(sloop)", "negation-lost"),
    (
        "No sloop was ever sailed by Ada, and Bruno lay left of Clara.",
        "boat(sloop) == skipper(ada) and skipper(bruno) < skipper(clara)",
        "negation-lost",
    ),
    ("The sloop is sailed by the oldest of the five, Ada.", "boat(sloop) != skipper(ada)", "negation-added"),
    ("Ada canot be in the sloop.", "skipper(ada) == boat(sloop)", "negation-lost"),
    ("Ada does not live next to the sloop.", "skipper(ada) != boat(sloop)", "step-lost"),
]


def _codes(sentence: str, formula: str) -> set[str]:
    program, diagnostics = check_source(f'{HEAD}constraint c "{sentence}": {formula}\nfind one\n')
    assert program is not None, diagnostics
    return {f.code for f in audit(program)["c"]}


@pytest.mark.parametrize(("sentence", "formula"), RIGHT)
def test_right_statements_have_no_findings(sentence: str, formula: str) -> None:
    assert _codes(sentence, formula) == set()


@pytest.mark.parametrize(("sentence", "formula", "code"), WRONG)
def test_wrong_statements_are_found(sentence: str, formula: str, code: str) -> None:
    assert code in _codes(sentence, formula)


def test_a_quotation_that_the_text_does_not_have_is_warned_of() -> None:
    program, _ = check_source(f'{HEAD}constraint c "Ada sails the yawl.": skipper(ada) == boat(yawl)\nfind one\n')
    assert program is not None
    assert lint_against_text(program, "A text in which *Ada*  sails\nthe `yawl`.") == []
    assert [d.code for d in lint_against_text(program, "Ada sails the ketch.")] == ["citation-not-in-text"]


DISTANCES = "Distance: 5 miles, 9 miles, 15 miles, 20 miles\nGuests: 3, 8, 9, 13\nCar: Ada, Bruno, Clara, Dmitri\n"


def _measured(sentence: str, formula: str, text: str = DISTANCES) -> set[str]:
    declared = read_declarations(text)
    assert declared is not None
    program, diagnostics = check_source(f'{declare(declared)}constraint c "{sentence}": {formula}\n{goal(declared)}')
    assert program is not None, diagnostics
    return {f.code for f in audit(program, declarations=declared)["c"]}


@pytest.mark.parametrize(
    ("sentence", "formula", "codes"),
    [
        ("Ada went six miles less far than Clara.", "car(ada) + 6 == car(clara)", set()),
        ("Ada went six miles less far than Clara.", "guest_at(car(ada)) + 6 == guest_at(car(clara))", {"other-unit"}),
        ("Ada has 5 more guests than Clara.", "guest_at(car(ada)) == guest_at(car(clara)) + 5", set()),
        ("Ada has 5 more guests than Clara.", "car(ada) == car(clara) + 5", {"other-unit"}),
        ("Ada and Clara are separated by 4 miles.", "abs(car(ada) - car(clara)) == 4", set()),
        (
            "Ada and Clara are separated by 4 miles.",
            "abs(pos(car(ada)) - pos(car(clara))) == 4 + 1",
            {"difference-changed"},
        ),
        ("Ada is the car that went 15 miles.", "car(ada) == 15", set()),
        ("Ada has fewer guests than Clara.", "guest_at(car(ada)) < guest_at(car(clara))", set()),
        ("Ada has fewer guests than Clara.", "car(ada) < car(clara)", {"other-unit"}),
        ("Ada went a shorter distance than Clara.", "car(ada) < car(clara)", set()),
    ],
)
def test_an_amount_is_reckoned_with_in_the_category_of_its_unit(sentence: str, formula: str, codes: set[str]) -> None:
    assert _measured(sentence, formula) == codes


ROW = "There are 4 berths, numbered 1 to 4.\nGuests: 3, 8, 9, 13\nCar: Ada, Bruno, Clara, Dmitri\n"


@pytest.mark.parametrize(
    ("formula", "codes"),
    [
        ("abs(car(ada) - car(clara)) == 1", set()),
        ("abs(pos(guest_at(car(ada))) - pos(guest_at(car(clara)))) == 1", {"other-dimension"}),
    ],
)
def test_things_next_to_each_other_are_so_in_the_row(formula: str, codes: set[str]) -> None:
    assert _measured("Ada and Clara are next to each other.", formula, ROW) == codes


@pytest.mark.parametrize(
    ("scale", "sentence", "is_less"),
    [
        ("Age: 31, 35, 39, 43", "Ada is older than Clara.", False),
        ("Age: 31, 35, 39, 43", "Ada was born after Clara.", True),
        ("Age: 31, 35, 39, 43", "Ada is not as old as Clara.", True),
        ("Year: 1931, 1935, 1939, 1943", "Ada is older than Clara.", True),
        ("Year: 1931, 1935, 1939, 1943", "Ada was born two years after Clara.", False),
        ("Month: March, April, June, August", "Ada is younger than Clara.", False),
        ("Birthday: May 3, May 7, June 1, June 9", "Ada was born before Clara.", True),
        ("Speed: 80 mph, 90 mph, 100 mph, 110 mph", "Ada is not as fast as Clara.", True),
        ("Speed: 80 mph, 90 mph, 100 mph, 110 mph", "Ada is faster than Clara.", False),
        ("Time: 80 minutes, 90 minutes, 100 minutes, 110 minutes", "Ada was faster than Clara.", True),
        ("Price: $80, $90, $100, $110", "Ada is not as expensive as Clara.", True),
        ("Price: $80, $90, $100, $110", "Ada is not as cheap as Clara.", False),
        ("Temperature: 10 degrees, 20 degrees, 30 degrees, 40 degrees", "Colder than Clara is Ada.", True),
        ("Place: first, second, third, fourth", "Ada placed two spots higher than Clara.", True),
        ("Place: first, second, third, fourth", "Ada did worse than Clara.", False),
        ("Place: first, second, third, fourth", "Ada trailed Clara.", False),
        ("Place: first, second, third, fourth", "Ada, Bo's better half, placed lower than Clara.", False),
        ("Score: 80 points, 90 points, 100 points, 110 points", "Ada trailed Clara by ten points.", True),
        ("Score: 80 points, 90 points, 100 points, 110 points", "Ada was outscored by Clara.", True),
        ("Score: 80 points, 90 points, 100 points, 110 points", "Ada outscored Clara.", False),
        ("Score: 80 points, 90 points, 100 points, 110 points", "Ada scored higher than Clara.", False),
        ("Floor: 1, 2, 3, 4", "Ada lives higher than Clara.", False),
    ],
)
def test_what_older_and_faster_order_depends_on_the_scale(scale: str, sentence: str, is_less: bool) -> None:
    text = f"{scale}\nRunner: Ada, Bruno, Clara, Dmitri\n"
    less, more = "runner(ada) < runner(clara)", "runner(ada) > runner(clara)"
    assert "direction-reversed" not in _measured(sentence, less if is_less else more, text)
    assert "direction-reversed" in _measured(sentence, more if is_less else less, text)


@pytest.mark.parametrize("scale", ["Price: $80, $90, $100, $110", "Level: 80, 90, 100, 110"])
def test_what_is_older_is_not_told_by_other_scales(scale: str) -> None:
    text = f"{scale}\nRunner: Ada, Bruno, Clara, Dmitri\n"
    for sign in "<>":
        assert _measured("Ada is older than Clara.", f"runner(ada) {sign} runner(clara)", text) == set()


@pytest.mark.parametrize(
    ("sentence", "formula", "codes"),
    [
        ("Ada scored higher than Clara.", "score_at(runner(ada)) > score_at(runner(clara))", set()),
        ("Ada scored higher than Clara.", "runner(ada) > runner(clara)", {"other-unit"}),
        ("Shallower than Clara comes Ada.", "runner(ada) < runner(clara)", set()),
        ("Shallower than Clara comes Ada.", "score_at(runner(ada)) < score_at(runner(clara))", {"other-unit"}),
        ("The one who scored 80 is deeper than Clara.", "score(80) > runner(clara)", set()),
    ],
)
def test_what_a_comparing_word_measures(sentence: str, formula: str, codes: set[str]) -> None:
    text = "Depth: 10 ft, 20 ft, 35 ft, 50 ft\nScore: 80, 91, 104, 109\nRunner: Ada, Bruno, Clara, Dmitri\n"
    assert _measured(sentence, formula, text) == codes


def test_who_is_looked_after_is_no_order() -> None:
    source = (
        "type Person = {ann, bo}\ntype Pet = {cat, dog}\nvar pet(Pet): Person distinct\n"
        'constraint c "Ann looks after the cat.": pet(cat) == ann\nfind one\n'
    )
    program, _ = check_source(source)
    assert program is not None
    assert audit(program)["c"] == ()


@pytest.mark.parametrize(
    "place",
    [
        *(f"{verb} after the ketch" for verb in IDIOMS["after"]),
        *(f"behind the {place} of the ketch" for place in IDIOMS["behind"]),
    ],
)
def test_words_of_order_in_idioms_are_none(place: str) -> None:
    assert "order-lost" not in _codes(f"Ada is {place}.", "skipper(ada) == boat(ketch)")


@pytest.mark.parametrize("place", ["some way after the ketch", "behind the stern of the ketch"])
def test_the_same_words_elsewhere_order(place: str) -> None:
    assert "order-lost" in _codes(f"Ada is {place}.", "skipper(ada) == boat(ketch)")


def test_things_in_a_row_are_separated_by_those_between_them() -> None:
    sentence = "Ada and the sloop are separated by two berths."
    assert _codes(sentence, "abs(skipper(ada) - boat(sloop)) == 2 + 1") == set()
    assert _codes(sentence, "abs(skipper(ada) - boat(sloop)) == 2") == {"number-not-in-sentence"}


RANKED = HEAD + "type Rank = [first, second, third, fourth, fifth]\nvar rank(Rank): Berth distinct\n"


@pytest.mark.parametrize(
    ("sentence", "formula", "codes"),
    [
        ("Ada is at one of the first two berths.", "skipper(ada) <= 2", set()),
        ("The one who came second is at the first or the last berth.", "rank(second) == 1 or rank(second) == 5", set()),
        ("Ada came first.", "skipper(ada) == 2", {"mention-not-in-formula"}),
    ],
)
def test_first_may_be_a_place_where_it_is_a_rank_too(sentence: str, formula: str, codes: set[str]) -> None:
    program, diagnostics = check_source(f'{RANKED}constraint c "{sentence}": {formula}\nfind one\n')
    assert program is not None, diagnostics
    assert {f.code for f in audit(program)["c"]} == codes


@pytest.mark.parametrize(
    ("first", "second", "sentence", "is_first"),
    [
        ("Month: March, April, June, August", "Price: $80, $90, $100, $110", "Ada came before Clara.", True),
        ("Year: 1931, 1935, 1939, 1943", "Time: 10 minutes, 20 minutes, 30 minutes, 40 minutes",
         "Ada was held prior to Clara.", True),
        ("Finish: first, second, third, fourth", "Kilometers: 700 km, 705 km, 710 km, 720 km", "Ada trailed Clara.",
         True),
        ("Finish: first, second, third, fourth", "Month: March, April, June, August", "Ada took place before Clara.",
         False),
        ("Salary: $10, $20, $30, $40", "Date: May 3, May 7, June 1, June 9", "Ada has a lower wage than Clara.", True),
        ("Paid: $10, $20, $30, $40", "Year: 1931, 1935, 1939, 1943", "Ada has a lower price than Clara.", True),
        ("Paid: $10, $20, $30, $40", "Birth month: March, April, June, August",
         "Ada has a birthday earlier than Clara.", False),
        ("Paid: $10, $20, $30, $40", "Birth month: March, April, June, August",
         "Ada is the next cheaper one after Clara.", True),
        ("Walked: 10 km, 20 km, 30 km, 40 km", "Calories: 100, 200, 300, 400", "Ada walked less than Clara.", True),
        ("Walked: 10 km, 20 km, 30 km, 40 km", "Rating: 100, 200, 300, 400", "Ada scored lower than Clara.", False),
        ("Width: 10 inches, 20 inches, 30 inches, 40 inches", "Weighs: 5 pounds, 6 pounds, 7 pounds, 8 pounds",
         "Ada is narrower than Clara.", True),
        ("Age: 31, 35, 39, 43", "Month: March, April, June, August", "Ada is the month before Clara.", False),
        ("Points: 31, 35, 39, 43", "Month: March, April, June, August", "Ada is ahead of Clara.", None),
    ],
)  # fmt: skip
def test_a_comparison_is_of_what_its_words_measure(
    first: str, second: str, sentence: str, is_first: bool | None
) -> None:
    """`is_first`: which of the two categories is compared; None where either may be."""
    text = f"{first}\n{second}\nCar: Ada, Bruno, Clara, Dmitri\n"
    declared = read_declarations(text)
    assert declared is not None
    formulas = []
    for label in (first, second):
        category = next(c for c in declared.categories if c.label == label.split(":")[0])
        base = category is declared.base_category
        formulas.append(
            "car(ada) < car(clara)" if base else f"{category.inverse}(car(ada)) < {category.inverse}(car(clara))"
        )
    found = ["other-unit" in _measured(sentence, formula, text) for formula in formulas]
    assert found == [is_first is False, is_first is True]


def test_nobody_trails_another_in_a_row_of_houses() -> None:
    text = (
        "There are 4 houses, numbered 1 to 4.\nFinish: fifth, second, third, fourth\nCar: Ada, Bruno, Clara, Dmitri\n"
    )
    assert "other-unit" in _measured("Ada trailed Clara.", "car(ada) > car(clara)", text)
    assert "other-unit" not in _measured("Ada comes after Clara.", "car(ada) > car(clara)", text)
