"""Statements that say nothing, or that nothing can satisfy: the sign of a translation gone wrong."""

from __future__ import annotations

from collections.abc import Iterator

from nsr.language import ir
from nsr.language.traverse import subterms
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Relation, Vocabulary


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A value compared with itself, values of one category said to be the same, a list with a value twice."""
    formula = reading.requirement.formula
    if any(isinstance(t, ir.Equal) and t.left == t.right for t in subterms(formula)) or any(
        r.low is not None and r.low == r.high for r in reading.relations
    ):
        yield _finding(reading, "the formula compares a value with itself")
    elif any(isinstance(t, ir.AllDifferent) and len(set(t.args)) < len(t.args) for t in subterms(formula)):
        yield _finding(reading, "the formula lists a value twice")
    elif any(isinstance(t, ir.Literal) and isinstance(t.value, bool) for t in subterms(formula)):
        yield _finding(reading, "a part of the formula is true or false by itself")
    elif _says_twice(reading.relations):
        yield _finding(reading, "the formula says of the same two both that they are one and that they are not")
    elif len(reading.relations) == 1 and _is_of_one_category(reading.relations[0]):
        yield _finding(reading, "the formula compares two values of one category, which always differ")


def _says_twice(relations: tuple[Relation, ...]) -> bool:
    """`A != B implies A == B`."""
    same = [
        (frozenset((r.low_things, r.high_things)), r.is_denied)
        for r in relations
        if r.kind == "equal" and r.low_things and r.high_things
    ]
    return any((pair, not is_denied) in same for pair, is_denied in same)


def _is_of_one_category(relation: Relation) -> bool:
    match relation:
        case Relation(kind="equal", low=ir.Apply(first, (ir.Literal(),)), high=ir.Apply(second, (ir.Literal(),))):
            return first == second
    return False


def _finding(reading: Reading, message: str) -> Finding:
    return reading.finding("vacuous-atom", message)
