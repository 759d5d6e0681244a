"""Facts and rules as reasons, in the words of the program: nothing that the checker has added is named."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nsr.explain.statements import formula_text
from nsr.language.ir import Apply, Implies, Literal, Not, Quantified, Rule
from nsr.proofs.steps import ByFact, ByRule, Signed
from nsr.reformulations.dependence import mentions_of_rule
from nsr.results import Reason

if TYPE_CHECKING:
    from nsr.language.ir import Facts, Program, Question, Requirement
    from nsr.proofs.steps import Step

__all__ = ["Side", "rules_for", "side_of", "sides_of", "step_reasons"]

MOST_STEPS = 60
"""Reasons are given for so many steps at most."""


class Side(NamedTuple):
    """The relation of which an auxiliary one says what is known true (`is_positive`) or known false."""

    relation: str
    is_positive: bool


def side_of(program: Program, requirement: Requirement) -> tuple[str, Side] | None:
    """What a requirement "what is known holds" is about, and the auxiliary relation; None for any other."""
    formula = requirement.formula
    body = formula.body if isinstance(formula, Quantified) else formula
    if not isinstance(body, Implies) or not isinstance(body.left, Apply):
        return None
    known, is_positive = body.left.symbol, not isinstance(body.right, Not)
    atom = body.right.arg if isinstance(body.right, Not) else body.right
    if not program.symbols[known].is_auxiliary or not isinstance(atom, Apply):
        return None
    return known, Side(atom.symbol, is_positive)


def sides_of(program: Program, question: Question) -> dict[str, Side]:
    """The auxiliary relations that say what is known, those of strict rules too."""
    found = dict(filter(None, (side_of(program, r) for r in program.requirements_of(question))))
    for rule in program.rules_of(question):
        if rule.name in program.symbols and rule.symbol in found and isinstance(rule.body, Apply):
            found[rule.body.symbol] = found[rule.symbol]
    return found


def step_reasons(program: Program, question: Question, steps: Sequence[Step]) -> tuple[Reason, ...]:
    """A reason for each fact and rule of a derivation, in order, with what it concludes; of a long one for the end."""
    sides = sides_of(program, question)
    rules = program.rules_of(question)
    concluded: dict[str, list[str]] = {}
    for step in steps[-MOST_STEPS:]:
        match step.by, step.conclusion:
            case ByFact(name), (Signed(Apply(symbol, args)),):
                told = concluded.setdefault(name, [])
            case ByRule(index), (Signed(Apply(symbol, args)),):
                told = concluded.setdefault(rules[index].name, [])
            case _:
                continue
        side = sides.get(symbol)
        if side is None and program.symbols[symbol].is_auxiliary:
            continue
        relation, is_positive = side or Side(symbol, True)
        row = ", ".join(str(arg.value) for arg in args if isinstance(arg, Literal))
        text = f"{'' if is_positive else 'not '}{relation}" + (f"({row})" if row else "")
        if text not in told:
            told.append(text)
    return tuple(
        reason.model_copy(update={"concludes": ", ".join(concluded[reason.label])})
        for reason in _reasons(program, question, tuple(concluded))
    )


def rules_for(
    program: Program, question: Question, symbols: Iterable[str], through: Container[str] = ()
) -> tuple[Reason, ...]:
    """The facts and rules about some relations, and about those in `through` and auxiliary ones that they rest on."""
    written: tuple[Facts | Rule, ...] = (*program.facts_of(question), *program.rules_of(question))
    sides = dict(filter(None, (side_of(program, r) for r in program.requirements_of(question))))
    waiting, seen, names = list(symbols), set[str](), list[str]()
    while waiting:
        symbol = waiting.pop(0)
        if symbol in seen:
            continue
        seen.add(symbol)
        for statement in written:
            if statement.symbol == symbol:
                names.append(statement.name)
                if isinstance(statement, Rule):
                    waiting += _parts(program, statement, through, sides)
    return _reasons(program, question, tuple(dict.fromkeys(names)))


def _parts(program: Program, rule: Rule, through: Container[str], sides: Container[str]) -> list[str]:
    """The relations that a rule rests on, as far as they are to be followed."""
    calls = mentions_of_rule(rule, program).positive
    return sorted(
        name for name in calls if name in through or (program.symbols[name].is_auxiliary and name not in sides)
    )


def _reasons(program: Program, question: Question, names: Sequence[str]) -> tuple[Reason, ...]:
    """The statements of these names; what is written out for another rule goes under that rule's name."""
    found: dict[str, Reason] = {}
    written: tuple[Facts | Rule, ...] = (*program.facts_of(question), *program.rules_of(question))
    for statement in written:
        name = statement.name
        if name not in names or (name in program.symbols and program.symbols[name].is_auxiliary):
            continue
        before = found.get(name)
        if before is None or (statement.citations and not before.sentences):
            text = formula_text(program, statement)
            found[name] = Reason(label=name, sentences=statement.citations, formula=text)
    return tuple(found[name] for name in names if name in found)
