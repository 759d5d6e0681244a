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

from nsr.diagnostics import Span
from nsr.dialects.logiclm_arlsat_forms import Asked, goal_of
from nsr.dialects.logiclm_arlsat_goal import Mode, form_of, mode_of, option_mode
from nsr.dialects.logiclm_arlsat_mending import for_all
from nsr.dialects.logiclm_arlsat_names import INT, Function, Names
from nsr.dialects.logiclm_arlsat_options import LIST, Option, common_condition, option_of, shared_part, without_label
from nsr.dialects.logiclm_arlsat_supposition import Said, is_said, supposition_of
from nsr.dialects.logiclm_arlsat_terms import Unreadable, formula_of
from nsr.dialects.logiclm_formula import Node, nodes_of, read_formula
from nsr.dialects.logiclm_lines import (
    Line,
    citations,
    close_brackets,
    is_too_long,
    prose_apart,
    split_sections,
    strip_punctuation,
)
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
_QUESTION = re.compile(r"[#*\s]*question\b[*\s]*:?[*\s]*(?P<words>.*)", re.IGNORECASE | re.DOTALL)
_MAX_LINES = 500
_MAX_QUESTION = 1000
_MAX_TURNED = 8


def recognize(text: str) -> float:
    """How surely a text is such a program: it declares sorts or functions below the headings."""
    sections = split_sections(text, _HEADINGS)
    if "declarations" not in sections or not {"constraints", "options"} & sections.keys():
        return 0.0
    return 0.95 if re.search(r"\b(?:EnumSort|Function)\s*\(", text) else 0.3


def read(text: str, strict: bool) -> Reading:
    """Reads a program into types, functions, constraints and a `choose`."""
    findings = Findings(strict=strict)
    sections = prose_apart(split_sections(text, _HEADINGS))
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
        self.said: list[Said] = []

    def reading(self) -> Reading:
        for line in (*self.sections.get("", []), *self.sections.get("answer", [])):
            self.findings.repair("logiclm-text-outside", "this is no part of the program", line.span, "")
        declared = self._joined(self.sections.get("declarations", []))
        formulas = [line for line in declared if not self.names.declare(line)]
        for line in (*formulas, *self._joined(self.sections.get("constraints", []))):
            self._constraint(line)
        goal = self._goal()  # which may label constraints
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
        if (node := self._node(line)) is not None:
            self._require(node, line.comment)

    def _require(self, node: Node, comment: str) -> None:
        try:
            formula = formula_of(for_all(node, self.names, self.findings), self.names, self.findings)
        except Unreadable:
            return
        named = (n.text for n in nodes_of(node) if n.kind in ("name", "string", "number"))
        self.said.append(Said(comment[:_MAX_QUESTION], frozenset(n for n in named if self.names.sorts_with(n))))
        self.statements.append(ast.Require("constraint", (formula,), head=ast.Head(citations=citations(comment))))

    def _declarations(self) -> list[ast.Statement]:
        found: list[ast.Statement] = [sort.declaration() for sort in self.names.sorts.values()]
        found += [self._function(f) for f in self.names.functions.values()]
        found += [self._values(f) for f in self.names.functions.values() if f.within]
        return found

    def _function(self, function: Function) -> ast.Statement:
        args = tuple(ast.Argument(ast.SortName(self.names.sorts[a].own)) for a in function.args)
        signature = ast.Signature(ast.Name(function.own), args)
        if function.value == "bool":
            return ast.PredDecl((signature,))
        own = INT if function.value == INT else self.names.sorts[function.value].own
        value = ast.ValueType(ast.SortName(own, function.value == INT))
        return ast.VarDecl((ast.VarGroup((signature,), value),))

    def _values(self, function: Function) -> ast.Statement:
        """That the values of a function are in a part of a sort."""
        binders = tuple(
            ast.Binder((ast.Name(f"any_{place}"),), ast.Name(self.names.sorts[sort].own))
            for place, sort in enumerate(function.args, 1)
        )
        args = tuple(binder.names[0] for binder in binders)
        value = ast.Call(ast.Name(function.own), args) if args else ast.Name(function.own)
        elements = (self.names.element(function.value, p.text, p.span) for p in self.names.lists[function.within])
        formula = ast.Member(value, ast.SetTerm(tuple(elements)))
        return ast.Require("constraint", (formula,), ast.Generator(binders) if binders else None)

    # The goal

    def _goal(self) -> list[ast.Statement]:
        question = ""
        options: list[Option] = []
        place = Span(len(self.text), len(self.text))
        for line in self._joined(self.sections.get("options", [])):
            asked = _QUESTION.fullmatch(line.text)
            if asked is not None and not options:
                question, place = f"{asked['words']} {line.comment}".strip()[:_MAX_QUESTION], line.span
            elif (option := self._option(line, question, options)) is not None:
                options.append(option)
        if not options:
            if not self.findings.has_errors:
                help_ = "add options such as `is_valid(...) ::: (A)`"
                self.findings.error("logiclm-query-missing", "the program asks nothing", place, help=help_)
            return []
        labels = [o.label for o in options]
        for at, option in enumerate(options):
            if option.label in labels[:at]:
                message = f"there are two options `{option.label}`"
                self.findings.error("logiclm-declared-twice", message, option.span, help="label each option once")
        try:
            return self._asked(question, options, place)
        except Unreadable:
            return []

    def _option(self, line: Line, question: str, before: list[Option]) -> Option | None:
        line, label = without_label(line)
        node = self._node(line)
        if node is None:
            return None
        option = option_of(node, label, line.comment, len(before), self.findings)
        if option is not None:
            return option
        if not before and supposition_of(question):
            message = "this is what the question supposes: a constraint"
            self.findings.repair("logiclm-supposition-among-options", message, line.span, line.text)
            self._require(node, line.comment)
            return None
        help_ = "put `is_valid(...)` or `is_sat(...)` around it"
        self.findings.error("logiclm-goal-form", "this option does not say when it is right", line.span, help=help_)
        return None

    def _asked(self, question: str, options: list[Option], place: Span) -> list[ast.Statement]:
        """The goal, with what is assumed for it."""
        form = "list" if all(o.functions == (LIST,) for o in options) else form_of(question)
        mode = None if form else self._mode(question, options, place)
        if self.findings.has_errors:
            return []
        assumed, options = self._supposed(question, mode, options, place)
        head = ast.Head(citations=citations(question))
        asked = Asked(question, options, self.statements, self.said, self.names, self.findings, head)
        if mode is not None:
            goal = ast.Choose(mode.modality, mode.is_except, head=head)
            return [*assumed, goal, *asked.options_of([asked.formula(o.formula) for o in options])]
        found = None if form is None else goal_of(form, asked)
        if found is None:
            help_ = "ask which one must, could or cannot be true"
            message = "the question asks for something else than its options"
            self.findings.error("logiclm-goal-form", message, place, help=help_)
            return []
        self.statements = found.statements
        return [*assumed, *found.goal]

    def _mode(self, question: str, options: list[Option], place: Span) -> Mode | None:
        """The mode of the choice: by the words of the question, else by the functions around the options."""
        modes = {option_mode(o.functions) for o in options}
        told = modes.pop() if len(modes) == 1 else None
        asked = mode_of(question)
        if asked is None and told is None and not question:
            help_ = "use one of `is_valid`, `is_sat`, `is_exception` for all"
            self.findings.error("logiclm-goal-form", "the options do not say one way to be right", place, help=help_)
        if asked is not None and (told is None or _meaning(asked) != _meaning(told)):
            message = f"the question asks for `{asked.words}`, the options say something else"
            self.findings.repair("logiclm-goal-mode", message, options[0].span, asked.words)
        return asked if question else told

    def _supposed(
        self, question: str, mode: Mode | None, options: list[Option], place: Span
    ) -> tuple[list[ast.Statement], list[Option]]:
        """A supposition that all options repeat as an assumption of its own, and the options without it."""
        supposition = supposition_of(question)
        common = common_condition(options)
        if common is None and supposition and (mode is None or mode.modality != "must"):
            common = shared_part(options)
        if common is not None:
            condition, rest = common
            return [ast.Require("assume", (formula_of(condition, self.names, self.findings),))], rest
        if supposition and not is_said(supposition, self.said, self.names.all_elements()):
            help_ = "add it as a constraint"
            message = "the question supposes something that no statement says"
            self.findings.error("logiclm-supposition-missing", message, place, help=help_)
        return [], options


def _meaning(mode: Mode) -> Mode:
    """Modes that take the same option for right are one: `could except` is `cannot`."""
    other = {Mode("could", True): Mode("cannot"), Mode("cannot", True): Mode("could")}
    return other.get(mode, mode)


LOGICLM_ARLSAT = Dialect("logiclm-arlsat", "Logic-LM's Z3-like form with options", recognize, read)
