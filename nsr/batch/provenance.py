"""What a run is made of: options, versions, and hashes of everything that its results depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nsr.batch.options import BatchOptions

if TYPE_CHECKING:
    from nsr.engine.engine import Engine

__all__ = ["MAY_DIFFER", "configuration"]

MAY_DIFFER = ("wall_seconds", "cpu_seconds", "memory_mib", "seed", "rounds")
"""What may be set anew when problems are done again (`--retry`); each result names the session that it comes from."""

_SCHEMA = 3


def configuration(engine: Engine, path: Path, options: BatchOptions) -> dict[str, Any]:
    """All that makes a run what it is, as JSON values."""
    return {
        **engine.configuration(),
        "schema": _SCHEMA,
        "input_sha256": _of_files([path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file())),
        "dataset": options.dataset,
        "text_field": options.text_field,
        "id_field": options.id_field,
        "grammar_sha256": _of_package("nsr.grammars", ".lark"),
        "prompts_sha256": _of_package("nsr.formalizers.prompts", ".md", ".txt", ".nsr"),
        "model_sha256": _of_model(engine.options.model),
    }


def _of_package(package: str, *endings: str) -> str:
    """One hash of the files of a package that have these endings."""
    files = sorted((f for f in resources.files(package).iterdir() if f.name.endswith(endings)), key=lambda f: f.name)
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def _of_model(address: str) -> str | None:
    """A hash of a recording, or of the weights in a folder; None for a server, which shows none."""
    from nsr.llm.registry import embedded_folder

    kind, _, rest = address.partition(":")
    if kind == "recorded":
        path = Path(rest).expanduser()
        return _of_files([path]) if path.is_file() else None
    if kind not in ("embedded", "local"):
        return None
    folder = Path(rest).expanduser() if rest else embedded_folder()
    return _of_files(sorted(f for ending in ("json", "safetensors") for f in folder.glob(f"*.{ending}")))


def _of_files(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            found.update(hashlib.file_digest(stream, "sha256").digest())
    return found.hexdigest()
