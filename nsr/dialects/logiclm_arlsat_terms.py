"""Formulas of Logic-LM's Z3-like form in our language: quantifiers over binders, counting, and sorts looked after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nsr.diagnostics import Span, nearest
from nsr.dialects.logiclm_arlsat_mending import without_idle_calls
from nsr.dialects.logiclm_arlsat_names import BOOL, INT, Names, number
from nsr.dialects.logiclm_formula import Node, binders_of
from nsr.dialects.logiclm_names import fold
from nsr.dialects.repairs import Findings
from nsr.language import ast

__all__ = ["Typed", "Unreadable", "formula_of"]

_ORDER = frozenset({"<", "<=", ">", ">="})
_QUANTIFIERS = {"forall": "forall", "exists": "exists"}
_COUNTS = {"atleast": ">=", "atmost": "<=", "exactly": "=="}


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression and its sort: the key of a declared one, `int` or `bool`."""

    value: ast.Expr
    sort: str


class Unreadable(Exception):
    """A formula has no meaning; the error has been recorded."""


def formula_of(node: Node, names: Names, findings: Findings) -> ast.Expr:
    """The truth value that a node says.

    Raises:
        Unreadable: after an error has been recorded.
    """
    return _Terms(names, findings).truth(node)


class _Terms:
    """Builds expressions; `bound` holds the variables around, with the sort of each."""

    def __init__(self, names: Names, findings: Findings) -> None:
        self.names = names
        self.findings = findings
        self.bound: dict[str, tuple[str, str]] = {}

    def fail(self, code: str, message: str, span: Span, help: str = "", expected: tuple[str, ...] = ()) -> Unreadable:
        """Records an error; to be raised."""
        self.findings.error(code, message, span, help=help, expected=expected)
        return Unreadable(message)

    def truth(self, node: Node) -> ast.Expr:
        """The expression of a node that must be a truth value."""
        typed = self.term(node, BOOL)
        if typed.sort != BOOL:
            raise self.fail("logiclm-truth-wanted", "this is no truth value", node.span, "compare it with something")
        return typed.value

    def term(self, node: Node, wanted: str | None = None) -> Typed:
        """The expression of a node; `wanted` tells elements of two sorts with one name apart."""
        match node.kind:
            case "name" | "string":
                return self._name(node, wanted)
            case "number":
                if wanted in self.names.sorts and node.text in self.names.sorts[wanted].elements:
                    return Typed(number(node.text), wanted)
                return Typed(number(node.text), INT)
            case "and" | "or":
                parts = tuple(map(self.truth, node.parts))
                return Typed(ast.And(parts) if node.kind == "and" else ast.Or(parts), BOOL)
            case "not":
                return Typed(ast.Not(self.truth(node.parts[0])), BOOL)
            case "implies" | "iff":
                left, right = map(self.truth, node.parts)
                return Typed(ast.Implies(left, right) if node.kind == "implies" else ast.Iff(left, right), BOOL)
            case "compare":
                return self._comparison(node)
            case "sum" | "product" | "minus":
                return self._arithmetic(node)
            case "call":
                return self._call(node)
            case _:
                raise self.fail("logiclm-unreadable-line", "this has no meaning here", node.span)

    # Names

    def _name(self, node: Node, wanted: str | None) -> Typed:
        text = node.text
        if text in self.bound:
            own, sort = self.bound[text]
            return Typed(ast.Name(own), sort)
        if text in ("True", "true", "False", "false"):
            return Typed(ast.Truth(text.casefold() == "true"), BOOL)
        found = self.names.sorts_with(text)
        if wanted in found:
            return Typed(self.names.element(wanted, text, node.span), wanted)
        if len(found) == 1:
            return Typed(self.names.element(found[0], text, node.span), found[0])
        if found:
            raise self.fail("logiclm-ambiguous-name", f"`{text}` is an element of several sorts", node.span)
        function = self.names.function(text)
        if function is not None and not function.args:
            self.names.used.add(function.name)
            return Typed(ast.Name(function.own), function.value)
        if len(text) <= 2 and text[0].islower():
            help_ = "bind it with `ForAll` or `Exists`"
            raise self.fail("logiclm-unbound-variable", f"nothing binds `{text}`", node.span, help_)
        known = nearest(text, [*self.names.all_elements(), *(f.name for f in self.names.functions.values())])
        raise self.fail("logiclm-unknown-name", f"`{text}` is not declared", node.span, expected=known)

    # Comparisons and arithmetic

    def _comparison(self, node: Node) -> Typed:
        operators = node.text.split()
        if operators in (["in"], ["not_in"]):
            return self._member(node, operators[0] == "not_in")
        if "in" in operators or "not_in" in operators:
            raise self.fail("logiclm-unreadable-line", "`in` stands alone in a comparison", node.span)
        parts = self._alike(without_idle_calls(node.parts, self.names, self.findings))
        sorts = {p.sort for p in parts}
        if sorts == {BOOL}:
            return self._equivalence(node, operators, parts)
        if sorts == {BOOL, INT}:
            parts = [_as_number(p) for p in parts]
            sorts = {INT}
        if len(sorts) > 1 and not all(s == INT or self._is_numeric(s) for s in sorts):
            told = " with ".join(f"`{self._told(s)}`" for s in sorted(sorts))
            raise self.fail("logiclm-sort-mismatch", f"this compares {told}", node.span, "compare things of one sort")
        if any(o in _ORDER for o in operators):
            self._order(sorts)
        compares = tuple(operators)
        return Typed(ast.Comparison(tuple(p.value for p in parts), compares), BOOL)  # type: ignore[arg-type]

    def _equivalence(self, node: Node, operators: Sequence[str], parts: Sequence[Typed]) -> Typed:
        if len(parts) != 2 or operators[0] not in ("==", "!="):
            raise self.fail("logiclm-sort-mismatch", "truth values have no order", node.span, "use `Implies` or `And`")
        left, right = parts[0].value, parts[1].value
        is_same = operators[0] == "=="
        if isinstance(right, ast.Truth):
            return Typed(left if right.value == is_same else ast.Not(left), BOOL)
        return Typed(ast.Iff(left, right) if is_same else ast.Xor(left, right), BOOL)

    def _alike(self, nodes: Sequence[Node]) -> list[Typed]:
        """Terms of one sort: the first that has one on its own tells the others."""
        done: dict[int, Typed] = {}
        wanted = None
        for place, node in enumerate(nodes):
            if node.kind not in ("number", "string", "name") or node.text in self.bound:
                done[place] = self.term(node)
                wanted = done[place].sort
                break
            if node.kind == "name" and len(self.names.sorts_with(node.text)) == 1:
                wanted = self.names.sorts_with(node.text)[0]
        return [done.get(place) or self.term(node, wanted) for place, node in enumerate(nodes)]

    def _member(self, node: Node, is_negated: bool) -> Typed:
        element = self.term(node.parts[0])
        listed = node.parts[1]
        parts = listed.parts if listed.kind == "list" else self.names.lists.get(fold(listed.text))
        if parts is None:
            key = self.names.sort_of(listed)
            if key is None:
                raise Unreadable
            if key != element.sort:
                raise self.fail("logiclm-sort-mismatch", "this is an element of another sort", node.span)
            return Typed(ast.Truth(not is_negated), BOOL)
        values = [self.term(p, element.sort) for p in parts]
        if any(v.sort != element.sort for v in values) and not self._is_numeric(element.sort):
            raise self.fail("logiclm-sort-mismatch", "the list has things of another sort", listed.span)
        return Typed(ast.Member(element.value, ast.SetTerm(tuple(v.value for v in values)), is_negated), BOOL)

    def _arithmetic(self, node: Node) -> Typed:
        parts = [self.term(p) for p in node.parts]
        for part, below in zip(parts, node.parts, strict=True):
            if part.sort == BOOL:
                raise self.fail("logiclm-sort-mismatch", "a truth value is no number", below.span, "use `Count`")
        self._order({p.sort for p in parts})
        values = tuple(p.value for p in parts)
        sort = next((p.sort for p in parts if p.sort != INT), INT)
        if node.kind == "minus":
            return Typed(ast.Negate(values[0]), sort)
        if node.kind == "sum":
            signs: tuple[Literal["+", "-"], ...] = tuple("+" if o == "+" else "-" for o in node.text.split())
            two = len({p.sort for p in parts if p.sort != INT}) == 1 and sum(p.sort != INT for p in parts) > 1
            return Typed(ast.Additive(values, signs), INT if two else sort)
        result = values[0]
        for operator, value in zip(node.text.split(), values[1:], strict=True):
            result = ast.Arithmetic(operator, result, value)  # type: ignore[arg-type]  # the grammar's are ours
        return Typed(result, INT)

    def _order(self, sorts: set[str]) -> None:
        for sort in sorts & self.names.sorts.keys():
            self.names.sorts[sort].is_ordered = True

    def _is_numeric(self, sort: str) -> bool:
        return sort == INT or (sort in self.names.sorts and self.names.sorts[sort].is_numeric)

    def _told(self, sort: str) -> str:
        return self.names.sorts[sort].name if sort in self.names.sorts else sort

    # Calls

    def _call(self, node: Node) -> Typed:
        function = self.names.function(node.text)
        if function is not None:
            self.names.used.add(function.name)
            return self._applied(node, function.own, function.args, function.value)
        name = fold(node.text)
        if name in _QUANTIFIERS or name in ("count", "distinct", "sum") or name.removesuffix("one") in _COUNTS:
            return self._over_binders(node, name)
        match name:
            case "and" | "or":
                return self._connective(node, name)
            case "not" if len(node.parts) == 1:
                return Typed(ast.Not(self.truth(node.parts[0])), BOOL)
            case "implies" if len(node.parts) == 2:
                return Typed(ast.Implies(self.truth(node.parts[0]), self.truth(node.parts[1])), BOOL)
            case "iff" | "xor" if len(node.parts) == 2:
                left, right = map(self.truth, node.parts)
                return Typed(ast.Iff(left, right) if name == "iff" else ast.Xor(left, right), BOOL)
            case "if" if len(node.parts) == 3:
                return self._conditional(node)
            case "abs" if len(node.parts) == 1:
                inner = self._arithmetic(Node("sum", "", node.parts, node.span))
                return Typed(ast.Call(ast.Name("abs"), (inner.value,)), INT)
        known = nearest(node.text, (f.name for f in self.names.functions.values()))
        raise self.fail("logiclm-unknown-function", f"`{node.text}` is not declared", node.span, expected=known)

    def _applied(self, node: Node, own: str, sorts: tuple[str, ...], value: str) -> Typed:
        if len(node.parts) != len(sorts):
            message = f"`{node.text}` has {len(sorts)} arguments, not {len(node.parts)}"
            raise self.fail("logiclm-wrong-arity", message, node.span)
        args = []
        for part, sort in zip(node.parts, sorts, strict=True):
            arg = self.term(part, sort)
            is_position = self._is_numeric(arg.sort) and self._is_numeric(sort)
            if arg.sort != sort and not is_position:
                message = f"an element of `{self._told(sort)}` is wanted, this is one of `{self._told(arg.sort)}`"
                raise self.fail("logiclm-sort-mismatch", message, part.span)
            args.append(arg.value)
        return Typed(ast.Call(ast.Name(own), tuple(args)) if args else ast.Name(own), value)

    def _connective(self, node: Node, name: str) -> Typed:
        listed = node.parts[0].parts if len(node.parts) == 1 and node.parts[0].kind == "list" else node.parts
        parts = tuple(map(self.truth, listed))
        if not parts:
            raise self.fail("logiclm-unreadable-line", f"`{node.text}` has nothing to join", node.span)
        if len(parts) == 1:
            return Typed(parts[0], BOOL)
        return Typed(ast.And(parts) if name == "and" else ast.Or(parts), BOOL)

    def _conditional(self, node: Node) -> Typed:
        condition = self.truth(node.parts[0])
        then, otherwise = self._alike(node.parts[1:])
        if then.sort != otherwise.sort:
            raise self.fail("logiclm-sort-mismatch", "both branches are of one sort", node.span)
        return Typed(ast.Conditional(condition, then.value, otherwise.value), then.sort)

    def _over_binders(self, node: Node, name: str) -> Typed:
        """`ForAll`, `Count`, `Distinct` and their kin: binders in a list, then a body."""
        if (counted := _counted(node, name)) is not None:
            return self.term(counted)
        bound = binders_of(node.parts[0]) if node.parts else ()
        if not bound:
            return self._without_binders(node, name)
        outer = dict(self.bound)
        binders = tuple(map(self._binder, bound))
        parts = [self._within(p) for p in bound if self.names.part(p.parts[0])]
        try:
            return self._bound_body(node, name, binders, parts)
        finally:
            self.bound = outer

    def _binder(self, node: Node) -> ast.Binder:
        sort = self.names.sort_of(node.parts[0])
        if sort is None:
            raise Unreadable
        if sort not in self.names.sorts:
            help_ = "bind an element of a declared sort"
            raise self.fail("logiclm-number-as-variable", "a variable for any number is not taken", node.span, help_)
        own = node.text
        while own in self.names.taken or self.names.is_element(own):
            own += "_"
        self.bound[node.text] = (own, sort)
        return ast.Binder((ast.Name(own),), ast.Name(self.names.sorts[sort].own))

    def _within(self, node: Node) -> ast.Expr:
        """That the variable of a binder is in the part of a sort that the binder names."""
        own, sort = self.bound[node.text]
        elements = (self.names.element(sort, p.text, p.span) for p in self.names.part(node.parts[0]))
        return ast.Member(ast.Name(own), ast.SetTerm(tuple(elements)))

    def _bound_body(self, node: Node, name: str, binders: tuple[ast.Binder, ...], parts: Sequence[ast.Expr]) -> Typed:
        rest = node.parts[1:]
        within = _conjunction(parts) if parts else None
        if name in _QUANTIFIERS and rest:
            body = _conjunction(list(map(self.truth, rest)))
            kind: ast.QuantifierKind = "forall" if name == "forall" else "exists"
            return Typed(ast.Quantified(kind, None, binders, within, body), BOOL)
        if name == "count" and rest:
            condition = _conjunction([*parts, *map(self.truth, rest)])
            first = tuple(ast.Name(b.names[0].text) for b in binders)
            counted = first[0] if len(first) == 1 else ast.TupleTerm(first)
            return Typed(ast.Call(ast.Name("count"), (counted,), ast.Generator(binders, condition)), INT)
        if name == "distinct" and len(rest) == 1:
            return Typed(ast.Distinct((self._value(rest[0]).value,), ast.Generator(binders, within)), BOOL)
        if name == "sum" and len(rest) == 1:
            return Typed(ast.Call(ast.Name("sum"), (self._value(rest[0]).value,), ast.Generator(binders, within)), INT)
        raise self.fail("logiclm-unreadable-line", f"this is no use of `{node.text}`", node.span)

    def _value(self, node: Node) -> Typed:
        """A term that is no truth value: of those no three are different."""
        typed = self.term(node)
        if typed.sort == BOOL:
            raise self.fail(
                "logiclm-sort-mismatch", "truth values are not told apart", node.span, "compare elements or numbers"
            )
        return typed

    def _without_binders(self, node: Node, name: str) -> Typed:
        listed = node.parts[0].parts if len(node.parts) == 1 and node.parts[0].kind == "list" else node.parts
        if name == "distinct" and listed:
            return Typed(ast.Distinct(tuple(p.value for p in map(self._value, listed))), BOOL)
        if name in ("count", "sum") and listed and node.parts[0].kind == "list":
            values = tuple(_as_number(Typed(self.truth(p), BOOL)).value for p in listed)
            signs: tuple[Literal["+", "-"], ...] = tuple("+" for _ in values[1:])
            return Typed(ast.Additive(values, signs) if signs else values[0], INT)
        raise self.fail("logiclm-unreadable-line", f"`{node.text}` wants `[variable:sort]` first", node.span)


def _as_number(typed: Typed) -> Typed:
    """A truth value as 1 or 0."""
    if typed.sort != BOOL:
        return typed
    return Typed(ast.Conditional(typed.value, number("1"), number("0")), INT)


def _conjunction(parts: Sequence[ast.Expr]) -> ast.Expr:
    return parts[0] if len(parts) == 1 else ast.And(tuple(parts))


def _counted(node: Node, name: str) -> Node | None:
    """`AtLeast(n, [x:sort], ...)` and `AtLeastOne([x:sort], ...)` and their kin as comparisons of `Count`."""
    operator = _COUNTS.get(name.removesuffix("one"))
    if operator is None:
        return None
    given = (Node("number", "1", (), node.span), *node.parts) if name.endswith("one") else node.parts
    if len(given) < 3 or given[0].kind != "number":
        return None
    count = Node("call", "Count", given[1:], node.span)
    return Node("compare", operator, (count, given[0]), node.span)
