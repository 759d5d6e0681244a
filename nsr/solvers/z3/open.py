"""Programs with open types as SMT-LIB 2 with quantifiers, to show that something holds in no world, however large.

Open types are uninterpreted sorts; elements of enumerations are numbered, finite binders written out. Relations that
depend on unknowns are written by their completion, which every stable model satisfies: what is refuted is refuted for
stable models as well. Whatever may be undefined is not taken.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nsr.language.ir import Apply, Listed, Literal
from nsr.language.sorts import BoolSort, Element, OpenSort
from nsr.reformulations.definitions_to_bodies import DEFINITIONS_TO_BODIES
from nsr.reformulations.relations_to_tables import RELATIONS_TO_TABLES
from nsr.solvers.protocol import Encoding, Gap
from nsr.solvers.z3.open_terms import TermWriter, guarded, named, sort_text
from nsr.solvers.z3.write import ASSERT, QUANTIFIERS, THINGS_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nsr.language.ir import Bound, Function, Program, Rule
    from nsr.limits import Budget

__all__ = ["compile_open"]


def compile_open(program: Program, budget: Budget) -> Encoding:
    """The program with quantifiers.

    Raises:
        Gap: when it has something that has no place in such an encoding.
        BudgetExceeded: when it grows too large.
    """
    program = _with_named_things(DEFINITIONS_TO_BODIES.rewrite(program, budget))
    if not any(isinstance(function.value, OpenSort) for function in program.unknowns()):
        program = RELATIONS_TO_TABLES.rewrite(program, budget)
    terms = TermWriter(program, budget)
    groups = tuple([(r.name, f"{ASSERT}{terms.formula(r.formula, {})})") for r in program.requirements])
    lines = []
    functions = (*program.unknowns(), *program.relations())
    for function in functions:
        terms.found.update([s for s in (*function.arguments, function.value) if isinstance(s, OpenSort)])
        lines.append(_declared(function))
        lines.extend(_limits(function))
    lines.extend(_groups(program))
    lines.extend([_completion(function, program, terms) for function in program.relations()])
    sorts = {sort for function in functions for sort in (*function.arguments, function.value)}
    has_numbers = terms.has_numbers or any(not isinstance(sort, OpenSort | BoolSort) for sort in sorts)
    kind = QUANTIFIERS if has_numbers else THINGS_ONLY
    return Encoding("z3", "\n".join([kind, *_sorts(terms.found), *lines]), groups, ())


def _with_named_things(program: Program) -> Program:
    """Variables of rules go over the things of an open type that have a name."""

    def named_only(bound: Bound) -> Bound:
        sort = bound.variable.sort
        if bound.domain is not None or not isinstance(sort, OpenSort):
            return bound
        constants = [Literal(Element(sort.name, name, i), sort) for i, name in enumerate(sort.constants)]
        unknown = [Apply(f.name, (), sort) for f in program.unknowns() if f.value == sort and not f.arguments]
        return replace(bound, domain=Listed((*constants, *unknown)))

    rules = [replace(rule, binders=tuple([named_only(bound) for bound in rule.binders])) for rule in program.rules]
    return replace(program, rules=tuple(rules))


def _sorts(found: Iterable[OpenSort]) -> list[str]:
    lines = []
    for sort in sorted(found, key=lambda sort: sort.name):
        lines.append(f"(declare-sort {named(sort.name)} 0)")
        constants = [named(f"{sort.name} {constant}") for constant in sort.constants]
        lines.extend([f"(declare-const {constant} {named(sort.name)})" for constant in constants])
        if len(constants) > 1:
            lines.append(f"(assert (distinct {' '.join(constants)}))")
    return lines


def _declared(function: Function) -> str:
    if function.is_optional:
        raise Gap(("optional functions beside open types",))
    arguments = " ".join([sort_text(sort) for sort in function.arguments])
    return f"(declare-fun {named(function.name)} ({arguments}) {sort_text(function.value)})"


def _call(function: Function, names: list[str]) -> str:
    return f"({named(function.name)} {' '.join(names)})" if names else named(function.name)


def _forall(function: Function, names: list[str], body: str) -> str:
    """The body for all arguments."""
    guards = [g for sort, name in zip(function.arguments, names, strict=True) for g in guarded(sort, name)]
    if guards:
        body = f"(=> (and {' '.join(guards)}) {body})"
    binders = " ".join([f"({n} {sort_text(sort)})" for sort, n in zip(function.arguments, names, strict=True)])
    return f"(forall ({binders}) {body})" if names else body


def _limits(function: Function) -> list[str]:
    """That values are of their sort, and different where they have to be."""
    names = [f"x{i}" for i in range(len(function.arguments))]
    lines = []
    within = guarded(function.value, _call(function, names))
    if within:
        lines.append(f"(assert {_forall(function, names, f'(and {chr(32).join(within)})')})")
    if function.is_distinct and function.distinct_group is None and names:
        others = [f"y{i}" for i in range(len(names))]
        same = " ".join([f"(= {a} {b})" for a, b in zip(names, others, strict=True)])
        body = f"(=> (= {_call(function, names)} {_call(function, others)}) (and {same}))"
        lines.append(f"(assert {_forall(function, names, _forall(function, others, body))})")
    return lines


def _groups(program: Program) -> list[str]:
    groups: dict[int, list[str]] = {}
    for function in program.unknowns():
        if function.distinct_group is not None:
            groups.setdefault(function.distinct_group, []).append(named(function.name))
    return [f"(assert (distinct {' '.join(members)}))" for members in groups.values() if len(members) > 1]


def _completion(function: Function, program: Program, terms: TermWriter) -> str:
    """The relation holds exactly where a fact or the body of a rule says so."""
    names = [f"x{i}" for i in range(len(function.arguments))]
    cases = []
    for facts in program.facts:
        if facts.symbol == function.name:
            for row in facts.rows:
                literals = [Literal(v, sort) for v, sort in zip(row, function.arguments, strict=True)]
                same = [f"(= {n} {terms.value(v, {})})" for n, v in zip(names, literals, strict=True)]
                cases.append(f"(and true {' '.join(same)})")
    for rule in program.rules:
        if rule.symbol == function.name:
            cases.append(_case(rule, names, terms))
    body = f"(= {_call(function, names)} (or false {' '.join(cases)}))"
    return f"(assert {_forall(function, names, body)})"


def _case(rule: Rule, names: list[str], terms: TermWriter) -> str:
    """The body of a rule with the head at the given names."""
    return terms.exists(
        rule.binders,
        {},
        lambda env: (
            f"(and {terms.formula(rule.body, env)} "
            + " ".join([f"(= {n} {terms.value(arg, env)})" for n, arg in zip(names, rule.args, strict=True)])
            + ")"
        ),
    )
