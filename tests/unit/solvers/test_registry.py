"""Back ends by name: what they need is told as it is, and is what the package asks for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nsr.errors import BackendUnavailable
from nsr.solvers import registry
from nsr.solvers.registry import availability, backend_names, get_backend, require_backend

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("name", backend_names())
def test_a_back_end_needs_what_the_package_asks_for(name: str) -> None:
    assert set(get_backend(name).spec.requires) <= set(PROJECT["dependencies"])


def test_a_package_that_is_too_old_is_as_good_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "version", lambda _: "4.12.1.0")
    availability.cache_clear()
    try:
        with pytest.raises(BackendUnavailable, match=r"`z3-solver>=4.15`, and 4.12.1.0 is installed: pip install"):
            require_backend("z3")
    finally:
        availability.cache_clear()
