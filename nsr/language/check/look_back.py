"""What is only seen when all is read: entries that are missing, symbols that nothing speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nsr.diagnostics import has_errors
from nsr.language import ir
from nsr.language.check import partiality, settled
from nsr.language.check.context import Context
from nsr.language.check.questions import Sections


def look_back(ctx: Context, read: Sections, libraries: frozenset[str]) -> None:
    """Errors and warnings about the whole program; `libraries` are the names that libraries declare."""
    if partiality.incomplete_tables(ctx):
        settled.settle(ctx, read.facts, read.rules, read.questions)
    partiality.require_entries(ctx, list(_terms(ctx, read)))
    if has_errors(ctx.diagnostics):
        # What failed may have been what speaks of a symbol.
        return
    _warn_of_unused(ctx, libraries)
    _warn_of_empty_relations(ctx, read, libraries)


def _terms(ctx: Context, read: Sections) -> Iterator[ir.Term]:
    """All terms whose tables have to have the entries asked for: not those of rules and of `ask`."""
    yield from (r.formula for r in read.requirements)
    yield from (s.formula for s in read.softs)
    yield from (d.body for d in ctx.definitions.values())
    for question in read.questions:
        yield from (r.formula for r in question.requirements)
        yield from (s.formula for s in question.softs)
        yield from (o.term for o in question.objectives)
        yield from (o.formula for o in question.options)
        match question.goal:
            case ir.Find(terms=terms) | ir.Compute(terms=terms):
                yield from terms
            case ir.Prove(formula):
                yield formula
            case ir.Choose(options=options, terms=terms, formula=wanted):
                yield from (o.formula for o in options)
                yield from terms
                yield from () if wanted is None else (wanted,)
            case ir.Ask():
                pass


def _warn_of_unused(ctx: Context, libraries: frozenset[str]) -> None:
    for name, function in ctx.symbols.items():
        if name in ctx.used or name in libraries:
            continue
        help = "leave it out"
        if function.kind == "var":
            help = "leave it out, or say with a constraint what is known of it"
        ctx.warn("unused-symbol", ctx.places[name], f"nothing speaks of `{name}`", found="never used", help=help)


def _warn_of_empty_relations(ctx: Context, read: Sections, libraries: frozenset[str]) -> None:
    """Warn of relations that are spoken of and that no fact or rule makes true or false."""
    defined = set(_defined(read.facts, read.rules))
    for question in read.questions:
        defined.update(_defined(question.facts, question.rules))
    for name, function in ctx.symbols.items():
        if name not in ctx.used or name in libraries or function.is_auxiliary:
            continue
        sides = ctx.two_sided.get(name)
        if sides is None and function.kind != "rel":
            continue
        if not defined & {*(sides or (name,)), f"{name} strictly", f"{name} strictly not"}:
            is_open = sides is not None
            ctx.warn(
                "empty-relation",
                ctx.places[name],
                f"no fact or rule is about `{name}`, so that it is {'unknown' if is_open else 'false'} everywhere",
                found="no fact, no rule",
                help="state what holds as a `fact` or `rule`, or declare it with `pred` if it is to be found",
            )


def _defined(facts: Iterable[ir.Facts], rules: Iterable[ir.Rule]) -> Iterator[str]:
    yield from (f.symbol for f in facts)
    yield from (r.symbol for r in rules)
