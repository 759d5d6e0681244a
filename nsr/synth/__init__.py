"""Generators of problems with known answers, one file a family."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nsr.synth.logic_grid import GeneratedClue, Record, generate_logic_grids

__all__ = ["FAMILIES", "GeneratedClue", "Record", "generate"]

FAMILIES: dict[str, Callable[..., Iterator[Record]]] = {"logic_grid": generate_logic_grids}
"""Each family's generator: `(n, seed, split, **options)`."""


def generate(family: str, n: int, seed: int = 0, split: str = "train", **options: Any) -> Iterator[Record]:
    """`n` problems of a family; `split` is `train` or `test`, whose names, values and (on request) wordings differ."""
    if family not in FAMILIES:
        raise ValueError(f"no family {family!r}; there are: {', '.join(FAMILIES)}")
    if split not in ("train", "test"):
        raise ValueError(f"split must be train or test, not {split!r}")
    return FAMILIES[family](n, seed, split, **options)
