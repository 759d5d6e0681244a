"""The language model of a batch: batches of what waits, nothing asked twice, one failure alone."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Sequence

import pytest

from nsr.batch.broker import Broker
from nsr.batch.store import Called, Event
from nsr.batch.wire import generation_from, request_from, request_text
from nsr.errors import LanguageModelUnavailable
from nsr.llm.protocol import Generation, Message, Request, Sampling, request_key
from nsr.testing.llm import ScriptedLLM


class Watched:
    """Says each prompt again, keeps the batches it was given, and how many were at work at a time."""

    name = "watched"

    def __init__(self, seconds: float = 0.02) -> None:
        self.batches: list[list[str]] = []
        self.most = 0
        self._now = 0
        self._seconds = seconds
        self._lock = threading.Lock()
        self._llm = ScriptedLLM(lambda r: str(r.prompt))

    def generate(self, requests: Sequence[Request]) -> list[Generation]:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.batches.append([str(r.prompt) for r in requests])
        time.sleep(self._seconds)
        with self._lock:
            self._now -= 1
        if any(r.prompt == "bad" for r in requests):
            raise LanguageModelUnavailable("bad request")
        return self._llm.generate(requests)

    async def agenerate(self, requests: Sequence[Request]) -> list[Generation]:
        return await asyncio.to_thread(self.generate, requests)


def asked(*prompts: str) -> list[tuple[str, str]]:
    requests = [Request(p) for p in prompts]
    return [(request_key(r), request_text(r)) for r in requests]


def texts(said: Sequence[str]) -> list[str]:
    return [generation_from(json.loads(text)).completions[0].text for text in said]


def broker(llm: Watched, events: list[Event], known: dict[str, str] | None = None, **kind: bool) -> Broker:
    settings = {"together": True, "records": True, **kind}
    return Broker(llm, events.append, lambda keys: {k: (known or {})[k] for k in keys if k in (known or {})},
                  calls=3, **settings)  # fmt: skip


def test_what_waits_becomes_one_batch() -> None:
    async def work() -> None:
        one = broker(llm, events)
        found = await asyncio.gather(*(one.ask(asked(f"a{n}", f"b{n}")) for n in range(10)))
        assert [texts(said) for said in found] == [[f"a{n}", f"b{n}"] for n in range(10)]

    llm, events = Watched(), list[Event]()
    asyncio.run(work())
    assert llm.most == 1, "a local language model has one batch at a time"
    assert len(llm.batches) <= 2
    assert sum(map(len, llm.batches)) == 20 == len(events)
    assert all(isinstance(e, Called) and e.prompt_tokens and e.completion_tokens for e in events)


def test_a_server_gets_requests_beside_each_other() -> None:
    async def work() -> None:
        one = broker(llm, [], together=False)
        await asyncio.gather(*(one.ask(asked(str(n))) for n in range(9)))

    llm = Watched()
    asyncio.run(work())
    assert llm.most == 3
    assert [len(b) for b in llm.batches] == [1] * 9


@pytest.mark.parametrize("together", [True, False])
def test_one_bad_request_spoils_no_other(together: bool) -> None:
    async def work() -> list[object]:
        one = broker(Watched(), [], together=together)
        calls = [one.ask(asked(p)) for p in ("good", "bad", "fine")]
        return list(await asyncio.gather(*calls, return_exceptions=True))

    good, bad, fine = asyncio.run(work())
    assert texts(good) == ["good"]  # type: ignore[arg-type]
    assert isinstance(bad, LanguageModelUnavailable)
    assert texts(fine) == ["fine"]  # type: ignore[arg-type]


@pytest.mark.parametrize("together", [True, False])
def test_who_is_gone_spoils_no_other_and_is_answered_when_it_asks_again(together: bool) -> None:
    async def work() -> list[list[str]]:
        one = broker(llm, [], together=together)
        gone = asyncio.create_task(one.ask(asked("a")))
        other = asyncio.create_task(one.ask(asked("b")))
        await asyncio.sleep(0.05)
        gone.cancel()
        found = await asyncio.wait_for(asyncio.gather(one.ask(asked("a")), other), 60)
        await one.close()
        return found

    llm = Watched(0.2)
    assert [texts(said) for said in asyncio.run(work())] == [["a"], ["b"]]
    assert sorted(p for batch in llm.batches for p in batch) == ["a", "b"]


def test_what_is_closed_records_nothing_more() -> None:
    async def work() -> None:
        one = broker(Watched(0.1), events)
        asking = asyncio.create_task(one.ask(asked("a")))
        await asyncio.sleep(0.03)
        await one.close()
        assert asking.cancelled() or asking.done()
        await asyncio.sleep(0.2)

    events = list[Event]()
    asyncio.run(work())
    assert events == []


def test_what_is_on_record_is_not_asked_again() -> None:
    [(key, _)] = asked("old")
    said = json.dumps({"completions": [], "grammar_in_force": "record"})

    async def work() -> list[str]:
        return await broker(llm, events, {key: said}).ask(asked("old", "new", "new"))

    llm, events = Watched(), list[Event]()
    found = asyncio.run(work())
    assert found[0] == said
    assert found[1] == found[2]
    assert llm.batches == [["new"]]
    assert len(events) == 1


def test_requests_and_generations_travel_unchanged() -> None:
    request = Request((Message("system", "a\u2028b"), Message("user", "ü")), "start: x", Sampling(5, 0.1, 0.9, 7, 3))
    assert request_from(request_text(request)) == request
    assert request_key(request_from(request_text(request))) == request_key(request)
