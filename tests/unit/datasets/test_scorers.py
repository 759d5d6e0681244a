"""Scorers: what they must not depend on (order, spelling, notation), and what they must tell apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsr.datasets.protocol import Option, Problem, Verdict
from nsr.datasets.scorers import SCORERS, NumberScorer, UnreadableGold
from nsr.datasets.values import number_of, verdict_of
from nsr.results import Result, Status


def score(
    kind: str, gold: Any, answer: Any, status: Status = Status.SOLVED, options: tuple[Option, ...] = ()
) -> Verdict:
    problem = Problem(id="a", position=1, gold=gold, options=options)
    return SCORERS[kind].score(problem, Result(status=status, answer=answer)).verdict


RIGHT, WRONG, ABSTAINED = Verdict.RIGHT, Verdict.WRONG, Verdict.ABSTAINED
THREE = (Option("A", "True"), Option("B", "False"), Option("C", "Uncertain"))
NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=5), min_size=4, max_size=4, unique=True)
GOLDS = {
    "grid": {"header": ["House", "Name"], "rows": [["1", "Ute"]]},
    "assignment": {"Ada": "knight"},
    "option": "A",
    "verdict": "Unknown",
    "number": "4",
    "optimum": "infeasible",
    "words": ["left", "above"],
    "any": "A",
}


@pytest.mark.parametrize("kind", GOLDS)
def test_no_answer_is_abstained_and_an_unreadable_gold_answer_is_told_of(kind: str) -> None:
    assert score(kind, GOLDS[kind], None, Status.ABSTAINED, THREE) is ABSTAINED
    assert score(kind, GOLDS[kind], {}, Status.SOLVED, THREE) is WRONG
    if kind != "any":
        for gold in ({"strange": 1.5}, 2.5j):
            with pytest.raises(UnreadableGold):
                score(kind, gold, "x")


# Grids


@st.composite
def grids(draw: st.DrawFn) -> dict[str, Any]:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    bodies = [draw(st.permutations([f"v{c}{r}" for r in range(rows)])) for c in range(columns)]
    cells = [[str(r + 1), *(body[r] for body in bodies)] for r in range(rows)]
    return {"header": ["House", *(f"H{c}" for c in range(columns))], "rows": cells}


@given(grids(), st.randoms(use_true_random=False))
def test_grids_are_the_same_in_any_order_of_rows_and_columns(gold: dict[str, Any], random: Any) -> None:
    order = list(range(len(gold["header"])))
    random.shuffle(order)
    rows = [[row[i] for i in order] for row in gold["rows"]]
    random.shuffle(rows)
    table = {"header": [gold["header"][i] for i in order], "rows": rows}
    result = Result(status=Status.SOLVED, answer={"table": table})
    judged = SCORERS["grid"].score(Problem(id="a", position=1, gold=gold), result)
    cells = sum(len(r) - 1 for r in gold["rows"])
    assert judged == (RIGHT, "", (cells, cells))


@given(grids(), st.data())
def test_two_exchanged_cells_are_two_wrong_cells(gold: dict[str, Any], data: st.DataObject) -> None:
    rows = [list(r) for r in gold["rows"]]
    if len(rows) < 2:
        return
    column = data.draw(st.integers(1, len(gold["header"]) - 1))
    rows[0][column], rows[1][column] = rows[1][column], rows[0][column]
    result = Result(status=Status.SOLVED, answer={"table": {"header": gold["header"], "rows": rows}})
    judged = SCORERS["grid"].score(Problem(id="a", position=1, gold=gold), result)
    cells = sum(len(r) - 1 for r in rows)
    assert (judged.verdict, judged.parts) == (WRONG, (cells - 2, cells))


def test_a_grid_with_other_columns_or_none() -> None:
    gold = {"header": ["House", "Name", "Pet"], "rows": [["1", "Ute", "cat"], ["2", "Ivo", "dog"]]}
    for table, right in [
        ({"header": ["House", "Name"], "rows": [["1", "Ute"], ["2", "Ivo"]]}, 2),
        ({"header": ["House", "Name", "Pet"], "rows": [["1", "Ute", "cat"]]}, 2),
        ({"header": ["House"], "rows": [["9"]]}, 0),
    ]:
        result = Result(status=Status.SOLVED, answer={"table": table})
        judged = SCORERS["grid"].score(Problem(id="a", position=1, gold=gold), result)
        assert (judged.verdict, judged.parts) == (WRONG, (right, 4))


# Numbers


@given(st.fractions(max_denominator=1000))
def test_a_number_is_right_in_any_notation(number: Fraction) -> None:
    notations: list[Any] = [str(number), f"{number.numerator}/{number.denominator}", f" {number} "]
    if number.denominator == 1:
        notations += [number.numerator, f"{number.numerator:,}", f"{number.numerator}.0", f"{number.numerator}.00"]
    for notation in notations:
        assert number_of(notation) == number
        assert score("number", str(number), notation) is RIGHT
        assert score("number", str(number), {"objective": notation, "assignment": {"x": 5}}) is RIGHT
        assert score("number", str(number), {"assignment": {"x": notation}}) is RIGHT
        assert score("number", str(number), [notation]) is RIGHT


@given(st.fractions(-1000, 1000, max_denominator=100), st.fractions(0, 1, max_denominator=100))
def test_tolerance_is_exact(gold: Fraction, relative: Fraction) -> None:
    scorer = NumberScorer("n", relative, Fraction(0))
    edge = gold + relative * abs(gold)
    assert scorer.agrees(edge, gold)
    assert not scorer.agrees(edge + Fraction(1, 10**12), gold)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("$1,200.50", Fraction(2401, 2)),
        ("-$3", Fraction(-3)),
        ("5%", Fraction(1, 20)),
        ("1e3", Fraction(1000)),
        (0.1, Fraction(1, 10)),
        ("1,2", None),
        ("3 apples", None),
        ("", None),
        ("1/0", None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        ("9" * 1000, None),
        ("1e99999", None),
    ],
)
def test_numbers(text: Any, number: Fraction | None) -> None:
    assert number_of(text) == number


def test_rounded_optima_and_marks() -> None:
    assert score("optimum", 1234.57, {"objective": "1234.5678"}) is RIGHT
    assert score("number", 1234.57, "1234.5678") is WRONG
    assert score("optimum", 100, {"objective": 101}) is WRONG
    for gold, status in [
        ("infeasible", Status.NO_SOLUTION),
        ("No Best Solution", Status.UNBOUNDED),
        ("No Best Solution", Status.NO_SOLUTION),
        ("unbounded", Status.UNBOUNDED),
    ]:
        assert score("optimum", gold, None, status) is RIGHT
        assert score("optimum", gold, {"objective": 3}, Status.OPTIMAL) is WRONG
    assert score("optimum", "infeasible", None, Status.UNBOUNDED) is ABSTAINED
    assert score("optimum", 3, None, Status.NO_SOLUTION) is ABSTAINED
    assert score("optimum", 3, {"objective": 10**400}, Status.OPTIMAL) is WRONG


# Options and verdicts


@given(NAMES, st.integers(0, 3), st.integers(0, 3))
def test_options_by_label_and_by_wording(names: list[str], gold: int, said: int) -> None:
    texts = [f"It is {n}." for n in names]
    options = tuple(Option("ABCD"[i], text) for i, text in enumerate(texts))
    wanted = RIGHT if gold == said else WRONG
    for answer in ("ABCD"[said], texts[said], texts[said].upper(), f"({'ABCD'[said]})", "abcd"[said]):
        assert score("option", "ABCD"[gold], answer, options=options) is wanted


def test_an_answer_that_is_no_option() -> None:
    assert score("option", "A", "Z", options=THREE) is WRONG
    assert score("option", "A", {"assignment": {"x": 1, "y": 2}}, options=THREE) is WRONG
    with pytest.raises(UnreadableGold):
        score("option", "Q", "A", options=THREE)
    alike = (Option("A", "same"), Option("B", "same"))
    with pytest.raises(UnreadableGold):
        score("option", "same", "A", options=alike)


WORDS = {
    "true": ["True", "A", "proved", "yes", True],
    "false": ["False", "B", "disproved", "No", False],
    "unknown": ["Unknown", "C", "Uncertain", "DK"],
}


@pytest.mark.parametrize("gold", WORDS)
@pytest.mark.parametrize("said", WORDS)
def test_verdicts_in_all_words(gold: str, said: str) -> None:
    for one in WORDS[gold]:
        for other in WORDS[said]:
            assert score("verdict", one, other, options=THREE) is (RIGHT if gold == said else WRONG)
    assert verdict_of("perhaps") is None


# Words and roles


@given(st.lists(st.sampled_from(["left", "right", "above", "below", "near"]), max_size=4, unique=True), st.data())
def test_words_are_a_set(words: list[str], data: st.DataObject) -> None:
    said = data.draw(st.permutations(words))
    assert score("words", words, [w.upper() for w in said]) is RIGHT
    assert score("words", words, [{"R": w} for w in said]) is RIGHT
    assert score("words", words, [*said, "far"]) is WRONG


def test_words_and_verdicts() -> None:
    assert score("words", ["Yes"], "true") is RIGHT
    assert score("words", ["DK"], "unknown") is RIGHT
    assert score("words", ["No"], "true") is WRONG
    assert score("words", "niece", {"assignment": {"relation": "niece"}}) is RIGHT
    assert score("words", "son-in-law", "son in law") is RIGHT
    assert score("words", ["B"], ["A", "B"]) is WRONG
    assert score("words", "the red box", "A", options=(Option("A", "the red box"),)) is RIGHT


@given(NAMES, st.lists(st.booleans(), min_size=4, max_size=4), st.integers(0, 3))
def test_roles_in_any_notation(names: list[str], truths: list[bool], slip: int) -> None:
    gold = {n: "knight" if t else "knave" for n, t in zip(names, truths, strict=True)}
    said = dict(zip(names, truths, strict=True))
    for assignment in (
        {"role": {n: gold[n] for n in names}},
        {"knight": said},
        {"is_knave": {n: not t for n, t in said.items()}},
        dict(said),
        {"truthful": said},
    ):
        assert score("assignment", gold, {"assignment": assignment}) is RIGHT
    said[names[slip]] = not said[names[slip]]
    problem = Problem(id="a", position=1, gold=gold)
    judged = SCORERS["assignment"].score(problem, Result(status=Status.SOLVED, answer={"assignment": {"knight": said}}))
    assert (judged.verdict, judged.parts) == (WRONG, (3, 4))


def test_the_shape_of_the_gold_answer_calls_for_a_scorer() -> None:
    assert score("any", "yes", "true") is RIGHT
    assert score("any", "30", 30) is RIGHT
    assert score("any", ["a", "b"], ["b", "a"]) is RIGHT
    assert score("any", "B", "False", options=THREE) is RIGHT
    assert score("any", {"Ada": "knight"}, {"assignment": {"Ada": True}}) is RIGHT
