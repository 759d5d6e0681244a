"""Minimal sets of requirements that cannot hold together, from a back end that only says whether some do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nsr.errors import UnsoundBackend
from nsr.reformulations.distinct_to_all_different import BACKGROUND
from nsr.solvers.protocol import Claim, Query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nsr.limits import LimitKind
    from nsr.solvers.stages import Prepared

__all__ = ["core"]


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
        limit = first.limit.value if first.limit else None
        return {"claim": first.claim.value, "rows": task.rows(first), "limit": limit, "detail": first.detail}

    def fails(subset: Sequence[str]) -> bool:
        outcome = task.ask(Query(groups=background.union(subset)))
        if outcome.claim is Claim.UNKNOWN:
            raise _Stopped(outcome.limit)
        return outcome.claim is Claim.UNSATISFIABLE

    best = own
    try:
        if first.core is not None:
            hint = [name for name in own if name in first.core]
            # A solver's own core is only a hint: some are none.
            if fails(hint):
                best = hint
        best = _minimal(best, fails)
        if not fails(best):
            raise UnsoundBackend("a core holds together when it is asked about alone")
    except _Stopped as stopped:
        return {
            "claim": "unsatisfiable",
            "core": best,
            "is_complete": False,
            "limit": stopped.limit.value if stopped.limit else None,
        }
    return {"claim": "unsatisfiable", "core": best, "is_complete": True}


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
