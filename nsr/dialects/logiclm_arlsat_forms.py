"""Questions that ask for something else than which option must, could or cannot be true.

Each has a goal of its own in our language. `None` where the options are not of the shape that says what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from nsr.dialects.logiclm_arlsat_goal import Form, Mode, option_mode
from nsr.dialects.logiclm_arlsat_mending import shape
from nsr.dialects.logiclm_arlsat_names import Names
from nsr.dialects.logiclm_arlsat_options import LIST, Option, implication
from nsr.dialects.logiclm_arlsat_supposition import Said, asked_of, is_said
from nsr.dialects.logiclm_arlsat_terms import formula_of
from nsr.dialects.logiclm_formula import Node
from nsr.dialects.repairs import Findings
from nsr.language import ast

__all__ = ["Asked", "Goal", "goal_of"]

_REPLACED = re.compile(
    r"substituted for the (?:original )?\w+ that (?P<rule>.*?),? would have the same effect", re.IGNORECASE
)
_LABEL = "replaced"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its options, and what a goal needs to know of the program; `statements` are its constraints."""

    question: str
    options: Sequence[Option]
    statements: Sequence[ast.Statement]
    said: Sequence[Said]
    names: Names
    findings: Findings
    head: ast.Head

    def formula(self, node: Node) -> ast.Expr:
        """The truth value that a node says."""
        return formula_of(node, self.names, self.findings)

    def options_of(self, formulas: Sequence[ast.Expr]) -> list[ast.Statement]:
        """The options with these formulas or values."""
        pairs = zip(self.options, formulas, strict=True)
        return [ast.Option(ast.Name(o.label), formula) for o, formula in pairs]


class Goal(NamedTuple):
    """The constraints, some with a label now, and the goal with its options."""

    statements: list[ast.Statement]
    goal: list[ast.Statement]


def goal_of(form: Form, asked: Asked) -> Goal | None:
    """The goal of a form; None where the options do not say it.

    Raises:
        Unreadable: after an error has been recorded.
    """
    if any("isexception" in o.functions for o in asked.options):
        return None
    match form:
        case "forces":
            goal = _forces(asked)
        case "determines":
            goal = _determines(asked)
        case "equivalent":
            return _equivalent(asked)
        case "list":
            goal = _list(asked)
        case "maximize" | "minimize":
            goal = _best(form, asked)
    return None if goal is None else Goal(list(asked.statements), goal)


def _forces(asked: Asked) -> list[ast.Statement] | None:
    """*X must be so if which of the following?*: options `Implies(condition, X)`."""
    halves = [half for o in asked.options if (half := implication(o.formula)) is not None]
    if len(halves) < len(asked.options) or len({shape(conclusion) for _, conclusion in halves}) > 1:
        return None
    goal = ast.Choose("forces", formula=asked.formula(halves[0][1]), head=asked.head)
    return [goal, *asked.options_of([asked.formula(condition) for condition, _ in halves])]


def _determines(asked: Asked) -> list[ast.Statement] | None:
    """*Everything is determined if which of the following?*: everything that the constraints and options speak of."""
    if any(implication(o.formula) for o in asked.options):
        return None
    formulas = [asked.formula(o.formula) for o in asked.options]
    terms = tuple(ast.Name(f.own) for f in asked.names.functions.values() if f.name in asked.names.used)
    return [ast.Choose("determines", terms=terms, head=asked.head), *asked.options_of(formulas)]


def _equivalent(asked: Asked) -> Goal | None:
    """*Which has the same effect in place of the rule that ...?*: the rule is the constraint with that comment."""
    match = _REPLACED.search(" ".join(asked.question.split()))
    if match is None or any(implication(o.formula) for o in asked.options) or not asked.options:
        return None
    places = [i for i, s in enumerate(asked.said) if s.comment and is_said(match["rule"], [s], ())]
    if not places or len({asked.said[i].comment for i in places}) > 1:
        return None
    statements = list(asked.statements)
    labels = tuple(ast.Name(f"{_LABEL}_{n}") for n, _ in enumerate(places, 1))
    for label, place in zip(labels, places, strict=True):
        statements[place] = replace(statements[place], head=replace(statements[place].head, label=label))
    goal = ast.Choose("equivalent", labels=labels, head=asked.head)
    return Goal(statements, [goal, *asked.options_of([asked.formula(o.formula) for o in asked.options])])


def _list(asked: Asked) -> list[ast.Statement] | None:
    """*Which is a complete and accurate list of those that could be so?*: options `is_accurate_list([...])`.

    Right is the option all of whose members could be so, and none of the members that only other options have.
    """
    if not all(o.functions == (LIST,) and o.formula.parts for o in asked.options):
        return None
    words = asked_of(asked.question)
    modality = "certain" if re.search(r"\bmust\b", words, re.IGNORECASE) else "possible"
    is_denied = re.search(r"\bcannot\b", words, re.IGNORECASE) is not None
    members = {shape(part): part for o in asked.options for part in o.formula.parts}
    known = {key: ast.Call(ast.Name(modality), (asked.formula(part),)) for key, part in members.items()}
    formulas: list[ast.Expr] = []
    for option in asked.options:
        inside = {shape(part) for part in option.formula.parts}
        formulas.append(ast.And(tuple(c if (k in inside) != is_denied else ast.Not(c) for k, c in known.items())))
    return [ast.Choose("must", head=asked.head), *asked.options_of(formulas)]


def _best(form: Literal["maximize", "minimize"], asked: Asked) -> list[ast.Statement] | None:
    """*What is the most that it could be?*: options `term == value` with one term and different values."""
    pairs = [o.formula.parts for o in asked.options if o.formula.kind == "compare" and o.formula.text == "=="]
    if len(pairs) < len(asked.options) or any(len(pair) != 2 or pair[1].kind == "call" for pair in pairs):
        return None
    if len({shape(term) for term, _ in pairs}) > 1 or len({shape(value) for _, value in pairs}) < len(pairs):
        return None
    if option_mode(asked.options[0].functions) != Mode("could"):
        message = f"the question asks for the {form[:3]}imum that could be, the options say something else"
        asked.findings.repair("logiclm-goal-mode", message, asked.options[0].span, "is_sat(...)")
    # `>=` puts the sort in order.
    compared = [asked.formula(Node("compare", ">=", o.formula.parts, o.span)) for o in asked.options]
    terms = [c.terms for c in compared if isinstance(c, ast.Comparison)]
    goal = ast.Optimize(form, terms[0][0], head=asked.head)
    return [goal, *asked.options_of([value for _, value in terms])]
