"""An engine process: formalizes, parses, checks, solves and verifies the problems that it is given.

The language model is the parent's: it batches what all engine processes ask of it, and keeps what was said. So this
process needs no key, no weights and no GPU.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import select
import socket
import threading
import traceback
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from nsr.batch.wire import generation_from, receive, request_text, send
from nsr.errors import (
    LanguageModelUnavailable,
    NsrError,
    OperationalError,
    ProgramError,
    UnsoundBackend,
    UsageError,
)
from nsr.llm.protocol import Generation, Request, request_key
from nsr.results import Explanation, Result, Round, Status

if TYPE_CHECKING:
    from nsr.engine.engine import Engine

__all__ = ["main"]


def main(handle: int) -> None:
    """Works off what comes over the socket `handle`, until the parent closes it."""
    connection = socket.socket(fileno=handle)
    threading.Thread(target=_end_with_parent, args=(handle,), daemon=True).start()
    asyncio.run(_serve(connection))
    os._exit(0)


def _end_with_parent(handle: int) -> None:
    """Ends this process when the parent's end of the socket is closed, whatever is going on here."""
    poll = select.poll()
    poll.register(handle, getattr(select, "POLLRDHUP", 0) | select.POLLHUP)
    poll.poll()
    os._exit(0)


class _ParentModel:
    """The parent's language model, asked from any thread."""

    def __init__(self, name: str, writer: asyncio.StreamWriter) -> None:
        self.name = name
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[list[Generation]]] = {}

    def generate(self, requests: Sequence[Request]) -> list[Generation]:
        """What the parent's language model says; blocks."""
        return asyncio.run_coroutine_threadsafe(self.agenerate(requests), self._loop).result()

    async def agenerate(self, requests: Sequence[Request]) -> list[Generation]:
        """As `generate`. LanguageModelUnavailable and OperationalError as the parent met them."""
        number = next(self._numbers)
        future: asyncio.Future[list[Generation]] = self._loop.create_future()
        self._waiting[number] = future
        asked = [[request_key(r), request_text(r)] for r in requests]
        send(self._writer, {"kind": "ask", "call": number, "requests": asked})
        return await future

    def take(self, message: dict[str, Any]) -> None:
        """What the parent says to a call."""
        future = self._waiting.pop(message["call"])
        if "error" in message:
            error = LanguageModelUnavailable if message["unavailable"] else OperationalError
            future.set_exception(error(message["error"], message["detail"]))
        else:
            future.set_result([generation_from(g) for g in message["generations"]])


async def _serve(connection: socket.socket) -> None:
    reader, writer = await asyncio.open_connection(sock=connection)
    setup = await receive(reader)
    if setup is None:
        return
    model = _ParentModel(setup["model"], writer)
    worker = _Worker(_engine(setup["options"], model), setup["solves"], writer)
    send(writer, {"kind": "ready"})
    tasks: set[asyncio.Task[None]] = set()
    while (message := await receive(reader)) is not None:
        if message["kind"] == "said":
            model.take(message)
        else:
            task = asyncio.create_task(worker.work(message["position"], message["id"], message["text"]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)


def _engine(options: str, model: _ParentModel) -> Engine:
    from nsr.engine.engine import Engine

    # Pickled by the process that started this one, over a socket that nobody else has.
    return Engine(pickle.loads(bytes.fromhex(options)), model)


class _Worker:
    """Takes problems from text to result, and tells the parent of every round."""

    def __init__(self, engine: Engine, solves: int, writer: asyncio.StreamWriter) -> None:
        self._engine = engine
        self._solving = asyncio.Semaphore(solves)
        self._writer = writer

    async def work(self, position: int, identifier: str, text: str) -> None:
        """One problem; its result goes to the parent, whatever happens."""
        rounds: list[str] = []

        def on_round(ended: Round) -> None:
            rounds.append(ended.model_dump_json())
            send(self._writer, {"kind": "round", "position": position, "number": len(rounds), "round": rounds[-1]})

        fault: str | None = None
        try:
            [draft] = await asyncio.to_thread(self._engine.formalize, [text])
            async with self._solving:
                result = await self._engine.answer_draft(text, draft, on_round)
        except UsageError as error:
            send(self._writer, {"kind": "unusable", "error": str(error)})
            return
        except Exception as error:
            result, fault = failed(error)
        own = [r.model_dump_json() for r in result.rounds] if result.rounds else rounds
        send(
            self._writer,
            {
                "kind": "done",
                "position": position,
                "status": result.status.value,
                "fault": fault,
                "rounds": own,
                "usage": result.usage.model_dump(),
                "result": result.model_copy(update={"id": identifier, "rounds": ()}).to_json(),
            },
        )


def failed(error: Exception) -> tuple[Result, str | None]:
    """The result of a problem at which something failed, and what; a program that no back end takes is no failure."""
    match error:
        case ProgramError():
            reason, fault = str(error), None
        case LanguageModelUnavailable():
            reason, fault = str(error), "language_model"
        case UnsoundBackend():
            reason, fault = f"the back ends disagree, which is a fault of nsr: {error}", "unsound"
        case OperationalError():
            reason, fault = f"{error}: {error.detail}" if error.detail else str(error), "operational"
        case NsrError():
            reason, fault = str(error), "operational"
        case _:
            told = "".join(traceback.format_exception(error)[-3:]).strip()
            reason, fault = f"nsr failed at this problem: {told}", "crash"
    return Result(status=Status.ABSTAINED, reason=reason, explanation=Explanation(summary=reason)), fault
