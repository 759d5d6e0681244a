"""FOLIO's annotations: a JSON object with premises and a conclusion, each in English and as a formula.

    {"premises": ["Every dog is an animal.", ...], "premises-FOL": ["∀x (Dog(x) → Animal(x))", ...],
     "conclusion": "Rex is an animal.", "conclusion-FOL": "Animal(rex)", "label": "True"}

The premises are lists, or strings with a line each. Labels are not read. Text that is no object is read as plain
first-order logic. (Han et al., "FOLIO", EMNLP 2024.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from nsr.diagnostics import Diagnostic, Span
from nsr.dialects.fol import read_first_order
from nsr.dialects.fol_program import Convention, Item, build
from nsr.dialects.protocol import Dialect, Reading
from nsr.dialects.repairs import Findings

__all__ = ["FOLIO"]

_KEY = re.compile(r'"(?P<key>(?:premises|conclusion)(?:-FOL)?)"\s*:\s*(?P<list>\[\s*)?(?=")')
_STRING = re.compile(r'"(?P<content>(?:[^"\\\n]|\\.)*)"\s*(?P<next>,?)\s*')
_PIECE = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\.|.", re.DOTALL)


class _Line(NamedTuple):
    """A line of a string with the place of each of its characters in the JSON text, and of its end."""

    text: str
    places: tuple[int, ...]


def _recognize(text: str) -> float:
    return 0.97 if text.lstrip().startswith("{") and _KEY.search(text) is not None and "-FOL" in text else 0.0


def _read(text: str, strict: bool) -> Reading:
    if not text.lstrip().startswith("{"):
        return read_first_order(text, strict, Convention("dotted"))
    findings = Findings(strict=strict)
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        at = getattr(error, "pos", 0)
        findings.error(
            "folio-json", f"this is no JSON object: {error}", Span(at, at), help="one object, nothing after it"
        )
        return findings.reading((), text)
    found = {m["key"]: list(_lines(text, m)) for m in _KEY.finditer(text)}
    formulas = [("premise", line) for line in found.get("premises-FOL", ())]
    formulas += [("conclusion", line) for line in found.get("conclusion-FOL", ())]
    sentences = [*found.get("premises", ()), *found.get("conclusion", ())]
    is_told = len(sentences) == len(formulas)
    plain, places, items = "", [0], list[Item]()
    for number, (role, line) in enumerate(formulas):
        start = len(plain)
        plain += line.text + "\n"
        places[start:] = line.places
        span = Span(start, len(plain) - 1)
        sentence = sentences[number].text if is_told else ""
        items.append(Item("conclusion" if role == "conclusion" else "premise", span, sentence))
    reading = build(plain, items, Convention("dotted"), findings)
    return Reading(reading.program, tuple(_moved(d, places) for d in reading.diagnostics))


def _lines(text: str, key: re.Match[str]) -> Iterator[_Line]:
    """The lines of the strings behind a key."""
    position = key.end()
    while found := _STRING.match(text, position):
        yield from _decoded(text, *found.span("content"))
        position = found.end()
        if not (key["list"] and found["next"]):
            return


def _decoded(text: str, start: int, end: int) -> Iterator[_Line]:
    line, places = "", list[int]()
    for piece in _PIECE.finditer(text, start, end):
        sign = json.loads(f'"{piece[0]}"')
        if sign == "\n":
            if line.strip():
                yield _Line(line, (*places, piece.start()))
            line, places = "", []
        else:
            line += sign
            places.append(piece.start())
    if line.strip():
        yield _Line(line, (*places, end))


def _moved(diagnostic: Diagnostic, places: list[int]) -> Diagnostic:
    """The diagnostic with its places in the JSON text."""

    def at(span: Span) -> Span:
        return Span(*(places[min(offset, len(places) - 1)] for offset in span))

    fix = diagnostic.fix and replace(diagnostic.fix, span=at(diagnostic.fix.span))
    return replace(diagnostic, span=at(diagnostic.span), fix=fix)


FOLIO = Dialect(
    "folio", "FOLIO's annotations: a JSON object with `premises-FOL` and `conclusion-FOL`", _recognize, _read
)
