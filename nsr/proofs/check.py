"""Checks derivations step by step, on the typed program alone: no solver, no reformulation, no search.

Everything is worked out again: the clauses of premises and of the denied goal, the rows of relations that facts and
rules decide, instances, resolvents, replacements. What a step says of itself only tells where to look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, assert_never

from nsr.language.ir import Apply, Equal, Literal, Variable, sort_of
from nsr.language.meaning import NO_VALUE
from nsr.language.recursion import RecursionRoom
from nsr.language.sorts import sort_size, sort_values
from nsr.language.traverse import binders_of, children, free_variables, subterms, with_children
from nsr.proofs.clauses import TooLarge, clauses_of, denial_clauses, implication_clauses
from nsr.proofs.reading import Decided, Reader, cells_of
from nsr.proofs.steps import (
    WHOLE,
    ByAbsence,
    ByDeclaration,
    ByDenial,
    ByEnumeration,
    ByEvaluation,
    ByFact,
    ByImplication,
    ByInstance,
    ByPremise,
    ByReplacement,
    ByResolution,
    ByRule,
    BySimplification,
    Clause,
    Signed,
    unit,
)
from nsr.proofs.terms import Captured, call, canonical, fits, is_total, literal, substituted

if TYPE_CHECKING:
    from nsr.language.ir import Program, Question, Rule, Term
    from nsr.language.sorts import Sort, Value
    from nsr.limits import Budget
    from nsr.proofs.steps import Derivation, Step, Substitution

__all__ = ["Wrong", "check"]

MOST_VALUES = 200
"""A sort of more values than these is not enumerated."""


class Wrong(NamedTuple):
    """The place of the first step that does not follow, and why; of a derivation without an end, the place after it."""

    step: int
    why: str


class _Fault(Exception):
    """A step does not follow."""


def check(
    program: Program, question: Question, goal: Term | None, derivation: Derivation, budget: Budget
) -> Wrong | None:
    """None if every step follows and the last one is the empty clause; else the first step that does not.

    With a goal that closes the denial of it is a step that may be used, so that the goal holds in every world of the
    question. Without, the question has no world.

    Raises:
        BudgetExceeded: if the check takes more than the budget.
    """
    checker = _Checker(program, question, goal, budget)
    with RecursionRoom():
        for place, step in enumerate(derivation.steps):
            try:
                _expect(all(0 <= used < place for used in step.uses), "it uses a step that does not come before it")
                checker.follows(step, [derivation.steps[used].conclusion for used in step.uses])
            except _Fault as fault:
                return Wrong(place, str(fault))
            except Captured as captured:
                return Wrong(place, f"a term would come under a binder of its own variable: {captured}")
            except (*NO_VALUE, TooLarge, ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
                return Wrong(place, f"it cannot be worked out ({type(error).__name__}: {error})")
    last = len(derivation.steps) - 1
    if last < 0 or derivation.steps[last].conclusion:
        return Wrong(last + 1, "the last step is no contradiction")
    return None


def _expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise _Fault(otherwise)


class _Checker:
    """What holds of one question, as far as it has been worked out."""

    def __init__(self, program: Program, question: Question, goal: Term | None, budget: Budget) -> None:
        self.program = program
        self.question = question
        self.goal = goal
        self.budget = budget
        self.decided = Decided(program, question, budget)
        self.rules = program.rules_of(question)
        required = program.requirements_of(question)
        count = Counter(requirement.name for requirement in required)
        # Skolem functions are named after requirements, so a name that stands twice is no name.
        self.required = {r.name: r.formula for r in required if count[r.name] == 1}
        self._clauses: dict[tuple[str, str | int], tuple[Clause, ...]] = {}

    def follows(self, step: Step, used: Sequence[Clause]) -> None:
        """Raises `_Fault` or another error if the step does not follow."""
        self.budget.spend(20 + sum(map(len, used)))
        wanted = self._conclusion(step, used)
        _expect(wanted == step.conclusion, "something else follows")

    def _conclusion(self, step: Step, used: Sequence[Clause]) -> Clause:
        """What a step concludes; where its reason does not say what is meant, the conclusion itself, if it is so."""
        match step.by:
            case ByFact(name):
                return self._fact(name, step.conclusion, used)
            case ByRule(index, binding):
                return self._rule(index, dict(binding), used)
            case ByImplication(index, place):
                _expect(not used, "a rule uses no step")
                return self._implication(index, place)
            case ByPremise(name, place):
                _expect(not used, "a premise uses no step")
                return self._premise(name, place)
            case ByDenial(place):
                _expect(not used, "a denial uses no step")
                return self._denial(place)
            case ByAbsence():
                return self._absence(step.conclusion, used)
            case ByEnumeration():
                _expect(not used, "an enumeration uses no step")
                return self._enumeration(step.conclusion)
            case ByDeclaration():
                _expect(not used, "a declaration uses no step")
                return self._declaration(step.conclusion)
            case ByEvaluation():
                return self._evaluation(step.conclusion, used)
            case BySimplification():
                return self._simplified(step.conclusion, used)
            case ByInstance(values):
                [clause] = used
                return _merged(self._instance(clause, values))
            case ByResolution():
                return self._resolvent(step.by, used)
            case ByReplacement():
                return self._replaced(step.by, used)
            case _:
                assert_never(step.by)

    # What the program says

    def _fact(self, name: str, said: Clause, used: Sequence[Clause]) -> Clause:
        _expect(not used, "a fact uses no step")
        for facts in self.program.facts_of(self.question):
            if facts.name == name:
                for row in facts.rows:
                    if said == (found := unit(call(self.program, facts.symbol, row))):
                        return found
        raise _Fault(f"no fact `{name}` says so")

    def _rule(self, index: int, binding: Mapping[str, Value], used: Sequence[Clause]) -> Clause:
        rule = self._rule_at(index)
        reader = self._reader(used)
        names = [bound.variable.name for bound in rule.binders]
        _expect(sorted(binding) == sorted(names), "the binding is not one of the rule's variables")
        self._runs_over(rule, binding, reader)
        _expect(reader.truth(rule.body, binding) is True, "the steps used do not make the body hold")
        row = reader.row(rule.args, binding)
        _expect(row is not None, "an argument of the head has no value")
        assert row is not None
        sorts = self.program.symbols[rule.symbol].arguments
        terms = [literal(value, sort) for value, sort in zip(row, sorts, strict=True)]
        _expect(
            all(fits(term, sort, self.program) for term, sort in zip(terms, sorts, strict=True)),
            "an argument of the head is outside its type",
        )
        return unit(call(self.program, rule.symbol, row))

    def _runs_over(self, rule: Rule, binding: Mapping[str, Value], reader: Reader) -> None:
        """The variables have values of their domains."""
        for bound in rule.binders:
            value = binding[bound.variable.name]
            _expect(
                fits(literal(value, bound.variable.sort), bound.variable.sort, self.program),
                f"`{bound.variable.name}` has no value of its type",
            )
            if bound.domain is not None:
                _expect(value in list(reader.evaluator.domain(bound, binding)), "a value is outside its domain")

    def _rule_at(self, index: int) -> Rule:
        _expect(0 <= index < len(self.rules), "there is no such rule")
        return self.rules[index]

    def _reader(self, used: Sequence[Clause]) -> Reader:
        cells = cells_of(used)
        _expect(cells is not None, "a step used says nothing about one single cell")
        assert cells is not None
        return Reader(self.program, cells, self.budget)

    def _implication(self, index: int, place: int) -> Clause:
        rule = self._rule_at(index)
        return self._clause(("rule", index), place, lambda: implication_clauses(self.program, rule, index, self.budget))

    def _premise(self, name: str, place: int) -> Clause:
        _expect(name in self.required, f"there is no one requirement `{name}`")
        formula = self.required[name]
        if place == WHOLE:
            return unit(canonical(formula))
        return self._clause(("premise", name), place, lambda: clauses_of(self.program, formula, name, self.budget))

    def _denial(self, place: int) -> Clause:
        goal = self.goal
        if goal is None:
            raise _Fault("there is no goal to deny")
        _expect(not free_variables(goal), "the goal has a variable that nothing binds")
        if place == WHOLE:
            return unit(canonical(goal), is_positive=False)
        return self._clause(("goal", ""), place, lambda: denial_clauses(self.program, goal, self.budget))

    def _clause(self, key: tuple[str, str | int], place: int, clauses: Callable[[], tuple[Clause, ...]]) -> Clause:
        """One of the clauses of a formula, which are worked out once."""
        if key not in self._clauses:
            self._clauses[key] = clauses()
        _expect(0 <= place < len(self._clauses[key]), "there is no such clause")
        return self._clauses[key][place]

    def _enumeration(self, said: Clause) -> Clause:
        first = said[0].atom if said else None
        _expect(isinstance(first, Equal), "an enumeration says what a term equals")
        assert isinstance(first, Equal)
        sort = sort_of(first.left)
        size = sort_size(sort)
        _expect(size is not None and size <= MOST_VALUES, "the values cannot be enumerated")
        _expect(is_total(first.left, self.program), "the term may have no value")
        return tuple([Signed(Equal(first.left, literal(value, sort))) for value in sort_values(sort)])

    def _declaration(self, said: Clause) -> Clause:
        _expect(bool(said) and isinstance(said[0].atom, Equal), "a declaration says what differs")
        match said[0].atom:
            case Equal(Apply(one, left), Apply(other, right)) if {one, other} <= self.program.symbols.keys():
                first, second = self.program.symbols[one], self.program.symbols[other]
            case _:
                raise _Fault("a declaration says what differs")
        same = said[0].atom
        denied: Clause = unit(same, is_positive=False)
        none = (Signed(Equal(same.left, literal(None, first.value))),) if first.is_optional else ()
        if first.distinct_group is not None and one != other and not first.is_optional:
            _expect(first.distinct_group == second.distinct_group and not left + right, "the two need not differ")
            return denied
        _expect(first.is_distinct and first.distinct_group is None and one == other, "nothing is declared to differ")
        for args in (left, right):
            _expect(
                all(fits(arg, sort, self.program) for arg, sort in zip(args, first.arguments, strict=True)),
                "an argument may have no value",
            )
        ways = [(*denied, Signed(Equal(a, b)), *none) for a, b in zip(left, right, strict=True)]
        _expect(said in ways, "something else follows")
        return said

    def _absence(self, said: Clause, used: Sequence[Clause]) -> Clause:
        atom = said[0].atom if len(said) == 1 and not said[0].is_positive else None
        if not isinstance(atom, Apply) or not all(isinstance(arg, Literal) for arg in atom.args):
            raise _Fault("absence is said of a relation at values")
        row = tuple(arg.value for arg in atom.args if isinstance(arg, Literal))
        _expect(
            self.program.symbols[atom.symbol].kind == "rel", "only closed relations are false where nothing is said"
        )
        if not used:
            rows = self.decided.rows
            _expect(atom.symbol in rows, "facts and rules alone do not decide the relation")
            _expect(row not in rows[atom.symbol], "facts and rules make it hold")
        else:
            self._no_reason(atom.symbol, row, self._reader(used))
        return unit(call(self.program, atom.symbol, row), is_positive=False)

    def _no_reason(self, symbol: str, row: tuple[Value, ...], reader: Reader) -> None:
        """Neither a fact nor an instance of a rule derives the row."""
        for facts in self.program.facts_of(self.question):
            _expect(facts.symbol != symbol or row not in facts.rows, f"the fact `{facts.name}` says the opposite")
        for rule in self.rules:
            if rule.symbol != symbol:
                continue
            for binding in reader.evaluator.bindings(rule.binders, {}):
                head = reader.row(rule.args, binding)
                _expect(
                    (head is not None and head != row) or reader.truth(rule.body, binding) is False,
                    f"the rule `{rule.name}` may apply",
                )

    # What can be computed

    def _evaluation(self, said: Clause, used: Sequence[Clause]) -> Clause:
        _expect(len(said) == 1, "an evaluation says one thing")
        [signed] = said
        found = self._reader(used).truth(signed.atom, {}) if used else self._known(signed.atom)
        _expect(found is signed.is_positive, "it is not evaluated to that")
        return said

    def _known(self, atom: Term) -> bool | None:
        """The truth of an atom in every world, without any step."""
        match atom:
            case Equal(left, right) if left == right and is_total(left, self.program):
                return True
            case _ if free_variables(atom):
                return None
            case _:
                return self.decided.truth(atom, {})

    def _simplified(self, said: Clause, used: Sequence[Clause]) -> Clause:
        [clause] = used
        kept = tuple([s for s in clause if s in said])
        for signed in clause:
            if signed not in said:
                _expect(self._known(signed.atom) is (not signed.is_positive), "something left out may hold")
        return kept

    # What follows from steps

    def _instance(self, clause: Clause, values: Substitution) -> list[Signed]:
        """The members with terms in the place of variables; they may become the same, and keep their places."""
        env = dict(values)
        _expect(len(env) == len(values), "a variable stands for two terms")
        found = self._sorts(clause)
        for name, term in env.items():
            _expect(name in found and len(found[name]) == 1, f"`{name}` is no variable there")
            _expect(fits(term, next(iter(found[name])), self.program), f"a term is not of the type of `{name}`")
        return [Signed(substituted(signed.atom, env), signed.is_positive) for signed in clause] if env else list(clause)

    def _sorts(self, clause: Clause) -> dict[str, set[Sort]]:
        """The sorts of the free variables of a clause, by their names."""
        found: dict[str, set[Sort]] = {}
        for signed in clause:
            free = free_variables(signed.atom)
            for part in subterms(signed.atom) if free else ():
                if isinstance(part, Variable) and part.name in free:
                    found.setdefault(part.name, set()).add(part.sort)
        return found

    def _resolvent(self, by: ByResolution, used: Sequence[Clause]) -> Clause:
        first, second = used
        left = self._instance(first, by.left_values)
        right = self._instance(second, by.right_values)
        _expect(0 <= by.left < len(left) and 0 <= by.right < len(right), "there is no such member")
        one, other = left[by.left], right[by.right]
        _expect(one == other.denied(), "the two members do not contradict each other")
        return _merged([*(s for s in left if s != one), *(s for s in right if s != other)])

    def _replaced(self, by: ByReplacement, used: Sequence[Clause]) -> Clause:
        first, second = used
        equations = self._instance(first, by.equation_values)
        members = self._instance(second, by.values)
        _expect(0 <= by.equation < len(equations) and 0 <= by.place < len(members), "there is no such member")
        equation, member = equations[by.equation], members[by.place]
        _expect(equation.is_positive and isinstance(equation.atom, Equal), "there is no equation")
        assert isinstance(equation.atom, Equal)
        old, new = equation.atom.left, equation.atom.right
        if by.is_reversed:
            old, new = new, old
        atom = _with_replaced(member.atom, by.path, old, new)
        rest = [*(s for s in equations if s != equation), *(s for s in members if s != member)]
        return _merged([*rest, Signed(canonical(atom), member.is_positive)])


def _with_replaced(term: Term, path: Sequence[int], old: Term, new: Term) -> Term:
    if not path:
        _expect(term == old, "the term at that place is another")
        return new
    inner = list(children(term))
    _expect(not binders_of(term), "nothing is replaced under a binder")
    _expect(0 <= path[0] < len(inner), "there is no such place")
    inner[path[0]] = _with_replaced(inner[path[0]], path[1:], old, new)
    return with_children(term, inner)


def _merged(clause: Sequence[Signed]) -> Clause:
    return tuple(dict.fromkeys(clause))
