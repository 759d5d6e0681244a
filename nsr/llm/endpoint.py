"""A language model behind an OpenAI-compatible server: chat completions over httpx.

Transport trouble (no connection, 429, 5xx) is tried again a few times and never more; everything else is said in the
server's own words. Parameters that a server does not know are left out once it has said so. The key is sent and
never shown.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from nsr.background import blocking
from nsr.errors import LanguageModelUnavailable, OperationalError, UsageError
from nsr.llm.protocol import Completion, Generation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from nsr.llm.protocol import Request

__all__ = ["GRAMMAR_FIELDS", "EndpointModel", "EndpointOptions", "GrammarField"]

GrammarField = Literal["none", "structured_outputs", "guided_grammar", "llguidance"]

# How a server takes a grammar in llguidance's notation: vLLM, older vLLM, llama.cpp built with llguidance.
GRAMMAR_FIELDS: dict[GrammarField, Any] = {
    "none": None,
    "structured_outputs": lambda grammar: {"structured_outputs": {"grammar": grammar}},
    "guided_grammar": lambda grammar: {"guided_grammar": grammar},
    "llguidance": lambda grammar: {"grammar": "%llguidance {}\n" + grammar},
}

_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_KEY_VARIABLES = ("NSR_API_KEY", "OPENAI_API_KEY")
_SHOWN = 600
# What some servers refuse, and what takes its place: another name, or nothing.
_OPTIONAL = {"max_tokens": "max_completion_tokens", "seed": None, "top_p": None, "temperature": None, "n": None}


@dataclass(frozen=True, slots=True)
class EndpointOptions:
    """How a server is spoken to. `transport_retries` counts tries after the first one."""

    grammar_field: GrammarField = "none"
    timeout_seconds: float = 300.0
    connect_seconds: float = 10.0
    transport_retries: int = 4
    backoff_seconds: float = 0.5
    longest_backoff_seconds: float = 30.0
    concurrency: int = 8


class EndpointModel:
    """Language model `model` at `base_url` (up to and including `/v1`); without `model` the only one it serves.

    The key is taken from `api_key`, else from the environment: NSR_API_KEY, then OPENAI_API_KEY.
    """

    def __init__(
        self, base_url: str, model: str = "", *, api_key: str | None = None, options: EndpointOptions | None = None
    ) -> None:
        if not re.match(r"https?://[^/\s]", base_url):
            raise UsageError(f"{base_url!r} is no address of a server: http://host:port/v1 is expected")
        self._base_url = base_url.rstrip("/")
        self._model = model
        self._options = options or EndpointOptions()
        if self._options.grammar_field not in GRAMMAR_FIELDS:
            raise UsageError(f"grammar_field is one of {', '.join(GRAMMAR_FIELDS)}")
        found = (os.environ[v] for v in _KEY_VARIABLES if os.environ.get(v))
        self._key = api_key if api_key is not None else next(found, "")
        self._left_out: dict[str, str | None] = {}
        self._grammar_refused = False

    @property
    def name(self) -> str:
        """The served name, or the address while it is not known."""
        return self._model or self._base_url

    def __repr__(self) -> str:
        return f"EndpointModel({self._base_url!r}, {self._model!r})"

    def generate(self, requests: Sequence[Request]) -> list[Generation]:
        """As `agenerate`; blocks."""
        return blocking(self.agenerate(requests))

    async def agenerate(self, requests: Sequence[Request]) -> list[Generation]:
        """All requests, `concurrency` at a time. OperationalError with the server's words; the others are cancelled."""
        import httpx

        options = self._options
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        timeout = httpx.Timeout(options.timeout_seconds, connect=options.connect_seconds)
        gate = asyncio.Semaphore(options.concurrency)
        async with httpx.AsyncClient(headers=headers, timeout=timeout) as client:
            if not self._model:
                self._model = await self._only_model(client)

            async def one(request: Request) -> Generation:
                async with gate:
                    return await self._generate(client, request)

            tasks = [asyncio.create_task(one(r)) for r in requests]
            try:
                return list(await asyncio.gather(*tasks))
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _generate(self, client: httpx.AsyncClient, request: Request) -> Generation:
        wanted = request.sampling.n_best if request.sampling.temperature > 0 else 1
        completions: list[Completion] = []
        in_force: str | None = None
        # A server that ignores `n` gives one text at a time; each further call has a seed of its own.
        while len(completions) < wanted:
            sampling = replace(
                request.sampling, n_best=wanted - len(completions), seed=request.sampling.seed + len(completions)
            )
            reply, in_force = await self._ask(client, replace(request, sampling=sampling))
            completions += self._completions(reply)
        return Generation(tuple(completions[:wanted]), in_force)

    async def _ask(self, client: httpx.AsyncClient, request: Request) -> tuple[Any, str | None]:
        while True:
            body, in_force = self._body(request)
            response = await self._send(client, "POST", "/chat/completions", body)
            if response.status_code == 400 and self._adapt(body, in_force, self._words(response)):
                continue
            self._raise_for(response)
            return self._json(response), in_force

    def _body(self, request: Request) -> tuple[dict[str, Any], str | None]:
        s = request.sampling
        if isinstance(request.prompt, str):
            messages = [{"role": "user", "content": request.prompt}]
        else:
            messages = [{"role": m.role, "content": m.content} for m in request.prompt]
        body: dict[str, Any] = {"model": self._model, "messages": messages}
        values = {"max_tokens": s.max_tokens, "temperature": s.temperature, "top_p": s.top_p, "seed": s.seed}
        if s.temperature > 0 and s.n_best > 1:
            values["n"] = s.n_best
        for field, value in values.items():
            sent = self._left_out.get(field, field)
            if sent is not None:
                body[sent] = value
        write = GRAMMAR_FIELDS[self._options.grammar_field]
        if request.grammar is None or write is None or self._grammar_refused:
            return body, None
        return {**body, **write(request.grammar)}, self._options.grammar_field

    def _adapt(self, body: dict[str, Any], in_force: str | None, words: str) -> bool:
        """Leaves out what the server says it does not take; whether there is anything new to try."""
        if in_force is not None and re.search(r"grammar|structured|guided", words, re.IGNORECASE):
            self._grammar_refused = True
            return True
        for field, other in _OPTIONAL.items():
            if field in body and field not in self._left_out and re.search(rf"\b{field}\b['\"`]", words):
                self._left_out[field] = other
                return True
        return False

    def _completions(self, reply: Any) -> list[Completion]:
        try:
            choices = reply["choices"]
            usage = reply.get("usage") or {}
            prompt, total = int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0)
            share, rest = divmod(total, len(choices))
            found = []
            for number, choice in enumerate(choices):
                text, is_cut = choice["message"].get("content"), choice.get("finish_reason") == "length"
                if text is None and not is_cut:
                    refusal = str(choice["message"].get("refusal") or "")
                    raise OperationalError(f"{self.name} answered without a text", refusal)
                tokens = share + (rest if number == 0 else 0)
                found.append(Completion(str(text or ""), None, prompt, tokens, 0, "length" if is_cut else "stop"))
            return found
        except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as exc:
            shown = json.dumps(reply, ensure_ascii=False)[:_SHOWN]
            raise OperationalError(f"the reply of {self._base_url} is no chat completion: {shown}", shown) from exc

    async def _only_model(self, client: httpx.AsyncClient) -> str:
        response = await self._send(client, "GET", "/models", None)
        self._raise_for(response)
        data = self._json(response)
        served = [str(m.get("id")) for m in data.get("data", [])] if isinstance(data, dict) else []
        if len(served) != 1:
            names = ", ".join(served[:20]) or "none"
            raise UsageError(f"name the language model: {self._base_url}#NAME (served there: {names})")
        return served[0]

    async def _send(self, client: httpx.AsyncClient, method: str, path: str, body: Any) -> httpx.Response:
        """One exchange with bounded retries; returns any response that is not worth another try."""
        import httpx

        options = self._options
        for attempt in range(options.transport_retries + 1):
            is_last = attempt == options.transport_retries
            pause = min(options.backoff_seconds * 2**attempt, options.longest_backoff_seconds)
            try:
                response = await client.request(method, self._base_url + path, json=body)
            except httpx.TimeoutException as exc:
                # The server may still be at work on it: asking again would only add to its load.
                limit = options.connect_seconds if isinstance(exc, httpx.ConnectTimeout) else options.timeout_seconds
                raise LanguageModelUnavailable(f"{self._base_url} did not answer within {limit:g} seconds") from exc
            except (httpx.RequestError, httpx.InvalidURL) as exc:
                if is_last or isinstance(exc, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
                    words = self._without_key(str(exc) or type(exc).__name__)
                    raise LanguageModelUnavailable(f"{self._base_url} cannot be reached: {words}", words) from exc
            else:
                if response.status_code not in _RETRIED or is_last:
                    return response
                pause = min(_retry_after(response) or pause, options.longest_backoff_seconds)
            await asyncio.sleep(pause * (0.75 + random.random() / 2))
        raise AssertionError("the last attempt returns or raises")

    def _raise_for(self, response: httpx.Response) -> None:
        status = response.status_code
        if status < 300:
            return
        words = self._words(response)
        said = f"{self._base_url} answered {status}" + (f": {words}" if words else "")
        if status in (401, 403):
            said += f" (the key is read from {' or '.join(_KEY_VARIABLES)})"
        raise (LanguageModelUnavailable if status in _RETRIED or status in (401, 403, 404) else OperationalError)(
            said, words
        )

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError as exc:
            shown = self._without_key(response.text[:_SHOWN])
            raise OperationalError(f"the reply of {self._base_url} is not JSON: {shown}", shown) from exc

    def _words(self, response: httpx.Response) -> str:
        """The server's own message, out of the usual envelopes."""
        text = response.text
        try:
            found = response.json()
            while isinstance(found, dict) and (
                inner := found.get("error") or found.get("message") or found.get("detail")
            ):
                found = inner
            text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        except ValueError:
            pass
        return self._without_key(text.strip()[:_SHOWN])

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "[key]") if self._key else text


def _retry_after(response: httpx.Response) -> float | None:
    try:
        return max(0.0, float(response.headers["retry-after"]))
    except (KeyError, ValueError):
        return None
