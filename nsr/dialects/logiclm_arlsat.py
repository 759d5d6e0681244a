"""Logic-LM's Z3-like form, as its language models write it for AR-LSAT.

Sorts and functions are declared, constraints are formulas with `ForAll([x:sort], ...)` and `Count`, and each option
says by `is_valid`, `is_sat` or `is_exception` when it is the right one. (After Ye, Chen, Dillig, Durrett, "SatLM",
NeurIPS 2023.)

The words of the question are in the program too. Where they and the functions around the options disagree, the words
are right; a question that supposes something that the program says nowhere is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nsr.diagnostics import Span
from nsr.dialects.logiclm_arlsat_goal import Mode, is_supposed_in, mode_of, option_mode, supposition_of
from nsr.dialects.logiclm_arlsat_mending import conjuncts, for_all, joined, shape
from nsr.dialects.logiclm_arlsat_names import INT, Function, Names
from nsr.dialects.logiclm_arlsat_terms import Unreadable, formula_of
from nsr.dialects.logiclm_formula import Node, read_formula
from nsr.dialects.logiclm_lines import Line, citations, close_brackets, is_too_long, split_sections, strip_punctuation
from nsr.dialects.logiclm_names import fold
from nsr.dialects.protocol import Dialect, Reading
from nsr.dialects.repairs import Findings
from nsr.language import ast

__all__ = ["LOGICLM_ARLSAT"]

_HEADINGS = {
    name: re.compile(rf"[#*\s]*{pattern}[*\s]*:?[*\s]*", re.IGNORECASE)
    for name, pattern in {
        "declarations": "declarations?",
        "constraints": "constraints?",
        "options": "options?",
        "answer": r"(?:(?:answer|note|explanation)\b.*?)",
    }.items()
}
_LABEL = re.compile(r"\(?\b([A-H])\b[).]?")
_MAX_LINES = 500
_MAX_QUESTION = 1000
_MAX_TURNED = 8
_AROUND = frozenset({
    "isexception", "issat", "ispossible", "isvalid", "istrue", "isunsat", "isfalse", "isinvalid",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Option:
    label: str
    functions: tuple[str, ...]
    formula: Node
    comment: str
    span: Span


def recognize(text: str) -> float:
    """How surely a text is such a program: it declares sorts or functions below the headings."""
    sections = split_sections(text, _HEADINGS)
    if "declarations" not in sections or not {"constraints", "options"} & sections.keys():
        return 0.0
    return 0.95 if re.search(r"\b(?:EnumSort|Function)\s*\(", text) else 0.3


def read(text: str, strict: bool) -> Reading:
    """Reads a program into types, functions, constraints and a `choose`."""
    findings = Findings(strict=strict)
    sections = split_sections(text, _HEADINGS)
    if (total := sum(map(len, sections.values()))) > _MAX_LINES:
        message = f"the program has {total:,} lines; at most {_MAX_LINES:,} are read"
        findings.error("logiclm-input-too-large", message, Span(0, 0))
        return findings.reading((), text)
    reader = _Reader(text, sections, findings)
    reading = reader.reading()
    if reading.program is None and {d.code for d in reading.errors} == {"logiclm-sort-mismatch"}:
        return _turned(text, sections, strict, reader.names) or reading
    return reading


def _turned(text: str, sections: dict[str, list[Line]], strict: bool, names: Names) -> Reading | None:
    """The reading with one signature the other way round, where that and nothing else makes all its uses fit."""
    unary = [key for key, f in names.functions.items() if len(f.args) == 1 and f.value in names.sorts]
    found = []
    for key in unary[:_MAX_TURNED]:
        reading = _Reader(text, sections, Findings(strict=strict), turned=key).reading()
        if not any(d.code == "logiclm-sort-mismatch" for d in reading.errors):
            found.append(reading)
    return found[0] if len(found) == 1 else None


class _Reader:
    """One program on its way."""

    def __init__(self, text: str, sections: dict[str, list[Line]], findings: Findings, turned: str = "") -> None:
        self.text = text
        self.sections = sections
        self.findings = findings
        self.names = Names(findings, turned)
        self.statements: list[ast.Statement] = []
        self.comments: list[str] = []
        self.assumed: ast.Expr | None = None

    def reading(self) -> Reading:
        for line in (*self.sections.get("", []), *self.sections.get("answer", [])):
            self.findings.repair("logiclm-text-outside", "this is no part of the program", line.span, "")
        declared = self._joined(self.sections.get("declarations", []))
        formulas = [line for line in declared if not self.names.declare(line)]
        for line in (*formulas, *self._joined(self.sections.get("constraints", []))):
            self._constraint(line)
        goal = self._goal()
        return self.findings.reading((*self._declarations(), *self.statements, *goal), self.text)

    def _joined(self, lines: list[Line]) -> Iterator[Line]:
        """Lines with those that continue an open bracket put together."""
        waiting: Line | None = None
        for line in lines:
            if waiting is not None:
                end = line.start + len(line.text)
                text = self.text[waiting.start : end].replace("\n", " ").replace("\r", " ")
                line = Line(text, line.comment, waiting.start)
            is_open = sum(map(line.text.count, "([{")) > sum(map(line.text.count, ")]}"))
            waiting = line if is_open and not line.comment else None
            if waiting is None:
                yield line
        if waiting is not None:
            yield waiting

    def _node(self, line: Line) -> Node | None:
        if is_too_long(line, self.findings):
            return None
        closed = close_brackets(strip_punctuation(line, self.findings), self.findings)
        return None if closed is None else read_formula(closed, self.findings)

    def _constraint(self, line: Line) -> None:
        node = self._node(line)
        if node is None:
            return
        try:
            formula = formula_of(for_all(node, self.names, self.findings), self.names, self.findings)
        except Unreadable:
            return
        self.comments.append(line.comment[:_MAX_QUESTION])
        head = ast.Head(citations=citations(line.comment))
        self.statements.append(ast.Require("constraint", (formula,), head=head))

    def _declarations(self) -> list[ast.Statement]:
        found: list[ast.Statement] = [sort.declaration() for sort in self.names.sorts.values()]
        found += [self._function(f) for f in self.names.functions.values()]
        return found

    def _function(self, function: Function) -> ast.Statement:
        args = tuple(ast.Argument(ast.SortName(self.names.sorts[a].own)) for a in function.args)
        signature = ast.Signature(ast.Name(function.own), args)
        if function.value == "bool":
            return ast.PredDecl((signature,))
        own = INT if function.value == INT else self.names.sorts[function.value].own
        value = ast.ValueType(ast.SortName(own, function.value == INT))
        return ast.VarDecl((ast.VarGroup((signature,), value),))

    # The goal

    def _goal(self) -> list[ast.Statement]:
        question = ""
        options: list[_Option] = []
        place = Span(len(self.text), len(self.text))
        for line in self._joined(self.sections.get("options", [])):
            if fold(line.text) == "question":
                question, place = line.comment[:_MAX_QUESTION], line.span
            elif (option := self._option(line, len(options))) is not None:
                options.append(option)
        if not options:
            if not self.findings.has_errors:
                help_ = "add options such as `is_valid(...) ::: (A)`"
                self.findings.error("logiclm-query-missing", "the program asks nothing", place, help=help_)
            return []
        mode = self._mode(question, options, place)
        if mode is None or self.findings.has_errors:
            return []
        options = self._supposed(question, mode, options, place)
        return self._choose(question, mode, options)

    def _option(self, line: Line, index: int) -> _Option | None:
        node = self._node(line)
        if node is None:
            return None
        functions = []
        while node.kind == "call" and fold(node.text) in _AROUND and node.parts:
            functions.append(fold(node.text))
            if len(node.parts) > 1:
                joined = Node("and", "", node.parts, node.span)
                message = "the formulas of an option are joined by `and`"
                self.findings.repair("logiclm-option-of-several", message, node.span, f"{node.text}(And(...))")
                node = joined
            else:
                node = node.parts[0]
        if not functions:
            help_ = "put `is_valid(...)` or `is_sat(...)` around it"
            self.findings.error("logiclm-goal-form", "this option does not say when it is right", line.span, help=help_)
            return None
        match = _LABEL.search(line.comment)
        label = match[1] if match else chr(ord("A") + min(index, 25))
        return _Option(label, tuple(functions), node, line.comment, line.span)

    def _mode(self, question: str, options: list[_Option], place: Span) -> Mode | None:
        """The mode of the choice: by the words of the question, else by the functions around the options."""
        modes = {option_mode(o.functions) for o in options}
        told = modes.pop() if len(modes) == 1 else None
        asked = mode_of(question)
        if question and asked is None:
            help_ = "ask which one must, could or cannot be true"
            self.findings.error(
                "logiclm-goal-form", "the question asks for something else than its options", place, help=help_
            )
            return None
        if asked is None and told is None:
            help_ = "use one of `is_valid`, `is_sat`, `is_exception` for all"
            self.findings.error("logiclm-goal-form", "the options do not say one way to be right", place, help=help_)
            return None
        if asked is not None and (told is None or _meaning(asked) != _meaning(told)):
            message = f"the question asks for `{asked.words}`, the options say something else"
            self.findings.repair("logiclm-goal-mode", message, options[0].span, asked.words)
        return asked or told

    def _supposed(self, question: str, mode: Mode, options: list[_Option], place: Span) -> list[_Option]:
        """The options without a supposition that all of them repeat, which becomes an assumption of its own."""
        supposition = supposition_of(question)
        common = _common(options)
        if common is None and supposition and mode.modality != "must":
            common = _shared(options)
        if common is not None:
            condition, rest = common
            try:
                self.assumed = formula_of(condition, self.names, self.findings)
            except Unreadable:
                return options
            return rest
        if supposition and not is_supposed_in(supposition, self.comments):
            help_ = "add it as a constraint"
            message = "the question supposes something that no statement says"
            self.findings.error("logiclm-supposition-missing", message, place, help=help_)
        return options

    def _choose(self, question: str, mode: Mode, options: list[_Option]) -> list[ast.Statement]:
        statements: list[ast.Statement] = []
        if self.assumed is not None:
            statements.append(ast.Require("assume", (self.assumed,)))
        head = ast.Head(citations=citations(question))
        statements.append(ast.Choose(mode.modality, mode.is_except, head=head))
        seen: set[str] = set()
        for option in options:
            if option.label in seen:
                message = f"there are two options `{option.label}`"
                self.findings.error("logiclm-declared-twice", message, option.span, help="label each option once")
                continue
            seen.add(option.label)
            try:
                formula = formula_of(option.formula, self.names, self.findings)
            except Unreadable:
                continue
            statements.append(ast.Option(ast.Name(option.label), formula))
        return statements


def _meaning(mode: Mode) -> Mode:
    """Modes that take the same option for right are one: `could except` is `cannot`."""
    other = {Mode("could", True): Mode("cannot"), Mode("cannot", True): Mode("could")}
    return other.get(mode, mode)


def _common(options: list[_Option]) -> tuple[Node, list[_Option]] | None:
    """The condition `S` of options `Implies(S, ...)`, and the options without it; None if they have no such."""
    if len(options) < 2:
        return None
    halves = []
    for option in options:
        node = option.formula
        is_implication = node.kind == "implies" or (node.kind == "call" and fold(node.text) == "implies")
        if not is_implication or len(node.parts) != 2:
            return None
        halves.append(node.parts)
    if len({shape(condition) for condition, _ in halves}) > 1:
        return None
    rest = [replace(o, formula=conclusion) for o, (_, conclusion) in zip(options, halves, strict=True)]
    return halves[0][0], rest


def _shared(options: list[_Option]) -> tuple[Node, list[_Option]] | None:
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


LOGICLM_ARLSAT = Dialect("logiclm-arlsat", "Logic-LM's Z3-like form with options", recognize, read)
