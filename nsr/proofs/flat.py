"""Terms of clauses in the form that the search works on: variables are numbers, everything else a tuple.

A tuple has a key, the number of what stands at its head, and its parts. Literals and whole formulas that bind variables
are heads without parts that matter, so that unification never looks into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from nsr.language.ir import Apply, Equal, Literal, Term, Variable
from nsr.language.sorts import BOOL
from nsr.language.traverse import binders_of, children, free_variables, subterms, with_children
from nsr.proofs.steps import Clause, Signed
from nsr.proofs.terms import SKOLEM, canonical, fits, is_total, substituted

if TYPE_CHECKING:
    from nsr.language.ir import Program
    from nsr.language.sorts import Sort

__all__ = [
    "Flat", "FlatClause", "Member", "Vocabulary", "apply", "is_ground", "match", "shifted", "size", "unify",
    "variables_of",
]  # fmt: skip

Flat: TypeAlias = Any
"""A variable (an `int`), or a tuple of a key and parts."""

Member: TypeAlias = tuple[bool, Any]
"""Whether an atom stands positive, and the atom."""

_PART = Variable("", BOOL)
"""Stands for each part in the pattern of a head."""


@dataclass(frozen=True, slots=True)
class FlatClause:
    """Members, and the sort of each variable, in order of their numbers."""

    members: tuple[Member, ...]
    sorts: tuple[Sort, ...]


class Vocabulary:
    """Heads by key, both ways, and what is known of each."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._keys: dict[tuple[object, ...], int] = {}
        self._patterns: list[Term] = []
        self._names: list[tuple[str, ...]] = []
        self._fitting: dict[tuple[int, Sort], bool] = {}
        self._open: dict[int, bool] = {}
        self.equality = self._key(Equal(_PART, _PART))

    def _key(self, pattern: Term, names: tuple[str, ...] = ()) -> int:
        found = self._keys.setdefault((type(pattern), pattern, names), len(self._patterns))
        if found == len(self._patterns):
            self._patterns.append(pattern)
            self._names.append(names)
        return found

    def flat(self, term: Term, numbers: dict[str, int], sorts: list[Sort]) -> Flat:
        """A term in the form of the search; new variables get the next numbers."""
        if isinstance(term, Variable):
            if term.name not in numbers:
                numbers[term.name] = len(sorts)
                sorts.append(term.sort)
            return numbers[term.name]
        if binders_of(term):
            free = {v.name: v for v in subterms(term) if isinstance(v, Variable) and v.name in free_variables(term)}
            names = tuple(sorted(free))
            return (self._key(term, names), *(self.flat(free[name], numbers, sorts) for name in names))
        inner = children(term)
        pattern = with_children(term, [_PART] * len(inner)) if inner else term
        return (self._key(pattern), *(self.flat(part, numbers, sorts) for part in inner))

    def clause(self, clause: Clause) -> tuple[FlatClause, tuple[str, ...]]:
        """A clause in the form of the search, and the names of its variables in order."""
        numbers: dict[str, int] = {}
        sorts: list[Sort] = []
        members = tuple([(s.is_positive, self.flat(s.atom, numbers, sorts)) for s in clause])
        return FlatClause(members, tuple(sorts)), tuple(numbers)

    def term(self, flat: Flat, variables: Sequence[Term]) -> Term:
        """A term back from the form of the search."""
        if isinstance(flat, int):
            return variables[flat]
        pattern, names = self._patterns[flat[0]], self._names[flat[0]]
        parts = [self.term(part, variables) for part in flat[1:]]
        if names:
            return substituted(pattern, dict(zip(names, parts, strict=True)))
        return with_children(pattern, parts) if parts else pattern

    def clause_of(self, clause: FlatClause, variables: Sequence[Term]) -> Clause:
        """A clause back from the form of the search."""
        return tuple([Signed(canonical(self.term(atom, variables)), sign) for sign, atom in clause.members])

    def pattern(self, key: int) -> Term:
        """What stands at a head."""
        return self._patterns[key]

    def is_literal(self, flat: Flat) -> bool:
        """Whether a term is a value."""
        return not isinstance(flat, int) and isinstance(self._patterns[flat[0]], Literal)

    def is_call(self, flat: Flat) -> bool:
        """Whether an atom is a call of a relation."""
        head = self._patterns[flat[0]]
        return isinstance(head, Apply) and head.symbol in self.program.symbols

    def fits(self, flat: Flat, sort: Sort, sorts: Sequence[Sort]) -> bool:
        """Whether a term may stand for a variable of a sort."""
        if isinstance(flat, int):
            return sorts[flat] == sort
        key = (flat[0], sort)
        if key not in self._fitting:
            self._fitting[key] = self._head_fits(self._patterns[flat[0]], sort)
        return self._fitting[key] and all(self.has_value(part, sorts) for part in flat[1:])

    def _head_fits(self, pattern: Term, sort: Sort) -> bool:
        match pattern:
            case Literal():
                return fits(pattern, sort, self.program)
            case Apply(symbol, _, own) if symbol.startswith(SKOLEM):
                return own == sort
            case Apply(symbol, _, own):
                declared = self.program.symbols.get(symbol)
                is_plain = declared is not None and declared.kind in ("var", "pred") and not declared.is_optional
                return is_plain and own == sort
            case _:
                return False

    def is_open(self, flat: Flat) -> bool:
        """Whether a term speaks of an unknown, a relation not looked up, or a Skolem function."""
        if isinstance(flat, int):
            return False
        if flat[0] not in self._open:
            self._open[flat[0]] = self._head_is_open(self._patterns[flat[0]])
        return self._open[flat[0]] or any(self.is_open(part) for part in flat[1:])

    def _head_is_open(self, pattern: Term) -> bool:
        calls = [part.symbol for part in subterms(pattern) if isinstance(part, Apply)]
        kinds = [self.program.symbols[name].kind if name in self.program.symbols else "var" for name in calls]
        return any(kind in ("var", "pred") for kind in kinds)

    def has_value(self, flat: Flat, sorts: Sequence[Sort]) -> bool:
        """Whether a term has a value for sure."""
        if isinstance(flat, int):
            return True
        return is_total(self.term(flat, [Variable("", sort) for sort in sorts]), self.program)


def size(flat: Flat) -> int:
    """How many heads and variables a term has."""
    return 1 if isinstance(flat, int) else 1 + sum(map(size, flat[1:]))


def variables_of(flat: Flat, found: dict[int, None]) -> None:
    """Take up the variables of a term, in order."""
    if isinstance(flat, int):
        found[flat] = None
    else:
        for part in flat[1:]:
            variables_of(part, found)


def apply(flat: Flat, values: Mapping[int, Flat]) -> Flat:
    """The term with its variables replaced until none is left that has a value."""
    if isinstance(flat, int):
        return apply(values[flat], values) if flat in values else flat
    if len(flat) == 1:
        return flat
    return (flat[0], *[apply(part, values) for part in flat[1:]])


def unify(pairs: Iterable[tuple[Flat, Flat]], sorts: Sequence[Sort], vocabulary: Vocabulary) -> dict[int, Flat] | None:
    """Values of variables that make the terms of each pair the same, each of its variable's sort; None without any."""
    values: dict[int, Flat] = {}
    waiting = list(pairs)
    while waiting:
        one, other = waiting.pop()
        while isinstance(one, int) and one in values:
            one = values[one]
        while isinstance(other, int) and other in values:
            other = values[other]
        if one == other:
            continue
        if isinstance(one, int) or isinstance(other, int):
            variable, term = (one, other) if isinstance(one, int) else (other, one)
            if not vocabulary.fits(term, sorts[variable], sorts) or _occurs(variable, term, values):
                return None
            values[variable] = term
        elif one[0] != other[0] or len(one) != len(other):
            return None
        else:
            waiting.extend(zip(one[1:], other[1:], strict=True))
    return values


def _occurs(variable: int, flat: Flat, values: Mapping[int, Flat]) -> bool:
    if isinstance(flat, int):
        return flat == variable or (flat in values and _occurs(variable, values[flat], values))
    return any(_occurs(variable, part, values) for part in flat[1:])


def is_ground(flat: Flat) -> bool:
    """Whether a term has no variable."""
    return not isinstance(flat, int) and all(map(is_ground, flat[1:]))


def shifted(flat: Flat, by: int) -> Flat:
    """The term with other variables, their numbers higher."""
    if isinstance(flat, int):
        return flat + by
    return flat if len(flat) == 1 else (flat[0], *[shifted(part, by) for part in flat[1:]])


def match(
    pattern: Flat, flat: Flat, sorts: Sequence[Sort], flat_sorts: Sequence[Sort], vocabulary: Vocabulary
) -> dict[int, Flat] | None:
    """Values of the pattern's variables that make it the term; None if there are none."""
    values: dict[int, Flat] = {}
    waiting = [(pattern, flat)]
    while waiting:
        one, other = waiting.pop()
        if isinstance(one, int):
            if one in values:
                if values[one] != other:
                    return None
            elif not vocabulary.fits(other, sorts[one], flat_sorts):
                return None
            values[one] = other
        elif isinstance(other, int) or one[0] != other[0]:
            return None
        else:
            waiting.extend(zip(one[1:], other[1:], strict=True))
    return values
