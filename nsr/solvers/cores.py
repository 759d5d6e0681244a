"""Minimal sets of requirements that cannot hold together, from a back end that only says whether some do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nsr.errors import UnsoundBackend
from nsr.limits import LimitKind
from nsr.reformulations.protocol import BACKGROUND
from nsr.solvers.protocol import Claim, Query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.solvers.stages import Prepared

__all__ = ["core"]


PATIENCE = 10
"""Whether fewer statements clash may take so many times as long as it took to see that all of them do."""

LEAST_SECONDS = 0.5
"""So long at least."""


class _Stopped(Exception):
    def __init__(self, limit: LimitKind | None) -> None:
        self.limit = limit


def core(task: Prepared) -> dict[str, Any]:
    """The reply to a `CoreJob`."""
    names = [name for name, _ in task.encoding.groups]
    background = frozenset(name for name in names if name.startswith(BACKGROUND))
    own = [name for name in names if name not in background]
    first = task.ask(Query(is_core_wanted=True))
    if first.claim is not Claim.UNSATISFIABLE:
        return {"claim": first.claim.value, "rows": task.rows(first), **first.ended()}

    patience = max(LEAST_SECONDS, PATIENCE * task.seconds.get("solve", 0.0))
    is_minimal = True

    def ask(subset: Sequence[str]) -> Claim:
        nonlocal is_minimal
        outcome = task.ask(Query(groups=background.union(subset)), patience)
        if outcome.claim is Claim.UNKNOWN:
            if task.budget.seconds_left <= 0 or outcome.limit not in (None, LimitKind.WALL):
                raise _Stopped(outcome.limit)
            # Over worlds of every size a set that holds together is often never seen to: it is taken to do so.
            is_minimal = False
        return outcome.claim

    def fails(subset: Sequence[str]) -> bool:
        return ask(subset) is Claim.UNSATISFIABLE

    best = own
    try:
        if first.core is not None:
            hint = [name for name in own if name in first.core]
            # A solver's own core is only a hint: some are none.
            if fails(hint):
                best = hint
        smaller = _minimal(best, fails)
        match ask(smaller):
            case Claim.SATISFIABLE:
                raise UnsoundBackend("a core holds together when it is asked about alone")
            case Claim.UNSATISFIABLE:
                best = smaller
            case Claim.UNKNOWN:
                pass
    except _Stopped as stopped:
        limit = stopped.limit.value if stopped.limit else None
        return {"claim": "unsatisfiable", "core": best, "is_complete": False, "limit": limit}
    return {"claim": "unsatisfiable", "core": best, "is_complete": is_minimal}


def _minimal(names: Sequence[str], fails: Callable[[Sequence[str]], bool]) -> list[str]:
    """A minimal subset that fails, by QuickXplain (Junker 2004), in the order of `names`."""
    if fails(()):
        return []
    chosen = set(_explain((), False, list(names), fails))
    return [name for name in names if name in chosen]


def _explain(
    base: tuple[str, ...], is_grown: bool, names: list[str], fails: Callable[[Sequence[str]], bool]
) -> list[str]:
    if is_grown and fails(base):
        return []
    if len(names) == 1:
        return names
    half = len(names) // 2
    first, second = names[:half], names[half:]
    from_second = _explain((*base, *first), True, second, fails)
    from_first = _explain((*base, *from_second), bool(from_second), first, fails)
    return [*from_first, *from_second]
