"""Word lists written as one text, and stems of words."""

from __future__ import annotations

__all__ = ["NUMBERED_NOUNS", "PLACE_NOUNS", "stem", "words_of"]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that are separated by blanks."""
    return tuple(text.split())


PLACE_NOUNS = words_of(
    "house position place seat spot slot floor level lane desk room table stand booth plot locker rank round chair "
    "shelf apartment stall berth cabin tent stop"
)
"""What the places of a row are called: four `houses` side by side are the places of four people."""

NUMBERED_NOUNS = PLACE_NOUNS + words_of(
    "lot row day week bay pier step dock gate unit building door station suite car track bed box site"
)
"""Also what means a place only beside its number or ordinal: `car 3`, `the second day`."""

_ALIASES: dict[str, str] = {}
for _group in (
    "brit british britain briton english england uk", "dane danish denmark", "swede swedish sweden",
    "norwegian norway norse", "german germany", "dutch netherlands holland dutchman dutchwoman", (
        "french france frenchman frenchwoman"
    ),
    "spanish spain spaniard", "pole polish poland", "finn finnish finland", "turk turkish turkey", "greek greece",
    "swiss switzerland", "irish ireland irishman", "scot scottish scotland scotsman", "welsh wales", "chinese china", (
        "thai thailand"
    ),
    "icelander icelandic iceland", "american america usa us", "filipino philippines philippine", "peru peruvian",
    "belgian belgium", "czech czechia", "serb serbian serbia", "croat croatian croatia", "japanese japan",
    "photography photographer photographs photograph", "woodworking woodworker woodwork",
    "doctorate phd doctoral", "television tv", "airplane plane", "bicycle bike cycling cyclist", "fries fry",
    "leaf leaves", "wolf wolves", "knife knives", "mouse mice", "goose geese", "man men", "woman women", (
        "child children"
    ),
    "tooth teeth", "foot feet", "fishing fisher fisherman angler",
):  # fmt: skip
    for _word in _group.split():
        _ALIASES[_word] = _group.split(maxsplit=1)[0]
_ENDINGS = words_of("ations ation ings ing ists ist ers ies ier er ed es s y e")


def stem(word: str) -> str:
    """A crude stem: shared names of nationalities and the like, else the word without one common ending."""
    if word in _ALIASES:
        return "=" + _ALIASES[word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        word = word[:-1]
    return word
