"""Room for recursion over terms, which are deeper than Python's usual limit once definitions are unfolded.

The depth itself is bounded by the parser and the checker; this only lets Python go that deep, and takes the room back.
"""

from __future__ import annotations

import sys
import threading
from types import TracebackType

__all__ = ["RecursionRoom"]

_FRAMES = 20_000


class RecursionRoom:
    """A context in which terms may be recursed over; may be entered again inside, and by several threads."""

    _lock = threading.Lock()
    _inside = 0
    _usual = 0

    def __enter__(self) -> None:
        cls = RecursionRoom
        with cls._lock:
            if cls._inside == 0:
                cls._usual = sys.getrecursionlimit()
                sys.setrecursionlimit(max(cls._usual, _FRAMES))
            cls._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        cls = RecursionRoom
        with cls._lock:
            cls._inside -= 1
            # Another thread may have set a limit of its own in between; that one stays.
            if cls._inside == 0 and sys.getrecursionlimit() == max(cls._usual, _FRAMES):
                sys.setrecursionlimit(cls._usual)
