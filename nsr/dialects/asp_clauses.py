"""Answer-set programs without sugar: constants put in, pools and intervals written out, disjunctions shifted.

A disjunction whose atoms do not depend on each other positively means the same as its shifted rules, `a | b :- c`
being `a :- c, not b` and `b :- c, not a` (head-cycle-free programs: Ben-Eliyahu and Dechter 1994).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from nsr.dialects.asp_nodes import (
    Aggregate,
    Atom,
    Binary,
    Call,
    Choice,
    Comparison,
    Counted,
    Element,
    Interval,
    Literal,
    Minus,
    Number,
    Summand,
    Symbol,
    Variable,
)
from nsr.reformulations.dependence import components

if TYPE_CHECKING:
    from nsr.diagnostics import Span
    from nsr.dialects.asp_nodes import Item, Program, Rule, Term
    from nsr.dialects.repairs import Findings

__all__ = ["Clause", "Key", "clauses_of", "key_of", "with_constants"]

MOST_COPIES = 256
MOST_FACTS = 50_000

Key: TypeAlias = "tuple[str, int, bool]"
"""A predicate: its name, how many arguments, whether it is a strong negation."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One head, a choice, or neither, under conditions; each literal has one atom, and no argument is an interval."""

    head: Atom | None
    choice: Choice | None
    body: tuple[Item, ...]
    span: Span


def key_of(atom: Atom) -> Key:
    """The predicate of an atom."""
    return atom.name, len(atom.args), atom.is_negative


def clauses_of(program: Program, findings: Findings) -> list[Clause]:
    """The rules as clauses; errors where there would be too many, or where a disjunction cannot be shifted."""
    clauses: list[Clause] = []
    together = _together(program)
    for rule in program.rules:
        for one in _without_pools(rule, together, findings):
            clauses.extend(_without_intervals(one, findings))
            if len(clauses) > MOST_FACTS:
                findings.error("asp-too-long", f"more than {MOST_FACTS:,} facts and rules", rule.span)
                return []
    return clauses


def _together(program: Program) -> dict[Key, int]:
    """For each predicate the number of its group of predicates that depend on each other positively.

    Those that depend on nothing in their own group have a group of their own, below 0.
    """
    graph: dict[Key, list[Key]] = {}
    for rule in program.rules:
        heads = [atom for pool in rule.heads for atom in pool]
        chosen = [atom for element in rule.choice.elements for atom in element.atoms] if rule.choice else []
        positive = [a for item in rule.body if isinstance(item, Literal) and not item.is_denied for a in item.atoms]
        for atom in positive:
            graph.setdefault(key_of(atom), [])
        for head in (*heads, *chosen):
            graph.setdefault(key_of(head), []).extend(map(key_of, positive))
    groups: dict[Key, int] = {}
    for number, group in enumerate(components(graph), 1):
        is_loop = len(group) > 1 or group[0] in graph[group[0]]
        groups.update(dict.fromkeys(group, number if is_loop else -number))
    return groups


def _without_pools(rule: Rule, together: dict[Key, int], findings: Findings) -> list[Clause]:
    pools = [item.atoms if isinstance(item, Literal) else (None,) for item in rule.body]
    if prod(len(pool) for pool in pools) > MOST_COPIES:
        findings.error("asp-too-long", f"a body with more than {MOST_COPIES} alternatives", rule.span)
        return []
    out: list[Clause] = []
    for chosen in product(*pools):
        body = tuple(
            [
                replace(item, atoms=(atom,)) if isinstance(item, Literal) and atom is not None else item
                for item, atom in zip(rule.body, chosen, strict=True)
            ]
        )
        if rule.choice is not None or not rule.heads:
            out.append(Clause(None, rule.choice, body, rule.span))
        elif len(rule.heads) == 1:
            out.extend([Clause(atom, None, body, rule.span) for atom in rule.heads[0]])
        else:
            out.extend(_shifted(rule, body, together, findings))
    return out


def _shifted(rule: Rule, body: tuple[Item, ...], together: dict[Key, int], findings: Findings) -> list[Clause]:
    heads = [atom for pool in rule.heads for atom in pool]
    groups = [together[key_of(atom)] for atom in heads]
    looping = [group for group in groups if group > 0]
    same = len({key_of(atom) for atom in heads}) < len(heads)
    if len(set(looping)) < len(looping) or same:
        findings.error(
            "asp-unsupported",
            "a disjunction (`a | b`) of atoms that depend on each other is not read",
            rule.span,
            help="choose with `1 { a; b }`, or write rules with `not`",
        )
        return []
    out = []
    for head in heads:
        others = [Literal((atom,), True, atom.span) for atom in heads if atom is not head]
        out.append(Clause(head, None, (*body, *others), rule.span))
    return out


def _without_intervals(clause: Clause, findings: Findings) -> list[Clause]:
    """Intervals in arguments: facts for each value, or a variable that runs over it."""
    head = clause.head
    if head is not None and not clause.body:
        spans = [_values(arg) for arg in head.args]
        if all(span is not None for span in spans):
            if prod(len(span) for span in spans if span is not None) > MOST_FACTS:
                findings.error("asp-too-long", f"more than {MOST_FACTS:,} facts", clause.span)
                return []
            rows = product(*[span for span in spans if span is not None])
            return [replace(clause, head=replace(head, args=tuple(row))) for row in rows]
    added: list[Item] = []

    def named(atom: Atom) -> Atom:
        args: list[Term] = []
        for arg in atom.args:
            if isinstance(arg, Interval):
                variable = Variable(f"_in{len(added) + 1}")
                added.append(Comparison("==", variable, arg, atom.span))
                arg = variable
            args.append(arg)
        return replace(atom, args=tuple(args))

    new_head = None if head is None else named(head)
    body = [
        replace(item, atoms=tuple(map(named, item.atoms))) if isinstance(item, Literal) else item
        for item in clause.body
    ]
    return [replace(clause, head=new_head, body=(*body, *added))]


def _values(term: Term) -> list[Term] | None:
    """The values of a term without variables, an interval's all; None for other terms."""
    match term:
        case Interval(Number(low), Number(high)):
            return [Number(value) for value in range(low, min(high, low + MOST_FACTS) + 1)]
        case Number() | Symbol():
            return [term]
        case _:
            return None


# Constants


def with_constants(program: Program) -> Program:
    """The program with the values of `#const` in the place of their names, and arithmetic on numbers worked out."""
    constants = {name: _known(term, program.constants, 8) for name, term in program.constants.items()}

    def term(one: Term) -> Term:
        return _known(one, constants, 0)

    def atom(one: Atom) -> Atom:
        return replace(one, args=tuple(map(term, one.args)))

    def item(one: Item) -> Item:
        match one:
            case Literal(atoms):
                return replace(one, atoms=tuple(map(atom, atoms)))
            case Comparison(_, left, right):
                return replace(one, left=term(left), right=term(right))
            case Aggregate(_, elements, lower, upper):
                return replace(
                    one,
                    elements=tuple(map(summand, elements)),
                    lower=None if lower is None else (term(lower[0]), lower[1]),
                    upper=None if upper is None else (upper[0], term(upper[1])),
                )
            case Counted(elements, lower, upper):
                return replace(one, elements=tuple(map(element, elements)), lower=maybe(lower), upper=maybe(upper))

    def maybe(one: Term | None) -> Term | None:
        return None if one is None else term(one)

    def summand(one: Summand) -> Summand:
        return Summand(tuple(map(term, one.terms)), tuple(map(item, one.conditions)))

    def element(one: Element) -> Element:
        return Element(tuple(map(atom, one.atoms)), tuple(map(item, one.conditions)))

    def choice(one: Choice | None) -> Choice | None:
        if one is None:
            return None
        return replace(one, elements=tuple(map(element, one.elements)), lower=maybe(one.lower), upper=maybe(one.upper))

    rules = [
        replace(
            rule,
            heads=tuple([tuple(map(atom, pool)) for pool in rule.heads]),
            choice=choice(rule.choice),
            body=tuple(map(item, rule.body)),
        )
        for rule in program.rules
    ]
    objectives = [
        replace(one, elements=tuple([(term(w), maybe(p), summand(s)) for w, p, s in one.elements]))
        for one in program.objectives
    ]
    return replace(program, rules=tuple(rules), objectives=tuple(objectives))


def _known(term: Term, constants: dict[str, Term], depth: int) -> Term:
    """A term with constants put in (those of constants too, up to a depth) and worked out."""
    match term:
        case Symbol(text):
            found = constants.get(text)
            return term if found is None else _known(found, constants, depth - 1) if depth > 0 else found
        case Minus(inner):
            known = _known(inner, constants, depth)
            return Number(-known.value) if isinstance(known, Number) else Minus(known)
        case Interval(low, high):
            return Interval(_known(low, constants, depth), _known(high, constants, depth))
        case Binary(operator, left, right):
            first, second = _known(left, constants, depth), _known(right, constants, depth)
            if isinstance(first, Number) and isinstance(second, Number):
                value = _worked_out(operator, first.value, second.value)
                if value is not None and abs(value) < 1 << 31:
                    return Number(value)
            return Binary(operator, first, second)
        case Call(name, pools):
            return Call(name, tuple([tuple([_known(arg, constants, depth) for arg in pool]) for pool in pools]))
        case _:
            return term


def _worked_out(operator: str, left: int, right: int) -> int | None:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "**" if 0 <= right <= 64 and left.bit_length() * right <= 64:
            return int(left**right)
        case "/" | "\\" if left >= 0 and right > 0:
            return left // right if operator == "/" else left % right
        case _:
            return None
