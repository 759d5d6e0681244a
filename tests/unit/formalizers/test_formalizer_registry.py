"""Which strategy a language model is for."""

from __future__ import annotations

import pytest

from nsr.formalizers.registry import is_staged, load_formalizer
from nsr.formalizers.staged import StagedFormalizer
from nsr.formalizers.whole import WholeFormalizer
from nsr.testing.llm import ScriptedLLM


@pytest.mark.parametrize("model", ["embedded", "embedded:some/folder"])
def test_what_translates_sentences_is_staged(model: str) -> None:
    assert is_staged(model)
    assert isinstance(load_formalizer(model, ScriptedLLM([])), StagedFormalizer)


@pytest.mark.parametrize("model", ["local:embedded", "http://host/v1#embedded", "recorded:embedded.jsonl"])
def test_any_other_writes_whole_programs(model: str) -> None:
    assert not is_staged(model)
    assert isinstance(load_formalizer(model, ScriptedLLM([]), manual="puzzles"), WholeFormalizer)
