"""The typed program: names resolved, sorts known, sugar gone, every node with its origin.

What is left of the surface language here: chains, `in`, `exactly n of`, `if` filters of quantifiers and comparisons by
`!=`, `>`, `>=` are written with the constructs below; arithmetic on elements of ordered types is explicit
(`PositionOf`, `ElementAt`). A term is a truth value where its sort is `BOOL`. Nodes are immutable and compare by
content, not by origin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal as Choice
from typing import NamedTuple, TypeAlias

from nsr.diagnostics import Diagnostic, Span
from nsr.language.sorts import BOOL, INT, REAL, SetSort, Sort, Value

# Origins


class Origin(NamedTuple):
    """Where a node came from: the statement's index in the source, and the characters."""

    statement: int
    span: Span


NO_ORIGIN = Origin(-1, Span(0, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    origin: Origin = field(default=NO_ORIGIN, compare=False, repr=False)


# Terms: values


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value; `sort` is the sort it was written for."""

    value: Value
    sort: Sort


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """A bound variable; the checker makes names unique within a program."""

    name: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Apply(Node):
    """A declared function, predicate or definition at its arguments (none for a constant).

    Arguments have exactly the sorts of the declaration: the checker puts `Restrict` or `ElementAt` where a value may
    fall outside, so that being undefined is visible in the tree.
    """

    symbol: str
    args: tuple[Term, ...]
    sort: Sort


@dataclass(frozen=True, slots=True)
class PositionOf(Node):
    """The position, from 1, of an element of an ordered type, as an integer."""

    arg: Term


@dataclass(frozen=True, slots=True)
class ElementAt(Node):
    """The element of the ordered type `sort` at a position (from 1); undefined outside."""

    arg: Term
    sort: Sort


@dataclass(frozen=True, slots=True)
class Restrict(Node):
    """The value itself if it belongs to `sort`; undefined otherwise.

    Written around a number that may lie outside a range or a type of numbers, and around an element that may be `none`.
    """

    arg: Term
    sort: Sort


@dataclass(frozen=True, slots=True)
class FromTruth(Node):
    """1 if the argument holds, else 0; the argument is a formula, so an undefined call of a predicate counts 0."""

    arg: Term


# Terms: arithmetic


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """The sum of the arguments; of none it is 0."""

    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Product(Node):
    """The product of the arguments; of none it is 1."""

    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    arg: Term


@dataclass(frozen=True, slots=True)
class Divide(Node):
    """Exact quotient, a rational; undefined when the divisor is 0."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class FloorDivide(Node):
    """Quotient rounded down, as in Python; undefined when the divisor is 0."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Modulo(Node):
    """Remainder with the divisor's sign, as in Python; undefined when the divisor is 0."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Power(Node):
    """`left ** right` for integers; undefined for 0 to a negative power."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Absolute(Node):
    arg: Term


@dataclass(frozen=True, slots=True)
class Extremum(Node):
    """The least or greatest of the arguments; undefined of none."""

    kind: Choice["min", "max"]
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Rounded(Node):
    """Floor, ceiling, or nearest integer with halves away from zero."""

    kind: Choice["floor", "ceil", "round"]
    arg: Term


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`then` if the condition holds, else `otherwise`; only the branch taken is evaluated. Of any sort, truth too."""

    condition: Term
    then: Term
    otherwise: Term


# Terms: atoms. An atom with an undefined argument is false.


@dataclass(frozen=True, slots=True)
class Equal(Node):
    """Same value; `none` equals only `none`. Truth values written with `==` too: undefined on either side is false."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Less(Node):
    """`left < right` for numbers, and for elements of one ordered type; false when either side is `none`."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class LessEqual(Node):
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class AllDifferent(Node):
    """Pairwise different values; of none and of one it is true. All pairs of "not equal", so undefined ones differ."""

    args: tuple[Term, ...]


# Terms: truth


@dataclass(frozen=True, slots=True)
class Not(Node):
    arg: Term


@dataclass(frozen=True, slots=True)
class And(Node):
    """All hold, looked at from left to right; of none it is true."""

    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """One holds, looked at from left to right; of none it is false."""

    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Implies(Node):
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Iff(Node):
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Xor(Node):
    left: Term
    right: Term


# Terms: binders


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """A bound variable and what it runs over.

    `domain` None: all values of the variable's (finite) sort. Otherwise a pair of integer terms, a range with both
    ends included that may speak of variables bound further left, or a tuple of terms, the values themselves
    (equal ones count once; undefined ones and `none` are left out). A range with an undefined end is empty.
    """

    variable: Variable
    domain: Interval | Listed | None = None


@dataclass(frozen=True, slots=True)
class Interval(Node):
    low: Term
    high: Term


@dataclass(frozen=True, slots=True)
class Listed(Node):
    values: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`forall` or `exists`; a filter is an `Implies` or `And` in the body."""

    kind: Choice["forall", "exists"]
    binders: tuple[Bound, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """`sum`, `prod`, `count`, `min`, `max`, `all_different` of `element` over the bindings where `condition` holds.

    `count` has `element` true everywhere and counts bindings. Of nothing: 0, 1, 0, undefined, undefined, true.
    """

    kind: Choice["sum", "prod", "count", "min", "max", "all_different"]
    binders: tuple[Bound, ...]
    condition: Term
    element: Term


# Terms: sets


@dataclass(frozen=True, slots=True)
class SetOf(Node):
    """The set of the arguments' values; undefined if one of them is."""

    args: tuple[Term, ...]
    sort: SetSort


@dataclass(frozen=True, slots=True)
class SetComprehension(Node):
    """The set of the values of `element` over the bindings where `condition` holds; undefined if one of them is."""

    binders: tuple[Bound, ...]
    condition: Term
    element: Term
    sort: SetSort


@dataclass(frozen=True, slots=True)
class SetOperation(Node):
    """`left | right`, `left & right`, `left - right`."""

    kind: Choice["union", "intersection", "difference"]
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Cardinality(Node):
    """How many values a set has."""

    arg: Term


@dataclass(frozen=True, slots=True)
class Member(Node):
    """An atom: the value of `left` is in the set `right`."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Subset(Node):
    """An atom: every value of the set `left` is in the set `right`."""

    left: Term
    right: Term


# Terms: constraints over many values, all of them atoms


@dataclass(frozen=True, slots=True)
class Task(Node):
    """Tasks of a `NoOverlap` or `Cumulative`, one for each binding where `condition` holds (one if no binders).

    It takes `demand` (1 in a `NoOverlap`) from `start` until before `start + length`. No truth value and no value.
    """

    binders: tuple[Bound, ...]
    condition: Term
    start: Term
    length: Term
    demand: Term


@dataclass(frozen=True, slots=True)
class NoOverlap(Node):
    """No two tasks run at once; a task of length 0 or less takes no time. False if a start or length is undefined."""

    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Cumulative(Node):
    """At every moment the demands of the running tasks sum up to at most `capacity`. False if one is undefined."""

    capacity: Term
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Circuit(Node):
    """Following successors from the first element visits every element once and ends where it began.

    `args[i]` is the successor of the element of index i of the finite `sort`; one that is none of its elements leaves
    no circuit.
    """

    args: tuple[Term, ...]
    sort: Sort


@dataclass(frozen=True, slots=True)
class Piecewise(Node):
    """The value at `arg` of the broken line through `points`, ascending in their first part; undefined outside."""

    arg: Term
    points: tuple[tuple[Value, Value], ...]


# Terms: what holds across worlds, in goals and options only, not under each other


@dataclass(frozen=True, slots=True)
class Modal(Node):
    """`possible`: the formula holds in some world. `certain`: in every one, and there is one. `fixed`: the term has
    the same value in every world, and there is one."""

    kind: Choice["possible", "certain", "fixed"]
    arg: Term


Term: TypeAlias = (
    Literal | Variable | Apply | PositionOf | ElementAt | Restrict | FromTruth | Sum | Product | Negate | Divide
    | FloorDivide | Modulo | Power | Absolute | Extremum | Rounded | Conditional | Equal | Less | LessEqual
    | AllDifferent | Not | And | Or | Implies | Iff | Xor | Quantified | Aggregate | SetOf | SetComprehension
    | SetOperation | Cardinality | Member | Subset | Task | NoOverlap | Cumulative | Circuit | Piecewise | Modal
)  # fmt: skip

TRUE = Literal(True, BOOL)
FALSE = Literal(False, BOOL)


def integer(value: int) -> Literal:
    """An integer literal."""
    return Literal(value, INT)


# Symbols


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A declared symbol.

    `kind`: "var" and "pred" are unknown to be found, "rel" is closed: what the facts and rules make of it, "param" has
    its table in `Program.tables`, "define" its body in `Program.definitions`. Predicates and relations have
    `value == BOOL`. `is_distinct`: injective, `none` apart; `distinct_group` names the declaration whose argument-less
    symbols differ pairwise. `is_optional` adds the value `none`.
    """

    name: str
    kind: Choice["var", "pred", "rel", "param", "define"]
    arguments: tuple[Sort, ...]
    value: Sort
    is_distinct: bool = False
    is_optional: bool = False
    distinct_group: int | None = None
    is_auxiliary: bool = False


@dataclass(frozen=True, slots=True)
class Definition(Node):
    """What a `define` abbreviates."""

    parameters: tuple[Variable, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Table:
    """Known values of a `param`: entries by argument tuple, and the value of every other argument tuple, if any."""

    entries: Mapping[tuple[Value, ...], Value]
    default: Value = None
    has_default: bool = False


# Statements and goals


@dataclass(frozen=True, slots=True)
class Requirement(Node):
    """A formula that holds: `constraint`, `premise` or `assume`; a `fact` or `rule` about a `pred`; the assumption of a
    `missing`.

    `name` is unique in the program: the label, or `s` and the statement's number from 1.
    """

    name: str
    keyword: Choice["constraint", "premise", "assume", "fact", "rule", "missing"]
    formula: Term
    citations: tuple[str, ...] = ()
    has_label: bool = False


@dataclass(frozen=True, slots=True)
class Find(Node):
    """`find`: `mode` "some" asks for `count` solutions. `symbols` are the names asked for, all unknowns if none."""

    mode: Choice["one", "all", "unique", "count", "some"] = "one"
    count: int = 1
    terms: tuple[Term, ...] = ()
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts(Node):
    """Argument tuples at which a relation (kind "rel") holds; named like a requirement."""

    name: str
    symbol: str
    rows: tuple[tuple[Value, ...], ...]
    citations: tuple[str, ...] = ()
    has_label: bool = False


@dataclass(frozen=True, slots=True)
class Rule(Node):
    """`symbol(args)` holds for every binding where `body` does; named like a requirement.

    Stable models: a relation's call under `Not` in a body is default negation. An instance whose arguments are
    undefined or outside their sorts derives nothing; an entry that a table lacks makes the body false. `default`,
    `prefer`, `two_sided` and negative heads are written out by the checker with auxiliary relations.
    """

    name: str
    keyword: Choice["fact", "rule", "default"]
    symbol: str
    args: tuple[Term, ...]
    binders: tuple[Bound, ...]
    body: Term
    citations: tuple[str, ...] = ()
    has_label: bool = False


@dataclass(frozen=True, slots=True)
class Soft(Node):
    """A wish: costs `weight` (a number, not negative) where the formula is false.

    `soft ... for x in T` is one for each instance, all of one name.
    """

    name: str
    weight: Value
    formula: Term
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objective(Node):
    """`minimize` or `maximize`; several rank in the order written."""

    name: str
    kind: Choice["minimize", "maximize"]
    term: Term
    citations: tuple[str, ...] = ()
    has_label: bool = False


@dataclass(frozen=True, slots=True)
class Missing(Node):
    """What the text leaves out; `requirement` names the assumption made (a requirement of that name), if any."""

    notes: tuple[str, ...]
    requirement: str | None = None


@dataclass(frozen=True, slots=True)
class ChoiceOption(Node):
    """An option: of `choose` a formula (or a list of values in one), of a value goal any term to compare with."""

    label: str
    formula: Term
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """`choose` over options; exactly one must be right.

    `could`, `must`, `cannot` may have `except`. `equivalent`: put in place of the requirements named `labels`.
    `determines`: `symbols` and `terms` as in `Find`. `forces`: `formula`.
    """

    mode: Choice["could", "must", "cannot", "equivalent", "determines", "forces"]
    is_except: bool
    options: tuple[ChoiceOption, ...]
    labels: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    symbols: tuple[str, ...] = ()
    formula: Term | None = None


@dataclass(frozen=True, slots=True)
class Prove(Node):
    """Whether a formula holds in every world, in none, or in some only; without a world: inconsistent."""

    formula: Term
    name: str = ""
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask(Node):
    """The bindings of the free variables (in `binders`) where `body` holds; without variables yes or no.

    True where it holds in all worlds, false in none, else unknown.
    """

    binders: tuple[Bound, ...]
    body: Term
    name: str = ""
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compute(Node):
    """The value of each term, the same in all worlds."""

    terms: tuple[Term, ...]
    name: str = ""
    citations: tuple[str, ...] = ()


Goal: TypeAlias = Find | Choose | Prove | Ask | Compute


@dataclass(frozen=True, slots=True)
class Question(Node):
    """A section: its own suppositions, what it withdraws, its objectives and its goal.

    `label` is None where no `question` is written. `drops` are names of requirements, facts, rules or wishes of the
    program, or of the section itself, that do not hold here. `options` are what the value of `compute`, the number of
    `find count`, or else the first objective's value is compared with; the options of `choose` stand in its goal.
    With objectives the worlds are the optimal ones.
    """

    goal: Goal
    label: str | None = None
    citations: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    drops: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    softs: tuple[Soft, ...] = ()
    facts: tuple[Facts, ...] = ()
    rules: tuple[Rule, ...] = ()
    missing: tuple[Missing, ...] = ()
    options: tuple[ChoiceOption, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """A checked program.

    `symbols` are in order of declaration.
    """

    sorts: Mapping[str, Sort]
    symbols: Mapping[str, Function]
    definitions: Mapping[str, Definition]
    tables: Mapping[str, Table]
    requirements: tuple[Requirement, ...]
    questions: tuple[Question, ...]
    warnings: tuple[Diagnostic, ...] = ()
    source: str = field(default="", compare=False, repr=False)
    facts: tuple[Facts, ...] = ()
    rules: tuple[Rule, ...] = ()
    softs: tuple[Soft, ...] = ()
    missing: tuple[Missing, ...] = ()

    def unknowns(self) -> tuple[Function, ...]:
        """The symbols whose values are sought, in order of declaration."""
        return tuple(s for s in self.symbols.values() if s.kind in ("var", "pred"))

    def relations(self) -> tuple[Function, ...]:
        """The closed relations, in order of declaration; a structure has their values beside those of the unknowns."""
        return tuple(s for s in self.symbols.values() if s.kind == "rel")

    def requirements_of(self, question: Question) -> tuple[Requirement, ...]:
        """What holds in a section: the program's requirements and its own, without those it drops."""
        dropped = set(question.drops)
        return tuple(r for r in (*self.requirements, *question.requirements) if r.name not in dropped)

    def facts_of(self, question: Question) -> tuple[Facts, ...]:
        """The facts of a section."""
        dropped = set(question.drops)
        return tuple(f for f in (*self.facts, *question.facts) if f.name not in dropped)

    def rules_of(self, question: Question) -> tuple[Rule, ...]:
        """The rules of a section."""
        dropped = set(question.drops)
        return tuple(r for r in (*self.rules, *question.rules) if r.name not in dropped)

    def softs_of(self, question: Question) -> tuple[Soft, ...]:
        """The wishes of a section."""
        dropped = set(question.drops)
        return tuple(s for s in (*self.softs, *question.softs) if s.name not in dropped)

    def with_question(self, number: int, question: Question) -> Program:
        """The program with another question in the place of one of its own."""
        return replace(self, questions=(*self.questions[:number], question, *self.questions[number + 1 :]))


def sort_of(term: Term) -> Sort:
    """The sort of a term; numbers whose range is not known are `INT`, or `REAL` where a part is real."""
    match term:
        case Literal(_, sort) | Variable(_, sort) | Apply(_, _, sort) | ElementAt(_, sort) | Restrict(_, sort):
            return sort
        case SetOf(_, sort) | SetComprehension(_, _, _, sort):
            return sort
        case SetOperation(_, left, _):
            return sort_of(left)
        case Conditional(_, then, _):
            return sort_of(then)
        case Aggregate(kind=kind):
            return BOOL if kind == "all_different" else INT
        case Equal() | Less() | LessEqual() | AllDifferent() | Member() | Subset():
            return BOOL
        case Not() | And() | Or() | Implies() | Iff() | Xor() | Quantified():
            return BOOL
        case NoOverlap() | Cumulative() | Circuit() | Modal() | Task():
            return BOOL
        case Piecewise():
            return REAL
        case _:
            return INT


Structure: TypeAlias = Mapping[str, Mapping[tuple[Value, ...], Value]]
"""Values of the unknowns and of the relations: by symbol, then by argument tuple (`()` without arguments)."""
