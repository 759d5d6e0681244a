"""What a language model is to the rest of `nsr`: requests in, completions out.

Knows nothing of prompts or of the language; `nsr.llm.registry` makes language models from a spec.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, Protocol, runtime_checkable

__all__ = ["Completion", "Generation", "LanguageModel", "Message", "Request", "Sampling", "request_key"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the tokens are chosen.

    `n_best` above 1 asks for several completions: at temperature 0 the most probable distinct texts (beam search),
    else that many samples, which may be alike.
    """

    max_tokens: int = 1024
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    n_best: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt (raw text, or messages), the grammar its completion must follow (None: free), and the sampling."""

    prompt: str | tuple[Message, ...]
    grammar: str | None = None
    sampling: Sampling = Sampling()


@dataclass(frozen=True, slots=True)
class Completion:
    """One text with its costs.

    `log_probability` is the sum over the tokens that the language model chose, under its own distribution at
    temperature 1 before any grammar; tokens that the grammar forced add nothing. None where it is not known.
    `finish`: `stop` (its own end, or the grammar's), `length` (out of tokens), `grammar` (the grammar's machine gave
    up or no token was left: the text is incomplete).
    """

    text: str
    log_probability: float | None
    prompt_tokens: int
    completion_tokens: int
    forced_tokens: int
    finish: Literal["stop", "length", "grammar"]


@dataclass(frozen=True, slots=True)
class Generation:
    """The completions of one request, best first, and what kept them to the grammar (None: nothing did)."""

    completions: tuple[Completion, ...]
    grammar_in_force: str | None = None


@runtime_checkable
class LanguageModel(Protocol):
    """Answers requests in one batch, in their order."""

    @property
    def name(self) -> str: ...

    def generate(self, requests: Sequence[Request]) -> list[Generation]:
        """One generation for each request. `LanguageModelUnavailable` where the model cannot be reached."""
        ...

    async def agenerate(self, requests: Sequence[Request]) -> list[Generation]:
        """As `generate`, without blocking the event loop."""
        ...


def request_key(request: Request) -> str:
    """A stable hash of everything that a request consists of."""
    data = json.dumps(asdict(request), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(data.encode()).hexdigest()
