"""Runs commands in this process, as the `nsr` script would."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nsr.llm.protocol import Request
from nsr.llm.registry import embedded_folder
from nsr.testing.llm import ScriptedLLM

HAS_WEIGHTS = (embedded_folder() / "model.safetensors").exists()


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON value and nothing else."""
        return json.loads(self.out)


Nsr = Callable[..., Ran]


@pytest.fixture
def nsr(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Nsr:
    """`nsr("run", path, stdin=b"...")` gives exit code, standard output and standard error."""
    from nsr.cli import main

    def call(*args: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["nsr", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return call


@pytest.fixture
def weights() -> None:
    """Skips the test where the shipped language model is not there."""
    if not HAS_WEIGHTS:
        pytest.skip("the embedded weights are not in this checkout")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Writes a file into the test's folder and returns its path."""

    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


MARK = "%% "


def echo(request: Request) -> str:
    """What the scripted language model says: the marked lines of the problem."""
    assert not isinstance(request.prompt, str)
    lines = [line for message in request.prompt for line in message.content.splitlines()]
    return "\n".join(line.removeprefix(MARK) for line in lines if line.startswith(MARK))


def problem_from(program: str) -> str:
    """A text from which `echo` makes `program`."""
    return "A problem.\n" + "".join(f"{MARK}{line}\n" for line in program.splitlines())


@pytest.fixture
def problem() -> Callable[[str], str]:
    """Makes a text out of a program, for the scripted language model."""
    return problem_from


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a language model that copies programs out of texts."""
    import nsr.llm

    monkeypatch.setattr(nsr.llm, "load", lambda _: ScriptedLLM(echo))
    return "scripted"
