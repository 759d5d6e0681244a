"""Where commands print tables and colours."""

from __future__ import annotations

import os
from typing import NoReturn

from rich.console import Console

__all__ = ["terminal"]

WIDE = 10_000
"""Columns of a file or a pipe: nothing is cut there."""


class _Console(Console):
    """A console that leaves it to its callers what happens when nobody reads on."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def terminal(*, at_least: int = 0, stderr: bool = False) -> Console:
    """Standard output, or standard error; where that is no terminal, as wide as need be (or as `COLUMNS` says)."""
    found = _Console(stderr=stderr, highlight=False)
    if not found.is_terminal and "COLUMNS" not in os.environ:
        found.width = WIDE
    found.width = max(at_least, found.width)
    return found
