"""Rules in the form of joins, and the least rows that they derive (semi-naive: each round joins what is new)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from nsr.language.ir import And, Apply, Bound, Equal, Or, Quantified, Table, Variable
from nsr.language.sorts import BoolSort, has_value
from nsr.language.traverse import symbols_of
from nsr.reformulations.dependence import mentions_of_term
from nsr.reformulations.joins import Join, JoinContext
from nsr.reformulations.rows import Entries, Numbering, Row, Rows
from nsr.reformulations.substitution import Fresh, renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from nsr.language.ir import Program, Rule, Term
    from nsr.language.sorts import Sort
    from nsr.limits import Budget

__all__ = ["Form", "context_of", "derive", "forms_of", "head_of", "tables_joined"]

MOST_ALTERNATIVES = 64
"""Bodies with more alternatives stay as they are: one condition that is tested."""


class Form(NamedTuple):
    """A rule as a join: atoms of relations, conditions that can be tested, and what depends on unknowns."""

    symbol: str
    args: tuple[Term, ...]
    binders: tuple[Bound, ...]
    atoms: tuple[Apply, ...]
    tests: tuple[Term, ...]
    residue: tuple[Term, ...]


class _Conjunction(NamedTuple):
    binders: tuple[Bound, ...] = ()
    terms: tuple[Term, ...] = ()


def forms_of(
    rule: Rule, program: Program, joined: AbstractSet[str], unknown: Collection[str], fresh: Fresh
) -> list[Form]:
    """The rule as joins over the relations `joined`; what mentions a symbol of `unknown` is not tested."""
    return [_form(rule, one, program, joined, unknown, fresh) for one in _alternatives(rule.body, joined, fresh)]


def _form(
    rule: Rule,
    body: _Conjunction,
    program: Program,
    joined: AbstractSet[str],
    unknown: Collection[str],
    fresh: Fresh,
) -> Form:
    atoms: list[Apply] = []
    tests: list[Term] = []
    residue: list[Term] = []
    binders = [*rule.binders, *body.binders]

    def is_open(term: Term) -> bool:
        mentions = mentions_of_term(term, program)
        return any(name in unknown for name in (*mentions.positive, *mentions.other))

    def known(term: Term, sort: Sort) -> Term:
        """The term, or a variable with its value where it depends on an unknown."""
        if not is_open(term):
            return term
        variable = Variable(fresh.name(), sort)
        binders.append(Bound(variable))
        residue.append(Equal(term, variable))
        return variable

    def call(symbol: str, args: Sequence[Term]) -> tuple[Term, ...]:
        return tuple([known(arg, sort) for arg, sort in zip(args, program.symbols[symbol].arguments, strict=True)])

    for term in body.terms:
        if isinstance(term, Apply) and term.symbol in joined:
            atoms.append(Apply(term.symbol, call(term.symbol, term.args), term.sort))
        elif is_open(term):
            residue.append(term)
        else:
            tests.append(term)
    head = call(rule.symbol, rule.args)
    return Form(rule.symbol, head, tuple(binders), tuple(atoms), tuple(tests), tuple(residue))


def _alternatives(term: Term, joined: AbstractSet[str], fresh: Fresh) -> list[_Conjunction]:
    """The term as one of several conjunctions under binders, as far as relations stand below."""
    match term:
        case And(args):
            out = [_Conjunction()]
            for arg in args:
                parts = _alternatives(arg, joined, fresh)
                if len(out) * len(parts) > MOST_ALTERNATIVES:
                    parts = [_Conjunction((), (arg,))]
                out = [_Conjunction((*a.binders, *b.binders), (*a.terms, *b.terms)) for a in out for b in parts]
            return out
        case Or(args) if symbols_of(term) & joined:
            either = [one for arg in args for one in _alternatives(arg, joined, fresh)]
            return either if len(either) <= MOST_ALTERNATIVES else [_Conjunction((), (term,))]
        case Quantified("exists", binders, body):
            own, (inner,) = renamed(binders, (body,), fresh)
            return [_Conjunction((*own, *one.binders), one.terms) for one in _alternatives(inner, joined, fresh)]
        case _:
            return [_Conjunction((), (term,))]


def tables_joined(program: Program) -> dict[str, Table]:
    """The tables that are relations: truth values, false where nothing is written."""
    return {
        name: table
        for name, table in program.tables.items()
        if table.has_default and table.default is False and isinstance(program.symbols[name].value, BoolSort)
    }


def context_of(program: Program, relations: Iterable[str], budget: Budget) -> JoinContext:
    """A context with the tables that are relations and the given relations, which have the rows of their facts."""
    numbering = Numbering()
    rows = {name: Rows() for name in relations}
    for facts in program.facts:
        if facts.symbol in rows:
            budget.spend(len(facts.rows))
            for row in facts.rows:
                rows[facts.symbol].add(numbering.row(row))
    live = {name: Table(Entries(own, numbering), False, True) for name, own in rows.items()}
    for name, table in tables_joined(program).items():
        budget.spend(len(table.entries))
        rows[name] = Rows()
        for key, value in table.entries.items():
            if value is True:
                rows[name].add(numbering.row(key))
    return JoinContext(replace(program, tables={**program.tables, **live}), numbering, rows, budget)


def head_of(form: Form, join: Join, context: JoinContext) -> Callable[[list[int]], Row | None]:
    """What gives the row that a form derives; None where an argument is undefined or outside its sort."""
    sorts = context.program.symbols[form.symbol].arguments
    row_of = join.row(form.args)
    numbering = context.numbering
    doubtful = [
        (place, sort)
        for place, (arg, sort) in enumerate(zip(form.args, sorts, strict=True))
        if not isinstance(arg, Variable) or arg.sort != sort
    ]

    def head(registers: list[int]) -> Row | None:
        row = row_of(registers)
        for place, sort in doubtful:
            number = row[place]
            if number is None or not has_value(sort, numbering.values[number]):
                return None
        return row  # type: ignore[return-value]  # no None is left

    return head if doubtful else row_of  # type: ignore[return-value]  # a row of variables alone has no None


class _Deriving:
    """A form with its join, ready to derive rows."""

    def __init__(self, form: Form, context: JoinContext) -> None:
        self.form = form
        self._join = Join(form.binders, form.atoms, form.tests, context)
        self._head = head_of(form, self._join, context)
        self._budget = context.budget
        self._rows = context.relations[form.symbol].rows

    def run(self, new: dict[Row, None], first: tuple[int, Rows] | None = None) -> None:
        """Put the rows that are not yet known into `new`."""
        head, known, spend = self._head, self._rows, self._budget.spend

        def found(registers: list[int]) -> None:
            row = head(registers)
            if row is not None and row not in known and row not in new:
                spend()
                new[row] = None

        self._join.run(found, first)


def derive(forms: Sequence[Form], group: AbstractSet[str], context: JoinContext) -> None:
    """Add all rows that the forms of one group of relations derive, relations of earlier groups being complete."""
    ready = [_Deriving(form, context) for form in forms]
    # Where a test speaks of the group itself, only looking again at everything finds what is new.
    whole = [one for one in ready if any(symbols_of(test) & group for test in one.form.tests)]
    delta = _round(context, [(one, None) for one in ready])
    while delta:
        runs: list[tuple[_Deriving, tuple[int, Rows] | None]] = [(one, None) for one in whole]
        for one in ready:
            for place, atom in enumerate(one.form.atoms):
                if atom.symbol in delta:
                    runs.append((one, (place, delta[atom.symbol])))
        delta = _round(context, runs)


def _round(context: JoinContext, runs: Sequence[tuple[_Deriving, tuple[int, Rows] | None]]) -> dict[str, Rows]:
    """Work out some forms; the new rows by relation, added to those known."""
    new: dict[str, dict[Row, None]] = {}
    for one, first in runs:
        one.run(new.setdefault(one.form.symbol, {}), first)
    delta: dict[str, Rows] = {}
    for symbol, rows in new.items():
        if rows:
            delta[symbol] = Rows()
            delta[symbol].rows = rows
            known = context.relations[symbol]
            for row in rows:
                known.add(row)
    return delta
