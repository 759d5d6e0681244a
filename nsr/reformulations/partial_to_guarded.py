"""Being undefined becomes a condition on the smallest atom around it.

Where an argument falls outside its type, a divisor is 0, or `none` is compared by order or reckoned with, the atom
around it is false (LANGUAGE section 3). Here the atom `a` becomes `d and a'`: `d` says that everything in it has a
value, `a'` is `a` with terms that always have one (any one where `d` is false). After it no term can be undefined,
`ElementAt` and `Restrict` are total (they pass on whatever they get), and `none` is only ever compared by `==` with a
call of an optional function. The treatment is that of the relational semantics in Frisch and Stuckey, "The proper
treatment of undefinedness in constraint languages" (CP 2009), with each comparison and call as its own context.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from nsr.language.ir import (
    FALSE,
    TRUE,
    Absolute,
    AllDifferent,
    And,
    Apply,
    Circuit,
    Conditional,
    Cumulative,
    Divide,
    ElementAt,
    Equal,
    Extremum,
    FloorDivide,
    FromTruth,
    Iff,
    Implies,
    Less,
    LessEqual,
    Literal,
    Modulo,
    Negate,
    NoOverlap,
    Not,
    Or,
    PositionOf,
    Power,
    Product,
    Quantified,
    Restrict,
    Rounded,
    Sum,
    Task,
    Variable,
    Xor,
    integer,
    sort_of,
)
from nsr.language.sorts import BoolSort, EnumSort, IntSort, NumberSort, RealSort, has_value
from nsr.language.traverse import children
from nsr.limits import Budget, BudgetExceeded, LimitKind
from nsr.reformulations.bounds import bounds_of, is_whole
from nsr.reformulations.folding import (
    choose,
    conjunction,
    disjunction,
    equal,
    implication,
    less,
    less_equal,
    negation,
    number_literal,
    product,
    remake,
    truth_number,
)
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Sort

__all__ = ["PARTIAL_TO_GUARDED"]

LARGEST_POWER = 64
"""Powers with an unknown base are written out as products up to this exponent; beyond it they are too large."""


def rewrite(program: Program, budget: Budget) -> Program:
    """The program with every term defined everywhere."""
    guarding = _Guarding(program, budget)
    return replace(
        program, requirements=tuple([replace(r, formula=guarding.formula(r.formula)) for r in program.requirements])
    )


class _Guarded(NamedTuple):
    """A total term and what must hold for the original one to have a value."""

    term: Term
    guards: tuple[Term, ...] = ()


class _Guarding:
    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        self._optional = frozenset(f.name for f in program.symbols.values() if f.is_optional)
        # A table of values may hold `none` too.
        self._optional |= frozenset(
            name
            for name, table in program.tables.items()
            if (table.has_default and table.default is None) or None in table.entries.values()
        )

    # Formulas

    def formula(self, term: Term) -> Term:
        """The reading as a formula: what is undefined is false."""
        self._budget.spend()
        match term:
            case Literal(value):
                return TRUE if value is True else FALSE
            case Equal(left, right):
                return self._equal(self.value(left), self.value(right))
            case And(args):
                return conjunction([self.formula(arg) for arg in args])
            case Or(args):
                return disjunction([self.formula(arg) for arg in args])
            case Not(arg):
                return negation(self.formula(arg))
            case Implies(left, right):
                return implication(self.formula(left), self.formula(right))
            case Less(left, right) | LessEqual(left, right):
                a, b = self._comparable(left), self._comparable(right)
                return conjunction((*a.guards, *b.guards, remake(term, (a.term, b.term))))
            case Iff() | Xor():
                return remake(term, (self.formula(term.left), self.formula(term.right)))
            case Conditional(condition, then, otherwise):
                return choose(self.formula(condition), self.formula(then), self.formula(otherwise))
            case AllDifferent(args):
                return self._all_different([self.value(arg) for arg in args])
            case Apply():
                call = self.value(term)
                return conjunction((*call.guards, call.term))
            case NoOverlap(tasks):
                guards, total_tasks = self._tasks(tasks)
                return conjunction((*guards, replace(term, tasks=total_tasks)))
            case Cumulative(capacity, tasks):
                most = self._comparable(capacity)
                guards, total_tasks = self._tasks(tasks)
                return conjunction((*most.guards, *guards, replace(term, capacity=most.term, tasks=total_tasks)))
            case Circuit(args):
                after = [self._some(arg) for arg in args]
                guards = [guard for one in after for guard in one.guards]
                return conjunction((*guards, replace(term, args=tuple([one.term for one in after]))))
            case Quantified(_, _, body):
                # Only quantifiers over open types are left.
                return replace(term, body=self.formula(body))
            case _:
                return FALSE

    def _tasks(self, tasks: Sequence[Task]) -> tuple[list[Term], tuple[Task, ...]]:
        """What must hold for all numbers of the tasks that take part to have values, and the tasks."""
        guards: list[Term] = []
        out: list[Task] = []
        for task in tasks:
            condition = self.formula(task.condition)
            start, length, demand = (self._comparable(part) for part in (task.start, task.length, task.demand))
            own = (*start.guards, *length.guards, *demand.guards)
            if own:
                guards.append(implication(condition, conjunction(own)))
            out.append(Task((), condition, start.term, length.term, demand.term))
        return guards, tuple(out)

    def _equal(self, left: _Guarded, right: _Guarded) -> Term:
        return conjunction((*left.guards, *right.guards, self._same(left.term, right.term)))

    def _same(self, left: Term, right: Term) -> Term:
        """Equality of total terms that may be `none`."""
        left_none, right_none = self._may_be_none(left), self._may_be_none(right)
        if not left_none and not right_none:
            if isinstance(sort_of(left), BoolSort) and isinstance(sort_of(right), BoolSort):
                return remake(Iff(TRUE, TRUE), (left, right))
            return equal(left, right)
        if isinstance(left, Conditional):
            return choose(left.condition, self._same(left.then, right), self._same(left.otherwise, right))
        if isinstance(right, Conditional):
            return choose(right.condition, self._same(left, right.then), self._same(left, right.otherwise))
        if isinstance(left, Literal) and left.value is None:
            return self._is_none(right)
        if isinstance(right, Literal) and right.value is None:
            return self._is_none(left)
        if left_none and right_none:
            if sort_of(left) == sort_of(right):
                # Both have the same code for `none`, and no value has it.
                return equal(left, right)
            nones = conjunction((self._is_none(left), self._is_none(right)))
            somes = conjunction((negation(self._is_none(left)), negation(self._is_none(right)), equal(left, right)))
            return disjunction((nones, somes))
        optional, other = (left, right) if left_none else (right, left)
        if isinstance(other, Literal):
            # Any other number could be the code of `none`.
            return equal(left, right) if has_value(sort_of(optional), other.value) else FALSE
        return conjunction((negation(self._is_none(optional)), equal(left, right)))

    def _is_none(self, term: Term) -> Term:
        match term:
            case Literal(value):
                return TRUE if value is None else FALSE
            case Conditional(condition, then, otherwise):
                return choose(condition, self._is_none(then), self._is_none(otherwise))
            case Apply(symbol, _, sort) if symbol in self._optional:
                return Equal(term, Literal(None, sort))
            case _:
                return FALSE

    def _may_be_none(self, term: Term) -> bool:
        match term:
            case Literal(value):
                return value is None
            case Apply(symbol):
                return symbol in self._optional
            case Conditional(_, then, otherwise):
                return self._may_be_none(then) or self._may_be_none(otherwise)
            case _:
                return False

    def _all_different(self, args: Sequence[_Guarded]) -> Term:
        if not any(arg.guards or self._may_be_none(arg.term) for arg in args):
            return remake(AllDifferent(()), [arg.term for arg in args])
        self._budget.spend(len(args) ** 2)
        return conjunction([negation(self._equal(args[i], args[j])) for j in range(len(args)) for i in range(j)])

    # Values

    def value(self, term: Term) -> _Guarded:
        """The reading as a value: a total term and its guards. It may be `none`."""
        self._budget.spend()
        match term:
            case Literal() | Variable():
                return _Guarded(term)
            case Apply(_, args):
                return self._apply(term, args)
            case PositionOf(arg):
                inner = self._some(arg)
                return _Guarded(remake(term, (inner.term,)), inner.guards)
            case ElementAt(arg, sort):
                assert isinstance(sort, EnumSort)
                inner = self._some(arg)
                inside = _inside(inner.term, IntSort(1, len(sort.elements)))
                return _Guarded(ElementAt(inner.term, sort), (*inner.guards, *inside))
            case Restrict(arg, sort):
                inner = self._some(arg)
                return _Guarded(inner.term, (*inner.guards, *_inside(inner.term, sort)))
            case FromTruth(arg):
                return _Guarded(truth_number(self.formula(arg)))
            case Sum() | Product() | Negate() | Absolute() | Rounded():
                return self._strict(term, children(term))
            case Extremum(_, args):
                return self._strict(term, args) if args else _Guarded(integer(0), (FALSE,))
            case Divide() | FloorDivide() | Modulo():
                return self._division(term)
            case Power(left, right):
                return self._power(term, left, right)
            case Conditional(condition, then, otherwise):
                return self._conditional(condition, then, otherwise)
            case _:
                # A formula in the place of a value is always defined.
                return _Guarded(self.formula(term))

    def _some(self, term: Term) -> _Guarded:
        """A value that is not `none`."""
        inner = self.value(term)
        if self._may_be_none(inner.term):
            return _Guarded(inner.term, (*inner.guards, negation(self._is_none(inner.term))))
        return inner

    def _comparable(self, term: Term) -> _Guarded:
        inner = self._some(term)
        if isinstance(inner.term, Literal) and inner.term.value is None:
            return _Guarded(integer(0), (FALSE,))
        return inner

    def _apply(self, term: Apply, args: Sequence[Term]) -> _Guarded:
        if not args:
            return _Guarded(term)
        inner = [self._some(arg) for arg in args]
        guards = tuple([guard for one in inner for guard in one.guards])
        return _Guarded(replace(term, args=tuple([one.term for one in inner])), guards)

    def _strict(self, term: Term, args: Sequence[Term]) -> _Guarded:
        inner = [self._comparable(arg) for arg in args]
        guards = tuple([guard for one in inner for guard in one.guards])
        return _Guarded(remake(term, [one.term for one in inner]), guards)

    def _division(self, term: Divide | FloorDivide | Modulo) -> _Guarded:
        left, right = self._comparable(term.left), self._comparable(term.right)
        guards = (*left.guards, *right.guards)
        low, high = bounds_of(right.term)
        if (low is not None and low > 0) or (high is not None and high < 0):
            return _Guarded(remake(term, (left.term, right.term)), guards)
        is_zero = equal(right.term, integer(0))
        divisor = choose(is_zero, integer(1), right.term)
        return _Guarded(remake(term, (left.term, divisor)), (*guards, negation(is_zero)))

    def _power(self, term: Power, left: Term, right: Term) -> _Guarded:
        base, exponent = self._comparable(left), self._comparable(right)
        guards = (*base.guards, *exponent.guards)
        if isinstance(exponent.term, Literal):
            return self._known_power(term, base.term, exponent.term, guards)
        low, high = bounds_of(exponent.term)
        if low is None or high is None or high - low > LARGEST_POWER:
            raise BudgetExceeded(LimitKind.SIZE)
        # One case for each exponent.
        value: Term = integer(1)
        guarded: list[Term] = []
        for e in range(int(low), int(high) + 1):
            here = equal(exponent.term, integer(e))
            case = self._known_power(term, base.term, integer(e), ())
            guarded.extend(implication(here, guard) for guard in case.guards)
            value = choose(here, case.term, value)
        return _Guarded(value, (*guards, *_inside(exponent.term, IntSort(int(low), int(high))), *guarded))

    def _known_power(self, term: Power, base: Term, exponent: Literal, guards: tuple[Term, ...]) -> _Guarded:
        value = exponent.value
        if not isinstance(value, int):
            return _Guarded(integer(0), (FALSE,))
        if isinstance(base, Literal):
            known = remake(term, (base, exponent))
            return _Guarded(known, guards) if isinstance(known, Literal) else _Guarded(integer(0), (FALSE,))
        if abs(value) > LARGEST_POWER:
            raise BudgetExceeded(LimitKind.SIZE)
        if value >= 0:
            return _Guarded(product((base,) * value), guards)
        is_zero = equal(base, integer(0))
        divisor = product((choose(is_zero, integer(1), base),) * -value)
        return _Guarded(Divide(integer(1), divisor), (*guards, negation(is_zero)))

    def _conditional(self, condition: Term, then: Term, otherwise: Term) -> _Guarded:
        known = self.formula(condition)
        a, b = self.value(then), self.value(otherwise)
        if isinstance(known, Literal):
            return a if known.value is True else b
        guards: list[Term] = []
        if a.guards:
            guards.append(implication(known, conjunction(a.guards)))
        if b.guards:
            guards.append(disjunction((known, conjunction(b.guards))))
        return _Guarded(choose(known, a.term, b.term), tuple(guards))


def _inside(term: Term, sort: Sort) -> list[Term]:
    """The conditions for being a value of the sort that the term's own interval does not decide."""
    match sort:
        case IntSort(low, high):
            known = bounds_of(term)
            out: list[Term] = []
            if low is not None and (known.low is None or known.low < low):
                out.append(less_equal(integer(low), term))
            if high is not None and (known.high is None or known.high > high):
                out.append(less_equal(term, integer(high)))
            if not is_whole(term):
                out.append(equal(Rounded("floor", term), term))
            return out
        case NumberSort(_, values):
            if sort_of(term) == sort:
                return []
            return [disjunction([equal(term, number_literal(value)) for value in values])]
        case RealSort(low, high, is_low_open, is_high_open):
            above = [] if low is None else [(less if is_low_open else less_equal)(number_literal(low), term)]
            below = [] if high is None else [(less if is_high_open else less_equal)(term, number_literal(high))]
            return [*above, *below]
        case _:
            return []


_GUARDED = features(
    Construct.ALL_DIFFERENT,
    Construct.BOOLEAN,
    Construct.COMPARISON,
    Construct.CONDITIONAL,
    Construct.ELEMENT,
    Construct.LINEAR,
    Construct.NESTED,
    Construct.PRODUCT,
    Construct.QUOTIENT,
    Construct.RATIONAL,
    Construct.ROUNDED,
    Construct.TABLE,
)

PARTIAL_TO_GUARDED = Reformulation(
    name="PartialToGuarded",
    rewrites={
        Feature(Construct.PARTIAL, Position.VALUE): _GUARDED,
        Feature(Construct.POWER, Position.VALUE): _GUARDED,
    },
    cost=2,
    rewrite=rewrite,
)
