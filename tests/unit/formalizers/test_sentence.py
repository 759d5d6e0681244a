"""The sentence stage: prompts, grammars and the way back to names."""

import random

import pytest

from nsr.formalizers.declarations import Declarations
from nsr.formalizers.mentions import Tagger
from nsr.formalizers.reading import read_declarations
from nsr.formalizers.sentence import grammar, prompt, put_back, used_dimensions
from nsr.grammars.parser import parse
from nsr.synth.contexts import Style
from nsr.synth.formula import parse_reply
from nsr.training.data import samples


def declared(text: str) -> Declarations:
    found = read_declarations(text)
    assert found is not None
    return found


HOUSES = declared(
    "There are 3 houses, numbered 1 to 3.\nNames: Ann, Bo, Cy\nPrices: $5, $10, $15\nPets: cat, dog, fish\n"
)
PRICES = declared("Names: Ann, Bo, Cy\nPrices: $5, $10, $20\nPets: cat, dog, fish\n")
PLAIN = declared("Names: Ann, Bo, Cy\nPets: cat, dog, fish\n")


def accepts(source: str, reply: str) -> bool:
    import llguidance

    grammar_text = llguidance.LLMatcher.grammar_from_lark(source)
    tokenizer = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(tokenizer, grammar_text)
    taken = matcher.try_consume_tokens(tokenizer.tokenize_str(reply))
    return taken == len(tokenizer.tokenize_str(reply)) and matcher.is_accepting()


@pytest.mark.parametrize(
    ("source", "text", "reply", "formula"),
    [
        (HOUSES, "Ann owns the cat.", "P1 == P2", "name(ann) == pet(cat)"),
        (HOUSES, "Ann is in house 2.", "P1 == P2", "name(ann) == 2"),
        (HOUSES, "Ann is directly left of Bo.", "P1 + 1 == P2", "name(ann) + 1 == name(bo)"),
        (
            HOUSES,
            "There is one house between Ann and Bo.",
            "abs(P1 - P2) == N1 + 1",
            "abs(name(ann) - name(bo)) == 1 + 1",
        ),
        (HOUSES, "Ann paid $5 more than Bo.", "D1(P1) == D1(P3) + N1", "price_at(name(ann)) == price_at(name(bo)) + 5"),
        (HOUSES, "The $10 pet is dearer than Bo's.", "D1(P1) > D1(P2)", "10 > price_at(name(bo))"),
        (HOUSES, "Ann is at one of the ends.", "P1 == first or P1 == last", "name(ann) == 1 or name(ann) == 3"),
        (HOUSES, "Ann is in an odd house.", "pos(P1) % 2 == 1", "name(ann) % 2 == 1"),
        (PRICES, "Ann paid $5 more than Bo.", "P1 == P3 + N1", "name(ann) == name(bo) + 5"),
        (PRICES, "Ann paid the next lower price after Bo.", "P1 + 1 == P2", "pos(name(ann)) + 1 == pos(name(bo))"),
        (PRICES, "Ann paid the price right below $20.", "P1 + 1 == P2", "pos(name(ann)) + 1 == 3"),
        (
            HOUSES,
            "The $10 pet costs the next price after Bo's.",
            "D1(P1) == D1(P2) + 1",
            "2 == pos(price_at(name(bo))) + 1",
        ),
        (PRICES, "Ann paid twice as much as Bo.", "P1 == P2 * N1", "name(ann) == name(bo) * 2"),
        (HOUSES, "Who owns the cat?", "skip", "skip"),
    ],
)
def test_put_back(source: Declarations, text: str, reply: str, formula: str) -> None:
    tagged = Tagger(source).tag(text)
    assert accepts(grammar(tagged, source), reply)
    assert put_back(reply, tagged, source) == formula


def test_dimensions_used() -> None:
    tagged = Tagger(HOUSES).tag("Ann paid $5 more than Bo.")
    reply = "D1(P1) == D1(P3) + N1"
    assert [HOUSES.categories[i].label for i in used_dimensions(reply, tagged)] == ["Prices"]


@pytest.mark.parametrize(
    "reply",
    [
        "P9 == P1",
        "P1 == P1",
        "P2 != P2",
        "P1 == P2 ",
        "P1  == P2",
        "D2(P1) > D2(P2)",
        "P1",
        "",
        "N1 == P1",
        "cat == dog",
    ],
)
def test_the_grammar_admits_nothing_else(reply: str) -> None:
    assert not accepts(grammar(Tagger(HOUSES).tag("Ann owns the cat."), HOUSES), reply)


def test_no_order_without_a_scale() -> None:
    rules = grammar(Tagger(PLAIN).tag("Ann owns the cat."), PLAIN)
    assert accepts(rules, "P1 != P2")
    assert not accepts(rules, "P1 < P2")
    assert not accepts(rules, "P1 == first")


@pytest.mark.parametrize(("words", "is_offered"), [("twice", True), ("three times", True), ("three dollars", False)])
def test_no_multiple_without_a_word_for_it(words: str, is_offered: bool) -> None:
    tagged = Tagger(PRICES).tag(f"Ann paid {words} as much as Bo.")
    assert accepts(grammar(tagged, PRICES), "P1 == P2 * N1") == is_offered


def test_a_sentence_without_mentions_can_only_be_skipped() -> None:
    rules = grammar(Tagger(HOUSES).tag("It rained."), HOUSES)
    assert accepts(rules, "skip")
    assert not accepts(rules, "P1 == P2")


@pytest.mark.parametrize(
    "style", [Style(), Style(test=True), Style(test=True, reserved=True)], ids=["train", "test", "unseen"]
)
def test_every_generated_reply_fits_its_grammar_and_comes_back_as_a_formula(style: Style) -> None:
    stream = samples(random.Random("grammar test"), style)
    for _ in range(30):
        sample = next(stream)
        assert prompt(sample.tagged, sample.declarations).endswith("\n")
        assert accepts(grammar(sample.tagged, sample.declarations), sample.reply), sample.reply
        formula = put_back(sample.reply, sample.tagged, sample.declarations)
        if sample.reply != "skip":
            parse_reply(sample.reply)
            assert not parse(f"constraint: {formula}\n").diagnostics, formula
