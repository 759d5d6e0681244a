"""A random language model small enough to be made for every test run."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

WORDS = [
    *("the", "a", "of", "red", "blue", "house", "person", "who", "drinks", "tea", "coffee", "left", "right", "next"),
    *("to", "is", "not", "either", "or", "and", "lives", "in", "first", "second", "third", "P1", "P2", "P3", "P4"),
    *("==", "+", "-", "<", ">", "abs", "(", ")", "1", "2", "3", "constraint"),
]


def corpus(seed: int, count: int, length: int = 12) -> list[str]:
    """Sentences of random words."""
    rng = random.Random(seed)
    return [" ".join(rng.choice(WORDS) for _ in range(rng.randint(3, length))) + "." for _ in range(count)]


def make_tokenizer(byte_level: bool = True) -> Any:
    """A BPE tokenizer of a few hundred pieces, over bytes or over characters with isolated blanks."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    specials = ["<pad>", "<bos>", "<eos>"]
    if byte_level:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s|\w+|[^\w\s]+"), "isolated")
        tokenizer.decoder = decoders.Fuse()
        alphabet = [chr(c) for c in range(32, 127)] + ["\n"]
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=specials, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(corpus(0, 500), trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>")


def save_llama(folder: Path, tokenizer: Any) -> None:
    """The architecture that most tests use."""
    save_model(folder, tokenizer, "LlamaConfig")


def save_model(folder: Path, tokenizer: Any, config: str, **more: Any) -> None:
    """Random weights, large enough that no two tokens are about as likely."""
    import torch
    import transformers

    torch.manual_seed(0)
    sizes: dict[str, Any] = {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 512}
    if config != "GPT2Config":
        sizes = {
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "max_position_embeddings": 512,
            "pad_token_id": 0,
        }
    common = {"vocab_size": len(tokenizer) + 5, "initializer_range": 0.3, "bos_token_id": 1, "eos_token_id": 2}
    made = getattr(transformers, config)(**{**common, **sizes, **more})
    transformers.AutoModelForCausalLM.from_config(made).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
