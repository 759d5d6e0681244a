"""The notations that a program is written in: the language itself, dialects, formats of other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nsr.language.ir import Program

OURS = "nsr"
"""The language itself, in canonical form."""
_OTHER_NAMES = {"dsl": OURS}


def notations() -> tuple[str, ...]:
    """The names of what is written: the language, the dialects that have a writer, the formats of other tools."""
    from nsr.dialects import DIALECTS, get_dialect
    from nsr.writers import WRITERS

    return (OURS, *(name for name in DIALECTS if get_dialect(name).write is not None), *WRITERS)


class Notation(click.ParamType[str]):
    """The name of a notation; the writers load only when one is asked for."""

    name = "notation"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        value = _OTHER_NAMES.get(value, value)
        if value != OURS and value not in (known := notations()):
            self.fail(f"nothing is written in {value!r}; there are {', '.join(known)}", param, ctx)
        return value


def title_of(notation: str) -> str:
    """What people call a notation."""
    from nsr.dialects import DIALECTS, get_dialect
    from nsr.writers import WRITERS

    if notation == OURS:
        return "the language of this package"
    return get_dialect(notation).title if notation in DIALECTS else WRITERS[notation].title


def written(program: Program, question: int, to: str) -> str:
    """A program in one of the `notations`.

    Raises:
        UsageError: if there is no such question.
        ProgramError: if the notation cannot express the program, or only with too long a text.
    """
    from nsr.diagnostics import Diagnostic, Span
    from nsr.dialects import DIALECTS, WriteError, get_dialect
    from nsr.engine.checking import place_of_goal
    from nsr.errors import ProgramError, UsageError
    from nsr.grammars.formatter import format_source
    from nsr.grammars.parser import parse
    from nsr.limits import BudgetExceeded
    from nsr.solvers import Gap
    from nsr.writers import write

    if not 0 <= question < len(program.questions):
        raise UsageError(f"there is no question {question + 1}; the program has {len(program.questions)}")
    if to == OURS:
        return format_source(program.source)
    try:
        if to in DIALECTS:
            writer, tree = get_dialect(to).write, parse(program.source).program
            assert writer is not None, "it is one of the notations"
            assert tree is not None, "the program was checked"
            return writer(tree)
        return write(program, question, to=to)
    except (Gap, WriteError) as gap:
        missing = ", ".join(gap.missing) if isinstance(gap, Gap) else str(gap)
        told = f"{title_of(to)} has no way to say this: {missing}"
        raise ProgramError([Diagnostic("unsupported", told, place_of_goal(program, question))], told) from gap
    except BudgetExceeded as stop:
        told = f"the program is too large to be written as {to}"
        raise ProgramError([Diagnostic("too-large", told, Span(0, 0))], told) from stop
