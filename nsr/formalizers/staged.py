"""The staged strategy: declarations first, then every sentence by itself with only declared names, then the goal.

A staged draft keeps the next-best translations of each sentence with their log-probabilities. Which of them make up
the program is a *selection*, decided by the refinement loop; the draft only writes programs for selections.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from nsr.diagnostics import Span
from nsr.errors import FormalizationError
from nsr.formalizers import declarations as declaring
from nsr.formalizers import sentence as staging
from nsr.formalizers.declarations import Declarations
from nsr.formalizers.mentions import TaggedSentence, Tagger
from nsr.formalizers.parts import parts
from nsr.formalizers.variants import variants
from nsr.language.printer import escaped
from nsr.llm.protocol import Completion, LanguageModel, Request, Sampling

__all__ = ["Candidate", "SentenceDraft", "StagedDraft", "StagedFormalizer"]

MAX_SENTENCES = 400
"""A text with more sentences is no puzzle; it is refused before any language model sees it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One translation of a sentence: over tags as the language model wrote it, and over declared names.

    `is_variant`: the language model wrote something like it (`variants.py`).
    """

    tagged: str
    formula: str
    log_probability: float
    is_variant: bool = False

    @property
    def is_skip(self) -> bool:
        """Whether it says that the sentence states nothing."""
        return self.formula == staging.SKIP


@dataclass(frozen=True, slots=True)
class SentenceDraft:
    """A sentence of the text with its translations, best first. `is_clue`: it stands in a list of clues."""

    name: str
    text: str
    span: Span
    is_clue: bool
    tagged: TaggedSentence
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class StagedDraft:
    """What the staged strategy made of a text; `name_of(sentence, candidate)` is a statement's label."""

    text: str
    declarations: Declarations
    sentences: tuple[SentenceDraft, ...]
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    forced_tokens: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)

    def source(self, selection: Mapping[str, int]) -> str:
        """The program in which sentence `name` is translated by its candidate number `selection[name]`."""
        chosen = [(s, s.candidates[selection[s.name]]) for s in self.sentences if s.name in selection]
        statements = [(s.name, s, c) for s, c in chosen if not c.is_skip]
        return self._write(statements)

    def pool_source(self) -> str:
        """One program with every candidate of every sentence, labelled `<sentence>_<number>`."""
        statements = [
            (pool_name(s.name, number), s, candidate)
            for s in self.sentences
            for number, candidate in enumerate(s.candidates)
            if not candidate.is_skip
        ]
        return self._write(statements)

    def _write(self, statements: Iterable[tuple[str, SentenceDraft, Candidate]]) -> str:
        rows = list(statements)
        linked = {d for _, s, c in rows for d in staging.used_dimensions(c.tagged, s.tagged)}
        lines = [declaring.source(self.declarations, linked, text=self.text)]
        lines += [f'constraint {name} "{quoted(s.text)}": {c.formula}\n' for name, s, c in rows]
        lines.append(declaring.goal(self.declarations))
        return "".join(lines)


def pool_name(sentence: str, candidate: int) -> str:
    """The label of a candidate in `StagedDraft.pool_source`."""
    return f"{sentence}_{candidate}"


def quoted(sentence: str) -> str:
    """A sentence as it stands between quotation marks: one line, marks escaped."""
    return escaped(" ".join(sentence.split()))


class StagedFormalizer:
    """Formalizes logic-grid puzzles with a language model that translates one tagged sentence a call."""

    def __init__(
        self, llm: LanguageModel, *, candidates: int = 6, max_tokens: int = 96, is_constrained: bool = True
    ) -> None:
        self._llm = llm
        self._candidates = candidates
        self._max_tokens = max_tokens
        self._is_constrained = is_constrained

    def draft(self, texts: Sequence[str]) -> list[StagedDraft | FormalizationError]:
        """Drafts for all texts, their sentences in one batch; a text that fails has its error in its place."""
        started = time.perf_counter()
        outlines: list[tuple[Declarations, list[_Outlined]] | FormalizationError] = []
        for text in texts:
            try:
                outlines.append(_outline(text))
            except FormalizationError as error:
                outlines.append(error)
        outlined = time.perf_counter()
        requests: list[Request] = []
        places: dict[tuple[int, int, int], int] = {}
        for number, outline in enumerate(outlines):
            if isinstance(outline, FormalizationError):
                continue
            declared, sentences = outline
            for index, sentence in enumerate(sentences):
                for part, tagged in enumerate((sentence.tagged, *sentence.parts)):
                    if tagged.things:
                        places[number, index, part] = len(requests)
                        requests.append(self._request(tagged, declared))
        generations = self._llm.generate(requests) if requests else []
        finished = time.perf_counter()
        drafts: list[StagedDraft | FormalizationError] = []
        for number, (text, outline) in enumerate(zip(texts, outlines, strict=True)):
            if isinstance(outline, FormalizationError):
                drafts.append(outline)
                continue
            declared, sentences = outline
            made = []
            calls = prompt_tokens = completion_tokens = forced_tokens = 0
            for index, sentence in enumerate(sentences):
                written: list[Sequence[Completion]] = []
                for part in range(1 + len(sentence.parts)):
                    place = places.get((number, index, part))
                    written.append(() if place is None else generations[place].completions)
                    calls += place is not None
                    prompt_tokens += written[-1][0].prompt_tokens if written[-1] else 0
                    completion_tokens += sum(c.completion_tokens for c in written[-1])
                    forced_tokens += sum(c.forced_tokens for c in written[-1])
                made.append(
                    SentenceDraft(
                        f"c{index + 1}",
                        sentence.text,
                        sentence.span,
                        sentence.is_clue,
                        sentence.tagged,
                        _candidates(sentence, written, declared),
                    )
                )
            share = len(sentences) / max(1, len(requests))
            seconds = {
                "outline": (outlined - started) / len(texts),
                "language_model": (finished - outlined) * min(1.0, share),
            }
            drafts.append(
                StagedDraft(
                    text, declared, tuple(made), calls, prompt_tokens, completion_tokens, forced_tokens, seconds
                )
            )
        return drafts

    def _request(self, tagged: TaggedSentence, declared: Declarations) -> Request:
        return Request(
            prompt=staging.prompt(tagged, declared),
            grammar=staging.grammar(tagged, declared) if self._is_constrained else None,
            sampling=Sampling(max_tokens=self._max_tokens, n_best=self._candidates),
        )


_MOST_READINGS = 4
"""How many readings of each part of a sentence are joined."""
_UNSAID = 20.0
"""How improbable (negative natural logarithm) "states nothing" counts where the language model does not offer it."""

NO_READING = Candidate(staging.SKIP, staging.SKIP, -_UNSAID)
"""What is left of a sentence when none of its translations can stand."""

_TASK = re.compile(
    r"(?:using (?:only )?the clues,? )?"
    r"(?:match|find|determine|work out|figure out|use|solve|who is who|can you)\b",
    re.IGNORECASE,
)
"""How sentences begin that say what is to be done; they are no clues, wherever they stand."""


def _is_task(sentence: str) -> bool:
    return sentence.endswith("?") or bool(_TASK.match(sentence))


class _Outlined(NamedTuple):
    """A sentence with its tags, and those of the sentences that it is made of, if it is made of several."""

    text: str
    is_clue: bool
    span: Span
    tagged: TaggedSentence
    parts: tuple[TaggedSentence, ...]


def _candidates(
    sentence: _Outlined, written: Sequence[Sequence[Completion]], declared: Declarations
) -> tuple[Candidate, ...]:
    """The readings of a sentence, best first, those put together from its parts, and last that nothing is stated."""
    if not sentence.tagged.things:
        return (Candidate(staging.SKIP, staging.SKIP, 0.0),)
    readings = [_readings(w, t, declared) for w, t in zip(written, (sentence.tagged, *sentence.parts), strict=True)]
    found = {c.formula: c for c in readings[0]}
    for candidate in _joined(*readings[1:]) if sentence.parts else ():
        known = found.get(candidate.formula)
        if known is None or known.log_probability < candidate.log_probability:
            found[candidate.formula] = candidate
    if staging.SKIP not in found:
        last = min((c.log_probability for c in found.values()), default=0.0)
        found[staging.SKIP] = Candidate(staging.SKIP, staging.SKIP, min(last, -_UNSAID))
    return tuple(found.values())


def _joined(first: Sequence[Candidate], second: Sequence[Candidate]) -> Iterator[Candidate]:
    """Readings that say what both parts of a sentence say; where a part states nothing there is none."""
    best = [sorted(part, key=lambda c: -c.log_probability)[:_MOST_READINGS] for part in (first, second)]
    for left, right in product(*best):
        if not left.is_skip and not right.is_skip:
            yield Candidate(
                f"{left.tagged} and {right.tagged}",
                f"{_closed(left.formula)} and {_closed(right.formula)}",
                left.log_probability + right.log_probability,
                is_variant=left.is_variant or right.is_variant,
            )


def _closed(formula: str) -> str:
    return f"({formula})" if re.search(r" (?:or|xor|implies|iff) ", formula) else formula


def _readings(completions: Sequence[Completion], tagged: TaggedSentence, declared: Declarations) -> list[Candidate]:
    """The completions that can be put back into names, and variants of them."""
    written = {c.text: c.log_probability or 0.0 for c in completions if c.finish != "length"}
    found: dict[str, Candidate] = {}
    for text, probability in (*written.items(), *variants(written, tagged)):
        try:
            formula = staging.put_back(text, tagged, declared)
        except (KeyError, IndexError, ValueError):
            # Free decoding may write tags that the sentence does not have; under the grammar it cannot happen.
            continue
        found.setdefault(formula, Candidate(text, formula, probability, is_variant=text not in written))
    return list(found.values())


def _outline(text: str) -> tuple[Declarations, list[_Outlined]]:
    """Declarations of a text, and its other sentences with their tags."""
    from nsr.formalizers.english import is_english
    from nsr.formalizers.reading import read_declarations
    from nsr.formalizers.segment import segment

    if not is_english(text):
        raise FormalizationError(
            "the text does not look like English, which is all that the embedded language model reads; a larger "
            "language model takes other languages (--model)"
        )
    declared = read_declarations(text)
    if declared is None or len(declared.categories) < 2:
        raise FormalizationError(
            "no categories with values were found in the text: the embedded language model solves logic-grid puzzles "
            "whose categories are listed (`Names: Ann, Bo, Cy`); a larger language model takes other problems (--model)"
        )
    sentences = segment(text)
    if len(sentences) > MAX_SENTENCES:
        raise FormalizationError(f"the text has {len(sentences)} sentences, at most {MAX_SENTENCES} are read")
    tagger = Tagger(declared)
    listed = [c.span for c in declared.categories]
    return declared, [
        _Outlined(
            s.text,
            s.is_clue and not _is_task(s.text),
            s.span,
            tagger.tag(s.text),
            tuple(tagger.tag(part) for part in parts(s.text) or ()),
        )
        for s in sentences
        if s.is_clue or not _overlaps(s.span, listed)
    ]


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether a sentence is one that a declaration already quotes."""
    return any(span.start < o.end and o.start < span.end for o in others)
