"""The trainer: its stream, its network, interruption and resumption, and the folder it writes."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from nsr.training import Progress, TrainingConfig, train  # noqa: E402  # after the check for torch
from nsr.training.data import examples_of_step  # noqa: E402
from nsr.training.model import Shape, build_model, build_tokenizer, tag_words  # noqa: E402
from nsr.training.muon import orthogonal  # noqa: E402
from nsr.training.network import hidden_states  # noqa: E402
from nsr.training.trainer import encode  # noqa: E402

TINY = Shape(vocabulary=420, hidden=16, layers=1, heads=2, inner=24)


def config(tmp_path: Path, steps: int) -> TrainingConfig:
    return TrainingConfig(
        tmp_path / "model",
        tmp_path / "checkpoints",
        steps=steps,
        batch=4,
        group=2,
        shape=TINY,
        report_every=2,
        save_every=2,
        number_format="fp32",
        tokenizer_examples=120,
        held_out=4,
    )


def test_the_stream_is_a_function_of_seed_and_step() -> None:
    assert examples_of_step(1, 5, 6) == examples_of_step(1, 5, 6)
    assert examples_of_step(1, 5, 6) != examples_of_step(1, 6, 6)
    assert examples_of_step(1, 5, 6) != examples_of_step(2, 5, 6)


def test_the_lean_forward_pass_is_that_of_the_library() -> None:
    torch.manual_seed(0)
    model = build_model(TINY)
    ids = torch.randint(0, 420, (3, 11))
    with torch.no_grad():
        theirs = model.model(input_ids=ids).last_hidden_state
        mine = hidden_states(model, ids, torch.float32)
    assert torch.allclose(theirs, mine, atol=1e-5)


def test_tokenizer_round_trip_and_tags() -> None:
    drawn = examples_of_step(0, 0, 60)
    tokenizer = build_tokenizer((t for e in drawn for t in (e.prompt, e.reply)), 420)
    for word in tag_words():
        assert len(tokenizer.encode(word, add_special_tokens=False).ids) == 1
    for example in drawn:
        for text in (example.prompt, example.reply):
            assert (
                tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids, skip_special_tokens=False)
                == text
            )


def test_only_replies_are_weighted_fully() -> None:
    drawn = examples_of_step(0, 0, 8)
    tokenizer = build_tokenizer((t for e in drawn for t in (e.prompt, e.reply)), 420)
    ids, weights = encode(tokenizer, drawn, 0.0)
    for row, example in zip(range(len(drawn)), drawn, strict=True):
        kept = ids[row][weights[row] == 1].tolist()
        assert tokenizer.decode(kept, skip_special_tokens=True) == example.reply


def test_orthogonal() -> None:
    torch.manual_seed(0)
    found = orthogonal(torch.randn(6, 10))
    values = torch.linalg.svdvals(found)
    assert values.min() > 0.5
    assert values.max() < 1.5


def test_an_interrupted_run_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    reports: list[Progress] = []
    train(config(tmp_path / "whole", 4), reports.append)
    assert [p.step for p in reports] == [2, 4, 4]
    assert reports[-1].fraction == 1.0

    class Interrupted(Exception):
        pass

    def stop(report: Progress) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        train(config(tmp_path / "broken", 4), stop)
    folder = train(config(tmp_path / "broken", 4))
    for name in ("model.safetensors", "tokenizer.json"):
        assert (folder / name).read_bytes() == (tmp_path / "whole" / "model" / name).read_bytes()
    assert json.loads((folder / "config.json").read_text())["model_type"] == "llama"


def test_the_folder_loads_with_the_library(tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = train(config(tmp_path, 2))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    assert model.get_input_embeddings().num_embeddings == len(tokenizer)
