"""OR-Tools CP-SAT: finite domains, puzzles, counting.

The encoding is the text form of CP-SAT's own protocol buffer. Every auxiliary variable is determined by the cells (all
definitions go both ways), so that one run of CP-SAT's enumeration finds each solution once, and "one solution and no
second" is one run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from nsr.language.ir import (
    Absolute,
    AllDifferent,
    And,
    Apply,
    Conditional,
    Equal,
    Extremum,
    FloorDivide,
    FromTruth,
    Iff,
    Implies,
    Less,
    LessEqual,
    Literal,
    Modulo,
    Negate,
    Not,
    Or,
    Product,
    Sum,
    Xor,
    sort_of,
)
from nsr.language.sorts import BoolSort
from nsr.limits import LimitKind
from nsr.reformulations import Construct, Feature, Position, features
from nsr.reformulations.coding import codes_of
from nsr.reformulations.distinct_to_all_different import cells_of
from nsr.solvers._domains import (
    LOWEST,
    Intervals,
    clip,
    complement,
    divided,
    is_inside,
    negated,
    shifted,
)
from nsr.solvers.protocol import BackendSpec, Cell, Claim, Encoding, Gap, Giving, NativeOutcome, Query, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["CpSatBackend"]

LARGEST: Final = 1 << 60
"""No variable or sum may reach this, so that CP-SAT's own 64-bit arithmetic cannot overflow."""

PARAMETERS: Final = "num_workers: 1 symmetry_level: 0"
"""One search thread, for the same result every time. Probing stays on: without it grids of 6 by 6 take twice as long
(`design/workers.md` has the numbers). `max_presolve_iterations: 0` must not be set: CP-SAT 9.15 then finds a second
solution where there is none."""


class CpSatBackend:
    """Finite domains through CP-SAT, one search thread."""

    spec = BackendSpec(
        name="cpsat",
        title="OR-Tools CP-SAT",
        requires=("ortools>=9.15,<10",),
        native=features(
            Construct.BOOLEAN,
            Construct.COMPARISON,
            Construct.LINEAR,
            Construct.PRODUCT,
            Construct.ABSOLUTE,
            Construct.EXTREMUM,
            Construct.CONDITIONAL,
            Construct.FLOOR_DIVIDE,
        )
        | {Feature(Construct.ALL_DIFFERENT, Position.TOP)},
        tasks=frozenset({Task.CHECK, Task.ENUMERATE}),
        evidence=frozenset({Giving.ASSIGNMENT, Giving.REFUTATION}),
        start_cost=1,
    )

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The program as a CP-SAT protocol buffer in text form."""
        compiler = _Compiler(program, budget)
        groups = [(r.name, compiler.group(r.formula)) for r in program.requirements]
        return Encoding("cpsat", compiler.base_text(), tuple(groups), tuple(compiler.cells))

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """One run of CP-SAT; several runs where solutions are told apart by some of the cells only."""
        text = [encoding.base]
        text += [part for name, part in encoding.groups if query.groups is None or name in query.groups]
        whole = query.projection is None or len(query.projection) == len(encoding.cells)
        if whole:
            return _enumerate("\n".join(text), len(encoding.cells), query.count, query.seed, budget)
        return _exclude_one_by_one(text, encoding, query, budget)


def _enumerate(text: str, width: int, count: int, seed: int, budget: Budget) -> NativeOutcome:
    from ortools.sat.python import cp_model_helper as cmh

    class Collector(cmh.SolutionCallback):  # type: ignore[misc, name-defined, unused-ignore]
        """Keeps the first `count` solutions."""

        def __init__(self) -> None:
            super().__init__()
            self.rows: list[tuple[int, ...]] = []

        def OnSolutionCallback(self) -> None:
            value = self.SolutionIntegerValue
            self.rows.append(tuple([value(i) for i in range(width)]))
            if len(self.rows) >= count:
                self.StopSearch()

    model = cmh.CpModelProto()
    if not model.parse_text_format(text):
        raise AssertionError("the encoding is not a CP-SAT protocol buffer")
    parameters = cmh.SatParameters()
    parameters.parse_text_format(
        f"{PARAMETERS} random_seed: {seed} max_time_in_seconds: {max(budget.seconds_left, 0.001)}"
        + (" enumerate_all_solutions: true" if count > 1 else "")
    )
    solver: Any = cmh.SolveWrapper()
    solver.set_parameters(parameters)
    collector = Collector()
    solver.add_solution_callback(collector)
    response = solver.solve(model)
    status = response.status.name
    rows = tuple(collector.rows[:count])
    match status:
        case "OPTIMAL":
            # Only when the search has ended by itself; a single solution is asked for without enumeration.
            is_complete = len(rows) < count or width == 0
            return NativeOutcome(Claim.SATISFIABLE, rows, is_complete=is_complete, detail=status)
        case "FEASIBLE":
            limit = None if len(rows) >= count else LimitKind.WALL
            return NativeOutcome(Claim.SATISFIABLE, rows, limit=limit, detail=status)
        case "INFEASIBLE":
            return NativeOutcome(Claim.UNSATISFIABLE, is_complete=True, detail=status)
        case "UNKNOWN":
            return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.WALL, detail=status)
        case _:
            raise Gap((f"CP-SAT does not accept the encoding: {status} {response.solution_info}",))


def _exclude_one_by_one(text: list[str], encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    """Solutions that differ on some cells: after each one, its values there are excluded."""
    assert query.projection is not None
    width = len(encoding.cells)
    rows: list[tuple[int, ...]] = []
    blocked: list[str] = []
    variables = _variable_count(encoding.base)
    while len(rows) < query.count:
        found = _enumerate("\n".join([*text, *blocked]), width, 1, query.seed, budget)
        if found.claim is not Claim.SATISFIABLE:
            is_complete = found.claim is Claim.UNSATISFIABLE
            claim = Claim.SATISFIABLE if rows else found.claim
            return NativeOutcome(claim, tuple(rows), is_complete, found.limit, detail=found.detail)
        row = found.rows[0]
        rows.append(row)
        if not query.projection:
            return NativeOutcome(Claim.SATISFIABLE, tuple(rows), is_complete=True)
        blocked.append(_other_than(row, query.projection, variables))
        variables += len(query.projection)
    return NativeOutcome(Claim.SATISFIABLE, tuple(rows))


def _variable_count(base: str) -> int:
    return base.count("variables {")


def _other_than(row: Sequence[int], projection: Sequence[int], first: int) -> str:
    """A clause of new literals, each of which makes one cell differ."""
    lines = []
    for offset, cell in enumerate(projection):
        literal = first + offset
        others = _flat(complement(((row[cell], row[cell]),)))
        lines.append("variables { domain: [0, 1] }")
        lines.append(
            f"constraints {{ enforcement_literal: [{literal}] "
            f"linear {{ vars: [{cell}] coeffs: [1] domain: [{others}] }} }}"
        )
    literals = ", ".join(str(first + offset) for offset in range(len(projection)))
    lines.append(f"constraints {{ bool_or {{ literals: [{literals}] }} }}")
    return "\n".join(lines)


def _flat(domain: Intervals) -> str:
    return ", ".join([f"{low}, {high}" for low, high in domain])


Truth: TypeAlias = int | bool
"""A literal (a variable's index, or `-index - 1` for its negation), or a truth value that is known."""


def _negated(literal: Truth) -> Truth:
    return not literal if isinstance(literal, bool) else -literal - 1


class _Linear:
    """A sum of variables with coefficients and a constant."""

    __slots__ = ("constant", "terms")

    def __init__(self, terms: dict[int, int], constant: int) -> None:
        self.terms = terms
        self.constant = constant

    def scaled(self, by: int) -> _Linear:
        """Every part multiplied."""
        if by == 0:
            return _Linear({}, 0)
        return _Linear({v: c * by for v, c in self.terms.items()}, self.constant * by)

    def minus(self, other: _Linear) -> _Linear:
        """The difference; variables that cancel out are dropped."""
        terms = dict(self.terms)
        for v, c in other.terms.items():
            rest = terms.get(v, 0) - c
            if rest:
                terms[v] = rest
            else:
                terms.pop(v, None)
        return _Linear(terms, self.constant - other.constant)


class _Compiler:
    """Writes constraints; `_out` is the part that is being written, `_base` the part that always holds."""

    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        self._variables: list[str] = []
        self._domains: list[Intervals] = []
        self._base: list[str] = []
        self._out: list[str] = []
        self._known: dict[tuple[object, ...], int] = {}
        self._auxiliary: dict[int, tuple[Term, _Linear]] = {}
        self._cell: dict[tuple[object, ...], int] = {}
        self.cells: list[Cell] = []
        for function in program.unknowns():
            codes = codes_of(function)
            if any(low is None or high is None or max(abs(low), abs(high)) >= LARGEST for low, high in codes):
                raise Gap((f"values of `{function.name}` without bounds, or beyond 60 bits",))
            domain = tuple([(low, high) for low, high in codes if low is not None and high is not None])
            for call in cells_of(function, budget):
                args = tuple([arg.value for arg in call.args if isinstance(arg, Literal)])
                cell = Cell(function.name, args, str(len(self._variables)))
                self.cells.append(cell)
                self._cell[(function.name, *args)] = self._variable(domain, str(cell))

    def base_text(self) -> str:
        """Variables and definitions."""
        return "\n".join([*self._variables, *self._base])

    def group(self, formula: Term) -> str:
        """The constraints of one requirement."""
        self._out = []
        self._require(formula, ())
        return "\n".join(self._out)

    # Writing

    def _variable(self, domain: Intervals, name: str = "") -> int:
        self._budget.spend()
        label = ""
        if name:
            escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
            label = f' name: "{escaped}"'
        self._variables.append(f"variables {{{label} domain: [{_flat(domain)}] }}")
        self._domains.append(domain)
        return len(self._domains) - 1

    def _bounds(self, linear: _Linear) -> tuple[int, int]:
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

    def _write_linear(self, to: list[str], terms: dict[int, int], domain: Intervals, enforced: Iterable[int]) -> None:
        self._budget.spend()
        only = list(enforced)
        condition = f"enforcement_literal: {only} " if only else ""
        to.append(
            f"constraints {{ {condition}linear {{ vars: {list(terms)} coeffs: {list(terms.values())} "
            f"domain: [{_flat(domain)}] }} }}"
        )

    def _write_clause(self, to: list[str], literals: Iterable[Truth], enforced: Iterable[int] = ()) -> None:
        self._budget.spend()
        kept: list[int] = [-literal - 1 for literal in enforced]
        for literal in literals:
            if isinstance(literal, bool):
                if literal:
                    return
                continue
            kept.append(literal)
        to.append(f"constraints {{ bool_or {{ literals: {kept} }} }}")

    # Formulas that hold (under some literals)

    def _require(self, term: Term, enforced: tuple[int, ...]) -> None:
        match term:
            case And(args):
                for arg in args:
                    self._require(arg, enforced)
            case Equal() | Less() | LessEqual():
                if isinstance(sort_of(term.left), BoolSort):
                    self._require_same(self._literal(term.left), self._literal(term.right), enforced)
                else:
                    self._require_linear(*self._atom(term), enforced)
            case Or(args):
                self._write_clause(self._out, [self._literal(arg) for arg in args], enforced)
            case Not(arg):
                self._require_not(arg, enforced)
            case Implies(left, right):
                condition = self._literal(left)
                if condition is True:
                    self._require(right, enforced)
                elif not isinstance(condition, bool):
                    self._require(right, (*enforced, condition))
            case Iff(left, right):
                self._require_same(self._literal(left), self._literal(right), enforced)
            case Xor(left, right):
                self._require_same(self._literal(left), _negated(self._literal(right)), enforced)
            case AllDifferent(args):
                self._require_different(args, enforced)
            case _:
                self._write_clause(self._out, [self._literal(term)], enforced)

    def _require_not(self, term: Term, enforced: tuple[int, ...]) -> None:
        match term:
            case Not(arg):
                self._require(arg, enforced)
            case Or(args):
                for arg in args:
                    self._require_not(arg, enforced)
            case And(args):
                self._write_clause(self._out, [_negated(self._literal(arg)) for arg in args], enforced)
            case Implies(left, right):
                self._require(left, enforced)
                self._require_not(right, enforced)
            case Equal() | Less() | LessEqual() if not isinstance(sort_of(term.left), BoolSort):
                linear, domain = self._atom(term)
                self._require_linear(linear, complement(domain), enforced)
            case _:
                self._write_clause(self._out, [_negated(self._literal(term))], enforced)

    def _require_linear(self, linear: _Linear, domain: Intervals, enforced: tuple[int, ...]) -> None:
        low, high = self._bounds(linear)
        if is_inside(domain, low, high):
            return
        inside = clip(domain, low, high)
        if not inside:
            self._write_clause(self._out, (), enforced)
            return
        self._write_linear(self._out, linear.terms, shifted(inside, -linear.constant), enforced)

    def _require_same(self, left: Truth, right: Truth, enforced: tuple[int, ...]) -> None:
        self._write_clause(self._out, (_negated(left), right), enforced)
        self._write_clause(self._out, (left, _negated(right)), enforced)

    def _require_different(self, args: Sequence[Term], enforced: tuple[int, ...]) -> None:
        self._budget.spend(len(args))
        linears = [self._linear(arg) for arg in args]
        condition = f"enforcement_literal: {list(enforced)} " if enforced else ""
        expressions = " ".join([_expression(linear) for linear in map(self._affine, linears)])
        self._out.append(f"constraints {{ {condition}all_diff {{ {expressions} }} }}")

    def _affine(self, linear: _Linear) -> _Linear:
        """An expression with at most one variable, as some constraints want."""
        if len(linear.terms) <= 1:
            return linear
        low, high = self._bounds(linear)
        new = self._variable(((low, high),))
        terms = {**linear.terms, new: -1}
        self._write_linear(self._base, terms, ((-linear.constant, -linear.constant),), ())
        return _Linear({new: 1}, 0)

    # Literals that stand for formulas

    def _literal(self, term: Term) -> Truth:
        match term:
            case Literal(value):
                return value is True
            case Equal() | Less() | LessEqual():
                if isinstance(sort_of(term.left), BoolSort):
                    return self._same(self._literal(term.left), self._literal(term.right))
                return self._linear_literal(*self._atom(term))
            case Apply(symbol, args):
                return self._cell[(symbol, *[arg.value for arg in args if isinstance(arg, Literal)])]
            case Not(arg):
                return _negated(self._literal(arg))
            case And(args):
                return _negated(self._disjunction([_negated(self._literal(arg)) for arg in args]))
            case Or(args):
                return self._disjunction([self._literal(arg) for arg in args])
            case Implies(left, right):
                return self._disjunction([_negated(self._literal(left)), self._literal(right)])
            case Iff(left, right):
                return self._same(self._literal(left), self._literal(right))
            case Xor(left, right):
                return _negated(self._same(self._literal(left), self._literal(right)))
            case Conditional(condition, then, otherwise):
                return self._choice(self._literal(condition), self._literal(then), self._literal(otherwise))
            case _:
                raise AssertionError(f"no formula of the ground form: {type(term).__name__}")

    def _disjunction(self, literals: Sequence[Truth]) -> Truth:
        kept: dict[int, None] = {}
        for literal in literals:
            if isinstance(literal, bool):
                if literal:
                    return True
                continue
            if -literal - 1 in kept:
                return True
            kept[literal] = None
        if not kept:
            return False
        if len(kept) == 1:
            return next(iter(kept))
        key = ("or", *sorted(kept))
        if key not in self._known:
            new = self._variable(((0, 1),))
            self._known[key] = new
            self._write_clause(self._base, kept, (new,))
            nothing = [-literal - 1 for literal in kept]
            self._budget.spend(len(kept))
            self._base.append(f"constraints {{ enforcement_literal: [{-new - 1}] bool_and {{ literals: {nothing} }} }}")
        return self._known[key]

    def _same(self, left: Truth, right: Truth) -> Truth:
        if isinstance(left, bool):
            return right if left else _negated(right)
        if isinstance(right, bool):
            return left if right else _negated(left)
        # One literal for all four combinations of signs.
        is_flipped = (left < 0) != (right < 0)
        a, b = sorted((left if left >= 0 else -left - 1, right if right >= 0 else -right - 1))
        if a == b:
            return not is_flipped
        key = ("same", a, b)
        if key not in self._known:
            new = self._variable(((0, 1),))
            self._known[key] = new
            for signs in ((-new - 1, -a - 1, b), (-new - 1, a, -b - 1), (new, a, b), (new, -a - 1, -b - 1)):
                self._write_clause(self._base, signs)
        literal = self._known[key]
        return -literal - 1 if is_flipped else literal

    def _choice(self, condition: Truth, then: Truth, otherwise: Truth) -> Truth:
        yes = self._disjunction([_negated(condition), then])
        no = self._disjunction([condition, otherwise])
        return _negated(self._disjunction([_negated(yes), _negated(no)]))

    def _linear_literal(self, linear: _Linear, domain: Intervals) -> Truth:
        """A literal that is true exactly where the expression lies in the domain."""
        low, high = self._bounds(linear)
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
            return self._value_literal(next(iter(terms)), divided(inside, next(iter(terms.values()))))
        outside = clip(complement(inside), low - linear.constant, high - linear.constant)
        return self._defined_literal(terms, inside, outside)

    def _value_literal(self, variable: int, values: Intervals) -> Truth:
        domain = self._domains[variable]
        inside = tuple([part for a, b in domain for part in clip(values, a, b)])
        outside = tuple([part for a, b in domain for part in clip(complement(values), a, b)])
        if not inside:
            return False
        if not outside:
            return True
        if domain == ((0, 1),):
            return variable if inside == ((1, 1),) else -variable - 1
        return self._defined_literal({variable: 1}, inside, outside)

    def _defined_literal(self, terms: dict[int, int], inside: Intervals, outside: Intervals) -> int:
        items = tuple(terms.items())
        found = self._known.get((items, inside))
        if found is not None:
            return found
        new = self._variable(((0, 1),))
        self._known[(items, inside)] = new
        self._known[(items, outside)] = -new - 1
        self._write_linear(self._base, terms, inside, (new,))
        self._write_linear(self._base, terms, outside, (-new - 1,))
        return new

    # Atoms and numbers

    def _atom(self, term: Equal | Less | LessEqual) -> tuple[_Linear, Intervals]:
        """The expression and the domain in which it has to lie."""
        left, right = term.left, term.right
        if isinstance(left, Absolute) and isinstance(right, Literal):
            return self._distance(term, left, right, is_left=True)
        if isinstance(right, Absolute) and isinstance(left, Literal):
            return self._distance(term, right, left, is_left=False)
        difference = self._linear(left).minus(self._linear(right))
        match term:
            case Equal():
                return difference, ((0, 0),)
            case Less():
                return difference, ((LOWEST, -1),)
            case LessEqual():
                return difference, ((LOWEST, 0),)

    def _distance(
        self, term: Equal | Less | LessEqual, distance: Absolute, known: Literal, *, is_left: bool
    ) -> tuple[_Linear, Intervals]:
        """`abs(e)` against a number, without an auxiliary variable."""
        bound = known.value
        assert isinstance(bound, int)
        inner = self._linear(distance.arg)
        if isinstance(term, Equal):
            if bound < 0:
                return inner, ()
            return inner, ((0, 0),) if bound == 0 else ((-bound, -bound), (bound, bound))
        # `abs(e) < n` is `abs(e) <= n - 1`; `n < abs(e)` is the contrary of `abs(e) <= n`.
        most = bound if isinstance(term, LessEqual) == is_left else bound - 1
        near: Intervals = () if most < 0 else ((-most, most),)
        return inner, near if is_left else complement(near)

    def _linear(self, term: Term) -> _Linear:
        match term:
            case Literal(value):
                assert isinstance(value, int)
                return _Linear({}, int(value))
            case Apply(symbol, args):
                variable = self._cell[(symbol, *[arg.value for arg in args if isinstance(arg, Literal)])]
                return _Linear({variable: 1}, 0)
            case Sum(args):
                terms: dict[int, int] = {}
                constant = 0
                for arg in args:
                    part = self._linear(arg)
                    constant += part.constant
                    for v, c in part.terms.items():
                        terms[v] = terms.get(v, 0) + c
                return _Linear({v: c for v, c in terms.items() if c}, constant)
            case Negate(arg):
                return self._linear(arg).scaled(-1)
            case Product(args):
                return self._product([self._linear(arg) for arg in args])
            case FromTruth(arg):
                return _of_truth(self._literal(arg))
            case Absolute() | Extremum() | Conditional() | FloorDivide() | Modulo():
                # By identity: comparing deep terms by content would recurse.
                if id(term) not in self._auxiliary:
                    self._auxiliary[id(term)] = (term, self._operation(term))
                return self._auxiliary[id(term)][1]
            case _:
                raise AssertionError(f"no number of the ground form: {type(term).__name__}")

    def _operation(self, term: Absolute | Extremum | Conditional | FloorDivide | Modulo) -> _Linear:
        match term:
            case Absolute(arg):
                inner = self._linear(arg)
                return self._greatest([inner, inner.scaled(-1)])
            case Extremum(kind, args):
                parts = [self._linear(arg) for arg in args]
                if kind == "max":
                    return self._greatest(parts)
                return self._greatest([part.scaled(-1) for part in parts]).scaled(-1)
            case Conditional():
                return self._cases(term)
            case FloorDivide(left, right):
                return self._floor(self._linear(left), right)
            case Modulo(left, right):
                dividend = self._linear(left)
                assert isinstance(right, Literal)
                assert isinstance(right.value, int)
                return dividend.minus(self._floor(dividend, right).scaled(right.value))

    def _product(self, factors: Sequence[_Linear]) -> _Linear:
        result = _Linear({}, 1)
        for factor in factors:
            if not factor.terms:
                result = result.scaled(factor.constant)
            elif not result.terms:
                result = factor.scaled(result.constant)
            else:
                result = self._times(result, factor)
        return result

    def _times(self, left: _Linear, right: _Linear) -> _Linear:
        a, b = self._bounds(left), self._bounds(right)
        corners = [x * y for x in a for y in b]
        if max(map(abs, corners)) >= LARGEST:
            raise Gap(("products beyond 60 bits",))
        new = self._variable(((min(corners), max(corners)),))
        target = _expression(_Linear({new: 1}, 0), "target")
        factors = " ".join([_expression(self._affine(part)) for part in (left, right)])
        self._base.append(f"constraints {{ int_prod {{ {target} {factors} }} }}")
        return _Linear({new: 1}, 0)

    def _greatest(self, parts: Sequence[_Linear]) -> _Linear:
        bounds = [self._bounds(part) for part in parts]
        self._budget.spend(len(parts))
        new = self._variable(((max(low for low, _ in bounds), max(high for _, high in bounds)),))
        expressions = " ".join([_expression(part) for part in parts])
        target = _expression(_Linear({new: 1}, 0), "target")
        self._base.append(f"constraints {{ lin_max {{ {target} {expressions} }} }}")
        return _Linear({new: 1}, 0)

    def _cases(self, term: Conditional) -> _Linear:
        """A new variable that is equal to the branch taken; a chain of conditionals makes one variable."""
        branches: list[tuple[tuple[int, ...], _Linear]] = []
        passed: tuple[int, ...] = ()
        rest: Term = term
        is_exclusive = _is_choice_by_value(term)
        while isinstance(rest, Conditional):
            condition = self._literal(rest.condition)
            if condition is True:
                rest = rest.then
                continue
            if not isinstance(condition, bool):
                before = () if is_exclusive else passed
                branches.append(((*before, condition), self._linear(rest.then)))
                passed = (*passed, -condition - 1)
            rest = rest.otherwise
        branches.append((passed, self._linear(rest)))
        if len(branches) == 1:
            return branches[0][1]
        bounds = [self._bounds(value) for _, value in branches]
        new = self._variable(((min(low for low, _ in bounds), max(high for _, high in bounds)),))
        for conditions, value in branches:
            self._budget.spend(len(conditions))
            terms = {**value.scaled(-1).terms, new: 1}
            self._write_linear(self._base, terms, ((value.constant, value.constant),), conditions)
        return _Linear({new: 1}, 0)

    def _floor(self, dividend: _Linear, right: Term) -> _Linear:
        assert isinstance(right, Literal)
        assert isinstance(right.value, int)
        divisor = right.value
        if divisor < 0:
            dividend, divisor = dividend.scaled(-1), -divisor
        if not dividend.terms:
            return _Linear({}, dividend.constant // divisor)
        low, high = self._bounds(dividend)
        new = self._variable(((low // divisor, high // divisor),))
        terms = {**dividend.terms, new: -divisor}
        self._bounds(_Linear(terms, dividend.constant))
        within = shifted(((0, divisor - 1),), -dividend.constant)
        self._write_linear(self._base, terms, within, ())
        return _Linear({new: 1}, 0)


def _is_choice_by_value(term: Conditional) -> bool:
    """Whether the conditions of a chain compare one and the same term with different literals."""
    subject: Term | None = None
    seen = set()
    rest: Term = term
    while isinstance(rest, Conditional):
        condition = rest.condition
        if not isinstance(condition, Equal) or not isinstance(condition.right, Literal):
            return False
        if subject is not None and condition.left is not subject:
            return False
        if condition.right.value in seen:
            return False
        seen.add(condition.right.value)
        subject = condition.left
        rest = rest.otherwise
    return True


def _of_truth(literal: Truth) -> _Linear:
    if isinstance(literal, bool):
        return _Linear({}, int(literal))
    return _Linear({literal: 1}, 0) if literal >= 0 else _Linear({-literal - 1: -1}, 1)


def _expression(linear: _Linear, field: str = "exprs") -> str:
    return f"{field} {{ vars: {list(linear.terms)} coeffs: {list(linear.terms.values())} offset: {linear.constant} }}"
