"""Messages between the process that keeps a run and its engine processes: JSON objects, each after its length."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from nsr.llm.protocol import Completion, Generation, Message, Request, Sampling
from nsr.workers.wire import HEADER, MAX_REPLY_BYTES, pack

__all__ = ["generation_from", "generation_text", "receive", "request_from", "request_text", "send"]


def send(writer: asyncio.StreamWriter, message: Mapping[str, Any]) -> None:
    """Put a message on its way; it is written when the event loop comes to it."""
    writer.write(pack(json.dumps(message, separators=(",", ":")).encode()))


async def receive(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """The next message; None when the other side has gone.

    Raises:
        ValueError: if it is too long, or no object.
    """
    try:
        size = HEADER.unpack(await reader.readexactly(HEADER.size))[0]
        if size > MAX_REPLY_BYTES:
            raise ValueError(f"a message of {size} bytes")
        message = json.loads(await reader.readexactly(size))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    return message


def request_text(request: Request) -> str:
    """A request as JSON."""
    return json.dumps(asdict(request), separators=(",", ":"))


def request_from(text: str) -> Request:
    """The request again."""
    data = json.loads(text)
    prompt = data["prompt"]
    if not isinstance(prompt, str):
        prompt = tuple(Message(**m) for m in prompt)
    return Request(prompt, data["grammar"], Sampling(**data["sampling"]))


def generation_text(generation: Generation) -> str:
    """What a language model said, as JSON."""
    return json.dumps(asdict(generation), separators=(",", ":"), ensure_ascii=False)


def generation_from(data: Mapping[str, Any]) -> Generation:
    """What it said again."""
    return Generation(tuple(Completion(**c) for c in data["completions"]), data["grammar_in_force"])


def tokens_of(generations: Sequence[Generation]) -> tuple[int, int]:
    """How many tokens were given and written: the prompt of each generation once, all of its completions."""
    given = sum(max((c.prompt_tokens for c in g.completions), default=0) for g in generations)
    return given, sum(c.completion_tokens for g in generations for c in g.completions)
