"""The back ends there are: built in, and from the entry points `nsr.backends` of installed packages."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version
from shutil import which
from typing import TYPE_CHECKING, cast

from packaging.requirements import Requirement

from nsr.errors import BackendUnavailable, UsageError

if TYPE_CHECKING:
    from nsr.solvers.protocol import Backend

__all__ = [
    "BACKENDS",
    "availability",
    "backend_names",
    "get_backend",
    "package_versions",
    "program_versions",
    "require_backend",
]

BACKENDS = {
    "cpsat": "nsr.solvers.cpsat:CpSatBackend",
    "z3": "nsr.solvers.z3:Z3Backend",
    "milp": "nsr.solvers.milp:MilpBackend",
    "asp": "nsr.solvers.asp:AspBackend",
    "prolog": "nsr.solvers.prolog:PrologBackend",
}

INSTALL = {"swipl": "apt-get install swi-prolog-nox, or see https://www.swi-prolog.org/Download.html"}
"""How to install the programs that back ends need besides Python packages."""


@cache
def _all() -> dict[str, str]:
    found = dict(BACKENDS)
    for point in entry_points(group="nsr.backends"):
        found.setdefault(point.name, point.value)
    return found


def backend_names() -> tuple[str, ...]:
    """The names of all back ends, built-in ones first."""
    return tuple(_all())


@cache
def get_backend(name: str) -> Backend:
    """A back end by name; its solver is not imported by that.

    Raises:
        UsageError: if there is none of that name.
    """
    places = _all()
    if name not in places:
        raise UsageError(f"there is no back end `{name}`; there are {', '.join(sorted(places))}")
    module, _, attribute = places[name].partition(":")
    return cast("Backend", getattr(import_module(module), attribute)())


@cache
def availability(name: str) -> str | None:
    """None if the solver is installed, else a sentence that says what is missing and how to install it."""
    for needed in get_backend(name).spec.requires:
        told, requirement = f"The back end `{name}` needs `{needed}`", Requirement(needed)
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            return f"{told}: pip install '{needed}'"
        if not requirement.specifier.contains(found, prereleases=True):
            return f"{told}, and {found} is installed: pip install '{needed}'"
    for program in get_backend(name).spec.programs:
        if which(program) is None:
            return f"The back end `{name}` needs the command `{program}`: {INSTALL.get(program, 'install it')}"
    return None


def package_versions() -> dict[str, str]:
    """The versions of the Python packages that back ends need, as far as they are installed."""
    found = {}
    for package in dict.fromkeys(Requirement(r).name for n in backend_names() for r in get_backend(n).spec.requires):
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def program_versions() -> dict[str, str]:
    """What the programs that back ends need besides say of their versions, as far as they are installed."""
    programs = dict.fromkeys(p for n in backend_names() for p in get_backend(n).spec.programs if which(p) is not None)
    return {p: _said([p, "--version"]) for p in programs}


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def require_backend(name: str) -> Backend:
    """A back end whose solver is installed.

    Raises:
        BackendUnavailable: with the sentence of `availability`.
        UsageError: if there is none of that name.
    """
    problem = availability(name)
    if problem is not None:
        raise BackendUnavailable(problem)
    return get_backend(name)
