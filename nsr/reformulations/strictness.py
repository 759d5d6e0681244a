"""Whether a program says of real numbers what only a strict inequality says.

The denial of `x <= 5` is strict, that of `x < 5` is not; where a formula may have to be false, both count. A number
that is rounded lies strictly below the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language.ir import (
    AllDifferent,
    And,
    Apply,
    Conditional,
    Equal,
    FloorDivide,
    Implies,
    Less,
    LessEqual,
    Literal,
    Modulo,
    Negate,
    Not,
    Or,
    Piecewise,
    Product,
    Quantified,
    Rounded,
    Sum,
)
from nsr.language.sorts import RealSort
from nsr.language.traverse import children, subterms

if TYPE_CHECKING:
    from nsr.language.ir import Program, Term

__all__ = ["has_strict_reals"]

_SUMS = frozenset((Sum, Product, Negate))


def has_strict_reals(program: Program, *, are_numbers_plain: bool = False) -> bool:
    """Whether there is a strict comparison of numbers in which a real unknown takes part.

    `are_numbers_plain` says that nothing is compared or rounded but by whole requirements: no more is looked at then.
    """
    reals = {f.name for f in program.unknowns() if isinstance(f.value, RealSort)}
    if not reals:
        return False
    if any(_is_open(f.value) for f in program.unknowns()):
        return True
    look = _Look(program, reals, are_numbers_plain)
    return any(look.finds(r.formula) for r in program.requirements)


def _is_open(sort: object) -> bool:
    return isinstance(sort, RealSort) and (
        (sort.is_low_open and sort.low is not None) or (sort.is_high_open and sort.high is not None)
    )


class _Look:
    def __init__(self, program: Program, reals: set[str], are_numbers_plain: bool) -> None:
        self._program = program
        self._reals = reals
        self._are_numbers_plain = are_numbers_plain
        self._seen: set[tuple[str, int]] = set()
        self._with_reals: dict[str, bool] = {}

    def finds(self, root: Term) -> bool:
        """Whether a formula that holds has a strict comparison in it."""
        stack = [(root, 1)]
        while stack:
            term, sign = stack.pop()
            if type(term) in _SUMS:
                for part in children(term):
                    factors = part.args if type(part) is Product else (part,)
                    stack.extend([(factor, 0) for factor in factors if not self._is_leaf(factor)])
                continue
            match term:
                case Equal() if sign != 1 and self._is_real(term):
                    return True
                case LessEqual() if sign != 1 and self._is_real(term):
                    return True
                case Less() if sign != -1 and self._is_real(term):
                    return True
                case AllDifferent() | Rounded() | FloorDivide() | Modulo() | Piecewise() if self._is_real(term):
                    return True
                case Apply(symbol) if symbol in self._program.definitions:
                    if (symbol, sign) not in self._seen:
                        self._seen.add((symbol, sign))
                        stack.append((self._program.definitions[symbol].body, sign))
            if not self._are_numbers_plain or type(term) is And:
                stack.extend(_below(term, sign))
        return False

    def _is_leaf(self, term: Term) -> bool:
        """Whether nothing is compared or rounded within a number: all of a large sum is numbers and plain calls."""
        if type(term) is Apply:
            return not self._program.definitions and all(type(arg) is Literal for arg in term.args)
        return type(term) is Literal

    def _is_real(self, term: Term) -> bool:
        """Whether a real unknown takes part in a comparison or an operation."""
        return any(isinstance(part, Apply) and self._names_reals(part) for part in subterms(term))

    def _names_reals(self, call: Apply) -> bool:
        if call.symbol not in self._program.definitions:
            return call.symbol in self._reals
        if call.symbol not in self._with_reals:
            # No definition calls itself.
            self._with_reals[call.symbol] = self._is_real(self._program.definitions[call.symbol].body)
        return self._with_reals[call.symbol]


def _below(term: Term, sign: int) -> list[tuple[Term, int]]:
    """The parts of a term, each with 1 if it may have to hold, -1 if it may have to be false, 0 if both."""
    match term:
        case And() | Or() | Quantified():
            return [(part, sign) for part in children(term)]
        case Not(arg):
            return [(arg, -sign)]
        case Implies(left, right):
            return [(left, -sign), (right, sign)]
        case Conditional(condition, then, otherwise):
            return [(condition, 0), (then, sign), (otherwise, sign)]
        case _:
            return [(part, 0) for part in children(term)]
