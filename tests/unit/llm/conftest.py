from __future__ import annotations

from pathlib import Path

import pytest
from tiny_llm import make_tokenizer, save_llama


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    pytest.importorskip("llguidance")
    folder = tmp_path_factory.mktemp("tiny")
    save_llama(folder, make_tokenizer())
    return folder
