"""Literals and numbers of an ASP text, and the rules that define them.

Whatever is written into the base is defined by rules, or chosen and then pinned down by constraints, so that each
solution on the cells is one answer set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.solvers.asp.numbers import MOST_VALUES, Digits, Linear, Values, narrow, of_number, opposite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nsr.limits import Budget
    from nsr.solvers.asp.numbers import Number, Truth

__all__ = ["Model", "listed"]

MOST_PAIRS = 4096
"""Two numbers are compared value by value if there are no more pairs."""

OPPOSITE = {"=": "!=", "!=": "=", "<=": ">", ">": "<=", "<": ">=", ">=": "<"}


class Model:
    """Gathers rules; `base` holds whatever is always there."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.base: list[str] = []
        self._known: dict[tuple[object, ...], Truth] = {}
        self._count = 0

    def write(self, line: str) -> None:
        """One more line of the base."""
        self.budget.spend()
        self.base.append(line)

    def write_all(self, lines: Sequence[str]) -> None:
        """More lines of the base."""
        self.budget.spend(len(lines))
        self.base.extend(lines)

    # Literals

    def new_atom(self) -> str:
        """An atom that nothing else speaks of."""
        self._count += 1
        return f"a({self._count})"

    def _defined(self, key: tuple[object, ...], bodies: Iterable[str]) -> str:
        """The atom that holds where one of the bodies does."""
        found = self._known.get(key)
        if found is None:
            found = self.new_atom()
            self._known[key] = found
            for body in bodies:
                self.write(f"{found}:-{body}.")
        assert isinstance(found, str)
        return found

    def conjunction(self, literals: Iterable[Truth]) -> Truth:
        """A literal that is true exactly where all of these are."""
        kept: dict[str, None] = {}
        for literal in literals:
            if isinstance(literal, bool):
                if not literal:
                    return False
                continue
            if opposite(literal) in kept:
                return False
            kept[literal] = None
        if len(kept) <= 1:
            return next(iter(kept), True)
        return self._defined(("and", *sorted(kept)), [",".join(kept)])

    def disjunction(self, literals: Iterable[Truth]) -> Truth:
        """A literal that is true exactly where one of these is."""
        kept: dict[str, None] = {}
        for literal in literals:
            if isinstance(literal, bool):
                if literal:
                    return True
                continue
            if opposite(literal) in kept:
                return True
            kept[literal] = None
        if len(kept) <= 1:
            return next(iter(kept), False)
        return self._defined(("or", *sorted(kept)), kept)

    def same(self, left: Truth, right: Truth) -> Truth:
        """A literal that is true exactly where two literals agree."""
        if isinstance(left, bool):
            return right if left else opposite(right)
        if isinstance(right, bool):
            return left if right else opposite(left)
        if left == right or left == opposite(right):
            return left == right
        bodies = [f"{left},{right}", f"{opposite(left)},{opposite(right)}"]
        return self._defined(("same", *sorted((left, right))), bodies)

    def choice(self, condition: Truth, then: Truth, otherwise: Truth) -> Truth:
        """A literal that agrees with `then` where the condition holds, with `otherwise` elsewhere."""
        yes = self.conjunction((condition, then))
        return self.disjunction((yes, self.conjunction((opposite(condition), otherwise))))

    # Comparisons with 0

    def compared(self, linear: Linear, operator: str) -> Truth:
        """A literal that is true exactly where an expression is so related to 0."""
        known = _known(linear, operator)
        if known is not None:
            return known
        single = linear.single()
        if single is not None:
            literal = _of_values(*single, linear.constant, operator)
            if literal is not None:
                return literal
        bodies = self.bodies(linear, operator)
        return self._defined((operator, *bodies), bodies)

    def bodies(self, linear: Linear, operator: str) -> list[str]:
        """Bodies of rules, one of which holds exactly where an expression is so related to 0."""
        narrow(linear)
        single, pair = linear.single(), linear.pair()
        if single is not None:
            number, c = single
            literal = _of_values(number, c, linear.constant, operator)
            if literal is not None:
                return [literal] if isinstance(literal, str) else ["#true"] if literal else []
            return [f"{number.atom('V')},{_sum_of([(c, 'V')], linear.constant)}{operator}0"]
        if pair is not None and len(pair[0][0].values) * len(pair[1][0].values) <= MOST_PAIRS:
            (left, c), (right, d) = pair
            if operator == "=" and abs(c) == 1:
                # The value of one is a function of the other's.
                return [f"{right.atom('V')},{left.atom(f'({-c}*({d}*V+{linear.constant}))')}"]
            test = f"{_sum_of([(c, 'V'), (d, 'W')], linear.constant)}{operator}0"
            return [f"{left.atom('V')},{right.atom('W')},{test}"]
        elements, constant = linear.elements()
        return [f"#sum{{{';'.join(elements)}}}{operator}{-constant}"]

    def require(self, linear: Linear, operator: str, conditions: Sequence[str], out: list[str]) -> None:
        """Write that an expression is so related to 0 wherever all conditions hold."""
        self.budget.spend()
        contrary = OPPOSITE[operator]
        known = _known(linear, operator)
        if known is True:
            return
        if known is False:
            out.append(f":-{','.join(conditions)}.")
            return
        pair = linear.pair()
        if operator == "=" and pair is not None and 1 in (abs(pair[0][1]), abs(pair[1][1])):
            narrow(linear)
            (left, c), (right, d) = pair if abs(pair[0][1]) == 1 else (pair[1], pair[0])
            image = left.atom(f"({-c}*({d}*V+{linear.constant}))")
            out.append(f":-{','.join([*conditions, right.atom('V'), f'not {image}'])}.")
            return
        for body in self.bodies(linear, contrary):
            out.append(f":-{','.join([*conditions, body])}.")

    # Numbers

    def number(self, low: int, high: int) -> Linear:
        """A number that the text leaves open for now."""
        if low == high:
            return Linear({}, {}, low)
        self._count += 1
        if high - low < MOST_VALUES:
            return of_number(self.chosen(Values(f"n({self._count},", tuple(range(low, high + 1)))))
        return of_number(self.chosen(Digits(f"k({self._count},", low, high)))

    def chosen(self, number: Number) -> Number:
        """The number itself, with the rules that give it one value."""
        narrow(of_number(number))
        if isinstance(number, Values):
            self.write(f"1{{{number.atom(listed(number.values))}}}1.")
            return number
        self.write(f"{{{number.atom(f'0..{number.count - 1}')}}}.")
        if number.high - number.low < (1 << number.count) - 1:
            elements, constant = of_number(number).elements()
            self.write(f":-#sum{{{';'.join(elements)}}}>{number.high - constant}.")
        return number

    def exclude(self, number: Number, first: int, last: int) -> None:
        """Write that a number is none of those from `first` to `last`."""
        above = self.compared(Linear({number: 1}, {}, -first), ">=")
        below = self.compared(Linear({number: 1}, {}, -last), "<=")
        literals = [literal for literal in (above, below) if isinstance(literal, str)]
        self.write(f":-{','.join(literals)}.")

    def derived(self, cases: Iterable[tuple[str, int]]) -> Linear:
        """The number that has a value where a body holds; of the bodies one holds, or several with the same value."""
        by_value: dict[int, list[str]] = {}
        for body, value in cases:
            by_value.setdefault(value, []).append(body)
        self._count += 1
        number = Values(f"n({self._count},", tuple(sorted(by_value)))
        narrow(of_number(number))
        for value, bodies in by_value.items():
            for body in bodies:
                self.write(f"{number.atom(value)}:-{body}.")
        return of_number(number)

    def mapped(self, linear: Linear, function: Callable[[int], int]) -> Linear | None:
        """A function of an expression of one number, worked out value by value; None for other expressions."""
        single = linear.single()
        if single is None:
            return None
        number, c = single
        return self.derived([(number.atom(v), function(c * v + linear.constant)) for v in number.values])


def _of_values(number: Values, c: int, constant: int, operator: str) -> Truth | None:
    """What one number's comparison with 0 is, where that depends on at most one of its values."""
    values = [v for v in number.values if _is_so(c * v + constant, operator)]
    if not values or len(values) == len(number.values):
        return bool(values)
    if len(values) == 1:
        return number.atom(values[0])
    if len(values) == len(number.values) - 1:
        (other,) = set(number.values) - set(values)
        return f"not {number.atom(other)}"
    return None


def _is_so(value: int, operator: str) -> bool:
    match operator:
        case "=":
            return value == 0
        case "!=":
            return value != 0
        case "<=":
            return value <= 0
        case "<":
            return value < 0
        case ">":
            return value > 0
        case _:
            return value >= 0


def _known(linear: Linear, operator: str) -> bool | None:
    """Whether an expression is always, or never, so related to 0, as far as its bounds say."""
    low, high = linear.bounds()
    if low == high:
        return _is_so(low, operator)
    match operator:
        case "=" | "!=":
            return None if low <= 0 <= high else operator == "!="
        case "<=" | "<":
            return True if _is_so(high, operator) else None if _is_so(low, operator) else False
        case _:
            return True if _is_so(low, operator) else None if _is_so(high, operator) else False


def _sum_of(parts: Sequence[tuple[int, str]], constant: int) -> str:
    return "+".join([*(f"{c}*{name}" for c, name in parts), f"({constant})"])


def listed(values: Sequence[int]) -> str:
    """Ascending numbers as a pool of intervals."""
    spans: list[list[int]] = []
    for value in values:
        if spans and value == spans[-1][1] + 1:
            spans[-1][1] = value
        else:
            spans.append([value, value])
    parts = [str(a) if a == b else f"{a}..{b}" for a, b in spans]
    return parts[0] if len(parts) == 1 else f"({';'.join(parts)})"
