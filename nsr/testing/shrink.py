"""A smaller program of which something still holds: statements are left out as long as it does."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["shrunk"]

MOST_TRIES = 400


def shrunk(source: str, still: Callable[[str], bool], *, tries: int = MOST_TRIES) -> str:
    """`source` without the lines that `still` does without; a program of one statement a line.

    `still` says of a smaller program whether it shows the same; it is asked at most `tries` times.
    """
    lines = source.splitlines()
    changed = True
    while changed:
        changed = False
        for place in range(len(lines) - 1, -1, -1):
            if tries <= 0:
                break
            tries -= 1
            fewer = lines[:place] + lines[place + 1 :]
            if still("\n".join(fewer) + "\n"):
                lines, changed = fewer, True
    return "\n".join(lines) + "\n"
