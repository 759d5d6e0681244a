"""Workers that misbehave: every limit holds, nothing is left behind, and the next request is served."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nsr.errors import WorkerCrashed
from nsr.limits import LimitKind, Limits
from nsr.workers import Family, client, request, request_sync, shut_down, start

HERE = Path(__file__).resolve().parent
FAMILY = Family("test", "misbehaving")
AMPLE = Limits(wall_seconds=60, cpu_seconds=60, memory_mib=256)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory limits and process files are Linux's")


@pytest.fixture(autouse=True, scope="module")
def _findable():
    """The misbehaving module can be imported by a fork server."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(HERE)
    start(FAMILY)
    yield
    shut_down()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


def ask(*data, limits=AMPLE):
    reply = request_sync(FAMILY, data, limits)
    assert reply.pop("waited") >= 0
    return reply


def still_works():
    return ask("echo", 7) == {"echo": 7}


def is_gone(pid, seconds=60.0):
    """Whether a process ends within some time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        try:
            # A zombie that nobody reaps is gone as well.
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def children_of(pid):
    out = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            out.append(int(status.parent.name))
    return out


def test_a_request_is_answered():
    assert ask("echo", "ä") == {"echo": "ä"}


def test_each_request_has_its_own_process():
    (first, server), (second, same_server) = ask("pid")["echo"], ask("pid")["echo"]
    assert first != second
    assert server == same_server != os.getpid()


def test_a_long_request_and_a_long_reply():
    text = "y" * 5_000_000
    assert ask("echo", text) == {"echo": text}
    assert len(ask("big", 9_000_000)["echo"]) == 9_000_000


@pytest.mark.parametrize("kind", ["sleep_in_c", "spin"])
def test_the_wall_limit_holds(kind):
    begun = time.monotonic()
    reply = ask(kind, limits=Limits(wall_seconds=0.3, cpu_seconds=60, memory_mib=256))
    assert reply["limit"] == LimitKind.WALL.value
    assert time.monotonic() - begun < 30
    assert still_works()


def test_the_processor_limit_holds():
    reply = ask("spin", limits=Limits(wall_seconds=60, cpu_seconds=0.2, memory_mib=256))
    assert reply["limit"] == LimitKind.CPU.value
    assert still_works()


@LINUX
@pytest.mark.parametrize("kind", ["allocate", "die_of_memory"])
def test_the_memory_limit_holds(kind):
    data = (kind, 4096) if kind == "allocate" else (kind,)
    reply = ask(*data, limits=Limits(wall_seconds=60, cpu_seconds=60, memory_mib=64))
    assert reply["limit"] == LimitKind.MEMORY.value
    assert still_works()


@LINUX
def test_what_is_allowed_can_be_had():
    assert ask("allocate", 128, limits=Limits(wall_seconds=60, cpu_seconds=60, memory_mib=256)) == {"echo": 128}


@LINUX
@pytest.mark.parametrize("family", ["plain", "holes"])
def test_what_a_warm_up_left_free_is_no_more_memory(family):
    limits = Limits(wall_seconds=60, cpu_seconds=60, memory_mib=96)
    got = request_sync(Family(family, FAMILY.module), ("fill",), limits)["echo"]
    assert 0.9 * 96 <= got <= 1.1 * 96


@LINUX
def test_swallowed_memory_errors_end_at_another_limit():
    reply = ask("swallow_memory_errors", limits=Limits(wall_seconds=0.5, cpu_seconds=60, memory_mib=64))
    assert reply["limit"] == LimitKind.WALL.value
    assert still_works()


@pytest.mark.parametrize("kind", ["segfault", "kill_self", "exit", "fail"])
def test_a_crash_is_an_error_that_names_its_cause(kind):
    words = {"segfault": "SIGSEGV", "kill_self": "SIGKILL", "exit": "exit code 3", "fail": "failed"}
    with pytest.raises(WorkerCrashed, match=words[kind]) as caught:
        ask(kind)
    if kind == "exit":
        assert "giving up" in caught.value.detail
    if kind == "fail":
        assert "no such thing" in caught.value.detail
    assert still_works()


def test_endless_recursion_is_a_limit():
    reply = ask("recurse", limits=Limits(wall_seconds=60, cpu_seconds=60, memory_mib=64))
    assert reply["limit"] in {LimitKind.SIZE.value, LimitKind.MEMORY.value}
    assert still_works()


@LINUX
@pytest.mark.parametrize("data", [("open", str(HERE / "misbehaving.py")), ("connect",)])
def test_a_worker_opens_no_file_and_no_connection(data):
    with pytest.raises(WorkerCrashed) as caught:
        ask(*data)
    assert "Too many open files" in caught.value.detail


def test_a_worker_stands_in_the_root_folder_and_knows_no_secrets(monkeypatch):
    assert ask("folder")["echo"] == "/"
    family = Family("secrets", "misbehaving")
    monkeypatch.setenv("SOME_API_KEY", "hush")
    names = request_sync(family, ("environment",), AMPLE)["echo"]
    assert "SOME_API_KEY" not in names
    assert "PATH" in names


def test_a_server_that_cannot_start_says_why():
    with pytest.raises(WorkerCrashed) as caught:
        request_sync(Family("broken", "misbehaving"), ("echo", 1), AMPLE)
    assert "this family cannot start" in caught.value.detail


def test_many_threads():
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda n: ask("echo", n)["echo"], range(64))) == list(range(64))


def test_a_server_started_in_a_thread_outlives_it():
    family = Family("threaded", "misbehaving")
    thread = threading.Thread(target=lambda: request_sync(family, ("echo", 1), AMPLE))
    thread.start()
    thread.join()
    server = request_sync(family, ("pid",), AMPLE)["echo"][1]
    assert request_sync(family, ("pid",), AMPLE)["echo"][1] == server


def test_many_at_once_in_an_event_loop():
    async def main():
        return await asyncio.gather(*(request(FAMILY, ("echo", n), AMPLE) for n in range(40)))

    assert [reply["echo"] for reply in asyncio.run(main())] == list(range(40))


@LINUX
def test_cancelling_kills_the_child(monkeypatch):
    exchanges = []
    opened = client._Exchange.__init__

    def remember(self, *args):
        opened(self, *args)
        exchanges.append(self)

    monkeypatch.setattr(client._Exchange, "__init__", remember)

    async def main():
        task = asyncio.create_task(request(FAMILY, ("sleep_in_c",), AMPLE))
        while not exchanges or not exchanges[0]._pid:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert is_gone(exchanges[0]._pid)
    assert still_works()


@LINUX
def test_a_busy_server_does_not_hold_up_the_event_loop():
    async def main():
        tasks = [asyncio.create_task(request(FAMILY, ("sleep_in_c",), AMPLE)) for _ in range(8)]
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
        return time.monotonic() - begun

    assert asyncio.run(main()) < 10
    assert still_works()


def test_a_dead_server_is_replaced():
    assert still_works()
    server = client._servers[FAMILY].process
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert still_works()
    assert client._servers[FAMILY].process.pid != server.pid


SCRIPT = """
    import os, sys, threading, time
    from nsr.limits import Limits
    from nsr.workers import Family, request_sync
    family = Family("script", "misbehaving")
    limits = Limits(wall_seconds=600, cpu_seconds=600, memory_mib=256)
    server = request_sync(family, ("pid",), limits)["echo"][1]
    threading.excepthook = lambda _: None
    threading.Thread(target=lambda: request_sync(family, ("sleep_in_c",), limits), daemon=True).start()
    time.sleep(0.3)
    print(server, flush=True)
    {ending}
"""


def run_script(ending):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(Path(client.__file__).parents[2])])}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT).format(ending=ending)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        text=True,
    )


@LINUX
@pytest.mark.parametrize("how", ["killed", "ends"])
def test_no_orphans(how):
    with run_script("sys.stdin.readline()") as script:
        server = int(script.stdout.readline())
        children = children_of(server)
        assert children
        if how == "killed":
            script.kill()
        else:
            script.stdin.write("\n")
            script.stdin.flush()
        assert is_gone(server)
        assert all(is_gone(child) for child in children)
        script.wait(timeout=120)
        if how == "ends":
            assert script.stderr.read() == ""


@LINUX
def test_children_die_with_their_server():
    assert still_works()
    server = client._servers[FAMILY].process
    children = children_of(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert all(is_gone(child) for child in children)
    assert still_works()


@LINUX
def test_a_forked_copy_of_the_caller_has_its_own_server():
    assert still_works()
    server = client._servers[FAMILY].process.pid
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, str(ask("pid")["echo"][1]).encode())
            shut_down()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    os.close(write)
    theirs = int(os.read(read, 100))
    os.close(read)
    assert theirs != server
    assert ask("pid")["echo"][1] == server


def test_only_builtins_travel():
    import pickle

    from nsr.workers.codec import from_bytes

    with pytest.raises(pickle.UnpicklingError):
        from_bytes(pickle.dumps(os.system))
