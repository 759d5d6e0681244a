"""The table of syntax hints: what a writer meant who wrote something that the grammar does not have.

A hint is looked up by where the parser stands (the statement, what it expects) and by the token found. Each has a
stable code, a message, a way out, and malformed examples, which are its tests. The first row that fits speaks.
"""

from __future__ import annotations

from nsr.diagnostics import Diagnostic, Fix, Label, Span
from nsr.grammars.hint_rows import Hint, Match
from nsr.grammars.hints_formulas import FORMULA_HINTS
from nsr.grammars.hints_statements import STATEMENT_HINTS
from nsr.grammars.hints_words import LAST_HINTS, WORD_HINTS
from nsr.grammars.lexer import END
from nsr.grammars.situation import Situation, describe_expected

__all__ = ["HINTS", "Hint", "Verdict", "diagnose"]

HINTS: tuple[Hint, ...] = (*WORD_HINTS, *STATEMENT_HINTS, *FORMULA_HINTS, *LAST_HINTS)
"""All hints, those that look at less of the surroundings first."""


class Verdict:
    """A diagnostic, and the text that the parser may read in place of the token found to go on behind it."""

    __slots__ = ("diagnostic", "instead")

    def __init__(self, diagnostic: Diagnostic, instead: str | None = None) -> None:
        self.diagnostic = diagnostic
        self.instead = instead


def diagnose(situation: Situation) -> Verdict:
    """What to say of the token that does not fit."""
    for hint in HINTS:
        match = hint.when(situation)
        if match is not None:
            return Verdict(_diagnostic(hint, match, situation), match.instead)
    return Verdict(_plain(situation))


def _diagnostic(hint: Hint, match: Match, situation: Situation) -> Diagnostic:
    span = match.span or situation.place()
    words = {"found": situation.found.text, "keyword": situation.keyword, **match.words}
    fix = None if match.fix is None else Fix(match.fix_span or span, match.fix)
    return Diagnostic(
        hint.code,
        hint.message.format(**words),
        span,
        found=hint.found.format(**words),
        labels=tuple(Label(place, text) for place, text in match.labels),
        help=hint.help.format(**words),
        expected=match.expected,
        fix=fix,
    )


def _plain(situation: Situation) -> Diagnostic:
    """The diagnostic where no hint fits: what was found and what was expected."""
    expected = describe_expected(situation.expected, situation.statement_keywords)
    listed = ", ".join(expected[:-1]) + " or " + expected[-1] if len(expected) > 1 else "".join(expected)
    start = situation.tokens[situation.start]
    if situation.is_next_statement:
        what = "the text ends" if situation.found.kind == END else f"`{situation.found.text}` begins the next statement"
        return Diagnostic(
            "incomplete-statement",
            f"`{start.text}` is not complete: {what}, expected {listed}",
            situation.place(),
            found="something is missing here",
            labels=(Label(Span(start.start, start.end), "begins here"),),
            help=f"write {_first(expected)} here, or take the statement out",
        )
    return Diagnostic(
        "unexpected-token",
        f"found `{_short(situation.found.text)}`, expected {listed}",
        situation.place(),
        found="does not fit here",
        help=f"write {_first(expected)} here",
    )


def _first(expected: tuple[str, ...]) -> str:
    """The likeliest of what is expected: what words describe comes behind the literals."""
    return next((e for e in expected if not e.startswith("`")), expected[0] if expected else "something else")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
