"""Which back ends can take a program, through which reformulations, and which of them is the cheapest.

By declared features and expected cost; never by a test on a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nsr.reformulations.features import features_of
from nsr.reformulations.graph import path_to
from nsr.solvers.protocol import Gap
from nsr.solvers.registry import availability, backend_names, get_backend, require_backend

if TYPE_CHECKING:
    from nsr.language.ir import Program
    from nsr.reformulations import Feature

__all__ = ["Plan", "Step", "route"]


@dataclass(frozen=True, slots=True)
class Step:
    """One back end and the names of the reformulations on the way to it, in order."""

    backend: str
    reformulations: tuple[str, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The back ends that can take a program, cheapest first."""

    steps: tuple[Step, ...]

    @property
    def backend(self) -> str:
        """The first back end."""
        return self.steps[0].backend

    def names(self) -> tuple[str, ...]:
        """All back ends, in order."""
        return tuple(step.backend for step in self.steps)

    def other_than(self, backend: str) -> str | None:
        """The cheapest back end besides the given one, to confirm what it says."""
        return next((step.backend for step in self.steps if step.backend != backend), None)


def route(program: Program | frozenset[Feature], backend: str = "auto") -> Plan:
    """The plan for a program, or for its features.

    Raises:
        Gap: when no back end can be reached; it names the features that are missing.
        BackendUnavailable: when the back end asked for is not installed.
        UsageError: when there is no back end of that name.
    """
    features = program if isinstance(program, frozenset) else features_of(program)
    names = backend_names() if backend == "auto" else (require_backend(backend).spec.name,)
    steps = []
    tried = []
    missing: set[str] = set()
    for name in names:
        problem = availability(name)
        if problem is not None:
            tried.append(problem)
            continue
        spec = get_backend(name).spec
        path = path_to(features, spec.native)
        if path.missing:
            lacking = sorted(feature.construct.value for feature in path.missing)
            tried.append(f"`{name}` does not take {', '.join(lacking)}")
            missing.update(lacking)
            continue
        steps.append(Step(name, tuple(step.name for step in path.steps), spec.start_cost + path.cost))
    if not steps:
        raise Gap(sorted(missing) or ("a solver",), tried)
    return Plan(tuple(sorted(steps, key=lambda step: step.cost)))
