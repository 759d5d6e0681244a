"""Rules that a back end can take as they are: joins of relations, and conditions on their variables.

A *plain* rule is a conjunction (or several) of calls of relations, predicates and tables, of denied calls, and of
comparisons of whole numbers and elements. A back end that takes relations natively gets plain rules only. What stands
in the way of a rule is put into a predicate or table of its own: the reading of unknowns, and of relations under a
negation, in a number or in a comparison, is that of the world itself, so the stable models stay the same. A part
through which a relation rests on itself becomes a relation with rules.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

from nsr.language.evaluate import NoEntry, holds
from nsr.language.ir import (
    FALSE,
    Absolute,
    And,
    Apply,
    Bound,
    ElementAt,
    Equal,
    Function,
    Interval,
    Less,
    LessEqual,
    Listed,
    Literal,
    Negate,
    Not,
    PositionOf,
    Product,
    Requirement,
    Restrict,
    Rule,
    Sum,
    Table,
    Variable,
)
from nsr.language.sorts import BOOL, BoolSort, Element, EnumSort, IntSort, NumberSort, sort_size, sort_values
from nsr.language.traverse import children, free_variables, subterms, symbols_of
from nsr.reformulations.binders_to_instances import Grounding
from nsr.reformulations.bottom_up import Form, forms_of, tables_joined
from nsr.reformulations.bounds import bounds_of
from nsr.reformulations.dependence import decided_relations, mentions_of_rule, mentions_of_term, relation_order
from nsr.reformulations.folding import conjunction, equivalent
from nsr.reformulations.protocol import BACKGROUND, Construct, Feature, Position
from nsr.reformulations.substitution import Fresh

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Sort
    from nsr.limits import Budget

__all__ = ["WIDEST_PLAIN", "joined_symbols", "looked_up", "made_plain", "plain_forms"]

WIDEST_PLAIN: Final = (1 << 31) - 1
"""Numbers in plain rules are smaller than this: grounders reckon with 32 bits."""

MOST_INSTANCES: Final = 200_000
"""A part of a rule that is not plain is worked out for at most so many bindings."""


def joined_symbols(program: Program) -> frozenset[str]:
    """What a plain rule calls: relations, unknown predicates, and tables that are false where they say nothing."""
    names = {f.name for f in program.symbols.values() if f.kind == "rel" or _is_predicate(f)}
    return frozenset(names | tables_joined(program).keys())


def _is_predicate(function: Function) -> bool:
    return function.kind == "pred" and not function.is_optional


def plain_forms(rule: Rule, program: Program, joined: AbstractSet[str], fresh: Fresh) -> list[Form] | None:
    """A rule as plain joins (all conditions are in `tests`); None if it is not plain.

    `joined` are the `joined_symbols` of the program.
    """
    forms = forms_of(rule, program, joined, (), fresh)
    return forms if all(_is_plain(form, joined) for form in forms) else None


def _is_plain(form: Form, joined: AbstractSet[str]) -> bool:
    if not all(map(_is_plain_value, [*form.args, *[arg for atom in form.atoms for arg in atom.args]])):
        return False
    return all(_is_plain_test(test, joined) for test in form.tests) and all(map(_is_plain_binder, form.binders))


def _is_plain_binder(bound: Bound) -> bool:
    sort = bound.variable.sort
    if not _is_plain_sort(sort):
        return False
    match bound.domain:
        case None:
            return True
        case Interval(low, high):
            return _is_plain_number(low) and _is_plain_number(high) and isinstance(sort, IntSort)
        case Listed(values):
            return all(isinstance(value, Literal) and _is_plain_value(value) for value in values)


def _is_plain_sort(sort: Sort) -> bool:
    match sort:
        case EnumSort() | BoolSort():
            return True
        case IntSort(low, high):
            return low is not None and high is not None and max(abs(low), abs(high)) < WIDEST_PLAIN
        case NumberSort(_, values):
            return all(isinstance(value, int) and abs(value) < WIDEST_PLAIN for value in values)
        case _:
            return False


def _is_plain_test(test: Term, joined: AbstractSet[str]) -> bool:
    match test:
        case Literal(value):
            return isinstance(value, bool)
        case Not(Apply(symbol, args)):
            return symbol in joined and all(map(_is_plain_value, args))
        case Not(Equal() | Less() | LessEqual() as inner):
            return _is_plain_comparison(inner) and not any(isinstance(p, Restrict | ElementAt) for p in subterms(inner))
        case Equal() | Less() | LessEqual():
            return _is_plain_comparison(test)
        case _:
            return False


def _is_plain_comparison(test: Equal | Less | LessEqual) -> bool:
    return _is_plain_value(test.left) and _is_plain_value(test.right)


def _is_plain_value(term: Term) -> bool:
    match term:
        case Variable(_, sort):
            return _is_plain_sort(sort)
        case Literal(value):
            return isinstance(value, Element | bool) or (isinstance(value, int) and abs(value) < WIDEST_PLAIN)
        case ElementAt(arg, EnumSort()):
            return _is_plain_number(arg)
        case Restrict(arg, sort):
            return _is_plain_sort(sort) and not isinstance(sort, NumberSort) and _is_plain_value(arg)
        case _:
            return _is_plain_number(term)


def _is_plain_number(term: Term) -> bool:
    match term:
        case Literal(value):
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) < WIDEST_PLAIN
        case Variable(_, sort):
            return isinstance(sort, IntSort | NumberSort) and _is_plain_sort(sort)
        case Restrict(arg, sort):
            return isinstance(sort, IntSort) and _is_plain_sort(sort) and _is_plain_number(arg)
        case PositionOf(arg):
            return isinstance(arg, Variable | Literal | ElementAt | Restrict) and _is_plain_value(arg)
        case Sum() | Product() | Negate() | Absolute():
            low, high = bounds_of(term)
            if low is None or high is None or low <= -WIDEST_PLAIN or high >= WIDEST_PLAIN:
                return False
            return all(map(_is_plain_number, children(term)))
        case _:
            return False


# Decided relations that have to be tables all the same


def looked_up(program: Program, native: frozenset[Feature]) -> frozenset[str]:
    """The relations that the data decide, and that must be known before a program is written out.

    Those that instances of a requirement depend on, those with rules that are not plain (unless `native` has
    `ANY_RULE`), and all that these depend on. In requirements, calls of the others have literal arguments only. All of
    them where there are rules about unknowns that are not kept.
    """
    decided = decided_relations(program)
    if not decided:
        return decided
    has_open = any(function.name not in decided for function in program.relations())
    if has_open and Feature(Construct.RELATION, Position.DECLARATION) not in native:
        return decided
    is_any_kept = Feature(Construct.ANY_RULE, Position.DECLARATION) in native
    joined = joined_symbols(program)
    fresh = Fresh("#plain ")
    wanted: set[str] = set()
    below: dict[str, set[str]] = {name: set() for name in decided}
    for rule in program.rules:
        if rule.symbol in decided:
            mentions = mentions_of_rule(rule, program)
            below[rule.symbol] |= (mentions.positive | mentions.other) & decided
            if not is_any_kept and plain_forms(rule, program, joined, fresh) is None:
                wanted.add(rule.symbol)
        elif plain_forms(rule, program, joined, fresh) is None:
            wanted |= decided & _symbols_of_rule(rule)
    for name in decided:
        if not is_any_kept and not all(map(_is_plain_sort, program.symbols[name].arguments)):
            wanted.add(name)
    for requirement in program.requirements:
        wanted |= decided & _looked_up_in(requirement.formula, program)
    waiting = list(wanted)
    while waiting:
        new = below[waiting.pop()] - wanted
        wanted |= new
        waiting.extend(new)
    return frozenset(wanted)


def _symbols_of_rule(rule: Rule) -> frozenset[str]:
    return symbols_of(And((rule.body, *rule.args)))


def _looked_up_in(formula: Term, program: Program) -> set[str]:
    calls = [part for part in subterms(formula) if isinstance(part, Apply)]
    symbols = {call.symbol for call in calls}
    if any(name in program.tables and not program.tables[name].has_default for name in symbols):
        # An entry that is not there is asked for only where the relation holds.
        return symbols
    return {call.symbol for call in calls if not all(isinstance(arg, Literal) for arg in call.args)}


# Rules made plain


def made_plain(program: Program, budget: Budget) -> Program | None:
    """The program with plain rules only: other parts of bodies become predicates with a requirement, or tables.

    None where a rule cannot be made plain, or would need too many instances.
    """
    joined = joined_symbols(program)
    if not all(all(map(_is_plain_sort, f.arguments)) for f in program.relations()):
        return None
    fresh = Fresh("#plain ")
    if all(plain_forms(rule, program, joined, fresh) is not None for rule in program.rules):
        return program
    making = _Making(program, budget, fresh)
    rules: list[Rule] = []
    for rule in program.rules:
        if plain_forms(rule, program, joined, fresh) is not None:
            rules.append(rule)
            continue
        forms = making.forms(rule)
        if forms is None:
            return None
        rules.extend(forms)
    return making.program_with(rules)


class _Making:
    def __init__(self, program: Program, budget: Budget, fresh: Fresh) -> None:
        self._program = program
        self._budget = budget
        self._fresh = fresh
        self._joined = joined_symbols(program)
        self._open = {f.name for f in (*program.unknowns(), *program.relations())}
        self._grounding = Grounding(program, budget)
        self._symbols: dict[str, Function] = {}
        self._tables: dict[str, Table] = {}
        self._requirements: list[Requirement] = []
        self._rules: list[Rule] = []
        self._group = {name: frozenset(group) for group in relation_order(program) for name in group}

    def program_with(self, rules: Sequence[Rule]) -> Program:
        """The program with these rules, and with what they call."""
        program = self._program
        return replace(
            program,
            rules=(*rules, *self._rules),
            symbols={**program.symbols, **self._symbols},
            tables={**program.tables, **self._tables},
            requirements=(*self._requirements, *program.requirements),
        )

    def forms(self, rule: Rule) -> list[Rule] | None:
        """A rule as plain ones."""
        out: list[Rule] = []
        for form in forms_of(rule, self._program, self._joined, (), self._fresh):
            if not all(map(_is_plain_binder, form.binders)):
                return None
            made = self._form(rule, form)
            if made is None:
                return None
            out.append(made)
        return out

    def _form(self, rule: Rule, form: Form) -> Rule | None:
        binders = list(form.binders)
        tests = list(form.tests)

        def plain(args: Iterable[Term], symbol: str) -> tuple[Term, ...]:
            new: list[Term] = []
            for arg, sort in zip(args, self._program.symbols[symbol].arguments, strict=True):
                if not _is_plain_value(arg):
                    variable = Variable(self._fresh.name(), sort)
                    binders.append(Bound(variable))
                    tests.append(Equal(arg, variable))
                    arg = variable
                new.append(arg)
            return tuple(new)

        head = plain(form.args, form.symbol)
        parts: list[Term] = [replace(atom, args=plain(atom.args, atom.symbol)) for atom in form.atoms]
        variables = {bound.variable.name: bound.variable for bound in binders}
        for test in tests:
            part: Term | None = test
            if mentions_of_term(test, self._program).positive & self._group[rule.symbol]:
                part = self._recursive_part(rule, test, variables)
            elif not _is_plain_test(test, self._joined):
                part = self._part(test, variables)
            if part is None:
                return None
            parts.append(part)
        if not all(map(_is_plain_binder, binders)):
            return None
        return replace(rule, args=head, binders=tuple(binders), body=And(tuple(parts)))

    def _recursive_part(self, rule: Rule, test: Term, variables: dict[str, Variable]) -> Apply | None:
        """A call of a new relation, with rules of its own, for a test through which a relation rests on itself.

        A predicate that holds where the test does would let the relation found itself.
        """
        found = self._instances(test, variables)
        if found is None or rule.symbol.startswith(BACKGROUND):
            return None
        used, rows = found
        name = f"{BACKGROUND}part {len(self._symbols) + 1}"
        self._symbols[name] = Function(name, "rel", tuple([v.sort for v in used]), BOOL, is_auxiliary=True)
        self._program = replace(self._program, symbols={**self._program.symbols, name: self._symbols[name]})
        self._group[name] = self._group[rule.symbol]
        for row, instance in rows:
            rules = self.forms(replace(rule, symbol=name, args=row, binders=(), body=instance))
            if rules is None:
                return None
            self._rules.extend(rules)
        return Apply(name, tuple(used), BOOL)

    def _instances(
        self, test: Term, variables: dict[str, Variable]
    ) -> tuple[list[Variable], list[tuple[tuple[Literal, ...], Term]]] | None:
        """The variables of a test, and what it says for each row of their values; None if there are too many."""
        used = [variables[name] for name in variables if name in free_variables(test)]
        sizes = [sort_size(variable.sort) for variable in used]
        if None in sizes or prod(size for size in sizes if size is not None) > MOST_INSTANCES:
            return None
        domains = [[Literal(value, v.sort) for value in sort_values(v.sort)] for v in used]
        found = []
        for row in product(*domains):
            self._budget.spend()
            try:
                instance = self._grounding.ground(test, {v.name: value for v, value in zip(used, row, strict=True)})
            except NoEntry:
                instance = FALSE
            found.append((row, instance))
        return used, found

    def _part(self, test: Term, variables: dict[str, Variable]) -> Apply | None:
        """A call of something new that holds where a test does."""
        instances = self._instances(test, variables)
        if instances is None:
            return None
        used, found = instances
        name = f"{BACKGROUND}part {len(self._symbols) + 1}"
        sorts = tuple([variable.sort for variable in used])
        if self._open & symbols_of(test):
            self._symbols[name] = Function(name, "pred", sorts, BOOL, is_auxiliary=True)
            formula = conjunction([equivalent(Apply(name, row, BOOL), instance) for row, instance in found])
            self._requirements.append(Requirement(name, "constraint", formula))
        else:
            self._symbols[name] = Function(name, "param", sorts, BOOL, is_auxiliary=True)
            entries = {
                tuple([one.value for one in row]): True for row, truth in found if holds(truth, {}, self._program)
            }
            self._tables[name] = Table(entries, False, True)
        return Apply(name, tuple(used), BOOL)
