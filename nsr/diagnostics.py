"""Spans, diagnostics and their three renderings: for a terminal, for a prompt, as JSON.

A diagnostic is data. Stages return them; they become exceptions only at the public border.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "Diagnostic",
    "Fix",
    "Label",
    "Severity",
    "Source",
    "Span",
    "has_errors",
    "nearest",
    "render",
    "render_for_prompt",
]


class Span(NamedTuple):
    """A half-open range of character offsets into a source text."""

    start: int
    end: int


class Severity(Enum):
    """How much a diagnostic weighs: an error stops the flow, a warning is shown with the answer.

    A repair says what a reader of another notation mended on the way; it has a `fix`.
    """

    ERROR = "error"
    WARNING = "warning"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that matters to a diagnostic, with a few words on why."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A certain repair: replace the characters of `span` by `replacement`."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One independent finding of one stage.

    `code` is stable and kebab-case, `found` a few words set at the primary span, `expected` the legal
    choices when they are few, `fix` present only when the repair is certain.
    """

    code: str
    message: str
    span: Span
    severity: Severity = Severity.ERROR
    found: str = ""
    labels: tuple[Label, ...] = ()
    help: str = ""
    expected: tuple[str, ...] = ()
    fix: Fix | None = None
    notes: tuple[str, ...] = field(default=())


class Source:
    """A text with line starts, to turn offsets into lines and columns (both from 1)."""

    def __init__(self, text: str, name: str = "program") -> None:
        self.text = text
        self.name = name
        self._starts = [0]
        for index, character in enumerate(text):
            if character == "\n":
                self._starts.append(index + 1)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset; past the end is the end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return line + 1, offset - self._starts[line] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def nearest(name: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates closest in spelling to `name`, best first; ignores case."""
    by_folded: dict[str, str] = {}
    for candidate in candidates:
        by_folded.setdefault(candidate.casefold(), candidate)
    return tuple(by_folded[m] for m in get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.6))


_MAX_LINE = 160


def _excerpt(source: Source, span: Span, note: str, mark: str, gutter: int) -> list[str]:
    line_number, column = source.position(span.start)
    line = source.line(line_number)
    width = max(1, min(span.end - span.start, len(line) - column + 1))
    if len(line) > _MAX_LINE:
        shift = max(0, column - 1 - _MAX_LINE // 2)
        line = ("…" if shift else "") + line[shift : shift + _MAX_LINE] + "…"
        column -= shift - (1 if shift else 0)
        width = min(width, max(1, len(line) - column + 1))
    line = _visible(line)
    # Tabs keep their place in the line of marks, so that both lines align whatever the tab width.
    pad = "".join("\t" if c == "\t" else " " * _columns(c) for c in line[: column - 1])
    marks = mark * max(1, sum(map(_columns, line[column - 1 : column - 1 + width])))
    return [
        f"{line_number:>{gutter}} | {line}".rstrip(),
        f"{'':>{gutter}} | {pad}{marks}" + (f" {note}" if note else ""),
    ]


_INVISIBLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def _visible(text: str) -> str:
    """`text` with a sign in place of each character that a terminal would obey or hide."""
    return _INVISIBLE.sub("\ufffd", text)


def _columns(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def render(diagnostics: Sequence[Diagnostic], source: Source) -> str:
    """All diagnostics for a person at a terminal: place, excerpt, labels, help."""
    blocks = []
    for d in diagnostics:
        line, column = source.position(d.span.start)
        places = [d.span, *(label.span for label in d.labels)]
        gutter = max(len(str(source.position(s.start)[0])) for s in places)
        out = [f"{d.severity.value}[{d.code}]: {d.message}", f"{'':>{gutter}}--> {source.name}:{line}:{column}"]
        out += _excerpt(source, d.span, d.found, "^", gutter)
        for label in d.labels:
            out += _excerpt(source, label.span, label.text, "-", gutter)
        if d.expected:
            out.append("expected: " + ", ".join(d.expected))
        if d.help:
            out.append(f"help: {d.help}")
        out += [f"note: {note}" for note in d.notes]
        blocks.append("\n".join("\n".join(map(_visible, piece.split("\n"))) for piece in out))
    return "\n\n".join(blocks)


def render_for_prompt(diagnostics: Sequence[Diagnostic], source: Source) -> str:
    """All diagnostics for a language model: one numbered item each, with the offending line and the way out."""
    items = []
    for number, d in enumerate(diagnostics, 1):
        line, _ = source.position(d.span.start)
        piece = source.text[d.span.start : d.span.end].strip()
        item = [
            f"{number}. {d.severity.value} [{d.code}] line {line}: {d.message}",
            f"   line: {source.line(line).strip()[:_MAX_LINE]}",
        ]
        if piece and len(piece) <= _MAX_LINE:
            item.append(f"   at: {piece}")
        if d.expected:
            item.append("   expected: " + ", ".join(d.expected))
        if d.help:
            item.append(f"   do: {d.help}")
        item += [f"   note: {note}" for note in d.notes]
        items.append("\n".join(item))
    return "\n".join(items)


def to_json(diagnostic: Diagnostic, source: Source) -> dict[str, Any]:
    """One diagnostic as a JSON object; offsets count characters from 0, lines and columns from 1."""
    line, column = source.position(diagnostic.span.start)
    end_line, end_column = source.position(diagnostic.span.end)

    def place(span: Span) -> dict[str, int]:
        return {"start": span.start, "end": span.end}

    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "span": {
            **place(diagnostic.span),
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
        },
        "found": diagnostic.found,
        "labels": [{"span": place(x.span), "text": x.text} for x in diagnostic.labels],
        "help": diagnostic.help,
        "expected": list(diagnostic.expected),
        "fix": None
        if diagnostic.fix is None
        else {"span": place(diagnostic.fix.span), "replacement": diagnostic.fix.replacement},
        "notes": list(diagnostic.notes),
    }
