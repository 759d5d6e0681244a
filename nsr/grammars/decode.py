"""The decoding grammar, derived from `nsr.lark`: what a language model is allowed to write.

Narrower than the parser's grammar in three ways, so that every text it admits parses and means what it says:

- one spelling: of several spellings of an operator or construct only the one that the printer writes is left
  (`READINGS` lists what goes), and no comments;
- fixed blanks: a blank, where there is one, is a token of its own and never optional, so that no keyword can be glued
  to the next word and no model fills its budget with blanks (`decode_blanks`); one statement a line;
- names are disjoint from keywords, can be restricted to those declared, and citations to pieces of the text.

The result is text in llguidance's variant of Lark's notation.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from nsr.grammars.decode_blanks import BLANK, place_blanks
from nsr.grammars.decode_ebnf import (
    Alternative,
    Choice,
    Expression,
    Grammar,
    Literal,
    Pattern,
    Reference,
    Repeat,
    Sequence,
    choice,
    read_expression,
    read_grammar,
    sequence,
    write_grammar,
)
from nsr.language.printer import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Sequence as Items

__all__ = [
    "BUILTIN_FUNCTIONS",
    "citation_pattern",
    "decoding_grammar",
    "keywords",
    "name_pattern",
    "statement_keywords",
    "written_name",
]

BUILTIN_FUNCTIONS = (
    "sum", "prod", "count", "len", "any", "all", "min", "max", "abs", "floor", "ceil", "round", "first", "last", "pos",
    "no_overlap", "cumulative", "circuit", "piecewise", "possible", "certain", "fixed",
)  # fmt: skip

# What is read but never written: rule, part of it as it stands in the grammar file, what is left of it (None: the
# alternative goes). A part that is not found any more is an error, so that the table cannot go stale.
READINGS: tuple[tuple[str, str, str | None], ...] = (
    ("constraint", "head?", "head"),
    ("premise", "head?", "head"),
    ("assume", "head?", "head"),
    ("_truths", 'truth ("," truth)*', "truth"),
    ("truth", "implication", None),
    ("unknowns", "mark*", '["distinct"] ["optional"]'),
    ("fact", '"," | _and | "&"', '","'),
    ("_rule", "if_then", None),
    ("expr", 'imp_c "if" or_c "else" expr', None),
    ("call", 'name ("[" _items "]")+', None),
    ("call", "[_arguments]", "_arguments"),
    ("argument", 'name "in" sort', None),
    ("signature", '[argument ("," argument)*]', 'argument ("," argument)*'),
    ("generator", '("for" binders [filter])+', '"for" binders [filter]'),
    ("number_or_name", '"one"', None),
)

# Words that are keywords in one place and built-in functions in another: writable where a function is called.
# The parser tells them apart except among the terms of `find`, so calls there have names only.
_SPLITS: tuple[tuple[str, str, str], ...] = (
    ("_term", "call", "named_call"),
    ("atom_call", "call", "named_call"),
    ("call", "name", "function"),
    ("missing", "cite", "note"),
    ("cite", "STRING", "CITATION"),
)

# Statements that drop the colon when they have neither label nor citation; the others always have it.
_BARE = ("fact", "rule", "default", "prove", "ask", "compute", "minimize", "maximize")

# Rules in which `name` uses what is declared elsewhere; in all others it introduces a name, or is a label.
_USES = ("named_call", "function", "atom", "domain", "_bound_term", "atom_call", "_term", "sort", "number_or_name")

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_VARIABLE = "[a-z][0-9]?|[A-Z][0-9]*"


@cache
def _source() -> Grammar:
    return read_grammar(resources.files("nsr.grammars").joinpath("nsr.lark").read_text(encoding="utf-8"))


def _literals(expression: Expression) -> Iterable[str]:
    match expression:
        case Literal(text):
            yield text
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _literals(part)
        case Repeat(item, _, _):
            yield from _literals(item)
        case Reference():
            return


@cache
def keywords() -> tuple[str, ...]:
    """All words of the language, sorted; none of them names anything in a decoded program."""
    words = (text for body in _source().rules.values() for a in body for text in _literals(a.body))
    return tuple(sorted({w for w in words if re.fullmatch(r"[a-z_]+", w)}))


def _keyword(rules: dict[str, tuple[Alternative, ...]], statement: Expression) -> str:
    """The word that a statement's rule begins with."""
    if not isinstance(statement, Reference):
        raise ValueError(f"a statement has a rule of its own: {statement}")
    return next(iter(_literals(rules[statement.name][0].body)))


@cache
def statement_keywords() -> tuple[str, ...]:
    """The words that begin statements, in the order of the grammar file."""
    rules = _source().rules
    return tuple(dict.fromkeys(_keyword(rules, a.body) for a in rules["_statement"]))


def name_pattern() -> str:
    """A terminal's body that takes every plain name and no keyword (`&` and `~` are llguidance's)."""
    return f"/{_NAME}/ & ~/{'|'.join(keywords())}/"


def written_name(name: str) -> str:
    """The name as it is written in a program: in backquotes unless it is a plain name and no keyword."""
    return name if re.fullmatch(_NAME, name) and name not in keywords() else f"`{name}`"


def quoted_name_pattern() -> str:
    """A terminal's body that takes a name in backquotes, where the backquotes are needed."""
    return rf"(/`[^`\x00-\x1f\x7f]+`/ & ~/`{_NAME}`/) | /`({'|'.join(keywords())})`/"


_STRING = r'/"([^"\\\x00-\x1f\x7f]|\\["\\])*"/'
_CHUNK = re.compile(r"\\.|\w+|\s|.", re.DOTALL)


def citation_pattern(text: str) -> str:
    """A terminal's body that takes the quoted pieces of `text`, from one word's edge to another's.

    The text counts as one line; a citation neither begins nor ends with a blank and is never empty.
    """
    line = escaped(re.sub(r"\s+", " ", text).strip())
    chunks = json.dumps(_CHUNK.findall(line), ensure_ascii=False)
    return f'"\\"" (%regex {{"substring_chunks": {chunks}}} & /[^ ]|[^ ].*[^ ]/) "\\""'


def _rewrite(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """`expression` with `change` applied to every part, the whole first; what has been changed is not looked into."""
    changed = change(expression)
    if changed is not expression:
        return changed
    match expression:
        case Sequence(items):
            return sequence([_rewrite(i, change) for i in items])
        case Choice(options):
            return choice([_rewrite(o, change) for o in options])
        case Repeat(item, low, high):
            return Repeat(_rewrite(item, change), low, high)
        case _:
            return expression


def _edit(rules: dict[str, tuple[Alternative, ...]], rule: str, old: str, new: str | None) -> None:
    """Replaces every part of the rule that equals `old`, or drops the option that does; ValueError if there is none."""
    target, replacement = read_expression(old), None if new is None else read_expression(new)
    found = 0

    def change(part: Expression) -> Expression:
        nonlocal found
        if part == target and replacement is not None:
            found += 1
            return replacement
        if isinstance(part, Choice) and replacement is None and target in part.options:
            found += 1
            return choice([o for o in part.options if o != target])
        if isinstance(part, Sequence) and isinstance(target, Sequence) and replacement is not None:
            width = len(target.items)
            for start in range(len(part.items) - width + 1):
                if part.items[start : start + width] == target.items:
                    found += 1
                    return sequence([*part.items[:start], replacement, *part.items[start + width :]])
        return part

    alternatives = rules.get(rule, ())
    if replacement is None:
        found = sum(a.body == target for a in alternatives)
        alternatives = tuple(a for a in alternatives if a.body != target)
    edited = tuple(Alternative(_rewrite(a.body, change), a.alias) for a in alternatives)
    if not found:
        raise ValueError(f"the grammar's rule {rule!r} has no {old!r} any more: decoding must be adapted")
    rules[rule] = edited


def _strict_punctuation(part: Expression) -> Expression:
    """A colon that may be forgotten is written, a comma that may trail is not."""
    match part:
        case Repeat(Literal(":"), 0, 1):
            return Literal(":")
        case Repeat(Literal(","), 0, 1):
            return Sequence(())
        case _:
            return part


def _first_spellings(alternatives: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """Of alternatives that are single literals for the same thing (alias) only the first."""
    kept: dict[object, Alternative] = {}
    for number, a in enumerate(alternatives):
        kept.setdefault((a.alias,) if isinstance(a.body, Literal) else number, a)
    return tuple(kept.values())


def _reachable(rules: dict[str, tuple[Alternative, ...]], start: str) -> dict[str, tuple[Alternative, ...]]:
    seen: dict[str, None] = {}

    def visit(part: Expression) -> Expression:
        if isinstance(part, Reference) and part.name in rules and part.name not in seen:
            seen[part.name] = None
            for a in rules[part.name]:
                _rewrite(a.body, visit)
        return part

    visit(Reference(start))
    return {name: body for name, body in rules.items() if name in seen}


@cache
def _canonical_rules() -> dict[str, tuple[Alternative, ...]]:
    """The rules with one spelling each, calls and citations split by use; blanks are not placed yet."""
    rules = {name: _first_spellings(body) for name, body in _source().rules.items()}
    for name, body in rules.items():
        rules[name] = tuple(Alternative(_rewrite(a.body, _strict_punctuation), a.alias) for a in body)
    for rule, old, new in READINGS:
        _edit(rules, rule, old, new)
    rules["named_call"] = rules["call"]
    rules["named_head"] = rules["head"]
    _edit(rules, "named_head", '":"', None)
    for rule in _BARE:
        _edit(rules, rule, "head", "named_head")
    for rule, old, new in _SPLITS:
        _edit(rules, rule, old, new)
    ambiguous = [Alternative(Literal(w)) for w in BUILTIN_FUNCTIONS if w in keywords()]
    rules["function"] = (Alternative(Reference("name")), *ambiguous)
    rules["note"] = (Alternative(Repeat(Reference("STRING"), 1, None)),)
    return rules


def _statements(rules: dict[str, tuple[Alternative, ...]], kinds: Items[str] | None) -> None:
    """The start rule: statements, one a line, of the given kinds (by the word they begin with)."""
    if kinds is not None:
        unknown = set(kinds) - set(statement_keywords())
        if unknown or not kinds:
            raise ValueError(f"no statement begins with: {', '.join(sorted(unknown)) or 'nothing'}")
        rules["_statement"] = tuple(a for a in rules["_statement"] if _keyword(rules, a.body) in kinds)
    statement, line_end = Reference("_statement"), Literal("\n")
    more = Repeat(sequence([line_end, statement]), 0, None)
    rules["start"] = (Alternative(sequence([statement, more, Repeat(line_end, 0, 1)])),)


def decoding_grammar(
    *, text: str | None = None, names: Items[str] | None = None, statements: Items[str] | None = None
) -> str:
    """The grammar for llguidance in which a language model writes programs, or some statements of one.

    With `text`, citations are pieces of it. With `names`, an expression uses these, the built-in functions, and short
    variables (`x`, `X2`) only; declarations and labels stay free. With `statements` (`["constraint"]`) the program
    consists of statements that begin with these words.
    """
    rules = dict(_canonical_rules())
    terminals = {
        "NAME": Pattern(name_pattern()),
        "QUOTED_NAME": Pattern(quoted_name_pattern()),
        "INT": Pattern("/0|[1-9][0-9]*/"),
        "DECIMAL": Pattern(r"/(0|[1-9][0-9]*)\.[0-9]+/"),
        "STRING": Pattern(_STRING),
        "CITATION": Pattern(_STRING if text is None else citation_pattern(text)),
        BLANK: Pattern('" "'),
    }
    if names is not None:
        for rule in _USES:
            _edit(rules, rule, "name", "known")
        rules["known"] = (Alternative(Reference("KNOWN")), Alternative(Reference("VARIABLE")))
        functions = [Alternative(Literal(f)) for f in BUILTIN_FUNCTIONS if f not in names]
        rules["function"] = tuple(dict.fromkeys((*rules["function"], *functions)))
        written = [json.dumps(written_name(n), ensure_ascii=False) for n in dict.fromkeys(names)]
        terminals["KNOWN"] = Pattern(" | ".join(written) or "/[a-z]/")
        terminals["VARIABLE"] = Pattern(f"/{_VARIABLE}/")
    _statements(rules, statements)
    rules = _reachable(place_blanks(_reachable(rules, "start")), "start")
    return write_grammar(Grammar(rules, {n: p for n, p in terminals.items() if _is_used(rules, n)}))


def _is_used(rules: dict[str, tuple[Alternative, ...]], terminal: str) -> bool:
    def mentions(part: Expression) -> bool:
        match part:
            case Reference(name):
                return name == terminal
            case Sequence(parts) | Choice(parts):
                return any(mentions(p) for p in parts)
            case Repeat(item, _, _):
                return mentions(item)
            case _:
                return False

    return any(mentions(a.body) for body in rules.values() for a in body)
