"""What a question of an analytical-reasoning problem asks for, by its words and by the functions around its options."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from nsr.dialects.logiclm_arlsat_supposition import asked_of

__all__ = ["Form", "Mode", "form_of", "mode_of", "option_mode"]

Modality: TypeAlias = Literal["could", "must", "cannot"]
Form: TypeAlias = Literal["equivalent", "determines", "forces", "list", "maximize", "minimize"]


class Mode(NamedTuple):
    """A mode of `choose`."""

    modality: Modality
    is_except: bool = False

    @property
    def words(self) -> str:
        """The mode as it is written."""
        return self.modality + (" except" if self.is_except else "")


_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern, re.IGNORECASE))  # type: ignore[misc]  # the names below are forms
    for form, pattern in (
        ("equivalent", r"\bsubstituted for\b.*\bsame effect\b"),
        ("determines", r"\bdetermined if\b"),
        ("forces", r"\bmust\b.*\bif which one of the following\b"),
        (
            "list",
            r"\blists?\b.*\b(?:who|each|any|any one|all)\b(?: of (?:which|whom|them))?\s*(?:must|could|can|cannot)\b",
        ),
        ("maximize", r"\bmaximum\b|\bgreatest (?:possible )?number\b|(?<! to )\blatest\b(?! to)"),
        ("minimize", r"\bminimum\b|\b(?:fewest|least (?:possible )?number)\b|(?<!from )\bearliest\b(?! to)"),
    )
)
_OTHER = re.compile(
    r"substituted|\breplaced\b|determined|how many|maximum|minimum|"
    r"(?<!from )\bearliest\b(?! to)|(?<! to )\blatest\b(?! to)|"
    r"(?:who|each of which|any of which|any one of which|all of which) (?:must|could|can)\b.* list|"
    r"list of .*\b(?:who|each of which|any of which|any one of)\b.*\b(?:must|could|can|cannot)\b|"
    r"if which one of the following",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(r"\b(?:each|any|any one) of (?:which|whom)\b", re.IGNORECASE)
_EXCEPT = re.compile(r"\bexcept\b", re.IGNORECASE)
_CANNOT = re.compile(r"\bcannot\b|must be false|not allowed|could not|can't", re.IGNORECASE)
_MUST = re.compile(r"\bmust\b|is required|necessarily", re.IGNORECASE)
_COULD = re.compile(
    r"\bcould\b|\bcan\b|is allowed|possible|acceptable|allowable|permissible|\bmay\b|\bmight\b|order .* from|"
    r"matching|respectively|complete and accurate|assignments?\b|sequence",
    re.IGNORECASE,
)


def form_of(question: str) -> Form | None:
    """What a question asks for other than which option must, could or cannot be true; None if nothing of these."""
    words = " ".join(question.split())
    form = next((form for form, pattern in _FORMS if pattern.search(words)), None)
    # Of how many different values something could have, no single world tells.
    return None if form in ("maximize", "minimize") and _OF_SEVERAL.search(words) else form


def mode_of(question: str) -> Mode | None:
    """The mode that the words of a question ask for; None where they ask for something else, or say nothing of it.

    A supposition in front has no say: `If Ann must leave, which one could be true?` asks for `could`.
    """
    words = " ".join(question.split())
    if _OTHER.search(words):
        return None
    asked = asked_of(words)
    is_except = _EXCEPT.search(asked) is not None
    if _CANNOT.search(asked):
        return Mode("cannot", is_except)
    if _MUST.search(asked):
        return Mode("must", is_except)
    return Mode("could", is_except) if _COULD.search(asked) else None


def option_mode(functions: Iterable[str]) -> Mode | None:
    """The mode that `is_sat`, `is_valid`, ... around the options say, from the outermost; None if they are unknown."""
    is_except = False
    for function in functions:
        match function:
            case "isexception":
                is_except = not is_except
            case "issat" | "ispossible" | "iscould":
                return Mode("could", is_except)
            case "isvalid" | "istrue" | "ismust":
                return Mode("must", is_except)
            case "isunsat" | "isfalse" | "isinvalid":
                return Mode("cannot", is_except)
    return None
