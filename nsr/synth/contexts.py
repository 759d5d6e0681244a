"""What one generated problem is about: its categories with their values, and the words for them."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from nsr.formalizers.declarations import Category, Declarations, Scale, Value, arrange, spell_name
from nsr.formalizers.quantities import format_number
from nsr.synth.english import LIKE_CATEGORIES, PERSON_NOUNS, TEST_NOUNS, THING_NOUNS
from nsr.synth.names import draw_code, draw_names
from nsr.synth.scales import DIMENSIONS, FAMILY_OF, POSITIONS, Dimension, DrawnValue
from nsr.synth.vocabulary import Nominal, NominalValue, nominals, pick

__all__ = ["Context", "Style", "Words", "draw_context"]


SHARING = {"pet": "animal", "animal": "animal", "color": "color", "eyes": "color", "haircolor": "color"}
"""Categories that may have the same values in one problem, by what these are."""
LIKE_WORDED = frozenset(("animal",))
"""Those of them whose clues have the same words for each category (`the owner of the rat`): no reader can tell which
is meant where the values are the same, too."""


@dataclass(frozen=True, slots=True)
class Style:
    """Which words are open: the split of values, and whether reserved wordings are used.

    `made_up` is the share of phrases with made-up words, for training: words no training knows are then read as
    description. `alike` is the share of problems with two categories over like values, where people confuse them;
    `slips` scales how often there are slips of the pen. `tells`: whatever is said of a value says of which category, as
    a puzzle that people solve has to; training goes without, so that the language model learns from each sentence.
    """

    test: bool = False
    reserved: bool = False
    made_up: float = 0.0
    alike: float = 0.32
    slips: float = 1.0
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one category: phrases around a value, and each value's spellings."""

    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    forms: tuple[tuple[str, ...], ...]
    dimension: Dimension | None = None
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """One problem: its declarations and the words for them. `person` says what a row is."""

    declarations: Declarations
    words: tuple[Words, ...]
    entity: str
    person: bool
    unit_noun: str
    size: int
    style: Style


def draw_context(rng: random.Random, style: Style, size: int | None = None, count: int | None = None) -> Context:
    """Categories of one random problem with `size` rows and about `count` categories beside the base."""
    size = size or rng.choice((2, 3, 3, 4, 4, 5, 5, 6, 6))
    count = count or rng.choice((1, 2, 3, 3, 4, 4, 5, 6))
    person = rng.random() < 0.62
    kind = "p" if person else "t"
    entity = rng.choice(TEST_NOUNS[0 if person else 1] if style.reserved else PERSON_NOUNS if person else THING_NOUNS)
    drawn: list[tuple[Category, Words]] = []
    base_kind = rng.random()
    unit_noun = ""
    if base_kind < (0.62 if person else 0.25):
        position = rng.choices(
            [p for p in POSITIONS if kind in p.kinds],
            weights=[6 if p.key == "row" else 2 if p.key == "queue" else 1.2 for p in POSITIONS if kind in p.kinds],
        )[0]
        unit_noun = rng.choice(pick(position.units, reserved=style.reserved))
        drawn.append(_dimension_category(rng, position, size, style, unit_noun))
        if rng.random() < 0.7:
            entity = "person" if person else entity
    extra = rng.random()
    dimensions = [d for d in DIMENSIONS if kind in d.kinds]
    wanted = (
        (1 if base_kind < 0.62 and extra < 0.25 else 0) if drawn else (0 if extra < 0.06 else 1 if extra < 0.75 else 2)
    )
    queue = any(w.dimension is not None and w.dimension.key == "queue" for _, w in drawn)
    families = {"time", "count"} if queue else set()
    for dimension in rng.sample(dimensions, wanted):
        # Words such as "before" or "longer" fit a whole family: one of it is enough in a problem.
        if FAMILY_OF.get(dimension.key, dimension.key) in families:
            continue
        families.add(FAMILY_OF.get(dimension.key, dimension.key))
        drawn.append(_dimension_category(rng, dimension, size, style, ""))
    drawn += _nominal_categories(rng, kind, size, style, max(1, count - len(drawn) + 1))
    head = drawn[:1] if unit_noun else []
    rest = drawn[len(head) :]
    rng.shuffle(rest)
    drawn = head + rest if rng.random() < 0.8 else rest + head
    declarations = arrange([category for category, _ in drawn], unit_noun or entity)
    return Context(declarations, tuple(words for _, words in drawn), entity, person, unit_noun or "place", size, style)


def _nominal_categories(
    rng: random.Random, kind: str, size: int, style: Style, count: int
) -> list[tuple[Category, Words]]:
    pool = [n for n in nominals() if kind in n.kinds and (n.maker or len(n.test if style.test else n.train) >= size)]
    chosen = rng.sample(pool, min(count, len(pool)))
    found: list[tuple[Category, Words]] = []
    if kind == "p" and rng.random() < 0.88:
        names = draw_names(rng, size, test=style.test)
        found.append(_named(rng, names, style))
        chosen = chosen[: max(0, count - 1)]
    elif kind == "t" and rng.random() < 0.5:
        chosen = [n for n in nominals() if n.key in ("towner", "tsurname", "city")][: rng.choice((1, 1, 2))] + [
            c for c in chosen if c.key not in ("towner", "tsurname", "city")
        ]
        chosen = chosen[:count]
    if kind == "p" and rng.random() < style.alike:
        extra = rng.choice(LIKE_CATEGORIES)
        by_key = {n.key: n for n in nominals()}
        chosen = [by_key[k] for k in extra if by_key[k] in pool] + [c for c in chosen if c.key not in extra]
        chosen = chosen[: max(2, count)]
    shared: dict[str, list[NominalValue]] = {}
    for nominal in chosen:
        kin = SHARING.get(nominal.key, "")
        taken = shared.get(kin, []) if style.tells and kin in LIKE_WORDED else []
        values = _draw_values(rng, nominal, size, style, {v.text for v in taken})
        if len(values) < size:
            continue
        if found and nominal.maker == "name" and found[0][1].is_name and rng.random() < 5.4 * style.alike**2:
            names = [v.text for v in found[0][0].values]
            values = [
                NominalValue(n, (n,))
                for n in [*rng.sample(names, rng.randrange(1, size + 1)), *(v.text for v in values)]
            ]
            values = list({v.text.lower(): v for v in values}.values())[:size]
        elif kin in shared and not taken and rng.random() < 2.6 * style.alike:
            known = rng.sample(shared[kin], rng.randrange(1, len(shared[kin]) + 1))
            values = list({v.text: v for v in [*known, *values]}.values())[:size]
        if kin:
            shared[kin] = values
        found.append(_nominal_category(rng, nominal, values, style))
    return found


def _draw_values(
    rng: random.Random, nominal: Nominal, size: int, style: Style, taken: Collection[str]
) -> list[NominalValue]:
    """Values of a category without those `taken`; fewer than `size` where there are no more."""
    if nominal.maker == "name":
        return [NominalValue(n, (n,)) for n in draw_names(rng, size, test=style.test)]
    if nominal.maker == "code":
        return [NominalValue(n, (n,)) for n in draw_code(rng, size, test=style.test)]
    values = [v for v in (nominal.test if style.test else nominal.train) if v.text not in taken]
    return rng.sample(values, min(size, len(values)))


def _named(rng: random.Random, names: Sequence[str], style: Style) -> tuple[Category, Words]:
    label = rng.choice(
        ("name", "name", "first name", "friend", "player", "person", "people", "student", "guest", "names")
    )
    values = tuple(Value(spell_name(n), n if rng.random() < 0.9 else n.lower()) for n in names)
    nouns = ("{v}",) * 9 + (("the one called {v}",) if style.reserved else ("the person named {v}",))
    return Category(label, "", "", values), Words(
        ("is {v}", "is called {v}", "is named {v}"), nouns, tuple((n,) for n in names), is_name=True
    )


def _nominal_category(
    rng: random.Random, nominal: Nominal, values: Sequence[NominalValue], style: Style
) -> tuple[Category, Words]:
    shift = rng.random()
    texts = []
    forms = []
    for value in values:
        text = value.text
        if len(value.forms) > 1 and rng.random() < 0.15:
            text = value.forms[0]
        if shift < 0.3:
            text = text.lower()
        elif shift < 0.45:
            text = text.title() if "'" not in text else text.capitalize()
        elif shift < 0.5:
            text = text.replace(" ", "_") if "." not in text else text
        texts.append(text)
        forms.append(value.forms)
    category = Category(
        rng.choice(pick(nominal.labels, reserved=False)), "", "", tuple(Value(spell_name(t), t) for t in texts)
    )
    verbs, nouns = pick(nominal.verbs, reserved=style.reserved), pick(nominal.nouns, reserved=style.reserved)
    return category, Words(verbs, nouns, tuple(forms))


_COUNTED = re.compile(
    r"\b(books|wins|stamps|guests|eggs|tickets|medals|pages|employees|cookies|votes|members|calories|goals|laps|"
    r"followers|rooms|passengers|songs|acres|pieces|of them)\b"
)
"""What the dimensions of counts count."""


def _counted(phrases: tuple[str, ...], label: str, dimension: Dimension) -> tuple[str, ...]:
    """The phrases of a dimension that counts things, all of them about the things that its label names."""
    noun = label.removeprefix("number of ").removesuffix(" caught")
    return tuple(_COUNTED.sub(noun, p) for p in phrases) if dimension.key in ("count", "members") else phrases


def _with_counted(dimension: Dimension, label: str) -> Dimension:
    names = ("less", "more", "next_less", "next_more", "by_less", "by_more", "times")
    counted = {n: _counted(getattr(dimension, n), label, dimension) for n in names}
    return replace(dimension, **counted)  # type: ignore[arg-type]  # names of its fields


def _dimension_category(
    rng: random.Random, dimension: Dimension, size: int, style: Style, unit_noun: str
) -> tuple[Category, Words]:
    drawn: list[DrawnValue] = dimension.draw(rng, size, style.test)
    values = tuple(
        Value(format_number(d.number) if d.number is not None else spell_name(d.text), d.text, d.number) for d in drawn
    )
    scale = Scale.ORDERED if dimension.ordered_only else Scale.NUMERIC
    unit = dimension.unit
    if unit and all(v.text.isdigit() for v in values) and rng.random() < 0.5 and unit != "$":
        unit = ""
    label = unit_noun or rng.choice(pick(dimension.labels, reserved=False))
    drawn_words = (dimension.verbs, dimension.nouns)
    verbs, nouns = (_counted(pick(phrases, reserved=style.reserved), label, dimension) for phrases in drawn_words)
    words = Words(verbs, nouns, tuple(d.forms for d in drawn), _with_counted(dimension, label))
    return Category(label, "", "", values, scale, unit), words
