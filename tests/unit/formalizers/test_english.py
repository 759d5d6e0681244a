"""Texts in other languages are told from English ones."""

import pytest

import nsr
from nsr.formalizers.english import is_english
from nsr.results import Status
from nsr.synth import generate

OTHERS = [
    "Drei Häuser stehen in einer Reihe.\nNamen: Anna, Ben, Cleo\nTiere: Hund, Katze, Fisch\n"
    "1. Anna wohnt direkt links neben dem Besitzer des Hundes.\n2. Die Katze ist im ersten Haus.",
    "Names: Ann, Ben, Cleo\nPets: cat, dog, fish\n1. Ann a le chien qui aime le dog.\n2. Le cat n'est pas chez Ben.",
    "Tres casas en una fila.\nNombres: Ana, Luis, Eva\nMascotas: perro, gato, pez\n1. Ana vive justo a la izquierda "
    "del dueño del perro.\n2. El gato está en la primera casa.",
]


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_are_no_english(text):
    assert not is_english(text)


def test_generated_puzzles_are_english():
    records = list(generate("logic_grid", 40, 5, "test", unseen_wordings=True))
    assert records
    assert all(is_english(record.text) for record in records)


def test_a_text_of_another_language_is_not_answered():
    result = nsr.solve(OTHERS[0])
    assert result.status is Status.ABSTAINED
    assert "English" in (result.reason or "")
