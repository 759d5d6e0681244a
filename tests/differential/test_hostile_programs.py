"""Hostile programs: each ends in an answer that is right, a limit outcome or a diagnostic, and nothing is touched."""

import os
from collections import Counter
from pathlib import Path

import pytest

import nsr
from nsr.limits import Limits
from nsr.solvers.registry import availability, backend_names
from nsr.testing.hostile import HOSTILE

LIMITS = Limits(wall_seconds=1.0, memory_mib=512)
TRACE = Path("/tmp/nsr-was-here")
NO_ANSWER = {"limit", "abstained", "feasible"}


def outcome(source, backend="auto"):
    """The status, or the codes of the diagnostics."""
    try:
        return nsr.run(source, backend=backend, limits=LIMITS, solutions=20).status.value
    except nsr.ProgramError as error:
        return "refused" if error.diagnostics else "refused without a reason"


def test_there_are_enough_of_every_kind():
    counts = Counter(hostile.kind for hostile in HOSTILE)
    assert sum(counts.values()) >= 60
    assert min(counts.values()) >= 5
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_it_ends_well(hostile, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = len(os.listdir("/proc/self/fd"))
    found = outcome(hostile.source)
    assert found == "refused" or found in NO_ANSWER or not hostile.told or found in hostile.told
    if hostile.kind == "files":
        assert found == "refused"
    assert list(tmp_path.iterdir()) == []
    assert not TRACE.exists()
    # No connection to a worker is left open, and the process answers as before.
    assert len(os.listdir("/proc/self/fd")) <= before + 24
    assert outcome("var x: 1..3\nconstraint: x > 2\nfind unique") == "solved"


@pytest.mark.slow
@pytest.mark.parametrize("backend", backend_names())
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_it_ends_well_on_every_back_end(hostile, backend, tmp_path, monkeypatch):
    if availability(backend) is not None:
        pytest.skip(availability(backend))
    monkeypatch.chdir(tmp_path)
    found = outcome(hostile.source, backend)
    assert found == "refused" or found in NO_ANSWER or not hostile.told or found in hostile.told
    assert list(tmp_path.iterdir()) == []
    assert not TRACE.exists()
