"""Walking terms: the children of a node, one fold and one rebuild.

Everything else that looks through terms passes a function to these; none of them recurses, so neither a very long nor
a very deep term is a problem. What a term means is `evaluate`'s business.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nsr.language.ir import Term

__all__ = ["binders_of", "children", "fold", "free_variables", "rebuild", "subterms", "symbols_of", "with_children"]

R = TypeVar("R")


def _one(term: Any) -> tuple[Term, ...]:
    return (term.arg,)


def _bound(*rest: str) -> Callable[[Any], tuple[Term, ...]]:
    """The domains of the binders, then these fields."""
    below = attrgetter("binders", *rest)

    def inner(term: Any) -> tuple[Term, ...]:
        binders, *parts = below(term)
        return (*_domain_terms(binders), *parts)

    return inner


_ARGS, _TWO = attrgetter("args"), attrgetter("left", "right")

CHILDREN: dict[type, Callable[[Any], tuple[Term, ...]]] = {
    **dict.fromkeys((Literal, Variable), lambda _: ()),
    **dict.fromkeys((Apply, Sum, Product, Extremum, AllDifferent, And, Or, SetOf, Circuit), _ARGS),
    **dict.fromkeys((PositionOf, ElementAt, Restrict, FromTruth, Negate, Absolute, Rounded, Not), _one),
    **dict.fromkeys((Cardinality, Piecewise, Modal), _one),
    **dict.fromkeys((Divide, FloorDivide, Modulo, Power, Equal, Less, LessEqual, Implies, Iff, Xor), _TWO),
    **dict.fromkeys((SetOperation, Member, Subset), _TWO),
    NoOverlap: attrgetter("tasks"),
    Cumulative: lambda term: (term.capacity, *term.tasks),
    Conditional: attrgetter("condition", "then", "otherwise"),
    Quantified: _bound("body"),
    Aggregate: _bound("condition", "element"),
    SetComprehension: _bound("condition", "element"),
    Task: _bound("condition", "start", "length", "demand"),
}
"""For each kind of node where its children are; by kind, since every walk comes through here."""


def children(term: Term) -> tuple[Term, ...]:
    """The terms directly inside `term`, in the order in which they are looked at: domains before condition and body."""
    return CHILDREN[type(term)](term)


def _domain_terms(binders: Sequence[Bound]) -> Iterator[Term]:
    for bound in binders:
        match bound.domain:
            case Interval(low, high):
                yield low
                yield high
            case Listed(values):
                yield from values
            case None:
                pass


def with_children(term: Term, new: Sequence[Term]) -> Term:
    """`term` with other children, as many as `children` gives; the origin stays."""
    match term:
        case Apply(symbol, _, sort):
            return Apply(symbol, tuple(new), sort, origin=term.origin)
        case Literal() | Variable():
            return term
        case Sum() | Product() | Extremum() | AllDifferent() | And() | Or() | SetOf() | Circuit():
            return replace(term, args=tuple(new))
        case PositionOf() | ElementAt() | Restrict() | FromTruth() | Negate() | Absolute() | Rounded() | Not():
            return replace(term, arg=new[0])
        case Cardinality() | Piecewise() | Modal():
            return replace(term, arg=new[0])
        case Divide() | FloorDivide() | Modulo() | Power() | Equal() | Less() | LessEqual() | Implies() | Iff() | Xor():
            return replace(term, left=new[0], right=new[1])
        case SetOperation() | Member() | Subset():
            return replace(term, left=new[0], right=new[1])
        case NoOverlap():
            return replace(term, tasks=_tasks(new))
        case Cumulative():
            return replace(term, capacity=new[0], tasks=_tasks(new[1:]))
        case Task():
            binders = _with_domain_terms(term.binders, new[:-4])
            return replace(term, binders=binders, condition=new[-4], start=new[-3], length=new[-2], demand=new[-1])
        case Conditional():
            return replace(term, condition=new[0], then=new[1], otherwise=new[2])
        case Quantified():
            return replace(term, binders=_with_domain_terms(term.binders, new[:-1]), body=new[-1])
        case Aggregate() | SetComprehension():
            binders = _with_domain_terms(term.binders, new[:-2])
            return replace(term, binders=binders, condition=new[-2], element=new[-1])
        case _:
            assert_never(term)


def _tasks(terms: Sequence[Term]) -> tuple[Task, ...]:
    tasks = tuple(term for term in terms if isinstance(term, Task))
    assert len(tasks) == len(terms), "a task was replaced by something else"
    return tasks


def _with_domain_terms(binders: Sequence[Bound], new: Sequence[Term]) -> tuple[Bound, ...]:
    out, taken = [], 0
    for bound in binders:
        match bound.domain:
            case Interval():
                domain = replace(bound.domain, low=new[taken], high=new[taken + 1])
                out.append(replace(bound, domain=domain))
                taken += 2
            case Listed(values):
                listed = replace(bound.domain, values=tuple(new[taken : taken + len(values)]))
                out.append(replace(bound, domain=listed))
                taken += len(values)
            case None:
                out.append(bound)
    return tuple(out)


def fold(term: Term, fn: Callable[[Term, tuple[R, ...]], R]) -> R:
    """`fn(node, results of its children)` from the leaves up; the result at the root."""
    results: list[R] = []
    stack: list[tuple[Term, int]] = [(term, -1)]
    while stack:
        node, count = stack.pop()
        if count < 0:
            inner = children(node)
            if not inner:
                results.append(fn(node, ()))
                continue
            stack.append((node, len(inner)))
            stack.extend((child, -1) for child in reversed(inner))
        else:
            below = tuple(results[-count:])
            del results[-count:]
            results.append(fn(node, below))
    return results[0]


def rebuild(term: Term, fn: Callable[[Term], Term]) -> Term:
    """`fn` at every node from the leaves up, each with its children already rebuilt; untouched parts stay the same."""

    def step(node: Term, below: tuple[Term, ...]) -> Term:
        if any(new is not old for new, old in zip(below, children(node), strict=True)):
            node = with_children(node, below)
        return fn(node)

    return fold(term, step)


def subterms(term: Term) -> Iterator[Term]:
    """`term` and everything inside it, a node before its children, from left to right."""
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def symbols_of(term: Term) -> frozenset[str]:
    """The names of all declared symbols that occur in `term`; bodies of definitions are not looked into."""
    return frozenset(node.symbol for node in subterms(term) if isinstance(node, Apply))


def binders_of(term: Term) -> tuple[Bound, ...]:
    """What a term binds itself."""
    match term:
        case Quantified(binders=binders) | Aggregate(binders=binders) | Task(binders=binders):
            return binders
        case SetComprehension(binders=binders):
            return binders
        case _:
            return ()


def free_variables(term: Term) -> frozenset[str]:
    """The names of the variables that occur in `term` without being bound there.

    The checker makes names unique in a program, but a term built by hand may bind a name twice; both are right here.
    """

    def step(node: Term, below: tuple[frozenset[str], ...]) -> frozenset[str]:
        match node:
            case Variable(name):
                return frozenset((name,))
            case (
                Quantified(binders=binders)
                | Aggregate(binders=binders)
                | SetComprehension(binders=binders)
                | Task(binders=binders)
            ):
                return _free_of_binding(binders, below)
            case _:
                return frozenset().union(*below)

    return fold(term, step)


def _free_of_binding(binders: Sequence[Bound], below: Sequence[frozenset[str]]) -> frozenset[str]:
    free: set[str] = set()
    bound: set[str] = set()
    taken = 0
    for binder in binders:
        match binder.domain:
            case Interval():
                width = 2
            case Listed(values):
                width = len(values)
            case None:
                width = 0
        for part in below[taken : taken + width]:
            free |= part - bound
        taken += width
        bound.add(binder.variable.name)
    for part in below[taken:]:
        free |= part - bound
    return frozenset(free)
