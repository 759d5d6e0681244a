"""Greedy replies of a trained folder for many prompts, and their next-best ones: what the evaluations use.

The service itself decodes under grammars (`nsr.llm`); this is the bare language model, so that its accuracy is
measured without help.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["Replier"]


class Replier:
    """A trained folder, loaded once."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import torch
        from tokenizers import Tokenizer
        from transformers import AutoModelForCausalLM

        torch.set_num_threads(threads)
        self.model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def greedy(self, prompts: Sequence[str], *, batch: int = 128, limit: int = 64) -> list[str]:
        """The most likely reply to each prompt."""
        import torch

        encoded = [[1, *self.tokenizer.encode(p, add_special_tokens=False).ids] for p in prompts]
        order = sorted(range(len(prompts)), key=lambda i: len(encoded[i]))
        replies = [""] * len(prompts)
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            # Rows of one length at a time need no padding on the left; here the width is shared, positions are given.
            width = max(len(encoded[i]) for i in part)
            ids = torch.tensor([[0] * (width - len(encoded[i])) + encoded[i] for i in part])
            mask = torch.tensor([[0] * (width - len(encoded[i])) + [1] * len(encoded[i]) for i in part])
            with torch.no_grad():
                made = self.model.generate(
                    input_ids=ids,
                    attention_mask=mask,
                    max_new_tokens=limit,
                    do_sample=False,
                    num_beams=1,
                    pad_token_id=0,
                    eos_token_id=2,
                )
            for i, row in zip(part, made[:, width:].tolist(), strict=True):
                kept = row[: row.index(2)] if 2 in row else row
                replies[i] = self.tokenizer.decode(kept, skip_special_tokens=False)
        return replies
