"""Running a causal model over rows whose texts branch: a cache of slots, and who sees which slot.

A row of the batch holds one prompt and all its hypotheses (beams, samples). Every token that was ever fed to the row
has a slot of its own; a hypothesis is the set of slots it sees. So beams share the cache of what they have in
common, nothing is copied or reordered when they fork, and tokens that the grammar forced are fed along with the next
chosen one, however many they are in each row.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nsr.errors import LanguageModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Branch", "SlotRunner", "attention_window"]

_GROWTH = 64
_MASK_CELLS = 1 << 27  # the largest mask of one call: chunks of long prompts are cut to stay below


@dataclass(slots=True, eq=False)
class Branch:
    """One hypothesis as the runner sees it: the slots of its tokens so far, and the tokens not yet fed."""

    seen: NDArray[np.bool_]
    length: int
    pending: list[int]

    def fork(self) -> Branch:
        """A second hypothesis with the same past."""
        return Branch(self.seen.copy(), self.length, list(self.pending))


class _SlotCache:
    """Keys and values by layer, row and slot; what transformers calls a cache, as far as models use it."""

    is_compileable = False

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.used = 0
        self.keys: dict[int, Any] = {}
        self.values: dict[int, Any] = {}
        self.index: tuple[Any, Any, Any] = (None, None, None)

    def update(self, keys: Any, values: Any, layer: int, *_: Any, **__: Any) -> tuple[Any, Any]:
        """Stores the new tokens at their slots; returns everything up to the last slot in use."""
        rows, columns, slots = self.index
        found = []
        for store, new in ((self.keys, keys), (self.values, values)):
            held = store.get(layer)
            if held is None or held.shape[1] < self.used:
                size = (self.used + self.used // 2 + _GROWTH) // _GROWTH * _GROWTH
                grown = new.new_zeros((self.rows, size, new.shape[1], new.shape[3]))
                if held is not None:
                    grown[:, : held.shape[1]] = held
                store[layer] = held = grown
            held[rows, slots] = new.transpose(1, 2)[rows, columns]
            found.append(held[:, : self.used].transpose(1, 2))
        return found[0], found[1]

    def keep(self, rows: Any) -> None:
        """Only these rows stay, in this order; a row may be named several times."""
        self.rows = int(rows.shape[0])
        for store in (self.keys, self.values):
            for layer, held in store.items():
                store[layer] = held[:, : self.used].index_select(0, rows)

    def get_seq_length(self, layer_idx: int = 0) -> int:
        return self.used

    def get_query_offset(self, layer_idx: int = 0) -> int:
        return self.used


class SlotRunner:
    """A batch of rows over one language model.

    `feed` takes the branches of every row, runs as many of their pending tokens as make one efficient call, and
    returns the logits behind each branch that has nothing pending any more.
    """

    def __init__(self, model: Any, rows: int) -> None:
        import numpy as np

        self.model = model
        self.cache = _SlotCache(rows)
        self.filled = [0] * rows
        self.positions = np.zeros((rows, 0), dtype=np.int64)
        self.window = attention_window(model)
        self.keeps_logits = "logits_to_keep" in inspect.signature(model.forward).parameters

    def root(self, tokens: list[int]) -> Branch:
        """A branch with nothing fed yet."""
        import numpy as np

        return Branch(np.zeros(0, dtype=np.bool_), 0, tokens)

    def keep(self, rows: Sequence[int]) -> None:
        """Drops all other rows from the batch (or repeats a row, to share what has been fed to it)."""
        import torch

        self.filled = [self.filled[r] for r in rows]
        self.positions = self.positions[list(rows)]
        self.cache.keep(torch.tensor(rows, device=self.model.device))

    def feed(self, rows: Sequence[Sequence[Branch]]) -> tuple[list[Branch], Any]:
        """Runs the language model once. Branches of one row are fed to their ends together, or only one is given."""
        import numpy as np
        import torch

        width = self._width(rows)
        fed = [[(b, b.pending[: width if len(row) == 1 else None]) for b in row] for row in rows]
        new = [sum(len(tokens) for _, tokens in row) for row in fed]
        columns = max(new)
        self.cache.used = max(self.cache.used, *(f + n for f, n in zip(self.filled, new, strict=True)))
        if self.positions.shape[1] < self.cache.used:
            grown = np.zeros((len(rows), self.cache.used + _GROWTH - self.positions.shape[1]), dtype=np.int64)
            self.positions = np.concatenate([self.positions, grown], axis=1)
        ids = np.zeros((len(rows), columns), dtype=np.int64)
        positions = np.zeros_like(ids)
        mask = np.zeros((len(rows), columns, self.cache.used), dtype=np.bool_)
        mask[:, :, 0] = True  # what pads must see something; real tokens see the first slot anyway, or overwrite it
        at_rows: list[int] = []
        at_columns: list[int] = []
        at_slots: list[int] = []
        tails: list[tuple[Branch, int, int]] = []
        for r, row in enumerate(fed):
            ends = [b for b, tokens in row if len(tokens) == len(b.pending)]
            body, tail = columns - new[r], columns - len(ends)
            for branch, tokens in row:
                count, slot = len(tokens), self.filled[r]
                if branch.seen.shape[0] < slot + count:
                    branch.seen = np.concatenate([branch.seen, np.zeros(slot + count + _GROWTH, dtype=np.bool_)])
                is_end = count == len(branch.pending)
                inner = count - 1 if is_end else count
                places = list(range(body, body + inner))
                body += inner
                if is_end:
                    places.append(tail)
                    tails.append((branch, r, tail))
                    tail += 1
                ids[r, places] = tokens
                positions[r, places] = range(branch.length, branch.length + count)
                self.positions[r, slot : slot + count] = positions[r, places]
                visible = np.repeat(branch.seen[None, : self.cache.used], count, axis=0)
                shown = np.zeros((count, self.cache.used), dtype=np.bool_)
                shown[:, : visible.shape[1]] = visible
                shown[:, slot : slot + count] |= np.tri(count, dtype=np.bool_)
                mask[r, places] = shown
                branch.seen[slot : slot + count] = True
                branch.length += count
                branch.pending = branch.pending[count:]
                self.filled[r] += count
                at_rows += [r] * count
                at_columns += places
                at_slots += range(slot, slot + count)
        device = self.model.device
        self.cache.index = tuple(torch.tensor(i, device=device) for i in (at_rows, at_columns, at_slots))  # type: ignore[assignment]  # three of them
        kept = max((columns - c for _, _, c in tails), default=1)
        with torch.inference_mode():
            out = self.model(
                input_ids=torch.from_numpy(ids).to(device),
                position_ids=torch.from_numpy(positions).to(device),
                attention_mask=self._masks(mask, positions),
                past_key_values=self.cache,
                use_cache=True,
                **({"logits_to_keep": kept} if self.keeps_logits else {}),
            )
        if not tails:
            return [], None
        behind = out.logits[[r for _, r, _ in tails], [c - columns for _, _, c in tails]]
        return [branch for branch, _, _ in tails], behind

    def _width(self, rows: Sequence[Sequence[Branch]]) -> int:
        """How many tokens of a long row one call takes: as many as keep half of the call's cells in use."""
        lengths = sorted((sum(len(b.pending) for b in row) for row in rows), reverse=True)
        least = max((sum(len(b.pending) for b in row) for row in rows if len(row) > 1), default=1)
        width, shorter = lengths[0], sum(lengths)
        for longer, length in enumerate(lengths):
            # Cut to `length`, the rows before this one fill the call's width, the others have `shorter` tokens.
            width = length
            if 2 * (longer * length + shorter) >= length * len(lengths):
                break
            shorter -= length
        cells = _MASK_CELLS // max(1, len(rows) * (self.cache.used + width))
        return max(least, min(width, max(cells, 1)))

    def _masks(self, mask: NDArray[np.bool_], positions: NDArray[np.int64]) -> Any:
        """The mask in the form that the attention layers take: one, or one for each kind of layer."""
        import torch

        full = torch.from_numpy(mask).to(self.model.device)[:, None]
        if self.window is None:
            return full
        size, is_mixed = self.window
        distance = positions[:, :, None] - self.positions[:, None, : mask.shape[2]]
        sliding = torch.from_numpy(mask & (distance < size)).to(self.model.device)[:, None]
        return {"full_attention": full, "sliding_attention": sliding} if is_mixed else sliding


def attention_window(model: Any) -> tuple[int, bool] | None:
    """The sliding window, and whether only some layers have it; None where all see everything.

    Refuses language models that keep another state than keys and values: it cannot branch.
    """
    config = model.config.get_text_config()
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    if getattr(model, "_is_stateful", False) or not kinds <= {"full_attention", "sliding_attention"}:
        raise LanguageModelUnavailable(
            f"language models of type {config.model_type!r} cannot be decoded here: "
            "run a server for it and give its address"
        )
    size = getattr(config, "sliding_window", None)
    if size is None or not getattr(config, "use_sliding_window", True):
        return None
    if "sliding_attention" not in kinds and getattr(config, "layer_types", None):
        return None
    return int(size), len(kinds) > 1
