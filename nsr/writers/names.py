"""Names that another notation takes: readable where its alphabet allows, safe and unique everywhere."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

__all__ = ["Alphabet", "Names", "comment"]

LONGEST_COMMENT = 200


@dataclass(frozen=True, slots=True)
class Alphabet:
    """What a notation allows in a name.

    `first` and `others` are the characters as they stand between the brackets of a regular expression, `prefix` comes
    before a name that begins with no such character (and has to begin with one itself), `reserved` are words that no
    name may be. Where `is_case_blind`, names that differ in case only are the same.
    """

    first: str = "A-Za-z_"
    others: str = "A-Za-z0-9_"
    prefix: str = "n_"
    longest: int = 60
    reserved: frozenset[str] = frozenset()
    is_case_blind: bool = False


@dataclass(slots=True)
class Names:
    """Gives each thing one name of an alphabet, the same whenever it is asked for, and no two things the same."""

    alphabet: Alphabet = field(default_factory=Alphabet)
    _given: dict[Hashable, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)

    def of(self, thing: Hashable, *parts: object) -> str:
        """The name of a thing, made from the words in `parts` (from the thing itself where there are none)."""
        known = self._given.get(thing)
        if known is None:
            known = self._unique(self._safe([str(part) for part in parts or (thing,)]))
            self._given[thing] = known
            self._taken.add(self._folded(known))
        return known

    def _safe(self, parts: Sequence[str]) -> str:
        words = []
        for part in parts:
            plain = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode("ascii")
            plain = re.sub(r"^-(?=\d)", "minus_", plain)
            words.append(re.sub(f"[^{self.alphabet.others}]+", "_", plain).strip("_"))
        name = "_".join([word for word in words if word])[: self.alphabet.longest].rstrip("_")
        if not re.match(f"[{self.alphabet.first}]", name):
            name = f"{self.alphabet.prefix}{name}"
        return name

    def _unique(self, name: str) -> str:
        if not self._taken:
            self._taken.update(map(self._folded, self.alphabet.reserved))
        candidate, number = name, self._numbers.get(self._folded(name), 1)
        while self._folded(candidate) in self._taken:
            number += 1
            candidate = f"{name}_{number}"
        self._numbers[self._folded(name)] = number
        return candidate

    def _folded(self, name: str) -> str:
        return name.lower() if self.alphabet.is_case_blind else name


def comment(text: str, mark: str) -> str:
    """A text as a comment of one line behind a mark; what could end the line is written as a blank."""
    plain = "".join([c if c.isprintable() else " " for c in text])
    if len(plain) > LONGEST_COMMENT:
        plain = f"{plain[:LONGEST_COMMENT]}..."
    return f"{mark} {plain}"
