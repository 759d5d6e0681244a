"""Which features a program uses: one walk over its declarations, requirements and rules."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from nsr.language.ir import (
    Absolute,
    Aggregate,
    AllDifferent,
    And,
    Apply,
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
    Less,
    LessEqual,
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
    sort_of,
)
from nsr.language.sorts import (
    BoolSort,
    Element,
    EnumSort,
    IntSort,
    NumberSort,
    OpenSort,
    RealSort,
    SetSort,
    sort_size,
)
from nsr.language.traverse import children
from nsr.reformulations.coding import scale_of
from nsr.reformulations.dependence import decided_relations
from nsr.reformulations.protocol import Construct, Feature, Position
from nsr.reformulations.strictness import has_strict_reals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nsr.language.ir import Bound, Function, Program, Term
    from nsr.language.sorts import Sort, Value

__all__ = ["WIDEST", "features_of"]

WIDEST = 1 << 62
"""Integers from here on do not fit the back ends with machine integers."""

_TOP, _REIFIED, _VALUE, _DECLARATION = Position.TOP, Position.REIFIED, Position.VALUE, Position.DECLARATION


_LINEAR, _PRODUCT = Feature(Construct.LINEAR, _VALUE), Feature(Construct.PRODUCT, _VALUE)
_ELEMENT = Feature(Construct.ELEMENT, _VALUE)
_COMPARED, _COMPARED_INSIDE = Feature(Construct.COMPARISON, _TOP), Feature(Construct.COMPARISON, _REIFIED)
_COMPARISONS = frozenset((Equal, Less, LessEqual))

_PLAIN: dict[type, Feature] = {
    **dict.fromkeys((Or, Not, Implies, Iff, Xor), Feature(Construct.BOOLEAN, _REIFIED)),
    **dict.fromkeys((Sum, Negate, FromTruth), _LINEAR),
    **dict.fromkeys((SetOf, SetOperation, Cardinality, Member, Subset), Feature(Construct.SET, _VALUE)),
    Absolute: Feature(Construct.ABSOLUTE, _VALUE),
    Conditional: Feature(Construct.CONDITIONAL, _VALUE),
    PositionOf: Feature(Construct.ELEMENT, _VALUE),
    Rounded: Feature(Construct.ROUNDED, _VALUE),
    Piecewise: Feature(Construct.PIECEWISE, _VALUE),
    Modal: Feature(Construct.MODAL, _VALUE),
}
"""Nodes that are one feature wherever they stand, and whose parts are looked at as any others."""

_COMPARING = frozenset(
    {
        Feature(Construct.COMPARISON, _REIFIED),
        Feature(Construct.ALL_DIFFERENT, _REIFIED),
        Feature(Construct.ROUNDED, _VALUE),
        Feature(Construct.FLOOR_DIVIDE, _VALUE),
        Feature(Construct.PIECEWISE, _VALUE),
    }
)
"""What compares or rounds numbers within a requirement."""


def features_of(program: Program) -> frozenset[Feature]:
    """The features of the declarations, the requirements, the rules, and the definitions that they call.

    Rules that the data decide count only as what they are.
    """
    scan = _Scan(program)
    for function in program.unknowns():
        scan.found.update(_declaration(function))
    relations = program.relations()
    decided = decided_relations(program) if relations else frozenset()
    for function in relations:
        is_decided = function.name in decided
        scan.found.add(Feature(Construct.DECIDED_RELATION if is_decided else Construct.RELATION, _DECLARATION))
        if not is_decided:
            scan.found.update(_arguments(function))
    for rule in program.rules:
        if rule.symbol not in decided:
            scan.walk(Quantified("exists", rule.binders, rule.body), _REIFIED)
            for arg in rule.args:
                scan.walk(arg, _VALUE)
    for requirement in program.requirements:
        scan.walk(requirement.formula, _TOP)
    if has_strict_reals(program, are_numbers_plain=scan.found.isdisjoint(_COMPARING)):
        scan.found.add(Feature(Construct.STRICT, _VALUE))
    return frozenset(scan.found)


def _declaration(function: Function) -> Iterator[Feature]:
    if function.is_distinct or function.distinct_group is not None:
        yield Feature(Construct.DISTINCT, _DECLARATION)
    if function.is_optional:
        yield Feature(Construct.OPTIONAL, _DECLARATION)
        yield Feature(Construct.PARTIAL, _VALUE)
    yield from _arguments(function)
    match function.value:
        case IntSort(low, high):
            if low is None or high is None:
                yield Feature(Construct.UNBOUNDED, _DECLARATION)
                if function.is_optional and low is None:
                    yield Feature(Construct.UNBOUNDED_OPTIONAL, _DECLARATION)
            elif low <= -WIDEST or high >= WIDEST:
                yield Feature(Construct.WIDE, _VALUE)
        case NumberSort(_, values):
            if min(values) <= -WIDEST or max(values) >= WIDEST:
                yield Feature(Construct.WIDE, _VALUE)
        case EnumSort():
            pass
        case BoolSort():
            if function.is_optional:
                yield Feature(Construct.OPTIONAL_TRUTH, _DECLARATION)
        case RealSort():
            yield Feature(Construct.REAL, _DECLARATION)
        case SetSort(element):
            yield Feature(Construct.SET, _VALUE)
            if function.is_optional:
                yield Feature(Construct.OPTIONAL_SET, _DECLARATION)
            if sort_size(element) is None:
                yield Feature(Construct.INFINITE_ARGUMENT, _DECLARATION)
        case OpenSort():
            yield Feature(Construct.OPEN_TYPE, _DECLARATION)


def _arguments(function: Function) -> Iterator[Feature]:
    for sort in function.arguments:
        if isinstance(sort, OpenSort):
            yield Feature(Construct.OPEN_TYPE, _DECLARATION)
        elif sort_size(sort) is None:
            yield Feature(Construct.INFINITE_ARGUMENT, _DECLARATION)


def _of_value(value: Value) -> Iterator[Feature]:
    if isinstance(value, Fraction):
        yield Feature(Construct.RATIONAL, _VALUE)
    if isinstance(value, int | Fraction) and not -WIDEST < value < WIDEST:
        yield Feature(Construct.WIDE, _VALUE)
    if isinstance(value, Element):
        yield Feature(Construct.ELEMENT, _VALUE)
    if isinstance(value, frozenset):
        yield Feature(Construct.SET, _VALUE)


class _Scan:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._called: dict[str, bool] = {}
        self._calls: dict[int, Term] = {}
        self.found: set[Feature] = set()

    def walk(self, root: Term, position: Position) -> None:
        """Add the features of a term, without recursion."""
        stack = [(root, position)]
        found, calls = self.found, self._calls
        while stack:
            term, where = stack.pop()
            kind = type(term)
            below = _REIFIED
            # Nearly all nodes of a large program are of the first few kinds.
            plain = _PLAIN.get(kind)
            if plain is not None:
                found.add(plain)
            elif kind in _COMPARISONS:
                found.add(_COMPARED if where is _TOP else _COMPARED_INSIDE)
                below = _VALUE
            elif type(term) is Apply:
                # Arguments that are known only name which value is meant.
                self._call(term.symbol, term.args, term.sort, stack)
                stack.extend([(arg, _VALUE) for arg in term.args if type(arg) is not Literal])
                continue
            elif kind is Product:
                unknown = [child for child in children(term) if type(child) is not Literal]
                found.add(_PRODUCT if len(unknown) > 1 else _LINEAR)
            else:
                below = self._other(term, where)
            for child in children(term):
                if type(child) is Literal:
                    value = child.value
                    if type(value) is Element:
                        found.add(_ELEMENT)
                    elif type(value) is not bool and (type(value) is not int or not -WIDEST < value < WIDEST):
                        found.update(_of_value(value))
                elif type(child) is not Apply:
                    stack.append((child, below))
                elif id(child) not in calls:
                    # By identity: calls are shared. Those that are kept stay alive.
                    calls[id(child)] = child
                    stack.append((child, below))

    def _other(self, term: Term, where: Position) -> Position:
        """Add the features of a node of a rarer kind; where its parts stand."""
        found = self.found
        match term:
            case Task(binders):
                if binders:
                    found.update(_of_binders(term, binders))
            case Literal(value):
                found.update(_of_value(value))
            case And():
                if where is _TOP:
                    return _TOP
                found.add(Feature(Construct.BOOLEAN, _REIFIED))
            case AllDifferent(args):
                # What back ends have for whole requirements is about numbers.
                is_plain = where is _TOP and not (args and isinstance(sort_of(args[0]), BoolSort))
                found.add(Feature(Construct.ALL_DIFFERENT, _TOP if is_plain else _REIFIED))
                return _VALUE
            case Quantified(_, binders) | Aggregate(_, binders):
                found.update(_of_binders(term, binders))
            case SetComprehension(binders):
                found.add(Feature(Construct.SET, _VALUE))
                found.update(_of_binders(term, binders))
            case NoOverlap() | Cumulative():
                is_plain = where is _TOP and not _gives_back(term)
                found.add(Feature(Construct.SCHEDULE, _TOP if is_plain else _REIFIED))
                return _VALUE
            case Circuit():
                found.add(Feature(Construct.CIRCUIT, _TOP if where is _TOP else _REIFIED))
                return _VALUE
            case _:
                found.update(_of_operation(term))
        return _REIFIED

    def _call(self, symbol: str, args: tuple[Term, ...], sort: Sort, stack: list[tuple[Term, Position]]) -> None:
        can_nest = self._called.get(symbol)
        if can_nest is None:
            can_nest = self._called[symbol] = self._first_call(symbol, sort, stack)
        if can_nest:
            for arg in args:
                if type(arg) is not Literal:
                    self.found.add(Feature(Construct.NESTED, _VALUE))
                    return

    def _first_call(self, symbol: str, sort: Sort, stack: list[tuple[Term, Position]]) -> bool:
        """What a symbol brings with it; whether its arguments can make a call a nested one."""
        if isinstance(sort, EnumSort):
            self.found.add(Feature(Construct.ELEMENT, _VALUE))
        elif isinstance(sort, NumberSort) and scale_of(sort) != 1:
            self.found.add(Feature(Construct.RATIONAL, _VALUE))
        elif isinstance(sort, SetSort):
            self.found.add(Feature(Construct.SET, _VALUE))
        function = self._program.symbols.get(symbol)
        if function is None:
            return False
        if function.kind == "define":
            self.found.add(Feature(Construct.DEFINITION, _VALUE))
            stack.append((self._program.definitions[symbol].body, _REIFIED))
            return False
        if function.kind == "param":
            self.found.add(Feature(Construct.TABLE, _VALUE))
            table = self._program.tables[symbol]
            for value in {*table.entries.values(), table.default}:
                self.found.update(_of_value(value))
            if None in table.entries.values():
                self.found.add(Feature(Construct.PARTIAL, _VALUE))
                self.found.add(Feature(Construct.OPTIONAL, _DECLARATION))
        return True


def _of_binders(term: Term, binders: Sequence[Bound]) -> Iterator[Feature]:
    is_open = [isinstance(bound.variable.sort, OpenSort) and bound.domain is None for bound in binders]
    if any(is_open):
        yield Feature(Construct.OPEN_TYPE, _DECLARATION)
        if not isinstance(term, Quantified):
            yield Feature(Construct.OPEN_AGGREGATE, _VALUE)
    if not all(is_open):
        yield Feature(Construct.BINDER, _VALUE)


def _gives_back(term: Term) -> bool:
    """Whether a task is sure to need less than nothing: no back end takes such a schedule as it is."""
    tasks = term.tasks if isinstance(term, Cumulative) else ()
    return any(isinstance(t.demand, Literal) and isinstance(t.demand.value, int) and t.demand.value < 0 for t in tasks)


def _of_operation(term: Term) -> Iterator[Feature]:
    match term:
        case Extremum(_, args):
            yield Feature(Construct.EXTREMUM if args else Construct.PARTIAL, _VALUE)
        case ElementAt():
            yield Feature(Construct.ELEMENT, _VALUE)
            yield Feature(Construct.PARTIAL, _VALUE)
        case Restrict():
            yield Feature(Construct.PARTIAL, _VALUE)
        case Divide(_, right):
            yield Feature(Construct.RATIONAL, _VALUE)
            if not isinstance(right, Literal) or right.value == 0:
                yield Feature(Construct.PARTIAL, _VALUE)
                yield Feature(Construct.QUOTIENT, _VALUE)
        case FloorDivide(_, right) | Modulo(_, right):
            yield Feature(Construct.FLOOR_DIVIDE, _VALUE)
            if not isinstance(right, Literal) or right.value == 0:
                yield Feature(Construct.PARTIAL, _VALUE)
                yield Feature(Construct.QUOTIENT, _VALUE)
        case Power():
            yield Feature(Construct.POWER, _VALUE)
            yield Feature(Construct.PARTIAL, _VALUE)
        case Variable(_, sort):
            if not isinstance(sort, OpenSort):
                yield Feature(Construct.BINDER, _VALUE)
            if isinstance(sort, SetSort):
                yield Feature(Construct.SET, _VALUE)
        case _:
            return
