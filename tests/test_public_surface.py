"""The names that callers may rely on, and that each says what it is."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

import pytest

import nsr

PACKAGES = sorted(f"nsr.{m.name}" for m in pkgutil.iter_modules(nsr.__path__) if m.name not in ("__main__",))


def test_the_public_names() -> None:
    assert nsr.__all__ == [
        "Engine", "FormalizationError", "Limits", "NsrError", "OperationalError", "Options", "ProgramError", "Result",
        "Status", "UnsoundBackend", "UsageError", "__version__", "arun", "asolve", "parse", "run", "solve",
        "solve_many",
    ]  # fmt: skip
    assert set(nsr.__all__) <= set(dir(nsr))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sovle'"):
        nsr.sovle  # noqa: B018


@pytest.mark.parametrize("name", [n for n in nsr.__all__ if n != "__version__"])
def test_public_names_have_docstrings(name: str) -> None:
    thing = getattr(nsr, name)
    assert inspect.getdoc(thing)
    if inspect.isclass(thing):
        for attribute, member in vars(thing).items():
            if not attribute.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                assert inspect.getdoc(member), f"{name}.{attribute}"


@pytest.mark.parametrize("package", PACKAGES)
def test_listed_names_exist_and_are_documented(package: str) -> None:
    module = import_module(package)
    assert (module.__doc__ or "").strip(), f"{package} does not say what it is for"
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if (inspect.isclass(thing) or inspect.isfunction(thing)) and thing.__module__.startswith("nsr"):
            assert inspect.getdoc(thing), f"{package}.{name}"


def test_async_twins_take_what_the_others_take() -> None:
    for name in ("solve", "run"):
        assert inspect.signature(getattr(nsr, name)) == inspect.signature(getattr(nsr, f"a{name}"))
