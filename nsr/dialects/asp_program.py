"""From the clauses of an answer-set program to the syntax tree of our language.

Every predicate is a relation, its strong negation another one; answer sets are the worlds. A choice is an even loop
(`a` unless `not chosen a`, and the other way round); its bounds and the constraints are constraints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from nsr.dialects.asp_clauses import key_of
from nsr.dialects.asp_nodes import (
    Aggregate,
    Atom,
    Counted,
    Literal,
    Number,
)
from nsr.dialects.asp_parts import VARIABLE, ClauseWriter, Unsaid, all_of, call_of, is_range, numeral, sum_of
from nsr.dialects.asp_types import Domain, Types
from nsr.language import ast
from nsr.language.printer import KEYWORDS

if TYPE_CHECKING:
    from nsr.diagnostics import Span
    from nsr.dialects.asp_clauses import Clause, Key
    from nsr.dialects.asp_nodes import Item, Program
    from nsr.dialects.repairs import Findings

__all__ = ["Written", "build"]

MOST_INSTANCES = 20_000
"""A constraint with more bindings than this is a rule whose head must not hold."""

_TAKEN = KEYWORDS | {
    "sum", "prod", "len", "any", "min", "max", "abs", "floor", "ceil", "round", "first", "last", "pos", "no_overlap",
    "cumulative", "circuit", "piecewise", "possible", "certain", "fixed",
}  # fmt: skip


@dataclass(slots=True)
class Written:
    """The statements, and what their names stand for: relations for predicates, elements for constants."""

    statements: list[ast.Statement] = field(default_factory=list)
    relations: dict[str, Key] = field(default_factory=dict)
    elements: dict[str, str] = field(default_factory=dict)


def build(program: Program, clauses: list[Clause], types: Types, findings: Findings) -> Written:
    """The program as statements; errors where a part cannot be said."""
    return _Builder(program, clauses, types, findings).written()


class _Builder:
    def __init__(self, program: Program, clauses: list[Clause], types: Types, findings: Findings) -> None:
        self._program = program
        self._clauses = clauses
        self.types = types
        self.findings = findings
        self._out = Written()
        self.names: dict[Key, str] = {}
        self.used: set[str] = set(_TAKEN)
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
            except Unsaid:
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
        return ast.Find("all", terms=tuple([ast.Name(n) for key, n in self.names.items() if key in wanted]))

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
        name = wanted if not VARIABLE.fullmatch(wanted) else f"{wanted}_"
        number = 1
        while name in self.used:
            number += 1
            name = f"{wanted}_{number}"
        self.used.add(name)
        return name

    def _declare(self, key: Key) -> None:
        name, arity, is_negative = key
        own = self._name(f"not_{name}" if is_negative else name)
        self.names[key] = own
        self._out.relations[own] = key
        domains = [self.types.domain(name, arity, place) for place in range(arity)]
        self._relation(own, domains)

    def _relation(self, name: str, domains: Iterable[Domain]) -> None:
        arguments = tuple([ast.Argument(ast.SortName(self.type_name(domain))) for domain in domains])
        self._declared.append(ast.RelDecl((ast.Signature(ast.Name(name), arguments),)))

    def type_name(self, domain: Domain) -> str:
        known = self._type_names.get(id(domain))
        if known is not None:
            return known[1]
        name = self._name(f"Domain_{len(self._type_names) + 1}")
        self._type_names[id(domain)] = (domain, name)
        body: ast.Enumeration | ast.RangeTerm
        if is_range(domain):
            low, high = domain.low or 0, domain.high if domain.high is not None else 0
            body = ast.RangeTerm(numeral(low), numeral(high))
        else:
            texts = [*domain.symbols, *map(str, domain.numbers)] or ["nothing"]
            elements = [ast.Name(self.element(domain, text)) for text in texts]
            body = ast.Enumeration(tuple(elements))
        self._declared.append(ast.TypeDecl(ast.Name(name), body))
        return name

    def element(self, domain: Domain, text: str) -> str:
        known = self._element_names.get((id(domain), text))
        if known is not None:
            return known
        plain = re.sub(r"[`\r\n\\]", "_", text[1:-1] if text.startswith('"') else text) or "_"
        name = f"{plain}_" if VARIABLE.fullmatch(plain) else plain
        if re.fullmatch(r"-?[0-9]+", name):
            name = f"n{name.replace('-', '_')}"
        while self._out.elements.get(name, text) != text or name in self.used:
            name += "_"
        self._out.elements[name] = text
        self._element_names[id(domain), text] = name
        return name

    # Clauses

    def _clause(self, clause: Clause, number: int) -> None:
        writer = ClauseWriter(self, clause, number)
        writer.check_safety()
        if clause.choice is not None:
            self._choice(writer, clause)
        elif clause.head is not None:
            head = writer.head(clause.head)
            if clause.body:
                self._rules.append(ast.Rule("rule", head, writer.body(clause.body)))
            else:
                self._facts.setdefault(self.names[key_of(clause.head)], []).append(head)
        else:
            self._constraint(writer, clause.body)

    def _constraint(self, writer: ClauseWriter, body: tuple[Item, ...]) -> None:
        names = writer.variables_of(body)
        condition = all_of(writer.body(body))
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

    def _choice(self, writer: ClauseWriter, clause: Clause) -> None:
        choice = clause.choice
        assert choice is not None
        for element in choice.elements:
            for atom in element.atoms:
                name, arity, _ = key_of(atom)
                domains = [self.types.domain(name, arity, place) for place in range(arity)]
                left_out = ast.Name(self._name(f"left_out_{name}"))
                self._relation(left_out.text, domains)
                chosen = writer.head(atom)
                other = ast.Literal_(call_of(left_out, writer.args(atom)))
                body = writer.body((*clause.body, *element.conditions))
                self._rules.append(ast.Rule("rule", chosen, (*body, ast.Not(other.atom))))
                self._rules.append(ast.Rule("rule", other, (*body, ast.Not(chosen.atom))))
        if choice.lower is None and choice.upper is None:
            return
        given = list(dict.fromkeys(writer.variables_of(clause.body)))
        holds = writer.between(writer.counted(choice.elements, given, choice.span), choice.lower, choice.upper)
        condition = writer.body(clause.body)
        formula: ast.Expr = ast.Implies(all_of(condition), holds) if condition else holds
        if given:
            formula = ast.Quantified("forall", None, writer.binders(given), None, formula)
        self._rules.append(ast.Require("constraint", (formula,)))

    def _consistent(self) -> None:
        """An atom and its strong negation never hold together."""
        heads = {key_of(atom) for clause in self._clauses for atom in _heads_of(clause)}
        for key in list(self.names):
            name, arity, is_negative = key
            other = (name, arity, not is_negative)
            if is_negative or key not in heads or other not in heads:
                continue
            domains = [self.types.domain(name, arity, place) for place in range(arity)]
            variables = [ast.Name(f"X{place + 1}") for place in range(arity)]
            calls = [call_of(ast.Name(self.names[one]), tuple(variables)) for one in (key, other)]
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
                    ast.Binder((v,), ast.Name(self.type_name(domain)))
                    for v, domain in zip(variables, domains, strict=True)
                ]
                formula = ast.Quantified("forall", None, tuple(binders), None, formula)
            self._rules.append(ast.Require("constraint", (formula,)))

    def _objectives(self) -> list[ast.Statement]:
        """One objective a priority, the highest first."""
        levels: dict[int, list[ast.Expr]] = {}
        number = len(self._clauses)
        for objective in self._program.objectives:
            for weight, priority, summand in objective.elements:
                writer = ClauseWriter(self, None, number)
                number += 1
                if priority is not None and not isinstance(priority, Number):
                    self.fail("a priority is a number", objective.span)
                    return []
                level = 0 if priority is None else priority.value
                try:
                    amount = writer.summed(weight, summand.terms, summand.conditions, (), objective.span)
                except Unsaid:
                    return []
                levels.setdefault(level, []).append(amount if objective.is_least else ast.Negate(amount))
        return [ast.Optimize("minimize", sum_of(levels[level])) for level in sorted(levels, reverse=True)]

    def fail(self, message: str, span: Span, help: str = "") -> Unsaid:
        self.findings.error("asp-unsupported", message, span, help=help)
        return Unsaid()


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
