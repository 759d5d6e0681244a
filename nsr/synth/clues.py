"""Clues of generated logic grids: sentences with their formulas.

A clue's formula is written over slots (`<A>` the position of thing A, `[A]` its value in the dimension compared);
`gold` turns it into the reply expected of the sentence language model.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from nsr.formalizers.mentions import TaggedSentence, Thing
from nsr.formalizers.quantities import CARDINALS
from nsr.synth.contexts import Context
from nsr.synth.drafts import Draft
from nsr.synth.english import misspell, plural_of
from nsr.synth.phrases import amount_phrase, thing_phrase
from nsr.synth.vocabulary import pick
from nsr.synth.wordings import RELATIONS, SKIPPED

__all__ = ["Clue", "gold", "render", "skipped"]

OPENINGS = (
    "Also, ", "In addition, ", "Remember that ", "Note that ", "We are told that ", "We know that ",
    "It is known that ", "It turns out that ", "As it happens, ", "In fact, ", "Surprisingly, ", "Of course, ",
    "Oddly enough, ", "Clearly, ", "According to the records, ", "Everybody knows that ", "Furthermore, ",
    "Contrary to rumor, ", "It is certain that ", "By coincidence, ", "However, ",
)  # fmt: skip
"""What a sentence may begin with, saying nothing."""
_WORDS = {number: word for word, number in CARDINALS.items()}


@dataclass(frozen=True, slots=True)
class Clue:
    """A sentence, what it says, and the wording it was made from (empty relation for sentences that say nothing)."""

    text: str
    draft: Draft | None
    wording: str


def render(rng: random.Random, context: Context, drafted: Draft) -> Clue:
    """The draft in words."""
    wordings = pick(drafted.relation.wordings, reserved=context.style.reserved)
    wording = rng.choice(wordings)
    return Clue(_finish(rng, fill(rng, context, wording, drafted), context.style.slips), drafted, wording)


def skipped(rng: random.Random, context: Context) -> Clue:
    """A sentence that says nothing beyond the declarations."""
    wording = rng.choice(pick(SKIPPED, reserved=context.style.reserved))
    count = len(context.declarations.categories)
    category = rng.randrange(count)
    slots = {"A": Thing(category, rng.randrange(len(context.declarations.categories[category].values)))}
    empty = Draft(RELATIONS[0], slots)
    return Clue(_finish(rng, fill(rng, context, wording, empty), context.style.slips, keep_mark=True), None, wording)


def fill(rng: random.Random, context: Context, wording: str, drafted: Draft) -> str:
    """The wording with all slots filled."""
    people = context.entity
    plural = plural_of(people) if rng.random() < 0.7 or not context.person else "people"
    single = people if rng.random() < 0.6 or not context.person else "person"
    number = drafted.number

    def slot(found: re.Match[str]) -> str:
        key, _, role = found[1].partition(":")
        if key in drafted.slots and len(key) == 1:
            return thing_phrase(rng, context, drafted.slots[key], role, drafted)
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
                return amount_phrase(rng, context, drafted)
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


def _finish(rng: random.Random, text: str, slips: float, *, keep_mark: bool = False) -> str:
    text = " ".join(text.split()).replace(" 's", "'s")
    if rng.random() >= 0.07 * slips:
        text = text[0].upper() + text[1:]
    if text[-1] not in "?.!" and rng.random() >= 0.05 * slips:
        text += "."
    if rng.random() < 0.04:
        text = text.replace("The person", "the person").replace("the person", "The person", 1)
    if rng.random() < 0.05 and not keep_mark:
        text = rng.choice(OPENINGS) + text[0].lower() + text[1:]
    if rng.random() < 0.05 * slips:
        text = misspell(rng, text)
    return text


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
