"""Prolog for SWI-Prolog (9.0 or later): rules as tabled clauses, constraints in CLP(FD), a `main` that prints answers.

Elements stand under their own names in clauses (quoted where Prolog needs it); in constraints they are numbers, as a
finite-domain solver wants them, and `main` prints the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from nsr.language import ir
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import open_sorts
from nsr.language.sorts import BOOL, BoolSort, Element, EnumSort, NumberSort, Sort, Value
from nsr.limits import Budget
from nsr.reformulations.coding import codes_of, decode
from nsr.reformulations.dependence import decided_relations
from nsr.solvers import Gap, get_backend
from nsr.solvers.jobs import section_of
from nsr.solvers.prolog.constraints import Constraints
from nsr.solvers.prolog.goals import Goals
from nsr.solvers.prolog.rules import Clause, Relations, worked_out
from nsr.writers.ground import Ground, budget_for_text, ground, statement_text
from nsr.writers.names import Alphabet, Names, comment

__all__ = ["to_prolog"]

ANSWER = "answer"

BUILT_IN = frozenset(
    """
    abolish abs all_distinct append apply arg asked assert asserta assertz atom atom_chars atom_codes
    atom_concat atom_length atom_number atomic bagof between call catch cd char_code circuit clause close
    compare compound consult copy_term cumulative current_op div dynamic element erase exists fail false findall
    flatten float foldl forall format functor get global_cardinality ground halt if in include indomain
    initialization ins instance integer is is_list keysort label labeling last length list listing load ls main
    maplist max_list member memberchk min_list mod module msort nl none nonvar nth0 nth1 number number_codes
    once op open permutation phrase print put put_char rational rdiv read recorda rem rename repeat requirements
    retract reverse see seen select setof shell show skip solution sort statistics string sub_atom subtract succ
    sum sum_list tab table tell term_to_atom throw time tnot told transpose true tuples_in use_module var write
    writeln writeq xor
    """.split()  # noqa: SIM905 - a page of words
)
"""Names that predicates of ours do not take: those of Prolog's libraries, and of the file itself."""

ATOM = re.compile(r"[a-z][A-Za-z0-9_]*")

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
    head = [
        comment("written by nsr; run it with: swipl FILE", "%"),
        ":- use_module(library(clpfd)).",
        ":- style_check(-singleton).",
        "",
    ]
    text = "\n".join([*head, *lines, ""])
    return text + _helpers(text)


# Text


def _quoted(text: str) -> str:
    """A text as a Prolog atom."""
    if ATOM.fullmatch(text) and text not in BUILT_IN:
        return text
    inside = "".join([c if c.isprintable() else f"\\x{ord(c):x}\\" for c in text.replace("\\", "\\\\")])
    return "'" + inside.replace("'", "\\'") + "'"


@cache
def _blocks() -> dict[str, list[str]]:
    """The predicates of the runtime that programs call, as text."""
    runtime = files("nsr.solvers.prolog").joinpath("runtime.pl").read_text("utf-8")
    blocks: dict[str, list[str]] = {}
    for block in runtime.partition("% What goals of programs call\n")[2].split("\n\n"):
        told = re.search(r"^(nsr_\w+)\(|^:- meta_predicate (nsr_\w+)", block, re.MULTILINE)
        if told and not block.startswith("% "):
            blocks.setdefault(told[1] or told[2], []).append(block.strip("\n"))
    return blocks


def _helpers(text: str) -> str:
    """The predicates of the runtime that a text calls, and those that these call."""
    blocks = _blocks()
    wanted: list[str] = []
    waiting = sorted(set(re.findall(r"\bnsr_\w+", text)))
    while waiting:
        name = waiting.pop(0)
        if name in blocks and name not in wanted:
            wanted.append(name)
            waiting += sorted(set(re.findall(r"\bnsr_\w+", "\n".join(blocks[name]))))
    return "\n".join(["\n\n".join(blocks[name]) + "\n" for name in wanted])


class _Spelling:
    """Names of predicates; which types are spoken of in clauses."""

    def __init__(self) -> None:
        self.predicates = Names(Alphabet(first="a-z", prefix="p_", reserved=BUILT_IN | frozenset(_blocks())))
        self.predicates.of(("f", f"{ANSWER} "), ANSWER)
        self.types: dict[EnumSort, None] = {}
        self.ordered: dict[EnumSort, None] = {}

    def lines(self) -> Iterator[str]:
        """The elements of the types that have come up, and their places."""
        for sort in self.types:
            name = self.predicates.of(("type", sort.name), sort.name.lower())
            yield from [f"{name}({_quoted(element)})." for element in sort.elements]
            yield ""
        for sort in self.ordered:
            name = self.predicates.of(("place", sort.name), sort.name.lower(), "place")
            yield from [f"{name}({_quoted(element)}, {place})." for place, element in enumerate(sort.elements)]
            yield ""


class _Goals(Goals):
    """Goals as a person reads them."""

    def __init__(self, program: ir.Program, names: object, budget: Budget, spelling: _Spelling) -> None:
        super().__init__(program, names, budget)  # type: ignore[arg-type]
        self._spelling = spelling
        self._variables = Names(VARIABLES)

    def variable(self, hint: str = "") -> str:
        self._count += 1
        return self._variables.of(self._count, re.split(r"[~#. ]", hint)[0].capitalize() or "V")

    def plain(self, value: Value) -> str:
        return _quoted(value.name) if isinstance(value, Element) else super().plain(value)

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
    """The section with the answers of its query as one relation more; None where facts and rules do not decide them."""
    goal = program.questions[number].goal
    section = section_of(program, number)
    if not isinstance(goal, ir.Ask) or not goal.binders or section.requirements or section.unknowns():
        return None
    variables = tuple([bound.variable for bound in goal.binders])
    answers = ir.Function(ANSWER, "rel", tuple([v.sort for v in variables]), BOOL, is_auxiliary=True)
    rule = ir.Rule(ANSWER, "rule", ANSWER, variables, goal.binders, goal.body, goal.citations)
    whole = replace(section, symbols={**section.symbols, f"{ANSWER} ": replace(answers, name=f"{ANSWER} ")})
    whole = replace(whole, rules=(*section.rules, replace(rule, symbol=f"{ANSWER} ")))
    if f"{ANSWER} " not in decided_relations(whole):
        return None
    return whole, [re.split(r"[~#.]", v.name)[0] for v in variables]


def _rules_and_query(program: ir.Program, titles: Sequence[str], budget: Budget) -> list[str]:
    spelling = _Spelling()
    relations = _relations(program, budget, spelling)
    names = [f"V{place}" for place in range(len(titles))]
    answer = relations.names.relations[f"{ANSWER} "]
    shown = ", ".join([f"{_quoted(title)}={name}" for title, name in zip(titles, names, strict=True)])
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

    constraints = Constraints(program, relations.goals(), budget, named)
    cells = "[" + ", ".join([cell.variable for cell in constraints.cells]) + "]"
    goals = [*constraints.domains]
    for requirement in program.requirements:
        told = [*requirement.citations, statement_text(source, requirement.formula)]
        goals.append(
            "\n    ".join([*[comment(text, "%") for text in told if text], _written(constraints, requirement)])
        )
    lines = [*spelling.lines(), *relations.lines, ""]
    lines.append(_clause(f"requirements({cells})", [goal for goal in goals if goal]))
    for number, asked in enumerate(found.asked, 1):
        lines += [comment(asked.title, "%"), _clause(f"asked({number}, {cells})", [constraints.group(asked.formula)])]
    return [*lines, "", *_main(found, constraints), "", ":- initialization(main, main).", ""]


def _written(constraints: Constraints, requirement: ir.Requirement) -> str:
    return constraints.group(requirement.formula).replace("\n", "\n    ") or "true"


def _clause(head: str, goals: Sequence[str]) -> str:
    """A clause; a goal may have comments in front of it."""
    return f"{head} :-\n    " + ",\n    ".join([goal or "true" for goal in goals] or ["true"]) + "."


def _main(found: Ground, constraints: Constraints) -> Iterator[str]:
    if found.asked:
        yield "% For each thing that is asked: whether it can be so."
        yield "main :-"
        checks = [
            f"    nsr_report({_quoted(asked.title)}, ( requirements(Cells{n}), asked({n}, Cells{n}), label(Cells{n}) ))"
            for n, asked in enumerate(found.asked, 1)
        ]
        yield ",\n".join(checks) + "."
        return
    shown = [_shown(found.program, cell.symbol, cell.args, cell.variable) for cell in constraints.cells]
    told = [text for text in shown if text]
    told += [_term(found, constraints, shown.title, shown.symbol, shown.args) for shown in found.values if shown.symbol]
    order = [f"{'min' if a.kind == 'minimize' else 'max'}({constraints.variable_of(a.symbol)})" for a in found.aims]
    cells = "[" + ", ".join([cell.variable for cell in constraints.cells]) + "]"
    yield "% One solution after the other, values as the program writes them."
    yield f"solution([{', '.join(told)}]) :-"
    yield f"    requirements({cells}),"
    yield f"    labeling([{', '.join([*order, 'ff'])}], {cells})."
    yield ""
    yield "main :-"
    yield f"    nsr_solutions({_count(found)}, Shown, solution(Shown))."


def _count(found: Ground) -> int:
    goal = found.question.goal
    if found.aims or not isinstance(goal, ir.Find):
        return 1
    return {"one": 1, "unique": 2, "some": goal.count}.get(goal.mode, 1000)


def _shown(program: ir.Program, symbol: str, args: Sequence[object], variable: str) -> str:
    """What is printed of a cell: its call, its variable and the names of its codes."""
    function = program.symbols[symbol]
    if function.is_auxiliary or symbol.startswith(("#", "?")):
        return ""
    title = f"{symbol}({', '.join(map(str, args))})" if args else symbol
    return f"{_quoted(title)}-{variable}-{_codes(function)}"


def _term(found: Ground, constraints: Constraints, title: str, symbol: str, args: Sequence[Value]) -> str:
    return f"{_quoted(title)}-{constraints.variable_of(symbol, args)}-{_codes(found.program.symbols[symbol])}"


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
                pairs.append(f"{code}={_quoted(told)}" if code >= 0 else f"({code})={_quoted(told)}")
    return f"[{', '.join(pairs)}]"
