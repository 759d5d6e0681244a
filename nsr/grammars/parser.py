"""Parses the source of a program into its syntax tree, or into diagnostics.

An LALR automaton over stored tables (`tables.py`), with tokens cut beforehand (`lexer.py`) and nodes made by
`tree_expressions` and `tree_statements`. Every statement starts with a keyword, so after an error the parser goes on
at the next line that starts with one: independent errors are reported together. Names and sorts are the checker's
business.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from nsr.diagnostics import Diagnostic, Span, has_errors
from nsr.grammars import hints, tree_expressions, tree_statements
from nsr.grammars.lexer import END, WORD, Token, tokenize
from nsr.grammars.tables import Tables, load_tables
from nsr.grammars.tree_expressions import CHAIN_ACTIONS, Action, Chain
from nsr.language import ast

__all__ = ["MAX_CHARACTERS", "MAX_ERRORS", "MAX_NESTING", "ParseResult", "parse"]

MAX_CHARACTERS = 1_000_000
"""Longest source that is read."""

MAX_NESTING = 200
"""Deepest syntax tree, and most brackets open at a time; so that everything after may recurse over terms."""

MAX_ERRORS = 50
"""After so many syntax errors the rest is not read."""


@dataclass(frozen=True, slots=True)
class ParseResult:
    """The syntax tree, None if there is any error; and what there is to say, in order of position."""

    program: ast.ParsedProgram | None
    diagnostics: tuple[Diagnostic, ...]


def parse(source: str, *, max_characters: int = MAX_CHARACTERS) -> ParseResult:
    """The syntax tree of `source` and all its independent syntax errors; never raises for any text."""
    if len(source) > max_characters:
        return ParseResult(None, (_too_large(source, max_characters),))
    run = _Run(source)
    run.parse()
    diagnostics = tuple(sorted(run.diagnostics, key=lambda d: (d.span.start, d.span.end)))
    program = None if has_errors(diagnostics) else ast.ParsedProgram(tuple(run.statements), source, span=run.whole)
    return ParseResult(program, diagnostics)


def _too_large(source: str, limit: int) -> Diagnostic:
    return Diagnostic(
        "input-too-large",
        f"the program has {len(source):,} characters; at most {limit:,} are read",
        Span(limit, limit),
        found="the limit is here",
        help="leave out what is not needed, and read large tables from files",
    )


class _NestingTooDeep(Exception):
    """Carries the place where the limit is passed; never leaves this module."""

    def __init__(self, span: Span) -> None:
        self.span = span


@cache
def _rule_actions() -> tuple[Action | None, ...]:
    known = {**tree_expressions.actions(), **tree_statements.actions()}
    return tuple(None if r.action is None or r.origin == "start" else known[r.action] for r in load_tables().rules)


_CHAINS = frozenset(CHAIN_ACTIONS.values())


class _Run:
    """One pass over one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.whole = Span(0, len(source))
        self.tables: Tables = load_tables()
        self.tokens = tokenize(source)
        self.statements: list[ast.Statement] = []
        self.diagnostics: list[Diagnostic] = []

    def parse(self) -> None:
        position = 0
        while True:
            error_at = self._parse_from(position)
            if error_at is None:
                return
            if len(self.diagnostics) >= MAX_ERRORS:
                return
            position = self._next_statement(error_at)
            if self.tokens[position].kind == END:
                return

    def _is_first_on_line(self, index: int) -> bool:
        if index == 0:
            return True
        return "\n" in self.source[self.tokens[index - 1].end : self.tokens[index].start]

    def _next_statement(self, index: int) -> int:
        """The next token, `index` or later, that starts a line and a statement; else the end."""
        keywords = self.tables.statement_keywords
        for i in range(index, len(self.tokens)):
            token = self.tokens[i]
            if token.kind == END or (token.text in keywords and token.kind == WORD and self._is_first_on_line(i)):
                return i
        raise AssertionError("no end token")

    def _parse_from(self, position: int) -> int | None:
        """Parses from a statement's start; returns where to look for the next one after an error, None at the end."""
        tables = self.tables
        actions, gotos, rules = tables.actions, tables.gotos, tables.rules
        keywords, statement_keywords = tables.keywords, tables.statement_keywords
        rule_actions = _rule_actions()
        report = self.diagnostics.append
        tokens = self.tokens
        states = [tables.start]
        values: list[Any] = []
        starts: list[int] = []
        ends: list[int] = []
        open_brackets = 0
        statement_at = position
        while True:
            token = tokens[position]
            kind = token.kind
            row = actions[states[-1]]
            if kind == WORD:
                text = token.text
                kind = keywords.get(text, "NAME")
                if kind not in row and not (text in statement_keywords and self._is_first_on_line(position)):
                    kind = "NAME"
            while True:
                action = row.get(kind)
                if action is None:
                    self._report_error(states, position, statement_at)
                    return max(position, statement_at + 1)
                if action >= 0:
                    break
                rule = rules[-1 - action]
                size = rule.size
                if rule.is_unit:
                    states.pop()
                elif size == 0:
                    values.append([])
                    starts.append(token.start)
                    ends.append(token.start)
                else:
                    start, end = starts[-size], ends[-1]
                    try:
                        value = self._reduce(rule_actions[-1 - action], rule, values[-size:], Span(start, end), report)
                    except _NestingTooDeep as deep:
                        report(_nesting_too_deep(deep.span))
                        return position
                    del values[-size:], starts[-size:], ends[-size:], states[-size:]
                    values.append(value)
                    starts.append(start)
                    ends.append(end)
                if rule.origin == "_statement":
                    try:
                        self._check_nesting(values[-1][0], position - statement_at)
                    except _NestingTooDeep as deep:
                        report(_nesting_too_deep(deep.span))
                        return position
                    self.statements += values[-1]
                    values[-1] = []
                    statement_at = position
                elif rule.origin == "start":
                    return None
                states.append(gotos[states[-1]][rule.origin])
                row = actions[states[-1]]
            if kind == END:
                return None
            if kind in _OPENING:
                open_brackets += 1
                if open_brackets > MAX_NESTING:
                    report(_nesting_too_deep(Span(token.start, token.end)))
                    return position + 1
            elif kind in _CLOSING:
                open_brackets -= 1
            states.append(action)
            values.append(token)
            starts.append(token.start)
            ends.append(token.end)
            position += 1

    @staticmethod
    def _reduce(action: Action | None, rule: Any, parts: list[Any], span: Span, report: Any) -> Any:
        """The value of a rule from those of its parts, as `tables.Rule` says."""
        if not rule.keeps_all:
            modes, gaps = rule.modes, rule.gaps
            # Lists grow in place: the first part of a list's own rule is the list so far.
            grows = action is None and modes and modes[0] == SPLICE and not (gaps and gaps[0])
            collected: list[Any] = parts[0] if grows else []
            for i in range(1 if grows else 0, len(parts)):
                if gaps and gaps[i]:
                    collected += [None] * gaps[i]
                if modes[i] == KEEP:
                    collected.append(parts[i])
                elif modes[i] == SPLICE:
                    collected += parts[i]
            if gaps and gaps[-1]:
                collected += [None] * gaps[-1]
            parts = collected
            if rule.unwrap and len(parts) == 1:
                return parts[0]
            if grows:
                ...
        if action is None:
            return parts
        if action not in _CHAINS:
            parts = [p.finish() if isinstance(p, Chain) else p for p in parts]
        return action(parts, span, report)
