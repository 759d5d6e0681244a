"""Plain rules as they are, with variables: gringo finds their instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from nsr.language.ir import (
    Absolute,
    Apply,
    ElementAt,
    Equal,
    Interval,
    Less,
    LessEqual,
    Listed,
    Literal,
    Negate,
    Not,
    PositionOf,
    Product,
    Restrict,
    Sum,
    Variable,
)
from nsr.language.sorts import EnumSort, sort_size
from nsr.reformulations.plain_rules import joined_symbols, plain_forms
from nsr.reformulations.substitution import Fresh
from nsr.solvers.asp.cells import call, code, codes
from nsr.solvers.asp.model import listed
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Bound, Program, Term
    from nsr.language.sorts import Sort, Value
    from nsr.reformulations.bottom_up import Form
    from nsr.solvers.asp.cells import Cells
    from nsr.solvers.asp.model import Model

__all__ = ["write_rules"]


def write_rules(program: Program, cells: Cells, model: Model) -> None:
    """Write the facts, the tables that rules join, and the rules.

    Raises:
        Gap: when a rule is not plain.
    """
    joined = joined_symbols(program)
    fresh = Fresh("#asp ")
    forms: list[Form] = []
    for rule in program.rules:
        plain = plain_forms(rule, program, joined, fresh)
        if plain is None:
            raise Gap((f"the rule `{rule.name}`",))
        forms.extend(plain)
    called = {part.symbol for form in forms for part in (*form.atoms, *_denied(form))}
    for name in sorted(called & program.tables.keys()):
        cells.introduce(program.symbols[name])
        sorts = program.symbols[name].arguments
        rows = [key for key, truth in program.tables[name].entries.items() if truth is True]
        model.write_all(_facts(cells.name(name), sorts, rows))
    for facts in program.facts:
        model.write_all(_facts(cells.name(facts.symbol), program.symbols[facts.symbol].arguments, facts.rows))
    for form in forms:
        model.write(_Writer(program, cells).rule(form))


def _facts(name: str, sorts: Sequence[Sort], rows: Sequence[Sequence[Value]]) -> list[str]:
    """A fact for each row."""
    if not sorts:
        return [f"{name}."] * len(rows)
    columns = [_texts([row[place] for row in rows], sort) for place, sort in enumerate(sorts)]
    return [f"{name}({args})." for args in map(",".join, zip(*columns, strict=True))]


def _texts(values: Sequence[Any], sort: Sort) -> list[str]:
    """The codes of values as text."""
    if isinstance(sort, EnumSort):
        return [str(value.index) for value in values]
    # By identity: most values come again as the same objects.
    ids = list(map(id, values))
    known = {own: str(code(value, sort)) for own, value in dict(zip(ids, values, strict=True)).items()}
    return list(map(known.__getitem__, ids))


def _denied(form: Form) -> list[Apply]:
    return [test.arg for test in form.tests if isinstance(test, Not) and isinstance(test.arg, Apply)]


class _Writer:
    """Writes one rule."""

    def __init__(self, program: Program, cells: Cells) -> None:
        self._program = program
        self._cells = cells
        self._variables: dict[str, str] = {}
        self._checks: list[str] = []

    def rule(self, form: Form) -> str:
        """The rule as text."""
        bound: set[str] = set()
        body: list[str] = []
        for atom in form.atoms:
            body.append(self._atom(atom))
            sorts = self._program.symbols[atom.symbol].arguments
            for arg, sort in zip(atom.args, sorts, strict=True):
                if isinstance(arg, Variable) and arg.sort == sort:
                    bound.add(arg.name)
        self._checks.clear()
        for test in form.tests:
            body.extend(self._test(test))
        head = self._head(form)
        domains = [line for one in form.binders for line in self._domain(one, is_bound=one.variable.name in bound)]
        whole = [*body, *self._checks, *domains]
        return f"{head}:-{','.join(whole)}." if whole else f"{head}."

    def _atom(self, atom: Apply) -> str:
        return call(self._cells.name(atom.symbol), [self._value(arg) for arg in atom.args])

    def _head(self, form: Form) -> str:
        args = []
        for arg, sort in zip(form.args, self._program.symbols[form.symbol].arguments, strict=True):
            text = self._value(arg)
            if not (isinstance(arg, Variable | Literal) and arg.sort == sort):
                self._checks.append(_inside(text, sort))
            args.append(text)
        return call(self._cells.name(form.symbol), args)

    def _domain(self, bound: Bound, *, is_bound: bool) -> list[str]:
        """What holds a variable within what it runs over; a variable that no atom binds is given its values."""
        name = self._variable(bound.variable)
        out = [] if is_bound else [_inside(name, bound.variable.sort)]
        match bound.domain:
            case None:
                pass
            case Interval(low, high):
                out += [f"{self._value(low)}<={name}", f"{name}<={self._value(high)}", *self._checks]
                self._checks.clear()
            case Listed(values):
                pool = sorted({code(v.value, bound.variable.sort) for v in values if isinstance(v, Literal)})
                out.append(f"{name}={listed(pool)}" if pool else "#false")
            case _:
                assert_never(bound.domain)
        return out

    def _test(self, test: Term) -> list[str]:
        match test:
            case Literal(value):
                return [] if value is True else ["#false"]
            case Not(Apply() as atom):
                text = f"not {self._atom(atom)}"
                # Where an argument is undefined, the call is false; there is no such atom then.
                self._checks.clear()
                return [text]
            case Not(Equal() | Less() | LessEqual() as inner):
                contrary = {Equal: "!=", Less: ">=", LessEqual: ">"}[type(inner)]
                return [f"{self._value(inner.left)}{contrary}{self._value(inner.right)}"]
            case Equal() | Less() | LessEqual():
                operator = {Equal: "=", Less: "<", LessEqual: "<="}[type(test)]
                text = f"{self._value(test.left)}{operator}{self._value(test.right)}"
                checks = list(self._checks)
                self._checks.clear()
                return [text, *checks]
            case _:
                raise AssertionError(f"no test of a plain rule: {type(test).__name__}")

    def _variable(self, variable: Variable) -> str:
        return self._variables.setdefault(variable.name, f"X{len(self._variables)}")

    def _value(self, term: Term) -> str:
        """A value as text; what has to hold for it to be defined is put with the checks."""
        match term:
            case Variable():
                return self._variable(term)
            case Literal(value, sort):
                number = code(value, sort)
                return str(number) if number >= 0 else f"({number})"
            case Sum(args):
                return f"({'+'.join(map(self._value, args))})" if args else "0"
            case Product(args):
                return f"({'*'.join(map(self._value, args))})" if args else "1"
            case Negate(arg):
                return f"(-{self._value(arg)})"
            case Absolute(arg):
                return f"|{self._value(arg)}|"
            case PositionOf(arg):
                return f"({self._value(arg)}+1)"
            case ElementAt(arg, sort):
                text = f"({self._value(arg)}-1)"
                self._checks.append(_inside(text, sort))
                return text
            case Restrict(arg, sort):
                text = self._value(arg)
                if not isinstance(sort, EnumSort):
                    self._checks.append(_inside(text, sort))
                return text
            case _:
                raise AssertionError(f"no value of a plain rule: {type(term).__name__}")


def _inside(text: str, sort: Sort) -> str:
    """What holds a value within a sort; it also binds a variable."""
    return f"{text}={listed(codes(sort))}" if sort_size(sort) else "#false"
