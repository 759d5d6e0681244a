"""A CP-SAT model as it is written: variables, constraints, and literals that stand for them; no terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.solvers._domains import Intervals, clip, complement, divided, is_inside, negated, shifted
from nsr.solvers.cpsat.text import LARGEST, Linear, expression, flat
from nsr.solvers.literals import Agreement, Truth, agreement, alternatives, opposite
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nsr.limits import Budget

__all__ = ["Model"]


class Model:
    """Writes constraints; `out` is the part that is being written, `base` the part that always holds.

    `tours` are the variables of circuits whose arcs are the literals of all their values. That each has one of its
    values follows from the circuit, where this is required: it stands in `rows`.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._variables: list[str] = []
        self._domains: list[Intervals] = []
        self.base: list[str] = []
        self.out: list[str] = []
        self.rows: list[str] = []
        self.tours: list[frozenset[int]] = []
        self._known: dict[tuple[object, ...], int] = {}
        self._named: dict[int, dict[int, int]] = {}
        self._used: set[int] = set()
        self._with_rows: set[int] = set()
        self.choices: dict[int, dict[int, int]] = {}

    def finish(self) -> None:
        """Tie the literals of single values to their variables, where anything but these literals uses a variable.

        A variable whose values all have their literals, and which is written nowhere else, is left out: one of the
        literals is true, as one writes it by hand, and `choices` says which value each of them means.
        """
        for variable, named in self._named.items():
            if self._is_needless(variable, named):
                self._one_of(variable, named)
                self.leave_out(variable)
                self.choices[variable] = named
                continue
            for value, literal in named.items():
                here: Intervals = ((value, value),)
                self.write_linear(self.base, {variable: 1}, here, (literal,))
                self.write_linear(self.base, {variable: 1}, self._others(variable, here), (-literal - 1,))

    def leave_out(self, variable: int) -> None:
        """Its number stays taken; with one value it adds no solutions."""
        self._variables[variable] = "variables { domain: [0, 0] }"

    def _is_needless(self, variable: int, named: dict[int, int]) -> bool:
        return variable not in self._used and len(named) == self._size(variable) > 2

    def _size(self, variable: int) -> int:
        """How many values a variable can have."""
        return sum([high - low + 1 for low, high in self._domains[variable]])

    def _one_of(self, variable: int, named: dict[int, int]) -> None:
        """One of the literals for all values of a variable is true."""
        if variable not in self._with_rows:
            self._with_rows.add(variable)
            self.budget.spend(len(named))
            to = self.rows if any(variable in tour for tour in self.tours) else self.base
            to.append(f"constraints {{ exactly_one {{ literals: {list(named.values())} }} }}")

    def _others(self, variable: int, values: Intervals) -> Intervals:
        """The other values of a variable."""
        return tuple([part for a, b in self._domains[variable] for part in clip(complement(values), a, b)])

    def base_text(self) -> str:
        """Variables and definitions."""
        return "\n".join([*self._variables, *self.base])

    # Writing

    def variable(self, domain: Intervals, name: str = "") -> int:
        """A new variable."""
        self.budget.spend()
        label = ""
        if name:
            escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
            label = f' name: "{escaped}"'
        self._variables.append(f"variables {{{label} domain: [{flat(domain)}] }}")
        self._domains.append(domain)
        return len(self._domains) - 1

    def domain(self, variable: int) -> Intervals:
        """The values that a variable can have."""
        return self._domains[variable]

    def named_values(self, variable: int, count: int) -> dict[int, int] | None:
        """The literals for the values of a variable, if it has so many and each has its literal already."""
        named = self._named.get(variable, {})
        return dict(sorted(named.items())) if len(named) == count == self._size(variable) else None

    def bounds(self, linear: Linear) -> tuple[int, int]:
        """The least and greatest value that the variables allow."""
        low = high = linear.constant
        for v, c in linear.terms.items():
            domain = self._domains[v]
            if c > 0:
                low += c * domain[0][0]
                high += c * domain[-1][1]
            else:
                low += c * domain[-1][1]
                high += c * domain[0][0]
        if low <= -LARGEST or high >= LARGEST:
            raise Gap(("sums beyond 60 bits",))
        return low, high

    def write_linear(self, to: list[str], terms: dict[int, int], domain: Intervals, enforced: Iterable[int]) -> None:
        """Append a linear constraint: the expression lies in the domain where all of `enforced` hold."""
        self.budget.spend()
        only = list(enforced)
        self._used.update(terms)
        condition = f"enforcement_literal: {only} " if only else ""
        to.append(
            f"constraints {{ {condition}linear {{ vars: {list(terms)} coeffs: {list(terms.values())} "
            f"domain: [{flat(domain)}] }} }}"
        )

    def write_clause(self, to: list[str], literals: Iterable[Truth], enforced: Iterable[int] = ()) -> None:
        """Append that one of the literals holds where all of `enforced` do."""
        self.budget.spend()
        kept: list[int] = [-literal - 1 for literal in enforced]
        for literal in literals:
            if isinstance(literal, bool):
                if literal:
                    return
                continue
            kept.append(literal)
        to.append(f"constraints {{ bool_or {{ literals: {kept} }} }}")

    def require_linear(self, linear: Linear, domain: Intervals, enforced: tuple[int, ...]) -> None:
        """Require that the expression lies in the domain."""
        low, high = self.bounds(linear)
        inside = clip(domain, low, high)
        if not inside:
            self.write_clause(self.out, (), enforced)
        elif inside != ((low, high),):
            self.write_linear(self.out, linear.terms, shifted(inside, -linear.constant), enforced)

    def require_same(self, left: Truth, right: Truth, enforced: tuple[int, ...]) -> None:
        """Require that two literals agree."""
        self.write_clause(self.out, (opposite(left), right), enforced)
        self.write_clause(self.out, (left, opposite(right)), enforced)

    def require_permutation(self, linears: Sequence[Linear]) -> bool:
        """As many variables as values, each value having its literals already: one of each row, one of each column.

        So it is written by hand, too; CP-SAT takes two thirds of the time that it takes for a list of different values.
        """
        if len(linears) < 3 or any(len(one.terms) != 1 or one.constant for one in linears):
            return False
        rows: list[dict[int, int]] = []
        for one in linears:
            ((variable, coefficient),) = one.terms.items()
            row = self.named_values(variable, len(linears)) if coefficient == 1 else None
            if row is None or (rows and row.keys() != rows[0].keys()):
                return False
            rows.append(row)
        for (variable,), row in zip([one.terms for one in linears], rows, strict=True):
            self._one_of(variable, row)
        for value in rows[0]:
            self.budget.spend(len(rows))
            self.out.append(f"constraints {{ exactly_one {{ literals: {[row[value] for row in rows]} }} }}")
        return True

    def expression(self, linear: Linear, field: str = "exprs") -> str:
        """An expression as text, its variables being used."""
        self._used.update(linear.terms)
        return expression(linear, field)

    def affine(self, linear: Linear) -> Linear:
        """An expression with at most one variable, as some constraints want."""
        if len(linear.terms) <= 1:
            return linear
        low, high = self.bounds(linear)
        new = self.variable(((low, high),))
        terms = {**linear.terms, new: -1}
        self.write_linear(self.base, terms, ((-linear.constant, -linear.constant),), ())
        return Linear({new: 1}, 0)

    def interval(self, start: Linear, length: Linear, presence: Truth) -> int:
        """The index of an interval that exists where `presence` does; there the length is not negative."""
        end = self.affine(start.plus(length))
        parts = " ".join(
            [self.expression(self.affine(part), field) for part, field in ((start, "start"), (length, "size"))]
            + [self.expression(end, "end")]
        )
        condition = "" if isinstance(presence, bool) else f"enforcement_literal: [{presence}] "
        key = ("interval", condition, parts)
        if key not in self._known:
            self.budget.spend()
            self._known[key] = len(self.base)
            self.base.append(f"constraints {{ {condition}interval {{ {parts} }} }}")
        return self._known[key]

    # Literals

    def as_literal(self, truth: Truth) -> int:
        """A literal for a truth value that is known, too."""
        if not isinstance(truth, bool):
            return truth
        key = ("known",)
        if key not in self._known:
            self._known[key] = self.variable(((1, 1),))
        return self._known[key] if truth else -self._known[key] - 1

    def conjunction(self, literals: Sequence[Truth]) -> Truth:
        """A literal that is true exactly where all of these are."""
        return opposite(self.disjunction([opposite(literal) for literal in literals]))

    def disjunction(self, literals: Sequence[Truth]) -> Truth:
        """A literal that is true exactly where one of these is."""
        kept = alternatives(literals)
        if kept is None:
            return True
        if len(kept) < 2:
            return next(iter(kept), False)
        key = ("or", *sorted(kept))
        if key not in self._known:
            new = self.variable(((0, 1),))
            self._known[key] = new
            self.write_clause(self.base, kept, (new,))
            nothing = [-literal - 1 for literal in kept]
            self.budget.spend(len(kept))
            self.base.append(f"constraints {{ enforcement_literal: [{-new - 1}] bool_and {{ literals: {nothing} }} }}")
        return self._known[key]

    def same(self, left: Truth, right: Truth) -> Truth:
        """A literal that is true exactly where two literals agree."""
        wanted = agreement(left, right)
        if not isinstance(wanted, Agreement):
            return wanted
        a, b, is_flipped = wanted
        key = ("same", a, b)
        if key not in self._known:
            new = self.variable(((0, 1),))
            self._known[key] = new
            for signs in ((-new - 1, -a - 1, b), (-new - 1, a, -b - 1), (new, a, b), (new, -a - 1, -b - 1)):
                self.write_clause(self.base, signs)
        literal = self._known[key]
        return -literal - 1 if is_flipped else literal

    def choice(self, condition: Truth, then: Truth, otherwise: Truth) -> Truth:
        """A literal that agrees with `then` where the condition holds, with `otherwise` elsewhere."""
        yes = self.disjunction([opposite(condition), then])
        no = self.disjunction([condition, otherwise])
        return opposite(self.disjunction([opposite(yes), opposite(no)]))

    def linear_literal(self, linear: Linear, domain: Intervals) -> Truth:
        """A literal that is true exactly where the expression lies in the domain."""
        if len(linear.terms) == 1 and len(domain) == 1:
            # Asked again and again: whether a variable has one value.
            ((variable, coefficient),), ((first, last),) = linear.terms.items(), domain
            if coefficient == 1 and first == last:
                return self.named_literal(variable, first - linear.constant)
        low, high = self.bounds(linear)
        inside = shifted(clip(domain, low, high), -linear.constant)
        terms = dict(sorted(linear.terms.items()))
        if not inside:
            return False
        if is_inside(inside, low - linear.constant, high - linear.constant):
            return True
        if next(iter(terms.values())) < 0:
            terms = {v: -c for v, c in terms.items()}
            inside = negated(inside)
            low, high = -high + 2 * linear.constant, -low + 2 * linear.constant
        if len(terms) == 1:
            return self.value_literal(next(iter(terms)), divided(inside, next(iter(terms.values()))))
        outside = clip(complement(inside), low - linear.constant, high - linear.constant)
        return self.defined_literal(terms, inside, outside)

    def named_literal(self, variable: int, value: int) -> Truth:
        """A literal that is true exactly where a variable has a value."""
        named = self._named.get(variable)
        if named is not None and value in named:
            return named[value]
        domain = self._domains[variable]
        if not any(low <= value <= high for low, high in domain):
            return False
        if domain == ((0, 1),):
            return variable if value else -variable - 1
        size = self._size(variable)
        if size == 1:
            return True
        if named is None:
            named = self._named[variable] = {}
        elif size == 2:
            return -next(iter(named.values())) - 1
        named[value] = self.variable(((0, 1),))
        return named[value]

    def value_literal(self, variable: int, values: Intervals) -> Truth:
        """A literal that is true exactly where the value of a variable lies in a domain."""
        inside = tuple([part for a, b in self._domains[variable] for part in clip(values, a, b)])
        outside = self._others(variable, values)
        if not inside or not outside:
            return bool(inside)
        if _is_one_value(inside):
            return self.named_literal(variable, inside[0][0])
        if _is_one_value(outside):
            return opposite(self.named_literal(variable, outside[0][0]))
        return self.defined_literal({variable: 1}, inside, outside)

    def defined_literal(self, terms: dict[int, int], inside: Intervals, outside: Intervals) -> int:
        items = tuple(terms.items())
        found = self._known.get((items, inside))
        if found is not None:
            return found
        new = self.variable(((0, 1),))
        self._known[(items, inside)] = new
        self._known[(items, outside)] = -new - 1
        self.write_linear(self.base, terms, inside, (new,))
        self.write_linear(self.base, terms, outside, (-new - 1,))
        return new

    # Numbers

    def times(self, left: Linear, right: Linear) -> Linear:
        """The product of two expressions."""
        a, b = self.bounds(left), self.bounds(right)
        corners = [x * y for x in a for y in b]
        if max(map(abs, corners)) >= LARGEST:
            raise Gap(("products beyond 60 bits",))
        new = self.variable(((min(corners), max(corners)),))
        target = self.expression(Linear({new: 1}, 0), "target")
        factors = " ".join([self.expression(self.affine(part)) for part in (left, right)])
        self.base.append(f"constraints {{ int_prod {{ {target} {factors} }} }}")
        return Linear({new: 1}, 0)

    def greatest(self, parts: Sequence[Linear]) -> Linear:
        """The greatest of several expressions."""
        bounds = [self.bounds(part) for part in parts]
        self.budget.spend(len(parts))
        new = self.variable(((max(low for low, _ in bounds), max(high for _, high in bounds)),))
        expressions = " ".join([self.expression(part) for part in parts])
        target = self.expression(Linear({new: 1}, 0), "target")
        self.base.append(f"constraints {{ lin_max {{ {target} {expressions} }} }}")
        return Linear({new: 1}, 0)


def _is_one_value(domain: Intervals) -> bool:
    return len(domain) == 1 and domain[0][0] == domain[0][1]
