"""Puts a program's source into canonical form and keeps its comments and paragraphs."""

from __future__ import annotations

from typing import NamedTuple

from nsr.diagnostics import Source, Span, render
from nsr.errors import ProgramError
from nsr.grammars.lexer import comments
from nsr.grammars.parser import parse
from nsr.language.printer import print_statement

__all__ = ["format_source"]


class _Line(NamedTuple):
    """A line of the result, and the piece of the source that it stands for."""

    text: str
    span: Span


def format_source(source: str) -> str:
    """`source` with every statement in canonical form on one line, comments and single blank lines kept.

    A comment behind a statement stays there; one inside a statement moves in front of it.

    Raises:
        ProgramError: if `source` has syntax errors.
    """
    result = parse(source)
    if result.program is None:
        raise ProgramError(result.diagnostics, render(result.diagnostics, Source(source)))
    statements = result.program.statements
    before: list[list[Span]] = [[] for _ in range(len(statements) + 1)]
    behind: list[list[Span]] = [[] for _ in range(len(statements) + 1)]
    current = 0
    for comment in comments(source):
        while current < len(statements) and statements[current].span.end <= comment.start:
            current += 1
        last = statements[current - 1].span.end if current else 0
        if current and "\n" not in source[last : comment.start]:
            behind[current - 1].append(comment)
        else:
            before[current].append(comment)
    lines: list[_Line] = []
    for i, statement in enumerate(statements):
        lines += _comment_lines(source, before[i], statement.span)
        tail = "".join("  " + _text(source, comment) for comment in behind[i])
        end = max([statement.span.end, *(comment.end for comment in behind[i])])
        lines.append(_Line(print_statement(statement) + tail, Span(statement.span.start, end)))
    lines += _comment_lines(source, before[-1], Span(len(source), len(source)))
    return _joined(source, lines)


def _text(source: str, comment: Span) -> str:
    return source[comment.start : comment.end].rstrip()


def _comment_lines(source: str, found: list[Span], statement: Span) -> list[_Line]:
    """A line for each comment; one from inside the statement stands right before it."""
    place = Span(statement.start, statement.start)
    return [_Line(_text(source, c), c if c.start < statement.start else place) for c in found]


def _joined(source: str, lines: list[_Line]) -> str:
    out: list[str] = []
    for i, line in enumerate(lines):
        gap = source[lines[i - 1].span.end : line.span.start] if i else ""
        if gap.count("\n") > 1:
            out.append("")
        out.append(line.text)
    return "".join(text + "\n" for text in out)
