"""Lines of Logic-LM's rule notation as clauses: what is written, nothing of names resolved.

`Big($x, True) && Kind($x, False) >>> Red($x, True)`: the last argument is a truth value, and `$x` a variable. (Pan,
Albalak, Wang, Wang, "Logic-LM", Findings of EMNLP 2023.)
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nsr.diagnostics import Span
from nsr.dialects.logiclm_formula import is_too_deep
from nsr.dialects.logiclm_lines import Line, close_brackets, is_too_long, line_parser, place_of, strip_punctuation
from nsr.dialects.repairs import Findings

if TYPE_CHECKING:
    from lark import Tree

__all__ = ["Clause", "Literal", "Term", "read_clause"]

_GRAMMAR = Path(__file__).with_name("logiclm_rules.lark")
_TRUTH = {"true": True, "false": False}
_ASKED = frozenset({"bool", "unknown", "uncertain", "none", "?"})
_BARE = frozenset({"x", "y", "z", "X", "Y", "Z"})
_PRONOUNS = frozenset({"something", "someone", "somebody", "anything", "anyone", "anybody"})


@dataclass(frozen=True, slots=True)
class Term:
    """An argument: an individual as it is spelled, or a variable without its `$`.

    Once `text` is the name of the language, `shown` is how the notation spells it.
    """

    text: str
    is_variable: bool
    span: Span
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """`name(args)`, true or false; `is_asked` where the value is what a query asks for; `shown` as for `Term`."""

    name: str
    args: tuple[Term, ...]
    is_negative: bool
    span: Span
    name_span: Span
    is_asked: bool = False
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """`body >>> heads`; facts and the query have no body."""

    body: tuple[Literal, ...]
    heads: tuple[Literal, ...]
    comment: str
    span: Span

    @property
    def literals(self) -> tuple[Literal, ...]:
        """All of them, those of the body first."""
        return (*self.body, *self.heads)


def read_clause(line: Line, findings: Findings, *, is_query: bool = False) -> Clause | None:
    """The clause of a line; None, after an error, if it cannot be read.

    In a query a letter or word in the place of the truth value asks for it.
    """
    from lark.exceptions import UnexpectedInput

    if is_too_long(line, findings):
        return None
    closed = close_brackets(strip_punctuation(line, findings), findings)
    if closed is None:
        return None
    try:
        tree: Any = line_parser(_GRAMMAR).parse(closed.text)
    except UnexpectedInput as error:
        place = min(max(error.pos_in_stream or 0, 0), len(closed.text))
        _unreadable(closed.place(place, len(closed.text)), findings)
        return None
    if tree.data == "answered" and not (is_query and _has_value(tree)):
        _unreadable(closed.span, findings)
        return None
    return None if is_too_deep(tree, line, findings) else _Builder(closed, findings, is_query).clause(tree)


def _unreadable(span: Span, findings: Findings) -> None:
    message = "this is no fact, rule or query: `Name(argument, True) && ... >>> Name(argument, True)` was expected"
    findings.error("logiclm-unreadable-line", message, span, help="write it with predicates, `&&` and `>>>`")


def _has_value(tree: Tree[Any]) -> bool:
    """Whether each atom has a truth value for its last argument."""
    last = [str(call.children[-2]).casefold() for call in tree.find_data("call")]
    return bool(last) and all(word in _TRUTH for word in last)


class _Builder:
    """Nodes of one line's tree."""

    def __init__(self, line: Line, findings: Findings, is_query: bool) -> None:
        self.line = line
        self.findings = findings
        self.is_query = is_query

    def span(self, tree: Any) -> Span:
        """The place of a tree or token in the whole text."""
        return self.line.place(*place_of(tree))

    def clause(self, tree: Tree[Any]) -> Clause:
        parts = [self.conjunction(t) for t in tree.children if t.data == "conjunction"]
        if tree.data == "answered":
            return self._answered(tree, parts[0])
        if tree.data == "backward_rule":
            parts.reverse()
            message = "the rule is written backwards"
            self.findings.repair("logiclm-backward-rule", message, self.line.span, self._turned(tree))
        for arrow in tree.children:
            if arrow.data == "foreign_arrow":
                span = self.span(arrow)
                self.findings.repair("logiclm-foreign-operator", f"`{arrow.children[0]}` is read as `>>>`", span, ">>>")
        body = parts[0] if len(parts) == 2 else ()
        return Clause(body, parts[-1], self.line.comment, self.line.span)

    def _answered(self, tree: Tree[Any], asked: tuple[Literal, ...]) -> Clause:
        """A query with an answer behind an arrow: the statement has its own truth value, and is what is asked."""
        end = self.span(tree.children[0]).end
        message = "behind the arrow stands an answer: what is asked is the statement in front of it"
        self.findings.repair("logiclm-answer-in-query", message, Span(end, self.line.span.end), "")
        return Clause((), asked, self.line.comment, self.line.span)

    def _turned(self, tree: Tree[Any]) -> str:
        pieces = [self.line.text[start:end] for start, end in map(place_of, tree.children)]
        return " >>> ".join(reversed(pieces))

    def conjunction(self, tree: Tree[Any]) -> tuple[Literal, ...]:
        literals = []
        for part in tree.children:
            if part.data == "foreign_and":
                span = self.span(part)
                self.findings.repair("logiclm-foreign-operator", "this is read as `&&`", span, "&&")
            else:
                literals.append(self.literal(part))
        return tuple(literals)

    def literal(self, tree: Tree[Any]) -> Literal:
        match tree.data:
            case "call":
                return self._call(tree)
            case "denied":
                return self._denied(self.literal(tree.children[1]), tree)
            case "denied_call":
                return self._denied(self.literal(tree.children[2]), tree)
            case "denied_with_value":
                inner = self.literal(tree.children[2])
                is_denial = tree.children[4].data == "true"
                return self._denied(inner, tree) if is_denial else self._told(inner, tree)
            case "call_with_value":
                inner = self._call(tree.children[0])
                return self._told(inner, tree) if tree.children[-1].data == "true" else self._denied(inner, tree)
            case _:
                return self._sentence(tree)

    def _denied(self, inner: Literal, tree: Tree[Any]) -> Literal:
        return self._told(replace(inner, is_negative=not inner.is_negative), tree)

    def _told(self, literal: Literal, tree: Tree[Any]) -> Literal:
        """Records that a denial or value around an atom is read as its last argument."""
        span = self.span(tree)
        literal = replace(literal, span=span)
        self.findings.repair(
            "logiclm-value-outside", "the truth value is read as the last argument", span, spelled(literal)
        )
        return literal

    def _call(self, tree: Tree[Any]) -> Literal:
        name, *terms = tree.children[0], *map(self._term, tree.children[2:-1:2])
        span, name_span = self.span(tree), self.span(name)
        last = terms[-1].text
        folded = last.casefold()
        if folded in _TRUTH:
            return Literal(str(name), tuple(terms[:-1]), not _TRUTH[folded], span, name_span)
        if self.is_query and (folded in _ASKED or (len(last) == 1 and last.isupper())):
            return self._asked(Literal(str(name), tuple(terms[:-1]), False, span, name_span, is_asked=True))
        if folded != "bool":
            return Literal(str(name), tuple(terms), False, span, name_span)
        literal = Literal(str(name), tuple(terms[:-1]), False, span, name_span)
        self.findings.repair("logiclm-value-missing", "`bool` is read as `True`", span, spelled(literal))
        return literal

    def _asked(self, literal: Literal) -> Literal:
        message = "the value is what is asked for: the statement is taken to be the positive one"
        self.findings.repair("logiclm-value-asked", message, literal.span, spelled(literal))
        return literal

    def _term(self, tree: Any) -> Term:
        """The term of a token, or of a tree of several words."""
        span = self.span(tree)
        match getattr(tree, "type", ""):
            case "VARIABLE":
                return Term(tree[1:], True, span)
            case "FOREIGN_VARIABLE":
                name = tree[1:]
                self.findings.repair("logiclm-bare-variable", f"`?{name}` is read as a variable", span, f"${name}")
                return Term(name, True, span)
            case "QUOTED":
                inner = tree[1:-1].strip()
                self.findings.repair("logiclm-quoted-name", "names stand without quotes", span, inner)
                return Term(inner, False, span)
            case "":
                return self._words(" ".join(tree.children), span)
            case _:
                return self._words(str(tree), span)

    def _words(self, words: str, span: Span) -> Term:
        is_variable = words.casefold() in _PRONOUNS or (words in _BARE and not self.is_query)
        if is_variable:
            self.findings.repair("logiclm-bare-variable", f"`{words}` is read as a variable", span, f"${words}")
        return Term(words, is_variable, span)

    def _sentence(self, tree: Tree[Any]) -> Literal:
        subject = tree.children[0]
        words = " ".join(map(str, subject.children))
        name = tree.children[-1]
        is_negative = any(getattr(t, "data", "") == "denial" for t in tree.children)
        span = self.span(tree)
        literal = Literal(str(name), (Term(words, False, self.span(subject)),), is_negative, span, self.span(name))
        self.findings.repair("logiclm-sentence-as-atom", "this sentence is read as an atom", span, spelled(literal))
        return literal


def spelled(literal: Literal) -> str:
    """A literal as the notation writes it."""
    args = [f"${a.text}" if a.is_variable else a.shown or a.text for a in literal.args]
    return f"{literal.shown or literal.name}({', '.join([*args, str(not literal.is_negative)])})"
