"""Programs as plain data for the way to a worker: numbers, strings and tuples, whatever the depth of a term.

Terms become a list in which every node stands after its children and names them by number, so that neither writing nor
reading recurses, and what is shared stays shared. Origins, citations and questions stay behind: a worker needs none.
The bytes are pickled builtins, and the reader refuses everything else.
"""

from __future__ import annotations

import io
import pickle
from array import array
from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nsr.language import ir
from nsr.language.ir import (
    Definition,
    Facts,
    Find,
    Function,
    Node,
    Program,
    Question,
    Requirement,
    Rule,
    Table,
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
    element,
    sort_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from nsr.language.ir import Term
    from nsr.language.sorts import Sort, Value

__all__ = ["from_bytes", "from_plain", "to_bytes", "to_plain"]

# Kinds of fields.
_NODE, _NODES, _SORT, _VALUE, _POINTS, _PLAIN = range(6)

_NODE_FIELDS = frozenset(
    {
        "arg", "left", "right", "condition", "then", "otherwise", "body", "element", "low", "high", "start", "length",
        "demand", "capacity",
    }
)  # fmt: skip
_CLASSES: tuple[type[Node], ...] = (
    ir.Literal, ir.Variable, ir.Apply, ir.PositionOf, ir.ElementAt, ir.Restrict, ir.FromTruth, ir.Sum, ir.Product,
    ir.Negate, ir.Divide, ir.FloorDivide, ir.Modulo, ir.Power, ir.Absolute, ir.Extremum, ir.Rounded, ir.Conditional,
    ir.Equal, ir.Less, ir.LessEqual, ir.AllDifferent, ir.Not, ir.And, ir.Or, ir.Implies, ir.Iff, ir.Xor, ir.Bound,
    ir.Interval, ir.Listed, ir.Quantified, ir.Aggregate, ir.SetOf, ir.SetComprehension, ir.SetOperation,
    ir.Cardinality, ir.Member, ir.Subset, ir.Task, ir.NoOverlap, ir.Cumulative, ir.Circuit, ir.Piecewise, ir.Modal,
)  # fmt: skip


def _kind(cls: type[Node], name: str) -> int:
    if name in _NODE_FIELDS or (cls is ir.Bound and name in ("variable", "domain")):
        return _NODE
    if name in ("args", "binders", "values", "tasks"):
        return _NODES
    if name == "sort":
        return _SORT
    if name == "points":
        return _POINTS
    return _VALUE if name == "value" else _PLAIN


_FIELDS = {cls: [(f.name, _kind(cls, f.name)) for f in fields(cls) if f.name != "origin"] for cls in _CLASSES}
_TAGS = {cls: tag for tag, cls in enumerate(_CLASSES)}


class _Writer:
    def __init__(self) -> None:
        self.tape: list[tuple[Any, ...]] = []
        self.sorts: list[tuple[Any, ...]] = []
        self.values: list[Any] = []
        self._value_ids: dict[int, int] = {}
        self._value_numbers: dict[tuple[type, Value], int] = {}
        self._numbers: dict[int, int] = {}
        self._sort_numbers: dict[Sort, int] = {}
        self._sort_ids: dict[int, int] = {}

    def term(self, root: Node) -> int:
        """The number of a term on the tape."""
        numbers = self._numbers
        stack: list[Node] = [root]
        while stack:
            node = stack[-1]
            if id(node) in numbers:
                stack.pop()
                continue
            entry: list[Any] = [_TAGS[type(node)]]
            waiting: list[Node] = []
            for name, kind in _FIELDS[type(node)]:
                value = getattr(node, name)
                if kind == _NODE:
                    if value is None:
                        entry.append(None)
                    elif id(value) in numbers:
                        entry.append(numbers[id(value)])
                    else:
                        waiting.append(value)
                elif kind == _NODES:
                    missing = [child for child in value if id(child) not in numbers]
                    if missing:
                        waiting.extend(missing)
                    else:
                        entry.append(tuple([numbers[id(child)] for child in value]))
                elif kind == _SORT:
                    entry.append(self.sort(value))
                elif kind == _VALUE:
                    entry.append(self.value(value))
                elif kind == _POINTS:
                    entry.append(tuple([tuple([self.value(part) for part in point]) for point in value]))
                else:
                    entry.append(value)
            if waiting:
                stack.extend(waiting)
                continue
            numbers[id(node)] = len(self.tape)
            self.tape.append(tuple(entry))
            stack.pop()
        return numbers[id(root)]

    def sort(self, sort: Sort) -> int:
        """The number of a sort in the table of sorts."""
        known = self._sort_ids.get(id(sort))
        if known is not None:
            return known
        number = self._sort_numbers.get(sort)
        if number is None:
            match sort:
                case BoolSort():
                    entry: tuple[Any, ...] = ("bool",)
                case IntSort(low, high, name):
                    entry = ("int", low, high, name)
                case NumberSort(name, values):
                    entry = ("number", name, tuple([self.value(value) for value in values]))
                case EnumSort(name, elements, is_ordered):
                    entry = ("enum", name, elements, is_ordered)
                case RealSort(low, high, is_low_open, is_high_open, name):
                    entry = ("real", self.value(low), self.value(high), is_low_open, is_high_open, name)
                case SetSort(element):
                    entry = ("set", self.sort(element))
                case OpenSort(name, constants):
                    entry = ("open", name, constants)
            number = len(self.sorts)
            self.sorts.append(entry)
            self._sort_numbers[sort] = number
        self._sort_ids[id(sort)] = number
        return number

    def value(self, value: Value) -> Any:
        """A value as plain data."""
        match value:
            case Element(sort, name, index):
                return (sort, name, index)
            case Fraction():
                return (value.numerator, value.denominator)
            case frozenset():
                # In one order, whatever the hashes are: the same program is always the same bytes.
                return sorted([self.value(member) for member in value], key=repr)
            case _:
                return value

    def columns(self, rows: Collection[Sequence[Value]], sorts: Sequence[Sort]) -> list[bytes]:
        """The values of many rows, place by place."""
        return [self.column([row[place] for row in rows], sort) for place, sort in enumerate(sorts)]

    def column(self, values: Iterable[Any], sort: Sort | None = None) -> bytes:
        """Many values: those of an enumeration by their index, others by their numbers in the table of values."""
        if isinstance(sort, EnumSort):
            return array("I", [value.index for value in values]).tobytes()
        known, new = self._value_ids.get, self._number_of
        return array("I", [new(value) if (n := known(id(value))) is None else n for value in values]).tobytes()

    def _number_of(self, value: Value) -> int:
        # Truth values and numbers can be equal.
        key = (type(value), value)
        number = self._value_numbers.setdefault(key, len(self.values))
        if number == len(self.values):
            self.values.append(self.value(value))
        self._value_ids[id(value)] = number
        return number

    def terms(self, terms: Iterable[Node]) -> tuple[int, ...]:
        """The numbers of several terms."""
        return tuple([self.term(term) for term in terms])


def to_plain(
    program: Program,
    requirements: Iterable[tuple[str, Term]],
    facts: Iterable[Facts] = (),
    rules: Iterable[Rule] = (),
) -> tuple[Any, ...]:
    """The declarations of a program, some named formulas, and the facts and rules of a question, as plain data."""
    writer = _Writer()
    # Identities are only good for as long as the nodes live; these lists and the program keep them.
    kept = (list(requirements), list(rules))
    formulas = [(name, writer.term(formula)) for name, formula in kept[0]]
    kept_facts = list(facts)
    statements = (
        [
            (f.name, f.symbol, len(f.rows), writer.columns(f.rows, program.symbols[f.symbol].arguments))
            for f in kept_facts
        ],
        [
            (r.name, r.keyword, r.symbol, writer.terms(r.args), writer.terms(r.binders), writer.term(r.body))
            for r in kept[1]
        ],
    )
    definitions = [(name, writer.terms(d.parameters), writer.term(d.body)) for name, d in program.definitions.items()]
    tables = [
        (
            name,
            len(table.entries),
            writer.columns(table.entries, program.symbols[name].arguments),
            writer.column(table.entries.values()),
            writer.value(table.default),
            table.has_default,
        )
        for name, table in program.tables.items()
    ]
    symbols = [
        (
            f.name,
            f.kind,
            tuple([writer.sort(sort) for sort in f.arguments]),
            writer.sort(f.value),
            f.is_distinct,
            f.is_optional,
            f.distinct_group,
            f.is_auxiliary,
        )
        for f in program.symbols.values()
    ]
    return (writer.sorts, writer.values, writer.tape, symbols, definitions, tables, formulas, statements)


def from_plain(data: Sequence[Any]) -> Program:
    """The program again, without origins and citations; its only question is `Find()`."""
    sorts, values, tape, symbols, definitions, tables, formulas, (facts, rules) = data
    read_sorts: list[Sort] = []
    for entry in sorts:
        read_sorts.append(_sort(entry, read_sorts))
    nodes: list[Any] = []
    readers = [_reader(cls) for cls in _CLASSES]
    for entry in tape:
        nodes.append(readers[entry[0]](entry, nodes, read_sorts))

    def at(numbers: Iterable[int]) -> tuple[Any, ...]:
        return tuple([nodes[number] for number in numbers])

    known = [_value(value) for value in values]
    # Lists, since they are quicker to index than tuples.
    elements = {id(sort): list(sort_values(sort)) for sort in read_sorts if isinstance(sort, EnumSort)}
    functions = {
        name: Function(name, kind, tuple([read_sorts[s] for s in arguments]), read_sorts[value], *flags)
        for name, kind, arguments, value, *flags in symbols
    }

    def rows(symbol: str, count: int, columns: Sequence[bytes]) -> Iterable[tuple[Value, ...]]:
        sorts = functions[symbol].arguments
        read = [_column(raw, elements.get(id(sort), known)) for raw, sort in zip(columns, sorts, strict=True)]
        return zip(*read, strict=True) if read else [()] * count

    return Program(
        sorts={},
        symbols=functions,
        definitions={name: Definition(at(parameters), nodes[body]) for name, parameters, body in definitions},
        tables={
            name: Table(
                dict(zip(rows(name, count, keys), _column(entries, known), strict=True)), _value(default), has_default
            )
            for name, count, keys, entries, default, has_default in tables
        },
        requirements=tuple([Requirement(name, "constraint", nodes[number]) for name, number in formulas]),
        questions=(Question(Find()),),
        facts=tuple(
            [Facts(name, symbol, tuple(rows(symbol, count, columns))) for name, symbol, count, columns in facts]
        ),
        rules=tuple(
            [
                Rule(name, keyword, symbol, at(args), at(binders), nodes[body])
                for name, keyword, symbol, args, binders, body in rules
            ]
        ),
    )


def _column(numbers: bytes, values: Sequence[Value]) -> Iterator[Value]:
    return map(values.__getitem__, array("I", numbers))


def _reader(cls: type[Node]) -> Callable[[Sequence[Any], list[Any], list[Sort]], Node]:
    kinds = [kind for _, kind in _FIELDS[cls]]

    def read(entry: Sequence[Any], nodes: list[Any], sorts: list[Sort]) -> Node:
        out: list[Any] = []
        for index, kind in enumerate(kinds, 1):
            raw = entry[index]
            if kind == _NODE:
                out.append(None if raw is None else nodes[raw])
            elif kind == _NODES:
                out.append(tuple([nodes[number] for number in raw]))
            elif kind == _SORT:
                out.append(sorts[raw])
            elif kind == _VALUE:
                out.append(_value(raw))
            elif kind == _POINTS:
                out.append(tuple([(_value(x), _value(y)) for x, y in raw]))
            else:
                out.append(raw)
        return cls(*out)

    return read


def _sort(entry: Sequence[Any], before: Sequence[Sort]) -> Sort:
    match entry[0]:
        case "bool":
            return BoolSort()
        case "int":
            return IntSort(*entry[1:])
        case "number":
            return NumberSort(entry[1], tuple([_number(value) for value in entry[2]]))
        case "enum":
            return EnumSort(*entry[1:])
        case "real":
            low, high = (None if bound is None else _number(bound) for bound in entry[1:3])
            return RealSort(low, high, *entry[3:])
        case "set":
            return SetSort(before[entry[1]])
        case "open":
            return OpenSort(*entry[1:])
        case other:
            raise ValueError(f"no sort: {other!r}")


def _number(raw: Any) -> int | Fraction:
    return Fraction(*raw) if isinstance(raw, tuple) else int(raw)


def _value(raw: Any) -> Value:
    if isinstance(raw, tuple):
        # The one object that stands for an element: what looks it up is quick then.
        return element(*raw) if len(raw) == 3 else Fraction(*raw)
    if isinstance(raw, list):
        return frozenset([_value(member) for member in raw])
    assert raw is None or isinstance(raw, int)
    return raw


class _PlainReader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"plain data only, not {module}.{name}")


def to_bytes(data: object) -> bytes:
    """Plain data as bytes."""
    return pickle.dumps(data, protocol=5)


def from_bytes(raw: bytes) -> Any:
    """Plain data again.

    Raises:
        pickle.UnpicklingError: if there is anything but builtins in it.
    """
    return _PlainReader(io.BytesIO(raw)).load()
