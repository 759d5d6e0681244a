"""Defaults and preferences, written out as rules with auxiliary relations over the arguments of the head.

For a rule `d` that may yield: `d applies` (its body holds), `d yields` (the opposite is known by facts or strict
rules, or by a preferred rule that prevails), `d cancelled` (it does not yield, and neither does an opposite default,
and neither is preferred). It concludes where it applies, does not yield and is not cancelled; only there it defeats
others. `p strictly` and `p strictly not` are what facts and strict rules make known of a relation with defaults.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal as Choice

from nsr.diagnostics import Span
from nsr.language import ast, ir
from nsr.language.check import variables
from nsr.language.check.context import Context
from nsr.language.check.messages import suggestion
from nsr.language.check.rules import CheckedRule, known_side
from nsr.language.sorts import BOOL

_MAX_RULES = 50_000
"""Most rules and preferences that are written out: with every two rules that conflict there are several."""

Pairs = frozenset[tuple[str, str]]
"""Names of rules: the first is preferred to the second."""


@dataclass(slots=True)
class RuleSection:
    """Facts, rules and preferences of one section."""

    facts: list[ir.Facts] = field(default_factory=list)
    rules: list[CheckedRule] = field(default_factory=list)
    prefers: list[tuple[int, ast.Prefer]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """What a section hands on."""

    facts: tuple[ir.Facts, ...]
    rules: tuple[ir.Rule, ...]


def write_out(ctx: Context, sections: Sequence[RuleSection], withdrawn: frozenset[str]) -> list[WrittenOut]:
    """Facts and rules of all sections, the common one first, with defaults and preferences as plain rules.

    `withdrawn`: labels of rules that are gone, about which preferences say nothing.
    """
    common = sections[0]
    visible = [common.rules] + [[*common.rules, *section.rules] for section in sections[1:]]
    shared = _pairs(ctx, common.prefers, common.rules, withdrawn)
    pairs = [shared] + [
        _closed(ctx, shared | _pairs(ctx, s.prefers, rules, withdrawn), s.prefers)
        for s, rules in zip(sections[1:], visible[1:], strict=True)
    ]
    pairs[0] = _closed(ctx, shared, common.prefers)
    writer = _Writer(ctx, [rule for section in sections for rule in section.rules], pairs)
    is_apart = any(s.prefers or any(writer.is_watched(r) for r in s.rules) for s in sections[1:])
    written = []
    for i, section in enumerate(sections):
        rules = [writer.base(rule) for rule in section.rules]
        if i == 0:
            rules += writer.links()
        if (i > 0) if is_apart else (i == 0):
            rules += writer.outcomes(visible[i], pairs[i])
        found = tuple(replace(f, symbol=writer.strictly.get(f.symbol, f.symbol)) for f in section.facts)
        written.append(WrittenOut(found, tuple(rules)))
    return written


# Preferences


def _pairs(
    ctx: Context, prefers: Iterable[tuple[int, ast.Prefer]], rules: Sequence[CheckedRule], withdrawn: frozenset[str]
) -> Pairs:
    by_name = {rule.name: rule for rule in rules if rule.has_label}
    pairs: set[tuple[str, str]] = set()
    for index, statement in prefers:
        ctx.statement = index
        named = [label for label in (*statement.better, *statement.worse) if label.text not in withdrawn]
        if not all([_is_rule(ctx, label, by_name) for label in named]):  # noqa: C419 - all of them are reported
            continue
        new = {(b.text, w.text) for b in statement.better for w in statement.worse}
        new = {(b, w) for b, w in new if b in by_name and w in by_name}
        if new and not any(_conflict(by_name[b], by_name[w]) for b, w in new):
            ctx.warn(
                "no-conflict",
                statement.span,
                "these rules never conclude the opposite of each other, so that none has to yield",
                found="no conflict",
                help="prefer a rule for `p(X)` to one for `not p(X)`, or the other way round",
            )
        pairs |= new
    return frozenset(pairs)


def _is_rule(ctx: Context, label: ast.Name, rules: dict[str, CheckedRule]) -> bool:
    if label.text in rules:
        return True
    near = ctx.nearest(label.text, list(rules))
    ctx.error(
        "unknown-label",
        label.span,
        f"no rule or default has the label `{label.text}`",
        found="no such rule",
        help=suggestion(near, "give the rule that label: `rule label: ...`"),
        expected=near or tuple(sorted(rules)[:8]),
    )
    return False


def _conflict(a: CheckedRule, b: CheckedRule) -> bool:
    return a.relation == b.relation and a.is_negative != b.is_negative


def _closed(ctx: Context, pairs: Pairs, prefers: Sequence[tuple[int, ast.Prefer]]) -> Pairs:
    """With what follows from two preferences one after the other; a circle is reported."""
    above: dict[str, set[str]] = {}
    for better, worse in pairs:
        above.setdefault(worse, set()).add(better)
    closed: set[tuple[str, str]] = set()
    for worse in above:
        seen: set[str] = set()
        stack = [worse]
        while stack:
            new = above.get(stack.pop(), set()) - seen
            seen |= new
            stack.extend(new)
        closed |= {(better, worse) for better in seen}
        if len(closed) > _MAX_RULES:
            _too_many(ctx, prefers[-1][1].span if prefers else ctx.places[next(iter(ctx.two_sided))])
            return frozenset()
    for better, worse in sorted(closed):
        if better == worse and prefers:
            ctx.statement = prefers[-1][0]
            ctx.error(
                "prefer-circle",
                prefers[-1][1].span,
                f"`{better}` would be preferred to itself",
                found="a circle",
                help="leave out one of the preferences",
            )
            break
    return frozenset((b, w) for b, w in closed if b != w)


def _too_many(ctx: Context, span: Span) -> None:
    ctx.error(
        "too-large",
        span,
        f"more than {_MAX_RULES:,} pairs of rules conflict or are preferred to each other",
        found="too many",
        help="write fewer defaults about one relation",
    )


# Rules that yield


class _Writer:
    """Writes the rules; relations that it needs are declared as it goes."""

    def __init__(self, ctx: Context, rules: Sequence[CheckedRule], pairs: Sequence[Pairs]) -> None:
        self.ctx = ctx
        self._preferred = {name for closed in pairs for pair in closed for name in pair}
        self._names: dict[str, str] = {}
        self._written = 0
        self.strictly: dict[str, str] = {}
        for rule in rules:
            if rule.keyword == "default" and rule.relation in ctx.two_sided:
                self._declare_strict(rule)

    def is_watched(self, rule: CheckedRule) -> bool:
        """Whether other rules ask where this one applies."""
        return rule.relation in self.ctx.two_sided and (rule.keyword == "default" or rule.name in self._preferred)

    def base(self, rule: CheckedRule) -> ir.Rule:
        """The rule itself, or what says where it applies."""
        if self.is_watched(rule):
            return rule.derives(self._relation("applies", rule))
        side = known_side(self.ctx, rule.relation, rule.is_negative)
        return rule.derives(self.strictly.get(side, side))

    def links(self) -> list[ir.Rule]:
        """What facts and strict rules make known is known."""
        found = []
        for side, strict in self.strictly.items():
            origin = self.ctx.symbols[side].origin
            found.append(self._over(strict, side, side, (strict,), (), origin, "rule"))
        return found

    def outcomes(self, rules: Sequence[CheckedRule], pairs: Pairs) -> list[ir.Rule]:
        """Where the watched ones of these rules yield, are cancelled and conclude."""
        watched = [rule for rule in rules if self.is_watched(rule)]
        groups: dict[str, list[CheckedRule]] = {}
        for rule in watched:
            groups.setdefault(rule.relation, []).append(rule)
        for relation, group in groups.items():
            negative = sum(rule.is_negative for rule in group)
            self._written += len(group) + negative * (len(group) - negative)
            if self._written > _MAX_RULES:
                _too_many(self.ctx, self.ctx.places[relation])
                return []
        return [new for group in groups.values() for rule in group for new in self._outcome(rule, group, pairs)]

    def _outcome(self, rule: CheckedRule, group: Sequence[CheckedRule], pairs: Pairs) -> list[ir.Rule]:
        side = known_side(self.ctx, rule.relation, rule.is_negative)
        applies = self._relation("applies", rule)
        write = partial(self._over, rule.name, origin=rule.origin, keyword=rule.keyword)
        if not _may_yield(rule, pairs):
            return [write(self.strictly.get(side, side), applies, (applies,), ())]
        opposite = [other for other in group if _conflict(rule, other)]
        found: list[ir.Rule] = []
        is_default = rule.keyword == "default"
        if is_default:
            strict = self.strictly[known_side(self.ctx, rule.relation, not rule.is_negative)]
            found.append(write(self._relation("yields", rule), applies, (applies, strict), ()))
        for other in opposite:
            is_stronger = (other.name, rule.name) in pairs
            is_strict = is_default and other.keyword == "rule" and (rule.name, other.name) not in pairs
            if is_stronger or (is_strict and _may_yield(other, pairs)):
                holds, fails = self._prevails(other, pairs)
                found.append(write(self._relation("yields", rule), applies, (applies, *holds), fails))
        rivals = [o for o in opposite if _are_rivals(rule, o, pairs)]
        for other in rivals:
            both = (applies, self._relation("applies", other))
            neither = (self._relation("yields", rule), self._relation("yields", other))
            found.append(write(self._relation("cancelled", rule), applies, both, neither))
        unless = (self._relation("yields", rule), *((self._relation("cancelled", rule),) if rivals else ()))
        found.append(write(side, applies, (applies,), unless))
        return found

    def _prevails(self, rule: CheckedRule, pairs: Pairs) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The relations that hold, and those that do not, where a rule applies and is not itself defeated."""
        holds = (self._relation("applies", rule),)
        if not _may_yield(rule, pairs):
            return holds, ()
        fails = [self._relation("yields", rule)]
        if rule.keyword == "default":
            fails.append(self._relation("cancelled", rule))
        return holds, tuple(fails)

    def _over(
        self,
        name: str,
        head: str,
        like: str,
        holds: tuple[str, ...],
        fails: tuple[str, ...],
        origin: ir.Origin,
        keyword: Choice["fact", "rule", "default"],
    ) -> ir.Rule:
        """`head(x) if holds(x) ... unless fails(x) ...` for all arguments; `like` has arguments of their sorts."""
        arguments = self.ctx.symbols[like].arguments
        scope = {f"{i}": self.ctx.fresh_variable("x", sort, origin) for i, sort in enumerate(arguments)}
        args = tuple(scope.values())
        body = [self._call(symbol, args, origin) for symbol in holds]
        body += [ir.Not(self._call(symbol, args, origin), origin=origin) for symbol in fails]
        term = body[0] if len(body) == 1 else ir.And(tuple(body), origin=origin)
        return ir.Rule(name, keyword, head, args, variables.rule_bounds(self.ctx, scope), term, origin=origin)

    def _call(self, symbol: str, args: tuple[ir.Term, ...], origin: ir.Origin) -> ir.Term:
        return ir.Apply(symbol, args, BOOL, origin=origin)

    def _relation(self, what: str, rule: CheckedRule) -> str:
        """The auxiliary relation `rule what`, declared at the first look."""
        return self._declared(f"{rule.name} {what}", rule)

    def _declared(self, wanted: str, rule: CheckedRule) -> str:
        if wanted not in self._names:
            base = self.ctx.symbols[rule.relation]
            name = self.ctx.auxiliary_name(wanted, base)
            origin = base.origin
            self.ctx.symbols[name] = ir.Function(name, "rel", base.arguments, BOOL, is_auxiliary=True, origin=origin)
            self._names[wanted] = name
        return self._names[wanted]

    def _declare_strict(self, rule: CheckedRule) -> None:
        for is_negative, word in ((False, "strictly"), (True, "strictly not")):
            side = known_side(self.ctx, rule.relation, is_negative)
            self.strictly[side] = self._declared(f"{rule.relation} {word}", rule)


def _may_yield(rule: CheckedRule, pairs: Pairs) -> bool:
    return rule.keyword == "default" or any(worse == rule.name for _, worse in pairs)


def _are_rivals(a: CheckedRule, b: CheckedRule, pairs: Pairs) -> bool:
    """Two defaults with nothing between them."""
    both = a.keyword == b.keyword == "default"
    return both and (a.name, b.name) not in pairs and (b.name, a.name) not in pairs
