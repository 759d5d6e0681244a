"""Categories and values of a logic grid, and the declarations of a program over them.

`reading.read_declarations` finds them in a text; this module holds what was found, chooses the
base category (the one whose elements the other values are mapped to) and writes the statements.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from nsr.diagnostics import Span
from nsr.formalizers.quantities import normal_word
from nsr.formalizers.words import words_of
from nsr.language.printer import escaped

__all__ = ["Category", "Declarations", "Scale", "Value", "arrange", "goal", "label_words", "source", "spell_name"]

KEYWORDS = frozenset(
    words_of(
        "include question type const param var pred rel define constraint premise assume drop soft fact rule "
        "default prefer find prove ask compute minimize maximize choose option missing and or xor not implies "
        "iff forall exists exactly at_least at_most in if then else unless for true false none int real bool "
        "set of from distinct optional two_sided may_coincide symmetric where over one all unique count could "
        "must cannot except equivalent to determines forces"
    )
)
BUILT_IN = frozenset(
    words_of(
        "sum prod count len any all min max abs floor ceil round first last pos no_overlap cumulative circuit "
        "piecewise possible certain fixed"
    )
)
NOWHERE = Span(0, 0)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LABEL_STOP = frozenset(
    words_of(
        "a an the each every everyone everybody person people persons they them he she it his her hers him "
        "their its all both any some different unique distinct own owns has have had is are was were be been "
        "with by of in on at to for from and or who whose which that this these those kind type types kinds "
        "sort level favorite favourite something somebody following one ones exactly also as do does did "
        "likes like prefers prefer uses use using drinks accompanied names' there being found among various "
        "separate particular certain following house houses"
    )
)


class Scale(Enum):
    """How the values of a category compare: not at all, by place on a known scale, or as numbers."""

    NONE = "none"
    ORDERED = "ordered"
    NUMERIC = "numeric"


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its name in the program, its words in the text, its number if it has one, and where it stands."""

    name: str
    text: str
    number: Fraction | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """One attribute of the grid. `function` is empty for the base, `inverse` for all but other dimensions."""

    label: str
    type_name: str
    function: str
    values: tuple[Value, ...]
    scale: Scale = Scale.NONE
    unit: str = ""
    span: Span = NOWHERE
    inverse: str = ""

    @property
    def is_positions(self) -> bool:
        """Whether the values are the numbers 1 to n, a range."""
        return self.scale is Scale.NUMERIC and [v.number for v in self.values] == list(range(1, len(self.values) + 1))


@dataclass(frozen=True, slots=True)
class Declarations:
    """What a text declares: its categories, which of them is the base, and what one row is called (`house`)."""

    categories: tuple[Category, ...]
    base: int = 0
    entity: str = ""

    @property
    def base_category(self) -> Category:
        """The category whose elements stand for the rows of the grid."""
        return self.categories[self.base]

    @property
    def dimensions(self) -> tuple[int, ...]:
        """Indices of the categories with an order, the base first if it has one."""
        found = [i for i, c in enumerate(self.categories) if c.scale is not Scale.NONE and i != self.base]
        return ((self.base,) if self.base_category.scale is not Scale.NONE else ()) + tuple(found)


def label_words(label: str) -> str:
    """The telling words of a label, at most four, lower case: `Each person has a unique name` -> `name`."""
    words: list[str] = re.findall(r"[a-z][a-z'-]*|\$|£|€", label.lower().replace("’", "'"))
    telling = [w.removesuffix("'s").replace("'", "") for w in words if w not in _LABEL_STOP]
    kept = telling or [w.replace("'", "") for w in words[-1:]]
    return " ".join(dict.fromkeys(kept[-4:]))


def spell_name(text: str) -> str:
    """An element's name: an identifier where that keeps the words (`Anna` -> `anna`), else the text in backquotes."""
    plain = re.sub(r"[\s_-]+", "_", normal_word(text))
    if _NAME.fullmatch(plain) and plain not in KEYWORDS and plain not in BUILT_IN:
        return plain
    return "`" + text.replace("`", "'").replace("\n", " ").strip() + "`"


def arrange(categories: Sequence[Category], entity: str = "") -> Declarations:
    """Choose the base, give types and functions names that do not clash, and put ordered values in order.

    The base is the category of positions if there is one, else the first numeric, else the first ordered one,
    else the first.
    """
    positions = [i for i, c in enumerate(categories) if c.is_positions and not c.unit]
    numeric = [i for i, c in enumerate(categories) if c.scale is Scale.NUMERIC]
    ordered = [i for i, c in enumerate(categories) if c.scale is Scale.ORDERED]
    base = next(iter([*positions, *numeric, *ordered]), 0)
    taken = {v.name for c in categories for v in c.values} | KEYWORDS | BUILT_IN
    arranged = []
    for index, category in enumerate(categories):
        stem = _stem(category.label) or f"category{index + 1}"
        type_name = _free("".join(w.capitalize() for w in stem.split("_")), taken, "Type")
        taken.add(type_name)
        function = inverse = ""
        if index != base:
            function = _free(stem, taken, "of")
            taken.add(function)
            if category.scale is not Scale.NONE:
                inverse = _free(f"{stem}_at", taken, "of")
                taken.add(inverse)
        arranged.append(replace(category, type_name=type_name, function=function, inverse=inverse))
    return Declarations(tuple(arranged), base, entity or arranged[base].label if arranged else entity)


def source(declarations: Declarations, linked: Collection[int] | None = None, *, text: str = "") -> str:
    """The declaring statements in the language, one a line, without the goal.

    `linked` names the further dimensions whose inverse is wanted (all by default); with `text`, each type cites
    the words that list its values.
    """
    base = declarations.base_category
    lines = [_type_line(c, text) for c in declarations.categories]
    for index, category in enumerate(declarations.categories):
        if index == declarations.base:
            continue
        lines.append(f"var {category.function}({category.type_name}): {base.type_name} distinct")
    elements = {v.name for c in declarations.categories for v in c.values}
    bound = next(n for n in ("x", "y", "each_one", "any_one") if n not in elements)
    for index in declarations.dimensions:
        category = declarations.categories[index]
        if index == declarations.base or (linked is not None and index not in linked):
            continue
        lines.append(f"var {category.inverse}({base.type_name}): {category.type_name} distinct")
        lines.append(
            f"constraint {category.inverse}_link: forall {bound} in {category.type_name}: "
            f"{category.inverse}({category.function}({bound})) == {bound}"
        )
    return "\n".join(lines) + "\n"


def goal(declarations: Declarations) -> str:
    """The last statement: a search for the one solution."""
    names = ", ".join(c.function for i, c in enumerate(declarations.categories) if i != declarations.base)
    return f"find unique {names}\n"


def _type_line(category: Category, text: str) -> str:
    cited = re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text[category.span.start : category.span.end]).strip() if text else ""
    cite = ""
    if cited and "\n" not in cited:
        cite = f'"{escaped(cited)}": '
    if category.is_positions:
        return f"type {cite}{category.type_name} = 1..{len(category.values)}"
    names = ", ".join(v.name for v in category.values)
    left, right = "{}" if category.scale is Scale.NONE else "[]"
    return f"type {cite}{category.type_name} = {left}{names}{right}"


def _stem(label: str) -> str:
    words = re.findall(r"[a-z][a-z0-9]*", normal_word(label_words(label)))[-2:]
    if words and len(words[-1]) > 3 and not words[-1].endswith(("ss", "us", "is")):
        words[-1] = (
            words[-1][:-3] + "y" if words[-1].endswith("ies") and len(words[-1]) > 5 else words[-1].removesuffix("s")
        )
    return "_".join(words)


def _free(name: str, taken: Collection[str], suffix: str) -> str:
    if name and name not in taken:
        return name
    tries = [f"{name}_{suffix}", *(f"{name}{n}" for n in range(2, 100))]
    return next(t for t in tries if t not in taken)
