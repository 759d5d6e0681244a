"""Programs as files for other tools: SMT-LIB, LP, MPS, ASP, Prolog, Python.

Each format is one function `(program, question) -> str` in a module of its own; it raises `nsr.solvers.Gap`, which says
what the format cannot express, and `BudgetExceeded` where the text would grow too large.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from nsr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nsr.language.ir import Program

__all__ = ["WRITERS", "Format", "write"]


class Format(NamedTuple):
    """A format: its title, and where its function is (`module:function`)."""

    title: str
    place: str

    def function(self) -> Callable[[Program, int], str]:
        """The function that writes one question of a program."""
        module, _, name = self.place.partition(":")
        return cast("Callable[[Program, int], str]", getattr(import_module(module), name))


WRITERS = {
    "asp": Format("an answer-set program for clingo", "nsr.writers.asp:to_asp"),
    "lp": Format("an LP file", "nsr.writers.lp:to_lp"),
    "mps": Format("an MPS file", "nsr.writers.mps:to_mps"),
    "prolog": Format("SWI-Prolog", "nsr.writers.prolog:to_prolog"),
    "smt2": Format("SMT-LIB 2", "nsr.writers.smt2:to_smt2"),
    "python": Format("a stand-alone Python script", "nsr.writers.python:to_python"),
}
"""The formats there are, by name."""


def write(program: Program, question: int = 0, *, to: str) -> str:
    """One question of a program in another notation.

    Raises:
        UsageError: if there is no format of that name.
        Gap: if the format cannot express the program.
        BudgetExceeded: if the text would grow too large.
    """
    if to not in WRITERS:
        raise UsageError(f"there is no format `{to}`; there are {', '.join(sorted(WRITERS))}")
    return WRITERS[to].function()(program, question)
