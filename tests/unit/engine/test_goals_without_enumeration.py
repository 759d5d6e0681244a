"""Reals, open types, rounded data, assumptions: goals whose worlds cannot be listed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

import nsr
from nsr.results import Result, Status
from nsr.workers import shut_down

FLAT = "var x: real >= 0, y: real >= 0\nconstraint: x + 2 * y <= 10\nconstraint: 3 * x + y <= 15\n"
SHORT = nsr.Limits(wall_seconds=15)


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers() -> Iterator[None]:
    yield
    shut_down()


def run(source: str, **options: object) -> Result:
    return nsr.run(source, limits=SHORT, **options)


def test_a_best_value_over_reals() -> None:
    result = run(FLAT + "maximize profit: 3 * x + 4 * y\n")
    assert (result.status, result.answer["objective"]) == (Status.OPTIMAL, 24)
    assert result.answer["assignment"] == {"x": 4, "y": 3}


def test_an_objective_without_a_bound() -> None:
    result = run("var x: real >= 0\nmaximize profit: 2 * x\n")
    assert (result.status, result.answer) == (Status.UNBOUNDED, None)
    assert "`profit`" in str(result.reason)


def test_a_bound_that_is_not_reached() -> None:
    result = run("var x: real > 0.25\nminimize x\n")
    assert (result.status, result.answer) == (Status.UNATTAINED, {"bound": "0.25"})


@pytest.mark.parametrize("goal", ["maximize 10 / x", "compute 10 / x", "compute 1, x // x"])
def test_what_can_be_undefined_is_refused(goal: str) -> None:
    result = run(f"var x: int in 0..3\n{goal}\n")
    assert result.status is Status.ABSTAINED
    assert "has no value where x is 0" in str(result.reason)
    assert run(f"var x: int in 0..3\nconstraint: x > 0\n{goal}\n").status is not Status.ABSTAINED


def test_values_that_differ_are_shown_with_the_question_back() -> None:
    result = run("var x: real in 0..3\nconstraint: 2 * x >= 3\ncompute 2 * x\n")
    assert (result.status, result.answer) == (Status.UNDETERMINED, None)
    assert str(result.reason).endswith("is something whole, positive or missing?")
    first, second = result.evidence.worlds
    assert first.assignment != second.assignment


def test_values_are_exact() -> None:
    assert run("var x: real\nconstraint: 3 * x == 1\ncompute x, x + 1, 4 * x > 1\n").answer == ["1/3", "4/3", True]


@pytest.mark.parametrize(
    ("options", "answer"), [(("0.25", "1 / 3"), "A"), (("0.3", "1 / 3"), None), (("0.25", "1 / 4"), None)]
)
def test_options_are_compared_by_exact_value(options: tuple[str, str], answer: str | None) -> None:
    listed = "".join(f"option {label}: {value}\n" for label, value in zip("AB", options, strict=True))
    result = run(f"var x: real\nconstraint: 4 * x == 1\ncompute x\n{listed}")
    assert result.answer == answer
    assert result.status is (Status.SOLVED if answer else Status.ABSTAINED)


def test_options_of_an_objective() -> None:
    result = run(FLAT + "maximize profit: 3 * x + 4 * y\noption A: 22\noption B: 24\n")
    assert (result.status, result.answer) == (Status.SOLVED, "B")


def test_an_irrational_value_is_no_missing_solution() -> None:
    result = run("var x: real >= 0\nconstraint: x ** 2 == 2\nfind one x\n")
    assert result.status is Status.ABSTAINED
    assert "irrational" in str(result.reason)


ROUNDED = (
    "var x: real in 0..9, y: real in 0..9\nconstraint: x + y == 1\nconstraint: 3 * x == {}\nconstraint: 3 * y == 2\n"
)


def test_rounded_data_are_held_to_a_tolerance() -> None:
    result = run(ROUNDED.format("0.999999") + "find one x, y\n")
    assert result.status is Status.SOLVED
    assert any("rounded" in note for note in result.evidence.notes)
    assert abs(Fraction(result.answer["assignment"]["x"]) - Fraction(1, 3)) < Fraction(1, 10**5)
    assert run(ROUNDED.format("0.9999") + "find one x, y\n").status is Status.NO_SOLUTION
    assert run(ROUNDED.format("2") + "find one x, y\n").status is Status.NO_SOLUTION


PEOPLE = "type Person\npred keeper(Person), rows(Person)\nconst ada, bo: Person\n" + (
    'premise all "Keepers row.": forall x in Person: keeper(x) implies rows(x)\n'
    'premise ada "Ada is a keeper.": keeper(ada)\npremise "Bo is somebody.": rows(bo) or not rows(bo)\n'
)


@pytest.mark.parametrize(
    ("claim", "status", "core"),
    [
        ("rows(ada)", Status.ENTAILED, ("all", "ada")),
        ("exists x in Person: keeper(x) and not rows(x)", Status.REFUTED, ("all",)),
        ("rows(bo)", Status.UNDETERMINED, ()),
        ("forall x in Person: rows(x)", Status.UNDETERMINED, ()),
        ("ada != bo", Status.ENTAILED, ()),
    ],
)
def test_proofs_over_an_open_type(claim: str, status: Status, core: tuple[str, ...]) -> None:
    result = run(f"{PEOPLE}prove {claim}\n")
    assert result.status is status
    assert result.evidence.core == core
    assert [r.sentences for r in result.explanation.reasons] == [
        {"all": ("Keepers row.",), "ada": ("Ada is a keeper.",)}[name] for name in core
    ]
    if status is Status.UNDETERMINED:
        assert len(result.evidence.worlds) == 2


def test_worlds_of_an_open_type() -> None:
    result = run(f"{PEOPLE}premise: exists x in Person: x != ada and x != bo and keeper(x)\nfind one keeper\n")
    assert result.status is Status.SOLVED
    assert list(result.answer["assignment"]["keeper"].values()).count(True) >= 2
    assert all(r.holds for r in result.explanation.reasons)
    assert run(f"{PEOPLE}find count keeper\n").status is Status.LIMIT
    assert run(f"{PEOPLE}compute rows(ada)\n").answer is True
    assert run(f"{PEOPLE}compute (exists x in Person: not rows(x))\n").status is Status.UNDETERMINED
    assert run(f"{PEOPLE}ask rows(X)\n").answer == [{"X": "ada"}]


def test_premises_that_clash() -> None:
    result = run(f"{PEOPLE}premise no: not rows(ada)\nprove rows(bo)\n")
    assert result.status is Status.INCONSISTENT
    assert set(result.evidence.core) == {"all", "ada", "no"}


def test_rules_without_a_stable_model() -> None:
    result = run("type T = {a, b}\nrel p(T)\nrule p(X) unless p(X)\nprove p(a)\n")
    assert result.status is Status.INCONSISTENT
    assert "rules" in str(result.reason)


GAP = "var x: int in 0..3\nconstraint: x > 1\n"


def test_a_gap_alone_abstains() -> None:
    result = run(f'{GAP}missing "What x is for."\nfind one x\n')
    assert (result.status, result.reason) == (Status.ABSTAINED, "What x is for.")


def test_an_assumption_is_told_and_can_be_refused() -> None:
    source = f'{GAP}missing "Whether x is odd is not said.": x % 2 == 1\nfind unique x\n'
    result = run(source)
    assert result.answer["assignment"] == {"x": 3}
    assert result.assumptions == ("Whether x is odd is not said.",)
    assert result.questions[0].assumptions == result.assumptions
    refused = run(source, assume=False)
    assert (refused.status, refused.answer) == (Status.ABSTAINED, None)


def test_each_question_has_its_own_gaps() -> None:
    result = run(f'{GAP}question a\nfind count x\nquestion b\nmissing "Nothing is said."\nfind one x\n')
    assert [(q.label, q.status.value) for q in result.questions] == [("a", "solved"), ("b", "abstained")]


def test_one_job_for_all_instances_of_a_modal_term(monkeypatch: pytest.MonkeyPatch) -> None:
    from nsr.engine.goals import section

    asked = []
    kept = section.run

    async def counting(job: object, **more: object) -> object:
        asked.append(type(job).__name__)
        return await kept(job, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(section, "run", counting)
    source = "type N = 1..9\nvar x: N\nconstraint: x > 3\n"
    source += "compute {n for n in N if possible(x == n) and not certain(x != 5)}\n"
    assert run(source, confirm=False).answer == [4, 5, 6, 7, 8, 9]
    assert asked.count("SatisfiableJob") == 2
