"""The syntax tree: what was written, with a span at every node, nothing resolved.

The parser builds it, the printer writes it, the checker reads it. Lenient spellings are gone here (there is one
node for `&`, `∧` and `and` between truth values), names are plain words without backquotes, and nothing is known of
sorts. Spans take no part in equality, so `parse(print(tree)) == tree`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from nsr.diagnostics import Span

NO_SPAN = Span(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything with a place in the source."""

    span: Span = field(default=NO_SPAN, compare=False, repr=False)


# Names and values


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name as it stands in the text, backquotes removed."""

    text: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    """An exact rational; `is_decimal` keeps `4.50` apart from `4`."""

    value: Fraction
    is_decimal: bool = False


@dataclass(frozen=True, slots=True)
class Truth(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class NoneValue(Node):
    """`none`, the extra value of an `optional` function."""


# Expressions

ArithmeticOperator = Literal["*", "/", "//", "%", "**"]
CompareOperator = Literal["==", "!=", "<", "<=", ">", ">="]
QuantifierKind = Literal["forall", "exists", "exactly", "at_least", "at_most"]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`f(e, ...)`; with a generator (`sum(e for x in T)`) the last argument is what is generated."""

    function: Name
    args: tuple[Expr, ...]
    generator: Generator | None = None


@dataclass(frozen=True, slots=True)
class Additive(Node):
    """`e0 op1 e1 op2 e2 ...` from left to right, flattened so that long sums stay shallow; `-` may join sets."""

    terms: tuple[Expr, ...]
    operators: tuple[Literal["+", "-"], ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A binary arithmetic operation, grouped from left to right (`**` from right to left)."""

    operator: ArithmeticOperator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """Minus sign."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """A chain `e0 op1 e1 op2 e2 ...`; `len(terms) == len(operators) + 1`."""

    terms: tuple[Expr, ...]
    operators: tuple[CompareOperator, ...]


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`e in D` or `e not in D`."""

    element: Expr
    domain: Expr
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Expr


@dataclass(frozen=True, slots=True)
class And(Node):
    """Two or more operands joined by `and`, flattened from left to right."""

    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Two or more operands joined by `or`, flattened from left to right."""

    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Xor(Node):
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Implies(Node):
    """`a implies b`; also `if a then b` without an `else`."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Iff(Node):
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class SetOperation(Node):
    """`&` or `|` whose operands are not visibly truth values: the checker decides between sets and truth values."""

    operator: Literal["&", "|"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Binder(Node):
    """`x, y in T` (several names, one element each) or, with `is_tuple`, `(i, j) in arc`; `domain` None is inferred."""

    names: tuple[Name, ...]
    domain: Expr | None
    is_tuple: bool = False


@dataclass(frozen=True, slots=True)
class Generator(Node):
    """`for binders if filter`, several `for` joined into one."""

    binders: tuple[Binder, ...]
    filter: Expr | None = None


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`forall x in T if φ: ψ` and its kin; `count` for exactly, at_least, at_most."""

    kind: QuantifierKind
    count: Expr | None
    binders: tuple[Binder, ...]
    filter: Expr | None
    body: Expr


@dataclass(frozen=True, slots=True)
class SomeOf(Node):
    """`exactly n of (φ, ...)`."""

    kind: QuantifierKind
    count: Expr | None
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`if φ then a else b`."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Distinct(Node):
    """`distinct(e, ...)` or `distinct(e for x in T)`."""

    args: tuple[Expr, ...]
    generator: Generator | None = None


@dataclass(frozen=True, slots=True)
class TupleTerm(Node):
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class SetTerm(Node):
    """`{}`, `{a, b}` or `{e for x in T}` (one argument and a generator)."""

    args: tuple[Expr, ...]
    generator: Generator | None = None


@dataclass(frozen=True, slots=True)
class ListTerm(Node):
    """`[]`, `[a, b]` or `[e for x in T]`."""

    args: tuple[Expr, ...]
    generator: Generator | None = None


@dataclass(frozen=True, slots=True)
class TableTerm(Node):
    """`{k: v, ...}`."""

    entries: tuple[tuple[Expr, Expr], ...]


@dataclass(frozen=True, slots=True)
class RangeTerm(Node):
    """`low..high`, both ends included."""

    low: Expr
    high: Expr


Expr: TypeAlias = (
    Name | Number | Truth | NoneValue | Call | Additive | Arithmetic | Negate | Comparison | Member | Not | And | Or
    | Xor | Implies | Iff | SetOperation | Quantified | SomeOf | Conditional | Distinct | TupleTerm | SetTerm | ListTerm
    | TableTerm | RangeTerm
)  # fmt: skip

# Statement heads


@dataclass(frozen=True, slots=True)
class Citation(Node):
    """A quoted piece of the problem's text, escapes resolved."""

    text: str


@dataclass(frozen=True, slots=True)
class Head(Node):
    """`[label] ["sentence" ...]` of a statement."""

    label: Name | None = None
    citations: tuple[Citation, ...] = ()


# Sorts as written


@dataclass(frozen=True, slots=True)
class SortName(Node):
    """`int`, `real`, `bool` (`is_builtin`) or a declared type."""

    name: str
    is_builtin: bool = False


@dataclass(frozen=True, slots=True)
class Limit(Node):
    """One of `>= e`, `> e`, `<= e`, `< e` after a sort."""

    operator: Literal[">=", ">", "<=", "<"]
    value: Expr


@dataclass(frozen=True, slots=True)
class ValueType(Node):
    """What a function yields: a sort or range, `set of` it, or it with bounds (`in low..high` or limits)."""

    sort: SortName | RangeTerm
    is_set: bool = False
    low: Expr | None = None
    high: Expr | None = None
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """One argument of a signature, with its name if it has one."""

    sort: SortName | RangeTerm
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class Signature(Node):
    name: Name
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Data(Node):
    """The table of a declaration: an expression, or a file with an optional column."""

    value: Expr | None = None
    file: str | None = None
    column: str | None = None
    is_symmetric: bool = False
    default: Expr | None = None


# Statements


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """Base of all statements; `head` carries label and citations (declarations have no label)."""

    head: Head = field(default=Head(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Include(Statement):
    name: Name


@dataclass(frozen=True, slots=True)
class Question(Statement):
    """Opens a section; its label and citation stand in `head`."""


@dataclass(frozen=True, slots=True)
class Missing(Statement):
    """What the text leaves out; `condition` is the assumption made, if any."""

    condition: Expr | None = None


@dataclass(frozen=True, slots=True)
class TypeDecl(Statement):
    """A type: open (`body` None), `{...}`, `[...]` (ordered), a range, or a file."""

    name: Name
    body: Enumeration | RangeTerm | str | None = None
    may_coincide: bool = False


@dataclass(frozen=True, slots=True)
class Enumeration(Node):
    """Elements of a type, names or numbers, in order; `is_ordered` for `[...]`."""

    elements: tuple[Name | Number, ...]
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class ConstGroup(Node):
    names: tuple[Name, ...]
    sort: Name


@dataclass(frozen=True, slots=True)
class ConstDecl(Statement):
    groups: tuple[ConstGroup, ...]


@dataclass(frozen=True, slots=True)
class ParamDecl(Statement):
    signatures: tuple[Signature, ...]
    value: ValueType
    data: Data | None = None


@dataclass(frozen=True, slots=True)
class VarGroup(Node):
    signatures: tuple[Signature, ...]
    value: ValueType
    is_distinct: bool = False
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class VarDecl(Statement):
    groups: tuple[VarGroup, ...]


@dataclass(frozen=True, slots=True)
class PredDecl(Statement):
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class RelDecl(Statement):
    signatures: tuple[Signature, ...]
    data: Data | None = None
    is_two_sided: bool = False


@dataclass(frozen=True, slots=True)
class Define(Statement):
    signature: Signature
    value: ValueType | None
    body: Expr


@dataclass(frozen=True, slots=True)
class Require(Statement):
    """`constraint`, `premise` or `assume`: the formulas hold; with a generator, for all of its bindings."""

    keyword: Literal["constraint", "premise", "assume"]
    formulas: tuple[Expr, ...]
    generator: Generator | None = None


@dataclass(frozen=True, slots=True)
class Drop(Statement):
    labels: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Soft(Statement):
    weight: Expr | None
    formula: Expr
    generator: Generator | None = None


@dataclass(frozen=True, slots=True)
class Literal_(Node):
    """An atom, possibly denied, in a fact or the head of a rule."""

    atom: Name | Call
    is_negative: bool = False


@dataclass(frozen=True, slots=True)
class Fact(Statement):
    literals: tuple[Literal_, ...]


@dataclass(frozen=True, slots=True)
class Rule(Statement):
    """`rule` or `default`: head if body unless exceptions."""

    keyword: Literal["rule", "default"]
    conclusion: Literal_
    body: tuple[Expr, ...] = ()
    unless: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Prefer(Statement):
    better: tuple[Name, ...]
    worse: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Find(Statement):
    """`find [mode] [terms]`; `count` is the N of `find N`."""

    mode: Literal["one", "all", "unique", "count", "some"] | None = None
    count: int | None = None
    terms: tuple[Name | Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Prove(Statement):
    formulas: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Ask(Statement):
    body: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compute(Statement):
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Optimize(Statement):
    keyword: Literal["minimize", "maximize"]
    objective: Expr


@dataclass(frozen=True, slots=True)
class Choose(Statement):
    """`choose` with its mode: a modality (with or without `except`) or one of the three word modes with operands."""

    mode: Literal["could", "must", "cannot", "equivalent", "determines", "forces"]
    is_except: bool = False
    labels: tuple[Name, ...] = ()
    terms: tuple[Name | Call, ...] = ()
    formula: Expr | None = None


@dataclass(frozen=True, slots=True)
class Option(Statement):
    """One option; its label stands in `label` (a number is kept as its digits)."""

    label: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class ParsedProgram:
    """All statements in order, with the source they came from."""

    statements: tuple[Statement, ...]
    source: str = field(default="", compare=False, repr=False)
