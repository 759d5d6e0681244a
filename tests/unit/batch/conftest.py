"""Input that the tests of batches share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def problems(tmp_path: Path) -> Path:
    """A file of ten problems with the gold answer `yes`."""
    path = tmp_path / "problems.jsonl"
    rows = ({"id": f"p{n}", "text": f"Problem {n}.", "solution": "yes", "size": n % 2} for n in range(1, 11))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
