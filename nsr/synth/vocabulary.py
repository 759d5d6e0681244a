"""The nominal categories of generated logic grids, read from `vocabulary.txt`, with train and test kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Nominal", "NominalValue", "nominals", "pick"]


@dataclass(frozen=True, slots=True)
class NominalValue:
    """A value as it is declared, and as clues spell it."""

    text: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nominal:
    """One category: labels, verb phrases and noun phrases around `{v}`, and values by split.

    `maker` is `name` or `code` where values are drawn anew for each puzzle.
    """

    key: str
    kinds: str
    labels: tuple[str, ...]
    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    train: tuple[NominalValue, ...]
    test: tuple[NominalValue, ...]
    maker: str = ""


def pick(phrases: tuple[str, ...], *, reserved: bool) -> tuple[str, ...]:
    """The phrases open to training, or those reserved for tests (all others where none is reserved)."""
    kept = tuple(p.removeprefix("~") for p in phrases if p.startswith("~") == reserved)
    return kept or tuple(p.removeprefix("~") for p in phrases)


@cache
def nominals() -> tuple[Nominal, ...]:
    """All nominal categories, in the order of the file."""
    found: list[Nominal] = []
    head: list[str] = []
    fields: dict[str, tuple[str, ...]] = {}
    text = files("nsr.synth").joinpath("vocabulary.txt").read_text(encoding="utf-8")
    for line in [*text.splitlines(), "@"]:
        if line.startswith("@"):
            if head:
                found.append(_nominal(head, fields))
            head, fields = line[1:].split(), {}
        elif line[:2] in ("l:", "v:", "n:", "x:"):
            separator = "," if line[0] == "x" else ";"
            fields[line[0]] = tuple(part.strip() for part in line[2:].split(separator))
    return tuple(found)


def _nominal(head: list[str], fields: dict[str, tuple[str, ...]]) -> Nominal:
    raw = fields["x"]
    if raw[0].startswith("$"):
        return Nominal(head[0], "".join(head[1:]), fields["l"], fields["v"], fields["n"], (), (), raw[0][1:])
    values = tuple(_value(v) for v in raw)
    cut = -(-len(values) * 3 // 5)
    return Nominal(head[0], "".join(head[1:]), fields["l"], fields["v"], fields["n"], values[:cut], values[cut:])


def _value(text: str) -> NominalValue:
    name, _, forms = text.partition("=")
    return NominalValue(name, tuple(forms.split("/")) if forms else (name,))
