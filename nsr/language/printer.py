"""Writes a syntax tree in its one canonical form: a statement a line, as few parentheses as the grammar needs.

Reading the text again gives the same tree. Two kinds of parentheses are more than the grammar asks for: around a
mixture of `or` and `xor`, which bind equally and are easily misread. Trees that the parser cannot make (a call
without arguments, `and` directly below `and`) are written sensibly, but read back as their normal form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from nsr.language import ast
from nsr.language.ast import Expr

__all__ = ["KEYWORDS", "escaped", "print_expr", "print_name", "print_program", "print_statement"]

# A test compares these with the grammar; the grammar is read by a package above this one.
KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """
        all and ask assume at_least at_most bool cannot choose compute const constraint could count default define
        determines distinct drop else equivalent exactly except exists fact false find for forall forces from if iff
        implies in include int may_coincide maximize minimize missing must none not of one optional option or over
        param pred prefer premise prove question real rel rule set soft symmetric then to true two_sided type unique
        unless var where xor
        """,
    )
)
"""All words of the language; a name that is one of them is written in backquotes."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DIGITS = re.compile(r"[0-9]+(_[0-9]+)*")

# How tightly an expression holds together, loosest first.
_EXPR, _IFF, _IMPLIES, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _UNARY, _POWER, _ATOM = range(12)


def print_program(program: ast.ParsedProgram) -> str:
    """The whole program, one statement a line, closed by a line end; comments are gone."""
    return "".join(print_statement(statement) + "\n" for statement in program.statements)


def print_name(text: str) -> str:
    """A name as it is written: in backquotes unless it is a plain word and no keyword.

    Raises:
        ValueError: if the name cannot be written at all (it is empty, or holds a backquote or a line end).
    """
    if _NAME.fullmatch(text) and text not in KEYWORDS:
        return text
    if not text or any(c in text for c in "`\r\n"):
        raise ValueError(f"no name of the language: {text!r}")
    return f"`{text}`"


def print_expr(expr: Expr) -> str:
    """An expression in canonical form."""
    return _write(expr, _EXPR, False)


def _write(expr: Expr, level: int, is_followed: bool) -> str:
    """`expr` where the grammar wants something that holds at least as tightly as `level`.

    With `is_followed` another operand stands to its right, which a quantifier or conditional at its end would
    swallow: that one gets parentheses.
    """
    if level > _COMPARISON:
        is_followed = True
    own = _level(expr)
    if own < level or (own == _NOT and is_followed and isinstance(expr, ast.Quantified | ast.Conditional)):
        return f"({_plain(expr, False)})"
    return _plain(expr, is_followed)


def _level(expr: Expr) -> int:
    match expr:
        case ast.Iff():
            return _IFF
        case ast.Implies():
            return _IMPLIES
        case ast.Or() | ast.Xor():
            return _OR
        case ast.And():
            return _AND
        case ast.SetOperation(operator):
            return _AND if operator == "&" else _OR
        case ast.Not() | ast.Quantified() | ast.Conditional():
            return _NOT
        case ast.Comparison() | ast.Member() | ast.Distinct() | ast.SomeOf():
            return _COMPARISON
        case ast.Arithmetic(operator):
            return _POWER if operator == "**" else _PRODUCT
        case ast.Additive():
            return _SUM
        case ast.Negate():
            return _UNARY
        case ast.Number(value):
            return _ATOM if value >= 0 else _UNARY
        case _:
            return _ATOM


def _plain(expr: Expr, is_followed: bool) -> str:
    """`expr` without parentheses of its own."""
    match expr:
        case ast.Name(text):
            return print_name(text)
        case ast.Number(value, is_decimal):
            return _number(value, is_decimal)
        case ast.Truth(value):
            return "true" if value else "false"
        case ast.NoneValue():
            return "none"
        case ast.Iff(left, right):
            return f"{_write(left, _IFF, True)} iff {_write(right, _IMPLIES, is_followed)}"
        case ast.Implies(left, right):
            return f"{_write(left, _OR, True)} implies {_write(right, _IMPLIES, is_followed)}"
        case ast.Or(args):
            return _run(" or ", args, _AND, is_followed)
        case ast.And(args):
            return _run(" and ", args, _NOT, is_followed)
        case ast.Xor(left, right):
            # A run of `xor` goes from left to right.
            first = _write(left, _OR if isinstance(left, ast.Xor) else _AND, True)
            return f"{first} xor {_write(right, _AND, is_followed)}"
        case ast.SetOperation(operator, left, right):
            own = _AND if operator == "&" else _OR
            return f"{_write(left, own, True)} {operator} {_write(right, own + 1, is_followed)}"
        case ast.Not(operand):
            return f"not {_write(operand, _NOT, is_followed)}"
        case ast.Quantified(kind, count, binders, condition, body):
            head = _quantifier(kind, count)
            return f"{head} {_binders(binders)}{_filter(condition)}: {print_expr(body)}"
        case ast.Conditional(condition, then, otherwise):
            return f"if {print_expr(condition)} then {print_expr(then)} else {print_expr(otherwise)}"
        case ast.Comparison(terms, compares):
            return _interleaved([_write(term, _SUM, True) for term in terms], compares)
        case ast.Additive(terms, signs):
            levels = [_SUM] + [_PRODUCT] * len(signs)
            return _interleaved([_write(t, own, True) for t, own in zip(terms, levels, strict=True)], signs)
        case ast.Member(element, domain, is_negated):
            return f"{_write(element, _SUM, True)} {'not in' if is_negated else 'in'} {_domain(domain)}"
        case ast.Distinct(args, generator):
            return f"distinct({_arguments(args, generator)})"
        case ast.SomeOf(kind, count, args):
            return f"{_quantifier(kind, count)} of ({_arguments(args, None)})"
        case ast.Arithmetic("**", left, right):
            return f"{_write(left, _ATOM, True)} ** {_write(right, _UNARY, True)}"
        case ast.Arithmetic(sign, left, right):
            return f"{_write(left, _PRODUCT, True)} {sign} {_write(right, _UNARY, True)}"
        case ast.Negate(operand):
            return f"-{_write(operand, _UNARY, True)}"
        case ast.Call(function, args, generator):
            return f"{_function(function)}({_arguments(args, generator)})"
        case ast.TupleTerm(args):
            return f"({_arguments(args, None)})"
        case ast.SetTerm(args, generator):
            return f"{{{_arguments(args, generator)}}}"
        case ast.ListTerm(args, generator):
            return f"[{_arguments(args, generator)}]"
        case ast.TableTerm(entries):
            return "{" + ", ".join(f"{print_expr(key)}: {print_expr(value)}" for key, value in entries) + "}"
        case ast.RangeTerm(low, high):
            return f"{_low(low)}..{_write(high, _SUM, True)}"
        case _:
            assert_never(expr)


def _interleaved(terms: list[str], operators: Sequence[str]) -> str:
    return " ".join([terms[0], *(f"{o} {t}" for o, t in zip(operators, terms[1:], strict=True))])


def _run(word: str, args: tuple[Expr, ...], level: int, is_followed: bool) -> str:
    last = len(args) - 1
    return word.join(_write(arg, level, is_followed or i < last) for i, arg in enumerate(args))


def _arguments(args: tuple[Expr, ...], generator: ast.Generator | None) -> str:
    text = ", ".join(map(print_expr, args))
    return text if generator is None else f"{text} {_generator(generator)}"


def _function(name: ast.Name) -> str:
    """`count` and `all` are keywords elsewhere and plain functions here."""
    return name.text if name.text in ("count", "all") else print_name(name.text)


def _number(value: Fraction, is_decimal: bool) -> str:
    if value.denominator == 1:
        return f"{value.numerator}.0" if is_decimal else str(value.numerator)
    places = 0
    denominator = value.denominator
    while denominator % 10 == 0:
        denominator //= 10
        places += 1
    for factor in (2, 5):
        while denominator % factor == 0:
            denominator //= factor
            places += 1
    if denominator != 1:
        # No literal says this; as an expression it is exact all the same.
        return f"({value.numerator} / {value.denominator})"
    sign, digits = "-" if value < 0 else "", str(abs(value.numerator) * 10**places // value.denominator)
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}".rstrip("0")


def _quantifier(kind: ast.QuantifierKind, count: Expr | None) -> str:
    return kind if count is None else f"{kind} {print_expr(count)}"


def _binders(binders: tuple[ast.Binder, ...]) -> str:
    return ", ".join(map(_binder, binders))


def _binder(binder: ast.Binder) -> str:
    names = ", ".join(print_name(name.text) for name in binder.names)
    if binder.is_tuple:
        names = f"({names})"
    return names if binder.domain is None else f"{names} in {_domain(binder.domain)}"


def _domain(domain: Expr) -> str:
    match domain:
        case ast.Name() | ast.Call() | ast.SetTerm() | ast.ListTerm() | ast.TupleTerm() | ast.RangeTerm():
            return _plain(domain, True)
        case _:
            return f"({print_expr(domain)})"


def _low(low: Expr) -> str:
    """The lower end of a range: only names, integers, calls, `+` and `-` may stand there."""
    if isinstance(low, ast.Additive):
        return _interleaved([_write(term, _UNARY, True) for term in low.terms], low.operators)
    return _write(low, _UNARY, True)


def _filter(condition: Expr | None) -> str:
    return "" if condition is None else f" if {print_expr(condition)}"


def _generator(generator: ast.Generator) -> str:
    return f"for {_binders(generator.binders)}{_filter(generator.filter)}"


# Statements


def print_statement(statement: ast.Statement) -> str:
    """A statement in canonical form, on one line."""
    match statement:
        case ast.Include(name):
            return f"include {print_name(name.text)}"
        case ast.Question():
            return f"question {_head_text(statement.head)}"
        case ast.Missing(condition):
            note = f"missing {_head_text(statement.head)}"
            return note if condition is None else f"{note}: {print_expr(condition)}"
        case ast.TypeDecl(name, body, may_coincide):
            text = _open("type", statement) + print_name(name.text)
            return text + _type_body(body) + (" may_coincide" if may_coincide else "")
        case ast.ConstDecl(groups):
            return _open("const", statement) + ", ".join(
                f"{_names(group.names)}: {print_name(group.sort.text)}" for group in groups
            )
        case ast.ParamDecl(signatures, value, data):
            return f"{_open('param', statement)}{_signatures(signatures)}: {_value_type(value)}{_data(data)}"
        case ast.VarDecl(groups):
            return _open("var", statement) + ", ".join(map(_unknowns, groups))
        case ast.PredDecl(signatures):
            return _open("pred", statement) + _signatures(signatures)
        case ast.RelDecl(signatures, data, is_two_sided):
            mark = " two_sided" if is_two_sided else ""
            return f"{_open('rel', statement)}{_signatures(signatures)}{_data(data)}{mark}"
        case ast.Define(signature, value, body):
            kind = "" if value is None else f": {_value_type(value)}"
            return f"{_open('define', statement)}{_signature(signature)}{kind} = {print_expr(body)}"
        case ast.Require(keyword, formulas, generator):
            tail = "" if generator is None else f" {_generator(generator)}"
            return f"{_open(keyword, statement, colon=True)}{_expressions(formulas)}{tail}"
        case ast.Soft(weight, formula, generator):
            word = "soft" if weight is None else f"soft [{_write(weight, _SUM, True)}]"
            tail = "" if generator is None else f" {_generator(generator)}"
            return f"{_open(word, statement, colon=True)}{print_expr(formula)}{tail}"
        case ast.Drop(labels):
            return f"drop {_names(labels)}"
        case ast.Fact(literals):
            return _open("fact", statement) + ", ".join(map(_literal, literals))
        case ast.Rule(keyword, conclusion, body, unless):
            text = _open(keyword, statement) + _literal(conclusion)
            text += f" if {_expressions(body)}" if body else ""
            return text + (f" unless {_expressions(unless)}" if unless else "")
        case ast.Prefer(better, worse):
            return f"{_open('prefer', statement)}{_names(better)} over {_names(worse)}"
        case ast.Find(mode, count, terms):
            words = ["find", str(count) if mode == "some" else mode, ", ".join(map(_asked, terms))]
            return " ".join(word for word in words if word)
        case ast.Prove(formulas):
            return _open("prove", statement) + _expressions(formulas)
        case ast.Ask(body):
            return _open("ask", statement) + _expressions(body)
        case ast.Compute(values):
            return _open("compute", statement) + _expressions(values)
        case ast.Optimize(keyword, objective):
            return _open(keyword, statement) + print_expr(objective)
        case ast.Choose():
            return _open("choose", statement) + _choice(statement)
        case ast.Option(label, value):
            mark = label.text if _DIGITS.fullmatch(label.text) else print_name(label.text)
            cites = _head_text(statement.head)
            return f"option {mark}{' ' if cites else ''}{cites}: {print_expr(value)}"
        case _:
            raise TypeError(f"no statement: {statement!r}")


def _head_text(head: ast.Head) -> str:
    words = [] if head.label is None else [print_name(head.label.text)]
    return " ".join([*words, *(_quoted(citation.text) for citation in head.citations)])


def _quoted(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ValueError(f"a quotation stands on one line: {text!r}")
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """A text as it stands between quotation marks."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _open(keyword: str, statement: ast.Statement, colon: bool = False) -> str:
    """Keyword and head with what separates them from the content; `colon` keeps it when there is no head."""
    head = _head_text(statement.head)
    if head:
        return f"{keyword} {head}: "
    return f"{keyword}: " if colon else f"{keyword} "


def _names(names: tuple[ast.Name, ...]) -> str:
    return ", ".join(print_name(name.text) for name in names)


def _expressions(exprs: tuple[Expr, ...]) -> str:
    return ", ".join(map(print_expr, exprs))


def _type_body(body: ast.Enumeration | ast.RangeTerm | str | None) -> str:
    match body:
        case None:
            return ""
        case str():
            return f" from {_quoted(body)}"
        case ast.RangeTerm():
            return f" = {_plain(body, True)}"
        case ast.Enumeration(elements, is_ordered):
            text = ", ".join(map(print_expr, elements))
            return f" = [{text}]" if is_ordered else f" = {{{text}}}"
        case _:
            assert_never(body)


def _sort(sort: ast.SortName | ast.RangeTerm) -> str:
    if isinstance(sort, ast.RangeTerm):
        return _plain(sort, True)
    return sort.name if sort.is_builtin else print_name(sort.name)


def _value_type(value: ast.ValueType) -> str:
    text = f"set of {_sort(value.sort)}" if value.is_set else _sort(value.sort)
    if value.low is not None:
        high = "" if value.high is None else _write(value.high, _SUM, True)
        text += f" in {_low(value.low)}..{high}"
    return text + "".join(f" {limit.operator} {_write(limit.value, _SUM, True)}" for limit in value.limits)


def _signature(signature: ast.Signature) -> str:
    if not signature.arguments:
        return print_name(signature.name.text)
    return f"{print_name(signature.name.text)}({', '.join(map(_argument, signature.arguments))})"


def _signatures(signatures: tuple[ast.Signature, ...]) -> str:
    return ", ".join(map(_signature, signatures))


def _argument(argument: ast.Argument) -> str:
    name = "" if argument.name is None else f"{print_name(argument.name.text)}: "
    return name + _sort(argument.sort)


def _data(data: ast.Data | None) -> str:
    if data is None:
        return ""
    if data.value is not None:
        text = f" = {print_expr(data.value)}"
    else:
        column = "" if data.column is None else f" {_quoted(data.column)}"
        text = f" from {_quoted(data.file or '')}{column}"
    text += " symmetric" if data.is_symmetric else ""
    return text + ("" if data.default is None else f" else {_write(data.default, _SUM, True)}")


def _unknowns(group: ast.VarGroup) -> str:
    marks = (" distinct" if group.is_distinct else "") + (" optional" if group.is_optional else "")
    return f"{_signatures(group.signatures)}: {_value_type(group.value)}{marks}"


def _asked(term: ast.Name | ast.Call) -> str:
    """A term of `find`, where `count` and `all` would be read as the mode."""
    if isinstance(term, ast.Name):
        return print_name(term.text)
    return f"{print_name(term.function.text)}({_arguments(term.args, term.generator)})"


def _literal(literal: ast.Literal_) -> str:
    return ("not " if literal.is_negative else "") + print_expr(literal.atom)


def _choice(choose: ast.Choose) -> str:
    match choose.mode:
        case "equivalent":
            return f"equivalent to {_names(choose.labels)}"
        case "determines":
            return f"determines {_expressions(choose.terms)}".rstrip()
        case "forces":
            assert choose.formula is not None
            return f"forces {print_expr(choose.formula)}"
        case mode:
            return f"{mode} except" if choose.is_except else mode
