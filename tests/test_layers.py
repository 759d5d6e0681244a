"""Imports point downwards; the contract is in `pyproject.toml`."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_layers_hold() -> None:
    code = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_has_its_layer() -> None:
    layers = [name for contract in SETTINGS["tool"]["importlinter"]["contracts"] for name in contract["layers"]]
    named = {part.strip().removeprefix("nsr.") for layer in layers for part in layer.split("|")}
    packages = {p.parent.name for p in (ROOT / "nsr").glob("*/__init__.py")}
    # Test helpers stand beside the layers: they may use anything, and nothing uses them.
    assert packages - {"testing"} <= named, "packages without a layer"


def test_the_table_of_packages_has_all_of_them_in_the_order_of_the_layers() -> None:
    layers = SETTINGS["tool"]["importlinter"]["contracts"][0]["layers"]
    level = {part.strip(): number for number, layer in enumerate(layers) for part in layer.split("|")}
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = [re.findall(r"`(nsr\.\w+)`", line.split("|")[1]) for line in page.splitlines() if line.startswith("| `nsr.")]
    named = [name for row in rows for name in row]
    assert set(named) == set(level)
    assert [level[row[0]] for row in rows] == sorted(level[row[0]] for row in rows)
