"""`nsr doctor`: what is installed and what works here."""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Literal

import click

from nsr.cli.common import json_option

INSTALL_LOCAL = "pip install 'nsr[local]'"

# Package and the command that installs it; the first group is always needed, the second by language models run here.
CORE = ("click", "httpx", "lark", "pydantic", "rich")
LOCAL = ("torch", "transformers", "llguidance", "safetensors", "tokenizers", "numpy")

PROBE_PROGRAM = """
type Place = 1..3
type Name = {ann, bo, cy}
var place(Name): Place distinct
constraint: place(ann) < place(bo) < place(cy)
find unique place
"""

PROBE_TEXT = """There are 3 houses, numbered 1 to 3 from left to right.
Each house has a different person and a different pet.
Names: Ann, Bob, Carl
Pets: cat, dog, fish

1. Ann is in the first house.
2. Bob owns the dog.
3. The fish is in the second house.
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was looked at, how it stands, and what to do about it if it does not work."""

    name: str
    state: Literal["ok", "missing", "failed"]
    detail: str
    help: str = ""
    seconds: float | None = None


@click.command("doctor")
@json_option
def command(as_json: bool) -> None:
    """Show what is installed and what works here; exit code 0 if puzzles can be solved from their text."""
    from rich.markup import escape

    from nsr.cli.terminal import terminal

    console = terminal()
    found: list[Check] = []
    for check in checks():
        found.append(check)
        if not as_json:
            color, mark = {"ok": ("green", "✓"), "missing": ("yellow", "–"), "failed": ("red", "✗")}[check.state]
            took = f" ({check.seconds:.2f} s)" if check.seconds is not None else ""
            console.print(f"[{color}]{mark}[/] {escape(check.name)}: {escape(check.detail)}{took}", soft_wrap=True)
            if check.help and check.state != "ok":
                console.print(f"    {escape(check.help)}", soft_wrap=True)
    works = found[-1].state == "ok"
    if as_json:
        click.echo(json.dumps({"ok": works, "checks": [asdict(c) for c in found]}, ensure_ascii=False))
    else:
        console.print(
            "Puzzles can be solved from their text." if works else "Puzzles cannot be solved from their text."
        )
    sys.exit(0 if works else 1)


def checks() -> Iterator[Check]:
    """All checks; the last one is the main job, a puzzle solved from its text."""
    yield _python()
    for name in CORE:
        yield _package(name, f"pip install {name}")
    yield from _backends()
    for name in LOCAL:
        yield _package(name, INSTALL_LOCAL)
    yield _device()
    yield _number_format()
    yield _weights()
    yield _main_job()


def _python() -> Check:
    version = platform.python_version()
    detail = f"{version} on {platform.system()} {platform.machine()}"
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Check("python", "ok", detail)
    return Check("python", "failed", detail, "nsr is made for Python 3.11 to 3.13")


def _version(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _package(name: str, install: str) -> Check:
    found = _version(name)
    if found is None:
        return Check(name, "missing", "not installed", install)
    return Check(name, "ok", found)


def _backends() -> Iterator[Check]:
    """Every back end, by solving a small program on it in a worker process."""
    from nsr.solvers.registry import availability, backend_names

    for name in backend_names():
        missing = availability(name)
        if missing is not None:
            yield Check(f"back end {name}", "missing", "not installed", missing)
        else:
            yield _timed(f"back end {name}", partial(_solve_on, name))


def _solve_on(name: str) -> str:
    from packaging.requirements import Requirement

    from nsr.engine.engine import Engine
    from nsr.engine.options import Options
    from nsr.solvers.registry import get_backend

    with Engine(Options(backend=name, confirm=False)) as engine:
        result = engine.run(PROBE_PROGRAM)
    if not result.is_answered:
        raise RuntimeError(result.reason or result.status.value)
    packages = [Requirement(r).name for r in get_backend(name).spec.requires]
    return ", ".join(f"{p} {_version(p)}" for p in packages) + ", answers in a worker process"


def _device() -> Check:
    if _version("torch") is None:
        return Check("device", "missing", "torch is not installed", INSTALL_LOCAL)
    import torch

    if torch.cuda.is_available():
        return Check("device", "ok", f"GPU: {torch.cuda.get_device_name(0)}")
    return Check("device", "ok", f"CPU, {torch.get_num_threads()} threads (no GPU found; none is needed)")


def _number_format() -> Check:
    if _version("torch") is None:
        return Check("number format", "missing", "torch is not installed", INSTALL_LOCAL)

    def probe() -> str:
        from nsr.training.trainer import probe_bfloat16

        return "bf16 is the faster one here" if probe_bfloat16() else "fp32 is the faster one here"

    return _timed("number format", probe)


def _weights() -> Check:
    from nsr.llm.registry import embedded_folder

    folder = embedded_folder()
    path = folder / "model.safetensors"
    if not path.is_file():
        return Check(
            "embedded language model", "missing", f"no weights in {folder}", "train them: nsr train --out FOLDER"
        )
    size = sum(p.stat().st_size for p in folder.iterdir() if p.is_file())
    return Check("embedded language model", "ok", f"{size / 1e6:.1f} MB in {folder}")


def _main_job() -> Check:
    name = "a puzzle from its text"
    for package in LOCAL:
        if _version(package) is None:
            return Check(name, "failed", f"needs {package}", INSTALL_LOCAL)

    def work() -> str:
        from nsr.engine.engine import Engine

        with Engine() as engine:
            result = engine.solve(PROBE_TEXT)
        if not result.is_answered:
            raise RuntimeError(result.reason or result.status.value)
        return f"{result.status.value}, {result.evidence.kind}"

    return _timed(name, work)


def _timed(name: str, work: Callable[[], str]) -> Check:
    started = time.perf_counter()
    try:
        detail = work()
    except Exception as error:  # A doctor reports what is broken, whatever it is, and goes on.
        said = " ".join(f"{error} {getattr(error, 'detail', '')}".split())
        return Check(name, "failed", f"{type(error).__name__}: {said[:400]}", seconds=time.perf_counter() - started)
    return Check(name, "ok", detail, seconds=time.perf_counter() - started)
