"""How many threads a small language model runs best with, here and now.

On a machine with other work, threads that wait for each other can make tiny calls ten times slower than one thread
is; on an idle one, several are faster. So it is measured, and again after a while.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["ThreadChoice"]

_VALID_SECONDS = 20.0
_PROBES = 3
_CELLS = (8, 16)  # texts and tokens of the probe


class ThreadChoice:
    """Chooses among all of torch's threads and fewer by timing a small call of the language model itself."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._best = 0
        self._measured = float("-inf")

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Within the block torch uses the best number; afterwards the number it had."""
        import torch

        had = torch.get_num_threads()
        if had == 1:
            yield
            return
        try:
            if time.monotonic() - self._measured > _VALID_SECONDS:
                self._best = self._measure(had)
                self._measured = time.monotonic()
            torch.set_num_threads(min(self._best, had))
            yield
        finally:
            torch.set_num_threads(had)

    def _measure(self, most: int) -> int:
        import torch

        ids = torch.zeros(_CELLS, dtype=torch.long)
        times: dict[int, float] = {}
        for count in dict.fromkeys((most, max(1, most // 2), 1)):
            torch.set_num_threads(count)
            taken = []
            with torch.inference_mode():
                for _ in range(_PROBES + 1):
                    started = time.perf_counter()
                    self._model(input_ids=ids, use_cache=False)
                    taken.append(time.perf_counter() - started)
            # The first call sets up; of the others the middle one, since stalls are what is looked for.
            times[count] = sorted(taken[1:])[_PROBES // 2]
        return min(times, key=lambda count: times[count])
