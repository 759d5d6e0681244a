"""Training of the embedded language model on generated problems."""

from nsr.training.trainer import Progress, TrainingConfig, train

__all__ = ["Progress", "TrainingConfig", "train"]
