"""Which strategy formalizes with which language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nsr.llm
from nsr.llm.registry import EMBEDDED

if TYPE_CHECKING:
    from nsr.formalizers.protocol import Formalizer
    from nsr.llm.protocol import LanguageModel

__all__ = ["is_staged", "load_formalizer"]


def is_staged(model: str) -> bool:
    """Whether the language model at an address translates tagged sentences; all others write whole programs."""
    return model.partition(":")[0] == EMBEDDED


def load_formalizer(model: str, llm: LanguageModel | None = None, *, seed: int = 0, manual: str = "") -> Formalizer:
    """The strategy for the language model at an address; `llm` is the language model, where it is already there.

    `seed` and `manual` (one of `whole.CUTS`, or empty) are for whole programs.
    """
    llm = llm or nsr.llm.load(model)
    if is_staged(model):
        from nsr.formalizers.staged import StagedFormalizer

        return StagedFormalizer(llm)
    from nsr.formalizers.whole import WholeFormalizer

    return WholeFormalizer(llm, seed=seed, cut=manual)
