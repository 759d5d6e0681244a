"""Grammars at decoding time: a tokenizer for llguidance, compiled grammars, masks.

Wraps llguidance thinly: what a batch of rows needs (one matcher a row, copied when a beam forks) and masks as plain
NumPy arrays of truth values.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from nsr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["GrammarCompiler"]

_PROBE = 'type Day = [mon, tue]\nconstraint "It is 1 day later.": day(ann) + 1 == day(bo)'
_CACHED_GRAMMARS = 4096


class _BytesTokenizer:
    """What llguidance needs of a tokenizer it cannot read itself: the bytes of each token."""

    def __init__(self, tokenizer: Any, eos: int, size: int) -> None:
        special = set(tokenizer.all_special_ids)
        self.eos_token_id = eos
        self.bos_token_id = tokenizer.bos_token_id
        self.special_token_ids = sorted(special)
        self.tokens = [self._bytes(tokenizer, i, special) for i in range(size)]
        self._tokenizer = tokenizer

    @staticmethod
    def _bytes(tokenizer: Any, token: int, special: set[int]) -> bytes:
        if token in special or token >= len(tokenizer):
            return (
                f"<unused {token}>".encode()
                if token >= len(tokenizer)
                else tokenizer.convert_ids_to_tokens(token).encode()
            )
        # Decoders treat the first token of a text apart (no leading blank), so the token is decoded behind itself.
        once, twice = (tokenizer.decode([token] * n, clean_up_tokenization_spaces=False) for n in (1, 2))
        return str(twice[len(once) :]).encode()

    def __call__(self, text: bytes | str) -> list[int]:
        string = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return list(self._tokenizer.encode(string, add_special_tokens=False))


class GrammarCompiler:
    """Compiled grammars over one tokenizer, each compiled once, and masks for many matchers at a time."""

    def __init__(self, tokenizer: Any, vocabulary: int, eos: Sequence[int]) -> None:
        import llguidance

        self.vocabulary = vocabulary
        self._spellable = len(tokenizer)
        self.eos = tuple(eos)
        self._words = (vocabulary + 31) // 32
        self._ll = self._adapt(tokenizer, vocabulary, list(eos))
        self._executor: Any = llguidance.LLExecutor()
        self._compiled: OrderedDict[str, Any] = OrderedDict()

    @staticmethod
    def _adapt(tokenizer: Any, vocabulary: int, eos: list[int]) -> Any:
        import llguidance
        import llguidance.hf

        def is_right(ll: Any) -> bool:
            tokens = tokenizer.encode(_PROBE, add_special_tokens=False)
            return bool(ll.decode_str(tokens) == _PROBE)

        try:
            adapted = llguidance.hf.from_tokenizer(tokenizer, n_vocab=vocabulary, eos_token=eos)
            if is_right(adapted):
                return adapted
        except ValueError:
            pass
        wrapper = llguidance.TokenizerWrapper(_BytesTokenizer(tokenizer, eos[0], vocabulary))
        adapted = llguidance.LLTokenizer(wrapper, n_vocab=vocabulary, eos_token=eos)
        if not is_right(adapted):
            raise UsageError(
                "this tokenizer cannot be used under a grammar: its tokens do not spell the text they stand for"
            )
        return adapted

    def matcher(self, grammar: str) -> Any:
        """A fresh matcher at the grammar's beginning. UsageError with llguidance's words if it is no grammar."""
        import llguidance

        compiled = self._compiled.get(grammar)
        if compiled is None:
            compiled = llguidance.LLMatcher(self._ll, grammar, log_level=0)
            if compiled.is_error():
                raise UsageError(f"the decoding grammar was refused: {compiled.get_error()}")
            self._compiled[grammar] = compiled
            if len(self._compiled) > _CACHED_GRAMMARS:
                self._compiled.popitem(last=False)
        else:
            self._compiled.move_to_end(grammar)
        return compiled.deep_copy()

    def masks(self, matchers: Sequence[Any | None]) -> NDArray[np.bool_]:
        """One row for each matcher: which tokens it takes next; all of them where there is none."""
        import numpy as np

        bits = np.full((len(matchers), self._words), -1, dtype=np.int32)
        ruled = [(m, i) for i, m in enumerate(matchers) if m is not None]
        if ruled:
            self._executor.unsafe_compute_mask_ptr(ruled, bits.ctypes.data, self._words * 4, len(matchers))
        masks = np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little", count=self.vocabulary).view(np.bool_)
        masks[:, self._spellable :] = False  # rows of the embedding that no token uses
        return masks

    def token_bytes(self, tokens: Sequence[int]) -> bytes:
        """The bytes that the tokens stand for."""
        return bytes(self._ll.decode_bytes(list(tokens)))
