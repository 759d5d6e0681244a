"""A language model that says what a test tells it to."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from nsr.errors import UsageError
from nsr.llm.protocol import Completion, Generation, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Answer", "ScriptedLLM"]

Answer: TypeAlias = "str | Sequence[str] | Generation | Exception"
"""A text, several (best first), a whole generation, or an exception to raise."""


class ScriptedLLM:
    """Answers from a list, one a request in order, or from a function of the request; keeps all requests.

    Tokens are counted as words, log-probabilities fall by one from text to text.
    """

    def __init__(self, answers: Iterable[Answer] | Callable[[Request], Answer], name: str = "scripted") -> None:
        self.name = name
        self.requests: list[Request] = []
        self._answer = answers if callable(answers) else None
        self._left = iter(()) if callable(answers) else iter(answers)

    def generate(self, requests: Sequence[Request]) -> list[Generation]:
        """The next answers of the script. UsageError when it has no more."""
        return [self._one(request) for request in requests]

    async def agenerate(self, requests: Sequence[Request]) -> list[Generation]:
        """As `generate`."""
        return self.generate(requests)

    def _one(self, request: Request) -> Generation:
        self.requests.append(request)
        answer = self._answer(request) if self._answer is not None else next(self._left, None)
        if answer is None:
            raise UsageError(f"the script of {self.name!r} has no answer left for request {len(self.requests)}")
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Generation):
            return answer
        texts = [answer] if isinstance(answer, str) else list(answer)
        prompt = request.prompt if isinstance(request.prompt, str) else " ".join(m.content for m in request.prompt)
        words = len(prompt.split())
        completions = (Completion(t, -float(n), words, len(t.split()), 0, "stop") for n, t in enumerate(texts))
        return Generation(tuple(completions), None if request.grammar is None else "script")
