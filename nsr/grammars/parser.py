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

from nsr.diagnostics import Diagnostic, Severity, Span, has_errors
from nsr.grammars import tree_expressions, tree_statements
from nsr.grammars.build import KEEP, SPLICE
from nsr.grammars.lexer import END, NEVER_NAMES, WORD, tokenize
from nsr.grammars.situation import Situation, accepted
from nsr.grammars.tables import Rule, Tables, load_tables
from nsr.grammars.tree_expressions import CHAIN_ACTIONS, Action, Chain
from nsr.language import ast

__all__ = ["MAX_CHARACTERS", "MAX_ERRORS", "MAX_NESTING", "ParseResult", "parse"]

MAX_CHARACTERS = 1_000_000
"""Longest source that is read."""

MAX_NESTING = 100
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
    program = None if has_errors(diagnostics) else ast.ParsedProgram(tuple(run.statements), source)
    return ParseResult(program, diagnostics)


def _too_large(source: str, limit: int) -> Diagnostic:
    return Diagnostic(
        "input-too-large",
        f"the program has {len(source):,} characters; at most {limit:,} are read",
        Span(limit, limit),
        found="the limit is here",
        help="leave out what is not needed, and read large tables from files",
    )


def _nesting_too_deep(span: Span) -> Diagnostic:
    return Diagnostic(
        "nesting-too-deep",
        f"this is nested more than {MAX_NESTING} levels deep",
        span,
        found="too deep",
        help="break it up with `define`, or write a long sum as `sum(... for ...)`",
    )


_ANY_STATEMENT = "FIND"
_MAX_REREAD = 2000
_OPENING = frozenset({"LPAR", "LSQB", "LBRACE"})
_CLOSING = frozenset({"RPAR", "RSQB", "RBRACE"})


@cache
def _children_fields(node: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(node) if f.name not in ("span", "head"))


def _too_deep(statement: ast.Node) -> Span | None:
    """The first node below more than `MAX_NESTING` others; walks level by level, without recursion."""
    level: list[Any] = [statement]
    for _ in range(MAX_NESTING):
        below: list[Any] = []
        for node in level:
            for name in _children_fields(node.__class__):
                value = getattr(node, name)
                if isinstance(value, ast.Node):
                    below.append(value)
                elif isinstance(value, tuple):
                    below += _nodes(value)
        if not below:
            return None
        level = below
    first: ast.Node = level[0]
    return first.span


def _nodes(values: tuple[Any, ...]) -> list[ast.Node]:
    flat = []
    for value in values:
        if isinstance(value, ast.Node):
            flat.append(value)
        elif isinstance(value, tuple):
            flat += _nodes(value)
    return flat


def _too_many(offset: int) -> Diagnostic:
    return Diagnostic(
        "too-many-errors",
        f"these are the first {MAX_ERRORS} findings; the text from here on was not read",
        Span(offset, offset),
        found="stopped here",
        help="mend these first",
    )


@cache
def _rule_actions() -> tuple[Action | None, ...]:
    known = {**tree_expressions.actions(), **tree_statements.actions()}
    # A rule that only passes its one part on needs no function.
    return tuple(
        None if r.action is None or r.unwrap or r.origin == "start" else known[r.action] for r in load_tables().rules
    )


_CHAINS = frozenset(CHAIN_ACTIONS.values())


class _Run:
    """One pass over one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tables: Tables = load_tables()
        self.tokens = tokenize(source)
        self.statements: list[ast.Statement] = []
        self.diagnostics: list[Diagnostic] = []
        # Where tokens were replaced, so that the parser goes on behind a mistake whose repair is plain.
        self.repaired: set[int] = set()

    def parse(self) -> None:
        position = 0
        while True:
            error_at = self._parse_from(position)
            if error_at is None:
                return
            if len(self.diagnostics) >= MAX_ERRORS:
                self.diagnostics.append(_too_many(self.tokens[min(error_at, len(self.tokens) - 1)].start))
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
        keywords = tables.keywords
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
                kind = keywords.get(token.text, "NAME")
                if kind not in row:
                    kind = self._kind(position)
            is_ending = False
            while True:
                action = row.get(kind)
                if action is None and not is_ending and self._ends_before(states, position, statement_at):
                    # Finish the statement as if another one began here, then say that none does.
                    is_ending, kind = True, _ANY_STATEMENT
                    continue
                if action is None or (is_ending and action >= 0):
                    if self._report_error(states, position, statement_at):
                        action = None
                        break
                    self._forget_warnings(tokens[statement_at].start)
                    return max(position, statement_at + 1)
                if action >= 0:
                    break
                rule = rules[-1 - action]
                size = rule.size
                if rule.is_unit:
                    states[-1] = self._after_units(states[-2], states[-1], kind)
                    row = actions[states[-1]]
                    continue
                if size == 0:
                    values.append([])
                    starts.append(token.start)
                    ends.append(token.start)
                else:
                    start, end = starts[-size], ends[-1]
                    value = self._reduce(rule_actions[-1 - action], rule, values[-size:], Span(start, end), report)
                    del values[-size:], starts[-size:], ends[-size:], states[-size:]
                    values.append(value)
                    starts.append(start)
                    ends.append(end)
                if rule.origin == "_statement":
                    statement = values[-1][0]
                    # A tree takes at least one token a level.
                    if position - statement_at > MAX_NESTING and (deep := _too_deep(statement)):
                        report(_nesting_too_deep(deep))
                    self.statements.append(statement)
                    values[-1] = []
                    statement_at = position
                elif rule.origin == "start":
                    return None
                states.append(gotos[states[-1]][rule.origin])
                row = actions[states[-1]]
            if action is None:
                continue
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
    def _reduce(action: Action | None, rule: Rule, parts: list[Any], span: Span, report: Any) -> Any:
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
        if action is None:
            return parts
        if action not in _CHAINS:
            parts = [p.finish() if isinstance(p, Chain) else p for p in parts]
        return action(parts, span, report)

    def _after_units(self, below: int, state: int, kind: str) -> int:
        """The state that a run of rules with one part leads to: a name is an atom, a power, ..., an expression.

        Such runs are most of the work, and there are few different ones, so they are remembered.
        """
        known = self.tables.unit_runs
        key = (below, state, kind)
        final = known.get(key)
        if final is None:
            actions, gotos, rules = self.tables.actions, self.tables.gotos, self.tables.rules
            final = state
            while (action := actions[final].get(kind, 0)) < 0 and rules[-1 - action].is_unit:
                final = gotos[below][rules[-1 - action].origin]
            known[key] = final
        return final

    def _kind(self, position: int) -> str:
        """The terminal of a word that is no keyword where it stands."""
        text = self.tokens[position].text
        begins = text in self.tables.statement_keywords and self._is_first_on_line(position)
        return self.tables.keywords.get(text, "NAME") if begins or text in NEVER_NAMES else "NAME"

    def _states_before(self, position: int, statement_at: int, states: list[int]) -> list[int]:
        """The automaton's states before the token was looked at, from reading the statement's tokens once more.

        The token may have led to reductions that are right for other tokens only; `states` has them done.
        """
        if position - statement_at > _MAX_REREAD:
            return states
        tables = self.tables
        stack = [tables.start]
        for index in range(statement_at, position):
            token = self.tokens[index]
            kind = token.kind
            if kind == WORD:
                kind = tables.keywords.get(token.text, "NAME")
                if kind not in tables.actions[stack[-1]]:
                    kind = self._kind(index)
            while (action := tables.actions[stack[-1]][kind]) < 0:
                rule = tables.rules[-1 - action]
                del stack[-rule.size :]
                stack.append(tables.gotos[stack[-1]][rule.origin])
            stack.append(action)
        return stack

    def _ends_before(self, states: list[int], position: int, statement_at: int) -> bool:
        """Whether the statement so far is whole, and the token begins a line that is no continuation of it."""
        if position == statement_at or not self._is_first_on_line(position):
            return False
        return self._column(position) <= self._column(statement_at) and END in accepted(self.tables, states)

    def _column(self, position: int) -> int:
        start = self.tokens[position].start
        return start - (self.source.rfind("\n", 0, start) + 1)

    def _forget_warnings(self, start: int) -> None:
        """Warnings about a statement that is an error anyway are not shown."""
        kept = [d for d in self.diagnostics if d.severity is Severity.ERROR or d.span.start < start]
        self.diagnostics[:] = kept

    def _report_error(self, states: list[int], position: int, statement_at: int) -> bool:
        """Reports the token that does not fit; true if the parser can go on with another in its place."""
        from nsr.grammars import hints  # only programs with errors need the table

        situation = Situation(
            self.source,
            self.tokens,
            position,
            statement_at,
            accepted(self.tables, self._states_before(position, statement_at, states)),
            self.tables.statement_keywords,
        )
        if self.tokens[position].start in self.repaired:
            # What was put in place of a token does not fit either: that is the same mistake.
            return False
        verdict = hints.diagnose(situation)
        self.diagnostics.append(verdict.diagnostic)
        if verdict.instead is None or len(self.diagnostics) >= MAX_ERRORS:
            return False
        found = self.tokens[position]
        self.repaired.add(found.start)
        put = [t._replace(start=found.start, end=found.end) for t in tokenize(verdict.instead)[:-1]]
        self.tokens[position : position + 1] = put
        return True
