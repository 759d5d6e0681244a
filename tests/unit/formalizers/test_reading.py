"""Declarations found in texts of many layouts."""

import pytest

from nsr.formalizers.declarations import Declarations, Scale, goal, source
from nsr.formalizers.reading import read_declarations
from nsr.grammars.parser import parse

NAMES, PETS = ("Ann", "Bo", "Cy"), ("cat", "dog", "fish")
LAYOUTS = {
    "backquotes": " - Each has a unique name: `Ann`, `Bo`, `Cy`\n - People keep unique pets: `cat`, `dog`, `fish`\n",
    "colon": "Names: Ann, Bo, Cy\nPets: cat, dog, fish\n",
    "last with and": "names: Ann, Bo and Cy\npets: cat, dog and fish\n",
    "pipe and semicolon": "| names: Ann; Bo; Cy\n| pets: cat; dog; fish\n",
    "equals": "Names = Ann, Bo, Cy\nPets = cat, dog, fish\n",
    "bold": "**Names**: Ann, Bo, Cy\n**Pets**: cat, dog, fish\n",
    "bullets": "Names:\n- Ann\n- Bo\n- Cy\n\nPets:\n- cat\n- dog\n- fish\n",
    "columns": "| Name | Pet |\n|---|---|\n| Ann | cat |\n| Bo | dog |\n| Cy | fish |\n",
    "rows": "| Category | Options |\n|---|---|\n| Name | Ann, Bo, Cy |\n| Pet | cat, dog, fish |\n",
    "parentheses": "Three people (Ann, Bo, Cy) each own a different pet (cat, dog, fish).\n",
    "prose": "Three friends, Ann, Bo and Cy, each own a different pet: cat, dog or fish.\n",
    "are": "Their names are Ann, Bo and Cy. The pets are a cat, a dog and a fish.\n",
}


def read(text: str) -> Declarations:
    found = read_declarations(text)
    assert found is not None
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(layout: str) -> None:
    text = LAYOUTS[layout] + "\nClues:\n1. Ann does not own the cat, the dog, or anything like it.\n"
    found = read(text)
    assert sorted(tuple(v.text for v in c.values) for c in found.categories) == sorted([NAMES, PETS])
    for category in found.categories:
        for value in category.values:
            for start, end in value.spans:
                assert text[start:end] == value.text


@pytest.mark.parametrize(
    ("phrase", "noun"),
    [
        ("There are 3 houses, numbered 1 to 3 from left to right.", "house"),
        ("Three people sit on three seats, numbered 1-3.", "seat"),
        ("The floors are numbered 1 through 3.", "floor"),
        ("They live in three houses in a row.", "house"),
        ("Three runners finished first through third.", "place"),
        ("The three of them are lined up.", "position"),
    ],
)
def test_positions_are_the_base(phrase: str, noun: str) -> None:
    found = read(f"{phrase}\n\n{LAYOUTS['colon']}\n")
    assert found.base_category.label == noun
    assert found.base_category.is_positions
    assert f"type {noun.capitalize()} = 1..3" in source(found)


def test_numeric_and_ordered_categories_are_sorted_and_know_their_unit() -> None:
    found = read(
        "Names: Ann, Bo, Cy\nPrices: $1,275, $225, $4.50\nMonths: mar, January, Feb\nTimes: 9:00am, 8:30am, 1 p.m.\n"
    )
    by_label = {c.label: c for c in found.categories}
    assert [v.name for v in by_label["Prices"].values] == ["4.5", "225", "1275"]
    assert by_label["Prices"].unit == "$"
    assert by_label["Months"].scale is Scale.ORDERED
    assert [v.text for v in by_label["Months"].values] == ["January", "Feb", "mar"]
    assert [v.name for v in by_label["Times"].values] == ["510", "540", "780"]
    assert found.base_category.label == "Prices"


def test_counts_of_anything_are_numbers() -> None:
    found = read("Names: Ann, Bo, Cy\nCalories: 120 calories, 90 calories, 150 calories\n")
    assert [v.name for v in found.base_category.values] == ["90", "120", "150"]


def test_percentages_in_prose_are_a_list() -> None:
    found = read_declarations(
        "The humidity options are 75%, 80% and 100%. Each has a different friend: Ann, Bo and Cy."
    )
    assert found is not None
    assert [[v.text for v in c.values] for c in found.categories] == [["75%", "80%", "100%"], ["Ann", "Bo", "Cy"]]


def test_a_value_with_and_in_it() -> None:
    found = read("Names: Ann, Bo, Cy\nFood: soup, pie, fish and chips\n")
    assert [v.text for v in found.categories[1].values] == ["soup", "pie", "fish and chips"]


def test_statements_parse_and_link_further_dimensions() -> None:
    found = read(
        "There are 3 houses, numbered 1 to 3.\nNames: Ann, Bo, All\nPrices: $5, $10, $15\nCars: Ford (F-1), Kia, Max\n"
    )
    text = source(found) + goal(found)
    assert "var price_at(House): Price distinct" in text
    assert "constraint price_at_link: forall x in Price: price_at(price(x)) == x" in text
    assert "`Ford (F-1)`" in text
    assert not parse(text).diagnostics
    assert "price_at" not in source(found, linked=())


def test_no_lists_no_declarations() -> None:
    assert read_declarations("Ann is older than Bo. Who is the oldest?") is None
    assert read_declarations("") is None


def test_an_article_that_most_entries_lack_is_part_of_a_name():
    titles = read_declarations(
        "Albums: rainmaker, the glass key, sunset drive, and last train\nSinger: Ada, Bo, Cy, Di\n"
    )
    assert [v.text for v in titles.categories[0].values] == ["rainmaker", "the glass key", "sunset drive", "last train"]
    pets = read_declarations("Pets: a cat, a dog, the fish, and a rabbit\nSinger: Ada, Bo, Cy, Di\n")
    assert [v.text for v in pets.categories[0].values] == ["cat", "dog", "fish", "rabbit"]


def test_a_table_of_one_column_is_a_list():
    found = read_declarations(
        "2 cabins stand in a row, numbered from 1 to 2.\n\n| student |\n|---|\n| Blair |\n| Elias |\n"
    )
    assert [v.text for c in found.categories if c.label == "student" for v in c.values] == ["Blair", "Elias"]


@pytest.mark.parametrize("times", ["7 am, 8 am, 10 am", "5 pm, 8 pm, 6 pm", "9 am, 12 pm, 3 pm"])
def test_hours_of_one_half_of_the_day_are_times(times: str) -> None:
    declared = read_declarations(f"Time: {times}\nFilm: Dawn, Dusk, Noon\n")
    assert declared is not None
    category = next(c for c in declared.categories if c.label == "Time")
    assert category.unit == "clock"
    assert all(v.number is not None and v.number >= 300 for v in category.values)


def test_times_without_a_half_of_the_day_go_on_after_noon() -> None:
    declared = read_declarations("Hour: 11:00, 12:00, 1:00\nFilm: Dawn, Dusk, Rain\n")
    assert declared is not None
    category = next(c for c in declared.categories if c.label == "Hour")
    assert [v.text for v in category.values] == ["11:00", "12:00", "1:00"]


def test_noon_is_a_time() -> None:
    declared = read_declarations("Hour: 11:00 am, noon, 1:00 pm\nFilm: Dawn, Dusk, Rain\n")
    assert declared is not None
    assert next(c for c in declared.categories if c.label == "Hour").unit == "clock"


@pytest.mark.parametrize(
    "text",
    [
        "Places\n- first\n- second\n- third\n\nBoats\n- Gull\n- Tern\n- Marsh End\n",
        "Each has a different hour (11:00 am, 12:00 pm, 1:00 pm), a different place (first, second, third), a "
        "different boat (Gull, Tern, Marsh End).",
        "Three boats (the Gull, the Tern and Marsh End) came in. The places were first, second and third.",
        "Three boats, Gull, Tern and Marsh End, came in. The places were first, second and third, and the flags were "
        "red, blue and green.",
    ],
)
def test_layouts_of_magazines(text: str) -> None:
    declared = read_declarations(text)
    assert declared is not None
    values = [{v.text for v in c.values} for c in declared.categories]
    assert {"first", "second", "third"} in values
    assert {"Gull", "Tern", "Marsh End"} in values


def test_days_in_a_sentence_are_a_category() -> None:
    text = "He worked on Monday, Tuesday and Friday. The streets were Acre Lane, Bell Row and Elm Close."
    declared = read_declarations(text)
    assert declared is not None
    assert ["monday", "tuesday", "friday"] in [[v.name for v in c.values] for c in declared.categories]
