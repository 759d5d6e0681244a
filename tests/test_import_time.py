"""What is imported when: heavy libraries only by what needs them. The time itself is not asserted."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "llguidance", "tokenizers", "safetensors", "ortools", "z3", "numpy"}
SHOW = "\nimport json, sys\nprint('\\n' + json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"


def modules_after(code: str) -> set[str]:
    """Top-level modules that a fresh process has loaded after running `code`."""
    done = subprocess.run([sys.executable, "-c", code + SHOW], capture_output=True, text=True, timeout=120, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_package_loads_next_to_nothing() -> None:
    loaded = modules_after("import nsr")
    assert not loaded & (HEAVY | {"pydantic", "lark", "rich", "httpx", "asyncio"})


def test_help_loads_click_and_no_solver() -> None:
    loaded = modules_after(
        "import sys\nfrom nsr.cli import main\nsys.argv = ['nsr', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert "click" in loaded
    assert not loaded & (HEAVY | {"pydantic", "lark", "rich", "httpx"})


@pytest.mark.parametrize("command", ["solve", "run", "check", "fmt", "batch", "score", "synth", "train", "doctor"])
def test_help_of_a_command_loads_nothing_heavy(command: str) -> None:
    loaded = modules_after(
        f"import sys\nfrom nsr.cli import main\nsys.argv = ['nsr', '{command}', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert not loaded & HEAVY


def test_checking_a_program_loads_no_solver() -> None:
    assert not modules_after("import nsr\nnsr.parse('var x: int in 1..2\\nfind one x\\n')") & HEAVY


def test_running_a_program_keeps_solvers_and_torch_out_of_this_process() -> None:
    loaded = modules_after("import nsr\nassert nsr.run('var x: int in 1..2\\nfind one x\\n').is_answered")
    assert not loaded & HEAVY, "solvers run in workers of their own"


def test_every_public_name_loads_without_solver_or_torch() -> None:
    assert not modules_after("import nsr\n[getattr(nsr, name) for name in nsr.__all__]") & HEAVY
