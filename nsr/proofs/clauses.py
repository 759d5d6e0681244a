"""Formulas as clauses: negations inwards, a Skolem function for each "there is", one clause for each way to be false.

Part of what has to be right for the checker to be right. The clauses follow from the formula together with what the
new symbols stand for: Skolem functions for the things that exist, and names for parts that would have to be repeated
too often (Plaisted and Greenbaum 1986). Names come from the formula's own name and a count, so that the same formula
always has the same clauses. Definitions are unfolded where their arguments have values; binders over a few listed
values are written out. Whatever else is no connective stays as it is, an atom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from nsr.language.ir import (
    AllDifferent,
    And,
    Apply,
    Bound,
    Conditional,
    Equal,
    Iff,
    Implies,
    Interval,
    Listed,
    Literal,
    Not,
    Or,
    Quantified,
    Term,
    Variable,
    Xor,
    integer,
    sort_of,
)
from nsr.language.sorts import BOOL
from nsr.language.traverse import free_variables, subterms
from nsr.proofs.steps import Clause, Signed
from nsr.proofs.terms import SKOLEM, canonical, fits, is_inhabited, is_total, substituted

if TYPE_CHECKING:
    from nsr.language.ir import Program, Rule
    from nsr.limits import Budget

__all__ = ["TooLarge", "clauses_of", "denial_clauses", "implication_clauses"]

MOST_CLAUSES = 400
"""A formula of more clauses than these is not taken apart."""

MOST_REPEATED = 12
"""Alternatives that would make more clauses than these get a name instead."""

MOST_LISTED = 60
"""Binders over more values than these are not written out."""


class TooLarge(Exception):
    """A formula has too many clauses."""


def clauses_of(program: Program, formula: Term, name: str, budget: Budget, *, holds: bool = True) -> tuple[Clause, ...]:
    """The clauses of a closed formula, or of its denial; `name` is no other formula's.

    Raises:
        TooLarge: if there are too many.
        BudgetExceeded: if it takes more than the budget.
    """
    writer = _Writer(program, name, budget)
    found = [*writer.clauses(canonical(formula), holds, (), {}), *writer.named]
    if len(found) > MOST_CLAUSES:
        raise TooLarge
    return tuple([_merged(clause) for clause in found])


def denial_clauses(program: Program, goal: Term, budget: Budget) -> tuple[Clause, ...]:
    """The clauses of "the goal is false"; raises as `clauses_of` does."""
    return clauses_of(program, goal, f"goal{SKOLEM}", budget, holds=False)


def implication_clauses(program: Program, rule: Rule, index: int, budget: Budget) -> tuple[Clause, ...]:
    """The clauses of a rule read as an implication, none where the head may be undefined; raises as `clauses_of` does.

    `index` is the rule's place in its section.
    """
    sorts = program.symbols[rule.symbol].arguments
    args = tuple([canonical(arg) for arg in rule.args])
    if not all(fits(arg, sort, program) for arg, sort in zip(args, sorts, strict=True)):
        return ()
    implied = Implies(rule.body, Apply(rule.symbol, args, BOOL))
    formula = Quantified("forall", rule.binders, implied) if rule.binders else implied
    return clauses_of(program, formula, f"rule {index}{SKOLEM}", budget)


def _merged(clause: Iterable[Signed]) -> Clause:
    return tuple(dict.fromkeys(clause))


@dataclass(slots=True)
class _Writer:
    program: Program
    name: str
    budget: Budget
    named: list[list[Signed]] = field(default_factory=list)
    count: int = 0

    def clauses(
        self, term: Term, holds: bool, universal: tuple[Variable, ...], env: Mapping[str, Term]
    ) -> list[list[Signed]]:
        """The clauses of a formula, or of its denial, below these universal variables.

        `env` has what stands in the place of the variables bound so far.
        """
        self.budget.spend(5)
        match term:
            case Literal(value, sort) if sort == BOOL:
                return [] if (value is True) is holds else [[]]
            case Not(arg):
                return self.clauses(arg, not holds, universal, env)
            case And(args) | Or(args):
                if isinstance(term, And) is holds:
                    return self._all([(arg, holds) for arg in args], universal, env)
                return self._one([(arg, holds) for arg in args], universal, env)
            case Implies(left, right):
                return self.clauses(Or((Not(left), right)), holds, universal, env)
            case Iff(left, right) | Xor(left, right):
                same = isinstance(term, Iff) is holds
                first = self._one([(left, False), (right, same)], universal, env)
                return [*first, *self._one([(left, True), (right, not same)], universal, env)]
            case Conditional(condition, then, otherwise):
                first = self._one([(condition, False), (then, holds)], universal, env)
                return [*first, *self._one([(condition, True), (otherwise, holds)], universal, env)]
            case AllDifferent(args):
                pairs = tuple(Not(Equal(a, b)) for a, b in combinations(args, 2))
                return self.clauses(And(pairs), holds, universal, env)
            case Equal(left, right) if self._are_formulas(left, right):
                return self.clauses(Iff(left, right), holds, universal, env)
            case Quantified():
                return self._quantified(term, holds, universal, env)
            case Apply(symbol, args) if symbol in self.program.definitions:
                return self._unfolded(term, holds, universal, env)
            case _:
                return [[Signed(substituted(term, env), holds)]]

    def _all(
        self, parts: Sequence[tuple[Term, bool]], universal: tuple[Variable, ...], env: Mapping[str, Term]
    ) -> list[list[Signed]]:
        found: list[list[Signed]] = []
        for part, holds in parts:
            found += self.clauses(part, holds, universal, env)
            if len(found) > MOST_CLAUSES:
                raise TooLarge
        return found

    def _one(
        self, parts: Sequence[tuple[Term, bool]], universal: tuple[Variable, ...], env: Mapping[str, Term]
    ) -> list[list[Signed]]:
        """One of the parts holds: every choice of a clause from each."""
        product: list[list[Signed]] = [[]]
        for part, holds in parts:
            found = self.clauses(part, holds, universal, env)
            if len(found) > 1 and len(product) * len(found) > MOST_REPEATED:
                found = [[self._named(found)]]
            product = [[*one, *other] for one in product for other in found]
        return product

    def _named(self, clauses: list[list[Signed]]) -> Signed:
        """A new atom from which the clauses follow."""
        self.count += 1
        free = {v for clause in clauses for signed in clause for v in _variables_of(signed.atom)}
        ordered = tuple(sorted(free, key=lambda variable: variable.name))
        atom = Apply(f"{SKOLEM}{self.name}{SKOLEM}{self.count}", ordered, BOOL)
        self.named += [[Signed(atom, False), *clause] for clause in clauses]
        if len(self.named) > MOST_CLAUSES:
            raise TooLarge
        return Signed(atom)

    def _quantified(
        self, term: Quantified, holds: bool, universal: tuple[Variable, ...], env: Mapping[str, Term]
    ) -> list[list[Signed]]:
        bound, *rest = term.binders
        body = Quantified(term.kind, tuple(rest), term.body) if rest else term.body
        if bound.domain is not None:
            values = self._listed(bound, env)
            if values is None:
                return [[Signed(substituted(term, env), holds)]]
            parts = tuple(substituted(body, {bound.variable.name: value}) for value in values)
            return self.clauses(And(parts) if term.kind == "forall" else Or(parts), holds, universal, env)
        if not is_inhabited(bound.variable.sort):
            return [[Signed(substituted(term, env), holds)]]
        self.count += 1
        if (term.kind == "forall") is holds:
            own = Variable(f"{bound.variable.name}{SKOLEM}{self.count}", bound.variable.sort)
            return self.clauses(body, holds, (*universal, own), {**env, bound.variable.name: own})
        name = f"{SKOLEM}{self.name}{SKOLEM}{self.count}{SKOLEM}{bound.variable.name}"
        made = Apply(name, universal, bound.variable.sort)
        return self.clauses(body, holds, universal, {**env, bound.variable.name: made})

    def _listed(self, bound: Bound, env: Mapping[str, Term]) -> Sequence[Term] | None:
        """The values of a binder with a domain, if they are few and all of them are values."""
        match bound.domain:
            case Interval(Literal(int() as low), Literal(int() as high)):
                return [integer(n) for n in range(low, high + 1)] if high - low < MOST_LISTED else None
            case Listed(values) if len(values) <= MOST_LISTED:
                known = [substituted(value, env) for value in values]
                return known if all(is_total(value, self.program) for value in known) else None
            case _:
                return None

    def _unfolded(
        self, term: Apply, holds: bool, universal: tuple[Variable, ...], env: Mapping[str, Term]
    ) -> list[list[Signed]]:
        definition = self.program.definitions[term.symbol]
        args = [substituted(arg, env) for arg in term.args]
        if not all(fits(arg, p.sort, self.program) for arg, p in zip(args, definition.parameters, strict=True)):
            return [[Signed(substituted(term, env), holds)]]
        values = {p.name: arg for p, arg in zip(definition.parameters, args, strict=True)}
        return self.clauses(canonical(definition.body), holds, universal, values)

    def _are_formulas(self, left: Term, right: Term) -> bool:
        """Whether both sides of an equation are truth values, and neither can be undefined."""
        return all(sort_of(side) == BOOL and self._is_defined(side) for side in (left, right))

    def _is_defined(self, term: Term) -> bool:
        match term:
            case Literal(value):
                return isinstance(value, bool)
            case Apply(symbol, args) if symbol in self.program.symbols:
                declared = self.program.symbols[symbol]
                is_plain = declared.kind in ("pred", "rel", "var") and not declared.is_optional
                sorts = declared.arguments
                return is_plain and all(fits(arg, sort, self.program) for arg, sort in zip(args, sorts, strict=True))
            case And() | Or() | Not() | Implies() | Iff() | Xor() | Quantified() | Equal():
                return True
            case _:
                return False


def _variables_of(term: Term) -> set[Variable]:
    free = free_variables(term)
    return {part for part in subterms(term) if isinstance(part, Variable) and part.name in free}
