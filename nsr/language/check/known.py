"""Bodies of rules as rules read them: negation stands at the atoms, and of a two-sided relation counts what is known.

`p(X)` of a two-sided relation is "known true", `not p(X)` "known false"; of other relations `not` is "not derived".
Negation is drawn inwards first, so that `not (p(X) or q(X))` says of each what `not p(X)` does; abbreviations that
speak of relations are written out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nsr.language import ir
from nsr.language.check.context import Context
from nsr.language.sorts import BOOL
from nsr.language.traverse import children, rebuild, symbols_of, with_children

_MAX_SIZE = 50_000
"""Most steps of one reading: `iff` inside `iff` grows with every level."""


class TooLarge(Exception):
    """The body grows too large; the caller reports it."""


@dataclass(slots=True)
class KnownReader:
    """Reads formulas; `known(φ)` is what a rule makes of φ, `denied(φ)` of `not φ`."""

    ctx: Context
    _steps: int = 0
    _speaks: dict[str, bool] = field(default_factory=dict)

    def known(self, term: ir.Term) -> ir.Term:
        """The formula as the body of a rule reads it."""
        self._steps = 0
        return self._read(term, True)

    def unless(self, term: ir.Term) -> ir.Term:
        """`unless φ`: φ is not known, or not derived."""
        self._steps = 0
        read = self._read(term, True)
        return read.arg if isinstance(read, ir.Not) else ir.Not(read, origin=term.origin)

    def _speaks_of_relations(self, term: ir.Term) -> bool:
        return any(self._is_closed(name) for name in symbols_of(term))

    def _is_closed(self, name: str) -> bool:
        if name not in self._speaks:
            symbol = self.ctx.symbols.get(name)
            definition = self.ctx.definitions.get(name)
            is_relation = name in self.ctx.two_sided or (symbol is not None and symbol.kind == "rel")
            self._speaks[name] = is_relation
            if definition is not None:
                self._speaks[name] = self._speaks_of_relations(definition.body)
        return self._speaks[name]

    def _read(self, term: ir.Term, is_positive: bool) -> ir.Term:
        self._steps += 1
        if self._steps > _MAX_SIZE:
            raise TooLarge
        origin = term.origin
        if not self._speaks_of_relations(term):
            return term if is_positive else ir.Not(term, origin=origin)
        match term:
            case ir.Not(arg):
                return self._read(arg, not is_positive)
            case ir.And(args):
                return self._joined(args, is_positive, is_positive, origin)
            case ir.Or(args):
                return self._joined(args, not is_positive, is_positive, origin)
            case ir.Quantified(kind, binders, body):
                if not is_positive:
                    kind = "exists" if kind == "forall" else "forall"
                return ir.Quantified(kind, binders, self._read(body, is_positive), origin=origin)
            case ir.Implies() | ir.Iff() | ir.Xor():
                return self._read(_spelled_out(term), is_positive)
            case ir.Conditional(condition, then, otherwise) if ir.sort_of(term) == BOOL:
                yes = ir.And((condition, then if is_positive else ir.Not(then)), origin=origin)
                no = ir.And((ir.Not(condition), otherwise if is_positive else ir.Not(otherwise)), origin=origin)
                return self._read(ir.Or((yes, no), origin=origin), True)
            case ir.Apply():
                return self._call(term, is_positive)
            case _:
                inner = with_children(term, [self._read(child, True) for child in children(term)])
                return inner if is_positive else ir.Not(inner, origin=origin)

    def _joined(self, args: tuple[ir.Term, ...], is_and: bool, is_positive: bool, origin: ir.Origin) -> ir.Term:
        read = tuple(self._read(arg, is_positive) for arg in args)
        return ir.And(read, origin=origin) if is_and else ir.Or(read, origin=origin)

    def _call(self, term: ir.Apply, is_positive: bool) -> ir.Term:
        definition = self.ctx.definitions.get(term.symbol)
        if definition is not None:
            return self._read(_written_out(definition, term), is_positive)
        args = tuple(self._read(arg, True) for arg in term.args)
        sides = self.ctx.two_sided.get(term.symbol)
        if sides is not None:
            return ir.Apply(sides[0 if is_positive else 1], args, BOOL, origin=term.origin)
        call = ir.Apply(term.symbol, args, term.sort, origin=term.origin)
        return call if is_positive else ir.Not(call, origin=term.origin)


def _spelled_out(term: ir.Implies | ir.Iff | ir.Xor) -> ir.Term:
    """With `and`, `or` and `not` alone."""
    left, right, origin = term.left, term.right, term.origin
    not_left = ir.Not(left, origin=left.origin)
    not_right = ir.Not(right, origin=right.origin)
    match term:
        case ir.Implies():
            return ir.Or((not_left, right), origin=origin)
        case ir.Iff():
            both, neither = ir.And((left, right), origin=origin), ir.And((not_left, not_right), origin=origin)
            return ir.Or((both, neither), origin=origin)
        case ir.Xor():
            first, second = ir.And((left, not_right), origin=origin), ir.And((not_left, right), origin=origin)
            return ir.Or((first, second), origin=origin)


def _written_out(definition: ir.Definition, call: ir.Apply) -> ir.Term:
    """The body of a definition at the arguments of a call; an undefined argument makes a truth value false."""
    values = {p.name: arg for p, arg in zip(definition.parameters, call.args, strict=True)}

    def step(node: ir.Term) -> ir.Term:
        return values.get(node.name, node) if isinstance(node, ir.Variable) else node

    body = rebuild(definition.body, step)
    partial = tuple(a for a in call.args if not isinstance(a, ir.Variable | ir.Literal))
    if call.sort != BOOL or not partial:
        return body
    return ir.And((*(ir.Equal(a, a, origin=a.origin) for a in partial), body), origin=call.origin)
