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
from nsr.dialects.logiclm_lines import Line, close_brackets, is_too_long, line_parser, strip_punctuation
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
    last = [str(token) for args in tree.find_data("args") for token in [*args.scan_values(lambda _: True)][-1:]]
    return bool(last) and all(token.casefold() in _TRUTH for token in last)


class _Builder:
    """Nodes of one line's tree."""

    def __init__(self, line: Line, findings: Findings, is_query: bool) -> None:
        self.line = line
        self.findings = findings
        self.is_query = is_query

    def span(self, tree: Any) -> Span:
        """The place of a tree or token in the whole text."""
        meta = getattr(tree, "meta", tree)
        return self.line.place(getattr(meta, "start_pos", 0), getattr(meta, "end_pos", len(self.line.text)))

    def clause(self, tree: Tree[Any]) -> Clause:
        parts = [self.conjunction(t) for t in tree.children if t.data == "conjunction"]
        if tree.data == "answered":
            return self._answered(tree, parts[0])
        if tree.data == "backward_rule":
            parts.reverse()
            message = "the rule is written backwards"
            self.findings.repair("logiclm-backward-rule", message, self.line.span, self._turned(tree))
        for arrow in tree.find_data("forward"):
            if arrow.children:
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
        pieces = [self.line.text[t.meta.start_pos : t.meta.end_pos] for t in tree.children]
        return " >>> ".join(reversed(pieces))

    def conjunction(self, tree: Tree[Any]) -> tuple[Literal, ...]:
        literals = []
        for part in tree.children:
            if part.data in ("and", "word_and"):
                if part.data == "word_and" or part.children:
                    span = self.span(part)
                    self.findings.repair("logiclm-foreign-operator", "this is read as `&&`", span, "&&")
            else:
                literals.append(self.literal(part))
        return tuple(literals)

    def literal(self, tree: Tree[Any]) -> Literal:
        match tree.data:
            case "denied" | "denied_call":
                return self._denied(self.literal(tree.children[-1]), tree)
            case "denied_with_value":
                inner = self.literal(tree.children[0])
                is_denial = tree.children[1].data == "true"
                return self._denied(inner, tree) if is_denial else self._told(inner, tree)
            case "atom_with_value":
                inner = self.literal(tree.children[0])
                return self._told(inner, tree) if tree.children[-1].data == "true" else self._denied(inner, tree)
            case "sentence":
                return self._sentence(tree)
            case "atom":
                return self.literal(tree.children[0])
            case _:
                return self._call(tree)

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
        name, args = tree.children
        terms = [self._term(a) for a in args.children]
        literal = Literal(str(name), tuple(terms), False, self.span(tree), self.span(name))
        last = terms[-1].text
        folded = last.casefold()
        if folded in _TRUTH:
            return replace(literal, args=tuple(terms[:-1]), is_negative=not _TRUTH[folded])
        if self.is_query and (folded in _ASKED or (len(last) == 1 and last.isupper())):
            return self._asked(replace(literal, args=tuple(terms[:-1]), is_asked=True), tree)
        if folded == "bool":
            literal = replace(literal, args=tuple(terms[:-1]))
            self.findings.repair("logiclm-value-missing", "`bool` is read as `True`", literal.span, spelled(literal))
        return literal

    def _asked(self, literal: Literal, tree: Tree[Any]) -> Literal:
        message = "the value is what is asked for: the statement is taken to be the positive one"
        self.findings.repair("logiclm-value-asked", message, self.span(tree), spelled(literal))
        return literal

    def _term(self, tree: Tree[Any]) -> Term:
        span = self.span(tree)
        match tree.data:
            case "variable":
                return Term(str(tree.children[0])[1:], True, span)
            case "foreign_variable":
                name = str(tree.children[0])[1:]
                self.findings.repair("logiclm-bare-variable", f"`?{name}` is read as a variable", span, f"${name}")
                return Term(name, True, span)
            case "quoted":
                inner = str(tree.children[0])[1:-1].strip()
                self.findings.repair("logiclm-quoted-name", "names stand without quotes", span, inner)
                return Term(inner, False, span)
            case "asked":
                return Term("?", False, span)
            case _:
                words = " ".join(str(t) for t in tree.scan_values(lambda _: True))
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
