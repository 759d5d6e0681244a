"""Structures as the JSON answer: assignments, and the grid of a logic-grid puzzle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from nsr.explain.spelling import Spelling
from nsr.language.evaluate import UNDEFINED, evaluate
from nsr.language.ir import Apply, Function, Literal, Program, Question, Structure, Term, sort_of
from nsr.language.relations import components_of
from nsr.language.sorts import EnumSort, IntSort, NumberSort, Sort, Value, sort_size, sort_values


def assignment(
    program: Program, structure: Structure, spelling: Spelling, symbols: Iterable[str] = ()
) -> dict[str, Any]:
    """`{function: {argument: value}}`; a symbol without arguments maps to its value.

    Of a relation there are the rows that hold, so that a large one is told in as many words as it has rows.
    """
    wanted = tuple(symbols) or tuple(s.name for s in program.unknowns() if not s.is_auxiliary)
    out: dict[str, Any] = {}
    for name in wanted:
        entries = structure.get(name, {})
        function = program.symbols[name]
        if function.kind == "rel":
            rows = [arguments_text(function, args, spelling) for args, value in entries.items() if value is True]
            out[name] = dict.fromkeys(rows, True) if function.arguments else bool(rows)
        elif not function.arguments:
            out[name] = spelling.value(entries[()], function.value)
        else:
            out[name] = {
                arguments_text(function, args, spelling): spelling.value(value, function.value)
                for args, value in entries.items()
            }
    return out


def values_asked(
    program: Program, structure: Structure, spelling: Spelling, symbols: Sequence[str], terms: Sequence[Term]
) -> dict[str, Any]:
    """What a `find` names: functions as a whole, of calls the one value; all unknowns where it names nothing.

    A call at known arguments stands under its function, any other under its own words. Undefined values are null.
    """
    out = assignment(program, structure, spelling, symbols) if symbols or not terms else {}
    for term in terms:
        found = evaluate(term, structure, program)
        value = None if found is UNDEFINED else spelling.value(found, sort_of(term))
        args = tuple(a.value for a in term.args if isinstance(a, Literal)) if isinstance(term, Apply) else ()
        if not isinstance(term, Apply) or len(args) < len(term.args):
            out[program.source[term.origin.span.start : term.origin.span.end]] = value
        elif not args:
            out[term.symbol] = value
        elif term.symbol not in symbols:
            text = arguments_text(program.symbols[term.symbol], args, spelling)
            out.setdefault(term.symbol, {})[text] = value
    return out


def found_by_default(program: Program, question: Question) -> tuple[str, ...]:
    """What a `find` that names nothing is about: the unknowns, and the relations that these do not decide.

    Those are the ones in which rules turn back on themselves through a negation; without unknowns, all relations.
    """
    unknowns = tuple(s.name for s in program.unknowns() if not s.is_auxiliary)
    relations = {s.name for s in program.relations() if not s.is_auxiliary}
    if unknowns and relations:
        components = components_of(program, question)
        relations &= {name for c in components if not c.is_stratified for name in c.relations}
    return (*unknowns, *(name for name in program.symbols if name in relations))


def arguments_text(function: Function, args: tuple[Value, ...], spelling: Spelling) -> str:
    """The arguments of a function as the text spells them, joined by commas."""
    return ", ".join(str(spelling.value(a, s)) for a, s in zip(args, function.arguments, strict=True))


def grid_functions(program: Program) -> tuple[Sort, tuple[Function, ...]] | None:
    """The base type and the functions of a logic grid: one bijection each from another type onto the base.

    None if the program is no logic grid; unknowns that are not of that shape do not spoil it, but there must be one.
    """
    candidates: dict[Sort, list[Function]] = {}
    for function in program.unknowns():
        if function.kind != "var" or not function.is_distinct or function.is_optional or len(function.arguments) != 1:
            continue
        argument, value = function.arguments[0], function.value
        if isinstance(argument, EnumSort | NumberSort) and _same_size(argument, value) and argument != value:
            candidates.setdefault(value, []).append(function)
    if not candidates:
        return None
    base = max(candidates, key=lambda sort: len(candidates[sort]))
    by_argument = {f.arguments[0]: f for f in reversed(candidates[base])}
    return base, tuple(f for f in candidates[base] if by_argument[f.arguments[0]] is f)


def _same_size(left: Sort, right: Sort) -> bool:
    size = sort_size(left)
    return size is not None and size > 1 and size == sort_size(right)


def grid_table(program: Program, structure: Structure, spelling: Spelling) -> dict[str, Any] | None:
    """`{"header", "rows"}`: a row for each value of the base type, a column for each other type; None for no grid."""
    found = grid_functions(program)
    if found is None:
        return None
    base, functions = found
    header = [
        words_of(str(base)) if not isinstance(base, IntSort) or base.name else "",
        *(words_of(str(f.arguments[0])) for f in functions),
    ]
    columns = [(f.arguments[0], {value: args[0] for args, value in structure[f.name].items()}) for f in functions]
    rows = []
    for value in sort_values(base):
        if any(value not in column for _, column in columns):
            return None
        cells = (spelling.value(column[value], sort) for sort, column in columns)
        rows.append([spelling.value(value, base), *cells])
    return {"header": header, "rows": rows}


def words_of(type_name: str) -> str:
    """`BookGenre` and `book_genre` as `Book genre`, for a heading."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type_name).replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:].lower() if spaced else spaced
