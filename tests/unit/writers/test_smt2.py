"""SMT-LIB: read back by Z3, texts have the answers of their programs."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
import z3
from written_cases import CASES, expected, text_of

from nsr.engine.checking import parse_program
from nsr.solvers import Gap
from nsr.writers import write

PARTS = 4


def said(text: str) -> str:
    """What Z3 answers to the commands of a text; there are no values to get where there is no solution."""
    context = z3.Context()
    try:
        return str(z3.Z3_eval_smtlib2_string(context.ref(), text))
    except z3.Z3Exception as error:
        reply = error.args[0].decode()
        assert re.fullmatch(r'unsat\n\(error "line \d+ column \d+: model is not available"\)\n', reply), reply
        return "unsat\n"


def verdicts(reply: str) -> list[str]:
    return re.findall(r"^(sat|unsat|unknown)$", reply, re.MULTILINE)


def number(text: str) -> Fraction:
    """A numeral as Z3 prints it."""
    plain = text.replace("(", " ").replace(")", " ").split()
    sign = -1 if "-" in plain else 1
    digits = [Fraction(part) for part in plain if part not in ("-", "/")]
    return sign * (digits[0] / digits[1] if len(digits) > 1 else digits[0])


def best(text: str, reply: str) -> list[Fraction]:
    """The objectives' values, scaled back by what the comments say."""
    found = []
    for scale, name in re.findall(
        r"; the objective [^\n]*?(?:, (\d+) times its value)?; an extension of Z3\n\(\w+ (\|[^|]*\|)\)", text
    ):
        value = re.search(re.escape(name) + r" ((?:\((?:[^()]|\([^()]*\))*\))|[^()\s]+)\)", reply)
        assert value is not None, reply
        found.append(number(value[1]) / (int(scale) if scale else 1))
    return found


def differs(kind: str, wanted: Any, text: str, reply: str) -> bool:
    match kind:
        case "none":
            return verdicts(reply)[0] != "unsat"
        case "count" | "some":
            return verdicts(reply) != ["sat"]
        case "optimum":
            values = wanted if isinstance(wanted, list) else [wanted]
            return best(text, reply) != [Fraction(str(value)) for value in values]
        case "verdicts":
            return [verdict == "sat" for verdict in verdicts(reply)] != list(wanted)
    raise AssertionError(kind)


@pytest.mark.parametrize("part", range(PARTS))
def test_texts_answer_as_programs(part: int) -> None:
    compared = 0
    for case in CASES[part::PARTS]:
        what = expected(case, parse_program(case.program))
        if what is None or (text := text_of(case, "smt2")) is None:
            continue
        reply = said(text)
        assert "error" not in reply, f"{case.name}: {reply}\n{text}"
        if "unknown" in verdicts(reply):
            continue
        assert not differs(*what, text, reply), f"{case.name}: {what}, not {reply}\n{text}"
        compared += 1
    assert compared > 25


def test_open_types_are_proved_with_quantifiers() -> None:
    source = "type T\nconst a: T\npred p(T), q(T)\npremise: p(a)\n"
    source += "premise every: forall x in T: p(x) implies q(x)\nprove: q(a)\n"
    text = write(parse_program(source), 0, to="smt2")
    assert "declare-sort" in text
    assert "; every: " in text
    assert verdicts(said(text)) == ["sat", "unsat"]


HOSTILE = """type Thing = {`a|b`, `c\\\\d`, `) (assert false) (`, `e;f`}
var at(Thing): 1..4 distinct
constraint "An end | of a ; sentence": at(`a|b`) == 3
find unique at
"""


def test_names_reach_the_text_as_names_only() -> None:
    text = write(parse_program(HOSTILE), 0, to="smt2")
    reply = said(text)
    assert verdicts(reply) == ["sat"]
    assert "error" not in reply


def test_what_is_numbered_is_told() -> None:
    source = "type Pet = {cat, dog}\nvar pet: Pet optional\nconstraint mine: pet != none\nfind one\n"
    text = write(parse_program(source), 0, to="smt2")
    assert "; Pet: 0 is cat, 1 is dog" in text
    assert "; pet: -1 is none" in text
    assert "; mine: pet != none" in text


def test_statements_about_all_worlds_are_refused() -> None:
    with pytest.raises(Gap, match="all worlds"):
        write(parse_program("var x: 0..3\nprove: possible(x == 1)\n"), 0, to="smt2")
