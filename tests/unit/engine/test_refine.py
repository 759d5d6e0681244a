"""The loop chooses the right translation among candidates, and abstains where it cannot."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from itertools import product

import pytest

from nsr.diagnostics import Span
from nsr.engine.checking import check_source
from nsr.engine.refine import Refined, RefineOptions, Solutions, refine
from nsr.formalizers.declarations import Category, Declarations, Scale, Value, arrange
from nsr.formalizers.mentions import Tagger
from nsr.formalizers.sentence import put_back
from nsr.formalizers.staged import Candidate, SentenceDraft, StagedDraft
from nsr.language import ir
from nsr.language.enumerate import solutions


class OracleJudge:
    """Answers by enumeration; counts how often it is asked."""

    def __init__(self) -> None:
        self.calls = 0

    async def solutions(self, program: ir.Program) -> Solutions:
        self.calls += 1
        return Solutions(tuple(solutions(program, program.questions[0], limit=2)))

    async def core(self, program: ir.Program) -> tuple[str, ...]:
        kept = list(program.requirements)
        for requirement in program.requirements:
            rest = [r for r in kept if r is not requirement]
            shorter = replace(program, requirements=tuple(rest))
            if not any(True for _ in solutions(shorter, program.questions[0], limit=1)):
                kept = rest
        return tuple(r.name for r in kept)


def _values(*words: str) -> tuple[Value, ...]:
    return tuple(Value(w.lower(), w) for w in words)


def _declared() -> Declarations:
    places = tuple(Value(str(n), str(n), n) for n in (1, 2, 3))  # type: ignore[arg-type]
    return arrange(
        [
            Category("house", "", "", places, Scale.NUMERIC),
            Category("name", "", "", _values("Ann", "Bo", "Cy")),
            Category("pet", "", "", _values("cat", "dog", "emu")),
        ]
    )


def _draft(*rows: tuple[str, dict[str, float]], is_clue: bool = True) -> StagedDraft:
    """A draft from sentences with candidates over the tags of the sentence and their log-probabilities."""
    declared = _declared()
    tagger = Tagger(declared)
    sentences = []
    for number, (text, candidates) in enumerate(rows, 1):
        tagged = tagger.tag(text)
        made = tuple(Candidate(c, put_back(c, tagged, declared), p) for c, p in candidates.items())
        sentences.append(SentenceDraft(f"c{number}", text, Span(0, len(text)), is_clue, tagged, made))
    return StagedDraft("", declared, tuple(sentences), seconds={})


CLUES = [
    ("Ann is directly left of the dog.", {"P1 + 1 == P2": -0.1}),
    ("Bo is in the third house.", {"P1 == P2": -0.1}),
    ("The emu is in the first house.", {"P1 == P2": -0.1}),
    ("Cy is not in the first house.", {"P1 != P2": -0.1}),
]


def _refine(draft: StagedDraft, **options: float | tuple[str, ...]) -> tuple[Refined, OracleJudge]:
    judge = OracleJudge()
    return asyncio.run(refine(draft, judge, RefineOptions(**options))), judge  # type: ignore[arg-type]


def test_a_right_first_choice_is_accepted_in_one_round() -> None:
    refined, judge = _refine(_draft(*CLUES))
    assert refined.reason is None
    assert [r.outcome for r in refined.rounds] == ["one solution"]
    assert judge.calls == 1
    assert 'constraint c2 "Bo is in the third house.": name(bo) == 3' in refined.source


@pytest.mark.parametrize(
    ("place", "wrong"),
    [(0, "P1 == P2"), (1, "P1 != P2"), (2, "P1 != P2"), (0, "P1 == P2 + 1")],
)
def test_a_wrong_first_choice_is_replaced_by_the_next_best(place: int, wrong: str) -> None:
    text, right = CLUES[place]
    rows = list(CLUES)
    rows[place] = (text, {wrong: -0.05, **dict.fromkeys(right, -3.0)})
    refined, _ = _refine(_draft(*rows))
    assert refined.reason is None
    assert refined.source == _refine(_draft(*CLUES))[0].source


@pytest.mark.parametrize("places", [(0, 1, 2), (0, 1, 2, 3)])
def test_several_wrong_first_choices_are_replaced_together(places: tuple[int, ...]) -> None:
    rows = list(CLUES)
    for place in places:
        text, right = rows[place]
        wrong = "P1 == P2" if "!=" in next(iter(right)) else "P1 != P2"
        rows[place] = (text, {wrong: -0.05, **dict.fromkeys(right, -1.0)})
    refined, judge = _refine(_draft(*rows), ambiguity=0.0)
    assert refined.reason is None
    assert refined.source == _refine(_draft(*CLUES))[0].source
    assert judge.calls < 2 ** len(places), "what one try shows must spare others"


@pytest.mark.parametrize(("sureness", "is_answered"), [(-2.9, True), (-3.1, False)])
def test_what_is_improbable_altogether_is_no_answer(sureness: float, is_answered: bool) -> None:
    draft = _draft(*[(text, dict.fromkeys(right, sureness)) for text, right in CLUES])
    refined, _ = _refine(draft, max_surprise=12.0)
    assert (refined.reason is None) == is_answered
    assert is_answered or ("improbable" in str(refined.reason) and CLUES[0][0] in str(refined.reason))


def test_clues_without_a_statement_are_told() -> None:
    unread = ("Ann sings.", {"skip": -0.1})
    refined, _ = _refine(_draft(*CLUES, unread))
    assert refined.reason is None
    assert refined.unstated == ("Ann sings.",)
    refined, _ = _refine(_draft(*CLUES[1:], unread))
    assert refined.reason is not None
    assert "nothing is stated for “Ann sings.”" in refined.reason
    assert refined.program is not None


@pytest.mark.parametrize(
    ("text", "is_answered"), [("Ann met Zoe in The Inn by the sea.", False), ("Ann is in The Inn, in the attic.", True)]
)
def test_names_of_no_category_in_clues_without_a_statement_are_no_answer(text: str, is_answered: bool) -> None:
    draft = replace(_draft(*CLUES, ("The hymns are for Zoe.", {"skip": -0.1})), text=text)
    refined, _ = _refine(draft)
    assert (refined.reason is None) == is_answered
    assert is_answered or str(refined.reason).startswith("the clues speak of Zoe, and no category was found")


READINGS = ("P1 == P2", "P1 != P2", "P1 < P2", "P1 > P2", "P1 + 1 == P2", "P1 == P2 + 1")


@pytest.mark.parametrize("seed", range(12))
def test_the_answer_is_that_of_trying_every_selection(seed: int) -> None:
    rng = random.Random(seed)
    rows = [(text, {r: -rng.uniform(0, 4) for r in rng.sample(READINGS, 3)}) for text, _ in CLUES]
    draft, judge, ambiguity = _draft(*rows), OracleJudge(), rng.choice((0.2, 1.0))
    refined, _ = _refine(draft, audit_checks=(), ambiguity=ambiguity, max_loss=30.0, max_surprise=30.0)
    found = []
    for picked in product(*(range(len(s.candidates)) for s in draft.sentences)):
        selection = {s.name: n for s, n in zip(draft.sentences, picked, strict=True)}
        program, _ = check_source(draft.source(selection))
        assert program is not None
        structures = asyncio.run(judge.solutions(program)).structures
        if len(structures) == 1:
            price = -sum(s.candidates[n].log_probability for s, n in zip(draft.sentences, picked, strict=True))
            found.append((price, selection, structures))
    found.sort(key=lambda row: row[0])
    if not found:
        assert refined.reason is not None
        return
    price, selection, structures = found[0]
    is_doubtful = any(p <= price + ambiguity and other != structures for p, _, other in found)
    assert refined.source == draft.source(selection)
    assert (refined.reason is not None) == is_doubtful


def test_without_another_reading_a_contradiction_is_an_abstention_that_names_the_sentences() -> None:
    rows = [*CLUES, ("Bo is in the first house.", {"P1 == P2": -0.1})]
    refined, _ = _refine(_draft(*rows))
    assert refined.reason is not None
    assert "contradict" in refined.reason
    assert "Bo is in the first house." in refined.reason


def test_more_than_one_solution_is_an_abstention() -> None:
    refined, _ = _refine(_draft(*CLUES[:2]))
    assert refined.reason is not None
    assert "more than one solution" in refined.reason
    assert len(refined.solutions) == 2


def test_two_readings_that_are_nearly_as_likely_and_differ_are_an_abstention() -> None:
    rows = list(CLUES)
    rows[1] = ("Bo sits in the house of number three or so.", {"P1 == 3": -0.1})
    text = "Bo keeps Ann's favourite, or the third house is his."
    rows[1] = (text, {"P1 == P3": -0.1, "P1 == P2": -0.3})
    plain = _refine(_draft(*rows), finding_cost=0.0)[0]
    assert plain.reason is not None


def test_a_dropped_clue_is_a_finding() -> None:
    rows = [*CLUES, ("Ann is not in the third house.", {"skip": -0.01})]
    refined, _ = _refine(_draft(*rows))
    assert refined.reason is not None
    assert "Ann is not in the third house." in refined.reason


def test_prose_without_a_statement_may_be_skipped() -> None:
    rows = [*CLUES, ("Ann likes to tell this story.", {"skip": -0.01})]
    refined, _ = _refine(_draft(*rows, is_clue=False))
    assert refined.reason is None


def test_the_rounds_are_bounded() -> None:
    rows = [(t, {**c, "P1 < P2": -1.0, "P1 > P2": -1.1, "P2 < P1": -1.2}) for t, c in CLUES[:2]]
    refined, judge = _refine(_draft(*rows), max_rounds=5)
    assert judge.calls <= 5
    assert len(refined.rounds) <= 5
