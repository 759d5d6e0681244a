"""Types for the arguments of an answer-set program's predicates: positions that share values share a type.

Positions are put together where a variable stands in both, or where two variables are compared (union-find). A type
with numbers only is a range that holds every number that facts and rules can put there; else it is an enumeration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from nsr.diagnostics import Span
from nsr.dialects.asp_clauses import Clause
from nsr.dialects.asp_nodes import (
    Aggregate,
    Atom,
    Binary,
    Comparison,
    Counted,
    Interval,
    Literal,
    Minus,
    Number,
    Symbol,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nsr.dialects.asp_nodes import Item, Summand, Term
    from nsr.dialects.repairs import Findings

__all__ = ["Domain", "Types", "bound_by", "variables_in"]

MOST_ROUNDS = 300
WIDEST = 2_000_000
"""No range has more numbers."""

Place: TypeAlias = "tuple[object, ...]"


@dataclass(slots=True)
class Domain:
    """What one type holds: symbols, and the least and greatest number; `is_number` where it is reckoned with."""

    symbols: dict[str, None] = field(default_factory=dict)
    numbers: dict[int, None] = field(default_factory=dict)
    low: int | None = None
    high: int | None = None
    is_number: bool = False
    is_ordered: bool = False

    def take(self, low: int, high: int) -> bool:
        """Widen the range; whether it has become wider."""
        before = (self.low, self.high)
        self.low = low if self.low is None else min(self.low, low)
        self.high = high if self.high is None else max(self.high, high)
        return before != (self.low, self.high)

    @property
    def size(self) -> int:
        """How many values there are."""
        if self.symbols:
            return len(self.symbols) + len(self.numbers)
        return 1 if self.low is None or self.high is None else self.high - self.low + 1


class Types:
    """The domains of all positions and of the variables of each clause."""

    def __init__(self, clauses: list[Clause], extra: list[tuple[Summand, Span]], findings: Findings) -> None:
        self._findings = findings
        self._above: dict[Place, Place] = {}
        self._domains: dict[Place, Domain] = {}
        self._flows: list[tuple[Place, Term | Aggregate, int, Span]] = []
        for number, clause in enumerate(clauses):
            self._clause(clause, number)
        for number, (summand, span) in enumerate(extra, len(clauses)):
            self._items(summand.conditions, number, span)
            for term in summand.terms:
                self._reckoned(term, number)
        self._spread()
        self._check()

    # Union-find

    def _find(self, place: Place) -> Place:
        path = []
        while (above := self._above.get(place, place)) != place:
            path.append(place)
            place = above
        for one in path:
            self._above[one] = place
        return place

    def _domain(self, place: Place) -> Domain:
        return self._domains.setdefault(self._find(place), Domain())

    def _join(self, left: Place, right: Place) -> None:
        a, b = self._find(left), self._find(right)
        if a == b:
            return
        one, other = self._domain(a), self._domains.pop(b, Domain())
        self._above[b] = a
        one.symbols.update(other.symbols)
        one.numbers.update(other.numbers)
        one.is_number |= other.is_number
        one.is_ordered |= other.is_ordered
        if other.low is not None and other.high is not None:
            one.take(other.low, other.high)

    def domain(self, name: str, arity: int, place: int) -> Domain:
        """The domain of an argument of a predicate; both signs share it."""
        return self._domain(("place", name, arity, place))

    def of_variable(self, variable: str, clause: int) -> Domain:
        """The domain of a variable of a clause (by its number)."""
        return self._domain(("variable", clause, variable))

    # What a clause says

    def _clause(self, clause: Clause, number: int) -> None:
        if clause.head is not None:
            self._atom(clause.head, number, is_head=True)
        self._items(clause.body, number, clause.span)
        if clause.choice is not None:
            for element in clause.choice.elements:
                for atom in element.atoms:
                    self._atom(atom, number, is_head=True)
                self._items(element.conditions, number, clause.span)
            for bound in (clause.choice.lower, clause.choice.upper):
                if bound is not None:
                    self._reckoned(bound, number)

    def _items(self, items: Iterable[Item], number: int, span: Span) -> None:
        for item in items:
            match item:
                case Literal(atoms):
                    for atom in atoms:
                        self._atom(atom, number, is_head=False)
                case Comparison(operator, left, right):
                    self._comparison(operator, left, right, number, item.span)
                case Aggregate():
                    self._aggregate(item, number)
                case Counted(elements, lower, upper):
                    for element in elements:
                        for atom in element.atoms:
                            self._atom(atom, number, is_head=False)
                        self._items(element.conditions, number, span)
                    for bound in (lower, upper):
                        if bound is not None:
                            self._reckoned(bound, number)

    def _atom(self, atom: Atom, number: int, *, is_head: bool) -> None:
        for place, arg in enumerate(atom.args):
            own: Place = ("place", atom.name, len(atom.args), place)
            domain = self._domain(own)
            match arg:
                case Variable(name):
                    self._join(own, ("variable", number, name))
                case Symbol(text):
                    domain.symbols[text] = None
                case Number(value):
                    domain.numbers[value] = None
                    domain.take(value, value)
                case _:
                    domain.is_number = True
                    self._reckoned(arg, number)
                    if is_head:
                        self._flows.append((own, arg, number, atom.span))

    def _reckoned(self, term: Term, number: int) -> None:
        """Variables under arithmetic are numbers."""
        if not isinstance(term, Variable | Symbol | Number):
            for name in variables_in(term):
                self._domain(("variable", number, name)).is_number = True

    def _comparison(self, operator: str, left: Term, right: Term, number: int, span: Span) -> None:
        for one, other in ((left, right), (right, left)):
            self._reckoned(one, number)
            if not isinstance(one, Variable):
                continue
            place: Place = ("variable", number, one.name)
            if operator not in ("==", "!=") and not isinstance(other, Symbol):
                self._domain(place).is_ordered = True
            match other:
                case Variable(name):
                    self._join(place, ("variable", number, name))
                case Symbol(text) if operator == "==":
                    self._domain(place).symbols[text] = None
                case Number(value) if operator == "==":
                    self._domain(place).numbers[value] = None
                    self._domain(place).take(value, value)
                case Interval() | Binary() | Minus():
                    self._domain(place).is_number = True
                    if operator == "==":
                        self._flows.append((place, other, number, span))
                case _:
                    pass

    def _aggregate(self, item: Aggregate, number: int) -> None:
        for element in item.elements:
            self._items(element.conditions, number, item.span)
            if item.kind == "sum" and element.terms:
                for name in variables_in(element.terms[0]):
                    self._domain(("variable", number, name)).is_number = True
            for term in element.terms:
                self._reckoned(term, number)
        bounds = [item.lower and (item.lower[0], item.lower[1]), item.upper and (item.upper[1], item.upper[0])]
        for bound in bounds:
            if bound is None:
                continue
            self._reckoned(bound[0], number)
            if isinstance(bound[0], Variable):
                place: Place = ("variable", number, bound[0].name)
                self._domain(place).is_number = True
                if bound[1] == "==":
                    self._flows.append((place, item, number, item.span))

    # Ranges

    def _spread(self) -> None:
        """Widen ranges until rules derive no number outside of them."""
        for _ in range(MOST_ROUNDS):
            is_wider = False
            for place, source, number, span in self._flows:
                bounds = self._of_source(source, number)
                if bounds is None:
                    continue
                if bounds[1] - bounds[0] > WIDEST or max(map(abs, bounds)) >= 1 << 31:
                    self._endless(span)
                    return
                is_wider |= self._domain(place).take(*bounds)
            if not is_wider:
                return
        self._endless(self._flows[0][3])

    def _endless(self, span: Span) -> None:
        self._findings.error(
            "asp-unbounded",
            f"rules may derive more than {WIDEST:,} numbers here, or numbers without end",
            span,
            help="bound the numbers by a predicate with few of them: `p(X + 1) :- p(X), X < 9, number(X + 1).`",
        )

    def _of_source(self, source: Term | Aggregate, number: int) -> tuple[int, int] | None:
        return self._of_aggregate(source, number) if isinstance(source, Aggregate) else self._of_term(source, number)

    def _of_aggregate(self, item: Aggregate, number: int) -> tuple[int, int]:
        low = high = 0
        for element in item.elements:
            names = {name for term in element.terms for name in variables_in(term)}
            size = prod([self._domain(("variable", number, name)).size for name in names])
            if item.kind == "count":
                high += size
                continue
            bounds = self._of_term(element.terms[0], number) if element.terms else None
            if bounds is None:
                continue
            if isinstance(element.terms[0], Variable):
                # Each value counts as often as there are values for the rest of the tuple.
                first, last = bounds
                size //= max(1, last - first + 1)
                low += size * sum(range(min(first, 0), min(last, 0) + 1))
                high += size * sum(range(max(first, 0), max(last, 0) + 1))
                continue
            low, high = low + size * min(0, bounds[0]), high + size * max(0, bounds[1])
        return low, high

    def _of_term(self, term: Term, number: int) -> tuple[int, int] | None:
        match term:
            case Number(value):
                return value, value
            case Variable(name):
                domain = self._domain(("variable", number, name))
                return None if domain.low is None or domain.high is None else (domain.low, domain.high)
            case Minus(inner):
                bounds = self._of_term(inner, number)
                return None if bounds is None else (-bounds[1], -bounds[0])
            case Interval(low, high) | Binary(_, low, high):
                left, right = self._of_term(low, number), self._of_term(high, number)
                if left is None or right is None:
                    return None
                return (left[0], right[1]) if isinstance(term, Interval) else _combined(term.operator, left, right)
            case _:
                return None

    # What does not fit

    def _check(self) -> None:
        for place, domain in self._domains.items():
            if domain.symbols and (domain.is_number or (domain.is_ordered and domain.numbers)):
                name = place[1] if place[0] == "place" else "a variable"
                self._findings.error(
                    "asp-mixed",
                    f"numbers and other constants stand in one place of `{name}`, and are reckoned with or ordered",
                    Span(0, 0),
                    help="use a predicate of its own for the numbers",
                )


def _combined(operator: str, left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int] | None:
    match operator:
        case "+":
            return left[0] + right[0], left[1] + right[1]
        case "-":
            return left[0] - right[1], left[1] - right[0]
        case "*":
            corners = [a * b for a in left for b in right]
            return min(corners), max(corners)
        case "/" if left[0] >= 0:
            return 0, left[1]
        case "\\" if left[0] >= 0:
            return 0, max(0, right[1] - 1)
        case "**":
            is_small = left[0] >= 0 <= right[0] and left[1].bit_length() * right[1] <= 64
            return (0, max(1, left[1] ** right[1])) if is_small else (0, 1 << 40)
        case _:
            far = max(map(abs, left))
            return -far, far


def variables_in(term: Term) -> Iterator[str]:
    """The variables of a term."""
    match term:
        case Variable(name):
            yield name
        case Minus(inner):
            yield from variables_in(inner)
        case Binary(_, left, right) | Interval(left, right):
            yield from variables_in(left)
            yield from variables_in(right)
        case _:
            return


def bound_by(items: Iterable[Item]) -> set[str]:
    """The variables that items bind, one after the other."""
    items = list(items)
    bound: set[str] = set()
    for item in items:
        if isinstance(item, Literal) and not item.is_denied:
            bound.update([n for atom in item.atoms for arg in atom.args for n in variables_in(arg)])
    is_more = True
    while is_more:
        before = len(bound)
        for one, other in _equations(items):
            if isinstance(one, Variable) and set(other) <= bound:
                bound.add(one.name)
        is_more = len(bound) > before
    return bound


def _equations(items: Iterable[Item]) -> Iterator[tuple[Term, list[str]]]:
    for item in items:
        match item:
            case Comparison("==", left, right):
                yield left, list(variables_in(right))
                yield right, list(variables_in(left))
            case Aggregate(_, _, lower, upper) if not item.is_denied:
                if lower is not None and lower[1] == "==":
                    yield lower[0], []
                if upper is not None and upper[0] == "==":
                    yield upper[1], []
