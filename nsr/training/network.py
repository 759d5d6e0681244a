"""A lean forward pass over the weights of a Llama from transformers, for training on a CPU.

The same function as the library's own (a test compares them). It exists because the library's attention kernel is
slower than the rest of the step together for short rows in bf16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

__all__ = ["hidden_states"]


def hidden_states(model: Any, ids: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Final hidden states of `ids` (rows padded on the right), computed in `dtype`."""
    import torch
    from torch.nn import functional

    config = model.config
    rows, width = ids.shape
    heads, size = config.num_attention_heads, config.hidden_size // config.num_attention_heads
    eps = config.rms_norm_eps
    cos, sin = _rotation(width, size, dtype)
    mask = torch.full((width, width), float("-inf"), dtype=dtype).triu(1)

    def normal(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return functional.rms_norm(x, (x.shape[-1],), weight.to(dtype), eps)

    x = functional.embedding(ids, model.model.embed_tokens.weight).to(dtype)
    for layer in model.model.layers:
        attention, inner = layer.self_attn, layer.mlp
        h = normal(x, layer.input_layernorm.weight)
        weight = torch.cat([attention.q_proj.weight * size**-0.5, attention.k_proj.weight, attention.v_proj.weight]).to(
            dtype
        )
        qkv = functional.linear(h, weight).view(rows, width, 3, heads, size).permute(2, 0, 3, 1, 4)
        turned = qkv[:2]
        first, second = turned[..., : size // 2], turned[..., size // 2 :]
        q, k = torch.cat([first * cos - second * sin, second * cos + first * sin], -1)
        scores = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) + mask, -1)
        mixed = torch.matmul(scores, qkv[2]).transpose(1, 2).reshape(rows, width, heads * size)
        x = x + functional.linear(mixed, attention.o_proj.weight.to(dtype))
        h = normal(x, layer.post_attention_layernorm.weight)
        gate, up = functional.linear(h, torch.cat([inner.gate_proj.weight, inner.up_proj.weight]).to(dtype)).chunk(
            2, -1
        )
        x = x + functional.linear(functional.silu(gate) * up, inner.down_proj.weight.to(dtype))
    return normal(x, model.model.norm.weight)


def _rotation(width: int, size: int, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    angles = torch.arange(width).float()[:, None] * 10000 ** (-torch.arange(0, size, 2).float() / size)[None]
    return angles.cos().to(dtype), angles.sin().to(dtype)
