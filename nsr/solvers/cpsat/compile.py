"""From the ground form of a program to a CP-SAT model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nsr.language.calls import calls_of
from nsr.language.ir import (
    TRUE,
    Absolute,
    AllDifferent,
    And,
    Apply,
    Circuit,
    Conditional,
    Cumulative,
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
    Product,
    Sum,
    Xor,
    sort_of,
)  # fmt: skip
from nsr.language.sorts import BoolSort
from nsr.reformulations.coding import codes_of
from nsr.reformulations.protocol import ASKED, BACKGROUND
from nsr.solvers._domains import LOWEST, Intervals, complement, shifted
from nsr.solvers.cpsat.model import Model
from nsr.solvers.cpsat.readings import of_choice, of_sum, of_variable
from nsr.solvers.cpsat.schedules import require_circuit, require_schedule
from nsr.solvers.cpsat.text import LARGEST, Linear, of_terms, of_truth
from nsr.solvers.literals import Truth, opposite
from nsr.solvers.protocol import Cell, Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["Compiler"]


class Compiler(Model):
    """Writes terms; the cells of the unknowns are the first variables."""

    def __init__(self, program: Program, budget: Budget) -> None:
        super().__init__(budget)
        self._auxiliary: dict[int, tuple[Term, Linear]] = {}
        self._cell: dict[tuple[object, ...], int] = {}
        self._called: dict[int, tuple[Term, int]] = {}
        self._sums: dict[int, Linear] = {}
        self.cells: list[Cell] = []
        for function in program.unknowns():
            codes = codes_of(function)
            if any(low is None or high is None or max(abs(low), abs(high)) >= LARGEST for low, high in codes):
                raise Gap((f"values of `{function.name}` without bounds, or beyond 60 bits",))
            domain = tuple([(low, high) for low, high in codes if low is not None and high is not None])
            for call in calls_of(function, budget):
                args = tuple([arg.value for arg in call.args if isinstance(arg, Literal)])
                cell = Cell(function.name, args, of_variable(len(self.cells)))
                self.cells.append(cell)
                self._cell[(function.name, *args)] = self.variable(domain, str(cell))

    def group(self, name: str, formula: Term) -> str:
        """The constraints of one requirement."""
        self.out = []
        if not self._is_definition(name, formula):
            self._require(formula, ())
        return "\n".join(self.out)

    def _is_definition(self, name: str, formula: Term) -> bool:
        """Whether it says what the value of an objective is, and no more; how it is written is left to `finish`.

        All values of the term belong to the sort of the unknown that holds it.
        """
        match formula:
            case Equal(Apply(symbol) as call, term) if name == f"{BACKGROUND}{symbol}" and symbol.startswith(ASKED):
                variable, linear = self._variable(call), self.linear(term)
                self.bounds(linear)
                self._sums[variable] = linear
                self._used.update(linear.terms)
                return True
            case _:
                return False

    def follows_from_tour(self, formula: Term) -> bool:
        """Whether it says that successors on one tour differ."""
        if not self.tours or not isinstance(formula, AllDifferent):
            return False
        variables = [self.linear(arg).alone for arg in formula.args]
        is_each_once = len(set(variables)) == len(variables)
        return is_each_once and any(tour.issuperset(variables) for tour in self.tours)

    def finish(self) -> None:
        """Leave out what can be said by other variables; then the cells know how they are read."""
        super().finish()
        for variable, linear in self._sums.items():
            # Nothing but its definition speaks of the unknown that holds an objective.
            assert variable not in self._used
            self.leave_out(variable)
            self.cells[variable] = replace(self.cells[variable], variable=of_sum(linear))
        for variable, named in self.choices.items():
            if variable < len(self.cells):
                self.cells[variable] = replace(self.cells[variable], variable=of_choice(named))

    def _variable(self, term: Apply) -> int:
        """The variable of a call."""
        # By identity: calls are shared, and the hash of an element takes its time.
        known = self._called.get(id(term))
        if known is None:
            found = self._cell[(term.symbol, *[arg.value for arg in term.args if isinstance(arg, Literal)])]
            known = self._called[id(term)] = (term, found)
        return known[1]

    # Formulas that hold (under some literals)

    def _require(self, term: Term, enforced: tuple[int, ...]) -> None:
        match term:
            case And(args):
                for arg in args:
                    self._require(arg, enforced)
            case Equal(left, right) if isinstance(sort_of(left), BoolSort):
                self.require_same(self.literal(left), self.literal(right), enforced)
            case Equal() | Less() | LessEqual():
                self.require_linear(*self._atom(term), enforced)
            case Or(args):
                self.write_clause(self.out, [self.literal(arg) for arg in args], enforced)
            case Not(arg):
                self._require_not(arg, enforced)
            case Implies(left, right):
                condition = self.literal(left)
                if condition is True:
                    self._require(right, enforced)
                elif not isinstance(condition, bool):
                    self._require(right, (*enforced, condition))
            case Iff(left, right):
                self.require_same(self.literal(left), self.literal(right), enforced)
            case Xor(left, right):
                self.require_same(self.literal(left), opposite(self.literal(right)), enforced)
            case AllDifferent(args):
                self._require_different(args, enforced)
            case NoOverlap() | Cumulative():
                require_schedule(self, term, enforced)
            case Circuit():
                require_circuit(self, term, enforced)
            case _:
                self.write_clause(self.out, [self.literal(term)], enforced)

    def _require_not(self, term: Term, enforced: tuple[int, ...]) -> None:
        match term:
            case Not(arg):
                self._require(arg, enforced)
            case Or(args):
                for arg in args:
                    self._require_not(arg, enforced)
            case And(args):
                self.write_clause(self.out, [opposite(self.literal(arg)) for arg in args], enforced)
            case Implies(left, right):
                self._require(left, enforced)
                self._require_not(right, enforced)
            case Equal(left) if isinstance(sort_of(left), BoolSort):
                self.write_clause(self.out, [opposite(self.literal(term))], enforced)
            case Equal() | Less() | LessEqual():
                linear, domain = self._atom(term)
                self.require_linear(linear, complement(domain), enforced)
            case _:
                self.write_clause(self.out, [opposite(self.literal(term))], enforced)

    def _require_different(self, args: Sequence[Term], enforced: tuple[int, ...]) -> None:
        self.budget.spend(len(args))
        linears = [self.linear(arg) for arg in args]
        if not enforced and self.require_permutation(linears):
            return
        condition = f"enforcement_literal: {list(enforced)} " if enforced else ""
        expressions = " ".join([self.expression(linear) for linear in map(self.affine, linears)])
        self.out.append(f"constraints {{ {condition}all_diff {{ {expressions} }} }}")

    # Literals that stand for formulas

    def literal(self, term: Term) -> Truth:
        """A literal that is true exactly where a formula holds."""
        match term:
            case Literal(value):
                return value is True
            case Equal(left, right) if isinstance(sort_of(left), BoolSort):
                return self.same(self.literal(left), self.literal(right))
            case Equal() | Less() | LessEqual():
                return self.linear_literal(*self._atom(term))
            case Apply():
                return self._variable(term)
            case Not(arg):
                return opposite(self.literal(arg))
            case And(args):
                return self.conjunction([self.literal(arg) for arg in args])
            case Or(args):
                return self.disjunction([self.literal(arg) for arg in args])
            case Implies(left, right):
                return self.disjunction([opposite(self.literal(left)), self.literal(right)])
            case Iff(left, right):
                return self.same(self.literal(left), self.literal(right))
            case Xor(left, right):
                return opposite(self.same(self.literal(left), self.literal(right)))
            case Conditional(condition, then, otherwise):
                return self.choice(self.literal(condition), self.literal(then), self.literal(otherwise))
            case NoOverlap() | Cumulative() | Circuit():
                raise Gap(("schedules and tours inside of other formulas",))
            case _:
                raise AssertionError(f"no formula of the ground form: {type(term).__name__}")

    # Atoms and numbers

    def _atom(self, term: Equal | Less | LessEqual) -> tuple[Linear, Intervals]:
        """The expression and the domain in which it has to lie."""
        left, right = term.left, term.right
        if isinstance(left, Absolute) and isinstance(right, Literal):
            return self._distance(term, left, right, is_left=True)
        if isinstance(right, Absolute) and isinstance(left, Literal):
            return self._distance(term, right, left, is_left=False)
        terms: dict[int, int] = {}
        constant = self._add(terms, 1, left) + self._add(terms, -1, right)
        difference = of_terms(terms, constant)
        match term:
            case Equal():
                return difference, ((0, 0),)
            case Less():
                return difference, ((LOWEST, -1),)
            case LessEqual():
                return difference, ((LOWEST, 0),)

    def _distance(
        self, term: Equal | Less | LessEqual, distance: Absolute, known: Literal, *, is_left: bool
    ) -> tuple[Linear, Intervals]:
        """`abs(e)` against a number, without an auxiliary variable."""
        bound = known.value
        assert isinstance(bound, int)
        inner = self.linear(distance.arg)
        if isinstance(term, Equal):
            if bound < 0:
                return inner, ()
            return inner, ((0, 0),) if bound == 0 else ((-bound, -bound), (bound, bound))
        # `abs(e) < n` is `abs(e) <= n - 1`; `n < abs(e)` is the contrary of `abs(e) <= n`.
        most = bound if isinstance(term, LessEqual) == is_left else bound - 1
        near: Intervals = () if most < 0 else ((-most, most),)
        return inner, near if is_left else complement(near)

    def linear(self, term: Term) -> Linear:
        """A number as an expression."""
        terms: dict[int, int] = {}
        constant = self._add(terms, 1, term)
        return of_terms(terms, constant)

    def _add(self, terms: dict[int, int], factor: int, term: Term) -> int:
        """Add a multiple of a number to the terms of a sum; what it adds to the constant."""
        match term:
            case Apply():
                variable = self._variable(term)
                terms[variable] = terms.get(variable, 0) + factor
                return 0
            case Literal(value):
                assert isinstance(value, int)
                return factor * value
            case Sum(args):
                return sum([self._add(terms, factor, arg) for arg in args])
            case Negate(arg):
                return self._add(terms, -factor, arg)
            case Product(args):
                part = self._product([self.linear(arg) for arg in args])
            case FromTruth(arg):
                part = of_truth(self.literal(arg))
            case Absolute() | Extremum() | Conditional() | FloorDivide() | Modulo():
                # By identity: comparing deep terms by content would recurse.
                if id(term) not in self._auxiliary:
                    self._auxiliary[id(term)] = (term, self._operation(term))
                part = self._auxiliary[id(term)][1]
            case _:
                raise AssertionError(f"no number of the ground form: {type(term).__name__}")
        for variable, coefficient in part.terms.items():
            terms[variable] = terms.get(variable, 0) + factor * coefficient
        return factor * part.constant

    def _operation(self, term: Absolute | Extremum | Conditional | FloorDivide | Modulo) -> Linear:
        match term:
            case Absolute(arg):
                inner = self.linear(arg)
                return self.greatest([inner, inner.scaled(-1)])
            case Extremum(kind, args):
                parts = [self.linear(arg) for arg in args]
                if kind == "max":
                    return self.greatest(parts)
                return self.greatest([part.scaled(-1) for part in parts]).scaled(-1)
            case Conditional():
                return self._cases(term)
            case FloorDivide(left, right):
                return self._floor(self.linear(left), right)
            case Modulo(left, right):
                dividend = self.linear(left)
                assert isinstance(right, Literal)
                assert isinstance(right.value, int)
                return dividend.minus(self._floor(dividend, right).scaled(right.value))

    def _product(self, factors: Sequence[Linear]) -> Linear:
        result = Linear({}, 1)
        for factor in factors:
            if not factor.terms:
                result = result.scaled(factor.constant)
            elif not result.terms:
                result = factor.scaled(result.constant)
            else:
                result = self.times(result, factor)
        return result

    def _cases(self, term: Conditional) -> Linear:
        """The branch taken: a sum over literals where at most one condition holds, else a new variable."""
        is_exclusive = self._is_exclusive(term)
        if is_exclusive:
            chosen = self._choice_of_numbers(term)
            if chosen is not None:
                return chosen
        branches = self._branches(term, is_exclusive=is_exclusive)
        if len(branches) == 1:
            return branches[0][1]
        bounds = [self.bounds(value) for _, value in branches]
        new = self.variable(((min(low for low, _ in bounds), max(high for _, high in bounds)),))
        for conditions, value in branches:
            self.budget.spend(len(conditions))
            terms = {**value.scaled(-1).terms, new: 1}
            self.write_linear(self.base, terms, ((value.constant, value.constant),), conditions)
        return Linear({new: 1}, 0)

    def _branches(self, term: Conditional, *, is_exclusive: bool) -> list[tuple[tuple[int, ...], Linear]]:
        """The values of a chain of conditionals, each with the literals under which it is taken."""
        branches: list[tuple[tuple[int, ...], Linear]] = []
        passed: tuple[int, ...] = ()
        rest: Term = term
        while isinstance(rest, Conditional):
            condition = self.literal(rest.condition)
            if condition is True:
                rest = rest.then
                continue
            if not isinstance(condition, bool):
                before = () if is_exclusive else passed
                branches.append(((*before, condition), self.linear(rest.then)))
                passed = (*passed, -condition - 1)
            rest = rest.otherwise
        branches.append((passed, self.linear(rest)))
        return branches

    def _choice_of_numbers(self, term: Conditional) -> Linear | None:
        """The sum of literal times number, at most one condition being true; None if a branch is no known number."""
        cases: list[tuple[Term, int]] = []
        rest: Term = term
        while isinstance(rest, Conditional):
            if not isinstance(rest.then, Literal) or not isinstance(rest.then.value, int):
                return None
            cases.append((rest.condition, rest.then.value))
            rest = rest.otherwise
        if not isinstance(rest, Literal) or not isinstance(rest.value, int):
            return None
        last = self._last_value(term, len(cases))
        literals = [self.literal(condition) for condition, _ in cases]
        if last is not None:
            # A literal for the last value, too: CP-SAT then sees that exactly one of all of them is true.
            literals.append(last)
            cases.append((TRUE, rest.value))
        otherwise = rest.value if last is None else 0
        result = Linear({}, otherwise)
        for literal, (_, value) in zip(literals, cases, strict=True):
            self.budget.spend()
            if value != otherwise:
                part = of_truth(literal).scaled(value - otherwise)
                result.constant += part.constant
                for v, c in part.terms.items():
                    result.terms[v] = result.terms.get(v, 0) + c
        return result

    def _last_value(self, term: Conditional, count: int) -> Truth | None:
        """The literal for the one value that no condition of an exclusive chain names; None if it is not just one."""
        if count < 2 or not isinstance(term.condition, Equal):
            return None
        subject = self.linear(term.condition.left)
        if len(subject.terms) != 1 or subject.constant or next(iter(subject.terms.values())) != 1:
            return None
        domain = self.domain(next(iter(subject.terms)))
        if sum(high - low + 1 for low, high in domain) != count + 1:
            return None
        named = set()
        rest: Term = term
        while isinstance(rest, Conditional):
            assert isinstance(rest.condition, Equal)
            assert isinstance(rest.condition.right, Literal)
            named.add(rest.condition.right.value)
            rest = rest.otherwise
        left = [value for low, high in domain for value in range(low, high + 1) if value not in named]
        return self.linear_literal(subject, ((left[0], left[0]),)) if len(left) == 1 else None

    def _is_exclusive(self, term: Conditional) -> bool:
        """Whether the conditions of a chain compare one and the same value with different literals, or it has one."""
        if not isinstance(term.otherwise, Conditional):
            return True
        subject: Linear | None = None
        seen = set()
        rest: Term = term
        while isinstance(rest, Conditional):
            condition = rest.condition
            if not isinstance(condition, Equal) or not isinstance(condition.right, Literal):
                return False
            if condition.right.value in seen or isinstance(sort_of(condition.left), BoolSort):
                return False
            left = self.linear(condition.left)
            if subject is not None and (left.terms != subject.terms or left.constant != subject.constant):
                return False
            seen.add(condition.right.value)
            subject = left
            rest = rest.otherwise
        return True

    def _floor(self, dividend: Linear, right: Term) -> Linear:
        assert isinstance(right, Literal)
        assert isinstance(right.value, int)
        divisor = right.value
        if divisor < 0:
            dividend, divisor = dividend.scaled(-1), -divisor
        if not dividend.terms:
            return Linear({}, dividend.constant // divisor)
        low, high = self.bounds(dividend)
        new = self.variable(((low // divisor, high // divisor),))
        terms = {**dividend.terms, new: -divisor}
        self.bounds(Linear(terms, dividend.constant))
        within = shifted(((0, divisor - 1),), -dividend.constant)
        self.write_linear(self.base, terms, within, ())
        return Linear({new: 1}, 0)
