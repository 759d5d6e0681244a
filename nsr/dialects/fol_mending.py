"""Mends the tokens of a formula where its meaning is beyond doubt, and settles how far quantifiers reach.

Each repair is recorded. What is left in doubt is not touched: the parser then says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from nsr.diagnostics import Span
from nsr.dialects.fol_tokens import Token
from nsr.dialects.repairs import Findings

__all__ = ["MAX_TOKENS", "Reach", "mend"]

MAX_TOKENS = 2000
"""Most tokens of one formula."""

MAX_BRACKETS = 90
"""Most brackets open at a time."""

_SPLIT = "break it up into several formulas"

Reach: TypeAlias = Literal["tight", "dotted", "wide"]
"""How far a quantifier reaches by convention when its formula stands in no brackets: `tight`, to the end of the next
atom or bracket (Prover9); `dotted`, so too, but after a dot to the end (textbooks); `wide`, to the end where its
variable occurs there (Logic-LM)."""


def mend(tokens: list[Token], text: str, reach: Reach, findings: Findings) -> list[Token] | None:
    """The tokens with what is certain repaired; None, with an error, where they are too many or too deep."""
    if len(tokens) > MAX_TOKENS:
        place = tokens[MAX_TOKENS].span
        findings.error("fol-too-long", f"a formula has at most {MAX_TOKENS:,} signs", place, help=_SPLIT)
        return None
    tokens = _without_if(_without_stray_ends(tokens, findings), findings)
    balanced = _balanced(tokens, findings)
    if balanced is None:
        return None
    return _reaching(_joined_words(balanced, findings), text, reach, findings)


def _without_stray_ends(tokens: list[Token], findings: Findings) -> list[Token]:
    """Full stops and commas at the end belong to the text around the formula."""
    end = len(tokens)
    while end and tokens[end - 1].kind in ("DOT", "COMMA"):
        end -= 1
    if end < len(tokens) and any(t.kind == "COMMA" for t in tokens[end:]):
        span = Span(tokens[end].span.start, tokens[-1].span.end)
        findings.repair("fol-stray-punctuation", "punctuation at the end of a formula says nothing", span, "")
    return tokens[:end]


def _without_if(tokens: list[Token], findings: Findings) -> list[Token]:
    """`If φ → ψ` and `if φ then ψ` are the implication that they say; `If(x)` is a predicate."""
    if len(tokens) < 3 or not _is_word(tokens[0], "if") or tokens[0].span.end == tokens[1].span.start:
        return tokens
    then = next((i for i, t in enumerate(tokens) if _is_word(t, "then") and tokens[i - 1].kind in ("RPAR", "NAME")), 0)
    if not then and not any(t.kind == "IMPLIES" for t in tokens):
        return tokens
    findings.repair("fol-word", "`if` says nothing beside the implication", tokens[0].span, "", found="a word")
    if not then:
        return tokens[1:]
    findings.repair("fol-word", "`then` is an implication", tokens[then].span, "→", found="a word")
    return [*tokens[1:then], Token("IMPLIES", "implies", tokens[then].span), *tokens[then + 1 :]]


def _is_word(token: Token, word: str) -> bool:
    return token.kind == "NAME" and not token.is_quoted and token.text.casefold() == word


# Brackets


def _balanced(tokens: list[Token], findings: Findings) -> list[Token] | None:
    """Closing brackets that are missing at the end are put there; those too many at the end are taken out."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind == "LPAR":
            depth += 1
            if depth > MAX_BRACKETS:
                findings.error(
                    "fol-too-deep", f"more than {MAX_BRACKETS} brackets are open here", token.span, help=_SPLIT
                )
                return None
        elif token.kind == "RPAR":
            depth -= 1
            if depth < 0:
                return _without_extra(tokens, index, findings)
    return tokens if depth == 0 else _closed(tokens, depth, findings)


def _closed(tokens: list[Token], missing: int, findings: Findings) -> list[Token]:
    end = tokens[-1].span.end
    place = Span(end, end)
    findings.repair(
        "fol-missing-bracket",
        f"{missing} closing bracket{'s are' if missing > 1 else ' is'} missing at the end",
        place,
        ")" * missing,
        found="ends here",
    )
    return tokens + [Token("RPAR", ")", place)] * missing


def _without_extra(tokens: list[Token], index: int, findings: Findings) -> list[Token] | None:
    """Closing brackets without an opening one say nothing at the very end; anywhere else they cast doubt."""
    extra = tokens[index].span
    if any(t.kind != "RPAR" for t in tokens[index:]):
        findings.error(
            "fol-bracket",
            "this bracket closes none",
            extra,
            found="opened nowhere",
            help="take it out, or open it where the group begins",
        )
        return None
    span = Span(extra.start, tokens[-1].span.end)
    findings.repair("fol-extra-bracket", "this bracket closes none", span, "", found="opened nowhere")
    return tokens[:index]


# Names of several words


def _joined_words(tokens: list[Token], findings: Findings) -> list[Token]:
    """Words side by side that fill one argument are one name: `reads(harry, the hobbit)`; quoted ones are names too."""
    done: list[Token] = []
    calls: list[bool] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind == "LPAR":
            calls.append(bool(done) and done[-1].kind == "NAME")
        elif token.kind == "RPAR" and calls:
            calls.pop()
        end = index + 1
        if token.kind in ("NAME", "NUMBER") and calls and calls[-1] and done[-1].kind in ("LPAR", "COMMA"):
            while end < len(tokens) and tokens[end].kind in ("NAME", "NUMBER"):
                end += 1
            if tokens[end : end + 1] and tokens[end].kind not in ("COMMA", "RPAR"):
                end = index + 1
        if end > index + 1:
            token = _one_name(tokens[index:end], findings)
        elif token.is_quoted:
            findings.repair("fol-quoted-name", "a name in quotation marks", token.span, _camel(token.text))
        done.append(token)
        index = end
    return done


def _one_name(parts: Sequence[Token], findings: Findings) -> Token:
    span = Span(parts[0].span.start, parts[-1].span.end)
    text = " ".join(part.text for part in parts)
    findings.repair("fol-several-words", f"`{text}` is one argument, so it is one name", span, _camel(text))
    return Token("NAME", text, span)


def _camel(text: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in text).split()
    return "".join(word[0].upper() + word[1:] for word in words)


# How far a quantifier reaches


def _reaching(tokens: list[Token], text: str, reach: Reach, findings: Findings) -> list[Token]:
    """Brackets around what each quantifier reaches to beyond the next atom or bracket."""
    ends, partners = _brackets(tokens)
    opened: set[int] = set()
    closed = [0] * (len(tokens) + 1)
    around: list[tuple[int, frozenset[str]]] = []
    index = 0
    while index < len(tokens):
        while around and around[-1][0] <= index:
            around.pop()
        if tokens[index].kind != "QUANTIFIER":
            index += 1
            continue
        body = index
        while body < len(tokens) and tokens[body].kind in ("QUANTIFIER", "NOT"):
            body += 1
        run = [t for t in tokens[index:body] if t.kind == "QUANTIFIER"]
        bound = frozenset(name for t in run for name, _ in t.variables)
        outer = frozenset().union(*(names for _, names in around))
        rest, end = _tight_end(tokens, body, partners), ends[index]
        occurs = _occurring(bound - outer, tokens[rest:end])
        by_dot = reach == "dotted" and run[-1].is_dotted
        if rest < end and (occurs or by_dot):
            opened.add(body)
            closed[end] += 1
            if occurs and not (by_dot or reach == "wide"):
                _tell_reach(Span(tokens[body].span.start, tokens[end - 1].span.end), text, occurs, findings)
        around.append((end if occurs or by_dot else rest, bound))
        index = body
    return _with_brackets(tokens, opened, closed)


def _tell_reach(span: Span, text: str, variable: str, findings: Findings) -> None:
    findings.repair(
        "fol-reach",
        f"`{variable}` is used beyond what its quantifier reaches, so it reaches to the end",
        span,
        f"({text[span.start : span.end]})",
    )


def _with_brackets(tokens: list[Token], opened: set[int], closed: list[int]) -> list[Token]:
    done: list[Token] = []
    for index in range(len(tokens) + 1):
        place = tokens[index].span.start if index < len(tokens) else tokens[-1].span.end if tokens else 0
        done += [Token("RPAR", ")", Span(place, place))] * closed[index]
        if index in opened:
            done.append(Token("LPAR", "(", Span(place, place)))
        if index < len(tokens):
            done.append(tokens[index])
    return done


class _Brackets(NamedTuple):
    """For each token the index where the brackets around it close; for each opening bracket its closing one."""

    ends: list[int]
    partners: dict[int, int]


def _brackets(tokens: Sequence[Token]) -> _Brackets:
    ends = [len(tokens)] * len(tokens)
    partners: dict[int, int] = {}
    stack = [len(tokens)]
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].kind == "RPAR":
            ends[index] = stack[-1]
            stack.append(index)
            continue
        if tokens[index].kind == "LPAR":
            partners[index] = stack.pop()
        ends[index] = stack[-1]
    return _Brackets(ends, partners)


def _tight_end(tokens: Sequence[Token], body: int, partners: Mapping[int, int]) -> int:
    """The index behind the atom or bracket that begins at `body`."""

    def term_end(at: int) -> int:
        if at < len(tokens) and tokens[at].kind in ("NAME", "NUMBER"):
            at += 1
            return partners.get(at, at - 1) + 1
        return at

    if body in partners:
        return partners[body] + 1
    end = term_end(body)
    if end < len(tokens) and tokens[end].kind == "COMPARE":
        end = term_end(end + 1)
    return end


def _occurring(variables: frozenset[str], rest: Sequence[Token]) -> str:
    """A variable that occurs in `rest` before another quantifier binds it there; empty if none does."""
    free = set(variables)
    for index, token in enumerate(rest):
        if not free:
            return ""
        if token.kind == "QUANTIFIER":
            free -= {name for name, _ in token.variables}
        elif token.kind == "NAME" and token.text in free:
            is_applied = index + 1 < len(rest) and rest[index + 1].kind == "LPAR"
            if not is_applied:
                return token.text
    return ""
