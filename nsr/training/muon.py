"""Muon: momentum for matrices, the update made orthogonal by a few Newton-Schulz steps (Jordan and others, 2024)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

__all__ = ["Muon"]


class Muon:
    """Keeps the momentum of a list of matrices; `step` applies one update. State is plain tensors."""

    def __init__(
        self,
        parameters: Sequence[torch.nn.Parameter],
        momentum: float = 0.95,
        decay: float = 0.01,
        *,
        half: bool = False,
    ) -> None:
        import torch

        self.parameters = list(parameters)
        self.momentum = momentum
        self.decay = decay
        self.half = half
        self.buffers = [torch.zeros_like(p) for p in self.parameters]

    def step(self, rate: float) -> None:
        """Move every matrix by `rate` times its orthogonalized momentum."""
        import torch

        with torch.no_grad():
            for parameter, buffer in zip(self.parameters, self.buffers, strict=True):
                if parameter.grad is None:
                    continue
                buffer.lerp_(parameter.grad, 1 - self.momentum)
                update = orthogonal(parameter.grad.lerp(buffer, self.momentum), half=self.half)
                scale = max(1.0, parameter.shape[0] / parameter.shape[1]) ** 0.5
                parameter.mul_(1 - rate * self.decay).add_(update.to(parameter.dtype), alpha=-rate * scale)

    def state(self) -> list[torch.Tensor]:
        """What a checkpoint needs."""
        return self.buffers

    def restore(self, buffers: Sequence[torch.Tensor]) -> None:
        """Take up the state of a checkpoint."""
        for mine, kept in zip(self.buffers, buffers, strict=True):
            mine.copy_(kept)


def orthogonal(matrix: torch.Tensor, *, half: bool = False, steps: int = 5) -> torch.Tensor:
    """The nearest (roughly) orthogonal matrix, by a quintic Newton-Schulz iteration."""
    import torch

    a, b, c = 3.4445, -4.7750, 2.0315
    # bf16 is enough for the direction, and several times faster where the processor has it.
    x = matrix.to(torch.bfloat16) if half else matrix.float()
    turned = x.shape[0] > x.shape[1]
    if turned:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    found: torch.Tensor = x.T if turned else x
    return found
