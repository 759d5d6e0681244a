"""Derivations as data: what was concluded, by what, from which steps.

Every conclusion is a clause: a list of atoms and denied atoms of which one holds, its variables read as "for all". An
atom that is derived is a clause of one. A derivation ends in the empty clause: with the denial of a goal among its
steps it proves the goal, without it the program contradicts itself. What each reason asks for is written here; the
checker (`nsr.proofs.check`) works each step out again and trusts nothing in it.

An atom is any formula that is not taken apart: a call, a comparison, also a sum compared with a number. Terms in
clauses are those of the program with their literals in one form (`nsr.proofs.terms.canonical`), and calls of Skolem
functions, whose names begin with a backquote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from nsr.language.ir import Term
    from nsr.language.sorts import Value

__all__ = [
    "WHOLE",
    "ByAbsence",
    "ByDeclaration",
    "ByDenial",
    "ByEnumeration",
    "ByEvaluation",
    "ByFact",
    "ByImplication",
    "ByInstance",
    "ByPremise",
    "ByReplacement",
    "ByResolution",
    "ByRule",
    "BySimplification",
    "Clause",
    "Derivation",
    "Reason",
    "Signed",
    "Step",
    "Substitution",
    "unit",
]


@dataclass(frozen=True, slots=True)
class Signed:
    """An atom, or its denial."""

    atom: Term
    is_positive: bool = True

    def denied(self) -> Signed:
        """The opposite."""
        return Signed(self.atom, not self.is_positive)


Clause: TypeAlias = tuple[Signed, ...]
"""One of these holds, whatever its variables stand for; of none it is a contradiction. No member stands twice."""

Substitution: TypeAlias = tuple[tuple[str, "Term"], ...]
"""Terms in the place of variables, by name; all at once."""


def unit(atom: Term, *, is_positive: bool = True) -> Clause:
    """The clause of one atom, or of its denial."""
    return (Signed(atom, is_positive),)


# Reasons: what the program says


@dataclass(frozen=True, slots=True)
class ByFact:
    """The atom is a row of a fact (`ir.Facts`) of this name; its arguments are literals. Uses no step."""

    name: str


@dataclass(frozen=True, slots=True)
class ByRule:
    """The head of a rule, for these values of its variables.

    `index` is the rule's place in `Program.rules_of(question)`. Uses the steps that say, as clauses of one, what the
    body takes of unknowns and relations: atoms that hold, and denied ones that do not.
    """

    index: int
    binding: tuple[tuple[str, Value], ...] = ()


WHOLE = -1
"""In the place of a clause: the formula itself, as one atom that is not taken apart."""


@dataclass(frozen=True, slots=True)
class ByImplication:
    """The clause at this place among the clauses of a rule read as "if the body holds, the head does".

    `index` is as in `ByRule`. Uses no step.
    """

    index: int
    clause: int = 0


@dataclass(frozen=True, slots=True)
class ByPremise:
    """The clause at this place among the clauses of a requirement of this name, or the `WHOLE`. Uses no step."""

    name: str
    clause: int = 0


@dataclass(frozen=True, slots=True)
class ByDenial:
    """The clause at this place among the clauses of "the goal is false", or the `WHOLE`. Uses no step."""

    clause: int = 0


@dataclass(frozen=True, slots=True)
class ByAbsence:
    """A closed relation does not hold at these arguments: neither fact nor rule makes it hold (negation as failure).

    Where facts and rules alone decide the relation, no step is used. Otherwise the steps used say, as clauses of one,
    why no rule of the relation applies.
    """


@dataclass(frozen=True, slots=True)
class ByEnumeration:
    """A term has one of the values of its finite sort: the clause of all equations `term == value`. Uses no step."""


@dataclass(frozen=True, slots=True)
class ByDeclaration:
    """A `distinct` symbol has no value twice: "f(x) != f(y) or x == y", or two of one declaration differ.

    Uses no step.
    """


# Reasons: what follows from other steps


@dataclass(frozen=True, slots=True)
class ByEvaluation:
    """One atom is true, or its denial, as the steps used make it: clauses of one about single cells.

    Without a step: as tables, definitions and the relations that facts and rules alone decide make it.
    """


@dataclass(frozen=True, slots=True)
class BySimplification:
    """The one clause used, without the members that are false whatever the unknowns are."""


@dataclass(frozen=True, slots=True)
class ByInstance:
    """The one clause used, with terms in the place of variables; members that become the same are one."""

    values: Substitution = ()


@dataclass(frozen=True, slots=True)
class ByResolution:
    """From two clauses, with terms in the place of the variables of each, that contradict each other in one atom.

    `left` and `right` are the places, in the clauses used, of the members that do. All others, those of the first
    clause first, are concluded.
    """

    left: int
    right: int
    left_values: Substitution = ()
    right_values: Substitution = ()


@dataclass(frozen=True, slots=True)
class ByReplacement:
    """Equals for equals (paramodulation).

    `equation` is the place of an equation in the first clause used; in the member at `place` of the second, the term
    at `path` (places of children, from the outside) is its left side, or its right side if `is_reversed`, and is
    replaced by the other. All other members, those of the first clause first, and the new one are concluded.
    """

    equation: int
    place: int
    path: tuple[int, ...]
    is_reversed: bool = False
    equation_values: Substitution = ()
    values: Substitution = ()


Reason: TypeAlias = (
    ByFact | ByRule | ByImplication | ByPremise | ByDenial | ByAbsence | ByEnumeration | ByDeclaration | ByEvaluation
    | BySimplification | ByInstance | ByResolution | ByReplacement
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A conclusion, what it is by, and the steps that it uses by their places in the derivation, all of them earlier.

    The place of a member of a clause counts: reasons point at it.
    """

    conclusion: Clause
    by: Reason
    uses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """Steps, each after those that it uses; the last one is the empty clause."""

    steps: tuple[Step, ...]
