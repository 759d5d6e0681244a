"""Making names known before anything is declared, and what is said of the names themselves."""

from __future__ import annotations

from collections.abc import Callable

from nsr.diagnostics import Label, Span
from nsr.language import ast
from nsr.language.check.builtin_calls import builtins
from nsr.language.check.context import Context
from nsr.language.printer import KEYWORDS


def register(ctx: Context, name: ast.Name, declare: Callable[[], None]) -> None:
    """Make a symbol known; `declare` is called at the first look at it."""
    text = name.text
    warn_of_word(ctx, name, is_symbol=True)
    if text in ctx.places:
        report_duplicate(ctx, name, ctx.places[text])
        return
    ctx.places[text] = name.span
    ctx.add_pending(text, declare)


def warn_of_word(ctx: Context, name: ast.Name, *, is_symbol: bool) -> None:
    """Warn of a name that is a word of the language, or takes that of a built-in function.

    Words that begin a statement never come here: the parser refuses them as names.
    """
    text = name.text
    if ctx.source[name.span.start : name.span.start + 1] == "`":
        return
    if is_symbol and text in builtins():
        ctx.warn(
            "built-in-replaced",
            name.span,
            f"`{text}` is a built-in function, which is gone in this program",
            found="built in",
            help="choose another name if the built-in one is wanted",
        )
    elif text in KEYWORDS and text != "count":
        ctx.warn(
            "word-as-name",
            name.span,
            f"`{text}` is a word of the language",
            found="a word of the language",
            help=f"choose another name, or write it in backquotes everywhere: `` `{text}` ``",
        )


def report_duplicate(ctx: Context, name: ast.Name, first: Span) -> None:
    """A name is declared a second time."""
    ctx.error(
        "duplicate-name",
        name.span,
        f"`{name.text}` is declared twice",
        found="the second",
        labels=(Label(first, "the first"),),
        help="give one of them another name",
    )
