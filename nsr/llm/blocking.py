"""The blocking door to asynchronous code: one event loop in a background thread, so that it works in notebooks."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

__all__ = ["run_blocking"]

T = TypeVar("T")

_lock = threading.Lock()
_state: dict[int, asyncio.AbstractEventLoop] = {}  # by process: a fork has no thread to run the parent's loop


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        loop = _state.get(os.getpid())
        if loop is None:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="nsr-llm", daemon=True).start()
            _state[os.getpid()] = loop
        return loop


def run_blocking(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` to its end from a thread without an event loop, or with one that then waits."""
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise
