"""What every command shares: help, unknown names, input that cannot be read, one JSON object, exit code 2."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nsr.cli import COMMANDS

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]


def test_help_names_every_command(nsr: Nsr) -> None:
    ran = nsr("--help")
    assert ran.code == 0
    assert all(f"  {name} " in ran.out for name in COMMANDS)
    assert "Exit codes" in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(nsr: Nsr, command: str) -> None:
    ran = nsr(command, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: nsr {command} ")
    assert nsr(command, "-h").out == ran.out


def test_version(nsr: Nsr) -> None:
    import nsr as package

    ran = nsr("--version")
    assert (ran.code, ran.out) == (0, f"nsr {package.__version__}\n")


def test_unknown_command_suggests_the_nearest(nsr: Nsr) -> None:
    ran = nsr("sovle", "x")
    assert ran.code == 2
    assert "solve" in ran.err
    assert "sovle" in ran.err


def test_unknown_command_far_from_all_lists_all(nsr: Nsr) -> None:
    ran = nsr("xyzzy")
    assert ran.code == 2
    assert all(name in ran.err for name in COMMANDS)


def test_unknown_option(nsr: Nsr) -> None:
    ran = nsr("run", "--no-such-option", "x.nsr")
    assert ran.code == 2
    assert "--no-such-option" in ran.err


@pytest.mark.parametrize(
    ("option", "value"), [("--timeout", "0"), ("--timeout", "soon"), ("--memory", "1"), ("--seed", "-1")]
)
def test_options_out_of_range(nsr: Nsr, option: str, value: str) -> None:
    ran = nsr("run", option, value, "x.nsr")
    assert ran.code == 2
    assert option in ran.err


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--timeout", "nan", "limit of time"),
        ("--timeout", "inf", "limit of time"),
        ("--seed", "99999999999999999999", "the seed is"),
        ("--backend", "quantum", "there is no back end `quantum`"),
        ("--backend", "all:quantum", "there is no back end `quantum`"),
        ("--backend", "race:z3", "fewer than two"),
    ],
)
def test_options_that_no_stage_could_work_with(nsr: Nsr, write: Write, option: str, value: str, told: str) -> None:
    ran = nsr("run", option, value, write("x.nsr", "var x: int in 1..3\nfind x\n"))
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_wrong_option_leaves_no_run_folder(nsr: Nsr, write: Write, tmp_path: Path) -> None:
    problems = write("problems.jsonl", '{"id": "a", "text": "One."}\n')
    ran = nsr("batch", problems, "--out", tmp_path / "run", "--backend", "quantum")
    assert ran.code == 2
    assert not (tmp_path / "run").exists()


def test_standard_input_that_is_closed(nsr: Nsr, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from nsr.cli.common import read_text
    from nsr.errors import UsageError

    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="standard input is closed"):
        read_text("-")


def test_fmt_goes_on_after_a_file_that_is_missing(nsr: Nsr, write: Write, tmp_path: Path) -> None:
    ran = nsr("fmt", tmp_path / "none.nsr", write("x.nsr", "find   x\n"))
    assert (ran.code, ran.out) == (2, "find x\n")
    assert "there is no file" in ran.err


def test_output_that_cannot_be_written(nsr: Nsr, write: Write, tmp_path: Path) -> None:
    program = write("x.nsr", "var x: int in 1..3\nfind x\n")
    ran = nsr("export", program, "--format", "lp", "--out", tmp_path / "none" / "x.lp")
    assert ran.code == 2
    assert "cannot be written" in ran.err
    (tmp_path / "file").write_text("")
    ran = nsr("train", "--out", tmp_path / "file" / "below")
    assert ran.code == 2
    assert "cannot be written to" in ran.err


def test_a_text_for_a_grammar_that_does_not_depend_on_it(nsr: Nsr, write: Write) -> None:
    ran = nsr("grammar", "--text", write("x.txt", "Ann."))
    assert (ran.code, ran.out) == (2, "")
    assert "--decode" in ran.err


@pytest.mark.parametrize("command", ["solve", "run", "check", "fmt"])
def test_a_missing_file(nsr: Nsr, command: str, tmp_path: Path) -> None:
    ran = nsr(command, tmp_path / "none.txt")
    assert ran.code == 2
    assert "there is no file" in ran.err
    assert not ran.out


@pytest.mark.parametrize("command", ["solve", "run", "check", "fmt"])
def test_a_folder_in_place_of_a_file(nsr: Nsr, command: str, tmp_path: Path) -> None:
    ran = nsr(command, tmp_path)
    assert ran.code == 2
    assert "is a folder" in ran.err


@pytest.mark.parametrize("command", ["solve", "run", "check", "fmt"])
def test_a_file_that_is_not_utf8(nsr: Nsr, command: str, write: Write) -> None:
    ran = nsr(command, write("latin.txt", "find one\n# caf\xe9\n".encode("latin-1")))
    assert ran.code == 2
    assert "not UTF-8" in ran.err
    assert "line 2" in ran.err


@pytest.mark.parametrize("command", ["solve", "run", "check"])
def test_json_and_a_bad_file_say_why_in_json(nsr: Nsr, command: str, tmp_path: Path) -> None:
    ran = nsr(command, "--json", tmp_path / "none.txt")
    assert ran.code == 2
    assert "there is no file" in ran.json["error"]
    assert "there is no file" in ran.err


def test_json_and_an_unknown_option(nsr: Nsr) -> None:
    ran = nsr("run", "--json", "--no-such-option", "x.nsr")
    assert ran.code == 2
    assert "--no-such-option" in ran.json["error"]


def in_a_shell(arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """`nsr ARGUMENTS` in a shell that gives the exit code of the first command of a pipe."""
    told = f"{shlex.quote(sys.executable)} -c 'from nsr.cli import main; main()' {arguments}; exit ${{PIPESTATUS[0]}}"
    return subprocess.run(["bash", "-c", told], capture_output=True, env={**os.environ, **variables}, timeout=60)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_that_is_not_utf8(write: Write, encoding: str) -> None:
    program = write(
        "p.nsr", "type T = {`Zoë Łuk`, bo}\nvar f(T): 1..2 distinct\nconstraint: f(bo) == 1\nfind unique f\n"
    )
    ran = in_a_shell(f"run --explain {program}", PYTHONIOENCODING=encoding)
    assert ran.returncode == 0, ran.stderr
    assert b"\\u0141uk" in ran.stdout
    as_json = in_a_shell(f"run --json {program}", PYTHONIOENCODING=encoding)
    assert "Łuk" in as_json.stdout.decode()


@pytest.mark.parametrize("command", ["run", "fmt"])
def test_a_reader_that_goes_away(write: Write, command: str) -> None:
    names = ", ".join(f"t{n}" for n in range(3000))
    program = write("p.nsr", f"type T = {{{names}}}\nvar f(T): 1..2\nfind one f\n")
    ran = in_a_shell(f"{command} {program} | true")
    assert ran.returncode == 141, ran.stderr
    assert not ran.stderr


def test_explain_without_solve(nsr: Nsr) -> None:
    ran = nsr("formulate", "Ann is first.", "--explain")
    assert ran.code == 2
    assert "--explain is about --solve" in ran.err


def test_a_file_that_is_utf16(nsr: Nsr, write: Write) -> None:
    ran = nsr("check", write("p.nsr", "var x: 1..2\nfind x\n".encode("utf-16")))
    assert ran.code == 2
    assert "iconv -f UTF-16 -t UTF-8" in ran.err


def test_diagnostics_name_the_file_as_it_was_given(nsr: Nsr, write: Write) -> None:
    program = write("p.nsr", "var x: 1..2\nfind y\n")
    assert f"--> {program}:2:" in nsr("check", program).err


def test_an_interrupt_while_commands_load() -> None:
    code = "import sys, nsr.cli; sys.modules['nsr.cli.group'] = type(sys)('group'); " + (
        "setattr(sys.modules['nsr.cli.group'], '__getattr__', lambda _: (_ for _ in ()).throw(KeyboardInterrupt)); "
    )
    ran = subprocess.run([sys.executable, "-c", code + "nsr.cli.main()"], capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (130, b"interrupted\n")


def test_a_wide_grid_in_a_file_is_not_cut(nsr: Nsr, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    long = "_and_".join(["a_name_that_goes_on"] * 5)
    program = write("p.nsr", f"type T = {{{long}, bo}}\nvar f(T): 1..2 distinct\nfind one f\n")
    assert f"│ {long.replace('_', ' ')} │" in nsr("run", program).out


def test_text_with_a_mark_of_byte_order_and_windows_line_ends(nsr: Nsr, write: Write) -> None:
    ran = nsr("check", write("dos.nsr", b"\xef\xbb\xbftype T = {a, b}\r\nvar f(T): 1..2 distinct\r\nfind one f\r\n"))
    assert ran.code == 0, ran.err


@pytest.mark.parametrize("command", ["solve", "batch"])
def test_unknown_language_model(nsr: Nsr, command: str, write: Write, tmp_path: Path) -> None:
    args = (
        ("solve", "Ann is first.", "--model", "nobody")
        if command == "solve"
        else ("batch", write("in.jsonl", '{"text": "Ann is first."}\n'), "--out", tmp_path / "run", "--model", "nobody")
    )
    ran = nsr(*args)
    assert ran.code == 2
    assert "nobody" in ran.err
    assert "local:FOLDER" in ran.err


def test_a_language_model_in_a_folder_that_is_not_there(nsr: Nsr, tmp_path: Path) -> None:
    ran = nsr("solve", "Ann is first.", "--model", f"local:{tmp_path / 'none'}")
    assert ran.code in (1, 2)
    assert "none" in ran.err


def test_unknown_back_end(nsr: Nsr, write: Write) -> None:
    ran = nsr("run", "--backend", "minizinc", write("p.nsr", "var x: int in 1..2\nfind one x\n"))
    assert ran.code == 2
    assert "minizinc" in ran.err
    assert "cpsat" in ran.err


def test_grammar(nsr: Nsr) -> None:
    from importlib.resources import files

    assert nsr("grammar").out == files("nsr.grammars").joinpath("nsr.lark").read_text(encoding="utf-8")
    decoding = nsr("grammar", "--decode")
    assert decoding.code == 0
    assert "start" in decoding.out


def test_grammar_with_the_text_that_may_be_quoted(nsr: Nsr, write: Write) -> None:
    ran = nsr("grammar", "--decode", "--text", write("p.txt", "Ann is directly left of Bo."))
    assert ran.code == 0
    assert "Ann is directly left of Bo." in ran.out or "substring" in ran.out


def test_json_of_every_command_is_one_object(nsr: Nsr, write: Write) -> None:
    program = write("p.nsr", "var x: int in 1..2\nfind all x\n")
    for args in (("run", program, "--json"), ("check", program, "--json")):
        ran = nsr(*args)
        assert ran.code == 0, ran.err
        assert isinstance(ran.json, dict)
        assert len(ran.out.splitlines()) == 1
    json.loads(nsr("run", program, "--json").out)


def test_a_problem_in_english_given_as_a_program(nsr: Nsr, write: Write) -> None:
    assert "nsr solve" in nsr("run", write("x.txt", "Three houses stand in a row.\n")).err
    assert "nsr solve" not in nsr("run", write("x.nsr", "var x: int in 1..3\nThree houses.\nfind x\n")).err


def test_a_program_is_no_text_to_solve(nsr: Nsr, write: Write) -> None:
    ran = nsr("solve", write("grid.nsr", "var x: 1..2\nfind one\n"))
    assert ran.code == 2
    assert "nsr run" in ran.err
