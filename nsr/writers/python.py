"""A stand-alone Python script on Z3's Python interface: the model with its names, and an answer in the same names."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from nsr.language import ir
from nsr.language.calls import keys_of
from nsr.language.named_things import with_named_things_only
from nsr.language.open_types import open_sorts
from nsr.language.sorts import BoolSort, Element, EnumSort, NumberSort, RealSort, Value
from nsr.reformulations.coding import codes_of, none_code, scale_of
from nsr.solvers import Gap, get_backend
from nsr.writers.ground import Ground, Shown, budget_for_text, ground, statement_text
from nsr.writers.names import Alphabet, Names, comment
from nsr.writers.python_terms import HELPERS, Place, PythonTerms, is_real, is_truth

__all__ = ["to_python"]

MOST_SOLUTIONS = 1000

_OWN = frozenset(
    re.findall(
        r"\w+",
        """
        z3 solver reduce Fraction NAMES UNKNOWNS word show function code names none scale number model cells arguments
        cell place asked title formula words found best told is_number value key
        """,
    )
)
PYTHON = Alphabet(
    reserved=frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *_OWN, *HELPERS)), prefix="v_", longest=40
)

_SHOW = '''

def word(function, code):
    """A value as the problem names it."""
    names, none, scale = NAMES.get(function, ({}, None, 1))
    if z3.is_bool(code):
        return "true" if z3.is_true(code) else "false"
    number = code.as_fraction() if z3.is_real(code) and z3.is_rational_value(code) else code
    if z3.is_int_value(code):
        number = code.as_long()
        if none is not None and number == none:
            return "none"
    if number in names:
        return names[number]
    return str(Fraction(number) / scale) if isinstance(number, (int, Fraction)) else str(number)


def show(model):
    """Print every value of a solution."""
    for function, cells in UNKNOWNS.items():
        for arguments, cell in cells.items():
            place = f"({', '.join(map(str, arguments))})" if arguments else ""
            print(f"{function}{place} = {word(function, model.eval(cell, model_completion=True))}")
'''


def to_python(program: ir.Program, question: int = 0) -> str:
    """One question of a program as a script that needs only `z3` and prints the answer.

    Raises:
        Gap: for open types, for what Z3 does not take, and goals that are no question of satisfiability.
        BudgetExceeded: where the text would grow too large.
    """
    program = with_named_things_only(program)
    if open_sorts(program):
        raise Gap(("open types",))
    budget = budget_for_text()
    found = ground(program, question, get_backend("z3").spec.native, budget)
    script = _Script(program, found)
    lines = list(script.body())
    helpers = [HELPERS[name] for name in HELPERS if name in script.terms.helpers]
    head = ['"""Written by nsr. Needs only Z3: pip install z3-solver."""', "", "from fractions import Fraction"]
    head += ["from functools import reduce"] if script.terms.helpers & {"least", "greatest"} else []
    head += ["", "import z3"]
    return "\n".join([*head, *("\n" + helper for helper in helpers), *lines, ""])


class _Script:
    """The parts of a script, in order."""

    def __init__(self, program: ir.Program, found: Ground) -> None:
        self._program = program
        self._found = found
        names = Names(PYTHON)
        aims = {aim.symbol: f"objective {aim.name}" for aim in found.aims}
        self._variables = {f.name: names.of(f.name, aims.get(f.name, f.name)) for f in found.program.unknowns()}
        budget = budget_for_text()
        self._keys = {f.name: keys_of(f, budget) for f in found.program.unknowns()}
        cells: dict[Place, str] = {
            (name, *key): self._cell(name, key) for name, keys in self._keys.items() for key in keys
        }
        reals = frozenset(f.name for f in found.program.unknowns() if is_real(f))
        self.terms = PythonTerms(cells, reals, budget)

    def _cell(self, name: str, key: tuple[Value, ...]) -> str:
        if not key:
            return self._variables[name]
        inside = ", ".join(map(_key, key))
        return f"{self._variables[name]}[{inside}]"

    def body(self) -> Iterator[str]:
        """Everything behind the imports."""
        yield "\n# Unknowns\n"
        for function in self._found.program.unknowns():
            yield from self._declared(function)
        kind = "Optimize" if self._found.aims else "Solver"
        yield f"\nsolver = z3.{kind}()\n\n# What holds\n"
        for function in self._found.program.unknowns():
            yield from self._bounded(function)
        for requirement in self._found.program.requirements:
            yield from self._stated(requirement)
        yield "\n# The answer in the names of the problem\n"
        yield from self._names()
        yield _SHOW.rstrip() + "\n\n"
        yield from self._asking()

    # The model

    def _declared(self, function: ir.Function) -> Iterator[str]:
        variable, kind = self._variables[function.name], _kind(function)
        keys = self._keys[function.name]
        if not function.arguments:
            yield f"{variable} = z3.{kind}({function.name!r})"
            return
        yield f"{variable} = {{"
        for key in keys:
            plain = ", ".join(map(_key, key))
            native = f"{function.name}({', '.join(map(str, key))})"
            yield f"    {f'({plain})' if len(key) > 1 else plain}: z3.{kind}({native!r}),"
        yield "}"

    def _bounded(self, function: ir.Function) -> Iterator[str]:
        variable = self._variables[function.name]
        limits = _limits(function)
        if not limits:
            return
        if not function.arguments:
            yield f"solver.add({limits.format(cell=variable)})"
        else:
            yield f"for cell in {variable}.values():"
            yield f"    solver.add({limits.format(cell='cell')})"

    def _stated(self, requirement: ir.Requirement) -> Iterator[str]:
        source = next((r for r in self._all() if r.name == requirement.name), None)
        if source is not None:
            name = f"{source.name}: " if source.has_label else ""
            told = [*source.citations, statement_text(self._program, source.formula)]
            if any(told):
                yield comment(name + " | ".join(part for part in told if part), "#")
        formula = requirement.formula
        for part in formula.args if isinstance(formula, ir.And) else (formula,):
            text = self.terms.write(part)
            yield from self._parts()
            yield f"solver.add({text})"

    def _all(self) -> tuple[ir.Requirement, ...]:
        return self._program.requirements_of(self._found.question)

    def _parts(self) -> list[str]:
        lines, self.terms.lines = self.terms.lines, []
        return lines

    # The answer

    def _own(self) -> list[ir.Function]:
        return [f for f in self._found.program.unknowns() if not f.is_auxiliary]

    def _names(self) -> Iterator[str]:
        yield "# What numbers stand for: elements, the number that is `none`, what numbers are multiplied by."
        yield "NAMES = {"
        held = [shown.holder for shown in self._found.values if shown.holder is not None]
        for function in (*self._program.unknowns(), *held):
            sort = function.value
            names = dict(enumerate(sort.elements)) if isinstance(sort, EnumSort) else {}
            none = none_code(sort) if function.is_optional else None
            scale = scale_of(sort) if isinstance(sort, NumberSort) else 1
            if names or none is not None or scale != 1:
                yield f"    {function.name!r}: ({names!r}, {none!r}, {scale}),"
        yield "}"
        yield "UNKNOWNS = {"
        for function in self._own():
            variable = self._variables[function.name]
            if function.arguments:
                tuples = "key" if len(function.arguments) > 1 else "(key,)"
                yield f"    {function.name!r}: {{{tuples}: cell for key, cell in {variable}.items()}},"
            else:
                yield f"    {function.name!r}: {{(): {variable}}},"
        yield "}"

    def _asking(self) -> Iterator[str]:
        if self._found.asked:
            yield from self._formulas()
        elif isinstance(self._found.question.goal, ir.Compute):
            yield from self._computed()
        elif self._found.aims:
            yield from self._optimum()
        else:
            yield from self._solutions()

    def _formulas(self) -> Iterator[str]:
        written = [(asked.title, self.terms.write(asked.formula)) for asked in self._found.asked]
        yield from self._parts()
        yield "asked = {"
        yield from (f"    {title!r}: {text}," for title, text in written)
        yield "}"
        yield "if solver.check() == z3.unsat:"
        yield '    print("no solution")'
        yield "else:"
        yield "    for title, formula in asked.items():"
        yield '        words = {"sat": "possible", "unsat": "impossible", "unknown": "unknown"}'
        yield '        print(f"{title}: {words[str(solver.check(formula))]}")'

    def _optimum(self) -> Iterator[str]:
        if len(self._found.aims) > 1:
            yield 'solver.set("priority", "lex")'
        for number, aim in enumerate(self._found.aims):
            yield f"_aim_{number} = solver.{aim.kind}({self._variables[aim.symbol]})"
        yield "if solver.check() == z3.sat:"
        yield "    show(solver.model())"
        for number, aim in enumerate(self._found.aims):
            scale = "" if aim.scale == 1 else f" / {aim.scale}"
            yield f"    best = _aim_{number}.value()"
            yield "    is_number = z3.is_int_value(best) or z3.is_rational_value(best)"
            yield f"    told = Fraction(str(best)){scale} if is_number else best"
            yield f'    print({f"objective {aim.name}"!r}, "=", told)'
        yield from self._else()

    def _else(self) -> Iterator[str]:
        yield "else:"
        yield '    print("no solution" if solver.check() == z3.unsat else f"unknown: {solver.reason_unknown()}")'

    def _shown(self, shown: Shown) -> list[tuple[str, str]]:
        """What holds a term, each with its title: of a set a truth value for each element, of a constant nothing."""
        keys = [key for key in self._keys.get(shown.symbol, ()) if key[: len(shown.args)] == shown.args]
        return [(self._title(shown, key), self._cell(shown.symbol, key)) for key in keys]

    def _title(self, shown: Shown, key: tuple[Value, ...]) -> str:
        rest = key[len(shown.args) :]
        return f"{', '.join(map(str, rest))} in {shown.title}" if rest else shown.title

    def _computed(self) -> Iterator[str]:
        yield "if solver.check() == z3.sat:"
        yield "    model = solver.model()"
        for shown in self._found.values:
            if not shown.symbol:
                yield f'    print({shown.title!r}, "=", {str(shown.constant)!r})'
            for title, cell in self._shown(shown):
                yield f"    value = model.eval({cell}, model_completion=True)"
                yield f"    if solver.check({cell} != value) == z3.unsat:"
                yield f'        print({title!r}, "=", word({shown.symbol!r}, value))'
                yield "    else:"
                yield f'        print({title!r}, "is not the same in all solutions")'
        yield from self._else()

    def _solutions(self) -> Iterator[str]:
        goal = self._found.question.goal
        assert isinstance(goal, ir.Find)
        wanted = {"one": 1, "unique": 2, "some": goal.count, "all": MOST_SOLUTIONS, "count": MOST_SOLUTIONS}[goal.mode]
        symbols = goal.symbols or (() if goal.terms else tuple(f.name for f in self._own()))
        # What the data decide is the same in all solutions.
        cells = [self._cell(name, key) for name in symbols for key in self._keys.get(name, ())]
        held = [cell for shown in self._found.values for _, cell in self._shown(shown)]
        yield f"asked = [{', '.join([*cells, *held])}]"
        yield "found = 0"
        yield f"while found < {wanted} and solver.check() == z3.sat:"
        yield "    model = solver.model()"
        yield "    found += 1"
        yield '    print(f"solution {found}")'
        yield "    show(model)"
        yield "    solver.add(z3.Or([cell != model.eval(cell, model_completion=True) for cell in asked]))"
        yield "if not found:"
        yield '    print("no solution" if solver.check() == z3.unsat else f"unknown: {solver.reason_unknown()}")'
        if wanted > 1:
            yield f"elif found < {wanted}:"
            yield '    print("there is no other" if solver.check() == z3.unsat else "there may be others")'


def _key(value: Value) -> str:
    """A value as a key of a dictionary."""
    return (
        repr(value.name) if isinstance(value, Element) else repr(value) if isinstance(value, int) else repr(str(value))
    )


def _kind(function: ir.Function) -> str:
    return "Bool" if is_truth(function) else "Real" if is_real(function) else "Int"


def _limits(function: ir.Function) -> str:
    """What bounds an unknown, with `{cell}` in its place; empty for truth values and without bounds."""
    match function.value:
        case BoolSort() if not function.is_optional:
            return ""
        case RealSort(low, high, is_low_open, is_high_open):
            parts = [] if low is None else [f"{{cell}} {'>' if is_low_open else '>='} {_number(low)}"]
            parts += [] if high is None else [f"{{cell}} {'<' if is_high_open else '<='} {_number(high)}"]
            return ", ".join(parts)
        case _:
            return _within([_interval(low, high) for low, high in codes_of(function)])


def _number(value: int | Fraction) -> str:
    return repr(value) if isinstance(value, int) else f"z3.Q({value.numerator}, {value.denominator})"


def _interval(low: int | None, high: int | None) -> Sequence[str]:
    if low is not None and low == high:
        return (f"{{cell}} == {low}",)
    return (*(() if low is None else (f"{{cell}} >= {low}",)), *(() if high is None else (f"{{cell}} <= {high}",)))


def _within(parts: Sequence[Sequence[str]]) -> str:
    if len(parts) == 1:
        return ", ".join(parts[0])
    return f"z3.Or({', '.join(f'z3.And({chr(44).join(part)})' if len(part) > 1 else part[0] for part in parts)})"
