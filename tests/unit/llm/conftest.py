from __future__ import annotations

from pathlib import Path

import pytest
from tiny_llm import make_tokenizer, save_llama


@pytest.fixture(scope="session")
def one_thread() -> None:
    """Threads that wait for each other on a busy machine make tiny calls a hundred times slower."""
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory, one_thread: None) -> Path:
    pytest.importorskip("transformers")
    pytest.importorskip("llguidance")
    folder = tmp_path_factory.mktemp("tiny")
    save_llama(folder, make_tokenizer())
    return folder
