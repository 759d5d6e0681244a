"""What a grammar costs and saves: constrained against free decoding, same language model, same prompts, same run.

    python benchmarks/constrained_decoding.py [--model SPEC] [--texts FILE.jsonl] [--json]

Two workloads: the sentence stage (one small grammar for each sentence, its own tags) and whole programs (the full
decoding grammar with citations from the text). Without `--model` the shipped language model is used; `--model random`
makes an untrained one, which is enough to measure the machinery.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from nsr.errors import NsrError
from nsr.formalizers.staged import StagedFormalizer
from nsr.formalizers.whole import manual
from nsr.grammars.decode import decoding_grammar
from nsr.llm import LanguageModel, Request, Sampling, load
from nsr.testing.llm import ScriptedLLM

_PROMPT = 400  # characters, so that small language models have room for a program
PUZZLES = Path(__file__).resolve().parent.parent / "examples" / "puzzles"


@dataclass(frozen=True)
class Row:
    """One way of decoding one workload; times are seconds, the best of the repetitions."""

    workload: str
    decoding: str
    requests: int
    prompt_tokens: int
    tokens: int
    forced_tokens: int
    seconds: float
    first_seconds: float
    cpu_seconds: float

    @property
    def forced_share(self) -> float:
        """Share of tokens that needed no decision of the language model."""
        return self.forced_tokens / max(1, self.tokens)

    @property
    def per_token(self) -> float:
        """Milliseconds for each token of the texts."""
        return 1000 * self.seconds / max(1, self.tokens)

    @property
    def per_choice(self) -> float:
        """Milliseconds for each token that the language model chose."""
        return 1000 * self.seconds / max(1, self.tokens - self.forced_tokens)


def random_model(folder: Path) -> None:
    """An untrained language model of 1.1 million parameters with a tokenizer of 1,000 pieces."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1000,
        special_tokens=["<pad>", "<bos>", "<eos>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = [p.read_text(encoding="utf-8") for p in sorted(PUZZLES.glob("*.txt"))]
    tokenizer.train_from_iterator([manual(), *texts], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>")
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(fast),
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=5,
        num_attention_heads=4,
        max_position_embeddings=4096,
        initializer_range=0.2,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def sentence_requests(texts: list[str]) -> list[Request]:
    """What the sentence stage asks about these texts, greedily."""
    script = ScriptedLLM(lambda request: "skip")
    StagedFormalizer(script).draft(texts)
    return [Request(r.prompt, r.grammar, Sampling(max_tokens=48)) for r in script.requests]


def program_requests(texts: list[str], max_tokens: int) -> list[Request]:
    """Whole programs, after the beginning of the text alone: what is measured is the decoding."""
    return [Request(t[:_PROMPT] + "\n\n", decoding_grammar(text=t), Sampling(max_tokens=max_tokens)) for t in texts]


def measure(workload: str, decoding: str, llm: LanguageModel, requests: list[Request], repetitions: int) -> Row:
    """Runs the requests several times; the first run also compiles the grammars."""
    times, work = [], []
    for _ in range(repetitions + 1):
        started, worked = time.perf_counter(), time.process_time()
        generations = llm.generate(requests)
        times.append(time.perf_counter() - started)
        work.append(time.process_time() - worked)
    found = [g.completions[0] for g in generations]
    return Row(
        workload=workload,
        decoding=decoding,
        requests=len(requests),
        prompt_tokens=sum(c.prompt_tokens for c in found),
        tokens=sum(c.completion_tokens for c in found),
        forced_tokens=sum(c.forced_tokens for c in found),
        seconds=min(times[1:]),
        first_seconds=times[0],
        cpu_seconds=min(work[1:]),
    )


def run(llm: LanguageModel, texts: list[str], repetitions: int, max_tokens: int) -> list[Row]:
    """Both workloads, each constrained and free; the free texts are as long as the constrained ones."""
    rows = []
    llm.generate([Request("warm up", sampling=Sampling(max_tokens=2))])
    for workload, requests in (
        ("sentences", sentence_requests(texts)),
        ("programs", program_requests(texts, max_tokens)),
    ):
        if not requests:
            continue
        rows.append(measure(workload, "constrained", llm, requests, repetitions))
        lengths = [max(1, g.completions[0].completion_tokens) for g in llm.generate(requests)]
        free = [Request(r.prompt, None, Sampling(max_tokens=n)) for r, n in zip(requests, lengths, strict=True)]
        rows.append(measure(workload, "free", llm, free, repetitions))
    return rows


def table(rows: list[Row]) -> str:
    """The rows for a reader, with the overhead of each workload."""
    head = f"{'workload':10} {'decoding':12} {'requests':>8} {'tokens':>7} {'forced':>7} {'s':>7} "
    lines = [head + f"{'first s':>7} {'cpu s':>6} {'ms/token':>9} {'ms/choice':>9}"]
    for r in rows:
        lines.append(
            f"{r.workload:10} {r.decoding:12} {r.requests:8} {r.tokens:7} {r.forced_share:7.1%} {r.seconds:7.2f} "
            f"{r.first_seconds:7.2f} {r.cpu_seconds:6.2f} {r.per_token:9.3f} {r.per_choice:9.3f}"
        )
    for constrained, free in zip(rows[::2], rows[1::2], strict=True):
        wall = constrained.per_token / free.per_token
        cpu = constrained.cpu_seconds / max(1, constrained.tokens) / (free.cpu_seconds / max(1, free.tokens))
        lines.append(f"{constrained.workload}: a token costs {wall:.2f} times a free one ({cpu:.2f} in CPU time)")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="embedded", help="a spec as for nsr --model, or `random`")
    parser.add_argument("--texts", type=Path, help="JSON lines with a field `text` or `puzzle`; default: the examples")
    parser.add_argument("--limit", type=int, default=20, help="at most this many texts")
    parser.add_argument("--max-tokens", type=int, default=256, help="the longest program")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.texts is None:
        texts = [p.read_text(encoding="utf-8") for p in sorted(PUZZLES.glob("*.txt"))]
    else:
        lines = [json.loads(line) for line in options.texts.read_text(encoding="utf-8").splitlines()]
        texts = [line.get("text") or line["puzzle"] for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        try:
            if options.model == "random":
                random_model(Path(folder))
            llm = load(f"local:{folder}" if options.model == "random" else options.model)
            rows = run(llm, texts[: options.limit], options.repetitions, options.max_tokens)
        except NsrError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    if options.json:
        found = [asdict(r) | {"ms_per_token": r.per_token, "forced_share": r.forced_share} for r in rows]
        print(json.dumps({"model": options.model, "rows": found}, indent=2))
    else:
        print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
