"""The little language of sentence replies, parsed and evaluated: for generated solutions and for comparing replies.

Independent of the solver and of the language proper, so that the two can be tested against each other.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

__all__ = ["World", "equivalent", "holds", "parse_reply"]

_TOKEN = re.compile(r"\s*(==|!=|<=|>=|[<>+\-*%(),]|\d+(?:\.\d+)?|[A-Za-z]\w*)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
Node = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Positions of the things (from 0), numbers by tag, and each dimension's scale.

    `scale` is the base's numbers (or 1 to n), `scales[D]` those of a further dimension, `rows[D]` the place on that
    scale of each position. A thing with an entry in `scales` has its place on that scale instead.
    """

    places: Mapping[str, int]
    numbers: Mapping[str, Fraction]
    scale: Sequence[Fraction]
    scales: Mapping[str, Sequence[Fraction]]
    rows: Mapping[str, Sequence[int]]


@lru_cache(maxsize=100_000)
def parse_reply(text: str) -> Node:
    """The reply as nested tuples; ValueError where it is no formula."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != "".join(text.split()):
        raise ValueError(f"not a formula: {text}")
    node, rest = _implication(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"not a formula: {text}")
    return node


def _implication(tokens: Sequence[str], at: int) -> tuple[Node, int]:
    left, at = _junction(tokens, at)
    if at < len(tokens) and tokens[at] in ("implies", "iff"):
        word = tokens[at]
        right, at = _junction(tokens, at + 1)
        return (word, left, right), at
    return left, at


def _junction(tokens: Sequence[str], at: int) -> tuple[Node, int]:
    left, at = _conjunction(tokens, at)
    while at < len(tokens) and tokens[at] in ("or", "xor"):
        word = tokens[at]
        right, at = _conjunction(tokens, at + 1)
        left = (word, left, right)
    return left, at


def _conjunction(tokens: Sequence[str], at: int) -> tuple[Node, int]:
    left, at = _atom(tokens, at)
    while at < len(tokens) and tokens[at] == "and":
        right, at = _atom(tokens, at + 1)
        left = ("and", left, right)
    return left, at


def _atom(tokens: Sequence[str], at: int) -> tuple[Node, int]:
    if at >= len(tokens):
        raise ValueError("the formula ends early")
    if tokens[at] == "(":
        node, at = _implication(tokens, at + 1)
        return node, _expect(tokens, at, ")")
    if tokens[at] == "distinct":
        at = _expect(tokens, at + 1, "(")
        terms = []
        while True:
            term, at = _sum(tokens, at)
            terms.append(term)
            if at < len(tokens) and tokens[at] == ",":
                at += 1
                continue
            return ("distinct", *terms), _expect(tokens, at, ")")
    first, at = _sum(tokens, at)
    parts: list[Any] = [first]
    while at < len(tokens) and tokens[at] in _COMPARE:
        parts.append(tokens[at])
        term, at = _sum(tokens, at + 1)
        parts.append(term)
    if len(parts) == 1:
        raise ValueError("a comparison is missing")
    return ("chain", *parts), at


def _sum(tokens: Sequence[str], at: int) -> tuple[Node, int]:
    left, at = _factor(tokens, at)
    while at < len(tokens) and tokens[at] in ("+", "-", "*", "%"):
        word = tokens[at]
        right, at = _factor(tokens, at + 1)
        left = (word, left, right)
    return left, at


def _factor(tokens: Sequence[str], at: int) -> tuple[Node, int]:
    if at >= len(tokens):
        raise ValueError("the formula ends early")
    word = tokens[at]
    if word[0].isdigit():
        return ("number", Fraction(word)), at + 1
    if at + 1 < len(tokens) and tokens[at + 1] == "(":
        if word not in ("abs", "pos") and not re.fullmatch(r"D\d+", word):
            raise ValueError(f"unknown function {word}")
        node, at = _sum(tokens, at + 2)
        return (word, node), _expect(tokens, at, ")")
    if re.fullmatch(r"[PN]\d+|first|last", word):
        return ("tag", word), at + 1
    raise ValueError(f"unknown word {word}")


def _expect(tokens: Sequence[str], at: int, word: str) -> int:
    if at >= len(tokens) or tokens[at] != word:
        raise ValueError(f"expected {word}")
    return at + 1


def holds(node: Node, world: World) -> bool:
    """Whether a parsed reply is true in a world."""
    match node:
        case ("implies", left, right):
            return not holds(left, world) or holds(right, world)
        case ("iff", left, right):
            return holds(left, world) == holds(right, world)
        case ("or", left, right):
            return holds(left, world) or holds(right, world)
        case ("xor", left, right):
            return holds(left, world) != holds(right, world)
        case ("and", left, right):
            return holds(left, world) and holds(right, world)
        case ("distinct", *terms):
            values = [_number(t, world, False) for t in terms]
            return len(set(values)) == len(values)
        case ("chain", *parts):
            ranks = _has_one(node)
            values = [_number(t, world, ranks) for t in parts[::2]]
            return all(_COMPARE[sign](a, b) for a, sign, b in zip(values, parts[1::2], values[1:], strict=False))
    raise ValueError(node[0])


@lru_cache(maxsize=100_000)
def _has_one(node: Node) -> bool:
    """Whether a comparison counts steps: it has a literal 1 (then values are places on their scale)."""
    if node[0] == "number":
        return bool(node[1] == 1)
    if node[0] == "%":
        return False
    return any(isinstance(part, tuple) and (part[0] != "chain") and _has_one(part) for part in node[1:])


def _number(node: Node, world: World, ranks: bool) -> Fraction:
    match node:
        case ("number", value):
            return Fraction(value)
        case ("tag", word):
            if word[0] == "N":
                return world.numbers[word]
            place = 0 if word == "first" else len(world.scale) - 1 if word == "last" else world.places[word]
            return Fraction(place + 1) if ranks else world.scales.get(word, world.scale)[place]
        case ("abs", inner):
            return abs(_number(inner, world, ranks))
        case ("pos", inner):
            return _number(inner, world, True)
        case ("+", left, right):
            return _number(left, world, ranks) + _number(right, world, ranks)
        case ("-", left, right):
            return _number(left, world, ranks) - _number(right, world, ranks)
        case ("*", left, right):
            return _number(left, world, ranks) * _number(right, world, ranks)
        case ("%", left, right):
            return _number(left, world, ranks) % _number(right, world, ranks)
        case (dimension, ("tag", word)):
            place = world.rows[dimension][world.places[word]]
            return Fraction(place + 1) if ranks else world.scales[dimension][place]
    raise ValueError(f"not a term: {node[0]}")


def tags_of(text: str) -> list[str]:
    """The things a reply names, each once."""
    return list(dict.fromkeys(re.findall(r"\bP\d+\b", text)))


def equivalent(
    one: str,
    other: str,
    size: int,
    fixed: Mapping[str, int],
    groups: Mapping[str, int],
    numbers: Mapping[str, Fraction],
) -> bool:
    """Whether two replies over positions 1 to `size` are true in the same worlds.

    `fixed` holds the tags that are positions themselves, `groups` the category of each tag: things of one category
    stand at different positions. Replies with further dimensions are compared as strings.
    """
    if one == other:
        return True
    if "skip" in (one, other) or "D" in one + other:
        return False
    try:
        first, second = parse_reply(one), parse_reply(other)
    except ValueError:
        return False
    names = tags_of(one + " " + other)
    scale = [Fraction(n + 1) for n in range(size)]
    for places in _placements(names, size, fixed, groups):
        world = World(places, numbers, scale, {}, {})
        try:
            if holds(first, world) != holds(second, world):
                return False
        except KeyError:
            return False
    return True


def _placements(
    names: Sequence[str], size: int, fixed: Mapping[str, int], groups: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    free = [n for n in names if n not in fixed]
    for chosen in product(range(size), repeat=len(free)):
        places = dict(zip(free, chosen, strict=True)) | {n: fixed[n] for n in names if n in fixed}
        if all(
            places[a] != places[b]
            for i, a in enumerate(names)
            for b in names[i + 1 :]
            if groups.get(a) == groups.get(b)
        ):
            yield places
