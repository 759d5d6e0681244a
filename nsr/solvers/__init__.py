"""Back ends: one file each, a registry, routing, and the strategies built on them."""

from nsr.solvers.jobs import CoreJob, Job, SatisfiableJob, SolutionsJob
from nsr.solvers.protocol import Backend, BackendSpec, Claim, Encoding, FormulaOutcome, Gap, Outcome
from nsr.solvers.registry import BACKENDS, availability, backend_names, get_backend
from nsr.solvers.routing import Plan, route
from nsr.solvers.strategies import other_backend, run, run_sync, warm

__all__ = [
    "BACKENDS",
    "Backend",
    "BackendSpec",
    "Claim",
    "CoreJob",
    "Encoding",
    "FormulaOutcome",
    "Gap",
    "Job",
    "Outcome",
    "Plan",
    "SatisfiableJob",
    "SolutionsJob",
    "availability",
    "backend_names",
    "get_backend",
    "other_backend",
    "route",
    "run",
    "run_sync",
    "warm",
]
