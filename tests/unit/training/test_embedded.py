"""The shipped language model: size, form, and a few sentences of our own."""

from pathlib import Path

import pytest

pytest.importorskip("torch")

import nsr.formalizers.embedded as embedded  # after the check for torch
from nsr.formalizers.mentions import Tagger
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.sentence import prompt, put_back
from nsr.training.replies import Replier

FOLDER = Path(embedded.__file__).parent
TEXT = """There are 5 houses, numbered 1 to 5.
Names: Ann, Bo, Cy, Dee, Eve
Pets: cat, dog, gecko, parrot, newt
Ages: 20 years, 23 years, 27 years, 30 years, 35 years
"""
SENTENCES = {
    "Ann is the person who owns the gecko.": "name(ann) == pet(gecko)",
    "Bo is not in the third house.": "name(bo) != 3",
    "The cat owner is directly left of Cy.": "pet(cat) + 1 == name(cy)",
    "Dee is somewhere to the right of the newt owner.": "name(dee) > pet(newt)",
    "Ann and the parrot owner are next to each other.": "abs(name(ann) - pet(parrot)) == 1",
    "There are two houses between Eve and the dog owner.": "abs(name(eve) - pet(dog)) == 2 + 1",
    "Bo is 4 years older than Eve.": "age_at(name(bo)) == age_at(name(eve)) + 4",
    "Cy is either the cat owner or the dog owner.": "name(cy) == pet(cat) xor name(cy) == pet(dog)",
}


def test_files() -> None:
    assert {"config.json", "model.safetensors", "tokenizer.json", "MODEL_CARD.md"} <= {f.name for f in FOLDER.iterdir()}
    assert sum(f.stat().st_size for f in FOLDER.iterdir() if f.is_file()) < 8_000_000


def test_own_sentences() -> None:
    declared = read_declarations(TEXT)
    assert declared is not None
    tagger = Tagger(declared)
    tagged = [tagger.tag(s) for s in SENTENCES]
    replies = Replier(FOLDER).greedy([prompt(t, declared) for t in tagged])
    formulas = [put_back(r, t, declared) for r, t in zip(replies, tagged, strict=True)]
    assert formulas == list(SENTENCES.values())
