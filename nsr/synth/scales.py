# ruff: noqa: E501  # phrases of one kind read best on one line
"""Dimensions of generated puzzles: positions, calendars, prices, ages and the like, with the words that compare them.

Data, mostly: predicates have a slot `{B}` for the other thing, `{n}` for an amount with its unit, `{U}` for what one
position is called. A leading `~` marks wordings that only the tests use.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from nsr.formalizers.quantities import CARDINALS, ORDINALS, SCALES, format_number

__all__ = ["DIMENSIONS", "FAMILY_OF", "POSITIONS", "Dimension", "DrawnValue"]

_WORDS = {number: word for word, number in CARDINALS.items()}
_ORDINAL_WORDS = {number: word for word, number in ORDINALS.items()}


@dataclass(frozen=True, slots=True)
class DrawnValue:
    """One value of a dimension: its number, the spelling declared, and spellings in clues."""

    number: Fraction | None
    text: str
    forms: tuple[str, ...]


Draw = Callable[[random.Random, int, bool], list[DrawnValue]]
Amount = Callable[[random.Random, Fraction], str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A kind of scale with its words. `draw` gives ascending values, `amount` spells a difference."""

    key: str
    kinds: str
    labels: tuple[str, ...]
    unit: str
    draw: Draw
    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    less: tuple[str, ...]
    more: tuple[str, ...]
    next_less: tuple[str, ...] = ()
    next_more: tuple[str, ...] = ()
    by_less: tuple[str, ...] = ()
    by_more: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    amount: Amount = field(default=lambda rng, number: spell_count(rng, number))
    ordered_only: bool = False
    units: tuple[str, ...] = ()


def spell_count(rng: random.Random, number: Fraction) -> str:
    """A bare number, in words as often as in figures when it is small."""
    if number.denominator == 1 and 0 < number <= 12 and rng.random() < 0.6:
        return _WORDS[int(number)]
    text = format_number(number)
    return f"{int(number):,}" if number.denominator == 1 and number >= 1000 and rng.random() < 0.5 else text


def _with_unit(single: str, plural: str, *larger: tuple[str, str, int]) -> Amount:
    def spell(rng: random.Random, number: Fraction) -> str:
        for one, many, factor in larger:
            if number % factor == 0 and number and rng.random() < 0.6:
                return spell_unit(rng, number / factor, one, many)
        if number == 30 and single == "minute" and rng.random() < 0.4:
            return "half an hour"
        return spell_unit(rng, number, single, plural)

    return spell


def spell_unit(rng: random.Random, number: Fraction, single: str, plural: str) -> str:
    """`4 years`, `one year`, `a year`."""
    if number == 1:
        article = "an" if single[0] in "aeiou" or single == "hour" else "a"
        return f"{rng.choice(['1', 'one', article, 'one'])} {single}"
    return f"{spell_count(rng, number)} {plural}"


def _money(rng: random.Random, number: Fraction) -> str:
    text = (
        f"{float(number):.2f}"
        if number.denominator != 1
        else f"{int(number):,}"
        if rng.random() < 0.5
        else f"{int(number)}"
    )
    return rng.choice([f"${text}", f"${text}", f"${text}", f"{text} dollars"])


def _steps(low: int, high: int, steps: tuple[int, ...], *formats: str, scale: int = 1, even: float = 0.7) -> Draw:
    """Ascending numbers with an even step (mostly), spelled by `formats` (`{v}` the figure)."""

    def draw(rng: random.Random, count: int, test: bool) -> list[DrawnValue]:
        step = rng.choice(steps)
        start = rng.randrange(low, high + 1)
        if start > 3 * step and rng.random() < 0.8:
            start -= start % step
        numbers = [start + step * i for i in range(count)]
        if rng.random() > even:
            numbers = sorted(rng.sample([start + step * i for i in range(2 * count)], count))
        declared = rng.choice(formats)
        found = []
        for n in numbers:
            value = Fraction(n, scale)
            figure = format_number(value) if scale < 100 or value.denominator == 1 else f"{float(value):.2f}"
            if value.denominator == 1 and n >= 10000:
                figure = f"{n // scale:,}"
            forms = tuple(dict.fromkeys(f.replace("{v}", figure) for f in (declared, *formats)))
            found.append(DrawnValue(value, forms[0], forms))
        return found

    return draw


def _years(rng: random.Random, count: int, test: bool) -> list[DrawnValue]:
    return [
        DrawnValue(Fraction(n), str(n), (str(n),))
        for n in _numbers(rng, count, rng.randrange(1750, 2030), (1, 1, 2, 3, 4, 5, 6, 8))
    ]


def _numbers(rng: random.Random, count: int, start: int, steps: tuple[int, ...]) -> list[int]:
    step = rng.choice(steps)
    if rng.random() < 0.75:
        return [start + step * i for i in range(count)]
    return sorted(rng.sample([start + step * i for i in range(2 * count)], count))


def _clock(rng: random.Random, count: int, test: bool) -> list[DrawnValue]:
    step = rng.choice((10, 15, 20, 30, 45, 60, 60))
    start = rng.randrange(6 * 4, 17 * 4) * 15
    start -= start % (60 if step == 60 else 15)
    style = rng.randrange(4)
    found = []
    for i in range(count):
        minutes = start + step * i
        hour, minute = divmod(minutes, 60)
        half = "am" if hour < 12 else "pm"
        figure = (hour - 1) % 12 + 1
        short = f"{figure}:{minute:02d}" if minute or style != 1 else f"{figure}"
        dotted = "a.m." if half == "am" else "p.m."
        texts = [f"{short}{half}", f"{short} {half}", f"{short} {dotted}", f"{short}{half}"]
        found.append(
            DrawnValue(Fraction(minutes), texts[style], tuple(dict.fromkeys([texts[style], texts[rng.randrange(3)]])))
        )
    return found


def _dates(rng: random.Random, count: int, test: bool) -> list[DrawnValue]:
    month = rng.choice(SCALES["month"]).capitalize()
    before = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)[SCALES["month"].index(month.lower())]
    days = _numbers(rng, count, rng.randrange(1, 16), (1, 1, 1, 2))
    shown = []
    for d in days:
        suffix = "th" if 10 <= d <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
        forms = (f"{month} {d}", f"{month} {d}{suffix}") if rng.random() < 0.5 else (f"{month} {d}",)
        shown.append(DrawnValue(Fraction(before + d), f"{month} {d}", forms))
    return shown


def _scale(key: str, consecutive: float) -> Draw:
    members = SCALES[key]

    def draw(rng: random.Random, count: int, test: bool) -> list[DrawnValue]:
        count = min(count, len(members))
        if rng.random() < consecutive:
            start = rng.randrange(len(members) - count + 1)
            picked = list(members[start : start + count])
        else:
            chosen = set(rng.sample(members, count))
            picked = [m for m in members if m in chosen]
        short = rng.random()
        found = []
        for word in picked:
            full = word.capitalize() if key in ("month", "day") and rng.random() < 0.9 else word
            abbreviated = word[: 4 if word == "september" and rng.random() < 0.5 else 3]
            text = full
            if key in ("month", "day") and short < 0.35:
                text = abbreviated if short < 0.2 else abbreviated.capitalize()
            found.append(DrawnValue(None, text, (full, full, full, word)))
        return found

    return draw


def positions(count: int) -> list[DrawnValue]:
    """The positions 1 to `count`; their spellings come from the verb and noun phrases."""
    return [DrawnValue(Fraction(n), str(n), (str(n),)) for n in range(1, count + 1)]


def _positions(rng: random.Random, count: int, test: bool) -> list[DrawnValue]:
    return positions(count)


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split(";") if part.strip())


def _dimension(key: str, kinds: str, labels: str, unit: str, draw: Draw, **words: str | Amount | bool) -> Dimension:
    split = {name: _split(text) if isinstance(text, str) else text for name, text in words.items()}
    return Dimension(key, kinds, _split(labels), unit, draw, **split)  # type: ignore[arg-type]  # keywords of its fields


_ROW_VERBS = """is in the {o} {U}; is in {U} {v}; is in {U} number {v}; is in the {o} {U}; lives in the {o} {U}; occupies the {o} {U};
    is at {U} {v}; can be found in the {o} {U}; has the {o} {U}; resides in {U} {v}; ~is found in the {o} {U}"""
_ROW_NOUNS = """the person in the {o} {U}; the one in {U} {v}; the person in {U} {v}; the {e} in the {o} {U}; the occupant of the {o} {U}"""

FAMILY_OF = {
    key: family
    for family, keys in {
        "time": "year clock date month day ordinal",
        "size": "length height distance halfmiles depth width kilometers duration volume",
        "count": "count members score percent",
        "money": "price salary",
    }.items()
    for key in keys.split()
}
"""Dimensions whose comparing words are alike."""

POSITIONS: tuple[Dimension, ...] = (
    _dimension("row", "pt", "house; position; seat; spot; locker; desk; office; room; table; stall; apartment; shop; cabin; tent; bed; ~booth; berth; ~plot",
        "", _positions, verbs=_ROW_VERBS, nouns=_ROW_NOUNS, units="house; house; house; seat; spot; locker; desk; office; room; table; stall; apartment; shop; cabin; tent; chair; position; booth; ~berth; plot",
        less="""is somewhere to the left of {B}; is to the left of {B}; lives somewhere to the left of {B}; is further left than {B}; is farther to the left than {B};
            is left of {B}; sits to the left of {B}; has a {U} somewhere to the left of {B}; is in a {U} to the left of {B}; is in a lower numbered {U} than {B}; has a lower {U} number than {B};
            is placed to the left of {B}; stands left of {B}; is on the left side of {B}; comes before {B}; lives to the left of {B}; is anywhere to the left of {B}; is at some point left of {B};
            ~is located somewhere left of {B}; can be found to the left of {B}; ~is positioned at a lower number than {B}""",
        more="""is somewhere to the right of {B}; is to the right of {B}; lives somewhere to the right of {B}; is further right than {B}; is farther to the right than {B};
            is right of {B}; sits to the right of {B}; has a {U} somewhere to the right of {B}; is in a {U} to the right of {B}; is in a higher numbered {U} than {B}; has a higher {U} number than {B};
            is placed to the right of {B}; stands right of {B}; is on the right side of {B}; comes after {B}; lives to the right of {B}; is anywhere to the right of {B}; is at some point right of {B};
            is located somewhere right of {B}; ~can be found to the right of {B}; is positioned at a higher number than {B}""",
        next_less="""is directly left of {B}; is immediately to the left of {B}; is directly to the left of {B}; is just to the left of {B}; lives directly left of {B}; is just left of {B};
            is immediately left of {B}; sits directly to the left of {B}; is next to {B}, on the left; has the {U} directly to the left of {B}; is exactly one {U} to the left of {B}; is the left neighbor of {B};
            is the left-hand neighbor of {B}; lives in the {U} immediately to the left of {B}; has {B} as the next {U} on the right; has {B} directly to the right; is right before {B}; is one {U} to the left of {B};
            ~has {B} as the right-hand neighbor; lives next door to {B} on the left side; ~is adjacent to {B} on the left""",
        next_more="""is directly right of {B}; is immediately to the right of {B}; is directly to the right of {B}; is just to the right of {B}; lives directly right of {B}; is just right of {B};
            is immediately right of {B}; sits directly to the right of {B}; is next to {B}, on the right; has the {U} directly to the right of {B}; is exactly one {U} to the right of {B}; is the right neighbor of {B};
            is the right-hand neighbor of {B}; lives in the {U} immediately to the right of {B}; has {B} as the next {U} on the left; has {B} directly to the left; is right after {B}; is one {U} to the right of {B};
            has {B} as the left-hand neighbor; ~lives next door to {B} on the right side; is adjacent to {B} on the right""",
        by_less="is {n} to the left of {B}; is exactly {n} left of {B}; lives {n} to the left of {B}; ~is positioned {n} left of {B}",
        by_more="is {n} to the right of {B}; is exactly {n} right of {B}; lives {n} to the right of {B}; is positioned {n} right of {B}"),
    _dimension("floor", "p", "floor; level; storey; shelf", "", _positions, units="floor; floor; level; ~storey",
        verbs="is on the {o} {U}; lives on the {o} {U}; works on {U} {v}; lives on {U} {v}; has the {o} {U}; resides on the {o} {U}",
        nouns="the person on the {o} {U}; the one on {U} {v}; the {o} {U} tenant; ~the tenant of the {o} {U}",
        less="""lives below {B}; is somewhere below {B}; is on a lower {U} than {B}; works on a lower {U} than {B}; lives lower than {B}; is lower down than {B}; lives somewhere below {B}; is below {B};
            is housed underneath {B}; ~has fewer stairs to climb than {B}""",
        more="""lives above {B}; is somewhere above {B}; is on a higher {U} than {B}; works on a higher {U} than {B}; lives higher than {B}; is higher up than {B}; lives somewhere above {B}; is above {B};
            is housed over {B}; ~has more stairs to climb than {B}""",
        next_less="""lives directly below {B}; is immediately below {B}; is one {U} below {B}; lives just below {B}; is exactly one {U} below {B}; is on the {U} right below {B}; is right underneath {B}""",
        next_more="""lives directly above {B}; is immediately above {B}; is one {U} above {B}; lives just above {B}; is exactly one {U} above {B}; is on the {U} right above {B}; ~is right on top of {B}""",
        by_less="lives {n} below {B}; is exactly {n} lower than {B}; is {n} below {B}", by_more="lives {n} above {B}; is exactly {n} higher than {B}; is {n} above {B}"),
    _dimension("queue", "pt", "place; position in line; order; turn; rank; finish; finishing position; place in the queue; round; slot", "", _positions,
        units="place; position; spot; turn; rank; round; ~slot",
        verbs="""is {o} in line; finished {o}; came {o}; is in {o} {U}; was {o}; took {o} {U}; performed {o}; arrived {o}; finished in {o} place; was {o} to arrive; went {o}; is in {U} {v}; is number {v}; ended up {o}; ~wound up in {o} {U}""",
        nouns="the person who finished {o}; the {e} in {o} {U}; the {o} {e}; the person in {U} {v}; the {o} person in line; the one who came {o}; the {e} who wound up {o}",
        less="""finished before {B}; is somewhere ahead of {B}; is ahead of {B}; came before {B}; is somewhere before {B}; arrived before {B}; is in front of {B}; finished ahead of {B}; placed higher than {B}; went earlier than {B};
            beat {B}; performed before {B}; is before {B}; arrived earlier than {B}; did better than {B}; is somewhere in front of {B}; got there before {B}; ~outranked {B}; preceded {B}; ~defeated {B}; had a turn prior to {B}""",
        more="""finished after {B}; is somewhere behind {B}; is behind {B}; came after {B}; is somewhere after {B}; arrived after {B}; is at the back of {B}; finished behind {B}; placed lower than {B}; went later than {B};
            lost to {B}; performed after {B}; is after {B}; arrived later than {B}; did worse than {B}; got there after {B}; ~was outranked by {B}; followed {B} at some point; ~was defeated by {B}; had a turn subsequent to {B}""",
        next_less="""finished right before {B}; is directly ahead of {B}; is immediately in front of {B}; came just before {B}; finished one place ahead of {B}; went immediately before {B}; is directly in front of {B}; arrived right before {B};
            is exactly one {U} ahead of {B}; is directly before {B}; came immediately before {B}; ~directly preceded {B}; was the last to go before {B}""",
        next_more="""finished right after {B}; is directly behind {B}; is immediately behind {B}; came just after {B}; finished one place behind {B}; went immediately after {B}; arrived right after {B}; is exactly one {U} behind {B}; is directly after {B};
            came immediately after {B}; was next after {B}; ~directly followed {B}; was the first to go after {B}""",
        by_less="finished {n} ahead of {B}; is {n} ahead of {B}; placed {n} higher than {B}; came {n} before {B}; ~beat {B} by {n}", by_more="finished {n} behind {B}; is {n} behind {B}; placed {n} lower than {B}; came {n} after {B}; trailed {B} by {n}"),
)  # fmt: skip

_EARLY = """is earlier than {B}; is before {B}; is sometime before {B}; came before {B}; happened before {B}; is scheduled before {B}; took place earlier than {B}; is somewhat earlier than {B}; occurred before {B}; ~precedes {B}; was held prior to {B}"""
_LATE = """is later than {B}; is after {B}; is sometime after {B}; came after {B}; happened after {B}; is scheduled after {B}; took place later than {B}; is somewhat later than {B}; occurred after {B}; ~follows {B} at some point; was held subsequent to {B}"""
_NEXT_EARLY = "is right before {B}; came immediately before {B}; is directly before {B}; took place just before {B}; ~immediately precedes {B}"
_NEXT_LATE = "is right after {B}; came immediately after {B}; is directly after {B}; took place just after {B}; immediately follows {B}"
_BY_EARLY = "is {n} before {B}; came {n} before {B}; took place {n} earlier than {B}; is exactly {n} earlier than {B}; happened {n} before {B}; was {n} before {B}; ~precedes {B} by {n}; was held {n} prior to {B}"
_BY_LATE = "is {n} after {B}; came {n} after {B}; took place {n} later than {B}; is exactly {n} later than {B}; happened {n} after {B}; was {n} after {B}; ~follows {B} by {n}; was held {n} subsequent to {B}"

DIMENSIONS: tuple[Dimension, ...] = (
    _dimension("price", "pt", "price; prices; cost; paid; amount paid; fare; bill; fee; ticket price; bid; winning bid; rent", "$",
        _steps(1, 900, (1, 2, 5, 10, 25, 50, 75, 100, 150, 250), "${v}"), amount=_money,
        verbs="costs {v}; cost {v}; sold for {v}; was priced at {v}; paid {v}; is worth {v}; spent {v}; bid {v}; went for {v}; ~fetched {v}; shelled out {v}",
        nouns="the {v} {e}; the {e} that costs {v}; the person who paid {v}; the {e} priced at {v}; the {e} that sold for {v}; the one that cost {v}; the {v} one; ~the {e} going for {v}; the {e} with the {v} tag",
        less="""costs less than {B}; cost less than {B}; is cheaper than {B}; paid less than {B}; sold for less than {B}; is less expensive than {B}; spent less than {B}; was cheaper than {B}; has a lower price than {B}; cost somewhat less than {B}; ~went for a smaller sum than {B}; set its buyer back less than {B}""",
        more="""costs more than {B}; cost more than {B}; is more expensive than {B}; paid more than {B}; sold for more than {B}; is pricier than {B}; spent more than {B}; was more expensive than {B}; has a higher price than {B}; cost somewhat more than {B}; ~went for a larger sum than {B}; set its buyer back more than {B}""",
        by_less="costs {n} less than {B}; cost {n} less than {B}; is {n} cheaper than {B}; paid {n} less than {B}; sold for {n} less than {B}; was {n} less expensive than {B}; ~undercut {B} by {n}",
        by_more="costs {n} more than {B}; cost {n} more than {B}; is {n} more expensive than {B}; paid {n} more than {B}; sold for {n} more than {B}; was {n} pricier than {B}; exceeded the price of {B} by {n}",
        next_less="is the next cheaper one after {B}; cost the next lower amount after {B}; ~is one price step below {B}", next_more="is the next more expensive one after {B}; cost the next higher amount after {B}; is one price step above {B}",
        times="costs {k} as much as {B}; cost {k} as much as {B}; paid {k} as much as {B}; is {k} as expensive as {B}; sold for {k} the price of {B}; ~fetched {k} the sum of {B}"),
    _dimension("year", "pt", "year; years; year of birth; vintage; founded; release year; won year; graduation year", "year", _years, amount=_with_unit("year", "years", ("decade", "decades", 10)),
        verbs="is from {v}; was made in {v}; took place in {v}; won in {v}; dates from {v}; was released in {v}; was born in {v}; was founded in {v}; began in {v}; happened in {v}; originated in {v}; ~goes back to {v}",
        nouns="the {v} {e}; the {e} from {v}; the {e} made in {v}; the person born in {v}; the {v} winner; the {e} of {v}; the one from {v}; the {e} dating back to {v}",
        less=_EARLY + "; is older than {B}; was born before {B}; was released before {B}; won before {B}", more=_LATE + "; is newer than {B}; was born after {B}; was released after {B}; won after {B}",
        by_less=_BY_EARLY + "; was released {n} before {B}; is {n} older than {B}", by_more=_BY_LATE + "; was released {n} after {B}; is {n} newer than {B}", next_less=_NEXT_EARLY, next_more=_NEXT_LATE),
    _dimension("age", "p", "age; ages; how old; years old", "years", _steps(3, 80, (1, 1, 2, 3, 4, 5), "{v}", "{v} years", "{v} years old"), amount=_with_unit("year", "years"),
        verbs="is {v} years old; is {v}; turned {v}; is aged {v}; ~has reached the age of {v}", nouns="the {v}-year-old; the {v} year old; the person aged {v}; the {v}-year-old {e}; the person who has turned {v}",
        less="is younger than {B}; is somewhat younger than {B}; was born after {B}; is less old than {B}; ~has lived fewer years than {B}", more="is older than {B}; is somewhat older than {B}; was born before {B}; is more advanced in age than {B}; has lived more years than {B}",
        by_less="is {n} younger than {B}; is exactly {n} younger than {B}; ~is junior to {B} by {n}", by_more="is {n} older than {B}; is exactly {n} older than {B}; is senior to {B} by {n}",
        next_less="is the next younger after {B}; ~is one step younger than {B}", next_more="is the next older after {B}; is one step older than {B}", times="is {k} as old as {B}; is {k} the age of {B}"),
    _dimension("weight", "pt", "weight; weights; pounds; weighs", "pounds", _steps(2, 300, (1, 2, 5, 10, 15, 20), "{v} pounds", "{v} lbs", "{v} pounds"), amount=_with_unit("pound", "pounds"),
        verbs="weighs {v}; weighed {v}; caught {v}; ~tips the scales at {v}", nouns="the {v} {e}; the {e} weighing {v}; the {e} that weighs {v}; the person with {v}; the {e} tipping the scales at {v}",
        less="weighs less than {B}; is lighter than {B}; is not as heavy as {B}; ~is more lightweight than {B}", more="weighs more than {B}; is heavier than {B}; outweighs {B}",
        by_less="weighs {n} less than {B}; is {n} lighter than {B}; ~is lighter by {n} than {B}", by_more="weighs {n} more than {B}; is {n} heavier than {B}; outweighs {B} by {n}", times="weighs {k} as much as {B}; is {k} as heavy as {B}"),
    _dimension("length", "pt", "length; lengths; long; feet; height; size; tall", "feet", _steps(2, 200, (1, 2, 3, 5, 10, 20), "{v} ft", "{v} feet", "{v} ft."), amount=_with_unit("foot", "feet"),
        verbs="is {v} long; is {v} tall; measures {v}; grew to {v}; jumped {v}; ~extends to {v}", nouns="the {v} {e}; the {e} that is {v} long; the {e} measuring {v}; the {v} tall {e}; the {e} extending {v}",
        less="is shorter than {B}; is not as long as {B}; is smaller than {B}; is less tall than {B}; ~does not measure up to {B}", more="is longer than {B}; is taller than {B}; is bigger than {B}; exceeds {B} in length",
        by_less="is {n} shorter than {B}; is {n} smaller than {B}; measures {n} less than {B}; ~falls short of {B} by {n}", by_more="is {n} longer than {B}; is {n} taller than {B}; measures {n} more than {B}; exceeds {B} by {n}", times="is {k} as long as {B}; is {k} as tall as {B}"),
    _dimension("height", "p", "height; heights; tall; inches; how tall", "inches", _steps(48, 80, (1, 2, 2, 3, 4), "{v} inches", "{v} in", "{v} inches tall"), amount=_with_unit("inch", "inches"),
        verbs="is {v} tall; measures {v}; ~stands {v} tall", nouns="the person who is {v} tall; the {v} {e}; the {e} standing {v}", less="is shorter than {B}; is not as tall as {B}; ~is outgrown by {B}", more="is taller than {B}; towers over {B}",
        by_less="is {n} shorter than {B}; ~is shorter by {n} than {B}", by_more="is {n} taller than {B}; is taller by {n} than {B}"),
    _dimension("distance", "pt", "distance; miles; kilometers walked; distance from home; range", "miles", _steps(1, 100, (1, 2, 3, 5, 10), "{v} miles", "{v} mi", scale=1), amount=_with_unit("mile", "miles"),
        verbs="walked {v}; ran {v}; is {v} away; drove {v}; traveled {v}; ~clocked {v}", nouns="the {v} {e}; the person who ran {v}; the {e} that is {v} away; the {e} covering {v}",
        less="is closer than {B}; walked less than {B}; ran less than {B}; is nearer than {B}; traveled a shorter distance than {B}; ~covered fewer miles than {B}", more="is farther away than {B}; walked more than {B}; ran farther than {B}; traveled farther than {B}; covered more miles than {B}",
        by_less="ran {n} less than {B}; is {n} closer than {B}; walked {n} less than {B}; traveled {n} less than {B}", by_more="ran {n} more than {B}; is {n} farther than {B}; walked {n} farther than {B}; traveled {n} more than {B}", times="ran {k} as far as {B}; traveled {k} as far as {B}"),
    _dimension("halfmiles", "pt", "distance; length; miles", "miles", _steps(2, 30, (1, 1, 3, 5), "{v} miles", "{v} mi", scale=2), amount=_with_unit("mile", "miles"),
        verbs="walked {v}; is {v} long; is {v} away", nouns="the {v} {e}; the {e} of {v}; the {e} that is {v} long", less="is shorter than {B}; is closer than {B}", more="is longer than {B}; is farther than {B}",
        by_less="is {n} shorter than {B}; is {n} closer than {B}", by_more="is {n} longer than {B}; is {n} farther than {B}", times="is {k} as long as {B}"),
    _dimension("duration", "pt", "duration; minutes; running time; time; cooking time; flight time; finish time", "minutes", _steps(5, 120, (5, 10, 15, 20, 30), "{v} minutes", "{v} min", "{v} minutes"), amount=_with_unit("minute", "minutes", ("hour", "hours", 60)),
        verbs="lasts {v}; took {v}; takes {v}; finished in {v}; waited {v}; ~needs {v}", nouns="the {v} {e}; the {e} lasting {v}; the {e} that took {v}; the {e} with a running time of {v}",
        less="is shorter than {B}; took less time than {B}; lasts less long than {B}; was faster than {B}; waited less than {B}; ~was over sooner than {B}", more="is longer than {B}; took longer than {B}; lasts longer than {B}; was slower than {B}; waited longer than {B}; dragged on longer than {B}",
        by_less="is {n} shorter than {B}; took {n} less than {B}; was {n} faster than {B}; ~was quicker than {B} by {n}", by_more="is {n} longer than {B}; took {n} longer than {B}; lasts {n} longer than {B}; waited {n} more than {B}; was slower than {B} by {n}",
        times="lasts {k} as long as {B}; took {k} as long as {B}"),
    _dimension("clock", "pt", "time; times; departure; start time; appointment; hour; arrival time; time slot", "clock", _clock, amount=_with_unit("minute", "minutes", ("hour", "hours", 60)),
        verbs="is at {v}; left at {v}; starts at {v}; has the {v} appointment; arrived at {v}; takes place at {v}; departs at {v}; ~is slated for {v}; kicks off at {v}",
        nouns="the {v} {e}; the {e} at {v}; the person with the {v} appointment; the one at {v}; the {e} that left at {v}; ~the {e} slated for {v}",
        less=_EARLY + "; left before {B}; arrived earlier than {B}; starts earlier than {B}; departs before {B}", more=_LATE + "; left after {B}; arrived later than {B}; starts later than {B}; departs after {B}",
        by_less=_BY_EARLY + "; left {n} before {B}; starts {n} earlier than {B}; departs {n} before {B}", by_more=_BY_LATE + "; left {n} after {B}; starts {n} later than {B}; departs {n} after {B}", next_less=_NEXT_EARLY, next_more=_NEXT_LATE),
    _dimension("date", "pt", "date; dates; day; birthday; departure date", "date", _dates, amount=_with_unit("day", "days", ("week", "weeks", 7)),
        verbs="is on {v}; left on {v}; takes place on {v}; arrived on {v}; was born on {v}; has a birthday on {v}; happened on {v}; is slated for {v}", nouns="the {v} {e}; the {e} on {v}; the person born on {v}; the one on {v}; ~the {e} slated for {v}",
        less=_EARLY + "; left before {B}", more=_LATE + "; left after {B}", by_less=_BY_EARLY + "; left {n} before {B}", by_more=_BY_LATE + "; left {n} after {B}", next_less=_NEXT_EARLY, next_more=_NEXT_LATE),
    _dimension("score", "pt", "score; points; scores; total; final score; rating", "points", _steps(1, 400, (1, 2, 3, 5, 7, 10, 25), "{v} points", "{v}", "{v} points"), amount=_with_unit("point", "points"),
        verbs="scored {v}; got {v}; has {v}; finished with {v}; threw {v}; racked up {v}", nouns="the person who scored {v}; the {e} with {v}; the {e} who got {v}; the one with {v}; ~the {e} with a total of {v}",
        less="scored fewer points than {B}; scored lower than {B}; scored less than {B}; has a lower score than {B}; got fewer points than {B}; did worse than {B}; was outscored by {B}", more="scored more points than {B}; scored higher than {B}; scored more than {B}; has a higher score than {B}; got more points than {B}; did better than {B}; ~outscored {B}",
        by_less="scored {n} fewer than {B}; scored {n} less than {B}; finished {n} behind {B}; got {n} fewer than {B}; trailed {B} by {n}", by_more="scored {n} more than {B}; finished {n} ahead of {B}; got {n} more than {B}; ~led {B} by {n}", times="scored {k} as many points as {B}; got {k} as many points as {B}"),
    _dimension("temperature", "t", "temperature; degrees; heat", "degrees", _steps(-1, 450, (5, 10, 25), "{v} degrees", "{v}°"), amount=_with_unit("degree", "degrees"),
        verbs="is heated to {v}; runs at {v}; reached {v}", nouns="the {v} {e}; the {e} at {v}; the {e} heated to {v}", less="is colder than {B}; is cooler than {B}; has a lower temperature than {B}", more="is hotter than {B}; is warmer than {B}; has a higher temperature than {B}",
        by_less="is {n} cooler than {B}; is {n} colder than {B}", by_more="is {n} hotter than {B}; is {n} warmer than {B}"),
    _dimension("speed", "t", "speed; top speed; mph; maximum speed", "mph", _steps(20, 200, (5, 10, 15, 20), "{v} mph", "{v} mph"), amount=lambda rng, number: f"{format_number(number)} {rng.choice(['mph', 'miles per hour'])}",
        verbs="goes {v}; reaches {v}; has a top speed of {v}", nouns="the {v} {e}; the {e} that goes {v}; ~the {e} doing {v}", less="is slower than {B}; is not as fast as {B}; is outpaced by {B}", more="is faster than {B}; ~outpaces {B}", by_less="is {n} slower than {B}", by_more="is {n} faster than {B}"),
    _dimension("count", "pt", "number of books; wins; stamps; guests; eggs; tickets; medals; pages; employees; fish caught; cookies; votes", "", _steps(2, 300, (1, 2, 3, 5, 10, 25), "{v}", "{v}"),
        verbs="has {v}; has {v} of them; collected {v}; sold {v}; caught {v}; amassed {v}", nouns="the {e} with {v}; the person with {v}; the one who has {v}; the {e} that has {v}; ~the {e} counting {v}",
        less="has fewer than {B}; sold fewer than {B}; collected fewer than {B}; has less than {B}; fell short of {B}", more="has more than {B}; sold more than {B}; collected more than {B}; ~surpassed {B}",
        by_less="has {n} fewer than {B}; has {n} fewer pieces than {B}; got {n} fewer votes than {B}; won {n} fewer medals than {B}; received {n} fewer than {B}; sold {n} fewer than {B}; collected {n} less than {B}", by_more="has {n} more than {B}; has {n} more pieces than {B}; got {n} more votes than {B}; won {n} more medals than {B}; received {n} more than {B}; sold {n} more than {B}; collected {n} more than {B}", times="has {k} as many as {B}; sold {k} as many as {B}; collected {k} as many as {B}"),
    _dimension("month", "pt", "month; months; birthday month; birth month; unique birthday month; birthday", "month", _scale("month", 0.7), ordered_only=True, amount=_with_unit("month", "months"),
        verbs="was born in {v}; has a birthday in {v}; is in {v}; takes place in {v}; left in {v}; opens in {v}; traveled in {v}; is slated for {v}", nouns="the person whose birthday is in {v}; the person born in {v}; the {v} {e}; the {e} in {v}; the one in {v}; the person with the {v} birthday; ~the {e} slated for {v}; the person celebrating in {v}",
        less=_EARLY + "; was born before {B}; has a birthday earlier than {B}; left earlier than {B}", more=_LATE + "; was born after {B}; has a birthday later than {B}; left later than {B}",
        by_less=_BY_EARLY, by_more=_BY_LATE, next_less=_NEXT_EARLY + "; is the month before {B}; was born the month before {B}; is one month before {B}", next_more=_NEXT_LATE + "; is the month after {B}; was born the month after {B}; is one month after {B}"),
    _dimension("day", "pt", "day; weekday; days; day of the week; appointment", "day", _scale("day", 0.8), ordered_only=True, amount=_with_unit("day", "days"),
        verbs="is on {v}; comes on {v}; works on {v}; visits on {v}; performs on {v}; has the {v} slot; arrived on {v}; ~is slated for {v}", nouns="the {v} {e}; the person on {v}; the {e} on {v}; the one on {v}; the person who comes on {v}; the {e} slated for {v}",
        less=_EARLY + "; visits earlier in the week than {B}; comes earlier than {B}; performs before {B}", more=_LATE + "; visits later in the week than {B}; comes later than {B}; performs after {B}",
        by_less=_BY_EARLY, by_more=_BY_LATE, next_less=_NEXT_EARLY + "; is the day before {B}; comes the day before {B}; is one day before {B}", next_more=_NEXT_LATE + "; is the day after {B}; comes the day after {B}; is one day after {B}"),
    _dimension("ordinal", "pt", "place; order; rank; position; finish", "", _scale("ordinal", 1.0), ordered_only=True,
        verbs="finished {v}; came {v}; was {v}; is {v}; performed {v}; arrived {v}; ~wound up {v}", nouns="the {v} {e}; the person who came {v}; the one who finished {v}; whoever ended up {v}",
        less="finished before {B}; came before {B}; is ahead of {B}; arrived before {B}; performed before {B}; ~preceded {B}", more="finished after {B}; came after {B}; is behind {B}; arrived after {B}; performed after {B}; trailed {B}",
        next_less="finished right before {B}; came just before {B}; performed immediately before {B}; ~directly preceded {B}", next_more="finished right after {B}; came just after {B}; performed immediately after {B}; directly followed {B}"),
    _dimension("salary", "p", "salary; wage; income; hourly pay; earnings; pay", "$", _steps(8, 900, (1, 2, 5, 10, 50, 100), "${v}"), amount=_money,
        verbs="earns {v}; makes {v}; is paid {v}; ~takes home {v}", nouns="the {v} earner; the person earning {v}; the person who makes {v}; the person taking home {v}",
        less="earns less than {B}; makes less than {B}; is paid less than {B}; has a lower salary than {B}; ~takes home less than {B}", more="earns more than {B}; makes more than {B}; is paid more than {B}; has a higher salary than {B}; takes home more than {B}",
        by_less="earns {n} less than {B}; makes {n} less than {B}; is paid {n} less than {B}", by_more="earns {n} more than {B}; makes {n} more than {B}; is paid {n} more than {B}", times="earns {k} as much as {B}; makes {k} as much as {B}"),
    _dimension("depth", "t", "depth; depths; deep; dive depth", "feet", _steps(20, 900, (5, 10, 25, 50, 100), "{v} feet", "{v} ft"), amount=_with_unit("foot", "feet"),
        verbs="is {v} deep; reached {v}; went down {v}", nouns="the {v} {e}; the {e} that is {v} deep; the {e} at {v}", less="is shallower than {B}; is not as deep as {B}", more="is deeper than {B}; went deeper than {B}",
        by_less="is {n} shallower than {B}; is {n} less deep than {B}", by_more="is {n} deeper than {B}; went {n} deeper than {B}", times="is {k} as deep as {B}"),
    _dimension("width", "t", "width; wingspan; span; diameter", "inches", _steps(2, 200, (1, 2, 3, 5, 10, 20), "{v} inches", "{v} in", "{v} inches"), amount=_with_unit("inch", "inches"),
        verbs="is {v} wide; spans {v}; has a wingspan of {v}", nouns="the {v} {e}; the {e} that is {v} wide; the {e} spanning {v}", less="is narrower than {B}; has a smaller wingspan than {B}; is not as wide as {B}", more="is wider than {B}; has a larger wingspan than {B}; is broader than {B}",
        by_less="is {n} narrower than {B}; has a wingspan {n} shorter than {B}", by_more="is {n} wider than {B}; has a wingspan {n} longer than {B}", times="is {k} as wide as {B}"),
    _dimension("members", "pt", "members; votes; calories; pages; goals; laps; followers; rooms; passengers; songs; acres", "", _steps(2, 900, (1, 2, 5, 10, 25, 50, 100), "{v}", "{v}"),
        verbs="has {v} members; got {v} votes; has {v} pages; scored {v} goals; contains {v} calories; ran {v} laps; has {v} rooms; carries {v} passengers", nouns="the {e} with {v} pages; the {e} with {v} votes; the {v}-calorie {e}; the {e} with {v} rooms; the {e} with {v} members",
        less="has fewer members than {B}; got fewer votes than {B}; has fewer pages than {B}; scored fewer goals than {B}; has fewer calories than {B}; is less popular than {B}; ran fewer laps than {B}", more="has more members than {B}; got more votes than {B}; has more pages than {B}; scored more goals than {B}; has more calories than {B}; is more popular than {B}; ran more laps than {B}",
        by_less="has {n} fewer members than {B}; got {n} fewer votes than {B}; has {n} fewer pages than {B}; scored {n} fewer goals than {B}; has {n} fewer calories than {B}; ran {n} fewer laps than {B}; ~trails {B} by {n} votes", by_more="has {n} more members than {B}; got {n} more votes than {B}; has {n} more pages than {B}; scored {n} more goals than {B}; has {n} more calories than {B}; ran {n} more laps than {B}; leads {B} by {n} votes",
        times="has {k} as many pages as {B}; got {k} as many votes as {B}; scored {k} as many goals as {B}"),
    _dimension("volume", "t", "volume; capacity; liters; size", "liters", _steps(2, 200, (1, 2, 5, 10, 25), "{v} liters", "{v} litres", "{v} liters"), amount=_with_unit("liter", "liters"),
        verbs="holds {v}; contains {v}; has a capacity of {v}", nouns="the {v} {e}; the {e} holding {v}; the {e} that holds {v}", less="holds less than {B}; is smaller than {B}", more="holds more than {B}; is bigger than {B}; is larger than {B}",
        by_less="holds {n} less than {B}; is {n} smaller than {B}", by_more="holds {n} more than {B}; is {n} larger than {B}; is {n} bigger than {B}", times="holds {k} as much as {B}"),
    _dimension("percent", "pt", "percent; discount; score; humidity; test result; share", "percent", _steps(2, 80, (1, 2, 5, 10), "{v}%", "{v} percent"), amount=_with_unit("percent", "percent"),
        verbs="got {v}; has {v}; reached {v}; is at {v}", nouns="the {v} {e}; the {e} with {v}; the one at {v}", less="got less than {B}; has a lower percentage than {B}; is lower than {B}", more="got more than {B}; has a higher percentage than {B}; is higher than {B}",
        by_less="got {n} less than {B}; is {n} lower than {B}", by_more="got {n} more than {B}; is {n} higher than {B}", times="got {k} as much as {B}"),
    _dimension("kilometers", "pt", "distance; kilometers; km; range", "km", _steps(2, 900, (1, 2, 5, 10, 50, 100), "{v} km", "{v} kilometers"), amount=_with_unit("kilometer", "kilometers"),
        verbs="ran {v}; is {v} away; flew {v}; cycled {v}", nouns="the {v} {e}; the {e} that is {v} away; the person who ran {v}", less="is closer than {B}; ran less far than {B}; flew less than {B}", more="is farther away than {B}; ran farther than {B}; flew more than {B}; is more distant than {B}",
        by_less="is {n} closer than {B}; ran {n} less than {B}; cycled {n} less than {B}", by_more="is {n} farther away than {B}; ran {n} more than {B}; cycled {n} farther than {B}", times="ran {k} as far as {B}"),
)  # fmt: skip
