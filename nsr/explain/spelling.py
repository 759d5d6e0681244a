"""Names of a program back in the spelling of the text.

A name stands for words of the text when both read the same without case, accents, apostrophes, blanks, hyphens and
underscores (LANGUAGE section 3, "names of the text").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from nsr.language.sorts import Element, SetSort, Sort, Value

Spelled: TypeAlias = "str | int | bool | list[Spelled] | None"
"""A value as the result object has it."""

_DROPPED = re.compile(r"['’`´]")
_SEPARATORS = re.compile(r"[\s_\-‐‑–]+")


def folded(name: str) -> str:
    """The form in which names of programs and words of texts are compared."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _SEPARATORS.sub(" ", _DROPPED.sub("", plain)).strip()


class Spelling:
    """Looks names of a program up in the text that it formalizes; the first occurrence decides.

    `numbers` spells the elements of types of numbers, by the type's name (`{"Price": {225: "$225"}}`).
    """

    def __init__(self, text: str = "", numbers: Mapping[str, Mapping[int | Fraction, str]] | None = None) -> None:
        self._text = text
        self._numbers = numbers or {}
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        """`name` as the text spells it, or with blanks for underscores where the text does not have it."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name: str) -> str:
        words = [re.escape(w) for w in _SEPARATORS.split(_DROPPED.sub("", name).strip()) if w]
        if words and self._text:
            # An apostrophe may stand anywhere in the text where the name has none.
            spaced = [r"['’]?".join(re.findall(r"\\.|.", word)) for word in words]
            pattern = r"(?<!\w)" + r"[\s_\-‐‑–]+".join(spaced) + r"(?!\w)"
            for candidate in (self._text, _without_accents(self._text)):
                found = re.search(pattern, candidate, re.IGNORECASE)
                if found:
                    return self._text[found.start() : found.end()]
        return name.replace("_", " ")

    def value(self, value: Value, sort: Sort | None = None) -> Spelled:
        """A value for the result object; a set is a list, in the order of its type.

        Numbers stay numbers unless the text spells the elements of their type otherwise; rationals that are not whole
        are spelled as decimals or `"7/3"`.
        """
        if sort is not None and isinstance(value, int | Fraction) and not isinstance(value, bool):
            spelled = self._numbers.get(str(sort), {}).get(value)
            if spelled is not None:
                return spelled
        match value:
            case frozenset():
                element = sort.element if isinstance(sort, SetSort) else None
                return [self.value(v, element) for v in sorted(value, key=_place)]
            case Element(_, name, _):
                return self.of(name)
            case Fraction():
                return rational(value)
            case _:
                return value


def _place(value: Value) -> int | Fraction:
    """What the values of one type are ordered by."""
    return value.index if isinstance(value, Element) else value if isinstance(value, int | Fraction) else 0


def rational(value: Fraction) -> str:
    """A finite decimal where there is one, else `numerator/denominator`."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = 0
    scaled = value
    while scaled.denominator != 1:
        scaled *= 10
        digits += 1
    sign = "-" if scaled < 0 else ""
    whole = str(abs(scaled.numerator)).rjust(digits + 1, "0")
    return f"{sign}{whole[:-digits]}.{whole[-digits:]}" if digits else f"{sign}{whole}"


def _without_accents(text: str) -> str:
    """Same length as `text`, each letter without its accents, so that offsets stay good."""
    out = []
    for character in text:
        decomposed = unicodedata.normalize("NFKD", character)
        out.append(decomposed[0] if decomposed else character)
    return "".join(out)
