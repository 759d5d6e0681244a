"""Programs that are written differently and mean the same, and what of a result must then be the same.

`twins` rewrites a program text; `verdict` is what no rewriting may change: witnesses and the order of answers may.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from nsr.grammars.parser import parse
from nsr.language import ast
from nsr.language.printer import print_program
from nsr.results import QuestionResult, Status

__all__ = ["Twin", "twins", "verdict"]


class Twin(NamedTuple):
    """Another text of the same meaning, what was done to it, and how its answers read in the names of the first."""

    name: str
    source: str
    original: Callable[[str], str] = str


def twins(source: str, seed: int = 0) -> Iterator[Twin]:
    """The twins of a program without errors; `seed` decides orders."""
    parsed = parse(source).program
    assert parsed is not None
    rng = random.Random(seed)
    statements = parsed.statements
    yield Twin("printed", _printed(statements))
    yield Twin("reordered", _printed(_reordered(statements, rng)))
    yield Twin("denied twice", _printed([_denied_twice(s) for s in statements]))
    yield Twin("split", _printed([part for s in statements for part in _split(s)]))
    yield Twin("joined", _printed(_joined(statements)))
    yield Twin("options reordered", _printed(_options_reordered(statements, rng)))
    yield _renamed(statements)


def _printed(statements: Sequence[ast.Statement]) -> str:
    return print_program(ast.ParsedProgram(tuple(statements)))


# Order


def _reordered(statements: Sequence[ast.Statement], rng: random.Random) -> list[ast.Statement]:
    """What stands before the goal in any order; objectives keep their rank."""
    free = [s for s in statements if not isinstance(s, _IN_ORDER)]
    if any(isinstance(s, ast.Question) for s in statements):
        return list(statements)
    rng.shuffle(free)
    return [*free, *(s for s in statements if isinstance(s, _IN_ORDER))]


_GOALS = (ast.Find, ast.Prove, ast.Ask, ast.Compute, ast.Choose)
_IN_ORDER = (*_GOALS, ast.Optimize, ast.Option, ast.Question)


def _options_reordered(statements: Sequence[ast.Statement], rng: random.Random) -> list[ast.Statement]:
    """Neighbouring options in any order."""
    out: list[ast.Statement] = []
    waiting: list[ast.Statement] = []
    for statement in statements:
        if isinstance(statement, ast.Option):
            waiting.append(statement)
            continue
        rng.shuffle(waiting)
        out += [*waiting, statement]
        waiting = []
    rng.shuffle(waiting)
    return [*out, *waiting]


# Formulas


def _not_not(formula: ast.Expr) -> ast.Expr:
    return ast.Not(ast.Not(formula))


def _denied_twice(statement: ast.Statement) -> ast.Statement:
    """Formulas of requirements, proofs and wishes; in rules a double negation is something else."""
    match statement:
        case ast.Require(formulas=formulas) | ast.Prove(formulas=formulas):
            return replace(statement, formulas=tuple(map(_not_not, formulas)))
        case ast.Soft(formula=formula):
            return replace(statement, formula=_not_not(formula))
        case ast.Choose(mode="forces", formula=formula) if formula is not None:
            return replace(statement, formula=_not_not(formula))
        case _:
            return statement


def _is_free(statement: ast.Statement) -> bool:
    return isinstance(statement, ast.Require) and statement.head.label is None and statement.generator is None


def _split(statement: ast.Statement) -> list[ast.Statement]:
    """A requirement for each part of a conjunction; one that has a label stays whole."""
    if not isinstance(statement, ast.Require) or not _is_free(statement):
        return [statement]
    parts = [p for f in statement.formulas for p in (f.args if isinstance(f, ast.And) else (f,))]
    return [replace(statement, formulas=(part,)) for part in parts]


def _joined(statements: Sequence[ast.Statement]) -> list[ast.Statement]:
    """One requirement in place of the first of those without a label."""
    free = [s for s in statements if isinstance(s, ast.Require) and _is_free(s)]
    if len(free) < 2 or any(isinstance(s, ast.Question) for s in statements):
        return list(statements)
    whole = ast.And(tuple(formula for s in free for formula in s.formulas))
    kept = [s for s in statements if s not in free[1:] or s == free[0]]
    return [replace(free[0], formulas=(whole,)) if s == free[0] else s for s in kept]


# Names

_MARK = "q9"


def _renamed(statements: Sequence[ast.Statement]) -> Twin:
    """Every declared name with a mark at its end."""
    names = sorted({name for s in statements for name in _declared(s)}, key=len, reverse=True)
    text = _printed(statements)
    if names:
        text = re.sub(rf"\b({'|'.join(map(re.escape, names))})\b", rf"\1{_MARK}", text)
    return Twin("renamed", text, lambda answer: answer.replace(_MARK, ""))


def _declared(statement: ast.Statement) -> Iterator[str]:
    match statement:
        case ast.TypeDecl(name=name, body=body):
            yield name.text
            if isinstance(body, ast.Enumeration):
                yield from (e.text for e in body.elements if isinstance(e, ast.Name))
        case ast.ConstDecl(groups=groups):
            yield from (name.text for group in groups for name in group.names)
        case ast.VarDecl(groups=unknowns):
            yield from (signature.name.text for group in unknowns for signature in group.signatures)
        case (
            ast.ParamDecl(signatures=signatures)
            | ast.PredDecl(signatures=signatures)
            | ast.RelDecl(signatures=signatures)
        ):
            yield from (signature.name.text for signature in signatures)
        case ast.Define(signature=signature):
            yield signature.name.text
        case _:
            return


# Results


def verdict(result: QuestionResult, twin: Twin | None = None) -> str:
    """What a result says, without what may differ from run to run; as text, in the names of the first program."""
    told = f"{result.status.value} {_settled(result)} {sorted(r.label for r in _options(result))}"
    return twin.original(told) if twin is not None else told


def _options(result: QuestionResult) -> list[Any]:
    """Options that hold; other reasons name statements, whose labels are numbers."""
    return [r for r in result.explanation.reasons if r.holds and len(r.label) == 1]


def _settled(result: QuestionResult) -> str:
    answer = result.answer
    if result.status is Status.UNDETERMINED:
        return ""
    if isinstance(answer, dict) and "assignment" in answer:
        shown = answer["assignment"] if answer.get("unique") else ""
        return f"{answer.get('objective')} {_ordered(shown)}"
    if isinstance(answer, list):
        # Of more solutions than were to be given, any may be.
        is_cut = any("there are more" in note or "at least" in note for note in result.evidence.notes)
        return f"{len(answer)}" if is_cut else repr(sorted(map(_ordered, answer)))
    return _ordered(answer)


def _ordered(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(sorted(f"{key}: {_ordered(part)}" for key, part in value.items())) + "}"
    return repr(value)
