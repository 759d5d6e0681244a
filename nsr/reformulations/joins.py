"""Rules worked out bottom-up, as chains of joins.

A rule becomes a chain of steps: look up the rows that
agree with what is bound, run through a variable's domain, work out a term, test a condition. What only decides whether
a binding counts (tests) comes as soon as its variables are bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from nsr.language.evaluate import UNDEFINED, NoEntry, bindings_of, evaluate, holds
from nsr.language.ir import Apply, Bound, Equal, Literal, Not, Program, Quantified, Variable
from nsr.language.sorts import has_value, sort_size
from nsr.language.traverse import free_variables
from nsr.limits import BudgetExceeded, LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nsr.language.ir import Term
    from nsr.language.sorts import Sort
    from nsr.limits import Budget
    from nsr.reformulations.rows import Numbering, Row, Rows

__all__ = ["Join", "JoinContext"]

_Registers: TypeAlias = list[int]
_Step: TypeAlias = Callable[[_Registers], None]


class JoinContext(NamedTuple):
    """What joins look things up in; `program.tables` has the relations as they are at the moment."""

    program: Program
    numbering: Numbering
    relations: Mapping[str, Rows]
    budget: Budget


class _Condition(NamedTuple):
    """A condition on a binding: its term, what tests it, and the variables in it."""

    term: Term
    test: Callable[[_Registers], bool]
    names: frozenset[str]


class Join:
    """The bindings for which atoms hold in relations and tests are met.

    `run` calls `found` with the registers for each; `slots` says where variables are in them.
    """

    def __init__(
        self, binders: Sequence[Bound], atoms: Sequence[Apply], tests: Sequence[Term], context: JoinContext
    ) -> None:
        self._context = context
        self._binders = {bound.variable.name: bound for bound in binders}
        self._atoms = list(atoms)
        self.slots = {name: place for place, name in enumerate(self._binders)}
        self._tests = [self.condition(test) for test in tests]

    def condition(self, term: Term) -> _Condition:
        """A test with the variables that it needs."""
        return _Condition(term, self.test(term), free_variables(term) & self._binders.keys())

    def run(self, found: _Step, first: tuple[int, Rows] | None = None) -> None:
        """All bindings; `first` has other rows for the atom at a place, and is joined from there."""
        step = found
        for make in reversed(_Plan(self, self._context, first).steps()):
            step = make(step)
        step([0] * len(self._binders))

    def term(self, term: Term) -> Callable[[_Registers], int | None]:
        """What works out the number of a term's value from the registers; None where it has no value."""
        context = self._context
        if isinstance(term, Variable) and term.name in self.slots:
            slot = self.slots[term.name]
            return lambda registers: registers[slot]
        if isinstance(term, Literal):
            constant = context.numbering.number(term.value)
            return lambda registers: constant
        names = self._names(term)

        def work_out(registers: _Registers) -> int | None:
            values = context.numbering.values
            env = {name: values[registers[slot]] for name, slot in names}
            try:
                value = evaluate(term, {}, context.program, env, context.budget)
            except NoEntry:
                return None
            return None if value is UNDEFINED or value is None else context.numbering.number(value)

        return work_out

    def row(self, terms: Sequence[Term]) -> Callable[[_Registers], tuple[int | None, ...]]:
        """What works out the numbers of several values."""
        slots = [self.slots.get(term.name) if isinstance(term, Variable) else None for term in terms]
        known = [slot for slot in slots if slot is not None]
        if len(known) == len(terms) > 1:
            return itemgetter(*known)
        if len(known) == len(terms) == 1:
            (only,) = known
            return lambda registers: (registers[only],)
        parts = [self.term(term) for term in terms]
        return lambda registers: tuple([part(registers) for part in parts])

    def test(self, term: Term) -> Callable[[_Registers], bool]:
        """What tests a condition; an entry that a table lacks makes it false."""
        quick = self._quick_test(term)
        if quick is not None:
            return quick
        context = self._context
        names = self._names(term)

        def is_met(registers: _Registers) -> bool:
            values = context.numbering.values
            env = {name: values[registers[slot]] for name, slot in names}
            try:
                return holds(term, {}, context.program, env, context.budget)
            except NoEntry:
                return False

        return is_met

    def _names(self, term: Term) -> list[tuple[str, int]]:
        return [(name, self.slots[name]) for name in free_variables(term) if name in self.slots]

    def _quick_test(self, term: Term) -> Callable[[_Registers], bool] | None:
        """Tests on numbers alone: a variable or literal against another, an atom of variables and literals."""
        match term:
            case Not(arg):
                inner = self._quick_test(arg)
                return None if inner is None else lambda registers: not inner(registers)
            case Equal(Variable() | Literal() as left, Variable() | Literal() as right):
                a, b = self.term(left), self.term(right)
                return lambda registers: a(registers) == b(registers)
            case Apply(symbol, args) if symbol in self._context.relations:
                if not all(isinstance(arg, Variable | Literal) for arg in args):
                    return None
                row = self.row(args)
                rows = self._context.relations[symbol].rows
                return lambda registers: row(registers) in rows
            case _:
                return None


class _Plan:
    """The order of the steps of a join, chosen step by step: what is bound most comes first."""

    def __init__(self, join: Join, context: JoinContext, first: tuple[int, Rows] | None) -> None:
        self._join = join
        self._context = context
        self._first = first
        self._bound: set[str] = set()
        self._steps: list[Callable[[_Step], _Step]] = []
        self._open_tests = list(join._tests)

    def steps(self) -> list[Callable[[_Step], _Step]]:
        """The steps, each a function that puts itself in front of the rest."""
        atoms = list(enumerate(self._join._atoms))
        self._add_tests()
        if self._first is not None:
            place, rows = self._first
            self._make_ready(self._join._atoms[place])
            self._scan(self._join._atoms[place], rows)
            atoms = [(i, atom) for i, atom in atoms if i != place]
        while atoms:
            ready = [(self._score(atom), -i, atom) for i, atom in atoms if self._is_ready(atom)]
            if not ready:
                self._bind_next()
                continue
            _, minus_place, atom = max(ready, key=lambda one: one[:2])
            atoms = [(i, other) for i, other in atoms if i != -minus_place]
            self._scan(atom, self._context.relations[atom.symbol])
        while len(self._bound) < len(self._join._binders):
            self._bind_next()
        return self._steps

    def _bind_next(self) -> None:
        """Bind one more variable: to the term that a condition equates it with, else to each value in turn."""
        for condition in self._open_tests:
            match condition.term:
                case Equal(Variable(name), term) | Equal(term, Variable(name)) if self._is_defined_by(name, term):
                    self._let(name, term)
                    return
        self._run_through(self._next_variable())

    def _is_defined_by(self, name: str, term: Term) -> bool:
        return name in self._join._binders and name not in self._bound and self._has_values(term)

    def _let(self, name: str, term: Term) -> None:
        self._steps.append(_letting(self._join.slots[name], self._join.term(term)))
        bound = self._join._binders[name]
        self._check_domain(bound, None)
        self._bound.add(name)
        self._add_tests()

    def _make_ready(self, atom: Apply) -> None:
        while not self._is_ready(atom):
            self._bind_next()

    def _score(self, atom: Apply) -> tuple[bool, int, int]:
        known = sum(1 for arg in atom.args if not isinstance(arg, Variable) or arg.name in self._bound)
        return known == len(atom.args), known, -len(self._context.relations[atom.symbol].rows)

    def _is_ready(self, atom: Apply) -> bool:
        return all(isinstance(arg, Variable) or self._has_values(arg) for arg in atom.args)

    def _has_values(self, term: Term) -> bool:
        return (free_variables(term) & self._join._binders.keys()) <= self._bound

    def _next_variable(self) -> str:
        """The unbound variable with the smallest domain whose ends are known."""
        choices = []
        for name, bound in self._join._binders.items():
            if name in self._bound or not self._has_values(Quantified("exists", (bound,), bound.variable)):
                continue
            size = sort_size(bound.variable.sort) if bound.domain is None else 0
            choices.append((size is None, size or 0, name))
        return min(choices)[2]

    def _add_tests(self) -> None:
        waiting = []
        for condition in self._open_tests:
            if condition.names <= self._bound:
                self._steps.append(_testing(condition.test))
            else:
                waiting.append(condition)
        self._open_tests = waiting

    def _run_through(self, name: str) -> None:
        bound = self._join._binders[name]
        if bound.domain is None and sort_size(bound.variable.sort) is None:
            raise BudgetExceeded(LimitKind.SIZE)
        context = self._context
        slot = self._join.slots[name]
        names = [(other, self._join.slots[other]) for other in self._bound]

        def values(registers: _Registers) -> Iterator[int]:
            known = context.numbering.values
            env = {other: known[registers[at]] for other, at in names}
            for binding in bindings_of((bound,), {}, context.program, env, context.budget):
                yield context.numbering.number(binding[name])

        self._steps.append(_running(slot, values))
        self._bound.add(name)
        self._add_tests()

    def _scan(self, atom: Apply, rows: Rows) -> None:
        """Rows that agree with what is bound; the other positions are bound, or must agree with each other."""
        key: list[tuple[int, Term]] = []
        outputs: list[tuple[int, int]] = []
        agreeing: list[tuple[int, int]] = []
        new: dict[str, int] = {}
        signature = self._context.program.symbols[atom.symbol].arguments
        for position, arg in enumerate(atom.args):
            if not isinstance(arg, Variable) or arg.name in self._bound or arg.name not in self._join.slots:
                key.append((position, arg))
            elif arg.name in new:
                agreeing.append((position, new[arg.name]))
            else:
                new[arg.name] = position
                outputs.append((position, self._join.slots[arg.name]))
        matching = self._matching(rows, key)
        self._steps.append(_scanning(matching, outputs, agreeing, self._context.budget))
        for name, position in new.items():
            self._check_domain(self._join._binders[name], signature[position])
        self._bound |= new.keys()
        self._add_tests()

    def _matching(self, rows: Rows, key: Sequence[tuple[int, Term]]) -> Callable[[_Registers], Sequence[Row]]:
        if not key:
            return lambda registers: list(rows.rows)
        index = rows.index(tuple([position for position, _ in key]))
        wanted = self._join.row([term for _, term in key])
        none: tuple[Row, ...] = ()
        return lambda registers: index.get(wanted(registers), none)  # type: ignore[arg-type]  # None is in no key

    def _check_domain(self, bound: Bound, sort: Sort | None) -> None:
        """A variable bound by a row, to values of `sort`, or by a condition still has to be in its own domain."""
        context = self._context
        variable = bound.variable
        slot = self._join.slots[variable.name]
        if variable.sort != sort:
            self._steps.append(
                _testing(lambda registers: has_value(variable.sort, context.numbering.values[registers[slot]]))
            )
        if bound.domain is None:
            return
        # The same variable under another name runs through the domain.
        inner = Variable(f"{variable.name}'", variable.sort)
        inside = Quantified("exists", (Bound(inner, bound.domain),), Equal(inner, variable))
        self._open_tests.append(self._join.condition(inside))


def _testing(test: Callable[[_Registers], bool]) -> Callable[[_Step], _Step]:
    def make(then: _Step) -> _Step:
        def step(registers: _Registers) -> None:
            if test(registers):
                then(registers)

        return step

    return make


def _letting(slot: int, term: Callable[[_Registers], int | None]) -> Callable[[_Step], _Step]:
    def make(then: _Step) -> _Step:
        def step(registers: _Registers) -> None:
            number = term(registers)
            if number is not None:
                registers[slot] = number
                then(registers)

        return step

    return make


def _running(slot: int, values: Callable[[_Registers], Iterator[int]]) -> Callable[[_Step], _Step]:
    def make(then: _Step) -> _Step:
        def step(registers: _Registers) -> None:
            for number in values(registers):
                registers[slot] = number
                then(registers)

        return step

    return make


def _scanning(
    matching: Callable[[_Registers], Sequence[Row]],
    outputs: Sequence[tuple[int, int]],
    agreeing: Sequence[tuple[int, int]],
    budget: Budget,
) -> Callable[[_Step], _Step]:
    def make(then: _Step) -> _Step:
        def step(registers: _Registers) -> None:
            found = matching(registers)
            budget.spend(len(found) + 1)
            for row in found:
                for position, slot in outputs:
                    registers[slot] = row[position]
                if agreeing and not all(row[p] == row[q] for p, q in agreeing):
                    continue
                then(registers)

        return step

    return make
