"""What relations depend on: which of them the data alone decide, and in what order they can be worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from nsr.language.ir import TRUE, And, Apply, Conditional, Implies, Or, Quantified
from nsr.language.traverse import children

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nsr.language.ir import Program, Rule, Term

__all__ = ["Mentions", "components", "decided_relations", "mentions_of_rule", "mentions_of_term", "relation_order"]

K = TypeVar("K")


class Mentions(NamedTuple):
    """The symbols in a formula: those it can only gain from when they hold more often, and all others."""

    positive: frozenset[str]
    other: frozenset[str]


def mentions_of_term(root: Term, program: Program, *, is_positive: bool = True) -> Mentions:
    """The symbols of a formula; bodies of the definitions it calls are looked into."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    called: set[tuple[str, bool]] = set()
    stack = [(root, is_positive)]
    while stack:
        term, positive = stack.pop()
        match term:
            case Apply(symbol, args):
                definition = program.definitions.get(symbol)
                if definition is None:
                    found[positive].add(symbol)
                elif (symbol, positive) not in called:
                    called.add((symbol, positive))
                    stack.append((definition.body, positive))
                stack.extend([(arg, False) for arg in args])
            case And(args) | Or(args):
                stack.extend([(arg, positive) for arg in args])
            case Quantified(_, _, body):
                stack.extend([(child, positive and child is body) for child in children(term)])
            case Implies(left, right):
                stack.extend([(left, False), (right, positive)])
            case Conditional(condition, then, otherwise):
                stack.extend([(condition, False), (then, positive), (otherwise, positive)])
            case _:
                stack.extend([(child, False) for child in children(term)])
    return Mentions(frozenset(found[True]), frozenset(found[False]))


def mentions_of_rule(rule: Rule, program: Program) -> Mentions:
    """The symbols of a rule's body, its arguments and the domains of its variables."""
    positive, other = mentions_of_term(rule.body, program)
    # A quantifier over the same variables has the terms of their domains as children.
    for term in (*rule.args, *children(Quantified("exists", rule.binders, TRUE))):
        other |= mentions_of_term(term, program, is_positive=False).other
    return Mentions(positive, other)


def relation_order(program: Program) -> list[list[str]]:
    """The relations in groups that depend on each other, a group after those it depends on."""
    names = [function.name for function in program.relations()]
    graph: dict[str, set[str]] = {name: set() for name in names}
    for rule in program.rules:
        if rule.symbol in graph:
            mentions = mentions_of_rule(rule, program)
            graph[rule.symbol] |= (mentions.positive | mentions.other) & graph.keys()
    return components(graph)


def decided_relations(program: Program) -> frozenset[str]:
    """The relations that depend on no unknown and on no relation through a negation that turns back on itself."""
    unknown = {function.name for function in program.unknowns()}
    rules: dict[str, list[Mentions]] = {function.name: [] for function in program.relations()}
    for rule in program.rules:
        if rule.symbol in rules:
            rules[rule.symbol].append(mentions_of_rule(rule, program))
    for group in relation_order(program):
        inside = frozenset(group)
        for mentions in [mentions for name in group for mentions in rules[name]]:
            if (mentions.positive | mentions.other) & unknown or mentions.other & inside:
                unknown |= inside
                break
    return frozenset(rules.keys() - unknown)


def components(graph: Mapping[K, Iterable[K]]) -> list[list[K]]:
    """The strongly connected components, each after those it points to (Tarjan 1972, without recursion)."""
    number: dict[K, int] = {}
    low: dict[K, int] = {}
    path: list[K] = []
    on_path: set[K] = set()
    out: list[list[K]] = []
    for root in graph:
        if root in number:
            continue
        work = [(root, iter(graph[root]))]
        number[root] = low[root] = len(number)
        path.append(root)
        on_path.add(root)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = low[other] = len(number)
                    path.append(other)
                    on_path.add(other)
                    work.append((other, iter(graph[other])))
                    break
                if other in on_path:
                    low[node] = min(low[node], number[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    members: list[K] = []
                    while not members or members[-1] != node:
                        members.append(path.pop())
                    on_path.difference_update(members)
                    out.append(members)
    return out
