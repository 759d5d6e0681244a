"""Which back ends can take a program, through which reformulations, and which of them is the cheapest.

By declared features, declared tasks and expected cost; never by a test on a name.
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
    from nsr.solvers.protocol import Task

__all__ = ["Plan", "Reach", "Step", "route", "survey"]


@dataclass(frozen=True, slots=True)
class Step:
    """One back end and the names of the reformulations on the way to it, in order."""

    backend: str
    reformulations: tuple[str, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How a back end is reached, or what keeps it away.

    That is: features that no reformulation takes away, tasks that it cannot be asked, or software that is missing.
    """

    step: Step
    missing: frozenset[Feature] = frozenset()
    lacking: frozenset[Task] = frozenset()
    unavailable: str | None = None

    @property
    def is_reached(self) -> bool:
        """Whether nothing keeps it away."""
        return not self.missing and not self.lacking and self.unavailable is None

    def constructs(self) -> tuple[str, ...]:
        """What is missing, in words."""
        features = {feature.construct.value for feature in self.missing}
        return (*sorted(features), *sorted(task.value for task in self.lacking))

    def why_not(self) -> str:
        """One sentence on what keeps it away; empty if nothing does."""
        if self.unavailable is not None:
            return self.unavailable
        name = self.step.backend
        features = ", ".join(sorted({feature.construct.value for feature in self.missing}))
        tasks = " or ".join(sorted(task.value for task in self.lacking))
        said = [f"does not take {features}"] if features else []
        said += [f"cannot be asked for {tasks}"] if tasks else []
        return f"`{name}` {' and '.join(said)}" if said else ""


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


def survey(
    program: Program | frozenset[Feature], backend: str = "auto", tasks: frozenset[Task] = frozenset()
) -> tuple[Reach, ...]:
    """All back ends, those that are reached first, cheapest first; or the one named.

    Raises:
        BackendUnavailable: when the back end asked for is not installed.
        UsageError: when there is no back end of that name.
    """
    features = program if isinstance(program, frozenset) else features_of(program)
    names = backend_names() if backend == "auto" else (require_backend(backend).spec.name,)
    found = [_reach(name, features, tasks) for name in names]
    return tuple(sorted(found, key=lambda reach: (not reach.is_reached, reach.step.cost)))


def _reach(name: str, features: frozenset[Feature], tasks: frozenset[Task]) -> Reach:
    spec = get_backend(name).spec
    path = path_to(features, spec.native)
    cost = spec.start_cost + path.cost + sum(more for feature, more in spec.dear if feature in features)
    step = Step(name, tuple(step.name for step in path.steps), cost)
    return Reach(step, path.missing, tasks - spec.tasks, availability(name))


def route(program: Program | frozenset[Feature], backend: str = "auto", tasks: frozenset[Task] = frozenset()) -> Plan:
    """The plan for a program, or for its features, when a back end must be able to do all of `tasks`.

    Raises:
        Gap: when no back end can be reached; it names the features that are missing.
        BackendUnavailable: when the back end asked for is not installed.
        UsageError: when there is no back end of that name.
    """
    found = survey(program, backend, tasks)
    steps = tuple(reach.step for reach in found if reach.is_reached)
    if not steps:
        missing = {part for reach in found if reach.unavailable is None for part in reach.constructs()}
        raise Gap(sorted(missing) or ("a solver",), [reach.why_not() for reach in found])
    return Plan(steps)
