"""Z3: integers with and without bounds, products, exact fractions, cores.

The encoding is SMT-LIB 2 over integers and truth values without quantifiers.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from nsr.language.ir import (
    Absolute,
    AllDifferent,
    And,
    Apply,
    Conditional,
    Divide,
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
    Rounded,
    Sum,
    Xor,
    sort_of,
)
from nsr.language.sorts import BoolSort, NumberSort
from nsr.limits import LimitKind
from nsr.reformulations import Construct, features
from nsr.reformulations.coding import codes_of, scale_of
from nsr.reformulations.distinct_to_all_different import cells_of
from nsr.solvers.protocol import BackendSpec, Cell, Claim, Encoding, Giving, NativeOutcome, Query, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    import z3

    from nsr.language.ir import Program, Term
    from nsr.limits import Budget

__all__ = ["Z3Backend"]


_LINEAR = "; linear arithmetic"
_ASSERT = "(assert "


class Z3Backend:
    """Quantifier-free integer arithmetic through Z3."""

    spec = BackendSpec(
        name="z3",
        title="Z3",
        requires=("z3-solver>=4.13",),
        native=features(
            Construct.BOOLEAN,
            Construct.COMPARISON,
            Construct.ALL_DIFFERENT,
            Construct.LINEAR,
            Construct.PRODUCT,
            Construct.ABSOLUTE,
            Construct.EXTREMUM,
            Construct.CONDITIONAL,
            Construct.FLOOR_DIVIDE,
            Construct.QUOTIENT,
            Construct.ROUNDED,
            Construct.RATIONAL,
            Construct.WIDE,
            Construct.UNBOUNDED,
        ),
        tasks=frozenset({Task.CHECK, Task.ENUMERATE, Task.CORE}),
        evidence=frozenset({Giving.ASSIGNMENT, Giving.REFUTATION}),
        start_cost=10,
    )

    def compile(self, program: Program, budget: Budget) -> Encoding:
        """The program as SMT-LIB 2."""
        writer = _Writer(program, budget)
        groups = [(r.name, f"{_ASSERT}{writer.formula(r.formula)})") for r in program.requirements]
        return Encoding("z3", writer.base_text(), tuple(groups), tuple(writer.cells))

    def solve(self, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
        """One incremental run: each solution found is excluded before the next is looked for."""
        import z3

        solver = z3.SimpleSolver(ctx=z3.Context())
        solver.set("random_seed", query.seed)
        if encoding.base.startswith(_LINEAR):
            # The older simplex takes two thirds of the time on grids, and a third in the worst case.
            solver.set("smt.arith.solver", 2)
        try:
            return _search(solver, encoding, query, budget)
        except z3.Z3Exception as failure:
            words = _words(failure)
            if "memory" in words or "memout" in words:
                return NativeOutcome(Claim.UNKNOWN, limit=LimitKind.MEMORY, detail=words)
            raise


def _words(failure: Exception) -> str:
    value = getattr(failure, "value", failure)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _search(solver: z3.Solver, encoding: Encoding, query: Query, budget: Budget) -> NativeOutcome:
    import z3

    wanted = [(name, text) for name, text in encoding.groups if query.groups is None or name in query.groups]
    lines = [encoding.base]
    guards = []
    for index, (_, text) in enumerate(wanted):
        if query.is_core_wanted:
            guard = f"|requirement {index}|"
            guards.append(z3.Bool(guard.strip("|"), solver.ctx))
            lines.append(f"(declare-const {guard} Bool)\n(assert (=> {guard} {text[len(_ASSERT) :]})")
        else:
            lines.append(text)
    solver.from_string("\n".join(lines))
    cells = [_constant(cell, solver.ctx) for cell in encoding.cells]
    projection = range(len(cells)) if query.projection is None else query.projection
    rows: list[tuple[int, ...]] = []
    while len(rows) < query.count:
        if budget.seconds_left <= 0:
            claim = Claim.SATISFIABLE if rows else Claim.UNKNOWN
            return NativeOutcome(claim, tuple(rows), limit=LimitKind.WALL, detail="out of time")
        # Z3 keeps a thread for its timer, which a process that is about to fork must not have.
        if isfinite(budget.seconds_left):
            solver.set("timeout", max(1, int(budget.seconds_left * 1000)))
        found = solver.check(*guards).r
        if found == z3.Z3_L_TRUE:
            model = solver.model()
            values = [model.eval(cell, model_completion=True) for cell in cells]
            rows.append(tuple([_code(value) for value in values]))
            if not projection:
                return NativeOutcome(Claim.SATISFIABLE, tuple(rows), is_complete=True)
            if len(rows) < query.count:
                solver.add(z3.Or([cells[i] != values[i] for i in projection]))
        elif found == z3.Z3_L_FALSE:
            claim = Claim.SATISFIABLE if rows else Claim.UNSATISFIABLE
            core = _core(solver, wanted) if guards else None
            return NativeOutcome(claim, tuple(rows), is_complete=True, core=core, detail="unsat")
        else:
            reason = solver.reason_unknown()
            claim = Claim.SATISFIABLE if rows else Claim.UNKNOWN
            return NativeOutcome(claim, tuple(rows), limit=_limit(reason), detail=reason)
    return NativeOutcome(Claim.SATISFIABLE, tuple(rows))


def _core(solver: z3.Solver, wanted: Sequence[tuple[str, str]]) -> frozenset[str]:
    indices = [int(str(guard).removeprefix("requirement ")) for guard in solver.unsat_core()]
    return frozenset(wanted[index][0] for index in indices)


def _limit(reason: str) -> LimitKind | None:
    if "timeout" in reason or "canceled" in reason:
        return LimitKind.WALL
    if "mem" in reason:
        return LimitKind.MEMORY
    return LimitKind.STEPS if "resource" in reason else None


def _constant(cell: Cell, context: z3.Context) -> z3.ExprRef:
    import z3

    kind, name = cell.variable.split(" ", 1)
    return z3.Bool(name, context) if kind == "Bool" else z3.Int(name, context)


def _code(value: z3.ExprRef) -> int:
    import z3

    if z3.is_bool(value):
        return int(z3.is_true(value))
    assert isinstance(value, z3.IntNumRef)
    return int(value.as_long())


class _Writer:
    """Writes terms as text; numbers come with whether they are reals."""

    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        self._lines: list[str] = []
        self._names: dict[tuple[object, ...], str] = {}
        self._scales: dict[str, int] = {}
        self._is_linear = True
        self.cells: list[Cell] = []
        for function in program.unknowns():
            kind = "Bool" if isinstance(function.value, BoolSort) else "Int"
            self._scales[function.name] = scale_of(function.value)
            codes = codes_of(function)
            for call in cells_of(function, budget):
                args = tuple([arg.value for arg in call.args if isinstance(arg, Literal)])
                plain = str(Cell(function.name, args, ""))
                name = (
                    plain
                    if "|" not in plain and "\\" not in plain and plain.isprintable()
                    else f"cell {len(self.cells)}"
                )
                self.cells.append(Cell(function.name, args, f"{kind} {name}"))
                self._names[(function.name, *args)] = f"|{name}|"
                self._lines.append(f"(declare-const |{name}| {kind})")
                if kind == "Int":
                    self._bound(f"|{name}|", codes)

    def _bound(self, name: str, codes: Sequence[tuple[int | None, int | None]]) -> None:
        if len(codes) > 1:
            self._lines.append(f"(assert (or {' '.join([_between(name, low, high) for low, high in codes])}))")
            return
        low, high = codes[0]
        if low is not None or high is not None:
            self._lines.append(f"(assert {_between(name, low, high)})")

    def base_text(self) -> str:
        """Declarations and bounds, and whether anything is multiplied or divided."""
        return "\n".join([_LINEAR if self._is_linear else "; products or quotients of unknowns", *self._lines])

    def formula(self, term: Term) -> str:
        """A truth value in SMT-LIB."""
        self._budget.spend()
        match term:
            case Literal(value):
                return "true" if value is True else "false"
            case Apply():
                return self._name(term)
            case Equal(left, right):
                if isinstance(sort_of(left), BoolSort):
                    return f"(= {self.formula(left)} {self.formula(right)})"
                if isinstance(left, Absolute) and isinstance(right, Literal):
                    # Without a case distinction inside the number Z3 takes half the time.
                    texts = self._aligned([self._number(left.arg), self._number(right)])
                    return f"(or (= {texts[0]} {texts[1]}) (= {texts[0]} (- {texts[1]})))"
                return f"(= {self._numbers((left, right))})"
            case Less(left, right):
                return f"(< {self._numbers((left, right))})"
            case LessEqual(left, right):
                return f"(<= {self._numbers((left, right))})"
            case And(args):
                return f"(and {' '.join([self.formula(arg) for arg in args])})"
            case Or(args):
                return f"(or {' '.join([self.formula(arg) for arg in args])})"
            case Not(arg):
                return f"(not {self.formula(arg)})"
            case Implies(left, right):
                return f"(=> {self.formula(left)} {self.formula(right)})"
            case Iff(left, right):
                return f"(= {self.formula(left)} {self.formula(right)})"
            case Xor(left, right):
                return f"(xor {self.formula(left)} {self.formula(right)})"
            case AllDifferent(args):
                if isinstance(sort_of(args[0]), BoolSort):
                    return f"(distinct {' '.join([self.formula(arg) for arg in args])})"
                return f"(distinct {self._numbers(args)})"
            case Conditional(condition, then, otherwise):
                return f"(ite {self.formula(condition)} {self.formula(then)} {self.formula(otherwise)})"
            case _:
                raise AssertionError(f"no formula of the ground form: {type(term).__name__}")

    def _name(self, term: Apply) -> str:
        return self._names[(term.symbol, *[arg.value for arg in term.args if isinstance(arg, Literal)])]

    def _numbers(self, terms: Sequence[Term]) -> str:
        """Several numbers of one kind."""
        return " ".join(self._aligned([self._number(term) for term in terms]))

    def _aligned(self, parts: Sequence[tuple[str, bool]]) -> list[str]:
        if any(is_real for _, is_real in parts):
            return [text if is_real else f"(to_real {text})" for text, is_real in parts]
        return [text for text, _ in parts]

    def _number(self, term: Term) -> tuple[str, bool]:
        """A number in SMT-LIB, and whether it is a real."""
        self._budget.spend()
        match term:
            case Literal(value):
                assert isinstance(value, int | Fraction)
                return _numeral(value), isinstance(value, Fraction)
            case Apply(symbol, _, sort):
                name = self._name(term)
                scale = self._scales[symbol]
                if scale != 1 and isinstance(sort, NumberSort):
                    return f"(/ (to_real {name}) {scale}.0)", True
                return name, False
            case FromTruth(arg):
                return f"(ite {self.formula(arg)} 1 0)", False
            case Sum(args):
                return self._operation("+", args) if len(args) > 1 else self._number(args[0])
            case Product(args):
                self._is_linear &= sum(1 for arg in args if not isinstance(arg, Literal)) < 2
                return self._operation("*", args) if len(args) > 1 else self._number(args[0])
            case Negate(arg):
                return self._operation("-", (arg,))
            case Absolute(arg):
                text, is_real = self._number(arg)
                zero = "0.0" if is_real else "0"
                return f"(let ((x {text})) (ite (< x {zero}) (- x) x))", is_real
            case Extremum(kind, args):
                return self._extremum("<=" if kind == "min" else ">=", args)
            case Conditional(condition, then, otherwise):
                parts = [self._number(then), self._number(otherwise)]
                texts = self._aligned(parts)
                return f"(ite {self.formula(condition)} {texts[0]} {texts[1]})", any(r for _, r in parts)
            case Divide(left, right):
                self._is_linear = False
                texts = [text if is_real else f"(to_real {text})" for text, is_real in map(self._number, (left, right))]
                return f"(/ {texts[0]} {texts[1]})", True
            case FloorDivide(left, right):
                self._is_linear = False
                return self._floor_divide(left, right), False
            case Modulo(left, right):
                self._is_linear = False
                return self._remainder(left, right)
            case Rounded(kind, arg):
                return self._rounded(kind, arg), False
            case _:
                raise AssertionError(f"no number of the ground form: {type(term).__name__}")

    def _operation(self, operator: str, args: Sequence[Term]) -> tuple[str, bool]:
        parts = [self._number(arg) for arg in args]
        return f"({operator} {' '.join(self._aligned(parts))})", any(is_real for _, is_real in parts)

    def _extremum(self, comparison: str, args: Sequence[Term]) -> tuple[str, bool]:
        parts = [self._number(arg) for arg in args]
        texts = self._aligned(parts)
        result = texts[0]
        for text in texts[1:]:
            result = f"(let ((x {result}) (y {text})) (ite ({comparison} x y) x y))"
        return result, any(is_real for _, is_real in parts)

    def _floor_divide(self, left: Term, right: Term) -> str:
        (a, a_real), (b, b_real) = self._number(left), self._number(right)
        if a_real or b_real:
            texts = self._aligned([(a, a_real), (b, b_real)])
            return f"(to_int (/ {texts[0]} {texts[1]}))"
        # SMT-LIB's `div` rounds down for positive divisors only.
        if isinstance(right, Literal) and isinstance(right.value, int) and right.value > 0:
            return f"(div {a} {b})"
        return f"(let ((x {a}) (y {b})) (ite (< y 0) (div (- x) (- y)) (div x y)))"

    def _remainder(self, left: Term, right: Term) -> tuple[str, bool]:
        (a, a_real), (b, b_real) = self._number(left), self._number(right)
        if a_real or b_real:
            texts = self._aligned([(a, a_real), (b, b_real)])
            return f"(let ((x {texts[0]}) (y {texts[1]})) (- x (* y (to_real (to_int (/ x y))))))", True
        if isinstance(right, Literal) and isinstance(right.value, int) and right.value > 0:
            return f"(mod {a} {b})", False
        return f"(let ((x {a}) (y {b})) (ite (< y 0) (- (mod (- x) (- y))) (mod x y)))", False

    def _rounded(self, kind: str, arg: Term) -> str:
        text, is_real = self._number(arg)
        if not is_real:
            return text
        match kind:
            case "floor":
                return f"(to_int {text})"
            case "ceil":
                return f"(- (to_int (- {text})))"
            case _:
                # Halves go away from zero.
                return f"(let ((x {text})) (ite (>= x 0.0) (to_int (+ x 0.5)) (- (to_int (+ (- x) 0.5)))))"


def _numeral(value: int | Fraction) -> str:
    if isinstance(value, Fraction):
        text = f"(/ {abs(value.numerator)}.0 {value.denominator}.0)"
    else:
        text = str(abs(value))
    return f"(- {text})" if value < 0 else text


def _between(name: str, low: int | None, high: int | None) -> str:
    if low is None or high is None:
        if low is None and high is None:
            return "true"
        return f"(>= {name} {_numeral(low)})" if low is not None else f"(<= {name} {_numeral(high or 0)})"
    return f"(= {name} {_numeral(low)})" if low == high else f"(<= {_numeral(low)} {name} {_numeral(high)})"
