"""Engine processes on this machine: each parses, checks, solves and verifies; this process keeps the language model.

An engine process that dies is started again, and what it was at is given out again: alone, so that a problem that
kills it is told from its neighbours. The third death of a problem ends it as a fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from nsr.batch.broker import Broker, refusal, reply
from nsr.batch.options import BatchOptions
from nsr.batch.scheduler import Recall, Sink
from nsr.batch.store import Answered, RoundEnded
from nsr.batch.wire import receive, send
from nsr.datasets.protocol import Problem
from nsr.errors import NsrError, OperationalError, UsageError
from nsr.limits import processors
from nsr.results import Explanation, Result, Status, Usage
from nsr.workers.client import environment

if TYPE_CHECKING:
    from nsr.engine.engine import Engine

__all__ = ["LocalProcesses"]

DEATHS = 3
"""How often an engine process may die at a problem before the problem is given up."""
STARTS = 5
"""How often in a row an engine process may be killed before it is ready; then the batch ends."""


class LocalProcesses:
    """A `Scheduler` of engine processes beneath this one."""

    def __init__(self, engine: Engine, options: BatchOptions) -> None:
        self._engine = engine
        self._options = options
        self.jobs = options.jobs or processors()

    async def run(self, problems: Iterator[Problem], sink: Sink, recall: Recall) -> None:
        """Answers all problems; see `Scheduler.run`."""
        broker = self._broker(sink, recall)
        capacity = self._options.solves + max(1, math.ceil(self._options.chunk / self.jobs))
        setup = {
            "options": pickle.dumps(self._engine.options).hex(),
            "model": broker.name,
            "solves": self._options.solves,
        }
        seats = [asyncio.create_task(_Seat(setup, capacity, problems, sink, broker).run()) for _ in range(self.jobs)]
        try:
            # The first failure ends all; without one, all run to their ends.
            for finished in asyncio.as_completed(seats):
                await finished
        finally:
            for seat in seats:
                seat.cancel()
            await asyncio.gather(*seats, return_exceptions=True)
            await broker.close()

    def _broker(self, sink: Sink, recall: Recall) -> Broker:
        import nsr.llm

        kind = self._engine.options.model.partition(":")[0]
        return Broker(
            self._engine.llm or nsr.llm.load(self._engine.options.model),
            sink,
            recall,
            together=kind not in ("http", "https", "recorded"),
            calls=self._options.calls,
            records=kind != "recorded",
        )


@dataclass(slots=True)
class _Child:
    """A running engine process and the way to it."""

    process: subprocess.Popen[bytes]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    errors: IO[bytes]
    asking: set[asyncio.Task[None]] = field(default_factory=set)

    def words(self) -> str:
        """What it wrote about its own troubles, and how it ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=2)
        self.errors.seek(0)
        said = self.errors.read()[-4000:].decode("utf-8", "replace").strip()
        code = self.process.returncode
        ended = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        return f"{ended}: {said}" if said else ended

    def was_killed(self) -> bool:
        """Whether a signal has ended it."""
        return self.process.returncode is not None and self.process.returncode < 0

    def stop(self) -> None:
        """Ends it; its solvers end with it."""
        for task in self.asking:
            task.cancel()
        self.writer.close()
        self.process.kill()
        self.process.wait()
        self.errors.close()


class _Seat:
    """The place of one engine process: keeps one running, and as many problems with it as it has room for."""

    def __init__(
        self, setup: dict[str, Any], capacity: int, problems: Iterator[Problem], sink: Sink, broker: Broker
    ) -> None:
        self._setup = setup
        self._capacity = capacity
        self._problems = problems
        self._sink = sink
        self._broker = broker
        self._in_flight: dict[int, Problem] = {}
        self._suspects: deque[Problem] = deque()
        self._deaths: dict[int, int] = {}

    async def run(self) -> None:
        """Starts an engine process, and again when it dies, until there is nothing left."""
        self._fill()
        while self._in_flight or self._suspects:
            child = await _start(self._setup)
            try:
                words = await self._attend(child)
            finally:
                child.stop()
            if words is not None:
                self._bury(words)
            self._fill()

    def _fill(self) -> list[Problem]:
        """Takes problems for which there is room: a suspect alone, others together."""
        if self._suspects:
            if self._in_flight:
                return []
            new = [self._suspects.popleft()]
        elif any(p in self._deaths for p in self._in_flight):
            return []
        else:
            new = []
            while len(self._in_flight) + len(new) < self._capacity:
                problem = next(self._problems, None)
                if problem is None:
                    break
                new.append(problem)
        self._in_flight |= {p.position: p for p in new}
        return new

    def _bury(self, words: str) -> None:
        """What the dead process was at is suspect, or given up."""
        for position, problem in self._in_flight.items():
            self._deaths[position] = self._deaths.get(position, 0) + 1
            if self._deaths[position] < DEATHS:
                self._suspects.append(problem)
            else:
                told = f"the engine process died at this problem {DEATHS} times ({words})"
                result = Result(
                    id=problem.id, status=Status.ABSTAINED, reason=told, explanation=Explanation(summary=told)
                )
                self._sink(Answered(position, result.status.value, result.to_json(), fault="crash"))
        self._in_flight.clear()

    async def _attend(self, child: _Child) -> str | None:
        """Works with one process; None when everything is done, else its last words."""
        for problem in self._in_flight.values():
            _give(child, problem)
        while True:
            if not self._in_flight:
                return None
            message = await receive(child.reader)
            if message is None:
                return child.words()
            match message["kind"]:
                case "ask":
                    task = asyncio.create_task(self._ask(child, message))
                    child.asking.add(task)
                    task.add_done_callback(child.asking.discard)
                case "round":
                    self._sink(RoundEnded(message["position"], message["number"], message["round"]))
                case "done":
                    self._done(message)
                    for problem in self._fill():
                        _give(child, problem)
                case "unusable":
                    raise UsageError(message["error"])

    def _done(self, message: dict[str, Any]) -> None:
        position = message["position"]
        del self._in_flight[position]
        self._deaths.pop(position, None)
        usage = Usage(**message["usage"])
        rounds = tuple(message["rounds"])
        self._sink(Answered(position, message["status"], message["result"], rounds, message["fault"], usage))

    async def _ask(self, child: _Child, message: dict[str, Any]) -> None:
        call = message["call"]
        try:
            said = await self._broker.ask([(key, text) for key, text in message["requests"]])
        except UsageError as error:
            send(child.writer, {"kind": "said", "call": call, "error": str(error), "detail": "", "unavailable": True})
        except NsrError as error:
            send(child.writer, refusal(call, error))
        except Exception as error:
            child.reader.set_exception(error)  # what was said cannot be kept: whoever attends to the process ends all
        else:
            send(child.writer, reply(call, said))


def _give(child: _Child, problem: Problem) -> None:
    send(child.writer, {"kind": "job", "position": problem.position, "id": problem.id, "text": problem.text})


async def _start(setup: dict[str, Any]) -> _Child:
    """An engine process that is ready: whoever kills it on its way there (a shortage of memory, say) gets a next one.

    Raises:
        OperationalError: if none comes up.
    """
    words = ""
    for _ in range(STARTS):
        child = await _launch(setup["solves"])
        try:
            send(child.writer, setup)
            if await receive(child.reader) is not None:
                return child
            words = child.words()
        except BaseException:
            child.stop()
            raise
        child.stop()
        if not child.was_killed():
            break
    raise OperationalError("an engine process of the batch does not start", words)


async def _launch(solves: int) -> _Child:
    """An engine process that has just been started, and the way to it."""
    errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "nsr.batch", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=(theirs.fileno(),),
            env={**environment(), "NSR_WORKER_CHILDREN": str(solves)},
            start_new_session=True,
        )
    reader, writer = await asyncio.open_connection(sock=ours)
    return _Child(process, reader, writer, errors)
