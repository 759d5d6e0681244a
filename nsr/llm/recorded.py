"""Answers kept in a file: `Recorder` writes what a language model says, `RecordedModel` says it again.

A file of JSON lines, one generation each, found by the hash of its request: `{"key", "model", "prompt",
"grammar_in_force", "completions"}`. The prompt is there for readers only.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nsr.errors import LanguageModelUnavailable, UsageError
from nsr.llm.protocol import Completion, Generation, LanguageModel, Request, request_key

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["RecordedModel", "Recorder"]


class RecordedModel:
    """Replays a file; a request that is not in it is an error, never a guess. The last line for a request counts."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self.name = f"recorded:{self._path.name}"
        self._found: dict[str, Generation] = {}
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as exc:
            raise UsageError(
                f"the recording {str(path)!r} cannot be read: {getattr(exc, 'strerror', None) or exc}"
            ) from exc
        for number, line in enumerate(lines, 1):
            if line.strip():
                key, generation = _read(line, f"{path}:{number}")
                self._found[key] = generation

    def generate(self, requests: Sequence[Request]) -> list[Generation]:
        """What was recorded for each request."""
        return [self._one(request) for request in requests]

    async def agenerate(self, requests: Sequence[Request]) -> list[Generation]:
        """As `generate`."""
        return self.generate(requests)

    def _one(self, request: Request) -> Generation:
        found = self._found.get(request_key(request))
        if found is None:
            start = request.prompt if isinstance(request.prompt, str) else request.prompt[-1].content
            raise LanguageModelUnavailable(f"{self._path} has no answer recorded for this request: {start[:80]!r}...")
        return found


class Recorder:
    """Passes requests on to a language model and appends its answers to a file, line by line as they come."""

    def __init__(self, model: LanguageModel, path: str | Path) -> None:
        self._model = model
        self._path = Path(path)
        self._lock = threading.Lock()
        self._path.parent.mkdir(parents=True, exist_ok=True)

    @property
    def name(self) -> str:
        """The recorded language model's name."""
        return self._model.name

    def generate(self, requests: Sequence[Request]) -> list[Generation]:
        """As the recorded language model's."""
        return self._write(requests, self._model.generate(requests))

    async def agenerate(self, requests: Sequence[Request]) -> list[Generation]:
        """As the recorded language model's."""
        return self._write(requests, await self._model.agenerate(requests))

    def _write(self, requests: Sequence[Request], generations: list[Generation]) -> list[Generation]:
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            for request, generation in zip(requests, generations, strict=True):
                prompt = request.prompt if isinstance(request.prompt, str) else [asdict(m) for m in request.prompt]
                line = {"key": request_key(request), "model": self.name, "prompt": prompt, **asdict(generation)}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return generations


def _read(line: str, where: str) -> tuple[str, Generation]:
    try:
        data: Any = json.loads(line)
        completions = tuple(Completion(**c) for c in data["completions"])
        return str(data["key"]), Generation(completions, data["grammar_in_force"])
    except (ValueError, TypeError, KeyError) as exc:
        raise UsageError(f"{where} is no recorded generation: {exc}") from exc
