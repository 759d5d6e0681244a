"""Numbers, units and known scales in English text: what a word or a figure is worth.

Knows nothing of puzzles. `declarations` uses it to tell numeric and ordered categories, `mentions` to
value the numbers of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from nsr.formalizers.words import words_of

__all__ = [
    "CARDINALS",
    "MULTIPLES",
    "ORDINALS",
    "SCALES",
    "Quantity",
    "convert",
    "format_number",
    "normal_word",
    "read_quantity",
    "scale_position",
    "unit_of",
]

CARDINALS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        words_of(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen twenty"
        )
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
"""Number words and their values; compounds such as `twenty-five` are read by `read_quantity`."""

ORDINALS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        words_of("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"),
        start=1,
    )
}

MULTIPLES: dict[str, Fraction] = {
    "twice": Fraction(2),
    "double": Fraction(2),
    "doubled": Fraction(2),
    "thrice": Fraction(3),
    "triple": Fraction(3),
    "half": Fraction(1, 2),
    "dozen": Fraction(12),
}
"""Words that multiply or stand for a number by themselves."""

_MONTHS = words_of("january february march april may june july august september october november december")
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

SCALES: dict[str, tuple[str, ...]] = {
    "month": tuple(_MONTHS),
    "day": tuple(_DAYS),
    "ordinal": tuple(ORDINALS),
    "season": ("spring", "summer", "autumn", "winter"),
    "part of day": ("dawn", "morning", "noon", "afternoon", "evening", "night", "midnight"),
    "size": ("tiny", "small", "medium", "large", "huge"),
    "grade": ("freshman", "sophomore", "junior", "senior"),
    "medal": ("bronze", "silver", "gold"),
}
"""Word scales with an order of their own, smallest first."""

_UNITS: dict[str, tuple[str, Fraction]] = {}
for _base, _rows in {
    "minute": (("minute", 1), ("min", 1), ("hour", 60), ("hr", 60), ("second", Fraction(1, 60)),
               ("sec", Fraction(1, 60))),
    "day": (("day", 1), ("night", 1), ("week", 7)),
    "year": (("year", 1), ("yr", 1), ("decade", 10), ("century", 100), ("month", Fraction(1, 12)), ("year-old", 1)),
    "$": (("$", 1), ("dollar", 1), ("buck", 1), ("cent", Fraction(1, 100))),
    "£": (("£", 1), ("pound sterling", 1), ("pence", Fraction(1, 100))),
    "€": (("€", 1), ("euro", 1)),
    "inch": (("inch", 1), ("in", 1), ("foot", 12), ("feet", 12), ("ft", 12), ("yard", 36)),
    "meter": (("meter", 1), ("metre", 1), ("m", 1), ("km", 1000), ("kilometer", 1000), ("kilometre", 1000),
              ("cm", Fraction(1, 100)), ("centimeter", Fraction(1, 100)), ("centimetre", Fraction(1, 100))),
    "mile": (("mile", 1), ("mi", 1)),
    "pound": (("pound", 1), ("lb", 1), ("ounce", Fraction(1, 16)), ("oz", Fraction(1, 16)), ("ton", 2000)),
    "gram": (("gram", 1), ("g", 1), ("kilogram", 1000), ("kg", 1000), ("kilo", 1000)),
    "liter": (("liter", 1), ("litre", 1), ("ml", Fraction(1, 1000)), ("milliliter", Fraction(1, 1000))),
    "degree": (("degree", 1), ("°", 1)),
    "percent": (("percent", 1), ("%", 1)),
    "point": (("point", 1), ("pt", 1)),
}.items():  # fmt: skip
    for _word, _factor in _rows:
        _UNITS[_word] = (_base, Fraction(_factor))

_PLURALS = {"feet": "foot", "inches": "inch", "centuries": "century", "pence": "pence", "years-old": "year-old"}

_DATE = re.compile(r"([A-Za-z]{3,9})\.?\s(\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE)
_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_STEP_UNITS = {"clock": "minute", "date": "day"}
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap])?(?(3)\.?m\b\.?)", re.IGNORECASE)
_PLAIN = re.compile(r"([$£€])?\s?(\d[\d,]*(?:\.\d+)?|\.\d+)\s?([A-Za-z°%][A-Za-z-]*\.?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: `unit` is the base unit (`minute` for hours), empty for a bare number."""

    number: Fraction
    unit: str = ""


def normal_word(word: str) -> str:
    """Lower case without accents, apostrophes and the possessive ending: what spellings are compared by."""
    plain = unicodedata.normalize("NFKD", word.lower().replace("’", "'").replace("‘", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.removesuffix("'s").removesuffix("'")
    return plain.replace("'", "")


def unit_of(word: str) -> tuple[str, Fraction] | None:
    """Base unit and factor of a unit word in any number (`hours` -> minute, 60), or None."""
    key = word.lower().rstrip(".")
    key = _PLURALS.get(key, key)
    if key in _UNITS:
        return _UNITS[key]
    return _UNITS.get(key.removesuffix("s")) if len(key) > 2 else None


def convert(quantity: Quantity, unit: str) -> Fraction:
    """The number of `quantity` counted in `unit`; a unit that does not fit leaves the number as it is."""
    found = unit_of(_STEP_UNITS.get(unit, unit))
    if found is None or not quantity.unit or found[0] != quantity.unit:
        return quantity.number
    return quantity.number / found[1]


def format_number(number: Fraction) -> str:
    """Shortest exact spelling in the language: an integer, or a decimal; other rationals as a quotient."""
    if number.denominator == 1:
        return str(number.numerator)
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{number.numerator} / {number.denominator}"
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    scaled = abs(number.numerator * 10**digits // number.denominator)
    text = f"{scaled:0{digits + 1}d}"
    return f"{'-' if number < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def scale_position(word: str) -> tuple[str, int] | None:
    """Scale and place of a word that belongs to a known order (`feb` -> month, 1), or None."""
    plain = normal_word(word.rstrip("."))
    for scale, members in SCALES.items():
        if plain in members:
            return scale, members.index(plain)
        if scale in ("month", "day") and len(plain) >= 3:
            for index, member in enumerate(members):
                if member.startswith(plain) or (plain.endswith("s") and plain[:-1] == member):
                    return scale, index
    found = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)", plain)
    if found:
        return "ordinal", int(found[1]) - 1
    return ("season", 2) if plain == "fall" else None


def read_quantity(text: str) -> Quantity | None:
    """The quantity that the whole of `text` spells (`$1,200`, `7:30am`, `3.5 miles`, `twenty-five`), or None.

    Times of day are minutes since midnight with the unit `clock` (without `am` or `pm` hours stand as written),
    dates of a year its days with the unit `date`.
    """
    plain = text.strip().rstrip(".")
    clock = _CLOCK.fullmatch(text.strip())
    if clock and (clock[2] or clock[3]):
        hours, minutes = int(clock[1]), int(clock[2] or 0)
        if hours > 24 or minutes > 59:
            return None
        if clock[3]:
            hours = hours % 12 + (12 if clock[3].lower() == "p" else 0)
        return Quantity(Fraction(60 * hours + minutes), "clock")
    if plain.lower() in ("noon", "midday"):
        return Quantity(Fraction(720), "clock")
    date = _DATE.fullmatch(plain)
    if date and (place := scale_position(date[1])) and place[0] == "month" and 1 <= int(date[2]) <= 31:
        return Quantity(Fraction(_BEFORE_MONTH[place[1]] + int(date[2])), "date")
    feet = re.fullmatch(r"(\d+)\s?(?:'|′|ft\.?|feet|foot)\s?(\d+)?\s?(?:\"|″|''|in\.?|inches)?", plain, re.IGNORECASE)
    if feet:
        return Quantity(Fraction(12 * int(feet[1]) + int(feet[2] or 0)), "inch")
    found = _PLAIN.fullmatch(plain)
    if found:
        number = Fraction(found[2].replace(",", ""))
        word = found[1] or found[3] or ""
        if not word:
            return Quantity(number)
        unit = unit_of(word)
        return Quantity(number * unit[1], unit[0]) if unit else None
    words = re.split(r"[\s-]+", plain.lower())
    head = _cardinal(words)
    if head is not None:
        return Quantity(Fraction(head))
    if len(words) > 1:
        head, unit = _cardinal(words[:-1]), unit_of(words[-1])
        if head is not None and unit is not None:
            return Quantity(head * unit[1], unit[0])
        found = _PLAIN.fullmatch(" ".join(words[:2]))
        if found and words[2:] in (["old"], ["long"], ["tall"], ["high"]) and (unit := unit_of(found[3] or "")):
            return Quantity(Fraction(found[2].replace(",", "")) * unit[1], unit[0])
    return None


def _cardinal(words: list[str]) -> int | None:
    if len(words) == 1:
        return CARDINALS.get(words[0])
    if len(words) == 2 and CARDINALS.get(words[0], 0) >= 20 and CARDINALS.get(words[1], 10) < 10:
        return CARDINALS[words[0]] + CARDINALS[words[1]]
    return None
