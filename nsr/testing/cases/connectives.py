"""Every kind of formula as an operand of every connective, the whole required, denied, or one of two.

The solutions are counted by a Python function beside each. A back end that writes a definition in one direction only
must know in which direction it is looked at; that shows where formulas are nested.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from nsr.testing.cases.case import Case

__all__ = ["CONNECTIVE_CASES"]

_Truth = Callable[..., bool]

# Text of an operand, and its truth.
_INNER: tuple[tuple[str, _Truth], ...] = (
    ("b and c", lambda a, b, c: b and c),
    ("b or c", lambda a, b, c: b or c),
    ("b implies c", lambda a, b, c: not b or c),
    ("b iff c", lambda a, b, c: b == c),
    ("b xor c", lambda a, b, c: b != c),
    ("if b then c else a", lambda a, b, c: c if b else a),
    ("count(k for k in 1..2 if (k == 1 and b) or c) == 1", lambda a, b, c: b and not c),
)

# Text around an operand, and the truth of the whole given that of the operand, `a` and `b`.
_OUTER: tuple[tuple[str, str, Callable[[bool, bool, bool], bool]], ...] = (
    ("iff_left", "({}) iff a", lambda f, a, b: f == a),
    ("iff_right", "(a or b) iff ({})", lambda f, a, b: (a or b) == f),
    ("xor_left", "({}) xor a", lambda f, a, b: f != a),
    ("xor_right", "(a and b) xor ({})", lambda f, a, b: (a and b) != f),
    ("implies_left", "({}) implies a", lambda f, a, b: not f or a),
    ("implies_right", "not a implies ({})", lambda f, a, b: a or f),
    ("condition", "if ({}) then a else b", lambda f, a, b: a if f else b),
    ("branch_then", "if a then ({}) else not b", lambda f, a, b: f if a else not b),
    ("branch_else", "if a then b else ({})", lambda f, a, b: b if a else f),
    ("conjunct", "(a or b) and ({})", lambda f, a, b: (a or b) and f),
    ("disjunct", "not (a or b) or ({})", lambda f, a, b: not (a or b) or f),
    ("denied", "not ({}) or not a", lambda f, a, b: not f or not a),
    ("equal", "(({}) == a) == b", lambda f, a, b: (f == a) == b),
    ("different", "distinct(({}), a)", lambda f, a, b: f != a),
)

# Text around the whole, and whether it is true.
_WHOLE: tuple[tuple[str, str, Callable[[bool], bool]], ...] = (
    ("required", "{}", lambda f: f),
    ("one_of_two", "d or ({})", lambda f: f),
    ("denied", "not ({})", lambda f: not f),
    ("beside", "d iff not ({})", lambda f: f),
    ("under_a_condition", "not d implies ({})", lambda f: f),
    ("one_of_two_formulas", "(d and a) or ({})", lambda f: f),
    ("both_denied", "not ((not d or a) and ({}))", lambda f: not f),
)


def _connective_cases() -> Iterator[Case]:
    pairs = itertools.product(enumerate(_OUTER), enumerate(_INNER))
    for (i, (outer, around, joined)), (j, (text, inner)) in pairs:
        # Every whole comes with every outer formula, and with every inner one.
        name, context, whole = _WHOLE[(i + j) % len(_WHOLE)]
        worlds = itertools.product((False, True), repeat=3)
        count = sum(whole(joined(inner(a, b, c), a, b)) for a, b, c in worlds)
        formula = context.format(around.format(text))
        program = f"var a, b, c, d: bool\nconstraint: not d\nconstraint: {formula}\nfind all\n"
        yield Case(f"connective_{outer}_{j}_{name}", program, solutions=count)


CONNECTIVE_CASES = tuple(_connective_cases())
"""`d` is false in each of them, so that there are at most eight solutions."""
