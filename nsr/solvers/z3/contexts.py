"""Contexts of Z3: one for each encoding, in which nothing has been said before.

To make one takes longer than most problems do (Z3 5.4: 3 ms, in a forked process 7 to 11, for 16 MiB that it writes).
So some are made before processes are forked, and all questions about one encoding share theirs.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import z3

    from nsr.solvers.protocol import Encoding

__all__ = ["context_of", "get_ready"]

READY: Final = 2
"""A forked process takes one when it tries itself out, and one for its job."""

_waiting: list[z3.Context] = []
_last: deque[tuple[Encoding, z3.Context]] = deque(maxlen=2)
"""Two are kept: to let go of the one of the trial takes 2 ms."""


def context_of(encoding: Encoding) -> z3.Context:
    """The context of an encoding, the same until another one is asked about."""
    import z3

    if not _last or _last[-1][0] is not encoding:
        _last.append((encoding, _waiting.pop() if _waiting else z3.Context()))
    return _last[-1][1]


def get_ready() -> None:
    """Make contexts for the jobs to come, in a process that is about to be forked: each copy has its own."""
    import z3

    _last.clear()
    while len(_waiting) < READY:
        _waiting.append(z3.Context())
