"""Sets become truth values, one for each element, and what is said of sets is said of their members.

An unknown or a table that holds sets becomes a predicate of the same name with the element as one argument more. An
atom about sets is false where one of them is undefined, so their being defined is said beside it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from nsr.language.calls import keys_of
from nsr.language.ir import (
    FALSE,
    TRUE,
    Aggregate,
    AllDifferent,
    Apply,
    Bound,
    Cardinality,
    Conditional,
    Divide,
    ElementAt,
    Equal,
    Extremum,
    FloorDivide,
    Function,
    Iff,
    Less,
    Literal,
    Member,
    Modulo,
    Piecewise,
    PositionOf,
    Power,
    Quantified,
    Restrict,
    SetComprehension,
    SetOf,
    SetOperation,
    Subset,
    Table,
    Variable,
    integer,
    sort_of,
)
from nsr.language.sorts import BOOL, Element, SetSort, sort_size, sort_values
from nsr.language.traverse import children, subterms, with_children
from nsr.limits import BudgetExceeded, LimitKind
from nsr.reformulations.folding import (
    UNDEFINED,
    choose,
    conjunction,
    disjunction,
    implication,
    negation,
    total,
    truth_number,
)
from nsr.reformulations.protocol import (
    ATOMS,
    GROUND,
    Construct,
    Feature,
    Position,
    Reformulation,
    features,
)
from nsr.reformulations.substitution import Fresh, renamed, with_formulas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget

__all__ = ["SETS_TO_MEMBERSHIPS"]


def rewrite(program: Program, budget: Budget) -> Program:
    """The program without sets."""
    members = _Members(budget)
    rewritten = with_formulas(program, members.of)
    symbols = {name: _as_predicate(function) for name, function in program.symbols.items()}
    tables = {name: _as_relation(table, program.symbols[name], budget) for name, table in program.tables.items()}
    return replace(rewritten, symbols=symbols, tables=tables)


def _as_predicate(function: Function) -> Function:
    if not isinstance(function.value, SetSort) or function.kind == "define":
        return function
    kind = "pred" if function.kind == "var" else function.kind
    return replace(function, kind=kind, arguments=(*function.arguments, function.value.element), value=BOOL)


def _as_relation(table: Table, function: Function, budget: Budget) -> Table:
    """The table with truth values for elements; an entry that is lacking stays so."""
    if not isinstance(function.value, SetSort):
        return table
    elements = sort_values(function.value.element)
    keys = list(table.entries)
    if table.has_default and table.default:
        keys = keys_of(function, budget)
    entries: dict[tuple[Value, ...], Value] = {}
    for key in keys:
        within = table.entries.get(key, table.default)
        budget.spend(len(elements))
        for element in elements:
            entries[(*key, element)] = isinstance(within, frozenset) and element in within
    return Table(entries, False, table.has_default)


class _Members:
    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._fresh = Fresh("#member ")

    def of(self, term: Term) -> Term:
        """The term without sets; itself no set."""
        self._budget.spend()
        match term:
            case Member(left, right):
                return conjunction((*self._defined(right), self._contains(right, self.of(left))))
            case Subset(left, right):
                inside = self._each(left, lambda member: self._contains(right, member))
                return conjunction((*self._defined(left), *self._defined(right), inside))
            case Equal(left, right) if _is_set(left) and _is_set(right):
                return self._equal(left, right)
            case AllDifferent(args) if args and _is_set(args[0]):
                return conjunction([negation(self._equal(a, b)) for a, b in combinations(args, 2)])
            case Aggregate("all_different", element=element) if _is_set(element):
                return self._all_different(term)
            case Cardinality(arg):
                return choose(conjunction(self._defined(arg)), self._count(arg, lambda _: TRUE), UNDEFINED)
            case _:
                inner = children(term)
                new = [self.of(child) for child in inner]
                return term if all(a is b for a, b in zip(new, inner, strict=True)) else with_children(term, new)

    def _equal(self, left: Term, right: Term) -> Term:
        guards = (*self._defined(left), *self._defined(right))
        element = _element_sort(left)
        if sort_size(element) is None:
            there = self._each(left, lambda member: self._contains(right, member))
            back = self._each(right, lambda member: self._contains(left, member))
            return conjunction((*guards, there, back))
        bound = Bound(Variable(self._fresh.name(), element))
        same = Iff(self._contains(left, bound.variable), self._contains(right, bound.variable))
        return conjunction((*guards, Quantified("forall", (bound,), same)))

    def _all_different(self, term: Aggregate) -> Term:
        binders, (condition, element) = renamed(term.binders, (term.condition, term.element), self._fresh)
        others, (also, other) = renamed(term.binders, (term.condition, term.element), self._fresh)
        before = _before(binders, others)
        clash = conjunction((before, self.of(condition), self.of(also), self._equal(element, other)))
        return negation(Quantified("exists", (*binders, *others), clash))

    def _contains(self, within: Term, member: Term) -> Term:
        """Whether a value, which has no sets in it, is in a set that is defined."""
        self._budget.spend()
        match within:
            case Extremum(_, ()):
                return FALSE
            case Literal(frozenset() as values, SetSort(sort)):
                return disjunction([Equal(member, Literal(value, sort)) for value in _ordered(values)])
            case SetOf(args):
                return disjunction([Equal(member, self.of(arg)) for arg in args])
            case SetComprehension(binders, condition, element):
                own, (holds, value) = renamed(binders, (condition, element), self._fresh)
                return Quantified("exists", own, conjunction((self.of(holds), Equal(self.of(value), member))))
            case SetOperation("union", left, right):
                return disjunction((self._contains(left, member), self._contains(right, member)))
            case SetOperation("intersection", left, right):
                return conjunction((self._contains(left, member), self._contains(right, member)))
            case SetOperation(_, left, right):
                return conjunction((self._contains(left, member), negation(self._contains(right, member))))
            case Conditional(condition, then, otherwise):
                return choose(self.of(condition), self._contains(then, member), self._contains(otherwise, member))
            case Apply(symbol, args, SetSort(sort)):
                fitting = member if sort_of(member) == sort else Restrict(member, sort)
                return Apply(symbol, (*[self.of(arg) for arg in args], fitting), BOOL)
            case _:
                raise BudgetExceeded(LimitKind.SIZE)

    def _each(self, within: Term, said: Callable[[Term], Term]) -> Term:
        """Something said of every member of a set that is defined."""
        self._budget.spend()
        match within:
            case Extremum(_, ()):
                return TRUE
            case Literal(frozenset() as values, SetSort(sort)):
                return conjunction([said(Literal(value, sort)) for value in _ordered(values)])
            case SetOf(args):
                return conjunction([said(self.of(arg)) for arg in args])
            case SetComprehension(binders, condition, element):
                own, (holds, value) = renamed(binders, (condition, element), self._fresh)
                return Quantified("forall", own, implication(self.of(holds), said(self.of(value))))
            case SetOperation("union", left, right):
                return conjunction((self._each(left, said), self._each(right, said)))
            case SetOperation(kind, left, right):
                is_common = kind == "intersection"
                return self._each(left, lambda m: implication(self._within(right, m, is_common), said(m)))
            case Conditional(condition, then, otherwise):
                return choose(self.of(condition), self._each(then, said), self._each(otherwise, said))
            case _:
                bound = Bound(Variable(self._fresh.name(), _element_sort(within)))
                inside = self._contains(within, bound.variable)
                return Quantified("forall", (bound,), implication(inside, said(bound.variable)))

    def _within(self, other: Term, member: Term, is_wanted: bool) -> Term:
        inside = self._contains(other, member)
        return inside if is_wanted else negation(inside)

    def _count(self, within: Term, said: Callable[[Term], Term]) -> Term:
        """How many different members something is true of."""
        if within == UNDEFINED:
            return integer(0)
        element = _element_sort(within)
        if sort_size(element) is not None:
            bound = Bound(Variable(self._fresh.name(), element))
            counted = conjunction((self._contains(within, bound.variable), said(bound.variable)))
            return Aggregate("count", (bound,), counted, TRUE)
        match within:
            case SetOf(args):
                values = [self.of(arg) for arg in args]
                return total([self._first_of(values[: i + 1], said) for i in range(len(values))])
            case SetComprehension():
                return self._count_bindings(within, said)
            case SetOperation("union", left, right):
                more = self._count(right, lambda m: conjunction((self._within(left, m, False), said(m))))
                return total((self._count(left, said), more))
            case SetOperation(kind, left, right):
                is_common = kind == "intersection"
                return self._count(left, lambda m: conjunction((self._within(right, m, is_common), said(m))))
            case Conditional(condition, then, otherwise):
                return choose(self.of(condition), self._count(then, said), self._count(otherwise, said))
            case Literal(frozenset() as known, SetSort(sort)):
                return total([truth_number(said(Literal(value, sort))) for value in _ordered(known)])
            case _:
                raise BudgetExceeded(LimitKind.SIZE)

    def _first_of(self, values: Sequence[Term], said: Callable[[Term], Term]) -> Term:
        *earlier, value = values
        return truth_number(conjunction((*[negation(Equal(one, value)) for one in earlier], said(value))))

    def _count_bindings(self, within: SetComprehension, said: Callable[[Term], Term]) -> Term:
        """The bindings that are the first to give their value."""
        binders, (condition, element) = renamed(within.binders, (within.condition, within.element), self._fresh)
        others, (also, other) = renamed(within.binders, (within.condition, within.element), self._fresh)
        value = self.of(element)
        same = conjunction((_before(others, binders), self.of(also), Equal(self.of(other), value)))
        is_first = negation(Quantified("exists", others, same))
        return Aggregate("count", binders, conjunction((self.of(condition), said(value), is_first)), TRUE)

    def _defined(self, within: Term) -> tuple[Term, ...]:
        """What must hold for a set to be defined."""
        match within:
            case SetOf(args):
                return tuple([Equal(value, value) for value in map(self.of, args) if _may_lack_a_value(value)])
            case SetComprehension(binders, condition, element):
                if not _may_lack_a_value(element):
                    return ()
                own, (holds, value) = renamed(binders, (condition, element), self._fresh)
                known = self.of(value)
                return (Quantified("forall", own, implication(self.of(holds), Equal(known, known))),)
            case SetOperation(_, left, right):
                return (*self._defined(left), *self._defined(right))
            case Conditional(condition, then, otherwise):
                a, b = conjunction(self._defined(then)), conjunction(self._defined(otherwise))
                return () if a == b == TRUE else (choose(self.of(condition), a, b),)
            case Apply(_, args):
                return tuple([Equal(value, value) for value in map(self.of, args) if _may_lack_a_value(value)])
            case Literal(None) | Extremum(_, ()):
                return (FALSE,)
            case _:
                return ()


def _before(first: Sequence[Bound], second: Sequence[Bound]) -> Term:
    """The first binding comes before the second, variable by variable."""
    result: Term = FALSE
    for a, b in reversed(list(zip(first, second, strict=True))):
        tie = conjunction((Equal(a.variable, b.variable), result))
        result = disjunction((Less(a.variable, b.variable), tie))
    return result


def _ordered(values: frozenset[Value]) -> list[Value]:
    return sorted(values, key=lambda value: (value.index, "") if isinstance(value, Element) else (value or 0, ""))


def _is_set(term: Term) -> bool:
    return isinstance(sort_of(term), SetSort)


def _element_sort(term: Term) -> Sort:
    sort = sort_of(term)
    assert isinstance(sort, SetSort)
    return sort.element


_PARTIAL = (Divide, ElementAt, Extremum, FloorDivide, Modulo, Piecewise, PositionOf, Power, Restrict, Aggregate)


def _may_lack_a_value(term: Term) -> bool:
    """Whether a term could be undefined, as far as its shape says; a call can be at such an argument only."""
    return any(isinstance(part, _PARTIAL) for part in subterms(term))


SETS_TO_MEMBERSHIPS = Reformulation(
    name="SetsToMemberships",
    rewrites={Feature(Construct.SET, Position.VALUE): GROUND | features(Construct.BINDER)},
    cost=1,
    rewrite=rewrite,
    exposes=ATOMS | features(Construct.DECIDED_RELATION, Construct.RELATION),
)
