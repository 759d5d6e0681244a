"""What is known where a program cannot be read further: the token found, those around it, and what was expected."""

from __future__ import annotations

from dataclasses import dataclass

from nsr.diagnostics import Span
from nsr.grammars.lexer import END, WORD, Token
from nsr.grammars.tables import Tables

__all__ = ["Situation", "accepted", "describe_expected"]


def accepted(tables: Tables, states: list[int]) -> frozenset[str]:
    """What the automaton could read next: texts of literals, and NAME, INT, DECIMAL, STRING, $END."""
    found = set()
    for terminal in tables.actions[states[-1]]:
        if _can_shift(tables, states, terminal):
            found.add(tables.literals.get(terminal, terminal))
    return frozenset(found)


def _can_shift(tables: Tables, states: list[int], terminal: str) -> bool:
    """Whether `terminal` is shifted in the end; the table also lists reductions that lead nowhere."""
    stack = list(states)
    while True:
        action = tables.actions[stack[-1]].get(terminal)
        if action is None:
            return False
        if action >= 0:
            return True
        rule = tables.rules[-1 - action]
        if rule.size:
            del stack[-rule.size :]
        if rule.origin == "start":
            return terminal == END
        stack.append(tables.gotos[stack[-1]][rule.origin])


@dataclass(frozen=True, slots=True)
class Situation:
    """A token that does not fit: `tokens[position]`, in the statement that starts at `tokens[start]`."""

    source: str
    tokens: list[Token]
    position: int
    start: int
    expected: frozenset[str]
    statement_keywords: frozenset[str]

    @property
    def found(self) -> Token:
        """The token that does not fit."""
        return self.tokens[self.position]

    @property
    def is_at_start(self) -> bool:
        """Whether a statement should begin here."""
        return self.position == self.start

    @property
    def keyword(self) -> str:
        """The keyword of the statement; empty where it should begin."""
        return "" if self.is_at_start else self.tokens[self.start].text

    def back(self, steps: int = 1) -> Token | None:
        """The token `steps` before the one found, within the statement."""
        index = self.position - steps
        return self.tokens[index] if index >= self.start else None

    def ahead(self, steps: int = 1) -> Token:
        """The token `steps` after the one found, at most the end."""
        return self.tokens[min(self.position + steps, len(self.tokens) - 1)]

    def inside(self) -> list[Token]:
        """The statement's tokens before the one found."""
        return self.tokens[self.start : self.position]

    def is_first_on_line(self, index: int) -> bool:
        """Whether a line begins with that token."""
        return index == 0 or "\n" in self.source[self.tokens[index - 1].end : self.tokens[index].start]

    @property
    def is_next_statement(self) -> bool:
        """Whether the statement just ends too early: the text ends, or the next one begins."""
        if self.found.kind == END:
            return True
        return (
            self.found.kind == WORD
            and self.found.text in self.statement_keywords
            and not self.is_at_start
            and self.is_first_on_line(self.position)
        )

    @property
    def is_glued(self) -> bool:
        """Whether no blank stands before the token found."""
        before = self.back()
        return before is not None and before.end == self.found.start

    def open_bracket(self) -> int | None:
        """The index of the innermost bracket that is open here."""
        depth = 0
        for index in range(self.position - 1, self.start - 1, -1):
            text = self.tokens[index].text
            if text in (")", "]", "}"):
                depth += 1
            elif text in ("(", "[", "{"):
                if depth == 0:
                    return index
                depth -= 1
        return None

    def rest_of_line(self) -> list[Token]:
        """The token found and those after it on its line."""
        index = self.position
        while index + 1 < len(self.tokens) and not self.is_first_on_line(index + 1):
            index += 1
        return [t for t in self.tokens[self.position : index + 1] if t.kind != END]

    def text(self, first: Token, last: Token) -> str:
        """The source from one token to another, both included."""
        return self.source[first.start : last.end]

    def place(self) -> Span:
        """Where to point: at the token found, or just behind the last one when something is missing at the end."""
        if self.found.kind == END:
            return Span(len(self.source), len(self.source))
        before = self.back()
        if self.is_next_statement and before is not None:
            return Span(before.end, before.end)
        return Span(self.found.start, self.found.end)


_OPERATORS = frozenset(["and", "∧", "or", "∨", "not", "in", "implies", "iff", "xor"]) | frozenset(
    [*"+-*/%=<>&|", "//", "**", "==", "!=", "<=", ">=", "≠", "≤", "≥", "->", "=>", "→", "<->", "<=>", "↔"]
)
_STARTS = frozenset(["NAME", "INT", "DECIMAL", "(", "{", "[", "-", "true", "false", "none", "`"])
_FORMULAS = frozenset(["not", "¬", "forall", "exists", "exactly", "at_least", "at_most", "if", "distinct"])
# Spellings of what another word says better.
_QUIET = frozenset(["QUOTED_NAME", "where"])


def describe_expected(expected: frozenset[str], statement_keywords: frozenset[str]) -> tuple[str, ...]:
    """What may stand here, in a few words of the language."""
    rest = set(expected) - _QUIET
    words: list[str] = []
    if {"NAME", "INT", "("} <= rest:
        words.append("an expression")
        rest -= _STARTS | _FORMULAS
    elif "NAME" in rest:
        words.append("a name")
        rest.discard("NAME")
    if {"INT", "DECIMAL"} & rest:
        words.append("a number")
        rest -= {"INT", "DECIMAL"}
    if "STRING" in rest:
        words.append("a quotation")
        rest.discard("STRING")
    if len(rest & _OPERATORS) > 6:
        words.append("an operator")
        rest -= _OPERATORS | {"[", "("}
    ends = END in rest
    if len(rest & statement_keywords) > 20:
        rest -= statement_keywords
        words.append("a statement" if not ends or not words else "the next statement")
    rest.discard(END)
    return (*(f"`{text}`" for text in sorted(rest)), *words)
