"""The page of a run: whole, small, safe with hostile texts, and alive in a browser where one is installed."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
from batch_runs import abstained, keep, solved, used

from nsr.batch.report import CHUNK, write_report
from nsr.batch.statistics import wilson
from nsr.datasets.protocol import Problem
from nsr.errors import UsageError
from nsr.results import Evidence, EvidenceKind, Explanation, Reason, Result, Round

HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "&amp;\u2028'\"{{data}}"
)

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium here (apt-get install chromium)")


def result(n: int, word: str = "") -> Result:
    program = f'type T = {{a, b}}  # {word}\nconstraint "Sentence {n}.": t(a) == {n}\nfind unique t\n'
    rounds = tuple(Round(number=k, kind="repair", source=program, findings=(word,), outcome=word) for k in (1, 2))
    fields: dict[str, Any] = {
        "program": program,
        "rounds": rounds[: 1 + n % 2],
        "usage": used(100, n),
        "seconds": {"check": 0.1, "answer": 0.25},
        "explanation": Explanation(
            summary=word, reasons=(Reason(label="c", sentences=(word,), formula="f", holds=True),)
        ),
    }
    if n % 5 == 0:
        return abstained(f"reason {word}", diagnostics=({"severity": "error", "code": "x", "message": word},), **fields)
    evidence = Evidence(kind=EvidenceKind.CONFIRMED, backend="cpsat", notes=(word,))
    return solved("yes" if n % 7 else f"no {word}", evidence=evidence, **fields)


def run(folder: Path, n: int, word: str = "") -> Path:
    rows: list[tuple[Problem, Result | None]] = []
    for k in range(1, n + 1):
        text = f"Problem number{k} {word} with the unusual word {'zebra' if k % 100 == 3 else 'horse'}."
        rows.append(
            (
                Problem(id=f"p{k}", position=k, context=text, gold="yes", meta={"size": f"{k % 3}{word}"}),
                result(k, word),
            )
        )
    return keep(folder, rows, seed=0, note=word)


def inflated(page: str, name: str) -> Any:
    found = re.search(rf'<script type="text/plain" id="{name}">([^<]*)</script>', page)
    assert found
    return json.loads(zlib.decompress(base64.b64decode(found[1])))


def written(tmp_path: Path, n: int, word: str = "", **options: Any) -> str:
    page = tmp_path / "page.html"
    assert write_report(run(tmp_path / "run", n, word), page, **options) == n
    return page.read_text(encoding="utf-8")


def test_everything_is_on_the_page(tmp_path: Path) -> None:
    page = written(tmp_path, CHUNK + 50, by="size")
    index = inflated(page, "index")
    assert len(index["rows"]) == CHUNK + 50
    assert index["rows"][2][:4] == ["p3", "Problem number3  with the unusual word zebra.", "solved", "right"]
    chunks = [inflated(page, f"chunk-{n}") for n in (0, 1)]
    assert [len(c) for c in chunks] == [CHUNK, 50]
    first = chunks[0][0]
    assert (first["answer"], first["gold"], first["program"]) == ("yes", "yes", result(1).program)
    assert [r["source"] for r in first["rounds"]] == [r.source for r in result(1).rounds]
    assert "back end cpsat" in first["evidence"]


def test_the_scores_are_those_of_the_run(tmp_path: Path) -> None:
    page = written(tmp_path, 70, by="size")
    right = sum(1 for n in range(1, 71) if n % 5 and n % 7)
    low, high = wilson(right, 70)
    row = re.search(r"<tr><td>all</td>(.*?)</tr>", page)
    assert row
    cells = re.findall(r"<td class=n>([^<]*)</td>", row[1])
    assert cells[:2] == ["70", str(right)]
    assert cells[5:7] == [f"{100 * right / 70:.1f} %", f"{100 * low:.1f} to {100 * high:.1f}"]
    assert page.count("<svg") == 3
    for chart in re.findall(r"<svg.*?</svg>", page):
        import xml.etree.ElementTree as ElementTree

        ElementTree.fromstring(chart)


def test_nothing_is_loaded_from_anywhere(tmp_path: Path) -> None:
    page = written(tmp_path, 5)
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)\s*=|url\(|@import|https?://", page)


def test_hostile_texts_are_no_markup(tmp_path: Path) -> None:
    page = written(tmp_path, 5, HOSTILE, by="size", title=HOSTILE)
    assert "<img" not in page
    assert page.count("<script") == 3, "index, one chunk, the script"
    assert inflated(page, "index")["rows"][0][1].count(HOSTILE) == 1
    assert f"<title>{html.escape(HOSTILE)}</title>" in page


def test_a_run_without_gold_answers_or_results(tmp_path: Path) -> None:
    keep(tmp_path / "run", [(Problem(id="a", position=1), solved()), (Problem(id="b", position=2), None)])
    write_report(tmp_path / "run", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "nothing is scored" in page
    assert [row[2] for row in inflated(page, "index")["rows"]] == ["solved", "missing"]


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(run(tmp_path / "run", 1), tmp_path / "none" / "page.html")


def shown(page: Path, state: str = "") -> str:
    """The page as the browser has it after its script has run."""
    assert BROWSER is not None
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
               f"--user-data-dir={page.parent / 'profile'}", "--virtual-time-budget=20000", "--dump-dom",
               f"{page.as_uri()}#{state}"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    return re.sub(r'<script type="text/plain".*?</script>', "", done.stdout)


@browser
def test_search_in_a_browser(tmp_path: Path) -> None:
    written(tmp_path, 450, by="size")
    dom = shown(tmp_path / "page.html", "q=zebra%20NUMBER1&status=solved")
    assert re.findall(r'data-id="(p\d+)"', dom) == ["p103"], "both words, whatever their case, and the status"
    assert "1 of 450" in shown(tmp_path / "page.html", "q=p103&open=p103")
    dom = shown(tmp_path / "page.html", "verdict=abstained&page=2")
    assert "90 of 450 problems" in dom
    assert len(re.findall(r"data-id=", dom)) == 40


@browser
def test_hostile_texts_in_a_browser(tmp_path: Path) -> None:
    written(tmp_path, 5, HOSTILE, by="size", title="title")
    dom = shown(tmp_path / "page.html", "open=p5")
    assert "<title>title</title>" in dom
    assert "<img" not in dom
    assert 'data-ready="' in dom
    assert html.escape(HOSTILE, quote=False) in dom
    assert '<span class="keyword">constraint</span>' in dom
    assert "error[x]" in dom


@browser
@pytest.mark.slow
def test_five_thousand_problems(tmp_path: Path) -> None:
    written(tmp_path, 5000, "with many more words than any page should have to carry " * 8)
    assert (tmp_path / "page.html").stat().st_size < 10_000_000
    dom = shown(tmp_path / "page.html", "q=number4903&open=p4903")
    assert "1 of 5000 problems" in dom
    assert "<h2>p4903</h2>" in dom
