"""Quantifiers and aggregates become their instances, from the outside in, decided as far as the data decide them.

What a decided condition rules out is never looked at, so a table is only asked for entries that matter. Domains with
unknown ends or members are taken as large as they can be, with a condition on each value.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, prod
from typing import TYPE_CHECKING, assert_never
from typing import Literal as Choice

from nsr.language.evaluate import NoEntry
from nsr.language.ir import (
    FALSE,
    TRUE,
    Aggregate,
    AllDifferent,
    And,
    Apply,
    Bound,
    Conditional,
    Cumulative,
    Equal,
    Extremum,
    FromTruth,
    Iff,
    Implies,
    Interval,
    Less,
    LessEqual,
    Listed,
    Literal,
    Negate,
    NoOverlap,
    Not,
    Or,
    PositionOf,
    Product,
    Quantified,
    Restrict,
    SetComprehension,
    SetOf,
    SetOperation,
    Sum,
    Task,
    Variable,
    Xor,
    integer,
)
from nsr.language.sorts import INT, OpenSort, sort_size, sort_values
from nsr.language.traverse import children, with_children
from nsr.limits import BudgetExceeded, LimitKind
from nsr.reformulations.bounds import bounds_of
from nsr.reformulations.folding import (
    UNDEFINED,
    both,
    choose,
    conjunction,
    disjunction,
    equal,
    implication,
    is_undefined,
    less_equal,
    negation,
    product,
    remake,
    total,
    truth_number,
)
from nsr.reformulations.protocol import ATOMS, GROUND, Construct, Feature, Guarantee, Position, Reformulation
from nsr.reformulations.true_rows import TrueRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget

__all__ = ["BINDERS_TO_INSTANCES", "Grounding"]


_PLAIN = frozenset((Equal, Less, LessEqual, Not, Iff, Xor, Sum, Negate, FromTruth, PositionOf, Restrict))
"""Nodes whose parts are all looked at, and under the same binding."""


def rewrite(program: Program, budget: Budget) -> Program:
    """The program without bound variables.

    Raises:
        NoEntry: when a table is asked for an entry that it does not have.
        BudgetExceeded: when there are too many instances.
    """
    grounding = Grounding(program, budget)
    return replace(
        program,
        requirements=tuple([replace(r, formula=grounding.ground(r.formula, {})) for r in program.requirements]),
    )


class Grounding:
    """Terms without bound variables, and with tables looked up, as far as the data say."""

    def __init__(self, program: Program, budget: Budget) -> None:
        self._program = program
        self._budget = budget
        self._rows = TrueRows(program)
        self._literals: dict[int, tuple[Sort, list[Literal]]] = {}

    def ground(self, term: Term, env: Mapping[str, Literal]) -> Term:
        """The term with values in the place of its free variables.

        Raises:
            NoEntry: when a table is asked for an entry that it does not have.
        """
        if isinstance(term, Literal):
            return term
        self._budget.spend()
        if type(term) in _PLAIN:
            return remake(term, [self.ground(child, env) for child in children(term)])
        match term:
            case Product(args):
                return self._product([self.ground(arg, env) for arg in args])
            case Variable(name):
                return env.get(name, term)
            case Apply(_, args):
                return self._apply(term, [self.ground(arg, env) for arg in args])
            case And(args):
                return self._all(args, env)
            case Or(args):
                return self._any(args, env)
            case Implies(left, right):
                known = self.ground(left, env)
                return TRUE if known == FALSE else implication(known, self.ground(right, env))
            case Conditional(condition, then, otherwise):
                known = self.ground(condition, env)
                if isinstance(known, Literal):
                    return self.ground(then if known.value is True else otherwise, env)
                return choose(known, self.ground(then, env), self.ground(otherwise, env))
            case Quantified(kind, binders, body):
                return self._quantified(kind, binders, body, env)
            case Aggregate():
                return self._aggregate(term, env)
            case SetComprehension():
                return self._comprehension(term, env)
            case NoOverlap(tasks):
                return replace(term, tasks=self._tasks(tasks, env))
            case Cumulative(capacity, tasks):
                return replace(term, capacity=self.ground(capacity, env), tasks=self._tasks(tasks, env))
            case _:
                return remake(term, [self.ground(child, env) for child in children(term)])

    def _all(self, args: Sequence[Term], env: Mapping[str, Literal]) -> Term:
        found = []
        for arg in args:
            one = self.ground(arg, env)
            if isinstance(one, Literal) and one.value is not True:
                return FALSE
            found.append(one)
        return conjunction(found)

    def _any(self, args: Sequence[Term], env: Mapping[str, Literal]) -> Term:
        found = []
        for arg in args:
            one = self.ground(arg, env)
            if isinstance(one, Literal) and one.value is True:
                return TRUE
            found.append(one)
        return disjunction(found)

    def _product(self, args: list[Term]) -> Term:
        """The product; nothing is left of what a factor 0 is multiplied with, if that is sure to have a value."""
        is_nothing = any(isinstance(arg, Literal) and arg.value == 0 and arg.value is not False for arg in args)
        return integer(0) if is_nothing and all(map(self._is_total, args)) else product(args)

    def _apply(self, term: Apply, args: list[Term]) -> Term:
        if not args and term.symbol not in self._program.tables:
            return term
        known: list[Value] = []
        for arg in args:
            if is_undefined(arg) or (isinstance(arg, Literal) and arg.value is None):
                return UNDEFINED
            if isinstance(arg, Literal):
                known.append(arg.value)
        table = self._program.tables.get(term.symbol)
        if table is None or len(known) < len(args):
            return with_children(term, args) if args else term
        key = tuple(known)
        value = table.entries.get(key)
        if value is not None or key in table.entries:
            return Literal(value, term.sort)
        if table.has_default:
            return Literal(table.default, term.sort)
        raise NoEntry(term.symbol, key)

    def _quantified(
        self, kind: Choice["forall", "exists"], binders: Sequence[Bound], body: Term, env: Mapping[str, Literal]
    ) -> Term:
        things = tuple([bound for bound in binders if _is_open(bound)])
        if things:
            # Things of open types have no instances; the other variables do not depend on them.
            rest = tuple([bound for bound in binders if not _is_open(bound)])
            below = self._quantified(kind, rest, body, env) if rest else self.ground(body, env)
            return below if isinstance(below, Literal) else Quantified(kind, things, below)
        found: list[Term] = []
        filtered = body.left if kind == "forall" and isinstance(body, Implies) else body
        for inner, condition in self._bindings(
            binders, env, None if filtered is body and kind == "forall" else filtered
        ):
            instance = self.ground(body, inner)
            if kind == "forall":
                instance = implication(condition, instance)
                if instance == FALSE:
                    return FALSE
            else:
                instance = both(condition, instance)
                if instance == TRUE:
                    return TRUE
            found.append(instance)
        return conjunction(found) if kind == "forall" else disjunction(found)

    def _comprehension(self, term: SetComprehension, env: Mapping[str, Literal]) -> Term:
        """The elements that are certain, and a part for each of the others."""
        certain: list[Term] = []
        parts: list[Term] = []
        for inner, possible in self._bindings(term.binders, env, term.condition):
            condition = both(possible, self.ground(term.condition, inner))
            if condition == FALSE:
                continue
            element = self.ground(term.element, inner)
            if condition == TRUE:
                certain.append(element)
            else:
                parts.append(Conditional(condition, SetOf((element,), term.sort), SetOf((), term.sort)))
        result: Term = SetOf(tuple(certain), term.sort)
        for part in parts:
            result = SetOperation("union", result, part)
        return result

    def _tasks(self, tasks: Sequence[Task], env: Mapping[str, Literal]) -> tuple[Task, ...]:
        out: list[Task] = []
        for task in tasks:
            for inner, possible in self._bindings(task.binders, env, task.condition):
                condition = both(possible, self.ground(task.condition, inner))
                if condition != FALSE:
                    start, length, demand = (self.ground(t, inner) for t in (task.start, task.length, task.demand))
                    out.append(Task((), condition, start, length, demand))
        return tuple(out)

    def _aggregate(self, term: Aggregate, env: Mapping[str, Literal]) -> Term:
        conditions: list[Term] = []
        elements: list[Term] = []
        for inner, possible in self._addends(term, env):
            condition = both(possible, self.ground(term.condition, inner))
            if condition == FALSE:
                continue
            conditions.append(condition)
            elements.append(TRUE if term.kind == "count" else self.ground(term.element, inner))
        pairs = list(zip(conditions, elements, strict=True))
        match term.kind:
            case "count":
                return total([truth_number(condition) for condition in conditions])
            case "sum":
                return total([choose(condition, element, integer(0)) for condition, element in pairs])
            case "prod":
                return product([choose(condition, element, integer(1)) for condition, element in pairs])
            case "min" | "max":
                return self._extremum(term.kind, conditions, elements)
            case "all_different":
                return self._all_different(conditions, elements)
            case _:
                assert_never(term.kind)

    def _extremum(self, kind: str, conditions: Sequence[Term], elements: Sequence[Term]) -> Term:
        if all(condition == TRUE for condition in conditions):
            assert kind in ("min", "max")
            return remake(Extremum("min" if kind == "min" else "max", ()), elements) if elements else UNDEFINED
        # The first element that counts and that no other beats. Where an element that counts is undefined, none is
        # chosen, since a comparison with it is false.
        chosen: Term = UNDEFINED
        for condition, element in reversed(list(zip(conditions, elements, strict=True))):
            self._budget.spend(len(elements))
            beaten = []
            for other_condition, other in zip(conditions, elements, strict=True):
                ordered = less_equal(element, other) if kind == "min" else less_equal(other, element)
                beaten.append(implication(other_condition, ordered))
            chosen = choose(both(condition, conjunction(beaten)), element, chosen)
        return chosen

    def _all_different(self, conditions: Sequence[Term], elements: Sequence[Term]) -> Term:
        if all(condition == TRUE for condition in conditions):
            return remake(AllDifferent(()), elements)
        self._budget.spend(len(elements) ** 2)
        pairs = []
        for j in range(len(elements)):
            for i in range(j):
                same = conjunction((conditions[i], conditions[j], equal(elements[i], elements[j])))
                pairs.append(negation(same))
        return conjunction(pairs)

    def _addends(self, term: Aggregate, env: Mapping[str, Literal]) -> Iterator[tuple[Mapping[str, Literal], Term]]:
        """The bindings of an aggregate; of a sum without those at which a table makes the product 0."""
        element = term.element
        if term.kind == "sum" and term.condition == TRUE and isinstance(element, Product):
            for place, factor in enumerate(element.args):
                others = (*element.args[:place], *element.args[place + 1 :])
                if isinstance(factor, Apply) and all(map(self._is_total, others)):
                    rows = self._rows.matching(term.binders, factor, env, default=0)
                    if rows is not None:
                        return self._bound(term.binders, rows, env)
        return self._bindings(term.binders, env, term.condition)

    def _is_total(self, term: Term) -> bool:
        """Whether a term is sure to have a value whatever its variables are."""
        if isinstance(term, Apply):
            function = self._program.symbols[term.symbol]
            is_unknown = function.kind == "var" and not function.is_optional
            return is_unknown and all(isinstance(arg, Literal | Variable) for arg in term.args)
        return isinstance(term, Literal) and term.value is not None

    def _bound(
        self, binders: Sequence[Bound], rows: Sequence[tuple[Literal, ...]], env: Mapping[str, Literal]
    ) -> Iterator[tuple[Mapping[str, Literal], Term]]:
        for row in rows:
            self._budget.spend(len(row))
            yield {**env, **{b.variable.name: value for b, value in zip(binders, row, strict=True)}}, TRUE

    def _bindings(
        self, binders: Sequence[Bound], env: Mapping[str, Literal], filtered: Term | None
    ) -> Iterator[tuple[Mapping[str, Literal], Term]]:
        """Every binding with the condition under which it belongs to the domain, the last variable fastest.

        Where a table decides that `filtered` is false, the binding may be left out.
        """
        if not binders:
            yield env, TRUE
            return
        rows = None if filtered is None else self._rows.matching(binders, filtered, env)
        if rows is not None:
            yield from self._bound(binders, rows, env)
            return
        self._check_size(binders)
        first, rest = binders[0], binders[1:]
        for value, condition in self._domain(first, env):
            self._budget.spend()
            inner = {**env, first.variable.name: value}
            if not rest:
                yield inner, condition
                continue
            for innermost, further in self._bindings(rest, inner, filtered):
                yield innermost, both(condition, further)

    def _check_size(self, binders: Sequence[Bound]) -> None:
        sizes = [sort_size(bound.variable.sort) for bound in binders if bound.domain is None]
        if prod(size for size in sizes if size is not None) > self._budget.steps_left:
            raise BudgetExceeded(LimitKind.SIZE)

    def _domain(self, bound: Bound, env: Mapping[str, Literal]) -> Iterator[tuple[Literal, Term]]:
        match bound.domain:
            case None:
                for literal in self._values(bound.variable.sort):
                    yield literal, TRUE
            case Interval(low, high):
                yield from self._interval(bound.variable, self.ground(low, env), self.ground(high, env))
            case Listed(values):
                yield from self._listed(bound.variable, [self.ground(value, env) for value in values])
            case _:
                assert_never(bound.domain)

    def _values(self, sort: Sort) -> list[Literal]:
        # By identity: the hash of an enumeration goes through its elements.
        if id(sort) not in self._literals:
            self._literals[id(sort)] = (sort, [Literal(value, sort) for value in sort_values(sort)])
        return self._literals[id(sort)][1]

    def _interval(self, variable: Variable, low: Term, high: Term) -> Iterator[tuple[Literal, Term]]:
        if is_undefined(low) or is_undefined(high):
            return
        first, last = bounds_of(low).low, bounds_of(high).high
        if first is None or last is None:
            raise BudgetExceeded(LimitKind.SIZE)
        if floor(last) - ceil(first) > self._budget.steps_left:
            raise BudgetExceeded(LimitKind.SIZE)
        for value in range(ceil(first), floor(last) + 1):
            literal = Literal(value, variable.sort)
            yield literal, both(less_equal(low, literal), less_equal(literal, high))

    def _listed(self, variable: Variable, members: Sequence[Term]) -> Iterator[tuple[Literal, Term]]:
        if all(isinstance(member, Literal) for member in members):
            for value in dict.fromkeys(member.value for member in members if isinstance(member, Literal)):
                if value is not None:
                    yield Literal(value, variable.sort), TRUE
            return
        # Whatever the members are, the values are among those of the sort.
        size = sort_size(variable.sort)
        if size is None:
            yield from self._values_between(members)
            return
        for value in sort_values(variable.sort):
            literal = Literal(value, variable.sort)
            yield literal, disjunction([equal(member, literal) for member in members])

    def _values_between(self, members: Sequence[Term]) -> Iterator[tuple[Literal, Term]]:
        intervals = [bounds_of(member) for member in members if not is_undefined(member)]
        if not intervals:
            return
        if any(interval.low is None or interval.high is None for interval in intervals):
            raise BudgetExceeded(LimitKind.SIZE)
        low = min(ceil(interval.low) for interval in intervals if interval.low is not None)
        high = max(floor(interval.high) for interval in intervals if interval.high is not None)
        for value in range(low, high + 1):
            self._budget.spend(len(members))
            literal = Literal(value, INT)
            yield literal, disjunction([equal(member, literal) for member in members])


def _filter_of(kind: str, body: Term) -> Term | None:
    """What decides, where it is false, that an instance says nothing."""
    if kind == "exists":
        return body
    return body.left if isinstance(body, Implies) else None


def _is_open(bound: Bound) -> bool:
    return isinstance(bound.variable.sort, OpenSort) and bound.domain is None


BINDERS_TO_INSTANCES = Reformulation(
    name="BindersToInstances",
    # Instances can be anything but binders; unknown conditions bring cases and comparisons.
    rewrites={Feature(Construct.BINDER, Position.VALUE): GROUND},
    guarantee=Guarantee.EQUIVALENT,
    cost=2,
    rewrite=rewrite,
    exposes=ATOMS,
)
