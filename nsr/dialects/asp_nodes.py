"""Answer-set programs as data: terms, literals, statements, as they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nsr.diagnostics import Span

__all__ = [
    "Aggregate", "Atom", "Binary", "Call", "Choice", "Comparison", "Counted", "Element", "Interval", "Item",
    "Literal", "Minus", "Number", "Optimize", "Program", "Rule", "Show", "Summand", "Symbol", "Term", "Variable",
]  # fmt: skip

# Terms


@dataclass(frozen=True, slots=True)
class Number:
    value: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A constant; `text` as it is written, with the quotation marks of a string."""

    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Minus:
    term: Term


@dataclass(frozen=True, slots=True)
class Binary:
    """`+`, `-`, `*`, `/`, `\\` or `**`."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Interval:
    low: Term
    high: Term


@dataclass(frozen=True, slots=True)
class Call:
    """A name with pools of arguments: an atom where a literal stands, else a function."""

    name: str
    pools: tuple[tuple[Term, ...], ...]


Term: TypeAlias = Number | Symbol | Variable | Minus | Binary | Interval | Call

# Literals and statements


@dataclass(frozen=True, slots=True)
class Atom:
    """An atom, or its strong negation."""

    name: str
    args: tuple[Term, ...]
    is_negative: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Literal:
    """One of several atoms (a pool), under `not` or not."""

    atoms: tuple[Atom, ...]
    is_denied: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: str
    left: Term
    right: Term
    span: Span


@dataclass(frozen=True, slots=True)
class Summand:
    """Terms that count once for each different tuple of values, under conditions."""

    terms: tuple[Term, ...]
    conditions: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`#count` and `#sum` of elements, between two bounds that may be absent; `kind` without the `#`."""

    kind: str
    elements: tuple[Summand, ...]
    lower: tuple[Term, str] | None
    upper: tuple[str, Term] | None
    is_denied: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Counted:
    """`n { a : b; ... } m` in a body: how many different atoms hold."""

    elements: tuple[Element, ...]
    lower: Term | None
    upper: Term | None
    is_denied: bool
    span: Span


Item: TypeAlias = Literal | Comparison | Aggregate | Counted


@dataclass(frozen=True, slots=True)
class Element:
    """An atom that may be chosen, under conditions."""

    atoms: tuple[Atom, ...]
    conditions: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Atoms that may hold, at least `lower` and at most `upper` of them."""

    elements: tuple[Element, ...]
    lower: Term | None
    upper: Term | None
    span: Span


@dataclass(frozen=True, slots=True)
class Rule:
    """`heads` are alternatives (none of a constraint), each with a pool of atoms that all hold; or it is a choice."""

    heads: tuple[tuple[Atom, ...], ...]
    choice: Choice | None
    body: tuple[Item, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Show:
    """What is to be shown: a name and a number of arguments, None for nothing."""

    name: str | None
    arity: int
    is_negative: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Optimize:
    """Terms whose sum over different tuples is to be least (or greatest), by priority."""

    is_least: bool
    elements: tuple[tuple[Term, Term | None, Summand], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Program:
    rules: tuple[Rule, ...]
    shows: tuple[Show, ...]
    objectives: tuple[Optimize, ...]
    constants: dict[str, Term]
