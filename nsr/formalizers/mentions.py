"""Mentions of declared values and of numbers in a sentence, and the sentence with pointer tags.

Matching is by string overlap only: whole words, then inflected words, then common beginnings and telling parts
of longer names. It is meant to miss nothing; which of several candidates is meant is for the language model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from nsr.diagnostics import Span
from nsr.formalizers.declarations import Category, Declarations
from nsr.formalizers.measures import extreme, measure_of
from nsr.formalizers.quantities import (
    CARDINALS,
    MULTIPLES,
    ORDINALS,
    Quantity,
    convert,
    normal_word,
    read_quantity,
    scale_position,
    unit_of,
)
from nsr.formalizers.roles import role_of_label, role_of_name
from nsr.formalizers.words import NUMBERED_NOUNS, stem, words_of

__all__ = ["Mention", "Number", "TaggedSentence", "Tagger", "Thing"]

MAX_THINGS, MAX_NUMBERS, MAX_DIMENSIONS = 20, 8, 6
"""How many tags of each kind there are."""

_TOKEN = re.compile(
    r"[$£€#]\s?\d(?:[\d,]*\d)?(?:\.\d+)?|\d{1,2}:\d{2}\s?(?:[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?|\d+['′]\s?\d+(?:\"|″|'')?"
    r"|\d[\d,]*\d(?:\.\d+)?(?![A-Za-z\d])|\d+\.\d+|\d+(?:st|nd|rd|th)\b|\d+(?![A-Za-z\d])|\.\d+"
    r"|[^\W_]+(?:['’‘][^\W_]+)*|[+&]"
)
_STOP = frozenset(
    words_of(
        "a an the and or but not no nor neither either both of in on at to from by with for as is are was "
        "were be been being has have had having do does did who whom whose which that this these those it its "
        "he him his she her hers they them their there here where when than then if so because while one ones "
        "other another each every all any some only just also very more most less least fewer than about into "
        "onto next between left right directly immediately exactly somewhere before after ahead behind above "
        "below person people man woman someone somebody anyone owner owns own lover loves love likes like "
        "liked house houses home homes first last same different enthusiast must can cannot may will would should "
        "could earlier later sooner isn't doesn't didn't wasn't goes went lives live living sits sit stands keeper "
        "keeps keep fan uses use using prefers prefer enjoys enjoy drinks drink drinking eats eat eater smokes smoker "
        "plays play player named called name partial favorite favourite lie lies located either kind type set out up "
        "off over under again what how why our us we you your me my i"
    )
)
_NO_LABEL = frozenset(
    words_of(
        "a an the each every everyone person people they all has have is are in of by on at to for and with unique "
        "different name names named type types kind level their his her own owns use uses one s"
    )
)
_AFTER_UNIT = frozenset(
    words_of(
        "before after earlier later older younger more less longer shorter apart ahead behind taller "
        "prior cheaper than and lower higher"
    )
)
_PAST = frozenset(words_of("night week weekend month year decade time name names"))
_PAST_SCALES = ("month", "day", "season")
"""`Last spring`, `last Monday` and `last name` are no places."""
_RELATIVE = ("who", "that", "which")

HOMOGRAPHS = {"may": True, "sun": False, "sat": False}
"""Common words that also name a time, and whether they do so in small letters: months are often written that way, short
names of days are not (`in the sun`, `sat beside her`)."""

_COUNTED = frozenset(
    words_of(
        "or more less fewer higher lower other person people building home spot earlier later away apart "
        "before after ahead behind below above item category"
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """A declared value, by the indices of its category and of itself."""

    category: int
    value: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the sentence that may mean one of `things`; `weak` if only part of the words agree."""

    span: Span
    things: tuple[Thing, ...]
    weak: bool = False
    number: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the sentence in the unit of the categories, and where it stands."""

    span: Span
    number: Fraction


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with its pointer tags: what each tag stands for, and the mentions in order of place."""

    text: str
    things: dict[str, Thing]
    numbers: dict[str, Number]
    dimensions: dict[str, int]
    mentions: tuple[Mention, ...]

    def tag_of(self, thing: Thing) -> str | None:
        """The tag that points to `thing`, or None if the sentence has no such mention."""
        return next((tag for tag, found in self.things.items() if found == thing), None)


@dataclass(frozen=True, slots=True)
class _Token:
    span: Span
    text: str
    norm: str


def tokens(text: str) -> list[_Token]:
    """Words and figures of a text with their places."""
    return [_Token(Span(*m.span()), m[0], normal_word(m[0])) for m in _TOKEN.finditer(text)]


class Tagger:
    """Finds the mentions of one problem's values; built once for all of its sentences."""

    def __init__(self, declarations: Declarations) -> None:
        self.declarations = declarations
        self._exact: dict[str, list[Thing]] = {}
        self._stems: dict[str, list[Thing]] = {}
        self._parts: dict[str, list[Thing]] = {}
        self._numbers: dict[Fraction, list[Thing]] = {}
        self._labels = frozenset(
            word for c in declarations.categories for word in re.findall(r"[a-z]+", normal_word(c.label))
        )
        self._label_stems = [
            frozenset(stem(w) for w in re.findall(r"[a-z]+", normal_word(c.label)) if w not in _NO_LABEL)
            for c in declarations.categories
        ]
        self._known: dict[str, tuple[Mention, ...]] = {}
        self._roles = [role_of_label(c.label) for c in declarations.categories]
        self._longest = 1
        self._nouns = {"number", *NUMBERED_NOUNS}
        if declarations.entity:
            self._nouns.update(w.removesuffix("s") for w in normal_word(declarations.entity).split())
        base = declarations.base_category
        self._positions = base.is_positions
        self._nouns.update(w.removesuffix("s") for w in normal_word(base.label).split() if self._positions)
        measures = [measure_of(c) for c in declarations.categories]
        ranks = [i for i, m in enumerate(measures) if m == ("place" if "place" in measures else "time")]
        self._ranks = ranks[0] if len(ranks) == 1 else None
        self._units = [c.unit for c in declarations.categories if c.unit]
        for index, category in enumerate(declarations.categories):
            self._index(index, category)

    def _index(self, index: int, category: Category) -> None:
        shared: dict[str, int] = {}
        spelled = []
        for value in category.values:
            words = [t.norm for t in tokens(value.text)]
            spelled.append(words)
            for word in {stem(w) for w in words}:
                shared[word] = shared.get(word, 0) + 1
        for number, (value, words) in enumerate(zip(category.values, spelled, strict=True)):
            thing = Thing(index, number)
            if value.number is not None:
                self._numbers.setdefault(value.number, []).append(thing)
                if category.is_positions and not category.unit:
                    continue
            self._longest = max(self._longest, len(words) + 1)
            self._exact.setdefault(_joined(tokens(value.text)), []).append(thing)
            self._stems.setdefault("".join(map(stem, words)), []).append(thing)
            if place := scale_position(value.text):
                self._stems.setdefault(f"@{place[0]}{place[1]}", []).append(thing)
            for word in words:
                if len(word) > 2 and shared[stem(word)] == 1 and word not in _STOP and not word[0].isdigit():
                    self._parts.setdefault(word, []).append(thing)

    # Finding

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """All mentions in order of place: values (longest match first), then numbers in what is left."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._mentions(text)
        return known

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        words = tokens(text)
        found = self._spellings(words)
        covered = [False] * len(words)
        chosen: list[Mention] = []
        for start, end, things in found:
            if any(covered[start:end]):
                continue
            covered[start:end] = [True] * (end - start)
            span = Span(words[start].span.start, words[end - 1].span.end)
            number = _value(text[span.start : span.end], self._units) if end - start <= 3 else None
            chosen.append(Mention(span, things, number=number))
        for index in range(len(words)):
            if not covered[index]:
                mention = (
                    self._superlative(words, index, covered)
                    or self._weak(words, index)
                    or self._number(text, words, index, covered)
                )
                if mention is not None:
                    chosen.append(mention)
        chosen.sort(key=lambda m: m.span)
        spans = [m.span for m in chosen]
        plain = [w for w in words if not any(s.start <= w.span.start < s.end for s in spans)]
        return tuple(self._narrowed(text, m, words, plain) if len(m.things) > 1 else m for m in chosen)

    def _narrowed(self, text: str, mention: Mention, words: Sequence[_Token], plain: Sequence[_Token]) -> Mention:
        """One candidate where the mention's spelling or the words beside it tell which category is meant."""
        things = self._of_unit(text, mention.span, self._spelled_alike(text, mention))
        things = self._in_role(text, mention.span, things)
        mention = replace(mention, things=things)
        if len(things) == 1:
            return mention
        before = [w for w in words if w.span.end <= mention.span.start][-3:]
        after = [w for w in words if w.span.start >= mention.span.end][:2]
        nearby = {stem(w.norm) for w in before + after if w in plain}
        labels = [self._label_stems[t.category] for t in mention.things]
        hits = []
        for index, thing in enumerate(mention.things):
            others = frozenset().union(*(s for i, s in enumerate(labels) if i != index))
            if nearby & (labels[index] - others):
                hits.append(thing)
        return replace(mention, things=tuple(hits)) if len(hits) == 1 else mention

    def _spelled_alike(self, text: str, mention: Mention) -> tuple[Thing, ...]:
        """The value that has the mention's capitals where others differ in them: `olive` is no `Olive`."""
        shown = text[mention.span.start : mention.span.end]
        if not mention.span.start and not shown.islower():
            return mention.things
        spelled = [(t, self._text_of(t)) for t in mention.things]
        alike = tuple(t for t, value in spelled if value == shown)
        is_case_only = all(value.lower() == shown.lower() for _, value in spelled)
        return alike if is_case_only and len(alike) == 1 else mention.things

    def _of_unit(self, text: str, span: Span, things: tuple[Thing, ...]) -> tuple[Thing, ...]:
        """The candidates counted in the unit that stands with a figure: `60%` is none of 60 points."""
        end = span.end + text.startswith("%", span.end)
        quantity = read_quantity(text[span.start : end])
        if quantity is None or not quantity.unit:
            return things
        units = [self.declarations.categories[t.category].unit for t in things]
        return tuple(t for t, u in zip(things, units, strict=True) if _base_unit(u) == quantity.unit) or things

    def _in_role(self, text: str, span: Span, things: tuple[Thing, ...]) -> tuple[Thing, ...]:
        """The candidates of one role where the words around a name tell whether it is a child's, say."""
        if len({self._roles[t.category] for t in things}) < 2:
            return things
        role = role_of_name(text, span)
        return tuple(t for t in things if self._roles[t.category] == role) or things

    def _spellings(self, words: Sequence[_Token]) -> list[tuple[int, int, tuple[Thing, ...]]]:
        """Values spelled out, from word to word: the longest first, then the exact ones."""
        found: list[tuple[int, int, int, int, tuple[Thing, ...]]] = []
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                part = words[start:end]
                things = self._exact.get(_joined(part))
                if (
                    things
                    and end - start == 1
                    and part[0].norm in _STOP
                    and part[0].text.islower()
                    and not HOMOGRAPHS.get(part[0].norm, False)
                ):
                    things = None
                rank = 2
                if not things:
                    rank = 1
                    things = self._stems.get("".join(stem(w.norm) for w in part))
                    if things and end - start == 1 and (part[0].norm in _STOP or part[0].norm in self._labels):
                        things = None
                if things and end - start == 1:
                    things = self._without_verbs(words, start, things)
                if not things and end - start == 1 and (place := scale_position(part[0].text)):
                    is_name = HOMOGRAPHS.get(part[0].text, True)
                    things = self._stems.get(f"@{place[0]}{place[1]}") if is_name else None
                if things:
                    length = part[-1].span.end - part[0].span.start
                    found.append((length, rank, start, end, tuple(dict.fromkeys(things))))
        ordered = sorted(found, key=lambda f: (-f[0], -f[1], f[2]))
        return [(start, end, things) for _, _, start, end, things in ordered]

    def _superlative(self, words: Sequence[_Token], index: int, covered: list[bool]) -> Mention | None:
        """`The slowest`, `the most expensive`: the value at an end of the category that measures it."""
        before = words[index - 1].norm if index else ""
        if before in ORDINALS or before == "next":
            return None
        for size in (2, 1):
            part = words[index : index + size]
            found = extreme(" ".join(w.norm for w in part), self.declarations.categories)
            if found is not None:
                covered[index : index + len(part)] = [True] * len(part)
                return Mention(Span(part[0].span.start, part[-1].span.end), (Thing(*found),))
        return None

    def _without_verbs(self, words: Sequence[_Token], index: int, things: Sequence[Thing]) -> list[Thing]:
        """The candidates that a word can mean: no Drew in `the person who drew the tartan`, no Carver in `carved`."""
        word = words[index]
        names = [t for t in things if word.text.islower() and self._text_of(t)[:1].isupper()]
        is_verb = index > 0 and words[index - 1].norm in _RELATIVE
        is_done = word.norm.endswith("ed")
        return [t for t in things if t not in names or not (is_verb or (is_done and self._text_of(t).endswith("er")))]

    def _text_of(self, thing: Thing) -> str:
        return self.declarations.categories[thing.category].values[thing.value].text

    def _weak(self, words: Sequence[_Token], index: int) -> Mention | None:
        word = words[index].norm
        is_entity = word.removesuffix("s") == self.declarations.entity.lower()
        if (
            len(word) < 3
            or is_entity
            or word in _STOP
            or not word[0].isalpha()
            or word in CARDINALS
            or word in ORDINALS
        ):
            return None
        things = list(self._parts.get(word, ()))
        if word not in self._labels:
            stemmed = stem(word)
            for part, owners in self._parts.items():
                if part != word and (stem(part) == stemmed or _same_beginning(part, word)):
                    things.extend(owners)
        things = list(dict.fromkeys(self._without_verbs(words, index, things)))[:4]
        return Mention(words[index].span, tuple(things), weak=True) if things else None

    def _number(self, text: str, words: Sequence[_Token], index: int, covered: list[bool]) -> Mention | None:
        word = words[index]
        nearby = words[index + 1] if index + 1 < len(words) else None
        after = nearby.norm if nearby else ""
        before = words[index - 1].norm if index else ""
        noun_before = before.removesuffix("s") in self._nouns or before == "number"
        if (place := self._ordinal(word.norm, after, before)) is not None:
            return Mention(word.span, (place,))
        if word.norm in MULTIPLES:
            span, number = word.span, MULTIPLES[word.norm]
            joined = words[index + 1 : index + 3]
            is_half_a = word.norm == "half" and len(joined) == 2 and joined[0].norm in ("a", "an")
            if is_half_a and (unit := unit_of(joined[1].norm)):
                covered[index + 1] = covered[index + 2] = True
                base, factor = unit
                return Mention(
                    Span(span.start, joined[1].span.end),
                    (),
                    number=_in_units(factor / 2, base, self._units, Fraction(1, 2)),
                )
            return Mention(span, (), number=number)
        if word.norm in ("a", "an") and nearby and (unit := unit_of(after)) and len(after) > 2:
            follows = words[index + 2].norm if index + 2 < len(words) else ""
            if follows in _AFTER_UNIT:
                covered[index + 1] = True
                return Mention(
                    Span(word.span.start, nearby.span.end),
                    (),
                    number=_in_units(unit[1], unit[0], self._units, Fraction(1)),
                )
            return None
        end = index + 1
        compound = f"{word.norm}-{after}"
        if nearby and text[word.span.end : nearby.span.start] == "-" and read_quantity(compound):
            end, word_text = index + 2, compound
        else:
            word_text = word.text.lstrip("#")
        quantity = read_quantity(word_text)
        if quantity is None:
            return None
        following = words[end] if end < len(words) else None
        if word.norm == "one" and not (noun_before or (following and self._countable(following.norm))):
            return None
        number = quantity.number
        last = end
        if following and not quantity.unit and (unit := _unit_after(word.text, following.norm)) and not covered[end]:
            number, last = _in_units(number * unit[1], unit[0], self._units, number), end + 1
        for position in range(index + 1, last):
            covered[position] = True
        span = Span(word.span.start, words[last - 1].span.end)
        things = list(self._numbers.get(number, ())) + (
            self._numbers.get(quantity.number, []) if number != quantity.number else []
        )
        if self._positions and not (noun_before or word.text.startswith("#") or word.text[0].isdigit()):
            things = [t for t in things if t.category != self.declarations.base]
        return Mention(span, tuple(dict.fromkeys(things))[:4], number=number)

    def _countable(self, word: str) -> bool:
        single = word.removesuffix("s")
        return single in self._nouns or (len(word) > 2 and unit_of(word) is not None) or word in _COUNTED

    def _ordinal(self, word: str, after: str, before: str) -> Thing | None:
        """What a word of places names: a numbered row; `first` and `last` else an end of the ranks or times."""
        is_end = word in ("first", "last")
        if is_end and (after in _PAST or (scale_position(after) or ("",))[0] in _PAST_SCALES):
            return None
        if self._positions:
            row = self._row(word, after, before)
            return None if row is None else Thing(self.declarations.base, row)
        if self._ranks is None or not is_end:
            return None
        return Thing(self._ranks, 0 if word == "first" else len(self.declarations.categories[self._ranks].values) - 1)

    def _row(self, word: str, after: str, before: str) -> int | None:
        size = len(self.declarations.base_category.values)
        if word in ("leftmost", "first", "1st", "lowest", "bottom", "frontmost", "nearest"):
            return 0
        if word in ("last", "rightmost", "final", "highest", "topmost", "furthest", "farthest"):
            return size - 1
        if word == "top" and before in ("the", "very"):
            return size - 1
        if word in ("middle", "center", "centre", "central") and size % 2:
            return size // 2
        if word in ORDINALS and after not in ("two", "three", "half"):
            return ORDINALS[word] - 1 if ORDINALS[word] <= size else None
        found = re.fullmatch(r"(\d+)(st|nd|rd|th)", word)
        return int(found[1]) - 1 if found and int(found[1]) <= size else None

    # Tagging

    def tag(self, text: str, rng: random.Random | None = None) -> TaggedSentence:
        """The tags of a sentence: numbered in order of place, or at random when `rng` is given (for training)."""
        found = self.mentions(text)
        things = list(dict.fromkeys(t for m in found for t in m.things))[:MAX_THINGS]
        numbered = [m for m in found if m.number is not None][:MAX_NUMBERS]
        dimensions = [d for d in self.declarations.dimensions if d != self.declarations.base][:MAX_DIMENSIONS]
        pools = [list(range(1, n + 1)) for n in (MAX_THINGS, MAX_NUMBERS, MAX_DIMENSIONS)]
        if rng is not None:
            for pool in pools:
                rng.shuffle(pool)
        return TaggedSentence(
            text,
            {f"P{n}": t for n, t in zip(pools[0], things, strict=False)},
            {
                f"N{n}": Number(m.span, m.number)
                for n, m in zip(pools[1], numbered, strict=False)
                if m.number is not None
            },
            {f"D{n}": d for n, d in zip(pools[2], dimensions, strict=False)},
            found,
        )


def _joined(words: Sequence[_Token]) -> str:
    """Words run together, so that blanks and hyphens do not count; `5th` behind a month is 5."""
    return "".join(re.sub(r"(?<=\d)(st|nd|rd|th)$", "", w.norm) if i else w.norm for i, w in enumerate(words))


def _unit_after(figure: str, word: str) -> tuple[str, Fraction] | None:
    """The unit a word means behind a figure; short ones (`in`, `m`) only behind digits."""
    return unit_of(word) if len(word) > 2 or figure[-1].isdigit() else None


def _in_units(number: Fraction, base: str, units: Sequence[str], bare: Fraction | None = None) -> Fraction:
    """`number` of `base` in the first declared unit that fits, else the bare figure of the text."""
    for unit in units:
        found = convert(Quantity(number, base), unit)
        known = unit_of({"clock": "minute", "date": "day"}.get(unit, unit))
        if known and known[0] == base:
            return found
    return number if bare is None else bare


def _base_unit(unit: str) -> str:
    known = unit_of(unit) if unit else None
    return known[0] if known else unit


def _value(text: str, units: Sequence[str]) -> Fraction | None:
    quantity = read_quantity(text)
    if quantity is None:
        return None
    return _in_units(quantity.number, quantity.unit, units) if quantity.unit else quantity.number


def _same_beginning(part: str, word: str) -> bool:
    if part[0] != word[0]:
        return False
    short, long = sorted((part, word), key=len)
    if long.startswith(short):
        return len(short) >= 4 or (len(short) == 3 and len(long) >= 6)
    shared = 0
    for a, b in zip(part, word, strict=False):
        if a != b:
            break
        shared += 1
    return (shared >= 5 and shared >= 0.6 * len(long)) or (shared >= 4 and shared >= 0.75 * len(short))
