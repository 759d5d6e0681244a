"""Scorers, one for each kind of answer. No answer is `abstained`, never wrong; a gold answer that says nothing raises.

What nobody can score (`UnreadableGold`) is counted apart by whoever scores a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from nsr.datasets.grids import is_grid, right_cells
from nsr.datasets.protocol import Judgement, Option, Problem, Scorer, Verdict
from nsr.datasets.values import no_optimum, number_of, verdict_of, words_of
from nsr.explain.spelling import folded
from nsr.results import Result, Status

__all__ = [
    "SCORERS",
    "AnyScorer",
    "AssignmentScorer",
    "GridScorer",
    "NumberScorer",
    "OptionScorer",
    "UnreadableGold",
    "VerdictScorer",
    "WordsScorer",
    "option_of",
]

OPTIMUM_TOLERANCE = Fraction(1, 10_000)
"""Several sets round their optima to two decimals."""


class UnreadableGold(ValueError):
    """A gold answer is not what its set's answers are."""


def _no_answer(result: Result) -> Judgement | None:
    if result.is_answered and result.answer is not None:
        return None
    return Judgement(Verdict.ABSTAINED, result.reason or result.status.value)


def _judged(is_right: bool, detail: str, parts: tuple[int, int] | None = None) -> Judgement:
    return Judgement(Verdict.RIGHT, "", parts) if is_right else Judgement(Verdict.WRONG, detail, parts)


class GridScorer:
    """A grid is right when all of it is; cells are counted besides, those under the first heading name the rows."""

    name = "grid"

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Compares tables by headings and rows. UnreadableGold where the gold answer is no grid."""
        if not is_grid(problem.gold):
            raise UnreadableGold("the gold answer is no grid")
        cells = sum(len(row) - 1 for row in problem.gold["rows"])
        if (silent := _no_answer(result)) is not None:
            return silent._replace(parts=(0, cells))
        table = result.answer.get("table") if isinstance(result.answer, Mapping) else None
        if not is_grid(table):
            return Judgement(Verdict.WRONG, "the answer is no grid", (0, cells))
        right, is_whole = right_cells(table, problem.gold)
        return _judged(is_whole, f"{right} of {cells} cells are right", (right, cells))


class AssignmentScorer:
    """Who is what: right when every name of the gold answer has its role.

    An answer says so by roles as values, by a truth value under a symbol named like a role (`knight(Ann) = true`), or
    by a truth value under another symbol or under the name itself; true is then the first role, the truth-teller.
    """

    name = "assignment"
    roles = ("knight", "knave")

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Compares name by name. UnreadableGold where the gold answer does not give roles to names."""
        gold = problem.gold
        if not isinstance(gold, Mapping) or not gold or not set(map(str, gold.values())) <= set(self.roles):
            raise UnreadableGold(f"the gold answer does not say who is {' or '.join(self.roles)}")
        if (silent := _no_answer(result)) is not None:
            return silent._replace(parts=(0, len(gold)))
        said = self._said(result.answer)
        right = sum(said.get(folded(name)) == role for name, role in gold.items())
        return _judged(right == len(gold), f"{right} of {len(gold)} names have their role", (right, len(gold)))

    def _said(self, answer: Any) -> dict[str, str]:
        assignment = answer.get("assignment") if isinstance(answer, Mapping) else None
        said: dict[str, str] = {}
        if not isinstance(assignment, Mapping):
            return said
        for symbol, value in assignment.items():
            cells = value.items() if isinstance(value, Mapping) else ((symbol, value),)
            for name, cell in cells:
                if (role := self._role(folded(str(symbol)), cell)) is not None:
                    said[folded(str(name))] = role
        return said

    def _role(self, symbol: str, cell: Any) -> str | None:
        first, second = self.roles
        if isinstance(cell, bool):
            named, other = (second, first) if second in symbol else (first, second)
            return named if cell else other
        return next((role for role in self.roles if isinstance(cell, str) and role in folded(cell)), None)


def option_of(options: tuple[Option, ...], said: Any) -> str | None:
    """The label of the option that is said, by label or by wording; None if it is none of them, or two."""
    if isinstance(said, bool) or not isinstance(said, (str, int)):
        return None
    word = folded(str(said)).strip("().")
    by_label = [o.label for o in options if folded(o.label) == word]
    found = by_label or [o.label for o in options if folded(o.text).rstrip(".") == word.rstrip(".")]
    return found[0] if len(found) == 1 else None


class OptionScorer:
    """The label of an option, or its wording."""

    name = "option"

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Compares labels. UnreadableGold where the gold answer is none of the options."""
        gold = option_of(problem.options, problem.gold)
        if gold is None:
            raise UnreadableGold("the gold answer is none of the options")
        if (silent := _no_answer(result)) is not None:
            return silent
        words = words_of(result.answer) or ()
        said = option_of(problem.options, next(iter(words))) if len(words) == 1 else None
        if said is None:
            return Judgement(Verdict.WRONG, "the answer is none of the options")
        return _judged(said == gold, f"the answer is {said}, the gold answer {gold}")


class VerdictScorer:
    """True, false or unknown, by whatever words; the label of an option says what the option says."""

    name = "verdict"

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Compares verdicts. UnreadableGold where the gold answer is none."""
        gold = _verdict(problem, problem.gold)
        if gold is None:
            raise UnreadableGold("the gold answer is neither true, false nor unknown")
        if (silent := _no_answer(result)) is not None:
            return silent
        said = _verdict(problem, result.answer)
        if said is None:
            return Judgement(Verdict.WRONG, "the answer is neither true, false nor unknown")
        return _judged(said == gold, f"the answer is {said}, the gold answer {gold}")


def _verdict(problem: Problem, said: Any) -> str | None:
    if (found := verdict_of(said)) is not None:
        return found
    label = option_of(problem.options, said)
    return next((verdict_of(o.text) for o in problem.options if o.label == label), None)


@dataclass(frozen=True, slots=True)
class NumberScorer:
    """A number: right within `relative` of the gold number, or within `absolute`, worked out exactly.

    A gold answer may be a mark for "there is no optimum"; right is then what says the same.
    """

    name: str = "number"
    relative: Fraction = Fraction(1, 1_000_000)
    absolute: Fraction = Fraction(1, 1_000_000)

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Compares numbers. UnreadableGold where the gold answer is neither a number nor such a mark."""
        mark = no_optimum(problem.gold)
        gold = number_of(problem.gold)
        if mark is None and gold is None:
            raise UnreadableGold("the gold answer is no number")
        if mark is not None and result.status in _SAYS_NONE[mark]:
            return Judgement(Verdict.RIGHT)
        if (silent := _no_answer(result)) is not None:
            return silent
        said = _number_said(result.answer)
        if said is None:
            return Judgement(Verdict.WRONG, "the answer is no number")
        if gold is None:
            return Judgement(Verdict.WRONG, f"the answer is {_told(said)}, the gold answer {mark}")
        return _judged(self.agrees(said, gold), f"the answer is {_told(said)}, the gold answer {_told(gold)}")

    def agrees(self, said: Fraction, gold: Fraction) -> bool:
        """Whether a number is within the tolerance of the gold number."""
        return abs(said - gold) <= max(self.absolute, self.relative * abs(gold))


def _told(number: Fraction) -> str:
    try:
        return f"{float(number):.12g}"
    except OverflowError:
        return "beyond 1e308" if number > 0 else "below -1e308"


_NONE = frozenset({Status.NO_SOLUTION, Status.INCONSISTENT})
_SAYS_NONE = {
    "infeasible": _NONE,
    "unbounded": frozenset({Status.UNBOUNDED}),
    "no optimum": _NONE | {Status.UNBOUNDED, Status.UNATTAINED},
}


def _number_said(answer: Any) -> Fraction | None:
    """The number that an answer gives: itself, the objective, or the only value of all."""
    match answer:
        case Mapping() if "objective" in answer:
            values = answer["objective"]
            return _number_said(values[-1] if isinstance(values, list) and values else values)
        case Mapping() if isinstance(inner := answer.get("assignment"), Mapping):
            return _number_said(next(iter(inner.values()))) if len(inner) == 1 else None
        case Mapping() | list():
            values = list(answer.values()) if isinstance(answer, Mapping) else answer
            return _number_said(values[0]) if len(values) == 1 else None
        case _:
            return number_of(answer)


class WordsScorer:
    """A word, or a set of words in any order, which may be empty. A verdict stands for yes, no or DK (do not know)."""

    name = "words"

    def score(self, problem: Problem, result: Result) -> Judgement:
        """Compares sets of words. UnreadableGold where the gold answer has none."""
        gold = words_of(problem.gold)
        if gold is None or (not gold and not isinstance(problem.gold, list)):
            raise UnreadableGold("the gold answer has no words")
        if (silent := _no_answer(result)) is not None:
            return silent
        said = words_of(result.answer)
        if said is None:
            return Judgement(Verdict.WRONG, "the answer has no words")
        labels = {folded(o.label): folded(o.text) for o in problem.options}
        said = frozenset(labels.get(w, w) for w in said)
        is_right = said == gold or _as_verdicts(said) == _as_verdicts(gold) != {None}
        told = "the answer is {}, the gold answer {}".format(*(", ".join(sorted(s)) or "nothing" for s in (said, gold)))
        return _judged(is_right, told)


def _as_verdicts(words: frozenset[str]) -> set[str | None]:
    verdicts = {verdict_of(w) for w in words}
    return {None} if None in verdicts else verdicts


class AnyScorer:
    """The scorer that the shape of the gold answer calls for."""

    name = "any"

    def score(self, problem: Problem, result: Result) -> Judgement:
        """As that scorer does."""
        return self._for(problem).score(problem, result)

    def _for(self, problem: Problem) -> Scorer:
        gold = problem.gold
        if is_grid(gold):
            return SCORERS["grid"]
        if isinstance(gold, Mapping):
            return SCORERS["assignment"]
        if verdict_of(gold) is not None:
            return SCORERS["verdict"]
        if problem.options and option_of(problem.options, gold) is not None:
            return SCORERS["option"]
        if number_of(gold) is not None or no_optimum(gold) is not None:
            return SCORERS["optimum"]
        return SCORERS["words"]


SCORERS: dict[str, Scorer] = {
    "any": AnyScorer(),
    "grid": GridScorer(),
    "assignment": AssignmentScorer(),
    "option": OptionScorer(),
    "verdict": VerdictScorer(),
    "number": NumberScorer(),
    "optimum": NumberScorer("optimum", OPTIMUM_TOLERANCE),
    "words": WordsScorer(),
}
"""By the kind of answer, `AnswerKind`."""
