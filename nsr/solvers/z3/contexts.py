"""Contexts of Z3 that nothing has been said in.

To make one takes longer than most problems do (Z3 5.4: 3 ms, in a forked process 7 to 11, for 16 MiB that it writes).
So some are made before processes are forked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import z3

__all__ = ["fresh", "get_ready"]

READY: Final = 4
"""A forked process takes one when it tries itself out, a proof three, an optimum two."""

_waiting: list[z3.Context] = []


def fresh() -> z3.Context:
    """A context that nothing has been said in."""
    import z3

    return _waiting.pop() if _waiting else z3.Context()


def get_ready() -> None:
    """Make contexts for the jobs to come, in a process that is about to be forked: each copy has its own."""
    import z3

    while len(_waiting) < READY:
        _waiting.append(z3.Context())
