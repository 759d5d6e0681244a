"""What a back end is, what it is given and what it gives back.

An `Encoding` is data: native text in parts, one for what is always there and one for each requirement, and a symbol
table that says which native variable is which value of which function. It can be printed, hashed, stored and sent. No
live solver object leaves a worker process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, runtime_checkable
from typing import Literal as Choice

from nsr.diagnostics import Diagnostic, Span
from nsr.errors import ProgramError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from nsr.language.ir import Program, Structure
    from nsr.language.sorts import Value
    from nsr.limits import Budget, LimitKind
    from nsr.reformulations import Feature
    from nsr.solvers.certificates import Sensitivity

__all__ = [
    "Backend",
    "BackendSpec",
    "BindingOutcome",
    "Cell",
    "Claim",
    "Code",
    "Encoding",
    "FormulaOutcome",
    "Gap",
    "Giving",
    "NativeOutcome",
    "Number",
    "ObjectiveOutcome",
    "Obstacle",
    "Outcome",
    "Prover",
    "Query",
    "Readying",
    "Refuter",
    "Task",
]


Number: TypeAlias = "int | Fraction"

Code: TypeAlias = "int | tuple[int, int]"
"""What a native variable holds: a whole number, or numerator and denominator of a real."""


class Task(Enum):
    """What a back end can be asked by itself; everything else comes from the strategies."""

    CHECK = "one solution, or that there is none"
    ENUMERATE = "several solutions that differ"
    CORE = "requirements that cannot hold together"
    REFUTE = "that something holds in no world, open types being of any size"
    OPTIMIZE = "a solution with the least or greatest value"
    CONSEQUENCES = "which of many truth values are so in some solution, and in all, in one run"


class Giving(Enum):
    """What evidence a back end gives for what it says."""

    ASSIGNMENT = "an assignment, which is evaluated"
    REFUTATION = "the word that there is none, which something else confirms"
    CERTIFICATE = "an exact proof of an optimum, or of there being none, worked out beside the solver"
    DUALS = "shadow prices and reduced costs with their ranges"
    DERIVATION = "steps from facts and rules, which the proof checker goes through"


class Claim(Enum):
    """What a solver says; it is not yet an answer."""

    SATISFIABLE = "satisfiable"
    UNSATISFIABLE = "unsatisfiable"
    UNKNOWN = "unknown"


class Obstacle(Enum):
    """What kept a solver from an answer, where that decides how it is told or what is tried next."""

    PREPARING = "a limit struck before the solver was asked"
    IRRATIONAL = "a value is no fraction"
    NO_PROOF = "neither a proof nor a counterexample came up"


@dataclass(frozen=True, slots=True)
class BackendSpec:
    """The declaration of a back end: what it needs, takes as it is, can do, and proves.

    `requires` are Python packages, `programs` what must be installed on the machine besides, by the command's name.
    Back ends are tried in the order of their costs: `start_cost`, what `dear` adds for features that others are better
    at, and the reformulations on the way.
    """

    name: str
    title: str
    requires: tuple[str, ...]
    native: frozenset[Feature]
    tasks: frozenset[Task]
    evidence: frozenset[Giving]
    start_cost: int = 0
    dear: tuple[tuple[Feature, int], ...] = ()
    programs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of an unknown: the symbol, the arguments, and the native variable that holds it."""

    symbol: str
    args: tuple[Value, ...]
    variable: str

    def __str__(self) -> str:
        return f"{self.symbol}({', '.join(map(str, self.args))})" if self.args else self.symbol


@dataclass(frozen=True, slots=True)
class Encoding:
    """A program in a solver's own notation.

    `base` declares the variables and defines auxiliary ones, and has a solution for any values of the cells; `groups`
    are the requirements by name, in order; those at the places in `spare` follow from the others and are left out where
    all hold. `relations` are relations that the data decide, kept with their rules: what comes of them is told by
    `NativeOutcome.tables` and not by cells.
    """

    backend: str
    base: str
    groups: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    relations: tuple[str, ...] = ()
    spare: frozenset[int] = frozenset()

    def text(self) -> str:
        """The whole text, parts in order, as a person reads it."""
        return "\n".join(part for part in (self.base, *(text for _, text in self.groups)) if part)

    def digest(self) -> str:
        """A hash of everything that decides what the solver sees."""
        names = "\n".join(f"{cell} {cell.variable}" for cell in self.cells)
        return hashlib.sha256(f"{self.backend}\n{self.text()}\n{names}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a solver about an encoding.

    `groups` are the names of the requirements that hold (None for all). Solutions that agree on the cells of
    `projection` (positions in the symbol table, None for all) count as one; at most `count` are looked for. With
    `is_core_wanted`, a solver that can names requirements that cannot hold together. With `objective`, a cell and a
    direction, one solution is wanted, a best one among those in which the cells of `fixed` have the values given;
    `hint` is a solution found before. One of the truth values in `one_of` must be as given there, if there are any.
    For `Task.CONSEQUENCES`, `wanted` are truth values (cells and 0 or 1), each of which is to be seen in a solution:
    solutions are looked for until there is none with one that has not been seen (then the outcome is complete).
    `tables` are the relations of the encoding whose `NativeOutcome.tables` are needed (None for all).
    """

    groups: frozenset[str] | None = None
    projection: tuple[int, ...] | None = None
    count: int = 1
    seed: int = 0
    is_core_wanted: bool = False
    objective: tuple[int, Choice["minimize", "maximize"]] | None = None
    fixed: tuple[tuple[int, Code], ...] = ()
    hint: tuple[Code, ...] | None = None
    one_of: tuple[tuple[int, int], ...] = ()
    wanted: tuple[tuple[int, int], ...] = ()
    tables: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class NativeOutcome:
    """What came of one query: codes of all cells for each solution, and whether these are all there are.

    For an objective `optimum` and `bound` are as in `ObjectiveOutcome`, the bound as a code. `tables`, for each of
    `Encoding.relations`: the places where it holds, ascending, among all argument tuples of its declaration in order
    (the last argument fastest); those of the query are needed where there are rows. `certificate` names an exact
    proof of the claim, worked out beside the solver ("" for none).
    """

    claim: Claim
    rows: tuple[tuple[Code, ...], ...] = ()
    is_complete: bool = False
    limit: LimitKind | None = None
    core: frozenset[str] | None = None
    detail: str = ""
    obstacle: Obstacle | None = None
    optimum: Choice["optimal", "feasible", "unbounded", "unattained", "unknown"] = "unknown"
    bound: Code | None = None
    tables: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    certificate: str = ""
    sensitivity: Sensitivity | None = None

    def ended(self) -> dict[str, Any]:
        """How it ended, as part of a worker's reply."""
        return {
            "limit": self.limit.value if self.limit else None,
            "detail": self.detail,
            "obstacle": self.obstacle.name if self.obstacle else None,
        }


class Backend(Protocol):
    """A solver behind one way in: compile to data, solve data."""

    spec: BackendSpec

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The encoding of a program that uses native features only.

        Raises:
            BudgetExceeded: when it grows too large.
            Gap: when something turns out not to fit after all.
        """
        ...

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """The answer to a query; limits and "unknown" are outcomes."""
        ...


@runtime_checkable
class Refuter(Backend, Protocol):
    """A back end that takes open types of any size (`Task.REFUTE`); only what it refutes counts."""

    def compile_open(self, program: Program, budget: Budget) -> Encoding:
        """The encoding of a program as it is, without reformulations; raises as `compile` does."""
        ...


@runtime_checkable
class Prover(Backend, Protocol):
    """A back end that says why atoms of relations hold that the data decide."""

    def derive(self, program: Program, budget: Budget) -> dict[str, Any]:
        """The steps that show the formula that a program asks about, as plain data; raises as `compile` does."""
        ...


@runtime_checkable
class Readying(Backend, Protocol):
    """A back end that has something to make before a process is forked into workers."""

    def get_ready(self) -> None:
        """Make it; nothing of it may need a thread."""
        ...


class Gap(ProgramError):
    """No plan reaches a back end: `missing` are the features in words, `tried` what kept each back end away."""

    def __init__(self, missing: Sequence[str], tried: Sequence[str] = ()) -> None:
        self.missing = tuple(missing)
        self.tried = tuple(tried)
        message = f"no back end can take this program: {', '.join(self.missing)}"
        super().__init__([Diagnostic("unsupported", message, Span(0, 0), notes=self.tried)], message)


class FormulaOutcome(NamedTuple):
    """Whether one formula holds in some solution, and such a solution.

    `sizes` says how many elements each open type has in it, where the program has any: it is a world of
    `open_types.at_sizes(program, sizes)`.
    """

    claim: Claim
    structure: Structure | None = None
    limit: LimitKind | None = None
    sizes: Mapping[str, int] | None = None


class ObjectiveOutcome(NamedTuple):
    """How far one objective got, those before it being held at their best values.

    "optimal": no solution has a better value than `value`. "feasible": a limit struck; `value` is the best one found,
    and none is better than `bound`, where that is known. "unbounded": there are better and better ones without end.
    "unattained": better and better ones come near `bound`, and none reaches it. "unknown": nothing was found out.
    """

    status: Choice["optimal", "feasible", "unbounded", "unattained", "unknown"]
    value: Number | None = None
    bound: Number | None = None


class BindingOutcome(NamedTuple):
    """One binding of an `AskJob`: whether the body holds in some world and in all of them, None where a limit struck.

    `witness` is a world where it holds, `counterexample` one where it does not; neither is given where facts and
    rules alone decide.
    """

    values: tuple[Value, ...]
    is_possible: bool | None
    is_certain: bool | None
    witness: Structure | None = None
    counterexample: Structure | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solver claims about a job, which limit or obstacle stopped it, and its own words.

    `structures` are solutions, complete assignments of all unknowns and relations; `is_complete` says that the solver
    claims there are no others (that differ on the projection), or that all objectives are at their best. `core` are
    names of requirements that it claims cannot hold together; `formulas` answer a job about formulas, in order;
    `objectives` are those of an `OptimizeJob`, in order, and their values are those of the first structure; `bindings`
    answer an `AskJob`. `sizes` are those of the open types in the structures, where the program has any. `notes` say
    which back ends turned out not to take the program, and why. `agreed` are the back ends that settled the whole job
    and said the same, where several were asked. `certificate` names an exact proof of what is claimed, if there is
    one; `sensitivity` belongs to the last objective, those before it being held.
    """

    claim: Claim
    backend: str
    structures: tuple[Structure, ...] = ()
    is_complete: bool = False
    limit: LimitKind | None = None
    core: tuple[str, ...] = ()
    formulas: tuple[FormulaOutcome, ...] = ()
    detail: str = ""
    obstacle: Obstacle | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    encoding: str = ""
    objectives: tuple[ObjectiveOutcome, ...] = ()
    bindings: tuple[BindingOutcome, ...] = ()
    sizes: Mapping[str, int] | None = None
    notes: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    certificate: str = ""
    sensitivity: Sensitivity | None = None

    @property
    def verdicts(self) -> tuple[bool | None, ...]:
        """For each formula of the job whether some solution makes it true; None where a limit struck."""
        known = {Claim.SATISFIABLE: True, Claim.UNSATISFIABLE: False, Claim.UNKNOWN: None}
        return tuple(known[formula.claim] for formula in self.formulas)
