"""Local decoding: grammar, batches, beams, seeds, against a naive reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tiny_llm import corpus, make_tokenizer, save_llama, save_model

from nsr.errors import LanguageModelUnavailable, OperationalError, UsageError
from nsr.llm.local import LocalModel
from nsr.llm.protocol import Generation, Message, Request, Sampling

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("one_thread")

FORMULA = r"""
start: "constraint: " formula
formula: term " " OP " " term | "abs(" term " - " term ") == " NUM | formula " or " term " == " NUM
term: TAG | TAG " + " NUM
TAG: /P[1-4]/
NUM: /[1-9]/
OP: "==" | "<" | ">" | "!="
"""
WORDS = 'start: (WORD " ")+ "."\nWORD: /[a-z]{2,7}/'
GRAMMARS = (FORMULA, WORDS, 'start: "yes" | "no" | "not at all" | "no way"', 'start: "constraint: forced to the end."')


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> LocalModel:
    return LocalModel(tiny_folder, device="cpu")


def requests(count: int, **sampling: Any) -> list[Request]:
    prompts = corpus(3, count, length=40)
    return [Request(p, GRAMMARS[i % len(GRAMMARS)], Sampling(**sampling)) for i, p in enumerate(prompts)]


def is_accepted(model: LocalModel, grammar: str, text: str) -> bool:
    """Whether the text is a whole sentence of the grammar, byte by byte."""
    import llguidance

    class Bytes:
        eos_token_id = 256
        bos_token_id = None
        tokens = (*(bytes([i]) for i in range(256)), b"<eos>")
        special_token_ids = (256,)

        def __call__(self, text: bytes) -> list[int]:
            return list(text)

    matcher = llguidance.LLMatcher(llguidance.LLTokenizer(llguidance.TokenizerWrapper(Bytes())), grammar)
    assert not matcher.is_error(), matcher.get_error()
    return bool(matcher.consume_tokens(list(text.encode())) and matcher.is_accepting())


def assert_same(left: list[Generation], right: list[Generation]) -> None:
    for a, b in zip(left, right, strict=True):
        assert [c.text for c in a.completions] == [c.text for c in b.completions]
        assert [(c.forced_tokens, c.completion_tokens, c.finish) for c in a.completions] == [
            (c.forced_tokens, c.completion_tokens, c.finish) for c in b.completions
        ]
        for x, y in zip(a.completions, b.completions, strict=True):
            assert x.log_probability == pytest.approx(y.log_probability, abs=1e-3)


SAMPLINGS: list[dict[str, Any]] = [
    {"max_tokens": 40},
    {"max_tokens": 40, "n_best": 4},
    {"max_tokens": 40, "temperature": 0.8, "top_p": 0.95, "n_best": 3, "seed": 7},
]


@pytest.mark.parametrize("sampling", SAMPLINGS, ids=["greedy", "beams", "samples"])
def test_outputs_follow_their_grammars(tiny: LocalModel, sampling: dict[str, Any]) -> None:
    asked = requests(24, **sampling)
    for request, generation in zip(asked, tiny.generate(asked), strict=True):
        assert generation.grammar_in_force == "llguidance"
        assert generation.completions
        for completion in generation.completions:
            assert completion.finish in ("stop", "length")
            if completion.finish == "stop":
                assert is_accepted(tiny, request.grammar or "", completion.text), completion


@pytest.mark.parametrize("sampling", SAMPLINGS, ids=["greedy", "beams", "samples"])
def test_a_batch_gives_what_single_requests_give(tiny: LocalModel, sampling: dict[str, Any]) -> None:
    asked = requests(16, **sampling)
    single = [tiny.generate([r])[0] for r in asked]
    assert_same(tiny.generate(asked), single)
    assert_same(tiny.generate(asked[::-1])[::-1], single)


def test_a_shared_beginning_is_fed_once_and_changes_nothing(tiny: LocalModel) -> None:
    beginning = " ".join(corpus(11, 12))
    asked = [Request(beginning + p, FORMULA, Sampling(max_tokens=30, n_best=3)) for p in corpus(5, 6)]
    assert_same(tiny.generate(asked), [tiny.generate([r])[0] for r in asked])


def test_small_batches_give_the_same(tiny_folder: Path, tiny: LocalModel) -> None:
    asked = requests(10, max_tokens=20, n_best=2)
    assert_same(LocalModel(tiny_folder, device="cpu", max_rows=3).generate(asked), tiny.generate(asked))


def naive_greedy(folder: Path, request: Request) -> tuple[str, float]:
    """Masked argmax with the whole text fed anew for every token, nothing forced."""
    import llguidance
    import llguidance.hf
    import numpy as np
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    size = model.config.vocab_size
    ll = llguidance.hf.from_tokenizer(tokenizer, n_vocab=size)
    matcher = llguidance.LLMatcher(ll, request.grammar) if request.grammar else None
    prompt, score = [tokenizer.bos_token_id, *tokenizer.encode(request.prompt)], 0.0
    tokens: list[int] = []
    while len(tokens) < request.sampling.max_tokens:
        with torch.inference_mode():
            scores = model(torch.tensor([prompt + tokens])).logits[0, -1].log_softmax(-1)
        legal = np.ones(size, dtype=bool)
        legal[len(tokenizer) :] = False
        if matcher is not None:
            legal &= np.unpackbits(np.frombuffer(matcher.compute_bitmask(), np.uint8), bitorder="little")[:size] > 0
            forced = matcher.compute_ff_tokens()
            if forced:
                # The forced tokens are one cut of the forced text among several; the cut is llguidance's.
                legal[:] = False
                legal[forced[0]] = True
        token = int(scores.masked_fill(torch.from_numpy(~legal), float("-inf")).argmax())
        if legal.sum() > 1:
            score += float(scores[token])
        if token == tokenizer.eos_token_id:
            break
        tokens.append(token)
        if matcher is not None:
            assert matcher.consume_token(token)
            if matcher.is_stopped():
                break
    return tokenizer.decode(tokens, skip_special_tokens=True), score


@pytest.mark.parametrize("grammar", [FORMULA, WORDS, None], ids=["formula", "words", "free"])
def test_greedy_is_the_naive_masked_argmax(tiny_folder: Path, tiny: LocalModel, grammar: str | None) -> None:
    asked = [Request(p, grammar, Sampling(max_tokens=25)) for p in corpus(9, 4, length=30)]
    for request, generation in zip(asked, tiny.generate(asked), strict=True):
        text, score = naive_greedy(tiny_folder, request)
        assert generation.completions[0].text == text
        assert generation.completions[0].log_probability == pytest.approx(score, abs=1e-3)


@pytest.mark.parametrize(
    ("config", "more"),
    [
        ("GPT2Config", {}),
        ("MistralConfig", {"sliding_window": 16}),
        ("Gemma3TextConfig", {"head_dim": 8, "sliding_window": 16, "num_hidden_layers": 6}),
    ],
    ids=["learnt positions", "sliding window", "two kinds of layers"],
)
def test_other_architectures_are_decoded_alike(tmp_path: Path, config: str, more: dict[str, Any]) -> None:
    save_model(tmp_path, make_tokenizer(), config, **more)
    model = LocalModel(tmp_path, device="cpu")
    asked = [Request(p, FORMULA, Sampling(max_tokens=20)) for p in corpus(9, 3, length=30)]
    for request, generation in zip(asked, model.generate(asked), strict=True):
        text, score = naive_greedy(tmp_path, request)
        assert generation.completions[0].text == text
        assert generation.completions[0].log_probability == pytest.approx(score, abs=1e-3)
    beams = [Request(r.prompt, FORMULA, Sampling(max_tokens=20, n_best=3)) for r in asked]
    assert_same(model.generate(beams), [model.generate([r])[0] for r in beams])


def test_an_architecture_that_cannot_branch_is_refused(tmp_path: Path) -> None:
    save_model(tmp_path, make_tokenizer(), "MambaConfig")
    with pytest.raises(LanguageModelUnavailable, match="'mamba' cannot be decoded here"):
        LocalModel(tmp_path, device="cpu").load()


def test_beams_are_distinct_and_in_order_and_begin_no_worse_than_greedy(tiny: LocalModel) -> None:
    prompts = corpus(4, 8)
    greedy = tiny.generate([Request(p, FORMULA, Sampling(max_tokens=40)) for p in prompts])
    beams = tiny.generate([Request(p, FORMULA, Sampling(max_tokens=40, n_best=6)) for p in prompts])
    for one, many in zip(greedy, beams, strict=True):
        texts = [c.text for c in many.completions]
        complete = [c.log_probability or 0.0 for c in many.completions if c.finish == "stop"]
        assert len(set(texts)) == len(texts) == 6
        assert complete == sorted(complete, reverse=True)
        if one.completions[0].finish == "stop":
            assert complete[0] >= (one.completions[0].log_probability or 0.0) - 1e-4


def test_beams_find_every_text_of_a_small_language(tiny: LocalModel) -> None:
    found = tiny.generate([Request("who", GRAMMARS[2], Sampling(n_best=8))])[0]
    assert {c.text for c in found.completions} == {"yes", "no", "not at all", "no way"}


def test_forced_tokens_are_counted_and_need_no_call(tiny: LocalModel, monkeypatch: pytest.MonkeyPatch) -> None:
    from nsr.llm.slots import SlotRunner

    calls: list[int] = []
    feed = SlotRunner.feed

    def counted(self: SlotRunner, rows: Any) -> Any:
        calls.append(1)
        return feed(self, rows)

    monkeypatch.setattr(SlotRunner, "feed", counted)
    (only,) = tiny.generate([Request("the house", GRAMMARS[3], Sampling())])[0].completions
    assert only.text == "constraint: forced to the end."
    assert only.forced_tokens == only.completion_tokens > 3
    assert (only.finish, only.log_probability, calls) == ("stop", 0.0, [])
    (some,) = tiny.generate([Request("the house", FORMULA, Sampling())])[0].completions
    assert 0 < some.forced_tokens < some.completion_tokens
    assert len(calls) <= some.completion_tokens - some.forced_tokens + 1


def test_samples_differ_by_seed_and_return_with_it(tiny: LocalModel) -> None:
    def texts(seed: int) -> list[str]:
        asked = Request("who drinks", WORDS, Sampling(max_tokens=12, temperature=1.0, n_best=4, seed=seed))
        return [c.text for c in tiny.generate([asked])[0].completions]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)
    assert len(set(texts(1))) > 1


def test_length_ends_a_text(tiny: LocalModel) -> None:
    (only,) = tiny.generate([Request("tea", WORDS, Sampling(max_tokens=3))])[0].completions
    assert (only.finish, only.completion_tokens) == ("length", 3)


def test_a_text_ends_where_the_language_model_s_room_ends(tiny: LocalModel) -> None:
    (only,) = tiny.generate([Request("house " * 240, 'start: ("a " | "b ")+', Sampling(max_tokens=1000))])[
        0
    ].completions
    assert only.finish == "length"
    assert only.prompt_tokens + only.completion_tokens == 512


def test_too_little_memory_makes_smaller_batches(tiny: LocalModel, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    run, sizes = LocalModel._run, []

    def scarce(self: LocalModel, loaded: Any, group: Any) -> list[Generation]:
        sizes.append(len(group))
        if len(group) > limit:
            raise torch.OutOfMemoryError("out of memory")
        return run(self, loaded, group)

    asked = requests(10, max_tokens=5)
    expected = tiny.generate(asked)
    monkeypatch.setattr(LocalModel, "_run", scarce)
    limit = 3
    assert_same(tiny.generate(asked), expected)
    assert sizes == [10, 5, 2, 2, 2, 2, 2]
    limit = 0
    with pytest.raises(OperationalError, match="too little memory"):
        tiny.generate(asked)


def test_messages_without_a_chat_template_are_joined(tiny: LocalModel) -> None:
    messages = (Message("system", "the house"), Message("user", "is red"))
    joined = tiny.generate([Request("the house\n\nis red\n\n", FORMULA)])
    assert_same(tiny.generate([Request(messages, FORMULA)]), joined)


def test_a_text_begins_with_its_token_once(tiny: LocalModel) -> None:
    (plain,) = tiny.generate([Request("the house", FORMULA)])
    (begun,) = tiny.generate([Request("<bos>the house", FORMULA)])
    assert_same([plain], [begun])
    assert tiny.generate([Request("", FORMULA)])[0].completions[0].prompt_tokens == 1


async def _agenerate(model: LocalModel, asked: list[Request]) -> list[Generation]:
    return await model.agenerate(asked)


def test_the_async_twin_gives_the_same(tiny: LocalModel) -> None:
    import asyncio

    asked = requests(3, max_tokens=10)
    assert_same(asyncio.run(_agenerate(tiny, asked)), tiny.generate(asked))


def test_a_tokenizer_that_llguidance_cannot_read_is_adapted(tmp_path: Path) -> None:
    save_llama(tmp_path, make_tokenizer(byte_level=False))
    model = LocalModel(tmp_path, device="cpu")
    asked = [Request(p, FORMULA, Sampling(max_tokens=40)) for p in corpus(2, 4)]
    for generation in model.generate(asked):
        (only,) = generation.completions
        assert only.finish == "length" or is_accepted(model, FORMULA, only.text)


def test_bad_input_is_named(tiny: LocalModel, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        LocalModel(tmp_path / "nowhere")
    with pytest.raises(LanguageModelUnavailable, match="cannot be loaded"):
        LocalModel(tmp_path).load()
    with pytest.raises(UsageError, match="grammar was refused"):
        tiny.generate([Request("x", "start: missing_rule")])
    with pytest.raises(UsageError, match="too long"):
        tiny.generate([Request("house " * 2000)])
    with pytest.raises(UsageError, match="at least 1"):
        tiny.generate([Request("x", sampling=Sampling(max_tokens=0))])
    assert tiny.generate([]) == []
