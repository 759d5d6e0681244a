"""The sorts, elements and functions that a program of Logic-LM's Z3-like form declares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from nsr.diagnostics import Span, nearest
from nsr.dialects.logiclm_formula import Node, read_formula
from nsr.dialects.logiclm_lines import Line, close_brackets
from nsr.dialects.logiclm_names import fold, plural_of
from nsr.dialects.repairs import Findings
from nsr.language import ast

__all__ = ["BOOL", "INT", "Function", "Names", "Sort", "number"]

INT = "int"
BOOL = "bool"
_BUILTIN = {"int": INT, "integer": INT, "intsort": INT, "bool": BOOL, "boolean": BOOL, "boolsort": BOOL}
_MAX_ELEMENTS = 500
_DECLARED = re.compile(r"(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>.+)", re.DOTALL)
_UNWRITABLE = re.compile(r"[`\r\n]")


@dataclass(slots=True)
class Sort:
    """A declared sort; it becomes ordered when its elements are compared or reckoned with."""

    name: str
    own: str
    elements: dict[str, str]
    values: tuple[ast.Name | ast.Number, ...]
    is_numeric: bool
    is_ordered: bool = False

    def declaration(self) -> ast.TypeDecl:
        """The type in our language: whole numbers in a row are a range."""
        numbers = [v.value for v in self.values if isinstance(v, ast.Number)]
        if self.is_numeric and numbers == [numbers[0] + i for i in range(len(numbers))] and numbers[0].denominator == 1:
            return ast.TypeDecl(ast.Name(self.own), ast.RangeTerm(ast.Number(numbers[0]), ast.Number(numbers[-1])))
        ordered = self.is_ordered or self.is_numeric
        return ast.TypeDecl(ast.Name(self.own), ast.Enumeration(self.values, ordered))


@dataclass(frozen=True, slots=True)
class Function:
    """A declared function: sorts by folded name, `int` or `bool`; `within` is the part of a sort for its values."""

    name: str
    own: str
    args: tuple[str, ...]
    value: str
    within: str = ""


@dataclass(slots=True)
class Names:
    """All declared names, by folded spelling; `turned` is a function whose signature is read the other way round.

    `used` are the functions that formulas speak of. A list of elements of one sort (`lists`) is a part of that sort.
    """

    findings: Findings
    turned: str = ""
    sorts: dict[str, Sort] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    lists: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    _spelled: dict[str, list[str]] = field(default_factory=dict)
    _folded: dict[str, list[str]] = field(default_factory=dict)
    _listed: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    _elements: set[str] = field(default_factory=set)

    def declare(self, line: Line) -> bool:
        """Reads `name = ...`; False if the line is no declaration."""
        match = _DECLARED.fullmatch(line.text)
        if match is None or match["value"].startswith("="):
            return False
        value = Line(match["value"], line.comment, line.start + match.start("value"))
        closed = close_brackets(value, self.findings)
        # The arrow of a signature is no operator.
        node = None if closed is None else read_formula(closed, Findings(strict=False))
        if node is None:
            self.findings.error("logiclm-unreadable-line", "this declares nothing that can be read", line.span)
        else:
            self._declare(match["name"], node, line.span)
        return True

    def _declare(self, name: str, node: Node, span: Span) -> None:
        key = fold(name)
        kind = node.text.casefold() if node.kind == "call" else node.kind
        if key in self.sorts or key in self.functions or key in self.lists:
            self.findings.error("logiclm-declared-twice", f"`{name}` is declared twice", span, help="keep one of them")
        elif kind in ("enumsort", "enum", "intsort") and (listed := _elements(node.parts, key)) is not None:
            self._declare_sort(name, listed, span)
        elif kind == "function" and len(node.parts) == 1 and node.parts[0].kind == "implies":
            given, wanted = node.parts[0].parts
            self._declare_function(name, given, wanted, span)
        elif kind == "list":
            self.lists[key] = node.parts
        elif kind in ("set", "list") and len(node.parts) == 1 and node.parts[0].kind == "list":
            self.lists[key] = node.parts[0].parts
        else:
            help_ = "declare `name = EnumSort([...])` or `name = Function([...] -> [...])`"
            self.findings.error(
                "logiclm-unreadable-line", f"`{name}` is neither a sort nor a function", span, help=help_
            )

    def _declare_sort(self, name: str, parts: tuple[Node, ...], span: Span) -> None:
        elements: dict[str, str] = {}
        values: list[ast.Name | ast.Number] = []
        for part in parts:
            text = part.text
            if part.kind not in ("name", "number", "string") or _UNWRITABLE.search(text) or not text.strip():
                self.findings.error("logiclm-bad-element", "an element is a name or a number", part.span)
                continue
            if text in elements:
                self.findings.error("logiclm-declared-twice", f"`{text}` stands twice in `{name}`", part.span)
                continue
            elements[text] = self.free(text) if part.kind != "number" else text
            values.append(number(text) if part.kind == "number" else ast.Name(elements[text]))
        if not values or len(values) > _MAX_ELEMENTS:
            message = f"a sort has 1 to {_MAX_ELEMENTS} elements, not {len(values)}"
            self.findings.error("logiclm-bad-values", message, span)
            return
        is_numeric = all(isinstance(v, ast.Number) for v in values)
        key = fold(name)
        if not is_numeric:
            for other in [k for k, s in self.sorts.items() if not s.is_numeric]:
                if elements.keys() <= self.sorts[other].elements.keys():
                    self._told_part(name, self.sorts[other].name, parts, span)
                    self.lists[key] = parts
                    return
                if self.sorts[other].elements.keys() < elements.keys():
                    self._told_part(self.sorts[other].name, name, parts, span)
                    self._make_part(other, key)
        self._elements |= set(elements.values())
        own = self._new(name)
        self.sorts[key] = Sort(name, own, elements, tuple(values), is_numeric)
        self._listed[key] = parts
        for text in elements:
            self._spelled.setdefault(text, []).append(key)
            if key not in self._folded.setdefault(fold(text), []):
                self._folded[fold(text)].append(key)

    def _told_part(self, name: str, whole: str, parts: tuple[Node, ...], span: Span) -> None:
        message = f"all of `{name}` are of `{whole}`: it is a part of that sort"
        listed = ", ".join(p.text for p in parts)
        self.findings.repair("logiclm-part-of-sort", message, span, f"{name} = [{listed}]")

    def _make_part(self, key: str, whole: str) -> None:
        """Makes a sort that is declared already a part of another one."""
        del self.sorts[key]
        self.lists[key] = self._listed[key]
        for places in (*self._spelled.values(), *self._folded.values()):
            if key in places:
                places.remove(key)
        for name, function in self.functions.items():
            args = tuple(whole if a == key else a for a in function.args)
            value, within = (whole, key) if function.value == key else (function.value, function.within)
            self.functions[name] = replace(function, args=args, value=value, within=within)

    def _declare_function(self, name: str, given: Node, wanted: Node, span: Span) -> None:
        given, wanted = (n if n.kind == "list" else replace(n, kind="list", parts=(n,)) for n in (given, wanted))
        if len(wanted.parts) != 1:
            help_ = "write `Function([sort, ...] -> [sort])`"
            self.findings.error("logiclm-unreadable-line", "this is no signature", span, help=help_)
            return
        args = [self.sort_of(p) for p in given.parts]
        value = self.sort_of(wanted.parts[0])
        if value is None or None in args:
            return
        if not all(a in self.sorts for a in args if a is not None):
            help_ = "declare a sort for the numbers that are used"
            self.findings.error("logiclm-number-as-argument", "a function of any number is not taken", span, help=help_)
            return
        if fold(name) == self.turned and len(given.parts) == 1:
            told = f"[{wanted.parts[0].text}] -> [{given.parts[0].text}]"
            self.findings.repair(
                "logiclm-signature-turned", f"`{name}` is used everywhere as `{told}`", span, f"Function({told})"
            )
            args, value = [value], args[0] or ""
        within = fold(wanted.parts[0].text) if self.part(wanted.parts[0]) else ""
        whole = tuple(a for a in args if a is not None)
        self.functions[fold(name)] = Function(name, self._new(name), whole, value, within)

    def part(self, node: Node) -> tuple[Node, ...]:
        """The elements of a part of a sort that a node names; empty if it names a whole sort."""
        return self.lists.get(fold(node.text), ())

    def sort_of(self, node: Node) -> str | None:
        """The key of the sort that a node names, of a part that of the whole; None after an error."""
        key = fold(node.text)
        if key in _BUILTIN and (node.kind == "name" or (node.kind == "call" and not node.parts)):
            return _BUILTIN[key]
        if node.kind == "name" and key in self.sorts:
            return key
        wholes = [set(self.sorts_with(member.text)) for member in self.part(node)]
        if wholes and len(common := set.intersection(*wholes)) == 1:
            return common.pop()
        forms = [k for k in self.sorts if plural_of(k, key) or plural_of(key, k)]
        if node.kind == "name" and len(forms) == 1:
            usual = self.sorts[forms[0]].name
            self.findings.repair("logiclm-name-variant", f"`{node.text}` is read as `{usual}`", node.span, usual)
            return forms[0]
        known = nearest(node.text, (s.name for s in self.sorts.values()))
        self.findings.error("logiclm-unknown-sort", "this is no declared sort", node.span, expected=known)
        return None

    def function(self, text: str) -> Function | None:
        """The function of that name, if there is one."""
        return self.functions.get(fold(text))

    def sorts_with(self, text: str) -> list[str]:
        """The sorts that have an element of exactly this spelling, else those with another spelling of it."""
        return self._spelled.get(text) or self._folded.get(fold(text), [])

    def element(self, sort: str, text: str, span: Span) -> ast.Name | ast.Number:
        """The element of a sort in our language; another spelling of it is a repair."""
        elements = self.sorts[sort].elements
        usual = text if text in elements else next(e for e in elements if fold(e) == fold(text))
        if usual != text:
            message = f"`{text}` is read as another spelling of `{usual}`"
            self.findings.repair("logiclm-name-variant", message, span, usual)
        return number(usual) if re.fullmatch(r"\d+(\.\d+)?", usual) else ast.Name(elements[usual])

    def all_elements(self) -> Iterable[str]:
        """The spellings of all elements."""
        return (e for s in self.sorts.values() for e in s.elements)

    def is_element(self, own: str) -> bool:
        """Whether an element has this name in our language."""
        return own in self._elements

    def free(self, text: str) -> str:
        """An element's name that no sort or function has; elements of two sorts may share theirs."""
        own = text.strip()
        while own in self.taken:
            own += "_"
        return own

    def _new(self, text: str) -> str:
        own = text
        while own in self.taken or self.is_element(own):
            own += "_"
        self.taken.add(own)
        return own


def _elements(parts: tuple[Node, ...], key: str) -> tuple[Node, ...] | None:
    """The elements in `EnumSort([...])`, where the sort's own name may stand before the list."""
    if len(parts) == 2 and fold(parts[0].text) == key:
        parts = parts[1:]
    return parts[0].parts if len(parts) == 1 and parts[0].kind == "list" else None


def number(text: str) -> ast.Number:
    """A number as it is written."""
    return ast.Number(Fraction(text), "." in text)
