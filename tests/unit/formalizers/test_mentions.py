"""Mentions of declared values: what is found, what is not, and how sentences are tagged."""

import random
from fractions import Fraction

import pytest

from nsr.formalizers.declarations import Declarations
from nsr.formalizers.mentions import Tagger
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.sentence import prompt, tagged_text


def declared(text: str) -> Declarations:
    found = read_declarations(text)
    assert found is not None
    return found


HOUSES = declared(
    """There are 4 houses, numbered 1 to 4.
- Names: Peter, Zoë, Bob, Ray
- Type of pet: bird, dog, cat, hamster
- The people keep unique animals: `bird`, `horse`, `cat`, `duck`
- Birthday month: feb, mar, may, sept
- Heights: very short, short, tall, very tall
- Nationality: brit, dane, swede, pole
- Cars: ford f150, tesla model 3, bmw 3 series, honda civic
- Hobbies: painting, woodworking, hip hop, stir-fry cooking
"""
)


def names(text: str, source: Declarations = HOUSES) -> set[tuple[str, str]]:
    tagged = Tagger(source).tag(text)
    return {
        (source.categories[t.category].label, source.categories[t.category].values[t.value].text)
        for t in tagged.things.values()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zoe is not the British person.", {("Names", "Zoë"), ("Nationality", "brit")}),
        ("The Dane's birthday is in February.", {("Nationality", "dane"), ("Birthday month", "feb")}),
        ("The person who is very short is Bob.", {("Heights", "very short"), ("Names", "Bob")}),
        ("The Ford F-150 owner keeps horses.", {("Cars", "ford f150"), ("The people keep unique animals", "horse")}),
        ("The person who paints is born in September.", {("Hobbies", "painting"), ("Birthday month", "sept")}),
        ("The hip-hop fan was born in May.", {("Hobbies", "hip hop"), ("Birthday month", "may")}),
        ("The Tesla is in the last house.", {("Cars", "tesla model 3"), ("house", "4")}),
        ("House 3 and the 2nd house.", {("house", "3"), ("house", "2")}),
        ("The person with a pet hamster.", {("Type of pet", "hamster")}),
    ],
)
def test_mentions(text: str, expected: set[tuple[str, str]]) -> None:
    assert names(text) == expected


def test_words_of_labels_are_no_mentions() -> None:
    assert ("Type of pet", "bird") not in names("The person whose birthday is in May.")
    assert ("Names", "Peter") not in names("The person with a pet hamster.")


def test_words_of_a_label_beside_a_mention_decide() -> None:
    assert names("The bird keeper.") == {("The people keep unique animals", "bird")}
    assert names("The person with a pet bird.") == {("Type of pet", "bird")}


def test_the_same_word_in_two_categories_gives_two_candidates() -> None:
    assert names("The bird fan.") == {("Type of pet", "bird"), ("The people keep unique animals", "bird")}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("There are two houses between them.", [2]),
        ("There is one house between Peter and Bob.", [1]),
        ("The one who sings is one of the guests.", []),
        ("Bob is twenty-five inches taller.", [25]),
        ("Bob came half an hour after Ray.", [Fraction(1, 2)]),
        ("It is twice as long.", [2]),
    ],
)
def test_numbers(text: str, numbers: list[int]) -> None:
    assert [n.number for n in Tagger(HOUSES).tag(text).numbers.values()] == numbers


def test_numbers_come_in_the_unit_of_a_category() -> None:
    trip = declared("Names: Ann, Bo, Cy\nTimes: 7:30am, 8:00am, 9:30am\nAges: 30 years, 33 years, 42 years\n")
    tagger = Tagger(trip)
    assert [n.number for n in tagger.tag("Ann left 1 hour before Bo.").numbers.values()] == [60]
    assert [n.number for n in tagger.tag("Ann left half an hour before Bo.").numbers.values()] == [30]
    assert [n.number for n in tagger.tag("Ann is a decade older than Bo.").numbers.values()] == [10]
    assert names("The 7:30am trip was Bo's; the 33-year-old is Cy.", trip) >= {
        ("Times", "7:30am"),
        ("Ages", "33 years"),
    }


def test_tags_stand_behind_mentions_and_spans_are_exact() -> None:
    text = "The bird fan, Zoë, is two houses left of the Briton."
    tagged = Tagger(HOUSES).tag(text)
    assert tagged_text(tagged, HOUSES) == "the birdP1P2 fan, P3, is twoN1 houses left of the P4."
    for mention in tagged.mentions:
        assert text[mention.span.start : mention.span.end].lower() in ("bird", "zoë", "two", "briton")


def test_random_tags_are_a_renaming() -> None:
    tagger = Tagger(HOUSES)
    plain, mixed = tagger.tag("Zoë is left of Bob."), tagger.tag("Zoë is left of Bob.", random.Random(1))
    assert set(plain.things.values()) == set(mixed.things.values())
    assert list(plain.things) == ["P1", "P2"]


def test_the_prompt_names_base_dimensions_and_doubtful_candidates() -> None:
    tagger = Tagger(HOUSES)
    assert prompt(tagger.tag("The bird is in house 2."), HOUSES) == (
        "B + house; D1 < birthday month; P1 pet | bird; P2 keep animals | bird; P3 =\nthe birdP1P2 is in house 2P3N1.\n"
    )


FAMILY = declared(
    """Name: Percy, Stuart, Olive, Carver
Child: Percy, Stuart, Ella, Howard
Name of the mother: Percy, Ella, June, Rhonda
Partner: Stuart, June, Kirk, Dewey
Colour: olive, red, tourmaline, blue
Score: 60%, 70%, 80%, 90%
Points: 60, 65, 70, 75
"""
)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("The mother of Percy is tall.", {"Child"}),
        ("Percy's parent is tall.", {"Child"}),
        ("The one who has a child called Percy is tall.", {"Child"}),
        ("The child of Percy is tall.", {"Name of the mother"}),
        ("The one whose mother's name is Percy is tall.", {"Name of the mother"}),
        ("Percy is tall.", {"Name"}),
        ("The partner of Stuart is tall.", {"Partner"}),
        ("The one who lives with Stuart is tall.", {"Partner"}),
        ("Nobody but Stuart is tall.", {"Name"}),
        ("We like Olive.", {"Name"}),
        ("We like olive.", {"Colour"}),
        ("Olive is liked.", {"Name", "Colour"}),
        ("The one that reached 60% is tall.", {"Score"}),
        ("It is carved by hand.", set()),
        ("The one in Carver's house is tall.", {"Name"}),
        ("It is earlier than that.", set()),
    ],
)
def test_what_stands_around_a_name_tells_its_category(text: str, labels: set[str]) -> None:
    assert {label for label, _ in names(text, FAMILY)} == labels


def test_verbs_that_look_like_names_are_none() -> None:
    cars = declared("Using the clues, match each car with its owner.\nName: Drew, Ada, Bo\nArtist: Carver, Dow, Eddy\n")
    assert names("The one who drew the plan is Ada.", cars) == {("Name", "Ada")}
    assert names("The car that Drew owns is fast.", cars) == {("Name", "Drew")}
    assert names("The car is fast.", cars) == set()


DAYS = declared("Using the clues, match each day with its person.\nDay: Saturday, Sunday, Monday\nName: Ada, Bo, Cy\n")


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("The one born in may.", HOUSES, {"may"}),
        ("Ada sat in the sun.", DAYS, {"Ada"}),
        ("Ada came on Sat and Bo on Sun.", DAYS, {"Ada", "Bo", "Saturday", "Sunday"}),
        ("Ada came on mon.", DAYS, {"Ada", "Monday"}),
    ],
)
def test_common_words_that_also_name_a_time(text: str, source: Declarations, expected: set[str]) -> None:
    sure = [t for m in Tagger(source).mentions(text) if not m.weak for t in m.things]
    assert {source.categories[t.category].values[t.value].text for t in sure} == expected


def test_the_last_spring_is_no_place() -> None:
    assert names("The cat was sold last spring.") == {("The people keep unique animals", "cat"), ("Type of pet", "cat")}
    assert ("house", "4") in names("The cat is in the last house.")


def test_a_price_ends_before_the_comma() -> None:
    shop = declared("Price: $199, $1,249, $499\nName: Ada, Bo, Cy\n")
    (price, _) = Tagger(shop).mentions("The one for $1,249, who is Ada")
    assert price.span.end - price.span.start == len("$1,249")


RACE = declared("Place: first, second, third\nRunner: Ada, Bo, Cy\nMinutes: 41 minutes, 44 minutes, 50 minutes\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada came in last.", {("Runner", "Ada"), ("Place", "third")}),
        ("Ada was the slowest.", {("Runner", "Ada"), ("Minutes", "50 minutes")}),
        ("Ada was the second slowest.", {("Runner", "Ada"), ("Place", "second")}),
        ("Ada was quickest.", {("Runner", "Ada"), ("Minutes", "41 minutes")}),
        ("Ada was the most expensive.", {("Runner", "Ada")}),
    ],
)
def test_superlatives_name_a_value(text: str, expected: set[tuple[str, str]]) -> None:
    assert names(text, RACE) == expected
