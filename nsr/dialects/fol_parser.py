"""Parses the mended tokens of a first-order formula into our syntax tree; names are as written, nothing is resolved."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from nsr.diagnostics import Span
from nsr.dialects.fol_mending import Reach, mend
from nsr.dialects.fol_tokens import Token, tokenize
from nsr.dialects.repairs import Findings
from nsr.language import ast

if TYPE_CHECKING:
    from lark import Lark

__all__ = ["THING", "children", "parse_formula"]

THING = "Thing"
"""The one open type of a first-order program; `fol_names` gives it another name where this one is taken."""

_MAX_DEPTH = 95


def parse_formula(text: str, span: Span, reach: Reach, findings: Findings) -> ast.Expr | None:
    """The formula that stands at `span` of `text`; None, with an error, if it is none."""
    tokens = tokenize(text, span.start, span.end, findings)
    mended = None if tokens is None else mend(tokens, text, reach, findings)
    if mended is None:
        return None
    if not mended:
        findings.error("fol-empty", "there is no formula here", span, help="write a formula, or take the line out")
        return None
    expr = _parse(mended, findings)
    if expr is not None and _is_too_deep(expr):
        findings.error("fol-too-deep", f"the formula is more than {_MAX_DEPTH} levels deep", span, help="break it up")
        return None
    return expr


@cache
def _parser() -> Lark:
    from lark import Lark
    from lark.lexer import Lexer

    class _None(Lexer):
        """Tokens are fed one by one; there is nothing to cut."""

        def __init__(self, _: Any) -> None: ...

        def lex(self, *_: Any) -> Any:
            return iter(())

    grammar = files("nsr.dialects").joinpath("fol.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_None, transformer=_trees(), maybe_placeholders=False)


def _parse(tokens: list[Token], findings: Findings) -> ast.Expr | None:
    from lark import Token as LarkToken
    from lark import UnexpectedInput

    run: Any = _parser().parse_interactive("")
    for token in tokens:
        try:
            run.feed_token(LarkToken(token.kind, token))
        except UnexpectedInput:
            _tell(token, run.accepts(), findings)
            return None
    try:
        return cast("ast.Expr", run.feed_eof())
    except UnexpectedInput:
        end = tokens[-1].span.end
        _tell(Token("DOT", "the end", Span(end, end)), run.accepts(), findings)
        return None


_TOLD = {
    "NAME": "a name",
    "QUANTIFIER": "a quantifier",
    "NOT": "`¬`",
    "AND": "`∧`",
    "OR": "`∨`",
    "XOR": "`⊕`",
    "IMPLIES": "`→`",
    "IFF": "`↔`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COMMA": "`,`",
}


def _tell(found: Token, expected: set[str], findings: Findings) -> None:
    choices = tuple(told for kind, told in _TOLD.items() if kind in expected)
    what = found.text if found.span.start != found.span.end else "the end of the formula"
    findings.error(
        "fol-syntax",
        f"found {what if what.startswith('the end') else f'`{what}`'}, expected {', '.join(choices)}",
        found.span,
        found="does not fit here",
        help=f"write {choices[0]} here" if choices else "",
    )


def _is_too_deep(expr: ast.Expr) -> bool:
    level: list[Any] = [expr]
    for _ in range(_MAX_DEPTH):
        level = [child for node in level for child in children(node)]
        if not level:
            return False
    return True


def children(node: ast.Expr) -> tuple[ast.Expr, ...]:
    """The parts of a node of a first-order formula; names, numbers and truth values have none."""
    match node:
        case ast.Call(_, args) | ast.And(args) | ast.Or(args):
            return args
        case ast.Not(operand):
            return (operand,)
        case ast.Xor(left, right) | ast.Implies(left, right) | ast.Iff(left, right):
            return (left, right)
        case ast.Quantified(body=body):
            return (body,)
        case ast.Comparison(terms):
            return terms
        case _:
            return ()


def _trees() -> Any:
    """The Lark transformer that makes our nodes; called bottom-up while parsing, so depth is no matter."""
    from lark import Transformer, v_args

    def over(first: ast.Expr, last: ast.Expr) -> Span:
        return Span(first.span.start, last.span.end)

    @v_args(inline=True)
    class Trees(Transformer[Any, Any]):
        def start(self, expr: Any) -> Any:
            return expr

        def biconditional(self, left: Any, _: Any, right: Any) -> Any:
            return ast.Iff(left, right, span=over(left, right))

        def conditional(self, left: Any, _: Any, right: Any) -> Any:
            return ast.Implies(left, right, span=over(left, right))

        def exclusive(self, left: Any, _: Any, right: Any) -> Any:
            return ast.Xor(left, right, span=over(left, right))

        def disjunction(self, left: Any, _: Any, right: Any) -> Any:
            args = (*(left.args if isinstance(left, ast.Or) else (left,)), right)
            return ast.Or(args, span=over(left, right))

        def conjunction(self, left: Any, _: Any, right: Any) -> Any:
            args = (*(left.args if isinstance(left, ast.And) else (left,)), right)
            return ast.And(args, span=over(left, right))

        def negation(self, sign: Any, operand: Any) -> Any:
            return ast.Not(operand, span=Span(sign.value.span.start, operand.span.end))

        def quantified(self, sign: Any, body: Any) -> Any:
            token: Token = sign.value
            names = tuple(ast.Name(name, span=span) for name, span in token.variables)
            count = ast.Number(Fraction(1)) if token.text == "exactly" else None
            binder = ast.Binder(names, ast.Name(THING))
            kind = cast("ast.QuantifierKind", token.text)
            return ast.Quantified(kind, count, (binder,), None, body, span=Span(token.span.start, body.span.end))

        def bracketed(self, opening: Any, expr: Any, closing: Any) -> Any:
            return replace(expr, span=Span(opening.value.span.start, closing.value.span.end))

        def truth(self, sign: Any) -> Any:
            return ast.Truth(sign.value.text == "true", span=sign.value.span)

        def comparison(self, left: Any, sign: Any, right: Any) -> Any:
            return ast.Comparison((left, right), (sign.value.text,), span=over(left, right))

        def name(self, word: Any) -> Any:
            return ast.Name(word.value.text, span=word.value.span)

        def number(self, word: Any) -> Any:
            text: str = word.value.text
            return ast.Number(Fraction(text), "." in text, span=word.value.span)

        def call(self, word: Any, *rest: Any) -> Any:
            name = ast.Name(word.value.text, span=word.value.span)
            span = Span(name.span.start, rest[-1].value.span.end)
            return ast.Call(name, tuple(cast("ast.Expr", arg) for arg in rest if isinstance(arg, ast.Node)), span=span)

    return Trees()
