"""Which strategy formalizes with which language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.llm.registry import EMBEDDED

if TYPE_CHECKING:
    from nsr.formalizers.protocol import Formalizer
    from nsr.llm.protocol import LanguageModel

__all__ = ["is_staged", "load_formalizer"]


def is_staged(model: str) -> bool:
    """Whether the language model at an address translates tagged sentences; all others write whole programs."""
    return model.partition(":")[0] == EMBEDDED


def load_formalizer(model: str, llm: LanguageModel, *, seed: int = 0, manual: str = "") -> Formalizer:
    """The strategy for a language model that is loaded from an address.

    `seed` and `manual` (one of `whole.CUTS`, or empty) are for whole programs.
    """
    if is_staged(model):
        from nsr.formalizers.staged import StagedFormalizer

        return StagedFormalizer(llm)
    from nsr.formalizers.whole import WholeFormalizer

    return WholeFormalizer(llm, seed=seed, cut=manual)
