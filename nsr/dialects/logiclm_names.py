"""One name for all spellings of a thing, and different names for different things.

Spellings that differ in case, blanks and signs are one name; so are the regular plural and singular of one predicate,
and two neighbouring letters that changed places, if the sentences of the text know one of the two only. Names are never
merged for being close: in PrOntoQA `Jompus` and `Rompus` are different classes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

__all__ = ["fold", "is_form", "merged", "plural_of", "snake", "words_of"]


_MAX_WORD = 40


def fold(name: str) -> str:
    """What a name and its spellings by case, blanks and signs have in common; `the` in front does not count."""
    parts = [p for p in re.split(r"[\W_]+", name) if p]
    if len(parts) > 1 and parts[0].casefold() == "the":
        parts = parts[1:]
    return "".join(parts).casefold()


def snake(name: str) -> str:
    """The name in lower case with `_` between its words; empty if it has no letter or digit."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    parts = [p for p in re.split(r"[\W_]+", spaced) if p]
    if len(parts) > 1 and parts[0].casefold() == "the":
        parts = parts[1:]
    return "_".join(parts).casefold()


def words_of(sentences: Iterable[str]) -> frozenset[str]:
    """The words of sentences, folded."""
    return frozenset(fold(w) for s in sentences for w in re.findall(r"[\w'’-]+", s))


def plural_of(one: str, many: str) -> bool:
    """Whether `many` is the regular plural of `one` (or the verb form in `-s`)."""
    if many in (one + "s", one + "es"):
        return len(one) > 2
    return many.endswith("ies") and many[:-3] + "y" == one


def is_form(one: str, other: str) -> bool:
    """Whether two folded words are the same but for a regular plural."""
    return one == other or plural_of(one, other) or plural_of(other, one)


def merged(used: Counter[str], text: frozenset[str]) -> Mapping[str, str]:
    """For each folded name that is another form of a name in `used`, that name.

    `text` holds the words of the sentences, without which two names with letters that changed places stay apart.
    """
    found: dict[str, str] = {}
    for name in sorted(used):
        for other in _singulars(name):
            if other in used:
                found[name] = other
                break
        else:
            if text and name not in text and (near := [o for o in _transposed(name) if o in used and o in text]):
                found[name] = near[0]
    return {name: found.get(other, other) for name, other in found.items()}


def _singulars(name: str) -> list[str]:
    candidates = [name[:-1], name[:-2], name[:-3] + "y"]
    return [c for c in candidates if c and plural_of(c, name)]


def _transposed(name: str) -> list[str]:
    if len(name) > _MAX_WORD:
        return []
    swaps = [name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1) if name[i] != name[i + 1]]
    return sorted(swaps)
