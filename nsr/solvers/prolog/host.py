"""SWI-Prolog in this process: text in, text out.

pyswip finds and starts the library; what it reads answers with fails for large whole numbers, fractions and constrained
variables, so answers come as text that the trusted predicates of `runtime.pl` write. Nothing that a program names
reaches Prolog: programs are compiled to generated names and numbers before.
"""

from __future__ import annotations

import atexit
import ctypes
import resource
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nsr.errors import OperationalError
from nsr.limits import BudgetExceeded, LimitKind
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Host", "Residue", "host"]

RUNTIME: Final = Path(__file__).with_name("runtime.pl")

MOST_BYTES = 64 << 30
"""Prolog's own limit on its stacks and tables where the process has none: the machine's memory is the limit."""

INFERENCES: Final = 100_000_000
"""More than Prolog does in a second: so many a second stand for the time there is."""

MOST_INFERENCES: Final = 1 << 60

_LIMITS = {"size": LimitKind.SIZE, "steps": LimitKind.WALL}


class Residue(Exception):
    """Constraints are left that nobody has decided."""


@cache
def host() -> Host:
    """The one SWI-Prolog of this process, started when first asked for.

    Raises:
        OperationalError: when SWI-Prolog cannot be started.
    """
    return Host()


class Host:
    """SWI-Prolog with the program that was loaded last; calls of several threads wait for each other."""

    def __init__(self) -> None:
        try:
            import pyswip.prolog  # noqa: F401 - starts SWI-Prolog
            from pyswip import core
        except Exception as failure:
            raise OperationalError("SWI-Prolog cannot be started", detail=str(failure)) from failure
        # It would wait for Prolog's threads at the end, in vain where this process was forked, and complain.
        atexit.unregister(core.cleanupProlog)
        self._core: Any = core
        self._lock = threading.Lock()
        self._loaded: str | None = None
        self._call("consult", (str(RUNTIME),), is_atom=True)

    def run(self, base: str, instructions: str, seconds: float) -> list[str]:
        """The lines that come of instructions to the program `base`; that is worked out once for calls in a row.

        `seconds` bound the inferences generously; the limits of the process are the ones that hold.

        Raises:
            BudgetExceeded: when Prolog runs out of memory, or something grows too large.
            Gap: when a constraint turns out to be none that this Prolog takes.
            Residue: when it is left open whether there is a solution.
        """
        most = str(min(MOST_INFERENCES, int(max(seconds, 0.1) * INFERENCES) if seconds < 1e6 else MOST_INFERENCES))
        with self._lock:
            if base != self._loaded:
                self._loaded = None
                self._limit_memory()
                self._answer("nsr_load", base, most)
                self._loaded = base
            return self._answer("nsr_ask", instructions, most)

    def _limit_memory(self) -> None:
        """Let Prolog's stacks and tables grow as far as the process may."""
        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        most = MOST_BYTES if soft == resource.RLIM_INFINITY else max(1 << 26, soft)
        self._call("nsr_most_bytes", (str(most),))

    def _answer(self, predicate: str, *texts: str) -> list[str]:
        lines = self._call(predicate, texts, has_answer=True).splitlines()
        if lines and lines[-1].startswith("limit "):
            raise BudgetExceeded(_LIMITS.get(lines[-1].removeprefix("limit "), LimitKind.MEMORY))
        if lines and lines[-1].startswith("gap "):
            raise Gap((lines[-1].removeprefix("gap "),))
        if lines and lines[-1] == "residue":
            raise Residue
        if lines and lines[-1].startswith("error "):
            raise AssertionError(f"Prolog does not accept the encoding: {lines[-1]}")
        return lines

    def _call(self, predicate: str, texts: Sequence[str], *, has_answer: bool = False, is_atom: bool = False) -> str:
        core = self._core
        if core.PL_thread_self() == -1:
            core.PL_thread_attach_engine(None)
        frame = core.PL_open_foreign_frame()
        try:
            arity = len(texts) + has_answer
            terms = core.PL_new_term_refs(arity)
            kind = core.PL_ATOM if is_atom else core.PL_STRING
            for place, text in enumerate(texts):
                data = text.encode()
                if not core.PL_put_chars(terms + place, kind | core.REP_UTF8, len(data), data):
                    raise BudgetExceeded(LimitKind.MEMORY)
            called = core.PL_predicate(predicate, arity, "user" if is_atom else "nsr_runtime")
            if not core.PL_call_predicate(None, core.PL_Q_NODEBUG | core.PL_Q_CATCH_EXCEPTION, called, terms):
                raise AssertionError(f"{predicate} fails in Prolog")
            return self._text(terms + arity - 1) if has_answer else ""
        finally:
            core.PL_discard_foreign_frame(frame)

    def _text(self, term: int) -> str:
        core = self._core
        found = ctypes.c_char_p()
        if not core.PL_get_chars(term, ctypes.byref(found), core.CVT_STRING | core.REP_UTF8):
            raise AssertionError("an answer of Prolog is no text")
        return (found.value or b"").decode()
