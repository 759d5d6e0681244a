"""Logic-LM's AR-LSAT: the option that the answer names; most programs are refused, which counts as no answer."""

from __future__ import annotations

from benchmarks.recorded.csp import chosen
from benchmarks.recorded.sets import RecordedSet

__all__ = ["SETS"]

SETS = {"arlsat": RecordedSet("logiclm-arlsat", chosen, {"gpt-3.5-turbo": 6.1, "text-davinci-003": 6.5})}
