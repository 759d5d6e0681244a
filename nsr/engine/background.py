"""One background event loop for all blocking doors, so that they work where a loop is running already (notebooks)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds in which cancelled work may come to its end."""

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _lock:
        if _loop is None or _loop.is_closed():
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="nsr-background", daemon=True).start()
        return _loop


def blocking(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, waited for from any thread but the background loop's own.

    An interrupt of the waiting thread cancels the work, and goes on its way when that has ended: what the work uses
    may be closed then.
    """
    ended = threading.Event()

    async def run() -> T:
        try:
            return await work
        finally:
            ended.set()

    future = asyncio.run_coroutine_threadsafe(run(), _running_loop())
    try:
        return future.result()
    except BaseException:
        if future.cancel():
            ended.wait(PATIENCE)
        raise
