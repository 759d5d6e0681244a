"""Relations that the data decide as tabled clauses.

Relations that depend on each other are worked out together, after those that they depend on, and are then kept as
facts: so negation and aggregates look at what is complete. Within such a group a relation is tabled, and a clause calls
the relation that is under way before anything else, so that each row that is found is joined once. A group whose bodies
look at their own relations in other ways than by joining (a quantifier over all) is worked out in rounds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from nsr.language.ir import Apply, Facts, Literal, Restrict, Variable
from nsr.language.sorts import BoolSort, EnumSort, IntSort, NumberSort, sort_size
from nsr.language.traverse import subterms
from nsr.limits import BudgetExceeded, LimitKind
from nsr.reformulations.bottom_up import forms_of, tables_joined
from nsr.reformulations.dependence import mentions_of_rule, mentions_of_term, relation_order
from nsr.reformulations.relations_to_tables import RELATIONS_TO_TABLES
from nsr.reformulations.substitution import Fresh
from nsr.solvers.prolog.goals import Goals
from nsr.solvers.prolog.joins import Conjunction, conjunction
from nsr.solvers.prolog.notation import Names, joined, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nsr.language.ir import Function, Program, Rule, Term
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget
    from nsr.reformulations.bottom_up import Form

__all__ = ["Clause", "Relations", "worked_out"]


class Clause(NamedTuple):
    """A clause, and the name of the rule that it is part of."""

    rule: str
    head: str
    goals: tuple[str, ...]

    @property
    def body(self) -> str:
        """The goals as one."""
        return joined(self.goals)


class Relations:
    """The instructions that work out the relations of a program.

    Raises:
        Gap: for what has no Prolog form.
        BudgetExceeded: when there are too many facts.
    """

    def __init__(self, program: Program, budget: Budget) -> None:
        self._program = program
        self._budget = budget
        self.functions = program.relations()
        self.lines: list[str] = []
        self._fresh = Fresh("#rule ")
        self._joined = tables_joined(program)
        self.names = self._names()
        self._define()
        for group in relation_order(program):
            self._group(group)
        self.lines.extend(self._places(place, function) for place, function in enumerate(self.functions))

    def goals(self, under_way: Mapping[str, str] | None = None) -> Goals:
        """What writes the goals of one clause, relations under way having other names."""
        return Goals(self._program, self.names._replace(inside=under_way or {}), self._budget)

    def _name(self, kind: str, place: int, symbol: str) -> str:
        return f"{kind}{place}"

    def _names(self) -> Names:
        used = self._used()
        relations = {f.name: self._name("f", i, f.name) for i, f in enumerate(self.functions)}
        tables = {name: self._name("t", i, name) for i, name in enumerate(self._program.tables)}
        relations.update({name: tables[name] for name in self._joined if name in tables})
        definitions = {name: self._name("d", i, name) for i, name in enumerate(self._program.definitions)}
        return Names(
            {n: p for n, p in relations.items() if n in used or n not in tables},
            {n: p for n, p in tables.items() if n in used and n not in relations},
            {n: p for n, p in definitions.items() if n in used},
            {},
            has_none=self._has_none(),
        )

    def _has_none(self) -> bool:
        terms = [definition.body for definition in self._program.definitions.values()]
        terms += [term for rule in self._program.rules for term in (rule.body, *rule.args)]
        return any(isinstance(part, Literal) and part.value is None for term in terms for part in subterms(term))

    def _used(self) -> set[str]:
        """The symbols that rules speak of."""
        used: set[str] = set()
        for rule in self._program.rules:
            used.update(*mentions_of_rule(rule, self._program))
            for term in (rule.body, *rule.args):
                used.update(self._called(term))
        return used

    def _called(self, root: Term) -> set[str]:
        """The definitions that a term calls, and those that these call."""
        found: set[str] = set()
        waiting = [root]
        while waiting:
            for part in subterms(waiting.pop()):
                if isinstance(part, Apply) and part.symbol in self._program.definitions and part.symbol not in found:
                    found.add(part.symbol)
                    waiting.append(self._program.definitions[part.symbol].body)
        return found

    # Data

    def _define(self) -> None:
        """Facts of relations and tables, and definitions as clauses."""
        for name, table in self._program.tables.items():
            if name in self.names.tables:
                rows = [(*key, value) for key, value in table.entries.items()]
                self._facts(self.names.tables[name], len(self._program.symbols[name].arguments) + 1, rows)
            elif name in self.names.relations and name in self._joined:
                rows = [key for key, value in table.entries.items() if value is True]
                self._facts(self.names.relations[name], self._arity(self._program.symbols[name]), rows)
        for function in self.functions:
            self.lines.append(f"open({self.names.relations[function.name]},{self._arity(function)}).")
        for name, own in self.names.definitions.items():
            self._definition(name, own)

    def _arity(self, function: Function) -> int:
        return max(1, len(function.arguments))

    def _facts(self, name: str, arity: int, rows: Iterable[Sequence[Value]]) -> None:
        values: list[str] = []
        for row in dict.fromkeys(tuple(row) for row in rows):
            self._budget.spend(arity)
            values.extend([plain(value) for value in row] or ["0"])
        self.lines.append(f"facts({name},{arity},[{','.join(values)}])." if values else f"open({name},{arity}).")

    def _definition(self, name: str, own: str) -> None:
        definition = self._program.definitions[name]
        goals = self.goals()
        env = {parameter.name: goals.variable() for parameter in definition.parameters}
        values = list(env.values())
        if isinstance(self._program.symbols[name].value, BoolSort):
            body = goals.formula(definition.body, env)
        else:
            out: list[str] = []
            values.append(goals.value(definition.body, env, out))
            body = joined(out)
        self._state(Clause(name, goals.head(own, values), (body,)))

    def _state(self, clause: Clause) -> None:
        """Put a clause down."""
        self.lines.append(f"clause(({clause.head}:- {clause.body})).")

    # Groups

    def _group(self, group: Sequence[str]) -> None:
        inside = set(group)
        rules = [rule for rule in self._program.rules if rule.symbol in inside]
        facts = {name: [row for f in self._program.facts if f.symbol == name for row in f.rows] for name in group}
        forms = [(rule.name, form) for rule in rules for form in self.forms(rule)]
        is_joined = not any(self._looks_at(form, inside) for _, form in forms)
        kept = self.names.relations
        under_way = {name: kept[name].replace("f", "r", 1) for name in group} if rules and is_joined else {}
        for name in group:
            arity = self._arity(self._program.symbols[name])
            if under_way:
                self.lines.append(f"table({under_way[name]},{arity}).")
            self._facts(under_way.get(name, kept[name]), arity, facts[name])
        clauses = self.clauses(forms, under_way)
        if not under_way:
            pairs = ",".join([f"({clause.head}-({clause.body}))" for clause in clauses])
            self.lines.extend([f"rounds([{pairs}])."] if clauses else [])
            return
        for clause in clauses:
            self._state(clause)
        for name in group:
            arity = self._arity(self._program.symbols[name])
            self.lines.append(f"keep({under_way[name]},{kept[name]},{arity}).")

    def forms(self, rule: Rule) -> list[Form]:
        """A rule as joins."""
        return forms_of(rule, self._program, self.names.relations.keys(), (), self._fresh)

    def _looks_at(self, form: Form, inside: set[str]) -> bool:
        """Whether something other than a call in the body or an argument speaks of the group."""
        terms = [*form.tests, *form.args, *[arg for atom in form.atoms for arg in atom.args]]
        mentioned = [mentions_of_term(term, self._program) for term in terms]
        return any(inside & (one.positive | one.other) for one in mentioned)

    def clauses(self, forms: Iterable[tuple[str, Form]], under_way: Mapping[str, str]) -> list[Clause]:
        """The forms as clauses; relations under way have other names."""
        out = []
        for rule, form in forms:
            goals = self.goals(under_way)
            values, body = self.body(form, goals)
            name = under_way.get(form.symbol) or self.names.relations[form.symbol]
            out.append(Clause(rule, goals.head(name, values), body.goals))
        return out

    def body(self, form: Form, goals: Goals) -> tuple[list[str], Conjunction]:
        """The arguments of the head, and the goals of a form."""
        body = conjunction(goals, form.binders, (*form.atoms, *form.tests), {}, guarded=True)
        own: list[str] = []
        values = []
        signature = self._program.symbols[form.symbol].arguments
        for arg, sort in zip(form.args, signature, strict=True):
            value = goals.value(arg, body.env, own)
            if not isinstance(arg, Variable | Restrict) or arg.sort != sort:
                own.extend(goals.in_sort(sort, value))
            values.append(value)
        told = joined(own)
        if any(goals.may_lack(arg) for arg in form.args):
            told = f"catch(({told}),nsr_no_entry,fail)"
        return values, Conjunction((*body.goals, told), body.env)

    # What comes of it

    def _places(self, place: int, function: Function) -> str:
        """The instruction that tells where a relation holds, as places among its argument tuples."""
        goals = self.goals()
        values = [goals.variable() for _ in function.arguments]
        own = [goals.head(self.names.relations[function.name], values)]
        total = "0"
        for sort, value in zip(function.arguments, values, strict=True):
            size = sort_size(sort)
            if size is None:
                raise BudgetExceeded(LimitKind.SIZE)
            total = f"({total}*{size}+{_rank(sort, value, goals, own)})"
        at = goals.variable()
        return f"places({place},{at},({joined([*own, f'{at} is {total}'])}))."


def _rank(sort: Sort, value: str, goals: Goals, own: list[str]) -> str:
    """The place of a value in its sort, as an expression."""
    match sort:
        case IntSort(low):
            return f"{value}-({low})"
        case EnumSort() | BoolSort():
            return value
        case NumberSort(_, values):
            rank = goals.variable()
            own.append(f"once(nth0({rank},[{','.join(map(plain, values))}],{value}))")
            return rank
        case _:
            raise BudgetExceeded(LimitKind.SIZE)


def worked_out(program: Program, budget: Budget) -> Program:
    """The program with the rows of its relations as facts; raises `BudgetExceeded` as that does."""
    tables = RELATIONS_TO_TABLES.rewrite(program, budget).tables
    facts = []
    for function in program.relations():
        rows = [key for key, value in tables[function.name].entries.items() if value is True]
        own = next((f for f in program.facts if f.symbol == function.name), None)
        facts.append(replace(own, rows=tuple(rows)) if own else Facts("", function.name, tuple(rows)))
    return replace(program, facts=tuple(facts), rules=())
