"""The libraries against models of their own: random families whose kin is known, random walks on a grid."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nsr.engine.checking import check_source
from nsr.grammars.libraries import read_library
from nsr.language import ast
from nsr.language.check.includes import LIBRARIES
from nsr.language.enumerate import Asked, answer
from nsr.language.ir import Ask, Program
from nsr.language.named_things import with_named_things_only
from nsr.language.sorts import Element

Pair = tuple[int, int]


def asked(source: str) -> set[tuple[str, ...]]:
    """The bindings of the program's `ask`, as names."""
    program, diagnostics = check_source(source)
    assert program is not None, [d.message for d in diagnostics]
    return bindings(program)


def bindings(program: Program) -> set[tuple[str, ...]]:
    (question,) = program.questions
    found, goal = answer(program, question), question.goal
    assert isinstance(found, Asked)
    assert isinstance(goal, Ask)
    assert not found.unknown
    rows: set[tuple[str, ...]] = set()
    for row in found.true:
        assert all(isinstance(value, Element) for value in row)
        rows.add(tuple(value.name for value in row if isinstance(value, Element)))
    return rows


def table(name: str) -> dict[str | tuple[str, ...], str]:
    """A table of the library of kinship: what comes last in its rows, by what stands before."""
    for statement in read_library("family").statements:
        if isinstance(statement, ast.RelDecl) and statement.signatures[0].name.text == name:
            assert statement.data is not None
            assert isinstance(statement.data.value, ast.SetTerm)
            rows = [row.args for row in statement.data.value.args if isinstance(row, ast.TupleTerm)]
            words = [[word.text for word in row if isinstance(word, ast.Name)] for row in rows]
            found = {row[0] if len(row) == 2 else tuple(row[:-1]): row[-1] for row in words}
            assert len(found) == len(rows)
            return found
    raise AssertionError(name)


# Families


@dataclass
class Family:
    """People with their parents and spouses; nobody marries a relative."""

    parents: dict[int, Pair] = field(default_factory=dict)
    spouse: dict[int, int] = field(default_factory=dict)
    size: int = 0

    def born(self, parents: Pair | None = None) -> int:
        if parents is not None:
            self.parents[self.size] = parents
        self.size += 1
        return self.size - 1

    def wed(self, one: int, other: int) -> None:
        self.spouse |= {one: other, other: one}

    def kin(self) -> dict[Pair, str]:
        """What the second is called by the first, in the broad words; at most one word for a pair."""
        people = range(self.size)
        parent = {x: set(self.parents.get(x, ())) for x in people}
        child = {x: {y for y in people if x in parent[y]} for x in people}
        spouse = {x: {self.spouse[x]} & set(people) if x in self.spouse else set() for x in people}

        def all_of(relation: Mapping[int, set[int]], of: Iterable[int]) -> set[int]:
            return {y for x in of for y in relation[x]}

        sibling = {x: all_of(child, parent[x]) - {x} for x in people}
        found: dict[Pair, str] = {}
        for x in people:
            grandparents, grandchildren = all_of(parent, parent[x]), all_of(child, child[x])
            aunts = all_of(sibling, parent[x])
            aunts |= all_of(spouse, aunts)
            for word, them in {
                "parent": parent[x],
                "child": child[x],
                "sibling": sibling[x],
                "spouse": spouse[x],
                "grandparent": grandparents,
                "grandchild": grandchildren,
                "great_grandparent": all_of(parent, grandparents),
                "great_grandchild": all_of(child, grandchildren),
                "aunt_or_uncle": aunts,
                "cousin": all_of(child, aunts),
                "niece_or_nephew": all_of(child, sibling[x] | all_of(sibling, spouse[x])),
                "parent_in_law": all_of(parent, spouse[x]),
                "child_in_law": all_of(spouse, child[x]),
                "sibling_in_law": all_of(sibling, spouse[x]) | all_of(spouse, sibling[x]),
            }.items():
                for y in them:
                    assert (y, x) not in found, "two words for one pair"
                    found[y, x] = word
        return found


def random_family(rng: random.Random, steps: int) -> Family:
    family = Family()
    family.wed(family.born(), family.born())
    for _ in range(steps):
        single = [x for x in range(family.size) if x not in family.spouse]
        what = rng.choice(("birth", "birth", "wedding", "in-laws")) if single else "birth"
        if what == "birth":
            parent = rng.choice(sorted(family.spouse))
            for _ in range(rng.randint(1, 2)):
                family.born((parent, family.spouse[parent]))
        elif what == "wedding":
            family.wed(rng.choice(single), family.born())
        else:
            couple = family.born(), family.born()
            family.wed(*couple)
            family.wed(rng.choice(single), family.born(couple))
            if rng.random() < 0.5:
                family.born(couple)
    return family


@pytest.fixture(scope="module")
def compositions() -> dict[tuple[str, str], set[str | None]]:
    """What the kin of kin were called in many families, None where there is no word."""
    rng, seen = random.Random(1), defaultdict(set)
    for _ in range(120):
        words = random_family(rng, rng.randint(3, 24)).kin()
        others: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for (y, x), word in words.items():
            others[y].append((x, word))
        for (z, y), second in words.items():
            for x, first in others[y]:
                if x != z:
                    seen[first, second].add(words.get((z, x)))
    return seen


def test_compositions_are_sound_and_complete(compositions: dict[tuple[str, str], set[str | None]]) -> None:
    always = {pair: word for pair, words in compositions.items() if len(words) == 1 for word in words if word}
    assert always == table("kin of kin")


def test_customs_are_one_of_several_readings(compositions: dict[tuple[str, str], set[str | None]]) -> None:
    for pair, custom in table("kin of kin by custom").items():
        assert isinstance(pair, tuple)
        first, second = pair
        assert custom in compositions[first, second]
        assert len(compositions[first, second]) > 1


def family_program(family: Family, rng: random.Random, goal: str) -> tuple[str, list[bool]]:
    """Parents, spouses and genders as facts."""
    women = [rng.random() < 0.5 for _ in range(family.size)]
    lines = ["include family", f"type Person = {{{', '.join(f'p{x}' for x in range(family.size))}}}"]
    lines += [f"fact {'female' if is_woman else 'male'}(p{x})" for x, is_woman in enumerate(women)]
    for x, parents in family.parents.items():
        for y in parents:
            word = rng.choice(("parent", "mother" if women[y] else "father"))
            lines.append(f"fact kin({word}, p{y}, p{x})")
    lines += [f"fact kin(spouse, p{x}, p{y})" for x, y in family.spouse.items() if x < y]
    return "\n".join((*lines, goal)), women


@pytest.mark.parametrize("seed", range(4))
def test_kin_of_a_family_whose_parents_and_spouses_are_stated(seed: int) -> None:
    rng = random.Random(seed)
    family = random_family(rng, 6)
    source, women = family_program(family, rng, "ask kin(R, X, Y)")
    tables = {True: "kin of women", False: "kin of men"}
    narrow = {gender: {broad: word for word, broad in table(name).items()} for gender, name in tables.items()}
    expected = set()
    for (x, y), word in family.kin().items():
        expected.add((word, f"p{x}", f"p{y}"))
        expected.add((str(narrow[women[x]].get(word, word)), f"p{x}", f"p{y}"))
    assert asked(source) == expected


PEOPLE = "include family\ntype Person = {ann, bea, carl, dan, eve, finn}\n"


def test_two_spellings_of_one_story_agree() -> None:
    forwards = "fact kin(mother, ann, bea), kin(brother, carl, ann), kin(daughter, eve, carl)"
    backwards = "fact kin(daughter, bea, ann), female(ann), kin(sister, ann, carl), male(carl), kin(father, carl, eve)"
    goal = "\nask kin(R, X, Y)"
    one, other = (asked(f"{PEOPLE}{facts}{goal}") for facts in (forwards, backwards))
    assert {b for b in one if b[1] in ("ann", "carl")} == {b for b in other if b[1] in ("ann", "carl")}
    assert {("uncle", "carl", "bea"), ("cousin", "eve", "bea"), ("child", "eve", "carl")} <= one & other
    assert ("daughter", "eve", "carl") in one - other


def test_a_custom_yields_to_what_is_known() -> None:
    facts = "fact kin(son, dan, ann), kin(grandfather, carl, dan), kin(father, carl, eve)\n"
    assert ("father", "carl", "ann") in asked(f"{PEOPLE}{facts}ask kin(R, X, Y)")
    known = "fact kin(spouse, eve, ann)\n"
    found = asked(f"{PEOPLE}{facts}{known}ask kin(R, X, Y)")
    assert ("father_in_law", "carl", "ann") in found
    assert ("father", "carl", "ann") not in found


def test_without_customs_what_is_open_stays_open() -> None:
    facts = "fact kin(son, dan, ann), kin(uncle, carl, dan)\n"
    goal = "ask kin(R, carl, ann)"
    assert asked(f"{PEOPLE}{facts}{goal}") == {("brother",), ("sibling",)}
    assert asked(f"{PEOPLE}{facts}drop kinship_customs\n{goal}") == set()


def test_rules_of_a_program_state_and_ask() -> None:
    source = f"""{PEOPLE}rel twins(Person, Person) = {{(ann, carl)}}
        rel heir(Person, Person)
        rule kin(sibling, X, Y) if twins(X, Y)
        rule heir(X, Y) if kin(parent, Y, X)
        fact kin(mother, bea, ann)
        ask heir(X, bea)"""
    assert asked(source) == {("ann",), ("carl",)}


# Directions


STEPS = {
    "left": (-1, 0),
    "right": (1, 0),
    "above": (0, 1),
    "below": (0, -1),
    "overlap": (0, 0),
    "upper_left": (-1, 1),
    "upper_right": (1, 1),
    "lower_left": (-1, -1),
    "lower_right": (1, -1),
}
NAMED = {step: word for word, step in STEPS.items()}


def sign(number: int) -> int:
    return (number > 0) - (number < 0)


@pytest.mark.parametrize("seed", range(6))
def test_directions_follow_from_steps(seed: int) -> None:
    """Two components of places, joined by random steps: everything within a component, nothing between."""
    rng = random.Random(seed)
    at: dict[str, tuple[int, int]] = {}
    facts: list[str] = []
    components = (["a1", "a2", "a3", "a4", "a5", "a6"], ["b1", "b2", "b3"])
    for component in components:
        at[component[0]] = (0, 0)
        for number, place in enumerate(component[1:], 1):
            other, word = rng.choice(component[:number]), rng.choice(sorted(STEPS))
            at[place] = (at[other][0] + STEPS[word][0], at[other][1] + STEPS[word][1])
            back = NAMED[-STEPS[word][0], -STEPS[word][1]]
            facts.append(rng.choice((f"lies({word}, {place}, {other})", f"lies({back}, {other}, {place})")))
    places = ", ".join(place for component in components for place in component)
    source = f"include directions\ntype Place = {{{places}}}\nfact {', '.join(facts)}\nask lies(D, X, Y)"
    expected = {
        (NAMED[sign(at[a][0] - at[b][0]), sign(at[a][1] - at[b][1])], a, b)
        for component in components
        for a in component
        for b in component
        if a != b
    }
    assert asked(source) == expected


def test_a_step_is_stated_and_any_distance_follows() -> None:
    """What follows does not count as a step: two to the left and one back up is still to the left."""
    facts = "fact lies(left, a, b), lies(left, b, c), lies(upper_right, c, d)"
    source = f"include directions\ntype Place = {{a, b, c, d}}\n{facts}\n"
    assert asked(f"{source}ask lies(D, a, c)") == {("left",)}
    assert asked(f"{source}ask lies(D, a, d)") == {("upper_left",)}


@pytest.mark.parametrize("library", LIBRARIES)
def test_open_types_are_their_constants(library: str) -> None:
    declared, atom = {
        "family": ("type Person\nconst x, y: Person", "kin(sister, x, y)"),
        "directions": ("type Place\nconst x, y: Place", "lies(left, x, y)"),
    }[library]
    program, diagnostics = check_source(f"include {library}\n{declared}\nfact {atom}\nask {atom}")
    assert program is not None
    assert not diagnostics


# The page


PAGE = (Path(__file__).parents[3] / "docs" / "libraries.md").read_text(encoding="utf-8")


def rows_of(heading: str) -> list[list[str]]:
    """The cells of a table of the page."""
    section = PAGE.split(f"### {heading}\n")[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def spelled(cell: str) -> list[str]:
    return [re.sub("[ -]", "_", word.strip()) for word in cell.split(",")]


def test_the_page_has_the_whole_table_of_compositions() -> None:
    shown: dict[str | tuple[str, ...], str] = {}
    for first, second, third in rows_of("What follows"):
        seconds = spelled(second)
        thirds = seconds if third == "the same" else spelled(third)
        shown |= {(*spelled(first), word): result for word, result in zip(seconds, thirds, strict=True)}
    assert shown == table("kin of kin")


def test_the_page_has_all_customs() -> None:
    shown = {(*spelled(first), *spelled(second)): spelled(custom)[0] for first, second, custom, _ in rows_of("Customs")}
    assert shown == table("kin of kin by custom")


def test_programs_of_the_page_give_what_it_says() -> None:
    programs = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    found = []
    for source in programs:
        program, diagnostics = check_source(source)
        assert program is not None
        assert not diagnostics
        found.append(bindings(with_named_things_only(program)))
    assert found == [{("aunt",), ("aunt_or_uncle",)}, set(), {("upper_left",)}]
