"""Quantifiers and aggregates become their instances, from the outside in, decided as far as the data decide them.

What a decided condition rules out is never looked at, so a table is only asked for entries that matter. Domains with
unknown ends or members are taken as large as they can be, with a condition on each value.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never
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
    Extremum,
    Implies,
    Literal,
    NoOverlap,
    Or,
    Product,
    Quantified,
    Restrict,
    SetComprehension,
    SetOf,
    SetOperation,
    Task,
    Variable,
    integer,
)
from nsr.language.sorts import OpenSort
from nsr.language.traverse import children, subterms, with_children
from nsr.reformulations.bindings import Bindings
from nsr.reformulations.folding import (
    OF_TWO,
    UNDEFINED,
    both,
    choose,
    conjunction,
    disjunction,
    equal,
    implication,
    is_false,
    is_true,
    is_undefined,
    less_equal,
    negation,
    product,
    remake,
    remaking,
    total,
    truth_number,
)
from nsr.reformulations.protocol import ATOMS, GROUND, Construct, Feature, Position, Reformulation
from nsr.reformulations.true_rows import TrueRows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nsr.language.ir import Equal, Iff, Less, LessEqual, Program, Table, Term, Xor
    from nsr.limits import Budget

__all__ = ["BINDERS_TO_INSTANCES", "Grounding"]


Instance: TypeAlias = "Callable[[Mapping[str, Literal]], Term]"
"""A term as a function from the values of its free variables."""


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


class Grounding(Bindings):
    """Terms without bound variables, and with tables looked up, as far as the data say.

    A term under a binder has many instances, so what is to be done at its nodes is found out once: each node becomes a
    function from values of variables to its instance.
    """

    def __init__(self, program: Program, budget: Budget) -> None:
        super().__init__(TrueRows(program), budget)
        self._program = program
        self._calls: dict[str, dict[tuple[int, ...], Apply]] = {}
        self._instances: dict[int, tuple[Term, Instance]] = {}
        self._kinds: dict[type, Callable[[Any], Instance]] = {
            Literal: lambda term: lambda env: term,
            Variable: _variable,
            Apply: self._apply,
            Product: self._product,
            Restrict: self._restrict,
            And: lambda term: self._connective(term.args, is_false, FALSE, conjunction),
            Or: lambda term: self._connective(term.args, is_true, TRUE, disjunction),
            **dict.fromkeys(OF_TWO, self._of_two),
            Implies: self._implication,
            Conditional: self._conditional,
            Quantified: lambda term: lambda env: self._quantified(term.kind, term.binders, term.body, env),
            Aggregate: lambda term: lambda env: self._aggregate(term, env),
            SetComprehension: lambda term: lambda env: self._comprehension(term, env),
            NoOverlap: lambda term: lambda env: replace(term, tasks=self._tasks(term.tasks, env)),
            Cumulative: lambda term: lambda env: self._cumulative(term, env),
        }

    def ground(self, term: Term, env: Mapping[str, Literal]) -> Term:
        """The term with values in the place of its free variables.

        Raises:
            NoEntry: when a table is asked for an entry that it does not have.
        """
        return self.instance(term)(env)

    def instance(self, term: Term) -> Instance:
        """The function that gives the instances of a term."""
        # By identity: comparing deep terms by content would recurse. The terms that are kept stay alive.
        found = self._instances.get(id(term))
        if found is None:
            found = self._instances[id(term)] = (term, self._counted(term))
        return found[1]

    def _counted(self, term: Term) -> Instance:
        made, spend, size = self._made(term), self.budget.spend, sum(1 for _ in subterms(term))

        def instance(env: Mapping[str, Literal]) -> Term:
            spend(size)
            return made(env)

        return instance

    def _made(self, term: Term) -> Instance:
        return self._kinds.get(type(term), self._plain)(term)

    def _plain(self, term: Term) -> Instance:
        """Of a node whose parts are all looked at, under the same binding."""
        parts = [self._made(part) for part in children(term)]
        remade = remaking(term)
        return lambda env: remade([part(env) for part in parts])

    def _of_two(self, term: Equal | Less | LessEqual | Iff | Xor) -> Instance:
        """The same of a node with two sides."""
        left, right, remade = self._made(term.left), self._made(term.right), OF_TWO[type(term)]
        return lambda env: remade(left(env), right(env))

    def _restrict(self, term: Restrict) -> Instance:
        """Values that lie in the sort are those that its variables take, so that calls at them are the same."""
        part, remade, literals = self._made(term.arg), remaking(term), self.rows.literals(term.sort)

        def instance(env: Mapping[str, Literal]) -> Term:
            found = part(env)
            known = literals.get(found.value) if type(found) is Literal else None
            return remade((found,)) if known is None else known

        return instance

    def _implication(self, term: Implies) -> Instance:
        left, right = self._made(term.left), self._made(term.right)

        def instance(env: Mapping[str, Literal]) -> Term:
            known = left(env)
            return TRUE if is_false(known) else implication(known, right(env))

        return instance

    def _conditional(self, term: Conditional) -> Instance:
        condition, then, otherwise = self._made(term.condition), self._made(term.then), self._made(term.otherwise)

        def instance(env: Mapping[str, Literal]) -> Term:
            known = condition(env)
            if isinstance(known, Literal):
                return then(env) if known.value is True else otherwise(env)
            return choose(known, then(env), otherwise(env))

        return instance

    def _cumulative(self, term: Cumulative, env: Mapping[str, Literal]) -> Term:
        return replace(term, capacity=self.ground(term.capacity, env), tasks=self._tasks(term.tasks, env))

    def _connective(
        self,
        args: Sequence[Term],
        decides: Callable[[Term], bool],
        decided: Term,
        joined: Callable[[Sequence[Term]], Term],
    ) -> Instance:
        """Of a conjunction or disjunction; what comes after a part that decides it is not looked at."""
        parts = [self._made(arg) for arg in args]

        def instance(env: Mapping[str, Literal]) -> Term:
            found = []
            for part in parts:
                one = part(env)
                if decides(one):
                    return decided
                found.append(one)
            return joined(found)

        return instance

    def _product(self, term: Product) -> Instance:
        """Of a product; nothing is left of what a factor 0 is multiplied with, if that is sure to have a value."""
        parts = [self._made(arg) for arg in term.args]

        def instance(env: Mapping[str, Literal]) -> Term:
            args = [part(env) for part in parts]
            for arg in args:
                if type(arg) is Literal and arg.value == 0 and arg.value is not False:
                    return integer(0) if all(map(self._is_total, args)) else product(args)
            return product(args)

        return instance

    def _apply(self, term: Apply) -> Instance:
        table = self._program.tables.get(term.symbol)
        if not term.args and table is None:
            return lambda env: term
        parts = [self._made(arg) for arg in term.args]
        at = self._called(term) if table is None else self._looked_up(term, table)
        return lambda env: at([part(env) for part in parts])

    def _called(self, term: Apply) -> Callable[[Sequence[Term]], Term]:
        """A call of an unknown; at known arguments one object for all places where the same literals stand."""
        # By identity: the hash of an element takes its time. The calls that are kept keep their arguments alive.
        calls = self._calls.setdefault(term.symbol, {})

        def at(args: Sequence[Term]) -> Term:
            key = tuple(map(id, args))
            found = calls.get(key)
            if found is None:
                if not all(map(_is_known, args)):
                    return _at_unknown(term, args)
                found = calls[key] = Apply(term.symbol, tuple(args), term.sort)
            return found

        return at

    def _looked_up(self, term: Apply, table: Table) -> Callable[[Sequence[Term]], Term]:
        """The entry of a table at known arguments."""
        entries, literals = table.entries, self.rows.literals(term.sort)

        def at(args: Sequence[Term]) -> Term:
            values = []
            for arg in args:
                if type(arg) is not Literal or arg.value is None:
                    return _at_unknown(term, args)
                values.append(arg.value)
            key = tuple(values)
            value = entries.get(key)
            if value is None and key not in entries:
                if not table.has_default:
                    raise NoEntry(term.symbol, key)
                value = table.default
            known = literals.get(value)
            if known is None:
                known = literals[value] = Literal(value, term.sort)
            return known

        return at

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
        instance_at = self.instance(body)
        for inner, condition in self.bindings(
            binders, env, None if filtered is body and kind == "forall" else filtered
        ):
            instance = instance_at(inner)
            if kind == "forall":
                if condition is not TRUE:
                    instance = implication(condition, instance)
                if is_false(instance):
                    return FALSE
            else:
                instance = both(condition, instance)
                if is_true(instance):
                    return TRUE
            found.append(instance)
        return conjunction(found) if kind == "forall" else disjunction(found)

    def _comprehension(self, term: SetComprehension, env: Mapping[str, Literal]) -> Term:
        """The elements that are certain, and a part for each of the others."""
        certain: list[Term] = []
        parts: list[Term] = []
        for inner, possible in self.bindings(term.binders, env, term.condition):
            condition = both(possible, self.ground(term.condition, inner))
            if is_false(condition):
                continue
            element = self.ground(term.element, inner)
            if is_true(condition):
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
            holds, *parts = [self.instance(t) for t in (task.condition, task.start, task.length, task.demand)]
            for inner, possible in self.bindings(task.binders, env, task.condition):
                condition = both(possible, holds(inner))
                if not is_false(condition):
                    start, length, demand = [part(inner) for part in parts]
                    out.append(Task((), condition, start, length, demand))
        return tuple(out)

    def _aggregate(self, term: Aggregate, env: Mapping[str, Literal]) -> Term:
        if term.kind == "sum" and is_true(term.condition) and isinstance(term.element, Product):
            addends = self._weighted(term.binders, term.element, env)
            if addends is not None:
                return total(addends)
        conditions: list[Term] = []
        elements: list[Term] = []
        counts, element_at = self.instance(term.condition), self.instance(term.element)
        for inner, possible in self.bindings(term.binders, env, term.condition):
            condition = both(possible, counts(inner))
            if is_false(condition):
                continue
            conditions.append(condition)
            elements.append(TRUE if term.kind == "count" else element_at(inner))
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
        if all(map(is_true, conditions)):
            assert kind in ("min", "max")
            return remake(Extremum("min" if kind == "min" else "max", ()), elements) if elements else UNDEFINED
        # The first element that counts and that no other beats. Where an element that counts is undefined, none is
        # chosen, since a comparison with it is false.
        chosen: Term = UNDEFINED
        for condition, element in reversed(list(zip(conditions, elements, strict=True))):
            self.budget.spend(len(elements))
            beaten = []
            for other_condition, other in zip(conditions, elements, strict=True):
                ordered = less_equal(element, other) if kind == "min" else less_equal(other, element)
                beaten.append(implication(other_condition, ordered))
            chosen = choose(both(condition, conjunction(beaten)), element, chosen)
        return chosen

    def _all_different(self, conditions: Sequence[Term], elements: Sequence[Term]) -> Term:
        if all(map(is_true, conditions)):
            return remake(AllDifferent(()), elements)
        self.budget.spend(len(elements) ** 2)
        pairs = []
        for j in range(len(elements)):
            for i in range(j):
                same = conjunction((conditions[i], conditions[j], equal(elements[i], elements[j])))
                pairs.append(negation(same))
        return conjunction(pairs)

    def _weighted(self, binders: Sequence[Bound], element: Product, env: Mapping[str, Literal]) -> list[Term] | None:
        """The products with the numbers of a table, but for those that the table makes 0; None where it is none."""
        for place, factor in enumerate(element.args):
            others = (*element.args[:place], *element.args[place + 1 :])
            if isinstance(factor, Apply) and all(map(self._is_total, others)):
                found = self.rows.weights(binders, factor, env)
                if found is not None:
                    columns = [self._at_rows(other, binders, found.rows, env) for other in others]
                    are_calls = all(isinstance(other, Apply) for other in others)
                    times = _calls_times if are_calls else lambda *factors: product(factors)
                    return list(map(times, found.numbers, *columns))
        return None

    def _at_rows(
        self, term: Term, binders: Sequence[Bound], rows: Sequence[tuple[Literal, ...]], env: Mapping[str, Literal]
    ) -> list[Term]:
        """A term that is sure to have a value at each row of values of the bound variables."""
        self.budget.spend(len(rows))
        if not isinstance(term, Apply) or not term.args:
            return [term] * len(rows)
        places = {bound.variable.name: place for place, bound in enumerate(binders)}
        columns: list[list[Term]] = []
        for arg in term.args:
            place = places.get(arg.name) if isinstance(arg, Variable) else None
            columns.append([self.ground(arg, env)] * len(rows) if place is None else [row[place] for row in rows])
        return list(map(self._called(term), zip(*columns, strict=True)))

    def _is_total(self, term: Term) -> bool:
        """Whether a term is sure to have a value whatever its variables are."""
        if isinstance(term, Apply):
            function = self._program.symbols[term.symbol]
            is_unknown = function.kind == "var" and not function.is_optional
            return is_unknown and all(isinstance(arg, Variable) or _is_known(arg) for arg in term.args)
        return _is_known(term)


def _variable(term: Variable) -> Instance:
    name = term.name
    return lambda env: env.get(name, term)


def _is_known(term: Term) -> bool:
    return isinstance(term, Literal) and term.value is not None


def _at_unknown(term: Apply, args: Sequence[Term]) -> Term:
    """A call at arguments of which some have no value, or are not known."""
    for arg in args:
        if is_undefined(arg) or (isinstance(arg, Literal) and arg.value is None):
            return UNDEFINED
    return with_children(term, args)


def _calls_times(number: Term, *calls: Term) -> Term:
    """A product of calls and a number of a table; most of them need no folding."""
    if type(number) is Literal and number.value != 1:
        return Product((number, *calls))
    return product((number, *calls))


def _is_open(bound: Bound) -> bool:
    return isinstance(bound.variable.sort, OpenSort) and bound.domain is None


BINDERS_TO_INSTANCES = Reformulation(
    name="BindersToInstances",
    # Instances can be anything but binders; unknown conditions bring cases and comparisons.
    rewrites={Feature(Construct.BINDER, Position.VALUE): GROUND},
    cost=2,
    rewrite=rewrite,
    exposes=ATOMS,
)
