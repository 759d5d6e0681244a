"""The parts of one clause of an answer-set program, in our language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from nsr.diagnostics import Span
from nsr.dialects.asp_clauses import key_of
from nsr.dialects.asp_nodes import (
    Aggregate,
    Atom,
    Binary,
    Comparison,
    Counted,
    Element,
    Interval,
    Literal,
    Minus,
    Number,
    Symbol,
    Variable,
)
from nsr.dialects.asp_types import Domain, Types, bound_by, variables_in
from nsr.language import ast

if TYPE_CHECKING:
    from nsr.dialects.asp_clauses import Clause, Key
    from nsr.dialects.asp_nodes import Item, Term
    from nsr.dialects.repairs import Findings

__all__ = ["VARIABLE", "ClauseWriter", "Names", "Unsaid", "all_of", "call_of", "is_range", "numeral", "sum_of"]

VARIABLE = re.compile(r"[A-Z][0-9]*")
"""What a variable of a rule is called."""


class Unsaid(Exception):
    """Something that cannot be said, and that findings have been told of."""


class Names(Protocol):
    """What a clause needs to know of the whole program."""

    names: dict[Key, str]
    used: set[str]
    types: Types
    findings: Findings

    def type_name(self, domain: Domain) -> str:
        """The type of a domain."""
        ...

    def element(self, domain: Domain, text: str) -> str:
        """What a constant is called."""
        ...

    def fail(self, message: str, span: Span, help: str = "") -> Unsaid:
        """Tell of something that is not read."""
        ...


class ClauseWriter:
    """Writes the parts of one clause."""

    def __init__(self, builder: Names, clause: Clause | None, number: int) -> None:
        self._builder = builder
        self._clause = clause
        self._number = number
        self._variables: dict[str, str] = {}

    # Variables

    def domain(self, name: str) -> Domain:
        return self._builder.types.of_variable(name, self._number)

    def name(self, variable: str) -> ast.Name:
        known = self._variables.get(variable)
        if known is None:
            known = variable if VARIABLE.fullmatch(variable) else "V"
            number = 0
            while known in self._variables.values() or known in self._builder.used:
                number += 1
                known = f"V{number}"
            self._variables[variable] = known
        return ast.Name(known)

    def binders(self, names: Iterable[str]) -> tuple[ast.Binder, ...]:
        return tuple([ast.Binder((self.name(n),), ast.Name(self._builder.type_name(self.domain(n)))) for n in names])

    def variables_of(self, items: Iterable[Item]) -> list[str]:
        """The variables that items speak of outside of their aggregates."""
        found: dict[str, None] = {}
        for item in items:
            match item:
                case Literal(atoms, is_denied):
                    names = [name for atom in atoms for arg in atom.args for name in variables_in(arg)]
                    found.update({name: None for name in names if not (is_denied and name.startswith("_"))})
                case Comparison(_, left, right):
                    found.update(dict.fromkeys([*variables_in(left), *variables_in(right)]))
                case Aggregate(_, _, lower, upper):
                    terms = [*([lower[0]] if lower else []), *([upper[1]] if upper else [])]
                    found.update(dict.fromkeys([name for term in terms for name in variables_in(term)]))
                case Counted(_, lower, upper):
                    terms = [term for term in (lower, upper) if term is not None]
                    found.update(dict.fromkeys([name for term in terms for name in variables_in(term)]))
        return list(found)

    def check_safety(self) -> None:
        """Every variable outside of aggregates stands in an atom that is not denied, or equals what is known."""
        clause = self._clause
        assert clause is not None
        bound = bound_by(clause.body)
        wanted = dict.fromkeys(self.variables_of(clause.body))
        if clause.head is not None:
            wanted.update(dict.fromkeys([name for arg in clause.head.args for name in variables_in(arg)]))
        free = [name for name in wanted if name not in bound and not name.startswith("_")]
        if free:
            self._builder.findings.error(
                "asp-unsafe",
                f"the variable `{free[0]}` is bound by no atom",
                clause.span,
                help=f"say in the body what `{free[0]}` runs over",
            )
            raise Unsaid

    # Literals

    def head(self, atom: Atom) -> ast.Literal_:
        return ast.Literal_(self.call(atom))

    def call(self, atom: Atom) -> ast.Name | ast.Call:
        return call_of(ast.Name(self._builder.names[key_of(atom)]), self.args(atom))

    def args(self, atom: Atom) -> tuple[ast.Expr, ...]:
        types = self._builder.types
        out = []
        for place, arg in enumerate(atom.args):
            domain = types.domain(atom.name, len(atom.args), place)
            out.append(self.value(arg, domain, atom.span))
        return tuple(out)

    def value(self, term: Term, domain: Domain | None, span: Span) -> ast.Expr:
        match term:
            case Variable(name):
                return self.name(name)
            case Number(value) if domain is not None and not is_range(domain):
                return ast.Name(self._builder.element(domain, str(value)))
            case Number(value):
                return numeral(value)
            case Symbol(text) if domain is not None and not is_range(domain):
                return ast.Name(self._builder.element(domain, text))
            case Symbol(text):
                raise self._builder.fail(f"`{text}` stands where numbers do", span)
            case Minus(inner):
                return ast.Negate(self.value(inner, None, span))
            case Binary(operator, left, right):
                return self._binary(operator, left, right, span)
            case _:
                raise self._builder.fail("this term is not read here", span)

    def _binary(self, operator: str, left: Term, right: Term, span: Span) -> ast.Expr:
        first, second = self.value(left, None, span), self.value(right, None, span)
        match operator:
            case "+":
                return ast.Additive((first, second), ("+",))
            case "-":
                return ast.Additive((first, second), ("-",))
            case "*":
                return ast.Arithmetic("*", first, second)
            case "**":
                return ast.Arithmetic("**", first, second)
            case _:
                if not (self._is_natural(left) and isinstance(right, Number) and right.value > 0):
                    raise self._builder.fail(
                        f"`{operator}` with numbers that may be negative is not read",
                        span,
                        "divide numbers from 0 on by a number above 0",
                    )
                return ast.Arithmetic("//" if operator == "/" else "%", first, second)

    def _is_natural(self, term: Term) -> bool:
        match term:
            case Number(value):
                return value >= 0
            case Variable(name):
                return (self.domain(name).low or 0) >= 0
            case Binary("+" | "*" | "/" | "\\", left, right):
                return self._is_natural(left) and self._is_natural(right)
            case _:
                return False

    def body(self, items: Iterable[Item]) -> tuple[ast.Expr, ...]:
        return tuple([self.item(item) for item in items])

    def item(self, item: Item) -> ast.Expr:
        match item:
            case Literal((atom,), is_denied):
                return self._denied(atom) if is_denied else self.call(atom)
            case Literal(_, _, span):
                raise self._builder.fail("a pool (`p(a; b)`) is not read here", span)
            case Comparison():
                return self._comparison(item)
            case Aggregate():
                return self._aggregate(item)
            case Counted(elements, lower, upper, is_denied, span):
                holds = self.between(self.counted(elements, self._given(), span), lower, upper)
                return ast.Not(holds) if is_denied else holds

    def _denied(self, atom: Atom) -> ast.Expr:
        hidden = [
            name for arg in atom.args for name in variables_in(arg) if name.startswith("_") and name[1:].isdigit()
        ]
        call: ast.Expr = self.call(atom)
        return ast.Not(ast.Quantified("exists", None, self.binders(hidden), None, call) if hidden else call)

    def _given(self) -> list[str]:
        assert self._clause is not None
        head = self._clause.head
        names = [name for arg in (head.args if head else ()) for name in variables_in(arg)]
        return list(dict.fromkeys([*self.variables_of(self._clause.body), *names]))

    def _comparison(self, item: Comparison) -> ast.Expr:
        left, right, operator = item.left, item.right, item.operator
        if isinstance(left, Interval):
            left, right = right, left
        if isinstance(right, Interval):
            if operator != "==":
                raise self._builder.fail("an interval is compared by `=` only", item.span)
            low, high = (self.value(end, None, item.span) for end in (right.low, right.high))
            return ast.Member(self.value(left, None, item.span), ast.RangeTerm(low, high))
        domains = [self._domain_of(term) for term in (left, right)]
        domain = next((one for one in domains if one is not None), None)
        for one, other, sign in ((left, right, operator), (right, left, _TURNED[operator])):
            if isinstance(other, Symbol) and (not isinstance(one, Variable) or is_range(self.domain(one.name))):
                if isinstance(one, Symbol):
                    break
                # Numbers are less than all other constants.
                return ast.Truth(sign in ("<", "<=", "!="))
        is_plain = domain is None or is_range(domain)
        if operator not in ("==", "!=") and not is_plain:
            raise self._builder.fail(
                "constants are not ordered here", item.span, "order them by a predicate with numbers"
            )
        if isinstance(left, Symbol) and isinstance(right, Symbol):
            return (
                ast.Truth((left.text == right.text) == (operator == "=="))
                if operator in ("==", "!=")
                else self._no(item)
            )
        if not is_plain and any(self._is_strange(term, domain) for term in (left, right)):
            return ast.Truth(operator == "!=")
        values = (self.value(left, domain, item.span), self.value(right, domain, item.span))
        return ast.Comparison(values, (_ours(operator),))

    def _no(self, item: Comparison) -> ast.Expr:
        raise self._builder.fail("constants are not ordered here", item.span)

    @staticmethod
    def _is_strange(term: Term, domain: Domain | None) -> bool:
        """Whether a constant is none of the domain's."""
        if domain is None:
            return False
        return (isinstance(term, Symbol) and term.text not in domain.symbols) or (
            isinstance(term, Number) and term.value not in domain.numbers
        )

    def _domain_of(self, term: Term) -> Domain | None:
        return self.domain(term.name) if isinstance(term, Variable) else None

    # Aggregates

    def _aggregate(self, item: Aggregate) -> ast.Expr:
        if item.kind not in ("count", "sum"):
            raise self._builder.fail(f"`#{item.kind}` is not read", item.span, "say it with `#count`, or with rules")
        given = self._given()
        parts = []
        if len(item.elements) > 1 and not self._are_apart(item):
            raise self._builder.fail(
                "an aggregate with several elements is read where their tuples differ in a constant", item.span
            )
        for element in item.elements:
            if not element.terms:
                raise self._builder.fail("an element of an aggregate begins with a term", item.span)
            weight = element.terms[0] if item.kind == "sum" else Number(1)
            parts.append(self.summed(weight, element.terms, element.conditions, given, item.span))
        value = sum_of(parts)
        tests: list[ast.Expr] = []
        if item.lower is not None:
            tests.append(ast.Comparison((self.value(item.lower[0], None, item.span), value), (_ours(item.lower[1]),)))
        if item.upper is not None:
            tests.append(ast.Comparison((value, self.value(item.upper[1], None, item.span)), (_ours(item.upper[0]),)))
        holds = all_of(tests)
        return ast.Not(holds) if item.is_denied else holds

    @staticmethod
    def _are_apart(item: Aggregate) -> bool:
        """Whether no two elements can have the same tuple."""
        marks = []
        for element in item.elements:
            constants = [(place, t) for place, t in enumerate(element.terms) if isinstance(t, Symbol | Number)]
            marks.append((len(element.terms), dict(constants)))
        for place, (size, known) in enumerate(marks):
            for other_size, other in marks[:place]:
                if size == other_size and not any(known[i] != other[i] for i in known.keys() & other.keys()):
                    return False
        return True

    def summed(
        self, weight: Term, terms: Iterable[Term], conditions: tuple[Item, ...], given: Iterable[str], span: Span
    ) -> ast.Expr:
        """The sum of a weight over the different tuples of values of the terms for which the conditions hold."""
        known = set(given)
        in_terms = list(dict.fromkeys([n for term in terms for n in variables_in(term) if n not in known]))
        plain = {term.name for term in terms if isinstance(term, Variable)}
        if not set(in_terms) <= plain:
            raise self._builder.fail("the terms of an aggregate are variables and constants", span)
        bound = bound_by(conditions) | known
        free = [name for name in (*in_terms, *self.variables_of(conditions)) if name not in bound]
        if free and not free[0].startswith("_"):
            raise self._builder.fail(f"the variable `{free[0]}` is bound by no atom", span)
        hidden = [n for n in self.variables_of(conditions) if n not in known and n not in in_terms]
        condition = all_of(self.body(conditions))
        if hidden:
            condition = ast.Quantified("exists", None, self.binders(hidden), None, condition)
        value = self.value(weight, None, span)
        if not in_terms:
            return ast.Conditional(condition, value, numeral(0)) if conditions else value
        generator = ast.Generator(self.binders(in_terms), condition if conditions else None)
        if weight == Number(1):
            names = tuple([self.name(name) for name in in_terms])
            what: ast.Expr = names[0] if len(names) == 1 else ast.TupleTerm(names)
            return ast.Call(ast.Name("count"), (what,), generator)
        return ast.Call(ast.Name("sum"), (value,), generator)

    def counted(self, elements: tuple[Element, ...], given: Iterable[str], span: Span) -> ast.Expr:
        """How many different atoms of the elements hold."""
        atoms = [(atom, element.conditions) for element in elements for atom in element.atoms]
        keys = [key_of(atom) for atom, _ in atoms]
        is_ground = all(not list(variables_in(arg)) for atom, _ in atoms for arg in atom.args)
        if len(set(keys)) < len(keys) and not (
            is_ground and len({(a.name, a.args, a.is_negative) for a, _ in atoms}) == len(atoms)
        ):
            raise self._builder.fail(
                "atoms of one predicate are counted by one element only", span, "join the elements by a predicate"
            )
        parts = []
        for atom, conditions in atoms:
            found = Literal((atom,), False, atom.span)
            parts.append(self.summed(Number(1), atom.args, (*conditions, found), given, span))
        return sum_of(parts)

    def between(self, value: ast.Expr, lower: Term | None, upper: Term | None) -> ast.Expr:
        span = Span(0, 0) if self._clause is None else self._clause.span
        if lower is not None and lower == upper:
            return ast.Comparison((value, self.value(lower, None, span)), ("==",))
        tests: list[ast.Expr] = []
        if lower is not None:
            tests.append(ast.Comparison((value, self.value(lower, None, span)), (">=",)))
        if upper is not None:
            tests.append(ast.Comparison((value, self.value(upper, None, span)), ("<=",)))
        return all_of(tests)


_TURNED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OURS: Mapping[str, ast.CompareOperator] = {"==": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


def _ours(operator: str) -> ast.CompareOperator:
    return _OURS[operator]


def is_range(domain: Domain) -> bool:
    return not domain.symbols and domain.low is not None


def numeral(value: int) -> ast.Expr:
    return ast.Number(Fraction(value)) if value >= 0 else ast.Negate(ast.Number(Fraction(-value)))


def call_of(name: ast.Name, args: tuple[ast.Expr, ...]) -> ast.Name | ast.Call:
    return ast.Call(name, args) if args else name


def all_of(parts: Iterable[ast.Expr]) -> ast.Expr:
    flat = tuple(parts)
    return ast.And(flat) if len(flat) > 1 else flat[0] if flat else ast.Truth(True)


def sum_of(parts: list[ast.Expr]) -> ast.Expr:
    if not parts:
        return numeral(0)
    return parts[0] if len(parts) == 1 else ast.Additive(tuple(parts), tuple(["+" for _ in parts[1:]]))
