"""The least fixed point of rules, bottom-up: whatever is new is joined, once, with all that was there before.

A body is taken apart into its parts under `and`. Calls of relations among them are looked up in the order written,
those first that speak of what is known already; everything else is tested as soon as its variables are known, and only
variables that no call binds run over their domains. What is negated or counted is read by a `Reading`: in a given
structure (`relations` has others), so that the rules can only ever add rows.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from nsr.language.ir import And, Apply, Conditional, Implies, Not, Or, Quantified
from nsr.language.joins import Each, Join, Let, Match, Test, bodies_of, joins_of
from nsr.language.meaning import NoEntry
from nsr.language.recursion import RecursionRoom
from nsr.language.sorts import Value, has_value
from nsr.language.values import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nsr.language.ir import Bound, Facts, Program, Rule, Term
    from nsr.language.joins import Step
    from nsr.language.meaning import Bindings, Evaluator

__all__ = ["Extensions", "Plan", "Reading", "Row", "least_fixed_point", "matches", "plans_of"]

Row: TypeAlias = tuple[Value, ...]
Extensions: TypeAlias = "Mapping[str, Mapping[Row, None]]"

ROW_STEPS = 50
"""A derived row costs as much of the budget as so many steps, so that the budget bounds memory too."""


class Reading(Protocol):
    """How the parts of a body are read that do not grow with the rows."""

    def __call__(self, term: Term, env: Bindings) -> bool:
        """Whether the part holds."""


class _Rows:
    """The rows of a relation, with an index for each choice of places that is asked for."""

    __slots__ = ("_indexes", "rows")

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows = dict.fromkeys(rows)
        self._indexes: dict[tuple[int, ...], dict[Row, list[Row]]] = {}

    def add(self, row: Row) -> None:
        self.rows[row] = None
        for places, index in self._indexes.items():
            index.setdefault(tuple(row[place] for place in places), []).append(row)

    def at(self, places: tuple[int, ...], key: Row) -> Iterable[Row]:
        """The rows with these values at these places."""
        if not places:
            return self.rows
        if places not in self._indexes:
            index: dict[Row, list[Row]] = {}
            for row in self.rows:
                index.setdefault(tuple(row[place] for place in places), []).append(row)
            self._indexes[places] = index
        return self._indexes[places].get(key, ())


class _Closure:
    """Rows that grow (of the relations in `growing`) beside those that a structure gives."""

    def __init__(self, evaluator: Evaluator, reading: Reading, growing: Iterable[str]) -> None:
        self._evaluator = evaluator
        self._reading = reading
        self._growing = {name: _Rows() for name in growing}
        self._given: dict[str, _Rows] = {}

    def rows_of(self, symbol: str) -> _Rows:
        """The rows so far.

        Raises:
            NoEntry: if the structure does not have the relation.
        """
        if symbol in self._growing:
            return self._growing[symbol]
        if symbol not in self._given:
            values = self._evaluator.structure.get(symbol)
            if values is None:
                raise NoEntry(symbol, ())
            self._given[symbol] = _Rows(row for row, value in values.items() if value is True)
        return self._given[symbol]

    def derives(self, term: Term, env: Bindings) -> bool:
        """The reading of a formula in which calls of relations are looked up in the rows so far."""
        match term:
            case And(args):
                return all(self.derives(arg, env) for arg in args)
            case Or(args):
                return any(self.derives(arg, env) for arg in args)
            case Quantified("forall", binders, body):
                return all(self.derives(body, inner) for inner in self._evaluator.bindings(binders, env))
            case Quantified("exists", binders, body):
                return any(self.derives(body, inner) for inner in self._evaluator.bindings(binders, env))
            case Implies(left, right):
                return self._reading(Not(left), env) or self.derives(right, env)
            case Conditional(condition, then, otherwise):
                if self._reading(condition, env) and self.derives(then, env):
                    return True
                return self._reading(Not(condition), env) and self.derives(otherwise, env)
            case Apply(symbol, args) if symbol in self._growing:
                row = self._row(args, env)
                return row is not None and row in self._growing[symbol].rows
            case Apply(symbol, args) if symbol in self._evaluator.program.definitions:
                definition = self._evaluator.program.definitions[symbol]
                row = self._row(args, env)
                if row is None:
                    return False
                names = (parameter.name for parameter in definition.parameters)
                return self.derives(definition.body, dict(zip(names, row, strict=True)))
            case _:
                return self._reading(term, env)

    def _row(self, args: Sequence[Term], env: Bindings) -> Row | None:
        """The values of the arguments; None if one is undefined or `none`."""
        row = []
        for arg in args:
            value = self._evaluator.value(arg, env)
            if value is UNDEFINED or value is None:
                return None
            row.append(value)
        return tuple(row)

    def heads(self, rule: Rule, join: Join, new: Row | None = None) -> Iterator[Row]:
        """What the rule derives by one way of joining its body, from the new row first if there is one."""
        sorts = self._evaluator.program.symbols[rule.symbol].arguments
        for env in self.envs(join, new):
            try:
                row = self._row(rule.args, env)
            except NoEntry as missing:
                self._let_pass(missing)
                continue
            if row is not None and all(has_value(sort, value) for sort, value in zip(sorts, row, strict=True)):
                yield row

    def envs(self, join: Join, new: Row | None = None) -> Iterator[Bindings]:
        """Every binding with which all steps succeed; one mapping is yielded again and again."""
        return self._after(join.steps, 0, {}, new)

    def _after(self, steps: Sequence[Step], at: int, env: dict[str, Value], new: Row | None) -> Iterator[Bindings]:
        if at == len(steps):
            yield env
            return
        step = steps[at]
        for values in self._ways(step, env, new):
            env.update(zip(step.names, values, strict=True))
            yield from self._after(steps, at + 1, env, None)

    def _ways(self, step: Step, env: Bindings, new: Row | None) -> Sequence[Row]:
        """The values that the names of a step can take; none where a table lacks the entry asked for."""
        try:
            found = self._values(step, env, new)
        except NoEntry as missing:
            self._let_pass(missing)
            return ()
        if self._evaluator.budget is not None:
            self._evaluator.budget.spend(1 + len(found))
        return found

    def _let_pass(self, missing: NoEntry) -> None:
        """An entry that a table lacks makes a body false; a value that a structure lacks is an error."""
        if missing.symbol not in self._evaluator.program.tables:
            raise missing

    def _values(self, step: Step, env: Bindings, new: Row | None) -> Sequence[Row]:
        match step:
            case Match(symbol, places, known, taken):
                if new is not None:
                    return (tuple(new[place] for place in taken),)
                key = self._row(known, env)
                if key is None:
                    return ()
                return [tuple(row[place] for place in taken) for row in self.rows_of(symbol).at(places, key)]
            case Test(term, is_growing):
                return ((),) if (self.derives if is_growing else self._reading)(term, env) else ()
            case Let(_, term):
                value = self._evaluator.value(term, env)
                return () if value is UNDEFINED or value is None else ((value,),)
            case Each(bound):
                return [(value,) for value in self._evaluator.domain(bound, env)]


class Plan(NamedTuple):
    """A rule and one way of joining its body."""

    rule: Rule
    join: Join


def plans_of(rules: Iterable[Rule], growing: frozenset[str], program: Program) -> tuple[Plan, ...]:
    """How to join the bodies of the rules, to be worked out once for many fixed points."""
    return tuple(
        Plan(rule, join)
        for rule in rules
        for body in bodies_of(rule.binders, rule.body, program)
        for join in joins_of(body, growing, program)
    )


def least_fixed_point(
    evaluator: Evaluator,
    reading: Reading,
    growing: frozenset[str],
    facts: Iterable[Facts],
    plans: Iterable[Plan],
    order: list[tuple[str, Row]] | None = None,
) -> Extensions:
    """The rows of the relations in `growing` that facts and rules derive; of the others those that are given.

    `order` takes them up one after the other: what a row is derived from comes before it.

    Raises as the evaluator and the reading do, and `InfiniteSort` where a variable over infinitely many values is bound
    by no call.
    """
    closure = _Closure(evaluator, reading, growing)
    rows: dict[str, dict[Row, None]] = {name: {} for name in growing}
    queue: deque[tuple[str, Row]] = deque()

    def add(symbol: str, found: Iterable[Row]) -> None:
        for row in found:
            if row not in rows[symbol]:
                rows[symbol][row] = None
                queue.append((symbol, row))
                if order is not None:
                    order.append((symbol, row))
                if evaluator.budget is not None:
                    evaluator.budget.spend(ROW_STEPS)

    waiting: dict[str, list[Plan]] = {}
    with RecursionRoom():
        for fact in facts:
            add(fact.symbol, fact.rows)
        for plan in plans:
            if plan.join.trigger is not None:
                waiting.setdefault(plan.join.trigger, []).append(plan)
            else:
                add(plan.rule.symbol, closure.heads(*plan))
        again = [plan for plan in plans if plan.join.is_repeated]
        while queue:
            while queue:
                symbol, row = queue.popleft()
                closure.rows_of(symbol).add(row)
                for plan in waiting.get(symbol, ()):
                    add(plan.rule.symbol, closure.heads(*plan, row))
            for plan in again:
                add(plan.rule.symbol, closure.heads(*plan))
    return rows


def matches(evaluator: Evaluator, binders: Sequence[Bound], body: Term) -> Mapping[Row, None]:
    """The values of the variables with which a formula holds in the evaluator's structure, each once.

    Read as the body of a rule is: an entry that a table lacks makes it false.
    """
    closure = _Closure(evaluator, evaluator.holds, ())
    found: dict[Row, None] = {}
    with RecursionRoom():
        for alternative in bodies_of(binders, body, evaluator.program):
            for join in joins_of(alternative, frozenset(), evaluator.program):
                for env in closure.envs(join):
                    found[tuple(env[bound.variable.name] for bound in binders)] = None
    return found
