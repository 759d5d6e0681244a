"""Formulas of Logic-LM's notations for constraints, as plain nodes: what is written, nothing of names resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from nsr.diagnostics import Span
from nsr.dialects.logiclm_lines import Line, line_parser, place_of
from nsr.dialects.repairs import Findings

if TYPE_CHECKING:
    from lark import Tree

__all__ = ["Kind", "Node", "binders_of", "is_too_deep", "nodes_of", "read_formula"]

Kind: TypeAlias = Literal[
    "name", "number", "string", "call", "compare", "sum", "product", "minus", "and", "or", "not", "implies", "iff",
    "list", "tuple", "binder", "index",
]  # fmt: skip

_GRAMMAR = Path(__file__).with_name("logiclm_formula.lark")
_MAX_DEPTH = 80
_KNOWN = {"≠": "!=", "<>": "!=", "≤": "<=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a formula.

    `text` is the name, number, function or sort-less variable; of a comparison, sum or product it holds the operators
    with a blank between. `parts` are the pieces below, for a binder its sort.
    """

    kind: Kind
    text: str
    parts: tuple[Node, ...]
    span: Span


def nodes_of(node: Node) -> Iterator[Node]:
    """A node and all that is below it."""
    yield node
    for part in node.parts:
        yield from nodes_of(part)


def binders_of(node: Node) -> tuple[Node, ...]:
    """The binders of `[x:sort, y:sort]`, `[x, y:sort]` and `x:sort`; none if it is nothing of these."""
    found: list[Node] = []
    for part in reversed(node.parts if node.kind == "list" else (node,)):
        if part.kind == "name" and found:
            part = replace(found[0], text=part.text, span=part.span)
        if part.kind != "binder":
            return ()
        found.insert(0, part)
    return tuple(found)


def is_too_deep(tree: Any, line: Line, findings: Findings) -> bool:
    """Whether what stands in a line is nested more deeply than is read; then it is told. Walks without recursion."""
    level = [tree]
    for _ in range(_MAX_DEPTH):
        level = [below for t in level for below in getattr(t, "children", ())]
        if not level:
            return False
    findings.error("logiclm-nesting-too-deep", f"this is nested more than {_MAX_DEPTH} levels deep", line.span)
    return True


def read_formula(line: Line, findings: Findings) -> Node | None:
    """The formula of a line; None, after an error, if it cannot be read."""
    from lark.exceptions import UnexpectedInput

    try:
        tree: Any = line_parser(_GRAMMAR).parse(line.text)
    except UnexpectedInput as error:
        place = min(max(error.pos_in_stream or 0, 0), len(line.text))
        span = line.place(place, len(line.text))
        message = "this cannot be read as a formula"
        findings.error(
            "logiclm-unreadable-line", message, span, found="from here on", help="write it as a formula of Python"
        )
        return None
    if is_too_deep(tree, line, findings):
        return None
    return _Nodes(line, findings).node(tree.children[0])


class _Nodes:
    """The nodes of one line."""

    def __init__(self, line: Line, findings: Findings) -> None:
        self.line = line
        self.findings = findings

    def span(self, tree: Any) -> Span:
        return self.line.place(*place_of(tree))

    def node(self, tree: Tree[Any]) -> Node:
        if tree.data == "group":
            return self.node(tree.children[1])
        span = self.span(tree)
        match tree.data:
            case "number":
                return Node("number", str(tree.children[0]), (), span)
            case "string":
                return Node("string", str(tree.children[0])[1:-1], (), span)
            case "name":
                return Node("name", " ".join(map(str, tree.children)), (), span)
            case "call":
                return Node("call", str(tree.children[0]), self.items(tree.children[2:-1]), span)
            case "binder":
                return Node("binder", str(tree.children[0]), (self.node(tree.children[1]),), span)
            case "list":
                return Node("list", "", self.items(tree.children[1:-1]), span)
            case "tuple":
                return Node("tuple", "", (self.node(tree.children[1]), *self.items(tree.children[3:-1])), span)
            case "indexed":
                return Node("index", "", (self.node(tree.children[0]), *self.items(tree.children[2:-1])), span)
            case "negated":
                self._told(tree, "not ", "!¬~")
                return Node("not", "", (self.node(tree.children[-1]),), span)
            case "signed":
                inner = self.node(tree.children[1])
                return inner if tree.children[0] == "+" else Node("minus", "", (inner,), span)
            case _:
                return self._joined(tree, span)

    def items(self, children: list[Any]) -> tuple[Node, ...]:
        """The nodes of a list of items."""
        return tuple(self.node(t) for c in children for t in c.children)

    def _joined(self, tree: Tree[Any], span: Span) -> Node:
        """Operands with operators between them."""
        match tree.data:
            case "conjunction" | "disjunction":
                word: Kind = "and" if tree.data == "conjunction" else "or"
                for operator in tree.children[1::2]:
                    self._told(operator, word, "&|∧∨")
                return Node(word, "", tuple(self.node(t) for t in tree.children[::2]), span)
            case "implication" | "equivalence":
                kind: Kind = "implies" if tree.data == "implication" else "iff"
                self._told(tree.children[1], "Implies" if kind == "implies" else "==", "-=→⇒>↔<")
                return Node(kind, "", (self.node(tree.children[0]), self.node(tree.children[2])), span)
            case "comparison":
                operators = [self._comparison(t) for t in tree.children[1::2]]
                return Node("compare", " ".join(operators), tuple(map(self.node, tree.children[::2])), span)
            case _:
                operators = [str(t) for t in tree.children[1::2]]
                sort: Kind = "sum" if tree.data == "sum" else "product"
                return Node(sort, " ".join(operators), tuple(map(self.node, tree.children[::2])), span)

    def _comparison(self, tree: Tree[Any]) -> str:
        match tree.data:
            case "within":
                return "in"
            case "not_within":
                return "not_in"
            case "single_equals":
                self.findings.repair("logiclm-foreign-operator", "`=` is read as `==`", self.span(tree), "==")
                return "=="
            case _:
                written = str(tree.children[0])
                if written in _KNOWN:
                    message = f"`{written}` is read as `{_KNOWN[written]}`"
                    self.findings.repair("logiclm-foreign-operator", message, self.span(tree), _KNOWN[written])
                return _KNOWN.get(written, written)

    def _told(self, tree: Tree[Any], word: str, foreign: str) -> None:
        """Records an operator of another language."""
        token = tree.children[0] if tree.children else None
        if isinstance(token, str) and token[0] in foreign:
            place = self.line.place(token.start_pos or 0, token.end_pos or 0)  # type: ignore[attr-defined]
            self.findings.repair("logiclm-foreign-operator", f"`{token}` is read as `{word.strip()}`", place, word)
