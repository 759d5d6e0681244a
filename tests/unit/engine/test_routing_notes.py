"""Why a back end was left is told with the answer."""

from __future__ import annotations

from nsr import run


def test_a_missing_bound_is_told() -> None:
    found = run("var x, y: int >= 0\nconstraint: 2 * x == y + 3\nfind one\n", confirm=False)
    assert found.evidence.backend == "z3"
    assert any("`cpsat` does not take integers without bounds" in note for note in found.evidence.notes)
    assert not any("`asp`" in note for note in found.evidence.notes), "its plan has the step that was in vain"
    assert not run("var x: int in 0..3\nfind one\n", confirm=False).evidence.notes
