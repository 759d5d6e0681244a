"""Clues, their words and what is kept for tests."""

import random
import re

import pytest

from nsr.synth.clues import gold, render
from nsr.synth.contexts import Style, draw_context
from nsr.synth.drafts import draft
from nsr.synth.english import base_form, deny, future
from nsr.synth.names import draw_names
from nsr.synth.scales import DIMENSIONS, POSITIONS
from nsr.synth.vocabulary import nominals, pick
from nsr.synth.wordings import RELATIONS, SKIPPED
from nsr.training.data import examples


def test_vocabulary_is_large_and_split() -> None:
    assert len(nominals()) + len(DIMENSIONS) + len(POSITIONS) >= 100
    for nominal in nominals():
        train = {v.text.lower() for v in nominal.train}
        test = {v.text.lower() for v in nominal.test}
        assert not train & test, nominal.key
        if not nominal.maker:
            assert len(train) >= 6
            assert len(test) >= 4


def test_names_of_the_splits_differ() -> None:
    rng = random.Random(0)
    train = {n for _ in range(300) for n in draw_names(rng, 6, test=False)}
    test = {n for _ in range(300) for n in draw_names(rng, 6, test=True)}
    assert not train & test


def test_wordings_of_the_splits_differ() -> None:
    phrases = [r.wordings for r in RELATIONS] + [SKIPPED]
    phrases += [p for n in nominals() for p in (n.verbs, n.nouns)]
    phrases += [
        getattr(d, f)
        for d in (*DIMENSIONS, *POSITIONS)
        for f in ("verbs", "nouns", "less", "more", "by_less", "by_more")
    ]
    for found in phrases:
        reserved = {p.removeprefix("~") for p in found if p.startswith("~")}
        assert not reserved & {p for p in found if not p.startswith("~")}
    assert sum(any(w.startswith("~") for w in r.wordings) for r in RELATIONS) >= 30
    assert pick(("a", "~b"), reserved=True) == ("b",)
    assert pick(("a", "~b"), reserved=False) == ("a",)


def test_training_uses_no_reserved_wording() -> None:
    reserved = {w[1:] for r in RELATIONS for w in r.wordings if w.startswith("~")}
    stream = examples(random.Random(3), Style())
    assert not reserved & {next(stream).wording for _ in range(200)}


@pytest.mark.parametrize(
    ("phrase", "denied"),
    [
        ("owns a cat", ("does not own a cat", "doesn't own a cat")),
        ("is a pilot", ("is not a pilot", "isn't a pilot")),
        ("ordered the pie", ("did not order the pie", "didn't order the pie")),
        ("has a {v}", ("does not have a {v}", "doesn't have a {v}")),
        ("will go", ("will not go", "won't go")),
    ],
)
def test_denial(phrase: str, denied: tuple[str, ...]) -> None:
    assert deny(random.Random(0), phrase) in denied


def test_verb_forms() -> None:
    assert [base_form(v) for v in ("owns", "studies", "watches", "carried", "bought")] == [
        "own",
        "study",
        "watch",
        "carry",
        "buy",
    ]
    assert future("is a pilot") == "will be a pilot"
    assert future("owns a cat") == "will own a cat"


def test_sentences_are_clean() -> None:
    rng = random.Random(5)
    for _ in range(40):
        context = draw_context(rng, Style(test=rng.random() < 0.5, reserved=rng.random() < 0.3))
        for _ in range(4):
            drafted = draft(rng, context)
            if drafted is None:
                continue
            text = render(rng, context, drafted).text
            assert not re.search(r"[{}<>~]|\s\s|^\s|\s$", text), text


def test_gold_needs_every_mention() -> None:
    from nsr.formalizers.mentions import Tagger

    rng = random.Random(11)
    found = kept = 0
    for _ in range(60):
        context = draw_context(rng, Style())
        tagger = Tagger(context.declarations)
        drafted = draft(rng, context)
        if drafted is not None:
            clue = render(rng, context, drafted)
            found += 1
            kept += gold(clue, tagger.tag(clue.text), context) is not None
    assert kept >= 0.95 * found
