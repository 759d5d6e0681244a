"""From the ground form of a program to rows of a mixed-integer linear program."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from nsr.language.calls import keys_of
from nsr.language.ir import (
    Absolute,
    AllDifferent,
    And,
    Apply,
    Conditional,
    Divide,
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
    Not,
    Or,
    Product,
    Rounded,
    Sum,
    Xor,
    sort_of,
)
from nsr.language.sorts import BoolSort, RealSort
from nsr.reformulations import Construct
from nsr.reformulations.coding import codes_of, scale_of
from nsr.solvers.literals import Truth, opposite
from nsr.solvers.milp.numbers import Numbers
from nsr.solvers.milp.sums import Linear, combined, of_truth
from nsr.solvers.milp.text import exact
from nsr.solvers.protocol import Cell, Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Function, Program, Term
    from nsr.limits import Budget
    from nsr.solvers.milp.text import Number

__all__ = ["Compiler"]


class Compiler(Numbers):
    """Writes formulas; the cells of the unknowns are the first columns."""

    def __init__(self, program: Program, budget: Budget) -> None:
        super().__init__(budget)
        self.cells: list[Cell] = []
        self._cell: dict[tuple[object, ...], Linear] = {}
        self._called: dict[int, tuple[Term, Linear]] = {}
        waiting = []
        for function in program.unknowns():
            intervals = _intervals(function)
            scale = exact(Fraction(1, scale_of(function.value)))
            low, high = intervals[0][0], intervals[-1][1]
            is_whole = not isinstance(function.value, RealSort)
            for args in keys_of(function, budget):
                column = self.column(low, high, is_whole=is_whole)
                if len(intervals) > 1:
                    waiting.append((column, intervals))
                self.cells.append(Cell(function.name, args, str(column)))
                self._cell[(function.name, *args)] = Linear({column: scale})
        for column, parts in waiting:
            self.split(column, parts)

    def group(self, formula: Term) -> str:
        """The rows of one requirement."""
        self.out = []
        self._require(formula, ())
        return "\n".join(self.out)

    # Formulas that hold (where some literals are true)

    def _require(self, term: Term, when: tuple[int, ...]) -> None:
        match term:
            case And(args):
                for arg in args:
                    self._require(arg, when)
            case Equal() | Less() | LessEqual():
                self._require_comparison(term, when)
            case Or(args):
                self._require_one(args, when)
            case Not(arg):
                self._require_not(arg, when)
            case Implies(left, right):
                condition = self.literal(left, -1)
                if condition is True:
                    self._require(right, when)
                elif not isinstance(condition, bool):
                    self._require(right, (*when, condition))
            case Iff(left, right):
                self._require_same(self.literal(left, 0), self.literal(right, 0), when)
            case Xor(left, right):
                self._require_same(self.literal(left, 0), opposite(self.literal(right, 0)), when)
            case AllDifferent(args):
                self._require_different(args, when)
            case Conditional(condition, then, otherwise):
                self._require(Implies(condition, then), when)
                self._require(Or((condition, otherwise)), when)
            case _:
                self.clause(self.out, [self.literal(term, 1)], when)

    def _require_not(self, term: Term, when: tuple[int, ...]) -> None:
        match term:
            case Not(arg):
                self._require(arg, when)
            case Or(args):
                for arg in args:
                    self._require_not(arg, when)
            case And(args):
                self._require_one([Not(arg) for arg in args], when)
            case Implies(left, right):
                self._require(left, when)
                self._require_not(right, when)
            case Less(left, right) | LessEqual(left, right):
                self._require_comparison(LessEqual(right, left) if isinstance(term, Less) else Less(right, left), when)
            case _:
                self.clause(self.out, [opposite(self.literal(term, -1))], when)

    def _require_one(self, args: Sequence[Term], when: tuple[int, ...]) -> None:
        """One of several formulas: where only one of them is no literal by itself, its rows hold without the others."""
        plain = [arg for arg in args if self._is_plain(arg)]
        others = [arg for arg in args if not self._is_plain(arg)]
        if len(others) != 1:
            self.clause(self.out, [self.literal(arg, 1) for arg in args], when)
            return
        literals = [self.literal(arg, 1) for arg in plain]
        if any(literal is True for literal in literals):
            return
        unmet = [-literal - 1 for literal in literals if not isinstance(literal, bool)]
        self._require(others[0], (*when, *unmet))

    def _is_plain(self, term: Term) -> bool:
        return isinstance(term, Apply | Literal) or (isinstance(term, Not) and isinstance(term.arg, Apply))

    def _require_same(self, left: Truth, right: Truth, when: tuple[int, ...]) -> None:
        self.clause(self.out, (opposite(left), right), when)
        self.clause(self.out, (left, opposite(right)), when)

    def _require_comparison(self, term: Equal | Less | LessEqual, when: tuple[int, ...]) -> None:
        left, right = term.left, term.right
        if isinstance(sort_of(left), BoolSort):
            self._require_same(self.literal(left, 0), self.literal(right, 0), when)
            return
        parts = _as_conjunction(term)
        if parts is not None:
            for part in parts:
                self._require_comparison(part, when)
            return
        literal = self._near(term, 1)
        if literal is not None:
            self.clause(self.out, [literal], when)
            return
        first, second = self.linear(left), self.linear(right)
        if not first.terms and not isinstance(term, Less):
            # As it is read: prices go by the side that is a number.
            end = first.constant
            self.row(self.out, when, end, end if isinstance(term, Equal) else None, second)
            return
        difference = first.minus(second)
        match term:
            case Equal():
                self.row(self.out, when, 0, 0, difference)
            case LessEqual():
                self.row(self.out, when, None, 0, difference)
            case Less():
                self.row(self.out, when, None, self._below(difference), difference)

    def _below(self, linear: Linear) -> Number:
        """The greatest value less than 0 that a sum can have.

        Raises:
            Gap: if there is none.
        """
        if not self.is_whole(linear):
            raise Gap((Construct.STRICT.value,))
        return -self.step(linear)

    def _require_different(self, args: Sequence[Term], when: tuple[int, ...]) -> None:
        self.budget.spend(len(args))
        self.require_different([self.linear(arg) for arg in args], when)

    # Literals that stand for formulas

    def literal(self, term: Term, sign: int) -> Truth:
        """A literal for a formula, as far as the sign says."""
        match term:
            case Literal(value):
                return value is True
            case Equal() | Less() | LessEqual():
                return self._comparison(term, sign)
            case Apply():
                ((column, _),) = self.cell(term).terms.items()
                return column
            case Not(arg):
                return opposite(self.literal(arg, -sign))
            case And(args):
                return self.conjunction([self.literal(arg, sign) for arg in args], sign)
            case Or(args):
                return self.disjunction([self.literal(arg, sign) for arg in args], sign)
            case Implies(left, right):
                return self.disjunction([opposite(self.literal(left, -sign)), self.literal(right, sign)], sign)
            case Iff(left, right):
                return self.same(self.literal(left, 0), self.literal(right, 0), sign)
            case Xor(left, right):
                return opposite(self.same(self.literal(left, 0), self.literal(right, 0), -sign))
            case Conditional(condition, then, otherwise):
                chosen = self.literal(condition, 0)
                yes = self.conjunction([chosen, self.literal(then, sign)], sign)
                no = self.conjunction([opposite(chosen), self.literal(otherwise, sign)], sign)
                return self.disjunction([yes, no], sign)
            case _:
                raise AssertionError(f"no formula of the ground form: {type(term).__name__}")

    def cell(self, term: Apply) -> Linear:
        """The column of a call, as a number."""
        # By identity: calls are shared, and the hash of an element takes its time.
        known = self._called.get(id(term))
        if known is None:
            found = self._cell[(term.symbol, *[arg.value for arg in term.args if isinstance(arg, Literal)])]
            known = self._called[id(term)] = (term, found)
        return known[1]

    def _comparison(self, term: Equal | Less | LessEqual, sign: int) -> Truth:
        left, right = term.left, term.right
        if isinstance(sort_of(left), BoolSort):
            return self.same(self.literal(left, 0), self.literal(right, 0), sign)
        near = self._near(term, sign)
        if near is not None:
            return near
        difference = self.linear(left).minus(self.linear(right))
        match term:
            case Equal():
                return self.between(0, 0, difference, sign)
            case LessEqual():
                return self.between(None, 0, difference, sign)
            case Less() if self.is_whole(difference):
                return self.between(None, -self.step(difference), difference, sign)
            case Less():
                # Where it is false the opposite order holds, which is not strict.
                return opposite(self.between(0, None, difference, -sign))

    def _near(self, term: Equal | Less | LessEqual, sign: int) -> Truth | None:
        """A literal for `abs(e)` against a number, without a column for the absolute value; None for anything else."""
        left, right = term.left, term.right
        if isinstance(left, Absolute) and isinstance(right, Literal):
            bound, is_left = right.value, True
        elif isinstance(right, Absolute) and isinstance(left, Literal):
            bound, is_left = left.value, False
        else:
            return None
        distance = left if is_left else right
        assert isinstance(bound, int | Fraction)
        assert isinstance(distance, Absolute)
        inner = self.linear(distance.arg)
        if isinstance(term, Equal):
            if bound < 0:
                return False
            ends = [self.between(end, end, inner, sign) for end in {bound, -bound}]
            return self.disjunction(ends, sign)
        # `n < abs(e)` is the contrary of `abs(e) <= n`.
        is_strict = isinstance(term, Less) == is_left
        if is_strict and self.is_whole(inner):
            bound -= self.step(Linear(inner.terms, inner.constant - bound))
            is_strict = False
        own = sign if is_left else -sign
        if is_strict:
            outside = [self.between(bound, None, inner, -own), self.between(None, -bound, inner, -own)]
            inside = opposite(self.disjunction(outside, -own))
        else:
            inside = False if bound < 0 else self.between(-bound, bound, inner, own)
        return inside if is_left else opposite(inside)

    # Numbers

    def linear(self, term: Term) -> Linear:
        """A number as a sum."""
        match term:
            case Literal(value):
                assert isinstance(value, int | Fraction)
                return Linear({}, value)
            case Apply():
                return self.cell(term)
            case Sum(args):
                return self._sum(args)
            case Negate(arg):
                return self.linear(arg).scaled(-1)
            case Product(args):
                return self.product([self.linear(arg) for arg in args])
            case FromTruth(arg):
                return of_truth(self.literal(arg, 0))
            case Divide(left, Literal(value)):
                assert isinstance(value, int | Fraction)
                return self.linear(left).scaled(1 / Fraction(value))
            case _:
                return self.once(term, self._operation)

    def _sum(self, args: Sequence[Term]) -> Linear:
        """A sum: most of its parts are a number times an unknown, and are added up as they come."""
        self.budget.spend(len(args))
        terms: dict[int, Number] = {}
        others = []
        for arg in args:
            if type(arg) is Product and len(arg.args) == 2:
                factor, call = arg.args
                if type(factor) is Literal and type(call) is Apply:
                    assert type(factor.value) is int or isinstance(factor.value, Fraction)
                    for column, value in self.cell(call).terms.items():
                        terms[column] = terms.get(column, 0) + value * factor.value
                    continue
            others.append(self.linear(arg))
        return combined([Linear(terms), *others])

    def _operation(self, term: Term) -> Linear:
        match term:
            case Absolute(arg):
                inner = self.linear(arg)
                return self.greatest([inner, inner.scaled(-1)])
            case Extremum("max", args):
                return self.greatest([self.linear(arg) for arg in args])
            case Extremum(_, args):
                return self.greatest([self.linear(arg).scaled(-1) for arg in args]).scaled(-1)
            case Conditional():
                return self._cases(term)
            case FloorDivide(left, Literal(value)):
                assert isinstance(value, int | Fraction)
                return self.rounded_down(self.linear(left).scaled(1 / Fraction(value)))
            case Modulo(left, Literal(value)):
                assert isinstance(value, int | Fraction)
                dividend = self.linear(left)
                return dividend.minus(self.rounded_down(dividend.scaled(1 / Fraction(value))).scaled(value))
            case Rounded("floor", arg):
                return self.rounded_down(self.linear(arg))
            case Rounded("ceil", arg):
                return self.rounded_down(self.linear(arg).scaled(-1)).scaled(-1)
            case Rounded(_, arg):
                return self.nearest(self.linear(arg))
            case _:
                raise AssertionError(f"no number of the ground form: {type(term).__name__}")

    def _cases(self, term: Conditional) -> Linear:
        """The branch taken of a chain of conditionals."""
        branches: list[tuple[Truth, Linear]] = []
        rest: Term = term
        while isinstance(rest, Conditional):
            self.budget.spend()
            branches.append((self.literal(rest.condition, 0), self.linear(rest.then)))
            rest = rest.otherwise
        return self.first_of(branches, self.linear(rest))


def _as_conjunction(term: Equal | Less | LessEqual) -> list[Equal | Less | LessEqual] | None:
    """`max(a, b) <= c` as `a <= c and b <= c`, and so on; None for anything else."""
    left, right = term.left, term.right
    match term:
        case Less() | LessEqual() if isinstance(left, Extremum) and left.kind == "max":
            return [type(term)(arg, right) for arg in left.args]
        case Less() | LessEqual() if isinstance(right, Extremum) and right.kind == "min":
            return [type(term)(left, arg) for arg in right.args]
        case LessEqual(Absolute(arg), _):
            return [LessEqual(arg, right), LessEqual(Negate(arg), right)]
        case _:
            return None


def _intervals(function: Function) -> tuple[tuple[int | Fraction | None, int | Fraction | None], ...]:
    match function.value:
        case RealSort(low, high, is_low_open, is_high_open):
            if (is_low_open and low is not None) or (is_high_open and high is not None):
                raise Gap((Construct.STRICT.value,))
            return ((low, high),)
        case _:
            return codes_of(function)
