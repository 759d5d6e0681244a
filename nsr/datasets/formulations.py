"""Programs from the formulations of the NL4Opt competition: variables, an objective and constraints, as JSON.

The kinds of constraints are those of Ramamonjison et al., "Augmenting Operations Research with Auto-Formulation of
Optimization Models from Problem Descriptions" (EMNLP 2022 Industry): `linear`, `sum`, `lowerbound`, `upperbound`,
`ratio`, `xy`, `xby`. A formulation does not say whether its variables are integers: there are two programs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from nsr.datasets.fields import Unreadable
from nsr.datasets.values import number_of
from nsr.explain.spelling import folded

__all__ = ["programs_of"]

MAX_VARIABLES = 50

_CARDINALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS = {
    **{word: Fraction(n) for n, word in enumerate(_CARDINALS)},
    "half": Fraction(1, 2),
    "a half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "a third": Fraction(1, 3),
    "one third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "a quarter": Fraction(1, 4),
    "twice": Fraction(2),
    "double": Fraction(2),
    "thrice": Fraction(3),
    "triple": Fraction(3),
}
_OPERATORS = {"LESS_OR_EQUAL": "<=", "GREATER_OR_EQUAL": ">=", "EQUAL": "=="}
_UP, _DOWN = re.compile(r"max|increas|most|highest"), re.compile(r"min|reduc|decreas|lowest|least")


def programs_of(fields: Mapping[str, Any]) -> dict[str, str]:
    """The programs over real numbers and over integers (`real`, `int`), none of them negative.

    Raises:
        Unreadable: if something of the formulation is not understood.
    """
    return {domain: _program(fields, domain) for domain in ("real", "int")}


def _program(fields: Mapping[str, Any], domain: str) -> str:
    names = _Names(fields)
    constraints = fields.get("const_declarations")
    if not isinstance(constraints, list):
        raise Unreadable("'const_declarations' is no list")
    lines = [f"var {name}: {domain} in 0.." for name in names.all]
    lines += [f"constraint: {_constraint(c, names)}" for c in constraints]
    return "\n".join([*lines, _objective(fields.get("obj_declaration"), names), ""])


class _Names:
    """The variables of a formulation by the words that it uses for them."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        given, mentions = fields.get("vars"), fields.get("var_mention_to_first_var")
        if not isinstance(given, list) or not all(isinstance(v, str) for v in given):
            raise Unreadable("'vars' is no list of names")
        if not 0 < len(set(given)) == len(given) <= MAX_VARIABLES:
            raise Unreadable(f"'vars' does not have 1 to {MAX_VARIABLES} different names")
        self._given = given
        self._mentions = mentions if isinstance(mentions, Mapping) else {}
        self.all = [f"x{n}_{re.sub(r'[^a-z0-9]+', '_', v.lower())[:40].strip('_')}" for n, v in enumerate(given)]

    def of(self, said: Any) -> str:
        """The variable that is meant: by name, by what is listed for it, or by its words."""
        said = self._mentions.get(said, said) if isinstance(said, str) else said
        if said in self._given:
            return self.all[self._given.index(said)]
        words = _stems(str(said))
        meant = [n for n, v in enumerate(self._given) if _stems(v) == words]
        meant = meant or [n for n, v in enumerate(self._given) if _stems(v) > words or _stems(v) < words]
        if len(meant) != 1:
            raise Unreadable(f"{said!r} is not clearly one of the variables {', '.join(self._given)}")
        return self.all[meant[0]]

    def sum(self, terms: Any) -> str:
        """A linear sum: coefficients by variable, or variables in a list."""
        if isinstance(terms, list):
            terms = dict.fromkeys(map(str, terms), "1")
        if not isinstance(terms, Mapping) or not terms:
            raise Unreadable("a sum has no terms")
        return " + ".join(f"{_number(c)} * {self.of(v)}" for v, c in terms.items())


def _stems(text: str) -> set[str]:
    return {w.removesuffix("s") for w in folded(text).split()}


def _constraint(given: Any, names: _Names) -> str:
    if not isinstance(given, Mapping):
        raise Unreadable("a constraint is not an object")
    operator = _OPERATORS.get(str(given.get("operator")))
    if operator is None:
        raise Unreadable(f"the operator {given.get('operator')!r} is not known")
    left, right = _sides(given, names)
    return f"{left} {operator} {right}"


def _sides(given: Mapping[str, Any], names: _Names) -> tuple[str, str]:
    everything = " + ".join(names.all)
    match given.get("type"):
        case "linear":
            return names.sum(given.get("terms")), _number(given.get("limit"))
        case "sum":
            return everything, _number(given.get("limit"))
        case "lowerbound" | "upperbound":
            return names.of(given.get("var")), _number(given.get("limit"))
        case "xy":
            return names.of(given.get("x_var")), names.of(given.get("y_var"))
        case "xby":
            return names.of(given.get("x_var")), f"{_number(given.get('param'))} * {names.of(given.get('y_var'))}"
        case "ratio":
            return names.of(given.get("var")), f"{_number(given.get('limit'), is_share=True)} * ({everything})"
        case other:
            raise Unreadable(f"the kind of constraint {other!r} is not known")


def _objective(given: Any, names: _Names) -> str:
    if not isinstance(given, Mapping):
        raise Unreadable("'obj_declaration' is not an object")
    return f"{_direction(given.get('direction'))} {names.sum(given.get('terms', given.get('vars')))}"


def _direction(said: Any) -> str:
    word = str(said).lower()
    if _UP.search(word):
        return "maximize"
    if _DOWN.search(word):
        return "minimize"
    raise Unreadable(f"the direction {said!r} is neither up nor down")


def _number(said: Any, *, is_share: bool = False) -> str:
    """A number as the language writes it; a share above 1 is in percent."""
    text = str(said).strip().lower().removesuffix(" times").replace(" percent", "%")
    found = _WORDS.get(text, number_of(text))
    if found is None:
        raise Unreadable(f"{said!r} is no number")
    if is_share and found > 1:
        found /= 100
    return str(found) if found.denominator == 1 else f"({found.numerator} / {found.denominator})"
