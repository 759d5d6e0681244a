"""From terms that the data decide to Prolog goals.

A formula becomes a goal that succeeds at most once where it holds; a value becomes goals that work it out and the text
that stands for it, and what is undefined fails, so that the smallest atom around it is false. Elements are their
indices, truth values 0 and 1, numbers whole numbers and exact fractions. A table without the entry that is asked for
throws: the part of the body in which that happens does not hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nsr.language.ir import (
    Absolute,
    Aggregate,
    AllDifferent,
    And,
    Apply,
    Conditional,
    Divide,
    ElementAt,
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
    PositionOf,
    Power,
    Product,
    Quantified,
    Restrict,
    Rounded,
    Sum,
    Variable,
    Xor,
    sort_of,
)
from nsr.language.sorts import BoolSort, Element, EnumSort, IntSort, NumberSort, RealSort
from nsr.language.traverse import subterms
from nsr.solvers.prolog.notation import NOTHING, Notation, joined, negated, plain
from nsr.solvers.protocol import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nsr.language.ir import Bound, Term
    from nsr.language.sorts import Sort

__all__ = ["Env", "Goals"]

Env = dict[str, str]
"""The Prolog variable or value of each bound variable."""


class Goals(Notation):
    """Writes the terms of one program; variables are numbered through."""

    # Formulas

    def formula(self, term: Term, env: Env) -> str:
        """A goal that succeeds once where the formula holds, all its variables being bound."""
        self.budget.spend()
        match term:
            case Literal(None):
                raise Gap(("truth values that may be `none` in rules",))
            case Literal(value):
                return "true" if value is True else "fail"
            case And(args):
                return joined([self.formula(arg, env) for arg in args])
            case Or(args):
                return self._either([self.formula(arg, env) for arg in args])
            case Not(arg):
                return negated(self.formula(arg, env))
            case Implies(left, right):
                return f"(({self.formula(left, env)})->({self.formula(right, env)});true)"
            case Iff(left, right):
                return self._same(left, right, env, "({0}->{1};\\+({1}))")
            case Xor(left, right):
                return self._same(left, right, env, "({0}-> \\+({1});{1})")
            case Conditional(condition, then, otherwise):
                parts = [self.formula(part, env) for part in (condition, then, otherwise)]
                return "(({})->({});({}))".format(*parts)
            case Equal() | Less() | LessEqual():
                return self._comparison(term, env)
            case AllDifferent(args):
                return self._different(args, env)
            case Quantified("forall", binders, body):
                from nsr.solvers.prolog.joins import conjunction

                denied = (body.left, Not(body.right)) if isinstance(body, Implies) else (Not(body),)
                return negated(conjunction(self, binders, denied, env).goal)
            case Quantified("exists", binders, body):
                from nsr.solvers.prolog.joins import conjunction

                return f"(({conjunction(self, binders, (body,), env).goal})->true)"
            case Aggregate("all_different", binders, condition, element):
                return self._different_of(binders, condition, element, env)
            case Apply(symbol, args):
                return self._call(symbol, args, env)
            case Variable(name):
                return f"{env[name]}== 1"
            case _:
                raise Gap((f"{type(term).__name__} in rules",))

    def _either(self, goals: Sequence[str]) -> str:
        if not goals:
            return "fail"
        return "(" + ";".join([f"({goal})->true" for goal in goals]) + ")"

    def _same(self, left: Term, right: Term, env: Env, pattern: str) -> str:
        return pattern.format(f"({self.formula(left, env)})", f"({self.formula(right, env)})")

    def _comparison(self, term: Equal | Less | LessEqual, env: Env) -> str:
        goals: list[str] = []
        left, right = self._both(term.left, term.right, env, goals)
        if isinstance(term, Equal):
            return joined([*goals, f"{left} == {right}"])
        sign = "<" if isinstance(term, Less) else "=<"
        sort = sort_of(term.left)
        if isinstance(sort, EnumSort):
            left, right = self.position(sort, left, goals), self.position(sort, right, goals)
        else:
            goals.extend(self._is_number(term.left, left))
            goals.extend(self._is_number(term.right, right))
        return joined([*goals, f"{left} {sign} {right}"])

    def _is_number(self, term: Term, value: str) -> list[str]:
        if isinstance(term, Literal | Variable) and isinstance(sort_of(term), IntSort | NumberSort | RealSort):
            return []
        return [f"rational({value})"]

    def _both(self, left: Term, right: Term, env: Env, goals: list[str]) -> tuple[str, str]:
        """Two values; the second is looked for also where the first has none, in case a table lacks an entry."""
        if self.may_lack(right) and not isinstance(left, Literal | Variable):
            for side in (left, right):
                probe: list[str] = []
                self.value(side, env, probe)
                goals.append(f"(({joined(probe)})->true;true)")
        return self.value(left, env, goals), self.value(right, env, goals)

    def may_lack(self, term: Term) -> bool:
        """Whether a table in the term, or in a definition that it calls, can lack an entry."""
        waiting, seen = [term], set[str]()
        while waiting:
            for part in subterms(waiting.pop()):
                if not isinstance(part, Apply) or part.symbol in seen:
                    continue
                seen.add(part.symbol)
                table = self.program.tables.get(part.symbol)
                if table is not None and not table.has_default:
                    return True
                definition = self.program.definitions.get(part.symbol)
                if definition is not None:
                    waiting.append(definition.body)
        return False

    def _call(self, symbol: str, args: Sequence[Term], env: Env) -> str:
        goals: list[str] = []
        if symbol in self.names.definitions:
            values = self.arguments(args, env, goals)
            return joined([*goals, f"({self.head(self.names.definitions[symbol], values)}->true)"])
        name = self.names.of(symbol)
        if name is not None:
            values = self.arguments(args, env, goals)
            head = self.head(name, values)
            return joined([*goals, head])
        value = self.value(Apply(symbol, tuple(args), self.program.symbols[symbol].value), env, goals)
        return joined([*goals, f"{value}== 1"])

    def arguments(self, args: Sequence[Term], env: Env, goals: list[str]) -> list[str]:
        """The values of arguments."""
        return [self.value(arg, env, goals) for arg in args]

    # Values

    def value(self, term: Term, env: Env, goals: list[str]) -> str:
        """A Prolog variable or constant that has the value once the goals have succeeded."""
        self.budget.spend()
        match term:
            case Literal(value):
                return self.plain(value)
            case Variable(name):
                return env[name]
            case Apply(symbol, args):
                return self._applied(symbol, args, term.sort, env, goals)
            case Restrict(arg, sort):
                kept = self.value(arg, env, goals)
                goals.extend(self.in_sort(sort, kept))
                return kept
            case Conditional(condition, then, otherwise) if not isinstance(sort_of(then), BoolSort):
                return self._chosen(condition, then, otherwise, env, goals)
            case PositionOf(arg):
                element = self.value(arg, env, goals)
                sort = sort_of(arg)
                assert isinstance(sort, EnumSort)
                return self._let(f"{self.position(sort, element, goals)}+1", goals)
            case ElementAt(arg, sort):
                position = self.number(arg, env, goals)
                assert isinstance(sort, EnumSort)
                return self.element(sort, self._let(f"{position}-1", goals), goals)
            case Aggregate(kind) if kind != "all_different":
                return self._aggregate(term, env, goals)
            case _ if isinstance(sort_of(term), BoolSort):
                return self._truth(self.formula(term, env), goals)
            case _:
                return self._let(self.number(term, env, goals), goals)

    def _let(self, expression: str, goals: list[str]) -> str:
        new = self.variable()
        goals.append(f"{new} is {expression}")
        return new

    def _truth(self, goal: str, goals: list[str]) -> str:
        new = self.variable()
        goals.append(f"(({goal})->{new}=1;{new}=0)")
        return new

    def _applied(self, symbol: str, args: Sequence[Term], sort: Sort, env: Env, goals: list[str]) -> str:
        values = self.arguments(args, env, goals)
        new = self.variable()
        if symbol in self.names.definitions:
            goals.append(f"{self.head(self.names.definitions[symbol], [*values, new])}")
            if isinstance(sort, BoolSort):
                goals.pop()
                goals.append(f"({self.head(self.names.definitions[symbol], values)}->{new}=1;{new}=0)")
            return new
        name = self.names.of(symbol)
        if name is not None:
            goals.append(f"({self.head(name, values)}->{new}=1;{new}=0)")
            return new
        if symbol not in self.names.tables:
            raise Gap((f"`{symbol}`, which the data do not decide, in rules",))
        table = self.program.tables[symbol]
        other = f"{new}= {self.plain(table.default)}" if table.has_default else "throw(nsr_no_entry)"
        goals.append(f"({self.names.tables[symbol]}({','.join([*values, new])})->true;{other})")
        return new

    def _chosen(self, condition: Term, then: Term, otherwise: Term, env: Env, goals: list[str]) -> str:
        new = self.variable()
        branches = []
        for branch in (then, otherwise):
            own: list[str] = []
            value = self.value(branch, env, own)
            branches.append(joined([*own, f"{new}= {value}"]))
        goals.append(f"(({self.formula(condition, env)})->({branches[0]});({branches[1]}))")
        return new

    # Numbers

    def number(self, term: Term, env: Env, goals: list[str]) -> str:
        """An arithmetic expression in parentheses; what is no number fails."""
        self.budget.spend()
        match term:
            case Literal(value) if not isinstance(value, bool | None | Element):
                return f"({plain(value)})"
            case Variable() if not isinstance(term.sort, BoolSort):
                return self.value(term, env, goals)
            case Sum(args):
                return self._folded("+", "0", args, env, goals)
            case Product(args):
                return self._product(args, env, goals)
            case Negate(arg):
                return f"(-{self.number(arg, env, goals)})"
            case Absolute(arg):
                return f"abs({self.number(arg, env, goals)})"
            case Extremum(kind, args):
                if not args:
                    goals.append("fail")
                    return "(0)"
                parts = [self.number(arg, env, goals) for arg in args]
                text = parts[0]
                for part in parts[1:]:
                    text = f"{kind}({text},{part})"
                return text
            case FromTruth(arg):
                return self._truth(self.formula(arg, env), goals)
            case Divide(left, right) | FloorDivide(left, right) | Modulo(left, right) | Power(left, right):
                return self._operation(term, left, right, env, goals)
            case Rounded(kind, arg):
                inner = self._let(self.number(arg, env, goals), goals)
                if kind == "round":
                    return f"(sign({inner})*floor(abs({inner})+1r2))"
                return f"{'floor' if kind == 'floor' else 'ceiling'}({inner})"
            case Aggregate() | Conditional() | Apply() | PositionOf() | Restrict() | Literal() | Variable():
                found = self.value(term, env, goals)
                goals.extend(self._is_number(term, found))
                return found
            case _:
                raise Gap((f"{type(term).__name__} in rules",))

    def _folded(self, sign: str, empty: str, args: Sequence[Term], env: Env, goals: list[str]) -> str:
        parts = [self.number(arg, env, goals) for arg in args]
        return f"({sign.join(parts)})" if parts else f"({empty})"

    def _product(self, args: Sequence[Term], env: Env, goals: list[str]) -> str:
        text, *parts = [self.number(arg, env, goals) for arg in args] or ["(1)"]
        for part in parts:
            a, b = self._let(text, goals), self._let(part, goals)
            text = self.variable()
            goals.append(f"nsr_times({a},{b},{text})")
        return text

    def _operation(
        self, term: Divide | FloorDivide | Modulo | Power, left: Term, right: Term, env: Env, goals: list[str]
    ) -> str:
        if self.may_lack(right):
            self._both(left, right, env, goals)
        a = self._let(self.number(left, env, goals), goals)
        b = self._let(self.number(right, env, goals), goals)
        match term:
            case Power():
                new = self.variable()
                goals.append(f"nsr_power({a},{b},{new})")
                return new
            case Divide():
                goals.append(f"{b}=\\=0")
                return f"({a} rdiv {b})"
            case FloorDivide():
                goals.append(f"{b}=\\=0")
                return f"floor({a} rdiv {b})"
            case Modulo():
                goals.append(f"{b}=\\=0")
                return f"({a}-{b}*floor({a} rdiv {b}))"

    # Aggregates

    def _aggregate(self, term: Aggregate, env: Env, goals: list[str]) -> str:
        from nsr.solvers.prolog.joins import conjunction

        new, found = self.variable(), self.variable()
        inner = conjunction(self, term.binders, (term.condition,), env)
        if term.kind == "count":
            goals.append(f"aggregate_all(count,({inner.goal}),{new})")
            return new
        own: list[str] = []
        element = self.variable()
        value = self.value(term.element, inner.env, own)
        defined = joined([*own, f"{element}= {value}"])
        goals.append(f"findall({element},({inner.goal},(({defined})->true;{element}={NOTHING})),{found})")
        ends = {"sum": "nsr_total", "prod": "nsr_product", "min": "nsr_least", "max": "nsr_greatest"}
        goals.append(f"{ends[term.kind]}({found},{new})")
        return new

    def _different_of(self, binders: Sequence[Bound], condition: Term, element: Term, env: Env) -> str:
        from nsr.solvers.prolog.joins import conjunction

        inner = conjunction(self, binders, (condition,), env)
        own: list[str] = []
        value = self.value(element, inner.env, own)
        found = self.variable()
        # What is undefined is left out: it differs from everything.
        return f"findall({value},({joined([inner.goal, *own])}),{found}),nsr_different({found})"

    def _different(self, args: Sequence[Term], env: Env) -> str:
        found, each = self.variable(), self.variable()
        parts = []
        for arg in args:
            own: list[str] = []
            value = self.value(arg, env, own)
            parts.append(f"({joined([*own, f'{each}= {value}'])})")
        return f"findall({each},({';'.join(parts)}),{found}),nsr_different({found})" if parts else "true"
