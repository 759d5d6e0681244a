"""Ground terms as Python expressions over Z3's own Python interface."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from nsr.language import ir
from nsr.language.sorts import BoolSort, NumberSort, RealSort
from nsr.language.traverse import fold
from nsr.limits import Budget
from nsr.reformulations.coding import scale_of

if TYPE_CHECKING:
    from nsr.language.sorts import Value

__all__ = ["HELPERS", "Part", "PythonTerms"]

DEEPEST = 30
"""Deeper expressions get a name for a part of them: Python reads no more than 200 parentheses within each other."""

HELPERS = {
    "size": "def size(x):\n    return z3.If(x < 0, -x, x)\n",
    "least": "def least(*values):\n    return reduce(lambda x, y: z3.If(x <= y, x, y), values)\n",
    "greatest": "def greatest(*values):\n    return reduce(lambda x, y: z3.If(x >= y, x, y), values)\n",
    "exact": "def exact(x):\n    return z3.ToReal(x) if z3.is_int(x) else x\n",
    "whole": "def whole(x):\n    return x if z3.is_int(x) else z3.ToInt(x)\n",
    "floor_div": (
        "def floor_div(x, y):\n"
        "    if z3.is_int(x) and z3.is_int(y):\n"
        "        return z3.If(y < 0, (-x) / (-y), x / y)  # Z3 rounds down where the divisor is positive\n"
        "    return z3.ToInt(exact(x) / exact(y))\n"
    ),
    "remainder": "def remainder(x, y):\n    return x - y * floor_div(x, y)\n",
    "ceiling": "def ceiling(x):\n    return -whole(-x)\n",
    "nearest": (
        "def nearest(x):  # halves go away from zero\n"
        "    half = z3.Q(1, 2)\n"
        "    return x if z3.is_int(x) else z3.If(x >= 0, z3.ToInt(x + half), -z3.ToInt(half - x))\n"
    ),
}
"""Functions that a script may need, by name, in the order in which they call each other."""

_NEEDS = {"floor_div": ("exact",), "remainder": ("exact", "floor_div"), "ceiling": ("whole",)}


Place: TypeAlias = "tuple[str | Value, ...]"
"""A symbol with the arguments of one of its cells."""


class Part(NamedTuple):
    """A piece of Python, how deep its parentheses go, whether it is a plain value of Python, or in parentheses."""

    text: str
    depth: int = 0
    is_plain: bool = False
    is_wrapped: bool = False


class PythonTerms:
    """Writes terms; parts that had to get a name of their own are collected in `lines`."""

    def __init__(self, cells: Mapping[Place, str], reals: frozenset[str], budget: Budget) -> None:
        self._cells = cells
        self._reals = reals
        self._budget = budget
        self._named = 0
        self.lines: list[str] = []
        self.helpers: set[str] = set()

    def write(self, term: ir.Term) -> str:
        """A term as an expression, without parentheses around it."""
        part = fold(term, self._step)
        return part.text[1:-1] if part.is_wrapped else part.text

    def _step(self, term: ir.Term, below: tuple[Part, ...]) -> Part:
        self._budget.spend()
        below = tuple([self._flat(part) for part in below])
        match term:
            case ir.Literal(value):
                return _literal(value)
            case ir.Apply(symbol, args, sort):
                cell = self._cells[(symbol, *[arg.value for arg in args if isinstance(arg, ir.Literal)])]
                if isinstance(sort, NumberSort) and symbol not in self._reals and scale_of(sort) != 1:
                    return Part(f"(z3.ToReal({cell}) / {scale_of(sort)})", 2)
                return Part(cell, 1)
            case ir.And() | ir.Or():
                return _call("z3.And" if isinstance(term, ir.And) else "z3.Or", below)
            case ir.Not():
                return _call("z3.Not", below)
            case ir.Implies():
                return _call("z3.Implies", below)
            case ir.Xor():
                return _call("z3.Xor", below)
            case ir.Iff() | ir.Equal():
                return _infix("==", below)
            case ir.Less():
                return _infix("<", below)
            case ir.LessEqual():
                return _infix("<=", below)
            case ir.AllDifferent():
                if all(part.is_plain for part in below):
                    return Part(str(len({part.text for part in below}) == len(below)), 0, True)
                return _call("z3.Distinct", below)
            case ir.Conditional():
                return _call("z3.If", below)
            case _:
                return self._number(term, below)

    def _number(self, term: ir.Term, below: tuple[Part, ...]) -> Part:
        match term:
            case ir.FromTruth():
                return _call("z3.If", (*below, Part("1"), Part("0")))
            case ir.Sum():
                return _infix("+", below) if below else Part("0", 0, True)
            case ir.Product():
                return _infix("*", below) if below else Part("1", 0, True)
            case ir.Negate():
                return Part(f"(-{below[0].text})", below[0].depth + 1)
            case ir.Absolute():
                return self._helped("size", below)
            case ir.Extremum(kind):
                return self._helped("least" if kind == "min" else "greatest", below)
            case ir.Divide():
                exact = [self._helped("exact", (_as_term(part),)) for part in below]
                return _infix("/", exact)
            case ir.FloorDivide():
                return self._helped("floor_div", [_as_term(part) for part in below])
            case ir.Modulo():
                return self._helped("remainder", [_as_term(part) for part in below])
            case ir.Rounded(kind):
                name = {"floor": "whole", "ceil": "ceiling", "round": "nearest"}[kind]
                return self._helped(name, [_as_term(part) for part in below])
            case _:
                raise AssertionError(f"no number of the ground form: {type(term).__name__}")

    def _helped(self, name: str, below: list[Part] | tuple[Part, ...]) -> Part:
        self.helpers.update((name, *_NEEDS.get(name, ())))
        return _call(name, below)

    def _flat(self, part: Part) -> Part:
        """The part, by a name of its own where it goes too deep."""
        if part.depth <= DEEPEST:
            return part
        self._named += 1
        name = f"_part_{self._named}"
        self.lines.append(f"{name} = {part.text}")
        return Part(name)


def _literal(value: object) -> Part:
    if isinstance(value, Fraction):
        return Part(f"z3.Q({value.numerator}, {value.denominator})", 1)
    return Part(f"({value!r})" if isinstance(value, int) and value < 0 else repr(value), 0, True)


def _as_term(part: Part) -> Part:
    """A number of Python as one of Z3, where its methods are needed."""
    return Part(f"z3.IntVal({part.text})", part.depth + 1) if part.is_plain else part


def _call(name: str, parts: list[Part] | tuple[Part, ...]) -> Part:
    if name in ("z3.And", "z3.Or") and not parts:
        return Part(str(name == "z3.And"), 0, True)
    if name in ("z3.And", "z3.Or") and len(parts) == 1:
        return parts[0]
    inside = ", ".join([part.text for part in parts])
    return Part(f"{name}({inside})", 1 + max((part.depth for part in parts), default=0))


def _infix(operator: str, parts: list[Part] | tuple[Part, ...]) -> Part:
    if len(parts) == 1:
        return parts[0]
    if len(parts) > DEEPEST:
        # Python reads a long chain of operators as deep as it is long.
        joined = ", ".join([part.text for part in parts])
        return Part(f"z3.{'Sum' if operator == '+' else 'Product'}({joined})", 1 + max(p.depth for p in parts))
    inside = f" {operator} ".join([part.text for part in parts])
    return Part(f"({inside})", 1 + max(part.depth for part in parts), is_wrapped=True)


def is_truth(function: ir.Function) -> bool:
    """Whether an unknown is a truth value."""
    return isinstance(function.value, BoolSort)


def is_real(function: ir.Function) -> bool:
    """Whether an unknown is a real number."""
    return isinstance(function.value, RealSort)
