"""What a reformulation is: a rewriting from typed program to typed program with a declaration.

A program uses *features*, pairs of a construct and a position. A reformulation says which features it removes and which
ones may come in for them; the graph of all of them has no cycle, and the order of application follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nsr.language.ir import Program
    from nsr.limits import Budget

__all__ = ["ASKED", "ATOMS", "BACKGROUND", "GROUND", "Construct", "Feature", "Position", "Reformulation", "features"]


BACKGROUND = "#"
"""What the names of requirements that come from declarations begin with; no label of a program does."""

ASKED = "?"
"""What the names of formulas that are asked about, and need not hold, begin with; no label of a program does."""


class Construct(Enum):
    """What kinds of things a program is made of, as far as back ends differ in them."""

    __hash__ = object.__hash__

    BOOLEAN = "connectives"
    COMPARISON = "comparisons"
    LINEAR = "linear arithmetic"
    PRODUCT = "products of unknowns"
    ABSOLUTE = "absolute values"
    EXTREMUM = "least and greatest of a list"
    CONDITIONAL = "conditionals"
    FLOOR_DIVIDE = "rounded division and remainder"
    QUOTIENT = "exact division by an unknown"
    POWER = "powers of unknowns"
    ROUNDED = "rounding"
    RATIONAL = "numbers that are not whole"
    ALL_DIFFERENT = "lists of different values"
    DEFINITION = "definitions"
    BINDER = "quantifiers and aggregates"
    TABLE = "tables"
    NESTED = "functions of unknown arguments"
    PARTIAL = "terms that can be undefined"
    OPTIONAL = "optional functions"
    DISTINCT = "distinct functions"
    ELEMENT = "elements of enumerations"
    UNBOUNDED = "integers without bounds"
    WIDE = "integers beyond 62 bits"
    INFINITE_ARGUMENT = "functions with infinitely many arguments"
    UNBOUNDED_OPTIONAL = "optional integers without bounds"
    OPTIONAL_TRUTH = "optional truth values"
    OPTIONAL_SET = "optional sets"
    DECIDED_RELATION = "relations that the data decide"
    RELATION = "relations that depend on unknowns"
    ANY_RULE = "rules of any form"
    SET = "sets"
    REAL = "real numbers"
    STRICT = "strict comparisons of real numbers"
    OPEN_TYPE = "open types"
    OPEN_AGGREGATE = "aggregates over open types"
    SCHEDULE = "schedules"
    CIRCUIT = "circuits"
    PIECEWISE = "broken lines"
    MODAL = "statements about all worlds"


class Position(Enum):
    """Where a construct stands: as a whole requirement, inside another formula, as a value, in a declaration."""

    __hash__ = object.__hash__

    TOP = "top"
    REIFIED = "reified"
    VALUE = "value"
    DECLARATION = "declaration"


class Feature(NamedTuple):
    """A construct at a position."""

    construct: Construct
    position: Position

    def __str__(self) -> str:
        return f"{self.construct.value} ({self.position.value})"


_PLACES = {
    Construct.BOOLEAN: (Position.REIFIED,),
    Construct.COMPARISON: (Position.TOP, Position.REIFIED),
    Construct.ALL_DIFFERENT: (Position.TOP, Position.REIFIED),
    Construct.DISTINCT: (Position.DECLARATION,),
    Construct.OPTIONAL: (Position.DECLARATION,),
    Construct.UNBOUNDED: (Position.DECLARATION,),
    Construct.INFINITE_ARGUMENT: (Position.DECLARATION,),
    Construct.UNBOUNDED_OPTIONAL: (Position.DECLARATION,),
    Construct.OPTIONAL_TRUTH: (Position.DECLARATION,),
    Construct.OPTIONAL_SET: (Position.DECLARATION,),
    Construct.DECIDED_RELATION: (Position.DECLARATION,),
    Construct.RELATION: (Position.DECLARATION,),
    Construct.ANY_RULE: (Position.DECLARATION,),
    Construct.REAL: (Position.DECLARATION,),
    Construct.OPEN_TYPE: (Position.DECLARATION,),
    Construct.SCHEDULE: (Position.TOP, Position.REIFIED),
    Construct.CIRCUIT: (Position.TOP, Position.REIFIED),
}


def features(*constructs: Construct) -> frozenset[Feature]:
    """The constructs at every position where they are told apart."""
    return frozenset(Feature(c, place) for c in constructs for place in _PLACES.get(c, (Position.VALUE,)))


GROUND = features(
    Construct.ABSOLUTE,
    Construct.ALL_DIFFERENT,
    Construct.BOOLEAN,
    Construct.COMPARISON,
    Construct.CONDITIONAL,
    Construct.ELEMENT,
    Construct.EXTREMUM,
    Construct.FLOOR_DIVIDE,
    Construct.LINEAR,
    Construct.NESTED,
    Construct.PARTIAL,
    Construct.POWER,
    Construct.PRODUCT,
    Construct.QUOTIENT,
    Construct.RATIONAL,
    Construct.ROUNDED,
    Construct.TABLE,
)
"""What terms without bound variables can have in them, besides `ATOMS`."""

ATOMS = features(Construct.SCHEDULE, Construct.CIRCUIT, Construct.PIECEWISE)
"""What stands as a whole atom or term and has steps of its own."""


@dataclass(frozen=True, slots=True)
class Reformulation:
    """A rewriting that keeps the solutions on the source symbols, and its declaration.

    It renames and drops none of these symbols, so mapping back is projection.

    `exposes` are features that it does not bring in, but that it may lay open or copy: the steps that rewrite these
    come after it. Where it is not `is_certain`, the features that it rewrites may be left. `partly` is what is done
    in its place where a back end takes these features itself, given the features that it takes.
    """

    name: str
    rewrites: Mapping[Feature, frozenset[Feature]]
    cost: int
    rewrite: Callable[[Program, Budget], Program]
    exposes: frozenset[Feature] = frozenset()
    is_certain: bool = True
    partly: Callable[[Program, frozenset[Feature], Budget], Program] | None = None
