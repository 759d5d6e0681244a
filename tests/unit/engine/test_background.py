"""Blocking doors: an interrupt leaves no work behind."""

from __future__ import annotations

import asyncio
import signal
import threading

import pytest

from nsr.engine.background import blocking


def test_an_interrupt_waits_until_the_work_has_ended() -> None:
    started, ended = threading.Event(), threading.Event()

    async def work() -> None:
        started.set()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ended.set()

    def interrupt() -> None:
        started.wait(10)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    # Those who run the tests may ignore interrupts.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=interrupt).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            blocking(work())
    finally:
        signal.signal(signal.SIGINT, handler)
    assert ended.is_set()


def test_an_error_of_the_work_comes_through() -> None:
    async def work() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        blocking(work())
