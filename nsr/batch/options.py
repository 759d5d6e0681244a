"""What a caller can set about a batch: which problems, how many at a time, what it may cost."""

from __future__ import annotations

from dataclasses import dataclass

from nsr.datasets.protocol import ReadOptions
from nsr.datasets.registry import AUTO
from nsr.errors import UsageError

__all__ = ["BatchOptions", "Selection"]

FAULT = "fault"
"""What `--retry` calls the problems at which something of ours, or of the machine's, failed."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which problems of the input are worked on; all conditions count together.

    `limit` takes the first so many, `ids` those named, `shard` (i, n) every n-th from the i-th (from 1). `retry` names
    statuses (or `fault`) whose problems are done again.
    """

    limit: int | None = None
    ids: frozenset[str] = frozenset()
    shard: tuple[int, int] = (1, 1)
    retry: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        i, n = self.shard
        if not 1 <= i <= n:
            raise UsageError(f"shard {i}/{n}: the first number is from 1 to the second")

    def takes(self, number: int, identifier: str) -> bool:
        """Whether the problem that is `number`-th in the input (from 1) is among them."""
        i, n = self.shard
        return (
            (self.limit is None or number <= self.limit)
            and number % n == i % n
            and (not self.ids or identifier in self.ids)
        )


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a batch is run.

    `jobs` engine processes (None: one a processor) have `solves` problems each between draft and answer; `chunk`
    problems in all are being formalized, and what they ask of the language model at a time is one batch, or up to
    `calls` requests beside each other where a server answers. No problem is begun any more once the language model has
    been given and has written `max_tokens`, or `max_cost` is reached at `price_in` and `price_out` for a million
    tokens. `command` is what a person types to repeat the run.
    """

    text_field: str | None = None
    id_field: str | None = None
    gold_field: str | None = None
    dataset: str = AUTO
    selection: Selection = Selection()
    jobs: int | None = None
    chunk: int = 16
    solves: int = 2
    calls: int = 8
    max_tokens: int | None = None
    max_cost: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    command: str = ""

    def __post_init__(self) -> None:
        if self.max_cost is not None and not (self.price_in or self.price_out):
            raise UsageError("a limit of the cost needs prices: give those of a million tokens in and out")

    @property
    def reading(self) -> ReadOptions:
        """The part that the reader of the input needs."""
        return ReadOptions(self.text_field, self.id_field, self.gold_field)

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """What so many tokens cost at the prices given."""
        return (prompt_tokens * self.price_in + completion_tokens * self.price_out) / 1_000_000
