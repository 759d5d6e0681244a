"""Choosing tokens: greedy, sampled and beam search over rows, each under its own grammar.

The unit is the hypothesis: a text so far, its branch in the cache, its matcher. What the grammar forces is appended
without asking the language model. Everything of a row depends on that row alone, so results do not depend on what
else is in the batch (up to rounding).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from nsr.llm.grammar import GrammarCompiler
    from nsr.llm.protocol import Sampling
    from nsr.llm.slots import Branch, SlotRunner

__all__ = ["Hypothesis", "Row", "search"]

Finish = Literal["stop", "length", "grammar"]


@dataclass(slots=True, eq=False)
class Hypothesis:
    """A text in the making."""

    branch: Branch
    matcher: Any | None
    tokens: list[int] = field(default_factory=list)
    text: bytes = b""
    log_probability: float = 0.0
    forced: int = 0
    finish: Finish | None = None
    random: np.random.Generator | None = None

    def fork(self) -> Hypothesis:
        """A second hypothesis with the same text."""
        matcher = None if self.matcher is None else self.matcher.deep_copy()
        return Hypothesis(
            self.branch.fork(), matcher, list(self.tokens), self.text, self.log_probability, self.forced, self.finish
        )


@dataclass(slots=True, eq=False)
class Row:
    """One request: its live hypotheses and the finished ones."""

    sampling: Sampling
    live: list[Hypothesis]
    done: list[Hypothesis] = field(default_factory=list)

    @property
    def is_sampled(self) -> bool:
        return self.sampling.temperature > 0

    def ranked(self) -> list[Hypothesis]:
        """Finished hypotheses, best first: complete before cut off, then by log-probability."""
        ranked = sorted(self.done, key=lambda h: (h.finish != "stop", -h.log_probability))
        if not self.is_sampled:
            best: dict[bytes, Hypothesis] = {}
            for h in ranked:
                best.setdefault(h.text, h)
            ranked = list(best.values())
        return ranked[: self.sampling.n_best]


class _Search:
    def __init__(self, grammars: GrammarCompiler) -> None:
        self.grammars = grammars
        self.eos = frozenset(grammars.eos)
        self.token_bytes: dict[int, bytes] = {}

    def append(self, row: Row, h: Hypothesis, token: int, *, forced: bool) -> None:
        """One more token; the end of the text is noticed here."""
        if token in self.eos:
            h.finish = "stop"
            return
        if h.matcher is not None and not h.matcher.consume_token(token):
            h.finish = "grammar"
            return
        h.tokens.append(token)
        h.branch.pending.append(token)
        h.text += self.bytes_of(token)
        h.forced += forced
        if h.matcher is not None and h.matcher.is_stopped():
            h.finish = "grammar" if h.matcher.is_error() else "stop"
        elif len(h.tokens) >= row.sampling.max_tokens:
            h.finish = "length"

    def settle(self, rows: Sequence[Row]) -> NDArray[np.bool_]:
        """Appends all that is forced; returns the masks of the hypotheses left, in order of rows."""
        waiting = [(row, h) for row in rows for h in row.live if h.finish is None]
        masks: dict[int, NDArray[np.bool_]] = {}
        while waiting:
            for row, h in waiting:
                for token in h.matcher.compute_ff_tokens() if h.matcher is not None else ():
                    self.append(row, h, token, forced=True)
                    if h.finish is not None:
                        break
            waiting = [(row, h) for row, h in waiting if h.finish is None]
            found = self.grammars.masks([h.matcher for _, h in waiting])
            counts = found.sum(axis=1)
            again = []
            for (row, h), mask, count in zip(waiting, found, counts.tolist(), strict=True):
                if count > 1:
                    masks[id(h)] = mask
                elif count == 0 or (h.matcher is not None and h.matcher.is_error()):
                    h.finish = "grammar"
                else:
                    self.append(row, h, int(mask.argmax()), forced=True)
                    if h.finish is None:
                        again.append((row, h))
            waiting = again
        for row in rows:
            row.done += [h for h in row.live if h.finish is not None]
            row.live = [h for h in row.live if h.finish is None]
            if not row.is_sampled and len(row.done) >= row.sampling.n_best:
                # Log-probabilities only fall, so what is below the worst that would be returned cannot come back.
                worst = row.ranked()[-1]
                if len(row.ranked()) == row.sampling.n_best and worst.finish == "stop":
                    row.live = [h for h in row.live if h.log_probability > worst.log_probability]
        import numpy as np

        left = [masks[id(h)] for row in rows for h in row.live]
        return np.stack(left) if left else np.zeros((0, self.grammars.vocabulary), dtype=np.bool_)

    def choose(self, row: Row, offers: Sequence[_Offer]) -> None:
        """Replaces the live hypotheses by their continuations; all of them are offered at once."""
        if row.is_sampled:
            self.sample(row, offers)
            return
        beams = row.sampling.n_best
        candidates = sorted(
            (
                (h.log_probability + gain, number, token)
                for number, (h, offer) in enumerate(zip(row.live, offers, strict=True))
                for token, gain in zip(offer.tokens, offer.gains, strict=True)
                if gain != float("-inf")
            ),
            key=lambda c: (-c[0], c[1], c[2]),
        )
        chosen: list[tuple[float, int, int]] = []
        texts: set[tuple[bytes, bool]] = set()
        open_beams = 0
        for candidate in candidates:
            if open_beams == beams:
                break
            _, number, token = candidate
            is_end = token in self.eos
            # One text cut into tokens in two ways is one text.
            key = (row.live[number].text + (b"" if is_end else self.bytes_of(token)), is_end)
            if beams > 1 and key in texts:
                continue
            texts.add(key)
            chosen.append(candidate)
            open_beams += not is_end
        self.continue_with(row, chosen)

    def bytes_of(self, token: int) -> bytes:
        text = self.token_bytes.get(token)
        if text is None:
            text = self.token_bytes[token] = self.grammars.token_bytes([token])
        return text

    def continue_with(self, row: Row, chosen: Sequence[tuple[float, int, int]]) -> None:
        uses = [number for _, number, _ in chosen]
        continued = []
        for place, (score, number, token) in enumerate(chosen):
            parent = row.live[number]
            # The last one to continue a hypothesis takes it over; the others fork it while it is untouched.
            h = parent if number not in uses[place + 1 :] else parent.fork()
            continued.append((h, score, token))
        for h, score, token in continued:
            h.log_probability = score
            self.append(row, h, token, forced=False)
        row.live = [h for h, _, _ in continued]

    def sample(self, row: Row, offers: Sequence[_Offer]) -> None:
        import numpy as np

        if row.live[0].random is None:
            first, offer = row.live[0], offers[0]
            row.live = [first.fork() for _ in range(1, row.sampling.n_best)]
            row.live.insert(0, first)
            offers = [offer] * len(row.live)
            for k, h in enumerate(row.live):
                h.random = np.random.default_rng([row.sampling.seed, k])
        for h, offer in zip(row.live, offers, strict=True):
            if h.random is None or offer.cumulative is None:
                raise AssertionError("a sampled hypothesis has a generator and a distribution")
            place = int(np.searchsorted(offer.cumulative, h.random.random() * offer.cumulative[-1], side="right"))
            place = min(place, len(offer.tokens) - 1)
            h.log_probability += offer.gains[place]
            self.append(row, h, offer.tokens[place], forced=False)


@dataclass(slots=True)
class _Offer:
    """Tokens that may come next with their log-probabilities; for sampling also the running sum of their weights."""

    tokens: list[int]
    gains: list[float]
    cumulative: NDArray[np.float64] | None = None


def _offers(logits: Any, masks: NDArray[np.bool_], samplings: Sequence[Sampling]) -> list[_Offer]:
    """What each hypothesis may continue with, best first: as many as its beams can use, all of them for a sample."""
    import torch

    scores = logits.float()
    scores = scores - scores.logsumexp(dim=-1, keepdim=True)
    scores = scores.masked_fill(torch.from_numpy(~masks).to(scores.device), float("-inf"))
    width = max(1 if s.n_best == 1 or s.temperature > 0 else 2 * s.n_best for s in samplings)
    gains, tokens = scores.topk(min(width, scores.shape[-1]), dim=-1)
    offers = [_Offer(t, g) for t, g in zip(tokens.tolist(), gains.tolist(), strict=True)]
    for number, sampling in enumerate(samplings):
        if sampling.temperature > 0:
            offers[number] = _distribution(scores[number].cpu().double().numpy(), sampling)
    return offers


def _distribution(scores: NDArray[np.float64], sampling: Sampling) -> _Offer:
    import numpy as np

    legal = np.flatnonzero(scores > float("-inf"))
    legal = legal[np.argsort(-scores[legal], kind="stable")]
    gains = scores[legal]
    running = np.cumsum(np.exp((gains - gains[0]) / sampling.temperature))
    if sampling.top_p < 1:
        kept = int(np.searchsorted(running, sampling.top_p * running[-1])) + 1
        legal, gains, running = legal[:kept], gains[:kept], running[:kept]
    return _Offer(legal.tolist(), gains.tolist(), running)


def search(runner: SlotRunner, rows: list[Row], grammars: GrammarCompiler) -> None:
    """Runs all rows to their ends; each has one live hypothesis whose branch holds the prompt as pending tokens.

    `rows` are in the order of the runner's rows and are finished in place.
    """
    import numpy as np

    machine = _Search(grammars)
    active = list(rows)
    masks = {id(row): mask for row, mask in _by_row(active, machine.settle(active))}
    while any(row.live for row in active):
        alive = [i for i, row in enumerate(active) if row.live]
        if len(alive) <= 0.7 * len(active):
            runner.keep(alive)
            active = [active[i] for i in alive]
        branches, logits = runner.feed([[h.branch for h in row.live] for row in active])
        place = {id(branch): i for i, branch in enumerate(branches)}
        # The branches of one row reach their ends in the same call; a long prompt may need several.
        ready = [row for row in active if row.live and id(row.live[0].branch) in place]
        if not ready:
            continue
        order = [place[id(h.branch)] for row in ready for h in row.live]
        samplings = [row.sampling for row in ready for _ in row.live]
        offers = iter(_offers(logits[order], np.concatenate([masks[id(row)] for row in ready]), samplings))
        for row in ready:
            machine.choose(row, [next(offers) for _ in row.live])
        for row, mask in _by_row(ready, machine.settle(ready)):
            masks[id(row)] = mask


def _by_row(rows: Sequence[Row], masks: NDArray[np.bool_]) -> list[tuple[Row, NDArray[np.bool_]]]:
    found, start = [], 0
    for row in rows:
        found.append((row, masks[start : start + len(row.live)]))
        start += len(row.live)
    return found
