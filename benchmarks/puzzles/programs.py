"""Gold programs: declarations of a puzzle's grid, and the formulas of gold clues and of mutated ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from benchmarks.puzzles.data import Puzzle, Ref
from nsr.formalizers import declarations as declaring
from nsr.formalizers.declarations import Category, Declarations, Scale, Value, arrange, spell_name
from nsr.formalizers.staged import quoted
from nsr.language import ir

__all__ = ["Names", "checked", "gold_declarations", "spelled_declarations", "statement"]

FORMULAS: Mapping[str, str] = {
    "same_house": "{a} == {b}",
    "found_at": "{a} == {b}",
    "not_at": "{a} != {b}",
    "directly_left": "{a} + 1 == {b}",
    "left_of": "{a} < {b}",
    "right_of": "{a} > {b}",
    "side_by_side": "abs({a} - {b}) == 1",
    "between_one": "abs({a} - {b}) == 2",
    "between_two": "abs({a} - {b}) == 3",
}


def gold_declarations(puzzle: Puzzle) -> Declarations:
    """The declarations of a puzzle, from its gold grid (its text is not looked at)."""
    numbers = range(1, puzzle.houses + 1)
    base = Category("house", "", "", tuple(Value(str(n), str(n), Fraction(n)) for n in numbers), Scale.NUMERIC)
    others = [Category(_spaced(name), "", "", _values(values)) for name, values in puzzle.values.items()]
    return arrange([base, *others], "house")


def spelled_declarations(puzzle: Puzzle) -> Declarations:
    """The declarations as the package reads them from the puzzle's text.

    Raises:
        ValueError: if they are not those of the gold grid.
    """
    from nsr.formalizers.reading import read_declarations

    found = read_declarations(puzzle.text)
    if found is None or not Names(found, puzzle).is_complete:
        raise ValueError(f"the declarations read from {puzzle.id} are not those of its grid")
    return found


def _values(texts: Iterable[str]) -> tuple[Value, ...]:
    return tuple(Value(spell_name(t), t) for t in texts)


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


class Names:
    """From gold references to the declared names of a program."""

    def __init__(self, declared: Declarations, puzzle: Puzzle) -> None:
        self.declared = declared
        self._terms: dict[Ref, str] = {}
        rest = [c for i, c in enumerate(declared.categories) if i != declared.base]
        for attribute, values in puzzle.values.items():
            wanted = {_plain(v) for v in values}
            fitting = [c for c in rest if {_plain(v.text) for v in c.values} == wanted]
            if not fitting:
                continue
            # The columns of the grid stand in the order of the text.
            chosen = fitting[0]
            rest.remove(chosen)
            names = {_plain(v.text): v.name for v in chosen.values}
            self._terms.update({(attribute, v): f"{chosen.function}({names[_plain(v)]})" for v in values})
        self._wanted = sum(len(v) for v in puzzle.values.values())

    @property
    def is_complete(self) -> bool:
        """Whether every gold value has a name."""
        return len(self._terms) == self._wanted

    def term(self, ref: Ref | int) -> str:
        """The position of a value, or a house number."""
        return str(ref) if isinstance(ref, int) else self._terms[ref]

    def formula(self, kind: str, left: Ref, right: Ref | int) -> str:
        """A gold clue's formula."""
        return FORMULAS[kind].format(a=self.term(left), b=self.term(right))


def _plain(text: str) -> str:
    from nsr.explain.spelling import folded

    return folded(text)


def statement(label: str, sentence: str, formula: str) -> str:
    """A constraint that quotes its sentence."""
    return f'constraint {label} "{quoted(sentence)}": {formula}\n'


def checked(declared: Declarations, statements: Iterable[str]) -> ir.Program:
    """The typed program of declarations and statements.

    Raises:
        ValueError: with the first diagnostic, if the program has an error.
    """
    from nsr.grammars.parser import parse
    from nsr.language.check import check

    source = declaring.source(declared) + "".join(statements) + declaring.goal(declared)
    parsed = parse(source)
    result = check(parsed.program, source) if parsed.program is not None else None
    if result is None or result.program is None:
        first = (result or parsed).diagnostics[0]
        raise ValueError(f"{first.code}: {first.message} at {source[first.span.start : first.span.end]!r}")
    return result.program
