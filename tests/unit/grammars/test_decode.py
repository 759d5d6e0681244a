"""The decoding grammar: accepted by llguidance, narrower than the parser's, and it admits what the printer writes."""

from __future__ import annotations

import random
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from sample_programs import PROGRAMS as FAMILIES

from nsr.grammars.decode import (
    BUILTIN_FUNCTIONS,
    _edit,
    decoding_grammar,
    keywords,
    statement_keywords,
    written_name,
)
from nsr.grammars.decode_ebnf import read_grammar
from nsr.grammars.parser import parse
from nsr.language import ast, printer
from nsr.testing import programs as generated

llguidance = pytest.importorskip("llguidance")

GRAMMAR = resources.files("nsr.grammars").joinpath("nsr.lark").read_text(encoding="utf-8")
END = 256

PROGRAMS = [
    """type Oven = 1..3
type Baker = {ines, jo, `van Dyk`}
var oven(Baker): Oven distinct
constraint "Ines is directly left of Jo.": oven(ines) + 1 == oven(jo)
constraint a: forall x, y in Baker if x != y: oven(x) != oven(y) or not exists z in 1..3: z > 2
find unique oven
""",
    """type Person
pred keeper(Person), rows(Person)
const ada, bo: Person
premise "Every keeper rows.": forall x in Person: keeper(x) implies rows(x) xor keeper(x)
prove "Ada keeps.": keeper(ada)
""",
    """rel canal(Lock, Lock) = {(a, b), (b, c)}
rel open(Lock) two_sided
fact "Canals.": canal(a, b), not open(b)
rule reach(X, Z) if reach(X, Y), canal(Y, Z) unless shut(Z)
default d "Usually.": not open(X) if canal(X, Y)
prefer d over e, f
ask canal(a, X)
""",
    """param price(Crop): real = {kale: 4, leek: 5.5} symmetric else 3
param room(Bed): int = [120, -90]
param cost(Bed): real from "costs.csv" "net" else 0
var crates(Crop, Bed): int in 0..room(b) - 1, heated(Bed): bool, x: real >= 0.5 < 2 distinct optional
define output(c: Crop): int = sum(crates(c, b) for b in Bed if heated(b))
soft [15]: output(kale) >= 20 for c in Crop
soft [w(a)] wish "Kale.": count(b for b in Bed) in {1, 2}
maximize profit: if a then -b else 2 ** -x * (3 + 4) // 5 % 6
minimize len(s & t) + abs(-3)
""",
    """question q1 "Which?"
assume "If": at_least 2 x in T: f(x) == 1
choose could except
option A "Yes.": exactly 1 of (a, b) and distinct(f(x) for x in T)
option 2: possible(a) and x in (s | t)
question "Else?"
drop apart, other
choose equivalent to apart
choose determines f, g(a)
choose forces x < y <= z
compute all(f(x) for (x, y) in arc), count(f)
find count
find 3 house
missing "Not said.": true iff none == false
include family
""",
]


class _Bytes:
    """A tokenizer whose tokens are the bytes."""

    eos_token_id = END
    bos_token_id = None
    tokens = (*(bytes([i]) for i in range(256)), b"<eos>")
    special_token_ids = (END,)

    def __call__(self, text: bytes) -> list[int]:
        return list(text)


@cache
def tokenizer() -> Any:
    return llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Bytes()))


@cache
def compiled(grammar: str) -> Any:
    matcher = llguidance.LLMatcher(tokenizer(), grammar)
    assert not matcher.is_error(), matcher.get_error()
    return matcher


def accepted(grammar: str, text: str) -> int:
    """How many bytes of the text the grammar takes; -1 if all of them, as a whole."""
    matcher = compiled(grammar).deep_copy()
    data = text.encode()
    count = matcher.try_consume_tokens(list(data))
    return -1 if count == len(data) and matcher.is_accepting() else int(count)


def walk(grammar: str, seed: int, length: int = 100) -> str:
    """A random text of the grammar: any legal byte for a while, then whatever leads to an end."""
    import numpy as np

    rng = random.Random(seed)
    matcher = compiled(grammar).deep_copy()
    written = bytearray()
    quote, is_escaped = 0, False
    while len(written) < 3000:
        bits = np.unpackbits(np.frombuffer(matcher.compute_bitmask(), np.uint8), bitorder="little")[: END + 1]
        legal = [int(c) for c in np.flatnonzero(bits) if c < 128 or c == END]
        assert legal, f"dead end after {written.decode()!r}"
        closers = [quote] if quote and not is_escaped else [END, *b"\n)]}0x"]
        close = next((c for c in closers if c in legal), None)
        if len(written) > length and close is not None and rng.random() < 0.98:
            byte = close
        else:
            # Every kind of byte is as likely as any other, so that letters do not crowd out the rest.
            kinds = {c: ("a" if chr(c).isalpha() else "0" if chr(c).isdigit() else str(c)) for c in legal}
            kind = rng.choice(sorted(set(kinds.values())))
            byte = rng.choice([c for c in legal if kinds[c] == kind])
        if byte == END:
            return written.decode()
        assert matcher.consume_token(byte)
        written.append(byte)
        if is_escaped:
            is_escaped = False
        elif quote:
            is_escaped = quote == ord('"') and byte == ord("\\")
            quote = 0 if byte == quote else quote
        elif byte in b'"`':
            quote = byte
    pytest.fail(f"the walk of seed {seed} does not end: {written[-200:].decode()!r}")


@cache
def lark_parser() -> Any:
    import lark

    return lark.Lark(GRAMMAR, parser="lalr")


def test_the_grammar_file_is_in_the_common_subset_of_lark_and_llguidance() -> None:
    import lark

    pytest.importorskip("interegular")
    lark.Lark(GRAMMAR, parser="lalr", strict=True)
    assert llguidance.LLMatcher.validate_grammar_with_warnings(GRAMMAR) == (False, [])
    assert set(read_grammar(GRAMMAR).rules) == {r.origin.name for r in lark_parser().rules if "__" not in r.origin.name}


VARIANTS: list[dict[str, Any]] = [
    {},
    {"text": 'Ann\'s "odd" house\\hut is red.\n\nBo lives next to it – at no. 4.'},
    {"names": ["ann", "bo", "house", "van Dyk", "in"]},
    {"statements": ["constraint"], "names": ["ann", "house"], "text": "Ann is left of Bo."},
    {"statements": ["type", "var", "find"]},
]


@pytest.mark.parametrize("options", VARIANTS, ids=["all", "text", "names", "constraints", "declarations"])
def test_llguidance_takes_every_variant_without_a_warning(options: dict[str, Any]) -> None:
    grammar = decoding_grammar(**options)
    assert llguidance.LLMatcher.validate_grammar_with_warnings(grammar, tokenizer()) == (False, [])


def assert_walks_parse(seeds: range, options: dict[str, Any]) -> None:
    grammar = decoding_grammar(**options)
    for seed in seeds:
        text = walk(grammar, seed)
        lark_parser().parse(text)
        assert not parse(text).diagnostics, text


@pytest.mark.parametrize("options", VARIANTS, ids=["all", "text", "names", "constraints", "declarations"])
def test_random_walks_parse(options: dict[str, Any]) -> None:
    assert_walks_parse(range(300 if not options else 50), options)


@pytest.mark.slow
def test_many_random_walks_parse() -> None:
    assert_walks_parse(range(1000, 6000), {})


def canonical(source: str) -> str:
    parsed = parse(source)
    assert not parsed.diagnostics
    assert parsed.program is not None
    return printer.print_program(parsed.program)


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_what_the_printer_writes_can_be_decoded(number: int) -> None:
    source = PROGRAMS[number]
    printed = canonical(source)
    assert printed == source
    end = accepted(decoding_grammar(), printed)
    assert end == -1, f"stopped behind {printed.encode()[:end].decode()!r}"


@pytest.mark.parametrize("name", FAMILIES)
def test_the_examples_of_the_documentation_can_be_decoded(name: str) -> None:
    assert accepted(decoding_grammar(), canonical(FAMILIES[name])) == -1


EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "programs").glob("*.nsr"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_shipped_programs_can_be_decoded(path: Path) -> None:
    assert accepted(decoding_grammar(), canonical(path.read_text(encoding="utf-8"))) == -1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(generated.statements())
def test_any_statement_in_canonical_form_can_be_decoded(statement: ast.Statement) -> None:
    # Formulas joined by commas are read only, `and` says the same; control characters are not worth a token.
    assume(len(getattr(statement, "formulas", ())) <= 1)
    text = printer.print_statement(statement)
    assume(not re.search(r"[\x00-\x1f\x7f]", text))
    assert accepted(decoding_grammar(), text) == -1


@pytest.mark.parametrize("statement", statement_keywords())
def test_every_kind_of_statement_can_be_decoded_alone(statement: str) -> None:
    grammar = decoding_grammar(statements=[statement])
    for seed in range(5):
        text = walk(grammar, seed, length=30)
        assert all(re.match(rf"{statement}\b", line) for line in text.strip("\n").split("\n"))
        assert not parse(text).diagnostics, text


@pytest.mark.parametrize(
    "text",
    [
        "constraint: a = b",
        "constraint: a & b -> c",
        "constraint:a == b",
        "constraint: a  == b",
        "constraint : a == b",
        "constraint: a==b",
        "constraint: f[1] == 2",
        "constraint: x if y else z",
        "constraint: if a then b",
        "constraint: a andb",
        "constraint a == b",
        "constraint: a # why",
        "softduwe: a",
        "find\nfindx",
        "find all,",
        "type T = {a, b,}",
        "type type = {a}",
        "type T = 1 .. 3",
        "constraint: forall x in T where x > 1: p(x)",
        "rule if p(X) then q(X)",
        "fact p(a) and p(b)",
        "param x: int = 1_000",
        "param x: real = .5",
        "minimize : x",
        "drop `plain`",
        "drop `ta\tb`",
        'missing "a\tb"',
        r'missing "a\n"',
    ],
)
def test_lenient_spellings_are_not_written(text: str) -> None:
    assert accepted(decoding_grammar(), text) != -1


def test_no_keyword_can_be_a_name_except_in_backquotes() -> None:
    grammar = decoding_grammar(statements=["drop"])
    for word in keywords():
        assert accepted(grammar, f"drop {word}") != -1
        assert accepted(grammar, f"drop `{word}`") == -1
        assert accepted(grammar, f"drop {word}x") == -1
        assert accepted(grammar, f"drop q_{word}") == -1


def test_the_printer_and_the_decoder_agree_on_keywords_and_names() -> None:
    assert set(keywords()) == printer.KEYWORDS
    for name in ("ann", "van Dyk", "in", "3rd", "Ärger", "x_1", "_"):
        assert written_name(name) == printer.print_name(name)


def test_citations_are_pieces_of_the_text() -> None:
    grammar = decoding_grammar(text='Ann said "no" to\nBo.  So Bo\\Cy left.', statements=["constraint"])

    def takes(citation: str) -> bool:
        return accepted(grammar, f'constraint "{citation}": a') == -1

    assert takes(r"Ann said \"no\" to Bo.")
    assert takes(r"said \"no")
    assert takes(r"So Bo\\Cy left.")
    assert takes("to Bo. So")
    for wrong in ("", " ", "Ann ", " said", "nn said", "Ann sai", "Bo said", '"no"', "no\\", "to\nBo", "Bo.  So"):
        assert not takes(wrong), wrong


def test_notes_on_what_is_missing_are_free() -> None:
    grammar = decoding_grammar(text="Ann left.")
    assert accepted(grammar, 'missing "When Bo left is not said."') == -1
    assert accepted(grammar, 'question "When did Bo leave?"') != -1


def test_names_are_those_given() -> None:
    grammar = decoding_grammar(names=["ann", "house", "van Dyk"], statements=["constraint", "find"])
    for body in (
        "house(ann) == house(`van Dyk`)",
        "forall x, y in house: x != y",
        "sum(x for x in house) + abs(ann) > 1",
        "count(x for x in house) == 1",
        "no_overlap(ann)",
        "X2 == ann",
    ):
        assert accepted(grammar, f"constraint new_label: {body}") == -1, body
    for body in ("house(bob) == 1", "hous(ann) == 1", "annn == 1", "x12 == 1", "sums == 1", "`Van Dyk` == 1"):
        assert accepted(grammar, f"constraint new_label: {body}") != -1, body
    assert accepted(grammar, "find unique house") == -1
    assert accepted(grammar, "find unique home") != -1


def test_the_built_in_functions_are_those_of_the_language() -> None:
    grammar = decoding_grammar(names=[], statements=["compute"])
    for function in BUILTIN_FUNCTIONS:
        assert accepted(grammar, f"compute {function}(x)") == -1, function


def test_unknown_kinds_of_statement_are_refused() -> None:
    with pytest.raises(ValueError, match="no statement begins with: solve"):
        decoding_grammar(statements=["constraint", "solve"])
    with pytest.raises(ValueError, match="nothing"):
        decoding_grammar(statements=[])


def test_a_grammar_that_has_moved_on_is_noticed() -> None:
    rules = dict(read_grammar('start: "a" | "b"').rules)
    with pytest.raises(ValueError, match="decoding must be adapted"):
        _edit(rules, "start", '"c"', None)


def test_a_thousand_names_are_no_burden() -> None:
    grammar = decoding_grammar(names=[f"name_{i}" for i in range(1000)])
    assert accepted(grammar, "constraint: name_999 == name_7") == -1
    assert accepted(grammar, "constraint: name_1000 == name_7") != -1
