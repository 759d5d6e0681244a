"""First-order dialects: each spelling of an operator, reach of quantifiers, layouts; each repair and each refusal."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nsr.diagnostics import Diagnostic
from nsr.dialects import DIALECTS, get_dialect, read, recognize
from nsr.engine.checking import check_source
from nsr.errors import UsageError
from nsr.language.printer import print_expr

FIRST_ORDER = ("fol", "nltk", "folio", "logiclm-fol")


def test_an_unknown_dialect_is_answered_with_all_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        get_dialect("nope")
    assert all(name in str(caught.value) for name in (*DIALECTS, "`nsr` itself"))


def goal_of(formula: str, dialect: str = "fol") -> str:
    """The conclusion as our language has it; the whole program must pass the checker."""
    reading = read(f"Conclusion:\n{formula}", dialect)
    assert reading.program is not None, reading.errors
    program, diagnostics = check_source(reading.source)
    assert program is not None, diagnostics
    return print_expr(reading.program.statements[-1].formulas[0])  # type: ignore[attr-defined]


def fixed(text: str, diagnostics: tuple[Diagnostic, ...]) -> str:
    """The text with every fix put in, from the end."""
    fixes = sorted((d.fix for d in diagnostics if d.fix is not None), key=lambda f: f.span, reverse=True)
    for fix in fixes:
        text = text[: fix.span.start] + fix.replacement + text[fix.span.end :]
    return text


CANONICAL = "forall x in Thing: Dog(x) and not Wet(x) implies Happy(x) or Asleep(x)"


@pytest.mark.parametrize(
    "formula",
    [
        "∀x (Dog(x) ∧ ¬Wet(x) → Happy(x) ∨ Asleep(x))",
        "all x. (Dog(x) & -Wet(x) -> Happy(x) | Asleep(x))",
        "forall x: (Dog(x) && ~Wet(x) => Happy(x) || Asleep(x))",
        "(∀x)[Dog(x) and not Wet(x) implies Happy(x) or Asleep(x)]",
        r"\forall x (Dog(x) \land \lnot Wet(x) \rightarrow Happy(x) \lor Asleep(x))",
        r"$\forall x. (Dog(x) /\ !Wet(x) ==> Happy(x) \/ Asleep(x))$",
        "FORALL x (Dog(x) AND NOT Wet(x) ⊃ Happy(x) OR Asleep(x))",
        "∀x (Dog(x) ∧ ¬Wet(x) ⟹ (Happy(x) ∨ Asleep(x))).",
    ],
)
def test_spellings_of_one_formula(formula: str) -> None:
    assert goal_of(formula) == CANONICAL
    assert not read(f"Conclusion:\n{formula}", "fol").repairs


@pytest.mark.parametrize(
    ("formula", "meaning"),
    [
        ("A(a) ⊕ B(a) ∧ C(a) → D(a) ↔ E(a)", "A(a) xor B(a) and C(a) implies D(a) iff E(a)"),
        ("P(a) -> Q(a) -> R(a)", "P(a) implies Q(a) implies R(a)"),
        ("(P(a) <-> Q(a)) <-> R(a)", "P(a) iff Q(a) iff R(a)"),
        ("∃!x P(x)", "exactly 1 x in Thing: P(x)"),
        ("∄x P(x)", "not exists x in Thing: P(x)"),
        ("∀x,y (x ≠ y → R(x, f(y, a)))", "forall x, y in Thing: x != y implies R(x, f(y, a))"),
        ("Rain → Wet", "Rain implies Wet"),
        ("∀x (P(x) → ⊥)", "forall x in Thing: P(x) implies false"),
        ("2008Games(42.3billion, 2000$, tom's, top-10)", "`2008Games`(`42.3billion`, `2000$`, `tom's`, `top-10`)"),
        ("type(rule, fact)", "`type`(`rule`, `fact`)"),
        ("Thing(thing)", "Thing(thing)"),
        ("Exists(a) & All(b)", "Exists(a) and All(b)"),
        ("5 < 7 & 7 >= x1", "forall x1 in Thing: less(`5`, `7`) and not less(`7`, x1)"),
    ],
)
def test_meaning(formula: str, meaning: str) -> None:
    assert goal_of(formula).replace("Thing'", "Thing") == meaning


@pytest.mark.parametrize(
    ("formula", "dialect", "meaning", "is_mended"),
    [
        ("∀x Dog(x) → Wet(x)", "fol", "forall x in Thing: Dog(x) implies Wet(x)", True),
        ("∀x Dog(x) → Wet(x)", "logiclm-fol", "forall x in Thing: Dog(x) implies Wet(x)", False),
        ("all x. Dog(x) -> Wet(x)", "nltk", "forall x in Thing: Dog(x) implies Wet(x)", True),
        ("all x. Dog(x) -> Rain", "nltk", "(forall x in Thing: Dog(x)) implies Rain", False),
        ("all x. Dog(x) -> Rain", "fol", "forall x in Thing: Dog(x) implies Rain", False),
        ("∃x Dog(x) → Rain", "fol", "(exists x in Thing: Dog(x)) implies Rain", False),
        ("∃x (Dog(x)) ∧ ∃x (Wet(x))", "fol", "(exists x in Thing: Dog(x)) and exists x in Thing: Wet(x)", False),
        ("∀x ∀y A(x) ∧ B(y) → R(x, y)", "logiclm-fol", None, False),
        ("(∃x A(x) ∧ B(x)) ∧ C(c)", "fol", "(exists x in Thing: A(x) and B(x)) and C(c)", True),
        ("∀x ((∃x Dog(x)) → Wet(x))", "fol", "forall x in Thing: (exists x in Thing: Dog(x)) implies Wet(x)", False),
        ("∀x (∃x Dog(x) → Wet(x))", "fol", "forall x in Thing: (exists x in Thing: Dog(x)) implies Wet(x)", False),
        ("¬∃x Dog(x) ∧ Wet(x)", "logiclm-fol", "not exists x in Thing: Dog(x) and Wet(x)", False),
    ],
)
def test_reach_of_quantifiers(formula: str, dialect: str, meaning: str | None, is_mended: bool) -> None:
    expected = meaning or "forall x in Thing: forall y in Thing: A(x) and B(y) implies R(x, y)"
    assert goal_of(formula, dialect) == expected
    repairs = read(f"Conclusion:\n{formula}", dialect).repairs
    assert [d.code for d in repairs] == (["fol-reach"] if is_mended else [])


REPAIRS = [
    ("fol-missing-bracket", "∀x (Dog(x) → (Wet(x) ∨ Dry(x))", "forall x in Thing: Dog(x) implies Wet(x) or Dry(x)"),
    ("fol-extra-bracket", "∀x (Dog(x) → Wet(x)))", "forall x in Thing: Dog(x) implies Wet(x)"),
    ("fol-stray-punctuation", "Dog(rex),", "Dog(rex)"),
    ("fol-quoted-name", 'Reads(ann, "Emma")', "Reads(ann, Emma)"),
    ("fol-several-words", "Reads(ann, the red book)", "Reads(ann, `the red book`)"),
    ("fol-word", "If Dog(rex) → Wet(rex)", "Dog(rex) implies Wet(rex)"),
    ("fol-word", "if (Dog(rex)) then Wet(rex)", "Dog(rex) implies Wet(rex)"),
    ("fol-spelling", "Dog(rex) ∧ dog(rex)", "Dog(rex) and Dog(rex)"),
    ("fol-spelling", "Near(new_york, newYork) ∧ Big(newYork)", "Near(newYork, newYork) and Big(newYork)"),
    ("fol-two-arities", "Eats(a, b) ∧ Eats(b, a) ∧ Eats(a)", "Eats(a, b) and Eats(b, a) and `Eats/1`(a)"),
    ("fol-two-kinds", "Dog(rex) ∧ Likes(rex, Dog)", "Dog(rex) and Likes(rex, `Dog (thing)`)"),
    ("fol-free-variable", "Dog(x) → Wet(x)", "forall x in Thing: Dog(x) implies Wet(x)"),
    ("fol-reach", "∀x Dog(x) → Wet(x)", "forall x in Thing: Dog(x) implies Wet(x)"),
]


@pytest.mark.parametrize(("code", "formula", "meaning"), REPAIRS)
def test_repairs_are_recorded_and_strict_reading_refuses(code: str, formula: str, meaning: str) -> None:
    text = f"Conclusion:\n{formula}"
    reading = read(text, "fol")
    assert goal_of(formula) == meaning
    assert {d.code for d in reading.repairs} == {code}
    assert all(d.fix is not None for d in reading.repairs)
    strict = read(text, "fol", strict=True)
    assert strict.program is None
    assert {d.code for d in strict.errors} == {code}
    again = read(fixed(text, reading.repairs), "fol", strict=True)
    assert again.program is not None, (fixed(text, reading.repairs), again.errors)


REFUSALS = [
    ("fol-bracket", "Dog(rex)) ∧ Wet(rex)"),
    ("fol-syntax", "Dog(rex) ∧ ∨ Wet(rex)"),
    ("fol-syntax", "P(rex) Q(rex)"),
    ("fol-syntax", "Reads(ann, War and Peace)"),
    ("fol-syntax", "Knows(ann, Dog(rex) ∧ Wet(rex))"),
    ("fol-syntax", "Knows(ann, ¬rex)"),
    ("fol-unknown-character", "Likes(ann, {rex, tim})"),
    ("fol-no-variable", "∀ 5 Dog(rex)"),
    ("fol-higher-order", "∀x x(rex)"),
    ("fol-higher-order", "∀x (x)"),
    ("fol-higher-order", "5"),
    ("fol-answer-as-formula", "True"),
    ("fol-answer-as-formula", "Uncertain"),
    ("fol-too-deep", "(" * 95 + "P(a)" + ")" * 95),
    ("fol-too-deep", "¬" * 120 + "P(a)"),
    ("fol-too-long", " ∧ ".join(["P(a)"] * 900)),
]


@pytest.mark.parametrize(("code", "formula"), REFUSALS)
def test_refusals_have_their_place(code: str, formula: str) -> None:
    reading = read(f"Premises:\nDog(rex)\nConclusion:\n{formula}", "fol")
    assert reading.program is None
    assert [d.code for d in reading.errors] == [code]
    assert reading.errors[0].span.start >= len("Premises:\nDog(rex)\nConclusion:\n")
    assert reading.errors[0].help


def test_no_names_are_merged_for_being_alike() -> None:
    reading = read("Jompus(x1) → Rompus(x1)\nP(a) ∧ p(a) ∧ P(A)\n∴ Jompus(rex)", "fol")
    assert "pred Jompus(Thing), Rompus(Thing), P(Thing), p(Thing)" in reading.source
    assert "const a, A, rex: Thing" in reading.source


def test_a_variable_that_an_atom_alone_speaks_of_is_something_in_programs_of_language_models() -> None:
    for formula, meaning in [
        ("Owns(ann, y) ∧ Dog(y)", "exists y in Thing: Owns(ann, y) and Dog(y)"),
        ("∀x (Farmer(x) → Owns(x, y))", "forall x in Thing: Farmer(x) implies exists y in Thing: Owns(x, y)"),
        ("Dog(x) → Animal(x)", "forall x in Thing: Dog(x) implies Animal(x)"),
        ("Dog(x) ∨ Cat(x)", "forall x in Thing: Dog(x) or Cat(x)"),
    ]:
        assert goal_of(formula, "logiclm-fol") == meaning


def test_in_nltk_a_variable_that_nothing_binds_is_bound_by_convention() -> None:
    assert goal_of("Owns(ann, y)", "nltk") == "forall y in Thing: Owns(ann, y)"
    reading = read("Conclusion:\nOwns(ann, y)", "nltk", strict=True)
    assert not reading.repairs
    assert [d.code for d in reading.diagnostics] == ["fol-free-variable"]


def test_layouts() -> None:
    expected = (
        "type Thing may_coincide\nconst rex: Thing\npred Dog(Thing), Wet(Thing)\n"
        'premise "Dogs are wet.": forall x in Thing: Dog(x) implies Wet(x)\npremise: Dog(rex)\nprove Wet(rex)\n'
    )
    rule = "∀x (Dog(x) → Wet(x))"
    texts = [
        f"Predicates:\nDog(x) ::: x is a dog\nPremises:\n{rule} ::: Dogs are wet.\nDog(rex)\n\nConclusion:\nWet(rex)\n",
        f"1. {rule} ::: Dogs are wet.\n2. Dog(rex)  # given\n∴ Wet(rex)",
        f"**Premises (FOL):**\n* {rule} ::: Dogs are wet.\n* Dog(rex)\n**Conclusion:** Wet(rex)",
        f"```\nGiven:\n{rule} ::: Dogs are wet.\nDog(rex)\nTherefore, Wet(rex)\n```",
        f"TEXT:\tDogs are wet.\nFOL:\t{rule}\nTEXT:\nFOL:\tDog(rex)\nFOL:\tWet(rex)",
    ]
    for text in texts:
        assert read(text, "fol").source == expected, text


def test_a_linc_sample_that_was_cut_off_has_no_conclusion() -> None:
    reading = read("TEXT: a\nFOL: Dog(rex)\nTEXT: b", "nltk")
    assert [d.code for d in reading.errors] == ["fol-no-conclusion"]


def test_several_conclusions_are_several_questions() -> None:
    reading = read("Premises:\nDog(rex)\nConclusions:\nDog(rex)\n¬Dog(rex)", "fol")
    assert reading.source.count("question ") == 2


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("as_list", [True, False])
def test_folio_annotations(ascii_only: bool, as_list: bool) -> None:
    sentences, formulas = ['Every "dog" is wet.', "Réx."], ["∀x (Dog(x) → Wet(x)", "Dog(réx)"]
    row = {
        "premises": sentences if as_list else "\n".join(sentences),
        "premises-FOL": formulas if as_list else "\n".join(formulas),
        "conclusion": "He is wet.",
        "conclusion-FOL": "Wet(réx)",
        "label": "True",
    }
    text = json.dumps(row, ensure_ascii=ascii_only)
    found = recognize(text)
    assert found is not None
    assert found.name == "folio"
    reading = read(text, "folio")
    assert 'premise "Every \\"dog\\" is wet.": forall x in Thing: Dog(x) implies Wet(x)' in reading.source
    assert 'prove "He is wet.": Wet(`réx`)' in reading.source
    assert [d.code for d in reading.repairs] == ["fol-missing-bracket"]
    mended = json.loads(fixed(text, reading.repairs))
    assert "Wet(x))" in str(mended["premises-FOL"])
    assert read('{"premises-FOL": [', "folio").errors[0].code == "folio-json"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Premises:\n∀x (Dog(x) → Wet(x)) ::: Dogs.\nConclusion:\nWet(rex) ::: Rex.", "logiclm-fol"),
        ("TEXT: a\nFOL: all x. (Dog(x) -> Wet(x))", "nltk"),
        ("all x. (Dog(x) -> Wet(x))\nDog(rex)\n|- Wet(rex)", "nltk"),
        ("∀x (Dog(x) → Wet(x))\n∴ Wet(rex)", "fol"),
        ("forall x (Dog(x) -> Wet(x))\nConclusion: Wet(rex)", "fol"),
        ("type P\npred d(P)\npremise: forall x in P: d(x) -> d(x)\nprove: exists x in P: d(x)", None),
        ("# ∀x\ntype P = {a}\nvar f(P): 1..3\nfind f", None),
        ("There are five houses (and ann lives in one).", None),
    ],
)
def test_recognized(text: str, name: str | None) -> None:
    found = recognize(text)
    assert (found and found.name) == name


# Properties

_NAMES = st.sampled_from(["Dog", "rex", "x", "y", "Wet", "type", "less", "Thing", "5", '"a b"', "a'b", "é"])
_SIGNS = "∀∃¬∧∨→↔⊕()[],.:=≠<≤-|&!~;{}$\"'`\\#%\n\t\x00\ud800"
_WORDS = ("->", "<->", " all x. ", " exists ", "Premises:\n", "Conclusion:\n", ":::", "FOL:", " not ", " true ")
_PIECES = st.sampled_from([*_SIGNS, *_WORDS])


@settings(max_examples=200, deadline=None)
@given(st.lists(_NAMES | _PIECES, max_size=40).map("".join), st.sampled_from(FIRST_ORDER), st.booleans())
@example("∀", "fol", False)
@example("(((((", "fol", False)
@example("{", "folio", False)
@example("P(" * 500, "nltk", False)
def test_any_text_is_read_or_refused(text: str, dialect: str, strict: bool) -> None:
    reading = read(text, dialect, strict=strict)
    for d in reading.diagnostics:
        assert 0 <= d.span.start <= d.span.end <= len(text)
    if reading.program is not None:
        program, diagnostics = check_source(reading.source)
        assert program is not None, (reading.source, diagnostics)


def _formulas() -> st.SearchStrategy[str]:
    terms = st.sampled_from(["a", "b", "x", "y", "f(x)", "f(a)"])
    atoms = st.one_of(
        st.builds("P({})".format, terms),
        st.builds("R({}, {})".format, terms, terms),
        st.builds("{} = {}".format, terms, terms),
    )
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from("∧∨→↔⊕"), inner),
            st.builds("¬({})".format, inner),
            st.builds("{}{} ({})".format, st.sampled_from("∀∃"), st.sampled_from("xy"), inner),
        ),
        max_leaves=8,
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(_formulas(), min_size=1, max_size=3), st.sampled_from(["fol", "nltk"]))
def test_what_is_written_is_read_as_it_was(formulas: list[str], dialect: str) -> None:
    closed = [f"∀x ∀y ({f})" for f in formulas]
    reading = read("Premises:\n" + "\n".join(closed[:-1]) + f"\nConclusion:\n{closed[-1]}", "fol")
    assert reading.program is not None
    assert not reading.repairs
    write = get_dialect(dialect).write
    assert write is not None
    written = write(reading.program)
    again = read(written, dialect)
    assert not again.diagnostics, written
    if dialect == "fol":
        assert again.program == reading.program
    else:
        # NLTK has no exclusive or: it is the denial of `<->`.
        assert read(write(again.program), dialect).program == again.program  # type: ignore[arg-type]
