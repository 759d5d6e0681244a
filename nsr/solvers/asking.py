"""Bindings of a query: those that tables decide by joining, the others by worlds in which they differ.

The query becomes a rule. Where it depends on no unknown, working it out gives the answers. Otherwise the part of it
that tables decide gives candidates, each gets a truth value of its own, and worlds are looked for in which a candidate
is true for the first time, or false for the first time, until there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nsr.language.ir import (
    And,
    Apply,
    Function,
    Iff,
    Literal,
    Quantified,
    Requirement,
    Rule,
    Variable,
    integer,
)
from nsr.language.sorts import BOOL, Element, IntSort, sort_size
from nsr.language.traverse import subterms
from nsr.reformulations import Construct, Feature, Position
from nsr.reformulations.bottom_up import forms_of, tables_joined
from nsr.reformulations.dependence import decided_relations
from nsr.reformulations.relations_to_tables import RELATIONS_TO_TABLES
from nsr.reformulations.substitution import Fresh, substitute
from nsr.solvers.jobs import ASKED
from nsr.solvers.protocol import Claim, Query, Task
from nsr.solvers.stages import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nsr.language.ir import Program
    from nsr.language.sorts import Value
    from nsr.limits import Budget
    from nsr.solvers.protocol import Backend, Code, NativeOutcome
    from nsr.solvers.stages import Prepared

__all__ = ["ask"]

_ANSWERS = f"{ASKED}answers"
_TRUTH = f"{ASKED}truth"


def ask(
    program: Program,
    source: Sequence[Function],
    backend: Backend,
    budget: Budget,
    seed: int,
    limit: int,
    seconds: dict[str, float],
) -> dict[str, Any]:
    """The reply to an `AskJob`."""
    (asked,) = [r.formula for r in program.requirements if r.name.startswith(ASKED)]
    assert isinstance(asked, Quantified)
    program = replace(program, requirements=tuple([r for r in program.requirements if not r.name.startswith(ASKED)]))
    rule = Rule(_ANSWERS, "rule", _ANSWERS, tuple([b.variable for b in asked.binders]), asked.binders, asked.body)
    if _is_left_to(backend, program, rule):
        return _answered(program, rule, source, backend, budget, seed, limit, seconds)
    decided = _derived(program, [rule], budget)
    if _ANSWERS in decided.tables:
        rows = _rows(decided)
        return _decided(decided, rows[:limit], source, backend, budget, seed, seconds, is_complete=len(rows) <= limit)
    candidates = _candidates(program, rule, budget)
    kept = candidates[:limit]
    program = _with_truths(program, asked, kept)
    task = prepare(program, source, backend, budget, seed, seconds)
    reply = _Worlds(task, kept).reply()
    reply["is_complete"] = reply["is_complete"] and len(kept) == len(candidates)
    return reply


def _is_left_to(backend: Backend, program: Program, rule: Rule) -> bool:
    """Whether the data decide the answers, and the back end works out such relations itself."""
    if Feature(Construct.DECIDED_RELATION, Position.DECLARATION) not in backend.spec.native:
        return False
    whole = _with_rule(program, rule)
    is_finite = all(sort_size(sort) is not None for sort in whole.symbols[_ANSWERS].arguments)
    return is_finite and _ANSWERS in decided_relations(whole)


def _answered(
    program: Program,
    rule: Rule,
    source: Sequence[Function],
    backend: Backend,
    budget: Budget,
    seed: int,
    limit: int,
    seconds: dict[str, float],
) -> dict[str, Any]:
    """The reply where the back end works out the answers as it does any relation that the data decide."""
    whole = _with_rule(program, rule)
    answers = whole.symbols[_ANSWERS]
    # Without unknowns and requirements there is one world, and it follows from the facts and rules.
    is_told = bool(program.requirements or program.unknowns())
    task = prepare(whole, (*source, answers) if is_told else (answers,), backend, budget, seed, seconds)
    found = task.ask(Query())
    if found.claim is not Claim.SATISFIABLE:
        return {**_ended(found), "encoding": task.encoding.digest()}
    places = task.tables.pop(_ANSWERS)
    reply = {
        "claim": "satisfiable",
        "answers": places[:limit],
        "is_complete": len(places) <= limit,
    }
    if not is_told:
        return {**reply, "encoding": task.encoding.digest()}
    return {
        **reply,
        "rows": task.rows(found),
        "tables": task.tables,
        "encoding": task.encoding.digest(),
    }


def _with_rule(program: Program, rule: Rule) -> Program:
    whole = _with_answers(program, rule)
    return replace(whole, rules=(*program.rules, rule))


def _derived(program: Program, rules: Sequence[Rule], budget: Budget) -> Program:
    """The program with the answers' relation and all relations that the data decide as tables."""
    whole = replace(_with_answers(program, rules[0]), rules=(*program.rules, *rules))
    return RELATIONS_TO_TABLES.rewrite(whole, budget)


def _with_answers(program: Program, rule: Rule) -> Program:
    sorts = tuple([arg.sort for arg in rule.args if isinstance(arg, Variable)])
    function = Function(_ANSWERS, "rel", sorts, BOOL, is_auxiliary=True)
    return replace(program, symbols={**program.symbols, _ANSWERS: function})


def _rows(program: Program) -> list[tuple[Value, ...]]:
    entries = program.tables[_ANSWERS].entries
    return sorted([key for key, value in entries.items() if value is True], key=_order)


def _order(key: tuple[Value, ...]) -> tuple[Any, ...]:
    return tuple([getattr(value, "index", value) for value in key])


def _decided(
    program: Program,
    rows: Sequence[tuple[Value, ...]],
    source: Sequence[Function],
    backend: Backend,
    budget: Budget,
    seed: int,
    seconds: dict[str, float],
    *,
    is_complete: bool,
) -> dict[str, Any]:
    """The reply where the data decide: the answers are certain if there is a world at all."""
    bindings = [(_plain(row), True, True, None, None) for row in rows]
    reply = {"claim": "satisfiable", "bindings": bindings, "is_complete": is_complete}
    if not program.requirements and not program.unknowns() and not program.relations():
        return reply
    without = {name: function for name, function in program.symbols.items() if name != _ANSWERS}
    tables = {name: table for name, table in program.tables.items() if name != _ANSWERS}
    task = prepare(replace(program, symbols=without, tables=tables), source, backend, budget, seed, seconds)
    found = task.ask(Query())
    if found.claim is Claim.SATISFIABLE:
        return {**reply, "rows": task.rows(found), "tables": task.tables, "encoding": task.encoding.digest()}
    return {**_ended(found), "encoding": task.encoding.digest()}


def _ended(found: NativeOutcome) -> dict[str, Any]:
    return {"claim": found.claim.value, "is_complete": found.is_complete, **found.ended()}


def _candidates(program: Program, rule: Rule, budget: Budget) -> list[tuple[Value, ...]]:
    """The bindings that the decided part of the query lets be true."""
    tables = RELATIONS_TO_TABLES.rewrite(program, budget)
    undecided = {f.name for f in (*program.unknowns(), *program.relations())} - decided_relations(program)
    known = _with_answers(tables, rule)
    forms = forms_of(rule, known, tables_joined(tables).keys(), undecided, Fresh(f"{ASKED}rule "))
    rules = []
    for form in forms:
        body = And((*form.atoms, *form.tests))
        used = {part.name for term in (*form.args, body) for part in subterms(term) if isinstance(part, Variable)}
        mentioned = [bound for bound in form.binders if bound.variable.name in used]
        rules.append(Rule(_ANSWERS, "rule", _ANSWERS, form.args, tuple(mentioned), body))
    if not rules:
        return []
    return _rows(_derived(tables, rules, budget))


def _with_truths(program: Program, asked: Quantified, candidates: Sequence[tuple[Value, ...]]) -> Program:
    """The program with a truth value for each candidate."""
    places = IntSort(0, max(0, len(candidates) - 1))
    truth = Function(_TRUTH, "pred", (places,), BOOL, is_auxiliary=True)
    added = []
    for place, values in enumerate(candidates):
        known = {b.variable.name: Literal(v, b.variable.sort) for b, v in zip(asked.binders, values, strict=True)}
        body = substitute(asked.body, known)
        cell = Apply(_TRUTH, (replace(integer(place), sort=places),), BOOL)
        added.append(Requirement(f"{ASKED}{place}", "constraint", Iff(cell, body)))
    if not candidates:
        return program
    return replace(
        program,
        symbols={**program.symbols, _TRUTH: truth},
        requirements=(*program.requirements, *added),
    )


def _plain(row: Sequence[Value]) -> list[Any]:
    return [_plain_value(value) for value in row]


def _plain_value(value: Value) -> Any:
    match value:
        case Element(sort, name, index):
            return [sort, name, index]
        case Fraction(numerator=numerator, denominator=denominator):
            return [numerator, denominator]
        case _:
            return value


@dataclass(slots=True)
class _Worlds:
    """Worlds that tell candidates apart."""

    task: Prepared
    candidates: Sequence[tuple[Value, ...]]

    def reply(self) -> dict[str, Any]:
        """Look for worlds until each candidate is known to be possible or not, and certain or not."""
        cells = [self.task.index(_TRUTH, place) for place in range(len(self.candidates))]
        witness: dict[int, Sequence[Code]] = {}
        counter: dict[int, Sequence[Code]] = {}
        if Task.CONSEQUENCES in self.task.backend.spec.tasks and cells:
            found = self.task.ask(Query(wanted=tuple([(cell, value) for cell in cells for value in (1, 0)])))
            for row in found.rows:
                for place, cell in enumerate(cells):
                    (witness if row[cell] else counter).setdefault(place, row)
            return self._told(found, found.rows, witness, counter, is_known=found.is_complete)
        rows: list[Sequence[Code]] = []
        found = self.task.ask(Query())
        while found.claim is Claim.SATISFIABLE:
            row = found.rows[0]
            rows.append(row)
            for place, cell in enumerate(cells):
                (witness if row[cell] else counter).setdefault(place, row)
            wanted = [(cell, 1) for place, cell in enumerate(cells) if place not in witness]
            wanted += [(cell, 0) for place, cell in enumerate(cells) if place not in counter]
            if not wanted:
                break
            found = self.task.ask(Query(one_of=tuple(wanted)))
        return self._told(found, rows, witness, counter, is_known=found.claim is not Claim.UNKNOWN)

    def _told(
        self,
        found: NativeOutcome,
        rows: Sequence[Sequence[Code]],
        witness: Mapping[int, Sequence[Code]],
        counter: Mapping[int, Sequence[Code]],
        *,
        is_known: bool,
    ) -> dict[str, Any]:
        """The reply once no more worlds are looked for; `is_known` where there are no others that tell more."""
        if not rows:
            return _ended(found)
        return {
            **_ended(found),
            "claim": "satisfiable",
            "is_complete": is_known,
            "rows": [self.task.row(rows[0])],
            "tables": self.task.tables,
            "encoding": self.task.encoding.digest(),
            "bindings": [
                self._binding(place, witness.get(place), counter.get(place), is_known=is_known)
                for place in range(len(self.candidates))
                if place in witness or not is_known
            ],
        }

    def _binding(
        self, place: int, witness: Sequence[Code] | None, counter: Sequence[Code] | None, *, is_known: bool
    ) -> tuple[Any, ...]:
        possible = True if witness is not None else False if is_known else None
        certain = False if counter is not None else True if is_known else None
        rows = [None if row is None else self.task.row(row) for row in (witness, counter)]
        return (_plain(self.candidates[place]), possible, certain, *rows)
