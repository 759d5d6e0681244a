"""Blocking doors: an interrupt leaves no work behind, and a fork a door that opens."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

import pytest

from nsr.background import blocking


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


def test_a_forked_copy_has_a_loop_of_its_own() -> None:
    async def work() -> int:
        return 7

    assert blocking(work()) == 7
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(10)
            os._exit(blocking(work()))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
