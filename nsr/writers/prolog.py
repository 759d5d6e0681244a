"""Prolog for SWI-Prolog (9.0 or later): rules as tabled clauses, constraints in CLP(FD) and CLP(Q), a `main`.

Elements stand under their own names in clauses (quoted where Prolog needs it); in constraints they are numbers, as a
finite-domain solver wants them, and `main` prints the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nsr.language import ir
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import open_sorts
from nsr.language.sorts import BOOL, BoolSort, Element, EnumSort, NumberSort, Sort, Value
from nsr.limits import Budget
from nsr.reformulations.coding import codes_of, decode
from nsr.reformulations.dependence import decided_relations
from nsr.solvers import Gap, get_backend
from nsr.solvers.jobs import program_of_question
from nsr.solvers.prolog.constraints import Constraints
from nsr.solvers.prolog.goals import Goals
from nsr.solvers.prolog.notation import Names as Written
from nsr.solvers.prolog.reals import MixedConstraints, has_reals
from nsr.solvers.prolog.rules import Clause, Relations, worked_out
from nsr.writers.ground import Ground, budget_for_text, ground, statement_text
from nsr.writers.names import Alphabet, Names, comment
from nsr.writers.prolog_text import BUILT_IN, blocks, helpers, quoted

__all__ = ["to_prolog"]

ANSWER = "answer"

VARIABLES = Alphabet(first="A-Z", prefix="V_", is_case_blind=True)


def to_prolog(program: ir.Program, question: int = 0) -> str:
    """One question of a program as a file that `swipl FILE` runs.

    Raises:
        Gap: for open types, unbounded numbers, and goals that cannot be written out.
        BudgetExceeded: where the text would grow too large.
    """
    program = with_named_things_only(program)
    if open_sorts(program):
        raise Gap(("open types",))
    budget = budget_for_text()
    asked = _asked_of_relations(program, question)
    if asked is not None:
        lines = _rules_and_query(*asked, budget)
    else:
        found = ground(program, question, get_backend("prolog").spec.native, budget)
        lines = _constraints(program, found, budget)
    text = "\n".join(lines)
    called = helpers(text)
    head = [comment("written by nsr; run it with: swipl FILE", "%"), ":- use_module(library(clpfd))."]
    if "{" in called:
        head.append(":- use_module(library(clpq), [{}/1, inf/2, inf/4, sup/2]).")
    return "\n".join([*head, ":- style_check(-singleton).", "", text, called])


class _Spelling:
    """Names of predicates; which types are spoken of in clauses."""

    def __init__(self) -> None:
        self.predicates = Names(Alphabet(first="a-z", prefix="p_", reserved=BUILT_IN | frozenset(blocks())))
        self.predicates.of(("f", f"{ANSWER} "), ANSWER)
        self.types: dict[EnumSort, None] = {}
        self.ordered: dict[EnumSort, None] = {}

    def lines(self) -> Iterator[str]:
        """The elements of the types that have come up, and their places."""
        for sort in self.types:
            name = self.predicates.of(("type", sort.name), sort.name.lower())
            yield from [f"{name}({quoted(element)})." for element in sort.elements]
            yield ""
        for sort in self.ordered:
            name = self.predicates.of(("place", sort.name), sort.name.lower(), "place")
            yield from [f"{name}({quoted(element)}, {place})." for place, element in enumerate(sort.elements)]
            yield ""


class _Goals(Goals):
    """Goals as a person reads them."""

    def __init__(self, program: ir.Program, names: Written, budget: Budget, spelling: _Spelling) -> None:
        super().__init__(program, names, budget)
        self._spelling = spelling
        self._variables = Names(VARIABLES)

    def variable(self, hint: str = "") -> str:
        self._count += 1
        return self._variables.of(self._count, re.split(r"[~#. ]", hint)[0].capitalize() or "V")

    def plain(self, value: Value) -> str:
        return quoted(value.name) if isinstance(value, Element) else super().plain(value)

    def head(self, name: str, values: Sequence[str]) -> str:
        return f"{name}({', '.join(values)})" if values else name

    def of_sort(self, sort: Sort, value: str) -> str:
        if not isinstance(sort, EnumSort):
            return super().of_sort(sort, value)
        self._spelling.types[sort] = None
        return f"{self._spelling.predicates.of(('type', sort.name), sort.name.lower())}({value})"

    def position(self, sort: EnumSort, value: str, goals: list[str]) -> str:
        place = self.variable("place")
        goals.append(self._placed(sort, value, place))
        return place

    def element(self, sort: EnumSort, place: str, goals: list[str]) -> str:
        value = self.variable(sort.name)
        goals.append(self._placed(sort, value, place))
        return value

    def _placed(self, sort: EnumSort, value: str, place: str) -> str:
        self._spelling.ordered[sort] = None
        return f"{self._spelling.predicates.of(('place', sort.name), sort.name.lower(), 'place')}({value}, {place})"


class _Relations(Relations):
    """Relations as clauses of a file."""

    def __init__(self, program: ir.Program, budget: Budget, spelling: _Spelling) -> None:
        self.spelling = spelling
        super().__init__(program, budget)
        self.lines = [line for line, after in zip(self.lines, [*self.lines[1:], ""], strict=False) if line or after]

    def goals(self, under_way: Mapping[str, str] | None = None) -> Goals:
        return _Goals(self._program, self.names, self._budget, self.spelling)

    def _name(self, kind: str, place: int, symbol: str) -> str:
        return self.spelling.predicates.of((kind, symbol), symbol)

    def _facts(self, name: str, arity: int, rows: Iterable[Sequence[Value]]) -> None:
        goals = self.goals()
        told = dict.fromkeys([goals.head(name, [goals.plain(value) for value in row]) for row in rows])
        self._budget.spend(len(told))
        self.lines.extend([f"{one}." for one in told])

    def _state(self, clause: Clause) -> None:
        body = [goal for goal in clause.goals if goal != "true"]
        self.lines.append(f"{clause.head} :-\n    " + ",\n    ".join(body) + "." if body else f"{clause.head}.")

    def _define(self) -> None:
        super()._define()
        self.lines = [line for line in self.lines if not line.startswith("open(")]

    def _group(self, group: Sequence[str]) -> None:
        inside = set(group)
        rules = [rule for rule in self._program.rules if rule.symbol in inside]
        forms = [(rule.name, form) for rule in rules for form in self.forms(rule)]
        if any(self._looks_at(form, inside) for _, form in forms):
            raise Gap(("rules that look at their own relation in other ways than by calling it",))
        clauses = self.clauses(forms, {})
        if not any(rule.symbol == name for rule in rules for name in group) and not self._has_facts(group):
            self.lines.extend([f":- dynamic {self._indicator(name)}." for name in group])
        for name in group:
            self.lines.append("")
            if rules:
                self.lines.append(f":- table {self._indicator(name)}.")
            rows = [row for facts in self._program.facts if facts.symbol == name for row in facts.rows]
            self._facts(self.names.relations[name], 0, rows)
            for (_, form), clause in zip(forms, clauses, strict=True):
                if form.symbol == name:
                    self._told(clause.rule)
                    self._state(clause)

    def _has_facts(self, group: Sequence[str]) -> bool:
        return any(facts.symbol in group and facts.rows for facts in self._program.facts)

    def _told(self, rule: str) -> None:
        """The sentences of a rule, as a comment."""
        stated = next((one for one in self._program.rules if one.name == rule), None)
        self.lines.extend([comment(text, "%") for text in (stated.citations if stated else ())])

    def _indicator(self, name: str) -> str:
        return f"{self.names.relations[name]}/{len(self._program.symbols[name].arguments)}"

    def _places(self, place: int, function: ir.Function) -> str:
        return ""


def _relations(program: ir.Program, budget: Budget, spelling: _Spelling) -> _Relations:
    try:
        return _Relations(program, budget, spelling)
    except Gap:
        return _Relations(worked_out(program, budget), budget, _renewed(spelling))


def _renewed(spelling: _Spelling) -> _Spelling:
    spelling.types.clear()
    spelling.ordered.clear()
    return spelling


# Queries that facts and rules answer


def _asked_of_relations(program: ir.Program, number: int) -> tuple[ir.Program, Sequence[str]] | None:
    """The program of a question, its answers one relation more; None where facts and rules do not decide them."""
    goal = program.questions[number].goal
    asked = program_of_question(program, number)
    if not isinstance(goal, ir.Ask) or not goal.binders or asked.requirements or asked.unknowns():
        return None
    variables = tuple([bound.variable for bound in goal.binders])
    answers = ir.Function(ANSWER, "rel", tuple([v.sort for v in variables]), BOOL, is_auxiliary=True)
    rule = ir.Rule(ANSWER, "rule", ANSWER, variables, goal.binders, goal.body, goal.citations)
    whole = replace(asked, symbols={**asked.symbols, f"{ANSWER} ": replace(answers, name=f"{ANSWER} ")})
    whole = replace(whole, rules=(*asked.rules, replace(rule, symbol=f"{ANSWER} ")))
    if f"{ANSWER} " not in decided_relations(whole):
        return None
    return whole, [re.split(r"[~#.]", v.name)[0] for v in variables]


def _rules_and_query(program: ir.Program, titles: Sequence[str], budget: Budget) -> list[str]:
    spelling = _Spelling()
    relations = _relations(program, budget, spelling)
    names = [f"V{place}" for place in range(len(titles))]
    answer = relations.names.relations[f"{ANSWER} "]
    shown = ", ".join([f"{quoted(title)}={name}" for title, name in zip(titles, names, strict=True)])
    every = f"    forall({answer}({', '.join(names)}), nsr_show([{shown}]))."
    main = ["", "% Prints the values of each answer.", "main :-", every, "", ":- initialization(main, main)."]
    return [*spelling.lines(), *relations.lines, *main, ""]


# Constraints


def _constraints(source: ir.Program, found: Ground, budget: Budget) -> list[str]:
    spelling = _Spelling()
    program = found.program
    relations = _relations(program, budget, spelling)
    variables = Names(VARIABLES)

    def named(place: int, call: ir.Apply) -> str:
        values = [str(arg.value) for arg in call.args if isinstance(arg, ir.Literal)]
        return variables.of(place, call.symbol.capitalize(), *values)

    constraints = (MixedConstraints if has_reals(program) else Constraints)(program, relations.goals(), budget, named)
    goals = [*constraints.domains]
    for requirement in program.requirements:
        told = [*requirement.citations, statement_text(source, requirement.formula)]
        goals.append(
            "\n    ".join([*[comment(text, "%") for text in told if text], _written(constraints, requirement)])
        )
    cells = f"{_listed(constraints)}{_others(constraints)}"
    lines = [*spelling.lines(), *relations.lines, ""]
    lines.append(_clause(f"requirements({cells})", [goal for goal in goals if goal]))
    for number, asked in enumerate(found.asked, 1):
        goal = constraints.group(asked.formula)
        cells = f"{_listed(constraints)}{_others(constraints)}"
        lines += [comment(asked.title, "%"), _clause(f"asked({number}, {cells})", [goal])]
    return [*lines, "", *_main(found, constraints), "", ":- initialization(main, main).", ""]


def _listed(constraints: Constraints) -> str:
    return "[" + ", ".join([cell.variable for cell in constraints.cells]) + "]"


def _written(constraints: Constraints, requirement: ir.Requirement) -> str:
    return constraints.group(requirement.formula).replace("\n", "\n    ") or "true"


def _clause(head: str, goals: Sequence[str]) -> str:
    """A clause; a goal may have comments in front of it."""
    return f"{head} :-\n    " + ",\n    ".join([goal or "true" for goal in goals] or ["true"]) + "."


def _main(found: Ground, constraints: Constraints) -> Iterator[str]:
    if found.asked:
        yield "% For each thing that is asked: whether it can be so."
        yield "main :-"
        yield ",\n".join([_check(n, asked.title, constraints) for n, asked in enumerate(found.asked, 1)]) + "."
        return
    shown = [_shown(found.program, cell.symbol, cell.args, cell.variable) for cell in constraints.cells]
    told = [text for text in shown if text]
    told += [_term(found, constraints, shown.title, shown.symbol, shown.args) for shown in found.values if shown.symbol]
    yield "% One solution after the other, values as the program writes them."
    yield f"solution([{', '.join(told)}]) :-"
    yield from _mixed_search(found, constraints) if has_reals(found.program) else _search(found, constraints)
    yield ""
    yield "main :-"
    yield f"    nsr_solutions({_count(found)}, Shown, solution(Shown))."


def _others(constraints: Constraints) -> str:
    """The variables besides those of the cells, which a search over real numbers needs."""
    return f", [{', '.join(constraints.variables)}]" if isinstance(constraints, MixedConstraints) else ""


def _check(number: int, title: str, constraints: Constraints) -> str:
    cells, others, more = (f"{name}{number}" for name in ("Cells", "Others", "More"))
    goals = f"requirements({cells}), asked({number}, {cells}), label({cells})"
    if isinstance(constraints, MixedConstraints):
        goals = f"requirements({cells}, {others}), asked({number}, {cells}, {more}), "
        goals += f"nsr_possible({cells}, {others}-{more})"
    return f"    nsr_report({quoted(title)}, ( {goals} ))"


def _search(found: Ground, constraints: Constraints) -> Iterator[str]:
    order = [f"{'min' if a.kind == 'minimize' else 'max'}({constraints.variable_of(a.symbol)})" for a in found.aims]
    cells = _listed(constraints)
    yield f"    requirements({cells}),"
    yield f"    labeling([{', '.join([*order, 'ff'])}], {cells})."


def _mixed_search(found: Ground, constraints: Constraints) -> Iterator[str]:
    cells = _listed(constraints)
    yield f"    requirements({cells}, Others),"
    aims = []
    for place, aim in enumerate(found.aims):
        number, sign = f"Least{place}", "" if aim.kind == "minimize" else "-"
        yield f"    nsr_objective({sign}{constraints.variable_of(aim.symbol)}, {number}),"
        aims.append(f"{quoted(aim.name or 'the objective')}-{number}")
    yield f"    nsr_optimal([{', '.join(aims)}], {cells}, Others)." if aims else f"    nsr_found({cells}, Others)."


def _count(found: Ground) -> int:
    goal = found.question.goal
    if found.aims or not isinstance(goal, ir.Find):
        return 1
    # Of real numbers there may be solutions without end.
    return {"one": 1, "unique": 2, "some": goal.count}.get(goal.mode, 20 if has_reals(found.program) else 1000)


def _shown(program: ir.Program, symbol: str, args: Sequence[object], variable: str) -> str:
    """What is printed of a cell: its call, its variable and the names of its codes."""
    function = program.symbols[symbol]
    if function.is_auxiliary or symbol.startswith(("#", "?")):
        return ""
    title = f"{symbol}({', '.join(map(str, args))})" if args else symbol
    return f"{quoted(title)}-{variable}-{_codes(function)}"


def _term(found: Ground, constraints: Constraints, title: str, symbol: str, args: Sequence[Value]) -> str:
    return f"{quoted(title)}-{constraints.variable_of(symbol, args)}-{_codes(found.program.symbols[symbol])}"


def _codes(function: ir.Function) -> str:
    """The names of codes that are no plain numbers."""
    if not isinstance(function.value, EnumSort | BoolSort | NumberSort) and not function.is_optional:
        return "[]"
    pairs = []
    for low, high in codes_of(function):
        if low is None or high is None or high - low > 1000:
            return "[]"
        for code in range(low, high + 1):
            value = decode(code, function)
            told = "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            if told != str(code):
                pairs.append(f"{code}={quoted(told)}" if code >= 0 else f"({code})={quoted(told)}")
    return f"[{', '.join(pairs)}]"
