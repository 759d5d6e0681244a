"""Hints on formulas: quantifiers, comprehensions, conditions, brackets."""

from __future__ import annotations

from nsr.diagnostics import Span
from nsr.grammars.hint_rows import COMPARES, Hint, Match, is_name, span_of
from nsr.grammars.lexer import END
from nsr.grammars.situation import Situation

__all__ = ["FORMULA_HINTS"]

_QUANTIFIERS = frozenset(["forall", "exists", "exactly", "at_least", "at_most"])
_AGGREGATES = frozenset(["count", "sum", "prod", "min", "max", "any", "all", "len", "distinct"])
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def _in_binders(s: Situation) -> bool:
    """Whether the token found stands in or right after the binders of a quantifier or a `for`."""
    return {"if", "where"} <= s.expected and "," in s.expected


def _is_quantifier_open(s: Situation) -> bool:
    return ":" in s.expected and any(t.text in _QUANTIFIERS for t in s.inside())


def _colon_follows(s: Situation) -> bool:
    """Whether the binders are closed by a `:` further on in the statement."""
    depth = 0
    for index in range(s.position, len(s.tokens)):
        token = s.tokens[index]
        if token.kind == END or (token.text in s.statement_keywords and s.is_first_on_line(index)):
            return False
        if token.text in _CLOSING:
            depth += 1
        elif token.text in _CLOSING.values():
            depth -= 1
            if depth < 0:
                return False
        elif token.text == ":" and depth == 0:
            return True
    return False


def _filter_after_comma(s: Situation) -> Match | None:
    """`forall i, j in L, i != j: ...`, seen at the sign after the name, or at `not` after the comma."""
    before, comma = s.back(), s.back(2)
    is_denial = s.found.text == "not" and before is not None and before.text == "," and "NAME" in s.expected
    if is_denial:
        comma = before
        if "in" not in {t.text for t in s.inside()} or not {"forall", "exists", "for"} & {t.text for t in s.inside()}:
            return None
    elif not (is_name(before) and comma is not None and comma.text == ",") or (
        not _in_binders(s)
        or "in" not in s.expected
        or not (s.found.text in COMPARES or s.found.text in ("(", "+", "-", "*", "/", "["))
    ):
        return None
    assert comma is not None
    is_quantifier = _is_quantifier_open(s) or (is_denial and not any(t.text == "for" for t in s.inside()))
    if is_quantifier and not _colon_follows(s):
        return Match(span_of(comma), fix=":", words={"word": ":", "what": "formula", "like": "forall x in T: ..."})
    return Match(
        span_of(comma), fix=" if", words={"word": "if", "what": "condition", "like": "forall i, j in L if i != j: ..."}
    )


def _quantifier_colon(s: Situation) -> Match | None:
    """No `:` between binders and formula."""
    before = s.back()
    if before is None or not _is_quantifier_open(s) or not _in_binders(s):
        return None
    if s.is_next_statement:
        return Match()
    text = s.found.text
    if text in (".", "|", ";", "=>", "->", "implies", "→"):
        return Match(span_of(s.found), fix=":")
    if text == "such" and s.ahead().text == "that":
        return Match(Span(s.found.start, s.ahead().end), fix=":")
    if is_name(s.found) or text in _QUANTIFIERS | {"not", "(", "distinct", "{"} or s.found.kind in ("INT", "DECIMAL"):
        return Match(Span(before.end, before.end), fix=":")
    return Match() if text in COMPARES else None


def _missing_for(s: Situation) -> Match | None:
    """`count(p in T if φ)`, `count(p in T: φ)`: what is generated is not said."""
    opening = s.open_bracket()
    if opening is None or opening + 2 >= s.position:
        return None
    bracket, name, word = s.tokens[opening], s.tokens[opening + 1], s.tokens[opening + 2]
    function = s.tokens[opening - 1] if opening > s.start else None
    is_call = bracket.text == "(" and function is not None and function.text in _AGGREGATES
    if not (is_call or bracket.text in ("{", "[")) or not is_name(name):
        return None
    is_list = word.text == ","
    if not (word.text == "in" or is_list) or not any(t.text == "in" for t in s.tokens[opening : s.position]):
        return None
    if any(t.text == "for" for t in s.tokens[opening : s.position]):
        return None
    lead = function.text if function is not None and is_call else ""
    words = {
        "name": name.text,
        "call": f"{lead}{bracket.text}{name.text} for {name.text} in ... if ...{_CLOSING[bracket.text]}",
    }
    if is_list:
        return Match(words=words) if s.found.text in (":", "where", "if", "|") else None
    if s.found.text in (":", "where", "|"):
        text = s.source[name.start : s.found.start].rstrip()
        span = Span(name.start, s.found.end)
        return Match(span, fix=f"{name.text} for {text} if", words=words)
    if "else" in s.expected and any(t.text == "if" for t in s.tokens[opening : s.position]):
        return Match(span_of(name), fix=f"{name.text} for {name.text}", words=words)
    return None


def _aggregate_without_brackets(s: Situation) -> Match | None:
    before = s.back()
    if before is None or before.text not in _AGGREGATES - {"all", "count"} or not is_name(s.found):
        return None
    return Match(words={"function": before.text}) if not s.is_first_on_line(s.position) else None


def _missing_else(s: Situation) -> Match | None:
    if "else" not in s.expected or "then" in s.expected:
        return None
    opening = next((t for t in reversed(s.inside()) if t.text == "if"), None)
    if opening is None:
        return None
    has_then = any(t.text == "then" for t in s.inside() if t.start > opening.start)
    if not (has_then or s.found.text in (")", "]", "}", ",") or s.is_next_statement):
        return None
    do = (
        "write `φ implies ψ` for a condition, or add `else` with the other value"
        if has_then
        else ("a condition after a value needs `else`; what is generated needs `for x in T` before its `if`")
    )
    return Match(words={"do": do}, labels=((span_of(opening), "belongs to this `if`"),))


def _missing_then(s: Situation) -> Match | None:
    if "then" not in s.expected:
        return None
    before = s.back()
    if s.found.text == ":" or (s.found.text == "," and s.ahead().text != "then" and "," not in s.expected):
        return Match(fix=" then", instead="then")
    if s.found.text == "," and s.ahead().text == "then":
        return Match(fix="", instead="")
    if before is not None and is_name(s.found) and "if" in {t.text for t in s.inside()}:
        return Match(fix=" then", fix_span=Span(before.end, before.end))
    return None


def _decimal_bound(s: Situation) -> Match | None:
    before = s.back()
    if s.found.kind != "DECIMAL" or before is None or before.text != "in":
        return None
    after, high = s.ahead(), s.ahead(2)
    if s.keyword in ("var", "param", "define") and after.text == ".." and high.kind in ("INT", "DECIMAL"):
        span = Span(before.start, high.end)
        return Match(span, fix=f">= {s.found.text} <= {high.text}", words={"do": "`real >= 0.5 <= 2`"})
    return Match(words={"do": "comparisons: `0.5 <= x <= 2`, or `real >= 0.5 <= 2` in a declaration"})


def _dangling_comma(s: Situation) -> Match | None:
    before = s.back()
    if (
        before is None
        or before.text != ","
        or not (s.is_next_statement or s.found.text in (")", "]", "}") or s.found.text == ":")
    ):
        return None
    return Match(span_of(before), fix="")


def _needs_parentheses(s: Situation) -> Match | None:
    before = s.back()
    if s.found.text not in _QUANTIFIERS | {"not", "if"} or before is None or "(" not in s.expected:
        return None
    return Match(words={"sign": before.text}) if before.text in COMPARES | set("+-*/%") | {"//", "**"} else None


def _absolute_bars(s: Situation) -> Match | None:
    return Match(span_of(s.found)) if s.found.text == "|" and {"NAME", "INT"} <= s.expected else None


def _brackets(s: Situation) -> Match | None:
    """A bracket that is not closed, or closed by another one."""
    opening = s.open_bracket()
    if opening is None or not (s.is_next_statement or s.found.text in (")", "]", "}")):
        return None
    bracket = s.tokens[opening]
    closing = _CLOSING[bracket.text]
    if s.found.text == closing:
        return None
    return Match(
        words={"open": bracket.text, "close": closing},
        labels=((span_of(bracket), "opened here"),),
        expected=(f"`{closing}`",),
    )


def _unopened(s: Situation) -> Match | None:
    if s.found.text not in (")", "]", "}") or s.open_bracket() is not None:
        return None
    return Match(span_of(s.found), fix="", instead="")


FORMULA_HINTS: tuple[Hint, ...] = (
    Hint(
        "filter-after-comma",
        "after the binders the {what} is set off by `{word}`, not by a comma",
        "write `{word}` in place of the comma: `{like}`",
        _filter_after_comma,
        (
            "constraint: forall i, j in L, i != j: x(i) != x(j)",
            "constraint: forall i in L, p(i): q(i)",
            "constraint: forall i in L, not p(i): q(i)",
            "minimize sum(x(i) for i in L, i != a)",
            "premise: forall x in T, p(x) implies q(x)",
        ),
        found="comma",
    ),
    Hint(
        "quantifier-colon",
        "between the binders of a quantifier and its formula stands `:`",
        "write `forall x in T: ...`",
        _quantifier_colon,
        (
            "premise: forall x in T p(x)",
            "premise: exists x in T such that p(x)",
            "premise: forall x in T . p(x)",
            "premise: exists x in T | p(x)",
            "constraint: forall x in T (p(x))",
            "premise: forall x p(x)",
            "premise: forall x in T -> p(x)",
        ),
        found="`:` is missing",
    ),
    Hint(
        "missing-for",
        "what is gone over stands behind `for`",
        "write `{call}`",
        _missing_for,
        (
            "compute count(p in T if happy(p))",
            "compute count(p in T: happy(p))",
            "constraint: sum(x in T where x > 1) == 3",
            "compute [x in T if p(x)]",
        ),
        found="`for` is missing before this",
    ),
    Hint(
        "missing-brackets",
        "`{function}` takes its arguments in parentheses",
        "write `{function}(x(i) for i in L)`",
        _aggregate_without_brackets,
        ("minimize sum x(i) for i in L", "compute max a, b"),
        found="parentheses are missing",
    ),
    Hint(
        "missing-then",
        "after the condition of `if` comes `then`",
        "write `if φ then a else b`",
        _missing_then,
        (
            "compute if x == 1: 2 else 3",
            "constraint: if p(a), q(a)",
            "constraint: if p(a), then q(a)",
            "constraint: if p(a) q(a)",
        ),
        found="`then` is missing",
    ),
    Hint(
        "missing-else",
        "inside a formula `if` needs `else`",
        "{do}",
        _missing_else,
        (
            "compute (if x == 1 then 2)",
            "constraint: p(a) and (if q(a) then r(a))",
            "minimize x + (y if z)",
            "define f(x: T) = if p(x) then 1\nfind one",
        ),
        found="`else` is missing",
    ),
    Hint(
        "decimal-bound",
        "the ends of a range are integers",
        "write {do}",
        _decimal_bound,
        ("var x: real in 0.5 .. 2", "constraint: x in 0.5..2", "param p: real in 0.1..0.9 = 0.5"),
        found="decimal",
    ),
    Hint(
        "needs-parentheses",
        "behind `{sign}` a formula that begins with `{found}` stands in parentheses",
        "write `{sign} ({found} ...)`",
        _needs_parentheses,
        (
            "constraint: p(a) == not q(a)",
            "constraint: x == if p(a) then 1 else 2",
            "compute 1 + if p(a) then 1 else 2",
            "constraint: p(a) != exists x in T: q(x)",
        ),
        found="parentheses are missing",
    ),
    Hint(
        "absolute-bars",
        "bars do not mean the absolute value",
        "write `abs(x)`, or `len(s)` for the size of a set",
        _absolute_bars,
        ("constraint: |x - y| == 1", "compute |s|"),
        found="bar",
    ),
    Hint(
        "dangling-comma",
        "nothing follows the comma",
        "take the comma out, or write what is missing after it",
        _dangling_comma,
        ("var x: int,\nfind one", "constraint: f(a, b,) == 1", "find x,", "const a, b,: T"),
        found="comma",
    ),
    Hint(
        "unclosed-bracket",
        "`{open}` is not closed",
        "write `{close}` here",
        _brackets,
        ("type T = {a, b\nfind one", "constraint: f(a, (b == 3", "constraint: f(a] == 3", "compute [1, 2)"),
        found="`{close}` is missing",
    ),
    Hint(
        "unopened-bracket",
        "`{found}` closes nothing",
        "take it out, or open the bracket before",
        _unopened,
        ("find one)", "constraint: p(a)) and q(b)"),
        found="no open bracket",
    ),
)
"""Hints on formulas."""
