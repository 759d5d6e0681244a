"""`nsr convert`, and `nsr run` on programs of other notations: what is printed where, and exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Nsr = Callable[..., Any]
Write = Callable[[str, str | bytes], Path]

DOGS = "Premises:\n∀x (Dog(x) → Animal(x) ::: Every dog is an animal.\nDog(rex)\nConclusion:\nAnimal(rex)\n"
OURS = (
    "type Thing may_coincide\nconst rex: Thing\npred Dog(Thing), Animal(Thing)\n"
    'premise "Every dog is an animal.": forall x in Thing: Dog(x) implies Animal(x)\n'
    "premise: Dog(rex)\nprove Animal(rex)\n"
)


def test_into_our_language_with_repairs_told_apart(nsr: Nsr, write: Write) -> None:
    ran = nsr("convert", write("dogs.fol", DOGS))
    assert (ran.code, ran.out) == (0, OURS)
    assert "repair[fol-missing-bracket]" in ran.err
    assert nsr("convert", "-", "--from", "fol", stdin=DOGS.encode()).out == OURS


def test_strict_and_refused_programs_end_with_exit_code_2(nsr: Nsr, write: Write) -> None:
    strict = nsr("convert", write("dogs.fol", DOGS), "--strict")
    assert strict.code == 2
    assert "error[fol-missing-bracket]" in strict.err
    assert not strict.out
    refused = nsr("run", write("bad.fol", "Dog(rex) ∧ ∨\n∴ Dog(rex)"), "--json")
    assert refused.code == 2
    assert refused.json["diagnostics"][0]["code"] == "fol-syntax"


def test_there_and_back(nsr: Nsr, write: Write) -> None:
    for name in ("fol", "nltk"):
        there = nsr("convert", write("dogs.nsr", OURS), "--to", name)
        assert there.code == 0, there.err
        back = nsr("convert", write("back.txt", there.out), "--from", name)
        assert (back.out, back.err) == (OURS, "")


def test_types_become_predicates(nsr: Nsr, write: Write) -> None:
    program = (
        "type Person\ntype Pet = {rex, tim}\nconst ann: Person\nvar owner(Pet): Person\npred tame(Pet)\n"
        "premise: forall p in Pet if owner(p) == ann: tame(p)\nprove: owner(rex) == ann implies tame(rex)\n"
    )
    there = nsr("convert", write("pets.nsr", program), "--to", "fol")
    assert there.code == 0, there.err
    for line in ("rex ≠ tim", "Pet(rex)", "Person(ann)", "∀x (Pet(x) → ((x = rex) ∨ (x = tim)))"):
        assert line in there.out.splitlines()
    run = nsr("run", write("pets.fol", there.out), "--json", "--no-confirm")
    assert run.json["status"] == "entailed"


def test_what_a_notation_cannot_say_is_named(nsr: Nsr, write: Write) -> None:
    program = "type P = {a}\nvar f(P): 1..3\nfind f\n"
    ran = nsr("convert", write("p.nsr", program), "--to", "fol")
    assert ran.code == 2
    assert "has no way to say this" in ran.err
    assert "`folo`" in nsr("convert", write("p.nsr", program), "--to", "folo").err.replace("'", "`")


def test_a_recognized_program_is_answered_and_its_repairs_are_in_the_result(nsr: Nsr, write: Write) -> None:
    ran = nsr("run", write("dogs.txt", DOGS), "--json", "--no-confirm")
    assert ran.code == 0, ran.err
    assert ran.json["status"] == "entailed"
    assert [w["code"] for w in ran.json["warnings"]] == ["fol-missing-bracket"]
    assert ran.json["warnings"][0]["severity"] == "repair"


def test_our_own_programs_are_never_taken_for_another_notation(nsr: Nsr) -> None:
    ours = "# ∀x → premises:\n" + OURS
    assert nsr("run", "-", "--json", stdin=ours.encode()).json["status"] == "entailed"


def test_the_list_names_every_notation(nsr: Nsr) -> None:
    ran = nsr("convert", "--list")
    assert ran.code == 0
    assert {"nsr", "fol", "nltk", "folio", "logiclm-fol"} <= {line.split()[0] for line in ran.out.splitlines()}
