"""The text of a generated problem: an introduction that lists the categories, and the clues, in many formats."""

from __future__ import annotations

import random
from collections.abc import Sequence

from nsr.formalizers.declarations import Category, label_words
from nsr.formalizers.quantities import CARDINALS
from nsr.synth.contexts import Context

__all__ = ["LAYOUTS", "lay_out"]

_WORDS = {number: word for word, number in CARDINALS.items()}
LAYOUTS = (
    "backquotes",
    "colon",
    "semicolon",
    "equals",
    "bold",
    "pipe",
    "bullets",
    "table",
    "row_table",
    "parentheses",
    "prose",
)
"""Ways to list the categories; `prose` and `parentheses` give way to `colon` where values are hard to tell apart."""


def lay_out(rng: random.Random, context: Context, clues: Sequence[str], extra: Sequence[str]) -> tuple[str, str]:
    """The text and the name of its layout; `extra` sentences, which say nothing, stand around the clues."""
    declared = context.declarations
    base = declared.base_category
    positions = base.is_positions and not base.unit
    categories = [c for i, c in enumerate(declared.categories) if not (positions and i == declared.base)]
    layout = rng.choice(LAYOUTS)
    lists = _LISTINGS.get(layout, _colon)(rng, categories)
    opening = _opening(rng, context, positions)
    if extra:
        opening += " " + extra[0]
    style = rng.randrange(5)
    lines = [*clues, *(e if e[-1] in ".?!" else e + "." for e in extra[1:])]
    match style:
        case 0:
            body = "\n".join(f"{i}. {c}" for i, c in enumerate(lines, 1))
        case 1:
            body = "\n".join(f"{i}) {c}" for i, c in enumerate(lines, 1))
        case 2:
            body = "\n".join(f"- {c}" for c in lines)
        case 3:
            body = "\n".join(lines)
        case _:
            body = " ".join(lines)
    heading = (
        rng.choice(["## Clues:\n", "Clues:\n", "\nClues\n\n", "### Clues\n", "The clues:\n", "**Clues**\n"])
        if style < 4
        else rng.choice(["Clues: \n", "", "## Clues\n\n"])
    )
    ending = rng.choice(
        [
            "",
            "",
            f"\n\nMatch each {context.entity} to its {label_words(categories[0].label)}.",
            "\n\nWho is who?",
            "\n\nFind the one arrangement that fits all clues.",
        ]
    )
    return f"{opening}\n\n{lists}\n\n{heading}{body}{ending}\n", layout


def _opening(rng: random.Random, context: Context, positions: bool) -> str:
    size = context.size
    count = rng.choice([str(size), _WORDS[size]])
    if not positions:
        return rng.choice(
            [
                f"Match each {context.entity} with the right options.",
                "Solve this logic grid.",
                f"Using only the clues below, match each {context.entity} to the right values.",
                "Here is a logic puzzle.",
                f"A club has a record of some {context.entity} entries; work out how they fit together.",
            ]
        )
    noun = context.unit_noun
    return rng.choice([
        f"There are {count} {noun}s, numbered 1 to {size} from left to right.",
        f"There are {count} {noun}s in a row, numbered 1 to {size}.",
        f"{count.capitalize()} {noun}s stand side by side, numbered from 1 to {size}.",
        f"The {noun}s are numbered 1 through {size}.",
        f"Consider {noun}s 1 to {size}. Each holds one {context.entity}.",
        f"There are {count} {noun}s ({noun}s 1-{size}).",
    ])  # fmt: skip


def _shuffled(rng: random.Random, category: Category) -> list[str]:
    texts = [v.text for v in category.values]
    if rng.random() < 0.7:
        rng.shuffle(texts)
    return texts


def _label(category: Category) -> str:
    return category.label


def _backquotes(rng: random.Random, categories: Sequence[Category]) -> str:
    return "\n".join(
        f" - Each one has a unique {_label(c)}: " + ", ".join(f"`{t}`" for t in _shuffled(rng, c)) for c in categories
    )


def _colon(rng: random.Random, categories: Sequence[Category]) -> str:
    mark = rng.choice(["", "- ", "* ", "• "])
    return "\n".join(f"{mark}{_label(c).capitalize()}: " + ", ".join(_shuffled(rng, c)) for c in categories)


def _semicolon(rng: random.Random, categories: Sequence[Category]) -> str:
    return "\n".join(f"{_label(c)}: " + "; ".join(_shuffled(rng, c)) for c in categories)


def _equals(rng: random.Random, categories: Sequence[Category]) -> str:
    return "\n".join(f"{_label(c).capitalize()} = " + ", ".join(_shuffled(rng, c)) for c in categories)


def _bold(rng: random.Random, categories: Sequence[Category]) -> str:
    return "\n".join(f"- **{_label(c).capitalize()}**: " + ", ".join(_shuffled(rng, c)) for c in categories)


def _pipe(rng: random.Random, categories: Sequence[Category]) -> str:
    return "\n".join(f"| {_label(c)}: " + "; ".join(_shuffled(rng, c)) for c in categories)


def _bullets(rng: random.Random, categories: Sequence[Category]) -> str:
    return "\n\n".join(
        f"{_label(c).capitalize()}:\n" + "\n".join(f"- {t}" for t in _shuffled(rng, c)) for c in categories
    )


def _table(rng: random.Random, categories: Sequence[Category]) -> str:
    columns = [_shuffled(rng, c) for c in categories]
    head = "| " + " | ".join(_label(c) for c in categories) + " |\n|" + "---|" * len(categories)
    return head + "\n" + "\n".join("| " + " | ".join(row) + " |" for row in zip(*columns, strict=True))


def _row_table(rng: random.Random, categories: Sequence[Category]) -> str:
    return "| Category | Options |\n|---|---|\n" + "\n".join(
        f"| {_label(c)} | " + ", ".join(_shuffled(rng, c)) + " |" for c in categories
    )


def _parentheses(rng: random.Random, categories: Sequence[Category]) -> str:
    if any(
        "," in v.text or "(" in v.text or len(v.text.split()) > 3 or " and " in v.text
        for c in categories
        for v in c.values
    ):
        return _colon(rng, categories)
    return (
        "Each has a different "
        + ", a different ".join(f"{_label(c)} ({', '.join(_shuffled(rng, c))})" for c in categories)
        + "."
    )


def _prose(rng: random.Random, categories: Sequence[Category]) -> str:
    if any(len(v.text.split()) > 3 or " and " in v.text or "." in v.text for c in categories for v in c.values):
        return _colon(rng, categories)
    sentences = []
    for category in categories:
        texts = _shuffled(rng, category)
        listed = ", ".join(texts[:-1]) + f" and {texts[-1]}" if len(texts) > 2 else " and ".join(texts)
        sentences.append(
            rng.choice(
                [f"The {_label(category)} options are {listed}.", f"Each has a different {_label(category)}: {listed}."]
            )
        )
    return " ".join(sentences)


_LISTINGS = {
    "backquotes": _backquotes,
    "colon": _colon,
    "semicolon": _semicolon,
    "equals": _equals,
    "bold": _bold,
    "pipe": _pipe,
    "bullets": _bullets,
    "table": _table,
    "row_table": _row_table,
    "parentheses": _parentheses,
    "prose": _prose,
}
