"""The shape that Logic-LM's notations share: headed sections of lines, each with a comment after `:::`.

A line is kept with its place in the text, so that whatever is found in it can be shown there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nsr.diagnostics import Span
from nsr.dialects.repairs import Findings
from nsr.language import ast

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

__all__ = [
    "MAX_LINE",
    "Line",
    "citations",
    "close_brackets",
    "is_too_long",
    "line_parser",
    "place_of",
    "prose_apart",
    "split_sections",
    "strip_punctuation",
]

MAX_LINE = 4000
"""Longest line that is read."""

_COMMENT = ":::"
_FENCE = "```"
_REMARK = ("#", "//")
_BEHIND = "answer"
_ITEM = re.compile(r"\s*(?:[-*•]|\(?\d{1,3}[.)])[ \t]+")
_PROSE = re.compile(r"[A-Z][\w'’,;-]*+(?: \(?[\w'’,;:-]++\)?){3,}[.!?:]")
_MAX_CITATION = 300
_MAX_HEADING = 300
_OPENING = {"(": ")", "[": "]", "{": "}"}
_MAX_OPEN = 60


@cache
def line_parser(grammar: Path) -> Lark:
    """The parser of a grammar file, for texts of one line; `place_of` tells the places of its trees."""
    from lark import Lark

    return Lark(grammar.read_text(encoding="utf-8"), parser="lalr", maybe_placeholders=False)


def place_of(tree: Tree[Any] | Token) -> tuple[int, int]:
    """Where a tree begins and ends in its line: the places of its first and its last token, which grammars keep.

    Lark's `propagate_positions` does the same for every tree, asked for or not, and takes as long as the rest of it.
    """
    first: Any = tree
    while not hasattr(first, "start_pos"):
        first = first.children[0]
    last: Any = tree
    while not hasattr(last, "end_pos"):
        last = last.children[-1]
    return first.start_pos, last.end_pos


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something: `text` without its comment and without blanks around, `start` its place."""

    text: str
    comment: str
    start: int

    @property
    def span(self) -> Span:
        """The place of `text`."""
        return Span(self.start, self.start + len(self.text))

    def place(self, start: int, end: int) -> Span:
        """The place of a piece of `text`."""
        return Span(self.start + start, self.start + max(start, end))


def split_sections(text: str, headings: Mapping[str, re.Pattern[str]]) -> dict[str, list[Line]]:
    """The lines below each heading, or behind it; what stands before the first is under the empty name.

    A heading is what one of `headings` matches, a whole line or up to its colon; the same heading twice continues its
    section. What follows a fenced block is under `answer`. Bullets and numbers in front of lines say nothing; other
    lines that begin with `#` or `//` are remarks.
    """
    sections: dict[str, list[Line]] = {}
    current = ""
    is_fenced = False
    offset = 0
    for raw in text.splitlines(keepends=True):
        body, mark, comment = raw.partition(_COMMENT)
        start = len(body) - len(body.lstrip())
        if body[start:].startswith(_FENCE):
            current = _BEHIND if is_fenced else current
            is_fenced = not is_fenced
        elif body.strip():
            name, behind = _heading(body[start:].rstrip(), headings)
            if name:
                current = name
                sections.setdefault(current, [])
                start += behind
            if not name and (item := _ITEM.match(body)) is not None:
                start = item.end()
            said = body[start:].strip()
            if said and not said.startswith(_REMARK):
                sections.setdefault(current, []).append(Line(said, comment.strip() if mark else "", offset + start))
        offset += len(raw)
    return sections


def _heading(line: str, headings: Mapping[str, re.Pattern[str]]) -> tuple[str, int]:
    """The heading that a line is, or begins with, and where what stands behind it begins; empty if there is none."""
    if len(line) > MAX_LINE:
        return "", 0
    upto = line.find(":") + 1
    for name, pattern in headings.items():
        if len(line) <= _MAX_HEADING and pattern.fullmatch(line):
            return name, len(line)
        if 0 < upto <= _MAX_HEADING and name != _BEHIND and pattern.fullmatch(line[:upto]):
            rest = line[upto:]
            return name, len(line) - len(rest.lstrip(" \t*"))
    return "", 0


def prose_apart(sections: dict[str, list[Line]]) -> dict[str, list[Line]]:
    """The sections with sentences in English among what stands behind the program."""
    found: dict[str, list[Line]] = {_BEHIND: []}
    for name, lines in sections.items():
        found.setdefault(name, [])
        for line in lines:
            is_prose = len(line.text) <= MAX_LINE and not line.comment and _PROSE.fullmatch(line.text)
            found[_BEHIND if is_prose else name].append(line)
    return found


def is_too_long(line: Line, findings: Findings) -> bool:
    """Whether a line is longer than is read; then it is told."""
    if len(line.text) <= MAX_LINE:
        return False
    message = f"this line has {len(line.text):,} characters; at most {MAX_LINE:,} are read"
    findings.error("logiclm-line-too-long", message, line.span, help="break it into several statements")
    return True


def citations(comment: str) -> tuple[ast.Citation, ...]:
    """The comment of a line as the sentence that its statement formalizes."""
    words = " ".join(comment.split())
    return (ast.Citation(words[:_MAX_CITATION]),) if re.search(r"\w", words) else ()


def strip_punctuation(line: Line, findings: Findings) -> Line:
    """The line without a full stop, comma or semicolon at its end."""
    text = line.text.rstrip(".;, ")
    if text == line.text:
        return line
    findings.repair(
        "logiclm-stray-punctuation", "this ends a sentence, not a formula", line.place(len(text), len(line.text)), ""
    )
    return Line(text, line.comment, line.start)


def close_brackets(line: Line, findings: Findings) -> Line | None:
    """The line with brackets that are missing at its end added, and those too many there taken away.

    None, after an error, where a bracket inside the line has no partner: what it should enclose is in doubt.
    """
    text = line.text
    waiting: list[str] = []
    for place, character in enumerate(text):
        if character in _OPENING:
            waiting.append(_OPENING[character])
            if len(waiting) > _MAX_OPEN:
                span = line.place(place, place + 1)
                findings.error("logiclm-nesting-too-deep", f"more than {_MAX_OPEN} brackets are open", span)
                return None
        elif character in _OPENING.values():
            if waiting and waiting[-1] == character:
                waiting.pop()
            elif not waiting and not text[place:].strip(")]}. ,;"):
                span = line.place(place, len(text))
                findings.repair("logiclm-bracket-too-many", "this closes a bracket that is not open", span, "")
                return Line(text[:place].rstrip(), line.comment, line.start)
            else:
                span = line.place(place, place + 1)
                help_ = "close the brackets in the order in which they were opened"
                findings.error("logiclm-unmatched-bracket", f"`{character}` has no partner", span, help=help_)
                return None
    if waiting:
        missing = "".join(reversed(waiting))
        end = line.place(len(text), len(text))
        findings.repair("logiclm-bracket-missing", f"`{missing}` is missing at the end", line.span, missing, at=end)
        return Line(text + missing, line.comment, line.start)
    return line
