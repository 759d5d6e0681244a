"""From the clauses of an answer-set program to the syntax tree of our language.

Every predicate is a relation, its strong negation another one; answer sets are the worlds. A choice is an even loop
(`a` unless `not chosen a`, and the other way round); its bounds and the constraints are constraints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

from nsr.dialects.asp_clauses import key_of
from nsr.dialects.asp_tree import (
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
from nsr.dialects.asp_types import Domain, Types, variables_in
from nsr.language import ast
from nsr.language.printer import KEYWORDS

if TYPE_CHECKING:
    from nsr.diagnostics import Span
    from nsr.dialects.asp_clauses import Clause, Key
    from nsr.dialects.asp_tree import Item, Program, Term
    from nsr.dialects.repairs import Findings

__all__ = ["Written", "build"]

MOST_INSTANCES = 20_000
"""A constraint with more bindings than this is a rule whose head must not hold."""

_TAKEN = KEYWORDS | {
    "sum", "prod", "len", "any", "min", "max", "abs", "floor", "ceil", "round", "first", "last", "pos", "no_overlap",
    "cumulative", "circuit", "piecewise", "possible", "certain", "fixed",
}  # fmt: skip
_VARIABLE = re.compile(r"[A-Z][0-9]*")


@dataclass(slots=True)
class Written:
    """The statements, and what their names stand for: relations for predicates, elements for constants."""

    statements: list[ast.Statement] = field(default_factory=list)
    relations: dict[str, Key] = field(default_factory=dict)
    elements: dict[str, str] = field(default_factory=dict)


def build(program: Program, clauses: list[Clause], types: Types, findings: Findings) -> Written:
    """The program as statements; errors where a part cannot be said."""
    return _Builder(program, clauses, types, findings).written()


class _Unsaid(Exception):
    """Something that is told already."""


class _Builder:
    def __init__(self, program: Program, clauses: list[Clause], types: Types, findings: Findings) -> None:
        self._program = program
        self._clauses = clauses
        self._types = types
        self._findings = findings
        self._out = Written()
        self._names: dict[Key, str] = {}
        self._used: set[str] = set(_TAKEN)
        self._type_names: dict[int, tuple[Domain, str]] = {}
        self._element_names: dict[tuple[int, str], str] = {}
        self._declared: list[ast.Statement] = []
        self._rules: list[ast.Statement] = []
        self._facts: dict[str, list[ast.Literal_]] = {}

    def written(self) -> Written:
        for key in self._keys():
            self._declare(key)
        for number, clause in enumerate(self._clauses):
            try:
                self._clause(clause, number)
            except _Unsaid:
                continue
        self._consistent()
        objectives = self._objectives()
        out = self._out
        out.statements += self._declared
        for literals in self._facts.values():
            for start in range(0, len(literals), 20):
                out.statements.append(ast.Fact(tuple(literals[start : start + 20])))
        out.statements += self._rules
        out.statements += objectives or [self._find()]
        return out

    def _find(self) -> ast.Statement:
        shown = [show for show in self._program.shows if show.name is not None]
        if not shown:
            return ast.Find("all")
        wanted = {(show.name, show.arity, show.is_negative) for show in shown}
        return ast.Find("all", terms=tuple([ast.Name(n) for key, n in self._names.items() if key in wanted]))

    def _keys(self) -> list[Key]:
        found: dict[Key, None] = {}
        for clause in self._clauses:
            for atom in _atoms_of(clause):
                found[key_of(atom)] = None
        for show in self._program.shows:
            if show.name is not None:
                found[show.name, show.arity, show.is_negative] = None
        return list(found)

    # Names

    def _name(self, wanted: str) -> str:
        name = wanted if not _VARIABLE.fullmatch(wanted) else f"{wanted}_"
        number = 1
        while name in self._used:
            number += 1
            name = f"{wanted}_{number}"
        self._used.add(name)
        return name

    def _declare(self, key: Key) -> None:
        name, arity, is_negative = key
        own = self._name(f"not_{name}" if is_negative else name)
        self._names[key] = own
        self._out.relations[own] = key
        domains = [self._types.domain(name, arity, place) for place in range(arity)]
        self._relation(own, domains)

    def _relation(self, name: str, domains: Iterable[Domain]) -> None:
        arguments = tuple([ast.Argument(ast.SortName(self._type(domain))) for domain in domains])
        self._declared.append(ast.RelDecl((ast.Signature(ast.Name(name), arguments),)))

    def _type(self, domain: Domain) -> str:
        known = self._type_names.get(id(domain))
        if known is not None:
            return known[1]
        name = self._name(f"Domain_{len(self._type_names) + 1}")
        self._type_names[id(domain)] = (domain, name)
        body: ast.Enumeration | ast.RangeTerm
        if _is_range(domain):
            low, high = domain.low or 0, domain.high if domain.high is not None else 0
            body = ast.RangeTerm(_number(low), _number(high))
        else:
            texts = [*domain.symbols, *map(str, domain.numbers)] or ["nothing"]
            elements = [ast.Name(self._element(domain, text)) for text in texts]
            body = ast.Enumeration(tuple(elements))
        self._declared.append(ast.TypeDecl(ast.Name(name), body))
        return name

    def _element(self, domain: Domain, text: str) -> str:
        known = self._element_names.get((id(domain), text))
        if known is not None:
            return known
        plain = re.sub(r"[`\r\n\\]", "_", text[1:-1] if text.startswith('"') else text) or "_"
        name = f"{plain}_" if _VARIABLE.fullmatch(plain) else plain
        if re.fullmatch(r"-?[0-9]+", name):
            name = f"n{name.replace('-', '_')}"
        while self._out.elements.get(name, text) != text or name in self._used:
            name += "_"
        self._out.elements[name] = text
        self._element_names[id(domain), text] = name
        return name

    # Clauses

    def _clause(self, clause: Clause, number: int) -> None:
        writer = _Clause(self, clause, number)
        writer.check_safety()
        if clause.choice is not None:
            self._choice(writer, clause)
        elif clause.head is not None:
            head = writer.head(clause.head)
            if clause.body:
                self._rules.append(ast.Rule("rule", head, writer.body(clause.body)))
            else:
                self._facts.setdefault(self._names[key_of(clause.head)], []).append(head)
        else:
            self._constraint(writer, clause.body)

    def _constraint(self, writer: _Clause, body: tuple[Item, ...]) -> None:
        names = writer.variables_of(body)
        condition = _all(writer.body(body))
        if prod(writer.domain(name).size for name in names) <= MOST_INSTANCES:
            denied: ast.Expr = ast.Not(condition)
            if names:
                denied = ast.Quantified("forall", None, writer.binders(names), None, denied)
            self._rules.append(ast.Require("constraint", (denied,)))
            return
        violated = ast.Name(self._name("violated"))
        self._relation(violated.text, ())
        self._rules.append(ast.Rule("rule", ast.Literal_(violated), writer.body(body)))
        self._rules.append(ast.Require("constraint", (ast.Not(violated),)))

    def _choice(self, writer: _Clause, clause: Clause) -> None:
        choice = clause.choice
        assert choice is not None
        for element in choice.elements:
            for atom in element.atoms:
                name, arity, _ = key_of(atom)
                domains = [self._types.domain(name, arity, place) for place in range(arity)]
                left_out = ast.Name(self._name(f"left_out_{name}"))
                self._relation(left_out.text, domains)
                chosen = writer.head(atom)
                other = ast.Literal_(_call(left_out, writer.args(atom)))
                body = writer.body((*clause.body, *element.conditions))
                self._rules.append(ast.Rule("rule", chosen, (*body, ast.Not(other.atom))))
                self._rules.append(ast.Rule("rule", other, (*body, ast.Not(chosen.atom))))
        if choice.lower is None and choice.upper is None:
            return
        given = list(dict.fromkeys(writer.variables_of(clause.body)))
        holds = writer.between(writer.counted(choice.elements, given, choice.span), choice.lower, choice.upper)
        condition = writer.body(clause.body)
        formula: ast.Expr = ast.Implies(_all(condition), holds) if condition else holds
        if given:
            formula = ast.Quantified("forall", None, writer.binders(given), None, formula)
        self._rules.append(ast.Require("constraint", (formula,)))

    def _consistent(self) -> None:
        """An atom and its strong negation never hold together."""
        heads = {key_of(atom) for clause in self._clauses for atom in _heads_of(clause)}
        for key in list(self._names):
            name, arity, is_negative = key
            other = (name, arity, not is_negative)
            if is_negative or key not in heads or other not in heads:
                continue
            domains = [self._types.domain(name, arity, place) for place in range(arity)]
            variables = [ast.Name(f"X{place + 1}") for place in range(arity)]
            calls = [_call(ast.Name(self._names[one]), tuple(variables)) for one in (key, other)]
            both = ast.And((calls[0], calls[1]))
            if prod(domain.size for domain in domains) > MOST_INSTANCES:
                violated = ast.Name(self._name("contradiction"))
                self._relation(violated.text, ())
                self._rules.append(ast.Rule("rule", ast.Literal_(violated), (calls[0], calls[1])))
                self._rules.append(ast.Require("constraint", (ast.Not(violated),)))
                continue
            formula: ast.Expr = ast.Not(both)
            if variables:
                binders = [
                    ast.Binder((v,), ast.Name(self._type(domain))) for v, domain in zip(variables, domains, strict=True)
                ]
                formula = ast.Quantified("forall", None, tuple(binders), None, formula)
            self._rules.append(ast.Require("constraint", (formula,)))

    def _objectives(self) -> list[ast.Statement]:
        """One objective a priority, the highest first."""
        levels: dict[int, list[ast.Expr]] = {}
        number = len(self._clauses)
        for objective in self._program.objectives:
            for weight, priority, summand in objective.elements:
                writer = _Clause(self, None, number)
                number += 1
                if priority is not None and not isinstance(priority, Number):
                    self._fail("a priority is a number", objective.span)
                    return []
                level = 0 if priority is None else priority.value
                try:
                    amount = writer.summed(weight, summand.terms, summand.conditions, (), objective.span)
                except _Unsaid:
                    return []
                levels.setdefault(level, []).append(amount if objective.is_least else ast.Negate(amount))
        return [ast.Optimize("minimize", _added(levels[level])) for level in sorted(levels, reverse=True)]

    def _fail(self, message: str, span: Span, help: str = "") -> _Unsaid:
        self._findings.error("asp-unsupported", message, span, help=help)
        return _Unsaid()


class _Clause:
    """Writes the parts of one clause."""

    def __init__(self, builder: _Builder, clause: Clause | None, number: int) -> None:
        self._builder = builder
        self._clause = clause
        self._number = number
        self._variables: dict[str, str] = {}

    # Variables

    def domain(self, name: str) -> Domain:
        return self._builder._types.of_variable(name, self._number)

    def name(self, variable: str) -> ast.Name:
        known = self._variables.get(variable)
        if known is None:
            known = variable if _VARIABLE.fullmatch(variable) else "V"
            number = 0
            while known in self._variables.values() or known in self._builder._used:
                number += 1
                known = f"V{number}"
            self._variables[variable] = known
        return ast.Name(known)

    def binders(self, names: Iterable[str]) -> tuple[ast.Binder, ...]:
        return tuple([ast.Binder((self.name(n),), ast.Name(self._builder._type(self.domain(n)))) for n in names])

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
        bound = _bound_by(clause.body)
        wanted = dict.fromkeys(self.variables_of(clause.body))
        if clause.head is not None:
            wanted.update(dict.fromkeys([name for arg in clause.head.args for name in variables_in(arg)]))
        free = [name for name in wanted if name not in bound and not name.startswith("_")]
        if free:
            self._builder._findings.error(
                "asp-unsafe",
                f"the variable `{free[0]}` is bound by no atom",
                clause.span,
                help=f"say in the body what `{free[0]}` runs over",
            )
            raise _Unsaid

    # Literals

    def head(self, atom: Atom) -> ast.Literal_:
        return ast.Literal_(self.call(atom))

    def call(self, atom: Atom) -> ast.Name | ast.Call:
        return _call(ast.Name(self._builder._names[key_of(atom)]), self.args(atom))

    def args(self, atom: Atom) -> tuple[ast.Expr, ...]:
        types = self._builder._types
        out = []
        for place, arg in enumerate(atom.args):
            domain = types.domain(atom.name, len(atom.args), place)
            out.append(self.value(arg, domain, atom.span))
        return tuple(out)

    def value(self, term: Term, domain: Domain | None, span: Span) -> ast.Expr:
        match term:
            case Variable(name):
                return self.name(name)
            case Number(value) if domain is None or _is_range(domain):
                return _number(value)
            case Number(value):
                return ast.Name(self._builder._element(domain, str(value)))
            case Symbol(text) if domain is not None and not _is_range(domain):
                return ast.Name(self._builder._element(domain, text))
            case Symbol(text):
                raise self._builder._fail(f"`{text}` stands where numbers do", span)
            case Minus(inner):
                return ast.Negate(self.value(inner, None, span))
            case Binary(operator, left, right):
                return self._binary(operator, left, right, span)
            case _:
                raise self._builder._fail("this term is not read here", span)

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
                    raise self._builder._fail(
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
                raise self._builder._fail("a pool (`p(a; b)`) is not read here", span)
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
                raise self._builder._fail("an interval is compared by `=` only", item.span)
            low, high = (self.value(end, None, item.span) for end in (right.low, right.high))
            return ast.Member(self.value(left, None, item.span), ast.RangeTerm(low, high))
        domains = [self._domain_of(term) for term in (left, right)]
        domain = next((one for one in domains if one is not None), None)
        for one, other, sign in ((left, right, operator), (right, left, _TURNED[operator])):
            if isinstance(other, Symbol) and (not isinstance(one, Variable) or _is_range(self.domain(one.name))):
                if isinstance(one, Symbol):
                    break
                # Numbers are less than all other constants.
                return ast.Truth(sign in ("<", "<=", "!="))
        is_plain = domain is None or _is_range(domain)
        if operator not in ("==", "!=") and not is_plain:
            raise self._builder._fail(
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
        raise self._builder._fail("constants are not ordered here", item.span)

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
            raise self._builder._fail(f"`#{item.kind}` is not read", item.span, "say it with `#count`, or with rules")
        given = self._given()
        parts = []
        if len(item.elements) > 1 and not self._are_apart(item):
            raise self._builder._fail(
                "an aggregate with several elements is read where their tuples differ in a constant", item.span
            )
        for element in item.elements:
            if not element.terms:
                raise self._builder._fail("an element of an aggregate begins with a term", item.span)
            weight = element.terms[0] if item.kind == "sum" else Number(1)
            parts.append(self.summed(weight, element.terms, element.conditions, given, item.span))
        value = _added(parts)
        tests: list[ast.Expr] = []
        if item.lower is not None:
            tests.append(ast.Comparison((self.value(item.lower[0], None, item.span), value), (_ours(item.lower[1]),)))
        if item.upper is not None:
            tests.append(ast.Comparison((value, self.value(item.upper[1], None, item.span)), (_ours(item.upper[0]),)))
        holds = _all(tests)
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
            raise self._builder._fail("the terms of an aggregate are variables and constants", span)
        bound = _bound_by(conditions) | known
        free = [name for name in (*in_terms, *self.variables_of(conditions)) if name not in bound]
        if free and not free[0].startswith("_"):
            raise self._builder._fail(f"the variable `{free[0]}` is bound by no atom", span)
        hidden = [n for n in self.variables_of(conditions) if n not in known and n not in in_terms]
        condition = _all(self.body(conditions))
        if hidden:
            condition = ast.Quantified("exists", None, self.binders(hidden), None, condition)
        value = self.value(weight, None, span)
        if not in_terms:
            return ast.Conditional(condition, value, _number(0)) if conditions else value
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
            raise self._builder._fail(
                "atoms of one predicate are counted by one element only", span, "join the elements by a predicate"
            )
        parts = []
        for atom, conditions in atoms:
            found = Literal((atom,), False, atom.span)
            parts.append(self.summed(Number(1), atom.args, (*conditions, found), given, span))
        return _added(parts)

    def between(self, value: ast.Expr, lower: Term | None, upper: Term | None) -> ast.Expr:
        span = self._clause.span if self._clause is not None else self._builder._clauses[0].span
        if lower is not None and lower == upper:
            return ast.Comparison((value, self.value(lower, None, span)), ("==",))
        tests: list[ast.Expr] = []
        if lower is not None:
            tests.append(ast.Comparison((value, self.value(lower, None, span)), (">=",)))
        if upper is not None:
            tests.append(ast.Comparison((value, self.value(upper, None, span)), ("<=",)))
        return _all(tests)


_TURNED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OURS: Mapping[str, ast.CompareOperator] = {"==": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


def _ours(operator: str) -> ast.CompareOperator:
    return _OURS[operator]


def _bound_by(items: Iterable[Item]) -> set[str]:
    """The variables that items bind, one after the other."""
    items = list(items)
    bound: set[str] = set()
    for item in items:
        if isinstance(item, Literal) and not item.is_denied:
            bound.update([n for atom in item.atoms for arg in atom.args for n in variables_in(arg)])
    is_more = True
    while is_more:
        before = len(bound)
        for one, other in _equations(items):
            if isinstance(one, Variable) and set(other) <= bound:
                bound.add(one.name)
        is_more = len(bound) > before
    return bound


def _equations(items: Iterable[Item]) -> Iterator[tuple[Term, list[str]]]:
    for item in items:
        match item:
            case Comparison("==", left, right):
                yield left, list(variables_in(right))
                yield right, list(variables_in(left))
            case Aggregate(_, _, lower, upper) if not item.is_denied:
                if lower is not None and lower[1] == "==":
                    yield lower[0], []
                if upper is not None and upper[0] == "==":
                    yield upper[1], []


def _atoms_of(clause: Clause) -> Iterator[Atom]:
    yield from _heads_of(clause)
    stack: list[Item] = list(clause.body)
    if clause.choice is not None:
        stack.extend([item for element in clause.choice.elements for item in element.conditions])
    while stack:
        match stack.pop():
            case Literal(atoms):
                yield from atoms
            case Aggregate(_, elements):
                stack.extend([item for element in elements for item in element.conditions])
            case Counted(elements):
                yield from [atom for element in elements for atom in element.atoms]
                stack.extend([item for element in elements for item in element.conditions])
            case _:
                pass


def _heads_of(clause: Clause) -> Iterator[Atom]:
    if clause.head is not None:
        yield clause.head
    if clause.choice is not None:
        yield from [atom for element in clause.choice.elements for atom in element.atoms]


def _is_range(domain: Domain) -> bool:
    return not domain.symbols and domain.low is not None


def _number(value: int) -> ast.Expr:
    return ast.Number(Fraction(value)) if value >= 0 else ast.Negate(ast.Number(Fraction(-value)))


def _call(name: ast.Name, args: tuple[ast.Expr, ...]) -> ast.Name | ast.Call:
    return ast.Call(name, args) if args else name


def _all(parts: Iterable[ast.Expr]) -> ast.Expr:
    flat = tuple(parts)
    return ast.And(flat) if len(flat) > 1 else flat[0] if flat else ast.Truth(True)


def _added(parts: list[ast.Expr]) -> ast.Expr:
    if not parts:
        return _number(0)
    return parts[0] if len(parts) == 1 else ast.Additive(tuple(parts), ("+",) * (len(parts) - 1))
