"""The language model of a batch: asked by all engine processes, in batches, and never twice for the same.

A local language model gets everything that has come while it was at work as its next batch. A server gets requests
beside each other, so many at a time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nsr.batch.scheduler import Recall, Sink
from nsr.batch.store import Called
from nsr.batch.wire import generation_text, request_from, tokens_of
from nsr.errors import LanguageModelUnavailable, NsrError, OperationalError

if TYPE_CHECKING:
    from nsr.llm.protocol import Generation, LanguageModel

__all__ = ["Broker"]

_GATHERING = 0.005
"""Seconds to wait for company after the first request of a batch."""

_Asked = tuple[str, str]
_Waiting = tuple[Sequence[_Asked], asyncio.Future[dict[str, str]]]


class Broker:
    """Answers calls (each a list of requests: key and JSON) with what is on record, or by the language model.

    `together`: calls that wait become one batch; else up to `calls` run beside each other. What is said is recorded
    unless the language model is itself a recording.
    """

    def __init__(
        self, llm: LanguageModel, sink: Sink, recall: Recall, *, together: bool, calls: int, records: bool
    ) -> None:
        self._llm = llm
        self._sink = sink
        self._recall = recall
        self._together = together
        self._records = records
        self._gate = asyncio.Semaphore(1 if together else calls)
        self.name = llm.name
        self._waiting: list[_Waiting] = []
        self._at_work: dict[tuple[str, ...], asyncio.Task[dict[str, str]]] = {}

    async def ask(self, requests: Sequence[_Asked]) -> list[str]:
        """The generations as JSON, in the order of the requests.

        Raises:
            NsrError: as the language model does.
        """
        known = self._recall([key for key, _ in requests]) if self._records else {}
        if missing := [r for r in requests if r[0] not in known]:
            known |= await self._said(missing)
        return [known[key] for key, _ in requests]

    async def close(self) -> None:
        """Gives up what is at work."""
        tasks = list(self._at_work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _said(self, requests: Sequence[_Asked]) -> dict[str, str]:
        """The call goes on when the engine process that asked is gone: others share its batch, and it is asked anew."""
        call = tuple(key for key, _ in requests)
        task = self._at_work.get(call)
        if task is None:
            task = self._at_work[call] = asyncio.create_task(self._say(requests))
            task.add_done_callback(lambda done: self._ended(call, done))
        return await asyncio.shield(task)

    def _ended(self, call: tuple[str, ...], task: asyncio.Task[dict[str, str]]) -> None:
        del self._at_work[call]
        if not task.cancelled():
            task.exception()  # whoever asked may be gone: then nobody else looks at it

    async def _say(self, requests: Sequence[_Asked]) -> dict[str, str]:
        if not self._together:
            async with self._gate:
                return await self._generate(requests)
        future: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        self._waiting.append((requests, future))
        async with self._gate:
            if not future.done():
                await asyncio.sleep(_GATHERING)
                waiting, self._waiting = self._waiting, []
                await self._batch(waiting)
        return await future

    async def _batch(self, waiting: Sequence[_Waiting]) -> None:
        """Calls as one batch; if that fails, call by call, so that one does not spoil the others."""
        try:
            said = await self._generate([r for requests, _ in waiting for r in requests])
        except Exception as error:
            if len(waiting) > 1 and isinstance(error, NsrError):
                for one in waiting:
                    await self._batch([one])
            else:
                for _, future in waiting:
                    future.set_exception(error)
        else:
            for _, future in waiting:
                future.set_result(said)

    async def _generate(self, requests: Sequence[_Asked]) -> dict[str, str]:
        """One call of the language model; each different request once.

        Raises:
            OperationalError: also for what no language model should raise, so that the batch goes on.
        """
        different = dict(requests)
        try:
            said = await asyncio.to_thread(self._llm.generate, [request_from(text) for text in different.values()])
        except NsrError:
            raise
        except Exception as error:
            raise OperationalError("the language model failed", f"{type(error).__name__}: {error}") from error
        return {key: self._kept(key, generation) for key, generation in zip(different, said, strict=True)}

    def _kept(self, key: str, generation: Generation) -> str:
        text = generation_text(generation)
        if self._records:
            self._sink(Called(key, text, *tokens_of([generation])))
        return text


def reply(call: int, said: Sequence[str]) -> dict[str, Any]:
    """What an engine process is told of its call."""
    return {"kind": "said", "call": call, "generations": [json.loads(text) for text in said]}


def refusal(call: int, error: NsrError) -> dict[str, Any]:
    """What it is told when the language model failed."""
    detail = error.detail if isinstance(error, OperationalError) else ""
    unavailable = isinstance(error, LanguageModelUnavailable)
    return {"kind": "said", "call": call, "error": str(error), "detail": detail, "unavailable": unavailable}
