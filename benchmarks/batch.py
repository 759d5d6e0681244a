"""What `nsr batch` makes of a machine: use of the cores, memory over time, and results after kills at random moments.

python -m benchmarks.batch --n 1000 --kills 10

Makes small puzzles and a recording of the programs for them, one in twenty with a fault that takes a repair round.
Nothing is left out of the batch but the language model's own computing: the recording is looked up in its place.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, permutations
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.puzzles.latency import below, proportional_mib
from benchmarks.puzzles.report import save
from nsr.batch.report import write_report
from nsr.batch.sqlite import SqliteStore
from nsr.batch.store import Answered
from nsr.engine.engine import Engine
from nsr.engine.options import Options
from nsr.formalizers.whole import WholeFormalizer
from nsr.llm.protocol import Completion, Generation, Request
from nsr.llm.recorded import Recorder
from nsr.testing.llm import ScriptedLLM

COMMAND = (sys.executable, "-c", "from nsr.cli import main; main()")
PEOPLE = ["ann", "bo", "cy", "dora", "eli", "finn", "gina", "hugo", "ines", "jan", "kim", "lou"]
PETS = ["cat", "dog", "fish", "snail", "goat", "horse"]
DRINKS = ["tea", "milk", "juice", "water", "cocoa", "coffee"]
FAULTY_EVERY = 20
BEFORE_THE_END = 0.98
TICKS = os.sysconf("SC_CLK_TCK")


# Problems and programs


class Made(NamedTuple):
    """A puzzle: its text, the program for it, and the answer."""

    text: str
    program: str
    gold: dict[str, Any]


def puzzles(n: int, seed: int) -> Iterator[Made]:
    """Small puzzles with one solution each: three people, their pets and drinks, clues until all is settled."""
    rng = random.Random(seed)
    for _ in range(n):
        yield _puzzle(rng)


def _puzzle(rng: random.Random) -> Made:
    people, pets, drinks = (rng.sample(words, 3) for words in (PEOPLE, PETS, DRINKS))
    worlds = [
        dict(zip(pets + drinks, (*left, *right), strict=True))
        for left in permutations(people)
        for right in permutations(people)
    ]
    truth = rng.choice(worlds)
    clues: list[tuple[str, str]] = []
    while len(worlds) > 1:
        text, formula, left = _clue(rng, people, pets, drinks, truth, worlds)
        if len(left) < len(worlds):
            worlds = left
            clues.append((text, formula))
    said = " ".join(text for text, _ in clues)
    listed = "; ".join(
        f"{name}: {', '.join(words)}" for name, words in (("person", people), ("pet", pets), ("drink", drinks))
    )
    statements = "\n".join(f'constraint "{text}": {formula}' for text, formula in clues)
    program = (
        f"type Person = {{{', '.join(people)}}}\ntype Pet = {{{', '.join(pets)}}}\n"
        f"type Drink = {{{', '.join(drinks)}}}\nvar owner(Pet): Person distinct\n"
        f"var drinker(Drink): Person distinct\n{statements}\nfind unique owner, drinker\n"
    )
    gold = [[p, *(next(w for w in words if truth[w] == p) for words in (pets, drinks))] for p in people]
    return Made(f"{listed}\n{said}\nWho is who?\n", program, {"header": ["person", "pet", "drink"], "rows": gold})


def _clue(
    rng: random.Random,
    people: Sequence[str],
    pets: Sequence[str],
    drinks: Sequence[str],
    truth: dict[str, str],
    worlds: Sequence[dict[str, str]],
) -> tuple[str, str, list[dict[str, str]]]:
    """A true sentence, its formula, and the worlds that are left with it."""
    pet, drink, person = rng.choice(pets), rng.choice(drinks), rng.choice(people)
    if rng.random() < 0.5:
        holds = truth[pet] == person
        text = f"The {pet} {'belongs' if holds else 'does not belong'} to {person}."
        return (
            text,
            f"owner({pet}) {'==' if holds else '!='} {person}",
            [w for w in worlds if (w[pet] == person) == holds],
        )
    holds = truth[pet] == truth[drink]
    text = f"The owner of the {pet} {'drinks' if holds else 'does not drink'} {drink}."
    left = [w for w in worlds if (w[pet] == w[drink]) == holds]
    return text, f"owner({pet}) {'==' if holds else '!='} drinker({drink})", left


def make(folder: Path, n: int, seed: int) -> tuple[Path, Path]:
    """The file of problems and the recording of the programs for them."""
    problems, recording = folder / f"problems-{n}-{seed}.jsonl", folder / f"recording-{n}-{seed}.jsonl"
    if problems.exists() and recording.exists():
        return problems, recording
    partial = recording.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    formalizer = WholeFormalizer(ScriptedLLM([]))
    with problems.open("w", encoding="utf-8") as stream:
        for number, made in enumerate(puzzles(n, seed), 1):
            row = {
                "id": f"p{number}",
                "text": made.text,
                "solution": made.gold,
                "clues": made.program.count("constraint"),
            }
            stream.write(json.dumps(row) + "\n")
            if number % FAULTY_EVERY:
                script = ScriptedLLM([_said(made.program)], "script")
                Recorder(script, partial).generate([formalizer.request(made.text)])
            else:
                _record_repair(made, partial)
    partial.replace(recording)
    return problems, recording


def _said(program: str) -> Generation:
    return Generation((Completion(program, None, 2500, len(program) // 4, 0, "stop"),))


def _record_repair(made: Made, recording: Path) -> None:
    """The whole exchange: a program that names somebody nobody declared, and the right one when that is pointed out."""

    def answer(request: Request) -> Generation:
        return _said(
            made.program if len(request.prompt) > 6 else made.program.replace(" distinct\n", " distinct\nfind zed\n", 1)
        )

    Engine(Options(model="script"), Recorder(ScriptedLLM(answer, "script"), recording)).solve(made.text)


# Measuring


@dataclass(frozen=True, slots=True)
class Sample:
    """The state of a run at a moment.

    Results so far, CPU seconds of all its processes, idle and busy seconds of the machine, memory, and how many of the
    threads of the run want to run.
    """

    at: float
    done: int
    ours: float
    idle: float
    busy: float
    mib: float
    runnable: int


def sample(pid: int, store: Path) -> Sample:
    """What there is to see now."""
    tree = below(pid)
    idle, busy = machine()
    ours, mib = sum(map(cpu_seconds, tree)), sum(map(proportional_mib, tree))
    return Sample(time.monotonic(), stored(store), ours, idle, busy, mib, sum(map(runnable, tree)))


def cpu_seconds(pid: int) -> float:
    """CPU time of a process, with that of its children that have ended; 0 for one that has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def runnable(pid: int) -> int:
    """How many threads of a process run or wait for a core."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return 0
    return sum(_state(f"/proc/{pid}/task/{thread}") == "R" for thread in threads)


def _state(place: str) -> str:
    """The state of a process or thread, a letter; `Z` for one that has gone."""
    try:
        return Path(place, "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def machine() -> tuple[float, float]:
    """Idle and busy seconds of all cores since the machine was started."""
    times = [int(t) for t in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = times[3] + times[4]
    return idle / TICKS, (sum(times) - idle) / TICKS


def stored(store: Path) -> int:
    """How many results a run has on disk."""
    if not store.exists():
        return 0
    connection = sqlite3.connect(store, timeout=30)
    try:
        return int(connection.execute("SELECT count(*) FROM results").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def start(problems: Path, recording: Path, out: Path, jobs: int) -> subprocess.Popen[bytes]:
    """`nsr batch` on its way."""
    words = ["batch", str(problems), "--out", str(out), "--model", f"recorded:{recording}", "--jobs", str(jobs)]
    return subprocess.Popen([*COMMAND, *words], stdout=subprocess.DEVNULL)


def measure(problems: Path, recording: Path, out: Path, jobs: int, n: int) -> dict[str, Any]:
    """One run from begin to end, looked at every second."""
    began = time.monotonic()
    process = start(problems, recording, out, jobs)
    samples = []
    while process.poll() is None:
        samples.append(sample(process.pid, out / "run.sqlite"))
        time.sleep(1.0)
    if process.returncode:
        sys.exit(f"nsr batch ended with exit code {process.returncode}")
    wall = time.monotonic() - began
    inner = [s for s in samples if 0 < s.done <= BEFORE_THE_END * n]
    if len(inner) < 2:
        sys.exit("the run is too short to be measured; take more problems")
    first, last = inner[0], inner[-1]
    seconds = last.at - first.at
    ours, idle, busy = last.ours - first.ours, last.idle - first.idle, last.busy - first.busy
    return {
        "n": n,
        "samples": len(inner),
        "jobs": jobs,
        "cores": os.cpu_count(),
        "wall_seconds": wall,
        "a_second": (last.done - first.done) / seconds,
        "cpu_seconds_a_problem": ours / (last.done - first.done),
        "cores_ours": ours / seconds,
        "cores_others": (busy - ours) / seconds,
        "cores_idle": idle / seconds,
        "share_of_available": ours / (ours + idle),
        "runnable": statistics.mean(s.runnable for s in inner),
        "wanting_all_cores": statistics.mean(s.runnable >= (os.cpu_count() or 1) for s in inner),
        "mib": [round(s.mib) for s in inner[:: max(1, len(inner) // 20)]],
        "statuses": statuses(out / "run.sqlite"),
    }


def statuses(store: Path) -> dict[str, int]:
    """Results by status."""
    connection = sqlite3.connect(store)
    try:
        return dict(connection.execute("SELECT status, count(*) FROM results GROUP BY status"))
    finally:
        connection.close()


# Kills


def killed(problems: Path, recording: Path, out: Path, jobs: int, n: int, kills: int, seed: int) -> dict[str, Any]:
    """A run that is killed (SIGKILL) at random moments and started again, until it is done."""
    rng = random.Random(seed)
    moments = sorted(rng.uniform(0, 0.98) * n for _ in range(kills))
    seen = []
    for moment in moments:
        process = start(problems, recording, out, jobs)
        while stored(out / "run.sqlite") < moment and process.poll() is None:
            time.sleep(0.02)
        time.sleep(rng.uniform(0, 2))
        family = below(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen.append(stored(out / "run.sqlite"))
        left = outlived(family)
        if left:
            sys.exit(f"{len(left)} processes outlived their parent: {left}")
    process = start(problems, recording, out, jobs)
    if process.wait():
        sys.exit(f"nsr batch ended with exit code {process.returncode}")
    return {"kills": kills, "results_when_killed": seen}


def outlived(family: Sequence[int], patience: float = 5.0) -> list[int]:
    """Those of some processes that are still there after a while."""
    deadline = time.monotonic() + patience
    left = list(family)
    while left and time.monotonic() < deadline:
        left = [p for p in left if _state(f"/proc/{p}") != "Z"]
        time.sleep(0.05)
    return left


def differing(first: Path, second: Path) -> list[str]:
    """The problems of two runs whose results are not the same in everything but the seconds."""
    left, right = results(first), results(second)
    return sorted(i for i in left.keys() | right.keys() if left.get(i) != right.get(i))


def results(folder: Path) -> dict[str, Any]:
    """Results by identifier, without what is measured by the clock."""
    found: dict[str, Any] = {}
    for line in (folder / "results.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["id"] in found:
            sys.exit(f"{folder} has two results for {row['id']}")
        row["seconds"] = None
        row["rounds"] = [{**r, "seconds": None} for r in row["rounds"]]
        found[row["id"]] = row
    return found


# The page


def page(run: Path, folder: Path, n: int) -> dict[str, Any]:
    """Size of the report on `n` problems (those of a run, as often as it takes), and how soon a browser shows it."""
    many = folder / f"page-{n}-{os.getpid()}"
    source = SqliteStore(run, must_exist=True)
    rows = [k for k in source.kept() if k.result is not None]
    source.close()
    with SqliteStore(many) as store:
        store.begin({}, "benchmarks.batch")
        some = [
            (k, replace(k.problem, id=f"{k.problem.id}-{i}", position=i)) for i, k in zip(range(1, n + 1), cycle(rows))
        ]
        store.add_problems(p for _, p in some)
        for kept, problem in some:
            assert kept.result is not None
            text = kept.result.model_copy(update={"id": problem.id, "rounds": ()}).to_json()
            rounds = tuple(r.model_dump_json() for r in kept.result.rounds)
            store.record([Answered(problem.position, kept.result.status.value, text, rounds)])
    began = time.perf_counter()
    write_report(many, many / "report.html", by="clues")
    found = {"n": n, "seconds": time.perf_counter() - began, "mb": (many / "report.html").stat().st_size / 1e6}
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is not None:
        identifier = some[-1][1].id
        (many / "empty.html").write_text("<!DOCTYPE html><title>empty</title><h2>empty</h2>")
        for name, state, shown in (
            ("empty", "", "empty"),
            ("report", f"#q={identifier}&open={identifier}", identifier),
        ):
            address = (many / f"{name}.html").as_uri() + state
            found[f"browser_{name}_seconds"] = [round(_opened(browser, many, address, shown), 2) for _ in range(5)]
    return found


def _opened(browser: str, folder: Path, address: str, shown: str) -> float:
    """Seconds of a whole browser, from its start to its end, in which a page comes up and shows a problem."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--virtual-time-budget=60000"]
    began = time.perf_counter()
    done = subprocess.run(
        [browser, *options, f"--user-data-dir={folder / 'profile'}", "--dump-dom", address],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - began
    if f"<h2>{shown}</h2>" not in done.stdout:
        sys.exit("the page did not come up")
    return seconds


# The command


def show(found: dict[str, Any]) -> str:
    """The numbers as text."""
    m = found["run"]
    lines = [
        f"{m['n']} problems, {m['jobs']} engine processes on {m['cores']} cores: {m['wall_seconds']:.0f} s, "
        f"{m['a_second']:.1f} a second, {1000 * m['cpu_seconds_a_problem']:.0f} ms CPU a problem, {m['statuses']}",
        f"cores in use until {BEFORE_THE_END:.0%}: ours {m['cores_ours']:.2f}, others {m['cores_others']:.2f}, "
        f"idle {m['cores_idle']:.2f}; {m['share_of_available']:.1%} of what others left",
        f"our threads that run or wait for a core: {m['runnable']:.1f} on average, at least {m['cores']} in "
        f"{m['wanting_all_cores']:.0%} of {m['samples']} looks",
        f"memory of all processes, MiB over time: {', '.join(map(str, m['mib']))}; median "
        f"{statistics.median(m['mib']):.0f}",
    ]
    if "page" in found:
        p = found["page"]
        lines.append(
            f"report on {p['n']} problems: {p['mb']:.1f} MB, written in {p['seconds']:.0f} s; a browser from start to "
            f"end with a problem searched and opened {p.get('browser_report_seconds', '(there is none)')} s, "
            f"with an empty page {p.get('browser_empty_seconds', '(there is none)')} s"
        )
    if "killed" in found:
        k = found["killed"]
        lines.append(
            f"killed {k['kills']} times (at {', '.join(map(str, k['results_when_killed']))} results): "
            f"{k['differing']} results differ from the run that was let be"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1000, help="problems (default 1000)")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="engine processes")
    parser.add_argument("--kills", type=int, default=0, help="kills of a second run (default 0: none)")
    parser.add_argument("--seed", type=int, default=0, help="seed of problems and moments (default 0)")
    parser.add_argument("--folder", type=Path, help="keep problems and runs here")
    parser.add_argument("--page", type=int, default=0, metavar="N", help="also the report on N problems")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        problems, recording = make(folder, options.n, options.seed)
        run = folder / f"run-{options.n}-{os.getpid()}"
        found: dict[str, Any] = {"run": measure(problems, recording, run, options.jobs, options.n)}
        print(show(found), flush=True)
        if options.page:
            found["page"] = page(run, folder, options.page)
        if options.kills:
            again = run.with_name(f"{run.name}-killed")
            found["killed"] = killed(problems, recording, again, options.jobs, options.n, options.kills, options.seed)
            found["killed"]["differing"] = len(differing(run, again))
    print(show(found))
    save(options.json, found)


if __name__ == "__main__":
    main()
