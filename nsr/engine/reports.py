"""Programs that show a fault of ours, made as small as can be and kept: the file to send with a report."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from nsr.engine.answering import answer_program
from nsr.engine.checking import Folder
from nsr.engine.minimize import minimize
from nsr.engine.options import Options
from nsr.errors import Disagreement, UnsoundBackend
from nsr.explain.spelling import Spelling
from nsr.language import ir
from nsr.limits import Budget
from nsr.results import Result

__all__ = ["answer_or_report", "keep_program", "kept_program", "same_fault"]

Fault: TypeAlias = "UnsoundBackend | None"

MOST_TRIES = 300
SECONDS = 60.0
"""What making a program smaller may take."""

WALL_SECONDS = 5.0
"""What one solve of a smaller program may take."""


async def answer_or_report(
    program: ir.Program | str,
    options: Options,
    *,
    text: str = "",
    spelling: Spelling | None = None,
    root: Folder | None = None,
) -> Result:
    """Like `answer_program`; a program that shows a fault of ours is kept where the options name a folder for it."""
    try:
        return await answer_program(program, options, text=text, spelling=spelling, root=root)
    except UnsoundBackend as fault:
        source = program if isinstance(program, str) else program.source
        if options.reports and source:
            fault.kept = await asyncio.to_thread(kept_program, source, fault, options, root)
        raise


def kept_program(source: str, fault: UnsoundBackend, options: Options, root: Folder | None = None) -> Path | None:
    """The new file in `options.reports` with the smallest program found that shows a fault; None if it cannot be.

    Blocks, for a minute at most; programs are run in workers, by an event loop of their own.
    """
    seconds = min(WALL_SECONDS, options.limits.wall_seconds)
    backend = f"all:{','.join(fault.sides)}" if isinstance(fault, Disagreement) else options.backend
    smaller = replace(
        options, reports="", backend=backend, limits=replace(options.limits, wall_seconds=seconds), rounds=0
    )

    def fault_of(text: str) -> Fault:
        try:
            asyncio.run(answer_program(text, smaller, root=root))
        except UnsoundBackend as found:
            return found
        except Exception:
            return None  # Whatever else goes wrong with it is another fault.
        return None

    try:
        return keep_program(source, fault, fault_of, Path(options.reports))
    except OSError:
        return None


def same_fault(first: UnsoundBackend, found: Fault) -> bool:
    """Whether a smaller program shows what the first one did: the same back ends disagree, or one is refuted."""
    if found is None or type(found) is not type(first):
        return False
    if isinstance(first, Disagreement) and isinstance(found, Disagreement):
        return first.about == found.about and first.sides.keys() == found.sides.keys()
    return True


def keep_program(source: str, error: UnsoundBackend, fault_of: Callable[[str], Fault], folder: Path) -> Path:
    """Writes the smallest program found that shows a fault to a new file of a folder; its path.

    `fault_of` runs a program and gives the fault that it shows. A file that is there stays as it is.

    Raises:
        OSError: if the file cannot be written.
    """
    budget = Budget(steps=MOST_TRIES, wall_seconds=SECONDS)
    small = minimize(source, lambda text: same_fault(error, fault_of(text)), budget)
    told = " ".join(str(error).split())
    text = f"# {told}\n{small}"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"fault-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    number = 1
    while True:
        path = folder / (f"{name}.nsr" if number == 1 else f"{name}-{number}.nsr")
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except FileExistsError:
            if path.read_text(encoding="utf-8", errors="replace") == text:
                return path
            number += 1
            continue
        return path
