"""The stream of training examples: a function of seed and step alone, so that a resumed run sees what it would have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from nsr.formalizers.declarations import Declarations
from nsr.formalizers.mentions import TaggedSentence, Tagger
from nsr.formalizers.sentence import prompt
from nsr.synth.clues import Clue, gold, render, skipped
from nsr.synth.contexts import Style, draw_context
from nsr.synth.drafts import draft

__all__ = ["Example", "Sample", "examples", "examples_of_step", "samples"]


MADE_UP = 0.05
"""Share of phrases with made-up words in training."""
SKIP_SHARE = 0.045
"""Share of sentences that state nothing."""


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt, its reply, and the relation and wording it was made from."""

    prompt: str
    reply: str
    relation: str
    wording: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A generated sentence with its tags and the reply expected."""

    declarations: Declarations
    tagged: TaggedSentence
    clue: Clue
    reply: str


def samples(rng: random.Random, style: Style, *, per_problem: int = 8) -> Iterator[Sample]:
    """Endless samples; sentences whose needed mentions are not found are left out."""
    while True:
        context = draw_context(rng, style)
        tagger = Tagger(context.declarations)
        for _ in range(per_problem):
            if rng.random() < SKIP_SHARE:
                clue = skipped(rng, context)
            else:
                drafted = draft(rng, context)
                if drafted is None:
                    continue
                clue = render(rng, context, drafted)
            tagged = tagger.tag(clue.text, rng)
            reply = gold(clue, tagged, context)
            if reply is not None:
                yield Sample(context.declarations, tagged, clue, reply)


def examples(rng: random.Random, style: Style) -> Iterator[Example]:
    """Endless examples, as text."""
    for sample in samples(rng, style):
        relation = sample.clue.draft.relation.name if sample.clue.draft else "skip"
        yield Example(prompt(sample.tagged, sample.declarations), sample.reply, relation, sample.clue.wording)


def examples_of_step(seed: int, step: int, count: int) -> list[Example]:
    """The training examples of one step."""
    stream = examples(random.Random(f"{seed}/{step}"), Style(made_up=MADE_UP))
    return [next(stream) for _ in range(count)]
