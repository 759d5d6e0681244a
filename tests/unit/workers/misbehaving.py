"""A worker module whose work is to misbehave; what it does is the data of the request."""

import ctypes
import os
import signal
import socket
import time


def warm_up(name):
    """Nothing to load, or a failure while starting."""
    if name == "broken":
        raise RuntimeError("this family cannot start")
    if name == "holes":
        _leave_holes(48)


def _leave_holes(mib):
    """A heap that has so much free space below its top, as some solvers leave it."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    blocks = [libc.malloc(64 * 1024) for _ in range(16 * mib)]
    for block in blocks[:-1]:
        libc.free(block)


def work(data):
    """Do what is asked."""
    kind, *rest = data
    return {"echo": globals()[f"do_{kind}"](*rest)}


def do_echo(value):
    return value


def do_pid():
    return [os.getpid(), os.getppid()]


def do_say_pid_and_sleep(path_fd_hint=None):
    time.sleep(3600)


def do_sleep_in_c():
    # A call into C that Python's signal handling cannot interrupt.
    libc = ctypes.PyDLL(None)
    while True:
        libc.sleep(3600)


def do_spin():
    while True:
        pass


def do_allocate(mib):
    kept = []
    for _ in range(mib):
        kept.append(bytearray(1024 * 1024))
    return len(kept)


def do_fill():
    """How many MiB there are until there is no more."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    blocks = 0
    while libc.malloc(64 * 1024):
        blocks += 1
    return blocks // 16


def do_swallow_memory_errors():
    # What a solver may do: catch the failure and go on asking.
    kept = []
    while True:
        try:
            kept.append(bytearray(16 * 1024 * 1024))
        except MemoryError:
            time.sleep(0.001)


def do_die_of_memory():
    # What C++ code does without a handler.
    kept = []
    try:
        while True:
            kept.append(bytearray(16 * 1024 * 1024))
    except MemoryError:
        os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()


def do_segfault():
    ctypes.string_at(0)


def do_kill_self():
    os.kill(os.getpid(), signal.SIGKILL)


def do_exit():
    os.write(2, b"giving up\n")
    os._exit(3)


def do_fail():
    raise ValueError("no such thing")


def do_recurse():
    def down(n):
        return down(n + 1)

    return down(0)


def do_open(path):
    with open(path) as file:
        return file.read()


def do_connect():
    socket.create_connection(("127.0.0.1", 9))


def do_big(size):
    return "x" * size


def do_environment():
    return dict(os.environ)


def do_folder():
    return os.getcwd()


def touch(name):
    """Nothing to touch."""
