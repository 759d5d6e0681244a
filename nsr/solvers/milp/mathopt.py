"""One run of a solver of OR-Tools MathOpt, in floating point.

MathOpt's own Python model is passed over: its protocol buffers are written directly, which takes a third of the time
and loads no numpy. Errors of the solvers come as exceptions of pybind11, which its Python layer (9.15) fails to
translate (`AttributeError: canonical_code`); here they are `Refused`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.solvers.milp.text import Column, Number

__all__ = ["At", "Basis", "Ended", "Indicator", "Model", "Refused", "Run", "Solver", "run"]


class Solver(Enum):
    """The solvers that are used, by their number in MathOpt."""

    SCIP = 1
    GLOP = 3
    HIGHS = 10


class Ended(Enum):
    """Why a run ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    EITHER = "infeasible or unbounded"
    LIMIT = "time"
    FAILED = "failed"


_ENDED = {1: Ended.OPTIMAL, 2: Ended.INFEASIBLE, 3: Ended.UNBOUNDED, 4: Ended.EITHER, 6: Ended.LIMIT, 9: Ended.LIMIT}
_TIME = 3


class At(Enum):
    """Where a variable of a basis is, by its number in MathOpt."""

    FREE = 1
    LOW = 2
    HIGH = 3
    FIXED = 4
    BASIC = 5


class Refused(Exception):
    """A solver does not take a model; its own words."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row that holds where one literal is true; only SCIP takes it."""

    literal: int
    low: Number | None
    high: Number | None
    terms: Mapping[int, Number]


@dataclass(slots=True)
class Model:
    """A model: rows as (low, high, terms), the objective to be made least.

    `origins` are the numbers of the rows that these were made from, -1 for those that were added.
    """

    columns: Sequence[Column]
    rows: Sequence[tuple[Number | None, Number | None, Mapping[int, Number]]]
    objective: Mapping[int, Number] = field(default_factory=dict)
    indicators: Sequence[Indicator] = ()
    hint: Mapping[int, Number] | None = None
    origins: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """Where the columns and rows are at a vertex."""

    columns: tuple[At, ...]
    rows: tuple[At, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run; `bound` is what the solver says no solution is below."""

    ended: Ended
    detail: str
    values: tuple[float, ...] | None = None
    bound: float | None = None
    basis: Basis | None = None


def run(model: Model, solver: Solver, seconds: float, seed: int, *, is_simplest: bool = False) -> Run:
    """One run on one thread; `is_simplest` leaves out presolving.

    Raises:
        Refused: if the solver does not take the model, or a number is too large for floating point.
    """
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
    from ortools.math_opt.core.python import solver as core
    from pybind11_abseil.status import StatusNotOk  # type: ignore[import-untyped]  # it ships no types

    chosen = parameters_pb2.SolveParametersProto()
    _choose(chosen, solver, seconds, seed, is_simplest=is_simplest)
    own = model_parameters_pb2.ModelSolveParametersProto()
    if model.hint and solver is Solver.SCIP:
        values = own.solution_hints.add().variable_values
        values.ids.extend(sorted(model.hint))
        values.values.extend([float(model.hint[column]) for column in sorted(model.hint)])
    try:
        found = core.solve(
            _proto(model),
            solver.value,
            parameters_pb2.SolverInitializerProto(),
            chosen,
            own,
            None,
            callback_pb2.CallbackRegistrationProto(),
            None,
            None,
        )
    except StatusNotOk as failure:
        raise Refused(str(failure)) from None
    except OverflowError:
        raise Refused("numbers beyond floating point") from None
    return _read(found, model)


def _choose(chosen: Any, solver: Solver, seconds: float, seed: int, *, is_simplest: bool) -> None:
    if isfinite(seconds):
        nanos = int(max(seconds, 0.001) * 1e9)
        chosen.time_limit.seconds, chosen.time_limit.nanos = divmod(nanos, 10**9)
    if is_simplest:
        chosen.presolve = 1
    if solver is Solver.GLOP:
        chosen.random_seed = seed
        return
    chosen.random_seed = seed
    chosen.relative_gap_tolerance = 0.0
    chosen.absolute_gap_tolerance = 0.0
    if solver is Solver.HIGHS:
        # MathOpt refuses the common parameter for the number of threads here.
        chosen.highs.int_options["threads"] = 1
        chosen.highs.bool_options["output_flag"] = False
        chosen.highs.double_options["mip_feasibility_tolerance"] = 1e-9
    else:
        chosen.threads = 1


def _float(value: Number | None, missing: float) -> float:
    return missing if value is None else float(value)


def _proto(model: Model) -> Any:
    from ortools.math_opt import model_pb2

    proto = model_pb2.ModelProto()
    variables = proto.variables
    variables.ids.extend(range(len(model.columns)))
    variables.lower_bounds.extend([_float(column.low, -inf) for column in model.columns])
    variables.upper_bounds.extend([_float(column.high, inf) for column in model.columns])
    variables.integers.extend([column.is_whole for column in model.columns])
    constraints = proto.linear_constraints
    constraints.ids.extend(range(len(model.rows)))
    constraints.lower_bounds.extend([_float(low, -inf) for low, _, _ in model.rows])
    constraints.upper_bounds.extend([_float(high, inf) for _, high, _ in model.rows])
    matrix = proto.linear_constraint_matrix
    for index, (_, _, terms) in enumerate(model.rows):
        columns = sorted(terms)
        matrix.row_ids.extend([index] * len(columns))
        matrix.column_ids.extend(columns)
        matrix.coefficients.extend([float(terms[column]) for column in columns])
    columns = sorted(model.objective)
    proto.objective.linear_coefficients.ids.extend(columns)
    proto.objective.linear_coefficients.values.extend([float(model.objective[column]) for column in columns])
    for index, indicator in enumerate(model.indicators):
        row = proto.indicator_constraints[index]
        row.indicator_id = indicator.literal if indicator.literal >= 0 else -indicator.literal - 1
        row.activate_on_zero = indicator.literal < 0
        row.lower_bound, row.upper_bound = _float(indicator.low, -inf), _float(indicator.high, inf)
        row.expression.ids.extend(sorted(indicator.terms))
        row.expression.values.extend([float(indicator.terms[column]) for column in sorted(indicator.terms)])
    return proto


def _read(found: Any, model: Model) -> Run:
    termination = found.termination
    ended = _ENDED.get(termination.reason, Ended.FAILED)
    if ended is Ended.LIMIT and termination.limit != _TIME:
        ended = Ended.FAILED
    detail = termination.detail or ended.value
    bound = termination.objective_bounds.dual_bound
    known = bound if isfinite(bound) else None
    for solution in found.solutions:
        if not solution.HasField("primal_solution"):
            continue
        if ended is not Ended.OPTIMAL and solution.primal_solution.feasibility_status != _FEASIBLE:
            continue
        values = [0.0] * len(model.columns)
        part = solution.primal_solution.variable_values
        for column, value in zip(part.ids, part.values, strict=True):
            values[column] = value
        basis = _basis(solution.basis, model) if solution.HasField("basis") else None
        return Run(ended, detail, tuple(values), known, basis)
    return Run(ended, detail, None, known)


_FEASIBLE = 2


def _basis(basis: Any, model: Model) -> Basis:
    columns = [At.FREE] * len(model.columns)
    for column, at in zip(basis.variable_status.ids, basis.variable_status.values, strict=True):
        columns[column] = At(at)
    rows = [At.FREE] * len(model.rows)
    for row, at in zip(basis.constraint_status.ids, basis.constraint_status.values, strict=True):
        rows[row] = At(at)
    return Basis(tuple(columns), tuple(rows))
