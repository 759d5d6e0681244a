"""Writes programs that are first-order as premises and a conclusion, in Unicode or in NLTK's signs.

Types become predicates with premises that say what is known of them (there is something of it, what its constants are,
that they are different); a program of one open type needs none. What is not first-order is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from nsr.dialects.fol_tokens import VARIABLE
from nsr.dialects.protocol import WriteError
from nsr.language import ast

__all__ = ["to_fol", "to_nltk"]


class _Signs(NamedTuple):
    forall: str
    exists: str
    no: str
    both: str
    either: str
    xor: str | None
    implies: str
    iff: str
    equal: str
    unequal: str


_UNICODE = _Signs("∀{} ", "∃{} ", "¬", " ∧ ", " ∨ ", " ⊕ ", " → ", " ↔ ", " = ", " ≠ ")
_NLTK = _Signs("all {}. ", "exists {}. ", "-", " & ", " | ", None, " -> ", " <-> ", " = ", " != ")


_EVERYTHING = ast.Name("")
"""The domain of the quantifiers that say what types are: all things, of whatever type."""


def to_fol(program: ast.ParsedProgram) -> str:
    """The program in the dialect `fol`, sentences behind `:::`.

    Raises:
        WriteError: for anything that is not first-order (numbers, closed relations, sets, goals but `prove`).
    """
    return _Writer(_UNICODE).program(program)


def to_nltk(program: ast.ParsedProgram) -> str:
    """The program in the dialect `nltk`; otherwise as `to_fol`."""
    return _Writer(_NLTK).program(program)


@dataclass
class _Writer:
    """Collects the declarations, then writes the statements."""

    signs: _Signs
    types: dict[str, ast.TypeDecl] = field(default_factory=dict)
    constants: dict[str, list[str]] = field(default_factory=dict)
    functions: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    truths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def program(self, program: ast.ParsedProgram) -> str:
        """The whole program as text."""
        for statement in program.statements:
            self._declare(statement)
        stated = [line for s in program.statements for line in self._stated(s)]
        goals = [s for s in program.statements if isinstance(s, ast.Prove)]
        if len(goals) != 1:
            raise WriteError("a first-order text has one conclusion: a program with one `prove`")
        told = [f"{line} ::: {sentence}" if sentence else line for line, sentence in [*self._of_types(), *stated]]
        conclusion = self._line(self._conjunction(goals[0].formulas), goals[0].head)
        return "\n".join(["Premises:", *told, "Conclusion:", " ::: ".join(filter(None, conclusion)), ""])

    # Declarations

    def _declare(self, statement: ast.Statement) -> None:
        match statement:
            case ast.TypeDecl(name, body):
                if not (body is None or (isinstance(body, ast.Enumeration) and not body.is_ordered)):
                    raise WriteError(f"the type `{name.text}` has an order or comes from a file")
                self.types[name.text] = statement
                elements = body.elements if body is not None else ()
                self.constants[name.text] = [self._element(e, name.text) for e in elements]
            case ast.ConstDecl(groups):
                for group in groups:
                    self.constants.setdefault(group.sort.text, []).extend(n.text for n in group.names)
            case ast.VarDecl(groups):
                for declared in groups:
                    self._declare_functions(declared)
            case ast.PredDecl(signatures):
                for signature in signatures:
                    self.truths[signature.name.text] = self._domains(signature)
            case ast.Require() | ast.Prove():
                pass
            case ast.Fact(literals):
                closed = [x.atom for x in literals if _head(x.atom) not in self.truths]
                if closed:
                    raise WriteError(f"`{_head(closed[0])}` is a closed relation")
            case _:
                raise WriteError(f"`{_keyword(statement)}` says what first-order logic cannot")

    def _element(self, element: ast.Name | ast.Number, name: str) -> str:
        if isinstance(element, ast.Number):
            raise WriteError(f"the type `{name}` has numbers as elements")
        return element.text

    def _declare_functions(self, group: ast.VarGroup) -> None:
        sort = group.value.sort
        if group.is_distinct or group.is_optional or group.value.is_set or not isinstance(sort, ast.SortName):
            raise WriteError("`var` with `distinct`, `optional`, a range or sets is not first-order as it stands")
        for signature in group.signatures:
            if sort.is_builtin and sort.name == "bool":
                self.truths[signature.name.text] = self._domains(signature)
            elif sort.is_builtin:
                raise WriteError(f"`{signature.name.text}` is a number")
            else:
                self.functions[signature.name.text] = (self._domains(signature), sort.name)

    def _domains(self, signature: ast.Signature) -> tuple[str, ...]:
        found = []
        for argument in signature.arguments:
            if not isinstance(argument.sort, ast.SortName) or argument.sort.is_builtin:
                raise WriteError(f"`{signature.name.text}` is over numbers")
            found.append(argument.sort.name)
        return tuple(found)

    @property
    def _is_plain(self) -> bool:
        """Whether there is one open type, so that everything is of it."""
        return len(self.types) == 1 and all(t.body is None for t in self.types.values())

    def _of_types(self) -> list[tuple[str, str]]:
        """What the declarations say, as formulas."""
        done: list[ast.Expr] = []
        x = ast.Name("x")
        for name, declared in self.types.items():
            things = [ast.Name(c) for c in self.constants[name]]
            if not declared.may_coincide:
                done += [ast.Comparison((a, b), ("!=",)) for a, b in combinations(things, 2)]
            if self._is_plain:
                continue
            done += [self._is(name, t) for t in things] or [self._bound("exists", x, self._is(name, x))]
            if declared.body is not None:
                options = self._any([ast.Comparison((x, t), ("==",)) for t in things])
                done.append(self._bound("forall", x, ast.Implies(self._is(name, x), options)))
        for function, (domains, result) in self.functions.items():
            if not self._is_plain:
                done.append(self._closure(function, domains, result))
        return [(self._write(formula, frozenset(), False), "") for formula in done]

    def _closure(self, function: str, domains: Sequence[str], result: str) -> ast.Expr:
        names = [ast.Name(f"x{i}") for i in range(1, len(domains) + 1)]
        value = ast.Call(ast.Name(function), tuple(names)) if names else ast.Name(function)
        formula: ast.Expr = self._is(result, value)
        for name, domain in zip(reversed(names), reversed(domains), strict=True):
            formula = self._bound("forall", name, ast.Implies(self._is(domain, name), formula))
        return formula

    def _is(self, type_name: str, thing: ast.Expr) -> ast.Expr:
        return ast.Call(ast.Name(type_name), (thing,))

    def _bound(self, kind: ast.QuantifierKind, name: ast.Name, body: ast.Expr) -> ast.Expr:
        return ast.Quantified(kind, None, (ast.Binder((name,), _EVERYTHING),), None, body)

    def _any(self, formulas: Sequence[ast.Expr]) -> ast.Expr:
        return formulas[0] if len(formulas) == 1 else ast.Or(tuple(formulas)) if formulas else ast.Truth(False)

    def _conjunction(self, formulas: Sequence[ast.Expr]) -> ast.Expr:
        return formulas[0] if len(formulas) == 1 else ast.And(tuple(formulas))

    # Statements

    def _stated(self, statement: ast.Statement) -> list[tuple[str, str]]:
        match statement:
            case ast.Require(formulas=formulas, generator=generator):
                if generator is not None:
                    body = self._conjunction(formulas)
                    formulas = (ast.Quantified("forall", None, generator.binders, generator.filter, body),)
                return [self._line(formula, statement.head) for formula in formulas]
            case ast.Fact(literals):
                signed = [ast.Not(x.atom) if x.is_negative else x.atom for x in literals]
                return [self._line(formula, statement.head) for formula in signed]
            case _:
                return []

    def _line(self, formula: ast.Expr, head: ast.Head) -> tuple[str, str]:
        return self._write(formula, frozenset(), False), " ".join(c.text for c in head.citations)

    # Formulas

    def _write(self, expr: ast.Expr, bound: frozenset[str], wrapped: bool = True) -> str:
        """A formula; with `wrapped` in brackets unless it is an atom or a negation."""
        text = self._connected(expr, bound)
        atomic = isinstance(expr, ast.Name | ast.Call | ast.Not | ast.Truth)
        return f"({text})" if wrapped and not atomic else text

    def _connected(self, expr: ast.Expr, bound: frozenset[str]) -> str:
        signs = self.signs

        def write(part: ast.Expr) -> str:
            return self._write(part, bound)

        match expr:
            case ast.Name() | ast.Call():
                return self._term(expr, bound)
            case ast.Truth(value):
                raise WriteError(f"`{'true' if value else 'false'}` stands for no formula")
            case ast.Not(operand):
                return signs.no + write(operand)
            case ast.And(args):
                return signs.both.join(map(write, args))
            case ast.Or(args):
                return signs.either.join(map(write, args))
            case ast.Implies(left, right):
                return write(left) + signs.implies + write(right)
            case ast.Iff(left, right):
                return write(left) + signs.iff + write(right)
            case ast.Xor(left, right):
                if signs.xor is None:
                    return signs.no + f"({write(left)}{signs.iff}{write(right)})"
                return write(left) + signs.xor + write(right)
            case ast.Quantified():
                return self._quantified(expr, bound)
            case ast.Comparison(terms, operators):
                return self._compared(terms, operators, bound)
            case ast.Member(element, ast.SetTerm(args, None) | ast.ListTerm(args, None), is_negated):
                same = self._any([ast.Comparison((element, a), ("==",)) for a in args])
                return write(ast.Not(same) if is_negated else same)
            case ast.Distinct(args, None):
                pairs = [ast.Comparison((a, b), ("!=",)) for a, b in combinations(args, 2)]
                return signs.both.join(map(write, pairs)) if pairs else self._refuse("`distinct` of one thing")
            case _:
                return self._refuse(f"an expression ({type(expr).__name__})")

    def _refuse(self, what: str) -> str:
        raise WriteError(f"{what} is not first-order as it stands")

    def _quantified(self, expr: ast.Quantified, bound: frozenset[str]) -> str:
        if expr.kind not in ("forall", "exists"):
            return self._refuse(f"`{expr.kind}`")
        inner = bound | {name.text for binder in expr.binders for name in binder.names}
        sign = self.signs.forall if expr.kind == "forall" else self.signs.exists
        guards = [g for b in expr.binders for g in self._guards(b)] + ([expr.filter] if expr.filter is not None else [])
        body = expr.body
        if guards:
            every = self._conjunction(guards)
            body = ast.Implies(every, body) if expr.kind == "forall" else ast.And((*guards, body))
        prefix = "".join(sign.format(self._name(n.text, True)) for b in expr.binders for n in b.names)
        return prefix + self._write(body, inner)

    def _guards(self, binder: ast.Binder) -> list[ast.Expr]:
        domain = binder.domain
        if domain is _EVERYTHING:
            return []
        if self._is_plain and not binder.is_tuple and (domain is None or isinstance(domain, ast.Name)):
            return []
        if binder.is_tuple or not isinstance(domain, ast.Name) or domain.text not in self.types:
            raise WriteError("a quantifier goes over something other than a named type")
        return [self._is(domain.text, name) for name in binder.names]

    def _compared(self, terms: Sequence[ast.Expr], operators: Sequence[str], bound: frozenset[str]) -> str:
        if any(operator not in ("==", "!=") for operator in operators):
            return self._refuse("a comparison of numbers")
        signs = {"==": self.signs.equal, "!=": self.signs.unequal}
        pairs = zip(terms, operators, terms[1:], strict=False)
        told = [self._term(a, bound) + signs[o] + self._term(b, bound) for a, o, b in pairs]
        return told[0] if len(told) == 1 else self.signs.both.join(f"({t})" for t in told)

    def _term(self, expr: ast.Expr, bound: frozenset[str]) -> str:
        match expr:
            case ast.Name(text):
                return self._name(text, text in bound)
            case ast.Call(function, args, None):
                known = function.text in self.truths or function.text in self.functions or function.text in self.types
                if not known:
                    return self._refuse(f"`{function.text}`")
                return f"{self._name(function.text, False)}({', '.join(self._term(a, bound) for a in args)})"
            case _:
                return self._refuse(f"a term ({type(expr).__name__})")

    def _name(self, name: str, is_bound: bool) -> str:
        """The name as letters and digits, no two alike, and none that would be read as a variable or a word."""
        if is_bound:
            return name
        if name not in self.names:
            made = "".join(part[0].upper() + part[1:] for part in re.split(r"\W+", name) if part) or "N"
            made = name if re.fullmatch(r"[^\W\d_]\w*", name) else f"N{made}" if made[0].isdigit() else made
            while made in self.names.values() or VARIABLE.fullmatch(made) or made.casefold() in _WORDS:
                made += "_"
            self.names[name] = made
        return self.names[name]


_WORDS = frozenset({"not", "and", "or", "xor", "implies", "iff", "true", "false", "all", "exists", "forall", "some"})


def _head(atom: ast.Name | ast.Call) -> str:
    return atom.text if isinstance(atom, ast.Name) else atom.function.text


def _keyword(statement: ast.Statement) -> str:
    from nsr.language.printer import print_statement

    return print_statement(statement).split()[0]
