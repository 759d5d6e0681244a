"""The sets that there are: ours by name, those of other packages through the entry points `nsr.datasets`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from nsr.datasets.protocol import Dataset
from nsr.errors import UsageError

__all__ = ["AUTO", "DATASETS", "dataset", "dataset_names", "loadable", "recognized"]

AUTO = "auto"
"""The name that stands for the set that the first record of a file looks like."""

DATASETS: dict[str, str] = {
    "jsonl": "nsr.datasets.jsonl:JSONL",
    "zebralogic": "nsr.datasets.puzzles:ZEBRALOGIC",
    "zebralogic_mc": "nsr.datasets.puzzles:ZEBRALOGIC_CHOICE",
    "knights_knaves": "nsr.datasets.puzzles:KNIGHTS_KNAVES",
    "prontoqa": "nsr.datasets.deduction:PRONTOQA",
    "proofwriter": "nsr.datasets.deduction:PROOFWRITER",
    "folio": "nsr.datasets.deduction:FOLIO",
    "boardgameqa": "nsr.datasets.deduction:BOARDGAMEQA",
    "logicaldeduction": "nsr.datasets.choices:LOGICALDEDUCTION",
    "arlsat": "nsr.datasets.choices:ARLSAT",
    "clutrr": "nsr.datasets.relations:CLUTRR",
    "stepgame": "nsr.datasets.relations:STEPGAME",
    "spartqa": "nsr.datasets.relations:SPARTQA",
    "gsm8k": "nsr.datasets.sums:GSM8K",
    "nlr": "nsr.datasets.sums:NLR",
    "nl4opt": "nsr.datasets.optimization:NL4OPT",
    "nl4opt_models": "nsr.datasets.optimization:NL4OPT_MODELS",
    "mamo": "nsr.datasets.optimization:MAMO",
    "industryor": "nsr.datasets.optimization:INDUSTRYOR",
    "nlp4lp": "nsr.datasets.optimization:NLP4LP",
    "complexor": "nsr.datasets.optimization:COMPLEXOR",
    "optibench": "nsr.datasets.optimization:OPTIBENCH",
    "optmath": "nsr.datasets.optimization:OPTMATH",
    "common": "nsr.datasets.sums:COMMON",
}
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


def recognized(path: Path) -> str:
    """The name of the set whose records the first ones of a file look like; `jsonl` where no set, or two, claim them.

    Raises:
        UsageError: if the file cannot be read.
    """
    from nsr.datasets.common import is_common
    from nsr.datasets.records import first_records

    for record in first_records(path):
        claims = [name for name, found in loadable() if found.recognizes(record.fields)]
        if len(claims) == 1:
            return claims[0]
        if not claims and is_common(record.fields):
            return "common"
    return "jsonl"


def loadable() -> Iterator[tuple[str, Dataset]]:
    """Every set that loads; one of another package that does not is passed over, and told of when it is named."""
    for name in dataset_names():
        try:
            yield name, dataset(name)
        except UsageError:
            continue
