"""Whether a text is English, which is all that the embedded language model reads."""

from __future__ import annotations

import re

__all__ = ["is_english"]

_COMMON = re.compile(
    r"\b(?:the|a|is|are|was|were|be|been|of|to|in|on|at|and|or|not|than|that|who|which|what|with|by|for|from|as|it|its|his|"
    r"her|their|this|these|those|has|have|had|does|did|he|she|they|one|more|less|either|neither|nor|if|then|but|both|"
    r"between|there|each|no|same|next|left|right|before|after|first|second|third)\b",
    re.IGNORECASE,
)
LEAST_SHARE = 0.1
"""English puzzles have at least twice this share of the words above, other languages next to none."""
FEWEST_WORDS = 12
"""Shorter texts do not tell."""


def is_english(text: str) -> bool:
    """Whether a text has the words that every English text has, or is too short to tell."""
    words = len(re.findall(r"[^\W\d_]+", text))
    return words < FEWEST_WORDS or len(_COMMON.findall(text)) >= LEAST_SHARE * words
