"""Neurosymbolic reasoning: a language model translates a problem, exact solvers answer it, every answer is checked.

>>> import nsr
>>> result = nsr.solve(text)        # a problem in plain English
>>> result = nsr.run(source)        # a program in the nsr language
>>> result.status, result.answer, result.explain()

Importing this package loads no solver and no torch; names load when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nsr.engine.engine import Engine, arun, asolve, parse, run, solve, solve_many
    from nsr.engine.options import Options
    from nsr.errors import (
        FormalizationError,
        NsrError,
        OperationalError,
        ProgramError,
        UnsoundBackend,
        UsageError,
    )
    from nsr.limits import Limits
    from nsr.results import Result, Status

__version__ = "0.1.0"

_PLACES = {
    "Engine": "nsr.engine.engine",
    "FormalizationError": "nsr.errors",
    "Limits": "nsr.limits",
    "NsrError": "nsr.errors",
    "OperationalError": "nsr.errors",
    "Options": "nsr.engine.options",
    "ProgramError": "nsr.errors",
    "Result": "nsr.results",
    "Status": "nsr.results",
    "UnsoundBackend": "nsr.errors",
    "UsageError": "nsr.errors",
    "arun": "nsr.engine.engine",
    "asolve": "nsr.engine.engine",
    "parse": "nsr.engine.engine",
    "run": "nsr.engine.engine",
    "solve": "nsr.engine.engine",
    "solve_many": "nsr.engine.engine",
}

__all__ = [
    "Engine",
    "FormalizationError",
    "Limits",
    "NsrError",
    "OperationalError",
    "Options",
    "ProgramError",
    "Result",
    "Status",
    "UnsoundBackend",
    "UsageError",
    "__version__",
    "arun",
    "asolve",
    "parse",
    "run",
    "solve",
    "solve_many",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'nsr' has no attribute {name!r}")
    value = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
