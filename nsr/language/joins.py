"""In which order the parts of a rule's body are looked at: the plan that `closure` follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, assert_never

from nsr.language.ir import (
    And,
    Apply,
    Bound,
    Conditional,
    Equal,
    Implies,
    Interval,
    LessEqual,
    Listed,
    Literal,
    Member,
    Or,
    Quantified,
    Restrict,
    Variable,
)
from nsr.language.sorts import INT, SetSort, sort_size
from nsr.language.traverse import free_variables, subterms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nsr.language.ir import Program, Term

__all__ = ["Body", "Each", "Join", "Let", "Match", "Step", "Test", "Uses", "bodies_of", "joins_of", "uses_of"]

MAX_ALTERNATIVES = 32
"""A body with `or` between calls is split into at most so many bodies; else it is tested as it is."""


class Uses(NamedTuple):
    """The declared symbols that a formula speaks of, definitions looked into.

    `growing`: those with a call under `and`, `or`, quantifiers and the like only, which more rows can only make true.
    `fixed`: those that stand elsewhere (negated, counted, compared). The same symbol may be both.
    """

    growing: frozenset[str]
    fixed: frozenset[str]


def uses_of(term: Term, program: Program) -> Uses:
    """What a formula speaks of, and how."""
    growing: set[str] = set()
    fixed: set[str] = set()
    seen: set[tuple[str, bool]] = set()
    stack: list[tuple[Term, bool]] = [(term, True)]
    while stack:
        node, is_growing = stack.pop()
        if not is_growing:
            for inner in subterms(node):
                if isinstance(inner, Apply):
                    fixed.add(inner.symbol)
                    _look_into(inner.symbol, False, program, seen, stack)
            continue
        match node:
            case And(args) | Or(args):
                stack.extend((arg, True) for arg in args)
            case Implies(left, right):
                stack.extend(((left, False), (right, True)))
            case Conditional(condition, then, otherwise):
                stack.extend(((condition, False), (then, True), (otherwise, True)))
            case Quantified(_, binders, body):
                stack.extend((part, False) for part in _domain_terms(binders))
                stack.append((body, True))
            case Apply(symbol, args):
                growing.add(symbol)
                stack.extend((arg, False) for arg in args)
                _look_into(symbol, True, program, seen, stack)
            case _:
                stack.append((node, False))
    return Uses(frozenset(growing), frozenset(fixed))


def _look_into(
    symbol: str, is_growing: bool, program: Program, seen: set[tuple[str, bool]], stack: list[tuple[Term, bool]]
) -> None:
    if symbol in program.definitions and (symbol, is_growing) not in seen:
        seen.add((symbol, is_growing))
        stack.append((program.definitions[symbol].body, is_growing))


def _domain_terms(binders: Iterable[Bound]) -> Iterator[Term]:
    for bound in binders:
        match bound.domain:
            case None:
                pass
            case Interval(low, high):
                yield from (low, high)
            case Listed(values):
                yield from values
            case _:
                assert_never(bound.domain)


# Bodies


@dataclass(frozen=True, slots=True)
class Body:
    """Parts that all have to hold, and the variables in them."""

    binders: tuple[Bound, ...]
    parts: tuple[Term, ...]


def bodies_of(binders: Sequence[Bound], body: Term, program: Program) -> list[Body]:
    """The bodies, one of which has to hold; `or` and `exists` around calls of relations are taken apart.

    They stay where a table may lack an entry: then the whole body is false, and not one of its alternatives.
    """
    done: list[Body] = []
    names = _names(binders)
    stack: list[tuple[tuple[Bound, ...], tuple[Term, ...], tuple[Term, ...]]] = [(tuple(binders), (), (body,))]
    while stack:
        bound, parts, todo = stack.pop()
        if not todo:
            done.append(Body(bound, parts))
            continue
        first, rest = todo[0], todo[1:]
        match first:
            case And(args):
                stack.append((bound, parts, (*args, *rest)))
            case Quantified("exists", inner, part) if not names & _names(inner) and _can_be_split(first, program):
                names |= _names(inner)
                stack.append(((*bound, *inner), parts, (part, *rest)))
            case Or(args) if len(done) + len(stack) + len(args) < MAX_ALTERNATIVES and _can_be_split(first, program):
                stack.extend((bound, parts, (arg, *rest)) for arg in reversed(args))
            case _:
                stack.append((bound, (*parts, first), rest))
    return done


def _names(binders: Iterable[Bound]) -> set[str]:
    return {bound.variable.name for bound in binders}


def _can_be_split(term: Term, program: Program) -> bool:
    """Whether calls of relations are inside, and no table that may lack an entry."""
    uses = uses_of(term, program)
    symbols = uses.growing | uses.fixed
    if any(s in program.tables and not program.tables[s].has_default for s in symbols):
        return False
    return any(_is_relation(symbol, program) for symbol in uses.growing)


def _is_relation(symbol: str, program: Program) -> bool:
    return symbol in program.symbols and program.symbols[symbol].kind == "rel"


# Joins


@dataclass(frozen=True, slots=True)
class Match:
    """Rows of `symbol` whose values at `places` are those of `known`; the names take the values at `taken`."""

    symbol: str
    places: tuple[int, ...]
    known: tuple[Term, ...]
    taken: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """A part that has to hold; `is_growing` if calls of growing relations inside are looked up in the rows so far."""

    term: Term
    is_growing: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Let:
    """A variable that equals a term whose value is known."""

    names: tuple[str, ...]
    term: Term


@dataclass(frozen=True, slots=True)
class Each:
    """A variable that runs over its domain."""

    bound: Bound
    names: tuple[str, ...]


Step: TypeAlias = Match | Test | Let | Each


@dataclass(frozen=True, slots=True)
class Join:
    """One way through a body.

    `trigger`: the first step takes each new row of that relation. Otherwise all rows are gone through, once, or as long
    as there are new ones if `is_repeated`.
    """

    steps: tuple[Step, ...]
    trigger: str | None = None
    is_repeated: bool = False


def joins_of(body: Body, growing: frozenset[str], program: Program) -> Iterator[Join]:
    """Ways through a body: one for each call of a growing relation, and one more for growing relations elsewhere.

    Without any of these it is a single one.
    """
    calls = [part for part in body.parts if isinstance(part, Apply) and part.symbol in growing]
    for call in calls:
        yield Join(_Planner(body, growing, program).plan(call), call.symbol)
    others = [part for part in body.parts if not (isinstance(part, Apply) and part.symbol in growing)]
    is_repeated = any(growing & uses_of(part, program).growing for part in others)
    if not calls or is_repeated:
        yield Join(_Planner(body, growing, program).plan(None), None, is_repeated)


class _Planner:
    """Chooses the steps; `_bound` are the variables known so far."""

    def __init__(self, body: Body, growing: frozenset[str], program: Program) -> None:
        self._growing = growing
        self._program = program
        self._binders = {bound.variable.name: bound for bound in body.binders}
        self._pending = list(body.parts)
        self._bound: set[str] = set()
        self._steps: list[Step] = []
        self._fresh = 0
        self._free: dict[int, tuple[Term, frozenset[str]]] = {}

    def plan(self, first: Apply | None) -> tuple[Step, ...]:
        """All steps, the call `first` at the beginning if it is given."""
        if first is not None:
            self._pending.remove(first)
            self._match(first, is_new=True)
        while self._step():
            pass
        assert not self._pending, "a variable of the body is bound nowhere"
        return tuple(self._steps)

    def _step(self) -> bool:
        """One more step, if there is something left to do."""
        for part in self._pending:
            if self._is_known(part):
                self._pending.remove(part)
                is_growing = bool(self._growing & uses_of(part, self._program).growing)
                self._steps.append(Test(part, is_growing))
                return True
        if self._let() or self._call():
            return True
        unbound = [bound for name, bound in self._binders.items() if name not in self._bound]
        ready = [b for b in unbound if all(self._is_known(term) for term in _domain_terms((b,)))]
        if not ready:
            return False
        finite = [b for b in ready if b.domain is not None or sort_size(b.variable.sort) is not None]
        bound = (finite or ready)[0]
        self._bound.add(bound.variable.name)
        self._steps.append(Each(bound, (bound.variable.name,)))
        return True

    def _is_known(self, term: Term) -> bool:
        if id(term) not in self._free:
            self._free[id(term)] = (term, free_variables(term))
        return self._free[id(term)][1] <= self._bound

    def _let(self) -> bool:
        """A variable that some part equates with a known term."""
        for part in self._pending:
            if not isinstance(part, Equal):
                continue
            for side, other in ((part.left, part.right), (part.right, part.left)):
                if isinstance(side, Variable) and self._is_known(other):
                    self._pending.remove(part)
                    self._steps.append(Let((side.name,), other))
                    self._bind(side, is_of_sort=False)
                    return True
        return False

    def _call(self) -> bool:
        """The first call of a relation that speaks of something known, else the first."""
        calls = [part for part in self._pending if isinstance(part, Apply) and _is_relation(part.symbol, self._program)]
        if not calls:
            return False
        joined = [call for call in calls if any(self._is_known(arg) for arg in call.args)]
        chosen = (joined or calls)[0]
        self._pending.remove(chosen)
        self._match(chosen, is_new=False)
        return True

    def _match(self, call: Apply, *, is_new: bool) -> None:
        """Look a call up; what is known becomes the key, the rest is bound, or compared once it is known."""
        places, known, taken, names = [], [], [], []
        variables: list[tuple[Variable, bool]] = []
        for place, arg in enumerate(call.args):
            if not is_new and self._is_known(arg):
                places.append(place)
                known.append(arg)
                continue
            inner = arg.arg if isinstance(arg, Restrict) else arg
            taken.append(place)
            if isinstance(inner, Variable) and inner.name not in self._bound and inner.name not in names:
                names.append(inner.name)
                variables.append((inner, inner is arg))
            else:
                names.append(self._compared(arg))
        self._steps.append(Match(call.symbol, tuple(places), tuple(known), tuple(taken), tuple(names)))
        for variable, is_of_sort in variables:
            self._bind(variable, is_of_sort=is_of_sort)

    def _compared(self, arg: Term) -> str:
        """A new name for the value at a place, which has to equal that of a term."""
        self._fresh += 1
        value = Variable(f"#{self._fresh}", INT)
        self._bound.add(value.name)
        self._pending.append(Equal(arg, value))
        return value.name

    def _bind(self, variable: Variable, *, is_of_sort: bool) -> None:
        """A variable is known from now on; that its value is one of its domain is tested."""
        self._bound.add(variable.name)
        if not is_of_sort:
            self._pending.append(Equal(Restrict(variable, variable.sort), variable))
        bound = self._binders.get(variable.name)
        if bound is None:
            return
        match bound.domain:
            case None:
                pass
            case Interval(low, high):
                self._pending.append(And((LessEqual(low, variable), LessEqual(variable, high))))
            case Listed(values):
                if all(isinstance(value, Literal) for value in values):
                    known = frozenset(value.value for value in values if isinstance(value, Literal))
                    self._pending.append(Member(variable, Literal(known, SetSort(variable.sort))))
                else:
                    self._pending.append(Or(tuple(Equal(variable, value) for value in values)))
            case _:
                assert_never(bound.domain)
