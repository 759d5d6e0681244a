"""Formulas of small programs as functions of a list of cells, of which some have no value yet.

For the search of cases only: nothing here has to be right for an answer to be right, since worlds are evaluated, and
case distinctions checked, by the reference semantics. Binders are written out; what is not taken raises `NotTaken`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from nsr.language.ir import (
    Absolute,
    AllDifferent,
    And,
    Apply,
    Conditional,
    ElementAt,
    Equal,
    FromTruth,
    Iff,
    Implies,
    Interval,
    Less,
    LessEqual,
    Listed,
    Literal,
    Negate,
    Not,
    Or,
    PositionOf,
    Product,
    Quantified,
    Restrict,
    Sum,
    Variable,
    Xor,
)
from nsr.language.sorts import BOOL, EnumSort, sort_size, sort_values
from nsr.language.values import UNDEFINED
from nsr.proofs import partial_values as of
from nsr.proofs.partial_values import OPEN

if TYPE_CHECKING:
    from nsr.language.ir import Bound, Program, Structure, Term
    from nsr.language.meaning import Bindings
    from nsr.language.sorts import Value

__all__ = ["OPEN", "Form", "NotTaken", "Writer"]


class NotTaken(Exception):
    """A term is of a kind, or of a size, that is left to solvers."""


Key: TypeAlias = "tuple[str, tuple[Value, ...]]"

MOST_FORMS = 4_000
"""So many pieces of formulas are written at most."""


class Form(NamedTuple):
    """A function of the cells, and the cells that it may look at; it gives OPEN (a formula: None) while these lack."""

    of: Callable[[list[Any]], Any]
    cells: frozenset[int]


def _always(value: Any) -> Form:
    return Form(lambda _: value, frozenset())


@dataclass(slots=True)
class Writer:
    """Writes terms of a program; `places` numbers the cells of its unknowns, `rows` has what rules decide."""

    program: Program
    places: Mapping[Key, int]
    rows: Structure
    written: int = 0

    def truth(self, term: Term, env: Bindings) -> Form:
        """The reading of a formula: True, False, or None for open.

        Raises:
            NotTaken: for what is not read here.
        """
        self.written += 1
        if self.written > MOST_FORMS:
            raise NotTaken
        match term:
            case Apply() | Literal() | Variable():
                return _joined(of.is_true, [self.value(term, env)])
            case Not(arg):
                return _joined(of.denial, [self.truth(arg, env)])
            case And(args):
                return _every([self.truth(arg, env) for arg in args])
            case Or(args):
                return _some([self.truth(arg, env) for arg in args])
            case Implies(left, right):
                return _some([_joined(of.denial, [self.truth(left, env)]), self.truth(right, env)])
            case Iff(left, right):
                return _joined(of.same, [self.truth(left, env), self.truth(right, env)])
            case Xor(left, right):
                return _joined(of.other, [self.truth(left, env), self.truth(right, env)])
            case Equal(left, right):
                return _joined(of.equal, [self.value(left, env), self.value(right, env)])
            case Less(left, right):
                return _joined(of.less, [self.value(left, env), self.value(right, env)])
            case LessEqual(left, right):
                return _joined(of.less_equal, [self.value(left, env), self.value(right, env)])
            case AllDifferent(args):
                return _joined(of.differ, [self.value(arg, env) for arg in args])
            case Conditional(condition, then, otherwise):
                asked, yes, no = self.truth(condition, env), self.truth(then, env), self.truth(otherwise, env)
                return Form(partial(_chosen, asked.of, yes.of, no.of), _cells_of((asked, yes, no)))
            case Quantified(kind, binders, body):
                parts = [self.truth(body, inner) for inner in self.bindings(binders, env)]
                return _every(parts) if kind == "forall" else _some(parts)
            case _:
                raise NotTaken

    def value(self, term: Term, env: Bindings) -> Form:
        """The reading of a term: its value, UNDEFINED, or OPEN; raises as `truth` does."""
        match term:
            case Literal(value):
                return _always(value)
            case Variable(name):
                return _always(env[name])
            case Apply(symbol, args):
                return self._call(symbol, [self.value(arg, env) for arg in args], is_formula=term.sort == BOOL)
            case PositionOf(arg):
                return _joined(of.position, [self.value(arg, env)])
            case ElementAt(arg, EnumSort() as sort):
                return _joined(partial(of.element, sort), [self.value(arg, env)])
            case Restrict(arg, sort):
                return _joined(partial(of.within, sort), [self.value(arg, env)])
            case FromTruth(arg):
                return _joined(of.counted, [self.truth(arg, env)])
            case Sum(args):
                return _joined(of.total, [self.value(arg, env) for arg in args])
            case Product(args) if len(args) == 2:
                return _joined(of.product, [self.value(arg, env) for arg in args])
            case Negate(arg):
                return _joined(of.negative, [self.value(arg, env)])
            case Absolute(arg):
                return _joined(of.absolute, [self.value(arg, env)])
            case Not() | And() | Or() | Implies() | Iff() | Xor() | Equal() | Less() | LessEqual() | Quantified():
                return _joined(of.as_value, [self.truth(term, env)])
            case _:
                raise NotTaken

    def bindings(self, binders: Sequence[Bound], env: Bindings) -> Iterable[dict[str, Value]]:
        """Every binding, as far as no cell is asked for what a variable runs over."""
        if not binders:
            yield dict(env)
            return
        for value in self._domain(binders[0], env):
            yield from self.bindings(binders[1:], {**env, binders[0].variable.name: value})

    def _domain(self, bound: Bound, env: Bindings) -> Iterable[Value]:
        match bound.domain:
            case Interval(low, high):
                first, last = (self._known(side, env) for side in (low, high))
                if not isinstance(first, int) or not isinstance(last, int) or last - first > MOST_FORMS:
                    raise NotTaken
                return range(first, last + 1)
            case Listed(values):
                found = [self._known(value, env) for value in values]
                return list(dict.fromkeys(value for value in found if value is not UNDEFINED and value is not None))
            case None:
                if (size := sort_size(bound.variable.sort)) is None or size > MOST_FORMS:
                    raise NotTaken
                return sort_values(bound.variable.sort)

    def _known(self, term: Term, env: Bindings) -> Any:
        form = self.value(term, env)
        if form.cells:
            raise NotTaken
        return form.of([])

    def _call(self, symbol: str, args: list[Form], *, is_formula: bool) -> Form:
        if symbol in self.program.definitions:
            return self._unfolded(symbol, args, is_formula=is_formula)
        if symbol in self.program.tables:
            table = self.program.tables[symbol]
            default = table.default if table.has_default else OPEN
            return _joined(partial(of.looked_up, symbol, table.entries, default), args)
        if symbol in self.rows:
            return _joined(partial(of.row, self.rows[symbol]), args)
        if not any(arg.cells for arg in args):
            place = self.places.get((symbol, tuple(arg.of([]) for arg in args)))
            return _always(UNDEFINED) if place is None else Form(partial(_at, place), frozenset((place,)))
        own = {key: place for (name, key), place in self.places.items() if name == symbol}
        parts = [arg.of for arg in args]
        return Form(partial(_found, own, parts), _cells_of(args) | frozenset(own.values()))

    def _unfolded(self, symbol: str, args: list[Form], *, is_formula: bool) -> Form:
        definition = self.program.definitions[symbol]
        if any(arg.cells for arg in args):
            raise NotTaken
        values = [arg.of([]) for arg in args]
        if UNDEFINED in values or None in values:
            return _always(UNDEFINED)
        env = {p.name: value for p, value in zip(definition.parameters, values, strict=True)}
        if is_formula:
            return _joined(of.as_value, [self.truth(definition.body, env)])
        return self.value(definition.body, env)


def _at(place: int, cells: list[Any]) -> Any:
    return cells[place]


def _found(own: Mapping[tuple[Value, ...], int], parts: Sequence[Callable[[list[Any]], Any]], cells: list[Any]) -> Any:
    key = tuple([part(cells) for part in parts])
    if OPEN in key:
        return OPEN
    place = own.get(key)
    return UNDEFINED if place is None else cells[place]


def _cells_of(forms: Iterable[Form]) -> frozenset[int]:
    return frozenset(itertools.chain.from_iterable(form.cells for form in forms))


def _joined(function: Callable[..., Any], forms: Sequence[Form]) -> Form:
    """A function of the values of some forms; worked out at once where no cell is asked for."""
    cells = _cells_of(forms)
    if not cells:
        return _always(function(*[form.of([]) for form in forms]))
    if len(forms) == 1:
        return Form(partial(_one, function, forms[0].of), cells)
    if len(forms) == 2:
        return Form(partial(_two, function, forms[0].of, forms[1].of), cells)
    return Form(partial(_many, function, [form.of for form in forms]), cells)


def _one(function: Callable[..., Any], form: Callable[[list[Any]], Any], cells: list[Any]) -> Any:
    return function(form(cells))


def _two(
    function: Callable[..., Any],
    first: Callable[[list[Any]], Any],
    second: Callable[[list[Any]], Any],
    cells: list[Any],
) -> Any:
    return function(first(cells), second(cells))


def _many(function: Callable[..., Any], forms: Sequence[Callable[[list[Any]], Any]], cells: list[Any]) -> Any:
    return function(*[form(cells) for form in forms])


def _every(forms: Sequence[Form]) -> Form:
    return _until(False, forms)


def _some(forms: Sequence[Form]) -> Form:
    return _until(True, forms)


def _until(decisive: bool, forms: Sequence[Form]) -> Form:
    """The decisive truth value where one of the forms has it, else the other; those that are known are left out."""
    if any(not form.cells and form.of([]) is decisive for form in forms):
        return _always(decisive)
    left = [form for form in forms if form.cells]
    if len(left) < 2:
        return left[0] if left else _always(not decisive)
    return Form(partial(_first, decisive, [form.of for form in left]), _cells_of(left))


def _first(decisive: bool, forms: Sequence[Callable[[list[Any]], Any]], cells: list[Any]) -> bool | None:
    found: bool | None = not decisive
    for form in forms:
        truth: bool | None = form(cells)
        if truth is decisive:
            return decisive
        if truth is None:
            found = None
    return found


def _chosen(
    condition: Callable[[list[Any]], Any],
    then: Callable[[list[Any]], Any],
    otherwise: Callable[[list[Any]], Any],
    cells: list[Any],
) -> Any:
    truth = condition(cells)
    return None if truth is None else then(cells) if truth else otherwise(cells)
