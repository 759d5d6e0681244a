"""A caller that leaves at whatever moment harms no other one's request."""

from __future__ import annotations

import asyncio

from nsr.engine.checking import parse_program
from nsr.limits import Limits
from nsr.solvers import SolutionsJob, run

JOB = SolutionsJob(parse_program("var x, y: 1..30\nconstraint: x * y == 391\nfind one\n"))


async def _left_after(seconds: float) -> None:
    task = asyncio.create_task(run(JOB, limits=Limits(wall_seconds=10)))
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_the_server_outlives_callers_that_leave_early() -> None:
    async def many() -> list[bool]:
        found = []
        for number in range(120):
            # Somewhere between being connected and having sent everything.
            await asyncio.gather(*[_left_after(number * 1e-5) for _ in range(3)])
            outcome = await run(JOB, limits=Limits(wall_seconds=10))
            found.append(len(outcome.structures) == 1)
        return found

    assert all(asyncio.run(many()))
