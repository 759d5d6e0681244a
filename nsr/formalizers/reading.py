# ruff: noqa: E501  # a pattern reads best on one line
"""Finds the declarations of a logic grid in its text: which lists are categories, what they are measured in.

Deterministic. A list is a category when its number of entries is the one most lists share; positions are taken from
phrases such as `5 houses, numbered 1 to 5`, `lined up in a row` or `finished first through fourth`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from nsr.diagnostics import Span
from nsr.formalizers.declarations import Category, Declarations, Scale, Value, arrange, label_words, spell_name
from nsr.formalizers.listings import Item, Listing, find_listings, lines, prose_listings
from nsr.formalizers.quantities import (
    CARDINALS,
    ORDINALS,
    Quantity,
    format_number,
    read_quantity,
    scale_position,
    unit_of,
)
from nsr.formalizers.words import words_of

__all__ = ["read_declarations"]

_COUNT = r"(?P<count>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
_PLACES = words_of(
    "house position place seat spot floor room locker desk stall booth lane table apartment office shop cabin "
    "tent plot chair home level slot rank round berth stand shelf stop"
)  # fmt: skip
_NUMBERED = (
    re.compile(rf"\b{_COUNT}\s+(?:[a-z-]+\s+){{0,3}}?(?P<noun>[a-z]+?)s?\b[^.\n]{{0,60}}?\b(?:numbered|labell?ed|from)\s*(?:from\s+)?#?1\s*(?:to|through|[-–—.]+)\s*#?(?P<last>\d+)", re.IGNORECASE),
    re.compile(rf"\b(?P<noun>[a-z]+?)s?\s*(?:(?:are|is)\s+)?(?:numbered\s*|labell?ed\s*)?(?:from\s*)?\(?#?1\s*(?:to|through|[-–—]|\.\.+)\s*#?(?P<last>{_COUNT[10:-1]})\b", re.IGNORECASE),
    re.compile(r"\b(?P<noun>finish|place|rank|position|come|arrive)\w*\s+(?:in\s+)?(?:from\s+)?(?:first|1st)\s+(?:to|through)\s+(?P<ordinal>[a-z]+|\d+(?:st|nd|rd|th))\b", re.IGNORECASE),
    re.compile(r"\b(?P<noun>first|1st), (?:[a-z]+, |\d(?:nd|rd|th), )*[a-z\d]+,? (?:and|or) (?P<ordinal>second|third|fourth|fifth|sixth|seventh|eighth|[2-8](?:nd|rd|th))\b", re.IGNORECASE),
)  # fmt: skip
_ROW = re.compile(
    r"\b(?:in a (?:straight |single )?(?:row|line|queue)|in line|lined up|side by side|from left to right|next to each other|"
    r"left[- ]to[- ]right|on (?:a|the same) (?:street|shelf)|adjacent|consecutive(?:ly)?)\b",
    re.IGNORECASE,
)
_ROW_COUNT = re.compile(rf"\b{_COUNT}\s+(?:[a-z-]+\s+){{0,2}}?(?P<noun>[a-z]+)\b", re.IGNORECASE)


def read_declarations(text: str) -> Declarations | None:
    """The categories of the text with base and names settled, or None where no two lists agree in length."""
    listings = find_listings(text)
    size = _size(listings, text)
    if sum(len(i.items) == size for i in listings) < 2:
        intro = _intro(text, listings)
        listings = [*listings, *prose_listings(intro)]
        size = _size(listings, text)
    chosen = [i if len(i.items) == size else _joined(i, text) for i in listings if len(i.items) in (size, size + 1)]
    chosen = [i for i in chosen if len(i.items) == size]
    categories = [c for c in (_category(i) for i in chosen) if c is not None]
    categories = _without_repeats(categories)
    if not categories or size < 2:
        return None
    if not any(c.is_positions for c in categories):
        positions = _positions(text, size, [i.span for i in listings])
        if positions is not None:
            categories.insert(0, positions)
    if len(categories) < 2:
        return None
    return arrange(categories, _entity(text, size))


def _size(listings: Sequence[Listing], text: str) -> int:
    counts: Counter[int] = Counter()
    for listing in listings:
        counts[len(listing.items)] += 2
        if len(_joined(listing, text).items) < len(listing.items):
            counts[len(listing.items) - 1] += 1
    if not counts:
        return 0
    stated = {_count_of(m["count"]) for m in _ROW_COUNT.finditer(text[:600])}
    return max(counts, key=lambda n: (counts[n] + (1.5 if n in stated else 0), n))


def _joined(listing: Listing, text: str) -> Listing:
    """The list with its last two entries as one (`fish and chips`)."""
    *first, left, right = listing.items
    if len(first) < 2 or not re.fullmatch(r"\s+(?:and|or|&)\s+", text[left.span.end : right.span.start], re.IGNORECASE):
        return listing
    span = Span(left.span.start, right.span.end)
    return Listing(listing.label, (*first, Item(text[span.start : span.end], span)), listing.span, listing.in_prose)


def _intro(text: str, listings: Sequence[Listing]) -> str:
    """The text with everything below a heading of clues, and what lists already occupy, blanked out."""
    kept = list(text)
    for row in lines(text):
        if row.is_clue or row.number:
            kept[row.span.start : row.span.end] = " " * (row.span.end - row.span.start)
    for listing in listings:
        for i in range(listing.span.start, listing.span.end):
            kept[i] = " " if kept[i] != "\n" else "\n"
    return "".join(kept)


def _category(listing: Listing) -> Category | None:
    items = listing.items
    if len({i.text.lower() for i in items}) < len(items):
        return None
    label = " ".join(re.sub(r"[*_#`|]", " ", listing.label).split()) or "category"
    if listing.in_prose:
        label = _prose_label(label)
    numeric = _numeric(items, label)
    if numeric is not None:
        values, unit = numeric
        return Category(label, "", "", values, Scale.NUMERIC, unit, listing.span)
    places = [scale_position(i.text) for i in items]
    scales = {p[0] for p in places if p is not None}
    if all(p is not None for p in places) and len(scales) == 1 and len(set(places)) == len(items):
        scale = scales.pop()
        ordered = sorted(zip(items, places, strict=True), key=lambda pair: pair[1][1] if pair[1] else 0)
        return Category(
            label,
            "",
            "",
            tuple(_value(i) for i, _ in ordered),
            Scale.ORDERED,
            scale if scale in ("month", "day") else "",
            listing.span,
        )
    values = tuple(_value(i) for i in items)
    if len({v.name for v in values}) < len(values):
        values = tuple(Value(f"`{v.text}`", v.text, v.number, v.spans) for v in values)
    return Category(label, "", "", values, Scale.NONE, "", listing.span)


def _value(item: Item) -> Value:
    return Value(spell_name(item.text), item.text, None, (item.span,))


def _numeric(items: Sequence[Item], label: str) -> tuple[tuple[Value, ...], str] | None:
    """The entries as numbers in ascending order with their unit, or None if they are no numbers of one kind."""
    quantities = [q for i in items if (q := read_quantity(i.text)) is not None]
    if len(quantities) < len(items):
        quantities = _counts(items)
    if not quantities:
        return None
    units = {q.unit for q in quantities}
    if len(units) > 1:
        return None
    base = units.pop()
    spelled = _spelled_unit(items[0].text) if base not in ("clock", "date", "") else ""
    unit = base if base in ("clock", "date") else spelled or base
    factor = Fraction(1)
    if spelled and (known := unit_of(spelled)):
        factor = known[1]
    numbers = [q.number / factor for q in quantities]
    if base == "clock":
        numbers = _through_noon(numbers, items)
    if len(set(numbers)) < len(numbers):
        return None
    if not unit:
        unit = _after_figure(items[0].text) or next(
            (w for w in re.findall(r"[a-z$]+", label.lower()) if unit_of(w) and len(w) > 2 and w not in ("second",)), ""
        )
        if not unit and min(numbers) >= 1500 and max(numbers) <= 2100 and all(n.denominator == 1 for n in numbers):
            unit = "year"
        if not unit and re.search(r"\bages?\b|\bold\b", label.lower()):
            unit = "years"
        if not unit and re.search(r"\b(?:price|cost)s?\b", label.lower()):
            unit = "$"
    ordered = sorted(zip(numbers, items, strict=True), key=lambda pair: pair[0])
    return tuple(Value(format_number(n), i.text, n, (i.span,)) for n, i in ordered), unit


_HALF_DAY = Fraction(720)


def _through_noon(numbers: list[Fraction], items: Sequence[Item]) -> list[Fraction]:
    """Times without `am` and `pm` that stand in order but for one fall (`11:00, 12:00, 1:00`) go on after noon."""
    falls = [i for i in range(1, len(numbers)) if numbers[i] < numbers[i - 1]]
    if len(falls) != 1 or any(re.search(r"[ap]\.?m|noon|midday", i.text, re.IGNORECASE) for i in items):
        return numbers
    later = [n + _HALF_DAY if i >= falls[0] else n for i, n in enumerate(numbers)]
    return later if later == sorted(later) and later[-1] < 2 * _HALF_DAY else numbers


def _after_figure(text: str) -> str:
    found = re.fullmatch(r"[\d.,]+\s+([A-Za-z][A-Za-z ]*)", text)
    return found[1].lower() if found else ""


def _counts(items: Sequence[Item]) -> list[Quantity]:
    """Figures with the same words behind each (`20 calories`, `35 calories`), where those are no known unit."""
    parts = [re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)\s+([A-Za-z][A-Za-z ]*)", i.text) for i in items]
    if not all(parts):
        return []
    words = {p[2].lower().removesuffix("s") for p in parts if p}
    if len(words) > 1 or unit_of(words.pop().split()[0]):
        return []
    return [Quantity(Fraction(p[1].replace(",", ""))) for p in parts if p]


def _spelled_unit(text: str) -> str:
    if re.match(r"\d+\s?['′]", text):
        return "inches"
    found = re.search(r"[$£€]", text) or re.search(r"(?<=\d)\s?([A-Za-z°%]+)", text) or re.search(r"([A-Za-z]+)$", text)
    return found[0].strip().lower() if found else ""


def _prose_label(label: str) -> str:
    label = re.sub(r"\s+of\s+(?:the|these|each|all|their)\b.*$", "", label, flags=re.IGNORECASE)
    words = re.sub(r"^(?:the|their|possible|available)\s+", "", label, flags=re.IGNORECASE).split()
    found = re.search(r"(?:different|unique|distinct|own|favou?rite|separate|various)\s+(.+)$", label, re.IGNORECASE)
    if found:
        return found[1]
    if words and (words[0].lower() in CARDINALS or words[0].isdigit()):
        return " ".join(words[1:])
    return " ".join(words[-3:])


def _without_repeats(categories: Sequence[Category]) -> list[Category]:
    kept: list[Category] = []
    for category in categories:
        same = {v.text.lower() for v in category.values}
        if not any(
            {v.text.lower() for v in k.values} == same and label_words(k.label) == label_words(category.label)
            for k in kept
        ):
            kept.append(category)
    return kept


def _positions(text: str, size: int, blocked: Sequence[Span]) -> Category | None:
    for pattern in _NUMBERED:
        for found in pattern.finditer(text):
            groups = found.groupdict()
            last = groups.get("last") or groups.get("ordinal") or ""
            number = (
                int(last)
                if last.isdigit()
                else CARDINALS.get(last.lower()) or ORDINALS.get(last.lower()) or int(re.sub(r"\D", "", last) or 0)
            )
            if number == size and not any(b.start <= found.start() < b.end for b in blocked):
                noun = (
                    _counted_noun(text[text.rfind("\n", 0, found.start()) + 1 : found.end()], size)
                    or groups["noun"].lower()
                )
                return _range("place" if groups.get("ordinal") else noun, size, Span(*found.span()))
    row = _ROW.search(text)
    if row is None:
        return None
    start = text.rfind("\n", 0, row.start()) + 1
    for found in _ROW_COUNT.finditer(text[start:]):
        if _count_of(found["count"]) == size:
            noun = found["noun"].lower().removesuffix("s")
            return _range(noun if noun in _PLACES else "position", size, Span(*row.span()))
    return _range("position", size, Span(*row.span()))


def _counted_noun(sentence: str, size: int) -> str:
    """What is counted last before the numbering: `five students sit in five seats, numbered 1-5` -> seat."""
    nouns = [f["noun"].lower() for f in _ROW_COUNT.finditer(sentence) if _count_of(f["count"]) == size]
    kept = [n.removesuffix("s") for n in nouns if n.endswith("s")]
    return kept[-1] if kept else ""


def _count_of(word: str) -> int:
    return int(word) if word.isdigit() else CARDINALS[word.lower()]


def _range(noun: str, size: int, span: Span) -> Category:
    values = tuple(Value(str(n), str(n), Fraction(n), ()) for n in range(1, size + 1))
    return Category(noun, "", "", values, Scale.NUMERIC, "", span)


_MATCHED = re.compile(r"\bmatch each (\w+) (?:to|with)\b", re.IGNORECASE)


def _entity(text: str, size: int) -> str:
    for found in _ROW_COUNT.finditer(text[:600]):
        if _count_of(found["count"]) == size and found["noun"].lower().endswith("s"):
            return found["noun"].lower().removesuffix("s")
    matched = _MATCHED.search(text)
    return matched[1].lower() if matched else ""
