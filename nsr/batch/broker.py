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
        self._waiting: list[tuple[Sequence[_Asked], asyncio.Future[list[str]]]] = []

    async def ask(self, requests: Sequence[_Asked]) -> list[str]:
        """The generations as JSON, in the order of the requests.

        Raises:
            NsrError: as the language model does.
        """
        known = self._recall([key for key, _ in requests]) if self._records else {}
        if len(known) < len({key for key, _ in requests}):
            known |= await self._say([r for r in requests if r[0] not in known])
        return [known[key] for key, _ in requests]

    async def _say(self, requests: Sequence[_Asked]) -> dict[str, str]:
        if not self._together:
            async with self._gate:
                return await self._generate(requests)
        future: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._waiting.append((requests, future))
        async with self._gate:
            if not future.done():
                await asyncio.sleep(_GATHERING)
                await self._batch()
        return dict(zip((key for key, _ in requests), await future, strict=True))

    async def _batch(self) -> None:
        """Everything that waits, as one batch; if that fails, call by call, so that one does not spoil the others."""
        waiting, self._waiting = self._waiting, []
        try:
            said = await self._generate([r for requests, _ in waiting for r in requests])
        except NsrError as error:
            if len(waiting) == 1:
                waiting[0][1].set_exception(error)
                return
            for requests, future in waiting:
                try:
                    alone = await self._generate(requests)
                except NsrError as own:
                    future.set_exception(own)
                else:
                    future.set_result([alone[key] for key, _ in requests])
            return
        for requests, future in waiting:
            future.set_result([said[key] for key, _ in requests])

    async def _generate(self, requests: Sequence[_Asked]) -> dict[str, str]:
        """One call of the language model; each different request once."""
        different = dict(requests)
        said = await asyncio.to_thread(self._llm.generate, [request_from(text) for text in different.values()])
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
