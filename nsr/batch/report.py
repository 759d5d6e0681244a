"""A run as one HTML page: scores, charts, every problem to be searched and opened. Nothing is loaded from elsewhere.

Rows are compressed (zlib, base64) and inflated by the browser: what one searches in at once, the rest in chunks when a
problem is opened. Texts of problems are hostile: in the markup they are escaped or base64, and the script writes them
as text nodes only; a content policy names the one script that may run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from pathlib import Path
from statistics import median
from typing import Any

from nsr.batch.charts import Bar, Share, bars, shares
from nsr.batch.scoring import Gold, Judged, Score, Tally, check_group, group_of, judged
from nsr.batch.store import Session, open_run
from nsr.errors import UsageError
from nsr.results import Result

__all__ = ["write_report"]

CHUNK = 200
"""Problems that are compressed together."""

MAX_ROUND = 20_000
"""Characters of a round's program that the page keeps."""


def write_report(
    folders: Path | Sequence[Path], out: Path, *, gold: Gold | None = None, by: str | None = None, title: str = ""
) -> int:
    """Writes the page of a run, or of its shards, and returns how many problems are on it.

    Raises:
        UsageError: for a folder without a run, a gold file that cannot be used, a field that no
            problem has, or a page that cannot be written.
    """
    places = [folders] if isinstance(folders, Path) else list(folders)
    gathered = _Gathered(by)
    fields: set[str] = set()
    for one in judged(places, gold):
        fields |= one.kept.problem.meta.keys()
        gathered.add(one)
    check_group(by, fields)
    page = _page(gathered, title or ", ".join(p.name for p in places), [s for p in places for s in _sessions(p)])
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from error
    return len(gathered.rows)


def _sessions(folder: Path) -> list[Session]:
    store = open_run(folder, must_exist=True)
    try:
        return store.sessions()
    finally:
        store.close()


@dataclass(slots=True)
class _Gathered:
    """What one pass over a run keeps: a short row a problem, compressed chunks of the rest, and sums."""

    by: str | None
    rows: list[list[Any]] = field(default_factory=list)
    chunks: list[str] = field(default_factory=list)
    open_chunk: list[dict[str, Any]] = field(default_factory=list)
    score: Score = field(default_factory=Score)
    statuses: Counter[str] = field(default_factory=Counter)
    rounds: Counter[int] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, one: Judged) -> None:
        """One more problem."""
        group = group_of(one.kept.problem, self.by) if self.by is not None else ""
        if one.verdict:
            self.score.add(one, group if self.by is not None else None)
        result = one.kept.result
        if result is not None:
            self.statuses[result.status.value] += 1
            self.rounds[len(result.rounds)] += 1
            self.tokens["given"] += result.usage.prompt_tokens
            self.tokens["written"] += result.usage.completion_tokens
            for stage, taken in result.seconds.items():
                self.seconds[stage].append(taken)
        self.rows.append(_row(one, group))
        self.open_chunk.append(_detail(one))
        if len(self.open_chunk) == CHUNK:
            self.close_chunk()

    def close_chunk(self) -> None:
        """Compresses what has come since the last chunk."""
        if self.open_chunk:
            self.chunks.append(_packed(self.open_chunk))
            self.open_chunk = []


def _packed(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("utf-8", "replace"), 9)).decode("ascii")


def _row(one: Judged, group: str) -> list[Any]:
    """What the list shows, and what is searched."""
    problem, result, fault, _ = one.kept
    if result is None:
        return [problem.id, problem.text, "missing", one.verdict, group, "", 0, 0, None, "", ""]
    said = " ".join(filter(None, (result.reason, json.dumps(result.answer, ensure_ascii=False), one.detail)))
    tokens = result.usage.prompt_tokens + result.usage.completion_tokens
    taken = sum(result.seconds.values()) if result.seconds else None
    evidence = one.evidence if result.evidence.kind is not None else ""
    status = result.status.value
    return [
        problem.id, problem.text, status, one.verdict, group, evidence, len(result.rounds), tokens, taken,
        fault or "", said,
    ]  # fmt: skip


def _detail(one: Judged) -> dict[str, Any]:
    """What is shown of a problem when it is opened."""
    problem, result, fault, attempts = one.kept
    if result is None:
        result_fields: dict[str, Any] = {
            "answer": None, "reason": None, "program": None, "diagnostics": [], "evidence": ["there is no result"],
            "explanation": [], "rounds": [], "cost": [],
        }  # fmt: skip
        return {**result_fields, "gold": problem.gold, "detail": one.detail}
    return {
        "answer": result.answer,
        "gold": problem.gold,
        "detail": one.detail,
        "reason": result.reason,
        "program": result.program,
        "diagnostics": [_diagnostic(d) for d in (*result.diagnostics, *result.warnings)],
        "evidence": list(_evidence(result, fault)),
        "explanation": list(_explanation(result)),
        "rounds": [
            {
                **r.model_dump(include={"number", "kind", "findings", "outcome", "seconds"}),
                "source": r.source[:MAX_ROUND],
            }
            for r in result.rounds
        ],
        "cost": list(_cost(result, attempts)),
    }


def _diagnostic(found: dict[str, Any]) -> str:
    told = f"{found.get('severity', 'error')}[{found.get('code', '')}]: {found.get('message', '')}"
    return f"{told} ({found['help']})" if found.get("help") else told


def _evidence(result: Result, fault: str | None) -> Iterator[str]:
    e = result.evidence
    yield e.kind.value if e.kind is not None else "none"
    if fault is not None:
        yield f"failed: {fault}"
    if e.backend:
        yield f"back end {e.backend}" + (f", confirmed by {e.confirmed_by}" if e.confirmed_by else "")
    if e.core:
        yield f"minimal core: {', '.join(e.core)}"
    for world in e.worlds:
        yield f"{world.shows}: {json.dumps(world.assignment, ensure_ascii=False)}"
    yield from e.notes
    yield from (f"assumed: {a}" for a in result.assumptions)


def _explanation(result: Result) -> Iterator[str]:
    if result.explanation.summary:
        yield result.explanation.summary
    for reason in result.explanation.reasons:
        mark = {True: "holds", False: "fails", None: "says"}[reason.holds]
        yield f"{reason.label} {mark}: {' '.join(reason.sentences) or reason.formula}"


def _cost(result: Result, attempts: int) -> Iterator[str]:
    u = result.usage
    yield f"{u.calls} calls, {u.prompt_tokens} tokens given, {u.completion_tokens} written"
    for stage, taken in result.seconds.items():
        yield f"{stage}: {taken:.3f} s"
    if attempts > 1:
        yield f"attempt {attempts}"


# The page


def _page(found: _Gathered, title: str, sessions: Sequence[Session]) -> str:
    from nsr.grammars.decode import statement_keywords

    found.close_chunk()
    facts = {"chunk": CHUNK, "by": found.by, "keywords": sorted({*statement_keywords(), *_WORDS})}
    packed = {"index": _packed({"facts": facts, "rows": found.rows})}
    packed |= {f"chunk-{n}": text for n, text in enumerate(found.chunks)}
    script = _file("report.js")
    policy = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = {
        "title": escape(title),
        "policy": f"sha256-{policy}",
        "style": _file("report.css"),
        "summary": escape(_summary(found)),
        "scores": _scores(found),
        "charts": _charts(found),
        "made": "".join(map(_session, sessions)),
        "data": "\n".join(f'<script type="text/plain" id="{i}">{text}</script>' for i, text in packed.items()),
        "script": script,
    }
    # One pass over the template: what is put in is never looked at again.
    pieces = _file("report.html").split("{{")
    return pieces[0] + "".join(parts[name] + rest for name, _, rest in (p.partition("}}") for p in pieces[1:]))


_WORDS = (
    "and",
    "or",
    "not",
    "implies",
    "iff",
    "xor",
    "forall",
    "exists",
    "in",
    "distinct",
    "true",
    "false",
    "if",
    "else",
)


def _file(name: str) -> str:
    return resources.files("nsr.batch").joinpath(name).read_text(encoding="utf-8")


def _summary(found: _Gathered) -> str:
    counts = ", ".join(f"{n} {s}" for s, n in sorted(found.statuses.items()))
    tokens = f"{found.tokens['given']:,} tokens given, {found.tokens['written']:,} written"
    return f"{len(found.rows)} problems: {counts or 'no results'}; {tokens}"


def _tallies(found: _Gathered) -> list[tuple[str, Tally]]:
    score = found.score
    groups = sorted(score.groups.items())
    return [("all", score.all), *groups]


def _scores(found: _Gathered) -> str:
    score = found.score
    if not score.all.counts:
        return "<p>No gold answers: nothing is scored.</p>"
    heads = ("n", "right", "wrong", "abstained", "missing", "accuracy", "95 %", "coverage", "right of given", "95 %")
    named = [
        *_tallies(found),
        ("first try", score.first_try),
        ("after repair", score.after_repair),
        *((f"evidence: {k}", v) for k, v in sorted(score.by_evidence.items())),
    ]
    body = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(f'<td class=n>{cell}</td>' for cell in _cells(t))}</tr>"
        for name, t in named
    )
    head = "".join(f"<th class=n>{escape(h)}</th>" for h in heads)
    notes = [
        f"{score.claimed} answers rest in part on one solver's word only (evidence: claimed)",
        f"{score.faults} problems failed and count as abstained",
        f"{score.retried} problems were done more than once; the last result counts",
    ]
    told = "".join(f"<p>{escape(n)}.</p>" for n in notes if not n.startswith("0 "))
    return f"<h2>Score</h2><table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>{told}"


def _cells(tally: Tally) -> list[str]:
    v = tally.to_json()
    return [
        *(str(v[k]) for k in ("n", "right", "wrong", "abstained", "missing")),
        _percent(v["accuracy"]),
        _interval(v["interval"], v["accuracy"]),
        _percent(v["coverage"]),
        _percent(v["precision"]),
        _interval(v["precision_interval"], v["precision"]),
    ]


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _interval(limits: Sequence[float], value: float | None) -> str:
    return "" if value is None else f"{100 * limits[0]:.1f} to {100 * limits[1]:.1f}"


def _charts(found: _Gathered) -> str:
    charts = []
    if found.score.all.counts:
        rows = [
            (name, [_share(t, "accuracy", "interval"), _share(t, "coverage", "coverage_interval")])
            for name, t in _tallies(found)
        ]
        told = f"Accuracy and coverage{f' by {found.by}' if found.by else ''}, with 95 % intervals"
        charts.append(shares(told, rows, ("accuracy", "coverage")))
    if found.rounds:
        rounds = [Bar(f"{k} rounds", n, f"{n} problems") for k, n in sorted(found.rounds.items())]
        charts.append(bars("Rounds until the result", rounds))
    if found.seconds:
        stages = [
            Bar(stage, sum(taken), f"{sum(taken):.0f} s, median {median(taken):.3f} s")
            for stage, taken in sorted(found.seconds.items(), key=lambda s: -sum(s[1]))
        ]
        charts.append(bars("Seconds by stage, all problems together", stages))
    return "".join(charts)


def _share(tally: Tally, value: str, interval: str) -> Share:
    v = tally.to_json()
    told = "" if v[value] is None else f"{_percent(v[value])} ({_interval(v[interval], v[value])}), n={v['n']}"
    return Share(v[value], v[interval][0], v[interval][1], told)


def _session(session: Session) -> str:
    settings = "".join(
        f"<tr><td>{escape(k)}</td><td>{escape(json.dumps(v, ensure_ascii=False))}</td></tr>"
        for k, v in sorted(session.configuration.items())
    )
    ended = f"ended {session.ended}: {session.outcome}" if session.ended else "did not come to its end"
    return (
        f"<p>Start {session.number}: {escape(session.started)}, {escape(ended)}</p>"
        f"<pre>{escape(session.command)}</pre><table>{settings}</table>"
    )
