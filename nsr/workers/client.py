"""The caller's side of worker processes: one fork server for each family, started when first needed.

A request is a pair of connected sockets: one end is handed to the server's control socket, where the next waiting child
takes it; over the other end go the request and the reply. So callers in any thread or event loop do not get in each
other's way, and closing the connection ends the child.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from nsr.errors import OperationalError, WorkerCrashed
from nsr.limits import LimitKind
from nsr.workers.codec import to_bytes
from nsr.workers.wire import HEADER, MAX_REPLY_BYTES, grace_seconds, pack, reply_from

if TYPE_CHECKING:
    from nsr.limits import Limits

__all__ = ["Family", "environment", "request", "request_sync", "shut_down", "start"]

_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_LIMIT_SIGNALS = {
    signal.SIGALRM: LimitKind.WALL,
    signal.SIGPROF: LimitKind.CPU,
    signal.SIGXCPU: LimitKind.CPU,
}
_MEMORY_WORDS = ("bad_alloc", "out of memory", "MemoryError", "Cannot allocate", "failed to allocate", "memout")
_STATUS_SECONDS = 5.0


class Family(NamedTuple):
    """Workers of one kind: a name, and the module whose `warm_up(name)`, `touch(name)` and `work(data)` they call.

    The server calls the first once, a child the second while it waits and the third for its request.
    """

    name: str
    module: str


class _Server:
    """A running fork server."""

    def __init__(self, family: Family) -> None:
        if not sys.executable:
            raise OperationalError("worker processes need a Python interpreter, and sys.executable names none")
        self.family = family
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
        self._control, theirs_control = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._lifeline, theirs_lifeline = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs_control, theirs_lifeline:
            ends = (theirs_control.fileno(), theirs_lifeline.fileno())
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "nsr.workers", family.module, family.name, *map(str, ends)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=ends,
                env=environment(),
                start_new_session=True,
            )

    def connect(self) -> socket.socket:
        """A connection to the next child that is free.

        Raises:
            OSError: when the server is gone.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            try:
                socket.send_fds(self._control, [b"j"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def words(self) -> str:
        """What the server wrote about its own troubles."""
        if self._errors.closed:
            return ""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 4000))
        return self._errors.read().decode("utf-8", "replace")

    def forget(self) -> None:
        """Close our ends without ending the server: after a fork, in the copy."""
        self._control.close()
        self._lifeline.close()
        self._errors.close()
        self.process.returncode = 0

    def stop(self) -> None:
        """End the server and its children."""
        self._control.close()
        self._lifeline.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._errors.close()


def environment() -> dict[str, str]:
    """The environment for our processes: this one's without secrets, with this package and a fixed hash seed."""
    env = {name: value for name, value in os.environ.items() if not _SECRET.search(name)}
    root = str(Path(__file__).resolve().parents[2])
    env["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [env.get("PYTHONPATH")])])
    env["PYTHONHASHSEED"] = "0"
    # Of each further arena glibc reserves 64 MiB at once, which would count against the memory limit, or go beyond it.
    env["MALLOC_ARENA_MAX"] = "1"
    env.pop("PYTHONSTARTUP", None)
    return env


_servers: dict[Family, _Server] = {}
_lock = threading.Lock()


def start(family: Family) -> None:
    """Start the fork server of a family without waiting for it; the first request then finds it warm."""
    with _lock:
        _running(family)


def _running(family: Family) -> _Server:
    server = _servers.get(family)
    if server is not None and server.process.poll() is None:
        return server
    if server is not None:
        server.stop()
    _servers[family] = _Server(family)
    return _servers[family]


def shut_down() -> None:
    """End all fork servers; the next request starts a new one."""
    with _lock:
        servers = list(_servers.values())
        _servers.clear()
    for server in servers:
        server.stop()


def _after_fork() -> None:
    """In a forked copy of this process: the servers belong to the original."""
    global _lock
    _lock = threading.Lock()
    for server in _servers.values():
        server.forget()
    _servers.clear()


atexit.register(shut_down)
os.register_at_fork(after_in_child=_after_fork)


class _Exchange:
    """One request and its reply; all reading is done without waiting, so that threads and event loops share it."""

    def __init__(self, family: Family, limits: Limits) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._pid = 0
        self._pidfd = -1
        self._status = -1
        self.deadline: float | None = None
        self.is_over = False
        self._asked = time.monotonic()
        self.waited = 0.0
        with _lock:
            self._server = _running(family)
            try:
                self.socket = self._server.connect()
            except OSError:
                self._server.stop()
                _servers.pop(family, None)
                self._server = _running(family)
                self.socket = self._server.connect()
        self.socket.setblocking(False)

    def read(self) -> dict[str, Any] | None:
        """Take in what has come; the reply when it is whole."""
        try:
            if not self._pid:
                self._greet()
                return None
            part = self.socket.recv(1 << 20)
        except BlockingIOError:
            return None
        except ConnectionResetError:
            part = b""
        if not part:
            return self._ended()
        self._buffer += part
        if len(self._buffer) < HEADER.size:
            return None
        size = HEADER.unpack_from(self._buffer)[0]
        if size > MAX_REPLY_BYTES:
            self.close()
            return _stopped(LimitKind.SIZE)
        if len(self._buffer) < HEADER.size + size:
            return None
        self.is_over = True
        reply = reply_from(bytes(self._buffer[HEADER.size :]))
        if "crash" in reply:
            raise WorkerCrashed("a worker process failed", detail=str(reply["crash"]))
        return reply

    def _greet(self) -> None:
        """A child has taken the request: from now on the wall limit counts."""
        try:
            message, handles, _, _ = socket.recv_fds(self.socket, HEADER.size, 2)
        except ConnectionResetError:
            message, handles = b"", []
        if not message:
            self._no_child()
        self._pid = HEADER.unpack(message)[0]
        self._status, *rest = handles
        self._pidfd = rest[0] if rest else -1
        wall_seconds = self._limits.wall_seconds
        now = time.monotonic()
        self.waited = now - self._asked
        self.deadline = now + wall_seconds + 2 * grace_seconds(wall_seconds)

    def _no_child(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._server.process.wait(timeout=1)
        raise WorkerCrashed(
            f"the worker of `{self._server.family.name}` ended before it took the request", detail=self._server.words()
        )

    def _ended(self) -> dict[str, Any]:
        """The child has gone without a reply: say why."""
        self.is_over = True
        report = self._report()
        if not report:
            raise WorkerCrashed("a worker process is gone, with the server that forked it", detail=self._server.words())
        code = int(report.get("code", 0))
        detail = str(report.get("detail", ""))
        peak_mib = int(report.get("peak_kib", 0)) // 1024
        if code < 0:
            limit = _LIMIT_SIGNALS.get(signal.Signals(-code))
            if limit is not None:
                return _stopped(limit)
        if peak_mib > 0.7 * self._limits.memory_mib or any(word in detail for word in _MEMORY_WORDS):
            return _stopped(LimitKind.MEMORY)
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        raise WorkerCrashed(f"a worker process ended without an answer ({name})", detail=detail)

    def _report(self) -> dict[str, Any]:
        """What the server says about the end of the child; it follows at once."""
        ready, _, _ = select.select([self._status], [], [], _STATUS_SECONDS)
        raw = os.read(self._status, 1 << 16) if ready else b""
        found = json.loads(raw) if raw else {}
        return found if isinstance(found, dict) else {}

    def out_of_time(self) -> dict[str, Any]:
        """The child has not kept to its wall limit."""
        self.close()
        return _stopped(LimitKind.WALL)

    def timed(self, reply: dict[str, Any]) -> dict[str, Any]:
        """The reply with how long the request waited for a child, which the limits do not count."""
        return {**reply, "waited": self.waited}

    def close(self) -> None:
        """End the child if it is still at work, and let go of everything."""
        if not self.is_over and self._pid:
            with contextlib.suppress(ProcessLookupError):
                if self._pidfd >= 0:
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
                else:
                    os.kill(self._pid, signal.SIGKILL)
        self.is_over = True
        self.socket.close()
        for name in ("_pidfd", "_status"):
            if getattr(self, name) >= 0:
                os.close(getattr(self, name))
                setattr(self, name, -1)


def _stopped(limit: LimitKind) -> dict[str, Any]:
    return {"claim": "unknown", "limit": limit.value, "detail": "ended from outside"}


def _message(data: object, limits: Limits) -> bytes:
    return pack(to_bytes(((limits.wall_seconds, limits.cpu_seconds, limits.memory_mib), data)))


async def request(family: Family, data: object, limits: Limits) -> dict[str, Any]:
    """The reply of a child to a request; a cancelled caller's child is killed.

    Raises:
        WorkerCrashed: when the child fails, or ends without a limit being the cause.
    """
    loop = asyncio.get_running_loop()
    message = _message(data, limits)
    exchange = _Exchange(family, limits)
    try:
        sending = asyncio.ensure_future(loop.sock_sendall(exchange.socket, message))
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                await sending
            while True:
                remaining = None if exchange.deadline is None else exchange.deadline - time.monotonic()
                try:
                    await asyncio.wait_for(_readable(loop, exchange.socket), remaining)
                except TimeoutError:
                    return exchange.timed(exchange.out_of_time())
                reply = exchange.read()
                if reply is not None:
                    return exchange.timed(reply)
        finally:
            sending.cancel()
    finally:
        exchange.close()


async def _readable(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
    future: asyncio.Future[None] = loop.create_future()
    loop.add_reader(sock, lambda: None if future.done() else future.set_result(None))
    try:
        await future
    finally:
        loop.remove_reader(sock)


def request_sync(family: Family, data: object, limits: Limits) -> dict[str, Any]:
    """`request` for a caller without an event loop."""
    message = memoryview(_message(data, limits))
    exchange = _Exchange(family, limits)
    try:
        poll = select.poll()
        while True:
            poll.register(exchange.socket, select.POLLIN | (select.POLLOUT if message else 0))
            remaining = None if exchange.deadline is None else max(0.0, exchange.deadline - time.monotonic()) * 1000
            events = poll.poll(remaining)
            if not events:
                return exchange.timed(exchange.out_of_time())
            if events[0][1] & select.POLLOUT and message:
                try:
                    message = message[exchange.socket.send(message) :]
                except (BrokenPipeError, ConnectionResetError):
                    message = message[len(message) :]
            if events[0][1] & ~select.POLLOUT:
                reply = exchange.read()
                if reply is not None:
                    return exchange.timed(reply)
    finally:
        exchange.close()
