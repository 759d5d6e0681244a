"""Puts fixed blanks between the tokens of a grammar that leaves them free.

Between two tokens there is one blank, except: none before `)` `]` `}` `,` `:` `..`, none after `(` `[` `{` `..` and
after a sign, and none between a name and the bracket of its arguments. The blank is a token of its own: were it part
of its neighbours, a lexer that never backs up could take ` and ` for the beginning of a blank and a name.
"""

from __future__ import annotations

from enum import Enum

from nsr.grammars.decode_ebnf import (
    Alternative,
    Choice,
    Expression,
    Literal,
    Reference,
    Repeat,
    Sequence,
    choice,
    sequence,
)

__all__ = ["BLANK", "place_blanks"]

BLANK = "BLANK"

_NONE_BEFORE = frozenset({")", "]", "}", ",", ":", "..", "\n"})
_NONE_AFTER = frozenset({"(", "[", "{", "..", "\n"})
_OPENS_ARGUMENTS = frozenset({"(", "["})
_CALLABLE = frozenset({"name", "known", "function", "distinct"})
_VARIANT = "_spaced"

_Rules = dict[str, tuple[Alternative, ...]]


class _Lead(Enum):
    """What stands before an expression: the beginning or an opening bracket, something else, the name of a call."""

    TIGHT = "tight"
    APART = "apart"
    CALL = "call"


class _Placer:
    def __init__(self, rules: _Rules) -> None:
        self.rules = rules
        self.placed: _Rules = {}
        self.leads = {name: frozenset[bool]() for name in rules}
        # Which rules begin with a token that takes a blank, and which with one that does not: least fixed point.
        changed = True
        while changed:
            changed = False
            for name, body in rules.items():
                found = frozenset().union(*(self.first(a.body) for a in body))
                if found != self.leads[name]:
                    self.leads[name] = found
                    changed = True

    def is_empty(self, expression: Expression) -> bool:
        match expression:
            case Sequence(items):
                return all(self.is_empty(i) for i in items)
            case Choice(options):
                return any(self.is_empty(o) for o in options)
            case Repeat(item, low, _):
                return low == 0 or self.is_empty(item)
            case _:
                return False

    def first(self, expression: Expression) -> frozenset[bool]:
        """Whether the first tokens take a blank before them: {True}, {False} or both."""
        match expression:
            case Literal(text):
                return frozenset({text not in _NONE_BEFORE})
            case Reference(name):
                return frozenset({True}) if name not in self.rules else self.leads[name]
            case Sequence(items):
                found: frozenset[bool] = frozenset()
                for item in items:
                    found |= self.first(item)
                    if not self.is_empty(item):
                        break
                return found
            case Choice(options):
                return frozenset().union(*(self.first(o) for o in options))
            case Repeat(item, _, _):
                return self.first(item)

    def rule(self, name: str, lead: _Lead) -> str:
        """The name of the placed rule for this lead; places it if that has not been done."""
        placed_name = name if lead is _Lead.TIGHT else name + _VARIANT
        if placed_name not in self.placed:
            self.placed[placed_name] = ()
            self.placed[placed_name] = tuple(Alternative(self.place(a.body, lead), a.alias) for a in self.rules[name])
        return placed_name

    def place(self, expression: Expression, lead: _Lead) -> Expression:
        match expression:
            case Literal(text):
                tight = lead is _Lead.TIGHT or text in _NONE_BEFORE or (lead is _Lead.CALL and text in _OPENS_ARGUMENTS)
                return expression if tight else sequence([Reference(BLANK), expression])
            case Reference(name):
                return self.place_reference(name, lead)
            case Sequence(items):
                return self.place_sequence(items, lead)
            case Choice(options):
                return choice([self.place(o, lead) for o in options])
            case Repeat(item, low, high):
                return self.place_repeat(item, low, high, lead)

    def place_reference(self, name: str, lead: _Lead) -> Expression:
        if name not in self.rules:
            return Reference(name) if lead is _Lead.TIGHT else sequence([Reference(BLANK), Reference(name)])
        if lead is _Lead.TIGHT or self.leads[name] == {False}:
            return Reference(self.rule(name, _Lead.TIGHT))
        if self.leads[name] == {True}:
            return sequence([Reference(BLANK), Reference(self.rule(name, _Lead.TIGHT))])
        return Reference(self.rule(name, _Lead.APART))

    def place_sequence(self, items: tuple[Expression, ...], lead: _Lead) -> Expression:
        placed: list[Expression] = []
        for index, item in enumerate(items):
            rest = items[index + 1 :]
            if lead is _Lead.TIGHT and self.is_empty(item) and rest and True in self.first(Sequence(rest)):
                raise ValueError(f"blanks: {item} may be missing after an opening token and before {rest[0]}")
            placed.append(self.place(item, lead))
            if not isinstance(item, Sequence) or item.items:
                lead = self.after(item, is_first=index == 0, before=lead)
        return sequence(placed)

    @staticmethod
    def after(item: Expression, *, is_first: bool, before: _Lead) -> _Lead:
        match item:
            case Literal(text) if text in _NONE_AFTER or (text == "-" and is_first):
                return _Lead.TIGHT
            case Literal(text) if text in _CALLABLE:
                return _Lead.CALL
            case Reference(name) if name in _CALLABLE:
                return _Lead.CALL
            case Repeat(_, 0, _) if before is _Lead.TIGHT:
                return _Lead.TIGHT
            case _:
                return _Lead.APART

    def place_repeat(self, item: Expression, low: int, high: int | None, lead: _Lead) -> Expression:
        first, later = self.place(item, lead), self.place(item, _Lead.APART)
        if first == later or high == 1:
            return Repeat(first, low, high)
        more = sequence([first, Repeat(later, 0, None)])
        return more if low else Repeat(more, 0, 1)


def place_blanks(rules: dict[str, tuple[Alternative, ...]]) -> dict[str, tuple[Alternative, ...]]:
    """The rules reachable from `start`, with every blank in its place."""
    placer = _Placer(rules)
    placer.rule("start", _Lead.TIGHT)
    return placer.placed
