"""Charts as SVG: shares with their intervals, and plain bars. No script, no font, no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

__all__ = ["Bar", "Share", "bars", "shares"]

_LEFT, _WIDTH, _ROW, _NUMBERS = 180, 420, 26, 190
_LONGEST = 26


class Share(NamedTuple):
    """A share with its interval, and what is said of it in numbers."""

    value: float | None
    low: float
    high: float
    told: str


class Bar(NamedTuple):
    """A value, and what is said of it in numbers."""

    label: str
    value: float
    told: str


def shares(title: str, rows: Sequence[tuple[str, Sequence[Share]]], kinds: Sequence[str]) -> str:
    """A group a row: a dot with its whiskers for each kind of share, from 0 to 100 %."""
    height = _ROW * len(kinds)
    body = [_axis(len(rows) * height)]
    for number, (label, values) in enumerate(rows):
        top = 24 + number * height
        body.append(_text(_LEFT - 8, top + height / 2 + 4, label, "end"))
        for kind, share in enumerate(values):
            y = top + _ROW * kind + _ROW / 2
            if share.value is not None:
                x, low, high = (_LEFT + _WIDTH * v for v in (share.value, share.low, share.high))
                body.append(
                    f'<line class="k{kind}" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'
                    f'<circle class="k{kind}" cx="{x:.1f}" cy="{y}" r="5"/>'
                )
            body.append(_text(_LEFT + _WIDTH + 10, y + 4, share.told))
    legend = " ".join(f'<tspan class="k{n}">● {escape(k)}</tspan>' for n, k in enumerate(kinds))
    body.append(f'<text x="{_LEFT}" y="{44 + len(rows) * height}">{legend}</text>')
    return _svg(title, 52 + len(rows) * height, body)


def bars(title: str, rows: Sequence[Bar]) -> str:
    """A bar a row, the longest as wide as the chart."""
    most = max((r.value for r in rows), default=0) or 1
    body = []
    for number, row in enumerate(rows):
        y = 8 + _ROW * number
        body.append(_text(_LEFT - 8, y + 17, row.label, "end"))
        body.append(
            f'<rect class="k0" x="{_LEFT}" y="{y + 4}" width="{max(1.0, _WIDTH * row.value / most):.1f}" height="16"/>'
        )
        body.append(_text(_LEFT + _WIDTH + 10, y + 17, row.told))
    return _svg(title, 16 + _ROW * len(rows), body)


def _axis(height: float) -> str:
    lines = []
    for percent in range(0, 101, 20):
        x = _LEFT + _WIDTH * percent / 100
        lines.append(f'<line class="grid" x1="{x}" x2="{x}" y1="20" y2="{24 + height}"/>')
        lines.append(_text(x, 14, f"{percent} %", "middle"))
    return "".join(lines)


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    shown = words if len(words) <= _LONGEST or anchor != "end" else words[: _LONGEST - 1] + "…"
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(shown)}</text>'


def _svg(title: str, height: float, body: Sequence[str]) -> str:
    width = _LEFT + _WIDTH + _NUMBERS
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {width} {height:.0f}" width="{width}" '
        f'role="img" aria-label="{escape(title)}">{"".join(body)}</svg></figure>'
    )
