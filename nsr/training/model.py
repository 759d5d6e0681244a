"""The small language model's shape, its tokenizer, and the folder both are saved to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nsr.formalizers.mentions import MAX_DIMENSIONS, MAX_NUMBERS, MAX_THINGS

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import LlamaForCausalLM

__all__ = ["Shape", "build_model", "build_tokenizer", "save_folder", "tag_words"]

PAD, BEGIN, END = "<pad>", "<s>", "</s>"


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of the network: a Llama with tied embeddings."""

    vocabulary: int = 1536
    hidden: int = 192
    layers: int = 6
    heads: int = 6
    inner: int = 512
    context: int = 512


def tag_words() -> list[str]:
    """All pointer tags, each one token."""
    return [
        f"{kind}{n}"
        for kind, count in (("P", MAX_THINGS), ("N", MAX_NUMBERS), ("D", MAX_DIMENSIONS))
        for n in range(1, count + 1)
    ]


def build_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    """A byte-level BPE learnt on `texts` in which words keep their leading blank and operators both blanks."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    words = Regex(r" (?:==|!=|<=|>=|<|>|\+|-|\*|%|\|) ?| ?[a-z]+|\d| ?[^\sa-z\d]+|\s")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(words, "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tags = tag_words()
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(tags),
        special_tokens=[PAD, BEGIN, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    # Longest first, so that P12 is not read as P1 and a figure.
    tokenizer.add_tokens(
        [AddedToken(tag, normalized=False, special=False) for tag in sorted(tags, key=lambda t: (-len(t), t))]
    )
    return tokenizer


def build_model(shape: Shape) -> LlamaForCausalLM:
    """A fresh network of that shape."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        max_position_embeddings=shape.context,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
        attn_implementation="sdpa",
    )
    return LlamaForCausalLM(config)


def save_folder(model: LlamaForCausalLM, tokenizer: Tokenizer, folder: Path) -> None:
    """Write weights (fp16), configuration and tokenizer as transformers reads them."""
    import copy

    import torch

    folder.mkdir(parents=True, exist_ok=True)
    kept = copy.deepcopy(model).to(torch.float16)
    kept.save_pretrained(folder)
    for written in folder.glob("*.safetensors"):
        written.chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": BEGIN,
        "eos_token": END,
        "pad_token": PAD,
        "model_max_length": model.config.max_position_embeddings,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
