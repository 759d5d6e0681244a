"""Answer-set programs as data: what is written, directives that have no counterpart refused by name.

The notation is that of clingo 5 (Gebser et al., "Potassco User Guide", 2.2): strong negation, choices with bounds,
aggregates, intervals and pools.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nsr.diagnostics import Span
from nsr.dialects.asp_nodes import (
    Aggregate,
    Atom,
    Binary,
    Call,
    Choice,
    Comparison,
    Counted,
    Element,
    Interval,
    Item,
    Literal,
    Minus,
    Number,
    Optimize,
    Program,
    Rule,
    Show,
    Summand,
    Symbol,
    Term,
    Variable,
)

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

    from nsr.dialects.repairs import Findings

__all__ = ["read_tree"]

_GRAMMAR = Path(__file__).with_name("asp.lark")
MOST_NESTED = 80


@cache
def _parser() -> Lark:
    from lark import Lark

    grammar = _GRAMMAR.read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True, propagate_positions=True)


_SCAN = re.compile(
    r"(?P<comment>%\*(?s:.*?)\*%|%[^\n]*)|(?P<string>\"(?:[^\"\\\n]|\\.)*\")|(?P<weak>:~)|(?P<outside>@[a-z]\w*\s*\()"
    r"|(?P<theory>&\s*[a-z]\w*)|(?P<directive>#[A-Za-z_]+\+?)|(?P<open>[({])|(?P<close>[)}])"
)
_TAKEN = {
    "#const", "#show", "#count", "#sum", "#minimize", "#minimise", "#maximize", "#maximise",
}  # fmt: skip
_REFUSED = {
    "weak": "a weak constraint (`:~`)",
    "outside": "a function of a script (`@name(...)`)",
    "theory": "a theory atom (`&name{...}`)",
}


def read_tree(text: str, findings: Findings) -> Program | None:
    """The program; None, with errors, where something is not read."""
    if not _is_in_reach(text, findings):
        return None
    from lark.exceptions import UnexpectedInput

    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        place = max(0, min(error.pos_in_stream or 0, len(text)))
        if place == 0 and error.__class__.__name__ == "UnexpectedEOF":
            place = len(text)
        found = text[place : place + 12].split("\n")[0] or "the end of the text"
        findings.error(
            "asp-syntax",
            "this is no answer-set program from here on",
            Span(place, min(place + 1, len(text))),
            found=found,
            help="statements end in a full stop; rules are `head :- body.`",
        )
        return None
    return _Reader(findings).program(tree)


def _is_in_reach(text: str, findings: Findings) -> bool:
    depth = 0
    is_fine = True
    for match in _SCAN.finditer(text):
        kind = match.lastgroup or ""
        span = Span(match.start(), match.end())
        if kind == "open":
            depth += 1
            if depth == MOST_NESTED:
                findings.error("asp-too-deep", f"more than {MOST_NESTED} brackets are open here", span)
                return False
        elif kind == "close":
            depth -= 1
        elif kind in _REFUSED:
            _refuse(_REFUSED[kind], span, findings)
            is_fine = False
        elif kind == "directive" and match.group() not in _TAKEN:
            _refuse(f"`{match.group()}`", span, findings)
            is_fine = False
    return is_fine


def _refuse(what: str, span: Span, findings: Findings) -> None:
    findings.error(
        "asp-unsupported", f"{what} is not read", span, help="say it with rules, choices, `#count` and `#sum`"
    )


class _Unread(Exception):
    """A part that is not read; told already."""


class _Reader:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._anonymous = 0

    def program(self, tree: Tree[Token]) -> Program | None:
        rules: list[Rule] = []
        shows: list[Show] = []
        objectives: list[Optimize] = []
        constants: dict[str, Term] = {}
        for statement in tree.children:
            try:
                match self._statement(statement):
                    case Rule() as rule:
                        rules.append(rule)
                    case Show() as show:
                        shows.append(show)
                    case Optimize() as objective:
                        objectives.append(objective)
                    case (str(name), term):
                        constants[name] = term
            except _Unread:
                continue
        if self._findings.has_errors:
            return None
        return Program(tuple(rules), tuple(shows), tuple(objectives), constants)

    def _fail(self, what: str, span: Span, help: str = "") -> _Unread:
        self._findings.error("asp-unsupported", what, span, help=help)
        return _Unread()

    def _statement(self, tree: Any) -> Rule | Show | Optimize | tuple[str, Term]:
        span = _span(tree)
        match tree.data:
            case "fact" | "rule":
                heads, choice = self._head(tree.children[0])
                body = tree.children[1] if len(tree.children) > 1 else None
                return Rule(heads, choice, self._items(body), span)
            case "constraint":
                return Rule((), None, self._items(tree.children[0]), span)
            case "const":
                return str(tree.children[0]), self._term(tree.children[1])
            case "show_nothing":
                return Show(None, 0, False, span)
            case "show":
                minus, name, arity = tree.children
                return Show(str(name), int(arity), minus is not None, span)
            case _:
                word, *elements = tree.children
                parts = tuple([self._optimized(one) for one in elements if one is not None])
                return Optimize(str(word).startswith("#min"), parts, span)

    def _optimized(self, tree: Any) -> tuple[Term, Term | None, Summand]:
        weight, priority, *rest = tree.children
        conditions = self._items(rest.pop() if rest and (rest[-1] is None or _is(rest[-1], "items")) else None)
        terms = [self._term(one) for one in rest if one is not None]
        level = None if priority is None else self._term(priority)
        weight = self._term(weight)
        return weight, level, Summand((weight, *terms), conditions)

    def _head(self, tree: Any) -> tuple[tuple[tuple[Atom, ...], ...], Choice | None]:
        if tree.data == "disjunction":
            return tuple([self._atoms(one.children[0]) for one in tree.children]), None
        lower, *rest = tree.children
        if tree.data == "choice_with_sign":
            raise self._fail("bounds of a choice are plain: `1 { ... } 2`", _span(tree))
        upper = rest.pop()
        choice = Choice(tuple(self._elements(rest)), self._maybe(lower), self._maybe(upper), _span(tree))
        return (), choice

    def _elements(self, trees: list[Any]) -> list[Element]:
        found = [one for one in trees if one is not None]
        return [Element(self._atoms(one.children[0]), self._items(one.children[1])) for one in found]

    def _maybe(self, tree: Any) -> Term | None:
        return None if tree is None else self._term(tree)

    def _items(self, tree: Any) -> tuple[Item, ...]:
        return () if tree is None else tuple([self._item(one) for one in tree.children if one is not None])

    def _item(self, tree: Any) -> Item:
        span = _span(tree)
        parts = list(tree.children)
        denials = 0
        while parts and getattr(parts[0], "type", "") == "NOT":
            parts.pop(0)
            denials += 1
        if denials > 1:
            raise self._fail("`not not` is not read", span, "say it with a choice")
        is_denied = denials == 1
        match tree.data:
            case "literal":
                return Literal(self._atoms(parts[0]), is_denied, span)
            case "comparison":
                operator = _OPERATORS[str(parts[1])]
                operator = _CONTRARY[operator] if is_denied else operator
                return Comparison(operator, self._term(parts[0]), self._term(parts[2]), span)
            case "aggregate" | "aggregate_with_guard":
                return self._aggregate(tree.data, parts, is_denied, span)
            case _:
                lower, *elements, upper = parts
                return Counted(tuple(self._elements(elements)), self._maybe(lower), self._maybe(upper), is_denied, span)

    def _aggregate(self, shape: str, parts: list[Any], is_denied: bool, span: Span) -> Aggregate:
        lower = None
        if shape == "aggregate_with_guard":
            term, sign, *parts = parts
            lower = (self._term(term), _OPERATORS[str(sign)])
        kind, *elements, sign, bound = parts
        upper = None if sign is None else (_OPERATORS[str(sign)], self._term(bound))
        summands = []
        for one in elements:
            if one is None:
                continue
            *terms, conditions = one.children
            known = tuple([self._term(term) for term in terms if term is not None])
            summands.append(Summand(known, self._items(conditions)))
        return Aggregate(str(kind)[1:], tuple(summands), lower, upper, is_denied, span)

    def _atoms(self, tree: Any) -> tuple[Atom, ...]:
        """The atoms of a pool."""
        span = _span(tree)
        is_negative = False
        term = self._term(tree)
        if isinstance(term, Minus):
            is_negative, term = True, term.term
        match term:
            case Symbol(text) if not text.startswith('"'):
                return (Atom(text, (), is_negative, span),)
            case Call(name, pools):
                for arg in [arg for pool in pools for arg in pool]:
                    self._check_arg(arg, span)
                return tuple([Atom(name, pool, is_negative, span) for pool in pools])
            case _:
                raise self._fail("an atom is wanted here", span, "atoms are names with arguments: `p(a, X)`")

    def _check_arg(self, term: Term, span: Span) -> None:
        match term:
            case Call(name):
                raise self._fail(
                    f"the function `{name}` is not read", span, "give what it stands for a name of its own"
                )
            case Minus(inner):
                self._check_arg(inner, span)
            case Binary(_, left, right) | Interval(left, right):
                self._check_arg(left, span)
                self._check_arg(right, span)
            case _:
                pass

    def _term(self, tree: Any) -> Term:
        match tree.data:
            case "number":
                text = str(tree.children[0])
                if len(text) > 10 or int(text) >= 1 << 31:
                    raise self._fail("a number has at most 31 bits", _span(tree))
                return Number(int(text))
            case "string" | "name":
                return Symbol(str(tree.children[0]))
            case "variable":
                return Variable(str(tree.children[0]))
            case "anonymous":
                self._anonymous += 1
                return Variable(f"_{self._anonymous}")
            case "minus":
                inner = self._term(tree.children[1])
                return Number(-inner.value) if isinstance(inner, Number) else Minus(inner)
            case "interval":
                return Interval(self._term(tree.children[0]), self._term(tree.children[1]))
            case "call":
                name, *pools = tree.children
                known = [tuple([self._term(arg) for arg in pool.children]) for pool in pools if pool is not None]
                return Call(str(name), tuple(known)) if known else Symbol(str(name))
            case _:
                left, right = [one for one in tree.children if getattr(one, "type", "") != "MINUS"]
                return Binary(_SIGNS[tree.data], self._term(left), self._term(right))


_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "modulo": "\\", "to_the": "**"}
_OPERATORS = {
    "=": "==", "==": "==", "!=": "!=", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">=",
}  # fmt: skip
_CONTRARY = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _is(tree: Any, name: str) -> bool:
    return getattr(tree, "data", None) == name


def _span(tree: Any) -> Span:
    meta = tree.meta
    return Span(0, 0) if meta.empty else Span(meta.start_pos, meta.end_pos)
