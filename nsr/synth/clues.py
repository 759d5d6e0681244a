"""Clues of generated logic grids: a problem's categories with their words, and sentences with their formulas.

A clue's formula is written over slots (`<A>` the position of thing A, `[A]` its value in the dimension compared);
`gold` turns it into the reply expected of the sentence language model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from nsr.formalizers.declarations import Category, Declarations, Scale, Value, arrange, label_words, spell_name
from nsr.formalizers.mentions import TaggedSentence, Thing
from nsr.formalizers.quantities import CARDINALS, ORDINALS, format_number, scale_position
from nsr.synth.english import (
    GENERIC,
    LIKE_CATEGORIES,
    PERSON_NOUNS,
    TEST_NOUNS,
    THING_NOUNS,
    UNKNOWN_NOUNS,
    UNKNOWN_VERBS,
    deny,
    future,
    misspell,
    ordinal_of,
    plural_of,
    unknown_word,
)
from nsr.synth.names import draw_code, draw_names
from nsr.synth.scales import DIMENSIONS, FAMILY_OF, POSITIONS, Dimension, DrawnValue, spell_unit
from nsr.synth.vocabulary import Nominal, NominalValue, nominals, pick
from nsr.synth.wordings import RELATIONS, SKIPPED, Relation

__all__ = ["Clue", "Context", "Draft", "Style", "draft", "draw_context", "gold", "render"]

OPENINGS = (
    "Also, ", "In addition, ", "Remember that ", "Note that ", "We are told that ", "We know that ", "It is known that ",
    "It turns out that ", "As it happens, ", "In fact, ", "Surprisingly, ", "Of course, ", "Oddly enough, ", "Clearly, ",
    "According to the records, ", "Everybody knows that ", "Furthermore, ", "Contrary to rumor, ", "It is certain that ",
    "By coincidence, ", "However, ",
)  # fmt: skip
"""What a sentence may begin with, saying nothing."""
_WORDS = {number: word for word, number in CARDINALS.items()}
_ORDINAL_WORDS = {number: word for word, number in ORDINALS.items()}


@dataclass(frozen=True, slots=True)
class Style:
    """Which words are open: the split of values, and whether reserved wordings are used.

    `made_up` is the share of phrases with made-up words, for training: words no training knows are then read as
    description.
    """

    test: bool = False
    reserved: bool = False
    made_up: float = 0.0


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


@dataclass(frozen=True, slots=True)
class Draft:
    """A clue before its wording: relation, things by slot, dimension and amount."""

    relation: Relation
    slots: dict[str, Thing]
    dimension: int | None = None
    number: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Clue:
    """A sentence, what it says, and the wording it was made from (empty relation for sentences that say nothing)."""

    text: str
    draft: Draft | None
    wording: str


# -- contexts ----------------------------------------------------------------------------------------
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
    if kind == "p" and rng.random() < 0.32:  # two categories over like values
        extra = rng.choice(LIKE_CATEGORIES)
        by_key = {n.key: n for n in nominals()}
        chosen = [by_key[k] for k in extra if by_key[k] in pool] + [c for c in chosen if c.key not in extra]
        chosen = chosen[: max(2, count)]
    shared: list[NominalValue] = []
    for nominal in chosen:
        values = _draw_values(rng, nominal, size, style)
        if found and nominal.maker == "name" and found[0][1].is_name and rng.random() < 0.55:
            names = [v.text for v in found[0][0].values]
            values = [
                NominalValue(n, (n,))
                for n in [*rng.sample(names, rng.randrange(1, size + 1)), *(v.text for v in values)]
            ]
            values = list({v.text.lower(): v for v in values}.values())[:size]
        elif nominal.key in ("pet", "animal", "color", "eyes", "haircolor") and shared and rng.random() < 0.85:
            values = list(
                {v.text: v for v in [*rng.sample(shared, rng.randrange(1, len(shared) + 1)), *values]}.values()
            )[:size]
        if nominal.key in ("pet", "animal", "color", "eyes", "haircolor"):
            shared = values
        found.append(_nominal_category(rng, nominal, values, style))
    return found


def _draw_values(rng: random.Random, nominal: Nominal, size: int, style: Style) -> list[NominalValue]:
    if nominal.maker == "name":
        return [NominalValue(n, (n,)) for n in draw_names(rng, size, test=style.test)]
    if nominal.maker == "code":
        return [NominalValue(n, (n,)) for n in draw_code(rng, size, test=style.test)]
    return rng.sample(nominal.test if style.test else nominal.train, size)


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
    words = Words(
        pick(dimension.verbs, reserved=style.reserved),
        pick(dimension.nouns, reserved=style.reserved),
        tuple(d.forms for d in drawn),
        dimension,
    )
    return Category(label, "", "", values, scale, unit), words


# -- drafts ------------------------------------------------------------------------------------------
@cache
def _by_need() -> tuple[tuple[Relation, ...], tuple[float, ...]]:
    return RELATIONS, tuple(r.weight for r in RELATIONS)


def draft(rng: random.Random, context: Context, relation: Relation | None = None) -> Draft | None:
    """A random clue of the problem, or None if the relation drawn does not fit it."""
    relation = relation or rng.choices(*_by_need())[0]
    declarations = context.declarations
    base = declarations.base
    base_words = context.words[base]
    has_row = (
        declarations.base_category.is_positions
        and base_words.dimension is not None
        and not base_words.dimension.unit
        and base_words.dimension.key in ("row", "queue", "floor")
    )
    needs = relation.needs.split()
    dimension: int | None = None
    number: Fraction | None = None
    if needs and needs[0] in ("row", "gap", "gap2", "few"):
        if (
            not has_row
            or base_words.dimension is None
            or (base_words.dimension.key != "row" and needs[0] in ("row",) and rng.random() < 0.7)
        ):
            return None
        dimension = base
        if needs[0] in ("gap", "gap2", "few"):
            low, high = {"gap": (1, context.size - 2), "gap2": (2, context.size - 2), "few": (2, context.size - 1)}[
                needs[0]
            ]
            if high < low:
                return None
            number = Fraction(rng.choice([*range(low, high + 1), low]))
    elif needs:
        choices = [d for d in declarations.dimensions if context.words[d].dimension is not None]
        if not choices:
            return None
        if "base" in needs:
            choices = [d for d in choices if d == base]
            if not choices:
                return None
        dimension = base if base in choices and (len(choices) == 1 or rng.random() < 0.5) else rng.choice(choices)
        words = context.words[dimension].dimension
        assert words is not None
        numbers = [v.number for v in declarations.categories[dimension].values if v.number is not None]
        if needs[0] == "step" and not words.next_less:
            return None
        if needs[0] == "number":
            if not words.by_less:
                return None
            if numbers:
                first, second = sorted(rng.sample(numbers, 2))
                number = second - first
                if number == 1 and words.key in ("row", "floor", "queue"):
                    return None
            elif _is_consecutive(declarations.categories[dimension]):
                number = Fraction(rng.randrange(1, max(2, context.size - 1)))
            else:
                return None  # "two months before" would not be two places before
        if needs[0] == "times":
            if not words.times:
                return None
            number = rng.choice((Fraction(2), Fraction(2), Fraction(3), Fraction(1, 2), Fraction(4)))
    slots = _slots(rng, context, relation, dimension if needs else None, places="places" in needs)
    return Draft(relation, slots, dimension, number) if slots else None


def _is_consecutive(category: Category) -> bool:
    places = [p[1] for v in category.values if (p := scale_position(v.text)) is not None]
    return places == list(range(places[0], places[0] + len(category.values))) if places else False


def _slots(
    rng: random.Random, context: Context, relation: Relation, dimension: int | None, *, places: bool
) -> dict[str, Thing] | None:
    declarations = context.declarations
    count = len(declarations.categories)
    base = declarations.base
    names = sorted(relation.args)
    base_named = context.words[base].dimension is None
    used: dict[str, Thing] = {}
    previous: list[int] = []
    base_slot = ""
    last = {"AB": "B", "ABC": rng.choice("BC"), "ABCD": rng.choice("BD"), "CAB": "", "ABCDE": "E"}.get(
        "".join(relation.args), ""
    )
    if relation.args == "ABC" and relation.name in ("or_subject", "either_subject", "neither_subject"):
        last = "C"
    if relation.name == "neither_subject_twice":
        last = "C"
    if relation.base_last and rng.random() < relation.base_last:
        base_slot = last
    for name in names:
        for _ in range(12):
            if (places and name in "BC") or name == base_slot:
                category = base
            else:
                # Positions themselves are seldom compared; where the base is a plain category it is one of all.
                pool = [
                    i
                    for i in range(count)
                    if i != base
                    or base_named
                    or rng.random() < (0.3 if not declarations.base_category.is_positions else 0.06)
                ]
                category = rng.choice(pool or [base])
            thing = Thing(category, rng.randrange(len(declarations.categories[category].values)))
            if thing in used.values():
                continue
            if (
                relation.different
                and not places
                and category in previous
                and rng.random() < (0.97 if len(names) < 3 or name in "B" else 0.5)
            ):
                continue
            break
        else:
            return None
        used[name] = thing
        previous.append(thing.category)
    return used


# -- wording -----------------------------------------------------------------------------------------
def render(rng: random.Random, context: Context, drafted: Draft) -> Clue:
    """The draft in words."""
    wordings = pick(drafted.relation.wordings, reserved=context.style.reserved)
    wording = rng.choice(wordings)
    return Clue(_finish(rng, fill(rng, context, wording, drafted)), drafted, wording)


def skipped(rng: random.Random, context: Context) -> Clue:
    """A sentence that says nothing beyond the declarations."""
    wording = rng.choice(pick(SKIPPED, reserved=context.style.reserved))
    count = len(context.declarations.categories)
    category = rng.randrange(count)
    slots = {"A": Thing(category, rng.randrange(len(context.declarations.categories[category].values)))}
    empty = Draft(RELATIONS[0], slots)
    return Clue(_finish(rng, fill(rng, context, wording, empty), keep_mark=True), None, wording)


def fill(rng: random.Random, context: Context, wording: str, drafted: Draft) -> str:
    """The wording with all slots filled."""
    people = context.entity
    plural = plural_of(people) if rng.random() < 0.7 or not context.person else "people"
    single = people if rng.random() < 0.6 or not context.person else "person"
    number = drafted.number

    def slot(found: re.Match[str]) -> str:
        key, _, role = found[1].partition(":")
        if key in drafted.slots and len(key) == 1:
            return _thing(rng, context, drafted.slots[key], role, drafted)
        match key:
            case "P":
                return single
            case "Ps":
                return plural
            case "U":
                return context.unit_noun
            case "L" | "M":
                return rng.choice([c.label for c in context.declarations.categories])
            case "count":
                return rng.choice([str(context.size), _WORDS[context.size]])
            case "n":
                return _amount(rng, context, drafted)
            case "few":
                assert number is not None
                figure = _WORDS[int(number)] if rng.random() < 0.7 else str(int(number))
                return f"{figure} {rng.choice([context.unit_noun + 's', 'positions'])}"
            case "is":
                return "is" if number == 1 else "are"
            case "stand" | "lie" | "separate":
                return key + "s" if number == 1 else key
            case _:
                raise KeyError(key)

    return re.sub(r"\{([A-Za-z]+(?::\w+)?)\}", slot, wording)


def _amount(rng: random.Random, context: Context, drafted: Draft) -> str:
    assert drafted.number is not None
    assert drafted.dimension is not None
    dimension = context.words[drafted.dimension].dimension
    assert dimension is not None
    if dimension.key in ("row", "floor", "queue"):
        noun = (
            context.unit_noun
            if rng.random() < 0.75 or dimension.key == "floor"
            else rng.choice(["place", "spot", "position"])
        )
        if "between" in drafted.relation.name and rng.random() < 0.15 and context.person:
            noun = "person"
        text = spell_unit(rng, drafted.number, noun, "people" if noun == "person" else noun + "s")
        return (
            text.replace("a ", "one ")
            if text.startswith("a ")
            else "one " + text[3:]
            if text.startswith("an ")
            else text
        )
    return dimension.amount(rng, drafted.number)


def _thing(rng: random.Random, context: Context, thing: Thing, role: str, drafted: Draft) -> str:
    if role in ("o", "d"):
        value = thing.value + 1
        return (_ORDINAL_WORDS[value] if rng.random() < 0.8 else ordinal_of(value)) if role == "o" else str(value)
    if role in ("v", "n", "b", "s"):
        phrase = _verb_phrase(rng, context, thing)
        if role == "v":
            return phrase
        if role == "s":
            return ("who " if context.person and rng.random() < 0.85 else "that ") + phrase
        return deny(rng, phrase)
    if role:
        return _predicate(rng, context, role, thing, drafted)
    return noun_phrase(rng, context, thing)


def _predicate(rng: random.Random, context: Context, role: str, thing: Thing, drafted: Draft) -> str:
    assert drafted.dimension is not None
    dimension = context.words[drafted.dimension].dimension
    assert dimension is not None
    inverted = role.endswith("_i")
    bare = inverted or role.endswith("c")
    name = role.removesuffix("_i") if inverted else role[:-1] if bare else role
    phrases = pick(getattr(dimension, name), reserved=context.style.reserved)
    if bare:
        phrases = tuple(p for p in phrases if p.startswith("is ")) or tuple(
            p for p in pick(getattr(dimension, name), reserved=False) if p.startswith("is ")
        )
        if not phrases:
            phrases = tuple(p for p in getattr(dimension, name) if not p.startswith("~"))
    generic = GENERIC.get(name, ())
    if (
        generic
        and not bare
        and not dimension.ordered_only
        and dimension.key not in ("row", "floor", "queue")
        and rng.random() < 0.16
    ):
        open_ones = [
            g for g in pick(generic, reserved=context.style.reserved) if "{w}" not in g or context.style.made_up
        ]
        if len(context.declarations.dimensions) > 1:
            # Only the label or the unit tells which dimension is meant.
            open_ones = [g for g in open_ones if "{L}" in g or ("{n}" in g and dimension.unit)] or list(phrases)
        phrase = rng.choice(open_ones)
        noun = label_words(context.declarations.categories[drafted.dimension].label) or dimension.key
        phrase = phrase.replace("{L}", noun).replace("{w}", unknown_word(rng))
    else:
        phrase = rng.choice(phrases)
    if name in ("less", "more") and rng.random() < 0.12:
        adverb = rng.choice(
            ["somewhat", "a bit", "slightly", "much", "a little", "considerably", "quite a bit", "sometime"]
        )
        phrase = re.sub(
            r"\b(more|less|fewer|lower|higher|\w{2,}[^f\W]er|before|after)\b", rf"{adverb} \1", phrase, count=1
        )
    if not context.person:
        phrase = re.sub(r"^(sits|lives|resides) ", "is ", phrase)
    if bare:
        phrase = phrase.removeprefix("is ")
    elif phrase.startswith("is ") and rng.random() < 0.15:
        phrase = "was " + phrase[3:]
    elif rng.random() < 0.06 and phrase.startswith("is "):
        phrase = rng.choice(["must be ", "has to be ", "will be "]) + phrase[3:]
    elif rng.random() < 0.05:
        phrase = future(phrase)
    factor = ""
    if "{k}" in phrase:
        assert drafted.number is not None
        k = drafted.number
        factor = "half" if k == Fraction(1, 2) else "twice" if k == 2 else f"{_WORDS[int(k)]} times"
        if factor.endswith("times") and "{k} the" in phrase and rng.random() < 0.3:
            factor = "three times" if k == 3 else factor
    text = (
        phrase.replace("{B}", noun_phrase(rng, context, thing)).replace("{U}", context.unit_noun).replace("{k}", factor)
    )
    return text.replace("{n}", _amount(rng, context, drafted)) if "{n}" in text else text


def noun_phrase(rng: random.Random, context: Context, thing: Thing) -> str:
    """Words for the row that has a value."""
    words = context.words[thing.category]
    noun = context.entity
    if (
        words.is_name
        and context.unit_noun not in ("place", "rank", "turn")
        and context.declarations.base_category.is_positions
        and rng.random() < 0.03
    ):
        return _value(rng, context, thing, f"{{v}}'s {context.unit_noun}")
    if (
        words.is_name
        or (words.dimension is None and rng.random() < 0.5)
        or (words.dimension is not None and rng.random() < 0.7)
    ):
        template = rng.choice(words.nouns)
        if rng.random() < context.style.made_up and "{v}" in template and not words.is_name:
            template = rng.choice(UNKNOWN_NOUNS).replace("{w}", unknown_word(rng))
        text = _value(rng, context, thing, template)
        if not context.person or rng.random() < 0.3:
            text = text.replace("the person", f"the {noun}" if not context.person or rng.random() < 0.6 else "the one")
        return text.replace("{e}", noun)
    phrase = _verb_phrase(rng, context, thing)
    heads: tuple[str, ...]
    if context.style.reserved:
        heads = ("the chap who", "that individual who") if context.person else (f"that {noun} which",)
    elif context.person:
        heads = (
            "the person who",
            "the person who",
            "the person who",
            "the person who",
            f"the {noun} who",
            "the one who",
            "whoever",
            "someone who",
            "the person that",
            "the one that",
            "he who",
            "the man who",
            "the woman who",
            "the individual who",
            "the fellow who",
            "somebody who",
            "anyone who",
            f"that {noun} who",
        )
    else:
        heads = (f"the {noun} that", f"the {noun} that", f"the {noun} which", "the one that", "the one which")
    return f"{rng.choice(heads)} {phrase}"


def _verb_phrase(rng: random.Random, context: Context, thing: Thing) -> str:
    words = context.words[thing.category]
    template = rng.choice(words.verbs)
    if rng.random() < context.style.made_up and "{v}" in template and not words.is_name:
        template = rng.choice(UNKNOWN_VERBS).replace("{w}", unknown_word(rng))
    phrase = _value(rng, context, thing, template)
    if not context.person and words.dimension is not None:
        phrase = re.sub(r"^(lives|works|sits) ", "is ", phrase)
    if rng.random() < (0.04 if context.person else 0.08):
        return future(phrase)
    return ("was" + phrase[2:]) if phrase.startswith("is ") and rng.random() < 0.08 else phrase


def _value(rng: random.Random, context: Context, thing: Thing, template: str) -> str:
    words = context.words[thing.category]
    form = rng.choice(words.forms[thing.value])
    noise = rng.random()
    if noise < 0.06:
        form = form.lower()
    elif noise < 0.12 and not form[0].isdigit():
        form = form.title() if "'" not in form else form
    elif noise < 0.15 and " " in form and words.dimension is None:
        form = form.replace(" ", "-", 1)
    if words.dimension is not None and words.dimension.unit and "{v}" in template:
        template = _fit_unit(template, form)
    text = template.replace(
        "{v}s", form + "s" if not form.endswith(("s", "x", "ch", "sh", "sheep", "mice", "geese")) else form
    ).replace("{v}", form)
    text = text.replace("{e}", context.entity).replace("{U}", context.unit_noun)
    if "{o}" in text:
        place = thing.value + 1
        ordinal = _ORDINAL_WORDS[place] if rng.random() < 0.8 else ordinal_of(place)
        if place == context.size and rng.random() < 0.15:
            ordinal = "last"
        text = text.replace("{o}", ordinal)
    if words.dimension is not None and words.dimension.key in ("row", "floor") and rng.random() < 0.1:
        text = re.sub(
            rf"\b{context.unit_noun} (number )?(\d)\b", lambda m: f"{context.unit_noun} {_WORDS[int(m[2])]}", text
        )
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)
    return (
        re.sub(r"\b([Aa]) (?=(?:[a-z]+(?:s|mice|geese|sheep))\b(?! |-))", "", text)
        if rng.random() < 0.3 and form.endswith("s")
        else text
    )


def _fit_unit(template: str, form: str) -> str:
    """Hyphenated ages and the like keep the figure only; adjectival units lose their plural."""
    if "{v}-year-old" in template or "{v} year old" in template:
        return template.replace("{v}", form.split()[0])
    if template.startswith("is {v} years old"):
        return template.replace("{v}", form.split()[0])
    if "{v} tall" in template or "{v} long" in template:
        return template.replace("{v} tall", "{v}") if form.endswith("tall") else template
    return template


def _finish(rng: random.Random, text: str, *, keep_mark: bool = False) -> str:
    text = " ".join(text.split()).replace(" 's", "'s")
    if rng.random() < 0.93:
        text = text[0].upper() + text[1:]
    if text[-1] not in "?.!" and rng.random() < 0.95:
        text += "."
    if rng.random() < 0.04:
        text = text.replace("The person", "the person").replace("the person", "The person", 1)
    if rng.random() < 0.05 and not keep_mark:
        text = (
            rng.choice(OPENINGS)
            + text[0].lower()
            + text[1:]
        )
    if rng.random() < 0.05:
        text = misspell(rng, text)
    return text


# -- gold --------------------------------------------------------------------------------------------
def _number_tag(tagged: TaggedSentence, drafted: Draft) -> str | None:
    """The tag of the draft's amount: a plain number rather than one that is also a value, least of all one in use."""
    places = {m.span: m for m in tagged.mentions}
    used = set(drafted.slots.values())
    found = [tag for tag, number in tagged.numbers.items() if number.number == drafted.number]

    def doubt(tag: str) -> int:
        things = places[tagged.numbers[tag].span].things
        return 2 if used & set(things) else 1 if things else 0

    return min(found, key=doubt) if found else None


def gold(clue: Clue, tagged: TaggedSentence, context: Context) -> str | None:
    """The reply expected for the tagged sentence, or None if a thing or number it needs has no tag."""
    if clue.draft is None:
        return "skip"
    drafted = clue.draft
    tags = {name: tagged.tag_of(thing) for name, thing in drafted.slots.items()}
    if None in tags.values():
        return None
    wrap = ""
    if drafted.dimension is not None and drafted.dimension != context.declarations.base:
        wrap = next((tag for tag, index in tagged.dimensions.items() if index == drafted.dimension), "")
        if not wrap:
            return None
    text = drafted.relation.formula
    if drafted.number is not None and re.search(r"<[nk]>", text):
        number = _number_tag(tagged, drafted)
        if number is None:
            return None
        text = re.sub(r"<[nk]>", number, text)
    text = re.sub(r"\[([A-E])\]", lambda m: f"{wrap}({tags[m[1]]})" if wrap else str(tags[m[1]]), text)
    return re.sub(r"<([A-E])>", lambda m: str(tags[m[1]]), text)
