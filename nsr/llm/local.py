"""A causal language model from a folder, run here through transformers and torch.

On the GPU if there is one, else on the CPU; batched, every row under its own grammar. Loading is put off to the first
request.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nsr.errors import LanguageModelUnavailable, OperationalError, UsageError
from nsr.llm.protocol import Completion, Generation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.llm.grammar import GrammarCompiler
    from nsr.llm.protocol import Request
    from nsr.llm.search import Hypothesis, Row
    from nsr.llm.slots import SlotRunner
    from nsr.llm.threads import ThreadChoice

__all__ = ["LocalModel"]

_CACHE_BYTES_CPU = 1 << 30
_SHARED_PREFIX = 32  # a shorter common beginning is not worth a call of its own
_SMALL = 20_000_000  # parameters; a larger language model always gains from more threads
_INSTALL = "local language models need the extra `local`: pip install 'nsr[local]'"


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: Any
    tokenizer: Any
    grammars: GrammarCompiler
    row_bytes: int  # of the cache, for one token
    limit: int | None  # the longest text, in tokens
    threads: ThreadChoice | None  # where the number of threads is worth a choice


class LocalModel:
    """A folder with config, safetensors and tokenizer, as `save_pretrained` writes it.

    A raw prompt is taken as it is, behind the beginning-of-text token where the tokenizer has one of its own; messages
    go through the chat template, or are joined by empty lines where there is none.

    Args:
        folder: the folder.
        name: what traces call it; the folder's name if empty.
        device: `cuda`, `cpu`, ...; None takes the GPU if there is one.
        number_format: a torch dtype by name; None takes bfloat16 on a GPU, else float32.
        max_rows: the most requests in one batch; memory may make it fewer.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        name: str = "",
        device: str | None = None,
        number_format: str | None = None,
        max_rows: int = 256,
    ) -> None:
        self._folder = Path(folder)
        if not self._folder.is_dir():
            raise UsageError(f"no folder {str(folder)!r} with a language model")
        self.name = name or self._folder.resolve().name
        self._device = device
        self._number_format = number_format
        self._max_rows = max_rows
        self._loaded: _Loaded | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Loads now what the first request would load."""
        with self._lock:
            self._load()

    async def agenerate(self, requests: Sequence[Request]) -> list[Generation]:
        """As `generate`, in a thread."""
        return await asyncio.to_thread(self.generate, requests)

    def generate(self, requests: Sequence[Request]) -> list[Generation]:
        """Runs all requests, in batches of rows of like length; one batch runs at a time."""
        for request in requests:
            if request.sampling.max_tokens < 1 or request.sampling.n_best < 1:
                raise UsageError("max_tokens and n_best are at least 1")
        if not requests:
            return []
        with self._lock:
            loaded = self._load()
            with loaded.threads.applied() if loaded.threads is not None else nullcontext():
                return self._generate(loaded, requests)

    def _generate(self, loaded: _Loaded, requests: Sequence[Request]) -> list[Generation]:
        prompts = [self._encode(loaded.tokenizer, request) for request in requests]
        longest = [len(p) + r.sampling.max_tokens for p, r in zip(prompts, requests, strict=True)]
        order = sorted(range(len(requests)), key=lambda i: (len(prompts[i]), longest[i]))
        found: dict[int, Generation] = {}
        start, most = 0, len(order)
        while start < len(order):
            group = order[start : start + min(most, self._rows(loaded, longest, order[start:], requests))]
            generations = self._try(loaded, [(requests[i], prompts[i]) for i in group])
            if generations is None:
                most = len(group) // 2
                continue
            start += len(group)
            found.update(zip(group, generations, strict=True))
        return [found[i] for i in range(len(requests))]

    def _rows(self, loaded: _Loaded, longest: Sequence[int], order: Sequence[int], requests: Sequence[Request]) -> int:
        """How many of the next rows fit into the memory set aside for the cache, at least one."""
        budget = _CACHE_BYTES_CPU
        if loaded.model.device.type == "cuda":
            import torch

            budget = int(torch.cuda.mem_get_info(loaded.model.device)[0] * 0.4)
        slots, rows = 0, 0
        for i in order[: self._max_rows]:
            s = requests[i].sampling
            slots = max(slots, longest[i] + (s.n_best - 1) * min(s.max_tokens, 256))
            if rows and slots * (rows + 1) * loaded.row_bytes > budget:
                break
            rows += 1
        return rows

    def _try(self, loaded: _Loaded, group: Sequence[tuple[Request, list[int]]]) -> list[Generation] | None:
        """As `_run`; None if the GPU's memory is too small for so many rows."""
        import torch

        try:
            return self._run(loaded, group)
        except torch.OutOfMemoryError as exc:
            torch.cuda.empty_cache()
            if len(group) == 1:
                raise OperationalError(f"{self.name} has too little memory for one request", str(exc)) from exc
        return None

    def _run(self, loaded: _Loaded, group: Sequence[tuple[Request, list[int]]]) -> list[Generation]:
        from nsr.llm.search import Hypothesis, Row, search
        from nsr.llm.slots import SlotRunner

        prompts = [prompt for _, prompt in group]
        if loaded.limit is not None and len(prompts[-1]) >= loaded.limit:
            raise UsageError(f"a prompt of {len(prompts[-1])} tokens is too long: {self.name} takes {loaded.limit}")
        shared = _common_prefix(prompts)
        runner = SlotRunner(loaded.model, 1 if shared else len(group))
        branches = _share(runner, prompts, shared) if shared else [runner.root(list(p)) for p in prompts]
        rows = []
        for (request, prompt), branch in zip(group, branches, strict=True):
            matcher = None if request.grammar is None else loaded.grammars.matcher(request.grammar)
            room = request.sampling.max_tokens if loaded.limit is None else loaded.limit - len(prompt)
            sampling = replace(request.sampling, max_tokens=min(request.sampling.max_tokens, room))
            rows.append(Row(sampling, [Hypothesis(branch, matcher)]))
        search(runner, list(rows), loaded.grammars)
        return [self._generation(loaded, request, len(p), row) for (request, p), row in zip(group, rows, strict=True)]

    @staticmethod
    def _generation(loaded: _Loaded, request: Request, prompt_tokens: int, row: Row) -> Generation:
        def text(h: Hypothesis) -> str:
            if request.grammar is not None:
                return h.text.decode("utf-8", "replace")
            return str(loaded.tokenizer.decode(h.tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False))

        completions = tuple(
            Completion(text(h), h.log_probability, prompt_tokens, len(h.tokens), h.forced, h.finish or "length")
            for h in row.ranked()
        )
        return Generation(completions, None if request.grammar is None else "llguidance")

    @staticmethod
    def _encode(tokenizer: Any, request: Request) -> list[int]:
        if not isinstance(request.prompt, str) and tokenizer.chat_template:
            messages = [{"role": m.role, "content": m.content} for m in request.prompt]
            text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
            return list(tokenizer.encode(text, add_special_tokens=False))
        text = (
            request.prompt
            if isinstance(request.prompt, str)
            else "\n\n".join(m.content for m in request.prompt) + "\n\n"
        )
        tokens = list(tokenizer.encode(text))
        # Not every tokenizer writes the beginning-of-text token that its model was trained with. One that is also the
        # end of a text is not written; it only stands in for an empty prompt, since a model needs something to go on.
        begin, end = tokenizer.bos_token_id, tokenizer.eos_token_id
        if begin is not None and begin != end and tokens[:1] != [begin]:
            return [begin, *tokens]
        return tokens or [begin if begin is not None else end]

    def _load(self) -> _Loaded:
        if self._loaded is None:
            self._loaded = _load_folder(self._folder, self._device, self._number_format)
        return self._loaded


def _load_folder(folder: Path, device: str | None, number_format: str | None) -> _Loaded:
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging as transformers_logging

        from nsr.llm.grammar import GrammarCompiler
        from nsr.llm.slots import attention_window
        from nsr.llm.threads import ThreadChoice
    except ImportError as exc:
        raise LanguageModelUnavailable(_INSTALL, str(exc)) from exc
    transformers_logging.disable_progress_bar()
    where = device or ("cuda" if torch.cuda.is_available() else "cpu")
    dtype = getattr(torch, number_format or ("bfloat16" if where.startswith("cuda") else "float32"))
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, local_files_only=True).to(where).eval()
    except (OSError, ValueError, RuntimeError) as exc:
        raise LanguageModelUnavailable(
            f"the language model in {str(folder)!r} cannot be loaded: {exc}", str(exc)
        ) from exc
    attention_window(model)
    config = model.config.get_text_config()
    ends = model.generation_config.eos_token_id if model.generation_config is not None else None
    ends = ends if ends is not None else tokenizer.eos_token_id
    eos = list(ends) if isinstance(ends, (list, tuple)) else [ends]
    if eos == [None]:
        raise LanguageModelUnavailable(f"the language model in {str(folder)!r} has no end-of-text token")
    vocabulary = int(model.get_output_embeddings().weight.shape[0])
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    row_bytes = 2 * config.num_hidden_layers * heads * width * torch.finfo(dtype).bits // 8
    limit = getattr(config, "max_position_embeddings", None)
    is_small = where == "cpu" and sum(p.numel() for p in model.parameters()) < _SMALL
    threads = ThreadChoice(model) if is_small else None
    return _Loaded(model, tokenizer, GrammarCompiler(tokenizer, vocabulary, eos), row_bytes, limit, threads)


def _common_prefix(prompts: Sequence[list[int]]) -> int:
    """Length of the beginning that all prompts share, 0 if too short to matter; never a whole prompt."""
    if len(prompts) < 2:
        return 0
    low, high = min(prompts), max(prompts)
    length = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    length = min(length, *(len(p) - 1 for p in prompts))
    return length if length >= _SHARED_PREFIX else 0


def _share(runner: SlotRunner, prompts: Sequence[list[int]], shared: int) -> list[Any]:
    """Feeds the common beginning once and gives every row a copy of it."""
    root = runner.root(prompts[0][:shared])
    while root.pending:
        runner.feed([[root]])
    runner.keep([0] * len(prompts))
    branches = [root.fork() for _ in prompts]
    for branch, prompt in zip(branches, prompts, strict=True):
        branch.pending = list(prompt[shared:])
    return branches
