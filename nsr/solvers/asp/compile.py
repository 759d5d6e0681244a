"""From a program with plain rules and ground requirements to an ASP text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language.ir import (
    Absolute,
    AllDifferent,
    And,
    Apply,
    Conditional,
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
    Sum,
    Xor,
    sort_of,
)
from nsr.language.sorts import BoolSort
from nsr.reformulations.dependence import decided_relations
from nsr.solvers.asp.cells import Cells, call, code
from nsr.solvers.asp.model import Model
from nsr.solvers.asp.numbers import LARGEST, Linear, of_number, of_truth, opposite, total
from nsr.solvers.asp.rules import write_rules
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.language.ir import Function, Program, Term
    from nsr.limits import Budget
    from nsr.solvers.asp.numbers import Truth

__all__ = ["Compiler"]

OPERATORS = {Equal: "=", Less: "<", LessEqual: "<="}
CONTRARY = {Equal: "!=", Less: ">=", LessEqual: ">"}

MOST_PRODUCTS = 1024
"""A product is worked out for each pair of values of two factors if there are no more of them."""

MOST_CASES = 256
"""A product is written out for the values of a factor if there are no more of them."""


class Compiler(Model):
    """Writes the declarations and rules, then terms."""

    def __init__(self, program: Program, budget: Budget, naming: Callable[[Function], str] | None = None) -> None:
        super().__init__(budget)
        self._program = program
        self._made: dict[int, tuple[Term, Linear]] = {}
        self.cells = Cells(self, naming)
        relations = program.relations()
        decided = decided_relations(program)
        derived = {rule.symbol for rule in program.rules}
        for function in (*program.unknowns(), *relations):
            self.cells.introduce(function)
        if naming is None:
            self.write("#show.")
        for function in program.unknowns():
            self.cells.declare(function, is_chosen=True)
        for function in relations:
            if function.name not in decided:
                self.cells.declare(function, is_chosen=False)
        write_rules(program, self.cells, self)
        kept = [f for f in relations if f.name in decided and f.name in derived and naming is None]
        self.tables = self.cells.decided(kept)

    def base_text(self) -> str:
        """What is always there; last what shows relations that the data decide."""
        return "\n".join([*self.base, *([self.tables] if self.tables else [])])

    def group(self, formula: Term, condition: str = "") -> str:
        """The constraints of one requirement, each under a condition, if one is given."""
        out: list[str] = []
        self._require(formula, (condition,) if condition else (), out)
        return "\n".join(out)

    # Formulas that hold under some literals

    def _require(self, term: Term, conditions: tuple[str, ...], out: list[str]) -> None:
        match term:
            case And(args):
                for arg in args:
                    self._require(arg, conditions, out)
            case Equal() | Less() | LessEqual() if not isinstance(sort_of(term.left), BoolSort):
                self.require(self._difference(term), OPERATORS[type(term)], conditions, out)
            case Or(args):
                self._forbid([opposite(self.literal(arg)) for arg in args], conditions, out)
            case Not(arg):
                self._require_not(arg, conditions, out)
            case Implies(left, right):
                condition = self.literal(left)
                if condition is True:
                    self._require(right, conditions, out)
                elif isinstance(condition, str):
                    self._require(right, (*conditions, condition), out)
            case Iff(left, right):
                first, second = self.literal(left), self.literal(right)
                self._forbid([first, opposite(second)], conditions, out)
                self._forbid([opposite(first), second], conditions, out)
            case AllDifferent(args):
                self._require_different(args, conditions, out)
            case _:
                self._forbid([opposite(self.literal(term))], conditions, out)

    def _require_not(self, term: Term, conditions: tuple[str, ...], out: list[str]) -> None:
        match term:
            case Not(arg):
                self._require(arg, conditions, out)
            case Or(args):
                for arg in args:
                    self._require_not(arg, conditions, out)
            case And(args):
                self._forbid([self.literal(arg) for arg in args], conditions, out)
            case Implies(left, right):
                self._require(left, conditions, out)
                self._require_not(right, conditions, out)
            case Equal() | Less() | LessEqual() if not isinstance(sort_of(term.left), BoolSort):
                self.require(self._difference(term), CONTRARY[type(term)], conditions, out)
            case _:
                self._forbid([self.literal(term)], conditions, out)

    def _forbid(self, literals: Sequence[Truth], conditions: tuple[str, ...], out: list[str]) -> None:
        self.budget.spend()
        kept = [literal for literal in literals if isinstance(literal, str)]
        if False not in literals:
            out.append(f":-{','.join([*conditions, *kept])}.")

    def _require_different(self, args: Sequence[Term], conditions: tuple[str, ...], out: list[str]) -> None:
        linears = [self.linear(arg) for arg in args]
        singles = [linear.single() for linear in linears]
        values: set[int] = set()
        elements: list[str] = []
        for place, (linear, single) in enumerate(zip(linears, singles, strict=True)):
            if single is None or single[1] != 1:
                break
            values.update([v + linear.constant for v in single[0].values])
            elements.append(f"{place}:{single[0].atom(f'V-({linear.constant})')}")
        if len(elements) == len(args):
            self.budget.spend(len(args))
            for value in sorted(values):
                found = ";".join(elements).replace("V", str(value))
                out.append(f":-{','.join([*conditions, f'2<=#count{{{found}}}'])}.")
            return
        self.budget.spend(len(args) ** 2)
        for place, left in enumerate(linears):
            for right in linears[:place]:
                self.require(left.minus(right), "!=", conditions, out)

    # Literals that stand for formulas

    def literal(self, term: Term) -> Truth:
        """A literal that is true exactly where a formula holds."""
        match term:
            case Literal(value):
                return value is True
            case Equal(left, right) if isinstance(sort_of(left), BoolSort):
                return self.same(self.literal(left), self.literal(right))
            case Equal() | Less() | LessEqual():
                return self.compared(self._difference(term), OPERATORS[type(term)])
            case Apply(symbol, args):
                known = [code(arg.value, arg.sort) for arg in self._literals(symbol, args)]
                return call(self.cells.name(symbol), known)
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
            case _:
                raise AssertionError(f"no formula of the ground form: {type(term).__name__}")

    def _literals(self, symbol: str, args: tuple[Term, ...]) -> list[Literal]:
        """The arguments, with the sorts of the declaration."""
        sorts = self._program.symbols[symbol].arguments
        return [Literal(arg.value, s) for arg, s in zip(args, sorts, strict=True) if isinstance(arg, Literal)]

    def _difference(self, term: Equal | Less | LessEqual) -> Linear:
        return self.linear(term.left).minus(self.linear(term.right))

    # Numbers

    def linear(self, term: Term) -> Linear:
        """A number as an expression."""
        match term:
            case Literal(value):
                if not isinstance(value, int) or abs(value) >= LARGEST:
                    raise Gap(("numbers beyond 31 bits",))
                return Linear({}, {}, int(value))
            case Apply(symbol, args):
                row = tuple([arg.value for arg in args if isinstance(arg, Literal)])
                return of_number(self.cells.number(symbol, row))
            case Sum(args):
                return total([self.linear(arg) for arg in args])
            case Negate(arg):
                return self.linear(arg).scaled(-1)
            case Product(args):
                result = Linear({}, {}, 1)
                for arg in args:
                    result = self._times(result, self.linear(arg))
                return result
            case FromTruth(arg):
                return of_truth(self.literal(arg))
            case Absolute() | Extremum() | Conditional() | FloorDivide() | Modulo():
                # By identity: comparing deep terms by content would recurse.
                if id(term) not in self._made:
                    self._made[id(term)] = (term, self._operation(term))
                return self._made[id(term)][1]
            case _:
                raise AssertionError(f"no number of the ground form: {type(term).__name__}")

    def _operation(self, term: Absolute | Extremum | Conditional | FloorDivide | Modulo) -> Linear:
        match term:
            case Absolute(arg):
                inner = self.linear(arg)
                return self.mapped(inner, abs) or self._greatest([inner, inner.scaled(-1)])
            case Extremum(kind, args):
                parts = [self.linear(arg) for arg in args]
                if kind == "max":
                    return self._greatest(parts)
                return self._greatest([part.scaled(-1) for part in parts]).scaled(-1)
            case Conditional():
                return self._cases(term)
            case FloorDivide(left, right) | Modulo(left, right):
                assert isinstance(right, Literal)
                assert isinstance(right.value, int)
                dividend = self.linear(left)
                quotient = self._floor(dividend, right.value)
                return quotient if isinstance(term, FloorDivide) else dividend.minus(quotient.scaled(right.value))

    def _greatest(self, parts: Sequence[Linear]) -> Linear:
        bounds = [part.bounds() for part in parts]
        low, high = max(low for low, _ in bounds), max(high for _, high in bounds)
        kept = [part for part, (_, most) in zip(parts, bounds, strict=True) if most >= low]
        if len(kept) == 1:
            return kept[0]
        new = self._fresh_number(low, high)
        reached = []
        for part in kept:
            self.require(new.minus(part), ">=", (), self.base)
            reached.append(opposite(self.compared(new.minus(part), "=")))
        self._forbid(reached, (), self.base)
        return new

    def _fresh_number(self, low: int, high: int) -> Linear:
        if max(abs(low), abs(high)) >= LARGEST:
            raise Gap(("numbers beyond 31 bits",))
        return self.number(low, high)

    def _floor(self, dividend: Linear, divisor: int) -> Linear:
        if divisor < 0:
            dividend, divisor = dividend.scaled(-1), -divisor
        if dividend.is_constant:
            return Linear({}, {}, dividend.constant // divisor)
        found = self.mapped(dividend, lambda value: value // divisor)
        if found is not None:
            return found
        low, high = dividend.bounds()
        new = self._fresh_number(low // divisor, high // divisor)
        rest = dividend.minus(new.scaled(divisor))
        self.require(rest, ">=", (), self.base)
        self.require(total([rest, Linear({}, {}, 1 - divisor)]), "<=", (), self.base)
        return new

    def _times(self, left: Linear, right: Linear) -> Linear:
        if left.is_constant or right.is_constant:
            return right.scaled(left.constant) if left.is_constant else left.scaled(right.constant)
        known = self._product_of_values(left, right)
        if known is not None:
            return known
        by, other = sorted((left, right), key=_spread)
        low, high = by.bounds()
        if high - low >= MOST_CASES:
            raise Gap(("products of large unknowns",))
        corners = [x * y for x in (low, high) for y in other.bounds()]
        cases = [(self.compared(total([by, Linear({}, {}, -v)]), "="), other.scaled(v)) for v in range(low, high + 1)]
        new = self._fresh_number(min(corners), max(corners))
        for literal, product in cases:
            if literal is not False:
                conditions = (literal,) if isinstance(literal, str) else ()
                self.require(new.minus(product), "=", conditions, self.base)
        return new

    def _product_of_values(self, left: Linear, right: Linear) -> Linear | None:
        """A product derived from the values of its factors, where there are few pairs of them."""
        first, second = left.single(), right.single()
        if first is None or second is None:
            return None
        (a, c), (b, d) = first, second
        if a is b:
            return self.mapped(Linear({a: 1}, {}, 0), lambda v: (c * v + left.constant) * (d * v + right.constant))
        if len(a.values) * len(b.values) > MOST_PRODUCTS:
            return None
        return self.derived(
            [
                (f"{a.atom(v)},{b.atom(w)}", (c * v + left.constant) * (d * w + right.constant))
                for v in a.values
                for w in b.values
            ]
        )

    def _cases(self, term: Conditional) -> Linear:
        """The branch taken: a number that rules derive where the branches are known numbers, else a new one."""
        branches: list[tuple[Truth, Linear]] = []
        passed: Truth = True
        rest: Term = term
        while isinstance(rest, Conditional):
            self.budget.spend()
            condition = self.literal(rest.condition)
            branches.append((self.conjunction((passed, condition)), self.linear(rest.then)))
            passed = self.conjunction((passed, opposite(condition)))
            rest = rest.otherwise
        branches.append((passed, self.linear(rest)))
        branches = [branch for branch in branches if branch[0] is not False]
        if len(branches) == 1:
            return branches[0][1]
        if all(value.is_constant for _, value in branches):
            first = branches[0][1].constant
            parts = [of_truth(taken).scaled(value.constant - first) for taken, value in branches[1:]]
            return total([Linear({}, {}, first), *parts])
        bounds = [value.bounds() for _, value in branches]
        new = self._fresh_number(min(low for low, _ in bounds), max(high for _, high in bounds))
        for taken, value in branches:
            conditions = (taken,) if isinstance(taken, str) else ()
            self.require(new.minus(value), "=", conditions, self.base)
        return new


def _spread(linear: Linear) -> int:
    low, high = linear.bounds()
    return high - low
