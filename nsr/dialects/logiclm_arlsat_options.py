"""The options of a program in Logic-LM's Z3-like form: formulas inside functions that say when each is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nsr.diagnostics import Span
from nsr.dialects.logiclm_arlsat_mending import conjuncts, joined, shape
from nsr.dialects.logiclm_formula import Node
from nsr.dialects.logiclm_lines import Line
from nsr.dialects.logiclm_names import fold
from nsr.dialects.repairs import Findings

__all__ = ["LIST", "Option", "common_condition", "implication", "option_of", "shared_part", "without_label"]

LIST = "isaccuratelist"
_AROUND = frozenset({
    "isexception", "issat", "ispossible", "isvalid", "istrue", "isunsat", "isfalse", "isinvalid", LIST,
})  # fmt: skip
_IN_FRONT = re.compile(r"(?:option\s+)?\(?(?P<label>[A-H])\s*[).:]\s*(?=is_)", re.IGNORECASE)
_BEHIND = re.compile(r"\(([A-H])\)|^(?:option\s+)?([A-H])(?:[).:]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Option:
    """`functions` are those around the formula, folded, from the outermost; an accurate list is of kind `list`."""

    label: str
    functions: tuple[str, ...]
    formula: Node
    span: Span


def without_label(line: Line) -> tuple[Line, str]:
    """A line without the label in front of it (`A) is_sat(...)`), and the label."""
    match = _IN_FRONT.match(line.text)
    if match is None:
        return line, ""
    return Line(line.text[match.end() :], line.comment, line.start + match.end()), match["label"].upper()


def option_of(node: Node, label: str, comment: str, index: int, findings: Findings) -> Option | None:
    """The option of a formula; None if no function says when it is right.

    Its label is that in front of it, else the one in the comment, else that of its place.
    """
    span = node.span
    functions = []
    while node.kind == "call" and fold(node.text) in _AROUND and node.parts:
        functions.append(fold(node.text))
        if functions[-1] == LIST:
            listed = node.parts[0].parts if len(node.parts) == 1 and node.parts[0].kind == "list" else node.parts
            node = Node("list", "", listed, node.span)
        elif len(node.parts) > 1:
            message = "the formulas of an option are joined by `and`"
            findings.repair("logiclm-option-of-several", message, node.span, f"{node.text}(And(...))")
            node = Node("and", "", node.parts, node.span)
        else:
            node = node.parts[0]
    if not functions:
        return None
    match = _BEHIND.search(comment)
    told = (match[1] or match[2]).upper() if match else ""
    return Option(label or told or chr(ord("A") + min(index, 25)), tuple(functions), node, span)


def implication(node: Node) -> tuple[Node, Node] | None:
    """The halves of `Implies(condition, conclusion)`; None of anything else."""
    is_implication = node.kind == "implies" or (node.kind == "call" and fold(node.text) == "implies")
    return (node.parts[0], node.parts[1]) if is_implication and len(node.parts) == 2 else None


def common_condition(options: Sequence[Option]) -> tuple[Node, list[Option]] | None:
    """The condition `S` of options `Implies(S, ...)`, and the options without it; None if they have no such."""
    halves = [half for o in options if (half := implication(o.formula)) is not None]
    if len(options) < 2 or len(halves) < len(options) or len({shape(condition) for condition, _ in halves}) > 1:
        return None
    rest = [replace(o, formula=conclusion) for o, (_, conclusion) in zip(options, halves, strict=True)]
    return halves[0][0], rest


def shared_part(options: Sequence[Option]) -> tuple[Node, list[Option]] | None:
    """What options `And(S, ...)` have in common, and the options without it; None where one would be left empty."""
    if len(options) < 2:
        return None
    said = [{shape(part): part for part in conjuncts(o.formula)} for o in options]
    common = [key for key in said[0] if all(key in parts for parts in said)]
    left = [[part for key, part in parts.items() if key not in common] for parts in said]
    if not common or not all(left):
        return None
    rest = [replace(o, formula=joined(parts)) for o, parts in zip(options, left, strict=True)]
    return joined([said[0][key] for key in common]), rest
