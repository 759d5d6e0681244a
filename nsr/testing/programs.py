"""Hypothesis strategies for syntax trees of the whole language.

They make exactly the trees that the parser makes: runs of `and` flat, a sign inside its number, `&` and `|` as
`SetOperation` only where they may join sets. Nothing is promised about names or sorts; programs that also pass the
checker are the business of other generators.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from hypothesis import strategies as st

from nsr.language import ast
from nsr.language.ast import Expr

__all__ = ["expressions", "names", "programs", "statements", "truths"]

_PLAIN = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True) | st.sampled_from(["X", "Y2", "T", "Day", "_", "count"])
_QUOTED = st.text(st.characters(codec="utf-8", exclude_characters="`\r\n"), min_size=1, max_size=8) | st.sampled_from(
    ["3rd floor", "van Dyk", "Zoë", "if", "find", "true", 'a "b"', "#1"]
)
_CITED = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20) | st.sampled_from(
    ['He said "no".', "a \\ b", "\\", "# not a comment", "Ann is before Bo.", "`"]
)

_TRUTHS = (
    ast.Comparison,
    ast.Member,
    ast.Not,
    ast.And,
    ast.Or,
    ast.Xor,
    ast.Implies,
    ast.Iff,
    ast.Quantified,
    ast.SomeOf,
    ast.Distinct,
    ast.Truth,
)


def names() -> st.SearchStrategy[ast.Name]:
    """Names, a few of which need backquotes."""
    return st.builds(ast.Name, _PLAIN | _PLAIN | _PLAIN | _QUOTED)


def _numbers() -> st.SearchStrategy[ast.Number]:
    whole = st.integers(0, 20) | st.integers(0, 10**30)
    return st.one_of(
        whole.map(lambda n: ast.Number(Fraction(n))),
        st.integers(-20, -1).map(lambda n: ast.Number(Fraction(n))),
        st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 8)).map(
            lambda p: ast.Number(Fraction(p[0], 10 ** p[1]), is_decimal=True)
        ),
    )


def _atoms() -> st.SearchStrategy[Expr]:
    return st.one_of(names(), names(), names(), _numbers(), st.booleans().map(ast.Truth), st.just(ast.NoneValue()))


def _negated(operand: Expr) -> Expr:
    if isinstance(operand, ast.Number) and operand.value >= 0:
        return ast.Number(-operand.value, operand.is_decimal)
    return ast.Negate(operand)


def _joined(node: type[ast.And | ast.Or], operands: list[Expr]) -> Expr:
    flat: list[Expr] = []
    for operand in map(_truth, operands):
        flat += operand.args if isinstance(operand, node) else (operand,)
    return node(tuple(flat))


def _truth(expr: Expr) -> Expr:
    if isinstance(expr, ast.SetOperation):
        return _joined(ast.And if expr.operator == "&" else ast.Or, [expr.left, expr.right])
    return expr


_SIGNS: st.SearchStrategy[Literal["+", "-"]] = st.sampled_from(["+", "-"])
_LOW = st.integers(-5, 20).map(lambda n: ast.Number(Fraction(n)))


@st.composite
def _low_ends(draw: st.DrawFn, depth: int) -> Expr:
    """The lower end of a range: names, integers, calls, with `+` and `-`."""
    end: Expr = draw(_LOW | names())
    if depth <= 0 or draw(st.booleans()):
        return end
    rest = draw(st.lists(st.tuples(_SIGNS, _LOW | names()), min_size=1, max_size=2))
    return ast.Additive((end, *(term for _, term in rest)), tuple(sign for sign, _ in rest))


@st.composite
def _ranges(draw: st.DrawFn, depth: int) -> ast.RangeTerm:
    return ast.RangeTerm(draw(_low_ends(depth)), draw(expressions(depth - 1)))


@st.composite
def _domains(draw: st.DrawFn, depth: int) -> Expr:
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return draw(_ranges(depth))
    if kind == 1:
        return draw(expressions(depth - 1))
    return draw(names())


@st.composite
def _binder_lists(draw: st.DrawFn, depth: int) -> tuple[ast.Binder, ...]:
    binders: list[ast.Binder] = []
    for _ in range(draw(st.integers(1, 2))):
        if draw(st.integers(0, 3)) == 0:
            bound = tuple(draw(st.lists(names(), min_size=2, max_size=3)))
            binders.append(ast.Binder(bound, draw(_domains(depth)), is_tuple=True))
        else:
            bound = tuple(draw(st.lists(names(), min_size=1, max_size=2)))
            binders.append(ast.Binder(bound, draw(_domains(depth))))
    # Only the last one can do without a domain: `x, y in T` has one for both.
    if not binders[-1].is_tuple and draw(st.integers(0, 3)) == 0:
        binders[-1] = ast.Binder(binders[-1].names, None)
    return tuple(binders)


@st.composite
def _filters(draw: st.DrawFn, depth: int) -> Expr | None:
    return draw(truths(depth - 1)) if draw(st.booleans()) else None


@st.composite
def _generators(draw: st.DrawFn, depth: int) -> ast.Generator:
    return ast.Generator(draw(_binder_lists(depth)), draw(_filters(depth)))


def _several(depth: int, low: int, high: int) -> st.SearchStrategy[tuple[Expr, ...]]:
    return st.lists(expressions(depth - 1), min_size=low, max_size=high).map(tuple)


_PLAIN_KINDS: st.SearchStrategy[ast.QuantifierKind] = st.sampled_from(["forall", "exists"])
_COUNTED: st.SearchStrategy[ast.QuantifierKind] = st.sampled_from(["exactly", "at_least", "at_most"])
_QUANTIFIERS = st.one_of(
    st.tuples(_PLAIN_KINDS, st.none()),
    st.tuples(_COUNTED, st.integers(0, 9).map(lambda n: ast.Number(Fraction(n))) | names()),
)


@st.composite
def truths(draw: st.DrawFn, depth: int = 3) -> Expr:
    """Expressions as they stand where a truth value is wanted."""
    if depth <= 0:
        return draw(names() | st.booleans().map(ast.Truth))
    below = truths(depth - 1)
    match draw(st.integers(0, 12)):
        case 0 | 1:
            operands = draw(st.lists(expressions(depth - 1), min_size=2, max_size=3))
            operators = draw(st.lists(_COMPARES, min_size=len(operands) - 1, max_size=len(operands) - 1))
            return ast.Comparison(tuple(operands), tuple(operators))
        case 2:
            return ast.Member(draw(expressions(depth - 1)), draw(_domains(depth)), draw(st.booleans()))
        case 3:
            return ast.Not(draw(below))
        case 4:
            return _joined(ast.And, draw(st.lists(below, min_size=2, max_size=3)))
        case 5:
            return _joined(ast.Or, draw(st.lists(below, min_size=2, max_size=3)))
        case 6:
            return ast.Xor(draw(below), draw(below))
        case 7:
            return ast.Implies(draw(below), draw(below))
        case 8:
            return ast.Iff(draw(below), draw(below))
        case 9:
            kind, count = draw(_QUANTIFIERS)
            return ast.Quantified(kind, count, draw(_binder_lists(depth)), draw(_filters(depth)), draw(below))
        case 10:
            kind, count = draw(_QUANTIFIERS)
            return ast.SomeOf(kind, count, tuple(draw(st.lists(below, min_size=1, max_size=3))))
        case 11:
            args, generator = draw(_contents(depth, 1, 3))
            return ast.Distinct(args, generator)
        case _:
            return _truth(draw(expressions(depth - 1)))


_COMPARES: st.SearchStrategy[ast.CompareOperator] = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


@st.composite
def _contents(draw: st.DrawFn, depth: int, low: int, high: int) -> tuple[tuple[Expr, ...], ast.Generator | None]:
    """What stands in brackets: expressions, or at times one that is generated."""
    if draw(st.integers(0, 2)) == 0:
        return (draw(expressions(depth - 1)),), draw(_generators(depth))
    return draw(_several(depth, low, high)), None


@st.composite
def _calls(draw: st.DrawFn, depth: int) -> ast.Call:
    args, generator = draw(_contents(depth, 1, 3))
    return ast.Call(draw(names()), args, generator)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Expr:
    """Any expression, of any kind of value."""
    if depth <= 0:
        return draw(_atoms())
    below = expressions(depth - 1)
    match draw(st.integers(0, 11)):
        case 0 | 1:
            return draw(_calls(depth))
        case 2:
            return ast.Arithmetic(draw(_OPERATORS), draw(below), draw(below))
        case 3:
            first: Expr = draw(below)
            rest = draw(st.lists(st.tuples(_SIGNS, below), min_size=1, max_size=2))
            terms = first.terms if isinstance(first, ast.Additive) else (first,)
            signs = first.operators if isinstance(first, ast.Additive) else ()
            return ast.Additive((*terms, *(term for _, term in rest)), (*signs, *(sign for sign, _ in rest)))
        case 4:
            return _negated(draw(below))
        case 5:
            return ast.SetOperation(draw(st.sampled_from("&|")), draw(_sets(depth - 1)), draw(_sets(depth - 1)))
        case 6:
            return ast.Conditional(draw(truths(depth - 1)), draw(below), draw(below))
        case 7:
            return ast.TupleTerm(draw(_several(depth, 2, 3)))
        case 8:
            args, generator = draw(_contents(depth, 0, 3))
            return draw(_LISTS)(args, generator)
        case 9:
            return ast.TableTerm(tuple(draw(st.lists(st.tuples(below, below), min_size=1, max_size=3))))
        case 10:
            return draw(truths(depth))
        case _:
            return draw(_atoms())


_OPERATORS: st.SearchStrategy[ast.ArithmeticOperator] = st.sampled_from(["*", "/", "//", "%", "**"])
_LISTS: st.SearchStrategy[type[ast.SetTerm | ast.ListTerm]] = st.sampled_from([ast.SetTerm, ast.ListTerm])


@st.composite
def _sets(draw: st.DrawFn, depth: int) -> Expr:
    """Operands of `&` and `|` that are not visibly truth values."""
    operand: Expr = draw(expressions(depth))
    return ast.Call(ast.Name("p"), (operand,)) if isinstance(operand, _TRUTHS) else operand


# Statements

_CITATIONS = st.lists(st.builds(ast.Citation, _CITED), min_size=0, max_size=2).map(tuple)
_CITES = st.lists(st.builds(ast.Citation, _CITED), min_size=1, max_size=2).map(tuple)
_HEADS = st.builds(ast.Head, st.none() | names(), _CITATIONS)
_CITED_HEADS = st.builds(ast.Head, st.none(), _CITATIONS)
_NAME_LISTS = st.lists(names(), min_size=1, max_size=3).map(tuple)
_SORT_NAMES = st.one_of(
    st.sampled_from(["int", "real", "bool"]).map(lambda s: ast.SortName(s, is_builtin=True)),
    names().map(lambda n: ast.SortName(n.text)),
)


def _sorts() -> st.SearchStrategy[ast.SortName | ast.RangeTerm]:
    return _SORT_NAMES | _SORT_NAMES | _ranges(1)


_ARGUMENTS = st.builds(ast.Argument, _sorts(), st.none() | names())
_SIGNATURES = st.builds(ast.Signature, names(), st.lists(_ARGUMENTS, max_size=3).map(tuple))
_SIGNATURE_LISTS = st.lists(_SIGNATURES, min_size=1, max_size=2).map(tuple)
_LIMITS = st.builds(ast.Limit, st.sampled_from([">=", ">", "<=", "<"]), expressions(1))


@st.composite
def _value_types(draw: st.DrawFn) -> ast.ValueType:
    sort = draw(_sorts())
    match draw(st.integers(0, 4)):
        case 0:
            return ast.ValueType(sort, is_set=True)
        case 1:
            return ast.ValueType(sort, low=draw(_low_ends(1)), high=draw(st.none() | expressions(1)))
        case 2:
            return ast.ValueType(sort, limits=tuple(draw(st.lists(_LIMITS, min_size=1, max_size=2))))
        case _:
            return ast.ValueType(sort)


@st.composite
def _data(draw: st.DrawFn) -> ast.Data:
    symmetric, default = draw(st.booleans()), draw(st.none() | expressions(1))
    if draw(st.integers(0, 3)) == 0:
        return ast.Data(None, draw(_CITED), draw(st.none() | _CITED), symmetric, default)
    return ast.Data(draw(expressions(2)), is_symmetric=symmetric, default=default)


_ELEMENTS = st.one_of(
    names(),
    names(),
    st.integers(-9, 3000).map(lambda n: ast.Number(Fraction(n))),
    st.integers(0, 999).map(lambda n: ast.Number(Fraction(n, 100), is_decimal=True)),
)


@st.composite
def _types(draw: st.DrawFn) -> ast.Statement:
    head = draw(_CITED_HEADS)
    match draw(st.integers(0, 3)):
        case 0:
            return ast.TypeDecl(draw(names()), None, draw(st.booleans()), head=head)
        case 1:
            return ast.TypeDecl(draw(names()), draw(_CITED), head=head)
        case 2:
            return ast.TypeDecl(draw(names()), draw(_ranges(1)), head=head)
        case _:
            elements = tuple(draw(st.lists(_ELEMENTS, min_size=1, max_size=4)))
            return ast.TypeDecl(draw(names()), ast.Enumeration(elements, draw(st.booleans())), head=head)


_TERMS = st.lists(names() | _calls(1), max_size=3).map(tuple)
_LITERALS = st.builds(ast.Literal_, names() | _calls(2), st.booleans())
_MODES: st.SearchStrategy[Literal["one", "all", "unique", "count", "some"] | None] = st.sampled_from(
    [None, "one", "all", "unique", "count", "some"]
)
_LABELS = names() | st.integers(0, 12).map(lambda n: ast.Name(str(n)))


@st.composite
def _finds(draw: st.DrawFn) -> ast.Statement:
    mode = draw(_MODES)
    return ast.Find(mode, draw(st.integers(0, 99)) if mode == "some" else None, draw(_TERMS))


@st.composite
def _choices(draw: st.DrawFn) -> ast.Statement:
    head = draw(_CITED_HEADS)
    match draw(st.integers(0, 4)):
        case 0:
            return ast.Choose("equivalent", labels=draw(_NAME_LISTS), head=head)
        case 1:
            return ast.Choose("determines", terms=draw(_TERMS), head=head)
        case 2:
            return ast.Choose("forces", formula=draw(truths(2)), head=head)
        case _:
            return ast.Choose(draw(st.sampled_from(["could", "must", "cannot"])), draw(st.booleans()), head=head)


def statements() -> st.SearchStrategy[ast.Statement]:
    """Statements of every kind."""
    formulas = st.lists(truths(3), min_size=1, max_size=2).map(tuple)
    values = st.lists(expressions(3), min_size=1, max_size=2).map(tuple)
    generators = st.none() | st.none() | _generators(2)
    bodies = st.lists(truths(2), max_size=2).map(tuple)
    soft_heads = _HEADS
    groups = st.builds(ast.VarGroup, _SIGNATURE_LISTS, _value_types(), st.booleans(), st.booleans())
    return st.one_of(
        st.builds(ast.Include, names()),
        st.builds(ast.Question, head=st.builds(ast.Head, names(), _CITATIONS) | st.builds(ast.Head, st.none(), _CITES)),
        st.builds(ast.Missing, st.none() | truths(2), head=st.builds(ast.Head, st.none(), _CITES)),
        _types(),
        st.builds(
            ast.ConstDecl,
            st.lists(st.builds(ast.ConstGroup, _NAME_LISTS, names()), min_size=1, max_size=2).map(tuple),
            head=_CITED_HEADS,
        ),
        st.builds(ast.ParamDecl, _SIGNATURE_LISTS, _value_types(), st.none() | _data(), head=_CITED_HEADS),
        st.builds(ast.VarDecl, st.lists(groups, min_size=1, max_size=2).map(tuple), head=_CITED_HEADS),
        st.builds(ast.PredDecl, _SIGNATURE_LISTS, head=_CITED_HEADS),
        st.builds(ast.RelDecl, _SIGNATURE_LISTS, st.none() | _data(), st.booleans(), head=_CITED_HEADS),
        st.builds(ast.Define, _SIGNATURES, st.none() | _value_types(), expressions(3), head=_CITED_HEADS),
        st.builds(ast.Require, st.sampled_from(["constraint", "premise", "assume"]), formulas, generators, head=_HEADS),
        st.builds(ast.Soft, st.none() | expressions(1), truths(2), generators, head=soft_heads),
        st.builds(ast.Drop, _NAME_LISTS),
        st.builds(ast.Fact, st.lists(_LITERALS, min_size=1, max_size=3).map(tuple), head=_HEADS),
        st.builds(ast.Rule, st.sampled_from(["rule", "default"]), _LITERALS, bodies, bodies, head=_HEADS),
        st.builds(ast.Prefer, _NAME_LISTS, _NAME_LISTS, head=_CITED_HEADS),
        _finds(),
        st.builds(ast.Prove, formulas, head=_HEADS),
        st.builds(ast.Ask, formulas, head=_HEADS),
        st.builds(ast.Compute, values, head=_HEADS),
        st.builds(ast.Optimize, st.sampled_from(["minimize", "maximize"]), expressions(3), head=_HEADS),
        _choices(),
        st.builds(ast.Option, _LABELS, expressions(3), head=_CITED_HEADS),
    )


def programs(max_size: int = 5) -> st.SearchStrategy[ast.ParsedProgram]:
    """Programs of up to `max_size` statements."""
    return st.lists(statements(), max_size=max_size).map(lambda found: ast.ParsedProgram(tuple(found)))
