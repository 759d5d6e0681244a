"""The stream of training examples: a function of seed and step alone, so that a resumed run sees what it would have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from nsr.formalizers.mentions import Tagger
from nsr.formalizers.sentence import prompt
from nsr.synth.clues import Style, draft, draw_context, gold, render, skipped

__all__ = ["Example", "examples", "examples_of_step"]


MADE_UP = 0.05
"""Share of phrases with made-up words in training."""


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt, its reply, and the relation and wording it was made from."""

    prompt: str
    reply: str
    relation: str
    wording: str


def examples(rng: random.Random, style: Style, *, per_problem: int = 8) -> Iterator[Example]:
    """Endless examples; sentences whose needed mentions are not found are left out."""
    while True:
        context = draw_context(rng, style)
        tagger = Tagger(context.declarations)
        for _ in range(per_problem):
            if rng.random() < 0.045:
                clue = skipped(rng, context)
            else:
                drafted = draft(rng, context)
                if drafted is None:
                    continue
                clue = render(rng, context, drafted)
            tagged = tagger.tag(clue.text, rng)
            reply = gold(clue, tagged, context)
            if reply is not None:
                yield Example(
                    prompt(tagged, context.declarations),
                    reply,
                    clue.draft.relation.name if clue.draft else "skip",
                    clue.wording,
                )


def examples_of_step(seed: int, step: int, count: int) -> list[Example]:
    """The training examples of one step."""
    stream = examples(random.Random(f"{seed}/{step}"), Style(made_up=MADE_UP))
    return [next(stream) for _ in range(count)]
