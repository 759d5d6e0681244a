"""What the benchmark scripts share: shares with intervals, percentiles, tables, progress, and the JSON file."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from nsr.batch.scoring import wilson

__all__ = ["percentile", "progress", "save", "share", "share_json", "spread", "table"]

T = TypeVar("T")


def share(count: int, n: int) -> str:
    """`95.1 % of 405 (92.5 to 96.8)`, with the Wilson interval."""
    if not n:
        return "none"
    low, high = wilson(count, n)
    return f"{100 * count / n:.1f} % of {n} ({100 * low:.1f} to {100 * high:.1f})"


def share_json(count: int, n: int) -> dict[str, Any]:
    """A share as JSON: count, n, share and 95 % interval."""
    return {"count": count, "n": n, "share": count / n if n else None, "interval": list(wilson(count, n))}


def percentile(values: Sequence[float], wanted: float) -> float:
    """The value below which a share `wanted` (0 to 1) lies, interpolated; NaN of none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    place = wanted * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def spread(values: Sequence[float]) -> dict[str, float]:
    """Number of values, median, 95th percentile and greatest."""
    return {
        "n": len(values),
        "median": percentile(values, 0.5),
        "p95": percentile(values, 0.95),
        "max": max(values, default=float("nan")),
    }


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns as wide as needed, numbers to the right."""
    cells = [[_cell(c) for c in row] for row in rows]
    widths = [max(len(h), *(len(r[i]) for r in cells)) if cells else len(h) for i, h in enumerate(header)]
    right = [all(_is_number(r[i]) for r in cells) for i in range(len(header))]

    def line(row: Sequence[str]) -> str:
        parts = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
        return "  ".join(parts).rstrip()

    return "\n".join([line(header), line(["-" * w for w in widths]), *map(line, cells)])


def _cell(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace("-", "").replace("e+", "").isdigit() or text in ("", "nan")


def progress(items: Sequence[T], what: str) -> Iterator[T]:
    """The items, with a line on stderr every few seconds (one that is written over at a terminal)."""
    started = last = time.monotonic()
    is_terminal = sys.stderr.isatty()
    for done, item in enumerate(items):
        yield item
        now = time.monotonic()
        if now - last >= (0.5 if is_terminal else 15) or done + 1 == len(items):
            last = now
            rate = (done + 1) / max(1e-9, now - started)
            left = (len(items) - done - 1) / rate
            told = f"{done + 1}/{len(items)} {what}, {60 * rate:.0f} a minute, {left:.0f} s left"
            print(told, end="\r" if is_terminal and done + 1 < len(items) else "\n", file=sys.stderr, flush=True)


def save(path: Path | None, data: dict[str, Any]) -> None:
    """Writes the numbers to a JSON file, if one is wanted."""
    if path is not None:
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
