"""Proof trees: why atoms of relations that the data decide hold, with Prolog looking for the rules that apply.

Prolog has the clauses of the rules once more, as witnesses: called with an atom they give the values of the variables
with which a rule derives it. Going back from a goal, layer by layer, gives all ways to derive all that it rests on; of
these each atom keeps one of the least depth, so that nothing rests on itself. The derivation that comes of it is data
for `nsr.proofs.check`, which trusts nothing in it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from nsr.language.evaluate import NoEntry
from nsr.language.meaning import Evaluator
from nsr.language.sorts import BoolSort, Element, EnumSort, number, sort_size, sort_values
from nsr.limits import BudgetExceeded, LimitKind
from nsr.proofs.looking import Atom, Need, Recorder
from nsr.reformulations.dependence import decided_relations
from nsr.reformulations.protocol import ASKED
from nsr.solvers.prolog.host import host
from nsr.solvers.prolog.rules import Relations
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nsr.language.ir import Program, Term
    from nsr.language.meaning import Bindings
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget
    from nsr.reformulations.bottom_up import Form

__all__ = ["reasons"]

MOST_REASONS = 50_000
"""More ways to derive atoms than these are not looked at."""


class _Way(NamedTuple):
    """How a rule derives an atom: the rule's place, its variables, the atoms called."""

    rule: int
    form: Form
    env: dict[str, Value]
    support: tuple[Atom, ...]


def reasons(program: Program, budget: Budget) -> dict[str, Any]:
    """The steps that show the one formula that a program asks about, as plain data; none if it does not hold.

    Raises:
        Gap: where the data do not decide the formula, or the rules have no Prolog form.
        BudgetExceeded: when it takes too much.
    """
    (goal,) = [r.formula for r in program.requirements if r.name.startswith(ASKED)]
    if program.unknowns() or {f.name for f in program.relations()} - decided_relations(program):
        raise Gap(("proofs about unknowns",))
    search = _Search(program, budget)
    needs = search.looked_at(goal, {})
    return {"claim": "unknown" if needs is None else "satisfiable", "steps": search.steps(needs or ())}


class _Search:
    """Witnesses of the rules of a program, and the rows of its relations."""

    def __init__(self, program: Program, budget: Budget) -> None:
        self._program = program
        self._budget = budget
        relations = Relations(program, budget)
        self._names = relations.names.relations
        self._functions = relations.functions
        self._goals = relations.goals()
        self._forms = [(n, form) for n, rule in enumerate(program.rules) for form in relations.forms(rule)]
        lines = [line for line in relations.lines if not line.startswith("places(")]
        lines.append("open(w,3).")
        lines.extend([_witness(relations, place, form) for place, (_, form) in enumerate(self._forms)])
        self._base = "\n".join(lines)
        places = [line for line in relations.lines if line.startswith("places(")]
        self._evaluator = Evaluator(self._structure(self._run("\n".join(places))), program, budget)
        self._facts = {(f.symbol, row): f.name for f in program.facts for row in f.rows}

    def _run(self, instructions: str) -> list[str]:
        return host().run(self._base, instructions, self._budget.seconds_left)

    def _structure(self, lines: Iterable[str]) -> dict[str, dict[tuple[Value, ...], bool]]:
        out: dict[str, dict[tuple[Value, ...], bool]] = {}
        for line in lines:
            place, *places = map(int, line.split()[1:])
            sorts = self._functions[place].arguments
            out[self._functions[place].name] = {_row_at(at, sorts): True for at in places}
        return out

    def looked_at(self, term: Term, env: Bindings) -> list[Need] | None:
        """The cells of relations that the reading of a formula looks at; None if it does not hold."""
        recorder = Recorder(self._evaluator)
        try:
            return list(recorder.seen) if recorder.holds(term, env) else None
        except NoEntry:
            return None

    def steps(self, needs: Sequence[Need]) -> list[Any]:
        """Steps for all of the needs, each after those that it uses."""
        ways: dict[Atom, list[_Way]] = {}
        chosen: dict[Need, tuple[_Way | None, list[Need]]] = {}
        missing = [need.atom for need in needs if need.holds]
        while missing or not chosen:
            self._explore(missing, ways)
            chosen.clear()
            missing = self._follow(needs, _least(ways, self._facts), chosen)
            if not needs:
                break
        written: dict[Need, int] = {}
        out: list[Any] = []
        for need in needs:
            self._write(need, chosen, written, out)
        return out

    def _explore(self, waiting: Iterable[Atom], ways: dict[Atom, list[_Way]]) -> None:
        """Find all ways to derive some atoms, and the atoms that these call."""
        layer = list(dict.fromkeys(atom for atom in waiting if atom not in ways))
        while layer:
            ways.update({atom: [] for atom in layer})
            derived = [atom for atom in layer if atom not in self._facts]
            called: dict[Atom, None] = {}
            for line in self._run(f"reasons([{','.join([self._text(atom) for atom in derived])}])."):
                place, form, *values = line.split()[1:]
                way = self._way(int(form), values)
                ways[derived[int(place)]].append(way)
                called.update(dict.fromkeys(way.support))
                self._budget.spend(10)
            if sum(map(len, ways.values())) > MOST_REASONS:
                raise BudgetExceeded(LimitKind.SIZE)
            layer = [atom for atom in called if atom not in ways]

    def _text(self, atom: Atom) -> str:
        return self._goals.head(self._names[atom.symbol], [self._goals.plain(value) for value in atom.row])

    def _way(self, place: int, values: Sequence[str]) -> _Way:
        rule, form = self._forms[place]
        variables = [bound.variable for bound in form.binders]
        env = {v.name: _value(text, v.sort) for v, text in zip(variables, values, strict=True)}
        support = []
        for atom in form.atoms:
            if self._program.symbols[atom.symbol].kind == "rel":
                row = tuple([self._evaluator.value(arg, env) for arg in atom.args])
                support.append(Atom(atom.symbol, row))  # type: ignore[arg-type]
        return _Way(rule, form, env, tuple(support))

    def _follow(
        self,
        needs: Iterable[Need],
        best: Mapping[Atom, _Way | None],
        chosen: dict[Need, tuple[_Way | None, list[Need]]],
    ) -> list[Atom]:
        """Go along the chosen ways; the atoms that come up and have not been explored."""
        waiting = list(needs)
        missing = []
        while waiting:
            need = waiting.pop()
            if need in chosen:
                continue
            if need.holds and need.atom not in best:
                missing.append(need.atom)
                continue
            way = best[need.atom] if need.holds else None
            chosen[need] = (way, [] if way is None else self._needs(way))
            waiting.extend(chosen[need][1])
        return missing

    def _needs(self, way: _Way) -> list[Need]:
        needs = [Need(atom, True) for atom in way.support]
        for test in way.form.tests:
            needs.extend(self.looked_at(test, way.env) or ())
        return list(dict.fromkeys(needs))

    def _write(
        self,
        root: Need,
        chosen: Mapping[Need, tuple[_Way | None, list[Need]]],
        written: dict[Need, int],
        out: list[Any],
    ) -> None:
        """The step of a need, after those that it rests on."""
        stack = [root]
        while stack:
            need = stack[-1]
            way, rests_on = chosen[need]
            left = [other for other in rests_on if other not in written]
            if need not in written and left:
                stack.extend(left)
                continue
            stack.pop()
            if need not in written:
                written[need] = len(out)
                uses = [written[other] for other in rests_on]
                out.append([need.atom.symbol, _plain(need.atom.row), need.holds, self._by(need, way), uses])

    def _by(self, need: Need, way: _Way | None) -> list[Any]:
        if not need.holds:
            return ["absence"]
        if way is None:
            return ["fact", self._facts[need.atom.symbol, need.atom.row]]
        names = [bound.variable.name for bound in self._program.rules[way.rule].binders]
        return ["rule", way.rule, names, _plain([way.env[name] for name in names])]


def _witness(relations: Relations, place: int, form: Form) -> str:
    goals = relations.goals()
    values, body = relations.body(form, goals)
    told = goals.head(relations.names.relations[form.symbol], values)
    bound = ",".join([body.env[b.variable.name] for b in form.binders])
    return f"clause((w({told},{place},[{bound}]):- {body.goal}))."


def _least(
    ways: Mapping[Atom, Sequence[_Way]], facts: Mapping[tuple[str, tuple[Value, ...]], str]
) -> dict[Atom, _Way | None]:
    """For each atom a way of the least depth; None for a fact."""
    users: dict[Atom, list[tuple[Atom, int]]] = {}
    left: dict[tuple[Atom, int], int] = {}
    best: dict[Atom, _Way | None] = {}
    queue: list[Atom] = []

    def found(atom: Atom, way: _Way | None) -> None:
        if atom not in best:
            best[atom] = way
            queue.append(atom)

    for atom, own in ways.items():
        if (atom.symbol, atom.row) in facts:
            found(atom, None)
        for place, way in enumerate(own):
            support = set(way.support)
            left[atom, place] = len(support)
            for other in support:
                users.setdefault(other, []).append((atom, place))
    for (atom, place), count in left.items():
        if not count:
            found(atom, ways[atom][place])
    # First in, first out: what is found later is never less deep.
    for atom in queue:
        for user, place in users.get(atom, ()):
            left[user, place] -= 1
            if not left[user, place]:
                found(user, ways[user][place])
    return best


def _row_at(place: int, sorts: Sequence[Sort]) -> tuple[Value, ...]:
    row: list[Value] = []
    for sort in reversed(sorts):
        place, rank = divmod(place, sort_size(sort) or 1)
        row.append(sort_values(sort)[rank])
    return tuple(reversed(row))


def _value(text: str, sort: Sort) -> Value:
    exact = number(Fraction(text.replace("r", "/")))
    if isinstance(sort, EnumSort):
        return sort.element(int(exact))
    return exact == 1 if isinstance(sort, BoolSort) else exact


def _plain(values: Iterable[Value]) -> list[Any]:
    out: list[Any] = []
    for value in values:
        if isinstance(value, Element):
            out.append([value.sort, value.name, value.index])
        else:
            out.append([value.numerator, value.denominator] if isinstance(value, Fraction) else value)
    return out
