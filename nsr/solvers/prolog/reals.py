"""Real numbers: constraints for CLP(Q) beside those for CLP(FD).

CLP(Q) decides conjunctions of linear constraints over the rationals and delays everything else, so it is told nothing
else. Comparisons inside of other formulas, conditionals, absolute values and the like are cases of a finite-domain
variable, each with linear constraints that CLP(Q) is told once the case is known; a product of a real number with a
whole one is told once the whole one is known, a whole number beside real ones is rounded or linked to one of CLP(Q).
Values are exact: a search gives all finite-domain variables values, so the order of goals does not matter.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from nsr.language.ir import (
    Absolute,
    AllDifferent,
    Apply,
    Conditional,
    Equal,
    Extremum,
    FloorDivide,
    Less,
    LessEqual,
    Literal,
    Modulo,
    Negate,
    Not,
    Product,
    Sum,
    sort_of,
)
from nsr.language.sorts import BoolSort, RealSort, sort_size
from nsr.language.traverse import fold, subterms
from nsr.reformulations import Construct, Feature, Position
from nsr.solvers.prolog.constraints import CELL, Constraints, is_plain
from nsr.solvers.prolog.notation import plain
from nsr.solvers.prolog.runs import REAL
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from nsr.language.ir import Function, Program, Term

__all__ = ["MixedConstraints", "has_reals"]

FEW = 8
"""Of a whole number, so many values are tried one by one."""

_COMPARED = {Equal: ("=", "=\\="), Less: ("<", ">="), LessEqual: ("=<", ">")}
"""How a comparison is written, and its opposite."""


def has_reals(program: Program) -> bool:
    """Whether a program has real unknowns."""
    return any(isinstance(function.value, RealSort) for function in program.unknowns())


class MixedConstraints(Constraints):
    """Writes requirements with real unknowns; numbers are whole, and types with fractions are counted in units."""

    def _name(self, function: Function, place: int) -> str:
        return f"{REAL}{place}" if isinstance(function.value, RealSort) else super()._name(function, place)

    def _domain(self, function: Function) -> str:
        match function.value:
            case RealSort(low, high, is_low_open, is_high_open):
                ends = [] if low is None else [f"{CELL}{'>' if is_low_open else '>='}{_numeral(low)}"]
                ends += [] if high is None else [f"{CELL}{'<' if is_high_open else '=<'}{_numeral(high)}"]
                return f"{{{','.join(ends)}}}" if ends else ""
            case _:
                return super()._domain(function)

    def group(self, formula: Term) -> str:
        """The goals of one requirement.

        Raises:
            Gap: for what is not linear in the real numbers.
        """
        self._reals: dict[int, bool] = {}
        self._linked: dict[str, str] = {}
        self._values: dict[int, str] = {}
        self._quotients: dict[int, tuple[str, str]] = {}
        fold(formula, self._note)
        return super().group(formula)

    def _note(self, term: Term, below: Sequence[bool]) -> bool:
        """Whether the value of a term is a real number, or it compares real numbers."""
        match term:
            case Apply(_, _, sort):
                is_real = isinstance(sort, RealSort)
            case Conditional():
                is_real = any(below[1:])
            case Sum() | Product() | Negate() | Absolute() | Extremum() | Modulo() | AllDifferent():
                is_real = any(below)
            case Equal(left) | Less(left) | LessEqual(left):
                is_real = any(below) and not isinstance(sort_of(left), BoolSort)
            case _:
                is_real = False
        self._reals[id(term)] = is_real
        return is_real

    def _is_real(self, term: Term) -> bool:
        return self._reals[id(term)]

    # Formulas

    def _require(self, term: Term) -> None:
        match term:
            case Equal() | Less() | LessEqual() if self._is_real(term):
                self._tell(self._comparison(term, 0))
            case Not(Equal() | Less() | LessEqual() as inner) if self._is_real(inner):
                self._tell(self._comparison(inner, 1))
            case AllDifferent(args) if self._is_real(term):
                numbers = [self._as_number(arg) for arg in args]
                for place, number in enumerate(numbers):
                    self._budget.spend(place)
                    for other in numbers[:place]:
                        self._tell(f"{number}=\\={other}")
            case Equal() | Less() | LessEqual() if _is_wide(term):
                # Said twice, so that CLP(Q) knows where whole numbers cannot be; otherwise each is tried.
                super()._require(term)
                self._tell(self._comparison(term, 0))
            case _:
                super()._require(term)

    def truth(self, term: Term) -> str:
        """A constraint of CLP(FD) that can be reified, or a variable of 0 and 1."""
        match term:
            case Equal() | Less() | LessEqual() if self._is_real(term):
                return self._compared(term, 0)
            case Not(Equal() | Less() | LessEqual() as inner) if self._is_real(inner):
                return self._compared(inner, 1)
            case _:
                return super().truth(term)

    def _compared(self, term: Equal | Less | LessEqual, opposite: int) -> str:
        """A variable of 0 and 1 for a comparison or its opposite."""
        self._budget.spend()
        new = self._variable()
        self._choose(new, [self._comparison(term, 1 - opposite), self._comparison(term, opposite)])
        return new

    def _comparison(self, term: Equal | Less | LessEqual, opposite: int) -> str:
        return f"{self.real(term.left)}{_COMPARED[type(term)][opposite]}{self.real(term.right)}"

    # Numbers

    def number(self, term: Term) -> str:
        """An expression of CLP(FD)."""
        assert not isinstance(term, Apply) or not isinstance(term.sort, RealSort), "a real number is none for CLP(FD)"
        if isinstance(term, FloorDivide) and self._is_real(term.left):
            return self._quotient(term)[0]
        return super().number(term)

    def real(self, term: Term) -> str:
        """An expression of CLP(Q), linear in its variables."""
        self._budget.spend()
        match term:
            case Literal(value):
                assert isinstance(value, int)
                return _numeral(int(value))
            case Apply():
                return self._cell_of(term) if self._is_real(term) else self._link(self.number(term))
            case Sum(args):
                return f"({'+'.join([self.real(arg) for arg in args])})" if args else "(0)"
            case Negate(arg):
                return f"(-{self.real(arg)})"
            case Product(args):
                return self._product(args)
            case Modulo(left, right) if self._is_real(left):
                assert isinstance(right, Literal)
                return f"({self._as_number(left)}-({right.value})*{self._quotient(term)[1]})"
            case Absolute() | Extremum() | Conditional() if self._is_real(term):
                if id(term) not in self._values:
                    self._values[id(term)] = self._value(term)
                return self._values[id(term)]
            case _:
                return self._link(self._as_variable(term))

    def _value(self, term: Absolute | Extremum | Conditional) -> str:
        """A variable for one of several numbers, and a case for each of them."""
        new = self._variable()
        match term:
            case Conditional(condition, then, otherwise):
                case = self._as_truth(condition)
                numbers = [self.real(otherwise), self.real(then)]
            case Absolute(arg):
                case, inner = self._variable(), self._as_number(arg)
                numbers = [inner, f"(-{inner})"]
                self._tell(*[f"{new}>={number}" for number in numbers])
            case Extremum(kind, args):
                case, numbers = self._variable(), [self._as_number(arg) for arg in args]
                self._tell(*[f"{new}{'>=' if kind == 'max' else '=<'}{number}" for number in numbers])
        self._choose(case, [f"{new}={number}" for number in numbers])
        return new

    def _product(self, args: Sequence[Term]) -> str:
        """A product with one real number at most; whole ones that are unknown are looked for first."""
        factor = prod([int(arg.value) for arg in args if isinstance(arg, Literal) and isinstance(arg.value, int)])
        unknown = [arg for arg in args if not isinstance(arg, Literal)]
        reals = [arg for arg in unknown if self._is_real(arg)]
        wholes = [arg for arg in unknown if not self._is_real(arg)]
        if len(reals) > 1:
            raise Gap((f"{Feature(Construct.PRODUCT, Position.VALUE)}, both real",))
        if len(unknown) == 1:
            number = self.real(unknown[0])
        elif not reals:
            number = self._link(self._as_variable(Product(tuple(wholes))))
        else:
            number = self._variable()
            whole = self._as_variable(wholes[0] if len(wholes) == 1 else Product(tuple(wholes)))
            self._out.append(f"nsr_product({whole},{self._as_number(reals[0])},{number})")
        return number if factor == 1 else f"({_numeral(factor)}*{number})"

    def _quotient(self, term: FloorDivide | Modulo) -> tuple[str, str]:
        """A real number divided and rounded down, for CLP(FD) and for CLP(Q)."""
        if id(term) not in self._quotients:
            assert isinstance(term.right, Literal)
            assert isinstance(term.right.value, int)
            divisor, dividend = int(term.right.value), self._as_number(term.left)
            whole = self._variable()
            low = f"({abs(divisor)}*{self._link(whole)})"
            number = dividend if divisor > 0 else f"(-{dividend})"
            self._tell(f"{low}=<{number}", f"{number}<{low}+{abs(divisor)}")
            self._quotients[id(term)] = whole, self._link(whole)
        return self._quotients[id(term)]

    def _as_number(self, term: Term) -> str:
        text = self.real(term)
        if is_plain(text):
            return text
        new = self._variable()
        self._tell(f"{new}={text}")
        return new

    def _link(self, whole: str) -> str:
        """The number of CLP(Q) that is the same as a variable of CLP(FD)."""
        if whole not in self._linked:
            self._linked[whole] = self._variable()
            self._out.append(f"nsr_linked({whole},{self._linked[whole]})")
        return self._linked[whole]

    def _tell(self, *constraints: str) -> None:
        self._out.append(f"{{{','.join(constraints)}}}")

    def _choose(self, case: str, constraints: Sequence[str]) -> None:
        """One constraint for each value that a variable of CLP(FD) can have, from 0."""
        self._out.append(f"nsr_cases({case},[{','.join([f'{{{one}}}' for one in constraints])}])")


def _is_wide(term: Term) -> bool:
    """Whether a comparison of whole numbers is linear and speaks of one with many values."""
    is_wide = False
    for part in subterms(term):
        match part:
            case Literal() | Sum() | Negate() | Equal() | Less() | LessEqual():
                pass
            case Product(args) if sum(1 for arg in args if not isinstance(arg, Literal)) < 2:
                pass
            case Apply(_, _, sort) if not isinstance(sort, BoolSort):
                size = sort_size(sort)
                is_wide |= size is None or size > FEW
            case _:
                return False
    return is_wide


def _numeral(value: int | Fraction) -> str:
    return f"({plain(value)})"
