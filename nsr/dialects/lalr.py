"""Parses short texts by a grammar of Lark's, over Lark's own tables, faster than Lark's own loop does.

Most of what a line costs there is positions by line and column, a token object for every bracket and a chain of calls
for every rule. Here a run over the tables keeps offsets only. Trees are the same; a text that does not fit is given to
Lark, whose error is raised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lark import Lark, Tree

__all__ = ["LineParser", "line_parser"]

_KEEP, _SPLICE = 1, 2
"""How a part of a rule goes into the tree: as it is, or its own parts in its place."""

_NOWHERE = -1
"""The place of a rule without a token."""


class _Made(NamedTuple):
    """How a rule's tree is made: which parts are taken, and whether a single one stands for all.

    `is_unit`: its one part is passed on. `is_whole`: all parts are taken as they are.
    """

    origin: str
    size: int
    name: str
    taken: tuple[tuple[int, int], ...]
    is_passed_on: bool
    is_unit: bool
    is_whole: bool


class _State(NamedTuple):
    """What can be read in a state: a pattern, for kinds that keywords look like what tells them apart, and actions."""

    match: Callable[..., Any]
    apart: dict[str, Callable[[str], str | None]]
    row: dict[str, Any]


class _Place:
    """Where a tree stands, as Lark's `Meta` has it."""

    __slots__ = ("empty", "end_pos", "start_pos")

    def __init__(self, start: int, end: int) -> None:
        self.start_pos = start
        self.end_pos = end
        self.empty = False


@dataclass(frozen=True, slots=True)
class LineParser:
    """A grammar ready for `parse`."""

    lark: Lark
    start: int
    end: int
    states: dict[int, _State]
    ignored: frozenset[str]
    kept: frozenset[str]

    def parse(self, text: str) -> Tree[Any]:
        """The tree of a text, its places in `meta.start_pos` and `meta.end_pos`; no lines and columns.

        Raises:
            UnexpectedInput: as Lark does.
        """
        found = self._tree(text)
        return self.lark.parse(text) if found is None else found

    def _tree(self, text: str) -> Tree[Any] | None:
        """The tree; None for a text that does not fit."""
        from lark import Token, Tree

        states, kept, ignored = self.states, self.kept, self.ignored
        stack, position = [self.start], 0
        values: list[Any] = []
        starts: list[int] = []
        ends: list[int] = []
        while True:
            match, apart, row = states[stack[-1]]
            found = match(text, position)
            if found is None:
                if position < len(text):
                    return None
                kind, end = "$END", position
            else:
                kind, end = found.lastgroup, found.end()
                if kind in ignored:
                    position = end
                    continue
                if kind in apart:
                    kind = apart[kind](text[position:end]) or kind
            while (action := row.get(kind)).__class__ is _Made:
                if not action.is_unit:
                    size = action.size
                    made, start, stop = _reduced(action, Tree, values, starts, ends)
                    if size:
                        del values[-size:], starts[-size:], ends[-size:], stack[-size:]
                    values.append(made)
                    starts.append(start)
                    ends.append(stop)
                else:
                    stack.pop()
                target = states[stack[-1]].row[action.origin]
                if target == self.end and found is None:
                    return values[-1]  # type: ignore[no-any-return]
                stack.append(target)
                row = states[target].row
            if action is None:
                return None
            stack.append(action)
            values.append(_token(Token, kind, text[position:end], position, end) if kind in kept else None)
            starts.append(position)
            ends.append(end)
            position = end


def _reduced(
    made: _Made, kind_of_tree: Any, values: list[Any], starts: list[int], ends: list[int]
) -> tuple[Any, int, int]:
    """The value of a rule from the end of the stack, and where it begins and ends."""
    size = made.size
    if not size:
        return kind_of_tree(made.name, []), _NOWHERE, _NOWHERE
    start, stop = starts[-size], ends[-1]
    if start == _NOWHERE or stop == _NOWHERE:
        start = next((s for s in starts[-size:] if s != _NOWHERE), _NOWHERE)
        stop = next((e for e in reversed(ends[-size:]) if e != _NOWHERE), _NOWHERE)
    if made.is_whole:
        children = values[-size:]
    else:
        first = len(values) - size
        children = []
        for place, mode in made.taken:
            if mode == _KEEP:
                children.append(values[first + place])
            else:
                children += values[first + place].children
        if made.is_passed_on and len(children) == 1:
            return children[0], start, stop
    return kind_of_tree(made.name, children, _Place(start, stop) if start != _NOWHERE else None), start, stop


def _token(kind_of_token: Any, kind: str, text: str, start: int, end: int) -> Any:
    """A token of Lark's, without its line and column."""
    token = str.__new__(kind_of_token, text)
    token.type, token.value, token.start_pos, token.end_pos = kind, text, start, end
    token.line = token.column = token.end_line = token.end_column = None
    return token


@cache
def line_parser(path: Path) -> LineParser:
    """The parser of a grammar file, for texts of one line."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    lark = Lark(path.read_text(encoding="utf-8"), parser="lalr", maybe_placeholders=False, propagate_positions=True)
    front: Any = lark.parser
    table = front.parser._parse_table
    made = {rule: _made(rule) for rule in lark.rules}
    kept = {s.name for rule in lark.rules for s in rule.expansion if s.is_term and _is_kept(rule, s)}
    return LineParser(
        lark,
        table.start_states["start"],
        table.end_states["start"],
        {
            state: _state(
                front.lexer.lexers[state],
                {symbol: target if action is Shift else made[target] for symbol, (action, target) in row.items()},
            )
            for state, row in table.states.items()
        },
        frozenset(lark.ignore_tokens),
        frozenset(kept),
    )


def _is_kept(rule: Any, symbol: Any) -> bool:
    return bool(rule.options.keep_all_tokens) or not symbol.filter_out


def _made(rule: Any) -> _Made:
    """A rule's options as Lark's tree builder reads them."""
    taken = []
    for place, symbol in enumerate(rule.expansion):
        if not symbol.is_term:
            taken.append((place, _SPLICE if symbol.name.startswith("_") else _KEEP))
        elif _is_kept(rule, symbol):
            taken.append((place, _KEEP))
    size = len(rule.expansion)
    name = str(rule.alias or rule.options.template_source or rule.origin.name)
    is_passed_on = bool(rule.options.expand1) and not rule.alias
    is_whole = len(taken) == size and all(mode == _KEEP for _, mode in taken)
    is_unit = is_passed_on and is_whole and size == 1
    return _Made(rule.origin.name, size, name, tuple(taken), is_passed_on, is_unit, is_whole and not is_passed_on)


def _state(lexer: Any, row: dict[str, Any]) -> _State:
    """What can be done in a state, its lexer of Lark's taken apart."""
    patterns = lexer.scanner._mres
    match = patterns[0].match if len(patterns) == 1 else _first_of(patterns)
    return _State(match, {kind: _keywords(callback.scanner) for kind, callback in lexer.callback.items()}, row)


def _keywords(scanner: Any) -> Callable[[str], str | None]:
    """The kind of a word that is a keyword, None of any other."""
    if any(terminal.pattern.flags for terminal in scanner.terminals):
        return scanner.fullmatch  # type: ignore[no-any-return]
    return {terminal.pattern.value: str(terminal.name) for terminal in scanner.terminals}.get


def _first_of(patterns: list[Any]) -> Callable[[str, int], Any]:
    return lambda text, at: next((found for p in patterns if (found := p.match(text, at)) is not None), None)
