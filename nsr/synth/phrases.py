"""Phrases of generated clues: nouns and verbs for a thing, comparing predicates, amounts."""

from __future__ import annotations

import random
import re
from fractions import Fraction

from nsr.formalizers.declarations import label_words
from nsr.formalizers.mentions import Thing
from nsr.formalizers.quantities import CARDINALS, ORDINALS
from nsr.synth.contexts import Context
from nsr.synth.drafts import Draft
from nsr.synth.english import GENERIC, UNKNOWN_NOUNS, UNKNOWN_VERBS, deny, future, ordinal_of, unknown_word
from nsr.synth.scales import spell_unit
from nsr.synth.vocabulary import pick

__all__ = ["amount_phrase", "noun_phrase", "thing_phrase"]

_WORDS = {number: word for word, number in CARDINALS.items()}
_ORDINAL_WORDS = {number: word for word, number in ORDINALS.items()}


def amount_phrase(rng: random.Random, context: Context, drafted: Draft) -> str:
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


def thing_phrase(rng: random.Random, context: Context, thing: Thing, role: str, drafted: Draft) -> str:
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


def _is_bare(phrase: str) -> bool:
    """Whether a predicate can stand behind a `is not`."""
    return phrase.startswith("is ") and not phrase.startswith("is not ")


def _predicate(rng: random.Random, context: Context, role: str, thing: Thing, drafted: Draft) -> str:
    assert drafted.dimension is not None
    dimension = context.words[drafted.dimension].dimension
    assert dimension is not None
    inverted = role.endswith("_i")
    bare = inverted or role.endswith("c")
    name = role.removesuffix("_i") if inverted else role[:-1] if bare else role
    phrases = pick(getattr(dimension, name), reserved=context.style.reserved)
    if bare:
        phrases = tuple(p for p in phrases if _is_bare(p)) or tuple(
            p for p in pick(getattr(dimension, name), reserved=False) if _is_bare(p)
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
    return text.replace("{n}", amount_phrase(rng, context, drafted)) if "{n}" in text else text


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
    noise = rng.random() / max(context.style.slips, 0.01)
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
