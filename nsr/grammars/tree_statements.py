"""Makes statement nodes from the parts of grammar rules; the counterpart of `tree_expressions` for statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from nsr.diagnostics import Span
from nsr.grammars.lexer import Token
from nsr.grammars.tree_expressions import Action, Report, as_truth, citation_text
from nsr.language import ast
from nsr.language.ast import Expr

__all__ = ["actions"]

_ACTIONS: dict[str, Action] = {}


def actions() -> dict[str, Action]:
    """All functions of this module by the name of their rule or alias."""
    return _ACTIONS


def _action(*names: str) -> Callable[[Action], Action]:
    def register(function: Action) -> Action:
        for name in names:
            _ACTIONS[name] = function
        return function

    return register


def _constant(value: object) -> Action:
    return lambda parts, span, report: value


# Heads


@_action("head", "cited")
def _head(parts: list[Any], span: Span, report: Report) -> ast.Head:
    label = next((part for part in parts if isinstance(part, ast.Name)), None)
    citations = next((part for part in parts if isinstance(part, tuple)), ())
    return ast.Head(label, citations, span=span)


def _open(parts: list[Any]) -> tuple[ast.Head, list[Any]]:
    if parts and isinstance(parts[0], ast.Head):
        return parts[0], parts[1:]
    return ast.Head(), parts


# Inclusion, questions, gaps


@_action("include")
def _include(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    return ast.Include(parts[0], span=span)


@_action("question")
def _question(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    return ast.Question(head=_head(parts, span, report), span=span)


@_action("missing")
def _missing(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    cites, condition = parts
    head = ast.Head(None, cites, span=span)
    return ast.Missing(None if condition is None else as_truth(condition), head=head, span=span)


# Declarations


@_action("type_decl")
def _type(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, (name, body) = _open(parts)
    if isinstance(body, Token):
        body = citation_text(body.text)
    if body is _MAY_COINCIDE:
        return ast.TypeDecl(name, None, may_coincide=True, head=head, span=span)
    return ast.TypeDecl(name, body, head=head, span=span)


_MAY_COINCIDE, _SYMMETRIC, _TWO_SIDED, _DISTINCT, _OPTIONAL, _EXCEPT = (object() for _ in range(6))
_ACTIONS.update(
    {
        "may_coincide": _constant(_MAY_COINCIDE),
        "symmetric": _constant(_SYMMETRIC),
        "two_sided": _constant(_TWO_SIDED),
        "distinct_mark": _constant(_DISTINCT),
        "optional_mark": _constant(_OPTIONAL),
        "except": _constant(_EXCEPT),
    }
)


@_action("enum")
def _enumeration(parts: list[Any], span: Span, report: Report) -> ast.Enumeration:
    return ast.Enumeration(_elements(parts, report), span=span)


@_action("order")
def _order(parts: list[Any], span: Span, report: Report) -> ast.Enumeration:
    return ast.Enumeration(_elements(parts, report), is_ordered=True, span=span)


def _elements(parts: list[Any], report: Report) -> tuple[ast.Name | ast.Number, ...]:
    from nsr.grammars.tree_expressions import actions as expression_actions

    number = expression_actions()["number"]
    return tuple(number([p], Span(p.start, p.end), report) if isinstance(p, Token) else p for p in parts)


@_action("const_decl")
def _const(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, groups = _open(parts)
    return ast.ConstDecl(tuple(groups), head=head, span=span)


@_action("constants")
def _constants(parts: list[Any], span: Span, report: Report) -> ast.ConstGroup:
    *names, sort = parts
    return ast.ConstGroup(tuple(names), sort, span=span)


@_action("param_decl")
def _param(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, (*signatures, value, data) = _open(parts)
    return ast.ParamDecl(tuple(signatures), value, data, head=head, span=span)


@_action("data")
def _data(parts: list[Any], span: Span, report: Report) -> ast.Data:
    *table, symmetric, default = parts
    is_symmetric = symmetric is not None
    if len(table) == 1:
        return ast.Data(table[0], is_symmetric=is_symmetric, default=default, span=span)
    file, column = (None if token is None else citation_text(token.text) for token in table)
    return ast.Data(file=file, column=column, is_symmetric=is_symmetric, default=default, span=span)


@_action("var_decl")
def _var(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, groups = _open(parts)
    return ast.VarDecl(tuple(groups), head=head, span=span)


@_action("unknowns")
def _unknowns(parts: list[Any], span: Span, report: Report) -> ast.VarGroup:
    signatures = tuple(part for part in parts if isinstance(part, ast.Signature))
    value = next(part for part in parts if isinstance(part, ast.ValueType))
    return ast.VarGroup(signatures, value, _DISTINCT in parts, _OPTIONAL in parts, span=span)


@_action("pred_decl")
def _pred(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, signatures = _open(parts)
    return ast.PredDecl(tuple(signatures), head=head, span=span)


@_action("rel_decl")
def _rel(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, (*signatures, data, two_sided) = _open(parts)
    return ast.RelDecl(tuple(signatures), data, two_sided is not None, head=head, span=span)


@_action("define")
def _define(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, (signature, value, body) = _open(parts)
    return ast.Define(signature, value, body, head=head, span=span)


@_action("signature")
def _signature(parts: list[Any], span: Span, report: Report) -> ast.Signature:
    name, *arguments = parts
    return ast.Signature(name, tuple(a for a in arguments if a is not None), span=span)


@_action("argument")
def _argument(parts: list[Any], span: Span, report: Report) -> ast.Argument:
    *name, sort = parts
    return ast.Argument(sort, name[0] if name else None, span=span)


def _builtin_sort(name: str) -> Action:
    return lambda parts, span, report: ast.SortName(name, is_builtin=True, span=span)


_ACTIONS.update({f"{name}_sort": _builtin_sort(name) for name in ("int", "real", "bool")})


@_action("named_sort")
def _named_sort(parts: list[Any], span: Span, report: Report) -> ast.SortName:
    return ast.SortName(parts[0].text, span=span)


@_action("range_sort")
def _range_sort(parts: list[Any], span: Span, report: Report) -> ast.RangeTerm:
    term: ast.RangeTerm = parts[0]
    return term


class _Bounds(NamedTuple):
    low: Expr | None
    high: Expr | None
    limits: tuple[ast.Limit, ...]


@_action("value_type")
def _value_type(parts: list[Any], span: Span, report: Report) -> ast.ValueType:
    sort, *rest = parts
    bounds: _Bounds = rest[0] if rest else _Bounds(None, None, ())
    return ast.ValueType(sort, False, bounds.low, bounds.high, bounds.limits, span=span)


@_action("set_type")
def _set_type(parts: list[Any], span: Span, report: Report) -> ast.ValueType:
    return ast.ValueType(parts[0], is_set=True, span=span)


@_action("bounds")
def _bounds(parts: list[Any], span: Span, report: Report) -> _Bounds:
    if isinstance(parts[0], ast.Limit):
        return _Bounds(None, None, tuple(parts))
    low, high = parts
    return _Bounds(low, high, ())


def _limit(operator: Any) -> Action:
    return lambda parts, span, report: ast.Limit(operator, parts[0], span=span)


_ACTIONS.update(
    {name: _limit(op) for name, op in {"at_or_above": ">=", "above": ">", "at_or_below": "<=", "below": "<"}.items()}
)


# Statements that hold


def _require(keyword: Any) -> Action:
    def build(parts: list[Any], span: Span, report: Report) -> ast.Statement:
        head, (*formulas, generator) = _open(parts)
        return ast.Require(keyword, tuple(map(as_truth, formulas)), generator, head=head, span=span)

    return build


_ACTIONS.update({keyword: _require(keyword) for keyword in ("constraint", "premise", "assume")})


@_action("drop")
def _drop(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    return ast.Drop(tuple(parts), span=span)


@_action("soft")
def _soft(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    weight, label, *cites, formula, generator = parts
    head = ast.Head(label, cites[0] if cites else (), span=span)
    return ast.Soft(weight, as_truth(formula), generator, head=head, span=span)


# Rules


@_action("literal")
def _literal(parts: list[Any], span: Span, report: Report) -> ast.Literal_:
    return ast.Literal_(parts[0], span=span)


@_action("negative")
def _negative(parts: list[Any], span: Span, report: Report) -> ast.Literal_:
    return ast.Literal_(parts[0], is_negative=True, span=span)


@_action("fact")
def _fact(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, literals = _open(parts)
    return ast.Fact(tuple(literals), head=head, span=span)


class _IfThen(NamedTuple):
    body: tuple[Expr, ...]
    conclusion: ast.Literal_
    unless: tuple[Expr, ...] | None


@_action("if_then")
def _if_then(parts: list[Any], span: Span, report: Report) -> _IfThen:
    return _IfThen(*parts)


@_action("body")
def _body(parts: list[Any], span: Span, report: Report) -> tuple[Expr, ...]:
    return tuple(map(as_truth, parts))


def _rule(keyword: Any) -> Action:
    def build(parts: list[Any], span: Span, report: Report) -> ast.Statement:
        head, rest = _open(parts)
        if isinstance(rest[0], _IfThen):
            body, conclusion, unless = rest[0]
        else:
            conclusion, body, unless = rest
        return ast.Rule(keyword, conclusion, body or (), unless or (), head=head, span=span)

    return build


_ACTIONS.update({keyword: _rule(keyword) for keyword in ("rule", "default")})


@_action("labels")
def _labels(parts: list[Any], span: Span, report: Report) -> tuple[ast.Name, ...]:
    return tuple(parts)


@_action("prefer")
def _prefer(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, (better, worse) = _open(parts)
    return ast.Prefer(better, worse, head=head, span=span)


# Goals


class _Mode(NamedTuple):
    mode: Any
    number: int | None = None


_ACTIONS.update({mode: _constant(_Mode(mode)) for mode in ("one", "all", "unique", "count")})


@_action("some")
def _some(parts: list[Any], span: Span, report: Report) -> _Mode:
    from nsr.grammars.tree_expressions import actions as expression_actions

    return _Mode("some", int(expression_actions()["integer"](parts, span, report).value))


@_action("find")
def _find(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    mode, *terms = parts
    mode = mode or _Mode(None)
    return ast.Find(mode.mode, mode.number, tuple(terms), span=span)


@_action("prove")
def _prove(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, formulas = _open(parts)
    return ast.Prove(tuple(map(as_truth, formulas)), head=head, span=span)


@_action("ask")
def _ask(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, (body,) = _open(parts)
    return ast.Ask(body, head=head, span=span)


@_action("compute")
def _compute(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, values = _open(parts)
    return ast.Compute(tuple(values), head=head, span=span)


def _optimize(keyword: Any) -> Action:
    def build(parts: list[Any], span: Span, report: Report) -> ast.Statement:
        head, (objective,) = _open(parts)
        return ast.Optimize(keyword, objective, head=head, span=span)

    return build


_ACTIONS.update({keyword: _optimize(keyword) for keyword in ("minimize", "maximize")})
_ACTIONS.update({modality: _constant(modality) for modality in ("could", "must", "cannot")})


@_action("choose_modal")
def _choose_modal(parts: list[Any], span: Span, report: Report) -> dict[str, Any]:
    return {"mode": parts[0], "is_except": parts[1] is not None}


@_action("choose_equivalent")
def _choose_equivalent(parts: list[Any], span: Span, report: Report) -> dict[str, Any]:
    return {"mode": "equivalent", "labels": tuple(parts)}


@_action("choose_determines")
def _choose_determines(parts: list[Any], span: Span, report: Report) -> dict[str, Any]:
    return {"mode": "determines", "terms": tuple(p for p in parts if p is not None)}


@_action("choose_forces")
def _choose_forces(parts: list[Any], span: Span, report: Report) -> dict[str, Any]:
    return {"mode": "forces", "formula": as_truth(parts[0])}


@_action("choose")
def _choose(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    head, (fields,) = _open(parts)
    return ast.Choose(**fields, head=head, span=span)


@_action("option")
def _option(parts: list[Any], span: Span, report: Report) -> ast.Statement:
    label, *cites, value = parts
    if isinstance(label, Token):
        label = ast.Name(label.text, span=Span(label.start, label.end))
    head = ast.Head(None, cites[0] if cites else (), span=span)
    return ast.Option(label, value, head=head, span=span)
