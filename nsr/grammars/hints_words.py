"""Hints on single tokens: signs and words of other notations, wrong quotation marks, stray characters."""

from __future__ import annotations

import re
import unicodedata

from nsr.diagnostics import Span
from nsr.grammars.hint_rows import Hint, Match, is_name, replaced, span_of
from nsr.grammars.lexer import END, NEVER_NAMES, WORD
from nsr.grammars.situation import Situation

__all__ = ["LAST_HINTS", "WORD_HINTS"]

_OPERATORS = {
    "==>": "implies",
    "<==>": "iff",
    "===": "==",
    "!==": "!=",
    "&&": "and",
    "||": "or",
    "<>": "!=",
    "/\\": "and",
    "\\/": "or",
    "...": "..",
    "!": "not",
    "~": "not",
    "⇒": "implies",
    "⟹": "implies",
    "⟶": "implies",
    "⊃": "implies",
    "⇔": "iff",
    "⟺": "iff",
    "≡": "iff",
    "⊕": "xor",
    "⊻": "xor",
    "∀": "forall",
    "∃": "exists",
    "∈": "in",
    "∉": "not in",
    "∪": "|",
    "∩": "&",
    "⊆": "<=",
    "∅": "{}",
    "×": "*",
    "·": "*",
    "⋅": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "..",
}
_WORDS = {
    "AND": "and",
    "And": "and",
    "OR": "or",
    "Or": "or",
    "NOT": "not",
    "Not": "not",
    "XOR": "xor",
    "IN": "in",
    "IMPLIES": "implies",
    "Implies": "implies",
    "IFF": "iff",
    "IF": "if",
    "If": "if",
    "THEN": "then",
    "Then": "then",
    "ELSE": "else",
    "Else": "else",
    "FOR": "for",
    "For": "for",
    "is": "==",
    "equals": "==",
    "eq": "==",
    "neq": "!=",
    "mod": "%",
    "MOD": "%",
    "div": "//",
    "times": "*",
    "plus": "+",
    "minus": "-",
    "elif": "else if",
    "elseif": "else if",
    "when": "if",
    "whenever": "if",
    "provided": "if",
    "iif": "iff",
}
_UNITS = frozenset("$€£¥°")


def _foreign_operator(s: Situation) -> Match | None:
    if s.found.kind not in ("!FOREIGN", "!OTHER"):
        return None
    text = _OPERATORS.get(s.found.text)
    if text is None:
        return None
    blank_before = text.isalpha() and s.is_glued and s.source[s.found.start - 1].isalnum()
    blank_after = text.isalpha() and s.source[s.found.end : s.found.end + 1].isalnum()
    word = " " * blank_before + text + " " * blank_after
    return Match(span=span_of(s.found), fix=word, instead=text, words={"word": text})


def _foreign_word(s: Situation) -> Match | None:
    if not is_name(s.found) or s.is_at_start:
        return None
    text = _WORDS.get(s.found.text)
    fits = text is not None and text.split()[0] in s.expected
    return replaced(s.found, text, word=text) if text is not None and fits else None


def _two_words(s: Situation) -> Match | None:
    """`at least`, `may coincide`: two words that the language writes as one."""
    for first, second in ((s.back(), s.found), (s.found, s.ahead())):
        if first is None or not (is_name(first) and is_name(second)):
            continue
        joined = f"{first.text}_{second.text}".lower()
        if joined in ("at_least", "at_most", "may_coincide", "two_sided"):
            return Match(span=Span(first.start, second.end), fix=joined, words={"word": joined})
    return None


def _assignment(s: Situation) -> Match | None:
    if s.found.text not in (":=", "+=", "-="):
        return None
    if s.found.text != ":=" or not {"=", ":"} & s.expected:
        return Match()
    return replaced(s.found, "=" if "=" in s.expected else ":")


def _power(s: Situation) -> Match | None:
    return replaced(s.found, "**") if s.found.text == "^" and "**" in s.expected else None


def _superscript(s: Situation) -> Match | None:
    match = re.fullmatch(r"([A-Za-z_]\w*?)([²³])", s.found.text)
    if s.found.kind != "!WORD" or match is None or not match[1].isascii():
        return None
    return replaced(s.found, f"{match[1]} ** {'2' if match[2] == '²' else '3'}")


def _curly(s: Situation) -> Match | None:
    text = s.found.text
    if s.found.kind != "!CURLY" or len(text) < 2 or text[-1] not in "“”‟«»":
        return None
    return replaced(s.found, '"' + text[1:-1].replace('"', '\\"') + '"')


def _open_curly(s: Situation) -> Match | None:
    return Match() if s.found.kind == "!CURLY" else None


def _single_quotes(s: Situation) -> Match | None:
    if s.found.kind != "!SINGLE":
        return None
    inner = s.found.text[1:-1]
    if "STRING" in s.expected:
        return replaced(s.found, '"' + inner.replace('"', '\\"') + '"')
    return replaced(s.found, _as_name(inner)) if inner and "NAME" in s.expected else Match()


def _as_name(text: str) -> str:
    """A name with that text as it is written."""
    return text if re.fullmatch(r"[A-Za-z_]\w*", text, re.ASCII) else "`" + text.replace("`", "'") + "`"


def _string_value(s: Situation) -> Match | None:
    """A string where only a name or value can stand."""
    before = s.back()
    if s.found.kind != "STRING" or "NAME" not in s.expected or before is None or s.found.text == '""':
        return None
    if before.text == ":" or before.kind == "STRING" or s.position == s.start + 1:
        return None
    return replaced(s.found, _as_name(s.found.text[1:-1]), name=_as_name(s.found.text[1:-1]))


def _open_string(s: Situation) -> Match | None:
    return Match() if s.found.kind == "!OPEN_STRING" else None


def _open_name(s: Situation) -> Match | None:
    return Match() if s.found.kind == "!OPEN_NAME" else None


def _odd_name(s: Situation) -> Match | None:
    if s.found.kind != "!WORD" or "NAME" not in s.expected:
        return None
    return replaced(s.found, f"`{s.found.text}`")


def _word_as_name(s: Situation) -> Match | None:
    """`type or = ...`: a word of formulas where only a name can stand."""
    if s.found.text not in NEVER_NAMES or "NAME" not in s.expected or "INT" in s.expected:
        return None
    return replaced(s.found, f"`{s.found.text}`")


def _numbered_name(s: Situation) -> Match | None:
    """`3rd` in the elements of a type, or an ordinal anywhere."""
    before = s.back()
    if before is None or before.kind != "INT" or s.found.kind != WORD or not s.is_glued:
        return None
    if s.keyword != "type" and s.found.text not in ("st", "nd", "rd", "th"):
        return None
    span = Span(before.start, s.found.end)
    return Match(span=span, fix=f"`{before.text}{s.found.text}`", words={"name": before.text + s.found.text})


def _times(s: Situation) -> Match | None:
    before = s.back()
    if before is None or before.kind not in ("INT", "DECIMAL") or "*" not in s.expected:
        return None
    if not (is_name(s.found) and s.found.text not in s.statement_keywords) and s.found.text != "(":
        return None
    if not s.is_glued:
        return Match(words={"number": before.text})
    return Match(fix=" * ", fix_span=Span(before.end, before.end), words={"number": before.text})


def _wide(s: Situation) -> Match | None:
    """Full-width forms of signs that the language has."""
    if s.found.kind not in ("!OTHER", "!WORD"):
        return None
    text = unicodedata.normalize("NFKC", s.found.text)
    return replaced(s.found, text, word=text) if text != s.found.text and text.isascii() and text.strip() else None


def _semicolon(s: Situation) -> Match | None:
    return replaced(s.found, "") if s.found.text == ";" else None


def _full_stop(s: Situation) -> Match | None:
    if s.found.text != "." or not s.is_glued:
        return None
    is_last = s.ahead().kind == END or s.is_first_on_line(s.position + 1)
    return replaced(s.found, "") if is_last else None


def _dot(s: Situation) -> Match | None:
    before, after = s.back(), s.ahead()
    if s.found.text != "." or before is None or {":", "if"} <= s.expected:
        return None
    if before.kind == "INT":
        return Match(words={"do": "leave the point away, or write a digit after it"})
    if is_name(before) and is_name(after):
        return Match(words={"do": f"there are functions, no attributes: write `{after.text}({before.text})`"})
    return Match(words={"do": "a point stands only inside numbers"})


def _unit(s: Situation) -> Match | None:
    return replaced(s.found, "") if s.found.text in _UNITS else None


def _percent(s: Situation) -> Match | None:
    before, number = s.back(), s.back(2)
    if before is None or number is None or before.text != "%" or number.kind not in ("INT", "DECIMAL"):
        return None
    return Match(span=Span(number.start, before.end), words={"number": number.text})


def _fence(s: Situation) -> Match | None:
    return replaced(s.found, "") if s.found.kind == "!FENCE" else None


def _comment(s: Situation) -> Match | None:
    """`// words` or `-- words`: it fails at the sign, or at the second word behind it."""
    index = s.position
    while True:
        token, after = s.tokens[index], s.tokens[min(index + 1, len(s.tokens) - 1)]
        if token.text == "//" or (token.text == after.text == "-" and token.end == after.start):
            end = token.end if token.text == "//" else after.end
            first_word = index + (1 if token.text == "//" else 2)
            is_prose = all(
                t.kind in (WORD, "!WORD") or t.text in (",", ".", "'") for t in s.tokens[first_word : s.position]
            )
            return Match(span=Span(token.start, end), fix="#") if is_prose else None
        if index <= s.start or s.is_first_on_line(index):
            return None
        index -= 1


def _odd_blank(s: Situation) -> Match | None:
    text = s.found.text
    if s.found.kind != "!OTHER" or unicodedata.category(text) not in ("Cf", "Zs", "Zl", "Zp"):
        return None
    return Match(span=span_of(s.found), fix=" ", instead="", words={"sign": f"U+{ord(text):04X}"})


def _control(s: Situation) -> Match | None:
    if s.found.kind != "!OTHER" or unicodedata.category(s.found.text) not in ("Cc", "Cs", "Co", "Cn"):
        return None
    return Match(span=span_of(s.found), words={"sign": f"U+{ord(s.found.text):04X}"})


def _stray(s: Situation) -> Match | None:
    return Match(span=span_of(s.found)) if s.found.kind in ("!OTHER", "!FOREIGN", "!WORD") else None


WORD_HINTS: tuple[Hint, ...] = (
    Hint(
        "markdown-fence",
        "a program holds no code fences",
        "leave the line out",
        _fence,
        ("```\nfind one", "find one\n```", "```nsr\nfind one\n```"),
        found="fence",
    ),
    Hint(
        "unterminated-quotation",
        "the quotation is not closed on its line",
        'close it with `"` on the same line; a quotation mark inside is written `\\"`',
        _open_string,
        ('constraint "Ann is first: x == 1', 'type T = {a}\nquestion "Who?\nfind one'),
        found="opens here",
    ),
    Hint(
        "unterminated-name",
        "the name in backquotes is not closed on its line",
        "close it with a backquote on the same line",
        _open_name,
        ("type T = {`van Dyk, b}", "find `"),
        found="opens here",
    ),
    Hint(
        "curly-quotes",
        "quotations stand in straight quotation marks",
        'write `"` at both ends',
        _curly,
        ("constraint “Ann is first.”: x == 1", "question «Who is it?»\nfind one", "missing „note“"),
        found="curly quotation marks",
    ),
    Hint(
        "curly-quotes",
        "quotations stand in straight quotation marks",
        'write `"` at both ends, on one line',
        _open_curly,
        ("constraint “Ann is first: x == 1", "find ”"),
        found="curly quotation mark",
    ),
    Hint(
        "single-quotes",
        "single quotation marks mean nothing here",
        'a quotation stands in `"`, a name in no quotation marks or, if it is no plain word, in backquotes',
        _single_quotes,
        ("constraint 'Ann is first.': x == 1", "type T = {'dark red', 'blue'}", "constraint: x == 'red'"),
        found="single quotation marks",
    ),
    Hint(
        "string-value",
        "there are no strings as values; {found} stands where a name should",
        "write {name} without quotation marks",
        _string_value,
        (
            'type T = {"red", "dark blue"}',
            'constraint: color(a) == "red"',
            'fact lives("Ann", "Rome")',
            'find x, "y"',
        ),
        found="string",
    ),
    Hint(
        "superscript",
        "powers are written with `**`",
        "write `**` and the number",
        _superscript,
        ("minimize x² + y", "compute a³"),
        found="superscript",
    ),
    Hint(
        "full-width-sign",
        "`{found}` is a full-width sign",
        "write `{word}`",
        _wide,
        ("constraint: p（x)", "var x： int", "find x，y", "constraint: x ＝ 1"),
        found="full-width",
    ),
    Hint(
        "name-needs-backquotes",
        "the name `{found}` has letters beyond a to z",
        "write it in backquotes, as in the text",
        _odd_name,
        ("type T = {zoë, bob}", "constraint: age(rené) == 3", "find größe"),
        found="not a plain name",
    ),
    Hint(
        "name-needs-backquotes",
        "`{name}` starts with a digit",
        "write it in backquotes: `` `{name}` ``",
        _numbered_name,
        ("type Floor = {1st, 2nd}", "constraint: floor(ann) == 3rd", "type T = [a, 4x4]"),
        found="not a plain name",
    ),
    Hint(
        "foreign-operator",
        "the language has no `{found}`",
        "write `{word}`",
        _foreign_operator,
        (
            "constraint: p(a) && q(b)",
            "constraint: p(a) || q(b)",
            "constraint: !p(a)",
            "premise: ∀ x in T: p(x)",
            "premise: p(a) ==> q(a)",
            "premise: p(a) ⇒ q(a)",
            "constraint: x === 3",
            "constraint: x ∈ {1, 2}",
            "constraint: ~p(a)",
            "constraint: x − y == 2",
            "constraint: p /\\ q",
            "constraint: x <> 3",
            "type T = 1...5",
        ),
        found="of another notation",
    ),
    Hint(
        "power-operator",
        "powers are written with `**`",
        "write `**` for a power, `xor` for an exclusive or",
        _power,
        ("minimize x ^ 2", "compute 2^3"),
        found="power?",
    ),
    Hint(
        "foreign-word",
        "the language has no word `{found}` here",
        "write `{word}`",
        _foreign_word,
        (
            "constraint: p(a) AND q(a)",
            "constraint: day(a) is mon",
            "constraint: x mod 2 == 0",
            "rule p(X) when q(X)",
            "compute if a then 1 elif b then 2 else 3",
            "constraint: not_p or p Or q",
        ),
        found="of another notation",
    ),
    Hint(
        "two-words",
        "`{word}` is one word",
        "write `{word}`",
        _two_words,
        (
            "constraint: at least 2 x in T: p(x)",
            "constraint: at most one x in T: p(x)",
            "type T may coincide",
            "rel p(T) two sided",
        ),
        found="two words",
    ),
    Hint(
        "assignment",
        "there are no assignments",
        "`==` compares, `=` gives a declaration its value, `:` ends the head of a statement",
        _assignment,
        ("constraint: x := 3", "param n: int := 3", "define f(x: T) := x + 1", "compute x += 1"),
        found="assignment",
    ),
    Hint(
        "semicolon",
        "statements end without a semicolon",
        "leave `;` out",
        _semicolon,
        ("find one;", "type T = {a, b};\nfind one", "constraint: p(a); q(b)"),
        found="semicolon",
    ),
    Hint(
        "full-stop",
        "statements end without a full stop",
        "leave `.` out",
        _full_stop,
        ("fact p(a).", "rule p(X) if q(X).\nfind one"),
        found="full stop",
    ),
    Hint(
        "point",
        "`.` cannot stand here",
        "{do}",
        _dot,
        ("constraint: ann.age == 3", "compute 1. + 2"),
        found="point",
    ),
    Hint(
        "unit-sign",
        "numbers stand without units",
        "leave `{found}` out; say in a comment or a name what is measured",
        _unit,
        ("param price: int = $5", "constraint: cost <= 100€"),
        found="unit",
    ),
    Hint(
        "percent-sign",
        "there is no percent sign: `%` is the remainder of a division",
        "write the share as a decimal: 10 % is `0.1`",
        _percent,
        ("param rate: real = 10%", "constraint: x <= 5 %\nfind one", "compute (10%)"),
        found="percent",
    ),
    Hint(
        "comment-sign",
        "comments begin with `#`",
        "write `#` in place of the sign",
        _comment,
        (
            "// the types\ntype T = {a, b}",
            "constraint: x == 3 // the third house",
            "find one -- that is all",
        ),
        found="comment?",
    ),
    Hint(
        "missing-times",
        "a product needs `*`",
        "write `*` after `{number}`",
        _times,
        ("minimize 2x + y", "constraint: 3(x + y) <= 4", "constraint: x <= 2 y"),
        found="times?",
    ),
    Hint(
        "odd-blank",
        "the sign {sign} looks like a blank and is none",
        "write a blank",
        _odd_blank,
        ("find\u00a0one", "constraint:\u200b p(a)", "find one\u2028"),
        found="no blank",
    ),
    Hint(
        "control-character",
        "the text holds the control character {sign}",
        "take it out; the program is read as UTF-8",
        _control,
        ("find \x00one", "constraint: p(\x1ba)", "find \udcff", "find one\x0c"),
        found="cannot be read",
    ),
)
"""Hints on single tokens."""

LAST_HINTS: tuple[Hint, ...] = (
    Hint(
        "keyword-as-name",
        "`{found}` is a word of the language; it cannot be a name",
        "take another name, or write it in backquotes: `` `{found}` ``",
        _word_as_name,
        ("type or = {a, b}", "pred in(T)", "fact none(a)", "var if: int"),
        found="used as a name",
    ),
    Hint(
        "stray-sign",
        "the language has no sign `{found}`",
        "take it out; names with unusual letters stand in backquotes",
        _stray,
        ("constraint: p(a) @ q", "find ?", "constraint: x == \\y", "type 😀 = 1..2"),
        found="unknown sign",
    ),
)
"""What is left to say of words and signs when nothing else fits."""
