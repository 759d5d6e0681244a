"""Chains of rules that the search for derivations does not follow to their end."""

from shutil import which

import pytest

import nsr
from nsr.engine.goals import derived
from nsr.limits import Limits
from nsr.proofs import chaining
from nsr.results import EvidenceKind, Status
from nsr.solvers import deriving
from nsr.workers import shut_down

LENGTH = 60
CHAIN = (
    f"type N = 0..{LENGTH}\nrel e(N, N), r(N)\n"
    + "".join(f"fact e({n}, {n + 1})\n" for n in range(LENGTH))
    + f"fact r(0)\nrule r(Y) if r(X), e(X, Y)\nprove r({LENGTH})\n"
)

needs_prolog = pytest.mark.skipif(which("swipl") is None, reason="SWI-Prolog (swipl) is not installed")


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers():
    yield
    shut_down()


@pytest.fixture
def _short_search(monkeypatch):
    monkeypatch.setattr(chaining, "MOST_STEPS", LENGTH // 3)
    monkeypatch.setattr(derived, "PROVER_SECONDS", 60.0)


def proved(goal=CHAIN):
    result = nsr.run(goal, limits=Limits(wall_seconds=60))
    assert result.status is Status.ENTAILED
    assert result.evidence.kind is EvidenceKind.CONFIRMED
    return result.evidence


@needs_prolog
@pytest.mark.usefixtures("_short_search")
def test_prolog_finds_what_the_search_gives_up():
    evidence = proved()
    assert evidence.confirmed_by == derived.DERIVATION
    assert len(evidence.proof) > LENGTH
    assert evidence.proof[-1].conclusion == f"r({LENGTH})"


@needs_prolog
@pytest.mark.usefixtures("_short_search")
def test_what_prolog_finds_is_checked(monkeypatch):
    honest = deriving.derivation

    def wrong(*args):
        found = honest(*args)
        return type(found)((*found.steps[: LENGTH // 2], *found.steps[LENGTH // 2 + 1 :]))

    monkeypatch.setattr(deriving, "derivation", wrong)
    assert proved().confirmed_by != derived.DERIVATION


@pytest.mark.usefixtures("_short_search")
def test_without_prolog_another_back_end_is_asked(monkeypatch):
    monkeypatch.setattr(deriving, "availability", lambda name: "not installed")
    assert proved().confirmed_by != derived.DERIVATION


def test_a_derivation_too_long_to_be_told_is_counted(monkeypatch):
    monkeypatch.setattr(derived, "MOST_TOLD", LENGTH)
    evidence = proved()
    assert evidence.confirmed_by == derived.DERIVATION
    assert evidence.proof == ()
    assert any("each of them checked" in note for note in evidence.notes)
