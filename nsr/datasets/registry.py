"""The sets that there are: ours by name, those of other packages through the entry points `nsr.datasets`."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from nsr.datasets.protocol import Dataset
from nsr.errors import UsageError

__all__ = ["DATASETS", "dataset", "dataset_names"]

DATASETS: dict[str, str] = {"jsonl": "nsr.datasets.jsonl:JSONL"}
"""Where each set of ours is (`module:object`)."""

GROUP = "nsr.datasets"


def dataset_names() -> tuple[str, ...]:
    """All names that `dataset` knows."""
    return tuple(sorted({*DATASETS, *(e.name for e in entry_points(group=GROUP))}))


def dataset(name: str) -> Dataset:
    """The set of a name; ours come before those of other packages.

    Raises:
        UsageError: if there is none, or its package cannot be loaded.
    """
    if name in DATASETS:
        module, _, thing = DATASETS[name].partition(":")
        return cast("Dataset", getattr(import_module(module), thing))
    for entry in entry_points(group=GROUP, name=name):
        try:
            return cast("Dataset", entry.load())
        except (ImportError, AttributeError) as error:
            raise UsageError(f"the data set {name!r} ({entry.value}) cannot be loaded: {error}") from error
    raise UsageError(f"there is no data set {name!r}; there are {', '.join(dataset_names())}")
