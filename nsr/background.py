"""One background event loop for all blocking doors, so that they work where a loop is running already (notebooks)."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

__all__ = ["blocking"]

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds in which cancelled work may come to its end."""

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def _forget() -> None:
    """In a forked copy of this process: the thread that runs the loop is the original's."""
    global _lock, _loop
    _lock, _loop = threading.Lock(), None


os.register_at_fork(after_in_child=_forget)


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _lock:
        if _loop is None or _loop.is_closed():
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="nsr-background", daemon=True).start()
        return _loop


def blocking(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, waited for from any thread but the background loop's own.

    An interrupt of the waiting thread, at whatever moment, cancels the work, and goes on its way when that has ended:
    what the work uses may be closed then.
    """
    loop = _running_loop()
    interrupted, ended = threading.Event(), threading.Event()
    tasks: list[asyncio.Task[Any] | None] = []

    async def run() -> T:
        tasks.append(asyncio.current_task())
        try:
            if interrupted.is_set():
                work.close()
                raise asyncio.CancelledError
            return await work
        finally:
            ended.set()

    def cancel() -> None:
        for task in tasks:
            if task is not None:
                task.cancel()

    try:
        return asyncio.run_coroutine_threadsafe(run(), loop).result()
    except BaseException:
        interrupted.set()
        if not ended.is_set():
            loop.call_soon_threadsafe(cancel)
            ended.wait(PATIENCE)
        raise
