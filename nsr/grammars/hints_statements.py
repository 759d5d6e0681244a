"""Hints on the shape of statements: keywords, heads, declarations, goals."""

from __future__ import annotations

import itertools

from nsr.diagnostics import Span, nearest
from nsr.grammars.hint_rows import COMPARES, DECLARATIONS, HEADED, Hint, Match, is_name, replaced, span_of
from nsr.grammars.lexer import END, WORD
from nsr.grammars.situation import Situation

__all__ = ["STATEMENT_HINTS"]

# Words that begin statements elsewhere, and what is meant.
_OTHER_KEYWORDS = {
    "def": "define",
    "let": "define",
    "function": "var",
    "variable": "var",
    "variables": "var",
    "unknown": "var",
    "parameter": "param",
    "data": "param",
    "constant": "const",
    "individual": "const",
    "object": "const",
    "sort": "type",
    "enum": "type",
    "domain": "type",
    "class": "type",
    "predicate": "pred",
    "relation": "rel",
    "assert": "constraint",
    "require": "constraint",
    "ensure": "constraint",
    "clue": "constraint",
    "axiom": "premise",
    "given": "premise",
    "suppose": "assume",
    "hypothesis": "assume",
    "solve": "find",
    "print": "find",
    "show": "find",
    "output": "find",
    "goal": "prove",
    "conclusion": "prove",
    "conjecture": "prove",
    "theorem": "prove",
    "query": "ask",
    "return": "compute",
    "calculate": "compute",
    "min": "minimize",
    "minimise": "minimize",
    "max": "maximize",
    "maximise": "maximize",
    "objective": "maximize",
    "answer": "option",
    "choice": "option",
    "import": "include",
    "note": "missing",
}
_FORMULA_STARTS = frozenset(["forall", "exists", "exactly", "at_least", "at_most", "not", "if", "distinct", "(", "{"])
_MODES = ("could", "must", "cannot", "could except", "must except", "cannot except")
_FIND_MODES = ("one", "all", "unique", "count")


def _other_keyword(s: Situation) -> Match | None:
    if not s.is_at_start or s.found.kind != WORD:
        return None
    word = s.found.text
    lowered = word.lower()
    for candidate in (lowered, lowered.removesuffix("s")):
        if candidate in s.statement_keywords and s.ahead().text not in ("==", "=", "(", ","):
            return replaced(s.found, candidate, word=candidate)
    meant = _OTHER_KEYWORDS.get(lowered)
    follows = s.ahead()
    if meant is None or s.is_first_on_line(s.position + 1) or not (is_name(follows) or follows.text in (":", "(")):
        return None
    return Match(words={"word": meant})


def _formula_without_keyword(s: Situation) -> Match | None:
    if not s.is_at_start:
        return None
    ahead = [t.text for t in s.rest_of_line()[1:]]
    is_formula = s.found.text in _FORMULA_STARTS or (
        is_name(s.found)
        and bool(ahead)
        and (ahead[0] in COMPARES or ahead[0] in ("(", "implies", "iff", "and", "or", "in", "["))
    )
    if not is_formula:
        return None
    return Match(fix="constraint: ", fix_span=Span(s.found.start, s.found.start))


def _prose(s: Situation) -> Match | None:
    if not s.is_at_start:
        return None
    line = s.rest_of_line()
    span = Span(s.found.start, line[-1].end if line else s.found.end)
    close = nearest(s.found.text, s.statement_keywords) if s.found.kind == WORD else ()
    do = f"did you mean `{close[0]}`? " if close else ""
    return Match(span, words={"do": do + "write what is no statement as a comment, behind `#`"}, expected=close)


# Heads


def _head_only(s: Situation) -> bool:
    """Whether nothing but a label stands between the keyword and the token found."""
    return s.position == s.start + 2 and is_name(s.back())


def _missing_colon(s: Situation) -> Match | None:
    before = s.back()
    if s.keyword not in HEADED | {"missing", "question"} or before is None or s.is_next_statement:
        return None
    if s.found.text in (")", "]", "}", ",") or s.found.kind == "STRING":
        return None
    insert = Span(before.end, before.end)
    if s.keyword == "missing" and before.kind == "STRING":
        return Match(insert, fix=":")
    if s.keyword in ("option", "soft") and ":" in s.expected and "STRING" in s.expected and s.found.text != "=":
        is_label = s.keyword == "option" or is_name(s.found) or s.found.text in _FORMULA_STARTS
        if is_label:
            return Match(insert, fix=":")
        keyword = s.tokens[s.start]
        return Match(Span(keyword.end, keyword.end), fix=":")
    label = s.back(2)
    if before.text == "not" and s.position == s.start + 3 and is_name(label) and s.expected == {"in"}:
        # `premise p1 not p(a)` is read as `p1 not in` up to here.
        assert label is not None
        return Match(Span(label.end, label.end), fix=":")
    if not _head_only(s) or s.keyword == "question" or before.text in ("sum", "max", "min", "len", "prod", "any"):
        return None
    if is_name(s.found) and (s.ahead().text == ":" or s.ahead().kind == "STRING"):
        return None
    starts = is_name(s.found) or s.found.kind in ("INT", "DECIMAL") or s.found.text in _FORMULA_STARTS
    return Match(insert, fix=":") if starts else None


def _label_of_words(s: Situation) -> Match | None:
    """`constraint first rule: ...`"""
    if s.keyword not in HEADED | {"question"} or not _head_only(s) or s.found.kind != WORD:
        return None
    if not (s.ahead().text == ":" or s.ahead().kind == "STRING"):
        return None
    before = s.back()
    assert before is not None
    joined = f"{before.text}_{s.found.text}"
    return Match(Span(before.start, s.found.end), fix=joined, words={"label": joined})


def _label_after_quotation(s: Situation) -> Match | None:
    label = s.back()
    inside = s.inside()[1:]
    if s.keyword not in HEADED | {"question"} or not (s.found.text == ":" or s.keyword == "question"):
        return None
    strings = inside[:-1] if s.found.text == ":" else inside
    name = label if s.found.text == ":" else s.found
    if s.keyword == "question" and s.found.text == ":":
        return None
    if not strings or not is_name(name) or any(t.kind != "STRING" for t in strings):
        return None
    assert name is not None
    if ":" in s.source[strings[-1].end : name.start]:
        return None
    last = s.found if s.found.text == ":" else name
    fixed = f"{s.source[name.start : name.end]} {s.text(strings[0], strings[-1])}"
    fixed += ":" if s.found.text == ":" else ""
    return Match(Span(strings[0].start, last.end), fix=fixed, words={"label": name.text})


def _quotation_after_colon(s: Situation) -> Match | None:
    """`option A: "...": φ`"""
    before = s.back()
    if s.found.kind != "STRING" or before is None or before.text != ":" or s.position > s.start + 3:
        return None
    return Match(span_of(before), fix="")


def _inner_quotation_marks(s: Situation) -> Match | None:
    """`"He said "no"."` ends at the second mark."""
    inside = s.inside()
    if not any(t.kind == "STRING" for t in inside):
        return None
    follows = [*inside, s.found]
    for first, second in itertools.pairwise(follows):
        glued_after = first.kind == "STRING" and is_name(second) and first.end == second.start
        glued_before = second.kind in ("STRING", "!OPEN_STRING") and is_name(first) and first.end == second.start
        if glued_after or glued_before:
            quotation = first if first.kind == "STRING" else next(t for t in inside if t.kind == "STRING")
            return Match(span_of(quotation))
    return None


def _quotation_late(s: Situation) -> Match | None:
    """A quotation behind the name of a declaration or behind the formula."""
    if s.found.kind != "STRING" or not s.keyword or s.position == s.start + 1:
        return None
    keyword = s.tokens[s.start]
    before = s.back()
    assert before is not None
    if s.keyword in DECLARATIONS | {"choose", "prefer"}:
        if s.tokens[s.start + 1].kind == "STRING":
            return Match(words={"shape": f'{s.keyword} "...": ...'})
        inner = s.source[keyword.end : before.end].strip()
        fixed = f"{keyword.text} {s.found.text}: {inner}"
        return Match(
            span_of(s.found),
            fix=fixed,
            fix_span=Span(keyword.start, s.found.end),
            words={"shape": f'{s.keyword} "...": ...'},
        )
    if s.keyword in HEADED:
        return Match(words={"shape": f'{s.keyword} label "...": ...'})
    return Match(words={"shape": f"{s.keyword} takes none"}) if s.keyword in ("find", "drop", "include") else None


def _question_colon(s: Situation) -> Match | None:
    if s.keyword != "question" or s.found.text != ":":
        return None
    return replaced(s.found, "")


def _missing_needs_quotation(s: Situation) -> Match | None:
    if s.keyword not in ("missing", "question") or s.position != s.start + 1 or s.is_next_statement:
        return None
    return Match() if "STRING" in s.expected else None


def _soft_weight(s: Situation) -> Match | None:
    if s.keyword != "soft" or s.position != s.start + 1:
        return None
    if s.found.kind in ("INT", "DECIMAL"):
        return Match(fix=f"[{s.found.text}]")
    return Match() if s.found.text == "(" else None


# Declarations


def _type_shape(s: Situation) -> Match | None:
    before = s.back()
    if s.keyword != "type" or before is None:
        return None
    if is_name(before) and "=" in s.expected:
        if s.found.text in (":", "in", ":=", "is"):
            return Match(fix=" =" if s.is_glued else "=", instead="=")
        if s.found.text in ("{", "["):
            return Match(Span(before.end, before.end), fix=" =")
    if before.text == "=" and s.found.text == "(":
        return Match()
    return None


def _type_elements(s: Situation) -> Match | None:
    """`type T = a, b` and `type T = a | b` without braces, `1 to 5`, `1-5` for a range."""
    if s.keyword != "type" or s.open_bracket() is not None:
        return None
    texts = [t.text for t in s.inside()]
    if "=" not in texts:
        return None
    if s.found.text in (",", "|") or (is_name(s.back()) and s.is_next_statement):
        return Match(
            Span(s.tokens[s.start + texts.index("=")].end, s.found.start),
            words={"do": "`type T = {a, b}`, or `[a, b]` if their order counts"},
        )
    before = s.back()
    if s.found.text in ("to", "through", "until") and before is not None and before.kind == "INT":
        return replaced(s.found, "..", do="`type T = 1..5`")
    return Match(words={"do": "`type T = 1..5`"}) if s.is_next_statement else None


def _words_in_braces(s: Situation) -> Match | None:
    """`{dark red, blue}`: a blank inside a name, or a comma left out."""
    before, opening = s.back(), s.open_bracket()
    if not (is_name(s.found) and is_name(before)) or opening is None or s.is_next_statement or s.found.text == "where":
        return None
    if s.tokens[opening].text not in ("{", "[", "("):
        return None
    assert before is not None
    both = s.text(before, s.found)
    return Match(
        Span(before.start, s.found.end), words={"name": both, "joined": f"{before.text}_{s.found.text}".lower()}
    )


def _const_value(s: Situation) -> Match | None:
    if s.keyword != "const" or s.found.text not in ("=", ":="):
        return None
    return Match(span_of(s.tokens[s.start]), fix="param")


def _pred_table(s: Situation) -> Match | None:
    if s.keyword != "pred" or s.found.text not in ("=", "from"):
        return None
    return Match(span_of(s.tokens[s.start]), fix="rel")


def _pred_value(s: Situation) -> Match | None:
    if s.keyword not in ("pred", "rel") or s.found.text not in (":", "->") or s.open_bracket() is not None:
        return None
    after = s.ahead()
    if after.text.lower() in ("bool", "boolean"):
        return Match(Span(s.found.start, after.end), fix="", words={"do": f"leave `{s.text(s.found, after)}` out"})
    return Match(words={"do": f"a function with values is declared with `var`: `var f(T): {after.text}`"})


def _var_value(s: Situation) -> Match | None:
    if s.keyword != "var" or s.found.text not in ("=", ":="):
        return None
    return Match()


def _value_colon(s: Situation) -> Match | None:
    """`var x in T`, `var f: A -> B`, `param n = 3`, `var House h`."""
    before = s.back()
    if s.keyword not in ("var", "param", "const") or before is None:
        return None
    if s.found.text in ("in", "->", "of") and ":" in s.expected and s.open_bracket() is None:
        return Match(fix=":", instead=":", words={"do": f"`{s.keyword} x: T`"})
    if s.found.text == "->":
        return Match(words={"do": f"`{s.keyword} f(A): B` for a function from A to B"})
    if s.keyword == "param" and s.found.text == "=" and ":" in s.expected:
        return Match(words={"do": "`param x: int = 3`"})
    if is_name(s.found) and ":" in s.expected and s.position == s.start + 2 and not s.is_next_statement:
        return Match(words={"do": f"`{s.keyword} {s.found.text}: {before.text}`"})
    return None


def _anonymous_type(s: Situation) -> Match | None:
    before = s.back()
    if s.keyword not in DECLARATIONS or before is None or s.found.text not in ("{", "["):
        return None
    return Match() if before.text in (":", "of", "(", ",") and "int" in s.expected | {""} else None


# Rules and goals


def _fact_equation(s: Situation) -> Match | None:
    if s.keyword not in ("fact", "rule", "default") or s.found.text not in COMPARES | {"in"}:
        return None
    if any(t.text in ("if", "unless") for t in s.inside()) or (s.found.text == "<" and s.ahead().text == "-"):
        return None
    keyword = s.tokens[s.start]
    if s.keyword != "fact":
        return Match(words={"do": "state it with `constraint`, or give the head one more argument: `p(X, V)`"})
    has_head = s.tokens[s.start + 1].kind == "STRING" or any(t.text == ":" for t in s.inside())
    return Match(
        fix="premise" if has_head else "premise:",
        fix_span=span_of(keyword),
        words={"do": "`premise: location(bill) == office`"},
    )


def _fact_connective(s: Situation) -> Match | None:
    if s.keyword != "fact" or s.found.text not in (
        "or",
        "implies",
        "iff",
        "xor",
        "|",
        "->",
        "=>",
        "if",
        "forall",
        "exists",
    ):
        return None
    do = "write `rule p(X) if q(X)`" if s.found.text == "if" else "state it with `premise: ...`"
    return Match(words={"do": do})


def _rule_arrow(s: Situation) -> Match | None:
    if s.keyword not in ("rule", "default") or any(t.text in ("if", "unless") for t in s.inside()):
        return None
    after = s.ahead()
    if (s.found.text == ":" and after.text == "-") or (s.found.text == "<" and after.text == "-"):
        return Match(Span(s.found.start, after.end), fix="if")
    if s.found.text in ("->", "=>", "→", "implies", "==>"):
        return Match()
    if s.found.text in ("and", ","):
        return Match(words={})
    return None


def _rule_quantifier(s: Situation) -> Match | None:
    return Match() if s.keyword in ("rule", "default", "fact", "ask") and s.found.text == "forall" else None


def _two_preferences(s: Situation) -> Match | None:
    if s.keyword != "prefer" or s.found.text != "over":
        return None
    comma = s.back(2)
    if comma is None or comma.text != ",":
        return Match()
    return Match(span_of(s.found), fix="\nprefer", fix_span=span_of(comma))


def _choose_words(s: Situation) -> Match | None:
    """`choose must be true`"""
    inside = [t.text for t in s.inside()]
    if s.keyword != "choose" or not {"could", "must", "cannot"} & set(inside) or s.is_next_statement:
        return None
    line = s.rest_of_line()
    is_except = any(t.text.lower() == "except" for t in line)
    span = Span(s.found.start, line[-1].end)
    return Match(span, fix="except" if is_except else "")


def _choose_mode(s: Situation) -> Match | None:
    if s.keyword != "choose" or "could" not in s.expected or s.is_next_statement:
        return None
    return Match(expected=tuple(f"`{mode}`" for mode in (*_MODES, "equivalent to", "determines", "forces")))


def _find_mode(s: Situation) -> Match | None:
    """`find unque house`"""
    word = s.back()
    if s.keyword != "find" or s.position != s.start + 2 or word is None or not (is_name(word) and is_name(s.found)):
        return None
    near = () if s.is_next_statement else nearest(word.text, _FIND_MODES)
    return Match(span_of(word), words={"word": word.text, "mode": near[0]}) if near else None


def _find_words(s: Situation) -> Match | None:
    """`find all x such that ...`, `find x where ...`, `find the ...`"""
    if s.keyword != "find" or s.is_next_statement or s.found.kind == END:
        return None
    return Match() if s.found.kind == WORD or s.found.text in (":", "{", "==", "=", "|") else None


STATEMENT_HINTS: tuple[Hint, ...] = (
    Hint(
        "statement-keyword",
        "no statement begins with `{found}`",
        "write `{word}`",
        _other_keyword,
        (
            "def f(x: T) = x + 1",
            "Constraint: x == 1",
            "constraints: x == 1",
            "predicate p(T)",
            "assert: p(a)",
            "solve: x",
            "let x: int",
        ),
        found="no keyword",
    ),
    Hint(
        "formula-without-keyword",
        "a formula needs a keyword in front",
        "write `constraint: ...` (or `premise:`, `assume:`)",
        _formula_without_keyword,
        ("forall x in T: p(x)", "x == 3", "type T = {a}\nday(a) < day(b)", "not p(a)"),
        found="no keyword",
    ),
    Hint(
        "no-statement",
        "this is no statement: every statement begins with a keyword",
        "{do}",
        _prose,
        ("Here is the program:\nfind one", "typ T = {a}", "type T = {a}\nThis is a program.", "1. find one"),
        found="no keyword",
    ),
    Hint(
        "inner-quotation-marks",
        "the quotation ends at its second quotation mark",
        'write `\\"` for a quotation mark inside a quotation',
        _inner_quotation_marks,
        ('constraint "He said "no" to Bo.": p(a)', 'question "Who is "it"?"', 'constraint "The "Rose" is first": p(a)'),
        found="ends too early",
    ),
    Hint(
        "label-after-quotation",
        "the label stands before the quotation",
        'write `{keyword} {label} "..."`',
        _label_after_quotation,
        (
            'constraint "Ann is first." early: day(ann) == 1',
            'fact "Nils is banned." f1: banned(nils)',
            'question "Who?" q1',
        ),
        found="after a quotation",
    ),
    Hint(
        "quotation-after-colon",
        "the quotation stands before the colon",
        "leave the first `:` out",
        _quotation_after_colon,
        ('option A: "Ann is second.": place(ann) == 2', 'constraint: "Ann is first." day(ann) == 1'),
        found="leave this out",
    ),
    Hint(
        "quotation-misplaced",
        "a quotation stands right behind the keyword, or behind the label",
        "write `{shape}`",
        _quotation_late,
        (
            'type Pet "The pets are" = {cat, dog}',
            'param price: int = 3 "It costs 3."',
            'constraint: x == 3 "Ann is third."',
            'choose must "Which must be true?"',
        ),
        found="not here",
    ),
    Hint(
        "label-of-words",
        "a label is one word",
        "write `{label}`",
        _label_of_words,
        ("constraint first clue: x == 1", 'premise clue two "Cats are animals.": p(a)'),
        found="two words",
    ),
    Hint(
        "soft-weight",
        "the weight of a wish stands in square brackets",
        "write `soft [3] label: ...`",
        _soft_weight,
        ("soft 3: x == 1", 'soft 2.5 "They would like it.": p(a)', "soft (3): p(a)"),
        found="weight?",
    ),
    Hint(
        "missing-colon",
        "between the head of a statement and its content stands `:`",
        "write `:` here",
        _missing_colon,
        (
            "constraint c1 forall x in T: p(x)",
            "constraint c1 x == 3",
            'missing "It is not said." p(a)',
            "option A x == 3",
            "soft x == 3",
            "fact f1 p(a)",
            "minimize total x + y",
            "premise p1 not p(a)",
        ),
        found="`:` is missing",
    ),
    Hint(
        "question-colon",
        "a question has no content, so no `:`",
        "leave `:` out",
        _question_colon,
        ('question "Who is it?": x', "question q1: find one"),
        found="leave this out",
    ),
    Hint(
        "missing-quotation",
        "`{keyword}` is followed by a quotation",
        'write `{keyword} "..."`',
        _missing_needs_quotation,
        ("missing the start time", "missing: p(a)", "question = 3"),
        found="no quotation",
    ),
    Hint(
        "type-shape",
        "the elements of a type stand behind `=`, in braces or brackets",
        "write `type T = {{a, b}}`, or `[a, b]` if their order counts",
        _type_shape,
        ("type T: {a, b}", "type T {a, b}", "type T in {a, b}", "type T = (a, b)"),
        found="`=` and braces",
    ),
    Hint(
        "type-elements",
        "the elements of a type stand in braces or brackets",
        "write {do}",
        _type_elements,
        ("type T = a, b, c", "type T = a | b", "type T = 1 to 5", "type T = red\nfind one"),
        found="no braces",
    ),
    Hint(
        "name-of-words",
        "`{name}` is two names with nothing between them",
        "write a comma between them, or one name: `{joined}`, or `` `{name}` ``",
        _words_in_braces,
        ("type T = {dark red, blue}", "constraint: likes(mary jane, bob)", "type T = [a b]"),
        found="two words",
    ),
    Hint(
        "const-value",
        "a `const` has no value: it is an element of its type",
        "write `param year: int = 1974`",
        _const_value,
        ("const year: int = 1974", "const n = 3", "const a, b: T = 2"),
        found="has a value",
    ),
    Hint(
        "pred-table",
        "a `pred` is open and has no table",
        "write `rel woman(P) = {{...}}`: true only where the table says so",
        _pred_table,
        ("pred woman(P) = {ann, eve}", 'pred road(C, C) from "roads.csv"'),
        found="has a table",
    ),
    Hint(
        "pred-value",
        "a `{keyword}` is true or false; it has no type of value",
        "{do}",
        _pred_value,
        ("pred p(T): bool", "rel age(T): int", "pred p: T -> bool"),
        found="no value",
    ),
    Hint(
        "var-value",
        "a `var` is unknown and has no value",
        "write `param` for what is known, or a `constraint`",
        _var_value,
        ("var x: int = 3", "var x: int in 0..9 = 3"),
        found="has a value",
    ),
    Hint(
        "value-colon",
        "behind the name stands `:` and the type",
        "write {do}",
        _value_colon,
        ("var x in T", "var f: A -> B", "param n = 3", "var House h"),
        found="`:` and a type",
    ),
    Hint(
        "anonymous-type",
        "a type needs a name before it is used",
        "declare it: `type Color = {{red, blue}}`, then write `Color`",
        _anonymous_type,
        ("var x: {red, blue}", "pred p([a, b])", "var s: set of {a, b}"),
        found="type without a name",
    ),
    Hint(
        "rule-quantifier",
        "the variables of a `{keyword}` need no quantifier",
        "leave `forall ...:` out: capital letters like `X` are variables",
        _rule_quantifier,
        ("rule forall X in T: p(X) if q(X)", "fact forall X: p(X)"),
        found="not here",
    ),
    Hint(
        "fact-equation",
        "a `{keyword}` states predicates, no equations",
        "write {do}",
        _fact_equation,
        (
            "fact location(bill) == office",
            'fact "Bill is there.": location(bill) = office',
            "rule size(X) == 3 if big(X)",
        ),
        found="equation",
    ),
    Hint(
        "fact-formula",
        "a `fact` states predicates, no formulas",
        "{do}",
        _fact_connective,
        ("fact p(a) or q(a)", "fact p(X) if q(X)", "fact p(a) implies q(a)"),
        found="formula",
    ),
    Hint(
        "rule-arrow",
        "a rule has its conclusion first, then `if`",
        "write `rule p(X) if q(X), r(X)`",
        _rule_arrow,
        ("rule p(X) :- q(X)", "rule p(X) <- q(X)", "rule q(X) -> p(X)", "rule q(X) and r(X) implies p(X)"),
        found="`if`?",
    ),
    Hint(
        "two-preferences",
        "one `prefer` holds one `over`",
        "write one `prefer` each",
        _two_preferences,
        ("prefer r3 over r9, r5 over r10", "prefer a over b over c"),
        found="second `over`",
    ),
    Hint(
        "choose-words",
        "nothing but `except` follows the mode of `choose`",
        "leave it out: `choose must`, `choose could except`",
        _choose_words,
        ("choose must be true", "choose could be true EXCEPT", "choose cannot be", "choose must false"),
        found="leave this out",
    ),
    Hint(
        "choose-mode",
        "`choose` has no mode `{found}`",
        "write one of those below",
        _choose_mode,
        ("choose true", "choose must_not", "choose A", "choose not could"),
        found="no mode",
    ),
    Hint(
        "find-mode",
        "`find` has no mode `{word}`",
        "did you mean `{mode}`?",
        _find_mode,
        ("find unque house", "find al x, y", "find cuont f", "find uniqe `van Dyk`"),
        found="no mode",
    ),
    Hint(
        "find-terms",
        "behind `find` stand a mode and the functions asked for, nothing else",
        "write `one`, `all`, `unique`, `count` or a number, then names with commas between them; conditions are "
        "`constraint`s, values `compute`",
        _find_words,
        ("find x where p(x)", "find all x such that p(x)", "find: x", "find x == 3", "find unique assignment of x"),
        found="does not fit here",
    ),
)
"""Hints on the shape of statements."""
