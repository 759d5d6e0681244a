"""Lark's notation as data: the internal form from which decoding grammars are derived.

Reads what the grammar file uses (rules, aliases, `[ ]`, `( )`, `* + ?`, literals, regular expressions,
`%ignore`) and writes it back in the notation that llguidance takes. Priorities, templates and imports
are refused: the grammar file does without them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, assert_never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "Alternative",
    "Choice",
    "Expression",
    "Grammar",
    "Literal",
    "Pattern",
    "Reference",
    "Repeat",
    "Sequence",
    "choice",
    "read_expression",
    "read_grammar",
    "sequence",
    "write_grammar",
]


@dataclass(frozen=True, slots=True)
class Literal:
    """A fixed piece of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A terminal's body, kept in the notation it is written in (`/.../`, `"..."`, `%regex {...}`, `A & ~B`)."""

    source: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A rule (lower case) or a terminal (upper case) by name."""

    name: str

    @property
    def is_terminal(self) -> bool:
        """Whether the name is a terminal's."""
        return self.name.lstrip("_")[:1].isupper()


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items one after the other; without items it is the empty text."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several expressions."""

    options: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`item` from `low` to `high` times; `high` None is without end."""

    item: Expression
    low: int
    high: int | None


Expression: TypeAlias = Literal | Reference | Sequence | Choice | Repeat


@dataclass(frozen=True, slots=True)
class Alternative:
    """One alternative of a rule, with its alias if it has one."""

    body: Expression
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules and terminals by name, in the order of the file, without what the parser ignores between tokens."""

    rules: dict[str, tuple[Alternative, ...]]
    terminals: dict[str, Pattern]


def sequence(items: list[Expression]) -> Expression:
    """A sequence, flattened; one item stands for itself."""
    flat: list[Expression] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Sequence) else (item,))
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat))


def choice(options: list[Expression]) -> Expression:
    """A choice, flattened and without repetitions; one option stands for itself."""
    flat: list[Expression] = []
    for option in options:
        flat.extend(option.options if isinstance(option, Choice) else (option,))
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Choice(unique)


_TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*)
  | (?P<blank>[ \t\r]+)
  | (?P<line>\n)
  | (?P<literal>"(?:[^"\\]|\\.)*")
  | (?P<regex>/(?:[^/\\\n]|\\.)+/[imsxlu]*)
  | (?P<arrow>->)
  | (?P<name>[?!]?_*[A-Za-z][A-Za-z0-9_]*)
  | (?P<directive>%\w+)
  | (?P<mark>[:|()\[\]*+?])
    """,
    re.VERBOSE,
)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            line = text.count("\n", 0, position) + 1
            raise ValueError(f"grammar notation not understood in line {line}: {text[position : position + 20]!r}")
        position = found.end()
        kind = found.lastgroup or ""
        if kind not in ("comment", "blank"):
            yield kind, found.group()


class _Reader:
    """Recursive descent over the tokens of one definition."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.position = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self, text: str) -> bool:
        if self.peek()[1] == text and self.peek()[0] in ("mark", "arrow"):
            self.position += 1
            return True
        return False

    def alternatives(self) -> tuple[Alternative, ...]:
        found = [self.alternative()]
        while self.take("|"):
            found.append(self.alternative())
        return tuple(found)

    def alternative(self) -> Alternative:
        items: list[Expression] = []
        while (item := self.item()) is not None:
            items.append(item)
        alias = None
        if self.take("->"):
            alias = self.tokens[self.position][1]
            self.position += 1
        return Alternative(sequence(items), alias)

    def item(self) -> Expression | None:
        kind, text = self.peek()
        body: Expression
        if kind == "literal":
            self.position += 1
            body = Literal(json.loads(text))
        elif kind == "name":
            self.position += 1
            body = Reference(text)
        elif self.take("("):
            body = self.group(")")
        elif self.take("["):
            body = Repeat(self.group("]"), 0, 1)
        else:
            return None
        for mark, low, high in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self.take(mark):
                return Repeat(body, low, high)
        return body

    def group(self, closing: str) -> Expression:
        options = [a.body for a in self.alternatives()]
        if not self.take(closing):
            raise ValueError(f"grammar notation: {closing!r} expected, found {self.peek()[1]!r}")
        return choice(options)


def _definitions(text: str) -> Iterator[list[tuple[str, str]]]:
    """Definitions: each begins at a line's first column position with a name, a `|` continues the one before."""
    current: list[tuple[str, str]] = []
    fresh = True
    for kind, token in _tokens(text):
        if kind == "line":
            fresh = True
            continue
        if fresh and current and kind in ("name", "directive"):
            yield current
            current = []
        current.append((kind, token))
        fresh = False
    if current:
        yield current


def read_grammar(text: str) -> Grammar:
    """The rules and terminals of a grammar file; `%ignore` is left out. ValueError if it uses other notation."""
    rules: dict[str, tuple[Alternative, ...]] = {}
    terminals: dict[str, Pattern] = {}
    for definition in _definitions(text):
        kind, head = definition[0]
        if kind == "directive":
            if head != "%ignore":
                raise ValueError(f"grammar notation: {head} is not supported")
            continue
        if len(definition) < 3 or definition[1][1] != ":":
            raise ValueError(f"grammar notation: a colon is expected after {head!r}")
        name = head.lstrip("?!")
        if Reference(name).is_terminal:
            terminals[name] = Pattern(" ".join(token for _, token in definition[2:]))
            continue
        reader = _Reader(definition[2:])
        rules[name] = reader.alternatives()
        if reader.peek()[0] != "end":
            raise ValueError(f"grammar notation: {reader.peek()[1]!r} is not expected in rule {name!r}")
    return Grammar(rules, terminals)


def read_expression(text: str) -> Expression:
    """One expression in the grammar file's notation."""
    reader = _Reader(list(_tokens(text)))
    expression = choice([a.body for a in reader.alternatives()])
    if reader.peek()[0] != "end":
        raise ValueError(f"grammar notation: {reader.peek()[1]!r} is not expected in {text!r}")
    return expression


def _write(expression: Expression, rename: Callable[[str], str], *, inner: bool = False) -> str:
    match expression:
        case Literal(text):
            return json.dumps(text, ensure_ascii=False)
        case Reference(name):
            return rename(name)
        case Sequence(items):
            written = " ".join(_write(i, rename, inner=True) for i in items) or '""'
            return f"({written})" if inner else written
        case Choice(options):
            written = " | ".join(_write(o, rename) for o in options)
            return f"({written})" if inner else written
        case Repeat(item, low, high):
            mark = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((low, high), f"{{{low},{high or ''}}}")
            return _write(item, rename, inner=True) + mark
        case _:
            assert_never(expression)


def write_grammar(grammar: Grammar) -> str:
    """The grammar in llguidance's variant of Lark's notation; aliases, which decoding does not need, are left out."""
    lines = [
        f"{name}: " + _write(choice([a.body for a in alternatives]), lambda n: n)
        for name, alternatives in grammar.rules.items()
    ]
    lines += [f"{name}: {pattern.source}" for name, pattern in grammar.terminals.items()]
    return "\n".join(lines) + "\n"
