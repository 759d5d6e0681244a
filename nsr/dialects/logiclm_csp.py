"""Logic-LM's constraint problems, as its language models write them for LogicalDeduction.

`book [IN] [1, 2, 3]` declares a number, constraints are Python's comparisons and `AllDifferentConstraint`, and the
query lists the options: the right one is true in all solutions. Where each comparison has its sentence, it is held
against that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from nsr.diagnostics import Span, nearest
from nsr.dialects.logiclm_csp_sentences import Ends, held_against_sentence
from nsr.dialects.logiclm_formula import Node, read_formula
from nsr.dialects.logiclm_lines import (
    Line,
    citations,
    close_brackets,
    is_too_long,
    prose_apart,
    split_sections,
    strip_punctuation,
)
from nsr.dialects.logiclm_names import fold, plural_of, snake
from nsr.dialects.protocol import Dialect, Reading
from nsr.dialects.repairs import Findings
from nsr.language import ast

__all__ = ["LOGICLM_CSP"]

_HEADINGS = {
    name: re.compile(rf"[#*\s]*{pattern}[*\s]*:?[*\s]*", re.IGNORECASE)
    for name, pattern in {
        "domain": "domains?",
        "variables": "variables?",
        "constraints": "constraints?",
        "query": "(?:query|queries|options?)",
        "answer": r"(?:(?:answer|note|explanation)\b.*?)",
    }.items()
}
_IN = re.compile(r"\[\s*+IN\s*+\]|\bin\b|∈", re.IGNORECASE)
_LIST = re.compile(r"\[([^\[\]]*)\]|\{([^{}]*)\}")
_RANGE = re.compile(r"range\(\s*(?:(-?\d{1,9})\s*,\s*)?(-?\d{1,9})\s*\)")
_VALUE = re.compile(r"(?P<value>-?\d+)\s*[:=]\s*(?P<label>.+)")
_OPTION = re.compile(r"(?:[Oo]ption\s+)?\(?(?P<label>[A-Za-z])\s*[).:]\s*(?P<formula>.+)")
_DIFFERENT = frozenset({"alldifferentconstraint", "alldifferent", "distinct"})
_MAX_VALUES = 1000
_MAX_LINES = 1000


def recognize(text: str) -> float:
    """How surely a text is such a problem: it has its headings, and variables `[IN]` a list."""
    sections = split_sections(text, _HEADINGS)
    if not {"variables", "constraints"} <= sections.keys():
        return 0.0
    return 0.95 if re.search(r"\[\s*IN\s*\]", text) else 0.4


def read(text: str, strict: bool) -> Reading:
    """Reads a problem into integers with bounds, constraints, and a `choose must`."""
    findings = Findings(strict=strict)
    sections = prose_apart(split_sections(text, _HEADINGS))
    for name in ("", "answer"):
        for line in sections.get(name, []):
            findings.repair("logiclm-text-outside", "this is no part of the program", line.span, "")
    if (total := sum(map(len, sections.values()))) > _MAX_LINES:
        message = f"the program has {total:,} lines; at most {_MAX_LINES:,} are read"
        findings.error("logiclm-input-too-large", message, Span(0, 0))
        return findings.reading((), text)
    problem = _Problem(findings, _labels(sections.get("domain", [])))
    for line in sections.get("variables", []):
        problem.declare(line)
    compared = [x for name in ("constraints", "query") for x in sections.get(name, []) if re.search("[<>=]", x.text)]
    if all(line.comment for line in compared):
        problem.ends = _ends(sections.get("domain", []), problem.values)
    statements = [s for line in sections.get("constraints", []) for s in problem.constraint(line)]
    options = [o for line in sections.get("query", []) if (o := problem.option(line)) is not None]
    end = Span(len(text), len(text))
    if not problem.names:
        findings.error(
            "logiclm-variables-missing", "the program has no variables", end, help="add `name [IN] [1, 2, 3]`"
        )
    if not sections.get("query"):
        findings.error("logiclm-query-missing", "the program asks nothing", end, help="add options such as `A) x == 1`")
    goal: tuple[ast.Statement, ...] = (ast.Choose("must"), *options)
    return findings.reading((*problem.declarations, *statements, *goal), text)


def _labels(lines: list[Line]) -> dict[str, int]:
    """The values that the domain names, by folded name."""
    found = {}
    for line in lines:
        if match := _VALUE.fullmatch(line.text):
            found[fold(match["label"])] = int(match["value"])
    return found


def _ends(lines: list[Line], values: set[tuple[int, ...]]) -> Ends | None:
    """The ends of the domain, if they are those of the values that all variables have."""
    matches = [match for line in lines if (match := _VALUE.fullmatch(line.text))]
    ends = Ends.of({int(match["value"]): match["label"] for match in matches})
    return ends if ends is not None and [(v[0], v[-1]) for v in values] == [(ends.least, ends.most)] else None


def _written(listed: str) -> list[str] | None:
    """The values of a list, a set or a range of Python's (which stops before its end); None if it is none of them."""
    if match := _RANGE.fullmatch(listed):
        first, end = int(match[1] or 0), int(match[2])
        return [f"{first}..{end - 1}"] if end > first else []
    match = _LIST.fullmatch(listed)
    return None if match is None else [v.strip() for v in (match[1] or match[2] or "").split(",")]


class _Problem:
    """The variables of a problem, and what is said with them."""

    def __init__(self, findings: Findings, labels: dict[str, int]) -> None:
        self.findings = findings
        self.labels = labels
        self.ends: Ends | None = None
        self.values: set[tuple[int, ...]] = set()
        self.names: dict[str, str] = {}
        self.spelled: dict[str, str] = {}
        self.declarations: list[ast.Statement] = []

    def declare(self, line: Line) -> None:
        text = "" if is_too_long(line, self.findings) else line.text.rstrip(".,; ")
        mark = _IN.search(text)
        written = _written(text[mark.end() :].strip()) if mark else None
        if mark is None or written is None:
            help_ = "write `name [IN] [1, 2, 3]`"
            self.findings.error("logiclm-unreadable-line", "this declares no variable", line.span, help=help_)
            return
        values = self._values(written, line)
        self.values.add(tuple(values or [0]))
        names = [n.strip() for n in text[: mark.start()].split(",")]
        for name in filter(None, names):
            # After an error in its values a name is known all the same: one cause speaks once.
            self._declare(name, values or [0], line)

    def _declare(self, name: str, values: list[int], line: Line) -> None:
        key = fold(name)
        if key in self.names:
            self.findings.repair("logiclm-declared-again", f"`{name}` is declared already", line.span, "")
            return
        own = snake(name) or "x"
        while own in self.names.values() or own.isdigit():
            own += "_"
        self.names[key] = own
        self.spelled[key] = name
        bounds = ast.ValueType(ast.RangeTerm(_number(min(values)), _number(max(values))))
        self.declarations.append(ast.VarDecl((ast.VarGroup((ast.Signature(ast.Name(own)),), bounds),)))
        if len(values) < max(values) - min(values) + 1:
            allowed = ast.SetTerm(tuple(_number(v) for v in values))
            self.declarations.append(ast.Require("constraint", (ast.Member(ast.Name(own), allowed),)))

    def _values(self, written: list[str], line: Line) -> list[int] | None:
        """The values of a list: numbers, a range of them, or names that the domain gives a number."""
        found = []
        for word in (w for w in written if w):
            span = re.fullmatch(r"(-?\d+)\s*(?:\.\.+|-|to)\s*(-?\d+)", word)
            if re.fullmatch(r"-?\d{1,9}", word):
                found.append(int(word))
            elif fold(word) in self.labels:
                found.append(self.labels[fold(word)])
                self.findings.repair(
                    "logiclm-value-by-name", f"`{word}` is read as its number", line.span, str(found[-1])
                )
            elif span and int(span[2]) - int(span[1]) < _MAX_VALUES:
                found += range(int(span[1]), int(span[2]) + 1)
            else:
                self.findings.error(
                    "logiclm-unknown-name", f"`{word}` is no number and no name of the domain", line.span
                )
                return None
        if not found or len(found) > _MAX_VALUES or max(found) - min(found) > 10**6:
            message = f"a variable has 1 to {_MAX_VALUES:,} values, not {len(found):,}"
            self.findings.error("logiclm-bad-values", message, line.span, help="list the values")
            return None
        return sorted(set(found))

    def constraint(self, line: Line) -> list[ast.Statement]:
        """The constraint of a line, none after an error."""
        formula = self._formula(line)
        if formula is None:
            return []
        return [ast.Require("constraint", (formula,), head=ast.Head(citations=citations(line.comment)))]

    def option(self, line: Line) -> ast.Option | None:
        match = _OPTION.fullmatch(line.text)
        if match is None:
            help_ = "write `A) x == 1`"
            self.findings.error("logiclm-unreadable-line", "this is no option", line.span, help=help_)
            return None
        formula = self._formula(Line(match["formula"], line.comment, line.start + match.start("formula")))
        if formula is None:
            return None
        label = ast.Name(match["label"].upper())
        return ast.Option(label, formula, head=ast.Head(citations=citations(line.comment)))

    def _formula(self, line: Line) -> ast.Expr | None:
        if is_too_long(line, self.findings):
            return None
        closed = close_brackets(strip_punctuation(line, self.findings), self.findings)
        node = None if closed is None else read_formula(closed, self.findings)
        if node is not None and self.ends is not None:
            node = held_against_sentence(node, line.comment, self.ends, self.findings)
        return None if node is None else self.expression(node)

    def expression(self, node: Node) -> ast.Expr | None:
        """The expression of a node, None after an error."""
        if node.kind == "call":
            return self._call(node)
        if node.kind == "name":
            return self._name(node)
        if node.kind == "number":
            return ast.Number(Fraction(node.text), "." in node.text)
        if node.kind == "compare" and any(o in ("in", "not_in") for o in node.text.split()):
            return self._member(node)
        parts = [self.expression(p) for p in node.parts]
        whole = tuple(p for p in parts if p is not None)
        if len(whole) < len(parts):
            return None
        build = _BUILD.get(node.kind)
        if build is None:
            self.findings.error("logiclm-unreadable-line", "this has no meaning in a constraint", node.span)
            return None
        return build(node, whole)

    def _member(self, node: Node) -> ast.Expr | None:
        element = self.expression(node.parts[0])
        values = [self.expression(p) for p in node.parts[1].parts]
        if len(node.parts) > 2 or node.parts[1].kind != "list" or element is None or None in values:
            self.findings.error(
                "logiclm-unreadable-line", "`in` wants a list of numbers", node.span, help="`x in [1, 2]`"
            )
            return None
        allowed = ast.SetTerm(tuple(v for v in values if v is not None))
        return ast.Member(element, allowed, node.text == "not_in")

    def _call(self, node: Node) -> ast.Expr | None:
        name = node.text.casefold()
        listed = node.parts[0].parts if len(node.parts) == 1 and node.parts[0].kind == "list" else node.parts
        args = [self.expression(p) for p in listed]
        whole = tuple(a for a in args if a is not None)
        if len(whole) < len(args):
            return None
        if name in _DIFFERENT and whole:
            return ast.Distinct(whole)
        if name in ("abs", "min", "max") and whole:
            return ast.Call(ast.Name(name), whole)
        if name in ("and", "or") and len(whole) > 1:
            return ast.And(whole) if name == "and" else ast.Or(whole)
        if name == "not" and len(whole) == 1:
            return ast.Not(whole[0])
        help_ = "use comparisons and `AllDifferentConstraint([...])`"
        self.findings.error("logiclm-unknown-function", f"there is no constraint `{node.text}`", node.span, help=help_)
        return None

    def _name(self, node: Node) -> ast.Expr | None:
        key = fold(node.text)
        if key in self.names:
            return ast.Name(self.names[key])
        if key in self.labels:
            value = self.labels[key]
            self.findings.repair("logiclm-value-by-name", f"`{node.text}` is read as its number", node.span, str(value))
            return _number(value)
        forms = [k for k in self.names if plural_of(k, key) or plural_of(key, k)]
        if len(forms) == 1:
            message = f"`{node.text}` is read as another form of `{self.spelled[forms[0]]}`"
            self.findings.repair("logiclm-name-variant", message, node.span, self.spelled[forms[0]])
            return ast.Name(self.names[forms[0]])
        close = nearest(node.text, self.spelled.values())
        message = f"`{node.text}` is not declared"
        self.findings.error(
            "logiclm-unknown-name", message, node.span, help="declare it, or use a declared name", expected=close
        )
        return None


def _number(value: int) -> ast.Expr:
    return ast.Number(Fraction(value)) if value >= 0 else ast.Negate(ast.Number(Fraction(-value)))


def _sum(node: Node, parts: tuple[ast.Expr, ...]) -> ast.Expr:
    return ast.Additive(parts, tuple("+" if o == "+" else "-" for o in node.text.split()))


def _product(node: Node, parts: tuple[ast.Expr, ...]) -> ast.Expr:
    result = parts[0]
    for operator, part in zip(node.text.split(), parts[1:], strict=True):
        result = ast.Arithmetic(operator, result, part)  # type: ignore[arg-type]  # the grammar's operators are ours
    return result


def _comparison(node: Node, parts: tuple[ast.Expr, ...]) -> ast.Expr:
    return ast.Comparison(parts, tuple(node.text.split()))  # type: ignore[arg-type]  # the grammar's operators are ours


_BUILD: dict[str, Callable[[Node, tuple[ast.Expr, ...]], ast.Expr]] = {
    "sum": _sum,
    "product": _product,
    "compare": _comparison,
    "minus": lambda _, parts: ast.Negate(parts[0]),
    "and": lambda _, parts: ast.And(parts),
    "or": lambda _, parts: ast.Or(parts),
    "not": lambda _, parts: ast.Not(parts[0]),
    "implies": lambda _, parts: ast.Implies(parts[0], parts[1]),
    "iff": lambda _, parts: ast.Iff(parts[0], parts[1]),
}

LOGICLM_CSP = Dialect("logiclm-csp", "Logic-LM's domain, variables, constraints and query", recognize, read)
