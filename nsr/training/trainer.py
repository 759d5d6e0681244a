"""Trains the embedded sentence language model, in any number of runs that add up to one.

A checkpoint holds weights, optimizer state and the step; the examples of a step are a function of seed and step, so
an interrupted and resumed run sees the same stream. The learning rate decays to the end of the budget: steps, or
seconds of training counted over all runs.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nsr.training.data import Example, examples, examples_of_step
from nsr.training.model import BEGIN, END, Shape, build_model, build_tokenizer, save_folder
from nsr.training.network import hidden_states

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

__all__ = ["Progress", "TrainingConfig", "probe_bfloat16", "train"]


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What one training is. `seconds` overrides `steps` where both are given; `group` steps share one sorted draw."""

    out: Path
    checkpoints: Path
    steps: int = 20_000
    seconds: float | None = None
    seed: int = 0
    batch: int = 160
    group: int = 8
    matrix_rate: float = 0.02
    rate: float = 3e-3
    warmup: int = 100
    prompt_weight: float = 0.05
    shape: Shape = field(default_factory=Shape)
    threads: int = 1
    number_format: str = "auto"
    report_every: int = 100
    save_every: int = 500
    loaders: int = 0
    tokenizer_examples: int = 12_000
    held_out: int = 400


@dataclass(frozen=True, slots=True)
class Progress:
    """One report: step, share of the budget used, mean loss since the last, tokens a second, held-out accuracy."""

    step: int
    fraction: float
    loss: float
    tokens_per_second: float
    accuracy: float | None = None
    unseen_accuracy: float | None = None


def probe_bfloat16(threads: int = 1) -> bool:
    """Whether bf16 products are clearly faster than fp32 ones on this machine."""
    import torch

    torch.set_num_threads(threads)
    seconds = {}
    for dtype in (torch.float32, torch.bfloat16):
        left, right = torch.randn(2048, 192, dtype=dtype), torch.randn(192, 512, dtype=dtype)
        left @ right
        started = time.perf_counter()
        for _ in range(10):
            left @ right
        seconds[dtype] = time.perf_counter() - started
    return seconds[torch.bfloat16] < 0.7 * seconds[torch.float32]


def train(config: TrainingConfig, progress: Callable[[Progress], None] = lambda _: None) -> Path:
    """Train to the end of the budget, from the newest checkpoint if there is one; returns the folder written."""
    import torch

    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    config.checkpoints.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(config)
    model = build_model(replace(config.shape, vocabulary=tokenizer.get_vocab_size()))
    half = config.number_format == "bf16" or (config.number_format == "auto" and probe_bfloat16(config.threads))
    run = _Run(config, model, tokenizer, half)
    run.resume()
    held = {unseen: _held_out(unseen, config.held_out) for unseen in (False, True)}
    total_loss = total_tokens = counted = 0.0
    since = time.perf_counter()
    while run.fraction < 1:
        loss, count = run.step()
        total_loss, total_tokens, counted = total_loss + loss, total_tokens + count, counted + 1
        if run.done % config.report_every == 0:
            elapsed = time.perf_counter() - since
            accuracy = unseen = None
            if run.done % config.save_every == 0:
                accuracy, unseen = (_accuracy(model, tokenizer, held[u], half) for u in (False, True))
                run.save()
            progress(Progress(run.done, run.fraction, total_loss / counted, total_tokens / elapsed, accuracy, unseen))
            total_loss = total_tokens = counted = 0.0
            since = time.perf_counter()
    run.save()
    accuracy, unseen = (_accuracy(model, tokenizer, held[u], half) for u in (False, True))
    progress(Progress(run.done, 1.0, total_loss / max(1, counted), 0.0, accuracy, unseen))
    save_folder(model, tokenizer, config.out)
    return config.out


class _Run:
    """The state of a training between steps."""

    def __init__(self, config: TrainingConfig, model: Any, tokenizer: Tokenizer, half: bool) -> None:
        import torch

        from nsr.training.muon import Muon

        self.config, self.model, self.tokenizer, self.half = config, model, tokenizer, half
        matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
        others = [p for n, p in model.named_parameters() if not (p.ndim == 2 and "embed" not in n)]
        self.muon = Muon(matrices, half=half)
        self.adam = torch.optim.AdamW(others, lr=config.rate, betas=(0.9, 0.98), weight_decay=0.0)
        self.done = 0
        self.spent = 0.0
        self.queue: list[list[Example]] = []
        self.executor: Any = None
        self.futures: dict[int, Any] = {}

    @property
    def fraction(self) -> float:
        """Share of the budget used."""
        if self.config.seconds is not None:
            return min(1.0, self.spent / self.config.seconds)
        return min(1.0, self.done / self.config.steps)

    def rate(self) -> float:
        """Learning-rate factor: warm-up, a flat part, then a straight line to nothing."""
        return min(1.0, (self.done + 1) / self.config.warmup) * min(1.0, (1 - self.fraction) / 0.6)

    def step(self) -> tuple[float, int]:
        """One update; returns its loss and the number of tokens seen."""
        import torch

        started = time.perf_counter()
        ids, weights = self._batch()
        loss, count = _loss(self.model, ids, weights, self.half)
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types for it
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        factor = self.rate()
        self.muon.step(self.config.matrix_rate * factor)
        for group in self.adam.param_groups:
            group["lr"] = self.config.rate * factor
        self.adam.step()
        self.model.zero_grad(set_to_none=True)
        self.done += 1
        self.spent += time.perf_counter() - started
        return float(loss.detach()), count

    def _batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        group = self.config.group
        if self.done % group == 0 or not self.queue:
            self.queue = self._group(self.done // group)
        # Predicting the prompts helps only at first.
        weight = self.config.prompt_weight if self.fraction < 0.25 else 0.0
        return encode(self.tokenizer, self.queue[self.done % group], weight)

    def _group(self, index: int) -> list[list[Example]]:
        if not self.config.loaders:
            return draw_group(self.config.seed, index, self.config.batch, self.config.group)
        if self.executor is None:
            from concurrent.futures import ProcessPoolExecutor

            self.executor = ProcessPoolExecutor(self.config.loaders)
        for ahead in range(index, index + 2 * self.config.loaders + 1):
            if ahead not in self.futures:
                self.futures[ahead] = self.executor.submit(
                    draw_group, self.config.seed, ahead, self.config.batch, self.config.group
                )
        found: list[list[Example]] = self.futures.pop(index).result()
        return found

    def save(self) -> None:
        """Write the checkpoint in one move, so that an interruption never leaves half of one."""
        import torch

        target = self.config.checkpoints / "checkpoint.pt"
        state = {
            "model": self.model.state_dict(),
            "muon": self.muon.state(),
            "adam": self.adam.state_dict(),
            "done": self.done,
            "spent": self.spent,
            "config": json.dumps(asdict(self.config), default=str),
        }
        torch.save(state, target.with_suffix(".new"))
        os.replace(target.with_suffix(".new"), target)

    def resume(self) -> None:
        """Take up the newest checkpoint, if there is one."""
        import torch

        target = self.config.checkpoints / "checkpoint.pt"
        if not target.exists():
            return
        state = torch.load(target, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.muon.restore(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self.done, self.spent = state["done"], state["spent"]


def draw_group(seed: int, index: int, batch: int, group: int) -> list[list[Example]]:
    """The batches of `group` steps: drawn together, sorted by length so that little is padded, then mixed."""
    drawn = examples_of_step(seed, index, batch * group)
    drawn.sort(key=lambda e: len(e.prompt) + len(e.reply))
    batches = [drawn[i * batch : (i + 1) * batch] for i in range(group)]
    random.Random(f"{seed}/{index}/order").shuffle(batches)
    return batches


def encode(tokenizer: Tokenizer, batch: Sequence[Example], prompt_weight: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids padded on the right, and the weight of predicting each."""
    import torch

    begin, end = tokenizer.token_to_id(BEGIN), tokenizer.token_to_id(END)
    prompts = tokenizer.encode_batch([e.prompt for e in batch], add_special_tokens=False)
    replies = tokenizer.encode_batch([e.reply for e in batch], add_special_tokens=False)
    rows = [([begin, *p.ids], [*r.ids, end]) for p, r in zip(prompts, replies, strict=True)]
    # Few different widths: kernels are made anew for each.
    width = -(-max(len(p) + len(r) for p, r in rows) // 8) * 8
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    weights = torch.zeros(len(rows), width)
    for i, (p, r) in enumerate(rows):
        ids[i, : len(p) + len(r)] = torch.tensor(p + r)
        weights[i, 1 : len(p)] = prompt_weight
        weights[i, len(p) : len(p) + len(r)] = 1.0
    return ids, weights


def _loss(model: Any, ids: torch.Tensor, weights: torch.Tensor, half: bool) -> tuple[torch.Tensor, int]:
    import torch
    from torch.nn import functional

    dtype = torch.bfloat16 if half else torch.float32
    mask = weights[:, 1:] > 0
    hidden = hidden_states(model, ids[:, :-1], dtype)
    logits = functional.linear(hidden[mask], model.lm_head.weight.to(dtype))
    losses = functional.cross_entropy(logits.float(), ids[:, 1:][mask], reduction="none")
    kept = weights[:, 1:][mask]
    return (losses * kept).sum() / kept.sum(), int(mask.sum())


def _held_out(reserved: bool, count: int) -> list[Example]:
    from nsr.synth.contexts import Style

    stream = examples(random.Random(f"held out {reserved}"), Style(test=True, reserved=reserved))
    return [next(stream) for _ in range(count)]


def _accuracy(model: Any, tokenizer: Tokenizer, held: Sequence[Example], half: bool) -> float:
    """Share of held-out replies that are, token by token, the most likely ones."""
    import torch

    right = 0
    ordered = sorted(held, key=lambda e: len(e.prompt))
    for start in range(0, len(ordered), 50):
        ids, weights = encode(tokenizer, ordered[start : start + 50], 0.0)
        dtype = torch.bfloat16 if half else torch.float32
        with torch.no_grad():
            hidden = hidden_states(model, ids[:, :-1], dtype)
            best = torch.nn.functional.linear(hidden, model.lm_head.weight.to(dtype)).argmax(-1)
        agrees = (best == ids[:, 1:]) | (weights[:, 1:] == 0)
        right += int(agrees.all(1).sum())
    return right / len(held)


def _tokenizer(config: TrainingConfig) -> Tokenizer:
    from tokenizers import Tokenizer

    target = config.checkpoints / "tokenizer.json"
    if target.exists():
        return Tokenizer.from_file(str(target))
    drawn = examples_of_step(config.seed, -1, config.tokenizer_examples)
    tokenizer = build_tokenizer((text for e in drawn for text in (e.prompt, e.reply)), config.shape.vocabulary)
    tokenizer.save(str(target))
    return tokenizer
