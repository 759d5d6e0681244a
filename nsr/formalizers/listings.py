# ruff: noqa: E501  # a pattern reads best on one line
"""Lists of values in a text: `Names: a, b, c`, a heading with bullets, tables, parentheses, enumerations in prose.

Finds them with exact places; which of them are categories of the puzzle is for `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nsr.diagnostics import Span

__all__ = ["Item", "Line", "Listing", "find_listings", "lines", "prose_listings"]

_MARK = re.compile(
    r"\s*(?:(?P<bullet>[-*•‣◦–]|\|)\s+|(?P<number>\(?(?:\d{1,2}|[a-z])[.)]|(?:Clue|Hint|Fact)\s+\d{1,2}\s*[:.)]|#\d{1,2}[:.)]?|\[\d{1,2}\])\s+)",
    re.IGNORECASE,
)
_CLUE_HEADING = re.compile(
    r"[\s#*_=-]*(?:the\s+)?(?:\w+\s+)?(?:clues?|hints?|facts|constraints|rules|statements|conditions|information|known)\b[^.?!]{0,40}$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*,\s+(?:and\s+|or\s+|&\s+)?|,(?!\d{3}\b)|\s+/\s+|\s+(?:and|or|&)\s+(?!.*,\s)", re.IGNORECASE)
_VERBS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|not|isn't|doesn't|owns?|likes?|lives?|who|which|that|than|"
    r"must|can|cannot|either|neither|if|then|left|right|next|before|after)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"(?P<label>[^=|`\n]{1,110}?)\s*(?:(?<!\d):|:(?!\d\d)|=|\||\s[–—-]\s)\s*(?P<items>\S.*)$")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Listing:
    """A label and its entries; `span` covers what the list occupies. `in_prose`: it is part of a sentence."""

    label: str
    items: tuple[Item, ...]
    span: Span
    in_prose: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text without its marker. `is_clue`: it stands below a heading of clues."""

    text: str
    span: Span
    bullet: str
    number: str
    is_heading: bool
    is_clue: bool


def lines(text: str) -> list[Line]:
    """The lines that hold anything, with their markers taken off."""
    found: list[Line] = []
    at = 0
    below_clues = False
    for raw in text.splitlines(keepends=True):
        start, at = at, at + len(raw)
        body = raw.rstrip()
        if not body.strip():
            continue
        mark = _MARK.match(body)
        begin = mark.end() if mark else len(body) - len(body.lstrip())
        content = body[begin:]
        is_heading = _is_heading(content, bool(mark))
        if is_heading:
            below_clues = bool(_CLUE_HEADING.match(content.rstrip(":*_ ")))
        span = Span(start + begin, start + len(body))
        bullet, number = (mark["bullet"] or "", mark["number"] or "") if mark else ("", "")
        found.append(Line(content, span, bullet, number, is_heading, below_clues))
    return found


def _is_heading(content: str, marked: bool) -> bool:
    if content.startswith("#") and not re.match(r"#\s?\d", content):
        return True
    if re.fullmatch(r"[=\-_*~]{3,}", content):
        return True
    plain = content.strip("*_ ")
    if marked:
        return False
    short = len(plain.split()) <= 6
    bold = content.startswith(("**", "__")) and content.rstrip(":").endswith(("**", "__"))
    return short and (bold or plain.endswith(":") or bool(_CLUE_HEADING.match(plain) and not plain.endswith(".")))


def find_listings(text: str) -> list[Listing]:
    """Lists that fill lines of their own: labelled lines, headings with bullets, tables."""
    rows = lines(text)
    found = list(_tables(text))
    taken = [listing.span for listing in found]
    skip = 0
    for index, row in enumerate(rows):
        if index < skip or row.is_clue or any(s.start <= row.span.start < s.end for s in taken):
            continue
        listing = _labelled(row)
        if listing is None and (row.is_heading or _heads_list(rows, index)) and not row.is_clue:
            listing, skip = _bulleted(rows, index)
        if listing is not None:
            found.append(listing)
    return sorted(found, key=lambda found_one: found_one.span)


def _heads_list(rows: Sequence[Line], index: int) -> bool:
    """Whether a line is the label of the bullets below it: it ends in a colon, or is a word or a few alone."""
    row = rows[index]
    if row.text.rstrip("*_ ").endswith(":"):
        return True
    is_short = not (row.bullet or row.number) and len(row.text.split()) <= 3 and not re.search(r"[.!?,;]", row.text)
    return is_short and index + 1 < len(rows) and bool(rows[index + 1].bullet)


def _labelled(row: Line) -> Listing | None:
    match = _LABELLED.match(row.text)
    if match is None:
        return None
    label = match["label"].strip("*_# ")
    if not re.search(r"[A-Za-z]", label) or "," in label or re.match(r"\d{1,2}:\d\d", row.text):
        return None
    body_start = row.span.start + match.start("items")
    body = match["items"].rstrip("*| ,;")
    for left, right in ("[]", "{}", "()"):
        if body.startswith(left) and body.endswith(right):
            body, body_start = body[1:-1], body_start + 1
    items = tuple(split_items(body, body_start))
    if len(items) < 2 or len(label.split()) > 16 or any(not _is_item(i.text) for i in items):
        return None
    if row.number and not row.bullet and "`" not in body and _VERBS.search(label):
        return None
    return Listing(label, items, Span(row.span.start, row.span.end))


def _bulleted(rows: Sequence[Line], index: int) -> tuple[Listing | None, int]:
    items = []
    last = index
    for row in rows[index + 1 :]:
        if not (row.bullet or row.number) or not _is_item(row.text.rstrip(".,;")) or _labelled(row):
            break
        last += 1
        content = row.text.rstrip(".,; ").strip("*_`")
        begin = row.span.start + row.text.find(content)
        items.append(Item(content, Span(begin, begin + len(content))))
    if len(items) < 2 or any(_VERBS.search(i.text) and len(i.text.split()) > 3 for i in items):
        return None, 0
    label = rows[index].text.strip("#*_: ")
    return Listing(label, tuple(items), Span(rows[index].span.start, rows[last].span.end)), last + 1


def _tables(text: str) -> Iterator[Listing]:
    for block in re.finditer(r"(?:^[ \t]*\|.*\|[ \t]*$\n?){2,}", text, re.MULTILINE):
        grid: list[list[Item]] = []
        for line in re.finditer(r"^.*$", block[0], re.MULTILINE):
            if not line[0].strip() or re.fullmatch(r"[\s|:-]+", line[0]):
                continue
            start = block.start() + line.start()
            grid.append([_trim(m[0], start + m.start()) for m in re.finditer(r"[^|]+(?=\|)", line[0])])
        if len(grid) < 2 or all(len(row) == 1 and ":" in row[0].text for row in grid):
            continue
        span = Span(block.start(), block.end())
        listed = [row for row in grid if len(row) == 2 and len(list(split_items(row[1].text, 0))) >= 2]
        if len(listed) >= len(grid) - 1 and listed:
            for row in listed:
                yield Listing(row[0].text, tuple(split_items(row[1].text, row[1].span.start)), span)
            continue
        width = min(map(len, grid))
        header = [item.text.lower() for item in grid[0]]
        by_row = (
            not header[0]
            or header[0] in ("category", "attribute", "categories")
            or (width > 1 and all(re.search(r"\d$", h) or h in ("options", "values") for h in header[1:]))
        )
        if not by_row:
            for column in range(width):
                items = tuple(row[column] for row in grid[1:] if row[column].text)
                if len(items) >= 2:
                    yield Listing(grid[0][column].text, items, span)
        else:
            body = grid[1:] if header[0] in ("", "category", "attribute", "categories") else grid
            for row in body:
                items = tuple(i for i in row[1:] if i.text)
                if len(items) >= 2:
                    yield Listing(row[0].text, items, span)


def _trim(text: str, start: int) -> Item:
    content = text.strip().strip("*_`").strip()
    begin = start + text.find(content)
    return Item(content, Span(begin, begin + len(content)))


def split_items(body: str, start: int) -> Iterator[Item]:
    """The entries of a list with their places; blanks, backquotes and the final stop are dropped.

    So are articles, where most entries have one; else they are part of a name (`rainmaker, the glass key`).
    """
    if body.count("`") >= 4:
        for found in re.finditer(r"`([^`]+)`", body):
            yield Item(found[1], Span(start + found.start(1), start + found.end(1)))
        return
    body = body.rstrip()
    if body.endswith(".") and not re.search(r"\b[ap]\.m\.$", body) and body.count(".,") + body.count(".;") < 2:
        body = body[:-1]
    strong = re.compile(r"\s*;\s*(?:and\s+)?|\s+\|\s+") if ";" in body or " | " in body else None
    at = 0
    entries: list[tuple[int, str]] = []
    cuts = [m.span() for m in (strong or _SPLIT).finditer(body)]
    for begin, end in [*cuts, (len(body), len(body))]:
        piece = body[at:begin]
        content = piece.strip().strip("\"'“”*").strip()
        if content[:1] + content[-1:] in ("()", "[]", "{}"):
            content = content[1:-1].strip()
        if not content.istitle():
            content = re.sub(r"^(?:and|or)\s+(?=\w)", "", content, flags=re.IGNORECASE)
        entries.append((start + at + piece.rfind(content), content))
        at = end
    yield from _without_articles(entries)


_ARTICLE = re.compile(r"(?:a|an|the)\s+(?=\w)", re.IGNORECASE)


def _without_articles(entries: Sequence[tuple[int, str]]) -> Iterator[Item]:
    articles = [None if content.istitle() else _ARTICLE.match(content) for _, content in entries]
    is_usual = 2 * sum(map(bool, articles)) > len(entries)
    for (offset, content), article in zip(entries, articles, strict=True):
        cut = article.end() if article and is_usual else 0
        if content[cut:]:
            yield Item(content[cut:], Span(offset + cut, offset + len(content)))


def _is_item(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 5
        and len(text) <= 44
        and not text.endswith("?")
        and not re.search(r"\b(?:is|are|was|were|who|not)\b", text)
    )


_WORD = r"(?:[\w'’-]|(?<=\bMr)\.|(?<=\bMrs)\.|(?<=\bMs)\.|(?<=\bDr)\.|(?<=\bSt)\.|\.(?!\s+[A-Z]))+"
_ITEM = (
    r"(?:(?:an?|the|or)\s)?(?:[$£€]\s?\d[\d,]*(?:\.\d+)?|\d{1,2}:\d{2}\s?(?:[ap]\.?m\.?)?|"
    + _WORD
    + r"[%°]?(?:\s(?!and\b|or\b|are\b|is\b|were\b|each\b|all\b|who\b|have\b)"
    + _WORD
    + r"[%°]?){0,3})"
)
_NAME = r"(?:(?-i:[A-Z][\w'’-]*(?:\s[A-Z][\w'’-]*)*)|[A-Z][\w'’-]*)"
_WITH_ARTICLE = r"an?\s[\w'’-]+(?:\s(?!and\b|or\b)[\w'’-]+){0,2}"
_DAYS = "day"
"""What a list of days is called, which needs no label."""
_DAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_LIST = rf"{_ITEM}(?:,\s{_ITEM})*,?\s(?:and|or|&)\s{_ITEM}|{_ITEM}(?:,\s{_ITEM}){{2,}}"
_PATTERNS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (rf"(?P<label>[A-Za-z][\w'’ -]{{1,60}}?)\s*[\(\[](?P<items>{_LIST}|{_ITEM},\s{_ITEM})[\)\]]", 0),
        (rf"(?:^|(?<=[.;,]\s))(?:and\s)?(?P<label>(?:[Tt]he|[Tt]heir|Possible|Available)\s[\w'’ -]{{2,50}}?)\s(?:are|were|include|is one of)(?:\s(?:called|named|as follows))?:?\s(?P<items>{_LIST})(?=[.;]|$|,?\s(?:and|while)\s(?:the|their)\b)", re.MULTILINE),
        (rf"(?P<label>(?:\b\w+\s)?(?:different|unique|distinct|own|favou?rite|separate|various)\s[\w'’ -]{{2,40}}?)\s*(?::|–|—|,|-)\s*(?P<items>{_LIST})(?=[.;)–—]|$|\sand\s(?:a|an|each|his|her|their)\b)", re.MULTILINE),
        (rf"(?P<label>\b(?:two|three|four|five|six|seven|eight|\d)\s[\w'’-]+(?:\s[a-z]+)?)(?:\s(?:named|called))?\s*(?:,|:|–|—|-|\s)\s*(?P<items>{_NAME}(?:,\s{_NAME})*,?\s(?:and|&)\s{_NAME})", re.IGNORECASE),
        (r"(?P<items>\d+(?:,\s\d+)+,?\s(?:and|or)\s\d+)\s(?P<label>[a-z]{3,})", 0),
        (rf"(?P<label>\b\w+)\s(?P<items>{_WITH_ARTICLE}(?:,\s{_WITH_ARTICLE}){{1,}},?\s(?:and|or)\s{_WITH_ARTICLE})(?=[.;,]|$)", re.MULTILINE),
        (rf"(?P<items>{_DAY}(?:,\s{_DAY})+,?\s(?:and|or)\s{_DAY})", 0),
        (rf"(?P<label>[\w'’ -]{{2,60}}?)\s*(?::|–|—)\s*(?P<items>{_LIST})(?=[.;)–—]|$)", re.MULTILINE),
    )
)  # fmt: skip


def prose_listings(text: str) -> list[Listing]:
    """Lists inside sentences: parentheses, `Four friends, Ann, Bo and Cy`, `a different pet: cat, dog or fish`."""
    found: list[Listing] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            span = Span(match.start("items"), match.start("items") + len(match["items"].rstrip(".")))
            if any(f.span.start < span.end and span.start < f.span.end for f in found):
                continue
            items = tuple(split_items(match["items"], span.start))
            if len(items) >= 2 and all(_is_item(i.text) and not _VERBS.search(i.text) for i in items):
                label = match.groupdict().get("label", _DAYS).strip()
                found.append(Listing(label, items, span, in_prose=True))
    return sorted(found, key=lambda listing: listing.span)
