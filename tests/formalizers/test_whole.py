"""The strategy `whole`: prompt, manual, extraction, feedback."""

from __future__ import annotations

import re

import pytest

from nsr.errors import OperationalError
from nsr.formalizers.protocol import Feedback
from nsr.formalizers.whole import CUTS, WholeFormalizer, examples, extract_program, manual
from nsr.grammars.decode import BUILTIN_FUNCTIONS, keywords, statement_keywords
from nsr.grammars.parser import parse
from nsr.language import ast
from nsr.language.check import check
from nsr.language.enumerate import Chosen, Found, answer
from nsr.llm import Completion, Generation, Message
from nsr.testing.llm import ScriptedLLM


def blocks_of(text: str) -> list[str]:
    return re.findall(r"^```nsr\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


BLOCKS = blocks_of(manual())
CUT_BLOCKS = [(cut, block) for cut in CUTS for block in blocks_of(manual(cut))]
TABLE = re.findall(r"^\| (`.*?) \| (`.*?) \|$", manual(), re.MULTILINE)


def tree(source: str) -> ast.ParsedProgram:
    program = parse(source).program
    assert program is not None
    return program


def test_the_manual_is_short_enough() -> None:
    assert len(manual()) <= 10_000


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_is_shorter_and_has_two_examples(cut: str) -> None:
    assert len(manual(cut)) <= 4_000
    assert len(blocks_of(manual(cut))) == 2


@pytest.mark.parametrize(("cut", "block"), CUT_BLOCKS)
def test_every_block_of_a_cut_is_a_program_that_the_checker_takes(cut: str, block: str) -> None:
    checked = check(tree(block), block)
    assert {d.code for d in checked.diagnostics} <= {"unused-symbol"}, cut


def test_a_cut_stands_in_the_prompt_without_further_examples() -> None:
    llm = ScriptedLLM(["find"])
    WholeFormalizer(llm, is_constrained=False, cut="puzzles").formalize(["Ann is first."], [None])
    (request,) = llm.requests
    assert [m.content for m in request.prompt] == [manual("puzzles"), "Ann is first."]


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_block_of_the_manual_is_a_program(number: int) -> None:
    assert not parse(BLOCKS[number]).diagnostics


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_checker_takes_every_block(number: int) -> None:
    checked = check(tree(BLOCKS[number]), BLOCKS[number])
    assert {d.code for d in checked.diagnostics} <= {"unused-symbol"}


def test_the_manual_has_all_statements_and_words() -> None:
    shown = {k for k in statement_keywords() if any(re.search(rf"^{k}\b", b, re.MULTILINE) for b in BLOCKS)}
    assert set(statement_keywords()) - shown == {"include"}  # a statement inside a sentence
    aliases = {"where", "one"}  # another spelling of `if`; what `find` means anyway
    assert {w for w in (*keywords(), *BUILTIN_FUNCTIONS) if not re.search(rf"\b{w}\b", manual())} <= aliases


PROSE = re.sub(r"^```nsr\n.*?^```$", "", manual(), flags=re.DOTALL | re.MULTILINE).split("# Not like this")[0]
INLINE = [
    text
    for text in re.findall(r"`([^`]+)`", PROSE)
    if text.split()[0] in statement_keywords()
    and " " in text
    and not re.search(r"φ|\.\.\.|[A-Z]{2}|\[w\]| [ew]$", text)
]


@pytest.mark.parametrize("text", INLINE)
def test_statements_inside_sentences_are_valid(text: str) -> None:
    assert not parse(text).diagnostics


def _as_statement(piece: str) -> str:
    piece = piece.replace("φ", "f(x) == 1").replace("text", "words")
    if re.match(r"\w+", piece) and re.split(r"\W", piece)[0] in statement_keywords():
        return piece
    if piece.startswith("{"):
        return f"param f(T): int = {piece}"
    is_formula = piece.startswith(("forall", "exists", "(exists"))
    return f"constraint: {piece}" if is_formula else f"constraint: {piece} == 1"


def test_what_the_manual_calls_right_is_right_and_what_it_calls_wrong_is_known_to_be() -> None:
    assert len(TABLE) >= 8
    silent = set()
    for wrong, right in TABLE:
        for piece in re.findall(r"`([^`]+)`", right):
            assert not parse(_as_statement(piece)).diagnostics, piece
        for piece in re.findall(r"`([^`]+)`", wrong):
            if not parse(_as_statement(piece)).diagnostics:
                silent.add(piece)
    # Well-formed, and caught by their sorts or by the linter.
    assert silent <= {"minimize total = x + y", "{a = 3}", "exists x in P: f(x) == 1 implies g == 2", "{a -> 3}"}


@pytest.mark.parametrize("number", [0, 1])
def test_the_worked_examples_are_programs_that_quote_their_problems(number: int) -> None:
    problem, program = examples()[number]
    assert not parse(program).diagnostics
    assert not check(tree(program), program).diagnostics
    quotations = re.findall(r'"([^"]+)"', program)
    assert len(quotations) >= 5
    for quotation in quotations:
        assert quotation in problem


def test_the_worked_examples_have_the_answers_that_their_texts_have() -> None:
    puzzle, choice = (check(tree(program), program).program for _, program in examples())
    assert puzzle is not None
    assert choice is not None
    found = answer(puzzle, puzzle.questions[0])
    assert isinstance(found, Found)
    assert found.is_unique
    chosen = answer(choice, choice.questions[0])
    assert isinstance(chosen, Chosen)
    assert chosen.label == "E"


def test_the_prompt_is_manual_examples_problem() -> None:
    llm = ScriptedLLM(["```nsr\ntype T = {a}\nfind\n```"])
    (draft,) = WholeFormalizer(llm, seed=3).formalize([" Ann is first.\n"], [None])
    assert draft.source == "type T = {a}\nfind"
    assert draft.notes == ()
    assert draft.usage.calls == 1
    assert draft.usage.prompt_tokens > 500
    assert draft.usage.completion_tokens == 7
    (request,) = llm.requests
    assert isinstance(request.prompt, tuple)
    assert [m.role for m in request.prompt] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert request.prompt[0] == Message("system", manual())
    assert request.prompt[-1] == Message("user", "Ann is first.")
    assert request.sampling.seed == 3
    assert request.grammar is not None
    assert '"Ann"' in request.grammar


def test_feedback_goes_behind_the_draft_it_speaks_of() -> None:
    llm = ScriptedLLM(["type T"])
    text = "Ann is first."
    WholeFormalizer(llm, is_constrained=False).formalize([text], [Feedback("tipe T", "1. error [x] line 1: no")])
    (request,) = llm.requests
    assert request.grammar is None
    assert isinstance(request.prompt, tuple)
    assert [m.role for m in request.prompt[-3:]] == ["user", "assistant", "user"]
    assert request.prompt[-2].content == "tipe T"
    assert "1. error [x] line 1: no" in request.prompt[-1].content
    assert "whole program again" in request.prompt[-1].content


def test_several_problems_are_one_batch_in_order() -> None:
    llm = ScriptedLLM(lambda request: f"# {request.prompt[-1].content}\nfind")  # type: ignore[union-attr]
    drafts = WholeFormalizer(llm).formalize([str(i) for i in range(5)], [None] * 5)
    assert [d.source for d in drafts] == [f"# {i}\nfind" for i in range(5)]
    assert WholeFormalizer(llm).formalize([], []) == []


@pytest.mark.parametrize(("finish", "note"), [("length", "cut off after 9 tokens"), ("grammar", "incomplete")])
def test_unfinished_programs_are_noted(finish: str, note: str) -> None:
    cut = Generation((Completion("type T = {a,", None, 5, 9, 2, finish),))  # type: ignore[arg-type]
    (draft,) = WholeFormalizer(ScriptedLLM([cut])).formalize(["x"], [None])
    assert note in draft.notes[0]
    assert draft.usage.forced_tokens == 2


def test_errors_of_the_language_model_are_not_swallowed() -> None:
    with pytest.raises(OperationalError, match="down"):
        WholeFormalizer(ScriptedLLM([OperationalError("down")])).formalize(["x"], [None])


PROGRAM = "type T = {a}\nfind"


@pytest.mark.parametrize(
    "reply",
    [
        PROGRAM,
        f"\n{PROGRAM}\n\n",
        f"```nsr\n{PROGRAM}\n```",
        f"```\r\n{PROGRAM}\n```\r\nIt says that...",
        f"Here is the program:\n\n```python\n{PROGRAM}\n```\nHope it helps!",
        f"~~~\n{PROGRAM}\n~~~",
        f"Sure.\n\n{PROGRAM}",
        f"<think>type X is open, so\n```\ntype X\n```</think>\n{PROGRAM}",
        f"First try:\n```\ntype X\n```\nBetter:\n```\n{PROGRAM}\n```\nOutput:\n```\na = 1\n```",
        f"```nsr\n{PROGRAM}",
        f"  ```nsr\n{PROGRAM}\n  ```",
    ],
)
def test_the_program_is_found_in_the_reply(reply: str) -> None:
    assert extract_program(reply) == PROGRAM


@pytest.mark.parametrize(("reply", "source"), [("", ""), ("I cannot.", "I cannot."), ("```\nx\n```", "x")])
def test_a_reply_without_a_program_is_kept_as_it_is(reply: str, source: str) -> None:
    assert extract_program(reply) == source
