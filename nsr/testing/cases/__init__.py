"""Conformance cases as data: a program, and what is known of its answers without any of our own code.

Two parts put every kind of atom into every position of a formula, and formulas into each other, and count solutions
with a Python function beside them; the others are written by hand, with answers that can be found on paper. A fixed bug
leaves a case named after the symptom. Parser, checker, evaluator and every back end are held to all of them.
"""

from __future__ import annotations

from nsr.testing.cases.atoms import ATOM_CASES
from nsr.testing.cases.case import Case, Told, case, fits
from nsr.testing.cases.connectives import CONNECTIVE_CASES
from nsr.testing.cases.declarations import DECLARATION_CASES
from nsr.testing.cases.formulas import FORMULA_CASES
from nsr.testing.cases.goals import GOAL_CASES
from nsr.testing.cases.numbers import NUMBER_CASES
from nsr.testing.cases.objectives import OBJECTIVE_CASES
from nsr.testing.cases.open_types import OPEN_CASES
from nsr.testing.cases.real_unknowns import REAL_CASES
from nsr.testing.cases.regressions import REGRESSION_CASES
from nsr.testing.cases.relations import RELATION_CASES
from nsr.testing.cases.rule_arguments import ARGUMENT_CASES
from nsr.testing.cases.rule_bodies import BODY_CASES
from nsr.testing.cases.searches import SEARCH_CASES
from nsr.testing.cases.sets import SET_CASES

__all__ = ["ATOM_CASES", "CASES", "CONNECTIVE_CASES", "WRITTEN_CASES", "Case", "Told", "case", "fits"]

WRITTEN_CASES: tuple[Case, ...] = (
    *DECLARATION_CASES,
    *FORMULA_CASES,
    *SEARCH_CASES,
    *RELATION_CASES,
    *ARGUMENT_CASES,
    *BODY_CASES,
    *SET_CASES,
    *NUMBER_CASES,
    *REAL_CASES,
    *GOAL_CASES,
    *OBJECTIVE_CASES,
    *OPEN_CASES,
    *REGRESSION_CASES,
)

CASES = (*WRITTEN_CASES, *ATOM_CASES, *CONNECTIVE_CASES)
