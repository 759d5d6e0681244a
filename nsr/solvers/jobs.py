"""Jobs: what can be asked about a program in one round trip to a worker, and how they travel.

`encode_job` and `decode_reply` are the two ends on the caller's side; what happens between them is in `work`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from nsr.errors import UnsoundBackend
from nsr.language.ir import Function, Literal, Program, Requirement, Term
from nsr.limits import Budget, LimitKind
from nsr.reformulations.coding import decode
from nsr.reformulations.distinct_to_all_different import cells_of
from nsr.reformulations.features import features_of
from nsr.solvers.protocol import Claim, FormulaOutcome, Outcome
from nsr.workers.codec import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.language.ir import Structure
    from nsr.language.sorts import Value
    from nsr.reformulations import Feature

__all__ = ["ASKED", "CoreJob", "Job", "SatisfiableJob", "SolutionsJob", "decode_reply", "encode_job", "features_of_job"]

ASKED = "?"
"""What the names of formulas that are asked about begin with; no label of a program does."""

MOST_CELLS = 20_000_000
"""More values than this are not read back."""


@dataclass(frozen=True, slots=True)
class SolutionsJob:
    """Up to `limit` solutions of a question that differ on the projection.

    One: 1. Whether it is the only one: 2. The projection is the values of the symbols and terms, or of all unknowns
    where neither is given.
    """

    program: Program
    question: int = 0
    limit: int = 1
    symbols: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class CoreJob:
    """A minimal set of requirements of a question that cannot hold together, by their names."""

    program: Program
    question: int = 0
    names: tuple[str, ...] = ()
    """If given, only these requirements hold."""


@dataclass(frozen=True, slots=True)
class SatisfiableJob:
    """For each formula, whether some solution of a question makes it true."""

    program: Program
    question: int = 0
    formulas: tuple[Term, ...] = ()


Job: TypeAlias = SolutionsJob | CoreJob | SatisfiableJob


def encode_job(job: Job, backend: str, wall_seconds: float, seed: int) -> tuple[Any, ...]:
    """The job as plain data."""
    program = job.program
    required = [(r.name, r.formula) for r in program.requirements_of(program.questions[job.question])]
    details: tuple[Any, ...]
    match job:
        case SolutionsJob(limit=limit, symbols=symbols, terms=terms):
            asked = terms
            details = ("solutions", limit, symbols)
        case CoreJob(names=names):
            asked = ()
            if names:
                required = [(name, formula) for name, formula in required if name in set(names)]
            details = ("core",)
        case SatisfiableJob(formulas=formulas):
            asked = formulas
            details = ("satisfiable",)
        case _:
            assert_never(job)
    named = [*required, *((f"{ASKED}{index}", formula) for index, formula in enumerate(asked))]
    return (backend, seed, wall_seconds, details, to_plain(program, named))


def features_of_job(job: Job) -> frozenset[Feature]:
    """The features of everything that a job makes a back end look at."""
    program = job.program
    requirements = program.requirements_of(program.questions[job.question])
    formulas = job.formulas if isinstance(job, SatisfiableJob) else ()
    terms = job.terms if isinstance(job, SolutionsJob) else ()
    extra = [Requirement(ASKED, "constraint", formula) for formula in (*formulas, *terms)]
    return features_of(replace(program, requirements=(*requirements, *extra)))


def decode_reply(job: Job, backend: str, reply: Mapping[str, Any]) -> Outcome:
    """The outcome from a worker's reply.

    Raises:
        UnsoundBackend: when the reply has values that no unknown can have.
    """
    functions = job.program.unknowns()
    keys: list[list[tuple[Value, ...]]] = []

    def structure(row: Sequence[int]) -> Structure:
        out: dict[str, dict[tuple[Value, ...], Value]] = {}
        position = 0
        if not keys:
            keys.extend([_keys(function) for function in functions])
        try:
            for function, arguments in zip(functions, keys, strict=True):
                codes = row[position : position + len(arguments)]
                out[function.name] = {a: decode(c, function) for a, c in zip(arguments, codes, strict=True)}
                position += len(arguments)
        except (IndexError, ValueError) as exc:
            raise UnsoundBackend(f"`{backend}` gave a value that is none of its sort") from exc
        return out

    limit = reply.get("limit")
    return Outcome(
        claim=Claim(reply["claim"]),
        backend=backend,
        structures=tuple([structure(row) for row in reply.get("rows", ())]),
        is_complete=bool(reply.get("is_complete")),
        limit=LimitKind(limit) if limit else None,
        core=tuple(reply.get("core", ())),
        formulas=tuple(
            [
                FormulaOutcome(
                    Claim(claim), structure(row) if row is not None else None, LimitKind(stopped) if stopped else None
                )
                for claim, row, stopped in reply.get("formulas", ())
            ]
        ),
        detail=str(reply.get("detail", "")),
        seconds=dict(reply.get("seconds", {})),
        encoding=str(reply.get("encoding", "")),
    )


def _keys(function: Function) -> list[tuple[Value, ...]]:
    return [
        tuple([arg.value for arg in call.args if isinstance(arg, Literal)])
        for call in cells_of(function, Budget(steps=MOST_CELLS))
    ]
