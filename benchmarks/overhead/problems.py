"""The problems of the overhead benchmark: each as a program of the language and as a hand-written model.

`by_hand` builds the model for the same solver as one would write it, solves it and reads the answer; it returns what
`expected` of our answer is compared with.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ortools.sat.python import cp_model

__all__ = ["Problem", "problems"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem: `source(folder)` writes the data files it needs and gives the program; `solver` is the peer's."""

    name: str
    solver: str
    source: Callable[[Path], str]
    by_hand: Callable[[], object]
    goal: str


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver


def _solved(model: cp_model.CpModel) -> cp_model.CpSolver:
    solver = _solver()
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise AssertionError("a benchmark problem has a solution")
    return solver


# Feasibility


def _islanders() -> Problem:
    source = """
type Person = {ana, ben, cleo}
pred knight(Person)
constraint: knight(ana) iff not knight(ben)
constraint: knight(ben) iff (knight(ana) iff knight(cleo))
constraint: knight(cleo) iff count(p for p in Person if knight(p)) == 2
find one
"""

    def by_hand() -> object:
        model = cp_model.CpModel()
        a, b, c = (model.new_bool_var(n) for n in "abc")
        model.add(a != b)
        same = model.new_bool_var("same")
        model.add(a == c).only_enforce_if(same)
        model.add(a != c).only_enforce_if(~same)
        model.add(b == same)
        model.add(a + b + c == 2).only_enforce_if(c)
        model.add(a + b + c != 2).only_enforce_if(~c)
        solver = _solved(model)
        return [solver.value(v) for v in (a, b, c)]

    return Problem("three islanders", "cpsat", lambda _: source, by_hand, "find")


def _letters() -> Problem:
    source = """
var s, e, n, d, m, o, r, y: int in 0..9 distinct
constraint: s > 0 and m > 0
constraint: 1000*s + 100*e + 10*n + d + 1000*m + 100*o + 10*r + e == 10000*m + 1000*o + 100*n + 10*e + y
find one
"""

    def by_hand() -> object:
        model = cp_model.CpModel()
        s, e, n, d, m, o, r, y = letters = [model.new_int_var(0, 9, c) for c in "sendmory"]
        model.add_all_different(letters)
        model.add(s > 0)
        model.add(m > 0)
        model.add(
            1000 * s + 100 * e + 10 * n + d + 1000 * m + 100 * o + 10 * r + e
            == 10000 * m + 1000 * o + 100 * n + 10 * e + y
        )
        solver = _solved(model)
        return [solver.value(v) for v in letters]

    return Problem("letters for figures", "cpsat", lambda _: source, by_hand, "find")


def _queens(count: int) -> Problem:
    source = f"""
type Row = 1..{count}
var column(Row): int in 1..{count} distinct
constraint: distinct(column(r) + r for r in Row)
constraint: distinct(column(r) - r for r in Row)
find one
"""

    def by_hand() -> object:
        model = cp_model.CpModel()
        column = [model.new_int_var(1, count, f"c{i}") for i in range(count)]
        model.add_all_different(column)
        model.add_all_different([c + i for i, c in enumerate(column)])
        model.add_all_different([c - i for i, c in enumerate(column)])
        solver = _solved(model)
        return [solver.value(c) for c in column]

    return Problem(f"{count} queens", "cpsat", lambda _: source, by_hand, "find")


def _coloring(nodes: int, colors: int, seed: int) -> Problem:
    rng = random.Random(seed)
    hidden = [rng.randrange(colors) for _ in range(nodes)]
    edges = [
        (i, j) for i, j in itertools.combinations(range(nodes), 2) if hidden[i] != hidden[j] and rng.random() < 0.3
    ]
    source = f"""
type Node = {{{", ".join(f"n{i}" for i in range(nodes))}}}
rel edge(Node, Node) = {{{", ".join(f"(n{i}, n{j})" for i, j in edges)}}}
var color(Node): int in 1..{colors}
constraint: forall (x, y) in edge: color(x) != color(y)
find one
"""

    def by_hand() -> object:
        model = cp_model.CpModel()
        color = [model.new_int_var(1, colors, f"c{i}") for i in range(nodes)]
        for i, j in edges:
            model.add(color[i] != color[j])
        solver = _solved(model)
        return [solver.value(c) for c in color]

    return Problem(f"{nodes} nodes in {colors} colors", "cpsat", lambda _: source, by_hand, "find")


# Optimization


def _knapsack(items: int, seed: int) -> Problem:
    rng = random.Random(seed)
    worth, weight = [rng.randint(10, 99) for _ in range(items)], [rng.randint(5, 60) for _ in range(items)]
    room = sum(weight) // 3
    names = [f"i{k}" for k in range(items)]
    source = f"""
type Item = {{{", ".join(names)}}}
param worth(Item): int = {{{", ".join(f"{n}: {w}" for n, w in zip(names, worth, strict=True))}}}
param heavy(Item): int = {{{", ".join(f"{n}: {w}" for n, w in zip(names, weight, strict=True))}}}
var taken(Item): bool
constraint: sum(heavy(i) for i in Item if taken(i)) <= {room}
maximize sum(worth(i) for i in Item if taken(i))
"""

    def by_hand() -> object:
        model = cp_model.CpModel()
        taken = [model.new_bool_var(n) for n in names]
        model.add(sum(w * t for w, t in zip(weight, taken, strict=True)) <= room)
        model.maximize(sum(w * t for w, t in zip(worth, taken, strict=True)))
        return round(_solved(model).objective_value)

    return Problem(f"knapsack of {items}", "cpsat", lambda _: source, by_hand, "optimize")


def _assignment(size: int, seed: int) -> Problem:
    rng = random.Random(seed)
    cost = [[rng.randint(1, 99) for _ in range(size)] for _ in range(size)]
    source = f"""
type Worker = [{", ".join(f"w{i}" for i in range(size))}]
type Task = [{", ".join(f"t{i}" for i in range(size))}]
param cost(Worker, Task): int = [{", ".join(str(row) for row in cost)}]
var does(Worker): Task distinct
minimize sum(cost(w, does(w)) for w in Worker)
"""

    def by_hand() -> object:
        model = cp_model.CpModel()
        does = [[model.new_bool_var(f"x{i}_{j}") for j in range(size)] for i in range(size)]
        for i in range(size):
            model.add_exactly_one(does[i])
            model.add_exactly_one(row[i] for row in does)
        model.minimize(sum(cost[i][j] * does[i][j] for i in range(size) for j in range(size)))
        return round(_solved(model).objective_value)

    return Problem(f"assignment {size}x{size}", "cpsat", lambda _: source, by_hand, "optimize")


def _job_shop(jobs: int, machines: int, seed: int, *, is_optimized: bool, number: int = 0) -> Problem:
    rng = random.Random(seed)
    order = [rng.sample(range(machines), machines) for _ in range(jobs)]
    length = [[rng.randint(1, 20) for _ in range(machines)] for _ in range(jobs)]
    horizon = sum(map(sum, length))
    bound = horizon if is_optimized else 3 * max(max(map(sum, length)), horizon // machines)
    place = [[order[j].index(m) for m in range(machines)] for j in range(jobs)]
    goal = "minimize max(start(j, s) + length(j, s) for j in Job, s in Step)" if is_optimized else "find one"
    source = f"""
type Job = 1..{jobs}
type Step = 1..{machines}
type Machine = 1..{machines}
param length(Job, Step): int = {length}
param step(Job, Machine): Step = {[[p + 1 for p in row] for row in place]}
var start(Job, Step): int in 0..{bound}
constraint: forall j in Job, s in Step if s < {machines}: start(j, s) + length(j, s) <= start(j, s + 1)
constraint: forall m in Machine: no_overlap((start(j, step(j, m)), length(j, step(j, m))) for j in Job)
constraint: forall j in Job: start(j, {machines}) + length(j, {machines}) <= {bound}
{goal}
"""

    def by_hand() -> object:
        model = cp_model.CpModel()
        start = [[model.new_int_var(0, bound, f"s{j}_{k}") for k in range(machines)] for j in range(jobs)]
        for j in range(jobs):
            for k in range(machines - 1):
                model.add(start[j][k] + length[j][k] <= start[j][k + 1])
            model.add(start[j][-1] + length[j][-1] <= bound)
        for m in range(machines):
            model.add_no_overlap(
                model.new_fixed_size_interval_var(start[j][place[j][m]], length[j][place[j][m]], f"i{j}_{m}")
                for j in range(jobs)
            )
        if is_optimized:
            end = model.new_int_var(0, bound, "end")
            model.add_max_equality(end, [start[j][-1] + length[j][-1] for j in range(jobs)])
            model.minimize(end)
            return round(_solved(model).objective_value)
        solver = _solved(model)
        return [[solver.value(s) for s in row] for row in start]

    name = f"job shop {jobs}x{machines}" + (f" no. {number}" if number else "")
    return Problem(name, "cpsat", lambda _: source, by_hand, "optimize" if is_optimized else "find")


def _tour(cities: int, seed: int) -> Problem:
    rng = random.Random(seed)
    places = [(rng.randrange(100), rng.randrange(100)) for _ in range(cities)]
    far = [[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5) for c, d in places] for a, b in places]
    source = f"""
type City = [{", ".join(f"c{i}" for i in range(cities))}]
param far(City, City): int = [{", ".join(str(row) for row in far)}]
var next(City): City distinct
constraint: circuit(next)
minimize sum(far(c, next(c)) for c in City)
"""

    def by_hand() -> object:
        model = cp_model.CpModel()
        arcs = {(i, j): model.new_bool_var(f"a{i}_{j}") for i, j in itertools.permutations(range(cities), 2)}
        model.add_circuit([(i, j, literal) for (i, j), literal in arcs.items()])
        model.minimize(sum(far[i][j] * literal for (i, j), literal in arcs.items()))
        return round(_solved(model).objective_value)

    return Problem(f"tour of {cities} cities", "cpsat", lambda _: source, by_hand, "optimize")


def _mixture(foods: int, nutrients: int, seed: int) -> Problem:
    rng = random.Random(seed)
    cost = [rng.randint(1, 9) for _ in range(foods)]
    has = [[rng.randint(0, 9) for _ in range(nutrients)] for _ in range(foods)]
    need = [rng.randint(20, 60) for _ in range(nutrients)]
    source = f"""
type Food = 1..{foods}
type Nutrient = 1..{nutrients}
param cost(Food): int = {cost}
param has(Food, Nutrient): int = {has}
param need(Nutrient): int = {need}
var amount(Food): real >= 0
constraint: forall n in Nutrient: sum(has(f, n) * amount(f) for f in Food) >= need(n)
minimize sum(cost(f) * amount(f) for f in Food)
"""

    def by_hand() -> object:
        import z3

        optimizer = z3.Optimize()
        amount = [z3.Real(f"a{i}") for i in range(foods)]
        optimizer.add([a >= 0 for a in amount])
        for n in range(nutrients):
            optimizer.add(z3.Sum([has[f][n] * amount[f] for f in range(foods)]) >= need[n])
        optimizer.minimize(z3.Sum([c * a for c, a in zip(cost, amount, strict=True)]))
        if optimizer.check() != z3.sat:
            raise AssertionError("the mixture exists")
        model = optimizer.model()
        return model.eval(z3.Sum([c * a for c, a in zip(cost, amount, strict=True)])).as_fraction()

    return Problem(f"mixture of {foods} foods", "z3", lambda _: source, by_hand, "optimize")


def _mathopt(model: Any, solver: str) -> float:
    from ortools.math_opt.python import mathopt

    gaps = {"relative_gap_tolerance": 0.0, "absolute_gap_tolerance": 0.0} if solver == "HIGHS" else {}
    found = mathopt.solve(model, mathopt.SolverType[solver], params=mathopt.SolveParameters(**gaps))
    if found.termination.reason is not mathopt.TerminationReason.OPTIMAL:
        raise AssertionError("the problem has an optimum")
    return float(found.objective_value())


def _plan(products: int, stocks: int, seed: int) -> Problem:
    rng = random.Random(seed)
    worth = [rng.randint(10, 99) for _ in range(products)]
    room = [rng.randint(2_000, 9_000) for _ in range(stocks)]
    uses = {(p, s): rng.randint(1, 20) for p in range(products) for s in rng.sample(range(stocks), 5)}
    entries = ", ".join(f"({p + 1}, {s + 1}): {n}" for (p, s), n in uses.items())
    source = f"""
type Product = 1..{products}
type Stock = 1..{stocks}
param worth(Product): int = {worth}
param room(Stock): int = {room}
param uses(Product, Stock): int = {{{entries}}} else 0
var made(Product): real in 0..25
constraint: forall s in Stock: sum(uses(p, s) * made(p) for p in Product) <= room(s)
maximize sum(worth(p) * made(p) for p in Product)
"""

    def by_hand() -> object:
        from ortools.math_opt.python import mathopt

        model = mathopt.Model()
        made = [model.add_variable(lb=0.0, ub=25.0) for _ in range(products)]
        for s in range(stocks):
            row = mathopt.fast_sum(uses[p, s] * made[p] for p in range(products) if (p, s) in uses)
            model.add_linear_constraint(row <= room[s])
        model.maximize(mathopt.fast_sum(w * m for w, m in zip(worth, made, strict=True)))
        return _mathopt(model, "GLOP")

    return Problem(f"plan of {products:,} products", "milp", lambda _: source, by_hand, "optimize")


def _load(items: int, rows: int, seed: int) -> Problem:
    rng = random.Random(seed)
    worth = [rng.randint(10, 99) for _ in range(items)]
    needs = [[rng.randint(1, 60) for _ in range(rows)] for _ in range(items)]
    room = [sum(need[r] for need in needs) // 3 for r in range(rows)]
    source = f"""
type Item = 1..{items}
type Row = 1..{rows}
param worth(Item): int = {worth}
param needs(Item, Row): int = {needs}
param room(Row): int = {room}
var taken(Item): int in 0..1
constraint: forall r in Row: sum(needs(i, r) * taken(i) for i in Item) <= room(r)
maximize sum(worth(i) * taken(i) for i in Item)
"""

    def by_hand() -> object:
        from ortools.math_opt.python import mathopt

        model = mathopt.Model()
        taken = [model.add_binary_variable() for _ in range(items)]
        for r in range(rows):
            model.add_linear_constraint(mathopt.fast_sum(needs[i][r] * taken[i] for i in range(items)) <= room[r])
        model.maximize(mathopt.fast_sum(w * t for w, t in zip(worth, taken, strict=True)))
        return _mathopt(model, "HIGHS")

    return Problem(f"load of {items} items", "milp", lambda _: source, by_hand, "optimize")


# Deduction


def _chain(length: int) -> Problem:
    kinds = [f"k{i}" for i in range(length)]
    steps = "\n".join(f"premise: forall x in Thing: {a}(x) implies {b}(x)" for a, b in itertools.pairwise(kinds))
    source = f"""
type Thing
pred {", ".join(f"{k}(Thing)" for k in kinds)}
const max: Thing
{steps}
premise: {kinds[0]}(max)
prove {kinds[-1]}(max)
"""

    def by_hand() -> object:
        import z3

        thing = z3.DeclareSort("Thing")
        max_, x = z3.Const("max", thing), z3.Const("x", thing)
        preds = [z3.Function(k, thing, z3.BoolSort()) for k in kinds]
        solver = z3.Solver()
        solver.add([z3.ForAll([x], z3.Implies(a(x), b(x))) for a, b in itertools.pairwise(preds)])
        solver.add(preds[0](max_))
        solver.push()
        solver.add(z3.Not(preds[-1](max_)))
        is_entailed = solver.check() == z3.unsat
        solver.pop()
        solver.add(preds[-1](max_))
        return is_entailed and solver.check() == z3.sat

    return Problem(f"chain of {length} premises", "z3", lambda _: source, by_hand, "prove")


def _closure(nodes: int, edges: int, seed: int) -> Problem:
    rng = random.Random(seed)
    starts = [rng.randrange(nodes - 1) for _ in range(2 * edges)]
    pairs = sorted({(a, rng.randrange(a + 1, min(nodes, a + 40))) for a in starts})[:edges]

    def source(folder: Path) -> str:
        rows = "".join(f"n{a},n{b}\n" for a, b in pairs)
        (folder / "roads.csv").write_text("from,to\n" + rows, encoding="utf-8")
        (folder / "places.csv").write_text("place\n" + "".join(f"n{i}\n" for i in range(nodes)), encoding="utf-8")
        return """
type Place from "places.csv"
rel road(Place, Place) from "roads.csv"
rel reach(Place)
rule reach(X) if road(n0, X)
rule reach(Y) if reach(X), road(X, Y)
ask reach(X)
"""

    def by_hand() -> object:
        import clingo

        facts = "".join(f"road({a},{b}).\n" for a, b in pairs)
        control = clingo.Control()
        control.add("base", [], facts + "reach(X) :- road(0,X).\nreach(Y) :- reach(X), road(X,Y).\n#show reach/1.\n")
        control.ground([("base", [])])
        with control.solve(yield_=True) as found:
            return next(len(model.symbols(shown=True)) for model in found)

    return Problem(f"closure over {edges:,} facts from a file", "asp", source, by_hand, "ask")


def problems() -> list[Problem]:
    """All of them, from tiny to large."""
    return [
        _islanders(),
        _letters(),
        _queens(12),
        _coloring(60, 5, 1),
        _knapsack(40, 2),
        _assignment(12, 3),
        _job_shop(6, 6, 4, is_optimized=True),
        _tour(14, 5),
        _mixture(12, 6, 6),
        _plan(1_000, 40, 9),
        _load(200, 3, 10),
        _chain(40),
        _job_shop(20, 20, 7, is_optimized=False),
        _closure(2_000, 10_000, 8),
        *[_job_shop(n, n, number, is_optimized=True, number=number) for n in (10, 11) for number in range(1, 7)],
    ]
