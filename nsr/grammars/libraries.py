"""The libraries that `include` names, as syntax trees."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from nsr.grammars.parser import parse
from nsr.language import ast

__all__ = ["read_library"]


@cache
def read_library(name: str) -> ast.ParsedProgram:
    """The statements of a library that comes with the package."""
    source = (files("nsr.language") / "library" / f"{name}.nsr").read_text(encoding="utf-8")
    program = parse(source).program
    assert program is not None, f"the library {name} does not parse"
    return program
