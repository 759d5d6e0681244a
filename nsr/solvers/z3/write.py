"""From the ground form of a program to SMT-LIB 2, without quantifiers."""

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
from nsr.language.sorts import BoolSort, NumberSort, RealSort
from nsr.reformulations.coding import codes_of, scale_of
from nsr.solvers.protocol import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Function, Program, Term
    from nsr.limits import Budget

__all__ = ["ASSERT", "LINEAR", "QUANTIFIERS", "THINGS_ONLY", "Writer", "numeral", "real"]

LINEAR = "; linear arithmetic"
QUANTIFIERS = "; quantifiers"
THINGS_ONLY = f"{QUANTIFIERS} over things, no numbers"
ASSERT = "(assert "


class Writer:
    """Writes terms as text; numbers come with whether they are reals."""

    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        self._lines: list[str] = []
        self._names: dict[tuple[object, ...], str] = {}
        self._scales: dict[str, int] = {}
        self._reals = {f.name for f in program.unknowns() if isinstance(f.value, RealSort)}
        self._is_linear = True
        self.cells: list[Cell] = []
        for function in program.unknowns():
            kind = _kind(function)
            self._scales[function.name] = scale_of(function.value)
            for args in keys_of(function, budget):
                plain = str(Cell(function.name, args, ""))
                name = (
                    plain
                    if "|" not in plain and "\\" not in plain and plain.isprintable()
                    else f"cell {len(self.cells)}"
                )
                self.cells.append(Cell(function.name, args, f"{kind} {name}"))
                self._names[(function.name, *args)] = f"|{name}|"
                self._lines.append(f"(declare-const |{name}| {kind})")
                self._bound(f"|{name}|", function)

    def _bound(self, name: str, function: Function) -> None:
        match function.value:
            case BoolSort():
                return
            case RealSort(low, high, is_low_open, is_high_open):
                if low is not None:
                    self._lines.append(f"(assert ({'<' if is_low_open else '<='} {real(low)} {name}))")
                if high is not None:
                    self._lines.append(f"(assert ({'<' if is_high_open else '<='} {name} {real(high)}))")
            case _:
                parts = [_between(name, low, high) for low, high in codes_of(function)]
                if len(parts) > 1:
                    self._lines.append(f"(assert (or {' '.join(parts)}))")
                elif parts != ["true"]:
                    self._lines.append(f"(assert {parts[0]})")

    def base_text(self) -> str:
        """Declarations and bounds, and whether anything is multiplied or divided."""
        return "\n".join([LINEAR if self._is_linear else "; products or quotients of unknowns", *self._lines])

    def formula(self, term: Term) -> str:
        """A truth value in SMT-LIB."""
        self._budget.spend()
        match term:
            case Literal(value):
                return "true" if value is True else "false"
            case Apply():
                return self._name(term)
            case Equal(left, right):
                if isinstance(sort_of(left), BoolSort):
                    return f"(= {self.formula(left)} {self.formula(right)})"
                if isinstance(left, Absolute) and _is_at_least_zero(right):
                    # Without a case distinction inside the number Z3 takes half the time.
                    texts = self._aligned([self._number(left.arg), self._number(right)])
                    return f"(or (= {texts[0]} {texts[1]}) (= {texts[0]} (- {texts[1]})))"
                return f"(= {self._numbers((left, right))})"
            case Less(left, right):
                return f"(< {self._numbers((left, right))})"
            case LessEqual(left, right):
                return f"(<= {self._numbers((left, right))})"
            case And(args):
                return f"(and {' '.join([self.formula(arg) for arg in args])})" if args else "true"
            case Or(args):
                return f"(or {' '.join([self.formula(arg) for arg in args])})" if args else "false"
            case Not(arg):
                return f"(not {self.formula(arg)})"
            case Implies(left, right):
                return f"(=> {self.formula(left)} {self.formula(right)})"
            case Iff(left, right):
                return f"(= {self.formula(left)} {self.formula(right)})"
            case Xor(left, right):
                return f"(xor {self.formula(left)} {self.formula(right)})"
            case AllDifferent(args):
                if isinstance(sort_of(args[0]), BoolSort):
                    return f"(distinct {' '.join([self.formula(arg) for arg in args])})"
                return f"(distinct {self._numbers(args)})"
            case Conditional(condition, then, otherwise):
                return f"(ite {self.formula(condition)} {self.formula(then)} {self.formula(otherwise)})"
            case _:
                raise AssertionError(f"no formula of the ground form: {type(term).__name__}")

    def _name(self, term: Apply) -> str:
        return self._names[(term.symbol, *[arg.value for arg in term.args if isinstance(arg, Literal)])]

    def _numbers(self, terms: Sequence[Term]) -> str:
        """Several numbers of one kind."""
        return " ".join(self._aligned([self._number(term) for term in terms]))

    def _aligned(self, parts: Sequence[tuple[str, bool]]) -> list[str]:
        if any(is_real for _, is_real in parts):
            return [text if is_real else f"(to_real {text})" for text, is_real in parts]
        return [text for text, _ in parts]

    def _number(self, term: Term) -> tuple[str, bool]:
        """A number in SMT-LIB, and whether it is a real."""
        self._budget.spend()
        match term:
            case Literal(value):
                assert isinstance(value, int | Fraction)
                return numeral(value), isinstance(value, Fraction)
            case Apply(symbol, _, sort):
                name = self._name(term)
                if symbol in self._reals:
                    return name, True
                scale = self._scales[symbol]
                if scale != 1 and isinstance(sort, NumberSort):
                    return f"(/ (to_real {name}) {scale}.0)", True
                return name, False
            case FromTruth(arg):
                return f"(ite {self.formula(arg)} 1 0)", False
            case Sum(args):
                return self._operation("+", args) if len(args) > 1 else self._number(args[0])
            case Product(args):
                self._is_linear &= sum(1 for arg in args if not isinstance(arg, Literal)) < 2
                return self._operation("*", args) if len(args) > 1 else self._number(args[0])
            case Negate(arg):
                return self._operation("-", (arg,))
            case Absolute(arg):
                text, is_real = self._number(arg)
                zero = "0.0" if is_real else "0"
                return f"(let ((x {text})) (ite (< x {zero}) (- x) x))", is_real
            case Extremum(kind, args):
                return self._extremum("<=" if kind == "min" else ">=", args)
            case Conditional(condition, then, otherwise):
                parts = [self._number(then), self._number(otherwise)]
                texts = self._aligned(parts)
                return f"(ite {self.formula(condition)} {texts[0]} {texts[1]})", any(r for _, r in parts)
            case Divide(left, right):
                self._is_linear = False
                texts = [text if is_real else f"(to_real {text})" for text, is_real in map(self._number, (left, right))]
                return f"(/ {texts[0]} {texts[1]})", True
            case FloorDivide(left, right):
                self._is_linear = False
                return self._floor_divide(left, right), False
            case Modulo(left, right):
                self._is_linear = False
                return self._remainder(left, right)
            case Rounded(kind, arg):
                return self._rounded(kind, arg), False
            case _:
                raise AssertionError(f"no number of the ground form: {type(term).__name__}")

    def _operation(self, operator: str, args: Sequence[Term]) -> tuple[str, bool]:
        parts = [self._number(arg) for arg in args]
        return f"({operator} {' '.join(self._aligned(parts))})", any(is_real for _, is_real in parts)

    def _extremum(self, comparison: str, args: Sequence[Term]) -> tuple[str, bool]:
        parts = [self._number(arg) for arg in args]
        texts = self._aligned(parts)
        result = texts[0]
        for text in texts[1:]:
            result = f"(let ((x {result}) (y {text})) (ite ({comparison} x y) x y))"
        return result, any(is_real for _, is_real in parts)

    def _floor_divide(self, left: Term, right: Term) -> str:
        (a, a_real), (b, b_real) = self._number(left), self._number(right)
        if a_real or b_real:
            texts = self._aligned([(a, a_real), (b, b_real)])
            return f"(to_int (/ {texts[0]} {texts[1]}))"
        # SMT-LIB's `div` rounds down for positive divisors only.
        if isinstance(right, Literal) and isinstance(right.value, int) and right.value > 0:
            return f"(div {a} {b})"
        return f"(let ((x {a}) (y {b})) (ite (< y 0) (div (- x) (- y)) (div x y)))"

    def _remainder(self, left: Term, right: Term) -> tuple[str, bool]:
        (a, a_real), (b, b_real) = self._number(left), self._number(right)
        if a_real or b_real:
            texts = self._aligned([(a, a_real), (b, b_real)])
            return f"(let ((x {texts[0]}) (y {texts[1]})) (- x (* y (to_real (to_int (/ x y))))))", True
        if isinstance(right, Literal) and isinstance(right.value, int) and right.value > 0:
            return f"(mod {a} {b})", False
        return f"(let ((x {a}) (y {b})) (ite (< y 0) (- (mod (- x) (- y))) (mod x y)))", False

    def _rounded(self, kind: str, arg: Term) -> str:
        text, is_real = self._number(arg)
        if not is_real:
            return text
        match kind:
            case "floor":
                return f"(to_int {text})"
            case "ceil":
                return f"(- (to_int (- {text})))"
            case _:
                # Halves go away from zero.
                return f"(let ((x {text})) (ite (>= x 0.0) (to_int (+ x 0.5)) (- (to_int (+ (- x) 0.5)))))"


def _is_at_least_zero(term: Term) -> bool:
    return isinstance(term, Literal) and isinstance(term.value, int | Fraction) and term.value >= 0


def _kind(function: Function) -> str:
    match function.value:
        case BoolSort():
            return "Bool"
        case RealSort():
            return "Real"
        case _:
            return "Int"


def real(value: int | Fraction) -> str:
    """A number as a real."""
    return numeral(value) if isinstance(value, Fraction) else f"(to_real {numeral(value)})"


def numeral(value: int | Fraction) -> str:
    """A number, an integer where it is whole."""
    if isinstance(value, Fraction):
        text = f"(/ {abs(value.numerator)}.0 {value.denominator}.0)"
    else:
        text = str(abs(value))
    return f"(- {text})" if value < 0 else text


def _between(name: str, low: int | None, high: int | None) -> str:
    if low is None or high is None:
        if low is None and high is None:
            return "true"
        return f"(>= {name} {numeral(low)})" if low is not None else f"(<= {name} {numeral(high or 0)})"
    return f"(= {name} {numeral(low)})" if low == high else f"(<= {numeral(low)} {name} {numeral(high)})"
