"""The strategy `whole`: one call of a language model writes the whole program.

The prompt is the language's manual, two worked examples and the problem. Where the language model can be held to a
grammar, it is held to the decoding grammar with citations from the problem's text. The rounds are the engine's: what
is wrong with a draft comes back as feedback and goes behind the draft as the next message.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from nsr.formalizers.protocol import Draft, Feedback
from nsr.grammars.decode import decoding_grammar, statement_keywords
from nsr.llm.protocol import Message, Request, Sampling
from nsr.results import Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.llm.protocol import Generation, LanguageModel

__all__ = ["CUTS", "WholeDraft", "WholeFormalizer", "examples", "extract_program", "manual"]

CUTS = ("deduction", "puzzles", "optimization")
"""Kinds of problems for which there is a shorter manual."""

_REPAIR = """The program has faults:

{messages}

Answer with the whole program again, with these faults mended and everything else as it was."""


@cache
def _prompt_file(name: str) -> str:
    return resources.files("nsr.formalizers.prompts").joinpath(name).read_text(encoding="utf-8")


def manual(cut: str = "") -> str:
    """The language's manual for language models, at most 10,000 characters; a cut of it (see `CUTS`) at most 4,000.

    A cut has its own two worked examples in it.
    """
    return _prompt_file(f"{cut or 'manual'}.md")


def examples() -> tuple[tuple[str, str], ...]:
    """Worked examples: problem and program."""
    return tuple((_prompt_file(f"example_{n}.txt").strip(), _prompt_file(f"example_{n}.nsr").strip()) for n in (1, 2))


_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)


def extract_program(reply: str) -> str:
    """The program in a reply: out of its fenced block, or from the first line that begins a statement.

    Of several blocks the last one that begins like a program counts. Thoughts (`<think>...</think>`) are dropped.
    """
    text = re.sub(r"<think>.*?</think>", "", reply, flags=re.DOTALL).replace("\r\n", "\n")
    begins = re.compile(rf"^[ \t]*(?:#|(?:{'|'.join(statement_keywords())})\b)", re.MULTILINE)
    blocks = [block for _, block in _FENCE.findall(text)]
    for block in reversed(blocks):
        if begins.match(block.lstrip("\n")):
            return str(block).strip()
    if blocks:
        return str(blocks[-1]).strip()
    found = begins.search(text)
    return text[found.start() :].strip() if found else text.strip()


@dataclass(frozen=True, slots=True)
class WholeDraft:
    """A first draft, and the formalizer that can revise it."""

    draft: Draft
    formalizer: WholeFormalizer


class WholeFormalizer:
    """Whole programs from any language model.

    Args:
        llm: the language model.
        seed, temperature: of the sampling; at temperature 0 the most probable program.
        max_tokens: the longest program.
        is_constrained: whether to send the decoding grammar along; a language model that cannot use it leaves it.
        cut: the kind of problem, one of `CUTS`, for a shorter prompt; empty for any kind.
    """

    def __init__(
        self,
        llm: LanguageModel,
        *,
        seed: int = 0,
        temperature: float = 0.0,
        max_tokens: int = 4096,
        is_constrained: bool = True,
        cut: str = "",
    ) -> None:
        self._llm = llm
        self._sampling = Sampling(max_tokens=max_tokens, temperature=temperature, seed=seed)
        self._is_constrained = is_constrained
        self._cut = cut

    def draft(self, texts: Sequence[str]) -> list[WholeDraft]:
        """A first draft of each text, all in one batch."""
        return [WholeDraft(d, self) for d in self.formalize(texts, [None] * len(texts))]

    def formalize(self, texts: Sequence[str], feedback: Sequence[Feedback | None]) -> list[Draft]:
        """One draft for each text, all in one batch; with feedback, a better one than the draft it speaks of."""
        requests = [self.request(t, f) for t, f in zip(texts, feedback, strict=True)]
        started = time.perf_counter()
        generations = self._llm.generate(requests) if requests else []
        seconds = (time.perf_counter() - started) / max(1, len(requests))
        return [_draft(generation, seconds) for generation in generations]

    def request(self, text: str, feedback: Feedback | None = None) -> Request:
        """What the language model is asked."""
        messages = [Message("system", manual(self._cut))]
        for example, program in () if self._cut else examples():
            messages += [Message("user", example), Message("assistant", program)]
        messages.append(Message("user", text.strip()))
        if feedback is not None:
            messages.append(Message("assistant", feedback.previous))
            messages.append(Message("user", _REPAIR.format(messages=feedback.messages)))
        grammar = decoding_grammar(text=text) if self._is_constrained else None
        return Request(tuple(messages), grammar, self._sampling)


def _draft(generation: Generation, seconds: float) -> Draft:
    best = generation.completions[0]
    notes = []
    if best.finish == "length":
        notes.append(f"the reply was cut off after {best.completion_tokens} tokens")
    elif best.finish == "grammar":
        notes.append("the grammar's machine gave up: the program is incomplete")
    usage = Usage(
        calls=1,
        prompt_tokens=best.prompt_tokens,
        completion_tokens=best.completion_tokens,
        forced_tokens=best.forced_tokens,
    )
    return Draft(extract_program(best.text), usage, seconds, tuple(notes))
