"""Back ends: one package each, a registry, routing, and the strategies built on them."""

from nsr.solvers.jobs import AskJob, CoreJob, Job, OptimizeJob, SatisfiableJob, SolutionsJob, features_of_job
from nsr.solvers.optima import at_optimum, better_than, objectives_of
from nsr.solvers.protocol import (
    Backend,
    BackendSpec,
    BindingOutcome,
    Claim,
    Encoding,
    FormulaOutcome,
    Gap,
    ObjectiveOutcome,
    Outcome,
)
from nsr.solvers.registry import BACKENDS, availability, backend_names, get_backend
from nsr.solvers.routing import Plan, route
from nsr.solvers.strategies import run, run_sync, warm
from nsr.solvers.together import run_together, together_of

__all__ = [
    "BACKENDS",
    "AskJob",
    "Backend",
    "BackendSpec",
    "BindingOutcome",
    "Claim",
    "CoreJob",
    "Encoding",
    "FormulaOutcome",
    "Gap",
    "Job",
    "ObjectiveOutcome",
    "OptimizeJob",
    "Outcome",
    "Plan",
    "SatisfiableJob",
    "SolutionsJob",
    "at_optimum",
    "availability",
    "backend_names",
    "better_than",
    "features_of_job",
    "get_backend",
    "objectives_of",
    "route",
    "run",
    "run_sync",
    "run_together",
    "together_of",
    "warm",
]
