"""The fork server of one family, and what its children do.

The server imports the solver, solves one tiny program so that everything lazy has been loaded, and then only forks and
reaps; it has one thread. It keeps as many children as there are processors. A child waits for a request, works it off,
answers and ends; the server then forks the next one, so that no caller waits for a fork.

A child ends early when its wall or processor time is over (timers whose signals no handler catches), when it asks for
more memory than allowed, when the caller closes the connection (SIGIO, again without a handler, so that it also ends a
solver deep in its own code), and when the server dies. It can open no file and no connection while it works.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import math
import os
import resource
import select
import signal
import socket
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from nsr.limits import processors
from nsr.workers.codec import from_bytes, to_bytes
from nsr.workers.wire import HEADER, grace_seconds, reply_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Work = Callable[[Any], dict[str, Any]]

__all__ = ["serve"]

PR_SET_PDEATHSIG = 1
DEPTH = 1_000_000
"""Python's own limit on nesting while a child works; calls between Python functions take no machine stack."""

_TAIL_BYTES = 4000
_QUIET_SECONDS = 0.005
"""A child is touched when no request has come for so long; while they come quickly, that would only delay them."""
_STILLBORN = 70
"""The exit code of a child that fails outside of a request."""


class _Child(NamedTuple):
    """What the server keeps of a child: where to report its end, and where its error output goes."""

    status: int
    errors: int


def serve(module: str, name: str, control_fd: int, lifeline_fd: int) -> None:
    """Fork children until the other end of the lifeline is closed."""
    os.chdir("/")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)
    lifeline = socket.socket(fileno=lifeline_fd)
    control.setblocking(True)
    task = importlib.import_module(module)
    task.warm_up(name)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    os.set_blocking(wake_read, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()
    children: dict[int, _Child] = {}
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    poll.register(wake_read, select.POLLIN)
    while True:
        while len(children) < _most_children():
            pid, child = _fork(
                task.work,
                partial(task.touch, name),
                control,
                [lifeline.fileno(), wake_read, wake_write, *_open_ends(children)],
            )
            children[pid] = child
        ready = {fd for fd, _ in poll.poll()}
        if lifeline.fileno() in ready:
            for pid in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os._exit(0)
        with contextlib.suppress(BlockingIOError):
            os.read(wake_read, 4096)
        _reap(children)


def _most_children() -> int:
    """How many children wait or work at a time: NSR_WORKER_CHILDREN, else the processors this process may use."""
    wanted = os.environ.get("NSR_WORKER_CHILDREN", "")
    if wanted.isdigit() and int(wanted):
        return int(wanted)
    return processors()


def _open_ends(children: dict[int, _Child]) -> list[int]:
    return [fd for child in children.values() for fd in child]


def _fork(
    work: Work, touch: Callable[[], object], control: socket.socket, server_ends: Sequence[int]
) -> tuple[int, _Child]:
    """A new child; it never comes back from here."""
    status_read, status_write = os.pipe()
    errors = _scratch_file()
    server = os.getpid()
    pid = os.fork()
    if pid:
        os.close(status_read)
        return pid, _Child(status_write, errors)
    code = _STILLBORN
    try:
        _die_with(server)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(errors, 2)
        for fd in (*server_ends, status_write, errors):
            os.close(fd)
        code = _attend(work, touch, control, status_read)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def _scratch_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("nsr-worker-errors")
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _reap(children: dict[int, _Child]) -> None:
    """Report the end of every child that has ended."""
    while children:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        child = children.pop(pid, None)
        if child is None:
            continue
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            size = os.fstat(child.errors).st_size
            words = os.pread(child.errors, _TAIL_BYTES, max(0, size - _TAIL_BYTES)).decode("utf-8", "replace")
            report = {"code": code, "peak_kib": usage.ru_maxrss, "detail": words}
            with contextlib.suppress(OSError):
                os.write(child.status, json.dumps(report).encode())
            if code == _STILLBORN:
                # The next one would fail as well; the caller is told by the end of the server.
                os.write(2, words.encode())
                os._exit(1)
        os.close(child.status)
        os.close(child.errors)


# In the child


def _die_with(server: int) -> None:
    """Have the kernel kill this process when the server ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != server:
        os._exit(0)


def _attend(work: Work, touch: Callable[[], object], control: socket.socket, status_read: int) -> int:
    """Wait for one request and work it off; the exit code."""
    gc.disable()
    # Whatever can be done before there is a request.
    own = [status_read]
    if hasattr(os, "pidfd_open"):
        own.append(os.pidfd_open(os.getpid()))
    from_bytes(to_bytes((0.5, "warm")))
    reply_bytes({"warm": [1, None]})
    baseline = _address_space_bytes() - _free_heap_bytes()
    ready, _, _ = select.select([control], [], [], _QUIET_SECONDS)
    if not ready:
        touch()
        baseline = _address_space_bytes() - _free_heap_bytes()
    message, handles, _, _ = socket.recv_fds(control, 1, 1)
    if not message or not handles:
        return 0
    control.close()
    job = socket.socket(fileno=handles[0])
    try:
        socket.send_fds(job, [HEADER.pack(os.getpid())], own)
        payload = _receive(job)
    except (BrokenPipeError, ConnectionResetError):
        payload = None
    if payload is None:
        # The caller has gone before its turn came.
        return 0
    for fd in own:
        os.close(fd)
    (wall_seconds, cpu_seconds, memory_mib), data = from_bytes(payload)
    _set_limits(wall_seconds, cpu_seconds, memory_mib, baseline)
    _end_with_caller(job)
    reply = _reply(work, data)
    # From here on the caller's reading must not count as a sign of life lost.
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        job.sendall(reply)
    return 0


def _receive(job: socket.socket) -> bytes | None:
    header = _exactly(job, HEADER.size)
    return None if header is None else _exactly(job, HEADER.unpack(header)[0])


def _exactly(job: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = job.recv(min(size - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _set_limits(wall_seconds: float, cpu_seconds: float, memory_mib: int, baseline: int) -> None:
    """Timers and resource limits; nothing catches the signals, so they end even a solver that never looks up."""
    signal.setitimer(signal.ITIMER_REAL, wall_seconds + grace_seconds(wall_seconds))
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    whole = math.ceil(cpu_seconds) + 1
    _lower(resource.RLIMIT_CPU, whole, whole + 1)
    _lower(resource.RLIMIT_CORE, 0, 0)
    if sys.platform == "linux":
        most = baseline + memory_mib * 1024 * 1024
        _lower(resource.RLIMIT_AS, most, most)
    _lower(resource.RLIMIT_NOFILE, 0, 0)


def _lower(kind: int, soft: int, hard: int) -> None:
    _, highest = resource.getrlimit(kind)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(kind, (soft, hard))


def _address_space_bytes() -> int:
    """How much address space this process holds; 0 where that is not known."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


class _HeapFigures(ctypes.Structure):
    """`struct mallinfo2` of glibc (mallinfo(3)); `fordblks` is the number of free bytes in the heap."""

    _names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in _names.split()]


def _free_heap_bytes() -> int:
    """What the warm-up has left free in the heap: address space that a job fills before it asks for more."""
    figures = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if figures is None:
        return 0
    figures.restype = _HeapFigures
    return int(figures().fordblks)


def _end_with_caller(job: socket.socket) -> None:
    """Have the kernel end this process when the caller closes the connection."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(job, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(job, fcntl.F_GETFL)
    fcntl.fcntl(job, fcntl.F_SETFL, flags | os.O_ASYNC)
    # The caller may have gone before the signal was asked for.
    try:
        has_gone = not job.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        has_gone = False
    except ConnectionResetError:
        has_gone = True
    if has_gone:
        os._exit(0)


def _reply(work: Work, data: Any) -> bytes:
    sys.setrecursionlimit(DEPTH)
    try:
        return reply_bytes(work(data))
    except MemoryError:
        return reply_bytes({"claim": "unknown", "limit": "memory"})
    except RecursionError:
        return reply_bytes({"claim": "unknown", "limit": "size"})
    except SystemError as failure:
        # What CPython says when there is no memory for one more frame.
        if "without exception set" in str(failure):
            return reply_bytes({"claim": "unknown", "limit": "memory"})
        return reply_bytes({"crash": traceback.format_exc()})
    except Exception:
        return reply_bytes({"crash": traceback.format_exc()})
    finally:
        sys.setrecursionlimit(1000)
