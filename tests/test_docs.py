"""The documentation is run: Python and shell blocks with what they print; reference pages against the code."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

import nsr
import nsr.results
from nsr.cli import COMMANDS
from nsr.llm.registry import embedded_folder

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LANGUAGE = [ROOT / "docs" / "language.md", *sorted((ROOT / "docs" / "language").glob("*.md"))]
HAS_WEIGHTS = (embedded_folder() / "model.safetensors").exists()

# Pages that are run, and whether the shipped language model has a part in them.
RUN = {"README.md": True, "docs/tutorial.md": True, "docs/python.md": False}


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the name of the file it is to be written to."""

    language: str
    text: str
    file: str | None


def blocks(page: Path) -> list[Block]:
    found = re.finditer(
        r"^(?:<!-- file: (\S+) -->\n)?```(\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [Block(language, text, file) for file, language, text in (m.groups() for m in found)]


# What is shown, against what is said


def words(line: str) -> str:
    """A line without the borders of tables and surplus blanks."""
    return " ".join(re.sub(r"[┃│|]", " ", line).split())


def assert_shown(expected: str, said: str, where: str) -> None:
    """Every line expected is there, in this order; `...` stands for anything."""
    rest = [words(line) for line in said.splitlines()]
    for line in expected.splitlines():
        if not words(line):
            continue
        pattern = ".*".join(re.escape(part.strip()) for part in words(line).split("..."))
        place = next((i for i, r in enumerate(rest) if re.search(pattern, r)), None)
        assert place is not None, f"{where}: {line!r} is not in\n{said}"
        rest = rest[place + 1 :]


def commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block with what follows each."""
    command: str | None = None
    shown: list[str] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, "\n".join(shown)
            command, shown = line[2:], []
        else:
            shown.append(line)
    if command is not None:
        yield command, "\n".join(shown)


@pytest.mark.parametrize("name", RUN)
def test_page_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if RUN[name] and not HAS_WEIGHTS:
        pytest.skip("the embedded weights are not in this checkout")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "200",
    }
    names: dict[str, object] = {}
    said = ""
    for block in blocks(ROOT / name):
        if block.file is not None:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(block.text, name, "exec"), names)
            said = printed.getvalue()
        elif block.language == "text":
            assert_shown(block.text, said, name)
        elif block.language == "console":
            for command, expected in commands(block.text):
                if command.startswith(("nsr ", "sed ")) or "| nsr " in command:
                    done = subprocess.run(
                        ["bash", "-c", command],
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                        text=True,
                        env=environment,
                        check=False,
                        timeout=240,
                    )
                    assert "Traceback" not in done.stdout, done.stdout
                    assert_shown(expected, done.stdout, f"{name}: {command}")


# Programs of the reference of the language, with their answers


@dataclass(frozen=True)
class Shown:
    """A program on a page: what the fence says of it, the answers stated below it, the files above it."""

    page: str
    kind: str
    source: str
    expected: tuple[str, ...]
    files: tuple[Block, ...]

    @property
    def name(self) -> str:
        return f"{self.page}-{self.source.strip().splitlines()[-1][:50]}"


def programs(page: Path) -> Iterator[Shown]:
    """The fenced programs of a page: `nsr` with an `answer` below it, `nsr warns CODE` the same, `nsr wrong CODE`."""
    text = page.read_text(encoding="utf-8")
    files = tuple(block for block in blocks(page) if block.file is not None)
    found = re.finditer(r"^```nsr ?([^\n]*)\n(.*?)^```\n(?:```answer\n(.*?)^```$)?", text, re.MULTILINE | re.DOTALL)
    for kind, source, expected in (m.groups() for m in found):
        yield Shown(page.name, kind, source, tuple((expected or "").splitlines()), files)


def short(answer: Any) -> Any:
    """An answer down to the assignments, several in one order."""
    if isinstance(answer, list) and answer and isinstance(answer[0], dict) and "assignment" in answer[0]:
        return sorted((short(a) for a in answer), key=json.dumps)
    return answer["assignment"] if isinstance(answer, dict) and "assignment" in answer else answer


def in_words(question: nsr.results.QuestionResult) -> str:
    """Status and answer of a question in one line, as the pages state them."""
    line = str(question.status)
    if question.answer is not None:
        line += f" {json.dumps(short(question.answer), ensure_ascii=False)}"
    first = question.answer[0] if isinstance(question.answer, list) and question.answer else question.answer
    for key in ("objective", "unmet"):
        if isinstance(first, dict) and key in first:
            line += f", {key} {json.dumps(first[key])}"
    if question.assumptions:
        line += f", assuming {', '.join(question.assumptions)}"
    if question.status is nsr.Status.NO_SOLUTION and question.evidence.core:
        line += f", core {', '.join(sorted(question.evidence.core))}"
    return line + (f": {question.reason}" if question.reason else "")


def answers(shown: Shown, root: Path) -> list[str]:
    """What a program answers, a line for each question; of one with errors the code of the first."""
    try:
        result = nsr.run(shown.source, root=root)
    except nsr.ProgramError as error:
        return [error.diagnostics[0].code]
    warned = sorted({warning["code"] for warning in json.loads(result.to_json())["warnings"]})
    return [*(f"warning {code}" for code in warned), *map(in_words, result.questions)]


def differences(shown: Shown, said: list[str]) -> bool:
    """Whether something else is said than stated; `...` stands for anything, and the reason may be left out."""
    mark, _, code = shown.kind.partition(" ")
    expected = [code] if mark == "wrong" else [f"warning {code}", *shown.expected] if mark else list(shown.expected)
    if len(expected) != len(said) or not expected:
        return True
    patterns = [".*".join(re.escape(part) for part in line.split("...")) for line in expected]
    return not all(re.fullmatch(f"{p}(: .*)?", line) for p, line in zip(patterns, said, strict=True))


@pytest.mark.parametrize("shown", [s for page in LANGUAGE for s in programs(page)], ids=lambda s: s.name)
def test_program_answers_as_stated(shown: Shown, tmp_path: Path) -> None:
    for block in shown.files:
        assert block.file is not None
        (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    said = answers(shown, tmp_path)
    assert not differences(shown, said), f"{shown.source}\nstated: {shown.expected or shown.kind}\nsaid: {said}"


def test_every_program_states_what_comes_of_it() -> None:
    for page in LANGUAGE:
        for shown in programs(page):
            assert re.fullmatch(r"|(warns|wrong) [a-z-]+", shown.kind), shown.source
            assert bool(shown.expected) is not shown.kind.startswith("wrong"), shown.source


# Reference pages


def section(page: str, heading: str) -> str:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{page} has no section {heading!r}"
    return found[1]


def first_column(text: str) -> list[str]:
    """The names in backquotes that stand first in the rows of the tables of a text."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_options_of_a_command(name: str) -> None:
    command: click.Command = import_module(f"nsr.cli.{name.replace('-', '_')}").command
    written = set(re.findall(r"`(--[a-z-]+)", section("cli.md", f"nsr {name}")))
    known = {o for p in command.params if isinstance(p, click.Option) for o in p.opts if o.startswith("--")}
    # A section may name an option of another command where it says how the two work together.
    assert known <= written, f"not in docs/cli.md: {sorted(known - written)}"
    elsewhere = {
        o
        for other in COMMANDS
        for p in import_module(f"nsr.cli.{other.replace('-', '_')}").command.params
        for o in p.opts
    }
    assert written <= elsewhere, f"no such option: {sorted(written - elsewhere)}"
    assert f"nsr {name}" in section("cli.md", f"nsr {name}")


def test_shared_options() -> None:
    shared = section("cli.md", "Options that several commands share")
    for option in (
        "--model",
        "--rounds",
        "--timeout",
        "--memory",
        "--backend",
        "--seed",
        "--no-confirm",
        "--no-assumptions",
        "--json",
    ):
        assert f"| `{option}" in shared


def test_exit_codes_agree_with_the_code() -> None:
    from nsr.results import Status, exit_code

    table = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| (\d) \|$", section("json.md", "Status"), re.MULTILINE))
    assert {s.value: str(exit_code(s)) for s in Status} == table
    codes = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "4", "5", "130", "141"]


def test_fields_of_the_json_object() -> None:
    from nsr import results

    for heading, cls in (
        ("Result", results.Result),
        ("Question", results.QuestionResult),
        ("Evidence", results.Evidence),
        ("Sensitivity", results.Sensitivity),
        ("Step of a proof", results.ProofStep),
        ("World", results.World),
        ("Explanation", results.Explanation),
        ("Reason", results.Reason),
        ("Round", results.Round),
        ("Usage", results.Usage),
    ):
        fields = [field.alias or name for name, field in cls.model_fields.items()]
        assert first_column(section("json.md", heading)) == fields, heading


def test_public_names_are_described() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    for name in set(nsr.__all__) - {"__version__"}:
        assert f"nsr.{name}" in page, name
    assert first_column(section("python.md", "Options")) == [f.name for f in dataclasses.fields(nsr.Options)]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_paths_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:nsr|docs|tests|examples|scripts|benchmarks)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), f"{page.name}: {path}"


def test_codes_of_a_whole_program() -> None:
    folders = (ROOT / "nsr" / "engine", ROOT / "nsr" / "solvers")
    source = "".join(path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.py")))
    codes = set(re.findall(r'(?:Diagnostic\(|super\(\).__init__\(\[Diagnostic\()\s*"([a-z-]+)"', source))
    assert set(first_column(section("diagnostics.md", "Of a whole program"))) == codes


def test_codes_of_what_is_held_against_the_text() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "nsr" / "lint").glob("*.py")))
    codes = set(re.findall(r'[fF]inding\(\s*"([a-z]+(?:-[a-z]+)+)"', source))
    assert set(first_column(section("diagnostics.md", "Held against the text"))) == codes


def test_the_readme_example_has_twelve_lines() -> None:
    first = next(b for b in blocks(ROOT / "README.md") if b.language == "python")
    assert len(first.text.splitlines()) <= 12


def test_fragments_of_the_changelog() -> None:
    for path in (ROOT / "changelog.d").iterdir():
        assert path.name == "README.md" or re.fullmatch(r"[a-z-]+\.(added|changed|fixed|removed)\.md", path.name)
