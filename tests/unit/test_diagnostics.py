"""One diagnostic, three renderings; places, nearest names."""

from __future__ import annotations

import pytest

from nsr.diagnostics import (
    Diagnostic,
    Fix,
    Label,
    Severity,
    Source,
    Span,
    has_errors,
    nearest,
    render,
    render_for_prompt,
    to_json,
)

TEXT = "pred plays(person, sport)\nconstraint c3: plays(ann, 3)\n"
AT = TEXT.index("3)")
MISMATCH = Diagnostic(
    "sort-mismatch",
    "argument 2 of `plays` must be `sport`, found an integer",
    Span(AT, AT + 1),
    found="integer",
    labels=(Label(Span(5, 10), "declared here"),),
    help="members of `sport`: tennis, golf, chess",
    expected=("tennis", "golf", "chess"),
    fix=Fix(Span(AT, AT + 1), "golf"),
    notes=("a note",),
)


def test_positions_count_from_one() -> None:
    source = Source("ab\r\n\ncd")
    assert [source.position(i) for i in (0, 2, 4, 5, 7, 99, -1)] == [
        (1, 1),
        (1, 3),
        (2, 1),
        (3, 1),
        (3, 3),
        (3, 3),
        (1, 1),
    ]
    assert [source.line(n) for n in (1, 2, 3)] == ["ab", "", "cd"]
    assert Source("").position(0) == (1, 1)


def test_terminal_rendering_shows_place_labels_and_help() -> None:
    assert render([MISMATCH], Source(TEXT)) == (
        "error[sort-mismatch]: argument 2 of `plays` must be `sport`, found an integer\n"
        " --> program:2:27\n"
        "2 | constraint c3: plays(ann, 3)\n"
        "  |                           ^ integer\n"
        "1 | pred plays(person, sport)\n"
        "  |      ----- declared here\n"
        "expected: tennis, golf, chess\n"
        "help: members of `sport`: tennis, golf, chess\n"
        "note: a note"
    )


def test_marks_stay_under_their_place_behind_tabs_and_wide_letters() -> None:
    for text, column in (("\tx y", 3), ("日本 x", 3)):
        shown = render([Diagnostic("a", "b", Span(column, column + 1))], Source(text)).splitlines()
        line, marks = shown[2].split("| ")[1], shown[3].split("| ")[1]
        assert marks.rstrip().endswith("^")
        assert width(marks.rstrip()) == width(line[: column + 1])


def width(text: str) -> int:
    """Columns of a text on a terminal; a tab counts as one."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


@pytest.mark.parametrize("at", [0, 500, 999])
def test_long_lines_are_cut_around_the_place(at: int) -> None:
    text = "".join(chr(ord("a") + i % 26) for i in range(1000))
    line, marks = render([Diagnostic("a", "b", Span(at, at + 3))], Source(text)).splitlines()[2:4]
    assert len(line) < 180
    assert line[marks.index("^")] == text[at]


def test_places_at_the_end_of_the_text_are_shown() -> None:
    shown = render([Diagnostic("a", "b", Span(4, 4))], Source("find"))
    assert "program:1:5" in shown
    assert shown.endswith("    ^")


def test_prompt_rendering_numbers_and_quotes_the_line() -> None:
    assert render_for_prompt([MISMATCH, MISMATCH], Source(TEXT)).splitlines()[:6] == [
        "1. error [sort-mismatch] line 2: argument 2 of `plays` must be `sport`, found an integer",
        "   line: constraint c3: plays(ann, 3)",
        "   at: 3",
        "   expected: tennis, golf, chess",
        "   do: members of `sport`: tennis, golf, chess",
        "   note: a note",
    ]


def test_json_has_offsets_and_lines() -> None:
    shown = to_json(MISMATCH, Source(TEXT))
    assert shown["span"] == {"start": AT, "end": AT + 1, "line": 2, "column": 27, "end_line": 2, "end_column": 28}
    assert shown["fix"] == {"span": {"start": AT, "end": AT + 1}, "replacement": "golf"}
    assert to_json(Diagnostic("a", "b", Span(0, 0)), Source(""))["fix"] is None


def test_only_errors_are_errors() -> None:
    warning = Diagnostic("a", "b", Span(0, 0), Severity.WARNING)
    assert not has_errors([warning])
    assert has_errors([warning, MISMATCH])


def test_nearest_names_ignore_case() -> None:
    assert nearest("tenis", ["golf", "Tennis", "chess"]) == ("Tennis",)
    assert nearest("xyz", ["golf"]) == ()


def test_terminals_are_not_given_control_characters() -> None:
    shown = render([Diagnostic("a", "found `\x1b[31m`", Span(0, 1), help="no \u202e")], Source("\x1b[31m\ud800x"))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    shown.encode()
