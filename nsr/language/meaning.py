"""What a term means under given values of the unknowns and relations: the heart of the reference semantics.

Being undefined is a value of its own here, `UNDEFINED`: an argument outside its type, a divisor 0, `none` reckoned
with, the least of nothing. It goes up through the term until it meets the smallest atom around it (a comparison, a
membership, a call of a predicate in the place of a formula), which is then false; `a != b` is the negation of `a == b`
and so true.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, TypeAlias, assert_never
from typing import Literal as Choice

from nsr.language.ir import (
    Absolute,
    Aggregate,
    AllDifferent,
    And,
    Apply,
    Bound,
    Cardinality,
    Circuit,
    Conditional,
    Cumulative,
    Divide,
    ElementAt,
    Equal,
    Extremum,
    FloorDivide,
    FromTruth,
    Iff,
    Implies,
    Interval,
    Less,
    LessEqual,
    Listed,
    Literal,
    Member,
    Modal,
    Modulo,
    Negate,
    NoOverlap,
    Not,
    Or,
    Piecewise,
    PositionOf,
    Power,
    Product,
    Quantified,
    Restrict,
    Rounded,
    SetComprehension,
    SetOf,
    SetOperation,
    Subset,
    Sum,
    Task,
    Variable,
    Xor,
)
from nsr.language.sorts import Element, EnumSort, Value, has_value, number, sort_values
from nsr.language.values import (
    UNDEFINED,
    Number,
    Result,
    Running,
    Undefined,
    all_different,
    arithmetic,
    bits_of,
    extremum,
    guard_size,
    is_circuit,
    is_within,
    joined_sets,
    no_overlap,
    on_broken_line,
    rounded,
    set_of_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nsr.language.ir import Program, Structure, Term
    from nsr.limits import Budget

__all__ = ["Bindings", "Evaluator", "NoEntry"]

Bindings: TypeAlias = "Mapping[str, Value]"


class NoEntry(LookupError):
    """A symbol has no value at these arguments: an incomplete structure, or a table without the entry asked for."""

    def __init__(self, symbol: str, args: tuple[Value, ...]) -> None:
        self.symbol = symbol
        self.args_asked = args
        super().__init__(f"{symbol}({', '.join(map(str, args))})")


class Evaluator:
    """The two mutually recursive readings of a term: as a formula and as a value.

    Both raise as `evaluate` says.
    """

    __slots__ = ("budget", "program", "structure")

    def __init__(self, structure: Structure, program: Program, budget: Budget | None) -> None:
        self.structure = structure
        self.program = program
        self.budget = budget

    def holds(self, term: Term, env: Bindings) -> bool:
        """The reading as a formula: undefined is false."""
        match term:
            case And(args):
                return all(self.holds(arg, env) for arg in args)
            case Or(args):
                return any(self.holds(arg, env) for arg in args)
            case Not(arg):
                return not self.holds(arg, env)
            case Implies(left, right):
                return not self.holds(left, env) or self.holds(right, env)
            case Iff(left, right):
                return self.holds(left, env) == self.holds(right, env)
            case Xor(left, right):
                return self.holds(left, env) != self.holds(right, env)
            case Equal(left, right):
                a, b = self.value(left, env), self.value(right, env)
                return a is not UNDEFINED and b is not UNDEFINED and a == b
            case Less(left, right):
                return self._ordered(left, right, env, strict=True)
            case LessEqual(left, right):
                return self._ordered(left, right, env, strict=False)
            case Member(left, right):
                element, within = self.value(left, env), self.set_of(right, env)
                return within is not None and element is not UNDEFINED and element in within
            case Subset(left, right):
                inner, outer = self.set_of(left, env), self.set_of(right, env)
                return inner is not None and outer is not None and inner <= outer
            case AllDifferent(args):
                return all_different(self.value(arg, env) for arg in args)
            case Quantified("forall", binders, body):
                return all(self.holds(body, inner) for inner in self.bindings(binders, env))
            case Quantified("exists", binders, body):
                return any(self.holds(body, inner) for inner in self.bindings(binders, env))
            case Aggregate("all_different", binders, condition, element):
                matching = (inner for inner in self.bindings(binders, env) if self.holds(condition, inner))
                return all_different(self.value(element, inner) for inner in matching)
            case Conditional(condition, then, otherwise):
                return self.holds(then if self.holds(condition, env) else otherwise, env)
            case NoOverlap(tasks):
                running = self._running(tasks, env)
                return running is not None and no_overlap(running)
            case Cumulative(capacity, tasks):
                most, running = self.number(capacity, env), self._running(tasks, env)
                return most is not UNDEFINED and running is not None and is_within(most, running)
            case Circuit(args):
                return is_circuit(sort_values(term.sort), [self.value(arg, env) for arg in args])
            case Modal():
                return self.across_worlds(term, env)
            case _:
                # A call of a predicate, a variable or literal that is a truth value: true, or else false.
                return self.value(term, env) is True

    def value(self, term: Term, env: Bindings) -> Result:
        """The reading as a value: undefined stays undefined."""
        if self.budget is not None:
            self.budget.spend()
        match term:
            case Literal(value):
                return value
            case Variable(name):
                return env[name]
            case Apply(symbol, args):
                return self._apply(symbol, args, env)
            case PositionOf(arg):
                element = self.value(arg, env)
                return element.index + 1 if isinstance(element, Element) else UNDEFINED
            case ElementAt(arg, sort):
                position = self.number(arg, env)
                assert isinstance(sort, EnumSort)
                if isinstance(position, int) and 1 <= position <= len(sort.elements):
                    return sort.element(position - 1)
                return UNDEFINED
            case Restrict(arg, sort):
                kept = self.value(arg, env)
                return kept if kept is not UNDEFINED and has_value(sort, kept) else UNDEFINED
            case FromTruth(arg):
                return int(self.holds(arg, env))
            case Sum(args):
                return self._total(self.number(arg, env) for arg in args)
            case Product(args):
                return self._product(self.number(arg, env) for arg in args)
            case Extremum(kind, args):
                return extremum(kind, (self.number(arg, env) for arg in args))
            case Negate(arg):
                operand = self.number(arg, env)
                return UNDEFINED if operand is UNDEFINED else -operand
            case Absolute(arg):
                operand = self.number(arg, env)
                return UNDEFINED if operand is UNDEFINED else abs(operand)
            case Rounded(kind, arg):
                operand = self.number(arg, env)
                return UNDEFINED if operand is UNDEFINED else rounded(kind, operand)
            case Divide(left, right) | FloorDivide(left, right) | Modulo(left, right) | Power(left, right):
                a, b = self.number(left, env), self.number(right, env)
                return UNDEFINED if a is UNDEFINED or b is UNDEFINED else arithmetic(term, a, b)
            case Conditional(condition, then, otherwise):
                return self.value(then if self.holds(condition, env) else otherwise, env)
            case Aggregate("all_different"):
                return self.holds(term, env)
            case Aggregate():
                return self._aggregate(term, env)
            case SetOf(args):
                return set_of_values(self.value(arg, env) for arg in args)
            case SetComprehension(binders, condition, element):
                matching = (inner for inner in self.bindings(binders, env) if self.holds(condition, inner))
                return set_of_values(self.value(element, inner) for inner in matching)
            case SetOperation(kind, left, right):
                return joined_sets(kind, self.set_of(left, env), self.set_of(right, env))
            case Cardinality(arg):
                within = self.set_of(arg, env)
                return UNDEFINED if within is None else len(within)
            case Piecewise(arg, points):
                operand = self.number(arg, env)
                return UNDEFINED if operand is UNDEFINED else on_broken_line(operand, points)
            case (
                Equal()
                | Less()
                | LessEqual()
                | AllDifferent()
                | Not()
                | And()
                | Or()
                | Implies()
                | Iff()
                | Xor()
                | Quantified()
                | Member()
                | Subset()
                | NoOverlap()
                | Cumulative()
                | Circuit()
                | Modal()
            ):
                return self.holds(term, env)
            case Task():
                raise ValueError("a task has no value by itself")
            case _:
                assert_never(term)

    def across_worlds(self, term: Modal, env: Bindings) -> bool:
        """The truth of what speaks of all worlds; only a goal's evaluation knows them."""
        raise ValueError(f"`{term.kind}` speaks of all worlds and cannot be evaluated in one structure")

    def _apply(self, symbol: str, args: Sequence[Term], env: Bindings) -> Result:
        values: list[Value] = []
        for arg in args:
            # Most arguments are variables.
            value = env[arg.name] if type(arg) is Variable else self.value(arg, env)
            # `none` is no value of any argument's type.
            if value is UNDEFINED or value is None:
                return UNDEFINED
            values.append(value)
        key = tuple(values)
        if symbol in self.program.definitions:
            definition = self.program.definitions[symbol]
            names = (parameter.name for parameter in definition.parameters)
            return self.value(definition.body, dict(zip(names, key, strict=True)))
        if symbol in self.program.tables:
            table = self.program.tables[symbol]
            if key in table.entries:
                return table.entries[key]
            if table.has_default:
                return table.default
            raise NoEntry(symbol, key)
        return self.entry(symbol, key)

    def entry(self, symbol: str, key: tuple[Value, ...]) -> Value:
        """The value that the structure gives; a relation does not hold where its values leave an argument out."""
        values = self.structure.get(symbol)
        if values is None:
            raise NoEntry(symbol, key)
        if key in values:
            return values[key]
        declared = self.program.symbols.get(symbol)
        if declared is not None and declared.kind == "rel":
            return False
        raise NoEntry(symbol, key)

    def number(self, term: Term, env: Bindings) -> Number | Choice[Undefined.UNDEFINED]:
        """The value as a number."""
        value = self.value(term, env)
        if isinstance(value, Fraction) or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        return UNDEFINED

    def set_of(self, term: Term, env: Bindings) -> frozenset[Value] | None:
        """The value as a set; None if it is undefined."""
        value = self.value(term, env)
        return value if isinstance(value, frozenset) else None

    def _running(self, tasks: Iterable[Task], env: Bindings) -> list[Running] | None:
        """What the tasks come to; None if a number of one is undefined."""
        running = []
        for task in tasks:
            for inner in self.bindings(task.binders, env):
                if not self.holds(task.condition, inner):
                    continue
                start, length = self.number(task.start, inner), self.number(task.length, inner)
                demand = self.number(task.demand, inner)
                if start is UNDEFINED or length is UNDEFINED or demand is UNDEFINED:
                    return None
                running.append(Running(start, start + length, demand))
        return running

    def _ordered(self, left: Term, right: Term, env: Bindings, *, strict: bool) -> bool:
        a, b = self.value(left, env), self.value(right, env)
        if isinstance(a, Element) and isinstance(b, Element):
            return a.index < b.index if strict else a.index <= b.index
        if isinstance(a, int | Fraction) and isinstance(b, int | Fraction):
            return a < b if strict else a <= b
        return False

    def _aggregate(self, term: Aggregate, env: Bindings) -> Result:
        matching = (inner for inner in self.bindings(term.binders, env) if self.holds(term.condition, inner))
        match term.kind:
            case "count":
                return sum(1 for _ in matching)
            case "sum":
                return self._total(self.number(term.element, inner) for inner in matching)
            case "prod":
                return self._product(self.number(term.element, inner) for inner in matching)
            case "min" | "max":
                return extremum(term.kind, (self.number(term.element, inner) for inner in matching))
            case "all_different":
                return self.holds(term, env)
            case _:
                assert_never(term.kind)

    def _total(self, numbers: Iterable[Number | Choice[Undefined.UNDEFINED]]) -> Result:
        total: Number = 0
        for value in numbers:
            if value is UNDEFINED:
                return UNDEFINED
            if value:
                total += value
        return number(total)

    def _product(self, numbers: Iterable[Number | Choice[Undefined.UNDEFINED]]) -> Result:
        total: Number = 1
        for value in numbers:
            if value is UNDEFINED:
                return UNDEFINED
            if total != 1:
                guard_size(bits_of(total) + bits_of(value))
            total *= value
        return number(total)

    def bindings(self, binders: Sequence[Bound], env: Bindings) -> Iterator[Bindings]:
        """Every binding of the variables, as `bindings_of` says."""
        inner = dict(env)
        if not binders:
            yield inner
            return
        open_domains = [iter(self.domain(binders[0], inner))]
        while open_domains:
            depth = len(open_domains) - 1
            value = next(open_domains[-1], UNDEFINED)
            if value is UNDEFINED:
                open_domains.pop()
                continue
            if self.budget is not None:
                self.budget.spend()
            inner[binders[depth].variable.name] = value
            if depth + 1 == len(binders):
                yield inner
            else:
                open_domains.append(iter(self.domain(binders[depth + 1], inner)))

    def domain(self, bound: Bound, env: Bindings) -> Iterable[Value]:
        """The values that a bound variable runs over."""
        match bound.domain:
            case None:
                return sort_values(bound.variable.sort)
            case Interval(low, high):
                first, last = self.number(low, env), self.number(high, env)
                if first is UNDEFINED or last is UNDEFINED:
                    return ()
                return range(ceil(first), floor(last) + 1)
            case Listed(values):
                found = dict.fromkeys(self.value(value, env) for value in values)
                return [value for value in found if value is not UNDEFINED and value is not None]
            case _:
                assert_never(bound.domain)
