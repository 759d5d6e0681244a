"""Rules as one formula for each atom that can hold: instances found by joining, decided as far as the data decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from nsr.language.evaluate import NoEntry
from nsr.language.ir import FALSE, TRUE, And, Apply, Conditional, Implies, Literal, Or
from nsr.language.traverse import children, rebuild, subterms
from nsr.reformulations.binders_to_instances import Grounding
from nsr.reformulations.bottom_up import context_of, derive, forms_of, head_of
from nsr.reformulations.dependence import components, relation_order
from nsr.reformulations.folding import both, conjunction, disjunction, equal, remake
from nsr.reformulations.joins import Join
from nsr.reformulations.substitution import Fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from nsr.language.ir import Program, Term
    from nsr.language.sorts import Value
    from nsr.limits import Budget
    from nsr.reformulations.bottom_up import Form
    from nsr.reformulations.joins import JoinContext
    from nsr.reformulations.rows import Row

__all__ = ["Atom", "GroundRules", "atom_of", "map_positive"]

Atom: TypeAlias = "tuple[str, tuple[Value, ...]]"
"""A relation at argument values."""


class GroundRules:
    """The relations of a program, atom by atom.

    `bodies` has the atoms that can hold and are not decided, each with the formulas that it follows from; `decided`
    has those that hold in every world or in none, of those that some rule could derive.
    """

    def __init__(self, program: Program, budget: Budget) -> None:
        self._program = program
        self._budget = budget
        self._names = {function.name for function in program.relations()}
        self.bodies: dict[Atom, list[Term]] = {}
        self.decided: dict[Atom, bool] = {}
        context = context_of(program, self._names, budget)
        forms = self._derive(context)
        self._rows: dict[str, list[tuple[Value, ...]]] = {}
        for name in self._names:
            self._rows[name] = [context.numbering.row_values(row) for row in context.relations[name].rows]
            self.bodies.update({(name, row): [] for row in self._rows[name]})
        for facts in program.facts:
            for row in facts.rows:
                self.bodies[facts.symbol, row].append(TRUE)
        for form in forms:
            self._instances(form, context)
        self._decide()

    def _derive(self, context: JoinContext) -> list[Form]:
        """Every row that could hold if all unknowns helped; the rules as joins."""
        program = self._program
        unknown = self._names | {function.name for function in program.unknowns()}
        fresh = Fresh("#rule ")
        forms: dict[str, list[Form]] = {name: [] for name in self._names}
        for rule in program.rules:
            forms[rule.symbol].extend(forms_of(rule, program, context.relations.keys(), unknown, fresh))
        for group in relation_order(program):
            derive([form for name in group for form in forms[name]], set(group), context)
        return [form for own in forms.values() for form in own]

    def _instances(self, form: Form, context: JoinContext) -> None:
        """Add the body of a form to its head for every binding that could make it hold."""
        join = Join(form.binders, form.atoms, form.tests, context)
        head = head_of(form, join, context)
        grounding = Grounding(self._program, self._budget)
        body = And((*[atom for atom in form.atoms if atom.symbol in self._names], *form.residue))
        values = context.numbering.values
        variables = [(bound.variable, join.slots[bound.variable.name]) for bound in form.binders]

        def found(registers: list[int]) -> None:
            row: Row | None = head(registers)
            if row is None:
                return
            env = {variable.name: Literal(values[registers[slot]], variable.sort) for variable, slot in variables}
            try:
                instance = grounding.ground(body, env)
            except NoEntry:
                return
            self.bodies[form.symbol, context.numbering.row_values(row)].append(map_positive(instance, self._spread))

        join.run(found)

    def _spread(self, call: Apply) -> Term:
        """A call of a relation at unknown arguments, as one of the atoms that could hold."""
        if call.symbol not in self._names or atom_of(call) is not None:
            return call
        sorts = self._program.symbols[call.symbol].arguments
        cases: list[Term] = []
        for row in self._rows[call.symbol]:
            self._budget.spend()
            literals = [Literal(value, sort) for value, sort in zip(row, sorts, strict=True)]
            same = [equal(arg, literal) for arg, literal in zip(call.args, literals, strict=True)]
            cases.append(both(conjunction(same), Apply(call.symbol, tuple(literals), call.sort)))
        return disjunction(cases)

    # What is decided

    def _decide(self) -> None:
        """Take out the atoms that certainly hold or certainly do not, one after the other."""
        uses: dict[Atom, list[Atom]] = {}
        for head, bodies in self.bodies.items():
            bodies[:] = [self._resolved(body) for body in bodies]
            for atom in {atom for body in bodies for atom in self.atoms_in(body)}:
                uses.setdefault(atom, []).append(head)
        waiting = list(self.bodies)
        while waiting:
            head = waiting.pop()
            if head in self.decided or not self._is_decided(head):
                continue
            for user in uses.get(head, ()):
                if user not in self.decided:
                    self.bodies[user] = [self._resolved(body) for body in self.bodies[user]]
                    waiting.append(user)
        self.bodies = {atom: bodies for atom, bodies in self.bodies.items() if atom not in self.decided}

    def _is_decided(self, head: Atom) -> bool:
        bodies = [body for body in self.bodies[head] if body != FALSE]
        self.bodies[head] = bodies
        if not bodies:
            self.decided[head] = False
        elif TRUE in bodies:
            self.decided[head] = True
        return head in self.decided

    def _resolved(self, body: Term) -> Term:
        self._budget.spend()

        def step(node: Term) -> Term:
            if not isinstance(node, Apply):
                return remake(node, children(node)) if children(node) else node
            atom = atom_of(node) if node.symbol in self._names else None
            if atom is None:
                return node
            if atom not in self.bodies:
                return FALSE
            known = self.decided.get(atom)
            return node if known is None else TRUE if known else FALSE

        # A call that is decided is a truth value; the connective around it has to look again.
        return conjunction((rebuild(body, step),))

    def atoms_in(self, body: Term) -> list[Atom]:
        """The atoms of relations in a formula."""
        found = (atom_of(node) for node in subterms(body) if isinstance(node, Apply) and node.symbol in self._names)
        return [atom for atom in found if atom is not None]

    # Loops

    def loops(self) -> list[list[Atom]]:
        """The atoms that could support each other in a circle, in groups; also those that could support themselves."""
        graph: dict[Atom, list[Atom]] = {}
        for head, bodies in self.bodies.items():
            positive: dict[Atom, None] = {}

            def note(call: Apply, positive: dict[Atom, None] = positive) -> Term:
                atom = atom_of(call)
                if atom in self.bodies:
                    positive[atom] = None
                return call

            for body in bodies:
                map_positive(body, note)
            graph[head] = list(positive)
        return [group for group in components(graph) if len(group) > 1 or group[0] in graph[group[0]]]


def atom_of(call: Apply) -> Atom | None:
    """The atom that a call with known arguments is."""
    values = [arg.value for arg in call.args if isinstance(arg, Literal)]
    return (call.symbol, tuple(values)) if len(values) == len(call.args) else None


def map_positive(term: Term, change: Callable[[Apply], Term]) -> Term:
    """The formula with the calls changed that it can only gain from when they hold."""
    match term:
        case Apply():
            return change(term)
        case And(args) | Or(args):
            return remake(term, [map_positive(arg, change) for arg in args])
        case Implies(left, right):
            return remake(term, (left, map_positive(right, change)))
        case Conditional(condition, then, otherwise):
            return remake(term, (condition, map_positive(then, change), map_positive(otherwise, change)))
        case _:
            return term
