"""In what order the goals of a body come: what binds variables before what needs them bound.

Calls of relations bind their arguments; a variable that no call binds gets the value that an equation gives it, or is
found by CLP(FD) from the comparisons of whole numbers that it stands in, or runs through its domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nsr.language.ir import (
    Absolute,
    And,
    Apply,
    Bound,
    Equal,
    Extremum,
    Interval,
    Less,
    LessEqual,
    Listed,
    Literal,
    Negate,
    Not,
    Product,
    Quantified,
    Sum,
    Variable,
)
from nsr.language.sorts import BoolSort, IntSort, sort_size
from nsr.language.traverse import free_variables
from nsr.solvers.prolog.goals import Env, Goals
from nsr.solvers.prolog.notation import NOTHING, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nsr.language.ir import Term

__all__ = ["Conjunction", "conjunction"]

SMALL = 16
"""A domain of so many values is run through rather than left to CLP(FD)."""


class Conjunction(NamedTuple):
    """Goals that succeed once for each binding of the variables, and what these are called."""

    goals: tuple[str, ...]
    env: Env

    @property
    def goal(self) -> str:
        """The goals as one."""
        return joined(self.goals)


def conjunction(
    goals: Goals, binders: Sequence[Bound], terms: Sequence[Term], env: Env, *, guarded: bool = False
) -> Conjunction:
    """The bindings of the binders for which all terms hold.

    With `guarded`, a part in which a table lacks an entry does not hold; else it throws, and the bindings come in the
    order of the domains.

    Raises:
        Gap: for terms and domains that have no Prolog form.
    """
    plan = _Plan(goals, binders, terms, env, guarded=guarded)
    plan.make()
    return Conjunction(tuple(plan.out), plan.env)


class _Plan:
    """The order of goals, chosen step by step: what is bound most comes first."""

    def __init__(
        self, goals: Goals, binders: Sequence[Bound], terms: Sequence[Term], env: Env, *, guarded: bool
    ) -> None:
        self._goals = goals
        self._binders = {bound.variable.name: bound for bound in binders}
        self._terms = [part for term in terms for part in _parts(term)]
        self._guarded = guarded
        self._free: dict[int, frozenset[str]] = {}
        self.env: Env = dict(env)
        self.out: list[str] = []
        for name in self._binders:
            self.env[name] = goals.variable(name)
        self._unbound = set(self._binders)
        self._unchecked: list[Bound] = []
        self._domains: dict[Bound, Term] = {}

    def make(self) -> None:
        """Put all goals in their order."""
        if not self._guarded and any(self._goals.may_lack(term) for term in self._looked_at()):
            self._in_order()
            return
        atoms = [term for term in self._terms if isinstance(term, Apply) and self._goals.names.of(term.symbol)]
        self._tests = [term for term in self._terms if term not in atoms]
        self._add_tests()
        while atoms:
            ready = [(self._score(atom), -i) for i, atom in enumerate(atoms) if self._is_ready(atom)]
            if not ready:
                self._bind_next()
                continue
            self._scan(atoms.pop(-max(ready)[1]))
        while self._unbound:
            self._bind_next()

    def _looked_at(self) -> Iterable[Term]:
        yield from self._terms
        for bound in self._binders.values():
            yield Quantified("exists", (bound,), bound.variable)

    def _in_order(self) -> None:
        """Variables in the order of their binders and domains, then the terms as they stand."""
        for name in self._binders:
            self._run_through(name)
        for term in self._terms:
            self.out.append(self._goals.formula(term, self.env))

    def _guard(self, goal: str, *terms: Term) -> str:
        if self._guarded and any(self._goals.may_lack(term) for term in terms):
            return f"catch(({goal}),nsr_no_entry,fail)"
        return goal

    # What can come next

    def _needs(self, term: Term) -> set[str]:
        """The variables that have to be bound before a term can be worked out."""
        if id(term) not in self._free:
            self._free[id(term)] = frozenset(free_variables(term) & self._binders.keys())
        return self._unbound & self._free[id(term)]

    def _score(self, atom: Apply) -> tuple[bool, bool, int]:
        known = sum(1 for arg in atom.args if not self._needs(arg))
        return known == len(atom.args), atom.symbol in self._goals.names.inside, known

    def _is_ready(self, atom: Apply) -> bool:
        return all(isinstance(arg, Variable) or not self._needs(arg) for arg in atom.args)

    def _add_tests(self) -> None:
        waiting = []
        for term in self._tests:
            if self._needs(term):
                waiting.append(term)
            else:
                self.out.append(self._guard(self._goals.formula(term, self.env), term))
        self._tests = waiting
        for bound in self._unchecked:
            if not self._needs(self._domain_of(bound)):
                self.out.append(self._guard(self._is_in_domain(bound), self._domain_of(bound)))
        self._unchecked = [bound for bound in self._unchecked if self._needs(self._domain_of(bound))]

    def _domain_of(self, bound: Bound) -> Term:
        """What the domain of a variable speaks of, as one term."""
        if bound not in self._domains:
            self._domains[bound] = Quantified("exists", (bound,), Literal(True, BoolSort()))
        return self._domains[bound]

    def _is_in_domain(self, bound: Bound) -> str:
        own: list[str] = []
        each = self._goals.variable()
        goal = _domain(self._goals, bound, {**self.env, bound.variable.name: each}, own)
        return f"({joined([*own, goal, f'{each} == {self.env[bound.variable.name]}'])}->true)"

    # Binding

    def _scan(self, atom: Apply) -> None:
        """A call of a relation; the variables that it binds still have to be in their domains."""
        own: list[str] = []
        values = [
            self.env[arg.name] if isinstance(arg, Variable) else self._goals.arguments((arg,), self.env, own)[0]
            for arg in atom.args
        ]
        self.out.append(self._guard(joined(own), *atom.args))
        name = self._goals.names.of(atom.symbol)
        assert name is not None
        self.out.append(self._goals.head(name, values))
        signature = self._goals.program.symbols[atom.symbol].arguments
        for arg, sort in zip(atom.args, signature, strict=True):
            if isinstance(arg, Variable) and arg.name in self._unbound:
                self._bound(arg.name, is_inside=arg.sort == sort)
        self._add_tests()

    def _bound(self, name: str, *, is_inside: bool) -> None:
        bound = self._binders[name]
        self._unbound.discard(name)
        if not is_inside:
            self.out.extend(self._goals.in_sort(bound.variable.sort, self.env[name]))
        if bound.domain is not None:
            self._unchecked.append(bound)

    def _bind_next(self) -> None:
        """Bind one more variable, or several at once."""
        for term in self._tests:
            match term:
                case Equal(Variable(name), value) | Equal(value, Variable(name)) if (
                    name in self._unbound and not self._needs(value)
                ):
                    self._let(name, value)
                    return
        name = self._next_variable()
        if not self._solve(name):
            self._run_through(name)
        self._add_tests()

    def _let(self, name: str, term: Term) -> None:
        own: list[str] = []
        value = self._goals.value(term, self.env, own)
        goal = joined([*own, f"{value}\\== {NOTHING}", f"{self.env[name]}= {value}"])
        self.out.append(self._guard(goal, term))
        self._bound(name, is_inside=False)
        self._add_tests()

    def _next_variable(self) -> str:
        """The unbound variable with the smallest domain whose ends are known."""
        choices = []
        for name in self._unbound:
            bound = self._binders[name]
            if self._needs(self._domain_of(bound)):
                continue
            size = sort_size(bound.variable.sort) if bound.domain is None else 0
            choices.append((size is None, size or 0, name))
        return min(choices)[2]

    def _run_through(self, name: str) -> None:
        bound = self._binders[name]
        own: list[str] = []
        goal = _domain(self._goals, bound, self.env, own)
        whole = joined([*own, goal])
        self.out.append(self._guard(whole, Quantified("exists", (bound,), bound.variable)))
        self._unbound.discard(name)

    # Whole numbers by CLP(FD)

    def _solve(self, name: str) -> bool:
        """Bind all variables that hang together with one by comparisons of whole numbers; False if there are none."""
        group = self._group(name)
        tests = [term for term in self._tests if self._needs(term) and self._needs(term) <= group]
        posted = [text for text in (self._constraint(term) for term in tests) if text is not None]
        if not posted:
            return False
        ends = [self._ends(self._binders[one]) for one in sorted(group)]
        listed = ",".join([self.env[one] for one in sorted(group)])
        self.out.extend([goal for goal in ends if goal])
        self.out.extend(posted)
        self.out.append(f"label([{listed}])")
        self._unbound -= group
        self._tests = [term for term in self._tests if self._constraint(term) is None or self._needs(term)]
        return True

    def _group(self, name: str) -> set[str]:
        group = {name} if self._is_whole(name) else set()
        grows = bool(group)
        while grows:
            grows = False
            for term in self._tests:
                needed = self._needs(term)
                if needed & group and not needed <= group and self._constraint(term) is not None:
                    group |= needed
                    grows = True
        sizes = [sort_size(self._binders[one].variable.sort) for one in group]
        is_small = len(group) == 1 and all(size is not None and size <= SMALL for size in sizes)
        return set() if is_small else group

    def _is_whole(self, name: str) -> bool:
        bound = self._binders.get(name)
        return bound is not None and bound.domain is None and isinstance(bound.variable.sort, IntSort)

    def _ends(self, bound: Bound) -> str:
        sort = bound.variable.sort
        assert isinstance(sort, IntSort)
        low, high = ("inf" if sort.low is None else sort.low), ("sup" if sort.high is None else sort.high)
        return f"({self.env[bound.variable.name]} in ({low})..({high}))"

    def _constraint(self, term: Term) -> str | None:
        """A comparison of whole numbers as a constraint; None if it is none."""
        sign, inner = "", term
        if isinstance(term, Not) and isinstance(term.arg, Equal):
            sign, inner = "#\\=", term.arg
        if not isinstance(inner, Equal | Less | LessEqual):
            return None
        left, right = self._whole(inner.left), self._whole(inner.right)
        if left is None or right is None:
            return None
        return f"{left}{sign or _SIGNS[type(inner)]}{right}"

    def _whole(self, term: Term) -> str | None:
        """A term of whole numbers that is always defined, as a CLP(FD) expression."""
        match term:
            case Literal(value) if isinstance(value, int) and not isinstance(value, bool):
                return f"({value})"
            case Variable(name, IntSort()) if name not in self._unbound or self._is_whole(name):
                return self.env[name]
            case Sum(args) | Product(args) if args:
                return self._many("+" if isinstance(term, Sum) else "*", args)
            case Negate(arg) | Absolute(arg):
                inner = self._whole(arg)
                # A sign before a minus would be one operator with it.
                return None if inner is None else f"(-{inner})" if isinstance(term, Negate) else f"abs({inner})"
            case Extremum(kind, args) if args:
                text = self._whole(args[0])
                for arg in args[1:]:
                    part = self._whole(arg)
                    text = None if text is None or part is None else f"{kind}({text},{part})"
                return text
            case _:
                return None

    def _many(self, sign: str, args: Sequence[Term]) -> str | None:
        parts = [self._whole(arg) for arg in args]
        return None if None in parts else f"({sign.join([part for part in parts if part is not None])})"


_SIGNS = {Equal: "#=", Less: "#<", LessEqual: "#=<"}


def _parts(term: Term) -> list[Term]:
    return [part for arg in term.args for part in _parts(arg)] if isinstance(term, And) else [term]


def _domain(goals: Goals, bound: Bound, env: Env, own: list[str]) -> str:
    """A goal that binds a variable to each value of its domain in turn."""
    value = env[bound.variable.name]
    match bound.domain:
        case None:
            return goals.of_sort(bound.variable.sort, value)
        case Interval(low, high):
            first, last = goals.number(low, env, own), goals.number(high, env, own)
            a, b = goals.variable(), goals.variable()
            return f"{a} is ceiling({first}),{b} is floor({last}),between({a},{b},{value})"
        case Listed(values):
            found, listed = goals.variable(), []
            for term in values:
                inner: list[str] = []
                one = goals.value(term, env, inner)
                inner.extend([f"{one}\\== {NOTHING}", f"{value}= {one}"])
                listed.append(f"({joined(inner)})")
            each = f"findall({value},({';'.join(listed) or 'fail'}),{found})"
            return f"{each},nsr_once_each({found},{value})"
