"""From the ground form of a program to CLP(FD) constraints.

A requirement becomes a list of goals. A number that is no sum or product of variables gets a variable of its own, which
the others determine; so every solution is found once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language.calls import calls_of
from nsr.language.ir import (
    Absolute,
    AllDifferent,
    And,
    Apply,
    Circuit,
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
from nsr.language.sorts import BoolSort, sort_size, sort_values
from nsr.reformulations.coding import codes_of, encode
from nsr.solvers.protocol import Cell, Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.language.ir import Function, Program, Term
    from nsr.limits import Budget
    from nsr.solvers.prolog.goals import Goals

__all__ = ["CELL", "Constraints", "is_plain"]

MOST_ROWS = 1000
"""A table for CLP(FD) has at most so many rows."""

CELL = "@"
"""In the text of a domain: the variable of a cell."""

_SIGNS = {Equal: "#=", Less: "#<", LessEqual: "#=<"}


class Constraints:
    """Writes requirements; `domains` are the goals that declare the cells, in their order.

    `goals` says how the atoms of relations are written, `named` how the variable of a cell is (by its place).
    """

    def __init__(
        self, program: Program, goals: Goals, budget: Budget, named: Callable[[int, Apply], str] | None = None
    ) -> None:
        self._goals = goals
        self._budget = budget
        self._cell: dict[tuple[object, ...], str] = {}
        self._new = 0
        self._known: dict[int, tuple[Term, str]] = {}
        self._out: list[str] = []
        self.cells: list[Cell] = []
        self.domains: list[str] = []
        for function in program.unknowns():
            domain = self._domain(function)
            for call in calls_of(function, budget):
                args = tuple([arg.value for arg in call.args if isinstance(arg, Literal)])
                name = named(len(self.cells), call) if named else self._name(function, len(self.cells))
                self.cells.append(Cell(function.name, args, name))
                self._cell[(function.name, *args)] = name
                self.domains.append(domain.replace(CELL, name))

    def _name(self, function: Function, place: int) -> str:
        return f"C{place}"

    def _domain(self, function: Function) -> str:
        """The goal that declares a cell, `CELL` standing for its variable."""
        codes = codes_of(function)
        if not codes or any(low is None or high is None for low, high in codes):
            raise Gap((f"values of `{function.name}` without bounds",))
        return f"{CELL} in " + "\\/".join([f"({low})..({high})" for low, high in codes])

    @property
    def variables(self) -> list[str]:
        """The variables that have come up besides those of cells, in order."""
        return [f"_{number}" for number in range(1, self._new + 1)]

    def group(self, formula: Term) -> str:
        """The goals of one requirement."""
        self._out = []
        self._known = {}
        self._require(formula)
        return ",\n".join(self._out)

    def variable_of(self, symbol: str, args: Sequence[object] = ()) -> str:
        """The variable of a cell."""
        return self._cell[(symbol, *args)]

    def _cell_of(self, call: Apply) -> str:
        return self._cell[(call.symbol, *[arg.value for arg in call.args if isinstance(arg, Literal)])]

    def _variable(self) -> str:
        self._new += 1
        self._budget.spend()
        return f"_{self._new}"

    # Formulas that hold

    def _require(self, term: Term) -> None:
        match term:
            case And(args):
                for arg in args:
                    self._require(arg)
            case AllDifferent(args):
                self._out.append(f"all_distinct([{','.join([self._as_variable(arg) for arg in args])}])")
            case Circuit():
                self._tour(term)
            case Literal(value):
                self._out.append("true" if value is True else "fail")
            case _:
                self._out.append(self._posted(self.truth(term)))

    def _posted(self, text: str) -> str:
        return f"{text}#=1" if is_plain(text) else text

    def _tour(self, tour: Circuit) -> None:
        codes = [int(encode(value, tour.sort)) for value in sort_values(tour.sort)]
        places = []
        for arg in tour.args:
            place, code = self._variable(), self._variable()
            self._out.append(f"{code}#={self.number(arg)}")
            self._out.append(f"element({place},[{','.join(map(str, codes))}],{code})")
            places.append(place)
        if places:
            self._out.append(f"circuit([{','.join(places)}])")

    # Truth values

    def truth(self, term: Term) -> str:
        """A constraint that can be reified, or a variable of 0 and 1."""
        self._budget.spend()
        match term:
            case Literal(value):
                return "1" if value is True else "0"
            case Equal() | Less() | LessEqual():
                if isinstance(sort_of(term.left), BoolSort):
                    return f"({self.truth(term.left)}#<==>{self.truth(term.right)})"
                return f"({self.number(term.left)}{_SIGNS[type(term)]}{self.number(term.right)})"
            case Apply(symbol, args):
                return self._called(symbol, args)
            case Not(Equal(left, right)) if not isinstance(sort_of(left), BoolSort):
                return f"({self.number(left)}#\\={self.number(right)})"
            case Not(arg):
                return f"(#\\ {self.truth(arg)})"
            case And(args):
                return self._many("#/\\", "1", args)
            case Or(args):
                return self._many("#\\/", "0", args)
            case Implies(left, right):
                return f"({self.truth(left)}#==>{self.truth(right)})"
            case Iff(left, right):
                return f"({self.truth(left)}#<==>{self.truth(right)})"
            case Xor(left, right):
                return f"(#\\ ({self.truth(left)}#<==>{self.truth(right)}))"
            case Conditional(condition, then, otherwise):
                known = self._as_truth(condition)
                return f"(({known}#==>{self.truth(then)})#/\\((#\\ {known})#==>{self.truth(otherwise)}))"
            case _:
                raise Gap((f"{type(term).__name__} inside of other formulas",))

    def _many(self, sign: str, empty: str, args: Sequence[Term]) -> str:
        parts = [self.truth(arg) for arg in args]
        if len(parts) == 1:
            return parts[0]
        return f"({sign.join(parts)})" if parts else empty

    def _called(self, symbol: str, args: Sequence[Term]) -> str:
        values = [arg.value for arg in args if isinstance(arg, Literal)]
        name = self._goals.names.of(symbol)
        if name is not None:
            new = self._variable()
            told = self._goals.head(name, [self._goals.plain(value) for value in values])
            self._out.append(f"nsr_truth({told},{new})")
            return new
        return self._cell[(symbol, *values)]

    def _as_truth(self, term: Term) -> str:
        """A variable of 0 and 1, or such a number."""
        text = self.truth(term)
        if is_plain(text):
            return text
        new = self._variable()
        self._out.append(f"{new}#<==>{text}")
        return new

    # Numbers

    def number(self, term: Term) -> str:
        """An expression."""
        self._budget.spend()
        match term:
            case Literal(value):
                assert isinstance(value, int)
                return f"({int(value)})"
            case Apply():
                return self._cell_of(term)
            case Sum(args):
                return f"({'+'.join([self.number(arg) for arg in args])})" if args else "(0)"
            case Product(args):
                return f"({'*'.join([self.number(arg) for arg in args])})" if args else "(1)"
            case Negate(arg):
                return f"(-{self.number(arg)})"
            case Absolute(arg):
                return f"abs({self.number(arg)})"
            case Extremum(kind, args):
                text = self.number(args[0])
                for arg in args[1:]:
                    text = f"{kind}({text},{self.number(arg)})"
                return text
            case FromTruth(arg):
                return self._as_truth(arg)
            case FloorDivide(left, right):
                return f"({self.number(left)} div {self.number(right)})"
            case Modulo(left, right):
                return self._remainder(left, right)
            case Conditional():
                # By identity: comparing deep terms by content would recurse.
                if id(term) not in self._known:
                    self._known[id(term)] = (term, self._cases(term))
                return self._known[id(term)][1]
            case _:
                raise Gap((f"{type(term).__name__} as a number",))

    def _as_variable(self, term: Term) -> str:
        text = self.number(term)
        if is_plain(text):
            return text
        new = self._variable()
        self._out.append(f"{new}#={text}")
        return new

    def _remainder(self, left: Term, right: Term) -> str:
        dividend, divisor = self._as_variable(left), self.number(right)
        return f"({dividend}-{divisor}*({dividend} div {divisor}))"

    def _cases(self, term: Conditional) -> str:
        """The branch taken, as a variable."""
        looked_up = self._element(term)
        if looked_up is not None:
            return looked_up
        condition = self._as_truth(term.condition)
        then, otherwise = self.number(term.then), self.number(term.otherwise)
        new = self._variable()
        self._out.append(f"{new}#={condition}*{then}+(1-{condition})*{otherwise}")
        return new

    def _is_small(self, call: Apply) -> bool:
        size = sort_size(call.sort)
        return not isinstance(call.sort, BoolSort) and size is not None and size <= MOST_ROWS

    def _element(self, term: Conditional) -> str | None:
        """A chain that compares one variable with different numbers and has numbers as values, as a table."""
        rows: dict[int, int] = {}
        subject: str | None = None
        rest: Term = term
        while isinstance(rest, Conditional):
            match rest:
                case Conditional(Equal(Apply() as call, Literal(key)), Literal(value), otherwise) if (
                    self._is_small(call) and isinstance(key, int) and isinstance(value, int)
                ):
                    name = self.number(call)
                    if subject not in (None, name):
                        return None
                    subject = name
                    rows.setdefault(int(key), int(value))
                    rest = otherwise
                case _:
                    return None
        if subject is None or not isinstance(rest, Literal) or not isinstance(rest.value, int) or len(rows) < 2:
            return None
        new = self._variable()
        pairs = ",".join([f"[{key},{value}]" for key, value in rows.items()])
        self._out.append(f"nsr_looked_up({subject},[{pairs}],{int(rest.value)},{new})")
        return new


def is_plain(text: str) -> bool:
    """Whether a text is a variable or a number."""
    return text.isidentifier() or text.isdigit()
