"""What is shipped: every sub-package is listed, the links at the top lead to the package, and no script is missing."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_every_package_is_listed() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "nsr").rglob("__init__.py")}
    assert sorted(listed) == sorted(found)


@pytest.mark.parametrize("name", ["grammars", "solvers", "formalizers"])
def test_links_lead_into_the_package(name: str) -> None:
    link = ROOT / name
    assert link.is_symlink()
    assert link.resolve() == (ROOT / "nsr" / name).resolve()


@pytest.mark.parametrize("name", ["scripts/demo", "scripts/test", "scripts/setup", ".ci/run"])
def test_scripts_can_be_executed(name: str) -> None:
    assert (ROOT / name).stat().st_mode & 0o111


def test_ci_calls_exactly_the_test_command_of_the_readme() -> None:
    assert "exec scripts/test\n" in (ROOT / ".ci/run").read_text()
    assert "scripts/test" in (ROOT / "README.md").read_text()
